package sequence

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is a word, a number, a sign or an address of a reference.
type Token struct {
	Text       string
	Start, End int  // bytes of the text that was divided
	Spaced     bool // white space stands before it
}

// MaxTokens bounds what is labelled of one reference; the rest is left out.
const MaxTokens = 600

// address is taken as one token. A line's end may have put a space after a
// scheme or a slash; that is mended before.
var address = regexp.MustCompile(`^(?:https?://|ftp://|www\.)[^\s<>"“”]+|^10\.\d{4,9}/[^\s"“”]+`)

// Tokenize divides a reference. Every byte that is no white space is in exactly
// one token, in order, up to MaxTokens.
func Tokenize(text string) []Token {
	tokens := make([]Token, 0, len(text)/4+4)
	spaced := false
	for at := 0; at < len(text) && len(tokens) < MaxTokens; {
		r, size := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(r) {
			spaced = true
			at += size
			continue
		}
		end := at + size
		switch {
		case addressBegins(text[at:]) && address.MatchString(text[at:]):
			end = at + len(withoutSentence(address.FindString(text[at:])))
		case isWordRune(r):
			end = wordEnd(text, at)
		}
		tokens = append(tokens, Token{Text: text[at:end], Start: at, End: end, Spaced: spaced})
		spaced = false
		at = end
	}
	return tokens
}

func addressBegins(text string) bool {
	return strings.HasPrefix(text, "http") || strings.HasPrefix(text, "10.") || strings.HasPrefix(text, "www.") || strings.HasPrefix(text, "ftp:")
}

// withoutSentence drops the signs that a sentence puts after an address.
func withoutSentence(text string) string {
	for {
		trimmed := strings.TrimRight(text, ".,;:'’")
		for _, pair := range []string{"()", "[]", "{}"} {
			if strings.HasSuffix(trimmed, pair[1:]) && strings.Count(trimmed, pair[1:]) > strings.Count(trimmed, pair[:1]) {
				trimmed = trimmed[:len(trimmed)-1]
			}
		}
		if trimmed == text || trimmed == "" {
			return text
		}
		text = trimmed
	}
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// wordEnd is where the word that begins at at ends. Hyphens and apostrophes
// between letters belong to it; those between numbers do not, for they make
// ranges.
func wordEnd(text string, at int) int {
	var last rune
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case last != 0 && unicode.IsDigit(r) != unicode.IsDigit(last) && unicode.In(max(r, last), unicode.Han):
			return at // "2016年第2期"
		case isWordRune(r):
		case unicode.IsLetter(last) && strings.ContainsRune("-'’‐‑", r):
			next, _ := utf8.DecodeRuneInString(text[at+size:])
			if !unicode.IsLetter(next) {
				return at
			}
		default:
			return at
		}
		last = r
		at += size
	}
	return at
}
