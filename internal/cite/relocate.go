package cite

import (
	"context"
	"fmt"

	"github.com/google/uuid"

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
		keys[i] = Key{DocumentID: r.DocumentID, Key: r.Key}
	}
	return keys, nil
}

// KeyOf gives a document's key; empty where it has none yet.
func (s *Service) KeyOf(ctx context.Context, tx *postgres.Tx, documentID uuid.UUID) (string, error) {
	rows, err := s.q.KeysOf(ctx, tx, []uuid.UUID{documentID})
	if err != nil {
		return "", fmt.Errorf("citation key: %w", err)
	}
	if len(rows) == 0 {
		return "", nil
	}
	return rows[0].Key, nil
}
