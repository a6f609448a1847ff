package pdfupdate_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
	"scrollkeeper.example/scrollkeeper/internal/pdfupdate"
)

// corpus is the folder of real input beside the repository; its tests are left
// out where it is missing.
func corpus(t testing.TB, kind string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpus", kind, "*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("left out: ../shared/corpus/%s is not here", kind)
	}
	return files
}

// some of the files, or all of them with SCROLLKEEPER_CORPUS=full.
func some(t testing.TB, files []string, step int) []string {
	t.Helper()
	if os.Getenv("SCROLLKEEPER_CORPUS") == "full" {
		return files
	}
	var out []string
	for i := 0; i < len(files); i += step {
		out = append(out, files[i])
	}
	t.Logf("%d of %d files; SCROLLKEEPER_CORPUS=full reads all", len(out), len(files))
	return out
}

// inChild updates a file as the server does it.
func inChild(t *testing.T, pool *extract.Pool, path string, r pdfupdate.Request) ([]byte, error) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	return extract.AddMarks(t.Context(), pool, file, "", r)
}

// marksOn makes a highlight on the first line of words of a page, an area and an
// answer.
func marksOn(page pagetext.Page) []pdfupdate.Mark {
	if page.Box.Width() <= 20 || page.Box.Height() <= 20 {
		return nil
	}
	box := pagetext.Rect{page.Box[0] + 5, page.Box[1] + 5, page.Box[0] + 15, page.Box[1] + 15}
	if len(page.Words) > 0 && len(page.Words[0].Boxes) > 0 {
		if word := page.Words[0].Boxes[0]; word.Width() > 1 && word.Height() > 1 && word.Union(page.Box) == page.Box {
			box = word
		}
	}
	name := fmt.Sprintf("mark %d", page.Number)
	first := highlight(page.Number, name, box[0], box[1], box[2], box[3])
	area := pdfupdate.Mark{Mark: pdfmark.Mark{
		Page: page.Number, Subtype: pdfmark.Square, Name: name + " area", Opacity: 1, Color: pdfmark.LineColorOf("question"), Created: noon, Modified: noon,
		Rect: pagetext.Rect{page.Box[0] + 2, page.Box[1] + 2, page.Box[0] + 18, page.Box[1] + 18},
	}}
	reply := pdfupdate.Mark{Mark: pdfmark.Mark{
		Page: page.Number, Subtype: pdfmark.Text, Name: name + " reply", InReplyTo: name, Contents: "Yes", Opacity: 1, Created: noon, Modified: noon, Rect: first.Rect,
	}}
	return []pdfupdate.Mark{first, area, reply}
}

