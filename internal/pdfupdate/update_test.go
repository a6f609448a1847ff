package pdfupdate_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"maps"
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
	"scrollkeeper.example/scrollkeeper/internal/pdfupdate"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// updated is file with marks.
func updated(t testing.TB, file []byte, password string, marks ...pdfupdate.Mark) []byte {
	t.Helper()
	update, err := pdfupdate.Make(bytes.NewReader(file), int64(len(file)), password, pdfupdate.Request{Marks: marks, At: noon}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(file, update)
}

func highlight(page int, name string, x0, y0, x1, y1 float32) pdfupdate.Mark {
	quad := pdfmark.QuadOf(pagetext.Rect{x0, y0, x1, y1})
	return pdfupdate.Mark{Mark: pdfmark.Mark{
		Page: page, Subtype: pdfmark.Highlight, Rect: pdfmark.Bounds(quad), Quads: [][8]float32{quad},
		Contents: "Größe — 大きさ\nand more", Author: "Ada Łukasz", Subject: "Key", Name: name,
		Color: pdfmark.ColorOf("key"), Opacity: 1, Created: noon.Add(-time.Hour), Modified: noon,
	}}
}

// everyKind has a mark of each kind that we write, with answers, on one page.
func everyKind(page int) []pdfupdate.Mark {
	one := func(m pdfmark.Mark) pdfupdate.Mark {
		m.Page, m.Opacity, m.Author, m.Created, m.Modified = page, 1, "Bob", noon, noon
		return pdfupdate.Mark{Mark: m}
	}
	underline := highlight(page, "underline", 100, 560, 260, 572)
	underline.Subtype, underline.Color = pdfmark.Underline, pdfmark.LineColorOf("method")
	two := highlight(page, "two lines", 100, 600, 300, 612)
	two.Quads = append(two.Quads, pdfmark.QuadOf(pagetext.Rect{80, 586, 200, 598}))
	two.Rect = pdfmark.Bounds(two.Quads[0]).Union(pdfmark.Bounds(two.Quads[1]))
	return []pdfupdate.Mark{
		one(pdfmark.Mark{Subtype: pdfmark.Text, Contents: "Is it?", Name: "reply", InReplyTo: "two lines", Rect: two.Rect}),
		two, underline,
		one(pdfmark.Mark{Subtype: pdfmark.Text, Contents: "It is.", Name: "reply 2", InReplyTo: "reply", Rect: two.Rect}),
		one(pdfmark.Mark{Subtype: pdfmark.Text, Name: "resolved", InReplyTo: "two lines", StateModel: pdfmark.ModelReview, State: pdfmark.StateCompleted, Rect: two.Rect}),
		one(pdfmark.Mark{Subtype: pdfmark.Square, Rect: pagetext.Rect{100, 300, 300, 400}, Name: "area", Color: pdfmark.LineColorOf("disagree")}),
		one(pdfmark.Mark{Subtype: pdfmark.Text, Rect: pagetext.Rect{350, 300, 370, 320}, Name: "note", Contents: "A note", Color: pdfmark.ColorOf("question")}),
		one(pdfmark.Mark{Subtype: pdfmark.FreeText, Rect: pagetext.Rect{350, 350, 500, 400}, Name: "text", Contents: "Words (on the page)", Color: pdfmark.ColorOf("quote")}),
		one(pdfmark.Mark{Subtype: pdfmark.Ink, Rect: pagetext.Rect{348.5, 448.5, 501.5, 501.5}, Paths: [][]float32{{350, 450, 400, 500, 500, 450}, {400, 460}}, Name: "ink", Color: pdfmark.LineColorOf("method")}),
	}
}

// sameMarks compares what was read with what was written.
func sameMarks(t *testing.T, got []pdfmark.Mark, want []pdfupdate.Mark) {
	t.Helper()
	read := byName(got)
	for _, one := range want {
		mark, ok := read[one.Name]
		if !ok {
			t.Errorf("%s is missing", one.Name)
			continue
		}
		same := func(what string, a, b any) {
			if !reflect.DeepEqual(a, b) {
				t.Errorf("%s: %s is %v, want %v", one.Name, what, a, b)
			}
		}
		same("page", mark.Page, one.Page)
		same("kind", mark.Subtype, one.Subtype)
		same("text", mark.Contents, one.Contents)
		same("author", mark.Author, one.Author)
		same("subject", mark.Subject, one.Subject)
		same("answer", mark.InReplyTo, one.InReplyTo)
		same("state", mark.State, one.State)
		same("hidden", mark.Hidden, false)
		if !mark.Modified.Equal(one.Modified) || !mark.Created.Equal(one.Created) {
			t.Errorf("%s: made %v, changed %v", one.Name, mark.Created, mark.Modified)
		}
		if len(mark.Quads) != len(one.Quads) || len(mark.Paths) != len(one.Paths) {
			t.Errorf("%s: %d quads and %d strokes", one.Name, len(mark.Quads), len(mark.Paths))
			continue
		}
		for i := range one.Quads {
			closeTo(t, one.Name, mark.Quads[i][:], one.Quads[i][:])
		}
		for i := range one.Paths {
			closeTo(t, one.Name, mark.Paths[i], one.Paths[i])
		}
		closeTo(t, one.Name+" (colour)", mark.Color[:], one.Color[:])
		if one.Subtype != pdfmark.Underline { // which is as large as its drawing
			closeTo(t, one.Name+" (box)", mark.Rect[:], one.Rect[:])
		}
	}
}

func closeTo(t *testing.T, name string, a, b []float32) {
	t.Helper()
	if len(a) != len(b) {
		t.Errorf("%s: %v, want %v", name, a, b)
		return
	}
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 0.01 {
			t.Errorf("%s: %v, want %v", name, a, b)
			return
		}
	}
}

