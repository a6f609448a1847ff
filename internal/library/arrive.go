package library

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// RecordArrivals appends that objects came to a library, all of one kind: as
// added, or as restored where the log says that they were added before. An object
// that goes and comes back is added once.
func (s *Service) RecordArrivals(ctx context.Context, tx *postgres.Tx, libraryID uuid.UUID, changes []Change) error {
	ids := make([]uuid.UUID, len(changes))
	for i, c := range changes {
		ids[i] = c.ObjectID
	}
	rows, err := s.q.AddedBefore(ctx, tx, libraryID, ids)
	if err != nil {
		return fmt.Errorf("what came before: %w", err)
	}
	before := make(map[uuid.UUID]bool, len(rows))
	for _, id := range rows {
		before[id] = true
	}
	for _, c := range changes {
		c.LibraryID, c.Op = libraryID, OpAdded
		if before[c.ObjectID] {
			c.Op = OpRestored
		}
		s.Record(tx, c)
	}
	return nil
}

// MemberIDs gives who is a member of a library.
func (s *Service) MemberIDs(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID) ([]uuid.UUID, error) {
	ids, err := s.q.MemberIDs(ctx, db, libraryID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("members: %w", err))
	}
	return ids, nil
}
