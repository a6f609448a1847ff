package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// citing collects places that may cite, page by page; which of them do is known
// when the references are.
type citing struct {
	marks []citeMark
	dated []citeDated
}

// citeStyle is how numbers of references are marked.
type citeStyle int

const (
	citeBrackets citeStyle = iota // [1, 2–5]
	citeRaised                    // superscript
	citeRounds                    // (1, 2–5)
)

// stretch is a part of a page's text, in code points.
type stretch struct{ page, start, end int }

// citeMark is a place with labels: numbers, or as "Knu97".
type citeMark struct {
	stretch
	style  citeStyle
	labels []string
}

// citeDated is a place with names and years.
type citeDated struct {
	stretch
	// before is what stands before the year, where the names are.
	before []rune
	offset int // of before in the page's text, code points
	years  []string
}

// Bounds of what is kept of a document.
const (
	maxCitations = 50_000
	longestNames = 120 // code points before a year
	widestRange  = 60  // numbers in "[1–60]"
)

var (
	bracketMarks = regexp.MustCompile(`\[\s?(\d{1,4}(?:\s?[,;–−-]\s?\d{1,4}){0,30})(?:,\s[^\]\d]{1,4}\d[^\]]{0,20})?\s?\]`)
	roundMarks   = regexp.MustCompile(`\(\s?(\d{1,3}(?:\s?[,;–−-]\s?\d{1,3}){0,30})\s?\)`)
	labelMarks   = regexp.MustCompile(`\[([A-Z][A-Za-z+]{0,8}\d{2,4}[a-z]?(?:[,;]\s?[A-Z][A-Za-z+]{0,8}\d{2,4}[a-z]?){0,20})\]`)
	raisedMarks  = regexp.MustCompile(`^\d{1,3}(?:[,–−-]\d{1,3}){0,20}$`)
	citeNumbers  = regexp.MustCompile(`\d{1,4}`)
	// citeYears is "2010", "2010a, b" or "2010, 2012".
	citeYears = regexp.MustCompile(`^((?:1[5-9]|20)\d\d[a-z]?(?:(?:,|;| and| &| und)\s?(?:(?:1[5-9]|20)\d\d[a-z]?|[a-h]\b)){0,6})`)
	citeYear  = regexp.MustCompile(`(?:1[5-9]|20)\d\d[a-z]?|\b[a-h]\b`)
)

// add looks through a page.
func (c *citing) add(content pageContent) {
	if len(c.marks)+len(c.dated) > maxCitations {
		return
	}
	page, text := content.page.Number, content.page.Text
	points := codePoints{text: text}
	for _, one := range []struct {
		pattern *regexp.Regexp
		style   citeStyle
	}{{bracketMarks, citeBrackets}, {roundMarks, citeRounds}, {labelMarks, citeBrackets}} {
		for _, at := range one.pattern.FindAllStringSubmatchIndex(text, maxCitations) {
			labels := expanded(text[at[2]:at[3]], one.pattern != labelMarks)
			if labels == nil {
				continue
			}
			c.marks = append(c.marks, citeMark{stretch{page, points.at(at[0]), points.at(at[1])}, one.style, labels})
		}
	}
	c.addRaised(content)
	runes := []rune(text)
	for _, at := range yearsIn(text) {
		first := points.at(at[0])
		end := points.at(at[1])
		start := max(0, first-longestNames)
		var years []string
		for _, year := range citeYear.FindAllString(text[at[0]:at[1]], -1) {
			if len(year) == 1 && len(years) > 0 { // "2010a, b"
				year = years[len(years)-1][:4] + year
			}
			if len(year) >= 4 {
				years = append(years, year)
			}
		}
		if first < len(runes) && end <= len(runes) {
			if end < len(runes) && first > 0 && (runes[first-1] == '(' && runes[end] == ')' || runes[first-1] == '[' && runes[end] == ']') {
				end++ // "Smith (2010)"
			}
			c.dated = append(c.dated, citeDated{stretch{page, first, end}, slices.Clone(runes[start:first]), start, years})
		}
	}
}

// yearsIn finds where citeYears matches, at the beginning of words: to try it at
// each letter of a page would take long.
func yearsIn(text string) (found [][2]int) {
	for at := 0; at < len(text) && len(found) < maxCitations; {
		next := strings.IndexAny(text[at:], "12")
		if next < 0 {
			break
		}
		at += next
		if at > 0 && isWordByte(text[at-1]) {
			at++
			continue
		}
		length := len(citeYears.FindString(text[at:min(len(text), at+longestNames)]))
		if length > 0 {
			found = append(found, [2]int{at, at + length})
		}
		at += max(length, 1)
	}
	return found
}

func isWordByte(b byte) bool {
	return b == '_' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
}

// addRaised takes numbers that are printed as superscripts.
func (c *citing) addRaised(content pageContent) {
	for i := range content.lines {
		one := &content.lines[i]
		at := one.start
		for w := range one.words {
			runes := one.words[w].runes
			if n := one.words[w].raised; n > 0 && n <= len(runes) && at+len(runes) <= one.end {
				tail := string(runes[len(runes)-n:])
				if cut := strings.TrimLeft(tail, ",.;"); raisedMarks.MatchString(cut) && n < len(runes) {
					end := at + len(runes)
					if labels := expanded(cut, true); labels != nil {
						c.marks = append(c.marks, citeMark{stretch{content.page.Number, end - runeCount(cut), end}, citeRaised, labels})
					}
				}
			}
			at += len(runes) + 1
		}
	}
}

