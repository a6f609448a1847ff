package sharing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/sharing/internal/sharingdb"
)

// Parts are the other parts of the program that links need.
type Parts struct {
	Pool      *pgxpool.Pool
	People    *identity.Service
	Libraries *library.Service
	Documents *document.Service
	Guard     *guard.Service
	Clock     clock.Clock
	// Logger defaults to slog.Default.
	Logger *slog.Logger
	// SecureCookies is set where people come over HTTPS.
	SecureCookies bool
	// Recheck asks anew what the sockets of this user may listen to. May be nil.
	Recheck func(userID string)
}

// Service holds the use cases of links.
type Service struct {
	Parts
	q *sharingdb.Queries
}

// NewService makes a Service.
func NewService(parts Parts) *Service {
	if parts.Logger == nil {
		parts.Logger = slog.Default()
	}
	return &Service{Parts: parts, q: sharingdb.New()}
}

// Make makes a link. Its secret is given this once.
func (s *Service) Make(ctx context.Context, p identity.Person, n New) (Link, string, error) {
	libraryID, err := s.authorizeTarget(ctx, p, n.Target)
	if err != nil {
		return Link{}, "", err
	}
	now := s.Clock.Now()
	if !n.Access.Valid() {
		return Link{}, "", errBadAccess
	}
	if n.ExpiresAt != nil && (!n.ExpiresAt.After(now) || n.ExpiresAt.Sub(now) > maxLifetime) {
		return Link{}, "", errBadExpiry
	}
	var hash *string
	if n.Password != "" {
		if len(n.Password) < minPassword || len(n.Password) > maxPassword {
			return Link{}, "", errBadPassword
		}
		phc, err := s.People.HashPassword(ctx, n.Password)
		if err != nil {
			return Link{}, "", err
		}
		hash = &phc
	}
	count, err := s.q.CountLinks(ctx, s.Pool, libraryID, now)
	if err != nil {
		return Link{}, "", postgres.Fault(fmt.Errorf("count links: %w", err))
	}
	if count >= maxLinks {
		return Link{}, "", errManyLinks
	}
	secret, secretHash := identity.NewSecret()
	id := uuid.Must(uuid.NewV7())
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.Libraries.Authorize(ctx, tx, p, library.ShareByLink, libraryID); err != nil {
			return err
		}
		if err := s.q.InsertLink(ctx, tx, sharingdb.InsertLinkParams{
			ID: id, LibraryID: libraryID, DocumentID: n.DocumentID, CollectionID: n.CollectionID, SecretHash: secretHash,
			Access: string(n.Access), PasswordHash: hash, CreatedBy: p.ID, CreatedAt: now, ExpiresAt: n.ExpiresAt,
		}); err != nil {
			return fmt.Errorf("insert link: %w", err)
		}
		s.record(tx, p, libraryID, id, library.OpAdded)
		return nil
	})
	if err != nil {
		return Link{}, "", err
	}
	return Link{
		ID: id, LibraryID: libraryID, Target: n.Target, Access: n.Access, Password: hash != nil, MadeBy: p.ID, MakerName: p.Name, Rests: true,
		CreatedAt: now, ExpiresAt: n.ExpiresAt,
	}, secret, nil
}

// Links lists the links of a document or a collection that p may revoke, the
// newest first, those that have run out among them.
func (s *Service) Links(ctx context.Context, p identity.Person, t Target) ([]Link, error) {
	libraryID, err := s.authorizeTarget(ctx, p, t)
	if err != nil && !fault.Is(err, errTrashed.Code) {
		return nil, err
	}
	return s.links(ctx, p, libraryID, t)
}

// AllLinks is Links for a whole library.
func (s *Service) AllLinks(ctx context.Context, p identity.Person, libraryID uuid.UUID) ([]Link, error) {
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ShareByLink, libraryID); err != nil {
		return nil, err
	}
	return s.links(ctx, p, libraryID, Target{})
}

func (s *Service) links(ctx context.Context, p identity.Person, libraryID uuid.UUID, t Target) ([]Link, error) {
	mine := uuid.NullUUID{UUID: p.ID, Valid: true}
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ManageLinks, libraryID); err == nil {
		mine = uuid.NullUUID{}
	} else if f, ok := fault.As(err); !ok || f.Kind != fault.Forbidden {
		return nil, err
	}
	rows, err := s.q.Links(ctx, s.Pool, sharingdb.LinksParams{
		LibraryID: libraryID, DocumentID: t.DocumentID, CollectionID: t.CollectionID, PersonID: mine,
	})
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("links: %w", err))
	}
	links := make([]Link, len(rows))
	for i, r := range rows {
		links[i] = Link{
			ID: r.ID, LibraryID: r.LibraryID, Target: Target{r.DocumentID, r.CollectionID}, Name: r.Target, Access: library.LinkAccess(r.Access),
			Password: r.HasPassword, MadeBy: r.CreatedBy, MakerName: r.PersonName, Rests: r.PersonRole != nil && library.Role(*r.PersonRole).May(library.ShareByLink),
			CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, Uses: r.Uses, LastUsedAt: r.LastUsedAt,
		}
	}
	return links, nil
}

