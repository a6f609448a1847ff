package transfer_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/transfer"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; -update writes it anew. Got:\n%s", name, got)
	}
}

func pages() []document.PageInfo {
	box := pagetext.Rect{0, 0, 612, 792}
	return []document.PageInfo{
		{Number: 1, Label: "iv", Box: box},
		{Number: 2, Box: box},
		{Number: 3, Box: pagetext.Rect{40, 60, 560, 700}, Rotation: 90},
	}
}

func person(n byte, name string) annotation.Person {
	return annotation.Person{ID: uuid.NullUUID{UUID: uuid.UUID{15: n}, Valid: true}, Name: name}
}

// nasty is what somebody writes who wants to see what breaks.
const nasty = `=HYPERLINK("https://evil.example","<script>alert(1)</script>") *and* | more`

// marks are some of every kind, with answers.
func marks() []annotation.Annotation {
	ada, bob := person(1, "Ada Lovelace"), person(2, "Bob <b>")
	one := func(n byte, kind annotation.Kind, meaning annotation.Meaning, anchor annotation.Anchor) annotation.Annotation {
		anchor.Status = annotation.Exact
		return annotation.Annotation{
			ID: uuid.UUID{0: 0xa, 15: n}, Kind: kind, Meaning: meaning, Author: ada, CreatedAt: noon, UpdatedAt: noon, Anchor: anchor, Origin: annotation.FromPerson,
		}
	}
	quad := [8]float32{72, 712, 200, 712, 72, 700, 200, 700}
	highlight := one(1, annotation.Highlight, annotation.Key, annotation.Anchor{
		Exact: "the *same* text", Prefix: "before ", Suffix: " after",
		Parts: []annotation.Part{{Page: 1, Start: new(10), End: new(25), Quads: [][8]float32{quad}}},
	})
	highlight.Body = "See @[Bob <b>](person:00000000-0000-0000-0000-000000000002): **why**?\n\nSecond paragraph."
	highlight.ResolvedAt, highlight.ResolvedBy = new(noon.Add(2*time.Hour)), &bob
	highlight.Replies = []annotation.Reply{
		{ID: uuid.UUID{0: 0xb, 15: 1}, Author: bob, Body: "Because.\nLook there.", CreatedAt: noon.Add(time.Hour)},
		{ID: uuid.UUID{0: 0xb, 15: 2}, Author: bob, CreatedAt: noon.Add(time.Hour), DeletedAt: new(noon)},
	}
	over := one(2, annotation.Underline, annotation.Question, annotation.Anchor{
		Exact: "over two pages", Parts: []annotation.Part{
			{Page: 1, Start: new(30), End: new(40), Quads: [][8]float32{quad}},
			{Page: 2, Start: new(0), End: new(5), Quads: [][8]float32{quad}},
		},
	})
	over.Author, over.Body = bob, nasty
	area := one(3, annotation.Area, annotation.Disagree, annotation.Anchor{Parts: []annotation.Part{{Page: 3, Rect: &pagetext.Rect{100, 200, 300, 400}}}})
	note := one(4, annotation.Note, annotation.Method, annotation.Anchor{Parts: []annotation.Part{{Page: 2, Rect: &pagetext.Rect{100, 200, 120, 220}}}})
	note.Body, note.Private, note.EditedAt = "A note to myself", true, new(noon.Add(time.Hour))
	text := one(5, annotation.Text, annotation.Quote, annotation.Anchor{Parts: []annotation.Part{{Page: 2, Rect: &pagetext.Rect{300, 300, 400, 340}}}})
	text.Body = "1. not a list"
	ink := one(6, annotation.Ink, annotation.Method, annotation.Anchor{Parts: []annotation.Part{
		{Page: 3, Rect: &pagetext.Rect{100, 100, 150, 150}, Paths: [][]float32{{100, 100, 125.5, 150}, {150, 100, 150, 150}}},
	}})
	lost := one(7, annotation.Highlight, annotation.Key, annotation.Anchor{Exact: "no longer there"})
	lost.Anchor.Status = annotation.Orphan
	return []annotation.Annotation{highlight, over, note, text, area, ink, lost}
}

func sheet() *transfer.Sheet {
	item := csl.Item{Author: []csl.Name{{Family: "Hopper", Given: "Grace"}}, ContainerTitle: "A Journal", DOI: "10.1234/x", Issued: csl.NewDate(2025)}
	return transfer.NewSheet("On <Methods> & *Means*", item, noon, pages(), marks()...)
}

func TestSummariesAreAsBefore(t *testing.T) {
	s := sheet()
	for _, group := range []transfer.Group{transfer.ByPage, transfer.ByPerson, transfer.ByMeaning} {
		golden(t, string(group)+".md", s.Markdown(group))
	}
	golden(t, "page.csv", s.CSV(transfer.ByPage))
	page, err := s.HTML(transfer.ByPage)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "page.html", page)
	collection, err := s.JSONLD()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "marks.jsonld", collection)
}

