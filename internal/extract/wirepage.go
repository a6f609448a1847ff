package extract

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// A page on the wire, with unsigned varints for numbers:
//
//	number, label, box, rotation, text, count of words, then for each word:
//	distance of its start from the last word's end, length, count of boxes, boxes,
//	then count of blocks, and for each: its kind's place in pagetext.BlockKinds,
//	level, distance of its start from the last block's end, length, box
//
// Text is its length in bytes and its bytes. A box is four float32, little
// endian.

func appendPage(out []byte, page pagetext.Page) []byte {
	out = appendCount(out, page.Number)
	out = appendText(out, page.Label)
	out = appendBox(out, page.Box)
	out = appendCount(out, page.Rotation)
	out = appendText(out, page.Text)
	out = appendCount(out, len(page.Words))
	end := 0
	for _, word := range page.Words {
		out = appendCount(out, word.Start-end)
		out = appendCount(out, word.End-word.Start)
		out = appendCount(out, len(word.Boxes))
		for _, box := range word.Boxes {
			out = appendBox(out, box)
		}
		end = word.End
	}
	out = appendCount(out, len(page.Blocks))
	end = 0
	for _, block := range page.Blocks {
		out = appendCount(out, slices.Index(pagetext.BlockKinds, block.Kind))
		out = appendCount(out, block.Level)
		out = appendCount(out, block.Start-end)
		out = appendCount(out, block.End-block.Start)
		out = appendBox(out, block.Box)
		end = block.End
	}
	return out
}

func appendCount(out []byte, n int) []byte {
	return binary.AppendUvarint(out, uint64(n)) //nolint:gosec // counts are not negative
}

func appendText(out []byte, text string) []byte {
	return append(appendCount(out, len(text)), text...)
}

func appendBox(out []byte, box pagetext.Rect) []byte {
	for _, edge := range box {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(edge))
	}
	return out
}

var errBadPage = errors.New("the child sent a page that cannot be")

// decodePage reads a page and checks it: a child that a document got hold of
// must not be able to hand on offsets or boxes that break those who use them.
func decodePage(data []byte) (pagetext.Page, error) {
	r := pageReader{data: data}
	page := pagetext.Page{
		Number:   r.count(math.MaxInt32),
		Label:    r.text(),
		Box:      r.box(),
		Rotation: r.count(270),
		Text:     r.text(),
	}
	length := utf8.RuneCountInString(page.Text)
	words := r.count(length)
	end := 0
	// No room is made on the word of a count: a word is three bytes at least.
	room := min(words, len(r.data)/3)
	page.Words = make([]pagetext.Word, 0, room)
	boxes := make([]pagetext.Rect, 0, room+room/16)
	for range words {
		start := end + r.count(length)
		end = start + r.count(length)
		if start >= end || end > length {
			r.bad = true
		}
		first := len(boxes)
		for range r.count(len(r.data) / 16) {
			boxes = append(boxes, r.box())
		}
		if r.bad {
			break
		}
		page.Words = append(page.Words, pagetext.Word{Start: start, End: end, Boxes: boxes[first:len(boxes):len(boxes)]})
	}
	page.Blocks = r.blocks(length)
	if r.bad || len(r.data) != 0 || page.Number < 1 || page.Rotation%90 != 0 {
		return pagetext.Page{}, errBadPage
	}
	return page, nil
}

// blocks reads the blocks of a text of length code points.
func (r *pageReader) blocks(length int) []pagetext.Block {
	count := r.count(length)
	// A block is 20 bytes at least.
	blocks := make([]pagetext.Block, 0, min(count, len(r.data)/20))
	end := 0
	for range count {
		one := pagetext.Block{Kind: pagetext.BlockKinds[r.count(len(pagetext.BlockKinds)-1)], Level: r.count(pagetext.DeepestHeading)}
		one.Start = end + r.count(length)
		one.End = one.Start + r.count(length)
		one.Box = r.box()
		end = one.End
		if one.Start >= one.End || end > length || (one.Kind == pagetext.Heading) != (one.Level > 0) {
			r.bad = true
		}
		if r.bad {
			break
		}
		blocks = append(blocks, one)
	}
	return blocks
}

// pageReader takes values from the front of data. Once bad, it gives zeros.
type pageReader struct {
	data []byte
	bad  bool
}

func (r *pageReader) count(most int) int {
	n, size := binary.Uvarint(r.data)
	if r.bad || size <= 0 || n > uint64(most) { //nolint:gosec // most is not negative
		r.bad = true
		return 0
	}
	r.data = r.data[size:]
	return int(n) //nolint:gosec // at most most
}

func (r *pageReader) text() string {
	n := r.count(len(r.data))
	if r.bad || n > len(r.data) {
		r.bad = true
		return ""
	}
	text := string(r.data[:n])
	r.data = r.data[n:]
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		r.bad = true
		return ""
	}
	return text
}

func (r *pageReader) box() pagetext.Rect {
	if r.bad || len(r.data) < 16 {
		r.bad = true
		return pagetext.Rect{}
	}
	var box pagetext.Rect
	for i := range box {
		box[i] = math.Float32frombits(binary.LittleEndian.Uint32(r.data[4*i:]))
		if !finite(box[i]) {
			r.bad = true
		}
	}
	r.data = r.data[16:]
	if box[0] > box[2] || box[1] > box[3] {
		r.bad = true
	}
	return box
}
