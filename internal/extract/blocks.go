package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// structure tells what each paragraph of a page is, page by page: a page is
// judged by itself, by the pages before it and by pagesAhead pages after it, for a
// person who waits for the first page should have it soon.
//
// In this order, and the first that fits holds:
//
//	page number, running head  in the margin at head or foot, outermost, and a number,
//	                           or as on one of the pages before, or outside of where text
//	                           stands here and on those pages
//	caption                    begins with "Figure 3:", "Table 2" in smaller or bold print …
//	footnote                   smaller than the text, begins with a mark, nothing of the
//	                           text's size under it
//	heading                    short, begins with a capital or a number, leads to text; bold,
//	                           larger, in capitals, numbered, or a word that heads sections
//	reference                  within a list of references; see referenceLists
//	list item                  a bullet, or a label beside one with the next or last number
//	formula                    a relation, and hardly a word
//	paragraph                  all else
type structure struct {
	letters [heightSteps]float32 // of recent pages, by their height
	recent  []marginMemory       // the last pages, the newest last

	front  *frontMatter // the first pages
	titled bool
	opened bool // the text has begun: title, authors and their like are over
	pages  int
	ranks  [pagetext.DeepestHeading + 1]float32 // how headings of each level look
	roman  bool                                 // sections have Roman numbers
	note   bool                                 // the last page ended within a footnote
}

const (
	heightSteps = 200 // of a quarter point
	// agedBy is what the letters of a page count for after the next page.
	agedBy = 0.8
	// rememberedPages before a page and pagesAhead after it are compared with it
	// for running heads; those of left and right pages can differ.
	rememberedPages = 6
	pagesAhead      = 2
)

// comingPage is a page whose blocks are not told yet.
type comingPage struct {
	content pageContent
	texts   []string // of its lines
	list    []paragraph
	turn    uint8 // of most of its text
	margins marginMemory
}

// marginMemory is what a page has in its margins.
type marginMemory struct {
	keys        []marginLine
	top, bottom float32 // where its running text begins and ends, as parts of the height; 1, 0 for none
}

type marginLine struct {
	key string
	top float32
}

// paragraph is a paragraph on its way to become a block.
type paragraph struct {
	first, last int // lines, both included
	start, end  int
	text        string // of its first lines
	kind        pagetext.BlockKind
	level       int
	height      float32
	tall        float32       // its highest word: small capitals have a large one before them
	frame       pagetext.Rect // in the reading frame
	turn        uint8
	look        look // of all its words
	capitals    bool
	apart       bool    // a wide gap divides a line of it
	top, bottom float32 // parts of the page's height
	left, right float32 // and of its width, as shown
	margin      bool
	box         pagetext.Rect // on the page
}

func (p *paragraph) lines() int { return p.last - p.first + 1 }

// keptLines of a paragraph's text are looked at.
const keptLines = 4

// makeParagraphs groups a page's lines as its text does.
func makeParagraphs(content pageContent, texts []string) []paragraph {
	var list []paragraph
	for i := range content.lines {
		if i == 0 || content.lines[i].breaks {
			list = append(list, paragraph{first: i, start: content.lines[i].start})
		}
		one := &list[len(list)-1]
		one.last, one.end = i, content.lines[i].end
	}
	for i := range list {
		list[i].look = bold | italic
		list[i].measure(content, texts)
	}
	return list
}

