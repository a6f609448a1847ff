package httpapi

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFilename is what file systems take, less room for a browser's " (1)", in
// bytes.
const maxFilename = 200

// Disposition is the Content-Disposition header (RFC 6266) of a file: its name in
// ASCII for old programs, and the whole one as RFC 8187 has it. The name ends in
// ending, such as ".pdf", whatever it ended in before.
func Disposition(download bool, filename, ending string) string {
	kind := "inline"
	if download {
		kind = "attachment"
	}
	name := safeFilename(filename, ending)
	ascii := strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf || r == '%' {
			return '_' // a percent sign is decoded by some
		}
		return r
	}, name)
	header := kind + `; filename="` + ascii + `"`
	if ascii != name {
		header += "; filename*=UTF-8''" + percentEncoded(name)
	}
	return header
}

// safeFilename is a name that no system takes for anything but one file in the
// folder where it is saved, and that looks like what it is.
func safeFilename(name, ending string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		case strings.ContainsRune(`"<>:|?*;`, r):
			return '_'
		}
		return r
	}, name)
	if at := len(name) - len(ending); at >= 0 && strings.EqualFold(name[at:], ending) {
		name = name[:at]
	}
	for len(name) > maxFilename {
		_, width := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-width]
	}
	if name = strings.Trim(name, " ."); name == "" {
		name = "document"
	}
	return name + ending
}

// percentEncoded encodes all but the attr-char of RFC 8187.
func percentEncoded(s string) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			out.WriteByte(c)
			continue
		}
		out.WriteByte('%')
		out.WriteByte(hex[c>>4])
		out.WriteByte(hex[c&15])
	}
	return out.String()
}
