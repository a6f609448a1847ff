package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/notify/internal/notifydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/mail"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

const (
	stateWaiting = "waiting"
	stateSent    = "sent"
	stateFailed  = "failed"

	kindDigest = "digest"

	// maxMailItems bounds one mail; the rest is counted in it.
	maxMailItems = 200
	// maxDigests is how many daily mails one run of the job makes.
	maxDigests = 1000
)

// Deliver writes a mail that is due and sends it. What its reader has seen
// meanwhile, or may not see any more, is left out; when nothing is left the mail
// is dropped. again says when to come back after a try that failed; 0 when the
// mail is done with.
func (s *Service) Deliver(ctx context.Context, mailID uuid.UUID) (again time.Duration, err error) {
	m, try, err := s.write(ctx, mailID)
	if err != nil || m == nil {
		return 0, err
	}
	// No transaction is open now: a mail server may take its time.
	sendErr := s.Sender.Send(ctx, *m)
	switch {
	case sendErr == nil:
		err = s.q.EndMail(ctx, s.Pool, notifydb.EndMailParams{State: stateSent, Now: s.Clock.Now(), ID: mailID})
		return 0, postgres.Fault(err)
	case ctx.Err() != nil:
		return 0, ctx.Err() // stopping: the job is handed back
	case try >= maxTries:
		return 0, s.giveUp(ctx, mailID, sendErr.Error())
	}
	again = backoff[try-1]
	s.Logger.WarnContext(ctx, "notify: a mail was not taken", slog.String("mail", mailID.String()), slog.Int("try", try), slog.Any("error", sendErr))
	err = s.q.SetMailError(ctx, s.Pool, sendErr.Error(), s.Clock.Now().Add(again), mailID)
	return again, postgres.Fault(err)
}

// write makes the mail's text from what may be told now. nil when there is
// nothing to send: it was sent, dropped or kept.
func (s *Service) write(ctx context.Context, mailID uuid.UUID) (m *mail.Message, try int, err error) {
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		m = nil
		row, err := s.q.LockMail(ctx, tx, mailID)
		if errors.Is(err, pgx.ErrNoRows) || (err == nil && row.State != stateWaiting) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("lock mail: %w", err)
		}
		rows, err := s.q.MailItems(ctx, tx, mailID, maxMailItems)
		if err != nil {
			return fmt.Errorf("items of mail: %w", err)
		}
		if len(rows) == 0 || Email(row.Setting) == Off {
			if err := s.q.DropMail(ctx, tx, mailID); err != nil {
				return fmt.Errorf("drop mail: %w", err)
			}
			return nil
		}
		items := make([]Notification, len(rows))
		for i, r := range rows {
			items[i] = notificationOf(r)
		}
		token, err := s.unsubscribeToken(ctx, tx, row.PersonID)
		if err != nil {
			return err
		}
		written, err := compose(letter{Origin: *s.origin.Load(), Name: row.PersonName, Digest: row.Kind == kindDigest, Items: items, Token: token})
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		if s.Sender == nil {
			return s.q.KeepMail(ctx, tx, notifydb.KeepMailParams{Now: now, Address: row.PersonEmail, Subject: written.subject, Text: written.shown, ID: mailID})
		}
		if err := s.q.WriteMail(ctx, tx, notifydb.WriteMailParams{Now: now, Address: row.PersonEmail, Subject: written.subject, Text: written.shown, ID: mailID}); err != nil {
			return fmt.Errorf("write mail: %w", err)
		}
		try = int(row.Attempts) + 1
		m = &mail.Message{
			To: mail.Address{Name: row.PersonName, Email: row.PersonEmail}, Subject: written.subject, Text: written.text, HTML: written.html,
			ID: mailID.String(), Headers: written.headers,
		}
		return nil
	})
	return m, try, err
}

// giveUp sets a mail aside for the operator.
func (s *Service) giveUp(ctx context.Context, mailID uuid.UUID, reason string) error {
	s.Logger.ErrorContext(ctx, "notify: a mail was set aside", slog.String("mail", mailID.String()), slog.String("reason", reason))
	err := s.q.EndMail(ctx, s.Pool, notifydb.EndMailParams{State: stateFailed, Now: s.Clock.Now(), LastError: reason, ID: mailID})
	if err != nil {
		return postgres.Fault(fmt.Errorf("set mail aside: %w", err))
	}
	return nil
}

// Digest makes the daily mails that are due, and gives how many. Any number of
// processes may call it: a person has one per day.
func (s *Service) Digest(ctx context.Context) (int, error) {
	until := digestTime(s.Clock.Now())
	people, err := s.q.DueForDigest(ctx, s.Pool, until, dayOf(until), maxDigests)
	if err != nil {
		return 0, postgres.Fault(fmt.Errorf("who is due for a digest: %w", err))
	}
	made := 0
	var failures []error
	for _, personID := range people {
		ok, err := s.makeDigest(ctx, personID, until)
		if err != nil {
			failures = append(failures, err) // the others get theirs
		}
		if ok {
			made++
		}
	}
	return made, errors.Join(failures...)
}

// digestTime is the newest hour of the daily mail that is not after now.
func digestTime(now time.Time) time.Time {
	at := time.Date(now.Year(), now.Month(), now.Day(), digestHour, 0, 0, 0, time.UTC)
	if at.After(now) {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

func dayOf(t time.Time) string { return t.Format(time.DateOnly) }

func (s *Service) makeDigest(ctx context.Context, personID uuid.UUID, until time.Time) (made bool, err error) {
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		id, now := uuid.Must(uuid.NewV7()), s.Clock.Now()
		n, err := s.q.InsertDigest(ctx, tx, notifydb.InsertDigestParams{ID: id, PersonID: personID, Day: dayOf(until), Now: now})
		if err != nil {
			return fmt.Errorf("insert digest: %w", err)
		}
		if n == 0 {
			return nil // another process was first
		}
		made = true
		if err := s.q.FillDigest(ctx, tx, id, personID, until); err != nil {
			return fmt.Errorf("fill digest: %w", err)
		}
		return s.queueMail(ctx, tx, id, now)
	})
	return made && err == nil, err
}