func (p *paragraph) measure(content pageContent, texts []string) {
	lines := content.lines[p.first : p.last+1]
	box := lines[0].box
	p.turn, p.frame = lines[0].words[0].turn, lines[0].words[0].frame
	var heights [heightSteps]int
	upper, lower := 0, 0
	for i := range lines {
		box = box.Union(lines[i].box)
		heights[heightStep(lines[i].height)] += lines[i].end - lines[i].start
		for j := range lines[i].words {
			w := &lines[i].words[j]
			p.frame = p.frame.Union(w.frame)
			p.tall = max(p.tall, w.height())
			letters := false
			for _, r := range w.runes {
				switch {
				case r >= 'a' && r <= 'z', r >= 0x80 && unicode.IsLower(r):
					lower++
					letters = true
				case r >= 'A' && r <= 'Z', r >= 0x80 && unicode.IsUpper(r):
					upper++
					letters = true
				case r >= 0x80 && unicode.IsLetter(r):
					letters = true
				}
			}
			if letters {
				p.look &= w.look
			}
			if j > 0 && len(lines) <= keptLines {
				before := &lines[i].words[j-1]
				gap := max(w.frame[0]-before.frame[2], before.frame[0]-w.frame[2])
				// The number of a heading may stand apart.
				p.apart = p.apart || gap > 2.5*lines[i].height && (i > 0 || j > 1)
			}
		}
	}
	p.height = float32(mode(heights[:])) / 4
	p.capitals = upper >= 4 && 10*lower <= upper
	p.text = strings.Join(texts[p.first:min(p.first+keptLines, p.last+1)], " ")
	p.box = box
	p.top, p.bottom = shownEdges(content.page, box)
	turned := content.page
	turned.Rotation = (turned.Rotation + 270) % 360
	p.left, p.right = shownEdges(turned, box)
	p.margin = p.top < headPart || p.bottom > 1-footPart
}

func heightStep(height float32) int {
	return min(max(int(4*height+0.5), 0), heightSteps-1)
}

// mode is the index of the largest number, the first one of equals.
func mode[T cmp.Ordered](counts []T) int {
	best := 0
	for i := range counts {
		if counts[i] > counts[best] {
			best = i
		}
	}
	return best
}

func newComingPage(content pageContent, texts []string) comingPage {
	page := comingPage{content: content, texts: texts, margins: marginMemory{top: 1}}
	if len(content.lines) == 0 {
		return page
	}
	page.list, page.turn = makeParagraphs(content, texts), usualTurn(content.lines)
	for i := range page.list {
		one := &page.list[i]
		if one.turn == page.turn && one.lines() >= 2 && one.end-one.start > 80 && (!one.margin || one.lines() > headLines) {
			page.margins.top, page.margins.bottom = min(page.margins.top, one.top), max(page.margins.bottom, one.bottom)
		}
		if key := marginKey(one.text); key != "" && one.margin && one.lines() <= headLines {
			page.margins.keys = append(page.margins.keys, marginLine{key, one.top})
		}
	}
	return page
}

// classify says what the paragraphs of the next page are. after are pages that
// follow it, and lists has the state of those before.
func (s *structure) classify(page *comingPage, after []comingPage, lists *referenceLists) {
	s.pages++
	content, list := &page.content, page.list
	if s.pages <= firstPages {
		s.front.add(*content, len(after) > 0)
	}
	if len(list) > 0 {
		p := pageStructure{structure: s, comingPage: page, usual: s.usualHeight(content)}
		p.findMargins(after)
		p.captions()
		p.footnotes(lists)
		p.listItems()
		p.headings()
		p.formulas()
	}
	for i := range list {
		if list[i].kind == "" {
			list[i].kind = pagetext.Paragraph
		}
	}
	heads := make([]bool, len(content.lines))
	for i := range list {
		if one := &list[i]; one.kind == pagetext.RunningHead || one.kind == pagetext.PageNumber {
			for j := one.first; j <= one.last; j++ {
				heads[j] = true
			}
		}
	}
	listed := lists.add(*content, page.texts, heads)
	content.page.Blocks = make([]pagetext.Block, len(list))
	for i := range list {
		one := &list[i]
		switch one.kind { //nolint:exhaustive // the others stay what they are
		case pagetext.Paragraph, pagetext.ListItem, pagetext.Formula:
			if listed[one.first] || listed[one.last] {
				one.kind = pagetext.Reference
			}
		}
		content.page.Blocks[i] = pagetext.Block{Kind: one.kind, Level: one.level, Start: one.start, End: one.end, Box: one.box}
	}
	s.remember(page.margins)
}

