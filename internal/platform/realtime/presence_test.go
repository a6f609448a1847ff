package realtime_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime/realtimetest"
)

// quick times let tests see in tenths of a second what takes minutes.
var quick = realtime.PresenceTimes{
	Beat: 50 * time.Millisecond, Forget: 600 * time.Millisecond, Sweep: 50 * time.Millisecond,
}

// present is the state of these tests.
type present struct {
	Type   string `json:"type"`
	Socket string `json:"socket"`
	State  string `json:"state"`
}

// methods of the tests: {"topic":…,"state":…} is somewhere, without state it leaves.
func methods() map[string]realtime.Method {
	return map[string]realtime.Method{
		"presence": func(_ context.Context, s *realtime.Socket, data json.RawMessage) error {
			var in struct {
				Topic string  `json:"topic"`
				State *string `json:"state"`
			}
			if json.Unmarshal(data, &in) != nil {
				return fault.New(fault.Invalid, "bad", "No.")
			}
			if in.State == nil {
				s.Gone(in.Topic)
				return nil
			}
			return s.Here(in.Topic, present{"here", s.ID(), *in.State})
		},
	}
}

// place is one node with all its parts.
type place struct {
	url       string
	node      *realtime.Node
	bus       *realtime.Bus
	presences *realtime.Presences
}

func startPlace(t testing.TB, pool *pgxpool.Pool, m *members, times realtime.PresenceTimes, configure ...func(*realtime.Config)) place {
	t.Helper()
	p := place{bus: startBus(t, pool)}
	p.presences = realtime.NewPresences(pool, p.bus, logger(t), times)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := p.presences.Close(ctx); err != nil {
			t.Errorf("close presences: %v", err)
		}
	})
	p.url, p.node = startNode(t, pool, m, append([]func(*realtime.Config){func(c *realtime.Config) {
		c.Presences, c.Methods = p.presences, methods()
	}}, configure...)...)
	return p
}

func everybody(names ...string) *members {
	m := &members{allowed: map[string]bool{}}
	for _, name := range names {
		m.allowed[name+" "+topic] = true
	}
	return m
}

func watch(t testing.TB, url, user string) *realtimetest.Socket {
	t.Helper()
	s := realtimetest.Dial(t, url, as(user))
	if code := s.Subscribe(topic); code != 0 {
		t.Fatalf("subscribe: %d", code)
	}
	return s
}

func here(t testing.TB, s *realtimetest.Socket, state string) {
	t.Helper()
	if code := s.Call("presence", fmt.Sprintf(`{"topic":%q,"state":%q}`, topic, state)); code != 0 {
		t.Fatalf("presence: error %d", code)
	}
}

func isHere(s *realtimetest.Socket, state string) string {
	return fmt.Sprintf(`{"type":"here","socket":%q,"state":%q}`, s.ID, state)
}

func hasLeft(s *realtimetest.Socket) string {
	return fmt.Sprintf(`{"type":"left","socket":%q}`, s.ID)
}

// until reads messages until one is want.
func until(t testing.TB, s *realtimetest.Socket, want string) {
	t.Helper()
	for s.Next(topic) != want { //nolint:revive // Next ends the test when nothing more comes
	}
}

func list(t testing.TB, p place) string {
	t.Helper()
	states, err := p.presences.List(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, len(states))
	for i, s := range states {
		var in present
		if err := json.Unmarshal(s, &in); err != nil {
			t.Fatal(err)
		}
		got[i] = in.State
	}
	return strings.Join(got, " ")
}

