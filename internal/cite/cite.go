package cite

import (
	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/citeproc"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// MaxCited is how many documents may be cited at once.
const MaxCited = 500

// MaxExported is how many documents may be chosen for one file; a whole library
// may have more.
const MaxExported = 10_000

// Kind of a style: how its citations look.
type Kind string

// The kinds of styles.
const (
	InText  Kind = "in-text" // by names, and mostly years
	Numeric Kind = "numeric"
	Note    Kind = "note"
)

// Style is one that citations can be formatted in.
type Style struct {
	ID    string
	Title string
	Kind  Kind
}

// Request says what to cite, and how.
type Request struct {
	// DocumentIDs in the order in which they are cited; each counts once.
	DocumentIDs []uuid.UUID
	Style       string // Style.ID
	// Lang is the language of the words between, as "de-DE"; empty for the
	// style's own.
	Lang string
}

// Cited is one document's part.
type Cited struct {
	DocumentID uuid.UUID
	Citation   citeproc.Text
	// Entry is empty in a style without a bibliography.
	Entry citeproc.Text
}

// Citations are documents as a text cites them.
type Citations struct {
	// Works in the order in which they were asked for.
	Works []Cited
	// Together is the one citation of all.
	Together citeproc.Text
	// Bibliography has the places in Works of the entries, in the style's order.
	Bibliography []int
	// HangingIndent: lines of an entry but the first are moved in.
	HangingIndent bool
}

// export is a format of files: its ending, and its media type.
type export struct{ ending, mediaType string }

var exports = map[biblio.Format]export{
	biblio.BibTeX:   {".bib", "application/x-bibtex; charset=utf-8"},
	biblio.BibLaTeX: {".bib", "application/x-bibtex; charset=utf-8"},
	biblio.RIS:      {".ris", "application/x-research-info-systems; charset=utf-8"},
	biblio.CSLJSON:  {".json", "application/vnd.citationstyles.csl+json"},
	biblio.EndNote:  {".xml", "application/xml"},
	biblio.NBIB:     {".nbib", "text/plain; charset=utf-8"},
}

var (
	errStyle    = fault.New(fault.Invalid, "unknown_style", "There is no such citation style. Choose another one.")
	errLang     = fault.New(fault.Invalid, "bad_language", "A language is given by its tag, as en-GB.")
	errFormat   = fault.New(fault.Invalid, "bad_format", "Choose one of the formats bibtex, biblatex, ris, csljson, endnote and nbib.")
	errNotFound = fault.New(fault.NotFound, "document_not_found", "Of these documents, one is not in this library or is in its trash.")
	errNone     = fault.New(fault.Invalid, "no_documents", "Choose at least one document.")
	errTooMany  = fault.New(fault.Invalid, "too_many_documents", "Choose fewer documents, or take out the whole library.")
)
