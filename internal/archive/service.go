package archive

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

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/archive/internal/archivedb"
	"scrollkeeper.example/scrollkeeper/internal/cite"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/organise"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// State is how far an archive has come: preparing, then ready or failed.
type State string

// The states of an archive.
const (
	Preparing State = "preparing"
	Ready     State = "ready"
	Failed    State = "failed"
)

// Choice says what of a library goes out: all of it, or one collection with what
// is under it, or some documents.
type Choice struct {
	CollectionID uuid.NullUUID `json:"collection_id"`
	DocumentIDs  []uuid.UUID   `json:"document_ids,omitempty"`
	// Private adds the asking person's own private marks. Those of others are
	// nobody's business.
	Private bool `json:"private"`
}

// Archive is a library, or a part of one, that somebody takes out.
type Archive struct {
	ID        uuid.UUID
	LibraryID uuid.UUID
	Name      string // of the ZIP, without its ending
	State     State
	Works     int
	Files     int
	Missing   int // files that could not be read
	// Passed of Total is how far it is prepared, in no unit.
	Passed, Total int64
	Size          int64 // bytes of the ZIP; known when ready
	Failure       string
	CreatedAt     time.Time

	choice   Choice
	personID uuid.UUID
}

const (
	maxChosen = 10_000
	maxOpen   = 100 // archives of one person that are kept
	maxListed = 5
	// lifetime is how long an archive can be fetched.
	lifetime = 24 * time.Hour
)

var (
	errNotFound     = fault.New(fault.NotFound, "archive_not_found", "There is no such archive, or it is not yours. It is kept for a day; make it again.")
	errNoDocument   = fault.New(fault.NotFound, "document_not_found", "Of these documents, one is not in this library or is in its trash.")
	errNoCollection = fault.New(fault.NotFound, "collection_not_found", "There is no such collection in this library.")
	errChoice       = fault.New(fault.Invalid, "bad_choice", "Choose a collection, or between 1 and 10,000 documents, or leave both out for the whole library.")
	errOpen         = fault.New(fault.Conflict, "too_many_archives", "You have made many archives today. Discard one of them first.")
	errPreparing    = fault.New(fault.Conflict, "archive_not_ready", "This archive is still being prepared. Try again when it is ready.")
	errFailed       = fault.New(fault.Conflict, "archive_failed", "This archive could not be prepared. Make it again.")
)

// Parts are the other parts of the program that archives need.
type Parts struct {
	Pool      *pgxpool.Pool
	Libraries *library.Service
	Documents *document.Service
	Organise  *organise.Service
	Marks     *annotation.Service
	Cite      *cite.Service
	Ingest    *ingest.Service
	Blobs     blob.Store
	Jobs      *jobs.Client
	Clock     clock.Clock
	TempDir   string // for what is written while an archive is prepared; empty for the system's
	Version   string // of the program
	Logger    *slog.Logger
}

// Service holds the use cases.
type Service struct {
	Parts
	q *archivedb.Queries
}

// New makes a Service.
func New(parts Parts) *Service {
	if parts.Logger == nil {
		parts.Logger = slog.Default()
	}
	return &Service{Parts: parts, q: archivedb.New()}
}

// Begin has an archive prepared of what p may see of a library.
func (s *Service) Begin(ctx context.Context, p identity.Person, libraryID uuid.UUID, c Choice) (Archive, error) {
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, libraryID); err != nil {
		return Archive{}, err
	}
	if c.CollectionID.Valid && c.DocumentIDs != nil || c.DocumentIDs != nil && (len(c.DocumentIDs) == 0 || len(c.DocumentIDs) > maxChosen) {
		return Archive{}, errChoice
	}
	if err := s.there(ctx, s.Pool, libraryID, &c); err != nil {
		return Archive{}, err
	}
	open, err := s.q.OpenArchives(ctx, s.Pool, p.ID)
	if err != nil {
		return Archive{}, postgres.Fault(fmt.Errorf("open archives: %w", err))
	}
	if open >= maxOpen {
		return Archive{}, errOpen
	}
	name, err := s.q.LibraryName(ctx, s.Pool, libraryID)
	if err != nil {
		return Archive{}, postgres.Fault(fmt.Errorf("name of library: %w", err))
	}
	encoded, err := json.Marshal(c)
	if err != nil {
		return Archive{}, fmt.Errorf("choice: %w", err)
	}
	id, now := uuid.Must(uuid.NewV7()), s.Clock.Now()
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.q.InsertArchive(ctx, tx, archivedb.InsertArchiveParams{
			ID: id, LibraryID: libraryID, PersonID: p.ID, Choice: encoded, Name: safeName(name) + " " + now.Format(time.DateOnly), At: now,
		}); err != nil {
			return fmt.Errorf("insert archive: %w", err)
		}
		_, err := s.Jobs.InsertTx(ctx, tx, PrepareArgs{ArchiveID: id}, nil)
		return err
	})
	if err != nil {
		return Archive{}, err
	}
	return s.Get(ctx, p, id)
}

