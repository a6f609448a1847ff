package citeproc

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// namesOptions are CSL's attributes of cs:name, which style, citation,
// bibliography and sort keys may have too. Empty ones are not said.
type namesOptions struct {
	and, delimiter, precedesLast, precedesEtAl string
	hasDelimiter                               bool
	form, sortOrder, separator                 string
	hasSeparator                               bool
	min, useFirst, laterMin, laterUseFirst     int
	useLast                                    string
	initials                                   string
	hasInitials                                bool
	initialize                                 string

	// namesDelimiter is between lists of names.
	namesDelimiter string

	look          look
	family, given *look
}

// nameAttributes reads them from cs:name, or with the prefix "name-" where that
// is CSL's name for them elsewhere.
func nameAttributes(e *element) namesOptions {
	o := namesOptions{
		and: e.attr["and"], precedesLast: e.attr["delimiter-precedes-last"], precedesEtAl: e.attr["delimiter-precedes-et-al"],
		sortOrder: e.attr["name-as-sort-order"], min: number(e.attr["et-al-min"], 0), useFirst: number(e.attr["et-al-use-first"], 0),
		laterMin: number(e.attr["et-al-subsequent-min"], 0), laterUseFirst: number(e.attr["et-al-subsequent-use-first"], 0),
		useLast: e.attr["et-al-use-last"], initialize: e.attr["initialize"], namesDelimiter: e.attr["names-delimiter"],
	}
	o.initials, o.hasInitials = e.attr["initialize-with"]
	o.separator, o.hasSeparator = e.attr["sort-separator"]
	if e.name == "name" {
		o.form = e.attr["form"]
		o.delimiter, o.hasDelimiter = e.attr["delimiter"]
	} else {
		o.form = e.attr["name-form"]
		o.delimiter, o.hasDelimiter = e.attr["name-delimiter"]
	}
	return o
}

// over gives what is said here, with what another says instead.
func (o namesOptions) over(other namesOptions) namesOptions {
	o.and = cmp.Or(other.and, o.and)
	o.precedesLast, o.precedesEtAl = cmp.Or(other.precedesLast, o.precedesLast), cmp.Or(other.precedesEtAl, o.precedesEtAl)
	o.form, o.sortOrder = cmp.Or(other.form, o.form), cmp.Or(other.sortOrder, o.sortOrder)
	o.min, o.useFirst = cmp.Or(other.min, o.min), cmp.Or(other.useFirst, o.useFirst)
	o.laterMin, o.laterUseFirst = cmp.Or(other.laterMin, o.laterMin), cmp.Or(other.laterUseFirst, o.laterUseFirst)
	o.useLast, o.initialize = cmp.Or(other.useLast, o.useLast), cmp.Or(other.initialize, o.initialize)
	o.namesDelimiter = cmp.Or(other.namesDelimiter, o.namesDelimiter)
	if other.hasDelimiter {
		o.delimiter, o.hasDelimiter = other.delimiter, true
	}
	if other.hasSeparator {
		o.separator, o.hasSeparator = other.separator, true
	}
	if other.hasInitials {
		o.initials, o.hasInitials = other.initials, true
	}
	o.look = o.look.over(other.look)
	if other.family != nil {
		o.family = other.family
	}
	if other.given != nil {
		o.given = other.given
	}
	return o
}

type namesNode struct {
	look         look
	variables    []string
	delimiter    string
	hasDelimiter bool
	name         *namesOptions
	etAl         *look
	etAlTerm     string
	label        *labelNode
	labelFirst   bool
	substitute   []node
}

func (n *namesNode) render(e *eval) rich {
	n = n.inSubstitute(e)
	options := e.names
	if n.name != nil {
		options = options.over(*n.name)
	}
	if e.sort {
		// A sort key's own limits win over those of the names.
		options.min, options.useFirst = cmp.Or(e.names.min, options.min), cmp.Or(e.names.useFirst, options.useFirst)
	}
	if options.form == "count" {
		return n.count(e, options)
	}
	lists := n.lists(e)
	if len(lists) > 0 && lists[0].author {
		for _, name := range lists[0].names {
			e.author.people += nameKey(name) + "\x01"
		}
	}
	if len(lists) == 0 {
		return n.substituted(e)
	}
	var parts []rich
	for _, list := range lists {
		names := e.list(list.names, options, n)
		e.called++
		e.filled++
		if list.author && e.hideAuthor {
			continue
		}
		label := rich(nil)
		if n.label != nil && !e.sort {
			label = n.label.text(e, list.term, len(list.names) > 1)
		}
		if n.labelFirst {
			names = join(label, names)
		} else {
			names = join(names, label)
		}
		parts = append(parts, names)
	}
	e.substituted(n.variables...)
	delimiter := n.delimiter
	if !n.hasDelimiter {
		delimiter = options.namesDelimiter
	}
	return n.look.apply(joinAll(parts, delimiter), e.lang)
}

