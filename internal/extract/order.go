package extract

import (
	"cmp"
	"slices"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// block is what is read in one go: lines of one column with nothing beside
// them.
type block struct {
	rows []row
	// flows tells that the text of the block before it can go on here, as from
	// the foot of a column to the head of the next.
	flows bool
}

// row is the segments at one height, in reading order.
type row struct {
	segments []segment
	frame    pagetext.Rect
	// foot and height of its usual letters: one word in another font does not
	// change them.
	foot, height float32
	leftway      bool // most of it is written from right to left
}

// orderSegments puts segments in reading order by cutting the page along its
// white space.
//
// A plain XY-cut cuts across wherever all columns happen to have a gap at one
// height, and then reads the halves of columns in turn. So here the page is
// first seen as bands (what no horizontal line can divide), and as many bands as
// possible that share a gutter are taken together as columns.
func orderSegments(segments []segment) []block {
	var blocks []block
	order(segments, false, &blocks)
	return blocks
}

func order(segments []segment, flows bool, blocks *[]block) {
	bands := makeBands(segments)
	var plain [][]segment // bands without columns, read as one block
	for i := 0; i < len(bands); {
		columns, last := takeColumns(bands, i)
		if columns == nil {
			plain = append(plain, bands[i])
			i++
			continue
		}
		// A column can begin higher than the others.
		for n := len(plain) - 1; n >= 0 && headsColumn(plain[n], columns); n-- {
			plain = plain[:n]
		}
		if len(plain) > 0 {
			*blocks = append(*blocks, makeBlock(slices.Concat(plain...), flows))
			plain, flows = nil, false
		}
		for n, column := range columns {
			order(column, flows || n > 0, blocks)
			flows = false
		}
		i = last + 1
	}
	if len(plain) > 0 {
		*blocks = append(*blocks, makeBlock(slices.Concat(plain...), flows))
	}
}

// headsColumn puts a band in front of the column that it is the first line of, and
// reports whether there is one: a line of running text that stands on the column's
// left edge and directly over its first line.
func headsColumn(band []segment, columns [][]segment) bool {
	if len(band) != 1 {
		return false
	}
	one := band[0]
	for i, column := range columns {
		frame, top := column[0].frame, column[0].frame[3]
		for _, s := range column {
			frame, top = frame.Union(s.frame), max(top, s.frame[3])
		}
		if abs32(one.frame[0]-frame[0]) < 1.5*one.height && one.frame[2] < frame[2]+one.height && one.frame.Width() > 0.6*frame.Width() &&
			one.frame[1]-top < 1.2*one.height && len(one.words) >= 4 {
			columns[i] = slices.Insert(column, 0, one)
			return true
		}
	}
	return false
}

// core is the middle part of a segment's height. Boxes from descender to
// ascender of lines set tight overlap; their cores do not.
func (s *segment) core() (y0, y1 float32) {
	margin := 0.25 * s.frame.Height()
	return s.frame[1] + margin, s.frame[3] - margin
}

// makeBands divides segments by height, from the top down.
func makeBands(segments []segment) [][]segment {
	sorted := slices.Clone(segments)
	slices.SortStableFunc(sorted, func(a, b segment) int {
		_, topA := a.core()
		_, topB := b.core()
		return cmp.Compare(topB, topA)
	})
	var bands [][]segment
	var foot float32
	for _, s := range sorted {
		y0, y1 := s.core()
		if len(bands) == 0 || y1 <= foot {
			bands = append(bands, nil)
			foot = y0
		}
		bands[len(bands)-1] = append(bands[len(bands)-1], s)
		foot = min(foot, y0)
	}
	return bands
}

// takeColumns finds the longest run of bands from the first one on that a
// gutter divides. It returns the columns from left to right, and the last band
// taken; nil when there is none.
func takeColumns(bands [][]segment, first int) (columns [][]segment, last int) {
	var spans []span
	var best []span
	for i := first; i < len(bands); i++ {
		for _, s := range bands[i] {
			spans = addSpan(spans, s)
		}
		if len(spans) < 2 {
			break
		}
		if areColumns(spans) {
			best, last = slices.Clone(spans), i
		}
	}
	if best == nil {
		return nil, 0
	}
	columns = make([][]segment, len(best))
	for _, band := range bands[first : last+1] {
		for _, s := range band {
			at := slices.IndexFunc(best, func(one span) bool { return s.frame[0] >= one.x0 && s.frame[2] <= one.x1 })
			columns[max(at, 0)] = append(columns[max(at, 0)], s)
		}
	}
	if !slices.ContainsFunc(columns, func(column []segment) bool { return len(column) == 0 }) {
		return columns, last
	}
	return nil, 0
}

// span is an interval across the page that segments cover without a gutter.
type span struct {
	x0, x1   float32
	height   float32 // of the letters in it
	segments int
	words    int
}

// addSpan puts a segment into spans, which are ordered and do not touch.
func addSpan(spans []span, s segment) []span {
	added := span{x0: s.frame[0], x1: s.frame[2], height: s.height, segments: 1, words: len(s.words)}
	out := spans[:0]
	var after []span
	for _, one := range spans {
		gutter := gutterWidth * min(one.height, added.height)
		switch {
		case one.x1+gutter <= added.x0:
			out = append(out, one)
		case added.x1+gutter <= one.x0:
			after = append(after, one)
		default:
			added.x0, added.x1 = min(added.x0, one.x0), max(added.x1, one.x1)
			added.height = max(added.height, one.height)
			added.segments += one.segments
			added.words += one.words
		}
	}
	return append(append(out, added), after...)
}

// areColumns tells columns of text from the columns of a table: at least two
// are three lines long, and at least one of those holds running text.
func areColumns(spans []span) bool {
	long, running := 0, false
	for _, one := range spans {
		if one.segments >= 3 {
			long++
			running = running || one.words >= 4*one.segments
		}
	}
	return long >= 2 && running
}

// makeBlock puts the segments of a block into rows.
func makeBlock(segments []segment, flows bool) block {
	b := block{flows: flows}
	for _, band := range makeBands(segments) {
		for _, line := range splitRows(band) {
			b.rows = append(b.rows, makeRow(line))
		}
	}
	return b
}

// splitRows divides a band whose segments overlap by turns (a formula, a table
// with cells of many lines) into rows: each takes the segments whose middle
// lies within its highest one.
func splitRows(band []segment) [][]segment {
	var rows [][]segment
	rest := band
	for len(rest) > 0 {
		// Bands are ordered from the top; the tallest core of the first few
		// is what the others stand beside.
		y0, y1 := rest[0].core()
		var here, below []segment
		for _, s := range rest {
			if overlap(y0, y1, s.frame[1], s.frame[3]) >= 0.5*min(y1-y0, s.frame.Height()) {
				here = append(here, s)
			} else {
				below = append(below, s)
			}
		}
		if len(here) == 0 {
			here, below = rest[:1], rest[1:]
		}
		rows = append(rows, here)
		rest = below
	}
	return rows
}

func makeRow(segments []segment) row {
	leftway := 0
	r := row{frame: segments[0].frame}
	for _, s := range segments {
		if s.leftway {
			leftway++
		}
		r.frame = r.frame.Union(s.frame)
	}
	r.leftway = 2*leftway > len(segments)
	slices.SortStableFunc(segments, func(a, b segment) int {
		if r.leftway {
			return cmp.Compare(b.frame[2], a.frame[2])
		}
		return cmp.Compare(a.frame[0], b.frame[0])
	})
	r.segments = segments
	usual := usualWord(segments)
	r.foot, r.height = usual.frame[1], usual.height()
	return r
}

// usualWord is the word whose height half of a row's letters do not exceed.
func usualWord(segments []segment) *word {
	var words []*word
	letters := 0
	for _, s := range segments {
		for i := range s.words {
			words = append(words, &s.words[i])
			letters += len(s.words[i].runes)
		}
	}
	slices.SortStableFunc(words, func(a, b *word) int { return cmp.Compare(a.height(), b.height()) })
	seen := 0
	for _, w := range words {
		if seen += len(w.runes); 2*seen >= letters {
			return w
		}
	}
	return words[len(words)-1]
}
