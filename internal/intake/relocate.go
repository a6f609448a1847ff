package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// OnRelocated is called in the transaction in which documents go to another
// library: undoing the import that brought them has nothing to do with them any
// more.
func (s *Service) OnRelocated(ctx context.Context, tx *postgres.Tx, documentIDs []uuid.UUID) error {
	if err := s.q.ForgetImported(ctx, tx, documentIDs); err != nil {
		return fmt.Errorf("forget imported documents: %w", err)
	}
	return nil
}
