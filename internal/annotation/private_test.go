package annotation_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/annotation/annotationtest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
)

const secret = "a secret thought"

// everyPath is each request that names a mark or a reply, and the code with which
// it says that there is none.
func everyPath(markID, replyID uuid.UUID) []struct {
	method, path string
	body         body
	code         string
} {
	m, r := mark(markID), "/replies/"+replyID.String()
	return []struct {
		method, path string
		body         body
		code         string
	}{
		{"GET", m, nil, "annotation_not_found"},
		{"GET", m + "/history", nil, "annotation_not_found"},
		{"PATCH", m, body{"revision": 1, "body": "x"}, "annotation_not_found"},
		{"PATCH", m, body{"revision": 1, "parts": []body{{"page": 1, "start": 0, "end": 5}}}, "annotation_not_found"},
		{"DELETE", m, nil, "annotation_not_found"},
		{"POST", m + "/restore", nil, "annotation_not_found"},
		{"POST", m + "/resolve", nil, "annotation_not_found"},
		{"POST", m + "/reopen", nil, "annotation_not_found"},
		{"POST", m + "/position", body{}, "annotation_not_found"},
		{"PUT", m + "/assignee", body{"person_id": nil}, "annotation_not_found"},
		{"POST", m + "/replies", body{"id": uuid.New(), "body": "x"}, "annotation_not_found"},
		{"PUT", m + "/reactions/👍", nil, "annotation_not_found"},
		{"DELETE", m + "/reactions/👍", nil, "annotation_not_found"},
		{"PATCH", r, body{"revision": 1, "body": "x"}, "reply_not_found"},
		{"DELETE", r, nil, "reply_not_found"},
		{"POST", r + "/restore", nil, "reply_not_found"},
		{"PUT", r + "/reactions/👍", nil, "reply_not_found"},
		{"DELETE", r + "/reactions/👍", nil, "reply_not_found"},
	}
}

// A private mark is the same as none for everybody but its author, whatever
// their role, on every way to it.
func TestAPrivateMarkReachesNobodyElse(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	before := int64(len(e.Changes(t)))
	m := e.Mark(t, e.Reader, a, annotationtest.On(a, 1, 0, 9).With("private", true, "body", secret))
	reply := e.Answer(t, e.Reader, m.ID, secret)
	item(t, do(t, e, e.Reader, "PUT", mark(m.ID)+"/reactions/🎉", nil), 200)
	item(t, do(t, e, e.Reader, "PATCH", mark(m.ID), body{"revision": 1, "body": secret + "!"}), 200)
	item(t, do(t, e, e.Reader, "PUT", mark(m.ID)+"/assignee", body{"person_id": e.Reader.ID}), 200)
	item(t, do(t, e, e.Reader, "POST", mark(m.ID)+"/resolve", nil), 200)

	for _, p := range []identity.Person{e.Owner, e.Admin, e.Editor, e.Commenter, e.Stranger} {
		for _, c := range everyPath(m.ID, reply.ID) {
			got := do(t, e, p, c.method, c.path, c.body)
			refused(t, c.method+" "+c.path+" by "+p.Name, got, http.StatusNotFound, c.code)
			// The same answer as for an id that was never given, but for the name of the request.
			fake := do(t, e, p, c.method, strings.NewReplacer(m.ID.String(), uuid.NewString(), reply.ID.String(), uuid.NewString()).Replace(c.path), c.body)
			if !bytes.Equal(withoutID(got.Body), withoutID(fake.Body)) {
				t.Errorf("%s %s: %s is not %s", c.method, c.path, got.Body, fake.Body)
			}
		}
		if p == e.Stranger {
			continue
		}
		if list := e.List(t, p, a); len(list) != 0 {
			t.Errorf("%s sees it in the list", p.Name)
		}
		if got := do(t, e, p, "GET", "/documents/"+a.DocumentID.String()+"/annotations?ids="+m.ID.String(), nil); strings.Contains(string(got.Body), m.ID.String()) {
			t.Errorf("%s finds it by its id", p.Name)
		}
		if log := changes(t, e, p, before); len(log) != 0 {
			t.Errorf("%s sees it in the log: %+v", p.Name, log)
		}
		marks, err := e.Marks.ForDocument(t.Context(), p, a.DocumentID, nil, annotation.Filter{})
		if err != nil || len(marks) != 0 {
			t.Errorf("%s gets it for a feature: %d, %v", p.Name, len(marks), err)
		}
	}
	if log := changes(t, e, e.Reader, before); len(log) != 6 {
		t.Errorf("its author sees %d changes of 6", len(log))
	}
	for _, event := range e.Events() {
		if !event.Private || len(event.Mentioned) > 0 || event.Actor.ID != e.Reader.ID || event.Assignee.Valid && event.Assignee.UUID != e.Reader.ID {
			t.Errorf("a listener is told %+v", event)
		}
	}
	t.Run("deleted it is hidden too", func(t *testing.T) {
		do(t, e, e.Reader, "DELETE", mark(m.ID), nil)
		refused(t, "get", do(t, e, e.Owner, "GET", mark(m.ID), nil), 404, "annotation_not_found")
		refused(t, "restore", do(t, e, e.Owner, "POST", mark(m.ID)+"/restore", nil), 404, "annotation_not_found")
		item(t, do(t, e, e.Reader, "POST", mark(m.ID)+"/restore", nil), 200)
	})
	t.Run("an id that a private mark has is only taken", func(t *testing.T) {
		refused(t, "make", e.Send(t, e.Owner, a, annotationtest.On(a, 1, 0, 9).With("id", m.ID)), 409, "id_taken")
	})
	t.Run("its author may do all", func(t *testing.T) {
		refused(t, "but ask another", do(t, e, e.Reader, "PUT", mark(m.ID)+"/assignee", body{"person_id": e.Owner.ID}), 422, "assignee_in_private")
		refused(t, "or mention one", do(t, e, e.Reader, "PATCH", mark(m.ID), body{"revision": 2, "body": mentionOf(e.Owner)}), 422, "mention_in_private")
		refused(t, "in a reply", do(t, e, e.Reader, "POST", mark(m.ID)+"/replies", body{"id": uuid.New(), "body": mentionOf(e.Owner)}), 422, "mention_in_private")
		refused(t, "or share it as a reader", do(t, e, e.Reader, "PATCH", mark(m.ID), body{"revision": 2, "private": false}), 403, "role_forbids")
	})
}

