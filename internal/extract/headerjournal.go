package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/citation"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// journalLine is what a journal says of itself and the place of an article.
type journalLine struct {
	name, volume, issue, pages string
	date                       *csl.Date
	confidence                 float64
}

func (j journalLine) claim(out *claims) {
	j.claimAs(out, csl.SourcePage, j.confidence)
	if conferenceName.MatchString(j.name) {
		out.add("type", csl.SourcePage, csl.TypePaperConference, 0.8)
	}
}

func (j journalLine) claimAs(out *claims, source csl.Source, confidence float64) {
	for field, value := range map[string]string{"container-title": j.name, "volume": j.volume, "issue": j.issue, "page": j.pages} {
		if value != "" {
			out.add(field, source, value, confidence)
		}
	}
}

var conferenceName = regexp.MustCompile(`(?i)\b(?:proceedings of|conference|symposium|workshop|congress|tagungsband)\b`)

const (
	// A journal's name, in words without dots or abbreviated.
	journalName  = `(?P<name>(?:the )?\p{Lu}[^.,;:()\[\]\d|]{2,80}?|(?:\p{Lu}\pL{0,6}\. ?|\p{Lu}[\pL&-]* ){1,8}?\p{Lu}[\pL-]*\.?|\p{Lu}{2,})`
	pageRange    = `(?P<pages>[A-Za-z]{0,2}\d+(?: ?[-–—] ?[A-Za-z]{0,2}\d+)?)`
	pageLabel    = `(?:pp?\.|pages?|s\.|с\.|págs?\.|seiten?) ?`
	volumeLabel  = `(?:volume|vol\.?|v\.|bd\.?|band|tome|t\.|т\.|jahrgang|jg\.) ?`
	issueLabel   = `(?:number|no\.?|nr\.?|n[º°o]\.?|núm\.?|num\.?|issue|iss\.|heft|h\.|№|fasc\.|n\.) ?`
	issueNumber  = `(?P<issue>\d{1,4}(?: ?[-–/] ?\d{1,4})?)`
	yearAndMonth = `(?P<date>[^()\d]{0,20}(?:19|20)\d\d[^();:\d]{0,20})`
)

// journalPattern is a way to print a journal's name, volume, issue, pages and date.
// The name can be nearly anything, which makes patterns dear: rest is what stands
// behind it, to be looked for first.
type journalPattern struct{ whole, rest *regexp.Regexp }

func afterName(rest string) journalPattern {
	return journalPattern{whole: regexp.MustCompile(journalName + rest), rest: regexp.MustCompile(rest)}
}

// afterAnyName is afterName for capitals and small letters alike.
func afterAnyName(rest string) journalPattern {
	return journalPattern{whole: regexp.MustCompile(`(?i)` + journalName + rest), rest: regexp.MustCompile(`(?i)` + rest)}
}

