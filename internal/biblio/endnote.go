package biblio

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// endNoteReader takes the elements "record" of EndNote's XML one by one, so that
// a broken one leaves the others whole.
type endNoteReader struct {
	*Reader
	source *source
}

func (r *endNoteReader) next() error {
	var window []byte
	for {
		c, err := r.source.byte()
		if err != nil {
			return err
		}
		window = append(window, c)
		if len(window) > 8 {
			window = window[1:]
		}
		if bytes.HasSuffix(window, []byte("<record>")) || bytes.Equal(window, []byte("<record ")) {
			return r.element(string(window))
		}
	}
}

var recordEnd = []byte("</record>")

func (r *endNoteReader) element(start string) error {
	line := r.source.line
	body := []byte(start)
	tooLong := false
	for {
		c, err := r.source.byte()
		if err != nil {
			r.problem(line, "", "the record is not closed before the end of the file")
			if errors.Is(err, io.EOF) {
				return io.EOF
			}
			return err
		}
		body = append(body, c)
		if c == '>' && bytes.HasSuffix(body, recordEnd) {
			break
		}
		if c == '>' && bytes.HasSuffix(body, []byte("<record>")) {
			r.problem(line, "", "the record is not closed: the next one begins inside of it")
			body, line, tooLong = []byte("<record>"), r.source.line, false
		}
		if len(body) > maxRecord {
			tooLong = true
			// The end may be in two pieces of what is passed over.
			body = body[:copy(body, body[len(body)-len(recordEnd):])]
		}
	}
	if tooLong {
		r.problem(line, "", "the record is longer than 4 MiB")
		return nil
	}
	node, err := parseElement(utf8Text(body))
	if err != nil {
		r.problem(line, "", "the record is not XML: %s", err)
		return nil
	}
	r.emit(node, line)
	return nil
}

// element of EndNote's XML. Text has the elements of CSL for its styles.
type element struct {
	name     string
	attr     map[string]string
	text     strings.Builder
	children []*element
}

// parseElement reads one element. Entities other than XML's own five stay as
// text: a declaration that would define them is outside of the record.
func parseElement(source string) (*element, error) {
	decoder := xml.NewDecoder(strings.NewReader(source))
	decoder.Strict = false
	root := &element{}
	stack := []*element{root}
	var styles []string // what ends each element "style"
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("xml: %w", err)
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if len(stack) > 100 {
				return nil, errors.New("its elements are more than 100 deep")
			}
			if t.Name.Local == "style" {
				open, end := styleElements(t.Attr)
				top.text.WriteString(open)
				styles = append(styles, end)
				continue
			}
			e := &element{name: t.Name.Local, attr: map[string]string{}}
			for _, a := range t.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			top.children = append(top.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			if t.Name.Local == "style" {
				if n := len(styles); n > 0 {
					top.text.WriteString(styles[n-1])
					styles = styles[:n-1]
				}
				continue
			}
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
		case xml.CharData:
			top.text.Write(t)
		}
	}
	if len(root.children) == 0 {
		return nil, errors.New("it has no element")
	}
	return root.children[0], nil
}

// styleElements are CSL's elements for EndNote's faces.
func styleElements(attributes []xml.Attr) (open, end string) {
	for _, a := range attributes {
		if a.Name.Local != "face" {
			continue
		}
		for face := range strings.FieldsSeq(a.Value) {
			if tag := map[string]string{"italic": "i", "bold": "b", "superscript": "sup", "subscript": "sub"}[face]; tag != "" {
				open, end = open+"<"+tag+">", "</"+tag+">"+end
			}
		}
	}
	return open, end
}

// at is the text at a path of names; empty where there is none.
func (e *element) at(path ...string) string {
	if all := e.all(path...); len(all) > 0 {
		return all[0]
	}
	return ""
}

var emptyStyle = regexp.MustCompile(`<(?:i|b|sup|sub)>(\s*)</(?:i|b|sup|sub)>`)

