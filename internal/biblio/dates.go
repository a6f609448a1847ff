package biblio

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

var isoDate = regexp.MustCompile(`^(-?\d{1,4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:T.*)?$`)

// parseDate reads a date of ISO 8601-2 as biblatex has it: "2010-05-03",
// "1998/2003", "2010/", "1480~". What is none stays as text.
func parseDate(text string) *csl.Date {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	bare := strings.TrimRight(strings.ReplaceAll(text, "\u00a0", "~"), "~?%")
	circa := bare != text
	from, to, ranged := strings.Cut(bare, "/")
	if ranged && len(to) <= 2 && len(from) > 0 && isoDate.MatchString(bare) && to != "" {
		ranged, from = false, bare // 2010/05 with slashes
	}
	first := dateParts(strings.TrimRight(from, "~?%"))
	if first == nil {
		return &csl.Date{Literal: text}
	}
	date := &csl.Date{DateParts: [][]int{first}, Circa: circa}
	if len(first) == 2 && first[1] > 20 {
		date.DateParts[0], date.Season = first[:1], strconv.Itoa(first[1]-20)
	}
	if ranged {
		switch second := dateParts(strings.TrimRight(to, "~?%")); {
		case second != nil:
			date.DateParts = append(date.DateParts, second)
		case to == "" || to == "..":
			date.DateParts = append(date.DateParts, []int{0})
		default:
			return &csl.Date{Literal: text}
		}
	}
	return date
}

func dateParts(text string) []int {
	m := isoDate.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	var parts []int
	for _, part := range m[1:] {
		n, err := strconv.Atoi(part)
		if err != nil || (n == 0 && len(parts) > 0) {
			break
		}
		parts = append(parts, n)
	}
	if len(parts) > 1 && (parts[1] > 24 || parts[1] > 12 && parts[1] < 21) || len(parts) > 2 && parts[2] > 31 {
		return nil
	}
	return parts
}

// isoText writes a date as parseDate reads it; empty where it has no year.
func isoText(d *csl.Date) string {
	if d == nil {
		return ""
	}
	if len(d.DateParts) == 0 {
		return cmp.Or(d.Literal, d.Raw)
	}
	texts := make([]string, 0, 2)
	for i, parts := range d.DateParts {
		if i > 0 && (len(parts) == 0 || parts[0] == 0) {
			texts = append(texts, "")
			continue
		}
		text := fmt.Sprintf("%04d", parts[0])
		if parts[0] < 0 {
			text = fmt.Sprintf("-%04d", -parts[0])
		}
		for _, part := range parts[1:] {
			text += fmt.Sprintf("-%02d", part)
		}
		if season, err := strconv.Atoi(d.Season); err == nil && i == 0 && len(parts) == 1 && season >= 1 && season <= 4 {
			text += fmt.Sprintf("-%02d", 20+season)
		}
		texts = append(texts, text)
	}
	out := strings.Join(texts, "/")
	if d.Circa {
		out += "~"
	}
	return out
}

var monthNumber = func() map[string]int {
	numbers := map[string]int{}
	for i, name := range monthNames {
		numbers[strings.ToLower(name)] = i + 1
		numbers[strings.ToLower(name[:3])] = i + 1
	}
	numbers["sept"] = 9
	return numbers
}()

var (
	wordsOfDate = regexp.MustCompile(`[\pL]+|\d+`)
	yearOnly    = regexp.MustCompile(`^-?\d{1,4}$`)
)

// bibYear reads BibTeX's year, month and day. A month may hold a day too:
// "10~January".
func bibYear(year, month, day string) *csl.Date {
	if year == "" {
		return nil
	}
	if !yearOnly.MatchString(year) {
		return parseDate(year)
	}
	parts := []int{atoi(year)}
	m, d := 0, atoi(day)
	for _, word := range wordsOfDate.FindAllString(strings.ToLower(month), -1) {
		switch n := monthNumber[word]; {
		case n > 0 && m == 0:
			m = n
		case atoi(word) >= 1 && atoi(word) <= 12 && strings.TrimSpace(month) == word:
			m = atoi(word)
		case atoi(word) >= 1 && atoi(word) <= 31 && d == 0:
			d = atoi(word)
		}
	}
	if m > 0 {
		parts = append(parts, m)
		if d > 0 && d <= 31 {
			parts = append(parts, d)
		}
	}
	return &csl.Date{DateParts: [][]int{parts}}
}

func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
