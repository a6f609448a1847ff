package biblio

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// risTypes are RIS's types for CSL's; of two that mean the same, the first is
// written.
var risTypes = []struct{ csl, ris string }{
	{"article-journal", "JOUR"},
	{"article-journal", "EJOUR"},
	{"article-journal", "ABST"},
	{"periodical", "JFULL"},
	{"periodical", "SER"},
	{"article-magazine", "MGZN"},
	{"article-newspaper", "NEWS"},
	{"article", "INPR"},
	{"book", "BOOK"},
	{"book", "EDBOOK"},
	{"book", "EBOOK"},
	{"chapter", "CHAP"},
	{"chapter", "ECHAP"},
	{"paper-conference", "CPAPER"},
	{"paper-conference", "CONF"},
	{"thesis", "THES"},
	{"report", "RPRT"},
	{"report", "GOVDOC"},
	{"webpage", "ELEC"},
	{"webpage", "WEB"},
	{"post-weblog", "BLOG"},
	{"post", "ICOMM"},
	{"dataset", "DATA"},
	{"dataset", "AGGR"},
	{"software", "COMP"},
	{"patent", "PAT"},
	{"legislation", "STAT"},
	{"bill", "BILL"},
	{"bill", "UNBILL"},
	{"legal_case", "CASE"},
	{"hearing", "HEAR"},
	{"regulation", "LEGAL"},
	{"map", "MAP"},
	{"motion_picture", "VIDEO"},
	{"motion_picture", "MPCT"},
	{"song", "SOUND"},
	{"musical_score", "MUSIC"},
	{"manuscript", "UNPB"},
	{"manuscript", "MANSCPT"},
	{"personal_communication", "PCOMM"},
	{"entry-encyclopedia", "ENCYC"},
	{"entry-dictionary", "DICT"},
	{"standard", "STAND"},
	{"graphic", "ART"},
	{"figure", "FIGURE"},
	{"speech", "SLIDE"},
	{"pamphlet", "PAMP"},
	{"classic", "ANCIENT"},
	{"broadcast", "ADVS"},
	{"document", "GEN"},
	{"document", "STD"},
}

// risText are tags that are a CSL variable in every type; the first of those of
// one variable is written.
var risText = []struct{ variable, tag string }{
	{"title", "TI"},
	{"title", "T1"},
	{"title", "CT"},
	{"container-title", "T2"},
	{"container-title", "JF"},
	{"container-title", "JO"},
	{"container-title", "BT"},
	{"container-title-short", "J2"},
	{"container-title-short", "JA"},
	{"container-title-short", "J1"},
	{"collection-title", "T3"},
	{"title-short", "ST"},
	{"volume", "VL"},
	{"issue", "IS"},
	{"number", "M1"},
	{"DOI", "DO"},
	{"publisher", "PB"},
	{"publisher-place", "CY"},
	{"publisher-place", "PP"},
	{"edition", "ET"},
	{"language", "LA"},
	{"abstract", "AB"},
	{"abstract", "N2"},
	{"genre", "M3"},
	{"archive", "DB"},
	{"archive_location", "AN"},
	{"source", "DP"},
	{"call-number", "CN"},
	{"number-of-volumes", "NV"},
	{"section", "SE"},
	{"original-title", "OP"},
	{"reviewed-title", "RI"},
	{"URL", "UR"},
	{"note", "M2"},
	{"event-title", "C3"},
	{"event-place", "C5"},
	{"PMCID", "C2"},
	{"collection-number", "C6"},
	{"status", "C8"},
}

var risNames = []struct{ variable, tag string }{
	{"author", "AU"}, {"author", "A1"}, {"editor", "ED"}, {"editor", "A2"}, {"collection-editor", "A3"}, {"translator", "A4"}, {"translator", "TA"},
}

type risReader struct {
	*Reader
	source  *source
	pending *tagged // a record that began before the one before it had ended
}

// tagged is a record as lines with tags.
type tagged struct {
	line  int
	tags  []tagLine
	size  int
	large bool
}

