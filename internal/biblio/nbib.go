package biblio

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// nbibReader reads PubMed's format
// (https://www.nlm.nih.gov/bsd/mms/medlineelements.html).
type nbibReader struct {
	*Reader
	source  *source
	pending *tagged
}

var nbibLine = regexp.MustCompile(`^([A-Z][A-Z0-9]{1,3}) *- ?(.*)$`)

func (r *nbibReader) next() error {
	record := r.pending
	r.pending = nil
	for {
		at := r.source.line
		text, err := r.source.readLine()
		if err != nil {
			if record != nil && errors.Is(err, io.EOF) {
				r.emit(record)
			}
			return err
		}
		m := nbibLine.FindStringSubmatch(text)
		switch {
		case strings.TrimSpace(text) == "":
			if record != nil {
				r.emit(record)
				return nil
			}
		case strings.HasPrefix(text, "      ") && record != nil:
			record.goOn(" ", strings.TrimSpace(text))
		case m == nil:
			r.problem(at, "", "%q has no tag; it is left out", shortened(text))
		case m[1] == "PMID" && record != nil:
			r.pending = &tagged{line: at}
			r.pending.add("PMID", m[2])
			r.emit(record)
			return nil
		case record == nil:
			record = &tagged{line: at}
			record.add(m[1], m[2])
		default:
			record.add(m[1], m[2])
		}
	}
}

var nbibText = []struct{ variable, tag string }{
	{"PMID", "PMID"},
	{"title", "TI"},
	{"title", "BTI"},
	{"container-title", "JT"},
	{"container-title-short", "TA"},
	{"volume", "VI"},
	{"issue", "IP"},
	{"page", "PG"},
	{"abstract", "AB"},
	{"language", "LA"},
	{"publisher", "PB"},
	{"publisher-place", "PL"},
	{"collection-title", "CTI"},
	{"edition", "EN"},
	{"PMCID", "PMC"},
	{"note", "GN"},
	{"ISBN", "ISBN"},
}

func (r *nbibReader) emit(t *tagged) {
	key := t.first("PMID")
	if t.large {
		r.problem(t.line, key, "the record is longer than 4 MiB; what is beyond is left out")
	}
	record := Record{Line: t.line, Item: csl.Item{Type: csl.TypeArticleJournal}}
	item := &record.Item
	for _, m := range nbibText {
		if item.Text(m.variable) == "" {
			item.SetText(m.variable, t.first(m.tag))
		}
	}
	item.Language = languageTag(item.Language)
	item.Author = taggedNames(t.all("FAU"))
	if item.Author == nil {
		for _, name := range t.all("AU") {
			item.Author = append(item.Author, shortName(name))
		}
	}
	for _, body := range t.all("CN") {
		item.Author = append(item.Author, csl.Name{Literal: body})
	}
	item.Editor = taggedNames(t.all("FED"))
	for _, id := range t.all("LID", "AID") {
		if doi, ok := strings.CutSuffix(id, " [doi]"); ok && item.DOI == "" {
			item.DOI = doi
		}
	}
	for _, number := range t.all("IS") {
		if item.ISSN == "" {
			item.ISSN, _, _ = strings.Cut(number, " ")
		}
	}
	item.Page = expandedPages(item.Page)
	item.Issued = nbibDate(t.first("DP"))
	kinds := strings.Join(t.all("PT"), "; ")
	switch {
	case t.first("BTI") != "" && t.first("TI") != "":
		item.Type, item.ContainerTitle = csl.TypeChapter, t.first("BTI")
	case t.first("BTI") != "" || strings.Contains(kinds, "Book"):
		item.Type = csl.TypeBook
	case strings.Contains(kinds, "Preprint"):
		item.Type = csl.TypeArticle
	case strings.Contains(kinds, "Dataset"):
		item.Type = "dataset"
	}
	record.Tags = t.all("OT", "MH")
	for i, tag := range record.Tags {
		record.Tags[i] = strings.ReplaceAll(tag, "*", "")
	}
	if item.Title == "" && item.PMID == "" {
		r.problem(t.line, key, "the record has neither a title nor a PMID; it is left out")
		return
	}
	r.found(record)
}

// shortName reads PubMed's "Halvorsen IM".
func shortName(text string) csl.Name {
	at := strings.LastIndex(text, " ")
	if at < 0 || strings.ToUpper(text[at:]) != text[at:] {
		return csl.Name{Literal: text}
	}
	name := taggedName(text[:at] + ",")
	name.Given = strings.TrimSpace(text[at:])
	return name
}

