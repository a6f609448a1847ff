package annotation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Edit is a change of a mark; nil fields stay as they are.
type Edit struct {
	Revision    int32
	Body        *string
	Meaning     *Meaning
	Private     *bool
	Kind        *Kind
	Parts       []Place
	EditionID   *uuid.UUID // of Parts; nil: the one that the mark was made on
	TextVersion *string
}

// Change edits a mark of p's own. A fault "annotation_changed" with the mark as
// it is now when p has not seen its newest revision.
func (s *Service) Change(ctx context.Context, p identity.Person, op Operation, id uuid.UUID, e Edit) (Annotation, error) {
	const what = "change"
	if e.Body != nil {
		body, err := cleanBody(*e.Body)
		if err != nil {
			return Annotation{}, err
		}
		e.Body = &body
	}
	var where *anchor
	if e.Parts != nil {
		// The words are read before anything is locked.
		a, err := s.placeAgain(ctx, p, op, what, id, &e)
		if err != nil {
			return Annotation{}, err
		}
		where = a
	}
	return s.change(ctx, p, op, id, step{
		what: what,
		action: func(m mark) library.Action {
			hides := e.Private != nil && *e.Private && p.IsGuest()
			return toMark(hides || m.Private && (e.Private == nil || *e.Private))
		},
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error { return s.edit(ctx, tx, p, op, m, e, where) },
	})
}

// placeAgain checks where a mark shall move to; nil when the move was made before.
func (s *Service) placeAgain(ctx context.Context, p identity.Person, op Operation, what string, id uuid.UUID, e *Edit) (*anchor, error) {
	m, err := s.see(ctx, s.Pool, p, id)
	if err != nil {
		return nil, err
	}
	if done, err := s.done(ctx, s.Pool, p, op, what, id); done || err != nil {
		return nil, err
	}
	if !m.by(p) {
		return nil, errNotAuthor
	}
	if !m.EditionID.Valid {
		return nil, errBadParts
	}
	if e.EditionID == nil {
		e.EditionID = &m.EditionID.UUID
	}
	kind := Kind(m.Kind)
	if e.Kind != nil && kind.OnText() == e.Kind.OnText() {
		kind = *e.Kind
	}
	a, err := s.place(ctx, s.Pool, m.DocumentID, *e.EditionID, kind, e.Parts, e.TextVersion)
	if err != nil {
		return nil, err
	}
	a.Confirmed = *e.EditionID != m.EditionID.UUID
	return &a, nil
}

