package extract

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// affiliation marks a line that says where authors work.
var affiliation = regexp.MustCompile(`(?i)(?:\b(?:universit\w*|universidad|universidade|università|université|dep(?:artment|t|artamento|artement)\b\.?|dipartimento|instit\w*|instytut|colleg\w+|school|faculty|fakultät|fachbereich|facult[éa]\w*|` +
	`laborator\w+|laboratoire|labs?|cent(?:re|er|rum|ro)s?|zentrum|hospital|klinik\w*|clinic|academ\w+|akademie|research|inc|ltd\.?|llc|gmbh|corporation|corp\.|company|foundation|fondation|stiftung|division|national|ministry|` +
	`politecnico|polytechnic\w*|hochschule|école|ecole|escuela|trust|society|association|agency|council|commission|museum|observatory|library|archives?|bank|bureau|office|group|team|programme?|museo|chair|lehrstuhl|` +
	`cnrs|inria|nasa|mit|eth|epfl|ucl|csiro|usa|u\.s\.a\.|uk|u\.k\.|united (?:states|kingdom)|germany|deutschland|france|spain|españa|italy|italia|china|japan|korea|india|brazil|brasil|canada|mexico|méxico|australia|` +
	`netherlands|belgium|switzerland|austria|sweden|norway|denmark|finland|poland|russia|portugal|greece|turkey|israel|iran|singapore|taiwan|ireland|argentina|chile|colombia|south africa|nigeria|egypt|new zealand)\b|` +
	`университет|институт|академи|кафедра|лаборатория|大学|大學|学院|研究所|研究院|医院|公司|实验室|研究室|연구소|대학교)`)

// frontEnd marks where the names and places by a title have ended.
var frontEnd = regexp.MustCompile(`(?i)^(?:abstract|summary|synopsis|a ?b ?s ?t ?r ?a ?c ?t|introduction|key ?words?|(?:\d+|i)\.? +introduction|doi\b|submitted|published|received|` +
	`accepted|revised|available online|corresponding|correspondence|editors?:|license|copyright|©|https?:|software$|contents|statement of need|article (?:history|info)|a r t i c l e|` +
	`résumé|resumen|resumo|riassunto|zusammenfassung|kurzfassung|аннотация|реферат|摘\s*要|要旨|概要|초록|ключевые слова|关键词|mots[- ]clés|palabras clave|schlüsselwörter|` +
	`einleitung|einführung|введение|引言|ccs concepts|index terms|acm reference|permission to make|to cite|cite this|how to cite|citation:|manuscript received|these authors|contributed equally|` +
	`gutachter|betreuer|referent|advis[eo]r|supervis\w+|committee|directeur|jury|tutor|director)`)

// degreeLine stands between title and author of a thesis, and on title pages of
// reports.
var degreeLine = regexp.MustCompile(`(?i)(?:\b(?:dissertation|thesis|thèse|tesis|tese|tesi|habilitationsschrift|(?:master|bachelor|diplom)(?:arbeit|thesis)|inaugural-?dissertation|submitted|in partial fulfil\w+|requirements|` +
	`for the degree|degree of|doctor of|master of|bachelor of|zur erlangung|akademischen? grad\w*|doktor\b|doktor-ingenieur|doktorgrades|dr\. ?rer|eingereicht|genehmigt\w*|présentée|pour obtenir|le grade|para optar|grado de|` +
	`technical report|working paper|discussion paper|research report|final report|edition|auflage|version \d|geboren|born)\b|диссертаци)`)

// byline says that a name follows.
var byline = regexp.MustCompile(`(?i)^(?:by|von|vorgelegt von|verfasst von|eingereicht von|angefertigt von|vorgelegt durch|par|présentée? par|por|presentad[ao] por|di|author(?:s|\(s\))?|autor(?:en|es|in|a)?|auteurs?|written by|presented by|submitted by|prepared by|作者)\s*:?\s*`) //nolint:misspell // other languages

// labelled is a line that says what it is, as covers have them.
var labelled = regexp.MustCompile(`(?i)^(?:author(?:s|\(s\))|source|published (?:by|in)|stable url|accessed|doi|citation|document version|publication date|to cite this|running head)\s*:?`)

var (
	emailPattern = regexp.MustCompile(`[\pL\d][\pL\d._%+-]*@[\pL\d-]+(?:\.[\pL\d-]+)+`)
	emailGroup   = regexp.MustCompile(`[{\[(]\s*([\w.+-]+(?:\s*[,;|]\s*[\w.+-]+)*)\s*[})\]]\s*@\s*([\w-]+(?:\.[\w-]+)+)`)
	orcidPattern = regexp.MustCompile(`\b(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\b`)
)

