package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

// answerLimit is within how long a request must hear that the database is away.
const answerLimit = 5 * time.Second

func wantUnavailable(t *testing.T, begun time.Time, err error) {
	t.Helper()
	wantCode(t, postgres.Fault(err), fault.Unavailable, "database_unavailable")
	if took := time.Since(begun); took > answerLimit {
		t.Errorf("took %s", took)
	}
}

func TestSettingsOfAConnection(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t).Config().ConnString()
	for name, c := range map[string]struct {
		address string
		cfg     postgres.PoolConfig
		want    map[string]string
		conns   int32
	}{
		"by default": {
			address,
			postgres.PoolConfig{},
			map[string]string{"statement_timeout": "30s", "application_name": "scrollkeeper", "TimeZone": "UTC", "idle_in_transaction_session_timeout": "1min"},
			16,
		},
		"as configured": {
			address,
			postgres.PoolConfig{MaxConns: 3, StatementTimeout: -1, ApplicationName: "worker"},
			map[string]string{"statement_timeout": "0", "application_name": "worker"},
			3,
		},
		"as the address says": {
			address + "&statement_timeout=7000&application_name=mine&pool_max_conns=5",
			postgres.PoolConfig{MaxConns: 3, StatementTimeout: time.Second},
			map[string]string{"statement_timeout": "7s", "application_name": "mine"},
			5,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool, err := postgres.NewPool(t.Context(), c.address, c.cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			for setting, want := range c.want {
				var got string
				if err := pool.QueryRow(t.Context(), "SELECT current_setting($1)", setting).Scan(&got); err != nil {
					t.Fatal(err)
				}
				if got != want {
					t.Errorf("%s is %q, want %q", setting, got, want)
				}
			}
			if got := pool.Config().MaxConns; got != c.conns {
				t.Errorf("%d connections, want %d", got, c.conns)
			}
		})
	}
}

func TestAnExhaustedPoolAnswersInTime(t *testing.T) {
	t.Parallel()
	pool, err := postgres.NewPool(t.Context(), postgrestest.New(t).Config().ConnString(), postgres.PoolConfig{MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	held, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	_, err = pool.Exec(t.Context(), "SELECT 1")
	wantUnavailable(t, begun, err)

	// Who gave up waiting is told so, not that the database is away.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pool.Exec(ctx, "SELECT 1"); !errors.Is(postgres.Fault(err), context.Canceled) {
		t.Errorf("a cancelled wait: %v", err)
	}
	held.Release()
	exec1(t, pool, "SELECT 1")
}

// TestAFrozenServer is stopped in its tracks, with connections open: every one of
// them is dead, and new ones are taken by the kernel and never answered.
func TestAFrozenServer(t *testing.T) {
	t.Parallel()
	server, pool := postgrestest.NewServer(t)
	var conns []*pgxpool.Conn
	for range pool.Config().MaxConns {
		conn, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
	}
	for _, conn := range conns {
		conn.Release()
	}
	// Connections idle for less than a second are taken for alive.
	idle := time.Now().Add(1100 * time.Millisecond)
	eventually(t, 5*time.Second, "the connections have been idle", func() bool { return time.Now().After(idle) })

	processes := append(childrenOf(t, server.PID()), server.PID())
	signalAll(t, processes, syscall.SIGSTOP)
	thaw := func() { signalAll(t, processes, syscall.SIGCONT) }
	t.Cleanup(thaw)

	begun := time.Now()
	_, err := pool.Exec(t.Context(), "SELECT 1")
	wantUnavailable(t, begun, err)

	thaw()
	eventually(t, answerLimit, "it answers again", func() bool { _, err := pool.Exec(t.Context(), "SELECT 1"); return err == nil })
}

func childrenOf(t *testing.T, pid int) []int {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		t.Skipf("the server's processes cannot be listed here: %v", err)
	}
	var pids []int
	for word := range strings.FieldsSeq(string(raw)) {
		child, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, child)
	}
	return pids
}

