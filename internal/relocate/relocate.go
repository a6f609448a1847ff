package relocate

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Kind is what is done with documents.
type Kind string

// The kinds.
const (
	Copy Kind = "copy"
	Move Kind = "move"
)

// State is how far a relocation has come:
//
//	running ──▶ done ──▶ undoing ──▶ undone
type State string

// The states of a relocation.
const (
	Running State = "running"
	Done    State = "done"
	Undoing State = "undoing"
	Undone  State = "undone" // as far as it could be
)

// The states of one document of it.
const (
	waiting  = "waiting"
	arrived  = "done"
	present  = "present" // the library has one of its files already
	failed   = "failed"
	takeBack = "undone"
)

// New is what somebody asks for.
type New struct {
	Kind        Kind
	From, To    uuid.UUID // libraries
	DocumentIDs []uuid.UUID
	// WithMarks takes marks and notes along in a copy; a move leaves nothing behind.
	WithMarks bool
	// WithTags puts the documents under tags and into collections of the same
	// names, which are made where they are missing.
	WithTags     bool
	CollectionID uuid.NullUUID // of the other library, to put them into
}

// Relocation is documents on their way from one library to another.
type Relocation struct {
	ID        uuid.UUID
	Kind      Kind
	From, To  uuid.UUID
	State     State
	CreatedAt time.Time
	// Total documents were asked for. Of these Arrived are in the other library,
	// Present were there already and left alone, Failed could not go, and Undone
	// were taken back.
	Total, Arrived, Present, Failed, Undone int
	// Problems are what happened to those that did not go, at most 100.
	Problems []Problem
}

// Problem is a document that did not go, or not back.
type Problem struct {
	DocumentID uuid.UUID
	// PresentID is the document of the other library that has its file.
	PresentID uuid.NullUUID
	Message   string // a sentence
}

// Passage is one document that goes to another library.
type Passage struct {
	Person identity.Person
	From   uuid.UUID
	To     uuid.UUID
	// DocumentIDs went: of a move the document and those merged into it, of a copy
	// the document alone.
	DocumentIDs []uuid.UUID
	// DocumentID is the one that was asked for, and TargetID its copy, or itself.
	DocumentID, TargetID uuid.UUID
	WithMarks, WithTags  bool
	CollectionID         uuid.NullUUID
}

// Carriers are what other features do so that all they keep of a document goes
// along, each in the transaction of the document. Set in app.
type Carriers struct {
	// Moved gives what the documents had in the library that they left.
	Moved func(ctx context.Context, tx *postgres.Tx, p Passage) (kept json.RawMessage, err error)
	// Returned puts documents back that a move took away, with what Moved gave.
	Returned func(ctx context.Context, tx *postgres.Tx, p Passage, kept json.RawMessage) error
	Copied   func(ctx context.Context, tx *postgres.Tx, p Passage) error
}

const (
	maxDocuments = 2000
	maxProblems  = 100
	maxOpen      = 20 // relocations of one person that have not ended
)

var (
	errNotFound = fault.New(fault.NotFound, "relocation_not_found", "There is no such copying or moving, or it is not yours.")
	errSame     = fault.New(fault.Invalid, "relocate_same_library", "These documents are in that library already. Choose another one.")
	errMany     = fault.New(fault.Invalid, "relocate_too_many", "At most 2,000 documents are copied or moved at once.").With("limit", maxDocuments)
	errOpen     = fault.New(fault.Conflict, "relocate_open", "You have many documents on their way already. Wait until they have arrived.")
	errState    = fault.New(fault.Conflict, "relocate_state", "This has not ended yet, or was taken back already. Look at it again.")
	errKind     = fault.New(fault.Invalid, "bad_kind", "Documents can be copied or moved.")
)
