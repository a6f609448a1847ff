package cite

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/cite/internal/citedb"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// batch is how many documents are held in memory at a time.
const batch = 1000

// giveKeys gives a key to the documents of a library that have none, or to those
// with these ids. Keys that were given stay, whatever becomes of the document.
// Of a library where a key is to be given, all keys are held in memory.
func (s *Service) giveKeys(ctx context.Context, libraryID uuid.UUID, ids []uuid.UUID) error {
	if first, err := s.without(ctx, s.pool, libraryID, ids, place{}, 1); err != nil || len(first) == 0 {
		return err
	}
	return postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.q.LockKeys(ctx, tx, libraryID.String()); err != nil {
			return fmt.Errorf("lock citation keys: %w", err)
		}
		given, err := s.q.Keys(ctx, tx, libraryID)
		if err != nil {
			return fmt.Errorf("citation keys: %w", err)
		}
		var taken biblio.KeySet
		for _, key := range given {
			taken.Add(key)
		}
		for after := (place{}); ; {
			rows, err := s.without(ctx, tx, libraryID, ids, after, batch)
			if err != nil || len(rows) == 0 {
				return err
			}
			insert := citedb.InsertKeysParams{LibraryID: libraryID}
			for _, row := range rows {
				item, err := itemOf(row.Title, row.Csl)
				if err != nil {
					return fmt.Errorf("metadata of document %s: %w", row.ID, err)
				}
				insert.DocumentIds = append(insert.DocumentIds, row.ID)
				key := taken.Unique(bounded(s.pattern.Key(&item)))
				insert.Keys, insert.Folded = append(insert.Keys, key), append(insert.Folded, strings.ToLower(key))
				after = place{row.CreatedAt, row.ID}
			}
			if err := s.q.InsertKeys(ctx, tx, insert); err != nil {
				return fmt.Errorf("insert citation keys: %w", err)
			}
		}
	})
}

// maxKey is how many characters a key has, but for what tells it from others: a
// word of a title has any length.
const maxKey = 100

func bounded(key string) string {
	runes := []rune(strings.ToValidUTF8(key, ""))
	return string(runes[:min(len(runes), maxKey)])
}

// place is one in the order in which documents came.
type place struct {
	at time.Time
	id uuid.UUID
}

// without gives documents that have no key, of the whole library where ids is nil.
func (s *Service) without(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID, ids []uuid.UUID, after place, limit int32) ([]citedb.AllWithoutKeyRow, error) {
	if ids == nil {
		rows, err := s.q.AllWithoutKey(ctx, db, citedb.AllWithoutKeyParams{LibraryID: libraryID, AfterAt: after.at, AfterID: after.id, MaxRows: limit})
		if err != nil {
			return nil, postgres.Fault(fmt.Errorf("documents without a citation key: %w", err))
		}
		return rows, nil
	}
	rows, err := s.q.SomeWithoutKey(ctx, db, citedb.SomeWithoutKeyParams{LibraryID: libraryID, Ids: ids, AfterAt: after.at, AfterID: after.id, MaxRows: limit})
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("documents without a citation key: %w", err))
	}
	out := make([]citedb.AllWithoutKeyRow, len(rows))
	for i, row := range rows {
		out[i] = citedb.AllWithoutKeyRow(row)
	}
	return out, nil
}

// Key is the citation key of a document.
type Key struct {
	DocumentID uuid.UUID
	Key        string
}

// Keep gives documents the keys that they came with. One that another document
// has, or that no bibliography can hold, is passed over: its document gets
// another when it is first exported.
func (s *Service) Keep(ctx context.Context, tx *postgres.Tx, libraryID uuid.UUID, keys []Key) error {
	insert := citedb.KeepKeysParams{LibraryID: libraryID}
	seen := map[string]bool{}
	for _, k := range keys {
		folded := strings.ToLower(k.Key)
		if !holdable.MatchString(k.Key) || seen[folded] {
			continue
		}
		seen[folded] = true
		insert.DocumentIds = append(insert.DocumentIds, k.DocumentID)
		insert.Keys, insert.Folded = append(insert.Keys, k.Key), append(insert.Folded, folded)
	}
	if len(insert.Keys) == 0 {
		return nil
	}
	if err := s.q.LockKeys(ctx, tx, libraryID.String()); err != nil {
		return fmt.Errorf("lock citation keys: %w", err)
	}
	if err := s.q.KeepKeys(ctx, tx, insert); err != nil {
		return fmt.Errorf("keep citation keys: %w", err)
	}
	return nil
}

// holdable is a key that BibTeX reads again as it is.
var holdable = regexp.MustCompile(`^[\pL\pN_.:+/*'?!-]{1,100}$`)
