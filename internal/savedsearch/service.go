package savedsearch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/notify"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/savedsearch/internal/savedsearchdb"
	"scrollkeeper.example/scrollkeeper/internal/search"
)

// Parts are the other parts of the program that this one needs.
type Parts struct {
	Pool      *pgxpool.Pool
	Libraries *library.Service
	Search    *search.Service
	Notify    *notify.Service
	Jobs      *jobs.Client
	Clock     clock.Clock
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// Service holds the use cases.
type Service struct {
	Parts

	q *savedsearchdb.Queries
}

// New makes a Service.
func New(parts Parts) *Service {
	if parts.Logger == nil {
		parts.Logger = slog.Default()
	}
	return &Service{Parts: parts, q: savedsearchdb.New()}
}

// List gives those of a library that p may see, by name.
func (s *Service) List(ctx context.Context, p identity.Person, libraryID uuid.UUID) ([]Saved, error) {
	role, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, libraryID)
	if err != nil {
		return nil, err
	}
	rows, err := s.q.SavedSearches(ctx, s.Pool, p.ID, libraryID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("saved searches: %w", err))
	}
	queries := make([]string, len(rows))
	for i, r := range rows {
		queries[i] = r.Query
	}
	problems, err := s.Search.Check(ctx, p, libraryID, queries...)
	if err != nil {
		return nil, err
	}
	list := make([]Saved, len(rows))
	for i, r := range rows {
		list[i] = seenBy(p, role, savedsearchdb.SavedSearchRow{
			ID: r.ID, LibraryID: libraryID, Name: r.Name, Query: r.Query, Shared: r.Shared, OwnerID: r.OwnerID, OwnerName: r.OwnerName, Notices: r.Notices,
		})
		list[i].Problem, _ = fault.As(problems[i])
	}
	return list, nil
}

func seenBy(p identity.Person, role library.Role, r savedsearchdb.SavedSearchRow) Saved {
	mine := r.OwnerID == by(p)
	return Saved{
		ID: r.ID, LibraryID: r.LibraryID, Name: r.Name, Query: r.Query, Shared: r.Shared, Mine: mine, Owner: r.OwnerName,
		MayChange: mayChange(role, mine, r.Shared), Notices: r.Notices,
	}
}

// mayChange: one's own, and a shared one as long as one may share; everybody's as
// an admin.
func mayChange(role library.Role, mine, shared bool) bool {
	if !shared {
		return mine
	}
	return mine && role.May(library.ShareSearch) || role.May(library.ManageSearch)
}

// Make saves a query. It fails as a search does where the query cannot be answered.
func (s *Service) Make(ctx context.Context, p identity.Person, libraryID uuid.UUID, name, query string, shared bool) (Saved, error) {
	action := library.ReadLibrary
	if shared {
		action = library.ShareSearch
	}
	role, err := s.Libraries.Authorize(ctx, s.Pool, p, action, libraryID)
	if err != nil {
		return Saved{}, err
	}
	if name, err = validName(name); err != nil {
		return Saved{}, err
	}
	query = storedQuery(query)
	if err := s.answerable(ctx, p, libraryID, query); err != nil {
		return Saved{}, err
	}
	id := uuid.Must(uuid.NewV7())
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.Libraries.Authorize(ctx, tx, p, action, libraryID); err != nil {
			return err
		}
		if err := s.room(ctx, tx, p, libraryID, shared); err != nil {
			return err
		}
		if err := s.q.InsertSavedSearch(ctx, tx, savedsearchdb.InsertSavedSearchParams{
			ID: id, LibraryID: libraryID, OwnerID: by(p), Name: name, Query: query, Shared: shared, CreatedAt: s.Clock.Now(),
		}); err != nil {
			return taken(fmt.Errorf("insert saved search: %w", err))
		}
		s.record(tx, p, libraryID, id, library.OpAdded, audience(shared, by(p)))
		return nil
	})
	if err != nil {
		return Saved{}, err
	}
	return seenBy(p, role, savedsearchdb.SavedSearchRow{
		ID: id, LibraryID: libraryID, Name: name, Query: query, Shared: shared, OwnerID: by(p), OwnerName: p.Name,
	}), nil
}

