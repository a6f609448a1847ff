package ingest

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"
	"github.com/tus/tusd/v2/pkg/handler"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/ingest/internal/ingestdb"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// announced is a file as its client announces it.
type announced struct {
	libraryID uuid.UUID
	filename  string
	path      string
	size      int64
	sha256    []byte // nil when the client gave none
	// documentID is the document whose next edition it is to be; invalid for a
	// document of its own.
	documentID uuid.NullUUID
}

// readAnnouncement takes what tus sent as Upload-Length and Upload-Metadata.
func readAnnouncement(info handler.FileInfo) (announced, error) {
	a := announced{
		filename: CleanFilename(info.MetaData["filename"]),
		path:     cleanPath(info.MetaData["path"]),
		size:     info.Size,
	}
	var err error
	if a.libraryID, err = uuid.Parse(info.MetaData["library_id"]); err != nil {
		return a, errNoLibrary
	}
	if id := info.MetaData["document_id"]; id != "" {
		if a.documentID.UUID, err = uuid.Parse(id); err != nil {
			return a, errBadDocument
		}
		a.documentID.Valid = true
	}
	if hash := info.MetaData["sha256"]; hash != "" {
		if a.sha256, err = hex.DecodeString(hash); err != nil || len(a.sha256) != 32 {
			return a, errBadSHA256
		}
	}
	return a, nil
}

// create decides whether a file may be sent, and makes the row of its upload.
// What can be refused is refused here, before any byte is sent.
func (s *Service) create(ctx context.Context, info handler.FileInfo) (ingestdb.InsertUploadParams, error) {
	var row ingestdb.InsertUploadParams
	p, err := identity.FromContext(ctx)
	if err != nil {
		return row, err
	}
	a, err := readAnnouncement(info)
	if err != nil {
		return row, err
	}
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.AddDocument, a.libraryID); err != nil {
		return row, err
	}
	if a.documentID.Valid {
		if err := s.Documents.CheckNewEdition(ctx, p, a.libraryID, a.documentID.UUID); err != nil {
			return row, err
		}
	}
	switch {
	case a.size == 0:
		return row, errEmpty
	case a.size > s.cfg.MaxBytes:
		return row, s.errTooLarge()
	}
	if a.sha256 != nil {
		d, err := s.Documents.FindBySHA256(ctx, p, a.libraryID, a.sha256)
		switch {
		case err == nil:
			return row, fault.New(fault.Conflict, "duplicate", "This library already has this file.").
				With("document_id", d.DocumentID).With("document_title", d.Title).With("trashed", d.Trashed)
		case !isNotFound(err):
			return row, err
		}
	}
	if free, err := freeSpace(s.cfg.Dir); err == nil && free < uint64(a.size)+spaceReserve {
		return row, errFull
	}
	now := s.Clock.Now()
	row = ingestdb.InsertUploadParams{
		ID: uuid.Must(uuid.NewV7()), LibraryID: a.libraryID, PersonID: p.ID, Filename: a.filename, Path: a.path,
		Size: a.size, ClaimedSha256: a.sha256, ForDocumentID: a.documentID, CreatedAt: now, ExpiresAt: now.Add(s.cfg.Lifetime), MaxOpen: int64(s.cfg.MaxOpen),
	}
	n, err := s.q.InsertUpload(ctx, s.Pool, row)
	if err != nil {
		return row, postgres.Fault(fmt.Errorf("insert upload: %w", err))
	}
	if n == 0 {
		return row, errTooMany
	}
	return row, nil
}

// beforeCreate is tusd's hook for a new upload.
func (s *Service) beforeCreate(e handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
	row, err := s.create(e.Context, e.Upload)
	if err != nil {
		return handler.HTTPResponse{}, handler.FileInfoChanges{}, fail(e.Context, err)
	}
	return handler.HTTPResponse{}, handler.FileInfoChanges{
		ID:       row.ID.String(),
		MetaData: handler.MetaData{"filename": row.Filename, "library_id": row.LibraryID.String()},
	}, nil
}

func (s *Service) errTooLarge() error {
	return fault.New(fault.TooLarge, "too_large",
		fmt.Sprintf("This file is larger than %s, the most that this server takes.", humanBytes(s.cfg.MaxBytes))).
		With("max_bytes", s.cfg.MaxBytes)
}

// humanBytes writes a limit as people set it: 2 GiB, 64 MiB.
func humanBytes(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d bytes", n)
	}
	value, prefixes := float64(n)/unit, "KMGTP"
	for value >= unit && len(prefixes) > 1 {
		value, prefixes = value/unit, prefixes[1:]
	}
	return fmt.Sprintf("%.4g %ciB", value, prefixes[0])
}

// mine finds an upload of the person in ctx; to everybody else it does not exist.
func (s *Service) mine(ctx context.Context, uploadID string) (Upload, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return Upload{}, err
	}
	id, err := uuid.Parse(uploadID)
	if err != nil {
		return Upload{}, errNotFound
	}
	row, err := s.q.Upload(ctx, s.Pool, id)
	if noRows(err) || err == nil && row.PersonID != p.ID {
		return Upload{}, errNotFound
	}
	if err != nil {
		return Upload{}, postgres.Fault(fmt.Errorf("find upload: %w", err))
	}
	return uploadOf(row), nil
}

// mayStillAdd checks the role again, which may have changed since the upload
// began. Somebody who left the library hears that, not that it never existed.
func (s *Service) mayStillAdd(ctx context.Context, u Upload) error {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return err
	}
	_, err = s.Libraries.Authorize(ctx, s.Pool, p, library.AddDocument, u.LibraryID)
	if f, ok := fault.As(err); ok && (f.Kind == fault.NotFound || f.Kind == fault.Forbidden) {
		return errMayNotAdd
	}
	return err
}

func isNotFound(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.NotFound
}

// extend lets an upload that is alive live on. The row is written at most once
// a day, since every chunk comes by here.
func (s *Service) extend(ctx context.Context, u Upload) error {
	expires := s.Clock.Now().Add(s.cfg.Lifetime)
	if expires.Sub(u.ExpiresAt) < s.cfg.Lifetime/7 {
		return nil
	}
	if err := s.q.Extend(ctx, s.Pool, expires, u.ID); err != nil {
		return postgres.Fault(fmt.Errorf("extend upload: %w", err))
	}
	return nil
}

// end closes an open upload that will not become a document and removes its
// bytes. It reports false when the upload was not open any more.
func (s *Service) end(ctx context.Context, uploadID uuid.UUID, state State, problem string) (bool, error) {
	var code *string
	if problem != "" {
		code = &problem
	}
	// The row first: whoever finishes the upload at this moment has locked it,
	// and then its bytes belong to a document.
	n, err := s.q.EndUpload(ctx, s.Pool, ingestdb.EndUploadParams{
		ID: uploadID, State: string(state), ProblemCode: code, FinishedAt: s.Clock.Now(),
	})
	if err != nil {
		return false, postgres.Fault(fmt.Errorf("end upload: %w", err))
	}
	if n == 0 {
		return false, nil
	}
	return true, s.removeFiles(uploadID)
}

// gone describes an upload that ended without becoming a document.
func gone(u Upload) error {
	if u.State == Refused {
		return errGone.With("problem_code", u.ProblemCode)
	}
	return errGone
}
