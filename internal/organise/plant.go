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

// Folder is a collection as an archive has it.
type Folder struct {
	ID     string // in the archive
	Parent string // that one's ID; empty at the top
	Name   string
}

// Planted says what became of an archive's tags and collections.
type Planted struct {
	Tags        map[string]uuid.UUID // by name in small letters
	Collections map[string]uuid.UUID // by Folder.ID
	// Refused are names that could not be made.
	Refused []string
}

// Plant makes the tags and collections of an archive that a library has not, in
// their colours and order, and finds the others by name: planting again finds all.
// A parent comes before what is in it. The caller has asked for permission.
func (s *Service) Plant(ctx context.Context, tx *postgres.Tx, personID, libraryID uuid.UUID, tags []Tag, folders []Folder) (Planted, error) {
	p := identity.Person{ID: personID}
	planted := Planted{Tags: map[string]uuid.UUID{}, Collections: map[string]uuid.UUID{}}
	if len(tags)+len(folders) == 0 {
		return planted, nil
	}
	t, err := s.lockTree(ctx, tx, libraryID)
	if err != nil {
		return planted, err
	}
	rows, err := s.q.TagNames(ctx, tx, libraryID)
	if err != nil {
		return planted, fmt.Errorf("tags: %w", err)
	}
	known := make(map[string]uuid.UUID, len(rows))
	for _, r := range rows {
		known[strings.ToLower(r.Name)] = r.ID
	}
	for _, tag := range tags {
		name, err := validTagName(tag.Name)
		id, ok := known[strings.ToLower(name)]
		if err == nil && !ok && len(known) < maxTags {
			if id, ok, err = s.plantTag(ctx, tx, p, libraryID, name, tag.Color); err != nil {
				return planted, err
			}
		}
		if !ok {
			planted.Refused = append(planted.Refused, tag.Name)
			continue
		}
		known[strings.ToLower(name)] = id
		planted.Tags[strings.ToLower(tag.Name)] = id
	}
	g := gathering{s: s, p: p, libraryID: libraryID, tree: t, known: map[string]uuid.UUID{}}
	if err := g.learn(ctx, tx); err != nil {
		return planted, err
	}
	for _, folder := range folders {
		parent := uuid.NullUUID{}
		if folder.Parent != "" {
			if parent.UUID, parent.Valid = planted.Collections[folder.Parent]; !parent.Valid {
				planted.Refused = append(planted.Refused, folder.Name)
				continue
			}
		}
		id, ok, err := g.folder(ctx, tx, parent, folder.Name)
		if err != nil {
			return planted, err
		}
		if !ok {
			planted.Refused = append(planted.Refused, folder.Name)
			continue
		}
		planted.Collections[folder.ID] = id
	}
	return planted, nil
}

func (s *Service) plantTag(ctx context.Context, tx *postgres.Tx, p identity.Person, libraryID uuid.UUID, name string, color Color) (uuid.UUID, bool, error) {
	if !color.valid() {
		color = "grey"
	}
	id := uuid.Must(uuid.NewV7())
	made, err := s.q.GatherTag(ctx, tx, organisedb.GatherTagParams{
		ID: id, LibraryID: libraryID, Name: name, Color: string(color), CreatedBy: by(p), CreatedAt: s.clock.Now(),
	})
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("insert tag: %w", err)
	}
	if made > 0 {
		s.record(tx, p, libraryID, id, library.OpAdded)
	}
	return id, made > 0, nil
}

// Put puts new documents under tags and into collections, by these things' ids.
// The caller has asked for permission.
func (s *Service) Put(ctx context.Context, tx *postgres.Tx, tags, collections map[uuid.UUID][]uuid.UUID) error {
	for _, id := range sorted(tags) {
		if _, err := s.q.AddDocumentTags(ctx, tx, id, unique(tags[id])); err != nil {
			return fmt.Errorf("add tag: %w", err)
		}
	}
	for _, id := range sorted(collections) {
		if _, err := s.q.AddDocumentCollections(ctx, tx, id, unique(collections[id])); err != nil {
			return fmt.Errorf("add to collection: %w", err)
		}
	}
	return nil
}

// sorted are the keys of what is to be put somewhere, in one order for all.
func sorted(m map[uuid.UUID][]uuid.UUID) []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	return unique(ids)
}
