package extract_test

import (
	"bytes"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// marksOf extracts a document and gives its annotations.
func marksOf(t *testing.T, document extracttest.Document) []pdfmark.Mark {
	t.Helper()
	return resultOf(t, document).Annotations
}

func resultOf(t *testing.T, document extracttest.Document) *extract.Result {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, document.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	result, err := extract.Run(t.Context(), extracttest.NewPool(t, extract.Config{}), path, extract.Options{Password: document.UserPassword})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func annotated(annotations ...string) extracttest.Document {
	page := extracttest.TextPage("A line of text")
	page.Annotations = annotations
	return extracttest.Document{Pages: []extracttest.Page{extracttest.TextPage("Cover"), page}}
}

func TestMarksOfAFileAreRead(t *testing.T) {
	got := marksOf(t, annotated(
		"/Subtype/Link/Rect[0 0 10 10]",
		"/Subtype/Highlight/Rect[72 716 144 732]/QuadPoints[72 730 144 730 72 718 144 718]/C[1 0 0]/CA 0.5"+
			"/Contents(So\\r\\nit is)/T(Ada)/Subj(Highlight)/NM(one)/M(D:20260304050607+01'00')/CreationDate(D:20260303)/Popup{2}",
		"/Subtype/Popup/Rect[400 700 500 800]/Parent{1}",
		"/Subtype/Text/Rect[72 716 90 734]/IRT{1}/RT/R/T(Bob)/Contents(Is it?)/F 6",
		"/Subtype/Text/Rect[72 716 90 734]/IRT{3}/StateModel(Review)/State(Completed)/T(Ada)",
		"/Subtype/Square/Rect[200 100 100 200]/C[0 0 1]/F 2",
		"/Subtype/Ink/Rect[10 10 30 30]/InkList[[10 10 20 20 30 10][5 5 6 6]]",
		"/Subtype/Widget/Rect[0 0 10 10]/FT/Tx",
		"/Subtype/Underline/Rect[72 716 144 732]/C[0 1 0]",
		"/Subtype/Text/Rect[300 300 320 320]/RC(<?xml version=\"1.0\"?><body><p>Rich</p><p>&amp; <b>plain</b></p></body>)",
		"/Subtype/StrikeOut/Rect[72 716 144 732]/QuadPoints[72 718 144 718 144 730 72 730]/IRT{1}/RT/Group",
	))
	want := []pdfmark.Mark{
		{
			Page: 2, Subtype: pdfmark.Highlight, Rect: pagetext.Rect{72, 716, 144, 732}, Quads: [][8]float32{{72, 730, 144, 730, 72, 718, 144, 718}},
			Contents: "So\nit is", Author: "Ada", Subject: "Highlight", Name: "one", Color: [3]float32{1, 0, 0}, Opacity: 0.5,
			Modified: time.Date(2026, 3, 4, 4, 6, 7, 0, time.UTC), Created: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC),
		},
		{Page: 2, Subtype: pdfmark.Text, Rect: pagetext.Rect{72, 716, 90, 734}, Contents: "Is it?", Author: "Bob", Name: "@2.3", InReplyTo: "one", Opacity: 1},
		{Page: 2, Subtype: pdfmark.Text, Rect: pagetext.Rect{72, 716, 90, 734}, Author: "Ada", Name: "@2.4", InReplyTo: "@2.3", StateModel: "Review", State: "Completed", Opacity: 1},
		{Page: 2, Subtype: pdfmark.Square, Rect: pagetext.Rect{100, 100, 200, 200}, Name: "@2.5", Color: [3]float32{0, 0, 1}, Opacity: 1, Hidden: true},
		{Page: 2, Subtype: pdfmark.Ink, Rect: pagetext.Rect{10, 10, 30, 30}, Paths: [][]float32{{10, 10, 20, 20, 30, 10}, {5, 5, 6, 6}}, Name: "@2.6", Opacity: 1},
		{Page: 2, Subtype: pdfmark.Underline, Rect: pagetext.Rect{72, 716, 144, 732}, Quads: [][8]float32{{72, 732, 144, 732, 72, 716, 144, 716}}, Name: "@2.8", Color: [3]float32{0, 1, 0}, Opacity: 1},
		{Page: 2, Subtype: pdfmark.Text, Rect: pagetext.Rect{300, 300, 320, 320}, Contents: "Rich\n& plain", Name: "@2.9", Opacity: 1},
		{
			Page: 2, Subtype: pdfmark.StrikeOut, Rect: pagetext.Rect{72, 716, 144, 732}, Quads: [][8]float32{{72, 730, 144, 730, 72, 718, 144, 718}},
			Name: "@2.10", InReplyTo: "one", Grouped: true, Opacity: 1,
		},
	}
	if len(got) != len(want) {
		t.Fatalf("%d marks, want %d: %+v", len(got), len(want), got)
	}
	for i := range want {
		if !got[i].Modified.Equal(want[i].Modified) || !got[i].Created.Equal(want[i].Created) {
			t.Errorf("mark %d: made %v, changed %v", i, got[i].Created, got[i].Modified)
		}
		got[i].Modified, got[i].Created = want[i].Modified, want[i].Created
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("mark %d:\n got %+v\nwant %+v", i, got[i], want[i])
		}
	}
}