// journalPatterns are the ways in which journals print these, the most exact first.
var journalPatterns = []journalPattern{
	// Name 45 (2019) 123–134
	afterName(`,? (?:(?i:` + volumeLabel + `))?(?P<volume>\d{1,4}) ?\((?P<date>(?:19|20)\d\d)\),? (?i:` + pageLabel + `)?` + pageRange),
	// Name (2020) 12(3):345–360
	afterName(` \((?P<date>(?:19|20)\d\d)\),? (?P<volume>\d{1,4})(?: ?\(` + issueNumber + `\))? ?: ?` + pageRange),
	// Name, 12:3, 345-360
	afterName(`, (?P<volume>\d{1,4}):` + issueNumber + `, ` + pageRange),
	// Name 2021, 13(4), 345
	afterName(`\.? (?P<date>(?:19|20)\d\d), (?P<volume>\d{1,4})(?: ?\(` + issueNumber + `\))?, ` + pageRange),
	// 19 OCTOBER 2017 | VOL 550 | NAME | 345
	{regexp.MustCompile(`(?P<date>[^|]{0,20}(?:19|20)\d\d) \| (?i:` + volumeLabel + `)(?P<volume>\d{1,4}) \| (?P<name>\p{Lu}[^|\d]{1,50}?) \| ` + pageRange), regexp.MustCompile(`\d{4} \|`)},
	// Name, 64. Jg., Heft 3 (2018), S. 301–320
	afterAnyName(`,? (?P<volume>\d{1,4})\.? ?(?:jg\.?|jahrgang|bd\.?|band)(?:,? ?\(?(?P<date>(?:19|20)\d\d)\)?)?,? ?(?:` + issueLabel + `)` + issueNumber + `(?: ?\((?P<year>(?:19|20)\d\d)\))?(?:,? ?` + pageLabel + pageRange + `)?`),
	// Name, 2015, Vol. 12, No. 3, 345–360
	afterAnyName(`,? (?P<date>(?:19|20)\d\d),? ` + volumeLabel + `(?P<volume>\d{1,4}),? ` + issueLabel + issueNumber + `(?:,? (?:` + pageLabel + `)?` + pageRange + `)?`),
	// Name. 2018 April; 66(4): 701–709
	afterName(`\.? (?P<date>(?:19|20)\d\d[^;:()\d]{0,12}\d{0,2}) ?; ?(?P<volume>\d{1,4}) ?(?:\(` + issueNumber + `\))? ?: ?` + pageRange),
	// Name, vol. 12, no. 3 (Sep., 1998), pp. 123-145
	afterAnyName(`[,.]? (?:` + volumeLabel + `)(?P<volume>\d{1,4})(?:[,.;]? ?(?:` + issueLabel + `)` + issueNumber + `)?(?:[,.;]? ?\(?` + yearAndMonth + `\)?)?(?:[,.;:]? ?` + pageLabel + pageRange + `)?`),
	// Name, 1(3), 13 and Name 16(3): e0123456
	afterName(`,? (?:[Vv]ol\. ?)?(?P<volume>\d{1,4}) ?\(` + issueNumber + `\)(?:[,:] ?(?i:` + pageLabel + `)?` + pageRange + `)?`),
	// NAME. SERIES 1. 2016. Т. 3, № 2
	afterAnyName(`\.(?: [^.]{1,30}\.)? (?P<date>(?:19|20)\d\d)\. (?:` + volumeLabel + `)(?P<volume>\d{1,4})(?:[,.] ?(?:` + issueLabel + `)` + issueNumber + `)?`),
}

var (
	hanVolume = regexp.MustCompile(`第\s*(\d+)\s*[卷巻]\s*(?:第\s*(\d+)\s*[期号號])?`)
	hanDate   = regexp.MustCompile(`((?:19|20)\d\d)\s*年\s*(?:(\d{1,2})\s*月)?`)
	hanName   = regexp.MustCompile(`^\p{Han}{2,16}$`)
	// inBook comes before the name of proceedings.
	inBook = regexp.MustCompile(`(?:^|[.,] )In:? (Proceedings of [^.(]{5,150}|[^.(]{0,60}(?:Conference|Symposium|Workshop)[^.(]{0,80})`)
	// proceedings is a foot with name and pages.
	proceedings = regexp.MustCompile(`(Proceedings of [^,]{5,150}|\p{Lu}[^,.]{0,60}(?:Conference|Symposium|Workshop) on [^,]{3,80}),? (?:pages?|pp\.?) ?(\d+ ?[-–] ?\d+)`)
	// citationLabel begins a line that says how the work is cited.
	citationLabel = regexp.MustCompile(`(?i)^(?:source|citation|cite this article(?: as)?|to cite this article|how to cite(?: this article)?|cited? as|recommended citation|acm reference format|published in(?: final edited form as)?|citation for published version.*|reference|zitierweise|pour citer(?: cet article)?)\s*:`)
)

// journal looks for the journal's own line: in heads and feet of the first
// pages, above the title, and where the work says how to cite it.
func (f *frontMatter) journal() journalLine {
	best := journalLine{}
	places := f.journalPlaces()
	for _, place := range places {
		if best.name != "" && best.volume != "" && best.issue != "" && strings.Contains(best.pages, "–") && best.date != nil {
			break // nothing to learn
		}
		found := matchJournal(place.text)
		found.confidence = place.confidence
		if found.volume == "" && found.pages == "" && !conferenceName.MatchString(found.name) {
			continue
		}
		switch {
		case best.name == "" && best.volume == "":
			best = found
		case lookupKey(best.name) == lookupKey(found.name) && (best.volume == found.volume || best.volume == "" || found.volume == ""):
			if best.issue == "" {
				best.issue = found.issue
			}
			if best.pages == "" || !strings.Contains(best.pages, "–") && strings.HasPrefix(found.pages, best.pages+"–") {
				best.pages = found.pages
			}
			if best.date == nil || found.date != nil && len(found.date.DateParts[0]) > len(best.date.DateParts[0]) && found.date.Year() == best.date.Year() {
				best.date = found.date
			}
		}
	}
	if best.pages == "" {
		for _, place := range places {
			if best.pages = pagesOf(place.text); best.pages != "" {
				best.confidence = max(best.confidence, 0.6)
				break
			}
		}
	}
	if best.name == "" {
		best = f.coverJournal(best)
	}
	if best.name == "" {
		best = f.hanJournal(best)
	}
	return best
}

