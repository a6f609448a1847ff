package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// frontMatter reads the first pages as a person does: the largest letters are
// the title, the names by it the authors, and head, foot and margin say where
// it was published.
type frontMatter struct {
	pages  []frontPage
	cover  map[string]string // what a cover sheet says by its labels
	folded string            // all of it, canonical and folded, to look things up in
}

// frontPage is one of the first pages.
type frontPage struct {
	pageContent
	pieces []piece
	texts  []string      // of the lines as printed, with the hyphens at their ends
	frame  pagetext.Rect // of the page, as pieces have theirs
	cover  bool          // put before the work by whoever sent the file
}

func newFrontMatter() *frontMatter { return &frontMatter{cover: map[string]string{}} }

// add takes the next of the first pages. more tells that the work goes on behind it:
// the last page is no cover.
func (f *frontMatter) add(content pageContent, more bool) {
	n := len(f.pages)
	page := frontPage{pageContent: content, pieces: makePieces(content, n), frame: content.page.Box}
	page.texts = make([]string, len(content.lines))
	for i := range page.pieces {
		if one := &page.pieces[i]; len(one.printed) == len(content.lines[one.order].words) {
			page.texts[one.order] = one.text
		}
	}
	for i := range page.texts {
		if page.texts[i] == "" {
			page.texts[i] = textOfWords(content.lines[i].words)
		}
	}
	if len(page.pieces) > 0 {
		page.frame = frameOf(content)
	}
	if n < 3 {
		f.folded += lookupKey(content.page.Text)
	}
	covered := n == 0 || f.pages[n-1].cover
	f.pages = append(f.pages, page)
	if more && covered {
		f.pages[n].cover = f.readCover(&f.pages[n])
	}
}

// frameOf is the page's box in the frame of its usual text.
func frameOf(content pageContent) pagetext.Rect {
	var turns [4]int
	main := uint8(0)
	for i := range content.lines {
		turn := content.lines[i].words[0].turn & 3
		if turns[turn]++; turns[turn] > turns[main] {
			main = turn
		}
	}
	return inFrame(content.page.Box, main)
}

// lookupKey is text without case, accents, white space and punctuation.
func lookupKey(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, pagetext.Fold(text))
}

// confirm raises the confidence in a title that the pages show, and lowers it
// in one that they do not.
func (f *frontMatter) confirm(title string, confidence float64) float64 {
	key := lookupKey(title)
	switch {
	case f.folded == "":
		return confidence
	case runeCount(key) >= 8 && strings.Contains(f.folded, key):
		return confirmed
	}
	return unconfirmed
}

// confirmNames does the same for authors: each family name must stand there.
func (f *frontMatter) confirmNames(names []csl.Name, confidence float64) float64 {
	if f.folded == "" {
		return confidence
	}
	for _, name := range names {
		if !strings.Contains(f.folded, lookupKey(name.Family)) {
			return unconfirmed
		}
	}
	return 0.85
}

// claim makes the page's claims. known are titles that other places in the file
// give; one that stands on a page tells where the title is.
func (f *frontMatter) claim(out *claims, known []string) {
	if len(f.pages) == 0 {
		return
	}
	title, found := f.title(known)
	if found {
		f.cutAfter(title.page)
		f.claimTitle(out, title, known)
	} else if text := f.cover["title"]; text != "" {
		out.add("title", csl.SourcePage, text, surePage)
	}
	f.claimAuthors(out, title, found)
	if doi, confidence := f.doi(); doi != "" {
		out.add("DOI", csl.SourcePage, doi, confidence)
	}
	journal := f.journal()
	journal.claim(out)
	if date, confidence := f.issued(title, found, journal); date != nil {
		out.add("issued", csl.SourcePage, date, confidence)
	}
	abstract := f.abstract()
	if abstract != "" {
		out.add("abstract", csl.SourcePage, abstract, surePage)
	}
	if keywords := f.keywords(); keywords != "" {
		out.add("keyword", csl.SourcePage, keywords, surePage)
	}
	f.claimNumbers(out)
	f.claimKind(out, title, found, abstract != "")
}

func (f *frontMatter) claimTitle(out *claims, title headline, known []string) {
	confidence := f.sureOf(title)
	text := title.text
	// Print in capitals hides the title's own; another place may have them.
	for _, other := range append([]string{f.cover["title"]}, known...) {
		if lookupKey(other) == lookupKey(text) && other != "" {
			confidence = max(confidence, 0.9)
			if strings.ToUpper(text) == text && strings.ToUpper(other) != other {
				text = other
			}
		}
	}
	if below := f.subtitle(title); below != "" {
		out.add("title-short", csl.SourcePage, text, confidence)
		text = strings.TrimRight(text, " :–—") + ": " + below
	}
	out.add("title", csl.SourcePage, text, confidence)
}