func TestMarksOfDamagedFilesAreSound(t *testing.T) {
	marks := marksOf(t, annotated(
		"/Subtype/Text/Rect[10 10 20 20]/NM(a)/IRT{1}", // a ring
		"/Subtype/Text/Rect[10 10 20 20]/NM(b)/IRT{2}",
		"/Subtype/Text/Rect[10 10 20 20]/NM(c)/IRT{0}",
		"/Subtype/Text/Rect[10 10 20 20]/NM(d)/IRT{3}", // itself
		"/Subtype/Text/Rect[10 10 20 20]/NM(a)",        // a name twice
		"/Subtype/Text/Rect[-900 9000 -880 9020]",      // off the page
		"/Subtype/Highlight/Rect[0 0 0 0]",             // nowhere
		"/Subtype/Highlight/Rect[10 10 90 20]/QuadPoints[1 2 3]",
		"/Subtype/Highlight/Rect[10 10 90 20]/QuadPoints[-1e30 20 1e30 20 -1e30 10 1e30 10]",
		"/Subtype/Ink/Rect[10 10 90 20]/InkList 7",
		"/Subtype/Text",
		"/Subtype/Text/Rect[(a)(b)(c)(d)]/Contents 7/M(yesterday)/C(red)/CA(much)",
		"/Subtype/Nonsense/Rect[10 10 20 20]",
		"/Rect[10 10 20 20]",
		"/Subtype/Text/Rect[10 10 20 20]/Contents("+strings.Repeat("long ", 50_000)+")",
	))
	names := map[string]bool{}
	for _, mark := range marks {
		if names[mark.Name] || mark.Name == "" {
			t.Errorf("the name %q is there twice, or empty", mark.Name)
		}
		names[mark.Name] = true
		if box := (pagetext.Rect{0, 0, 612, 792}); mark.Rect.Union(box) != box {
			t.Errorf("%s stands at %v", mark.Name, mark.Rect)
		}
		for _, quad := range mark.Quads {
			if bounds := pdfmark.Bounds(quad); bounds.Union(pagetext.Rect{0, 0, 612, 792}) != (pagetext.Rect{0, 0, 612, 792}) {
				t.Errorf("%s covers %v", mark.Name, bounds)
			}
		}
		if n := len([]rune(mark.Contents)); n > 20_000 {
			t.Errorf("%s says %d characters", mark.Name, n)
		}
	}
	if answers := slices.ContainsFunc(marks, func(m pdfmark.Mark) bool { return m.InReplyTo != "" && m.InReplyTo == m.Name }); answers {
		t.Error("a mark answers itself")
	}
	if len(marks) < 9 {
		t.Errorf("%d marks: %+v", len(marks), marks)
	}
}

func TestTooManyMarksAreCutOff(t *testing.T) {
	many := make([]string, extract.MaxAnnotations+10)
	for i := range many {
		many[i] = "/Subtype/Text/Rect[10 10 20 20]"
	}
	if got := len(marksOf(t, annotated(many...))); got != extract.MaxAnnotations {
		t.Errorf("%d marks", got)
	}
}

