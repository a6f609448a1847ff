package postgres_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

// helperVariable makes the test binary run a server as its own process, which
// tests can kill.
const helperVariable = "SCROLLKEEPER_TEST_POSTGRES_HELPER"

var quiet = slog.New(slog.DiscardHandler)

func TestMain(m *testing.M) {
	if raw := os.Getenv(helperVariable); raw != "" {
		helperMain(raw)
		return
	}
	os.Exit(m.Run())
}

// helperMain serves until its input ends, then stops in order.
func helperMain(raw string) {
	var cfg postgres.ServerConfig
	err := json.Unmarshal([]byte(raw), &cfg)
	var server *postgres.Server
	if err == nil {
		cfg.Logger = quiet
		server, err = postgres.StartServer(context.Background(), cfg)
	}
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	fmt.Println("ready", server.PID(), server.ConnString())
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := server.Stop(context.Background()); err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
}

// helper is a process that runs a server.
type helper struct {
	cmd     *exec.Cmd
	input   io.Closer
	pid     int // the server's
	address string
}

// startHelper runs a server over dataDir in a process of its own, as the user
// that attr says.
func startHelper(t *testing.T, program, dataDir, binDir string, attr *syscall.SysProcAttr) *helper {
	t.Helper()
	raw, err := json.Marshal(postgres.ServerConfig{DataDir: dataDir, BinDir: binDir})
	if err != nil {
		t.Fatal(err)
	}
	h := &helper{cmd: exec.Command(program)}
	h.cmd.Dir = "/"
	h.cmd.Env = append(os.Environ(), helperVariable+"="+string(raw))
	h.cmd.SysProcAttr = attr
	h.cmd.Stderr = os.Stderr
	if h.input, err = h.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	output, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = h.input.Close()
		_ = h.cmd.Wait()
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if err != nil || word != "ready" {
		t.Fatalf("the helper did not start: %q, %v", line, err)
	}
	pid, address, _ := strings.Cut(rest, " ")
	if h.pid, err = strconv.Atoi(pid); err != nil {
		t.Fatal(err)
	}
	h.address = address
	return h
}

// kill ends the helper as a crash does.
func (h *helper) kill(t *testing.T) {
	t.Helper()
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = h.cmd.Wait()
}

func start(t *testing.T, dataDir string) *postgres.Server {
	t.Helper()
	server, err := tryStart(t, dataDir)
	if f, ok := fault.As(err); ok {
		t.Fatalf("%s\n%v", f.Message, f.Extra["log"])
	}
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func tryStart(t *testing.T, dataDir string) (*postgres.Server, error) {
	t.Helper()
	server, err := postgres.StartServer(t.Context(), postgres.ServerConfig{
		DataDir: dataDir, BinDir: postgrestest.BinDir(t), Logger: quiet,
	})
	if err == nil {
		t.Cleanup(func() { stop(t, server) })
	}
	return server, err
}

func stop(t *testing.T, server *postgres.Server) {
	t.Helper()
	if err := server.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

func connect(t *testing.T, address string) *pgxpool.Pool {
	t.Helper()
	pool, err := postgres.NewPool(t.Context(), address, postgres.PoolConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func exec1(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func queryInt(t *testing.T, pool *pgxpool.Pool, sql string) int {
	t.Helper()
	var n int
	if err := pool.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// wantCode fails the test unless err is that fault.
func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	_ = wantFault(t, err, kind, code)
}

// wantFault is wantCode for those who look at the message, too.
func wantFault(t *testing.T, err error, kind fault.Kind, code string) *fault.Error {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || f.Code != code {
		t.Fatalf("got error %v, want the %s fault %q", err, kind, code)
	}
	return f
}

// alive does not count a process that has ended and waits for its new parent.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist) && syscall.Kill(pid, 0) == nil
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z")
}

// eventually asks until ok, and fails the test after limit.
func eventually(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", limit, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func clusterOf(dataDir string) string { return filepath.Join(dataDir, "postgres") }
