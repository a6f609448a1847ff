package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/intake"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs/jobstest"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

type env struct {
	*documenttest.Env
	t      testing.TB
	intake *intake.Service
}

func newEnv(t testing.TB) *env {
	t.Helper()
	docs := documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
	return &env{Env: docs, t: t, intake: intake.New(intake.Parts{
		Pool: docs.Pool, Libraries: docs.Service, Documents: docs.Documents, Blobs: docs.Blobs, Jobs: jobstest.NewClient(t, docs.Pool), Clock: docs.Clock,
		Files: intake.Files{
			IsPDF:    func(head []byte) bool { return bytes.HasPrefix(head, []byte("%PDF-")) },
			BlobKey:  func(id uuid.UUID) string { return "uploads/" + id.String() },
			Queue:    func(context.Context, *postgres.Tx, uuid.UUID) error { return nil },
			MaxBytes: 1 << 30,
		},
	})}
}

// checked begins an import and looks it through.
func (e *env) checked(name, file string) intake.Import {
	e.t.Helper()
	i, err := e.intake.Begin(e.t.Context(), e.Editor, e.LibraryID, name, strings.NewReader(file))
	if err != nil {
		e.t.Fatal(err)
	}
	if err := e.intake.Check(e.t.Context(), i.ID); err != nil {
		e.t.Fatal(err)
	}
	return e.get(i.ID)
}

// ran has a checked import come in.
func (e *env) ran(id uuid.UUID) intake.Import {
	e.t.Helper()
	if i, err := e.intake.Run(e.t.Context(), e.Editor, id, intake.Options{Folders: true}); err != nil || i.State != intake.Running {
		e.t.Fatalf("%+v, %v", i, err)
	}
	if err := e.intake.Import(e.t.Context(), id); err != nil {
		e.t.Fatal(err)
	}
	return e.get(id)
}

func (e *env) get(id uuid.UUID) intake.Import {
	e.t.Helper()
	i, err := e.intake.Get(e.t.Context(), e.Editor, id)
	if err != nil {
		e.t.Fatal(err)
	}
	return i
}

func (e *env) titles(trashed bool) []string {
	e.t.Helper()
	l, err := e.Documents.List(e.t.Context(), e.Reader, e.LibraryID, document.ListQuery{Sort: document.SortTitle, Trashed: trashed, Limit: 500})
	if err != nil {
		e.t.Fatal(err)
	}
	titles := make([]string, len(l.Items))
	for i, d := range l.Items {
		titles[i] = d.Title
	}
	return titles
}

func (e *env) blobs() int {
	e.t.Helper()
	n := 0
	if err := e.Blobs.List(e.t.Context(), "imports/", func(blob.Info) error { n++; return nil }); err != nil {
		e.t.Fatal(err)
	}
	return n
}

const works = `@article{lovelace1843, author = {Lovelace, Ada}, title = {Sketch of the Analytical Engine}, journal = {Taylor's Scientific Memoirs},
  year = 1843, volume = 3, pages = {666--731}, doi = {10.1000/Sketch}, keywords = {engines, programs}, groups = {History/Computing}}
@book{noether1918, author = {Noether, Emmy}, title = {Invariant variational problems}, year = 1918
@article{turing1936, author = {Turing, A.}, title = {On computable numbers, with an application}, year = 1936}
@article{again, author = {Lovelace, A.}, title = {The sketch, printed again}, year = 1843, doi = {https://doi.org/10.1000/sketch}}
@misc{there, author = {Babbage, Charles}, title = {Passages from the life of a philosopher}, year = 1864}
`

