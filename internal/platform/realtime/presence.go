package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// PresenceTimes tunes Presences; zero values are the defaults.
type PresenceTimes struct {
	// Pace is the least time between two messages of one socket. Of what it
	// says in between, the last is sent. Default 100 ms.
	Pace time.Duration
	// Beat is how often a process says that its sockets are still there.
	// Default 15 s.
	Beat time.Duration
	// Forget is how long after its last beat a socket is taken for gone: its
	// process died. Default 40 s.
	Forget time.Duration
	// Sweep is how often a process looks for such sockets. Default 10 s.
	Sweep time.Duration
}

const (
	// presenceBatch is how many presences one statement writes.
	presenceBatch = 500
	// presencesListed bounds a snapshot.
	presencesListed = 500
	// placesOfSocket is how many topics one socket may be present on.
	placesOfSocket = 4
)

var (
	errTooManyPlaces = fault.New(fault.TooMany, "too_many_places", "One connection can be present in four places only. Leave one of them first.")
	errStateTooLarge = fault.New(fault.TooLarge, "presence_too_large", "This says more about where you are than can be sent.")
)

// Presences knows which sockets are present on which topics, on all nodes, each
// with a state that the features choose. It is a table with heartbeats: a socket
// that closes says so at once, and one whose process died is noticed by its age,
// by whichever process looks first.
//
// When a socket comes or changes its state, the state is published on the topic
// as it is; when it goes, {"type":"left","socket":"…"} is. Both may be lost like
// all news; List is the truth. Safe for concurrent use.
type Presences struct {
	pool  *pgxpool.Pool
	bus   *Bus
	log   *slog.Logger
	times PresenceTimes

	mu      sync.Mutex
	here    map[place]json.RawMessage // of this process's sockets
	places  map[string]int            // how many of them each socket has
	changed map[place]struct{}        // to be written and told
	beatNow bool
	closed  bool
	wake    chan struct{}
	done    chan struct{}
	stop    context.CancelFunc
}

// place is one socket on one topic.
type place struct{ topic, socket string }

// leftNews tells that a socket is no longer present.
type leftNews struct {
	Type   string `json:"type"` // "left"
	Socket string `json:"socket"`
}

// NewPresences starts the writer. Close it before the bus.
func NewPresences(pool *pgxpool.Pool, bus *Bus, log *slog.Logger, times PresenceTimes) *Presences {
	for _, t := range []struct {
		value *time.Duration
		def   time.Duration
	}{
		{&times.Pace, 100 * time.Millisecond},
		{&times.Beat, 15 * time.Second},
		{&times.Forget, 40 * time.Second},
		{&times.Sweep, 10 * time.Second},
	} {
		if *t.value <= 0 {
			*t.value = t.def
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &Presences{
		pool: pool, bus: bus, log: log, times: times, here: map[place]json.RawMessage{}, places: map[string]int{},
		changed: map[place]struct{}{}, wake: make(chan struct{}, 1), done: make(chan struct{}), stop: stop,
	}
	go p.run(ctx)
	return p
}

// List gives the states of all sockets that are present on a topic, at most 500.
// Whoever subscribes to the topic first and lists afterwards misses nothing.
func (p *Presences) List(ctx context.Context, topic string) ([]json.RawMessage, error) {
	rows, err := p.pool.Query(ctx, `SELECT state FROM presences WHERE topic = $1 AND seen_at > now() - $2::interval ORDER BY socket LIMIT $3`,
		topic, p.times.Forget, presencesListed)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("list presences: %w", err))
	}
	states, err := pgx.CollectRows(rows, pgx.RowTo[json.RawMessage])
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("list presences: %w", err))
	}
	return states, nil
}

// Close tells of what has changed, sockets that went among it, and stops.
func (p *Presences) Close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.signal()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		p.stop()
		<-p.done
		return ctx.Err()
	}
}

// set makes a socket present, or changes its state.
func (p *Presences) set(at place, state json.RawMessage) error {
	if len(state) > MaxPayload {
		return errStateTooLarge
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, present := p.here[at]; !present {
		if p.places[at.socket] >= placesOfSocket {
			return errTooManyPlaces
		}
		p.places[at.socket]++
	}
	p.here[at] = state
	p.note(at)
	return nil
}

// remove makes a socket absent; for one that is not present it does nothing.
func (p *Presences) remove(at place) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, present := p.here[at]; !present {
		return
	}
	delete(p.here, at)
	if p.places[at.socket]--; p.places[at.socket] <= 0 {
		delete(p.places, at.socket)
	}
	p.note(at)
}

// note has a place written and told. The caller holds the lock.
func (p *Presences) note(at place) {
	p.changed[at] = struct{}{}
	p.signal()
}

// beatSoon has the next heartbeat come at once: after the database was away it
// may have forgotten everybody.
func (p *Presences) beatSoon() {
	p.mu.Lock()
	p.beatNow = true
	p.mu.Unlock()
	p.signal()
}

func (p *Presences) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run is the only writer of this process's rows, so that a heartbeat never
// brings back a socket that has left.
func (p *Presences) run(ctx context.Context) {
	defer close(p.done)
	beat, sweep := time.NewTimer(p.times.Beat), time.NewTicker(p.times.Sweep)
	defer beat.Stop()
	defer sweep.Stop()
	var (
		last time.Time
		turn <-chan time.Time // nil while nothing waits to be told
	)
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
			p.mu.Lock()
			closed, beatNow := p.closed, p.beatNow
			p.beatNow = false
			p.mu.Unlock()
			if closed {
				p.try(ctx, "goodbye", p.flush)
				return
			}
			if beatNow {
				beat.Reset(0)
			}
			if turn == nil {
				// The first goes at once; what follows it waits for its turn.
				turn = time.After(p.times.Pace - time.Since(last))
			}
		case <-turn:
			turn, last = nil, time.Now()
			if !p.try(ctx, "news", p.flush) {
				turn = time.After(retryAfter)
			}
		case <-beat.C:
			next := p.times.Beat
			if !p.try(ctx, "heartbeat", p.beat) {
				next = min(next, retryAfter)
			}
			beat.Reset(next)
		case <-sweep.C:
			p.try(ctx, "sweep", p.sweep)
		}
	}
}

