package annotation

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// TopicKind is the kind of topic that AuthorizeTopic decides about.
const TopicKind = "marks"

// Topic is where it is told that the marks of a document have changed, to those
// who do not follow its library: guests.
func Topic(documentID uuid.UUID) string { return TopicKind + ":" + documentID.String() }

// MarksNews tells that a document's shared marks are not what they were.
type MarksNews struct {
	Type string `json:"type"` // "marks"
}

// Pace implements realtime.Paced: one is as good as many.
func (MarksNews) Pace() (key string, every time.Duration, order int64) {
	return "marks", 200 * time.Millisecond, 0
}

// AuthorizeTopic decides whether p may listen to topic.
func (s *Service) AuthorizeTopic(ctx context.Context, p identity.Person, topic string) error {
	id, err := uuid.Parse(strings.TrimPrefix(topic, TopicKind+":"))
	if err != nil || topic != Topic(id) {
		return fault.New(fault.NotFound, "topic_not_found", "There is no such topic.")
	}
	_, err = s.Documents.LibraryFor(ctx, p, library.ReadMarks, id)
	return err
}

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
