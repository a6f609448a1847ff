package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/citation"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// referenceLists keeps the lines after each heading of a list of references: a
// book has one at the end of each chapter.
type referenceLists struct {
	lists []*referenceList
	kept  int // lines of all lists
	notes []referenceLine
}

// referenceList is what stands after one heading.
type referenceList struct {
	// notes tells that the heading was "Notes", which need not be references.
	notes bool
	ended bool
	lines []referenceLine
	links []referenceLink
	// heading is the height of the heading's letters, which the next heading
	// of the same rank shares.
	heading float32
}

type referenceLine struct {
	page       int
	number     int // of the line on its page
	start, end int // code points in the page's text
	text       string
	box        pagetext.Rect
	left       float32 // how far its beginning is moved in, points
	height     float32
	breaks     bool
	margin     bool
	apart      bool // white divides it from all lines above and below
	head       bool // a running head or page number, by what stands around it
	first      bool // of its page's lines that are kept
	joined     bool // its last word goes on in the next line
}

// referenceLink is an address behind a place on a page.
type referenceLink struct {
	page int
	link link
}

// Bounds of what is kept of a document that never ends its lists.
const (
	maxReferenceLines = 50_000
	maxReferenceLinks = 20_000
)

var (
	headingNumber     = `(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,5}\.?|[A-Z]\.)?\s*`
	referencesHeading = regexp.MustCompile(`(?i)^` + headingNumber + `(?:(?:list of )?(?:cited )?references|references (?:and notes|and further reading|cited)|notes and references|` +
		`(?:cited )?literature(?: cited)?|works cited|bibliographic references|(?:selected |select )?bibliography|reference list|` +
		`(?:quellen- und |zitierte )?literatur(?:verzeichnis|angaben|nachweise?)?|quellen(?:verzeichnis)?|bibliographie|bibliografie|` +
		`(?:références|references)(?: bibliographiques)?|ouvrages cités|referencias(?: bibliográficas)?|bibliografía|bibliografia|riferimenti bibliografici|` +
		`referências(?: bibliográficas)?|literatura|referenser|litteratur|referencer|kirjallisuus|literatuur|литература|список литературы|参考文献|參考文獻|참고문헌)\s*:?$`)
	notesHeading    = regexp.MustCompile(`(?i)^` + headingNumber + `(?:notes|endnotes|anmerkungen|endnoten|fußnoten|notas)\s*:?$`)
	afterReferences = regexp.MustCompile(`(?i)^(?:[A-Z]\.?\s+)?(?:appendix|appendices|anhang|annexe?|supplement\w*|supporting information|acknowledge?ments?|danksagung|author contributions?|` +
		`about the authors?|biograph\w+|conflicts? of interest|competing interests?|funding|data availability|affiliations?|list of (?:figures|tables)|index|register|namenregister|sachregister)\b.{0,60}$`)
	chapterHeading = regexp.MustCompile(`(?i)^(?:chapter|kapitel|chapitre|capítulo|part|teil)\s+(?:\d{1,3}|[IVXL]{1,6})\b.{0,80}$`)
)

// isOpen reports whether the next page begins within a list of references.
func (l *referenceLists) isOpen() bool {
	n := len(l.lists)
	return n > 0 && !l.lists[n-1].notes && !l.lists[n-1].ended
}

