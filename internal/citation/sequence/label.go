package sequence

// Label is what a token of a reference is part of.
type Label uint8

// The labels. The first token of a person or body has a label of its own, so
// that neighbours in a list are told apart.
const (
	Other Label = iota // punctuation, and cues as "vol." and "In"
	AuthorFamilyFirst
	AuthorFamily
	AuthorGivenFirst
	AuthorGiven
	AuthorBodyFirst // an author that is no person
	AuthorBody
	AuthorBetween // between the parts of names, and "et al."
	EditorFamilyFirst
	EditorFamily
	EditorGivenFirst
	EditorGiven
	EditorBetween
	Title
	Container
	Series
	Edition
	Publisher
	Place
	Date
	Accessed
	Volume
	Issue
	Page
	DOI
	URL
	Number // of a report, an arXiv paper; an ISBN
	Genre  // "PhD thesis", "[Data set]"
	Note
	Labels // how many there are
)

var labelNames = [Labels]string{
	"other", "author-family-first", "author-family", "author-given-first", "author-given", "author-body-first", "author-body",
	"author-between", "editor-family-first", "editor-family", "editor-given-first", "editor-given", "editor-between", "title",
	"container", "series", "edition", "publisher", "place", "date", "accessed", "volume", "issue", "page", "doi", "url", "number",
	"genre", "note",
}

func (l Label) String() string {
	if l < Labels {
		return labelNames[l]
	}
	return "unknown"
}
