package citation_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/citation"
	"scrollkeeper.example/scrollkeeper/internal/citation/specimen"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

func TestTheModelWasMadeFromTheseSources(t *testing.T) {
	want, err := citation.HashSources(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if got := citation.ModelSources(); got != want {
		t.Errorf("the model was made from other sources (%x, these are %x): run go generate ./internal/citation", got[:4], want[:4])
	}
	info, err := os.Stat("model.gz")
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 1_500_000 {
		t.Errorf("the model has %d bytes", info.Size())
	}
}

// squeezed is text for comparing what was cut from it: without white space and
// case, with one kind of dash.
func squeezed(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case strings.ContainsRune("-–—−‐‑", r):
			return '–'
		}
		return unicode.ToLower(unicode.ToUpper(r))
	}, text)
}

// checkParts fails when a part does not stand in the reference.
func checkParts(t *testing.T, raw string, item csl.Item) {
	t.Helper()
	stands := squeezed(citation.Normalize(raw))
	parts := []string{
		item.Title, item.ContainerTitle, item.CollectionTitle, item.Volume, item.Issue, item.Page, item.PageFirst, item.Publisher,
		item.PublisherPlace, item.Edition, item.Version, item.DOI, item.URL, item.ISBN, item.ISSN, item.PMID, item.PMCID, item.Number, item.Genre,
	}
	for _, name := range append(append([]csl.Name{}, item.Author...), item.Editor...) {
		parts = append(parts, name.Family, name.Given, name.Literal, name.Suffix)
		for particle := range strings.FieldsSeq(name.NonDroppingParticle) {
			parts = append(parts, particle)
		}
		if name.Family == "" && name.Literal == "" {
			t.Errorf("%q: a name without a name: %+v", raw, name)
		}
	}
	for _, part := range parts {
		if !strings.Contains(stands, squeezed(part)) {
			t.Errorf("%q is not a part of %q", part, raw)
		}
		if !utf8.ValidString(part) {
			t.Errorf("%q: %q is not valid", raw, part)
		}
	}
	if item.Type == "" {
		t.Errorf("%q has no type", raw)
	}
}

func TestPartsStandInTheReference(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // repeatable
	for i := range 2000 {
		raw := specimen.Make(random, i%2 == 0).Text
		checkParts(t, raw, citation.Parse(raw))
	}
}

func FuzzParse(f *testing.F) {
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // repeatable
	for range 40 {
		f.Add(specimen.Make(random, false).Text)
	}
	for _, raw := range []string{
		"", " ", "[1]", "10.1/", "https://", "((((", "]]]", "Ǆ, ß. (2010) ﬁ", "\xff\xfe", "İ, I. 2010", "a.b.c.d. 12(3) 4-5-6-7", strings.Repeat("A, B. ", 400), "王 (2010)。第3期",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		checkParts(t, raw, citation.Parse(raw))
	})
}

func TestIdentifiers(t *testing.T) {
	for text, want := range map[string]string{
		"doi:10.1038/505612a.":                                           "10.1038/505612a",
		"https://doi.org/10.1016/S0307-904X(01)00010-5.":                 "10.1016/s0307-904x(01)00010-5",
		"(10.1000/abc)":                                                  "10.1000/abc",
		"10.1662/0002-7685(2007)69[71:CSMAET]2.0.CO;2":                   "10.1662/0002-7685(2007)69[71:csmaet]2.0.co;2",
		"10.1002/(SICI)1098-2736(199812)35:10<1069::AID-TEA2>3.0.CO;2-A": "10.1002/(sici)1098-2736(199812)35:10<1069::aid-tea2>3.0.co;2-a",
		"<a href=10.1000/xyz>link</a>":                                   "10.1000/xyz",
		"version 10.12/3":                                                "",
		"10.1234/":                                                       "",
	} {
		if got := citation.FindDOI(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	random := rand.New(rand.NewPCG(5, 6)) //nolint:gosec // repeatable
	raws := make([]string, 200)
	for i := range raws {
		raws[i] = specimen.Make(random, false).Text
	}
	citation.Parse(raws[0])
	i := 0
	for b.Loop() {
		citation.Parse(raws[i%len(raws)])
		i++
	}
}
