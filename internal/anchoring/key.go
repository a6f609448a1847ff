package anchoring

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// key is text in the form that it is looked for in: the canonical form without
// hyphens, dashes and invisible characters, folded (see fold). All slices have
// one entry for each rune.
type key struct {
	runes []rune
	// form is the same before folding: what tells equal from nearly equal.
	form []rune
	// from and to are the code points of the page's text that a rune stands for.
	from, to []int32
}

func keyOf(text string) key {
	canonical, starts, ends := pagetext.CanonicalMap(text)
	k := key{
		runes: make([]rune, 0, len(starts)),
		form:  make([]rune, 0, len(starts)),
		from:  make([]int32, 0, len(starts)),
		to:    make([]int32, 0, len(starts)),
	}
	i := 0
	for _, r := range canonical {
		if folded := fold(r); folded >= 0 {
			k.runes = append(k.runes, folded)
			k.form = append(k.form, plain(r))
			k.from = append(k.from, int32(starts[i]))
			k.to = append(k.to, int32(ends[i]))
		}
		i++
	}
	return k
}

func (k key) slice(from, to int) key {
	return key{k.runes[from:to], k.form[from:to], k.from[from:to], k.to[from:to]}
}

// fold is r as it is compared: small letters without accents, one kind of
// quotation mark. It is below 0 for what one engine writes and another does not:
// hyphens and dashes, marks that stand alone, invisible characters.
func fold(r rune) rune {
	if r < utf8.RuneSelf {
		switch {
		case r == '-' || r < ' ' || r == 0x7f:
			return -1
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return plain(r)
	}
	if quote := plain(r); quote != r {
		return quote
	}
	if r == '−' { // the minus sign, which many files have for a hyphen and the other way round
		return -1
	}
	if unicode.In(r, unicode.Pd, unicode.M, unicode.Cf, unicode.Cc) {
		return -1
	}
	var buffer [4]byte
	decomposed := norm.NFD.Bytes(buffer[:utf8.EncodeRune(buffer[:], r)])
	base, size := utf8.DecodeRune(decomposed)
	for rest := decomposed[size:]; len(rest) > 0; {
		mark, n := utf8.DecodeRune(rest)
		if !unicode.Is(unicode.M, mark) {
			base = r // syllables of Hangul are letters, not a letter and marks
			break
		}
		rest = rest[n:]
	}
	return unicode.ToLower(base)
}

// plain is one kind of quotation mark for all that are written alike.
func plain(r rune) rune {
	switch r {
	case '‘', '’', '‚', '‛', '′', '`':
		return '\''
	case '“', '”', '„', '‟', '«', '»':
		return '"'
	}
	return r
}

// isWord tells whether r belongs to a word, so that a range should not begin or
// end between two such.
func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// Writing systems without spaces: there a range may begin and end anywhere.
func isUnspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// inWord tells whether a word goes on from a to b.
func inWord(a, b rune) bool {
	return isWord(a) && isWord(b) && !isUnspaced(a) && !isUnspaced(b)
}

func isSpace(r rune) bool { return unicode.IsSpace(r) }

// dropped tells whether the key has nothing for r.
func dropped(r rune) bool { return isSpace(r) || fold(r) < 0 }

// trimSpace at both ends; text of nothing else stays as it is.
func trimSpace(text []rune) []rune {
	from, to := 0, len(text)
	for from < to && isSpace(text[from]) {
		from++
	}
	for to > from && isSpace(text[to-1]) {
		to--
	}
	if from == to {
		return text
	}
	return text[from:to]
}
