package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/archive"
	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/cite"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
	"scrollkeeper.example/scrollkeeper/internal/intake"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/organise"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs/jobstest"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

func TestMain(m *testing.M) {
	extracttest.ServeChild()
	os.Exit(m.Run())
}

// env is an installation whose jobs run, all features of it that archives touch.
type env struct {
	*documenttest.Env
	t        testing.TB
	marks    *annotation.Service
	organise *organise.Service
	cite     *cite.Service
	ingest   *ingest.Service
	intake   *intake.Service
	archive  *archive.Service
	queue    *jobs.Client
	registry *jobs.Registry
	run      *jobstest.Runner
}

// newEnv makes an env; its jobs run once start is called.
func newEnv(t testing.TB) *env {
	t.Helper()
	docs := documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
	e := &env{Env: docs, t: t, queue: jobstest.NewClient(t, docs.Pool), registry: jobs.NewRegistry()}
	e.marks = annotation.NewService(annotation.Parts{Pool: docs.Pool, Libraries: docs.Service, Documents: docs.Documents, Jobs: e.queue, Clock: docs.Clock})
	e.organise = organise.New(docs.Pool, docs.Service, docs.Clock)
	e.cite = cite.New(docs.Pool, docs.Service, docs.Documents, nil)
	uploads, err := docs.Blobs.Path("uploads")
	if err != nil {
		t.Fatal(err)
	}
	e.ingest, err = ingest.New(ingest.Parts{
		Pool: docs.Pool, Libraries: docs.Service, Documents: docs.Documents, Jobs: e.queue, News: docs.News, Clock: docs.Clock,
		Blobs: docs.Blobs, Extractor: ingest.FromPool(extracttest.NewPool(t, extract.Config{})),
	}, ingest.Config{Dir: uploads})
	if err != nil {
		t.Fatal(err)
	}
	e.ingest.OnReady = e.marks.OnReady
	e.Documents.OnMoved = func(ctx context.Context, tx *postgres.Tx, m document.Moved) error { return e.marks.OnMoved(ctx, tx, m) }
	e.intake = intake.New(intake.Parts{Pool: docs.Pool, Libraries: docs.Service, Documents: docs.Documents, Blobs: docs.Blobs, Jobs: e.queue, Clock: docs.Clock})
	e.archive = archive.New(archive.Parts{
		Pool: docs.Pool, Libraries: docs.Service, Documents: docs.Documents, Organise: e.organise, Marks: e.marks, Cite: e.cite, Ingest: e.ingest,
		Blobs: docs.Blobs, Jobs: e.queue, Clock: docs.Clock, TempDir: t.TempDir(), Version: "test",
	})
	e.intake.Kinds = map[biblio.Format]intake.Kind{archive.Format: e.archive.Importer()}
	e.marks.OnSettle = e.archive.OnSettle
	e.ingest.RegisterJobs(e.registry)
	e.marks.RegisterJobs(e.registry)
	e.intake.RegisterJobs(e.registry)
	e.archive.RegisterJobs(e.registry)
	return e
}

// start has jobs run. Before it, the tests themselves run those of archives and
// imports.
func (e *env) start() {
	e.t.Helper()
	e.run = jobstest.Start(e.t, e.Pool, e.queue, e.registry)
}

// settled returns once all files were read and all marks have their places.
func (e *env) settled() {
	e.t.Helper()
	e.run.Idle("parse_edition")
	e.run.Idle("settle_annotations")
}

// paper adds a file, to a document where of names one, and waits until it was read.
func (e *env) paper(libraryID, of uuid.UUID, name string, file []byte) documenttest.Added {
	e.t.Helper()
	a := e.Upload(e.t, documenttest.Doc{LibraryID: libraryID, Of: of, Filename: name, File: file})
	e.tx(func(ctx context.Context, tx *postgres.Tx) error { return e.ingest.Queue(ctx, tx, a.EditionID) })
	e.settled()
	return a
}

