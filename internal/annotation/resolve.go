package annotation

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Resolve says that a mark is dealt with.
func (s *Service) Resolve(ctx context.Context, p identity.Person, op Operation, id uuid.UUID) (Annotation, error) {
	return s.setResolved(ctx, p, op, id, true)
}

// Reopen says that a mark is not dealt with after all.
func (s *Service) Reopen(ctx context.Context, p identity.Person, op Operation, id uuid.UUID) (Annotation, error) {
	return s.setResolved(ctx, p, op, id, false)
}

func (s *Service) setResolved(ctx context.Context, p identity.Person, op Operation, id uuid.UUID, resolved bool) (Annotation, error) {
	what, event, name := Reopened, EventReopened, "reopen"
	if resolved {
		what, event, name = Resolved, EventResolved, "resolve"
	}
	return s.change(ctx, p, op, id, step{
		what: name, action: discuss,
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			if (m.ResolvedAt != nil) == resolved {
				return nil
			}
			now := s.Clock.Now()
			params := annotationdb.SetResolvedParams{ID: m.ID, At: now}
			if resolved {
				params.ResolvedAt, params.ResolvedBy, params.ResolvedByName = &now, by(p), p.Name
			}
			if err := s.q.SetResolved(ctx, tx, params); err != nil {
				return fmt.Errorf("set resolved: %w", err)
			}
			if err := s.note(ctx, tx, m, p, entry{what: what}); err != nil {
				return err
			}
			s.record(tx, m, library.OpChanged, p, m.Private)
			return s.tell(ctx, tx, m, p, Event{Kind: event})
		},
	})
}

// Assign asks a member to look after a mark; nil asks nobody.
func (s *Service) Assign(ctx context.Context, p identity.Person, op Operation, id uuid.UUID, personID *uuid.UUID) (Annotation, error) {
	var assignee uuid.NullUUID
	if personID != nil {
		assignee = nullable(*personID)
	}
	return s.change(ctx, p, op, id, step{
		what: "assign", action: discuss,
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			if assignee == m.AssigneeID {
				return nil
			}
			if assignee.Valid {
				if m.Private && assignee != m.AuthorID {
					return errPrivateTask
				}
				members, err := s.q.MembersAmong(ctx, tx, m.LibraryID, []uuid.UUID{assignee.UUID})
				if err != nil {
					return fmt.Errorf("member: %w", err)
				}
				if len(members) == 0 {
					return errNoAssignee
				}
			}
			if err := s.q.SetAssignee(ctx, tx, assignee, s.Clock.Now(), m.ID); err != nil {
				return fmt.Errorf("set assignee: %w", err)
			}
			if err := s.noteAssigned(ctx, tx, m, p, m.AssigneeID, assignee); err != nil {
				return err
			}
			s.record(tx, m, library.OpChanged, p, m.Private)
			return s.tell(ctx, tx, m, p, Event{Kind: EventAssigned, Assignee: assignee})
		},
	})
}

// Confirm agrees to the place that was guessed for a mark in an edition (nil:
// the newest).
func (s *Service) Confirm(ctx context.Context, p identity.Person, op Operation, id uuid.UUID, editionID *uuid.UUID) (Annotation, error) {
	if editionID != nil {
		op.EditionID = nullable(*editionID)
	}
	return s.change(ctx, p, op, id, step{
		what: "confirm", action: discuss,
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			edition, err := s.edition(ctx, tx, m.DocumentID, op.EditionID)
			if err != nil {
				return err
			}
			place, err := s.q.Anchor(ctx, tx, m.ID, edition)
			if errors.Is(err, pgx.ErrNoRows) || err == nil && Status(place.Status) == Orphan {
				return errNoGuess
			}
			if err != nil {
				return fmt.Errorf("place: %w", err)
			}
			n, err := s.q.ConfirmAnchor(ctx, tx, m.ID, edition)
			if err != nil {
				return fmt.Errorf("confirm place: %w", err)
			}
			if n == 0 {
				return nil // certain, or confirmed before
			}
			if err := s.q.Touch(ctx, tx, s.Clock.Now(), m.ID); err != nil {
				return fmt.Errorf("touch mark: %w", err)
			}
			s.record(tx, m, library.OpChanged, p, m.Private)
			return nil
		},
	})
}
