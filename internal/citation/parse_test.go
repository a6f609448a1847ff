package citation_test

import (
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/citation"
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
			item := citation.Parse(one.raw)
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
