// Package documenttest fills libraries with documents for other features'
// tests, by the same steps as an upload takes.
package documenttest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob/disk"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Env is a library with people of each role, a store for files, and documents.
type Env struct {
	*librarytest.Env
	Blobs     *disk.Store
	Documents *document.Service
}

// New makes an Env in lib's database.
func New(t testing.TB, lib *librarytest.Env) *Env {
	t.Helper()
	blobs, err := disk.Open(t.TempDir())
	if err != nil {
		t.Fatalf("open blob store: %v", err)
	}
	return &Env{
		Env: lib, Blobs: blobs,
		Documents: document.New(lib.Pool, lib.Service, blobs, lib.Clock, document.Config{TempDir: t.TempDir()}),
	}
}

// Doc is what a test says of a document; every field may stay empty.
type Doc struct {
	LibraryID uuid.UUID // empty for the Env's
	Filename  string
	Title     string // as the file's first page says
	Authors   []csl.Name
	Year      int
	Pages     []string // the text of each
	File      []byte   // made up when empty, and different each time
	Thumbnail []byte
	// References and Citations are those of the list at its end.
	References []document.Reference
	Citations  []document.Citation
	// FailedPages are those of Pages that could not be read.
	FailedPages []document.FailedPage
	// Of is the document whose next edition this is; empty for a new document.
	Of uuid.UUID
}

// Added is a document that was added.
type Added struct {
	DocumentID, EditionID, LibraryID uuid.UUID
	File                             []byte
}

// Upload adds a document, or to one, an edition that is queued.
func (e *Env) Upload(t testing.TB, d Doc) Added {
	t.Helper()
	a := Added{EditionID: uuid.Must(uuid.NewV7()), LibraryID: d.LibraryID, File: d.File}
	if a.LibraryID == uuid.Nil {
		a.LibraryID = e.LibraryID
	}
	if a.File == nil {
		a.File = []byte("%PDF-1.7 " + a.EditionID.String())
	}
	if d.Filename == "" {
		d.Filename = "paper.pdf"
	}
	key := "uploads/" + a.EditionID.String()
	if err := e.Blobs.Put(t.Context(), key, bytes.NewReader(a.File)); err != nil {
		t.Fatalf("store file: %v", err)
	}
	if err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) (err error) {
		u := document.NewUpload{
			LibraryID: a.LibraryID, PersonID: e.Editor.ID, DocumentID: d.Of, EditionID: a.EditionID, BlobKey: key, Filename: d.Filename, Size: int64(len(a.File)),
		}
		if a.DocumentID = d.Of; d.Of != uuid.Nil {
			return e.Documents.AddEdition(ctx, tx, u)
		}
		a.DocumentID, _, err = e.Documents.AddUploaded(ctx, tx, u)
		return err
	}); err != nil {
		t.Fatalf("add document: %v", err)
	}
	return a
}

// Begin takes the next attempt at a's edition and checks its file.
func (e *Env) Begin(t testing.TB, a Added) document.Attempt {
	t.Helper()
	attempt, err := e.Documents.BeginAttempt(t.Context(), a.EditionID)
	if err != nil {
		t.Fatalf("begin attempt: %v", err)
	}
	hash := sha256.Sum256(a.File)
	if err := e.Documents.SetChecked(t.Context(), attempt, hash[:]); err != nil {
		t.Fatalf("set checked: %v", err)
	}
	return attempt
}

// Finish ends an attempt with d's pages and gives what Service.Finish said.
func (e *Env) Finish(t testing.TB, a document.Attempt, d Doc) error {
	t.Helper()
	w, err := e.Documents.NewPageWriter()
	if err != nil {
		t.Fatalf("page writer: %v", err)
	}
	defer func() {
		if err := w.Close(); err != nil {
			t.Errorf("close page writer: %v", err)
		}
	}()
	for i, text := range d.Pages {
		if err := w.Add(Page(i+1, text)); err != nil {
			t.Fatalf("add page: %v", err)
		}
	}
	return e.Documents.Finish(t.Context(), a, document.Result{
		PageCount: len(d.Pages), TextVersion: "test-1", Claims: claims(t, d), Thumbnail: d.Thumbnail, Pages: w,
		References: d.References, Citations: d.Citations, FailedPages: d.FailedPages,
	})
}

// Add adds a document, or to one an edition, that is ready.
func (e *Env) Add(t testing.TB, d Doc) Added {
	t.Helper()
	a := e.Upload(t, d)
	if err := e.Finish(t, e.Begin(t, a), d); err != nil {
		t.Fatalf("finish: %v", err)
	}
	return a
}

// Title is a person's word for a title.
func Title(title string) document.Correction {
	value, err := json.Marshal(title)
	if err != nil {
		panic(err) // a string can be marshalled
	}
	return document.Correction{Field: "title", Value: value}
}

// Rename has the editor correct a document's title.
func (e *Env) Rename(t testing.TB, documentID uuid.UUID, title string) {
	t.Helper()
	if _, err := e.Documents.SetField(t.Context(), e.Editor, documentID, Title(title)); err != nil {
		t.Fatalf("rename: %v", err)
	}
}

// Page makes a page of US Letter size with this text. Its words stand in one
// line, six points for each character.
func Page(number int, text string) pagetext.Page {
	p := pagetext.Page{Number: number, Box: pagetext.Rect{0, 0, 612, 792}, Text: text}
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		if unicode.IsSpace(runes[i]) {
			continue
		}
		start := i
		for i < len(runes) && !unicode.IsSpace(runes[i]) {
			i++
		}
		box := pagetext.Rect{float32(6 * start), 700, float32(6 * i), 712}
		p.Words = append(p.Words, pagetext.Word{Start: start, End: i, Boxes: []pagetext.Rect{box}})
	}
	return p
}

// Text is n words, for pages that only need to be long.
func Text(n int) string { return strings.TrimSpace(strings.Repeat("lorem ", n)) }

func claims(t testing.TB, d Doc) []csl.Claim {
	t.Helper()
	var list []csl.Claim
	add := func(field string, value any) {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatalf("claim %s: %v", field, err)
		}
		list = append(list, csl.Claim{Field: field, Source: csl.SourcePage, Value: encoded, Confidence: 0.8})
	}
	if d.Title != "" {
		add("title", d.Title)
	}
	if d.Authors != nil {
		add("author", d.Authors)
	}
	if d.Year != 0 {
		add("issued", csl.NewDate(d.Year))
	}
	return list
}
