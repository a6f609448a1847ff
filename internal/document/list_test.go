package document_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// walk reads a whole list page by page and runs between before each next page.
func walk(t *testing.T, e *documenttest.Env, q document.ListQuery, between func()) []document.Document {
	t.Helper()
	var all []document.Document
	for {
		l, err := e.Documents.List(t.Context(), e.Reader, e.LibraryID, q)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Items) > q.Limit {
			t.Fatalf("%d items, asked for %d", len(l.Items), q.Limit)
		}
		all = append(all, l.Items...)
		if l.Next == "" {
			return all
		}
		q.Cursor = l.Next
		between()
	}
}

func TestAListIsCompleteWhileDocumentsComeAndGo(t *testing.T) {
	e := setup(t)
	old := map[uuid.UUID]bool{}
	for i := range 11 {
		d := documenttest.Doc{Title: fmt.Sprintf("Title %d", i%3), Year: 2000 + i%2, Pages: []string{"x"}}
		if i%4 == 0 {
			d.Year = 0
		}
		if i%5 != 0 {
			e.Clock.Advance(time.Second) // some were added at the same moment
		}
		old[e.Add(t, d).DocumentID] = true
	}
	for _, sort := range []document.Sort{document.SortAdded, document.SortTitle, document.SortYear} {
		for _, descending := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s descending %t", sort, descending), func(t *testing.T) {
				found := walk(t, e, document.ListQuery{Sort: sort, Descending: descending, Limit: 3}, func() {
					a := e.Upload(t, documenttest.Doc{Filename: "Title 1.pdf"})
					e.Upload(t, documenttest.Doc{Filename: "A new one.pdf"})
					if _, err := e.Documents.Trash(t.Context(), e.Editor, a.DocumentID); err != nil {
						t.Fatal(err)
					}
				})
				seen := map[uuid.UUID]int{}
				for _, d := range found {
					if old[d.ID] {
						seen[d.ID]++
					}
				}
				for id := range old {
					if seen[id] != 1 {
						t.Errorf("%s was listed %d times", id, seen[id])
					}
				}
			})
		}
	}
}

func TestTheOrderOfAList(t *testing.T) {
	e := setup(t)
	for _, d := range []documenttest.Doc{{Title: "Zebra", Year: 1990}, {Title: "“Éclair” Methods"}, {Title: "apple", Year: 2020}} {
		d.Pages = []string{"x"}
		e.Add(t, d)
		e.Clock.Advance(time.Second)
	}
	for _, c := range []struct {
		sort       document.Sort
		descending bool
		want       []string
	}{
		{document.SortTitle, false, []string{"apple", "“Éclair” Methods", "Zebra"}},
		{document.SortTitle, true, []string{"Zebra", "“Éclair” Methods", "apple"}},
		{document.SortYear, true, []string{"apple", "Zebra", "“Éclair” Methods"}},
		{document.SortYear, false, []string{"Zebra", "apple", "“Éclair” Methods"}},
		{document.SortAdded, true, []string{"apple", "“Éclair” Methods", "Zebra"}},
		{"", false, []string{"Zebra", "“Éclair” Methods", "apple"}},
	} {
		var got []string
		for _, d := range walk(t, e, document.ListQuery{Sort: c.sort, Descending: c.descending, Limit: 1}, func() {}) {
			got = append(got, d.Title)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s, descending %t: %v, want %v", c.sort, c.descending, got, c.want)
		}
	}
}

func TestFiltersOfAList(t *testing.T) {
	e := setup(t)
	e.Add(t, documenttest.Doc{Title: "Naïve Bayes at 100% recall", Authors: []csl.Name{{Family: "Čapek"}}, Pages: []string{"x"}})
	e.Add(t, documenttest.Doc{Title: "Other_methods", Pages: []string{"x"}})
	e.Upload(t, documenttest.Doc{Filename: "queued.pdf"})
	for _, c := range []struct {
		query document.ListQuery
		want  int64
	}{
		{document.ListQuery{}, 3},
		{document.ListQuery{Text: "NAIVE"}, 1},
		{document.ListQuery{Text: "capek bay"}, 1},
		{document.ListQuery{Text: "naive other"}, 0},
		{document.ListQuery{Text: "%"}, 3},
		{document.ListQuery{Text: "_"}, 3},
		{document.ListQuery{Text: "' OR 1=1 --"}, 0},
		{document.ListQuery{State: document.Ready}, 2},
		{document.ListQuery{State: document.Queued}, 1},
		{document.ListQuery{State: document.Queued, Text: "naive"}, 0},
		{document.ListQuery{Trashed: true}, 0},
	} {
		c.query.Limit = 1
		l, err := e.Documents.List(t.Context(), e.Reader, e.LibraryID, c.query)
		if err != nil || l.Total != c.want || int64(len(walk(t, e, c.query, func() {}))) != c.want {
			t.Errorf("%+v: total %d, %v; want %d", c.query, l.Total, err, c.want)
		}
	}
}

func TestMadeUpCursorsAreRefused(t *testing.T) {
	e := setup(t)
	encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, c := range []string{
		"?", "e30", encode("null"), encode(`{"s":"year","d":true}`), encode(`{"s":"added","d":true,"k":"yesterday-ish"}`),
		encode(`{"s":"added","d":true,"k":""}`), encode(`{"s":"added","d":true,"k":"2026-01-01","i":"x"}`), encode("{\"s\":\"added\",\"d\":true,\"k\":\"\\u0000\"}"),
	} {
		_, err := e.Documents.List(t.Context(), e.Reader, e.LibraryID, document.ListQuery{Sort: document.SortAdded, Descending: true, Cursor: c, Limit: 1})
		if !fault.Is(err, "bad_cursor") {
			t.Errorf("%q: %v", c, err)
		}
	}
}
