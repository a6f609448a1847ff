package search

import (
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

// stem gives the form in which the index has a word.
type stem func(word string) string

// findPassage looks for the part of the page that has the most of the units
// close together.
func findPassage(text string, terms []document.Term, units []unit, stemOf stem) passage {
	found := occurrences(terms, units, stemOf)
	if len(found) == 0 {
		return cutSnippet(text, terms, 0, -1, nil)
	}
	from, to := densest(found)
	first, last := found[from].first, found[from].last
	for _, o := range found[from : to+1] {
		last = max(last, o.last)
	}
	ranges := wordRanges(terms, around(found, from))
	p := cutSnippet(text, terms, first, last, ranges)
	p.start, p.end, p.ranges = terms[first].Start, terms[last].End, ranges
	return p
}

// occurrences lists where the units stand, in the order of the page.
func occurrences(terms []document.Term, units []unit, stemOf stem) []occurrence {
	type form struct {
		unit  int
		stems []string
	}
	var beginnings []form
	forms := map[string][]form{} // by first stem
	add := func(unit int, words ...string) {
		f := form{unit: unit, stems: make([]string, len(words))}
		for i, w := range words {
			f.stems[i] = stemOf(w)
		}
		if units[unit].prefix && len(f.stems) == 1 {
			beginnings = append(beginnings, f)
		}
		forms[f.stems[0]] = append(forms[f.stems[0]], f)
	}
	for i, u := range units {
		add(i, u.words...)
		if u.joined != "" {
			add(i, u.joined)
		}
	}
	stems := make([]string, len(terms))
	for i, t := range terms {
		stems[i] = stemOf(t.Text)
	}
	var found []occurrence
	for i := range stems {
		for _, f := range forms[stems[i]] {
			if hasPrefix(stems[i:], f.stems) {
				found = append(found, occurrence{unit: f.unit, first: i, last: i + len(f.stems) - 1})
			}
		}
		for _, f := range beginnings {
			if stems[i] != f.stems[0] && strings.HasPrefix(stems[i], f.stems[0]) {
				found = append(found, occurrence{unit: f.unit, first: i, last: i})
			}
		}
	}
	return found
}

func hasPrefix(stems, prefix []string) bool {
	if len(stems) < len(prefix) {
		return false
	}
	for i, p := range prefix {
		if stems[i] != p {
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
