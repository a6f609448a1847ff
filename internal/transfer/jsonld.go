package transfer

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
)

// The Web Annotation Data Model (W3C, 2017). What it has no word for is in a
// vocabulary of our own, which other programs pass over.
const (
	annotationContext = "http://www.w3.org/ns/anno.jsonld"
	ownVocabulary     = "https://scrollkeeper.example/ns#"
	pdfFragments      = "http://tools.ietf.org/rfc/rfc8118"
)

type ldCollection struct {
	Context   []any     `json:"@context"`
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	Label     string    `json:"label"`
	Generated time.Time `json:"generated"`
	Total     int       `json:"total"`
	First     ldPage    `json:"first"`
}

type ldPage struct {
	ID         string         `json:"id"`
	Type       string         `json:"type"`
	StartIndex int            `json:"startIndex"`
	Items      []ldAnnotation `json:"items"`
}

type ldAnnotation struct {
	ID         string     `json:"id"`
	Type       string     `json:"type"`
	Motivation string     `json:"motivation"`
	Creator    *ldPerson  `json:"creator,omitempty"`
	Created    time.Time  `json:"created"`
	Modified   *time.Time `json:"modified,omitempty"`
	Body       []ldBody   `json:"body,omitempty"`
	Target     any        `json:"target"` // a reply's is the id of its mark
	Private    bool       `json:"sk:private,omitempty"`
	Resolved   *time.Time `json:"sk:resolved,omitempty"`
	// The next ones are in archives alone, see [FileMarks].
	ResolvedBy string            `json:"sk:resolvedBy,omitempty"`
	FileKey    string            `json:"sk:fileKey,omitempty"` // of a mark that the file brings itself
	Place      []annotation.Part `json:"sk:place,omitempty"`
}

type ldPerson struct {
	ID   string `json:"id,omitempty"`
	Type string `json:"type"`
	Name string `json:"name"`
}

type ldBody struct {
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
	Value   string `json:"value"`
	Format  string `json:"format,omitempty"`
}

type ldTarget struct {
	Type       string       `json:"type"`
	Source     ldSource     `json:"source"`
	StyleClass []string     `json:"styleClass"` // what it looks like and why it is there
	Selector   []ldSelector `json:"selector,omitempty"`
}

type ldSource struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Format string `json:"format,omitempty"` // of a file; a work has none
	Name   string `json:"sk:filename,omitempty"`
	SHA256 string `json:"sk:sha256,omitempty"`
	DOI    string `json:"sk:doi,omitempty"`
}

type ldSelector struct {
	Type       string      `json:"type"`
	Exact      string      `json:"exact,omitempty"`
	Prefix     string      `json:"prefix,omitempty"`
	Suffix     string      `json:"suffix,omitempty"`
	Start      *int        `json:"start,omitempty"`
	End        *int        `json:"end,omitempty"`
	ConformsTo string      `json:"conformsTo,omitempty"`
	Value      string      `json:"value,omitempty"`
	RefinedBy  *ldSelector `json:"refinedBy,omitempty"`
	From       *ldSelector `json:"startSelector,omitempty"`
	To         *ldSelector `json:"endSelector,omitempty"`
}

// jsonLD is the marks as an annotation collection of one page.
func (s *sheet) jsonLD() ([]byte, error) {
	c := ldCollection{
		Context: []any{annotationContext, map[string]string{"sk": ownVocabulary}},
		ID:      s.Link + "#marks", Type: "AnnotationCollection", Label: s.Title, Generated: s.At.UTC(),
		First: ldPage{ID: s.Link + "#marks-1", Type: "AnnotationPage", Items: []ldAnnotation{}},
	}
	for i := range s.Marks {
		c.First.Items = append(c.First.Items, s.ldMark(&s.Marks[i]))
		c.First.Items = append(c.First.Items, ldReplies(&s.Marks[i])...)
	}
	c.Total = len(c.First.Items)
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(c); err != nil {
		return nil, fmt.Errorf("write annotations: %w", err)
	}
	return out.Bytes(), nil
}

// urn names anything of ours in other people's files.
func urn(id uuid.UUID) string { return "urn:uuid:" + id.String() }

