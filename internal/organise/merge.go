package organise

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// OnMerged is called in the transaction in which a document goes into another of
// its library: the kept one gets its tags and collections.
func (s *Service) OnMerged(ctx context.Context, tx *postgres.Tx, mergedID, keptID uuid.UUID) error {
	return errors.Join(s.q.MergeTags(ctx, tx, keptID, mergedID), s.q.MergeCollections(ctx, tx, keptID, mergedID))
}

// OnUnmerged is the opposite, when the merge is undone: what came with the merged
// document leaves the kept one. The merged one has its own still.
func (s *Service) OnUnmerged(ctx context.Context, tx *postgres.Tx, mergedID, keptID uuid.UUID) error {
	return errors.Join(s.q.UnmergeTags(ctx, tx, keptID, mergedID), s.q.UnmergeCollections(ctx, tx, keptID, mergedID))
}
