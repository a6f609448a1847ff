package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Joined is a file that went to the record of its work.
type Joined struct {
	LibraryID uuid.UUID
	EditionID uuid.UUID
	From, To  uuid.UUID // documents
}

// Join gives a file that came by itself to the work that a bibliography brought
// without one, where it is certain that it is the same: the same DOI, or a title
// of the same letters with the same year and first author. What is less certain is
// offered by Duplicates. It is a merge, and undone like one: by restoring the
// document that the file came as. told is called in the same transaction; it may
// be nil. For jobs: nobody is asked for permission.
func (s *Service) Join(ctx context.Context, editionID uuid.UUID, told func(context.Context, *postgres.Tx, Joined) error) error {
	return postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		e, err := s.q.Edition(ctx, tx, editionID)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("edition: %w", err)
		}
		if err := s.q.LockMerging(ctx, tx, e.DocumentID); err != nil {
			return fmt.Errorf("lock merging: %w", err)
		}
		alone, err := s.q.CameAsFile(ctx, tx, e.DocumentID)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && !alone {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look at the document: %w", err)
		}
		record, found, err := s.recordOf(ctx, tx, e.LibraryID, e.DocumentID)
		if err != nil || !found {
			return err
		}
		done, err := s.joinTo(ctx, tx, e.CreatedBy, e.DocumentID, record)
		if err != nil || !done || told == nil {
			return err
		}
		return told(ctx, tx, Joined{LibraryID: e.LibraryID, EditionID: editionID, From: e.DocumentID, To: record})
	})
}

// JoinTo gives the file of a document to a work without one, as Join does. It
// reports false where that cannot be: one of them is gone, in the trash or merged,
// or the work has a file. A document in the trash that has a file of its own still
// is taken too, and stays there. The caller has asked for permission, and holds no
// lock on documents.
func (s *Service) JoinTo(ctx context.Context, tx *postgres.Tx, personID, documentID, workID uuid.UUID) (bool, error) {
	if err := s.q.LockMerging(ctx, tx, workID); err != nil {
		return false, fmt.Errorf("lock merging: %w", err)
	}
	return s.joinTo(ctx, tx, uuid.NullUUID{UUID: personID, Valid: true}, documentID, workID)
}

func (s *Service) joinTo(ctx context.Context, tx *postgres.Tx, actor uuid.NullUUID, id, workID uuid.UUID) (bool, error) {
	if id == workID {
		return false, nil
	}
	editions, documents, err := s.lockWorks(ctx, tx, []uuid.UUID{workID, id})
	if errors.Is(err, errNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	merges, err := s.q.MergesOf(ctx, tx, []uuid.UUID{id})
	if err != nil {
		return false, fmt.Errorf("merges: %w", err)
	}
	merged := slices.ContainsFunc(merges, func(m documentdb.MergesOfRow) bool { return m.MergedID == id })
	work, file := documents[workID], documents[id]
	if merged || work.LibraryID != file.LibraryID || work.TrashedAt != nil || len(editions[workID]) > 0 || len(editions[id]) == 0 {
		return false, nil
	}
	if err := s.mergeOne(ctx, tx, merging{libraryID: work.LibraryID, keptID: workID, id: id, editions: editions[id], trashedAt: file.TrashedAt}); err != nil {
		return false, err
	}
	if err := s.derive(ctx, tx, workID); err != nil {
		return false, err
	}
	s.record(tx, work.LibraryID, workID, library.OpJoined, actor)
	return true, nil
}

// recordOf finds the one work without a file that a document is for certain.
func (s *Service) recordOf(ctx context.Context, tx *postgres.Tx, libraryID, documentID uuid.UUID) (uuid.UUID, bool, error) {
	row, err := s.q.ComparableDocument(ctx, tx, documentID)
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("document to compare: %w", err)
	}
	own, err := workOfRow(documentdb.ComparableRow(row))
	if err != nil {
		return uuid.Nil, false, err
	}
	var likely []work
	if own.doi != "" {
		rows, err := s.q.RecordsByDOI(ctx, tx, libraryID, own.doi)
		if err != nil {
			return uuid.Nil, false, fmt.Errorf("records by DOI: %w", err)
		}
		for _, r := range rows {
			w, err := workOfRow(documentdb.ComparableRow(r))
			if err != nil {
				return uuid.Nil, false, err
			}
			likely = append(likely, w)
		}
	}
	if len(likely) == 0 && len(own.title) >= minTitle {
		rows, err := s.q.RecordsByWords(ctx, tx, libraryID, indexed(csl.Plain(row.Title)))
		if err != nil {
			return uuid.Nil, false, fmt.Errorf("records by title: %w", err)
		}
		for _, r := range rows {
			w, err := workOfRow(documentdb.ComparableRow(r))
			if err != nil {
				return uuid.Nil, false, err
			}
			if own.surely(w) {
				likely = append(likely, w)
			}
		}
	}
	// Of two records one would be a guess.
	if len(likely) != 1 {
		return uuid.Nil, false, nil
	}
	apart, err := s.q.KeptApart(ctx, tx, documentID, likely[0].id)
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("distinctions: %w", err)
	}
	return likely[0].id, !apart, nil
}

