package jobs

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Args describe one job as JSON. Kind names it and must never change while
// jobs of it may exist.
type Args = river.JobArgs

// Job is a job with its arguments, as a worker gets it.
type Job[T Args] = river.Job[T]

// InsertOpts say how a job is queued.
type InsertOpts = river.InsertOpts

// UniqueOpts say which jobs count as the same.
type UniqueOpts = river.UniqueOpts

// Unfinished are the states of a job that will still run or is running. Used
// as UniqueOpts.ByState it allows a job again once the last one ended, however
// it ended.
func Unfinished() []rivertype.JobState {
	return []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
		rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}
}

// Again is what Work returns to have the job run again after d without using
// up a try: for work that waits for something outside.
func Again(d time.Duration) error { return river.JobSnooze(d) }

// ErrCrashed is the cause of setting a job aside whose last try ended with the
// death of its worker process.
var ErrCrashed = errors.New("the worker process died while it ran this job")

// Worker does the jobs of one kind.
type Worker[T Args] interface {
	// Work does the job once. It must be safe to repeat: a job can run twice
	// when a node is cut off from the database. An error, or a panic, has it
	// tried again until its tries are used up. When ctx ends because the
	// process is stopping, Work returns ctx's error and the job is handed back
	// without using up a try.
	Work(ctx context.Context, job *Job[T]) error
}

// SetAsider is implemented by workers that must know when a job is given up.
type SetAsider[T Args] interface {
	// SetAside is called once the last try failed, with its error, or with
	// ErrCrashed when the process died in the last try.
	SetAside(ctx context.Context, job *Job[T], cause error) error
}

// TimeLimiter is implemented by workers whose jobs may take longer, or less
// long, than DefaultTimeout.
type TimeLimiter interface {
	// TimeLimit is how long one try may take before its context ends.
	TimeLimit() time.Duration
}

// DefaultTimeout bounds one try of a job.
const DefaultTimeout = 5 * time.Minute

// setAsideTimeout bounds SetAside, which runs after the job's own time may be up.
const setAsideTimeout = 30 * time.Second

// guarded adapts a Worker to River and calls SetAside when it is due.
type guarded[T Args] struct {
	river.WorkerDefaults[T]
	inner Worker[T]
}

func (g guarded[T]) Timeout(*river.Job[T]) time.Duration {
	if l, ok := g.inner.(TimeLimiter); ok {
		return l.TimeLimit()
	}
	return DefaultTimeout
}

func (g guarded[T]) Work(ctx context.Context, job *river.Job[T]) error {
	// The reaper makes a dead worker's job available whatever its count, so
	// that the feature hears of the end here, in a worker that is alive.
	if job.Attempt > job.MaxAttempts {
		return g.setAside(ctx, job, ErrCrashed)
	}
	err := g.try(ctx, job)
	switch {
	case err == nil, job.Attempt < job.MaxAttempts, stopping(ctx, err):
		return err
	}
	if _, ok := errors.AsType[*rivertype.JobSnoozeError](err); ok {
		return err
	}
	return g.setAside(ctx, job, err)
}

// try turns a panic into an error, so that both lead to SetAside.
func (g guarded[T]) try(ctx context.Context, job *river.Job[T]) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return g.inner.Work(ctx, job)
}

func (g guarded[T]) setAside(ctx context.Context, job *river.Job[T], cause error) error {
	s, ok := g.inner.(SetAsider[T])
	if !ok {
		return cause
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), setAsideTimeout)
	defer cancel()
	if err := s.SetAside(ctx, job, cause); err != nil {
		return errors.Join(cause, fmt.Errorf("set aside: %w", err))
	}
	return cause
}

// stopping reports whether a job ended because its process is stopping: then
// River hands it back. A job that ran out of time has another error.
func stopping(ctx context.Context, err error) bool {
	return errors.Is(err, context.Canceled) && errors.Is(ctx.Err(), context.Canceled)
}
