package pagetext_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

func fixtures(t *testing.T, name string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var cases []map[string]string
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func TestFold(t *testing.T) {
	for _, one := range fixtures(t, "fold.json") {
		if got := pagetext.Fold(one["text"]); got != one["fold"] {
			t.Errorf("Fold(%q) = %q (% x), want %q %s", one["text"], got, got, one["fold"], one["why"])
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, one := range fixtures(t, "canonical.json") {
		if got := pagetext.Canonical(one["text"]); got != one["canonical"] {
			t.Errorf("Canonical(%q) = %q, want %q %s", one["text"], got, one["canonical"], one["why"])
		}
	}
}

func TestFoldMapLeadsBack(t *testing.T) {
	folded, offsets := pagetext.FoldMap("Naïve ﬁx\u00aded")
	// N a ï v e _ ﬁ x soft-hyphen e d
	if want := []int{0, 1, 2, 3, 4, 5, 6, 6, 7, 9, 10}; folded != "naive fixed" || !slices.Equal(offsets, want) {
		t.Errorf("%q %v, want %v", folded, offsets, want)
	}
}

func TestCanonicalMapLeadsBack(t *testing.T) {
	// N a ¨ v _ ﬁ x soft-hyphen e: the accent is a code point of its own.
	canonical, starts, ends := pagetext.CanonicalMap("Nai\u0308v ﬁx\u00ade")
	if canonical != "Naïvfixe" ||
		!slices.Equal(starts, []int{0, 1, 2, 4, 6, 6, 7, 9}) ||
		!slices.Equal(ends, []int{1, 2, 4, 5, 7, 7, 8, 10}) {
		t.Errorf("%q %v %v", canonical, starts, ends)
	}
}

func TestRect(t *testing.T) {
	box := pagetext.Rect{1, 2, 4, 8}
	if box.Width() != 3 || box.Height() != 6 {
		t.Errorf("%v × %v", box.Width(), box.Height())
	}
	if got := box.Union(pagetext.Rect{0, 3, 2, 9}); got != (pagetext.Rect{0, 2, 4, 9}) {
		t.Errorf("union %v", got)
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"", "abc", "Naïve ﬁlter", "\u0345\u00b4 \ufdfa", "\xff\xfe", "İ\u0307ς"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		folded, offsets := pagetext.FoldMap(text)
		if folded != pagetext.Fold(text) {
			t.Fatalf("FoldMap gives %q, Fold %q", folded, pagetext.Fold(text))
		}
		if again := pagetext.Fold(folded); again != folded {
			t.Fatalf("%q folds to %q, then to %q", text, folded, again)
		}
		if len(offsets) != utf8.RuneCountInString(folded) {
			t.Fatalf("%d offsets for %q", len(offsets), folded)
		}
		if !slices.IsSorted(offsets) {
			t.Fatalf("offsets %v fall", offsets)
		}
		length := utf8.RuneCountInString(text)
		for _, offset := range offsets {
			if offset < 0 || offset >= length {
				t.Fatalf("offset %d outside %d", offset, length)
			}
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{"", "a b\nc", "\u00b4 \u0344", "co\u00adop", "\u1100 \u1161"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		canonical := pagetext.Canonical(text)
		if strings.ContainsFunc(canonical, unicode.IsSpace) || strings.ContainsRune(canonical, '\u00ad') {
			t.Fatalf("%q keeps white space or soft hyphens: %q", text, canonical)
		}
		if again := pagetext.Canonical(canonical); again != canonical {
			t.Fatalf("%q gives %q, then %q", text, canonical, again)
		}
		mapped, starts, ends := pagetext.CanonicalMap(text)
		if mapped != canonical {
			t.Fatalf("%q: CanonicalMap gives %q, Canonical %q", text, mapped, canonical)
		}
		count := utf8.RuneCountInString(mapped)
		if len(starts) != count || len(ends) != count || !slices.IsSorted(starts) || !slices.IsSorted(ends) {
			t.Fatalf("%q: %d runes from %v to %v", text, count, starts, ends)
		}
		length := utf8.RuneCountInString(text)
		for i := range starts {
			if starts[i] < 0 || starts[i] >= ends[i] || ends[i] > length {
				t.Fatalf("%q: rune %d from %d to %d of %d", text, i, starts[i], ends[i], length)
			}
		}
	})
}
