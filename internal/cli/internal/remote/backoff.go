package remote

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

// Backoff says how requests that failed for a passing reason are tried again:
// the network, a server that restarts, a full queue. Zero values mean the
// defaults.
type Backoff struct {
	// First is the pause after the first failure; each further one doubles it.
	// Default: 500 ms.
	First time.Duration
	// Longest pause. Default: 15 s. A longer Retry-After is obeyed.
	Longest time.Duration
	// Patience is for how long nothing may get through before it is given up.
	// Default: 3 minutes.
	Patience time.Duration
	// OnWait is told before each pause, from any goroutine. May be nil.
	OnWait func(err error, pause time.Duration)
}

func (b Backoff) withDefaults() Backoff {
	if b.First == 0 {
		b.First = 500 * time.Millisecond
	}
	if b.Longest == 0 {
		b.Longest = 15 * time.Second
	}
	if b.Patience == 0 {
		b.Patience = 3 * time.Minute
	}
	return b
}

// run calls fn until it succeeds, fails for good, or Patience is over.
func (b Backoff) run(ctx context.Context, fn func(context.Context) error) error {
	waits := b.start()
	for {
		err := fn(ctx)
		if err == nil {
			return nil
		}
		if err := waits.after(ctx, err); err != nil {
			return err
		}
	}
}

// waits is the pauses of one piece of work.
type waits struct {
	Backoff
	pause time.Duration
	since time.Time // when the first failure in a row was
}

func (b Backoff) start() *waits { return &waits{Backoff: b, pause: b.First} }

// progressed forgets the failures so far.
func (w *waits) progressed() { w.pause, w.since = w.First, time.Time{} }

// after pauses and returns nil when the work may be tried again, else the
// error to give up with.
func (w *waits) after(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !passing(err) {
		return err
	}
	now := time.Now()
	if w.since.IsZero() {
		w.since = now
	}
	if now.Sub(w.since) >= w.Patience {
		return err
	}
	// Between half a pause and a whole one, so that clients that failed
	// together do not come back together.
	pause := w.pause/2 + rand.N(w.pause/2+1) //nolint:gosec // Not a secret.
	if p, ok := AsProblem(err); ok && p.retryAfter > pause {
		pause = min(p.retryAfter, w.Patience)
	}
	if w.OnWait != nil {
		w.OnWait(err, pause)
	}
	w.pause = min(2*w.pause, w.Longest)
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// passing tells failures that time may mend.
func passing(err error) bool {
	if p, ok := AsProblem(err); ok {
		switch p.Status {
		case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
			// An upload that another request still holds, perhaps our own last one.
			http.StatusLocked:
			return true
		case http.StatusNotImplemented, http.StatusHTTPVersionNotSupported, http.StatusInsufficientStorage:
			return false
		}
		return p.Status >= http.StatusInternalServerError
	}
	_, network := errors.AsType[*networkError](err)
	return network || errors.Is(err, context.DeadlineExceeded)
}
