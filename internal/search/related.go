package search

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Paper is a document as it stands in a list of others.
type Paper struct {
	DocumentID uuid.UUID
	Title      string
	Authors    []csl.Name // at most the first 50
	Year       *int32
}

// Related are documents of the same library that have to do with one, those in
// the trash left out.
type Related struct {
	// Cites are the works of its list of references, in the list's order, and
	// CitedBy are those that have it in theirs, the newest first.
	Cites, CitedBy []Paper
	// Alike are about the same, the most alike first.
	Alike []Paper
}

const (
	maxCites = 200
	maxAlike = 8
	// Of a paper's words the likely rarest are counted, and the rarest of these
	// say what is like it.
	countedTerms = 40
	tellingTerms = 20
	// commonPages is how many first pages a word may be on; one on more tells little,
	// and so does one that more than one in commonPart documents has.
	commonPages = 400
	commonPart  = 5
	// fewestShared and leastAlike keep away what has a word in common by chance.
	fewestShared = 3
	leastAlike   = 0.12
	// In a small library nearly every word is rare, and more of them must be shared.
	smallLibrary, smallShare = 20, 5
	// titleWeight is how much more a word of title or abstract says than one of the text.
	titleWeight = 2
)

var errNoDocument = fault.New(fault.NotFound, "document_not_found", "There is no such document, or it is not in a library of yours.")

// Related gives the documents that have to do with one. It is looked up each
// time, so that what came later is among them. A fault of kind NotFound
// "document_not_found" for one that p may not read.
func (s *Service) Related(ctx context.Context, p identity.Person, documentID uuid.UUID) (Related, error) {
	var libraryID uuid.UUID
	err := s.pool.QueryRow(ctx, `SELECT library_id FROM documents WHERE id = $1`, documentID).Scan(&libraryID)
	if errors.Is(err, pgx.ErrNoRows) {
		return Related{}, errNoDocument
	}
	if err != nil {
		return Related{}, postgres.Fault(fmt.Errorf("library of document: %w", err))
	}
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
			return Related{}, errNoDocument
		}
		return Related{}, err
	}
	var r Related
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Exec(ctx, fmt.Sprintf("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = %d", statementTimeout.Milliseconds())); err != nil {
			return fmt.Errorf("begin related: %w", err)
		}
		args := pgx.NamedArgs{"document": documentID, "library": libraryID, "shortest": document.ShortestTitle, "sure": document.SureTitle, "most": maxCites}
		var err error
		if r.Cites, err = papers(ctx, tx, citesSQL, args); err != nil {
			return fmt.Errorf("cites: %w", err)
		}
		if r.CitedBy, err = papers(ctx, tx, citedBySQL, args); err != nil {
			return fmt.Errorf("cited by: %w", err)
		}
		ids, err := s.alike(ctx, tx, libraryID, documentID)
		if err != nil {
			return err
		}
		r.Alike, err = papers(ctx, tx, listedSQL, pgx.NamedArgs{"ids": ids})
		if err != nil {
			return fmt.Errorf("alike: %w", err)
		}
		return nil
	})
	return r, err
}

const paperColumns = `d.id, d.title, d.year, jsonb_path_query_array(d.csl, '$.author[0 to 49]')`

// sameWork is whether a reference r, by its title, is the document d.
const sameWork = `title_key(d.title) = title_key(r.csl->>'title') AND length(title_key(r.csl->>'title')) >= @shortest
	AND coalesce(abs(d.year - issued_year(r.csl)) <= 1, length(title_key(r.csl->>'title')) >= @sure)`

// readable is the edition e that a document is read and found by.
const readable = `e.state = 'ready' AND NOT e.superseded`

const citesSQL = `
SELECT ` + paperColumns + ` FROM (
	SELECT f.id, min(f.position) AS position FROM (
		SELECT d.id, r.position FROM editions e JOIN edition_references r ON r.edition_id = e.id
		JOIN documents d ON d.library_id = @library AND d.csl ? 'DOI' AND lower(d.csl->>'DOI') = lower(r.csl->>'DOI')
		WHERE e.document_id = @document AND ` + readable + ` AND r.csl ? 'DOI'
		UNION ALL
		SELECT d.id, r.position FROM editions e JOIN edition_references r ON r.edition_id = e.id
		JOIN documents d ON d.library_id = @library AND ` + sameWork + `
		WHERE e.document_id = @document AND ` + readable + ` AND r.csl ? 'title'
	) f GROUP BY f.id
) c JOIN documents d ON d.id = c.id AND d.trashed_at IS NULL AND d.id <> @document
ORDER BY c.position, d.id LIMIT @most`

