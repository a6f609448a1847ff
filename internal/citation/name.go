package citation

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// particles that stand before a family name, in small letters.
var particles = strings.Fields("van von de der den del della di da do dos das du la le ter ten te zu zur zum af av vom ’t 't")

var suffixes = strings.Fields("jr jr. sr sr. ii iii iv")

// nameRole is what a token is within a list of names.
type nameRole int

const (
	noName nameRole = iota
	familyPart
	givenPart
	bodyPart
)

// labelRole is what a label says of a name, and whether it begins one.
type labelRole struct {
	nameRole
	first bool
}

var (
	authorRoles = map[sequence.Label]labelRole{
		sequence.AuthorFamilyFirst: {familyPart, true},
		sequence.AuthorFamily:      {familyPart, false},
		sequence.AuthorGivenFirst:  {givenPart, true},
		sequence.AuthorGiven:       {givenPart, false},
		sequence.AuthorBodyFirst:   {bodyPart, true},
		sequence.AuthorBody:        {bodyPart, false},
	}
	editorRoles = map[sequence.Label]labelRole{
		sequence.EditorFamilyFirst: {familyPart, true},
		sequence.EditorFamily:      {familyPart, false},
		sequence.EditorGivenFirst:  {givenPart, true},
		sequence.EditorGiven:       {givenPart, false},
	}
)

// nameSpans are the places of one name's parts in the text; to is 0 for a part
// that is missing.
type nameSpans struct {
	family, given, body span
}

type span struct{ from, to int }

func (s *span) extend(token sequence.Token) {
	if s.to == 0 {
		s.from = token.Start
	}
	s.to = token.End
}

// names of a reference by the roles of its tokens.
func names(text string, tokens []sequence.Token, labels []sequence.Label, roles map[sequence.Label]labelRole) []csl.Name {
	var all []nameSpans
	for i, token := range tokens {
		role := roles[labels[i]]
		if role.nameRole == noName || isStop(token.Text) && (len(all) == 0 || role.first) {
			continue
		}
		if len(all) == 0 || role.first || all[len(all)-1].refuses(role.nameRole) {
			all = append(all, nameSpans{})
		}
		all[len(all)-1].part(role.nameRole).extend(token)
	}
	var out []csl.Name
	for i, one := range all {
		if i > 0 && one.alone(givenPart) && all[i-1].alone(familyPart) && len(out) > 0 && out[len(out)-1].Given == "" {
			// The model has begun a name between its parts.
			out[len(out)-1].Given = strings.Trim(text[one.given.from:one.given.to], " ,;:&/()[]")
			continue
		}
		if name, ok := one.name(text); ok {
			out = append(out, name)
		}
	}
	return withoutCapitals(out)
}

// alone reports whether the name has this part only.
func (s *nameSpans) alone(role nameRole) bool {
	return s.body.to == 0 && (s.family.to > 0) == (role == familyPart) && (s.given.to > 0) == (role == givenPart)
}

// refuses reports whether a part cannot belong to the name: bodies have no
// given names.
func (s *nameSpans) refuses(role nameRole) bool { return (role == bodyPart) != (s.body.to > 0) }

func (s *nameSpans) part(role nameRole) *span {
	switch role {
	case bodyPart:
		return &s.body
	case givenPart:
		return &s.given
	default:
		return &s.family
	}
}

func isStop(text string) bool { return len(text) == 1 && strings.Contains(".,;:&/()", text) }

func (s nameSpans) name(text string) (csl.Name, bool) {
	part := func(at span) string { return strings.Trim(text[at.from:at.to], " ,;:&/()[]") }
	if s.body.to > 0 {
		body := part(s.body)
		return csl.Name{Literal: body}, hasLetter(body)
	}
	name := csl.Name{Family: strings.TrimRight(part(s.family), "."), Given: part(s.given)}
	if !hasLetter(name.Family) {
		if !hasLetter(name.Given) {
			return csl.Name{}, false
		}
		return csl.Name{Literal: name.Given}, true
	}
	if name.Given == "" {
		name.Given, name.Family = divided(name.Family)
	}
	// "da" may follow the given name where the family name comes first.
	words := strings.Fields(name.Given)
	for len(words) > 1 && slices.Contains(particles, words[len(words)-1]) {
		name.NonDroppingParticle = strings.TrimSpace(words[len(words)-1] + " " + name.NonDroppingParticle)
		words = words[:len(words)-1]
		name.Given = strings.TrimRight(strings.Join(words, " "), ",")
	}
	name.Given, name.Suffix = withoutSuffix(name.Given)
	if name.Suffix == "" {
		name.Family, name.Suffix = withoutSuffix(name.Family)
	}
	return name, true
}

// divided splits a name that is all labelled as a family name, "Elinor Ostrom",
// before its last part. What has other than capitalised words is left whole.
func divided(name string) (given, family string) {
	words := strings.Fields(name)
	if len(words) < 2 || len(words) > 4 || strings.ContainsAny(name, "0123456789&/,") || slices.Contains(particles, strings.ToLower(words[0])) {
		return "", name
	}
	last := len(words) - 1
	for last > 1 && slices.Contains(particles, words[last-1]) {
		last--
	}
	for _, word := range words[:last] {
		if r, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(r) {
			return "", name
		}
	}
	return strings.Join(words[:last], " "), strings.Join(words[last:], " ")
}

// withoutSuffix takes "Jr." off either end of a part of a name.
func withoutSuffix(part string) (rest, suffix string) {
	words := strings.Fields(part)
	if len(words) < 2 {
		return part, ""
	}
	for _, at := range []int{0, len(words) - 1} {
		if slices.Contains(suffixes, strings.ToLower(strings.TrimRight(words[at], ","))) {
			rest := strings.Join(slices.Delete(slices.Clone(words), at, at+1), " ")
			return strings.Trim(rest, ", "), strings.TrimRight(words[at], ",")
		}
	}
	return part, ""
}

func hasLetter(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }

// withoutCapitals gives family names their usual letters where all are printed
// in capitals.
func withoutCapitals(list []csl.Name) []csl.Name {
	long := false
	for _, one := range list {
		if one.Literal != "" {
			continue
		}
		if strings.ToUpper(one.Family) != one.Family {
			return list
		}
		long = long || utf8.RuneCountInString(one.Family) > 3
	}
	if !long {
		return list
	}
	for i := range list {
		if list[i].Literal == "" {
			list[i].Family = lowered(list[i].Family)
		}
	}
	return list
}

// lowered keeps the first letter of each part of a name.
func lowered(family string) string {
	begins := true
	return strings.Map(func(r rune) rune {
		was := begins
		begins = !unicode.IsLetter(r) && !unicode.IsMark(r)
		if was {
			return r
		}
		return unicode.ToLower(r)
	}, family)
}
