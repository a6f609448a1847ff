package anchoring

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"
)

// The thresholds. doc.go says where they come from.
const (
	// certainContext is the similarity of contexts that are the same but for
	// errors; both of a quote's, at least minReplaced runes long, tell its place
	// even when its text is gone.
	certainContext = 0.75
	minReplaced    = 12
	// agreeing is the similarity from which a side's context counts.
	agreeing = 0.6
	// chance is the similarity that unrelated text has at a given place.
	chance = 0.4
	// minEvidence, in runes that agree beyond chance, to believe in a place.
	minEvidence = 12
	// Changed text must be this similar when only one side's context agrees; when
	// none does, this similar and this long.
	minOneSided = 0.85
	minAlone    = 0.9
	aloneLength = 32
	// Of two places the better must lead by marginRunes and marginPart of its
	// own evidence.
	marginRunes = 6
	marginPart  = 0.08
	// Among equal places the hint decides when one is within nearHint runes of
	// it and the next is clearly farther away.
	nearHint = 60
	// maxContext runes of each side's context are looked at.
	maxContext = maxContextLength
	// Another place that has this part of the quote's grams, by weight, is a near
	// copy. Longer text hardly has any that errors could make equal.
	nearCopyPart   = 0.6
	nearCopyLength = 256
	// A quote longer than this is found by its ends unless it is the same.
	maxWhole = 2048
)

// What bounds the work for one quote, whatever the text.
const (
	maxOccurrences = 1000
	maxPlaces      = 5000
	maxHits        = 3000
	maxGrams       = 64
	maxCandidates  = 12
)

// query is a quote as it is looked for.
type query struct {
	prefix, exact, suffix []rune
	form                  []rune // of exact
	all                   []rune // prefix, exact and suffix
	hint                  int    // where the layer has the hint's beginning, or -1
}

// newQuery is nil for a quote of which the key has nothing.
func newQuery(q Quote) *query {
	exact := keyOf(q.Exact)
	if len(exact.runes) == 0 {
		return nil
	}
	return queryOf(tail(keyOf(q.Prefix).runes, maxContext), exact.runes, head(keyOf(q.Suffix).runes, maxContext), exact.form)
}

func queryOf(prefix, exact, suffix, form []rune) *query {
	return &query{
		prefix: prefix, exact: exact, suffix: suffix, form: form,
		all:  slices.Concat(prefix, exact, suffix),
		hint: -1,
	}
}

// candidate is a place that may be the quote's.
type candidate struct {
	layer      *layer
	start, end int // in the layer's key
	distance   int // of the exact text
	// same: equal before folding too.
	same bool
	// Similarity of the contexts; 0 for one that is empty.
	prefix, suffix float64
	// evidence for the place, in runes that agree beyond chance.
	evidence float64
}

// scratch is memory that lookups use again.
type scratch struct {
	exact, back     pattern
	before, after   pattern
	forward, behind pattern
	front           pattern
	a, b, c         []int32
	grams           []gram
	hits            []hit
}

// Locate finds the quote. The hint is where it stood, in this document or in
// another edition of it; it may be nil, and parts that do not exist are ignored.
// See the package documentation for how, and for what it refuses to guess.
func (t *Text) Locate(q Quote, hint []Position) Match {
	if match, ok := t.unchanged(q, hint); ok {
		return match
	}
	look := newQuery(q)
	if look == nil {
		return orphan()
	}
	s := t.scratch.Get().(*scratch) //nolint:errcheck,forcetypeassert // the pool makes nothing else
	defer t.scratch.Put(s)

	best, result := t.search(look, hint, s)
	if result == nothing {
		return orphan()
	}
	score := 1.0
	status := StatusExact
	if !best.same || result == doubtful {
		status = StatusFuzzy
		score = min(0.99, best.similarity(look)*(0.8+0.2*best.agreement(look)))
		if result == doubtful {
			score *= 0.8
		}
	} else if result == byContext {
		score = 0.9 + 0.09*best.agreement(look)
	}
	if best.distance > 0 && len(look.exact) <= maxWhole {
		best.refine(look, s)
	}
	parts := t.parts(best, q, best.distance > 0)
	if len(parts) == 0 {
		return orphan()
	}
	return Match{Status: status, Score: score, Parts: parts}
}

func orphan() Match { return Match{Status: StatusOrphan} }