func TestTablesRunNothing(t *testing.T) {
	data := sheet().CSV(transfer.ByPage)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != 8 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("column %s: %q is a formula", rows[0][i], cell)
			}
		}
	}
	if rows[2][5] != "'"+nasty {
		t.Errorf("the text became %q", rows[2][5])
	}
	if bytes.Count(data, []byte("\n")) != bytes.Count(data, []byte("\r\n")) {
		t.Error("rows do not end in CR LF")
	}
}

func TestPagesHoldNoMarkupOfOthers(t *testing.T) {
	data, err := sheet().HTML(transfer.ByPage)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for n := range tree.Descendants() {
		switch n.Type {
		case html.TextNode:
			text.WriteString(n.Data)
		case html.ElementNode:
			switch n.Data {
			case "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "a", "b", "section", "article", "blockquote", "ul", "li":
			default:
				t.Errorf("there is a <%s>", n.Data)
			}
			for _, attribute := range n.Attr {
				if attribute.Key == "src" || strings.HasPrefix(attribute.Key, "on") {
					t.Errorf("<%s> has %s", n.Data, attribute.Key)
				}
				if attribute.Key == "href" && !strings.HasPrefix(attribute.Val, "https://papers.example.org/d/") {
					t.Errorf("a link leads to %s", attribute.Val)
				}
			}
		default:
		}
	}
	for _, want := range []string{nasty, "Bob <b>", "On <Methods> & *Means*", "@Bob <b>: **why**?"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not there as it was written", want)
		}
	}
}

func TestWebAnnotationsComeBack(t *testing.T) {
	data, err := sheet().JSONLD()
	if err != nil {
		t.Fatal(err)
	}
	got, skipped, err := transfer.Read(data, pages())
	if err != nil || skipped != 0 {
		t.Fatalf("%d left out, %v", skipped, err)
	}
	want := marks()
	if len(got) != len(want) {
		t.Fatalf("%d marks, want %d", len(got), len(want))
	}
	for i, m := range got {
		w := want[i]
		name := fmt.Sprintf("mark %d", i+1)
		if m.Kind != w.Kind || m.Meaning != w.Meaning || m.Author != w.Author.Name || !m.Created.Equal(w.CreatedAt) ||
			m.OriginKey != w.ID.String() || m.Private != w.Private || m.Resolved != (w.ResolvedAt != nil) {
			t.Errorf("%s: %+v", name, m)
		}
		if w.Kind.OnText() && (m.Quote == nil || m.Quote.Exact != w.Anchor.Exact || m.Quote.Prefix != w.Anchor.Prefix) {
			t.Errorf("%s: quote %+v", name, m.Quote)
		}
		if len(w.Anchor.Parts) == 0 {
			continue
		}
		part := w.Anchor.Parts[0]
		if len(m.Parts) == 0 || m.Parts[0].Page != part.Page {
			t.Errorf("%s: parts %+v", name, m.Parts)
			continue
		}
		switch {
		case w.Kind == annotation.Ink:
			if !reflect.DeepEqual(m.Parts[0].Paths, part.Paths) {
				t.Errorf("%s: %v, want %v", name, m.Parts[0].Paths, part.Paths)
			}
		case !w.Kind.OnText():
			if *m.Parts[0].Rect != *part.Rect {
				t.Errorf("%s: %v, want %v", name, *m.Parts[0].Rect, *part.Rect)
			}
		default:
			if *m.Parts[0].Start != *part.Start || len(w.Anchor.Parts) == 1 && *m.Parts[0].End != *part.End {
				t.Errorf("%s: from %d to %d", name, *m.Parts[0].Start, *m.Parts[0].End)
			}
		}
	}
	if r := got[0].Replies; len(r) != 1 || r[0].Body != "Because.\nLook there." || r[0].Author != "Bob <b>" {
		t.Errorf("replies: %+v", r)
	}
	if got[0].Body != "See @Bob <b>: **why**?\n\nSecond paragraph." {
		t.Errorf("body: %q", got[0].Body)
	}
}

func TestHypothesisIsRead(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "hypothesis.json"))
	if err != nil {
		t.Fatal(err)
	}
	got, skipped, err := transfer.Read(data, pages())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || skipped != 0 {
		t.Fatalf("%d marks, %d left out", len(got), skipped)
	}
	if !slices.ContainsFunc(got, func(m annotation.Imported) bool { return m.Kind == annotation.Document }) {
		t.Error("a note on the page as a whole is none")
	}
	first := got[0]
	if first.Quote == nil || first.Quote.Exact != "whole populations" || first.Quote.Prefix != "samples of " || first.Kind != annotation.Highlight ||
		first.Author != "Grace H." || first.Body != "Is this so?" || first.Meaning != annotation.Question || first.Private ||
		!first.Created.Equal(time.Date(2024, 5, 6, 7, 8, 9, 123456000, time.UTC)) {
		t.Errorf("%+v, quote %+v", first, first.Quote)
	}
	if len(first.Parts) != 0 {
		t.Errorf("positions of another text are used: %+v", first.Parts)
	}
	if len(first.Replies) != 2 || first.Replies[0].Body != "It is." || first.Replies[1].Body != "Sure?" || first.Replies[1].Author != "alan" {
		t.Errorf("replies: %+v", first.Replies)
	}
	if last := got[len(got)-1]; !last.Private || last.Author != "alan" {
		t.Errorf("for its author alone: %+v", last)
	}
}

