package extract

import (
	"regexp"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// referenceList keeps the lines after the last heading of a list of references.
type referenceList struct {
	open  bool
	ended bool
	lines []referenceLine
	// heading is the height of the heading's letters, which the next heading
	// of the same rank shares.
	heading float32
}

type referenceLine struct {
	page   int
	number int // of the line on its page
	text   string
	box    pagetext.Rect
	left   float32 // how far its beginning is moved in, points
	height float32
	breaks bool
	margin bool
	first  bool // of its page's lines that are kept
}

// maxReferenceLines bounds what is kept of a document that never ends its list.
const maxReferenceLines = 50_000

var (
	referencesHeading = regexp.MustCompile(`(?i)^(?:\d+\.?|[IVX]+\.?|[A-Z]\.)?\s*(?:references|references and notes|references cited|literature cited|works cited|` +
		`literature|bibliography|reference list|literatur|literaturverzeichnis|références|bibliographie|referencias|bibliografía|bibliografia|referências)\s*:?$`)
	afterReferences = regexp.MustCompile(`(?i)^(?:[A-Z]\.?\s+)?(?:appendix|appendices|supplement\w*|supporting information|acknowledge?ments?|author contributions?|` +
		`about the authors?|biograph\w+|conflicts? of interest|funding|data availability)\b.{0,60}$`)
)

func (l *referenceList) add(content pageContent, texts []string) {
	first := true
	for i := range content.lines {
		one := &content.lines[i]
		if referencesHeading.MatchString(texts[i]) {
			*l = referenceList{open: true, heading: one.height}
			continue
		}
		if !l.open || l.ended || len(l.lines) >= maxReferenceLines {
			continue
		}
		if len(l.lines) > 0 && one.height >= 0.97*l.heading && afterReferences.MatchString(texts[i]) {
			l.ended = true
			return
		}
		l.lines = append(l.lines, referenceLine{
			page: content.page.Number, number: i, text: texts[i], box: one.box, height: one.height,
			left: indent(content.lines, i), breaks: one.breaks, first: first,
			margin: inMargin(content.page, one.box),
		})
		first = false
	}
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

// references are the entries of the list.
func (r *reading) references() []Reference {
	var lines []referenceLine
	first := true
	for _, one := range r.list.lines {
		first = first || one.first
		if one.margin && (r.running.has(one.text) || isPageNumber(one.text)) {
			continue
		}
		one.first = first
		first = false
		lines = append(lines, one)
	}
	var references []Reference
	for _, entry := range splitEntries(lines) {
		if reference, ok := makeReference(entry); ok {
			references = append(references, reference)
		}
	}
	return references
}

func isPageNumber(text string) bool { return marginKey(text) == "" || pageOf.MatchString(text) }

var (
	pageOf        = regexp.MustCompile(`(?i)^(?:page )?\d+ (?:of|/) \d+$`)
	numberedEntry = regexp.MustCompile(`^(?:\[\s?([A-Za-z+]{0,8}\d{1,4}[a-z]?)\s?\]|\(?(\d{1,3})[.)])(?:\s|$)`)
	// namedEntry begins with a name as a list sorted by names does: a family
	// name and a comma, or a body and a year.
	namedEntry = regexp.MustCompile(`^\p{Lu}[^.,]{1,60}(?:,|\. \()`)
)

// splitEntries finds where each entry begins: by its number where most have one,
// by hanging lines where there are some, else by paragraphs.
func splitEntries(lines []referenceLine) [][]referenceLine {
	numbered, hanging := 0, 0
	for _, one := range lines {
		if numberedEntry.MatchString(one.text) {
			numbered++
		}
		if one.left > 0.5*one.height {
			hanging++
		}
	}
	begins := func(one referenceLine) bool {
		if one.first {
			return namedEntry.MatchString(one.text)
		}
		return one.breaks
	}
	switch {
	case numbered >= 2 && 8*numbered >= len(lines):
		begins = func(one referenceLine) bool { return numberedEntry.MatchString(one.text) }
	case 5*hanging >= len(lines):
		begins = func(one referenceLine) bool { return one.left <= 0.5*one.height }
	}
	var entries [][]referenceLine
	for i, one := range lines {
		if i == 0 || begins(one) {
			entries = append(entries, nil)
		}
		entries[len(entries)-1] = append(entries[len(entries)-1], one)
	}
	return entries
}

// longestReference in bytes; longer ones are a part of the text.
const longestReference = 3000

func makeReference(lines []referenceLine) (Reference, bool) {
	texts := make([]string, len(lines))
	for i := range lines {
		texts[i] = lines[i].text
	}
	raw := repairURLs(strings.Join(texts, " "))
	if !hasLetters(raw, 8) || len(raw) > longestReference {
		return Reference{}, false
	}
	reference := Reference{Item: parseReference(raw), Raw: raw, Page: lines[0].page}
	for _, one := range lines {
		if one.page == reference.Page {
			reference.Boxes = append(reference.Boxes, one.box)
		}
	}
	return reference, true
}

// brokenURL is a place where a line's end cut an address.
var brokenURL = regexp.MustCompile(`(https?:|(?:https?://|doi:|10\.\d{4,9}/)\S*[/._=?&\-)]) (\S)`)

// repairURLs joins addresses and DOIs that a line's end divided. An address that
// ends a sentence is left alone.
func repairURLs(raw string) string {
	return brokenURL.ReplaceAllStringFunc(raw, func(match string) string {
		head, next, _ := strings.Cut(match, " ")
		ended := strings.HasSuffix(head, ".") || strings.HasSuffix(head, ")")
		if ended && !startsLower(next) && !strings.ContainsAny(next, "0123456789") {
			return match
		}
		return head + next
	})
}
