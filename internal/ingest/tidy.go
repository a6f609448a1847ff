package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

const (
	tidyBatch = 500
	// collectAge is how old a file must be before it is deleted for belonging
	// to nothing. A row may come after its file by as long as a request takes.
	collectAge = 24 * time.Hour
)

// Tidy does what a process that died left undone. It is safe to run at any
// time, beside anything.
func (s *Service) Tidy(ctx context.Context) error {
	return errors.Join(s.finishComplete(ctx), s.expire(ctx), s.failOrphans(ctx))
}

// finishComplete records uploads all of whose bytes came, but whose server died
// or lost the database before it could say so.
func (s *Service) finishComplete(ctx context.Context) error {
	for after := uuid.Nil; ; {
		rows, err := s.q.OpenUploads(ctx, s.Pool, after, tidyBatch)
		if err != nil {
			return postgres.Fault(fmt.Errorf("list open uploads: %w", err))
		}
		for _, row := range rows {
			after = row.ID
			if !s.complete(Upload{ID: row.ID, Size: row.Size}) {
				continue
			}
			if _, err := s.finish(ctx, row.ID); err != nil {
				s.cfg.Logger.WarnContext(ctx, "ingest: could not finish an upload that is complete",
					slog.String("upload", row.ID.String()), slog.Any("error", err))
			}
		}
		if len(rows) < tidyBatch {
			return nil
		}
	}
}

// expire ends uploads that were left alone.
func (s *Service) expire(ctx context.Context) error {
	for {
		ids, err := s.q.ExpiredUploads(ctx, s.Pool, s.Clock.Now(), tidyBatch)
		if err != nil {
			return postgres.Fault(fmt.Errorf("list expired uploads: %w", err))
		}
		for _, id := range ids {
			if _, err := s.end(ctx, id, Expired, ""); err != nil {
				return err
			}
		}
		if len(ids) < tidyBatch {
			return nil
		}
	}
}

// failOrphans fails editions that wait for a job which is no more: it was given
// up while the database was away. Their people can try again.
func (s *Service) failOrphans(ctx context.Context) error {
	for after := uuid.Nil; ; {
		ids, err := s.q.UnfinishedEditions(ctx, s.Pool, after, tidyBatch)
		if err != nil {
			return postgres.Fault(fmt.Errorf("list unfinished editions: %w", err))
		}
		names := make([]string, len(ids))
		for i, id := range ids {
			after, names[i] = id, id.String()
		}
		// Read after the editions: a job that ends in between has finished its
		// edition first, and then setAside finds nothing to do.
		waiting, err := s.Jobs.Waiting(ctx, parseKind, "edition_id", names)
		if err != nil {
			return err
		}
		for i, id := range ids {
			if slices.Contains(waiting, names[i]) {
				continue
			}
			s.cfg.Logger.WarnContext(ctx, "ingest: an edition had no job", slog.String("edition", names[i]))
			if err := s.setAside(ctx, id, failInternal); err != nil {
				return err
			}
		}
		if len(ids) < tidyBatch {
			return nil
		}
	}
}

// Collect deletes files that belong to no upload and no edition.
func (s *Service) Collect(ctx context.Context) error {
	before := s.Clock.Now().Add(-collectAge)
	for _, prefix := range []string{blobPrefix, document.DerivedPrefix} {
		var old []string
		flush := func() error {
			err := s.collect(ctx, old)
			old = old[:0]
			return err
		}
		err := s.Blobs.List(ctx, prefix, func(b blob.Info) error {
			if b.ModTime.After(before) {
				return nil
			}
			if old = append(old, b.Key); len(old) == tidyBatch {
				return flush()
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("collect %s: %w", prefix, err)
		}
		if err := flush(); err != nil {
			return fmt.Errorf("collect %s: %w", prefix, err)
		}
	}
	return nil
}

func (s *Service) collect(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	used, err := s.Documents.ReferencedBlobs(ctx, keys)
	if err != nil {
		return err
	}
	open, err := s.openUploads(ctx, keys)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if slices.Contains(used, key) || open[strings.TrimSuffix(key, infoSuffix)] {
			continue
		}
		if err := s.Blobs.Delete(ctx, key); err != nil {
			return err
		}
		s.cfg.Logger.InfoContext(ctx, "ingest: deleted a file that belonged to nothing", slog.String("key", key))
	}
	return nil
}

// openUploads says which of these keys are files of uploads under way.
func (s *Service) openUploads(ctx context.Context, keys []string) (map[string]bool, error) {
	var ids []uuid.UUID
	for _, key := range keys {
		name, ok := strings.CutPrefix(strings.TrimSuffix(key, infoSuffix), blobPrefix)
		if id, err := uuid.Parse(name); ok && err == nil {
			ids = append(ids, id)
		}
	}
	still, err := s.q.StillOpen(ctx, s.Pool, ids)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("find open uploads: %w", err))
	}
	open := make(map[string]bool, len(still))
	for _, id := range still {
		open[BlobKey(id)] = true
	}
	return open, nil
}
