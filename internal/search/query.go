package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Query is a parsed query: alternatives, of which a page must fit one.
//
//	query       = alternative { "OR" alternative }
//	alternative = { [ "-" ] ( word | '"' words '"' ) }
//
// OR is written in capitals and binds less than the space between words, which
// means "and". A quotation mark that is not closed reaches to the end.
type Query struct {
	alternatives []alternative
}

// alternative is a list of units: a page must have all that are wanted and none
// that are not.
type alternative []unit

// unit is a word, or words that follow each other.
type unit struct {
	words []string // document.Term.Text of each
	// joined is set for words with hyphens between them. A page has them as one
	// word where the hyphen fell on a line's end.
	joined string
	not    bool
}

const (
	maxQuery = 1000 // code points
	maxWords = 64
)

var (
	errTooLong  = fault.New(fault.Invalid, "query_too_long", "A search may have at most 1,000 characters. Shorten it.")
	errTooMany  = fault.New(fault.Invalid, "query_too_complex", "A search may have at most 64 words. Leave some out.")
	errNoWords  = fault.New(fault.Invalid, "empty_query", "Enter at least one word to search for.")
	errOnlyNots = fault.New(fault.Invalid, "empty_query", "A search needs a word to find, not only words to leave out.")
)

// Parse reads a query. Whatever is in it, the answer is a Query or a fault of
// kind Invalid.
func Parse(text string) (Query, error) {
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
		} else if len(current) > 0 {
			nots = true
		}
		current = nil
	}
	for _, t := range tokens(text) {
		if t.isOr() {
			finish()
			continue
		}
		u, ok := t.unit()
		if !ok {
			continue
		}
		if words += len(u.words); words > maxWords {
			return Query{}, errTooMany
		}
		current = append(current, u)
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
	for _, u := range a {
		if !u.not {
			return true
		}
	}
	return false
}

// token is a piece of a query between spaces, or between quotation marks.
type token struct {
	text        string
	quoted, not bool
}

func (t token) isOr() bool { return t.text == "OR" && !t.quoted && !t.not }

const (
	quotes = "\"“”„«»"
	minus  = "-\u2212" // hyphen-minus and the minus sign
)

func tokens(text string) []token {
	var list []token
	for {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if text == "" {
			return list
		}
		var t token
		if rest := strings.TrimLeft(text, minus); rest != text {
			t.not, text = true, rest
		}
		first, width := utf8.DecodeRuneInString(text)
		end := len(text)
		if width > 0 && strings.ContainsRune(quotes, first) {
			t.quoted, text = true, text[width:]
			end = len(text)
			if i := strings.IndexAny(text, quotes); i >= 0 {
				end = i
			}
		} else if i := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(quotes, r) }); i >= 0 {
			end = i
		}
		t.text, text = text[:end], text[end:]
		if t.quoted && text != "" {
			_, width := utf8.DecodeRuneInString(text)
			text = text[width:]
		}
		list = append(list, t)
	}
}

// unit gives the words of a token; false when it has none.
func (t token) unit() (unit, bool) {
	terms := document.Terms(t.text)
	u := unit{not: t.not}
	for _, term := range terms {
		u.words = append(u.words, term.Text)
	}
	if len(terms) > 1 && !t.quoted && hyphenated(t.text, terms) {
		u.joined = strings.Join(u.words, "")
	}
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

// exact is the query in PostgreSQL's own language, for to_tsquery. Words are
// letters and digits and stand in quotes, so nothing a person types is an
// operator there.
func (q Query) exact() string {
	return q.render(func(u unit) string {
		s := u.join(" <-> ")
		if u.not {
			return "!" + s
		}
		return s
	})
}

// loose finds every page that exact finds, and needs no look at the page: a
// phrase's words may stand anywhere.
func (q Query) loose() string {
	return q.render(func(u unit) string {
		switch {
		case !u.not:
			return u.join(" & ")
		case len(u.words) == 1:
			return "!" + u.join("")
		}
		return "" // pages that have the words but not the phrase must stay
	})
}

func (q Query) render(unit func(unit) string) string {
	alternatives := make([]string, len(q.alternatives))
	for i, a := range q.alternatives {
		var parts []string
		for _, u := range a {
			if s := unit(u); s != "" {
				parts = append(parts, s)
			}
		}
		alternatives[i] = "(" + strings.Join(parts, " & ") + ")"
	}
	return strings.Join(alternatives, " | ")
}

// join puts the words together with an operator, and the joined form beside them.
func (u unit) join(operator string) string {
	quoted := make([]string, len(u.words))
	for i, w := range u.words {
		quoted[i] = "'" + w + "'"
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

// wanted lists what a page may be found by.
func (q Query) wanted() []unit {
	var units []unit
	for _, a := range q.alternatives {
		for _, u := range a {
			if !u.not {
				units = append(units, u)
			}
		}
	}
	return units
}

// excludes reports whether the query leaves anything out. A title says nothing
// about that: the words may be on a page.
func (q Query) excludes() bool {
	for _, a := range q.alternatives {
		for _, u := range a {
			if u.not {
				return true
			}
		}
	}
	return false
}
