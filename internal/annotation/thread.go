package annotation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Replies and reactions are part of their mark: whoever may see it may see them,
// and each change is one of the mark, which is locked for it.

// Reply answers a mark. Asked for twice with the same id it answers once.
func (s *Service) Reply(ctx context.Context, p identity.Person, op Operation, id, replyID uuid.UUID, text string) (Annotation, error) {
	body, err := cleanReply(text)
	if err != nil {
		return Annotation{}, err
	}
	if replyID == uuid.Nil {
		return Annotation{}, fault.New(fault.Invalid, "bad_id", "A reply needs an id of its own.")
	}
	return s.change(ctx, p, op, id, step{
		what: "reply", object: replyID, action: discuss,
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			if m.Private && len(mentionsIn(body)) > 0 {
				return errInPrivate
			}
			n, err := s.q.InsertReply(ctx, tx, annotationdb.InsertReplyParams{
				ID: replyID, LibraryID: m.LibraryID, AnnotationID: m.ID, AuthorID: by(p), AuthorName: p.Name, Body: body, CreatedAt: s.Clock.Now(),
			})
			if err != nil {
				return fmt.Errorf("insert reply: %w", err)
			}
			if n == 0 {
				r, err := s.q.Reply(ctx, tx, replyID)
				if err != nil {
					return fmt.Errorf("reply: %w", err)
				}
				if r.AuthorID != by(p) || r.AnnotationID != m.ID {
					return errTaken
				}
				return nil
			}
			mentioned, err := s.setMentions(ctx, tx, p, m.LibraryID, m.ID, nullable(replyID), body)
			if err != nil {
				return err
			}
			if err := s.note(ctx, tx, m, p, entry{what: Made, reply: nullable(replyID), after: &body}); err != nil {
				return err
			}
			return s.threadChanged(ctx, tx, m, p, Event{Kind: EventReply, ReplyID: nullable(replyID), Mentioned: mentioned})
		},
	})
}

// cleanReply is cleanBody for what may not be empty.
func cleanReply(text string) (string, error) {
	body, err := cleanBody(text)
	if err == nil && strings.TrimSpace(body) == "" {
		return "", errEmptyReply
	}
	return body, err
}

// threadChanged makes the news of a change in a mark's discussion. An event
// without a kind is none.
func (s *Service) threadChanged(ctx context.Context, tx *postgres.Tx, m mark, p identity.Person, e Event) error {
	if err := s.q.Touch(ctx, tx, s.Clock.Now(), m.ID); err != nil {
		return fmt.Errorf("touch mark: %w", err)
	}
	s.record(tx, m, library.OpChanged, p, m.Private)
	if e.Kind == "" {
		return nil
	}
	return s.tell(ctx, tx, m, p, e)
}

// changeReply is change for a reply: do gets the mark, locked, and the reply as
// it is then. A reply that p may not see does not exist.
func (s *Service) changeReply(ctx context.Context, p identity.Person, op Operation, replyID uuid.UUID, what string,
	action func(mark, annotationdb.AnnotationReply) library.Action, do func(context.Context, *postgres.Tx, mark, annotationdb.AnnotationReply) error,
) (Annotation, error) {
	found, err := s.q.Reply(ctx, s.Pool, replyID)
	if err != nil {
		return Annotation{}, missing(fmt.Errorf("reply: %w", err), errNoReply)
	}
	a, err := s.change(ctx, p, op, found.AnnotationID, step{
		what: what, object: replyID,
		// Who wrote a reply does not change, so it may be asked before it is read again.
		action: func(m mark) library.Action { return action(m, found) },
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			r, err := s.q.Reply(ctx, tx, replyID)
			if err != nil {
				return missing(fmt.Errorf("reply: %w", err), errNoReply)
			}
			return do(ctx, tx, m, r)
		},
	})
	if fault.Is(err, errNotFound.Code) {
		err = errNoReply
	}
	return a, err
}

// ChangeReply edits a reply of p's own. A fault "reply_changed" with the mark as
// it is now when p has not seen the reply's newest revision.
func (s *Service) ChangeReply(ctx context.Context, p identity.Person, op Operation, replyID uuid.UUID, revision int32, text string) (Annotation, error) {
	body, err := cleanReply(text)
	if err != nil {
		return Annotation{}, err
	}
	return s.changeReply(ctx, p, op, replyID, "change reply",
		func(m mark, _ annotationdb.AnnotationReply) library.Action { return discuss(m) },
		func(ctx context.Context, tx *postgres.Tx, m mark, r annotationdb.AnnotationReply) error {
			switch {
			case r.AuthorID != by(p):
				return errNotAuthor
			case r.DeletedAt != nil:
				return errReplyGone
			case r.Revision != revision:
				current, err := s.answer(ctx, tx, p, op, m.DocumentID, m.ID)
				if err != nil {
					return err
				}
				return fault.New(fault.Conflict, "reply_changed", "This reply was changed meanwhile. Look at what is there now and save again.").With("current", current)
			case r.Body == body:
				return nil
			case m.Private && len(mentionsIn(body)) > 0:
				return errInPrivate
			}
			now := s.Clock.Now()
			if err := s.q.EditReply(ctx, tx, body, &now, replyID); err != nil {
				return fmt.Errorf("edit reply: %w", err)
			}
			mentioned, err := s.setMentions(ctx, tx, p, m.LibraryID, m.ID, nullable(replyID), body)
			if err != nil {
				return err
			}
			if err := s.note(ctx, tx, m, p, entry{what: Rewrote, reply: nullable(replyID), before: &r.Body, after: &body}); err != nil {
				return err
			}
			e := Event{ReplyID: nullable(replyID), Mentioned: mentioned}
			if len(mentioned) > 0 {
				e.Kind = EventMention
			}
			return s.threadChanged(ctx, tx, m, p, e)
		})
}

