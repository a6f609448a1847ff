package ingest_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

func TestSecondEditionIsUploaded(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	r := e.runJobs()
	first := pdf(10_000)
	documentID, firstEdition := e.upload(e.Owner, first)
	r.Idle(parseKind)
	e.extractWith(func(_ context.Context, _ string, opts extract.Options) (*extract.Result, error) {
		page := pagetext.Page{Number: 1, Box: pagetext.Rect{0, 0, 612, 792}, Text: "published"}
		return &extract.Result{PageCount: 1, TextVersion: extract.TextVersion}, opts.OnPage(page)
	})

	became, second := e.upload(e.Editor, pdf(9_000), "document_id", documentID.String(), "filename", "published.pdf")
	if became != documentID || second == firstEdition || e.documentCount() != 1 {
		t.Fatalf("it became %s of document %s, and there are %d", second, became, e.documentCount())
	}
	r.Idle(parseKind)
	if edition := e.edition(documentID); edition.ID != second || edition.State != document.Ready || *edition.PageCount != 1 || edition.Filename != "published.pdf" {
		t.Errorf("edition %+v", edition)
	}
	if page, err := e.Documents.Page(t.Context(), e.Reader, firstEdition, 2); err != nil || page.Text != "page 2" {
		t.Errorf("the first one reads %q, %v", page.Text, err)
	}
	if u := e.uploads(e.Editor); u[0].State != ingest.Finished || u[0].DocumentID.UUID != documentID {
		t.Errorf("upload %+v", u[0])
	}
	if ops := changesOf(e.Changes(t), library.KindDocument); len(ops) != 8 || slices.Contains(ops[1:], library.OpAdded) {
		t.Errorf("changes %v", ops)
	}

	t.Run("but not the same bytes again", func(t *testing.T) {
		_, a := e.create(e.Editor, len(first), "document_id", documentID.String(), "sha256", hexSum(first))
		if a.status != http.StatusConflict || a.code() != "duplicate" || a.body["document_id"] != documentID.String() {
			t.Errorf("announced: %d %v", a.status, a.body)
		}
		_, again := e.upload(e.Editor, first, "document_id", documentID.String())
		r.Idle(parseKind)
		dropped := func(u ingest.Upload) bool {
			return u.ID == again && u.State == ingest.Duplicate && u.DocumentID.UUID == documentID
		}
		if u := e.uploads(e.Editor); !slices.ContainsFunc(u, dropped) {
			t.Errorf("uploads %+v", u)
		}
		if edition := e.edition(documentID); edition.ID != second || e.documentCount() != 1 {
			t.Errorf("shows %s", edition.ID)
		}
		if _, err := e.Blobs.Stat(t.Context(), ingest.BlobKey(again)); err == nil {
			t.Error("the bytes are stored twice")
		}
	})
}

func TestSecondEditionIsRefused(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	documentID, _ := e.upload(e.Owner, pdf(10_000))
	other := e.mustOtherLibrary()
	elsewhere := e.do(e.Stranger, http.MethodPost, "/api/uploads/", map[string]string{
		"Upload-Length": "100", "Upload-Metadata": metadata("library_id", other.String(), "document_id", documentID.String()),
	}, nil)
	if elsewhere.status != http.StatusNotFound || elsewhere.code() != "document_not_found" {
		t.Errorf("by a stranger, for another library: %d %v", elsewhere.status, elsewhere.body)
	}
	for name, c := range map[string]struct {
		person     identity.Person
		documentID string
		status     int
		code       string
	}{
		"a reader":                {e.Reader, documentID.String(), http.StatusForbidden, "role_forbids"},
		"no UUID":                 {e.Editor, "x", http.StatusUnprocessableEntity, "bad_document_id"},
		"a document that is none": {e.Editor, uuid.NewString(), http.StatusNotFound, "document_not_found"},
	} {
		if _, a := e.create(c.person, 100, "document_id", c.documentID); a.status != c.status || a.code() != c.code {
			t.Errorf("%s: %d %v", name, a.status, a.body)
		}
	}
	t.Run("in another library of one's own", func(t *testing.T) {
		mine, err := e.Service.Create(t.Context(), e.Owner, "Mine")
		if err != nil {
			t.Fatal(err)
		}
		a := e.do(e.Owner, http.MethodPost, "/api/uploads/", map[string]string{
			"Upload-Length": "100", "Upload-Metadata": metadata("library_id", mine.ID.String(), "document_id", documentID.String()),
		}, nil)
		if a.status != http.StatusNotFound || a.code() != "document_not_found" {
			t.Errorf("%d %v", a.status, a.body)
		}
	})
	t.Run("of a document in the trash", func(t *testing.T) {
		path := e.mustCreate(e.Editor, 5000, "document_id", documentID.String())
		if _, err := e.Documents.Trash(t.Context(), e.Owner, documentID); err != nil {
			t.Fatal(err)
		}
		if _, a := e.create(e.Editor, 100, "document_id", documentID.String()); a.status != http.StatusConflict || a.code() != "document_trashed" {
			t.Errorf("%d %v", a.status, a.body)
		}
		if err := e.Documents.Purge(t.Context(), e.Owner, documentID); err != nil {
			t.Fatal(err)
		}
		// One that was under way is refused with its last byte.
		if a := e.patch(e.Editor, path, 0, pdf(5000)); a.status != http.StatusGone || a.code() != "document_gone" {
			t.Errorf("last byte: %d %v", a.status, a.body)
		}
		if a := e.do(e.Editor, http.MethodHead, path, nil, nil); a.status != http.StatusGone {
			t.Errorf("afterwards: %d", a.status)
		}
		if u := e.uploads(e.Editor); u[0].State != ingest.Refused || u[0].ProblemCode != "document_gone" {
			t.Errorf("upload %+v", u[0])
		}
		if left := e.files(); len(left) != 0 {
			t.Errorf("files left: %v", left)
		}
	})
}
