package operate_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/operate"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

func TestLive(t *testing.T) {
	for method, want := range map[string]int{http.MethodGet: http.StatusOK, http.MethodHead: http.StatusOK, http.MethodPost: http.StatusMethodNotAllowed} {
		w := httptest.NewRecorder()
		operate.Live(w, httptest.NewRequest(method, "/livez", nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", method, w.Code, want)
		}
	}
}

func TestReadiness(t *testing.T) {
	// ask gives the status and the names of what is not well.
	ask := func(t *testing.T, r *operate.Readiness) (status int, bad []string) {
		t.Helper()
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		var body struct {
			Status string
			Checks []struct {
				Name string
				OK   bool
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
		for _, c := range body.Checks {
			if !c.OK {
				bad = append(bad, c.Name)
			}
		}
		return w.Code, bad
	}

	t.Run("yes between Open and Close", func(t *testing.T) {
		r := operate.NewReadiness(postgrestest.New(t), t.TempDir())
		if status, _ := ask(t, r); status != http.StatusServiceUnavailable {
			t.Errorf("before: %d", status)
		}
		r.Open()
		if status, bad := ask(t, r); status != http.StatusOK || len(bad) > 0 {
			t.Errorf("open: %d %v", status, bad)
		}
		r.Close()
		if status, _ := ask(t, r); status != http.StatusServiceUnavailable {
			t.Errorf("after: %d", status)
		}
	})

	t.Run("no while files cannot be written", func(t *testing.T) {
		r := operate.NewReadiness(postgrestest.New(t), filepath.Join(t.TempDir(), "gone"))
		r.Open()
		if status, bad := ask(t, r); status != http.StatusServiceUnavailable || len(bad) != 1 || bad[0] != "storage" {
			t.Errorf("%d %v", status, bad)
		}
	})

	t.Run("no while the database is away", func(t *testing.T) {
		pool := postgrestest.New(t)
		r := operate.NewReadiness(pool, t.TempDir())
		r.Open()
		pool.Close()
		if status, bad := ask(t, r); status != http.StatusServiceUnavailable || len(bad) != 1 || bad[0] != "database" {
			t.Errorf("%d %v", status, bad)
		}
	})
}
