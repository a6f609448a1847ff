package extract

import (
	"encoding/json"
	"fmt"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// Source says where a claim was read.
type Source string

// Sources. Extraction itself gives the last four; the others come from a
// person, an import file or a look-up service, and [Resolve] knows them all.
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
	// Field is the CSL variable: "title", "author", "issued", "DOI" …
	Field  string `json:"field"`
	Source Source `json:"source"`
	// Value is the variable's value in CSL-JSON.
	Value json.RawMessage `json:"value"`
	// Confidence from 0 to 1: how often a claim made this way is right.
	Confidence float64 `json:"confidence"`
}

// NewClaim makes a claim of a value that encoding/json can encode: a string, a
// []csl.Name, a *csl.Date.
func NewClaim(field string, source Source, value any, confidence float64) (Claim, error) {
	encoded, err := json.Marshal(value)
	if err != nil {
		return Claim{}, fmt.Errorf("claim %s: %w", field, err)
	}
	return Claim{Field: field, Source: source, Value: encoded, Confidence: confidence}, nil
}

// Resolve chooses one claim for each field and gives the work that they
// describe. A person's claim wins; then the highest confidence; then, between
// equals, the earlier one. A value that does not fit its variable is passed
// over, so one bad claim costs one field.
func Resolve(claims []Claim) csl.Item {
	best := map[string]Claim{}
	for _, claim := range claims {
		if !fits(claim) {
			continue
		}
		if held, ok := best[claim.Field]; !ok || stronger(claim, held) {
			best[claim.Field] = claim
		}
	}
	fields := make(map[string]json.RawMessage, len(best))
	for field, claim := range best {
		fields[field] = claim.Value
	}
	var item csl.Item
	// Each field fitted alone, so the whole does.
	if encoded, err := json.Marshal(fields); err == nil {
		_ = json.Unmarshal(encoded, &item)
	}
	if item.Type == "" {
		item.Type = csl.TypeArticle
		if item.ContainerTitle != "" {
			item.Type = csl.TypeArticleJournal
		}
	}
	return item
}

func stronger(a, b Claim) bool {
	if (a.Source == SourcePerson) != (b.Source == SourcePerson) {
		return a.Source == SourcePerson
	}
	return a.Confidence > b.Confidence
}

func fits(claim Claim) bool {
	encoded, err := json.Marshal(map[string]json.RawMessage{claim.Field: claim.Value})
	if err != nil {
		return false
	}
	var item csl.Item
	return json.Unmarshal(encoded, &item) == nil
}
