package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/cite"
	"scrollkeeper.example/scrollkeeper/internal/organise"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/relocate"
)

// held is what documents had in the library that they left.
type held struct {
	Organised organise.Held `json:"organised"`
	Keys      []cite.Key    `json:"keys,omitempty"`
}

// carriers put together what each feature does when a document goes to another
// library. Locks are taken in this order alone: marks, tags and collections, keys.
func (a *App) carriers() relocate.Carriers {
	return relocate.Carriers{
		Moved: func(ctx context.Context, tx *postgres.Tx, p relocate.Passage) (json.RawMessage, error) {
			names, err := a.organise.NamesOf(ctx, tx, p.DocumentID)
			if err != nil {
				return nil, err
			}
			was, err := a.leave(ctx, tx, p)
			if err != nil {
				return nil, err
			}
			if err := a.put(ctx, tx, p, names); err != nil {
				return nil, err
			}
			if err := a.cite.Keep(ctx, tx, p.To, was.Keys); err != nil {
				return nil, err
			}
			return json.Marshal(was)
		},
		Returned: func(ctx context.Context, tx *postgres.Tx, p relocate.Passage, kept json.RawMessage) error {
			var was held
			if err := json.Unmarshal(kept, &was); err != nil {
				return fmt.Errorf("what a document had: %w", err)
			}
			if _, err := a.leave(ctx, tx, p); err != nil {
				return err
			}
			if err := a.organise.PutBack(ctx, tx, p.To, was.Organised); err != nil {
				return err
			}
			return a.cite.Keep(ctx, tx, p.To, was.Keys)
		},
		Copied: func(ctx context.Context, tx *postgres.Tx, p relocate.Passage) error {
			if p.WithMarks {
				if err := a.marks.CopyMarks(ctx, tx, p.Person, p.DocumentID, p.TargetID, p.To); err != nil {
					return err
				}
			}
			if err := a.notify.CopyWatches(ctx, tx, p.DocumentID, p.TargetID, p.To); err != nil {
				return err
			}
			if err := a.reader.CopyPositions(ctx, tx, p.DocumentID, p.TargetID, p.To); err != nil {
				return err
			}
			names, err := a.organise.NamesOf(ctx, tx, p.DocumentID)
			if err != nil {
				return err
			}
			if err := a.put(ctx, tx, p, names); err != nil {
				return err
			}
			return a.cite.CopyKey(ctx, tx, p.DocumentID, p.TargetID, p.To)
		},
	}
}

// leave takes documents that have moved out of all that is their former library's,
// with everything else that is kept of them, and gives what they had there.
func (a *App) leave(ctx context.Context, tx *postgres.Tx, p relocate.Passage) (was held, err error) {
	if err := a.marks.OnRelocated(ctx, tx, p.Person, p.DocumentIDs, p.To); err != nil {
		return was, err
	}
	if err := a.notify.OnRelocated(ctx, tx, p.DocumentIDs, p.To); err != nil {
		return was, err
	}
	if err := a.intake.OnRelocated(ctx, tx, p.DocumentIDs); err != nil {
		return was, err
	}
	if was.Organised, err = a.organise.Take(ctx, tx, p.DocumentIDs); err != nil {
		return was, err
	}
	if was.Keys, err = a.cite.Take(ctx, tx, p.DocumentIDs); err != nil {
		return was, err
	}
	return was, a.recheck(ctx, tx, p)
}

// put places a document that came to a library under tags and in collections of
// the same names, and in the collection that was chosen.
func (a *App) put(ctx context.Context, tx *postgres.Tx, p relocate.Passage, names organise.Gathered) error {
	names.DocumentID = p.TargetID
	if p.WithTags {
		if err := a.organise.Gather(ctx, tx, p.Person.ID, p.To, []organise.Gathered{names}); err != nil {
			return err
		}
	}
	if !p.CollectionID.Valid {
		return nil
	}
	return a.organise.PutInto(ctx, tx, p.To, p.TargetID, p.CollectionID.UUID)
}

// recheck has sockets that watch a document asked again whether they may, after it
// went where some of their people are no members.
func (a *App) recheck(ctx context.Context, tx *postgres.Tx, p relocate.Passage) error {
	before, err := a.Libraries.MemberIDs(ctx, tx, p.From)
	if err != nil {
		return err
	}
	after, err := a.Libraries.MemberIDs(ctx, tx, p.To)
	if err != nil {
		return err
	}
	before = slices.DeleteFunc(before, func(id uuid.UUID) bool { return slices.Contains(after, id) })
	tx.AfterCommit(func(context.Context) {
		for _, id := range before {
			a.bus.Recheck(id.String())
		}
	})
	return nil
}
