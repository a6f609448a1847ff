package annotation_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/annotation/annotationtest"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
)

type body = annotationtest.Body

const prose = "Attention is all you need to read a paper about attention"

// paper adds a document of three pages.
func paper(t *testing.T, e *annotationtest.Env) documenttest.Added {
	t.Helper()
	return e.Add(t, documenttest.Doc{Title: "Attention", Pages: []string{prose, "The second page speaks of other things entirely", "A third page ends it"}})
}

func do(t *testing.T, e *annotationtest.Env, p identity.Person, method, path string, b body, headers ...string) documenttest.Answer {
	t.Helper()
	text := ""
	if b != nil {
		text = b.JSON(t)
	}
	return e.Site.Do(p, method, "/api"+path, text, headers...)
}

// item reads a mark out of an answer with this status.
func item(t *testing.T, answer documenttest.Answer, status int) annotation.AnnotationItem {
	t.Helper()
	if answer.Status != status {
		t.Fatalf("got %d %s, want %d", answer.Status, answer.Body, status)
	}
	var a annotation.AnnotationItem
	answer.Decode(t, &a)
	return a
}

func refused(t *testing.T, what string, answer documenttest.Answer, status int, code string) {
	t.Helper()
	if answer.Status != status || answer.Code() != code {
		t.Errorf("%s: got %d %s, want %d %s", what, answer.Status, answer.Body, status, code)
	}
}

func mark(id uuid.UUID) string { return "/annotations/" + id.String() }

func TestMakingAMark(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	made := e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 13, 16).With("body", "Really?", "meaning", "question", "text_version", "test-1"))

	t.Run("the server says where it stands", func(t *testing.T) {
		n := made.Anchor
		if n.Exact != "all" || !strings.HasSuffix(n.Prefix, "Attention is ") || !strings.HasPrefix(n.Suffix, " you need") ||
			n.Status != "exact" || n.Score != 1 || n.EditionID != a.EditionID {
			t.Errorf("%+v", n)
		}
		p := n.Parts[0]
		if len(n.Parts) != 1 || p.Page != 1 || *p.Start != 13 || *p.End != 16 || len(p.Quads) != 1 || p.Quads[0] != [8]float32{78, 712, 96, 712, 78, 700, 96, 700} {
			t.Errorf("%+v", n.Parts)
		}
	})
	t.Run("everybody sees the same", func(t *testing.T) {
		got := item(t, do(t, e, e.Reader, "GET", mark(made.ID), nil), 200)
		if got.Body != "Really?" || got.Meaning != "question" || got.Author.Name != "commenter" || *got.Author.ID != e.Commenter.ID || got.Revision != 1 || got.Origin != "person" {
			t.Errorf("%+v", got)
		}
		if list := e.List(t, e.Reader, a); len(list) != 1 || list[0].ID != made.ID {
			t.Errorf("%+v", list)
		}
	})
	t.Run("null and empty are told apart", func(t *testing.T) {
		text := string(do(t, e, e.Reader, "GET", mark(made.ID), nil).Body)
		for _, want := range []string{`"edited_at":null`, `"resolved_by":null`, `"assignee":null`, `"rect":null`, `"paths":[]`, `"replies":[]`, `"reactions":[]`, `"deleted_at":null`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is missing in %s", want, text)
			}
		}
	})
	t.Run("a mark goes over pages", func(t *testing.T) {
		over := e.Mark(t, e.Commenter, a, body{"edition_id": a.EditionID, "kind": "underline", "parts": []body{
			{"page": 1, "start": 44, "end": 57}, {"page": 2, "start": 0, "end": 10},
		}})
		if over.Anchor.Exact != prose[44:57]+" The second" || len(over.Anchor.Parts) != 2 {
			t.Errorf("%+v", over.Anchor)
		}
	})
	t.Run("a box keeps the words nearest to it", func(t *testing.T) {
		box := e.Mark(t, e.Commenter, a, body{"edition_id": a.EditionID, "kind": "area", "parts": []body{{"page": 3, "rect": []float64{10, 690, 60, 650}}}})
		p := box.Anchor.Parts[0]
		if *p.Rect != [4]float32{10, 650, 60, 690} || p.Start != nil || !strings.Contains(box.Anchor.Exact, "third page") {
			t.Errorf("%+v", box.Anchor)
		}
	})
	t.Run("ink has a box around it", func(t *testing.T) {
		ink := e.Mark(t, e.Commenter, a, body{"edition_id": a.EditionID, "kind": "ink", "parts": []body{{"page": 3, "paths": [][]float64{{10, 20, 30, 40}, {5, 60}}}}})
		p := ink.Anchor.Parts[0]
		if *p.Rect != [4]float32{5, 20, 30, 60} || len(p.Paths) != 2 || p.Paths[1][1] != 60 {
			t.Errorf("%+v", p)
		}
	})
	t.Run("a list is in the order of the text and goes on", func(t *testing.T) {
		all := e.List(t, e.Reader, a)
		var parts []string
		after := ""
		for {
			var l annotation.AnnotationList
			do(t, e, e.Reader, "GET", "/documents/"+a.DocumentID.String()+"/annotations?limit=2&after="+after, nil).Decode(t, &l)
			for _, m := range l.Items {
				parts = append(parts, m.ID.String())
			}
			if l.Next == nil {
				break
			}
			after = *l.Next
		}
		var want []string
		pages := []int{}
		for _, m := range all {
			want = append(want, m.ID.String())
			pages = append(pages, m.Anchor.Parts[0].Page)
		}
		if !slices.Equal(parts, want) || !slices.IsSorted(pages) || len(all) != 4 {
			t.Errorf("pages %v; %v and %v", pages, parts, want)
		}
	})
	t.Run("some are asked for by id", func(t *testing.T) {
		var l annotation.AnnotationList
		do(t, e, e.Reader, "GET", "/documents/"+a.DocumentID.String()+"/annotations?ids="+made.ID.String()+","+uuid.NewString()+",x", nil).Decode(t, &l)
		if len(l.Items) != 1 || l.Items[0].ID != made.ID {
			t.Errorf("%+v", l.Items)
		}
	})
	t.Run("the log and the listeners hear of it", func(t *testing.T) {
		changes := e.Changes(t)
		last := changes[len(changes)-1]
		if last.Kind != "annotation" || last.Op != "added" || last.Audience.Valid || last.Actor.UUID != e.Commenter.ID {
			t.Errorf("%+v", last)
		}
		events := e.Events()
		if len(events) != 4 || events[0].Kind != annotation.EventMark || events[0].AnnotationID != made.ID || events[0].Actor.ID != e.Commenter.ID || events[0].Private {
			t.Errorf("%+v", events)
		}
	})
}