func TestPresenceIsSeenOnOtherNodes(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := everybody("ann", "bob")
	one, two := startPlace(t, pool, m, realtime.PresenceTimes{}), startPlace(t, pool, m, realtime.PresenceTimes{})
	ann, bob := watch(t, one.url, "ann"), watch(t, two.url, "bob")

	here(t, ann, "page 1")
	if got := bob.Next(topic); got != isHere(ann, "page 1") {
		t.Errorf("got %s", got)
	}
	if got := list(t, two); got != "page 1" {
		t.Errorf("listed %s", got)
	}
	t.Run("with two tabs of one person as two", func(t *testing.T) {
		tab := watch(t, two.url, "ann")
		here(t, tab, "page 2")
		until(t, bob, isHere(tab, "page 2"))
		if got := list(t, one); len(strings.Split(got, "page")) != 3 {
			t.Errorf("listed %s", got)
		}
		tab.Close()
		until(t, bob, hasLeft(tab))
		if got := list(t, one); got != "page 1" {
			t.Errorf("listed %s", got)
		}
	})
	t.Run("until it is taken back", func(t *testing.T) {
		if code := ann.Call("presence", `{"topic":"`+topic+`"}`); code != 0 {
			t.Fatal(code)
		}
		until(t, bob, hasLeft(ann))
		if got := list(t, two); got != "" {
			t.Errorf("listed %s", got)
		}
	})
	t.Run("or the topic is left", func(t *testing.T) {
		here(t, ann, "page 3")
		until(t, bob, isHere(ann, "page 3"))
		ann.Unsubscribe(topic)
		until(t, bob, hasLeft(ann))
	})
	t.Run("and not without the topic", func(t *testing.T) {
		if code := ann.Call("presence", `{"topic":"`+topic+`","state":"x"}`); code != 409 {
			t.Errorf("code %d, want 409", code)
		}
		if got := list(t, two); got != "" {
			t.Errorf("listed %s", got)
		}
	})
}

func TestNodeThatStopsTellsOfItsSockets(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := everybody("ann", "bob")
	one, two := startPlace(t, pool, m, realtime.PresenceTimes{}), startPlace(t, pool, m, realtime.PresenceTimes{})
	ann, bob := watch(t, one.url, "ann"), watch(t, two.url, "bob")
	here(t, ann, "page 1")
	until(t, bob, isHere(ann, "page 1"))
	if err := one.node.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := one.presences.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	until(t, bob, hasLeft(ann))
}

func TestDeadNodeIsNoticedByItsAge(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := everybody("ann", "bob", "cy")
	one, two, three := startPlace(t, pool, m, quick), startPlace(t, pool, m, quick), startPlace(t, pool, m, quick)
	ann, bob, cy := watch(t, one.url, "ann"), watch(t, two.url, "bob"), watch(t, three.url, "cy")
	here(t, ann, "page 1")
	here(t, bob, "page 2")
	until(t, cy, isHere(ann, "page 1"))
	one.presences.Die()

	// Bob's node lives and is heard of no more, for nothing changes.
	for got := cy.Next(topic); got != hasLeft(ann); got = cy.Next(topic) {
		if got == hasLeft(bob) {
			t.Error("a socket whose node lives was taken for gone")
		}
	}
	if got := list(t, three); got != "page 2" {
		t.Errorf("listed %s", got)
	}
	// One of the two told it, and not both.
	two.bus.Publish(t.Context(), topic, note{"end"})
	if got := cy.Next(topic); got != `{"text":"end"}` {
		t.Errorf("got %s", got)
	}
}

func TestPresenceThatWasForgottenTooEarlyComesBack(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := everybody("ann", "bob")
	one, two := startPlace(t, pool, m, quick), startPlace(t, pool, m, quick)
	ann, bob := watch(t, one.url, "ann"), watch(t, two.url, "bob")
	here(t, ann, "page 1")
	until(t, bob, isHere(ann, "page 1"))
	// As a crash of the database does, or another node that took this one for dead.
	if _, err := pool.Exec(t.Context(), `DELETE FROM presences`); err != nil {
		t.Fatal(err)
	}
	until(t, bob, isHere(ann, "page 1"))
	if got := list(t, two); got != "page 1" {
		t.Errorf("listed %s", got)
	}
}

func TestClientThatSleepsIsNoticed(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := everybody("ann", "bob")
	p := startPlace(t, pool, m, quick, func(c *realtime.Config) { c.PingEvery = time.Second })
	ann, bob := watch(t, p.url, "ann"), watch(t, p.url, "bob")
	here(t, ann, "page 1")
	// From here on nobody reads from Ann's connection; it stays open.
	until(t, bob, isHere(ann, "page 1"))
	until(t, bob, hasLeft(ann))
}

func TestPresenceOfWhoLostTheTopicEnds(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := everybody("ann", "bob")
	one, two := startPlace(t, pool, m, realtime.PresenceTimes{}), startPlace(t, pool, m, realtime.PresenceTimes{})
	ann, bob := watch(t, one.url, "ann"), watch(t, two.url, "bob")
	here(t, ann, "page 1")
	until(t, bob, isHere(ann, "page 1"))
	m.set("ann", topic, false)
	two.bus.Recheck("ann")
	until(t, bob, hasLeft(ann))
	ann.WaitUnsubscribed(topic)
	if code := ann.Call("presence", `{"topic":"`+topic+`","state":"still here"}`); code != 409 {
		t.Errorf("code %d, want 409", code)
	}
	if got := list(t, two); got != "" {
		t.Errorf("listed %s", got)
	}
}

