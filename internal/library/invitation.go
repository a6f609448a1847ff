package library

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library/internal/librarydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// perAddress bounds guesses at invitation links.
var perAddress = guard.Limit{Attempts: 100, Window: 10 * time.Minute}

// Invite makes a link that gives one person this role. The secret is returned
// this once. email is a note of whom it is for, or nil.
func (s *Service) Invite(ctx context.Context, p identity.Person, libraryID uuid.UUID, role Role, email *string) (Invitation, string, error) {
	if email != nil {
		trimmed := strings.TrimSpace(*email)
		email = &trimmed
		if a, err := mail.ParseAddress(trimmed); err != nil || a.Address != trimmed {
			return Invitation{}, "", fault.New(fault.Invalid, "bad_email", "This is not an e-mail address. Check it for typing errors.").With("field", "email")
		}
	}
	secret, hash := identity.NewSecret()
	inv := Invitation{ID: uuid.Must(uuid.NewV7()), Role: role, Email: email, InvitedBy: p.Name, CreatedAt: s.clock.Now()}
	inv.ExpiresAt = inv.CreatedAt.Add(InvitationLifetime)
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		mine, err := s.Authorize(ctx, tx, p, InviteMember, libraryID)
		if err != nil {
			return err
		}
		if !mine.mayGive(role) {
			return forbidden(mine, ManageAdmin)
		}
		err = s.q.InsertInvitation(ctx, tx, librarydb.InsertInvitationParams{
			ID: inv.ID, LibraryID: libraryID, SecretHash: hash, Role: string(role), Email: email,
			InvitedBy: p.ID, CreatedAt: inv.CreatedAt, ExpiresAt: inv.ExpiresAt,
		})
		if err != nil {
			return fmt.Errorf("insert invitation: %w", err)
		}
		s.Record(tx, Change{LibraryID: libraryID, Kind: KindInvitation, ObjectID: inv.ID, Op: OpAdded, Actor: by(p)})
		return nil
	})
	return inv, secret, err
}

// Invitations lists those that can still be accepted, newest first.
func (s *Service) Invitations(ctx context.Context, p identity.Person, libraryID uuid.UUID) ([]Invitation, error) {
	if _, err := s.Authorize(ctx, s.pool, p, InviteMember, libraryID); err != nil {
		return nil, err
	}
	rows, err := s.q.PendingInvitations(ctx, s.pool, libraryID, s.clock.Now())
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("invitations: %w", err))
	}
	list := make([]Invitation, len(rows))
	for i, r := range rows {
		list[i] = Invitation{ID: r.ID, Role: Role(r.Role), Email: r.Email, InvitedBy: r.InvitedBy, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt}
	}
	return list, nil
}

// Withdraw ends an invitation that was not accepted yet.
func (s *Service) Withdraw(ctx context.Context, p identity.Person, libraryID, invitationID uuid.UUID) error {
	return postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		mine, err := s.Authorize(ctx, tx, p, InviteMember, libraryID)
		if err != nil {
			return err
		}
		role, err := s.q.InvitationRole(ctx, tx, invitationID, libraryID)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "invitation_not_found", "There is no such invitation; it may have been accepted already.")
		}
		if err != nil {
			return fmt.Errorf("find invitation: %w", err)
		}
		if !mine.mayGive(Role(role)) {
			return forbidden(mine, ManageAdmin)
		}
		if _, err := s.q.DeleteInvitation(ctx, tx, invitationID, libraryID); err != nil {
			return fmt.Errorf("delete invitation: %w", err)
		}
		s.Record(tx, Change{LibraryID: libraryID, Kind: KindInvitation, ObjectID: invitationID, Op: OpRemoved, Actor: by(p)})
		return nil
	})
}

// Offer is what an invitation link shows before it is accepted.
type Offer struct {
	LibraryID   uuid.UUID
	LibraryName string
	InviterName string
	Role        Role
	Email       *string
	ExpiresAt   time.Time
	// IsMember is true when the person who looks is in the library already.
	IsMember bool
}

