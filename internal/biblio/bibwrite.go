package biblio

import (
	"bufio"
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// typesToBib are biblatex's types for CSL's, and BibTeX's where they are others.
var typesToBib = map[string][2]string{
	"article-journal": {"article", "article"}, "article-magazine": {"article", "article"}, "article-newspaper": {"article", "article"}, "review": {"review", "article"}, "review-book": {"review", "article"},
	"periodical": {"periodical", "misc"}, "book": {"book", "book"}, "pamphlet": {"booklet", "booklet"}, "chapter": {"incollection", "incollection"},
	"paper-conference": {"inproceedings", "inproceedings"}, "entry-encyclopedia": {"inreference", "incollection"}, "entry-dictionary": {"inreference", "incollection"}, "entry": {"inreference", "incollection"},
	"thesis": {"thesis", "phdthesis"}, "report": {"report", "techreport"}, "webpage": {"online", "misc"}, "post": {"online", "misc"}, "post-weblog": {"online", "misc"},
	"manuscript": {"unpublished", "unpublished"}, "patent": {"patent", "misc"}, "dataset": {"dataset", "misc"}, "software": {"software", "misc"}, "song": {"audio", "misc"},
	"motion_picture": {"video", "misc"}, "broadcast": {"video", "misc"}, "graphic": {"image", "misc"}, "legislation": {"legislation", "misc"}, "legal_case": {"jurisdiction", "misc"}, "treaty": {"legal", "misc"},
	"personal_communication": {"letter", "misc"}, "performance": {"performance", "misc"}, "standard": {"standard", "misc"}, "article": {"online", "misc"},
}

// bibWriter writes BibTeX or biblatex.
type bibWriter struct {
	w      *bufio.Writer
	format Format
}

func (b *bibWriter) head() error { return nil }
func (b *bibWriter) foot() error { return nil }

func (b *bibWriter) write(r Record) error {
	old := b.format == BibTeX
	item := &r.Item
	e := &bibFieldsOut{ascii: old}
	kind := "misc"
	if kinds, ok := typesToBib[item.Type]; ok {
		kind = kinds[0]
		if old {
			kind = kinds[1]
		}
	}
	if item.Type == csl.TypeBook && !old && len(item.Author) == 0 && len(item.Editor) > 0 {
		kind = "collection" // biblatex wants authors of books
	}
	if item.Type == "thesis" && old && strings.Contains(strings.ToLower(item.Genre), "master") {
		kind = "mastersthesis"
	}
	e.titles(item, kind)
	for _, m := range bibNameFields {
		if names := item.Names(m.variable); len(names) > 0 {
			e.raw(m.field, toBibNames(names, old))
		}
	}
	if !old && withParticle(item) {
		// Particles belong to family names, as they do here.
		e.raw("options", "useprefix=true")
	}
	e.dates(item, old)
	e.numbers(item)
	e.publisher(item, kind)
	for _, m := range bibText {
		field := m.field
		if old && m.bibtex != "" {
			field = m.bibtex
		}
		if m.variable == "annote" {
			continue
		}
		e.text(field, item.Text(m.variable))
	}
	e.raw("pages", strings.ReplaceAll(toLaTeX(strings.ReplaceAll(item.Page, "–", "-"), old), "-", "--"))
	if item.Type == "article-magazine" || item.Type == "article-newspaper" {
		e.raw("entrysubtype", strings.TrimPrefix(item.Type, "article-"))
	}
	e.text("keywords", strings.Join(r.Tags, tagSeparator(r.Tags)))
	e.text("groups", strings.Join(r.Collections, ", "))
	e.text(map[bool]string{true: "annote", false: "annotation"}[old], strings.Join(r.Notes, NoteRule))
	e.raw("file", fileField(r.Files))
	if _, err := fmt.Fprintf(b.w, "@%s{%s", kind, r.Key); err != nil {
		return fmt.Errorf("bibtex: %w", err)
	}
	for _, f := range e.out {
		_, _ = b.w.WriteString(",\n  " + f[0] + " = ")
		if f[0] == "month" {
			_, _ = b.w.WriteString(f[1])
			continue
		}
		_, _ = b.w.WriteString("{" + f[1] + "}")
	}
	_, err := b.w.WriteString("\n}\n\n")
	if err != nil {
		return fmt.Errorf("bibtex: %w", err)
	}
	return nil
}

func withParticle(item *csl.Item) bool {
	for _, m := range bibNameFields {
		for _, name := range item.Names(m.variable) {
			if name.NonDroppingParticle != "" {
				return true
			}
		}
	}
	return false
}

// bibFieldsOut gathers the fields of an entry.
type bibFieldsOut struct {
	out   [][2]string
	ascii bool
}

func (e *bibFieldsOut) text(field, value string) {
	if verbatim[field] {
		e.raw(field, value)
		return
	}
	e.raw(field, toLaTeX(value, e.ascii))
}

var percentBraces = strings.NewReplacer("{", "%7B", "}", "%7D")

func (e *bibFieldsOut) raw(field, value string) {
	if value == "" {
		return
	}
	if verbatim[field] {
		value = percentBraces.Replace(value)
	}
	e.out = append(e.out, [2]string{field, value})
}

func (e *bibFieldsOut) titles(item *csl.Item, kind string) {
	title, container := item.Title, "booktitle"
	switch kind {
	case "article", "review", "periodical":
		container = "journaltitle"
		if e.ascii {
			container = "journal"
		}
	case "online", "misc":
		container = "journaltitle"
	}
	switch {
	case item.VolumeTitle != "" && item.ContainerTitle == "":
		e.text("maintitle", item.Title)
		title = item.VolumeTitle
	case item.VolumeTitle != "":
		e.text("maintitle", item.ContainerTitle)
		e.text("booktitle", item.VolumeTitle)
	default:
		e.text(container, item.ContainerTitle)
	}
	e.text("title", title)
}

// dates: BibTeX has a year and a month only.
func (e *bibFieldsOut) dates(item *csl.Item, old bool) {
	for _, m := range bibDates {
		date := item.Date(m.variable)
		if m.variable == "issued" && old && date != nil && len(date.DateParts) == 1 && !date.Circa && date.DateParts[0][0] > 0 && date.Season == "" {
			parts := date.DateParts[0]
			e.raw("year", strconv.Itoa(parts[0]))
			if len(parts) > 1 && parts[1] >= 1 && parts[1] <= 12 {
				e.raw("month", strings.ToLower(monthNames[parts[1]-1][:3]))
			}
			if len(parts) > 2 {
				e.raw("day", strconv.Itoa(parts[2]))
			}
			continue
		}
		if text := isoText(date); text != "" {
			if len(date.DateParts) == 0 {
				text = toLaTeX(text, e.ascii)
			}
			field := m.field
			if field == "date" && old {
				field = "year"
			}
			e.raw(field, text)
		}
	}
}

func (e *bibFieldsOut) numbers(item *csl.Item) {
	article := strings.HasPrefix(item.Type, "article-") || item.Type == "periodical" || strings.HasPrefix(item.Type, "review")
	switch {
	case article:
		e.text("number", item.Issue)
		e.text("eid", item.Number)
		return
	case item.CollectionTitle != "" && item.Type != "report" && item.Type != "patent":
		e.text("number", item.CollectionNumber)
		e.text("eid", item.Number)
	default:
		e.text("number", cmp.Or(item.Number, item.CollectionNumber))
	}
	e.text("issue", item.Issue)
}

func (e *bibFieldsOut) publisher(item *csl.Item, kind string) {
	field := "publisher"
	switch kind {
	case "thesis", "report", "techreport":
		field = "institution"
	case "phdthesis", "mastersthesis":
		field = "school"
	case "online":
		field = "organization"
	}
	e.text(field, item.Publisher)
}

func tagSeparator(tags []string) string {
	for _, tag := range tags {
		if strings.Contains(tag, ",") {
			return "; "
		}
	}
	return ", "
}

// fileField is "title:path:type;…".
func fileField(files []File) string {
	escape := strings.NewReplacer(`\`, `\\`, ":", `\:`, ";", `\;`).Replace
	parts := make([]string, 0, len(files))
	for _, f := range files {
		parts = append(parts, escape(f.Title)+":"+escape(f.Path)+":"+escape(f.Type))
	}
	return strings.Join(parts, ";")
}
