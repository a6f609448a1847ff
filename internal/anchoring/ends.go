package anchoring

import "slices"

// Text that is found by its ends: how long an end is, at least and at most.
const (
	minEnd = 16
	maxEnd = 256
	// maxInserted runes more than the quote had may stand between the ends,
	// besides its own length.
	maxInserted = 600
	// minKept is the part of its grams that a quote must still have between them.
	// With a context that does not agree, minKeptAlone.
	minKept      = 0.15
	minKeptAlone = 0.5
)

// byEnds finds a quote that has changed much in its middle, or is very long, by
// finding its beginning and its end each by itself. Both must be found without a
// doubt, in order, and at a likely distance. Where the contexts do not agree, or
// stand around another text elsewhere (replaced), more of the text must be left.
func (l *layer) byEnds(q *query, replaced bool, s *scratch) (candidate, verdict) {
	// The shorter ends are for where more than a third has changed.
	for _, length := range []int{min(maxEnd, len(q.exact)/3), min(maxEnd/4, len(q.exact)/6)} {
		if length < minEnd {
			break
		}
		if found, result := l.byEndsOf(q, length, replaced, s); result != nothing {
			return found, result
		}
	}
	return candidate{}, nothing
}

// byEndsOf a length.
func (l *layer) byEndsOf(q *query, length int, replaced bool, s *scratch) (candidate, verdict) {
	inner := min(contextLength, length)
	first := queryOf(q.prefix, q.exact[:length], q.exact[length:length+inner], q.form[:length])
	cut := len(q.exact) - length
	last := queryOf(q.exact[cut-inner:cut], q.exact[cut:], q.suffix, q.form[cut:])

	front, ok := l.end(first, s)
	if !ok {
		return candidate{}, nothing
	}
	rear, ok := l.end(last, s)
	if !ok {
		return candidate{}, nothing
	}
	found := rear.end - front.start
	if rear.start < front.start || 3*found < len(q.exact) || found > 2*len(q.exact)+maxInserted {
		return candidate{}, nothing
	}
	kept := l.kept(q.exact, front.start, rear.end)
	out := candidate{
		layer: l, start: front.start, end: rear.end,
		// What is not kept counts as changed.
		distance: max(1, int((1-kept)*float64(len(q.exact)))),
		prefix:   front.prefix, suffix: rear.suffix,
		evidence: front.evidence + rear.evidence,
	}
	if kept < minKept || out.sides(q) < 2 && (replaced || kept < minKeptAlone) {
		return candidate{}, nothing
	}
	return out, alone
}

// end finds one end.
func (l *layer) end(q *query, s *scratch) (candidate, bool) {
	s.prepare(q)
	best, result := choose(slices.Concat(l.occurrences(q, s), l.similar(q, s)), q)
	if result == nothing {
		return candidate{}, false
	}
	if best.distance > 0 {
		best.refine(q, s)
	}
	return best, true
}

// kept is the part of a text's grams that stand between two places.
func (l *layer) kept(text []rune, from, to int) float64 {
	step := max(1, len(text)/200)
	all, there := 0, 0
	for i := 0; i+gramLength <= len(text); i += step {
		all++
		places := l.having(text[i:])
		at, _ := slices.BinarySearch(places, int32(from))
		if at < len(places) && int(places[at]) < to {
			there++
		}
	}
	return float64(there) / float64(max(all, 1))
}