func TestABibliographyComesIn(t *testing.T) {
	e := newEnv(t)
	e.Add(t, documenttest.Doc{Title: "Passages from the Life of a Philosopher", Year: 1864, Pages: []string{"one"}})

	i := e.checked("folder/works.bib", works)
	if i.State != intake.Checked || i.Format != "bibtex" || i.Filename != "works.bib" || i.Total != 4 || i.Fresh != 2 || i.Present != 1 || i.Repeated != 1 {
		t.Errorf("%+v", i)
	}
	if i.ProblemCount != 1 || i.Problems[0].Line != 3 || i.Problems[0].Key != "noether1918" {
		t.Errorf("problems %+v", i.Problems)
	}
	if got := e.titles(false); len(got) != 1 {
		t.Errorf("looking through made %q", got)
	}

	var told []intake.Work
	e.intake.OnAdded = func(_ context.Context, _ *postgres.Tx, b intake.Batch) error {
		told = append(told, b.Works...)
		return nil
	}
	i = e.ran(i.ID)
	if len(told) != 2 || told[0].Key != "lovelace1843" || fmt.Sprint(told[0].Tags) != "[engines programs]" || fmt.Sprint(told[0].Collections) != "[History/Computing]" {
		t.Errorf("told of %+v", told)
	}
	if i.State != intake.Done || i.Passed != 4 || i.Added != 2 {
		t.Errorf("%+v", i)
	}
	want := "[On computable numbers, with an application Passages from the Life of a Philosopher Sketch of the Analytical Engine]"
	if got := fmt.Sprint(e.titles(false)); got != want {
		t.Errorf("%s", got)
	}
	if n := e.blobs(); n != 0 {
		t.Errorf("%d files are left", n)
	}
	found, err := e.Documents.List(t.Context(), e.Reader, e.LibraryID, document.ListQuery{Text: "sketch", Limit: 5})
	if err != nil || len(found.Items) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	d, err := e.Documents.Get(t.Context(), e.Reader, found.Items[0].ID)
	if err != nil || d.Edition != nil || d.CSL.Type != "article-journal" || d.CSL.ContainerTitle != "Taylor’s Scientific Memoirs" && d.CSL.ContainerTitle != "Taylor's Scientific Memoirs" ||
		d.CSL.Page != "666–731" && d.CSL.Page != "666-731" || d.AddedBy == nil || d.AddedBy.ID != e.Editor.ID || d.Claims[0].Source != "import" {
		t.Errorf("%+v, %v", d, err)
	}

	t.Run("a second time nothing is new", func(t *testing.T) {
		again := e.checked("works.bib", works)
		if again.Fresh != 0 || again.Present != 4 {
			t.Errorf("%+v", again)
		}
		if again = e.ran(again.ID); again.Added != 0 || again.State != intake.Done {
			t.Errorf("%+v", again)
		}
	})
	t.Run("a file that comes later is merged with its record", func(t *testing.T) {
		file := e.Add(t, documenttest.Doc{Title: "Sketch of the analytical engine", Year: 1843, Pages: []string{"the engine"}})
		groups, _, err := e.Documents.Duplicates(t.Context(), e.Reader, e.LibraryID)
		if err != nil || len(groups) != 1 || len(groups[0].Documents) != 2 {
			t.Fatalf("%+v, %v", groups, err)
		}
		merged, err := e.Documents.Merge(t.Context(), e.Editor, d.ID, []uuid.UUID{file.DocumentID})
		if err != nil || merged.Edition == nil || merged.Edition.ID != file.EditionID || merged.CSL.Volume != "3" {
			t.Errorf("%+v, %v", merged, err)
		}
	})
	t.Run("and is undone", func(t *testing.T) {
		undone, err := e.intake.Undo(t.Context(), e.Editor, i.ID)
		if err != nil || undone.State != intake.Undone {
			t.Fatalf("%+v, %v", undone, err)
		}
		// The file that came from elsewhere is a document of its own again.
		if got := fmt.Sprint(e.titles(false)); got != "[Passages from the Life of a Philosopher Sketch of the analytical engine]" {
			t.Errorf("%s", got)
		}
		if _, err := e.intake.Undo(t.Context(), e.Editor, i.ID); !fault.Is(err, "import_state") {
			t.Errorf("twice: %v", err)
		}
	})
}

