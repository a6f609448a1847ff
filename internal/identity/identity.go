package identity

import (
	"context"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Person is somebody with an account.
type Person struct {
	ID    uuid.UUID
	Email string
	Name  string
	// IsOperator is true for who runs this installation.
	IsOperator bool
}

// NewPerson is what an account is made from.
type NewPerson struct {
	Email, Name, Password string
}

// Token is an API token without its secret.
type Token struct {
	ID         uuid.UUID
	Name       string
	CreatedAt  time.Time
	LastUsedAt *time.Time
}

// Limits of what a person may enter.
const (
	minPassword = 10
	maxPassword = 200 // code points; argon2 itself has no limit that matters
	maxName     = 120
	maxEmail    = 254
)

var (
	errSignedOut = fault.New(fault.Unauthenticated, "signed_out", "You are not signed in. Sign in and try again.")
	errRejected  = fault.New(fault.Unauthenticated, "wrong_credentials", "That e-mail address and password do not go together.")
	errTaken     = fault.New(fault.Conflict, "email_taken", "There is already an account with this e-mail address. Sign in with it instead.")
	errSetUp     = fault.New(fault.Gone, "setup_done", "This link was used or replaced. Sign in, or restart the server for a new one.")
)

// validate returns p as it is stored, or says what is wrong with which field.
func (p NewPerson) validate() (NewPerson, error) {
	p.Email, p.Name = strings.TrimSpace(p.Email), strings.Join(strings.Fields(p.Name), " ")
	if a, err := mail.ParseAddress(p.Email); err != nil || a.Address != p.Email || len(p.Email) > maxEmail || !strings.Contains(p.Email, "@") {
		return p, fault.New(fault.Invalid, "bad_email", "This is not an e-mail address. Check it for typing errors.").With("field", "email")
	}
	if p.Name == "" || utf8.RuneCountInString(p.Name) > maxName || strings.ContainsFunc(p.Name, unicode.IsControl) {
		return p, fault.New(fault.Invalid, "bad_name", "Enter a name of 1 to 120 characters.").With("field", "name")
	}
	if n := utf8.RuneCountInString(p.Password); n < minPassword || n > maxPassword {
		return p, fault.New(fault.Invalid, "bad_password", "Choose a password of at least 10 and at most 200 characters.").With("field", "password")
	}
	return p, nil
}

type personKey struct{}

// WithPerson returns a context in which p acts.
func WithPerson(ctx context.Context, p Person) context.Context {
	return context.WithValue(ctx, personKey{}, p)
}

// FromContext gives the person who acts, or a fault of kind Unauthenticated.
func FromContext(ctx context.Context) (Person, error) {
	p, ok := ctx.Value(personKey{}).(Person)
	if !ok {
		return Person{}, errSignedOut
	}
	return p, nil
}