// add takes the lines of the next page, and tells which of them stand in a list of
// references.
// heads are those that are running heads or page numbers.
func (l *referenceLists) add(content pageContent, texts []string, heads []bool) (listed []bool) {
	listed = make([]bool, len(content.lines))
	if len(l.lists) == 0 || l.lists[len(l.lists)-1].notes {
		l.addFootnotes(content, texts)
	}
	first := true
	for i := range content.lines {
		one := &content.lines[i]
		if references, notes := listHeading(texts[i]); references || notes {
			// A running head repeats the heading on each page.
			if n := len(l.lists); n == 0 || !inMargin(content.page, one.box) || l.lists[n-1].ended {
				l.lists = append(l.lists, &referenceList{notes: !references, heading: one.height})
			}
			continue
		}
		if len(l.lists) == 0 || l.kept >= maxReferenceLines {
			continue
		}
		list := l.lists[len(l.lists)-1]
		if list.ended {
			continue
		}
		if list.ends(one, texts[i], inMargin(content.page, one.box)) {
			list.ended = true
			continue
		}
		kept := newReferenceLine(content, texts, i, first)
		kept.head = heads[i]
		list.lines = append(list.lines, kept)
		listed[i] = !list.notes
		l.kept++
		first = false
	}
	if n := len(l.lists); n > 0 && len(l.lists[n-1].links) < maxReferenceLinks {
		for _, one := range content.links {
			l.lists[n-1].links = append(l.lists[n-1].links, referenceLink{content.page.Number, one})
		}
	}
	return listed
}

// listHeadingEnds are the last words of the headings of lists: a quick look, for
// every line of a document is asked about.
var listHeadingEnds = func() map[string]bool {
	ends := map[string]bool{}
	for word := range strings.FieldsSeq(`references notes reading cited literature bibliography list
		literatur literaturverzeichnis literaturangaben literaturnachweis literaturnachweise quellen quellenverzeichnis bibliographie bibliografie
		références bibliographiques cités referencias bibliográficas bibliografía bibliografia bibliografici referências literatura
		referenser litteratur referencer kirjallisuus literatuur литература литературы 参考文献 參考文獻 참고문헌
		endnotes anmerkungen endnoten fußnoten notas`) {
		ends[word] = true
	}
	return ends
}()

// lastWordOf a text, in small letters and without a colon behind it.
func lastWordOf(text string) string {
	text = strings.TrimRight(text, ": ")
	at := len(text)
	for at > 0 {
		r, size := utf8.DecodeLastRuneInString(text[:at])
		if !unicode.IsLetter(r) {
			break
		}
		at -= size
	}
	return strings.ToLower(text[at:])
}

// longestListHeading in bytes: most lines are longer, and need not be looked at.
const longestListHeading = 64

// mostHeadingSpaces in the heading of a list: "2. References and further reading".
const mostHeadingSpaces = 6

// listHeading reports whether a text heads a list of references, or one of notes.
func listHeading(text string) (references, notes bool) {
	if len(text) > longestListHeading || strings.Count(text, " ") > mostHeadingSpaces || !listHeadingEnds[lastWordOf(text)] {
		return false, false
	}
	return referencesHeading.MatchString(text), notesHeading.MatchString(text)
}

func newReferenceLine(content pageContent, texts []string, i int, first bool) referenceLine {
	one := &content.lines[i]
	margin := inMargin(content.page, one.box)
	return referenceLine{
		page: content.page.Number, number: i, text: texts[i], box: one.box, height: one.height, start: one.start, end: one.end,
		left: indent(content.lines, i), breaks: one.breaks, first: first, margin: margin, apart: margin && standsApart(content.lines, i),
		joined: i+1 < len(content.lines) && content.lines[i+1].start == one.end,
	}
}

// headGap is the white between a running head and the text, at least, in heights of
// letters: the lines of a text stand closer.
const headGap = 0.7

// standsApart reports whether no line stands directly above or below a line.
func standsApart(lines []line, i int) bool {
	one := lines[i].words[0]
	for j := range lines {
		other := &lines[j].words[0]
		if j == i || other.turn != one.turn {
			continue
		}
		over := overlap(one.frame[1], one.frame[3], other.frame[1], other.frame[3])
		if over > -headGap*lines[i].height && over < 0.5*min(one.height(), other.height()) {
			return false
		}
	}
	return true
}

// ends reports whether a line is the heading of what follows the list.
func (l *referenceList) ends(one *line, text string, margin bool) bool {
	if len(l.lines) == 0 || one.height < 0.97*l.heading {
		return false
	}
	usual := l.lines[len(l.lines)-1].height
	if margin && one.height < 1.3*usual {
		return false // a running head
	}
	if afterReferences.MatchString(text) || chapterHeading.MatchString(text) {
		return true
	}
	// A line in the letters of the heading, where these are larger than the
	// entries', is a heading too.
	return l.heading > 1.12*usual && one.height < 3*l.heading && len(text) < 150 && hasLetters(text, 3) && len(l.lines) > 1
}

