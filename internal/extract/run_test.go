package extract_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// write puts data into a file for the test.
func write(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// read extracts a document that must be readable.
func read(t *testing.T, pool *extract.Pool, document extracttest.Document) paper {
	t.Helper()
	got := extractPaper(t, pool, write(t, document.Bytes()))
	checkPages(t, got)
	return got
}

// readPage extracts a document of one page.
func readPage(t *testing.T, pool *extract.Pool, page extracttest.Page) pagetext.Page {
	t.Helper()
	return read(t, pool, extracttest.Document{Pages: []extracttest.Page{page}}).pages[0]
}

func kindOf(t *testing.T, err error) extract.Kind {
	t.Helper()
	typed, ok := extract.AsError(err)
	if !ok {
		t.Fatalf("%v has no kind", err)
	}
	if typed.Message == "" || !strings.HasSuffix(typed.Message, ".") {
		t.Errorf("message %q is no sentence", typed.Message)
	}
	return typed.Kind
}

// boxOf is the box of a word that stands in one line.
func boxOf(t *testing.T, page pagetext.Page, word string) pagetext.Rect {
	t.Helper()
	text := []rune(page.Text)
	for _, one := range page.Words {
		if string(text[one.Start:one.End]) == word {
			if len(one.Boxes) != 1 {
				t.Fatalf("%q has boxes %v", word, one.Boxes)
			}
			return one.Boxes[0]
		}
	}
	t.Fatalf("no word %q in %q", word, page.Text)
	return pagetext.Rect{}
}

func near(a, b, tolerance float32) bool { return math.Abs(float64(a-b)) <= float64(tolerance) }

func TestRunGivesPagesInOrderWithTextAndBoxes(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	var order []string
	path := write(t, extracttest.PDF("Hello wörld", "Page two"))
	result, err := extract.Run(t.Context(), pool, path, extract.Options{
		OnInfo: func(info extract.Info) error {
			if info.PageCount != 2 {
				t.Errorf("page count %d", info.PageCount)
			}
			order = append(order, "info")
			return nil
		},
		OnPage: func(page pagetext.Page) error {
			order = append(order, page.Text)
			if page.Number == 1 {
				if page.Box != (pagetext.Rect{0, 0, 612, 792}) || page.Rotation != 0 || page.Label != "" {
					t.Errorf("page %+v", page)
				}
				// Helvetica 12 at 72, 720: "Hello" is 27.3 points wide.
				box := boxOf(t, page, "Hello")
				if !near(box[0], 72, 1) || !near(box[2], 99.3, 1) || box[1] > 720 || box[3] < 728 || box.Height() > 18 {
					t.Errorf("box of Hello: %v", box)
				}
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"info", "Hello wörld", "Page two"}; !slices.Equal(order, want) {
		t.Errorf("got %q, want %q", order, want)
	}
	if result.PageCount != 2 || result.Seconds <= 0 || result.TextVersion != extract.TextVersion {
		t.Errorf("result %+v", result)
	}
}

func TestThumbnailIsPageOne(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	for name, one := range map[string]struct {
		box           [4]float64
		width, height int
	}{
		"a letter":         {[4]float64{0, 0, 612, 792}, 480, 621},
		"a very high page": {[4]float64{0, 0, 10, 10000}, 1, 1440},
		"a very wide page": {[4]float64{0, 0, 14400, 3}, 480, 1},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, pool, extracttest.Document{Pages: []extracttest.Page{{MediaBox: one.box}}})
			picture, err := jpeg.Decode(bytes.NewReader(got.result.Thumbnail))
			if err != nil {
				t.Fatal(err)
			}
			if size := picture.Bounds().Size(); size.X != one.width || size.Y != one.height {
				t.Errorf("%v, want %d × %d", size, one.width, one.height)
			}
		})
	}
	result, err := extract.Run(t.Context(), pool, write(t, extracttest.PDF("x")), extract.Options{NoThumbnail: true})
	if err != nil {
		t.Fatal(err)
	}
	if result.Thumbnail != nil {
		t.Errorf("NoThumbnail gave %d bytes", len(result.Thumbnail))
	}
}

func TestTextAloneIsTheSameText(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2})
	// Enough pages for a second child to help.
	document := extracttest.Document{Info: map[string]string{"Title": "A title of some words"}}
	for i := range 40 {
		document.Pages = append(document.Pages, extracttest.TextPage(fmt.Sprintf("Text of page number %d", i+1)))
	}
	path := write(t, document.Bytes())
	pages := func(opts extract.Options) (pages []pagetext.Page, result *extract.Result) {
		opts.OnPage = func(page pagetext.Page) error {
			pages = append(pages, page)
			return nil
		}
		result, err := extract.Run(t.Context(), pool, path, opts)
		if err != nil {
			t.Fatal(err)
		}
		return pages, result
	}
	whole, _ := pages(extract.Options{})
	alone, result := pages(extract.Options{TextOnly: true})
	if len(alone) != len(whole) {
		t.Fatalf("%d pages, want %d", len(alone), len(whole))
	}
	for i := range whole {
		if len(whole[i].Blocks) == 0 || len(alone[i].Blocks) > 0 {
			t.Errorf("page %d: %d blocks, alone %d", i+1, len(whole[i].Blocks), len(alone[i].Blocks))
		}
		whole[i].Blocks, alone[i].Blocks = nil, nil
		if !reflect.DeepEqual(alone[i], whole[i]) {
			t.Errorf("page %d: %v, want %v", i+1, alone[i], whole[i])
		}
	}
	if result.PageCount != 40 || len(result.Metadata)+len(result.References)+len(result.Thumbnail) > 0 {
		t.Errorf("%d pages, metadata %v, references %v, thumbnail of %d bytes", result.PageCount, result.Metadata, result.References, len(result.Thumbnail))
	}
}

