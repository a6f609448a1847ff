package annotation

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"scrollkeeper.example/scrollkeeper/internal/annotation/internal/annotationdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// mark is a row of annotations with what its document says.
type mark annotationdb.MarkRow

// visible reports whether p may know of the mark at all, as a member of its
// library. selectMarks says the same in SQL.
func (m mark) visible(p identity.Person) bool {
	return m.TrashedAt == nil && (!m.Private || m.by(p))
}

// by reports whether p is the mark's author.
func (m mark) by(p identity.Person) bool { return m.AuthorID.Valid && m.AuthorID.UUID == p.ID }

// snapshot runs fn so that all its queries see the same moment: a mark that
// becomes private between two of them shows nothing of what is said then.
func (s *Service) snapshot(ctx context.Context, fn func(db postgres.DBTX) error) error {
	tx, err := s.Pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return postgres.Fault(fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	return postgres.Fault(fn(tx))
}

// query says which marks to read, and as whom.
type query struct {
	person      uuid.UUID
	document    uuid.UUID
	edition     uuid.UUID
	ids         []uuid.UUID // nil: all
	withDeleted bool
	// deletedSince wants what person deleted since then, and nothing else.
	deletedSince *time.Time
	after        *cursor
	limit        int // 0: no limit
}

// cursor is a place in a list.
type cursor struct {
	Page     int32     `json:"p"`
	Position int32     `json:"o"`
	Y        float32   `json:"y"`
	X        float32   `json:"x"`
	ID       uuid.UUID `json:"i"`
}

func (c cursor) encode() string {
	encoded, err := json.Marshal(c)
	if err != nil {
		panic(err) // numbers that the database gave
	}
	return base64.RawURLEncoding.EncodeToString(encoded)
}

func decodeCursor(text string) (*cursor, error) {
	if text == "" {
		return nil, nil
	}
	encoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, errBadCursor
	}
	var c cursor
	if err := json.Unmarshal(encoded, &c); err != nil {
		return nil, errBadCursor
	}
	return &c, nil
}

// Marks are read by the thousand, so these queries are scanned by hand (the
// generated code takes each uuid through its text), and people are read once and
// not joined to every row.

// placeInList is what marks are sorted by: notes on the document come first, as
// they were written, then the others in the order of the text. What was not looked
// for yet comes last.
const placeInList = `CASE a.kind WHEN 'document' THEN 0 ELSE coalesce(n.page, 2147483647) END,
    CASE a.kind WHEN 'document' THEN least(greatest(extract(epoch FROM a.created_at) - 1577836800, 0), 2147483647)::int ELSE coalesce(n.position, 0) END,
    coalesce(n.y, 0), coalesce(n.x, 0)`

// selectMarks reads a document's marks as one person may see them, with their
// places in one edition.
const selectMarks = `
SELECT a.id, a.library_id, a.edition_id, a.author_id, CASE WHEN a.author_id IS NULL THEN a.author_name ELSE '' END, a.kind, a.meaning,
    a.private, a.body, a.revision, a.created_at, a.updated_at, a.edited_at, a.resolved_at, a.resolved_by, a.resolved_by_name,
    a.assignee_id, a.deleted_at, a.origin, coalesce(a.origin_key, ''),
    CASE a.kind WHEN 'document' THEN 'exact' ELSE coalesce(n.status, 'pending') END,
    CASE a.kind WHEN 'document' THEN 1 ELSE coalesce(n.score, 0) END, coalesce(n.confirmed, false),
    coalesce(n.exact, ''), coalesce(n.prefix, ''), coalesce(n.suffix, ''), coalesce(n.text_version, ''), n.parts,
    ` + placeInList + `
FROM annotations a
LEFT JOIN annotation_anchors n ON n.annotation_id = a.id AND n.edition_id = @edition
WHERE a.document_id = @document AND (NOT a.private OR a.author_id = @person)`