// inSubstitute: names without elements of their own in cs:substitute take those
// of the names that they stand for.
func (n *namesNode) inSubstitute(e *eval) *namesNode {
	if len(e.parents) == 0 {
		return n
	}
	parent := e.parents[len(e.parents)-1]
	own := *n
	if own.name == nil {
		own.name = parent.name
		if own.label == nil {
			own.label, own.labelFirst = parent.label, parent.labelFirst
		}
	}
	if own.etAl == nil {
		own.etAl, own.etAlTerm = parent.etAl, parent.etAlTerm
	}
	if !own.hasDelimiter {
		own.delimiter, own.hasDelimiter = parent.delimiter, parent.hasDelimiter
	}
	return &own
}

// withParticles tells particles apart that stand in the family name ("de Souza")
// or behind the given name ("Alexander von"), as many sources have them.
func withParticles(names []csl.Name) []csl.Name {
	out := slices.Clone(names)
	for i := range out {
		n := &out[i]
		if words := strings.Fields(n.Family); n.NonDroppingParticle == "" && len(words) > 1 {
			at := 0
			for at < len(words)-1 && isSmall(words[at]) {
				at++
			}
			n.NonDroppingParticle, n.Family = strings.Join(words[:at], " "), strings.Join(words[at:], " ")
		}
		if words := strings.Fields(n.Given); n.DroppingParticle == "" && len(words) > 1 {
			at := len(words)
			for at > 1 && isSmall(words[at-1]) {
				at--
			}
			n.Given, n.DroppingParticle = strings.Join(words[:at], " "), strings.Join(words[at:], " ")
		}
	}
	return out
}

func isSmall(word string) bool {
	c, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLower(c)
}

type nameList struct {
	term   string
	names  []csl.Name
	author bool
}

// lists of names that the variables have. Where editors and translators are the
// same people, they stand once.
func (n *namesNode) lists(e *eval) []nameList {
	var lists []nameList
	for _, variable := range n.variables {
		if names := e.work.item.Names(variable); len(names) > 0 && !e.suppressed[variable] {
			lists = append(lists, nameList{term: variable, names: withParticles(names)})
		} else {
			e.called++
		}
	}
	if len(lists) == 2 && len(n.variables) == 2 && (lists[0].term == "editor" && lists[1].term == "translator" || lists[0].term == "translator" && lists[1].term == "editor") &&
		reflect.DeepEqual(lists[0].names, lists[1].names) {
		if _, ok := e.locale.lookup("editortranslator", "long"); ok {
			lists = []nameList{{term: "editortranslator", names: lists[0].names}}
		}
	}
	if len(lists) > 0 && e.author == nil {
		lists[0].author = true
		e.author = &authorList{}
	}
	return lists
}

func (n *namesNode) substituted(e *eval) rich {
	e.parents = append(e.parents, n)
	defer func() { e.parents = e.parents[:len(e.parents)-1] }()
	for _, child := range n.substitute {
		known := e.author
		out := child.render(e)
		if e.hideAuthor && e.author != known {
			return nil
		}
		if !out.empty() {
			if e.author == nil {
				e.author = &authorList{whole: out, people: out.String()}
				if e.hideAuthor {
					return nil
				}
			}
			return n.look.apply(out, e.lang)
		}
	}
	return nil
}

func (n *namesNode) count(e *eval, o namesOptions) rich {
	total := 0
	for _, list := range n.lists(e) {
		shown := len(list.names)
		if o.min > 0 && shown >= o.min {
			shown = o.useFirst
		}
		total += shown
	}
	e.called++
	if total == 0 {
		return nil
	}
	e.filled++
	return n.look.apply(plain(itoa(total)), e.lang)
}