// expanded are the numbers of "1, 3–5", or nil when they are no list of such.
func expanded(text string, numbers bool) []string {
	if !numbers {
		return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
	}
	var labels []string
	last, open := 0, false
	for _, at := range citeNumbers.FindAllStringIndex(text, -1) {
		n, err := strconv.Atoi(text[at[0]:at[1]])
		if err != nil || n == 0 {
			return nil
		}
		if open {
			if n <= last || n-last > widestRange {
				return nil
			}
			for i := last + 1; i < n; i++ {
				labels = append(labels, strconv.Itoa(i))
			}
		}
		labels = append(labels, strconv.Itoa(n))
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[at[1]:], " "))
		last, open = n, strings.ContainsRune("–−-", r)
	}
	return labels
}

// codePoints turns rising byte offsets of a text into code points; falling ones
// begin anew.
type codePoints struct {
	text          string
	offset, point int
}

func (c *codePoints) at(offset int) int {
	if offset < c.offset {
		c.offset, c.point = 0, 0
	}
	c.point += utf8.RuneCountInString(c.text[c.offset:offset])
	c.offset = offset
	return c.point
}

// citations are the places that cite one of references. inList tells whether a
// place stands in the list itself.
func (c *citing) citations(references []Reference, inList func(stretch) bool) []Citation {
	if len(references) == 0 {
		return nil
	}
	found := append(c.byLabel(references, inList), c.byName(references, inList)...)
	slices.SortFunc(found, func(a, b Citation) int {
		if a.Page != b.Page {
			return a.Page - b.Page
		}
		return a.Start - b.Start
	})
	// Of places that overlap the first one stays.
	kept := found[:0]
	for _, one := range found {
		if n := len(kept); n > 0 && kept[n-1].Page == one.Page && one.Start < kept[n-1].End {
			continue
		}
		kept = append(kept, one)
	}
	return kept
}

// validCitations reports whether citations can be what a sound child sends:
// places in order that do not overlap, and references that there are.
func validCitations(result *Result) bool {
	page, end := 1, 0
	for _, one := range result.Citations {
		if one.Page > page {
			page, end = one.Page, 0
		}
		if one.Page != page || one.Page > result.PageCount || one.Start < end || one.End <= one.Start || len(one.References) == 0 {
			return false
		}
		end = one.End
		for _, i := range one.References {
			if i < 0 || i >= len(result.References) {
				return false
			}
		}
	}
	return true
}

var entryLabel = regexp.MustCompile(`^(?:\[\s?([A-Za-z+]{0,8}\d{1,4}[a-z]?|[A-Z][A-Za-z+]{1,8})\s?\]|\(?(\d{1,3})[.)]|(\d{1,3})\s)`)

// byLabel resolves numbers and labels. Papers mark them in one way: that by
// which most references are reached.
func (c *citing) byLabel(references []Reference, inList func(stretch) bool) []Citation {
	byLabel := map[string]int{}
	bracketed := false
	for i, one := range references {
		m := entryLabel.FindStringSubmatch(one.Raw)
		if m == nil {
			continue
		}
		label := m[1] + m[2] + m[3]
		bracketed = bracketed || m[1] != ""
		if _, taken := byLabel[label]; !taken {
			byLabel[label] = i
		}
	}
	if 2*len(byLabel) < len(references) {
		return nil
	}
	var best []Citation
	most := 0
	for _, style := range []citeStyle{citeBrackets, citeRaised, citeRounds} {
		if style == citeRounds && (bracketed || most > 0) {
			break // in brackets the rounds are equations
		}
		var list []Citation
		reached := map[int]bool{}
		for _, mark := range c.marks {
			if mark.style != style || inList(mark.stretch) {
				continue
			}
			cites := make([]int, 0, len(mark.labels))
			for _, label := range mark.labels {
				if i, ok := byLabel[label]; ok {
					cites = append(cites, i)
				}
			}
			// A number beyond the list tells that the place is something else.
			if len(cites) == 0 || len(cites) < len(mark.labels) {
				continue
			}
			for _, i := range cites {
				reached[i] = true
			}
			list = append(list, Citation{Page: mark.page, Start: mark.start, End: mark.end, References: cites})
		}
		if len(reached) > most {
			most, best = len(reached), list
		}
	}
	// One or two are chance: an interval, an exponent.
	if most < 2 && len(references) > 3 {
		return nil
	}
	return best
}

var (
	rawSuffix = regexp.MustCompile(`\b(?:1[5-9]|20)\d\d([a-z])\b`)
	// between is what may stand between the first author and the year.
	betweenWords = map[string]bool{
		"and": true, "&": true, "und": true, "et": true, "al": true, "y": true, "e": true, "others": true, "colleagues": true, "u": true, "a": true, "coworkers": true, "co-workers": true,
		"van": true, "von": true, "de": true, "der": true, "den": true, "del": true, "di": true, "da": true, "la": true, "le": true, "du": true, "’s": true, "'s": true, "s": true, "jr": true,
	}
)

