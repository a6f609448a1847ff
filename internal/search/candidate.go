package search

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

const (
	// most pages are ranked in a round, and fewer while somebody types, for they wait
	// for each letter.
	most       = 500
	mostTyping = 150
	// step is how many pages are looked at before time and hits are.
	step = 100
	// probe is how many pages of the newest documents are looked at to tell how
	// frequent the words are: where one in oneIn fits, going on from document to
	// document finds enough sooner than the index does, which gives all pages first.
	probe = 200
	oneIn = 6
	// few documents are looked through page by page, whatever is asked of them.
	few = 100
	// enough hits end a round when it took as long as soon.
	enough = 20
	soon   = 20 * time.Millisecond
	// patience is how long a round goes on looking for enough hits, as for a
	// phrase whose words are on nearly every page but seldom together.
	patience = 700 * time.Millisecond
	// statementTimeout ends a step that the database cannot give in time.
	statementTimeout = 2 * time.Second
	// maxRanked is how many works are ranked by what is known of them, and maxTitles
	// how many may be found by it alone.
	maxRanked = 300
	maxTitles = 20
	// maxListed is how many documents are given where nothing but filters is asked.
	maxListed = 200
	// maxMarks bounds the marks that are given, and the comments, quotes and answers
	// each that are looked at; maxWritings these where there are filters.
	maxMarks    = 100
	maxWritings = 1000
	// titled is how many hits of a document come before others for its title's sake.
	titled = 3
)

// tiers of hits: those in works whose title or authors fit, those in works of which
// something else that is known fits, and all others.
const (
	bodyTier = iota
	workTier
	titleTier
)

var (
	errTimedOut  = fault.New(fault.Unavailable, "search_timed_out", "This search took too long. Use rarer words, or search in one library.")
	errBadCursor = fault.New(fault.Invalid, "bad_cursor", "This place in the results is not valid. Search again.")
)

// place is where a page of results begins. Pages that match are ranked in rounds of
// some hundreds, and within a round the best come first. The way in which pages are
// gone through, and within a round its length, stay what they were.
type place struct {
	Skip   int64 `json:"s"`           // pages before the round
	Offset int   `json:"o"`           // hits of the round that were given already
	Length int64 `json:"n,omitempty"` // of the round, in pages; 0 for a new one
	Way    way   `json:"w,omitempty"`
}

// way is how the pages of a library are gone through.
type way string

const (
	// byDocument goes from the newest document to the oldest, page by page.
	byDocument way = "d"
	// byIndex takes the pages that the index of words gives.
	byIndex way = "i"
)

// maxSkip bounds how far a client may go on, in matching pages.
const maxSkip = 1_000_000

