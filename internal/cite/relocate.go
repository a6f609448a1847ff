package cite

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Take takes the keys from documents that leave a library, for [Service.Keep] in
// another one.
func (s *Service) Take(ctx context.Context, tx *postgres.Tx, documentIDs []uuid.UUID) ([]Key, error) {
	rows, err := s.q.TakeKeys(ctx, tx, documentIDs)
	if err != nil {
		return nil, fmt.Errorf("take citation keys: %w", err)
	}
	keys := make([]Key, len(rows))
	for i, r := range rows {
		keys[i] = Key{DocumentID: r.DocumentID, Key: r.Key, Made: !r.Pinned}
	}
	return keys, nil
}

// CopyKey gives a copy in another library the key of its original, where that one
// has a key and the library has no other work with it.
func (s *Service) CopyKey(ctx context.Context, tx *postgres.Tx, documentID, copyID, libraryID uuid.UUID) error {
	row, err := s.q.Key(ctx, tx, documentID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("citation key: %w", err)
	}
	return s.Keep(ctx, tx, libraryID, []Key{{DocumentID: copyID, Key: row.Key, Made: !row.Pinned}})
}
