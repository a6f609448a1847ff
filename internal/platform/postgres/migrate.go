package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/migrations"
)

// migrationLock is the key of the advisory lock that lets one process migrate at
// a time. It must never change: an older binary may be migrating beside this one.
const migrationLock int64 = 0x7363726f6c6c6b70 // "scrollkp"

// Migrations says where a database's schema stands. Ours and River's are counted
// apart, since each has its own numbers.
type Migrations struct {
	// Applied and Pending are versions in this product's order, oldest first.
	Applied, Pending []int64
	// AppliedJobs and PendingJobs are versions of the job queue's own schema.
	AppliedJobs, PendingJobs []int
}

// Current reports whether nothing is pending.
func (m Migrations) Current() bool { return len(m.Pending) == 0 && len(m.PendingJobs) == 0 }

// Migrate brings the schema up to this binary's. Processes that start together
// take turns; the later ones find nothing to do. Each migration is a transaction
// of its own, so one that was killed is done again by the next call.
//
// A database that a newer version has migrated is refused with a fault of kind
// Conflict and code "database_newer", and left alone.
func Migrate(ctx context.Context, pool *pgxpool.Pool) error {
	m, err := newMigrator(ctx, pool)
	if err != nil {
		return Fault(err)
	}
	defer m.close()

	unlock, err := m.lock(ctx)
	if err != nil {
		return Fault(fmt.Errorf("lock the schema: %w", err))
	}
	defer unlock()

	state, err := m.status(ctx)
	if err != nil {
		return Fault(err)
	}
	if state.Current() {
		return nil
	}
	started := time.Now()
	if len(state.Pending) > 0 {
		if _, err := m.ours.Up(ctx); err != nil {
			return Fault(fmt.Errorf("migrate the database: %w", err))
		}
	}
	if len(state.PendingJobs) > 0 {
		if _, err := m.jobs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return Fault(fmt.Errorf("migrate the job queue: %w", err))
		}
	}
	slog.InfoContext(ctx, "database schema migrated",
		"migrations", len(state.Pending), "job_migrations", len(state.PendingJobs), "took", time.Since(started))
	return nil
}

// MigrationStatus reads what Migrate has done and would do. It changes nothing
// and waits for nobody. It refuses a newer database as Migrate does.
func MigrationStatus(ctx context.Context, pool *pgxpool.Pool) (Migrations, error) {
	m, err := newMigrator(ctx, pool)
	if err != nil {
		return Migrations{}, Fault(err)
	}
	defer m.close()
	state, err := m.status(ctx)
	return state, Fault(err)
}

// migrator holds both sets of migrations on connections of their own, without
// the statement limit that requests have.
type migrator struct {
	pool *pgxpool.Pool
	db   *sql.DB
	ours *goose.Provider
	jobs *rivermigrate.Migrator[pgx.Tx]
}

func newMigrator(ctx context.Context, from *pgxpool.Pool) (_ *migrator, err error) {
	pc := from.Config()
	pc.MaxConns, pc.MinConns, pc.MinIdleConns = 4, 0, 0
	pc.ConnConfig.RuntimeParams["statement_timeout"] = "0"
	pc.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("connect to migrate: %w", err)
	}
	m := &migrator{pool: pool, db: stdlib.OpenDBFromPool(pool)}
	defer func() {
		if err != nil {
			m.close()
		}
	}()
	quiet := slog.New(slog.DiscardHandler)
	m.ours, err = goose.NewProvider(goose.DialectPostgres, m.db, migrations.FS,
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(quiet))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	m.jobs, err = rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return nil, fmt.Errorf("read the job queue's migrations: %w", err)
	}
	return m, nil
}

func (m *migrator) close() {
	_ = m.db.Close()
	m.pool.Close()
}