func (p place) encode() string {
	// Numbers and a letter: marshalling cannot fail.
	b, _ := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodePlace(cursor string) (place, error) {
	var p place
	if cursor == "" {
		return p, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(b, &p) != nil || p.Skip < 0 || p.Skip > maxSkip || p.Offset < 0 || p.Length < 0 || p.Length > maxSkip || p.Way != "" && p.Way != byDocument && p.Way != byIndex {
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
	tier                  int
	work                  bool // found by what is known of the document alone
	mark                  *mark
}

// mark is somebody's mark that fits.
type mark struct {
	id           uuid.UUID
	kind         Kind
	author, text string
	authorID     uuid.NullUUID
}

// round is what one look at the pages gave.
type round struct {
	hits []candidate // best first
	seen int64       // pages looked at, skipped ones included
	all  bool        // whether no more match
	way  way
}

// The pages of a library's documents, the newest first. What stands for %s are the
// conditions of the alternatives, and what they ask of the document.
const pagesByDocument = `
SELECT d.id, e.id, p.number, d.year, CASE WHEN %[1]s THEN ts_rank_cd('{0.1, 0.1, 0.1, 1}', p.tsv, to_tsquery('simple', @exact), 1) END
FROM (SELECT d.id, d.year%[2]s FROM documents d WHERE %[4]s AND d.trashed_at IS NULL AND (%[3]s) ORDER BY d.library_id, d.created_at DESC, d.id DESC OFFSET 0) d
CROSS JOIN LATERAL (SELECT e.id FROM editions e WHERE e.document_id = d.id AND e.state = 'ready' AND NOT e.superseded LIMIT 1) e
CROSS JOIN LATERAL (SELECT p.number, p.tsv FROM edition_pages p WHERE p.edition_id = e.id ORDER BY p.number OFFSET 0) p`

// The pages that the index gives for the loose query, which it answers without a
// look at them; whether a phrase is really there is found out while ranking, where
// the page's vector is read anyhow. Each page's document is looked up by itself: the
// planner, which does not know that few are asked for, would read all of them.
const pagesByIndex = `
SELECT d.id, e.id, p.number, d.year, CASE WHEN %[1]s THEN ts_rank_cd('{0.1, 0.1, 0.1, 1}', p.tsv, to_tsquery('simple', @exact), 1) END
FROM (SELECT p.edition_id, p.number, p.tsv FROM edition_pages p WHERE %[5]s AND p.tsv @@ to_tsquery('simple', @loose) OFFSET 0) p
CROSS JOIN LATERAL (SELECT e.id, e.document_id FROM editions e WHERE e.id = p.edition_id AND e.state = 'ready' AND NOT e.superseded OFFSET 0) e
CROSS JOIN LATERAL (SELECT d.id, d.year%[2]s FROM documents d WHERE d.id = e.document_id AND d.trashed_at IS NULL AND (%[3]s) OFFSET 0) d`

// asked is a query with all that it needs in SQL.
type asked struct {
	Query
	person     identity.Person
	libraryIDs []uuid.UUID
	scopes     []scope
	words      lexicon
	most       int
}

// args are parameters that every statement of a search may name.
func (q asked) args() pgx.NamedArgs {
	args := pgx.NamedArgs{"libraries": q.libraryIDs, "person": q.person.ID}
	if len(q.libraryIDs) == 1 {
		args["library"] = q.libraryIDs[0]
	}
	return args
}

// within is the condition that a row is of the libraries. One library is named by
// itself, for an index of words takes a library and no list of them.
func (q asked) within(alias string) string {
	if len(q.libraryIDs) == 1 {
		return alias + ".library_id = @library"
	}
	return alias + ".library_id = ANY(@libraries::uuid[])"
}

// of is what the i-th alternative's filters ask of a document d.
func (q asked) of(i int, args pgx.NamedArgs) string {
	switch scope := q.scopes[i]; {
	case scope.all:
		return "true"
	case scope.few:
		name := fmt.Sprintf("s%d", i)
		args[name] = scope.documents
		return "d.id = ANY(@" + name + "::uuid[])"
	}
	return q.alternatives[i].documentCondition(args)
}

// pages is the statement that goes through pages in one way.
func (q asked) pages(w way, args pgx.NamedArgs) string {
	var fits, columns, documents []string
	for i, a := range q.alternatives {
		if !a.hasWords() {
			continue
		}
		name := fmt.Sprintf("a%d", i)
		args[name] = q.words.alternative(a, q.words.pageZone())
		fit, of := "p.tsv @@ to_tsquery('simple', @"+name+")", q.of(i, args)
		if of != "true" {
			fit = "d.c" + strconv.Itoa(i) + " AND " + fit
			columns = append(columns, fmt.Sprintf(", (%s) AS c%d", of, i))
		}
		fits, documents = append(fits, "("+fit+")"), append(documents, of)
	}
	if slices.Contains(documents, "true") {
		documents = []string{"true"}
	}
	args["exact"] = q.words.query(q.Query, q.words.pageZone())
	statement := pagesByDocument
	if w == byIndex {
		statement = pagesByIndex
		args["loose"] = q.words.loose(q.Query)
	}
	return fmt.Sprintf(statement, strings.Join(fits, " OR "), strings.Join(columns, ""), "("+strings.Join(documents, ") OR (")+")", q.within("d"), q.within("p"))
}

// looksThroughFew reports whether the filters leave few documents.
func (q asked) looksThroughFew() bool {
	n := 0
	for i, a := range q.alternatives {
		if !a.hasWords() {
			continue
		}
		if !q.scopes[i].few {
			return false
		}
		n += len(q.scopes[i].documents)
	}
	return n <= few
}

// planning is for what finds pages and marks by words; what filters leave the planner
// knows better how to find. The order of documents and the way
// by the index are meant; sorting or reading everything looks cheaper to a planner
// that expects all rows to be fetched. Statements that are asked again and again are
// planned once, for planning is most of what a rare word costs.
const planning = `SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_memoize = off`

// inTx runs fn in a transaction for reading.
func (s *Service) inTx(ctx context.Context, fn func(ctx context.Context, tx *postgres.Tx) error) error {
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Exec(ctx, fmt.Sprintf("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = %d", statementTimeout.Milliseconds())); err != nil {
			return fmt.Errorf("begin search: %w", err)
		}
		return fn(ctx, tx)
	})
	if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == "57014" { // query_canceled
		return errTimedOut
	}
	return err
}

// round ranks pages from a place on until there are enough hits, no more pages,
// or no more time.
func (s *Service) round(ctx context.Context, tx *postgres.Tx, q asked, from place) (round, error) {
	r := round{seen: from.Skip, way: from.Way}
	if q.exact() == "" {
		r.all = true
		return r, nil
	}
	if r.way == "" {
		r.way = byDocument
		done, err := s.goThrough(ctx, tx, q, from, &r, !q.looksThroughFew())
		if done || err != nil {
			return r, err
		}
		r = round{seen: from.Skip, way: byIndex}
	}
	_, err := s.goThrough(ctx, tx, q, from, &r, false)
	return r, err
}

// goThrough ranks pages in r.way. With probing it gives up, and says so, when the
// first pages have few hits.
func (s *Service) goThrough(ctx context.Context, tx *postgres.Tx, q asked, from place, r *round, probing bool) (done bool, err error) {
	args := q.args()
	name := "pages_" + string(r.way)
	if _, err := tx.Exec(ctx, "DECLARE "+name+" NO SCROLL CURSOR FOR "+q.pages(r.way, args), args); err != nil {
		return false, fmt.Errorf("search: %w", err)
	}
	if from.Skip > 0 {
		if _, err := tx.Exec(ctx, fmt.Sprintf("MOVE FORWARD %d IN %s", from.Skip, name)); err != nil {
			return false, fmt.Errorf("search: %w", err)
		}
	}
	// Real time, not the clock's: this bounds work.
	for begin := time.Now(); !r.all; {
		n, took := step, time.Since(begin)
		switch looked := r.seen - from.Skip; {
		case from.Length > 0: // as long as it was when its first hits were given
			if n = int(from.Length - looked); n <= 0 {
				return true, nil
			}
		case looked == 0 && probing:
			n = probe
		case len(r.hits) >= q.most, len(r.hits) >= enough && took > soon, took > patience:
			return true, nil
		}
		if err := fetch(ctx, tx, name, r, n); err != nil {
			return false, err
		}
		if probing && !r.all && len(r.hits)*oneIn < n {
			return false, nil
		}
		probing = false
	}
	return true, nil
}

func fetch(ctx context.Context, tx *postgres.Tx, name string, r *round, step int) error {
	rows, err := tx.Query(ctx, fmt.Sprintf("FETCH FORWARD %d FROM %s", step, name))
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	var (
		c    candidate
		rank *float32
		n    int
	)
	_, err = pgx.ForEachRow(rows, []any{&c.documentID, &c.editionID, &c.number, &c.year, &rank}, func() error {
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
	r.all = n < step
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
		cmp.Compare(b.tier, a.tier),
		cmp.Compare(b.rank, a.rank),
		slices.Compare(a.editionID[:], b.editionID[:]),
		cmp.Compare(a.number, b.number),
		slices.Compare(a.documentID[:], b.documentID[:]),
		slices.Compare(id(a), id(b)),
	)
}

// works finds documents by what is known of them, with files or without, the best
// first; a page does not repeat who wrote it. Those too that nothing but filters
// ask for.
func (s *Service) works(ctx context.Context, tx *postgres.Tx, q asked) ([]candidate, error) {
	args := q.args()
	var fits, titles []string
	for i, a := range q.alternatives {
		if a.hasWords() && q.excludes() {
			continue
		}
		fit := q.of(i, args)
		if a.hasWords() {
			name := fmt.Sprintf("a%d", i)
			args[name] = q.words.alternative(a, q.words.titleZone(), q.words.restZone())
			args[name+"t"] = q.words.alternative(a, q.words.titleZone())
			fit = "d.words @@ to_tsquery('simple', @" + name + ") AND " + fit
			titles = append(titles, "d.words @@ to_tsquery('simple', @"+name+"t)")
		}
		fits = append(fits, "("+fit+")")
	}
	if len(fits) == 0 {
		return nil, nil
	}
	rank, limit, order := "0::real", maxListed, "ORDER BY d.created_at DESC, d.id DESC"
	if q.exact() != "" {
		// Only so many are ranked: whoever asks for a word that thousands of titles
		// have is not looking for a title.
		rank, limit, order = "ts_rank_cd('{0.02, 0.1, 0.2, 1}', d.words, to_tsquery('simple', @exact), 1)", maxRanked, ""
		args["exact"] = q.words.query(q.Query, q.words.titleZone(), q.words.restZone())
	}
	isTitle := "true"
	if len(titles) > 0 {
		isTitle = strings.Join(titles, " OR ")
	}
	rows, err := tx.Query(ctx, `SELECT m.id, e.id, m.year, m.titled, m.rank FROM (
		SELECT d.id, d.year, d.created_at, (`+isTitle+`) AS titled, `+rank+` AS rank FROM documents d
		WHERE `+q.within("d")+` AND d.trashed_at IS NULL AND (`+strings.Join(fits, " OR ")+`) `+order+` LIMIT `+strconv.Itoa(limit)+`) m
		LEFT JOIN LATERAL (SELECT e.id FROM editions e WHERE e.document_id = m.id AND e.state = 'ready' AND NOT e.superseded LIMIT 1) e ON true
		ORDER BY m.titled DESC, m.rank DESC, m.created_at DESC, m.id`, args)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("search works: %w", err))
	}
	var (
		list    []candidate
		c       = candidate{work: true}
		edition uuid.NullUUID
		titled  bool
	)
	_, err = pgx.ForEachRow(rows, []any{&c.documentID, &edition, &c.year, &titled, &c.rank}, func() error {
		c.editionID, c.number, c.tier = edition.UUID, 0, workTier
		if edition.Valid {
			c.number = 1
		}
		if titled {
			c.tier = titleTier
		}
		list = append(list, c)
		return nil
	})
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("search works: %w", err))
	}
	return list, nil
}

