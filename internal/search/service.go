package search

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/search/internal/searchdb"
)

// Service answers searches.
type Service struct {
	pool    *pgxpool.Pool
	library *library.Service
	q       *searchdb.Queries
}

// New makes a Service.
func New(pool *pgxpool.Pool, lib *library.Service) *Service {
	return &Service{pool: pool, library: lib, q: searchdb.New()}
}

// Request is a search.
type Request struct {
	Query string
	// LibraryID is where to look; invalid for every library that one is in.
	LibraryID uuid.NullUUID
	Limit     int    // at least 1
	Cursor    string // Result.Next of the page before; empty to begin
	// Typing takes the last word as the beginning of one and ranks less, so that
	// there is an answer for every letter.
	Typing bool
}

// Result is a page of hits.
type Result struct {
	Hits []Hit
	// Next continues the results; empty when nothing more is known to match. A
	// page may hold fewer hits than asked for, or none, and yet go on.
	Next string
	// Partial is true when not every matching page has been ranked.
	Partial bool
	// Pending counts documents that may match but have not been read yet.
	Pending int64
	// Message is a sentence for people where the result needs one.
	Message string
	// Facets count what this round found; lower bounds where the result is partial.
	Facets Facets
	// Filters are those of the query, in its order.
	Filters []Filter
	// Suggestion is the query with words that titles or authors here have; only
	// where nothing was found.
	Suggestion string
}

// Facets count hits.
type Facets struct {
	Pages, Titles, Marks int
	Years                []YearCount  // documents, by year
	People               []NamedCount // marks, by who made them; the most first
}

// YearCount is how many documents are of a year.
type YearCount struct {
	Year      int32
	Documents int
}

// NamedCount is how many marks somebody has.
type NamedCount struct {
	Name  string
	Marks int
}

// Kind says what a hit is found in.
type Kind string

// The kinds of hits.
const (
	KindText    Kind = "text"    // a page
	KindTitle   Kind = "title"   // what is known of a work, or filters alone
	KindComment Kind = "comment" // what somebody wrote with a mark
	KindQuote   Kind = "quote"   // the text that a mark is on
	KindReply   Kind = "reply"   // an answer to a mark
)

// Hit is a page or a mark that matches.
type Hit struct {
	Kind Kind
	// MarkID and MarkAuthor are of a comment, quote or reply; MarkAuthor is who
	// made the mark.
	MarkID     uuid.NullUUID
	MarkAuthor string
	DocumentID uuid.UUID
	EditionID  uuid.UUID // nil for a work without a file that was read
	LibraryID  uuid.UUID
	Title      string
	Authors    []csl.Name // at most the first 50
	Year       *int32
	Page       int // the page's place in the file, from 1; 0 without a file
	PageLabel  string
	// Snippet is about 30 words of the page, or of what was written, and Highlights the matched ones in it.
	Snippet    string
	Highlights []Range
	// Start and End are the whole hit in the page's text. Both are 0 where only
	// the document's title or authors match.
	Start, End int
	// Ranges are the matched words in the page's text: all of a page with at
	// most 200 of them, else those around the hit.
	Ranges []Range
}

// Search finds pages of ready documents outside the trash. A fault of kind
// Invalid for a query without words or beyond its bounds, NotFound
// "library_not_found" for a library that p is not in.
func (s *Service) Search(ctx context.Context, p identity.Person, req Request) (Result, error) {
	parsed, err := parse(req.Query, req.Typing)
	if err != nil {
		return Result{}, err
	}
	from, err := decodePlace(req.Cursor)
	if err != nil {
		return Result{}, err
	}
	q := asked{Query: parsed, person: p, most: most}
	if req.Typing {
		q.most = mostTyping
	}
	if q.libraryIDs, err = s.libraries(ctx, p, req.LibraryID); err != nil {
		return Result{}, err
	}
	var (
		r     Result
		found round
	)
	err = s.inTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		if found, err = s.find(ctx, tx, &q, req, from, &r); err != nil {
			return err
		}
		r.Partial, r.Filters, r.Facets = !found.all, parsed.filters(), found.facets()
		begin := min(from.Offset, len(found.hits))
		end := min(begin+req.Limit, len(found.hits))
		switch {
		case end < len(found.hits):
			r.Next = place{Skip: from.Skip, Offset: end, Length: found.seen - from.Skip, Way: found.way}.encode()
		case !found.all && found.seen < maxSkip:
			r.Next = place{Skip: found.seen, Way: found.way}.encode()
		}
		r.Hits, err = s.hits(ctx, tx, parsed, found.hits[begin:end])
		return err
	})
	if err != nil {
		return Result{}, err
	}
	if len(found.hits) == 0 && found.all && !req.Typing && req.Cursor == "" {
		if r.Suggestion, err = s.suggest(ctx, q, req.Query); err != nil {
			return Result{}, err
		}
	}
	r.Message = r.message()
	return r, nil
}

