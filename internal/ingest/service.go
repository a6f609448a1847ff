package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/ingest/internal/ingestdb"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Defaults and bounds.
const (
	DefaultMaxBytes     = 2 << 30
	DefaultMaxTransfers = 256
	DefaultMaxOpen      = 1000
	// DefaultLifetime is how long an unfinished upload is kept after its last chunk.
	DefaultLifetime = 7 * 24 * time.Hour

	// uploadsShown is how many uploads the list gives.
	uploadsShown = 200
)

// Config says where uploads go and what bounds them. Zero values are the defaults.
type Config struct {
	// Dir holds the files of uploads, one named after each upload's id: the
	// folder in which Parts.Blobs finds the blobs uploads/<id>.
	Dir string
	// MaxBytes is the largest file that is taken. Default 2 GiB.
	MaxBytes int64
	// MaxTransfers bounds the requests that carry bytes at the same time in
	// this process. Default 256.
	MaxTransfers int
	// MaxOpen bounds one person's unfinished uploads. Default 1,000.
	MaxOpen int
	// Lifetime of an unfinished upload after its last chunk. Default 7 days.
	Lifetime time.Duration
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// Extractor reads a PDF. *extract.Error says why a file cannot be read; any
// other error is the machine's and worth trying again.
type Extractor interface {
	Extract(ctx context.Context, path string, opts extract.Options) (*extract.Result, error)
}

// FromPool is the Extractor that parses in the pool's child processes.
func FromPool(pool *extract.Pool) Extractor { return poolExtractor{pool} }

type poolExtractor struct{ pool *extract.Pool }

func (e poolExtractor) Extract(ctx context.Context, path string, opts extract.Options) (*extract.Result, error) {
	return extract.Run(ctx, e.pool, path, opts)
}

// Parts are the other parts of the program that ingest works with.
type Parts struct {
	Pool      *pgxpool.Pool
	Libraries *library.Service
	Documents *document.Service
	Jobs      *jobs.Client
	News      library.Publisher
	Clock     clock.Clock
	// Blobs and Extractor are needed only where jobs run.
	Blobs     blob.Store
	Extractor Extractor
}

// Service takes uploads and runs the jobs that follow them.
type Service struct {
	Parts
	cfg Config
	q   *ingestdb.Queries

	tus   *handler.UnroutedHandler
	files filestore.FileStore
	// transfers has one token for each request that may carry bytes.
	transfers chan struct{}
	// OnReady is told in the transaction in which an edition becomes ready, with
	// the marks that its file has; it may insert jobs and nothing else. Set in
	// app; may be nil.
	OnReady func(ctx context.Context, tx *postgres.Tx, a document.Attempt, marks []pdfmark.Mark) error

	// stopping ends all transfers when it is cancelled.
	stopping context.Context
	stop     context.CancelCauseFunc
}

// New makes the service and the folder for uploads.
func New(parts Parts, cfg Config) (*Service, error) {
	setDefault(&cfg.MaxBytes, DefaultMaxBytes)
	setDefault(&cfg.MaxTransfers, DefaultMaxTransfers)
	setDefault(&cfg.MaxOpen, DefaultMaxOpen)
	setDefault(&cfg.Lifetime, DefaultLifetime)
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("ingest: folder for uploads: %w", err)
	}
	s := &Service{
		Parts: parts, cfg: cfg, q: ingestdb.New(),
		files:     filestore.New(cfg.Dir),
		transfers: make(chan struct{}, cfg.MaxTransfers),
	}
	s.stopping, s.stop = context.WithCancelCause(context.Background())
	tus, err := s.newTus()
	if err != nil {
		return nil, fmt.Errorf("ingest: %w", err)
	}
	s.tus = tus
	return s, nil
}

func setDefault[T int | int64 | time.Duration](v *T, def T) {
	if *v <= 0 {
		*v = def
	}
}

// StopTransfers ends the requests that carry bytes, each keeping what it has
// received, so that a server which is stopping need not wait for them. Their
// clients are told to come back, and go on where they were.
func (s *Service) StopTransfers() { s.stop(handler.ErrServerShutdown) }

// Uploads lists the person's newest uploads in a library.
func (s *Service) Uploads(ctx context.Context, p identity.Person, libraryID uuid.UUID) ([]Upload, error) {
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, libraryID); err != nil {
		return nil, err
	}
	rows, err := s.q.PersonUploads(ctx, s.Pool, libraryID, p.ID, uploadsShown)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("list uploads: %w", err))
	}
	uploads := make([]Upload, len(rows))
	for i, r := range rows {
		uploads[i] = uploadOf(r)
	}
	return uploads, nil
}

// Retry has an edition parsed again that failed, or that is ready without some
// of its pages: that one stays as it is until then. The password is needed only
// for an encrypted file; it stays in the job until the job ends.
func (s *Service) Retry(ctx context.Context, p identity.Person, editionID uuid.UUID, password string) (document.Edition, error) {
	failed, err := s.Documents.EditionFor(ctx, p, library.EditDocument, editionID)
	if err != nil {
		return document.Edition{}, err
	}
	if password != "" && !wantsPassword(failed.Failure) {
		return document.Edition{}, errNoPasswordNeeded
	}
	if failed.State == document.Ready && len(failed.FailedPages) > 0 {
		return failed, postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := s.queueReparse(ctx, tx, editionID, 0)
			return err
		})
	}
	var edition document.Edition
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		var err error
		edition, err = s.Documents.Requeue(ctx, tx, editionID, uuid.NullUUID{UUID: p.ID, Valid: true})
		if errors.Is(err, document.ErrGone) {
			return errNoDocument
		}
		if err != nil {
			return err
		}
		return s.queueParse(ctx, tx, editionID, password)
	})
	return edition, err
}

func wantsPassword(f *document.Failure) bool {
	return f != nil && (f.Kind == string(extract.KindPasswordRequired) || f.Kind == string(extract.KindWrongPassword))
}

// queueParse inserts the job of an edition that just became queued. Becoming
// queued happens once per edition and retry, which makes the job unique; a
// uniqueness rule of the queue would refuse it while the last one is still
// being marked as ended.
func (s *Service) queueParse(ctx context.Context, tx *postgres.Tx, editionID uuid.UUID, password string) error {
	_, err := s.Jobs.InsertTx(ctx, tx, ParseArgs{EditionID: editionID, Password: password}, &jobs.InsertOpts{Queue: jobs.QueueParse})
	return err
}

func (s *Service) file(uploadID uuid.UUID) string {
	return filepath.Join(s.cfg.Dir, uploadID.String())
}

func uploadOf(r ingestdb.Upload) Upload {
	u := Upload{
		ID: r.ID, LibraryID: r.LibraryID, PersonID: r.PersonID, Filename: r.Filename, Path: r.Path, Size: r.Size,
		State: State(r.State), DocumentID: r.DocumentID, CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt,
		claimedSHA256: r.ClaimedSha256,
	}
	if r.ProblemCode != nil {
		u.ProblemCode = *r.ProblemCode
	}
	return u
}