// addWorks adds those of works that no page was found of, and says of the pages
// that were found what is known of their works. alone: on the first page of results
// they stand by themselves, too.
func (r *round) addWorks(works []candidate, alone, onlyFilters bool) {
	tiers := make(map[uuid.UUID]int, len(works))
	for _, c := range works {
		tiers[c.documentID] = c.tier
	}
	found := map[uuid.UUID]bool{}
	for i := range r.hits {
		if c := &r.hits[i]; c.mark == nil {
			c.tier, found[c.documentID] = tiers[c.documentID], true
		}
	}
	if !alone {
		return
	}
	added := 0
	for _, c := range works {
		if !found[c.documentID] && (onlyFilters || added < maxTitles) {
			r.hits = append(r.hits, c)
			added++
		}
	}
}

// addMarks adds marks whose comment, answers or quote fit, of those that the
// person may see.
func (s *Service) addMarks(ctx context.Context, tx *postgres.Tx, q asked, r *round) error {
	var list []candidate
	for i, a := range q.alternatives {
		onMarks := slices.ContainsFunc(a.filters, Filter.onMark)
		if !a.hasWords() && !onMarks {
			continue
		}
		texts, err := s.writings(ctx, tx, q, a)
		if err != nil {
			return err
		}
		if a.hasWords() && len(texts) == 0 {
			continue
		}
		args := q.args()
		where := seen + " AND " + a.markCondition(args) + " AND (" + q.of(i, args) + ")"
		if a.hasWords() {
			where += " AND a.id = ANY(@marks::uuid[])"
			args["marks"] = slices.Collect(maps.Keys(texts))
		}
		if list, err = s.findMarks(ctx, tx, q, a, texts, where, args, list); err != nil {
			return err
		}
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(better(a, b), strings.Compare(string(a.mark.kind), string(b.mark.kind)))
	})
	had := map[uuid.UUID]bool{}
	for _, c := range list {
		if !had[c.mark.id] && len(had) < maxMarks {
			had[c.mark.id] = true
			r.hits = append(r.hits, c)
		}
	}
	return nil
}

