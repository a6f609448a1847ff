package citeproc

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	numeric      = regexp.MustCompile(`^\pL?\pL?\d+(?:\.\d+)*\pL*(?:\s*[-–,&]\s*\pL?\pL?\d+(?:\.\d+)*\pL*)*$`)
	severalParts = regexp.MustCompile(`\d\pL*\s*[-–—,&]\s*\pL*\d|\d\s+(?:and|et|und|y|e)\s+\d`)
	wordOfNumber = regexp.MustCompile(`[\d\pL.]+`)
	separators   = regexp.MustCompile(`\s*([-–—,&])\s*`)
)

// isNumeric: only numbers, with letters to them ("2b", "L2d") and points in them
// ("4.0.2"), and commas, hyphens and ampersands between them.
func isNumeric(text string) bool { return numeric.MatchString(strings.TrimSpace(text)) }

type numberNode struct {
	look           look
	variable, form string
}

func (n *numberNode) render(e *eval) rich {
	e.called++
	value := e.value(n.variable, "")
	if value == "" {
		return nil
	}
	e.filled++
	e.substituted(n.variable)
	if !isNumeric(value) {
		return n.look.apply(markup(value), e.lang)
	}
	spaced := separators.ReplaceAllStringFunc(value, func(s string) string {
		switch strings.TrimSpace(s) {
		case ",":
			return ", "
		case "&":
			return " & "
		}
		return "–"
	})
	text := wordOfNumber.ReplaceAllStringFunc(spaced, func(digits string) string {
		number, err := strconv.Atoi(digits)
		if err != nil {
			return digits // "1st" has its ending
		}
		switch n.form {
		case "ordinal":
			return e.locale.ordinal(number, n.variable)
		case "long-ordinal":
			return e.locale.longOrdinal(number, n.variable)
		case "roman":
			return roman(number)
		}
		return digits
	})
	return n.look.apply(plain(text), e.lang)
}

// roman is a number in small Roman numerals; those from 4000 stay as they are.
func roman(n int) string {
	if n <= 0 || n >= 4000 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, s := range []struct {
		value int
		sign  string
	}{{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}} {
		for ; n >= s.value; n -= s.value {
			b.WriteString(s.sign)
		}
	}
	return b.String()
}

type labelNode struct {
	look                   look
	variable, form, plural string
}

func compileLabel(e *element) *labelNode {
	return &labelNode{compileLook(e), e.attr["variable"], e.attr["form"], e.attr["plural"]}
}

// render gives the term of a number variable: "p." or "pp.".
func (n *labelNode) render(e *eval) rich {
	value, term := e.value(n.variable, ""), n.variable
	if n.variable == "locator" && e.cite != nil {
		term = strings.ReplaceAll(e.cite.label(), "sub-verbo", "sub verbo")
	}
	if value == "" {
		return nil
	}
	plural := severalParts.MatchString(value)
	if strings.HasPrefix(n.variable, "number-of-") {
		count, err := strconv.Atoi(value)
		plural = err != nil && plural || count > 1
	}
	return n.text(e, term, plural)
}

func (n *labelNode) text(e *eval, term string, plural bool) rich {
	switch n.plural {
	case "always":
		plural = true
	case "never":
		plural = false
	}
	return n.look.apply(plain(e.locale.term(term, n.form, plural)), e.formatter.lang)
}

// locator is the place in a work: pages as in the bibliography, and en dashes.
func (e *eval) locator(value string) string {
	if e.cite.label() == "page" {
		return e.pages(value)
	}
	return ranges.ReplaceAllString(value, "$1–$2")
}

var (
	ranges    = regexp.MustCompile(`(\d\pL?)\s*[-–—]+\s*(\pL?\d)`)
	pageRange = regexp.MustCompile(`(\pL*)(\d+)(\pL?)\s*(?:--?|–|—)\s*(\pL*)(\d+)(\pL?)`)
)

// pages writes ranges of pages as the style wants them.
func (e *eval) pages(value string) string {
	delimiter := e.locale.term("page-range-delimiter", "", false)
	if delimiter == "" {
		delimiter = "–"
	}
	out := pageRange.ReplaceAllStringFunc(value, func(found string) string {
		m := pageRange.FindStringSubmatch(found)
		prefix, first, tail, prefix2, second, tail2 := m[1], m[2], m[3], m[4], m[5], m[6]
		if e.style.pageRange == "" || tail != "" || tail2 != "" || (prefix2 != "" && prefix2 != prefix) {
			return prefix + first + tail + delimiter + prefix2 + second + tail2
		}
		whole := second
		if len(second) < len(first) {
			whole = first[:len(first)-len(second)] + second
		}
		short := shortened(first, whole, e.style.pageRange)
		if e.style.pageRange == "expanded" {
			short = prefix + short
		} else if prefix != "" && prefix2 != "" && short == whole {
			short = prefix + short
		}
		return prefix + first + delimiter + short
	})
	return separatePages.ReplaceAllString(strings.ReplaceAll(out, "-", delimiter), ", ")
}

var separatePages = regexp.MustCompile(`\s*,\s*`)

// shortened is the second number of a range in a page-range-format of CSL.
func shortened(first, second, format string) string {
	if len(first) != len(second) {
		return second
	}
	same := 0
	for same < len(first) && first[same] == second[same] {
		same++
	}
	keep := func(least int) string { return second[min(same, max(0, len(second)-least)):] }
	switch format {
	case "minimal":
		return keep(1)
	case "minimal-two":
		return keep(2)
	case "chicago", "chicago-15", "chicago-16":
		switch n, err := strconv.Atoi(first); {
		case err != nil, n < 100, n%100 == 0:
			return second
		case n%100 < 10:
			return keep(1)
		case len(first) == 4 && len(second)-same >= 3 && format != "chicago-16":
			return second
		}
		return keep(2)
	}
	return second
}
