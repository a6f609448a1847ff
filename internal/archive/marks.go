package archive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/transfer"
)

// maxMarks is how many annotations of a file are taken, replies among them.
const maxMarks = 100_000

// OnSettle brings in the marks that wait for an edition, once it was read. It can
// be repeated, and does nothing where none wait.
func (s *Service) OnSettle(ctx context.Context, editionID uuid.UUID) error {
	row, err := s.q.WaitingMarks(ctx, s.Pool, editionID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return postgres.Fault(fmt.Errorf("waiting marks: %w", err))
	}
	rows, err := s.q.Pages(ctx, s.Pool, editionID)
	if err != nil {
		return postgres.Fault(fmt.Errorf("pages: %w", err))
	}
	pages := make([]document.PageInfo, len(rows))
	for i, r := range rows {
		pages[i] = document.PageInfo{Number: int(r.Number), Label: r.Label, Box: pagetext.Rect(r.Box), Rotation: int(r.Rotation)}
	}
	archived := annotation.Archived{Removed: row.Removed}
	archived.Marks, _, err = transfer.ReadFileMarks(row.Annotations, pages, nil, row.Own, maxMarks)
	if f, ok := fault.As(err); ok && (f.Kind == fault.Invalid || f.Kind == fault.TooLarge) {
		// Trying again would not help; the file is none the worse for it.
		s.Logger.WarnContext(ctx, "the marks of an archive cannot be read", slog.String("edition", editionID.String()), slog.Any("error", err))
		err = nil
	}
	if err != nil {
		return err
	}
	var by *identity.Person
	if row.PersonID.Valid {
		by = &identity.Person{ID: row.PersonID.UUID, Name: row.Person}
	}
	_, err = s.Marks.BringBack(ctx, editionID, by, archived)
	if errors.Is(err, document.ErrGone) || errors.Is(err, document.ErrStale) || fault.Is(err, "not_ready") {
		return nil // whoever reads it next brings them
	}
	if err != nil {
		return err
	}
	if err := s.q.DropMarks(ctx, s.Pool, editionID); err != nil {
		return postgres.Fault(fmt.Errorf("drop waiting marks: %w", err))
	}
	return nil
}

func isGone(err error) bool { return fault.Is(err, "blob_not_found") }
