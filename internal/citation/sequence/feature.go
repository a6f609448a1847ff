package sequence

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Features gives for each token the hashes of what is true of it. Both training
// and labelling use it, so a change makes the model stale.
func Features(tokens []Token) [][]uint32 {
	views := look(tokens)
	style := styleOf(views)
	// One array for all: a token has about fifty features.
	arena := make([]uint32, 0, 64*len(tokens))
	out := make([][]uint32, len(tokens))
	for i := range views {
		from := len(arena)
		arena = appendFeatures(arena, views, i, style)
		out[i] = arena[from:len(arena):len(arena)]
	}
	return out
}

// view is what is known of a token before its neighbours are looked at.
type view struct {
	shape, kind, word string // word is empty but for those in the lists
	suffix            string
	spaced            bool
	sentence          int // how many sentences have ended before it
	quoted            bool
	bracket           string // the open bracket that it stands in
	since             int    // tokens since the last sign that divides
	before, after     string // that sign and the next one
	beyond            string // shape of what stands after the next one
	length            int    // of the stretch between those signs, in words
	yearSeen          bool
	quoteSeen         bool
	inSeen            bool
	place             int // tenths of the way
}

func look(tokens []Token) []view {
	views := make([]view, len(tokens))
	for i := range tokens {
		one := &views[i]
		lower := strings.ToLower(tokens[i].Text)
		one.shape = shapeOf(tokens[i].Text)
		one.kind = kindOf[lower]
		one.spaced = tokens[i].Spaced
		one.place = 10 * i / len(tokens)
		if literal[lower] {
			one.word = lower
		}
		if one.shape == "x" || one.shape == "Xx" {
			one.suffix = suffixOf(lower)
		}
	}
	sentence, quoted, bracket := 0, false, ""
	year, quote, in := false, false, false
	for i := range views {
		one := &views[i]
		if one.shape == ")" || one.shape == "]" {
			bracket = ""
		}
		if one.shape == "”" || one.shape == "\"" && quoted {
			quoted, quote = false, true
		}
		one.sentence, one.quoted, one.bracket = min(sentence, 6), quoted, bracket
		one.yearSeen, one.quoteSeen, one.inSeen = year, quote, in
		switch {
		case one.shape == "(" || one.shape == "[":
			bracket = one.shape
		case one.shape == "“" || one.shape == "\"" && !quoted && !quote:
			quoted = true
		case one.shape == "year" && !quoted:
			year = true
		case one.kind == "in" && i > 0 && (one.shape == "Xx" || views[i-1].shape == "," || views[i-1].shape == "."):
			in = true
		}
		if endsSentence(views, i) {
			sentence++
		}
	}
	// From sign to sign.
	last, begin := "^", 0
	for i := range views {
		if divides(views, i) {
			fill(views, begin, i, last)
			last, begin = views[i].shape, i+1
			views[i].before = last
		}
	}
	fill(views, begin, len(views), last)
	return views
}

func fill(views []view, begin, end int, before string) {
	after, beyond := "$", "$"
	if end < len(views) {
		after = views[end].shape
		if end+1 < len(views) {
			beyond = views[end+1].shape
		}
	}
	for i := begin; i < end; i++ {
		views[i].before, views[i].after, views[i].beyond = before, after, beyond
		views[i].since, views[i].length = min(i-begin, 9), min(end-begin, 12)
	}
}

// divides reports whether a sign can end a part: a full stop after an initial or
// a short word that is cut does not.
func divides(views []view, i int) bool {
	switch views[i].shape {
	case ",", ":", ";", "(", ")", "[", "]", "“", "”", "\"", "?", "!", "/":
		return true
	case ".":
		return i == 0 || views[i-1].shape != "X"
	case "–":
		return i > 0 && views[i].spaced
	}
	return false
}

func endsSentence(views []view, i int) bool {
	switch views[i].shape {
	case "?", "!", "”":
		return true
	case ".":
		return i+1 < len(views) && (i == 0 || views[i-1].shape != "X") && (views[i+1].spaced || views[i+1].shape == "(")
	}
	return false
}

// styleOf is what the whole reference looks like.
func styleOf(views []view) string {
	early, quote, in := "", "", ""
	for i := range views {
		switch {
		case views[i].shape == "year" && early == "":
			early = "l"
			if i < len(views)/2 {
				early = "e"
			}
			if views[i].bracket != "" {
				early += "("
			}
		case views[i].quoteSeen:
			quote = "q"
		case views[i].inSeen:
			in = "i"
		}
	}
	return early + quote + in
}

var signs = map[string]string{
	"„": "“", "«": "“", "‘": "“", "‹": "“", "“": "“", "”": "”", "»": "”", "’": "”", "›": "”", "\"": "\"", "'": "'",
	"-": "–", "–": "–", "—": "–", "−": "–", "‐": "–",
}

