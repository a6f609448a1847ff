package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Query is a parsed query: alternatives, of which a page must fit one.
//
//	query       = alternative { "OR" alternative }
//	alternative = { [ "-" ] ( word | '"' words '"' | filter ) }
//	filter      = field ":" ( value | '"' value '"' )
//
// OR is written in capitals and binds less than the space between words, which
// means "and". A quotation mark that is not closed reaches to the end. What the
// fields are is in filter.go.
type Query struct {
	alternatives []alternative
}

// alternative is what a page must fit: all units that are wanted and none that
// are not, in a document that fits every filter.
type alternative struct {
	units   []unit
	filters []Filter
}

// unit is a word, or words that follow each other.
type unit struct {
	words []string // document.Term.Text of each
	typed []string // the same as they were written, in small letters
	// joined is set for words with hyphens between them. A page has them as one
	// word where the hyphen fell on a line's end.
	joined string
	not    bool
	apart  bool // something stands between its words
	// prefix lets the last word go on: as one types, and in Korean, where what
	// belongs to a word follows it without a space.
	prefix bool
}

const (
	maxQuery = 1000 // code points
	maxWords = 64
	// minPrefix is how long a word must be to be looked for by its beginning: a
	// shorter one begins too many.
	minPrefix = 4
)

var (
	errTooLong  = fault.New(fault.Invalid, "query_too_long", "A search may have at most 1,000 characters. Shorten it.")
	errTooMany  = fault.New(fault.Invalid, "query_too_complex", "A search may have at most 64 words. Leave some out.")
	errNoWords  = fault.New(fault.Invalid, "empty_query", "Enter at least one word to search for.")
	errOnlyNots = fault.New(fault.Invalid, "empty_query", "A search needs a word to find, not only words to leave out.")
)

// Parse reads a query. Whatever is in it, the answer is a Query or a fault of
// kind Invalid.
func Parse(text string) (Query, error) { return parse(text, false) }

// parse reads a query; typing: the last word may not be finished.
func parse(text string, typing bool) (Query, error) {
	if utf8.RuneCountInString(text) > maxQuery {
		return Query{}, errTooLong
	}
	var (
		q       Query
		current alternative
		words   int
		nots    bool
	)
	finish := func() {
		// An alternative that only leaves out would be nearly every page; no
		// index answers that, and nobody means it.
		if current.wants() {
			q.alternatives = append(q.alternatives, current)
		} else if len(current.units)+len(current.filters) > 0 {
			nots = true
		}
		current = alternative{}
	}
	list := tokens(text)
	for i, t := range list {
		if t.isOr() {
			finish()
			continue
		}
		if f, ok, err := t.filter(); err != nil {
			if typing && i == len(list)-1 {
				continue // its value is still to come
			}
			return Query{}, err
		} else if ok {
			if words++; words > maxWords {
				return Query{}, errTooMany
			}
			current.filters = append(current.filters, f)
			continue
		}
		u, ok := t.unit()
		if !ok {
			continue
		}
		if words += len(u.words); words > maxWords {
			return Query{}, errTooMany
		}
		if typing && i == len(list)-1 && !t.quoted && !u.not && utf8.RuneCountInString(u.words[len(u.words)-1]) >= minPrefix {
			u.prefix = true
		}
		current.units = append(current.units, u)
	}
	finish()
	switch {
	case len(q.alternatives) > 0:
		return q, nil
	case nots:
		return Query{}, errOnlyNots
	}
	return Query{}, errNoWords
}

func (a alternative) wants() bool {
	return slices.ContainsFunc(a.units, func(u unit) bool { return !u.not }) ||
		slices.ContainsFunc(a.filters, func(f Filter) bool { return !f.Not })
}

// hasWords reports whether there is a word to find.
func (a alternative) hasWords() bool {
	return slices.ContainsFunc(a.units, func(u unit) bool { return !u.not })
}

// token is a piece of a query between spaces, or between quotation marks.
type token struct {
	field       string // what stands before a colon, where that is a filter's name
	text        string
	quoted, not bool
	start, end  int // code points in the query, half open
}

func (t token) isOr() bool { return t.text == "OR" && !t.quoted && !t.not && t.field == "" }

const (
	quotes = "\"“”„«»"
	minus  = "-\u2212" // hyphen-minus and the minus sign
)

func tokens(text string) []token {
	var list []token
	at := 0 // code points before text
	take := func(n int) string {
		piece := text[:n]
		at += utf8.RuneCountInString(piece)
		text = text[n:]
		return piece
	}
	for {
		take(len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace)))
		if text == "" {
			return list
		}
		t := token{start: at}
		if rest := strings.TrimLeft(text, minus); rest != text {
			t.not = true
			take(len(text) - len(rest))
		}
		if i := strings.IndexByte(text, ':'); i > 0 && isField(text[:i]) {
			t.field = strings.ToLower(text[:i])
			take(i + 1)
		}
		first, width := utf8.DecodeRuneInString(text)
		end := len(text)
		if width > 0 && strings.ContainsRune(quotes, first) {
			t.quoted = true
			take(width)
			end = len(text)
			if i := strings.IndexAny(text, quotes); i >= 0 {
				end = i
			}
		} else if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(quotes, r) }); i >= 0 {
			end = i
		}
		t.text = take(end)
		if t.quoted && text != "" {
			_, width := utf8.DecodeRuneInString(text)
			take(width)
		}
		t.end = at
		list = append(list, t)
	}
}

