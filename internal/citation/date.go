package citation

import (
	"regexp"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

var (
	yearPattern = regexp.MustCompile(`(?:^|[^\d])(1[4-9]\d\d|20\d\d)(?:$|[^\d])`)
	dayPattern  = regexp.MustCompile(`(?:^|[^\d])([0-3]?\d)(?:$|[^\d])`)
	isoDate     = regexp.MustCompile(`\b(1[4-9]\d\d|20\d\d)[-/](\d{1,2})[-/](\d{1,2})\b`)
	dottedDate  = regexp.MustCompile(`\b(\d{1,2})[./](\d{1,2})[./](1[4-9]\d\d|20\d\d)\b`)
	wordPattern = regexp.MustCompile(`\p{L}{3,}`)
)

// monthBeginnings tell months in English, German, French, Spanish and Italian.
var monthBeginnings = []struct {
	month int
	words string
}{
	{1, "jan ene gen"},
	{2, "feb fév fev"},
	{3, "mar mär"},
	{4, "apr avr abr"},
	{5, "may mai mag"},
	{6, "jun juin giu"},
	{7, "jul juil lug"},
	{8, "aug aoû ago"},
	{9, "sep set"},
	{10, "oct okt ott"},
	{11, "nov"},
	{12, "dec dez déc dic"},
}

// monthOf is the month that a word names; 0 for none.
func monthOf(word string) int {
	lower := strings.ToLower(word)
	for _, one := range monthBeginnings {
		for beginning := range strings.FieldsSeq(one.words) {
			if strings.HasPrefix(lower, beginning) && (len(beginning) > 3 || len(lower) <= 10) {
				// "mai" is May and begins no other month, but "mar" begins März too.
				return one.month
			}
		}
	}
	return 0
}

// parseDate reads a date as exactly as it stands in text; nil when there is no
// year in it.
func parseDate(text string) *csl.Date {
	if m := isoDate.FindStringSubmatch(text); m != nil {
		return checkedDate(m[1], number(m[2]), m[3])
	}
	if m := dottedDate.FindStringSubmatch(text); m != nil {
		return checkedDate(m[3], number(m[2]), m[1])
	}
	m := yearPattern.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	month := 0
	for _, word := range wordPattern.FindAllString(text, 6) {
		if month = monthOf(word); month > 0 {
			break
		}
	}
	return checkedDate(m[1], month, submatch(dayPattern, text))
}

func checkedDate(year string, month int, day string) *csl.Date {
	switch d := number(day); {
	case month < 1 || month > 12:
		return csl.NewDate(number(year))
	case d < 1 || d > 31:
		return csl.NewDate(number(year), month)
	default:
		return csl.NewDate(number(year), month, d)
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
