package library

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Kinds of library.
const (
	Personal = "personal"
	Shared   = "shared"
)

// Library is a group's documents, as one of its members sees it.
type Library struct {
	ID      uuid.UUID
	Name    string
	Kind    string
	Role    Role
	Version int64 // newest version in the change log
	Members int64
	// Documents counts those outside the trash.
	Documents int64
	// Storage is the sum of the sizes of its files, in bytes.
	Storage   int64
	CreatedAt time.Time
}

// Member is a person in a library.
type Member struct {
	PersonID uuid.UUID
	Name     string
	Email    string
	Role     Role
	JoinedAt time.Time
}

// Invitation is an offer of membership that waits to be accepted.
type Invitation struct {
	ID        uuid.UUID
	Role      Role
	Email     *string // for the inviter's memory; the link works for whoever has it
	InvitedBy string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// InvitationLifetime is how long an invitation link works.
const InvitationLifetime = 7 * 24 * time.Hour

const maxName = 120

var (
	errNotFound   = fault.New(fault.NotFound, "library_not_found", "There is no such library, or you are not a member of it.")
	errNoMember   = fault.New(fault.NotFound, "member_not_found", "This person is not a member of the library.")
	errInvitation = fault.New(fault.Gone, "invitation_gone", "This invitation was used, withdrawn or has run out. Ask for a new one.")
)

func forbidden(role Role, a Action) error {
	return fault.New(fault.Forbidden, "role_forbids",
		"As "+string(role)+" of this library you may not "+string(a)+". Ask the owner or an admin.").With("role", role)
}

func validName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, unicode.IsControl) {
		return "", fault.New(fault.Invalid, "bad_name", "Enter a name of 1 to 120 characters.").With("field", "name")
	}
	return name, nil
}