const (
	marksOrder = `
ORDER BY ` + placeInList + `, a.id`
	marksAfter = `
AND (` + placeInList + `, a.id)
    > (@page::int, @position::int, @y::real, @x::real, @id::uuid)`

	selectReplies = `
SELECT r.id, r.annotation_id, r.author_id, CASE WHEN r.author_id IS NULL THEN r.author_name ELSE '' END,
    CASE WHEN r.deleted_at IS NULL THEN r.body ELSE '' END, r.revision, r.created_at, r.edited_at, r.deleted_at
FROM annotation_replies r
WHERE r.annotation_id = ANY(string_to_array($1, ',')::uuid[])`

	selectReactions = `
SELECT r.annotation_id, r.reply_id, r.emoji, r.person_id
FROM annotation_reactions r
WHERE r.annotation_id = ANY(string_to_array($1, ',')::uuid[])
ORDER BY r.at, r.person_id`

	selectNames = `SELECT id, name FROM people WHERE id = ANY(string_to_array($1, ',')::uuid[])`
)

// id scans a uuid as the bytes that the database sends.
func id(u *uuid.UUID) *[16]byte { return (*[16]byte)(u) }

// nullID scans a uuid that may be null.
type nullID struct{ to *uuid.NullUUID }

// ScanUUID implements pgtype.UUIDScanner.
func (n nullID) ScanUUID(u pgtype.UUID) error {
	n.to.UUID, n.to.Valid = u.Bytes, u.Valid
	return nil
}

// scanMark reads a row of selectMarks.
func scanMark(rows pgx.Rows, a *Annotation, at *cursor) error {
	var (
		resolvedBy, assignee Person
		score                float32
		parts                []byte
		edition              uuid.NullUUID
	)
	if err := rows.Scan(id(&a.ID), id(&a.LibraryID), nullID{&edition}, nullID{&a.Author.ID}, &a.Author.Name, (*string)(&a.Kind), (*string)(&a.Meaning),
		&a.Private, &a.Body, &a.Revision, &a.CreatedAt, &a.UpdatedAt, &a.EditedAt, &a.ResolvedAt, nullID{&resolvedBy.ID}, &resolvedBy.Name,
		nullID{&assignee.ID}, &a.DeletedAt, (*string)(&a.Origin), &a.OriginKey,
		(*string)(&a.Anchor.Status), &score, &a.Anchor.Confirmed,
		&a.Anchor.Exact, &a.Anchor.Prefix, &a.Anchor.Suffix, &a.Anchor.TextVersion, &parts,
		&at.Page, &at.Position, &at.Y, &at.X,
	); err != nil {
		return err
	}
	at.ID, a.EditionID, a.Anchor.Score = a.ID, edition.UUID, float64(score)
	if a.ResolvedAt != nil {
		a.ResolvedBy = &resolvedBy
	}
	if assignee.ID.Valid {
		a.Assignee = &assignee
	}
	if parts != nil {
		var err error
		if a.Anchor.Parts, err = decodeParts(parts); err != nil {
			return fmt.Errorf("parts of mark %s: %w", a.ID, err)
		}
	}
	return nil
}

