package citeproc

import (
	"slices"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// node is an element of a style that gives text.
type node interface {
	render(e *eval) rich
}

// eval renders one work in one place.
type eval struct {
	*formatter
	work  *work
	names namesOptions // from style, citation or bibliography, or a sort key
	cite  *placedCite  // nil in the bibliography
	sort  bool         // a sort key is made
	lang  string

	// suppressed variables were rendered in the place of names.
	suppressed map[string]bool
	parents    []*namesNode // of the substitutes that are being rendered
	// called and filled count variables, to leave out groups without values.
	called, filled int
	steps          int
	yearSuffixDone bool

	// author is the first list of names: what is left out where authors are,
	// and put in the place of by repeated ones.
	author        *authorList
	people        []csl.Name // all that were rendered
	hideAuthor    bool
	replaceAuthor func(index int) (string, replacement)
}

type authorList struct {
	names []string
	whole rich
	// people is the same for the same people, however much is shown of them.
	people string
}

type replacement uint8

const (
	keepName replacement = iota
	replaceName
	replaceAll
)

// maxSteps elements are rendered for one work in one place: a style may call
// macros that call macros.
const maxSteps = 100_000

func (e *eval) nodes(list []node) []rich {
	if e.steps += len(list); e.steps > maxSteps {
		return nil
	}
	parts := make([]rich, 0, len(list))
	for _, n := range list {
		// A choice is no element of its own: what it chooses stands where it is.
		if choice, ok := n.(*chooseNode); ok {
			parts = append(parts, e.nodes(choice.chosen(e))...)
			continue
		}
		parts = append(parts, n.render(e))
	}
	return parts
}

// sequence of elements: a macro, or a branch.
type sequence struct{ children []node }

func (n *sequence) render(e *eval) rich { return joinAll(e.nodes(n.children), "") }

type groupNode struct {
	look      look
	delimiter string
	children  []node
}

// render leaves the group out where it calls variables of which none has a
// value; a group in a group counts as a variable.
func (n *groupNode) render(e *eval) rich {
	called, filled := e.called, e.filled
	e.called, e.filled = 0, 0
	out := n.look.apply(joinAll(e.nodes(n.children), n.delimiter), e.lang)
	inCalled, inFilled := e.called, e.filled
	e.called, e.filled = called, filled
	if inCalled > 0 {
		e.called++
	}
	if inCalled > 0 && inFilled == 0 {
		return nil
	}
	if !out.empty() && inCalled > 0 {
		e.filled++
	}
	return out
}

type textNode struct {
	look                               look
	variable, macro, term, value, form string
	plural                             bool
}

func (n *textNode) render(e *eval) rich {
	switch {
	case n.macro != "":
		return n.look.apply(e.style.macros[n.macro].render(e), e.lang)
	case n.term != "":
		return n.look.apply(plain(e.locale.term(n.term, n.form, n.plural)), e.formatter.lang)
	case n.value != "":
		return n.look.apply(plain(n.value), e.formatter.lang)
	}
	return n.look.apply(e.variable(n.variable, n.form), e.lang)
}

// variable renders a text variable and counts the call.
func (e *eval) variable(name, form string) rich {
	value := e.value(name, form)
	if name == "year-suffix" {
		// It tells works apart and says nothing of them: a group that has it
		// and else a term only is not empty.
		return plain(value)
	}
	e.called++
	if value == "" {
		return nil
	}
	e.filled++
	e.substituted(name)
	switch name {
	case "page":
		return plain(e.pages(value))
	case "locator":
		return plain(e.locator(value))
	case "DOI":
		address := strings.TrimPrefix(value, "https://doi.org/")
		return rich{{text: value, link: "https://doi.org/" + address}}
	case "URL":
		return rich{{text: value, link: webAddress(value)}}
	case "PMID":
		return rich{{text: value, link: "https://www.ncbi.nlm.nih.gov/pubmed/" + value}}
	case "PMCID":
		return rich{{text: value, link: "https://www.ncbi.nlm.nih.gov/pmc/articles/" + value}}
	case "citation-number":
		return plain(value)
	}
	return markup(value)
}

// webAddress is the text where it may be linked to.
func webAddress(text string) string {
	for _, scheme := range []string{"https://", "http://", "ftp://"} {
		if strings.HasPrefix(strings.ToLower(text), scheme) {
			return text
		}
	}
	return ""
}

// value of a text or number variable, as the work has it.
func (e *eval) value(name, form string) string {
	if e.suppressed[name] {
		return ""
	}
	item := e.work.item
	switch name {
	case "citation-number":
		return strconv.Itoa(e.work.number)
	case "year-suffix":
		if e.sort {
			return "" // suffixes follow the order, not the other way about
		}
		return e.work.yearSuffix
	case "locator":
		if e.cite != nil {
			return e.cite.Locator
		}
		return ""
	case "first-reference-note-number":
		if e.cite != nil && e.cite.firstNote > 0 && e.cite.firstNote != e.cite.note {
			return strconv.Itoa(e.cite.firstNote)
		}
		return ""
	case "citation-label":
		return citationLabel(item)
	case "page-first":
		if item.PageFirst == "" {
			first, _, _ := strings.Cut(strings.NewReplacer("–", "-", ",", "-", "&", "-").Replace(item.Page), "-")
			return strings.TrimSpace(first)
		}
	case "event":
		name = "event-title"
	case "title", "container-title":
		if form == "short" {
			if short := item.Text(name + "-short"); short != "" {
				return short
			}
		}
	}
	return item.Text(name)
}

// citationLabel is the label of styles that cite as "Knu84": four letters of
// one author, or the first letters of up to four, and the year's end.
func citationLabel(item *csl.Item) string {
	var b strings.Builder
	letters := 4
	if n := len(item.Author); n > 1 {
		letters = max(1, 4/min(n, 4))
	}
	for i, name := range item.Author {
		if i == 4 {
			break
		}
		r := []rune(name.Short())
		b.WriteString(string(r[:min(letters, len(r))]))
	}
	if year := item.Year(); year > 0 {
		b.WriteString(twoDigits(year % 100))
	}
	return b.String()
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// substituted marks variables that stand in the place of names: they are not
// rendered again.
func (e *eval) substituted(names ...string) {
	if len(e.parents) == 0 {
		return
	}
	for _, name := range names {
		e.suppressed[name] = true
	}
}

type chooseNode struct{ branches []branch }

type branch struct {
	match      string
	isElse     bool
	conditions []condition
	children   []node
}

type condition struct{ kind, value string }

func (n *chooseNode) render(e *eval) rich { return joinAll(e.nodes(n.chosen(e)), "") }

// chosen are the children of the first branch whose conditions hold.
func (n *chooseNode) chosen(e *eval) []node {
	for _, b := range n.branches {
		if b.isElse || b.holds(e) {
			return b.children
		}
	}
	return nil
}

func (b branch) holds(e *eval) bool {
	test := func(c condition) bool { return c.holds(e) }
	switch b.match {
	case "any":
		return slices.ContainsFunc(b.conditions, test)
	case "none":
		return !slices.ContainsFunc(b.conditions, test)
	}
	return !slices.ContainsFunc(b.conditions, func(c condition) bool { return !c.holds(e) })
}

func (c condition) holds(e *eval) bool {
	switch c.kind {
	case "disambiguate":
		return e.work.disambiguate == (c.value == "true")
	case "is-numeric":
		return isNumeric(e.value(c.value, ""))
	case "is-uncertain-date":
		date := e.work.item.Date(c.value)
		return date != nil && date.Circa
	case "locator":
		return e.cite != nil && e.cite.Locator != "" && (e.cite.label() == c.value || strings.ReplaceAll(c.value, "sub verbo", "sub-verbo") == e.cite.label())
	case "position":
		return e.cite != nil && (e.cite.position.is(c.value) || c.value == "near-note" && e.cite.near)
	case "type":
		return e.work.item.Type == c.value
	case "variable":
		return e.has(c.value)
	}
	return false
}

func (e *eval) has(name string) bool {
	switch {
	case e.suppressed[name]:
		return false
	case csl.KindOf(name) == csl.KindNames:
		return len(e.work.item.Names(name)) > 0
	case csl.KindOf(name) == csl.KindDate:
		return filledDate(e.work.item.Date(name))
	}
	return e.value(name, "") != ""
}
