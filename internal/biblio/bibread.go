package biblio

import (
	"cmp"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// typesFromBib are CSL's types for those of BibTeX and biblatex.
var typesFromBib = map[string]string{
	"article": "article-journal", "suppperiodical": "article-journal", "periodical": "periodical", "review": "review",
	"book": "book", "mvbook": "book", "collection": "book", "mvcollection": "book", "proceedings": "book", "mvproceedings": "book", "manual": "book", "reference": "book", "mvreference": "book",
	"booklet": "pamphlet", "inbook": "chapter", "bookinbook": "chapter", "incollection": "chapter", "suppbook": "chapter", "suppcollection": "chapter",
	"inproceedings": "paper-conference", "conference": "paper-conference", "inreference": "entry-encyclopedia",
	"thesis": "thesis", "phdthesis": "thesis", "mastersthesis": "thesis", "report": "report", "techreport": "report",
	"online": "webpage", "electronic": "webpage", "www": "webpage", "misc": "document", "unpublished": "manuscript", "patent": "patent",
	"dataset": "dataset", "software": "software", "audio": "song", "music": "song", "video": "motion_picture", "movie": "motion_picture",
	"artwork": "graphic", "image": "graphic", "legislation": "legislation", "jurisdiction": "legal_case", "legal": "treaty", "letter": "personal_communication",
	"performance": "performance", "standard": "standard", "preprint": "article",
}

// bibText are fields that are a CSL variable in every type, by biblatex's name;
// the name in BibTeX follows where it is another.
var bibText = []struct{ variable, field, bibtex string }{
	{"DOI", "doi", ""},
	{"URL", "url", ""},
	{"ISBN", "isbn", ""},
	{"ISSN", "issn", ""},
	{"PMID", "pmid", ""},
	{"PMCID", "pmcid", ""},
	{"volume", "volume", ""},
	{"edition", "edition", ""},
	{"version", "version", ""},
	{"chapter-number", "chapter", ""},
	{"number-of-pages", "pagetotal", ""},
	{"number-of-volumes", "volumes", ""},
	{"part-number", "part", ""},
	{"title-short", "shorttitle", ""},
	{"container-title-short", "shortjournal", ""},
	{"collection-title", "series", ""},
	{"event-title", "eventtitle", ""},
	{"event-place", "venue", ""},
	{"publisher-place", "location", "address"},
	{"genre", "type", ""},
	{"abstract", "abstract", ""},
	{"language", "langid", "language"},
	{"note", "note", ""},
	{"annote", "annotation", "annote"},
	{"archive", "eprinttype", "archiveprefix"},
	{"archive_location", "eprint", ""},
	{"status", "pubstate", ""},
	{"call-number", "library", ""},
	{"original-title", "origtitle", ""},
	{"original-publisher", "origpublisher", ""},
	{"original-publisher-place", "origlocation", ""},
	{"medium", "howpublished", ""},
}

var bibNameFields = []struct{ variable, field string }{
	{"author", "author"}, {"editor", "editor"}, {"translator", "translator"}, {"container-author", "bookauthor"}, {"original-author", "origauthor"},
}

var bibDates = []struct{ variable, field string }{
	{"issued", "date"}, {"accessed", "urldate"}, {"event-date", "eventdate"}, {"original-date", "origdate"},
}

// titles of which braces protect the capitals.
var bibTitles = map[string]bool{
	"title": true, "subtitle": true, "booktitle": true, "booksubtitle": true, "maintitle": true, "mainsubtitle": true, "shorttitle": true,
	"origtitle": true, "eventtitle": true, "issuetitle": true, "series": true, "journaltitle": true, "journal": true,
}

// verbatim fields are not TeX.
var verbatim = map[string]bool{"url": true, "doi": true, "eprint": true, "file": true, "pmid": true, "pmcid": true}

// bibFields reads an entry's fields one after the other.
type bibFields struct{ fields map[string]string }

// text of the first of the fields that is there.
func (f bibFields) text(names ...string) string {
	for _, name := range names {
		value, ok := f.fields[name]
		if !ok {
			continue
		}
		if verbatim[name] {
			value = unescapeURL(value)
		} else {
			value = fromLaTeX(value, bibTitles[name])
		}
		if value != "" {
			return value
		}
	}
	return ""
}

var unescaper = strings.NewReplacer(`\_`, "_", `\%`, "%", `\&`, "&", `\#`, "#", `\~{}`, "~", `\textasciitilde{}`, "~", `\textasciitilde `, "~", `{\_}`, "_", `$\sim$`, "~", `\{`, "{", `\}`, "}")

func unescapeURL(value string) string {
	value = strings.TrimSpace(unescaper.Replace(value))
	if inner, ok := strings.CutPrefix(value, `\url{`); ok {
		value = strings.TrimSuffix(inner, "}")
	}
	return strings.Trim(value, "{}")
}

// record makes a record of an entry.
func (b *bibReader) record(e *bibEntry) Record {
	f := bibFields{e.fields}
	record := Record{Key: e.key, Line: e.line}
	item := &record.Item
	item.Type = f.itemType(e.kind)
	for _, m := range bibText {
		names := []string{m.field}
		if m.bibtex != "" {
			names = append(names, m.bibtex)
		}
		item.SetText(m.variable, f.text(names...))
	}
	item.DOI = bareDOI(item.DOI)
	f.titles(item)
	f.numbers(item)
	item.Publisher = f.text("publisher", "institution", "school", "organization")
	item.Page = strings.ReplaceAll(strings.ReplaceAll(f.text("pages"), "–", "-"), "—", "-")
	item.Language = languageTag(item.Language)
	f.eprint(item)
	if item.Genre == "" {
		item.Genre = map[string]string{"phdthesis": "PhD thesis", "mastersthesis": "Master’s thesis"}[e.kind]
	} else if known, ok := genres[item.Genre]; ok {
		item.Genre = known
	}
	for _, m := range bibNameFields {
		if names := bibNames(e.fields[m.field]); len(names) > 0 {
			item.SetNames(m.variable, names)
		}
	}
	for _, m := range bibDates {
		if value := e.fields[m.field]; value != "" {
			// The "~" of an uncertain date is not TeX's space.
			date := parseDate(strings.Trim(value, "{} \n"))
			if date != nil && date.Literal != "" {
				date.Literal = fromLaTeX(value, false)
			}
			item.SetDate(m.variable, date)
		}
	}
	if item.Issued == nil {
		item.Issued = bibYear(f.text("year"), f.text("month"), f.text("day"))
		if year := strings.Trim(e.fields["year"], "{} "); strings.HasSuffix(year, "~") {
			item.Issued = parseDate(year)
		}
	}
	record.Tags = splitTags(f.text("keywords", "keyword"))
	record.Collections = splitList(f.text("groups", "mendeley-groups"), ",")
	record.Files = bibFiles(e.fields["file"], e.fields["pdf"])
	record.Notes = splitNotes(item.Annote)
	item.Annote = ""
	return record
}

// genres are biblatex's keys for kinds of reports and theses.
var genres = map[string]string{"phdthesis": "PhD thesis", "mathesis": "Master’s thesis", "bathesis": "Bachelor’s thesis", "candthesis": "Candidate thesis", "techreport": "Technical report", "resreport": "Research report"}

func (f bibFields) itemType(kind string) string {
	switch subtype := f.text("entrysubtype"); {
	case kind == "article" && subtype == "magazine":
		return "article-magazine"
	case kind == "article" && subtype == "newspaper":
		return "article-newspaper"
	case kind == "misc" && f.text("eprint") != "" && f.text("archiveprefix", "eprinttype") != "":
		return "article"
	}
	return cmp.Or(typesFromBib[kind], "document")
}

func (f bibFields) titles(item *csl.Item) {
	item.Title = joinTitle(f.text("title"), f.text("subtitle"))
	journal := joinTitle(f.text("journaltitle", "journal"), f.text("journalsubtitle"))
	book := joinTitle(f.text("booktitle"), f.text("booksubtitle"))
	main := joinTitle(f.text("maintitle"), f.text("mainsubtitle"))
	item.ContainerTitle = cmp.Or(journal, book)
	switch {
	case main != "" && book != "":
		item.ContainerTitle, item.VolumeTitle = main, book
	case main != "":
		item.Title, item.VolumeTitle = main, item.Title
	}
}

// numbers: of an article "number" is the issue, of a book its place in a series.
func (f bibFields) numbers(item *csl.Item) {
	number := f.text("number")
	switch {
	case strings.HasPrefix(item.Type, "article-") || item.Type == "periodical" || item.Type == "review":
		item.Issue = cmp.Or(number, f.text("issue"))
	case item.CollectionTitle != "" && item.Type != "report" && item.Type != "patent":
		item.CollectionNumber = number
		item.Issue = f.text("issue")
	default:
		item.Number = number
		item.Issue = f.text("issue")
	}
	item.Number = cmp.Or(item.Number, f.text("eid"))
}

// eprint: identifiers of PubMed have variables of their own.
func (f bibFields) eprint(item *csl.Item) {
	switch strings.ToLower(item.Archive) {
	case "pubmed", "pmid":
		item.PMID, item.Archive, item.ArchiveLocation = cmp.Or(item.PMID, item.ArchiveLocation), "", ""
	case "pmc", "pmcid":
		item.PMCID, item.Archive, item.ArchiveLocation = cmp.Or(item.PMCID, item.ArchiveLocation), "", ""
	case "arxiv":
		item.Archive = "arXiv"
	}
}

// bareDOI is a DOI without the address or the word before it.
func bareDOI(doi string) string {
	for _, prefix := range []string{"https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:", "DOI:", "DOI "} {
		if rest, ok := strings.CutPrefix(doi, prefix); ok {
			return strings.TrimSpace(rest)
		}
	}
	return doi
}

// languages that babel and others name, as tags.
var languages = map[string]string{
	"english": "en", "american": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB", "german": "de", "ngerman": "de", "deutsch": "de", "austrian": "de-AT",
	"french": "fr", "francais": "fr", "français": "fr", "spanish": "es", "italian": "it", "dutch": "nl", "portuguese": "pt", "brazilian": "pt-BR", "brazil": "pt-BR", "russian": "ru",
	"polish": "pl", "czech": "cs", "danish": "da", "swedish": "sv", "norwegian": "no", "norsk": "nb", "finnish": "fi", "greek": "el", "hungarian": "hu", "latin": "la",
	"chinese": "zh", "japanese": "ja", "korean": "ko", "turkish": "tr", "ukrainian": "uk", "catalan": "ca", "hebrew": "he", "arabic": "ar",
	"eng": "en", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "spa": "es", "ita": "it", "dut": "nl", "nld": "nl", "por": "pt", "rus": "ru", "pol": "pl", "chi": "zh", "zho": "zh", "jpn": "ja", "kor": "ko",
}

// languageTag is the tag of a language that is given by name; others stay.
func languageTag(name string) string {
	if tag, ok := languages[strings.ToLower(name)]; ok {
		return tag
	}
	return name
}

// splitTags: keywords are parted by semicolons where there are any, else commas.
func splitTags(text string) []string {
	if strings.Contains(text, ";") {
		return splitList(text, ";")
	}
	return splitList(text, ",")
}

func splitList(text, separator string) []string {
	if text == "" {
		return nil
	}
	return unique(strings.Split(text, separator))
}

// NoteRule stands between the notes of one work, in formats that have one field
// for all.
const NoteRule = "\n\n* * *\n\n"

func splitNotes(text string) []string {
	if text == "" {
		return nil
	}
	return unique(strings.Split(text, NoteRule))
}

// bibFiles reads "title:path:type;…", as JabRef, Zotero and Mendeley write it, or
// a path.
func bibFiles(fields ...string) []File {
	var files []File
	for _, field := range fields {
		// Mendeley's backslash before the colon of a drive.
		field = strings.ReplaceAll(field, `$\backslash$`, `\`)
		for _, one := range splitEscaped(field, ';') {
			parts := splitEscaped(one, ':')
			if len(parts) > 3 && len(parts[1]) == 1 {
				// A drive's letter.
				parts = append([]string{parts[0], parts[1] + ":" + parts[2]}, parts[3:]...)
			}
			var file File
			switch {
			case len(parts) >= 3:
				file = File{Title: parts[0], Path: parts[1], Type: parts[2]}
			default:
				file.Path = strings.Join(parts, ":")
			}
			if file.Path = filePath(file.Path); file.Path != "" {
				files = append(files, file)
			}
		}
	}
	return files
}

var pathUnescaper = strings.NewReplacer(`\_`, "_", `\&`, "&", `\%`, "%", `\#`, "#", `\$`, "$")

// filePath is a path with "/" between names. Mendeley writes names as TeX.
func filePath(path string) string {
	path = strings.TrimSpace(path)
	if strings.Contains(path, `{\`) {
		path = fromLaTeX(path, false)
	}
	return strings.ReplaceAll(pathUnescaper.Replace(path), `\`, "/")
}

// splitEscaped splits at a separator that has no backslash before it.
func splitEscaped(text string, separator byte) []string {
	var parts []string
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && strings.IndexByte(`:;\`, text[i+1]) >= 0:
			if separator == ';' {
				b.WriteByte('\\') // the next splitting needs it
			}
			i++
			b.WriteByte(text[i])
		case text[i] == separator:
			parts = append(parts, b.String())
			b.Reset()
		default:
			b.WriteByte(text[i])
		}
	}
	return append(parts, b.String())
}
