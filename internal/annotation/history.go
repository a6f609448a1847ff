package annotation

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// History gives what happened to a mark, oldest first. What happened while it
// was private is its author's alone.
func (s *Service) History(ctx context.Context, p identity.Person, id uuid.UUID) ([]Change, error) {
	var changes []Change
	err := s.snapshot(ctx, func(db postgres.DBTX) error {
		m, err := s.see(ctx, db, p, id)
		if err != nil {
			return err
		}
		if m.DeletedAt != nil && m.DeletedBy != by(p) && !m.by(p) {
			return errGone
		}
		rows, err := s.q.History(ctx, db, id, m.by(p))
		if err != nil {
			return postgres.Fault(fmt.Errorf("history: %w", err))
		}
		changes = make([]Change, len(rows))
		for i, r := range rows {
			changes[i] = Change{At: r.At, By: Person{r.PersonID, r.Person}, What: What(r.What), ReplyID: r.ReplyID, Before: r.Before, After: r.After}
		}
		return nil
	})
	return changes, err
}

// entry is what a line of history says.
type entry struct {
	what          What
	reply         uuid.NullUUID
	before, after *string
}

// note adds a line to a mark's history. While m is private the line is its
// author's alone, and stays so.
func (s *Service) note(ctx context.Context, tx *postgres.Tx, m mark, p identity.Person, e entry) error {
	if err := s.q.InsertHistory(ctx, tx, annotationdb.InsertHistoryParams{
		LibraryID: m.LibraryID, AnnotationID: m.ID, ReplyID: e.reply, At: s.Clock.Now(), PersonID: by(p), PersonName: p.Name,
		What: string(e.what), Before: e.before, After: e.after, Private: m.Private,
	}); err != nil {
		return fmt.Errorf("insert history: %w", err)
	}
	return nil
}

func (s *Service) noteAssigned(ctx context.Context, tx *postgres.Tx, m mark, p identity.Person, before, after uuid.NullUUID) error {
	e := entry{what: Assigned}
	for _, one := range []struct {
		id   uuid.NullUUID
		name **string
	}{{before, &e.before}, {after, &e.after}} {
		if !one.id.Valid {
			continue
		}
		name, err := s.q.PersonName(ctx, tx, one.id.UUID)
		if err != nil {
			return fmt.Errorf("name of an assignee: %w", err)
		}
		*one.name = &name
	}
	return s.note(ctx, tx, m, p, e)
}

// record writes a line of the change log: for the author alone, or for all.
func (s *Service) record(tx *postgres.Tx, m mark, op string, p identity.Person, private bool) {
	c := library.Change{LibraryID: m.LibraryID, Kind: library.KindAnnotation, ObjectID: m.ID, Op: op, Actor: nullable(p.ID)}
	if private {
		c.Audience = m.AuthorID
	}
	s.Libraries.Record(tx, c)
	if s.News != nil && !private {
		tx.AfterCommit(func(ctx context.Context) {
			s.News.Publish(ctx, Topic(m.DocumentID), MarksNews{Type: "marks"})
		})
	}
}

// tell tells who listens of a change by p.
func (s *Service) tell(ctx context.Context, tx *postgres.Tx, m mark, p identity.Person, e Event) error {
	if s.OnEvent == nil {
		return nil
	}
	e.LibraryID, e.DocumentID, e.AnnotationID = m.LibraryID, m.DocumentID, m.ID
	e.Actor, e.Private, e.At = p, m.Private, s.Clock.Now()
	return s.OnEvent(ctx, tx, e)
}

func privacy(private bool) *string {
	if private {
		return optional("private")
	}
	return optional("shared")
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