// looksLikeNames reports whether a piece can begin a list of authors.
func looksLikeNames(one *piece) bool {
	if one.names == unasked {
		one.names = no
		if asksForNames(one) {
			one.names = yes
		}
	}
	return one.names == yes
}

func asksForNames(one *piece) bool {
	if one.prose && countWide(one.plain) == 0 || len(one.plain) > 1000 || isSentence(one.plain) {
		return false
	}
	text := withoutByline(one.marked)
	if strings.ContainsRune(one.plain, '@') || startsWithMark(one) || strings.ContainsAny(one.plain, ":?!/=") && text == one.marked {
		return false
	}
	names, refused := splitList(text)
	if len(names) == 0 || refused > len(names)/4 || len(names) == 1 && hasConnective(one.plain) {
		return false
	}
	return !affiliation.MatchString(one.plain) && !degreeLine.MatchString(one.plain) && !frontEnd.MatchString(one.plain) && findDate(one.plain) == nil
}

// isSentence reports whether most words of a text begin with small letters and
// stand in no name: a quick look before a list is taken apart.
func isSentence(text string) bool {
	words, small := 0, 0
	for word := range strings.FieldsSeq(text) {
		words++
		if word[0] >= 'a' && word[0] <= 'z' && !isParticle(word) && !isConjunction(word) {
			small++
		}
	}
	return words >= 4 && 2*small > words && !strings.Contains(text, "for the") && !strings.Contains(text, "on behalf")
}

// isConjunction tells what stands before the last of several names.
func isConjunction(word string) bool {
	switch word {
	case "and", "und", "et", "og", "och", "en", "others", "al.", "al":
		return true
	}
	return false
}

// brokenName is a list whose last name has one word.
var brokenName = regexp.MustCompile(`[,;·•]\s*(?:(?i:and|und|et|y|&)\s+)?\p{Lu}[\pL.’'-]*$`)

// startsNameList is looksLikeNames for places where a heading may stand as
// well: at least two names, or one with marks.
func startsNameList(one *piece) bool {
	names, refused := splitNames(withoutByline(one.marked))
	return refused == 0 && (len(names) > 1 && !hasSmallWord(one.plain) || len(names) == 1 && len(names[0].marks) > 0)
}

// hasConnective reports words that stand in titles and in no name.
func hasConnective(text string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		switch word {
		case "of", "the", "for", "in", "on", "with", "from", "to", "at", "für", "und", "über", "des", "im", "zur", "sur", "pour", "en", "sobre", "para":
			if word != "und" {
				return true
			}
		}
	}
	return false
}

// splitList is splitNames for a text that a line's end may cut in its last name.
func splitList(text string) (names []printedName, refused int) {
	names, refused = splitNames(text)
	if refused > 0 && len(names) > 0 && brokenName.MatchString(text) {
		refused--
	}
	return names, refused
}

func withoutByline(text string) string {
	if loc := byline.FindStringIndex(text); loc != nil && loc[1] < len(text) && !startsLower(text[loc[1]:]) {
		return text[loc[1]:]
	}
	return text
}

// startsWithMark reports whether a piece begins with the raised mark or the
// number of an affiliation.
func startsWithMark(one *piece) bool {
	first, _ := firstRune(one.marked)
	return first == markOpen || unicode.IsDigit(first) || strings.HasPrefix(one.plain, "（") || strings.HasPrefix(one.plain, "(1")
}

func firstRune(text string) (rune, bool) {
	for _, r := range text {
		return r, true
	}
	return 0, false
}

// authors are the names by the title, with what the page says of them.
func (f *frontMatter) authors(title headline) []csl.Name {
	block := f.authorBlock(title)
	reader := authorReader{f: f, page: title.page}
	reader.read(block)
	if len(reader.authors) == 0 {
		// Some journals print the names above the title.
		reader.read(f.above(title))
	}
	if len(reader.authors) == 0 {
		return nil
	}
	reader.finish(block)
	var names []csl.Name
	for _, author := range reader.authors {
		// What the title says itself is no name beside it.
		if key := lookupKey(author.String()); !strings.Contains(lookupKey(title.text), key) {
			names = append(names, author.Name)
		}
	}
	return names
}

