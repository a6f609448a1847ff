// Package librarytest makes a library with people of each role for other
// features' tests.
package librarytest

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/identity/identitytest"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
)

// Env is a library, one person of each role, and a stranger to it.
type Env struct {
	Pool    *pgxpool.Pool
	Clock   *clock.Fake
	News    *Recorder
	Service *library.Service

	LibraryID                                         uuid.UUID
	Owner, Admin, Editor, Commenter, Reader, Stranger identity.Person
}

// New makes an Env in the given database.
func New(t testing.TB, pool *pgxpool.Pool) *Env {
	t.Helper()
	e := &Env{Pool: pool, Clock: clock.NewFake(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), News: &Recorder{}}
	g := guard.New(pool, e.Clock)
	people := identity.New(pool, g, e.Clock, identity.Config{SessionLifetime: time.Hour})
	e.Service = library.New(pool, people, g, e.News, e.Clock)
	e.Owner = identitytest.NewPerson(t, pool, "olga")
	e.Stranger = identitytest.NewPerson(t, pool, "sam")
	lib, err := e.Service.Create(t.Context(), e.Owner, "Open Methods Lab")
	if err != nil {
		t.Fatalf("create library: %v", err)
	}
	e.LibraryID = lib.ID
	for role, p := range map[library.Role]*identity.Person{
		library.Admin: &e.Admin, library.Editor: &e.Editor, library.Commenter: &e.Commenter, library.Reader: &e.Reader,
	} {
		*p = identitytest.NewPerson(t, pool, string(role))
		_, err := pool.Exec(t.Context(), `INSERT INTO library_members (library_id, person_id, role, joined_at) VALUES ($1, $2, $3, $4)`,
			e.LibraryID, p.ID, string(role), e.Clock.Now())
		if err != nil {
			t.Fatalf("insert member: %v", err)
		}
	}
	return e
}

// Changes reads the library's whole change log as the owner sees it.
func (e *Env) Changes(t testing.TB) []library.Change {
	t.Helper()
	log, err := e.Service.Changes(t.Context(), e.Owner, e.LibraryID, 0, 1000)
	if err != nil {
		t.Fatalf("changes: %v", err)
	}
	return log.Items
}

// News is one published message.
type News struct {
	Topic   string
	Payload any
}

// Recorder is a library.Publisher that remembers.
type Recorder struct {
	mu   sync.Mutex
	news []News
}

// Publish implements library.Publisher.
func (r *Recorder) Publish(_ context.Context, topic string, payload any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.news = append(r.news, News{topic, payload})
}

// All gives what was published so far.
func (r *Recorder) All() []News {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.news)
}