// edit applies an author's edit to a locked mark.
func (s *Service) edit(ctx context.Context, tx *postgres.Tx, p identity.Person, op Operation, m mark, e Edit, where *anchor) error {
	if !m.by(p) {
		return errNotAuthor
	}
	if e.Revision != m.Revision {
		current, err := s.answer(ctx, tx, p, op, m.DocumentID, m.ID)
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, "annotation_changed", "This mark was changed meanwhile. Look at what is there now and save again.").With("current", current)
	}
	was, now, assignee := m, m, m.AssigneeID
	if e.Body != nil {
		now.Body = *e.Body
	}
	if e.Meaning != nil {
		now.Meaning = string(*e.Meaning)
	}
	if e.Private != nil {
		now.Private = *e.Private
	}
	if e.Kind != nil && string(*e.Kind) != m.Kind {
		if !e.Kind.OnText() || !Kind(m.Kind).OnText() {
			return errKind
		}
		now.Kind = string(*e.Kind)
	}
	if Kind(now.Kind) == Document && strings.TrimSpace(now.Body) == "" {
		return errEmptyNote
	}
	if now.Private && len(mentionsIn(now.Body)) > 0 {
		return errInPrivate
	}
	if now.Private && !was.Private {
		if err := s.mayHide(ctx, tx, m); err != nil {
			return err
		}
		if assignee != m.AuthorID {
			assignee = uuid.NullUUID{}
		}
	}
	if now.Body == was.Body && now.Meaning == was.Meaning && now.Private == was.Private && now.Kind == was.Kind && where == nil {
		return nil
	}
	if err := s.q.EditMark(ctx, tx, annotationdb.EditMarkParams{
		ID: m.ID, Kind: now.Kind, Meaning: now.Meaning, Private: now.Private, Body: now.Body, AssigneeID: assignee, At: s.Clock.Now(),
	}); err != nil {
		return fmt.Errorf("edit mark: %w", err)
	}
	// What was said while the mark was private is never shown to others, so an
	// edit that shares it is noted as one that was made in private.
	hidden := now
	hidden.Private = was.Private || now.Private
	if now.Body != was.Body {
		if err := s.note(ctx, tx, hidden, p, entry{what: Rewrote, before: optional(was.Body), after: optional(now.Body)}); err != nil {
			return err
		}
	}
	if now.Meaning != was.Meaning {
		if err := s.note(ctx, tx, hidden, p, entry{what: Meant, before: &was.Meaning, after: &now.Meaning}); err != nil {
			return err
		}
	}
	if where != nil {
		if err := s.move(ctx, tx, p, hidden, *where); err != nil {
			return err
		}
	}
	if assignee != m.AssigneeID {
		if err := s.noteAssigned(ctx, tx, hidden, p, m.AssigneeID, assignee); err != nil {
			return err
		}
	}
	event := Event{Kind: EventMention}
	if now.Private != was.Private {
		if err := s.note(ctx, tx, now, p, entry{what: Shared, before: privacy(was.Private), after: privacy(now.Private)}); err != nil {
			return err
		}
		event.Kind = EventMark // now others can see it
	}
	var err error
	if event.Mentioned, err = s.setMentions(ctx, tx, p, m.LibraryID, m.ID, uuid.NullUUID{}, now.Body); err != nil {
		return err
	}
	// When it became private the others must hear of it too, to forget it.
	s.record(tx, now, library.OpChanged, p, was.Private && now.Private)
	if len(event.Mentioned) == 0 && (event.Kind == EventMention || now.Private) {
		return nil
	}
	return s.tell(ctx, tx, now, p, event)
}

// mayHide says whether a mark that others see may become private.
func (s *Service) mayHide(ctx context.Context, tx *postgres.Tx, m mark) error {
	answered, err := s.q.OthersReplied(ctx, tx, m.ID, m.AuthorID)
	if err != nil {
		return fmt.Errorf("replies of others: %w", err)
	}
	if answered {
		return errHasReplies
	}
	mentions, err := s.q.MentionedInReplies(ctx, tx, m.ID)
	if err != nil {
		return fmt.Errorf("mentions in replies: %w", err)
	}
	if mentions {
		return errInPrivate
	}
	return nil
}

// move puts a mark somewhere else in one edition. Moved in the one that it was
// made on, it is looked for in the others anew.
func (s *Service) move(ctx context.Context, tx *postgres.Tx, p identity.Person, m mark, where anchor) error {
	before, err := s.q.Anchor(ctx, tx, m.ID, where.EditionID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("place before: %w", err)
	}
	if err := s.hold(ctx, tx, m.LibraryID, where); err != nil {
		return err
	}
	if err := s.putAnchor(ctx, tx, m.LibraryID, m.ID, where); err != nil {
		return err
	}
	if where.EditionID == m.EditionID.UUID {
		if err := s.q.DropOtherAnchors(ctx, tx, m.ID, where.EditionID); err != nil {
			return fmt.Errorf("drop places: %w", err)
		}
		if err := s.settleElsewhere(ctx, tx, m, where.EditionID); err != nil {
			return err
		}
	}
	return s.note(ctx, tx, m, p, entry{what: Moved, before: inWords(before.Exact, before.Page), after: inWords(where.Exact, where.order.page)})
}

// inWords says where a mark stood: the words there, else the page.
func inWords(exact string, page int32) *string {
	if exact == "" && page > 0 && page < orphanPage {
		exact = fmt.Sprintf("p. %d", page)
	}
	return optional(exact)
}