// authorBlock are the pieces under the title up to where the work begins, over
// further pages when nothing but names stands on the first.
func (f *frontMatter) authorBlock(title headline) []piece {
	var block []piece
	page := &f.pages[title.page]
	width := page.frame.Width()
	centred := width > 0 && abs32((title.frame[0]+title.frame[2])/2-(page.frame[0]+page.frame[2])/2) < 0.04*width && !f.hangsLeft(title)
	left := page.frame[0]
	if !centred && title.frame[0]-page.frame[0] > 0.2*width {
		left = title.frame[0] - title.height // notes in the margin stand further left
	}
	ended := false
	var rest []piece
	for i := range page.pieces {
		one := page.pieces[i]
		if one.turned || one.frame[3] > title.frame[1]+0.4*one.height || one.frame[2] <= left || i >= title.first && i <= title.last {
			continue
		}
		rest = append(rest, one)
	}
	slices.SortStableFunc(rest, compareRows)
	for i := range rest {
		if ended = f.endsAuthors(rest, i); ended {
			break
		}
		// A long list of names runs down into the margin, in its own letters.
		if rest[i].margin && f.depth(&rest[i]) > 0.5 && (len(block) == 0 || abs32(rest[i].height-block[0].height) > 0.03*block[0].height) {
			continue
		}
		block = append(block, rest[i])
	}
	for next := title.page + 1; !ended && next < len(f.pages) && len(block) > 20; next++ {
		further := slices.Clone(f.pages[next].pieces)
		slices.SortStableFunc(further, compareRows)
		for i := range further {
			// Names go on at the very head of the page, in their own letters.
			if further[i].turned || further[i].margin && abs32(further[i].height-block[0].height) > 0.03*block[0].height {
				continue
			}
			if ended = f.endsAuthors(further, i); ended {
				break
			}
			block = append(block, further[i])
		}
	}
	return block
}

// hangsLeft reports whether the lines of a title and the one after it begin at
// the same place and end at different ones.
func (f *frontMatter) hangsLeft(title headline) bool {
	pieces := f.pages[title.page].pieces
	first := &pieces[title.first]
	for i := title.first + 1; i < len(pieces) && i <= title.last+1; i++ {
		one := &pieces[i]
		if abs32(one.frame[0]-first.frame[0]) < 2 && abs32(one.frame[2]-first.frame[2]) > 3*first.height {
			return true
		}
	}
	return false
}

func abs32(v float32) float32 { return max(v, -v) }

// compareRows sorts pieces of a page from the top down, those of a row from left
// to right.
func compareRows(a, b piece) int {
	switch {
	case a.page != b.page:
		return a.page - b.page
	case sameRow(&a, &b):
		if a.frame[0] < b.frame[0] {
			return -1
		}
		return 1
	case a.frame[3] > b.frame[3]:
		return -1
	}
	return 1
}

// endsAuthors reports whether the work begins with a piece.
func (f *frontMatter) endsAuthors(pieces []piece, i int) bool {
	one := &pieces[i]
	plain := one.plain
	if abstractHeading.MatchString(plain) || abstractInline.MatchString(plain) || keywordsHeading.MatchString(plain) || firstHeading.MatchString(plain) {
		return true
	}
	if one.prose && !strings.ContainsRune(plain, '@') && !strings.ContainsRune(one.marked, markOpen) && !affiliation.MatchString(plain) {
		names, refused := splitNames(one.marked)
		return len(names) == 0 || refused > 0
	}
	return false
}

// above are the pieces over the title that hold names only.
func (f *frontMatter) above(title headline) []piece {
	var block []piece
	pieces := f.pages[title.page].pieces
	for i := title.first - 1; i >= 0 && i >= title.first-4; i-- {
		one := &pieces[i]
		if one.turned || !looksLikeNames(one) || title.frame[3] > one.frame[3] || title.height > 3*one.height {
			continue
		}
		if one.frame[1]-title.frame[3] > 5*one.height {
			break
		}
		block = append([]piece{*one}, block...)
	}
	return block
}

// author is a name with its place on the page.
type author struct {
	csl.Name
	marks []string
	page  int
	boxes []pagetext.Rect
	place []string // lines that say where this one alone works
}

// authorReader takes names, places and addresses out of the pieces by a title.
type authorReader struct {
	f       *frontMatter
	page    int
	authors []author
	height  float32 // of the names
	places  []piece // in the order of reading, with marks or for all
	blocks  bool    // each name has its place under it
}

func (r *authorReader) read(block []piece) {
	columns := authorColumns(block)
	r.blocks = len(columns) > 1
	for _, column := range columns {
		r.readColumn(column)
	}
	if r.blocks {
		// Rows of columns are read row by row.
		slices.SortStableFunc(r.authors, func(a, b author) int {
			if len(a.boxes) == 0 || len(b.boxes) == 0 || overlap(a.boxes[0][1], a.boxes[0][3], b.boxes[0][1], b.boxes[0][3]) > 0 {
				return 0
			}
			return cmp.Compare(b.boxes[0][3], a.boxes[0][3])
		})
	}
}

