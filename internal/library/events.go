package library

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Kinds of topics, which AuthorizeTopic decides about.
const (
	TopicKind       = "library"
	PersonTopicKind = "person"
)

// Topic is where news of a library goes.
func Topic(libraryID uuid.UUID) string { return TopicKind + ":" + libraryID.String() }

// PersonTopic is where news for one person goes.
func PersonTopic(personID uuid.UUID) string { return PersonTopicKind + ":" + personID.String() }

// VersionNews tells that a library's change log has grown to this version.
type VersionNews struct {
	Type    string `json:"type"` // "version"
	Version int64  `json:"version"`
}

// MembershipNews tells one person that the libraries they are in have changed.
type MembershipNews struct {
	Type string `json:"type"` // "membership"
}

// AuthorizeTopic decides whether p may listen to topic.
func (s *Service) AuthorizeTopic(ctx context.Context, p identity.Person, topic string) error {
	if id, ok := strings.CutPrefix(topic, PersonTopicKind+":"); ok && id == p.ID.String() && !p.IsGuest() {
		return nil
	}
	id, ok := strings.CutPrefix(topic, TopicKind+":")
	if !ok {
		return fault.New(fault.NotFound, "topic_not_found", "There is no such topic.")
	}
	libraryID, err := uuid.Parse(id)
	if err != nil {
		return errNotFound
	}
	_, err = s.Authorize(ctx, s.pool, p, ReadLibrary, libraryID)
	return err
}

// Pace implements realtime.Paced: only the newest version matters, and a
// library of a hundred uploads tells of itself twenty times a second at most.
func (n VersionNews) Pace() (key string, every time.Duration, order int64) {
	return "version", 50 * time.Millisecond, n.Version
}
