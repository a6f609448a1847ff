package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	listenCheck   = 5 * time.Second
	checkWithin   = 3 * time.Second
	firstRelisten = 50 * time.Millisecond
	slowRelisten  = 2 * time.Second
)

// listener receives notifications on a connection of its own. LISTEN belongs
// to a session, so it can go neither through the pool nor through a pooler.
type listener struct {
	cfg *pgx.ConnConfig
	log *slog.Logger
	// receive is called for each notification, in order.
	receive func(notification)
	// again is called after a connection that follows a lost one.
	again func()
	// ready is closed when the first connection listens.
	ready chan struct{}
}

// run listens until ctx ends, and connects again whenever it must.
func (l *listener) run(ctx context.Context) {
	wait := firstRelisten
	for first := true; ctx.Err() == nil; {
		err := l.session(ctx, func() {
			wait = firstRelisten
			if first {
				close(l.ready)
				first = false
				return
			}
			l.again()
		})
		if ctx.Err() != nil {
			return
		}
		l.log.WarnContext(ctx, "realtime: not listening; connecting again", slog.Duration("after", wait), slog.Any("error", err))
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		wait = min(2*wait, slowRelisten)
	}
}

// session listens on one connection until it breaks.
func (l *listener) session(ctx context.Context, listening func()) error {
	cfg := l.cfg.Copy()
	if cfg.RuntimeParams == nil {
		cfg.RuntimeParams = map[string]string{}
	}
	cfg.RuntimeParams["application_name"] = "scrollkeeper-live"
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(closing)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	listening()
	for {
		waiting, cancel := context.WithTimeout(ctx, listenCheck)
		n, err := conn.WaitForNotification(waiting)
		cancel()
		switch {
		case err == nil:
			l.decode(ctx, n.Payload)
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, context.DeadlineExceeded):
			// A silent connection may be a dead one.
			checking, cancel := context.WithTimeout(ctx, checkWithin)
			err := conn.Ping(checking)
			cancel()
			if err != nil {
				return err
			}
		default:
			return err
		}
	}
}

func (l *listener) decode(ctx context.Context, payload string) {
	var n notification
	if err := json.Unmarshal([]byte(payload), &n); err != nil {
		l.log.WarnContext(ctx, "realtime: strange notification", slog.Any("error", err))
		return
	}
	l.receive(n)
}
