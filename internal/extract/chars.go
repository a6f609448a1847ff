package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isSpace reports whether a character divides words. PDFium gives NUL for
// characters that it cannot name in some damaged fonts.
func isSpace(r rune) bool {
	return r == ' ' || r == '\n' || r == '\r' || r == '\t' || r > 0x7f && unicode.IsSpace(r)
}

// isHyphen reports whether a character at a line's end can break a word.
func isHyphen(r rune) bool {
	switch r {
	case '-', hyphenMark, '\u00ad', '\u2010', '\u2011':
		return true
	}
	return false
}

// ligatures and what they stand for.
var ligatures = map[rune]string{
	'\ufb00': "ff", '\ufb01': "fi", '\ufb02': "fl", '\ufb03': "ffi", '\ufb04': "ffl",
	'\ufb05': "st", '\ufb06': "st", '\u0132': "IJ", '\u0133': "ij",
}

// appendChar adds a character of a page to its text: ligatures as letters,
// nothing for what is no character.
func appendChar(out []rune, r rune) []rune {
	if r < 0x80 && r >= 0x20 && r != 0x7f {
		return append(out, r)
	}
	if r == hyphenMark {
		return append(out, '-')
	}
	if letters, ok := ligatures[r]; ok {
		return append(out, []rune(letters)...)
	}
	if isDropped(r) {
		return out
	}
	return append(out, r)
}

// isDropped reports what never gets into a text: controls, soft hyphens, zero
// width marks of order and joining, surrogates and noncharacters.
func isDropped(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0, r == '\u00ad':
		return true
	case r == '\u200b', r == '\u200e', r == '\u200f', r >= '\u202a' && r <= '\u202e', r == '\u2060', r == '\ufeff':
		return true
	case r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
		return true
	}
	return !utf8.ValidRune(r)
}

// cleanText is text from a file's dictionaries, without what isDropped names.
// Line ends and tabs stay as white space.
func cleanText(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case isSpace(r):
			return r
		case isDropped(r):
			return -1
		}
		return r
	}, text)
}