func TestQuickChangesArePaced(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := everybody("ann", "bob")
	p := startPlace(t, pool, m, realtime.PresenceTimes{Pace: 200 * time.Millisecond})
	ann, bob := watch(t, p.url, "ann"), watch(t, p.url, "bob")
	began := time.Now()
	for n := range 100 {
		here(t, ann, fmt.Sprint(n))
	}
	took := time.Since(began)
	received := 0
	for {
		received++
		if bob.Next(topic) == isHere(ann, "99") {
			break
		}
	}
	if most := 2 + int(took/(200*time.Millisecond)); received > most {
		t.Errorf("%d messages in %s", received, took)
	}
}

func TestFloodIsRefusedAndThenCutOff(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := everybody("ann", "bob")
	p := startPlace(t, pool, m, realtime.PresenceTimes{})
	ann, bob := watch(t, p.url, "ann"), watch(t, p.url, "bob")
	var code int
	for n := 0; code == 0; n++ {
		if n > 10_000 {
			t.Fatal("10,000 requests were answered")
		}
		code = ann.Call("presence", fmt.Sprintf(`{"topic":%q,"state":"%d"}`, topic, n))
	}
	if code != 111 {
		t.Errorf("code %d, want 111 (too many requests)", code)
	}
	for n := 0; n < 100_000 && ann.Send(fmt.Sprintf(`{"id":%d,"rpc":{"method":"presence","data":{}}}`, n+100_000)); n++ {
		continue
	}
	until(t, bob, hasLeft(ann))
	here(t, bob, "unharmed")
	until(t, bob, isHere(bob, "unharmed"))
}

func TestStrangeRequests(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	p := startPlace(t, pool, everybody("ann"), realtime.PresenceTimes{})
	ann := watch(t, p.url, "ann")
	for _, c := range []struct {
		method, data string
		code         int
	}{
		{"presence", `"x"`, 422},
		{"presence", `[]`, 422},
		{"nothing", `{}`, 104},
		{"", `{}`, 104},
		{"presence", `{"topic":"library:2","state":"x"}`, 409},
		{"presence", fmt.Sprintf(`{"topic":%q,"state":%q}`, topic, strings.Repeat("x", realtime.MaxPayload)), 413},
	} {
		if code := ann.Call(c.method, c.data); code != c.code {
			t.Errorf("%s %.40s: code %d, want %d", c.method, c.data, code, c.code)
		}
	}
	t.Run("one socket is in few places", func(t *testing.T) {
		m := everybody("ann")
		p := startPlace(t, pool, m, realtime.PresenceTimes{})
		ann := realtimetest.Dial(t, p.url, as("ann"))
		codes := map[int]int{}
		for n := range 10 {
			name := fmt.Sprintf("library:%d", n)
			m.set("ann", name, true)
			if code := ann.Subscribe(name); code != 0 {
				t.Fatal(code)
			}
			codes[ann.Call("presence", fmt.Sprintf(`{"topic":%q,"state":"x"}`, name))]++
		}
		if codes[0] != 4 || codes[111] != 6 {
			t.Errorf("codes %v", codes)
		}
	})
}

func TestPresenceComesBackAfterTheDatabaseCrashed(t *testing.T) {
	t.Parallel()
	server, pool := postgrestest.NewServer(t)
	m := everybody("ann", "bob")
	p := startPlace(t, pool, m, realtime.PresenceTimes{})
	ann, bob := watch(t, p.url, "ann"), watch(t, p.url, "bob")
	here(t, ann, "page 1")
	until(t, bob, isHere(ann, "page 1"))
	// It is started again by its supervisor, and has emptied the table.
	if err := syscall.Kill(server.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	until(t, bob, `{"type":"resync"}`)
	until(t, bob, isHere(ann, "page 1"))
	if got := list(t, p); got != "page 1" {
		t.Errorf("listed %s", got)
	}
	here(t, ann, "page 2")
	until(t, bob, isHere(ann, "page 2"))
}
