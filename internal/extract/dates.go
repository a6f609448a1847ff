package extract

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

const monthNames = `(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)`

var (
	dayMonthYear = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th)?[ -](` + monthNames + `)[ ,-]{1,2}((?:19|20)\d\d)\b`)
	monthDayYear = regexp.MustCompile(`(?i)\b(` + monthNames + `) (\d{1,2})(?:st|nd|rd|th)?,? ((?:19|20)\d\d)\b`)
	monthYear    = regexp.MustCompile(`(?i)\b(` + monthNames + `),? ((?:19|20)\d\d)\b`)
	yearMonthDay = regexp.MustCompile(`\b((?:19|20)\d\d)[-/](\d{2})[-/](\d{2})(?:\b|T)`)
	yearAlone    = regexp.MustCompile(`\b((?:19|20)\d\d)\b`)
)

// findDate is the first date in text, as exact as it stands there.
func findDate(text string) *csl.Date {
	if m := dayMonthYear.FindStringSubmatch(text); m != nil {
		return checkedDate(m[3], m[2], m[1])
	}
	if m := monthDayYear.FindStringSubmatch(text); m != nil {
		return checkedDate(m[3], m[1], m[2])
	}
	if m := yearMonthDay.FindStringSubmatch(text); m != nil {
		return checkedDate(m[1], m[2], m[3])
	}
	if m := monthYear.FindStringSubmatch(text); m != nil {
		return checkedDate(m[2], m[1], "")
	}
	if m := yearAlone.FindStringSubmatch(text); m != nil {
		return checkedDate(m[1], "", "")
	}
	return nil
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
	if number, err := strconv.Atoi(text); err == nil && number <= 12 {
		return number
	}
	for month := time.January; month <= time.December; month++ {
		if len(text) >= 3 && strings.EqualFold(text[:3], month.String()[:3]) {
			return int(month)
		}
	}
	return 0
}

// pdfDate reads "D:20180830183828Z" (ISO 32000-1, 7.9.4).
func pdfDate(text string) *csl.Date {
	digits := strings.TrimPrefix(text, "D:")
	if len(digits) < 4 {
		return nil
	}
	year, err := strconv.Atoi(digits[:4])
	if err != nil || year < 1900 || year > 2100 {
		return nil
	}
	return csl.NewDate(year)
}