func TestAnyPageCanBeDrawn(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	document := extracttest.Document{Pages: []extracttest.Page{{}, {Content: "1 0 0 rg 0 0 306 792 re f", Rotate: 90}}}
	file, err := os.Open(write(t, document.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	data, err := extract.Render(t.Context(), pool, file, extract.PageRequest{Page: 2, Width: 1000})
	if err != nil {
		t.Fatal(err)
	}
	picture, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X != 1000 || size.Y != 773 {
		t.Errorf("%v, want 1000 × 773", size)
	}
	// The left half is red; turned clockwise it is the upper one.
	if r, g, _, _ := picture.At(500, 100).RGBA(); r < 0xf000 || g > 0x1000 {
		t.Error("the upper half is not red")
	}
	if _, g, _, _ := picture.At(500, 700).RGBA(); g < 0xf000 {
		t.Error("the lower half is not white")
	}
	_, err = extract.Render(t.Context(), pool, file, extract.PageRequest{Page: 3, Width: 100})
	if kind := kindOf(t, err); kind != extract.KindNoPages {
		t.Error(err)
	}
	for _, wanted := range []extract.PageRequest{{Page: 0, Width: 100}, {Page: 1}, {Page: 1, Width: extract.MaxPictureWidth + 1}} {
		if _, err := extract.Render(t.Context(), pool, file, wanted); err == nil {
			t.Errorf("%+v was drawn", wanted)
		}
	}
}

func TestLinesBecomeParagraphsAndBrokenWordsOneWord(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	page := readPage(t, pool, extracttest.TextPage(strings.Join([]string{
		"A line that goes on in the next with a bro-",
		"ken word, and a name such as Kohn-",
		"Sham that keeps its hyphen.",
		"",
		"Another paragraph stands below, after a gap.",
	}, "\n")))
	want := "A line that goes on in the next with a broken word, and a name such as Kohn-Sham that keeps its hyphen.\n" +
		"Another paragraph stands below, after a gap."
	if page.Text != want {
		t.Errorf("got  %q\nwant %q", page.Text, want)
	}
	for _, word := range page.Words {
		text := string([]rune(page.Text)[word.Start:word.End])
		want := 1
		if text == "broken" || text == "Kohn-Sham" {
			want = 2
		}
		if len(word.Boxes) != want {
			t.Errorf("%q has %d boxes, want %d", text, len(word.Boxes), want)
		}
	}
}

// columnText is a line of running text as wide as a column.
func columnText(column string, line int) string {
	return column + string(rune('a'+line)) + " words of running text in here"
}

func TestColumnsAreReadOneAfterTheOther(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	page := extracttest.Page{Texts: []extracttest.Text{
		{X: 120, Y: 740, Size: 18, Text: "A title across both of the columns"},
		{X: 100, Y: 40, Text: "A foot line that spans the page across both of the columns"},
	}}
	// The content stream goes across, as some programs write it, and both
	// columns have a gap at the same height.
	var left, right []string
	for i := range 12 {
		y := 700 - 14*float64(i)
		if i >= 6 {
			y -= 20
		}
		left, right = append(left, columnText("left", i)), append(right, columnText("right", i))
		page.Texts = append(page.Texts,
			extracttest.Text{X: 72, Y: y, Size: 10, Text: left[i]},
			extracttest.Text{X: 320, Y: y, Size: 10, Text: right[i]})
	}
	got := readPage(t, pool, page)
	flat := strings.ReplaceAll(got.Text, "\n", " ")
	want := "A title across both of the columns " + strings.Join(left, " ") + " " + strings.Join(right, " ") +
		" A foot line that spans the page across both of the columns"
	if flat != want {
		t.Errorf("got  %q\nwant %q", flat, want)
	}
}

func TestTablesAreReadByRows(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	page := extracttest.Page{}
	for i, row := range [][3]string{{"Name", "Year", "Size"}, {"alpha", "1999", "12.5"}, {"beta", "2004", "7.25"}, {"gamma", "2012", "0.5"}} {
		for j, cell := range row {
			page.Texts = append(page.Texts, extracttest.Text{X: 72 + 120*float64(j), Y: 700 - 14*float64(i), Text: cell})
		}
	}
	want := "Name Year Size alpha 1999 12.5 beta 2004 7.25 gamma 2012 0.5"
	if got := strings.ReplaceAll(readPage(t, pool, page).Text, "\n", " "); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestBoxesStandInUserSpaceWhateverThePageDoes(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	for name, page := range map[string]extracttest.Page{
		"plain":                    {},
		"crop box":                 {CropBox: [4]float64{50, 60, 500, 700}},
		"rotated":                  {Rotate: 90},
		"rotated with a crop box":  {Rotate: 270, CropBox: [4]float64{50, 60, 500, 700}},
		"media box off the origin": {MediaBox: [4]float64{-100, -50, 512, 742}},
	} {
		t.Run(name, func(t *testing.T) {
			page.Texts = []extracttest.Text{{X: 200, Y: 300, Text: "Here"}}
			got := readPage(t, pool, page)
			box := boxOf(t, got, "Here")
			if !near(box[0], 200, 1.5) || !near(box[2], 226, 2) || box[1] > 300 || box[1] < 295 || box[3] < 308 || box[3] > 316 {
				t.Errorf("box %v", box)
			}
			if got.Rotation != page.Rotate {
				t.Errorf("rotation %d, want %d", got.Rotation, page.Rotate)
			}
			if page.CropBox != ([4]float64{}) && got.Box != (pagetext.Rect{50, 60, 500, 700}) {
				t.Errorf("page box %v", got.Box)
			}
		})
	}
}

func TestTurnedTextKeepsItsOrder(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	page := extracttest.Page{}
	for _, angle := range []int{0, 90, 180, 270} {
		page.Texts = append(page.Texts, extracttest.Text{
			X: 306, Y: 396, Angle: angle, Text: "   one two three " + string(rune('A'+angle/90)),
		})
	}
	for line := range strings.SplitSeq(readPage(t, pool, page).Text, "\n") {
		if !strings.HasPrefix(line, "one two three ") {
			t.Errorf("line %q", line)
		}
	}
}

func TestOutlineLabelsAndInformation(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	got := read(t, pool, extracttest.Document{
		Pages:  []extracttest.Page{extracttest.TextPage("one"), extracttest.TextPage("two"), {}},
		Labels: []string{"iv", "A-1"},
		Info:   map[string]string{"Title": "On the Naming of Things", "Author": "Ada Lovelace; Jan van der Berg", "doi": "10.1234/ABC.5"},
		Outline: []extracttest.OutlineItem{
			{Title: "Anfänge", Page: 1}, {Title: "Sub", Page: 2, Level: 1}, {Title: "Nowhere"},
		},
	})
	want := []extract.OutlineItem{{Title: "Anfänge", Page: 1}, {Title: "Sub", Page: 2, Level: 1}, {Title: "Nowhere"}}
	if !slices.Equal(got.result.Outline, want) {
		t.Errorf("outline %+v", got.result.Outline)
	}
	if got.pages[0].Label != "iv" || got.pages[1].Label != "A-1" || got.pages[2].Text != "" {
		t.Errorf("pages %+v", got.pages)
	}
	item := csl.Resolve(got.result.Metadata)
	if item.Title != "On the Naming of Things" || item.DOI != "10.1234/abc.5" || len(item.Author) != 2 ||
		item.Author[1].Given != "Jan" || item.Author[1].Family != "van der Berg" {
		t.Errorf("item %+v", item)
	}
}

func TestEncryptedFilesAskForTheirPassword(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	path := write(t, extracttest.Document{Pages: []extracttest.Page{extracttest.TextPage("secret")}, UserPassword: "opensesame"}.Bytes())
	_, err := extract.Run(t.Context(), pool, path, extract.Options{})
	if kind := kindOf(t, err); kind != extract.KindPasswordRequired {
		t.Errorf("without: %s", kind)
	}
	_, err = extract.Run(t.Context(), pool, path, extract.Options{Password: "wrong"})
	if kind := kindOf(t, err); kind != extract.KindWrongPassword {
		t.Errorf("wrong: %s", kind)
	}
	var text string
	_, err = extract.Run(t.Context(), pool, path, extract.Options{Password: "opensesame", OnPage: func(page pagetext.Page) error {
		text = page.Text
		return nil
	}})
	if err != nil || text != "secret" {
		t.Errorf("right: %q, %v", text, err)
	}
}

func TestBadFilesFailWithTheirKind(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{MaxPages: 3})
	whole := extracttest.PDF("some text")
	// A handler that nobody has: the text cannot be read, however sound the file is.
	foreign := bytes.Replace(extracttest.Document{Pages: []extracttest.Page{extracttest.TextPage("secret")}, OwnerPassword: "mine"}.Bytes(),
		[]byte("/Filter/Standard"), []byte("/Filter/Stranger"), 1)
	for name, one := range map[string]struct {
		data []byte
		kind extract.Kind
	}{
		"empty":              {nil, extract.KindEmptyFile},
		"not a PDF":          {[]byte("GIF89a and so on"), extract.KindNotAPDF},
		"header too far in":  {append(bytes.Repeat([]byte(" "), extract.SniffLength), whole...), extract.KindNotAPDF},
		"cut short":          {whole[:100], extract.KindDamaged},
		"a header alone":     {[]byte("%PDF-1.7\n"), extract.KindDamaged},
		"no pages":           {extracttest.Document{}.Bytes(), extract.KindNoPages},
		"another encryption": {foreign, extract.KindUnsupported},
		"more than MaxPages": {extracttest.PDF("1", "2", "3", "4"), extract.KindTooManyPages},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := extract.Run(t.Context(), pool, write(t, one.data), extract.Options{})
			if kind := kindOf(t, err); kind != one.kind {
				t.Errorf("%v, want %s", err, one.kind)
			}
		})
	}
}

