package specimen

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
)

// nameForm is how a list of names is printed.
type nameForm struct {
	order    string // inverted, first (only the first is inverted), straight
	given    string // "J. K.", "J.K.", "JK", "J K", full, undotted
	comma    string // between family and given name where inverted
	between  string
	two      string // between two names
	last     string // before the last of several
	most     int    // how many are printed before etal
	etal     string
	capitals bool // SMALL CAPS come out as capitals
}

// form reads "inverted|J. K.|, |, | & |, & |7|, et al.".
func form(text string) nameForm {
	parts := strings.Split(text, "|")
	most, err := strconv.Atoi(parts[6])
	if err != nil {
		panic("specimen: " + text)
	}
	return nameForm{
		order: parts[0], given: parts[1], comma: parts[2], between: parts[3], two: parts[4], last: parts[5], most: most, etal: parts[7],
		capitals: len(parts) > 8,
	}
}

func forms(texts ...string) []nameForm {
	out := make([]nameForm, len(texts))
	for i, text := range texts {
		out[i] = form(text)
	}
	return out
}

// nameLabels are the labels of one list: of authors or of editors.
type nameLabels struct {
	familyFirst, family, givenFirst, given, bodyFirst, body, between sequence.Label
}

var (
	authorLabels = nameLabels{
		sequence.AuthorFamilyFirst, sequence.AuthorFamily, sequence.AuthorGivenFirst, sequence.AuthorGiven,
		sequence.AuthorBodyFirst, sequence.AuthorBody, sequence.AuthorBetween,
	}
	editorLabels = nameLabels{
		sequence.EditorFamilyFirst, sequence.EditorFamily, sequence.EditorGivenFirst, sequence.EditorGiven,
		sequence.EditorFamilyFirst, sequence.EditorFamily, sequence.EditorBetween,
	}
)

// printNames writes a list of names.
func (p *printer) printNames(r *rand.Rand, list []person, f nameForm, labels nameLabels) {
	count := len(list)
	cut := count > f.most
	if cut {
		count = max(1, min(f.most, pickCut(r, f.most)))
	}
	for i := range count {
		switch {
		case i == 0:
		case cut || i < count-1:
			p.put(f.between, labels.between)
		case count == 2:
			p.put(f.two, labels.between)
		default:
			p.put(f.last, labels.between)
		}
		p.printName(list[i], f, f.order == "inverted" || f.order == "first" && i == 0, labels)
	}
	if cut {
		p.put(f.etal, labels.between)
	}
}

func pickCut(r *rand.Rand, most int) int {
	if most <= 3 || chance(r, 0.7) {
		return most
	}
	return pick(r, []int{1, 3})
}

func (p *printer) printName(one person, f nameForm, inverted bool, labels nameLabels) {
	if one.body != "" {
		p.putParts(one.body, labels.bodyFirst, labels.body)
		return
	}
	family := one.family
	if f.capitals {
		family = strings.ToUpper(family)
	}
	if one.given == "" {
		p.putParts(family, labels.familyFirst, labels.family)
		return
	}
	name := abbreviated(one.given, f.given)
	if inverted {
		if one.particle != "" {
			name += " " + one.particle
		}
		if one.suffix != "" {
			if len(name)%2 == 0 {
				name += f.comma + one.suffix
			} else {
				name = one.suffix + f.comma + name
			}
		}
		p.putParts(family, labels.familyFirst, labels.family)
		p.put(f.comma, labels.between)
		p.putParts(name, labels.given, labels.given)
		return
	}
	p.putParts(name, labels.givenFirst, labels.given)
	p.put(" ", labels.between)
	if one.particle != "" {
		family = one.particle + " " + family
	}
	if one.suffix != "" {
		family += pickSuffix(one) + one.suffix
	}
	p.putParts(family, labels.family, labels.family)
}

// pickSuffix is what stands before a suffix: a comma for every other name.
func pickSuffix(one person) string {
	if len(one.family)%2 == 0 {
		return ", "
	}
	return " "
}

// abbreviated is a given name in the form of a style.
func abbreviated(given, form string) string {
	if form == "full" {
		return given
	}
	var initials []string
	for part := range strings.FieldsSeq(given) {
		var double []string
		for half := range strings.SplitSeq(part, "-") {
			r, _ := utf8.DecodeRuneInString(half)
			double = append(double, string(r))
		}
		initials = append(initials, strings.Join(double, "-"))
	}
	switch form {
	case "J. K.":
		return dotted(initials, " ")
	case "J.K.":
		return dotted(initials, "")
	case "J K":
		return strings.Join(initials, " ")
	case "undotted":
		return strings.ReplaceAll(given, ".", "")
	}
	return strings.ReplaceAll(strings.Join(initials, ""), "-", "")
}

func dotted(initials []string, between string) string {
	out := make([]string, len(initials))
	for i, one := range initials {
		out[i] = strings.ReplaceAll(one, "-", ".-") + "."
	}
	return strings.Join(out, between)
}
