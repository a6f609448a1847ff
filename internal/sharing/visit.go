package sharing

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/sharing/internal/sharingdb"
)

// found is a link that somebody has the secret of, or a visit to.
type found struct {
	sharingdb.ShareLink
	role   library.Role // its maker's; empty when they have left
	name   string
	isAway bool // what it shows is in the trash or deleted
}

// live reports whether a link shows anything at this moment.
func (f found) live(now time.Time) bool {
	return f.RevokedAt == nil && (f.ExpiresAt == nil || f.ExpiresAt.After(now)) && f.role.May(library.ShareByLink) && !f.isAway
}

func (s *Service) bySecret(ctx context.Context, secret string) (found, error) {
	r, err := s.q.LinkBySecret(ctx, s.Pool, identity.HashSecret(secret))
	if err != nil {
		return found{}, missing(err, errGone)
	}
	f := found{r.ShareLink, library.Role(r.Role), r.Target, r.Away}
	if !f.live(s.Clock.Now()) {
		return found{}, errGone
	}
	return f, nil
}

func (s *Service) byID(ctx context.Context, id uuid.UUID) (found, error) {
	r, err := s.q.LinkByID(ctx, s.Pool, id)
	if err != nil {
		return found{}, missing(err, errGone)
	}
	f := found{r.ShareLink, library.Role(r.Role), r.Target, r.Away}
	if !f.live(s.Clock.Now()) {
		return found{}, errGone
	}
	return f, nil
}

// Opened is a link that was opened: the secret for the browser's cookie, empty
// where it has one that is still good.
type Opened struct {
	LinkID  uuid.UUID
	Secret  string
	Expires time.Time
}

// Open opens a link for a browser. A fault "link_gone" when it shows nothing any
// more; "link_password" or "link_password_wrong" when it has another password.
// visit gives what the browser has of that link from before.
func (s *Service) Open(ctx context.Context, secret, password, address string, visit func(link uuid.UUID) string) (Opened, error) {
	if err := s.Guard.Allow(ctx, "link:"+address, perAddress); err != nil {
		return Opened{}, err
	}
	l, err := s.bySecret(ctx, secret)
	if err != nil {
		return Opened{}, err
	}
	now := s.Clock.Now()
	if before := visit(l.ID); before != "" {
		if _, err := s.q.Visit(ctx, s.Pool, identity.HashSecret(before), l.ID, now); err == nil {
			if err := s.q.TouchLink(ctx, s.Pool, now, l.ID); err != nil {
				return Opened{}, postgres.Fault(fmt.Errorf("touch link: %w", err))
			}
			return Opened{LinkID: l.ID}, nil
		}
	}
	if err := s.checkPassword(ctx, l, password, address); err != nil {
		return Opened{}, err
	}
	visitSecret, hash := identity.NewSecret()
	expires := now.Add(visitLifetime)
	if l.ExpiresAt != nil && l.ExpiresAt.Before(expires) {
		expires = *l.ExpiresAt
	}
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.q.InsertVisit(ctx, tx, sharingdb.InsertVisitParams{SecretHash: hash, LinkID: l.ID, CreatedAt: now, ExpiresAt: expires}); err != nil {
			return fmt.Errorf("insert visit: %w", err)
		}
		if err := s.q.CountUse(ctx, tx, now, l.ID); err != nil {
			return fmt.Errorf("count use of link: %w", err)
		}
		return nil
	})
	return Opened{LinkID: l.ID, Secret: visitSecret, Expires: expires}, err
}

func (s *Service) checkPassword(ctx context.Context, l found, password, address string) error {
	switch {
	case l.PasswordHash == nil:
		return nil
	case password == "":
		return errPassword
	case len(password) > maxPassword:
		return errWrongPassword
	}
	key := "link:" + l.ID.String() + ":" + address
	if err := s.Guard.Allow(ctx, key, perPassword); err != nil {
		return err
	}
	ok, err := s.People.MatchesPassword(ctx, password, *l.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return errWrongPassword
	}
	return s.Guard.Forget(ctx, key)
}

// Guest gives who comes by a link with the secret that opening it gave: a fault
// "link_gone" when the link shows nothing any more, "link_unopened" when the
// secret is none of its.
func (s *Service) Guest(ctx context.Context, linkID uuid.UUID, secret string) (identity.Person, error) {
	if _, err := s.byID(ctx, linkID); err != nil {
		return identity.Person{}, err
	}
	v, err := s.q.Visit(ctx, s.Pool, identity.HashSecret(secret), linkID, s.Clock.Now())
	if err != nil {
		return identity.Person{}, missing(err, errUnopened)
	}
	p := identity.Person{Link: linkID}
	if v.PersonID.Valid && v.PersonName != nil {
		p.ID, p.Name = v.PersonID.UUID, *v.PersonName
	}
	return p, nil
}

