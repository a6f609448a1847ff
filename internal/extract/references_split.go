package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	// Entries begin with "[12]", "[Knu97]", "12." or "(12)", or "12" alone.
	bracketed = regexp.MustCompile(`^\[\s?([A-Za-z+]{0,8}\d{1,4}[a-z]?|[A-Z][A-Za-z+]{1,8})\s?\](?:\s|$|\p{Lu})`)
	dotted    = regexp.MustCompile(`^\(?(\d{1,3})[.)](?:\s|$|\p{Lu})`)
	bare      = regexp.MustCompile(`^(\d{1,3})\s+[\p{Lu}“"„«]`)
	// namedEntry begins with a name as a list sorted by names does: a family
	// name and a comma, or a body and a year.
	namedEntry = regexp.MustCompile(`^(?:(?:van|von|de|der|den|del|di|da|la|le|du|zu)\s){0,2}\p{Lu}[^.,]{1,60}(?:,|\. \(|/|\s\(\d)`)
	// initialled begins as lists of Vancouver's style do: "Smith AB,".
	initialled = regexp.MustCompile(`^\p{Lu}[\p{L}’'-]+(?:\s\p{Lu}?[\p{L}’'-]+)? \p{Lu}{1,3}(?:,|\.|:|\s\()`)
	// sameAuthor stands for the authors of the entry before.
	sameAuthor = regexp.MustCompile(`^(?:[—–_-]{2,}|―|Ders\.|Dies\.|Id\.|Idem)`)
	// entryEnd is how the last line of an entry ends.
	entryEnd = regexp.MustCompile(`(?:[.)\]”]|\d|/\S*|https?://\S+|10\.\d{4,9}/\S+)$`)
)

// splitEntries finds where each entry begins: by its number where most have one,
// by hanging lines where there are some, by paragraphs, or by names.
func splitEntries(lines []referenceLine) []entry {
	if begins := numberedBegins(lines); begins != nil {
		return splitAt(lines, begins)
	}
	hanging := 0
	for _, one := range lines {
		if one.left > 0.5*one.height {
			hanging++
		}
	}
	if 5*hanging >= len(lines) && hanging < len(lines) {
		return splitAt(lines, func(i int) bool { return lines[i].left <= 0.5*lines[i].height })
	}
	entries := splitAt(lines, func(i int) bool {
		if lines[i].first {
			return namedBegins(lines, i)
		}
		return lines[i].breaks || sameAuthor.MatchString(lines[i].text)
	})
	// Where paragraphs cannot be told, several entries come out as one.
	if crowded(entries) {
		if named := withYears(splitAt(lines, func(i int) bool { return namedBegins(lines, i) })); len(named) > len(entries) && !scattered(named) {
			return named
		}
	}
	return entries
}

// splitAt begins an entry at the first line and wherever begins says.
func splitAt(lines []referenceLine, begins func(i int) bool) []entry {
	var entries []entry
	from := 0
	for i := 1; i <= len(lines); i++ {
		if i == len(lines) || begins(i) {
			entries = append(entries, entry(lines[from:i:i]))
			from = i
		}
	}
	return entries
}

// withYears joins what has neither year nor address to the entry before it: a
// line that begins with a place and a comma looks like a name.
func withYears(entries []entry) []entry {
	var joined []entry
	for i, one := range entries {
		if i > 0 && !one.looksLikeReference() {
			last := len(joined) - 1
			joined[last] = append(joined[last], one...)
			continue
		}
		joined = append(joined, slices.Clone(one))
	}
	return joined
}

// numberedBegins tells where entries of a numbered list begin; nil for a list
// without numbers. A number counts when it follows on the one before, so that a
// line which happens to begin with a volume begins no entry.
func numberedBegins(lines []referenceLine) func(i int) bool {
	var best map[int]bool
	for _, pattern := range []*regexp.Regexp{bracketed, dotted, bare} {
		found := map[int]bool{}
		last, labels := 0, 0
		for i, one := range lines {
			m := pattern.FindStringSubmatch(one.text)
			if m == nil {
				continue
			}
			n, err := strconv.Atoi(m[1])
			if err != nil { // a label as [Knu97]
				found[i] = true
				labels++
				continue
			}
			if len(found) == labels || n > last && n <= last+3 || n == 1 {
				found[i] = true
				last = n
			}
		}
		if len(found) > len(best) {
			best = found
		}
	}
	if len(best) < 2 || 10*len(best) < len(lines) {
		return nil
	}
	return func(i int) bool { return best[i] }
}

// namedBegins reports whether a line begins with a name as a sorted list's
// entries do, behind a line that can be an entry's end.
func namedBegins(lines []referenceLine, i int) bool {
	text := lines[i].text
	if !namedEntry.MatchString(text) && !initialled.MatchString(text) && !sameAuthor.MatchString(text) {
		return false
	}
	return i == 0 || !lines[i-1].joined && entryEnd.MatchString(strings.TrimSpace(lines[i-1].text))
}

var bracketYear = regexp.MustCompile(`\((?:1[5-9]|20)\d\d[a-z]?\)`)

// crowded reports whether entries are too long to be one reference each.
func crowded(entries []entry) bool {
	lines, years := 0, 0
	for _, one := range entries {
		lines += len(one)
		years += len(bracketYear.FindAllString(one.text(), -1))
	}
	return len(entries) > 0 && (lines > 6*len(entries) || years > len(entries)+len(entries)/2)
}

// scattered reports whether entries are too short to be references.
func scattered(entries []entry) bool {
	return !looksLikeReferences(entries)
}
