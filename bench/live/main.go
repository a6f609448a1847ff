// Command live measures how soon a mark that was made on one node is known on
// another: from the moment its request is sent to the first node until a browser's
// socket on the second has heard of the new version, has fetched the change, and has
// fetched the mark.
//
//	go run ./bench/live
//
// Two servers of the built binary share one PostgreSQL. The sockets are spread over
// both; each fetches every mark, as browsers do.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/websocket"

	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

const (
	email    = "bench@example.org"
	password = "correct horse battery"
	// patience is how long a change may take before the run is given up.
	patience = 30 * time.Second
)

// client keeps a connection for each socket's requests, as browsers do.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128}}

func main() {
	binary := flag.String("bin", "bin/scrollkeeper", "the built binary")
	bin := flag.String("postgres-bin", os.Getenv("SCROLLKEEPER_POSTGRES_BIN"), "programs of the built-in PostgreSQL; found by itself when empty")
	sockets := flag.Int("sockets", 50, "open sockets, the measured one among them")
	changes := flag.Int("changes", 400, "marks of each round")
	moving := flag.Int("moving", 10, "sockets that say five times a second where they are, in the last round")
	kill := flag.Bool("kill", false, "at the end kill the first node, and measure until its sockets are told to have left; takes a minute")
	listen := flag.Bool("listen", false, "the sockets besides the measured one only listen, and fetch nothing")
	flag.Parse()
	b := &bench{count: *sockets, moving: min(*moving, *sockets-1), listen: *listen}
	if err := b.run(context.Background(), *binary, *bin, *changes, *kill); err != nil {
		fmt.Fprintln(os.Stderr, "bench/live:", err)
		os.Exit(1)
	}
}

func (b *bench) run(ctx context.Context, binary, postgresBin string, changes int, kill bool) error {
	data, err := os.MkdirTemp("", "scrollkeeper-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(data) }()
	database, err := postgres.StartServer(ctx, postgres.ServerConfig{
		DataDir: filepath.Join(data, "database"), BinDir: postgresBin, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	defer func() { _ = database.Stop(context.WithoutCancel(ctx)) }()

	args := []string{"--data", filepath.Join(data, "files"), "--database-url", database.ConnString()}
	var nodes []*server
	for range 2 {
		s, err := start(ctx, binary, args)
		if err != nil {
			return err
		}
		defer s.stop()
		nodes = append(nodes, s)
	}
	b.one, b.two = nodes[0], nodes[1]
	if err := b.signIn(ctx, binary, args); err != nil {
		return err
	}
	if err := b.addDocument(ctx); err != nil {
		return err
	}
	if err := b.connect(ctx); err != nil {
		return err
	}
	defer b.disconnect()

	fmt.Printf("a mark made on one node, heard of and fetched on another, %d sockets (bar: p99 150 ms)\n", b.count)
	now := func() time.Duration { return 0 }
	then := func() time.Duration { return time.Duration(rand.Int64N(int64(150 * time.Millisecond))) }
	for _, round := range []struct {
		name   string
		pause  func() time.Duration
		moving int
	}{
		{"warming up", now, 0},
		{"now and then", then, 0},
		{"one after the other", now, 0},
		{fmt.Sprintf("while %d move about", b.moving), then, b.moving},
	} {
		still := b.move(round.moving)
		took, err := b.round(ctx, changes, round.pause)
		still()
		if err != nil {
			return fmt.Errorf("%s: %w", round.name, err)
		}
		if round.name != "warming up" {
			report(round.name, took)
		}
	}
	if kill {
		return b.kill()
	}
	return nil
}

// move has sockets say where they are until the function that it gives is called.
func (b *bench) move(count int) (still func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	for _, s := range b.sockets[1 : 1+count] {
		wg.Go(func() {
			every := time.NewTicker(200 * time.Millisecond)
			defer every.Stop()
			for {
				s.here(b.documentID)
				select {
				case <-done:
					return
				case <-every.C:
				}
			}
		})
	}
	return func() {
		close(done)
		wg.Wait()
	}
}

// kill ends the first node at once, and measures until the watcher on the second
// is told that a socket there has left.
func (b *bench) kill() error {
	victim, watcher := b.sockets[1], b.sockets[0]
	for len(watcher.texts) > 0 {
		<-watcher.texts // of earlier rounds
	}
	victim.here(b.documentID)
	if err := watcher.waitText(victim.id); err != nil {
		return err
	}
	began := time.Now()
	if err := b.one.cmd.Process.Kill(); err != nil {
		return err
	}
	if err := watcher.waitText(`"type":"left","socket":"` + victim.id + `"`); err != nil {
		return err
	}
	fmt.Printf("a socket of a killed node has left after %.1f s (bar: 60 s)\n", time.Since(began).Seconds())
	return nil
}

func report(what string, took []time.Duration) {
	slices.Sort(took)
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1)+0.5)].Microseconds()) / 1000 }
	fmt.Printf("  %-20s median %6.1f ms, p95 %6.1f ms, p99 %6.1f ms, worst %6.1f ms of %d\n", what+":", at(0.5), at(0.95), at(0.99), at(1), len(took))
}

