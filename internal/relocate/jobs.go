package relocate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/relocate/internal/relocatedb"
)

// Args ask for a relocation to be done, or undone.
type Args struct {
	RelocationID uuid.UUID `json:"relocation_id"`
	Undo         bool      `json:"undo,omitempty"`
}

// Kind names the job.
func (Args) Kind() string { return "relocate" }

// SweepArgs ask for old relocations to be forgotten.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "sweep_relocations" }

const (
	timeLimit  = 30 * time.Minute
	sweepEvery = time.Hour
	// lifetime is how long one can be taken back.
	lifetime = 30 * 24 * time.Hour
)

type worker struct{ s *Service }

// TimeLimit implements jobs.TimeLimiter.
func (worker) TimeLimit() time.Duration { return timeLimit }

// Work implements jobs.Worker.
func (w worker) Work(ctx context.Context, job *jobs.Job[Args]) error {
	return w.s.Work(ctx, job.Args)
}

type sweeper struct{ s *Service }

// Work implements jobs.Worker.
func (w sweeper) Work(ctx context.Context, _ *jobs.Job[SweepArgs]) error { return w.s.Sweep(ctx) }

// RegisterJobs adds the workers and the periodic job.
func (s *Service) RegisterJobs(r *jobs.Registry) {
	jobs.Add[Args](r, worker{s})
	jobs.Add[SweepArgs](r, sweeper{s})
	r.Every(sweepEvery, SweepArgs{})
}

// Sweep forgets old relocations; the documents stay where they are.
func (s *Service) Sweep(ctx context.Context) error {
	if err := s.q.SweepRelocations(ctx, s.Pool, s.Clock.Now().Add(-lifetime)); err != nil {
		return postgres.Fault(fmt.Errorf("sweep relocations: %w", err))
	}
	return nil
}

// Work takes documents to the other library, or back, one after the other. Cut off
// and begun again it goes on with those that are left.
func (s *Service) Work(ctx context.Context, args Args) error {
	row, err := s.q.RelocationByID(ctx, s.Pool, args.RelocationID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return postgres.Fault(fmt.Errorf("relocation: %w", err))
	}
	at, from, end := Running, waiting, Done
	if args.Undo {
		at, from, end = Undoing, arrived, Undone
	}
	if State(row.State) != at {
		return nil
	}
	rows, err := s.q.DocumentsIn(ctx, s.Pool, row.ID, from)
	if err != nil {
		return postgres.Fault(fmt.Errorf("documents: %w", err))
	}
	if args.Undo {
		slices.Reverse(rows)
	}
	for _, d := range rows {
		one := step{row, d, from}
		do := s.move
		switch {
		case args.Undo:
			do = s.takeBack
		case Kind(row.Kind) == Copy:
			do = s.copy
		}
		if err := do(ctx, one); err != nil {
			if err := s.refused(ctx, one, err); err != nil {
				return err
			}
		}
	}
	if err := s.q.SetState(ctx, s.Pool, string(end), s.Clock.Now(), row.ID); err != nil {
		return postgres.Fault(fmt.Errorf("set state: %w", err))
	}
	return nil
}

// step is one document of a relocation.
type step struct {
	relocatedb.Relocation
	d    relocatedb.DocumentsInRow
	from string // the state that it is in until this is done
}

func (one step) passage() Passage {
	return Passage{
		Person: identity.Person{ID: one.PersonID}, From: one.FromLibraryID, To: one.ToLibraryID,
		DocumentIDs: []uuid.UUID{one.d.DocumentID}, DocumentID: one.d.DocumentID, TargetID: one.d.TargetID,
		WithMarks: one.WithMarks, WithTags: one.WithTags, CollectionID: one.CollectionID,
	}
}

// in does something to a document in one transaction, together with noting that it
// is done. It does nothing where another run did it.
func (s *Service) in(ctx context.Context, one step, to string, do func(ctx context.Context, tx *postgres.Tx, kept json.RawMessage) (json.RawMessage, error)) error {
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		row, err := s.q.LockDocument(ctx, tx, one.ID, one.d.Position)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && row.State != one.from {
			return nil
		}
		if err != nil {
			return fmt.Errorf("lock document: %w", err)
		}
		kept, err := do(ctx, tx, row.Kept)
		if err != nil {
			return err
		}
		return s.set(ctx, tx, one, relocatedb.SetDocumentParams{State: to, Kept: kept})
	})
}