func TestMarksComeBack(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	marks := append(everyKind(1), highlight(2, "other page", 72, 700, 200, 712))
	plain := extracttest.PDF("One", "Two")
	file := updated(t, plain, "", marks...)
	if !bytes.HasPrefix(file, plain) {
		t.Error("the file's own bytes changed")
	}
	before, after := readBack(t, pool, save(t, plain), ""), readBack(t, pool, save(t, file), "")
	if before.PageCount != after.PageCount || len(before.Annotations) != 0 {
		t.Errorf("%d pages, then %d", before.PageCount, after.PageCount)
	}
	sameMarks(t, after.Annotations, marks)

	// The same again changes the same marks and makes no new ones.
	again := updated(t, file, "", marks...)
	twice := readBack(t, pool, save(t, again), "")
	sameMarks(t, twice.Annotations, marks)
	if len(twice.Annotations) != len(marks) {
		t.Errorf("%d marks, want %d", len(twice.Annotations), len(marks))
	}
	for i := range marks {
		marks[i].Kept = true
	}
	if update, err := pdfupdate.Make(bytes.NewReader(file), int64(len(file)), "", pdfupdate.Request{Marks: marks, At: noon}, nil); err != nil || update != nil {
		t.Errorf("with nothing to change: %d bytes, %v", len(update), err)
	}
}

func TestOtherProgramsSeeTheMarks(t *testing.T) {
	need(t, "mutool", "pdftotext", "qpdf")
	path := save(t, updated(t, extracttest.PDF("One", "Two"), "", append(everyKind(2), highlight(1, "a", 72, 700, 200, 712))...))
	run(t, "qpdf", "--check", path)
	if text := string(run(t, "pdftotext", path, "-")); !strings.Contains(text, "One") || !strings.Contains(text, "Two") {
		t.Errorf("poppler reads %q", text)
	}
	var seen []string
	list, complaint := listMuPDF(t, path)
	if complaint != "" {
		t.Errorf("MuPDF complains: %s", complaint)
	}
	for _, one := range list {
		seen = append(seen, fmt.Sprintf("%d %s %s", one.Page, one.Type, one.Author))
		if one.Page == 1 && one.Type == "Highlight" {
			if one.Contents != "Größe — 大きさ\nand more" && one.Contents != "Größe — 大きさ\rand more" {
				t.Errorf("MuPDF reads %q", one.Contents)
			}
			want := []float64{72, 792 - 712, 200, 792 - 700}
			for i, v := range want {
				if len(one.Rect) != 4 || math.Abs(one.Rect[i]-v) > 1 {
					t.Fatalf("MuPDF sees it at %v, want %v", one.Rect, want)
				}
			}
			if len(one.Quads) != 1 || len(one.Quads[0]) != 8 || math.Abs(one.Quads[0][0]-72) > 1 || math.Abs(one.Quads[0][1]-80) > 1 ||
				math.Abs(one.Quads[0][6]-200) > 1 || math.Abs(one.Quads[0][7]-92) > 1 {
				t.Errorf("MuPDF has the quads %v", one.Quads)
			}
		}
	}
	slices.Sort(seen)
	want := []string{
		"1 Highlight Ada Łukasz", "2 FreeText Bob", "2 Highlight Ada Łukasz", "2 Ink Bob", "2 Square Bob",
		"2 Text Bob", "2 Text Bob", "2 Text Bob", "2 Text Bob", "2 Underline Ada Łukasz",
	}
	seen = slices.DeleteFunc(seen, func(one string) bool { return strings.Contains(one, "Popup") })
	if !slices.Equal(seen, want) {
		t.Errorf("MuPDF sees %q", seen)
	}
}

