// Package identitytest makes people for other features' tests.
package identitytest

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/identity"
)

// NewPerson makes somebody with this name and an address made of it. The
// account has no usable password, so that no test waits for a hash.
func NewPerson(t testing.TB, pool *pgxpool.Pool, name string) identity.Person {
	t.Helper()
	p := identity.Person{ID: uuid.Must(uuid.NewV7()), Name: name, Email: name + "@example.org"}
	_, err := pool.Exec(t.Context(),
		`INSERT INTO people (id, email, name, password_hash, is_operator, created_at) VALUES ($1, $2, $3, '', false, $4)`,
		p.ID, p.Email, p.Name, time.Now())
	if err != nil {
		t.Fatalf("insert person: %v", err)
	}
	return p
}
