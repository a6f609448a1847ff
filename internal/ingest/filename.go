package ingest

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxFilename = 255 // bytes, the limit of common file systems
	maxPath     = 1024
	untitled    = "Untitled.pdf"
)

// CleanFilename makes a name that is safe to show, to store and to offer for
// download out of whatever a client sent: the last part of a path, without
// control characters or marks that turn the writing direction (they can make
// "gpj.exe" read "exe.jpg"), at most 255 bytes with its ending kept. A name of
// which nothing is left becomes "Untitled.pdf".
func CleanFilename(name string) string {
	name = cleanText(name)
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	// A name made of dots means a folder; a leading dot would hide the file.
	name = strings.TrimLeft(strings.TrimSpace(name), ". ")
	name = strings.TrimRight(name, ". ")
	if name == "" || strings.EqualFold(name, "pdf") {
		return untitled
	}
	return cutName(name)
}

// cleanPath makes the folder part of a dropped file safe to show: its parts
// cleaned like names and joined by slashes, without "." and "..".
func cleanPath(folder string) string {
	var parts []string
	size := 0
	for part := range strings.FieldsFuncSeq(cleanText(folder), func(r rune) bool { return r == '/' || r == '\\' }) {
		part = strings.TrimSpace(part)
		if strings.Trim(part, ".") == "" {
			continue
		}
		part = cutName(part)
		if size += len(part) + 1; size > maxPath {
			break
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "/")
}

// cleanText drops what is not text. Other spaces, line ends among them, become
// a plain space, and runs of spaces become one.
func cleanText(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError,
			r == '\u2028', r == '\u2029', r == '\ufeff', r == '\u200b',
			// Unassigned by definition, and refused by some file systems.
			unicode.Is(unicode.Noncharacter_Code_Point, r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// cutName shortens a name to maxFilename bytes between two characters, and
// keeps its ending when that looks like one.
func cutName(name string) string {
	if len(name) <= maxFilename {
		return name
	}
	ending := path.Ext(name)
	if len(ending) > 16 || strings.ContainsFunc(strings.TrimPrefix(ending, "."), notAlphanumeric) {
		ending = ""
	}
	stem := name[:maxFilename-len(ending)]
	for !utf8.ValidString(stem) {
		stem = stem[:len(stem)-1]
	}
	return strings.TrimRight(stem, ". ") + strings.TrimSuffix(ending, ".")
}

func notAlphanumeric(r rune) bool {
	return r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}
