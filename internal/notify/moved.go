package notify

import (
	"context"
	"fmt"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// OnMoved is called in the transaction in which files go to another document,
// after their marks did. News of the marks leads there, and who watched the one
// document watches the other, unless they chose otherwise.
func (s *Service) OnMoved(ctx context.Context, tx *postgres.Tx, m document.Moved) error {
	if err := s.q.MoveNotifications(ctx, tx, m.To); err != nil {
		return fmt.Errorf("move notifications: %w", err)
	}
	if m.Back {
		return nil // who watched it still does
	}
	if err := s.q.CopyWatches(ctx, tx, m.To, m.From); err != nil {
		return fmt.Errorf("copy watches: %w", err)
	}
	return nil
}
