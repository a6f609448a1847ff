package document

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// The methods in this file are for features that stand on a document's text.
// None asks for permission: their caller is a job, or has asked already.

// Source is a ready edition's text, as one attempt read it.
type Source struct {
	Edition
	Attempt     int32
	TextVersion string

	wordsKey string
}

// Source gives a ready edition's text to read pages from. A fault "not_ready"
// while it has none, ErrGone when the edition does not exist.
func (s *Service) Source(ctx context.Context, db postgres.DBTX, editionID uuid.UUID) (Source, error) {
	e, err := s.q.Edition(ctx, db, editionID)
	if errors.Is(err, pgx.ErrNoRows) {
		return Source{}, ErrGone
	}
	if err != nil {
		return Source{}, postgres.Fault(fmt.Errorf("edition: %w", err))
	}
	if State(e.State) != Ready {
		return Source{}, errNotReady
	}
	return Source{Edition: editionOf(e), Attempt: e.Attempt, TextVersion: deref(e.TextVersion), wordsKey: deref(e.WordsKey)}, nil
}

// SourcePage is a page of a source; its words are read by FillWords.
type SourcePage struct {
	pagetext.Page

	offset, length int64
}

// SourcePages gives the pages of a source from one number to another, as far as
// there are any, without their words; none when the edition was read anew
// meanwhile.
func (s *Service) SourcePages(ctx context.Context, db postgres.DBTX, src Source, from, to int) ([]SourcePage, error) {
	rows, err := s.q.SourcePages(ctx, db, documentdb.SourcePagesParams{
		EditionID: src.ID, Attempt: src.Attempt, FirstPage: int32(from), LastPage: int32(to),
	})
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("pages: %w", err))
	}
	pages := make([]SourcePage, len(rows))
	for i, r := range rows {
		pages[i] = SourcePage{
			Page:   pagetext.Page{Number: int(r.Number), Label: r.Label, Box: rect(r.Box), Rotation: int(r.Rotation), Text: r.Text},
			offset: r.WordsOffset, length: r.WordsLength,
		}
	}
	return pages, nil
}

// FillWords reads a page's words. ErrStale when the edition was read anew
// meanwhile.
func (s *Service) FillWords(ctx context.Context, db postgres.DBTX, src Source, page *SourcePage) error {
	words, err := s.words(ctx, src.wordsKey, page.offset, page.length)
	if err != nil {
		// The words of an older attempt are deleted once a newer one is stored.
		if now, again := s.Source(ctx, db, src.ID); again != nil || now.Attempt != src.Attempt {
			return ErrStale
		}
		return err
	}
	page.Words = words
	return nil
}

// TextVersions names what made the texts of the editions that are ready, in one
// library or in all.
func (s *Service) TextVersions(ctx context.Context, libraryID uuid.NullUUID) ([]string, error) {
	versions, err := s.q.TextVersions(ctx, s.pool, libraryID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("text versions: %w", err))
	}
	return versions, nil
}

// VersionQuery asks for ready editions by what made their text.
type VersionQuery struct {
	LibraryID uuid.NullUUID // empty for all
	Versions  []string
	// After is the last id of the part before.
	After uuid.UUID
	Limit int
}

// EditionsOfVersions gives the ids of such editions, in the order of the ids.
func (s *Service) EditionsOfVersions(ctx context.Context, q VersionQuery) ([]uuid.UUID, error) {
	ids, err := s.q.EditionsWithText(ctx, s.pool, documentdb.EditionsWithTextParams{
		Versions: q.Versions, After: q.After, LibraryID: q.LibraryID, MaxRows: int32(q.Limit),
	})
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("editions of text versions: %w", err))
	}
	return ids, nil
}
