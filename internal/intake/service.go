package intake

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/intake/internal/intakedb"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/unzip"
)

// Parts are the other parts of the program that imports need.
type Parts struct {
	Pool      *pgxpool.Pool
	Libraries *library.Service
	Documents *document.Service
	Blobs     blob.Store
	Jobs      *jobs.Client
	Clock     clock.Clock
	Logger    *slog.Logger // nil means slog.Default
	Files     Files
}

// Files says how the files of documents are kept and read, which is ingest's business.
type Files struct {
	// IsPDF looks at the first bytes of a file, up to 4096.
	IsPDF func(head []byte) bool
	// BlobKey is where the bytes of an edition are.
	BlobKey func(editionID uuid.UUID) string
	// Queue has a new edition parsed.
	Queue func(ctx context.Context, tx *postgres.Tx, editionID uuid.UUID) error
	// MaxBytes of one file.
	MaxBytes int64
}

// Service holds the use cases of imports.
type Service struct {
	Parts
	q *intakedb.Queries

	// OnAdded is told of documents in the transaction in which they come in. Set
	// in app; may be nil.
	OnAdded func(ctx context.Context, tx *postgres.Tx, b Batch) error
	// Kinds are the files that other features bring in, by their format. Set in app.
	Kinds map[biblio.Format]Kind
}

// New makes a Service.
func New(parts Parts) *Service {
	if parts.Logger == nil {
		parts.Logger = slog.Default()
	}
	return &Service{Parts: parts, q: intakedb.New()}
}

// Begin stores a file, a bibliography or an archive, and has it looked through. The format is told from its
// first bytes and its name.
func (s *Service) Begin(ctx context.Context, p identity.Person, libraryID uuid.UUID, filename string, file io.Reader) (Import, error) {
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.AddDocument, libraryID); err != nil {
		return Import{}, err
	}
	open, err := s.q.OpenImports(ctx, s.Pool, p.ID)
	if err != nil {
		return Import{}, postgres.Fault(fmt.Errorf("open imports: %w", err))
	}
	if open >= maxOpen {
		return Import{}, errOpen
	}
	counted := &counter{r: io.LimitReader(file, maxBytes+1)}
	buffered := bufio.NewReaderSize(counted, 64<<10)
	head, err := buffered.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return Import{}, fmt.Errorf("read the file: %w", err)
	}
	if len(head) == 0 {
		return Import{}, errEmpty
	}
	format, most := biblio.Detect(head, filename), int64(maxBytesOfRecords)
	if unzip.IsZIP(head) {
		format, most = Archive, maxBytes
	}
	if format == "" {
		return Import{}, errFormat
	}
	counted.r = io.LimitReader(counted.r, most-counted.n+1)
	id := uuid.Must(uuid.NewV7())
	key := blobKey(id)
	if err := s.Blobs.Put(ctx, key, buffered); err != nil {
		return Import{}, fmt.Errorf("store the file: %w", err)
	}
	if counted.n > most {
		s.removeBlob(ctx, key)
		return Import{}, errTooLarge
	}
	if format == Archive {
		if format, err = s.kindOf(ctx, key, counted.n); err != nil {
			s.removeBlob(context.WithoutCancel(ctx), key)
			return Import{}, err
		}
	}
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.q.InsertImport(ctx, tx, intakedb.InsertImportParams{
			ID: id, LibraryID: libraryID, PersonID: p.ID, Filename: cleanName(filename), Format: string(format),
			Size: counted.n, BlobKey: key, At: s.Clock.Now(),
		}); err != nil {
			return fmt.Errorf("insert import: %w", err)
		}
		_, err := s.Jobs.InsertTx(ctx, tx, CheckArgs{ImportID: id}, nil)
		return err
	})
	if err != nil {
		s.removeBlob(context.WithoutCancel(ctx), key)
		return Import{}, err
	}
	return s.Get(ctx, p, id)
}

func blobKey(id uuid.UUID) string { return "imports/" + id.String() }

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// cleanName is a file's name without folders and control characters.
func cleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > maxName {
		name = string(r[:maxName])
	}
	if name == "" {
		return "bibliography"
	}
	return name
}

// List gives p's newest imports into a library.
func (s *Service) List(ctx context.Context, p identity.Person, libraryID uuid.UUID) ([]Import, error) {
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, libraryID); err != nil {
		return nil, err
	}
	rows, err := s.q.PersonImports(ctx, s.Pool, libraryID, p.ID, maxListed)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("imports: %w", err))
	}
	imports := make([]Import, len(rows))
	for i, r := range rows {
		if imports[i], err = importOf(r); err != nil {
			return nil, err
		}
	}
	return imports, nil
}

// Get gives an import of p's.
func (s *Service) Get(ctx context.Context, p identity.Person, id uuid.UUID) (Import, error) {
	row, err := s.q.ImportByID(ctx, s.Pool, id)
	if err := s.mine(ctx, s.Pool, p, row, err, library.ReadLibrary); err != nil {
		return Import{}, err
	}
	return importOf(row)
}

