package savedsearch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/savedsearch/internal/savedsearchdb"
	"scrollkeeper.example/scrollkeeper/internal/search"
)

// What one look costs at most.
const (
	// maxStretch is how many rows of the change log are read at a time.
	maxStretch = 1000
	// maxMatches is how many documents, and as many marks, are kept as known.
	maxMatches = 20_000
	// matchTimeout bounds one query; lookTime a whole look, in real time. What is
	// left over is looked at next time, the longest waiting first.
	matchTimeout = 5 * time.Second
	lookTime     = 30 * time.Second
)

// touched is a document of a stretch, with who changed it.
type touched struct {
	id     uuid.UUID
	actors []uuid.NullUUID
}

// others reports whether anybody but p changed it.
func (t touched) others(p uuid.UUID) bool {
	for _, a := range t.actors {
		if !a.Valid || a.UUID != p {
			return true
		}
	}
	return false
}

// Look tells the people of a library what newly matches their searches. Any number
// of processes may call it: each person and search is told once.
func (s *Service) Look(ctx context.Context, libraryID uuid.UUID) error {
	latest, err := s.q.LibraryVersion(ctx, s.Pool, libraryID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return postgres.Fault(fmt.Errorf("library version: %w", err))
	}
	waiting, err := s.q.ToLook(ctx, s.Pool, libraryID, latest)
	if err != nil {
		return postgres.Fault(fmt.Errorf("notices to look at: %w", err))
	}
	// Most have looked as far as each other.
	stretches := map[int64][]touched{}
	var failures []error
	for begin, i := time.Now(), 0; i < len(waiting) && time.Since(begin) < lookTime; i++ {
		w := waiting[i]
		until := min(w.Version+maxStretch, latest)
		stretch, known := stretches[w.Version]
		if !known {
			if stretch, err = s.stretch(ctx, libraryID, w.Version, until); err != nil {
				return err
			}
			stretches[w.Version] = stretch
		}
		if err := s.lookFor(ctx, libraryID, w, stretch, until); err != nil {
			failures = append(failures, err) // the others get theirs
		}
	}
	return errors.Join(failures...)
}

func (s *Service) stretch(ctx context.Context, libraryID uuid.UUID, since, until int64) ([]touched, error) {
	rows, err := s.q.Stretch(ctx, s.Pool, libraryID, since, until)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("stretch of changes: %w", err))
	}
	list := []touched{}
	for _, r := range rows { // by document
		if len(list) == 0 || list[len(list)-1].id != r.ID {
			list = append(list, touched{id: r.ID})
		}
		last := &list[len(list)-1]
		last.actors = append(last.actors, r.ActorID)
	}
	return list, nil
}

// lookFor looks at one stretch for one person and search.
func (s *Service) lookFor(ctx context.Context, libraryID uuid.UUID, w savedsearchdb.ToLookRow, stretch []touched, until int64) error {
	// Only what is searched for depends on who asks; that they are still in the
	// library, search finds out.
	p := identity.Person{ID: w.PersonID}
	among := make([]uuid.UUID, len(stretch))
	for i, t := range stretch {
		among[i] = t.id
	}
	var before, now []search.Match
	var err error
	if !w.Counted {
		before, err = s.matches(ctx, p, libraryID, w.Query, nil)
	}
	if err == nil && len(among) > 0 {
		now, err = s.matches(ctx, p, libraryID, w.Query, among)
	}
	if f, ok := fault.As(err); ok && f.Kind != fault.Unavailable && f.Kind != fault.Internal {
		// They left the library, or the query cannot be answered any more, which its
		// list says. Nothing is told of this stretch, also not later.
		before, now, err = nil, nil, nil
	}
	if fault.Is(err, "search_timed_out") {
		s.Logger.WarnContext(ctx, "savedsearch: a search takes too long to tell of its news", slog.String("saved_search", w.SavedSearchID.String()))
		before, now, err = nil, nil, nil
	}
	if err != nil {
		return err
	}
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := s.q.LockNotices(ctx, tx, savedsearchdb.LockNoticesParams{
			Query: w.Query, SavedSearchID: w.SavedSearchID, PersonID: w.PersonID, Version: w.Version, Counted: w.Counted,
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // switched off, changed, or looked at by another process
		}
		if err != nil {
			return fmt.Errorf("lock notices: %w", err)
		}
		if _, err := s.add(ctx, tx, w, untouched(before, stretch)); err != nil {
			return err
		}
		fresh, err := s.add(ctx, tx, w, now)
		if err != nil {
			return err
		}
		if news := news(fresh, now, stretch, w.PersonID); len(news) > 0 {
			id, err := s.Notify.TellMatches(ctx, tx, w.PersonID, libraryID, w.SavedSearchID)
			if err != nil {
				return err
			}
			if err := s.q.TellMatches(ctx, tx, savedsearchdb.TellMatchesParams{
				NotificationID: id, SavedSearchID: w.SavedSearchID, PersonID: w.PersonID, ObjectIds: news,
			}); err != nil {
				return fmt.Errorf("tell matches: %w", err)
			}
		}
		if err := s.q.SetLooked(ctx, tx, until, w.SavedSearchID, w.PersonID); err != nil {
			return fmt.Errorf("set looked: %w", err)
		}
		return nil
	})
}

func (s *Service) matches(ctx context.Context, p identity.Person, libraryID uuid.UUID, query string, among []uuid.UUID) ([]search.Match, error) {
	return s.Search.Matches(ctx, p, search.Matching{
		Query: query, LibraryID: libraryID, Among: among, Documents: maxMatches, Marks: maxMatches, Timeout: matchTimeout,
	})
}

// add keeps matches as known and gives the documents and marks that were not.
func (s *Service) add(ctx context.Context, tx *postgres.Tx, w savedsearchdb.ToLookRow, matches []search.Match) ([]uuid.UUID, error) {
	if len(matches) == 0 {
		return nil, nil
	}
	p := savedsearchdb.AddMatchesParams{SavedSearchID: w.SavedSearchID, PersonID: w.PersonID, At: s.Clock.Now()}
	for _, m := range matches {
		p.DocumentIds = append(p.DocumentIds, m.DocumentID)
		p.MarkIds = append(p.MarkIds, m.MarkID.UUID)
	}
	fresh, err := s.q.AddMatches(ctx, tx, p)
	if err != nil {
		return nil, fmt.Errorf("add matches: %w", err)
	}
	return fresh, nil
}

// untouched leaves out matches on documents of the stretch: what they are now is
// not what they were when notices were switched on.
func untouched(matches []search.Match, stretch []touched) []search.Match {
	changed := make(map[uuid.UUID]bool, len(stretch))
	for _, t := range stretch {
		changed[t.id] = true
	}
	var list []search.Match
	for _, m := range matches {
		if !changed[m.DocumentID] {
			list = append(list, m)
		}
	}
	return list
}

// news are those of the fresh documents and marks that are not p's own doing.
func news(fresh []uuid.UUID, matches []search.Match, stretch []touched, p uuid.UUID) []uuid.UUID {
	others := make(map[uuid.UUID]bool, len(matches))
	changed := make(map[uuid.UUID]bool, len(stretch))
	for _, t := range stretch {
		changed[t.id] = t.others(p)
	}
	for _, m := range matches {
		if m.MarkID.Valid {
			others[m.MarkID.UUID] = m.By.UUID != p
		} else {
			others[m.DocumentID] = changed[m.DocumentID]
		}
	}
	var list []uuid.UUID
	for _, id := range fresh {
		if others[id] {
			list = append(list, id)
		}
	}
	return list
}
