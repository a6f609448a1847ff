package organise_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/organise"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

func TestTagsAndCollectionsGoWithAMerge(t *testing.T) {
	e := setup(t)
	e.Documents.OnMoved = func(ctx context.Context, tx *postgres.Tx, m document.Moved) error {
		if m.Back {
			return e.organise.OnUnmerged(ctx, tx, m.To, m.From)
		}
		return e.organise.OnMerged(ctx, tx, m.From, m.To)
	}
	docs := e.documents(t, 2)
	kept, merged := docs[0], docs[1]
	both, theirs, in := e.tag(t, "both"), e.tag(t, "theirs"), e.collection(t, "In", uuid.Nil)
	for tag, on := range map[uuid.UUID][]uuid.UUID{both: docs, theirs: {merged}} {
		if _, err := e.organise.TagDocuments(t.Context(), e.Editor, tag, organise.Change{Add: on}); err != nil {
			t.Fatal(err)
		}
	}
	e.collect(t, in, merged)
	has := func(id uuid.UUID, tags, collections []uuid.UUID) {
		t.Helper()
		d, err := e.Documents.Get(t.Context(), e.Reader, id)
		if err != nil || !slices.Equal(d.TagIDs, tags) || !slices.Equal(d.CollectionIDs, collections) {
			t.Errorf("tags %v, collections %v, %v; want %v, %v", d.TagIDs, d.CollectionIDs, err, tags, collections)
		}
	}
	if _, err := e.Documents.Merge(t.Context(), e.Editor, kept, []uuid.UUID{merged}); err != nil {
		t.Fatal(err)
	}
	has(kept, []uuid.UUID{both, theirs}, []uuid.UUID{in})
	if _, err := e.Documents.Restore(t.Context(), e.Editor, merged); err != nil {
		t.Fatal(err)
	}
	has(kept, []uuid.UUID{both}, []uuid.UUID{})
	has(merged, []uuid.UUID{both, theirs}, []uuid.UUID{in})
}
