package cite

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/cite/internal/citedb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// File is a bibliography that may be written.
type File struct {
	Name   string // without its ending
	Ending string // ".bib"
	Type   string // for Content-Type

	service   *Service
	format    biblio.Format
	libraryID uuid.UUID
	ids       []uuid.UUID // nil for the whole library
	// collection leaves what is in it and under it; ids is nil then.
	collection uuid.NullUUID
}

// Export gives the file of a library's documents outside the trash, or of those
// with these ids, where ids is not nil; a fault "document_not_found" when one of
// them is not there. Each document has its citation key from now on. What is
// added while the file is written may be missing in it.
func (s *Service) Export(ctx context.Context, p identity.Person, libraryID uuid.UUID, format biblio.Format, ids []uuid.UUID) (*File, error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		return nil, err
	}
	if _, ok := exports[format]; !ok {
		return nil, errFormat
	}
	if ids != nil {
		if err := s.there(ctx, libraryID, once(ids)); err != nil {
			return nil, err
		}
	}
	name, err := s.q.LibraryName(ctx, s.pool, libraryID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("name of library: %w", err))
	}
	if err := s.giveKeys(ctx, libraryID, ids); err != nil {
		return nil, err
	}
	f := s.file(name, format, libraryID)
	f.ids = ids
	return f, nil
}

// file is one of a format that there is.
func (s *Service) file(name string, format biblio.Format, libraryID uuid.UUID) *File {
	kind := exports[format]
	return &File{
		Name: strings.NewReplacer("/", "-", `\`, "-").Replace(name), Ending: kind.ending, Type: kind.mediaType,
		service: s, format: format, libraryID: libraryID,
	}
}

// there fails unless all of these are documents of the library.
func (s *Service) there(ctx context.Context, libraryID uuid.UUID, ids []uuid.UUID) error {
	switch {
	case len(ids) == 0:
		return errNone
	case len(ids) > MaxExported:
		return errTooMany
	}
	count, err := s.q.CountWorks(ctx, s.pool, libraryID, ids)
	if err != nil {
		return postgres.Fault(fmt.Errorf("count works: %w", err))
	}
	if count != int64(len(ids)) {
		return errNotFound
	}
	return nil
}

// Write writes the file, a batch of documents after the other, in the order in
// which they came to the library.
func (f *File) Write(ctx context.Context, out io.Writer) error {
	w, err := biblio.NewWriter(out, f.format)
	if err != nil {
		return err
	}
	for after := (place{}); ; {
		rows, err := f.records(ctx, after)
		if err != nil {
			return err
		}
		for _, row := range rows {
			item, err := itemOf(row.Title, row.Csl)
			if err != nil {
				return fmt.Errorf("metadata of document %s: %w", row.ID, err)
			}
			if err := w.Write(biblio.Record{Key: row.Key, Item: item, Tags: row.Tags}); err != nil {
				return fmt.Errorf("write document %s: %w", row.ID, err)
			}
			after = place{row.CreatedAt, row.ID}
		}
		if len(rows) < batch {
			return w.Close()
		}
	}
}

func (f *File) records(ctx context.Context, after place) ([]citedb.AllRecordsRow, error) {
	s := f.service
	if f.collection.Valid {
		rows, err := s.q.CollectedRecords(ctx, s.pool, citedb.CollectedRecordsParams{
			CollectionID: f.collection.UUID, LibraryID: f.libraryID, AfterAt: after.at, AfterID: after.id, MaxRows: batch,
		})
		if err != nil {
			return nil, postgres.Fault(fmt.Errorf("records of collection: %w", err))
		}
		out := make([]citedb.AllRecordsRow, len(rows))
		for i, row := range rows {
			out[i] = citedb.AllRecordsRow(row)
		}
		return out, nil
	}
	if f.ids == nil {
		rows, err := s.q.AllRecords(ctx, s.pool, citedb.AllRecordsParams{LibraryID: f.libraryID, AfterAt: after.at, AfterID: after.id, MaxRows: batch})
		if err != nil {
			return nil, postgres.Fault(fmt.Errorf("records: %w", err))
		}
		return rows, nil
	}
	rows, err := s.q.SomeRecords(ctx, s.pool, citedb.SomeRecordsParams{LibraryID: f.libraryID, Ids: f.ids, AfterAt: after.at, AfterID: after.id, MaxRows: batch})
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("records: %w", err))
	}
	out := make([]citedb.AllRecordsRow, len(rows))
	for i, row := range rows {
		out[i] = citedb.AllRecordsRow(row)
	}
	return out, nil
}