func (e *env) tx(do func(context.Context, *postgres.Tx) error) {
	e.t.Helper()
	if err := postgres.InTx(e.t.Context(), e.Pool, do); err != nil {
		e.t.Fatal(err)
	}
}

// works adds works without files.
func (e *env) works(libraryID uuid.UUID, items ...csl.Item) []uuid.UUID {
	e.t.Helper()
	records, ids := make([]document.Record, len(items)), make([]uuid.UUID, len(items))
	for i, item := range items {
		ids[i] = uuid.Must(uuid.NewV7())
		records[i] = document.Record{ID: ids[i], Item: item}
	}
	e.tx(func(ctx context.Context, tx *postgres.Tx) error {
		return e.Documents.AddRecords(ctx, tx, libraryID, e.Editor.ID, records)
	})
	return ids
}

// out takes a library out as p and gives the ZIP.
func (e *env) out(p identity.Person, libraryID uuid.UUID, c archive.Choice) []byte {
	e.t.Helper()
	a, err := e.archive.Begin(e.t.Context(), p, libraryID, c)
	if err != nil {
		e.t.Fatal(err)
	}
	e.ends("prepare_archive", func() error { return e.archive.Prepare(e.t.Context(), a.ID) })
	content, err := e.archive.Open(e.t.Context(), p, a.ID)
	if err != nil {
		e.t.Fatal(err)
	}
	defer content.Close()
	all, err := io.ReadAll(content)
	if err != nil {
		e.t.Fatal(err)
	}
	if a, err = e.archive.Get(e.t.Context(), p, a.ID); err != nil || a.Size != int64(len(all)) || a.State != archive.Ready {
		e.t.Fatalf("%d bytes came of %+v, %v", len(all), a, err)
	}
	return all
}

// checked begins to bring a ZIP in, and looks it through.
func (e *env) checked(p identity.Person, libraryID uuid.UUID, file []byte) intake.Import {
	e.t.Helper()
	i, err := e.intake.Begin(e.t.Context(), p, libraryID, "library.zip", bytes.NewReader(file))
	if err != nil {
		e.t.Fatal(err)
	}
	e.ends("check_import", func() error { return e.intake.Check(e.t.Context(), i.ID) })
	if i, err = e.intake.Get(e.t.Context(), p, i.ID); err != nil {
		e.t.Fatal(err)
	}
	return i
}

// in brings a ZIP in.
func (e *env) in(p identity.Person, libraryID uuid.UUID, file []byte) intake.Import {
	e.t.Helper()
	i := e.checked(p, libraryID, file)
	if _, err := e.intake.Run(e.t.Context(), p, i.ID, intake.Options{}); err != nil {
		e.t.Fatalf("%v of %+v", err, i)
	}
	e.ends("run_import", func() error { return e.intake.Import(e.t.Context(), i.ID) })
	i, err := e.intake.Get(e.t.Context(), p, i.ID)
	if err != nil {
		e.t.Fatal(err)
	}
	return i
}

// ends waits for a job, or does its work where no jobs run.
func (e *env) ends(kind string, work func() error) {
	e.t.Helper()
	if e.run != nil {
		e.run.Idle(kind)
	} else if err := work(); err != nil {
		e.t.Fatal(err)
	}
}

// entries unpacks a ZIP.
func entries(t testing.TB, file []byte) map[string][]byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range r.File {
		content, err := f.Open()
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if all[f.Name], err = io.ReadAll(content); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
	}
	return all
}

func write(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (e *env) collect(id uuid.UUID, documents ...uuid.UUID) {
	e.t.Helper()
	if _, err := e.organise.CollectDocuments(e.t.Context(), e.Editor, id, organise.Change{Add: documents}); err != nil {
		e.t.Fatal(err)
	}
}

// strangers is a library of the stranger's.
func (e *env) strangers() uuid.UUID {
	e.t.Helper()
	l, err := e.Service.Create(e.t.Context(), e.Stranger, "Another")
	if err != nil {
		e.t.Fatal(err)
	}
	return l.ID
}
