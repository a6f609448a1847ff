package biblio

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// zoteroReader reads the RDF/XML that Zotero writes. Works, notes, attachments and
// collections stand beside each other under one root and name each other by
// address, collections last: so the works are held until the end of the file.
//
// What stands under the root is cut out of the text element by element, so that a
// broken one leaves the others whole. Nothing is ever expanded: declarations are
// passed over, and entities other than XML's own five stay as text.
type zoteroReader struct {
	*Reader
	source *source
	root   string // the root's start tag, which declares the namespaces
	read   bool

	works       []*zoteroWork
	notes       map[string]*zoteroNote
	attachments map[string]*zoteroAttachment
	containers  map[string]*element
	collections map[string]*zoteroCollection
	order       []string // addresses of notes, attachments and collections as they came
}

type zoteroWork struct {
	address                     string
	record                      Record
	notes, attachments, related []string
	container                   string // its address, where it is not inside
}

type zoteroNote struct {
	text  string
	tags  []string
	line  int
	taken bool // by a work
}

type zoteroAttachment struct {
	File
	note  string
	tags  []string
	line  int
	taken bool
}

type zoteroCollection struct {
	name  string
	parts []string
	child bool
}

const (
	// maxRDFDepth is far more than the eight levels that Zotero writes.
	maxRDFDepth = 40
	// maxCollectionDepth bounds the paths of nested collections.
	maxCollectionDepth = 30
)

