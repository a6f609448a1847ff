package citation

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// longest reference that is read, in bytes; what is behind is left out.
const longest = 4000

// Normalize is what Parse reads: canonical composition (NFC), one space between
// words, no soft hyphens.
func Normalize(raw string) string {
	text := strings.Join(strings.Fields(strings.ReplaceAll(norm.NFC.String(strings.ToValidUTF8(raw, "")), "\u00ad", "")), " ")
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "")
	}
	return text
}

// Parse reads a printed reference. What it cannot tell is left out. Texts are as
// printed, but for family names in capitals, which get their usual letters, and
// DOIs, which are in lower case. The type is a CSL type, "article" when nothing
// tells.
func Parse(raw string) csl.Item {
	text := Normalize(raw)
	lower := strings.ToLower(text)
	tokens := sequence.Tokenize(text)
	labels := model().Label(tokens)
	mendPages(tokens, labels)
	p := parsed{text: text, tokens: tokens, labels: labels}
	item := csl.Item{
		Author:          names(text, tokens, labels, authorRoles),
		Editor:          names(text, tokens, labels, editorRoles),
		Title:           p.words(sequence.Title),
		ContainerTitle:  trimContainer(p.words(sequence.Container)),
		CollectionTitle: p.words(sequence.Series),
		Edition:         p.words(sequence.Edition),
		Publisher:       p.words(sequence.Publisher),
		PublisherPlace:  p.words(sequence.Place),
		Volume:          p.words(sequence.Volume),
		Issue:           p.words(sequence.Issue),
		Page:            pages(p.words(sequence.Page)),
		Genre:           p.words(sequence.Genre),
		Issued:          p.issued(),
		Accessed:        parseDate(p.words(sequence.Accessed)),
		DOI:             FindDOI(text),
		URL:             findURL(text),
		ISBN:            labelled(isbnPattern, "isbn", text, lower),
		ISSN:            labelled(issnPattern, "issn", text, lower),
		PMID:            labelled(pmidPattern, "pmid", text, lower),
		PMCID:           labelled(pmcidPattern, "pmc", text, lower),
	}
	if len(item.Author) == 0 && !editorCue.MatchString(text) {
		item.Author, item.Editor = item.Editor, nil
	}
	item.PageFirst, _, _ = strings.Cut(item.Page, "–")
	if id := labelled(arXivPattern, "arxiv", text, lower); id != "" {
		item.Number = id
	} else {
		item.Number = p.words(sequence.Number)
	}
	if item.Title == "" {
		// A work without a title is rarer than a title that is taken for a name.
		switch {
		case item.ContainerTitle != "" && (item.Volume == "" && item.Page == "" || len(item.Author) == 0 && len(item.Editor) > 0):
			item.Title, item.ContainerTitle = item.ContainerTitle, ""
		case item.Publisher != "" && item.ContainerTitle == "":
			item.Title, item.Publisher = item.Publisher, ""
		case item.ContainerTitle == "" && item.URL != "":
			item.Title = beforeAddress(text)
		}
	}
	item.Type = typeOf(&item, text)
	if item.Type == csl.TypeSoftware && item.Edition != "" {
		item.Version, item.Edition = item.Edition, ""
	}
	return item
}

type parsed struct {
	text   string
	tokens []sequence.Token
	labels []sequence.Label
}

// pageCues stand before pages only.
var pageCues = map[string]bool{"pp": true, "pages": true, "pgs": true, "seiten": true, "págs": true}

// mendPages labels what stands behind "pp." as pages: the model has seen issues
// that look like ranges.
func mendPages(tokens []sequence.Token, labels []sequence.Label) {
	for i := range tokens {
		if !pageCues[strings.ToLower(tokens[i].Text)] || labels[i] != sequence.Other {
			continue
		}
		next := i + 1
		for next < len(tokens) && tokens[next].Text == "." {
			next++
		}
		for ; next < len(tokens) && (labels[next] == sequence.Issue || labels[next] == sequence.Volume); next++ {
			labels[next] = sequence.Page
		}
	}
}

// gap is how many tokens with other labels may stand within a title or the name
// of a container: a long one is seldom labelled without a slip.
const gap = 3

// words is the longest run of tokens with a label, with what stands between
// them, without the signs around it.
func (p *parsed) words(label sequence.Label) string {
	allowed := 0
	if label == sequence.Title || label == sequence.Container {
		allowed = gap
	}
	best, run := span{}, span{}
	last := -1
	for i, token := range p.tokens {
		if p.labels[i] != label {
			continue
		}
		if last < 0 || i-last-1 > allowed || i-last > 1 && p.ends(last, i) {
			run = span{token.Start, token.End}
		}
		run.to, last = token.End, i
		if run.to-run.from > best.to-best.from {
			best = run
		}
	}
	return trimSigns(p.text[best.from:best.to])
}

