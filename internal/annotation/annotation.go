package annotation

import (
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Kind is what a mark looks like.
type Kind string

// The kinds of mark.
const (
	Highlight Kind = "highlight" // on text
	Underline Kind = "underline" // on text
	Area      Kind = "area"      // a box
	Note      Kind = "note"      // a point; its box is small
	Text      Kind = "text"      // a box that shows its body on the page
	Ink       Kind = "ink"       // strokes
	// Document is a note on the whole document: it has no place and no edition.
	Document Kind = "document"
)

// OnText reports whether the mark covers words rather than a place.
func (k Kind) OnText() bool { return k == Highlight || k == Underline }

// Meaning is why somebody marked it. Libraries name the five as they like.
type Meaning string

// The meanings.
const (
	Key      Meaning = "key"
	Method   Meaning = "method"
	Question Meaning = "question"
	Disagree Meaning = "disagree"
	Quote    Meaning = "quote"
)

// Meanings are all of them, in the order in which they are shown.
var Meanings = []Meaning{Key, Method, Question, Disagree, Quote}

// Origin says how a mark came here.
type Origin string

// The origins.
const (
	FromPerson Origin = "person"
	FromFile   Origin = "file"   // it was in the PDF
	FromImport Origin = "import" // it was in a file of marks
)

// Status says how well a mark's place in an edition is known.
type Status string

// The statuses. The first three are anchoring's.
const (
	Exact   Status = "exact"
	Fuzzy   Status = "fuzzy"
	Orphan  Status = "orphan"
	Pending Status = "pending" // not looked for yet
)

// Person is who made something. A person without an id has no account here: the
// name is one that a file gave, or that of an account which is gone.
type Person struct {
	ID   uuid.NullUUID
	Name string
}

// Part is where a mark stands on one page. Places are PDF points in default user
// space, as pagetext.Rect.
type Part struct {
	Page int `json:"page"` // from 1
	// Start and End are code points of the page's text, half open; nil for marks
	// that stand on no text, and where the words are not known.
	Start *int `json:"start,omitempty"`
	End   *int `json:"end,omitempty"`
	// Quads are what a mark on text covers, one for each line, corners in the
	// order top left, top right, bottom left, bottom right.
	Quads [][8]float32 `json:"quads,omitempty"`
	// Rect is the box of an area, text or note, and the box around ink.
	Rect *pagetext.Rect `json:"rect,omitempty"`
	// Paths are the strokes of ink: x, y, x, y …
	Paths [][]float32 `json:"paths,omitempty"`
}

// Anchor is where a mark stands in one edition.
type Anchor struct {
	EditionID uuid.UUID
	Status    Status
	Score     float64 // 0 to 1; 1 for a place that is certain
	// Confirmed says that a person has agreed to a place that was guessed.
	Confirmed bool
	// Exact is what the marked text says, or for marks on no text what the words
	// nearest to it say; Prefix and Suffix stand around it.
	Exact, Prefix, Suffix string
	TextVersion           string
	// Parts are empty while it is pending and for an orphan.
	Parts []Part
}

// Reaction is an emoji and who chose it, in the order in which they did.
type Reaction struct {
	Emoji  string
	People []Person
}

// Reply is an answer to a mark.
type Reply struct {
	ID        uuid.UUID
	Author    Person
	Body      string // Markdown; empty when deleted
	Revision  int32
	CreatedAt time.Time
	EditedAt  *time.Time
	DeletedAt *time.Time
	Reactions []Reaction
}

// Annotation is a mark with all that was said about it.
type Annotation struct {
	ID         uuid.UUID
	LibraryID  uuid.UUID
	DocumentID uuid.UUID
	// EditionID is the edition that the mark was made on; uuid.Nil for a note on
	// the document.
	EditionID  uuid.UUID
	Kind       Kind
	Meaning    Meaning
	Private    bool
	Author     Person
	Body       string // Markdown; may be empty
	Revision   int32
	CreatedAt  time.Time
	UpdatedAt  time.Time
	EditedAt   *time.Time
	ResolvedAt *time.Time
	ResolvedBy *Person
	Assignee   *Person
	DeletedAt  *time.Time
	Origin     Origin
	// OriginKey is what the mark was called where it came from.
	OriginKey string
	// Anchor is the place in the edition that was asked for.
	Anchor    Anchor
	Replies   []Reply
	Reactions []Reaction
}

// Change is one entry of a mark's history.
type Change struct {
	At      time.Time
	By      Person
	What    What
	ReplyID uuid.NullUUID // invalid for the mark itself
	// Before and After are what changed: a body as it was typed, the key of a
	// meaning, "private" or "shared", the name of an assignee, the words of a
	// place. Nil where there is nothing to say.
	Before, After *string
}

// What says which sort of change it was.
type What string

// The sorts of change.
const (
	Made     What = "made"
	Rewrote  What = "body"
	Meant    What = "meaning"
	Moved    What = "moved"
	Shared   What = "shared" // or made private
	Resolved What = "resolved"
	Reopened What = "reopened"
	Assigned What = "assigned"
	Deleted  What = "deleted"
	Restored What = "restored"
)

// Settings are what a library decides about its marks.
type Settings struct {
	// DefaultPrivate says whether a new mark is private unless its author says
	// otherwise.
	DefaultPrivate bool
	// Names are what the library calls a meaning; one without a name here is
	// called as the product does.
	Names map[Meaning]string
}

// Emoji are the reactions there are.
var Emoji = []string{"👍", "❤️", "🎉", "😄", "🤔", "👀"}

// Bounds of what a person may enter.
const (
	maxBody      = 20_000 // code points
	maxName      = 40     // code points of a meaning's name
	maxParts     = 50
	maxInkPoints = 20_000
	minWidth     = 2   // points, of an area or text
	tolerance    = 1.0 // points that a place may lie outside its page's box
)

// Lifetime is how long something deleted can be taken back.
const Lifetime = 30 * 24 * time.Hour

var (
	errNotFound      = fault.New(fault.NotFound, "annotation_not_found", "There is no such mark, or it is not one that you may see.")
	errNoReply       = fault.New(fault.NotFound, "reply_not_found", "There is no such reply, or it is not one that you may see.")
	errNoDocument    = fault.New(fault.NotFound, "document_not_found", "There is no such document, or it is not in a library of yours.")
	errNoEdition     = fault.New(fault.NotFound, "edition_not_found", "This document has no such file.")
	errGone          = fault.New(fault.Gone, "annotation_gone", "This mark was deleted meanwhile. Take it back first, if you may.")
	errReplyGone     = fault.New(fault.Gone, "reply_gone", "This reply was deleted meanwhile.")
	errTooOld        = fault.New(fault.Gone, "deleted_for_good", "This was deleted more than 30 days ago and cannot be taken back.")
	errTrashed       = fault.New(fault.Conflict, "document_trashed", "This document is in the trash. Restore it first.")
	errNotAuthor     = fault.New(fault.Forbidden, "not_the_author", "Only the person who wrote this may change it.")
	errNotDeleter    = fault.New(fault.Forbidden, "not_the_deleter", "Only the person who deleted this may take it back.")
	errTaken         = fault.New(fault.Conflict, "id_taken", "There is something with this id already. Make a new id and try again.")
	errReused        = fault.New(fault.Invalid, "operation_reused", "This Idempotency-Key was used for another change. Make a new one for each change.")
	errTooLong       = fault.New(fault.TooLarge, "comment_too_long", "A comment may have at most 20,000 characters.").With("limit", maxBody)
	errBadText       = fault.New(fault.Invalid, "bad_text", "A comment may not contain the character NUL or broken characters.")
	errEmptyReply    = fault.New(fault.Invalid, "empty_reply", "Write something before you send a reply.")
	errKind          = fault.New(fault.Invalid, "bad_kind", "A highlight can become an underline and an underline a highlight; no other kind can change.")
	errBadParts      = fault.New(fault.Invalid, "bad_anchor", "A mark on text needs start and end on one page or on pages that follow each other; an area, a text or a note needs one rect; ink needs paths; a note on the document has no place.")
	errNoPage        = fault.New(fault.Invalid, "page_not_found", "This file has no such page.")
	errOutsidePage   = fault.New(fault.Invalid, "anchor_outside_page", "This lies outside its page.")
	errOutsideText   = fault.New(fault.Invalid, "anchor_outside_text", "These positions lie outside the page's text.")
	errTooSmall      = fault.New(fault.Invalid, "anchor_too_small", "This is too small to be seen. Draw it at least 2 points wide and high.")
	errTooMuchInk    = fault.New(fault.TooLarge, "too_much_ink", "A drawing may have at most 20,000 points. Begin a second one.").With("limit", maxInkPoints)
	errTextChanged   = fault.New(fault.Conflict, "text_changed", "This file was read anew meanwhile, so the positions no longer fit. Load the page again and repeat the mark.")
	errNotReady      = fault.New(fault.Conflict, "edition_not_ready", "This file's text has not been read yet. Try again when its status is Ready.")
	errGuestMentions = fault.New(fault.Forbidden, "guest_mentions", "Guests cannot mention people. Write the name without the @ sign's link.")
	errNotMember     = fault.New(fault.Invalid, "mention_not_member", "Only members of this library can be mentioned.")
	errInPrivate     = fault.New(fault.Invalid, "mention_in_private", "Nobody else sees a private mark, so nobody can be mentioned in it. Share it first.")
	errNoAssignee    = fault.New(fault.Invalid, "assignee_not_member", "Only members of this library can be asked to look after a mark.")
	errPrivateTask   = fault.New(fault.Invalid, "assignee_in_private", "Nobody else sees a private mark, so only you can look after it. Share it first.")
	errHasReplies    = fault.New(fault.Conflict, "has_replies", "Other people have answered this mark, so it cannot become private any more.")
	errNoEmoji       = fault.New(fault.Invalid, "unknown_reaction", "This reaction is not one of those there are: 👍 ❤️ 🎉 😄 🤔 👀.")
	errBadName       = fault.New(fault.Invalid, "bad_name", "Enter a name of 1 to 40 characters.").With("field", "name")
	errBadCursor     = fault.New(fault.Invalid, "bad_cursor", "This list cannot be continued from there. Load it again.")
	errNoGuess       = fault.New(fault.Conflict, "nothing_to_confirm", "This mark has no place in this file that could be confirmed.")
	errEmptyNote     = fault.New(fault.Invalid, "empty_note", "Write something before you save a note.")
)

func nullable(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

func by(p identity.Person) uuid.NullUUID { return uuid.NullUUID{UUID: p.ID, Valid: true} }