// shapeOf is a word's class by its letters, and a sign itself.
func shapeOf(text string) string {
	switch {
	case strings.HasPrefix(text, "10.") && strings.Contains(text, "/"):
		return "doi"
	case strings.Contains(text, "doi.org/"):
		return "doiurl"
	case strings.Contains(text, "://"), strings.HasPrefix(text, "www."):
		return "url"
	}
	upper, lower, digits, others, runes := 0, 0, 0, 0, 0
	capital := false
	for i, r := range text {
		runes++
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsUpper(r), unicode.IsTitle(r):
			upper++
			capital = capital || i == 0
		case unicode.IsLower(r):
			lower++
		case unicode.IsLetter(r):
			others++
		}
	}
	switch {
	case digits == runes:
		if digits == 4 && text >= "1500" && text < "2100" {
			return "year"
		}
		return "d" + strconv.Itoa(min(digits, 5))
	case digits == 4 && runes == 5 && lower == 1 && text[:4] >= "1500" && text[:4] < "2100":
		return "year"
	case digits > 0:
		return "x1"
	case upper == 1 && runes == 1:
		return "X"
	case upper > 0 && lower == 0 && upper <= 3:
		return "XX"
	case upper > 0 && lower == 0:
		return "XXX"
	case capital && upper == 1:
		return "Xx"
	case upper > 0:
		return "xX"
	case lower > 0:
		return "x"
	case others > 0:
		return "字"
	}
	if sign, ok := signs[text]; ok {
		return sign
	}
	if utf8.RuneCountInString(text) == 1 {
		return text
	}
	return "?"
}

// suffixOf is a long word's last three letters.
func suffixOf(lower string) string {
	if len(lower) < 6 {
		return ""
	}
	at := len(lower)
	for range 3 {
		_, size := utf8.DecodeLastRuneInString(lower[:at])
		at -= size
	}
	return lower[at:]
}

var edge = view{shape: "|"}

func appendFeatures(out []uint32, views []view, i int, style string) []uint32 {
	at := func(offset int) *view {
		if j := i + offset; j >= 0 && j < len(views) {
			return &views[j]
		}
		return &edge
	}
	here, prev, next, prev2, next2 := at(0), at(-1), at(1), at(-2), at(2)
	add := func(id byte, parts ...string) { out = append(out, hashOf(id, parts...)) }
	flag := func(b bool) string {
		if b {
			return "1"
		}
		return ""
	}
	digit := func(n int) string { return digits[n&15] }

	add(0)
	add(1, here.shape)
	add(2, prev.shape)
	add(3, next.shape)
	add(4, prev2.shape, prev.shape)
	add(5, next.shape, next2.shape)
	add(6, prev.shape, here.shape)
	add(7, here.shape, next.shape)
	add(8, prev.shape, here.shape, next.shape)
	add(9, prev2.shape, prev.shape, here.shape)
	add(10, here.shape, next.shape, next2.shape)
	add(11, prev2.shape, prev.shape, here.shape, next.shape, next2.shape)
	add(12, at(-3).shape, prev2.shape, prev.shape, here.shape)
	add(13, here.shape, next.shape, next2.shape, at(3).shape)
	add(14, here.shape, flag(here.spaced), flag(next.spaced))
	if here.word != "" {
		add(15, here.word)
		add(16, here.word, here.shape, next.shape)
		add(17, here.word, prev.shape)
	}
	if here.kind != "" {
		add(18, here.kind)
		add(19, here.kind, here.shape, next.shape)
		add(20, here.kind, prev.shape)
		add(21, here.kind, here.before, here.after)
	}
	for offset := -4; offset <= 4; offset++ {
		if one := at(offset); offset != 0 && one.kind != "" {
			add(byte(30+offset), one.kind, here.shape)
			if offset >= -2 && offset <= 2 {
				add(byte(40+offset), one.kind)
				if one.word != "" {
					add(byte(50+offset), one.word)
				}
			}
		}
	}
	if prev.word != "" && prev.shape == "x" && here.word != "" {
		add(55, prev.word, here.word)
	}
	if prev.shape == "." && prev2.kind != "" {
		add(56, prev2.kind, here.shape)
		add(57, prev2.kind, here.shape, next.shape)
	}
	if here.suffix != "" {
		add(60, here.suffix)
		add(61, here.suffix, here.shape)
	}
	sentence, place := digit(here.sentence), digit(here.place)
	add(62, sentence, style)
	add(63, sentence, here.shape)
	add(64, place)
	add(65, place, here.shape)
	add(66, place, style)
	add(67, flag(here.quoted), here.shape)
	add(68, here.bracket, here.shape)
	add(69, here.bracket, here.shape, next.shape, prev.shape)
	add(70, here.before, here.after)
	add(71, here.before, here.after, here.shape)
	add(72, here.before, here.after, here.beyond)
	add(73, here.after, here.beyond, here.shape)
	add(74, here.before, digit(min(here.since, 4)), here.shape)
	add(75, digit(here.length), here.before, here.after)
	add(76, flag(here.yearSeen), flag(here.quoteSeen), flag(here.inSeen), here.shape)
	add(77, flag(here.yearSeen), flag(here.quoteSeen), flag(here.inSeen), here.before, here.after)
	add(78, flag(here.yearSeen), flag(here.quoteSeen), flag(here.inSeen), flag(here.quoted), here.bracket)
	add(79, style, flag(here.yearSeen), flag(here.quoteSeen), here.shape)
	if end := len(views) - i; end <= 5 {
		add(80, digit(end), here.shape)
	}
	if i < 4 {
		add(81, digit(i), here.shape)
		add(82, digit(i), here.shape, next.shape, style)
	}
	add(83, sentence, here.before, here.after, style)
	return out
}

var digits = [16]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"}

// hashOf is FNV-1a of a feature's number and its parts, 32 bits wide: among
// 10^5 features one pair or so shares a number, which does no harm.
func hashOf(id byte, parts ...string) uint32 {
	const prime = 16777619
	h := uint32(2166136261)
	h = (h ^ uint32(id)) * prime
	for _, part := range parts {
		for i := range len(part) {
			h = (h ^ uint32(part[i])) * prime
		}
		h = (h ^ 0xff) * prime
	}
	return h
}
