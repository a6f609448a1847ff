package annotation

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Delete deletes a mark of p's own, or for an admin anybody's shared one. It can
// be taken back for 30 days. One that is deleted already stays so.
func (s *Service) Delete(ctx context.Context, p identity.Person, op Operation, id uuid.UUID) error {
	_, err := s.change(ctx, p, op, id, step{
		what: "delete", deleted: true, action: func(m mark) library.Action { return toDelete(p, m.AuthorID) },
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			if m.DeletedAt != nil {
				return nil
			}
			now := s.Clock.Now()
			if err := s.setDeleted(ctx, tx, m, &now, by(p)); err != nil {
				return err
			}
			if err := s.note(ctx, tx, m, p, entry{what: Deleted}); err != nil {
				return err
			}
			s.record(tx, m, library.OpRemoved, p, m.Private)
			return nil
		},
	})
	return err
}

// toDelete is what one must be allowed to for deleting what author wrote.
func toDelete(p identity.Person, author uuid.NullUUID) library.Action {
	if author == by(p) {
		return library.ReadMarks
	}
	return library.DeleteMarks
}

func (s *Service) setDeleted(ctx context.Context, tx *postgres.Tx, m mark, at *time.Time, person uuid.NullUUID) error {
	if err := s.q.SetDeleted(ctx, tx, annotationdb.SetDeletedParams{ID: m.ID, DeletedAt: at, DeletedBy: person, At: s.Clock.Now()}); err != nil {
		return fmt.Errorf("set deleted: %w", err)
	}
	return nil
}

// Restore takes back that p deleted a mark.
func (s *Service) Restore(ctx context.Context, p identity.Person, op Operation, id uuid.UUID) (Annotation, error) {
	return s.change(ctx, p, op, id, step{
		what: "restore", deleted: true,
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			if m.DeletedAt == nil {
				return nil
			}
			if err := s.mayRestore(p, m.DeletedBy, *m.DeletedAt); err != nil {
				return err
			}
			if err := s.setDeleted(ctx, tx, m, nil, uuid.NullUUID{}); err != nil {
				return err
			}
			if err := s.note(ctx, tx, m, p, entry{what: Restored}); err != nil {
				return err
			}
			s.record(tx, m, library.OpRestored, p, m.Private)
			return nil
		},
	})
}

func (s *Service) mayRestore(p identity.Person, deletedBy uuid.NullUUID, at time.Time) error {
	if deletedBy != by(p) {
		return errNotDeleter
	}
	if s.Clock.Now().Sub(at) > Lifetime {
		return errTooOld
	}
	return nil
}
