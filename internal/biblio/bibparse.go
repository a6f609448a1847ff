package biblio

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
)

// entryStart is a line that begins an entry. Inside of another entry it means
// that a brace of that one was not closed.
var entryStart = regexp.MustCompile(`^\s*@[A-Za-z]+\s*[{(]\s*[^\s,{}"=()]*\s*[,=]`)

// bibEntry is an entry of a BibTeX file; names of types and fields are in small
// letters, values are as they are written, with macros replaced.
type bibEntry struct {
	kind, key string
	line      int
	fields    map[string]string
	order     []string
}

func (e *bibEntry) set(name, value string) {
	if _, ok := e.fields[name]; !ok {
		e.order = append(e.order, name)
	}
	e.fields[name] = value
}

// bibReader takes a file apart into entries. BibTeX and biber agree on the
// syntax: https://mirrors.ctan.org/biblio/bibtex/base/btxdoc.pdf.
type bibReader struct {
	*Reader
	source *source
	macros map[string]string
	// macroBytes are those of all macros: a macro made of macros doubles in a line.
	macroBytes int

	// Entries that take fields from others wait for these, and entries that may
	// be taken from are kept.
	waiting []*bibEntry
	parents map[string]*bibEntry
}

// maxParents entries are kept for others to take fields from.
const maxParents = 50_000

func newBibReader(s *source, r *Reader) *bibReader {
	b := &bibReader{Reader: r, source: s, macros: map[string]string{}, parents: map[string]*bibEntry{}}
	for i, month := range []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"} {
		b.macros[month] = monthNames[i]
	}
	return b
}

var monthNames = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}

// next reads to the end of an entry; text between entries is a comment.
func (b *bibReader) next() error {
	for {
		c, err := b.source.byte()
		if err != nil {
			if errors.Is(err, io.EOF) {
				b.inheritRest()
			}
			return err
		}
		if c == '@' {
			return b.entry()
		}
	}
}

func (b *bibReader) entry() error {
	line := b.source.line
	var name []byte
	c, err := b.source.byte()
	for ; err == nil && (isLetter(c) || c >= '0' && c <= '9' || c == '_' || c == '-') && len(name) < 100; c, err = b.source.byte() {
		name = append(name, c)
	}
	for ; err == nil && isSpace(c); c, err = b.source.byte() {
	}
	if err != nil || len(name) == 0 || (c != '{' && c != '(') {
		if err == nil {
			b.source.unread(c)
		}
		return ignoreEOF(err, b)
	}
	body, bodyErr := b.body(c, line)
	kind := strings.ToLower(string(name))
	if bodyErr != nil {
		if kind != "comment" {
			b.problem(line, keyOf(body), "%s", bodyErr)
		}
		return nil
	}
	text := utf8Text(body)
	switch kind {
	case "comment", "preamble":
	case "string":
		p := &fieldParser{text: text, line: line, macros: b.macros}
		p.fields(func(name, value string, at int) {
			if b.macroBytes+len(value) > maxRecord {
				p.problem(at, "the texts of all @string are longer than 4 MiB together; %q is left out", shortened(name))
				return
			}
			b.macroBytes += len(value)
			b.macros[name] = value
		})
		for _, problem := range p.problems {
			b.problem(problem.Line, "", "%s", problem.Message)
		}
	default:
		b.parsed(kind, text, line)
	}
	return nil
}

// ignoreEOF: an "@" at the end of a file is a comment too.
func ignoreEOF(err error, b *bibReader) error {
	if errors.Is(err, io.EOF) {
		b.inheritRest()
	}
	return err
}

func keyOf(body []byte) string {
	key, _, ok := bytes.Cut(body[:min(len(body), 200)], []byte(","))
	if !ok || bytes.ContainsAny(key, "={}\"\n") {
		return ""
	}
	return strings.TrimSpace(utf8Text(key))
}

var (
	errNotClosed = errors.New("the entry is not closed: a brace is missing, and the next entry begins inside of it")
	errEnd       = errors.New("the entry is not closed before the end of the file")
	errTooLong   = errors.New("the entry is longer than 4 MiB")
)

