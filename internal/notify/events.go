package notify

import (
	"context"
	"log/slog"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/library"
)

// News tells one person how much they have not read. It goes to the topic of
// the person, library.PersonTopic.
type News struct {
	Type   string `json:"type"` // "notification"
	Unread int    `json:"unread"`
}

// publish tells p's sockets how much is unread now. What fails here is made up
// for by the next look at the inbox.
func (s *Service) publish(ctx context.Context, personID uuid.UUID) {
	n, err := s.unread(ctx, personID)
	if err != nil {
		s.Logger.WarnContext(ctx, "notify: could not count the unread", slog.Any("error", err))
		return
	}
	s.News.Publish(ctx, library.PersonTopic(personID), News{Type: "notification", Unread: n})
}
