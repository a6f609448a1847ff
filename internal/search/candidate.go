package search

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

const (
	// batch is how many pages are ranked at a time: about 10 ms. While somebody
	// types it is fewer, for they wait for each letter.
	batch       = 500
	typingBatch = 150
	// fewEditions are looked through one by one, rather than the index of words.
	fewEditions = 300
	// enough hits end a round.
	enough = 20
	// patience is how long a round goes on looking for enough hits, as for a
	// phrase whose words are on nearly every page but seldom together.
	patience = 700 * time.Millisecond
	// statementTimeout ends a batch that the database cannot give in time.
	statementTimeout = 2 * time.Second
	// maxTitles is how many documents may be found by their title alone.
	maxTitles = 20
	// maxListed is how many documents are given where nothing but filters is asked.
	maxListed = 200
	// maxMarks bounds the marks of each kind.
	maxMarks = 200
	// titled is how many hits of a document come before others for its title's sake.
	titled = 3
	// titleTier is more than any rank.
	titleTier = 1e6
)

var (
	errTimedOut  = fault.New(fault.Unavailable, "search_timed_out", "This search took too long. Use rarer words, or search in one library.")
	errBadCursor = fault.New(fault.Invalid, "bad_cursor", "This place in the results is not valid. Search again.")
)

// place is where a page of results begins. Pages that match come from the index
// in no useful order; they are ranked in rounds of some thousands, and within a
// round the best come first.
type place struct {
	Skip   int64 `json:"s"` // matching pages before the round
	Offset int   `json:"o"` // hits of the round that were given already
}

// maxSkip bounds how far a client may go on, in matching pages.
const maxSkip = 1_000_000

func (p place) encode() string {
	// Two numbers: marshalling cannot fail.
	b, _ := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodePlace(cursor string) (place, error) {
	var p place
	if cursor == "" {
		return p, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(b, &p) != nil || p.Skip < 0 || p.Skip > maxSkip || p.Offset < 0 {
		return p, errBadCursor
	}
	return p, nil
}

// candidate is a page or a mark that fits the query.
type candidate struct {
	documentID, editionID uuid.UUID
	number                int32
	rank                  float32
	year                  *int32
	titled                bool // the document's title or authors fit too
	mark                  *mark
}

// mark is somebody's mark that fits.
type mark struct {
	id           uuid.UUID
	kind         Kind
	author, text string
	authorID     uuid.NullUUID
}

// round is what one look at the index gave.
type round struct {
	hits []candidate // best first
	seen int64       // matching pages looked at, skipped ones included
	all  bool        // whether no more match
}

// The index answers the loose query without a look at the pages; whether a
// phrase is really there is found out while ranking, where the page's vector is
// read anyhow. What stands for %s are the conditions of the alternatives.
const declareCandidates = `
DECLARE candidates NO SCROLL CURSOR FOR
SELECT d.id, e.id, p.number, d.year, coalesce(d.listing_tsv @@ q.exact, false), CASE WHEN %s THEN ts_rank_cd(p.tsv, q.exact, 1) END
FROM (SELECT to_tsquery('scrollkeeper', @exact) AS exact) q, edition_pages p
JOIN editions e ON e.id = p.edition_id AND e.state = 'ready' AND NOT e.superseded
JOIN documents d ON d.id = e.document_id AND d.trashed_at IS NULL
WHERE p.library_id = ANY(@libraries::uuid[]) AND p.tsv @@ to_tsquery('scrollkeeper', @loose) AND (%s)`

// asked is a query with all that it needs in SQL.
type asked struct {
	Query
	person     identity.Person
	libraryIDs []uuid.UUID
	scopes     []scope
	batch      int
}

// args are parameters that every statement of a search may name.
func (q asked) args() pgx.NamedArgs {
	return pgx.NamedArgs{"libraries": q.libraryIDs, "person": q.person.ID, "exact": q.exact(), "loose": q.loose()}
}

// pages is the condition of the alternatives with words on a page p.
func (q asked) pages(args pgx.NamedArgs) (fits, within string) {
	var exact, in []string
	for i, a := range q.alternatives {
		if !a.hasWords() {
			continue
		}
		name := fmt.Sprintf("a%d", i)
		args[name] = a.exact()
		e, w := "p.tsv @@ to_tsquery('scrollkeeper', @"+name+")", "true"
		if !q.scopes[i].all {
			args[name+"e"] = q.scopes[i].editions
			if w = "p.edition_id = ANY(@" + name + "e::uuid[])"; len(q.scopes[i].editions) > fewEditions {
				// Not by the pages' key: the planner would read all of these first.
				w = "nullif(p.edition_id, '00000000-0000-0000-0000-000000000000') = ANY(@" + name + "e::uuid[])"
			}
			e += " AND " + w
		}
		exact, in = append(exact, "("+e+")"), append(in, w)
	}
	if slices.Contains(in, "true") {
		in = []string{"true"}
	}
	return strings.Join(exact, " OR "), strings.Join(in, " OR ")
}

// round ranks pages from a place on until there are enough hits, no more pages,
// or no more time.
func (s *Service) round(ctx context.Context, q asked, skip int64) (round, error) {
	r := round{seen: skip}
	if q.loose() == "" {
		r.all = true
		return r, nil
	}
	args := q.args()
	fits, within := q.pages(args)
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Exec(ctx, fmt.Sprintf("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = %d", statementTimeout.Milliseconds())); err != nil {
			return fmt.Errorf("begin search: %w", err)
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf(declareCandidates, fits, within), args); err != nil {
			return fmt.Errorf("search: %w", err)
		}
		if skip > 0 {
			if _, err := tx.Exec(ctx, fmt.Sprintf("MOVE FORWARD %d IN candidates", skip)); err != nil {
				return fmt.Errorf("search: %w", err)
			}
		}
		// Real time, not the clock's: this bounds work.
		for begin := time.Now(); !r.all && len(r.hits) < enough && time.Since(begin) < patience; {
			if err := s.fetch(ctx, tx, &r, q.batch); err != nil {
				return err
			}
		}
		return nil
	})
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == "57014" { // query_canceled
		if len(r.hits) == 0 {
			return r, errTimedOut
		}
		err = nil
	}
	return r, err
}

