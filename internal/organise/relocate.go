package organise

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/organise/internal/organisedb"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Held is what documents had in a library that they left, to be put back when
// they return.
type Held struct {
	Tags        []HeldIn `json:"tags,omitempty"`
	Collections []HeldIn `json:"collections,omitempty"`
}

// HeldIn is a document's being under a tag or in a collection.
type HeldIn struct {
	DocumentID uuid.UUID     `json:"document_id"`
	ID         uuid.UUID     `json:"id"` // of the tag or the collection
	MergedFrom uuid.NullUUID `json:"merged_from"`
}

// NamesOf gives the tags and collections of a document by their names, for
// [Service.Gather] in another library.
func (s *Service) NamesOf(ctx context.Context, tx *postgres.Tx, documentID uuid.UUID) (Gathered, error) {
	tags, err := s.q.TagNamesOf(ctx, tx, documentID)
	if err != nil {
		return Gathered{}, fmt.Errorf("tags: %w", err)
	}
	paths, err := s.q.CollectionPathsOf(ctx, tx, documentID)
	if err != nil {
		return Gathered{}, fmt.Errorf("collections: %w", err)
	}
	return Gathered{DocumentID: documentID, Tags: tags, Collections: paths}, nil
}

// Take takes documents that leave a library out of its tags and collections, and
// gives what they had.
func (s *Service) Take(ctx context.Context, tx *postgres.Tx, documentIDs []uuid.UUID) (Held, error) {
	var held Held
	tags, err := s.q.TakeTags(ctx, tx, documentIDs)
	if err != nil {
		return held, fmt.Errorf("take tags: %w", err)
	}
	for _, r := range tags {
		held.Tags = append(held.Tags, HeldIn{r.DocumentID, r.TagID, r.MergedFrom})
	}
	collections, err := s.q.TakeCollections(ctx, tx, documentIDs)
	if err != nil {
		return held, fmt.Errorf("take collections: %w", err)
	}
	for _, r := range collections {
		held.Collections = append(held.Collections, HeldIn{r.DocumentID, r.CollectionID, r.MergedFrom})
	}
	return held, nil
}

// PutBack gives documents that returned to a library what they had there, as far
// as it is there still.
func (s *Service) PutBack(ctx context.Context, tx *postgres.Tx, libraryID uuid.UUID, held Held) error {
	for _, h := range held.Tags {
		if err := s.q.PutTag(ctx, tx, organisedb.PutTagParams{DocumentID: h.DocumentID, MergedFrom: h.MergedFrom, TagID: h.ID, LibraryID: libraryID}); err != nil {
			return fmt.Errorf("put back a tag: %w", err)
		}
	}
	for _, h := range held.Collections {
		if err := s.q.PutCollection(ctx, tx, organisedb.PutCollectionParams{
			DocumentID: h.DocumentID, MergedFrom: h.MergedFrom, CollectionID: h.ID, LibraryID: libraryID,
		}); err != nil {
			return fmt.Errorf("put back into a collection: %w", err)
		}
	}
	return nil
}

// PutInto puts a document that came to a library into one of its collections; not
// into one that was deleted meanwhile.
func (s *Service) PutInto(ctx context.Context, tx *postgres.Tx, libraryID, documentID, collectionID uuid.UUID) error {
	return s.PutBack(ctx, tx, libraryID, Held{Collections: []HeldIn{{DocumentID: documentID, ID: collectionID}}})
}
