package annotation

import (
	"encoding/json"
	"reflect"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

func FuzzDecodeParts(f *testing.F) {
	one, two := 3, 900_000
	parts, err := json.Marshal([]Part{
		{Page: 7, Start: &one, End: &two, Quads: [][8]float32{{1, 2.5, -3e-7, 4, 5, 6, 7, 1e21}, {}}},
		{Page: 8, Rect: &pagetext.Rect{0.1, 2, 3, 4}, Paths: [][]float32{{1, 2}, {}}},
	})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(parts), "[]", "null", `[{"page":1}]`, `[{"page":1,"quads":[[1]]}]`, `[{"page":01}]`, `[{"page":1},]`, ` [ { "page" : 1 } ] `, `[{"rect":[1,2,3,4],"page":2}]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want []Part
		wrong := json.Unmarshal([]byte(text), &want)
		got, err := decodeParts([]byte(text))
		if wrong == nil && (err != nil || !reflect.DeepEqual(got, want)) {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	})
}