// A mark's colour is found by taking its appearance away; the picture of page 1
// must not show that.
func TestReadingMarksDoesNotChangeThePicture(t *testing.T) {
	page := extracttest.TextPage("A line")
	page.Annotations = []string{"/Subtype/Square/Rect[100 100 500 700]/C[0 0 1]/AP<</N{appearance}>>"}
	got := resultOf(t, extracttest.Document{Pages: []extracttest.Page{page}})
	if len(got.Annotations) != 1 || got.Annotations[0].Color != [3]float32{0, 0, 1} {
		t.Errorf("marks: %+v", got.Annotations)
	}
	picture, err := jpeg.Decode(bytes.NewReader(got.Thumbnail))
	if err != nil {
		t.Fatal(err)
	}
	middle := picture.Bounds().Max.Div(2)
	if r, g, b, _ := picture.At(middle.X, middle.Y).RGBA(); r < 0xf000 || g > 0x1000 || b > 0x1000 {
		t.Errorf("the middle is %v", picture.At(middle.X, middle.Y))
	}
}

func TestImpossibleMarksAreRefused(t *testing.T) {
	boxes := []pagetext.Rect{{0, 0, 612, 792}}
	sound := func() pdfmark.Mark {
		return pdfmark.Mark{
			Page: 1, Subtype: pdfmark.Highlight, Rect: pagetext.Rect{1, 1, 9, 9}, Name: "a", Opacity: 1,
			Quads: [][8]float32{{1, 9, 9, 9, 1, 1, 9, 1}},
		}
	}
	if !extract.ValidMarks([]pdfmark.Mark{sound()}, boxes) {
		t.Fatal("a sound mark is refused")
	}
	nan := float32(math.NaN())
	for name, change := range map[string]func(*pdfmark.Mark){
		"no page":              func(m *pdfmark.Mark) { m.Page = 2 },
		"page 0":               func(m *pdfmark.Mark) { m.Page = 0 },
		"no name":              func(m *pdfmark.Mark) { m.Name = "" },
		"a kind that is none":  func(m *pdfmark.Mark) { m.Subtype = "Link" },
		"off the page":         func(m *pdfmark.Mark) { m.Rect[2] = 613 },
		"inside out":           func(m *pdfmark.Mark) { m.Rect[0] = 10 },
		"no number":            func(m *pdfmark.Mark) { m.Rect[0] = nan },
		"no quads":             func(m *pdfmark.Mark) { m.Quads = nil },
		"a quad off the page":  func(m *pdfmark.Mark) { m.Quads[0][3] = -1 },
		"a quad of no numbers": func(m *pdfmark.Mark) { m.Quads[0][3] = nan },
		"half a point":         func(m *pdfmark.Mark) { m.Paths = [][]float32{{1, 2, 3}} },
		"too bright":           func(m *pdfmark.Mark) { m.Color[1] = 2 },
		"too long":             func(m *pdfmark.Mark) { m.Contents = strings.Repeat("a", 20_001) },
		"a long name":          func(m *pdfmark.Mark) { m.Author = strings.Repeat("a", 501) },
		"a zero":               func(m *pdfmark.Mark) { m.Contents = "a\x00b" },
		"an answer to nothing": func(m *pdfmark.Mark) { m.InReplyTo = "b" },
		"an answer to itself":  func(m *pdfmark.Mark) { m.InReplyTo = "a" },
	} {
		mark := sound()
		if change(&mark); extract.ValidMarks([]pdfmark.Mark{mark}, boxes) {
			t.Errorf("%s: taken", name)
		}
	}
	first, second := sound(), sound()
	if extract.ValidMarks([]pdfmark.Mark{first, second}, boxes) {
		t.Error("a name twice: taken")
	}
	second.Name, second.InReplyTo, first.InReplyTo = "b", "a", "b"
	if extract.ValidMarks([]pdfmark.Mark{first, second}, boxes) {
		t.Error("a ring of answers: taken")
	}
}
