package reader

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// CopyPositions gives those who are members of a copy's library the place in it
// that they have in the document.
func (s *Service) CopyPositions(ctx context.Context, tx *postgres.Tx, documentID, targetID, libraryID uuid.UUID) error {
	if err := s.q.CopyPositions(ctx, tx, targetID.String(), libraryID, documentID); err != nil {
		return fmt.Errorf("copy reading positions: %w", err)
	}
	return nil
}
