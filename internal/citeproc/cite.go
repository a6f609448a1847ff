package citeproc

import (
	"fmt"
	"slices"
	"strings"
)

// Cluster is one citation: what stands between one pair of brackets, or in one
// note.
type Cluster struct {
	Cites []Cite
	// Note is the number of the note that the citation stands in; 0 where it
	// stands in the text. In a style of notes, clusters without one are numbered
	// in their order.
	Note int
}

// Cite is one work in a citation.
type Cite struct {
	ID string
	// Locator is a place in the work, as "12–15"; Label says what it counts:
	// "page" where it is empty, "chapter", "section", "verse" …
	Locator, Label string
	// Prefix and Suffix stand around the cite: "see", "and elsewhere".
	Prefix, Suffix string
	// SuppressAuthor leaves the names out, which stand in the sentence before.
	// AuthorOnly gives just them.
	SuppressAuthor, AuthorOnly bool
}

type position uint8

const (
	positionFirst position = iota
	positionSubsequent
	positionIbidWithLocator
	positionIbid
)

// placedCite is a cite that knows what was cited before it.
type placedCite struct {
	Cite
	work            *work
	position        position
	near            bool
	note, firstNote int
}

func (c *placedCite) label() string {
	if c.Label == "" {
		return "page"
	}
	return c.Label
}

// is tests a position of CSL. Each "ibid" is "subsequent" too.
func (p position) is(name string) bool {
	switch name {
	case "first":
		return p == positionFirst
	case "subsequent":
		return p >= positionSubsequent
	case "ibid":
		return p >= positionIbidWithLocator
	case "ibid-with-locator":
		return p == positionIbidWithLocator
	}
	return false
}

// place finds out where each cite stands among the others.
func (f *formatter) place(clusters []Cluster) ([][]*placedCite, error) {
	first := map[*work]int{}
	lastNote := map[*work]int{}
	var previous []*placedCite
	placed := make([][]*placedCite, len(clusters))
	for i, cluster := range clusters {
		note := cluster.Note
		if note == 0 && f.style.Note {
			note = i + 1
		}
		for j, cite := range cluster.Cites {
			w := f.byID[cite.ID]
			if w == nil {
				return nil, fmt.Errorf("citation %d: there is no work with the id %q", i+1, cite.ID)
			}
			placed[i] = append(placed[i], &placedCite{Cite: cite, work: w, note: note})
			c := placed[i][j]
			if _, seen := first[w]; seen {
				c.position = positionSubsequent
				c.firstNote = first[w]
				c.near = note-lastNote[w] <= f.style.citation.nearNoteDistance
				c.position = max(c.position, ibid(placed[i][:j], previous, c))
			} else {
				first[w] = note
			}
			lastNote[w] = note
		}
		previous = placed[i]
	}
	return placed, nil
}

// ibid is the position of a cite right behind another of the same work: in the
// same cluster, or alone in the cluster before.
func ibid(before, previous []*placedCite, c *placedCite) position {
	var last *placedCite
	switch {
	case len(before) > 0:
		last = before[len(before)-1]
	case len(previous) == 1:
		last = previous[0]
	}
	switch {
	case last == nil || last.work != c.work:
		return positionSubsequent
	case last.Locator == "" && c.Locator == "":
		return positionIbid
	case last.Locator == "":
		return positionIbidWithLocator
	case c.Locator == "":
		return positionSubsequent
	case last.Locator == c.Locator && last.label() == c.label():
		return positionIbid
	}
	return positionIbidWithLocator
}

// rendered is a cite's text in its cluster.
type rendered struct {
	cite *placedCite
	text rich
	// author is the names' text, and people who they are: cites are grouped
	// that have either in common.
	author, people string
}

// cluster renders a citation: sorted, grouped, collapsed.
func (f *formatter) cluster(cites []*placedCite) rich {
	l := f.style.citation
	cites = f.sortedCites(cites)
	items := make([]rendered, 0, len(cites))
	authorOnly := len(cites) > 0
	for _, c := range cites {
		items = append(items, f.cited(c, c.SuppressAuthor))
		authorOnly = authorOnly && c.AuthorOnly
	}
	if l.grouped {
		items = regrouped(items)
	}
	var out rich
	switch {
	case l.collapse == "citation-number":
		out = f.collapseNumbers(items)
	case strings.HasPrefix(l.collapse, "year"):
		out = f.collapseYears(items)
	case l.grouped:
		out = f.joinGroups(items)
	default:
		out = joinCites(items, func(int) string { return l.delimiter })
	}
	if authorOnly {
		return out
	}
	out = l.look.apply(out, f.lang)
	if f.style.Note {
		// A note is a sentence.
		out = textCase(out, "capitalize-first", f.lang)
	}
	return out
}

