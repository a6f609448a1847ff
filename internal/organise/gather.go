package organise

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/organise/internal/organisedb"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Gathered is a new document with the names of what it is to have.
type Gathered struct {
	DocumentID  uuid.UUID
	Tags        []string
	Collections []string // paths, with "/" between names
}

// Gather puts new documents of a library under tags and into collections by their
// names, and makes those that are missing, tags in grey. Names that cannot be
// stored, and what is over the library's bounds, are passed over. The caller has
// asked for permission.
func (s *Service) Gather(ctx context.Context, tx *postgres.Tx, personID, libraryID uuid.UUID, works []Gathered) error {
	_, err := s.gather(ctx, tx, personID, libraryID, works)
	return err
}

// GatherInto puts documents into collections by their paths, and makes those that
// are missing: what folders were on somebody's disk. A document that was merged
// meanwhile is the one that it went into. It gives those that were put anywhere
// where they were not.
func (s *Service) GatherInto(ctx context.Context, p identity.Person, libraryID uuid.UUID, works []Gathered) ([]uuid.UUID, error) {
	if len(works) == 0 || len(works) > maxDocuments {
		return nil, errDocuments
	}
	var changed []uuid.UUID
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.libraries.Authorize(ctx, tx, p, library.EditDocument, libraryID); err != nil {
			return err
		}
		ids := make([]uuid.UUID, len(works))
		for i, w := range works {
			ids[i] = w.DocumentID
		}
		rows, err := s.q.KeptDocuments(ctx, tx, libraryID, ids)
		if err != nil {
			return fmt.Errorf("documents: %w", err)
		}
		now := make(map[uuid.UUID]uuid.UUID, len(rows))
		for _, r := range rows {
			now[r.Asked] = r.Now
		}
		kept := slices.Clone(works)
		for i, w := range works {
			id, there := now[w.DocumentID]
			if !there {
				return errNoDoc
			}
			kept[i].DocumentID, kept[i].Tags = id, nil
		}
		if changed, err = s.gather(ctx, tx, p.ID, libraryID, kept); err != nil {
			return err
		}
		changed = unique(changed)
		for _, id := range changed {
			s.libraries.Record(tx, library.Change{LibraryID: libraryID, Kind: library.KindDocument, ObjectID: id, Op: library.OpOrganised, Actor: by(p)})
		}
		return nil
	})
	return changed, err
}

// gather gives the documents that came into a collection.
func (s *Service) gather(ctx context.Context, tx *postgres.Tx, personID, libraryID uuid.UUID, works []Gathered) ([]uuid.UUID, error) {
	tags, folders := map[string][]uuid.UUID{}, map[string][]uuid.UUID{}
	var tagNames, paths []string // in the order in which they came
	for _, w := range works {
		for _, name := range w.Tags {
			if name, err := validTagName(name); err == nil {
				key := strings.ToLower(name)
				if tags[key] == nil {
					tagNames = append(tagNames, name)
				}
				tags[key] = append(tags[key], w.DocumentID)
			}
		}
		for _, path := range w.Collections {
			if folders[path] == nil {
				paths = append(paths, path)
			}
			folders[path] = append(folders[path], w.DocumentID)
		}
	}
	if len(tagNames)+len(paths) == 0 {
		return nil, nil
	}
	t, err := s.lockTree(ctx, tx, libraryID)
	if err != nil {
		return nil, err
	}
	p := identity.Person{ID: personID}
	if err := s.gatherTags(ctx, tx, p, libraryID, tagNames, tags); err != nil {
		return nil, err
	}
	g := gathering{s: s, p: p, libraryID: libraryID, tree: t, known: map[string]uuid.UUID{}}
	if len(paths) > 0 {
		if err := g.learn(ctx, tx); err != nil {
			return nil, err
		}
	}
	var changed []uuid.UUID
	for _, path := range paths {
		id, ok, err := g.collection(ctx, tx, path)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		added, err := s.q.AddDocumentCollections(ctx, tx, id, unique(folders[path]))
		if err != nil {
			return nil, fmt.Errorf("add to collection: %w", err)
		}
		changed = append(changed, added...)
	}
	return changed, nil
}

