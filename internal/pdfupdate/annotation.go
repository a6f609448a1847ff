package pdfupdate

import (
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// Annotation flags (ISO 32000-2, table 167).
const (
	flagHidden   = 1 << 1
	flagPrint    = 1 << 2
	flagNoZoom   = 1 << 3
	flagNoRotate = 1 << 4
)

// Looks of a mark, in points.
const (
	lineWidth = 1.5
	textSize  = 10
	iconSize  = 20
)

// describe makes a mark's dictionary, without its drawing and its flags.
func describe(mark pdfmark.Mark) types.Dict {
	entries := types.Dict{
		"Type":    types.Name("Annot"),
		"Subtype": types.Name(mark.Subtype),
		"Rect":    rectangle(mark.Rect),
		"NM":      textString(mark.Name),
		"C":       numbers(mark.Color[:]),
	}
	for key, text := range map[string]string{
		"Contents": mark.Contents, "T": mark.Author, "Subj": mark.Subject, "StateModel": mark.StateModel, "State": mark.State,
	} {
		if text != "" {
			entries[key] = textString(text)
		}
	}
	for key, at := range map[string]time.Time{"M": mark.Modified, "CreationDate": mark.Created} {
		if !at.IsZero() {
			entries[key] = textString(pdfmark.FormatDate(at))
		}
	}
	if mark.Opacity > 0 && mark.Opacity < 1 {
		entries["CA"] = types.Float(round(mark.Opacity))
	}
	switch mark.Subtype {
	case pdfmark.Highlight, pdfmark.Underline, pdfmark.Squiggly, pdfmark.StrikeOut:
		var points types.Array
		for _, quad := range mark.Quads {
			points = append(points, numbers(quad[:])...)
		}
		entries["QuadPoints"] = points
	case pdfmark.Ink:
		var strokes types.Array
		for _, path := range mark.Paths {
			strokes = append(strokes, numbers(path))
		}
		entries["InkList"] = strokes
		entries["BS"] = types.Dict{"W": types.Float(lineWidth), "S": types.Name("S")}
	case pdfmark.Square:
		entries["BS"] = types.Dict{"W": types.Float(lineWidth), "S": types.Name("S")}
	case pdfmark.FreeText:
		entries["DA"] = textString("0.1 0.1 0.11 rg /Helv 10 Tf")
	case pdfmark.Text:
		entries["Name"] = types.Name("Comment")
	default:
	}
	return entries
}

func rectangle(r pagetext.Rect) types.Array { return numbers(r[:]) }

func numbers(values []float32) types.Array {
	out := make(types.Array, len(values))
	for i, v := range values {
		out[i] = types.Float(round(v))
	}
	return out
}

// round to a ten-thousandth: finer than any screen or printer, and half as long.
func round(v float32) float64 {
	const steps = 1e4
	scaled := float64(v) * steps
	if scaled < 0 {
		return float64(int64(scaled-0.5)) / steps
	}
	return float64(int64(scaled+0.5)) / steps
}
