package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/tus/tusd/v2/pkg/handler"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// finish acknowledges an upload whose bytes are all there: they are flushed to
// disk, then one transaction makes the document, unless it is to be an edition of
// one that is there, the edition, the change-log row and the job. It may be called again, by a client that did not get the
// answer, by another request, or by the tidy job, and gives the same upload.
func (s *Service) finish(ctx context.Context, id uuid.UUID) (Upload, error) {
	name := s.file(id)
	if err := flush(name); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return s.reread(ctx, s.Pool, id)
		}
		return Upload{}, diskFault(err)
	}
	// Each chunk was looked at when it came; this is for bytes that a server
	// which died had taken.
	if ok, err := isPDF(name); err != nil || !ok {
		if err == nil {
			err = s.refuse(ctx, id.String())
		}
		return Upload{}, err
	}
	var u Upload
	err := postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		row, err := s.q.FinishUpload(ctx, tx, uuid.Must(uuid.NewV7()), s.Clock.Now(), id)
		if noRows(err) {
			u, err = s.reread(ctx, tx, id)
			return err
		}
		if err != nil {
			return fmt.Errorf("finish upload: %w", err)
		}
		u = uploadOf(row)
		added := document.NewUpload{
			LibraryID: u.LibraryID, PersonID: u.PersonID, DocumentID: u.DocumentID.UUID, EditionID: u.ID, BlobKey: BlobKey(u.ID),
			Filename: u.Filename, Size: u.Size, ClaimedSHA256: u.claimedSHA256,
		}
		if row.ForDocumentID.Valid {
			err = s.Documents.AddEdition(ctx, tx, added)
		} else {
			_, _, err = s.Documents.AddUploaded(ctx, tx, added)
		}
		if err != nil {
			return err
		}
		return s.queueParse(ctx, tx, u.ID, "")
	})
	if errors.Is(err, document.ErrGone) {
		// The document was deleted while its next edition was on its way.
		if _, err := s.end(ctx, id, Refused, errDocumentGone.Code); err != nil {
			return Upload{}, err
		}
		return Upload{}, errDocumentGone
	}
	if err != nil {
		return Upload{}, err
	}
	// The size is in the database now. A note that stays is collected later.
	if err := os.Remove(name + infoSuffix); err != nil && !errors.Is(err, os.ErrNotExist) {
		s.cfg.Logger.WarnContext(ctx, "ingest: could not remove an upload's note", slog.Any("error", err))
	}
	return u, nil
}

// reread answers for an upload that is not open, or whose file is gone: one
// that somebody else finished, a duplicate that was dropped, a document that
// was deleted.
func (s *Service) reread(ctx context.Context, db postgres.DBTX, id uuid.UUID) (Upload, error) {
	row, err := s.q.Upload(ctx, db, id)
	if err != nil && !noRows(err) {
		return Upload{}, postgres.Fault(fmt.Errorf("find upload: %w", err))
	}
	u := uploadOf(row)
	if err != nil || !u.done() {
		return u, gone(u)
	}
	return u, nil
}

// done reports whether the upload was acknowledged.
func (u Upload) done() bool { return u.State == Finished || u.State == Duplicate }

// complete reports whether an open upload has all its bytes.
func (s *Service) complete(u Upload) bool {
	info, err := os.Stat(s.file(u.ID))
	return err == nil && info.Size() == u.Size
}

// beforeFinish is tusd's hook after the last byte, before it answers.
func (s *Service) beforeFinish(e handler.HookEvent) (handler.HTTPResponse, error) {
	id, err := uuid.Parse(e.Upload.ID)
	if err != nil {
		return handler.HTTPResponse{}, fail(e.Context, err)
	}
	u, err := s.finish(e.Context, id)
	if err != nil {
		return handler.HTTPResponse{}, fail(e.Context, err)
	}
	return handler.HTTPResponse{Header: outcome(u)}, nil
}

// outcome tells a client what its upload became.
func outcome(u Upload) handler.HTTPHeader {
	h := handler.HTTPHeader{"Scrollkeeper-Edition": u.ID.String()}
	if u.DocumentID.Valid {
		h["Scrollkeeper-Document"] = u.DocumentID.UUID.String()
	}
	return h
}

// isPDF looks at a stored file's first bytes.
func isPDF(name string) (bool, error) {
	f, err := os.Open(name) //nolint:gosec // a file of ours
	if err != nil {
		return false, fmt.Errorf("look for a PDF's beginning: %w", err)
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, extract.SniffLength)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, fmt.Errorf("look for a PDF's beginning: %w", err)
	}
	return extract.SniffPDF(head[:n]), nil
}

func noRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }
