package operate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Live answers /livez: the process runs and answers HTTP. It says nothing about
// the database, since restarting this process would not mend that.
func Live(w http.ResponseWriter, r *http.Request) {
	writeHealth(w, r, http.StatusOK, health{Status: "ok"})
}

// probeTimeout is the longest that /readyz takes to say no.
const probeTimeout = 2 * time.Second

// Readiness answers /readyz: 200 when requests can be served, else 503 with
// what is missing. It is asked often, so each look is cheap.
type Readiness struct {
	pool   *pgxpool.Pool
	folder string
	open   atomic.Bool
	// current is set once the schema was seen to be this binary's. It stays so:
	// a later version only adds to it.
	current atomic.Bool
}

// NewReadiness watches the database and whether files can be written in folder.
// It answers no until Open.
func NewReadiness(pool *pgxpool.Pool, folder string) *Readiness {
	return &Readiness{pool: pool, folder: folder}
}

// Open lets requests in: everything has been started.
func (d *Readiness) Open() { d.open.Store(true) }

// Close makes the answer no again, so that a load balancer sends new requests
// elsewhere while those under way end.
func (d *Readiness) Close() { d.open.Store(false) }

type health struct {
	Status string        `json:"status"` // ok, unready or closed
	Checks []healthCheck `json:"checks,omitempty"`
}

type healthCheck struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Message string `json:"message,omitempty"`
}

// ServeHTTP answers a probe. The messages are fit for strangers: the address is
// open to everybody.
func (d *Readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !d.open.Load() {
		writeHealth(w, r, http.StatusServiceUnavailable, health{Status: "closed"})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), probeTimeout)
	defer cancel()
	answer, status := health{Status: "ok"}, http.StatusOK
	for _, check := range []struct {
		name, failed string
		run          func(context.Context) error
	}{
		{"database", "The database does not answer.", d.pool.Ping},
		{"schema", "The database is not at this version's schema.", d.schema},
		{"storage", "Files cannot be written.", d.writable},
	} {
		result := healthCheck{Name: check.name, OK: true}
		if err := check.run(ctx); err != nil {
			result.OK, result.Message = false, check.failed
			answer.Status, status = "unready", http.StatusServiceUnavailable
		}
		answer.Checks = append(answer.Checks, result)
		if !result.OK && check.name == "database" {
			break // The schema would only wait for the same database.
		}
	}
	writeHealth(w, r, status, answer)
}

func (d *Readiness) schema(ctx context.Context) error {
	if d.current.Load() {
		return nil
	}
	state, err := postgres.MigrationStatus(ctx, d.pool)
	if err != nil {
		return err
	}
	if !state.Current() {
		return errors.New("migrations are pending")
	}
	d.current.Store(true)
	return nil
}

func (d *Readiness) writable(context.Context) error { return tryWrite(d.folder) }

// tryWrite makes a file, fills a block of it and removes it.
func tryWrite(folder string) error {
	f, err := os.CreateTemp(folder, ".writable-*")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 4096))
	err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	if err != nil {
		return fmt.Errorf("write a file in %s: %w", folder, err)
	}
	return nil
}

func writeHealth(w http.ResponseWriter, r *http.Request, status int, body health) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		_ = json.NewEncoder(w).Encode(body)
	}
}
