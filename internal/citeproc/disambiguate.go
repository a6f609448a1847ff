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
	if l.addGiven && l.givenRule == "by-cite" {
		f.addGiven(group)
	}
}

// addNames shows as many names as tell those works apart that names can tell
// apart, in all of them. Given names count as far as they may be added.
func (f *formatter) addNames(group []*work) {
	names, longest := make(map[*work][]string, len(group)), 0
	for _, w := range group {
		for i, n := range f.citedNames(w) {
			names[w] = append(names[w], f.told(n, i))
		}
		longest = max(longest, len(names[w]))
	}
	apart := func(shown int) []*work {
		counts := map[string]int{}
		key := func(w *work) string { return strings.Join(names[w][:min(shown, len(names[w]))], "\x01") }
		for _, w := range group {
			counts[key(w)]++
		}
		return slices.DeleteFunc(slices.Clone(group), func(w *work) bool { return counts[key(w)] > 1 })
	}
	most := apart(longest)
	if len(most) == 0 {
		return
	}
	for shown := 1; shown <= longest; shown++ {
		if slices.Equal(apart(shown), most) {
			for _, w := range most {
				w.namesShown = shown
			}
			return
		}
	}
}

// told is what may be shown of a name to tell it from others.
func (f *formatter) told(n csl.Name, index int) string {
	rule := f.style.citation.givenRule
	if !f.style.citation.addGiven || strings.HasPrefix(rule, "primary-name") && index > 0 {
		n.Given = ""
	} else if strings.HasSuffix(rule, "-with-initials") {
		n.Given = f.onlyInitials(n)
	}
	return nameKey(n)
}

func (f *formatter) onlyInitials(n csl.Name) string {
	e := &eval{formatter: f}
	return e.initials(n.Given, namesOptions{hasInitials: true})
}

// citedNames are the names that a citation of the work gives, those too that
// "et al." hides.
func (f *formatter) citedNames(w *work) []csl.Name {
	e := f.eval(w, &placedCite{work: w}, f.style.citation.names)
	_ = e.nodes(f.style.citation.children)
	return e.people
}

// addGiven shows initials, or given names where initials are the same, of
// people with the same family name who stand at the same place in citations
// that are alike.
func (f *formatter) addGiven(group []*work) {
	names, longest := make([][]csl.Name, len(group)), 0
	for i, w := range group {
		names[i] = f.citedNames(w)
		longest = max(longest, len(names[i]))
	}
	told := map[*work]bool{}
	for at := range longest {
		if len(told) == len(group) {
			return
		}
		families := map[string]map[string]csl.Name{}
		for i := range group {
			if at < len(names[i]) {
				addPerson(families, names[i][at])
			}
		}
		levels := f.givenLevels(families, "by-cite")
		for i, w := range group {
			if at < len(names[i]) {
				if level, ok := levels[nameKey(names[i][at])]; ok {
					w.giveLevel(names[i][at], level)
					told[w] = true
				}
			}
		}
	}
}

// addPerson sorts people by their family names.
func addPerson(families map[string]map[string]csl.Name, n csl.Name) {
	if n.Family == "" {
		return
	}
	if families[n.Family] == nil {
		families[n.Family] = map[string]csl.Name{}
	}
	families[n.Family][nameKey(n)] = n
}

func (w *work) giveLevel(n csl.Name, level int) {
	if w.given == nil {
		w.given = map[string]int{}
	}
	w.given[nameKey(n)] = max(level, w.given[nameKey(n)])
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
			addPerson(families, n)
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
		for _, n := range people {
			byInitials[f.onlyInitials(n)]++
		}
		for key, n := range people {
			switch {
			case byInitials[f.onlyInitials(n)] == 1:
				levels[key] = givenInitials
			case !strings.HasSuffix(rule, "-with-initials"):
				levels[key] = givenFull
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
