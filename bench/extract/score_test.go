package main

import (
	"os"
	"path/filepath"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

func TestMain(m *testing.M) {
	extracttest.ServeChild()
	os.Exit(m.Run())
}

func TestTextsAreComparedWithoutCaseSpaceAndPunctuation(t *testing.T) {
	for _, one := range []struct {
		a, b string
		same bool
	}{
		{"Deep  Learning: A Review", "deep learning – a review.", true},
		{"ﬁne structure", "Fine Structure", true},
		{"Straße", "STRASSE", true},
		{"Román", "Roman", false},
		{"Programming in C++", "Programming in C", false},
	} {
		if got := sameText(one.a, one.b); got != one.same {
			t.Errorf("%q, %q: %v", one.a, one.b, got)
		}
	}
}

func TestRecordsMayLeaveMiddleNamesOut(t *testing.T) {
	for _, one := range []struct {
		got, want    csl.Name
		agrees, same bool
	}{
		{csl.Name{Given: "Lorena A.", Family: "Barba"}, csl.Name{Given: "Lorena", Family: "Barba"}, true, false},
		{csl.Name{Given: "Lorena", Family: "Barba"}, csl.Name{Given: "Lorena A.", Family: "Barba"}, false, false},
		{csl.Name{Given: "L.", Family: "Barba"}, csl.Name{Given: "Lorena", Family: "Barba"}, false, false},
		{csl.Name{Given: "Tara", NonDroppingParticle: "van", Family: "Viegen"}, csl.Name{Given: "Tara", Family: "van Viegen"}, true, true},
		{csl.Name{Given: "Ann", Family: "Barber"}, csl.Name{Given: "Ann", Family: "Barba"}, false, false},
	} {
		if agrees, same := agreesWithRecord(one.got, one.want), sameName(one.got, one.want); agrees != one.agrees || same != one.same {
			t.Errorf("%v, %v: agrees %v, same %v", one.got, one.want, agrees, same)
		}
	}
}

// TestPapersAreScored prints the report with go test -v.
func TestPapersAreScored(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "corpus", "papers")
	if _, err := os.Stat(filepath.Join(folder, "truth.jsonl")); err != nil {
		t.Skipf("left out: %v", err)
	}
	if !testing.Verbose() {
		t.Skip("left out without -v: prints a report")
	}
	if err := score([]string{"-papers", folder}); err != nil {
		t.Fatal(err)
	}
}