// coverJournal fills in what a cover says under labels of its own.
func (f *frontMatter) coverJournal(j journalLine) journalLine {
	if name := f.cover["container-title"]; name != "" {
		j.name, j.confidence = name, max(j.confidence, surePage)
	}
	return j
}

type journalPlace struct {
	text       string
	confidence float64
}

func (f *frontMatter) journalPlaces() []journalPlace {
	var places []journalPlace
	add := func(confidence float64, parts ...string) {
		if text := oneLine(strings.Join(parts, " ")); len(places) < 200 && hasDigit(text) && !slices.ContainsFunc(places, func(other journalPlace) bool { return other.text == text }) {
			places = append(places, journalPlace{text, confidence})
		}
	}
	for p := range f.pages {
		page := &f.pages[p]
		if page.cover {
			for _, key := range []string{"source", "citation"} {
				add(0.85, f.cover[key])
			}
			continue
		}
		if p > 1 && !f.pages[p-1].cover && len(places) > 0 || p > 2 {
			break
		}
		for i := range page.pieces {
			one := &page.pieces[i]
			if citationLabel.MatchString(one.plain) {
				parts := []string{citationLabel.ReplaceAllString(one.plain, "")}
				for j := i + 1; j < len(page.pieces) && j < i+8 && near(&page.pieces[j-1], &page.pieces[j]); j++ {
					parts = append(parts, page.pieces[j].plain)
				}
				joined := ""
				for _, part := range parts {
					joined = joinLines(joined, part)
				}
				add(0.85, joined)
			}
		}
		var head, foot []string
		for i := range page.lines {
			one := &page.lines[i]
			text := withoutNumber(page.texts[i], page.page)
			switch top, _ := shownEdges(page.page, one.box); {
			case !inMargin(page.page, one.box):
				// Some heads stand lower than a running one does.
				if p == 0 && top < 0.2 && hasDigit(text) && !isProse(text) {
					add(0.7, text)
				}
				continue
			case top < 0.5:
				head = append(head, text)
			default:
				foot = append(foot, text)
			}
		}
		// A citation can run over two lines, and the second alone would give
		// half a name.
		add(surePage, head...)
		add(surePage, foot...)
		for _, text := range append(head, foot...) {
			add(surePage, text)
		}
		for i := range page.pieces {
			if page.pieces[i].margin {
				add(surePage, withoutNumber(page.pieces[i].plain, page.page))
			}
		}
	}
	return places
}

func hasDigit(text string) bool { return strings.ContainsAny(text, "0123456789") }

func withoutNumber(text string, page pagetext.Page) string {
	fields := strings.Fields(text)
	isNumber := func(field string) bool { return field == page.Label || field == strconv.Itoa(page.Number) }
	if n := len(fields); n > 1 && isNumber(fields[n-1]) {
		fields = fields[:n-1]
	}
	if len(fields) > 1 && isNumber(fields[0]) {
		fields = fields[1:]
	}
	return strings.Join(fields, " ")
}

func matchJournal(text string) journalLine {
	if len(text) > 2000 {
		text = text[:2000]
	}
	for _, one := range journalPatterns {
		if !one.rest.MatchString(text) {
			continue
		}
		pattern := one.whole
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			group := func(name string) string { return strings.TrimSpace(m[pattern.SubexpIndex(name)]) }
			found := journalLine{name: cleanJournal(group("name")), volume: group("volume")}
			for _, name := range pattern.SubexpNames() {
				switch name {
				case "issue":
					found.issue = strings.ReplaceAll(group(name), " ", "")
				case "pages":
					found.pages = pageNumbers(group(name))
				case "date", "year":
					if date := findDate(group(name)); date != nil {
						found.date = date
					}
				}
			}
			// A year is no volume, unless pages stand with it.
			if found.name != "" && (found.pages != "" || !yearAlone.MatchString(found.volume)) {
				return found
			}
		}
	}
	if m := proceedings.FindStringSubmatch(text); m != nil {
		return journalLine{name: strings.Trim(m[1], " ,"), pages: pageNumbers(m[2])}
	}
	if m := inBook.FindStringSubmatch(text); m != nil {
		return journalLine{name: strings.Trim(m[1], " ,"), pages: pagesOf(text)}
	}
	return journalLine{}
}