// body reads to the brace or parenthesis that closes an entry.
func (b *bibReader) body(opening byte, start int) ([]byte, error) {
	var body []byte
	depth, tooLong, newLine := 0, false, false
	for {
		c, err := b.source.byte()
		if err != nil {
			return body, errEnd
		}
		switch {
		case c == '{':
			depth++
		case c == '}' && depth == 0 && opening == '{', c == ')' && depth == 0 && opening == '(':
			if tooLong {
				return body, errTooLong
			}
			return body, nil
		case c == '}':
			depth--
		case c == '@' && newLine && b.source.line > start:
			b.source.unread(c)
			if head, _ := b.source.r.Peek(200); entryStart.Match(head) {
				return body, errNotClosed
			}
			_, _ = b.source.byte()
		}
		newLine = c == '\n' || newLine && isSpace(c)
		if len(body) >= maxRecord {
			tooLong = true
			continue
		}
		body = append(body, c)
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// parsed is an entry with its fields.
func (b *bibReader) parsed(kind, text string, line int) {
	e := &bibEntry{kind: kind, line: line, fields: map[string]string{}}
	p := &fieldParser{text: text, line: line, macros: b.macros}
	end := strings.IndexByte(text, ',')
	if key := text[:max(0, end)]; end < 0 && !strings.Contains(text, "=") {
		e.key, p.at = strings.TrimSpace(text), len(text)
	} else if !strings.ContainsAny(key, "={\"") {
		e.key = strings.TrimSpace(key)
		p.skip(end + 1)
	}
	p.fields(func(name, value string, at int) {
		if _, twice := e.fields[name]; twice {
			p.problem(at, "the field %q is there twice; the first one is taken", name)
			return
		}
		e.set(name, value)
	})
	for _, problem := range p.problems {
		b.problem(problem.Line, e.key, "%s", problem.Message)
	}
	if len(e.fields) == 0 {
		b.problem(line, e.key, "the entry has no fields")
		return
	}
	b.inherit(e)
}

// fieldParser reads "name = value, …".
type fieldParser struct {
	text     string
	at       int
	line     int
	macros   map[string]string
	inserted int // bytes that macros gave
	problems []Problem
}

func (p *fieldParser) problem(line int, message string, values ...any) {
	if len(p.problems) < 20 {
		r := Reader{}
		r.problem(line, "", message, values...)
		p.problems = append(p.problems, *r.queue[0].problem)
	}
}

// skip moves on and counts lines.
func (p *fieldParser) skip(to int) {
	to = min(to, len(p.text))
	p.line += strings.Count(p.text[p.at:to], "\n")
	p.at = to
}

func (p *fieldParser) blanks() {
	for p.at < len(p.text) && (isSpace(p.text[p.at]) || p.text[p.at] == ',') {
		p.skip(p.at + 1)
	}
}

func (p *fieldParser) fields(found func(name, value string, line int)) {
	for {
		p.blanks()
		if p.at >= len(p.text) {
			return
		}
		start, line := p.at, p.line
		end := p.at
		for end < len(p.text) && !strings.ContainsRune("=,{}\"#", rune(p.text[end])) && !isSpace(p.text[end]) {
			end++
		}
		name := strings.ToLower(p.text[start:end])
		p.skip(end)
		for p.at < len(p.text) && isSpace(p.text[p.at]) {
			p.skip(p.at + 1)
		}
		if name == "" || p.at >= len(p.text) || p.text[p.at] != '=' {
			p.problem(line, "after %q a “=” is missing; what follows is left out to the next comma", shortened(p.text[start:]))
			p.skip(max(p.at, start+1))
			p.toComma()
			continue
		}
		p.skip(p.at + 1)
		if value, ok := p.value(name); ok {
			found(name, value, line)
		}
	}
}

func shortened(text string) string {
	r := []rune(strings.TrimSpace(text))
	if len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return string(r)
}

// toComma goes to the next comma that is outside of braces.
func (p *fieldParser) toComma() {
	depth := 0
	for i := p.at; i < len(p.text); i++ {
		switch p.text[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ',':
			if depth <= 0 {
				p.skip(i)
				return
			}
		}
	}
	p.skip(len(p.text))
}

// value reads texts, numbers and macros with "#" between them.
func (p *fieldParser) value(field string) (string, bool) {
	var b strings.Builder
	for {
		for p.at < len(p.text) && isSpace(p.text[p.at]) {
			p.skip(p.at + 1)
		}
		if p.at >= len(p.text) {
			p.problem(p.line, "the field %q has no value", field)
			return "", false
		}
		switch c := p.text[p.at]; c {
		case '{', '"':
			end := p.closing(c)
			if end < 0 {
				p.problem(p.line, "the value of %q is not closed", field)
				p.skip(len(p.text))
				return "", false
			}
			b.WriteString(p.text[p.at+1 : end])
			p.skip(end + 1)
		default:
			end := p.at
			for end < len(p.text) && !strings.ContainsRune(",#{}\"", rune(p.text[end])) && !isSpace(p.text[end]) {
				end++
			}
			p.word(&b, p.text[p.at:end], field)
			p.skip(max(end, p.at+1))
		}
		rest := strings.TrimLeft(p.text[p.at:], " \t\r\n")
		if !strings.HasPrefix(rest, "#") {
			return b.String(), true
		}
		p.skip(len(p.text) - len(rest) + 1)
	}
}

func (p *fieldParser) word(b *strings.Builder, word, field string) {
	macro, known := p.macros[strings.ToLower(word)]
	switch {
	case known && p.inserted+len(macro) > maxRecord:
		p.problem(p.line, "in %q the text of the @string %q makes the entry longer than 4 MiB; it is left out", field, shortened(word))
	case known:
		p.inserted += len(macro)
		b.WriteString(macro)
	case strings.Trim(word, "0123456789") == "" && word != "":
		b.WriteString(word)
	default:
		p.problem(p.line, "in %q the word %q is not in quotes and no @string has it; it is taken as it stands", field, shortened(word))
		b.WriteString(word)
	}
}

// closing is the end of a value that begins with a brace or a quotation mark.
func (p *fieldParser) closing(opening byte) int {
	depth := 0
	for i := p.at + 1; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '{':
			depth++
		case c == '}' && depth == 0 && opening == '{', c == '"' && depth == 0 && opening == '"':
			return i
		case c == '}':
			depth--
		}
	}
	return -1
}
