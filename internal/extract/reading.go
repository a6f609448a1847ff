package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// reading collects, page by page, what the whole document is asked about.
type reading struct {
	structure   structure
	ahead       []comingPage
	running     runningLines
	lists       referenceLists
	citing      citing
	annotations *annotations
	pagesOnly   bool // neither header nor references are asked for
}

// firstPages are looked at for metadata: a paper may begin with a cover, a book
// with a half title, and names of 200 authors fill pages.
const firstPages = 6

func newReading() *reading {
	return &reading{structure: structure{front: newFrontMatter()}, running: runningLines{}, annotations: newAnnotations()}
}

// add takes the next page. It gives back the one that pagesAhead pages came after,
// with its blocks; nil while there is none.
func (r *reading) add(content pageContent) *pageContent {
	texts := lineTexts(content)
	r.running.add(content, texts)
	r.ahead = append(r.ahead, newComingPage(content, texts))
	if len(r.ahead) <= pagesAhead {
		return nil
	}
	return r.next()
}

// next is the next page with its blocks, judged by the pages that have come after
// it; nil when there is none.
func (r *reading) next() *pageContent {
	if len(r.ahead) == 0 {
		return nil
	}
	coming := &r.ahead[0]
	r.structure.classify(coming, r.ahead[1:], &r.lists)
	content := coming.content
	if !r.pagesOnly {
		r.citing.add(content)
	}
	r.ahead = r.ahead[1:]
	return &content
}

// lineTexts gives the text of each line of a page.
func lineTexts(content pageContent) []string {
	texts := make([]string, len(content.lines))
	// One walk along the text: lines are in its order, and a word that a hyphen
	// broke counts for the first of its lines.
	offset, position := 0, 0
	text := content.page.Text
	seek := func(target int) int {
		for position < target && offset < len(text) {
			_, size := utf8.DecodeRuneInString(text[offset:])
			offset += size
			position++
		}
		return offset
	}
	for i, one := range content.lines {
		from := seek(one.start)
		texts[i] = text[from:seek(one.end)]
	}
	return texts
}

// runningLines counts lines in the margins at head and foot of pages, by what
// they say without numbers: those on several pages are no text of the work.
type runningLines map[string]int

// Parts of the page's height that running heads and feet stand in.
const (
	headPart = 0.10
	footPart = 0.12
)

func (r runningLines) add(content pageContent, texts []string) {
	for i := range content.lines {
		if inMargin(content.page, content.lines[i].box) && len(r) < 50_000 {
			r[marginKey(texts[i])]++
		}
	}
}

// has reports whether a line that stands in a margin is repeated.
func (r runningLines) has(text string) bool { return r[marginKey(text)] >= 2 }

func marginKey(text string) string {
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) {
			return -1
		}
		return c
	}, text))
}

// inMargin reports whether a box stands where running heads and feet do, on the
// page as it is shown.
func inMargin(page pagetext.Page, box pagetext.Rect) bool {
	top, bottom := shownEdges(page, box)
	return top < headPart || bottom > 1-footPart
}

// shownEdges is how far down the page a box begins and ends, as a part of the
// page's height as shown.
func shownEdges(page pagetext.Page, box pagetext.Rect) (top, bottom float32) {
	width, height := page.Box.Width(), page.Box.Height()
	if width <= 0 || height <= 0 {
		return 0.5, 0.5
	}
	switch page.Rotation {
	case 90:
		return (box[0] - page.Box[0]) / width, (box[2] - page.Box[0]) / width
	case 180:
		return (box[1] - page.Box[1]) / height, (box[3] - page.Box[1]) / height
	case 270:
		return (page.Box[2] - box[2]) / width, (page.Box[2] - box[0]) / width
	}
	return (page.Box[3] - box[3]) / height, (page.Box[3] - box[1]) / height
}
