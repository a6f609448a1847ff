package anchoring

import "errors"

// Position is a range on one page: its number from 1, and code points of its
// text (pagetext.Page.Text), half open.
type Position struct{ Page, Start, End int }

// Quote is what a mark's text said and what stood around it, as a
// TextQuoteSelector of the W3C Web Annotation Data Model has it.
type Quote struct {
	// Exact is the text itself. Parts on several pages are joined by a space.
	Exact string
	// Prefix and Suffix are what stood before and after it, across the ends of
	// pages: about 32 code points each, more in text that repeats itself. They may
	// be empty.
	Prefix, Suffix string
}

// Status says how far a match can be trusted.
type Status string

const (
	// StatusExact is the same text, in the one place that it can be.
	StatusExact Status = "exact"
	// StatusFuzzy is a text that has changed, or one of several places that are
	// about equal. A person should look at it.
	StatusFuzzy Status = "fuzzy"
	// StatusOrphan is a text that is not there, or it cannot be told where.
	StatusOrphan Status = "orphan"
)

// Match is where a quote was found.
type Match struct {
	Status Status
	// Score from 0 to 1: how sure it is. 1 for the same text at its hint or in
	// the only place that has it; 0 for an orphan.
	Score float64
	// Parts by page, one for each page that the text stands on; nil for an
	// orphan.
	Parts []Position
}

// ErrOutside tells that a part is not a range of its page's text, or that there
// are no parts.
var ErrOutside = errors.New("anchoring: the range is not inside the text")

// The length of a quote's prefix and suffix, in code points: usually, and where
// that does not tell its place from others.
const (
	contextLength    = 32
	maxContextLength = 256
)
