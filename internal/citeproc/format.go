package citeproc

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Options of a formatting.
type Options struct {
	// Lang is the language of the words between: a tag as "de-DE". Empty is the
	// style's own, and that of most is English as in the United States.
	Lang string
}

// Entry is one work in a bibliography.
type Entry struct {
	ID   string
	Text Text
}

// Result is what [Style.Format] gives.
type Result struct {
	// Citations has the text of each cluster, in their order.
	Citations []Text
	// Bibliography has each work once, in the style's order. It is empty where
	// the style has none.
	Bibliography []Entry
	// HangingIndent and SecondFieldAlign are how the bibliography is laid out.
	HangingIndent, SecondFieldAlign bool
}

// formatter holds what one call of Format shares.
type formatter struct {
	style  *Style
	locale *locale
	lang   string
	works  []*work
	byID   map[string]*work
}

// work is an item and what is known of it among the others.
type work struct {
	item   *csl.Item
	number int // citation-number
	// What tells it apart from others that would be cited alike.
	yearSuffix   string
	namesShown   int
	given        map[string]int // by nameKey
	disambiguate bool
}

// Format formats citations and the bibliography of one text. Items are the works
// in the order in which they are cited first; those that no cluster cites are in
// the bibliography too. An item's ID is its own among them. A cluster that cites
// an unknown work is an error.
func (s *Style) Format(items []csl.Item, clusters []Cluster, options Options) (Result, error) {
	f := &formatter{style: s, byID: make(map[string]*work, len(items))}
	f.lang = cmp.Or(options.Lang, s.defaultLocale, "en-US")
	var err error
	if f.locale, err = s.localeFor(f.lang); err != nil {
		return Result{}, err
	}
	f.works = make([]*work, len(items))
	for i := range items {
		f.works[i] = &work{item: &items[i], number: i + 1}
		if _, twice := f.byID[items[i].ID]; twice {
			return Result{}, fmt.Errorf("two works have the id %q", items[i].ID)
		}
		f.byID[items[i].ID] = f.works[i]
	}
	placed, err := f.place(clusters)
	if err != nil {
		return Result{}, err
	}
	order := f.bibliographyOrder()
	f.disambiguate(order)
	var result Result
	for _, cluster := range placed {
		result.Citations = append(result.Citations, f.cluster(cluster).finish(f.locale))
	}
	if b := s.bibliography; b != nil {
		result.HangingIndent, result.SecondFieldAlign = b.hangingIndent, b.secondFieldAlign
		result.Bibliography = f.bibliography(order)
	}
	return result, nil
}

func (f *formatter) eval(w *work, cite *placedCite, names namesOptions) *eval {
	return &eval{formatter: f, work: w, cite: cite, names: names, lang: cmp.Or(w.item.Language, f.lang), suppressed: map[string]bool{}}
}

// bibliographyOrder are the works as the bibliography sorts them. The numbers of
// a style with a sorted bibliography are those of that order.
func (f *formatter) bibliographyOrder() []*work {
	order := slices.Clone(f.works)
	if b := f.style.bibliography; b != nil && len(b.sort) > 0 {
		f.sortWorks(order, b)
		for i, w := range order {
			w.number = i + 1
		}
	}
	return order
}

func (f *formatter) collator() *collate.Collator {
	return collate.New(language.Make(f.lang))
}

func (f *formatter) sortWorks(works []*work, l *layout) {
	keys := make(map[*work][]string, len(works))
	for _, w := range works {
		keys[w] = f.sortKeys(w, l)
	}
	collator := f.collator()
	slices.SortStableFunc(works, func(a, b *work) int { return compareKeys(collator, l.sort, keys[a], keys[b]) })
}

func (f *formatter) sortKeys(w *work, l *layout) []string {
	values := make([]string, 0, len(l.sort))
	for _, key := range l.sort {
		e := f.eval(w, nil, l.names.over(key.names))
		e.sort = true
		values = append(values, e.sortValue(key))
	}
	return values
}

