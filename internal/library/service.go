package library

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library/internal/librarydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Service holds the use cases of libraries.
type Service struct {
	pool      *pgxpool.Pool
	people    *identity.Service
	guard     *guard.Service
	publisher Publisher
	clock     clock.Clock
	q         *librarydb.Queries

	// OnRemoved is told after somebody lost a library, so that their sockets
	// there end at once. Set in app; may be nil.
	OnRemoved func(ctx context.Context, personID, libraryID uuid.UUID)
	// OnChanges is told after a commit what it changed in one library. It must not
	// wait for anything long. Set in app; may be nil.
	OnChanges func(ctx context.Context, libraryID uuid.UUID, changes []Change)
}

// New makes a Service.
func New(pool *pgxpool.Pool, people *identity.Service, g *guard.Service, publisher Publisher, c clock.Clock) *Service {
	return &Service{pool: pool, people: people, guard: g, publisher: publisher, clock: c, q: librarydb.New()}
}

// Authorize answers whether p may do action in the library, and with which
// role. Who is no member gets a fault of kind NotFound, whether the library
// exists or not; a member whose role does not allow it, one of kind Forbidden.
// For a guest there is no library: what they may is for AuthorizeDocument.
func (s *Service) Authorize(ctx context.Context, db postgres.DBTX, p identity.Person, action Action, libraryID uuid.UUID) (Role, error) {
	if p.IsGuest() {
		return "", errNotFound
	}
	r, err := s.q.MemberRole(ctx, db, libraryID, p.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", errNotFound
	}
	if err != nil {
		return "", postgres.Fault(fmt.Errorf("member role: %w", err))
	}
	role := Role(r)
	if !role.May(action) {
		return role, forbidden(role, action)
	}
	return role, nil
}

// AuthorizeDocument answers whether p may do action with one document of the
// library, and with which role: a member as Authorize says, a guest as their link
// says at this moment, with the role of a member who may do about as much. A guest
// whose link does not show the document gets a fault of kind NotFound; one whose
// link does not go so far, of kind Forbidden.
func (s *Service) AuthorizeDocument(ctx context.Context, db postgres.DBTX, p identity.Person, action Action, libraryID, documentID uuid.UUID) (Role, error) {
	if !p.IsGuest() {
		return s.Authorize(ctx, db, p, action, libraryID)
	}
	row, err := s.q.LinkReach(ctx, db, p.Link, s.clock.Now(), documentID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", errNotFound
	}
	if err != nil {
		return "", postgres.Fault(fmt.Errorf("reach of link: %w", err))
	}
	access := LinkAccess(row.Access)
	switch {
	case !Role(row.Role).May(ShareByLink):
		return "", errNotFound
	case !access.May(action):
		return access.Role(), fault.New(fault.Forbidden, "link_forbids", "By this link you may not "+string(action)+". Ask whoever sent it for one that lets you.")
	case p.ID == uuid.Nil && slices.Contains(named, action):
		return access.Role(), fault.New(fault.Forbidden, "guest_unnamed", "Say your name first, so that others know who is here.")
	}
	return access.Role(), nil
}

// IDs lists the libraries that p is in: the one predicate for lists and search.
func (s *Service) IDs(ctx context.Context, db postgres.DBTX, p identity.Person) ([]uuid.UUID, error) {
	ids, err := s.q.LibraryIDs(ctx, db, p.ID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("library ids: %w", err))
	}
	return ids, nil
}

// List gives p's libraries, the personal one first, then by name.
func (s *Service) List(ctx context.Context, p identity.Person) ([]Library, error) {
	return s.load(ctx, s.pool, p, uuid.NullUUID{})
}

// Get gives one library of p's.
func (s *Service) Get(ctx context.Context, p identity.Person, id uuid.UUID) (Library, error) {
	libs, err := s.load(ctx, s.pool, p, uuid.NullUUID{UUID: id, Valid: true})
	if err != nil {
		return Library{}, err
	}
	if len(libs) == 0 {
		return Library{}, errNotFound
	}
	return libs[0], nil
}

func (s *Service) load(ctx context.Context, db postgres.DBTX, p identity.Person, id uuid.NullUUID) ([]Library, error) {
	rows, err := s.q.Libraries(ctx, db, p.ID, id)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("libraries: %w", err))
	}
	libs := make([]Library, len(rows))
	for i, r := range rows {
		libs[i] = Library{
			ID: r.ID, Name: r.Name, Kind: r.Kind, Role: Role(r.Role), Version: r.Version,
			Members: r.MemberCount, Documents: r.DocumentCount, Storage: r.StorageBytes, CreatedAt: r.CreatedAt,
		}
	}
	return libs, nil
}

// CreatePersonal gives a new person the library that everybody starts with. It
// is identity.Config.OnCreated.
func (s *Service) CreatePersonal(ctx context.Context, tx *postgres.Tx, p identity.Person) error {
	_, err := s.create(ctx, tx, p, p.Name, Personal)
	return err
}

// Create makes a shared library owned by p.
func (s *Service) Create(ctx context.Context, p identity.Person, name string) (Library, error) {
	name, err := validName(name)
	if err != nil {
		return Library{}, err
	}
	var id uuid.UUID
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		id, err = s.create(ctx, tx, p, name, Shared)
		return err
	})
	if err != nil {
		return Library{}, err
	}
	return s.Get(ctx, p, id)
}

