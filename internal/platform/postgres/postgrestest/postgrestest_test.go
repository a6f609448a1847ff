package postgrestest_test

import (
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

func TestEachTestHasAMigratedDatabaseOfItsOwn(t *testing.T) {
	first, second := postgrestest.New(t), postgrestest.New(t)
	if _, err := first.Exec(t.Context(), "INSERT INTO setup_links VALUES (true, '\\x00', now())"); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := second.QueryRow(t.Context(), "SELECT count(*) FROM setup_links").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if rows != 0 {
		t.Errorf("the second database sees %d rows of the first", rows)
	}
	state, err := postgres.MigrationStatus(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	if !state.Current() {
		t.Errorf("not migrated: %+v", state)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		postgrestest.New(b)
	}
}
