package biblio

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// jsonReader takes the objects of an array one by one, so that a broken one
// leaves the others whole.
type jsonReader struct {
	*Reader
	source *source
}

func (r *jsonReader) next() error {
	for {
		c, err := r.source.byte()
		if err != nil {
			return err
		}
		if c != '{' {
			continue
		}
		return r.object()
	}
}

func (r *jsonReader) object() error {
	line := r.source.line
	body := []byte{'{'}
	depth, inText, escaped, tooLong := 1, false, false, false
	for depth > 0 {
		c, err := r.source.byte()
		if err != nil {
			r.problem(line, "", "the object is not closed before the end of the file")
			if errors.Is(err, io.EOF) {
				return io.EOF
			}
			return err
		}
		switch {
		case inText && escaped:
			escaped = false
		case inText && c == '\\':
			escaped = true
		case c == '"':
			inText = !inText
		case inText && c == '\n':
			// JSON's texts have no line breaks.
			r.problem(line, "", "the object is not JSON: a quotation mark is missing in line %d", r.source.line-1)
			return nil
		case inText:
		case c == '{':
			depth++
		case c == '}':
			depth--
		}
		if len(body) >= maxRecord {
			tooLong = true
			continue
		}
		body = append(body, c)
	}
	if tooLong {
		r.problem(line, "", "the object is longer than 4 MiB")
		return nil
	}
	r.decode([]byte(utf8Text(body)), line)
	return nil
}

// formerNames of variables.
var formerNames = map[string]string{"event": "event-title", "journalAbbreviation": "container-title-short", "shortTitle": "title-short"}

// custom is what CSL has no variable for. CSL-JSON's schema leaves the member
// "custom" to programs.
type custom struct {
	Tags        []string `json:"tags,omitempty"`
	Notes       []string `json:"notes,omitempty"`
	Collections []string `json:"collections,omitempty"`
	Files       []struct {
		Path  string `json:"path"`
		Title string `json:"title,omitempty"`
		Type  string `json:"type,omitempty"`
	} `json:"files,omitempty"`
}

func (r *jsonReader) decode(body []byte, line int) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		r.problem(line, "", "the object is not JSON: %s", err)
		return
	}
	if items, ok := members["items"]; ok && members["type"] == nil {
		// The array is in an object, as the Zotero server has it.
		var all []json.RawMessage
		if json.Unmarshal(items, &all) == nil {
			for _, one := range all {
				r.decode(one, line)
			}
			return
		}
	}
	if members["type"] == nil && members["title"] == nil && members["id"] == nil {
		r.problem(line, "", "the object is no work: it has no type, title or id")
		return
	}
	record := Record{Line: line, Key: text(members["id"])}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		r.member(&record, name, members[name])
	}
	if key := text(members["citation-key"]); record.Key == "" || key != "" && members["id"] == nil {
		record.Key = key
	}
	if record.Item.Type == "" {
		record.Item.Type = csl.TypeDocument
	}
	if record.Tags == nil {
		record.Tags = splitTags(record.Item.Keyword)
	}
	record.Item.Keyword = ""
	record.Notes = append(splitNotes(record.Item.Annote), record.Notes...)
	record.Item.Annote = ""
	r.found(record)
}

func (r *jsonReader) member(record *Record, name string, value json.RawMessage) {
	if now, former := formerNames[name]; former && record.Item.Text(now) == "" {
		name = now
	}
	item := &record.Item
	var err error
	switch {
	case string(value) == "null":
	case name == "id":
	case name == "custom":
		var c custom
		if err = json.Unmarshal(value, &c); err == nil {
			record.Tags, record.Notes, record.Collections = c.Tags, c.Notes, c.Collections
			for _, f := range c.Files {
				record.Files = append(record.Files, File{f.Path, f.Title, f.Type})
			}
		}
	case csl.KindOf(name) == csl.KindText:
		if t := text(value); t != "" {
			item.SetText(name, t)
		} else if len(value) > 0 && (value[0] == '{' || value[0] == '[') {
			err = errors.New("it is neither text nor a number")
		}
	case csl.KindOf(name) == csl.KindNames:
		var names []csl.Name
		if err = json.Unmarshal(value, &names); err == nil && len(names) > 0 {
			item.SetNames(name, names)
		}
	case csl.KindOf(name) == csl.KindDate:
		var date *csl.Date
		if date, err = jsonDate(value); err == nil {
			item.SetDate(name, date)
		}
	}
	if err != nil {
		r.problem(record.Line, record.Key, "the variable %q is left out: %s", name, err)
	}
}

// jsonDate takes a CSL date, and text that is one.
func jsonDate(value json.RawMessage) (*csl.Date, error) {
	if t := text(value); t != "" {
		return parseDate(t), nil
	}
	var date csl.Date
	if err := json.Unmarshal(value, &date); err != nil {
		return nil, fmt.Errorf("date: %w", err)
	}
	if date.Raw != "" && len(date.DateParts) == 0 {
		if parsed := parseDate(date.Raw); parsed.Literal == "" {
			return parsed, nil
		}
	}
	return &date, nil
}

// text of a JSON string or number; empty for others.
func text(value json.RawMessage) string {
	var t string
	if json.Unmarshal(value, &t) == nil {
		return strings.TrimSpace(t)
	}
	var n json.Number
	if json.Unmarshal(value, &n) == nil {
		return n.String()
	}
	return ""
}

type jsonWriter struct {
	w     *bufio.Writer
	count int
}

func (j *jsonWriter) head() error {
	_, err := j.w.WriteString("[")
	return wrapped("csl-json", err)
}

func (j *jsonWriter) foot() error {
	_, err := j.w.WriteString("\n]\n")
	return wrapped("csl-json", err)
}

func wrapped(format string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", format, err)
	}
	return nil
}

// write writes an item; one without a key has its number for an id.
func (j *jsonWriter) write(r Record) error {
	j.count++
	item := r.Item
	item.ID = r.Key
	if item.ID == "" {
		item.ID = fmt.Sprintf("%d", j.count)
	}
	item.Keyword = strings.Join(r.Tags, ", ")
	extra := custom{Notes: r.Notes, Collections: r.Collections}
	for _, tag := range r.Tags {
		if strings.ContainsAny(tag, ",;") {
			extra.Tags = r.Tags
		}
	}
	for _, f := range r.Files {
		extra.Files = append(extra.Files, struct {
			Path  string `json:"path"`
			Title string `json:"title,omitempty"`
			Type  string `json:"type,omitempty"`
		}{f.Path, f.Title, f.Type})
	}
	var out any = item
	if extra.Tags != nil || extra.Notes != nil || extra.Collections != nil || extra.Files != nil {
		out = struct {
			csl.Item
			Custom custom `json:"custom"`
		}{item, extra}
	}
	encoder := json.NewEncoder(j.w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("  ", "  ")
	separator := "\n  "
	if j.count > 1 {
		separator = "  ,\n  "
	}
	if _, err := j.w.WriteString(separator); err != nil {
		return wrapped("csl-json", err)
	}
	return wrapped("csl-json", encoder.Encode(out))
}