func (s *Service) gatherTags(ctx context.Context, tx *postgres.Tx, p identity.Person, libraryID uuid.UUID, names []string, documents map[string][]uuid.UUID) error {
	if len(names) == 0 {
		return nil
	}
	rows, err := s.q.TagNames(ctx, tx, libraryID)
	if err != nil {
		return fmt.Errorf("tags: %w", err)
	}
	known := make(map[string]uuid.UUID, len(rows))
	for _, r := range rows {
		known[strings.ToLower(r.Name)] = r.ID
	}
	for _, name := range names {
		id, ok := known[strings.ToLower(name)]
		if !ok {
			if len(known) >= maxTags {
				continue
			}
			id = uuid.Must(uuid.NewV7())
			made, err := s.q.GatherTag(ctx, tx, organisedb.GatherTagParams{
				ID: id, LibraryID: libraryID, Name: name, Color: "grey", CreatedBy: by(p), CreatedAt: s.clock.Now(),
			})
			if err != nil {
				return fmt.Errorf("insert tag: %w", err)
			}
			if made == 0 {
				continue
			}
			known[strings.ToLower(name)] = id
			s.record(tx, p, libraryID, id, library.OpAdded)
		}
		if _, err := s.q.AddDocumentTags(ctx, tx, id, unique(documents[strings.ToLower(name)])); err != nil {
			return fmt.Errorf("add tag: %w", err)
		}
	}
	return nil
}

// gathering finds and makes collections by their paths.
type gathering struct {
	s         *Service
	p         identity.Person
	libraryID uuid.UUID
	tree      tree
	known     map[string]uuid.UUID
}

func place(parent uuid.NullUUID, name string) string {
	return parent.UUID.String() + strings.ToLower(name)
}

// learn takes note of what there is.
func (g *gathering) learn(ctx context.Context, tx *postgres.Tx) error {
	rows, err := g.s.q.CollectionNodes(ctx, tx, g.libraryID)
	if err != nil {
		return fmt.Errorf("tree: %w", err)
	}
	for _, r := range rows {
		g.known[place(r.ParentID, r.Name)] = r.ID
	}
	return nil
}

func (g *gathering) collection(ctx context.Context, tx *postgres.Tx, path string) (uuid.UUID, bool, error) {
	var parent uuid.NullUUID
	for name := range strings.SplitSeq(path, "/") {
		if _, err := validCollectionName(name); err != nil {
			continue
		}
		id, ok, err := g.folder(ctx, tx, parent, name)
		if err != nil {
			return uuid.Nil, false, err
		}
		if !ok {
			break // what is too deep is in the last that may be
		}
		parent = uuid.NullUUID{UUID: id, Valid: true}
	}
	return parent.UUID, parent.Valid, nil
}

// folder finds a collection by its place, or makes it; false where it may not be.
func (g *gathering) folder(ctx context.Context, tx *postgres.Tx, parent uuid.NullUUID, name string) (uuid.UUID, bool, error) {
	name, err := validCollectionName(name)
	if err != nil {
		return uuid.Nil, false, nil //nolint:nilerr // it is passed over
	}
	if id, ok := g.known[place(parent, name)]; ok {
		return id, true, nil
	}
	if len(g.tree) >= maxCollections || g.tree.mayHold(parent, 1) != nil {
		return uuid.Nil, false, nil //nolint:nilerr // it is passed over
	}
	id := uuid.Must(uuid.NewV7())
	made, err := g.s.q.GatherCollection(ctx, tx, organisedb.GatherCollectionParams{
		ID: id, LibraryID: g.libraryID, ParentID: parent, Name: name, Position: int32(len(g.tree.children(parent))), //nolint:gosec // at most maxCollections
		CreatedBy: by(g.p), CreatedAt: g.s.clock.Now(),
	})
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("insert collection: %w", err)
	}
	if made == 0 {
		return uuid.Nil, false, nil
	}
	g.known[place(parent, name)] = id
	g.tree = append(g.tree, node{id: id, parent: parent})
	g.s.recordCollection(tx, g.p, g.libraryID, id, library.OpAdded)
	return id, true, nil
}
