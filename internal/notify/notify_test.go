package notify_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/notify"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs/jobstest"
	"scrollkeeper.example/scrollkeeper/internal/platform/mail"
	"scrollkeeper.example/scrollkeeper/internal/platform/mail/mailtest"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

const origin = "https://papers.example.org"

// env is a library with a paper, whose people get notifications. Marks are rows
// that the test writes: what matters here is who hears of them.
type env struct {
	*documenttest.Env
	t       *testing.T
	jobs    *jobs.Client
	service *notify.Service
	paper   documenttest.Added
	sink    *mailtest.Server // nil without a mail server
}

func setup(t *testing.T) *env {
	t.Helper()
	return newEnv(t, nil)
}

// withMail is setup with a mail server.
func withMail(t *testing.T, cfg mailtest.Config) *env {
	t.Helper()
	return newEnv(t, mailtest.New(t, cfg))
}

func newEnv(t *testing.T, sink *mailtest.Server) *env {
	t.Helper()
	docs := documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
	e := &env{Env: docs, t: t, jobs: jobstest.NewClient(t, docs.Pool), sink: sink}
	e.service = e.node()
	e.paper = e.Add(t, documenttest.Doc{Title: "On Čapek’s robots & <others>", Pages: []string{"the robots of Čapek"}})
	return e
}

