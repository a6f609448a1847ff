package csl

import (
	"reflect"
	"slices"
	"strings"
)

// Kind of value that a variable has.
type Kind int

// Kinds of variables (CSL 1.0.2, Appendix IV). KindNone is that of a name that
// no variable of a work has.
const (
	KindNone Kind = iota
	KindText      // text, and numbers, which are text too
	KindNames
	KindDate
)

// variable is where an Item keeps a variable.
type variable struct {
	kind  Kind
	index int
}

// variables by CSL's names, read from Item's tags, so that the two cannot part.
var variables, variableNames = func() (map[string]variable, []string) {
	byName, names := map[string]variable{}, []string{}
	item := reflect.TypeFor[Item]()
	for index := range item.NumField() {
		field := item.Field(index)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		kind := KindText
		switch field.Type {
		case reflect.TypeFor[[]Name]():
			kind = KindNames
		case reflect.TypeFor[*Date]():
			kind = KindDate
		}
		byName[name] = variable{kind, index}
		names = append(names, name)
	}
	return byName, names
}()

// Variables are the names of all variables of a work, with "id" and "type", in
// the order in which an Item's JSON has them.
func Variables() []string { return slices.Clone(variableNames) }

// KindOf is the kind of value of a variable.
func KindOf(name string) Kind { return variables[name].kind }

// Text is the value of a text or number variable; empty where it is absent, or
// where the name is not that of such a variable.
func (i *Item) Text(name string) string {
	if v := variables[name]; v.kind == KindText {
		return reflect.ValueOf(i).Elem().Field(v.index).String()
	}
	return ""
}

// SetText sets a text or number variable, and reports whether there is one of
// that name.
func (i *Item) SetText(name, value string) bool {
	v := variables[name]
	if v.kind == KindText {
		reflect.ValueOf(i).Elem().Field(v.index).SetString(value)
	}
	return v.kind == KindText
}

// Names are the value of a name variable.
func (i *Item) Names(name string) []Name {
	if v := variables[name]; v.kind == KindNames {
		names, _ := reflect.TypeAssert[[]Name](reflect.ValueOf(i).Elem().Field(v.index))
		return names
	}
	return nil
}

// SetNames sets a name variable, and reports whether there is one of that name.
func (i *Item) SetNames(name string, value []Name) bool {
	v := variables[name]
	if v.kind == KindNames {
		reflect.ValueOf(i).Elem().Field(v.index).Set(reflect.ValueOf(value))
	}
	return v.kind == KindNames
}

// Date is the value of a date variable; nil where it is absent.
func (i *Item) Date(name string) *Date {
	if v := variables[name]; v.kind == KindDate {
		date, _ := reflect.TypeAssert[*Date](reflect.ValueOf(i).Elem().Field(v.index))
		return date
	}
	return nil
}

// SetDate sets a date variable, and reports whether there is one of that name.
func (i *Item) SetDate(name string, value *Date) bool {
	v := variables[name]
	if v.kind == KindDate {
		reflect.ValueOf(i).Elem().Field(v.index).Set(reflect.ValueOf(value))
	}
	return v.kind == KindDate
}
