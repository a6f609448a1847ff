package extract

import (
	"fmt"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/citation"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

func referencesOf(raws ...string) []Reference {
	var out []Reference
	for _, raw := range raws {
		out = append(out, Reference{Item: citation.Parse(raw), Raw: raw, Page: 9})
	}
	return out
}

// cites gives "text→references" for each place.
func cites(text string, references []Reference) []string {
	var c citing
	c.add(pageContent{page: pagetext.Page{Number: 1, Text: text}})
	var out []string
	for _, one := range c.citations(references, func(stretch) bool { return false }) {
		out = append(out, fmt.Sprintf("%s→%v", string([]rune(text)[one.Start:one.End]), one.References))
	}
	return out
}

func TestNumbersInBracketsCite(t *testing.T) {
	numbered := referencesOf(
		"[1] J. Smith, “First title,” J. Things, vol. 1, 2001.", "[2] K. Jones, “Second,” 2002.", "[3] L. Brown, “Third,” 2003.", "[4] M. White, “Fourth,” 2004.",
	)
	got := cites("Äs shown [1], by others [2–4] and [ 1, 3 ], in the interval [0, 1] and in [9], see [3, p. 12].", numbered)
	want := []string{"[1]→[0]", "[2–4]→[1 2 3]", "[ 1, 3 ]→[0 2]", "[3, p. 12]→[2]"}
	if strings.Join(got, " | ") != strings.Join(want, " | ") {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAHandbookCitesByFourDigits(t *testing.T) {
	var raws []string
	for n := range 1200 {
		raws = append(raws, fmt.Sprintf("[%d] J. Smith, “Title %d,” J. Things, vol. 1, 2001.", n+1, n+1))
	}
	got := cites("As shown [7], then [1002, 1004] and [998–1001], but not in [1999].", referencesOf(raws...))
	want := []string{"[7]→[6]", "[1002, 1004]→[1001 1003]", "[998–1001]→[997 998 999 1000]"}
	if strings.Join(got, " | ") != strings.Join(want, " | ") {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNamesAndYearsCite(t *testing.T) {
	list := referencesOf(
		"Doe, J., Roe, R., & Poe, E. (2012a). One thing. Journal of Things, 1, 2–3.",
		"Doe, J., Roe, R., & Poe, E. (2012b). Another thing. Journal of Things, 1, 4–5.",
		"Smith, A., & Jones, B. (2010). On trees. Journal of Woods, 3(4), 5–6.",
		"Jones, B. (2010). On woods. Journal of Woods, 4(4), 5–6.",
		"World Health Organization. (2020). A report. Geneva: World Health Organization.",
		"van der Berg, C. (1999). On mountains. Journal of Heights, 1, 1–9.",
		"Müller, K. (2015). Die Wirkung von Musik. Berlin: Reimer.",
	)
	for text, want := range map[string]string{
		"It is known (Smith & Jones, 2010; Doe et al. 2012a).":        "Smith & Jones, 2010→[2] | Doe et al. 2012a→[0]",
		"Smith and Jones (2010) say so.":                              "Smith and Jones (2010)→[2]",
		"As Jones (2010) says.":                                       "Jones (2010)→[3]",
		"Both (Doe et al., 2012a, 2012b) say so.":                     "Doe et al., 2012a, 2012b→[0 1]",
		"Both (Doe et al., 2012a, b) say so.":                         "Doe et al., 2012a, b→[0 1]",
		"The World Health Organization (2020) said.":                  "World Health Organization (2020)→[4]",
		"High up (see van der Berg 1999, p. 3).":                      "van der Berg 1999→[5]",
		"Wie Müller (2015: 12) zeigt":                                 "Müller (2015→[6]",
		"In 2010 there was a storm. Jones went out, and in 2010 too.": "",
		"Smithson (2010) is another; so is Smith (2011).":             "",
	} {
		if got := strings.Join(cites(text, list), " | "); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", text, got, want)
		}
	}
}

func FuzzCitations(f *testing.F) {
	list := referencesOf("[1] Smith, J. (2001). Title. Journal, 1, 2–3.", "[2] Jones, B. (2002). Title. Journal, 1, 2–3.")
	for _, text := range []string{"(Smith, 2001; Jones 2002)", "[1–2]", "Smith\n(2001a, b)", "ﬁ Ǆ [1", "(1) (2)"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "")
		last := 0
		var c citing
		c.add(pageContent{page: pagetext.Page{Number: 1, Text: text}})
		for _, one := range c.citations(list, func(stretch) bool { return false }) {
			if one.Start < last || one.End <= one.Start || one.End > runeCount(text) || len(one.References) == 0 {
				t.Fatalf("%q: %+v behind %d", text, one, last)
			}
			for _, i := range one.References {
				if i < 0 || i >= len(list) {
					t.Fatalf("%q: %+v", text, one)
				}
			}
			last = one.End
		}
	})
}

func TestCitationsThatCannotBeAreRefused(t *testing.T) {
	good := Citation{Page: 1, Start: 2, End: 5, References: []int{0}}
	result := Result{PageCount: 2, References: make([]Reference, 1), Citations: []Citation{good, {Page: 2, Start: 0, End: 1, References: []int{0}}}}
	if !validCitations(&result) {
		t.Error("good ones are refused")
	}
	for _, bad := range []Citation{
		{Page: 0, Start: 1, End: 2, References: []int{0}},
		{Page: 3, Start: 1, End: 2, References: []int{0}},
		{Page: 1, Start: 4, End: 6, References: []int{0}},
		{Page: 1, Start: 7, End: 7, References: []int{0}},
		{Page: 1, Start: 7, End: 8, References: []int{1}},
		{Page: 1, Start: 7, End: 8, References: []int{-1}},
		{Page: 1, Start: 7, End: 8},
	} {
		result.Citations = []Citation{good, bad}
		if validCitations(&result) {
			t.Errorf("%+v is taken", bad)
		}
	}
}
