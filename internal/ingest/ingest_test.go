package ingest_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs/jobstest"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime/realtimetest"
)

const parseKind = "parse_edition"

// env is the real HTTP interface on a database of its own, with an extractor
// that the test chooses.
type env struct {
	*documenttest.Env
	t        testing.TB
	dir      string
	service  *ingest.Service
	jobs     *jobs.Client
	registry *jobs.Registry
	news     *realtimetest.Recorder
	server   *httptest.Server
	// extract is replaced by tests that want more than two pages of text.
	extract atomic.Pointer[extractFunc]
}

type extractFunc func(ctx context.Context, path string, opts extract.Options) (*extract.Result, error)

// Extract implements ingest.Extractor.
func (e *env) Extract(ctx context.Context, path string, opts extract.Options) (*extract.Result, error) {
	return (*e.extract.Load())(ctx, path, opts)
}

func (e *env) extractWith(f extractFunc) { e.extract.Store(&f) }

func twoPages(_ context.Context, _ string, opts extract.Options) (*extract.Result, error) {
	if err := opts.OnInfo(extract.Info{PageCount: 2}); err != nil {
		return nil, err
	}
	for n := 1; n <= 2; n++ {
		page := pagetext.Page{Number: n, Box: pagetext.Rect{0, 0, 612, 792}, Text: fmt.Sprintf("page %d", n)}
		if err := opts.OnPage(page); err != nil {
			return nil, err
		}
	}
	title, err := csl.NewClaim("title", csl.SourcePage, "A Fine Title", 0.9)
	if err != nil {
		return nil, err
	}
	return &extract.Result{PageCount: 2, TextVersion: extract.TextVersion, Metadata: []csl.Claim{title}}, nil
}

func newEnv(t testing.TB, configure ...func(*ingest.Config)) *env {
	t.Helper()
	pool := postgrestest.New(t)
	e := &env{Env: documenttest.New(t, librarytest.New(t, pool)), t: t, news: realtimetest.NewRecorder()}
	e.extractWith(twoPages)
	e.jobs = jobstest.NewClient(t, pool)
	file, err := e.Blobs.Path(ingest.BlobKey(uuid.New()))
	if err != nil {
		t.Fatal(err)
	}
	e.dir = filepath.Dir(file)
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	cfg := ingest.Config{Dir: e.dir, Logger: log}
	for _, f := range configure {
		f(&cfg)
	}
	e.service, err = ingest.New(ingest.Parts{
		Pool: pool, Libraries: e.Service, Documents: e.Documents, Jobs: e.jobs, News: e.news, Clock: e.Clock,
		Blobs: e.Blobs, Extractor: e,
	}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	e.registry = jobs.NewRegistry()
	// Without the periodic jobs: tests call what those do themselves.
	e.service.RegisterWorkers(e.registry)
	e.server = httptest.NewServer(e.handler(log))
	t.Cleanup(e.server.Close)
	return e
}

// handler signs in whoever the header Person names.
func (e *env) handler(log *slog.Logger) http.Handler {
	people := map[string]identity.Person{}
	for _, p := range []identity.Person{e.Owner, e.Editor, e.Reader, e.Stranger} {
		people[p.ID.String()] = p
	}
	api := httpapi.New(httpapi.Config{
		Version: "test", Logger: log,
		Authenticate: func(r *http.Request) (context.Context, error) {
			if p, ok := people[r.Header.Get("Person")]; ok {
				return identity.WithPerson(r.Context(), p), nil
			}
			return r.Context(), nil
		},
		RequirePerson: func(ctx context.Context) error {
			_, err := identity.FromContext(ctx)
			return err
		},
	})
	ingest.Mount(api, e.service)
	return api.Handler(http.NotFoundHandler(), nil)
}

// runJobs runs jobs until the test ends.
func (e *env) runJobs() *jobstest.Runner {
	return jobstest.Start(e.t, e.Pool, e.jobs, e.registry)
}

// answer is a response that was read to its end.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

func (a answer) code() string { s, _ := a.body["code"].(string); return s }

func (e *env) do(p identity.Person, method, url string, header map[string]string, body io.Reader) answer {
	e.t.Helper()
	a, err := e.try(e.t.Context(), p, method, url, header, body)
	if err != nil {
		e.t.Fatalf("%s %s: %v", method, url, err)
	}
	return a
}

func (e *env) try(ctx context.Context, p identity.Person, method, url string, header map[string]string, body io.Reader) (answer, error) {
	if strings.HasPrefix(url, "/") {
		url = e.server.URL + url
	}
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Person", p.ID.String())
	req.Header.Set("Tus-Resumable", "1.0.0")
	for k, v := range header {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	a := answer{status: res.StatusCode, header: res.Header}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return a, err
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &a.body); err != nil {
			return a, fmt.Errorf("answer %q: %w", text, err)
		}
	}
	if a.status >= 400 && method != http.MethodHead {
		if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
			return a, fmt.Errorf("%d is no problem document but %s", a.status, got)
		}
		if s, _ := a.body["detail"].(string); s == "" {
			return a, fmt.Errorf("a problem without words: %s", text)
		}
	}
	return a, nil
}

