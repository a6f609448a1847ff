package extract_test

import (
	"fmt"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

func TestJournalsAreReadFromTheirLines(t *testing.T) {
	for text, want := range map[string][4]string{
		"Journal of Applied Botany 45 (2019) 123–134":                         {"Journal of Applied Botany", "45", "", "123–134"},
		"J Hydrol Model (2020) 12:345–360":                                    {"J Hydrol Model", "12", "", "345–360"},
		"PLoX ONE 16(3): e0987654":                                            {"PLoX ONE", "16", "3", "e0987654"},
		"IEFE TRANSACTIONS ON CIRCUITS, VOL. 14, NO. 3, MARCH 2017":           {"IEFE TRANSACTIONS ON CIRCUITS", "14", "3", ""},
		"A. Bell. The Title of It. Journal of Open Things, 1(3), 13":          {"Journal of Open Things", "1", "3", "13"},
		"Phys. Rev. Lett. 99 (2007) 123-130":                                  {"Phys. Rev. Lett", "99", "", "123–130"},
		"Zeitschrift für Stadtgeschichte, 64. Jg., Heft 3 (2018), S. 301–320": {"Zeitschrift für Stadtgeschichte", "64", "3", "301–320"},
		"Revista de Historia, vol. 31, núm. 2 (2011), pp. 77-104":             {"Revista de Historia", "31", "2", "77–104"},
		"Proceedings of the 57th Meeting of Linguists, pages 12–34":           {"Proceedings of the 57th Meeting of Linguists", "", "", "12–34"},
		"U.S. Individual Income Tax Return 2010 (99)":                         {},
		"no digits at all": {},
		"In 2019 we visited 14 (3) places and more of them in the year after that": {},
	} {
		if got := extract.MatchJournal(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestNumbersAreChecked(t *testing.T) {
	for _, one := range []struct {
		valid func(string) bool
		good  string
		bad   string
	}{
		{extract.ValidISBN, "978-0-306-40615-7", "978-0-306-40615-8"},
		{extract.ValidISBN, "0-8044-2957-X", "0-8044-2957-1"},
		{extract.ValidISSN, "0378-5955", "0378-5954"},
		{extract.ValidORCID, "0000-0002-1825-0097", "0000-0002-1825-0098"},
		{extract.ValidORCID, "0000-0002-1694-233X", "0000-0002-1694-2330"},
	} {
		if !one.valid(one.good) || one.valid(one.bad) || one.valid("") {
			t.Errorf("%s, %s", one.good, one.bad)
		}
	}
}

func TestLanguagesAreTold(t *testing.T) {
	for text, want := range map[string]string{
		"The samples were kept for two days before they were measured, and this is not what we expected.": "en",
		"Die Proben wurden zwei Tage gelagert und danach gemessen, und das ist nicht das Ergebnis.":       "de",
		"Les échantillons sont dans une boîte et nous avons mesuré les valeurs pour la suite.":            "fr",
		"Las muestras se conservaron durante dos días y los resultados son como los de la tabla.":         "es",
		"Образцы хранились в течение двух дней и затем были измерены.":                                    "ru",
		"样品在室温下保存两天后进行测量，结果与以前的研究不同。每个实验重复五次。":                                                            "zh",
		"試料は測定の前に二日間室温で保存された。それぞれの実験を繰り返した。":                                                              "ja",
		"12.5 3.7": "",
	} {
		if got := extract.LanguageOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestCoversAreTold(t *testing.T) {
	for _, text := range []string{"HAL Id: hal-01234567", "Stable URL: https://example.org/1", "This is a repository copy of A Title.", "Citation for published version (APA):"} {
		if !extract.MatchesCover(text) {
			t.Errorf("%q is no cover", text)
		}
	}
	if extract.MatchesCover("We present a version of the protocol that needs no repository.") {
		t.Error("a sentence is a cover")
	}
}

func TestXMPAndInformationGiveFurtherFields(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	got := read(t, pool, extracttest.Document{
		Pages: []extracttest.Page{extracttest.TextPage("On the Naming of Things\n\n\nA page of text")},
		Info: map[string]string{
			"Title": "Microsoft Word - final2.doc", "Author": "Microsoft Office User", "Keywords": "ID=7; Version=2",
			"Subject": "Journal of Applied Botany, 45 (2019) 123-134. doi:10.5555/jab.2019.1",
		},
		XMP: `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description>
<dc:subject><rdf:Bag><rdf:li>naming</rdf:li><rdf:li>things</rdf:li></rdf:Bag></dc:subject><dc:publisher><rdf:Bag><rdf:li>Quayside Press</rdf:li></rdf:Bag></dc:publisher>
<dc:rights><rdf:Alt><rdf:li>See http://creativecommons.org/licenses/by-nc/4.0/ for it</rdf:li></rdf:Alt></dc:rights>
<prism:issn>0378-5955</prism:issn><prism:startingPage>123</prism:startingPage><prism:endingPage>134</prism:endingPage></rdf:Description></rdf:RDF></x:xmpmeta>`,
	})
	item := csl.Resolve(got.result.Metadata)
	have := fmt.Sprint(item.Title, "|", len(item.Author), "|", item.Keyword, "|", item.Publisher, "|", item.License, "|", item.ISSN, "|", item.Page, "|", item.ContainerTitle, "|", item.Volume, "|", item.Year(), "|", item.DOI)
	want := "On the Naming of Things|0|naming, things|Quayside Press|https://creativecommons.org/licenses/by-nc/4.0/|0378-5955|123–134|Journal of Applied Botany|45|2019|10.5555/jab.2019.1"
	if have != want {
		t.Errorf("got  %s\nwant %s", have, want)
	}
	for _, claim := range got.result.Metadata {
		if !claim.Fits() {
			t.Errorf("%s: %s does not fit", claim.Field, claim.Value)
		}
	}
}

// A page of nothing but names must not take time that grows with its square.
func TestAPageOfNamesIsRead(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	page := extracttest.Page{MediaBox: [4]float64{0, 0, 2000, 14000}, Texts: []extracttest.Text{{X: 72, Y: 13900, Size: 24, Text: "A Work of Many Hands"}}}
	for i := range 1200 {
		page.Texts = append(page.Texts, extracttest.Text{X: 72, Y: 13800 - 11*float64(i), Size: 10, Text: fmt.Sprintf("Ada A%s Lovelace, Alan B%s Turing, a%d@example.org,", letters26(i), letters26(i), i)})
	}
	got := read(t, pool, extracttest.Document{Pages: []extracttest.Page{page}})
	if item := csl.Resolve(got.result.Metadata); item.Title != "A Work of Many Hands" {
		t.Errorf("title %q", item.Title)
	}
}

func letters26(n int) string {
	return strings.Map(func(r rune) rune { return r - '0' + 'a' }, fmt.Sprint(n))
}

func FuzzHeaderTexts(f *testing.F) {
	for _, text := range []string{
		"Ada Lovelace1,2*, Jan van der Berg and 王建国", "Lovelace, Ada; Turing, Alan M.", "Journal, Vol. 12, No. 3 (Sep., 1998), pp. 123-145", "José Ortega y Gasset y",
		"\ue000\ue001,\ue000", "12:3, 345", "ISBN 978-0-306-40615-7", "1998年5月",
	} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		for _, name := range extract.ParseNames(text) {
			_ = name.String()
		}
		_ = extract.FindDate(text)
		_ = extract.MatchJournal(text)
		_ = extract.LanguageOf(text)
		_ = extract.FindDOI(text)
		_ = extract.IsJunkTitle(text, "a.pdf")
		_ = extract.ValidISBN(text) || extract.ValidISSN(text) || extract.ValidORCID(text)
	})
}
