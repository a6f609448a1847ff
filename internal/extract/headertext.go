package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const (
	abstractWords = `abstract|a b s t r a c t|summary|synopsis|zusammenfassung|kurzfassung|résumé|resumen|resumo|riassunto|sommario|аннотация|реферат|摘\s*要|内容提要|要旨|概要|초록|samenvatting|sammanfattning|sammendrag|streszczenie|özet|abstrakt`
	keywordWords  = `key ?-?words?(?: and phrases)?|index terms|author keywords|schlüssel(?:wörter|begriffe)|schlagwörter|stichwörter|mots[- ]?clés|mots clefs|palabras[- ]clave|palavras-chave|parole chiave|ключевые слова|关键词|關鍵詞|キーワード|주제어|trefwoorden|nyckelord|słowa kluczowe|anahtar kelimeler`
)

var (
	abstractHeading = regexp.MustCompile(`(?i)^(?:\d+\.?\s+)?(?:` + abstractWords + `)\s*[.:：]?$`)
	abstractInline  = regexp.MustCompile(`^(?i:(` + abstractWords + `))(\s*[.:：—–―-]+\s*|\s+)(\PL{0,2}[\p{Lu}\p{Lo}].*)$`)
	keywordsHeading = regexp.MustCompile(`(?i)^(?:` + keywordWords + `)\s*(?:[.:：—–―-]|$)`)
	keywordsInline  = regexp.MustCompile(`(?i)^(?:` + keywordWords + `)\s*(?:[.:：—–―-]+\s*|\s+)(\S.*)$`)
	keywordsAlone   = regexp.MustCompile(`(?i)^(?:` + keywordWords + `)\s*[.:：]?$`)
	sectionHeading  = regexp.MustCompile(`(?i)^(?:(?:\d+|[ivx]+)\.?\s+\p{Lu}\S*(?: \S+){0,7}|(?:(?:\d+|i)\s*\.?\s*)?(?:introduction|i ?n ?t ?r ?o ?d ?u ?c ?t ?i ?o ?n|background|einleitung|einführung|introducción|introdução|introduzione|введение|引言|前言|はじめに|statement of need|contents|table of contents|inhaltsverzeichnis))\s*[.:]?$`)
	firstHeading    = regexp.MustCompile(`(?i)^(?:(?:\d+|[ivx]+)\s*\.?\s*)?(?:introduction|i ?n ?t ?r ?o ?d ?u ?c ?t ?i ?o ?n|background|einleitung|einführung|introducción|introdução|introduzione|введение|引言|前言|はじめに|statement of need|contents|table of contents|inhaltsverzeichnis)\s*[.:]?$`)
	afterAbstract   = regexp.MustCompile(`(?i)^(?:` + keywordWords + `|categories and|ccs concepts|general terms|jel |acm reference|msc ?\d|pacs|©|copyright|received|accepted|submitted|published|doi\b|https?://|中图分类号|文献标志码|удк|` +
		`correspondence|corresponding|e-?mail|\* ?corresp|article (?:history|info)|graphical abstract|highlights|author summary|для цитирования)`)
	references = regexp.MustCompile(`(?i)^(?:\d+\.?\s+)?(?:references(?: cited)?|bibliography|literature cited|works cited|literatur(?:verzeichnis)?|bibliographie|bibliografía|referencias|литература|список литературы|参考文献)\s*:?$`)
)

// abstract is what stands after or under its heading, up to the next heading,
// within the column that it stands in.
func (f *frontMatter) abstract() string {
	for p := range f.pages {
		if f.pages[p].cover {
			continue
		}
		pieces, tries := f.pages[p].pieces, 0
		for i := range pieces {
			one := &pieces[i]
			if one.margin && f.depth(one) > 0.5 || one.turned {
				continue
			}
			if tries > 8 {
				break
			}
			switch {
			case len(one.plain) <= longestListHeading && abstractHeading.MatchString(one.plain):
				tries++
				if first := f.under(one); first != nil {
					if text := f.column(p, first, ""); isAbstract(text) {
						return text
					}
				}
			case abstractInline.MatchString(labelOf(one.text)):
				tries++
				m := abstractInline.FindStringSubmatch(one.text)
				// Without a mark after it, "Abstract" may begin any sentence.
				if strings.TrimSpace(m[2]) == "" && len(strings.Fields(m[3])) < 5 {
					continue
				}
				if text := f.column(p, one, m[3]); isAbstract(text) {
					return text
				}
			}
		}
		if i := slices.IndexFunc(pieces, func(one piece) bool { return references.MatchString(one.plain) }); i >= 0 {
			break
		}
	}
	return f.abstractOverKeywords()
}