// tagLine is a tag with its lines.
type tagLine struct {
	tag   string
	parts []string
}

func (l tagLine) text() string { return strings.TrimSpace(strings.Join(l.parts, "")) }

func (t *tagged) add(tag, text string) {
	if t.size += len(text) + 10; t.size > maxRecord {
		t.large = true
		return
	}
	t.tags = append(t.tags, tagLine{tag, []string{text}})
}

// goOn adds a line to the value before it.
func (t *tagged) goOn(separator, text string) {
	if n := len(t.tags); n > 0 && !t.large {
		if t.size += len(text) + 1; t.size > maxRecord {
			t.large = true
			return
		}
		t.tags[n-1].parts = append(t.tags[n-1].parts, separator, text)
	}
}

func (t *tagged) all(tags ...string) []string {
	var out []string
	for _, line := range t.tags {
		if slices.Contains(tags, line.tag) {
			if text := line.text(); text != "" {
				out = append(out, text)
			}
		}
	}
	return out
}

func (t *tagged) first(tags ...string) string {
	for _, tag := range tags {
		if all := t.all(tag); len(all) > 0 {
			return all[0]
		}
	}
	return ""
}

var risLine = regexp.MustCompile(`^([A-Z][A-Z0-9])  ?-(?: (.*)|\s*)$`)

func (r *risReader) next() error {
	record := r.pending
	r.pending = nil
	for {
		at := r.source.line
		text, err := r.source.readLine()
		if err != nil {
			if record != nil && errors.Is(err, io.EOF) {
				r.problem(record.line, record.first("ID"), "the record has no end: “ER  -” is missing at the end of the file")
				r.emit(record)
			}
			return err
		}
		m := risLine.FindStringSubmatch(text)
		switch {
		case m == nil && record != nil:
			record.goOn("\n", strings.TrimSpace(text))
		case m == nil:
			if strings.TrimSpace(text) != "" {
				r.problem(at, "", "%q is outside of a record; it is left out", shortened(text))
			}
		case m[1] == "TY":
			begun := &tagged{line: at}
			begun.add("TY", m[2])
			if record != nil {
				r.problem(record.line, record.first("ID"), "the record has no end: the next one begins before “ER  -”")
				r.pending = begun
				r.emit(record)
				return nil
			}
			record = begun
		case m[1] == "ER":
			if record == nil {
				r.problem(at, "", "“ER  -” ends no record")
				continue
			}
			r.emit(record)
			return nil
		case record == nil:
			// A record without TY.
			record = &tagged{line: at}
			record.add(m[1], m[2])
		default:
			record.add(m[1], m[2])
		}
	}
}

func (r *risReader) emit(t *tagged) {
	key := t.first("ID", "LB")
	if t.large {
		r.problem(t.line, key, "the record is longer than 4 MiB; what is beyond is left out")
	}
	record := Record{Key: key, Line: t.line}
	item := &record.Item
	kind := strings.ToUpper(t.first("TY"))
	item.Type = "document"
	known := false
	for _, m := range risTypes {
		if m.ris == kind {
			item.Type, known = m.csl, true
			break
		}
	}
	if !known {
		r.problem(t.line, key, "the type %q is not known; the work is taken for a document", shortened(kind))
	}
	for _, m := range risText {
		if item.Text(m.variable) == "" {
			item.SetText(m.variable, t.first(m.tag))
		}
	}
	for _, m := range risNames {
		if len(item.Names(m.variable)) == 0 {
			item.SetNames(m.variable, taggedNames(t.all(m.tag)))
		}
	}
	item.DOI, item.Language = bareDOI(item.DOI), languageTag(item.Language)
	item.Page = pageRange(t.first("SP"), t.first("EP"))
	if item.Type == "book" || item.Type == "thesis" {
		item.NumberOfPages, item.Page = item.Page, ""
	}
	if number := t.first("SN"); number != "" {
		isbnOrISSN(item, number)
	}
	item.Issued = risDate(cmp.Or(t.first("DA"), t.first("PY", "Y1")))
	if year := risDate(t.first("PY", "Y1")); item.Issued == nil || item.Issued.Year() == 0 && year != nil {
		item.Issued = year
	}
	item.Accessed = risDate(t.first("Y2"))
	record.Tags, record.Notes = t.all("KW"), t.all("N1", "RN")
	for _, path := range t.all("L1", "L4") {
		record.Files = append(record.Files, File{Path: path})
	}
	if len(t.tags) == 0 || len(t.tags) == 1 && t.tags[0].tag == "TY" {
		r.problem(t.line, key, "the record is empty")
		return
	}
	r.found(record)
}

