package organise

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Color is a tag's colour, by name: each theme has its own tones for it.
type Color string

// Colors are all there are, in the order in which they are offered.
var Colors = []Color{"grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"}

func (c Color) valid() bool { return slices.Contains(Colors, c) }

// Tag is a word that people put on documents.
type Tag struct {
	ID    uuid.UUID
	Name  string // unique in its library, whatever the case
	Color Color
	// Documents counts those that have it and are not in the trash.
	Documents int64
}

// TagChange says what is to be different; nil leaves as it is.
type TagChange struct {
	Name  *string
	Color *Color
}

// Change names documents of one library, to get something and to lose it. As an
// answer it has those that did, in the order of their ids.
type Change struct {
	Add    []uuid.UUID
	Remove []uuid.UUID
}

const (
	maxTagName = 60  // code points
	maxTags    = 500 // of a library

	maxCollectionName = 120 // code points
	maxCollections    = 2000
	// maxDepth is how many stand under each other, the topmost counted.
	maxDepth = 10

	// maxDocuments is how many one call changes.
	maxDocuments = 500
	// keepDeleted is how long a deleted tag or collection can be restored at least.
	keepDeleted = 30 * 24 * time.Hour
)

var (
	errNoTag    = fault.New(fault.NotFound, "tag_not_found", "There is no such tag, or it is not in a library of yours.")
	errNoDoc    = fault.New(fault.NotFound, "document_not_found", "One of these documents does not exist in this library. Nothing was changed.")
	errTagGone  = fault.New(fault.Conflict, "tag_deleted", "This tag was deleted. Restore it first.")
	errTagName  = fault.New(fault.Invalid, "bad_tag_name", "Enter a name of 1 to 60 characters.").With("field", "name")
	errTagTaken = fault.New(fault.Conflict, "tag_exists", "This library has a tag of that name already.").With("field", "name")
	errTooMany  = fault.New(fault.Conflict, "too_many_tags", "A library has at most 500 tags. Delete one that is not used first.")

	errNoCollection    = fault.New(fault.NotFound, "collection_not_found", "There is no such collection, or it is not in a library of yours.")
	errNoParent        = fault.New(fault.NotFound, "parent_not_found", "The collection that this one is to be put into is not there.")
	errNoSibling       = fault.New(fault.NotFound, "sibling_not_found", "The collection that this one is to stand before is not in the same place.")
	errCollectionGone  = fault.New(fault.Conflict, "collection_deleted", "This collection was deleted. Restore it first.")
	errDeletedWith     = fault.New(fault.Conflict, "deleted_with_parent", "This collection was deleted with the one that it is in. Restore that one.")
	errCollectionName  = fault.New(fault.Invalid, "bad_collection_name", "Enter a name of 1 to 120 characters.").With("field", "name")
	errCollectionTaken = fault.New(fault.Conflict, "collection_exists", "There is a collection of that name in the same place already.").With("field", "name")
	errManyCollections = fault.New(fault.Conflict, "too_many_collections", "A library has at most 2,000 collections.")
	errTooDeep         = fault.New(fault.Conflict, "too_deep", "Collections go at most 10 deep.")
	errCycle           = fault.New(fault.Conflict, "collection_cycle", "A collection cannot be put into itself or into one that is in it.")

	errBadColor  = fault.New(fault.Invalid, "bad_color", "Choose one of the colours: grey, red, orange, yellow, green, teal, blue, purple, pink.").With("field", "color")
	errDocuments = fault.New(fault.Invalid, "bad_documents", "Name between 1 and 500 documents, each to add or to remove and not both.")
)

// validTagName returns a name as it is stored: one line, without the # that
// people write before a tag.
func validTagName(name string) (string, error) {
	name = oneLine(strings.TrimLeft(strings.TrimSpace(name), "#"))
	if name == "" || utf8.RuneCountInString(name) > maxTagName || strings.ContainsFunc(name, invisible) {
		return "", errTagName
	}
	return name, nil
}

// validCollectionName returns a name as it is stored: one line.
func validCollectionName(name string) (string, error) {
	name = oneLine(name)
	if name == "" || utf8.RuneCountInString(name) > maxCollectionName || strings.ContainsFunc(name, invisible) {
		return "", errCollectionName
	}
	return name, nil
}

// oneLine composes what is typed in parts (e and an accent), so that names that
// look the same are the same.
func oneLine(name string) string { return strings.Join(strings.Fields(norm.NFC.String(name)), " ") }

// invisible is what would make two names look the same, or turn a line around.
// The two joiners are part of how some scripts are spelt.
func invisible(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != zeroWidthNonJoiner && r != zeroWidthJoiner || r == utf8.RuneError
}

// valid gives c with each document once and in the order of their ids.
func (c Change) valid() (Change, error) {
	c.Add, c.Remove = unique(c.Add), unique(c.Remove)
	n := len(c.Add) + len(c.Remove)
	both := slices.ContainsFunc(c.Add, func(id uuid.UUID) bool { _, found := slices.BinarySearchFunc(c.Remove, id, compare); return found })
	if n == 0 || n > maxDocuments || both {
		return Change{}, errDocuments
	}
	return c, nil
}

func unique(ids []uuid.UUID) []uuid.UUID {
	ids = append([]uuid.UUID{}, ids...) // never nil: answers tell none by an empty list
	slices.SortFunc(ids, compare)
	return slices.Compact(ids)
}

func compare(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }
