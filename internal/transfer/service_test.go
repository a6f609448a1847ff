package transfer_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/annotation/annotationtest"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/transfer"
)

func TestMain(m *testing.M) {
	extracttest.ServeChild()
	os.Exit(m.Run())
}

// bundle is a site whose marks can be taken out and in.
type bundle struct {
	*annotationtest.Env
	site *documenttest.Site
}

func setup(t *testing.T) *bundle {
	t.Helper()
	e := annotationtest.New(t)
	service := transfer.NewService(transfer.Parts{
		Documents: e.Documents, Marks: e.Marks, Blobs: e.Blobs, Clock: e.Clock, Origin: "https://papers.example.org",
		Writers: extracttest.NewPool(t, extract.Config{WritesOnly: true}),
	})
	return &bundle{Env: e, site: documenttest.Serve(t, func(api *httpapi.API) { transfer.Mount(api, service) })}
}

// texts of the pages; the second begins in the middle of a sentence.
var texts = []string{"Methods were tried on samples of whole populations and", "then of single persons. Nobody knew why"}

// paper adds a document with a real file.
func (b *bundle) paper(t *testing.T, texts ...string) documenttest.Added {
	t.Helper()
	file := extracttest.Document{Info: map[string]string{"Subject": uuid.NewString()}} // equal files are one
	for _, text := range texts {
		file.Pages = append(file.Pages, extracttest.TextPage(text))
	}
	return b.Add(t, documenttest.Doc{Title: "On methods", Filename: "Überblick.pdf", Pages: texts, File: file.Bytes()})
}

func (b *bundle) export(t *testing.T, p identity.Person, a documenttest.Added, query string) documenttest.Answer {
	t.Helper()
	answer := b.site.Do(p, http.MethodGet, "/api/documents/"+a.DocumentID.String()+"/annotations/export?"+query, "")
	if answer.Status != http.StatusOK {
		t.Fatalf("export %s: %d %s", query, answer.Status, answer.Body)
	}
	return answer
}

