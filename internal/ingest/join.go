package ingest

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// JoinArgs ask for a file that was read to go to the record of its work, where
// there is one for certain.
type JoinArgs struct {
	EditionID uuid.UUID `json:"edition_id"`
}

// Kind names the job.
func (JoinArgs) Kind() string { return "join_record" }

type joiner struct{ s *Service }

// Work implements jobs.Worker.
func (w joiner) Work(ctx context.Context, job *jobs.Job[JoinArgs]) error {
	return w.s.Documents.Join(ctx, job.Args.EditionID, w.s.joined)
}

// joined has the upload lead to where the file is now, and tells its uploader.
func (s *Service) joined(ctx context.Context, tx *postgres.Tx, j document.Joined) error {
	personID, err := s.q.MarkJoined(ctx, tx, uuid.NullUUID{UUID: j.To, Valid: true}, j.EditionID)
	if noRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("mark joined: %w", err)
	}
	s.Libraries.Record(tx, library.Change{
		LibraryID: j.LibraryID, Kind: library.KindUpload, ObjectID: j.EditionID, Op: library.OpJoined,
		Audience: uuid.NullUUID{UUID: personID, Valid: true},
	})
	return nil
}

// Queue has an edition parsed that came by another way than an upload; its bytes
// are at BlobKey.
func (s *Service) Queue(ctx context.Context, tx *postgres.Tx, editionID uuid.UUID) error {
	return s.queueParse(ctx, tx, editionID, "")
}

// MaxBytes is the largest file that is taken.
func (s *Service) MaxBytes() int64 { return s.cfg.MaxBytes }
