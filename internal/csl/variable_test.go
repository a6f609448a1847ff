package csl_test

import (
	"reflect"
	"slices"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

func TestEveryVariableIsReadAndSetByItsName(t *testing.T) {
	var item csl.Item
	for _, name := range csl.Variables() {
		switch csl.KindOf(name) {
		case csl.KindText:
			if !item.SetText(name, "x "+name) || item.Text(name) != "x "+name {
				t.Errorf("%s: %q", name, item.Text(name))
			}
		case csl.KindNames:
			if !item.SetNames(name, []csl.Name{{Literal: name}}) || item.Names(name)[0].Literal != name {
				t.Errorf("%s: %v", name, item.Names(name))
			}
		case csl.KindDate:
			if date := csl.NewDate(len(name)); !item.SetDate(name, date) || item.Date(name) != date {
				t.Errorf("%s: %v", name, item.Date(name))
			}
		case csl.KindNone:
			t.Errorf("%s has no kind", name)
		}
	}
	if !slices.Contains(csl.Variables(), "archive_collection") || item.Scale != "x scale" || item.Author[0].Literal != "author" {
		t.Errorf("%v", csl.Variables())
	}
}

func TestUnknownVariablesAreNone(t *testing.T) {
	var item csl.Item
	if csl.KindOf("locator") != csl.KindNone || item.SetText("author", "x") || item.SetNames("title", nil) || item.SetDate("issue", nil) {
		t.Error("a variable was set that is not there")
	}
	if item.Text("author") != "" || item.Names("title") != nil || item.Date("nothing") != nil || !reflect.DeepEqual(item, csl.Item{}) {
		t.Errorf("%+v", item)
	}
}
