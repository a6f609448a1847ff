package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// particles that begin a family name, in small letters.
var particles = []string{
	"van", "von", "de", "der", "den", "del", "della", "di", "da", "do", "dos", "das", "du", "la", "le",
	"ter", "ten", "te", "zu", "zur", "af", "av", "el", "al", "bin", "ibn", "ben", "’t", "'t", "d’", "d'",
}

var suffixes = []string{"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}

// degrees and forms of address that are no part of a name.
var titles = []string{
	"dr", "dr.", "prof", "prof.", "professor", "phd", "ph.d.", "ph.d", "md", "m.d.", "msc", "m.sc.", "bsc", "ma", "mr.", "mrs.", "ms.",
}

// parseName splits a name written "Given Family" or "Family, Given". ok is
// false for what does not look like a person's name.
func parseName(text string) (name csl.Name, ok bool) {
	family, given, inverted := strings.Cut(text, ",")
	if inverted && strings.TrimSpace(given) != "" && !slices.Contains(suffixes, strings.ToLower(strings.TrimSpace(given))) {
		name = csl.Name{Family: cleanNamePart(family), Given: cleanNamePart(given)}
		return name, isNamePart(name.Family) && isNamePart(name.Given)
	}
	var parts []string
	for part := range strings.FieldsSeq(strings.ReplaceAll(text, ",", " ")) {
		part = trimMarks(part)
		if part != "" && !slices.Contains(titles, strings.ToLower(part)) {
			parts = append(parts, part)
		}
	}
	if n := len(parts); n > 2 && slices.Contains(suffixes, strings.ToLower(parts[n-1])) {
		name.Suffix = parts[n-1]
		parts = parts[:n-1]
	}
	if len(parts) < 2 || len(parts) > 7 {
		return csl.Name{}, false
	}
	first := len(parts) - 1
	for first > 1 && slices.Contains(particles, strings.ToLower(parts[first-1])) && startsLower(parts[first-1]) {
		first--
	}
	name.Given = strings.Join(parts[:first], " ")
	name.Family = strings.Join(parts[first:], " ")
	for _, part := range parts[:1] {
		if !isCapitalised(part) {
			return csl.Name{}, false
		}
	}
	for _, part := range parts {
		if !isNamePart(part) {
			return csl.Name{}, false
		}
	}
	return name, true
}

// trimMarks takes the marks of footnotes and affiliations off a name.
func trimMarks(part string) string {
	return strings.TrimFunc(part, func(r rune) bool {
		return unicode.IsDigit(r) || unicode.Is(unicode.No, r) || strings.ContainsRune("*∗⋆†‡§¶#∥|,;:()[]{}^✉+$", r) || unicode.Is(unicode.Co, r)
	})
}

func cleanNamePart(text string) string {
	var parts []string
	for part := range strings.FieldsSeq(text) {
		if part = trimMarks(part); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// isNamePart accepts letters with the marks that names have.
func isNamePart(part string) bool {
	letters := 0
	for _, r := range part {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsMark(r), strings.ContainsRune(".-'’‘`´‐ ", r):
		default:
			return false
		}
	}
	return letters > 0 && letters <= 40
}

func isCapitalised(part string) bool {
	for _, r := range part {
		if unicode.IsLetter(r) {
			// Scripts without case have no capitals to ask for.
			return !unicode.IsLower(r)
		}
	}
	return false
}

func startsLower(part string) bool {
	for _, r := range part {
		if unicode.IsLetter(r) {
			return unicode.IsLower(r)
		}
	}
	return false
}

// nameSeparator divides names in a line of authors.
var nameSeparator = regexp.MustCompile(`\s*[,;·•|]\s*(?:(?i:and|und|et|y|&)\s+)?|\s+(?i:and|und|et|y|&)\s+`)

// parseNames splits a line of authors. It gives nothing when most of the pieces
// are no names.
func parseNames(text string) []csl.Name {
	var names []csl.Name
	pieces, refused := 0, 0
	add := func(piece string) {
		if cleanNamePart(piece) == "" {
			return
		}
		if n := len(names); n > 0 && slices.Contains(suffixes, strings.ToLower(strings.TrimSpace(piece))) {
			names[n-1].Suffix = strings.TrimSpace(piece)
			return
		}
		pieces++
		if name, ok := parseName(piece); ok {
			names = append(names, name)
		} else {
			refused++
		}
	}
	// "Family, Given" alone is told by its single word before the comma,
	// "Family, Given; Family, Given" by its semicolons.
	if before, after, ok := strings.Cut(text, ","); ok && len(strings.Fields(before)) == 1 &&
		len(strings.Fields(after)) <= 3 && len(nameSeparator.Split(after, 2)) == 1 {
		add(text)
	} else if strings.Contains(text, ";") && strings.Contains(text, ",") {
		for piece := range strings.SplitSeq(text, ";") {
			add(piece)
		}
	} else {
		for _, piece := range nameSeparator.Split(" "+text+" ", -1) {
			add(piece)
		}
	}
	if pieces == 0 || 2*refused > pieces {
		return nil
	}
	return names
}

// hasLetters reports whether at least n letters are in text.
func hasLetters(text string, n int) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			if n--; n <= 0 {
				return true
			}
		}
	}
	return n <= 0
}

func runeCount(text string) int { return utf8.RuneCountInString(text) }