// Papers get marks on their first, middle and last page; PDFium, poppler and
// MuPDF read the result and say no more than they say of the paper itself.
func TestPapersCanBeMarked(t *testing.T) {
	files := some(t, corpus(t, "papers"), 6)
	need(t, "mutool", "pdftotext", "qpdf")
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2})
	writers := extracttest.NewPool(t, extract.Config{WritesOnly: true})
	var slowest time.Duration
	var largest int
	for _, path := range files {
		name := filepath.Base(path)
		var pages []pagetext.Page
		before, err := extract.Run(t.Context(), pool, path, extract.Options{OnPage: func(page pagetext.Page) error {
			pages = append(pages, page)
			return nil
		}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var marks []pdfupdate.Mark
		for _, index := range slices.Compact([]int{0, len(pages) / 2, len(pages) - 1}) {
			marks = append(marks, marksOn(pages[index])...)
		}
		began := time.Now()
		update, err := inChild(t, writers, path, pdfupdate.Request{Marks: marks, Pages: len(pages), At: noon})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		slowest, largest = max(slowest, time.Since(began)), max(largest, len(update))
		original, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		marked := save(t, slices.Concat(original, update))

		after := readBack(t, pool, marked, "")
		if after.PageCount != before.PageCount || len(after.Annotations) != len(before.Annotations)+len(marks) {
			t.Errorf("%s: %d pages and %d marks, then %d and %d", name, before.PageCount, len(before.Annotations), after.PageCount, len(after.Annotations))
		}
		sameMarks(t, after.Annotations, marks)

		text, complaint, _ := try(t, "pdftotext", path, "-")
		markedText, markedComplaint, err := try(t, "pdftotext", marked, "-")
		if err != nil || !bytes.Equal(text, markedText) || complaint != markedComplaint {
			t.Errorf("%s: poppler reads other text, or complains: %v %s", name, err, markedComplaint)
		}
		seen := 0
		_, complaint = listMuPDF(t, path)
		list, more := listMuPDF(t, marked)
		if complaint != more {
			t.Errorf("%s: MuPDF complains: %s", name, more)
		}
		for _, one := range list {
			if one.Type == "Highlight" && one.Author == "Ada Łukasz" {
				page := pages[one.Page-1]
				want := marksOn(page)[0].Rect
				seen++
				if got := one.Rect; page.Rotation == 0 && (got[0] < float64(want[0]-page.Box[0])-1.5 || got[1] < float64(page.Box[3]-want[3])-1.5 ||
					got[2] > float64(want[2]-page.Box[0])+1.5 || got[3] > float64(page.Box[3]-want[1])+1.5) {
					t.Errorf("%s: MuPDF sees the highlight at %v, want %v", name, got, want)
				}
			}
		}
		if want := len(marks) / 3; seen != want {
			t.Errorf("%s: MuPDF sees %d highlights of %d", name, seen, want)
		}
		_, complaint, _ = try(t, "qpdf", "--check", path)
		if _, markedComplaint, _ = try(t, "qpdf", "--check", marked); strings.ReplaceAll(complaint, path, marked) != markedComplaint {
			t.Errorf("%s: qpdf says %s", name, markedComplaint)
		}
	}
	t.Logf("%d papers; slowest %.0f ms, longest update %d bytes", len(files), float64(slowest)/float64(time.Millisecond), largest)
}

// Whatever can be extracted can be marked, or says why not; and what was marked
// can be extracted and has the marks.
func TestHostileFilesCanBeMarkedOrSayWhy(t *testing.T) {
	files := some(t, append(corpus(t, "hostile"), corpus(t, "bombs")...), 12)
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2})
	writers := extracttest.NewPool(t, extract.Config{Jobs: 2, WritesOnly: true})
	var mu sync.Mutex
	ended := map[string]int{}
	var group sync.WaitGroup
	slots := make(chan struct{}, 2)
	for _, path := range files {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			how := markHostile(t, pool, writers, path)
			mu.Lock()
			defer mu.Unlock()
			ended[how]++
		})
	}
	group.Wait()
	for _, how := range slices.Sorted(maps.Keys(ended)) {
		t.Logf("%-40s %d", how, ended[how])
	}
}

func markHostile(t *testing.T, pool, writers *extract.Pool, path string) (how string) {
	t.Helper()
	name := filepath.Base(path)
	var first pagetext.Page
	before, err := extract.Run(t.Context(), pool, path, extract.Options{NoThumbnail: true, OnPage: func(page pagetext.Page) error {
		if first.Number == 0 {
			first = page
		}
		return nil
	}})
	if err != nil {
		return "cannot be extracted"
	}
	marks := marksOn(first)
	if marks == nil {
		return "has no room on its first page"
	}
	update, err := inChild(t, writers, path, pdfupdate.Request{Marks: marks, Pages: before.PageCount, At: noon})
	if err != nil {
		typed, ok := extract.AsError(err)
		if !ok || typed.Message == "" {
			t.Errorf("%s: %v has no kind", name, err)
			return "?"
		}
		if testing.Verbose() {
			t.Logf("%-40s %v: %v", name, typed, typed.Unwrap())
		}
		return string(typed.Kind)
	}
	original, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return "?"
	}
	marked := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(marked, slices.Concat(original, update), 0o600); err != nil {
		t.Error(err)
		return "?"
	}
	after, err := extract.Run(t.Context(), pool, marked, extract.Options{NoThumbnail: true})
	if err != nil {
		t.Errorf("%s: marked, it cannot be extracted: %v", name, err)
		return "?"
	}
	read := byName(after.Annotations)
	for _, mark := range marks {
		if got, ok := read[mark.Name]; !ok || got.Contents != mark.Contents {
			t.Errorf("%s: %s is missing, or says %q", name, mark.Name, got.Contents)
			return "?"
		}
	}
	if after.PageCount != before.PageCount || len(after.Annotations) != len(before.Annotations)+len(marks) {
		t.Errorf("%s: %d pages and %d marks, then %d and %d", name, before.PageCount, len(before.Annotations), after.PageCount, len(after.Annotations))
	}
	return "marked"
}
