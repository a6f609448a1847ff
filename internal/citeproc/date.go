package citeproc

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

type dateNode struct {
	look      look
	variable  string
	form      string // text or numeric: as the language has it
	show      string // year, year-month or year-month-day
	delimiter string
	parts     []datePart
}

type datePart struct {
	name, form     string
	look           look
	rangeDelimiter string
}

func compileDate(e *element) (*dateNode, error) {
	n := &dateNode{look: compileLook(e), variable: e.attr["variable"], form: e.attr["form"], show: e.attr["date-parts"], delimiter: e.attr["delimiter"]}
	for _, child := range e.children {
		if child.name != "date-part" {
			return nil, fmt.Errorf("the element %q is not known in date", child.name)
		}
		n.parts = append(n.parts, datePart{child.attr["name"], child.attr["form"], compileLook(child), child.attr["range-delimiter"]})
	}
	return n, nil
}

func filledDate(d *csl.Date) bool {
	return d != nil && (len(d.DateParts) > 0 || d.Literal != "" || d.Raw != "" || d.Season != "")
}

func (n *dateNode) render(e *eval) rich {
	e.called++
	date := e.work.item.Date(n.variable)
	if !filledDate(date) || e.suppressed[n.variable] {
		return nil
	}
	e.filled++
	e.substituted(n.variable)
	if e.sort {
		return plain(sortedDate(date, n.shownParts(e)))
	}
	if len(date.DateParts) == 0 {
		text := date.Literal
		if text == "" {
			text = date.Raw
		}
		out := markup(text)
		if n.variable == "issued" {
			out = append(out, e.implicitYearSuffix()...)
		}
		return n.look.apply(out, e.lang)
	}
	parts, delimiter := n.resolved(e)
	if date.Literal != "" {
		return n.look.apply(markup(date.Literal), e.lang)
	}
	return n.look.apply(n.dates(e, date, parts, delimiter), e.lang)
}

// resolved are the parts as style and language say together.
func (n *dateNode) resolved(e *eval) ([]datePart, string) {
	if n.form == "" {
		return n.parts, n.delimiter
	}
	local := e.locale.dates[n.form]
	if local == nil {
		return nil, ""
	}
	var parts []datePart
	for _, part := range local.parts {
		if !n.shows(part.name) {
			continue
		}
		for _, own := range n.parts {
			if own.name == part.name {
				part.look = part.look.over(own.look)
				if own.form != "" {
					part.form = own.form
				}
				if own.rangeDelimiter != "" {
					part.rangeDelimiter = own.rangeDelimiter
				}
			}
		}
		parts = append(parts, part)
	}
	return parts, local.delimiter
}

func (n *dateNode) shows(part string) bool {
	switch n.show {
	case "year":
		return part == "year"
	case "year-month":
		return part != "day"
	}
	return true
}

func (n *dateNode) shownParts(e *eval) []string {
	if n.form == "" && len(n.parts) == 0 {
		return []string{"year", "month", "day"}
	}
	parts, _ := n.resolved(e)
	names := make([]string, 0, len(parts))
	for _, p := range parts {
		names = append(names, p.name)
	}
	return names
}

// sortedDate is YYYYMMDD, twice for a range; unknown parts are zeros.
func sortedDate(d *csl.Date, parts []string) string {
	if len(d.DateParts) == 0 {
		return d.Literal + d.Raw
	}
	var b strings.Builder
	for _, date := range d.DateParts {
		values := [3]int{}
		copy(values[:], date)
		for i, name := range []string{"year", "month", "day"} {
			if !slices.Contains(parts, name) {
				values[i] = 0
			}
		}
		// Years before the common era come first, the oldest before the others.
		if values[0] < 0 {
			fmt.Fprintf(&b, "-%05d", 100000+values[0])
		} else {
			fmt.Fprintf(&b, "0%05d", values[0])
		}
		fmt.Fprintf(&b, "%02d%02d", values[1], values[2])
	}
	return b.String()
}

// dateValues are year, month and day of one date; a season has the month 21 to 24.
type dateValues map[string]int

func valuesOf(date []int, season string) dateValues {
	values := dateValues{}
	for i, name := range []string{"year", "month", "day"} {
		if i < len(date) && date[i] != 0 {
			values[name] = date[i]
		}
	}
	if _, ok := values["month"]; !ok && season != "" {
		if n, err := strconv.Atoi(season); err == nil && n >= 1 && n <= 24 {
			values["month"] = 20 + (n-1)%4 + 1
		}
	}
	// EDTF's seasons.
	if m := values["month"]; m >= 13 && m <= 20 {
		values["month"] = 20 + (m-1)%4 + 1
	}
	return values
}

