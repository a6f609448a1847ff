package notify

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/notify/internal/notifydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// TellMatches tells somebody that something newly matches a saved search, with what
// they have not read of it before, and gives the notification. What matches is what
// the caller keeps with that id, in the same transaction: none of it is shown that
// this person may not see any more. By mail it goes once a day.
func (s *Service) TellMatches(ctx context.Context, tx *postgres.Tx, personID, libraryID, savedSearchID uuid.UUID) (uuid.UUID, error) {
	now := s.Clock.Now()
	tx.AfterCommit(func(ctx context.Context) { s.publish(ctx, personID) })
	id, err := s.q.JoinMatches(ctx, tx, now, personID, savedSearchID)
	if err == nil {
		return id, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, fmt.Errorf("join matches: %w", err)
	}
	email, err := s.q.EmailSetting(ctx, tx, personID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, fmt.Errorf("email setting: %w", err)
	}
	id = uuid.Must(uuid.NewV7())
	if err := s.q.InsertMatches(ctx, tx, notifydb.InsertMatchesParams{
		ID: id, PersonID: personID, LibraryID: libraryID, SavedSearchID: savedSearchID, At: now, Digest: Email(email) != Off,
	}); err != nil {
		return uuid.Nil, fmt.Errorf("insert notification: %w", err)
	}
	return id, nil
}