// find gives the hits of a round, the best first, and fills in what else a result
// tells of the libraries.
func (s *Service) find(ctx context.Context, tx *postgres.Tx, q *asked, req Request, from place, r *Result) (round, error) {
	var (
		found round
		err   error
	)
	if q.scopes, err = s.scopes(ctx, tx, *q); err != nil {
		return found, err
	}
	if q.exact() != "" {
		if _, err := tx.Exec(ctx, planning); err != nil {
			return found, fmt.Errorf("begin search: %w", err)
		}
	}
	if q.words, r.Pending, err = s.lexicon(ctx, tx, q.libraryIDs, q.Query); err != nil {
		return found, err
	}
	works, err := s.works(ctx, tx, *q)
	if err != nil {
		return found, err
	}
	// While one types, titles that fill the list are an answer.
	if !req.Typing || len(works) < req.Limit {
		if found, err = s.round(ctx, tx, *q, from); err != nil {
			return found, err
		}
		if from.Skip == 0 {
			if err := s.addMarks(ctx, tx, *q, &found); err != nil {
				return found, err
			}
		}
	}
	found.addWorks(works, from.Skip == 0, q.exact() == "")
	found.order()
	return found, nil
}

func (s *Service) libraries(ctx context.Context, p identity.Person, only uuid.NullUUID) ([]uuid.UUID, error) {
	if !only.Valid {
		return s.library.IDs(ctx, s.pool, p)
	}
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, only.UUID); err != nil {
		return nil, err
	}
	return []uuid.UUID{only.UUID}, nil
}

func (r Result) message() string {
	switch {
	case r.Partial && len(r.Hits) == 0:
		return "These words are on very many pages, and among those looked at so far none fits. Go on, or use rarer words."
	case r.Partial:
		return "These words are on very many pages, so not all of them were ranked. Add a word or a phrase to narrow the search."
	}
	return ""
}

// hitPage is the page or the work that a hit is on.
type hitPage struct {
	id, libraryID uuid.UUID
	title, label  string
	year          *int32
	authors       []csl.Name
}

