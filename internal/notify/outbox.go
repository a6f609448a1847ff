package notify

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/notify/internal/notifydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Outbox gives the operator a page of all mails, newest first; state chooses
// those of one state.
func (s *Service) Outbox(ctx context.Context, p identity.Person, state, after string, limit int) (Outbox, error) {
	if !p.IsOperator {
		return Outbox{}, errNotOperator
	}
	from, err := decodePlace(after)
	if err != nil {
		return Outbox{}, err
	}
	params := notifydb.OutboxParams{BeforeAt: from.at, BeforeID: from.id, MaxRows: int32(limit + 1)}
	if state != "" {
		params.State = &state
	}
	rows, err := s.q.Outbox(ctx, s.Pool, params)
	if err != nil {
		return Outbox{}, postgres.Fault(fmt.Errorf("outbox: %w", err))
	}
	outbox := Outbox{Sends: s.Sender != nil}
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		outbox.Next = place{last.CreatedAt, last.ID}.encode()
	}
	outbox.Items = make([]Mail, len(rows))
	for i, r := range rows {
		outbox.Items[i] = Mail{
			ID: r.ID, Kind: r.Kind, State: r.State, Name: r.PersonName, Address: cmp.Or(r.Address, r.PersonEmail), Subject: r.Subject, Text: r.Text,
			Attempts: int(r.Attempts), LastError: r.LastError, CreatedAt: r.CreatedAt, DueAt: r.DueAt, EndedAt: r.EndedAt,
		}
	}
	return outbox, nil
}

// SendAgain has a mail that was set aside or kept tried again.
func (s *Service) SendAgain(ctx context.Context, p identity.Person, mailID uuid.UUID) error {
	if !p.IsOperator {
		return errNotOperator
	}
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		now := s.Clock.Now()
		n, err := s.q.RetryMail(ctx, tx, now, mailID)
		if err != nil {
			return fmt.Errorf("retry mail: %w", err)
		}
		if n == 0 {
			return errNoMail
		}
		return s.queueMail(ctx, tx, mailID, now)
	})
}