var shortPages = regexp.MustCompile(`^(\d+)-(\d+)$`)

// expandedPages writes "321-8" as 321-328.
func expandedPages(pages string) string {
	m := shortPages.FindStringSubmatch(pages)
	if m == nil || len(m[2]) >= len(m[1]) {
		return pages
	}
	return m[1] + "-" + m[1][:len(m[1])-len(m[2])] + m[2]
}

// nbibDate reads "2014 Mar 9", "2014 Mar-Apr" and "2014 Spring".
func nbibDate(text string) *csl.Date {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil
	}
	if !yearOnly.MatchString(words[0]) {
		return parseDate(text)
	}
	date := csl.NewDate(atoi(words[0]))
	if len(words) == 1 {
		return date
	}
	from, to, ranged := strings.Cut(words[1], "-")
	if season := slicesIndex(seasons, from); season > 0 {
		date.Season = fmt.Sprint(season)
		return date
	}
	month := monthNumber[strings.ToLower(from)]
	if month == 0 {
		return &csl.Date{Literal: text}
	}
	date.DateParts[0] = append(date.DateParts[0], month)
	if last := monthNumber[strings.ToLower(to)]; ranged && last > 0 {
		date.DateParts = append(date.DateParts, []int{atoi(words[0]), last})
	} else if len(words) > 2 && atoi(words[2]) > 0 {
		date.DateParts[0] = append(date.DateParts[0], atoi(words[2]))
	}
	return date
}

var seasons = []string{"", "Spring", "Summer", "Fall", "Winter"}

func slicesIndex(list []string, text string) int {
	for i, one := range list {
		if strings.EqualFold(one, text) || i == 3 && strings.EqualFold(text, "Autumn") {
			return i
		}
	}
	return -1
}

type nbibWriter struct{ w *bufio.Writer }

func (n *nbibWriter) head() error { return nil }
func (n *nbibWriter) foot() error { return nil }

// line is written in lines of up to 88 characters, of which the others begin
// with six spaces.
func (n *nbibWriter) line(tag, text string) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return
	}
	_, _ = fmt.Fprintf(n.w, "%-4s-", tag)
	width := 5
	for i, word := range words {
		if i > 0 && width+len(word) > 86 {
			_, _ = n.w.WriteString("\n     ")
			width = 5
		}
		_, _ = n.w.WriteString(" " + word)
		width += len(word) + 1
	}
	_, _ = n.w.WriteString("\n")
}

func (n *nbibWriter) write(r Record) error {
	item := &r.Item
	written := map[string]bool{}
	for _, m := range nbibText {
		tag := m.tag
		if m.variable == "title" && item.Type == csl.TypeBook {
			tag = "BTI"
		}
		if m.variable == "container-title" && item.Type == csl.TypeChapter {
			tag = "BTI"
		}
		if !written[m.variable] {
			written[m.variable] = true
			n.line(tag, item.Text(m.variable))
		}
	}
	for _, name := range item.Author {
		if name.Literal != "" {
			n.line("CN", name.Literal)
		} else {
			n.line("FAU", toTaggedName(name))
		}
	}
	for _, name := range item.Editor {
		n.line("FED", toTaggedName(name))
	}
	if item.DOI != "" {
		n.line("LID", item.DOI+" [doi]")
	}
	n.line("IS", item.ISSN)
	n.line("DP", toNBIBDate(item.Issued))
	for _, tag := range r.Tags {
		n.line("OT", tag)
	}
	n.line("PT", cmp.Or(map[string]string{"article-journal": "Journal Article", "article": "Preprint", "dataset": "Dataset", "book": "Book"}[item.Type]))
	if _, err := n.w.WriteString("\n"); err != nil {
		return fmt.Errorf("nbib: %w", err)
	}
	return nil
}

func toNBIBDate(d *csl.Date) string {
	if d == nil || len(d.DateParts) == 0 {
		return isoText(d)
	}
	parts := d.DateParts[0]
	text := fmt.Sprintf("%04d", parts[0])
	if len(parts) > 1 && parts[1] >= 1 && parts[1] <= 12 {
		text += " " + monthNames[parts[1]-1][:3]
		if len(d.DateParts) > 1 && len(d.DateParts[1]) > 1 && d.DateParts[1][0] == parts[0] && len(parts) == 2 {
			text += "-" + monthNames[(d.DateParts[1][1]+11)%12][:3]
		}
		if len(parts) > 2 {
			text += fmt.Sprintf(" %d", parts[2])
		}
	} else if season := atoi(d.Season); season >= 1 && season <= 4 {
		text += " " + seasons[season]
	}
	return text
}