// unchanged is the first stage: the text at the hint is the quote's, letter by
// letter, and so is what stands around it.
func (t *Text) unchanged(q Quote, hint []Position) (Match, bool) {
	at, err := t.quoteAt(hint, utf8.RuneCountInString(q.Prefix), utf8.RuneCountInString(q.Suffix))
	if err != nil || at != q {
		return Match{}, false
	}
	return Match{Status: StatusExact, Score: 1, Parts: slices.Clone(hint)}, true
}

// isTwice tells whether the quote, with its contexts, fits other places about as
// well as the one it is from.
func (t *Text) isTwice(q Quote, from Position) bool {
	look := newQuery(q)
	if look == nil || len(look.exact) > maxWhole {
		return false
	}
	s := t.scratch.Get().(*scratch) //nolint:errcheck,forcetypeassert // the pool makes nothing else
	defer t.scratch.Put(s)
	look.hint = t.whole.at(from.Page-1, from.Start)
	s.prepare(look)
	found := append(t.whole.occurrences(look, s), t.whole.similar(look, s)...)
	return len(leading(found, look)) > 1
}

// verdict is how a place was chosen.
type verdict int

const (
	nothing   verdict = iota
	alone             // the only place
	byContext         // one of several, by what stands around it
	doubtful          // for a reason that a person should look at
)

// search looks in the whole text, and where that leaves a doubt in the text
// without running heads and feet, which part what they stand between.
func (t *Text) search(q *query, hint []Position, s *scratch) (candidate, verdict) {
	best, result := t.searchLayer(t.whole, q, hint, s)
	if t.flow == nil || result != nothing && best.certain(q) {
		return best, result
	}
	other, otherResult := t.searchLayer(t.flow, q, hint, s)
	if otherResult != nothing && (result == nothing || other.evidence > best.evidence) {
		return other, otherResult
	}
	return best, result
}

func (t *Text) searchLayer(l *layer, q *query, hint []Position, s *scratch) (candidate, verdict) {
	q.hint = -1
	if len(hint) > 0 && hint[0].Page >= 1 && hint[0].Page <= len(t.pages) {
		q.hint = l.at(hint[0].Page-1, hint[0].Start)
	}
	s.prepare(q)
	found := l.occurrences(q, s)
	best, result := choose(found, q)
	if result != nothing && best.certain(q) {
		if len(q.exact) <= nearCopyLength && l.nearCopy(q, s) &&
			(best.agreement(q) < 1 || len(leading(append(found, l.similar(q, s)...), q)) > 1) {
			result = doubtful
		}
		return best, result
	}
	if len(q.exact) > maxWhole {
		if len(found) == 0 {
			return l.byEnds(q, false, s)
		}
		return best, result
	}
	found = append(found, l.similar(q, s)...)
	if best, result = choose(found, q); result == nothing && len(leading(found, q)) == 0 {
		return l.byEnds(q, slices.ContainsFunc(found, func(c candidate) bool { return c.replaced(q) }), s)
	}
	return best, result
}

// nearCopy tells whether the quote with its contexts may be there a second time
// but for a few runes, as in a running foot: then errors may have made the wrong
// one equal.
func (l *layer) nearCopy(q *query, s *scratch) bool {
	l.collect(q, s)
	groups := s.groups(16 + len(q.all)/8)
	return len(groups) > 1 && groups[1].weight >= nearCopyPart*groups[0].weight
}

// prepare sets the patterns that each candidate is compared with.
func (s *scratch) prepare(q *query) {
	s.before.set(q.prefix, true)
	s.after.set(q.suffix, false)
	s.front.set(q.prefix, false)
	if len(q.exact) <= maxWhole {
		s.exact.set(q.exact, false)
		s.back.set(q.exact, true)
		s.forward.set(q.all[:len(q.prefix)+len(q.exact)], false)
		s.behind.set(q.suffix, true)
	}
}

// certain: nothing else needs to be looked at.
func (c *candidate) certain(q *query) bool {
	return c.distance == 0 &&
		(len(q.prefix) == 0 || c.prefix >= certainContext) && (len(q.suffix) == 0 || c.suffix >= certainContext) &&
		len(q.prefix)+len(q.suffix) > 0
}

// similarity of the text itself, from 0 to 1.
func (c *candidate) similarity(q *query) float64 {
	return max(0, 1-float64(c.distance)/float64(len(q.exact)))
}

