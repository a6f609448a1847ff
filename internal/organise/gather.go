package organise

import (
	"context"
	"fmt"
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
		return nil
	}
	t, err := s.lockTree(ctx, tx, libraryID)
	if err != nil {
		return err
	}
	p := identity.Person{ID: personID}
	if err := s.gatherTags(ctx, tx, p, libraryID, tagNames, tags); err != nil {
		return err
	}
	g := gathering{s: s, p: p, libraryID: libraryID, tree: t, known: map[string]uuid.UUID{}}
	if len(paths) > 0 {
		if err := g.learn(ctx, tx); err != nil {
			return err
		}
	}
	for _, path := range paths {
		id, ok, err := g.collection(ctx, tx, path)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if _, err := s.q.AddDocumentCollections(ctx, tx, id, unique(folders[path])); err != nil {
			return fmt.Errorf("add to collection: %w", err)
		}
	}
	return nil
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
		return uuid.Nil, false, nil
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