// read gives marks with their replies and reactions, in the order of the text,
// and where the list goes on, which is nil at its end.
func (s *Service) read(ctx context.Context, db postgres.DBTX, q query) ([]Annotation, *cursor, error) {
	sql := selectMarks
	args := pgx.NamedArgs{"edition": q.edition, "document": q.document, "person": q.person}
	switch {
	case q.deletedSince != nil:
		sql += "\nAND a.deleted_by = @person AND a.deleted_at > @since"
		args["since"] = *q.deletedSince
	case !q.withDeleted:
		sql += "\nAND a.deleted_at IS NULL"
	}
	if q.ids != nil {
		sql += "\nAND a.id = ANY(string_to_array(@ids, ',')::uuid[])"
		args["ids"] = joined(q.ids)
	}
	if c := q.after; c != nil {
		sql += marksAfter
		args["page"], args["position"], args["y"], args["x"], args["id"] = c.Page, c.Position, c.Y, c.X, c.ID
	}
	sql += marksOrder
	if q.limit > 0 {
		sql += "\nLIMIT @limit"
		args["limit"] = q.limit + 1 // one more tells whether the list goes on
	}
	marks, places := []Annotation{}, []cursor{}
	if err := each(ctx, db, "marks", sql, args, func(rows pgx.Rows) error {
		marks = append(marks, Annotation{DocumentID: q.document, Anchor: Anchor{EditionID: q.edition}})
		places = append(places, cursor{})
		return scanMark(rows, &marks[len(marks)-1], &places[len(places)-1])
	}); err != nil {
		return nil, nil, err
	}
	var next *cursor
	if q.limit > 0 && len(marks) > q.limit {
		marks, next = marks[:q.limit], &places[q.limit-1]
	}
	if len(marks) == 0 {
		return marks, nil, nil
	}
	return marks, next, addThreads(ctx, db, marks)
}

// each runs a query and gives its rows to scan one after the other.
func each(ctx context.Context, db postgres.DBTX, what, sql string, args any, scan func(pgx.Rows) error) error {
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		return postgres.Fault(fmt.Errorf("%s: %w", what, err))
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	if err := rows.Err(); err != nil {
		return postgres.Fault(fmt.Errorf("%s: %w", what, err))
	}
	return nil
}

// joined is ids as one text, which is sent much faster than a list of uuids.
func joined(ids []uuid.UUID) string {
	text := make([]byte, 0, 37*len(ids))
	for i, one := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, one.String()...)
	}
	return string(text)
}

// addThreads reads the replies and reactions of marks, and what everybody in
// them is called.
func addThreads(ctx context.Context, db postgres.DBTX, marks []Annotation) error {
	ids := make([]uuid.UUID, len(marks))
	at := make(map[uuid.UUID]int, len(marks))
	for i, a := range marks {
		ids[i], at[a.ID] = a.ID, i
	}
	text := joined(ids)
	type answer struct {
		Reply
		mark int
	}
	var replies []answer
	if err := each(ctx, db, "replies", selectReplies, text, func(rows pgx.Rows) error {
		replies = append(replies, answer{})
		r := &replies[len(replies)-1]
		var markID uuid.UUID
		err := rows.Scan(id(&r.ID), id(&markID), nullID{&r.Author.ID}, &r.Author.Name, &r.Body, &r.Revision, &r.CreatedAt, &r.EditedAt, &r.DeletedAt)
		r.mark = at[markID]
		return err
	}); err != nil {
		return err
	}
	// All in one piece, and each mark has its part of it.
	counts := make([]int, len(marks)+1)
	for _, r := range replies {
		counts[r.mark+1]++
	}
	for i := range marks {
		counts[i+1] += counts[i]
	}
	all := make([]Reply, len(replies))
	free := slices.Clone(counts)
	for _, r := range replies {
		all[free[r.mark]] = r.Reply
		free[r.mark]++
	}
	for i := range marks {
		marks[i].Replies = all[counts[i]:counts[i+1]:counts[i+1]]
		slices.SortFunc(marks[i].Replies, func(a, b Reply) int {
			return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), bytes.Compare(a.ID[:], b.ID[:]))
		})
	}
	if err := each(ctx, db, "reactions", selectReactions, text, func(rows pgx.Rows) error {
		var (
			markID  uuid.UUID
			replyID uuid.NullUUID
			emoji   string
			person  = Person{ID: uuid.NullUUID{Valid: true}}
		)
		err := rows.Scan(id(&markID), nullID{&replyID}, &emoji, id(&person.ID.UUID))
		marks[at[markID]].react(replyID, emoji, person)
		return err
	}); err != nil {
		return err
	}
	return addNames(ctx, db, marks)
}