// abstractOverKeywords is the paragraph that stands between names and keywords
// where the abstract has no heading.
func (f *frontMatter) abstractOverKeywords() string {
	for p := range f.pages[:min(len(f.pages), 3)] {
		if f.pages[p].cover {
			continue
		}
		pieces := slices.Clone(f.pages[p].pieces)
		slices.SortStableFunc(pieces, compareRows)
		at := slices.IndexFunc(pieces, func(one piece) bool { return keywordsHeading.MatchString(one.plain) && !one.turned })
		if at < 0 {
			continue
		}
		last, height := pieces[at], float32(0)
		var lines []string
		prose := 0
		for i := at - 1; i >= 0; i-- {
			one := &pieces[i]
			if one.turned || sameRow(one, &last) || one.frame[0] > last.frame[0]+6*one.height || one.frame[2] < last.frame[0] || one.frame[0] < last.frame[0]-one.height {
				continue
			}
			if height == 0 {
				height = one.height
			}
			if abs32(one.height-height) > 0.05*height || one.frame[1]-last.frame[1] > 2.6*height || affiliation.MatchString(one.plain) && !one.prose {
				break
			}
			if one.prose {
				prose++
			}
			lines = append(lines, one.text)
			last = *one
		}
		slices.Reverse(lines)
		text := ""
		for _, line := range lines {
			text = joinLines(text, line)
		}
		if isAbstract(text) && 2*prose >= len(lines) && len(strings.Fields(text)) >= 30 {
			return text
		}
		return ""
	}
	return ""
}

// longestAbstract in bytes.
const longestAbstract = 12_000

func isAbstract(text string) bool {
	words := len(strings.Fields(text)) + countWide(text)/2
	return words >= 20 && len(text) < longestAbstract
}

// under is the piece that stands directly under a heading.
func (f *frontMatter) under(heading *piece) *piece {
	var best *piece
	pieces := f.pages[heading.page].pieces
	for i := range pieces {
		one := &pieces[i]
		if one.turned || one.margin || one.frame[3] > heading.frame[1]+0.5*one.height ||
			overlap(one.frame[0], one.frame[2], heading.frame[0], heading.frame[2]) <= 0 && one.frame[0] > heading.frame[2]+10*heading.height {
			continue
		}
		if overlap(one.frame[0], one.frame[2], heading.frame[0], heading.frame[2]) <= 0 {
			continue
		}
		if best == nil || one.frame[3] > best.frame[3] {
			best = one
		}
	}
	return best
}

// column reads down from first within its column. With text, that is what first
// says of it. A blank line or letters of another size end it, and so does what
// looks like the next heading.
func (f *frontMatter) column(page int, first *piece, text string) string {
	height := first.height
	left, right := first.frame[0]-3*height, first.frame[2]+3*height
	var below []piece
	for i := range f.pages[page].pieces {
		one := f.pages[page].pieces[i]
		if one.turned || one.margin && f.depth(&one) > 0.5 || one.frame[3] > first.frame[3] && !sameRow(&one, first) || one.frame[0] < left || one.frame[2] > right {
			continue
		}
		if one.frame[0] == first.frame[0] && one.frame[3] == first.frame[3] {
			continue
		}
		below = append(below, one)
	}
	slices.SortStableFunc(below, compareRows)
	if text == "" {
		text = first.text
	} else if m := abstractInline.FindStringSubmatch(first.plain); m != nil {
		height = first.height
	}
	last, spacing := *first, float32(0)
	for i := range below {
		one := &below[i]
		if len(text) > longestAbstract {
			break
		}
		if sameRow(one, &last) {
			text = joinLines(text, one.text)
			last.frame = last.frame.Union(one.frame)
			continue
		}
		down := last.frame[1] - one.frame[1]
		if spacing == 0 {
			spacing = down
		}
		switch {
		case down > 2.6*height && down > 1.4*spacing,
			one.height < 0.9*height || one.height > 1.09*height,
			afterAbstract.MatchString(one.plain), abstractHeading.MatchString(one.plain), sectionHeading.MatchString(one.plain) && one.words() <= 9,
			abstractInline.MatchString(one.text) && !strings.HasPrefix(one.text, "Summary"), references.MatchString(one.plain):
			return text
		}
		if down > 1.3*spacing && spacing > 0 && endsWithStop(text) {
			text += "\n" + one.text
		} else {
			text = joinLines(text, one.text)
		}
		spacing = min(spacing, down)
		last = *one
	}
	return text
}

