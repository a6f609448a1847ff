package document_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// shown is the edition that a document shows, and the one that can be read.
func shown(t *testing.T, e *documenttest.Env, documentID uuid.UUID) (edition document.Edition, ready uuid.UUID, title string) {
	t.Helper()
	d, err := e.Documents.Get(t.Context(), e.Reader, documentID)
	if err != nil {
		t.Fatal(err)
	}
	l, err := e.Documents.List(t.Context(), e.Reader, d.LibraryID, document.ListQuery{State: d.Edition.State, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	same := func(listed document.Document) bool {
		return listed.ID == d.ID && listed.Edition.ID == d.Edition.ID && listed.ReadyEditionID == d.ReadyEditionID
	}
	if !slices.ContainsFunc(l.Items, same) {
		t.Errorf("the list shows another edition: %+v", l.Items)
	}
	return *d.Edition, d.ReadyEditionID.UUID, d.Title
}

func TestASecondEdition(t *testing.T) {
	e := setup(t)
	preprint := e.Add(t, documenttest.Doc{Title: "On Marks (preprint)", Year: 2024, Pages: []string{"one", "two"}})
	published := documenttest.Doc{Of: preprint.DocumentID, Filename: "published.pdf", Title: "On Marks", Pages: []string{"one", "two", "three"}}
	second := e.Upload(t, published)

	edition, ready, title := shown(t, e, preprint.DocumentID)
	if edition.ID != second.EditionID || edition.State != document.Queued || ready != preprint.EditionID || title != "On Marks (preprint)" {
		t.Errorf("queued: shows %s (%s), %s can be read, %q", edition.ID, edition.State, ready, title)
	}
	if page, err := e.Documents.Page(t.Context(), e.Reader, ready, 2); err != nil || page.Text != "two" {
		t.Errorf("the older one reads %q, %v", page.Text, err)
	}
	if err := e.Finish(t, e.Begin(t, second), published); err != nil {
		t.Fatal(err)
	}
	edition, ready, title = shown(t, e, preprint.DocumentID)
	if edition.ID != second.EditionID || edition.State != document.Ready || ready != second.EditionID || title != "On Marks" {
		t.Errorf("ready: shows %s (%s), %s can be read, %q", edition.ID, edition.State, ready, title)
	}
	if d, err := e.Documents.Get(t.Context(), e.Reader, preprint.DocumentID); err != nil || d.Year != nil {
		t.Errorf("the older file's year stayed: %v, %v", d.Year, err)
	}
	if page, err := e.Documents.Page(t.Context(), e.Reader, preprint.EditionID, 2); err != nil || page.Text != "two" {
		t.Errorf("the older one reads %q, %v", page.Text, err)
	}
	want := []string{"added", "state", "state", "state", "state", "state", "state", "state"}
	if got := operations(t, e, preprint.DocumentID); !slices.Equal(got, want) {
		t.Errorf("changes %v, want %v", got, want)
	}

	t.Run("is listed with the first", func(t *testing.T) {
		site := documenttest.Serve(t, func(api *httpapi.API) { document.Mount(api, e.Documents) })
		path := "/api/documents/" + preprint.DocumentID.String() + "/editions"
		var list document.DocumentEditionList
		site.Do(e.Reader, "GET", path, "").Decode(t, &list)
		if len(list.Items) != 2 || list.Items[0].ID != second.EditionID || !list.Items[0].Newest || list.Items[0].Filename != "published.pdf" ||
			list.Items[1].ID != preprint.EditionID || list.Items[1].Newest || *list.Items[1].PageCount != 2 || list.Items[1].CreatedBy.Name != "editor" {
			t.Errorf("%+v", list.Items)
		}
		if got := site.Do(e.Stranger, "GET", path, ""); got.Status != http.StatusNotFound || got.Code() != "document_not_found" {
			t.Errorf("a stranger: %d %s", got.Status, got.Body)
		}
		var item document.DocumentItem
		site.Do(e.Editor, "PUT", "/api/documents/"+preprint.DocumentID.String()+"/fields/title", `{"value":"Ours"}`).Decode(t, &item)
		if item.ReadyEditionID == nil || *item.ReadyEditionID != second.EditionID {
			t.Errorf("%+v", item)
		}
	})
	t.Run("goes with its document", func(t *testing.T) {
		purge(t, e, preprint.DocumentID)
		if left := blobs(t, e); len(left) != 0 {
			t.Errorf("blobs left: %v", left)
		}
		err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
			return e.Documents.AddEdition(ctx, tx, document.NewUpload{
				LibraryID: e.LibraryID, DocumentID: preprint.DocumentID, EditionID: uuid.New(), BlobKey: "uploads/x", Filename: "x.pdf",
			})
		})
		if !errors.Is(err, document.ErrGone) {
			t.Errorf("a third one: %v", err)
		}
	})
}

