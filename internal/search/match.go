package search

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Match is a document, or a mark on one, that fits a query.
type Match struct {
	DocumentID uuid.UUID
	// MarkID is invalid where the document itself fits.
	MarkID uuid.NullUUID
	// By is who made the mark; invalid when their account is gone.
	By uuid.NullUUID
}

// Matching asks what fits a query, without ranking it.
type Matching struct {
	Query     string
	LibraryID uuid.UUID
	// Among are the documents to look at; nil for all of the library.
	Among []uuid.UUID
	// Documents and Marks are how many of each are given at most.
	Documents, Marks int
	// Timeout bounds each of the two statements.
	Timeout time.Duration
}

// Check says of each of these queries whether it can be answered in a library:
// nil, or the fault of kind Invalid that Search would give.
func (s *Service) Check(ctx context.Context, p identity.Person, libraryID uuid.UUID, queries ...string) ([]error, error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		return nil, err
	}
	list := make([]error, len(queries))
	for i, query := range queries {
		_, err := s.parsed(ctx, libraryID, query)
		if f, ok := fault.As(err); err != nil && (!ok || f.Kind != fault.Invalid) {
			return nil, err
		}
		list[i] = err
	}
	return list, nil
}

func (s *Service) parsed(ctx context.Context, libraryID uuid.UUID, query string) (Query, error) {
	q, err := Parse(query)
	if err != nil {
		return Query{}, err
	}
	for _, a := range q.alternatives {
		if err := s.known(ctx, s.pool, []uuid.UUID{libraryID}, a.filters); err != nil {
			return Query{}, err
		}
	}
	return q, nil
}

// Matches gives the documents and marks that fit, as p may see them, in no order.
// A fault of kind Unavailable when that takes too long; otherwise those of Search.
func (s *Service) Matches(ctx context.Context, p identity.Person, m Matching) ([]Match, error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, m.LibraryID); err != nil {
		return nil, err
	}
	parsed, err := s.parsed(ctx, m.LibraryID, m.Query)
	if err != nil {
		return nil, err
	}
	q := asked{Query: parsed, person: p, libraryIDs: []uuid.UUID{m.LibraryID}}
	var list []Match
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Exec(ctx, fmt.Sprintf("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = %d", m.Timeout.Milliseconds())); err != nil {
			return fmt.Errorf("begin matching: %w", err)
		}
		var err error
		if q.words, _, err = s.lexicon(ctx, tx, q.libraryIDs, q.Query); err != nil {
			return err
		}
		for _, find := range []func(Matching, pgx.NamedArgs) string{q.matchingDocuments, q.matchingMarks} {
			args := q.args()
			if m.Among != nil {
				args["among"] = m.Among
			}
			sql := find(m, args)
			if sql == "" {
				continue
			}
			rows, err := tx.Query(ctx, sql, args)
			if err != nil {
				return fmt.Errorf("matches: %w", err)
			}
			var one Match
			if _, err := pgx.ForEachRow(rows, []any{&one.DocumentID, &one.MarkID, &one.By}, func() error {
				list = append(list, one)
				return nil
			}); err != nil {
				return fmt.Errorf("matches: %w", err)
			}
		}
		return nil
	})
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == "57014" { // query_canceled
		return nil, errTimedOut
	}
	return list, err
}

// matchingDocuments is what Search finds by pages, by what is known of works and by
// filters, each document once, with a file or without.
func (q asked) matchingDocuments(m Matching, args pgx.NamedArgs) string {
	only := func(column string) string {
		if m.Among == nil {
			return ""
		}
		return " AND " + column + " = ANY(@among::uuid[])"
	}
	fits := make([]string, len(q.alternatives))
	for i, a := range q.alternatives {
		fits[i] = a.documentCondition(args)
		if !a.hasWords() {
			continue
		}
		name := fmt.Sprintf("w%d", i)
		args[name] = q.words.alternative(a, q.words.pageZone())
		in := `SELECT e.document_id FROM edition_pages p JOIN editions e ON e.id = p.edition_id AND e.state = 'ready' AND NOT e.superseded
			WHERE ` + q.within("p") + ` AND p.tsv @@ to_tsquery('simple', @` + name + `)` + only("e.document_id")
		if !q.excludes() { // see works
			args[name+"k"] = q.words.alternative(a, q.words.titleZone(), q.words.restZone())
			in += ` UNION ALL SELECT l.id FROM documents l WHERE ` + q.within("l") + ` AND l.words @@ to_tsquery('simple', @` + name + `k)` + only("l.id")
		}
		fits[i] += " AND d.id IN (" + in + ")"
	}
	return `SELECT d.id, NULL::uuid, NULL::uuid FROM documents d
		WHERE ` + q.within("d") + ` AND d.trashed_at IS NULL` + only("d.id") + `
			AND ((` + strings.Join(fits, ") OR (") + `)) LIMIT ` + fmt.Sprint(m.Documents)
}

// matchingMarks is what Search finds of marks, each once; empty where the query
// asks for none.
func (q asked) matchingMarks(m Matching, args pgx.NamedArgs) string {
	var fits []string
	for i, a := range q.alternatives {
		onMarks := false
		for _, f := range a.filters {
			onMarks = onMarks || f.onMark()
		}
		if !a.hasWords() && !onMarks {
			continue
		}
		fit := a.markCondition(args) + " AND " + a.documentCondition(args)
		if a.hasWords() {
			name := fmt.Sprintf("w%d", i)
			args[name] = a.exact()
			words := "to_tsquery('scrollkeeper', @" + name + ")"
			fit += ` AND a.id IN (SELECT i.id FROM annotations i WHERE ` + q.within("i") + ` AND search_vector(i.body) @@ ` + words + `
				UNION ALL SELECT i.annotation_id FROM annotation_anchors i WHERE ` + q.within("i") + ` AND search_vector(i.exact) @@ ` + words + `
				UNION ALL SELECT i.annotation_id FROM annotation_replies i WHERE ` + q.within("i") + ` AND i.deleted_at IS NULL AND search_vector(i.body) @@ ` + words + `)`
		}
		fits = append(fits, fit)
	}
	if len(fits) == 0 {
		return ""
	}
	among := ""
	if m.Among != nil {
		among = " AND a.document_id = ANY(@among::uuid[])"
	}
	return `SELECT a.document_id, a.id, a.author_id FROM annotations a JOIN documents d ON d.id = a.document_id AND d.trashed_at IS NULL
		WHERE ` + q.within("a") + ` AND ` + seen + among + `
			AND (EXISTS (SELECT FROM annotation_anchors x JOIN editions r ON r.id = x.edition_id AND r.state = 'ready' AND NOT r.superseded WHERE x.annotation_id = a.id)
				OR a.kind = 'document' AND EXISTS (SELECT FROM editions r WHERE r.document_id = a.document_id AND r.state = 'ready' AND NOT r.superseded))
			AND ((` + strings.Join(fits, ") OR (") + `)) LIMIT ` + fmt.Sprint(m.Marks)
}
