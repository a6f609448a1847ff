package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Config tunes a Service; its zero value works.
type Config struct {
	// TempDir is where the pages of a parse wait until it is finished. Empty
	// means the system's.
	TempDir string
	// Logger is told of files that could not be deleted. Nil means slog.Default.
	Logger *slog.Logger
}

// Service holds the use cases of documents.
type Service struct {
	pool    *pgxpool.Pool
	library *library.Service
	blobs   blob.Store
	clock   clock.Clock
	cfg     Config
	q       *documentdb.Queries

	// OnMoved is told in the transaction in which files go from one document to
	// another. Set in app; may be nil.
	OnMoved func(ctx context.Context, tx *postgres.Tx, m Moved) error
}

// New makes a Service.
func New(pool *pgxpool.Pool, lib *library.Service, blobs blob.Store, c clock.Clock, cfg Config) *Service {
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	return &Service{pool: pool, library: lib, blobs: blobs, clock: c, cfg: cfg, q: documentdb.New()}
}

// List gives a page of a library's documents.
func (s *Service) List(ctx context.Context, p identity.Person, libraryID uuid.UUID, q ListQuery) (List, error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		return List{}, err
	}
	return s.list(ctx, s.pool, libraryID, q)
}

// Get gives a document with all that is known about it. A guest learns nothing
// by it of the library around the document, nor of the people who have it there.
func (s *Service) Get(ctx context.Context, p identity.Person, id uuid.UUID) (Detail, error) {
	role, err := s.authorize(ctx, s.pool, p, library.ReadDocument, id)
	if err != nil {
		return Detail{}, err
	}
	d := Detail{Role: role}
	if d.Document, err = s.load(ctx, s.pool, id); err != nil {
		return Detail{}, err
	}
	encoded, err := s.q.DocumentCSL(ctx, s.pool, id)
	if err != nil {
		return Detail{}, missing(fmt.Errorf("document metadata: %w", err))
	}
	if err := json.Unmarshal(encoded, &d.CSL); err != nil {
		return Detail{}, fmt.Errorf("document metadata: %w", err)
	}
	if p.IsGuest() {
		d.Document = d.forGuest()
		return d, nil
	}
	d.Claims, err = s.claims(ctx, s.pool, id)
	return d, err
}

