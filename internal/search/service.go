package search

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
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
	KindTitle   Kind = "title"   // title, authors or filters alone
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
	EditionID  uuid.UUID
	LibraryID  uuid.UUID
	Title      string
	Authors    []csl.Name // at most the first 50
	Year       *int32
	Page       int // the page's place in the file, from 1
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
	q := asked{Query: parsed, person: p, batch: batch}
	if req.Typing {
		q.batch = typingBatch
	}
	if q.libraryIDs, err = s.libraries(ctx, p, req.LibraryID); err != nil {
		return Result{}, err
	}
	if q.scopes, err = s.scopes(ctx, p, q.libraryIDs, parsed); err != nil {
		return Result{}, err
	}
	found, err := s.round(ctx, q, from.Skip)
	if err != nil {
		return Result{}, err
	}
	if from.Skip == 0 {
		if err := s.addTitles(ctx, q, &found); err != nil {
			return Result{}, err
		}
		if err := s.addMarks(ctx, q, &found); err != nil {
			return Result{}, err
		}
	}
	found.order()
	r := Result{Partial: !found.all, Filters: parsed.filters(), Facets: found.facets()}
	begin := min(from.Offset, len(found.hits))
	end := min(begin+req.Limit, len(found.hits))
	switch {
	case end < len(found.hits):
		r.Next = place{Skip: from.Skip, Offset: end}.encode()
	case !found.all && found.seen < maxSkip:
		r.Next = place{Skip: found.seen}.encode()
	}
	if r.Hits, err = s.hits(ctx, parsed, found.hits[begin:end]); err != nil {
		return Result{}, err
	}
	if r.Pending, err = s.q.PendingDocuments(ctx, s.pool, q.libraryIDs); err != nil {
		return Result{}, postgres.Fault(fmt.Errorf("pending documents: %w", err))
	}
	if len(found.hits) == 0 && found.all && !req.Typing && req.Cursor == "" {
		if r.Suggestion, err = s.suggest(ctx, q, req.Query); err != nil {
			return Result{}, err
		}
	}
	r.Message = r.message()
	return r, nil
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

// hits loads the pages of candidates and finds the words on them.
func (s *Service) hits(ctx context.Context, q Query, candidates []candidate) ([]Hit, error) {
	hits := make([]Hit, 0, len(candidates))
	if len(candidates) == 0 {
		return hits, nil
	}
	editions, numbers := make([]uuid.UUID, len(candidates)), make([]int32, len(candidates))
	for i, c := range candidates {
		editions[i], numbers[i] = c.editionID, c.number
	}
	rows, err := s.q.HitPages(ctx, s.pool, editions, numbers)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("load hits: %w", err))
	}
	type key struct {
		edition uuid.UUID
		number  int32
	}
	type page struct {
		searchdb.HitPagesRow
		terms []document.Term
	}
	pages := make(map[key]page, len(rows))
	texts := make([][]document.Term, len(rows))
	for i, row := range rows {
		texts[i] = document.Terms(row.Text)
		pages[key{row.EditionID, row.Number}] = page{row, texts[i]}
	}
	marks := map[uuid.UUID][]document.Term{}
	for _, c := range candidates {
		if c.mark != nil {
			marks[c.mark.id] = document.Terms(c.mark.text)
			texts = append(texts, marks[c.mark.id])
		}
	}
	units := q.wanted()
	stemOf, err := s.stems(ctx, units, texts)
	if err != nil {
		return nil, err
	}
	for _, c := range candidates {
		row, ok := pages[key{c.editionID, c.number}]
		if !ok {
			continue // deleted since it was found
		}
		var authors []csl.Name
		if err := json.Unmarshal(row.Authors, &authors); err != nil {
			return nil, fmt.Errorf("authors of %s: %w", row.DocumentID, err)
		}
		kind, found := KindText, passage{}
		if c.mark == nil {
			if found = findPassage(row.Text, row.terms, units, stemOf); found.end == 0 {
				kind = KindTitle
			}
		} else {
			found = findPassage(c.mark.text, marks[c.mark.id], units, stemOf)
			// Its offsets are not the page's.
			kind, found.start, found.end, found.ranges = c.mark.kind, 0, 0, []Range{}
		}
		var markID uuid.NullUUID
		var author string
		if c.mark != nil {
			markID, author = uuid.NullUUID{UUID: c.mark.id, Valid: true}, c.mark.author
		}
		hits = append(hits, Hit{
			Kind: kind, MarkID: markID, MarkAuthor: author,
			DocumentID: row.DocumentID, EditionID: row.EditionID, LibraryID: row.LibraryID,
			Title: row.Title, Authors: authors, Year: row.Year, Page: int(row.Number), PageLabel: row.Label,
			Snippet: found.snippet, Highlights: found.highlights, Start: found.start, End: found.end, Ranges: found.ranges,
		})
	}
	return hits, nil
}

// stems asks the database, which alone knows its stemmer, for the stems of the
// query's words and of those words on the pages that may have one of them: the
// stemmer changes a word's end and never its first letter.
func (s *Service) stems(ctx context.Context, units []unit, texts [][]document.Term) (stem, error) {
	known := map[string]string{}
	first := map[rune]bool{}
	var ask []string
	want := func(word string) {
		if _, ok := known[word]; ok || strings.ContainsFunc(word, unicode.IsDigit) {
			return // the index has words with digits as they are
		}
		known[word] = word
		ask = append(ask, word)
	}
	for _, u := range units {
		for _, word := range append([]string{u.joined}, u.words...) {
			if word != "" {
				want(word)
				first[firstRune(word)] = true
			}
		}
	}
	for _, terms := range texts {
		for _, t := range terms {
			if first[firstRune(t.Text)] {
				want(t.Text)
			}
		}
	}
	rows, err := s.q.Stems(ctx, s.pool, ask)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("stems: %w", err))
	}
	for _, row := range rows {
		known[row.Word] = row.Stem
	}
	return func(word string) string {
		if stem, ok := known[word]; ok {
			return stem
		}
		return word
	}, nil
}

func firstRune(word string) rune {
	r, _ := utf8.DecodeRuneInString(word)
	return r
}