// react adds a reaction to a mark, or to a reply that is not deleted.
func (a *Annotation) react(replyID uuid.NullUUID, emoji string, person Person) {
	list := &a.Reactions
	if replyID.Valid {
		i := slices.IndexFunc(a.Replies, func(reply Reply) bool { return reply.ID == replyID.UUID })
		if i < 0 || a.Replies[i].DeletedAt != nil {
			return
		}
		list = &a.Replies[i].Reactions
	}
	i := slices.IndexFunc(*list, func(held Reaction) bool { return held.Emoji == emoji })
	if i < 0 {
		i = len(*list)
		*list = append(*list, Reaction{Emoji: emoji})
	}
	(*list)[i].People = append((*list)[i].People, person)
}

// addNames calls everybody who has an account what they are called now.
func addNames(ctx context.Context, db postgres.DBTX, marks []Annotation) error {
	names := map[uuid.UUID]string{}
	eachPerson(marks, func(p *Person) { names[p.ID.UUID] = "" })
	if len(names) == 0 {
		return nil
	}
	if err := each(ctx, db, "names", selectNames, joined(slices.Collect(maps.Keys(names))), func(rows pgx.Rows) error {
		var (
			personID uuid.UUID
			name     string
		)
		err := rows.Scan(id(&personID), &name)
		names[personID] = name
		return err
	}); err != nil {
		return err
	}
	eachPerson(marks, func(p *Person) { p.Name = names[p.ID.UUID] })
	return nil
}

// eachPerson goes through everybody in marks who has an account.
func eachPerson(marks []Annotation, do func(*Person)) {
	one := func(p *Person) {
		if p != nil && p.ID.Valid {
			do(p)
		}
	}
	reactions := func(list []Reaction) {
		for i := range list {
			for j := range list[i].People {
				one(&list[i].People[j])
			}
		}
	}
	for i := range marks {
		a := &marks[i]
		one(&a.Author)
		one(a.ResolvedBy)
		one(a.Assignee)
		reactions(a.Reactions)
		for j := range a.Replies {
			one(&a.Replies[j].Author)
			reactions(a.Replies[j].Reactions)
		}
	}
}

// answer reads one mark as p sees it, also when it is deleted. Its place is
// given in the edition that was asked for, else in the newest one.
func (s *Service) answer(ctx context.Context, db postgres.DBTX, p identity.Person, op Operation, documentID, markID uuid.UUID) (Annotation, error) {
	edition, err := s.edition(ctx, db, documentID, op.EditionID)
	if err != nil {
		return Annotation{}, err
	}
	marks, _, err := s.read(ctx, db, query{person: p.ID, document: documentID, edition: edition, ids: []uuid.UUID{markID}, withDeleted: true})
	if err != nil {
		return Annotation{}, err
	}
	if len(marks) == 0 {
		return Annotation{}, errNotFound
	}
	return marks[0], nil
}

// edition is the one of a document that was asked for, else the newest.
func (s *Service) edition(ctx context.Context, db postgres.DBTX, documentID uuid.UUID, asked uuid.NullUUID) (uuid.UUID, error) {
	if !asked.Valid {
		d, err := s.q.DocumentEdition(ctx, db, documentID)
		if err != nil {
			return uuid.Nil, missing(fmt.Errorf("document: %w", err), errNoDocument)
		}
		return d.EditionID, nil
	}
	owner, err := s.q.EditionDocument(ctx, db, asked.UUID)
	if err != nil {
		return uuid.Nil, missing(fmt.Errorf("edition: %w", err), errNoEdition)
	}
	if owner != documentID {
		return uuid.Nil, errNoEdition
	}
	return asked.UUID, nil
}

// missing turns "no rows" into notFound, and the database's other errors into
// their faults.
func missing(err, notFound error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return notFound
	}
	return postgres.Fault(err)
}