// mine answers whether p may do action with an import that was looked for: it
// exists for the person who began it alone.
func (s *Service) mine(ctx context.Context, db postgres.DBTX, p identity.Person, row intakedb.Import, err error, action library.Action) error {
	if errors.Is(err, pgx.ErrNoRows) || err == nil && row.PersonID != p.ID {
		return errNotFound
	}
	if err != nil {
		return postgres.Fault(fmt.Errorf("import: %w", err))
	}
	_, err = s.Libraries.Authorize(ctx, db, p, action, row.LibraryID)
	return err
}

// Run has the records of a checked import come in.
func (s *Service) Run(ctx context.Context, p identity.Person, id uuid.UUID, o Options) (Import, error) {
	err := s.change(ctx, p, id, library.AddDocument, func(ctx context.Context, tx *postgres.Tx, row intakedb.Import) error {
		if State(row.State) != Checked {
			return errState
		}
		if err := s.q.SetRunning(ctx, tx, o.Folders, s.Clock.Now(), id); err != nil {
			return fmt.Errorf("set running: %w", err)
		}
		_, err := s.Jobs.InsertTx(ctx, tx, RunArgs{ImportID: id}, nil)
		return err
	})
	if err != nil {
		return Import{}, err
	}
	return s.Get(ctx, p, id)
}

// Undo moves what an import brought to the trash. What others added to its works
// is as it was before.
func (s *Service) Undo(ctx context.Context, p identity.Person, id uuid.UUID) (Import, error) {
	err := s.change(ctx, p, id, library.EditDocument, func(ctx context.Context, tx *postgres.Tx, row intakedb.Import) error {
		if State(row.State) != Done {
			return errState
		}
		ids, err := s.q.Imported(ctx, tx, id)
		if err != nil {
			return fmt.Errorf("imported documents: %w", err)
		}
		if err := s.Documents.TakeBack(ctx, tx, p.ID, row.LibraryID, ids); err != nil {
			return err
		}
		return s.setState(ctx, tx, id, Undone, "")
	})
	if err != nil {
		return Import{}, err
	}
	return s.Get(ctx, p, id)
}

// Discard forgets an import; what it brought stays.
func (s *Service) Discard(ctx context.Context, p identity.Person, id uuid.UUID) error {
	return s.change(ctx, p, id, library.ReadLibrary, func(ctx context.Context, tx *postgres.Tx, row intakedb.Import) error {
		if State(row.State) == Running {
			return errState
		}
		if err := s.q.DeleteImport(ctx, tx, id); err != nil {
			return fmt.Errorf("delete import: %w", err)
		}
		tx.AfterCommit(func(ctx context.Context) { s.removeBlob(ctx, row.BlobKey) })
		return nil
	})
}

func (s *Service) change(ctx context.Context, p identity.Person, id uuid.UUID, action library.Action,
	fn func(context.Context, *postgres.Tx, intakedb.Import) error,
) error {
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		row, err := s.q.LockImport(ctx, tx, id)
		if err := s.mine(ctx, tx, p, row, err, action); err != nil {
			return err
		}
		return fn(ctx, tx, row)
	})
}

func (s *Service) setState(ctx context.Context, tx *postgres.Tx, id uuid.UUID, state State, failure string) error {
	if err := s.q.SetState(ctx, tx, intakedb.SetStateParams{ID: id, State: string(state), Failure: failure, At: s.Clock.Now()}); err != nil {
		return fmt.Errorf("set state: %w", err)
	}
	return nil
}

func (s *Service) removeBlob(ctx context.Context, key string) {
	if err := s.Blobs.Delete(ctx, key); err != nil {
		s.Logger.WarnContext(ctx, "the file of an import was not deleted; it will be swept", slog.String("key", key), slog.Any("error", err))
	}
}

// lifetime is how long an import is remembered that nothing happens to. Its
// documents stay.
const lifetime = 30 * 24 * time.Hour

// Sweep forgets old imports, with their files.
func (s *Service) Sweep(ctx context.Context) error {
	rows, err := s.q.OldImports(ctx, s.Pool, s.Clock.Now().Add(-lifetime))
	if err != nil {
		return postgres.Fault(fmt.Errorf("old imports: %w", err))
	}
	for _, r := range rows {
		if err := s.Blobs.Delete(ctx, r.BlobKey); err != nil {
			return fmt.Errorf("delete the file of an import: %w", err)
		}
		if err := s.q.DeleteImport(ctx, s.Pool, r.ID); err != nil {
			return postgres.Fault(fmt.Errorf("delete import: %w", err))
		}
	}
	return nil
}

func importOf(r intakedb.Import) (Import, error) {
	i := Import{
		ID: r.ID, LibraryID: r.LibraryID, PersonID: r.PersonID, Filename: r.Filename, Format: biblio.Format(r.Format), Size: r.Size, State: State(r.State),
		Total: int(r.Total), Fresh: int(r.Fresh), Present: int(r.Present), Repeated: int(r.Repeated), Passed: int(r.Passed), Added: int(r.Added),
		ProblemCount: int(r.ProblemCount), Failure: r.Failure, CreatedAt: r.CreatedAt,
		FilesPassed: int(r.FilesPassed), FilesAdded: int(r.FilesAdded),
	}
	if err := json.Unmarshal(r.Contents, &i.Contents); err != nil {
		return Import{}, fmt.Errorf("contents of an import: %w", err)
	}
	if err := json.Unmarshal(r.Problems, &i.Problems); err != nil {
		return Import{}, fmt.Errorf("problems of an import: %w", err)
	}
	return i, nil
}
