package annotation

import (
	"context"
	"errors"
	"strings"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// importFile brings in what a PDF has of marks of its own.
func (s *Service) importFile(ctx context.Context, args SettleArgs) error {
	if len(args.Marks) == 0 {
		return nil
	}
	_, err := s.importMarks(ctx, args.EditionID, args.Attempt, nil, FromPDF(args.Marks))
	if errors.Is(err, document.ErrStale) || errors.Is(err, document.ErrGone) {
		return nil // the attempt that took over brings them in
	}
	return err
}

// FromPDF makes marks of those in a file: answers become replies, a review that
// settles a mark resolves it, and what is grouped with a mark is a part of it.
func FromPDF(marks []pdfmark.Mark) []Imported {
	byName := make(map[string]pdfmark.Mark, len(marks))
	for _, m := range marks {
		if _, taken := byName[m.Name]; !taken {
			byName[m.Name] = m
		}
	}
	at := map[string]int{}
	var list []Imported
	for _, m := range marks {
		if m.InReplyTo != "" && root(byName, m) != "" {
			continue
		}
		one, ok := fromPDF(m)
		if !ok {
			continue
		}
		if name, part := pdfmark.PartOf(m.Name); part > 0 && one.Kind.OnText() {
			// One of ours that goes on over the end of a page.
			if i, ok := at[name]; ok && list[i].Kind == one.Kind {
				list[i].Parts = append(list[i].Parts, one.Parts...)
				continue
			}
		}
		at[m.Name] = len(list)
		list = append(list, one)
	}
	for _, m := range marks {
		if m.InReplyTo == "" {
			continue
		}
		i, ok := at[root(byName, m)]
		if !ok {
			continue
		}
		one := &list[i]
		switch {
		case m.Resolves():
			one.Resolved = true
		case m.IsReview():
		case m.Grouped:
			// A caret with the text that shall replace what is struck out.
			if one.Body == "" {
				one.Body = m.Contents
			}
		case strings.TrimSpace(m.Contents) != "":
			one.Replies = append(one.Replies, ImportedReply{Author: m.Author, Body: m.Contents, Created: earliest(m)})
		}
	}
	return list
}

// root is the name of the mark that a discussion is about; empty where the file
// does not have it, or goes round in a circle.
func root(byName map[string]pdfmark.Mark, m pdfmark.Mark) string {
	for range len(byName) {
		above, ok := byName[m.InReplyTo]
		if !ok {
			return ""
		}
		if above.InReplyTo == "" {
			return above.Name
		}
		m = above
	}
	return ""
}

// kindsOfPDF says what each subtype becomes here.
var kindsOfPDF = map[pdfmark.Subtype]Kind{
	pdfmark.Highlight: Highlight,
	pdfmark.Underline: Underline, pdfmark.Squiggly: Underline, pdfmark.StrikeOut: Underline,
	pdfmark.Text: Note, pdfmark.Caret: Note, pdfmark.Stamp: Note, pdfmark.FileAttachment: Note,
	pdfmark.FreeText: Text,
	pdfmark.Square:   Area, pdfmark.Circle: Area, pdfmark.Polygon: Area,
	pdfmark.Ink: Ink, pdfmark.Line: Ink, pdfmark.PolyLine: Ink,
}

func fromPDF(m pdfmark.Mark) (Imported, bool) {
	kind, ok := kindsOfPDF[m.Subtype]
	if !ok || m.Hidden || m.Name == "" {
		return Imported{}, false
	}
	part := Part{Page: m.Page}
	switch {
	case kind.OnText():
		part.Quads = m.Quads
		if len(part.Quads) == 0 {
			part.Quads = [][8]float32{pdfmark.QuadOf(m.Rect)}
		}
	case kind == Ink:
		part.Paths = m.Paths
	default:
		part.Rect = &pagetext.Rect{m.Rect[0], m.Rect[1], m.Rect[2], m.Rect[3]}
	}
	return Imported{
		OriginKey: m.Name, Origin: FromFile, Kind: kind, Meaning: Meaning(pdfmark.MeaningOf(m.Color)), Author: m.Author,
		Body: m.Contents, Created: earliest(m), Updated: m.Modified, Parts: []Part{part},
	}, true
}

// earliest is when a mark was made, as far as its file says.
func earliest(m pdfmark.Mark) time.Time {
	if m.Created.IsZero() {
		return m.Modified
	}
	return m.Created
}
