package extract

import (
	"math"
	"regexp"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// glyph is a character as it stands on the page, in PDFium's order: that of the
// content stream, with right-to-left runs already in reading order.
type glyph struct {
	char rune
	box  pagetext.Rect // from descender to ascender, not the ink
	turn uint8         // quarter turns anticlockwise from horizontal, set for the first glyph of a word
	look look          // of its font, set for the first glyph of a word
}

// hyphenMark is what PDFium gives for a hyphen that it takes to break a word at
// a line's end.
const hyphenMark = '\u0002'

// maxGlyphs on a page; the rest is left out.
const maxGlyphs = 500_000

// glyphs of a page, with spaces and line ends as PDFium sees them (their boxes
// are empty).
func (p *page) glyphs(buffer []glyph) []glyph {
	g := p.document.guest
	text := g.call("FPDFText_LoadPage", p.handle)
	if text == 0 {
		return buffer[:0]
	}
	defer func() { g.call("FPDFText_ClosePage", text) }()
	count := min(g.number("FPDFText_CountChars", text), maxGlyphs)
	glyphs := buffer[:0]
	scratch := uint64(g.scratch)
	begin := true
	fonts := fontLooks{guest: g, known: map[uint64]look{}}
	for i := range count {
		index := uint64(i)
		char := rune(g.invoke(g.text.unicode, text, index)) //nolint:gosec // a code point
		one := glyph{char: char}
		if isSpace(char) {
			begin = true
			glyphs = append(glyphs, one)
			continue
		}
		var edges [4]float32 // left, top, right, bottom
		if g.invoke(g.text.looseBox, text, index, scratch) != 0 {
			g.floats(g.scratch, edges[:])
		}
		one.box = orderedRect(edges[0], edges[3], edges[2], edges[1])
		if one.box.Width() <= 0 || one.box.Height() <= 0 {
			one.box = p.tightBox(text, index)
		}
		if begin {
			radians := math.Float32frombits(uint32(g.invoke(g.text.angle, text, index))) //nolint:gosec // a C float
			one.turn = quarterTurns(radians)
			one.look = fonts.of(g.invoke(g.text.object, text, index))
			begin = false
		}
		glyphs = append(glyphs, one)
		if g.err != nil {
			break
		}
	}
	return glyphs
}

// look is what a font does to stand out.
type look uint8

const (
	bold look = 1 << iota
	italic
)

// fontLooks knows the fonts of a page. Words of one text object share its font,
// and a page has few fonts, so that hardly more than one call for each word is
// made.
type fontLooks struct {
	guest  *guest
	known  map[uint64]look
	object uint64 // asked about last
	last   look
}

// boldWeight is the least weight of a bold font on CSS's scale; PDFium guesses it
// from the stems' width.
const boldWeight = 600

// What names of fonts say: Times-BoldItalic, CMBX10, NimbusRomNo9L-Medi, CMTI10.
var (
	boldNames   = regexp.MustCompile(`(?i)bold|black|heavy|cmbx|cmb\d|sfbx|ecbx|medi(?:ital)?$|demi|[-.]bd?i?$`)
	italicNames = regexp.MustCompile(`(?i)ital|obli|cmti|sfti|ecti|slant|cmsl|[-.,](?:b?i|it)$`)
)

// mostNamedLooks is how many names of fonts are kept.
const mostNamedLooks = 1000

// lookOf is what a font's name says. Pages of a file share their fonts, and files
// of a journal do.
func (g *guest) lookOf(name string) look {
	has, known := g.looks[name]
	if known {
		return has
	}
	if boldNames.MatchString(name) {
		has |= bold
	}
	if italicNames.MatchString(name) {
		has |= italic
	}
	if g.looks == nil || len(g.looks) >= mostNamedLooks {
		g.looks = map[string]look{}
	}
	g.looks[name] = has
	return has
}

func (f *fontLooks) of(object uint64) look {
	if object == f.object {
		return f.last
	}
	g := f.guest
	f.object, f.last = object, 0
	if object == 0 {
		return 0
	}
	font := g.invoke(g.text.font, object)
	if font == 0 {
		return 0
	}
	has, known := f.known[font]
	if !known {
		name := g.plainText(func(buffer, length uint64) uint64 {
			return g.call("FPDFFont_GetBaseFontName", font, buffer, length)
		})
		if has = g.lookOf(name); name == "" && g.number("FPDFFont_GetWeight", font) >= boldWeight {
			has |= bold
		}
		f.known[font] = has
	}
	f.last = has
	return has
}

// tightBox is the ink's box, for fonts that do not say how high they are.
func (p *page) tightBox(text, index uint64) pagetext.Rect {
	g := p.document.guest
	left, right, bottom, top := uint64(g.scratch), uint64(g.scratch+8), uint64(g.scratch+16), uint64(g.scratch+24)
	if g.invoke(g.text.tightBox, text, index, left, right, bottom, top) == 0 {
		return pagetext.Rect{}
	}
	var edges [4]float64
	g.doubles(g.scratch, edges[:])
	return orderedRect(float32(edges[0]), float32(edges[2]), float32(edges[1]), float32(edges[3]))
}

// quarterTurns anticlockwise of an angle that PDFium gives, which grows
// clockwise.
func quarterTurns(radians float32) uint8 {
	if !finite(radians) {
		return 0
	}
	return uint8(int(math.Round(-float64(radians)/(math.Pi/2))) & 3) //nolint:gosec // 0 to 3
}

// furthest coordinate that a page can have, in points; far above the 14,400
// that readers must support.
const furthest = 1e6

// orderedRect is the box between two corners, or the zero box when they are no
// place on a page.
func orderedRect(x0, y0, x1, y1 float32) pagetext.Rect {
	for _, v := range [...]float32{x0, y0, x1, y1} {
		if !finite(v) || v > furthest || v < -furthest {
			return pagetext.Rect{}
		}
	}
	return pagetext.Rect{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
}

func finite(v float32) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