// all texts at a path of names.
func (e *element) all(path ...string) []string {
	here := []*element{e}
	for _, name := range path {
		var below []*element
		for _, one := range here {
			for _, child := range one.children {
				if child.name == name {
					below = append(below, child)
				}
			}
		}
		here = below
	}
	var out []string
	for _, one := range here {
		text := strings.ReplaceAll(one.text.String(), "\r", "\n")
		for emptyStyle.MatchString(text) {
			text = emptyStyle.ReplaceAllString(text, "$1")
		}
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, text)
		}
	}
	return out
}

func (e *element) child(name string) *element {
	for _, child := range e.children {
		if child.name == name {
			return child
		}
	}
	return &element{attr: map[string]string{}}
}

// endNoteTypes are EndNote's types for CSL's, with their numbers; of two that
// mean the same, the first is written.
var endNoteTypes = []struct {
	csl, name string
	number    int
}{
	{"article-journal", "Journal Article", 17},
	{"article-journal", "Electronic Article", 43},
	{"book", "Book", 6},
	{"book", "Edited Book", 28},
	{"book", "Electronic Book", 44},
	{"chapter", "Book Section", 5},
	{"chapter", "Electronic Book Section", 60},
	{"paper-conference", "Conference Paper", 47},
	{"paper-conference", "Conference Proceedings", 10},
	{"thesis", "Thesis", 32},
	{"report", "Report", 27},
	{"report", "Government Document", 46},
	{"webpage", "Web Page", 12},
	{"post-weblog", "Blog", 56},
	{"article-newspaper", "Newspaper Article", 23},
	{"article-magazine", "Magazine Article", 19},
	{"patent", "Patent", 25},
	{"legislation", "Statute", 31},
	{"legal_case", "Case", 7},
	{"bill", "Bill", 4},
	{"hearing", "Hearing", 18},
	{"map", "Map", 20},
	{"motion_picture", "Film or Broadcast", 21},
	{"song", "Audiovisual Material", 3},
	{"song", "Music", 61},
	{"graphic", "Artwork", 2},
	{"manuscript", "Manuscript", 36},
	{"manuscript", "Unpublished Work", 34},
	{"personal_communication", "Personal Communication", 26},
	{"entry-encyclopedia", "Encyclopedia", 53},
	{"entry-dictionary", "Dictionary", 52},
	{"standard", "Standard", 58},
	{"dataset", "Dataset", 59},
	{"software", "Computer Program", 9},
	{"periodical", "Serial", 57},
	{"pamphlet", "Pamphlet", 24},
	{"classic", "Ancient Text", 51},
	{"figure", "Figure", 37},
	{"interview", "Interview", 64},
	{"document", "Generic", 13},
}

var endNoteText = []struct {
	variable string
	path     []string
}{
	{"title", []string{"titles", "title"}},
	{"container-title", []string{"titles", "secondary-title"}},
	{"container-title", []string{"periodical", "full-title"}},
	{"collection-title", []string{"titles", "tertiary-title"}},
	{"title-short", []string{"titles", "short-title"}},
	{"container-title-short", []string{"titles", "alt-title"}},
	{"container-title-short", []string{"periodical", "abbr-1"}},
	{"original-title", []string{"titles", "translated-title"}},
	{"page", []string{"pages"}},
	{"volume", []string{"volume"}},
	{"issue", []string{"number"}},
	{"number-of-volumes", []string{"num-vols"}},
	{"edition", []string{"edition"}},
	{"section", []string{"section"}},
	{"publisher", []string{"publisher"}},
	{"publisher-place", []string{"pub-location"}},
	{"call-number", []string{"call-num"}},
	{"DOI", []string{"electronic-resource-num"}},
	{"abstract", []string{"abstract"}},
	{"language", []string{"language"}},
	{"genre", []string{"work-type"}},
	{"archive", []string{"remote-database-name"}},
	{"archive_location", []string{"accession-num"}},
	{"source", []string{"remote-database-provider"}},
	{"note", []string{"notes"}},
	{"URL", []string{"urls", "related-urls", "url"}},
	{"PMCID", []string{"custom2"}},
	{"number", []string{"custom7"}},
}

var endNoteNames = []struct{ variable, element string }{
	{"author", "authors"}, {"editor", "secondary-authors"}, {"collection-editor", "tertiary-authors"}, {"translator", "subsidiary-authors"}, {"translator", "translated-authors"},
}