func TestBadMarks(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	other := paper(t, e)
	queued := e.Upload(t, documenttest.Doc{})
	on := annotationtest.On(a, 1, 0, 5)
	rect := func(kind string, r ...any) body {
		return body{"edition_id": a.EditionID, "kind": kind, "parts": []body{{"page": 1, "rect": r}}}
	}
	long := make([]float64, 40_002)
	for _, c := range []struct {
		what   string
		body   body
		status int
		code   string
	}{
		{"a page that is not", annotationtest.On(a, 4, 0, 5), 422, "page_not_found"},
		{"page 0", annotationtest.On(a, 0, 0, 5), 422, "page_not_found"},
		{"a huge page", annotationtest.On(a, 1<<40, 0, 5), 422, "page_not_found"},
		{"past the text's end", annotationtest.On(a, 1, 50, 58), 422, "anchor_outside_text"},
		{"before it", annotationtest.On(a, 1, -1, 5), 422, "anchor_outside_text"},
		{"backwards", annotationtest.On(a, 1, 5, 2), 422, "anchor_outside_text"},
		{"nothing", annotationtest.On(a, 1, 5, 5), 422, "anchor_outside_text"},
		{"white space alone", annotationtest.On(a, 1, 9, 10), 422, "bad_anchor"},
		{"another text", on.With("text_version", "test-0"), 409, "text_changed"},
		{"no parts", on.With("parts", []body{}), 422, "bad_anchor"},
		{"pages that do not follow", on.With("parts", []body{{"page": 1, "start": 0, "end": 5}, {"page": 3, "start": 0, "end": 5}}), 422, "bad_anchor"},
		{"a box for a highlight", rect("highlight", 1, 2, 30, 40), 422, "bad_anchor"},
		{"a range for a box", on.With("kind", "area"), 422, "bad_anchor"},
		{"three numbers", rect("area", 1, 2, 3), 422, "bad_anchor"},
		{"outside the page", rect("area", 600, 700, 620, 720), 422, "anchor_outside_page"},
		{"far outside", rect("area", 0, 0, 1e300, 10), 422, "anchor_outside_page"},
		{"too narrow", rect("area", 10, 10, 11, 100), 422, "anchor_too_small"},
		{"two boxes", body{"edition_id": a.EditionID, "kind": "area", "parts": []body{{"page": 1, "rect": []int{1, 2, 30, 40}}, {"page": 2, "rect": []int{1, 2, 30, 40}}}}, 422, "bad_anchor"},
		{"half a point", body{"edition_id": a.EditionID, "kind": "ink", "parts": []body{{"page": 1, "paths": [][]int{{1, 2, 3}}}}}, 422, "bad_anchor"},
		{"no strokes", body{"edition_id": a.EditionID, "kind": "ink", "parts": []body{{"page": 1, "paths": [][]int{}}}}, 422, "bad_anchor"},
		{"much ink", body{"edition_id": a.EditionID, "kind": "ink", "parts": []body{{"page": 1, "paths": [][]float64{long}}}}, 413, "too_much_ink"},
		{"ink beside the page", body{"edition_id": a.EditionID, "kind": "ink", "parts": []body{{"page": 1, "paths": [][]int{{1, 2, 700, 2}}}}}, 422, "anchor_outside_page"},
		{"a text that is too long", on.With("body", strings.Repeat("ä", 20_001)), 413, "comment_too_long"},
		{"NUL", on.With("body", "a\x00b"), 422, "bad_text"},
		{"no such edition", on.With("edition_id", uuid.New()), 404, "edition_not_found"},
		{"another document's edition", on.With("edition_id", other.EditionID), 404, "edition_not_found"},
		{"an unknown kind", on.With("kind", "circle"), 422, "invalid_request"},
		{"an unknown meaning", on.With("meaning", "joy"), 422, "invalid_request"},
		{"no id", on.With("id", uuid.Nil), 422, "bad_id"},
		{"an id that is none", on.With("id", "x"), 422, "invalid_request"},
		{"a stranger is mentioned", on.With("body", mentionOf(e.Stranger)), 422, "mention_not_member"},
		{"somebody is mentioned in private", on.With("private", true, "body", mentionOf(e.Editor)), 422, "mention_in_private"},
	} {
		refused(t, c.what, e.Send(t, e.Editor, a, c.body), c.status, c.code)
	}
	refused(t, "no document", e.Send(t, e.Editor, documenttest.Added{DocumentID: uuid.New()}, on), 404, "document_not_found")
	refused(t, "a stranger", e.Send(t, e.Stranger, a, on), 404, "document_not_found")
	refused(t, "text that is not read", e.Send(t, e.Editor, queued, annotationtest.On(queued, 1, 0, 5)), 409, "edition_not_ready")
	refused(t, "broken text", e.Site.Do(e.Editor, "POST", "/api/documents/"+a.DocumentID.String()+"/annotations",
		strings.Replace(on.With("id", uuid.New(), "meaning", "key", "private", false, "body", "XX").JSON(t), "XX", "a\xffb", 1)), 400, "invalid_request")
	refused(t, "no key", e.Send(t, e.Editor, a, on, "Idempotency-Key", "x"), 422, "invalid_request")
	if list := e.List(t, e.Editor, a); len(list) != 0 {
		t.Errorf("%d marks were made", len(list))
	}
	t.Run("what is odd and allowed", func(t *testing.T) {
		text := "**bold** <script>alert(1)</script>\r\n\x1b[31m\u202e𝔘\ttab"
		made := e.Mark(t, e.Editor, a, on.With("body", text, "parts", []body{{"page": 1, "start": 0, "end": 5, "rect": nil, "paths": nil}}))
		if want := "**bold** <script>alert(1)</script>\n[31m\u202e𝔘\ttab"; made.Body != want {
			t.Errorf("%q", made.Body)
		}
		if full := e.Mark(t, e.Editor, a, on.With("body", strings.Repeat("𝔘", 20_000))); len([]rune(full.Body)) != 20_000 {
			t.Errorf("%d characters", len([]rune(full.Body)))
		}
		e.Mark(t, e.Editor, a, rect("note", 612.5, 10, 612.5, 10))
	})
	t.Run("an area on a page that nobody has read", func(t *testing.T) {
		box := body{"edition_id": queued.EditionID, "kind": "area", "parts": []body{{"page": 1, "rect": []int{1, 2, 30, 40}}}}
		refused(t, "a file that may be removed as a duplicate", e.Send(t, e.Editor, queued, box), 409, "edition_not_ready")
		e.Begin(t, queued)
		e.Mark(t, e.Editor, queued, body{"edition_id": queued.EditionID, "kind": "area", "parts": []body{{"page": 1, "rect": []int{1, 2, 30, 40}}}})
	})
}

