package annotation

import (
	"context"
	"fmt"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// OnMoved is called in the transaction in which files go to another document.
// Their marks go along, and are looked for in its other files, as its marks are
// in the new ones. So do the notes on the document.
func (s *Service) OnMoved(ctx context.Context, tx *postgres.Tx, m document.Moved) error {
	if err := s.q.MoveMarks(ctx, tx, m.To, m.EditionIDs); err != nil {
		return fmt.Errorf("move marks: %w", err)
	}
	notes := func() error { return s.q.MoveNotes(ctx, tx, m.To, m.From) }
	if m.Back {
		notes = func() error { return s.q.MoveNotesBack(ctx, tx, m.To, m.LibraryID) }
	}
	if err := notes(); err != nil {
		return fmt.Errorf("move notes: %w", err)
	}
	if err := s.q.DropForeignAnchors(ctx, tx, m.From, m.To); err != nil {
		return fmt.Errorf("drop places: %w", err)
	}
	editions, err := s.q.ReadyEditions(ctx, tx, m.To)
	if err != nil {
		return fmt.Errorf("ready editions: %w", err)
	}
	for _, id := range editions {
		if err := s.queueSettle(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}
