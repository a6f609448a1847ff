package biblio

import (
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// taggedName reads "Last, First, Suffix", which RIS, EndNote and PubMed have; a
// name without a comma is an institution.
func taggedName(text string) csl.Name {
	parts := strings.Split(text, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) == 1 {
		return csl.Name{Literal: parts[0]}
	}
	var name csl.Name
	words := strings.Fields(parts[0])
	at := 0
	for at < len(words)-1 && startsSmall(words[at]) {
		at++
	}
	name.NonDroppingParticle, name.Family = strings.Join(words[:at], " "), strings.Join(words[at:], " ")
	given := strings.Fields(parts[1])
	at = len(given)
	for at > 1 && startsSmall(given[at-1]) {
		at--
	}
	name.Given, name.DroppingParticle = strings.Join(given[:at], " "), strings.Join(given[at:], " ")
	if len(parts) > 2 {
		name.Suffix = strings.Join(parts[2:], ", ")
	}
	return name
}

func taggedNames(texts []string) []csl.Name {
	var names []csl.Name
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" {
			names = append(names, taggedName(text))
		}
	}
	return names
}

// toTaggedName writes a name so that taggedName gives it again.
func toTaggedName(n csl.Name) string {
	comma := strings.NewReplacer(",", "")
	switch {
	case n.Family == "" && n.Literal != "":
		return comma.Replace(n.Literal)
	case n.Family == "":
		return comma.Replace(n.Given)
	}
	text := strings.TrimSpace(n.NonDroppingParticle+" "+n.Family) + ", " + strings.TrimSpace(n.Given+" "+n.DroppingParticle)
	if n.Suffix != "" {
		text += ", " + n.Suffix
	}
	return strings.TrimSpace(text)
}

// pageRange puts first and last page together.
func pageRange(first, last string) string {
	switch {
	case first == "":
		return last
	case last == "" || first == last:
		return first
	}
	return first + "-" + last
}

// splitPages is the first and the last page of one range; text of another form
// is all first page.
func splitPages(pages string) (first, last string) {
	parts := strings.FieldsFunc(pages, func(c rune) bool { return c == '-' || c == '–' })
	if len(parts) == 2 && !strings.ContainsAny(pages, ",;&") {
		return strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1])
	}
	return pages, ""
}

// isbnOrISSN puts a number where it belongs: an ISSN has eight digits.
func isbnOrISSN(item *csl.Item, text string) {
	digits := 0
	for _, c := range text {
		if c >= '0' && c <= '9' || c == 'X' || c == 'x' {
			digits++
		}
	}
	if digits > 8 {
		item.ISBN = text
	} else {
		item.ISSN = text
	}
}