// there checks a choice and makes of a collection those that are under it.
func (s *Service) there(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID, c *Choice) error {
	switch {
	case c.CollectionID.Valid:
		ids, err := s.q.Under(ctx, db, c.CollectionID.UUID, libraryID)
		if err != nil {
			return postgres.Fault(fmt.Errorf("collection: %w", err))
		}
		if len(ids) == 0 {
			return errNoCollection
		}
	case c.DocumentIDs != nil:
		seen := map[uuid.UUID]bool{}
		for _, id := range c.DocumentIDs {
			seen[id] = true
		}
		n, err := s.q.CountChosen(ctx, db, libraryID, c.DocumentIDs)
		if err != nil {
			return postgres.Fault(fmt.Errorf("chosen documents: %w", err))
		}
		if int(n) != len(seen) {
			return errNoDocument
		}
	}
	return nil
}

// List gives p's newest archives of a library.
func (s *Service) List(ctx context.Context, p identity.Person, libraryID uuid.UUID) ([]Archive, error) {
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, libraryID); err != nil {
		return nil, err
	}
	rows, err := s.q.PersonArchives(ctx, s.Pool, libraryID, p.ID, maxListed)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("archives: %w", err))
	}
	list := make([]Archive, len(rows))
	for i, row := range rows {
		if list[i], err = archiveOf(row); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Get gives an archive of p's.
func (s *Service) Get(ctx context.Context, p identity.Person, id uuid.UUID) (Archive, error) {
	row, err := s.q.ArchiveByID(ctx, s.Pool, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && row.PersonID != p.ID {
		return Archive{}, errNotFound
	}
	if err != nil {
		return Archive{}, postgres.Fault(fmt.Errorf("archive: %w", err))
	}
	// Who left the library takes nothing more out of it.
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, row.LibraryID); err != nil {
		if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
			return Archive{}, errNotFound
		}
		return Archive{}, err
	}
	return archiveOf(row)
}

// Discard forgets an archive.
func (s *Service) Discard(ctx context.Context, p identity.Person, id uuid.UUID) error {
	if _, err := s.Get(ctx, p, id); err != nil {
		return err
	}
	return s.forget(ctx, id)
}

func (s *Service) forget(ctx context.Context, id uuid.UUID) error {
	for _, key := range []string{planKey(id), dataKey(id)} {
		if err := s.Blobs.Delete(ctx, key); err != nil {
			return fmt.Errorf("delete what was prepared: %w", err)
		}
	}
	if err := s.q.DeleteArchive(ctx, s.Pool, id); err != nil {
		return postgres.Fault(fmt.Errorf("delete archive: %w", err))
	}
	return nil
}

// Content is a ZIP ready to be sent, from any place on.
type Content struct {
	io.ReadSeeker
	Name    string // without its ending
	Size    int64  // bytes
	ModTime time.Time
	close   func()
}

// Close must be called in the end.
func (c *Content) Close() { c.close() }

// Open gives the ZIP of an archive of p's.
func (s *Service) Open(ctx context.Context, p identity.Person, id uuid.UUID) (*Content, error) {
	a, err := s.Get(ctx, p, id)
	switch {
	case err != nil:
		return nil, err
	case a.State == Preparing:
		return nil, errPreparing
	case a.State == Failed:
		return nil, errFailed
	}
	pieces, err := s.plan(ctx, id)
	if fault.Is(err, "blob_not_found") {
		return nil, errNotFound
	}
	if err != nil {
		return nil, err
	}
	zip := assemble(ctx, s.Blobs, pieces, a.CreatedAt)
	return &Content{ReadSeeker: zip, Name: a.Name, Size: zip.Size(), ModTime: a.CreatedAt, close: zip.Close}, nil
}

func (s *Service) plan(ctx context.Context, id uuid.UUID) ([]piece, error) {
	r, err := s.Blobs.Range(ctx, planKey(id), 0, -1)
	if err != nil {
		return nil, fmt.Errorf("plan of archive %s: %w", id, err)
	}
	defer func() { _ = r.Close() }()
	var pieces []piece
	if err := json.NewDecoder(r).Decode(&pieces); err != nil {
		return nil, fmt.Errorf("plan of archive %s: %w", id, err)
	}
	return pieces, nil
}

// blobPrefix begins the keys of what was prepared.
const blobPrefix = "archives/"

func planKey(id uuid.UUID) string { return blobPrefix + id.String() + "/plan" }
func dataKey(id uuid.UUID) string { return blobPrefix + id.String() + "/data" }

func archiveOf(r archivedb.Archive) (Archive, error) {
	a := Archive{
		ID: r.ID, LibraryID: r.LibraryID, Name: r.Name, State: State(r.State), Works: int(r.Works), Files: int(r.Files), Missing: int(r.Missing),
		Passed: r.Passed, Total: r.Total, Size: r.Size, Failure: r.Failure, CreatedAt: r.CreatedAt, personID: r.PersonID,
	}
	if err := json.Unmarshal(r.Choice, &a.choice); err != nil {
		return a, fmt.Errorf("choice of archive %s: %w", r.ID, err)
	}
	return a, nil
}

func urn(id uuid.UUID) string { return "urn:uuid:" + id.String() }
