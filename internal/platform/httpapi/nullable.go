package httpapi

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// describeNulls makes the OpenAPI document say where an object may be null. A
// pointer to a struct is null in JSON when it is nil, but huma describes it by
// a bare reference, which cannot say so; in OpenAPI 3.1 it is "this or null".
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
			if described == nil || described.Ref == "" || field.Type.Kind() != reflect.Pointer || strings.Contains(options, "omit") {
				continue
			}
			schema.Properties[property] = &huma.Schema{
				Description: described.Description,
				AnyOf:       []*huma.Schema{{Ref: described.Ref}, {Type: "null"}},
			}
		}
	}
}
