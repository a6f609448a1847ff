package annotation

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Operation is how a change is asked for.
type Operation struct {
	// ID is what the client calls this change; empty when it does not say. A
	// client that did not hear the answer asks again with the same one.
	ID uuid.UUID
	// EditionID is the edition to give the mark's place in; invalid for the newest.
	EditionID uuid.NullUUID
}

// begin notes in the transaction of a change that p made it. It reports true
// when p had made it before: then nothing is to be changed. A second request
// that comes while the first is under way waits here for its end.
func (s *Service) begin(ctx context.Context, tx *postgres.Tx, p identity.Person, op Operation, what string, object uuid.UUID) (replayed bool, err error) {
	if op.ID == uuid.Nil {
		return false, nil
	}
	n, err := s.q.BeginOperation(ctx, tx, annotationdb.BeginOperationParams{PersonID: p.ID, ID: op.ID, What: what, ObjectID: object, At: s.Clock.Now()})
	if err != nil {
		return false, fmt.Errorf("begin operation: %w", err)
	}
	if n == 1 {
		return false, nil
	}
	return s.done(ctx, tx, p, op, what, object)
}

// done reports whether p has made this change already.
func (s *Service) done(ctx context.Context, db postgres.DBTX, p identity.Person, op Operation, what string, object uuid.UUID) (bool, error) {
	if op.ID == uuid.Nil {
		return false, nil
	}
	made, err := s.q.Operation(ctx, db, p.ID, op.ID)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return false, nil
	case err != nil:
		return false, postgres.Fault(fmt.Errorf("operation: %w", err))
	case made.What != what || made.ObjectID != object:
		return false, errReused
	}
	return true, nil
}