func (n *dateNode) dates(e *eval, d *csl.Date, parts []datePart, delimiter string) rich {
	from := valuesOf(d.DateParts[0], d.Season)
	parts = slices.DeleteFunc(slices.Clone(parts), func(p datePart) bool { _, ok := from[p.name]; return !ok })
	if len(d.DateParts) < 2 {
		return n.single(e, from, parts, delimiter, false)
	}
	to := valuesOf(d.DateParts[1], "")
	if len(to) == 0 {
		// A range without an end.
		return join(n.single(e, from, parts, delimiter, false), plain("–"))
	}
	// The largest part that differs, and all smaller ones, stand twice.
	differs, largest := map[string]bool{}, ""
	for _, name := range []string{"year", "month", "day"} {
		if largest != "" || from[name] != to[name] {
			differs[name] = true
			if largest == "" {
				largest = name
			}
		}
	}
	shown := func(p datePart) bool { return differs[p.name] }
	start := slices.IndexFunc(parts, shown)
	if start < 0 {
		return n.single(e, from, parts, delimiter, false)
	}
	end := start
	for i, p := range parts {
		if shown(p) {
			end = i + 1
		}
	}
	sign := "–"
	for _, p := range parts {
		if p.name == largest && p.rangeDelimiter != "" {
			sign = p.rangeDelimiter
		}
	}
	second := slices.DeleteFunc(slices.Clone(parts[start:end]), func(p datePart) bool { _, ok := to[p.name]; return !ok })
	left := n.single(e, from, parts[start:end], delimiter, true)
	right := n.single(e, to, second, delimiter, false)
	if left.String() == right.String() {
		// What differs is not shown.
		return n.single(e, from, parts, delimiter, false)
	}
	middle := append(append(left, plain(sign)...), right...)
	// The suffix of the part before the dash is left out, that of the last kept.
	return joinAll([]rich{n.single(e, from, parts[:start], delimiter, false), middle, n.single(e, from, parts[end:], delimiter, false)}, delimiter)
}

func (n *dateNode) single(e *eval, values dateValues, parts []datePart, delimiter string, bare bool) rich {
	var out []rich
	for i, p := range parts {
		look := p.look
		if bare && i == len(parts)-1 {
			look.suffix = ""
		}
		text := plain(e.datePart(p, values))
		if p.name == "year" && n.variable == "issued" && !bare {
			text = append(text, e.implicitYearSuffix()...)
		}
		out = append(out, look.apply(text, e.lang))
	}
	return joinAll(out, delimiter)
}

// implicitYearSuffix follows the first year of a work where the style does not
// say itself where it goes.
func (e *eval) implicitYearSuffix() rich {
	if e.style.explicitYearSuffix || e.yearSuffixDone || e.work.yearSuffix == "" {
		return nil
	}
	e.yearSuffixDone = true
	return plain(e.work.yearSuffix)
}

func (e *eval) datePart(p datePart, values dateValues) string {
	v := values[p.name]
	switch p.name {
	case "year":
		return e.year(v, p.form)
	case "month":
		if v > 20 {
			return e.locale.term(fmt.Sprintf("season-%02d", v-20), "", false)
		}
		switch p.form {
		case "numeric":
			return strconv.Itoa(v)
		case "numeric-leading-zeros":
			return twoDigits(v)
		}
		return e.locale.term(fmt.Sprintf("month-%02d", v), p.form, false)
	}
	switch p.form {
	case "numeric-leading-zeros":
		return twoDigits(v)
	case "ordinal":
		if v != 1 && e.locale.limitDayOrdinals {
			return strconv.Itoa(v)
		}
		gender, _ := e.locale.lookup(fmt.Sprintf("month-%02d", values["month"]), "")
		return strconv.Itoa(v) + e.locale.ordinalSuffix(v, gender.gender)
	}
	return strconv.Itoa(v)
}

func (e *eval) year(v int, form string) string {
	switch {
	case v < 0:
		return strconv.Itoa(-v) + e.locale.term("bc", "", false)
	case v < 1000:
		return strconv.Itoa(v) + e.locale.term("ad", "", false)
	case form == "short":
		return twoDigits(v % 100)
	}
	return strconv.Itoa(v)
}