// agreement of the contexts, from 0 to 1; 1 when the quote has none.
func (c *candidate) agreement(q *query) float64 {
	length := len(q.prefix) + len(q.suffix)
	if length == 0 {
		return 1
	}
	return (c.prefix*float64(len(q.prefix)) + c.suffix*float64(len(q.suffix))) / float64(length)
}

func (c *candidate) weigh(q *query) {
	c.evidence = float64(len(q.exact)) * beyondChance(c.similarity(q))
	if c.prefix >= agreeing {
		c.evidence += float64(len(q.prefix)) * beyondChance(c.prefix)
	}
	if c.suffix >= agreeing {
		c.evidence += float64(len(q.suffix)) * beyondChance(c.suffix)
	}
}

func beyondChance(similarity float64) float64 { return max(0, (similarity-chance)/(1-chance)) }

// believable tells whether a place could be the quote's, if there were no other.
func (c *candidate) believable(q *query) bool {
	if c.evidence < minEvidence {
		return false
	}
	if c.distance == 0 {
		return true
	}
	similarity := c.similarity(q)
	if similarity < minSimilarity(len(q.exact)) {
		return false
	}
	switch c.sides(q) {
	case 2:
		return true
	case 1:
		return similarity >= minOneSided
	}
	return similarity >= minAlone && len(q.exact) >= aloneLength
}

// sides is how many of the contexts agree; where the quote has none, as at the
// beginning of a document, the other stands for both.
func (c *candidate) sides(q *query) int {
	prefix, suffix := c.prefix >= agreeing, c.suffix >= agreeing
	switch {
	case prefix && (suffix || len(q.suffix) == 0), suffix && len(q.prefix) == 0:
		return 2
	case prefix || suffix:
		return 1
	}
	return 0
}

// replaced tells whether both contexts still stand together, around another
// text or none: there the quote was taken out, or written anew.
func (c *candidate) replaced(q *query) bool {
	return len(q.prefix) >= minReplaced && len(q.suffix) >= minReplaced &&
		c.prefix >= certainContext && c.suffix >= certainContext && !c.believable(q)
}

// minSimilarity of changed text. Short text is like some other by chance.
func minSimilarity(length int) float64 {
	return 0.5 + 1.2/math.Sqrt(float64(length))
}

// choose the place that the evidence is for, or none.
func choose(found []candidate, q *query) (candidate, verdict) {
	rivals := leading(found, q)
	if len(rivals) == 0 {
		return candidate{}, nothing
	}
	best := rivals[0]
	if best.sides(q) < 2 && slices.ContainsFunc(found, func(c candidate) bool { return c.replaced(q) && !c.samePlace(&best) }) {
		// The same text elsewhere may be what was moved, or have been there before.
		if best.distance == 0 && len(q.exact) >= aloneLength && len(rivals) == 1 {
			return best, doubtful
		}
		return candidate{}, nothing
	}
	if len(rivals) == 1 {
		others := slices.ContainsFunc(found, func(c candidate) bool {
			return c.distance <= best.distance && !c.samePlace(&best)
		})
		if others {
			return best, byContext
		}
		return best, alone
	}
	if q.hint < 0 {
		return candidate{}, nothing
	}
	away := func(c candidate) int { return abs(c.start - q.hint) }
	slices.SortStableFunc(rivals, func(a, b candidate) int { return cmp.Compare(away(a), away(b)) })
	if first, second := away(rivals[0]), away(rivals[1]); first <= nearHint && second >= 10*first+nearHint {
		return rivals[0], doubtful
	}
	return candidate{}, nothing
}

// leading are the best believable place and those that are about as good.
func leading(found []candidate, q *query) []candidate {
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.evidence, a.evidence), cmp.Compare(a.distance, b.distance), cmp.Compare(a.start, b.start))
	})
	var rivals []candidate
	for i := range found {
		c := &found[i]
		if len(rivals) > 0 && rivals[0].evidence-c.evidence >= marginRunes+marginPart*rivals[0].evidence {
			break
		}
		if !c.believable(q) {
			continue
		}
		if !slices.ContainsFunc(rivals, func(r candidate) bool { return c.samePlace(&r) }) {
			rivals = append(rivals, *c)
		}
	}
	return rivals
}