// usualHeight is the height of most letters on recent pages, or on this one where
// it has none of that height.
func (s *structure) usualHeight(content *pageContent) float32 {
	var here [heightSteps]float32
	for i := range content.lines {
		one := &content.lines[i]
		letters := float32(one.end - one.start)
		if letters < 30 {
			letters *= 0.3 // not running text, or not much of it
		}
		here[heightStep(one.height)] += letters
	}
	for i := range s.letters {
		s.letters[i] = s.letters[i]*agedBy + here[i]
	}
	of := mode(s.letters[:])
	near := here[max(of-1, 0):min(of+2, heightSteps)]
	if slices.Max(near) == 0 {
		of = mode(here[:])
	}
	return float32(of) / 4
}

func usualTurn(lines []line) uint8 {
	var turns [4]int
	for i := range lines {
		turns[lines[i].words[0].turn&3] += lines[i].end - lines[i].start
	}
	return uint8(mode(turns[:])) //nolint:gosec // 0 to 3
}

func (s *structure) remember(m marginMemory) {
	if len(s.recent) == rememberedPages {
		s.recent = slices.Delete(s.recent, 0, 1)
	}
	s.recent = append(s.recent, m)
}

// pageStructure is the page that structure is at.
type pageStructure struct {
	*structure
	*comingPage
	usual float32
}

// Bounds of what a running head can be, in lines and code points.
const (
	headLines  = 3
	headLength = 250
)

var pageNumber = regexp.MustCompile(`(?i)^(?:(?:page|seite|p\.|s\.|стр\.) ?)?[-–—|·•\[( ]*(?:\d{1,4}|[ivxlc]{1,8}|[A-Z]-?\d{1,3})[-–—|·•\]) .]*(?:(?:of|/|von|sur|de|из) \d{1,4})?$`)

// findMargins tells page numbers and running heads, from the edges inwards.
func (p *pageStructure) findMargins(after []comingPage) {
	around := slices.Clone(p.recent)
	for i := range after {
		around = append(around, after[i].margins)
	}
	// Where text stands, here and on how many other pages.
	place, known := p.margins, 0
	for i := range around {
		if one := &around[i]; one.top < one.bottom {
			place.top, place.bottom = min(place.top, one.top), max(place.bottom, one.bottom)
			known++
		}
	}
	heads, feet := p.candidates()
	for _, side := range [][]int{heads, feet} {
		var last *paragraph
		for _, i := range side {
			one := &p.list[i]
			beside := last == nil || overlap(last.top, last.bottom, one.top, one.bottom) > 0
			if one.kind = p.marginKind(one, around, place, known, beside); one.kind == "" {
				break // what stands further in is no head either
			}
			last = one
		}
	}
	for i := range p.list {
		one := &p.list[i]
		// A stamp along an edge of the page.
		if one.kind == "" && one.turn != p.turn && one.lines() <= headLines && (one.right < 0.12 || one.left > 0.88) {
			one.kind = pagetext.RunningHead
		}
	}
}

// candidates are the paragraphs in the margins at head and foot, the outermost
// first.
func (p *pageStructure) candidates() (heads, feet []int) {
	for i := range p.list {
		one := &p.list[i]
		if one.lines() > headLines || one.end-one.start > headLength || !one.margin {
			continue
		}
		if one.top < headPart {
			heads = append(heads, i)
		} else {
			feet = append(feet, i)
		}
	}
	slices.SortStableFunc(heads, func(a, b int) int { return cmp.Compare(p.list[a].top, p.list[b].top) })
	slices.SortStableFunc(feet, func(a, b int) int { return cmp.Compare(p.list[b].bottom, p.list[a].bottom) })
	return heads, feet
}

