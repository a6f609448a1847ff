package archive

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// maxNameBytes is for a name without its ending, so that with one, a number and a
// folder it stays below what every file system takes.
const maxNameBytes = 150

// names gives files names that nobody else in the archive has, on systems too
// that take "A.pdf" and "a.pdf" for one.
type names struct{ taken map[string]bool }

func newNames() *names { return &names{taken: map[string]bool{}} }

// unique gives the first of name, "name (2)", "name (3)" … that is free.
func (n *names) unique(name string) string {
	for i := 1; ; i++ {
		candidate := name
		if i > 1 {
			candidate = fmt.Sprintf("%s (%d)", name, i)
		}
		// NFKC and lower case take more names for one than any system does.
		key := strings.ToLower(norm.NFKC.String(candidate))
		if !n.taken[key] {
			n.taken[key] = true
			return candidate
		}
	}
}

// baseName is what a work's files are called: "Lovelace 1843 - Sketch of the
// Analytical Engine".
func baseName(item csl.Item) string {
	var who string
	switch authors := item.Author; len(authors) {
	case 0:
	case 1:
		who = authors[0].Short()
	case 2:
		who = authors[0].Short() + " and " + authors[1].Short()
	default:
		who = authors[0].Short() + " et al."
	}
	parts := []string{}
	if who != "" {
		parts = append(parts, cut(who, 60))
	}
	if year := item.Year(); year != 0 {
		parts = append(parts, fmt.Sprint(year))
	}
	name := strings.Join(parts, " ")
	if title := csl.Plain(item.Title); title != "" {
		if name != "" {
			name += " - "
		}
		name += title
	}
	return safeName(name)
}

// safeName makes a name that Windows, macOS and Unix take, that does not turn a
// line around, and that is no device's.
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>"|?*\/:`, r), unicode.IsControl(r), r == utf8.RuneError:
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d': // how some scripts are spelt
			return -1
		}
		return r
	}, norm.NFC.String(name))
	name = cut(strings.Join(strings.Fields(name), " "), maxNameBytes)
	// A dot at the beginning hides a file; at the end Windows drops it.
	name = strings.Trim(name, ". ")
	if name == "" {
		return "Untitled"
	}
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem = strings.TrimSpace(stem); {
	case stem == "CON", stem == "PRN", stem == "AUX", stem == "NUL",
		len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9':
		name = "_" + name
	}
	return name
}

// cut shortens to so many bytes, between characters with their accents.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := 0
	for i, r := range text {
		if i > limit {
			break
		}
		if !unicode.Is(unicode.M, r) {
			end = i
		}
	}
	return strings.TrimSpace(text[:end])
}