// indent is how far a line begins to the right of the other lines of its column.
func indent(lines []line, i int) float32 {
	box := lines[i].words[0].frame
	left := box[0]
	for j := range lines {
		other := lines[j].words[0].frame[0]
		// Lines of the same column begin near each other.
		if other < left && box[0]-other < 4*lines[i].height {
			left = other
		}
	}
	return box[0] - left
}

// entry is the lines of one reference.
type entry []referenceLine

// references are the entries of all lists, or those in footnotes where the
// document has no list, and the places in the text that cite them.
func (r *reading) references() ([]Reference, []Citation) {
	var references, notes []Reference
	var places, notePlaces listPlaces
	for i, list := range r.lists.lists {
		entries := list.entries(&r.running)
		if !looksLikeReferences(entries) && (list.notes || i+1 < len(r.lists.lists)) {
			continue // a table of contents, or notes that cite nothing
		}
		for _, one := range entries {
			reference, ok := makeReference(one)
			if !ok {
				continue
			}
			reference.DOI = orElse(reference.DOI, list.linkedDOI(one))
			if list.notes {
				notes = append(notes, reference)
				notePlaces.add(one)
			} else {
				references = append(references, reference)
				places.add(one)
			}
		}
	}
	switch {
	case references != nil:
	case notes != nil:
		references, places = notes, notePlaces
	default:
		references, places = r.lists.footnoteReferences()
	}
	return references, r.citing.citations(references, places.has)
}

// listPlaces are the lines of entries by their pages.
type listPlaces map[int][]stretch

func (l *listPlaces) add(lines entry) {
	if *l == nil {
		*l = listPlaces{}
	}
	for _, one := range lines {
		(*l)[one.page] = append((*l)[one.page], stretch{one.page, one.start, one.end})
	}
}

// has reports whether a place stands in an entry.
func (l listPlaces) has(p stretch) bool {
	return slices.ContainsFunc(l[p.page], func(one stretch) bool { return p.start < one.end && p.end > one.start })
}

