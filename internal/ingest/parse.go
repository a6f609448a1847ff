package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// ParseArgs ask for an edition to be checked and parsed.
type ParseArgs struct {
	EditionID uuid.UUID `json:"edition_id"`
	// Password opens an encrypted file. It stands in the database while the
	// job is unfinished and is removed when the job ends.
	Password string `json:"password,omitempty"`
}

// Kind names the job.
func (ParseArgs) Kind() string { return parseKind }

const (
	parseKind = "parse_edition"
	// parseLimit bounds one try with everything around it. The extractor has
	// closer limits of its own, by size and pages.
	parseLimit = time.Hour
)

type parser struct{ s *Service }

// TimeLimit implements jobs.TimeLimiter.
func (parser) TimeLimit() time.Duration { return parseLimit }

// Work implements jobs.Worker.
func (p parser) Work(ctx context.Context, job *jobs.Job[ParseArgs]) error {
	err := p.s.parse(ctx, job.Args)
	if over(err) {
		// Deleted meanwhile, finished, or taken over by another worker.
		err = nil
	}
	if err == nil {
		return p.forgetPassword(ctx, job)
	}
	return err
}

// SetAside implements jobs.SetAsider: the edition fails with the reason.
func (p parser) SetAside(ctx context.Context, job *jobs.Job[ParseArgs], cause error) error {
	kind := failInternal
	if errors.Is(cause, jobs.ErrCrashed) {
		kind = failCrashed
	}
	err := p.s.setAside(ctx, job.Args.EditionID, kind)
	return errors.Join(err, p.forgetPassword(ctx, job))
}

func (p parser) forgetPassword(ctx context.Context, job *jobs.Job[ParseArgs]) error {
	if job.Args.Password == "" {
		return nil
	}
	return p.s.Jobs.RemoveArg(ctx, job.ID, "password")
}

func (s *Service) setAside(ctx context.Context, editionID uuid.UUID, kind string) error {
	err := postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return s.Documents.SetAside(ctx, tx, editionID, kind, failures[kind])
	})
	if over(err) {
		return nil
	}
	return err
}

// over reports that there is nothing more to do for an attempt.
func over(err error) bool {
	return errors.Is(err, document.ErrStale) || errors.Is(err, document.ErrGone)
}

// parse takes an edition from queued to ready or failed. Its errors are the
// machine's and worth trying again, except those that over reports.
func (s *Service) parse(ctx context.Context, args ParseArgs) error {
	a, err := s.Documents.BeginAttempt(ctx, args.EditionID)
	if err != nil {
		return err
	}
	sum, err := s.checksum(ctx, a.BlobKey, a.Size)
	switch {
	case errors.Is(err, errLost):
		return s.Documents.Fail(ctx, a, failLost, failures[failLost])
	case err != nil:
		return err
	case a.ClaimedSHA256 != nil && !bytes.Equal(sum, a.ClaimedSHA256):
		return s.Documents.Fail(ctx, a, failChecksum, failures[failChecksum])
	}
	err = s.Documents.SetChecked(ctx, a, sum)
	if dup, ok := errors.AsType[*document.DuplicateError](err); ok {
		return s.dropDuplicate(ctx, a, dup.DocumentID)
	}
	if err != nil {
		return err
	}
	return s.extract(ctx, a, args.Password)
}

// errLost means that a file's bytes are not what was acknowledged.
var errLost = errors.New("ingest: bytes are missing")

