package savedsearch

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Saved is a query that is kept under a name, as one person sees it.
type Saved struct {
	ID        uuid.UUID
	LibraryID uuid.UUID
	Name      string
	Query     string // in the language of search, as it was typed
	Shared    bool   // with all members; else its maker's alone
	Mine      bool
	Owner     string // who made it; empty when the account is gone
	MayChange bool
	Notices   bool // whether this person is told of what newly matches
	// Problem is why the query cannot be answered any more; nil where it can.
	Problem *fault.Error
}

// Change says what is to be different; nil leaves as it is.
type Change struct {
	Name   *string
	Query  *string
	Shared *bool
}

// Count is how many documents a search finds, by themselves or by a mark on them.
type Count struct {
	Documents int
	// More is true where there are more than were counted.
	More bool
}

const (
	maxName   = 120  // code points
	maxQuery  = 1000 // code points; search refuses longer ones
	maxOwn    = 100  // of a person in a library
	maxShared = 200  // of a library
	// maxNotices is how many searches of one library somebody is told of.
	maxNotices = 50
	// maxCounted bounds what a count costs.
	maxCounted = 1000
	// countTimeout is how long a count may take: it stands beside a name, and who
	// opens the search learns more.
	countTimeout = time.Second
	// keepDeleted is how long a deleted one can be restored at least.
	keepDeleted = 30 * 24 * time.Hour
)

var (
	errNone     = fault.New(fault.NotFound, "saved_search_not_found", "There is no such saved search, or it is not yours to see.")
	errName     = fault.New(fault.Invalid, "bad_saved_search_name", "Enter a name of 1 to 120 characters.").With("field", "name")
	errTaken    = fault.New(fault.Conflict, "saved_search_exists", "There is a saved search of that name already.").With("field", "name")
	errGone     = fault.New(fault.Conflict, "saved_search_deleted", "This saved search was deleted. Restore it first.")
	errOwn      = fault.New(fault.Conflict, "too_many_saved_searches", "You can have at most 100 saved searches in a library. Delete one that is not used first.")
	errShared   = fault.New(fault.Conflict, "too_many_saved_searches", "A library has at most 200 shared searches. Delete one that is not used first.")
	errNotices  = fault.New(fault.Conflict, "too_many_notices", "You can be told of at most 50 searches in a library. Switch another off first.")
	errNotYours = fault.New(fault.Forbidden, "not_your_saved_search", "Only who made a shared search, or an admin, may change it. You can save it under another name for yourself.")
)

// validName returns a name as it is stored: one line, composed, so that names that
// look the same are the same.
func validName(name string) (string, error) {
	name = strings.Join(strings.Fields(norm.NFC.String(name)), " ")
	if name == "" || utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, invisible) {
		return "", errName
	}
	return name, nil
}

// invisible is what would make two names look the same, or turn a line around.
// The two joiners are part of how some scripts are spelt.
func invisible(r rune) bool {
	const zeroWidthNonJoiner, zeroWidthJoiner = '\u200c', '\u200d'
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != zeroWidthNonJoiner && r != zeroWidthJoiner || r == utf8.RuneError
}

// storedQuery is a query as it is kept: what the database cannot store finds nothing.
func storedQuery(query string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(query, "\x00", ""), ""))
}