// The pages of a paper are turned and cut in every way that a file can say.
func TestMarksAreDrawnWhereTheyAre(t *testing.T) {
	need(t, "mutool", "pdftocairo")
	for _, rotation := range []int{0, 90, 180, 270} {
		for name, crop := range map[string][4]float64{"whole": {}, "cut": {40, 60, 560, 700}} {
			page := extracttest.Page{Rotate: rotation, CropBox: crop, MediaBox: [4]float64{-20, 10, 600, 790}}
			box := pagetext.Rect{-20, 10, 600, 790}
			if name == "cut" {
				box = pagetext.Rect{40, 60, 560, 700}
			}
			plain := extracttest.Document{Pages: []extracttest.Page{page}}.Bytes()
			var without []image.Image
			for _, r := range renderers {
				without = append(without, r.draw(t, save(t, plain), 1))
			}
			marks := map[string]pdfupdate.Mark{
				"highlight": highlight(1, "a", 100, 500, 300, 520),
				"area":      {Mark: pdfmark.Mark{Page: 1, Subtype: pdfmark.Square, Rect: pagetext.Rect{100, 300, 300, 400}, Name: "b", Opacity: 1}},
				"note":      {Mark: pdfmark.Mark{Page: 1, Subtype: pdfmark.Text, Rect: pagetext.Rect{400, 600, 420, 620}, Name: "c", Opacity: 1, Color: pdfmark.ColorOf("key")}},
				"text":      {Mark: pdfmark.Mark{Page: 1, Subtype: pdfmark.FreeText, Rect: pagetext.Rect{370, 300, 490, 340}, Name: "d", Opacity: 1, Contents: "Upright", Color: pdfmark.ColorOf("key")}},
				"ink":       {Mark: pdfmark.Mark{Page: 1, Subtype: pdfmark.Ink, Rect: pagetext.Rect{100, 100, 200, 180}, Paths: [][]float32{{100, 100, 150, 180, 200, 100}}, Name: "e", Opacity: 1}},
			}
			with := save(t, updated(t, plain, "", slices.Collect(maps.Values(marks))...))
			for i, r := range renderers {
				marked := r.draw(t, with, 1)
				for kind, mark := range marks {
					want := shown(mark.Rect, box, rotation)
					got := difference(t, without[i], marked, want.Inset(-25*dotsPerPoint))
					if kind == "note" {
						// The bubble is drawn a little inside its box. MuPDF does not
						// keep it upright, so that it swings out around the hinge.
						room := -dotsPerPoint
						if r.name == "mupdf" && rotation != 0 {
							room = -22 * dotsPerPoint
						}
						if !got.In(want.Inset(room)) || got.Dx() < 20 || got.Dy() < 20 {
							t.Errorf("%s, turned by %d, %s: %s is at %v, want inside %v", r.name, rotation, name, kind, got, want)
						}
						continue
					}
					if !near(got, want) {
						t.Errorf("%s, turned by %d, %s: %s is at %v, want %v", r.name, rotation, name, kind, got, want)
					}
				}
			}
		}
	}
}

