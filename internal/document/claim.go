package document

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// Source says where a claim comes from.
type Source string

// The sources of claims.
const (
	SourcePerson   Source = "person"
	SourceImport   Source = "import"
	SourceLookup   Source = "lookup"
	SourcePage     Source = "page"
	SourceXMP      Source = "xmp"
	SourceInfo     Source = "info"
	SourceFilename Source = "filename"
)

// Claim is one statement about a document: that a CSL variable has a value,
// according to a source.
type Claim struct {
	Field  string // a CSL variable: "title", "author", "issued", "DOI" …
	Source Source
	Value  json.RawMessage // as CSL-JSON has it
	// Confidence from 0 to 1.
	Confidence float64
}

// filenameConfidence is below every other source's, so a file's name is the
// title only while nothing else is known.
const filenameConfidence = 0.05

// maxClaim bounds a claim's value in bytes. A hostile file may hold megabytes
// of "title"; the longest honest value is an abstract or 3,000 authors.
const maxClaim = 256 << 10

// storable returns the claim in a form that PostgreSQL takes, or reports that
// there is none: jsonb knows neither NUL nor half a surrogate pair.
func (c Claim) storable() (Claim, bool) {
	if c.Field == "" || len(c.Field) > 64 || len(c.Value) > maxClaim || !(c.Confidence >= 0 && c.Confidence <= 1) || !c.fits() {
		return c, false
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(c.Value))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return c, false
	}
	encoded, err := json.Marshal(value)
	if err != nil || bytes.Contains(encoded, []byte(`\u0000`)) {
		return c, false
	}
	c.Value = encoded
	return c, true
}

// fits reports whether the value has the type of its variable.
func (c Claim) fits() bool {
	var item csl.Item
	return json.Unmarshal(object(map[string]json.RawMessage{c.Field: c.Value}), &item) == nil
}

// outweighs reports whether c is shown rather than d: a person's word wins,
// then the higher confidence.
func (c Claim) outweighs(d Claim) bool {
	if (c.Source == SourcePerson) != (d.Source == SourcePerson) {
		return c.Source == SourcePerson
	}
	if c.Confidence != d.Confidence {
		return c.Confidence > d.Confidence
	}
	return c.Source < d.Source
}

// strongest keeps one claim for each field and source, since a file may say
// the same thing twice, and drops those that cannot be stored.
func strongest(claims []Claim) []Claim {
	type key struct {
		field  string
		source Source
	}
	kept := map[key]Claim{}
	for _, c := range claims {
		c, ok := c.storable()
		if !ok {
			continue
		}
		k := key{c.Field, c.Source}
		if held, ok := kept[k]; !ok || c.outweighs(held) {
			kept[k] = c
		}
	}
	list := make([]Claim, 0, len(kept))
	for _, c := range kept {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Claim) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Source, b.Source))
	})
	return list
}

// derived is what a document's claims add up to.
type derived struct {
	title   string
	year    *int32
	item    csl.Item
	listing string
}

// derive chooses one claim for each variable.
func derive(id uuid.UUID, claims []Claim) (derived, error) {
	best := map[string]Claim{}
	for _, c := range claims {
		if held, ok := best[c.Field]; c.fits() && (!ok || c.outweighs(held)) {
			best[c.Field] = c
		}
	}
	fields := make(map[string]json.RawMessage, len(best))
	for field, c := range best {
		fields[field] = c.Value
	}
	var item csl.Item
	if err := json.Unmarshal(object(fields), &item); err != nil {
		return derived{}, fmt.Errorf("derive metadata: %w", err)
	}
	item.ID = id.String()
	item.Title = cleanTitle(item.Title)
	if item.Title == "" {
		item.Title = "Untitled"
	}
	if item.Type == "" {
		item.Type = csl.TypeArticle
		if item.ContainerTitle != "" {
			item.Type = csl.TypeArticleJournal
		}
	}
	d := derived{title: item.Title, item: item, listing: listing(item)}
	if year := int32(item.Year()); year > 0 && year < 10_000 {
		d.year = &year
	}
	return d, nil
}

// listing is what the list is sorted and filtered by: the title's words, then
// the authors'.
func listing(item csl.Item) string {
	var text strings.Builder
	text.WriteString(item.Title)
	for _, name := range item.Author[:min(len(item.Author), maxListedAuthors)] {
		text.WriteString("\n" + cutRunes(name.String(), maxTitle))
	}
	return indexed(text.String())
}

// object is a JSON object of these members. Marshalling raw JSON fails only
// where a value is not JSON at all, which then fits no variable.
func object(members map[string]json.RawMessage) []byte {
	encoded, err := json.Marshal(members)
	if err != nil {
		return nil
	}
	return encoded
}
