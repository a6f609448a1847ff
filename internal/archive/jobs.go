package archive

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// PrepareArgs ask for an archive to be prepared.
type PrepareArgs struct {
	ArchiveID uuid.UUID `json:"archive_id"`
}

// Kind names the job.
func (PrepareArgs) Kind() string { return "prepare_archive" }

// SweepArgs ask for old archives to be forgotten.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "sweep_archives" }

const (
	prepareLimit = 2 * time.Hour
	sweepEvery   = time.Hour
)

type preparer struct{ s *Service }

// TimeLimit implements jobs.TimeLimiter.
func (preparer) TimeLimit() time.Duration { return prepareLimit }

// Work implements jobs.Worker.
func (w preparer) Work(ctx context.Context, job *jobs.Job[PrepareArgs]) error {
	err := w.s.Prepare(ctx, job.Args.ArchiveID)
	if f, ok := fault.As(err); ok && (f.Kind == fault.NotFound || f.Kind == fault.Forbidden || f.Kind == fault.Full) {
		return w.s.fail(ctx, job.Args.ArchiveID, f.Message)
	}
	return err
}

// SetAside implements jobs.SetAsider.
func (w preparer) SetAside(ctx context.Context, job *jobs.Job[PrepareArgs], _ error) error {
	return w.s.fail(ctx, job.Args.ArchiveID, "Something on the server went wrong while this was prepared. Try again; if it goes on, tell the operator.")
}

type sweeper struct{ s *Service }

// Work implements jobs.Worker.
func (w sweeper) Work(ctx context.Context, _ *jobs.Job[SweepArgs]) error { return w.s.Sweep(ctx) }

// RegisterJobs adds the workers and the periodic job.
func (s *Service) RegisterJobs(r *jobs.Registry) {
	jobs.Add[PrepareArgs](r, preparer{s})
	jobs.Add[SweepArgs](r, sweeper{s})
	r.Every(sweepEvery, SweepArgs{})
}

func (s *Service) fail(ctx context.Context, id uuid.UUID, sentence string) error {
	if err := s.q.SetFailed(ctx, s.Pool, sentence, s.Clock.Now(), id); err != nil {
		return postgres.Fault(fmt.Errorf("set failed: %w", err))
	}
	return nil
}

// Sweep forgets old archives, and what is left of those whose library went.
func (s *Service) Sweep(ctx context.Context) error {
	before := s.Clock.Now().Add(-lifetime)
	ids, err := s.q.OldArchives(ctx, s.Pool, before)
	if err != nil {
		return postgres.Fault(fmt.Errorf("old archives: %w", err))
	}
	for _, id := range ids {
		if err := s.forget(ctx, id); err != nil {
			return err
		}
	}
	old := map[uuid.UUID][]string{}
	if err := s.Blobs.List(ctx, blobPrefix, func(b blob.Info) error {
		const idLength = 36
		if rest := b.Key[len(blobPrefix):]; b.ModTime.Before(before) && len(rest) > idLength {
			if id, err := uuid.Parse(rest[:idLength]); err == nil {
				old[id] = append(old[id], b.Key)
			}
		}
		return nil
	}); err != nil {
		return fmt.Errorf("list what was prepared: %w", err)
	}
	if len(old) == 0 {
		return nil
	}
	all := make([]uuid.UUID, 0, len(old))
	for id := range old {
		all = append(all, id)
	}
	known, err := s.q.KnownArchives(ctx, s.Pool, all)
	if err != nil {
		return postgres.Fault(fmt.Errorf("known archives: %w", err))
	}
	for _, id := range known {
		delete(old, id)
	}
	for _, keys := range old {
		for _, key := range keys {
			if err := s.Blobs.Delete(ctx, key); err != nil {
				return fmt.Errorf("delete what was prepared: %w", err)
			}
		}
	}
	return nil
}