func (s *Service) fetch(ctx context.Context, tx *postgres.Tx, r *round, batch int) error {
	rows, err := tx.Query(ctx, fmt.Sprintf("FETCH FORWARD %d FROM candidates", batch))
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	var (
		c    candidate
		rank *float32
		n    int
	)
	_, err = pgx.ForEachRow(rows, []any{&c.documentID, &c.editionID, &c.number, &c.year, &c.titled, &rank}, func() error {
		n++
		if rank != nil {
			c.rank = *rank
			r.hits = append(r.hits, c)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	r.seen += int64(n)
	r.all = n < batch
	return nil
}

func better(a, b candidate) int {
	id := func(c candidate) []byte {
		if c.mark == nil {
			return nil
		}
		return c.mark.id[:]
	}
	return cmp.Or(
		cmp.Compare(b.rank, a.rank),
		slices.Compare(a.editionID[:], b.editionID[:]),
		cmp.Compare(a.number, b.number),
		slices.Compare(id(a), id(b)),
	)
}

// addTitles adds the first page of documents that only their title or authors
// fit, for a page does not repeat who wrote it, and those that nothing but
// filters ask for.
func (s *Service) addTitles(ctx context.Context, q asked, r *round) error {
	args := q.args()
	var fits []string
	for i, a := range q.alternatives {
		if a.hasWords() && q.excludes() {
			continue
		}
		name := fmt.Sprintf("a%d", i)
		w := "true"
		if !q.scopes[i].all {
			args[name+"d"] = q.scopes[i].documents
			w = "d.id = ANY(@" + name + "d::uuid[])"
		}
		if a.hasWords() {
			args[name] = a.exact()
			w += " AND d.listing_tsv @@ to_tsquery('scrollkeeper', @" + name + ")"
		}
		fits = append(fits, "("+w+")")
	}
	if len(fits) == 0 {
		return nil
	}
	limit := maxTitles
	rank := "ts_rank_cd(d.listing_tsv, to_tsquery('scrollkeeper', @exact), 1)"
	if q.exact() == "" {
		limit, rank = maxListed, "0::real"
	}
	// Only so many are ranked: whoever asks for a word that thousands of titles
	// have is not looking for a title.
	rows, err := s.pool.Query(ctx, `SELECT m.id, m.edition_id, m.year, m.rank FROM (
		SELECT d.id, d.year, d.created_at, `+rank+` AS rank,
			(SELECT e.id FROM editions e WHERE e.document_id = d.id AND e.state = 'ready' AND NOT e.superseded LIMIT 1) AS edition_id
		FROM documents d
		WHERE d.library_id = ANY(@libraries::uuid[]) AND d.trashed_at IS NULL AND (`+strings.Join(fits, " OR ")+`)
		LIMIT 1000) m
		WHERE m.edition_id IS NOT NULL ORDER BY m.rank DESC, m.created_at DESC, m.id LIMIT `+strconv.Itoa(limit), args)
	if err != nil {
		return postgres.Fault(fmt.Errorf("search titles: %w", err))
	}
	found := map[uuid.UUID]bool{}
	for _, c := range r.hits {
		found[c.documentID] = true
	}
	c := candidate{number: 1, titled: true}
	_, err = pgx.ForEachRow(rows, []any{&c.documentID, &c.editionID, &c.year, &c.rank}, func() error {
		if !found[c.documentID] {
			r.hits = append(r.hits, c)
		}
		return nil
	})
	if err != nil {
		return postgres.Fault(fmt.Errorf("search titles: %w", err))
	}
	return nil
}

// addMarks adds marks whose comment, answers or quote fit, of those that the
// person may see.
func (s *Service) addMarks(ctx context.Context, q asked, r *round) error {
	for i, a := range q.alternatives {
		onMarks := slices.ContainsFunc(a.filters, Filter.onMark)
		if !a.hasWords() && !onMarks {
			continue
		}
		args := q.args()
		where := seen + " AND " + a.markCondition(args)
		if !q.scopes[i].all {
			args["documents"] = q.scopes[i].documents
			where += " AND a.document_id = ANY(@documents::uuid[])"
		}
		if err := s.findMarks(ctx, a, where, args, r); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) findMarks(ctx context.Context, a alternative, where string, args pgx.NamedArgs, r *round) error {
	// With a place, or for a note on the document on the first page of its file.
	const (
		placed = `JOIN annotation_anchors x ON x.annotation_id = a.id
			JOIN editions e ON e.id = x.edition_id AND e.state = 'ready' AND NOT e.superseded`
		noted = `JOIN editions e ON a.kind = 'document' AND e.document_id = a.document_id AND e.state = 'ready' AND NOT e.superseded`
	)
	text := func(kind Kind, place, expression, join, table, id, key string) string {
		page, own := "x.page", ""
		if place == noted {
			page = "1"
		} else if a.hasWords() {
			own = "x.library_id = ANY(@libraries::uuid[]) AND "
		}
		rank, fits := "0::real", "true"
		if a.hasWords() {
			args["words"] = a.exact()
			// The index is asked by itself, once: beside other conditions the planner
			// would rather make the vector of every mark that these leave.
			column := expression[strings.IndexByte(expression, '.')+1:]
			fits = id + " = ANY(ARRAY(SELECT i." + key + " FROM " + table + " i WHERE i.library_id = ANY(@libraries::uuid[]) AND search_vector(i." + column + ") @@ to_tsquery('scrollkeeper', @words)))"
			if kind == KindQuote { // a mark has a quote in each file
				fits += " AND search_vector(x.exact) @@ to_tsquery('scrollkeeper', @words)"
			}
			rank = "ts_rank_cd(search_vector(" + expression + "), to_tsquery('scrollkeeper', @words), 1)"
		}
		return `(SELECT a.id, '` + string(kind) + `' AS kind, ` + expression + ` AS text, a.document_id, e.id AS edition_id, ` + page + ` AS page, d.year, ` + rank + ` AS rank
			FROM annotations a ` + join + ` ` + place + `
			JOIN documents d ON d.id = a.document_id AND d.trashed_at IS NULL
			WHERE ` + own + `a.library_id = ANY(@libraries::uuid[]) AND ` + where + ` AND ` + fits + ` LIMIT ` + strconv.Itoa(maxMarks) + `)`
	}
	var parts []string
	for _, place := range []string{placed, noted} {
		parts = append(parts, text(KindComment, place, "a.body", "", "annotations", "a.id", "id"))
		if a.hasWords() {
			parts = append(parts, text(KindReply, place, "y.body", "JOIN annotation_replies y ON y.annotation_id = a.id AND y.library_id = ANY(@libraries::uuid[]) AND y.deleted_at IS NULL", "annotation_replies", "y.id", "id"))
		}
	}
	if a.hasWords() {
		parts = append(parts, text(KindQuote, placed, "x.exact", "", "annotation_anchors", "x.annotation_id", "annotation_id"))
	}
	sql := strings.Join(parts, " UNION ALL ")
	rows, err := s.pool.Query(ctx, `SELECT m.id, m.kind, m.text, m.document_id, m.edition_id, m.page, m.year, m.rank, a.author_id, coalesce(p.name, a.author_name)
		FROM (`+sql+`) m JOIN annotations a ON a.id = m.id LEFT JOIN people p ON p.id = a.author_id
		ORDER BY m.rank DESC, m.id, m.kind LIMIT `+strconv.Itoa(maxMarks), args)
	if err != nil {
		return postgres.Fault(fmt.Errorf("search marks: %w", err))
	}
	had := map[uuid.UUID]bool{}
	for _, c := range r.hits {
		if c.mark != nil {
			had[c.mark.id] = true
		}
	}
	var (
		m mark
		c candidate
	)
	_, err = pgx.ForEachRow(rows, []any{&m.id, &m.kind, &m.text, &c.documentID, &c.editionID, &c.number, &c.year, &c.rank, &m.authorID, &m.author}, func() error {
		if !had[m.id] {
			had[m.id] = true
			one := m
			c.mark = &one
			r.hits = append(r.hits, c)
		}
		return nil
	})
	if err != nil {
		return postgres.Fault(fmt.Errorf("search marks: %w", err))
	}
	return nil
}

// order puts the best first. A title counts for more than a body: hits in
// documents whose title or authors fit come first, but of each only so many that
// one long paper does not hide the others.
func (r *round) order() {
	slices.SortFunc(r.hits, better)
	given := map[uuid.UUID]int{}
	for i := range r.hits {
		c := &r.hits[i]
		if given[c.documentID]++; c.titled && given[c.documentID] <= titled {
			c.rank += titleTier
		}
	}
	slices.SortStableFunc(r.hits, better)
}
