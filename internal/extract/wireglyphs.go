package extract

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// rawPage is what PDFium says about a page, before it is laid out.
type rawPage struct {
	index      int // from 0
	unreadable bool
	rotation   int // degrees clockwise
	box        pagetext.Rect
	links      []link
	glyphs     []glyph
	marks      []pdfmark.Mark
	entry      []int // of each mark, its place in the page's list
}

// A raw page on the wire, with unsigned varints for numbers:
//
//	index, 1 when unreadable, box, rotation, marks as JSON, the place of each,
//	count of links, box and address of each,
//	count of glyphs, then for each glyph: code point × 2 + 1 with a box,
//	quarter turns + 4 × look, the box
//
// Texts and boxes are as in wirepage.go.

func appendRawPage(out []byte, raw rawPage) ([]byte, error) {
	out = appendCount(out, raw.index)
	unreadable := 0
	if raw.unreadable {
		unreadable = 1
	}
	out = appendCount(out, unreadable)
	out = appendBox(out, raw.box)
	out = appendCount(out, raw.rotation)
	var marks []byte
	if len(raw.marks) > 0 {
		var err error
		if marks, err = json.Marshal(raw.marks); err != nil {
			return out, err
		}
	}
	out = appendText(out, string(marks))
	for i := range raw.marks {
		out = appendCount(out, raw.entry[i])
	}
	out = appendCount(out, len(raw.links))
	for _, one := range raw.links {
		out = appendText(appendBox(out, one.box), one.uri)
	}
	out = appendCount(out, len(raw.glyphs))
	for i := range raw.glyphs {
		one := &raw.glyphs[i]
		boxed := 0
		if one.box != (pagetext.Rect{}) {
			boxed = 1
		}
		out = appendCount(out, int(one.char)<<1|boxed)
		out = append(out, one.turn|byte(one.look)<<2)
		if boxed != 0 {
			out = appendBox(out, one.box)
		}
	}
	return out, nil
}

// rawIndex is the index of a raw page, -1 when there is none.
func rawIndex(data []byte) int {
	r := pageReader{data: data}
	index := r.count(math.MaxInt32)
	if r.bad {
		return -1
	}
	return index
}

// decodeRawPage checks as decodePage does: the children of a document trust each
// other no more than the parent trusts them. The page may use buffer's room.
func decodeRawPage(data []byte, buffer []glyph) (rawPage, error) {
	r := pageReader{data: data}
	raw := rawPage{index: r.count(math.MaxInt32 - 1)}
	raw.unreadable = r.count(1) == 1
	raw.box = r.box()
	raw.rotation = r.count(270)
	if marks := r.text(); marks != "" {
		if err := json.Unmarshal([]byte(marks), &raw.marks); err != nil {
			r.bad = true
		}
	}
	for range raw.marks {
		raw.entry = append(raw.entry, r.count(math.MaxInt32))
	}
	for range r.count(maxLinks) {
		raw.links = append(raw.links, link{box: r.box(), uri: r.text()})
	}
	count := r.count(maxGlyphs)
	// A glyph is two bytes at least.
	raw.glyphs = slices.Grow(buffer[:0], min(count, len(r.data)/2))
	for range count {
		char := r.count(math.MaxInt32)
		style := r.byte()
		one := glyph{char: rune(char >> 1), turn: style & 3, look: look(style>>2) & (bold | italic)} //nolint:gosec // below 2³⁰
		if char&1 != 0 {
			one.box = r.box()
		}
		if r.bad {
			break
		}
		raw.glyphs = append(raw.glyphs, one)
	}
	if r.bad || len(r.data) != 0 || raw.rotation%90 != 0 {
		return rawPage{}, errBadPage
	}
	return raw, nil
}

func (r *pageReader) byte() byte {
	if r.bad || len(r.data) == 0 {
		r.bad = true
		return 0
	}
	b := r.data[0]
	r.data = r.data[1:]
	return b
}

// appendOrder appends an order as a frame.
func appendOrder(out []byte, given pageOrder) ([]byte, error) {
	payload, err := json.Marshal(given)
	if err != nil {
		return out, err
	}
	return appendFrame(out, frameOrder, payload)
}

// decodeIndex reads a page's index that is a frame of its own.
func decodeIndex(payload []byte) (int, error) {
	n, size := binary.Uvarint(payload)
	if size <= 0 || size != len(payload) || n > math.MaxInt32 {
		return 0, errBadPage
	}
	return int(n), nil
}