func ldCreator(p annotation.Person) *ldPerson {
	if p.Name == "" {
		return nil
	}
	out := &ldPerson{Type: "Person", Name: p.Name}
	if p.ID.Valid {
		out.ID = urn(p.ID.UUID)
	}
	return out
}

// Classes that say in a target what the model has no word for.
const (
	kindClass    = "sk-"
	meaningClass = "sk-meaning-"
)

func (s *sheet) ldMark(e *entry) ldAnnotation {
	a := ldAnnotation{
		ID: urn(e.ID), Type: "Annotation", Motivation: "highlighting", Creator: ldCreator(e.Author),
		Created: e.CreatedAt.UTC(), Modified: utc(e.EditedAt), Private: e.Private, Resolved: utc(e.ResolvedAt),
	}
	if e.Body != "" {
		a.Motivation = "commenting"
		a.Body = append(a.Body, ldBody{Type: "TextualBody", Purpose: "commenting", Value: spoken(e.Body), Format: "text/markdown"})
	}
	target := ldTarget{
		Type: "SpecificResource", StyleClass: []string{kindClass + string(e.Kind)},
		Source: ldSource{ID: s.Link, Type: "Text", Name: s.Filename, SHA256: hex.EncodeToString(s.SHA256), DOI: s.Item.DOI},
	}
	if s.Filename != "" {
		target.Source.Format = "application/pdf"
	}
	if e.Kind != annotation.Document {
		a.Body = append(a.Body, ldBody{Type: "TextualBody", Purpose: "tagging", Value: e.Meant})
		target.StyleClass = append(target.StyleClass, meaningClass+string(e.Meaning))
	}
	if quote := e.Quoted(); quote != "" {
		target.Selector = append(target.Selector, ldSelector{Type: "TextQuoteSelector", Exact: quote, Prefix: e.Anchor.Prefix, Suffix: e.Anchor.Suffix})
	}
	if place := s.ldPlace(e); place != nil {
		target.Selector = append(target.Selector, *place)
	}
	a.Target = target
	if s.whole {
		s.ldWhole(e, &a)
	}
	return a
}

// ldPlace is where a mark stands, nil for one without a place.
func (s *sheet) ldPlace(e *entry) *ldSelector {
	parts := e.Anchor.Parts
	if len(parts) == 0 {
		return nil
	}
	at := func(part annotation.Part, refined *ldSelector) *ldSelector {
		if part.Page < 1 || part.Page > len(s.pages) {
			return nil
		}
		page := s.pages[part.Page-1]
		out := &ldSelector{Type: "FragmentSelector", ConformsTo: pdfFragments, Value: fragment(page, nil), RefinedBy: refined}
		if !e.Kind.OnText() {
			out.Value = fragment(page, part.Rect)
			if e.Kind == annotation.Ink {
				out.RefinedBy = &ldSelector{Type: "SvgSelector", Value: svg(part.Paths, page)}
			}
		}
		return out
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return at(first, position(first.Start, first.End))
	}
	// Over several pages: from the beginning of one place to that of another.
	from, to := at(first, position(first.Start, first.Start)), at(last, position(last.End, last.End))
	if from == nil || to == nil {
		return nil
	}
	return &ldSelector{Type: "RangeSelector", From: from, To: to}
}

func position(start, end *int) *ldSelector {
	if start == nil || end == nil {
		return nil
	}
	return &ldSelector{Type: "TextPositionSelector", Start: start, End: end}
}

func ldReplies(e *entry) []ldAnnotation {
	var out []ldAnnotation
	for _, reply := range e.Answers {
		out = append(out, ldAnnotation{
			ID: urn(reply.ID), Type: "Annotation", Motivation: "replying", Creator: ldCreator(reply.Author),
			Created: reply.CreatedAt.UTC(), Modified: utc(reply.EditedAt), Target: urn(e.ID), Private: e.Private,
			Body: []ldBody{{Type: "TextualBody", Purpose: "replying", Value: spoken(reply.Body), Format: "text/markdown"}},
		})
	}
	return out
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	at := t.UTC()
	return &at
}