func (r *zoteroReader) next() error {
	if r.read {
		return io.EOF
	}
	r.read = true
	r.notes, r.attachments = map[string]*zoteroNote{}, map[string]*zoteroAttachment{}
	r.containers, r.collections = map[string]*element{}, map[string]*zoteroCollection{}
	if err := r.scan(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	r.finish()
	return nil
}

// scan cuts the file into the elements under its root.
func (r *zoteroReader) scan() error {
	s := rdfScanner{source: r.source}
	var body []byte
	depth, line, indent := 0, 0, -1
	tooLong := false
	for {
		text, tag, err := s.next()
		if err != nil {
			if depth > 0 {
				r.problem(line, "", "the element is not closed before the end of the file")
			}
			return err
		}
		if len(r.root) == 0 {
			if name := tagName(tag); name == "RDF" || strings.HasSuffix(name, ":RDF") {
				r.root = string(tag)
				if tagKind(tag) != tagStart {
					return io.EOF
				}
			}
			continue
		}
		kind := tagKind(tag)
		if depth > 0 && kind != tagEnd && indent > 0 && s.indent == indent {
			// It stands where the last one began, so that one was not closed.
			r.problem(line, "", "the element is not closed: the next one begins in line %d", s.line)
			depth, body, text, tooLong = 0, body[:0], nil, false
		}
		if depth == 0 {
			if kind == tagEnd || kind == tagOther {
				continue
			}
			line, indent, body, text = s.line, s.indent, body[:0], nil
		}
		if name := tagName(tag); kind == tagEnd && depth > 0 && (name == "RDF" || strings.HasSuffix(name, ":RDF")) {
			r.problem(line, "", "the element is not closed before the end of the file")
			return io.EOF
		}
		switch kind {
		case tagStart:
			depth++
		case tagEnd:
			depth--
		}
		switch {
		case depth > maxRDFDepth:
			r.problem(line, "", "the element has others in it that are more than %d deep", maxRDFDepth)
			return io.EOF
		case len(body)+len(text)+len(tag) > maxRecord:
			tooLong = true
		case !tooLong:
			body = append(append(body, text...), tag...)
		}
		if depth > 0 {
			continue
		}
		if tooLong {
			r.problem(line, "", "the element is longer than 4 MiB")
			tooLong = false
			continue
		}
		r.element(body, line)
	}
}

// element reads one of those under the root.
func (r *zoteroReader) element(body []byte, line int) {
	e, err := parseRDF(r.root, utf8Text(body))
	if err != nil {
		r.problem(line, "", "the element is not XML: %s", err)
		return
	}
	address := e.attr["about"]
	kind := e.value("z:itemType")
	switch {
	case e.name == "z:Collection":
		c := &zoteroCollection{name: strings.ReplaceAll(e.value("dc:title"), "/", "∕")}
		for _, part := range e.each("dcterms:hasPart") {
			c.parts = append(c.parts, part.attr["resource"])
		}
		r.collections[address] = c
		r.order = append(r.order, address)
	case e.name == "z:Attachment" || kind == "attachment":
		a := &zoteroAttachment{File: File{Title: e.value("dc:title"), Type: e.value("link:type")}, note: plainNote(e.value("dc:description")), tags: e.tags(), line: line}
		for _, resource := range e.each("rdf:resource") {
			a.Path = cmp.Or(resource.attr["resource"], strings.TrimSpace(resource.text.String()))
		}
		r.attachments[address] = a
		r.order = append(r.order, address)
	case e.name == "bib:Memo" || kind == "note":
		r.notes[address] = &zoteroNote{text: plainNote(e.value("rdf:value")), tags: e.tags(), line: line}
		r.order = append(r.order, address)
	case kind == "annotation":
		// A mark on an attachment: the file has it too.
	case kind != "" || typesOfRDF[e.name] != "":
		r.works = append(r.works, zoteroWorkOf(e, kind, line))
		if kind == "" {
			r.containers[address] = e // or it is what another work stands in
		}
	default:
		r.containers[address] = e
	}
}

// finish puts together what names each other, and gives the records.
func (r *zoteroReader) finish() {
	if r.root == "" {
		r.problem(1, "", "this is no RDF: the element rdf:RDF is missing")
		return
	}
	titles, contains := map[string]string{}, map[string]bool{}
	for _, w := range r.works {
		titles[w.address] = w.record.Item.Title
		contains[w.container] = true
	}
	paths := r.paths()
	for _, w := range r.works {
		if contains[w.address] && w.address != "" && r.containers[w.address] != nil {
			continue // not a work by itself
		}
		record := &w.record
		if c := r.containers[w.container]; c != nil {
			containerInto(&record.Item, c)
		}
		record.Collections = paths[w.address]
		for _, address := range w.notes {
			if n := r.notes[address]; n != nil && !n.taken {
				n.taken = true
				record.Notes, record.Tags = append(record.Notes, n.text), append(record.Tags, n.tags...)
			}
		}
		for _, address := range w.attachments {
			if a := r.attachments[address]; a != nil && !a.taken {
				a.taken = true
				record.Notes, record.Tags = append(record.Notes, a.note), append(record.Tags, a.tags...)
				if a.Path != "" {
					record.Files = append(record.Files, a.File)
				}
			}
		}
		var related []string
		for _, address := range w.related {
			if title := titles[address]; title != "" {
				related = append(related, title)
			}
		}
		if len(related) > 0 {
			record.Notes = append(record.Notes, "Related: "+strings.Join(related, "; "))
		}
		r.found(*record)
	}
	for _, address := range r.order {
		if n := r.notes[address]; n != nil && !n.taken && n.text != "" {
			n.taken = true
			title, _, _ := strings.Cut(n.text, "\n")
			if runes := []rune(title); len(runes) > 100 {
				title = string(runes[:100]) + "…"
			}
			r.found(Record{Item: csl.Item{Type: csl.TypeDocument, Title: title}, Notes: []string{n.text}, Tags: n.tags, Collections: paths[address], Line: n.line})
		}
		if a := r.attachments[address]; a != nil && !a.taken && a.Path != "" {
			a.taken = true
			r.found(Record{Files: []File{a.File}, Notes: []string{a.note}, Tags: a.tags, Collections: paths[address], Line: a.line})
		}
	}
}

// paths gives the collections of each address, as paths.
func (r *zoteroReader) paths() map[string][]string {
	for _, c := range r.collections {
		for _, part := range c.parts {
			if child := r.collections[part]; child != nil {
				child.child = true
			}
		}
	}
	paths := map[string][]string{}
	seen := map[string]bool{}
	var walk func(address, above string, depth int)
	walk = func(address, above string, depth int) {
		c := r.collections[address]
		if seen[address] || depth > maxCollectionDepth {
			return
		}
		seen[address] = true
		path := above + c.name
		for _, part := range c.parts {
			if r.collections[part] != nil {
				walk(part, path+"/", depth+1)
			} else if c.name != "" {
				paths[part] = append(paths[part], path)
			}
		}
	}
	for _, address := range r.order {
		if c := r.collections[address]; c != nil && !c.child {
			walk(address, "", 1)
		}
	}
	for _, address := range r.order {
		if r.collections[address] != nil {
			walk(address, "", 1) // those that are only in each other
		}
	}
	return paths
}

// zoteroTypes are CSL's types for Zotero's, as Zotero's schema maps them.
var zoteroTypes = map[string]string{
	"artwork": "graphic", "audioRecording": "song", "bill": "bill", "blogPost": "post-weblog", "book": "book", "bookSection": "chapter", "case": "legal_case",
	"computerProgram": "software", "conferencePaper": "paper-conference", "dataset": "dataset", "dictionaryEntry": "entry-dictionary", "document": "document",
	"email": "personal_communication", "encyclopediaArticle": "entry-encyclopedia", "film": "motion_picture", "forumPost": "post", "hearing": "hearing",
	"instantMessage": "personal_communication", "interview": "interview", "journalArticle": "article-journal", "letter": "personal_communication",
	"magazineArticle": "article-magazine", "manuscript": "manuscript", "map": "map", "newspaperArticle": "article-newspaper", "patent": "patent", "podcast": "broadcast",
	"preprint": "article", "presentation": "speech", "radioBroadcast": "broadcast", "report": "report", "standard": "standard", "statute": "legislation", "thesis": "thesis",
	"tvBroadcast": "broadcast", "videoRecording": "motion_picture", "webpage": "webpage",
}

// typesOfRDF are those of elements that do not say which of Zotero's types they are.
var typesOfRDF = map[string]string{
	"bib:Article": "article-journal", "bib:Book": "book", "bib:BookSection": "chapter", "bib:Thesis": "thesis", "bib:Letter": "personal_communication", "bib:Manuscript": "manuscript",
	"bib:Interview": "interview", "bib:MotionPicture": "motion_picture", "bib:Illustration": "graphic", "bib:Document": "webpage", "bib:Report": "report", "bib:Legislation": "legislation",
	"bib:Patent": "patent", "bib:Image": "map", "bib:Recording": "song", "bib:ConferenceProceedings": "speech", "bib:Data": "software",
}

// zoteroNames are CSL's variables for Zotero's kinds of creators. Each type has one
// that comes first, which is CSL's author.
var zoteroNames = map[string]string{
	"authors": "author", "artists": "author", "cartographers": "author", "interviewees": "author", "inventors": "author", "presenters": "author", "programmers": "author", "sponsors": "author",
	"bookAuthors": "container-author", "composers": "composer", "directors": "director", "editors": "editor", "guests": "guest", "interviewers": "interviewer", "castMembers": "performer",
	"performers": "performer", "podcasters": "host", "producers": "producer", "recipients": "recipient", "reviewedAuthors": "reviewed-author", "scriptwriters": "script-writer",
	"seriesEditors": "collection-editor", "translators": "translator", "contributors": "contributor", "commenters": "contributor", "cosponsors": "contributor", "counsels": "contributor",
	"attorneyAgents": "contributor", "wordsBys": "contributor", "chairs": "chair", "organizers": "organizer",
}

// zoteroText are variables that stand as text in the work's own element.
var zoteroText = map[string]string{
	"dcterms:abstract": "abstract", "bib:pages": "page", "z:shortTitle": "title-short", "z:language": "language", "z:libraryCatalog": "source", "z:archive": "archive", "dc:coverage": "archive_location",
	"dc:rights": "license", "dc:type": "genre", "dcterms:medium": "medium", "z:numPages": "number-of-pages", "z:numberOfVolumes": "number-of-volumes", "z:meetingName": "event-title",
	"z:conferenceName": "event-title", "z:versionNumber": "version", "z:court": "authority", "z:issuingAuthority": "authority", "z:legislativeBody": "authority", "z:committee": "section",
	"z:runningTime": "dimensions", "z:artworkSize": "dimensions", "z:scale": "scale", "z:repository": "publisher", "z:programTitle": "container-title", "z:websiteTitle": "container-title",
	"z:encyclopediaTitle": "container-title", "z:dictionaryTitle": "container-title", "z:code": "container-title", "z:reporter": "container-title", "z:archiveID": "number", "z:docketNumber": "number",
	"z:publicLawNumber": "number", "z:billNumber": "number", "z:applicationNumber": "call-number", "z:status": "status", "z:PMID": "PMID", "z:PMCID": "PMCID", "prism:volume": "volume",
	"z:caseName": "title", "z:nameOfAct": "title", "z:subject": "title", "z:country": "jurisdiction", "z:section": "section", "z:chapterNumber": "chapter-number", "z:partNumber": "part-number",
}

func zoteroWorkOf(e *element, kind string, line int) *zoteroWork {
	w := &zoteroWork{address: e.attr["about"], record: Record{Line: line, Key: e.value("z:citationKey"), Tags: e.tags()}}
	item := &w.record.Item
	item.Type = cmp.Or(zoteroTypes[kind], typesOfRDF[e.name], csl.TypeDocument)
	item.Title = e.value("dc:title")
	for _, child := range e.children {
		if variable, ok := zoteroText[child.name]; ok && item.Text(variable) == "" {
			item.SetText(variable, child.value(""))
		}
		prefix, local, _ := strings.Cut(child.name, ":")
		if variable, ok := zoteroNames[local]; ok && (prefix == "bib" || prefix == "z") {
			if names := zoteroPeople(child); len(names) > 0 && len(item.Names(variable)) == 0 {
				item.SetNames(variable, names)
			}
		}
		resource := child.attr["resource"]
		switch child.name {
		case "dcterms:isPartOf":
			if resource != "" {
				w.container = resource
			}
			for _, container := range child.children {
				containerInto(item, container)
			}
		case "dcterms:isReferencedBy":
			w.notes = append(w.notes, resource)
		case "link:link":
			w.attachments = append(w.attachments, resource)
		case "dc:relation":
			w.related = append(w.related, resource)
		case "dc:identifier":
			identifierInto(item, child)
		case "dc:subject":
			if class := child.find("dcterms:LCC"); class != nil {
				item.CallNumber = class.value("rdf:value")
			}
		case "dc:publisher":
			if o := child.find("foaf:Organization"); o != nil {
				item.Publisher = cmp.Or(o.value("foaf:name"), item.Publisher)
				if address := o.find("vcard:adr"); address != nil {
					item.PublisherPlace = strings.TrimSpace(address.deepText())
				}
			}
		case "bib:presentedAt":
			if c := child.find("bib:Conference"); c != nil {
				item.Event = c.value("dc:title")
			}
		case "prism:edition":
			item.SetText(map[bool]string{true: "version", false: "edition"}[item.Type == csl.TypeSoftware], child.value(""))
		case "prism:number":
			if item.Type == "article-journal" || item.Type == "article-magazine" || item.Type == "article-newspaper" {
				item.Issue = child.value("")
			} else {
				item.Number = cmp.Or(item.Number, child.value(""))
			}
		}
	}
	item.Issued = zoteroDate(cmp.Or(e.value("dc:date"), e.value("dcterms:issued"), e.value("z:dateDecided"), e.value("z:dateEnacted")))
	item.Accessed = zoteroDate(e.value("dcterms:dateSubmitted"))
	item.Language = languageTag(item.Language)
	extraInto(&w.record, e.value("dc:description"))
	item.DOI = bareDOI(item.DOI)
	if item.Title == "" {
		item.Title = e.value("z:displayTitle")
	}
	return w
}

// containerInto takes what an item stands in: a section, a journal or book, a series.
func containerInto(item *csl.Item, c *element) {
	switch c.name {
	case "bib:Series":
		item.CollectionTitle = cmp.Or(c.value("dc:title"), c.value("dcterms:alternative"), item.CollectionTitle)
		item.CollectionNumber = cmp.Or(c.value("dc:identifier"), item.CollectionNumber)
	case "bib:Part":
		item.Section = cmp.Or(c.value("dc:title"), item.Section)
	default:
		item.ContainerTitle = cmp.Or(c.value("dc:title"), item.ContainerTitle)
		item.ContainerShort = cmp.Or(c.value("dcterms:alternative"), item.ContainerShort)
		item.Volume = cmp.Or(c.value("prism:volume"), item.Volume)
		if number := c.value("prism:number"); number != "" {
			if c.name == "bib:Book" || c.name == "bib:CourtReporter" {
				item.Number = cmp.Or(item.Number, number)
			} else {
				item.Issue = number
			}
		}
		for _, identifier := range c.each("dc:identifier") {
			identifierInto(item, identifier)
		}
	}
	for _, part := range c.each("dcterms:isPartOf") {
		for _, outer := range part.children {
			containerInto(item, outer)
		}
	}
}

// identifierInto takes "DOI 10.1000/x", "ISBN 978…", "ISSN …" and addresses.
func identifierInto(item *csl.Item, e *element) {
	if address := e.find("dcterms:URI"); address != nil {
		item.URL = address.value("rdf:value")
		return
	}
	kind, value, _ := strings.Cut(e.value(""), " ")
	switch value = strings.TrimSpace(value); kind {
	case "DOI":
		item.DOI = value
	case "ISBN":
		item.ISBN = value
	case "ISSN":
		item.ISSN = value
	}
}

// extraInto takes the lines of Zotero's field Extra that are variables, and keeps
// the others as the item's note.
func extraInto(record *Record, extra string) {
	var rest []string
	for line := range strings.Lines(extra) {
		line = strings.TrimSpace(line)
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		variable := map[string]string{"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "issn": "ISSN", "isbn": "ISBN"}[strings.ToLower(name)]
		switch {
		case ok && (strings.EqualFold(name, "citation key") || strings.EqualFold(name, "bibtex")):
			record.Key = cmp.Or(record.Key, value)
		case ok && variable != "" && record.Item.Text(variable) == "":
			record.Item.SetText(variable, value)
		case line != "":
			rest = append(rest, line)
		}
	}
	record.Item.Note = strings.Join(rest, "\n")
}

func zoteroPeople(e *element) []csl.Name {
	var names []csl.Name
	for _, list := range e.children {
		for _, li := range list.each("rdf:li") {
			for _, person := range li.children {
				family := cmp.Or(person.value("foaf:surname"), person.value("foaf:name"))
				given := cmp.Or(person.value("foaf:givenName"), person.value("foaf:givenname"))
				switch {
				case family == "" && given == "":
				case given == "":
					names = append(names, csl.Name{Literal: family})
				default:
					name := csl.Name{Family: family, Given: given}
					// Small words before it are its particle, as Zotero prints them.
					words := strings.Fields(family)
					at := 0
					for at < len(words)-1 && startsSmall(words[at]) {
						at++
					}
					name.NonDroppingParticle, name.Family = strings.Join(words[:at], " "), strings.Join(words[at:], " ")
					names = append(names, name)
				}
			}
		}
	}
	return names
}

var (
	yearInText  = regexp.MustCompile(`\b(1\d{3}|20\d\d)\b`)
	monthOfYear = regexp.MustCompile(`^(\d{1,2})/(\d{4})$`)
)

// zoteroDate reads what people type: ISO dates, "5 May 2014", "05/2014". Of what
// says a year in another way the year is taken.
func zoteroDate(text string) *csl.Date {
	text = strings.TrimSpace(text)
	if day, _, ok := strings.Cut(text, " "); ok && isoDate.MatchString(day) && len(day) == len("2006-01-02") {
		text = day // with a time behind it
	}
	if m := monthOfYear.FindStringSubmatch(text); m != nil {
		if month, err := strconv.Atoi(m[1]); err == nil && month >= 1 && month <= 12 {
			return bibYear(m[2], m[1], "")
		}
	}
	date := parseDate(text)
	if date == nil || date.Literal == "" {
		return date
	}
	if year := yearInText.FindString(text); year != "" {
		return bibYear(year, strings.Replace(text, year, "", 1), "")
	}
	return date
}

// blockTags end a line in a note.
var blockTags = map[string]bool{"p": true, "div": true, "br": true, "li": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "blockquote": true, "pre": true, "tr": true, "ul": true, "ol": true, "table": true, "hr": true}

// plainNote is the text of a note, which Zotero keeps as HTML.
func plainNote(source string) string {
	if !strings.ContainsAny(source, "<&") {
		return strings.TrimSpace(source)
	}
	var b strings.Builder
	for rest := source; rest != ""; {
		text, tagged, found := strings.Cut(rest, "<")
		b.WriteString(strings.ReplaceAll(text, "\n", " "))
		if !found {
			break
		}
		tag, after, closed := strings.Cut(tagged, ">")
		if !closed || tag == "" || !isLetter(tag[0]) && tag[0] != '/' && tag[0] != '!' {
			b.WriteByte('<')
			rest = tagged
			continue
		}
		name := strings.ToLower(strings.TrimLeft(tag, "/"))
		if end := strings.IndexAny(name, " \t\n/"); end >= 0 {
			name = name[:end]
		}
		if blockTags[name] {
			b.WriteByte('\n')
		}
		if name == "li" && tag[0] != '/' {
			b.WriteString("• ")
		}
		rest = after
	}
	var lines []string
	for line := range strings.Lines(html.UnescapeString(b.String())) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// namespaces of what Zotero writes, by the prefixes that are used here.
var rdfNamespaces = map[string]string{
	"http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf", "http://www.zotero.org/namespaces/export#": "z", "http://purl.org/dc/terms/": "dcterms", "http://purl.org/dc/elements/1.1/": "dc",
	"http://purl.org/net/biblio#": "bib", "http://xmlns.com/foaf/0.1/": "foaf", "http://purl.org/rss/1.0/modules/link/": "link",
	"http://prismstandard.org/namespaces/1.2/basic/": "prism", "http://nwalsh.com/rdf/vCard#": "vcard",
}

// parseRDF reads one element that stands under the root. Its names are those of
// rdfNamespaces; of attributes those of RDF are kept.
func parseRDF(root, body string) (*element, error) {
	decoder := xml.NewDecoder(strings.NewReader(root + body + "</" + tagName([]byte(root)) + ">"))
	decoder.Strict = false
	top := &element{}
	stack := []*element{top}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("xml: %w", err)
		}
		last := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: rdfName(t.Name), attr: map[string]string{}}
			for _, a := range t.Attr {
				switch a.Name.Local {
				case "about", "ID", "nodeID":
					if e.attr["about"] == "" {
						e.attr["about"] = a.Value
					}
					if a.Name.Local == "nodeID" {
						e.attr["resource"] = a.Value
					}
				case "resource":
					e.attr["resource"] = a.Value
				}
			}
			last.children = append(last.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			if len(stack) > 1 {
				stack = stack[:len(stack)-1]
			}
		case xml.CharData:
			last.text.Write(t)
		}
	}
	if len(top.children) == 0 || len(top.children[0].children) == 0 {
		return nil, errors.New("it has no element")
	}
	return top.children[0].children[0], nil
}