func (s *Service) set(ctx context.Context, tx *postgres.Tx, one step, p relocatedb.SetDocumentParams) error {
	p.RelocationID, p.Position = one.ID, one.d.Position
	if p.Kept == nil {
		p.Kept = json.RawMessage("{}")
	}
	if err := s.q.SetDocument(ctx, tx, p); err != nil {
		return fmt.Errorf("set document: %w", err)
	}
	return nil
}

func (s *Service) move(ctx context.Context, one step) error {
	return s.in(ctx, one, arrived, func(ctx context.Context, tx *postgres.Tx, _ json.RawMessage) (json.RawMessage, error) {
		p := one.passage()
		var err error
		if p.DocumentIDs, err = s.Documents.Relocate(ctx, tx, p.Person, p.DocumentID, p.From, p.To); err != nil {
			return nil, err
		}
		return s.Carriers.Moved(ctx, tx, p)
	})
}

func (s *Service) copy(ctx context.Context, one step) error {
	p := one.passage()
	// The bytes first: a transaction does not wait for a disk.
	prepared, err := s.Documents.PrepareCopy(ctx, p.Person, p.DocumentID, p.TargetID, p.From, p.To)
	if err == nil {
		err = s.in(ctx, one, arrived, func(ctx context.Context, tx *postgres.Tx, _ json.RawMessage) (json.RawMessage, error) {
			if err := s.Documents.Copy(ctx, tx, p.Person, prepared); err != nil {
				return nil, err
			}
			return nil, s.Carriers.Copied(ctx, tx, p)
		})
	}
	// After another error it is not known whether the rows are there.
	if isRefusal(err) {
		s.Documents.DropCopy(ctx, prepared)
	}
	return err
}

func (s *Service) takeBack(ctx context.Context, one step) error {
	return s.in(ctx, one, takeBack, func(ctx context.Context, tx *postgres.Tx, kept json.RawMessage) (json.RawMessage, error) {
		p := one.passage()
		if Kind(one.Kind) == Copy {
			if _, err := s.Libraries.Authorize(ctx, tx, p.Person, library.EditDocument, p.To); err != nil {
				return nil, err
			}
			_, err := s.Documents.TrashAll(ctx, tx, p.Person.ID, p.To, []uuid.UUID{p.TargetID})
			return nil, err
		}
		p.From, p.To = p.To, p.From
		var err error
		if p.DocumentIDs, err = s.Documents.Relocate(ctx, tx, p.Person, p.DocumentID, p.From, p.To); err != nil {
			return nil, err
		}
		return nil, s.Carriers.Returned(ctx, tx, p, kept)
	})
}

// isRefusal tells what cannot be done from what may be done later.
func isRefusal(err error) bool {
	f, ok := fault.As(err)
	return ok && slices.Contains([]fault.Kind{fault.NotFound, fault.Forbidden, fault.Conflict, fault.Invalid}, f.Kind)
}

// refused notes why a document stays where it is. Other errors are given back, and
// the job tried again.
func (s *Service) refused(ctx context.Context, one step, err error) error {
	if !isRefusal(err) {
		return err
	}
	f, _ := fault.As(err)
	state := failed
	var presentID uuid.NullUUID
	if id, ok := document.PresentIn(err); ok {
		state, presentID = present, uuid.NullUUID{UUID: id, Valid: true}
	}
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		row, err := s.q.LockDocument(ctx, tx, one.ID, one.d.Position)
		if err != nil {
			return fmt.Errorf("lock document: %w", err)
		}
		if row.State != one.from {
			return nil
		}
		if one.from == arrived {
			state, presentID = arrived, uuid.NullUUID{} // it stays where it went
		}
		return s.set(ctx, tx, one, relocatedb.SetDocumentParams{State: state, PresentID: presentID, Problem: f.Message, Kept: row.Kept})
	})
}
