package document

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// State is how far an edition's file has come:
//
//	queued ──▶ checking ──▶ parsing ──▶ ready
//	  ▲           │            │
//	  │           └─────┬──────┘
//	  └── Requeue ── failed
//
// A job that runs again begins at checking.
type State string

// The states of an edition.
const (
	Queued   State = "queued"
	Checking State = "checking"
	Parsing  State = "parsing"
	Ready    State = "ready"
	Failed   State = "failed"
)

// Document is a work in a library, as it is listed.
type Document struct {
	ID        uuid.UUID
	LibraryID uuid.UUID
	Title     string
	// Authors has at most the first maxListedAuthors.
	Authors   []csl.Name
	Year      *int32
	DOI       string
	AddedAt   time.Time
	AddedBy   *Person // nil when the account is gone
	UpdatedAt time.Time
	TrashedAt *time.Time
	// Edition is the newest one; nil for a work without a file.
	Edition *Edition
	// ReadyEditionID is the newest one that has been read: Edition, or an older
	// one while Edition is being read or cannot be.
	ReadyEditionID uuid.NullUUID
	// MergedInto is where its files are, of a document in the trash that was merged.
	MergedInto *Title
	// TagIDs are those of its tags, by their names.
	TagIDs []uuid.UUID
	// CollectionIDs are those of the collections that it is right in, by their names.
	CollectionIDs []uuid.UUID
}

// forGuest is d without what belongs to its library and the people there.
func (d Document) forGuest() Document {
	d.AddedBy, d.MergedInto, d.TagIDs, d.CollectionIDs = nil, nil, []uuid.UUID{}, []uuid.UUID{}
	return d
}

// Title is a document by its name.
type Title struct {
	ID    uuid.UUID
	Title string
}

// Person is who added a document.
type Person struct {
	ID   uuid.UUID
	Name string
}

// Detail is a document with all that is known about it.
type Detail struct {
	Document
	CSL    csl.Item
	Claims []Claim
	// Role is the asking person's role in the library.
	Role library.Role
}

// Claim is what one source says about one field of a document.
type Claim struct {
	csl.Claim
	At time.Time
	// By is who said it, of a person's word; nil when the account is gone.
	By *Person
	// Revision is another one after each change.
	Revision int64
	// Shown is true for the claim that the document shows of its field.
	Shown bool
}

// EditionKind is what a file is of its work.
type EditionKind string

// The kinds of files, after NISO RP-8's stages of an article; empty is not known.
const (
	Preprint   EditionKind = "preprint"   // before peer review
	Accepted   EditionKind = "accepted"   // after peer review, before it was set
	Published  EditionKind = "published"  // as the publisher has it
	Supplement EditionKind = "supplement" // belongs to the work and is not the work
)

var editionKinds = []EditionKind{"", Preprint, Accepted, Published, Supplement}

var errEditionKind = fault.New(fault.Invalid, "bad_edition_kind", "A file is a preprint, the accepted manuscript, the published version or a supplement.")

// Edition is one file of a document.
type Edition struct {
	ID         uuid.UUID
	DocumentID uuid.UUID
	LibraryID  uuid.UUID
	State      State
	Filename   string
	Size       int64  // bytes
	SHA256     []byte // nil until checked
	PageCount  *int32 // nil until ready
	Failure    *Failure
	ParsedAt   *time.Time
	Kind       EditionKind // empty where nobody said so
	// BlobKey is where the file's bytes are.
	BlobKey string
	// ThumbnailKey is where the picture of page 1 is; empty when there is none.
	ThumbnailKey string
	// FailedPages are those without text because they could not be read, in
	// order. Empty until ready.
	FailedPages []FailedPage
}

// FailedPage is a page that could not be read.
type FailedPage struct {
	Page int    // from 1
	Kind string // stable, for programs: "timed_out"
}

// EditionEntry is an edition among those of its document.
type EditionEntry struct {
	Edition
	CreatedAt time.Time
	CreatedBy *Person // nil when the account is gone
	// Newest is true for the one that the document shows.
	Newest bool
}

// Failure says why an edition could not be parsed.
type Failure struct {
	Kind    string // stable, for programs: "password_required"
	Message string // for people
}

// OutlineItem is an entry of a file's own table of contents, or a heading in its
// text.
type OutlineItem struct {
	Title string `json:"title"`
	Page  int    `json:"page"`  // from 1; 0 when it leads nowhere in this file
	Level int    `json:"level"` // from 0
	// Y is the height on the page that it leads to, in PDF points; nil for the
	// page's top. Known of headings only.
	Y *float32 `json:"y,omitempty"`
}

const (
	maxTitle         = 500 // code points
	maxFailure       = 2000
	maxListedAuthors = 50 // as in selectDocuments
)

var (
	errNotFound   = fault.New(fault.NotFound, "document_not_found", "There is no such document, or it is not in a library of yours.")
	errNoPage     = fault.New(fault.NotFound, "page_not_found", "This document has no such page.")
	errNotReady   = fault.New(fault.Conflict, "not_ready", "This document's text has not been read yet. Try again when its status is Ready.")
	errNotFailed  = fault.New(fault.Conflict, "not_failed", "Only a document that could not be read can be tried again.")
	errTrashed    = fault.New(fault.Conflict, "document_trashed", "This document is in the trash. Restore it before you add a file to it.")
	errNotTrashed = fault.New(fault.Conflict, "not_in_trash", "Move the document to the trash before you delete it for good.")
	errBadID      = fault.New(fault.Invalid, "bad_id", "A tag or a collection is named by its id, a UUID.")
	errBadSHA256  = fault.New(fault.Invalid, "bad_sha256", "A SHA-256 is 64 hexadecimal digits.")
)

// validTitle returns a title as it is stored, or says what is wrong with it.
func validTitle(title string) (string, error) {
	title = strings.Join(strings.Fields(title), " ")
	if title == "" || utf8.RuneCountInString(title) > maxTitle || strings.ContainsFunc(title, unicode.IsControl) {
		return "", fault.New(fault.Invalid, "bad_title", "Enter a title of 1 to 500 characters.").With("field", "title")
	}
	return title, nil
}

// cleanTitle makes what a file says about itself fit to be shown: one line
// without control characters, cut where it is too long; empty when nothing is left.
func cleanTitle(title string) string {
	title = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, title)
	return cutRunes(strings.Join(strings.Fields(title), " "), maxTitle)
}

// titleFromFilename is what a document is called before anything is known
// about it: the file's name without folder, ending and underscores.
func titleFromFilename(filename string) string {
	name := filename[strings.LastIndexAny(filename, `/\`)+1:]
	if ending := strings.LastIndexByte(name, '.'); ending > 0 && strings.EqualFold(name[ending:], ".pdf") {
		name = name[:ending]
	}
	if title := cleanTitle(strings.ReplaceAll(name, "_", " ")); title != "" {
		return title
	}
	return "Untitled"
}

func cutRunes(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:limit]))
}
