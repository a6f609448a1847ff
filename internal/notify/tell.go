package notify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/notify/internal/notifydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// OnEvent queues the telling of a change, in the transaction that makes it. It
// is annotation.Service.OnEvent.
func (s *Service) OnEvent(ctx context.Context, tx *postgres.Tx, e annotation.Event) error {
	if e.Private || e.Kind == annotation.EventReaction {
		return nil
	}
	_, err := s.Jobs.InsertTx(ctx, tx, EventArgs{
		EventID: uuid.Must(uuid.NewV7()), Event: string(e.Kind), LibraryID: e.LibraryID, DocumentID: e.DocumentID,
		AnnotationID: e.AnnotationID, ReplyID: e.ReplyID, ActorID: e.Actor.ID, Mentioned: e.Mentioned, Assignee: e.Assignee, At: e.At,
	}, nil)
	return err
}

// Tell puts a change into the inboxes of those whom it concerns and, where they
// want it, into their next mail. Telling twice changes nothing.
func (s *Service) Tell(ctx context.Context, e EventArgs) error {
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		mark, err := s.q.EventMark(ctx, tx, e.ReplyID, e.AnnotationID)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // deleted for good meanwhile
		}
		if err != nil {
			return fmt.Errorf("mark of event: %w", err)
		}
		if mark.Hidden || mark.ReplyGone {
			return nil
		}
		// Where the mark is now, whatever the event said.
		e.LibraryID, e.DocumentID = mark.LibraryID, mark.DocumentID
		if wrote(e.Event) {
			if err := s.q.WatchByWriting(ctx, tx, e.ActorID, e.DocumentID, e.At); err != nil {
				return fmt.Errorf("watch by writing: %w", err)
			}
		}
		reasons, err := s.reasons(ctx, tx, e, mark)
		if err != nil {
			return err
		}
		delete(reasons, e.ActorID)
		return s.tellEach(ctx, tx, e, reasons)
	})
}

func wrote(event string) bool {
	switch annotation.EventKind(event) {
	case annotation.EventMark, annotation.EventReply, annotation.EventMention:
		return true
	default:
		return false
	}
}

// reasons says whom a change may concern, and why.
func (s *Service) reasons(ctx context.Context, tx *postgres.Tx, e EventArgs, mark notifydb.EventMarkRow) (map[uuid.UUID]Kind, error) {
	reasons := map[uuid.UUID]Kind{}
	add := func(id uuid.UUID, why Kind) {
		if weight[why] > weight[reasons[id]] {
			reasons[id] = why
		}
	}
	thread := func(why Kind) error {
		people, err := s.q.Repliers(ctx, tx, e.AnnotationID)
		if err != nil {
			return fmt.Errorf("people of thread: %w", err)
		}
		for _, id := range append(people, mark.AuthorID) {
			if id.Valid {
				add(id.UUID, why)
			}
		}
		return nil
	}
	watchers := func() error {
		people, err := s.q.Watchers(ctx, tx, e.DocumentID)
		if err != nil {
			return fmt.Errorf("watchers: %w", err)
		}
		for _, id := range people {
			add(id, Watched)
		}
		return nil
	}
	for _, id := range e.Mentioned {
		add(id, Mention)
	}
	var err error
	switch annotation.EventKind(e.Event) {
	case annotation.EventMark:
		err = watchers()
	case annotation.EventReply:
		err = errors.Join(thread(Reply), watchers())
	case annotation.EventAssigned:
		if e.Assignee.Valid {
			add(e.Assignee.UUID, Assigned)
		}
	case annotation.EventResolved, annotation.EventReopened:
		err = thread(Watched)
		if mark.AssigneeID.Valid {
			add(mark.AssigneeID.UUID, Watched)
		}
	default:
		// A mention in a text that was rewritten: those it names, nobody else.
	}
	return reasons, err
}

// tellEach writes a row for each of these people who is still in the library.
func (s *Service) tellEach(ctx context.Context, tx *postgres.Tx, e EventArgs, reasons map[uuid.UUID]Kind) error {
	people, err := s.q.Recipients(ctx, tx, e.DocumentID, e.LibraryID, slices.Collect(maps.Keys(reasons)))
	if err != nil {
		return fmt.Errorf("recipients: %w", err)
	}
	for _, p := range people {
		why := reasons[p.PersonID]
		if p.Muted && (why == Watched || why == Reply) {
			continue
		}
		told, err := s.tellOne(ctx, tx, e, p.PersonID, why, Email(p.Email))
		if err != nil {
			return err
		}
		if told {
			tx.AfterCommit(func(ctx context.Context) { s.publish(ctx, p.PersonID) })
		}
	}
	return nil
}

func (s *Service) tellOne(ctx context.Context, tx *postgres.Tx, e EventArgs, personID uuid.UUID, why Kind, email Email) (bool, error) {
	if why == Watched && annotation.EventKind(e.Event) == annotation.EventMark {
		// Who reads a paper makes mark after mark; its watchers get one row.
		n, err := s.q.CountMark(ctx, tx, notifydb.CountMarkParams{
			EventID: e.EventID, AnnotationID: e.AnnotationID, At: e.At, PersonID: personID, DocumentID: e.DocumentID,
			ActorID: e.ActorID, Since: e.At.Add(-inARow),
		})
		if err != nil {
			return false, fmt.Errorf("count mark: %w", err)
		}
		if n > 0 {
			return true, nil
		}
	}
	atOnce := email == AtOnce && why != Watched
	id := uuid.Must(uuid.NewV7())
	n, err := s.q.InsertNotification(ctx, tx, notifydb.InsertNotificationParams{
		ID: id, PersonID: personID, EventID: e.EventID, Kind: string(why), Event: e.Event, LibraryID: e.LibraryID, DocumentID: e.DocumentID,
		AnnotationID: e.AnnotationID, ReplyID: e.ReplyID, ActorID: nullable(e.ActorID), At: e.At, Digest: email != Off && !atOnce,
	})
	if err != nil {
		return false, fmt.Errorf("insert notification: %w", err)
	}
	if n == 0 || !atOnce {
		return n > 0, nil
	}
	return true, s.joinMail(ctx, tx, id, personID, e.AnnotationID)
}

// joinMail adds a notification to the mail that gathers its thread.
func (s *Service) joinMail(ctx context.Context, tx *postgres.Tx, id, personID, annotationID uuid.UUID) error {
	now := s.Clock.Now()
	due := now.Add(s.Delay)
	mail, err := s.q.JoinMail(ctx, tx, notifydb.JoinMailParams{
		ID: uuid.Must(uuid.NewV7()), PersonID: personID, AnnotationID: annotationID, CreatedAt: now, DueAt: due,
	})
	if err != nil {
		return fmt.Errorf("join mail: %w", err)
	}
	if err := s.q.SetMail(ctx, tx, mail.ID, id); err != nil {
		return fmt.Errorf("set mail: %w", err)
	}
	if !mail.Made {
		return nil
	}
	return s.queueMail(ctx, tx, mail.ID, due)
}

func (s *Service) queueMail(ctx context.Context, tx *postgres.Tx, mailID uuid.UUID, due time.Time) error {
	_, err := s.Jobs.InsertTx(ctx, tx, MailArgs{MailID: mailID}, &jobs.InsertOpts{Queue: jobs.QueueMail, ScheduledAt: due, MaxAttempts: 2 * maxTries})
	return err
}

func nullable(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

func isNotFound(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.NotFound
}
