package biblio

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// others is BibTeX's name for people who are not named.
const others = "others"

// bibNames reads a list of names as BibTeX has them: "von Last, Jr, First",
// "First von Last", an institution in braces, and "and others" at the end; and
// biblatex's "family=…, given=…".
func bibNames(list string) []csl.Name {
	var names []csl.Name
	for _, one := range splitOutside(list, " and ") {
		if one = strings.TrimSpace(one); one != "" {
			names = append(names, bibName(one))
		}
	}
	return names
}

// splitOutside splits text at a separator that is outside of braces; white space
// of all kinds counts as a space, and letters in either case.
func splitOutside(text, separator string) []string {
	var parts []string
	depth, start := 0, 0
	space := strings.HasPrefix(separator, " ")
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
			continue
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth != 0 || i+len(separator) > len(text) {
			continue
		}
		found := text[i : i+len(separator)]
		if space {
			found = strings.Map(func(c rune) rune {
				if unicode.IsSpace(c) {
					return ' '
				}
				return unicode.ToLower(c)
			}, found)
		}
		if found == separator {
			parts = append(parts, text[start:i])
			start = i + len(separator)
			// The space behind one "and" is the one before the next.
			if space {
				start--
				i = start - 1
			} else {
				i = start - 1
			}
		}
	}
	return append(parts, text[start:])
}

func bibName(text string) csl.Name {
	if strings.EqualFold(text, others) {
		return csl.Name{Literal: others}
	}
	if strings.HasPrefix(text, "{") && closingFrom(text, 1) == len(text)-1 {
		return csl.Name{Literal: fromLaTeX(text[1:len(text)-1], false)}
	}
	parts := splitOutside(text, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if strings.Contains(parts[0], "=") {
		if name, ok := extendedName(parts); ok {
			return name
		}
	}
	var name csl.Name
	given := ""
	switch len(parts) {
	case 1:
		words := nameWords(parts[0])
		// The last word is the family name; words in small letters before it
		// are its particle.
		first := len(words) - 1
		for i, w := range words[:len(words)-1] {
			if isParticle(w) {
				first = i
				break
			}
		}
		given = strings.Join(words[:first], " ")
		name.NonDroppingParticle, name.Family = particleAndFamily(words[first:])
	default:
		name.NonDroppingParticle, name.Family = particleAndFamily(nameWords(parts[0]))
		given = parts[len(parts)-1]
		if len(parts) > 2 {
			name.Suffix = fromLaTeX(strings.Join(parts[1:len(parts)-1], ", "), false)
		}
	}
	name.Given, name.DroppingParticle = trailingParticle(given)
	if name.Family == "" {
		name.Family, name.Given = name.Given, ""
	}
	return name
}

// trailingParticle: small words behind the given name go with it.
func trailingParticle(given string) (name, particle string) {
	words := nameWords(given)
	at := len(words)
	for at > 1 && isParticle(words[at-1]) {
		at--
	}
	return fromLaTeX(strings.Join(words[:at], " "), false), fromLaTeX(strings.Join(words[at:], " "), false)
}

func particleAndFamily(words []string) (particle, family string) {
	at := 0
	for i := len(words) - 2; i >= 0; i-- {
		if isParticle(words[i]) {
			at = i + 1
			break
		}
	}
	return fromLaTeX(strings.Join(words[:at], " "), false), fromLaTeX(strings.Join(words[at:], " "), false)
}

// nameWords are the words outside of braces.
func nameWords(text string) []string {
	var words []string
	depth, start := 0, -1
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case depth == 0 && (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '~'):
			if start >= 0 {
				words = append(words, text[start:i])
				start = -1
			}
			continue
		case c == '{':
			depth++
		case c == '}':
			depth = max(0, depth-1)
		}
		if start < 0 {
			start = i
		}
		if c == '\\' {
			i++
		}
	}
	if start >= 0 {
		words = append(words, text[start:])
	}
	if words == nil {
		words = []string{""}
	}
	return words
}

// isParticle: the first letter outside of braces is a small one. A special
// character as {\"o} counts as a letter.
func isParticle(word string) bool {
	if strings.HasPrefix(word, "{") && !strings.HasPrefix(word, `{\`) {
		return false
	}
	for _, c := range fromLaTeX(word, false) {
		if unicode.IsLetter(c) {
			return unicode.IsLower(c)
		}
	}
	return false
}

// extendedName reads biblatex's "family=Gogh, given=Vincent, prefix=van".
func extendedName(parts []string) (csl.Name, bool) {
	var name csl.Name
	for _, part := range parts {
		key, value, ok := strings.Cut(part, "=")
		value = fromLaTeX(strings.Trim(strings.TrimSpace(value), `"`), false)
		switch key = strings.ToLower(strings.TrimSpace(key)); {
		case !ok:
			return csl.Name{}, false
		case key == "family":
			name.Family = value
		case key == "given":
			name.Given = value
		case key == "prefix":
			name.NonDroppingParticle = value
		case key == "suffix":
			name.Suffix = value
		case key == "useprefix", strings.HasSuffix(key, "-i"):
		default:
			return csl.Name{}, false
		}
	}
	return name, name.Family != "" || name.Given != ""
}

// toBibNames writes names so that bibNames gives them again.
func toBibNames(names []csl.Name, ascii bool) string {
	parts := make([]string, 0, len(names))
	for _, n := range names {
		parts = append(parts, toBibName(n, ascii))
	}
	return strings.Join(parts, " and ")
}

func toBibName(n csl.Name, ascii bool) string {
	part := func(text string) string { return braced(toLaTeX(text, ascii)) }
	switch {
	case n.Literal == others:
		return others
	case n.Literal != "" && n.Family == "":
		return "{" + toLaTeX(n.Literal, ascii) + "}"
	case n.Family == "":
		return "{" + toLaTeX(n.Given, ascii) + "}"
	}
	family := part(n.Family)
	if n.NonDroppingParticle == "" && startsSmall(n.Family) || strings.Contains(n.Family, " ") && hasSmallWord(n.Family) {
		family = "{" + toLaTeX(n.Family, ascii) + "}"
	}
	if n.NonDroppingParticle != "" {
		family = toLaTeX(n.NonDroppingParticle, ascii) + " " + family
	}
	given := part(n.Given)
	if words := strings.Fields(n.Given); len(words) > 1 && startsSmall(words[len(words)-1]) {
		given = "{" + toLaTeX(n.Given, ascii) + "}"
	}
	if n.DroppingParticle != "" {
		given += " " + toLaTeX(n.DroppingParticle, ascii)
	}
	if family[0] == '{' && closingFrom(family, 1) == len(family)-1 && given == "" && n.Suffix == "" {
		return family + "," // else an institution
	}
	if n.Suffix != "" {
		return family + ", " + braced(toLaTeX(n.Suffix, ascii)) + ", " + given
	}
	if given == "" {
		if strings.Contains(family, " ") {
			return family + ","
		}
		return family
	}
	return family + ", " + given
}

// braced puts a part in braces that BibTeX would take apart.
func braced(text string) string {
	if strings.Contains(text, ",") || strings.Contains(" "+strings.ToLower(text)+" ", " and ") || strings.Contains(text, "=") {
		return "{" + text + "}"
	}
	return text
}

func startsSmall(word string) bool {
	c, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLower(c)
}

func hasSmallWord(text string) bool {
	for w := range strings.FieldsSeq(text) {
		if startsSmall(w) {
			return true
		}
	}
	return false
}
