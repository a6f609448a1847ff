package citeproc

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Style is a citation style that has been read. It holds nothing of the works
// that it formats, so that many may use it at once.
type Style struct {
	ID    string // the address that names the style
	Title string
	// Note: citations stand in notes. Otherwise they stand in the text.
	Note bool
	// Numeric: works are cited by their numbers.
	Numeric bool

	defaultLocale string
	locales       []*element
	macros        map[string]node
	citation      *layout
	bibliography  *layout // nil where the style has none

	pageRange          string
	demoteParticle     string // never, sort-only or display-and-sort
	initializeHyphen   bool
	explicitYearSuffix bool
	testsDisambiguate  bool
}

// layout of citations or of the bibliography.
type layout struct {
	look      look
	delimiter string
	children  []node
	sort      []sortKey
	names     namesOptions

	// Citations.
	addNames, addGiven, addYearSuffix  bool
	givenRule                          string
	collapse                           string
	groupDelimiter                     string
	grouped                            bool
	yearSuffixDelimiter, afterCollapse string
	nearNoteDistance                   int

	// Bibliography.
	hangingIndent, secondFieldAlign bool
	subsequentAuthor                string
	hasSubsequentAuthor             bool
	subsequentAuthorRule            string
}

type sortKey struct {
	variable   string
	macro      string
	descending bool
	names      namesOptions
}

// DependentError is of a style that only names another: its Parent.
type DependentError struct{ Parent string }

func (e DependentError) Error() string {
	return fmt.Sprintf("the style is another name of %s", e.Parent)
}

// ReadStyle reads a style file of CSL 1.0.2. A dependent style has no rules of
// its own: parent is asked for the style that it names, and the error is
// [DependentError] where parent is nil. Errors say what is not understood.
func ReadStyle(r io.Reader, parent func(id string) (*Style, error)) (*Style, error) {
	root, err := readXML(r)
	if err != nil {
		return nil, fmt.Errorf("style: %w", err)
	}
	if root.name != "style" {
		return nil, fmt.Errorf("style: the root element is %q", root.name)
	}
	s := &Style{
		macros: map[string]node{}, defaultLocale: root.attr["default-locale"], Note: root.attr["class"] == "note",
		pageRange: root.attr["page-range-format"], demoteParticle: root.attr["demote-non-dropping-particle"],
		initializeHyphen: root.attr["initialize-with-hyphen"] != "false",
	}
	if s.demoteParticle == "" {
		s.demoteParticle = "display-and-sort"
	}
	parentID := s.readInfo(root.child("info"))
	if root.child("citation") == nil && parentID != "" {
		return s.fromParent(parentID, parent)
	}
	if err := s.compile(root); err != nil {
		return nil, fmt.Errorf("style %s: %w", s.ID, err)
	}
	return s, nil
}

// readInfo gives the parent's id, where there is one.
func (s *Style) readInfo(info *element) (parent string) {
	if info == nil {
		return ""
	}
	for _, child := range info.children {
		switch {
		case child.name == "id":
			s.ID = strings.TrimSpace(child.text)
		case child.name == "title":
			s.Title = strings.TrimSpace(child.text)
		case child.name == "category" && child.attr["citation-format"] == "numeric":
			s.Numeric = true
		case child.name == "link" && child.attr["rel"] == "independent-parent":
			parent = child.attr["href"]
		}
	}
	return parent
}

func (s *Style) fromParent(id string, parent func(string) (*Style, error)) (*Style, error) {
	if parent == nil {
		return nil, DependentError{id}
	}
	found, err := parent(id)
	if err != nil {
		return nil, fmt.Errorf("style %s: its parent %s: %w", s.ID, id, err)
	}
	own := *found
	own.ID, own.Title = s.ID, s.Title
	if s.defaultLocale != "" {
		own.defaultLocale = s.defaultLocale
	}
	return &own, nil
}

func (s *Style) compile(root *element) error {
	c := &compiler{style: s, macros: map[string]*element{}, under: map[string]bool{}}
	for _, child := range root.children {
		switch child.name {
		case "macro":
			c.macros[child.attr["name"]] = child
		case "locale":
			s.locales = append(s.locales, child)
		}
	}
	global := nameAttributes(root)
	var err error
	if e := root.child("citation"); e == nil {
		return errors.New("there is no element citation")
	} else if s.citation, err = c.layout(e, global); err != nil {
		return err
	}
	if e := root.child("bibliography"); e != nil {
		if s.bibliography, err = c.layout(e, global); err != nil {
			return err
		}
	}
	return nil
}

type compiler struct {
	style  *Style
	macros map[string]*element
	under  map[string]bool // macros that are being compiled
}

