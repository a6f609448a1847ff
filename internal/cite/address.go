package cite

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/cite/internal/citedb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Address is where a bibliography can be fetched without signing in, by programs
// such as Overleaf and pandoc. Each person has at most one for a library, and one
// for each of its collections. Of its secret SHA-256 is kept.
type Address struct {
	ID           uuid.UUID
	CollectionID uuid.NullUUID // invalid for the whole library
	CreatedAt    time.Time
	LastUsedAt   *time.Time
}

var (
	errNoAddress    = fault.New(fault.NotFound, "address_not_found", "There is no such address; it may have been revoked already.")
	errNoCollection = fault.New(fault.NotFound, "collection_not_found", "There is no such collection, or you may not see it.")
	errAddressGone  = fault.New(fault.Gone, "address_gone", "This address was revoked or replaced, or its owner has left the library. Get a new one in Scrollkeeper, under Live bibliography address.")
)

// touchEvery is how old an address's last use may be before it is written again.
const touchEvery = 5 * time.Minute

// Addresses lists p's addresses in a library.
func (s *Service) Addresses(ctx context.Context, p identity.Person, libraryID uuid.UUID) ([]Address, error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.PublishBib, libraryID); err != nil {
		return nil, err
	}
	rows, err := s.q.Addresses(ctx, s.pool, p.ID, libraryID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("addresses: %w", err))
	}
	addresses := make([]Address, len(rows))
	for i, row := range rows {
		addresses[i] = Address(row)
	}
	return addresses, nil
}

// MakeAddress gives p an address for a library, or for one of its collections. One
// that p has for it already is good no more. The secret is given this once.
func (s *Service) MakeAddress(ctx context.Context, p identity.Person, libraryID uuid.UUID, collection uuid.NullUUID) (Address, string, error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.PublishBib, libraryID); err != nil {
		return Address{}, "", err
	}
	if collection.Valid {
		if _, err := s.collection(ctx, libraryID, collection.UUID); err != nil {
			return Address{}, "", err
		}
	}
	secret, hash := identity.NewSecret()
	a := Address{ID: uuid.Must(uuid.NewV7()), CollectionID: collection, CreatedAt: s.now()}
	var err error
	a.ID, err = s.q.PutAddress(ctx, s.pool, citedb.PutAddressParams{
		ID: a.ID, LibraryID: libraryID, CollectionID: collection, PersonID: p.ID, SecretHash: hash, CreatedAt: a.CreatedAt,
	})
	if err != nil {
		return Address{}, "", postgres.Fault(fmt.Errorf("put address: %w", err))
	}
	return a, secret, nil
}

// RevokeAddress ends one of p's addresses at once.
func (s *Service) RevokeAddress(ctx context.Context, p identity.Person, id uuid.UUID) error {
	n, err := s.q.DeleteAddress(ctx, s.pool, id, p.ID)
	if err != nil {
		return postgres.Fault(fmt.Errorf("delete address: %w", err))
	}
	if n == 0 {
		return errNoAddress
	}
	return nil
}

// Live is a bibliography at an address, as it is at this moment.
type Live struct {
	ETag    string    // strong, with its quotation marks
	Changed time.Time // when the library last changed; the file may be older

	format     biblio.Format
	libraryID  uuid.UUID
	collection uuid.NullUUID
	name       string
	service    *Service
}

// Fetch finds what an address gives, in one of the formats bibtex, biblatex and
// csljson. A fault "address_gone" when it is good no more. Nothing of the library
// is read for it but its version, which the ETag has.
func (s *Service) Fetch(ctx context.Context, secret string, format biblio.Format) (*Live, error) {
	row, err := s.q.AddressBySecret(ctx, s.pool, identity.HashSecret(secret))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errAddressGone
	}
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("address: %w", err))
	}
	_, err = s.library.Authorize(ctx, s.pool, identity.Person{ID: row.PersonID}, library.PublishBib, row.LibraryID)
	if f, ok := fault.As(err); ok && (f.Kind == fault.NotFound || f.Kind == fault.Forbidden) {
		return nil, errAddressGone
	}
	if err != nil {
		return nil, err
	}
	name := row.LibraryName
	if row.CollectionID.Valid {
		name, err = s.collection(ctx, row.LibraryID, row.CollectionID.UUID)
		if fault.Is(err, errNoCollection.Code) {
			return nil, errAddressGone
		}
		if err != nil {
			return nil, err
		}
	}
	if now := s.now(); row.LastUsedAt == nil || now.Sub(*row.LastUsedAt) > touchEvery {
		if err := s.q.TouchAddress(ctx, s.pool, now, row.ID); err != nil {
			return nil, postgres.Fault(fmt.Errorf("touch address: %w", err))
		}
	}
	tag := sha256.Sum256(fmt.Appendf(nil, "%d %s %s %s %d", liveForm, format, row.LibraryID, row.CollectionID.UUID, row.Version))
	return &Live{
		ETag: `"` + hex.EncodeToString(tag[:16]) + `"`, Changed: row.ChangedAt,
		format: format, libraryID: row.LibraryID, collection: row.CollectionID, name: name, service: s,
	}, nil
}

// liveForm is counted up when the same library is written otherwise.
const liveForm = 1

// File is what to send.
func (l *Live) File(ctx context.Context) (*File, error) {
	if err := l.service.giveKeys(ctx, l.libraryID, nil); err != nil {
		return nil, err
	}
	f := l.service.file(l.name, l.format, l.libraryID)
	f.collection = l.collection
	return f, nil
}

// collection gives the name of a library's collection.
func (s *Service) collection(ctx context.Context, libraryID, id uuid.UUID) (string, error) {
	row, err := s.q.CollectionName(ctx, s.pool, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && row.LibraryID != libraryID {
		return "", errNoCollection
	}
	if err != nil {
		return "", postgres.Fault(fmt.Errorf("collection: %w", err))
	}
	return row.Name, nil
}