// withoutID is a problem without the name of its request.
func withoutID(problem []byte) []byte {
	before, _, _ := bytes.Cut(problem, []byte(`"request_id"`))
	return before
}

// changes is what p sees of the log after a version.
func changes(t *testing.T, e *annotationtest.Env, p identity.Person, since int64) []library.Change {
	t.Helper()
	log, err := e.Service.Changes(t.Context(), p, e.LibraryID, since, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return log.Items
}

func TestSharingAndHiding(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	m := e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9).With("private", true, "body", secret))
	item(t, do(t, e, e.Commenter, "PATCH", mark(m.ID), body{"revision": 1, "body": secret + " again"}), 200)
	e.Events()
	before := int64(len(e.Changes(t))) + 2 // the owner does not see the two private ones

	t.Run("sharing shows what is there and not what was", func(t *testing.T) {
		item(t, do(t, e, e.Commenter, "PATCH", mark(m.ID), body{"revision": 2, "private": false, "body": "for all " + mentionOf(e.Editor)}), 200)
		got := do(t, e, e.Reader, "GET", mark(m.ID)+"/history", nil)
		if strings.Contains(string(got.Body), "secret") || !strings.Contains(string(got.Body), `"shared"`) {
			t.Errorf("others read %s", got.Body)
		}
		if mine := do(t, e, e.Commenter, "GET", mark(m.ID)+"/history", nil); !strings.Contains(string(mine.Body), secret) {
			t.Errorf("the author reads %s", mine.Body)
		}
		if list := e.List(t, e.Reader, a); len(list) != 1 {
			t.Errorf("%d marks", len(list))
		}
		if log := changes(t, e, e.Reader, before); len(log) != 1 || log[0].ObjectID != m.ID || log[0].Op != "changed" {
			t.Errorf("%+v", log)
		}
		events := e.Events()
		if len(events) != 1 || events[0].Kind != annotation.EventMark || !slices.Equal(events[0].Mentioned, []uuid.UUID{e.Editor.ID}) || events[0].Private {
			t.Errorf("%+v", events)
		}
	})
	t.Run("while somebody is mentioned it stays shared", func(t *testing.T) {
		refused(t, "hide", do(t, e, e.Commenter, "PATCH", mark(m.ID), body{"revision": 3, "private": true}), 422, "mention_in_private")
	})
	t.Run("hidden again it is gone for the others, who hear of it", func(t *testing.T) {
		item(t, do(t, e, e.Editor, "PUT", mark(m.ID)+"/assignee", body{"person_id": e.Editor.ID}), 200)
		e.Events()
		since := changes(t, e, e.Reader, before)
		got := item(t, do(t, e, e.Commenter, "PATCH", mark(m.ID), body{"revision": 3, "private": true, "body": secret}), 200)
		if got.Assignee != nil {
			t.Errorf("it is still %s's", got.Assignee.Name)
		}
		log := changes(t, e, e.Reader, since[len(since)-1].Version)
		if len(log) != 1 || log[0].Op != "changed" || log[0].ObjectID != m.ID {
			t.Errorf("the others hear %+v", log)
		}
		if list := e.List(t, e.Reader, a); len(list) != 0 {
			t.Errorf("it is still listed")
		}
		if events := e.Events(); len(events) != 0 {
			t.Errorf("%+v", events)
		}
		item(t, do(t, e, e.Commenter, "PATCH", mark(m.ID), body{"revision": 4, "private": false, "body": "open"}), 200)
		if others := do(t, e, e.Reader, "GET", mark(m.ID)+"/history", nil); strings.Contains(string(others.Body), "secret") {
			t.Errorf("others read %s", others.Body)
		}
	})
	t.Run("others' replies keep it shared", func(t *testing.T) {
		r := e.Answer(t, e.Editor, m.ID, "I see")
		refused(t, "hide", do(t, e, e.Commenter, "PATCH", mark(m.ID), body{"revision": 5, "private": true}), 409, "has_replies")
		do(t, e, e.Editor, "DELETE", "/replies/"+r.ID.String(), nil)
		item(t, do(t, e, e.Commenter, "PATCH", mark(m.ID), body{"revision": 5, "private": true}), 200)
	})
}

