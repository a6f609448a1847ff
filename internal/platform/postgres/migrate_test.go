package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

// emptyDatabase is one that nobody has migrated.
func emptyDatabase(t *testing.T) *pgxpool.Pool {
	t.Helper()
	other := postgrestest.New(t)
	name := "empty_" + other.Config().ConnConfig.Database
	exec1(t, other, "CREATE DATABASE "+name+" TEMPLATE template0")
	t.Cleanup(func() { _, _ = other.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)") })
	cfg := other.Config()
	cfg.ConnConfig.Database = name
	pool, err := pgxpool.NewWithConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func migrationStatus(t *testing.T, pool *pgxpool.Pool) postgres.Migrations {
	t.Helper()
	state, err := postgres.MigrationStatus(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func TestMigrateBringsAnEmptyDatabaseUpToDate(t *testing.T) {
	t.Parallel()
	pool := emptyDatabase(t)
	before := migrationStatus(t, pool)
	if before.Current() || len(before.Applied)+len(before.AppliedJobs) != 0 || len(before.Pending) == 0 || len(before.PendingJobs) == 0 {
		t.Errorf("before: %+v", before)
	}
	if n := queryInt(t, pool, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"); n != 0 {
		t.Errorf("asking for the status made %d tables", n)
	}
	for range 2 {
		if err := postgres.Migrate(t.Context(), pool); err != nil {
			t.Fatal(err)
		}
		after := migrationStatus(t, pool)
		if !after.Current() || len(after.Applied) != len(before.Pending) || len(after.AppliedJobs) != len(before.PendingJobs) {
			t.Errorf("after: %+v", after)
		}
	}
	exec1(t, pool, "SELECT 1 FROM people, river_job")
}

func TestProcessesThatStartTogetherMigrateOnce(t *testing.T) {
	t.Parallel()
	pool := emptyDatabase(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := postgres.Migrate(t.Context(), pool); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := queryInt(t, pool, "SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version"); n != 0 {
		t.Errorf("%d migrations were recorded twice", n)
	}
	if !migrationStatus(t, pool).Current() {
		t.Error("not migrated")
	}
}

func TestAMigrationThatWasCutShortIsDoneAgain(t *testing.T) {
	t.Parallel()
	pool := emptyDatabase(t)
	killer, err := pgx.Connect(t.Context(), postgrestest.New(t).Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = killer.Close(context.Background()) }()
	// Each round gets a little further before its sessions are killed.
	for limit := time.Millisecond; ; limit += limit / 2 {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		err := postgres.Migrate(ctx, pool)
		cancel()
		if err == nil {
			break
		}
		_, killErr := killer.Exec(t.Context(),
			"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", pool.Config().ConnConfig.Database)
		if killErr != nil {
			t.Fatal(killErr)
		}
		if limit > time.Minute {
			t.Fatal(err)
		}
	}
	pool.Reset() // its connections were killed, too
	if !migrationStatus(t, pool).Current() {
		t.Error("not migrated")
	}
	exec1(t, pool, "SELECT 1 FROM people, river_job")
}

func TestAWaitForTheLockEndsWithTheContext(t *testing.T) {
	t.Parallel()
	pool := emptyDatabase(t)
	holder, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Release()
	if _, err := holder.Exec(t.Context(), "SELECT pg_advisory_lock(x'7363726f6c6c6b70'::bigint)"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := postgres.Migrate(ctx, pool); err == nil {
		t.Error("migrated although another process was at it")
	}
	if migrationStatus(t, pool).Current() {
		t.Error("migrated")
	}
}

func TestADatabaseOfANewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"ours":    "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)",
		"River's": "INSERT INTO river_migration (line, version) VALUES ('main', 9999)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgrestest.New(t)
			exec1(t, pool, statement)
			wantCode(t, postgres.Migrate(t.Context(), pool), fault.Conflict, "database_newer")
			_, err := postgres.MigrationStatus(t.Context(), pool)
			wantCode(t, err, fault.Conflict, "database_newer")
		})
	}
}
