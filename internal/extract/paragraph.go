package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// textBuilder writes the text of a page from its blocks.
type textBuilder struct {
	lines []line
}

// add appends the lines of blocks and marks where paragraphs begin.
func (t *textBuilder) add(blocks []block) {
	for b := range blocks {
		shape := shapeOf(&blocks[b])
		items, hanging := listedRows(blocks[b].rows), shape.hangingRows(blocks[b].rows)
		for i := range blocks[b].rows {
			one := makeLine(&blocks[b].rows[i])
			switch {
			case i > 0:
				one.breaks = shape.breaksBefore(&blocks[b].rows[i-1], &blocks[b].rows[i], hanging != nil && hanging[i]) ||
					items != nil && items[i]
			case blocks[b].flows && len(t.lines) > 0:
				one.breaks = !flowsOn(&t.lines[len(t.lines)-1], &one)
			default:
				one.breaks = true
			}
			t.lines = append(t.lines, one)
		}
	}
}

func makeLine(r *row) line {
	one := line{height: r.height}
	for _, s := range r.segments {
		one.words = append(one.words, s.words...)
	}
	if r.leftway {
		one.words = orderWordsLeftway(one.words)
	}
	one.box = one.words[0].box
	for i := range one.words {
		one.box = one.box.Union(one.words[i].box)
	}
	return one
}

// orderWordsLeftway sorts the words of a line that is written from right to left;
// words of other scripts and numbers that stand together run to the right. A stop
// that the file draws apart is put back to its word.
func orderWordsLeftway(words []word) []word {
	slices.SortStableFunc(words, func(a, b word) int { return cmp.Compare(b.frame[2], a.frame[2]) })
	rightway := func(w *word) bool {
		return !isLeftway(w.runes) && slices.ContainsFunc(w.runes, isWordPart)
	}
	for i := 0; i < len(words); {
		end := i + 1
		for end < len(words) && rightway(&words[i]) && rightway(&words[end]) {
			end++
		}
		slices.Reverse(words[i:end])
		i = end
	}
	whole := words[:0]
	for _, w := range words {
		if n := len(whole); n > 0 && len(w.runes) == 1 && strings.ContainsRune(".,:;!?،؛؟׃", w.runes[0]) && isLeftway(whole[n-1].runes) {
			last := &whole[n-1]
			if gap := last.frame[0] - w.frame[2]; gap < 0.1*last.height() && gap > -0.3*last.height() {
				last.runes = slices.Concat(last.runes, w.runes)
				last.frame, last.box = last.frame.Union(w.frame), last.box.Union(w.box)
				continue
			}
		}
		whole = append(whole, w)
	}
	return whole
}

// blockShape is what most lines of a block have in common.
type blockShape struct {
	left    float32 // the usual beginning of a line
	right   float32
	spacing float32 // from line to line
	height  float32 // of the letters
}

func shapeOf(b *block) blockShape {
	shape := blockShape{left: b.rows[0].frame[0], right: b.rows[0].frame[2]}
	var spacings, heights []float32
	for i := range b.rows {
		heights = append(heights, b.rows[i].height)
		shape.left = min(shape.left, b.rows[i].frame[0])
		shape.right = max(shape.right, b.rows[i].frame[2])
		if i > 0 {
			spacings = append(spacings, b.rows[i-1].foot-b.rows[i].foot)
		}
	}
	if len(spacings) > 0 {
		slices.Sort(spacings)
		// Where most paragraphs are of one line, the median is the space between
		// them.
		shape.spacing = spacings[len(spacings)/3]
	}
	slices.Sort(heights)
	shape.height = heights[len(heights)/2]
	return shape
}

// hangingRows are the rows of entries that hang out: all but the first row of each
// is moved in. nil when there is none.
func (s blockShape) hangingRows(rows []row) []bool {
	var found []bool
	from := 0
	for i := 1; i <= len(rows); i++ {
		if i < len(rows) && !s.isApart(&rows[i-1], &rows[i]) {
			continue
		}
		if s.hanging(rows[from:i]) {
			if found == nil {
				found = make([]bool, len(rows))
			}
			for j := from; j < i; j++ {
				found[j] = true
			}
		}
		from = i
	}
	return found
}

