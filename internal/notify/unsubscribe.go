package notify

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// macSize is how much of the signature is kept: 128 bits.
const macSize = 16

// unsubscribeToken names a person in a link that works without signing in. It
// can do one thing, end their mail, and never runs out: a mail is read when it
// is read.
func (s *Service) unsubscribeToken(ctx context.Context, db postgres.DBTX, personID uuid.UUID) (string, error) {
	mac, err := s.unsubscribeMAC(ctx, db, personID)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(personID[:], mac...)), nil
}

func (s *Service) unsubscribeMAC(ctx context.Context, db postgres.DBTX, personID uuid.UUID) ([]byte, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // never fails: it would end the program
	// The first key stays.
	if err := s.q.PutUnsubscribeKey(ctx, db, fresh); err != nil {
		return nil, postgres.Fault(fmt.Errorf("put unsubscribe key: %w", err))
	}
	key, err := s.q.UnsubscribeKey(ctx, db)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("unsubscribe key: %w", err))
	}
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte("unsubscribe " + personID.String()))
	return mac.Sum(nil)[:macSize], nil
}

// Unsubscribe ends all mail to whom the token of a mail names. Once is like
// twice.
func (s *Service) Unsubscribe(ctx context.Context, token string) error {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != len(uuid.UUID{})+macSize {
		return errBadLink
	}
	personID := uuid.UUID(b[:16])
	want, err := s.unsubscribeMAC(ctx, s.Pool, personID)
	if err != nil {
		return err
	}
	if !hmac.Equal(want, b[16:]) {
		return errBadLink
	}
	there, err := s.q.PersonExists(ctx, s.Pool, personID)
	if err != nil {
		return postgres.Fault(fmt.Errorf("person: %w", err))
	}
	if !there {
		return nil // who is gone gets no mail
	}
	return s.SetEmail(ctx, identity.Person{ID: personID}, Off)
}