func (r *endNoteReader) emit(e *element, line int) {
	record := Record{Key: e.at("label"), Line: line}
	item := &record.Item
	item.Type = "document"
	kind := e.child("ref-type")
	for _, m := range endNoteTypes {
		if kind.attr["name"] == m.name || kind.attr["name"] == "" && strings.TrimSpace(kind.text.String()) == fmt.Sprint(m.number) {
			item.Type = m.csl
			break
		}
	}
	for _, m := range endNoteText {
		if item.Text(m.variable) == "" {
			item.SetText(m.variable, e.at(m.path...))
		}
	}
	for _, m := range endNoteNames {
		if len(item.Names(m.variable)) == 0 {
			item.SetNames(m.variable, taggedNames(e.all("contributors", m.element, "author")))
		}
	}
	item.DOI, item.Language = bareDOI(item.DOI), languageTag(item.Language)
	item.Page = strings.ReplaceAll(item.Page, "–", "-")
	if item.Type == "report" || item.Type == "patent" || item.Type == "standard" {
		item.Number, item.Issue = cmp.Or(item.Number, item.Issue), ""
	}
	if number := e.at("isbn"); number != "" {
		isbnOrISSN(item, number)
	}
	year := e.at("dates", "year")
	item.Issued = parseDate(year)
	if day := e.at("dates", "pub-dates", "date"); day != "" {
		if date := endNoteDate(year, day); date != nil {
			item.Issued = date
		}
	}
	item.Accessed = parseDate(e.at("access-date"))
	record.Tags = e.all("keywords", "keyword")
	record.Notes = splitNotes(e.at("research-notes"))
	for _, path := range e.all("urls", "pdf-urls", "url") {
		record.Files = append(record.Files, File{Path: strings.TrimPrefix(path, "internal-pdf://")})
	}
	if item.Title == "" && item.Author == nil && item.ContainerTitle == "" {
		r.problem(line, record.Key, "the record has neither a title nor an author; it is left out")
		return
	}
	r.found(record)
}

// endNoteDate is a date of which the year stands apart: "Mar 9", "2014-03-09".
func endNoteDate(year, day string) *csl.Date {
	if date := parseDate(day); date.Literal == "" && (len(date.DateParts[0]) > 1 || len(date.DateParts) > 1 || date.Circa) {
		return date
	}
	if !yearOnly.MatchString(year) {
		return nil
	}
	return bibYear(year, day, "")
}

type endNoteWriter struct {
	w     *bufio.Writer
	count int
}

func (n *endNoteWriter) head() error {
	_, err := n.w.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<xml><records>\n")
	return wrapped("endnote", err)
}

func (n *endNoteWriter) foot() error {
	_, err := n.w.WriteString("</records></xml>\n")
	return wrapped("endnote", err)
}