// hanging reports whether rows without space between them are entries that hang
// out. In paragraphs with only the first line moved in, the line before that one is
// a paragraph's last, and seldom full.
func (s blockShape) hanging(rows []row) bool {
	left := rows[0].frame[0]
	for i := range rows {
		left = min(left, rows[i].frame[0])
	}
	if len(rows) < 2 || rows[0].frame[0]-left > 0.6*s.height && len(rows) < 6 {
		return false
	}
	out, moved, full, ended := 0, 0, 0, 0
	for i := 1; i < len(rows); i++ {
		switch in := rows[i].frame[0] - left; {
		case in < 0.6*s.height:
			out++
			if endsItem(rows, i-1) {
				ended++
			}
		case in < 4*s.height:
			moved++
			if rows[i-1].frame[2] > s.right-3*s.height {
				full++
			}
		default:
			return false
		}
	}
	return moved >= 1 && moved >= out && 10*ended >= 7*out && 10*full >= 6*moved
}

// breaksBefore reports whether a paragraph begins with the second of two rows:
// there is more space than usual, the letters change their size, one does not
// stand under the other, the line is indented, or it is not and the line before
// is (a list of references).
func (s blockShape) breaksBefore(before, after *row, hangs bool) bool {
	if s.isApart(before, after) || s.headsOff(before, after) {
		return true
	}
	height := max(before.height, after.height)
	indent := 0.6 * height
	first, second := before.frame[0]-s.left, after.frame[0]-s.left
	switch {
	case hangs:
		return after.frame[0] < before.frame[0]-indent || second < indent && endsSentence(before) && abs32(first-second) < indent
	case first < indent && second >= indent && second < 4*height:
		// A first line moved in, after a line that ends a sentence; or the
		// second line of an entry that hangs out.
		return endsSentence(before)
	case first >= indent && second < indent:
		return endsSentence(before) && before.frame[2] < s.right-2*height
	}
	return beginsItem(after)
}

// isApart reports whether two rows differ in size or stand away from each other.
func (s blockShape) isApart(before, after *row) bool {
	height := max(before.height, after.height)
	if min(before.height, after.height) < 0.85*height {
		return true
	}
	if overlap(before.frame[0], before.frame[2], after.frame[0], after.frame[2]) <= 0 {
		return true
	}
	// Larger print is spaced wider.
	usual := min(s.spacing/max(s.height, 0.1), 1.6) * height
	return before.foot-after.foot > usual+0.3*height
}

func endsSentence(r *row) bool {
	runes := lastWord(r).runes
	return strings.ContainsRune(".?!:”\"", runes[len(runes)-1])
}

// headsOff reports whether a heading in bold print ends or begins between two rows.
// A bold word that the end of a line happens to cut off is none, nor are bold words
// that a sentence goes on from.
func (s blockShape) headsOff(before, after *row) bool {
	first, last := before.isBold(), after.isBold()
	switch {
	case first && !last:
		return after.segments[0].words[0].look&bold == 0 && (before.frame[2] < s.right-2*before.height || endsSentence(before))
	case last && !first:
		return lastWord(before).look&bold == 0 && endsSentence(before)
	}
	return false
}

// isBold reports whether all words of a row that have letters are bold.
func (r *row) isBold() bool {
	letters := false
	for _, s := range r.segments {
		for i := range s.words {
			w := &s.words[i]
			if !slices.ContainsFunc(w.runes, unicode.IsLetter) {
				continue
			}
			if w.look&bold == 0 {
				return false
			}
			letters = true
		}
	}
	return letters
}

func lastWord(r *row) *word {
	words := r.segments[len(r.segments)-1].words
	return &words[len(words)-1]
}

// listedRows are the rows that begin an item of a list with numbers or letters:
// "(a)", "3.", "[12]". A row is one when it follows an item with the number before
// or is followed by one with the next, and when it stands where a paragraph can
// begin. nil when there is none.
func listedRows(rows []row) []bool {
	var found []bool
	var last [labelForms]int // the row before with a label of that form, from 1
	for i := range rows {
		form, n, ok := itemLabel(&rows[i])
		if !ok {
			continue
		}
		before := last[form] - 1
		if before >= 0 {
			_, previous, _ := itemLabel(&rows[before])
			if n == previous+1 && aligned(&rows[before], &rows[i]) && endsItem(rows, i-1) {
				if found == nil {
					found = make([]bool, len(rows))
				}
				found[i] = true
				if before > 0 && endsItem(rows, before-1) {
					found[before] = true
				}
			}
		}
		last[form] = i + 1
	}
	return found
}

// aligned reports whether two labels stand under each other by their left or
// right edges.
func aligned(a, b *row) bool {
	x, y := a.segments[0].words[0].frame, b.segments[0].words[0].frame
	near := 0.4 * max(a.height, b.height)
	return abs32(x[0]-y[0]) < near || abs32(x[2]-y[2]) < near
}