// writing is a text of a mark that has an alternative's words.
type writing struct {
	kind    Kind
	edition uuid.NullUUID // of a quote: a mark has one in each file
	text    string
}

// writings asks the indexes of what people wrote, by themselves: beside other
// conditions the planner would rather make the vector of every mark that these
// leave, and it takes longer to plan than to find nothing.
func (s *Service) writings(ctx context.Context, tx *postgres.Tx, q asked, a alternative) (map[uuid.UUID][]writing, error) {
	if !a.hasWords() {
		return nil, nil
	}
	args := q.args()
	args["words"] = a.exact()
	limit := maxMarks
	if len(a.filters) > 0 {
		limit = maxWritings // for many of them may not fit
	}
	ofMark := "EXISTS (SELECT FROM annotations a WHERE a.id = i.annotation_id AND " + seen + ")"
	from := func(kind Kind, table, column, key, edition, also string) string {
		return "(SELECT '" + string(kind) + "', i." + key + ", " + edition + ", i." + column + " FROM (SELECT * FROM " + table + " i WHERE " + q.within("i") +
			" AND search_vector(i." + column + ") @@ to_tsquery('scrollkeeper', @words) OFFSET 0) i WHERE " + also + " LIMIT " + strconv.Itoa(limit) + ")"
	}
	rows, err := tx.Query(ctx, from(KindComment, "annotations", "body", "id", "NULL::uuid", strings.ReplaceAll(seen, "a.", "i."))+
		" UNION ALL "+from(KindQuote, "annotation_anchors", "exact", "annotation_id", "i.edition_id", ofMark)+
		" UNION ALL "+from(KindReply, "annotation_replies", "body", "annotation_id", "NULL::uuid", "i.deleted_at IS NULL AND "+ofMark), args)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("search marks: %w", err))
	}
	found := map[uuid.UUID][]writing{}
	var (
		id uuid.UUID
		w  writing
	)
	if _, err := pgx.ForEachRow(rows, []any{&w.kind, &id, &w.edition, &w.text}, func() error {
		found[id] = append(found[id], w)
		return nil
	}); err != nil {
		return nil, postgres.Fault(fmt.Errorf("search marks: %w", err))
	}
	return found, nil
}