type bench struct {
	count, moving int
	listen        bool

	one, two   *server
	token      string
	libraryID  string
	documentID string
	editionID  string

	sockets []*socket
}

// mark makes a highlight on the document through the first node.
func (b *bench) mark(ctx context.Context, id string) error {
	body := fmt.Sprintf(`{"id":%q,"edition_id":%q,"kind":"highlight","meaning":"key","private":false,"body":"A thought.","parts":[{"page":1,"start":2,"end":6}]}`,
		id, b.editionID)
	_, err := b.one.send(ctx, b.token, http.MethodPost, "/api/documents/"+b.documentID+"/annotations", nil, []byte(body))
	return err
}

// round makes marks, each after a pause, and gives how long each took to arrive.
func (b *bench) round(ctx context.Context, changes int, pause func() time.Duration) ([]time.Duration, error) {
	watcher := b.sockets[0]
	took := make([]time.Duration, changes)
	for i := range took {
		time.Sleep(pause())
		id := uuid.Must(uuid.NewV7()).String()
		began := time.Now()
		if err := b.mark(ctx, id); err != nil {
			return nil, err
		}
		at, err := watcher.waitFor(id)
		if err != nil {
			return nil, err
		}
		took[i] = at.Sub(began)
	}
	return took, nil
}

func (b *bench) signIn(ctx context.Context, binary string, args []string) error {
	user := exec.CommandContext(ctx, binary, append([]string{"user", "create", "--email", email, "--name", "Bench", "--password-stdin"}, args...)...)
	user.Stdin = strings.NewReader(password + "\n")
	if out, err := user.CombinedOutput(); err != nil {
		return fmt.Errorf("user create: %w: %s", err, out)
	}
	token, err := exec.CommandContext(ctx, binary, append([]string{"token", "create", "--email", email}, args...)...).Output()
	if err != nil {
		return fmt.Errorf("token create: %w", err)
	}
	b.token = strings.TrimSpace(string(token))
	body, err := b.one.send(ctx, b.token, http.MethodGet, "/api/libraries", nil, nil)
	if err != nil {
		return err
	}
	var libraries struct {
		Items []struct{ ID string }
	}
	if err := json.Unmarshal(body, &libraries); err != nil || len(libraries.Items) == 0 {
		return fmt.Errorf("no library: %.200s", body)
	}
	b.libraryID = libraries.Items[0].ID
	return nil
}

// addDocument uploads a paper and returns once it has been read.
func (b *bench) addDocument(ctx context.Context) error {
	file := extracttest.PDF("A page to make marks on.")
	enc := func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) }
	if _, err := b.one.send(ctx, b.token, http.MethodPost, "/api/uploads/", http.Header{
		"Tus-Resumable": {"1.0.0"}, "Upload-Length": {strconv.Itoa(len(file))}, "Content-Type": {"application/offset+octet-stream"},
		"Upload-Metadata": {"filename " + enc("paper.pdf") + ",library_id " + enc(b.libraryID)},
	}, file); err != nil {
		return err
	}
	for began := time.Now(); time.Since(began) < patience; time.Sleep(50 * time.Millisecond) {
		body, err := b.one.send(ctx, b.token, http.MethodGet, "/api/libraries/"+b.libraryID+"/documents?state=ready", nil, nil)
		if err != nil {
			return err
		}
		var list struct {
			Items []struct {
				ID      string
				Edition struct{ ID string }
			}
		}
		if err := json.Unmarshal(body, &list); err != nil {
			return err
		}
		if len(list.Items) == 1 {
			b.documentID, b.editionID = list.Items[0].ID, list.Items[0].Edition.ID
			return nil
		}
	}
	return errors.New("the paper was not read in time")
}

