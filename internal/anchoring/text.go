package anchoring

import (
	"slices"
	"strings"
	"sync"
)

// Text is the text of a document, prepared for finding quotes in it. It does
// not change, and any number of goroutines may use it at once.
type Text struct {
	pages [][]rune
	// whole has everything; flow leaves running heads and feet out. flow is nil
	// when there are none.
	whole, flow *layer
	scratch     sync.Pool // of *scratch
}

// NewText prepares a document's pages, of which the first has the number 1. It
// costs about as much as looking up some hundred quotes and takes some 30 bytes
// for each code point, so it is made once for all of a document's marks.
func NewText(pages []string) *Text {
	t := &Text{pages: make([][]rune, len(pages))}
	t.scratch.New = func() any { return new(scratch) }
	keys := make([]key, len(pages))
	for i, page := range pages {
		t.pages[i] = []rune(page)
		keys[i] = keyOf(page)
	}
	t.whole = newLayer(keys)
	if cuts := runningMatter(keys); cuts != nil {
		for i, cut := range cuts {
			keys[i] = keys[i].slice(cut[0], cut[1])
		}
		t.flow = newLayer(keys)
	}
	return t
}

// QuoteAt is what a mark on these parts should keep to be found again. The
// parts are in the order of the text. The contexts are 32 code points each, and
// more, up to 256, where the document has about the same text with the same
// context elsewhere, such as a running foot. It returns ErrOutside for parts that
// are not ranges of the text.
func (t *Text) QuoteAt(parts []Position) (Quote, error) {
	quote, err := t.quoteAt(parts, contextLength, contextLength)
	if err != nil {
		return Quote{}, err
	}
	for length := 2 * contextLength; length <= maxContextLength && t.isTwice(quote, parts[0]); length *= 2 {
		if quote, err = t.quoteAt(parts, length, length); err != nil {
			return Quote{}, err
		}
	}
	return quote, nil
}

// quoteAt with contexts of these lengths.
func (t *Text) quoteAt(parts []Position, prefix, suffix int) (Quote, error) {
	if len(parts) == 0 {
		return Quote{}, ErrOutside
	}
	texts := make([]string, len(parts))
	for i, part := range parts {
		if !t.inside(part) {
			return Quote{}, ErrOutside
		}
		texts[i] = string(t.pages[part.Page-1][part.Start:part.End])
	}
	first, last := parts[0], parts[len(parts)-1]
	return Quote{
		Exact:  strings.Join(texts, " "),
		Prefix: t.before(first.Page, first.Start, prefix),
		Suffix: t.after(last.Page, last.End, suffix),
	}, nil
}

func (t *Text) inside(p Position) bool {
	return p.Page >= 1 && p.Page <= len(t.pages) &&
		0 <= p.Start && p.Start < p.End && p.End <= len(t.pages[p.Page-1])
}

// before is the context that ends at a place. Pages are joined by a space, and
// those without text are passed over.
func (t *Text) before(page, offset, length int) string {
	context := slices.Clone(tail(t.pages[page-1][:offset], length))
	for page--; page >= 1 && len(context) < length; page-- {
		if text := t.pages[page-1]; len(text) > 0 {
			context = slices.Concat(tail(text, length-1-len(context)), []rune{' '}, context)
		}
	}
	return string(context)
}

func (t *Text) after(page, offset, length int) string {
	context := slices.Clone(head(t.pages[page-1][offset:], length))
	for page++; page <= len(t.pages) && len(context) < length; page++ {
		if text := t.pages[page-1]; len(text) > 0 {
			context = append(context, ' ')
			context = append(context, head(text, length-len(context))...)
		}
	}
	return string(context)
}

func head(runes []rune, n int) []rune { return runes[:max(0, min(n, len(runes)))] }

func tail(runes []rune, n int) []rune { return runes[len(runes)-max(0, min(n, len(runes))):] }
