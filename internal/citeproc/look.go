package citeproc

import (
	"cmp"
	"strconv"
	"strings"
)

// look is how an element's text appears: CSL's attributes for formatting,
// affixes, display, quotes, strip-periods and text-case.
type look struct {
	format         format
	prefix, suffix string
	display        Display
	quotes         bool
	stripPeriods   bool
	textCase       string
}

func compileLook(e *element) look {
	return look{
		format: format{
			style: e.attr["font-style"], weight: e.attr["font-weight"], variant: e.attr["font-variant"],
			decoration: e.attr["text-decoration"], vertical: e.attr["vertical-align"],
		},
		prefix: e.attr["prefix"], suffix: e.attr["suffix"], display: Display(e.attr["display"]),
		quotes: e.is("quotes"), stripPeriods: e.is("strip-periods"), textCase: e.attr["text-case"],
	}
}

// over gives these looks with those of another where it says something.
func (l look) over(other look) look {
	l.format.style = cmp.Or(other.format.style, l.format.style)
	l.format.weight = cmp.Or(other.format.weight, l.format.weight)
	l.format.variant = cmp.Or(other.format.variant, l.format.variant)
	l.format.decoration = cmp.Or(other.format.decoration, l.format.decoration)
	l.format.vertical = cmp.Or(other.format.vertical, l.format.vertical)
	l.prefix, l.suffix = cmp.Or(other.prefix, l.prefix), cmp.Or(other.suffix, l.suffix)
	l.display, l.textCase = cmp.Or(other.display, l.display), cmp.Or(other.textCase, l.textCase)
	l.quotes, l.stripPeriods = l.quotes || other.quotes, l.stripPeriods || other.stripPeriods
	return l
}

// apply gives text its look. Affixes stand outside of formats and quotes.
func (l look) apply(r rich, lang string) rich {
	if r.empty() {
		return nil
	}
	return l.affixed(l.inner(r, lang))
}

// inner is the look without its affixes.
func (l look) inner(r rich, lang string) rich {
	if l.stripPeriods {
		r = r.withoutPeriods()
	}
	if l.textCase != "" {
		r = textCase(r, l.textCase, lang)
	}
	r = r.withFormat(l.format)
	if l.quotes {
		r = r.quoted()
	}
	return r
}

func (l look) affixed(r rich) rich {
	if r.empty() {
		return nil
	}
	if l.prefix != "" {
		// The address of a DOI begins in the prefix.
		prefix := plain(l.prefix)
		if link := r[0].link; link != "" && strings.HasPrefix(link, l.prefix) {
			prefix[0].link = link
		}
		r = join(prefix, r)
	}
	if l.suffix != "" {
		r = join(r, plain(l.suffix))
	}
	if l.display != "" {
		r = r.each(func(p *piece) {
			if p.display == "" {
				p.display = l.display
			}
		})
	}
	return r
}

func number(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return otherwise
	}
	return n
}
