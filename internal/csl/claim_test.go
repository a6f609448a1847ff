package csl_test

import (
	"encoding/json"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

func claim(t *testing.T, field string, source csl.Source, value any, confidence float64) csl.Claim {
	t.Helper()
	one, err := csl.NewClaim(field, source, value, confidence)
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func TestResolveChoosesOneClaimForEachField(t *testing.T) {
	item := csl.Resolve([]csl.Claim{
		claim(t, "title", csl.SourceInfo, "From the file", 0.7),
		claim(t, "title", csl.SourcePage, "From the page", 0.9),
		claim(t, "title", csl.SourceXMP, "As sure, but later", 0.9),
		claim(t, "author", csl.SourcePage, []csl.Name{{Family: "Page"}}, 0.95),
		claim(t, "author", csl.SourcePerson, []csl.Name{{Family: "Person"}}, 0.1),
		claim(t, "issued", csl.SourcePage, csl.NewDate(2018, 5), 0.9),
		claim(t, "volume", csl.SourcePage, map[string]int{"not": 1}, 1),
		{Field: "DOI", Source: csl.SourcePage, Value: json.RawMessage("{broken"), Confidence: 1},
		claim(t, "DOI", csl.SourceInfo, "10.1/x", 0.2),
	})
	if item.Title != "From the page" || item.Author[0].Family != "Person" || item.Year() != 2018 || item.Volume != "" || item.DOI != "10.1/x" {
		t.Errorf("%+v", item)
	}
	if item.Type != csl.TypeArticle {
		t.Errorf("type %q", item.Type)
	}
	if journal := csl.Resolve([]csl.Claim{claim(t, "container-title", csl.SourceXMP, "Nature", 1)}); journal.Type != csl.TypeArticleJournal {
		t.Errorf("type %q in a journal", journal.Type)
	}
}
