package extract

import (
	"regexp"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// monthStems are the beginnings of the months' names, three letters or more, in
// the languages that most papers are written in. A name may go on after them.
var monthStems = [12][]string{
	{"jan", "jän", "ene", "gen", "янв", "stycz"},
	{"feb", "fév", "fev", "févr", "фев", "lut"},
	{"mar", "mär", "mrt", "мар", "maart"},
	{"apr", "avr", "abr", "апр", "kwie"},
	{"may", "mai", "maj", "mei", "mayo", "mag", "май", "мая"},
	{"jun", "juin", "giu", "июн", "czerw"},
	{"jul", "juil", "lug", "июл", "lip"},
	{"aug", "août", "aoû", "ago", "авг", "sierp"},
	{"sep", "sept", "set", "сен", "wrze"},
	{"oct", "okt", "ott", "out", "окт", "paźdz"},
	{"nov", "ноя", "listop"},
	{"dec", "dez", "déc", "dic", "дек", "grudz"},
}

// monthNames matches a month's name, whole or cut with a dot.
var monthNames = func() string {
	var stems []string
	for _, month := range monthStems {
		stems = append(stems, month...)
	}
	return `(?:` + strings.Join(stems, "|") + `)\pL{0,7}\.?`
}()

const years = `((?:19|20)\d\d)`

var (
	dayMonthYear = regexp.MustCompile(`(?i)(?:^|[^\pL\d])(\d{1,2})(?:st|nd|rd|th|\.|º|er)?[ -](?:de |of )?(` + monthNames + `)[ ,-]{1,2}(?:de |del )?` + years + `\b`)
	monthDayYear = regexp.MustCompile(`(?i)(?:^|[^\pL])(` + monthNames + `) (\d{1,2})(?:st|nd|rd|th)?,? ` + years + `\b`)
	monthYear    = regexp.MustCompile(`(?i)(?:^|[^\pL])(` + monthNames + `),? (?:de )?` + years + `\b`)
	yearMonth    = regexp.MustCompile(`(?i)\b` + years + `,? (` + monthNames + `)(?: (\d{1,2})\b)?`)
	yearMonthDay = regexp.MustCompile(`\b` + years + `[-/](\d{2})[-/](\d{2})(?:\b|T)`)
	dottedDate   = regexp.MustCompile(`\b(\d{1,2})\. ?(\d{1,2})\. ?` + years + `\b`)
	hanYearMonth = regexp.MustCompile(years + `\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?`)
	yearAlone    = regexp.MustCompile(`\b` + years + `\b`)
)

// findDate is the first date in text, as exact as it stands there.
func findDate(text string) *csl.Date {
	if !mayHaveYear(text) {
		return nil
	}
	for _, one := range []struct {
		pattern          *regexp.Regexp
		year, month, day int // groups; 0 for none
	}{
		{dayMonthYear, 3, 2, 1},
		{monthDayYear, 3, 1, 2},
		{yearMonthDay, 1, 2, 3},
		{dottedDate, 3, 2, 1},
		{hanYearMonth, 1, 2, 3},
		{monthYear, 2, 1, 0},
		{yearMonth, 1, 2, 3},
	} {
		if m := one.pattern.FindStringSubmatch(text); m != nil {
			day := ""
			if one.day > 0 {
				day = m[one.day]
			}
			if monthNumber(m[one.month]) > 0 {
				return checkedDate(m[one.year], m[one.month], day)
			}
		}
	}
	if m := yearAlone.FindStringSubmatch(text); m != nil {
		return checkedDate(m[1], "", "")
	}
	return nil
}

// mayHaveYear is a quick look before the patterns, which are dear.
func mayHaveYear(text string) bool {
	return strings.Contains(text, "19") || strings.Contains(text, "20")
}

func checkedDate(yearText, monthText, dayText string) *csl.Date {
	year, _ := strconv.Atoi(yearText)
	month, day := monthNumber(monthText), 0
	if month > 0 {
		day, _ = strconv.Atoi(dayText)
	}
	switch {
	case month == 0:
		return csl.NewDate(year)
	case day < 1 || day > 31:
		return csl.NewDate(year, month)
	}
	return csl.NewDate(year, month, day)
}

func monthNumber(text string) int {
	if number, err := strconv.Atoi(text); err == nil && number >= 1 && number <= 12 {
		return number
	}
	lower := strings.ToLower(text)
	for i, stems := range monthStems {
		for _, stem := range stems {
			if strings.HasPrefix(lower, stem) {
				return i + 1
			}
		}
	}
	return 0
}
