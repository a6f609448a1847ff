package notify

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
)

// EventArgs ask for those whom a change concerns to be told.
type EventArgs struct {
	// EventID makes telling twice the same as telling once.
	EventID      uuid.UUID     `json:"event_id"`
	Event        string        `json:"event"`
	LibraryID    uuid.UUID     `json:"library_id"`
	DocumentID   uuid.UUID     `json:"document_id"`
	AnnotationID uuid.UUID     `json:"annotation_id"`
	ReplyID      uuid.NullUUID `json:"reply_id"`
	ActorID      uuid.UUID     `json:"actor_id"`
	Mentioned    []uuid.UUID   `json:"mentioned,omitempty"`
	Assignee     uuid.NullUUID `json:"assignee"`
	At           time.Time     `json:"at"`
}

// Kind names the job.
func (EventArgs) Kind() string { return "notify_event" }

// MailArgs ask for a mail to be written and sent.
type MailArgs struct {
	MailID uuid.UUID `json:"mail_id"`
}

// Kind names the job.
func (MailArgs) Kind() string { return "notify_mail" }

// DigestArgs ask for the daily mails that are due to be made.
type DigestArgs struct{}

// Kind names the job.
func (DigestArgs) Kind() string { return "notify_digest" }

// digestEvery is how late the daily mail can be. It is looked for often rather
// than at its hour alone, so that one that fell into a stop is not lost.
const digestEvery = time.Minute

// RegisterJobs adds the workers and the periodic job.
func (s *Service) RegisterJobs(r *jobs.Registry) {
	s.RegisterWorkers(r)
	r.Every(digestEvery, DigestArgs{})
}

// RegisterWorkers adds the workers alone, for who inserts the jobs by hand.
func (s *Service) RegisterWorkers(r *jobs.Registry) {
	jobs.Add[EventArgs](r, teller{s})
	jobs.Add[MailArgs](r, mailer{s})
	jobs.Add[DigestArgs](r, digester{s})
}

type teller struct{ s *Service }

// Work implements jobs.Worker.
func (w teller) Work(ctx context.Context, job *jobs.Job[EventArgs]) error {
	return w.s.Tell(ctx, job.Args)
}

type mailer struct{ s *Service }

// Work implements jobs.Worker.
func (w mailer) Work(ctx context.Context, job *jobs.Job[MailArgs]) error {
	again, err := w.s.Deliver(ctx, job.Args.MailID)
	if err == nil && again > 0 {
		return jobs.Again(again)
	}
	return err
}

// SetAside implements jobs.SetAsider: the process died while it sent this one,
// or the database was away too often.
func (w mailer) SetAside(ctx context.Context, job *jobs.Job[MailArgs], cause error) error {
	return w.s.giveUp(ctx, job.Args.MailID, cause.Error())
}

type digester struct{ s *Service }

// Work implements jobs.Worker.
func (w digester) Work(ctx context.Context, _ *jobs.Job[DigestArgs]) error {
	n, err := w.s.Digest(ctx)
	if n > 0 {
		w.s.Logger.InfoContext(ctx, "notify: daily mails made", slog.Int("mails", n))
	}
	return err
}
