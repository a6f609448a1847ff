package annotation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Parts are the other parts of the program that marks need.
type Parts struct {
	Pool      *pgxpool.Pool
	Libraries *library.Service
	Documents *document.Service
	// Jobs takes the jobs that find marks again.
	Jobs  *jobs.Client
	Clock clock.Clock
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// Service holds the use cases of marks.
type Service struct {
	Parts
	q *annotationdb.Queries

	// OnEvent is told of each lasting change that may concern others, inside its
	// transaction; it may insert rows and jobs. Set in app; may be nil.
	OnEvent func(ctx context.Context, tx *postgres.Tx, e Event) error
}

// NewService makes a Service.
func NewService(parts Parts) *Service {
	if parts.Logger == nil {
		parts.Logger = slog.Default()
	}
	return &Service{Parts: parts, q: annotationdb.New()}
}

// New is a mark that a person makes.
type New struct {
	ID          uuid.UUID // the client's
	DocumentID  uuid.UUID
	EditionID   uuid.UUID
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

// Filter says which of a document's marks are wanted. Its zero value wants all.
type Filter struct {
	IDs   []uuid.UUID // nil: all
	After string      // List.Next of the list before
	Limit int         // 0: no limit
}

// List is a stretch of a document's marks.
type List struct {
	Items []Annotation
	Next  string // empty at the end
}

// List gives what p may see of a document's marks, with their places in one
// edition (nil: the newest), in the order of its text. A document in the trash
// shows none.
func (s *Service) List(ctx context.Context, p identity.Person, documentID uuid.UUID, editionID *uuid.UUID, f Filter) (List, error) {
	after, err := decodeCursor(f.After)
	if err != nil {
		return List{}, err
	}
	list := List{Items: []Annotation{}}
	err = s.snapshot(ctx, func(db postgres.DBTX) error {
		d, err := s.q.DocumentEdition(ctx, db, documentID)
		if err != nil {
			return missing(fmt.Errorf("document: %w", err), errNoDocument)
		}
		if err := s.authorize(ctx, db, p, library.ReadLibrary, d.LibraryID, errNoDocument); err != nil {
			return err
		}
		edition := d.EditionID
		if editionID != nil {
			if edition, err = s.edition(ctx, db, documentID, nullable(*editionID)); err != nil {
				return err
			}
		}
		if d.TrashedAt != nil {
			return nil
		}
		items, next, err := s.read(ctx, db, query{
			person: p.ID, document: documentID, edition: edition, ids: f.IDs, after: after, limit: f.Limit,
		})
		if err != nil {
			return err
		}
		list.Items = items
		if next != nil {
			list.Next = next.encode()
		}
		return nil
	})
	return list, err
}

// ForDocument is List for other features, which want all at once.
func (s *Service) ForDocument(ctx context.Context, p identity.Person, documentID uuid.UUID, editionID *uuid.UUID, f Filter) ([]Annotation, error) {
	list, err := s.List(ctx, p, documentID, editionID, f)
	return list.Items, err
}

// Get gives one mark, with its place in an edition (nil: the newest).
func (s *Service) Get(ctx context.Context, p identity.Person, id uuid.UUID, editionID *uuid.UUID) (Annotation, error) {
	var a Annotation
	err := s.snapshot(ctx, func(db postgres.DBTX) error {
		m, err := s.see(ctx, db, p, id)
		if err != nil {
			return err
		}
		if m.DeletedAt != nil {
			return errGone
		}
		op := Operation{}
		if editionID != nil {
			op.EditionID = nullable(*editionID)
		}
		a, err = s.answer(ctx, db, p, op, m.DocumentID, id)
		return err
	})
	return a, err
}

// see gives the row of a mark that p may know of.
func (s *Service) see(ctx context.Context, db postgres.DBTX, p identity.Person, id uuid.UUID) (mark, error) {
	row, err := s.q.Mark(ctx, db, id)
	if err != nil {
		return mark{}, missing(fmt.Errorf("mark: %w", err), errNotFound)
	}
	return mark(row), s.mayKnow(ctx, db, p, mark(row))
}

// mayKnow answers as for a mark that does not exist, unless p may know of it.
func (s *Service) mayKnow(ctx context.Context, db postgres.DBTX, p identity.Person, m mark) error {
	if !m.visible(p) {
		return errNotFound
	}
	return s.authorize(ctx, db, p, library.ReadLibrary, m.LibraryID, errNotFound)
}

// authorize is library.Authorize with the answer that something missing gets,
// so that a stranger cannot tell the two apart.
func (s *Service) authorize(ctx context.Context, db postgres.DBTX, p identity.Person, action library.Action, libraryID uuid.UUID, notFound error) error {
	_, err := s.Libraries.Authorize(ctx, db, p, action, libraryID)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return notFound
	}
	return err
}

// toMark is what one must be allowed to for making or changing such a mark.
func toMark(private bool) library.Action {
	if private {
		return library.MarkInPrivate
	}
	return library.MarkAndReply
}

// Make makes a mark. Asked for twice with the same id it makes one.
func (s *Service) Make(ctx context.Context, p identity.Person, op Operation, n New) (Annotation, error) {
	const what = "make"
	d, err := s.q.DocumentEdition(ctx, s.Pool, n.DocumentID)
	if err != nil {
		return Annotation{}, missing(fmt.Errorf("document: %w", err), errNoDocument)
	}
	if err := s.authorize(ctx, s.Pool, p, toMark(n.Private), d.LibraryID, errNoDocument); err != nil {
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
	where, err := s.place(ctx, s.Pool, n.DocumentID, n.EditionID, n.Kind, n.Parts, n.TextVersion)
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

// insert stores a new mark and all that goes with it. One that its author has
// made before stays as it is.
func (s *Service) insert(ctx context.Context, tx *postgres.Tx, p identity.Person, libraryID uuid.UUID, n New, body string, where anchor) error {
	if err := s.hold(ctx, tx, where); err != nil {
		return err
	}
	now := s.Clock.Now()
	rows, err := s.q.InsertMark(ctx, tx, annotationdb.InsertMarkParams{
		ID: n.ID, LibraryID: libraryID, DocumentID: n.DocumentID, EditionID: n.EditionID, AuthorID: by(p), AuthorName: p.Name,
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
	if err := s.putAnchor(ctx, tx, libraryID, n.ID, where); err != nil {
		return err
	}
	m := mark{
		ID: n.ID, LibraryID: libraryID, DocumentID: n.DocumentID, EditionID: n.EditionID, AuthorID: by(p), AuthorName: p.Name, Private: n.Private,
	}
	mentioned, err := s.setMentions(ctx, tx, libraryID, n.ID, uuid.NullUUID{}, body)
	if err != nil {
		return err
	}
	if err := s.note(ctx, tx, m, p, entry{what: Made, after: optional(body)}); err != nil {
		return err
	}
	if err := s.settleElsewhere(ctx, tx, m, n.EditionID); err != nil {
		return err
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

// step is one change of a mark, for change.
type step struct {
	what string // names it among operations
	// object is what the change is of; the mark unless it says otherwise.
	object uuid.UUID
	// action says what p must be allowed to, for the mark as it is; nil for
	// what its being visible allows.
	action func(mark) library.Action
	// deleted has it done to a deleted mark too.
	deleted bool
	do      func(ctx context.Context, tx *postgres.Tx, m mark) error
}

// change does one step to a mark that p may see, locked, and gives it as it is
// then. A step that p has done before is not done again.
func (s *Service) change(ctx context.Context, p identity.Person, op Operation, id uuid.UUID, st step) (Annotation, error) {
	if st.object == uuid.Nil {
		st.object = id
	}
	var a Annotation
	err := postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		row, err := s.q.LockMark(ctx, tx, id)
		if err != nil {
			return missing(fmt.Errorf("lock mark: %w", err), errNotFound)
		}
		m := mark(row)
		if err := s.mayKnow(ctx, tx, p, m); err != nil {
			return err
		}
		replay, err := s.begin(ctx, tx, p, op, st.what, st.object)
		if err != nil {
			return err
		}
		if !replay {
			if st.action != nil {
				if err := s.authorize(ctx, tx, p, st.action(m), m.LibraryID, errNotFound); err != nil {
					return err
				}
			}
			if m.DeletedAt != nil && !st.deleted {
				return errGone
			}
			if err := st.do(ctx, tx, m); err != nil {
				return err
			}
		}
		a, err = s.answer(ctx, tx, p, op, m.DocumentID, id)
		return err
	})
	return a, err
}

// discuss is what one must be allowed to for taking part in a mark's discussion.
func discuss(m mark) library.Action { return toMark(m.Private) }

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
			return toMark(m.Private && (e.Private == nil || *e.Private))
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
	if e.EditionID == nil {
		e.EditionID = &m.EditionID
	}
	kind := Kind(m.Kind)
	if e.Kind != nil && kind.OnText() == e.Kind.OnText() {
		kind = *e.Kind
	}
	a, err := s.place(ctx, s.Pool, m.DocumentID, *e.EditionID, kind, e.Parts, e.TextVersion)
	if err != nil {
		return nil, err
	}
	a.Confirmed = *e.EditionID != m.EditionID
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
	if now == was && where == nil {
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
	if event.Mentioned, err = s.setMentions(ctx, tx, m.LibraryID, m.ID, uuid.NullUUID{}, now.Body); err != nil {
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
	if err := s.hold(ctx, tx, where); err != nil {
		return err
	}
	if err := s.putAnchor(ctx, tx, m.LibraryID, m.ID, where); err != nil {
		return err
	}
	if where.EditionID == m.EditionID {
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

// Delete deletes a mark of p's own, or for an admin anybody's shared one. It can
// be taken back for 30 days. One that is deleted already stays so.
func (s *Service) Delete(ctx context.Context, p identity.Person, op Operation, id uuid.UUID) error {
	_, err := s.change(ctx, p, op, id, step{
		what: "delete", deleted: true, action: func(m mark) library.Action { return toDelete(p, m.AuthorID) },
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			if m.DeletedAt != nil {
				return nil
			}
			now := s.Clock.Now()
			if err := s.setDeleted(ctx, tx, m, &now, by(p)); err != nil {
				return err
			}
			if err := s.note(ctx, tx, m, p, entry{what: Deleted}); err != nil {
				return err
			}
			s.record(tx, m, library.OpRemoved, p, m.Private)
			return nil
		},
	})
	return err
}

// toDelete is what one must be allowed to for deleting what author wrote.
func toDelete(p identity.Person, author uuid.NullUUID) library.Action {
	if author == by(p) {
		return library.ReadLibrary
	}
	return library.DeleteMarks
}

func (s *Service) setDeleted(ctx context.Context, tx *postgres.Tx, m mark, at *time.Time, person uuid.NullUUID) error {
	if err := s.q.SetDeleted(ctx, tx, annotationdb.SetDeletedParams{ID: m.ID, DeletedAt: at, DeletedBy: person, At: s.Clock.Now()}); err != nil {
		return fmt.Errorf("set deleted: %w", err)
	}
	return nil
}

// Restore takes back that p deleted a mark.
func (s *Service) Restore(ctx context.Context, p identity.Person, op Operation, id uuid.UUID) (Annotation, error) {
	return s.change(ctx, p, op, id, step{
		what: "restore", deleted: true,
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			if m.DeletedAt == nil {
				return nil
			}
			if err := s.mayRestore(p, m.DeletedBy, *m.DeletedAt); err != nil {
				return err
			}
			if err := s.setDeleted(ctx, tx, m, nil, uuid.NullUUID{}); err != nil {
				return err
			}
			if err := s.note(ctx, tx, m, p, entry{what: Restored}); err != nil {
				return err
			}
			s.record(tx, m, library.OpRestored, p, m.Private)
			return nil
		},
	})
}

func (s *Service) mayRestore(p identity.Person, deletedBy uuid.NullUUID, at time.Time) error {
	if deletedBy != by(p) {
		return errNotDeleter
	}
	if s.Clock.Now().Sub(at) > Lifetime {
		return errTooOld
	}
	return nil
}

// Resolve says that a mark is dealt with.
func (s *Service) Resolve(ctx context.Context, p identity.Person, op Operation, id uuid.UUID) (Annotation, error) {
	return s.setResolved(ctx, p, op, id, true)
}

// Reopen says that a mark is not dealt with after all.
func (s *Service) Reopen(ctx context.Context, p identity.Person, op Operation, id uuid.UUID) (Annotation, error) {
	return s.setResolved(ctx, p, op, id, false)
}

func (s *Service) setResolved(ctx context.Context, p identity.Person, op Operation, id uuid.UUID, resolved bool) (Annotation, error) {
	what, event, name := Reopened, EventReopened, "reopen"
	if resolved {
		what, event, name = Resolved, EventResolved, "resolve"
	}
	return s.change(ctx, p, op, id, step{
		what: name, action: discuss,
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			if (m.ResolvedAt != nil) == resolved {
				return nil
			}
			now := s.Clock.Now()
			params := annotationdb.SetResolvedParams{ID: m.ID, At: now}
			if resolved {
				params.ResolvedAt, params.ResolvedBy, params.ResolvedByName = &now, by(p), p.Name
			}
			if err := s.q.SetResolved(ctx, tx, params); err != nil {
				return fmt.Errorf("set resolved: %w", err)
			}
			if err := s.note(ctx, tx, m, p, entry{what: what}); err != nil {
				return err
			}
			s.record(tx, m, library.OpChanged, p, m.Private)
			return s.tell(ctx, tx, m, p, Event{Kind: event})
		},
	})
}

// Assign asks a member to look after a mark; nil asks nobody.
func (s *Service) Assign(ctx context.Context, p identity.Person, op Operation, id uuid.UUID, personID *uuid.UUID) (Annotation, error) {
	var assignee uuid.NullUUID
	if personID != nil {
		assignee = nullable(*personID)
	}
	return s.change(ctx, p, op, id, step{
		what: "assign", action: discuss,
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			if assignee == m.AssigneeID {
				return nil
			}
			if assignee.Valid {
				if m.Private && assignee != m.AuthorID {
					return errPrivateTask
				}
				members, err := s.q.MembersAmong(ctx, tx, m.LibraryID, []uuid.UUID{assignee.UUID})
				if err != nil {
					return fmt.Errorf("member: %w", err)
				}
				if len(members) == 0 {
					return errNoAssignee
				}
			}
			if err := s.q.SetAssignee(ctx, tx, assignee, s.Clock.Now(), m.ID); err != nil {
				return fmt.Errorf("set assignee: %w", err)
			}
			if err := s.noteAssigned(ctx, tx, m, p, m.AssigneeID, assignee); err != nil {
				return err
			}
			s.record(tx, m, library.OpChanged, p, m.Private)
			return s.tell(ctx, tx, m, p, Event{Kind: EventAssigned, Assignee: assignee})
		},
	})
}

// Confirm agrees to the place that was guessed for a mark in an edition (nil:
// the newest).
func (s *Service) Confirm(ctx context.Context, p identity.Person, op Operation, id uuid.UUID, editionID *uuid.UUID) (Annotation, error) {
	if editionID != nil {
		op.EditionID = nullable(*editionID)
	}
	return s.change(ctx, p, op, id, step{
		what: "confirm", action: discuss,
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			edition, err := s.edition(ctx, tx, m.DocumentID, op.EditionID)
			if err != nil {
				return err
			}
			place, err := s.q.Anchor(ctx, tx, m.ID, edition)
			if errors.Is(err, pgx.ErrNoRows) || err == nil && Status(place.Status) == Orphan {
				return errNoGuess
			}
			if err != nil {
				return fmt.Errorf("place: %w", err)
			}
			n, err := s.q.ConfirmAnchor(ctx, tx, m.ID, edition)
			if err != nil {
				return fmt.Errorf("confirm place: %w", err)
			}
			if n == 0 {
				return nil // certain, or confirmed before
			}
			if err := s.q.Touch(ctx, tx, s.Clock.Now(), m.ID); err != nil {
				return fmt.Errorf("touch mark: %w", err)
			}
			s.record(tx, m, library.OpChanged, p, m.Private)
			return nil
		},
	})
}

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

// Settings gives what a library decides about its marks.
func (s *Service) Settings(ctx context.Context, p identity.Person, libraryID uuid.UUID) (Settings, error) {
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, libraryID); err != nil {
		return Settings{}, err
	}
	settings := Settings{Names: map[Meaning]string{}}
	row, err := s.q.Settings(ctx, s.Pool, libraryID)
	if errors.Is(err, pgx.ErrNoRows) {
		return settings, nil
	}
	if err != nil {
		return Settings{}, postgres.Fault(fmt.Errorf("settings: %w", err))
	}
	settings.DefaultPrivate = row.DefaultPrivate
	if err := json.Unmarshal(row.Meanings, &settings.Names); err != nil {
		return Settings{}, fmt.Errorf("names of meanings: %w", err)
	}
	return settings, nil
}

// SetSettings decides about a library's marks.
func (s *Service) SetSettings(ctx context.Context, p identity.Person, libraryID uuid.UUID, settings Settings) (Settings, error) {
	names := map[Meaning]string{}
	for meaning, name := range settings.Names {
		name = strings.Join(strings.Fields(name), " ")
		if !slices.Contains(Meanings, meaning) || name == "" || utf8.RuneCountInString(name) > maxName ||
			!utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
			return Settings{}, errBadName.With("meaning", string(meaning))
		}
		names[meaning] = name
	}
	encoded, err := json.Marshal(names)
	if err != nil {
		return Settings{}, fmt.Errorf("names of meanings: %w", err)
	}
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.Libraries.Authorize(ctx, tx, p, library.NameMeanings, libraryID); err != nil {
			return err
		}
		if err := s.q.PutSettings(ctx, tx, libraryID, settings.DefaultPrivate, encoded); err != nil {
			return fmt.Errorf("put settings: %w", err)
		}
		s.Libraries.Record(tx, library.Change{LibraryID: libraryID, Kind: library.KindLibrary, ObjectID: libraryID, Op: library.OpChanged, Actor: by(p)})
		return nil
	})
	return Settings{DefaultPrivate: settings.DefaultPrivate, Names: names}, err
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
