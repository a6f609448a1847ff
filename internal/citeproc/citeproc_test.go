package citeproc_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/citeproc"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// style reads a small style: macros and a layout for citation and bibliography.
func style(t *testing.T, attributes, body string) *citeproc.Style {
	t.Helper()
	s, err := citeproc.ReadStyle(strings.NewReader(`<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" `+attributes+`><info><id>test</id></info>`+body+`</style>`), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// entries are the bibliography of a style whose layout is given, as HTML.
func entries(t *testing.T, layout string, items ...csl.Item) []string {
	t.Helper()
	s := style(t, `class="in-text"`, `<citation><layout><text variable="title"/></layout></citation><bibliography><layout>`+layout+`</layout></bibliography>`)
	result, err := s.Format(items, nil, citeproc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, entry := range result.Bibliography {
		out = append(out, entry.Text.HTML())
	}
	return out
}

func TestElements(t *testing.T) {
	people := []csl.Name{{Family: "Adams", Given: "Anna B."}, {Family: "Beek", NonDroppingParticle: "ter", Given: "Jean-Luc"}, {Family: "Cole", Given: "Chris"}}
	item := csl.Item{
		ID: "x", Type: "book", Title: "A Title. Of <i>Some</i> kind?", Author: people, Editor: people[:1], Translator: people[:1],
		Volume: "3", Issue: "2–4", Page: "1001-1008, 42-45", Edition: "2", Issued: csl.NewDate(2020, 3, 1), DOI: "10.5555/x", NumberOfPages: "1",
		EventDate: &csl.Date{DateParts: [][]int{{2020, 5, 3}, {2020, 5, 7}}}, OriginalDate: &csl.Date{DateParts: [][]int{{-44}}, Circa: true}, Note: "a < b & c",
		Accessed: &csl.Date{DateParts: [][]int{{2019, 12, 30}, {2020, 1, 2}}}, Submitted: &csl.Date{DateParts: [][]int{{2001}}, Season: "2"},
	}
	for name, test := range map[string]struct{ layout, want string }{
		"italics turn in italics":        {`<text variable="title" font-style="italic"/>`, `<i>A Title. Of </i>Some<i> kind?</i>`},
		"punctuation does not double":    {`<text variable="title" suffix=". "/><text value="next"/>`, `A Title. Of <i>Some</i> kind? next`},
		"quotes take the full stop in":   {`<group suffix="."><text value="said" quotes="true"/></group>`, `“said.”`},
		"a group without values":         {`<group><text term="in"/><text variable="publisher"/></group><text value="x"/>`, `x`},
		"a group of terms":               {`<group delimiter=" "><text term="in"/><text value="y"/></group>`, `in y`},
		"names with an ampersand":        {`<names variable="author"><name and="symbol" initialize-with=". "/></names>`, `A. B. Adams, J.-L. ter Beek, &amp; C. Cole`},
		"names in order":                 {`<names variable="author"><name name-as-sort-order="all" sort-separator=" " initialize-with=""/></names>`, `Adams AB, Beek J-L ter, Cole C`},
		"et al.":                         {`<names variable="author"><name et-al-min="3" et-al-use-first="1"/><et-al font-style="italic"/></names>`, `Anna B. Adams <i>et al.</i>`},
		"the same editor and translator": {`<names variable="editor translator"><name form="short"/><label form="verb" prefix=", "/></names>`, `Adams, edited &amp; translated by`},
		"how many names":                 {`<names variable="author"><name form="count"/></names>`, `3`},
		"parts of names":                 {`<names variable="author"><name form="short" delimiter="/"><name-part name="family" text-case="uppercase"/></name></names>`, `ADAMS/TER BEEK/COLE`},
		"ordinals":                       {`<number variable="edition" form="ordinal"/> <number variable="volume" form="long-ordinal"/><number variable="volume" form="roman"/>`, `2ndthirdiii`},
		"labels":                         {`<label variable="issue" form="short" suffix=" "/><text variable="issue"/><label variable="page" form="short" prefix=" "/><label variable="number-of-pages" form="short" prefix=" "/>`, `nos. 2–4 pp. p.`},
		"a day":                          {`<date variable="issued" form="text"/>`, `March 1, 2020`},
		"days":                           {`<date variable="event-date" form="text"/>`, `May 3–7, 2020`},
		"days over years":                {`<date variable="accessed" form="text"/>`, `December 30, 2019–January 2, 2020`},
		"a season":                       {`<date variable="submitted" form="text"/>`, `Summer 2001`},
		"before the common era":          {`<choose><if is-uncertain-date="original-date"><text term="circa" form="short" suffix=" "/></if></choose><date variable="original-date"><date-part name="year"/></date>`, `c. 44BC`},
		"a DOI":                          {`<text variable="DOI" prefix="https://doi.org/"/>`, `<a href="https://doi.org/10.5555/x">https://doi.org/10.5555/x</a>`},
		"text is not markup":             {`<text variable="note"/>`, `a &lt; b &amp; c`},
		"sentence case":                  {`<text variable="title" text-case="sentence"/>`, `A title. Of <i>some</i> kind?`},
		"all conditions":                 {`<choose><if type="book" variable="volume edition"><text value="yes"/></if><else><text value="no"/></else></choose>`, `yes`},
		"none of the conditions":         {`<choose><if match="none" is-numeric="title" type="chapter"><text value="yes"/></if></choose>`, `yes`},
		"without full stops":             {`<text value="a.b." strip-periods="true"/>`, `ab`},
		"blocks":                         {`<text variable="volume" display="left-margin"/><text variable="note" display="right-inline"/>`, `<div class="csl-left-margin">3</div><div class="csl-right-inline">a &lt; b &amp; c</div>`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := entries(t, test.layout, item)[0]; got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestWhatSourcesWriteInTheirOwnWays(t *testing.T) {
	item := csl.Item{
		ID: "x", Author: []csl.Name{{Family: "de Souza", Given: "Ana"}, {Family: "Humboldt", Given: "Alexander von"}}, Edition: "1st", Volume: "2a", Title: "The sea:",
		Issued: &csl.Date{DateParts: [][]int{{1939, 9}, {1940, 9}}},
	}
	for layout, want := range map[string]string{
		`<names variable="author"><name name-as-sort-order="all" delimiter="; "/></names>`:                       "Souza, Ana de; Humboldt, Alexander von",
		`<names variable="author"><name form="short" delimiter="; "/></names>`:                                   "de Souza; Humboldt",
		`<number variable="edition" form="ordinal"/><text value=" "/><number variable="volume" form="ordinal"/>`: "1st 2a",
		`<date variable="issued"><date-part name="month"/></date>`:                                               "September",
		`<text variable="title" quotes="true" suffix=","/>`:                                                      "“The sea:”",
	} {
		if got := entries(t, layout, item)[0]; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestPageRanges(t *testing.T) {
	for format, want := range map[string]string{
		"expanded": "42–45, 321–328, 1001–1008", "minimal": "42–5, 321–8, 1001–8", "minimal-two": "42–45, 321–28, 1001–08",
		"chicago": "42–45, 321–28, 1001–8",
	} {
		s := style(t, `class="in-text" page-range-format="`+format+`"`, `<citation><layout><text variable="page"/></layout></citation>`)
		result, err := s.Format([]csl.Item{{ID: "x", Page: "42-45, 321-8, 1001-1008"}}, []citeproc.Cluster{{Cites: []citeproc.Cite{{ID: "x"}}}}, citeproc.Options{})
		if err != nil || result.Citations[0].Plain() != want {
			t.Errorf("%s: %q, %v", format, result.Citations[0].Plain(), err)
		}
	}
}

func TestCollapse(t *testing.T) {
	author := []csl.Name{{Family: "Muir", Given: "John"}}
	items := []csl.Item{
		{ID: "a", Author: author, Issued: csl.NewDate(2010), Title: "A"},
		{ID: "b", Author: author, Issued: csl.NewDate(2010), Title: "B"},
		{ID: "c", Author: author, Issued: csl.NewDate(2012), Title: "C"},
		{ID: "d", Author: []csl.Name{{Family: "Webb"}}, Issued: csl.NewDate(2012), Title: "D"},
	}
	body := func(attributes string) string {
		return `<citation disambiguate-add-year-suffix="true" ` + attributes + `><layout prefix="(" suffix=")" delimiter="; "><group delimiter=" ">
			<names variable="author"><name form="short"/></names><date variable="issued"><date-part name="year"/></date></group></layout></citation>`
	}
	all := citeproc.Cluster{Cites: []citeproc.Cite{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}}}
	for attributes, want := range map[string]string{
		``:                "(Muir 2010a; Muir 2010b; Muir 2012; Webb 2012)",
		`collapse="year"`: "(Muir 2010a, 2010b, 2012; Webb 2012)",
		`collapse="year-suffix" year-suffix-delimiter="," after-collapse-delimiter=" | "`: "(Muir 2010a,b, 2012 | Webb 2012)",
	} {
		result, err := style(t, `class="in-text"`, body(attributes)).Format(items, []citeproc.Cluster{all}, citeproc.Options{})
		if err != nil || result.Citations[0].Plain() != want {
			t.Errorf("%s: %q, %v", attributes, result.Citations[0].Plain(), err)
		}
	}
	numbers := style(t, `class="in-text"`, `<citation collapse="citation-number"><sort><key variable="citation-number"/></sort><layout prefix="[" suffix="]" delimiter=","><text variable="citation-number"/></layout></citation>`)
	result, err := numbers.Format(items, []citeproc.Cluster{{Cites: []citeproc.Cite{{ID: "d"}, {ID: "a"}, {ID: "c"}, {ID: "b"}}}, {Cites: []citeproc.Cite{{ID: "a"}, {ID: "b"}, {ID: "d"}}}}, citeproc.Options{})
	if err != nil || result.Citations[0].Plain() != "[1–4]" || result.Citations[1].Plain() != "[1,2,4]" {
		t.Errorf("%v, %v", result.Citations, err)
	}
}

func TestNotesKnowTheirPlace(t *testing.T) {
	s := style(t, `class="note"`, `<citation near-note-distance="2"><layout>
		<choose><if position="ibid-with-locator"><text value="Ibid. "/><text variable="locator"/></if><else-if position="ibid"><text value="Ibid"/></else-if>
		<else-if position="near-note"><text value="Near "/><text variable="first-reference-note-number"/></else-if>
		<else-if position="subsequent"><text value="Later "/><text variable="first-reference-note-number"/></else-if><else><text variable="title"/></else></choose></layout></citation>`)
	items := []csl.Item{{ID: "a", Title: "First"}, {ID: "b", Title: "Other"}}
	one := func(id, locator string) citeproc.Cluster {
		return citeproc.Cluster{Cites: []citeproc.Cite{{ID: id, Locator: locator}}}
	}
	result, err := s.Format(items, []citeproc.Cluster{one("a", ""), one("a", ""), one("a", "5"), one("b", ""), one("a", ""), one("b", ""), one("b", ""), one("b", ""), one("a", "")}, citeproc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range result.Citations {
		got = append(got, c.Plain())
	}
	if want := "First|Ibid|Ibid. 5|Other|Near 1|Near 4|Ibid|Ibid|Later 1"; strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
}

func TestAuthorOnly(t *testing.T) {
	items := works(t)
	result, err := load(t, "apa").Format(items, []citeproc.Cluster{
		{Cites: []citeproc.Cite{{ID: "two", AuthorOnly: true}}}, {Cites: []citeproc.Cite{{ID: "two", SuppressAuthor: true}}},
	}, citeproc.Options{})
	if err != nil || result.Citations[0].Plain() != "Okafor & Lindqvist" || result.Citations[1].Plain() != "(2016)" {
		t.Errorf("%v %v", result.Citations, err)
	}
}

func TestDependentStylesFollowTheirParent(t *testing.T) {
	file := `<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" default-locale="de-DE"><info><title>A journal</title><id>http://www.zotero.org/styles/a-journal</id>
		<link href="http://www.zotero.org/styles/nature" rel="independent-parent"/></info></style>`
	s, err := citeproc.ReadStyle(strings.NewReader(file), func(id string) (*citeproc.Style, error) {
		return citeproc.Load(id[strings.LastIndex(id, "/")+1:])
	})
	if err != nil || s.Title != "A journal" || !s.Numeric {
		t.Fatalf("%+v, %v", s, err)
	}
	if result, err := s.Format(works(t)[:2], nil, citeproc.Options{}); err != nil || len(result.Bibliography) != 2 || !result.SecondFieldAlign {
		t.Errorf("%v %v", result, err)
	}
	var dependent citeproc.DependentError
	if _, err := citeproc.ReadStyle(strings.NewReader(file), nil); !errors.As(err, &dependent) || dependent.Parent != "http://www.zotero.org/styles/nature" {
		t.Errorf("%v", err)
	}
}

func TestBrokenStylesAreRefused(t *testing.T) {
	for file, want := range map[string]string{
		``: "no root element", `<html/>`: `root element is "html"`, `<style><citation/></style>`: "citation has no layout", `<style/>`: "no element citation",
		`<style><citation><layout><text macro="m"/></layout></citation></style>`:                                          `no macro "m"`,
		`<style><macro name="m"><text macro="m"/></macro><citation><layout><text macro="m"/></layout></citation></style>`: "calls itself",
		`<style><citation><layout><blink/></layout></citation></style>`:                                                   `"blink" is not known`,
		`<style><citation>`: "line 1",
		`<!DOCTYPE s [<!ENTITY a "aaaa">]><style><info><title>&a;</title></info></style>`: "entity",
	} {
		if _, err := citeproc.ReadStyle(strings.NewReader(file), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", file, err)
		}
	}
	if _, err := citeproc.Load("../apa"); err == nil {
		t.Error("a style was found that is none")
	}
	s := load(t, "apa")
	if _, err := s.Format([]csl.Item{{ID: "a"}, {ID: "a"}}, nil, citeproc.Options{}); err == nil {
		t.Error("two works have the same id")
	}
	if _, err := s.Format(nil, []citeproc.Cluster{{Cites: []citeproc.Cite{{ID: "a"}}}}, citeproc.Options{}); err == nil {
		t.Error("an unknown work was cited")
	}
}

func TestAStyleThatGrowsWithoutEndIsCutOff(t *testing.T) {
	body := `<macro name="m0"><text value="x"/></macro>`
	for i := range 40 {
		call := fmt.Sprintf(`<text macro="m%d"/>`, i)
		body += fmt.Sprintf(`<macro name="m%d">%s%s</macro>`, i+1, call, call)
	}
	s := style(t, `class="in-text"`, body+`<citation><layout><text macro="m40"/></layout></citation>`)
	result, err := s.Format([]csl.Item{{ID: "a"}}, []citeproc.Cluster{{Cites: []citeproc.Cite{{ID: "a"}}}}, citeproc.Options{})
	if err != nil || len(result.Citations[0].Plain()) > 200_000 {
		t.Errorf("%d bytes, %v", len(result.Citations[0].Plain()), err)
	}
}

func FuzzReadStyle(f *testing.F) {
	f.Add(`<style><macro name="m"><choose><if type="book"><text variable="title"/></if></choose></macro><citation><layout><text macro="m"/></layout></citation></style>`)
	f.Add(`<style><citation collapse="year"><sort><key variable="author"/></sort><layout><names variable="author"><name/><substitute><text variable="title"/></substitute></names></layout></citation></style>`)
	f.Fuzz(func(t *testing.T, file string) {
		s, err := citeproc.ReadStyle(strings.NewReader(file), nil)
		if err != nil {
			return
		}
		items := []csl.Item{{ID: "a", Title: "x"}, {ID: "b", Author: []csl.Name{{Family: "A"}}}}
		_, _ = s.Format(items, []citeproc.Cluster{{Cites: []citeproc.Cite{{ID: "a"}, {ID: "b"}}}}, citeproc.Options{})
	})
}

func FuzzMarkup(f *testing.F) {
	for _, seed := range []string{`<i>a <b>b</i></b>`, `"a 'b' c"`, `<span class="nocase">x</span>`, "'", `it's "`, "<i></i>", "\xff"} {
		f.Add(seed)
	}
	s, err := citeproc.Load("chicago-author-date")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, title string) {
		result, err := s.Format([]csl.Item{{ID: "a", Type: "article-journal", Title: title, Page: title, Volume: title, Author: []csl.Name{{Family: title, Given: title}}}}, nil, citeproc.Options{})
		if err != nil || len(result.Bibliography) != 1 {
			t.Error(err)
		}
	})
}

func BenchmarkFormat(b *testing.B) {
	for _, name := range []string{"apa", "chicago-note-bibliography", "ieee"} {
		b.Run(name, func(b *testing.B) {
			var items []csl.Item
			for i := range 1000 {
				item := works(b)[i%62]
				item.ID += strings.Repeat("x", i/62)
				items = append(items, item)
			}
			s := load(b, name)
			b.ResetTimer()
			for b.Loop() {
				if _, err := s.Format(items, nil, citeproc.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(items)*b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}