// metadata encodes what tus sends along with a new upload.
func metadata(pairs ...string) string {
	var parts []string
	for i := 0; i < len(pairs); i += 2 {
		parts = append(parts, pairs[i]+" "+base64.StdEncoding.EncodeToString([]byte(pairs[i+1])))
	}
	return strings.Join(parts, ",")
}

// create announces a file and returns the upload's path or the refusal.
func (e *env) create(p identity.Person, size int, meta ...string) (string, answer) {
	e.t.Helper()
	meta = append([]string{"library_id", e.LibraryID.String()}, meta...)
	a := e.do(p, http.MethodPost, "/api/uploads/", map[string]string{
		"Upload-Length": strconv.Itoa(size), "Upload-Metadata": metadata(meta...),
	}, nil)
	return a.header.Get("Location"), a
}

// mustCreate announces a file that is taken.
func (e *env) mustCreate(p identity.Person, size int, meta ...string) string {
	e.t.Helper()
	path, a := e.create(p, size, meta...)
	if a.status != http.StatusCreated || !strings.HasPrefix(path, "/api/uploads/") {
		e.t.Fatalf("create: %d %v, at %q", a.status, a.body, path)
	}
	return path
}

func (e *env) patch(p identity.Person, path string, offset int, chunk []byte) answer {
	e.t.Helper()
	return e.do(p, http.MethodPatch, path, chunkHeader(offset), bytes.NewReader(chunk))
}

func chunkHeader(offset int) map[string]string {
	return map[string]string{"Upload-Offset": strconv.Itoa(offset), "Content-Type": "application/offset+octet-stream"}
}

// upload sends a whole file and returns what it became.
func (e *env) upload(p identity.Person, file []byte, meta ...string) (documentID, editionID uuid.UUID) {
	e.t.Helper()
	a := e.patch(p, e.mustCreate(p, len(file), meta...), 0, file)
	if a.status != http.StatusNoContent {
		e.t.Fatalf("patch: %d %v", a.status, a.body)
	}
	return e.became(a)
}

func (e *env) became(a answer) (documentID, editionID uuid.UUID) {
	e.t.Helper()
	documentID, err := uuid.Parse(a.header.Get("Scrollkeeper-Document"))
	if err != nil {
		e.t.Fatalf("no document among %v", a.header)
	}
	editionID, err = uuid.Parse(a.header.Get("Scrollkeeper-Edition"))
	if err != nil {
		e.t.Fatalf("no edition among %v", a.header)
	}
	return documentID, editionID
}

func (e *env) edition(documentID uuid.UUID) document.Edition {
	e.t.Helper()
	d, err := e.Documents.Get(e.t.Context(), e.Owner, documentID)
	if err != nil {
		e.t.Fatalf("get document: %v", err)
	}
	return *d.Edition
}

func (e *env) uploads(p identity.Person) []ingest.Upload {
	e.t.Helper()
	uploads, err := e.service.Uploads(e.t.Context(), p, e.LibraryID)
	if err != nil {
		e.t.Fatal(err)
	}
	return uploads
}

func (e *env) documentCount() int {
	e.t.Helper()
	list, err := e.Documents.List(e.t.Context(), e.Owner, e.LibraryID, document.ListQuery{Limit: 100})
	if err != nil {
		e.t.Fatal(err)
	}
	return len(list.Items)
}

// pdf makes bytes that begin like a PDF and are otherwise random.
func pdf(size int) []byte {
	file := make([]byte, size)
	_, _ = rand.Read(file)
	copy(file, "%PDF-1.7\n")
	return file
}

func hexSum(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:])
}

// kinds lists the changes of one kind as "op" and object.
func changesOf(changes []library.Change, kind string) []string {
	var ops []string
	for _, c := range changes {
		if c.Kind == kind {
			ops = append(ops, c.Op)
		}
	}
	return ops
}

const day = 24 * time.Hour
