package identity

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// guestSuffix is part of a guest's name, so that it says so wherever it is shown:
// on a page, in a mail, in a PDF that was exported.
const guestSuffix = " (guest)"

// CreateGuest makes a person without an account, who cannot sign in. Their name
// has the word guest behind it.
func (s *Service) CreateGuest(ctx context.Context, tx *postgres.Tx, link uuid.UUID, name string) (Person, error) {
	// What turns the direction of writing could hide the word.
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name)
	for {
		short := strings.TrimSuffix(strings.TrimSpace(name), strings.TrimSpace(guestSuffix))
		if short == name {
			break
		}
		name = short
	}
	name, err := validName(name)
	if err != nil {
		return Person{}, err
	}
	p := Person{ID: uuid.Must(uuid.NewV7()), Name: name + guestSuffix, Link: link}
	if err := s.q.InsertGuest(ctx, tx, p.ID, p.Name, s.clock.Now()); err != nil {
		return Person{}, fmt.Errorf("insert guest: %w", err)
	}
	return p, nil
}

// HashPassword gives the PHC string of a password that is not an account's. It
// waits for its turn among all hashes.
func (s *Service) HashPassword(ctx context.Context, password string) (string, error) {
	return s.hasher.hash(ctx, password)
}

// MatchesPassword reports whether password has this PHC string.
func (s *Service) MatchesPassword(ctx context.Context, password, phc string) (bool, error) {
	return s.hasher.matches(ctx, password, phc)
}
