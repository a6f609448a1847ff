package remote_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog" // tusd was made before log/slog

	"scrollkeeper.example/scrollkeeper/internal/cli/internal/remote"
)

// server is tusd itself with the few things that Scrollkeeper adds, and a place
// to go wrong in.
type server struct {
	*httptest.Server
	folder string

	mu       sync.Mutex
	before   func(w http.ResponseWriter, r *http.Request) (handled bool)
	after    func(r *http.Request) (lose bool)
	requests []string
}

// onRequest has fn look at each request first; it may answer it.
func (s *server) onRequest(fn func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = fn
}

// onAnswer has fn say whether an answer is lost on its way.
func (s *server) onAnswer(fn func(r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.after = fn
}

func (s *server) count(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, m := range s.requests {
		if m == method {
			n++
		}
	}
	return n
}

// patient lets each request on an upload end by itself: asked to let go, tusd looks
// at a body that the other goroutine sets.
type patient struct{ *memorylocker.MemoryLocker }

func (p patient) NewLock(id string) (handler.Lock, error) {
	lock, err := p.MemoryLocker.NewLock(id)
	return patientLock{lock}, err
}

type patientLock struct{ inner handler.Lock }

func (l patientLock) Lock(ctx context.Context, _ func()) error { return l.inner.Lock(ctx, func() {}) }
func (l patientLock) Unlock() error                            { return l.inner.Unlock() }

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{folder: t.TempDir()}
	composer := handler.NewStoreComposer()
	filestore.New(s.folder).UseIn(composer)
	composer.UseLocker(patient{memorylocker.New()})
	tus, err := handler.NewUnroutedHandler(handler.Config{
		BasePath: "/api/uploads/", StoreComposer: composer, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		PreFinishResponseCallback: func(e handler.HookEvent) (handler.HTTPResponse, error) {
			return handler.HTTPResponse{Header: handler.HTTPHeader{"Scrollkeeper-Document": "document-of-" + e.Upload.ID, "Scrollkeeper-Edition": e.Upload.ID}}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/uploads/{$}", tus.PostFile)
	mux.Handle("HEAD /api/uploads/{id}", http.StripPrefix("/api/uploads/", http.HandlerFunc(tus.HeadFile)))
	mux.Handle("PATCH /api/uploads/{id}", http.StripPrefix("/api/uploads/", http.HandlerFunc(tus.PatchFile)))
	mux.HandleFunc("GET /api/libraries/{id}/uploads", s.list)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Method)
		before, after := s.before, s.after
		s.mu.Unlock()
		if r.Header.Get("Authorization") != "Bearer secret" {
			problem(w, http.StatusUnauthorized, "signed_out", nil)
			return
		}
		if before != nil && before(w, r) {
			return
		}
		tus.Middleware(mux).ServeHTTP(&lossy{ResponseWriter: w, lose: func() bool { return after != nil && after(r) }}, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// list is what Scrollkeeper remembers of uploads.
func (s *server) list(w http.ResponseWriter, _ *http.Request) {
	files, _ := filepath.Glob(filepath.Join(s.folder, "*.info"))
	items := []map[string]any{}
	for _, file := range files {
		id := strings.TrimSuffix(filepath.Base(file), ".info")
		items = append(items, map[string]any{"id": id, "state": "finished", "document_id": "document-of-" + id})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"items": items})
}

// lossy cuts the connection where an answer should begin.
type lossy struct {
	http.ResponseWriter
	lose func() bool
}

func (l *lossy) WriteHeader(code int) {
	if l.lose() {
		panic(http.ErrAbortHandler)
	}
	l.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController reach the connection.
func (l *lossy) Unwrap() http.ResponseWriter { return l.ResponseWriter }

func problem(w http.ResponseWriter, status int, code string, extra map[string]any) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	body := map[string]any{"status": status, "code": code, "detail": "It said " + code + "."}
	maps.Copy(body, extra)
	_ = json.NewEncoder(w).Encode(body)
}

// place is where an upload's address is kept.
type place struct{ location string }

func (p *place) Load() string  { return p.location }
func (p *place) Save(l string) { p.location = l }
func (p *place) Clear()        { p.location = "" }
func (p *place) id() string    { return path.Base(p.location) }
func nothing(int64)            {}
func quick() remote.Backoff {
	return remote.Backoff{First: time.Millisecond, Longest: 4 * time.Millisecond}
}
func content(size int) []byte { b := make([]byte, size); _, _ = rand.Read(b); return b }
func file(b []byte) remote.File {
	return remote.File{Content: bytes.NewReader(b), Size: int64(len(b)), Name: "a paper.pdf", Folder: "of/mine", LibraryID: "library", SHA256: strings.Repeat("ab", 32)}
}

const chunk = 256 << 10

func client(t *testing.T, s *server, b remote.Backoff) *remote.Client {
	t.Helper()
	c, err := remote.New(remote.Options{Server: s.URL, Token: "secret", UserAgent: "test", Backoff: b})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// arrived compares what the server has with what was sent.
func (s *server) arrived(t *testing.T, id string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(s.folder, id))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes arrived, and they are not the %d that were sent", len(got), len(want))
	}
}

func TestUpload(t *testing.T) {
	for name, size := range map[string]int{"small": 10 << 10, "large": 3*chunk + 17, "of one chunk": chunk} {
		t.Run("a "+name+" file arrives whole", func(t *testing.T) {
			s, b, at := newServer(t), content(size), &place{}
			var last int64
			done, err := client(t, s, quick()).Upload(t.Context(), file(b), chunk, at, func(n int64) { last = n })
			if err != nil {
				t.Fatal(err)
			}
			s.arrived(t, done.EditionID, b)
			if done.DocumentID != "document-of-"+done.EditionID || done.Duplicate {
				t.Errorf("got %+v", done)
			}
			if last != int64(size) {
				t.Errorf("progress ended at %d of %d", last, size)
			}
			if at.location != "" {
				t.Error("the place of a finished upload was kept")
			}
		})
	}

	t.Run("a connection cut in mid-chunk costs at most that chunk", func(t *testing.T) {
		s, b, at := newServer(t), content(4*chunk), &place{}
		cut := 0
		s.onRequest(func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPatch && cut < 3 {
				cut++
				_, _ = io.CopyN(io.Discard, r.Body, chunk/2)
				panic(http.ErrAbortHandler)
			}
			return false
		})
		done, err := client(t, s, quick()).Upload(t.Context(), file(b), chunk, at, nothing)
		if err != nil {
			t.Fatal(err)
		}
		s.arrived(t, done.EditionID, b)
		if n := s.count(http.MethodPost); n != 1 {
			t.Errorf("the upload was begun %d times", n)
		}
	})

	t.Run("answers that are lost are asked for again", func(t *testing.T) {
		s, b, at := newServer(t), content(2*chunk), &place{}
		s.onAnswer(func(r *http.Request) bool { return r.Method == http.MethodPatch })
		done, err := client(t, s, quick()).Upload(t.Context(), file(b), chunk, at, nothing)
		if err != nil {
			t.Fatal(err)
		}
		id := strings.TrimPrefix(done.DocumentID, "document-of-")
		s.arrived(t, id, b)
	})

	t.Run("a server that is away is waited for", func(t *testing.T) {
		s, b, at := newServer(t), content(chunk), &place{}
		refused := 0
		s.onRequest(func(w http.ResponseWriter, _ *http.Request) bool {
			if refused++; refused <= 5 {
				w.Header().Set("Retry-After", "0")
				problem(w, http.StatusServiceUnavailable, "database_unavailable", nil)
				return true
			}
			return false
		})
		told := 0
		b2 := quick()
		b2.OnWait = func(error, time.Duration) { told++ }
		done, err := client(t, s, b2).Upload(t.Context(), file(b), chunk, at, nothing)
		if err != nil {
			t.Fatal(err)
		}
		s.arrived(t, done.EditionID, b)
		if told != 5 {
			t.Errorf("%d pauses were told of, want 5", told)
		}
	})

	t.Run("another run goes on where one stopped", func(t *testing.T) {
		s, b, at := newServer(t), content(4*chunk), &place{}
		ctx, stop := context.WithCancel(t.Context())
		_, err := client(t, s, quick()).Upload(ctx, file(b), chunk, at, func(n int64) {
			if n >= 2*chunk {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) || at.location == "" {
			t.Fatalf("stopped with %v, place %q", err, at.location)
		}
		id, least := at.id(), int64(4*chunk)
		done, err := client(t, s, quick()).Upload(t.Context(), file(b), chunk, at, func(n int64) { least = min(least, n) })
		if err != nil {
			t.Fatal(err)
		}
		if done.EditionID != id || least == 0 {
			t.Errorf("it went on with %s from %d, want %s", done.EditionID, least, id)
		}
		s.arrived(t, id, b)
	})

	t.Run("an upload that the server forgot begins again", func(t *testing.T) {
		s, b := newServer(t), content(chunk)
		at := &place{location: "/api/uploads/forgotten"}
		done, err := client(t, s, quick()).Upload(t.Context(), file(b), chunk, at, nothing)
		if err != nil {
			t.Fatal(err)
		}
		s.arrived(t, done.EditionID, b)
	})

	t.Run("a duplicate is no failure", func(t *testing.T) {
		s, at := newServer(t), &place{}
		s.onRequest(func(w http.ResponseWriter, _ *http.Request) bool {
			problem(w, http.StatusConflict, "duplicate", map[string]any{"document_id": "there"})
			return true
		})
		done, err := client(t, s, quick()).Upload(t.Context(), file(content(10)), chunk, at, nothing)
		if err != nil || done.DocumentID != "there" || !done.Duplicate {
			t.Errorf("got %+v, %v", done, err)
		}
	})
}

func TestUploadIsRefused(t *testing.T) {
	for code, status := range map[string]int{
		"not_a_pdf": http.StatusUnsupportedMediaType, "too_large": http.StatusRequestEntityTooLarge,
		"role_forbids": http.StatusForbidden, "library_not_found": http.StatusNotFound, "storage_full": http.StatusInsufficientStorage,
	} {
		t.Run(code, func(t *testing.T) {
			s, at := newServer(t), &place{}
			s.onRequest(func(w http.ResponseWriter, _ *http.Request) bool {
				problem(w, status, code, nil)
				return true
			})
			_, err := client(t, s, quick()).Upload(t.Context(), file(content(chunk)), chunk, at, nothing)
			p, ok := remote.AsProblem(err)
			if !ok || p.Code != code || p.Error() != "It said "+code+"." {
				t.Errorf("got %v", err)
			}
			if n := s.count(http.MethodPost); n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	}

	t.Run("a token that ran out keeps the place", func(t *testing.T) {
		s, b, at := newServer(t), content(2*chunk), &place{}
		s.onRequest(func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPatch {
				return false
			}
			problem(w, http.StatusUnauthorized, "signed_out", nil)
			return true
		})
		if _, err := client(t, s, quick()).Upload(t.Context(), file(b), chunk, at, nothing); !remote.HasStatus(err, http.StatusUnauthorized) {
			t.Fatalf("got %v", err)
		}
		if at.location == "" {
			t.Fatal("the place was forgotten")
		}
		s.onRequest(nil)
		done, err := client(t, s, quick()).Upload(t.Context(), file(b), chunk, at, nothing)
		if err != nil {
			t.Fatal(err)
		}
		s.arrived(t, done.EditionID, b)
		if n := s.count(http.MethodPost); n != 1 {
			t.Errorf("the upload was begun %d times", n)
		}
	})

	t.Run("patience ends", func(t *testing.T) {
		s, at := newServer(t), &place{}
		s.onRequest(func(w http.ResponseWriter, _ *http.Request) bool {
			problem(w, http.StatusBadGateway, "away", nil)
			return true
		})
		impatient := quick()
		impatient.Patience = 20 * time.Millisecond
		if _, err := client(t, s, impatient).Upload(t.Context(), file(content(10)), chunk, at, nothing); !remote.HasStatus(err, http.StatusBadGateway) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("a file that shrinks is said to have changed", func(t *testing.T) {
		s, at := newServer(t), &place{}
		f := file(content(chunk))
		f.Size += chunk
		_, err := client(t, s, quick()).Upload(t.Context(), f, chunk, at, nothing)
		if err == nil || !strings.Contains(err.Error(), "the file changed while it was sent") {
			t.Errorf("got %v", err)
		}
	})
}

func TestClient(t *testing.T) {
	t.Run("the token goes to the named server only", func(t *testing.T) {
		elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			t.Errorf("a request reached another server: %s %s", r.Method, r.URL)
		}))
		defer elsewhere.Close()
		s := newServer(t)
		s.onRequest(func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, elsewhere.URL+"/api/meta", http.StatusTemporaryRedirect)
			return true
		})
		if _, err := client(t, s, quick()).Meta(t.Context()); err == nil || !strings.Contains(err.Error(), "sends elsewhere") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("another kind of server is recognised", func(t *testing.T) {
		s := newServer(t)
		s.onRequest(func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = io.WriteString(w, "<html>Welcome to nginx!</html>")
			return true
		})
		if _, err := client(t, s, quick()).Meta(t.Context()); err == nil || !strings.Contains(err.Error(), "check the address") {
			t.Errorf("got %v", err)
		}
	})
}