// connect opens the sockets: the measured one, and every second other one, on the
// second node.
func (b *bench) connect(ctx context.Context) error {
	for i := range b.count {
		node := b.two
		if i%2 == 1 {
			node = b.one
		}
		s, err := b.dial(ctx, node, i == 0 || !b.listen)
		if err != nil {
			return err
		}
		b.sockets = append(b.sockets, s)
	}
	return nil
}

func (b *bench) disconnect() {
	for _, s := range b.sockets {
		_ = s.conn.Close()
	}
}

// socket is a browser's connection that follows the library's change log.
type socket struct {
	conn  *websocket.Conn
	id    string
	fetch func(since int64) (int64, []string, error) // nil for one that only listens
	heard chan struct{}

	mu      sync.Mutex
	fetched map[string]time.Time // when each mark was
	err     error
	more    chan struct{}

	texts chan string // what came, while somebody waits for a text
}

// here says a place in the document.
func (s *socket) here(documentID string) {
	_ = websocket.Message.Send(s.conn, fmt.Sprintf(`{"id":%d,"rpc":{"method":"presence","data":{"document_id":%q,"page":1,"x":%.1f,"y":%.1f,"selection":{"page":1,"quads":[[72,700,300,700,72,688,300,688]]}}}}`,
		rand.IntN(1<<30)+10, documentID, rand.Float64()*500, rand.Float64()*700))
}

// waitText returns once a message that holds text came.
func (s *socket) waitText(text string) error {
	deadline := time.After(2 * time.Minute)
	for {
		select {
		case got := <-s.texts:
			if strings.Contains(got, text) {
				return nil
			}
		case <-deadline:
			return fmt.Errorf("nothing came with %s", text)
		}
	}
}

func (b *bench) dial(ctx context.Context, node *server, fetches bool) (*socket, error) {
	cfg, err := websocket.NewConfig(strings.Replace(node.origin, "http", "ws", 1)+"/api/live", node.origin)
	if err != nil {
		return nil, err
	}
	cfg.Header = http.Header{"Authorization": {"Bearer " + b.token}}
	conn, err := cfg.DialContext(ctx)
	if err != nil {
		return nil, err
	}
	s := &socket{conn: conn, heard: make(chan struct{}, 1), more: make(chan struct{}), fetched: map[string]time.Time{}, texts: make(chan string, 64)}
	for _, command := range []string{
		`{"id":1,"connect":{}}`,
		`{"id":2,"subscribe":{"channel":"library:` + b.libraryID + `"}}`,
		`{"id":3,"subscribe":{"channel":"document:` + b.documentID + `"}}`,
	} {
		if err := websocket.Message.Send(conn, command); err != nil {
			return nil, err
		}
		var answer string
		if err := websocket.Message.Receive(conn, &answer); err != nil {
			return nil, err
		}
		if strings.Contains(answer, `"error"`) {
			return nil, fmt.Errorf("socket: %s", answer)
		}
		if _, after, ok := strings.Cut(answer, `"client":"`); ok {
			s.id, _, _ = strings.Cut(after, `"`)
		}
	}
	var since int64
	if fetches {
		s.fetch = func(since int64) (int64, []string, error) { return b.changes(ctx, node, since) }
		if since, _, err = s.fetch(0); err != nil {
			return nil, err
		}
	}
	go s.follow(since)
	go s.read()
	return s, nil
}