func TestEveryStructureOfAFileIsUpdated(t *testing.T) {
	need(t, "qpdf", "mutool")
	pool := extracttest.NewPool(t, extract.Config{})
	document := extracttest.Document{Pages: []extracttest.Page{extracttest.TextPage("One"), extracttest.TextPage("Two")}, Info: map[string]string{"Title": "T"}}
	plain := save(t, document.Bytes())
	made := func(args ...string) []byte {
		out := filepath.Join(t.TempDir(), "made.pdf")
		run(t, "qpdf", append(args, plain, out)...)
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	secret := document
	secret.UserPassword = "secret"
	for name, one := range map[string]struct {
		file     []byte
		password string
	}{
		"a table":            {document.Bytes(), ""},
		"streams":            {made("--object-streams=generate"), ""},
		"linear":             {made("--linearize"), ""},
		"linear and streams": {made("--linearize", "--object-streams=generate"), ""},
		"RC4, 40 bits":       {secret.Bytes(), "secret"},
		"RC4, 128 bits":      {made("--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=n", "--"), ""},
		"AES, 128 bits":      {made("--allow-weak-crypto", "--encrypt", "", "owner", "128", "--use-aes=y", "--"), ""},
		"AES, 256 bits":      {made("--encrypt", "", "owner", "256", "--"), ""},
		"AES and streams":    {made("--object-streams=generate", "--encrypt", "pass", "owner", "256", "--"), "pass"},
		"junk before":        {append([]byte("junk\n"), document.Bytes()...), ""},
		"no end":             {bytes.TrimRight(document.Bytes(), "%EOF\n"), ""},
		"a wrong startxref":  {bytes.Replace(document.Bytes(), []byte("startxref\n"), []byte("startxref\n9"), 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			marks := everyKind(2)
			path := save(t, updated(t, one.file, one.password, marks...))
			result := readBack(t, pool, path, one.password)
			if result.PageCount != 2 {
				t.Errorf("%d pages", result.PageCount)
			}
			sameMarks(t, result.Annotations, marks)
			// A second update stands on the first.
			twice := updated(t, updated(t, one.file, one.password, marks...), one.password, highlight(1, "late", 72, 700, 200, 712))
			sameMarks(t, readBack(t, pool, save(t, twice), one.password).Annotations, append(marks, highlight(1, "late", 72, 700, 200, 712)))
			if name == "junk before" || name == "no end" || name == "a wrong startxref" {
				return // the others complain about what was there before
			}
			args := []string{"--check", path}
			if one.password != "" {
				args = append(args, "--password="+one.password)
			}
			run(t, "qpdf", args...)
		})
	}
}

func TestAFilesOwnMarksAreNotDoubled(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	page := extracttest.TextPage("One")
	page.Annotations = []string{
		"/Subtype/Link/Rect[0 0 10 10]",
		"/Subtype/Highlight/Rect[72 716 144 732]/QuadPoints[72 730 144 730 72 718 144 718]/C[1 0 0]/Contents(Old)/RC(<p>Old</p>)/T(Ada)/NM(own)/AP<</N{appearance}>>",
		"/Subtype/Circle/Rect[200 200 300 300]/Contents(Round)/T(Ada)/AP<</N{appearance}>>/IC[1 1 0]",
		"/Subtype/Squiggly/Rect[72 616 144 632]/QuadPoints[72 630 144 630 72 618 144 618]/C[1 0 0]/NM(wave)",
	}
	file := extracttest.Document{Pages: []extracttest.Page{page}}.Bytes()
	own := readBack(t, pool, save(t, file), "").Annotations
	if len(own) != 3 {
		t.Fatalf("%+v", own)
	}
	reply := pdfupdate.Mark{Mark: pdfmark.Mark{Page: 1, Subtype: pdfmark.Text, Name: "reply", InReplyTo: "own", Contents: "Yes", Opacity: 1, Rect: own[0].Rect, Created: noon, Modified: noon}}

	kept := []pdfupdate.Mark{{Mark: own[0], Kept: true}, {Mark: own[1], Kept: true}, {Mark: own[2], Kept: true}, reply}
	got := readBack(t, pool, save(t, updated(t, file, "", kept...)), "").Annotations
	if len(got) != 4 || !reflect.DeepEqual(got[:3], own) {
		t.Errorf("kept: %+v", got)
	}
	sameMarks(t, got, []pdfupdate.Mark{reply})

	own[0].Contents, own[0].Color, own[0].Modified = "New", pdfmark.ColorOf("quote"), noon
	own[1].Contents, own[1].Subtype, own[1].Modified = "Still round", pdfmark.Square, noon
	own[2].Subtype, own[2].Modified = pdfmark.Underline, noon
	changed := []pdfupdate.Mark{{Mark: own[0]}, {Mark: own[1]}, {Mark: own[2]}, reply}
	got = readBack(t, pool, save(t, updated(t, file, "", changed...)), "").Annotations
	if len(got) != 4 {
		t.Fatalf("changed: %+v", got)
	}
	if got[0].Contents != "New" || pdfmark.MeaningOf(got[0].Color) != "quote" || got[0].Author != "Ada" {
		t.Errorf("the highlight is %+v", got[0])
	}
	if got[1].Contents != "Still round" || got[1].Subtype != pdfmark.Circle || got[2].Subtype != pdfmark.Squiggly {
		t.Errorf("the others are %+v and %+v", got[1], got[2])
	}
}

func TestAFilesOwnMarkCanBeRemoved(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	page := extracttest.TextPage("One")
	page.Annotations = []string{
		"/Subtype/Link/Rect[0 0 10 10]",
		"/Subtype/Highlight/Rect[72 716 144 732]/QuadPoints[72 730 144 730 72 718 144 718]/C[1 0 0]/Contents(Old)/NM(own)/Popup {2}",
		"/Subtype/Popup/Rect[300 300 400 400]/Parent {1}",
		"/Subtype/Text/Rect[72 716 90 732]/Contents(An answer)/NM(answer)/IRT {1}",
		"/Subtype/Text/Rect[72 716 90 732]/Contents(An answer to it)/NM(second)/IRT {3}",
		"/Subtype/Circle/Rect[200 200 300 300]/Contents(Round)/NM(stays)",
	}
	file := extracttest.Document{Pages: []extracttest.Page{page}}.Bytes()
	make := func(removed ...string) []byte {
		t.Helper()
		update, err := pdfupdate.Make(bytes.NewReader(file), int64(len(file)), "", pdfupdate.Request{Removed: removed}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return update
	}
	got := readBack(t, pool, save(t, append(slices.Clone(file), make("own")...)), "").Annotations
	if len(got) != 1 || got[0].Name != "stays" {
		t.Errorf("left: %+v", got)
	}
	got = readBack(t, pool, save(t, append(slices.Clone(file), make("answer")...)), "").Annotations
	if len(got) != 2 {
		t.Errorf("without the answer: %+v", got)
	}
	if update := make("nobody"); update != nil {
		t.Errorf("nothing to remove: %d bytes", len(update))
	}
}

func TestWhatCannotBeUpdatedSaysWhy(t *testing.T) {
	make := func(file []byte, password string, r pdfupdate.Request) error {
		_, err := pdfupdate.Make(bytes.NewReader(file), int64(len(file)), password, r, nil)
		return err
	}
	secret := extracttest.Document{Pages: []extracttest.Page{extracttest.TextPage("One")}, UserPassword: "secret"}.Bytes()
	one := pdfupdate.Request{Marks: []pdfupdate.Mark{highlight(1, "a", 1, 1, 9, 9)}}
	for name, got := range map[string]struct{ err, want error }{
		"a password":      {make(secret, "", one), pdfupdate.ErrPassword},
		"no PDF":          {make([]byte("%PDF-1.4 nothing"), "", one), pdfupdate.ErrDamaged},
		"too few pages":   {make(extracttest.PDF("One"), "", pdfupdate.Request{Marks: []pdfupdate.Mark{highlight(2, "a", 1, 1, 9, 9)}}), pdfupdate.ErrPages},
		"other pages":     {make(extracttest.PDF("One"), "", pdfupdate.Request{Marks: one.Marks, Pages: 2}), pdfupdate.ErrPages},
		"hidden password": {make(hideEncryption(secret), "", one), pdfupdate.ErrEncryption},
	} {
		if !errors.Is(got.err, got.want) {
			t.Errorf("%s: %v", name, got.err)
		}
	}
}

// hideEncryption makes the encryption dictionary one that is no object.
func hideEncryption(file []byte) []byte {
	start := bytes.Index(file, []byte("<</Filter/Standard"))
	end := start + bytes.Index(file[start:], []byte(">>>")) + 3
	dictionary := file[start:end]
	at := bytes.LastIndex(file, []byte("/Encrypt"))
	rest := file[at+len("/Encrypt"):]
	rest = rest[bytes.Index(rest, []byte(" R"))+2:]
	return slices.Concat(file[:at], []byte("/Encrypt"), dictionary, rest)
}
