package realtime_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/net/websocket"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime/realtimetest"
)

const topic = "library:1"

type userKey struct{}

// members is who may watch which topic, and can change.
type members struct {
	mu      sync.Mutex
	allowed map[string]bool
	err     error
}

func (m *members) set(user, topic string, allowed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.allowed[user+" "+topic] = allowed
}

func (m *members) authorize(_ context.Context, user, topic string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	if !m.allowed[user+" "+topic] {
		return fault.New(fault.NotFound, "topic_not_found", "There is no such topic.")
	}
	return nil
}

func logger(t testing.TB) *slog.Logger {
	t.Helper()
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// startNode runs a node behind an HTTP server; the header User says who asks.
func startNode(t testing.TB, pool *pgxpool.Pool, m *members, configure ...func(*realtime.Config)) (url string, node *realtime.Node) {
	t.Helper()
	cfg := realtime.Config{
		Logger: logger(t),
		User: func(ctx context.Context) (string, error) {
			if user, _ := ctx.Value(userKey{}).(string); user != "" {
				return user, nil
			}
			return "", errors.New("nobody")
		},
		Authorize: m.authorize,
		Origins:   []string{"https://papers.example"},
	}
	for _, f := range configure {
		f(&cfg)
	}
	node, err := realtime.NewNode(pool, cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		node.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, r.Header.Get("User"))))
	}))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = node.Shutdown(ctx)
		server.Close()
	})
	<-node.Ready()
	return server.URL, node
}

func startBus(t testing.TB, pool *pgxpool.Pool) *realtime.Bus {
	t.Helper()
	bus := realtime.NewBus(pool, logger(t))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := bus.Close(ctx); err != nil {
			t.Errorf("close bus: %v", err)
		}
	})
	return bus
}

func as(user string) http.Header { return http.Header{"User": {user}} }

type note struct {
	Text string `json:"text"`
}

func TestMessageReachesTheSocketsOfAllNodes(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := &members{allowed: map[string]bool{"ann " + topic: true, "bob " + topic: true}}
	one, _ := startNode(t, pool, m)
	two, _ := startNode(t, pool, m)
	bus := startBus(t, pool)

	ann := realtimetest.Dial(t, one, as("ann"))
	bob := realtimetest.Dial(t, two, as("bob"))
	for _, s := range []*realtimetest.Socket{ann, bob} {
		if code := s.Subscribe(topic); code != 0 {
			t.Fatalf("subscribe: %d", code)
		}
	}
	bus.Publish(t.Context(), topic, note{"hello"})
	for _, s := range []*realtimetest.Socket{ann, bob} {
		if got := s.Next(topic); got != `{"text":"hello"}` {
			t.Errorf("got %s", got)
		}
	}
}

func TestWhoIsLetInHearsWhatIsSaidNext(t *testing.T) {
	t.Parallel()
	m := &members{allowed: map[string]bool{}}
	url, node := startNode(t, postgrestest.New(t), m)
	for i := range 300 {
		user := fmt.Sprintf("user %d", i)
		m.mu.Lock()
		m.allowed[user+" "+topic] = true
		m.mu.Unlock()
		s := realtimetest.Dial(t, url, as(user))
		if code := s.Subscribe(topic); code != 0 {
			t.Fatalf("subscribe: %d", code)
		}
		node.Hear(topic, []byte(`"next"`))
		if got := s.Next(topic); got != `"next"` {
			t.Fatalf("got %s", got)
		}
		s.Close()
	}
}

func TestTopicIsRefused(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := &members{allowed: map[string]bool{}}
	url, _ := startNode(t, pool, m)
	s := realtimetest.Dial(t, url, as("eve"))

	t.Run("for good to whom it is not for", func(t *testing.T) {
		if code := s.Subscribe(topic); code != 103 {
			t.Errorf("code %d, want 103 (permission denied)", code)
		}
	})
	t.Run("for now when the database is away", func(t *testing.T) {
		m.mu.Lock()
		m.err = errors.New("database is away")
		m.mu.Unlock()
		if code := s.Subscribe(topic); code != 100 {
			t.Errorf("code %d, want 100 (internal, temporary)", code)
		}
	})
}

func TestSocketIsRefused(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	url, _ := startNode(t, pool, &members{})

	dial := func(origin, user string) (*websocket.Conn, error) {
		cfg, err := websocket.NewConfig(strings.Replace(url, "http", "ws", 1), origin)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Header = as(user)
		return cfg.DialContext(t.Context())
	}
	t.Run("to a page of another site", func(t *testing.T) {
		if conn, err := dial("https://evil.example", "ann"); err == nil {
			_ = conn.Close()
			t.Error("accepted")
		}
	})
	t.Run("not to a configured origin", func(t *testing.T) {
		conn, err := dial("https://papers.example", "ann")
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
	})
	t.Run("to nobody", func(t *testing.T) {
		conn, err := dial(url, "")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if err := websocket.Message.Send(conn, `{"id":1,"connect":{}}`); err != nil {
			t.Fatal(err)
		}
		var answer string
		if err := websocket.Message.Receive(conn, &answer); err == nil && strings.Contains(answer, `"client"`) {
			t.Errorf("connected: %s", answer)
		}
	})
}