func (s *Service) answerable(ctx context.Context, p identity.Person, libraryID uuid.UUID, query string) error {
	problems, err := s.Search.Check(ctx, p, libraryID, query)
	if err != nil {
		return err
	}
	if f, ok := fault.As(problems[0]); ok {
		return f.With("field", "query")
	}
	return nil
}

// room fails where there are as many as there may be, and lets nobody else add one
// before the transaction ends.
func (s *Service) room(ctx context.Context, tx *postgres.Tx, p identity.Person, libraryID uuid.UUID, shared bool) error {
	if err := s.q.LockSaved(ctx, tx, libraryID.String()); err != nil {
		return fmt.Errorf("lock saved searches: %w", err)
	}
	n, err := s.q.CountSaved(ctx, tx, by(p), libraryID)
	if err != nil {
		return fmt.Errorf("count saved searches: %w", err)
	}
	switch {
	case shared && n.Shared >= maxShared:
		return errShared
	case !shared && n.Own >= maxOwn:
		return errOwn
	}
	return nil
}

// Change renames one, gives it another query, or shares it and takes it back.
func (s *Service) Change(ctx context.Context, p identity.Person, id uuid.UUID, c Change) (Saved, error) {
	var name, query string
	if c.Name != nil {
		var err error
		if name, err = validName(*c.Name); err != nil {
			return Saved{}, err
		}
	}
	if c.Query != nil {
		// Looked at before its row is locked; the library of one never changes.
		row, _, err := s.find(ctx, s.Pool, p, id)
		if err != nil {
			return Saved{}, err
		}
		query = storedQuery(*c.Query)
		if err := s.answerable(ctx, p, row.LibraryID, query); err != nil {
			return Saved{}, err
		}
	}
	return s.change(ctx, p, id, library.OpChanged, func(ctx context.Context, tx *postgres.Tx, role library.Role, r savedsearchdb.SavedSearchRow) (bool, error) {
		if r.DeletedAt != nil {
			return false, errGone
		}
		if !mayChange(role, r.OwnerID == by(p), r.Shared) {
			return false, errNotYours
		}
		was := r
		if c.Name != nil {
			r.Name = name
		}
		if c.Query != nil {
			r.Query = query
		}
		if c.Shared != nil {
			r.Shared = *c.Shared
		}
		if was == r {
			return false, nil
		}
		if r.Shared && !was.Shared {
			if _, err := s.Libraries.Authorize(ctx, tx, p, library.ShareSearch, r.LibraryID); err != nil {
				return false, err
			}
		}
		if r.Shared != was.Shared {
			if err := s.room(ctx, tx, p, r.LibraryID, r.Shared); err != nil {
				return false, err
			}
			// Who could see it before must learn that it changed.
			s.record(tx, p, r.LibraryID, id, library.OpChanged, uuid.NullUUID{})
		}
		if err := s.q.UpdateSavedSearch(ctx, tx, savedsearchdb.UpdateSavedSearchParams{
			Name: r.Name, Query: r.Query, Shared: r.Shared, UpdatedAt: s.Clock.Now(), ID: id,
		}); err != nil {
			return false, taken(fmt.Errorf("update saved search: %w", err))
		}
		if r.Query != was.Query {
			return true, s.beginAgain(ctx, tx, r.LibraryID, id)
		}
		return r.Shared == was.Shared, nil // else it is recorded
	})
}

// beginAgain has what a search finds now count as known.
func (s *Service) beginAgain(ctx context.Context, tx *postgres.Tx, libraryID, id uuid.UUID) error {
	version, err := s.q.LibraryVersion(ctx, tx, libraryID)
	if err != nil {
		return fmt.Errorf("library version: %w", err)
	}
	if err := s.q.BeginAgain(ctx, tx, version, id); err != nil {
		return fmt.Errorf("begin notices again: %w", err)
	}
	return nil
}