func endsWithStop(text string) bool {
	return strings.HasSuffix(text, ".") || strings.HasSuffix(text, "?") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, ":") || strings.HasSuffix(text, "。")
}

// keywords as CSL has them, separated by ", ".
func (f *frontMatter) keywords() string {
	for p := range f.pages {
		if f.pages[p].cover {
			continue
		}
		tries := 0
		for i := range f.pages[p].pieces {
			one := &f.pages[p].pieces[i]
			if label := labelOf(one.plain); one.turned || !keywordsHeading.MatchString(label) && !keywordsInline.MatchString(label) {
				continue
			}
			if tries++; tries > 8 {
				break
			}
			if m := keywordsInline.FindStringSubmatch(one.plain); m != nil && !keywordsAlone.MatchString(one.plain) {
				lines := append([]string{m[1]}, f.keywordLines(one, true)...)
				if text := joinKeywords(lines, false); text != "" {
					return text
				}
			} else if keywordsAlone.MatchString(one.plain) {
				if text := joinKeywords(f.keywordLines(one, false), true); text != "" {
					return text
				}
			}
		}
	}
	return ""
}

// keywordLines are the lines of one size directly under a piece.
func (f *frontMatter) keywordLines(heading *piece, goesOn bool) []string {
	var lines []string
	last := *heading
	if goesOn && endsWithStop(heading.plain) {
		return nil
	}
	pieces := slices.Clone(f.pages[heading.page].pieces)
	slices.SortStableFunc(pieces, compareRows)
	height := heading.height
	for i := range pieces {
		one := &pieces[i]
		if one.turned || one.frame[3] > last.frame[1]+0.5*one.height || overlap(one.frame[0], one.frame[2], heading.frame[0]-height, heading.frame[2]+height) <= 0 {
			continue
		}
		down := last.frame[1] - one.frame[1]
		if len(lines) == 0 && !goesOn {
			height = one.height
		} else if abs32(one.height-height) > 0.08*height || down > 1.5*height {
			break
		}
		if down > 2.4*height || one.prose || afterAbstract.MatchString(one.plain) || sectionHeading.MatchString(one.plain) || abstractHeading.MatchString(one.plain) || abstractInline.MatchString(one.plain) {
			break
		}
		// What goes on in a second line needs a full first one.
		if goesOn && last.frame.Width() < 0.6*f.pages[heading.page].frame.Width() && !endsOpen(last.plain) && last.frame.Width() < 0.35*f.pages[heading.page].frame.Width() {
			break
		}
		lines = append(lines, one.plain)
		last = *one
		if len(lines) >= 12 || endsWithStop(one.plain) {
			break
		}
	}
	return lines
}

var keywordSeparator = regexp.MustCompile(`\s*[;；·•∙⋅|，、/]\s*|\s+[–—]\s+`)

// joinKeywords separates by commas. onePerLine says that lines may divide where
// nothing else does.
func joinKeywords(lines []string, onePerLine bool) string {
	if len(lines) == 0 {
		return ""
	}
	text := ""
	divided := slices.ContainsFunc(lines, func(line string) bool { return strings.ContainsAny(line, ",;·•，；、|") })
	if onePerLine && !divided && len(lines) > 1 {
		text = strings.Join(lines, ", ")
	} else {
		for _, line := range lines {
			text = joinLines(text, line)
		}
	}
	var kept []string
	separated := keywordSeparator.ReplaceAllString(text, ",")
	for part := range strings.SplitSeq(separated, ",") {
		if part = strings.Trim(part, " .。:"); part != "" {
			kept = append(kept, part)
		}
	}
	text = strings.Join(kept, ", ")
	if !strings.ContainsFunc(text, unicode.IsLetter) || len(text) > 600 || len(kept) > 30 || len(kept) == 1 && len(strings.Fields(text)) > 12 {
		return ""
	}
	return text
}