func TestRevokedMemberHearsNoMore(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := &members{allowed: map[string]bool{"ann " + topic: true, "ann person:ann": true}}
	url, _ := startNode(t, pool, m)
	bus := startBus(t, pool)
	s := realtimetest.Dial(t, url, as("ann"))
	for _, name := range []string{topic, "person:ann"} {
		if code := s.Subscribe(name); code != 0 {
			t.Fatalf("subscribe %s: %d", name, code)
		}
	}

	m.set("ann", topic, false)
	bus.Recheck("ann")
	s.WaitUnsubscribed(topic)

	bus.Publish(t.Context(), topic, note{"secret"})
	bus.Publish(t.Context(), "person:ann", note{"still here"})
	if got := s.Next("person:ann"); got != `{"text":"still here"}` {
		t.Errorf("got %s", got)
	}
}

func TestDisconnectClosesThatPersonsSockets(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := &members{allowed: map[string]bool{"bob " + topic: true}}
	url, _ := startNode(t, pool, m)
	bus := startBus(t, pool)
	ann, bob := realtimetest.Dial(t, url, as("ann")), realtimetest.Dial(t, url, as("bob"))
	if code := bob.Subscribe(topic); code != 0 {
		t.Fatal(code)
	}
	bus.Disconnect("ann")
	ann.WaitClosed()
	bus.Publish(t.Context(), topic, note{"on"})
	if got := bob.Next(topic); got != `{"text":"on"}` {
		t.Errorf("got %s", got)
	}
}

func TestShutdownClosesSockets(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	url, node := startNode(t, pool, &members{})
	s := realtimetest.Dial(t, url, as("ann"))
	if err := node.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.WaitClosed()
}

func TestNodeThatCouldNotListenHasItsWatchersCatchUp(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := &members{allowed: map[string]bool{"ann " + topic: true}}
	url, _ := startNode(t, pool, m)
	bus := startBus(t, pool)
	s := realtimetest.Dial(t, url, as("ann"))
	if code := s.Subscribe(topic); code != 0 {
		t.Fatal(code)
	}
	if _, err := pool.Exec(t.Context(),
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'scrollkeeper-live'`); err != nil {
		t.Fatal(err)
	}
	if got := s.Next(topic); got != `{"type":"resync"}` {
		t.Errorf("got %s", got)
	}
	bus.Publish(t.Context(), topic, note{"again"})
	if got := s.Next(topic); got != `{"text":"again"}` {
		t.Errorf("got %s", got)
	}
}

func TestKilledDatabase(t *testing.T) {
	t.Parallel()
	server, pool := postgrestest.NewServer(t)
	m := &members{allowed: map[string]bool{"ann " + topic: true}}
	url, _ := startNode(t, pool, m)
	bus := startBus(t, pool)
	s := realtimetest.Dial(t, url, as("ann"))
	if code := s.Subscribe(topic); code != 0 {
		t.Fatal(code)
	}
	// It is started again by its supervisor.
	if err := syscall.Kill(server.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	bus.Publish(t.Context(), topic, note{"while away or after"})
	if got := s.Next(topic); got != `{"type":"resync"}` && got != `{"text":"while away or after"}` {
		t.Errorf("got %s", got)
	}
}

// pacedNote is one of which only the newest matters.
type pacedNote struct {
	N     int64 `json:"n"`
	every time.Duration
}

func (p pacedNote) Pace() (string, time.Duration, int64) { return "n", p.every, p.N }

func TestPacedMessages(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := &members{allowed: map[string]bool{"ann " + topic: true}}
	url, _ := startNode(t, pool, m)
	bus := startBus(t, pool)
	s := realtimetest.Dial(t, url, as("ann"))
	if code := s.Subscribe(topic); code != 0 {
		t.Fatal(code)
	}
	const last = 1000
	every := 100 * time.Millisecond
	for n := range int64(last) {
		bus.Publish(t.Context(), topic, pacedNote{n + 1, every})
	}
	// What committed earlier may be published later; it must not hide the newest.
	bus.Publish(t.Context(), topic, pacedNote{5, every})
	received := 0
	for {
		received++
		if got := s.Next(topic); got == fmt.Sprintf(`{"n":%d}`, last) {
			break
		}
	}
	if received > 20 {
		t.Errorf("%d messages for one that matters", received)
	}
	bus.Publish(t.Context(), topic, note{"end"})
	if got := s.Next(topic); got != `{"text":"end"}` {
		t.Errorf("after the newest came %s", got)
	}
}

func TestPayloadThatIsTooLargeBecomesAResync(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	m := &members{allowed: map[string]bool{"ann " + topic: true}}
	url, _ := startNode(t, pool, m)
	bus := startBus(t, pool)
	s := realtimetest.Dial(t, url, as("ann"))
	if code := s.Subscribe(topic); code != 0 {
		t.Fatal(code)
	}
	bus.Publish(t.Context(), topic, note{strings.Repeat("x", realtime.MaxPayload)})
	if got := s.Next(topic); got != `{"type":"resync"}` {
		t.Errorf("got %.60s", got)
	}
	most := strings.Repeat("x", realtime.MaxPayload-len(`{"text":""}`))
	bus.Publish(t.Context(), topic, note{most})
	if got := s.Next(topic); got != `{"text":"`+most+`"}` {
		t.Errorf("the largest payload came as %.60s", got)
	}
}
