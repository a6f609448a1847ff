package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// facets counts a round's hits.
func (r round) facets() Facets {
	var f Facets
	years, people, documents := map[int32]int{}, map[string]int{}, map[uuid.UUID]bool{}
	for _, c := range r.hits {
		switch {
		case c.mark != nil:
			f.Marks++
			people[c.mark.author]++
		case c.tier > bodyTier:
			f.Titles++
		default:
			f.Pages++
		}
		if c.year != nil && !documents[c.documentID] {
			years[*c.year]++
		}
		documents[c.documentID] = true
	}
	for year, n := range years {
		f.Years = append(f.Years, YearCount{year, n})
	}
	slices.SortFunc(f.Years, func(a, b YearCount) int { return cmp.Compare(a.Year, b.Year) })
	for name, n := range people {
		f.People = append(f.People, NamedCount{name, n})
	}
	slices.SortFunc(f.People, func(a, b NamedCount) int {
		return cmp.Or(cmp.Compare(b.Marks, a.Marks), strings.Compare(a.Name, b.Name))
	})
	return f
}

// suggest gives the query with each of its words put right that no title and no
// author here has, but nearly; empty where there is nothing to put right.
func (s *Service) suggest(ctx context.Context, q asked, query string) (string, error) {
	var out strings.Builder
	changed, runes, at := false, []rune(query), 0
	for _, t := range tokens(query) {
		terms := document.Terms(t.text)
		if t.field != "" || t.quoted || t.not || len(terms) != 1 || t.isOr() {
			continue
		}
		word, err := s.nearest(ctx, q.libraryIDs, terms[0].Text)
		if err != nil {
			return "", err
		}
		if word != "" && word != terms[0].Text {
			out.WriteString(string(runes[at:t.start]) + word)
			at, changed = t.end, true
		}
	}
	if !changed {
		return "", nil
	}
	return out.String() + string(runes[at:]), nil
}

// nearest gives the word of titles and authors that takes the fewest changes to
// get to: at most one, or two of eight letters or more.
func (s *Service) nearest(ctx context.Context, libraryIDs []uuid.UUID, word string) (string, error) {
	length := len([]rune(word))
	if length < 4 {
		return "", nil
	}
	var listings []string
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		// Half as much as is usual: two letters swapped change four of a word's
		// trigrams. How near a word is, is counted below.
		_, err := tx.Exec(ctx, "SET LOCAL pg_trgm.word_similarity_threshold = 0.3")
		if err == nil {
			listings, err = s.q.SimilarListings(ctx, tx, libraryIDs, word)
		}
		return err
	})
	if err != nil {
		return "", postgres.Fault(fmt.Errorf("similar words: %w", err))
	}
	best, least := "", 1+length/8
	for _, listing := range listings {
		for other := range strings.FieldsSeq(listing) {
			if n := distance([]rune(word), []rune(other)); n < least || n == least && best == "" {
				best, least = other, n
			}
		}
	}
	return best, nil
}

// distance counts letters that are put in, left out, exchanged, or swapped with
// their neighbour (optimal string alignment).
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