// cited is a reference as citations name it.
type cited struct {
	index  int
	first  []rune // the first author's family name, folded
	second string
	count  int // authors
	suffix string
}

// byName resolves names and years.
func (c *citing) byName(references []Reference, inList func(stretch) bool) []Citation {
	byYear := map[string][]cited{}
	for i, one := range references {
		names := one.Author
		if len(names) == 0 {
			names = one.Editor
		}
		if len(names) == 0 || one.Year() == 0 {
			continue
		}
		first := pagetext.Fold(orElse(names[0].Family, names[0].Literal))
		if runeCount(first) < 2 {
			continue
		}
		entry := cited{index: i, first: []rune(first), count: len(names)}
		if len(names) > 1 {
			entry.second = pagetext.Fold(orElse(names[1].Family, names[1].Literal))
		}
		if m := rawSuffix.FindStringSubmatch(one.Raw); m != nil {
			entry.suffix = m[1]
		}
		year := strconv.Itoa(one.Year())
		byYear[year] = append(byYear[year], entry)
	}
	var list []Citation
	for _, one := range c.dated {
		if inList(one.stretch) {
			continue
		}
		var cites []int
		begin := -1
		for _, year := range one.years {
			entries, at := one.resolve(byYear[year[:4]], year[4:])
			if at >= 0 && (begin < 0 || at < begin) {
				begin = at
			}
			cites = append(cites, entries...)
		}
		if len(cites) > 0 {
			slices.Sort(cites)
			list = append(list, Citation{Page: one.page, Start: one.offset + begin, End: one.end, References: slices.Compact(cites)})
		}
	}
	return list
}

// resolve finds the references that the names before a year fit: those whose
// first author stands there with nothing but further names behind. Where several
// fit, the one that begins first, then the one with the right second author.
func (d citeDated) resolve(entries []cited, suffix string) (indexes []int, begin int) {
	begin = -1
	bestScore := 0
	folded := foldRunes(d.before)
	for _, one := range entries {
		at := lastName(folded, one.first)
		if at < 0 {
			continue
		}
		rest := string(d.before[at+len(one.first):])
		second, several, ok := followedByNames(rest)
		if !ok || suffix != "" && one.suffix != "" && suffix != one.suffix {
			continue
		}
		score := 1000 - at*2
		switch {
		case second != "" && one.second != "" && strings.Contains(one.second, second):
			score += 4000
		case second != "" && one.count != 2 && !several:
			score -= 1500
		case several == (one.count > 2):
			score += 300
		case second == "" && !several && one.count == 1:
			score += 500
		}
		if suffix != "" && suffix == one.suffix {
			score += 200
		}
		switch {
		case begin < 0 || score > bestScore:
			indexes, begin, bestScore = []int{one.index}, at, score
		case score == bestScore:
			indexes = append(indexes, one.index)
		}
	}
	if len(indexes) > 3 {
		return nil, -1
	}
	return indexes, begin
}

// foldRunes folds rune by rune, so that places stay.
func foldRunes(text []rune) []rune {
	out := make([]rune, len(text))
	for i, r := range text {
		out[i] = unicode.ToLower(r)
		if r >= 0x80 {
			if folded := []rune(pagetext.Fold(string(r))); len(folded) == 1 {
				out[i] = folded[0]
			}
		}
	}
	return out
}

// lastName is where a name stands last as a word of its own; -1 when it does
// not.
func lastName(text, name []rune) int {
	for at := len(text) - len(name); at >= 0; at-- {
		if !slices.Equal(text[at:at+len(name)], name) {
			continue
		}
		if at > 0 && isWordPart(text[at-1]) {
			continue
		}
		if end := at + len(name); end < len(text) && isWordPart(text[end]) {
			continue
		}
		return at
	}
	return -1
}

var nameWord = regexp.MustCompile(`[\p{L}\p{M}’'-]+|[^\s\p{L}\p{M}]`)

// followedByNames reports whether what stands between a first author and a year
// are further names and signs only. second is the second author where exactly
// two are named; several tells of more.
func followedByNames(rest string) (second string, several, ok bool) {
	words, open := 0, 0
	for _, word := range nameWord.FindAllString(rest, 40) {
		r, _ := utf8.DecodeRuneInString(word)
		switch {
		case word == "(" || word == "[":
			if open++; open > 2 {
				return "", false, false
			}
		case word == ";" || word == ")" || word == "]":
			return "", false, false
		case word == "al" || word == "others" || word == "colleagues":
			several = true
		case strings.ContainsRune(",.&’'", r) && utf8.RuneCountInString(word) == 1:
		case betweenWords[word]:
		case unicode.IsUpper(r):
			words++
			second = pagetext.Fold(word)
		default:
			return "", false, false
		}
	}
	if words > 12 {
		return "", false, false
	}
	if several || words > 1 {
		return "", true, true
	}
	return second, false, true
}