// Preview shows what the link with this secret offers. It asks for no account;
// p is nil for somebody who is signed out.
func (s *Service) Preview(ctx context.Context, p *identity.Person, secret, address string) (Offer, error) {
	if err := s.guard.Allow(ctx, "invitation:"+address, perAddress); err != nil {
		return Offer{}, err
	}
	row, err := s.offer(ctx, s.pool, secret)
	if err != nil {
		return Offer{}, err
	}
	o := Offer{
		LibraryID: row.LibraryID, LibraryName: row.LibraryName, InviterName: row.InviterName,
		Role: Role(row.Role), Email: row.Email, ExpiresAt: row.ExpiresAt,
	}
	if p != nil {
		_, err := s.memberRole(ctx, s.pool, row.LibraryID, p.ID)
		if err != nil && !fault.Is(err, errNoMember.Code) {
			return Offer{}, postgres.Fault(err)
		}
		o.IsMember = err == nil
	}
	return o, nil
}

// offer finds an invitation that can be accepted now.
func (s *Service) offer(ctx context.Context, db postgres.DBTX, secret string) (librarydb.InvitationBySecretRow, error) {
	row, err := s.q.InvitationBySecret(ctx, db, identity.HashSecret(secret))
	if errors.Is(err, pgx.ErrNoRows) {
		return row, errInvitation
	}
	if err != nil {
		return row, postgres.Fault(fmt.Errorf("find invitation: %w", err))
	}
	if row.AcceptedAt != nil || !row.ExpiresAt.After(s.clock.Now()) {
		return row, errInvitation
	}
	return row, nil
}

// Accept makes p a member by the link with this secret. Who is a member
// already keeps the role they have, and the link stays for somebody else.
func (s *Service) Accept(ctx context.Context, p identity.Person, secret string) (libraryID uuid.UUID, err error) {
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		libraryID, err = s.accept(ctx, tx, p, secret)
		return err
	})
	return libraryID, err
}

// AcceptAsNew makes an account and a member of it in one step, so that a link
// that fails leaves no account behind.
func (s *Service) AcceptAsNew(ctx context.Context, n identity.NewPerson, secret, address string) (p identity.Person, libraryID uuid.UUID, err error) {
	if err := s.guard.Allow(ctx, "invitation:"+address, perAddress); err != nil {
		return p, libraryID, err
	}
	if _, err := s.offer(ctx, s.pool, secret); err != nil {
		return p, libraryID, err // before the cost of hashing a password
	}
	prepared, err := s.people.Prepare(ctx, n)
	if err != nil {
		return p, libraryID, err
	}
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if p, err = s.people.CreatePrepared(ctx, tx, prepared); err != nil {
			return err
		}
		libraryID, err = s.accept(ctx, tx, p, secret)
		return err
	})
	return p, libraryID, err
}

func (s *Service) accept(ctx context.Context, tx *postgres.Tx, p identity.Person, secret string) (uuid.UUID, error) {
	row, err := s.offer(ctx, tx, secret)
	if err != nil {
		return uuid.Nil, err
	}
	if _, err := s.memberRole(ctx, tx, row.LibraryID, p.ID); err == nil {
		return row.LibraryID, nil
	} else if !fault.Is(err, errNoMember.Code) {
		return uuid.Nil, err
	}
	now := s.clock.Now()
	n, err := s.q.AcceptInvitation(ctx, tx, uuid.NullUUID{UUID: p.ID, Valid: true}, &now, row.ID)
	if err != nil {
		return uuid.Nil, fmt.Errorf("accept invitation: %w", err)
	}
	if n == 0 { // somebody else was quicker
		return uuid.Nil, errInvitation
	}
	err = s.q.InsertMember(ctx, tx, librarydb.InsertMemberParams{LibraryID: row.LibraryID, PersonID: p.ID, Role: row.Role, JoinedAt: now})
	if err != nil {
		return uuid.Nil, fmt.Errorf("insert member: %w", err)
	}
	s.Record(tx, Change{LibraryID: row.LibraryID, Kind: KindMember, ObjectID: p.ID, Op: OpAdded, Actor: by(p)})
	s.Record(tx, Change{LibraryID: row.LibraryID, Kind: KindInvitation, ObjectID: row.ID, Op: OpRemoved, Actor: by(p)})
	s.tellPerson(tx, p.ID)
	return row.LibraryID, nil
}