// checksum is the SHA-256 of a stored file, which must have its full size.
func (s *Service) checksum(ctx context.Context, key string, size int64) ([]byte, error) {
	f, err := s.Blobs.Open(ctx, key)
	if isNotFound(err) {
		return nil, errLost
	}
	if err != nil {
		return nil, fmt.Errorf("checksum: %w", err)
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	n, err := io.CopyBuffer(h, contextReader{ctx, f}, make([]byte, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("checksum: %w", err)
	}
	if n != size {
		return nil, fmt.Errorf("%w: %d of %d", errLost, n, size)
	}
	return h.Sum(nil), nil
}

// contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// dropDuplicate removes a document whose bytes the library has already, and
// tells its uploader, and nobody else, which document that is.
func (s *Service) dropDuplicate(ctx context.Context, a document.Attempt, existing uuid.UUID) error {
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.Documents.DropDuplicate(ctx, tx, a); err != nil {
			return err
		}
		personID, err := s.q.MarkDuplicate(ctx, tx, existing, a.EditionID)
		if noRows(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("mark duplicate: %w", err)
		}
		s.Libraries.Record(tx, library.Change{
			LibraryID: a.LibraryID, Kind: library.KindUpload, ObjectID: a.EditionID, Op: library.OpDuplicate,
			Audience: uuid.NullUUID{UUID: personID, Valid: true},
		})
		return nil
	})
}

// extract has the file parsed in a child process and stores what comes.
func (s *Service) extract(ctx context.Context, a document.Attempt, password string) error {
	path, release, err := s.Blobs.LocalFile(ctx, a.BlobKey)
	if err != nil {
		return err
	}
	defer release()
	pages, err := s.Documents.NewPageWriter()
	if err != nil {
		return err
	}
	defer func() { _ = pages.Close() }()
	news := progress{s: s, attempt: a}
	result, err := s.Extractor.Extract(ctx, path, extract.Options{
		Password: password,
		Filename: a.Filename,
		OnInfo: func(info extract.Info) error {
			news.publish(ctx, 0, info.PageCount)
			return nil
		},
		OnPage: func(page pagetext.Page) error {
			if err := pages.Add(page); err != nil {
				return err
			}
			news.publish(ctx, page.Number, 0)
			return nil
		},
	})
	if failure, ok := extract.AsError(err); ok {
		if a.Reparse { // what was read before stays
			s.cfg.Logger.WarnContext(ctx, "ingest: a file could not be read again",
				slog.String("edition", a.EditionID.String()), slog.String("failure", string(failure.Kind)))
			return nil
		}
		return s.Documents.Fail(ctx, a, string(failure.Kind), failure.Message)
	}
	if err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	return s.Documents.Finish(ctx, a, document.Result{
		PageCount:   result.PageCount,
		TextVersion: result.TextVersion,
		Outline:     outline(result.Outline),
		Claims:      result.Metadata,
		References:  references(result.References),
		Citations:   citations(result.Citations),
		Thumbnail:   result.Thumbnail,
		FailedPages: failedPages(result.FailedPages),
		Pages:       pages,
		OnReady: func(ctx context.Context, tx *postgres.Tx) error {
			// What is read again has been looked at, and maybe taken out again.
			if !a.Reparse {
				if _, err := s.Jobs.InsertTx(ctx, tx, JoinArgs{EditionID: a.EditionID}, nil); err != nil {
					return err
				}
			}
			if s.OnReady == nil {
				return nil
			}
			return s.OnReady(ctx, tx, a, result.Annotations)
		},
	})
}

func outline(items []extract.OutlineItem) []document.OutlineItem {
	out := make([]document.OutlineItem, len(items))
	for i, item := range items {
		out[i] = document.OutlineItem{Title: item.Title, Page: item.Page, Level: item.Level}
	}
	return out
}

func failedPages(list []extract.FailedPage) []document.FailedPage {
	out := make([]document.FailedPage, len(list))
	for i, f := range list {
		out[i] = document.FailedPage{Page: f.Page, Kind: string(f.Kind)}
	}
	return out
}

func references(list []extract.Reference) []document.Reference {
	out := make([]document.Reference, len(list))
	for i, r := range list {
		out[i] = document.Reference{Item: r.Item, Raw: r.Raw, Page: r.Page, Boxes: r.Boxes}
	}
	return out
}

func citations(list []extract.Citation) []document.Citation {
	out := make([]document.Citation, len(list))
	for i, c := range list {
		out[i] = document.Citation{TextRange: document.TextRange{Page: c.Page, Start: c.Start, End: c.End}, References: c.References}
	}
	return out
}
