package pagetext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// softHyphen marks where a word may be broken; it is never part of the word.
const softHyphen = '\u00ad'

// Fold is s as it is indexed and looked for: compatibility decomposition
// (NFKD), marks dropped, lower case, soft hyphens dropped. "Naïve ﬁlter" gives
// "naive filter". Folding twice gives the same as folding once.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	folded, _ := fold(s, false)
	return folded
}

// FoldMap is [Fold] with the way back: offsets[i] is the code point offset in s
// of what rune i of folded came from. Offsets never fall, and there is one for
// each rune of folded.
func FoldMap(s string) (folded string, offsets []int) {
	return fold(s, true)
}

// isFolded is the short way for plain text, which most is.
func isFolded(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}

func fold(s string, withMap bool) (string, []int) {
	var out strings.Builder
	out.Grow(len(s))
	var offsets []int
	if withMap {
		offsets = make([]int, 0, len(s))
	}
	// Rune by rune, not as a whole: reordering of marks does not matter, as
	// marks are dropped, and so each rune's origin stays known.
	offset := 0
	var one [4]byte
	for _, r := range s {
		switch {
		case r == softHyphen:
		case r < 0x80:
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			out.WriteByte(byte(r))
			if withMap {
				offsets = append(offsets, offset)
			}
		default:
			n := copy(one[:], string(r))
			for _, part := range string(norm.NFKD.Bytes(one[:n])) {
				// Lower case can bring a mark of its own (İ gives i and a dot).
				for _, lower := range string(norm.NFKD.Bytes([]byte(string(foldCase(part))))) {
					if unicode.Is(unicode.M, lower) || lower == softHyphen {
						continue
					}
					out.WriteRune(lower)
					if withMap {
						offsets = append(offsets, offset)
					}
				}
			}
		}
		offset++
	}
	return out.String(), offsets
}

// foldCase is simple case folding towards lower case: the same result for all
// letters that differ only in case (σ and ς, s and ſ).
func foldCase(r rune) rune {
	switch r {
	case 'ς':
		return 'σ'
	case 'ẞ':
		return 'ß'
	}
	return unicode.ToLower(r)
}

// Canonical is s for anchoring: compatibility composition (NFKC), white space
// dropped, soft hyphens dropped. It keeps case and accents, so different words
// stay different.
func Canonical(s string) string {
	kept := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == softHyphen {
			return -1
		}
		return r
	}, s)
	composed := norm.NFKC.String(kept)
	// Composition can make white space (the compatibility form of a spacing
	// accent begins with a space).
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, composed))
}

// CanonicalMap is [Canonical] with the way back: rune i of canonical came from
// the code points starts[i] to ends[i] (half open) of s. Where several runes
// came from several code points together (a letter and its accents, a ligature)
// each of them has the whole of these. Neither slice ever falls.
func CanonicalMap(s string) (canonical string, starts, ends []int) {
	m := mapped{
		runes:  make([]rune, 0, len(s)),
		starts: make([]int, 0, len(s)),
		ends:   make([]int, 0, len(s)),
	}
	offset := 0
	for _, r := range s {
		if !unicode.IsSpace(r) && r != softHyphen {
			m.add(r, offset, offset+1)
		}
		offset++
	}
	m = m.normalized(norm.NFKC)
	// The same second round as in Canonical.
	if spaces := m.dropSpaces(); spaces {
		m = m.normalized(norm.NFC)
	}
	return string(m.runes), m.starts, m.ends
}

// mapped is text of which each rune knows where it came from.
type mapped struct {
	runes        []rune
	starts, ends []int
}

func (m *mapped) add(r rune, start, end int) {
	m.runes = append(m.runes, r)
	m.starts = append(m.starts, start)
	m.ends = append(m.ends, end)
}

// dropSpaces in place, and tells whether there were any.
func (m *mapped) dropSpaces() bool {
	kept := mapped{m.runes[:0], m.starts[:0], m.ends[:0]}
	for i, r := range m.runes {
		if !unicode.IsSpace(r) {
			kept.add(r, m.starts[i], m.ends[i])
		}
	}
	dropped := len(kept.runes) < len(m.runes)
	*m = kept
	return dropped
}

// normalized goes from boundary to boundary: what stands between two of them is
// changed by itself.
func (m mapped) normalized(form norm.Form) mapped {
	text := string(m.runes)
	if form.IsNormalString(text) {
		return m
	}
	out := mapped{
		runes:  make([]rune, 0, len(m.runes)),
		starts: make([]int, 0, len(m.runes)),
		ends:   make([]int, 0, len(m.runes)),
	}
	first := 0
	for text != "" {
		length := form.NextBoundaryInString(text, true)
		piece := text[:length]
		text = text[length:]
		next := first + utf8.RuneCountInString(piece)
		if length > 1 {
			piece = form.String(piece)
		}
		for _, r := range piece {
			out.add(r, m.starts[first], m.ends[next-1])
		}
		first = next
	}
	return out
}
