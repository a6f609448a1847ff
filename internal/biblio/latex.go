package biblio

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// accents of TeX, as combining characters.
var accents = map[string]rune{
	"'": 0x301, "`": 0x300, "^": 0x302, `"`: 0x308, "~": 0x303, "=": 0x304, ".": 0x307,
	"u": 0x306, "v": 0x30c, "H": 0x30b, "c": 0x327, "k": 0x328, "r": 0x30a, "d": 0x323, "b": 0x331,
}

// symbols of TeX: commands that stand for one character.
var symbols = map[string]string{
	"ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
	"i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
	"S": "§", "P": "¶", "copyright": "©", "pounds": "£", "dag": "†", "ddag": "‡", "ldots": "…", "dots": "…",
	"textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”",
	"textquotesingle": "'", "textasciigrave": "`", "textasciitilde": "~", "textasciicircum": "^", "textbackslash": `\`, "textbar": "|", "textless": "<", "textgreater": ">",
	"textdegree": "°", "textregistered": "®", "texttrademark": "™", "texteuro": "€", "euro": "€", "textmu": "µ", "textperiodcentered": "·",
	"textexclamdown": "¡", "textquestiondown": "¿", "guillemotleft": "«", "guillemotright": "»", "textonehalf": "½", "textunderscore": "_",
	"textdollar": "$", "textasteriskcentered": "*", "textbraceleft": "{", "textbraceright": "}", "lbrace": "{", "rbrace": "}", "slash": "/", "quotedblbase": "„", "quotesinglbase": "‚",
	"LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "par": "\n\n", "newline": " ", "textquotedbl": `"`, "&": "&", "%": "%", "#": "#", "_": "_", "$": "$",
	"{": "{", "}": "}", " ": " ", ",": " ", ";": " ", "-": "", "/": "", "!": "", "@": "", "\\": " ", "\n": " ", "quad": " ", "qquad": " ", "relax": "", "noopsort": "", "ignorespaces": "",
	"bibstring": "", "protect": "", "nobreakspace": "\u00a0", "ShiftMark": "", "textsterling": "£", "textyen": "¥", "yen": "¥",
}

// elements are CSL's elements for TeX's commands.
var elements = map[string][2]string{
	"emph": {"<i>", "</i>"}, "textit": {"<i>", "</i>"}, "textsl": {"<i>", "</i>"}, "mkbibemph": {"<i>", "</i>"}, "mkbibitalic": {"<i>", "</i>"},
	"it": {"<i>", "</i>"}, "em": {"<i>", "</i>"}, "itshape": {"<i>", "</i>"}, "sl": {"<i>", "</i>"},
	"textbf": {"<b>", "</b>"}, "mkbibbold": {"<b>", "</b>"}, "bf": {"<b>", "</b>"}, "bfseries": {"<b>", "</b>"},
	"textsuperscript": {"<sup>", "</sup>"}, "textsubscript": {"<sub>", "</sub>"}, "mkbibsuperscript": {"<sup>", "</sup>"}, "mkbibsubscript": {"<sub>", "</sub>"},
	"textsc": {smallCaps, "</span>"}, "sc": {smallCaps, "</span>"}, "scshape": {smallCaps, "</span>"},
	"enquote": {"“", "”"}, "mkbibquote": {"“", "”"},
}

const (
	smallCaps = `<span style="font-variant:small-caps;">`
	noCase    = `<span class="nocase">`
)

// switches change what follows to the end of the group.
var switches = map[string]bool{"it": true, "em": true, "itshape": true, "sl": true, "bf": true, "bfseries": true, "sc": true, "scshape": true}

// fromLaTeX is the text that TeX would print, with CSL's elements. Mathematics
// stays as it is written. In titles, braces that protect capitals become
// class="nocase". Commands that are not known are left out, and what is in their
// braces stays.
func fromLaTeX(source string, title bool) string {
	if !strings.ContainsAny(source, "\\{}$~`'-%\n\t") && !strings.Contains(source, "  ") {
		return strings.TrimSpace(source)
	}
	d := latexReader{text: source, title: title}
	d.group(0, "")
	return norm.NFC.String(strings.TrimSpace(tidySpaces(d.out.String())))
}

