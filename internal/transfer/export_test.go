package transfer

import (
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// Sheet is what summaries are made of.
type Sheet = sheet

// NewSheet makes one without a database.
func NewSheet(title string, item csl.Item, at time.Time, pages []document.PageInfo, marks ...annotation.Annotation) *Sheet {
	s := &sheet{
		Title: title, Item: item, Filename: "paper.pdf", SHA256: []byte{0xab, 0xcd}, EditionID: uuid.UUID{15: 9}, At: at,
		Link: "https://papers.example.org/d/00000000-0000-0000-0000-000000000001", Names: names(annotation.Settings{}), pages: pages,
	}
	for _, mark := range marks {
		s.Marks = append(s.Marks, s.entry(mark))
	}
	return s
}

func (s *sheet) JSONLD() ([]byte, error)       { return s.jsonLD() }
func (s *sheet) Markdown(by Group) []byte      { return s.markdown(by) }
func (s *sheet) CSV(by Group) []byte           { return s.csv(by) }
func (s *sheet) HTML(by Group) ([]byte, error) { return s.html(by) }

// Read reads Web Annotations for a file with these pages.
func Read(data []byte, pages []document.PageInfo) (marks []annotation.Imported, skipped int, err error) {
	r, err := readAnnotations(data, importer{pages: pages, names: names(annotation.Settings{}), own: []string{"urn:uuid:me"}}, maxImported)
	return r.marks, r.skipped, err
}

var (
	ParseFragment = parseFragment
	ParseSVG      = parseSVG
)

// There and back again.
func ViewAndBack(r pagetext.Rect, page document.PageInfo) (view, back pagetext.Rect) {
	view = toView(r, page)
	return view, fromView(view, page)
}
