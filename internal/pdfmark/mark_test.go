package pdfmark_test

import (
	"math"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

func TestDatesOfFilesAreRead(t *testing.T) {
	berlin := time.FixedZone("", 3600)
	for text, want := range map[string]time.Time{
		"D:20260304050607+01'00'": time.Date(2026, 3, 4, 5, 6, 7, 0, berlin),
		"D:20260304050607+01'00":  time.Date(2026, 3, 4, 5, 6, 7, 0, berlin),
		"D:20260304050607+0100":   time.Date(2026, 3, 4, 5, 6, 7, 0, berlin),
		"D:20260304050607+01":     time.Date(2026, 3, 4, 5, 6, 7, 0, berlin),
		"D:20260304050607-03'30'": time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("", -12600)),
		"D:20260304050607Z00'00'": time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
		"D:20260304050607Z":       time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
		"D:20260304050607":        time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
		"20260304":                time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC),
		"D:2026":                  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		"D:20240229":              time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC),
	} {
		if got, ok := pdfmark.ParseDate(text); !ok || !got.Equal(want) {
			t.Errorf("%s: got %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "D:", "D:20", "D:20261301", "D:20260230", "yesterday", "D:2026030", "D:0000", "D:20260304250607"} {
		if got, ok := pdfmark.ParseDate(text); ok {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	f.Add("D:20260304050607+01'00'")
	f.Add("D:20260304050607-23'59")
	f.Add("D:99991231235959Z")
	f.Add("D:2026")
	f.Fuzz(func(t *testing.T, text string) {
		date, ok := pdfmark.ParseDate(text)
		if !ok {
			return
		}
		again, ok := pdfmark.ParseDate(pdfmark.FormatDate(date))
		if !ok || !again.Equal(date) {
			t.Errorf("%q is %v, and written and read again %v (%v)", text, date, again, ok)
		}
	})
}

func TestColoursHaveAMeaning(t *testing.T) {
	for _, meaning := range []string{"key", "method", "question", "disagree", "quote"} {
		if got := pdfmark.MeaningOf(pdfmark.ColorOf(meaning)); got != meaning {
			t.Errorf("the colour of %s means %s", meaning, got)
		}
		if got := pdfmark.MeaningOf(pdfmark.LineColorOf(meaning)); got != meaning {
			t.Errorf("the colour of a line that means %s means %s", meaning, got)
		}
	}
	if pdfmark.ColorOf("nonsense") != pdfmark.ColorOf("key") {
		t.Error("a meaning that is none has a colour of its own")
	}
	nan := float32(math.NaN())
	for color, want := range map[[3]float32]string{
		{1, 1, 0}:        "key", // what most programs begin with
		{1, 0.82, 0}:     "key",
		{1, 0, 0}:        "disagree",
		{0.9, 0.1, 0.4}:  "disagree",
		{0, 1, 0}:        "quote",
		{0, 0.6, 1}:      "method",
		{0.6, 0.2, 0.9}:  "question",
		{0, 0, 0}:        "key",
		{1, 1, 1}:        "key",
		{0.5, 0.5, 0.51}: "key",
		{nan, nan, nan}:  "key",
	} {
		if got := pdfmark.MeaningOf(color); got != want {
			t.Errorf("%v means %s, want %s", color, got, want)
		}
	}
}

func TestQuadsComeInOneOrder(t *testing.T) {
	normal := [8]float32{10, 30, 50, 30, 10, 20, 50, 20}
	turned := [8]float32{10, 10, 10, 50, 20, 10, 20, 50} // text that reads upwards
	for name, one := range map[string]struct{ given, want [8]float32 }{
		"Acrobat's":              {normal, normal},
		"the standard's":         {[8]float32{10, 20, 50, 20, 50, 30, 10, 30}, normal},
		"around, clockwise":      {[8]float32{10, 30, 50, 30, 50, 20, 10, 20}, normal},
		"lower row first":        {[8]float32{10, 20, 50, 20, 10, 30, 50, 30}, normal},
		"turned, Acrobat's":      {turned, turned},
		"turned, the standard's": {[8]float32{20, 10, 20, 50, 10, 50, 10, 10}, turned},
	} {
		if got, ok := pdfmark.NormalQuad(one.given); !ok || got != one.want {
			t.Errorf("%s: got %v, %v", name, got, ok)
		}
	}
	for name, q := range map[string][8]float32{
		"nothing":   {},
		"a line":    {10, 20, 50, 20, 10, 20, 50, 20},
		"no number": {float32(math.NaN()), 30, 50, 30, 10, 20, 50, 20},
		"no end":    {float32(math.Inf(1)), 30, 50, 30, 10, 20, 50, 20},
	} {
		if got, ok := pdfmark.NormalQuad(q); ok {
			t.Errorf("%s: got %v", name, got)
		}
	}
	if got := pdfmark.QuadOf(pdfmark.Bounds(normal)); got != normal {
		t.Errorf("the box of a quad gives the quad %v", got)
	}
}

func TestRepliesAndReviewsDiffer(t *testing.T) {
	reply := pdfmark.Mark{Subtype: pdfmark.Text, InReplyTo: "a", Contents: "Yes."}
	review := pdfmark.Mark{Subtype: pdfmark.Text, InReplyTo: "a", StateModel: pdfmark.ModelReview, State: pdfmark.StateCompleted}
	part := pdfmark.Mark{Subtype: pdfmark.StrikeOut, InReplyTo: "a", Grouped: true}
	if !reply.IsReply() || reply.IsReview() || reply.Resolves() {
		t.Error("an answer in words is a reply alone")
	}
	if review.IsReply() || !review.IsReview() || !review.Resolves() {
		t.Error("a state is a review alone")
	}
	if part.IsReply() || part.IsReview() {
		t.Error("a part of a group answers nothing")
	}
	if review.State = pdfmark.StateNone; review.Resolves() {
		t.Error("a state that was taken back settles nothing")
	}
}

func TestPartsHaveNames(t *testing.T) {
	for part := range 3 {
		if name, got := pdfmark.PartOf(pdfmark.PartName("a#b", part)); name != "a#b" || got != part {
			t.Errorf("part %d comes back as part %d of %s", part, got, name)
		}
	}
	for _, name := range []string{"", "#2", "a#", "a#1", "a#02", "a#-2", "a#99999"} {
		if got, part := pdfmark.PartOf(name); got != name || part != 0 {
			t.Errorf("%q is part %d of %q", name, part, got)
		}
	}
}

func TestNotesStayUpright(t *testing.T) {
	shown := pagetext.Rect{100, 200, 120, 230}
	for rotation, want := range map[int]pagetext.Rect{
		0:   shown,
		90:  {100, 180, 130, 200},
		180: {120, 170, 140, 200},
		270: {120, 210, 150, 230},
	} {
		rect := pdfmark.NoteRect(shown, rotation)
		if rect != want {
			t.Errorf("turned by %d: %v, want %v", rotation, rect, want)
		}
		if back := pdfmark.NoteShown(rect, rotation); back != shown {
			t.Errorf("turned by %d: comes back as %v", rotation, back)
		}
	}
}
