package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// pageContent is a page with what the search for metadata and references needs
// besides its text.
type pageContent struct {
	page  pagetext.Page
	lines []line // in reading order
	links []link // those that lead out of the file
}

// line is a printed line.
type line struct {
	start, end int           // code points in the page's text
	box        pagetext.Rect // on the page
	height     float32       // of its letters from descender to ascender, points
	breaks     bool          // a paragraph begins with it
	words      []word
}

// word is a piece of a line without white space.
type word struct {
	runes  []rune
	raised int           // how many runes at its end are raised and small, as footnote marks are
	box    pagetext.Rect // on the page
	frame  pagetext.Rect // in the reading frame: text runs to the right, lines go down
	turn   uint8
	look   look // of its first letter
}

func (w *word) height() float32 { return w.frame.Height() }

// layOut makes the text of a page from its glyphs: words, then segments, then
// segments in reading order, then lines, then paragraphs. rotation is the page's
// own, in degrees clockwise.
func layOut(glyphs []glyph, rotation int, box pagetext.Rect) pageContent {
	dropOutside(glyphs, box)
	markVertical(glyphs)
	words := joinGlyphs(glyphs)
	var builder textBuilder
	for _, turn := range turnsByUse(words, rotation) {
		builder.add(orderSegments(makeSegments(words, turn)))
	}
	return builder.finish()
}

// dropOutside makes spaces of glyphs that nobody sees because they stand outside of
// the visible part of the page: printers' marks, what was cut off.
func dropOutside(glyphs []glyph, box pagetext.Rect) {
	if box.Width() <= 0 || box.Height() <= 0 {
		return
	}
	for i := range glyphs {
		one := &glyphs[i]
		if one.box == (pagetext.Rect{}) {
			continue
		}
		x, y := (one.box[0]+one.box[2])/2, (one.box[1]+one.box[3])/2
		if x < box[0] || x > box[2] || y < box[1] || y > box[3] {
			*one = glyph{char: ' '}
		}
	}
}

// fewestVertical glyphs stand under each other in a line that runs down.
const fewestVertical = 3

// markVertical turns lines of Chinese, Japanese or Korean letters that run down the
// page: turned by three quarters, they run to the right and the next line, on
// their left, is below them.
func markVertical(glyphs []glyph) {
	var run []int
	end := func() {
		if len(run) >= fewestVertical {
			for _, i := range run {
				glyphs[i].turn = 3
			}
		}
		run = run[:0]
	}
	for i := range glyphs {
		one := &glyphs[i]
		if isSpace(one.char) {
			continue
		}
		if one.char < firstWide || one.turn != 0 {
			end()
			continue
		}
		if len(run) > 0 && !isUnder(glyphs[run[len(run)-1]].box, one.box) {
			end()
		}
		run = append(run, i)
	}
	end()
}

// firstWide is the first code point of the blocks with Chinese and Japanese letters
// and their punctuation.
const firstWide = 0x2e80

// isUnder reports whether a glyph is the next one in a line that runs down.
func isUnder(above, below pagetext.Rect) bool {
	height, width := max(above.Height(), below.Height()), max(above.Width(), below.Width())
	gap := above[1] - below[3]
	return gap < 0.6*height && gap > -0.7*height && below[3] < above[3]-0.3*height && overlap(above[0], above[2], below[0], below[2]) > 0.5*width
}

// turnsByUse lists the directions that text runs in, the main one first. With
// equal use, the one that is upright when the page is shown comes first.
func turnsByUse(words []word, rotation int) []uint8 {
	var used [4]int
	for i := range words {
		used[words[i].turn] += len(words[i].runes)
	}
	upright := uint8(rotation / 90 & 3) //nolint:gosec // 0 to 3
	turns := []uint8{upright, (upright + 1) & 3, (upright + 3) & 3, (upright + 2) & 3}
	slices.SortStableFunc(turns, func(a, b uint8) int { return used[b] - used[a] })
	return slices.DeleteFunc(turns, func(turn uint8) bool { return used[turn] == 0 })
}

