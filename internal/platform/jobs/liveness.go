package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// lockSpace is the first key of our advisory locks; the second is the hash of
// a worker's id. It keeps them apart from River's and goose's.
const lockSpace = 0x5ca1ab1e & 0x7fffffff

const (
	pingEvery     = 2 * time.Second
	pingTimeout   = 5 * time.Second
	reconnectWait = 250 * time.Millisecond
)

// liveness holds an advisory lock on a connection of its own for as long as
// this process lives. PostgreSQL drops the lock with the connection, at once
// when the process is killed and within seconds when its machine is gone.
type liveness struct {
	cfg  *pgx.ConnConfig
	id   string
	log  *slog.Logger
	conn *pgx.Conn
}

func (l *liveness) acquire(ctx context.Context) error {
	cfg := l.cfg.Copy()
	if cfg.RuntimeParams == nil {
		cfg.RuntimeParams = map[string]string{}
	}
	// The server notices a silent partition after about ten seconds.
	cfg.RuntimeParams["tcp_keepalives_idle"] = "4"
	cfg.RuntimeParams["tcp_keepalives_interval"] = "2"
	cfg.RuntimeParams["tcp_keepalives_count"] = "3"
	cfg.RuntimeParams["application_name"] = "scrollkeeper-alive"
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("jobs: connect for the worker's lock: %w", err)
	}
	var got bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, hashtext($2))`, lockSpace, l.id).Scan(&got); err != nil {
		_ = conn.Close(ctx)
		return fmt.Errorf("jobs: take the worker's lock: %w", err)
	}
	if !got {
		_ = conn.Close(ctx)
		return fmt.Errorf("jobs: worker %q holds its lock already: two processes must not share an id", l.id)
	}
	l.conn = conn
	return nil
}

// keep watches the connection and takes the lock again when it was lost, well
// within the reaper's grace. It returns when ctx ends.
func (l *liveness) keep(ctx context.Context) {
	for {
		wait := pingEvery
		if err := l.check(ctx); err != nil && ctx.Err() == nil {
			l.log.WarnContext(ctx, "jobs: the worker's lock is not held", slog.String("worker", l.id), slog.Any("error", err))
			wait = reconnectWait
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (l *liveness) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	if l.conn == nil {
		return l.acquire(ctx)
	}
	err := l.conn.Ping(ctx)
	if err == nil {
		return nil
	}
	l.release()
	if ctx.Err() != nil {
		return err
	}
	return l.acquire(ctx)
}

func (l *liveness) release() {
	if l.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = l.conn.Close(ctx)
	l.conn = nil
}