// Revoke ends a link for good, at once: also for those who have it open.
func (s *Service) Revoke(ctx context.Context, p identity.Person, id uuid.UUID) error {
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		l, err := s.q.Link(ctx, tx, id)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoLink
		}
		if err != nil {
			return fmt.Errorf("link: %w", err)
		}
		action := library.ManageLinks
		if l.CreatedBy == p.ID {
			// Also for who has become a reader since: it does no harm.
			action = library.ReadLibrary
		}
		_, err = s.Libraries.Authorize(ctx, tx, p, action, l.LibraryID)
		if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
			return errNoLink
		}
		if err != nil {
			return err
		}
		n, err := s.q.RevokeLink(ctx, tx, s.Clock.Now(), id)
		if err != nil {
			return fmt.Errorf("revoke link: %w", err)
		}
		if n > 0 {
			s.record(tx, p, l.LibraryID, id, library.OpRemoved)
		}
		return nil
	})
}

// authorizeTarget gives the library of what p may share.
func (s *Service) authorizeTarget(ctx context.Context, p identity.Person, t Target) (uuid.UUID, error) {
	if t.DocumentID.Valid {
		libraryID, err := s.Documents.LibraryFor(ctx, p, library.ShareByLink, t.DocumentID.UUID)
		if err != nil {
			return uuid.Nil, err
		}
		trashed, err := s.q.DocumentTrashed(ctx, s.Pool, t.DocumentID.UUID)
		if err != nil {
			return uuid.Nil, missing(err, errNoDocument)
		}
		if trashed {
			return libraryID, errTrashed
		}
		return libraryID, nil
	}
	libraryID, err := s.q.CollectionLibrary(ctx, s.Pool, t.CollectionID.UUID)
	if err != nil {
		return uuid.Nil, missing(err, errNoCollection)
	}
	_, err = s.Libraries.Authorize(ctx, s.Pool, p, library.ShareByLink, libraryID)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return uuid.Nil, errNoCollection
	}
	return libraryID, err
}

func (s *Service) record(tx *postgres.Tx, p identity.Person, libraryID, id uuid.UUID, op string) {
	s.Libraries.Record(tx, library.Change{
		LibraryID: libraryID, Kind: library.KindLink, ObjectID: id, Op: op, Actor: uuid.NullUUID{UUID: p.ID, Valid: true},
	})
}

func missing(err error, notFound error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return notFound
	}
	return postgres.Fault(err)
}

// Sweep forgets the browsers that opened a link long ago.
func (s *Service) Sweep(ctx context.Context) error {
	if _, err := s.q.DeleteExpiredVisits(ctx, s.Pool, s.Clock.Now()); err != nil {
		return postgres.Fault(fmt.Errorf("sweep visits: %w", err))
	}
	return nil
}

// A link's guests are one user to the sockets, so that all are asked anew at once;
// or a few, since one user has a limited number of sockets.
const usersOfLink = 4

// SocketUser names a guest to the sockets.
func SocketUser(p identity.Person, secret string) string {
	var part int
	if hash := identity.HashSecret(secret); len(hash) > 0 {
		part = int(hash[0]) % usersOfLink
	}
	return socketUser(p.Link, part)
}

func socketUser(link uuid.UUID, part int) string {
	return "link:" + link.String() + ":" + strconv.Itoa(part)
}

// OnChanges is library.Service.OnChanges: what a link shows may have changed, so
// whoever listens by one is asked anew whether they still may.
func (s *Service) OnChanges(ctx context.Context, libraryID uuid.UUID, changes []library.Change) {
	if s.Recheck == nil || !concerns(changes) {
		return
	}
	ids, err := s.q.VisitedLinks(ctx, s.Pool, libraryID)
	if err != nil {
		// The sockets ask by themselves twice a minute.
		s.Logger.WarnContext(ctx, "sockets of links not asked anew", slog.Any("error", err))
		return
	}
	for _, id := range ids {
		for part := range usersOfLink {
			s.Recheck(socketUser(id, part))
		}
	}
}

// concerns reports whether a guest could have lost something by these.
func concerns(changes []library.Change) bool {
	for _, c := range changes {
		switch c.Kind {
		case library.KindMember, library.KindCollection, library.KindLink:
			if c.Op != library.OpAdded {
				return true
			}
		case library.KindDocument:
			if c.Op == library.OpTrashed || c.Op == library.OpRemoved || c.Op == library.OpOrganised {
				return true
			}
		}
	}
	return false
}