func rdfName(name xml.Name) string {
	if prefix, ok := rdfNamespaces[name.Space]; ok {
		return prefix + ":" + name.Local
	}
	return name.Space + ":" + name.Local
}

// find gives the first child of a name, or nil.
func (e *element) find(name string) *element {
	if i := slices.IndexFunc(e.children, func(c *element) bool { return c.name == name }); i >= 0 {
		return e.children[i]
	}
	return nil
}

func (e *element) each(name string) []*element {
	var found []*element
	for _, c := range e.children {
		if c.name == name {
			found = append(found, c)
		}
	}
	return found
}

// value is the text of the first child of a name, or of e itself for an empty name.
func (e *element) value(name string) string {
	if name != "" {
		if e = e.find(name); e == nil {
			return ""
		}
	}
	return strings.TrimSpace(strings.ReplaceAll(e.text.String(), "\x00", ""))
}

// deepText is all text in an element.
func (e *element) deepText() string {
	var text strings.Builder
	text.WriteString(e.text.String())
	for _, c := range e.children {
		text.WriteString(c.deepText())
	}
	return text.String()
}

// tags are the subjects that are words, also those that Zotero gave by itself.
func (e *element) tags() []string {
	var tags []string
	for _, subject := range e.each("dc:subject") {
		if automatic := subject.find("z:AutomaticTag"); automatic != nil {
			tags = append(tags, automatic.value("rdf:value"))
		} else if len(subject.children) == 0 {
			tags = append(tags, subject.value(""))
		}
	}
	return tags
}