func (f *frontMatter) claimAuthors(out *claims, title headline, found bool) {
	var names []csl.Name
	if found {
		names = f.authors(title)
	}
	onCover := parseNames(f.cover["author"])
	if len(names) == 0 {
		if len(onCover) > 0 {
			out.add("author", csl.SourcePage, onCover, 0.85)
		}
		return
	}
	// Thousands of authors with a place each make a value that nobody keeps.
	if size := affiliationBytes(names); size > maxAffiliations {
		for i := range names {
			names[i].Affiliation = nil
		}
	}
	out.add("author", csl.SourcePage, names, 0.9)
}

// maxAffiliations of all authors together, in bytes.
const maxAffiliations = 100 << 10

func affiliationBytes(names []csl.Name) int {
	size := 0
	for _, name := range names {
		for _, place := range name.Affiliation {
			size += len(place.Name) + 12
		}
	}
	return size
}

// headline is a run of pieces of one size.
type headline struct {
	page, first, last int // pieces, both included
	height            float32
	text              string
	frame             pagetext.Rect
}

// banner is large print at the head of a paper that is not its title.
var banner = regexp.MustCompile(`(?i)^(?:arxiv:.*|(?:the )?(?:international |european |american |british |canadian |annual )?(?:journal|annals|archives|review|bulletin) (?:of|for|on|in) (?:the )?\S{3,60}(?: \S+){0,6}|` +
	`\S+ (?:journal|letters|transactions|annals|proceedings|reviews?|zeitschrift)|` +
	`proceedings of .*|research article|original (?:article|paper|research|contribution)s?|review(?: article| paper)?|(?:regular |short |full |invited )?(?:article|paper|letter|report|communication|note)s?|` +
	`preprint|technical report.*|research report.*|working paper.*|discussion paper.*|white ?paper|case report|perspectives?|editorial|commentary|opinion|` +
	`volume \d.*|vol\. ?\d.*|contents.*|table of contents|inhaltsverzeichnis|table des matières|índice|содержание|目录|abstract|summary|introduction|\d+ introduction|` +
	`open access|open science|hal|plos ?(?:one|biology|medicine)|nature|science|cell|thesis|dissertation|doctoral (?:thesis|dissertation)|master'?s thesis|bachelorarbeit|masterarbeit|diplomarbeit|` +
	`hhs public access|author manuscript|accepted manuscript|running head.*|author'?s? (?:accepted )?(?:version|manuscript)|keywords?|references|acknowledg\S+|` +
	`contents lists available.*|sciencedirect|elsevier|springer|wiley|(?:available|published) online.*|part \w{1,4}|chapter \w{1,4}|kapitel \d+)$`)

// title is the largest print in the upper part of the first page, or of a later
// one when the first has nothing that can be one.
func (f *frontMatter) title(known []string) (headline, bool) {
	known = append([]string{f.cover["title"]}, known...)
	for i := range f.pages {
		if f.pages[i].cover || len(f.pages[i].pieces) == 0 {
			continue
		}
		if i > 3 {
			break
		}
		if title, ok := f.titleOn(i, known); ok {
			return f.betterPage(title), true
		}
	}
	return headline{}, false
}

// betterPage goes on to a title page that repeats what stood alone on the page
// before it, a half title.
func (f *frontMatter) betterPage(title headline) headline {
	if len(f.pages[title.page].pieces)-(title.last-title.first+1) > 3 {
		return title
	}
	for next := title.page + 1; next < len(f.pages) && next <= title.page+3; next++ {
		if again, ok := f.find(next, title.text); ok {
			return again
		}
	}
	return title
}

func (f *frontMatter) titleOn(page int, known []string) (headline, bool) {
	for _, text := range known {
		if words := len(strings.Fields(text)); words >= 3 || countWide(text) >= 6 {
			if title, ok := f.find(page, text); ok {
				return title, true
			}
		}
	}
	var best headline
	found, most := false, float32(0)
	for _, run := range f.headlines(page) {
		if found && mostWeight*run.height <= most {
			continue
		}
		one := &f.pages[page].pieces[run.first]
		top := f.depth(one)
		words := len(strings.Fields(run.text))
		if top > 0.75 || words > 60 || !hasLetters(run.text, 4) && countWide(run.text) < 4 || one.turned ||
			banner.MatchString(run.text) || findDOI(run.text) != "" || frontEnd.MatchString(run.text) {
			continue
		}
		if weight := f.weight(run); !found || weight > most {
			found, best, most = true, run, weight
		}
	}
	// With letters of one size throughout, the first paragraph is as good as
	// any; it must still be short.
	if !found || len(strings.Fields(best.text)) > 45 {
		return headline{}, false
	}
	return best, true
}

