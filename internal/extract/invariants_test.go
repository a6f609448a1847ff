package extract_test

import (
	"math"
	"testing"
	"unicode"
	"unicode/utf8"
)

// checkPages holds every page to what pagetext promises.
func checkPages(t *testing.T, got paper) {
	t.Helper()
	if len(got.pages) != got.result.PageCount {
		t.Errorf("%d pages came, of %d", len(got.pages), got.result.PageCount)
	}
	for i, page := range got.pages {
		if page.Number != i+1 {
			t.Fatalf("page %d has number %d", i+1, page.Number)
		}
		if !utf8.ValidString(page.Text) {
			t.Errorf("page %d: text is not UTF-8", page.Number)
		}
		text := []rune(page.Text)
		end := 0
		for _, word := range page.Words {
			if word.Start < end || word.End <= word.Start || word.End > len(text) {
				t.Fatalf("page %d: word %+v after %d in a text of %d", page.Number, word, end, len(text))
			}
			for _, between := range text[end:word.Start] {
				if !unicode.IsSpace(between) {
					t.Fatalf("page %d: %q stands in no word", page.Number, between)
				}
			}
			for _, r := range text[word.Start:word.End] {
				if unicode.IsSpace(r) || r == 0 {
					t.Fatalf("page %d: word %q holds white space", page.Number, string(text[word.Start:word.End]))
				}
			}
			end = word.End
			if len(word.Boxes) == 0 {
				t.Fatalf("page %d: word without a box", page.Number)
			}
			for _, box := range word.Boxes {
				for _, edge := range box {
					if math.IsNaN(float64(edge)) || math.IsInf(float64(edge), 0) {
						t.Fatalf("page %d: box %v", page.Number, box)
					}
				}
				if box[0] > box[2] || box[1] > box[3] {
					t.Fatalf("page %d: box %v is inside out", page.Number, box)
				}
			}
		}
		if end != len(text) {
			t.Errorf("page %d: text goes on after the last word", page.Number)
		}
		checkBlocks(t, page)
	}
}
