package notify

import (
	"context"
	"fmt"
	"math"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/notify/internal/notifydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// stretch is how many rows of the change log one page looks at.
const stretch = 300

// LibraryActivity gives what people did in a library that p may see, backwards
// from below the version before; 0 begins at the end. A page may hold little, or
// nothing, and yet go on.
func (s *Service) LibraryActivity(ctx context.Context, p identity.Person, libraryID uuid.UUID, before int64) (Activity, error) {
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, libraryID); err != nil {
		return Activity{}, err
	}
	return s.activity(ctx, p, libraryID, uuid.NullUUID{}, before)
}

// DocumentActivity gives what people did to one document, as LibraryActivity.
func (s *Service) DocumentActivity(ctx context.Context, p identity.Person, documentID uuid.UUID, before int64) (Activity, error) {
	libraryID, err := s.authorizeDocument(ctx, p, documentID)
	if err != nil {
		return Activity{}, err
	}
	return s.activity(ctx, p, libraryID, nullable(documentID), before)
}

func (s *Service) activity(ctx context.Context, p identity.Person, libraryID uuid.UUID, documentID uuid.NullUUID, before int64) (Activity, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	rows, err := s.q.Activity(ctx, s.Pool, notifydb.ActivityParams{
		LibraryID: libraryID, DocumentID: documentID, Before: before, PersonID: p.ID, MaxRows: stretch,
	})
	if err != nil {
		return Activity{}, postgres.Fault(fmt.Errorf("activity: %w", err))
	}
	var page Activity
	for _, r := range rows {
		if r.LookedAt == stretch && r.Lowest > 1 {
			page.Next = r.Lowest
		}
		if a, ok := actionOf(r); ok {
			page.Items = fold(page.Items, a)
		}
	}
	return page, nil
}

// actionOf is what a row of the change log says that somebody did; false for
// what nobody did, what is not for this reader, and what says too little.
func actionOf(r notifydb.ActivityRow) (Action, bool) {
	if !r.Shown || !r.ActorID.Valid || r.ActorName == nil {
		return Action{}, false
	}
	a := Action{
		Version: r.Version, At: r.At, ActorID: r.ActorID.UUID, Actor: *r.ActorName, Kind: r.Kind, Op: r.Op, What: r.What,
		ObjectID: r.ObjectID, Object: r.ObjectName, DocumentID: r.DocumentID, AnnotationID: r.AnnotationID, Count: 1,
	}
	if r.DocumentTitle != nil {
		a.Title = *r.DocumentTitle
	}
	if r.Kind != library.KindAnnotation {
		a.What = ""
		return a, true
	}
	switch {
	case r.Op == library.OpAdded:
		a.What = "made"
	case r.Op == library.OpRemoved:
		a.What = "deleted"
		return a, true // of what is gone nothing is shown
	case r.Op == library.OpRestored:
		a.What = "restored"
	case r.Reply && r.What == "made":
		a.What = "reply"
	case r.What == "", r.What == "made", r.What == "deleted":
		// Reactions, and what was taken back meanwhile.
		return Action{}, false
	}
	a.Said, a.Quote = r.Body, r.Quote
	return a, true
}

// fold adds a to the list, or counts it with the one before where somebody did
// the same several times in a row: "added 12 documents".
func fold(list []Action, a Action) []Action {
	if len(list) > 0 {
		last := &list[len(list)-1]
		same := last.ActorID == a.ActorID && last.Kind == a.Kind && last.Op == a.Op && last.What == a.What && last.At.Sub(a.At) < inARow
		switch {
		case !same:
		case a.Kind == library.KindDocument && a.Op != library.OpChanged,
			a.Kind == library.KindDocument && last.ObjectID == a.ObjectID,
			a.Kind == library.KindAnnotation && last.DocumentID == a.DocumentID && (a.What == "made" || a.What == "deleted"),
			a.Kind == library.KindAnnotation && last.ObjectID == a.ObjectID && a.What == "body":
			last.Count++
			return list
		}
	}
	return append(list, a)
}
