package extract_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// readBlock is a block as tests write it: "heading 2: Results".
func readBlock(page pagetext.Page, block pagetext.Block) string {
	text := string([]rune(page.Text)[block.Start:block.End])
	if block.Level > 0 {
		return fmt.Sprintf("%s %d: %s", block.Kind, block.Level, text)
	}
	return fmt.Sprintf("%s: %s", block.Kind, text)
}

func readBlocks(page pagetext.Page) []string {
	blocks := make([]string, len(page.Blocks))
	for i, one := range page.Blocks {
		blocks[i] = readBlock(page, one)
	}
	return blocks
}

func compareBlocks(t *testing.T, page int, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		has, wants := "nothing", "nothing"
		if i < len(got) {
			has = got[i]
		}
		if i < len(want) {
			wants = want[i]
		}
		if has != wants {
			t.Errorf("page %d, block %d:\n got %s\nwant %s", page, i, has, wants)
		}
	}
}

// sourceBlocks are the blocks that a page's source says, for each page.
func sourceBlocks(t *testing.T, source string) [][]string {
	t.Helper()
	data, err := os.ReadFile(source) //nolint:gosec // a test's own file
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var pages [][]string
	for node := range root.Descendants() {
		attributes := map[string]string{}
		for _, one := range node.Attr {
			attributes[one.Key] = one.Val
		}
		if attributes["class"] == "page" {
			pages = append(pages, nil)
		}
		kind, ok := attributes["data-kind"]
		if !ok {
			continue
		}
		text := attributes["data-text"]
		if text == "" {
			text = strings.Join(strings.Fields(strings.ReplaceAll(textOf(node), "\u00ad", "")), " ")
		}
		last := len(pages) - 1
		pages[last] = append(pages[last], kind+": "+text)
	}
	return pages
}

func TestPagesAreReadAsTheirSourcesSay(t *testing.T) {
	sources, pdfs := printed(t, "text")
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2})
	for i, source := range sources {
		t.Run(strings.TrimSuffix(filepath.Base(source), ".html"), func(t *testing.T) {
			got := extractPaper(t, pool, pdfs[i])
			checkPages(t, got)
			want := sourceBlocks(t, source)
			if len(got.pages) != len(want) {
				t.Fatalf("%d pages, want %d", len(got.pages), len(want))
			}
			for p := range want {
				compareBlocks(t, p+1, readBlocks(got.pages[p]), want[p])
			}
		})
	}
}