// DeleteReply deletes a reply of p's own, or for an admin anybody's. It can be
// taken back for 30 days.
func (s *Service) DeleteReply(ctx context.Context, p identity.Person, op Operation, replyID uuid.UUID) error {
	_, err := s.changeReply(ctx, p, op, replyID, "delete reply",
		func(_ mark, r annotationdb.AnnotationReply) library.Action { return toDelete(p, r.AuthorID) },
		func(ctx context.Context, tx *postgres.Tx, m mark, r annotationdb.AnnotationReply) error {
			if r.DeletedAt != nil {
				return nil
			}
			now := s.Clock.Now()
			if err := s.q.SetReplyDeleted(ctx, tx, &now, by(p), replyID); err != nil {
				return fmt.Errorf("delete reply: %w", err)
			}
			if err := s.note(ctx, tx, m, p, entry{what: Deleted, reply: nullable(replyID)}); err != nil {
				return err
			}
			return s.threadChanged(ctx, tx, m, p, Event{})
		})
	return err
}

// RestoreReply takes back that p deleted a reply.
func (s *Service) RestoreReply(ctx context.Context, p identity.Person, op Operation, replyID uuid.UUID) (Annotation, error) {
	return s.changeReply(ctx, p, op, replyID, "restore reply",
		func(mark, annotationdb.AnnotationReply) library.Action { return library.ReadMarks },
		func(ctx context.Context, tx *postgres.Tx, m mark, r annotationdb.AnnotationReply) error {
			if r.DeletedAt == nil {
				return nil
			}
			if err := s.mayRestore(p, r.DeletedBy, *r.DeletedAt); err != nil {
				return err
			}
			if err := s.q.SetReplyDeleted(ctx, tx, nil, uuid.NullUUID{}, replyID); err != nil {
				return fmt.Errorf("restore reply: %w", err)
			}
			if err := s.note(ctx, tx, m, p, entry{what: Restored, reply: nullable(replyID)}); err != nil {
				return err
			}
			return s.threadChanged(ctx, tx, m, p, Event{})
		})
}

// React adds p's reaction to a mark, or takes it back.
func (s *Service) React(ctx context.Context, p identity.Person, op Operation, id uuid.UUID, emoji string, set bool) (Annotation, error) {
	emoji, err := validEmoji(emoji)
	if err != nil {
		return Annotation{}, err
	}
	return s.change(ctx, p, op, id, step{
		what: reactionName(emoji, set), action: discuss,
		do: func(ctx context.Context, tx *postgres.Tx, m mark) error {
			return s.react(ctx, tx, p, m, uuid.NullUUID{}, emoji, set)
		},
	})
}

// ReactToReply adds p's reaction to a reply, or takes it back.
func (s *Service) ReactToReply(ctx context.Context, p identity.Person, op Operation, replyID uuid.UUID, emoji string, set bool) (Annotation, error) {
	emoji, err := validEmoji(emoji)
	if err != nil {
		return Annotation{}, err
	}
	return s.changeReply(ctx, p, op, replyID, reactionName(emoji, set),
		func(m mark, _ annotationdb.AnnotationReply) library.Action { return discuss(m) },
		func(ctx context.Context, tx *postgres.Tx, m mark, r annotationdb.AnnotationReply) error {
			if r.DeletedAt != nil {
				return errReplyGone
			}
			return s.react(ctx, tx, p, m, nullable(replyID), emoji, set)
		})
}

func reactionName(emoji string, set bool) string {
	if set {
		return "react " + emoji
	}
	return "unreact " + emoji
}

func (s *Service) react(ctx context.Context, tx *postgres.Tx, p identity.Person, m mark, replyID uuid.NullUUID, emoji string, set bool) error {
	var (
		n   int64
		err error
		e   = Event{ReplyID: replyID}
	)
	if set {
		e.Kind = EventReaction
		n, err = s.q.PutReaction(ctx, tx, annotationdb.PutReactionParams{
			LibraryID: m.LibraryID, AnnotationID: m.ID, ReplyID: replyID, PersonID: p.ID, Emoji: emoji, At: s.Clock.Now(),
		})
	} else {
		n, err = s.q.DeleteReaction(ctx, tx, annotationdb.DeleteReactionParams{AnnotationID: m.ID, ReplyID: replyID, PersonID: p.ID, Emoji: emoji})
	}
	if err != nil {
		return fmt.Errorf("reaction: %w", err)
	}
	if n == 0 {
		return nil
	}
	return s.threadChanged(ctx, tx, m, p, e)
}

// validEmoji gives a reaction as it is stored: with the character that asks for
// a picture, whether it was sent or not.
func validEmoji(emoji string) (string, error) {
	const asPicture = "\ufe0f"
	i := slices.IndexFunc(Emoji, func(one string) bool {
		return strings.TrimSuffix(one, asPicture) == strings.TrimSuffix(emoji, asPicture)
	})
	if i < 0 {
		return "", errNoEmoji
	}
	return Emoji[i], nil
}
