// Package anchoringtest changes texts in known ways, so that it is known where
// each quote stands afterwards.
package anchoringtest

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/anchoring"
)

// Text is a document's text with its pages joined, and what has become of each
// code point of the one it was made from.
type Text struct {
	Runes []rune
	// At has, for each code point of the first text and for its end, where it is
	// now; for one that is gone, where it would be.
	At []int
}

// Join pages by a space, leaving empty ones out.
func Join(pages []string) Text {
	filled := slices.DeleteFunc(slices.Clone(pages), func(page string) bool { return page == "" })
	t := Text{Runes: []rune(strings.Join(filled, " "))}
	t.At = make([]int, len(t.Runes)+1)
	for i := range t.At {
		t.At[i] = i
	}
	return t
}

// Noisy puts errors into a text: at the given rate per code point one is
// replaced, left out or added, as often each.
func Noisy(t Text, rate float64, random *rand.Rand) Text {
	letters := []rune("etaoinshrdlcumwfgypbvk ETAS01.,;")
	now := make([]int, len(t.Runes)+1)
	out := make([]rune, 0, len(t.Runes))
	for i, r := range t.Runes {
		now[i] = len(out)
		if random.Float64() >= rate {
			out = append(out, r)
			continue
		}
		other := letters[random.IntN(len(letters))]
		switch random.IntN(3) {
		case 0:
			out = append(out, other)
		case 1: // left out
		case 2:
			out = append(out, other, r)
			now[i]++
		}
	}
	now[len(t.Runes)] = len(out)
	return t.then(out, now)
}

// Without the code points from and to of the first text.
func Without(t Text, from, to int) Text {
	from, to = t.At[from], t.At[to]
	now := make([]int, len(t.Runes)+1)
	for i := range now {
		switch {
		case i <= from:
			now[i] = i
		case i < to:
			now[i] = from
		default:
			now[i] = i - (to - from)
		}
	}
	return t.then(slices.Concat(t.Runes[:from], t.Runes[to:]), now)
}

func (t Text) then(runes []rune, now []int) Text {
	at := make([]int, len(t.At))
	for i, place := range t.At {
		at[i] = now[place]
	}
	return Text{Runes: runes, At: at}
}

// Pages are a text broken into pages, each at white space after about so many
// code points.
type Pages struct {
	Texts  []string
	starts []int // of the pages in the text
}

// Split breaks a text into pages.
func Split(t Text, size int) Pages {
	var p Pages
	for from := 0; from < len(t.Runes); {
		for from < len(t.Runes) && unicode.IsSpace(t.Runes[from]) {
			from++
		}
		to := min(from+size, len(t.Runes))
		for to < len(t.Runes) && !unicode.IsSpace(t.Runes[to]) {
			to++
		}
		p.Texts = append(p.Texts, strings.TrimRightFunc(string(t.Runes[from:to]), unicode.IsSpace))
		p.starts = append(p.starts, from)
		from = to
	}
	return p
}

// Unbroken are pages as they are, as pages of what Join makes of them.
func Unbroken(pages []string) Pages {
	p := Pages{Texts: pages}
	start := 0
	for _, page := range pages {
		p.starts = append(p.starts, start)
		if page != "" {
			start += len([]rune(page)) + 1
		}
	}
	return p
}

// Parts are a range of the text as positions on the pages.
func (p Pages) Parts(from, to int) []anchoring.Position {
	var parts []anchoring.Position
	for i, start := range p.starts {
		length := len([]rune(p.Texts[i]))
		a, b := max(0, from-start), min(length, to-start)
		if a < b {
			parts = append(parts, anchoring.Position{Page: i + 1, Start: a, End: b})
		}
	}
	return parts
}

// Range is the other way: where parts begin and end in the text.
func (p Pages) Range(parts []anchoring.Position) (from, to int) {
	first, last := parts[0], parts[len(parts)-1]
	return p.starts[first.Page-1] + first.Start, p.starts[last.Page-1] + last.End
}

// WordsBetween is how many words off a place is: 0 for the right place or its
// word, 1 for the next.
func WordsBetween(runes []rune, a, b int) int {
	if a > b {
		a, b = b, a
	}
	return max(0, len(strings.Fields(string(runes[a:b])))-1)
}

// Quote picks a range that begins and ends with whole words and is between
// least and most code points long.
func Quote(runes []rune, least, most int, random *rand.Rand) (from, to int) {
	for {
		from = random.IntN(max(1, len(runes)-most))
		for from > 0 && from < len(runes) && !unicode.IsSpace(runes[from-1]) {
			from++
		}
		to = min(len(runes), from+least+random.IntN(most-least+1))
		for to > from && to < len(runes) && !unicode.IsSpace(runes[to]) {
			to--
		}
		for to > from && unicode.IsSpace(runes[to-1]) {
			to--
		}
		if to-from >= least && !unicode.IsSpace(runes[from]) {
			return from, to
		}
	}
}
