package annotation

import (
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
)

// EventKind says what happened.
type EventKind string

// The kinds of event.
const (
	EventMark     EventKind = "mark" // made, or rewritten with somebody new mentioned
	EventReply    EventKind = "reply"
	EventMention  EventKind = "mention" // somebody new in a text that was rewritten
	EventAssigned EventKind = "assigned"
	EventResolved EventKind = "resolved"
	EventReopened EventKind = "reopened"
	EventReaction EventKind = "reaction"
)

// Event is a lasting change as others may want to hear of it.
type Event struct {
	Kind         EventKind
	LibraryID    uuid.UUID
	DocumentID   uuid.UUID
	AnnotationID uuid.UUID
	ReplyID      uuid.NullUUID
	Actor        identity.Person
	// Mentioned are the people whom this change mentions and the text before did not.
	Mentioned []uuid.UUID
	Assignee  uuid.NullUUID
	// Private says that the mark is its author's alone: nobody is to be told.
	Private bool
	At      time.Time
}