// samePlace: two ways to see one place. Two equal texts that overlap, as in a
// text that repeats itself, are two places.
func (c *candidate) samePlace(other *candidate) bool {
	if c.distance == 0 && other.distance == 0 {
		return c.start == other.start
	}
	shared := min(c.end, other.end) - max(c.start, other.start)
	return 2*shared > min(c.end-c.start, other.end-other.start)
}

// occurrences of the text itself.
func (l *layer) occurrences(q *query, s *scratch) []candidate {
	if len(q.exact) < gramLength {
		return nil // its places come from its context
	}
	// The rarest gram of some leads to all occurrences.
	var places []int32
	offset := -1
	step := max(1, (len(q.exact)-gramLength)/maxGrams)
	for i := 0; i+gramLength <= len(q.exact); i += step {
		if having := l.having(q.exact[i:]); offset < 0 || len(having) < len(places) {
			places, offset = having, i
		}
	}
	if len(places) > maxPlaces {
		places = l.nearest(places, q.hint)
	}
	var found []candidate
	for _, place := range places {
		start := int(place) - offset
		end := start + len(q.exact)
		if start < 0 || end > len(l.runes) || !slices.Equal(l.runes[start:end], q.exact) {
			continue
		}
		found = append(found, l.candidate(q, start, end, 0, s))
		if len(found) == maxOccurrences {
			break
		}
	}
	return found
}

// nearest of too many places: those around the hint, or the first.
func (l *layer) nearest(places []int32, hint int) []int32 {
	at := 0
	if hint >= 0 {
		at, _ = slices.BinarySearch(places, int32(hint))
	}
	from := max(0, min(at-maxPlaces/2, len(places)-maxPlaces))
	return places[from:min(len(places), from+maxPlaces)]
}

// candidate at a place, with its contexts compared.
func (l *layer) candidate(q *query, start, end, distance int, s *scratch) candidate {
	c := candidate{layer: l, start: start, end: end, distance: distance}
	c.same = distance == 0 && slices.Equal(l.form[start:end], q.form)
	room := len(q.prefix) + len(q.prefix)/2
	c.prefix = s.context(&s.before, l.runes[max(0, start-room):start], true)
	room = len(q.suffix) + len(q.suffix)/2
	c.suffix = s.context(&s.after, l.runes[end:min(len(l.runes), end+room)], false)
	c.weigh(q)
	return c
}

// context is the similarity of a side's context to the text that stands there.
func (s *scratch) context(p *pattern, text []rune, backwards bool) float64 {
	if p.length == 0 {
		return 0
	}
	s.c = p.distances(text, backwards, true, s.c)
	return 1 - float64(slices.Min(s.c))/float64(p.length)
}

// gram of a quote, and how often the text has it.
type gram struct {
	offset int
	places []int32
}

// hit is a gram of the quote that the text has too: diagonal is where the
// quote's first rune would then be.
type hit struct {
	diagonal int
	weight   float64
}

// similar are places whose text resembles the quote's.
func (l *layer) similar(q *query, s *scratch) []candidate {
	l.collect(q, s)
	if len(s.hits) == 0 {
		return nil
	}
	groups := s.groups(16 + len(q.all)/8)
	var found []candidate
	for _, g := range groups[:min(len(groups), maxCandidates)] {
		found = l.compare(found, q, g.from, g.to, s)
	}
	return found
}

// group of hits whose diagonals are close: they speak for one place. Insertions
// and deletions move them apart, more so in a long quote.
type group struct {
	weight   float64
	from, to int // diagonals
}

// groups of the hits, the heaviest first.
func (s *scratch) groups(width int) []group {
	var groups []group
	for i, j, sum := 0, 0, 0.0; i < len(s.hits); i++ {
		for ; j < len(s.hits) && s.hits[j].diagonal-s.hits[i].diagonal <= width; j++ {
			sum += s.hits[j].weight
		}
		one := group{sum, s.hits[i].diagonal, s.hits[j-1].diagonal}
		sum -= s.hits[i].weight
		// Of windows that share hits the heaviest stays.
		if last := len(groups) - 1; last >= 0 && one.from <= groups[last].to {
			if one.weight > groups[last].weight {
				groups[last] = one
			}
			continue
		}
		groups = append(groups, one)
	}
	slices.SortStableFunc(groups, func(a, b group) int { return cmp.Compare(b.weight, a.weight) })
	return groups
}