// changes fetches what happened since a version, with the marks that changed, and
// gives the newest version and the marks.
func (b *bench) changes(ctx context.Context, node *server, since int64) (int64, []string, error) {
	body, err := node.send(ctx, b.token, http.MethodGet, fmt.Sprintf("/api/libraries/%s/changes?since=%d", b.libraryID, since), nil, nil)
	if err != nil {
		return since, nil, err
	}
	var log struct {
		Version int64
		Items   []struct {
			Kind     string
			ObjectID string `json:"object_id"`
		}
	}
	if err := json.Unmarshal(body, &log); err != nil {
		return since, nil, err
	}
	var changed []string
	for _, c := range log.Items {
		if c.Kind == "annotation" {
			changed = append(changed, c.ObjectID)
		}
	}
	if len(changed) == 0 {
		return log.Version, nil, nil
	}
	body, err = node.send(ctx, b.token, http.MethodGet, "/api/documents/"+b.documentID+"/annotations?ids="+strings.Join(changed, ","), nil, nil)
	if err != nil {
		return since, nil, err
	}
	var marks struct {
		Items []struct{ ID string }
	}
	if err := json.Unmarshal(body, &marks); err != nil {
		return since, nil, err
	}
	ids := make([]string, len(marks.Items))
	for i, mark := range marks.Items {
		ids[i] = mark.ID
	}
	return log.Version, ids, nil
}

// read answers pings and notes that there is something new.
func (s *socket) read() {
	defer close(s.heard)
	for {
		var frame string
		if err := websocket.Message.Receive(s.conn, &frame); err != nil {
			s.note(nil, fmt.Errorf("socket: %w", err))
			return
		}
		for text := range strings.Lines(frame) {
			if strings.TrimSpace(text) == "{}" {
				_ = websocket.Message.Send(s.conn, "{}")
				continue
			}
			select {
			case s.texts <- text:
			default: // nobody waits
			}
			if !strings.Contains(text, `"type":"version"`) && !strings.Contains(text, `"type":"resync"`) {
				continue
			}
			select {
			case s.heard <- struct{}{}:
			default:
			}
		}
	}
}

// note keeps what was fetched, or why nothing more will be.
func (s *socket) note(marks []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range marks {
		s.fetched[id] = time.Now()
	}
	s.err = errors.Join(s.err, err)
	close(s.more)
	s.more = make(chan struct{})
}

// follow fetches what is new whenever something is, from a version on.
func (s *socket) follow(newest int64) {
	for range s.heard {
		if s.fetch == nil {
			continue
		}
		version, marks, err := s.fetch(newest)
		newest = version
		s.note(marks, err)
	}
}

// waitFor gives when the socket had fetched a mark.
func (s *socket) waitFor(id string) (time.Time, error) {
	deadline := time.After(patience)
	for {
		s.mu.Lock()
		at, fetched := s.fetched[id]
		err, more := s.err, s.more
		s.mu.Unlock()
		if fetched || err != nil {
			return at, err
		}
		select {
		case <-more:
		case <-deadline:
			return at, fmt.Errorf("mark %s was not heard of in %s", id, patience)
		}
	}
}

type server struct {
	cmd    *exec.Cmd
	origin string
}

// start runs a server and returns when it is ready.
func start(ctx context.Context, binary string, args []string) (*server, error) {
	cmd := exec.CommandContext(ctx, binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...)...)
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "SCROLLKEEPER_LOG_LEVEL=warn")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		at := strings.Index(lines.Text(), "http://")
		if at < 0 {
			continue
		}
		u, err := url.Parse(strings.Fields(lines.Text()[at:])[0])
		if err != nil {
			return nil, err
		}
		s.origin = "http://" + u.Host
		go func() { _, _ = io.Copy(io.Discard, out) }()
		return s, nil
	}
	return nil, errors.Join(errors.New("the server ended before it was ready"), cmd.Wait())
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

// send gives the body of a successful answer.
func (s *server) send(ctx context.Context, token, method, path string, header http.Header, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.origin+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if header != nil {
		req.Header = header
	} else if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	read, err := io.ReadAll(res.Body)
	err = errors.Join(err, res.Body.Close())
	if err == nil && res.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("%s %s: %d %.200s", method, path, res.StatusCode, read)
	}
	return read, err
}
