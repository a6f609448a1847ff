package annotation

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// OnRelocated is called in the transaction in which documents go to another
// library. All their marks go along under their ids, with threads and history; a
// private one is still its author's alone, who does not see it where they are no
// member.
func (s *Service) OnRelocated(ctx context.Context, tx *postgres.Tx, p identity.Person, documentIDs []uuid.UUID, to uuid.UUID) error {
	rows, err := s.q.RelocateMarks(ctx, tx, to, documentIDs)
	if err != nil {
		return fmt.Errorf("move marks: %w", err)
	}
	ids := make([]uuid.UUID, len(rows))
	arrivals := make([]library.Change, len(rows))
	for i, r := range rows {
		ids[i], arrivals[i] = r.ID, arrival(p, r.ID, r.Private, r.AuthorID)
	}
	for what, move := range map[string]func(context.Context, annotationdb.DBTX, uuid.UUID, []uuid.UUID) error{
		"places": s.q.RelocateAnchors, "replies": s.q.RelocateReplies, "reactions": s.q.RelocateReactions,
		"mentions": s.q.RelocateMentions, "history": s.q.RelocateHistory,
	} {
		if err := move(ctx, tx, to, ids); err != nil {
			return fmt.Errorf("move %s of marks: %w", what, err)
		}
	}
	return s.Libraries.RecordArrivals(ctx, tx, to, arrivals)
}

// arrival is the line of the change log that a mark came, for its author alone
// where it is private.
func arrival(p identity.Person, id uuid.UUID, private bool, author uuid.NullUUID) library.Change {
	c := library.Change{Kind: library.KindAnnotation, ObjectID: id, Actor: by(p)}
	if private {
		c.Audience = author
	}
	return c
}

// CopyMarks gives a copied document what everybody may see of the other one's
// marks, and p's own private ones: with authors, times, threads and states. Who is
// no member of the copy's library is there by name.
func (s *Service) CopyMarks(ctx context.Context, tx *postgres.Tx, p identity.Person, documentID, targetID, to uuid.UUID) error {
	target := targetID.String()
	rows, err := s.q.CopyMarks(ctx, tx, annotationdb.CopyMarksParams{Target: target, LibraryID: to, DocumentID: documentID, PersonID: by(p)})
	if err != nil {
		return fmt.Errorf("copy marks: %w", err)
	}
	for _, part := range []struct {
		what string
		copy func(context.Context, annotationdb.DBTX, string, uuid.UUID) error
	}{
		{"places", s.q.CopyAnchors},
		{"replies", s.q.CopyReplies},
		{"reactions", s.q.CopyReactions},
		{"mentions", s.q.CopyMentions},
	} {
		if err := part.copy(ctx, tx, target, documentID); err != nil {
			return fmt.Errorf("copy %s of marks: %w", part.what, err)
		}
	}
	if err := s.q.CopyHistory(ctx, tx, target, by(p), documentID); err != nil {
		return fmt.Errorf("copy history: %w", err)
	}
	arrivals := make([]library.Change, len(rows))
	for i, r := range rows {
		arrivals[i] = arrival(p, r.ID, r.Private, r.AuthorID)
	}
	return s.Libraries.RecordArrivals(ctx, tx, to, arrivals)
}
