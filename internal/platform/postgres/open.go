package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

const (
	// An outside database is of a version that its makers still support.
	oldestMajor, newestMajor = 15, 18

	// joinPatience is how long a command waits for the server of another process
	// that is starting, or stopping.
	joinPatience = 30 * time.Second
)

// Config says which database to use.
type Config struct {
	// URL is an outside database, postgres://user:password@host:5432/name, of
	// PostgreSQL 15 to 18. Empty means the built-in server over DataDir.
	URL string
	// DataDir, BinDir, Settings and Logger are those of ServerConfig.
	DataDir  string
	BinDir   string
	Settings map[string]string
	Logger   *slog.Logger
	// Join lets a command use the built-in server of another process, where one
	// runs. Without it, a data folder that is in use is refused.
	Join bool
	// Pool tunes the connections.
	Pool PoolConfig
}

// Database is an open database with whatever it stands on.
type Database struct {
	// Pool is connected; its schema may need Migrate.
	Pool *pgxpool.Pool
	// URL is the address the pool uses, for connections outside it.
	URL string

	server  *Server        // nil: outside, or another process's
	address *socketAddress // ours when joined
	users   *userLock      // nil unless Config.Join
}

// Open connects to the outside database, or starts the built-in server, or joins
// a running one, as cfg says. Close undoes whichever it was.
//
// Besides the faults of StartServer and NewPool: "database_unavailable" (does
// not answer), "database_refused" (wrong user or password), "database_missing"
// (no such database), "database_version" and "database_encoding" (not one we can
// use).
func Open(ctx context.Context, cfg Config) (*Database, error) {
	switch {
	case cfg.URL != "":
		return openOutside(ctx, cfg)
	case cfg.Join:
		return openJoined(ctx, cfg)
	}
	server, err := StartServer(ctx, cfg.server())
	if err != nil {
		return nil, err
	}
	return (&Database{URL: server.ConnString(), server: server}).connect(ctx, cfg.Pool)
}

func (cfg Config) server() ServerConfig {
	return ServerConfig{DataDir: cfg.DataDir, BinDir: cfg.BinDir, Settings: cfg.Settings, Logger: cfg.Logger}
}

// Done reports a built-in server that ended for good, as Server.Done does. It
// never does for a database that another process or machine runs.
func (d *Database) Done() <-chan error {
	if d.server == nil {
		return nil
	}
	return d.server.Done()
}

// Close closes the pool, waiting for its connections to be given back, and stops
// the built-in server if this process runs it. A server that was started only for
// a command waits, until ctx ends, for other commands that joined it.
func (d *Database) Close(ctx context.Context) error {
	if d.Pool != nil {
		closePool(ctx, d.Pool)
	}
	var err error
	if d.server != nil {
		if d.users != nil {
			_ = d.users.takeAlone(ctx)
		}
		err = d.server.Stop(ctx)
	}
	if d.address != nil {
		d.address.remove()
	}
	if d.users != nil {
		d.users.release()
	}
	return err
}

// closePool waits for connections in use, but not beyond ctx: one that is never
// given back must not keep the process from ending.
func closePool(ctx context.Context, pool *pgxpool.Pool) {
	closed := make(chan struct{})
	go func() {
		pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-ctx.Done():
	}
}

// connect adds the pool, and closes everything when that fails.
func (d *Database) connect(ctx context.Context, cfg PoolConfig) (*Database, error) {
	pool, err := NewPool(ctx, d.URL, cfg)
	if err != nil {
		return nil, errors.Join(err, d.Close(context.WithoutCancel(ctx)))
	}
	d.Pool = pool
	return d, nil
}

