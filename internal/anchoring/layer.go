package anchoring

import (
	"math/bits"
	"slices"
	"sort"
)

// layer is the key of a document, all pages in one, with an index of its grams.
type layer struct {
	key
	// starts of the pages in the key, and its length at the end.
	starts []int

	// The index: places of all grams of one hash stand together, in the order of
	// the text. first has where those of each hash begin.
	first  []int32
	places []int32
	shift  uint
}

// gramLength is short enough for one to survive between two errors, and long
// enough to be rare: at 5 % of errors in a stretch of 40 runes at least one of
// its 36 grams is whole in all but one of 10^5 cases.
const gramLength = 5

func newLayer(pages []key) *layer {
	length := 0
	for _, page := range pages {
		length += len(page.runes)
	}
	l := &layer{
		key: key{
			runes: make([]rune, 0, length),
			form:  make([]rune, 0, length),
			from:  make([]int32, 0, length),
			to:    make([]int32, 0, length),
		},
		starts: make([]int, 0, len(pages)+1),
	}
	for _, page := range pages {
		l.starts = append(l.starts, len(l.runes))
		l.runes = append(l.runes, page.runes...)
		l.form = append(l.form, page.form...)
		l.from = append(l.from, page.from...)
		l.to = append(l.to, page.to...)
	}
	l.starts = append(l.starts, length)
	l.index()
	return l
}

func (l *layer) index() {
	width := max(8, bits.Len(uint(len(l.runes))))
	l.shift = uint(64 - width)
	l.first = make([]int32, 1<<width+1)
	grams := max(0, len(l.runes)-gramLength+1)
	l.places = make([]int32, grams)
	for i := range grams {
		l.first[l.hash(l.runes[i:])+1]++
	}
	for i := range len(l.first) - 1 {
		l.first[i+1] += l.first[i]
	}
	next := slices.Clone(l.first)
	for i := range grams {
		h := l.hash(l.runes[i:])
		l.places[next[h]] = int32(i)
		next[h]++
	}
}

func (l *layer) hash(gram []rune) uint64 {
	h := uint64(0)
	for _, r := range gram[:gramLength] {
		h = (h + uint64(r)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h * 0x9e3779b97f4a7c15 >> l.shift
}

// having the gram, and a few with the same hash.
func (l *layer) having(gram []rune) []int32 {
	h := l.hash(gram)
	return l.places[l.first[h]:l.first[h+1]]
}

// pageAt is the index of the page of rune i.
func (l *layer) pageAt(i int) int {
	return sort.Search(len(l.starts)-1, func(page int) bool { return l.starts[page+1] > i })
}

// at is the first rune at or after a place of a page, given by its index.
func (l *layer) at(page, offset int) int {
	runes := l.to[l.starts[page]:l.starts[page+1]]
	return l.starts[page] + sort.Search(len(runes), func(i int) bool { return int(runes[i]) > offset })
}

// Running heads and feet: runes at a page's edge that stand the same at the edge
// of a page nearby, at least minRunning and at most maxRunning of them.
const (
	minRunning = 12
	maxRunning = 400
)

// runningMatter is what is left of each page without its running head and foot,
// as a range of its key; nil when no page has any. Pages are compared with the
// next two, as left and right ones often differ; digits may differ, as they
// count the pages.
func runningMatter(pages []key) [][2]int {
	cuts := make([][2]int, len(pages))
	for i, page := range pages {
		cuts[i] = [2]int{0, len(page.runes)}
	}
	found := false
	for i := range pages {
		for j := i + 1; j <= i+2 && j < len(pages); j++ {
			a, b := pages[i], pages[j]
			if headA, headB := common(a.runes, b.runes, false); headA > 0 {
				cuts[i][0], cuts[j][0] = max(cuts[i][0], headA), max(cuts[j][0], headB)
				found = true
			}
			if footA, footB := common(a.runes, b.runes, true); footA > 0 {
				cuts[i][1] = min(cuts[i][1], len(a.runes)-footA)
				cuts[j][1] = min(cuts[j][1], len(b.runes)-footB)
				found = true
			}
		}
	}
	if !found {
		return nil
	}
	for i, cut := range cuts {
		if cut[0] >= cut[1] { // nothing but the head: a page of its own kind
			cuts[i] = [2]int{0, len(pages[i].runes)}
		}
	}
	return cuts
}

// common is how many runes at the beginning (or the end, backwards) of a and b
// are the same, where a number equals any other. Neither is more than
// maxRunning, nor more than half of its page.
func common(a, b []rune, backwards bool) (inA, inB int) {
	at := func(runes []rune, i int) rune {
		if backwards {
			return runes[len(runes)-1-i]
		}
		return runes[i]
	}
	digit := func(r rune) bool { return '0' <= r && r <= '9' }
	limitA, limitB := min(maxRunning, len(a)/2), min(maxRunning, len(b)/2)
	letters := 0
	for i, j := 0, 0; i < limitA && j < limitB; {
		x, y := at(a, i), at(b, j)
		if digit(x) && digit(y) {
			for i < limitA && digit(at(a, i)) {
				i++
			}
			for j < limitB && digit(at(b, j)) {
				j++
			}
		} else if x == y {
			letters++
			i, j = i+1, j+1
		} else {
			break
		}
		inA, inB = i, j
	}
	if letters < minRunning {
		return 0, 0
	}
	return inA, inB
}
