package postgres_test

import (
	"context"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

func openDatabase(t *testing.T, cfg postgres.Config) *postgres.Database {
	t.Helper()
	cfg.BinDir, cfg.Logger = postgrestest.BinDir(t), quiet
	db, err := postgres.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func closeDatabase(t *testing.T, db *postgres.Database) {
	t.Helper()
	if err := db.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestACommandJoinsTheRunningServer(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	serving := openDatabase(t, postgres.Config{DataDir: data})
	exec1(t, serving.Pool, "CREATE TABLE notes AS SELECT 1 AS id")

	command := openDatabase(t, postgres.Config{DataDir: data, Join: true})
	if n := queryInt(t, command.Pool, "SELECT count(*) FROM notes"); n != 1 {
		t.Error("the command is on another database")
	}
	closeDatabase(t, command)
	if n := queryInt(t, serving.Pool, "SELECT count(*) FROM notes"); n != 1 {
		t.Error("the command stopped the server it had joined")
	}
	closeDatabase(t, serving)
}

func TestACommandStartsTheServerForTheMoment(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	first := openDatabase(t, postgres.Config{DataDir: data, Join: true})
	second := openDatabase(t, postgres.Config{DataDir: data, Join: true})

	// The one that started it ends first, and has to wait for the other.
	closed := make(chan error, 1)
	go func() { closed <- first.Close(context.Background()) }()
	exec1(t, second.Pool, "CREATE TABLE notes AS SELECT generate_series(1, 1000)")
	select {
	case err := <-closed:
		t.Fatalf("the server was stopped under a command that uses it: %v", err)
	default:
	}
	closeDatabase(t, second)
	if err := <-closed; err != nil {
		t.Error(err)
	}

	// And it is stopped: nothing is left to keep a server that stays from starting.
	serving := openDatabase(t, postgres.Config{DataDir: data})
	if n := queryInt(t, serving.Pool, "SELECT count(*) FROM notes"); n != 1000 {
		t.Errorf("%d rows", n)
	}
	closeDatabase(t, serving)
}

func TestAServerWaitsForACommandToBeDone(t *testing.T) {
	t.Parallel()
	data := postgrestest.NewDataDir(t)
	command := openDatabase(t, postgres.Config{DataDir: data, Join: true})
	started := make(chan *postgres.Database, 1)
	go func() { started <- openDatabase(t, postgres.Config{DataDir: data}) }()
	if n := queryInt(t, command.Pool, "SELECT 1"); n != 1 {
		t.Error("no answer")
	}
	closeDatabase(t, command)
	select {
	case serving := <-started:
		closeDatabase(t, serving)
	case <-time.After(30 * time.Second):
		t.Fatal("the server did not start after the command")
	}
}

func TestAJoinGivesUpOnAServerThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	// The lock is held, and there is no server.
	data := postgrestest.NewDataDir(t)
	h := startHelper(t, os.Args[0], data, postgrestest.BinDir(t), nil)
	if err := os.Remove(clusterOf(data) + "/.s.PGSQL.5432"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := postgres.Open(ctx, postgres.Config{DataDir: data, BinDir: postgrestest.BinDir(t), Logger: quiet, Join: true})
	if err == nil {
		t.Fatal("joined nothing")
	}
	h.kill(t)
}

func TestAnOutsideDatabase(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t).Config().ConnString()
	db := openDatabase(t, postgres.Config{URL: address})
	if n := queryInt(t, db.Pool, "SELECT count(*) FROM people"); n != 0 {
		t.Error("not the database that was named")
	}
	if db.Done() != nil {
		t.Error("somebody else's server is watched")
	}
	closeDatabase(t, db)

	replace := func(change func(*url.URL)) string {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		change(u)
		return u.String()
	}
	latin := postgrestest.New(t)
	name := "latin_" + latin.Config().ConnConfig.Database
	exec1(t, latin, "CREATE DATABASE "+name+" ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
	t.Cleanup(func() { _, _ = latin.Exec(context.Background(), "DROP DATABASE "+name) })

	for what, c := range map[string]struct {
		url  string
		kind fault.Kind
		code string
		says string
	}{
		"an address that is none": {"postgres://host:port/x", fault.Invalid, "database_url_invalid", "postgres://"},
		"nobody listening":        {"postgres://me:secret@127.0.0.1:1/x", fault.Unavailable, "database_unavailable", "127.0.0.1:1 does not answer: connection refused"},
		"a host that is unknown":  {"postgres://me:secret@nowhere.invalid/x", fault.Unavailable, "database_unavailable", "nowhere.invalid:5432"},
		"no such database":        {replace(func(u *url.URL) { u.Path = "/missing" }), fault.Invalid, "database_missing", `"missing"`},
		"no such user":            {replace(func(u *url.URL) { u.User = url.User("stranger") }), fault.Invalid, "database_refused", "stranger"},
		"another encoding":        {replace(func(u *url.URL) { u.Path = "/" + name }), fault.Invalid, "database_encoding", "LATIN1"},
		"too old":                 {"postgres://me:secret@" + fakeServer(t, "140012", "14.12"), fault.Invalid, "database_version", "14.12"},
		"too new":                 {"postgres://me:secret@" + fakeServer(t, "190000", "19beta1"), fault.Invalid, "database_version", "19beta1"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			_, err := postgres.Open(t.Context(), postgres.Config{URL: c.url})
			f := wantFault(t, err, c.kind, c.code)
			if !strings.Contains(f.Message, c.says) {
				t.Errorf("the message %q does not say %s", f.Message, c.says)
			}
			if strings.Contains(f.Message+f.Error(), "secret") {
				t.Errorf("the password is shown: %v %s", f, f.Message)
			}
		})
	}
}

// TestASilentDatabase is one whose host takes connections and never answers, as
// behind a firewall or on a machine that hangs.
func TestASilentDatabase(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
		}
	}()
	begun := time.Now()
	_, err = postgres.Open(t.Context(), postgres.Config{URL: "postgres://me@" + listener.Addr().String() + "/x"})
	wantCode(t, err, fault.Unavailable, "database_unavailable")
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("gave up after %s only", took)
	}
}