// risDate reads "2014/03/09/Spring", of which parts may be missing.
func risDate(text string) *csl.Date {
	if text == "" {
		return nil
	}
	parts := strings.SplitN(text, "/", 4)
	if len(parts) == 1 {
		return parseDate(text)
	}
	var numbers []int
	for _, part := range parts[:min(3, len(parts))] {
		n := atoi(strings.TrimSpace(part))
		if n == 0 {
			break
		}
		numbers = append(numbers, n)
	}
	if numbers == nil {
		return &csl.Date{Literal: text}
	}
	if len(numbers) > 1 && numbers[1] > 12 {
		numbers = numbers[:1]
	}
	return &csl.Date{DateParts: [][]int{numbers}}
}

type risWriter struct{ w *bufio.Writer }

func (r *risWriter) head() error { return nil }
func (r *risWriter) foot() error { return nil }

func (r *risWriter) line(tag, text string) {
	if text = strings.TrimSpace(text); text != "" {
		_, _ = fmt.Fprintf(r.w, "%s  - %s\r\n", tag, strings.ReplaceAll(text, "\n", "\r\n"))
	}
}

func (r *risWriter) write(record Record) error {
	item := &record.Item
	kind := "GEN"
	for _, m := range risTypes {
		if m.csl == item.Type {
			kind = m.ris
			break
		}
	}
	r.line("TY", kind)
	r.line("ID", record.Key)
	written := map[string]bool{}
	for _, m := range risNames {
		if !written[m.variable] {
			written[m.variable] = true
			for _, name := range item.Names(m.variable) {
				r.line(m.tag, toTaggedName(name))
			}
		}
	}
	for _, m := range risText {
		if !written[m.variable] {
			written[m.variable] = true
			r.line(m.tag, item.Text(m.variable))
		}
	}
	pages := item.Page
	if item.Type == "book" || item.Type == "thesis" {
		pages = item.NumberOfPages
	}
	first, last := splitPages(pages)
	r.line("SP", first)
	r.line("EP", last)
	r.line("SN", cmp.Or(item.ISBN, item.ISSN))
	if date := item.Issued; date != nil && len(date.DateParts) > 0 {
		if year := date.Year(); year > 0 {
			r.line("PY", fmt.Sprintf("%04d", year))
		}
		r.line("DA", toRISDate(date))
	} else if date != nil {
		r.line("PY", isoText(date))
	}
	r.line("Y2", toRISDate(item.Accessed))
	for _, tag := range record.Tags {
		r.line("KW", tag)
	}
	for _, note := range record.Notes {
		r.line("N1", note)
	}
	for _, file := range record.Files {
		r.line("L1", file.Path)
	}
	if _, err := r.w.WriteString("ER  - \r\n\r\n"); err != nil {
		return fmt.Errorf("ris: %w", err)
	}
	return nil
}

// toRISDate is "2014/03/09/"; of a range its beginning.
func toRISDate(d *csl.Date) string {
	if d == nil || len(d.DateParts) == 0 {
		return ""
	}
	parts := d.DateParts[0]
	texts := []string{fmt.Sprintf("%04d", parts[0]), "", "", ""}
	for i := 1; i < min(3, len(parts)); i++ {
		texts[i] = twoDigits(parts[i])
	}
	return strings.Join(texts, "/")
}

func twoDigits(n int) string { return fmt.Sprintf("%02d", n) }
