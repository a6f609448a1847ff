package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Correction is what a person says about one field of a document.
type Correction struct {
	// Field is a CSL variable: "title", "author", "issued" …
	Field string
	// Value in CSL-JSON; null says that the document has none.
	Value json.RawMessage
	// Revision is the one of the person's word that the correction replaces, 0
	// where there was none. Nil replaces whatever is there.
	Revision *int64
}

// fields are the variables that people may correct, which are all, and how each is
// checked.
var fields = correctable()

func correctable() map[string]func(json.RawMessage) (any, error) {
	checks := map[string]func(json.RawMessage) (any, error){}
	for _, variable := range csl.Variables() {
		switch csl.KindOf(variable) {
		case csl.KindNames:
			checks[variable] = namesValue
		case csl.KindDate:
			checks[variable] = dateValue
		case csl.KindText, csl.KindNone:
			checks[variable] = lineValue
		}
	}
	delete(checks, "id") // the document's own
	checks["type"] = typeValue
	checks["title"] = titleValue
	checks["DOI"], checks["URL"] = doiValue, urlValue
	checks["abstract"], checks["note"], checks["annote"] = textValue, textValue, textValue
	return checks
}

const (
	maxLine    = 2000   // code points
	maxText    = 20_000 // code points
	maxNames   = 5000   // the longest list of authors that was printed has 5,154; its file would say et al.
	maxName    = 500    // code points of each part of a name
	maxSetYear = 9999
)

var errUnknownField = fault.New(fault.NotFound, "unknown_field", "There is no such field that could be corrected.")

func badValue(field, message string) error {
	return fault.New(fault.Invalid, "bad_value", message).With("field", field)
}

// storable returns the value as it is stored, or says what is wrong with it.
func (c Correction) storable() (json.RawMessage, error) {
	check, ok := fields[c.Field]
	if !ok {
		return nil, errUnknownField
	}
	value := json.RawMessage("null")
	if given := bytes.TrimSpace(c.Value); len(given) > 0 && !bytes.Equal(given, value) {
		checked, err := check(given)
		if err != nil {
			if f, ok := fault.As(err); ok {
				return nil, f.With("field", c.Field)
			}
			return nil, badValue(c.Field, "This is not what the field takes: "+err.Error()+".")
		}
		if value, err = json.Marshal(checked); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Field, err)
		}
	}
	switch c.Field {
	case "title":
		if bytes.Equal(value, []byte("null")) {
			_, err := validTitle("")
			return nil, err
		}
	case "type":
		if bytes.Equal(value, []byte("null")) {
			return nil, badValue(c.Field, "A document has a type. Choose one, or take your word back.")
		}
	}
	if len(value) > maxClaim || bytes.Contains(value, []byte(`\u0000`)) {
		return nil, badValue(c.Field, "This is longer than the field takes.")
	}
	return value, nil
}

// The checks below return nil for "none", or the value to store. Their errors
// complete the sentence "This is not what the field takes: …", or are faults.

func titleValue(raw json.RawMessage) (any, error) {
	text, err := stringOf(raw)
	if err != nil {
		return nil, err
	}
	return validTitle(text)
}

// lineValue is one line of text; spaces are made one.
func lineValue(raw json.RawMessage) (any, error) {
	text, err := stringOf(raw)
	if err != nil {
		return nil, err
	}
	return cleanLine(text, maxLine)
}

func cleanLine(text string, limit int) (any, error) {
	text = strings.Join(strings.Fields(text), " ")
	if strings.ContainsFunc(text, unicode.IsControl) {
		return nil, errors.New("a control character stands in it")
	}
	if utf8.RuneCountInString(text) > limit {
		return nil, fmt.Errorf("at most %d characters", limit)
	}
	if text == "" {
		return nil, nil //nolint:nilnil // none
	}
	return text, nil
}

// textValue may have paragraphs.
func textValue(raw json.RawMessage) (any, error) {
	text, err := stringOf(raw)
	if err != nil {
		return nil, err
	}
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return nil, errors.New("a control character stands in it")
	}
	if utf8.RuneCountInString(text) > maxText {
		return nil, fmt.Errorf("at most %d characters", maxText)
	}
	if text == "" {
		return nil, nil //nolint:nilnil // none
	}
	return text, nil
}

// doiName is a DOI's shape: ISO 26324, a directory indicator that begins with 10,
// a slash, and a suffix.
var doiName = regexp.MustCompile(`^10\.\d{4,9}(\.\d+)*/\S+$`)

