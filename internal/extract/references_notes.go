package extract

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"scrollkeeper.example/scrollkeeper/internal/citation"
)

var (
	// footnoteBegins is the mark of a footnote, set apart or not.
	footnoteBegins = regexp.MustCompile(`^(?:[*†‡§]|\[?\d{1,3}\]?[.)]?)\s?[\p{L}“"„«(]`)
	footnoteNumber = regexp.MustCompile(`^\[?(\d{1,3})\]?[.)]?\s?`)
	// A footnote that cites has a name, a title and a year, and begins with the
	// name or a word that points.
	noteCue  = regexp.MustCompile(`^(?i:(?:vgl|cf|siehe auch|siehe|see also|see|so|zit|nach|dazu|hierzu|zum beispiel|z\. ?b|e\.g|voir|véase|compare|quoted in|for example)\.?,?:?\s+)+`)
	noteName = regexp.MustCompile(`^(?:(?:van|von|de|der|den|del|di|da|la|le|du|zu)\s){0,2}\p{Lu}[\p{L}\p{M}.’' -]{1,60}(?:,|:|/|\s\()`)
)

// addFootnotes keeps the small print at the foot of a page that begins with a
// footnote's mark.
func (l *referenceLists) addFootnotes(content pageContent, texts []string) {
	if len(content.lines) < 3 || len(l.notes) >= maxReferenceLines {
		return
	}
	heights := make([]float32, len(content.lines))
	for i := range content.lines {
		heights[i] = content.lines[i].height
	}
	slices.Sort(heights)
	usual := heights[2*len(heights)/3]
	first := true
	for i := range content.lines {
		one := &content.lines[i]
		top, _ := shownEdges(content.page, one.box)
		if one.height > 0.92*usual || top < 0.3 {
			first = true
			continue
		}
		if first && !footnoteBegins.MatchString(texts[i]) {
			continue
		}
		l.notes = append(l.notes, newReferenceLine(content, texts, i, first))
		first = false
	}
}

// fewestNotes is how many footnotes must cite: one alone is a remark that
// happens to look so.
const fewestNotes = 3

// footnoteReferences are the footnotes that cite a work in full.
func (l *referenceLists) footnoteReferences() ([]Reference, listPlaces) {
	var references []Reference
	var places listPlaces
	last := l.notesNumber(0, 0)
	for _, one := range splitAt(l.notes, func(i int) bool {
		n := l.notesNumber(i, last)
		begins := n > 0 || l.notes[i].first
		if n > 0 {
			last = n
		}
		return begins
	}) {
		if len(one) == 0 {
			continue
		}
		text := footnoteNumber.ReplaceAllString(one.text(), "")
		text = noteCue.ReplaceAllString(text, "")
		if len(text) < 30 || len(text) > 600 || !hasYear.MatchString(text) || !noteName.MatchString(text) {
			continue
		}
		reference, ok := makeReference(one)
		if !ok {
			continue
		}
		// The number and "Vgl." are no part of the name.
		reference.Item = citation.Parse(text)
		reference.Pages = reference.Item.Page
		if reference.Title != "" && len(reference.Author)+len(reference.Editor) > 0 {
			references = append(references, reference)
			places.add(one)
		}
	}
	if len(references) < fewestNotes {
		return nil, nil
	}
	return references, places
}

// notesNumber is the number of the footnote that begins with a line, when it can
// follow on the one before; else 0.
func (l *referenceLists) notesNumber(i, last int) int {
	if i >= len(l.notes) || !footnoteBegins.MatchString(l.notes[i].text) {
		return 0
	}
	m := footnoteNumber.FindStringSubmatch(l.notes[i].text)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n != last+1 && n != 1 && last != 0 && !l.notes[i].first {
		return 0
	}
	return n
}

// unescaped is an address with its percent signs resolved, as far as they can
// be.
func unescaped(uri string) string {
	if plain, err := url.PathUnescape(uri); err == nil {
		return plain
	}
	return uri
}
