package anchoring_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/anchoring"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

func TestQuads(t *testing.T) {
	word := func(start, end int, boxes ...pagetext.Rect) pagetext.Word {
		return pagetext.Word{Start: start, End: end, Boxes: boxes}
	}
	// "one three ex-|ample next"
	lying := []pagetext.Word{
		word(0, 3, pagetext.Rect{10, 100, 40, 112}),
		word(4, 9, pagetext.Rect{45, 100, 95, 112}),
		word(10, 17, pagetext.Rect{100, 101, 120, 113}, pagetext.Rect{10, 80, 60, 92}),
		word(18, 22, pagetext.Rect{65, 80, 95, 92}),
	}
	rising := []pagetext.Word{
		word(0, 5, pagetext.Rect{20, 100, 32, 140}),
		word(6, 8, pagetext.Rect{20, 144, 32, 160}),
		word(9, 14, pagetext.Rect{36, 100, 48, 140}),
	}
	falling := []pagetext.Word{
		word(0, 5, pagetext.Rect{20, 100, 32, 140}),
		word(6, 11, pagetext.Rect{20, 56, 32, 96}),
	}
	hebrew := []pagetext.Word{
		word(0, 4, pagetext.Rect{60, 100, 100, 112}),
		word(5, 9, pagetext.Rect{15, 100, 55, 112}),
	}
	// One word to a line, as in a narrow column of numbers or short words.
	narrow := []pagetext.Word{
		word(0, 2, pagetext.Rect{10, 100, 16, 112}),
		word(3, 5, pagetext.Rect{10, 86, 16, 98}),
	}
	columns := []pagetext.Word{
		word(0, 5, pagetext.Rect{10, 100, 60, 112}),
		word(6, 11, pagetext.Rect{200, 100, 250, 112}),
	}
	for _, one := range []struct {
		name       string
		words      []pagetext.Word
		start, end int
		want       [][8]float32
	}{
		{"nothing", lying, 3, 4, nil},
		{"turned around", lying, 5, 2, nil},
		{"outside", lying, 22, 90, nil},
		{"a word", lying, 4, 9, [][8]float32{{45, 112, 95, 112, 45, 100, 95, 100}}},
		{"words of a line", lying, 0, 9, [][8]float32{{10, 112, 95, 112, 10, 100, 95, 100}}},
		{"part of a word", lying, 5, 7, [][8]float32{{55, 112, 75, 112, 55, 100, 75, 100}}},
		{"two lines and a hyphen", lying, 0, 22, [][8]float32{{10, 113, 120, 113, 10, 100, 120, 100}, {10, 92, 95, 92, 10, 80, 95, 80}}},
		{"the end of a parted word", lying, 15, 17, [][8]float32{{40, 92, 60, 92, 40, 80, 60, 80}}},
		{"the beginning of a parted word", lying, 10, 11, [][8]float32{{100, 113, 110, 113, 100, 101, 110, 101}}},
		{"text that rises", rising, 0, 8, [][8]float32{{20, 100, 20, 160, 32, 100, 32, 160}}},
		{"two lines that rise", rising, 6, 14, [][8]float32{{20, 144, 20, 160, 32, 144, 32, 160}, {36, 100, 36, 140, 48, 100, 48, 140}}},
		{"part of a word that rises", rising, 0, 1, [][8]float32{{20, 100, 20, 108, 32, 100, 32, 108}}},
		{"text that falls", falling, 0, 11, [][8]float32{{32, 140, 32, 56, 20, 140, 20, 56}}},
		{"part of a word that falls", falling, 0, 1, [][8]float32{{32, 140, 32, 132, 20, 140, 20, 132}}},
		{"from right to left", hebrew, 3, 9, [][8]float32{{15, 112, 70, 112, 15, 100, 70, 100}}},
		{"short words one below the other", narrow, 0, 5, [][8]float32{{10, 112, 16, 112, 10, 100, 16, 100}, {10, 98, 16, 98, 10, 86, 16, 86}}},
		{"over a gutter", columns, 0, 11, [][8]float32{{10, 112, 60, 112, 10, 100, 60, 100}, {200, 112, 250, 112, 200, 100, 250, 100}}},
		{"words without boxes", []pagetext.Word{word(0, 3), word(4, 7)}, 0, 7, nil},
	} {
		got := anchoring.Quads(one.words, one.start, one.end)
		if !slices.EqualFunc(got, one.want, near) {
			t.Errorf("%s: %v, want %v", one.name, got, one.want)
		}
	}
}

func near(a, b [8]float32) bool {
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 0.001 {
			return false
		}
	}
	return true
}

// The quads of a range lie inside the boxes of its words, taken together.
func TestQuadsStayInside(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	for range 2000 {
		var words []pagetext.Word
		var around pagetext.Rect
		at := 0
		for range 1 + random.IntN(12) {
			word := pagetext.Word{Start: at, End: at + 1 + random.IntN(9)}
			for range random.IntN(3) {
				x, y := 500*random.Float32(), 500*random.Float32()
				box := pagetext.Rect{x, y, x + 60*random.Float32(), y + 60*random.Float32()}
				word.Boxes = append(word.Boxes, box)
				if around == (pagetext.Rect{}) {
					around = box
				}
				around = around.Union(box)
			}
			words = append(words, word)
			at = word.End + 1
		}
		for _, quad := range anchoring.Quads(words, random.IntN(at), random.IntN(at+2)) {
			for i := 0; i < 8; i += 2 {
				if quad[i] < around[0]-0.01 || quad[i] > around[2]+0.01 || quad[i+1] < around[1]-0.01 || quad[i+1] > around[3]+0.01 {
					t.Fatalf("%v outside %v", quad, around)
				}
			}
		}
	}
}
