package extract

import (
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
		for i := range blocks[b].rows {
			one := makeLine(&blocks[b].rows[i])
			switch {
			case i > 0:
				one.breaks = shape.breaksBefore(&blocks[b].rows[i-1], &blocks[b].rows[i])
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
	one.box = one.words[0].box
	for i := range one.words {
		one.box = one.box.Union(one.words[i].box)
	}
	return one
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
		shape.spacing = spacings[len(spacings)/2]
	}
	slices.Sort(heights)
	shape.height = heights[len(heights)/2]
	return shape
}

// breaksBefore reports whether a paragraph begins with the second of two rows:
// there is more space than usual, the letters change their size, one does not
// stand under the other, the line is indented, or it is not and the line before
// is (a list of references).
func (s blockShape) breaksBefore(before, after *row) bool {
	height := max(before.height, after.height)
	if min(before.height, after.height) < 0.85*height {
		return true
	}
	if overlap(before.frame[0], before.frame[2], after.frame[0], after.frame[2]) <= 0 {
		return true
	}
	// Larger print is spaced wider.
	usual := min(s.spacing/max(s.height, 0.1), 1.6) * height
	if spacing := before.foot - after.foot; spacing > usual+0.3*height {
		return true
	}
	indent := 0.6 * height
	first, second := before.frame[0]-s.left, after.frame[0]-s.left
	switch {
	case first < indent && second >= indent && second < 4*height:
		// A first line moved in, after a line that ends a sentence; or the
		// second line of an entry that hangs out.
		return endsSentence(before)
	case first >= indent && second < indent:
		return endsSentence(before) && before.frame[2] < s.right-2*height
	}
	return beginsItem(after)
}

func endsSentence(r *row) bool {
	last := r.segments[len(r.segments)-1]
	runes := last.words[len(last.words)-1].runes
	return strings.ContainsRune(".?!:”\"", runes[len(runes)-1])
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
