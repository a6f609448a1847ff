package httpapi

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// describeNulls makes the OpenAPI document say where a value may be null: where
// it is a pointer in Go. huma says so for plain types alone. It describes a
// struct by a bare reference, which in OpenAPI 3.1 becomes "this or null", and
// takes a type with a text form, such as a UUID, for one that is always there.
func describeNulls(registry huma.Registry) {
	for name, schema := range registry.Map() {
		t := registry.TypeFromRef("#/components/schemas/" + name)
		for t != nil && t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t == nil || t.Kind() != reflect.Struct {
			continue
		}
		for _, field := range reflect.VisibleFields(t) {
			property, options, _ := strings.Cut(field.Tag.Get("json"), ",")
			described := schema.Properties[property]
			if described == nil || field.Type.Kind() != reflect.Pointer || strings.Contains(options, "omit") {
				continue
			}
			if described.Ref == "" {
				described.Nullable = true
				continue
			}
			schema.Properties[property] = &huma.Schema{
				Description: described.Description,
				AnyOf:       []*huma.Schema{{Ref: described.Ref}, {Type: "null"}},
			}
		}
	}
}