// read extracts a file and gives what would be imported from it.
func read(t *testing.T, file []byte) []pdfmark.Mark {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := extract.Run(t.Context(), extracttest.NewPool(t, extract.Config{}), path, extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result.Annotations
}

// fill makes marks of every kind by several people: the commenter's secret is
// the commenter's alone.
func (b *bundle) fill(t *testing.T, a documenttest.Added) (over annotation.AnnotationItem) {
	t.Helper()
	b.Mark(t, b.Commenter, a, annotationtest.On(a, 1, 0, 7).With("body", "A shared thought", "meaning", "question"))
	over = b.Mark(t, b.Editor, a, annotationtest.On(a, 1, 39, 54).With("kind", "underline", "parts", []annotationtest.Body{
		{"page": 1, "start": 39, "end": 54}, {"page": 2, "start": 0, "end": 4},
	}))
	b.Answer(t, b.Commenter, over.ID, "Why so?")
	b.Mark(t, b.Commenter, a, annotationtest.On(a, 1, 8, 12).With("body", "My secret", "private", true))
	b.Mark(t, b.Reader, a, annotationtest.On(a, 1, 13, 18).With("body", "The reader's own", "private", true))
	on := func(kind string, part annotationtest.Body) annotationtest.Body {
		return annotationtest.Body{"edition_id": a.EditionID, "kind": kind, "parts": []annotationtest.Body{part}, "body": "On a " + kind}
	}
	b.Mark(t, b.Editor, a, on("area", annotationtest.Body{"page": 2, "rect": []float64{100, 100, 200, 180}}))
	b.Mark(t, b.Editor, a, on("note", annotationtest.Body{"page": 2, "rect": []float64{300, 100, 320, 120}}))
	b.Mark(t, b.Editor, a, on("text", annotationtest.Body{"page": 2, "rect": []float64{300, 200, 420, 240}}))
	b.Mark(t, b.Editor, a, on("ink", annotationtest.Body{"page": 1, "paths": [][]float64{{100, 100, 150, 180, 200, 100}}}))
	return over
}

func TestPrivateMarksStayPrivate(t *testing.T) {
	b := setup(t)
	a := b.paper(t, texts...)
	b.fill(t, a)
	for _, format := range []string{"pdf", "jsonld", "md", "csv", "html"} {
		for _, ask := range []struct {
			who  identity.Person
			name string
			own  string
		}{{b.Commenter, "commenter", "My secret"}, {b.Reader, "reader", "The reader's own"}, {b.Owner, "owner", ""}} {
			for _, private := range []string{"0", "1"} {
				answer := b.export(t, ask.who, a, "format="+format+"&private="+private)
				says := string(answer.Body)
				if format == "pdf" {
					says = ""
					for _, mark := range read(t, answer.Body) {
						says += mark.Contents + "\n"
					}
				}
				says = strings.ReplaceAll(says, "&#39;", "'")
				if !strings.Contains(says, "A shared thought") {
					t.Errorf("%s for the %s: shared marks are missing", format, ask.name)
				}
				for _, secret := range []string{"My secret", "The reader's own"} {
					if want := private == "1" && secret == ask.own; strings.Contains(says, secret) != want {
						t.Errorf("%s for the %s, private=%s: %q is there: %v", format, ask.name, private, secret, !want)
					}
				}
			}
		}
	}
}

func TestFilesAreSentSafely(t *testing.T) {
	b := setup(t)
	a := b.paper(t, texts...)
	b.fill(t, a)
	for format, want := range map[string]string{
		"pdf": "Überblick (annotated).pdf", "jsonld": "Überblick – marks.jsonld", "md": "Überblick – marks.md",
		"csv": "Überblick – marks.csv", "html": "Überblick – marks.html",
	} {
		h := b.export(t, b.Reader, a, "format="+format).Header
		kind, parameters, err := mime.ParseMediaType(h.Get("Content-Disposition"))
		if err != nil || kind != "attachment" || parameters["filename"] != want {
			t.Errorf("%s: %s", format, h.Get("Content-Disposition"))
		}
		if h.Get("Cache-Control") != "private, no-store" || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Content-Type") == "" {
			t.Errorf("%s: headers %v", format, h)
		}
	}
	path := "/api/documents/" + a.DocumentID.String() + "/annotations/export"
	for query, code := range map[string]string{
		"": "bad_format", "format=exe": "bad_format", "format=md&group=colour": "bad_group", "format=md&edition_id=x": "bad_edition_id",
		"format=md&edition_id=" + uuid.NewString(): "edition_not_found",
	} {
		if got := b.site.Do(b.Reader, http.MethodGet, path+"?"+query, "").Code(); got != code {
			t.Errorf("%q: %s, want %s", query, got, code)
		}
	}
	other := b.paper(t, "Another file")
	if got := b.site.Do(b.Reader, http.MethodGet, path+"?format=pdf&edition_id="+other.EditionID.String(), "").Code(); got != "edition_not_found" {
		t.Errorf("another document's file: %s", got)
	}
	if got := b.site.Do(b.Stranger, http.MethodGet, path+"?format=pdf", ""); got.Status != http.StatusNotFound {
		t.Errorf("a stranger: %d", got.Status)
	}
	broken := b.Add(t, documenttest.Doc{Pages: []string{"One"}, File: []byte("%PDF-1.7 and no more")})
	if got := b.site.Do(b.Reader, http.MethodGet, "/api/documents/"+broken.DocumentID.String()+"/annotations/export?format=pdf", ""); got.Code() != "not_writable" {
		t.Errorf("a broken file: %d %s", got.Status, got.Body)
	}
}

