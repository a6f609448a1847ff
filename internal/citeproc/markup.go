package citeproc

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// markup reads the text of a variable: CSL-JSON's few elements (i, b, sup, sub,
// sc, span) and typewriter quotation marks. What is not one of these elements,
// or is not closed, is text.
func markup(text string) rich {
	if !strings.ContainsAny(text, `<"'“”‘’`) {
		return plain(text)
	}
	m := markupReader{text: text}
	m.read(format{}, false, "")
	return m.out
}

type markupReader struct {
	text string
	at   int
	out  rich
}

var markupElements = []struct {
	open, close string
	apply       func(*format)
	noCase      bool
}{
	{"<i>", "</i>", func(f *format) { f.markupItalic = !f.markupItalic }, false},
	{"<em>", "</em>", func(f *format) { f.markupItalic = !f.markupItalic }, false},
	{"<b>", "</b>", func(f *format) { f.markupBold = !f.markupBold }, false},
	{"<strong>", "</strong>", func(f *format) { f.markupBold = !f.markupBold }, false},
	{"<sup>", "</sup>", func(f *format) { f.markupSup = true }, false},
	{"<sub>", "</sub>", func(f *format) { f.markupSub = true }, false},
	{"<sc>", "</sc>", func(f *format) { f.markupCaps = true }, false},
	{`<span style="font-variant:small-caps;">`, "</span>", func(f *format) { f.markupCaps = true }, false},
	{`<span style="font-variant: small-caps;">`, "</span>", func(f *format) { f.markupCaps = true }, false},
	{`<span class="nocase">`, "</span>", func(*format) {}, true},
	{`<span class="nodecor">`, "</span>", func(f *format) { *f = format{} }, false},
}

// quotePairs that are told apart in text; the first two are typewriter marks.
var quotePairs = []struct{ open, close string }{{`"`, `"`}, {"'", "'"}, {"“", "”"}, {"‘", "’"}}

// read goes on to the given end, or to the end of the text.
func (m *markupReader) read(f format, noCase bool, end string) {
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			m.out = append(m.out, piece{text: b.String(), format: f, noCase: noCase})
			b.Reset()
		}
	}
	defer flush()
	for m.at < len(m.text) {
		rest := m.text[m.at:]
		if end != "" && strings.HasPrefix(rest, end) && (end[0] == '<' || m.closesHere(end)) {
			return
		}
		if m.element(rest, f, noCase, flush) || m.quotation(rest, f, noCase, flush) {
			continue
		}
		c, size := utf8.DecodeRuneInString(rest)
		if c == '\'' {
			c = '’'
		}
		b.WriteRune(c)
		m.at += size
	}
}

func (m *markupReader) element(rest string, f format, noCase bool, flush func()) bool {
	if rest[0] != '<' {
		return false
	}
	for _, e := range markupElements {
		if !strings.HasPrefix(rest, e.open) || !strings.Contains(rest, e.close) {
			continue
		}
		flush()
		m.at += len(e.open)
		inner := f
		e.apply(&inner)
		m.read(inner, noCase || e.noCase, e.close)
		m.at = min(m.at+len(e.close), len(m.text))
		return true
	}
	return false
}

func (m *markupReader) quotation(rest string, f format, noCase bool, flush func()) bool {
	for _, pair := range quotePairs {
		if !strings.HasPrefix(rest, pair.open) || !m.opensHere(pair.open) {
			continue
		}
		if m.closing(m.at+len(pair.open), pair.close) < 0 {
			continue
		}
		flush()
		m.out = append(m.out, piece{mark: markOpen})
		m.at += len(pair.open)
		m.read(f, noCase, pair.close)
		m.at = min(m.at+len(pair.close), len(m.text))
		m.out = append(m.out, piece{mark: markClose})
		return true
	}
	return false
}

// opensHere: a mark opens before text, and not behind a letter.
func (m *markupReader) opensHere(mark string) bool {
	before, _ := utf8.DecodeLastRuneInString(m.text[:m.at])
	after, _ := utf8.DecodeRuneInString(m.text[m.at+len(mark):])
	wordBefore := m.at > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before))
	return !wordBefore && after != utf8.RuneError && !unicode.IsSpace(after)
}

// closesHere: a mark closes behind text, and not before a letter, where it is an
// apostrophe.
func (m *markupReader) closesHere(mark string) bool { return m.closesAt(m.at, mark) }

func (m *markupReader) closesAt(at int, mark string) bool {
	before, _ := utf8.DecodeLastRuneInString(m.text[:at])
	after, size := utf8.DecodeRuneInString(m.text[at+len(mark):])
	return at > 0 && !unicode.IsSpace(before) && (size == 0 || !unicode.IsLetter(after) && !unicode.IsDigit(after))
}

func (m *markupReader) closing(from int, mark string) int {
	for at := from; ; {
		i := strings.Index(m.text[at:], mark)
		if i < 0 {
			return -1
		}
		if m.closesAt(at+i, mark) {
			return at + i
		}
		at += i + len(mark)
	}
}
