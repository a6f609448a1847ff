package pdfupdate

import (
	"encoding/hex"
	"strings"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"golang.org/x/text/encoding/charmap"
)

// textString is a text as the file has it (ISO 32000-2, 7.9.2.2): plain for
// ASCII, otherwise UTF-16.
func textString(text string) types.Object {
	// A new line is a carriage return in what people write.
	text = strings.ReplaceAll(text, "\n", "\r")
	if isASCII(text) {
		return types.HexLiteral(hex.EncodeToString([]byte(text)))
	}
	data := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(text)) {
		data = append(data, byte(unit>>8), byte(unit))
	}
	return types.HexLiteral(hex.EncodeToString(data))
}

func isASCII(text string) bool {
	for i := range len(text) {
		// Below the space, PDFDocEncoding agrees on white space alone.
		if c := text[i]; c >= 0x7f || c < 0x20 && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}

// decodeText reads a text string of a file. It is for comparing names, so
// PDFDocEncoding is taken as Latin-1.
func decodeText(data []byte) string {
	if len(data) >= 2 && data[0] == 0xfe && data[1] == 0xff {
		units := make([]uint16, (len(data)-2)/2)
		for i := range units {
			units[i] = uint16(data[2+2*i])<<8 | uint16(data[3+2*i])
		}
		return string(utf16.Decode(units))
	}
	if len(data) >= 3 && data[0] == 0xef && data[1] == 0xbb && data[2] == 0xbf {
		return string(data[3:])
	}
	runes := make([]rune, len(data))
	for i, b := range data {
		runes[i] = rune(b)
	}
	return string(runes)
}

// helvetica has the widths of the characters from the space to the tilde, in
// thousandths of the size (Adobe's font metrics).
var helvetica = [95]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// widthOf is the width of Windows-1252 text at size 1. Letters with accents are
// as wide as a small letter on average.
func widthOf(text []byte) float64 {
	width := 0
	for _, c := range text {
		if c >= ' ' && c <= '~' {
			width += helvetica[c-' ']
		} else {
			width += 556
		}
	}
	return float64(width) / 1000
}

// latin is text in Windows-1252, with "?" for what that does not have.
func latin(text string) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		b, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			b = '?'
		}
		out = append(out, b)
	}
	return out
}

// wrap breaks text into lines of at most width at size 1.
func wrap(text string, width float64) [][]byte {
	var lines [][]byte
	for paragraph := range strings.SplitSeq(text, "\n") {
		var line []byte
		for word := range strings.FieldsSeq(paragraph) {
			next := latin(word)
			if len(line) > 0 && widthOf(line)+0.278+widthOf(next) > width {
				lines = append(lines, line)
				line = nil
			}
			if len(line) > 0 {
				line = append(line, ' ')
			}
			line = append(line, next...)
			// A word that is too long for any line is cut.
			for len(line) > 1 && widthOf(line) > width {
				n := len(line) - 1
				for n > 1 && widthOf(line[:n]) > width {
					n--
				}
				lines = append(lines, line[:n:n])
				line = append([]byte(nil), line[n:]...)
			}
		}
		lines = append(lines, line)
		if len(lines) > 1000 {
			break
		}
	}
	return lines
}