var pagesLabelled = regexp.MustCompile(`(?i)\b(?:pp\.|pages) ?(\d+ ?[-–] ?\d+)\b`)

func pagesOf(text string) string {
	if m := pagesLabelled.FindStringSubmatch(text); m != nil {
		return pageNumbers(m[1])
	}
	return ""
}

// pageNumbers writes a range as CSL-JSON of this program has it.
func pageNumbers(text string) string {
	return strings.NewReplacer(" ", "", "-", "–", "—", "–").Replace(text)
}

// endOfSentence is the end of a title before a journal's name: whole words and
// a full stop, where abbreviations have one each.
var endOfSentence = regexp.MustCompile(`^.*\pL{3,} \pL{2,} ?\pL{3,}\. +`)

var notAJournal = regexp.MustCompile(`(?i)^(?:vol(?:ume)?|no|issue|pages?|figure|fig|table|section|chapter|page|isbn|issn|doi|volume|band|heft|january|february|march|april|may|june|july|august|september|october|november|december|received|accepted|published|version|et al)\b|\bet al\b`)

func cleanJournal(name string) string {
	name = strings.Trim(name, " .,;:/|·–-")
	// What stands before a slash or a bar in a running head are the authors.
	for _, cut := range []string{" / ", " | ", " • ", " · "} {
		if at := strings.LastIndex(name, cut); at >= 0 {
			name = strings.TrimSpace(name[at+len(cut):])
		}
	}
	name = endOfSentence.ReplaceAllString(name, "")
	if !hasLetters(name, 2) || notAJournal.MatchString(name) || runeCount(name) > 100 {
		return ""
	}
	return name
}

// hanJournal reads heads such as 第45卷第3期 with the journal's name beside it.
func (f *frontMatter) hanJournal(j journalLine) journalLine {
	for p := range f.pages {
		if f.pages[p].cover || p > 1 {
			continue
		}
		var name string
		var found journalLine
		for i := range f.pages[p].pieces {
			one := &f.pages[p].pieces[i]
			if !one.margin {
				continue
			}
			if m := hanVolume.FindStringSubmatch(one.plain); m != nil {
				found.volume, found.issue = m[1], m[2]
			}
			if m := hanDate.FindStringSubmatch(one.plain); m != nil {
				found.date = checkedDate(m[1], m[2], "")
			}
			if hanName.MatchString(strings.ReplaceAll(one.plain, " ", "")) && name == "" {
				name = strings.ReplaceAll(one.plain, " ", "")
			}
		}
		if found.volume != "" {
			found.name, found.confidence = name, surePage
			return found
		}
	}
	return j
}

var labelledDOI = regexp.MustCompile(`(?i)(?:doi\.org/|\bdoi\b[:\s]*(?:https?://(?:dx\.)?doi\.org/)?|digital object identifier:?)\s*(10\.\d{4,9}/[^\s"<>{}|\\^\x60\[\]“”‘’]+)`)