// tidySpaces makes one space of several, and keeps what parts paragraphs.
func tidySpaces(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		c := text[i]
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			b.WriteByte(c)
			i++
			continue
		}
		lines := 0
		for ; i < len(text) && strings.IndexByte(" \n\t\r", text[i]) >= 0; i++ {
			if text[i] == '\n' {
				lines++
			}
		}
		if lines > 1 {
			b.WriteString("\n\n")
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

type latexReader struct {
	text  string
	at    int
	title bool
	out   strings.Builder
}

const deepest = 100

// group reads to the closing brace, or to the end. Ends are what stands before
// that brace.
func (d *latexReader) group(depth int, ends string) {
	for d.at < len(d.text) {
		c := d.text[d.at]
		switch {
		case c == '}':
			d.at++
			if depth > 0 {
				d.out.WriteString(ends)
				return
			}
		case c == '{':
			d.at++
			if depth >= deepest {
				continue
			}
			d.braces(depth)
		case c == '\\':
			ends = d.command(depth) + ends
		case c == '$':
			d.math()
		case c == '~':
			d.at++
			d.out.WriteString("\u00a0")
		case c == '-' && strings.HasPrefix(d.text[d.at:], "---"):
			d.at += 3
			d.out.WriteString("—")
		case c == '-' && strings.HasPrefix(d.text[d.at:], "--"):
			d.at += 2
			d.out.WriteString("–")
		case c == '`' && strings.HasPrefix(d.text[d.at:], "``"):
			d.at += 2
			d.out.WriteString("“")
		case c == '\'' && strings.HasPrefix(d.text[d.at:], "''"):
			d.at += 2
			d.out.WriteString("”")
		case c == '`':
			d.at++
			d.out.WriteString("‘")
		default:
			d.out.WriteByte(c)
			d.at++
		}
	}
	d.out.WriteString(ends)
}

// braces reads a group. One on the outside of a title that holds capitals
// protects them, unless it holds the whole title.
func (d *latexReader) braces(depth int) {
	end := d.closing()
	inner := d.text[d.at:end]
	whole := d.at == 1 && end == len(d.text)-1
	if !d.title || depth > 0 || whole || strings.HasPrefix(inner, `\`) || strings.ToLower(inner) == inner {
		d.group(depth+1, "")
		return
	}
	d.out.WriteString(noCase)
	d.group(depth+1, "</span>")
}

// closing is where the group that was just opened closes.
func (d *latexReader) closing() int {
	depth := 0
	for i := d.at; i < len(d.text); i++ {
		switch d.text[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return len(d.text)
}

// math is kept from one dollar sign to the next.
func (d *latexReader) math() {
	end := d.at + 1
	for end < len(d.text) && d.text[end] != '$' {
		if d.text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(d.text) {
		d.out.WriteByte('$')
		d.at++
		return
	}
	d.out.WriteString(d.text[d.at : end+1])
	d.at = end + 1
}

// command reads a command with its argument. It gives what is to stand at the
// end of the group around, for a command that changes the rest of it.
func (d *latexReader) command(depth int) (ends string) {
	d.at++
	if d.at >= len(d.text) {
		d.out.WriteByte('\\')
		return ""
	}
	name := d.name()
	if mark, ok := accents[name]; ok && (len(name) == 1 && !isLetter(name[0]) || d.argumentFollows()) {
		d.accent(mark)
		return ""
	}
	if pair, ok := elements[name]; ok {
		d.out.WriteString(pair[0])
		if switches[name] && !d.has('{') {
			return pair[1]
		}
		d.argument(depth, pair[1])
		return ""
	}
	if text, ok := symbols[name]; ok {
		d.out.WriteString(text)
		d.emptyGroup()
		return ""
	}
	switch name {
	case "url", "path", "nolinkurl":
		if d.has('{') {
			end := closingFrom(d.text, d.at+1)
			d.out.WriteString(d.text[d.at+1 : end])
			d.at = min(end+1, len(d.text))
		}
	case "href":
		// The address is left out, its text stays.
		if d.has('{') {
			d.at = min(closingFrom(d.text, d.at+1)+1, len(d.text))
		}
	case "foreignlanguage", "textcolor":
		if d.has('{') {
			d.at = min(closingFrom(d.text, d.at+1)+1, len(d.text))
		}
	}
	return ""
}

func closingFrom(text string, at int) int {
	d := latexReader{text: text, at: at}
	return d.closing()
}

// name of a command: letters and the spaces behind them, or one other character.
func (d *latexReader) name() string {
	start := d.at
	for d.at < len(d.text) && isLetter(d.text[d.at]) {
		d.at++
	}
	if d.at == start {
		_, size := utf8.DecodeRuneInString(d.text[d.at:])
		d.at += size
		return d.text[start:d.at]
	}
	name := d.text[start:d.at]
	for d.at < len(d.text) && (d.text[d.at] == ' ' || d.text[d.at] == '\n' || d.text[d.at] == '\t') {
		d.at++
	}
	return name
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func (d *latexReader) has(c byte) bool { return d.at < len(d.text) && d.text[d.at] == c }

func (d *latexReader) argumentFollows() bool {
	return d.at < len(d.text) && d.text[d.at] != '}'
}

// emptyGroup passes over the braces that end a command's name.
func (d *latexReader) emptyGroup() {
	if strings.HasPrefix(d.text[d.at:], "{}") {
		d.at += 2
	}
}

func (d *latexReader) argument(depth int, end string) {
	for d.has(' ') {
		d.at++
	}
	if d.has('{') && depth < deepest {
		d.at++
		d.group(depth+1, end)
		return
	}
	if d.at < len(d.text) {
		_, size := utf8.DecodeRuneInString(d.text[d.at:])
		d.out.WriteString(d.text[d.at : d.at+size])
		d.at += size
	}
	d.out.WriteString(end)
}

// accent puts a mark on the first letter of the argument.
func (d *latexReader) accent(mark rune) {
	inner := latexReader{}
	for d.has(' ') {
		d.at++
	}
	switch {
	case d.has('{'):
		end := closingFrom(d.text, d.at+1)
		inner.text = d.text[d.at+1 : end]
		d.at = min(end+1, len(d.text))
	case d.has('\\'):
		start := d.at
		d.at++
		if d.at < len(d.text) {
			d.name()
		}
		inner.text = d.text[start:d.at]
	case d.at < len(d.text):
		_, size := utf8.DecodeRuneInString(d.text[d.at:])
		inner.text = d.text[d.at : d.at+size]
		d.at += size
	}
	inner.group(0, "")
	text := inner.out.String()
	c, size := utf8.DecodeRuneInString(text)
	switch {
	case size == 0:
		switch mark {
		case 0x303:
			d.out.WriteByte('~') // \~{} is how the sign itself is written
		case 0x302:
			d.out.WriteByte('^')
		}
		return
	case c == 'ı':
		c = 'i'
	case c == 'ȷ':
		c = 'j'
	}
	d.out.WriteString(norm.NFC.String(string(c) + string(mark)))
	d.out.WriteString(text[size:])
}

// commands for characters that TeX has no letter for.
var commandOf = func() map[rune]string {
	commands := map[rune]string{}
	for _, name := range []string{"ss", "o", "O", "l", "L", "ae", "AE", "oe", "OE", "dh", "DH", "th", "TH", "dj", "DJ", "ng", "NG", "i", "j", "S", "P", "copyright", "pounds", "dag", "ddag", "ldots"} {
		c, _ := utf8.DecodeRuneInString(symbols[name])
		commands[c] = `\` + name
	}
	return commands
}()

var accentOf = func() map[rune]string {
	names := map[rune]string{}
	for name, mark := range accents {
		names[mark] = name
	}
	return names
}()

var fromElements = []struct{ element, command, end string }{
	{"<i>", `\emph{`, "</i>"},
	{"<b>", `\textbf{`, "</b>"},
	{"<sup>", `\textsuperscript{`, "</sup>"},
	{"<sub>", `\textsubscript{`, "</sub>"},
	{smallCaps, `\textsc{`, "</span>"},
	{noCase, "{", "</span>"},
}

// toLaTeX writes text for TeX, so that fromLaTeX gives it again. Accented
// letters are written as commands where ascii says so.
func toLaTeX(text string, ascii bool) string {
	var b strings.Builder
	var open []string
	for at := 0; at < len(text); {
		rest := text[at:]
		if rest[0] == '<' {
			if size := elementToLaTeX(&b, rest, &open); size > 0 {
				at += size
				continue
			}
		}
		if rest[0] == '$' {
			if size := mathLength(rest); size > 0 {
				b.WriteString(rest[:size])
				at += size
				continue
			}
		}
		c, size := utf8.DecodeRuneInString(rest)
		writeLaTeX(&b, c, text[at+size:], ascii)
		at += size
	}
	for range open {
		b.WriteByte('}')
	}
	return b.String()
}

func elementToLaTeX(b *strings.Builder, rest string, open *[]string) int {
	if n := len(*open); n > 0 && strings.HasPrefix(rest, (*open)[n-1]) {
		end := (*open)[n-1]
		*open = (*open)[:n-1]
		b.WriteByte('}')
		return len(end)
	}
	for _, e := range fromElements {
		if strings.HasPrefix(rest, e.element) && strings.Contains(rest, e.end) {
			b.WriteString(e.command)
			*open = append(*open, e.end)
			return len(e.element)
		}
	}
	return 0
}

// mathLength is the length of mathematics that begins the text: between dollar
// signs with no space inside them and braces in pairs.
func mathLength(text string) int {
	end := strings.IndexByte(text[1:], '$') + 1
	if end < 2 {
		return 0
	}
	inner := text[1:end]
	depth := 0
	for i := 0; i < len(inner); i++ {
		switch inner[i] {
		case '\\':
			if i++; i == len(inner) || inner[i] == '{' || inner[i] == '}' {
				return 0
			}
		case '{':
			depth++
		case '}':
			depth--
		case '\n', '<':
			return 0
		}
		if depth < 0 {
			return 0
		}
	}
	if depth != 0 || inner[0] == ' ' || inner[len(inner)-1] == ' ' || strings.Contains(inner, "  ") || norm.NFC.String(inner) != inner {
		return 0
	}
	return end + 1
}

func writeLaTeX(b *strings.Builder, c rune, after string, ascii bool) {
	switch c {
	case '&', '%', '#', '_', '$':
		b.WriteByte('\\')
		b.WriteRune(c)
	case '{':
		b.WriteString(`\textbraceleft{}`)
	case '}':
		b.WriteString(`\textbraceright{}`)
	case '\\':
		b.WriteString(`\textbackslash{}`)
	case '~':
		b.WriteString(`\textasciitilde{}`)
	case '^':
		b.WriteString(`\textasciicircum{}`)
	case '\u00a0':
		b.WriteByte('~')
	case '–':
		b.WriteString(dashes(ascii, "–", "--", after))
	case '—':
		b.WriteString(dashes(ascii, "—", "---", after))
	case '-':
		b.WriteByte('-')
		if strings.HasPrefix(after, "-") || strings.HasPrefix(after, "–") || strings.HasPrefix(after, "—") {
			b.WriteString("{}")
		}
	case '\'':
		b.WriteByte('\'')
		if strings.HasPrefix(after, "'") {
			b.WriteString("{}")
		}
	case '“', '”', '‘':
		if ascii {
			b.WriteString(map[rune]string{'“': "``", '”': "''", '‘': "`"}[c])
			if strings.ContainsAny(after[:min(1, len(after))], "`'") || strings.HasPrefix(after, "“") || strings.HasPrefix(after, "‘") || strings.HasPrefix(after, "”") {
				b.WriteString("{}")
			}
			return
		}
		b.WriteRune(c)
	case '`':
		b.WriteString("\\textasciigrave{}")
	case '\n':
		b.WriteByte('\n')
	default:
		if ascii && c > unicode.MaxASCII {
			b.WriteString(letterToLaTeX(c))
			return
		}
		b.WriteRune(c)
	}
}

func dashes(ascii bool, sign, dashes, after string) string {
	if !ascii {
		return sign
	}
	if strings.HasPrefix(after, "-") || strings.HasPrefix(after, "–") || strings.HasPrefix(after, "—") {
		return dashes + "{}"
	}
	return dashes
}

// letterToLaTeX is BibTeX's form of a letter, as a special character in braces:
// {\"u}. Letters of other scripts stay.
func letterToLaTeX(c rune) string {
	if command, ok := commandOf[c]; ok {
		return "{" + command + "}"
	}
	parts := []rune(norm.NFD.String(string(c)))
	if len(parts) == 2 && parts[0] < utf8.RuneSelf && isLetter(byte(parts[0])) {
		if name, ok := accentOf[parts[1]]; ok {
			base := string(parts[0])
			if base == "i" || base == "j" {
				base = `\` + base
			}
			if isLetter(name[0]) {
				return `{\` + name + "{" + base + "}}"
			}
			return `{\` + name + base + "}"
		}
	}
	return string(c)
}
