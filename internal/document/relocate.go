package document

import (
	"context"
	"crypto/md5" //nolint:gosec // names rows, keeps no secret
	"fmt"
	"io"
	"slices"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

var (
	errRelocateTrash = fault.New(fault.Conflict, "relocate_trashed", "This document is in the trash. Restore it first.")
	errRelocateBusy  = fault.New(fault.Conflict, "relocate_unfinished", "A file of this document is still being read. Try again when its status is Ready.")
)

// Present says that a library has a file of a document already.
func present(id uuid.UUID) error {
	return fault.New(fault.Conflict, "relocate_present", "The library has this file already.").With("document_id", id)
}

// PresentIn gives the document that has the file already where err says so.
func PresentIn(err error) (uuid.UUID, bool) {
	f, ok := fault.As(err)
	if !ok || f.Code != "relocate_present" {
		return uuid.Nil, false
	}
	id, ok := f.Extra["document_id"].(uuid.UUID)
	return id, ok
}

// CopyID names the copy of a row that goes with a copied document: the same each
// time, so that a copy which was cut off is made again and not twice. SQL says the
// same as md5(target || id)::uuid.
func CopyID(targetID, id uuid.UUID) uuid.UUID {
	return md5.Sum([]byte(targetID.String() + id.String())) //nolint:gosec // as above
}

// Relocate moves a document from one library to another, with its files, its text
// and the documents in the trash that were merged into it, and gives the ids of
// all. Everything keeps its id, so that links to it still lead there. What other
// features keep of it is theirs to move, in the same transaction.
func (s *Service) Relocate(ctx context.Context, tx *postgres.Tx, p identity.Person, id, from, to uuid.UUID) ([]uuid.UUID, error) {
	if _, err := s.authorizeIn(ctx, tx, p, library.EditDocument, from, id); err != nil {
		return nil, err
	}
	if _, err := s.authorizeIn(ctx, tx, p, library.AddDocument, to, id); err != nil {
		return nil, err
	}
	if err := s.q.LockMerging(ctx, tx, id); err != nil {
		return nil, fmt.Errorf("lock merging: %w", err)
	}
	ids, err := s.q.MergedTree(ctx, tx, id)
	if err != nil {
		return nil, fmt.Errorf("merged documents: %w", err)
	}
	editions, err := s.q.LockEditionsOf(ctx, tx, ids)
	if err != nil {
		return nil, fmt.Errorf("lock editions: %w", err)
	}
	documents, err := s.q.LockDocuments(ctx, tx, ids)
	if err != nil {
		return nil, fmt.Errorf("lock documents: %w", err)
	}
	if len(documents) != len(ids) || slices.ContainsFunc(documents, func(d documentdb.LockDocumentsRow) bool { return d.LibraryID != from }) {
		return nil, errNotFound
	}
	for _, d := range documents {
		if d.ID == id && d.TrashedAt != nil {
			return nil, errRelocateTrash
		}
	}
	if slices.ContainsFunc(editions, unfinished) {
		return nil, errRelocateBusy
	}
	if err := s.notPresent(ctx, tx, to, ids); err != nil {
		return nil, err
	}
	editionIDs := make([]uuid.UUID, len(editions))
	for i, e := range editions {
		editionIDs[i] = e.ID
	}
	if err := s.q.RelocateDocuments(ctx, tx, to, s.clock.Now(), ids); err != nil {
		return nil, fmt.Errorf("move documents: %w", err)
	}
	if err := s.q.RelocateEditions(ctx, tx, to, ids); err != nil {
		return nil, fmt.Errorf("move editions: %w", err)
	}
	if err := s.q.RelocatePages(ctx, tx, to, editionIDs); err != nil {
		return nil, fmt.Errorf("move pages: %w", err)
	}
	arrivals := make([]library.Change, len(ids))
	for i, one := range ids {
		s.record(tx, from, one, library.OpRemoved, by(p))
		arrivals[i] = library.Change{Kind: library.KindDocument, ObjectID: one, Actor: by(p)}
	}
	return ids, s.library.RecordArrivals(ctx, tx, to, arrivals)
}

// unfinished reports whether a job is at work on a file, or will be.
func unfinished(e documentdb.Edition) bool {
	return e.Sha256 == nil || e.ReparseAttempt != nil || State(e.State) != Ready && State(e.State) != Failed
}

func (s *Service) notPresent(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID, ids []uuid.UUID) error {
	same, err := s.q.SameFileIn(ctx, db, libraryID, ids)
	if err != nil {
		return fmt.Errorf("same file: %w", err)
	}
	if len(same) > 0 {
		return present(same[0])
	}
	return nil
}

// Copying is a document that is being copied: its files' bytes are in the other
// library's blobs already, its rows are not.
type Copying struct {
	DocumentID, TargetID uuid.UUID
	From, To             uuid.UUID // libraries
	editions             []documentdb.Edition
}

// PrepareCopy checks that p may copy a document to another library, and stores the
// bytes of its files under keys of their own: blobs are never shared between
// libraries.
func (s *Service) PrepareCopy(ctx context.Context, p identity.Person, id, targetID, from, to uuid.UUID) (Copying, error) {
	c := Copying{DocumentID: id, TargetID: targetID, From: from, To: to}
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) (err error) {
		c.editions, err = s.mayCopy(ctx, tx, p, c)
		return err
	})
	if err != nil {
		return c, err
	}
	for _, e := range c.editions {
		copied := c.keysOf(e)
		for i, key := range blobKeys(e) {
			if err := s.copyBlob(ctx, key, copied[i]); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

// mayCopy gives the files that a copy would have.
func (s *Service) mayCopy(ctx context.Context, tx *postgres.Tx, p identity.Person, c Copying) ([]documentdb.Edition, error) {
	if _, err := s.authorizeIn(ctx, tx, p, library.ReadLibrary, c.From, c.DocumentID); err != nil {
		return nil, err
	}
	if _, err := s.authorizeIn(ctx, tx, p, library.AddDocument, c.To, c.DocumentID); err != nil {
		return nil, err
	}
	editions, err := s.q.ShareEditionsOf(ctx, tx, c.DocumentID)
	if err != nil {
		return nil, fmt.Errorf("editions: %w", err)
	}
	documents, err := s.q.LockDocuments(ctx, tx, []uuid.UUID{c.DocumentID})
	if err != nil {
		return nil, fmt.Errorf("lock document: %w", err)
	}
	switch {
	case len(documents) == 0 || documents[0].LibraryID != c.From:
		return nil, errNotFound
	case documents[0].TrashedAt != nil:
		return nil, errRelocateTrash
	case slices.ContainsFunc(editions, unfinished):
		return nil, errRelocateBusy
	}
	return editions, s.notPresent(ctx, tx, c.To, []uuid.UUID{c.DocumentID})
}

// keysOf are the copy's blobs, in the order of blobKeys.
func (c Copying) keysOf(e documentdb.Edition) []string {
	id := CopyID(c.TargetID, e.ID).String()
	var keys []string
	prefix := fmt.Sprintf("%s%s/%d/", DerivedPrefix, id, e.Attempt)
	if e.WordsKey != nil {
		keys = append(keys, prefix+"words")
	}
	if e.ThumbnailKey != nil {
		keys = append(keys, prefix+"thumbnail")
	}
	return append(keys, "uploads/"+id)
}

func (s *Service) copyBlob(ctx context.Context, from, to string) error {
	in, err := s.blobs.Range(ctx, from, 0, -1)
	if err != nil {
		return fmt.Errorf("read %s: %w", from, err)
	}
	defer func() { _ = in.Close() }()
	if err := s.blobs.Put(ctx, to, io.Reader(in)); err != nil {
		return fmt.Errorf("store %s: %w", to, err)
	}
	return nil
}

// Copy makes the rows of a prepared copy: the document with what everybody said of
// it, its files with their text, words and references, without reading them again.
// A fault "relocate_unfinished" when a file was read anew meanwhile.
func (s *Service) Copy(ctx context.Context, tx *postgres.Tx, p identity.Person, c Copying) error {
	now, err := s.mayCopy(ctx, tx, p, c)
	if err != nil {
		return err
	}
	same := func(a, b documentdb.Edition) bool {
		return a.ID == b.ID && a.Attempt == b.Attempt && a.State == b.State
	}
	if !slices.EqualFunc(now, c.editions, same) {
		return errRelocateBusy
	}
	at := s.clock.Now()
	if err := s.q.CopyDocument(ctx, tx, documentdb.CopyDocumentParams{ID: c.TargetID, LibraryID: c.To, CreatedBy: by(p), At: at, FromID: c.DocumentID}); err != nil {
		return fmt.Errorf("copy document: %w", err)
	}
	if err := s.q.CopyClaims(ctx, tx, c.TargetID, c.DocumentID); err != nil {
		return fmt.Errorf("copy claims: %w", err)
	}
	for _, e := range c.editions {
		id, keys := CopyID(c.TargetID, e.ID), c.keysOf(e)
		params := documentdb.CopyEditionParams{
			ID: id, LibraryID: c.To, DocumentID: c.TargetID, BlobKey: keys[len(keys)-1], CreatedBy: by(p), FromID: e.ID,
		}
		if e.WordsKey != nil {
			params.WordsKey, keys = &keys[0], keys[1:]
		}
		if e.ThumbnailKey != nil {
			params.ThumbnailKey = &keys[0]
		}
		if err := s.q.CopyEdition(ctx, tx, params); err != nil {
			return fmt.Errorf("copy edition: %w", err)
		}
		if err := s.q.CopyPages(ctx, tx, c.To, id, e.ID); err != nil {
			return fmt.Errorf("copy pages: %w", err)
		}
		if err := s.q.CopyReferences(ctx, tx, id, e.ID); err != nil {
			return fmt.Errorf("copy references: %w", err)
		}
		if err := s.q.CopyCitations(ctx, tx, id, e.ID); err != nil {
			return fmt.Errorf("copy citations: %w", err)
		}
	}
	s.record(tx, c.To, c.TargetID, library.OpAdded, by(p))
	return nil
}

// DropCopy removes the bytes of a prepared copy that was refused. What is left
// behind after a crash belongs to no edition and is collected.
func (s *Service) DropCopy(ctx context.Context, c Copying) {
	for _, e := range c.editions {
		s.removeBlobs(ctx, c.keysOf(e)...)
	}
}
