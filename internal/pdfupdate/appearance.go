package pdfupdate

import (
	"bytes"
	"encoding/hex"
	"math"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// drawing is the appearance stream of a mark (ISO 32000-2, 12.5.5).
type drawing struct {
	rect     pagetext.Rect // where it is on the page
	box      pagetext.Rect // what of its own space is there
	turn     int           // degrees that it is turned anticlockwise, to stand upright on a turned page
	multiply bool
	opacity  float32
	font     bool
	content  bytes.Buffer
}

func (d *drawing) entries() types.Dict {
	state := types.Dict{"Type": types.Name("ExtGState")}
	if d.multiply {
		state["BM"] = types.Name("Multiply")
	}
	if d.opacity > 0 && d.opacity < 1 {
		state["ca"], state["CA"] = types.Float(round(d.opacity)), types.Float(round(d.opacity))
	}
	resources := types.Dict{"ExtGState": types.Dict{"G": state}}
	if d.font {
		resources["Font"] = types.Dict{"Helv": types.Dict{
			"Type": types.Name("Font"), "Subtype": types.Name("Type1"), "BaseFont": types.Name("Helvetica"), "Encoding": types.Name("WinAnsiEncoding"),
		}}
	}
	entries := types.Dict{
		"Type": types.Name("XObject"), "Subtype": types.Name("Form"), "FormType": types.Integer(1),
		"BBox": rectangle(d.box), "Resources": resources,
	}
	if d.turn != 0 {
		sin, cos := math.Sincos(float64(d.turn) * math.Pi / 180)
		entries["Matrix"] = numbers([]float32{float32(cos), float32(sin), float32(-sin), float32(cos), 0, 0})
	}
	return entries
}

// do writes operators: numbers and strings as they are given, each followed by a
// space.
func (d *drawing) do(parts ...any) {
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			d.content.WriteString(part)
		case float32:
			d.content.Write(appendNumber(nil, round(part)))
		case float64:
			d.content.Write(appendNumber(nil, round(float32(part))))
		}
		d.content.WriteByte(' ')
	}
}

// draw gives a mark's appearance, nil for one that programs draw themselves.
func draw(mark pdfmark.Mark, p *page) *drawing {
	d := &drawing{rect: mark.Rect, opacity: mark.Opacity}
	d.do("/G gs")
	switch mark.Subtype {
	case pdfmark.Highlight:
		d.highlight(mark)
	case pdfmark.Underline, pdfmark.StrikeOut, pdfmark.Squiggly:
		d.lines(mark)
	case pdfmark.Square:
		d.square(mark)
	case pdfmark.Ink:
		d.ink(mark)
	case pdfmark.Text:
		d.note(mark, p)
	case pdfmark.FreeText:
		d.text(mark, p)
	default:
		return nil
	}
	return d
}

func (d *drawing) color(c [3]float32, operator string) { d.do(c[0], c[1], c[2], operator) }

// around makes the drawing as large as all quads or strokes, with a border.
func (d *drawing) around(points [][]float32, border float32) {
	first := true
	for _, list := range points {
		for i := 0; i+1 < len(list); i += 2 {
			at := pagetext.Rect{list[i] - border, list[i+1] - border, list[i] + border, list[i+1] + border}
			if d.rect = d.rect.Union(at); first {
				d.rect, first = at, false
			}
		}
	}
	d.box = d.rect
}

func quadPoints(mark pdfmark.Mark) [][]float32 {
	points := make([][]float32, len(mark.Quads))
	for i := range mark.Quads {
		points[i] = mark.Quads[i][:]
	}
	return points
}

func (d *drawing) highlight(mark pdfmark.Mark) {
	d.multiply = true
	d.around(quadPoints(mark), 0)
	d.color(mark.Color, "rg")
	for _, q := range mark.Quads {
		d.do(q[0], q[1], "m", q[2], q[3], "l", q[6], q[7], "l", q[4], q[5], "l h f")
	}
}

