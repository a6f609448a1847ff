package organise

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/organise/internal/organisedb"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Service holds the use cases.
type Service struct {
	pool      *pgxpool.Pool
	libraries *library.Service
	clock     clock.Clock
	q         *organisedb.Queries
}

// New makes a Service.
func New(pool *pgxpool.Pool, libraries *library.Service, c clock.Clock) *Service {
	return &Service{pool: pool, libraries: libraries, clock: c, q: organisedb.New()}
}

// Tags lists a library's tags by name.
func (s *Service) Tags(ctx context.Context, p identity.Person, libraryID uuid.UUID) ([]Tag, error) {
	if _, err := s.libraries.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		return nil, err
	}
	rows, err := s.q.Tags(ctx, s.pool, libraryID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("tags: %w", err))
	}
	tags := make([]Tag, len(rows))
	for i, r := range rows {
		tags[i] = Tag{ID: r.ID, Name: r.Name, Color: Color(r.Color), Documents: r.Documents}
	}
	return tags, nil
}

// MakeTag adds a tag to a library. It fails where there is one of that name.
func (s *Service) MakeTag(ctx context.Context, p identity.Person, libraryID uuid.UUID, name string, color Color) (Tag, error) {
	name, err := validTagName(name)
	if err != nil {
		return Tag{}, err
	}
	if !color.valid() {
		return Tag{}, errBadColor
	}
	t := Tag{ID: uuid.Must(uuid.NewV7()), Name: name, Color: color}
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.libraries.Authorize(ctx, tx, p, library.EditDocument, libraryID); err != nil {
			return err
		}
		if err := s.q.LockLibrary(ctx, tx, libraryID.String()); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		if err := s.room(ctx, tx, libraryID); err != nil {
			return err
		}
		if err := s.q.InsertTag(ctx, tx, organisedb.InsertTagParams{
			ID: t.ID, LibraryID: libraryID, Name: name, Color: string(color), CreatedBy: by(p), CreatedAt: s.clock.Now(),
		}); err != nil {
			return taken(fmt.Errorf("insert tag: %w", err))
		}
		s.record(tx, p, libraryID, t.ID, library.OpAdded)
		return nil
	})
	return t, err
}

// room fails when the library has all the tags that it may.
func (s *Service) room(ctx context.Context, tx *postgres.Tx, libraryID uuid.UUID) error {
	n, err := s.q.CountTags(ctx, tx, libraryID)
	if err != nil {
		return fmt.Errorf("count tags: %w", err)
	}
	if n >= maxTags {
		return errTooMany
	}
	return nil
}

// ChangeTag gives a tag another name or colour.
func (s *Service) ChangeTag(ctx context.Context, p identity.Person, id uuid.UUID, c TagChange) (Tag, error) {
	var name string
	if c.Name != nil {
		var err error
		if name, err = validTagName(*c.Name); err != nil {
			return Tag{}, err
		}
	}
	if c.Color != nil && !c.Color.valid() {
		return Tag{}, errBadColor
	}
	return s.changeTag(ctx, p, id, library.OpChanged, func(ctx context.Context, tx *postgres.Tx, t organisedb.LockTagRow) (bool, error) {
		if t.DeletedAt != nil {
			return false, errTagGone
		}
		was := t
		if c.Name != nil {
			t.Name = name
		}
		if c.Color != nil {
			t.Color = string(*c.Color)
		}
		if was == t {
			return false, nil
		}
		if err := s.q.UpdateTag(ctx, tx, t.Name, t.Color, id); err != nil {
			return false, taken(fmt.Errorf("update tag: %w", err))
		}
		return true, nil
	})
}

// DeleteTag takes a tag off all documents, until it is restored. One that is
// deleted already stays as it is.
func (s *Service) DeleteTag(ctx context.Context, p identity.Person, id uuid.UUID) error {
	_, err := s.changeTag(ctx, p, id, library.OpRemoved, func(ctx context.Context, tx *postgres.Tx, t organisedb.LockTagRow) (bool, error) {
		if t.DeletedAt != nil {
			return false, nil
		}
		now := s.clock.Now()
		before := now.Add(-keepDeleted)
		if err := s.q.ClearDeletedTags(ctx, tx, t.LibraryID, &before); err != nil {
			return false, fmt.Errorf("clear deleted tags: %w", err)
		}
		if err := s.q.SetTagDeleted(ctx, tx, &now, id); err != nil {
			return false, fmt.Errorf("delete tag: %w", err)
		}
		return true, nil
	})
	return err
}

// RestoreTag brings a deleted tag back, on the documents that it was on. It
// fails where another has its name by now.
func (s *Service) RestoreTag(ctx context.Context, p identity.Person, id uuid.UUID) (Tag, error) {
	return s.changeTag(ctx, p, id, library.OpRestored, func(ctx context.Context, tx *postgres.Tx, t organisedb.LockTagRow) (bool, error) {
		if t.DeletedAt == nil {
			return false, nil
		}
		if err := s.room(ctx, tx, t.LibraryID); err != nil {
			return false, err
		}
		if err := s.q.SetTagDeleted(ctx, tx, nil, id); err != nil {
			return false, taken(fmt.Errorf("restore tag: %w", err))
		}
		return true, nil
	})
}