// collect the hits of the quote's rarest grams, by diagonal.
func (l *layer) collect(q *query, s *scratch) {
	s.grams, s.hits = s.grams[:0], s.hits[:0]
	for i := 0; i+gramLength <= len(q.all); i++ {
		if places := l.having(q.all[i:]); len(places) > 0 {
			s.grams = append(s.grams, gram{i, places})
		}
	}
	slices.SortStableFunc(s.grams, func(a, b gram) int { return cmp.Compare(len(a.places), len(b.places)) })
	for n, g := range s.grams {
		if n > 0 && (n == maxGrams || len(s.hits)+len(g.places) > maxHits) {
			break
		}
		places := g.places
		if len(places) > maxPlaces {
			places = l.nearest(places, q.hint)
		}
		weight := math.Log2(1 + float64(len(l.runes))/float64(len(places)))
		for _, place := range places {
			if !slices.Equal(l.runes[place:place+gramLength], q.all[g.offset:g.offset+gramLength]) {
				continue // another gram with the same hash
			}
			s.hits = append(s.hits, hit{int(place) - g.offset, weight})
		}
	}
	slices.SortFunc(s.hits, func(a, b hit) int { return cmp.Compare(a.diagonal, b.diagonal) })
}

// compare the text around a group of diagonals with the quote.
func (l *layer) compare(found []candidate, q *query, from, to int, s *scratch) []candidate {
	slack := 8 + len(q.exact)/3
	low := max(0, from+len(q.prefix)-slack)
	high := min(len(l.runes), to+len(q.prefix)+len(q.exact)+slack)
	if low >= high {
		return found
	}
	window := l.runes[low:high]
	s.a = s.exact.distances(window, false, false, s.a)
	nearest := leastAt(s.a)
	// Where the text is there twice, its context says which one it is.
	s.b = s.forward.distances(window, false, false, s.b)
	s.c = s.behind.distances(l.runes[low:min(len(l.runes), high+len(q.suffix))], true, false, s.c)
	whole := nearest
	for j := range s.a {
		if s.b[j]+s.c[len(s.c)-1-j] < s.b[whole]+s.c[len(s.c)-1-whole] {
			whole = j
		}
	}
	found = l.gap(found, q, window, low, s)
	wholeCost := s.a[whole]
	if float64(s.a[nearest]) <= 0.6*float64(len(q.exact)) {
		s.a = s.back.distances(window[:nearest], true, true, s.a)
		if length := leastAt(s.a); length > 0 {
			found = append(found, l.candidate(q, low+nearest-length, low+nearest, int(s.a[length]), s))
		}
	}
	if whole == nearest && float64(wholeCost) <= 0.2*float64(len(q.exact)) {
		return found // the same place
	}
	s.a = s.back.distances(window[:whole], true, true, s.a)
	s.b = s.front.distances(window[:whole], false, false, s.b)
	length := 0
	for n := range s.a {
		if s.a[n]+s.b[whole-n] < s.a[length]+s.b[whole-length] {
			length = n
		}
	}
	return append(found, l.candidate(q, low+whole-length, low+whole, int(s.a[length]), s))
}

// gap finds where in a window the prefix ends and, not far behind, the suffix
// begins, whatever stands between. The scratch has the suffix's distances in c.
func (l *layer) gap(found []candidate, q *query, window []rune, low int, s *scratch) []candidate {
	if len(q.prefix) < minReplaced || len(q.suffix) < minReplaced {
		return found
	}
	s.b = s.front.distances(window, false, false, s.b)
	best := candidate{layer: l, start: -1, distance: len(q.exact)}
	front := -1 // where the prefix fits best, up to here
	for j := range s.b {
		if front < 0 || s.b[j] < s.b[front] {
			front = j
		}
		prefix := 1 - float64(s.b[front])/float64(len(q.prefix))
		suffix := 1 - float64(s.c[len(s.c)-1-j])/float64(len(q.suffix))
		if prefix < certainContext || suffix < certainContext {
			continue
		}
		if best.start < 0 || suffix > best.suffix {
			best.start, best.end = low+front, low+j
			best.prefix, best.suffix = prefix, suffix
		}
	}
	if best.start < 0 {
		return found
	}
	best.weigh(q)
	return append(found, best)
}

func leastAt(distances []int32) int {
	best := 0
	for j, d := range distances {
		if d < distances[best] {
			best = j
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }
