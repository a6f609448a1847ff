package document_test

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

func cites(page, start, end int, references ...int) document.Citation {
	return document.Citation{TextRange: document.TextRange{Page: page, Start: start, End: end}, References: references}
}

// cited is a paper of two pages that cites two works.
func cited() documenttest.Doc {
	return documenttest.Doc{
		Title: "Citing", Pages: []string{"as was said [1] and [1, 2]", "References [1] A [2] B"},
		References: []document.Reference{
			{
				Item: csl.Item{Title: "A", DOI: "10.1000/A", Author: []csl.Name{{Family: "Ada"}}}, Raw: "[1] Ada. A.", Page: 2,
				Boxes: []pagetext.Rect{{72, 700, 300, 712}, {72, 688, 200, 700}},
			},
			{Raw: "[2] B", Page: 2},
		},
		Citations: []document.Citation{cites(1, 12, 15, 0), cites(1, 20, 26, 0, 1)},
	}
}

func TestReferencesAreKeptWithTheirPlaces(t *testing.T) {
	e := setup(t)
	a := e.Add(t, cited())
	list, err := e.Documents.References(t.Context(), e.Reader, a.EditionID)
	if err != nil || len(list.Items) != 2 || list.TextVersion != "test-1" {
		t.Fatalf("%+v, %v", list, err)
	}
	want := cited().References
	want[0].Cited = []document.TextRange{{Page: 1, Start: 12, End: 15}, {Page: 1, Start: 20, End: 26}}
	want[1].Boxes, want[1].Cited = []pagetext.Rect{}, []document.TextRange{{Page: 1, Start: 20, End: 26}}
	if !reflect.DeepEqual(list.Items, want) {
		t.Errorf("got  %+v\nwant %+v", list.Items, want)
	}

	t.Run("another edition has its own", func(t *testing.T) {
		second := e.Add(t, documenttest.Doc{Of: a.DocumentID, Pages: []string{"x"}})
		if list, err := e.Documents.References(t.Context(), e.Reader, second.EditionID); err != nil || len(list.Items) != 0 {
			t.Errorf("the second: %+v, %v", list, err)
		}
		if list, err := e.Documents.References(t.Context(), e.Reader, a.EditionID); err != nil || len(list.Items) != 2 {
			t.Errorf("the first: %+v, %v", list, err)
		}
	})
	t.Run("a work that the library has is named", func(t *testing.T) {
		has := e.Add(t, documenttest.Doc{Pages: []string{"x"}})
		doi := document.Correction{Field: "DOI", Value: []byte(`"https://doi.org/10.1000/a"`)}
		if _, err := e.Documents.SetField(t.Context(), e.Editor, has.DocumentID, doi); err != nil {
			t.Fatal(err)
		}
		list, err := e.Documents.References(t.Context(), e.Reader, a.EditionID)
		if err != nil || list.Items[0].DocumentID.UUID != has.DocumentID || list.Items[1].DocumentID.Valid {
			t.Errorf("%+v, %v", list.Items, err)
		}
		if _, err := e.Documents.Trash(t.Context(), e.Editor, has.DocumentID); err != nil {
			t.Fatal(err)
		}
		if list, err := e.Documents.References(t.Context(), e.Reader, a.EditionID); err != nil || list.Items[0].DocumentID.Valid {
			t.Errorf("in the trash: %+v, %v", list.Items, err)
		}
	})
	t.Run("over HTTP", func(t *testing.T) {
		site := documenttest.Serve(t, func(api *httpapi.API) { document.Mount(api, e.Documents) })
		got := strings.TrimSpace(string(site.Do(e.Reader, "GET", "/api/editions/"+a.EditionID.String()+"/references", "").Body))
		want := `{"text_version":"test-1","items":[` +
			`{"index":0,"raw":"[1] Ada. A.","csl":{"title":"A","author":[{"family":"Ada"}],"DOI":"10.1000/A"},"page":2,` +
			`"boxes":[[72,700,300,712],[72,688,200,700]],"cited":[{"page":1,"start":12,"end":15},{"page":1,"start":20,"end":26}],"document_id":null},` +
			`{"index":1,"raw":"[2] B","csl":{},"page":2,"boxes":[],"cited":[{"page":1,"start":20,"end":26}],"document_id":null}]}`
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestReferencesWaitForTheParse(t *testing.T) {
	e := setup(t)
	a := e.Upload(t, documenttest.Doc{})
	if _, err := e.Documents.References(t.Context(), e.Reader, a.EditionID); !fault.Is(err, "not_ready") {
		t.Errorf("references: %v", err)
	}
}

func TestHostileReferencesAreStored(t *testing.T) {
	e := setup(t)
	nan := float32(math.NaN())
	many := make([]document.Reference, 25_000)
	many[0] = document.Reference{
		Item: csl.Item{Title: "a\x00b"}, Raw: "a\x00b \xff" + strings.Repeat("ü", 50_000), Page: -3, Boxes: []pagetext.Rect{{nan, 0, 0, 0}},
	}
	many[1] = document.Reference{Item: csl.Item{Title: strings.Repeat("x", 1<<20)}, Raw: "long", Page: 99}
	a := e.Add(t, documenttest.Doc{
		Pages: []string{"x"}, References: many,
		Citations: []document.Citation{
			cites(0, 0, 1, 0), cites(2, 0, 1, 0), cites(1, 3, 3, 0), cites(1, -1, 2, 0), cites(1, 0, math.MaxInt, 0),
			cites(1, 0, 1), cites(1, 0, 1, -1, 20_000, math.MaxInt), cites(1, 0, 1, 1), cites(1, 0, 1, 1),
		},
	})
	list, err := e.Documents.References(t.Context(), e.Reader, a.EditionID)
	if err != nil || len(list.Items) != 20_000 {
		t.Fatalf("%d items, %v", len(list.Items), err)
	}
	first, second := list.Items[0], list.Items[1]
	if first.Item.Title != "" || !strings.HasPrefix(first.Raw, "a\ufffdb \ufffd") || len([]rune(first.Raw)) != 10_000 || first.Page != 1 || len(first.Boxes) != 0 {
		t.Errorf("%.80s, %+v", first.Raw, first.Item)
	}
	if second.Item.Title != "" || second.Raw != "long" || second.Page != 1 || len(second.Cited) != 1 || len(first.Cited) != 0 {
		t.Errorf("%+v", second)
	}
}

func TestReadAgainInTheBackground(t *testing.T) {
	e := setup(t)
	a := e.Add(t, cited())
	e.Rename(t, a.DocumentID, "What Ada calls it")
	reparse := func() document.Attempt {
		t.Helper()
		attempt, err := e.Documents.BeginReparse(context.Background(), a.EditionID)
		if err != nil {
			t.Fatal(err)
		}
		return attempt
	}
	old, current := reparse(), reparse() // the worker of the first was thought dead
	if old.Number == current.Number || !current.Reparse {
		t.Errorf("attempts %+v and %+v", old, current)
	}
	if page, err := e.Documents.Page(t.Context(), e.Reader, a.EditionID, 1); err != nil || !strings.HasPrefix(page.Text, "as was said") {
		t.Errorf("read meanwhile: %q, %v", page.Text, err)
	}
	if err := e.Finish(t, old, documenttest.Doc{Pages: []string{"old"}}); err == nil {
		t.Error("the stale attempt was taken")
	}
	if err := e.Finish(t, current, documenttest.Doc{Title: "Read again", Year: 1999, Pages: []string{"new"}}); err != nil {
		t.Fatal(err)
	}
	if err := e.Finish(t, current, cited()); err == nil {
		t.Error("it was taken twice")
	}
	d, err := e.Documents.Get(t.Context(), e.Reader, a.DocumentID)
	if err != nil || d.Title != "What Ada calls it" || *d.Year != 1999 || d.Edition.State != document.Ready || *d.Edition.PageCount != 1 {
		t.Errorf("%+v, %v", d.Document, err)
	}
	if list, err := e.Documents.References(t.Context(), e.Reader, a.EditionID); err != nil || len(list.Items) != 0 {
		t.Errorf("the former references: %+v, %v", list, err)
	}
	if page, err := e.Documents.Page(t.Context(), e.Reader, a.EditionID, 1); err != nil || page.Text != "new" || len(page.Words) != 1 {
		t.Errorf("page %+v, %v", page, err)
	}
	if keys := blobs(t, e); len(keys) != 2 || !strings.Contains(keys[0], "/3/words") {
		t.Errorf("blobs %v", keys)
	}
	if next := reparse(); next.Number <= current.Number {
		t.Errorf("the next attempt has number %d", next.Number)
	}
}