func TestFilesThatOnlyTheirOwnerMayChangeAreRead(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	page := read(t, pool, extracttest.Document{Pages: []extracttest.Page{extracttest.TextPage("for everybody")}, OwnerPassword: "mine"}).pages[0]
	if page.Text != "for everybody" {
		t.Errorf("text %q", page.Text)
	}
}

func TestFilesLargerThanMemoryAreReadInParts(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a sparse file of 1.9 GiB")
	}
	pool := extracttest.NewPool(t, extract.Config{})
	path := filepath.Join(t.TempDir(), "large.pdf")
	file, err := os.Create(path) //nolint:gosec // a test's own folder
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	// The same file, its xref and trailer at the far end: offsets are those of
	// the small one, and nothing but the end is read to find them.
	data := extracttest.PDF("far away")
	at := bytes.LastIndex(data, []byte("trailer"))
	const end = 1900 << 20
	if _, err := file.WriteAt(data, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(data[at:], end); err != nil {
		t.Fatal(err)
	}
	_, err = extract.Run(t.Context(), pool, path, extract.Options{OnPage: func(page pagetext.Page) error {
		if page.Text != "far away" {
			t.Errorf("text %q", page.Text)
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if peak := extract.PeakResident(pool); peak > 256<<20 {
		t.Errorf("the child held %d MB", peak>>20)
	}
	if err := file.Truncate(1<<31 + 1); err != nil {
		t.Fatal(err)
	}
	_, err = extract.Run(t.Context(), pool, path, extract.Options{})
	if kind := kindOf(t, err); kind != extract.KindTooLarge {
		t.Errorf("over 2 GiB: %v", err)
	}
}

func TestCallersErrorsComeBackAsTheyAre(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	path := write(t, extracttest.PDF("one", "two"))
	own := errors.New("the database is away")
	_, err := extract.Run(t.Context(), pool, path, extract.Options{OnPage: func(pagetext.Page) error { return own }})
	if !errors.Is(err, own) {
		t.Errorf("from OnPage: %v", err)
	}
	_, err = extract.Run(t.Context(), pool, path, extract.Options{OnInfo: func(extract.Info) error { return own }})
	if !errors.Is(err, own) {
		t.Errorf("from OnInfo: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = extract.Run(ctx, pool, path, extract.Options{OnPage: func(pagetext.Page) error {
		cancel()
		return ctx.Err()
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: %v", err)
	}
	if _, err = extract.Run(t.Context(), pool, filepath.Join(t.TempDir(), "none.pdf"), extract.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := extract.Run(t.Context(), pool, path, extract.Options{}); err != nil {
		t.Errorf("after all that: %v", err)
	}
}
