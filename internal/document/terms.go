package document

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// Term is one word as it is indexed and looked for.
type Term struct {
	// Text is folded (pagetext.Fold) and has letters and digits only.
	Text string
	// Start and End are code point offsets in the text it came from, half open.
	Start, End int
}

const (
	// maxTerm cuts what is no word (a DNA sequence, encoded data), in code
	// points. PostgreSQL itself ignores words of more than 2 KB.
	maxTerm = 100
	// maxIndexed cuts a page's indexed text, in bytes. A tsvector holds at most
	// 1 MiB, and a text, which is in it twice, may need up to four times its length.
	maxIndexed = 120 << 10
)

// Terms cuts text into words. What is neither letter nor digit stands between
// words: "live-coding" is two words and so is "3.14", on a page and in a query
// alike, and PostgreSQL's parser, which makes one token of "and/or" or of a
// DOI, finds nothing left to interpret. Scripts that do not put spaces between
// words give a word for each character, so that a phrase of them is found.
func Terms(text string) []Term {
	folded, offsets := pagetext.FoldMap(text)
	terms := make([]Term, 0, len(folded)/6+1)
	var original []rune // needed only where marks were dropped
	end := func(last int) int {
		e := offsets[last] + 1
		if len(offsets) > last+1 && offsets[last+1] <= e {
			return e
		}
		if original == nil {
			original = []rune(text)
		}
		for e < len(original) && (unicode.Is(unicode.M, original[e]) || original[e] == '\u00ad') {
			e++
		}
		return e
	}
	// Of the word that has begun: its first rune in folded, and where that is in bytes.
	from, begin := -1, 0
	i := 0
	finish := func(at int) {
		if from >= 0 {
			terms = append(terms, Term{Text: cutRunes(folded[begin:at], maxTerm), Start: offsets[from], End: end(i - 1)})
			from = -1
		}
	}
	for at, r := range folded {
		switch {
		case unspaced(r):
			finish(at)
			terms = append(terms, Term{Text: string(r), Start: offsets[i], End: end(i)})
		case isWord(r):
			if from < 0 {
				from, begin = i, at
			}
		default:
			finish(at)
		}
		i++
	}
	finish(len(folded))
	if len(terms) == 0 {
		return nil
	}
	return terms
}

// isWord reports whether r is a letter or a digit.
func isWord(r rune) bool {
	if r < 0x80 {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// unspaced reports whether r belongs to a script that is written without
// spaces between words.
func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) &&
		(unicode.IsLetter(r) || unicode.IsDigit(r))
}

// Unspaced reports whether the term is one character of a script that is written
// without spaces between words.
func (t Term) Unspaced() bool {
	r, _ := utf8.DecodeRuneInString(t.Text)
	return unspaced(r)
}

// Typed is the term as text has it, in small letters and with its accents, which
// stemmers know; ligatures are taken apart. text is what the term came from, in code points.
func (t Term) Typed(text []rune) string {
	if !slices.ContainsFunc(text[t.Start:t.End], func(r rune) bool { return r >= 0x80 }) {
		return t.Text
	}
	word := strings.Map(func(r rune) rune {
		if r == '\u00ad' {
			return -1
		}
		return unicode.ToLower(r)
	}, string(text[t.Start:t.End]))
	return norm.NFKC.String(word)
}

// bounded leaves out what is too much for a vector.
func bounded(terms []Term) []Term {
	size := 0
	for i, t := range terms {
		if size += len(t.Text) + 1; size > maxIndexed {
			return terms[:i]
		}
	}
	return terms
}

// joined is terms in the form that to_tsvector gets.
func joined(terms []Term) string {
	var out strings.Builder
	for i, t := range terms {
		if i > 0 {
			out.WriteByte(' ')
		}
		out.WriteString(t.Text)
	}
	return out.String()
}

// indexed is text in the form that to_tsvector gets.
func indexed(text string) string { return joined(bounded(Terms(text))) }

// textOfWork is a page's text without running heads and page numbers: a search for
// a book's title would find each of its pages. A page that has nothing else keeps
// them.
func textOfWork(text string, blocks []pagetext.Block) string {
	runes := []rune(text)
	var out strings.Builder
	from := 0
	for _, one := range blocks {
		if (one.Kind == pagetext.RunningHead || one.Kind == pagetext.PageNumber) && one.Start >= from && one.Start <= one.End && one.End <= len(runes) {
			out.WriteString(string(runes[from:one.Start]))
			out.WriteByte('\n')
			from = one.End
		}
	}
	if from == 0 {
		return text
	}
	out.WriteString(string(runes[from:]))
	if strings.TrimSpace(out.String()) == "" {
		return text
	}
	return out.String()
}

// storable is text as PostgreSQL takes it, with every code point in its place:
// NUL and bytes that are not UTF-8 become U+FFFD.
func storable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == 0 {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