func workOfRow(r documentdb.ComparableRow) (work, error) {
	var authors []csl.Name
	if err := json.Unmarshal(r.Authors, &authors); err != nil {
		return work{}, fmt.Errorf("authors: %w", err)
	}
	return newWork(r.ID, r.Title, r.Year, r.Doi, authors), nil
}

// surely reports that two works without a DOI in common are one for certain.
func (w work) surely(o work) bool {
	return w.title == o.title && (w.doi == "" || o.doi == "") &&
		w.year != nil && o.year != nil && *w.year == *o.year &&
		len(w.families) > 0 && len(o.families) > 0 && slices.Contains(w.families, o.families[0]) && slices.Contains(o.families, w.families[0])
}

// KnownFile is a file that a library has.
type KnownFile struct {
	DocumentID uuid.UUID
	Title      string // of the document
	Trashed    bool
}

// KnownFiles gives those of these SHA-256s that a library has. The caller has
// asked for permission.
func (s *Service) KnownFiles(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID, sums [][]byte) (map[[32]byte]KnownFile, error) {
	rows, err := s.q.FilesBySHA256(ctx, db, libraryID, sums)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("files by hash: %w", err))
	}
	known := make(map[[32]byte]KnownFile, len(rows))
	for _, r := range rows {
		known[[32]byte(r.Sha256)] = KnownFile{DocumentID: r.DocumentID, Title: r.Title, Trashed: r.TrashedAt != nil}
	}
	return known, nil
}

// HasFile reports whether a document has a file. The caller has asked for permission.
func (s *Service) HasFile(ctx context.Context, db postgres.DBTX, documentID uuid.UUID) (bool, error) {
	n, err := s.q.CountEditions(ctx, db, documentID)
	if err != nil {
		return false, postgres.Fault(fmt.Errorf("count editions: %w", err))
	}
	return n > 0, nil
}

// TakeBack moves documents of a library to the trash with the files that came with
// them, wherever these are by now: a file that went to another work's record comes
// back to its own document, and what was merged into one of these and came from
// elsewhere is as it was before. The caller has asked for permission.
func (s *Service) TakeBack(ctx context.Context, tx *postgres.Tx, personID, libraryID uuid.UUID, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	p := identity.Person{ID: personID}
	if err := s.q.LockMerging(ctx, tx, ids[0]); err != nil {
		return fmt.Errorf("lock merging: %w", err)
	}
	merges, err := s.q.MergesOf(ctx, tx, ids)
	if err != nil {
		return fmt.Errorf("merges: %w", err)
	}
	own := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		own[id] = true
	}
	// All that is touched is locked at once, in the order of Finish and Purge.
	var touched, files []uuid.UUID
	var apart []documentdb.MergesOfRow // the later ones first
	for _, m := range merges {
		if own[m.MergedID] != own[m.KeptID] {
			apart = append(apart, m)
			touched, files = append(touched, m.MergedID, m.KeptID), append(files, m.EditionIds...)
		}
	}
	if len(apart) > 0 {
		holders, err := s.q.EditionDocuments(ctx, tx, files)
		if err != nil {
			return fmt.Errorf("documents of the files: %w", err)
		}
		touched = append(touched, holders...)
		slices.SortFunc(touched, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
		if _, _, err := s.lockWorks(ctx, tx, slices.Compact(touched)); err != nil {
			return err
		}
	}
	for _, m := range apart {
		if !own[m.MergedID] && m.TrashedByMerge {
			if err := s.setTrashed(ctx, tx, m.MergedID, nil, s.clock.Now()); err != nil {
				return err
			}
			s.record(tx, libraryID, m.MergedID, library.OpRestored, by(p))
		}
		if err := s.unmerge(ctx, tx, p, libraryID, m.MergedID); err != nil {
			return err
		}
	}
	_, err = s.TrashAll(ctx, tx, personID, libraryID, ids)
	return err
}

// merging is one document that goes into another.
type merging struct {
	libraryID, keptID, id uuid.UUID
	editions              []uuid.UUID
	// trashedAt is set where it is in the trash already.
	trashedAt *time.Time
	// actor is who moves it to the trash, where somebody does.
	actor uuid.NullUUID
}
