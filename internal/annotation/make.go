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

// New is a mark that a person makes.
type New struct {
	ID          uuid.UUID // the client's
	DocumentID  uuid.UUID
	EditionID   uuid.UUID // uuid.Nil for a note on the document
	Kind        Kind
	Meaning     Meaning
	Private     bool
	Body        string
	TextVersion *string // nil when the client does not say what it saw
	Parts       []Place
}

// Place is where a person wants a mark on one page, before it is checked.
type Place struct {
	Page       int
	Start, End *int
	Rect       []float64
	Paths      [][]float64
}

// Make makes a mark. Asked for twice with the same id it makes one.
func (s *Service) Make(ctx context.Context, p identity.Person, op Operation, n New) (Annotation, error) {
	const what = "make"
	d, err := s.q.DocumentEdition(ctx, s.Pool, n.DocumentID)
	if err != nil {
		return Annotation{}, missing(fmt.Errorf("document: %w", err), errNoDocument)
	}
	if err := s.authorize(ctx, s.Pool, p, toMark(n.Private), d.LibraryID, n.DocumentID, errNoDocument); err != nil {
		return Annotation{}, err
	}
	if !op.EditionID.Valid {
		op.EditionID = nullable(n.EditionID)
	}
	// Asked before the place is checked: what was made in a text that has changed
	// since is still made.
	if done, err := s.made(ctx, p, op, what, n); done || err != nil {
		return s.replayed(ctx, p, op, n, err)
	}
	if d.TrashedAt != nil {
		return Annotation{}, errTrashed
	}
	if n.ID == uuid.Nil {
		return Annotation{}, fault.New(fault.Invalid, "bad_id", "A mark needs an id of its own.")
	}
	body, err := cleanBody(n.Body)
	if err != nil {
		return Annotation{}, err
	}
	if n.Private && len(mentionsIn(body)) > 0 {
		return Annotation{}, errInPrivate
	}
	where, err := s.newPlace(ctx, n, body)
	if err != nil {
		return Annotation{}, err
	}
	var a Annotation
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		replay, err := s.begin(ctx, tx, p, op, what, n.ID)
		if err != nil {
			return err
		}
		if !replay {
			if err := s.insert(ctx, tx, p, d.LibraryID, n, body, where); err != nil {
				return err
			}
		}
		a, err = s.answer(ctx, tx, p, op, n.DocumentID, n.ID)
		return err
	})
	return a, err
}

// newPlace checks where a new mark shall stand. A note on the document stands
// nowhere: it is what it says.
func (s *Service) newPlace(ctx context.Context, n New, body string) (anchor, error) {
	if n.Kind != Document {
		return s.place(ctx, s.Pool, n.DocumentID, n.EditionID, n.Kind, n.Parts, n.TextVersion)
	}
	if n.EditionID != uuid.Nil || len(n.Parts) > 0 {
		return anchor{}, errBadParts
	}
	if strings.TrimSpace(body) == "" {
		return anchor{}, errEmptyNote
	}
	return anchor{}, nil
}

// insert stores a new mark and all that goes with it. One that its author has
// made before stays as it is.
func (s *Service) insert(ctx context.Context, tx *postgres.Tx, p identity.Person, libraryID uuid.UUID, n New, body string, where anchor) error {
	hold := func() error { return s.hold(ctx, tx, libraryID, where) }
	if n.Kind == Document {
		hold = func() error { return s.holdDocument(ctx, tx, libraryID, n.DocumentID) }
	}
	if err := hold(); err != nil {
		return err
	}
	now := s.Clock.Now()
	rows, err := s.q.InsertMark(ctx, tx, annotationdb.InsertMarkParams{
		ID: n.ID, LibraryID: libraryID, DocumentID: n.DocumentID, EditionID: nullable(n.EditionID), AuthorID: by(p), AuthorName: p.Name,
		Kind: string(n.Kind), Meaning: string(n.Meaning), Private: n.Private, Body: body, CreatedAt: now, UpdatedAt: now, Origin: string(FromPerson),
	})
	if err != nil {
		return fmt.Errorf("insert mark: %w", err)
	}
	if rows == 0 {
		row, err := s.q.Mark(ctx, tx, n.ID)
		if err != nil {
			return fmt.Errorf("mark: %w", err)
		}
		return sameMark(mark(row), p, n)
	}
	if n.Kind != Document {
		if err := s.putAnchor(ctx, tx, libraryID, n.ID, where); err != nil {
			return err
		}
	}
	m := mark{
		ID: n.ID, LibraryID: libraryID, DocumentID: n.DocumentID, EditionID: nullable(n.EditionID), AuthorID: by(p), AuthorName: p.Name, Private: n.Private,
	}
	mentioned, err := s.setMentions(ctx, tx, p, libraryID, n.ID, uuid.NullUUID{}, body)
	if err != nil {
		return err
	}
	if err := s.note(ctx, tx, m, p, entry{what: Made, after: optional(body)}); err != nil {
		return err
	}
	if n.Kind != Document {
		if err := s.settleElsewhere(ctx, tx, m, n.EditionID); err != nil {
			return err
		}
	}
	s.record(tx, m, library.OpAdded, p, m.Private)
	return s.tell(ctx, tx, m, p, Event{Kind: EventMark, Mentioned: mentioned})
}

// settleElsewhere has a mark that was made or moved looked for in the
// document's other editions.
func (s *Service) settleElsewhere(ctx context.Context, tx *postgres.Tx, m mark, editionID uuid.UUID) error {
	others, err := s.q.OtherEditions(ctx, tx, m.DocumentID, editionID)
	if err != nil {
		return fmt.Errorf("other editions: %w", err)
	}
	for _, id := range others {
		if err := s.queueSettle(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// made reports whether p has made this mark already.
func (s *Service) made(ctx context.Context, p identity.Person, op Operation, what string, n New) (bool, error) {
	done, err := s.done(ctx, s.Pool, p, op, what, n.ID)
	if done || err != nil {
		return done, err
	}
	row, err := s.q.Mark(ctx, s.Pool, n.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, postgres.Fault(fmt.Errorf("mark: %w", err))
	}
	return true, sameMark(mark(row), p, n)
}

// sameMark says whether an id that is taken was taken by the same request.
func sameMark(m mark, p identity.Person, n New) error {
	if !m.by(p) || m.DocumentID != n.DocumentID {
		return errTaken
	}
	return nil
}

func (s *Service) replayed(ctx context.Context, p identity.Person, op Operation, n New, err error) (Annotation, error) {
	if err != nil {
		return Annotation{}, err
	}
	var a Annotation
	err = s.snapshot(ctx, func(db postgres.DBTX) error {
		if _, err := s.see(ctx, db, p, n.ID); err != nil {
			return err
		}
		a, err = s.answer(ctx, db, p, op, n.DocumentID, n.ID)
		return err
	})
	return a, err
}
