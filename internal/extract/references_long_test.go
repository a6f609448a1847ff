package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

// longList is entries of two lines each, set without heads or feet, so that the last
// lines of pages stand in the margin at one height, and those of every other page say
// the same but for numbers. apart is the white between entries.
func longList(count int, apart, indent float64) (extracttest.Document, []string) {
	var document extracttest.Document
	var want []string
	page := []extracttest.Text{{X: 72, Y: 748, Size: 14, Text: "References"}}
	y := 724.0
	for i := range count {
		name := string(rune('A'+26*i/count)) + strings.Repeat("bcdeghk"[i%7:i%7+1], 3) + "er"
		first := fmt.Sprintf("%s, J. (%d). The work that has number %d among all of them, and it says little.", name, 1900+i%120, i+1)
		second := fmt.Sprintf("Journal of %s, %d(%d), %d-%d.", []string{"Long Lists", "Short Lists", "Lists"}[i%3], i%90+1, i%12+1, i+1, i+14)
		if y < 60 {
			document.Pages = append(document.Pages, extracttest.Page{Texts: page})
			page, y = nil, 748
		}
		page = append(page, extracttest.Text{X: 72, Y: y, Text: first}, extracttest.Text{X: 72 + indent, Y: y - 14, Text: second})
		y -= 28 + apart
		want = append(want, first+" "+second)
	}
	document.Pages = append(document.Pages, extracttest.Page{Texts: page})
	return document, want
}

func TestNoEntryOfALongListIsLostAtTheEndOfAPage(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	for name, one := range map[string]struct{ apart, indent float64 }{"set apart": {10, 0}, "hanging": {0, 24}} {
		t.Run(name, func(t *testing.T) {
			document, want := longList(600, one.apart, one.indent)
			references := read(t, pool, document).result.References
			if len(references) != len(want) {
				t.Errorf("%d entries, want %d", len(references), len(want))
			}
			for i := range min(len(references), len(want)) {
				if references[i].Raw != want[i] {
					t.Fatalf("entry %d: %q\nwant %q", i+1, references[i].Raw, want[i])
				}
			}
		})
	}
}