// Authenticate is httpapi.Config.AuthenticateGuest.
func (s *Service) Authenticate(r *http.Request, link string) (context.Context, error) {
	ctx := r.Context()
	id, err := uuid.Parse(link)
	if err != nil {
		return ctx, errGone
	}
	secret := s.cookieOf(r.CookiesNamed(s.cookieName(id)))
	p, err := s.Guest(ctx, id, secret)
	if err != nil {
		return ctx, err
	}
	return withSocketUser(identity.WithPerson(ctx, p), SocketUser(p, secret)), nil
}

type socketUserKey struct{}

func withSocketUser(ctx context.Context, user string) context.Context {
	return context.WithValue(ctx, socketUserKey{}, user)
}

// SocketUserFromContext names the guest of a request to the sockets; empty where
// there is none.
func SocketUserFromContext(ctx context.Context) string {
	user, _ := ctx.Value(socketUserKey{}).(string)
	return user
}

// Visited gives what p's link shows at this moment.
func (s *Service) Visited(ctx context.Context, p identity.Person) (Visit, error) {
	if !p.IsGuest() {
		return Visit{}, errNoVisit
	}
	l, err := s.byID(ctx, p.Link)
	if err != nil {
		return Visit{}, err
	}
	v := Visit{
		LinkID: l.ID, LibraryID: l.LibraryID, Target: Target{l.DocumentID, l.CollectionID}, Name: l.name,
		Access: library.LinkAccess(l.Access), ExpiresAt: l.ExpiresAt,
	}
	if p.ID != uuid.Nil {
		v.Guest = &Guest{p.ID, p.Name}
	}
	if v.Documents, err = s.shown(ctx, l); err != nil {
		return Visit{}, err
	}
	if len(v.Documents) > maxShown {
		v.Documents, v.More = v.Documents[:maxShown], true
	}
	return v, nil
}

func (s *Service) shown(ctx context.Context, l found) ([]Shown, error) {
	var (
		rows []sharingdb.ShownDocumentsRow
		err  error
	)
	if l.CollectionID.Valid {
		rows, err = s.q.ShownDocuments(ctx, s.Pool, l.LibraryID, maxShown+1, l.CollectionID.UUID)
	} else {
		var one []sharingdb.ShownDocumentRow
		one, err = s.q.ShownDocument(ctx, s.Pool, l.LibraryID, l.DocumentID.UUID)
		for _, row := range one {
			rows = append(rows, sharingdb.ShownDocumentsRow(row))
		}
	}
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("documents of link: %w", err))
	}
	shown := make([]Shown, len(rows))
	for i, r := range rows {
		var item csl.Item
		if err := json.Unmarshal(r.Csl, &item); err != nil {
			return nil, fmt.Errorf("metadata of document %s: %w", r.ID, err)
		}
		shown[i] = Shown{ID: r.ID, Title: r.Title, Item: item, Year: r.Year, EditionID: r.EditionID, PageCount: r.PageCount, Thumbnail: r.HasThumbnail}
	}
	return shown, nil
}

// Introduce makes a visitor by a link to comment a guest with a name. Said again it
// changes nothing.
func (s *Service) Introduce(ctx context.Context, p identity.Person, secret, name, address string) (Guest, error) {
	if !p.IsGuest() {
		return Guest{}, errNoVisit
	}
	if p.ID != uuid.Nil {
		return Guest{p.ID, p.Name}, nil
	}
	l, err := s.byID(ctx, p.Link)
	if err != nil {
		return Guest{}, err
	}
	if !library.LinkAccess(l.Access).May(library.MarkAndReply) {
		return Guest{}, errNotComments
	}
	if err := s.Guard.Allow(ctx, "guest:"+l.ID.String()+":"+address, perGuest); err != nil {
		return Guest{}, err
	}
	var guest identity.Person
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		guest, err = s.People.CreateGuest(ctx, tx, p.Link, name)
		if err != nil {
			return err
		}
		n, err := s.q.NameVisit(ctx, tx, uuid.NullUUID{UUID: guest.ID, Valid: true}, identity.HashSecret(secret), p.Link)
		if err != nil {
			return fmt.Errorf("name visit: %w", err)
		}
		if n == 0 {
			return errUnopened // another window was quicker, or it has run out
		}
		return nil
	})
	return Guest{guest.ID, guest.Name}, err
}

// The cookie of a link has the link's name in its own: one browser may have many.
func (s *Service) cookieName(link uuid.UUID) string {
	name := "scrollkeeper_link_" + hex.EncodeToString(link[:])
	if s.SecureCookies {
		name = "__Host-" + name
	}
	return name
}

func (s *Service) cookieOf(cookies []*http.Cookie) string {
	if len(cookies) == 0 {
		return ""
	}
	return cookies[0].Value
}

func (s *Service) cookie(o Opened) http.Cookie {
	//nolint:gosec // Secure is set where people come over HTTPS; over plain HTTP browsers would drop the cookie
	return http.Cookie{
		Name: s.cookieName(o.LinkID), Value: o.Secret, Path: "/", MaxAge: int(o.Expires.Sub(s.Clock.Now()) / time.Second),
		HttpOnly: true, Secure: s.SecureCookies, SameSite: http.SameSiteLaxMode,
	}
}