// A run that is cut off is gone on with, and no record comes in twice.
func TestAnImportGoesOn(t *testing.T) {
	e := newEnv(t)
	var b strings.Builder
	const many = 1000
	for i := range many {
		fmt.Fprintf(&b, "@book{k%d, title = {Work number %d of the collected works}, year = %d}\n", i, i, 1500+i%500)
	}
	i := e.checked("many.bib", b.String())
	if i.Fresh != many {
		t.Fatalf("%+v", i)
	}
	if _, err := e.intake.Run(t.Context(), e.Editor, i.ID, intake.Options{}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.intake.Import(ctx, i.ID) }()
	for e.get(i.ID).Passed == 0 {
		if ctx.Err() != nil {
			break
		}
	}
	stop()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	// Two at once: one of them gives way.
	errs := make(chan error, 2)
	for range 2 {
		go func() { errs <- e.intake.Import(t.Context(), i.ID) }()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if i := e.get(i.ID); i.State != intake.Done || i.Added != many {
		t.Errorf("%+v", i)
	}
	l, err := e.Documents.List(t.Context(), e.Reader, e.LibraryID, document.ListQuery{Limit: 1})
	if err != nil || l.Total != many {
		t.Errorf("%d documents, %v", l.Total, err)
	}
}

func TestWhatIsNoBibliographyIsRefused(t *testing.T) {
	e := newEnv(t)
	for name, tc := range map[string]struct {
		file io.Reader
		code string
	}{
		"empty.bib":  {strings.NewReader(""), "import_empty"},
		"notes.txt":  {strings.NewReader("Dear all,\nthe meeting is at noon.\n"), "import_format"},
		"paper.pdf":  {strings.NewReader("%PDF-1.7\n\x00\x01"), "import_format"},
		"large.bib":  {io.MultiReader(strings.NewReader("@book{a, title = {T}}\n"), io.LimitReader(zeros{}, 101<<20)), "import_too_large"},
		"broken.bib": {strings.NewReader("@"), ""},
	} {
		_, err := e.intake.Begin(t.Context(), e.Editor, e.LibraryID, name, tc.file)
		if tc.code == "" && err != nil || tc.code != "" && !fault.Is(err, tc.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := e.blobs(); n != 1 {
		t.Errorf("%d files are kept", n)
	}
	if _, err := e.intake.Begin(t.Context(), e.Reader, e.LibraryID, "a.bib", strings.NewReader(works)); !fault.Is(err, "role_forbids") {
		t.Errorf("a reader: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte{' '}, len(p))), nil }

// Who lost the library while the import waited brings nothing in.
func TestAnImportOfSomebodyWhoLeft(t *testing.T) {
	e := newEnv(t)
	i := e.checked("works.ris", "TY  - BOOK\nTI  - A book about something\nER  - \n")
	if _, err := e.intake.Run(t.Context(), e.Editor, i.ID, intake.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := e.Service.RemoveMember(t.Context(), e.Owner, e.LibraryID, e.Editor.ID); err != nil {
		t.Fatal(err)
	}
	if err := e.intake.Import(t.Context(), i.ID); err != nil {
		t.Fatal(err)
	}
	if got := e.titles(false); len(got) != 0 {
		t.Errorf("%q came in", got)
	}
	if _, err := e.intake.Get(t.Context(), e.Editor, i.ID); err == nil {
		t.Error("it is still shown")
	}
	e.Clock.Advance(31 * 24 * time.Hour)
	if err := e.intake.Sweep(t.Context()); err != nil || e.blobs() != 0 {
		t.Errorf("%d files after the sweep, %v", e.blobs(), err)
	}
}

// BenchmarkImport brings in 10,000 records.
func BenchmarkImport(b *testing.B) {
	e := newEnv(b)
	for b.Loop() {
		var file strings.Builder
		run := uuid.NewString()
		for i := range 10_000 {
			fmt.Fprintf(&file, "@article{k%d, author = {Author, A%d and Other, B. and Third, C.}, title = {Paper %d of run %s}, journal = {Journal %d}, year = %d, volume = %d, pages = {1--9}, doi = {10.1000/%s.%d}}\n",
				i, i, i, run, i%50, 1950+i%70, i%90, run, i)
		}
		i := e.checked("many.bib", file.String())
		if i = e.ran(i.ID); i.Added != 10_000 {
			b.Fatalf("%+v", i)
		}
	}
}