// authorColumns divides a block into columns when its first row with names has
// several names side by side and other lines stand under each of them.
func authorColumns(block []piece) [][]piece {
	for i := range block {
		row := []piece{block[i]}
		for j := i + 1; j < len(block) && sameRow(&block[i], &block[j]); j++ {
			row = append(row, block[j])
		}
		if !looksLikeNames(&block[i]) {
			if i > 6 {
				break
			}
			continue
		}
		if len(row) < 2 || slices.ContainsFunc(row, func(one piece) bool { return !looksLikeNames(&one) }) {
			break
		}
		columns := make([][]piece, len(row))
		alone := 0
		for j := range block {
			if j < i {
				columns[0] = append(columns[0], block[j])
				continue
			}
			over, best := 0, 0
			for c := range row {
				if overlap(row[c].frame[0], row[c].frame[2], block[j].frame[0], block[j].frame[2]) > 0 {
					over++
					best = c
				}
			}
			if over == 0 {
				best = nearestColumn(row, &block[j])
			}
			if over > 1 {
				alone++
			}
			columns[best] = append(columns[best], block[j])
		}
		under := 0
		for c := range columns {
			if len(columns[c]) > 1 {
				under++
			}
		}
		if under == len(row) && alone == 0 {
			return columns
		}
		break
	}
	return [][]piece{block}
}

func nearestColumn(row []piece, one *piece) int {
	best, least := 0, float32(furthest)
	for c := range row {
		distance := abs32((row[c].frame[0]+row[c].frame[2])/2 - (one.frame[0]+one.frame[2])/2)
		if distance < least {
			best, least = c, distance
		}
	}
	return best
}

// readColumn goes down the pieces. Names that belong to one list are split
// together, since a line's end may divide a name.
func (r *authorReader) readColumn(column []piece) {
	begun := false    // names have been seen in this column
	var list []int    // pieces of the list at hand
	var current int   // first author of the list that was read last
	var between int   // lines that were passed over before the first name
	after := piece{}  // the line before
	described := true // the last name has been followed by a place or an address
	flush := func() {
		if len(list) > 0 {
			if described {
				current = len(r.authors) // what follows is about these names
			}
			r.addNames(column, list)
			list = nil
			described = false
		}
	}
	for i := range column {
		one := &column[i]
		isName := looksLikeNames(one)
		switch {
		case len(list) > 0 && r.continues(column, list, i):
			list = append(list, i)
			after = *one
			continue
		case isName && !begun && (r.height == 0 || one.height > 0.9*r.height):
			flush()
			begun = true
			list = []int{i}
			after = *one
			if r.height == 0 {
				r.height = one.height
			}
			continue
		case isName && begun && one.height > 0.95*r.height && one.height < 1.06*r.height && r.beginsAnew(column, i, &after, described || len(list) > 0):
			flush()
			list = []int{i}
			after = *one
			continue
		}
		flush()
		if !begun {
			// A subtitle, a date or a degree stands between title and authors.
			if between++; between > 24 || frontEnd.MatchString(one.plain) && !byline.MatchString(one.plain) && len(r.authors) > 0 {
				return
			}
			continue
		}
		if frontEnd.MatchString(one.plain) && !strings.ContainsRune(one.plain, '@') || degreeLine.MatchString(one.plain) {
			break
		}
		described = true
		after = *one
		if findDate(one.plain) != nil && one.words() <= 4 {
			continue
		}
		if emailPattern.MatchString(one.plain) || emailGroup.MatchString(one.plain) {
			continue
		}
		if r.blocks || current > 0 && !startsWithMark(one) || r.onePerLine(column, i) {
			for k := current; k < len(r.authors); k++ {
				r.authors[k].place = append(r.authors[k].place, one.plain)
			}
			continue
		}
		if len(r.places) > 0 && one.height > 1.15*r.places[0].height && !affiliation.MatchString(one.plain) {
			break // a heading
		}
		r.places = append(r.places, *one)
	}
	flush()
}

// onePerLine reports whether a further name follows the places under the first
// one, so that those are its own.
func (r *authorReader) onePerLine(column []piece, i int) bool {
	if len(r.authors) != 1 || startsWithMark(&column[i]) {
		return false
	}
	for j := i + 1; j < len(column) && j < i+5; j++ {
		one := &column[j]
		if frontEnd.MatchString(one.plain) {
			return false
		}
		if looksLikeNames(one) && one.height > 0.95*r.height && one.height < 1.06*r.height && one.height > 1.05*column[i].height {
			return true
		}
	}
	return false
}

