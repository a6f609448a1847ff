package extract_test

import (
	"encoding/json"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

func TestReferencesAreFlatInJSON(t *testing.T) {
	encoded, err := json.Marshal(extract.Reference{
		Item: csl.Item{Type: csl.TypeBook, Title: "A Book", Page: "12–14", PageFirst: "12"},
		Raw:  "A Book, 12–14.", Page: 7, Boxes: []pagetext.Rect{{1, 2, 3, 4}},
	})
	want := `{"type":"book","title":"A Book","page-first":"12","raw":"A Book, 12–14.","page":7,"boxes":[[1,2,3,4]]}`
	if err != nil || string(encoded) != want {
		t.Errorf("got  %s, %v\nwant %s", encoded, err, want)
	}
}

func TestSniffPDF(t *testing.T) {
	for _, one := range []struct {
		data string
		want bool
	}{
		{"%PDF-1.7\n", true},
		{"\xef\xbb\xbf  %PDF-1.4", true},
		{strings.Repeat(" ", 1019) + "%PDF-", true},
		{strings.Repeat("x", 1020) + "%PDF-", false},
		{"some text about %PDF-", true},
		{strings.Repeat("x", 1100) + " about %PDF-1.7 and 1 0 obj <<", false},
		{strings.Repeat("Received: by mail\r\n", 100) + "%PDF-1.7", true},
		{strings.Repeat(" ", 65531) + "%PDF-", true},
		{strings.Repeat(" ", 65532) + "%PDF-", false},
		{"%\xe2\xe3\xcf\xd3\n1 0 obj \n<<\n/Pages 2 0 R", true},
		{"\x1b%-12345X@PJL\r\n 12 0 obj<</Type", true},
		{"see 1 0 obj << there", false},
		{"PK\x03\x04", false},
		{"%PDF", false},
		{"", false},
		{"<html>", false},
	} {
		if got := extract.SniffPDF([]byte(one.data)); got != one.want {
			t.Errorf("%.20q: %v", one.data, got)
		}
	}
}

func TestNamesAreSplit(t *testing.T) {
	for text, want := range map[string]string{
		"Ada Lovelace, Jan van der Berg and Martin Luther King Jr.":    "Lovelace|Ada; van der Berg|Jan; King|Martin Luther",
		"Lovelace, Ada; Turing, Alan M.":                               "Lovelace|Ada; Turing|Alan M.",
		"Schloss, Patrick D":                                           "Schloss|Patrick D",
		"Patrick D Schloss1, Ariel Rokem2,3*, and José-María O’Neill†": "Schloss|Patrick D; Rokem|Ariel; O’Neill|José-María",
		"Prof. Dr. Grace Hopper":                                       "Hopper|Grace",
		"administrator":                                                "",
		"Microsoft Office User 2":                                      "",
		"WANG Jianguo, Jean-Pierre DUPONT and MARIA DE SOUZA":          "Wang|Jianguo; Dupont|Jean-Pierre; de Souza|Maria",
		"王建国，欧阳明、山田 太郎":                                                "王|建国; 欧阳|明; 山田|太郎",
		"Иванов И. П., А. С. Петрова":                                  "Иванов|И. П.; Петрова|А. С.",
		"José Ortega y Gasset y Elena García Lorca":                    "Ortega y Gasset|José; García Lorca|Elena",
		"Camille Lefèvre et Jean-Baptiste de La Tour":                  "Lefèvre|Camille; de La Tour|Jean-Baptiste",
		"Soo-Jin Park, MD, PhD, and C. Titus Brown, MPH":               "Park|Soo-Jin; Brown|C. Titus",
		"Li Wei, Member, IEEE, and Ana Silva, Senior Member, IEEE":     "Wei|Li; Silva|Ana",
		"this is a sentence, and not a list, of any names at all":      "",
		"": "",
	} {
		var got []string
		for _, name := range extract.ParseNames(text) {
			got = append(got, name.Family+"|"+name.Given)
		}
		if joined := strings.Join(got, "; "); joined != want {
			t.Errorf("%q: %q, want %q", text, joined, want)
		}
	}
}

func TestJunkTitlesAreKnown(t *testing.T) {
	for _, title := range []string{
		"", "untitled", "Untitled-1", "Microsoft Word - paper_final.docx", "paper.dvi", "main.tex", "Slide 1", "PII: S0893-6080(98)00116-6",
		"Microsoft Word - final2.doc", "Report template v3", "Paper Title", "PowerPoint-Präsentation", "Présentation PowerPoint", "Author's accepted manuscript", "acmart-template",
		"Sans titre", "未命名", "final", "Draft 2", "p20-40:p15-25.qxd 10/02/2012 16:24 Page 12", "www.example.org", "IEEEtran", "0f3a9c77d2e14b1c",
		"doi:10.1038/nature123", "10.1038/nature123", `C:\Users\me\paper`, "Document1", "1234567", "my_paper_v2", "PowerPoint Presentation", "Invoice 12",
	} {
		if !extract.IsJunkTitle(title, "Invoice 12.pdf") {
			t.Errorf("%q is taken", title)
		}
	}
	for _, title := range []string{"On the Origin of Species", "Deep Learning", "A 2-page note on C++", "Nature of the Firm, The"} {
		if extract.IsJunkTitle(title, "scan.pdf") {
			t.Errorf("%q is not taken", title)
		}
	}
}

func TestDOIsAreCutFromTheirSentences(t *testing.T) {
	for text, want := range map[string]string{
		"see https://doi.org/10.21105/JOSE.00013.":       "10.21105/jose.00013",
		"(doi:10.1016/0009-2614(80)80396-4)":             "10.1016/0009-2614(80)80396-4",
		"10.1000/xyz123, and more":                       "10.1000/xyz123",
		"10.5/short":                                     "",
		"no DOI at 10.1000":                              "",
		"“10.1002/(SICI)1097-0258(19980815/30)17:15/16”": "10.1002/(sici)1097-0258(19980815/30)17:15/16",
	} {
		if got := extract.FindDOI(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDatesAreAsExactAsTheyStand(t *testing.T) {
	for text, want := range map[string]string{
		"Published: 30 August 2018":  "[[2018,8,30]]",
		"on September 3rd, 2020, in": "[[2020,9,3]]",
		"2021-02-28T10:00":           "[[2021,2,28]]",
		"Spring meeting, May 1999":   "[[1999,5]]",
		"© 2014 ACM":                 "[[2014]]",
		"31 Dec. 2009":               "[[2009,12,31]]",
		"page 1234 of volume 3":      "",
	} {
		got := ""
		if date := extract.FindDate(text); date != nil {
			encoded, _ := json.Marshal(date.DateParts)
			got = string(encoded)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestXMPIsReadFromElementsAndAttributes(t *testing.T) {
	properties := extract.ParseXMP([]byte(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>
<rdf:Description prism:doi="10.1/a" rdf:about="">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A  Title
 &amp; more</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Ada Lovelace</rdf:li><rdf:li>Alan Turing</rdf:li></rdf:Seq></dc:creator>
<prism:volume>7</prism:volume><cut`))
	for name, want := range map[string]string{"title": "A Title & more", "doi": "10.1/a", "volume": "7"} {
		if got := properties[name]; len(got) == 0 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := properties["creator"]; len(got) != 2 || got[1] != "Alan Turing" {
		t.Errorf("creator: %q", got)
	}
}
