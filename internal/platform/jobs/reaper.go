package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	reapEvery = time.Second
	// A worker counts as dead when its lock was missing for this long, so one
	// that lost its connection, or that waits for a restarted database, has
	// time to take the lock again.
	deadAfter = 3 * time.Second
)

// reaper frees the jobs of dead workers. One runs beside every worker; they
// need no leader, because freeing is one statement that changes only jobs
// which are still left running.
type reaper struct {
	client *Client
	// missing says since when each worker's lock has been seen missing.
	missing map[string]time.Time
}

func newReaper(c *Client) *reaper {
	return &reaper{client: c, missing: map[string]time.Time{}}
}

func (r *reaper) run(ctx context.Context) {
	tick := time.NewTicker(reapEvery)
	defer tick.Stop()
	for {
		if err := r.pass(ctx, time.Now()); err != nil && ctx.Err() == nil {
			r.client.cfg.Logger.WarnContext(ctx, "jobs: could not look for dead workers", slog.Any("error", err))
			// What was seen before says nothing about a database that was
			// away: its restart dropped everybody's lock.
			clear(r.missing)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// lastWorker is the id of the process that runs a job.
const lastWorker = `j.attempted_by[array_upper(j.attempted_by, 1)]`

// lockHeld is true while the process of that id holds its lock.
const lockHeld = `EXISTS (
	SELECT FROM pg_locks l
	WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
		AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND l.classid = @space::bigint::oid
		AND l.objid::bigint = hashtext(` + lastWorker + `)::bigint & 4294967295)`

func (r *reaper) pass(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	pool := r.client.pool
	rows, err := pool.Query(ctx,
		`SELECT DISTINCT `+lastWorker+` FROM river_job j WHERE j.state = 'running' AND NOT `+lockHeld,
		pgx.NamedArgs{"space": lockSpace})
	if err != nil {
		return fmt.Errorf("find workers without a lock: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("find workers without a lock: %w", err)
	}
	seen := make(map[string]time.Time, len(ids))
	var dead []string
	for _, id := range ids {
		since, ok := r.missing[id]
		if !ok {
			since = now
		}
		seen[id] = since
		if now.Sub(since) >= deadAfter {
			dead = append(dead, id)
		}
	}
	r.missing = seen
	if len(dead) == 0 {
		return nil
	}
	return r.free(ctx, dead)
}

// free makes the jobs of dead workers available again. The count of tries
// stays, so that a job which kills its worker ends; see guarded.Work.
func (r *reaper) free(ctx context.Context, dead []string) error {
	rows, err := r.client.pool.Query(ctx, `
		UPDATE river_job j
		SET state = 'available', scheduled_at = now(),
			errors = array_append(j.errors, jsonb_build_object(
				'at', now(), 'attempt', j.attempt, 'error', @error::text, 'trace', ''))
		WHERE j.state = 'running' AND `+lastWorker+` = ANY(@dead::text[]) AND NOT `+lockHeld+`
		RETURNING j.id, j.kind, j.queue, `+lastWorker+` AS worker`,
		pgx.NamedArgs{"space": lockSpace, "dead": dead, "error": ErrCrashed.Error()})
	if err != nil {
		return fmt.Errorf("free the jobs of dead workers: %w", err)
	}
	type freed struct {
		ID                  int64
		Kind, Queue, Worker string
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[freed])
	if err != nil {
		return fmt.Errorf("free the jobs of dead workers: %w", err)
	}
	queues := map[string]bool{}
	for _, f := range all {
		queues[f.Queue] = true
		r.client.cfg.Logger.WarnContext(ctx, "jobs: a worker died; its job runs again",
			slog.Int64("job", f.ID), slog.String("kind", f.Kind), slog.String("worker", f.Worker))
	}
	for q := range queues {
		r.client.waker.wake(q)
	}
	return nil
}