func TestOtherJSONIsRefused(t *testing.T) {
	for _, text := range []string{"", "7", "null", `"x"`, "{}", `{"items":7}`, `{"items":{"items":{"items":{"items":{"items":[]}}}}}`, "[", "\xff", "%PDF-1.7"} {
		if got, _, err := transfer.Read([]byte(text), pages()); err == nil {
			t.Errorf("%q is taken: %+v", text, got)
		}
	}
	many := "[" + strings.Repeat("{},", 5_000) + "{}]"
	if _, _, err := transfer.Read([]byte(many), pages()); err == nil {
		t.Error("too many are taken")
	}
	for text, want := range map[string]int{
		"[]":           0,
		`[1,"x",null]`: 3,
		`[{"id":"a","target":{"selector":{"type":"TextQuoteSelector","exact":""}}}]`:                                                   1,
		`[{"id":"a","target":{"selector":{"type":"FragmentSelector","value":"page=9&viewrect=1,1,5,5"}}}]`:                             1,
		`[{"id":"a","motivation":"replying","target":"b"},{"id":"b","motivation":"replying","target":"a"}]`:                            2,
		`{"id":"a","motivation":"replying","references":["a"],"target":[]}`:                                                            1,
		`[{"id":"a","target":{"selector":{"type":"FragmentSelector","value":"page=1&viewrect=NaN,1,5,5"}}}]`:                           1,
		`[{"id":"a","target":{"selector":{"type":"TextPositionSelector","start":1,"end":5}}}]`:                                         1,
		`[{"id":"a","target":{"selector":{"type":"FragmentSelector","value":"page=1","refinedBy":{"type":"SvgSelector","value":7}}}}]`: 1,
	} {
		got, skipped, err := transfer.Read([]byte(text), pages())
		if err != nil || len(got) != 0 || skipped != want {
			t.Errorf("%s: %d marks, %d left out, %v", text, len(got), skipped, err)
		}
	}
}

func TestPlacesOfTurnedPagesComeBack(t *testing.T) {
	box := pagetext.Rect{40, 60, 560, 700}
	r := pagetext.Rect{100, 200, 300, 250}
	for rotation, want := range map[int]pagetext.Rect{
		0:   {60, 450, 260, 500},
		90:  {140, 60, 190, 260},
		180: {260, 140, 460, 190},
		270: {450, 260, 500, 460},
	} {
		view, back := transfer.ViewAndBack(r, document.PageInfo{Number: 1, Box: box, Rotation: rotation})
		if view != want || back != r {
			t.Errorf("turned by %d: seen at %v, want %v, and comes back as %v", rotation, view, want, back)
		}
	}
}

func FuzzReadAnnotations(f *testing.F) {
	data, err := sheet().JSONLD()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	if sample, err := os.ReadFile(filepath.Join("testdata", "hypothesis.json")); err == nil {
		f.Add(sample)
	}
	f.Add([]byte(`[{"target":{"selector":[{"type":"RangeSelector","startSelector":{"type":"FragmentSelector","value":"page=1&viewrect=1,2,3,4"}}]}}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, skipped, err := transfer.Read(data, pages())
		if err != nil {
			return
		}
		if len(got)+skipped > 5_000 {
			t.Fatalf("%d marks and %d left out", len(got), skipped)
		}
		for _, m := range got {
			if m.OriginKey == "" || m.Kind == "" || m.Meaning == "" {
				t.Fatalf("%+v", m)
			}
			for _, part := range m.Parts {
				if part.Page < 1 || part.Page > len(pages()) {
					t.Fatalf("page %d", part.Page)
				}
				numbers := []float32{}
				for _, path := range part.Paths {
					numbers = append(numbers, path...)
				}
				if part.Rect != nil {
					numbers = append(numbers, part.Rect[:]...)
				}
				for _, v := range numbers {
					if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
						t.Fatalf("%+v", part)
					}
				}
			}
		}
	})
}

func FuzzParseSVG(f *testing.F) {
	f.Add(`<svg><path d="M1 2L3 4M5 6L7 8"/></svg>`)
	f.Add(` d="M1e99 2"`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, path := range transfer.ParseSVG(text, pages()[2]) {
			if len(path)%2 != 0 || len(path) == 0 {
				t.Fatalf("%v", path)
			}
		}
		page, view := transfer.ParseFragment(text)
		if page < 0 || page == 0 && view != nil {
			t.Fatalf("page %d, %v", page, view)
		}
	})
}