// joinGlyphs makes words: glyphs between spaces, and cut where the next glyph
// does not follow on the last one.
func joinGlyphs(glyphs []glyph) []word {
	// One array for all runes; a ligature can give three.
	arena := make([]rune, 0, len(glyphs)+len(glyphs)/8+16)
	var words []word
	open, cut := false, false // cut: a word ended without a space
	spaced := false           // a space stands before the next glyph
	var last pagetext.Rect
	var leftway leftwayWord
	for i := range glyphs {
		one := &glyphs[i]
		if isSpace(one.char) {
			spaced = true
			continue
		}
		if spaced {
			// PDFium sees spaces between wide letters where there are none.
			spaced = false
			if !open || !isWide(one.char) || !staysTogether(&words[len(words)-1], last, one) {
				open, cut = false, false
			}
		}
		from := len(arena)
		arena = appendChar(arena, one.char)
		if len(arena) == from {
			continue
		}
		var frame pagetext.Rect
		if open {
			current := &words[len(words)-1]
			frame = inFrame(one.box, current.turn)
			open = follows(last, frame)
		}
		if !open {
			leftway.end(words)
			turn, look := one.turn, one.look
			if cut && len(words) > 0 { // only the first glyph after a space knows
				turn, look = words[len(words)-1].turn, words[len(words)-1].look
			}
			frame = inFrame(one.box, turn)
			words = append(words, word{runes: arena[from:from], box: one.box, frame: frame, turn: turn, look: look})
			open, cut = true, true
		}
		current := &words[len(words)-1]
		added := len(arena) - from
		leftway.add(one, arena[from:])
		current.runes = arena[len(arena)-added-len(current.runes) : len(arena) : len(arena)]
		switch {
		case isRaised(current.frame, frame):
			current.raised += added
		case current.raised > 0 && strings.ContainsRune("*∗†‡§¶#", one.char):
			// Printed high without being raised, a star belongs to the mark
			// before it.
			current.raised += added
			if frame.Height() > 0 {
				current.frame[1], current.frame[3] = lineUnion(current, frame)
			}
		default:
			current.raised = 0
			if frame.Height() > 0 {
				current.frame[1], current.frame[3] = lineUnion(current, frame)
			}
		}
		current.frame[0], current.frame[2] = min(current.frame[0], frame[0]), max(current.frame[2], frame[2])
		current.box = current.box.Union(one.box)
		last = frame
	}
	leftway.end(words)
	return words
}

// staysTogether reports whether a wide letter follows on a word's last one, which
// stood at last in its frame, without a space that one could see.
func staysTogether(w *word, last pagetext.Rect, next *glyph) bool {
	frame := inFrame(next.box, w.turn)
	return isWide(w.runes[len(w.runes)-1]) && w.turn == next.turn && follows(last, frame) && frame[0]-last[2] < 0.12*frame.Height()
}

// leftwayWord puts the letters of a word that is written from right to left in that
// order, whichever the file draws them in.
type leftwayWord struct {
	boxes []pagetext.Rect // of each rune, while the word may be one
	is    bool
}

func (l *leftwayWord) add(one *glyph, runes []rune) {
	if one.char >= 0x590 && isLeftway(runes) {
		l.is = true
	}
	for range runes {
		l.boxes = append(l.boxes, one.box)
	}
}

// end is called with the word complete.
func (l *leftwayWord) end(words []word) {
	if l.is && len(words) > 0 {
		if w := &words[len(words)-1]; w.turn == 0 && len(l.boxes) == len(w.runes) {
			orderLeftway(w.runes, l.boxes)
		}
	}
	l.boxes, l.is = l.boxes[:0], false
}

// orderLeftway sorts the letters of a word from right to left. Letters of one glyph
// stay in their order, marks stay with the letter that they stand on, and numbers
// run to the right.
func orderLeftway(runes []rune, boxes []pagetext.Rect) {
	type cluster struct {
		middle float32
		number bool
		runes  []rune
	}
	var clusters []cluster
	for i, r := range runes {
		middle := (boxes[i][0] + boxes[i][2]) / 2
		if n := len(clusters); n > 0 && (boxes[i] == boxes[i-1] || unicode.Is(unicode.Mn, r)) {
			clusters[n-1].runes = append(clusters[n-1].runes, r)
			continue
		}
		clusters = append(clusters, cluster{middle: middle, number: unicode.IsDigit(r), runes: []rune{r}})
	}
	slices.SortStableFunc(clusters, func(a, b cluster) int { return cmp.Compare(b.middle, a.middle) })
	for i := 0; i < len(clusters); {
		end := i + 1
		for end < len(clusters) && clusters[i].number && clusters[end].number {
			end++
		}
		slices.Reverse(clusters[i:end])
		i = end
	}
	at := 0
	for _, one := range clusters {
		at += copy(runes[at:], one.runes)
	}
}

