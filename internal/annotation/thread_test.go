package annotation_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/anchoring"
	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/annotation/annotationtest"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

type anchoringQuote = anchoring.Quote

func code(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return ""
}

func kinds(events []annotation.Event) (list []annotation.EventKind) {
	for _, e := range events {
		list = append(list, e.Kind)
	}
	return list
}

func TestAThread(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	m := e.Mark(t, e.Editor, a, annotationtest.On(a, 1, 0, 9).With("body", "Look, "+mentionOf(e.Reader, e.Reader)))
	if events := e.Events(); len(events) != 1 || !slices.Equal(events[0].Mentioned, []uuid.UUID{e.Reader.ID}) {
		t.Errorf("%+v", events)
	}
	r := e.Answer(t, e.Commenter, m.ID, "Why?")
	path := "/replies/" + r.ID.String()

	t.Run("a reply is edited by its author, from what they saw", func(t *testing.T) {
		e.Events()
		got := item(t, do(t, e, e.Commenter, "PATCH", path, body{"revision": 1, "body": "Why, " + mentionOf(e.Owner) + "?"}), 200)
		if r := got.Replies[0]; r.Revision != 2 || r.EditedAt == nil || !strings.HasPrefix(r.Body, "Why, @[olga]") || got.Revision != 1 {
			t.Errorf("%+v", got)
		}
		events := e.Events()
		if len(events) != 1 || events[0].Kind != annotation.EventMention || events[0].Mentioned[0] != e.Owner.ID || events[0].ReplyID.UUID != r.ID {
			t.Errorf("%+v", events)
		}
		answer := do(t, e, e.Commenter, "PATCH", path, body{"revision": 1, "body": "late"})
		refused(t, "stale", answer, 409, "reply_changed")
		if !strings.Contains(string(answer.Body), `"current":{"id":"`+m.ID.String()) {
			t.Errorf("%s", answer.Body)
		}
		refused(t, "another's", do(t, e, e.Owner, "PATCH", path, body{"revision": 2, "body": "mine"}), 403, "not_the_author")
		refused(t, "empty", do(t, e, e.Commenter, "PATCH", path, body{"revision": 2, "body": " \n"}), 422, "empty_reply")
		refused(t, "a stranger mentioned", do(t, e, e.Commenter, "PATCH", path, body{"revision": 2, "body": mentionOf(e.Stranger)}), 422, "mention_not_member")
		refused(t, "too long", do(t, e, e.Commenter, "POST", mark(m.ID)+"/replies", body{"id": uuid.New(), "body": strings.Repeat("x", 20_001)}), 413, "comment_too_long")
	})
	t.Run("who was mentioned may leave", func(t *testing.T) {
		if err := e.Service.RemoveMember(t.Context(), e.Owner, e.LibraryID, e.Reader.ID); err != nil {
			t.Fatal(err)
		}
		item(t, do(t, e, e.Editor, "PATCH", mark(m.ID), body{"revision": 1, "body": "Look again, " + mentionOf(e.Reader)}), 200)
		refused(t, "but not be mentioned anew", do(t, e, e.Editor, "POST", mark(m.ID)+"/replies", body{"id": uuid.New(), "body": mentionOf(e.Reader)}), 422, "mention_not_member")
	})
	t.Run("a deleted reply keeps its place and says nothing", func(t *testing.T) {
		refused(t, "another's", do(t, e, e.Editor, "DELETE", path, nil), 403, "role_forbids")
		if got := do(t, e, e.Admin, "DELETE", path, nil); got.Status != 204 {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
		got := item(t, do(t, e, e.Editor, "GET", mark(m.ID), nil), 200)
		if r := got.Replies[0]; r.Body != "" || r.DeletedAt == nil {
			t.Errorf("%+v", r)
		}
		refused(t, "edit", do(t, e, e.Commenter, "PATCH", path, body{"revision": 2, "body": "late"}), 410, "reply_gone")
		refused(t, "react", do(t, e, e.Commenter, "PUT", path+"/reactions/👍", nil), 410, "reply_gone")
		refused(t, "taken back by its author", do(t, e, e.Commenter, "POST", path+"/restore", nil), 403, "not_the_deleter")
		if back := item(t, do(t, e, e.Admin, "POST", path+"/restore", nil), 200); !strings.HasPrefix(back.Replies[0].Body, "Why") {
			t.Errorf("%+v", back.Replies)
		}
	})
	t.Run("reactions are a set", func(t *testing.T) {
		e.Events()
		for range 2 {
			item(t, do(t, e, e.Owner, "PUT", mark(m.ID)+"/reactions/❤", nil), 200)
		}
		item(t, do(t, e, e.Editor, "PUT", mark(m.ID)+"/reactions/❤️", nil), 200)
		got := item(t, do(t, e, e.Owner, "PUT", path+"/reactions/👀", nil), 200)
		if len(got.Reactions) != 1 || got.Reactions[0].Emoji != "❤️" || len(got.Reactions[0].People) != 2 || got.Replies[0].Reactions[0].People[0].Name != "olga" {
			t.Errorf("%+v", got)
		}
		if said := kinds(e.Events()); len(said) != 3 {
			t.Errorf("%v", said)
		}
		got = item(t, do(t, e, e.Owner, "DELETE", mark(m.ID)+"/reactions/❤️", nil), 200)
		if len(got.Reactions[0].People) != 1 {
			t.Errorf("%+v", got.Reactions)
		}
		refused(t, "another", do(t, e, e.Owner, "PUT", mark(m.ID)+"/reactions/🦄", nil), 422, "unknown_reaction")
	})
	t.Run("assigned, resolved, reopened", func(t *testing.T) {
		e.Events()
		got := item(t, do(t, e, e.Commenter, "PUT", mark(m.ID)+"/assignee", body{"person_id": e.Admin.ID}), 200)
		if got.Assignee == nil || got.Assignee.Name != "admin" {
			t.Errorf("%+v", got.Assignee)
		}
		refused(t, "a stranger", do(t, e, e.Commenter, "PUT", mark(m.ID)+"/assignee", body{"person_id": e.Stranger.ID}), 422, "assignee_not_member")
		refused(t, "nobody named", do(t, e, e.Commenter, "PUT", mark(m.ID)+"/assignee", body{}), 422, "invalid_request")
		got = item(t, do(t, e, e.Admin, "POST", mark(m.ID)+"/resolve", nil), 200)
		if got.ResolvedAt == nil || got.ResolvedBy.Name != "admin" {
			t.Errorf("%+v", got)
		}
		item(t, do(t, e, e.Admin, "POST", mark(m.ID)+"/resolve", nil), 200)
		item(t, do(t, e, e.Commenter, "POST", mark(m.ID)+"/reopen", nil), 200)
		got = item(t, do(t, e, e.Commenter, "PUT", mark(m.ID)+"/assignee", body{"person_id": nil}), 200)
		if got.Assignee != nil || got.ResolvedAt != nil || got.ResolvedBy != nil {
			t.Errorf("%+v", got)
		}
		events := e.Events()
		want := []annotation.EventKind{annotation.EventAssigned, annotation.EventResolved, annotation.EventReopened, annotation.EventAssigned}
		if !slices.Equal(kinds(events), want) || events[0].Assignee.UUID != e.Admin.ID || events[3].Assignee.Valid {
			t.Errorf("%+v", events)
		}
	})
	t.Run("history tells it all", func(t *testing.T) {
		var h annotation.AnnotationHistory
		do(t, e, e.Editor, "GET", mark(m.ID)+"/history", nil).Decode(t, &h)
		var said []string
		for _, c := range h.Items {
			if c.ReplyID != nil {
				said = append(said, "reply "+c.What)
				continue
			}
			said = append(said, c.What)
		}
		want := []string{"made", "reply made", "reply body", "body", "reply deleted", "reply restored", "assigned", "resolved", "reopened", "assigned"}
		if !slices.Equal(said, want) {
			t.Errorf("%v", said)
		}
		if last := h.Items[len(h.Items)-1]; text(last.Before) != "admin" || last.After != nil {
			t.Errorf("%+v", last)
		}
	})
	t.Run("a swept reply leaves no words", func(t *testing.T) {
		do(t, e, e.Commenter, "DELETE", path, nil)
		e.Clock.Advance(2 * annotation.Lifetime)
		if err := e.Marks.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := count(t, e, `SELECT (SELECT count(*) FROM annotation_replies WHERE body <> '') + (SELECT count(*) FROM annotation_history WHERE after LIKE 'Why%')`); n != 0 {
			t.Errorf("%d texts are left", n)
		}
	})
}
