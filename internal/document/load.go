package document

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Documents are read for people by the query below, in an order that depends on
// what was asked for; sqlc knows only fixed ones. It is put together of
// constants alone: every value is a parameter.

const (
	selectDocuments = `
SELECT d.id, d.library_id, d.title, jsonb_path_query_array(d.csl, '$.author[0 to 49]'), d.year, coalesce(d.csl->>'DOI', ''),
    d.created_at, p.id, p.name, d.updated_at, d.trashed_at,
    ARRAY(SELECT t.id FROM document_tags dt JOIN tags t ON t.id = dt.tag_id
        WHERE dt.document_id = d.id AND t.deleted_at IS NULL ORDER BY lower(t.name)),
    ARRAY(SELECT c.id FROM document_collections dc JOIN collections c ON c.id = dc.collection_id
        WHERE dc.document_id = d.id AND c.deleted_at IS NULL ORDER BY lower(c.name), c.id), (%s)::text`
	fromDocuments = `
FROM documents d LEFT JOIN people p ON p.id = d.created_by`
)

// listed is a document and its place in the order.
type listed struct {
	Document
	key string
}

func scanListed(row pgx.CollectableRow) (listed, error) {
	var (
		d        listed
		personID uuid.NullUUID
		person   *string
	)
	err := row.Scan(&d.ID, &d.LibraryID, &d.Title, &d.Authors, &d.Year, &d.DOI,
		&d.AddedAt, &personID, &person, &d.UpdatedAt, &d.TrashedAt, &d.TagIDs, &d.CollectionIDs, &d.key)
	if person != nil {
		d.AddedBy = &Person{ID: personID.UUID, Name: *person}
	}
	return d, err
}

// load reads one document.
func (s *Service) load(ctx context.Context, db postgres.DBTX, id uuid.UUID) (Document, error) {
	rows, err := db.Query(ctx, fmt.Sprintf(selectDocuments, "''")+fromDocuments+"\nWHERE d.id = $1", id)
	if err != nil {
		return Document{}, postgres.Fault(fmt.Errorf("load document: %w", err))
	}
	found, err := pgx.CollectExactlyOneRow(rows, scanListed)
	if errors.Is(err, pgx.ErrNoRows) {
		return Document{}, errNotFound
	}
	if err != nil {
		return Document{}, postgres.Fault(fmt.Errorf("load document: %w", err))
	}
	docs := []Document{found.Document}
	if err := s.addEditions(ctx, db, docs); err != nil {
		return Document{}, err
	}
	return docs[0], s.addMerges(ctx, db, docs)
}

// list reads one page of a library's documents and counts all. The two may see
// different moments; a total that is one off until the next change does no harm.
func (s *Service) list(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID, q ListQuery) (List, error) {
	where, args := q.filter(libraryID)
	var l List
	// Without the person, whose column would keep this from being answered by an index.
	if err := db.QueryRow(ctx, "SELECT count(*) FROM documents d"+where, args).Scan(&l.Total); err != nil {
		return List{}, postgres.Fault(fmt.Errorf("count documents: %w", err))
	}
	key, kind := q.sortKey()
	direction, beyond := "ASC", ">"
	if q.Descending {
		direction, beyond = "DESC", "<"
	}
	if q.Cursor != "" {
		place, err := q.decodeCursor()
		if err != nil {
			return List{}, err
		}
		where += fmt.Sprintf(" AND (%s, d.id) %s (@key::%s, @id)", key, beyond, kind)
		args["key"], args["id"] = place.Key, place.ID
	}
	// One more than asked for tells whether the list goes on.
	args["limit"] = q.Limit + 1
	rows, err := db.Query(ctx, fmt.Sprintf(selectDocuments, key)+fromDocuments+where+
		fmt.Sprintf("\nORDER BY %s %s, d.id %s LIMIT @limit", key, direction, direction), args)
	if err != nil {
		return List{}, q.fault(fmt.Errorf("list documents: %w", err))
	}
	found, err := pgx.CollectRows(rows, scanListed)
	if err != nil {
		return List{}, q.fault(fmt.Errorf("list documents: %w", err))
	}
	if len(found) > q.Limit {
		found = found[:q.Limit]
		l.Next = q.encodeCursor(found[q.Limit-1])
	}
	l.Items = make([]Document, len(found))
	for i, d := range found {
		l.Items[i] = d.Document
	}
	if err := s.addEditions(ctx, db, l.Items); err != nil {
		return List{}, err
	}
	return l, s.addMerges(ctx, db, l.Items)
}

// addMerges says of documents in the trash what they were merged into.
func (s *Service) addMerges(ctx context.Context, db postgres.DBTX, docs []Document) error {
	trashed := map[uuid.UUID]*Document{}
	var ids []uuid.UUID
	for i := range docs {
		if docs[i].TrashedAt != nil {
			trashed[docs[i].ID] = &docs[i]
			ids = append(ids, docs[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := s.q.MergedInto(ctx, db, ids)
	if err != nil {
		return postgres.Fault(fmt.Errorf("merged documents: %w", err))
	}
	for _, r := range rows {
		trashed[r.MergedID].MergedInto = &Title{ID: r.KeptID, Title: r.Title}
	}
	return nil
}

func (s *Service) addEditions(ctx context.Context, db postgres.DBTX, docs []Document) error {
	at := make(map[uuid.UUID]*Document, len(docs))
	ids := make([]uuid.UUID, len(docs))
	for i := range docs {
		at[docs[i].ID], ids[i] = &docs[i], docs[i].ID
	}
	editions, err := s.q.NewestEditions(ctx, db, ids)
	if err != nil {
		return postgres.Fault(fmt.Errorf("newest editions: %w", err))
	}
	var unread []uuid.UUID
	for _, e := range editions {
		edition, d := editionOf(e), at[e.DocumentID]
		d.Edition = &edition
		if edition.State == Ready {
			d.ReadyEditionID = uuid.NullUUID{UUID: edition.ID, Valid: true}
		} else {
			unread = append(unread, d.ID)
		}
	}
	if len(unread) == 0 {
		return nil
	}
	older, err := s.q.NewestReady(ctx, db, unread)
	if err != nil {
		return postgres.Fault(fmt.Errorf("older editions: %w", err))
	}
	for _, e := range older {
		at[e.DocumentID].ReadyEditionID = uuid.NullUUID{UUID: e.ID, Valid: true}
	}
	return nil
}

func editionOf(e documentdb.Edition) Edition {
	edition := Edition{
		ID: e.ID, DocumentID: e.DocumentID, LibraryID: e.LibraryID, State: State(e.State), Filename: e.Filename, Size: e.Size,
		SHA256: e.Sha256, PageCount: e.PageCount, ParsedAt: e.ParsedAt, BlobKey: e.BlobKey,
		ThumbnailKey: deref(e.ThumbnailKey), Kind: EditionKind(deref(e.Kind)),
	}
	if e.FailureKind != nil {
		edition.Failure = &Failure{Kind: *e.FailureKind, Message: deref(e.FailureMessage)}
	}
	for i, page := range e.FailedPages {
		edition.FailedPages = append(edition.FailedPages, FailedPage{Page: int(page), Kind: e.FailedPageKinds[i]})
	}
	return edition
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