const citedBySQL = `
SELECT ` + paperColumns + ` FROM (
	SELECT e.document_id AS id FROM documents d
	JOIN edition_references r ON r.csl ? 'DOI' AND lower(r.csl->>'DOI') = lower(d.csl->>'DOI')
	JOIN editions e ON e.id = r.edition_id AND e.library_id = @library AND ` + readable + `
	WHERE d.id = @document AND d.csl ? 'DOI'
	UNION
	SELECT e.document_id FROM documents d
	JOIN edition_references r ON r.csl ? 'title' AND ` + sameWork + `
	JOIN editions e ON e.id = r.edition_id AND e.library_id = @library AND ` + readable + `
	WHERE d.id = @document
) c JOIN documents d ON d.id = c.id AND d.trashed_at IS NULL AND d.id <> @document
ORDER BY d.year DESC NULLS LAST, d.created_at DESC, d.id LIMIT @most`

const listedSQL = `
SELECT ` + paperColumns + ` FROM unnest(@ids::uuid[]) WITH ORDINALITY AS l (id, place) JOIN documents d ON d.id = l.id ORDER BY l.place`

func papers(ctx context.Context, db postgres.DBTX, sql string, args pgx.NamedArgs) ([]Paper, error) {
	rows, err := db.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	list := []Paper{}
	var (
		one     Paper
		authors []byte
	)
	_, err = pgx.ForEachRow(rows, []any{&one.DocumentID, &one.Title, &one.Year, &authors}, func() error {
		one.Authors = nil
		if err := json.Unmarshal(authors, &one.Authors); err != nil {
			return fmt.Errorf("authors of %s: %w", one.DocumentID, err)
		}
		list = append(list, one)
		return nil
	})
	return list, err
}

// term is a word of a paper, as the index has it.
type term struct {
	lexeme string
	weight float64 // how telling it is
}

