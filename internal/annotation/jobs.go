package annotation

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// SettleArgs ask for all marks of a document to be looked for in one edition.
type SettleArgs struct {
	EditionID uuid.UUID `json:"edition_id"`
	// Attempt is the one that read the edition; 0 for whichever was the last.
	Attempt int32 `json:"attempt,omitempty"`
	// Marks are the file's own, which come in first.
	Marks []pdfmark.Mark `json:"marks,omitempty"`
}

// Kind names the job.
func (SettleArgs) Kind() string { return "settle_annotations" }

// SweepArgs ask for what was deleted long ago to be forgotten.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "sweep_annotations" }

const (
	sweepEvery  = time.Hour
	settleLimit = 30 * time.Minute
	// operationLifetime is how long a change is known by its name. A client that
	// was away for longer asks under a mark's id, which is known for ever.
	operationLifetime = 30 * 24 * time.Hour
)

type settler struct{ s *Service }

// TimeLimit implements jobs.TimeLimiter.
func (settler) TimeLimit() time.Duration { return settleLimit }

// Work implements jobs.Worker.
func (w settler) Work(ctx context.Context, job *jobs.Job[SettleArgs]) error {
	if w.s.OnSettle != nil && job.Args.Attempt != 0 {
		if err := w.s.OnSettle(ctx, job.Args.EditionID); err != nil {
			return err
		}
	}
	if err := w.s.importFile(ctx, job.Args); err != nil {
		return err
	}
	return w.s.Settle(ctx, job.Args.EditionID, job.Args.Attempt)
}

type sweeper struct{ s *Service }

// Work implements jobs.Worker.
func (w sweeper) Work(ctx context.Context, _ *jobs.Job[SweepArgs]) error { return w.s.Sweep(ctx) }

// RegisterJobs adds the workers and the periodic job.
func (s *Service) RegisterJobs(r *jobs.Registry) {
	jobs.Add[SettleArgs](r, settler{s})
	jobs.Add[SweepArgs](r, sweeper{s})
	r.Every(sweepEvery, SweepArgs{})
}

// OnReady is called in the transaction in which an edition becomes ready, and
// has the file's own marks brought in and all others found in it.
func (s *Service) OnReady(ctx context.Context, tx *postgres.Tx, a document.Attempt, marks []pdfmark.Mark) error {
	return s.insertSettle(ctx, tx, SettleArgs{EditionID: a.EditionID, Attempt: a.Number, Marks: marks})
}

func (s *Service) queueSettle(ctx context.Context, tx *postgres.Tx, editionID uuid.UUID) error {
	return s.insertSettle(ctx, tx, SettleArgs{EditionID: editionID})
}

func (s *Service) insertSettle(ctx context.Context, tx *postgres.Tx, args SettleArgs) error {
	if s.Jobs == nil {
		return nil
	}
	if _, err := s.Jobs.InsertTx(ctx, tx, args, nil); err != nil {
		return fmt.Errorf("queue settling: %w", err)
	}
	return nil
}

// Sweep forgets what was deleted more than 30 days ago, and the names of changes
// that no client repeats any more.
func (s *Service) Sweep(ctx context.Context) error {
	before := s.Clock.Now().Add(-Lifetime)
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.q.SweepMarks(ctx, tx, &before); err != nil {
			return fmt.Errorf("sweep marks: %w", err)
		}
		if _, err := s.q.SweepReplyHistory(ctx, tx, &before); err != nil {
			return fmt.Errorf("sweep history of replies: %w", err)
		}
		if _, err := s.q.SweepReplies(ctx, tx, &before); err != nil {
			return fmt.Errorf("sweep replies: %w", err)
		}
		if _, err := s.q.SweepOperations(ctx, tx, s.Clock.Now().Add(-operationLifetime)); err != nil {
			return fmt.Errorf("sweep operations: %w", err)
		}
		return nil
	})
}
