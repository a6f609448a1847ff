package csl

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Source says where a claim was read.
type Source string

// Sources of claims.
const (
	SourcePerson   Source = "person"   // somebody typed it
	SourceLookup   Source = "lookup"   // a look-up service answered it
	SourceImport   Source = "import"   // it came with an import file
	SourcePage     Source = "page"     // it stands on the document's pages
	SourceXMP      Source = "xmp"      // the file's metadata packet (ISO 16684-1)
	SourceInfo     Source = "info"     // the document information dictionary (ISO 32000-1, 14.3.3)
	SourceFilename Source = "filename" // the file's name
)

// sources from the one trusted most, to settle ties.
var sources = []Source{SourcePerson, SourceLookup, SourceImport, SourcePage, SourceXMP, SourceInfo, SourceFilename}

// Claim is one statement about a work: that a CSL variable has a value,
// according to a source.
type Claim struct {
	// Field is the CSL variable: "title", "author", "issued", "DOI" …
	Field  string `json:"field"`
	Source Source `json:"source"`
	// Value is the variable's value in CSL-JSON.
	Value json.RawMessage `json:"value"`
	// Confidence from 0 to 1: how often a claim made this way is right.
	Confidence float64 `json:"confidence"`
}

// NewClaim makes a claim of a value that encoding/json can encode: a string, a
// []Name, a *Date.
func NewClaim(field string, source Source, value any, confidence float64) (Claim, error) {
	encoded, err := json.Marshal(value)
	if err != nil {
		return Claim{}, fmt.Errorf("claim %s: %w", field, err)
	}
	return Claim{Field: field, Source: source, Value: encoded, Confidence: confidence}, nil
}

// Fits reports whether the value has the type of its variable.
func (c Claim) Fits() bool {
	var item Item
	return json.Unmarshal(object(map[string]json.RawMessage{c.Field: c.Value}), &item) == nil
}

// Outweighs reports whether c is shown rather than d: a person's word wins,
// then the higher confidence, then the source that is trusted more.
func (c Claim) Outweighs(d Claim) bool {
	if (c.Source == SourcePerson) != (d.Source == SourcePerson) {
		return c.Source == SourcePerson
	}
	return cmp.Or(cmp.Compare(c.Confidence, d.Confidence), cmp.Compare(slices.Index(sources, d.Source), slices.Index(sources, c.Source))) > 0
}

// Resolve chooses one claim for each variable (see [Claim.Outweighs]; between
// equals the earlier one) and gives the work that they describe. A value that
// does not fit its variable is passed over, so one bad claim costs one field.
// The item has a type always, and a title only when a claim gives one.
func Resolve(claims []Claim) Item {
	best := map[string]Claim{}
	for _, c := range claims {
		if held, ok := best[c.Field]; c.Fits() && (!ok || c.Outweighs(held)) {
			best[c.Field] = c
		}
	}
	fields := make(map[string]json.RawMessage, len(best))
	for field, c := range best {
		fields[field] = c.Value
	}
	var item Item
	_ = json.Unmarshal(object(fields), &item) // each field fits alone, so all do
	if item.Type == "" {
		item.Type = TypeArticle
		if item.ContainerTitle != "" {
			item.Type = TypeArticleJournal
		}
	}
	return item
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
