package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// Bounds of what a heading can be.
const (
	headingLines  = 3
	headingLength = 180 // code points
)

var (
	// numberedHeading begins with the number of a section: "2.1", "IV.", "B.", "§ 3".
	numberedHeading = regexp.MustCompile(`^(?:(\d{1,2}(?:\.\d{1,2}){0,4})(?:[.:]|\s)|([IVX]{1,5})[.:]|([A-Z](?:\.\d{1,2}){0,3})\.|([A-Z](?:\.\d{1,2}){1,3})\s|§\s?\d{1,3}\.?|第\s?[\d一二三四五六七八九十]{1,3}\s?[章節节部編]|[一二三四五六七八九十]{1,2}、)\s?[\p{Lu}\p{Lo}“"„«¿¡0-9(]`)
	// chapterBegins is the first word of a part's heading.
	chapterBegins  = regexp.MustCompile(`(?i)^(?:chapter|kapitel|chapitre|capítulo|capitolo|глава|part|teil|partie|parte|часть)\s+(?:\d{1,3}|[IVXL]{1,6}|one|two|three|four|five|six|seven|eight|nine|ten)\b`)
	appendixBegins = regexp.MustCompile(`(?i)^(?:appendix|anhang|annexe?|apéndice|приложение|supplement(?:ary (?:material|information))?)\b`)
	// sectionWords head sections, alone or with a number.
	sectionWords = regexp.MustCompile(`(?i)^` + headingNumber + `(?:results?(?: and discussions?)?|discussions?(?: and conclusions?)?|conclusions?(?: and (?:outlook|future work|discussion))?|concluding remarks|(?:materials? and |data and )?methods?(?: and materials?)?|methodology|experimental(?: (?:section|setup))?|related work|limitations|future work|` +
		`acknowledge?ments?|author contributions?|data availability(?: statement)?|competing interests?|conflicts? of interests?|funding|contents|table of contents|preface|foreword|list of (?:figures|tables)|statement of need|` +
		`ergebnisse|diskussion|schluss(?:folgerung(?:en)?|betrachtung)?|fazit|zusammenfassung und ausblick|methoden?|material und methoden|danksagung|vorwort|inhalt(?:sverzeichnis)?|` +
		`résultats|conclusions?|méthodes?|remerciements|table des matières|avant-propos|resultados|conclusion(?:es)|métodos|agradecimientos|índice|risultati|conclusioni|ringraziamenti|` +
		`результаты|обсуждение|выводы|заключение|методы|благодарности|содержание|введение|结论|結論|結果|结果|方法|讨论|討論|考察|謝辞|致谢|おわりに|まとめ|목차|결론)\s*[.:]?$`)
	initialsBegin = regexp.MustCompile(`^(?:\p{Lu}\.\s?){2,}\p{Lu}\p{Ll}`)
	endsInNumber  = regexp.MustCompile(`(?:\.{2,}|(?:\. ){2,}|…|\s)\s*\d{1,4}$`)
)

// longestKnownHeading in bytes.
const longestKnownHeading = 120

// knownHeading reports whether a text is a heading wherever it stands alone.
func knownHeading(text string) bool {
	if len(text) > longestKnownHeading {
		return false
	}
	return abstractHeading.MatchString(text) || firstHeading.MatchString(text) || sectionWords.MatchString(text) ||
		isListHeading(text) || keywordsAlone.MatchString(text)
}

// isListHeading reports whether a text heads a list of references or of notes.
func isListHeading(text string) bool {
	references, notes := listHeading(text)
	return references || notes
}

func (p *pageStructure) headings() {
	title := p.findTitle()
	for i := range p.list {
		one := &p.list[i]
		if one.kind == "" && title[i] {
			one.kind, one.level = pagetext.Heading, 1
			continue
		}
		text := strings.TrimSpace(one.text)
		if !p.opened && one.kind == "" && one.lines() >= 4 && one.end-one.start > 200 && one.height <= 1.1*p.usual && p.titled {
			p.opened = true // the text begins without a heading
		}
		if one.kind != "" || one.turn != p.turn || one.lines() > headingLines || one.end-one.start > headingLength {
			continue
		}
		known := knownHeading(text)
		raised := p.content.lines[one.first].words[0].raised > 0
		numbered := !raised && numberedHeading.MatchString(text) || chapterBegins.MatchString(text) || appendixBegins.MatchString(text)
		if !p.opened && !known && p.pages <= firstPages && (!numbered || one.look&bold == 0 && one.height < 1.05*p.usual && !one.capitals) {
			continue // as numbered affiliations
		}
		if !p.isHeading(i, text, known, numbered) {
			continue
		}
		one.kind = pagetext.Heading
		one.level = p.headingLevel(one, text, known)
		p.opened = true
	}
	if p.titled {
		p.opened = true
	}
}