// unit gives the words of a token; false when it has none.
func (t token) unit() (unit, bool) {
	terms := document.Terms(t.text)
	u := unit{not: t.not}
	runes := []rune(t.text)
	for i, term := range terms {
		u.words, u.typed = append(u.words, term.Text), append(u.typed, term.Typed(runes))
		u.apart = u.apart || i > 0 && terms[i-1].End < term.Start
	}
	if len(terms) > 1 && !t.quoted && hyphenated(t.text, terms) {
		u.joined = strings.Join(u.words, "")
	}
	u.prefix = !t.quoted && len(terms) == 1 && unicode.Is(unicode.Hangul, firstRune(terms[0].Text))
	return u, len(terms) > 0
}

// hyphenated reports whether only hyphens stand between the terms of text.
func hyphenated(text string, terms []document.Term) bool {
	runes := []rune(text)
	for i := 1; i < len(terms); i++ {
		// Two terms may be one character: ½ is 1 and 2.
		at := terms[i-1].End
		if at+1 != terms[i].Start || !unicode.In(runes[at], unicode.Hyphen, unicode.Pd) {
			return false
		}
	}
	return true
}

// exact is the alternative in PostgreSQL's own language, for to_tsquery. Words
// are letters and digits and stand in quotes, so nothing a person types is an
// operator there. Empty where there is no word to find.
func (a alternative) exact() string {
	return a.render(func(u unit) string {
		s := u.join(" <-> ")
		if u.not {
			return "!" + s
		}
		return s
	})
}

// loose finds every page that exact finds, and needs no look at the page: a
// phrase's words may stand anywhere.
func (a alternative) loose() string {
	return a.render(func(u unit) string {
		switch {
		case !u.not:
			return u.join(" & ")
		case len(u.words) == 1:
			return "!" + u.join("")
		}
		return "" // pages that have the words but not the phrase must stay
	})
}

func (a alternative) render(unit func(unit) string) string {
	if !a.hasWords() {
		return ""
	}
	var parts []string
	for _, u := range a.units {
		if s := unit(u); s != "" {
			parts = append(parts, s)
		}
	}
	return "(" + strings.Join(parts, " & ") + ")"
}

func (q Query) exact() string { return q.render(alternative.exact) }
func (q Query) loose() string { return q.render(alternative.loose) }

func (q Query) render(of func(alternative) string) string {
	var parts []string
	for _, a := range q.alternatives {
		if s := of(a); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " | ")
}

// join puts the words together with an operator, and the joined form beside them.
func (u unit) join(operator string) string {
	quoted := make([]string, len(u.words))
	for i, w := range u.words {
		quoted[i] = "'" + w + "'"
	}
	if u.prefix {
		quoted[len(quoted)-1] += ":*"
	}
	s := strings.Join(quoted, operator)
	switch {
	case u.joined != "":
		return "((" + s + ") | '" + u.joined + "')"
	case len(u.words) > 1:
		return "(" + s + ")"
	}
	return s
}

// unspaced reports whether u is a run of characters of scripts without spaces.
func (u unit) unspaced() bool {
	return len(u.words) > 1 && !u.apart && !slices.ContainsFunc(u.words, func(w string) bool { return !(document.Term{Text: w}).Unspaced() })
}

// hasStem reports whether a word has one: those with digits, and characters, are
// indexed as they are.
func hasStem(w string) bool {
	return !strings.ContainsFunc(w, unicode.IsDigit) && !(document.Term{Text: w}).Unspaced()
}

// units lists all of them.
func (q Query) units() []unit {
	var units []unit
	for _, a := range q.alternatives {
		units = append(units, a.units...)
	}
	return units
}

// wanted lists what a page may be found by.
func (q Query) wanted() []unit {
	var units []unit
	for _, a := range q.alternatives {
		for _, u := range a.units {
			if !u.not {
				units = append(units, u)
			}
		}
	}
	return units
}

// filters lists every filter, in the query's order.
func (q Query) filters() []Filter {
	var list []Filter
	for _, a := range q.alternatives {
		list = append(list, a.filters...)
	}
	return list
}

// excludes reports whether the query leaves any word out. A title says nothing
// about that: the words may be on a page.
func (q Query) excludes() bool {
	return slices.ContainsFunc(q.alternatives, func(a alternative) bool {
		return slices.ContainsFunc(a.units, func(u unit) bool { return u.not })
	})
}
