package document

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Sort is what a list is ordered by.
type Sort string

// The orders of a list.
const (
	SortAdded Sort = "added"
	SortTitle Sort = "title"
	SortYear  Sort = "year"
)

// ListQuery says which documents of a library, and in which order.
type ListQuery struct {
	Sort       Sort // empty for SortAdded
	Descending bool
	// Text keeps the documents whose title and authors hold all of its words, or
	// words that they are a part of; empty for all.
	Text    string
	State   State // of the newest edition; empty for all
	Trashed bool
	// Tags keeps the documents that have all of these; a tag that is not in the
	// library, or was deleted, is on none.
	Tags []uuid.UUID
	// Collection keeps the documents that are in it or in one under it.
	Collection uuid.NullUUID
	Cursor     string // List.Next of the page before; empty to begin
	Limit      int    // at least 1
}

// List is a part of a library's documents.
type List struct {
	Items []Document
	// Next continues the list; empty at its end. Since it names a place in the
	// order and not a number of rows, documents that come or go meanwhile make
	// no other one appear twice or be left out.
	Next string
	// Total counts what the query finds in all.
	Total int64
}

var errBadCursor = fault.New(fault.Invalid, "bad_cursor", "This place in the list is not valid. Begin again without a cursor.")

// sortKey is the expression that the list is ordered by, and its type. Ties are
// broken by id, so that each document has one place.
func (q ListQuery) sortKey() (expression, kind string) {
	switch {
	case q.Sort == SortTitle:
		return `left(d.listing, 200) COLLATE "C"`, "text"
	case q.Sort == SortYear && q.Descending:
		return "coalesce(d.year, 0)", "int" // no year comes last
	case q.Sort == SortYear:
		return "coalesce(d.year, 9999)", "int"
	}
	return "d.created_at", "timestamptz"
}

// filter is the list's WHERE clause with its parameters.
func (q ListQuery) filter(libraryID uuid.UUID) (string, pgx.NamedArgs) {
	args := pgx.NamedArgs{"library_id": libraryID}
	where := "\nWHERE d.library_id = @library_id AND d.trashed_at IS NULL"
	if q.Trashed {
		where = "\nWHERE d.library_id = @library_id AND d.trashed_at IS NOT NULL"
	}
	if q.State != "" {
		where += "\n    AND (SELECT e.state FROM editions e WHERE e.document_id = d.id ORDER BY e.preference DESC, e.created_at DESC, e.id DESC LIMIT 1) = @state"
		args["state"] = string(q.State)
	}
	if len(q.Tags) > 0 {
		where += `
    AND (SELECT count(*) FROM tags t WHERE t.id = ANY(@tags) AND t.library_id = @library_id AND t.deleted_at IS NULL) = @tag_count`
		for i, id := range q.Tags {
			tag := fmt.Sprintf("tag%d", i)
			where += "\n    AND d.id IN (SELECT dt.document_id FROM document_tags dt WHERE dt.tag_id = @" + tag + ")"
			args[tag] = id
		}
		args["tags"], args["tag_count"] = q.Tags, len(q.Tags)
	}
	if q.Collection.Valid {
		where += `
    AND d.id IN (
        WITH RECURSIVE under AS (
            SELECT c.id FROM collections c WHERE c.id = @collection AND c.library_id = @library_id AND c.deleted_at IS NULL
            UNION ALL
            SELECT c.id FROM under u JOIN collections c ON c.parent_id = u.id AND c.deleted_at IS NULL
        )
        SELECT dc.document_id FROM under u JOIN document_collections dc ON dc.collection_id = u.id)`
		args["collection"] = q.Collection.UUID
	}
	if words := Terms(q.Text); len(words) > 0 {
		// Words are letters and digits, so nothing in them is special to LIKE.
		patterns := make([]string, len(words))
		for i, w := range words {
			patterns[i] = "%" + w.Text + "%"
		}
		where += "\n    AND d.listing LIKE ALL (@patterns::text[])"
		args["patterns"] = patterns
	}
	return where, args
}

// cursor is the place of the last document of a page.
type cursor struct {
	Sort       Sort      `json:"s"`
	Descending bool      `json:"d"`
	Key        string    `json:"k"` // its sort key as text
	ID         uuid.UUID `json:"i"`
}

func (q ListQuery) encodeCursor(last listed) string {
	// Strings, a truth value and a UUID: marshalling cannot fail.
	b, _ := json.Marshal(cursor{Sort: q.Sort, Descending: q.Descending, Key: last.key, ID: last.ID})
	return base64.RawURLEncoding.EncodeToString(b)
}

func (q ListQuery) decodeCursor() (cursor, error) {
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || json.Unmarshal(b, &c) != nil || c.Sort != q.Sort || c.Descending != q.Descending || strings.ContainsRune(c.Key, 0) {
		return c, errBadCursor
	}
	return c, nil
}

// fault adds to the database's faults the one that a cursor made up by the
// client causes: its key is no number or no time (SQLSTATE class 22).
func (q ListQuery) fault(err error) error {
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && q.Cursor != "" && strings.HasPrefix(pgErr.Code, "22") {
		return errBadCursor
	}
	return postgres.Fault(err)
}
