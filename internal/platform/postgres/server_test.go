package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

func TestTheFirstStartMakesADatabaseThatStays(t *testing.T) {
	t.Parallel()
	data := filepath.Join(postgrestest.Folder(t), "made", "by the server", "data")
	server := start(t, data)
	pool := connect(t, server.ConnString())
	exec1(t, pool, "CREATE TABLE notes (body text)")
	exec1(t, pool, "INSERT INTO notes VALUES ('Ångström')")
	if n := queryInt(t, pool, "SELECT count(*) FROM notes WHERE lower(body) = 'ångström'"); n != 1 {
		t.Error("lower() does not know letters beyond ASCII")
	}
	pool.Close()
	stop(t, server)
	if _, open := <-server.Done(); open {
		t.Error("a stopped server reported that it ended by itself")
	}
	stop(t, server) // again

	server = start(t, data)
	if n := queryInt(t, connect(t, server.ConnString()), "SELECT count(*) FROM notes"); n != 1 {
		t.Errorf("%d notes after a restart", n)
	}
}

func TestTheServerIsReachedThroughItsFolderAlone(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	// Not even an operator's setting opens a port.
	conf, err := os.OpenFile(filepath.Join(clusterOf(data), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conf.WriteString("listen_addresses = '*'\nwork_mem = 5MB\n"); err != nil {
		t.Fatal(err)
	}
	if err := conf.Close(); err != nil {
		t.Fatal(err)
	}
	pool := connect(t, start(t, data).ConnString())
	for name, want := range map[string]string{
		"listen_addresses": "", "fsync": "on", "data_checksums": "on",
		"work_mem":        "5MB",     // the operator's
		"wal_level":       "replica", // PostgreSQL's own
		"jit":             "off",     // ours
		"server_encoding": "UTF8",
	} {
		var got string
		if err := pool.QueryRow(t.Context(), "SELECT current_setting($1)", name).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	info, err := os.Stat(clusterOf(data))
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o700 {
		t.Errorf("the cluster's folder has mode %o", mode)
	}
}

func TestASecondServerIsRefusedByName(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	first := startHelper(t, os.Args[0], data, postgrestest.BinDir(t), nil)
	_, err := tryStart(t, data)
	f := wantFault(t, err, fault.Conflict, "data_folder_in_use")
	for _, part := range []string{data, fmt.Sprintf("process %d", first.cmd.Process.Pid)} {
		if !strings.Contains(f.Message, part) {
			t.Errorf("the message %q does not name %s", f.Message, part)
		}
	}
	if !alive(first.pid) {
		t.Error("the first server was disturbed")
	}
	first.kill(t)
	start(t, data) // the lock went with its holder
}

func TestAKilledParentTakesItsServerAlong(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	h := startHelper(t, os.Args[0], data, postgrestest.BinDir(t), nil)
	pool := connect(t, h.address)
	exec1(t, pool, "CREATE TABLE notes AS SELECT generate_series(1, 1000)")
	h.kill(t)

	// No wait here: the next start finds the old server as it is, stopping.
	server := start(t, data)
	if alive(h.pid) {
		t.Error("the killed parent's server still runs")
	}
	if n := queryInt(t, connect(t, server.ConnString()), "SELECT count(*) FROM notes"); n != 1000 {
		t.Errorf("%d of 1000 committed rows are there", n)
	}
}

// usedProgram is the postgres that a server over data really runs: a copy,
// where its user cannot reach the one that was installed.
func usedProgram(t *testing.T, data string) string {
	t.Helper()
	server := start(t, data)
	program, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", server.PID()))
	if err != nil { // no such folder on this system
		program = filepath.Join(postgrestest.BinDir(t), "bin", "postgres")
	}
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	return program
}

func TestAnOrphanIsFoundAndStopped(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	// Started without the kernel's help against orphans, as on another system.
	orphan := exec.Command(usedProgram(t, data),
		"-D", ownFolder, "-c", "listen_addresses=", "-c", "unix_socket_directories=.")
	orphan.Env = []string{"LC_ALL=C"}
	orphan.SysProcAttr = ownerOf(t, clusterOf(data))
	orphan.SysProcAttr.Setpgid = true
	done := enter(t, orphan, clusterOf(data))
	err := orphan.Start()
	done()
	if err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- orphan.Wait() }()
	eventually(t, 10*time.Second, "the orphan is ready", func() bool {
		conn, err := pgx.Connect(t.Context(), "host="+clusterOf(data)+" user=scrollkeeper dbname=scrollkeeper")
		if err != nil {
			return false
		}
		_ = conn.Close(t.Context())
		return true
	})

	server := start(t, data)
	select {
	case err := <-exited:
		if err != nil {
			t.Errorf("the orphan did not stop in order: %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("the orphan still runs")
		_ = orphan.Process.Kill()
	}
	connect(t, server.ConnString())
}

func TestALockFileOfAnotherProcessIsNoObstacle(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	// The process they name is alive and is no PostgreSQL: numbers are used again.
	stale := fmt.Sprintf("%d\n%s\n1\n5432\n.\n\n", os.Getpid(), clusterOf(data))
	for _, name := range []string{"postmaster.pid", ".s.PGSQL.5432.lock"} {
		if err := os.WriteFile(filepath.Join(clusterOf(data), name), []byte(stale), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	start(t, data)
}

func TestAServerKilledWithItsParentRecovers(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	for round := range 3 {
		h := startHelper(t, os.Args[0], data, postgrestest.BinDir(t), nil)
		pool := connect(t, h.address)
		exec1(t, pool, "CREATE TABLE IF NOT EXISTS notes (id int)")
		exec1(t, pool, "INSERT INTO notes SELECT generate_series(1, 1000)")
		// First the parent is stopped, so that it cannot tell the server to end in order.
		signalAll(t, []int{h.cmd.Process.Pid}, syscall.SIGSTOP)
		signalAll(t, []int{h.pid}, syscall.SIGKILL)
		h.kill(t)
		server := start(t, data)
		if n := queryInt(t, connect(t, server.ConnString()), "SELECT count(*) FROM notes"); n != 1000*(round+1) {
			t.Errorf("%d rows after crash %d", n, round+1)
		}
		stop(t, server)
	}
}

func TestAKilledServerIsStartedAgain(t *testing.T) {
	t.Parallel()
	server, pool := postgrestest.NewServer(t)
	exec1(t, pool, "CREATE TABLE notes (id int PRIMARY KEY)")

	// Writers go on through the crash; what was acknowledged must be there.
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[int]bool{}
	var after int // acknowledged after the crash
	crashed := make(chan struct{})
	for writer := range 4 {
		group.Go(func() {
			for i := writer; ctx.Err() == nil; i += 4 {
				_, err := pool.Exec(ctx, "INSERT INTO notes VALUES ($1)", i)
				if err != nil {
					if f, ok := fault.As(postgres.Fault(err)); !errors.Is(err, context.Canceled) && (!ok || f.Kind != fault.Unavailable) {
						t.Errorf("during the crash: %v", err)
					}
					continue
				}
				mu.Lock()
				acknowledged[i] = true
				select {
				case <-crashed:
					after++
				default:
				}
				mu.Unlock()
			}
		})
	}
	count := func(n *int) int { mu.Lock(); defer mu.Unlock(); return *n }
	eventually(t, 10*time.Second, "some rows are written", func() bool { mu.Lock(); defer mu.Unlock(); return len(acknowledged) > 100 })
	killed := server.PID()
	if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	close(crashed)
	begun := time.Now()
	eventually(t, 30*time.Second, "another process serves", func() bool { return server.PID() != killed })
	before := count(&after)
	eventually(t, 30*time.Second, "rows are written again", func() bool { return count(&after) > before+10 })
	t.Logf("writing again %s after the kill", time.Since(begun).Round(time.Millisecond))
	cancel()
	group.Wait()

	rows, err := pool.Query(t.Context(), "SELECT id FROM notes")
	if err != nil {
		t.Fatal(err)
	}
	there, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range there {
		delete(acknowledged, id)
	}
	if len(acknowledged) > 0 {
		t.Errorf("%d acknowledged rows are gone", len(acknowledged))
	}
	select {
	case err := <-server.Done():
		t.Errorf("reported as ended: %v", err)
	default:
	}
}

func TestAServerThatCannotComeBackIsReported(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	server := start(t, data)
	if err := os.Rename(filepath.Join(clusterOf(data), "global", "pg_control"), filepath.Join(data, "aside")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(server.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-server.Done():
		wantCode(t, err, fault.Unavailable, "data_folder_damaged")
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was reported")
	}
	stop(t, server)
}

func TestADamagedOrForeignFolderIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	write := func(name, content string) func(*testing.T, string) {
		return func(t *testing.T, cluster string) {
			t.Helper()
			if err := os.WriteFile(filepath.Join(cluster, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(name string) func(*testing.T, string) {
		return func(t *testing.T, cluster string) {
			t.Helper()
			if err := os.RemoveAll(filepath.Join(cluster, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		damage func(t *testing.T, cluster string)
		kind   fault.Kind
		code   string
		says   string
	}{
		"made by a newer PostgreSQL":    {write("PG_VERSION", "19\n"), fault.Conflict, "data_folder_newer", "PostgreSQL 19"},
		"made by an older PostgreSQL":   {write("PG_VERSION", "16\n"), fault.Conflict, "data_folder_older", "PostgreSQL 16"},
		"no version":                    {remove("PG_VERSION"), fault.Unavailable, "data_folder_damaged", "PG_VERSION"},
		"a version that is none":        {write("PG_VERSION", "\x00\x00"), fault.Unavailable, "data_folder_damaged", "PG_VERSION"},
		"no control file":               {remove("global/pg_control"), fault.Unavailable, "data_folder_damaged", "pg_control"},
		"an empty control file":         {write("global/pg_control", ""), fault.Unavailable, "data_folder_damaged", "pg_control"},
		"a control file of rubbish":     {write("global/pg_control", strings.Repeat("x", 8192)), fault.Unavailable, "data_folder_damaged", "incompatible"},
		"no log of changes":             {remove("pg_wal"), fault.Unavailable, "data_folder_damaged", "pg_wal"},
		"a setting that does not exist": {write("postgresql.auto.conf", "no_such_setting = 1\n"), fault.Invalid, "postgres_settings", "postgresql.conf"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := postgrestest.NewDataDir(t)
			c.damage(t, clusterOf(data))
			_, err := tryStart(t, data)
			f := wantFault(t, err, c.kind, c.code)
			if !strings.Contains(f.Message, c.says) {
				t.Errorf("the message %q does not say %s", f.Message, c.says)
			}
			// The refusal gave its lock back.
			if _, err := tryStart(t, data); fault.Is(err, "data_folder_in_use") {
				t.Error("the folder stayed locked")
			}
		})
	}
}

func TestADataFolderThatCannotBeMadeIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := tryStart(t, filepath.Join(file, "data"))
	wantCode(t, err, fault.Unavailable, "data_folder_unusable")
}

func TestAnUnfinishedFirstStartIsBegunAgain(t *testing.T) {
	t.Parallel()
	data := postgrestest.Folder(t)
	if err := os.MkdirAll(filepath.Join(data, "postgres.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	start(t, data)
	if _, err := os.Stat(filepath.Join(data, "postgres.new")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the unfinished folder was left: %v", err)
	}
}

func TestAStartThatIsCalledOffLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	for _, limit := range []time.Duration{0, 20 * time.Millisecond, 200 * time.Millisecond} {
		data := postgrestest.Folder(t)
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		server, err := postgres.StartServer(ctx, postgres.ServerConfig{DataDir: data, BinDir: postgrestest.BinDir(t), Logger: quiet})
		cancel()
		if err == nil {
			stop(t, server)
			continue
		}
		start(t, data)
	}
}

func TestALongDataPath(t *testing.T) {
	t.Parallel()
	data := filepath.Join(postgrestest.Folder(t), strings.Repeat("long/", 30), "data")
	server := start(t, data)
	pool := connect(t, server.ConnString())
	if n := queryInt(t, pool, "SELECT 1"); n != 1 {
		t.Error("no answer")
	}
}

func TestTheServersLogIsKeptAndBounded(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	// Past the bound already, as after months.
	full := []byte(strings.Repeat("old line\n", 1<<20))
	if err := os.WriteFile(filepath.Join(data, "postgres.log"), full, 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, data)
	now, err := os.ReadFile(filepath.Join(data, "postgres.log"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(now), "ready to accept connections") || strings.Contains(string(now), "old line") {
		t.Errorf("the new log begins %.80q", now)
	}
	if before, err := os.Stat(filepath.Join(data, "postgres.log.1")); err != nil || before.Size() != int64(len(full)) {
		t.Errorf("the old log: %v, %v", before, err)
	}
}
