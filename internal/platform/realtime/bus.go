package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// maxWaiting bounds the messages that wait to be sent. Past it they are
	// dropped and everybody is told to catch up.
	maxWaiting = 4096
	sendLimit  = 128
	sendWithin = 5 * time.Second
	retryAfter = 500 * time.Millisecond
	// idlePace is how long the last sending of a key is remembered.
	idlePace = time.Minute
)

// Bus sends messages to the sockets of all nodes. It is safe for concurrent use.
type Bus struct {
	pool *pgxpool.Pool
	log  *slog.Logger

	mu     sync.Mutex
	queue  []notification   // in the order they were published
	paced  map[string]*pace // by topic and key
	lost   bool             // something was dropped: a resync is due
	closed bool
	wake   chan struct{}
	done   chan struct{}
	stop   context.CancelFunc
}

// pace is what is known about one topic and key.
type pace struct {
	next  notification
	due   bool // next waits to be sent
	every time.Duration
	order int64
	sent  time.Time
}

// NewBus starts the sender. Messages leave by the pool, each batch as one
// statement outside any transaction: NOTIFY inside one would have PostgreSQL
// commit such transactions one after the other.
func NewBus(pool *pgxpool.Pool, log *slog.Logger) *Bus {
	ctx, stop := context.WithCancel(context.Background())
	b := &Bus{
		pool: pool, log: log, paced: map[string]*pace{},
		wake: make(chan struct{}, 1), done: make(chan struct{}), stop: stop,
	}
	go b.run(ctx)
	return b
}

// Publish sends payload, as JSON, to everybody who watches topic. It returns at
// once and never fails: call it after the commit of what it tells about. A
// payload over MaxPayload is a mistake of the program; it is logged, and the
// watchers are told to catch up instead.
func (b *Bus) Publish(ctx context.Context, topic string, payload any) {
	data, err := json.Marshal(payload)
	if err == nil && len(data) > MaxPayload {
		err = fmt.Errorf("%d bytes are more than %d", len(data), MaxPayload)
	}
	if err != nil {
		b.log.ErrorContext(ctx, "realtime: cannot send", slog.String("topic", topic), slog.Any("error", err))
		data = resyncPayload
		payload = nil
	}
	n := notification{Op: opPublish, Topic: topic, Data: data}
	if p, ok := payload.(Paced); ok {
		b.addPaced(n, p)
		return
	}
	b.add(n)
}

// Recheck has every node ask again whether this user may watch what they are
// watching, and end what they may not: after somebody left a library.
func (b *Bus) Recheck(userID string) { b.add(notification{Op: opRecheck, User: userID}) }

// Disconnect closes the user's sockets on every node. Clients come back at
// once where they still have a session: after a sign-out or a changed password.
func (b *Bus) Disconnect(userID string) { b.add(notification{Op: opDisconnect, User: userID}) }

// Close sends what is waiting and stops. Publishing afterwards does nothing.
func (b *Bus) Close(ctx context.Context) error {
	b.mu.Lock()
	b.closed = true
	for _, p := range b.paced {
		p.every = 0
	}
	b.mu.Unlock()
	b.signal()
	select {
	case <-b.done:
		return nil
	case <-ctx.Done():
		b.stop()
		<-b.done
		return ctx.Err()
	}
}

func (b *Bus) add(n notification) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	if n.Op == opPublish && len(b.queue) >= maxWaiting {
		b.lost = true
		return
	}
	b.queue = append(b.queue, n)
	b.signal()
}

// failed notes that a batch was not sent. News is made up for by a resync;
// orders wait for another try.
func (b *Bus) failed(batch []notification) (closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost = true
	orders := slices.DeleteFunc(batch, func(n notification) bool { return n.Op == opPublish || n.Op == opResync })
	b.queue = append(orders, b.queue...)
	return b.closed
}

func (b *Bus) addPaced(n notification, m Paced) {
	key, every, order := m.Pace()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	key = n.Topic + "\x00" + key
	p, ok := b.paced[key]
	if !ok {
		if len(b.paced) >= maxWaiting {
			b.lost = true
			return
		}
		p = &pace{}
		b.paced[key] = p
	} else if order < p.order {
		return
	}
	p.next, p.due, p.every, p.order = n, true, every, order
	b.signal()
}

func (b *Bus) signal() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *Bus) run(ctx context.Context) {
	defer close(b.done)
	timer := time.NewTimer(idlePace)
	defer timer.Stop()
	for {
		batch, wait, last := b.take(time.Now())
		if len(batch) > 0 {
			if err := b.send(ctx, batch); err != nil {
				if ctx.Err() != nil {
					return
				}
				b.log.WarnContext(ctx, "realtime: could not send; watchers will be told to catch up", slog.Any("error", err))
				last = b.failed(batch)
				wait = retryAfter
			} else {
				continue
			}
		}
		if last {
			return
		}
		timer.Reset(wait)
		select {
		case <-ctx.Done():
			return
		case <-b.wake:
			if wait == retryAfter {
				// The database is away: a new message is no reason to hurry.
				select {
				case <-ctx.Done():
					return
				case <-timer.C:
				}
			}
		case <-timer.C:
		}
	}
}

// take gives what may be sent now, how long until more may be, and whether
// this was the end.
func (b *Bus) take(now time.Time) (batch []notification, wait time.Duration, last bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lost {
		b.lost = false
		batch = append(batch, notification{Op: opResync})
	}
	n := min(len(b.queue), sendLimit)
	batch = append(batch, b.queue[:n]...)
	b.queue = b.queue[n:]
	if len(b.queue) == 0 {
		b.queue = nil
	}
	wait = idlePace
	for key, p := range b.paced {
		age := now.Sub(p.sent)
		switch {
		case !p.due:
			if age > idlePace {
				delete(b.paced, key)
			}
		case age < p.every:
			wait = min(wait, p.every-age)
		case len(batch) < sendLimit:
			batch = append(batch, p.next)
			p.due, p.sent = false, now
		default:
			wait = 0
		}
	}
	return batch, wait, b.closed && len(batch) == 0
}

func (b *Bus) send(ctx context.Context, batch []notification) error {
	texts := make([]string, len(batch))
	for i, n := range batch {
		text, err := json.Marshal(n)
		if err != nil {
			return fmt.Errorf("encode: %w", err)
		}
		texts[i] = string(text)
	}
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	// News need not wait for the disk.
	_, err := b.pool.Exec(ctx, `SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, m) FROM unnest($2::text[]) AS m`, channel, texts)
	return err
}