func (p *pageStructure) isHeading(i int, text string, known, numbered bool) bool {
	one := &p.list[i]
	if one.apart || one.height < 0.9*p.usual && one.tall < p.usual && !known || !hasLetters(text, 2) && countWide(text) < 2 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	first, _ := utf8.DecodeRuneInString(text)
	words := len(strings.Fields(text))
	large, strong := one.height > 1.1*p.usual || one.lines() == 1 && one.tall > 1.15*p.usual && one.height < 0.95*one.tall && words < 10, one.look&bold != 0 || one.capitals
	switch {
	case strings.IndexByte(text, '.') == utf8.RuneLen(first) && initialsBegin.MatchString(text):
		return false // names
	case words > 2 && last >= '0' && last <= '9' && endsInNumber.MatchString(text):
		return false // a line of contents
	case strings.ContainsRune(",;-–=+", last), unicode.IsLower(first), strings.ContainsAny(text, "=@•"):
		return false
	case last == '.' && !known && (words > 12 || !strong && !numbered):
		return false
	}
	space := p.spaceAbove(i)
	switch {
	case known && one.lines() == 1:
	case large || strong:
		if words > 30 {
			return false
		}
	case numbered:
		if words > 14 || last == '.' || space < 0.5*one.height && one.look&italic == 0 {
			return false
		}
	case one.look&italic != 0:
		if words > 12 || last == '.' || last == ':' || one.lines() > 1 || space < 0.5*one.height {
			return false
		}
	default:
		return false
	}
	return known || p.leadsToText(i)
}

// spaceAbove is the white above a paragraph in its column, in points; at the head
// of a column it is wide.
func (p *pageStructure) spaceAbove(i int) float32 {
	one := &p.list[i]
	if i == 0 {
		return 10 * one.height
	}
	above := &p.list[i-1]
	if above.frame[1] < one.frame[1] {
		return 10 * one.height // a new column
	}
	return above.frame[1] - one.frame[3]
}

// leadsToText reports whether text follows on a paragraph, perhaps after further
// headings, or the page ends.
func (p *pageStructure) leadsToText(i int) bool {
	one := &p.list[i]
	above := one
	for j := i + 1; j < len(p.list) && j <= i+5; j++ {
		next := &p.list[j]
		switch next.kind { //nolint:exhaustive // what is not told yet may be text
		case pagetext.RunningHead, pagetext.PageNumber, pagetext.Footnote:
			continue
		case pagetext.ListItem, pagetext.Formula, pagetext.Caption:
			return true
		}
		if next.turn != one.turn {
			return false
		}
		if gap := above.frame[1] - next.frame[3]; gap > 6*one.height {
			return false
		}
		if next.lines() >= 2 || next.end-next.start >= 60 || countWide(next.text) >= 30 {
			return true
		}
		// A heading right under this one, else small pieces: a figure, a table.
		if next.height > 1.06*one.height || next.apart || next.height < 1.06*p.usual && next.look&bold == 0 && !numberedHeading.MatchString(next.text) && !referencesLike(next.text) {
			return false
		}
		above = next
	}
	return true
}

func referencesLike(text string) bool { return isListHeading(text) || knownHeading(text) }

// headingLevel: a number tells it; else a heading has the level of the headings
// that look like it, and one that looks smaller is a level below.
func (p *pageStructure) headingLevel(one *paragraph, text string, known bool) int {
	look := one.height
	if one.look&bold != 0 {
		look *= 1.05
	}
	if one.capitals {
		look *= 1.03
	}
	level := 0
	switch m := numberedHeading.FindStringSubmatch(text); {
	case chapterBegins.MatchString(text), appendixBegins.MatchString(text):
		level = 2
	case m == nil:
		if known {
			level = 2
		}
	case m[1] != "":
		level = 2 + strings.Count(m[1], ".")
	case m[2] != "":
		level, p.roman = 2, true
	case m[3]+m[4] != "":
		if level = 2 + strings.Count(m[3]+m[4], "."); p.roman {
			level++
		}
	default:
		level = 2
	}
	if level > 0 {
		level = min(level, pagetext.DeepestHeading)
		if p.ranks[level] == 0 || known && level == 2 {
			p.ranks[level] = max(p.ranks[level], look)
		}
		return level
	}
	for level = 2; level < pagetext.DeepestHeading; level++ {
		if p.ranks[level] == 0 || look > 0.965*p.ranks[level] {
			break
		}
	}
	p.ranks[level] = max(p.ranks[level], look)
	return level
}

// findTitle tells the paragraphs of the work's title, on the first pages.
func (p *pageStructure) findTitle() map[int]bool {
	if p.titled || p.pages > firstPages {
		return nil
	}
	at := len(p.front.pages) - 1
	if p.front.pages[at].cover {
		return nil
	}
	title, ok := p.front.titleOn(at, nil)
	if !ok || title.height < 1.1*p.usual {
		return nil
	}
	p.titled = true
	found := map[int]bool{}
	for i := title.first; i <= title.last; i++ {
		line := p.front.pages[at].pieces[i].order
		for j := range p.list {
			if p.list[j].first <= line && line <= p.list[j].last {
				found[j] = true
			}
		}
	}
	return found
}