// marginKind is what a paragraph in the margin is when all beyond it are heads;
// empty when it belongs to the text, which has its place here and on known pages
// around. Further in than the outermost row heads are repeated ones.
func (p *pageStructure) marginKind(one *paragraph, around []marginMemory, place marginMemory, known int, outermost bool) pagetext.BlockKind {
	gap := p.gapInward(one)
	if label := p.content.page.Label; one.text == label || pageNumber.MatchString(one.text) && runeCount(one.text) <= 16 {
		return pagetext.PageNumber
	}
	// Where lines end at one height, the last of one page can say what that of
	// another does, but for numbers: in a list of references.
	if times := repetitions(marginKey(one.text), one.top, around); times > 0 && (gap > headGap*one.height || times >= surelyRepeated) {
		return pagetext.RunningHead
	}
	if !outermost || one.height > 1.15*p.usual || beginsCaption(one.text) || one.bottom > place.top && one.top < place.bottom {
		return ""
	}
	stands := one.look&bold != 0 || numberedHeading.MatchString(one.text) || knownHeading(one.text)
	note := one.top > 0.5 && footnoteBegins.MatchString(one.text)
	if one.lines() >= 2 && one.end-one.start > 80 && one.height > 0.95*p.usual &&
		(gap < 2*one.height || gap >= min(p.content.page.Box.Width(), p.content.page.Box.Height())) {
		return "" // a paragraph of the text, near to the next one or the only one
	}
	switch {
	case known >= 2:
		// Text has its place; what begins a page in it may be a heading.
		if gap > headGap*one.height && (!note || gap > 1.5*one.height) {
			return pagetext.RunningHead
		}
	case gap > 1.2*one.height && !stands && !note && (one.end-one.start < 60 || one.lines() == 1 && !endsAsSentence(one.text)):
		return pagetext.RunningHead
	}
	return ""
}

// surelyRepeated is on how many pages around a head stands that has no white
// between it and the text.
const surelyRepeated = 3

// repetitions is how many of the pages around have the same text but for numbers at
// the same height.
func repetitions(key string, top float32, around []marginMemory) int {
	if key == "" {
		return 0
	}
	times := 0
	for i := range around {
		if slices.ContainsFunc(around[i].keys, func(one marginLine) bool { return abs32(one.top-top) < 0.02 && one.key == key }) {
			times++
		}
	}
	return times
}

// gapInward is the white between a paragraph in a margin and the nearest one
// further in, in points.
func (p *pageStructure) gapInward(one *paragraph) float32 {
	height := p.content.page.Box.Height()
	if p.content.page.Rotation%180 != 0 {
		height = p.content.page.Box.Width()
	}
	gap := float32(1)
	for i := range p.list {
		other := &p.list[i]
		if other == one || other.kind != "" {
			continue
		}
		if one.top < headPart {
			if other.top >= one.top && other.bottom > one.bottom {
				gap = min(gap, other.top-one.bottom)
			}
		} else if other.bottom <= one.bottom && other.top < one.top {
			gap = min(gap, one.top-other.bottom)
		}
	}
	return gap * height
}

var (
	captionWords  = `(?:supplementary |supporting |extended data )?(?:fig(?:ure|s?\.)|tab(?:le|\.)|scheme|chart|plate|box|listing|algorithm|photo(?:graph)?|map|exhibit|graph|abb(?:ildung|\.)|tabelle|schema|foto|karte|tableau|encadré|graphique|figura|tabla|cuadro|gráfico|quadro|tabella|рис(?:унок|\.)|табл(?:ица|\.)|kuva|taulukko|figur|tabell|rys(?:unek|\.)|tabela)`
	captionBegins = regexp.MustCompile(`^(?i:` + captionWords + `)\s?(?:[A-Z]?\d{1,3}(?:[.–-]\d{1,3}){0,2}[a-z]?|[IVX]{1,5})\b|^[图圖図表]\s?\d{1,3}|^(?:그림|표)\s?\d{1,3}`)
	// captionEnds the label of a caption; running text goes on without it.
	captionMark = regexp.MustCompile(`^(?i:` + captionWords + `)\s?(?:[A-Z]?\d{1,3}(?:[.–-]\d{1,3}){0,2}[a-z]?|[IVX]{1,5})\s?(?:[.:|—–)]|$)|^[图圖図表]\s?\d{1,3}|^(?:그림|표)\s?\d{1,3}`)
	captionWord = regexp.MustCompile(`^(?i:` + captionWords + `)\s?\S+\s+[\p{Lu}\p{Lo}]`)
)

