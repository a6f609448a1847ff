package relocate

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/relocate/internal/relocatedb"
)

// Parts are the other parts of the program that this feature needs.
type Parts struct {
	Pool      *pgxpool.Pool
	Libraries *library.Service
	Documents *document.Service
	Jobs      *jobs.Client
	Clock     clock.Clock
	Carriers  Carriers
}

// Service holds the use cases.
type Service struct {
	Parts
	q *relocatedb.Queries
}

// NewService makes a Service.
func NewService(parts Parts) *Service { return &Service{Parts: parts, q: relocatedb.New()} }

// Begin has documents copied or moved by a job. The documents are looked at one by
// one then; here it is asked whether p may take them from the one library and put
// them into the other.
func (s *Service) Begin(ctx context.Context, p identity.Person, n New) (Relocation, error) {
	action := library.ReadLibrary
	if n.Kind == Move {
		action = library.EditDocument
	}
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, action, n.From); err != nil {
		return Relocation{}, err
	}
	if _, err := s.Libraries.Authorize(ctx, s.Pool, p, library.AddDocument, n.To); err != nil {
		return Relocation{}, err
	}
	switch {
	case n.Kind != Copy && n.Kind != Move:
		return Relocation{}, errKind
	case n.From == n.To:
		return Relocation{}, errSame
	case len(n.DocumentIDs) > maxDocuments:
		return Relocation{}, errMany
	}
	id := uuid.Must(uuid.NewV7())
	err := postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		open, err := s.q.OpenRelocations(ctx, tx, p.ID)
		if err != nil {
			return fmt.Errorf("open relocations: %w", err)
		}
		if open >= maxOpen {
			return errOpen
		}
		if n.CollectionID.Valid {
			in, err := s.q.CollectionLibrary(ctx, tx, n.CollectionID.UUID)
			if errors.Is(err, pgx.ErrNoRows) || err == nil && in != n.To {
				return fault.New(fault.NotFound, "collection_not_found", "There is no such collection in that library.")
			}
			if err != nil {
				return fmt.Errorf("collection: %w", err)
			}
		}
		if err := s.q.InsertRelocation(ctx, tx, relocatedb.InsertRelocationParams{
			ID: id, PersonID: p.ID, FromLibraryID: n.From, ToLibraryID: n.To, Kind: string(n.Kind), WithMarks: n.WithMarks || n.Kind == Move,
			WithTags: n.WithTags, CollectionID: n.CollectionID, At: s.Clock.Now(),
		}); err != nil {
			return fmt.Errorf("insert relocation: %w", err)
		}
		seen := map[uuid.UUID]bool{}
		var ids, targets []uuid.UUID
		for _, one := range n.DocumentIDs {
			if seen[one] {
				continue
			}
			seen[one] = true
			target := one
			if n.Kind == Copy {
				target = uuid.Must(uuid.NewV7())
			}
			ids, targets = append(ids, one), append(targets, target)
		}
		if err := s.q.InsertDocuments(ctx, tx, id, ids, targets); err != nil {
			return fmt.Errorf("insert documents: %w", err)
		}
		_, err = s.Jobs.InsertTx(ctx, tx, Args{RelocationID: id}, nil)
		return err
	})
	if err != nil {
		return Relocation{}, err
	}
	return s.Get(ctx, p, id)
}

// Get says how far a relocation of p's has come.
func (s *Service) Get(ctx context.Context, p identity.Person, id uuid.UUID) (Relocation, error) {
	row, err := s.q.RelocationByID(ctx, s.Pool, id)
	if err := mine(p, row, err); err != nil {
		return Relocation{}, err
	}
	counts, err := s.q.Counts(ctx, s.Pool, id)
	if err != nil {
		return Relocation{}, postgres.Fault(fmt.Errorf("counts: %w", err))
	}
	problems, err := s.q.Problems(ctx, s.Pool, id, maxProblems)
	if err != nil {
		return Relocation{}, postgres.Fault(fmt.Errorf("problems: %w", err))
	}
	r := Relocation{
		ID: id, Kind: Kind(row.Kind), From: row.FromLibraryID, To: row.ToLibraryID, State: State(row.State), CreatedAt: row.CreatedAt,
		Total: int(counts.Total), Arrived: int(counts.Arrived), Present: int(counts.Present), Failed: int(counts.Failed), Undone: int(counts.Undone),
		Problems: make([]Problem, len(problems)),
	}
	for i, one := range problems {
		r.Problems[i] = Problem{one.DocumentID, one.PresentID, one.Problem}
	}
	return r, nil
}

// mine answers as for one that does not exist, unless p began it.
func mine(p identity.Person, row relocatedb.Relocation, err error) error {
	if errors.Is(err, pgx.ErrNoRows) || err == nil && row.PersonID != p.ID {
		return errNotFound
	}
	if err != nil {
		return postgres.Fault(fmt.Errorf("relocation: %w", err))
	}
	return nil
}

// Undo has all of it taken back: what was moved returns with all that it had, and
// copies go to the trash. What p may not do any more stays as it is, and is told.
func (s *Service) Undo(ctx context.Context, p identity.Person, id uuid.UUID) (Relocation, error) {
	err := postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		row, err := s.q.LockRelocation(ctx, tx, id)
		if err := mine(p, row, err); err != nil {
			return err
		}
		if _, err := s.Libraries.Authorize(ctx, tx, p, library.EditDocument, row.ToLibraryID); err != nil {
			return err
		}
		if State(row.State) != Done {
			return errState
		}
		if err := s.q.SetState(ctx, tx, string(Undoing), s.Clock.Now(), id); err != nil {
			return fmt.Errorf("set state: %w", err)
		}
		_, err = s.Jobs.InsertTx(ctx, tx, Args{RelocationID: id, Undo: true}, nil)
		return err
	})
	if err != nil {
		return Relocation{}, err
	}
	return s.Get(ctx, p, id)
}