// extractDocument reads a document that a test wrote.
func extractDocument(t *testing.T, document extracttest.Document) paper {
	t.Helper()
	file := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(file, document.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got := extractPaper(t, extracttest.NewPool(t, extract.Config{Jobs: 1}), file)
	checkPages(t, got)
	return got
}

var leftColumn = []string{
	"The first column begins here and runs", "down the page line by line until it", "meets the foot, and every line of it", "is drawn before the line beside it,",
	"which belongs to the other column.",
}

var rightColumn = []string{
	"The second column is read when the", "first one is over. That its lines were", "drawn between those of the first is", "nothing that a reader could see on",
	"the page, and so it is not told.",
}

func TestColumnsInterleavedInTheStream(t *testing.T) {
	var page extracttest.Page
	for i := range leftColumn {
		y := 700 - 14*float64(i)
		page.Texts = append(page.Texts, extracttest.Text{X: 72, Y: y, Size: 11, Text: leftColumn[i]}, extracttest.Text{X: 320, Y: y, Size: 11, Text: rightColumn[i]})
	}
	got := extractDocument(t, extracttest.Document{Pages: []extracttest.Page{page}})
	compareBlocks(t, 1, readBlocks(got.pages[0]), []string{
		"paragraph: " + strings.Join(leftColumn, " "), "paragraph: " + strings.Join(rightColumn, " "),
	})
}

func TestACaptionBetweenColumns(t *testing.T) {
	var page extracttest.Page
	add := func(x, y float64, lines ...string) {
		for i, line := range lines {
			page.Texts = append(page.Texts, extracttest.Text{X: x, Y: y - 14*float64(i), Size: 11, Text: line})
		}
	}
	add(72, 700, leftColumn...)
	add(320, 700, rightColumn...)
	page.Texts = append(page.Texts, extracttest.Text{X: 72, Y: 500, Size: 9, Text: "Figure 2. A picture over both columns, with what is said of it in one line that crosses the gutter between them."})
	add(72, 440, leftColumn...)
	add(320, 440, rightColumn...)
	got := extractDocument(t, extracttest.Document{Pages: []extracttest.Page{page}})
	left, right := "paragraph: "+strings.Join(leftColumn, " "), "paragraph: "+strings.Join(rightColumn, " ")
	compareBlocks(t, 1, readBlocks(got.pages[0]), []string{
		left, right, "caption: Figure 2. A picture over both columns, with what is said of it in one line that crosses the gutter between them.", left, right,
	})
}

// rotated draws a page's lines so that they are upright when the page is shown
// turned clockwise by that many degrees.
func rotated(rotation int, head string, lines []string) extracttest.Page {
	page := extracttest.Page{MediaBox: [4]float64{0, 0, 600, 800}, Rotate: rotation}
	width, height := 600.0, 800.0
	if rotation%180 != 0 {
		width, height = height, width
	}
	add := func(x, y, size float64, text string) { // on the page as shown
		switch rotation {
		case 90:
			x, y = 600-y, x
		case 180:
			x, y = width-x, height-y
		case 270:
			x, y = y, 800-x
		}
		page.Texts = append(page.Texts, extracttest.Text{X: x, Y: y, Size: size, Angle: rotation, Text: text})
	}
	add(72, height-30, 8, head)
	for i, line := range lines {
		add(72, height-120-14*float64(i), 11, line)
	}
	return page
}

func TestRotatedPages(t *testing.T) {
	var document extracttest.Document
	rotations := []int{0, 90, 180, 270}
	for _, rotation := range rotations {
		document.Pages = append(document.Pages, rotated(rotation, "Pages in Every Direction", leftColumn))
	}
	got := extractDocument(t, document)
	for i, rotation := range rotations {
		page := got.pages[i]
		if page.Rotation != rotation {
			t.Errorf("page %d is turned by %d", i+1, page.Rotation)
		}
		compareBlocks(t, i+1, readBlocks(page), []string{"running_head: Pages in Every Direction", "paragraph: " + strings.Join(leftColumn, " ")})
	}
}

func TestTextOutsideOfTheCropBox(t *testing.T) {
	page := extracttest.Page{MediaBox: [4]float64{0, 0, 612, 792}, CropBox: [4]float64{50, 400, 562, 742}}
	page.Texts = append(page.Texts, extracttest.Text{X: 72, Y: 770, Size: 9, Text: "proof.pdf 12 March 2004 14:35"})
	for i, line := range leftColumn {
		page.Texts = append(page.Texts, extracttest.Text{X: 72, Y: 600 - 14*float64(i), Size: 11, Text: line})
	}
	page.Texts = append(page.Texts, extracttest.Text{X: 72, Y: 100, Size: 11, Text: "What was cut off"})
	got := extractDocument(t, extracttest.Document{Pages: []extracttest.Page{page}})
	compareBlocks(t, 1, readBlocks(got.pages[0]), []string{"paragraph: " + strings.Join(leftColumn, " ")})
}

func TestBlocksCoverTheText(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2})
	for _, file := range corpus(t, "papers")[:12] {
		got := extractPaper(t, pool, file)
		checkPages(t, got)
		kinds := map[pagetext.BlockKind]int{}
		for _, page := range got.pages {
			for _, block := range page.Blocks {
				kinds[block.Kind]++
			}
		}
		for _, kind := range []pagetext.BlockKind{pagetext.Heading, pagetext.Paragraph, pagetext.RunningHead, pagetext.Reference} {
			if kinds[kind] == 0 {
				t.Errorf("%s: no %s among %v", filepath.Base(file), kind, kinds)
			}
		}
	}
}

// checkBlocks holds blocks to what pagetext promises.
func checkBlocks(t *testing.T, page pagetext.Page) {
	t.Helper()
	text := []rune(page.Text)
	end := 0
	for i, one := range page.Blocks {
		if i > 0 {
			if end >= len(text) || text[end] != '\n' {
				t.Fatalf("page %d: no line end after block %d", page.Number, i-1)
			}
			end++
		}
		if one.Start != end || one.End <= one.Start || one.End > len(text) || slices.Contains(text[one.Start:one.End], '\n') {
			t.Fatalf("page %d: block %+v after %d", page.Number, one, end)
		}
		if !slices.Contains(pagetext.BlockKinds, one.Kind) || (one.Kind == pagetext.Heading) != (one.Level > 0) || one.Level > pagetext.DeepestHeading {
			t.Fatalf("page %d: block %+v", page.Number, one)
		}
		end = one.End
	}
	if end != len(text) {
		t.Errorf("page %d: blocks end at %d of %d", page.Number, end, len(text))
	}
}
