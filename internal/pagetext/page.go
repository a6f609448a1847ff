package pagetext

// Rect is a box on a page: x0, y0, x1, y1 in PDF points (1/72 inch), with
// x0 <= x1 and y0 <= y1. The space is the default user space of the page
// (ISO 32000-2, 8.3.2.3): origin at the bottom left, y upwards, before the
// page's rotation is applied and not moved to the crop box.
type Rect [4]float32

// Width in points.
func (r Rect) Width() float32 { return r[2] - r[0] }

// Height in points.
func (r Rect) Height() float32 { return r[3] - r[1] }

// Union is the smallest box around r and s.
func (r Rect) Union(s Rect) Rect {
	return Rect{min(r[0], s[0]), min(r[1], s[1]), max(r[2], s[2]), max(r[3], s[3])}
}

// Word is one word of a page's text.
type Word struct {
	// Start and End are code point offsets in Page.Text, half open.
	Start int `json:"start"`
	End   int `json:"end"`
	// Boxes has one box for each line that the word stands on: two when it was
	// broken by a hyphen.
	Boxes []Rect `json:"boxes"`
}

// Page is the text of one page and where it stands.
type Page struct {
	// Number is the page's place in the file, from 1.
	Number int `json:"number"`
	// Label is what the file calls the page ("iv", "312"); empty when it does
	// not say.
	Label string `json:"label"`
	// Box is the visible part of the page (its crop box inside its media box).
	Box Rect `json:"box"`
	// Rotation is how far the page is turned clockwise when shown: 0, 90, 180
	// or 270 degrees.
	Rotation int `json:"rotation"`
	// Text is the page's text in reading order; see the package documentation.
	Text string `json:"text"`
	// Words in the order of Text; they do not overlap.
	Words []Word `json:"words"`
	// Blocks say what each paragraph of Text is: one block for each, in order.
	Blocks []Block `json:"blocks"`
}

// Block is a paragraph of a page's text, as pieces between "\n" are called here,
// and what it is.
type Block struct {
	Kind BlockKind `json:"kind"`
	// Level of a heading from 1, the title of the whole, to 6; 0 for other kinds.
	Level int `json:"level,omitempty"`
	// Start and End are code point offsets in Page.Text, half open.
	Start int `json:"start"`
	End   int `json:"end"`
	// Box is around all its words.
	Box Rect `json:"box"`
}

// BlockKind is what a paragraph is.
type BlockKind string

// The kinds of paragraphs.
const (
	Paragraph   BlockKind = "paragraph" // running text, and whatever is nothing else
	Heading     BlockKind = "heading"
	ListItem    BlockKind = "list_item"
	Caption     BlockKind = "caption" // of a figure, a table and the like
	Footnote    BlockKind = "footnote"
	RunningHead BlockKind = "running_head" // also at the foot of a page, or in its margin
	PageNumber  BlockKind = "page_number"
	Formula     BlockKind = "formula"   // that stands by itself
	Reference   BlockKind = "reference" // of a list of references
)

// BlockKinds are all kinds.
var BlockKinds = []BlockKind{Paragraph, Heading, ListItem, Caption, Footnote, RunningHead, PageNumber, Formula, Reference}

// DeepestHeading is the highest level that a heading can have.
const DeepestHeading = 6
