// Command upload compares uploads to Scrollkeeper with uploads to tusd's own
// handler, on the same disk in one run:
//
//	go run ./bench/upload
//
// An upload counts when it is acknowledged. Scrollkeeper's is durable then: file
// and folder are flushed and the document, its change and its job are committed.
// tusd is measured twice: with the same flush, and as it comes.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	tusslog "golang.org/x/exp/slog"

	"scrollkeeper.example/scrollkeeper/internal/app"
	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/identity"
)

const chunk = 8 << 20

// client keeps a connection for each parallel upload, as a browser does.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench/upload:", err)
		os.Exit(1)
	}
}

// server is one that is measured.
type server struct {
	name   string
	url    string // of the collection of uploads
	header http.Header
	meta   string
	rates  []float64 // megabytes per second, one per round
}

func run() error {
	dir := flag.String("dir", "", "folder on the disk to measure; default: the system's temporary folder")
	size := flag.Int("size", 4<<20, "bytes of each file")
	files := flag.Int("files", 60, "files of each round")
	rounds := flag.Int("rounds", 5, "rounds for each server, in turns")
	parallel := flag.Int("parallel", 4, "uploads at the same time")
	flag.Parse()

	root, err := os.MkdirTemp(*dir, "scrollkeeper-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(root) }()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	ours, stop, err := startOurs(ctx, filepath.Join(root, "ours"))
	if err != nil {
		return err
	}
	defer stop()
	servers := []*server{ours}
	for _, durable := range []bool{true, false} {
		s, stop, err := startTusd(filepath.Join(root, fmt.Sprintf("tusd-%v", durable)), durable)
		if err != nil {
			return err
		}
		defer stop()
		servers = append(servers, s)
	}

	// Every file differs, or Scrollkeeper would find that it has it; but making
	// random bytes must not count.
	file := make([]byte, *size)
	_, _ = rand.Read(file)
	copy(file, "%PDF-1.7\n")
	for round := range *rounds + 1 {
		for _, s := range servers {
			rate, err := s.measure(ctx, file, *files, *parallel)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			if round > 0 { // the first one warms up
				s.rates = append(s.rates, rate)
			}
		}
	}

	fmt.Printf("%d files of %.1f MB, %d at a time, median of %d rounds\n", *files, float64(*size)/1e6, *parallel, *rounds)
	for _, s := range servers {
		fmt.Printf("  %-24s %7.1f MB/s  %6.1f files/s\n", s.name, median(s.rates), median(s.rates)*1e6/float64(*size))
	}
	for _, peer := range servers[1:] {
		fmt.Printf("ratio to %-24s %.2f (bar 0.8)\n", peer.name+":", ratio(ours.rates, peer.rates))
	}
	return nil
}

// ratio is the median of the rounds' ratios: a machine that is busy with other
// things slows both sides of a round.
func ratio(ours, peers []float64) float64 {
	ratios := make([]float64, len(ours))
	for i := range ours {
		ratios[i] = ours[i] / peers[i]
	}
	return median(ratios)
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

// startOurs runs the web role as `scrollkeeper serve` does. Jobs are queued and
// not run, so that parsing is not measured.
func startOurs(ctx context.Context, dir string) (*server, func(), error) {
	cfg, err := config.Load("--data", dir, "--roles", "web", "--listen", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	a, err := app.New(ctx, cfg, "bench", slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		return nil, nil, err
	}
	p, err := a.People.CreatePerson(ctx, identity.NewPerson{Email: "bench@example.org", Name: "Bench", Password: "correct horse battery"})
	if err != nil {
		return nil, nil, err
	}
	_, secret, err := a.People.CreateToken(ctx, p, "bench")
	if err != nil {
		return nil, nil, err
	}
	libraries, err := a.Libraries.List(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	started, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- a.Run(ctx, func(s app.Started) { started <- s.Origin }) }()
	stop := func() {
		cancel()
		if err := <-ended; err != nil {
			fmt.Fprintln(os.Stderr, "the server did not stop well:", err)
		}
		a.Close(context.WithoutCancel(ctx))
	}
	select {
	case origin := <-started:
		return &server{
			name: "Scrollkeeper", url: origin + "/api/uploads/",
			header: http.Header{"Authorization": {"Bearer " + secret}},
			meta:   "library_id " + base64.StdEncoding.EncodeToString([]byte(libraries[0].ID.String())),
		}, stop, nil
	case err := <-ended:
		cancel()
		a.Close(context.WithoutCancel(ctx))
		return nil, nil, fmt.Errorf("did not start: %w", err)
	}
}

func startTusd(dir string, durable bool) (*server, func(), error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	composer := handler.NewStoreComposer()
	filestore.New(dir).UseIn(composer)
	memorylocker.New().UseIn(composer)
	cfg := handler.Config{
		StoreComposer: composer, BasePath: "/files/",
		Logger: tusslog.New(tusslog.NewTextHandler(io.Discard, &tusslog.HandlerOptions{Level: tusslog.LevelError})),
	}
	name := "tusd as it comes"
	if durable {
		name = "tusd with the same flush"
		cfg.PreFinishResponseCallback = func(e handler.HookEvent) (handler.HTTPResponse, error) {
			for _, path := range []string{e.Upload.Storage[filestore.StorageKeyPath], dir} {
				if err := flush(path); err != nil {
					return handler.HTTPResponse{}, err
				}
			}
			return handler.HTTPResponse{}, nil
		}
	}
	h, err := handler.NewHandler(cfg)
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/files/", http.StripPrefix("/files/", h))
	s := httptest.NewServer(mux)
	return &server{name: name, url: s.URL + "/files/"}, s.Close, nil
}

func flush(path string) error {
	f, err := os.Open(path) //nolint:gosec // a file of this benchmark
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return f.Sync()
}

// measure uploads n files and returns megabytes per second.
func (s *server) measure(ctx context.Context, file []byte, n, parallel int) (float64, error) {
	var (
		next   atomic.Int64
		wg     sync.WaitGroup
		failed atomic.Pointer[error]
	)
	began := time.Now()
	for range parallel {
		wg.Go(func() {
			for next.Add(1) <= int64(n) && failed.Load() == nil {
				if err := s.upload(ctx, file); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(n) * float64(len(file)) / 1e6 / took.Seconds(), nil
}

func (s *server) upload(ctx context.Context, file []byte) error {
	res, err := s.send(ctx, http.MethodPost, s.url, http.Header{"Upload-Length": {strconv.Itoa(len(file))}, "Upload-Metadata": {s.meta}}, nil)
	if err != nil {
		return err
	}
	location, err := res.Location()
	if err != nil {
		return err
	}
	for offset := 0; offset < len(file); offset += chunk {
		_, err := s.send(ctx, http.MethodPatch, location.String(), http.Header{
			"Upload-Offset": {strconv.Itoa(offset)}, "Content-Type": {"application/offset+octet-stream"},
		}, file[offset:min(offset+chunk, len(file))])
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *server) send(ctx context.Context, method, url string, header http.Header, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header = header
	req.Header.Set("Tus-Resumable", "1.0.0")
	maps.Copy(req.Header, s.header)
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= http.StatusMultipleChoices {
		return nil, fmt.Errorf("%s: %d %s", method, res.StatusCode, text)
	}
	return res, nil
}