// list renders one list of names.
func (e *eval) list(names []csl.Name, o namesOptions, n *namesNode) rich {
	e.people = append(e.people, names...)
	capture := e.author != nil && e.author.whole == nil && len(e.author.names) == 0
	others := false
	if last := names[len(names)-1]; len(names) > 1 && last.Literal == "others" {
		names, others = names[:len(names)-1], true
	}
	shown, last := e.shown(len(names), o)
	var parts []rich
	for i := range shown {
		parts = append(parts, e.listed(names[i], o, i))
	}
	if last {
		parts = append(parts, e.listed(names[len(names)-1], o, len(names)-1))
	}
	if capture {
		for _, part := range parts {
			e.author.names = append(e.author.names, part.String())
		}
		if shown < len(names) {
			e.author.names = append(e.author.names, itoa(len(names)))
		}
	}
	if capture && e.replaceAuthor != nil {
		for i := range parts {
			text, how := e.replaceAuthor(i)
			switch how {
			case replaceAll:
				return plain(text)
			case replaceName:
				parts[i] = plain(text)
			case keepName:
			}
		}
	}
	out := e.joinNames(parts, names, shown, last, others, o, n)
	out = o.look.apply(out, e.lang)
	if capture {
		e.author.whole = out
	}
	return out
}

// shown is how many names stand before "et al.", and whether the last one stands
// behind an ellipsis.
func (e *eval) shown(count int, o namesOptions) (first int, last bool) {
	least, use := o.min, o.useFirst
	if e.cite != nil && e.cite.position >= positionSubsequent {
		least, use = cmp.Or(o.laterMin, least), cmp.Or(o.laterUseFirst, use)
	}
	if least == 0 || use == 0 || count < least {
		return count, false
	}
	if !e.sort {
		// What tells works apart where they are cited does so in the
		// bibliography too.
		use = max(use, e.work.namesShown)
	}
	if use >= count {
		return count, false
	}
	return use, o.useLast == "true" && use+2 <= count
}

func (e *eval) joinNames(parts []rich, names []csl.Name, shown int, last, others bool, o namesOptions, n *namesNode) rich {
	delimiter := o.delimiter
	if !o.hasDelimiter {
		delimiter = ", "
	}
	truncated := shown < len(names) || others
	switch {
	case e.sort:
		return joinAll(parts, delimiter)
	case last:
		out := joinAll(parts[:len(parts)-1], delimiter)
		out = join(join(out, plain(delimiter)), plain("… "))
		return join(out, parts[len(parts)-1])
	case truncated:
		out := joinAll(parts, delimiter)
		etAl := e.etAl(n)
		if etAl.empty() {
			return out
		}
		between := " "
		if e.precedes(o.precedesEtAl, shown, shown >= 2, o) {
			between = delimiter
		}
		return join(join(out, plain(between)), etAl)
	case len(parts) > 1 && o.and != "":
		word := e.locale.term("and", "", false)
		if o.and == "symbol" {
			word = "&"
		}
		head := joinAll(parts[:len(parts)-1], delimiter)
		between := " "
		if e.precedes(o.precedesLast, len(parts)-1, len(parts) > 2, o) {
			between = delimiter
		}
		return join(join(head, plain(between+word+" ")), parts[len(parts)-1])
	}
	return joinAll(parts, delimiter)
}

// precedes: whether the delimiter stands before the last name or "et al.".
func (e *eval) precedes(rule string, before int, contextual bool, o namesOptions) bool {
	switch rule {
	case "always":
		return true
	case "never":
		return false
	case "after-inverted-name":
		return o.sortOrder == "all" || o.sortOrder == "first" && before == 1
	}
	return contextual
}

func (e *eval) etAl(n *namesNode) rich {
	name := cmp.Or(n.etAlTerm, "et-al")
	text := plain(e.locale.term(name, "", false))
	if n.etAl != nil {
		text = n.etAl.apply(text, e.lang)
	}
	return text
}

// listed is one name of a list.
func (e *eval) listed(name csl.Name, o namesOptions, index int) rich {
	inverted := o.sortOrder == "all" || o.sortOrder == "first" && index == 0
	if e.sort {
		return e.sortName(name)
	}
	level := givenHidden
	if o.form != "short" {
		level = givenAsStyled
	}
	if e.cite != nil {
		if index == 0 || !strings.HasPrefix(e.style.citation.givenRule, "primary-name") {
			level = max(level, e.work.given[nameKey(name)])
		}
	}
	return e.person(name, o, inverted, level)
}

// How much of the given name is shown.
const (
	givenHidden   = iota // in short form
	givenInitials        // to tell apart
	givenAsStyled
	givenFull // to tell apart
)

// nameKey tells people apart.
func nameKey(n csl.Name) string {
	return strings.Join([]string{n.Family, n.Given, n.DroppingParticle, n.NonDroppingParticle, n.Suffix, n.Literal}, "\x00")
}

