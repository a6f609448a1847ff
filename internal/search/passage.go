package search

import (
	"slices"
	"strings"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/document"
)

// Range is a piece of a text: code point offsets, half open.
type Range [2]int

// passage is where on a page a query's words stand, and the text around them.
type passage struct {
	snippet    string
	highlights []Range // in the snippet
	start, end int     // of the whole hit in the page's text; both 0 without one
	ranges     []Range // each matched word in the page's text
}

const (
	snippetWords = 30
	maxSnippet   = 500 // code points; words of a formula may be long
	maxRanges    = 200 // a page may have "the" 300 times
)

// occurrence is a place where a unit of the query stands, in terms of the page.
type occurrence struct {
	unit, first, last int
}

// written is a text in a language, cut into words.
type written struct {
	text, language string
	runes          []rune
	terms          []document.Term
	typed, stems   []string // of terms; empty for those that cannot be among the query's
}

func newWritten(text, language string) *written {
	w := &written{text: text, language: language, runes: []rune(text), terms: document.Terms(text)}
	w.typed, w.stems = make([]string, len(w.terms)), make([]string, len(w.terms))
	return w
}

// forms are stems of words as they were written, by language.
type forms map[word]string

// findPassage looks for the part of the text that has the most of the units close
// together; without any, it gives the beginning.
func findPassage(t *written, units []unit, f forms) passage {
	found := occurrences(t, units, f)
	if len(found) == 0 {
		return cutSnippet(t.text, t.terms, 0, -1, nil)
	}
	from, to := densest(found)
	first, last := found[from].first, found[from].last
	for _, o := range found[from : to+1] {
		last = max(last, o.last)
	}
	ranges := wordRanges(t.terms, around(found, from))
	p := cutSnippet(t.text, t.terms, first, last, ranges)
	p.start, p.end, p.ranges = t.terms[first].Start, t.terms[last].End, ranges
	return p
}

// sought is a unit, or its joined form, with the stems that each word may have.
type sought struct {
	unit   int
	words  []string
	stems  [][]string
	prefix bool
}

// occurrences lists where the units stand, in the order of the text.
func occurrences(t *written, units []unit, f forms) []occurrence {
	var list []sought
	add := func(unit int, words, typed []string, prefix bool) {
		one := sought{unit: unit, words: words, stems: make([][]string, len(words)), prefix: prefix && len(words) == 1}
		for i, w := range words {
			for _, form := range []string{typed[i], w} {
				if stem, ok := f[word{t.language, form}]; ok {
					one.stems[i] = append(one.stems[i], stem)
				}
			}
		}
		list = append(list, one)
	}
	for i, u := range units {
		add(i, u.words, u.typed, u.prefix)
		if u.joined != "" {
			add(i, []string{u.joined}, []string{u.joined}, false)
		}
	}
	// By first letter, which a stem shares: most words of a text are none of these.
	byLetter := map[rune][]sought{}
	for _, one := range list {
		r := firstRune(one.words[0])
		byLetter[r] = append(byLetter[r], one)
	}
	var found []occurrence
	for i := range t.terms {
		for _, one := range byLetter[firstRune(t.terms[i].Text)] {
			if one.at(t, i) {
				found = append(found, occurrence{unit: one.unit, first: i, last: i + len(one.words) - 1})
			}
		}
	}
	return found
}

// at reports whether the words stand in the text from its i-th on.
func (s sought) at(t *written, i int) bool {
	if len(t.terms)-i < len(s.words) {
		return false
	}
	for j, w := range s.words {
		text, stem := t.terms[i+j].Text, t.stems[i+j]
		if text != w && (stem == "" || !slices.Contains(s.stems[j], stem)) && (!s.prefix || !strings.HasPrefix(text, w)) {
			return false
		}
	}
	return true
}

// densest gives the run of occurrences, from and to inclusive, that has the
// most different units within a snippet; among equals the shortest, then the
// first.
func densest(found []occurrence) (from, to int) {
	bestUnits, bestSpan := 0, 0
	for i := range found {
		seen := map[int]bool{}
		for j := i; j < len(found) && (j == i || found[j].last < found[i].first+snippetWords); j++ {
			if seen[found[j].unit] {
				continue
			}
			seen[found[j].unit] = true
			span := found[j].last - found[i].first
			if len(seen) > bestUnits || len(seen) == bestUnits && span < bestSpan {
				bestUnits, bestSpan, from, to = len(seen), span, i, j
			}
		}
	}
	return from, to
}

// around keeps at most maxRanges occurrences, with those of the hit among them.
func around(found []occurrence, hit int) []occurrence {
	if len(found) <= maxRanges {
		return found
	}
	begin := min(max(0, hit-maxRanges/4), len(found)-maxRanges)
	return found[begin : begin+maxRanges]
}

// wordRanges gives each word of the occurrences once.
func wordRanges(terms []document.Term, found []occurrence) []Range {
	var ranges []Range
	next := 0
	for _, o := range found {
		for i := max(o.first, next); i <= o.last; i++ {
			ranges = append(ranges, Range{terms[i].Start, terms[i].End})
			next = i + 1
		}
	}
	return ranges
}

// cutSnippet cuts about snippetWords words around terms[first:last+1] out of
// the text, at white space.
func cutSnippet(text string, terms []document.Term, first, last int, ranges []Range) passage {
	runes := []rune(text)
	if len(terms) == 0 {
		return passage{highlights: []Range{}, ranges: []Range{}}
	}
	spare := max(0, snippetWords-(last-first+1))
	begin := max(0, first-spare/2)
	finish := min(len(terms)-1, begin+max(snippetWords, last-first+1)-1)
	begin = max(0, min(begin, finish-snippetWords+1))

	from, to := terms[begin].Start, terms[finish].End
	if to-from > maxSnippet {
		from = max(from, terms[first].Start-maxSnippet/4)
		to = min(to, from+maxSnippet)
	}
	const reach = 40 // how far a border may move to find white space
	for n := 0; from > 0 && n < reach && !unicode.IsSpace(runes[from-1]); n++ {
		from--
	}
	for n := 0; to < len(runes) && n < reach && !unicode.IsSpace(runes[to]); n++ {
		to++
	}
	p := passage{highlights: []Range{}, ranges: []Range{}}
	piece := make([]rune, 0, to-from)
	for _, r := range runes[from:to] {
		if r == '\n' {
			r = ' ' // one for one, so that offsets hold
		}
		piece = append(piece, r)
	}
	p.snippet = string(piece)
	for _, r := range ranges {
		if r[0] >= from && r[1] <= to {
			p.highlights = append(p.highlights, Range{r[0] - from, r[1] - from})
		}
	}
	return p
}