// lock waits for the schema to be ours. It asks again and again rather than
// waiting inside PostgreSQL, where the wait would hold a snapshot and block a
// concurrent index build of the one who has the lock.
func (m *migrator) lock(ctx context.Context) (unlock func(), err error) {
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	const askEvery = 100 * time.Millisecond
	for waited := time.Duration(0); ; waited += askEvery {
		var locked bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", migrationLock).Scan(&locked); err != nil {
			conn.Release()
			return nil, err
		}
		if locked {
			break
		}
		if waited%(10*time.Second) == 0 {
			slog.InfoContext(ctx, "another process is migrating the database; waiting for it")
		}
		select {
		case <-ctx.Done():
			conn.Release()
			return nil, ctx.Err()
		case <-time.After(askEvery):
		}
	}
	return func() {
		// Closing the session gives the lock back even when the context has ended.
		_ = conn.Conn().Close(context.WithoutCancel(ctx))
		conn.Release()
	}, nil
}

func (m *migrator) status(ctx context.Context) (Migrations, error) {
	ours, newest, err := m.ourStatus(ctx)
	if err != nil {
		return Migrations{}, err
	}
	known := m.ours.ListSources()
	if last := known[len(known)-1].Version; newest > last {
		return Migrations{}, newerDatabase(fmt.Sprintf("its schema is at version %d, this program knows %d", newest, last))
	}
	if err := m.jobStatus(ctx, &ours); err != nil {
		return Migrations{}, err
	}
	return ours, nil
}

func (m *migrator) ourStatus(ctx context.Context) (state Migrations, newest int64, err error) {
	applied := map[int64]bool{}
	exists, err := m.tableExists(ctx, goose.DefaultTablename)
	if err != nil {
		return state, 0, err
	}
	if exists {
		rows, err := m.pool.Query(ctx, "SELECT version_id FROM "+goose.DefaultTablename+" WHERE is_applied")
		if err != nil {
			return state, 0, fmt.Errorf("read the schema's version: %w", err)
		}
		versions, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return state, 0, fmt.Errorf("read the schema's version: %w", err)
		}
		for _, v := range versions {
			applied[v] = true
			newest = max(newest, v)
		}
	}
	for _, source := range m.ours.ListSources() {
		if applied[source.Version] {
			state.Applied = append(state.Applied, source.Version)
		} else {
			state.Pending = append(state.Pending, source.Version)
		}
	}
	return state, newest, nil
}

// jobStatus reads River's own table, not its library's ExistingVersions, which
// fails without a type of its own when the database is ahead.
func (m *migrator) jobStatus(ctx context.Context, state *Migrations) error {
	applied := map[int]bool{}
	exists, err := m.tableExists(ctx, "river_migration")
	if err != nil {
		return err
	}
	newest := 0
	if exists {
		rows, err := m.pool.Query(ctx, "SELECT version FROM river_migration")
		if err != nil {
			return fmt.Errorf("read the job queue's version: %w", err)
		}
		versions, err := pgx.CollectRows(rows, pgx.RowTo[int])
		if err != nil {
			return fmt.Errorf("read the job queue's version: %w", err)
		}
		for _, v := range versions {
			applied[v] = true
			newest = max(newest, v)
		}
	}
	last := 0
	for _, migration := range m.jobs.AllVersions() {
		last = migration.Version
		if applied[migration.Version] {
			state.AppliedJobs = append(state.AppliedJobs, migration.Version)
		} else {
			state.PendingJobs = append(state.PendingJobs, migration.Version)
		}
	}
	if newest > last {
		return newerDatabase(fmt.Sprintf("its job queue is at version %d, this program knows %d", newest, last))
	}
	return nil
}

func (m *migrator) tableExists(ctx context.Context, name string) (bool, error) {
	var exists bool
	err := m.pool.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", name).Scan(&exists)
	if err != nil {
		return false, fmt.Errorf("look for the table %s: %w", name, err)
	}
	return exists, nil
}

func newerDatabase(how string) error {
	return fault.New(fault.Conflict, "database_newer",
		"The database belongs to a newer version of Scrollkeeper: "+how+
			". Nothing was changed. Start that version or a later one, or restore a backup made before the upgrade.")
}