func (n *endNoteWriter) write(r Record) error {
	n.count++
	item := &r.Item
	kind, number := "Generic", 13
	for _, m := range endNoteTypes {
		if m.csl == item.Type {
			kind, number = m.name, m.number
			break
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<record><rec-number>%d</rec-number><ref-type name="%s">%d</ref-type>`, n.count, kind, number)
	var people strings.Builder
	written := map[string]bool{}
	for _, m := range endNoteNames {
		if names := item.Names(m.variable); len(names) > 0 && !written[m.variable] {
			written[m.variable] = true
			people.WriteString("<" + m.element + ">")
			for _, name := range names {
				writeElement(&people, "author", toTaggedName(name))
			}
			people.WriteString("</" + m.element + ">")
		}
	}
	wrap(&b, "contributors", people.String())
	n.texts(&b, item)
	n.dates(&b, item)
	var tags strings.Builder
	for _, tag := range r.Tags {
		writeElement(&tags, "keyword", tag)
	}
	wrap(&b, "keywords", tags.String())
	var urls, files strings.Builder
	writeElement(&urls, "url", item.URL)
	for _, file := range r.Files {
		writeElement(&files, "url", "internal-pdf://"+file.Path)
	}
	var all strings.Builder
	wrap(&all, "related-urls", urls.String())
	wrap(&all, "pdf-urls", files.String())
	wrap(&b, "urls", all.String())
	writeElement(&b, "isbn", cmp.Or(item.ISBN, item.ISSN))
	writeElement(&b, "label", r.Key)
	writeElement(&b, "research-notes", strings.Join(r.Notes, NoteRule))
	b.WriteString("</record>\n")
	_, err := n.w.WriteString(b.String())
	return wrapped("endnote", err)
}

// texts writes the variables; those of one group stand in one element.
func (n *endNoteWriter) texts(b *strings.Builder, item *csl.Item) {
	var titles strings.Builder
	written := map[string]bool{"URL": true}
	number := item.Type == "report" || item.Type == "patent" || item.Type == "standard"
	for _, m := range endNoteText {
		value := item.Text(m.variable)
		if written[m.variable] || value == "" {
			continue
		}
		written[m.variable] = true
		name := m.path[len(m.path)-1]
		switch {
		case m.path[0] == "titles":
			writeElement(&titles, name, value)
		case m.variable == "number" && number:
			writeElement(b, "number", value)
		case m.variable == "issue" && number:
		default:
			writeElement(b, name, value)
		}
	}
	wrap(b, "titles", titles.String())
}

func (n *endNoteWriter) dates(b *strings.Builder, item *csl.Item) {
	var dates strings.Builder
	if d := item.Issued; d != nil {
		if len(d.DateParts) > 0 {
			writeElement(&dates, "year", fmt.Sprint(d.DateParts[0][0]))
			if text := isoText(d); len(d.DateParts[0]) > 1 || len(d.DateParts) > 1 || d.Circa || d.Season != "" {
				dates.WriteString("<pub-dates>")
				writeElement(&dates, "date", text)
				dates.WriteString("</pub-dates>")
			}
		} else {
			writeElement(&dates, "year", isoText(d))
		}
	}
	wrap(b, "dates", dates.String())
	writeElement(b, "access-date", isoText(item.Accessed))
}

func wrap(b *strings.Builder, name, inner string) {
	if inner != "" {
		b.WriteString("<" + name + ">" + inner + "</" + name + ">")
	}
}

var faces = []struct{ open, end, face string }{
	{"<i>", "</i>", "italic"}, {"<b>", "</b>", "bold"}, {"<sup>", "</sup>", "superscript"}, {"<sub>", "</sub>", "subscript"},
}

// writeElement writes text. Where CSL's elements are in it, it is a row of
// EndNote's styles.
func writeElement(b *strings.Builder, name, text string) {
	if text == "" {
		return
	}
	b.WriteString("<" + name + ">")
	if !strings.Contains(text, "</") {
		b.WriteString(escapeXML(text))
	} else {
		writeStyles(b, text)
	}
	b.WriteString("</" + name + ">")
}

func writeStyles(b *strings.Builder, text string) {
	var open []int // places in faces
	start := 0
	flush := func(end int) {
		if end > start {
			names := make([]string, 0, 2)
			for _, i := range open {
				names = append(names, faces[i].face)
			}
			b.WriteString(`<style face="` + cmp.Or(strings.Join(names, " "), "normal") + `">` + escapeXML(text[start:end]) + "</style>")
		}
	}
	for at := 0; at < len(text); {
		size := 0
		for i, f := range faces {
			n := len(open)
			switch {
			case n > 0 && open[n-1] == i && strings.HasPrefix(text[at:], f.end):
				size = len(f.end)
				flush(at)
				open = open[:n-1]
			case strings.HasPrefix(text[at:], f.open) && strings.Contains(text[at:], f.end) && !slices.Contains(open, i):
				size = len(f.open)
				flush(at)
				open = append(open, i)
			}
			if size > 0 {
				break
			}
		}
		if at += max(size, 1); size > 0 {
			start = at
		}
	}
	flush(len(text))
}

func escapeXML(text string) string {
	return xmlEscaper.Replace(strings.Map(xmlRune, text))
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// xmlRune leaves out characters that XML cannot have.
func xmlRune(c rune) rune {
	if c < 0x20 && c != '\n' && c != '\t' || c == 0xfffe || c == 0xffff {
		return -1
	}
	return c
}
