package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// frontMatter reads the first pages as a person does: the largest letters are
// the title, the names under it the authors.
type frontMatter struct {
	pages  []pageContent
	texts  [][]string // of each page's lines, as printed
	plain  [][]string // without what is raised
	folded string     // all of it, canonical and folded, to look things up in
}

func newFrontMatter(pages []pageContent) *frontMatter {
	f := &frontMatter{pages: pages}
	var all strings.Builder
	for _, page := range pages {
		f.texts = append(f.texts, lineTexts(page))
		plain := make([]string, len(page.lines))
		for i := range page.lines {
			plain[i] = plainText(&page.lines[i])
		}
		f.plain = append(f.plain, plain)
		all.WriteString(lookupKey(page.page.Text))
	}
	f.folded = all.String()
	return f
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

// plainText is a line without raised marks.
func plainText(one *line) string {
	var parts []string
	for i := range one.words {
		w := &one.words[i]
		runes := w.runes[:len(w.runes)-w.raised]
		if w.height() < 0.85*one.height && w.raised == 0 && i > 0 && w.frame[1] > one.words[i-1].frame[1]+0.1*one.height {
			continue
		}
		if len(runes) > 0 {
			parts = append(parts, string(runes))
		}
	}
	return strings.Join(parts, " ")
}

// confirm raises the confidence in a title that the pages show, and lowers it
// in one that they do not.
func (f *frontMatter) confirm(title string, confidence float64) float64 {
	key := lookupKey(title)
	switch {
	case f.folded == "":
		return confidence
	case len(key) >= 8 && strings.Contains(f.folded, key):
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

// claim makes the page's claims.
func (f *frontMatter) claim(out *claims) {
	if len(f.pages) == 0 {
		return
	}
	if title, ok := f.title(); ok {
		out.add("title", csl.SourcePage, title.text, f.sureOf(title))
		if names := f.authors(title); len(names) > 0 {
			out.add("author", csl.SourcePage, names, 0.9)
		}
	}
	if doi, confidence := f.doi(); doi != "" {
		out.add("DOI", csl.SourcePage, doi, confidence)
	}
	if date, confidence := f.issued(); date != nil {
		out.add("issued", csl.SourcePage, date, confidence)
	}
	if citation := f.citation(); citation != nil {
		out.add("container-title", csl.SourcePage, citation[1], surePage)
		out.add("volume", csl.SourcePage, citation[2], surePage)
		out.add("issue", csl.SourcePage, citation[3], surePage)
		if citation[4] != "" {
			out.add("page", csl.SourcePage, citation[4], surePage)
		}
	}
	if abstract := f.abstract(); abstract != "" {
		out.add("abstract", csl.SourcePage, abstract, surePage)
	}
	if keywords := f.keywords(); keywords != "" {
		out.add("keyword", csl.SourcePage, keywords, surePage)
	}
}

// headline is a run of lines of one size.
type headline struct {
	page, first, last int // lines, both included
	height            float32
	text              string
}

// banner is large print at the head of a paper that is not its title.
var banner = regexp.MustCompile(`(?i)^(?:arxiv:.*|(?:the )?(?:international |european |american )?journal (?:of|for) .{3,60}|` +
	`proceedings of .*|research article|original (?:article|paper|research)|review(?: article)?|article|letter|preprint|` +
	`technical report.*|volume \d.*|vol\. ?\d.*|contents.*|abstract|summary|introduction|\d+ introduction|open access|plos one|nature|science)$`)

// title is the largest print in the upper part of the first page, or of the
// second when the first has nothing that can be one.
func (f *frontMatter) title() (headline, bool) {
	for page := range f.pages {
		if title, ok := f.titleOn(page); ok {
			return title, true
		}
	}
	return headline{}, false
}

func (f *frontMatter) titleOn(page int) (headline, bool) {
	var candidates []headline
	for _, run := range f.headlines(page) {
		top, _ := shownEdges(f.pages[page].page, f.pages[page].lines[run.first].box)
		words := len(strings.Fields(run.text))
		if top > 0.7 || words > 60 || !hasLetters(run.text, 4) || banner.MatchString(run.text) || findDOI(run.text) != "" {
			continue
		}
		candidates = append(candidates, run)
	}
	if len(candidates) == 0 {
		return headline{}, false
	}
	best := slices.MaxFunc(candidates, func(a, b headline) int { return cmp.Compare(a.weight(), b.weight()) })
	// With letters of one size throughout, the first paragraph is as good as
	// any; it must still be short.
	if len(strings.Fields(best.text)) > 40 {
		return headline{}, false
	}
	return best, true
}

// sureOf lowers the confidence in a title that is hardly larger than the text:
// then it is merely the first line.
func (f *frontMatter) sureOf(title headline) float64 {
	lines := f.pages[title.page].lines
	heights := make([]float32, len(lines))
	for i := range lines {
		heights[i] = lines[i].height
	}
	slices.Sort(heights)
	if len(lines) < 5 || title.height < 1.1*heights[len(heights)/2] {
		return 0.4
	}
	return surePage
}

// weight compares headlines: size first, but a single word is more often a
// journal's name than a title, and among equals the one that stands higher wins.
func (h headline) weight() float32 {
	weight := h.height
	if len(strings.Fields(h.text)) < 2 {
		weight *= 0.6
	}
	return weight - 0.001*float32(h.first)
}

// headlines divides a page's lines into runs of one size.
func (f *frontMatter) headlines(page int) []headline {
	lines := f.pages[page].lines
	var runs []headline
	for i := range lines {
		if n := len(runs) - 1; n >= 0 {
			run := &runs[n]
			within := lines[i].height < 1.05*run.height && lines[i].height > 0.95*run.height
			if within && run.last == i-1 && near(&lines[i-1], &lines[i]) {
				run.last = i
				run.text = joinLines(run.text, f.plain[page][i])
				continue
			}
		}
		runs = append(runs, headline{page: page, first: i, last: i, height: lines[i].height, text: f.plain[page][i]})
	}
	return runs
}

// near reports whether a line follows directly under another.
func near(above, below *line) bool {
	return above.words[0].frame[1]-below.words[0].frame[1] < 2.2*above.height
}

// joinLines joins two lines of a text that has no page text of its own.
func joinLines(a, b string) string {
	if before, ok := strings.CutSuffix(a, "-"); ok && before != "" && startsLower(b) {
		return before + b
	}
	return strings.TrimSpace(a + " " + b)
}

// affiliation marks a line that says where authors work, or that the text has
// begun.
var (
	affiliation = regexp.MustCompile(`(?i)\b(?:universit\w+|universidad|universität|department|departamento|dept\.?|institut\w*|college|school|faculty|` +
		`laborator\w+|laboratoire|centre|center|hospital|academy of|research|inc\.|ltd\.?|gmbh|corporation|company|foundation|division of|national|ministry)\b`)
	frontEnd = regexp.MustCompile(`(?i)^(?:abstract|summary|a ?b ?s ?t ?r ?a ?c ?t|introduction|keywords?|\d+\.? introduction|doi\b|submitted|published|received|` +
		`accepted|corresponding|correspondence|editor|license|copyright|©|https?:|software|contents|statement of need|article (?:history|info))`)
)

// authors are the names under the title.
func (f *frontMatter) authors(title headline) []csl.Name {
	lines := f.pages[title.page].lines
	plain := f.plain[title.page]
	var text string
	var height float32
	for i := title.last + 1; i < len(lines) && i <= title.last+80; i++ {
		switch {
		case frontEnd.MatchString(plain[i]), strings.ContainsRune(plain[i], '@'), startsWithMark(&lines[i]):
			i = len(lines)
			continue
		case text == "" && !looksLikeNames(plain[i]):
			// A subtitle or a date between title and authors.
			if i > title.last+3 {
				i = len(lines)
			}
			continue
		case text != "" && (lines[i].height < 0.9*height || lines[i].height > 1.1*height):
			i = len(lines)
			continue
		case text != "" && affiliation.MatchString(plain[i]) && len(parseNames(plain[i])) == 0:
			i = len(lines)
			continue
		}
		if text == "" {
			height = lines[i].height
		}
		text = strings.TrimSpace(text + " " + plain[i])
	}
	return parseNames(strings.TrimPrefix(strings.TrimPrefix(text, "by "), "By "))
}

func looksLikeNames(text string) bool {
	return !affiliation.MatchString(text) && len(parseNames(text)) > 0
}

// startsWithMark reports whether a line begins with the raised mark or the
// number of an affiliation.
func startsWithMark(one *line) bool {
	first := &one.words[0]
	if first.raised == len(first.runes) && len(first.runes) > 0 {
		return true
	}
	if unicode.IsDigit(first.runes[0]) {
		return true
	}
	return len(one.words) > 1 && first.height() < 0.85*one.words[1].height()
}

var labelledDOI = regexp.MustCompile(`(?i)(?:doi\.org/|\bdoi\b[:\s]*(?:https?://(?:dx\.)?doi\.org/)?)\s*(10\.\d{4,9}/[^\s"<>{}|\\^\x60\[\]“”‘’]+)`)

// doi is the document's own: one in a margin or with its label high on the
// page; never one that stands in running text, which cites another work.
func (f *frontMatter) doi() (string, float64) {
	type sighting struct {
		labelled, margin bool
		times            int
	}
	seen := map[string]*sighting{}
	var order []string
	for p, texts := range f.texts {
		if p > 0 && len(order) > 0 {
			break
		}
		for i, text := range texts {
			doi, labelled := "", false
			if m := labelledDOI.FindStringSubmatch(text); m != nil {
				doi, labelled = cleanDOI(m[1]), true
			} else {
				doi = findDOI(text)
			}
			if doi == "" {
				continue
			}
			if seen[doi] == nil {
				seen[doi] = &sighting{}
				order = append(order, doi)
			}
			one := seen[doi]
			one.times++
			one.labelled = one.labelled || labelled
			one.margin = one.margin || inMargin(f.pages[p].page, f.pages[p].lines[i].box) || len(f.pages[p].lines[i].words) <= 3
		}
	}
	best, most := "", 0.0
	for _, doi := range order {
		one := seen[doi]
		confidence := 0.4
		if one.labelled {
			confidence += 0.2
		}
		if one.margin {
			confidence += 0.25
		}
		if one.times > 1 {
			confidence += 0.1
		}
		if confidence > most {
			best, most = doi, confidence
		}
	}
	return best, most
}

var (
	publishedDate = regexp.MustCompile(`(?i)\b(?:published(?: online)?|publication date|date of publication|available online|first published)\b:?\s*(.{0,60})`)
	copyrightYear = regexp.MustCompile(`(?i)(?:©|\(c\)|copyright)\s*(?:\(c\)\s*)?((?:19|20)\d\d)`)
	arxivDate     = regexp.MustCompile(`(?i)^arxiv:\S+(?: v\d+)? \[[\w.-]+\] (.+)$`)
	citedYear     = regexp.MustCompile(`\(((?:19|20)\d\d)\)`)
)

// issued is when the document was published, from the surest place that says so.
func (f *frontMatter) issued() (*csl.Date, float64) {
	find := func(pattern *regexp.Regexp, marginOnly bool) *csl.Date {
		for p, texts := range f.texts {
			for i, text := range texts {
				if marginOnly && !inMargin(f.pages[p].page, f.pages[p].lines[i].box) {
					continue
				}
				if m := pattern.FindStringSubmatch(text); m != nil {
					if date := findDate(m[1]); date != nil {
						return date
					}
				}
			}
		}
		return nil
	}
	for _, place := range []struct {
		pattern    *regexp.Regexp
		marginOnly bool
		confidence float64
	}{
		{publishedDate, false, 0.9},
		{arxivDate, false, 0.8},
		{citedYear, true, 0.8},
		{copyrightYear, false, 0.7},
	} {
		if date := find(place.pattern, place.marginOnly); date != nil {
			return date, place.confidence
		}
	}
	// A year in the head or foot of the first page, as journals print it.
	if len(f.pages) > 0 {
		for i, text := range f.texts[0] {
			if inMargin(f.pages[0].page, f.pages[0].lines[i].box) {
				if date := findDate(text); date != nil {
					return date, 0.6
				}
			}
		}
	}
	return nil, 0
}

// citationLine is a journal's own citation in head or foot: name, volume
// (issue), page.
var citationLine = regexp.MustCompile(`([A-Z][^.,;:()\d]{3,80}),? (?:[Vv]ol\. ?)?(\d{1,4}) ?\((\d{1,4})\)(?:[,:] ?(?:pp?\. )?([A-Za-z]?\d+(?:[-–]\d+)?))?`)

func (f *frontMatter) citation() []string {
	if len(f.pages) == 0 {
		return nil
	}
	// A citation can run over two lines of the foot.
	var margin []string
	for i := range f.texts[0] {
		if one := &f.pages[0].lines[i]; inMargin(f.pages[0].page, one.box) {
			margin = append(margin, withoutPageNumber(f.pages[0].page, one))
		}
	}
	match := citationLine.FindStringSubmatch(strings.Join(margin, " "))
	if match != nil {
		match[1] = strings.TrimSpace(match[1])
	}
	return match
}

// withoutPageNumber is a line of a head or foot without the page's number at its
// beginning or end.
func withoutPageNumber(page pagetext.Page, one *line) string {
	words := one.words
	isNumber := func(w *word) bool {
		text := string(w.runes)
		return text == page.Label || text == strconv.Itoa(page.Number)
	}
	if n := len(words); n > 1 && isNumber(&words[n-1]) {
		words = words[:n-1]
	}
	if len(words) > 1 && isNumber(&words[0]) {
		words = words[1:]
	}
	parts := make([]string, len(words))
	for i := range words {
		parts[i] = string(words[i].runes)
	}
	return strings.Join(parts, " ")
}

var (
	abstractHeading = regexp.MustCompile(`(?i)^(?:abstract|summary|a b s t r a c t)\s*[.:]?$`)
	abstractInline  = regexp.MustCompile(`^(?i:abstract)\s*(?:[.:—–-]\s*|\s)(\p{Lu}.*)$`)
	afterAbstract   = regexp.MustCompile(`(?i)^(?:key ?words?|index terms|categories|ccs concepts|(?:\d+\.?|i\.)?\s*introduction|statement of need|background|jel |acm reference|©|contents)\b`)
	keywordsInline  = regexp.MustCompile(`(?i)^(?:key ?words?(?: and phrases)?|index terms)\s*[.:—–-]\s*(.+)$`)
)

// abstract is what stands under its heading, up to the next heading.
func (f *frontMatter) abstract() string {
	for _, page := range f.pages {
		paragraphs := strings.Split(page.page.Text, "\n")
		for i, paragraph := range paragraphs {
			if m := abstractInline.FindStringSubmatch(paragraph); m != nil && len(strings.Fields(m[1])) >= 20 {
				return m[1]
			}
			if !abstractHeading.MatchString(paragraph) {
				continue
			}
			var kept []string
			for _, next := range paragraphs[i+1:] {
				if afterAbstract.MatchString(next) || len(kept) > 0 && isHeading(next) {
					break
				}
				kept = append(kept, next)
			}
			if text := strings.Join(kept, "\n"); len(strings.Fields(text)) >= 20 && len(text) < 10_000 {
				return text
			}
		}
	}
	return ""
}

// isHeading reports whether a paragraph is too short to be one.
func isHeading(paragraph string) bool {
	return len(strings.Fields(paragraph)) <= 8 && !strings.HasSuffix(paragraph, ".")
}

func (f *frontMatter) keywords() string {
	for _, page := range f.pages {
		for paragraph := range strings.SplitSeq(page.page.Text, "\n") {
			if m := keywordsInline.FindStringSubmatch(paragraph); m != nil && len(m[1]) < 500 {
				return strings.TrimSuffix(strings.NewReplacer(" · ", ", ", "; ", ", ").Replace(m[1]), ".")
			}
		}
	}
	return ""
}
