package biblio

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// Record is one work as a file has it. One that has no title and no type is of
// its files alone, of which nothing more is said.
type Record struct {
	// Key is the citation key: BibTeX's, or the id of CSL-JSON. The item's own ID
	// stays empty.
	Key  string
	Item csl.Item
	Tags []string
	// Notes are what people wrote about the work, as plain text.
	Notes []string
	// Collections that the work is in, each a path with "/" between its names.
	Collections []string
	Files       []File
	// Line of the file in which the record begins, from 1.
	Line int
}

// File is a file of a record, as the exporting program named it.
type File struct {
	Path  string // with "/" between names, or an address
	Title string
	Type  string // a media type, or empty
}

// Problem is something wrong with a record. Where Record is set that record was
// read, and Message says what of it was not.
type Problem struct {
	Line    int
	Key     string // of the record, where it is known
	Message string
}

func (p *Problem) Error() string {
	if p.Key != "" {
		return fmt.Sprintf("line %d, %s: %s", p.Line, p.Key, p.Message)
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Message)
}

// Format of a file.
type Format string

// Formats that are read and written. BibTeX and biblatex are read alike.
const (
	BibTeX   Format = "bibtex"
	BibLaTeX Format = "biblatex"
	RIS      Format = "ris"
	CSLJSON  Format = "csljson"
	EndNote  Format = "endnote" // its XML
	NBIB     Format = "nbib"
	// ZoteroRDF is read only.
	ZoteroRDF Format = "zotero"
)

// Formats are those that are read and written.
var Formats = []Format{BibTeX, BibLaTeX, RIS, CSLJSON, EndNote, NBIB}

// Detect tells the format of a file from its first bytes, some 4096 of them, and
// its name. It is empty where neither says.
func Detect(head []byte, name string) Format {
	text := strings.TrimSpace(strings.TrimPrefix(string(bytes.ToValidUTF8(head, nil)), "\uFEFF"))
	switch {
	case strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{"):
		return CSLJSON
	case strings.HasPrefix(text, "<") && strings.Contains(text, "<rdf:RDF") && strings.Contains(text, "http://www.zotero.org/namespaces/export#"):
		return ZoteroRDF
	case strings.HasPrefix(text, "<") && (strings.Contains(text, "<records") || strings.Contains(text, "<record>")):
		return EndNote
	case strings.HasPrefix(text, "TY  -") || strings.Contains(text, "\nTY  -"):
		return RIS
	case strings.HasPrefix(text, "PMID-") || strings.Contains(text, "\nPMID-"):
		return NBIB
	case anyEntry.MatchString(text):
		return BibTeX
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".bib", ".bibtex":
		return BibTeX
	case ".ris":
		return RIS
	case ".json":
		return CSLJSON
	case ".xml":
		return EndNote
	case ".nbib":
		return NBIB
	case ".rdf":
		return ZoteroRDF
	}
	return ""
}

var anyEntry = regexp.MustCompile(`(?m)^\s*@[A-Za-z]+\s*[{(]`)

// joinTitle puts title and subtitle together as CSL has them.
func joinTitle(title, subtitle string) string {
	switch {
	case title == "":
		return subtitle
	case subtitle == "":
		return title
	case strings.ContainsAny(title[len(title)-1:], "?!:.–"):
		return title + " " + subtitle
	}
	return title + ": " + subtitle
}

// unique leaves out empty and repeated texts, and keeps the order.
func unique(texts []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}
