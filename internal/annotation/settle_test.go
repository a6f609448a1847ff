package annotation_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/annotation/annotationtest"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs/jobstest"
)

const (
	opening = "We show that careful reading of old manuscripts needs patience, light and a second pair of eyes."
	middle  = "The instrument was built in 1784 and has been repaired twice, last in the winter after the great fire."
	ending  = "Nothing of this could have been done without the librarians, who kept every leaf in its order."
)

// again reads an edition anew, with other pages.
func again(t *testing.T, e *annotationtest.Env, a documenttest.Added, pages ...string) {
	t.Helper()
	if _, err := e.Pool.Exec(t.Context(), `UPDATE editions SET state = 'queued' WHERE id = $1`, a.EditionID); err != nil {
		t.Fatal(err)
	}
	if err := e.Finish(t, e.Begin(t, a), documenttest.Doc{Pages: pages}); err != nil {
		t.Fatal(err)
	}
}

func settle(t *testing.T, e *annotationtest.Env, editionID uuid.UUID) {
	t.Helper()
	if err := e.Marks.Settle(t.Context(), editionID, 0); err != nil {
		t.Fatal(err)
	}
}

// in gives marks with their places in one edition, by id.
func in(t *testing.T, e *annotationtest.Env, p identity.Person, a documenttest.Added, editionID uuid.UUID) map[uuid.UUID]annotation.Annotation {
	t.Helper()
	list, err := e.Marks.ForDocument(t.Context(), p, a.DocumentID, &editionID, annotation.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	marks := map[uuid.UUID]annotation.Annotation{}
	for _, m := range list {
		marks[m.ID] = m
	}
	return marks
}

// version is the library's newest.
func version(t *testing.T, e *annotationtest.Env) int64 {
	t.Helper()
	lib, err := e.Service.Get(t.Context(), e.Owner, e.LibraryID)
	if err != nil {
		t.Fatal(err)
	}
	return lib.Version
}

// span is where some words stand in a text, in code points.
func span(text, words string) (start, end int) {
	before, _, _ := strings.Cut(text, words)
	start = len([]rune(before))
	return start, start + len([]rune(words))
}

func highlight(a documenttest.Added, page int, text, words string) body {
	start, end := span(text, words)
	return annotationtest.On(a, page, start, end)
}

func TestMarksAreFoundAgainAfterAParse(t *testing.T) {
	e := annotationtest.New(t)
	a := e.Add(t, documenttest.Doc{Pages: []string{opening, middle, ending}})
	moved := e.Mark(t, e.Commenter, a, highlight(a, 1, opening, "old manuscripts"))
	gone := e.Mark(t, e.Commenter, a, highlight(a, 3, ending, "librarians"))
	private := e.Mark(t, e.Reader, a, highlight(a, 2, middle, "1784").With("private", true))
	box := e.Mark(t, e.Commenter, a, body{"edition_id": a.EditionID, "kind": "area", "parts": []body{{"page": 2, "rect": []int{50, 600, 150, 650}}}})
	before := version(t, e)
	settle(t, e, a.EditionID)
	if n := version(t, e); n != before {
		t.Errorf("nothing was read anew and %d changes were made", n-before)
	}

	again(t, e, a, "PREFACE "+opening, middle, "An entirely different page of other things that nobody has marked at all so far.")
	if stale := e.Send(t, e.Commenter, a, annotationtest.On(a, 1, 0, 7)); stale.Status != 201 {
		t.Errorf("a mark on the new text: %d %s", stale.Status, stale.Body)
	}
	before = version(t, e)
	settle(t, e, a.EditionID)
	marks := in(t, e, e.Reader, a, a.EditionID)
	if m := marks[moved.ID].Anchor; m.Status != annotation.Exact || m.Exact != "old manuscripts" || *m.Parts[0].Start != *moved.Anchor.Parts[0].Start+8 {
		t.Errorf("moved: %+v", m)
	}
	if m := marks[gone.ID].Anchor; m.Status != annotation.Orphan || m.Exact != "librarians" || len(m.Parts) != 1 || m.Parts[0].Start != nil || len(m.Parts[0].Quads) == 0 {
		t.Errorf("gone: %+v", m)
	}
	if m := marks[private.ID].Anchor; m.Status != annotation.Exact || m.Exact != "1784" {
		t.Errorf("private: %+v", m)
	}
	if m := marks[box.ID].Anchor; m.Status != annotation.Exact || *m.Parts[0].Rect != (pagetext.Rect{50, 600, 150, 650}) {
		t.Errorf("box: %+v", m)
	}
	seen := map[uuid.UUID]bool{}
	for _, c := range changes(t, e, e.Owner, before) {
		seen[c.ObjectID] = true
	}
	if len(seen) != 2 || !seen[moved.ID] || !seen[gone.ID] {
		t.Errorf("the others hear of %v", seen)
	}
	settle(t, e, a.EditionID)
	if n := int64(len(changes(t, e, e.Owner, before))); n != 2 {
		t.Errorf("settled twice: %d changes", n)
	}

	t.Run("what was lost is found when its text is back", func(t *testing.T) {
		again(t, e, a, opening, middle, ending)
		settle(t, e, a.EditionID)
		if m := in(t, e, e.Reader, a, a.EditionID)[gone.ID].Anchor; m.Status != annotation.Exact || len(m.Parts) != 1 || m.Parts[0].Start == nil {
			t.Errorf("%+v", m)
		}
	})
	t.Run("an older attempt settles nothing", func(t *testing.T) {
		again(t, e, a, opening, "x "+middle, ending)
		if err := e.Marks.Settle(t.Context(), a.EditionID, 1); err != nil {
			t.Fatal(err)
		}
		if n := count(t, e, `SELECT count(*) FROM annotation_anchors n JOIN editions e ON e.id = n.edition_id WHERE n.attempt = e.attempt`); n != 0 {
			t.Errorf("%d places", n)
		}
	})
}

func TestASecondEditionTakesTheMarksOver(t *testing.T) {
	e := annotationtest.New(t)
	a := e.Add(t, documenttest.Doc{Pages: []string{opening, middle, ending}})
	plain := e.Mark(t, e.Commenter, a, highlight(a, 1, opening, "patience, light"))
	private := e.Mark(t, e.Reader, a, highlight(a, 2, middle, "repaired twice").With("private", true))
	lost := e.Mark(t, e.Commenter, a, highlight(a, 3, ending, "every leaf in its order"))
	start, _ := span(middle, "built in 1784")
	box := e.Mark(t, e.Commenter, a, body{"edition_id": a.EditionID, "kind": "area", "parts": []body{
		{"page": 2, "rect": []int{6 * start, 690, 6*start + 40, 715}},
	}})
	ink := e.Mark(t, e.Commenter, a, body{"edition_id": a.EditionID, "kind": "ink", "parts": []body{{"page": 3, "paths": [][]int{{10, 650, 30, 660}}}}})
	deleted := e.Mark(t, e.Commenter, a, highlight(a, 1, opening, "second pair"))
	do(t, e, e.Commenter, "DELETE", mark(deleted.ID), nil)

	e.Clock.Advance(1)
	b := e.Add(t, documenttest.Doc{Of: a.DocumentID, Pages: []string{"A title page.", opening + " So we say.", "It was so. " + middle}})
	for id, m := range in(t, e, e.Reader, a, b.EditionID) {
		if m.Anchor.Status != annotation.Pending || len(m.Anchor.Parts) != 0 {
			t.Errorf("%s before it was settled: %+v", id, m.Anchor)
		}
	}
	before := version(t, e)
	settle(t, e, b.EditionID)
	marks := in(t, e, e.Reader, a, b.EditionID)
	if m := marks[plain.ID].Anchor; m.Status != annotation.Exact || m.Parts[0].Page != 2 || m.Exact != "patience, light" {
		t.Errorf("plain: %+v", m)
	}
	if m := marks[private.ID].Anchor; m.Status != annotation.Exact || m.Parts[0].Page != 3 {
		t.Errorf("private: %+v", m)
	}
	if m := marks[lost.ID].Anchor; m.Status != annotation.Orphan || len(m.Parts) != 0 || m.Exact != "every leaf in its order" {
		t.Errorf("lost: %+v", m)
	}
	if m := marks[box.ID].Anchor; m.Status != annotation.Fuzzy || m.Parts[0].Page != 3 ||
		*m.Parts[0].Rect != (pagetext.Rect{float32(6*start + 66), 690, float32(6*start + 106), 715}) {
		t.Errorf("box: %+v %+v", m, m.Parts)
	}
	if m := marks[ink.ID].Anchor; m.Status != annotation.Orphan {
		t.Errorf("ink: %+v", m)
	}
	for _, c := range changes(t, e, e.Owner, before) {
		if c.ObjectID == private.ID {
			t.Error("the owner hears of a private mark")
		}
	}
	if mine := changes(t, e, e.Reader, before); len(mine) != 6 {
		t.Errorf("the reader hears of %d marks", len(mine))
	}
	t.Run("the newest edition is the one that is given", func(t *testing.T) {
		if got := item(t, do(t, e, e.Reader, "GET", mark(plain.ID), nil), 200); got.Anchor.EditionID != b.EditionID || got.EditionID == nil || *got.EditionID != a.EditionID {
			t.Errorf("%+v", got)
		}
		if got := item(t, do(t, e, e.Reader, "GET", mark(plain.ID)+"?edition_id="+a.EditionID.String(), nil), 200); got.Anchor.EditionID != a.EditionID {
			t.Errorf("%+v", got)
		}
		list := e.List(t, e.Reader, a)
		if last := list[len(list)-1].Anchor.Status; last != "orphan" {
			t.Errorf("the list ends with what is %s", last)
		}
	})
	t.Run("a guess is confirmed", func(t *testing.T) {
		got := item(t, do(t, e, e.Editor, "POST", mark(box.ID)+"/position", body{}), 200)
		if !got.Anchor.Confirmed || got.Anchor.Status != "fuzzy" || got.Revision != 1 {
			t.Errorf("%+v", got.Anchor)
		}
		refused(t, "what is nowhere", do(t, e, e.Editor, "POST", mark(lost.ID)+"/position", body{}), 409, "nothing_to_confirm")
	})
	t.Run("its author puts an orphan in its place", func(t *testing.T) {
		got := item(t, do(t, e, e.Commenter, "PATCH", mark(lost.ID)+"?edition_id="+b.EditionID.String(), body{
			"revision": 1, "edition_id": b.EditionID, "parts": []body{{"page": 1, "start": 2, "end": 7}},
		}), 200)
		if n := got.Anchor; n.Status != "exact" || n.Exact != "title" || !n.Confirmed {
			t.Errorf("%+v", n)
		}
		if old := in(t, e, e.Reader, a, a.EditionID)[lost.ID].Anchor; old.Exact != "every leaf in its order" {
			t.Errorf("its place in the first edition became %+v", old)
		}
	})
	t.Run("moved in the first edition it is looked for anew", func(t *testing.T) {
		s, end := span(opening, "second pair of eyes")
		item(t, do(t, e, e.Commenter, "PATCH", mark(plain.ID), body{"revision": 1, "parts": []body{{"page": 1, "start": s, "end": end}}}), 200)
		if m := in(t, e, e.Reader, a, b.EditionID)[plain.ID].Anchor; m.Status != annotation.Pending {
			t.Errorf("%+v", m)
		}
		if n := count(t, e, `SELECT count(*) FROM river_job WHERE kind = 'settle_annotations' AND args->>'edition_id' = $1`, b.EditionID.String()); n != 1 {
			t.Errorf("%d jobs", n)
		}
		settle(t, e, b.EditionID)
		if m := in(t, e, e.Reader, a, b.EditionID)[plain.ID].Anchor; m.Exact != "second pair of eyes" || m.Parts[0].Page != 2 {
			t.Errorf("%+v", m)
		}
	})
	t.Run("a mark on the second edition is looked for in the first", func(t *testing.T) {
		m := e.Mark(t, e.Commenter, a, body{"edition_id": b.EditionID, "kind": "highlight", "parts": []body{{"page": 3, "start": 11, "end": 25}}})
		settle(t, e, a.EditionID)
		if got := in(t, e, e.Reader, a, a.EditionID)[m.ID].Anchor; got.Status != annotation.Exact || *got.Parts[0].Start != 0 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("who deleted a mark gets it back in the second edition too", func(t *testing.T) {
		if got := item(t, do(t, e, e.Commenter, "POST", mark(deleted.ID)+"/restore", nil), 200); got.Anchor.EditionID != b.EditionID || got.Anchor.Status != "exact" {
			t.Errorf("%+v", got.Anchor)
		}
	})
}

// The marks that come while Settle works are found too, and by one worker.
func TestSettlingWhileMarksAreMade(t *testing.T) {
	e := annotationtest.New(t)
	a := e.Add(t, documenttest.Doc{Pages: []string{opening, middle, ending}})
	b := e.Add(t, documenttest.Doc{Of: a.DocumentID, Pages: []string{ending, opening, middle}})
	queue := jobstest.NewClient(t, e.Pool)
	registry := jobs.NewRegistry()
	e.Marks.RegisterJobs(registry)
	runner := jobstest.Start(t, e.Pool, queue, registry)
	for _, got := range atOnce(12, func() documenttest.Answer {
		return e.Send(t, e.Editor, a, highlight(a, 2, middle, "the great fire"))
	}) {
		item(t, got, 201)
	}
	runner.Idle("settle_annotations")
	for id, m := range in(t, e, e.Reader, a, b.EditionID) {
		if m.Anchor.Status != annotation.Exact || m.Anchor.Parts[0].Page != 3 {
			t.Errorf("%s: %+v", id, m.Anchor)
		}
	}
	if n := count(t, e, `SELECT count(*) FROM annotation_anchors`); n != 24 {
		t.Errorf("%d places", n)
	}
}

func TestAFileBringsItsMarks(t *testing.T) {
	e := annotationtest.New(t)
	pages := []string{opening, middle}
	a := e.Add(t, documenttest.Doc{Pages: pages})
	start, end := span(opening, "old manuscripts")
	quad := [8]float32{float32(6 * start), 712, float32(6 * end), 712, float32(6 * start), 700, float32(6 * end), 700}
	marks := []pdfmark.Mark{
		{Page: 1, Subtype: pdfmark.Highlight, Quads: [][8]float32{quad}, Contents: "Which ones?", Author: "Ada\nLovelace", Name: "h1", Color: [3]float32{1, 0, 0}},
		{Page: 1, Subtype: pdfmark.Text, InReplyTo: "h1", Contents: "The oldest.", Author: "Bo", Name: "r1"},
		{Page: 1, Subtype: pdfmark.Text, InReplyTo: "r1", Contents: "I see.", Author: "Ada", Name: "r2"},
		{Page: 1, Subtype: pdfmark.Text, InReplyTo: "h1", StateModel: pdfmark.ModelReview, State: pdfmark.StateCompleted, Name: "s1"},
		{Page: 2, Subtype: pdfmark.StrikeOut, Quads: [][8]float32{{0, 712, 60, 712, 0, 700, 60, 700}}, Name: "x1"},
		{Page: 2, Subtype: pdfmark.Caret, InReplyTo: "x1", Grouped: true, Contents: "An", Name: "x2"},
		{Page: 2, Subtype: pdfmark.Square, Rect: pagetext.Rect{-20, 100, 80, 140}, Name: "q1"},
		{Page: 2, Subtype: pdfmark.Ink, Paths: [][]float32{{1, 2, 3, 4}}, Name: "i1"},
		{Page: 2, Subtype: pdfmark.Highlight, Quads: [][8]float32{{300, 200, 400, 200, 300, 180, 400, 180}}, Name: "h2"},
		{Page: 9, Subtype: pdfmark.Text, Rect: pagetext.Rect{1, 1, 20, 20}, Name: "n9"},
		{Page: 1, Subtype: pdfmark.Text, Rect: pagetext.Rect{1, 1, 20, 20}, Hidden: true, Name: "hidden"},
		{Page: 1, Subtype: pdfmark.FreeText, Rect: pagetext.Rect{1, 1, 90, 20}, Contents: "see\x00 below", Name: "t1", InReplyTo: "nobody"},
	}
	report, err := e.Marks.Import(t.Context(), a.EditionID, nil, annotation.FromPDF(marks))
	if err != nil || report != (annotation.ImportReport{Imported: 6, Skipped: 1}) {
		t.Fatalf("%+v, %v", report, err)
	}
	by := map[string]annotation.Annotation{}
	for _, m := range in(t, e, e.Reader, a, a.EditionID) {
		by[m.OriginKey] = m
	}
	h := by["h1"]
	if h.Author.ID.Valid || h.Author.Name != "Ada Lovelace" || h.Body != "Which ones?" || h.Meaning != annotation.Disagree || h.Origin != annotation.FromFile ||
		h.Anchor.Exact != "old manuscripts" || h.Anchor.Parts[0].Quads[0] != quad || h.ResolvedAt == nil || h.Private {
		t.Errorf("%+v", h)
	}
	if len(h.Replies) != 2 || h.Replies[0].Body != "The oldest." || h.Replies[1].Author.Name != "Ada" {
		t.Errorf("%+v", h.Replies)
	}
	if x := by["x1"]; x.Body != "An" || x.Kind != annotation.Underline || !strings.HasPrefix(x.Anchor.Exact, "The instr") {
		t.Errorf("%+v", x)
	}
	if q := by["q1"]; *q.Anchor.Parts[0].Rect != (pagetext.Rect{0, 100, 80, 140}) {
		t.Errorf("%+v", q.Anchor)
	}
	if bare := by["h2"]; bare.Anchor.Exact != "" || len(bare.Anchor.Parts[0].Quads) != 1 || bare.Anchor.Status != annotation.Exact {
		t.Errorf("%+v", bare.Anchor)
	}
	if by["t1"].Body != "see below" {
		t.Errorf("%q", by["t1"].Body)
	}
	t.Run("once, also from the job, and after somebody deleted one", func(t *testing.T) {
		do(t, e, e.Admin, "DELETE", mark(h.ID), nil)
		again(t, e, a, pages...)
		e.Clock.Advance(2 * annotation.Lifetime)
		if err := e.Marks.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		report, err := e.Marks.Import(t.Context(), a.EditionID, nil, annotation.FromPDF(marks))
		if err != nil || report.Imported != 0 {
			t.Errorf("%+v, %v", report, err)
		}
		settle(t, e, a.EditionID)
		if got := in(t, e, e.Reader, a, a.EditionID); len(got) != 5 {
			t.Errorf("%d marks", len(got))
		}
	})
	t.Run("nobody edits them, and an admin deletes them", func(t *testing.T) {
		refused(t, "edit", do(t, e, e.Owner, "PATCH", mark(by["x1"].ID), body{"revision": 1, "body": "x"}), 403, "not_the_author")
		refused(t, "delete", do(t, e, e.Editor, "DELETE", mark(by["x1"].ID), nil), 403, "role_forbids")
		item(t, do(t, e, e.Commenter, "POST", mark(by["x1"].ID)+"/resolve", nil), 200)
	})
}

func TestAPersonImports(t *testing.T) {
	e := annotationtest.New(t)
	a := e.Add(t, documenttest.Doc{Pages: []string{opening, middle}})
	quote := func(exact string) annotation.Imported {
		one := annotation.Imported{OriginKey: "urn:" + exact, Origin: annotation.FromImport, Kind: annotation.Highlight, Author: "Grace", Body: "b"}
		one.Quote = &anchoringQuote{Exact: exact}
		return one
	}
	private := quote("second pair of eyes")
	private.Private = true
	report, err := e.Marks.Import(t.Context(), a.EditionID, &e.Commenter, []annotation.Imported{quote("The instrument was built in 1784"), quote("of which nothing is to be found anywhere"), private, {Kind: annotation.Note}})
	if err != nil || report != (annotation.ImportReport{Imported: 3, Orphans: 1, Skipped: 1}) {
		t.Fatalf("%+v, %v", report, err)
	}
	if got := in(t, e, e.Owner, a, a.EditionID); len(got) != 2 {
		t.Errorf("the owner sees %d", len(got))
	}
	if got := in(t, e, e.Commenter, a, a.EditionID); len(got) != 3 {
		t.Errorf("its owner sees %d", len(got))
	}
	t.Run("another's private copy is another mark", func(t *testing.T) {
		report, err := e.Marks.Import(t.Context(), a.EditionID, &e.Reader, []annotation.Imported{private})
		if err != nil || report.Imported != 1 {
			t.Errorf("%+v, %v", report, err)
		}
	})
	t.Run("a reader imports no shared ones", func(t *testing.T) {
		_, err := e.Marks.Import(t.Context(), a.EditionID, &e.Reader, []annotation.Imported{quote("x")})
		if code(err) != "role_forbids" {
			t.Errorf("%v", err)
		}
		if _, err = e.Marks.Import(t.Context(), a.EditionID, &e.Stranger, []annotation.Imported{private}); code(err) != "document_not_found" {
			t.Errorf("%v", err)
		}
	})
}

func TestMarksGoWithAMergedFile(t *testing.T) {
	e := annotationtest.New(t)
	e.Documents.OnMoved = e.Marks.OnMoved
	kept := e.Add(t, documenttest.Doc{Title: "Kept", Pages: []string{opening, ending}})
	other := e.Add(t, documenttest.Doc{Title: "Other", Pages: []string{"A title page.", opening + " So we say."}})
	mine := e.Mark(t, e.Commenter, other, highlight(other, 2, opening+" So we say.", "patience, light"))
	private := e.Mark(t, e.Reader, other, highlight(other, 2, opening+" So we say.", "second pair").With("private", true))
	theirs := e.Mark(t, e.Commenter, kept, highlight(kept, 2, ending, "every leaf in its order"))
	if _, err := e.Documents.Merge(t.Context(), e.Editor, kept.DocumentID, []uuid.UUID{other.DocumentID}); err != nil {
		t.Fatal(err)
	}
	if n := count(t, e, `SELECT count(*) FROM river_job WHERE kind = 'settle_annotations'`); n != 2 {
		t.Errorf("%d jobs", n)
	}
	for _, id := range []uuid.UUID{kept.EditionID, other.EditionID} {
		settle(t, e, id)
	}
	marks := in(t, e, e.Reader, kept, kept.EditionID)
	if m := marks[mine.ID].Anchor; len(marks) != 3 || m.Status != annotation.Exact || m.Parts[0].Page != 1 {
		t.Errorf("%d marks, %+v", len(marks), m)
	}
	if m := in(t, e, e.Reader, kept, other.EditionID)[theirs.ID].Anchor; m.Status != annotation.Orphan {
		t.Errorf("%+v", m)
	}
	if others := in(t, e, e.Editor, kept, kept.EditionID); len(others) != 2 || others[private.ID].ID == private.ID {
		t.Errorf("the editor sees %d marks", len(others))
	}
	if _, err := e.Documents.Restore(t.Context(), e.Editor, other.DocumentID); err != nil {
		t.Fatal(err)
	}
	if marks := in(t, e, e.Reader, kept, kept.EditionID); len(marks) != 1 || marks[theirs.ID].ID != theirs.ID {
		t.Errorf("undone, the kept one has %d marks", len(marks))
	}
	if m := in(t, e, e.Reader, other, other.EditionID); len(m) != 2 || m[mine.ID].Anchor.Parts[0].Page != 2 {
		t.Errorf("undone, the other has %d marks: %+v", len(m), m[mine.ID].Anchor)
	}
	if n := count(t, e, `SELECT count(*) FROM annotation_anchors`); n != 3 {
		t.Errorf("undone, %d places are left", n)
	}
}