// alike finds the documents that have the most telling words of one in common.
// Words are telling that few others have on their first pages or in their titles:
// how many is counted by the index of first pages, which is small, for the words
// that PostgreSQL's own statistics do not know to be common.
func (s *Service) alike(ctx context.Context, tx *postgres.Tx, libraryID, documentID uuid.UUID) ([]uuid.UUID, error) {
	terms, err := s.candidateTerms(ctx, tx, documentID)
	if err != nil || len(terms) == 0 {
		return nil, err
	}
	lexemes := make([]string, len(terms))
	for i, t := range terms {
		lexemes[i] = t.lexeme
	}
	// The index answers each word; the planner, who does not know the words, might
	// read every page instead.
	if _, err := tx.Exec(ctx, "SET LOCAL enable_seqscan = off"); err != nil {
		return nil, fmt.Errorf("alike: %w", err)
	}
	rows, err := tx.Query(ctx, `
		SELECT t.place, f.id FROM unnest(@lexemes::text[]) WITH ORDINALITY AS t (lexeme, place)
		CROSS JOIN LATERAL (
			(SELECT e.document_id AS id FROM (
				SELECT p.edition_id FROM edition_pages p
				WHERE p.library_id = @library AND p.number <= 2 AND p.tsv @@ to_tsquery('simple', '''' || t.lexeme || '''') LIMIT @common + 1
			) p JOIN editions e ON e.id = p.edition_id AND e.state = 'ready' AND NOT e.superseded)
			UNION
			(SELECT l.id FROM documents l
			WHERE l.library_id = @library AND l.listing_tsv @@ to_tsquery('simple', '''' || t.lexeme || '''') LIMIT @common + 1)
		) f`, pgx.NamedArgs{"lexemes": lexemes, "library": libraryID, "common": commonPages})
	if err != nil {
		return nil, fmt.Errorf("alike: %w", err)
	}
	has := make([][]uuid.UUID, len(terms))
	var (
		place int
		id    uuid.UUID
	)
	if _, err := pgx.ForEachRow(rows, []any{&place, &id}, func() error {
		if id != documentID {
			has[place-1] = append(has[place-1], id)
		}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("alike: %w", err)
	}
	var documents int64
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM documents WHERE library_id = $1 AND trashed_at IS NULL`, libraryID).Scan(&documents); err != nil {
		return nil, fmt.Errorf("alike: %w", err)
	}
	ranked := mostAlike(terms, has, documents)
	// Only now, and for few: most of what has a word in common is not asked for.
	kept, err := tx.Query(ctx, `SELECT d.id FROM unnest($1::uuid[]) WITH ORDINALITY AS r (id, place)
		JOIN documents d ON d.id = r.id AND d.library_id = $2 AND d.trashed_at IS NULL ORDER BY r.place LIMIT $3`, ranked, libraryID, maxAlike)
	if err != nil {
		return nil, fmt.Errorf("alike: %w", err)
	}
	ids, err := pgx.CollectRows(kept, pgx.RowTo[uuid.UUID])
	if err != nil {
		return nil, fmt.Errorf("alike: %w", err)
	}
	return ids, nil
}

// candidateTerms are those of a paper's words that are likely rare, the likely
// most telling first.
func (s *Service) candidateTerms(ctx context.Context, tx *postgres.Tx, documentID uuid.UUID) ([]term, error) {
	var title, abstract string
	if err := tx.QueryRow(ctx, `SELECT title, left(coalesce(csl->>'abstract', ''), 10000) FROM documents WHERE id = $1`, documentID).Scan(&title, &abstract); err != nil {
		return nil, fmt.Errorf("words of document: %w", err)
	}
	var words []byte
	for _, t := range document.Terms(title + " " + abstract) {
		words = append(append(words, t.Text...), ' ')
	}
	rows, err := tx.Query(ctx, `
		WITH words AS (
			SELECT lexeme, least(cardinality(positions), 20) AS n, true AS named FROM unnest(to_tsvector('scrollkeeper', @words))
			UNION ALL
			SELECT u.lexeme, least(cardinality(u.positions), 20), false FROM editions e
			JOIN edition_pages p ON p.edition_id = e.id AND p.number <= 2, unnest(p.tsv) u
			WHERE e.document_id = @document AND e.state = 'ready' AND NOT e.superseded
		), common AS (
			SELECT unnest(most_common_elems::text::text[]) AS lexeme, unnest(most_common_elem_freqs[1:cardinality(most_common_elems::text::text[])]) AS frequency
			FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'edition_pages' AND attname = 'tsv'
		)
		SELECT w.lexeme, sum(w.n), bool_or(w.named), coalesce(min(c.frequency), 0)::float8
		FROM words w LEFT JOIN common c ON c.lexeme = w.lexeme
		WHERE ts_lexize('english_stem', w.lexeme) <> '{}' -- a stop word has none
		GROUP BY w.lexeme`,
		pgx.NamedArgs{"words": string(words), "document": documentID})
	if err != nil {
		return nil, fmt.Errorf("words of document: %w", err)
	}
	const (
		tooCommon = 0.05
		rare      = 0.002 // what is not among the commonest is taken to be on so many
	)
	var (
		list      []term
		n         int64
		named     bool
		frequency float64
		lexeme    string
	)
	if _, err := pgx.ForEachRow(rows, []any{&lexeme, &n, &named, &frequency}, func() error {
		if frequency > tooCommon || !telling(lexeme) {
			return nil
		}
		weight := (1 + math.Log(float64(n))) * -math.Log(max(frequency, rare))
		if named {
			weight *= titleWeight
		}
		list = append(list, term{lexeme, weight})
		return nil
	}); err != nil {
		return nil, fmt.Errorf("words of document: %w", err)
	}
	slices.SortFunc(list, func(a, b term) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.lexeme, b.lexeme)) })
	return list[:min(len(list), countedTerms)], nil
}

// telling is false for numbers and for pieces of formulas.
func telling(lexeme string) bool {
	for _, r := range lexeme {
		if unicode.IsDigit(r) || r == '\'' || r == '\\' {
			return false
		}
	}
	first, width := utf8.DecodeRuneInString(lexeme)
	return len(lexeme) > width+1 || unicode.In(first, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// mostAlike orders documents by the weight of the telling words that they share.
// has[i] are the documents with terms[i].
func mostAlike(terms []term, has [][]uuid.UUID, documents int64) []uuid.UUID {
	type shared struct {
		terms int
		score float64
	}
	order := make([]int, 0, len(terms))
	inverse := make([]float64, len(terms))
	most, fewest := max(fewestShared, int(documents)/commonPart), fewestShared
	if documents < smallLibrary {
		fewest = max(fewestShared, len(terms)/smallShare)
	}
	for i, ids := range has {
		if len(ids) == 0 || len(ids) > min(most, commonPages) {
			continue // nobody else's, or too many others'
		}
		inverse[i] = math.Log(1+float64(documents)/float64(1+len(ids))) * math.Sqrt(terms[i].weight)
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(inverse[b], inverse[a]) })
	order = order[:min(len(order), tellingTerms)]
	total, found := 0.0, map[uuid.UUID]shared{}
	for _, i := range order {
		total += inverse[i]
		for _, id := range has[i] {
			f := found[id]
			found[id] = shared{f.terms + 1, f.score + inverse[i]}
		}
	}
	var ids []uuid.UUID
	for id, f := range found {
		if f.terms >= fewest && f.score >= leastAlike*total {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int {
		return cmp.Or(cmp.Compare(found[b].score, found[a].score), slices.Compare(a[:], b[:]))
	})
	// Some of these may be in the trash.
	return ids[:min(len(ids), 10*maxAlike)]
}