// Delete takes one away until it is restored. One that is deleted stays as it is.
func (s *Service) Delete(ctx context.Context, p identity.Person, id uuid.UUID) error {
	_, err := s.change(ctx, p, id, library.OpRemoved, func(ctx context.Context, tx *postgres.Tx, role library.Role, r savedsearchdb.SavedSearchRow) (bool, error) {
		// Who made one may take it away, also when they may not share any more.
		if r.OwnerID != by(p) && !mayChange(role, false, r.Shared) {
			return false, errNotYours
		}
		if r.DeletedAt != nil {
			return false, nil
		}
		now := s.Clock.Now()
		before := now.Add(-keepDeleted)
		if err := s.q.ClearDeletedSavedSearches(ctx, tx, r.LibraryID, &before); err != nil {
			return false, fmt.Errorf("clear deleted saved searches: %w", err)
		}
		if err := s.q.SetSavedSearchDeleted(ctx, tx, &now, id); err != nil {
			return false, fmt.Errorf("delete saved search: %w", err)
		}
		return true, nil
	})
	return err
}

// Restore brings a deleted one back. It fails where another has its name by now.
func (s *Service) Restore(ctx context.Context, p identity.Person, id uuid.UUID) (Saved, error) {
	return s.change(ctx, p, id, library.OpRestored, func(ctx context.Context, tx *postgres.Tx, role library.Role, r savedsearchdb.SavedSearchRow) (bool, error) {
		if !mayChange(role, r.OwnerID == by(p), r.Shared) {
			return false, errNotYours
		}
		if r.DeletedAt == nil {
			return false, nil
		}
		if err := s.room(ctx, tx, p, r.LibraryID, r.Shared); err != nil {
			return false, err
		}
		if err := s.q.SetSavedSearchDeleted(ctx, tx, nil, id); err != nil {
			return false, taken(fmt.Errorf("restore saved search: %w", err))
		}
		return true, s.beginAgain(ctx, tx, r.LibraryID, id)
	})
}

// SetNotices says whether p is told of what newly matches.
func (s *Service) SetNotices(ctx context.Context, p identity.Person, id uuid.UUID, on bool) (Saved, error) {
	return s.change(ctx, p, id, "", func(ctx context.Context, tx *postgres.Tx, _ library.Role, r savedsearchdb.SavedSearchRow) (bool, error) {
		if r.DeletedAt != nil {
			return false, errGone
		}
		if r.Notices == on {
			return false, nil
		}
		now := s.Clock.Now()
		if !on {
			if err := s.q.EndNotices(ctx, tx, now, id, p.ID); err != nil {
				return false, fmt.Errorf("end notices: %w", err)
			}
			if err := s.q.ForgetMatches(ctx, tx, id, p.ID); err != nil {
				return false, fmt.Errorf("forget matches: %w", err)
			}
		} else if err := s.startNotices(ctx, tx, p, r, now); err != nil {
			return false, err
		}
		// For one's own other windows.
		s.record(tx, p, r.LibraryID, id, library.OpChanged, by(p))
		return false, nil
	})
}

func (s *Service) startNotices(ctx context.Context, tx *postgres.Tx, p identity.Person, r savedsearchdb.SavedSearchRow, now time.Time) error {
	if err := s.q.LockSaved(ctx, tx, r.LibraryID.String()); err != nil {
		return fmt.Errorf("lock saved searches: %w", err)
	}
	n, err := s.q.CountNotices(ctx, tx, r.LibraryID, p.ID)
	if err != nil {
		return fmt.Errorf("count notices: %w", err)
	}
	if n >= maxNotices {
		return errNotices
	}
	version, err := s.q.LibraryVersion(ctx, tx, r.LibraryID)
	if err != nil {
		return fmt.Errorf("library version: %w", err)
	}
	if err := s.q.PutNotices(ctx, tx, savedsearchdb.PutNoticesParams{
		SavedSearchID: r.ID, PersonID: p.ID, LibraryID: r.LibraryID, Version: version, At: now,
	}); err != nil {
		return fmt.Errorf("put notices: %w", err)
	}
	return nil
}

