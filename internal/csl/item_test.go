package csl_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

func TestItemKeepsItsValuesThroughJSON(t *testing.T) {
	item := csl.Item{
		Type: csl.TypeArticleJournal, Title: "On Computable Numbers", ContainerTitle: "Proceedings",
		Author: []csl.Name{{Family: "Turing", Given: "Alan M."}, {Literal: "The Group"}},
		Issued: csl.NewDate(1936, 11, 30), DOI: "10.1112/plms/s2-42.1.230", Volume: "s2-42", Page: "230–265",
	}
	encoded, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"article-journal","title":"On Computable Numbers","container-title":"Proceedings",` +
		`"author":[{"family":"Turing","given":"Alan M."},{"literal":"The Group"}],"issued":{"date-parts":[[1936,11,30]]},` +
		`"DOI":"10.1112/plms/s2-42.1.230","volume":"s2-42","page":"230–265"}`
	if string(encoded) != want {
		t.Errorf("got  %s\nwant %s", encoded, want)
	}
	var back csl.Item
	if err := json.Unmarshal(encoded, &back); err != nil || !reflect.DeepEqual(back, item) {
		t.Errorf("%+v, %v", back, err)
	}
	if back.Year() != 1936 || (csl.Item{}).Year() != 0 {
		t.Errorf("year %d", back.Year())
	}
}

func TestDateTakesWhatProgramsWrite(t *testing.T) {
	for text, want := range map[string]csl.Date{
		`{"date-parts":[[2018,"5",2]]}`:                {DateParts: [][]int{{2018, 5, 2}}},
		`{"date-parts":[["2018"]],"circa":1}`:          {DateParts: [][]int{{2018}}, Circa: true},
		`{"date-parts":[[2018,null]],"season":2}`:      {DateParts: [][]int{{2018}}, Season: "2"},
		`{"date-parts":[[null]],"literal":"n.d."}`:     {Literal: "n.d."},
		`{"date-parts":[[2018],[2019]],"circa":false}`: {DateParts: [][]int{{2018}, {2019}}},
		`{"raw":"spring 2018"}`:                        {Raw: "spring 2018"},
	} {
		var got csl.Date
		if err := json.Unmarshal([]byte(text), &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{`{"date-parts":[["May"]]}`, `{"date-parts":[[{}]]}`, `7`} {
		if err := json.Unmarshal([]byte(text), new(csl.Date)); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}

func TestNames(t *testing.T) {
	name := csl.Name{Given: "Ludwig", NonDroppingParticle: "van", Family: "Beethoven", Suffix: "II"}
	if name.String() != "Ludwig van Beethoven II" || name.Short() != "van Beethoven" {
		t.Errorf("%q, %q", name, name.Short())
	}
	body := csl.Name{Literal: "R Core Team"}
	if body.String() != "R Core Team" || body.Short() != "R Core Team" {
		t.Errorf("%q, %q", body, body.Short())
	}
	if alone := (csl.Name{Given: "Plato"}); alone.Short() != "Plato" {
		t.Errorf("%q", alone.Short())
	}
}
