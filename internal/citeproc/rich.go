package citeproc

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rich is text in the making. Quotation marks are runs of their own until the
// whole is known, because which ones they are hangs on how deep they are.
type rich []piece

type piece struct {
	text   string
	format format
	link   string
	mark   mark
	// noCase text keeps its capitals and small letters: class="nocase".
	noCase  bool
	display Display
}

type mark uint8

const (
	markNone mark = iota
	markOpen
	markClose
)

// format is what a style says of a piece; each part is said once, by the
// innermost element, except that the slant of the work's own markup is turned
// over in slanted surroundings.
type format struct {
	style, weight, variant, decoration, vertical string

	markupItalic bool
	markupBold   bool
	markupCaps   bool
	markupSup    bool
	markupSub    bool
}

func plain(text string) rich {
	if text == "" {
		return nil
	}
	return rich{{text: text}}
}

func (r rich) empty() bool {
	for _, p := range r {
		if p.text != "" {
			return false
		}
	}
	return true
}

func (r rich) String() string {
	var b strings.Builder
	for _, p := range r {
		b.WriteString(p.text)
	}
	return b.String()
}

// first and last are the outermost characters; quotation marks are looked
// through, and 0 is that of empty text.
func (r rich) first() rune {
	for _, p := range r {
		if p.text != "" {
			c, _ := utf8.DecodeRuneInString(p.text)
			return c
		}
	}
	return 0
}

func (r rich) last() rune {
	for _, p := range slices.Backward(r) {
		if p.text != "" {
			c, _ := utf8.DecodeLastRuneInString(p.text)
			return c
		}
	}
	return 0
}

func (r rich) withoutFirst() rich {
	out := append(rich(nil), r...)
	for i := range out {
		if out[i].text != "" {
			_, size := utf8.DecodeRuneInString(out[i].text)
			out[i].text = out[i].text[size:]
			break
		}
	}
	return out
}

func (r rich) withoutLast() rich {
	out := append(rich(nil), r...)
	for i := len(out) - 1; i >= 0; i-- {
		if out[i].text != "" {
			_, size := utf8.DecodeLastRuneInString(out[i].text)
			out[i].text = out[i].text[:len(out[i].text)-size]
			break
		}
	}
	return out
}

// meeting is what happens to two characters that come to stand side by side.
type meeting uint8

const (
	keepBoth meeting = iota
	keepFirst
	keepSecond
)

// meetings of punctuation where an affix or delimiter meets text, as processors
// of CSL have agreed on them.
var meetings = map[[2]rune]meeting{
	{'!', '.'}: keepFirst, {'!', ':'}: keepFirst, {'!', '!'}: keepFirst,
	{'?', '.'}: keepFirst, {'?', ':'}: keepFirst, {'?', '?'}: keepFirst,
	{'.', '.'}: keepFirst, {':', '.'}: keepFirst, {':', ':'}: keepFirst,
	{':', '!'}: keepSecond, {':', '?'}: keepSecond,
	{';', '!'}: keepSecond, {';', '?'}: keepSecond,
	{';', ':'}: keepFirst, {';', '.'}: keepFirst, {';', ';'}: keepFirst,
	{',', ','}: keepFirst, {' ', ' '}: keepSecond,
	{' ', ','}: keepSecond, {' ', '.'}: keepSecond,
}

// join puts b behind a.
func join(a, b rich) rich {
	if a.empty() {
		return append(append(rich(nil), a...), b...)
	}
	if b.empty() {
		return append(append(rich(nil), a...), b...)
	}
	switch meetings[[2]rune{a.last(), b.first()}] {
	case keepFirst:
		b = b.withoutFirst()
	case keepSecond:
		a = a.withoutLast()
	case keepBoth:
	}
	out := make(rich, 0, len(a)+len(b))
	return append(append(out, a...), b...)
}

// joinAll puts parts behind each other with a delimiter; empty parts are left out.
func joinAll(parts []rich, delimiter string) rich {
	var out rich
	begun := false
	for _, part := range parts {
		if part.empty() {
			continue
		}
		// A delimiter does not stand before a part that begins with one.
		if begun && delimiter != "" {
			if c := part.first(); c != ',' && c != ';' {
				out = join(out, plain(delimiter))
			}
		}
		out = join(out, part)
		begun = true
	}
	return out
}