// continues reports whether a piece goes on with a list of names.
func (r *authorReader) continues(column []piece, list []int, i int) bool {
	last, one := &column[list[len(list)-1]], &column[i]
	if one.height < 0.9*r.height || one.height > 1.1*r.height || startsWithMark(one) && one.plain != "" && !strings.HasPrefix(one.plain, ",") ||
		strings.ContainsRune(one.plain, '@') || frontEnd.MatchString(one.plain) || degreeLine.MatchString(one.plain) {
		return false
	}
	if one.page == last.page && !sameRow(last, one) && last.frame[1]-one.frame[1] > 2.2*last.height {
		return false
	}
	// The last lines are enough to tell, and a list may have hundreds.
	var parts []string
	for _, k := range list[max(0, len(list)-3):] {
		parts = append(parts, withoutByline(column[k].marked))
	}
	joined := strings.Join(parts, " ")
	before, refusedBefore := splitList(joined)
	after, refusedAfter := splitList(joined + " " + one.marked)
	trimmed := strings.TrimRight(last.plain, " *†‡")
	open := endsOpen(trimmed) || startsOpen(one.plain)
	if sameRow(last, one) {
		return refusedAfter <= refusedBefore && len(after) > len(before) || open
	}
	if affiliation.MatchString(one.plain) && refusedAfter > refusedBefore {
		return false
	}
	if open {
		return refusedAfter <= refusedBefore+len(strings.Fields(one.plain))/4
	}
	if affiliation.MatchString(one.plain) {
		return false
	}
	// A list of several names is broken wherever its line is full.
	width := float32(0)
	for k := range column {
		width = max(width, column[k].frame.Width())
	}
	return len(before) > 1 && refusedAfter <= refusedBefore && last.frame.Width() > 0.6*width && !hasConnective(one.plain)
}

func endsOpen(text string) bool {
	return strings.HasSuffix(text, ",") || strings.HasSuffix(text, "，") || strings.HasSuffix(text, "、") || strings.HasSuffix(text, ";") ||
		strings.HasSuffix(text, "·") || strings.HasSuffix(text, "•") || strings.HasSuffix(text, "&") || strings.HasSuffix(text, " and") || strings.HasSuffix(text, " und") || strings.HasSuffix(text, " et")
}