// endsItem reports whether a row can be the last one of an item: it ends as a
// sentence or a reference does, or before the margin.
func endsItem(rows []row, i int) bool {
	runes := lastWord(&rows[i]).runes
	if strings.ContainsRune(".?!:;,”\")]", runes[len(runes)-1]) {
		return true
	}
	right := rows[i].frame[2]
	for j := max(0, i-8); j < min(len(rows), i+9); j++ {
		right = max(right, rows[j].frame[2])
	}
	return rows[i].frame[2] < right-2*rows[i].height
}

// Forms of labels: [1], (1), 1), 1. and the same with letters.
const labelForms = 8

// itemLabel is the label that a row begins with, as a number within its form. A
// single row can only be told by those beside it.
func itemLabel(r *row) (form, number int, ok bool) {
	runes := r.segments[0].words[0].runes
	if len(r.segments) == 1 && len(r.segments[0].words) == 1 {
		return 0, 0, false // a number alone
	}
	n := len(runes)
	if n < 2 || n > 5 {
		return 0, 0, false
	}
	switch {
	case runes[0] == '[' && runes[n-1] == ']':
		form, runes = 0, runes[1:n-1]
	case runes[0] == '(' && runes[n-1] == ')':
		form, runes = 1, runes[1:n-1]
	case runes[n-1] == ')':
		form, runes = 2, runes[:n-1]
	case runes[n-1] == '.':
		form, runes = 3, runes[:n-1]
	default:
		return 0, 0, false
	}
	if len(runes) == 1 && runes[0] >= 'a' && runes[0] <= 'z' {
		return form + 4, int(runes[0] - 'a'), true
	}
	if len(runes) == 0 || len(runes) > 3 {
		return 0, 0, false
	}
	for _, r := range runes {
		if r < '0' || r > '9' {
			return 0, 0, false
		}
		number = 10*number + int(r-'0')
	}
	return form, number, true
}

// beginsItem reports whether a line begins with the mark of a list's item.
func beginsItem(r *row) bool {
	runes := r.segments[0].words[0].runes
	return len(runes) == 1 && strings.ContainsRune("•▪◦‣●■–∗", runes[0])
}

// flowsOn reports whether a paragraph goes on from a column's foot to the next
// column's head.
func flowsOn(last, next *line) bool {
	if min(last.height, next.height) < 0.95*max(last.height, next.height) {
		return false
	}
	runes := last.words[len(last.words)-1].runes
	if strings.ContainsRune(".?!:", runes[len(runes)-1]) {
		return false
	}
	return unicode.IsLower(next.words[0].runes[0])
}

// finish writes the text and the words with their places in it.
func (t *textBuilder) finish() pageContent {
	var text strings.Builder
	var words []pagetext.Word
	at := 0
	joined := false // the last word of the line before goes on in this one
	for l := range t.lines {
		one := &t.lines[l]
		if l > 0 && !joined {
			separator := byte(' ')
			if one.breaks {
				separator = '\n'
			}
			text.WriteByte(separator)
			at++
		}
		one.start = at
		for w := range one.words {
			runes := one.words[w].runes
			goesOn := false
			if w == len(one.words)-1 && l+1 < len(t.lines) {
				var drop bool
				if goesOn, drop = isBroken(one, &t.lines[l+1]); drop {
					runes = runes[:len(runes)-1]
				}
			}
			if w > 0 {
				text.WriteByte(' ')
				at++
			}
			text.WriteString(string(runes))
			if w == 0 && joined {
				last := &words[len(words)-1]
				last.End += len(runes)
				last.Boxes = append(last.Boxes, one.words[w].box)
			} else {
				words = append(words, pagetext.Word{
					Start: at, End: at + len(runes), Boxes: []pagetext.Rect{one.words[w].box},
				})
			}
			at += len(runes)
			if w == len(one.words)-1 {
				joined = goesOn
			}
		}
		one.end = at
	}
	return pageContent{page: pagetext.Page{Text: text.String(), Words: words}, lines: t.lines}
}

// isBroken reports whether the last word of a line goes on in the next, after a
// hyphen, and whether that hyphen is there for the line's end alone.
func isBroken(one, next *line) (broken, drop bool) {
	runes := one.words[len(one.words)-1].runes
	n := len(runes)
	if next.breaks || n < 2 || !isHyphen(runes[n-1]) {
		return false, false
	}
	before, after := runes[n-2], next.words[0].runes[0]
	switch {
	case unicode.IsLetter(before) && unicode.IsLower(after):
		return true, true
	case isWordPart(before) && isWordPart(after):
		return true, false
	}
	return false, false
}

func isWordPart(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