// compareKeys: works without a value come last in either direction.
func compareKeys(collator *collate.Collator, keys []sortKey, a, b []string) int {
	for i, key := range keys {
		switch {
		case a[i] == b[i]:
			continue
		case a[i] == "":
			return 1
		case b[i] == "":
			return -1
		}
		if order := collator.CompareString(a[i], b[i]); order != 0 {
			if key.descending {
				return -order
			}
			return order
		}
	}
	return 0
}

func (e *eval) sortValue(key sortKey) string {
	if key.macro != "" {
		return sortText(e.style.macros[key.macro].render(e).String())
	}
	switch csl.KindOf(key.variable) {
	case csl.KindNames:
		names := &namesNode{variables: []string{key.variable}}
		return sortText(names.render(e).String())
	case csl.KindDate:
		if d := e.work.item.Date(key.variable); filledDate(d) {
			return sortedDate(d, []string{"year", "month", "day"})
		}
		return ""
	case csl.KindText, csl.KindNone:
	}
	value := e.value(key.variable, "")
	if key.variable == "citation-number" || isNumeric(value) {
		if n, err := strconv.Atoi(value); err == nil {
			return fmt.Sprintf("%010d", n)
		}
	}
	return sortText(markup(value).String())
}

// sortText is what punctuation does not sort.
func sortText(text string) string {
	return strings.Trim(strings.NewReplacer("“", "", "”", "", "‘", "", "’", "", `"`, "", "[", "", "]", "", "(", "", ")", "").Replace(text), " .,;:")
}

func (f *formatter) bibliography(order []*work) []Entry {
	entries := make([]Entry, 0, len(order))
	var previous []string
	for _, w := range order {
		text, names := f.entry(w, previous)
		previous = names
		entries = append(entries, Entry{ID: w.item.ID, Text: text.finish(f.locale)})
	}
	return entries
}

// entry renders a work; the names of the one before it may be put as a dash.
func (f *formatter) entry(w *work, previous []string) (rich, []string) {
	b := f.style.bibliography
	render := func(replace func(int) (string, replacement)) (rich, []string) {
		e := f.eval(w, nil, b.names)
		e.replaceAuthor = replace
		parts := e.nodes(b.children)
		if b.secondFieldAlign {
			parts = alignSecond(parts)
		}
		out := b.look.apply(joinAll(parts, b.delimiter), e.lang)
		if e.author == nil {
			return out, nil
		}
		return out, e.author.names
	}
	out, names := render(nil)
	if replace := b.replaced(previous, names); b.hasSubsequentAuthor && replace != nil {
		out, _ = render(replace)
	}
	return out, names
}

// replaced says which names are put as a dash, after those of the entry before.
func (l *layout) replaced(previous, names []string) func(int) (string, replacement) {
	same := 0
	for same < len(previous) && same < len(names) && previous[same] == names[same] {
		same++
	}
	all := same > 0 && same == len(names) && same == len(previous)
	replace := func(how replacement, upTo int) func(int) (string, replacement) {
		return func(i int) (string, replacement) {
			if i < upTo {
				return l.subsequentAuthor, how
			}
			return "", keepName
		}
	}
	switch {
	case same == 0:
		return nil
	case l.subsequentAuthorRule == "partial-each":
		return replace(replaceName, same)
	case l.subsequentAuthorRule == "partial-first":
		return replace(replaceName, 1)
	case !all:
		return nil
	case l.subsequentAuthorRule == "complete-each":
		return replace(replaceName, same)
	}
	return replace(replaceAll, same)
}

// alignSecond puts the first field in the left margin and the others beside it.
func alignSecond(parts []rich) []rich {
	first := slices.IndexFunc(parts, func(r rich) bool { return !r.empty() })
	if first < 0 {
		return parts
	}
	set := func(r rich, d Display) rich {
		return r.each(func(p *piece) { p.display = cmp.Or(p.display, d) })
	}
	margin := set(parts[first].trimmed(), DisplayLeftMargin)
	return []rich{margin, set(joinAll(parts[first+1:], ""), DisplayRightInline)}
}
