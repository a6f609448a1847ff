package citeproc

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textCase changes capitals and small letters as CSL's attribute says; title
// case is for English only. Text of class "nocase" stays.
func textCase(r rich, kind, lang string) rich {
	switch kind {
	case "lowercase":
		return r.each(changed(strings.ToLower))
	case "uppercase":
		return r.each(changed(strings.ToUpper))
	case "capitalize-first":
		return eachWord(r, func(word string, at place) string {
			if at.first {
				return capitalized(word)
			}
			return word
		})
	case "capitalize-all":
		return eachWord(r, func(word string, _ place) string { return capitalized(word) })
	case "sentence":
		shouting := isUpper(r.String())
		return eachWord(r, func(word string, at place) string {
			if shouting {
				word = strings.ToLower(word)
			}
			if at.first || at.afterSentence {
				return capitalized(word)
			}
			if word == capitalized(strings.ToLower(word)) {
				return strings.ToLower(word)
			}
			return word
		})
	case "title":
		if english(lang) {
			return eachWord(r, titleWord)
		}
	}
	return r
}

func changed(f func(string) string) func(*piece) {
	return func(p *piece) {
		if !p.noCase {
			p.text = f(p.text)
		}
	}
}

// titleWord capitalises a word unless it is one of the small ones in the middle,
// or has capitals of its own.
func titleWord(word string, at place) string {
	if word != strings.ToLower(word) && !at.first {
		return lowerStop(word, at)
	}
	if (stopWords[word] || utf8.RuneCountInString(word) == 1) && !at.first && !at.last && !at.afterSentence {
		return word
	}
	return capitalized(word)
}

// lowerStop: "The" in the middle becomes small.
func lowerStop(word string, at place) string {
	small := strings.ToLower(word)
	if stopWords[small] && word == capitalized(small) && !at.last && !at.afterSentence && !at.first {
		return small
	}
	return word
}

// stopWords of CSL 1.0.2 ("Title case conversion"), and particles of names.
var stopWords = func() map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq(`a about an and as at but by de down for from in into nor of on onto or over so the till to up van via von with yet`) {
		words[w] = true
	}
	return words
}()

func capitalized(word string) string {
	c, size := utf8.DecodeRuneInString(word)
	if size == 0 || !unicode.IsLower(c) {
		return word
	}
	return string(unicode.ToTitle(c)) + word[size:]
}

func isUpper(text string) bool {
	letters := false
	for _, c := range text {
		if unicode.IsLower(c) {
			return false
		}
		letters = letters || unicode.IsUpper(c)
	}
	return letters
}

// place of a word in its text.
type place struct{ first, last, afterSentence bool }

type word struct{ piece, start, end int }

// eachWord changes the words, which are runs of letters, digits and the signs
// that join them. A word may be split over pieces; then each part is a word,
// and only the first part begins one.
func eachWord(r rich, change func(string, place) string) rich {
	out := append(rich(nil), r...)
	words, starts := wordsOf(out)
	for i, w := range slices.Backward(words) {
		p := &out[w.piece]
		if p.noCase || p.format.markupSup || p.format.markupSub {
			continue
		}
		at := starts[i]
		at.first, at.last = i == 0, i == len(words)-1
		if i > 0 && words[i-1].piece != w.piece && words[i-1].end == len(out[words[i-1].piece].text) && w.start == 0 {
			continue // goes on from the piece before
		}
		p.text = p.text[:w.start] + change(p.text[w.start:w.end], at) + p.text[w.end:]
	}
	return out
}

func wordsOf(r rich) (words []word, starts []place) {
	after := false
	for i, p := range r {
		if p.mark == markOpen {
			after = true
		}
		start := -1
		for at, c := range p.text {
			inside := unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c) || (start >= 0 && (c == '’' || c == '\''))
			switch {
			case inside && start < 0:
				start = at
			case !inside && start >= 0:
				words, starts = append(words, word{i, start, at}), append(starts, place{afterSentence: after})
				start, after = -1, false
			}
			if strings.ContainsRune(":.?!—", c) {
				after = true
			} else if !unicode.IsSpace(c) && !inside && !strings.ContainsRune(`“‘"'([`, c) {
				after = false
			}
		}
		if start >= 0 {
			words, starts = append(words, word{i, start, len(p.text)}), append(starts, place{afterSentence: after})
			after = false
		}
	}
	return words, starts
}
