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

// Person is who acts: somebody with an account, or a guest, who came by a link
// and may do what that lets them and nothing else.
type Person struct {
	ID    uuid.UUID // of a guest who has said no name: none
	Email string    // empty of a guest
	Name  string
	// IsOperator is true for who runs this installation.
	IsOperator bool
	// Link is the link that a guest came by; none of somebody with an account.
	Link uuid.UUID
}

// IsGuest reports whether p has no account and came by a link.
func (p Person) IsGuest() bool { return p.Link != uuid.Nil }

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
	errGuest     = fault.New(fault.Forbidden, "link_forbids", "A link shows what was shared by it and nothing else. Sign in to do this.")
	errRejected  = fault.New(fault.Unauthenticated, "wrong_credentials", "That e-mail address and password do not go together.")
	errTaken     = fault.New(fault.Conflict, "email_taken", "There is already an account with this e-mail address. Sign in with it instead.")
	errSetUp     = fault.New(fault.Gone, "setup_done", "This link was used or replaced. Sign in, or restart the server for a new one.")
)

// validate returns p as it is stored, or says what is wrong with which field.
func (p NewPerson) validate() (NewPerson, error) {
	p.Email = strings.TrimSpace(p.Email)
	if a, err := mail.ParseAddress(p.Email); err != nil || a.Address != p.Email || len(p.Email) > maxEmail || !strings.Contains(p.Email, "@") {
		return p, fault.New(fault.Invalid, "bad_email", "This is not an e-mail address. Check it for typing errors.").With("field", "email")
	}
	name, err := validName(p.Name)
	if err != nil {
		return p, err
	}
	p.Name = name
	if n := utf8.RuneCountInString(p.Password); n < minPassword || n > maxPassword {
		return p, fault.New(fault.Invalid, "bad_password", "Choose a password of at least 10 and at most 200 characters.").With("field", "password")
	}
	return p, nil
}

func validName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, unicode.IsControl) {
		return "", fault.New(fault.Invalid, "bad_name", "Enter a name of 1 to 120 characters.").With("field", "name")
	}
	return name, nil
}

type personKey struct{}

// WithPerson returns a context in which p acts.
func WithPerson(ctx context.Context, p Person) context.Context {
	return context.WithValue(ctx, personKey{}, p)
}

// FromContext gives the person with an account who acts. A fault of kind
// Unauthenticated where there is none, and of kind Forbidden for a guest.
func FromContext(ctx context.Context) (Person, error) {
	p, err := CallerFromContext(ctx)
	if err == nil && p.IsGuest() {
		return Person{}, errGuest
	}
	return p, err
}

// CallerFromContext gives who acts, be it a guest, or a fault of kind
// Unauthenticated. Whoever asks it has to have library.AuthorizeDocument decide.
func CallerFromContext(ctx context.Context) (Person, error) {
	p, ok := ctx.Value(personKey{}).(Person)
	if !ok {
		return Person{}, errSignedOut
	}
	return p, nil
}