// SetField keeps p's word about a field. It wins over every source, and every
// later parse leaves it alone. A fault "field_changed" with what is there now
// when somebody corrected the field meanwhile.
func (s *Service) SetField(ctx context.Context, p identity.Person, id uuid.UUID, c Correction) (Detail, error) {
	value, err := c.storable()
	if err != nil {
		return Detail{}, err
	}
	_, err = s.change(ctx, p, id, library.OpChanged, func(ctx context.Context, tx *postgres.Tx, _ documentdb.LockDocumentRow) (bool, error) {
		if _, err := s.personClaim(ctx, tx, id, c); err != nil {
			return false, err
		}
		if err := s.q.PutClaim(ctx, tx, documentdb.PutClaimParams{
			DocumentID: id, Field: c.Field, Source: string(csl.SourcePerson), Value: value, Confidence: 1, PersonID: by(p), At: s.clock.Now(),
		}); err != nil {
			return false, fmt.Errorf("insert claim %s: %w", c.Field, err)
		}
		return true, s.derive(ctx, tx, id)
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, p, id)
}

// TakeBackField forgets what people said about a field, so that what was read
// is shown again. It does nothing where nobody said anything. Of c it needs no
// value; it fails as SetField does.
func (s *Service) TakeBackField(ctx context.Context, p identity.Person, id uuid.UUID, c Correction) (Detail, error) {
	if _, ok := fields[c.Field]; !ok {
		return Detail{}, errUnknownField
	}
	_, err := s.change(ctx, p, id, library.OpChanged, func(ctx context.Context, tx *postgres.Tx, _ documentdb.LockDocumentRow) (bool, error) {
		there, err := s.personClaim(ctx, tx, id, c)
		if err != nil || !there {
			return false, err
		}
		if err := s.q.DeletePersonClaim(ctx, tx, id, c.Field); err != nil {
			return false, fmt.Errorf("delete claim %s: %w", c.Field, err)
		}
		return true, s.derive(ctx, tx, id)
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, p, id)
}

// personClaim reports whether a person's word about c.Field is there, and fails
// when it is not the one that c replaces. The document is locked.
func (s *Service) personClaim(ctx context.Context, tx *postgres.Tx, id uuid.UUID, c Correction) (bool, error) {
	claims, err := s.claims(ctx, tx, id)
	if err != nil {
		return false, err
	}
	var current *Claim
	for i := range claims {
		if claims[i].Field == c.Field && claims[i].Source == csl.SourcePerson {
			current = &claims[i]
		}
	}
	var revision int64
	if current != nil {
		revision = current.Revision
	}
	if c.Revision == nil || *c.Revision == revision {
		return current != nil, nil
	}
	changed := fault.New(fault.Conflict, "field_changed", "Somebody corrected this field meanwhile. Look at what is there now and correct it again.")
	if current == nil {
		return false, changed.With("current", nil)
	}
	return false, changed.With("current", claimItem(*current))
}

// Trash takes a document out of lists and searches until it is restored or
// purged. One that is there already stays as it is.
func (s *Service) Trash(ctx context.Context, p identity.Person, id uuid.UUID) (Document, error) {
	return s.change(ctx, p, id, library.OpTrashed, func(ctx context.Context, tx *postgres.Tx, d documentdb.LockDocumentRow) (bool, error) {
		if d.TrashedAt != nil {
			return false, nil
		}
		now := s.clock.Now()
		return true, s.setTrashed(ctx, tx, id, &now, now)
	})
}

// Restore takes a document out of the trash. One that was merged takes its files
// back, with what has been marked on them since.
func (s *Service) Restore(ctx context.Context, p identity.Person, id uuid.UUID) (Document, error) {
	var d Document
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.authorize(ctx, tx, p, library.EditDocument, id); err != nil {
			return err
		}
		if err := s.lockMerge(ctx, tx, id); err != nil {
			return err
		}
		row, err := s.q.LockDocument(ctx, tx, id)
		if err != nil {
			return missing(fmt.Errorf("lock document: %w", err))
		}
		if row.TrashedAt != nil {
			if err := s.setTrashed(ctx, tx, id, nil, s.clock.Now()); err != nil {
				return err
			}
			if err := s.unmerge(ctx, tx, p, row.LibraryID, id); err != nil {
				return err
			}
			s.record(tx, row.LibraryID, id, library.OpRestored, by(p))
		}
		d, err = s.load(ctx, tx, id)
		return err
	})
	return d, err
}

func (s *Service) setTrashed(ctx context.Context, tx *postgres.Tx, id uuid.UUID, trashedAt *time.Time, now time.Time) error {
	if err := s.q.SetTrashed(ctx, tx, trashedAt, now, id); err != nil {
		return fmt.Errorf("set trashed: %w", err)
	}
	return nil
}

// change runs fn on a locked document that p may edit, records op when fn says
// that it changed something, and gives the document as it is then.
func (s *Service) change(ctx context.Context, p identity.Person, id uuid.UUID, op string,
	fn func(context.Context, *postgres.Tx, documentdb.LockDocumentRow) (changed bool, err error),
) (Document, error) {
	var d Document
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.authorize(ctx, tx, p, library.EditDocument, id); err != nil {
			return err
		}
		row, err := s.q.LockDocument(ctx, tx, id)
		if err != nil {
			return missing(fmt.Errorf("lock document: %w", err))
		}
		changed, err := fn(ctx, tx, row)
		if err != nil {
			return err
		}
		if changed {
			s.record(tx, row.LibraryID, id, op, by(p))
		}
		d, err = s.load(ctx, tx, id)
		return err
	})
	return d, err
}