func mentionOf(people ...identity.Person) string {
	var text strings.Builder
	for _, p := range people {
		fmt.Fprintf(&text, "@[%s](person:%s) ", p.Name, p.ID)
	}
	return text.String()
}

func TestEditing(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	m := e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9).With("body", "one"))
	path := mark(m.ID)

	t.Run("one's own", func(t *testing.T) {
		got := item(t, do(t, e, e.Commenter, "PATCH", path, body{"revision": 1, "body": "two", "meaning": "method", "kind": "underline"}), 200)
		if got.Body != "two" || got.Meaning != "method" || got.Kind != "underline" || got.Revision != 2 || got.EditedAt == nil {
			t.Errorf("%+v", got)
		}
	})
	t.Run("a stale revision is refused with what is there", func(t *testing.T) {
		answer := do(t, e, e.Commenter, "PATCH", path, body{"revision": 1, "body": "three"})
		refused(t, "stale", answer, 409, "annotation_changed")
		var problem struct {
			Current annotation.AnnotationItem `json:"current"`
		}
		answer.Decode(t, &problem)
		if problem.Current.Body != "two" || problem.Current.Revision != 2 || problem.Current.Anchor.Exact != "Attention" {
			t.Errorf("%+v", problem.Current)
		}
	})
	t.Run("it can be moved", func(t *testing.T) {
		got := item(t, do(t, e, e.Commenter, "PATCH", path, body{"revision": 2, "parts": []body{{"page": 2, "start": 4, "end": 10}}}), 200)
		if got.Anchor.Exact != "second" || got.Anchor.Parts[0].Page != 2 || got.Revision != 3 {
			t.Errorf("%+v", got)
		}
		refused(t, "out of the text", do(t, e, e.Commenter, "PATCH", path, body{"revision": 3, "parts": []body{{"page": 2, "start": 4, "end": 100}}}), 422, "anchor_outside_text")
	})
	t.Run("history keeps both", func(t *testing.T) {
		var h annotation.AnnotationHistory
		do(t, e, e.Reader, "GET", path+"/history", nil).Decode(t, &h)
		var said []string
		for _, c := range h.Items {
			said = append(said, c.What+":"+text(c.Before)+">"+text(c.After))
		}
		want := []string{"made:>one", "body:one>two", "meaning:key>method", "moved:Attention>second"}
		if !slices.Equal(said, want) || h.Items[0].By.Name != "commenter" {
			t.Errorf("%v", said)
		}
	})
	t.Run("refusals", func(t *testing.T) {
		refused(t, "another's", do(t, e, e.Owner, "PATCH", path, body{"revision": 3, "body": "mine"}), 403, "not_the_author")
		refused(t, "another's place", do(t, e, e.Owner, "PATCH", path, body{"revision": 3, "parts": []body{{"page": 2, "start": 4, "end": 10}}}), 403, "not_the_author")
		refused(t, "another kind", do(t, e, e.Commenter, "PATCH", path, body{"revision": 3, "kind": "ink"}), 422, "bad_kind")
		refused(t, "no revision", do(t, e, e.Commenter, "PATCH", path, body{"body": "x"}), 422, "invalid_request")
		refused(t, "too long", do(t, e, e.Commenter, "PATCH", path, body{"revision": 3, "body": strings.Repeat("a", 20_001)}), 413, "comment_too_long")
		refused(t, "no mark", do(t, e, e.Commenter, "PATCH", mark(uuid.New()), body{"revision": 3, "body": "x"}), 404, "annotation_not_found")
		refused(t, "a stranger", do(t, e, e.Stranger, "GET", path, nil), 404, "annotation_not_found")
		refused(t, "a stranger's change", do(t, e, e.Stranger, "PATCH", path, body{"revision": 3, "body": "x"}), 404, "annotation_not_found")
	})
	t.Run("an edit that changes nothing is none", func(t *testing.T) {
		before := len(e.Changes(t))
		got := item(t, do(t, e, e.Commenter, "PATCH", path, body{"revision": 3, "body": "two"}), 200)
		if got.Revision != 3 || len(e.Changes(t)) != before {
			t.Errorf("revision %d, %d changes more", got.Revision, len(e.Changes(t))-before)
		}
	})
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func TestDeletingAndTakingBack(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	m := e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9).With("body", "one"))
	e.Answer(t, e.Editor, m.ID, "well")
	path := mark(m.ID)

	refused(t, "by another", do(t, e, e.Editor, "DELETE", path, nil), 403, "role_forbids")
	if got := do(t, e, e.Commenter, "DELETE", path, nil); got.Status != http.StatusNoContent {
		t.Fatalf("delete: %d %s", got.Status, got.Body)
	}
	if list := e.List(t, e.Commenter, a); len(list) != 0 {
		t.Errorf("it is still listed")
	}
	refused(t, "get", do(t, e, e.Editor, "GET", path, nil), 410, "annotation_gone")
	refused(t, "reply", do(t, e, e.Editor, "POST", path+"/replies", body{"id": uuid.New(), "body": "late"}), 410, "annotation_gone")
	refused(t, "edit", do(t, e, e.Commenter, "PATCH", path, body{"revision": 1, "body": "late"}), 410, "annotation_gone")
	refused(t, "history", do(t, e, e.Reader, "GET", path+"/history", nil), 410, "annotation_gone")
	refused(t, "taken back by another", do(t, e, e.Owner, "POST", path+"/restore", nil), 403, "not_the_deleter")
	if back := item(t, do(t, e, e.Commenter, "POST", path+"/restore", nil), 200); back.Body != "one" || len(back.Replies) != 1 || back.DeletedAt != nil {
		t.Errorf("%+v", back)
	}

	t.Run("an admin deletes anybody's", func(t *testing.T) {
		if got := do(t, e, e.Admin, "DELETE", path, nil); got.Status != http.StatusNoContent {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
		if got := do(t, e, e.Admin, "DELETE", path, nil); got.Status != http.StatusNoContent {
			t.Errorf("twice: %d %s", got.Status, got.Body)
		}
		refused(t, "the author does not take that back", do(t, e, e.Commenter, "POST", path+"/restore", nil), 403, "not_the_deleter")
	})
	t.Run("after 30 days it is gone", func(t *testing.T) {
		kept := e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9))
		e.Clock.Advance(annotation.Lifetime + time.Second)
		refused(t, "too late", do(t, e, e.Admin, "POST", path+"/restore", nil), 410, "deleted_for_good")
		if err := e.Marks.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		refused(t, "swept", do(t, e, e.Admin, "POST", path+"/restore", nil), 404, "annotation_not_found")
		item(t, do(t, e, e.Reader, "GET", mark(kept.ID), nil), 200)
		var left int
		if err := e.Pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM annotation_replies) + (SELECT count(*) FROM annotation_history WHERE annotation_id = $1)`, m.ID).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d rows are left: %v", left, err)
		}
	})
}

func TestDocumentsTakeTheirMarksAlong(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	m := e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9))
	if _, err := e.Documents.Trash(t.Context(), e.Editor, a.DocumentID); err != nil {
		t.Fatal(err)
	}
	if list := e.List(t, e.Commenter, a); len(list) != 0 {
		t.Errorf("a trashed document shows %d marks", len(list))
	}
	refused(t, "get", do(t, e, e.Commenter, "GET", mark(m.ID), nil), 404, "annotation_not_found")
	refused(t, "make", e.Send(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9)), 409, "document_trashed")
	if _, err := e.Documents.Restore(t.Context(), e.Editor, a.DocumentID); err != nil {
		t.Fatal(err)
	}
	if list := e.List(t, e.Commenter, a); len(list) != 1 {
		t.Errorf("a restored document shows %d marks", len(list))
	}
	if _, err := e.Documents.Trash(t.Context(), e.Editor, a.DocumentID); err != nil {
		t.Fatal(err)
	}
	if err := e.Documents.Purge(t.Context(), e.Admin, a.DocumentID); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"annotations", "annotation_anchors", "annotation_history"} {
		var left int
		if err := e.Pool.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&left); err != nil || left != 0 {
			t.Errorf("%s: %d rows are left: %v", table, left, err)
		}
	}
}

func TestPeopleWhoLeave(t *testing.T) {
	e := annotationtest.New(t)
	a := paper(t, e)
	m := e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9))
	reply := e.Answer(t, e.Commenter, m.ID, "and this")
	private := e.Mark(t, e.Commenter, a, annotationtest.On(a, 1, 0, 9).With("private", true))
	item(t, do(t, e, e.Commenter, "POST", mark(m.ID)+"/resolve", nil), 200)
	if err := e.Service.RemoveMember(t.Context(), e.Owner, e.LibraryID, e.Commenter.ID); err != nil {
		t.Fatal(err)
	}
	if got := e.List(t, e.Reader, a); len(got) != 1 || got[0].Author.Name != "commenter" || got[0].Replies[0].ID != reply.ID {
		t.Errorf("after a member left: %+v", got)
	}
	refused(t, "the one who left", do(t, e, e.Commenter, "GET", mark(m.ID), nil), 404, "annotation_not_found")
	refused(t, "their private mark", do(t, e, e.Commenter, "GET", mark(private.ID), nil), 404, "annotation_not_found")

	if _, err := e.Pool.Exec(t.Context(), `DELETE FROM people WHERE id = $1`, e.Commenter.ID); err != nil {
		t.Fatal(err)
	}
	got := item(t, do(t, e, e.Reader, "GET", mark(m.ID), nil), 200)
	if got.Author.ID != nil || got.Author.Name != "commenter" || got.Replies[0].Author.Name != "commenter" || got.ResolvedBy.ID != nil || got.ResolvedBy.Name != "commenter" {
		t.Errorf("after an account went: %+v", got)
	}
	if err := e.Marks.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := e.Pool.QueryRow(t.Context(), "SELECT count(*) FROM annotations").Scan(&left); err != nil || left != 1 {
		t.Errorf("%d marks are left, want the shared one: %v", left, err)
	}
}

func TestSettings(t *testing.T) {
	e := annotationtest.New(t)
	path := "/libraries/" + e.LibraryID.String() + "/annotation-settings"
	if got := string(do(t, e, e.Reader, "GET", path, nil).Body); !strings.Contains(got, `"default_private":false`) || !strings.Contains(got, `"quote":{"name":null}`) {
		t.Errorf("%s", got)
	}
	set := body{"default_private": true, "meanings": body{
		"key": body{"name": "  Main  claim "}, "method": body{"name": nil}, "question": body{"name": nil}, "disagree": body{"name": nil}, "quote": body{"name": nil},
	}}
	refused(t, "an editor", do(t, e, e.Editor, "PUT", path, set), 403, "role_forbids")
	for _, who := range []identity.Person{e.Admin, e.Reader} {
		method, b := "PUT", set
		if who == e.Reader {
			method, b = "GET", nil
		}
		if got := string(do(t, e, who, method, path, b).Body); !strings.Contains(got, `"key":{"name":"Main claim"}`) || !strings.Contains(got, `"default_private":true`) {
			t.Errorf("%s", got)
		}
	}
	set["meanings"].(body)["quote"] = body{"name": strings.Repeat("x", 41)}
	refused(t, "a long name", do(t, e, e.Admin, "PUT", path, set), 422, "bad_name")
	refused(t, "a stranger", do(t, e, e.Stranger, "GET", path, nil), 404, "library_not_found")
}
