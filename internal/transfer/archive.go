package transfer

import (
	"encoding/json"
	"slices"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
)

// FileMarks is the marks of one file as an archive has them: Web Annotations with
// what else is needed to make equal marks of them, in our own vocabulary.
type FileMarks struct {
	Title    string
	Item     csl.Item
	Filename string
	SHA256   []byte
	Link     string // to the file, from where the annotations are
	At       time.Time
	Names    map[annotation.Meaning]string // as the library has them
	Pages    []document.PageInfo
	Marks    []annotation.Annotation // those that may go out
}

// WebAnnotations is the marks as JSON-LD.
func (s FileMarks) WebAnnotations() ([]byte, error) {
	out := &sheet{
		Title: s.Title, Item: s.Item, Filename: s.Filename, SHA256: s.SHA256, At: s.At, Link: s.Link,
		Names: names(annotation.Settings{Names: s.Names}), pages: s.Pages, whole: true,
	}
	for _, mark := range s.Marks {
		out.Marks = append(out.Marks, out.entry(mark))
	}
	return out.jsonLD()
}

// ldWhole adds what an archive needs.
func (s *sheet) ldWhole(e *entry, a *ldAnnotation) {
	if e.ResolvedBy != nil {
		a.ResolvedBy = e.ResolvedBy.Name
	}
	if e.Origin == annotation.FromFile {
		a.FileKey = e.OriginKey
	}
	a.Place = e.Anchor.Parts
}

// ReadFileMarks reads what WebAnnotations writes, of at most so many annotations. own
// are the ids of who brings them in. skipped counts those that cannot be placed.
func ReadFileMarks(data []byte, pages []document.PageInfo, libraryNames map[annotation.Meaning]string, own []string, most int) (marks []annotation.Imported, skipped int, err error) {
	read, err := readAnnotations(data, importer{
		pages: pages, names: names(annotation.Settings{Names: libraryNames}), own: own, whole: true,
	}, most)
	return read.marks, read.skipped, err
}

// wholePlace reads what ldWhole writes.
func (r *importer) wholePlace(n node, m *annotation.Imported) bool {
	if at := n.time("sk:resolved"); !at.IsZero() {
		m.ResolvedAt, m.ResolvedBy = at, text(n["sk:resolvedBy"])
	}
	key := text(n["sk:fileKey"])
	if key != "" {
		m.Origin, m.OriginKey = annotation.FromFile, key
	}
	encoded, err := json.Marshal(n["sk:place"])
	if err != nil {
		return false
	}
	var parts []annotation.Part
	if json.Unmarshal(encoded, &parts) != nil || len(parts) == 0 || !slices.Contains([]annotation.Kind{
		annotation.Highlight, annotation.Underline, annotation.Area, annotation.Note, annotation.Text, annotation.Ink,
	}, m.Kind) {
		return false
	}
	m.Parts = parts
	if m.Kind.OnText() && (key != "" || m.Quote == nil) {
		// As the file draws it, not as its words lie.
		m.Quote = nil
		for i := range m.Parts {
			if len(m.Parts[i].Quads) > 0 {
				m.Parts[i].Start, m.Parts[i].End = nil, nil
			}
		}
	}
	return true
}
