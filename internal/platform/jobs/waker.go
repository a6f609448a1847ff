package jobs

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// wakeTimeout bounds one notification.
const wakeTimeout = 5 * time.Second

// waker tells workers on all nodes to look at a queue now. It works beside the
// inserting requests, which need not wait for it, and while one notification is
// under way those that come meanwhile become one. A lost notification costs a
// poll interval.
type waker struct {
	pool *pgxpool.Pool
	log  *slog.Logger

	mu      sync.Mutex
	queues  map[string]bool
	running bool
}

func (w *waker) wake(queue string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.queues == nil {
		w.queues = map[string]bool{}
	}
	w.queues[queue] = true
	if !w.running {
		w.running = true
		go w.run()
	}
}

func (w *waker) run() {
	for {
		w.mu.Lock()
		queues := slices.Collect(maps.Keys(w.queues))
		clear(w.queues)
		if len(queues) == 0 {
			w.running = false
			w.mu.Unlock()
			return
		}
		w.mu.Unlock()
		w.notify(queues)
	}
}

func (w *waker) notify(queues []string) {
	ctx, cancel := context.WithTimeout(context.Background(), wakeTimeout)
	defer cancel()
	// The topic and the payload are River's own. A notification need not wait
	// for the disk, as the commit that it belongs to otherwise would.
	const sql = `SELECT set_config('synchronous_commit', 'off', true),
		pg_notify(current_schema() || '.river_insert', json_build_object('queue', q)::text) FROM unnest($1::text[]) AS q`
	if _, err := w.pool.Exec(ctx, sql, queues); err != nil {
		w.log.DebugContext(ctx, "jobs: could not wake workers", slog.Any("queues", queues), slog.Any("error", err))
	}
}
