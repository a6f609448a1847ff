package extract

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// listFixture reads a list as it is drawn in a file: lines as they stand, with
// the spaces that they are moved in by; "/" begins an entry that is expected, "¶"
// a line that the layout takes for a paragraph's first; "----" ends a page or
// column. Neither is part of the text.
func listFixture(t testing.TB, text string) (lines []referenceLine, want []string) {
	t.Helper()
	page, first := 1, true
	for number, one := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if one == "----" {
			page, first = page+1, true
			continue
		}
		begins := strings.HasPrefix(one, "/")
		one = strings.TrimPrefix(one, "/")
		breaks := strings.HasPrefix(one, "¶")
		one = strings.TrimPrefix(one, "¶")
		trimmed := strings.TrimLeft(one, " ")
		lines = append(lines, referenceLine{
			page: page, number: number, text: trimmed, height: 10, left: 5 * float32(len(one)-len(trimmed)), breaks: breaks, first: first,
			box: pagetext.Rect{0, 0, 100, 10}, start: 100 * number, end: 100*number + len(trimmed),
		})
		first = false
		if begins {
			want = append(want, trimmed)
		} else if len(want) > 0 {
			want[len(want)-1] += " " + trimmed
		}
	}
	return lines, want
}

func TestListsAreDivided(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "lists", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines, want := listFixture(t, string(data))
			var got []string
			for _, one := range splitEntries(lines) {
				got = append(got, one.text())
			}
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func FuzzSplitEntries(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join("testdata", "lists", "*.txt"))
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			f.Add(string(data))
		}
	}
	f.Add("")
	f.Add("[1]\n[2]\n----\n1.\n 2.")
	f.Fuzz(func(t *testing.T, text string) {
		lines, _ := listFixture(t, text)
		var back []referenceLine
		for _, one := range splitEntries(lines) {
			if len(one) == 0 {
				t.Fatal("an entry without lines")
			}
			back = append(back, one...)
		}
		if len(back) != len(lines) {
			t.Fatalf("%d lines came out of %d", len(back), len(lines))
		}
		for i := range back {
			if back[i].number != lines[i].number {
				t.Fatalf("line %d came out as line %d", lines[i].number, i)
			}
		}
		if tail := cutTail(splitEntries(lines)); len(tail) > len(splitEntries(lines)) {
			t.Fatal("cutting the tail made entries")
		}
	})
}

func TestWordsCutAtALinesEndAreWhole(t *testing.T) {
	e := entry{
		{page: 1, text: "Quan", start: 0, end: 4, joined: true},
		{page: 1, text: "tifying reproducibility", start: 4, end: 27},
		{page: 2, text: "in biology", start: 0, end: 10},
	}
	if got := e.text(); got != "Quantifying reproducibility in biology" {
		t.Errorf("%q", got)
	}
}

func TestHeadingsOfLists(t *testing.T) {
	for text, want := range map[string]bool{
		"References": true, "7. REFERENCES": true, "Literaturverzeichnis": true, "Quellen- und Literaturverzeichnis": true, "Bibliographie": true,
		"Works Cited": true, "References and Notes": true, "Références bibliographiques": true, "参考文献": true, "Bibliografía": true, "VI. Literature Cited": true,
		"References to the past": false, "The literature": false, "References 12": false, "Bibliography of Kant": false,
	} {
		if got := referencesHeading.MatchString(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestNumbersOfMarksAreExpanded(t *testing.T) {
	for text, want := range map[string]string{
		"1": "1", "1, 3": "1 3", "2–5": "2 3 4 5", "1,3-5;9": "1 3 4 5 9", "5–2": "", "0": "", "1–900": "", "7−8": "7 8",
	} {
		if got := strings.Join(expanded(text, true), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzExpanded(f *testing.F) {
	f.Add("1, 3–5")
	f.Add("[1")
	f.Fuzz(func(t *testing.T, text string) {
		for _, label := range expanded(text, true) {
			if n, err := strconv.Atoi(label); err != nil || n < 1 || n > 999 {
				t.Errorf("%q gives %q", text, label)
			}
		}
	})
}

func TestADOIBehindALinkIsTaken(t *testing.T) {
	list := referenceList{links: []referenceLink{
		{1, link{box: pagetext.Rect{20, 102, 60, 110}, uri: "https://doi.org/10.1000%2FAbc"}},
		{1, link{box: pagetext.Rect{20, 82, 60, 90}, uri: "https://doi.org/10.1000/one"}},
		{1, link{box: pagetext.Rect{70, 82, 90, 90}, uri: "https://doi.org/10.1000/other"}},
		{1, link{box: pagetext.Rect{20, 62, 60, 70}, uri: "https://example.org/"}},
	}}
	line := func(page int, y float32) entry { return entry{{page: page, box: pagetext.Rect{10, y, 100, y + 12}}} }
	for _, one := range []struct {
		entry entry
		want  string
		why   string
	}{
		{line(1, 100), "10.1000/abc", "it is the only one"},
		{line(2, 100), "", "the link is on another page"},
		{line(1, 80), "", "two links lead to two works"},
		{line(1, 60), "", "the link leads to no DOI"},
	} {
		if got := list.linkedDOI(one.entry); got != one.want {
			t.Errorf("%q, want %q: %s", got, one.want, one.why)
		}
	}
}