func (s *Service) findMarks(ctx context.Context, tx *postgres.Tx, q asked, a alternative, texts map[uuid.UUID][]writing, where string, args pgx.NamedArgs, list []candidate) ([]candidate, error) {
	limit := maxWritings
	if !a.hasWords() {
		limit = maxMarks
	}
	// With a place, or for a note on the document on the first page of its file.
	from := func(page, place string) string {
		return `(SELECT a.id, a.body, a.document_id, e.id, ` + page + `, d.year, a.author_id, coalesce(p.name, a.author_name)
		FROM annotations a ` + place + `
		JOIN documents d ON d.id = a.document_id AND d.trashed_at IS NULL
		LEFT JOIN people p ON p.id = a.author_id
		WHERE ` + q.within("a") + ` AND ` + where + ` LIMIT ` + strconv.Itoa(limit) + `)`
	}
	rows, err := tx.Query(ctx, from("x.page", `JOIN annotation_anchors x ON x.annotation_id = a.id
		JOIN editions e ON e.id = x.edition_id AND e.state = 'ready' AND NOT e.superseded`)+" UNION ALL "+
		from("1", `JOIN editions e ON a.kind = 'document' AND e.document_id = a.document_id AND e.state = 'ready' AND NOT e.superseded`), args)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("search marks: %w", err))
	}
	var (
		m    mark
		body string
		c    candidate
	)
	_, err = pgx.ForEachRow(rows, []any{&m.id, &body, &c.documentID, &c.editionID, &c.number, &c.year, &m.authorID, &m.author}, func() error {
		written := texts[m.id]
		if !a.hasWords() {
			written = []writing{{kind: KindComment, text: body}}
		}
		for _, w := range written {
			if w.edition.Valid && w.edition.UUID != c.editionID {
				continue
			}
			one := m
			one.kind, one.text = w.kind, w.text
			c.mark, c.rank = &one, a.rankText(w.text)
			list = append(list, c)
		}
		return nil
	})
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("search marks: %w", err))
	}
	return list, nil
}

// rankText ranks a short text much as the database ranks a page: the rarest unit's
// occurrences, a stem's for a tenth, for the text's length.
func (a alternative) rankText(text string) float32 {
	if !a.hasWords() {
		return 0
	}
	terms := document.Terms(text)
	counts := map[string]int{}
	for _, t := range terms {
		counts[t.Text]++
	}
	least := math.Inf(1)
	for _, u := range a.units {
		if u.not {
			continue
		}
		n := 0.1
		for _, w := range u.words {
			n = max(n, float64(counts[w]))
		}
		least = min(least, n)
	}
	return float32(least / (1 + math.Log1p(float64(len(terms)))))
}

// order puts the best first. What is known of a work counts for more than a body:
// hits in those that fit come first, but of each only so many that one long paper
// does not hide the others.
func (r *round) order() {
	slices.SortFunc(r.hits, better)
	given := map[uuid.UUID]int{}
	for i := range r.hits {
		c := &r.hits[i]
		if given[c.documentID]++; given[c.documentID] > titled {
			c.tier = bodyTier
		}
	}
	slices.SortStableFunc(r.hits, better)
}
