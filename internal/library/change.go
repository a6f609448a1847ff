package library

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library/internal/librarydb"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Change is one row of a library's change log.
type Change struct {
	LibraryID uuid.UUID
	Version   int64 // given when it is written
	Kind      string
	ObjectID  uuid.UUID
	Op        string
	// Audience is the one person who may see it; invalid for all members.
	Audience uuid.NullUUID
	// Actor is who did it; invalid for the system.
	Actor uuid.NullUUID
	At    time.Time
}

// Kinds and operations of changes.
const (
	KindDocument   = "document"
	KindMember     = "member"
	KindInvitation = "invitation"
	KindLibrary    = "library"
	KindUpload     = "upload"
	// KindAnnotation is a mark with its replies; the object is the mark.
	KindAnnotation = "annotation"
	KindTag        = "tag"
	KindCollection = "collection"
	// KindSavedSearch is a query that is kept under a name.
	KindSavedSearch = "saved_search"
	// KindLink is a link by which a document or a collection is shared.
	KindLink = "link"

	OpAdded     = "added"
	OpChanged   = "changed"
	OpState     = "state"
	OpTrashed   = "trashed"
	OpRestored  = "restored"
	OpRemoved   = "removed"
	OpDuplicate = "duplicate"
	// OpOrganised is a document's that got or lost a tag, or a place in a collection.
	OpOrganised = "organised"
	// OpJoined is a work's that got the file which came by itself, and the upload's.
	OpJoined = "joined"
)

// Publisher sends news to whoever is listening, on any node. What it sends may
// be lost; the change log may not.
type Publisher interface {
	Publish(ctx context.Context, topic string, payload any)
}

// Record appends c to its library's change log when tx commits. The versions
// are taken last in the transaction, since that locks the library's row, and
// for several libraries in the order of their ids, so that two transactions
// never wait for each other. After the commit everybody who watches the
// library is told its newest version.
func (s *Service) Record(tx *postgres.Tx, c Change) {
	pending, ok := s.pending(tx)
	if !ok {
		tx.BeforeCommit(func(ctx context.Context, tx *postgres.Tx) error {
			return s.writeChanges(ctx, tx, pending.changes)
		})
	}
	pending.changes = append(pending.changes, c)
}

type pendingKey struct{}

type pendingChanges struct{ changes []Change }

// pending is the list of changes that tx will write, kept with the transaction.
func (s *Service) pending(tx *postgres.Tx) (*pendingChanges, bool) {
	if p, ok := tx.Value(pendingKey{}).(*pendingChanges); ok {
		return p, true
	}
	p := &pendingChanges{}
	tx.SetValue(pendingKey{}, p)
	return p, false
}

func (s *Service) writeChanges(ctx context.Context, tx *postgres.Tx, changes []Change) error {
	byLibrary := map[uuid.UUID][]Change{}
	var ids []uuid.UUID
	for _, c := range changes {
		if _, seen := byLibrary[c.LibraryID]; !seen {
			ids = append(ids, c.LibraryID)
		}
		byLibrary[c.LibraryID] = append(byLibrary[c.LibraryID], c)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	now := s.clock.Now()
	for _, id := range ids {
		batch := byLibrary[id]
		newest, err := s.q.AdvanceVersion(ctx, tx, int64(len(batch)), id)
		if err != nil {
			return fmt.Errorf("advance library version: %w", err)
		}
		p := librarydb.InsertChangesParams{LibraryID: id, At: now}
		for i, c := range batch {
			p.Versions = append(p.Versions, newest-int64(len(batch)-1-i))
			p.Kinds = append(p.Kinds, c.Kind)
			p.ObjectIds = append(p.ObjectIds, c.ObjectID)
			p.Ops = append(p.Ops, c.Op)
			p.AudienceIds = append(p.AudienceIds, c.Audience.UUID)
			p.ActorIds = append(p.ActorIds, c.Actor.UUID)
		}
		if err := s.q.InsertChanges(ctx, tx, p); err != nil {
			return fmt.Errorf("insert changes: %w", err)
		}
		tx.AfterCommit(func(ctx context.Context) {
			s.publisher.Publish(ctx, Topic(id), VersionNews{Type: "version", Version: newest})
			if s.OnChanges != nil {
				s.OnChanges(ctx, id, batch)
			}
		})
	}
	return nil
}

// Log is a stretch of a library's change log.
type Log struct {
	Items []Change
	// Version is where the stretch ends: ask again from here while it is below Latest.
	Version int64
	// Latest is the library's newest version when this was read.
	Latest int64
}

// Changes gives what happened after version since, oldest first, at most limit
// rows, without what is meant for other people alone.
func (s *Service) Changes(ctx context.Context, p identity.Person, libraryID uuid.UUID, since int64, limit int) (Log, error) {
	if _, err := s.Authorize(ctx, s.pool, p, ReadLibrary, libraryID); err != nil {
		return Log{}, err
	}
	// The newest version is read first: a change that commits in between is
	// then found by the next call and never skipped.
	latest, err := s.q.LibraryVersion(ctx, s.pool, libraryID)
	if err != nil {
		return Log{}, postgres.Fault(fmt.Errorf("library version: %w", err))
	}
	rows, err := s.q.Changes(ctx, s.pool, librarydb.ChangesParams{LibraryID: libraryID, Since: since, PersonID: p.ID, MaxRows: int32(limit)})
	if err != nil {
		return Log{}, postgres.Fault(fmt.Errorf("changes: %w", err))
	}
	log := Log{Version: max(since, latest), Latest: latest, Items: make([]Change, len(rows))}
	if since > latest {
		// A client that is ahead has seen another database (a restored backup).
		log.Version = latest
	}
	for i, r := range rows {
		log.Items[i] = Change{LibraryID: libraryID, Version: r.Version, Kind: r.Kind, ObjectID: r.ObjectID, Op: r.Op, Actor: r.ActorID, At: r.At}
	}
	if len(rows) == limit {
		log.Version = rows[len(rows)-1].Version
	} else if len(rows) > 0 {
		log.Version = max(log.Version, rows[len(rows)-1].Version)
		log.Latest = max(log.Latest, log.Version)
	}
	return log, nil
}
