package anchoring

import (
	"slices"
	"unicode/utf8"
)

// refine moves the ends of a place that was found by similarity: with the
// contexts that agree, an end is where text and context together fit best, and
// of equal places the one nearest to the first.
func (c *candidate) refine(q *query, s *scratch) {
	l := c.layer
	slack := 4 + c.distance
	low := max(0, c.start-slack-2*len(q.prefix))
	high := min(len(l.runes), c.end+slack+2*len(q.suffix))
	window := l.runes[low:high]

	front, rear := []rune(nil), []rune(nil)
	if c.prefix >= agreeing {
		front = q.prefix
	}
	if c.suffix >= agreeing {
		rear = q.suffix
	}
	end := s.boundary(window, slices.Concat(front, q.exact), rear, c.end-low, slack)
	start := s.boundary(window, front, slices.Concat(q.exact, rear), c.start-low, slack)
	if start < end {
		c.start, c.end = low+start, low+end
	}
}

// boundary is where in the window the one text should end and the other begin,
// within slack of a guess.
func (s *scratch) boundary(window, left, right []rune, guess, slack int) int {
	s.forward.set(left, false)
	s.a = s.forward.distances(window, false, false, s.a)
	s.behind.set(right, true)
	s.b = s.behind.distances(window, true, false, s.b)
	cost := func(j int) int32 { return s.a[j] + s.b[len(window)-j] }
	best := guess
	for j := max(0, guess-slack); j <= min(len(window), guess+slack); j++ {
		if cost(j) < cost(best) || cost(j) == cost(best) && abs(j-guess) < abs(best-guess) {
			best = j
		}
	}
	return best
}

// parts of a place on its pages. The ends of a changed text go to the
// boundaries of words, where the quote's did.
func (t *Text) parts(c candidate, q Quote, changed bool) []Position {
	l := c.layer
	exact := []rune(q.Exact)
	first, last := l.pageAt(c.start), l.pageAt(c.end-1)
	parts := make([]Position, 0, last-first+1)
	for page := first; page <= last; page++ {
		if len(t.pages[page]) == 0 {
			continue
		}
		// A range that goes over a page's end goes up to it.
		part := Position{Page: page + 1, Start: 0, End: len(t.pages[page])}
		if page == first {
			part.Start = int(l.from[c.start])
			if changed {
				part.Start = t.snapStart(page, part.Start, exact, q.Prefix)
			}
			part.Start = t.extendStart(page, part.Start, exact)
		} else if l == t.flow {
			// … and in the text that has no running heads, up to these.
			part.Start = l.edge(page, false, part.Start)
		}
		if page == last {
			part.End = int(l.to[c.end-1])
			if changed {
				part.End = t.snapEnd(page, part.End, exact, q.Suffix)
			}
			part.End = t.extendEnd(page, part.End, exact)
		} else if l == t.flow {
			part.End = l.edge(page, true, part.End)
		}
		if part.Start < part.End {
			parts = append(parts, part)
		}
	}
	return parts
}

// edge of what a layer has of a page, in code points.
func (l *layer) edge(page int, end bool, otherwise int) int {
	from, to := l.starts[page], l.starts[page+1]
	switch {
	case from == to:
		return otherwise
	case end:
		return int(l.to[to-1])
	default:
		return int(l.from[from])
	}
}

// maxSnap is how many code points of punctuation an end moves over.
const maxSnap = 3

func (t *Text) snapStart(page, at int, exact []rune, prefix string) int {
	text := t.pages[page]
	exact = trimSpace(exact)
	if before := []rune(prefix); len(before) > 0 && inWord(before[len(before)-1], exact[0]) {
		return at // the quote began inside a word
	}
	if isWord(exact[0]) {
		for n := 0; n < maxSnap && at+1 < len(text) && !isWord(text[at]); n++ {
			at++
		}
	}
	if at == 0 || !inWord(text[at-1], text[at]) {
		return at
	}
	begin, next := at, at
	for begin > 0 && inWord(text[begin-1], text[begin]) {
		begin--
	}
	for next < len(text) && isWord(text[next]) {
		next++
	}
	for next < len(text) && !isWord(text[next]) {
		next++
	}
	if next < len(text) && next-at < at-begin {
		return next
	}
	return begin
}

func (t *Text) snapEnd(page, at int, exact []rune, suffix string) int {
	text := t.pages[page]
	exact = trimSpace(exact)
	final := exact[len(exact)-1]
	if after, size := utf8.DecodeRuneInString(suffix); size > 0 && inWord(final, after) {
		return at // the quote ended inside a word
	}
	if isWord(final) {
		for n := 0; n < maxSnap && at > 1 && !isWord(text[at-1]); n++ {
			at--
		}
	} else if at < len(text) && text[at] == final && text[at-1] != final {
		at++
	}
	if at == len(text) || !inWord(text[at-1], text[at]) {
		return at
	}
	begin, finish := at, at
	for finish < len(text) && inWord(text[finish-1], text[finish]) {
		finish++
	}
	for begin > 0 && isWord(text[begin-1]) {
		begin--
	}
	for begin > 0 && !isWord(text[begin-1]) {
		begin--
	}
	if begin > 0 && at-begin < finish-at {
		return begin
	}
	return finish
}

// extendStart takes in what the quote begins with and the key leaves out, such
// as a dash, if it stands there too.
func (t *Text) extendStart(page, at int, exact []rune) int {
	text := t.pages[page]
	lead := 0
	for lead < len(exact) && dropped(exact[lead]) {
		lead++
	}
	start := at
	for i := lead - 1; i >= 0 && at > 0 && text[at-1] == exact[i]; i-- {
		at--
		if !isSpace(exact[i]) {
			start = at
		}
	}
	return start
}

func (t *Text) extendEnd(page, at int, exact []rune) int {
	text := t.pages[page]
	trail := len(exact)
	for trail > 0 && dropped(exact[trail-1]) {
		trail--
	}
	end := at
	for i := trail; i < len(exact) && at < len(text) && text[at] == exact[i]; i++ {
		at++
		if !isSpace(exact[i]) {
			end = at
		}
	}
	return end
}
