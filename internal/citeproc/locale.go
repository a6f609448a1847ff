package citeproc

import (
	"fmt"
	"io"
	"maps"
	"strconv"
	"strings"
)

// locale holds a language's terms, dates and habits.
type locale struct {
	lang               string
	terms              map[termKey]term
	dates              map[string]*dateNode // by form
	punctuationInQuote bool
	limitDayOrdinals   bool
}

type termKey struct{ name, form string }

type term struct {
	single, multiple string
	gender           string
	// ordinals are chosen by the gender of what they count, and match
	// last-digit, last-two-digits or whole-number.
	genderForm, match string
}

// readLocale reads a locale file.
func readLocale(r io.Reader) (*locale, error) {
	root, err := readXML(r)
	if err != nil {
		return nil, fmt.Errorf("locale: %w", err)
	}
	if root.name != "locale" {
		return nil, fmt.Errorf("locale: the root element is %q", root.name)
	}
	l := &locale{lang: root.attr["lang"], terms: map[termKey]term{}, dates: map[string]*dateNode{}}
	return l, l.add(root)
}

// add takes over what an element cs:locale says; it wins over what is there.
func (l *locale) add(e *element) error {
	for _, child := range e.children {
		switch child.name {
		case "style-options":
			if v, ok := child.attr["punctuation-in-quote"]; ok {
				l.punctuationInQuote = v == "true"
			}
			if v, ok := child.attr["limit-day-ordinals-to-day-1"]; ok {
				l.limitDayOrdinals = v == "true"
			}
		case "date":
			node, err := compileDate(child)
			if err != nil {
				return err
			}
			l.dates[child.attr["form"]] = node
		case "terms":
			l.addTerms(child)
		}
	}
	return nil
}

func (l *locale) addTerms(e *element) {
	for _, child := range e.children {
		// A set of ordinals replaces the whole other set.
		if strings.HasPrefix(child.attr["name"], "ordinal") {
			maps.DeleteFunc(l.terms, func(key termKey, _ term) bool { return strings.HasPrefix(key.name, "ordinal") })
			break
		}
	}
	for _, child := range e.children {
		if child.name != "term" {
			continue
		}
		t := term{gender: child.attr["gender"], genderForm: child.attr["gender-form"], match: child.attr["match"]}
		t.single, t.multiple = tidy(child.text), tidy(child.text)
		if single := child.child("single"); single != nil {
			t.single = tidy(single.text)
		}
		if multiple := child.child("multiple"); multiple != nil {
			t.multiple = tidy(multiple.text)
		}
		form := child.attr["form"]
		if form == "" {
			form = "long"
		}
		key := termKey{child.attr["name"], form}
		if t.genderForm != "" {
			key.form += " " + t.genderForm
		}
		l.terms[key] = t
	}
}

// tidy keeps the spaces of a term, which may begin with one, but not the line
// breaks around those that are written on lines of their own.
func tidy(text string) string {
	if !strings.ContainsAny(text, "\n\t") {
		return text
	}
	return strings.TrimSpace(text)
}

// derived is a copy to which the style adds its own words.
func (l *locale) derived() *locale {
	copied := *l
	copied.terms, copied.dates = maps.Clone(l.terms), maps.Clone(l.dates)
	return &copied
}

// forms that stand in for one that a term does not have.
var formsInstead = map[string][]string{
	"long":       {"long"},
	"short":      {"short", "long"},
	"symbol":     {"symbol", "short", "long"},
	"verb":       {"verb", "long"},
	"verb-short": {"verb-short", "verb", "long"},
}

func (l *locale) lookup(name, form string) (term, bool) {
	if form == "" {
		form = "long"
	}
	for _, f := range formsInstead[form] {
		if t, ok := l.terms[termKey{name, f}]; ok {
			return t, true
		}
	}
	return term{}, false
}

// term is the word for it, empty where the language has none.
func (l *locale) term(name, form string, plural bool) string {
	t, _ := l.lookup(name, form)
	if plural {
		return t.multiple
	}
	return t.single
}

// ordinal is the number with its suffix: "2nd". Noun is the term of what is
// counted, whose gender the suffix follows.
func (l *locale) ordinal(n int, noun string) string {
	t, _ := l.lookup(noun, "long")
	return strconv.Itoa(n) + l.ordinalSuffix(n, t.gender)
}

func (l *locale) ordinalSuffix(n int, gender string) string {
	find := func(name string) (term, bool) {
		if gender != "" {
			if t, ok := l.terms[termKey{name, "long " + gender}]; ok {
				return t, true
			}
		}
		t, ok := l.terms[termKey{name, "long"}]
		return t, ok
	}
	if two := n % 100; two >= 10 || n < 10 {
		if t, ok := find(fmt.Sprintf("ordinal-%02d", two)); ok {
			if t.match != "whole-number" || n == two {
				return t.single
			}
		}
	}
	if t, ok := find(fmt.Sprintf("ordinal-%02d", n%10)); ok && (t.match == "" || t.match == "last-digit" || t.match == "whole-number" && n < 10 || t.match == "last-two-digits" && n%100 < 10) {
		return t.single
	}
	t, _ := find("ordinal")
	return t.single
}

func (l *locale) longOrdinal(n int, noun string) string {
	t, _ := l.lookup(noun, "long")
	name := fmt.Sprintf("long-ordinal-%02d", n)
	if t.gender != "" {
		if found, ok := l.terms[termKey{name, "long " + t.gender}]; ok {
			return found.single
		}
	}
	if found, ok := l.terms[termKey{name, "long"}]; ok && found.single != "" {
		return found.single
	}
	return l.ordinal(n, noun)
}

// english reports whether titles may be put in title case.
func english(lang string) bool {
	return lang == "" || strings.EqualFold(lang, "en") || strings.HasPrefix(strings.ToLower(lang), "en-")
}
