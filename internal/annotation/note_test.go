package annotation_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/annotation/annotationtest"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// note is the request for a note on the document.
func note(text string) body {
	return body{"id": uuid.New(), "kind": "document", "meaning": "key", "private": false, "parts": []body{}, "body": text}
}

func notes(id uuid.UUID) string { return "/documents/" + id.String() + "/annotations" }

func TestNotesAreAboutTheWholeDocument(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9))
	first := item(t, do(t, e, e.Commenter, "POST", notes(a.DocumentID), note("# Summary\n\nIt is about attention.")), 201)
	second := item(t, do(t, e, e.Editor, "POST", notes(a.DocumentID), note("Read this first.")), 201)

	t.Run("without a place or an edition", func(t *testing.T) {
		if first.EditionID != nil || first.Kind != "document" || len(first.Anchor.Parts) != 0 || first.Anchor.Status != "exact" {
			t.Errorf("%+v", first)
		}
		if n := count(t, e, `SELECT count(*) FROM annotation_anchors WHERE annotation_id = $1`, first.ID); n != 0 {
			t.Errorf("%d places", n)
		}
	})
	t.Run("they come first in every list, a part at a time too", func(t *testing.T) {
		var got []uuid.UUID
		for after := ""; ; {
			var l annotation.AnnotationList
			do(t, e, e.Reader, "GET", notes(a.DocumentID)+"?limit=1&after="+after, nil).Decode(t, &l)
			for _, m := range l.Items {
				got = append(got, m.ID)
			}
			if l.Next == nil {
				break
			}
			after = *l.Next
		}
		if len(got) != 3 || got[2] == first.ID || got[2] == second.ID {
			t.Errorf("%v", got)
		}
	})
	t.Run("they are talked about and taken back as marks are", func(t *testing.T) {
		e.Answer(t, e.Editor, first.ID, "Well said")
		refused(t, "an empty one", do(t, e, e.Commenter, "PATCH", mark(first.ID), body{"revision": 1, "body": " "}), 422, "empty_note")
		item(t, do(t, e, e.Commenter, "PATCH", mark(first.ID), body{"revision": 1, "body": "# Better\n\nIt is."}), 200)
		refused(t, "a place", do(t, e, e.Commenter, "PATCH", mark(first.ID), body{"revision": 2, "parts": []body{{"page": 1, "rect": []float64{1, 2, 30, 40}}}}), 422, "bad_anchor")
		refused(t, "another kind", do(t, e, e.Commenter, "PATCH", mark(first.ID), body{"revision": 2, "kind": "highlight"}), 422, "bad_kind")
		if got := do(t, e, e.Commenter, "DELETE", mark(first.ID), nil); got.Status != http.StatusNoContent {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
		if back := item(t, do(t, e, e.Commenter, "POST", mark(first.ID)+"/restore", nil), 200); back.Body != "# Better\n\nIt is." || len(back.Replies) != 1 {
			t.Errorf("%+v", back)
		}
	})
	t.Run("a private one is its author's alone", func(t *testing.T) {
		secret := note("Mine").With("private", true)
		own := item(t, do(t, e, e.Reader, "POST", notes(a.DocumentID), secret), 201)
		refused(t, "by others", do(t, e, e.Owner, "GET", mark(own.ID), nil), 404, "annotation_not_found")
		refused(t, "a shared one of a reader", do(t, e, e.Reader, "POST", notes(a.DocumentID), note("Ours")), 403, "role_forbids")
	})
	t.Run("nothing that it cannot be", func(t *testing.T) {
		for what, b := range map[string]body{
			"with an edition": note("x").With("edition_id", a.EditionID),
			"with a place":    note("x").With("parts", []body{{"page": 1, "rect": []float64{1, 2, 3, 4}}}),
		} {
			refused(t, what, do(t, e, e.Commenter, "POST", notes(a.DocumentID), b), 422, "bad_anchor")
		}
		refused(t, "without a word", do(t, e, e.Commenter, "POST", notes(a.DocumentID), note("\n ")), 422, "empty_note")
		refused(t, "a highlight without an edition", do(t, e, e.Commenter, "POST", notes(a.DocumentID), note("x").With("kind", "highlight")), 422, "bad_anchor")
	})
	t.Run("finding marks anew leaves them alone", func(t *testing.T) {
		settle(t, e, a.EditionID)
		if n := count(t, e, `SELECT count(*) FROM annotation_anchors n JOIN annotations a ON a.id = n.annotation_id WHERE a.kind = 'document'`); n != 0 {
			t.Errorf("%d places", n)
		}
	})
}

