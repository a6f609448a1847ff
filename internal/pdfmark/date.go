package pdfmark

import (
	"strings"
	"time"
)

// FormatDate writes a date as ISO 32000-2, 7.9.4 has it, to the second and with
// its distance from UTC: "D:20260304050607+01'00".
func FormatDate(t time.Time) string {
	if _, offset := t.Zone(); offset == 0 {
		return t.UTC().Format("D:20060102150405Z")
	}
	text := t.Format("D:20060102150405-0700")
	return text[:len(text)-2] + "'" + text[len(text)-2:]
}

// ParseDate reads a date of a file. Parts that are left out from the right mean
// the first month, day, hour …, and a date without a zone is UTC, since nobody
// can know better. ok is false for what is no date at all.
func ParseDate(text string) (t time.Time, ok bool) {
	rest := strings.TrimPrefix(strings.TrimSpace(text), "D:")
	digits := 0
	for digits < len(rest) && digits < 14 && isDigit(rest[digits]) {
		digits++
	}
	// Every part has two digits but the year, which has four.
	if digits < 4 || digits%2 != 0 {
		return time.Time{}, false
	}
	part := func(at, otherwise int) int {
		if at+2 > digits {
			return otherwise
		}
		return two(rest[at:])
	}
	year := 100*two(rest) + two(rest[2:])
	month, day := part(4, 1), part(6, 1)
	hour, minute, second := part(8, 0), part(10, 0), part(12, 0)
	if year == 0 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	t = time.Date(year, time.Month(month), day, hour, minute, second, 0, zone(rest[digits:]))
	// The 31st of a shorter month is no day.
	return t, t.Day() == day
}

// zone reads "Z", "+01'00'", "+01'00", "+0100" and "+01"; UTC for all else.
func zone(text string) *time.Location {
	if len(text) < 3 || text[0] != '+' && text[0] != '-' || !isDigit(text[1]) || !isDigit(text[2]) {
		return time.UTC
	}
	hours, minutes := two(text[1:]), 0
	if rest := strings.TrimPrefix(text[3:], "'"); len(rest) >= 2 && isDigit(rest[0]) && isDigit(rest[1]) {
		minutes = two(rest)
	}
	if hours > 23 || minutes > 59 {
		return time.UTC
	}
	seconds := 3600*hours + 60*minutes
	if text[0] == '-' {
		seconds = -seconds
	}
	if seconds == 0 {
		return time.UTC
	}
	return time.FixedZone("", seconds)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// two is the number of the first two digits.
func two(digits string) int { return 10*int(digits[0]-'0') + int(digits[1]-'0') }
