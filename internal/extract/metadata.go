package extract

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// How sure a claim is when nothing else speaks for or against it. What two
// places agree on is raised to confirmed.
const (
	confirmed    = 0.95
	sureXMP      = 0.8
	sureInfo     = 0.7
	surePage     = 0.75
	sureFilename = 0.1
	// unconfirmed is for file metadata that the first pages do not repeat:
	// often left over from a template.
	unconfirmed = 0.5
)

// claims collects a document's claims.
type claims struct {
	list []csl.Claim
}

func (c *claims) add(field string, source csl.Source, value any, confidence float64) {
	if claim, err := csl.NewClaim(field, source, value, confidence); err == nil {
		c.list = append(c.list, claim)
	}
}

// metadata makes claims from all places that speak about the document.
func (r *reading) metadata(doc *document, file *os.File, asked request) []csl.Claim {
	front := r.structure.front
	out := &claims{}
	properties := findXMP(file, asked.Size)
	// A title that another place in the file gives helps to find it on the page.
	var known []string
	for _, title := range []string{properties.first("title"), oneLine(doc.information("Title"))} {
		if !isJunkTitle(title, asked.Filename) && !isProgram(title, doc.information) {
			known = append(known, title)
		}
	}
	front.claim(out, known)
	claimXMP(out, properties, front)
	claimInfo(out, doc.information, front, asked.Filename)
	if title := titleFromFilename(asked.Filename); title != "" {
		out.add("title", csl.SourceFilename, title, sureFilename)
	}
	return out.list
}

// claimXMP takes Dublin Core and PRISM.
func claimXMP(out *claims, properties xmpProperties, front *frontMatter) {
	if properties == nil {
		return
	}
	if title := properties.first("title"); !isJunkTitle(title, "") {
		out.add("title", csl.SourceXMP, title, front.confirm(title, sureXMP))
	}
	var names []csl.Name
	for _, creator := range properties["creator"] {
		names = append(names, parseNames(creator)...)
	}
	if len(names) > 0 {
		out.add("author", csl.SourceXMP, names, front.confirmNames(names, sureXMP))
	}
	for _, value := range append(append([]string{properties.first("doi")}, properties["identifier"]...), properties["DOI"]...) {
		if doi := findDOI(value); doi != "" {
			out.add("DOI", csl.SourceXMP, doi, confirmed)
			break
		}
	}
	if name := properties.first("publicationName"); name != "" {
		out.add("container-title", csl.SourceXMP, name, sureXMP)
	}
	if date := findDate(properties.first("coverDate", "publicationDate", "coverDisplayDate")); date != nil {
		out.add("issued", csl.SourceXMP, date, sureXMP)
	}
	for property, field := range map[string]string{"volume": "volume", "number": "issue", "publisher": "publisher"} {
		if value := properties.first(property); value != "" && !nobody.MatchString(value) {
			out.add(field, csl.SourceXMP, value, sureXMP)
		}
	}
	for _, value := range append(properties["issn"], properties["eIssn"]...) {
		if validISSN(value) {
			out.add("ISSN", csl.SourceXMP, value, sureXMP)
			break
		}
	}
	if value := properties.first("isbn"); validISBN(value) {
		out.add("ISBN", csl.SourceXMP, value, sureXMP)
	}
	if pages := xmpPages(properties); pages != "" {
		out.add("page", csl.SourceXMP, pages, sureXMP)
	}
	if text := properties.first("description"); isAbstract(text) {
		out.add("abstract", csl.SourceXMP, text, front.confirm(text, 0.7))
	}
	if text := fileKeywords(append(properties["subject"], properties["keyword"]...), properties.first("Keywords")); text != "" {
		out.add("keyword", csl.SourceXMP, text, sureInfo)
	}
	for _, value := range append(append(properties["license"], properties["WebStatement"]...), properties["rights"]...) {
		if m := licenceURI.FindStringSubmatch(value); m != nil {
			out.add("license", csl.SourceXMP, licenceAddress(m), sureXMP)
			break
		}
	}
	if language := properties.first("language"); len(language) >= 2 && languageCode.MatchString(language) {
		// Programs write their own language here as often as the text's.
		out.add("language", csl.SourceXMP, strings.ToLower(language[:2]), unconfirmed)
	}
}

var languageCode = regexp.MustCompile(`^[A-Za-z]{2}(?:-[A-Za-z]{2,4})?$`)

// xmpPages are the pages that PRISM gives.
func xmpPages(properties xmpProperties) string {
	if pages := properties.first("pageRange"); pages != "" {
		return pageNumbers(pages)
	}
	first, last := properties.first("startingPage"), properties.first("endingPage")
	if first == "" || last == "" || first == last {
		return first
	}
	return first + "–" + last
}

// fileKeywords are keywords as a list or, without one, in one text. What some
// programs keep there for themselves is none.
func fileKeywords(list []string, text string) string {
	joined := joinKeywords([]string{strings.Join(list, ", ")}, false)
	if len(list) == 0 {
		joined = joinKeywords([]string{text}, false)
	}
	if !hasLetters(joined, 3) || strings.ContainsAny(joined, "=<>{}") {
		return ""
	}
	return joined
}