// beginsCaption reports whether a text begins with the label of a caption.
func beginsCaption(text string) bool {
	// The number comes soon; few texts have one there.
	const within = 60
	begin := text[:min(len(text), within)]
	if !hasDigit(begin) && !hasAny(begin, []string{" I", " V", " X", "\u00a0I", "\u00a0V", "\u00a0X", ".I", ".V", ".X"}) {
		return false
	}
	return captionBegins.MatchString(labelOf(text))
}

// labelOf is what patterns for labels need of a text: what they cost grows with
// its length.
func labelOf(text string) string {
	const length = 100
	if len(text) <= length {
		return text
	}
	return strings.ToValidUTF8(text[:length], "")
}

func (p *pageStructure) captions() {
	for i := range p.list {
		one := &p.list[i]
		if one.kind != "" || !beginsCaption(one.text) {
			continue
		}
		first := &p.content.lines[one.first].words[0]
		switch {
		case captionMark.MatchString(one.text), one.height < 0.95*p.usual, first.look&bold != 0,
			captionWord.MatchString(one.text):
			one.kind = pagetext.Caption
		}
	}
}

// footnotes are small print at the foot of a column. In a list of references, which
// is often in small print itself, they are smaller than that.
func (p *pageStructure) footnotes(lists *referenceLists) {
	from, listed := p.listed(lists)
	began := false
	for i := range p.list {
		one := &p.list[i]
		usual := p.usual
		if i >= from && listed > 0 {
			usual = min(listed, usual)
		}
		if one.kind != "" {
			continue
		}
		if one.height > 0.93*usual || one.top < 0.3 || one.turn != p.turn || p.textBelow(i, usual) {
			began = false
			continue
		}
		switch {
		case footnoteBegins.MatchString(one.text):
			began = true
		case p.note && !began && startsLower(one.text) && p.textAbove(i, usual):
			began = true // what the last page had no room for
		case began && p.under(i):
		default:
			began = false
			continue
		}
		one.kind = pagetext.Footnote
	}
	p.note = false
	for i := range p.list {
		if p.list[i].kind == pagetext.Footnote {
			p.note = !endsAsSentence(p.texts[p.list[i].last])
		}
	}
}

// listed is the paragraph from which on the page is a list of references, and the
// height of its letters; 0 without one.
func (p *pageStructure) listed(lists *referenceLists) (from int, height float32) {
	from = len(p.list)
	if lists.isOpen() {
		from = 0
	}
	for i := range p.list {
		if one := &p.list[i]; one.first == one.last && one.kind == "" && isListHeading(p.texts[one.first]) {
			from = i + 1
		}
	}
	if from >= len(p.list) {
		return from, 0
	}
	var heights [heightSteps]int
	for i := from; i < len(p.list); i++ {
		if p.list[i].kind == "" {
			heights[heightStep(p.list[i].height)] += p.list[i].end - p.list[i].start
		}
	}
	return from, float32(mode(heights[:])) / 4
}

// textBelow reports whether running text of the usual size stands under a
// paragraph in its column.
func (p *pageStructure) textBelow(i int, usual float32) bool {
	return p.hasText(i, usual, func(one, other *paragraph) bool { return other.frame[3] < one.frame[1]+0.5*one.height })
}

func (p *pageStructure) textAbove(i int, usual float32) bool {
	return p.hasText(i, usual, func(one, other *paragraph) bool { return other.frame[1] > one.frame[3]-0.5*one.height })
}

func (p *pageStructure) hasText(i int, usual float32, stands func(one, other *paragraph) bool) bool {
	one := &p.list[i]
	for j := range p.list {
		other := &p.list[j]
		if j == i || other.kind == pagetext.RunningHead || other.kind == pagetext.PageNumber || other.turn != one.turn ||
			other.height < 0.95*usual || other.end-other.start < 12 {
			continue
		}
		if overlap(one.frame[0], one.frame[2], other.frame[0], other.frame[2]) > 0.2*min(one.frame.Width(), other.frame.Width()) && stands(one, other) {
			return true
		}
	}
	return false
}

