package ingest

import (
	"context"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
)

const (
	tidyEvery    = 30 * time.Second
	collectEvery = time.Hour
)

// TidyArgs ask for what was left undone to be done: uploads that are complete
// but not recorded, uploads that expired, editions without a job.
type TidyArgs struct{}

// Kind names the job.
func (TidyArgs) Kind() string { return "tidy_uploads" }

// CollectArgs ask for files that belong to nothing to be deleted.
type CollectArgs struct{}

// Kind names the job.
func (CollectArgs) Kind() string { return "collect_blobs" }

type worker[T jobs.Args] func(ctx context.Context) error

func (w worker[T]) Work(ctx context.Context, _ *jobs.Job[T]) error { return w(ctx) }

// RegisterJobs adds the workers and the periodic jobs.
func (s *Service) RegisterJobs(r *jobs.Registry) {
	s.RegisterWorkers(r)
	r.Every(tidyEvery, TidyArgs{})
	r.Every(collectEvery, CollectArgs{})
}

// RegisterWorkers adds the workers alone, for who inserts the jobs by hand.
func (s *Service) RegisterWorkers(r *jobs.Registry) {
	jobs.Add[ParseArgs](r, parser{s})
	jobs.Add[ReparseArgs](r, reparser{s})
	jobs.Add[JoinArgs](r, joiner{s})
	jobs.Add(r, worker[TidyArgs](s.Tidy))
	jobs.Add(r, worker[CollectArgs](s.Collect))
}