// hits loads the pages and works of candidates and finds the words in them.
func (s *Service) hits(ctx context.Context, tx *postgres.Tx, q Query, candidates []candidate) ([]Hit, error) {
	hits := make([]Hit, 0, len(candidates))
	if len(candidates) == 0 {
		return hits, nil
	}
	var (
		editions []uuid.UUID
		numbers  []int32
		ids      []uuid.UUID
	)
	for _, c := range candidates {
		if c.number > 0 {
			editions, numbers = append(editions, c.editionID), append(numbers, c.number)
		}
		if c.work {
			ids = append(ids, c.documentID)
		}
	}
	rows, err := s.q.HitPages(ctx, tx, editions, numbers)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("load hits: %w", err))
	}
	var known []searchdb.HitWorksRow
	if len(ids) > 0 {
		if known, err = s.q.HitWorks(ctx, tx, ids); err != nil {
			return nil, postgres.Fault(fmt.Errorf("load works: %w", err))
		}
	}
	type key struct {
		edition uuid.UUID
		number  int32
	}
	type page struct {
		hitPage
		text *written
	}
	titles := map[key]bool{}
	for _, c := range candidates {
		titles[key{c.editionID, c.number}] = c.work
	}
	type work struct {
		hitPage
		texts [2]*written // the abstract, and what else is known
	}
	units := q.wanted()
	var texts []*written
	read := func(text, language string) *written {
		w := newWritten(text, language)
		texts = append(texts, w)
		return w
	}
	pages, works, marks := make(map[key]page, len(rows)), make(map[uuid.UUID]work, len(known)), map[uuid.UUID]*written{}
	for _, row := range rows {
		p := page{hitPage{row.DocumentID, row.LibraryID, row.Title, row.Label, row.Year, nil}, nil}
		if err := json.Unmarshal(row.Authors, &p.authors); err != nil {
			return nil, fmt.Errorf("authors of %s: %w", row.DocumentID, err)
		}
		if titles[key{row.EditionID, row.Number}] {
			// Its beginning alone is shown.
			row.Text = string([]rune(row.Text)[:min(len([]rune(row.Text)), 2*maxSnippet)])
		}
		p.text = read(row.Text, row.Language)
		pages[key{row.EditionID, row.Number}] = p
	}
	for _, row := range known {
		w := work{hitPage: hitPage{row.DocumentID, row.LibraryID, row.Title, "", row.Year, nil}}
		if err := json.Unmarshal(row.Authors, &w.authors); err != nil {
			return nil, fmt.Errorf("authors of %s: %w", row.DocumentID, err)
		}
		w.texts = [2]*written{read(csl.Plain(row.Abstract), row.Language), read(csl.Plain(row.Others), row.Language)}
		works[row.DocumentID] = w
	}
	for _, c := range candidates {
		if c.mark != nil {
			marks[c.mark.id] = read(c.mark.text, "en")
		}
	}
	forms, err := s.stem(ctx, tx, units, texts)
	if err != nil {
		return nil, err
	}
	for _, c := range candidates {
		h := Hit{DocumentID: c.documentID, EditionID: c.editionID, Page: int(c.number)}
		p, ok := pages[key{c.editionID, c.number}]
		var found passage
		switch {
		case c.work:
			w, known := works[c.documentID]
			if !known {
				continue // deleted since it was found
			}
			h.Kind, p.hitPage = KindTitle, w.hitPage
			if found = best(w.texts, units, forms); len(found.highlights) == 0 {
				switch {
				case ok:
					found = findPassage(p.text, nil, nil)
				case w.texts[0].text != "":
					found = findPassage(w.texts[0], nil, nil)
				}
			}
			found.start, found.end, found.ranges = 0, 0, []Range{}
		case !ok:
			continue
		case c.mark != nil:
			h.Kind = c.mark.kind
			h.MarkID, h.MarkAuthor = uuid.NullUUID{UUID: c.mark.id, Valid: true}, c.mark.author
			found = findPassage(marks[c.mark.id], units, forms)
			// Its offsets are not the page's.
			found.start, found.end, found.ranges = 0, 0, []Range{}
		default:
			if h.Kind, found = KindText, findPassage(p.text, units, forms); found.end == 0 {
				continue // a stem of one language that is another word's in a near one
			}
		}
		h.LibraryID, h.Title, h.Authors, h.Year, h.PageLabel = p.libraryID, p.title, p.authors, p.year, p.label
		h.Snippet, h.Highlights, h.Start, h.End, h.Ranges = found.snippet, found.highlights, found.start, found.end, found.ranges
		hits = append(hits, h)
	}
	return hits, nil
}

// best is the passage of the first of some texts that has any of the words.
func best(texts [2]*written, units []unit, forms forms) passage {
	p := findPassage(texts[0], units, forms)
	if len(p.highlights) == 0 {
		p = findPassage(texts[1], units, forms)
	}
	return p
}

// stem asks the database for the stems of the texts' words that may be among the
// query's, each in its text's language, and for those of the query. A stemmer
// changes a word's end and never its first letter.
func (s *Service) stem(ctx context.Context, tx *postgres.Tx, units []unit, texts []*written) (forms, error) {
	f := forms{}
	var ask pairs
	first := map[rune]bool{}
	for _, u := range units {
		for _, w := range append([]string{u.joined}, u.words...) {
			if w != "" {
				first[firstRune(w)] = true
			}
		}
	}
	spoken := map[string]bool{}
	for _, t := range texts {
		if document.Dictionary(t.language) == "" {
			continue
		}
		spoken[t.language] = true
		for i, term := range t.terms {
			if first[firstRune(term.Text)] && hasStem(term.Text) {
				t.typed[i] = term.Typed(t.runes)
				ask.add(t.language, t.typed[i], term.Text)
			}
		}
	}
	for code := range spoken {
		for _, u := range units {
			for i, w := range u.words {
				ask.add(code, u.typed[i], w)
				ask.add(code, w, w)
			}
			if u.joined != "" {
				ask.add(code, u.joined, u.joined)
			}
		}
	}
	stems, err := s.stemsOf(ctx, tx, ask)
	if err != nil {
		return nil, err
	}
	for i, stem := range stems {
		f[word{ask.languages[i], ask.words[i]}] = stem
	}
	for _, t := range texts {
		for i, w := range t.typed {
			if w != "" {
				t.stems[i] = f[word{t.language, w}]
			}
		}
	}
	return f, nil
}

func firstRune(word string) rune {
	r, _ := utf8.DecodeRuneInString(word)
	return r
}