// Purge deletes a document in the trash for good, with its files, text and
// claims. The bytes go after the commit; what is left behind when that fails
// belongs to no edition any more and is collected.
func (s *Service) Purge(ctx context.Context, p identity.Person, id uuid.UUID) error {
	return postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.authorize(ctx, tx, p, library.PurgeDocument, id); err != nil {
			return err
		}
		// Editions first, as Finish does, so that the two never wait for each other.
		editions, err := s.q.LockDocumentEditions(ctx, tx, id)
		if err != nil {
			return fmt.Errorf("lock editions: %w", err)
		}
		d, err := s.q.LockDocument(ctx, tx, id)
		if err != nil {
			return missing(fmt.Errorf("lock document: %w", err))
		}
		if d.TrashedAt == nil {
			return errNotTrashed
		}
		if err := s.q.DeleteDocument(ctx, tx, id); err != nil {
			return fmt.Errorf("delete document: %w", err)
		}
		for _, e := range editions {
			s.deleteBlobs(tx, blobKeys(e)...)
		}
		s.record(tx, d.LibraryID, id, library.OpRemoved, by(p))
		return nil
	})
}

// Found is a document that has certain bytes.
type Found struct {
	DocumentID uuid.UUID
	Title      string
	Trashed    bool
}

// FindBySHA256 gives the document whose file has this hash, so that a client
// need not send what the library has. It asks for no more than reading.
func (s *Service) FindBySHA256(ctx context.Context, p identity.Person, libraryID uuid.UUID, sha256 []byte) (Found, error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		return Found{}, err
	}
	row, err := s.q.DocumentBySHA256(ctx, s.pool, libraryID, sha256)
	if errors.Is(err, pgx.ErrNoRows) {
		return Found{}, fault.New(fault.NotFound, "file_not_found", "This library has no file with this SHA-256.")
	}
	if err != nil {
		return Found{}, postgres.Fault(fmt.Errorf("find document by hash: %w", err))
	}
	return Found{DocumentID: row.ID, Title: row.Title, Trashed: row.TrashedAt != nil}, nil
}

// LibraryFor gives the library of a document with which p may do action.
func (s *Service) LibraryFor(ctx context.Context, p identity.Person, action library.Action, id uuid.UUID) (uuid.UUID, error) {
	libraryID, err := s.q.DocumentLibrary(ctx, s.pool, id)
	if err != nil {
		return uuid.Nil, missing(fmt.Errorf("document: %w", err))
	}
	if _, err := s.authorizeIn(ctx, s.pool, p, action, libraryID, id); err != nil {
		return uuid.Nil, err
	}
	return libraryID, nil
}

// CheckNewEdition answers whether p may add a file to a document of this library,
// and whether that takes one: it must not be in the trash.
func (s *Service) CheckNewEdition(ctx context.Context, p identity.Person, libraryID, documentID uuid.UUID) error {
	in, err := s.LibraryFor(ctx, p, library.AddDocument, documentID)
	if err != nil {
		return err
	}
	if in != libraryID {
		return errNotFound
	}
	d, err := s.load(ctx, s.pool, documentID)
	if err != nil {
		return err
	}
	if d.TrashedAt != nil {
		return errTrashed
	}
	return nil
}

// Editions lists a document's files, the newest first.
func (s *Service) Editions(ctx context.Context, p identity.Person, documentID uuid.UUID) ([]EditionEntry, error) {
	if _, err := s.LibraryFor(ctx, p, library.ReadLibrary, documentID); err != nil {
		return nil, err
	}
	rows, err := s.q.Editions(ctx, s.pool, documentID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("editions: %w", err))
	}
	entries := make([]EditionEntry, len(rows))
	for i, r := range rows {
		entries[i] = EditionEntry{Edition: editionOf(r.Edition), CreatedAt: r.Edition.CreatedAt, Newest: i == 0}
		if r.PersonName != nil {
			entries[i].CreatedBy = &Person{ID: r.PersonID.UUID, Name: *r.PersonName}
		}
	}
	return entries, nil
}

