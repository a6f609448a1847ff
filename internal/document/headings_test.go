package document_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// finishWith ends an upload with these pages and this outline of the file.
func finishWith(t *testing.T, e *documenttest.Env, outline []document.OutlineItem, pages ...pagetext.Page) documenttest.Added {
	t.Helper()
	a := e.Upload(t, documenttest.Doc{})
	attempt := e.Begin(t, a)
	w, err := e.Documents.NewPageWriter()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	for _, page := range pages {
		if err := w.Add(page); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Documents.Finish(t.Context(), attempt, document.Result{PageCount: len(pages), TextVersion: "test-1", Pages: w, Outline: outline}); err != nil {
		t.Fatal(err)
	}
	return a
}

func headedPages() []pagetext.Page {
	first := documenttest.Page(1, "On Größe\nIntroduction\nSome text")
	first.Blocks = []pagetext.Block{
		{Kind: pagetext.Heading, Level: 1, Start: 0, End: 8, Box: pagetext.Rect{72, 700, 200, 720}},
		{Kind: pagetext.Heading, Level: 2, Start: 9, End: 21, Box: pagetext.Rect{72, 650, 200, 662}},
		{Kind: pagetext.Paragraph, Start: 22, End: 31, Box: pagetext.Rect{72, 600, 200, 612}},
	}
	second := documenttest.Page(2, "More\nDetails\nResults")
	second.Rotation = 90
	second.Blocks = []pagetext.Block{
		{Kind: pagetext.RunningHead, Start: 0, End: 4},
		{Kind: pagetext.Heading, Level: 4, Start: 5, End: 12, Box: pagetext.Rect{72, 650, 200, 662}},
		{Kind: pagetext.Heading, Level: 2, Start: 13, End: 20, Box: pagetext.Rect{72, 600, 200, 612}},
	}
	return []pagetext.Page{first, second}
}

func TestHeadingsAreTheOutlineOfAFileWithoutOne(t *testing.T) {
	e := setup(t)
	a := finishWith(t, e, nil, headedPages()...)
	pages, err := e.Documents.Pages(t.Context(), e.Reader, a.EditionID)
	if err != nil {
		t.Fatal(err)
	}
	y := float32(662)
	// The title is the whole's, and a level that nothing has is no step.
	want := []document.OutlineItem{
		{Title: "Introduction", Page: 1, Level: 0, Y: &y},
		{Title: "Details", Page: 2, Level: 1},
		{Title: "Results", Page: 2, Level: 0},
	}
	if !pages.OutlineFound || !reflect.DeepEqual(pages.Outline, want) {
		t.Errorf("found %v: %+v", pages.OutlineFound, pages.Outline)
	}
}

func TestAFilesOwnOutlineComesFirst(t *testing.T) {
	e := setup(t)
	own := []document.OutlineItem{{Title: "Own", Page: 1}}
	a := finishWith(t, e, own, headedPages()...)
	pages, err := e.Documents.Pages(t.Context(), e.Reader, a.EditionID)
	if err != nil || pages.OutlineFound || !reflect.DeepEqual(pages.Outline, own) {
		t.Errorf("found %v: %+v, %v", pages.OutlineFound, pages.Outline, err)
	}
}

func TestBlocksAreStoredWithTheirPage(t *testing.T) {
	e := setup(t)
	pages := headedPages()
	a := finishWith(t, e, nil, append(pages, documenttest.Page(3, "no blocks"))...)
	for i, want := range [][]pagetext.Block{pages[0].Blocks, pages[1].Blocks, {}} {
		got, err := e.Documents.Page(t.Context(), e.Reader, a.EditionID, i+1)
		if err != nil || !reflect.DeepEqual(got.Blocks, want) {
			t.Errorf("page %d: %+v, %v", i+1, got.Blocks, err)
		}
	}
}

func TestRunningHeadsAndPageNumbersAreNotSearched(t *testing.T) {
	e := setup(t)
	page := documenttest.Page(1, "A Zebu Book\nSome text\n317")
	page.Blocks = []pagetext.Block{
		{Kind: pagetext.RunningHead, Start: 0, End: 11},
		{Kind: pagetext.Paragraph, Start: 12, End: 21},
		{Kind: pagetext.PageNumber, Start: 22, End: 25},
	}
	alone := documenttest.Page(2, "Zebu")
	alone.Blocks = []pagetext.Block{{Kind: pagetext.RunningHead, Start: 0, End: 4}}
	a := finishWith(t, e, nil, page, alone)
	for word, want := range map[string][]int{"zebu": {2}, "text": {1}, "317": {}} {
		rows, err := e.Pool.Query(t.Context(), `SELECT number FROM edition_pages WHERE edition_id = $1 AND tsv @@ to_tsquery('simple', $2) ORDER BY number`, a.EditionID, word)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pgx.CollectRows(rows, pgx.RowTo[int])
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s is found on pages %v (%v), want %v", word, got, err, want)
		}
	}
	if got, err := e.Documents.Page(t.Context(), e.Reader, a.EditionID, 1); err != nil || got.Text != page.Text {
		t.Errorf("stored %q, %v", got.Text, err)
	}
}
