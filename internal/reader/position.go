package reader

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/reader/internal/readerdb"
)

// Position is where a person was last in a document.
type Position struct {
	EditionID uuid.UUID
	Page      int
	X, Y      float64 // PDF points, default user space
	// At is when that was, by the device's clock.
	At time.Time
}

var errNotItsEdition = fault.New(fault.Invalid, "edition_of_another_document", "This edition is not one of this document's.").With("field", "edition_id")

// Position gives p's place in a document that p may read; nil before the first.
func (s *Service) Position(ctx context.Context, p identity.Person, documentID uuid.UUID) (*Position, error) {
	if _, err := s.documents.LibraryFor(ctx, p, library.ReadLibrary, documentID); err != nil {
		return nil, err
	}
	return s.position(ctx, p, documentID)
}

func (s *Service) position(ctx context.Context, p identity.Person, documentID uuid.UUID) (*Position, error) {
	row, err := s.q.Position(ctx, s.pool, p.ID, documentID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing was read yet, and that is no error
	}
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("reading position: %w", err))
	}
	return &Position{EditionID: row.EditionID, Page: int(row.Page), X: row.X, Y: row.Y, At: row.At}, nil
}

// SetPosition keeps p's place and gives the one that holds then: of two devices,
// that of the later time. It is p's alone, so it is not in the change log, and
// nobody is told.
func (s *Service) SetPosition(ctx context.Context, p identity.Person, documentID uuid.UUID, at Position) (*Position, error) {
	if _, err := s.documents.LibraryFor(ctx, p, library.ReadLibrary, documentID); err != nil {
		return nil, err
	}
	e, err := s.documents.EditionFor(ctx, p, library.ReadLibrary, at.EditionID)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound || err == nil && e.DocumentID != documentID {
		return nil, errNotItsEdition
	}
	if err != nil {
		return nil, err
	}
	if !validPage(at.Page) || !validPoint(at.X, at.Y) || e.PageCount != nil && at.Page > int(*e.PageCount) {
		return nil, errBadPlace
	}
	// A clock that is ahead must not keep other devices out until then.
	if now := s.clock.Now(); at.At.After(now) {
		at.At = now
	}
	if err := s.q.PutPosition(ctx, s.pool, readerdb.PutPositionParams{
		PersonID: p.ID, DocumentID: documentID, EditionID: at.EditionID, Page: int32(at.Page), X: round(at.X), Y: round(at.Y), At: at.At,
	}); err != nil {
		return nil, postgres.Fault(fmt.Errorf("keep reading position: %w", err))
	}
	return s.position(ctx, p, documentID)
}
