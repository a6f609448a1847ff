package search

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

const (
	// batch is how many pages are ranked at a time: about 20 ms.
	batch = 1000
	// enough hits end a round.
	enough = 20
	// patience is how long a round goes on looking for enough hits, as for a
	// phrase whose words are on nearly every page but seldom together.
	patience = 700 * time.Millisecond
	// statementTimeout ends a batch that the database cannot give in time.
	statementTimeout = 2 * time.Second
	// maxTitles is how many documents may be found by their title alone.
	maxTitles = 20
	// titleWeight is how much more a page counts in a document whose title fits too.
	titleWeight = 2
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

// candidate is a page that fits the query.
type candidate struct {
	documentID, editionID uuid.UUID
	number                int32
	rank                  float32
}

// round is what one look at the index gave.
type round struct {
	hits []candidate // best first
	seen int64       // matching pages looked at, skipped ones included
	all  bool        // whether no more match
}

// The index answers the loose query without a look at the pages; whether a
// phrase is really there is found out while ranking, where the page's vector is
// read anyhow.
const declareCandidates = `
DECLARE candidates NO SCROLL CURSOR FOR
SELECT d.id, e.id, p.number, CASE
    WHEN p.tsv @@ q.exact THEN ts_rank_cd(p.tsv, q.exact, 1) * CASE WHEN d.listing_tsv @@ q.exact THEN $4::real ELSE 1 END
END
FROM (SELECT to_tsquery('scrollkeeper', $2) AS exact) q, edition_pages p
JOIN editions e ON e.id = p.edition_id AND e.state = 'ready' AND NOT e.superseded
JOIN documents d ON d.id = e.document_id AND d.trashed_at IS NULL
WHERE p.library_id = ANY($1::uuid[]) AND p.tsv @@ to_tsquery('scrollkeeper', $3)`

// round ranks pages from a place on until there are enough hits, no more pages,
// or no more time.
func (s *Service) round(ctx context.Context, libraryIDs []uuid.UUID, q Query, skip int64) (round, error) {
	r := round{seen: skip}
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Exec(ctx, fmt.Sprintf("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = %d", statementTimeout.Milliseconds())); err != nil {
			return fmt.Errorf("begin search: %w", err)
		}
		if _, err := tx.Exec(ctx, declareCandidates, libraryIDs, q.exact(), q.loose(), float32(titleWeight)); err != nil {
			return fmt.Errorf("search: %w", err)
		}
		if skip > 0 {
			if _, err := tx.Exec(ctx, fmt.Sprintf("MOVE FORWARD %d IN candidates", skip)); err != nil {
				return fmt.Errorf("search: %w", err)
			}
		}
		// Real time, not the clock's: this bounds work.
		for begin := time.Now(); !r.all && len(r.hits) < enough && time.Since(begin) < patience; {
			if err := s.fetch(ctx, tx, &r); err != nil {
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
	slices.SortFunc(r.hits, better)
	return r, err
}

func (s *Service) fetch(ctx context.Context, tx *postgres.Tx, r *round) error {
	rows, err := tx.Query(ctx, fmt.Sprintf("FETCH FORWARD %d FROM candidates", batch))
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	var (
		c    candidate
		rank *float32
		n    int
	)
	_, err = pgx.ForEachRow(rows, []any{&c.documentID, &c.editionID, &c.number, &rank}, func() error {
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
	return cmp.Or(
		cmp.Compare(b.rank, a.rank),
		slices.Compare(a.editionID[:], b.editionID[:]),
		cmp.Compare(a.number, b.number),
	)
}

// addTitles adds the first page of documents that only their title or authors
// fit: a page does not repeat who wrote it.
func (s *Service) addTitles(ctx context.Context, libraryIDs []uuid.UUID, q Query, r *round) error {
	matches, err := s.q.TitleMatches(ctx, s.pool, q.exact(), libraryIDs, maxTitles)
	if err != nil {
		return postgres.Fault(fmt.Errorf("search titles: %w", err))
	}
	found := map[uuid.UUID]bool{}
	for _, c := range r.hits {
		found[c.documentID] = true
	}
	for _, m := range matches {
		if !found[m.DocumentID] {
			r.hits = append(r.hits, candidate{documentID: m.DocumentID, editionID: m.EditionID, number: 1, rank: titleWeight * m.Rank})
		}
	}
	slices.SortFunc(r.hits, better)
	return nil
}