func doiValue(raw json.RawMessage) (any, error) {
	text, err := stringOf(raw)
	if err != nil {
		return nil, err
	}
	line, err := cleanLine(text, maxLine)
	if err != nil || line == nil {
		return nil, err
	}
	text, _ = line.(string)
	lower := strings.ToLower(text)
	for _, prefix := range []string{"https://", "http://", "dx.", "doi.org/", "doi:"} {
		lower = strings.TrimSpace(strings.TrimPrefix(lower, prefix))
	}
	if !doiName.MatchString(lower) {
		return nil, errors.New("a DOI looks like 10.1000/182")
	}
	return lower, nil
}

// urlValue takes only addresses that are safe to follow.
func urlValue(raw json.RawMessage) (any, error) {
	text, err := stringOf(raw)
	if err != nil {
		return nil, err
	}
	line, err := cleanLine(text, maxLine)
	if err != nil || line == nil {
		return nil, err
	}
	text, _ = line.(string)
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, errors.New("an address begins with https:// or http://")
	}
	return text, nil
}

// types are those of CSL 1.0.2, appendix III.
var types = strings.Fields(`article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection
	dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation manuscript map
	motion_picture musical_score pamphlet paper-conference patent performance periodical personal_communication post post-weblog regulation
	report review review-book software song speech standard thesis treaty webpage`)

func typeValue(raw json.RawMessage) (any, error) {
	text, err := stringOf(raw)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(types, text) {
		return nil, errors.New("it is one of the types of CSL 1.0.2, such as article-journal")
	}
	return text, nil
}

// dateValue takes a date, or two for a range, of year, month and day where known;
// or words that are none, as "in press". How it was entered stays beside it, in raw.
func dateValue(raw json.RawMessage) (any, error) {
	var date csl.Date
	if err := strict(raw, &date); err != nil {
		return nil, errors.New("a date has date-parts, or is literal")
	}
	for _, part := range []*string{&date.Literal, &date.Raw, &date.Season} {
		line, err := cleanLine(*part, maxName)
		if err != nil {
			return nil, err
		}
		*part, _ = line.(string)
	}
	if len(date.DateParts) == 0 && date.Literal != "" {
		return csl.Date{Literal: date.Literal}, nil
	}
	if len(date.DateParts) == 0 || len(date.DateParts) > 2 {
		return nil, errors.New("a date has a year")
	}
	for _, parts := range date.DateParts {
		if len(parts) < 1 || len(parts) > 3 || parts[0] < 1 || parts[0] > maxSetYear {
			return nil, fmt.Errorf("a year is from 1 to %d", maxSetYear)
		}
		if len(parts) > 1 && (parts[1] < 1 || parts[1] > 12) {
			return nil, errors.New("a month is from 1 to 12")
		}
		if len(parts) > 2 && (parts[2] < 1 || time.Date(parts[0], time.Month(parts[1]), parts[2], 0, 0, 0, 0, time.UTC).Day() != parts[2]) {
			return nil, errors.New("there is no such day")
		}
	}
	if date.Season != "" && !slices.Contains([]string{"1", "2", "3", "4"}, date.Season) {
		return nil, errors.New("a season is 1 for spring to 4 for winter")
	}
	return csl.Date{DateParts: date.DateParts, Season: date.Season, Circa: date.Circa, Raw: date.Raw}, nil
}

// namesValue takes names in their order. What a file said of a person besides
// the name is kept where it comes back.
func namesValue(raw json.RawMessage) (any, error) {
	var names []csl.Name
	if err := strict(raw, &names); err != nil {
		return nil, errors.New("names are a list, each with family and given, or literal")
	}
	if len(names) > maxNames {
		return nil, fmt.Errorf("at most %d names", maxNames)
	}
	for i := range names {
		n := &names[i]
		for _, part := range []*string{&n.Family, &n.Given, &n.DroppingParticle, &n.NonDroppingParticle, &n.Suffix, &n.Literal} {
			line, err := cleanLine(*part, maxName)
			if err != nil {
				return nil, err
			}
			*part, _ = line.(string)
		}
		if n.Family == "" && n.Given == "" && n.Literal == "" {
			return nil, fmt.Errorf("name %d is empty", i+1)
		}
	}
	if len(names) == 0 {
		return nil, nil //nolint:nilnil // none
	}
	return names, nil
}

func stringOf(raw json.RawMessage) (string, error) {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return "", errors.New("it takes text")
	}
	return text, nil
}

// strict refuses members that v does not have, so that nothing that was sent is
// silently lost.
func strict(raw json.RawMessage, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	return decoder.Decode(v)
}
