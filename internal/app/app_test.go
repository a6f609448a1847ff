package app_test

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/app"
	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

var update = flag.Bool("update", false, "write golden files anew")

// world is an app over a database of its own, with a library, a person of each
// role in it, a stranger, and an API token for each.
type world struct {
	app       *app.App
	libraryID uuid.UUID
	people    map[string]identity.Person
	tokens    map[string]string
}

// newApp builds an app that runs no job, so that what is uploaded stays queued.
func newApp(t *testing.T, flags ...string) *app.App {
	t.Helper()
	flags = append([]string{"--database-url", postgrestest.New(t).Config().ConnString()}, flags...)
	a, err := tryApp(t, flags...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func tryApp(t *testing.T, flags ...string) (*app.App, error) {
	t.Helper()
	cfg, err := config.Load(append([]string{"--data", t.TempDir(), "--roles", "web", "--listen", "127.0.0.1:0"}, flags...)...)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), cfg, "test", slog.New(slog.DiscardHandler))
	if err == nil {
		t.Cleanup(func() { a.Close(context.WithoutCancel(t.Context())) })
	}
	return a, err
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{app: newApp(t), people: map[string]identity.Person{}, tokens: map[string]string{"revoked": "skt_made-up"}}
	for _, name := range []string{"owner", "admin", "editor", "commenter", "reader", "stranger"} {
		p := w.person(t, name)
		_, secret, err := w.app.People.CreateToken(t.Context(), p, "test")
		if err != nil {
			t.Fatal(err)
		}
		w.people[name], w.tokens[name] = p, secret
	}
	lib, err := w.app.Libraries.Create(t.Context(), w.people["owner"], "Open Methods Lab")
	if err != nil {
		t.Fatal(err)
	}
	w.libraryID = lib.ID
	for _, role := range roles[:4] {
		_, secret, err := w.app.Libraries.Invite(t.Context(), w.people["owner"], lib.ID, role, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.app.Libraries.Accept(t.Context(), w.people[string(role)], secret); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// TestOpenAPI keeps api/openapi.yaml, from which the web app's types are made,
// equal to what the routes say. The flag -update writes it anew (`make gen`).
func TestOpenAPI(t *testing.T) {
	const golden = "../../api/openapi.yaml"
	got, err := newApp(t).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Error("api/openapi.yaml is stale; run `make gen`")
	}
}
