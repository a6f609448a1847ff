package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// piece is a part of a printed line without a wide gap in it. Names of authors
// stand side by side in one line, and a title stands beside a margin's notes, so
// what is asked about the first pages is asked of pieces and not of lines.
type piece struct {
	page  int // index among the first pages
	order int // of its line, in the order of reading
	// frame is where it stands with text running to the right and lines going
	// down, in points.
	frame  pagetext.Rect
	height float32 // of its usual letters
	margin bool    // where running heads and feet stand
	turned bool    // runs another way than most of the page
	// text is as printed, plain without what is raised, marked with what is
	// raised between markOpen and markClose.
	text, plain, marked string
	printed             []word

	prose bool
	names verdict // of looksLikeNames
}

// verdict is kept with what was asked about, since some questions are dear.
type verdict uint8

const (
	unasked verdict = iota
	yes
	no
)

// pieceGap is how wide a gap divides, in heights of letters. A space is a
// quarter of that height and may be stretched to half of it.
const pieceGap = 0.65

// maxPieces of a page; a title page has a hundred. It bounds what compares
// pieces with each other.
const maxPieces = 3000

// makePieces divides a page's lines.
func makePieces(content pageContent, page int) []piece {
	var turns [4]int
	for i := range content.lines {
		for j := range content.lines[i].words {
			turns[content.lines[i].words[j].turn&3] += len(content.lines[i].words[j].runes)
		}
	}
	main := uint8(0)
	for turn := range uint8(4) {
		if turns[turn] > turns[main] {
			main = turn
		}
	}
	var pieces []piece
	for order := range content.lines {
		if len(pieces) >= maxPieces {
			break
		}
		words := content.lines[order].words
		from := 0
		for i := 1; i <= len(words); i++ {
			if i < len(words) && !isApart(&words[i-1], &words[i]) {
				continue
			}
			one := makePiece(words[from:i])
			one.page, one.order, one.turned = page, order, words[from].turn != main
			box := words[from].box
			for j := from; j < i; j++ {
				box = box.Union(words[j].box)
			}
			one.margin = inMargin(content.page, box)
			pieces = append(pieces, one)
			from = i
		}
	}
	return pieces
}

func isApart(before, after *word) bool {
	height := max(before.height(), after.height())
	gap := max(after.frame[0]-before.frame[2], before.frame[0]-after.frame[2])
	if before.turn != after.turn {
		return true
	}
	// A picture can stand between a name and its mark.
	if isMarkWord(after.runes) || after.height() < 0.85*before.height() && after.frame[1] > before.frame[1]+0.1*height {
		return gap > 2.5*height
	}
	return gap > pieceGap*height
}

// isMarkWord accepts "1,2," and "*"; a letter is not told from a word.
func isMarkWord(runes []rune) bool {
	for _, r := range runes {
		if !unicode.IsDigit(r) && !strings.ContainsRune(",*∗†‡§¶#;", r) {
			return false
		}
	}
	return len(runes) <= 8
}

func makePiece(words []word) piece {
	one := piece{frame: words[0].frame, printed: words}
	raised := false
	for i := range words {
		one.frame = one.frame.Union(words[i].frame)
		raised = raised || words[i].raised > 0
	}
	one.height = usualHeight(words)
	for i := range words {
		raised = raised || isSmallBeside(words, i, one.height)
	}
	one.text = textOfWords(words)
	one.plain, one.marked = one.text, one.text
	if raised {
		var plain, marked strings.Builder
		one.eachRune(func(r rune, _ *word, base bool) {
			marked.WriteRune(r)
			if base {
				plain.WriteRune(r)
			}
		})
		one.plain, one.marked = strings.TrimSpace(plain.String()), marked.String()
	}
	one.prose = isProse(one.plain)
	return one
}

// textOfWords is words as printed, one space between them.
func textOfWords(words []word) string {
	size := 0
	for i := range words {
		size += len(words[i].runes) + 1
	}
	text := make([]byte, 0, size+size/8)
	for i := range words {
		if i > 0 {
			text = append(text, ' ')
		}
		for _, r := range words[i].runes {
			text = utf8.AppendRune(text, r)
		}
	}
	return string(text)
}

// eachRune goes along the marked text, with the word that each rune stands in or
// before. base tells those that the plain text has too.
func (p *piece) eachRune(put func(r rune, w *word, base bool)) {
	words, open := p.printed, false
	for i := range words {
		w := &words[i]
		raised := w.raised
		if isSmallBeside(words, i, p.height) {
			raised = len(w.runes)
		}
		base := len(w.runes) - raised
		if i > 0 {
			if base > 0 && open {
				put(markClose, w, false)
				open = false
			}
			put(' ', w, base > 0)
		}
		for j, r := range w.runes {
			if j == base && !open {
				put(markOpen, w, false)
				open = true
			}
			put(r, w, j < base)
		}
	}
	if open {
		put(markClose, &words[len(words)-1], false)
	}
}

// boxes on the page, for each rune of the marked text.
func (p *piece) boxes() []pagetext.Rect {
	list := make([]pagetext.Rect, 0, len(p.marked))
	p.eachRune(func(_ rune, w *word, _ bool) { list = append(list, w.box) })
	return list
}

// usualHeight is the median height of the letters of words.
func usualHeight(words []word) float32 {
	letters := 0
	even := true
	for i := range words {
		letters += len(words[i].runes)
		even = even && words[i].height() == words[0].height()
	}
	if even {
		return words[0].height()
	}
	byHeight := make([]*word, len(words))
	for i := range words {
		byHeight[i] = &words[i]
	}
	slices.SortFunc(byHeight, func(a, b *word) int { return cmp.Compare(a.height(), b.height()) })
	below := 0
	for _, one := range byHeight {
		if below += len(one.runes); below > letters/2 {
			return one.height()
		}
	}
	return words[0].height()
}

// isSmallBeside reports whether a whole word is a raised mark: it is small and
// its foot stands above that of a neighbour of the usual size.
func isSmallBeside(words []word, i int, height float32) bool {
	w := &words[i]
	if w.height() >= 0.85*height || len(w.runes) > 8 {
		return false
	}
	for _, j := range []int{i + 1, i - 1} {
		if j >= 0 && j < len(words) && words[j].height() >= 0.85*height {
			return w.frame[1] > words[j].frame[1]+0.1*height
		}
	}
	return false
}

func (p *piece) words() int { return len(strings.Fields(p.plain)) }

// sameRow reports whether two pieces stand side by side.
func sameRow(a, b *piece) bool {
	return overlap(a.frame[1], a.frame[3], b.frame[1], b.frame[3]) > 0.5*min(a.frame.Height(), b.frame.Height())
}

// firstJamo is the first code point of those scripts: a quick look, for most text has none.
const firstJamo = 0x1100

// isWide counts a letter of a script without spaces as half a word.
func isWide(r rune) bool {
	return r >= firstJamo && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

func countWide(text string) int {
	n := 0
	for _, r := range text {
		if isWide(r) {
			n++
		}
	}
	return n
}

// isProse reports whether a line is running text: long, and mostly words in
// small letters.
func isProse(text string) bool {
	if countWide(text) >= 24 {
		return true
	}
	words := strings.Fields(text)
	if len(words) < 8 {
		return false
	}
	small := 0
	for _, word := range words {
		if startsLower(word) {
			small++
		}
	}
	return 10*small >= 6*len(words)
}
