package organise

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/organise/internal/organisedb"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Collection is a folder of documents, which may be in others as well.
type Collection struct {
	ID       uuid.UUID
	ParentID uuid.NullUUID // invalid at the top
	Name     string        // unique in its place, whatever the case
	// Documents counts those that are in it or in one under it, each once, and
	// not those in the trash.
	Documents int64
}

// Place is where a collection stands in the tree.
type Place struct {
	ParentID uuid.NullUUID // invalid for the top
	Before   uuid.NullUUID // the one that comes next; invalid for the end
}

// Collections lists a library's collections, those in one place in their order.
func (s *Service) Collections(ctx context.Context, p identity.Person, libraryID uuid.UUID) ([]Collection, error) {
	if _, err := s.libraries.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		return nil, err
	}
	rows, err := s.q.Collections(ctx, s.pool, libraryID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("collections: %w", err))
	}
	list := make([]Collection, len(rows))
	for i, r := range rows {
		list[i] = Collection{ID: r.ID, ParentID: r.ParentID, Name: r.Name, Documents: r.Documents}
	}
	return list, nil
}

// MakeCollection adds an empty collection at the end of its place.
func (s *Service) MakeCollection(ctx context.Context, p identity.Person, libraryID uuid.UUID, name string, parent uuid.NullUUID) (Collection, error) {
	name, err := validCollectionName(name)
	if err != nil {
		return Collection{}, err
	}
	c := Collection{ID: uuid.Must(uuid.NewV7()), ParentID: parent, Name: name}
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.libraries.Authorize(ctx, tx, p, library.EditDocument, libraryID); err != nil {
			return err
		}
		t, err := s.lockTree(ctx, tx, libraryID)
		if err != nil {
			return err
		}
		if len(t) >= maxCollections {
			return errManyCollections
		}
		if err := t.mayHold(parent, 1); err != nil {
			return err
		}
		if err := s.q.InsertCollection(ctx, tx, organisedb.InsertCollectionParams{
			ID: c.ID, LibraryID: libraryID, ParentID: parent, Name: name, Position: int32(len(t.children(parent))), //nolint:gosec // at most maxCollections
			CreatedBy: by(p), CreatedAt: s.clock.Now(),
		}); err != nil {
			return collectionTaken(fmt.Errorf("insert collection: %w", err))
		}
		s.recordCollection(tx, p, libraryID, c.ID, library.OpAdded)
		return nil
	})
	return c, err
}

// RenameCollection gives a collection another name.
func (s *Service) RenameCollection(ctx context.Context, p identity.Person, id uuid.UUID, name string) (Collection, error) {
	name, err := validCollectionName(name)
	if err != nil {
		return Collection{}, err
	}
	return s.changeCollection(ctx, p, id, library.OpChanged, func(ctx context.Context, tx *postgres.Tx, _ tree, c organisedb.LockCollectionRow) (bool, error) {
		if c.DeletedWith.Valid {
			return false, errCollectionGone
		}
		if err := s.q.RenameCollection(ctx, tx, name, id); err != nil {
			return false, collectionTaken(fmt.Errorf("rename collection: %w", err))
		}
		return name != c.Name, nil
	})
}

// MoveCollection puts a collection, with all that is under it, somewhere else.
func (s *Service) MoveCollection(ctx context.Context, p identity.Person, id uuid.UUID, to Place) (Collection, error) {
	return s.changeCollection(ctx, p, id, library.OpChanged, func(ctx context.Context, tx *postgres.Tx, t tree, c organisedb.LockCollectionRow) (bool, error) {
		if c.DeletedWith.Valid {
			return false, errCollectionGone
		}
		if to.ParentID.Valid && slices.Contains(t.under(id), to.ParentID.UUID) {
			return false, errCycle
		}
		if err := t.mayHold(to.ParentID, t.height(id)); err != nil {
			return false, err
		}
		siblings := slices.DeleteFunc(t.children(to.ParentID), func(other uuid.UUID) bool { return other == id })
		at := len(siblings)
		if to.Before.Valid {
			if at = slices.Index(siblings, to.Before.UUID); at < 0 {
				return false, errNoSibling
			}
		}
		if err := s.q.MoveCollection(ctx, tx, to.ParentID, id); err != nil {
			return false, collectionTaken(fmt.Errorf("move collection: %w", err))
		}
		if err := s.q.OrderCollections(ctx, tx, slices.Insert(siblings, at, id)); err != nil {
			return false, fmt.Errorf("order collections: %w", err)
		}
		return true, nil
	})
}

// DeleteCollection takes a collection and all that is under it out of the tree,
// until it is restored. The documents stay in the library.
func (s *Service) DeleteCollection(ctx context.Context, p identity.Person, id uuid.UUID) error {
	_, err := s.changeCollection(ctx, p, id, library.OpRemoved, func(ctx context.Context, tx *postgres.Tx, t tree, c organisedb.LockCollectionRow) (bool, error) {
		if c.DeletedWith.Valid {
			return false, nil
		}
		now := s.clock.Now()
		before := now.Add(-keepDeleted)
		if err := s.q.ClearDeletedCollections(ctx, tx, c.LibraryID, &before); err != nil {
			return false, fmt.Errorf("clear deleted collections: %w", err)
		}
		if err := s.q.DeleteCollections(ctx, tx, now, id, t.under(id)); err != nil {
			return false, fmt.Errorf("delete collections: %w", err)
		}
		return true, nil
	})
	return err
}