func orElse(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

// entries divides the list.
func (l *referenceList) entries(running *runningLines) []entry {
	return cutTail(splitEntries(withoutFootnotes(l.withoutMargins(running))))
}

// withoutMargins drops running heads and page numbers. The last line of an entry can
// say what that of another page does, but for numbers; it stands close to the one
// above it.
func (l *referenceList) withoutMargins(running *runningLines) []referenceLine {
	var lines []referenceLine
	first := true
	for _, one := range l.lines {
		first = first || one.first
		if one.head || one.apart && (running.has(one.text) || isPageNumber(one.text)) {
			continue
		}
		one.first = first
		first = false
		lines = append(lines, one)
	}
	return lines
}

func isPageNumber(text string) bool { return marginKey(text) == "" || pageOf.MatchString(text) }

var pageOf = regexp.MustCompile(`(?i)^(?:page )?\d+ (?:of|/) \d+$`)

// withoutFootnotes drops the small print that ends a page within a list.
func withoutFootnotes(lines []referenceLine) []referenceLine {
	if len(lines) < 4 {
		return lines
	}
	heights := make([]float32, len(lines))
	for i := range lines {
		heights[i] = lines[i].height
	}
	slices.Sort(heights)
	usual := heights[len(heights)/2]
	var kept []referenceLine
	for i := 0; i < len(lines); {
		end := i
		for end < len(lines) && lines[end].page == lines[i].page {
			end++
		}
		last := end
		for last > i && lines[last-1].height < 0.9*usual {
			last--
		}
		// Entries end pages; footnotes begin with a mark.
		if last < end && !footnoteBegins.MatchString(lines[last].text) {
			last = end
		}
		kept = append(kept, lines[i:last]...)
		i = end
	}
	return kept
}

// longestReference in bytes; longer ones are a part of the text.
const longestReference = 3000

func makeReference(lines entry) (Reference, bool) {
	raw := repairURLs(lines.text())
	if !hasLetters(raw, 8) || len(raw) > longestReference || isSubheading(raw) {
		return Reference{}, false
	}
	reference := Reference{Item: citation.Parse(raw), Raw: raw, Page: lines[0].page}
	reference.Pages = reference.Item.Page
	for _, one := range lines {
		if one.page == reference.Page {
			reference.Boxes = append(reference.Boxes, one.box)
		}
	}
	return reference, true
}

// text of an entry in one line; a word that a hyphen cut at a line's end is
// whole.
func (e entry) text() string {
	var text strings.Builder
	var last referenceLine
	for i, one := range e {
		if i > 0 && (!last.joined || last.page != one.page || last.end != one.start) {
			text.WriteByte(' ')
		}
		text.WriteString(one.text)
		last = one
	}
	return text.String()
}

// isSubheading tells "Primary sources" within a list from an entry.
func isSubheading(raw string) bool {
	return runeCount(raw) < 60 && !strings.ContainsAny(raw, "0123456789,()“\"") && !strings.Contains(raw, ". ") && !strings.Contains(raw, "://")
}

var (
	hasYear    = regexp.MustCompile(`\b(?:1[5-9]\d\d|20\d\d)[a-z]?\b|\b(?:n\. ?d\.|o\. ?J\.|in press|forthcoming|im Erscheinen)`)
	hasAddress = regexp.MustCompile(`https?://|\b10\.\d{4,9}/|arXiv:`)
)

// looksLikeReference reports whether an entry has what nearly all references
// have.
func (e entry) looksLikeReference() bool {
	text := e.text()
	return hasYear.MatchString(text) || hasAddress.MatchString(text)
}

func looksLikeReferences(entries []entry) bool {
	like := 0
	for _, one := range entries {
		if one.looksLikeReference() {
			like++
		}
	}
	return like > 0 && 2*like >= len(entries)
}

// cutTail ends a list where text goes on behind it without a heading that was
// told: several entries in a row that have neither a year nor an address.
func cutTail(entries []entry) []entry {
	from, long := 0, 0
	for i, one := range entries {
		if one.looksLikeReference() {
			from, long = i+1, 0
			continue
		}
		long += len(one.text())
		if i-from >= 3 && long > 500 && from > 0 {
			return entries[:from]
		}
	}
	return entries
}

// linkedDOI is the DOI that a link within an entry leads to, where all links of
// the entry that lead to a DOI lead to the same.
func (l *referenceList) linkedDOI(lines entry) string {
	found := ""
	for _, one := range l.links {
		if !strings.Contains(one.link.uri, "10.") {
			continue
		}
		for _, line := range lines {
			if line.page != one.page || !insideLine(one.link.box, line.box) {
				continue
			}
			doi := findDOI(unescaped(one.link.uri))
			if doi == "" {
				continue
			}
			if found != "" && doi != found {
				return ""
			}
			found = doi
		}
	}
	return found
}

// insideLine reports whether the middle of a link stands in a line.
func insideLine(link, line pagetext.Rect) bool {
	x, y := (link[0]+link[2])/2, (link[1]+link[3])/2
	return x >= line[0] && x <= line[2] && y >= line[1] && y <= line[3]
}

// brokenURL is a place where a line's end cut an address.
var brokenURL = regexp.MustCompile(`(https?:|(?:https?://|doi:|10\.\d{4,9}/)\S*[/._=?&\-)]) (\S)`)

// repairURLs joins addresses and DOIs that a line's end divided. An address that
// ends a sentence is left alone.
func repairURLs(raw string) string {
	if !hasAny(raw, []string{"http", "doi:", "10."}) {
		return raw
	}
	return brokenURL.ReplaceAllStringFunc(raw, func(match string) string {
		head, next, _ := strings.Cut(match, " ")
		ended := strings.HasSuffix(head, ".") || strings.HasSuffix(head, ")")
		if ended && !startsLower(next) && !strings.ContainsAny(next, "0123456789") {
			return match
		}
		return head + next
	})
}