// Marks that went out with the file come in with it in another library, once.
func TestMarksTravelInThePDF(t *testing.T) {
	b := setup(t)
	a := b.paper(t, texts...)
	over := b.fill(t, a)
	if got := b.Site.Do(b.Commenter, http.MethodPost, "/api/annotations/"+over.ID.String()+"/resolve", "{}"); got.Status != http.StatusOK {
		t.Fatalf("resolve: %d %s", got.Status, got.Body)
	}
	file := b.export(t, b.Reader, a, "format=pdf").Body
	if !bytes.HasPrefix(file, a.File) {
		t.Error("the file's own bytes changed")
	}
	there := b.Add(t, documenttest.Doc{Pages: texts, File: file})
	report, err := b.Marks.Import(t.Context(), there.EditionID, nil, annotation.FromPDF(read(t, file)))
	if err != nil || report.Imported != 6 || report.Orphans != 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	sameAs(t, b.List(t, b.Owner, there), b.List(t, b.Owner, a))

	// As another file of the same document it brings nothing new.
	second := b.Add(t, documenttest.Doc{Pages: texts, File: append(slices.Clone(file), '\n')})
	if _, err := b.Pool.Exec(t.Context(), "UPDATE editions SET document_id = $1 WHERE id = $2", a.DocumentID, second.EditionID); err != nil {
		t.Fatal(err)
	}
	if report, err := b.Marks.Import(t.Context(), second.EditionID, nil, annotation.FromPDF(read(t, file))); err != nil || report.Imported != 0 {
		t.Errorf("as a second file: %+v, %v", report, err)
	}

	// Out again: nothing is doubled, and nothing needs to be written.
	again := b.export(t, b.Owner, there, "format=pdf").Body
	if !bytes.Equal(again, file) {
		t.Errorf("the file grew by %d bytes", len(again)-len(file))
	}
	// What is new comes behind.
	for _, mark := range b.List(t, b.Owner, there) {
		if mark.Kind == "underline" {
			b.Answer(t, b.Editor, mark.ID, "A new answer")
		}
	}
	marks := read(t, b.export(t, b.Owner, there, "format=pdf").Body)
	whole := len(marks)
	answers := slices.DeleteFunc(slices.Clone(marks), func(m pdfmark.Mark) bool { return !m.IsReply() })
	if len(answers) != 2 || answers[1].Contents != "A new answer" || answers[0].InReplyTo != answers[1].InReplyTo {
		t.Errorf("answers: %+v", answers)
	}

	// What was deleted here is not in the file that goes out, nor what answered it.
	for _, mark := range b.List(t, b.Owner, there) {
		if mark.Kind == "underline" {
			if got := b.Site.Do(b.Owner, http.MethodDelete, "/api/annotations/"+mark.ID.String(), ""); got.Status >= 300 {
				t.Fatalf("delete: %d %s", got.Status, got.Body)
			}
		}
	}
	left := read(t, b.export(t, b.Owner, there, "format=pdf").Body)
	for _, mark := range left {
		if mark.Subtype == pdfmark.Underline || mark.Contents == "A new answer" {
			t.Errorf("%+v is still there", mark)
		}
	}
	if len(left) >= whole {
		t.Errorf("%d marks of %d are left", len(left), whole)
	}
}

// sameAs compares marks by what people see of them.
func sameAs(t *testing.T, got, want []annotation.AnnotationItem) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d marks, want %d", len(got), len(want))
		return
	}
	for i := range want {
		g, w := got[i], want[i]
		describe := func(a annotation.AnnotationItem) string {
			out := fmt.Sprintf("%s %s by %s: %q, on %q", a.Kind, a.Meaning, a.Author.Name, a.Body, a.Anchor.Exact)
			for _, part := range a.Anchor.Parts {
				out += fmt.Sprintf(", page %d", part.Page)
			}
			for _, r := range a.Replies {
				out += fmt.Sprintf("; %s: %q", r.Author.Name, r.Body)
			}
			if a.ResolvedAt != nil {
				out += "; resolved"
			}
			return out
		}
		if describe(g) != describe(w) {
			t.Errorf("mark %d:\n got %s\nwant %s", i, describe(g), describe(w))
		}
	}
}

