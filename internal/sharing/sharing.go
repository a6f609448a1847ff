package sharing

import (
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Target is what a link shows: one of the two.
type Target struct {
	DocumentID, CollectionID uuid.NullUUID
}

// New is what a link is made from.
type New struct {
	Target
	Access    library.LinkAccess
	Password  string     // empty for none
	ExpiresAt *time.Time // nil for never
}

// Link is a link as those see it who may revoke it.
type Link struct {
	ID        uuid.UUID
	LibraryID uuid.UUID
	Target
	Name      string // the document's title, or the collection's name
	Access    library.LinkAccess
	Password  bool
	MadeBy    uuid.UUID
	MakerName string
	// Rests is false while its maker may not share by links, and it shows nothing.
	Rests      bool
	CreatedAt  time.Time
	ExpiresAt  *time.Time
	Uses       int64 // browsers that it was opened in
	LastUsedAt *time.Time
}

// Visit is a link as a guest sees it.
type Visit struct {
	LinkID    uuid.UUID
	LibraryID uuid.UUID
	Target
	Name      string
	Access    library.LinkAccess
	ExpiresAt *time.Time
	Guest     *Guest // nil before a name was said
	Documents []Shown
	// More tells that a collection has documents beyond those.
	More bool
}

// Guest is who a visitor said that they are.
type Guest struct {
	ID   uuid.UUID
	Name string
}

// Shown is a document that a link shows.
type Shown struct {
	ID        uuid.UUID
	Title     string
	Item      csl.Item
	Year      *int32
	EditionID uuid.UUID // none without a file
	PageCount *int32    // nil until it was read
	Thumbnail bool
}

const (
	// maxLinks bounds a library's links that are good.
	maxLinks = 1000
	// maxShown bounds the list of a collection's documents.
	maxShown = 1000
	// visitLifetime is how long a browser remembers that it opened a link.
	visitLifetime = 30 * 24 * time.Hour
	// maxLifetime bounds what a link may be made for.
	maxLifetime = 10 * 366 * 24 * time.Hour

	minPassword = 6
	maxPassword = 200 // bytes
)

var (
	perPassword = guard.Limit{Attempts: 10, Window: 10 * time.Minute}
	perAddress  = guard.Limit{Attempts: 300, Window: 10 * time.Minute}
	perGuest    = guard.Limit{Attempts: 20, Window: time.Hour}
)

var (
	errNoDocument    = fault.New(fault.NotFound, "document_not_found", "There is no such document, or you may not see it.")
	errNoCollection  = fault.New(fault.NotFound, "collection_not_found", "There is no such collection, or you may not see it.")
	errNoLink        = fault.New(fault.NotFound, "link_not_found", "There is no such link; it may have been revoked already.")
	errGone          = fault.New(fault.Gone, "link_gone", "This link shows nothing any more: it was revoked or has run out, or what it showed was taken away. Ask whoever sent it for a new one.")
	errUnopened      = fault.New(fault.Unauthenticated, "link_unopened", "Open the link again: this browser has not opened it, or did so long ago.")
	errPassword      = fault.New(fault.Unauthenticated, "link_password", "This link has a password. Enter the one that you were given with it.")
	errWrongPassword = fault.New(fault.Unauthenticated, "link_password_wrong", "That is not this link's password. Check it and try again.")
	errBadAccess     = fault.New(fault.Invalid, "bad_access", "A link is for reading, for reading with marks, or for commenting.").With("field", "access")
	errBadExpiry     = fault.New(fault.Invalid, "bad_expiry", "Choose a time to come, within ten years, or none.").With("field", "expires_at")
	errBadPassword   = fault.New(fault.Invalid, "bad_password", "Choose a password of 6 to 200 characters, or none.").With("field", "password")
	errTrashed       = fault.New(fault.Conflict, "document_trashed", "This document is in the trash. Restore it first.")
	errManyLinks     = fault.New(fault.Conflict, "too_many_links", "This library has a thousand links. Revoke some that are not needed any more.")
	errNotComments   = fault.New(fault.Forbidden, "link_forbids", "By this link you may read only. Ask whoever sent it for one that lets you comment.")
	errNoVisit       = fault.New(fault.NotFound, "visit_not_found", "This is only for who came by a link.")
)