func (s *Service) create(ctx context.Context, tx *postgres.Tx, p identity.Person, name, kind string) (uuid.UUID, error) {
	id, now := uuid.Must(uuid.NewV7()), s.clock.Now()
	if err := s.q.InsertLibrary(ctx, tx, librarydb.InsertLibraryParams{ID: id, Name: name, Kind: kind, CreatedAt: now}); err != nil {
		return id, fmt.Errorf("insert library: %w", err)
	}
	if err := s.q.InsertMember(ctx, tx, librarydb.InsertMemberParams{LibraryID: id, PersonID: p.ID, Role: string(Owner), JoinedAt: now}); err != nil {
		return id, fmt.Errorf("insert owner: %w", err)
	}
	s.Record(tx, Change{LibraryID: id, Kind: KindLibrary, ObjectID: id, Op: OpAdded, Actor: by(p)})
	return id, nil
}

// Rename gives the library another name.
func (s *Service) Rename(ctx context.Context, p identity.Person, id uuid.UUID, name string) (Library, error) {
	name, err := validName(name)
	if err != nil {
		return Library{}, err
	}
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.Authorize(ctx, tx, p, RenameLibrary, id); err != nil {
			return err
		}
		if err := s.q.RenameLibrary(ctx, tx, name, id); err != nil {
			return fmt.Errorf("rename library: %w", err)
		}
		s.Record(tx, Change{LibraryID: id, Kind: KindLibrary, ObjectID: id, Op: OpChanged, Actor: by(p)})
		return nil
	})
	if err != nil {
		return Library{}, err
	}
	return s.Get(ctx, p, id)
}

// Members lists who is in the library, by role and name.
func (s *Service) Members(ctx context.Context, p identity.Person, id uuid.UUID) ([]Member, error) {
	if _, err := s.Authorize(ctx, s.pool, p, SeeMembers, id); err != nil {
		return nil, err
	}
	rows, err := s.q.Members(ctx, s.pool, id)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("members: %w", err))
	}
	members := make([]Member, len(rows))
	for i, r := range rows {
		members[i] = Member{PersonID: r.PersonID, Name: r.Name, Email: r.Email, Role: Role(r.Role), JoinedAt: r.JoinedAt}
	}
	return members, nil
}

// SetRole gives a member another role. Nobody changes their own, and only the
// owner makes or demotes admins.
func (s *Service) SetRole(ctx context.Context, p identity.Person, id, memberID uuid.UUID, role Role) error {
	return postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		mine, err := s.Authorize(ctx, tx, p, ManageMember, id)
		if err != nil {
			return err
		}
		theirs, err := s.memberRole(ctx, tx, id, memberID)
		if err != nil {
			return err
		}
		if memberID == p.ID || theirs == Owner || !mine.mayGive(theirs) || !mine.mayGive(role) {
			return forbidden(mine, ManageAdmin)
		}
		if _, err := s.q.SetMemberRole(ctx, tx, string(role), id, memberID); err != nil {
			return fmt.Errorf("set role: %w", err)
		}
		s.Record(tx, Change{LibraryID: id, Kind: KindMember, ObjectID: memberID, Op: OpChanged, Actor: by(p)})
		s.tellPerson(tx, memberID)
		return nil
	})
}

// RemoveMember takes somebody out of the library; taking oneself out is
// leaving, which everybody may but the owner.
func (s *Service) RemoveMember(ctx context.Context, p identity.Person, id, memberID uuid.UUID) error {
	return postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		action := ManageMember
		if memberID == p.ID {
			action = LeaveLibrary
		}
		mine, err := s.Authorize(ctx, tx, p, action, id)
		if err != nil {
			return err
		}
		theirs, err := s.memberRole(ctx, tx, id, memberID)
		if err != nil {
			return err
		}
		if memberID != p.ID && !mine.mayGive(theirs) {
			return forbidden(mine, ManageAdmin)
		}
		if _, err := s.q.DeleteMember(ctx, tx, id, memberID); err != nil {
			return fmt.Errorf("delete member: %w", err)
		}
		s.Record(tx, Change{LibraryID: id, Kind: KindMember, ObjectID: memberID, Op: OpRemoved, Actor: by(p)})
		s.tellPerson(tx, memberID)
		if s.OnRemoved != nil {
			tx.AfterCommit(func(ctx context.Context) { s.OnRemoved(ctx, memberID, id) })
		}
		return nil
	})
}

func (s *Service) memberRole(ctx context.Context, db postgres.DBTX, libraryID, personID uuid.UUID) (Role, error) {
	r, err := s.q.MemberRole(ctx, db, libraryID, personID)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", errNoMember
	}
	if err != nil {
		return "", fmt.Errorf("member role: %w", err)
	}
	return Role(r), nil
}

func (s *Service) tellPerson(tx *postgres.Tx, personID uuid.UUID) {
	tx.AfterCommit(func(ctx context.Context) {
		s.publisher.Publish(ctx, PersonTopic(personID), MembershipNews{Type: "membership"})
	})
}

func by(p identity.Person) uuid.NullUUID { return uuid.NullUUID{UUID: p.ID, Valid: true} }