func TestMarksTravelAsWebAnnotations(t *testing.T) {
	b := setup(t)
	a := b.paper(t, texts...)
	b.fill(t, a)
	collection := b.export(t, b.Commenter, a, "format=jsonld").Body
	bring := func(p identity.Person, a documenttest.Added, body []byte) (report transfer.AnnotationImport, answer documenttest.Answer) {
		answer = b.site.Do(p, http.MethodPost, "/api/documents/"+a.DocumentID.String()+"/annotations/import", string(body), "Content-Type", "application/ld+json")
		_ = json.Unmarshal(answer.Body, &report)
		return report, answer
	}
	// Into the same document: all are there.
	if report, answer := bring(b.Commenter, a, collection); answer.Status != 200 || report.Imported != 0 || report.Skipped != 6 {
		t.Errorf("into the same document: %d %+v", answer.Status, report)
	}
	there := b.paper(t, texts...)
	report, answer := bring(b.Commenter, there, collection)
	if answer.Status != 200 || report.Imported != 6 || report.Skipped != 0 || report.Orphans != 0 {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	sameAs(t, b.List(t, b.Owner, there), b.List(t, b.Owner, a))
	for _, mark := range b.List(t, b.Owner, there) {
		// Their names came along; only who brought them in is somebody here.
		if mine := mark.Author.Name == b.Commenter.Name; mine != (mark.Author.ID != nil) || mark.Origin != "import" {
			t.Errorf("%s's mark: id %v, origin %s", mark.Author.Name, mark.Author.ID, mark.Origin)
		}
	}
	if report, _ := bring(b.Commenter, there, collection); report.Imported != 0 || report.Skipped != 6 {
		t.Errorf("a second time: %+v", report)
	}
	// Elsewhere the text is another one.
	elsewhere := b.paper(t, "Nothing of this was ever said before", "here")
	if report, _ := bring(b.Editor, elsewhere, collection); report.Imported != 6 || report.Orphans != 2 {
		t.Errorf("in another text: %+v", report)
	}
	if _, answer := bring(b.Reader, b.paper(t, texts...), collection); answer.Status != http.StatusForbidden {
		t.Errorf("a reader may not make shared marks: %d", answer.Status)
	}
	if _, answer := bring(b.Editor, a, []byte("no JSON")); answer.Code() != "not_annotations" {
		t.Errorf("no JSON: %d %s", answer.Status, answer.Body)
	}
	if _, answer := bring(b.Stranger, a, collection); answer.Status != http.StatusNotFound {
		t.Errorf("a stranger: %d", answer.Status)
	}
}

func TestHypothesisFindsItsText(t *testing.T) {
	b := setup(t)
	a := b.paper(t, texts...)
	data, err := os.ReadFile(filepath.Join("testdata", "hypothesis.json"))
	if err != nil {
		t.Fatal(err)
	}
	answer := b.site.Do(b.Editor, http.MethodPost, "/api/documents/"+a.DocumentID.String()+"/annotations/import", string(data))
	var report transfer.AnnotationImport
	answer.Decode(t, &report)
	if report.Imported != 3 || report.Orphans != 1 || report.Skipped != 0 {
		t.Fatalf("%s", answer.Body)
	}
	shared := b.List(t, b.Reader, a)
	if len(shared) != 2 || shared[0].Kind != "document" || shared[1].Anchor.Exact != "whole populations" || len(shared[1].Replies) != 2 ||
		len(shared[1].Anchor.Parts) != 1 || *shared[1].Anchor.Parts[0].Start != 33 {
		t.Errorf("shared: %+v", shared)
	}
}

func TestNotesTravelAsWebAnnotations(t *testing.T) {
	b := setup(t)
	a := b.paper(t, texts...)
	send := func(text string) {
		t.Helper()
		got := b.Site.Do(b.Commenter, "POST", "/api/documents/"+a.DocumentID.String()+"/annotations",
			annotationtest.Body{"id": uuid.New(), "kind": "document", "meaning": "key", "private": false, "parts": []any{}, "body": text}.JSON(t))
		if got.Status != http.StatusCreated {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
	}
	send("# Summary\n\nAbout methods.")
	file := b.export(t, b.Reader, a, "format=jsonld").Body
	if !bytes.Contains(file, []byte(`"sk-document"`)) || bytes.Contains(file, []byte(`"selector"`)) {
		t.Errorf("%s", file)
	}
	if md := b.export(t, b.Reader, a, "format=md").Body; !bytes.Contains(md, []byte("## Notes\n")) || !bytes.Contains(md, []byte("on the whole document")) {
		t.Errorf("%s", md)
	}
	if marks := read(t, b.export(t, b.Reader, a, "format=pdf").Body); len(marks) != 0 {
		t.Errorf("in the PDF: %+v", marks)
	}
	other := b.paper(t, texts...)
	bring := func(what string, file []byte) (report transfer.AnnotationImport) {
		t.Helper()
		got := b.site.Do(b.Commenter, "POST", "/api/documents/"+other.DocumentID.String()+"/annotations/import", string(file), "Content-Type", "application/ld+json")
		if got.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", what, got.Status, got.Body)
		}
		got.Decode(t, &report)
		return report
	}
	if r := bring("once", file); r.Imported != 1 || r.Orphans != 0 {
		t.Errorf("%+v", r)
	}
	if r := bring("again", file); r.Imported != 0 || r.Skipped != 1 {
		t.Errorf("%+v", r)
	}
	// As other programs write one on a page as a whole; one without a text says nothing.
	foreign := `[{"id": "x", "type": "Annotation", "bodyValue": "Good", "target": {"source": "https://example.org/paper.pdf"}},
		{"id": "y", "type": "Annotation", "target": {"source": "https://example.org/paper.pdf"}}]`
	if r := bring("foreign", []byte(foreign)); r.Imported != 1 || r.Skipped != 1 {
		t.Errorf("%+v", r)
	}
	got := b.List(t, b.Reader, other)
	if len(got) != 2 || got[0].Kind != "document" || got[1].Kind != "document" {
		t.Errorf("%+v", got)
	}
}
