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
	confirmed        = 0.95
	sureXMP          = 0.8
	sureInfo         = 0.7
	surePage         = 0.75
	sureFilename     = 0.1
	sureCreationDate = 0.3
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
	front := newFrontMatter(r.first)
	out := &claims{}
	front.claim(out)
	claimXMP(out, findXMP(file, asked.Size), front)
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
	for property, field := range map[string]string{"volume": "volume", "number": "issue", "issn": "ISSN"} {
		if value := properties.first(property); value != "" {
			out.add(field, csl.SourceXMP, value, sureXMP)
		}
	}
}

// claimInfo takes the document information dictionary.
func claimInfo(out *claims, information func(key string) string, front *frontMatter, filename string) {
	if title := oneLine(information("Title")); !isJunkTitle(title, filename) {
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
	if keywords := oneLine(information("Keywords")); hasLetters(keywords, 3) {
		out.add("keyword", csl.SourceInfo, keywords, sureInfo)
	}
	if date := pdfDate(information("CreationDate")); date != nil {
		out.add("issued", csl.SourceInfo, date, sureCreationDate)
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// junkTitle is what programs write where a title should stand.
var junkTitle = regexp.MustCompile(`(?i)^(?:` + strings.Join([]string{
	`untitled.*`, `no title`, `title`, `\(?anonymous\)?`, `unknown`,
	`microsoft (?:word|powerpoint|excel|office).*`, `powerpoint presentation`, `slide \d+`, `presentation ?\d*`,
	`(?:document|layout|book|article|paper|manuscript|template|preprint|main|ms|draft) ?\d*`,
	`.*\.(?:docx?|dvi|tex|pdf|indd|qxp|qxd|fm|pptx?|odt|rtf|txt|xlsx?|ps|eps|html?|p65|pmd|wpd|cdr|ai|lwp)`,
	`(?:pii|doi|arxiv)[: ].*`, `10\.\d{4,9}/.*`, `https?://.*`,
	`[a-z]:\\.*`, `/.*`, `file:.*`,
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