// EditionFor gives an edition with which p may do action.
func (s *Service) EditionFor(ctx context.Context, p identity.Person, action library.Action, editionID uuid.UUID) (Edition, error) {
	e, err := s.editionRow(ctx, p, action, editionID)
	return editionOf(e), err
}

func (s *Service) editionRow(ctx context.Context, p identity.Person, action library.Action, editionID uuid.UUID) (documentdb.Edition, error) {
	e, err := s.q.Edition(ctx, s.pool, editionID)
	if err != nil {
		return documentdb.Edition{}, missing(fmt.Errorf("edition: %w", err))
	}
	if _, err := s.authorizeIn(ctx, s.pool, p, action, e.LibraryID, e.DocumentID); err != nil {
		return documentdb.Edition{}, err
	}
	return e, nil
}

// Pages is what a reader needs to lay out an edition before its text.
type Pages struct {
	TextVersion string // names what made the text
	Items       []PageInfo
	// Outline is the file's own, or made of the headings in its text where it has
	// none; OutlineFound tells of the latter.
	Outline      []OutlineItem
	OutlineFound bool
}

// PageInfo is a page without its text.
type PageInfo struct {
	Number   int
	Label    string
	Box      pagetext.Rect
	Rotation int
}

// Pages lists a ready edition's pages and its outline.
func (s *Service) Pages(ctx context.Context, p identity.Person, editionID uuid.UUID) (Pages, error) {
	e, err := s.editionRow(ctx, p, library.ReadDocument, editionID)
	if err != nil {
		return Pages{}, err
	}
	if State(e.State) != Ready {
		return Pages{}, errNotReady
	}
	rows, err := s.q.Pages(ctx, s.pool, editionID)
	if err != nil {
		return Pages{}, postgres.Fault(fmt.Errorf("pages: %w", err))
	}
	pages := Pages{TextVersion: deref(e.TextVersion), Items: make([]PageInfo, len(rows))}
	for i, r := range rows {
		pages.Items[i] = PageInfo{Number: int(r.Number), Label: r.Label, Box: rect(r.Box), Rotation: int(r.Rotation)}
	}
	if err := json.Unmarshal(e.Outline, &pages.Outline); err != nil {
		return Pages{}, fmt.Errorf("outline: %w", err)
	}
	if len(pages.Outline) == 0 {
		if pages.Outline, err = s.headings(ctx, editionID); err != nil {
			return Pages{}, err
		}
		pages.OutlineFound = len(pages.Outline) > 0
	}
	return pages, nil
}

// Page gives a ready edition's page with its text and words.
func (s *Service) Page(ctx context.Context, p identity.Person, editionID uuid.UUID, number int) (pagetext.Page, error) {
	e, err := s.editionRow(ctx, p, library.ReadDocument, editionID)
	if err != nil {
		return pagetext.Page{}, err
	}
	if State(e.State) != Ready {
		return pagetext.Page{}, errNotReady
	}
	r, err := s.q.Page(ctx, s.pool, editionID, int32(number))
	if errors.Is(err, pgx.ErrNoRows) {
		return pagetext.Page{}, errNoPage
	}
	if err != nil {
		return pagetext.Page{}, postgres.Fault(fmt.Errorf("page: %w", err))
	}
	page := pagetext.Page{Number: number, Label: r.Label, Box: rect(r.Box), Rotation: int(r.Rotation), Text: r.Text}
	if page.Blocks, err = decodeBlocks(r.Blocks); err != nil {
		return pagetext.Page{}, err
	}
	page.Words, err = s.words(ctx, deref(e.WordsKey), r.WordsOffset, r.WordsLength)
	return page, err
}

func (s *Service) words(ctx context.Context, key string, offset, length int64) ([]pagetext.Word, error) {
	in, err := s.blobs.Range(ctx, key, offset, length)
	if err != nil {
		return nil, fmt.Errorf("read words: %w", err)
	}
	defer func() { _ = in.Close() }()
	segment, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("read words: %w", err)
	}
	return decodeWords(segment)
}