func (r rich) each(change func(*piece)) rich {
	out := append(rich(nil), r...)
	for i := range out {
		change(&out[i])
	}
	return out
}

func (r rich) withFormat(f format) rich {
	if f == (format{}) {
		return r
	}
	set := func(inner *string, outer string) {
		if *inner == "" {
			*inner = outer
		}
	}
	return r.each(func(p *piece) {
		set(&p.format.style, f.style)
		set(&p.format.weight, f.weight)
		set(&p.format.variant, f.variant)
		set(&p.format.decoration, f.decoration)
		set(&p.format.vertical, f.vertical)
	})
}

func (r rich) quoted() rich {
	if r.empty() {
		return r
	}
	out := append(rich{{mark: markOpen}}, r...)
	return append(out, piece{mark: markClose})
}

func (r rich) withoutPeriods() rich {
	return r.each(func(p *piece) { p.text = strings.ReplaceAll(p.text, ".", "") })
}

// punctuationInQuotes moves a full stop or comma that follows a closing mark to
// before it.
func (r rich) punctuationInQuotes() rich {
	out := append(rich(nil), r...)
	for i := 0; i < len(out); i++ {
		if out[i].mark != markClose {
			continue
		}
		// Two marks that close together are one place.
		last := i
		for last+1 < len(out) && (out[last+1].mark == markClose || out[last+1] == (piece{})) {
			last++
		}
		next := last + 1
		for next < len(out) && out[next].text == "" && out[next].mark == markNone {
			next++
		}
		if next == len(out) || out[next].text == "" || (out[next].text[0] != '.' && out[next].text[0] != ',') {
			continue
		}
		moved := out[next].text[:1]
		out[next].text = out[next].text[1:]
		if !strings.ContainsRune(".,:;!?", out[:i].last()) {
			at := i
			point := piece{text: moved}
			if at > 0 {
				point.format, point.display = out[at-1].format, out[at-1].display
			}
			out = append(out[:at], append(rich{point}, out[at:]...)...)
		}
	}
	return out
}

// finish chooses the quotation marks and gives the runs.
func (r rich) finish(l *locale) Text {
	if l.punctuationInQuote {
		r = r.punctuationInQuotes()
	}
	outer := [2]string{l.term("open-quote", "long", false), l.term("close-quote", "long", false)}
	inner := [2]string{l.term("open-inner-quote", "long", false), l.term("close-inner-quote", "long", false)}
	depth := 0
	var text Text
	for i, p := range r {
		switch p.mark {
		case markOpen:
			pair := outer
			if depth%2 == 1 {
				pair = inner
			}
			depth++
			p.text = pair[0]
			if i+1 < len(r) {
				p.format, p.display = r[i+1].format, r[i+1].display
			}
		case markClose:
			depth--
			pair := outer
			if depth%2 == 1 {
				pair = inner
			}
			p.text = pair[1]
			if i > 0 {
				p.format, p.display = r[i-1].format, r[i-1].display
			}
		case markNone:
		}
		if p.text == "" {
			continue
		}
		run := p.run()
		if n := len(text); n > 0 {
			same := text[n-1]
			same.Text = run.Text
			if same == run {
				text[n-1].Text += run.Text
				continue
			}
		}
		text = append(text, run)
	}
	return text
}

func (p piece) run() Run {
	f := p.format
	slanted := f.style == "italic" || f.style == "oblique"
	bold := f.weight == "bold"
	return Run{
		Text: p.text, Link: p.link, Display: p.display,
		Italic: slanted != f.markupItalic, Bold: bold != f.markupBold,
		SmallCaps: (f.variant == "small-caps") || f.markupCaps, Underline: f.decoration == "underline",
		Superscript: f.vertical == "sup" || f.markupSup, Subscript: f.vertical == "sub" || f.markupSub,
	}
}

// trimmed has no white space at its ends.
func (r rich) trimmed() rich {
	for unicode.IsSpace(r.first()) {
		r = r.withoutFirst()
	}
	for unicode.IsSpace(r.last()) {
		r = r.withoutLast()
	}
	return r
}
