package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/notify/internal/notifydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/mail"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Parts are the other parts of the program that this one needs.
type Parts struct {
	Pool      *pgxpool.Pool
	Libraries *library.Service
	Jobs      *jobs.Client
	News      library.Publisher
	Clock     clock.Clock
	// Sender takes the mails; nil keeps them in the outbox.
	Sender mail.Sender
	// Delay is how long a mail waits for more of its thread.
	Delay time.Duration
	// Logger defaults to slog.Default.
	Logger *slog.Logger
}

// Service holds the inboxes and the mails.
type Service struct {
	Parts

	origin atomic.Pointer[string]
	q      *notifydb.Queries
}

// New makes a Service whose mails link to origin.
func New(parts Parts, origin string) *Service {
	if parts.Logger == nil {
		parts.Logger = slog.Default()
	}
	s := &Service{Parts: parts, q: notifydb.New()}
	s.SetOrigin(origin)
	return s
}

// SetOrigin says where links lead, once the address is known: scheme and host.
func (s *Service) SetOrigin(origin string) { s.origin.Store(&origin) }

// Inbox gives a page of what concerns p, newest first. unread chooses the unread
// (true) or the read ones (false); nil gives both. after is Inbox.Next of the
// page before.
func (s *Service) Inbox(ctx context.Context, p identity.Person, unread *bool, after string, limit int) (Inbox, error) {
	from, err := decodePlace(after)
	if err != nil {
		return Inbox{}, err
	}
	rows, err := s.q.Inbox(ctx, s.Pool, notifydb.InboxParams{
		PersonID: p.ID, Unread: unread, BeforeAt: from.at, BeforeID: from.id, MaxRows: int32(limit + 1),
	})
	if err != nil {
		return Inbox{}, postgres.Fault(fmt.Errorf("inbox: %w", err))
	}
	var inbox Inbox
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		inbox.Next = place{last.At, last.ID}.encode()
	}
	inbox.Items = make([]Notification, len(rows))
	for i, r := range rows {
		inbox.Items[i] = notificationOf(r)
	}
	inbox.Unread, err = s.unread(ctx, p.ID)
	return inbox, err
}

func notificationOf(r notifydb.InboxEntry) Notification {
	return Notification{
		ID: r.ID, Kind: Kind(r.Kind), Event: r.Event, LibraryID: r.LibraryID, DocumentID: r.DocumentID, Title: r.DocumentTitle,
		AnnotationID: r.AnnotationID, ReplyID: r.ReplyID, ActorID: r.ActorID, Actor: r.ActorName, Count: int(r.Count),
		Said: r.Body, Quote: r.Quote, At: r.At, ReadAt: r.ReadAt, SavedSearchID: r.SavedSearchID, SavedSearch: r.SavedSearchName,
	}
}

func (s *Service) unread(ctx context.Context, personID uuid.UUID) (int, error) {
	n, err := s.q.Unread(ctx, s.Pool, personID)
	if err != nil {
		return 0, postgres.Fault(fmt.Errorf("count unread: %w", err))
	}
	return int(n), nil
}

// MarkRead says that p has seen these, or all that there are, and gives how many
// are still unread. Mails that told of nothing else are not sent any more.
func (s *Service) MarkRead(ctx context.Context, p identity.Person, ids []uuid.UUID, all bool) (int, error) {
	if !all && len(ids) == 0 {
		return 0, errNothingRead
	}
	now := s.Clock.Now()
	err := postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		// Locked first, so that nothing joins a mail between looking and deleting.
		mails, err := s.q.LockOpenMails(ctx, tx, p.ID)
		if err != nil {
			return fmt.Errorf("lock waiting mails: %w", err)
		}
		if all {
			err = s.q.MarkAllRead(ctx, tx, now, p.ID)
		} else {
			err = s.q.MarkRead(ctx, tx, now, p.ID, ids)
		}
		if err != nil {
			return fmt.Errorf("mark read: %w", err)
		}
		if err := s.q.DeleteReadMails(ctx, tx, mails); err != nil {
			return fmt.Errorf("delete waiting mails: %w", err)
		}
		tx.AfterCommit(func(ctx context.Context) { s.publish(ctx, p.ID) })
		return nil
	})
	if err != nil {
		return 0, err
	}
	return s.unread(ctx, p.ID)
}

// Email gives when p gets mail.
func (s *Service) Email(ctx context.Context, p identity.Person) (Email, error) {
	setting, err := s.q.EmailSetting(ctx, s.Pool, p.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return AtOnce, nil
	}
	if err != nil {
		return "", postgres.Fault(fmt.Errorf("email setting: %w", err))
	}
	return Email(setting), nil
}

// SetEmail chooses when p gets mail. Mails that wait follow it.
func (s *Service) SetEmail(ctx context.Context, p identity.Person, email Email) error {
	if err := s.q.PutEmailSetting(ctx, s.Pool, p.ID, string(email), s.Clock.Now()); err != nil {
		return postgres.Fault(fmt.Errorf("set email setting: %w", err))
	}
	return nil
}

// Watch says whether p follows a document.
func (s *Service) Watch(ctx context.Context, p identity.Person, documentID uuid.UUID) (WatchState, error) {
	if _, err := s.authorizeDocument(ctx, p, documentID); err != nil {
		return "", err
	}
	state, err := s.q.Watch(ctx, s.Pool, documentID, p.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return NotWatching, nil
	}
	if err != nil {
		return "", postgres.Fault(fmt.Errorf("watch: %w", err))
	}
	return WatchState(state), nil
}

// SetWatch has p follow a document, mute it, or neither: until they write on it
// the next time.
func (s *Service) SetWatch(ctx context.Context, p identity.Person, documentID uuid.UUID, state WatchState) error {
	if _, err := s.authorizeDocument(ctx, p, documentID); err != nil {
		return err
	}
	var err error
	if state == NotWatching {
		err = s.q.DeleteWatch(ctx, s.Pool, documentID, p.ID)
	} else {
		err = s.q.PutWatch(ctx, s.Pool, notifydb.PutWatchParams{PersonID: p.ID, DocumentID: documentID, State: string(state), At: s.Clock.Now()})
	}
	if err != nil {
		return postgres.Fault(fmt.Errorf("set watch: %w", err))
	}
	return nil
}

// authorizeDocument gives the library of a document that p may read.
func (s *Service) authorizeDocument(ctx context.Context, p identity.Person, documentID uuid.UUID) (uuid.UUID, error) {
	libraryID, err := s.q.DocumentLibrary(ctx, s.Pool, documentID)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, errNoDocument
	}
	if err != nil {
		return uuid.Nil, postgres.Fault(fmt.Errorf("library of document: %w", err))
	}
	_, err = s.Libraries.Authorize(ctx, s.Pool, p, library.ReadLibrary, libraryID)
	if isNotFound(err) {
		return uuid.Nil, errNoDocument
	}
	return libraryID, err
}

// Sweep deletes what has run out.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock.Now()
	if err := s.q.SweepMails(ctx, s.Pool, now.Add(-keepSent), now.Add(-keepUnsent)); err != nil {
		return postgres.Fault(fmt.Errorf("sweep mails: %w", err))
	}
	if err := s.q.SweepNotifications(ctx, s.Pool, now.Add(-keepNotifications)); err != nil {
		return postgres.Fault(fmt.Errorf("sweep notifications: %w", err))
	}
	return nil
}
