package extract

import (
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// TextVersion names the engine and the layout rules that made a page's text.
// It changes whenever the same file could give another text, because positions
// in text of two versions must not be compared.
const TextVersion = "scrollkeeper-3/go-pdfium-1.20.0"

// Info is what is known as soon as a file has been opened.
type Info struct {
	PageCount int `json:"page_count"`
}

// Result is what extraction gives besides the pages.
type Result struct {
	PageCount   int           `json:"page_count"`
	Seconds     float64       `json:"seconds"` // wall clock, without waiting for a free child
	TextVersion string        `json:"text_version"`
	Metadata    []csl.Claim   `json:"metadata"`
	Outline     []OutlineItem `json:"outline"`
	References  []Reference   `json:"references"`
	// Citations are the places in the text that cite References, in its order.
	Citations []Citation `json:"citations"`
	// Annotations are the marks that people made in the file with other
	// programs, page by page, at most MaxAnnotations. What a mark answers is
	// among them, and nothing of a mark is outside the visible part of its page.
	Annotations []pdfmark.Mark `json:"annotations"`
	// FailedPages are those without text because they could not be read, in
	// order; the rest of the document was.
	FailedPages []FailedPage `json:"failed_pages,omitempty"`
	// Thumbnail is page 1 as a JPEG, ThumbnailWidth pixels wide; narrower for
	// a page that is more than three times as high as wide. It is nil when the
	// page cannot be drawn, which does not fail the document.
	Thumbnail []byte `json:"-"`
}

// FailedPage is a page that could not be read, and why: [KindDamaged],
// [KindTimedOut], [KindOutOfMemory] or [KindCrashed].
type FailedPage struct {
	Page int  `json:"page"` // from 1
	Kind Kind `json:"kind"`
}

// ThumbnailWidth in pixels.
const ThumbnailWidth = 480

// OutlineItem is an entry of the file's own table of contents.
type OutlineItem struct {
	Title string `json:"title"`
	Page  int    `json:"page"`  // from 1; 0 when it leads nowhere in this file
	Level int    `json:"level"` // from 0
}

// Reference is a work that the document cites. In JSON its CSL variables stand
// beside raw, page and boxes; "page" is where it stands in this file, so CSL's
// own variable of that name is called pages; in Go it is Item.Page too.
type Reference struct {
	csl.Item
	// Raw is the entry as printed, in one line.
	Raw string `json:"raw"`
	// Pages is CSL's variable "page": the range that the cited work has in its
	// container.
	Pages string `json:"pages,omitempty"`
	// Page is the page that the entry begins on, from 1.
	Page int `json:"page"`
	// Boxes are the entry's lines on Page.
	Boxes []pagetext.Rect `json:"boxes"`
}

// Citation is a place in the text that cites works of the list.
type Citation struct {
	Page       int   `json:"page"`       // from 1
	Start      int   `json:"start"`      // code points in the page's text
	End        int   `json:"end"`        // the first one behind it
	References []int `json:"references"` // indexes into Result.References, from 0
}
