package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// maxMerged documents go into one at once.
const maxMerged = 50

var (
	errMergeSelf   = fault.New(fault.Invalid, "merge_itself", "A document cannot be merged into itself.")
	errMergeMany   = fault.New(fault.Invalid, "merge_too_many", "At most 50 documents are merged at once.")
	errMergeTrash  = fault.New(fault.Conflict, "merge_trashed", "One of these documents is in the trash meanwhile. Restore it, or merge the others.")
	errMergeAcross = fault.New(fault.Invalid, "merge_across_libraries", "Documents of different libraries cannot be merged.")
	errMergeBusy   = fault.New(fault.Conflict, "merge_changed", "Somebody merged this document at the same moment. Try again.")
)

// Moved tells of files that went from one document to another of its library.
type Moved struct {
	LibraryID  uuid.UUID
	From, To   uuid.UUID
	EditionIDs []uuid.UUID
	// Back is true where a merge was undone.
	Back bool
}

// movedClaim is a claim that came with a merge, as the kept document has it.
type movedClaim struct {
	Field    string `json:"field"`
	Source   string `json:"source"`
	Revision int64  `json:"revision"`
}

// Merge makes one work of several: their files, with all that was marked and said
// on them, become files of the kept document, which goes on showing the file that
// it showed. What only the others knew of the work is taken over, and a person's
// word where nobody gave one on the kept document. The others go to the trash;
// restoring one of them undoes its merge.
func (s *Service) Merge(ctx context.Context, p identity.Person, keptID uuid.UUID, mergedIDs []uuid.UUID) (Detail, error) {
	mergedIDs = slices.Clone(mergedIDs)
	slices.SortFunc(mergedIDs, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	mergedIDs = slices.Compact(mergedIDs)
	if len(mergedIDs) > maxMerged {
		return Detail{}, errMergeMany
	}
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		for _, id := range append([]uuid.UUID{keptID}, mergedIDs...) {
			if _, err := s.authorize(ctx, tx, p, library.EditDocument, id); err != nil {
				return err
			}
		}
		if slices.Contains(mergedIDs, keptID) {
			return errMergeSelf
		}
		if err := s.q.LockMerging(ctx, tx, keptID); err != nil {
			return fmt.Errorf("lock merging: %w", err)
		}
		editions, documents, err := s.lockWorks(ctx, tx, append([]uuid.UUID{keptID}, mergedIDs...))
		if err != nil {
			return err
		}
		libraryID := documents[keptID].LibraryID
		for _, d := range documents {
			if d.LibraryID != libraryID {
				return errMergeAcross
			}
			if d.TrashedAt != nil {
				return errMergeTrash
			}
		}
		shown, err := s.q.NewestEditions(ctx, tx, []uuid.UUID{keptID})
		if err != nil {
			return fmt.Errorf("newest edition: %w", err)
		}
		for _, id := range mergedIDs {
			if err := s.mergeOne(ctx, tx, merging{libraryID: libraryID, keptID: keptID, id: id, editions: editions[id], actor: by(p)}); err != nil {
				return err
			}
		}
		if len(shown) > 0 {
			if err := s.prefer(ctx, tx, keptID, shown[0].ID); err != nil {
				return err
			}
		}
		if err := s.derive(ctx, tx, keptID); err != nil {
			return err
		}
		s.record(tx, libraryID, keptID, library.OpChanged, by(p))
		return nil
	})
	if err != nil {
		return Detail{}, err
	}
	return s.Get(ctx, p, keptID)
}

func (s *Service) mergeOne(ctx context.Context, tx *postgres.Tx, m merging) error {
	claims, err := s.takeClaims(ctx, tx, m.keptID, m.id)
	if err != nil {
		return err
	}
	encoded, err := json.Marshal(claims)
	if err != nil {
		return fmt.Errorf("merged claims: %w", err)
	}
	now := s.clock.Now()
	if err := s.q.PutMerge(ctx, tx, documentdb.PutMergeParams{MergedID: m.id, KeptID: m.keptID, EditionIds: m.editions, Claims: encoded, At: now}); err != nil {
		return fmt.Errorf("store merge: %w", err)
	}
	if m.trashedAt == nil {
		if err := s.setTrashed(ctx, tx, m.id, &now, now); err != nil {
			return err
		}
		s.record(tx, m.libraryID, m.id, library.OpTrashed, m.actor)
	}
	return s.move(ctx, tx, Moved{LibraryID: m.libraryID, From: m.id, To: m.keptID, EditionIDs: m.editions})
}

