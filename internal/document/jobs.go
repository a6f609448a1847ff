package document

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

const (
	indexEvery = time.Minute
	// indexFor is how long a run goes on, so that it makes room for other jobs.
	indexFor   = 40 * time.Second
	indexBatch = 20
)

// IndexArgs ask for pages that were indexed by an earlier version, or whose
// document's language was corrected since, to be indexed again from their text.
type IndexArgs struct{}

// Kind names the job.
func (IndexArgs) Kind() string { return "index_pages" }

type indexer struct{ *Service }

func (w indexer) Work(ctx context.Context, _ *jobs.Job[IndexArgs]) error {
	_, err := w.IndexAgain(ctx, time.Now().Add(indexFor))
	return err
}

// RegisterJobs adds the worker and the periodic job.
func (s *Service) RegisterJobs(r *jobs.Registry) {
	jobs.Add[IndexArgs](r, indexer{s})
	r.Every(indexEvery, IndexArgs{})
}

// IndexAgain indexes pages again, one file after the other, until all are done or
// the time is over, and says how many files it did. They are found meanwhile as
// they were before.
func (s *Service) IndexAgain(ctx context.Context, until time.Time) (int, error) {
	done := 0
	for {
		ids, err := s.q.Unindexed(ctx, s.pool, indexBatch)
		if err != nil {
			return done, postgres.Fault(fmt.Errorf("files to index: %w", err))
		}
		for _, id := range ids {
			if err := ctx.Err(); err != nil {
				return done, err
			}
			if !time.Now().Before(until) {
				return done, nil
			}
			if err := s.indexEdition(ctx, id); err != nil {
				return done, err
			}
			done++
		}
		if len(ids) < indexBatch {
			return done, nil
		}
	}
}

func (s *Service) indexEdition(ctx context.Context, id uuid.UUID) error {
	return postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		// Locked, so that no parse stores other pages meanwhile.
		e, err := s.q.LockEdition(ctx, tx, id)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && State(e.State) != Ready {
			return nil
		}
		if err != nil {
			return fmt.Errorf("lock edition: %w", err)
		}
		said, err := s.q.DocumentLanguage(ctx, tx, e.DocumentID)
		if err != nil {
			return fmt.Errorf("document's language: %w", err)
		}
		for after := int32(0); ; {
			pages, err := s.q.PagesToIndex(ctx, tx, id, after, pageBatch)
			if err != nil {
				return fmt.Errorf("pages to index: %w", err)
			}
			if len(pages) == 0 {
				break
			}
			texts := make([]string, len(pages))
			for i, page := range pages {
				blocks, err := decodeBlocks(page.Blocks)
				if err != nil {
					return err
				}
				texts[i], after = textOfWork(page.Text, blocks), page.Number
			}
			list, err := Index(ctx, tx, said, texts)
			if err != nil {
				return err
			}
			p := documentdb.IndexPagesParams{EditionID: id}
			for i, one := range list {
				p.Numbers, p.Terms, p.Stems = append(p.Numbers, pages[i].Number), append(p.Terms, one.Words), append(p.Stems, one.Stems)
				p.Weights, p.Languages = append(p.Weights, one.Weight), append(p.Languages, one.Language)
			}
			if err := s.q.IndexPages(ctx, tx, p); err != nil {
				return fmt.Errorf("index pages: %w", err)
			}
		}
		if err := s.q.SetIndexed(ctx, tx, id); err != nil {
			return fmt.Errorf("set indexed: %w", err)
		}
		return nil
	})
}
