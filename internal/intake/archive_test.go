package intake_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/intake"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

type packed struct{ name, body string }

func archive(t testing.TB, files ...packed) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		out, err := w.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(out, f.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func pdf(text string) string { return "%PDF-1.7 " + text }

// byTitle is a document of the library, in its list.
func (e *env) byTitle(title string) document.Document {
	e.t.Helper()
	l, err := e.Documents.List(e.t.Context(), e.Reader, e.LibraryID, document.ListQuery{Sort: document.SortTitle, Limit: 500})
	if err != nil {
		e.t.Fatal(err)
	}
	i := slices.IndexFunc(l.Items, func(d document.Document) bool { return d.Title == title })
	if i < 0 {
		e.t.Fatalf("no %q in %q", title, e.titles(false))
	}
	return l.Items[i]
}

const zoteroExport = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:bib="http://purl.org/net/biblio#" xmlns:link="http://purl.org/rss/1.0/modules/link/">
    <bib:Book rdf:about="#item_1"><z:itemType>book</z:itemType><dc:title>The honey of the northern heath</dc:title><dc:date>1998</dc:date>
        <dcterms:isReferencedBy rdf:resource="#item_9"/><link:link rdf:resource="#item_2"/><link:link rdf:resource="#item_3"/><link:link rdf:resource="#item_4"/></bib:Book>
    <z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="files/2/Heath.pdf"/><link:type>application/pdf</link:type></z:Attachment>
    <z:Attachment rdf:about="#item_3"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="files/3/Supplement.pdf"/><link:type>application/pdf</link:type></z:Attachment>
    <z:Attachment rdf:about="#item_4"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="files/4/page.html"/><link:type>text/html</link:type></z:Attachment>
    <bib:Memo rdf:about="#item_9"><rdf:value>&lt;p&gt;Worth a journey.&lt;/p&gt;</rdf:value></bib:Memo>
    <bib:Book rdf:about="#item_5"><z:itemType>book</z:itemType><dc:title>A book whose file was lost on the way</dc:title><link:link rdf:resource="#item_6"/></bib:Book>
    <z:Attachment rdf:about="#item_6"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="files/6/Lost.pdf"/></z:Attachment>
    <z:Attachment rdf:about="#item_7"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="files/7/Scan.pdf"/><dc:subject>scan</dc:subject></z:Attachment>
    <z:Collection rdf:about="#collection_1"><dc:title>Insects</dc:title><dcterms:hasPart rdf:resource="#collection_2"/><dcterms:hasPart rdf:resource="#item_7"/></z:Collection>
    <z:Collection rdf:about="#collection_2"><dc:title>Bees</dc:title><dcterms:hasPart rdf:resource="#item_1"/></z:Collection>
</rdf:RDF>`

func TestAZoteroLibraryComesInWithItsFiles(t *testing.T) {
	e := newEnv(t)
	var told []intake.Work
	e.intake.OnAdded = func(_ context.Context, _ *postgres.Tx, b intake.Batch) error {
		told = append(told, b.Works...)
		return nil
	}
	file := archive(t,
		packed{"My Library/My Library.rdf", zoteroExport},
		packed{"My Library/files/2/Heath.pdf", pdf("heath")},
		packed{"My Library/files/3/Supplement.pdf", pdf("tables")},
		packed{"My Library/files/4/page.html", "<html></html>"},
		packed{"My Library/files/7/Scan.pdf", pdf("scan")},
		packed{"More/On wax.pdf", pdf("wax")},
		packed{"More/Deeper/On wax.pdf", pdf("wax")},
		packed{"More/letter.pdf", "Dear all"},
		packed{"../../etc/passwd.pdf", pdf("out")},
		packed{"inner.zip", "PK\x03\x04"},
	)
	i := e.checked("zotero.zip", file)
	if i.State != intake.Checked || i.Format != intake.Archive || i.Total != 2 || i.Fresh != 2 || len(e.titles(false)) != 0 {
		t.Fatalf("%+v", i)
	}
	c := i.Contents
	if c.Files != 6 || c.Matched != 3 || c.Missing != 1 || c.Others != 1 || c.Unreadable != 1 || c.Known != 0 || c.Notes != 1 ||
		fmt.Sprint(c.Collections) != "[Insects Insects/Bees]" || fmt.Sprint(c.Folders) != "[More More/Deeper]" || fmt.Sprint(c.Bibliographies) != "[My Library/My Library.rdf]" {
		t.Errorf("contents %+v", c)
	}
	for _, want := range []intake.Problem{
		{File: "../../etc/passwd.pdf", Message: "left out: its name leads out of the archive"},
		{File: "inner.zip", Message: "left out: an archive in an archive is not opened; bring it in by itself"},
		{File: "My Library/My Library.rdf", Line: 8, Message: "its file is not in the archive: files/6/Lost.pdf"},
		{File: "More/letter.pdf", Message: "this is not a PDF file"},
	} {
		if !slices.Contains(i.Problems, want) {
			t.Errorf("no %+v in %+v", want, i.Problems)
		}
	}

	i = e.ran(i.ID)
	if i.State != intake.Done || i.Added != 4 || i.FilesPassed != 6 || i.FilesAdded != 4 {
		t.Errorf("%+v", i)
	}
	if got, want := e.titles(false), []string{"A book whose file was lost on the way", "On wax", "Scan", "The honey of the northern heath"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	book := e.byTitle("The honey of the northern heath")
	if book.Edition == nil || book.Edition.Filename != "Heath.pdf" {
		t.Errorf("shows %+v", book.Edition)
	}
	detail, err := e.Documents.Get(t.Context(), e.Reader, book.ID)
	if err != nil || detail.CSL.Annote != "Worth a journey." {
		t.Errorf("note %q, %v", detail.CSL.Annote, err)
	}
	at := map[string][]string{}
	for _, w := range told {
		d, err := e.Documents.Get(t.Context(), e.Reader, w.DocumentID)
		if err != nil {
			t.Fatal(err)
		}
		at[d.Title] = append(at[d.Title], append(w.Collections, w.Tags...)...)
	}
	// The same file in two folders is one document in two collections.
	if fmt.Sprint(at["Scan"]) != "[Insects scan]" || fmt.Sprint(at["The honey of the northern heath"]) != "[Insects/Bees]" || fmt.Sprint(at["On wax"]) != "[More More/Deeper]" {
		t.Errorf("gathered %v", at)
	}
	if e.blobs() != 0 {
		t.Error("the archive is kept")
	}

	t.Run("a second time nothing is new", func(t *testing.T) {
		again := e.checked("zotero.zip", file)
		if again.Fresh != 0 || again.Present != 2 || again.Contents.Known != 4 {
			t.Errorf("%+v", again)
		}
		if again = e.ran(again.ID); again.Added != 0 || again.FilesAdded != 0 {
			t.Errorf("%+v", again)
		}
	})
	t.Run("and is undone", func(t *testing.T) {
		if _, err := e.intake.Undo(t.Context(), e.Editor, i.ID); err != nil {
			t.Fatal(err)
		}
		if got := e.titles(false); len(got) != 0 {
			t.Errorf("%q", got)
		}
	})
	t.Run("and comes in again, with the files from the trash", func(t *testing.T) {
		again := e.checked("zotero.zip", file)
		if again = e.ran(again.ID); again.Added != 2 {
			t.Errorf("%+v", again)
		}
	})
}

// Files find works that were here before, and undoing gives all back.
func TestFilesGoToWorksThatAreThere(t *testing.T) {
	e := newEnv(t)
	bib := e.ran(e.checked("works.bib", works).ID)
	whole := e.Add(t, documenttest.Doc{Title: "A paper that has its file already", Year: 2001, Pages: []string{"one"}})
	dropped := e.Add(t, documenttest.Doc{Filename: "scan0001.pdf", Pages: []string{"unnamed"}, File: []byte(pdf("dropped before"))})

	i := e.checked("more.zip", archive(t,
		packed{"lib.bib", `@article{l, title = {Sketch}, doi = {10.1000/sketch}, file = {:/home/ada/Papers/Sketch.pdf:PDF}}
@article{w, title = {A paper that has its file already}, year = 2001, file = {whole.pdf}}
@book{d, title = {The one that was dropped without a name}, year = 1990, file = {Full Text:files/9/scan.pdf:application/pdf}}`},
		packed{"Papers/Sketch.pdf", pdf("sketch")}, packed{"whole.pdf", pdf("another")}, packed{"files/9/scan.pdf", pdf("dropped before")}))
	if i.Fresh != 1 || i.Present != 2 || i.Contents.Matched != 3 || i.Contents.Known != 1 || i.Contents.Missing != 0 || i.Contents.FolderCount != 0 {
		t.Fatalf("%+v", i)
	}
	i = e.ran(i.ID)
	if i.Added != 1 || i.FilesAdded != 2 || i.ProblemCount != 0 {
		t.Errorf("%+v", i)
	}
	if d := e.byTitle("Sketch of the Analytical Engine"); d.Edition == nil || d.Edition.Filename != "Sketch.pdf" {
		t.Errorf("%+v", d.Edition)
	}
	if d := e.byTitle("The one that was dropped without a name"); d.Edition == nil || d.Edition.ID != dropped.EditionID {
		t.Errorf("%+v", d.Edition)
	}
	if d := e.byTitle("A paper that has its file already"); d.Edition.ID != whole.EditionID {
		t.Errorf("%+v", d.Edition)
	}
	if _, err := e.intake.Undo(t.Context(), e.Editor, i.ID); err != nil {
		t.Fatal(err)
	}
	if d := e.byTitle("Sketch of the Analytical Engine"); d.Edition != nil {
		t.Errorf("it kept the file %+v", d.Edition)
	}
	d, err := e.Documents.Get(t.Context(), e.Reader, dropped.DocumentID)
	if err != nil || d.TrashedAt != nil || d.Edition == nil || d.Edition.ID != dropped.EditionID {
		t.Errorf("what was dropped before is not back: %+v, %v", d, err)
	}
	if got := e.titles(false); slices.Contains(got, "The one that was dropped without a name") {
		t.Errorf("%q", got)
	}
	_ = bib
}

func TestAnArchiveGoesOn(t *testing.T) {
	e := newEnv(t)
	var files []packed
	const many = 40
	for i := range many {
		files = append(files, packed{fmt.Sprintf("%d.pdf", i), pdf(fmt.Sprint(i))})
	}
	i := e.checked("many.zip", archive(t, files...))
	if _, err := e.intake.Run(t.Context(), e.Editor, i.ID, intake.Options{}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	queue, queued := e.intake.Files.Queue, 0
	e.intake.Files.Queue = func(ctx context.Context, tx *postgres.Tx, id uuid.UUID) error {
		if queued++; queued == 5 {
			stop() // as a server does that is told to, in the middle of a file
		}
		return queue(ctx, tx, id)
	}
	if err := e.intake.Import(ctx, i.ID); err == nil {
		t.Error("it went on")
	}
	e.intake.Files.Queue = queue
	if got := e.get(i.ID); got.State != intake.Running || got.FilesPassed != 4 {
		t.Errorf("%+v", got)
	}
	errs := make(chan error, 2)
	for range 2 {
		go func() { errs <- e.intake.Import(t.Context(), i.ID) }()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if got := e.get(i.ID); got.State == intake.Running {
		// The one that gave way may have been the one that would have ended it.
		if err := e.intake.Import(t.Context(), i.ID); err != nil {
			t.Error(err)
		}
	}
	if got := e.get(i.ID); got.State != intake.Done || got.FilesPassed != many || got.FilesAdded != many || len(e.titles(false)) != many {
		t.Errorf("%+v, %d documents", got, len(e.titles(false)))
	}
}

func TestArchivesThatAreRefused(t *testing.T) {
	e := newEnv(t)
	for name, file := range map[string]string{"damaged": "PK\x03\x04" + strings.Repeat("x", 1000)} {
		if i := e.checked(name+".zip", file); i.State != intake.Failed || !strings.Contains(i.Failure, "damaged") {
			t.Errorf("%s: %+v", name, i)
		}
	}
	if _, err := e.intake.Begin(t.Context(), e.Reader, e.LibraryID, "a.zip", strings.NewReader(archive(t))); !fault.Is(err, "role_forbids") {
		t.Errorf("a reader: %v", err)
	}
	_ = uuid.Nil
}
