package annotation

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/google/uuid"
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
	// News is told that a document's shared marks have changed. May be nil.
	News library.Publisher
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
	// OnSettle is asked to bring in what waits for an edition that was just read,
	// before the file's own marks. It may be asked again. Set in app; may be nil.
	OnSettle func(ctx context.Context, editionID uuid.UUID) error
}

// NewService makes a Service.
func NewService(parts Parts) *Service {
	if parts.Logger == nil {
		parts.Logger = slog.Default()
	}
	return &Service{Parts: parts, q: annotationdb.New()}
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
		if err := s.authorize(ctx, db, p, library.ReadMarks, d.LibraryID, documentID, errNoDocument); err != nil {
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

// Deleted gives what p deleted of a document's marks and can take back still, with
// their places in its newest edition.
func (s *Service) Deleted(ctx context.Context, p identity.Person, documentID uuid.UUID) ([]Annotation, error) {
	marks := []Annotation{}
	err := s.snapshot(ctx, func(db postgres.DBTX) error {
		d, err := s.q.DocumentEdition(ctx, db, documentID)
		if err != nil {
			return missing(fmt.Errorf("document: %w", err), errNoDocument)
		}
		if err := s.authorize(ctx, db, p, library.ReadLibrary, d.LibraryID, documentID, errNoDocument); err != nil {
			return err
		}
		if d.TrashedAt != nil {
			return nil
		}
		since := s.Clock.Now().Add(-Lifetime)
		marks, _, err = s.read(ctx, db, query{person: p.ID, document: documentID, edition: d.EditionID, deletedSince: &since})
		return err
	})
	return marks, err
}

// ForDocument is List for other features, which want all at once.
func (s *Service) ForDocument(ctx context.Context, p identity.Person, documentID uuid.UUID, editionID *uuid.UUID, f Filter) ([]Annotation, error) {
	list, err := s.List(ctx, p, documentID, editionID, f)
	return list.Items, err
}

// MadeOn gives what p may see of the marks that were made on one edition, or with
// the nil UUID of the notes on the document, in a snapshot of the caller's, who has
// asked for permission.
func (s *Service) MadeOn(ctx context.Context, db postgres.DBTX, p identity.Person, documentID, editionID uuid.UUID) ([]Annotation, error) {
	marks, _, err := s.read(ctx, db, query{person: p.ID, document: documentID, edition: editionID})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(marks, func(a Annotation) bool { return a.EditionID != editionID }), nil
}

// RemovedFromFile names the marks that came with an edition's file and were
// deleted since, by the names that they have in it.
func (s *Service) RemovedFromFile(ctx context.Context, p identity.Person, libraryID, editionID uuid.UUID) ([]string, error) {
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, libraryID); err != nil {
		return nil, err
	}
	names, err := s.q.RemovedFromFile(ctx, s.Pool, libraryID, nullable(editionID))
	if err != nil {
		return nil, fmt.Errorf("deleted marks of edition %s: %w", editionID, err)
	}
	return names, nil
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
	return s.authorize(ctx, db, p, library.ReadMarks, m.LibraryID, m.DocumentID, errNotFound)
}

// authorize is library.AuthorizeDocument with the answer that something missing
// gets, so that a stranger cannot tell the two apart.
func (s *Service) authorize(ctx context.Context, db postgres.DBTX, p identity.Person, action library.Action, libraryID, documentID uuid.UUID, notFound error) error {
	_, err := s.Libraries.AuthorizeDocument(ctx, db, p, action, libraryID, documentID)
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
				if err := s.authorize(ctx, tx, p, st.action(m), m.LibraryID, m.DocumentID, errNotFound); err != nil {
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