// lockWorks locks documents and their files, in the order of Finish and Purge, and
// gives the files' ids by document.
func (s *Service) lockWorks(ctx context.Context, tx *postgres.Tx, ids []uuid.UUID) (map[uuid.UUID][]uuid.UUID, map[uuid.UUID]documentdb.LockDocumentsRow, error) {
	rows, err := s.q.LockEditionsOf(ctx, tx, ids)
	if err != nil {
		return nil, nil, fmt.Errorf("lock editions: %w", err)
	}
	editions := map[uuid.UUID][]uuid.UUID{}
	for _, id := range ids {
		editions[id] = []uuid.UUID{}
	}
	for _, e := range rows {
		editions[e.DocumentID] = append(editions[e.DocumentID], e.ID)
	}
	locked, err := s.q.LockDocuments(ctx, tx, ids)
	if err != nil {
		return nil, nil, fmt.Errorf("lock documents: %w", err)
	}
	documents := map[uuid.UUID]documentdb.LockDocumentsRow{}
	for _, d := range locked {
		documents[d.ID] = d
	}
	if len(documents) != len(ids) {
		return nil, nil, errNotFound
	}
	return editions, documents, nil
}

// move gives files to another document, and has everybody told who keeps
// something by document. Both documents are locked.
func (s *Service) move(ctx context.Context, tx *postgres.Tx, m Moved) error {
	moved, err := s.q.MoveEditions(ctx, tx, m.To, m.EditionIDs)
	if err != nil {
		return fmt.Errorf("move editions: %w", err)
	}
	if len(moved) != len(m.EditionIDs) {
		m.EditionIDs = moved // one of them was deleted since
	}
	for _, id := range []uuid.UUID{m.From, m.To} {
		if _, err := s.supersede(ctx, tx, id); err != nil {
			return err
		}
	}
	if s.OnMoved == nil {
		return nil
	}
	return s.OnMoved(ctx, tx, m)
}