// lines draws what stands under or through text.
func (d *drawing) lines(mark pdfmark.Mark) {
	d.around(quadPoints(mark), 1)
	d.color(mark.Color, "RG")
	for _, q := range mark.Quads {
		height := math.Hypot(float64(q[0]-q[4]), float64(q[1]-q[5]))
		part := 0.08
		if mark.Subtype == pdfmark.StrikeOut {
			part = 0.45
		}
		// Both ends are so far up from the bottom.
		up := func(top, bottom float32) float32 { return bottom + float32(part)*(top-bottom) }
		x0, y0, x1, y1 := up(q[0], q[4]), up(q[1], q[5]), up(q[2], q[6]), up(q[3], q[7])
		d.do(max(0.75, height/14), "w", x0, y0, "m")
		if mark.Subtype == pdfmark.Squiggly {
			length, step := math.Hypot(float64(x1-x0), float64(y1-y0)), max(2, height/6)
			count := min(int(length/step), 2000)
			for i := 1; i <= count; i++ {
				t := float32(float64(i) * step / max(length, 1e-6))
				swing := float32(i%2) * 0.08
				d.do(x0+t*(x1-x0)+swing*(q[0]-q[4]), y0+t*(y1-y0)+swing*(q[1]-q[5]), "l")
			}
			d.do("S")
			continue
		}
		d.do(x1, y1, "l S")
	}
}

func (d *drawing) square(mark pdfmark.Mark) {
	d.box = d.rect
	d.color(mark.Color, "RG")
	inset := min(float32(lineWidth)/2, d.rect.Width()/2, d.rect.Height()/2)
	d.do(lineWidth, "w", d.rect[0]+inset, d.rect[1]+inset, d.rect.Width()-2*inset, d.rect.Height()-2*inset, "re S")
}

func (d *drawing) ink(mark pdfmark.Mark) {
	d.around(mark.Paths, lineWidth)
	d.color(mark.Color, "RG")
	d.do(lineWidth, "w 1 J 1 j")
	for _, path := range mark.Paths {
		for i := 0; i+1 < len(path); i += 2 {
			operator := "l"
			if i == 0 {
				operator = "m"
			}
			d.do(path[i], path[i+1], operator)
		}
		if len(path) == 2 {
			d.do(path[0], path[1], "l") // a dot
		}
		d.do("S")
	}
}

// note draws a speech bubble, in the mark's box if that is large enough to see.
func (d *drawing) note(mark pdfmark.Mark, p *page) {
	if d.rect.Width() < 8 || d.rect.Height() < 8 {
		x0 := min(max(d.rect[0], p.box[0]), max(p.box[0], p.box[2]-iconSize))
		y1 := max(min(d.rect[3], p.box[3]), min(p.box[3], p.box[1]+iconSize))
		d.rect = pagetext.Rect{x0, y1 - iconSize, x0 + iconSize, y1}
	}
	d.rect = pdfmark.NoteRect(d.rect, p.rotation)
	d.box = pagetext.Rect{0, 0, iconSize, iconSize}
	d.color(mark.Color, "rg")
	d.do("0.25 0.25 0.28 RG 1 w 1 j 2 18 m 18 18 l 18 6 l 10 6 l 5 2 l 5 6 l 2 6 l h B 5 14 m 15 14 l 5 10 m 12 10 l S")
}

// text draws the words of a text box, as they stand when the page is shown.
func (d *drawing) text(mark pdfmark.Mark, p *page) {
	const padding = 4
	d.font, d.turn = true, p.rotation
	width, height := d.rect.Width(), d.rect.Height()
	if p.rotation%180 != 0 {
		width, height = height, width
	}
	d.box = pagetext.Rect{0, 0, width, height}
	d.color(mark.Color, "rg")
	d.do("0 0", width, height, "re f")
	// Words that do not fit get smaller, to a point.
	size, inner := float64(textSize), max(float64(width)-2*padding, 1)
	lines := wrap(mark.Contents, inner/size)
	for size > 5 && float64(len(lines))*1.2*size > float64(height)-2*padding {
		size -= 0.5
		lines = wrap(mark.Contents, inner/size)
	}
	d.do("0 0", width, height, "re W n BT 0.1 0.1 0.11 rg /Helv", size, "Tf", 1.2*size, "TL", float64(padding), float64(height)-padding-0.8*size, "Td")
	for _, line := range lines {
		d.do("<" + strings.ToUpper(hex.EncodeToString(line)) + "> Tj T*")
	}
	d.do("ET")
}