func (c *compiler) layout(e *element, global namesOptions) (*layout, error) {
	body := e.child("layout")
	if body == nil {
		return nil, fmt.Errorf("%s has no layout", e.name)
	}
	l := &layout{
		look: compileLook(body), delimiter: body.attr["delimiter"], names: global.over(nameAttributes(e)),
		addNames: e.is("disambiguate-add-names"), addGiven: e.is("disambiguate-add-givenname"), addYearSuffix: e.is("disambiguate-add-year-suffix"),
		givenRule: e.attr["givenname-disambiguation-rule"], collapse: e.attr["collapse"],
		nearNoteDistance: number(e.attr["near-note-distance"], 5),
		hangingIndent:    e.is("hanging-indent"), secondFieldAlign: e.attr["second-field-align"] != "",
		subsequentAuthorRule: e.attr["subsequent-author-substitute-rule"],
	}
	l.subsequentAuthor, l.hasSubsequentAuthor = e.attr["subsequent-author-substitute"]
	if l.givenRule == "" {
		l.givenRule = "by-cite"
	}
	l.groupDelimiter, l.grouped = e.attr["cite-group-delimiter"]
	if !l.grouped {
		l.groupDelimiter = ", "
	}
	l.grouped = l.grouped || strings.HasPrefix(l.collapse, "year")
	var given bool
	if l.yearSuffixDelimiter, given = e.attr["year-suffix-delimiter"]; !given {
		l.yearSuffixDelimiter = l.delimiter
	}
	if l.afterCollapse, given = e.attr["after-collapse-delimiter"]; !given {
		l.afterCollapse = l.delimiter
	}
	var err error
	if l.children, err = c.nodes(body.children); err != nil {
		return nil, err
	}
	if keys := e.child("sort"); keys != nil {
		for _, k := range keys.children {
			key := sortKey{variable: k.attr["variable"], macro: k.attr["macro"], descending: k.attr["sort"] == "descending"}
			key.names.min, key.names.useFirst = number(k.attr["names-min"], 0), number(k.attr["names-use-first"], 0)
			key.names.useLast = k.attr["names-use-last"]
			if key.macro != "" {
				if err := c.macro(key.macro); err != nil {
					return nil, err
				}
			}
			l.sort = append(l.sort, key)
		}
	}
	return l, nil
}

// macro compiles a macro when it is first called.
func (c *compiler) macro(name string) error {
	if _, done := c.style.macros[name]; done {
		return nil
	}
	e, ok := c.macros[name]
	if !ok {
		return fmt.Errorf("there is no macro %q", name)
	}
	if c.under[name] {
		return fmt.Errorf("the macro %q calls itself", name)
	}
	c.under[name] = true
	children, err := c.nodes(e.children)
	if err != nil {
		return fmt.Errorf("macro %q: %w", name, err)
	}
	delete(c.under, name)
	c.style.macros[name] = &sequence{children}
	return nil
}

func (c *compiler) nodes(elements []*element) ([]node, error) {
	nodes := make([]node, 0, len(elements))
	for _, e := range elements {
		n, err := c.node(e)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	return nodes, nil
}

func (c *compiler) node(e *element) (node, error) {
	switch e.name {
	case "text":
		return c.text(e)
	case "number":
		return &numberNode{compileLook(e), e.attr["variable"], e.attr["form"]}, nil
	case "label":
		return compileLabel(e), nil
	case "date":
		return compileDate(e)
	case "group":
		children, err := c.nodes(e.children)
		return &groupNode{compileLook(e), e.attr["delimiter"], children}, err
	case "names":
		return c.names(e)
	case "choose":
		return c.choose(e)
	}
	return nil, fmt.Errorf("the element %q is not known here", e.name)
}

func (c *compiler) text(e *element) (node, error) {
	n := &textNode{look: compileLook(e), variable: e.attr["variable"], macro: e.attr["macro"], term: e.attr["term"], value: e.attr["value"], form: e.attr["form"], plural: e.is("plural")}
	if n.variable == "year-suffix" {
		c.style.explicitYearSuffix = true
	}
	if n.macro != "" {
		return n, c.macro(n.macro)
	}
	return n, nil
}

func (c *compiler) names(e *element) (node, error) {
	n := &namesNode{look: compileLook(e), variables: e.words("variable")}
	n.delimiter, n.hasDelimiter = e.attr["delimiter"]
	for _, child := range e.children {
		switch child.name {
		case "name":
			options := nameAttributes(child)
			n.name = &options
			n.name.look = compileLook(child)
			n.labelFirst = n.label != nil
			for _, part := range child.children {
				partLook := compileLook(part)
				switch part.attr["name"] {
				case "family":
					n.name.family = &partLook
				case "given":
					n.name.given = &partLook
				}
			}
		case "et-al":
			etAl := compileLook(child)
			n.etAl, n.etAlTerm = &etAl, child.attr["term"]
		case "label":
			n.label = compileLabel(child)
			n.labelFirst = n.name == nil
		case "substitute":
			nodes, err := c.nodes(child.children)
			if err != nil {
				return nil, err
			}
			n.substitute = nodes
		default:
			return nil, fmt.Errorf("the element %q is not known in names", child.name)
		}
	}
	// Without cs:name a label stands behind the names.
	n.labelFirst = n.labelFirst && n.name != nil
	return n, nil
}

func (c *compiler) choose(e *element) (node, error) {
	n := &chooseNode{}
	for _, child := range e.children {
		b := branch{match: child.attr["match"], isElse: child.name == "else"}
		for _, kind := range []string{"disambiguate", "is-numeric", "is-uncertain-date", "locator", "position", "type", "variable"} {
			for _, value := range child.words(kind) {
				b.conditions = append(b.conditions, condition{kind, value})
				c.style.testsDisambiguate = c.style.testsDisambiguate || kind == "disambiguate"
			}
		}
		var err error
		if b.children, err = c.nodes(child.children); err != nil {
			return nil, err
		}
		n.branches = append(n.branches, b)
	}
	return n, nil
}