// doi is the document's own: one in a margin or with its label high on the
// page; never one that stands in running text, which cites another work.
func (f *frontMatter) doi() (string, float64) {
	if doi := findDOI(f.cover["doi"]); doi != "" {
		return doi, 0.9
	}
	type sighting struct {
		labelled, margin bool
		times            int
	}
	seen := map[string]*sighting{}
	var order []string
	ended := false
	for p := range f.pages {
		page := &f.pages[p]
		if p > 0 && len(order) > 0 && !f.pages[p-1].cover || p > 2 || ended {
			break
		}
		texts := lineTexts(page.pageContent)
		for i, text := range texts {
			inside := inMargin(page.page, page.lines[i].box)
			// What a list of references says is about other works.
			if len(text) <= longestListHeading && references.MatchString(text) {
				ended = true
			}
			if ended && !inside || !strings.Contains(text, "10.") {
				continue
			}
			doi, labelled := "", false
			if m := labelledDOI.FindStringSubmatch(text); m != nil {
				doi, labelled = cleanDOI(m[1]), true
			} else {
				doi = findDOI(text)
			}
			// On later pages only what stands alone or in a margin counts.
			if doi == "" || p > 0 && !f.pages[p-1].cover && !inside && len(page.lines[i].words) > 3 {
				continue
			}
			if inSentence(text) && !inside {
				continue
			}
			if seen[doi] == nil {
				seen[doi] = &sighting{}
				order = append(order, doi)
			}
			one := seen[doi]
			one.times++
			one.labelled = one.labelled || labelled
			one.margin = one.margin || inside || len(page.lines[i].words) <= 3
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

// inSentence reports whether a DOI stands among running text, with words in
// small letters on both of its sides or many before it.
func inSentence(text string) bool {
	loc := citation.IndexDOI(text)
	if loc == nil {
		return false
	}
	after := strings.Fields(text[loc[1]:])
	small := 0
	for _, word := range after {
		if startsLower(word) {
			small++
		}
	}
	return small >= 3
}

// monthWord or a year: what a date that follows a label begins with.
var (
	publishedDate = regexp.MustCompile(`(?i)(?:\b(?:published(?: online)?(?: on)?|publication date|date of publication|available online|first published(?: online)?|online publication date|publié(?:e)? le|veröffentlicht am|publicado(?: el| em)?|date published)|опубликован[оа]?)\b?:?\s*(.{0,60})`)
	copyrightYear = regexp.MustCompile(`(?i)(?:©|\(c\)|copyright)\s*(?:\(c\)\s*)?(?:[^\d]{0,60}?)((?:19|20)\d\d)`)
	arxivDate     = regexp.MustCompile(`(?i)^arxiv:\S+(?: v\d+)? \[[\w.-]+\] (.+)$`)
	citedYear     = regexp.MustCompile(`\(((?:19|20)\d\d)\)`)
	receivedDate  = regexp.MustCompile(`(?i)\b(?:received|submitted|eingegangen(?: am)?|reçu le|recibido)(?: on)?:?\s*(.{6,40})`)
	// otherDate says something else than when a work was published.
	otherDate = regexp.MustCompile(`(?i)\b(?:received|accepted|revised|submitted|geboren|born|accessed|downloaded|download date|available in pmc)\b`)
)

// issued is when the document was published, from the surest place that says so.
func (f *frontMatter) issued(title headline, found bool, journal journalLine) (*csl.Date, float64) {
	find := func(pattern *regexp.Regexp, marginOnly bool) *csl.Date {
		for p := range f.pages {
			if f.pages[p].cover || p > 3 {
				continue
			}
			for i := range f.pages[p].lines {
				if marginOnly && (p > 1 || !inMargin(f.pages[p].page, f.pages[p].lines[i].box)) {
					continue
				}
				text := f.lineText(p, i)
				if !mayHaveYear(text) {
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
	if date := find(publishedDate, false); date != nil {
		return date, 0.9
	}
	onCover := findDate(f.cover["date"])
	if journal.date != nil && (onCover == nil || onCover.Year() != journal.date.Year() || len(onCover.DateParts[0]) <= len(journal.date.DateParts[0])) {
		return journal.date, 0.85
	}
	if onCover != nil {
		return onCover, 0.85
	}
	if date := find(arxivDate, false); date != nil {
		return date, 0.8
	}
	if date := find(citedYear, true); date != nil {
		return date, 0.8
	}
	if date := f.dateByTitle(title, found); date != nil {
		return date, 0.75
	}
	if date := find(copyrightYear, false); date != nil {
		return date, 0.7
	}
	if years := yearAlone.FindAllString(f.cover["citation"], -1); len(years) > 0 {
		return findDate(years[len(years)-1]), 0.7
	}
	// A year in the head or foot of the first page, as journals print it.
	for p := range f.pages {
		if f.pages[p].cover {
			continue
		}
		for i := range f.pages[p].lines {
			if text := f.lineText(p, i); inMargin(f.pages[p].page, f.pages[p].lines[i].box) && !otherDate.MatchString(text) {
				if date := findDate(text); date != nil {
					if conferenceName.MatchString(text) {
						date = csl.NewDate(date.Year()) // the days are the meeting's
					}
					return date, 0.6
				}
			}
		}
		break
	}
	if date := find(receivedDate, false); date != nil {
		return csl.NewDate(date.Year()), 0.4
	}
	return nil, 0
}

func (f *frontMatter) lineText(page, i int) string { return f.pages[page].texts[i] }

// isTitlePage reports whether a page has few words.
func (f *frontMatter) isTitlePage(page int) bool {
	return len(strings.Fields(f.pages[page].page.Text)) < 150
}

// dateByTitle is a date that stands alone on the title's page, as on slides,
// reports and theses.
func (f *frontMatter) dateByTitle(title headline, found bool) *csl.Date {
	if !found {
		return nil
	}
	var best *csl.Date
	titlePage := f.isTitlePage(title.page)
	for i := range f.pages[title.page].pieces {
		one := &f.pages[title.page].pieces[i]
		if one.turned || one.words() > 6 || one.frame[3] > title.frame[1]+one.height && !titlePage || otherDate.MatchString(one.plain) || strings.ContainsRune(one.plain, '@') || findDOI(one.plain) != "" {
			continue
		}
		date := findDate(one.plain)
		if date == nil || strings.ContainsAny(one.plain, "[]()") {
			continue
		}
		if best == nil || len(date.DateParts[0]) > len(best.DateParts[0]) {
			best = date
		}
	}
	return best
}

// Numbers that name a work, with their labels.
var (
	arxivID       = regexp.MustCompile(`(?i)\barxiv:\s?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?`)
	pmidPattern   = regexp.MustCompile(`\bPMID:?\s?(\d{5,8})\b`)
	pmcidPattern  = regexp.MustCompile(`\bPMCID:?\s?(PMC\d{5,8})\b`)
	isbnPattern   = regexp.MustCompile(`(?i)\bISBN(?:-1[03])?(?: \([^)]*\))?\s*:?\s*((?:97[89][ –-]?)?\d[\d –-]{7,14}[\dX])`)
	issnPattern   = regexp.MustCompile(`(?i)(?:\be?-?ISSN[^\d]{0,16}|^)(\d{4}[–-]\d{3}[\dX])(?:\b|/)`)
	reportNumber  = regexp.MustCompile(`(?i)\b(?:technical|research|working|discussion|internal|final|policy)?\s?(?:report|paper)(?: series)?(?:,? ?(?:no\.?|number|nr\.?|#))?\s?:?\s?([A-Z]{1,8}[-/ ]?\d[\w./-]*|\d{1,4}[-/]\d{1,4}|(?:no\. )?\d{1,6})\b`)
	licenceURI    = regexp.MustCompile(`(?i)creativecommons\.org/(licenses/([a-z-]+)/(\d\.\d)|publicdomain/zero/1\.0)`)
	licenceShort  = regexp.MustCompile(`\bCC[ -](BY(?:[ -](?:NC|ND|SA)){0,2}|0)(?:[ -]?(\d\.\d))?\b`)
	licenceWords  = regexp.MustCompile(`(?i)creative commons(?: cc[- ]by\S*)? attribution([- –](?:non-? ?commercial|no-? ?deriv\w*|share-? ?alike)){0,2}(?:[^.]{0,20}?(\d\.\d))?`)
	publishedBy   = regexp.MustCompile(`(?i)\b(?:published by:?|first published(?: in)? \d{4} by|verlag:|éditeur ?:)\s*([\pL&][^,;.()]{2,60})`)
	copyrightName = regexp.MustCompile(`(?:©|\([cC]\)|Copyright)\s*(?:©|\([cC]\))?\s*(?:(?:19|20)\d\d,?\s*)?(?:by |The Authors?\. Published by |Published by )?(\p{Lu}[^.;:,]{2,60}(?:,? (?:Inc|Ltd|LLC)\.?)?)`)
	publisherName = regexp.MustCompile(`(?i)\b(?:ltd|limited|inc|llc|gmbh|b\.?v\.?|ag|press|verlag|publish\w+|elsevier|springer|wiley|society|association|institute|ieee|acm|nature|taylor|sage|macmillan|media|academy|éditions|editorial|foundation|university|hindawi|mdpi|frontiers|plos)\b`)
)

// claimNumbers makes claims of identifiers, licence, publisher and language.
func (f *frontMatter) claimNumbers(out *claims) {
	upper := make([]string, min(len(f.pages), firstPages))
	for p := range upper {
		upper[p] = strings.ToUpper(f.pages[p].page.Text)
	}
	first := func(label string, pattern *regexp.Regexp, pages int, valid func(string) bool) string {
		for p := range f.pages[:min(len(f.pages), pages)] {
			if !strings.Contains(upper[p], label) {
				continue
			}
			for i := range f.pages[p].lines {
				text := f.lineText(p, i)
				if len(text) < 60 && references.MatchString(text) {
					return ""
				}
				if !hasDigit(text) {
					continue
				}
				for _, m := range pattern.FindAllStringSubmatch(text, -1) {
					if value := strings.TrimSpace(m[1]); valid == nil || valid(value) {
						return value
					}
				}
			}
		}
		return ""
	}
	if id := f.arxiv(); id != "" {
		out.add("archive", csl.SourcePage, "arXiv", 0.9)
		out.add("archive_location", csl.SourcePage, id, 0.9)
	}
	for _, one := range []struct {
		field   string
		label   string // in the page's text; empty for a number that may stand without one
		pattern *regexp.Regexp
		pages   int
		valid   func(string) bool
	}{
		{"PMID", "PMID", pmidPattern, 1, nil},
		{"PMCID", "PMCID", pmcidPattern, 1, nil},
		{"ISBN", "ISBN", isbnPattern, firstPages, validISBN},
		{"ISSN", "", issnPattern, 2, validISSN},
	} {
		if value := first(one.label, one.pattern, one.pages, one.valid); value != "" {
			value = strings.ReplaceAll(value, "–", "-")
			out.add(one.field, csl.SourcePage, value, 0.85)
		}
	}
	if address := f.licence(); address != "" {
		out.add("license", csl.SourcePage, address, 0.85)
	}
	if language := f.language(); language != "" {
		out.add("language", csl.SourcePage, language, 0.8)
	}
}

// arxiv is the identifier in the margin of a preprint; one in the text names
// another work.
func (f *frontMatter) arxiv() string {
	for p := range f.pages[:min(len(f.pages), 2)] {
		for i := range f.pages[p].pieces {
			one := &f.pages[p].pieces[i]
			if !strings.ContainsAny(one.plain, "xX") || !hasDigit(one.plain) {
				continue
			}
			if m := arxivID.FindStringSubmatchIndex(one.plain); m != nil && (one.turned || one.margin || m[0] == 0 && one.words() <= 6) {
				return one.plain[m[2]:m[3]]
			}
		}
	}
	return ""
}

// validISBN checks the last digit of ten or thirteen (ISO 2108).
func validISBN(text string) bool {
	var digits []int
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, int(r-'0'))
		case r == 'X' || r == 'x':
			digits = append(digits, 10)
		}
	}
	sum := 0
	switch len(digits) {
	case 10:
		for i, digit := range digits {
			sum += (10 - i) * digit
		}
		return sum%11 == 0
	case 13:
		for i, digit := range digits {
			sum += digit * (1 + 2*(i%2))
		}
		return sum%10 == 0
	}
	return false
}

// validISSN checks the last digit (ISO 3297).
func validISSN(text string) bool {
	sum, weight := 0, 8
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			sum += weight * int(r-'0')
		case r == 'X':
			sum += weight * 10
		default:
			continue
		}
		weight--
	}
	return weight == 0 && sum%11 == 0
}

// licenceAddress writes the address that licenceURI has found in one way.
func licenceAddress(m []string) string {
	if m[2] == "" {
		return "https://creativecommons.org/publicdomain/zero/1.0/"
	}
	return "https://creativecommons.org/licenses/" + strings.ToLower(m[2]) + "/" + m[3] + "/"
}

// licence is the address of a Creative Commons licence that the text or a link
// names.
func (f *frontMatter) licence() string {
	address := func(kind, version string) string {
		return "https://creativecommons.org/licenses/" + kind + "/" + version + "/"
	}
	named := ""
	for p := range f.pages {
		if f.pages[p].cover {
			continue
		}
		texts := []string{oneLine(f.pages[p].page.Text)}
		for _, one := range f.pages[p].links {
			texts = append(texts, one.uri)
		}
		for _, text := range texts {
			if !strings.Contains(text, "CC") && !strings.Contains(strings.ToLower(text), "creative") {
				continue
			}
			if m := licenceURI.FindStringSubmatch(text); m != nil {
				return licenceAddress(m)
			}
			if named != "" {
				continue
			}
			if m := licenceShort.FindStringSubmatch(text); m != nil {
				kind := strings.ToLower(strings.ReplaceAll(m[1], " ", "-"))
				switch {
				case kind == "0":
					named = "https://creativecommons.org/publicdomain/zero/1.0/"
				case m[2] != "":
					named = address(kind, m[2])
				default:
					named = "CC " + strings.ToUpper(strings.ReplaceAll(m[1], " ", "-"))
				}
			} else if m := licenceWords.FindString(text); m != "" {
				named = licenceFromWords(m, address)
			}
		}
	}
	return named
}

var licenceVersion = regexp.MustCompile(`\d\.\d`)

func licenceFromWords(words string, address func(kind, version string) string) string {
	kind, lower := "by", strings.ToLower(words)
	if strings.Contains(lower, "commercial") {
		kind += "-nc"
	}
	switch {
	case strings.Contains(lower, "deriv"):
		kind += "-nd"
	case strings.Contains(lower, "alike"):
		kind += "-sa"
	}
	if version := licenceVersion.FindString(words); version != "" {
		return address(kind, version)
	}
	return "CC " + strings.ToUpper(kind)
}

var (
	thesisWords = regexp.MustCompile(`(?i)(?:\b(?:dissertation|doctoral thesis|phd thesis|master'?s thesis|thèse de doctorat|tesis doctoral|tese de doutoramento|inaugural-?dissertation|(?:bachelor|master|diplom)arbeit|habilitationsschrift|a thesis submitted|thesis submitted|in partial fulfil\w+ of the requirements|for the degree of|requirements for the degree|pour obtenir le grade|zur erlangung|para optar al? grado|doctor of philosophy)\b|^thèse$|диссертаци)`)
	reportWords = regexp.MustCompile(`(?i)\b(?:technical report|research report|working paper|discussion paper|final report|tech\. rep\.)\b`)
	bookWords   = regexp.MustCompile(`(?i)library of congress|cataloguing[- ]in[- ]publication|cataloging[- ]in[- ]publication|all rights reserved\. no part of this (?:book|publication)|first published \d{4} by|british library catalogu|bibliografische information der deutschen`)
	university  = regexp.MustCompile(`(?i)(?:\buniversit\w*|\buniversidad|université|hochschule|politecnico|college|institute of technology|университет|大学)`)
)

// claimKind says what kind of work it is where the first pages tell, and who
// published it.
func (f *frontMatter) claimKind(out *claims, title headline, found, abstract bool) {
	publisher, confidence := "", 0.0
	number, kind := "", ""
	for p := range f.pages[:min(len(f.pages), 5)] {
		page := &f.pages[p]
		onTitlePage := found && p == title.page && f.isTitlePage(p)
		for i := range page.pieces {
			one := &page.pieces[i]
			text := one.plain
			switch {
			case kind == "" && onTitlePage && one.words() <= 25 && thesisWords.MatchString(text):
				kind = csl.TypeThesis
			case kind == "" && p <= title.page && one.words() <= 10 && reportWords.MatchString(text):
				kind = csl.TypeReport
			case kind == "" && !abstract && bookWords.MatchString(text):
				kind = csl.TypeBook
			}
			if number == "" && p <= title.page && one.words() <= 10 && reportWords.MatchString(text) {
				if m := reportNumber.FindStringSubmatch(text); m != nil {
					number = m[1]
				}
			}
			if publisher != "" && confidence >= 0.8 {
				continue
			}
			if lower := strings.ToLower(text); !hasAny(lower, []string{"publish", "verlag", "éditeur", "©", "(c)", "copyright"}) {
				continue
			}
			if m := publishedBy.FindStringSubmatch(text); m != nil {
				publisher, confidence = strings.TrimSpace(m[1]), 0.8
			} else if m := copyrightName.FindStringSubmatch(text); m != nil && publisherName.MatchString(m[1]) && publisher == "" {
				name := strings.TrimSpace(strings.TrimSuffix(m[1], " All rights reserved"))
				name = regexp.MustCompile(`\s*,?\s*(?:19|20)\d\d.*$`).ReplaceAllString(name, "")
				if hasLetters(name, 3) && !strings.Contains(strings.ToLower(name), "author") {
					publisher, confidence = name, 0.7
				}
			}
		}
	}
	if text := f.cover["publisher"]; text != "" {
		publisher, confidence = text, 0.8
	}
	if found && (kind == csl.TypeThesis || kind == csl.TypeReport) {
		if name := f.house(title, kind); name != "" {
			publisher, confidence = name, 0.8
		}
	}
	if publisher != "" {
		out.add("publisher", csl.SourcePage, publisher, confidence)
	}
	if kind != "" {
		out.add("type", csl.SourcePage, kind, 0.85)
	}
	if number != "" {
		out.add("number", csl.SourcePage, number, 0.8)
	}
}

// house is the university of a thesis or the institution of a report: its name
// stands on the title page in a line of its own.
func (f *frontMatter) house(title headline, kind string) string {
	pieces := f.pages[title.page].pieces
	names := affiliation
	if kind == csl.TypeThesis {
		names = university
	}
	for i := range pieces {
		one := &pieces[i]
		if i >= title.first && i <= title.last || one.words() > 9 || reportWords.MatchString(one.plain) || strings.ContainsRune(one.plain, '@') || one.turned {
			continue
		}
		if kind == csl.TypeReport && one.frame[1] < title.frame[3] {
			continue
		}
		if names.MatchString(one.plain) {
			text := regexp.MustCompile(`(?i)^(?:an der|der|at the|at|à l[’']|the)\s+`).ReplaceAllString(one.plain, "")
			return strings.Trim(text, " ,.;")
		}
	}
	return ""
}