// takeClaims copies to the kept document what only the other one knows, and the
// words of people where nobody said anything of the kept one.
func (s *Service) takeClaims(ctx context.Context, tx *postgres.Tx, keptID, id uuid.UUID) ([]movedClaim, error) {
	kept, err := s.claims(ctx, tx, keptID)
	if err != nil {
		return nil, err
	}
	known := map[string]csl.Claim{}
	for _, c := range kept {
		if c.Shown {
			known[c.Field] = c.Claim
		}
	}
	others, err := s.claims(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	taken := []movedClaim{}
	for _, c := range others {
		have, there := known[c.Field]
		if !c.Shown || there && (!c.Outweighs(have) || c.Source != csl.SourcePerson && have.Source != csl.SourceFilename) {
			continue
		}
		// What a file said comes as imported: the claims of files are replaced
		// when the file that is shown is read again.
		as := csl.SourceImport
		if c.Source == csl.SourcePerson {
			as = csl.SourcePerson
		}
		revision, err := s.q.CopyClaim(ctx, tx, documentdb.CopyClaimParams{
			DocumentID: keptID, AsSource: string(as), FromID: id, Field: c.Field, Source: string(c.Source),
		})
		if errors.Is(err, pgx.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("copy claim %s: %w", c.Field, err)
		}
		taken = append(taken, movedClaim{c.Field, string(as), revision})
	}
	return taken, nil
}

// unmerge gives a document in the trash the files back that went with its merge,
// wherever they are by now. lockMerge came before. It does nothing where there was
// no merge.
func (s *Service) unmerge(ctx context.Context, tx *postgres.Tx, p identity.Person, libraryID, id uuid.UUID) error {
	m, err := s.q.TakeMerge(ctx, tx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("take merge: %w", err)
	}
	holders, err := s.q.EditionDocuments(ctx, tx, m.EditionIds)
	if err != nil {
		return fmt.Errorf("documents of the files: %w", err)
	}
	if err := s.q.ForgetMoved(ctx, tx, m.EditionIds, m.Number); err != nil {
		return fmt.Errorf("forget moved files: %w", err)
	}
	var claims []movedClaim
	if err := json.Unmarshal(m.Claims, &claims); err != nil {
		return fmt.Errorf("merged claims: %w", err)
	}
	for _, c := range claims {
		// Somebody's correction since then has another revision, and stays.
		if err := s.q.DropClaim(ctx, tx, documentdb.DropClaimParams{DocumentID: m.KeptID, Field: c.Field, Source: c.Source, Revision: c.Revision}); err != nil {
			return fmt.Errorf("drop claim %s: %w", c.Field, err)
		}
	}
	if !slices.Contains(holders, m.KeptID) {
		holders = append(holders, m.KeptID)
	}
	for _, holder := range holders {
		if holder == id {
			continue
		}
		if err := s.move(ctx, tx, Moved{LibraryID: libraryID, From: holder, To: id, EditionIDs: m.EditionIds, Back: true}); err != nil {
			return err
		}
		if err := s.derive(ctx, tx, holder); err != nil {
			return err
		}
		s.record(tx, libraryID, holder, library.OpChanged, by(p))
	}
	return nil
}

// lockMerge locks what restoring a document will touch: its merge's files, where
// they are, and the documents.
func (s *Service) lockMerge(ctx context.Context, tx *postgres.Tx, id uuid.UUID) error {
	if err := s.q.LockMerging(ctx, tx, id); err != nil {
		return fmt.Errorf("lock merging: %w", err)
	}
	m, err := s.q.MergeOf(ctx, tx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	ids, err := s.q.EditionDocuments(ctx, tx, m.EditionIds)
	if err != nil {
		return fmt.Errorf("documents of the files: %w", err)
	}
	for _, other := range []uuid.UUID{id, m.KeptID} {
		if !slices.Contains(ids, other) {
			ids = append(ids, other)
		}
	}
	_, _, err = s.lockWorks(ctx, tx, ids)
	return err
}

// Prefer makes an edition the one that its document shows, and, when it has been
// read, the one that is searched.
func (s *Service) Prefer(ctx context.Context, p identity.Person, editionID uuid.UUID) (Document, error) {
	return s.changeEdition(ctx, p, editionID, func(ctx context.Context, tx *postgres.Tx, documentID uuid.UUID) error {
		return s.prefer(ctx, tx, documentID, editionID)
	})
}

// SetEditionKind says what a file is of its work. A supplement is no longer what
// its document shows, where there is another file; [Service.Prefer] still chooses it.
func (s *Service) SetEditionKind(ctx context.Context, p identity.Person, editionID uuid.UUID, kind EditionKind) (Document, error) {
	if !slices.Contains(editionKinds, kind) {
		return Document{}, errEditionKind
	}
	stored := (*string)(&kind)
	if kind == "" {
		stored = nil
	}
	return s.changeEdition(ctx, p, editionID, func(ctx context.Context, tx *postgres.Tx, documentID uuid.UUID) error {
		if err := s.q.SetEditionKind(ctx, tx, stored, editionID); err != nil {
			return fmt.Errorf("set kind of edition: %w", err)
		}
		_, err := s.supersede(ctx, tx, documentID)
		return err
	})
}

// changeEdition changes which file a document shows, with all its files locked.
func (s *Service) changeEdition(ctx context.Context, p identity.Person, editionID uuid.UUID, change func(ctx context.Context, tx *postgres.Tx, documentID uuid.UUID) error) (Document, error) {
	e, err := s.editionRow(ctx, p, library.EditDocument, editionID)
	if err != nil {
		return Document{}, err
	}
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		editions, err := s.q.LockDocumentEditions(ctx, tx, e.DocumentID)
		if err != nil {
			return fmt.Errorf("lock editions: %w", err)
		}
		if !slices.ContainsFunc(editions, func(e documentdb.Edition) bool { return e.ID == editionID }) {
			return errMergeBusy
		}
		if err := change(ctx, tx, e.DocumentID); err != nil {
			return err
		}
		s.record(tx, e.LibraryID, e.DocumentID, library.OpState, by(p))
		return nil
	})
	if err != nil {
		return Document{}, err
	}
	return s.load(ctx, s.pool, e.DocumentID)
}

func (s *Service) prefer(ctx context.Context, tx *postgres.Tx, documentID, editionID uuid.UUID) error {
	if err := s.q.PreferEdition(ctx, tx, editionID); err != nil {
		return fmt.Errorf("prefer edition: %w", err)
	}
	_, err := s.supersede(ctx, tx, documentID)
	return err
}
