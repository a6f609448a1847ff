package app_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

func TestAPortInUseIsNamed(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	address := taken.Addr().String()
	err = newApp(t, "--listen", address).Run(t.Context(), nil)
	if f, ok := fault.As(err); !ok || f.Code != "port_in_use" || !strings.Contains(f.Message, address) {
		t.Errorf("got %v", err)
	}
}

func TestAStartThatFailsSaysWhy(t *testing.T) {
	a, err := tryApp(t, "--database-url", "postgres://nobody:wrong@127.0.0.1:1/none")
	if f, ok := fault.As(err); a != nil || !ok || f.Code != "database_unavailable" {
		t.Errorf("got %v, %v", a, err)
	}
}

func TestADatabaseThatIsAwayIsToldInTime(t *testing.T) {
	server, _ := postgrestest.NewServer(t)
	a, err := tryApp(t, "--database-url", server.ConnString())
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return w
	}
	if w := get("/api/meta"); w.Code != http.StatusOK {
		t.Fatalf("before: %d", w.Code)
	}
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	w := get("/api/meta")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the answer took %s", took)
	}
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "database_unavailable") || w.Header().Get("Retry-After") == "" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if live := get("/livez"); live.Code != http.StatusOK {
		t.Errorf("livez: %d", live.Code)
	}
	if ready := get("/readyz"); ready.Code != http.StatusServiceUnavailable {
		t.Errorf("readyz: %d", ready.Code)
	}
}