// Count gives how many documents p finds by one.
func (s *Service) Count(ctx context.Context, p identity.Person, id uuid.UUID) (Count, error) {
	row, _, err := s.find(ctx, s.Pool, p, id)
	if err != nil {
		return Count{}, err
	}
	if row.DeletedAt != nil {
		return Count{}, errGone
	}
	matches, err := s.Search.Matches(ctx, p, search.Matching{
		Query: row.Query, LibraryID: row.LibraryID, Documents: maxCounted + 1, Marks: maxCounted + 1, Timeout: countTimeout,
	})
	if err != nil {
		return Count{}, err
	}
	documents := map[uuid.UUID]bool{}
	for _, m := range matches {
		documents[m.DocumentID] = true
	}
	return Count{Documents: min(len(documents), maxCounted), More: len(documents) > maxCounted}, nil
}

// find gives one that p may see, and p's role. What is another's alone does not
// exist for them, nor does a library that they are not in.
func (s *Service) find(ctx context.Context, db postgres.DBTX, p identity.Person, id uuid.UUID) (savedsearchdb.SavedSearchRow, library.Role, error) {
	row, err := s.q.SavedSearch(ctx, db, p.ID, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return row, "", errNone
	}
	if err != nil {
		return row, "", postgres.Fault(fmt.Errorf("saved search: %w", err))
	}
	role, err := s.Libraries.Authorize(ctx, db, p, library.ReadLibrary, row.LibraryID)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return row, "", errNone
	}
	if err == nil && !row.Shared && row.OwnerID != by(p) {
		err = errNone
	}
	return row, role, err
}

// change runs fn on a locked one that p may see, records op when fn says that it
// changed something, and gives it as it is then.
func (s *Service) change(ctx context.Context, p identity.Person, id uuid.UUID, op string,
	fn func(context.Context, *postgres.Tx, library.Role, savedsearchdb.SavedSearchRow) (changed bool, err error),
) (Saved, error) {
	var saved Saved
	err := postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.q.LockSavedSearch(ctx, tx, id); err != nil {
			return fmt.Errorf("lock saved search: %w", err)
		}
		row, role, err := s.find(ctx, tx, p, id)
		if err != nil {
			return err
		}
		changed, err := fn(ctx, tx, role, row)
		if err != nil {
			return err
		}
		if changed {
			s.record(tx, p, row.LibraryID, id, op, audience(row.Shared, row.OwnerID))
		}
		now, err := s.q.SavedSearch(ctx, tx, p.ID, id)
		if err != nil {
			return fmt.Errorf("saved search: %w", err)
		}
		saved = seenBy(p, role, now)
		return nil
	})
	return saved, err
}

// audience is who may learn of one: everybody, or who made it.
func audience(shared bool, owner uuid.NullUUID) uuid.NullUUID {
	if shared {
		return uuid.NullUUID{}
	}
	return owner
}

func (s *Service) record(tx *postgres.Tx, p identity.Person, libraryID, id uuid.UUID, op string, audience uuid.NullUUID) {
	s.Libraries.Record(tx, library.Change{
		LibraryID: libraryID, Kind: library.KindSavedSearch, ObjectID: id, Op: op, Audience: audience, Actor: by(p),
	})
}

// taken turns a second one of a name into its fault.
func taken(err error) error {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && (pgErr.ConstraintName == "saved_searches_own" || pgErr.ConstraintName == "saved_searches_shared") {
		return errTaken
	}
	return err
}

func by(p identity.Person) uuid.NullUUID { return uuid.NullUUID{UUID: p.ID, Valid: true} }