func TestAWorkWithoutAFileHasNotes(t *testing.T) {
	e := annotationtest.New(t)
	id := uuid.New()
	if err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return e.Documents.AddRecords(ctx, tx, e.LibraryID, e.Editor.ID, []document.Record{{ID: id}})
	}); err != nil {
		t.Fatal(err)
	}
	made := item(t, do(t, e, e.Commenter, "POST", notes(id), note("Order this one")), 201)
	e.Answer(t, e.Editor, made.ID, "Ordered")
	var l annotation.AnnotationList
	do(t, e, e.Reader, "GET", notes(id), nil).Decode(t, &l)
	if len(l.Items) != 1 || len(l.Items[0].Replies) != 1 {
		t.Errorf("%+v", l)
	}
}

func TestNotesGoWithAMergedWorkAndBack(t *testing.T) {
	e := annotationtest.New(t)
	e.Documents.OnMoved = e.Marks.OnMoved
	var works []documenttest.Added
	for i := range 3 {
		w := e.Add(t, documenttest.Doc{Title: fmt.Sprint("Work ", i), Pages: []string{fmt.Sprint("page ", i)}})
		item(t, do(t, e, e.Commenter, "POST", notes(w.DocumentID), note(fmt.Sprint("of ", i))), 201)
		works = append(works, w)
	}
	on := func(w documenttest.Added) int {
		return count(t, e, `SELECT count(*) FROM annotations WHERE document_id = $1`, w.DocumentID)
	}
	for _, m := range [][2]documenttest.Added{{works[1], works[0]}, {works[2], works[1]}} {
		if _, err := e.Documents.Merge(t.Context(), e.Editor, m[0].DocumentID, []uuid.UUID{m[1].DocumentID}); err != nil {
			t.Fatal(err)
		}
	}
	if on(works[2]) != 3 {
		t.Fatalf("%d notes on the work that is kept", on(works[2]))
	}
	// The one that was merged first comes back first: its note is where it went since.
	for _, i := range []int{0, 1} {
		if _, err := e.Documents.Restore(t.Context(), e.Editor, works[i].DocumentID); err != nil {
			t.Fatal(err)
		}
	}
	for i, w := range works {
		if on(w) != 1 || count(t, e, `SELECT count(*) FROM annotations WHERE document_id = $1 AND body = $2 AND merged_from = '{}'`, w.DocumentID, fmt.Sprint("of ", i)) != 1 {
			t.Errorf("work %d has %d notes", i, on(w))
		}
	}
}

func TestWhatOneDeletedIsListedForOneself(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	deleted := func(who string) (ids []uuid.UUID) {
		t.Helper()
		p := map[string]identity.Person{"commenter": e.Commenter, "owner": e.Owner, "reader": e.Reader}[who]
		var l annotation.AnnotationList
		do(t, e, p, "GET", "/documents/"+a.DocumentID.String()+"/deleted-annotations", nil).Decode(t, &l)
		for _, m := range l.Items {
			ids = append(ids, m.ID)
		}
		return ids
	}
	own := e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9))
	written := item(t, do(t, e, e.Commenter, "POST", notes(a.DocumentID), note("A note")), 201)
	e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 10, 12)) // stays
	do(t, e, e.Commenter, "DELETE", mark(own.ID), nil)
	do(t, e, e.Owner, "DELETE", mark(written.ID), nil) // an admin may
	if got := deleted("commenter"); len(got) != 1 || got[0] != own.ID {
		t.Errorf("%v", got)
	}
	if got := deleted("owner"); len(got) != 1 || got[0] != written.ID {
		t.Errorf("of the one who deleted it: %v", got)
	}
	if got := deleted("reader"); len(got) != 0 {
		t.Errorf("others see %v", got)
	}
	refused(t, "a stranger", do(t, e, e.Stranger, "GET", "/documents/"+a.DocumentID.String()+"/deleted-annotations", nil), 404, "document_not_found")
	item(t, do(t, e, e.Commenter, "POST", mark(own.ID)+"/restore", nil), 200)
	if got := deleted("commenter"); len(got) != 0 {
		t.Errorf("taken back: %v", got)
	}
	e.Clock.Advance(annotation.Lifetime + 1)
	if got := deleted("owner"); len(got) != 0 {
		t.Errorf("after its time: %v", got)
	}
}
