package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/identity/internal/identitydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// touchEvery is how stale a session's last use may be before it is written
// again; less often would cut lifetimes short, more often is a write per request.
const touchEvery = 5 * time.Minute

// SignIn begins a session for p and returns the secret for its cookie.
func (s *Service) SignIn(ctx context.Context, p Person, userAgent, address string) (secret string, expires time.Time, err error) {
	secret, hash := newSecret("")
	now := s.clock.Now()
	expires = now.Add(s.cfg.SessionLifetime)
	if len(userAgent) > 400 {
		userAgent = strings.ToValidUTF8(userAgent[:400], "")
	}
	err = s.q.InsertSession(ctx, s.pool, identitydb.InsertSessionParams{
		SecretHash: hash, PersonID: p.ID, UserAgent: userAgent, Address: address, CreatedAt: now, ExpiresAt: expires,
	})
	if err != nil {
		return "", time.Time{}, postgres.Fault(fmt.Errorf("insert session: %w", err))
	}
	return secret, expires, nil
}

// SignOut ends the session with this secret; an unknown one is no error.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	personID, err := s.q.DeleteSession(ctx, s.pool, hashSecret(secret))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return postgres.Fault(fmt.Errorf("delete session: %w", err))
	}
	if s.OnSignedOut != nil {
		s.OnSignedOut(ctx, personID)
	}
	return nil
}

// PersonBySession gives whose session this is, or a fault "signed_out".
func (s *Service) PersonBySession(ctx context.Context, secret string) (Person, error) {
	now := s.clock.Now()
	hash := hashSecret(secret)
	row, err := s.q.PersonBySession(ctx, s.pool, hash, now)
	if errors.Is(err, pgx.ErrNoRows) {
		return Person{}, errSignedOut
	}
	if err != nil {
		return Person{}, postgres.Fault(fmt.Errorf("find session: %w", err))
	}
	if now.Sub(row.LastSeenAt) > touchEvery {
		if err := s.q.TouchSession(ctx, s.pool, now, now.Add(s.cfg.SessionLifetime), hash); err != nil {
			return Person{}, postgres.Fault(fmt.Errorf("touch session: %w", err))
		}
	}
	return Person{ID: row.ID, Email: row.Email, Name: row.Name, IsOperator: row.IsOperator}, nil
}

// Sweep deletes sessions that have run out.
func (s *Service) Sweep(ctx context.Context) error {
	if _, err := s.q.DeleteExpiredSessions(ctx, s.pool, s.clock.Now()); err != nil {
		return postgres.Fault(fmt.Errorf("sweep sessions: %w", err))
	}
	return nil
}

// CreateToken makes an API token that acts as p. The secret is shown once.
func (s *Service) CreateToken(ctx context.Context, p Person, name string) (Token, string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || len(name) > 4*maxName {
		return Token{}, "", fault.New(fault.Invalid, "bad_name", "Give the token a name, so that you know later what uses it.").With("field", "name")
	}
	secret, hash := newSecret(tokenPrefix)
	t := Token{ID: uuid.Must(uuid.NewV7()), Name: name, CreatedAt: s.clock.Now()}
	err := s.q.InsertToken(ctx, s.pool, identitydb.InsertTokenParams{
		ID: t.ID, PersonID: p.ID, Name: name, SecretHash: hash, CreatedAt: t.CreatedAt,
	})
	if err != nil {
		return Token{}, "", postgres.Fault(fmt.Errorf("insert token: %w", err))
	}
	return t, secret, nil
}

// Tokens lists p's API tokens, newest first.
func (s *Service) Tokens(ctx context.Context, p Person) ([]Token, error) {
	rows, err := s.q.Tokens(ctx, s.pool, p.ID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("list tokens: %w", err))
	}
	tokens := make([]Token, len(rows))
	for i, r := range rows {
		tokens[i] = Token(r)
	}
	return tokens, nil
}

// RevokeToken ends one of p's API tokens at once.
func (s *Service) RevokeToken(ctx context.Context, p Person, id uuid.UUID) error {
	n, err := s.q.DeleteToken(ctx, s.pool, id, p.ID)
	if err != nil {
		return postgres.Fault(fmt.Errorf("delete token: %w", err))
	}
	if n == 0 {
		return fault.New(fault.NotFound, "token_not_found", "There is no such token; it may have been revoked already.")
	}
	return nil
}

// PersonByToken gives whom an API token acts for, or a fault "bad_token".
func (s *Service) PersonByToken(ctx context.Context, secret string) (Person, error) {
	now, hash := s.clock.Now(), hashSecret(secret)
	row, err := s.q.PersonByToken(ctx, s.pool, hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return Person{}, fault.New(fault.Unauthenticated, "bad_token", "This API token is not valid; it may have been revoked. Create a new one.")
	}
	if err != nil {
		return Person{}, postgres.Fault(fmt.Errorf("find token: %w", err))
	}
	// Written now and then only: a write per request would have parallel
	// requests of one program wait for each other, and for the disk.
	if row.LastUsedAt == nil || now.Sub(*row.LastUsedAt) > touchEvery {
		if err := s.q.TouchToken(ctx, s.pool, now, hash); err != nil {
			return Person{}, postgres.Fault(fmt.Errorf("touch token: %w", err))
		}
	}
	return Person{ID: row.ID, Email: row.Email, Name: row.Name, IsOperator: row.IsOperator}, nil
}
