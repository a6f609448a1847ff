// Package jobstest runs jobs in tests and waits for them by signal.
package jobstest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
)

// patience is how long a test waits before it fails.
const patience = 30 * time.Second

// NewClient makes a client that may work, with two jobs at a time per queue.
func NewClient(t testing.TB, pool *pgxpool.Pool) *jobs.Client {
	t.Helper()
	c, err := jobs.New(pool, jobs.Config{
		Work:     true,
		Queues:   map[string]int{jobs.QueueDefault: 2, jobs.QueueParse: 2, jobs.QueueMail: 2},
		SoftStop: time.Second,
		Logger:   slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		t.Fatalf("jobs: %v", err)
	}
	return c
}

// Runner runs jobs until the test ends.
type Runner struct {
	t      testing.TB
	pool   *pgxpool.Pool
	events <-chan *jobs.Event
}

// Start runs the client's jobs until the test ends.
func Start(t testing.TB, pool *pgxpool.Pool, client *jobs.Client, registry *jobs.Registry) *Runner {
	t.Helper()
	if err := client.Start(t.Context(), registry); err != nil {
		t.Fatalf("start jobs: %v", err)
	}
	events, stop := client.Finished()
	t.Cleanup(func() {
		stop()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := client.Stop(ctx); err != nil {
			t.Errorf("stop jobs: %v", err)
		}
	})
	return &Runner{t: t, pool: pool, events: events}
}

// Wait returns once a job of this kind ended a try.
func (r *Runner) Wait(kind string) *jobs.Event {
	r.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case e := <-r.events:
			if e.Job.Kind == kind {
				return e
			}
		case <-deadline:
			r.t.Fatalf("no job %s ended", kind)
		}
	}
}

// Idle returns once no job of this kind waits or runs.
func (r *Runner) Idle(kind string) {
	r.t.Helper()
	deadline := time.After(patience)
	for {
		var left int
		err := r.pool.QueryRow(r.t.Context(),
			`SELECT count(*) FROM river_job WHERE kind = $1 AND state NOT IN ('completed', 'cancelled', 'discarded')`, kind).Scan(&left)
		if err != nil {
			r.t.Fatalf("count jobs: %v", err)
		}
		if left == 0 {
			return
		}
		select {
		case <-r.events:
		case <-deadline:
			r.t.Fatalf("%d jobs %s did not end", left, kind)
		}
	}
}