// What each role may do with somebody else's shared mark and reply.
func TestRoles(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	roles := []identity.Person{e.Reader, e.Commenter, e.Editor, e.Admin, e.Owner}
	least := func(i int) []int {
		want := make([]int, len(roles))
		for j := range want {
			if want[j] = http.StatusForbidden; j >= i {
				want[j] = 0 // whatever success is
			}
		}
		return want
	}
	const reader, commenter, admin = 0, 1, 3
	for _, c := range []struct {
		name, method, path string
		body               body
		least              int
	}{
		{"see", "GET", "M", nil, reader},
		{"history", "GET", "M/history", nil, reader},
		{"resolve", "POST", "M/resolve", nil, commenter},
		{"reopen", "POST", "M/reopen", nil, commenter},
		{"assign", "PUT", "M/assignee", body{"person_id": nil}, commenter},
		{"confirm", "POST", "M/position", body{}, commenter},
		{"reply", "POST", "M/replies", body{"body": "x"}, commenter},
		{"react", "PUT", "M/reactions/👀", nil, commenter},
		{"react to a reply", "PUT", "R/reactions/👀", nil, commenter},
		{"delete a reply", "DELETE", "R", nil, admin},
		{"delete", "DELETE", "M", nil, admin},
	} {
		for i, want := range least(c.least) {
			m := e.Mark(t, e.Editor, a, annotationtest.On(a, 1, 0, 9))
			r := e.Answer(t, e.Editor, m.ID, "first")
			if roles[i] == e.Editor {
				continue // its author
			}
			if c.body["body"] != nil {
				c.body["id"] = uuid.New()
			}
			path := strings.NewReplacer("M", mark(m.ID), "R", "/replies/"+r.ID.String()).Replace(c.path)
			got := do(t, e, roles[i], c.method, path, c.body)
			if want == 0 && got.Status >= 300 || want != 0 && (got.Status != want || got.Code() != "role_forbids") {
				t.Errorf("%s by %s: %d %s", c.name, roles[i].Name, got.Status, got.Body)
			}
		}
	}
	refused(t, "a reader shares", e.Send(t, e.Reader, a, annotationtest.On(a, 1, 0, 9)), 403, "role_forbids")
	t.Run("who became a reader still deletes what is theirs", func(t *testing.T) {
		m := e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9))
		if err := e.Service.SetRole(t.Context(), e.Owner, e.LibraryID, e.Commenter.ID, library.Reader); err != nil {
			t.Fatal(err)
		}
		refused(t, "edit", do(t, e, e.Commenter, "PATCH", mark(m.ID), body{"revision": 1, "body": "x"}), 403, "role_forbids")
		if got := do(t, e, e.Commenter, "DELETE", mark(m.ID), nil); got.Status != http.StatusNoContent {
			t.Errorf("delete: %d %s", got.Status, got.Body)
		}
	})
}