// find looks on a page for consecutive pieces that say text.
func (f *frontMatter) find(page int, text string) (headline, bool) {
	key := lookupKey(text)
	pieces := f.pages[page].pieces
	if runeCount(key) < 6 {
		return headline{}, false
	}
	var best headline
	for first := range pieces {
		joined := ""
		for last := first; last < len(pieces) && last < first+8; last++ {
			joined = joinLines(joined, pieces[last].plain)
			held := lookupKey(joined)
			if held == key {
				if pieces[first].height > best.height {
					best = f.run(page, first, last)
				}
				break
			}
			if len(held) > len(key) || !strings.HasPrefix(key, held) && !strings.HasSuffix(joined, "-") {
				break
			}
		}
	}
	if best.text == "" || f.depth(&pieces[best.first]) > 0.75 || pieces[best.first].margin && best.height < 1.1*f.usualHeight(page) {
		return headline{}, false
	}
	return best, true
}

func (f *frontMatter) run(page, first, last int) headline {
	pieces := f.pages[page].pieces
	run := headline{page: page, first: first, last: last, height: pieces[first].height, frame: pieces[first].frame}
	for i := first; i <= last; i++ {
		run.text = joinLines(run.text, pieces[i].plain)
		run.frame = run.frame.Union(pieces[i].frame)
	}
	return run
}

// depth is how far down the page a piece begins, as a part of its height.
func (f *frontMatter) depth(one *piece) float32 {
	frame := f.pages[one.page].frame
	if frame.Height() <= 0 {
		return 0.5
	}
	return (frame[3] - one.frame[3]) / frame.Height()
}

// usualHeight is that of the page's running text.
func (f *frontMatter) usualHeight(page int) float32 {
	var heights []float32
	for i := range f.pages[page].pieces {
		one := &f.pages[page].pieces[i]
		for range one.words() {
			heights = append(heights, one.height)
		}
	}
	if len(heights) == 0 {
		return 1
	}
	slices.Sort(heights)
	return heights[len(heights)/2]
}

// sureOf lowers the confidence in a title that is hardly larger than the text:
// then it is merely the first line.
func (f *frontMatter) sureOf(title headline) float64 {
	if len(f.pages[title.page].pieces) < 4 || title.height < 1.1*f.usualHeight(title.page) {
		return 0.4
	}
	return surePage
}

// mostWeight is what a headline weighs at most, as a part of its height.
const mostWeight = 1.15

// weight compares headlines: size first, but a single word is more often a
// journal's name than a title, names under it speak for a title, and among
// equals the one that stands higher wins.
func (f *frontMatter) weight(h headline) float32 {
	weight := h.height
	if len(strings.Fields(h.text)) < 2 && countWide(h.text) < 4 {
		weight *= 0.6
	}
	pieces := f.pages[h.page].pieces
	if len(strings.Fields(h.text)) <= 6 && affiliation.MatchString(h.text) {
		weight *= 0.8
	}
	for i := h.last + 1; i < len(pieces) && i <= h.last+2; i++ {
		if looksLikeNames(&pieces[i]) {
			weight *= mostWeight
			break
		}
	}
	if names, refused := splitNames(f.pages[h.page].pieces[h.first].marked); refused == 0 && len(names) > 1 {
		weight *= 0.8 // a list of names
	}
	return weight - 0.001*float32(h.first)
}

// longestHeadline in bytes, far longer than a title: what comes after it in a run
// is not looked at.
const longestHeadline = 2000

// headlines divides a page's pieces into runs of one size.
func (f *frontMatter) headlines(page int) []headline {
	pieces := f.pages[page].pieces
	usual := f.usualHeight(page)
	var runs []headline
	for i := range pieces {
		one := &pieces[i]
		if n := len(runs) - 1; n >= 0 {
			run := &runs[n]
			above := &pieces[i-1]
			within := one.height < 1.06*run.height && one.height > 0.94*run.height && one.turned == above.turned &&
				(one.margin == above.margin || one.height > 1.2*usual)
			within = within && near(above, one)
			if within && len(run.text) > longestHeadline {
				run.last = i
				run.frame = run.frame.Union(one.frame)
				continue
			}
			// In letters of the text's size a title ends where names begin.
			if within && one.height < 1.1*usual && (looksLikeNames(one) || labelled.MatchString(labelOf(one.plain)) || frontEnd.MatchString(one.plain)) {
				within = false
			}
			if within {
				run.last = i
				run.text = joinLines(run.text, one.plain)
				run.frame = run.frame.Union(one.frame)
				continue
			}
		}
		runs = append(runs, headline{page: page, first: i, last: i, height: one.height, text: one.plain, frame: one.frame})
	}
	return runs
}