// try runs one step within its time and reports whether it worked.
func (p *Presences) try(ctx context.Context, what string, step func(context.Context) error) bool {
	within, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	err := step(within)
	if err != nil && ctx.Err() == nil {
		p.log.WarnContext(ctx, "realtime: presence failed; it will be tried again", slog.String("step", what), slog.Any("error", err))
	}
	return err == nil
}

// flush writes and tells all that has changed. What it could not write it keeps.
func (p *Presences) flush(ctx context.Context) error {
	p.mu.Lock()
	changed := slices.Collect(maps.Keys(p.changed))
	clear(p.changed)
	p.mu.Unlock()
	for len(changed) > 0 {
		batch := changed[:min(presenceBatch, len(changed))]
		if err := p.write(ctx, batch); err != nil {
			p.mu.Lock()
			defer p.mu.Unlock()
			for _, at := range changed {
				p.changed[at] = struct{}{}
			}
			return err
		}
		changed = changed[len(batch):]
	}
	return nil
}

func (p *Presences) write(ctx context.Context, batch []place) error {
	here, gone := map[place]json.RawMessage{}, []place(nil)
	p.mu.Lock()
	for _, at := range batch {
		if state, present := p.here[at]; present {
			here[at] = state
		} else {
			gone = append(gone, at)
		}
	}
	p.mu.Unlock()
	if len(here) > 0 {
		if _, err := p.upsert(ctx, here); err != nil {
			return err
		}
	}
	if len(gone) > 0 {
		topics, sockets := columns(gone)
		if _, err := p.pool.Exec(ctx, `DELETE FROM presences WHERE (topic, socket) IN (SELECT unnest($1::text[]), unnest($2::text[]))`, topics, sockets); err != nil {
			return fmt.Errorf("delete presences: %w", err)
		}
	}
	for at, state := range here {
		p.bus.Publish(ctx, at.topic, state)
	}
	for _, at := range gone {
		p.bus.Publish(ctx, at.topic, leftNews{"left", at.socket})
	}
	return nil
}

// upsert writes presences as seen now and says which of them the table did not have.
func (p *Presences) upsert(ctx context.Context, here map[place]json.RawMessage) (added []place, err error) {
	places := slices.Collect(maps.Keys(here))
	topics, sockets := columns(places)
	states := make([]string, len(places))
	for i, at := range places {
		states[i] = string(here[at])
	}
	// A row that an INSERT made has no xmax; one that it updated has.
	rows, err := p.pool.Query(ctx, `
		INSERT INTO presences (topic, socket, state, seen_at)
		SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::text[])::jsonb, now()
		ON CONFLICT (topic, socket) DO UPDATE SET state = excluded.state, seen_at = excluded.seen_at
		RETURNING topic, socket, xmax = 0`, topics, sockets, states)
	if err != nil {
		return nil, fmt.Errorf("write presences: %w", err)
	}
	var (
		at  place
		new bool
	)
	if _, err := pgx.ForEachRow(rows, []any{&at.topic, &at.socket, &new}, func() error {
		if new {
			added = append(added, at)
		}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("write presences: %w", err)
	}
	return added, nil
}

// beat says that all sockets of this process are still there. Those that the
// table had lost are told of again: it was emptied by a crash of the database, or
// another process took this one for dead.
func (p *Presences) beat(ctx context.Context) error {
	p.mu.Lock()
	here := maps.Clone(p.here)
	p.mu.Unlock()
	for batch := range slices.Chunk(slices.Collect(maps.Keys(here)), presenceBatch) {
		states := make(map[place]json.RawMessage, len(batch))
		for _, at := range batch {
			states[at] = here[at]
		}
		added, err := p.upsert(ctx, states)
		if err != nil {
			return err
		}
		for _, at := range added {
			p.bus.Publish(ctx, at.topic, states[at])
		}
	}
	return nil
}

// sweep removes the sockets of processes that died. Each is told by the one
// process that deleted its row.
func (p *Presences) sweep(ctx context.Context) error {
	for {
		// Rows that are locked belong to a process that is writing them: it lives.
		rows, err := p.pool.Query(ctx, `
			DELETE FROM presences WHERE ctid = ANY (ARRAY(
				SELECT ctid FROM presences WHERE seen_at < now() - $1::interval LIMIT $2 FOR UPDATE SKIP LOCKED))
			RETURNING topic, socket`, p.times.Forget, presenceBatch)
		if err != nil {
			return fmt.Errorf("sweep presences: %w", err)
		}
		var (
			at   place
			gone int
		)
		if _, err := pgx.ForEachRow(rows, []any{&at.topic, &at.socket}, func() error {
			gone++
			p.bus.Publish(ctx, at.topic, leftNews{"left", at.socket})
			return nil
		}); err != nil {
			return fmt.Errorf("sweep presences: %w", err)
		}
		if gone < presenceBatch {
			return nil
		}
	}
}

func columns(places []place) (topics, sockets []string) {
	for _, at := range places {
		topics, sockets = append(topics, at.topic), append(sockets, at.socket)
	}
	return topics, sockets
}