func signalAll(t *testing.T, pids []int, signal syscall.Signal) {
	t.Helper()
	for _, pid := range pids {
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Errorf("signal %d to %d: %v", signal, pid, err)
		}
	}
}

func TestFault(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	ask := func(sql string) error {
		_, err := pool.Exec(t.Context(), sql)
		return fmt.Errorf("ask: %w", err)
	}
	raise := func(state string) error {
		return ask("DO $$ BEGIN RAISE EXCEPTION 'raised' USING ERRCODE = '" + state + "'; END $$")
	}
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	terminated := func() error {
		_, err := conn.Exec(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())")
		return err
	}()
	_, closed := conn.Exec(t.Context(), "SELECT 1")
	conn.Release()
	closedPool, err := postgres.NewPool(t.Context(), pool.Config().ConnString(), postgres.PoolConfig{})
	if err != nil {
		t.Fatal(err)
	}
	closedPool.Close()
	_, poolClosed := closedPool.Exec(t.Context(), "SELECT 1")
	_, refused := pgconn.Connect(t.Context(), "postgres://me@127.0.0.1:1/x")

	for name, c := range map[string]struct {
		err  error
		kind fault.Kind
		code string
	}{
		"a statement over its limit":  {ask("BEGIN; SET LOCAL statement_timeout = 1; SELECT pg_sleep(10)"), fault.Unavailable, "database_busy"},
		"a deadlock":                  {raise("40P01"), fault.Unavailable, "database_busy"},
		"a full disk":                 {raise("53100"), fault.Full, "storage_full"},
		"too many connections":        {raise("53300"), fault.Unavailable, "database_unavailable"},
		"a shutdown":                  {raise("57P01"), fault.Unavailable, "database_unavailable"},
		"a crash":                     {raise("57P02"), fault.Unavailable, "database_unavailable"},
		"a start":                     {raise("57P03"), fault.Unavailable, "database_unavailable"},
		"a standby":                   {ask("BEGIN READ ONLY; CREATE TABLE x ()"), fault.Unavailable, "database_unavailable"},
		"a session that was ended":    {terminated, fault.Unavailable, "database_unavailable"},
		"a connection that is closed": {closed, fault.Unavailable, "database_unavailable"},
		"a pool that is closed":       {poolClosed, fault.Unavailable, "database_unavailable"},
		"a server that was killed":    {fmt.Errorf("ask: %w", io.ErrUnexpectedEOF), fault.Unavailable, "database_unavailable"},
		"a connection that was reset": {&net.OpError{Op: "read", Net: "unix", Err: syscall.ECONNRESET}, fault.Unavailable, "database_unavailable"},
		"nobody listening":            {refused, fault.Unavailable, "database_unavailable"},
		"a deadline":                  {fmt.Errorf("ask: %w", context.DeadlineExceeded), fault.Unavailable, "database_unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := postgres.Fault(c.err)
			wantCode(t, got, c.kind, c.code)
			if !errors.Is(got, c.err) {
				t.Errorf("%v lost its cause", got)
			}
		})
	}

	ours := fault.New(fault.NotFound, "library_not_found", "There is no such library.")
	for name, err := range map[string]error{
		"nothing":                 nil,
		"a fault already":         fmt.Errorf("in a transaction: %w", ours),
		"a row that is not there": fmt.Errorf("ask: %w", pgx.ErrNoRows),
		"a constraint":            raise("23505"),
		"a mistake of ours":       ask("SELEKT 1"),
		"a cancelled request":     fmt.Errorf("ask: %w", context.Canceled),
		"the end of a listing":    fmt.Errorf("read: %w", io.EOF),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := postgres.Fault(err); got != err { //nolint:errorlint // unchanged means the very same
				t.Errorf("became %v", got)
			}
		})
	}
}
