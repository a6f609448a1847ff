package annotation_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/annotation/annotationtest"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
)

const key = "Idempotency-Key"

// atOnce sends the same request several times at the same moment.
func atOnce(n int, send func() documenttest.Answer) []documenttest.Answer {
	answers := make([]documenttest.Answer, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			<-start
			answers[i] = send()
		})
	}
	close(start)
	all.Wait()
	return answers
}

func count(t *testing.T, e *annotationtest.Env, query string, args ...any) int {
	t.Helper()
	var n int
	if err := e.Pool.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatIsAskedForTwiceIsDoneOnce(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	on := annotationtest.On(a, 1, 0, 9)

	t.Run("a mark, at once", func(t *testing.T) {
		id, op := uuid.New(), uuid.NewString()
		before := len(e.Changes(t))
		for _, got := range atOnce(6, func() documenttest.Answer { return e.Send(t, e.Editor, a, on.With("id", id), key, op) }) {
			if made := item(t, got, 201); made.ID != id || made.Anchor.Exact != "Attention" {
				t.Errorf("%+v", made)
			}
		}
		if n := len(e.Changes(t)) - before; n != 1 {
			t.Errorf("%d changes", n)
		}
		if n := len(e.Events()); n != 1 {
			t.Errorf("%d events", n)
		}
		if n := count(t, e, `SELECT count(*) FROM annotation_history WHERE annotation_id = $1`, id); n != 1 {
			t.Errorf("%d lines of history", n)
		}
	})
	t.Run("a mark without an operation's id", func(t *testing.T) {
		id := uuid.New()
		for _, got := range atOnce(4, func() documenttest.Answer { return e.Send(t, e.Editor, a, on.With("id", id)) }) {
			item(t, got, 201)
		}
		refused(t, "another's", e.Send(t, e.Admin, a, on.With("id", id)), 409, "id_taken")
		refused(t, "for another document", e.Send(t, e.Editor, paper(t, e), on.With("id", id)), 409, "id_taken")
		if n := count(t, e, `SELECT count(*) FROM annotations WHERE id = $1`, id); n != 1 {
			t.Errorf("%d marks", n)
		}
	})
	t.Run("a mark whose text changed since", func(t *testing.T) {
		id := uuid.New()
		item(t, e.Send(t, e.Editor, a, on.With("id", id, "text_version", "test-1")), 201)
		item(t, e.Send(t, e.Editor, a, on.With("id", id, "text_version", "test-0")), 201)
	})
	t.Run("a mark that was deleted since", func(t *testing.T) {
		id, op := uuid.New(), uuid.NewString()
		item(t, e.Send(t, e.Editor, a, on.With("id", id), key, op), 201)
		do(t, e, e.Admin, "DELETE", mark(id), nil)
		if again := item(t, e.Send(t, e.Editor, a, on.With("id", id), key, op), 201); again.DeletedAt == nil {
			t.Errorf("%+v", again)
		}
	})

	m := e.Mark(t, e.Editor, a, on.With("body", "one"))
	e.Events()
	t.Run("an edit, whose first answer was lost", func(t *testing.T) {
		op := uuid.NewString()
		edit := body{"revision": 1, "body": "two"}
		item(t, do(t, e, e.Editor, "PATCH", mark(m.ID), edit, key, op), 200)
		again := item(t, do(t, e, e.Editor, "PATCH", mark(m.ID), edit, key, op), 200)
		if again.Revision != 2 || again.Body != "two" {
			t.Errorf("%+v", again)
		}
		refused(t, "by another name", do(t, e, e.Editor, "PATCH", mark(m.ID), edit, key, uuid.NewString()), 409, "annotation_changed")
		item(t, do(t, e, e.Editor, "PATCH", mark(m.ID), body{"revision": 2, "body": "three"}, key, uuid.NewString()), 200)
		if late := item(t, do(t, e, e.Editor, "PATCH", mark(m.ID), edit, key, op), 200); late.Body != "three" || late.Revision != 3 {
			t.Errorf("a late repeat is answered with the present state, not %+v", late)
		}
	})
	t.Run("a move", func(t *testing.T) {
		op := uuid.NewString()
		edit := body{"revision": 3, "parts": []body{{"page": 2, "start": 4, "end": 10}}}
		for _, got := range atOnce(4, func() documenttest.Answer { return do(t, e, e.Editor, "PATCH", mark(m.ID), edit, key, op) }) {
			if moved := item(t, got, 200); moved.Revision != 4 || moved.Anchor.Exact != "second" {
				t.Errorf("%+v", moved)
			}
		}
	})
	t.Run("a refused change is not remembered", func(t *testing.T) {
		op := uuid.NewString()
		refused(t, "stale", do(t, e, e.Editor, "PATCH", mark(m.ID), body{"revision": 1, "body": "x"}, key, op), 409, "annotation_changed")
		item(t, do(t, e, e.Editor, "PATCH", mark(m.ID), body{"revision": 4, "body": "x"}, key, op), 200)
	})
	t.Run("a reply, at once", func(t *testing.T) {
		id, op := uuid.New(), uuid.NewString()
		for _, got := range atOnce(6, func() documenttest.Answer {
			return do(t, e, e.Commenter, "POST", mark(m.ID)+"/replies", body{"id": id, "body": "hello"}, key, op)
		}) {
			if answered := item(t, got, 201); len(answered.Replies) != 1 {
				t.Errorf("%+v", answered.Replies)
			}
		}
		item(t, do(t, e, e.Commenter, "POST", mark(m.ID)+"/replies", body{"id": id, "body": "hello"}), 201)
		refused(t, "another's", do(t, e, e.Editor, "POST", mark(m.ID)+"/replies", body{"id": id, "body": "hello"}), 409, "id_taken")
		if n := len(e.Events()); n != 1 {
			t.Errorf("%d events", n)
		}
	})
	t.Run("deleting, restoring, resolving, reacting", func(t *testing.T) {
		for _, step := range [][2]string{
			{"DELETE", ""}, {"POST", "/restore"}, {"POST", "/resolve"}, {"POST", "/reopen"}, {"PUT", "/reactions/👍"}, {"DELETE", "/reactions/👍"},
		} {
			before, op := len(e.Changes(t)), uuid.NewString()
			for _, got := range atOnce(3, func() documenttest.Answer { return do(t, e, e.Editor, step[0], mark(m.ID)+step[1], nil, key, op) }) {
				if got.Status >= 300 {
					t.Errorf("%v: %d %s", step, got.Status, got.Body)
				}
			}
			if n := len(e.Changes(t)) - before; n != 1 {
				t.Errorf("%v made %d changes", step, n)
			}
		}
		// Deleted, taken back, and the first request arrives once more.
		op := uuid.NewString()
		do(t, e, e.Editor, "DELETE", mark(m.ID), nil, key, op)
		item(t, do(t, e, e.Editor, "POST", mark(m.ID)+"/restore", nil), 200)
		do(t, e, e.Editor, "DELETE", mark(m.ID), nil, key, op)
		item(t, do(t, e, e.Editor, "GET", mark(m.ID), nil), 200)
	})
	t.Run("an id is one person's and one change's", func(t *testing.T) {
		op := uuid.NewString()
		item(t, do(t, e, e.Editor, "PUT", mark(m.ID)+"/reactions/🎉", nil, key, op), 200)
		got := item(t, do(t, e, e.Commenter, "PUT", mark(m.ID)+"/reactions/🎉", nil, key, op), 200)
		if len(got.Reactions) != 1 || len(got.Reactions[0].People) != 2 {
			t.Errorf("%+v", got.Reactions)
		}
		refused(t, "another change", do(t, e, e.Editor, "DELETE", mark(m.ID), nil, key, op), 422, "operation_reused")
	})
	t.Run("who left gets no answer from before", func(t *testing.T) {
		op := uuid.NewString()
		item(t, do(t, e, e.Commenter, "POST", mark(m.ID)+"/resolve", nil, key, op), 200)
		if err := e.Service.RemoveMember(t.Context(), e.Owner, e.LibraryID, e.Commenter.ID); err != nil {
			t.Fatal(err)
		}
		refused(t, "repeat", do(t, e, e.Commenter, "POST", mark(m.ID)+"/resolve", nil, key, op), 404, "annotation_not_found")
	})
	t.Run("ids are forgotten after a month", func(t *testing.T) {
		e.Clock.Advance(annotation.Lifetime * 2)
		if err := e.Marks.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := count(t, e, `SELECT count(*) FROM annotation_operations`); n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}

func TestEditsAtTheSameMoment(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	m := e.Mark(t, e.Editor, a, annotationtest.On(a, 1, 0, 9))
	texts := make(chan string, 8)
	for _, one := range []string{"a", "b", "c", "d", "e", "f"} {
		texts <- one
	}
	won := ""
	for _, got := range atOnce(6, func() documenttest.Answer {
		return do(t, e, e.Editor, "PATCH", mark(m.ID), body{"revision": 1, "body": <-texts})
	}) {
		if got.Status == 200 {
			if won != "" {
				t.Error("two edits of one revision were taken")
			}
			won = item(t, got, 200).Body
			continue
		}
		refused(t, "the others", got, 409, "annotation_changed")
	}
	if got := item(t, do(t, e, e.Reader, "GET", mark(m.ID), nil), 200); got.Body != won || won == "" {
		t.Errorf("%q won and %q is there", won, got.Body)
	}
}