// claimInfo takes the document information dictionary.
func claimInfo(out *claims, information func(key string) string, front *frontMatter, filename string) {
	if title := oneLine(information("Title")); !isJunkTitle(title, filename) && !isProgram(title, information) {
		out.add("title", csl.SourceInfo, title, front.confirm(title, sureInfo))
	}
	if names := parseNames(oneLine(information("Author"))); len(names) > 0 {
		out.add("author", csl.SourceInfo, names, front.confirmNames(names, sureInfo))
	}
	for _, key := range []string{"doi", "DOI", "WPS-ARTICLEDOI", "Subject"} {
		if doi := findDOI(information(key)); doi != "" {
			out.add("DOI", csl.SourceInfo, doi, 0.9)
			break
		}
	}
	if keywords := fileKeywords(nil, oneLine(information("Keywords"))); keywords != "" {
		out.add("keyword", csl.SourceInfo, keywords, sureInfo)
	}
	// Publishers put the article's place there.
	if journal := matchJournal(oneLine(information("Subject"))); journal.name != "" && journal.volume != "" {
		journal.claimAs(out, csl.SourceInfo, sureInfo)
		if journal.date != nil {
			out.add("issued", csl.SourceInfo, journal.date, sureInfo)
		}
	}
	// CreationDate is when the file was made, by a scanner perhaps: no claim of when
	// the work was published, even where nothing else is.
}

// isProgram reports whether a title is the name of the program that wrote it.
func isProgram(title string, information func(key string) string) bool {
	for _, key := range []string{"Creator", "Producer"} {
		if name := lookupKey(information(key)); name != "" && name == lookupKey(title) {
			return true
		}
	}
	return false
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// junkTitle is what programs write where a title should stand.
var junkTitle = regexp.MustCompile(`(?i)^(?:` + strings.Join([]string{
	`untitled.*`, `no title`, `title`, `\(?anonymous\)?`, `unknown`, `none`, `unbenannt.*`, `ohne titel.*`, `(?:document )?sans (?:titre|nom).*`, `sin t[ií]tulo.*`, `senza titolo.*`, `sem t[ií]tulo.*`,
	`без (?:имени|названия).*`, `未命名.*`, `无标题.*`, `無題.*`, `제목 ?없음.*`,
	`microsoft (?:word|powerpoint|excel|office|publisher).*`, `powerpoint[- ].*`, `.* (?:de )?powerpoint`, `slide \d+`, `folie \d+`, `diapositiv[ae] \d+`, `presentation ?\d*`,
	`(?:document|dokument|layout|book|article|paper|manuscript|template|preprint|main|ms|draft|final|submission|camera[- ]ready|full ?text|cover|report|thesis|poster|print|scan(?:ned)?(?: document)?|output|file|pdf|job) ?(?:v?\d+(?:\.\d+)*)?`,
	`(?:\S+ ){0,4}template(?: ?v?\d+(?:\.\d+)*)?`, `(?:paper|article|document|report|your|insert|enter|type|the|full) (?:the )?(?:title|name)(?: (?:here|of .{0,30}))?`, `(?:author|authors)'? ?(?:guide|instructions|kit).*`,
	`(?:author'?s? )?(?:accepted|submitted|revised|original|final|published) (?:author )?(?:manuscript|version|paper|draft)`, `author'?s? (?:manuscript|copy|version|accepted manuscript)`, `acmart.*`, `ieee(?:tran|conf).*`, `elsarticle.*`, `llncs.*`, `revtex.*`, `neurips_.*`,
	`.*\.(?:docx?|dvi|tex|pdf|indd|qxp|qxd|fm|pptx?|odt|rtf|txt|xlsx?|ps|eps|html?|p65|pmd|wpd|cdr|ai|lwp|md|ipynb|key|pages|vsd|jpe?g|png|tiff?)(?: ?\(.*\))?`,
	`.*\.(?:qxd|indd|qxp|fm|dvi|docx?) .*`,
	`(?:pii|doi|arxiv|isbn|issn)[: ].*`, `10\.\d{4,9}/.*`, `(?:https?://|www\.).*`,
	`[a-z]:\\.*`, `/.*`, `file:.*`, `[0-9a-f]{16,}`, `[\w.]+@[\w.]+`,
	`[\w-]*\d{4,}[\w-]*`, `\S*_\S*`, `\S+ \.\.+ \S+`, `\d+\.\.\d+`,
}, "|") + `)$`)

// isJunkTitle reports whether a file's title is none.
func isJunkTitle(title, filename string) bool {
	if !hasLetters(title, 4) || runeCount(title) > 500 || junkTitle.MatchString(title) {
		return true
	}
	base := strings.TrimSuffix(filepath.Base(filename), filepath.Ext(filename))
	return filename != "" && pagetext.Fold(title) == pagetext.Fold(base)
}

// titleFromFilename makes a readable name of a file's name.
func titleFromFilename(filename string) string {
	base := strings.TrimSuffix(filename, filepath.Ext(filename))
	base = oneLine(strings.NewReplacer("_", " ", "+", " ", "%20", " ").Replace(cleanText(base)))
	if base == "." || base == "/" {
		return ""
	}
	return base
}