// RestoreCollection brings back a deleted collection with what was deleted with
// it and their documents: to its place, or to the top where that is gone. It
// fails where another has its name by now.
func (s *Service) RestoreCollection(ctx context.Context, p identity.Person, id uuid.UUID) (Collection, error) {
	return s.changeCollection(ctx, p, id, library.OpRestored, func(ctx context.Context, tx *postgres.Tx, t tree, c organisedb.LockCollectionRow) (bool, error) {
		if !c.DeletedWith.Valid {
			return false, nil
		}
		if c.DeletedWith.UUID != id {
			return false, errDeletedWith
		}
		rows, err := s.q.DeletedWith(ctx, tx, id, c.LibraryID)
		if err != nil {
			return false, fmt.Errorf("deleted with: %w", err)
		}
		back := make(tree, len(rows))
		for i, r := range rows {
			back[i] = node{id: r.ID, parent: r.ParentID}
		}
		if len(t)+len(back) > maxCollections {
			return false, errManyCollections
		}
		parent := c.ParentID
		if _, found := t.find(parent.UUID); !found {
			parent = uuid.NullUUID{}
		}
		if err := t.mayHold(parent, back.height(id)); err != nil {
			return false, err
		}
		if err := s.q.MoveCollection(ctx, tx, parent, id); err != nil {
			return false, fmt.Errorf("move collection: %w", err)
		}
		if err := s.q.RestoreCollections(ctx, tx, back.under(id)); err != nil {
			return false, collectionTaken(fmt.Errorf("restore collections: %w", err))
		}
		return true, nil
	})
}

// CollectDocuments puts documents of its library into a collection and takes
// others out, all or none, and gives those that it changed.
func (s *Service) CollectDocuments(ctx context.Context, p identity.Person, id uuid.UUID, c Change) (Change, error) {
	return s.changeDocuments(ctx, p, c, func(ctx context.Context, tx *postgres.Tx) (uuid.UUID, error) {
		libraryID, err := s.authorizeCollection(ctx, tx, p, id)
		if err != nil {
			return uuid.Nil, err
		}
		row, err := s.q.LockCollection(ctx, tx, id)
		if err != nil {
			return uuid.Nil, noCollection(fmt.Errorf("lock collection: %w", err))
		}
		if row.DeletedWith.Valid {
			return uuid.Nil, errCollectionGone
		}
		return libraryID, nil
	}, func(ctx context.Context, tx *postgres.Tx, c Change) (done Change, err error) {
		if done.Add, err = s.q.AddDocumentCollections(ctx, tx, id, c.Add); err != nil {
			return done, fmt.Errorf("add to collection: %w", err)
		}
		if done.Remove, err = s.q.RemoveDocumentCollections(ctx, tx, id, c.Remove); err != nil {
			return done, fmt.Errorf("remove from collection: %w", err)
		}
		return done, nil
	})
}

// changeCollection runs fn on a locked collection that p may change and on its
// library's tree, records op when fn says that it changed something, and gives
// the collection as it is then.
func (s *Service) changeCollection(ctx context.Context, p identity.Person, id uuid.UUID, op string,
	fn func(context.Context, *postgres.Tx, tree, organisedb.LockCollectionRow) (changed bool, err error),
) (Collection, error) {
	var c Collection
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		libraryID, err := s.authorizeCollection(ctx, tx, p, id)
		if err != nil {
			return err
		}
		t, err := s.lockTree(ctx, tx, libraryID)
		if err != nil {
			return err
		}
		row, err := s.q.LockCollection(ctx, tx, id)
		if err != nil {
			return noCollection(fmt.Errorf("lock collection: %w", err))
		}
		changed, err := fn(ctx, tx, t, row)
		if err != nil {
			return err
		}
		if changed {
			s.recordCollection(tx, p, libraryID, id, op)
		}
		now, err := s.q.LockCollection(ctx, tx, id)
		if err != nil {
			return noCollection(fmt.Errorf("collection: %w", err))
		}
		n, err := s.q.CountUnder(ctx, tx, id)
		if err != nil {
			return fmt.Errorf("count documents: %w", err)
		}
		c = Collection{ID: id, ParentID: now.ParentID, Name: now.Name, Documents: n}
		return nil
	})
	return c, err
}

// lockTree reads a library's tree, which nobody else changes until the
// transaction ends.
func (s *Service) lockTree(ctx context.Context, tx *postgres.Tx, libraryID uuid.UUID) (tree, error) {
	if err := s.q.LockLibrary(ctx, tx, libraryID.String()); err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	rows, err := s.q.CollectionNodes(ctx, tx, libraryID)
	if err != nil {
		return nil, fmt.Errorf("tree: %w", err)
	}
	t := make(tree, len(rows))
	for i, r := range rows {
		t[i] = node{id: r.ID, parent: r.ParentID}
	}
	return t, nil
}

// authorizeCollection is authorize for a collection.
func (s *Service) authorizeCollection(ctx context.Context, db postgres.DBTX, p identity.Person, id uuid.UUID) (uuid.UUID, error) {
	libraryID, err := s.q.CollectionLibrary(ctx, db, id)
	if err != nil {
		return uuid.Nil, noCollection(fmt.Errorf("collection: %w", err))
	}
	_, err = s.libraries.Authorize(ctx, db, p, library.EditDocument, libraryID)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return uuid.Nil, errNoCollection
	}
	return libraryID, err
}

func (s *Service) recordCollection(tx *postgres.Tx, p identity.Person, libraryID, id uuid.UUID, op string) {
	s.libraries.Record(tx, library.Change{LibraryID: libraryID, Kind: library.KindCollection, ObjectID: id, Op: op, Actor: by(p)})
}

func noCollection(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoCollection
	}
	return postgres.Fault(err)
}

// collectionTaken turns a second collection of a name in one place into its fault.
func collectionTaken(err error) error {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.ConstraintName == "collections_name" {
		return errCollectionTaken
	}
	return err
}