// ends reports whether what stands between two tokens divides parts: a full
// stop, or a part that is sure.
func (p *parsed) ends(from, to int) bool {
	for i := from + 1; i < to; i++ {
		switch p.labels[i] {
		case sequence.Other, sequence.Volume, sequence.Edition, sequence.Publisher, sequence.Title, sequence.Container, sequence.Number, sequence.AuthorBetween, sequence.Note:
			if p.tokens[i].Text == "." || p.tokens[i].Text == "”" {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// trimSigns takes off what a sentence and quotation put around a part, and
// brackets whose other half is missing.
func trimSigns(text string) string {
	for {
		trimmed := strings.Trim(text, " ,;:/“”\"„«»‹›")
		if strings.HasSuffix(trimmed, ".") && !endsWithAbbreviation(trimmed) {
			trimmed = strings.TrimRight(trimmed, ".")
		}
		trimmed = strings.TrimLeft(trimmed, ".")
		for _, pair := range []string{"()", "[]"} {
			open, closed := strings.Count(trimmed, pair[:1]), strings.Count(trimmed, pair[1:])
			if closed > open {
				trimmed = strings.TrimPrefix(strings.TrimSuffix(trimmed, pair[1:]), pair[1:])
			} else if open > closed {
				trimmed = strings.TrimSuffix(strings.TrimPrefix(trimmed, pair[:1]), pair[:1])
			}
		}
		if strings.HasPrefix(trimmed, "‘") && (strings.HasSuffix(trimmed, "’") || !strings.Contains(trimmed, "’")) {
			trimmed = strings.TrimSuffix(strings.TrimPrefix(trimmed, "‘"), "’")
		}
		if trimmed == text {
			return text
		}
		text = trimmed
	}
}

var abbreviation = regexp.MustCompile(`(?:^|[\s.])\p{Lu}?\p{Ll}{0,5}\.\S{0,8}\.$|\p{Lu}\.$`)

// endsWithAbbreviation reports whether a full stop is part of the last words, as
// in "J. Chem. Phys." or "U.S.A.".
func endsWithAbbreviation(text string) bool {
	stops := strings.Count(strings.TrimSuffix(text, "."), ".")
	return stops > 0 && len(text) < 60 && (abbreviation.MatchString(text) || float64(stops) >= 0.5*float64(strings.Count(text, " ")))
}

func trimContainer(text string) string {
	for _, cue := range []string{"In: ", "in: ", "In "} {
		text = strings.TrimPrefix(text, cue)
	}
	// "arXiv preprint arXiv:1412.6980" says it twice.
	if rest := strings.TrimSuffix(text, "arXiv"); len(rest) > 0 {
		text = strings.TrimRight(rest, " ,")
	}
	return text
}

// pages is a range as CSL writes it, with a dash and without spaces.
func pages(text string) string {
	text = strings.Map(func(r rune) rune {
		switch r {
		case '-', '–', '—', '−', '‐', '‑':
			return '–'
		case ' ':
			return -1
		}
		return r
	}, strings.Trim(text, " .,;:()"))
	return strings.Trim(text, "–")
}

// issued is the first date that is labelled as one; a month may stand apart from
// its year.
func (p *parsed) issued() *csl.Date {
	var runs []string
	for i := 0; i < len(p.tokens); i++ {
		if p.labels[i] != sequence.Date {
			continue
		}
		from := p.tokens[i].Start
		for i+1 < len(p.tokens) && p.labels[i+1] == sequence.Date {
			i++
		}
		runs = append(runs, p.text[from:p.tokens[i].End])
	}
	var best *csl.Date
	for _, run := range runs {
		if date := parseDate(run); date != nil && (best == nil || date.Year() == best.Year() && len(date.DateParts[0]) > len(best.DateParts[0])) {
			best = date
		}
	}
	if best != nil {
		return best
	}
	// Nothing is labelled as a date: the last year outside addresses.
	prose := doiPattern.ReplaceAllString(urlPattern.ReplaceAllString(p.text, " "), " ")
	if all := yearPattern.FindAllString(prose, -1); len(all) > 0 && len(runs) == 0 {
		return parseDate(all[len(all)-1])
	}
	return nil
}

// editorCue is a word without which nobody is an editor.
var editorCue = regexp.MustCompile(`(?i)\b(?:eds?|editors?|edited|hgg?|hrsg|herausgegeben|éds?|dirs?|coords?|comps?|ред)\b`)

var entryNumber = regexp.MustCompile(`^(?:\[[^\]]{1,12}\]|\(?\d{1,3}[.)])\s*`)

// beforeAddress is what stands before the first address of a reference that is
// little else, as "SPEC JVM98 - http://www.spec.org/jvm98/".
func beforeAddress(text string) string {
	at := urlPattern.FindStringIndex(text)
	if at == nil || at[0] > 200 {
		return ""
	}
	return strings.Trim(entryNumber.ReplaceAllString(text[:at[0]], ""), " -–—:.,;(")
}
