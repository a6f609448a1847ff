package identity_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

const password = "correct horse battery"

func setup(t *testing.T) (*identity.Service, *clock.Fake, *pgxpool.Pool) {
	t.Helper()
	pool := postgrestest.New(t)
	c := clock.NewFake(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	return identity.New(pool, guard.New(pool, c), c, identity.Config{SessionLifetime: 24 * time.Hour}), c, pool
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Fatalf("got error %v, want code %q", err, code)
	}
}

func create(t *testing.T, s *identity.Service, email string) identity.Person {
	t.Helper()
	p, err := s.CreatePerson(t.Context(), identity.NewPerson{Email: email, Name: "Ada", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSetUp(t *testing.T) {
	ada := identity.NewPerson{Email: "ada@example.org", Name: " Ada  Lovelace ", Password: password}

	t.Run("the link makes one operator, and only the newest link works", func(t *testing.T) {
		s, _, _ := setup(t)
		old, err := s.NewSetupLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		secret, err := s.NewSetupLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.SetUp(t.Context(), old, ada)
		wantCode(t, err, "setup_done")
		p, err := s.SetUp(t.Context(), secret, ada)
		if err != nil || !p.IsOperator || p.Name != "Ada Lovelace" {
			t.Fatalf("%+v, %v", p, err)
		}
		_, err = s.SetUp(t.Context(), secret, identity.NewPerson{Email: "b@example.org", Name: "B", Password: password})
		wantCode(t, err, "setup_done")
		_, err = s.NewSetupLink(t.Context())
		wantCode(t, err, "setup_done")
	})
	t.Run("a mistake in the form leaves the link usable", func(t *testing.T) {
		s, _, _ := setup(t)
		secret, err := s.NewSetupLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.SetUp(t.Context(), secret, identity.NewPerson{Email: "ada@example.org", Name: "Ada", Password: "short"})
		wantCode(t, err, "bad_password")
		if _, err := s.SetUp(t.Context(), secret, ada); err != nil {
			t.Fatal(err)
		}
	})
}

func TestCreatePerson(t *testing.T) {
	s, _, _ := setup(t)
	first := create(t, s, "ada@example.org")
	second := create(t, s, "bea@example.org")
	if !first.IsOperator || second.IsOperator {
		t.Errorf("operators: %v, %v; want the first alone", first.IsOperator, second.IsOperator)
	}
	for _, c := range []struct {
		name string
		in   identity.NewPerson
		code string
	}{
		{"taken in other letters", identity.NewPerson{Email: "ADA@example.org", Name: "A", Password: password}, "email_taken"},
		{"no address", identity.NewPerson{Email: "ada", Name: "A", Password: password}, "bad_email"},
		{"a display name in the address", identity.NewPerson{Email: "Ada <a@example.org>", Name: "A", Password: password}, "bad_email"},
		{"a line break in the address", identity.NewPerson{Email: "a@example.org\r\nBcc: x@example.org", Name: "A", Password: password}, "bad_email"},
		{"no name", identity.NewPerson{Email: "c@example.org", Name: " \t", Password: password}, "bad_name"},
		{"a long name", identity.NewPerson{Email: "c@example.org", Name: strings.Repeat("ä", 121), Password: password}, "bad_name"},
		{"a short password", identity.NewPerson{Email: "c@example.org", Name: "C", Password: "123456789"}, "bad_password"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.CreatePerson(t.Context(), c.in)
			wantCode(t, err, c.code)
		})
	}
}

func TestFirstPersonIsOneOfMany(t *testing.T) {
	s, _, _ := setup(t)
	var wg sync.WaitGroup
	operators := make([]bool, 4)
	for i := range operators {
		wg.Go(func() {
			p, err := s.CreatePerson(t.Context(), identity.NewPerson{Email: string(rune('a'+i)) + "@example.org", Name: "P", Password: password})
			if err != nil {
				t.Error(err)
			}
			operators[i] = p.IsOperator
		})
	}
	wg.Wait()
	count := 0
	for _, is := range operators {
		if is {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d operators, want 1", count)
	}
}

func TestCheckPassword(t *testing.T) {
	t.Run("does not tell which of the two was wrong", func(t *testing.T) {
		s, _, _ := setup(t)
		create(t, s, "ada@example.org")
		_, wrong := s.CheckPassword(t.Context(), "ada@example.org", "something else", "192.0.2.1")
		_, unknown := s.CheckPassword(t.Context(), "bob@example.org", password, "192.0.2.1")
		wantCode(t, wrong, "wrong_credentials")
		if wrong.Error() != unknown.Error() {
			t.Errorf("%q and %q differ", wrong, unknown)
		}
		if p, err := s.CheckPassword(t.Context(), " Ada@Example.org ", password, "192.0.2.1"); err != nil || p.Name != "Ada" {
			t.Errorf("%+v, %v", p, err)
		}
	})
	t.Run("is throttled by account and address, and a success clears the count", func(t *testing.T) {
		s, c, _ := setup(t)
		create(t, s, "ada@example.org")
		try := func(pw, address string) error {
			_, err := s.CheckPassword(t.Context(), "ada@example.org", pw, address)
			return err
		}
		for range 9 {
			wantCode(t, try("wrong wrong wrong", "192.0.2.1"), "wrong_credentials")
		}
		if err := try(password, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			wantCode(t, try("wrong wrong wrong", "192.0.2.1"), "wrong_credentials")
		}
		wantCode(t, try(password, "192.0.2.1"), "too_many_attempts")
		if err := try(password, "192.0.2.2"); err != nil {
			t.Errorf("another address is blocked too: %v", err)
		}
		c.Advance(10 * time.Minute)
		if err := try(password, "192.0.2.1"); err != nil {
			t.Errorf("still blocked after the window: %v", err)
		}
	})
}

func TestSession(t *testing.T) {
	s, c, pool := setup(t)
	p := create(t, s, "ada@example.org")
	begin := func() string {
		secret, _, err := s.SignIn(t.Context(), p, "test", "192.0.2.1")
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	t.Run("lives as long as it is used", func(t *testing.T) {
		secret := begin()
		for range 3 {
			c.Advance(23 * time.Hour)
			if got, err := s.PersonBySession(t.Context(), secret); err != nil || got != p {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		c.Advance(25 * time.Hour)
		_, err := s.PersonBySession(t.Context(), secret)
		wantCode(t, err, "signed_out")
	})
	t.Run("ends at once on sign-out", func(t *testing.T) {
		secret := begin()
		if err := s.SignOut(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		_, err := s.PersonBySession(t.Context(), secret)
		wantCode(t, err, "signed_out")
	})
	t.Run("is not in the database as it is in the cookie", func(t *testing.T) {
		secret := begin()
		var dump string
		if err := pool.QueryRow(t.Context(), `SELECT string_agg(s::text, '') FROM sessions s`).Scan(&dump); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(dump, secret) {
			t.Error("the secret is stored")
		}
	})
}

func TestAuthenticate(t *testing.T) {
	s, _, _ := setup(t)
	p := create(t, s, "ada@example.org")
	token, secret, err := s.CreateToken(t.Context(), p, "laptop")
	if err != nil {
		t.Fatal(err)
	}
	by := func(header string) (identity.Person, error) {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/session", nil)
		r.Header.Set("Authorization", header)
		ctx, err := s.Authenticate(r)
		if err != nil {
			return identity.Person{}, err
		}
		return identity.FromContext(ctx)
	}
	if got, err := by("Bearer " + secret); err != nil || got != p {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"Bearer", "Bearer skt_made-up", "Basic " + secret, secret} {
		_, err := by(bad)
		wantCode(t, err, "bad_token")
	}
	other := create(t, s, "bea@example.org")
	wantCode(t, s.RevokeToken(t.Context(), other, token.ID), "token_not_found")
	if err := s.RevokeToken(t.Context(), p, token.ID); err != nil {
		t.Fatal(err)
	}
	_, err = by("Bearer " + secret)
	wantCode(t, err, "bad_token")
	_, err = identity.FromContext(context.Background())
	wantCode(t, err, "signed_out")
}
