package citation_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/citation"
)

// The references of testdata are of real works, in the styles of many fields;
// none was learnt from.
func TestReferencesOfManyFields(t *testing.T) {
	data, err := os.ReadFile("testdata/references.txt")
	if err != nil {
		t.Fatal(err)
	}
	right, all := 0, 0
	for block := range strings.SplitSeq(string(data), "\n\n") {
		if strings.HasPrefix(block, "#") || strings.TrimSpace(block) == "" {
			continue
		}
		lines := strings.Split(strings.TrimSpace(block), "\n")
		item := citation.Parse(lines[0])
		var families []string
		for _, name := range item.Author {
			families = append(families, name.Short())
		}
		got := map[string]string{
			"author": strings.Join(families, "; "), "title": item.Title, "container": item.ContainerTitle, "year": strconv.Itoa(item.Year()),
			"volume": item.Volume, "issue": item.Issue, "pages": item.Page, "publisher": item.Publisher, "place": item.PublisherPlace,
		}
		want := map[string]string{}
		for _, line := range lines[1:] {
			name, value, _ := strings.Cut(line, ": ")
			want[name] = value
		}
		for _, name := range []string{"author", "title", "container", "year", "volume", "issue", "pages", "publisher", "place"} {
			if got[name] == want[name] && want[name] == "" {
				continue
			}
			all++
			if plain(got[name]) == plain(want[name]) {
				right++
			} else {
				t.Logf("%s: %q, want %q: %.80s", name, got[name], want[name], lines[0])
			}
		}
	}
	t.Logf("%d of %d parts are right", right, all)
	if 100*right < 95*all {
		t.Errorf("%d of %d parts are right, want 95 %%", right, all)
	}
}

// plain leaves out what a style adds around a part.
func plain(text string) string {
	return strings.Join(slices.Collect(strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" .,:;-–—()", r) })), " ")
}