// node is the service as another process has it.
func (e *env) node() *notify.Service {
	parts := notify.Parts{
		Pool: e.Pool, Libraries: e.Service, Jobs: e.jobs, News: e.News, Clock: e.Clock, Delay: 2 * time.Minute,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if e.sink != nil {
		parts.Sender = e.sink.Sender(e.t, func(c *mail.Config) { c.Timeout = 5 * time.Second })
	}
	return notify.New(parts, origin)
}

func (e *env) exec(sql string, args ...any) {
	e.t.Helper()
	if _, err := e.Pool.Exec(e.t.Context(), sql, args...); err != nil {
		e.t.Fatalf("%s: %v", sql, err)
	}
}

// mark makes a mark with its quote and tells of it.
func (e *env) mark(by identity.Person, body string, mentioned ...identity.Person) uuid.UUID {
	e.t.Helper()
	id := uuid.Must(uuid.NewV7())
	e.exec(`INSERT INTO annotations (id, library_id, document_id, edition_id, author_id, author_name, kind, meaning, private, body, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'highlight', 'key', false, $7, $8, $8)`,
		id, e.LibraryID, e.paper.DocumentID, e.paper.EditionID, by.ID, by.Name, body, e.Clock.Now())
	e.exec(`INSERT INTO annotation_anchors (library_id, annotation_id, edition_id, status, score, exact, prefix, suffix, attempt, text_version, parts, page, position, y, x)
		VALUES ($1, $2, $3, 'exact', 1, 'the robots', '', '', 1, 'test-1', '[]', 1, 0, 0, 0)`, e.LibraryID, id, e.paper.EditionID)
	e.mention(id, uuid.NullUUID{}, mentioned)
	e.tell(annotation.EventMark, id, uuid.NullUUID{}, by, mentioned...)
	return id
}

func (e *env) reply(mark uuid.UUID, by identity.Person, body string, mentioned ...identity.Person) uuid.UUID {
	e.t.Helper()
	id := uuid.Must(uuid.NewV7())
	e.exec(`INSERT INTO annotation_replies (id, library_id, annotation_id, author_id, author_name, body, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, e.LibraryID, mark, by.ID, by.Name, body, e.Clock.Now())
	reply := uuid.NullUUID{UUID: id, Valid: true}
	e.mention(mark, reply, mentioned)
	e.tell(annotation.EventReply, mark, reply, by, mentioned...)
	return id
}

func (e *env) mention(mark uuid.UUID, reply uuid.NullUUID, people []identity.Person) {
	e.t.Helper()
	for _, p := range people {
		e.exec(`INSERT INTO annotation_mentions (library_id, annotation_id, reply_id, person_id) VALUES ($1, $2, $3, $4)`, e.LibraryID, mark, reply, p.ID)
	}
}

func (e *env) assign(mark uuid.UUID, by, to identity.Person) {
	e.t.Helper()
	e.exec(`UPDATE annotations SET assignee_id = $2 WHERE id = $1`, mark, to.ID)
	event := e.event(annotation.EventAssigned, mark, uuid.NullUUID{}, by)
	event.Assignee = uuid.NullUUID{UUID: to.ID, Valid: true}
	e.send(event)
}

func (e *env) event(kind annotation.EventKind, mark uuid.UUID, reply uuid.NullUUID, by identity.Person, mentioned ...identity.Person) annotation.Event {
	event := annotation.Event{
		Kind: kind, LibraryID: e.LibraryID, DocumentID: e.paper.DocumentID, AnnotationID: mark, ReplyID: reply, Actor: by, At: e.Clock.Now(),
	}
	for _, p := range mentioned {
		event.Mentioned = append(event.Mentioned, p.ID)
	}
	return event
}

func (e *env) tell(kind annotation.EventKind, mark uuid.UUID, reply uuid.NullUUID, by identity.Person, mentioned ...identity.Person) {
	e.t.Helper()
	e.send(e.event(kind, mark, reply, by, mentioned...))
}

// send goes the whole way: the hook in a transaction, then the job that it made.
func (e *env) send(event annotation.Event) {
	e.t.Helper()
	if err := postgres.InTx(e.t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return e.service.OnEvent(ctx, tx, event)
	}); err != nil {
		e.t.Fatalf("on event: %v", err)
	}
	for _, args := range jobArgs[notify.EventArgs](e) {
		if err := e.service.Tell(e.t.Context(), args); err != nil {
			e.t.Fatalf("tell: %v", err)
		}
		e.Clock.Advance(time.Second)
	}
}

// jobArgs takes the waiting jobs of one kind out of the queue.
func jobArgs[T jobs.Args](e *env) []T {
	e.t.Helper()
	var zero T
	rows, err := e.Pool.Query(e.t.Context(), `DELETE FROM river_job WHERE kind = $1 RETURNING args`, zero.Kind())
	if err != nil {
		e.t.Fatal(err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var args T
		if err := rows.Scan(&args); err != nil {
			e.t.Fatal(err)
		}
		all = append(all, args)
	}
	return all
}

// deliver runs the waiting mail jobs and gives when each wants to come back.
func (e *env) deliver() []time.Duration {
	e.t.Helper()
	var again []time.Duration
	for _, args := range jobArgs[notify.MailArgs](e) {
		d, err := e.service.Deliver(e.t.Context(), args.MailID)
		if err != nil {
			e.t.Fatalf("deliver: %v", err)
		}
		again = append(again, d)
	}
	return again
}

func (e *env) inbox(p identity.Person) notify.Inbox {
	e.t.Helper()
	inbox, err := e.service.Inbox(e.t.Context(), p, nil, "", 100)
	if err != nil {
		e.t.Fatalf("inbox of %s: %v", p.Name, err)
	}
	return inbox
}

// kinds says what p's inbox holds, newest first: "mention by olga".
func (e *env) kinds(p identity.Person) []string {
	e.t.Helper()
	list := []string{}
	for _, n := range e.inbox(p).Items {
		list = append(list, fmt.Sprintf("%s by %s", n.Kind, n.Actor))
	}
	return list
}

func (e *env) outbox(state string) []notify.Mail {
	e.t.Helper()
	operator := e.Owner
	operator.IsOperator = true
	out, err := e.service.Outbox(e.t.Context(), operator, state, "", 100)
	if err != nil {
		e.t.Fatalf("outbox: %v", err)
	}
	return out.Items
}

func (e *env) setEmail(p identity.Person, email notify.Email) {
	e.t.Helper()
	if err := e.service.SetEmail(e.t.Context(), p, email); err != nil {
		e.t.Fatal(err)
	}
}

func (e *env) watch(p identity.Person, state notify.WatchState) {
	e.t.Helper()
	if err := e.service.SetWatch(e.t.Context(), p, e.paper.DocumentID, state); err != nil {
		e.t.Fatal(err)
	}
}

func (e *env) want(p identity.Person, kinds ...string) {
	e.t.Helper()
	if got := e.kinds(p); !slices.Equal(got, append([]string{}, kinds...)) {
		e.t.Errorf("%s was told %q, want %q", p.Name, got, kinds)
	}
}

func TestWhoIsToldWhat(t *testing.T) {
	t.Parallel()
	t.Run("who is mentioned, who was answered, and who watches", func(t *testing.T) {
		t.Parallel()
		e := setup(t)
		e.watch(e.Admin, notify.Watching)
		mark := e.mark(e.Editor, "see @[commenter](person:"+e.Commenter.ID.String()+")", e.Commenter)
		e.want(e.Commenter, "mention by editor")
		e.want(e.Admin, "watched by editor")
		e.want(e.Editor)
		e.want(e.Reader)

		e.reply(mark, e.Commenter, "yes", e.Admin)
		e.want(e.Editor, "reply by commenter")
		e.want(e.Admin, "mention by commenter", "watched by editor") // once, for the stronger reason
		e.want(e.Commenter, "mention by editor")

		// Who answered is part of the thread; who wrote watches the paper.
		e.reply(mark, e.Admin, "no")
		e.want(e.Commenter, "reply by admin", "mention by editor")
		e.mark(e.Owner, "another")
		e.want(e.Commenter, "watched by olga", "reply by admin", "mention by editor")
	})
	t.Run("who is asked, until somebody else is", func(t *testing.T) {
		t.Parallel()
		e := setup(t)
		mark := e.mark(e.Editor, "")
		e.assign(mark, e.Editor, e.Reader)
		e.want(e.Reader, "assigned by editor")
		e.assign(mark, e.Editor, e.Commenter)
		e.want(e.Reader)
		e.assign(mark, e.Editor, e.Editor)
		e.want(e.Editor)
	})
	t.Run("a thread's people when it is resolved", func(t *testing.T) {
		t.Parallel()
		e := setup(t)
		e.watch(e.Admin, notify.Watching)
		mark := e.mark(e.Editor, "open question")
		e.reply(mark, e.Commenter, "hm")
		e.tell(annotation.EventResolved, mark, uuid.NullUUID{}, e.Owner)
		e.want(e.Editor, "watched by olga", "reply by commenter")
		e.want(e.Commenter, "watched by olga")
		if e.inbox(e.Admin).Items[0].Event == "resolved" {
			t.Error("who only watches was told of a resolved thread")
		}
	})
	t.Run("nobody of reactions and private marks", func(t *testing.T) {
		t.Parallel()
		e := setup(t)
		e.watch(e.Admin, notify.Watching)
		mark := e.mark(e.Editor, "x")
		before := e.kinds(e.Admin)
		e.tell(annotation.EventReaction, mark, uuid.NullUUID{}, e.Owner)
		private := e.event(annotation.EventMark, mark, uuid.NullUUID{}, e.Owner)
		private.Private = true
		e.send(private)
		e.want(e.Admin, before...)
		e.want(e.Editor)
	})
	t.Run("who muted the paper: mentions and assignments alone", func(t *testing.T) {
		t.Parallel()
		e := setup(t)
		mark := e.mark(e.Editor, "x")
		e.watch(e.Editor, notify.Muted)
		e.reply(mark, e.Owner, "y")
		e.want(e.Editor)
		e.reply(mark, e.Owner, "z", e.Editor)
		e.assign(mark, e.Owner, e.Editor)
		e.want(e.Editor, "assigned by olga", "mention by olga")
		// Writing does not undo what was said.
		e.mark(e.Editor, "again")
		if state, err := e.service.Watch(t.Context(), e.Editor, e.paper.DocumentID); err != nil || state != notify.Muted {
			t.Errorf("%s, %v", state, err)
		}
	})
	t.Run("many marks in a row are one row, and one is not lost", func(t *testing.T) {
		t.Parallel()
		e := setup(t)
		e.watch(e.Admin, notify.Watching)
		for range 5 {
			e.mark(e.Editor, "m")
		}
		last := e.mark(e.Editor, "the newest")
		items := e.inbox(e.Admin).Items
		if len(items) != 1 || items[0].Count != 6 || items[0].AnnotationID != last || items[0].Said != "the newest" {
			t.Errorf("got %+v", items)
		}
		if n := e.inbox(e.Admin).Unread; n != 1 {
			t.Errorf("%d unread", n)
		}
		e.Clock.Advance(2 * time.Hour)
		e.mark(e.Editor, "later")
		e.want(e.Admin, "watched by editor", "watched by editor")
	})
	t.Run("telling twice changes nothing", func(t *testing.T) {
		t.Parallel()
		e := setup(t)
		e.watch(e.Admin, notify.Watching)
		mark := e.mark(e.Editor, "first")
		args := notify.EventArgs{
			EventID: uuid.New(), Event: "mark", LibraryID: e.LibraryID, DocumentID: e.paper.DocumentID, AnnotationID: mark,
			ActorID: e.Editor.ID, Mentioned: []uuid.UUID{e.Commenter.ID}, At: e.Clock.Now(),
		}
		e.mention(mark, uuid.NullUUID{}, []identity.Person{e.Commenter})
		for range 3 {
			if err := e.service.Tell(t.Context(), args); err != nil {
				t.Fatal(err)
			}
		}
		e.want(e.Commenter, "mention by editor")
		if items := e.inbox(e.Admin).Items; len(items) != 1 || items[0].Count != 2 {
			t.Errorf("got %+v", items)
		}
		if n := len(e.outbox("waiting")); n != 1 {
			t.Errorf("%d mails wait", n)
		}
	})
}

// TestNobodyHearsOfWhatTheyMayNotSee hides a mark in every way there is, before
// it is told and after, and looks at the inbox and at the mail.
func TestNobodyHearsOfWhatTheyMayNotSee(t *testing.T) {
	t.Parallel()
	type hide func(e *env, mark, reply uuid.UUID)
	sql := func(statement string) hide {
		return func(e *env, mark, _ uuid.UUID) { e.exec(statement, mark) }
	}
	for name, how := range map[string]hide{
		"the mark was deleted":      sql(`UPDATE annotations SET deleted_at = now() WHERE id = $1`),
		"the mark was made private": sql(`UPDATE annotations SET private = true WHERE id = $1`),
		"the mark is gone for good": sql(`DELETE FROM annotations WHERE id = $1`),
		"the reply was deleted": func(e *env, _, reply uuid.UUID) {
			e.exec(`UPDATE annotation_replies SET deleted_at = now() WHERE id = $1`, reply)
		},
		"the paper is in the trash": func(e *env, _, _ uuid.UUID) {
			e.exec(`UPDATE documents SET trashed_at = now() WHERE id = $1`, e.paper.DocumentID)
		},
		"the library was left": func(e *env, _, _ uuid.UUID) {
			if err := e.Service.RemoveMember(e.t.Context(), e.Commenter, e.LibraryID, e.Commenter.ID); err != nil {
				e.t.Fatal(err)
			}
		},
		"the mention was taken out": func(e *env, _, reply uuid.UUID) {
			e.exec(`DELETE FROM annotation_mentions WHERE reply_id = $1`, reply)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := withMail(t, mailtest.Config{})
			mark := e.mark(e.Owner, "a thesis")
			reply := e.reply(mark, e.Editor, "secret words", e.Commenter)
			e.want(e.Commenter, "mention by editor")
			e.setEmail(e.Admin, notify.Daily)
			how(e, mark, reply)

			e.want(e.Commenter)
			if n := e.inbox(e.Commenter).Unread; n != 0 {
				t.Errorf("%d unread", n)
			}
			e.deliver()
			for _, m := range e.sink.Mails() {
				if slices.Contains(m.To, e.Commenter.Email) {
					t.Errorf("a mail went out: %s", m.Text)
				}
			}
			for _, m := range e.outbox("") {
				if m.Address == e.Commenter.Email {
					t.Errorf("a mail is left: %+v", m)
				}
			}
			e.Clock.Advance(48 * time.Hour)
			if _, err := e.service.Digest(t.Context()); err != nil {
				t.Fatal(err)
			}
			e.deliver()
			if n := len(e.sink.Mails()); n > 1 { // the owner's, who was answered
				t.Errorf("%d mails", n)
			}
		})
	}
	t.Run("hidden before it was told", func(t *testing.T) {
		t.Parallel()
		e := setup(t)
		mark := e.mark(e.Owner, "a thesis")
		e.exec(`UPDATE annotations SET private = true WHERE id = $1`, mark)
		e.tell(annotation.EventMention, mark, uuid.NullUUID{}, e.Owner, e.Commenter)
		e.exec(`UPDATE annotations SET private = false WHERE id = $1`, mark)
		e.mention(mark, uuid.NullUUID{}, []identity.Person{e.Commenter})
		e.want(e.Commenter)
		// Somebody who is no member is told nothing, whoever says so.
		e.tell(annotation.EventMention, mark, uuid.NullUUID{}, e.Owner, e.Stranger)
		e.want(e.Stranger)
		if n := len(e.outbox("")); n != 0 {
			t.Errorf("%d mails wait", n)
		}
	})
}

func TestInbox(t *testing.T) {
	t.Parallel()
	e := setup(t)
	mark := e.mark(e.Owner, "a *thesis* with   white space")
	for i := range 7 {
		e.reply(mark, e.Editor, fmt.Sprintf("reply %d", i))
	}
	var said []string
	after := ""
	for {
		page, err := e.service.Inbox(t.Context(), e.Owner, nil, after, 3)
		if err != nil {
			t.Fatal(err)
		}
		if page.Unread != 7 {
			t.Errorf("%d unread", page.Unread)
		}
		for _, n := range page.Items {
			said = append(said, n.Said)
			if n.Quote != "the robots" || n.Title != "On Čapek’s robots & <others>" {
				t.Errorf("got %+v", n)
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if want := []string{"reply 6", "reply 5", "reply 4", "reply 3", "reply 2", "reply 1", "reply 0"}; !slices.Equal(said, want) {
		t.Errorf("got %q", said)
	}
	items := e.inbox(e.Owner).Items
	if n, err := e.service.MarkRead(t.Context(), e.Owner, []uuid.UUID{items[0].ID, items[1].ID}, false); err != nil || n != 5 {
		t.Errorf("%d unread, %v", n, err)
	}
	// Somebody else's are not theirs to read.
	if _, err := e.service.MarkRead(t.Context(), e.Editor, []uuid.UUID{items[2].ID}, false); err != nil {
		t.Error(err)
	}
	yes, no := true, false
	unread, err1 := e.service.Inbox(t.Context(), e.Owner, &yes, "", 50)
	read, err2 := e.service.Inbox(t.Context(), e.Owner, &no, "", 50)
	if err1 != nil || err2 != nil || len(unread.Items) != 5 || len(read.Items) != 2 {
		t.Errorf("%d unread, %d read, %v %v", len(unread.Items), len(read.Items), err1, err2)
	}
	if n, err := e.service.MarkRead(t.Context(), e.Owner, nil, true); err != nil || n != 0 {
		t.Errorf("%d unread, %v", n, err)
	}
	if _, err := e.service.MarkRead(t.Context(), e.Owner, nil, false); !fault.Is(err, "nothing_named") {
		t.Errorf("got %v", err)
	}
	if _, err := e.service.Inbox(t.Context(), e.Owner, nil, "x", 5); !fault.Is(err, "bad_cursor") {
		t.Errorf("got %v", err)
	}

	var last notify.News
	for _, n := range e.News.All() {
		if news, ok := n.Payload.(notify.News); ok && n.Topic == library.PersonTopic(e.Owner.ID) {
			last = news
		}
	}
	if (last != notify.News{Type: "notification", Unread: 0}) {
		t.Errorf("sockets heard %+v last", last)
	}
}

func TestMailAtOnce(t *testing.T) {
	t.Parallel()
	t.Run("what happens in one thread is one mail", func(t *testing.T) {
		t.Parallel()
		e := withMail(t, mailtest.Config{})
		mark := e.mark(e.Owner, "a thesis")
		e.reply(mark, e.Editor, "first <b>reply</b>")
		e.reply(mark, e.Commenter, "see @[olga](person:"+e.Owner.ID.String()+")", e.Owner)
		due := e.outbox("waiting")
		if len(due) != 2 { // the owner's, and the editor's who was answered too
			t.Fatalf("waiting: %+v", due)
		}
		if wait := due[0].DueAt.Sub(due[0].CreatedAt); wait != 2*time.Minute {
			t.Errorf("waits %v", wait)
		}
		e.deliver()
		var got mailtest.Mail
		for _, m := range e.sink.Mails() {
			if m.To[0] == e.Owner.Email {
				got = m
			}
		}
		if want := "2 new comments on “On Čapek’s robots & <others>”"; got.Subject() != want {
			t.Errorf("subject %q", got.Subject())
		}
		for _, want := range []string{
			"editor replied:", "> the robots", "first <b>reply</b>", "commenter mentioned you:", "see @olga",
			origin + "/d/" + e.paper.DocumentID.String() + "#a=" + mark.String(), origin + "/unsubscribe#",
		} {
			if !strings.Contains(got.Text, want) {
				t.Errorf("the text lacks %q:\n%s", want, got.Text)
			}
		}
		if strings.Contains(got.HTML, "<b>reply") || !strings.Contains(got.HTML, "first &lt;b&gt;reply&lt;/b&gt;") || !strings.Contains(got.HTML, "robots &amp; &lt;others&gt;") {
			t.Errorf("not escaped:\n%s", got.HTML)
		}
		if link := got.Header.Get("List-Unsubscribe"); !strings.HasPrefix(link, "<"+origin+"/api/unsubscribe/") || got.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			t.Errorf("header %v", got.Header)
		}
		sent := e.outbox("sent")
		if len(sent) != 2 || sent[0].Text != "" || sent[0].Attempts != 1 {
			t.Errorf("outbox %+v", sent)
		}
		// What comes afterwards is another mail.
		e.reply(mark, e.Editor, "more")
		if n := len(e.outbox("waiting")); n == 0 {
			t.Error("nothing waits")
		}
	})
	t.Run("what was read meanwhile is not sent", func(t *testing.T) {
		t.Parallel()
		e := withMail(t, mailtest.Config{})
		mark := e.mark(e.Owner, "a thesis")
		e.reply(mark, e.Editor, "one")
		e.reply(mark, e.Editor, "two")
		first := e.inbox(e.Owner).Items[0]
		if _, err := e.service.MarkRead(t.Context(), e.Owner, []uuid.UUID{first.ID}, false); err != nil {
			t.Fatal(err)
		}
		if n := len(e.outbox("waiting")); n != 1 {
			t.Errorf("%d wait, want the one with what is unread", n)
		}
		if _, err := e.service.MarkRead(t.Context(), e.Owner, nil, true); err != nil {
			t.Fatal(err)
		}
		if n := len(e.outbox("")); n != 0 {
			t.Errorf("%d mails are left", n)
		}
		e.deliver()
		if n := len(e.sink.Mails()); n != 0 {
			t.Errorf("%d mails", n)
		}
	})
	t.Run("settings are those of the moment it is due", func(t *testing.T) {
		t.Parallel()
		e := withMail(t, mailtest.Config{})
		mark := e.mark(e.Owner, "a thesis")
		e.reply(mark, e.Editor, "one")
		e.setEmail(e.Owner, notify.Off)
		e.deliver()
		if n := len(e.sink.Mails()) + len(e.outbox("")); n != 0 {
			t.Errorf("%d mails", n)
		}
		e.reply(mark, e.Editor, "two")
		if n := len(e.outbox("")); n != 0 {
			t.Errorf("%d mails", n)
		}
	})
	t.Run("without a mail server it is kept for the operator", func(t *testing.T) {
		t.Parallel()
		e := setup(t)
		mark := e.mark(e.Owner, "a thesis")
		e.reply(mark, e.Editor, "one")
		e.deliver()
		kept := e.outbox("kept")
		if len(kept) != 1 || kept[0].Address != e.Owner.Email || kept[0].Subject != "editor replied on “On Čapek’s robots & <others>”" ||
			!strings.Contains(kept[0].Text, "one") || strings.Contains(kept[0].Text, "unsubscribe") {
			t.Errorf("kept: %+v", kept)
		}
		e.exec(`UPDATE annotations SET deleted_at = now() WHERE id = $1`, mark)
		if kept := e.outbox("kept"); len(kept) != 1 || kept[0].Text != "" {
			t.Errorf("the mark is gone, and the operator still reads: %+v", kept)
		}
		if _, err := e.service.Outbox(t.Context(), e.Admin, "", "", 10); !fault.Is(err, "not_the_operator") {
			t.Errorf("an admin got %v", err)
		}
	})
}

func TestMailServersThatFail(t *testing.T) {
	t.Parallel()
	t.Run("five tries, then it is set aside with the reason", func(t *testing.T) {
		t.Parallel()
		e := withMail(t, mailtest.Config{})
		e.sink.Fail(451, "the mailbox is busy")
		mark := e.mark(e.Owner, "a thesis")
		e.reply(mark, e.Editor, "one")
		id := e.outbox("waiting")[0].ID
		var waits []time.Duration
		for range 5 {
			again, err := e.service.Deliver(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			waits = append(waits, again)
		}
		if want := []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 0}; !slices.Equal(waits, want) {
			t.Errorf("waited %v", waits)
		}
		failed := e.outbox("failed")
		if len(failed) != 1 || failed[0].Attempts != 5 || !strings.Contains(failed[0].LastError, "the mailbox is busy") || !strings.Contains(failed[0].Text, "one") {
			t.Fatalf("failed: %+v", failed)
		}
		if again, err := e.service.Deliver(t.Context(), id); again != 0 || err != nil {
			t.Errorf("%v, %v", again, err)
		}

		// The operator mends it and sends again.
		e.sink.Fail(0, "")
		operator := e.Owner
		operator.IsOperator = true
		if err := e.service.SendAgain(t.Context(), operator, id); err != nil {
			t.Fatal(err)
		}
		e.deliver()
		if n := len(e.sink.Mails()); n != 1 {
			t.Errorf("%d mails", n)
		}
		if err := e.service.SendAgain(t.Context(), operator, id); !fault.Is(err, "mail_not_found") {
			t.Errorf("one that was sent: %v", err)
		}
		if err := e.service.SendAgain(t.Context(), e.Admin, id); !fault.Is(err, "not_the_operator") {
			t.Errorf("an admin: %v", err)
		}
	})
	t.Run("one that refuses TLS gets nothing", func(t *testing.T) {
		t.Parallel()
		e := withMail(t, mailtest.Config{WithoutTLS: true})
		mark := e.mark(e.Owner, "a thesis")
		e.reply(mark, e.Editor, "one")
		if again := e.deliver(); !slices.Equal(again, []time.Duration{time.Minute}) || len(e.sink.Mails()) != 0 {
			t.Errorf("%v, %d mails", again, len(e.sink.Mails()))
		}
		if waiting := e.outbox("waiting"); !strings.Contains(waiting[0].LastError, "STARTTLS") {
			t.Errorf("waiting: %+v", waiting)
		}
	})
	t.Run("a mark that is hidden between two tries goes no further", func(t *testing.T) {
		t.Parallel()
		e := withMail(t, mailtest.Config{})
		e.sink.Fail(451, "busy")
		mark := e.mark(e.Owner, "a thesis")
		e.reply(mark, e.Editor, "one")
		id := e.outbox("waiting")[0].ID
		if _, err := e.service.Deliver(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		e.exec(`UPDATE annotations SET deleted_at = now() WHERE id = $1`, mark)
		e.sink.Fail(0, "")
		if again, err := e.service.Deliver(t.Context(), id); again != 0 || err != nil {
			t.Errorf("%v, %v", again, err)
		}
		if n := len(e.sink.Mails()) + len(e.outbox("")); n != 0 {
			t.Errorf("%d mails", n)
		}
	})
}

func TestDailyMail(t *testing.T) {
	t.Parallel()
	e := withMail(t, mailtest.Config{}) // it is 12:00 on 1 March
	second := e.Add(t, documenttest.Doc{Title: "A second paper", Pages: []string{"text"}})
	e.watch(e.Admin, notify.Watching)
	e.setEmail(e.Commenter, notify.Daily)
	mark := e.mark(e.Owner, "a thesis", e.Commenter)
	e.reply(mark, e.Editor, "hm")
	e.paper = second
	e.watch(e.Admin, notify.Watching)
	e.mark(e.Owner, "elsewhere", e.Commenter)
	jobArgs[notify.MailArgs](e) // the owner's own, which goes at once

	digest := func() int {
		t.Helper()
		// As many workers as there are, all at once.
		total, mu := 0, sync.Mutex{}
		var wg sync.WaitGroup
		for range 4 {
			node := e.node()
			wg.Go(func() {
				n, err := node.Digest(t.Context())
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				total += n
			})
		}
		wg.Wait()
		return total
	}
	if n := digest(); n != 0 {
		t.Errorf("%d mails before the morning", n)
	}
	e.Clock.Advance(18*time.Hour + 50*time.Minute) // 06:50
	if n := digest(); n != 0 {
		t.Errorf("%d mails before 07:00", n)
	}
	e.Clock.Advance(20 * time.Minute)
	e.mark(e.Editor, "after seven", e.Commenter) // waits for tomorrow
	if n := digest(); n != 2 {
		t.Errorf("%d mails, want one for each of two people", n)
	}
	e.deliver()
	if n := digest(); n != 0 {
		t.Errorf("%d mails more", n)
	}
	mails := map[string]mailtest.Mail{}
	for _, m := range e.sink.Mails() {
		if _, twice := mails[m.To[0]]; twice {
			t.Errorf("%s got two", m.To[0])
		}
		mails[m.To[0]] = m
	}
	commenter := mails[e.Commenter.Email]
	if commenter.Subject() != "2 new comments on 2 documents" || strings.Count(commenter.Text, "A second paper") != 1 || strings.Contains(commenter.Text, "after seven") {
		t.Errorf("%s\n%s", commenter.Subject(), commenter.Text)
	}
	if admin := mails[e.Admin.Email]; !strings.Contains(admin.Text, "editor replied") || !strings.Contains(admin.Text, "olga made a mark:") {
		t.Errorf("%s", admin.Text)
	}

	// Stopped over the next morning, it comes late and once.
	e.Clock.Advance(30 * time.Hour)
	if n := digest(); n != 3 { // the owner wrote on the second paper, and so watches it
		t.Errorf("%d mails on the day after", n)
	}
	// Read before it was sent: nothing is, and nothing tries again.
	for _, p := range []identity.Person{e.Commenter, e.Admin, e.Owner} {
		if _, err := e.service.MarkRead(t.Context(), p, nil, true); err != nil {
			t.Fatal(err)
		}
	}
	e.deliver()
	if n := len(e.sink.Mails()); n != 2 {
		t.Errorf("%d mails in all, want the two of the first day", n)
	}
	if n := digest(); n != 0 {
		t.Errorf("%d mails again", n)
	}
}

func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	e := withMail(t, mailtest.Config{})
	site := documenttest.Serve(t, func(api *httpapi.API) { notify.Mount(api, e.service) })
	mark := e.mark(e.Owner, "a thesis")
	e.reply(mark, e.Editor, "one")
	e.deliver()
	got := e.sink.Mails()[0]
	link := strings.Trim(got.Header.Get("List-Unsubscribe"), "<>")
	path := strings.TrimPrefix(link, origin)
	token := path[strings.LastIndex(path, "/")+1:]

	nobody := identity.Person{}
	if a := site.Do(nobody, "GET", path, ""); a.Status != 303 || a.Header.Get("Location") != "/unsubscribe#"+token {
		t.Errorf("looking at the link: %d %v", a.Status, a.Header)
	}
	if email, err := e.service.Email(t.Context(), e.Owner); err != nil || email != notify.AtOnce {
		t.Errorf("looking changed it: %s, %v", email, err)
	}
	a := site.Do(nobody, "POST", path, "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded")
	if a.Status != 204 {
		t.Errorf("one click: %d %s", a.Status, a.Body)
	}
	if email, err := e.service.Email(t.Context(), e.Owner); err != nil || email != notify.Off {
		t.Errorf("%s, %v", email, err)
	}
	if a := site.Do(nobody, "POST", "/api/unsubscribe", `{"token":"`+token+`"}`); a.Status != 204 {
		t.Errorf("the page: %d %s", a.Status, a.Body)
	}
	// One letter changed names nobody.
	forged := []byte(token)
	forged[3]++
	for _, bad := range []string{string(forged), token[:20], "x", strings.Repeat("A", 43)} {
		if a := site.Do(nobody, "POST", "/api/unsubscribe", `{"token":"`+bad+`"}`); a.Status != 404 || a.Code() != "bad_unsubscribe_link" {
			t.Errorf("%s: %d %s", bad, a.Status, a.Body)
		}
		if a := site.Do(nobody, "POST", "/api/unsubscribe/"+bad, ""); a.Status != 404 {
			t.Errorf("%s: %d", bad, a.Status)
		}
	}
	if email, err := e.service.Email(t.Context(), e.Editor); err != nil || email != notify.AtOnce {
		t.Errorf("somebody else: %s, %v", email, err)
	}
}

// TestTheWholeWay runs the jobs as a worker does.
func TestTheWholeWay(t *testing.T) {
	t.Parallel()
	e := withMail(t, mailtest.Config{})
	registry := jobs.NewRegistry()
	e.service.RegisterWorkers(registry)
	runner := jobstest.Start(t, e.Pool, e.jobs, registry)
	mark := uuid.Must(uuid.NewV7())
	e.exec(`INSERT INTO annotations (id, library_id, document_id, edition_id, author_id, author_name, kind, meaning, private, body, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, 'olga', 'note', 'key', false, 'look', now(), now())`, mark, e.LibraryID, e.paper.DocumentID, e.paper.EditionID, e.Owner.ID)
	e.mention(mark, uuid.NullUUID{}, []identity.Person{e.Reader})
	if err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return e.service.OnEvent(ctx, tx, e.event(annotation.EventMark, mark, uuid.NullUUID{}, e.Owner, e.Reader))
	}); err != nil {
		t.Fatal(err)
	}
	runner.Idle("notify_event")
	runner.Idle("notify_mail")
	if got := e.sink.Wait(t, 1)[0]; got.To[0] != e.Reader.Email || !strings.Contains(got.Subject(), "olga mentioned you on") {
		t.Errorf("got %v %q", got.To, got.Subject())
	}
	e.want(e.Reader, "mention by olga")
}
