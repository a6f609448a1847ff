package specimen_test

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/citation/sequence"
	"scrollkeeper.example/scrollkeeper/internal/citation/specimen"
)

func TestSpecimensAreWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // repeatable
	seen := map[sequence.Label]int{}
	used := map[string]bool{}
	for i := range 4000 {
		s := specimen.Make(random, i%3 == 0)
		if len(s.Labels) != len(s.Text) || !utf8.ValidString(s.Text) {
			t.Fatalf("%q has %d labels", s.Text, len(s.Labels))
		}
		if held := specimen.Styles()[s.Style]; held != (i%3 == 0) {
			t.Fatalf("%q is of the style %s", s.Text, s.Style)
		}
		used[s.Style] = true
		for _, label := range s.TokenLabels(sequence.Tokenize(s.Text)) {
			seen[label]++
		}
	}
	for label := range sequence.Labels {
		if seen[label] == 0 {
			t.Errorf("no token is labelled %v", label)
		}
	}
	if len(used) != len(specimen.Styles()) {
		t.Errorf("%d of %d styles were used", len(used), len(specimen.Styles()))
	}
	if trained, held := specimen.Templates(); trained < 40 || held < 20 {
		t.Errorf("%d templates to learn from, %d to measure with", trained, held)
	}
}

func TestOneSeedMakesTheSameReferences(t *testing.T) {
	one, other := rand.New(rand.NewPCG(9, 9)), rand.New(rand.NewPCG(9, 9)) //nolint:gosec // repeatable
	for range 200 {
		if a, b := specimen.Make(one, false), specimen.Make(other, false); a.Text != b.Text {
			t.Fatalf("%q, then %q", a.Text, b.Text)
		}
	}
}
