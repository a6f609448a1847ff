package transfer

import (
	"time"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
	"scrollkeeper.example/scrollkeeper/internal/pdfupdate"
)

// subtypes that marks get.
var subtypes = map[annotation.Kind]pdfmark.Subtype{
	annotation.Highlight: pdfmark.Highlight, annotation.Underline: pdfmark.Underline, annotation.Area: pdfmark.Square,
	annotation.Note: pdfmark.Text, annotation.Text: pdfmark.FreeText, annotation.Ink: pdfmark.Ink,
}

// pdfMarks are the marks that have a place in the file, as annotations: for each
// page a mark stands on one, and one for each answer and for its being settled.
func (s *sheet) pdfMarks() []pdfupdate.Mark {
	var out []pdfupdate.Mark
	for i := range s.Marks {
		out = append(out, s.pdfMark(&s.Marks[i])...)
	}
	return out
}

func (s *sheet) pdfMark(e *entry) []pdfupdate.Mark {
	// What came with this very file is in it.
	own := e.Origin == annotation.FromFile && e.EditionID == s.EditionID
	name := e.ID.String()
	if own {
		name = e.OriginKey
	}
	var out []pdfupdate.Mark
	for _, part := range e.Anchor.Parts {
		mark, ok := s.shape(e, part)
		if !ok {
			continue
		}
		mark.Name = pdfmark.PartName(name, len(out))
		mark.Author, mark.Subject, mark.Opacity = e.Author.Name, e.Meant, 1
		mark.Created, mark.Modified = e.CreatedAt, later(e.CreatedAt, e.EditedAt)
		if len(out) == 0 {
			mark.Contents = spoken(e.Body)
		}
		out = append(out, pdfupdate.Mark{Mark: mark, Kept: own && e.Revision == 1})
	}
	if len(out) == 0 {
		return nil
	}
	first := out[0]
	answer := func(name, author, says string, at time.Time) pdfupdate.Mark {
		return pdfupdate.Mark{Mark: pdfmark.Mark{
			Page: first.Page, Subtype: pdfmark.Text, Rect: first.Rect, Color: pdfmark.ColorOf(string(e.Meaning)), Opacity: 1,
			Name: name, Author: author, Contents: says, Created: at, Modified: at, InReplyTo: first.Name,
		}}
	}
	for _, reply := range e.Answers {
		mark := answer(reply.ID.String(), reply.Author.Name, spoken(reply.Body), reply.CreatedAt)
		mark.Modified = later(reply.CreatedAt, reply.EditedAt)
		out = append(out, mark)
	}
	if e.ResolvedAt != nil {
		author := ""
		if e.ResolvedBy != nil {
			author = e.ResolvedBy.Name
		}
		mark := answer(e.ID.String()+" resolved", author, "", *e.ResolvedAt)
		mark.StateModel, mark.State = pdfmark.ModelReview, pdfmark.StateCompleted
		out = append(out, mark)
	}
	return out
}

// shape is where a part stands, in the colour of its meaning.
func (s *sheet) shape(e *entry, part annotation.Part) (pdfmark.Mark, bool) {
	mark := pdfmark.Mark{Page: part.Page, Subtype: subtypes[e.Kind], Color: pdfmark.ColorOf(string(e.Meaning))}
	if part.Page < 1 || part.Page > len(s.pages) || mark.Subtype == "" {
		return mark, false
	}
	switch e.Kind {
	case annotation.Highlight, annotation.Underline:
		if e.Kind == annotation.Underline {
			mark.Color = pdfmark.LineColorOf(string(e.Meaning))
		}
		var rect pagetext.Rect
		for i, quad := range part.Quads {
			if bounds := pdfmark.Bounds(quad); i == 0 {
				rect = bounds
			} else {
				rect = rect.Union(bounds)
			}
		}
		mark.Quads, mark.Rect = part.Quads, rect
		return mark, len(part.Quads) > 0
	case annotation.Area:
		mark.Color = pdfmark.LineColorOf(string(e.Meaning))
	case annotation.Ink:
		mark.Color, mark.Paths = pdfmark.LineColorOf(string(e.Meaning)), part.Paths
		if len(part.Paths) == 0 {
			return mark, false
		}
	case annotation.Note, annotation.Text:
	case annotation.Document: // has no part
	}
	if part.Rect != nil {
		mark.Rect = *part.Rect
	}
	return mark, part.Rect != nil
}

func later(made time.Time, edited *time.Time) time.Time {
	if edited != nil {
		return *edited
	}
	return made
}