// changeTag runs fn on a locked tag that p may change, records op when fn says
// that it changed something, and gives the tag as it is then.
func (s *Service) changeTag(ctx context.Context, p identity.Person, id uuid.UUID, op string,
	fn func(context.Context, *postgres.Tx, organisedb.LockTagRow) (changed bool, err error),
) (Tag, error) {
	var t Tag
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		libraryID, err := s.authorize(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if err := s.q.LockLibrary(ctx, tx, libraryID.String()); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		row, err := s.q.LockTag(ctx, tx, id)
		if err != nil {
			return missing(fmt.Errorf("lock tag: %w", err))
		}
		changed, err := fn(ctx, tx, row)
		if err != nil {
			return err
		}
		if changed {
			s.record(tx, p, row.LibraryID, id, op)
		}
		now, err := s.q.Tag(ctx, tx, id)
		t = Tag{ID: now.ID, Name: now.Name, Color: Color(now.Color), Documents: now.Documents}
		return missing(err)
	})
	return t, err
}

// TagDocuments puts a tag on documents of its library and takes it off others,
// all or none, and gives those that it changed. Documents in the trash may be
// among them.
func (s *Service) TagDocuments(ctx context.Context, p identity.Person, id uuid.UUID, c Change) (Change, error) {
	return s.changeDocuments(ctx, p, c, func(ctx context.Context, tx *postgres.Tx) (uuid.UUID, error) {
		libraryID, err := s.authorize(ctx, tx, p, id)
		if err != nil {
			return uuid.Nil, err
		}
		t, err := s.q.LockTag(ctx, tx, id)
		if err != nil {
			return uuid.Nil, missing(fmt.Errorf("lock tag: %w", err))
		}
		if t.DeletedAt != nil {
			return uuid.Nil, errTagGone
		}
		return libraryID, nil
	}, func(ctx context.Context, tx *postgres.Tx, c Change) (done Change, err error) {
		if done.Add, err = s.q.AddDocumentTags(ctx, tx, id, c.Add); err != nil {
			return done, fmt.Errorf("add tag: %w", err)
		}
		if done.Remove, err = s.q.RemoveDocumentTags(ctx, tx, id, c.Remove); err != nil {
			return done, fmt.Errorf("remove tag: %w", err)
		}
		return done, nil
	})
}

// changeDocuments runs change on documents of the library that lock gives, which
// also authorises and locks what they get or lose. It records and gives those
// that change says it changed.
func (s *Service) changeDocuments(ctx context.Context, p identity.Person, c Change,
	lock func(context.Context, *postgres.Tx) (libraryID uuid.UUID, err error),
	change func(context.Context, *postgres.Tx, Change) (Change, error),
) (Change, error) {
	c, err := c.valid()
	if err != nil {
		return Change{}, err
	}
	var done Change
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		libraryID, err := lock(ctx, tx)
		if err != nil {
			return err
		}
		named := append(append([]uuid.UUID{}, c.Add...), c.Remove...)
		known, err := s.q.KnownDocuments(ctx, tx, libraryID, named)
		if err != nil {
			return fmt.Errorf("documents to change: %w", err)
		}
		if len(known) != len(named) {
			return errNoDoc
		}
		if done, err = change(ctx, tx, c); err != nil {
			return err
		}
		done.Add, done.Remove = unique(done.Add), unique(done.Remove)
		for _, documents := range [][]uuid.UUID{done.Add, done.Remove} {
			for _, documentID := range documents {
				s.libraries.Record(tx, library.Change{
					LibraryID: libraryID, Kind: library.KindDocument, ObjectID: documentID, Op: library.OpOrganised, Actor: by(p),
				})
			}
		}
		return nil
	})
	if err != nil {
		return Change{}, err
	}
	return done, nil
}

// authorize gives the library of a tag that p may change. Who is no member
// learns no more than that of an id that was never given.
func (s *Service) authorize(ctx context.Context, db postgres.DBTX, p identity.Person, id uuid.UUID) (uuid.UUID, error) {
	libraryID, err := s.q.TagLibrary(ctx, db, id)
	if err != nil {
		return uuid.Nil, missing(fmt.Errorf("tag: %w", err))
	}
	_, err = s.libraries.Authorize(ctx, db, p, library.EditDocument, libraryID)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return uuid.Nil, errNoTag
	}
	return libraryID, err
}

func (s *Service) record(tx *postgres.Tx, p identity.Person, libraryID, tagID uuid.UUID, op string) {
	s.libraries.Record(tx, library.Change{LibraryID: libraryID, Kind: library.KindTag, ObjectID: tagID, Op: op, Actor: by(p)})
}

func missing(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoTag
	}
	return postgres.Fault(err)
}

// taken turns a second tag of a name into its fault.
func taken(err error) error {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.ConstraintName == "tags_name" {
		return errTagTaken
	}
	return err
}

func by(p identity.Person) uuid.NullUUID { return uuid.NullUUID{UUID: p.ID, Valid: true} }