// rdfScanner gives a file's tags, each with the text before it.
type rdfScanner struct {
	source *source
	line   int // in which the tag begins
	indent int // of the tag, where nothing but spaces stands before it on its line; else -1
}

// Kinds of tags.
const (
	tagStart = iota
	tagEnd
	tagEmpty
	tagOther // comments, declarations, CDATA
)

func tagKind(tag []byte) int {
	switch {
	case len(tag) < 3, tag[1] == '!', tag[1] == '?':
		return tagOther
	case tag[1] == '/':
		return tagEnd
	case tag[len(tag)-2] == '/':
		return tagEmpty
	}
	return tagStart
}

func tagName(tag []byte) string {
	name := strings.Trim(string(tag), "</>")
	if end := strings.IndexAny(name, " \t\r\n/"); end >= 0 {
		name = name[:end]
	}
	return name
}

// next gives the text before the next tag, and the tag. Both are cut at the length
// of a record. Declarations, and what is in them, are given as text that is none.
func (s *rdfScanner) next() (text, tag []byte, err error) {
	blank := true
	s.indent = -1
	column := 0
	for {
		c, err := s.source.byte()
		if err != nil {
			return text, nil, err
		}
		if c == '<' {
			break
		}
		switch c {
		case '\n':
			blank, column = true, 0
		case ' ', '\t':
			column++
		case '\r':
		default:
			blank = false
		}
		if len(text) <= maxRecord {
			text = append(text, c)
		}
	}
	s.line = s.source.line
	if blank && column > 0 {
		s.indent = column
	}
	tag = []byte{'<'}
	var quote byte
	var end []byte // of a comment or CDATA
	depth := 0     // of a declaration's brackets
	for {
		c, err := s.source.byte()
		if err != nil {
			return text, nil, err
		}
		if len(tag) <= maxRecord {
			tag = append(tag, c)
		} else {
			// What it ends with is still to be seen.
			n := len(tag)
			copy(tag[n-3:], tag[n-2:])
			tag[n-1] = c
		}
		if end == nil && len(tag) <= 9 {
			switch {
			case bytes.Equal(tag, []byte("<!--")):
				end = []byte("-->")
				continue
			case bytes.Equal(tag, []byte("<![CDATA[")):
				end = []byte("]]>")
				continue
			case bytes.Equal(tag, []byte("<?")):
				end = []byte("?>")
				continue
			}
		}
		switch {
		case end != nil:
			if bytes.HasSuffix(tag, end) {
				return text, tag, nil
			}
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '>' && depth <= 0:
			return text, tag, nil
		}
	}
}
