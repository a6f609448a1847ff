package extract_test

import (
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

func TestReferencesAreParsedInTheCommonStyles(t *testing.T) {
	for name, one := range map[string]struct {
		raw, title, container, authors, volume, doi string
		year                                        int
	}{
		"APA": {
			raw:   "Collins, F. S., & Tabak, L. A. (2014). NIH plans to enhance reproducibility. Nature, 505(7485), 612–613. https://doi.org/10.1038/505612a",
			title: "NIH plans to enhance reproducibility", container: "Nature", authors: "Collins, Tabak", volume: "505", doi: "10.1038/505612a", year: 2014,
		},
		"IEEE": {
			raw:   "[3] A. M. Turing and J. von Neumann, “On computable numbers,” Proc. London Math. Soc., vol. 42, pp. 230–265, 1936.",
			title: "On computable numbers", authors: "Turing, von Neumann", year: 1936,
		},
		"Vancouver": {
			raw:   "12. Smith AB, Jones C. A trial of something. Lancet 2001;357:1191-4.",
			title: "A trial of something", authors: "Smith, Jones", year: 2001,
		},
		"a body": {
			raw:   "R Core Team. (2018). R: A language and environment. Vienna: R Foundation.",
			title: "R: A language and environment", authors: "R Core Team", year: 2018,
		},
	} {
		t.Run(name, func(t *testing.T) {
			item := extract.ParseReference(one.raw)
			var authors []string
			for _, author := range item.Author {
				authors = append(authors, author.Short())
			}
			if item.Title != one.title || strings.Join(authors, ", ") != one.authors || item.Year() != one.year || item.DOI != one.doi {
				t.Errorf("title %q, authors %q, year %d, DOI %q", item.Title, authors, item.Year(), item.DOI)
			}
			if item.ContainerTitle != one.container && one.container != "" || item.Volume != one.volume && one.volume != "" {
				t.Errorf("container %q, volume %q", item.ContainerTitle, item.Volume)
			}
		})
	}
}

func TestAddressesCutByALinesEndAreWholeAgain(t *testing.T) {
	for raw, want := range map[string]string{
		"in Nature. https: //doi.org/10.1/x":          "in Nature. https://doi.org/10.1/x",
		"https://doi.org/ 10.1021/j100":               "https://doi.org/10.1021/j100",
		"at https://example.org/a. Retrieved in May.": "at https://example.org/a. Retrieved in May.",
		"https://CRAN. r-project.org/":                "https://CRAN.r-project.org/",
	} {
		if got := extract.RepairURLs(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestTheListOfReferencesIsFoundAndDivided(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	foot := extracttest.Text{X: 72, Y: 30, Size: 8, Text: "Journal of Tests 1"}
	second := foot
	second.Text = "Journal of Tests 2"
	got := read(t, pool, extracttest.Document{Pages: []extracttest.Page{
		{Texts: append([]extracttest.Text{
			{X: 72, Y: 700, Text: "Some text before, which cites Smith (2001)."},
			{X: 72, Y: 650, Size: 16, Text: "References"},
			{X: 72, Y: 620, Text: "[1] J. Smith, “First title of all,” 2001."},
			{X: 72, Y: 606, Text: "[2] K. Jones, “A title that is too long for"},
		}, foot)},
		{Texts: append([]extracttest.Text{
			{X: 92, Y: 700, Text: "one line and goes on,” 2002. doi:10.1234/abc"},
			{X: 72, Y: 686, Text: "[3] L. Brown, “Third,” 2003."},
			{X: 72, Y: 640, Size: 16, Text: "Appendix A"},
			{X: 72, Y: 610, Text: "[4] This is no reference any more, 2004."},
		}, second)},
	}})
	references := got.result.References
	if len(references) != 3 {
		t.Fatalf("%d references: %+v", len(references), references)
	}
	if two := references[1]; two.Raw != "[2] K. Jones, “A title that is too long for one line and goes on,” 2002. doi:10.1234/abc" ||
		two.Page != 1 || len(two.Boxes) != 1 || two.DOI != "10.1234/abc" {
		t.Errorf("%+v", two)
	}
	if references[2].Page != 2 {
		t.Errorf("%+v", references[2])
	}
}
