package notify

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// OnRelocated is called in the transaction in which documents go to another
// library: news of them goes along, for those who are members there. Who watches
// them still does.
func (s *Service) OnRelocated(ctx context.Context, tx *postgres.Tx, documentIDs []uuid.UUID, to uuid.UUID) error {
	if err := s.q.RelocateNotifications(ctx, tx, to, documentIDs); err != nil {
		return fmt.Errorf("move notifications: %w", err)
	}
	return nil
}

// CopyWatches has those who watch a document, and are members of its copy's
// library, watch the copy too.
func (s *Service) CopyWatches(ctx context.Context, tx *postgres.Tx, documentID, targetID, libraryID uuid.UUID) error {
	if err := s.q.CopyWatchesOfMembers(ctx, tx, targetID, libraryID, documentID); err != nil {
		return fmt.Errorf("copy watches: %w", err)
	}
	return nil
}