// lineUnion is the vertical extent of a word with a further glyph.
func lineUnion(w *word, frame pagetext.Rect) (y0, y1 float32) {
	if w.frame.Height() == 0 {
		return frame[1], frame[3]
	}
	return min(w.frame[1], frame[1]), max(w.frame[3], frame[3])
}

// follows reports whether a glyph stands where the next one of a word can.
func follows(last, next pagetext.Rect) bool {
	height := max(last.Height(), next.Height())
	if overlap(last[1], last[3], next[1], next[3]) < 0.3*min(last.Height(), next.Height()) {
		return false
	}
	// To the right or, in right-to-left scripts, to the left.
	ahead, behind := next[0]-last[2], last[0]-next[2]
	return max(ahead, behind) < 0.5*height
}

// isRaised reports whether a glyph is small and stands high beside a word.
func isRaised(word, glyph pagetext.Rect) bool {
	return glyph.Height() < 0.85*word.Height() && glyph[1] > word[1]+0.1*word.Height()
}

// overlap of two intervals; negative when there is a gap.
func overlap(a0, a1, b0, b1 float32) float32 { return min(a1, b1) - max(a0, b0) }

// inFrame turns a box so that text turned by turn quarters runs to the right.
func inFrame(box pagetext.Rect, turn uint8) pagetext.Rect {
	switch turn {
	case 1:
		return pagetext.Rect{box[1], -box[2], box[3], -box[0]}
	case 2:
		return pagetext.Rect{-box[2], -box[3], -box[0], -box[1]}
	case 3:
		return pagetext.Rect{-box[3], box[0], -box[1], box[2]}
	}
	return box
}

// segment is a run of words of one line that stand close together: a line of a
// column, a cell of a table.
type segment struct {
	words   []word
	frame   pagetext.Rect
	height  float32 // of its first word
	leftway bool    // most of it is written from right to left
}

// Gaps in units of the letters' height (about 1.2 times the font size). Within
// a justified line spaces stay below segmentGap; gutters are wider.
const (
	segmentGap  = 0.75
	lineEndGap  = 0.4 // where PDFium saw a line's end too
	gutterWidth = 0.7
)

// makeSegments joins the words of one direction.
func makeSegments(words []word, turn uint8) []segment {
	var segments []segment
	for i := range words {
		if words[i].turn != turn {
			continue
		}
		if n := len(segments) - 1; n >= 0 {
			current := &segments[n]
			first := i - len(current.words)
			// Words of a segment are neighbours in the array.
			if first >= 0 && &words[first] == &current.words[0] && continues(current, &words[i]) {
				current.words = words[first : i+1]
				current.frame = current.frame.Union(words[i].frame)
				current.leftway = current.leftway || isLeftway(words[i].runes)
				continue
			}
		}
		segments = append(segments, segment{
			words: words[i : i+1], frame: words[i].frame, height: words[i].height(),
			leftway: isLeftway(words[i].runes),
		})
	}
	return segments
}

func continues(current *segment, next *word) bool {
	last := &current.words[len(current.words)-1]
	smaller := min(last.height(), next.height())
	height := max(last.height(), next.height())
	if overlap(last.frame[1], last.frame[3], next.frame[1], next.frame[3]) < 0.5*smaller {
		return false
	}
	gap := next.frame[0] - last.frame[2]
	if current.leftway || isLeftway(next.runes) {
		// Some files draw each word apart, from either side.
		gap = max(next.frame[0]-current.frame[2], current.frame[0]-next.frame[2])
	}
	return gap > -0.5*height && gap < segmentGap*height
}

// isLeftway reports whether a word is of a script written from right to left.
func isLeftway(runes []rune) bool {
	for _, r := range runes {
		if unicode.IsLetter(r) {
			return unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko)
		}
	}
	return false
}