func TestAnEditionThatFailsLeavesTheOneBefore(t *testing.T) {
	e := setup(t)
	first := e.Add(t, documenttest.Doc{Title: "First", Pages: []string{"one"}})
	second := e.Upload(t, documenttest.Doc{Of: first.DocumentID})
	if err := e.Documents.Fail(t.Context(), e.Begin(t, second), "damaged", "The file is damaged."); err != nil {
		t.Fatal(err)
	}
	edition, ready, title := shown(t, e, first.DocumentID)
	if edition.ID != second.EditionID || edition.State != document.Failed || ready != first.EditionID || title != "First" {
		t.Errorf("shows %s (%s), %s can be read, %q", edition.ID, edition.State, ready, title)
	}
}

func TestAnOlderEditionThatIsReadLaterSaysNothing(t *testing.T) {
	e := setup(t)
	old := documenttest.Doc{Title: "Old", Pages: []string{"one"}}
	first := e.Upload(t, old)
	second := documenttest.Doc{Of: first.DocumentID, Title: "New", Pages: []string{"two"}}
	newer := e.Add(t, second)
	if err := e.Finish(t, e.Begin(t, first), old); err != nil {
		t.Fatal(err)
	}
	if edition, ready, title := shown(t, e, first.DocumentID); edition.ID != newer.EditionID || ready != newer.EditionID || title != "New" {
		t.Errorf("shows %s, %s can be read, %q", edition.ID, ready, title)
	}
}

func TestAnEditionThatTheLibraryHas(t *testing.T) {
	e := setup(t)
	file := []byte("%PDF-1.7 the same")
	first := e.Add(t, documenttest.Doc{File: file, Title: "First", Pages: []string{"one"}})
	other := e.Add(t, documenttest.Doc{Title: "Other", Pages: []string{"two"}})
	hash := sha256.Sum256(file)
	for name, of := range map[string]uuid.UUID{"in the same document": first.DocumentID, "in another": other.DocumentID} {
		again := e.Upload(t, documenttest.Doc{Of: of, File: file})
		attempt, err := e.Documents.BeginAttempt(t.Context(), again.EditionID)
		if err != nil {
			t.Fatal(err)
		}
		duplicate, ok := errors.AsType[*document.DuplicateError](e.Documents.SetChecked(t.Context(), attempt, hash[:]))
		if !ok || duplicate.DocumentID != first.DocumentID {
			t.Fatalf("%s: got %v, want a duplicate of %s", name, duplicate, first.DocumentID)
		}
		if err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
			return e.Documents.DropDuplicate(ctx, tx, attempt)
		}); err != nil {
			t.Fatal(err)
		}
		if edition, _, _ := shown(t, e, of); edition.ID == again.EditionID || edition.State != document.Ready {
			t.Errorf("%s: shows %s (%s)", name, edition.ID, edition.State)
		}
		if keys := strings.Join(blobs(t, e), " "); strings.Contains(keys, again.EditionID.String()) {
			t.Errorf("%s: blobs %s", name, keys)
		}
		if ops := operations(t, e, of); slices.Contains(ops, "removed") {
			t.Errorf("%s: changes %v", name, ops)
		}
	}
}