// near reports whether a piece follows directly under another, or beside it.
func near(above, below *piece) bool {
	if sameRow(above, below) {
		return above.order == below.order
	}
	down := above.frame[1] - below.frame[1]
	return down > 0 && down < 2.2*above.height && overlap(above.frame[0], above.frame[2], below.frame[0], below.frame[2]) > 0
}

// joinLines joins two lines of a text that has no page text of its own.
func joinLines(a, b string) string {
	if before, ok := strings.CutSuffix(a, "-"); ok && before != "" && startsLower(b) {
		return before + b
	}
	last, _ := utf8.DecodeLastRuneInString(a)
	if next, _ := utf8.DecodeRuneInString(b); isWide(last) && isWide(next) {
		return a + b
	}
	return strings.TrimSpace(a + " " + b)
}

// subtitle is what stands directly under the title in letters between its own
// size and the text's.
func (f *frontMatter) subtitle(title headline) string {
	pieces := f.pages[title.page].pieces
	usual := f.usualHeight(title.page)
	text := ""
	height := float32(0)
	last := &pieces[title.last]
	for i := title.last + 1; i < len(pieces) && i <= title.last+3; i++ {
		one := &pieces[i]
		if text == "" {
			height = one.height
		}
		if one.height > 0.9*title.height || one.height < 1.25*usual || one.height < 0.95*height || one.height > 1.05*height ||
			last.frame[1]-one.frame[3] > 1.3*title.height || one.margin || one.turned ||
			overlap(title.frame[0], title.frame[2], one.frame[0], one.frame[2]) <= 0 {
			break
		}
		if looksLikeNames(one) && !strings.ContainsAny(one.plain, ":") && startsNameList(one) || affiliation.MatchString(one.plain) || findDate(one.plain) != nil ||
			frontEnd.MatchString(one.plain) || degreeLine.MatchString(one.plain) || banner.MatchString(one.plain) || labelled.MatchString(one.plain) {
			break
		}
		text = joinLines(text, one.plain)
		last = one
	}
	words := len(strings.Fields(text))
	if words < 2 || words > 30 || title.height < 1.4*usual {
		return ""
	}
	// Names may stand here in larger print than the text.
	if names := parseNames(text); len(names) > 0 && !hasSmallWord(text) {
		return ""
	}
	return text
}

// hasSmallWord reports whether there is a word in small letters that no list of
// names has.
func hasSmallWord(text string) bool {
	for word := range strings.FieldsSeq(text) {
		lower := strings.ToLower(word)
		if startsLower(word) && !isParticle(word) && lower != "and" && lower != "und" && lower != "et" && lower != "y" && lower != "by" {
			return true
		}
	}
	for _, word := range []string{" on ", " in ", " of ", " for ", " with ", " from ", " the ", " to "} {
		if strings.Contains(" "+strings.ToLower(text)+" ", word) {
			return true
		}
	}
	return false
}

// cutAfter leaves the pages out on which another work begins: one more title
// with names and an abstract or keywords of its own.
func (f *frontMatter) cutAfter(page int) {
	for next := page + 1; next < len(f.pages); next++ {
		begins := func(text string) bool {
			return len(text) <= longestListHeading && abstractHeading.MatchString(text) || len(text) < 400 && keywordsHeading.MatchString(labelOf(text))
		}
		pieces, first := f.pages[next].pieces, 0
		for first < len(pieces) && !begins(pieces[first].plain) {
			first++
		}
		if first == len(pieces) {
			continue
		}
		title, ok := f.titleOn(next, nil)
		if !ok || title.height < 1.25*f.usualHeight(next) || f.depth(&f.pages[next].pieces[title.first]) > 0.35 {
			continue
		}
		if first := f.run(page, 0, 0); first.text == title.text {
			continue
		}
		if len(f.authors(title)) == 0 {
			continue
		}
		// The same work in another language begins anew, too.
		if f.languageOf(next) == f.languageOf(page) {
			f.pages = f.pages[:next]
		}
		return
	}
}