func (f *formatter) sortedCites(cites []*placedCite) []*placedCite {
	l := f.style.citation
	if len(l.sort) == 0 || len(cites) < 2 {
		return cites
	}
	keys := map[*work][]string{}
	for _, c := range cites {
		keys[c.work] = f.sortKeys(c.work, l)
	}
	sorted, collator := slices.Clone(cites), f.collator()
	slices.SortStableFunc(sorted, func(a, b *placedCite) int {
		return compareKeys(collator, l.sort, keys[a.work], keys[b.work])
	})
	return sorted
}

// cited renders one cite with its affixes.
func (f *formatter) cited(c *placedCite, hideAuthor bool) rendered {
	e := f.eval(c.work, c, f.style.citation.names)
	e.hideAuthor = hideAuthor
	text := joinAll(e.nodes(f.style.citation.children), "")
	author, people := "", ""
	if e.author != nil {
		author, people = e.author.whole.String(), e.author.people
		if c.AuthorOnly {
			text = e.author.whole
		}
	}
	return rendered{c, affixes(c, text), author, people}
}

func affixes(c *placedCite, text rich) rich {
	if c.Prefix != "" {
		prefix := c.Prefix
		if last := prefix[len(prefix)-1]; last != ' ' {
			prefix += " "
		}
		text = join(markup(prefix), text)
	}
	if c.Suffix != "" {
		suffix := c.Suffix
		if !strings.ContainsAny(suffix[:1], " ,;.:") {
			suffix = " " + suffix
		}
		text = join(text, markup(suffix))
	}
	return text
}

// joinCites puts cites behind each other; before says what stands before the
// i-th.
func joinCites(items []rendered, before func(i int) string) rich {
	var out rich
	for i, item := range items {
		if i > 0 && !out.empty() && !item.text.empty() {
			out = join(out, plain(before(i)))
		}
		out = join(out, item.text)
	}
	return out
}

// regrouped brings cites of the same names together, at the first of them.
func regrouped(items []rendered) []rendered {
	out := make([]rendered, 0, len(items))
	taken := make([]bool, len(items))
	for i, item := range items {
		if taken[i] {
			continue
		}
		out = append(out, item)
		for j := i + 1; j < len(items); j++ {
			if !taken[j] && sameAuthor(item, items[j]) {
				out, taken[j] = append(out, items[j]), true
			}
		}
	}
	return out
}

func (f *formatter) joinGroups(items []rendered) rich {
	l := f.style.citation
	return joinCites(items, func(i int) string {
		if sameAuthor(items[i-1], items[i]) {
			return l.groupDelimiter
		}
		return l.delimiter
	})
}

func sameAuthor(a, b rendered) bool {
	return a.author != "" && (a.author == b.author || a.people == b.people) && b.cite.Prefix == ""
}

// collapseNumbers makes ranges of numbers that follow each other.
func (f *formatter) collapseNumbers(items []rendered) rich {
	l := f.style.citation
	bare := func(r rendered) bool {
		return r.cite.Locator == "" && r.cite.Prefix == "" && r.cite.Suffix == "" && !r.cite.AuthorOnly
	}
	var out []rendered
	ranged := map[int]bool{}
	for i := 0; i < len(items); {
		end := i
		for end+1 < len(items) && bare(items[end]) && bare(items[end+1]) && items[end+1].cite.work.number == items[end].cite.work.number+1 {
			end++
		}
		if end-i >= 2 {
			ranged[len(out)] = true
			out = append(out, rendered{cite: items[i].cite, text: join(join(items[i].text, plain("–")), items[end].text)})
		} else {
			out = append(out, items[i:end+1]...)
		}
		i = end + 1
	}
	return joinCites(out, func(i int) string {
		if ranged[i-1] {
			return l.afterCollapse
		}
		return l.delimiter
	})
}

// collapseYears leaves out names that were just given, and years too where the
// style collapses to suffixes.
func (f *formatter) collapseYears(items []rendered) rich {
	l := f.style.citation
	var out rich
	for i, item := range items {
		text := item.text
		delimiter := l.delimiter
		switch {
		case i == 0:
		case sameAuthor(items[i-1], item):
			delimiter = l.groupDelimiter
			if items[i-1].cite.Locator != "" || item.cite.Locator != "" {
				delimiter = l.afterCollapse // a comma would join the year to the place
			}
			text = f.cited(item.cite, true).text
			if short, ok := f.onlySuffix(items[i-1].cite, item.cite); ok {
				text, delimiter = short, l.yearSuffixDelimiter
			}
		case i > 1 && sameAuthor(items[i-2], items[i-1]):
			delimiter = l.afterCollapse
		}
		if i > 0 {
			out = join(out, plain(delimiter))
		}
		out = join(out, text)
	}
	return out
}

func (f *formatter) onlySuffix(before, c *placedCite) (rich, bool) {
	if !strings.HasPrefix(f.style.citation.collapse, "year-suffix") || before.work.yearSuffix == "" || c.work.yearSuffix == "" ||
		before.work.item.Year() != c.work.item.Year() || before.Locator != "" || c.Locator != "" {
		return nil, false
	}
	return affixes(c, plain(c.work.yearSuffix)), true
}