// authorize answers whether p may do action with the document, and as what.
func (s *Service) authorize(ctx context.Context, db postgres.DBTX, p identity.Person, action library.Action, id uuid.UUID) (library.Role, error) {
	libraryID, err := s.q.DocumentLibrary(ctx, db, id)
	if err != nil {
		return "", missing(fmt.Errorf("document: %w", err))
	}
	return s.authorizeIn(ctx, db, p, action, libraryID, id)
}

// authorizeIn is library.AuthorizeDocument with the answer that a missing document
// gets, so that a stranger cannot tell the two apart.
func (s *Service) authorizeIn(ctx context.Context, db postgres.DBTX, p identity.Person, action library.Action, libraryID, id uuid.UUID) (library.Role, error) {
	role, err := s.library.AuthorizeDocument(ctx, db, p, action, libraryID, id)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return "", errNotFound
	}
	return role, err
}

// missing turns "no rows" into not found, and the database's other errors into
// their faults.
func missing(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return errNotFound
	}
	return postgres.Fault(err)
}

func (s *Service) claims(ctx context.Context, db postgres.DBTX, id uuid.UUID) ([]Claim, error) {
	rows, err := s.q.Claims(ctx, db, id)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("claims: %w", err))
	}
	claims := make([]Claim, len(rows))
	for i, r := range rows {
		claims[i] = Claim{
			Claim: csl.Claim{Field: r.Field, Source: csl.Source(r.Source), Value: r.Value, Confidence: float64(r.Confidence)},
			At:    r.At, Revision: r.Revision,
		}
		if r.PersonName != nil {
			claims[i].By = &Person{ID: r.PersonID.UUID, Name: *r.PersonName}
		}
	}
	markShown(claims)
	return claims, nil
}

// derive brings what is shown of a document in line with its claims.
func (s *Service) derive(ctx context.Context, tx *postgres.Tx, id uuid.UUID) error {
	claims, err := s.claims(ctx, tx, id)
	if err != nil {
		return err
	}
	d := derive(id, plain(claims))
	item, err := json.Marshal(d.item)
	if err != nil {
		return fmt.Errorf("derive metadata: %w", err)
	}
	before, err := s.q.DocumentLanguage(ctx, tx, id)
	if err != nil {
		return fmt.Errorf("document's language: %w", err)
	}
	if languageOf(before) != languageOf(d.item.Language) {
		if err := s.q.SetUnindexed(ctx, tx, id); err != nil {
			return fmt.Errorf("set unindexed: %w", err)
		}
	}
	if err := s.q.SetDerived(ctx, tx, documentdb.SetDerivedParams{
		ID: id, Title: d.title, Year: d.year, Csl: item, Listing: d.listing, UpdatedAt: s.clock.Now(),
	}); err != nil {
		return fmt.Errorf("store derived metadata: %w", err)
	}
	return nil
}

func (s *Service) record(tx *postgres.Tx, libraryID, documentID uuid.UUID, op string, actor uuid.NullUUID) {
	s.library.Record(tx, library.Change{LibraryID: libraryID, Kind: library.KindDocument, ObjectID: documentID, Op: op, Actor: actor})
}

// deleteBlobs removes blobs once nothing points at them for certain.
func (s *Service) deleteBlobs(tx *postgres.Tx, keys ...string) {
	tx.AfterCommit(func(ctx context.Context) { s.removeBlobs(ctx, keys...) })
}

// removeBlobs deletes what it can; the rest belongs to no edition and is
// collected later.
func (s *Service) removeBlobs(ctx context.Context, keys ...string) {
	for _, key := range keys {
		if key == "" {
			continue
		}
		if err := s.blobs.Delete(ctx, key); err != nil {
			s.cfg.Logger.WarnContext(ctx, "blob not deleted; it will be collected", slog.String("key", key), slog.Any("error", err))
		}
	}
}

func rect(box []float32) pagetext.Rect {
	var r pagetext.Rect
	copy(r[:], box)
	return r
}

func by(p identity.Person) uuid.NullUUID { return uuid.NullUUID{UUID: p.ID, Valid: true} }
