package extract_test

import (
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

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

// column writes lines from the top down, the followers of an entry moved in.
func column(x, y float64, size float64, lines ...string) []extracttest.Text {
	var texts []extracttest.Text
	for _, line := range lines {
		indent := float64(len(line) - len(strings.TrimLeft(line, " ")))
		texts = append(texts, extracttest.Text{X: x + 5*indent, Y: y, Size: size, Text: strings.TrimLeft(line, " ")})
		y -= 1.2 * size
	}
	return texts
}

func rawsOf(references []extract.Reference) string {
	var raws []string
	for _, one := range references {
		raws = append(raws, one.Raw)
	}
	return strings.Join(raws, "\n")
}

func TestListsInTwoColumnsGoOn(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	left := column(50, 700, 9,
		"References",
		"[1] A. Smith and B. Jones, “On the growth of trees,”",
		"   J. Forest Res., vol. 12, no. 3, pp. 45–67, 2001.",
		"[2] C. Brown, The soils of the north and of the south.",
		"   Oxford: Clarendon, 1998.",
		"[3] D. White, “Rain over the western mountains in",
	)
	right := column(320, 700, 9,
		"   the years of plenty,” Weather, vol. 3, pp. 1–9, 1999.",
		"[4] E. Black, “Snow on the eastern hills,” Weather,",
		"   vol. 4, pp. 10–19, 2000.",
		"[5] F. Green, “Hail,” Weather, vol. 5, p. 20, 2001.",
		"[6] G. Grey, “Fog in the valleys of the long rivers,”",
		"   Weather, vol. 6, pp. 21–30, 2002.",
	)
	got := read(t, pool, extracttest.Document{Pages: []extracttest.Page{
		{Texts: column(50, 700, 9, "It rains [3] and snows [4–6] on trees [1, 2].", "A second line of text stands here.")},
		{Texts: append(left, right...)},
	}})
	if len(got.result.References) != 6 {
		t.Fatalf("%d references:\n%s", len(got.result.References), rawsOf(got.result.References))
	}
	if three := got.result.References[2]; three.Raw != "[3] D. White, “Rain over the western mountains in the years of plenty,” Weather, vol. 3, pp. 1–9, 1999." || three.Pages != "1–9" || three.Item.Page != "1–9" {
		t.Errorf("%+v", three)
	}
	if len(got.result.Citations) != 3 || got.result.Citations[0].References[0] != 2 {
		t.Errorf("%+v", got.result.Citations)
	}
}

func TestEachChapterHasItsList(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	chapter := func(number, entries string) extracttest.Page {
		texts := []extracttest.Text{{X: 72, Y: 740, Size: 18, Text: "Chapter " + number}}
		texts = append(texts, column(72, 700, 10, "Some text of the chapter stands here and goes on for a while.")...)
		texts = append(texts, extracttest.Text{X: 72, Y: 650, Size: 14, Text: "References"})
		return extracttest.Page{Texts: append(texts, column(72, 620, 10, strings.Split(entries, "\n")...)...)}
	}
	got := read(t, pool, extracttest.Document{Pages: []extracttest.Page{
		chapter("1", "Adams, B. (2001). First things of all that are written in this\n    chapter. Berlin: Reimer.\nBaker, C. (2002). Second things. Oxford: Clarendon."),
		chapter("2", "Clark, D. (2003). Third things that are longer than the line and\n    go on. Paris: Vrin.\nDavis, E. (2004). Fourth things. London: Longman."),
	}})
	if references := got.result.References; len(references) != 4 || references[1].Page != 1 || references[2].Page != 2 ||
		references[2].Raw != "Clark, D. (2003). Third things that are longer than the line and go on. Paris: Vrin." {
		t.Errorf("%d references:\n%s", len(references), rawsOf(references))
	}
}

func TestWorksAreCitedInFootnotes(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	page := func(notes ...string) extracttest.Page {
		body := column(72, 740, 12,
			"The text of the page stands above in larger letters, and it goes on for", "several lines, so that there is no doubt about what is usual here.",
			"A third line follows, and then a fourth one, which is as long as the", "others are, and says as little as they do about anything at all.")
		return extracttest.Page{Texts: append(body, column(72, 160, 8, notes...)...)}
	}
	got := read(t, pool, extracttest.Document{Pages: []extracttest.Page{
		page("1 Reinhart Koselleck, Vergangene Zukunft. Zur Semantik geschichtlicher Zeiten, Frankfurt a. M. 1979, S. 12.", "2 Ebd., S. 15."),
		page("3 Vgl. Jan Assmann, Das kulturelle Gedächtnis, München: Beck 1992, S. 30–45.", "4 This is a remark about the text that cites nothing."),
		page("5 Natalie Davis, “The Rites of Violence,” Past & Present 59 (1973): 51–91."),
	}})
	references := got.result.References
	if len(references) != 3 {
		t.Fatalf("%d references:\n%s", len(references), rawsOf(references))
	}
	if two := references[1]; two.Page != 2 || two.Title != "Das kulturelle Gedächtnis" || len(two.Author) != 1 || two.Author[0].Family != "Assmann" {
		t.Errorf("%+v", two)
	}
}