func openOutside(ctx context.Context, cfg Config) (*Database, error) {
	pool, err := NewPool(ctx, cfg.URL, cfg.Pool)
	if err != nil {
		return nil, outsideFault(err)
	}
	if err := checkOutside(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return &Database{Pool: pool, URL: cfg.URL}, nil
}

// outsideFault says to the operator what a request never needs to know: where
// the database was looked for, and what it answered.
func outsideFault(err error) error {
	connectErr, ok := errors.AsType[*pgconn.ConnectError](err)
	if !ok {
		return err
	}
	where := fmt.Sprintf("%s:%d", connectErr.Config.Host, connectErr.Config.Port)
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pgErr.Code {
		case "28P01", "28000": // invalid_password, invalid_authorization_specification
			return fault.Wrap(err, fault.Invalid, "database_refused", fmt.Sprintf(
				"The database at %s refused the user %q: %s. Correct SCROLLKEEPER_DATABASE_URL.",
				where, connectErr.Config.User, pgErr.Message))
		case "3D000": // invalid_catalog_name
			return fault.Wrap(err, fault.Invalid, "database_missing", fmt.Sprintf(
				"There is no database %q at %s. Create it (CREATE DATABASE), or correct SCROLLKEEPER_DATABASE_URL.",
				connectErr.Config.Database, where))
		}
	}
	return fault.Wrap(err, fault.Unavailable, "database_unavailable", fmt.Sprintf(
		"The database at %s does not answer: %v. Start it, or correct SCROLLKEEPER_DATABASE_URL.", where, connectCause(connectErr)))
}

// connectCause is the short reason inside a connection's error, which repeats
// user, database and every address.
func connectCause(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			// Several addresses were tried; the last reason will do.
			if joined, ok := err.(interface{ Unwrap() []error }); ok {
				if all := joined.Unwrap(); len(all) > 0 {
					err = all[len(all)-1]
					continue
				}
			}
			return err
		}
		err = next
	}
}

func checkOutside(ctx context.Context, pool *pgxpool.Pool) error {
	var (
		number        int // 180004 is 18.4
		name          string
		encodedAs     string
		inRecoveryNow bool
	)
	err := pool.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version'),
		current_setting('server_encoding'), pg_is_in_recovery()`).Scan(&number, &name, &encodedAs, &inRecoveryNow)
	if err != nil {
		return Fault(fmt.Errorf("ask the database for its version: %w", err))
	}
	if major := number / 10000; major < oldestMajor || major > newestMajor {
		return fault.New(fault.Invalid, "database_version", fmt.Sprintf(
			"The database is PostgreSQL %s; Scrollkeeper works with %d to %d.", name, oldestMajor, newestMajor))
	}
	if encodedAs != "UTF8" {
		return fault.New(fault.Invalid, "database_encoding", fmt.Sprintf(
			"The database is encoded as %s; Scrollkeeper needs one made with ENCODING 'UTF8'.", encodedAs))
	}
	if inRecoveryNow {
		return fault.New(fault.Unavailable, "database_read_only",
			"The database is a standby and takes no writes. Point SCROLLKEEPER_DATABASE_URL at its primary.")
	}
	return nil
}

// openJoined uses the server that runs, or starts it for the moment. Between
// looking and connecting the other process may begin or end, so it looks again.
func openJoined(ctx context.Context, cfg Config) (*Database, error) {
	paths, err := dataFolders(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	if err := paths.create(); err != nil {
		return nil, err
	}
	waiting, cancel := context.WithTimeout(ctx, joinPatience)
	defer cancel()
	for {
		users, err := lockAsUser(waiting, paths.users)
		if err != nil {
			if waiting.Err() != nil {
				break
			}
			return nil, lockFault(err, paths.data)
		}
		lock, err := tryLock(paths.lock, true)
		if err == nil {
			server, err := startLocked(ctx, cfg.server(), paths, lock)
			if err != nil {
				users.release()
				return nil, err
			}
			return (&Database{URL: server.ConnString(), server: server, users: users}).connect(ctx, cfg.Pool)
		}
		if !errors.Is(err, errLocked) {
			users.release()
			return nil, lockFault(err, paths.data)
		}
		address, err := newSocketAddress(paths.cluster)
		if err != nil {
			users.release()
			return nil, err
		}
		db, err := (&Database{URL: address.url(databaseName), address: address, users: users}).connect(waiting, cfg.Pool)
		if err == nil {
			return db, nil
		}
		if f, ok := fault.As(err); !ok || f.Kind != fault.Unavailable {
			return nil, err
		}
		select {
		case <-waiting.Done():
		case <-time.After(100 * time.Millisecond):
			continue
		}
		break
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, fault.New(fault.Unavailable, "database_unavailable", fmt.Sprintf(
		"The Scrollkeeper that has the data folder %s (process %d) has a database that does not answer. Try again, or stop that process first.",
		paths.data, readHolder(paths.lock).pid))
}
