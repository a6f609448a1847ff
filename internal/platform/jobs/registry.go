package jobs

import (
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// Registry collects the workers and the periodic jobs of all features.
type Registry struct {
	workers  *river.Workers
	periodic []*river.PeriodicJob
	// periodicKinds has the kinds of periodic.
	periodicKinds map[string]bool
	err           error
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry {
	return &Registry{workers: river.NewWorkers(), periodicKinds: map[string]bool{}}
}

// Add registers the worker of one kind. A kind that is registered twice makes
// Client.Start fail.
func Add[T Args](r *Registry, w Worker[T]) {
	if err := river.AddWorkerSafely(r.workers, river.Worker[T](guarded[T]{inner: w})); err != nil && r.err == nil {
		r.err = fmt.Errorf("jobs: %w", err)
	}
}

// Every has a job inserted when a worker becomes the leader and then once per
// interval. At most one of its kind is queued or running at any time. It is
// tried once: the next one comes anyway.
func (r *Registry) Every(interval time.Duration, args Args) {
	r.periodicKinds[args.Kind()] = true
	r.periodic = append(r.periodic, river.NewPeriodicJob(
		river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) {
			return args, &river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByState: Unfinished()}}
		},
		&river.PeriodicJobOpts{RunOnStart: true},
	))
}
