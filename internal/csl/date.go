package csl

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Date is a CSL date. DateParts holds one date, or two for a range; each is
// year, then month (1 to 12) and day where known.
type Date struct {
	DateParts [][]int `json:"date-parts,omitempty"`
	Season    string  `json:"season,omitempty"`
	Circa     bool    `json:"circa,omitempty"`
	Literal   string  `json:"literal,omitempty"`
	Raw       string  `json:"raw,omitempty"`
}

// NewDate makes a date of year, month and day; give only the known ones.
func NewDate(year int, rest ...int) *Date {
	return &Date{DateParts: [][]int{append([]int{year}, rest...)}}
}

// Year of the first date; 0 when unknown.
func (d Date) Year() int {
	if len(d.DateParts) == 0 || len(d.DateParts[0]) == 0 {
		return 0
	}
	return d.DateParts[0][0]
}

// UnmarshalJSON takes what programs write in practice: numbers as strings,
// circa as a number or a string, season as a number.
func (d *Date) UnmarshalJSON(data []byte) error {
	var loose struct {
		DateParts [][]looseText `json:"date-parts"`
		Season    looseText     `json:"season"`
		Circa     looseText     `json:"circa"`
		Literal   string        `json:"literal"`
		Raw       string        `json:"raw"`
	}
	if err := json.Unmarshal(data, &loose); err != nil {
		return fmt.Errorf("csl date: %w", err)
	}
	*d = Date{Season: string(loose.Season), Literal: loose.Literal, Raw: loose.Raw}
	switch loose.Circa {
	case "", "false", "0":
	default:
		d.Circa = true
	}
	for _, parts := range loose.DateParts {
		var date []int
		for _, part := range parts {
			if part == "" {
				break
			}
			number, err := strconv.Atoi(strings.TrimSpace(string(part)))
			if err != nil {
				return fmt.Errorf("csl date: date-parts holds %q, which is not a number", part)
			}
			date = append(date, number)
		}
		if len(date) > 0 {
			d.DateParts = append(d.DateParts, date)
		}
	}
	return nil
}

// looseText is a JSON string, number, truth value or null, as text.
type looseText string

func (t *looseText) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err == nil {
		*t = looseText(text)
		return nil
	}
	switch raw := strings.TrimSpace(string(data)); {
	case raw == "null":
		*t = ""
	case strings.HasPrefix(raw, "{"), strings.HasPrefix(raw, "["):
		return fmt.Errorf("%.20s is neither text nor a number", raw)
	default:
		*t = looseText(raw)
	}
	return nil
}