func startsOpen(text string) bool {
	for _, start := range []string{",", "·", "•", "&", "and ", "und ", "et ", "y ", ";"} {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}

// beginsAnew reports whether a piece that looks like names, after places or
// other names, is a further author: something that describes a person follows
// it, or it stands alone under names that stand alone.
func (r *authorReader) beginsAnew(column []piece, i int, before *piece, described bool) bool {
	one := &column[i]
	names, refused := splitNames(withoutByline(one.marked))
	if refused > 0 || len(names) == 0 {
		return false
	}
	if i+1 < len(column) && !r.blocks {
		// Larger than the places around it.
		if next := &column[i+1]; one.height > 1.04*next.height && !strings.ContainsRune(before.plain, '@') && one.height > 1.04*before.height {
			return true
		}
	}
	if strings.ContainsRune(before.plain, '@') || orcidPattern.MatchString(before.plain) {
		return true
	}
	if !described {
		return false
	}
	if looksLikeNames(before) && len(names) == 1 && !strings.ContainsAny(one.plain, ",，") && before.height > 0.95*one.height {
		return true
	}
	return len(names[0].marks) > 0
}

// addNames splits a list that may run over several pieces.
func (r *authorReader) addNames(column []piece, list []int) {
	var text strings.Builder
	var boxes []pagetext.Rect
	for n, k := range list {
		marked := column[k].marked
		own := column[k].boxes()
		if n == 0 {
			trimmed := withoutByline(marked)
			own = own[runeCount(marked)-runeCount(trimmed):]
			marked = trimmed
		} else {
			text.WriteByte(' ')
			boxes = append(boxes, own[0])
		}
		text.WriteString(marked)
		boxes = append(boxes, own...)
	}
	joined := text.String()
	// Numbers on the line get marks around them; their boxes are doubled.
	joined, boxes = raiseWithBoxes(joined, boxes)
	names, _ := splitNames(joined)
	for _, name := range names {
		one := author{Name: name.Name, marks: name.marks, page: column[list[0]].page}
		if name.end <= len(boxes) {
			one.boxes = boxes[name.start:name.end]
		}
		if slices.ContainsFunc(r.authors, func(other author) bool { return other.String() == one.String() }) {
			continue
		}
		r.authors = append(r.authors, one)
	}
}

// raiseWithBoxes is raiseNumbers, with a box for each rune.
func raiseWithBoxes(text string, boxes []pagetext.Rect) (raised string, all []pagetext.Rect) {
	raised = raiseNumbers(text)
	if raised == text || len(boxes) == 0 {
		return raised, boxes
	}
	before, at := []rune(text), 0
	for _, r := range raised {
		for at < len(before) && before[at] == ' ' && r != ' ' {
			at++ // the space before a number is gone
		}
		at = min(at, len(before)-1, len(boxes)-1)
		all = append(all, boxes[at])
		if r == before[at] {
			at++
		}
	}
	return raised, all
}

// finish gives the authors their places, addresses and ORCIDs.
func (r *authorReader) finish(block []piece) {
	r.givePlaces()
	r.giveEmails(block)
	r.giveORCIDs()
}

// place is an affiliation with its mark.
type place struct{ mark, text string }

func (r *authorReader) givePlaces() {
	wanted := map[string]bool{}
	for _, one := range r.authors {
		for _, mark := range one.marks {
			wanted[mark] = true
		}
	}
	marked := splitPlaces(r.places, wanted)
	if len(marked) == 0 && len(wanted) > 0 {
		marked = splitPlaces(r.footPlaces(wanted), wanted)
	}
	// Without marks, what stands under the names is everybody's.
	common := ""
	if len(marked) == 0 {
		common = joinPlace(plainsOf(r.places))
	}
	for i := range r.authors {
		one := &r.authors[i]
		for _, p := range marked {
			if slices.Contains(one.marks, p.mark) {
				one.Affiliation = append(one.Affiliation, csl.Affiliation{Name: p.text})
			}
		}
		own := joinPlace(one.place)
		if own == "" && len(one.marks) == 0 || own == "" && len(marked) == 0 {
			own = common
		}
		if own != "" && len(one.Affiliation) == 0 {
			one.Affiliation = []csl.Affiliation{{Name: own}}
		}
	}
}

func plainsOf(pieces []piece) []string {
	var list []string
	for i := range pieces {
		if affiliation.MatchString(pieces[i].plain) || len(list) > 0 || i == 0 {
			list = append(list, pieces[i].plain)
		}
	}
	return list
}

// joinPlace joins the lines of an affiliation that has no mark; it is empty for
// what is too long to be one.
func joinPlace(lines []string) string {
	var kept []string
	known := false
	for _, one := range lines {
		if one = strings.Trim(one, " ,;."); one != "" && !byline.MatchString(one+" ") {
			kept = append(kept, one)
			known = known || affiliation.MatchString(one)
		}
	}
	text := strings.Join(kept, ", ")
	if len(kept) > 8 || runeCount(text) > 400 || !known && len(kept) > 2 {
		return ""
	}
	return text
}

var looseMark = regexp.MustCompile(`^[\s（(]*(\d{1,2}|[a-z]|[*†‡§¶])[.):\s]\s*`)

// splitPlaces cuts the text of affiliations at the marks that the names have.
func splitPlaces(pieces []piece, wanted map[string]bool) []place {
	var places []place
	add := func(text string) {
		if n := len(places) - 1; n >= 0 && strings.TrimSpace(text) != "" {
			places[n].text = joinLines(places[n].text, strings.TrimSpace(text))
		}
	}
	begin := func(mark string) { places = append(places, place{mark: mark}) }
	for i := range pieces {
		text := pieces[i].marked
		if m := looseMark.FindStringSubmatch(text); m != nil && wanted[m[1]] {
			begin(m[1])
			text = text[len(m[0]):]
		}
		for text != "" {
			before, rest, raised := strings.Cut(text, string(markOpen))
			for {
				next := ""
				if n := len(places); n > 0 {
					next = successor(places[n-1].mark)
				}
				head, tail, ok := cutAtNumber(before, next)
				if !ok || !wanted[next] {
					break
				}
				add(head)
				begin(next)
				before = tail
			}
			add(before)
			if !raised {
				break
			}
			mark, after, _ := strings.Cut(rest, string(markClose))
			tokens := markTokens.FindAllString(mark, -1)
			if len(tokens) == 1 && (wanted[tokens[0]] || len(places) > 0) {
				begin(tokens[0])
			} else {
				add(mark)
			}
			text = after
		}
	}
	kept := places[:0]
	for _, p := range places {
		p.text = cleanPlace(p.text)
		// Symbols lead to footnotes more often than to places.
		if hasLetters(p.text, 3) && runeCount(p.text) < 400 && (affiliation.MatchString(p.text) || !strings.ContainsRune("*∗†‡§¶#", []rune(p.mark)[0])) {
			kept = append(kept, p)
		}
	}
	return kept
}

// footnote is what follows an affiliation under a mark of another kind.
var footnote = regexp.MustCompile(`(?i)\s*(?:[*∗†‡§¶✉#]\s*|\b)(?:corresponding author|correspondence|these authors|equal contribution|contributed equally|e-?mail).*$`)

// cleanPlace drops footnotes, separators and brackets without a partner.
func cleanPlace(text string) string {
	text = strings.Trim(footnote.ReplaceAllString(text, ""), " ,;.，；。")
	for _, pair := range []string{"()", "（）"} {
		open, shut := []rune(pair)[0], []rune(pair)[1]
		if n := strings.Count(text, string(open)) - strings.Count(text, string(shut)); n < 0 {
			text = strings.TrimSuffix(text, string(shut))
		} else if n > 0 {
			text = strings.TrimPrefix(text, string(open))
		}
	}
	return strings.Trim(text, " ,;.，；。")
}

// cutAtNumber divides a line that holds several affiliations at the number of
// the next one, which is not raised.
func cutAtNumber(text, number string) (before, after string, ok bool) {
	if number == "" {
		return "", "", false
	}
	fields := strings.Fields(text)
	for i, field := range fields {
		if strings.TrimRight(field, ".") != number || i+1 < len(fields) && !isCapitalised(fields[i+1]) {
			continue
		}
		return strings.Join(fields[:i], " "), strings.Join(fields[i+1:], " "), true
	}
	return "", "", false
}

func successor(mark string) string {
	if mark == "9" {
		return "10"
	}
	if len(mark) == 1 && mark[0] >= '1' && mark[0] < '9' {
		return string(mark[0] + 1)
	}
	if len(mark) == 2 && mark[1] >= '0' && mark[1] < '9' {
		return mark[:1] + string(mark[1]+1)
	}
	return ""
}

// footPlaces are affiliations that stand at the foot of the title's page.
func (r *authorReader) footPlaces(wanted map[string]bool) []piece {
	var list []piece
	begun := false
	for i := range r.f.pages[r.page].pieces {
		one := r.f.pages[r.page].pieces[i]
		if r.f.depth(&one) < 0.4 || one.turned {
			continue
		}
		if startsWithMark(&one) && affiliation.MatchString(one.plain) {
			if m := looseMark.FindStringSubmatch(one.marked); strings.ContainsRune(one.marked, markOpen) || m != nil && wanted[m[1]] {
				begun = true
				list = append(list, one)
				continue
			}
		}
		if begun && len(list) > 0 && near(&list[len(list)-1], &one) && !strings.ContainsRune(one.plain, '@') && !frontEnd.MatchString(one.plain) && abs32(one.height-list[0].height) < 0.1*one.height {
			list = append(list, one)
			continue
		}
		begun = false
	}
	return list
}

// giveEmails gives each address to the author whose name it resembles; in
// blocks, and with one author, to whom it stands under.
func (r *authorReader) giveEmails(block []piece) {
	var addresses []string
	var text strings.Builder
	for i := range block {
		text.WriteString(block[i].text + "\n")
	}
	for i := range r.f.pages[r.page].pieces {
		if one := &r.f.pages[r.page].pieces[i]; strings.ContainsRune(one.text, '@') {
			text.WriteString(one.text + "\n")
		}
	}
	for _, m := range emailGroup.FindAllStringSubmatch(text.String(), -1) {
		for local := range strings.FieldsFuncSeq(m[1], func(c rune) bool { return strings.ContainsRune(",;| ", c) }) {
			addresses = append(addresses, local+"@"+m[2])
		}
	}
	addresses = append(addresses, emailPattern.FindAllString(emailGroup.ReplaceAllString(text.String(), " "), -1)...)
	var left []string
	keys := make([]nameKeys, len(r.authors))
	for i := range r.authors {
		keys[i] = keysOf(r.authors[i].Name)
	}
	for _, address := range addresses[:min(len(addresses), maxAddresses)] {
		address = strings.TrimRight(strings.ToLower(address), ".-")
		if slices.Contains(left, address) || slices.ContainsFunc(r.authors, func(one author) bool { return one.Email == address }) {
			continue
		}
		best, most := -1, 0
		for i := range r.authors {
			if score := keys[i].resembles(address); score > most && r.authors[i].Email == "" {
				best, most = i, score
			}
		}
		if best >= 0 {
			r.authors[best].Email = address
		} else {
			left = append(left, address)
		}
	}
	if len(r.authors) == 1 && len(left) > 0 && r.authors[0].Email == "" {
		r.authors[0].Email = left[0]
	}
}

// maxAddresses and maxORCIDs of a document; the rest is left out.
const (
	maxAddresses = 300
	maxORCIDs    = 500
)

// nameKeys are the parts of a name that an address may have.
type nameKeys struct{ family, last, firstGiven string }

func keysOf(name csl.Name) nameKeys {
	keys := nameKeys{family: lookupKey(name.Family)}
	keys.last = keys.family
	if parts := strings.Fields(name.Family); len(parts) > 1 {
		keys.last = lookupKey(parts[len(parts)-1])
	}
	if parts := strings.Fields(name.Given); len(parts) > 0 {
		keys.firstGiven = lookupKey(parts[0])
	}
	return keys
}

// resembles rates how well the local part of an address fits a name; 0 for not
// at all.
func (k nameKeys) resembles(address string) int {
	local, _, _ := strings.Cut(address, "@")
	local = lookupKey(local)
	family, last, firstGiven := k.family, k.last, k.firstGiven
	score := 0
	switch {
	case runeCount(family) >= 3 && strings.Contains(local, family), runeCount(last) >= 3 && strings.Contains(local, last):
		score = 4
	case len(last) >= 5 && len(local) >= 4 && strings.Contains(local, last[:4]):
		score = 2
	}
	if runeCount(firstGiven) >= 3 && strings.Contains(local, firstGiven) {
		score += 3
	} else if score > 0 && firstGiven != "" && strings.HasPrefix(local, firstGiven[:1]) {
		score++
	}
	return score
}

// giveORCIDs takes them from links beside the names, or from the text after
// them.
func (r *authorReader) giveORCIDs() {
	for p := r.page; p < len(r.f.pages); p++ {
		for _, one := range r.f.pages[p].links {
			if m := orcidPattern.FindStringSubmatch(one.uri); m != nil && validORCID(m[1]) && strings.Contains(one.uri, "orcid") {
				if best := r.beside(p, one.box); best >= 0 {
					r.authors[best].ORCID = m[1]
				}
			}
		}
		r.writtenORCIDs(p)
	}
}

// beside is the author that a link stands on or after, or -1.
func (r *authorReader) beside(page int, box pagetext.Rect) int {
	best, least := -1, float32(40)
	for i := range r.authors {
		one := &r.authors[i]
		if len(one.boxes) == 0 || one.page != page && one.page+1 != page || one.ORCID != "" {
			continue
		}
		last := one.boxes[len(one.boxes)-1]
		height := max(last.Height(), 1)
		for _, b := range one.boxes {
			if overlap(b[1], b[3], box[1], box[3]) > 0.5*b.Height() && overlap(b[0], b[2], box[0], box[2]) > 0.5*b.Width() {
				return i // the name itself is the link
			}
		}
		if overlap(last[1], last[3], box[1], box[3]) < 0.5*min(height, box.Height()) {
			continue
		}
		if distance := box[0] - last[2]; distance > -height && distance < least {
			best, least = i, distance
		}
	}
	return best
}

// writtenORCIDs gives those that stand as text behind or under a name.
func (r *authorReader) writtenORCIDs(page int) {
	text := r.f.pages[page].page.Text
	if !strings.Contains(text, "-000") {
		return // each begins with 0000-000 or 0009-000
	}
	var loose []string
	found := orcidPattern.FindAllStringIndex(text, maxORCIDs)
	if len(found) == 0 {
		return
	}
	keys := make([]string, len(r.authors))
	for i := range r.authors {
		keys[i] = lookupKey(r.authors[i].Family)
	}
	for _, loc := range found {
		id := text[loc[0]:loc[1]]
		if !validORCID(id) || slices.ContainsFunc(r.authors, func(one author) bool { return one.ORCID == id }) {
			continue
		}
		before := lookupKey(text[max(0, loc[0]-160):loc[0]])
		best, at := -1, -1
		for i := range r.authors {
			if key := keys[i]; r.authors[i].ORCID == "" && key != "" {
				if found := strings.LastIndex(before, key); found > at {
					best, at = i, found
				}
			}
		}
		if best >= 0 {
			r.authors[best].ORCID = id
		} else {
			loose = append(loose, id)
		}
	}
	if len(loose) == len(r.authors) {
		for i, id := range loose {
			r.authors[i].ORCID = id
		}
	}
}

// validORCID checks the last character (ISO 7064, MOD 11-2).
func validORCID(id string) bool {
	sum, digits := 0, strings.ReplaceAll(id, "-", "")
	if len(digits) != 16 {
		return false
	}
	for _, r := range digits[:15] {
		if r < '0' || r > '9' {
			return false
		}
		sum = (sum + int(r-'0')) * 2
	}
	check := (12 - sum%11) % 11
	return check == 10 && digits[15] == 'X' || check < 10 && digits[15] == byte('0'+check)
}
