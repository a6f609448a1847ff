package citeproc

import (
	"slices"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// disambiguate tells works apart that would be cited alike, as the style asks:
// by more names, by given names, by letters behind the year, by what the style
// keeps for that case. Letters follow the order of the bibliography.
func (f *formatter) disambiguate(order []*work) {
	l := f.style.citation
	if !l.addNames && !l.addGiven && !l.addYearSuffix && !f.style.testsDisambiguate {
		return
	}
	if l.addGiven && l.givenRule != "by-cite" {
		f.giveNames(order)
	}
	for _, group := range f.alike(order) {
		f.tellApart(group)
	}
	if l.addYearSuffix {
		for _, group := range f.alike(order) {
			for i, w := range group {
				w.yearSuffix = letters(i)
			}
		}
	}
	if f.style.testsDisambiguate {
		for _, group := range f.alike(order) {
			for _, w := range group {
				w.disambiguate = true
			}
			if len(f.distinct(group)) == 1 {
				for _, w := range group {
					w.disambiguate = false
				}
			}
		}
	}
}

// plainCite is a work as it is cited first, without a place in it.
func (f *formatter) plainCite(w *work) string {
	e := f.eval(w, &placedCite{work: w}, f.style.citation.names)
	return joinAll(e.nodes(f.style.citation.children), "").String()
}

func (f *formatter) distinct(works []*work) map[string][]*work {
	texts := map[string][]*work{}
	for _, w := range works {
		text := f.plainCite(w)
		texts[text] = append(texts[text], w)
	}
	return texts
}

// alike are groups of works that are cited by the same text.
func (f *formatter) alike(works []*work) [][]*work {
	var groups [][]*work
	at := map[string]int{}
	for _, w := range works {
		text := f.plainCite(w)
		i, ok := at[text]
		if !ok {
			i = len(groups)
			at[text], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], w)
	}
	return slices.DeleteFunc(groups, func(g []*work) bool { return len(g) < 2 })
}

// tellApart adds names, then given names, while that tells works of the group
// from others.
func (f *formatter) tellApart(group []*work) {
	l := f.style.citation
	if l.addNames {
		f.addNames(group)
	}
	if !l.addGiven || l.givenRule != "by-cite" {
		return
	}
	for _, rest := range f.alike(group) {
		f.addGiven(rest)
	}
}

// addNames shows as many names of each work as tell it from those of the group
// that have other names.
func (f *formatter) addNames(group []*work) {
	names := make(map[*work][]string, len(group))
	for _, w := range group {
		for _, n := range f.citedNames(w) {
			name := n.Short()
			if w.given[nameKey(n)] > givenHidden {
				name = nameKey(n)
			}
			names[w] = append(names[w], name)
		}
	}
	for _, w := range group {
		for _, other := range group {
			a, b := names[w], names[other]
			same := 0
			for same < len(a) && same < len(b) && a[same] == b[same] {
				same++
			}
			if same < len(a) || same < len(b) {
				w.namesShown = max(w.namesShown, same+1)
			}
		}
	}
}

// citedNames are the names that a citation of the work may show: those of the
// first variable of names that has any.
func (f *formatter) citedNames(w *work) []csl.Name {
	for _, variable := range []string{"author", "editor", "translator", "director", "composer", "illustrator", "interviewer", "compiler", "container-author", "collection-editor"} {
		if names := w.item.Names(variable); len(names) > 0 {
			return names
		}
	}
	return nil
}

// addGiven shows initials and then given names of works that are cited alike,
// of one author after the other, as long as that tells some apart.
func (f *formatter) addGiven(group []*work) {
	longest := 0
	for _, w := range group {
		longest = max(longest, len(f.citedNames(w)))
	}
	for at := range longest {
		for _, level := range f.levels(f.style.citation.givenRule) {
			people := map[string]bool{}
			for _, w := range group {
				if names := f.citedNames(w); at < len(names) {
					people[nameKey(names[at])] = true
				}
			}
			if len(people) < 2 {
				break
			}
			for _, w := range group {
				if names := f.citedNames(w); at < len(names) {
					w.giveLevel(names[at], level)
				}
			}
			if rest := f.alike(group); len(f.distinct(group)) > 1 {
				for _, same := range rest {
					f.addGiven(same)
				}
				return
			}
		}
	}
}

func (w *work) giveLevel(n csl.Name, level int) {
	if w.given == nil {
		w.given = map[string]int{}
	}
	w.given[nameKey(n)] = level
}

func (f *formatter) levels(rule string) []int {
	if strings.HasSuffix(rule, "-with-initials") {
		return []int{givenInitials}
	}
	return []int{givenInitials, givenFull}
}

// giveNames shows given names of people who share a family name with others,
// wherever they are cited: of all, or of the first in each work.
func (f *formatter) giveNames(works []*work) {
	rule := f.style.citation.givenRule
	primary := strings.HasPrefix(rule, "primary-name")
	shown := func(w *work) []csl.Name {
		names := f.citedNames(w)
		if primary && len(names) > 1 {
			return names[:1]
		}
		return names
	}
	families := map[string]map[string]csl.Name{}
	for _, w := range works {
		for _, n := range shown(w) {
			if n.Family == "" {
				continue
			}
			family := spaced(n.NonDroppingParticle, n.Family)
			if families[family] == nil {
				families[family] = map[string]csl.Name{}
			}
			families[family][nameKey(n)] = n
		}
	}
	level := f.givenLevels(families, rule)
	for _, w := range works {
		for _, n := range shown(w) {
			if l, ok := level[nameKey(n)]; ok {
				w.giveLevel(n, l)
			}
		}
	}
}

// givenLevels is how much of the given names tells the members of each family
// apart. Initials do not tell Jane from John.
func (f *formatter) givenLevels(families map[string]map[string]csl.Name, rule string) map[string]int {
	levels := map[string]int{}
	for _, people := range families {
		if len(people) < 2 {
			continue
		}
		byInitials := map[string]int{}
		e := &eval{formatter: f, work: &work{item: &csl.Item{}}}
		initials := func(n csl.Name) string {
			return e.initials(n.Given, namesOptions{initials: ".", hasInitials: true})
		}
		for _, n := range people {
			byInitials[initials(n)]++
		}
		for key, n := range people {
			switch {
			case byInitials[initials(n)] == 1:
				levels[key] = givenInitials
			case !strings.HasSuffix(rule, "-with-initials"):
				levels[key] = givenFull
			case len(byInitials) > 1:
				levels[key] = givenInitials
			}
		}
	}
	return levels
}

// letters counts a, b … z, aa, ab.
func letters(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return letters(i/26-1) + letters(i%26)
}