func (e *eval) person(n csl.Name, o namesOptions, inverted bool, level int) rich {
	family := func(text string) rich { return partLook(o.family, markup(text), e.lang) }
	given := func(text string) rich { return partLook(o.given, markup(text), e.lang) }
	if n.Literal != "" && n.Family == "" {
		return family(n.Literal)
	}
	if n.Family == "" {
		return family(spaced(n.Given))
	}
	if !byzantine(n.Family) {
		if level == givenHidden {
			return family(n.Family)
		}
		return join(family(n.Family), given(n.Given))
	}
	if level == givenHidden {
		return family(spaced(n.NonDroppingParticle, n.Family))
	}
	first := n.Given
	if o.hasInitials && level != givenFull {
		first = e.initials(first, o)
	}
	separator := o.separator
	if !o.hasSeparator {
		separator = ", "
	}
	if !inverted {
		suffix := ""
		if n.Suffix != "" {
			suffix = " " + n.Suffix
			if n.CommaSuffix {
				suffix = ", " + n.Suffix
			}
		}
		head := given(spaced(first, n.DroppingParticle))
		return join(spacedRich(head, family(spaced(n.NonDroppingParticle, n.Family))), plain(suffix))
	}
	head, tail := family(spaced(n.NonDroppingParticle, n.Family)), given(spaced(first, n.DroppingParticle))
	if e.style.demoteParticle == "display-and-sort" {
		head, tail = family(n.Family), given(spaced(first, n.DroppingParticle, n.NonDroppingParticle))
	}
	return joinAll([]rich{head, tail, plain(n.Suffix)}, separator)
}

func partLook(l *look, text rich, lang string) rich {
	if l == nil {
		return text
	}
	return l.apply(text, lang)
}

// sortName is the name as it sorts: the family name first, without the particles
// that the style does not sort by.
func (e *eval) sortName(n csl.Name) rich {
	if n.Literal != "" && n.Family == "" {
		return plain(n.Literal)
	}
	particle := strings.Trim(n.NonDroppingParticle, "'’")
	if e.style.demoteParticle == "never" {
		return plain(spaced(particle, n.Family, n.Given, n.DroppingParticle, n.Suffix))
	}
	return plain(spaced(n.Family, n.Given, n.DroppingParticle, particle, n.Suffix))
}

// spaced puts spaces between parts, but not behind an apostrophe or hyphen.
func spaced(parts ...string) string {
	var out string
	for _, part := range parts {
		switch {
		case part == "":
		case out == "":
			out = part
		case strings.ContainsAny(out[len(out)-1:], "'-") || strings.HasSuffix(out, "’") || strings.HasSuffix(out, "–"):
			out += part
		default:
			out += " " + part
		}
	}
	return out
}

func spacedRich(a, b rich) rich {
	if a.empty() || b.empty() || strings.ContainsRune("'-’–", a.last()) {
		return join(a, b)
	}
	return join(join(a, plain(" ")), b)
}

// byzantine names stand in Western order with a space; others, Chinese ones for
// one, have the family name first and no space.
func byzantine(name string) bool {
	for _, c := range name {
		if unicode.In(c, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic, unicode.Armenian, unicode.Georgian, unicode.Devanagari) || unicode.IsDigit(c) {
			return true
		}
	}
	return false
}

// initials of given names. Names that are not abbreviated keep their words, but
// their initials are written alike.
func (e *eval) initials(given string, o namesOptions) string {
	var b strings.Builder
	text := strings.ReplaceAll(given, ".", ". ")
	text = strings.ReplaceAll(text, ". -", ".-")
	for word := range strings.FieldsSeq(text) {
		pieces := strings.Split(word, "-")
		for i, piece := range pieces {
			bare := strings.TrimSuffix(piece, ".")
			c, _ := utf8.DecodeRuneInString(bare)
			hyphen := i > 0 && e.style.initializeHyphen
			if i > 0 && unicode.IsLower(c) && o.initialize != "false" {
				continue // "Min-jun" is one name
			}
			switch {
			case bare == "":
			case unicode.IsLower(c) && i == 0:
				// A particle among the given names.
				space(&b)
				b.WriteString(piece + " ")
			case o.initialize == "false" && utf8.RuneCountInString(bare) > 1:
				if i > 0 {
					trimSpaces(&b)
					b.WriteString("-")
				} else {
					space(&b)
				}
				b.WriteString(bare + " ")
			default:
				if hyphen {
					trimSpaces(&b)
					b.WriteString("-")
				}
				b.WriteString(strings.ToUpper(string(c)) + o.initials)
			}
		}
	}
	return strings.TrimSpace(b.String())
}

func space(b *strings.Builder) {
	if s := b.String(); s != "" && !strings.HasSuffix(s, " ") {
		b.WriteString(" ")
	}
}

func trimSpaces(b *strings.Builder) {
	s := strings.TrimRight(b.String(), " ")
	b.Reset()
	b.WriteString(s)
}