// under reports whether a paragraph goes on below the one before it in the text.
func (p *pageStructure) under(i int) bool {
	if i == 0 {
		return false
	}
	above, one := &p.list[i-1], &p.list[i]
	gap := above.frame[1] - one.frame[3]
	return above.kind == pagetext.Footnote && gap < 1.5*one.height && gap > -one.height
}

func endsAsSentence(text string) bool {
	for _, r := range slices.Backward([]rune(strings.TrimRight(text, ")]”\"’ "))) {
		return strings.ContainsRune(".?!:。", r)
	}
	return true
}

var (
	bulletBegins = regexp.MustCompile(`^(?:[•▪◦‣●■○□◆▶►➢✓✔∙·⁃\x{f0b7}\x{f0a7}\x{f0d8}]\s?|[–—∗*-]\s)\S`)
	labelBegins  = regexp.MustCompile(`^(?:\((\d{1,2}|[a-zA-Z]|[ivx]{1,5})\)|(\d{1,2}|[a-zA-Z]|[ivx]{1,5})[.)])\s`)
)

func (p *pageStructure) listItems() {
	type label struct {
		text, close string
	}
	labels := make([]label, len(p.list))
	for i := range p.list {
		one := &p.list[i]
		if one.kind != "" || one.turn != p.turn {
			continue
		}
		if bulletBegins.MatchString(one.text) {
			one.kind = pagetext.ListItem
			continue
		}
		if m := labelBegins.FindStringSubmatch(one.text); m != nil {
			whole := strings.TrimSpace(m[0])
			labels[i] = label{m[1] + m[2], whole[len(whole)-1:] + whole[:1][:len(whole)-len(m[1]+m[2])-1]}
		}
	}
	// A label alone is a number that a paragraph happens to begin with.
	for i := range p.list {
		if labels[i].text == "" {
			continue
		}
		for j := i + 1; j < len(p.list) && j <= i+3; j++ {
			if labels[j].close == labels[i].close && follow(labels[i].text, labels[j].text) && alignedParagraphs(&p.list[i], &p.list[j]) {
				if !p.isSection(i) || !p.isSection(j) {
					p.list[i].kind, p.list[j].kind = pagetext.ListItem, pagetext.ListItem
				}
				break
			}
		}
	}
}

// isSection tells headings that follow each other closely from items of a list.
func (p *pageStructure) isSection(i int) bool {
	one := &p.list[i]
	return one.look&bold != 0 || one.height > 1.08*p.usual || one.capitals
}

func alignedParagraphs(a, b *paragraph) bool {
	return abs32(a.frame[0]-b.frame[0]) < max(a.height, b.height) || a.frame[1] < b.frame[3] && a.frame[0] < b.frame[0]
}

// follow reports whether one label of a list comes after another.
func follow(label, next string) bool {
	if n, ok := labelNumber(label); ok {
		m, ok := labelNumber(next)
		return ok && m == n+1
	}
	if len(label) == 1 && len(next) == 1 && next[0] == label[0]+1 {
		return true
	}
	for i, one := range romans[:len(romans)-1] {
		if strings.EqualFold(one, label) && strings.EqualFold(romans[i+1], next) {
			return true
		}
	}
	return false
}

var romans = []string{"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"}

func labelNumber(label string) (int, bool) {
	n := 0
	for _, r := range label {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = 10*n + int(r-'0')
	}
	return n, label != ""
}

// relations that a formula has.
const relations = "=≠≈≡≤≥<>≪≫∈∉⊂⊆→⇒⇔↦∝∼≃≅∀∃∑∫∏"

func (p *pageStructure) formulas() {
	for i := range p.list {
		one := &p.list[i]
		if one.kind != "" || one.lines() > keptLines || !strings.ContainsAny(one.text, relations) {
			continue
		}
		long, tokens := 0, 0
		for token := range strings.FieldsSeq(one.text) {
			tokens++
			letters := 0
			for _, r := range token {
				if unicode.IsLetter(r) {
					letters++
				}
			}
			if letters >= 4 {
				long++
			}
		}
		if 6*long <= tokens && countWide(one.text) < 4 {
			one.kind = pagetext.Formula
		}
	}
}
