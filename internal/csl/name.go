package csl

import "strings"

// Name is a person, or an institution in Literal. CSL ends with Literal; the
// members after it are as Crossref's records have them
// (https://api.crossref.org, works, author).
type Name struct {
	Family              string `json:"family,omitempty"`
	Given               string `json:"given,omitempty"`
	DroppingParticle    string `json:"dropping-particle,omitempty"`
	NonDroppingParticle string `json:"non-dropping-particle,omitempty"`
	Suffix              string `json:"suffix,omitempty"`
	// CommaSuffix puts a comma before the suffix: "King, Jr."
	CommaSuffix bool   `json:"comma-suffix,omitempty"`
	Literal     string `json:"literal,omitempty"`

	ORCID       string        `json:"ORCID,omitempty"` // 0000-0002-1825-0097, without https://orcid.org/
	Affiliation []Affiliation `json:"affiliation,omitempty"`
	Email       string        `json:"email,omitempty"`
}

// Affiliation is where a person works, as printed.
type Affiliation struct {
	Name string `json:"name"`
}

// String is the name as it is read: "Ada Lovelace".
func (n Name) String() string {
	if n.Literal != "" {
		return n.Literal
	}
	parts := make([]string, 0, 5)
	for _, part := range []string{n.Given, n.DroppingParticle, n.NonDroppingParticle, n.Family, n.Suffix} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// Short is the name as it stands in a list: the family name, or Literal.
func (n Name) Short() string {
	switch {
	case n.Family == "" && n.Literal != "":
		return n.Literal
	case n.Family == "":
		return n.Given
	case n.NonDroppingParticle != "":
		return n.NonDroppingParticle + " " + n.Family
	}
	return n.Family
}
