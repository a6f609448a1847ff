package biblio_test

import (
	"reflect"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

func TestRISFile(t *testing.T) {
	r := one(t, biblio.RIS, `TY  - JOUR
ID  - halvorsen
A1  - Halvorsen, Ingrid M.
AU  - van Beek, Jo
AU  - Coastal Survey
T1  - Slow currents
JF  - Journal of Tidal Research
JA  - J. Tidal Res.
VL  - 12
IS  - 3
SP  - 321
EP  - 328
PY  - 2014/03/09/
SN  - 1234-5678
DO  - https://doi.org/10.5555/x
N2  - First line
second line
KW  - tides
KW  - moons
N1  - Read again
L1  - files/1/a.pdf
LA  - eng
ER  -
`)
	want := biblio.Record{
		Key: "halvorsen", Line: 1, Tags: []string{"tides", "moons"}, Notes: []string{"Read again"}, Files: []biblio.File{{Path: "files/1/a.pdf"}},
		Item: csl.Item{
			Type: "article-journal", Title: "Slow currents", ContainerTitle: "Journal of Tidal Research", ContainerShort: "J. Tidal Res.", Volume: "12", Issue: "3", Page: "321-328", ISSN: "1234-5678",
			DOI: "10.5555/x", Abstract: "First line\nsecond line", Language: "en", Issued: csl.NewDate(2014, 3, 9),
			Author: []csl.Name{{Family: "Halvorsen", Given: "Ingrid M."}},
		},
	}
	// The authors of A1 and AU are two lists of one variable: AU's is taken.
	want.Item.Author = []csl.Name{{Family: "Beek", NonDroppingParticle: "van", Given: "Jo"}, {Literal: "Coastal Survey"}}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("%s", difference(want, r))
	}
}

func TestBrokenRIS(t *testing.T) {
	records, problems := readText(t, biblio.RIS, "nothing\nTY  - JOUR\nTI  - A\nTY  - BOOK\nTI  - B\nER  - \nER  - \nTI  - no type\nER  - \nTY  - ODD\nTI  - C\nER  - \nTY  - BOOK\nTI  - D")
	var titles []string
	for _, r := range records {
		titles = append(titles, r.Item.Title)
	}
	if strings.Join(titles, "|") != "A|B|no type|C|D" {
		t.Errorf("%q", titles)
	}
	want := []string{"line 1: ", "line 2: the record has no end", "line 7: ", `line 8: the type ""`, `line 10: the type "ODD"`, "line 13: the record has no end"}
	if len(problems) != len(want) {
		t.Fatalf("%v", problems)
	}
	for i, p := range problems {
		if !strings.HasPrefix(p.Error(), want[i]) {
			t.Errorf("%v, not %q", p, want[i])
		}
	}
}

func TestNBIBFile(t *testing.T) {
	r := one(t, biblio.NBIB, `
PMID- 12345678
OWN - NLM
IS  - 1234-5678 (Electronic)
VI  - 12
IP  - 3
DP  - 2014 Mar-Apr
TI  - Slow currents in narrow straits and other places of which the title is
      so long that it goes on.
PG  - 321-8
LID - 10.5555/x [doi]
AB  - BACKGROUND: none.
FAU - Halvorsen, Ingrid M
AU  - Halvorsen IM
CN  - Coastal Survey
LA  - eng
PT  - Journal Article
TA  - J Tidal Res
JT  - Journal of tidal research
MH  - *Tides
OT  - moons
PMC - PMC1234567
`)
	want := csl.Item{
		Type: "article-journal", PMID: "12345678", PMCID: "PMC1234567", ISSN: "1234-5678", Volume: "12", Issue: "3", Page: "321-328", DOI: "10.5555/x", Abstract: "BACKGROUND: none.", Language: "en",
		Title: "Slow currents in narrow straits and other places of which the title is so long that it goes on.", ContainerTitle: "Journal of tidal research", ContainerShort: "J Tidal Res",
		Author: []csl.Name{{Family: "Halvorsen", Given: "Ingrid M"}, {Literal: "Coastal Survey"}}, Issued: &csl.Date{DateParts: [][]int{{2014, 3}, {2014, 4}}},
	}
	if !reflect.DeepEqual(r.Item, want) || !reflect.DeepEqual(r.Tags, []string{"Tides", "moons"}) && !reflect.DeepEqual(r.Tags, []string{"moons", "Tides"}) {
		t.Errorf("%s", show(r))
	}
	records, _ := readText(t, biblio.NBIB, "PMID- 1\nTI  - A\nAU  - Beek J\nDP  - 2001 Winter\nPMID- 2\nTI  - B\nDP  - 2001 Feb 3\n")
	if len(records) != 2 || records[0].Item.Author[0].Given != "J" || records[0].Item.Issued.Season != "4" || records[1].Item.Issued.DateParts[0][2] != 3 {
		t.Errorf("%+v", records)
	}
}

func TestEndNoteFile(t *testing.T) {
	r := one(t, biblio.EndNote, `<?xml version="1.0"?><xml><records><record><database name="x.enl" path="x">x</database><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal" font="default">Halvorsen, Ingrid M.</style></author><author>Coastal Survey</author></authors></contributors>
<titles><title><style face="normal">Growth of </style><style face="italic">Fucus</style><style face="normal"> &amp; more</style></title><secondary-title>Tides</secondary-title></titles>
<periodical><full-title>Tides</full-title></periodical><pages>321-328</pages><volume>12</volume><number>3</number><dates><year>2014</year><pub-dates><date>Mar 9</date></pub-dates></dates>
<isbn>1234-5678</isbn><electronic-resource-num>10.5555/x</electronic-resource-num><keywords><keyword>tides</keyword></keywords><urls><related-urls><url>https://x.org</url></related-urls>
<pdf-urls><url>internal-pdf://123/a.pdf</url></pdf-urls></urls><label>key</label></record></records></xml>`)
	want := csl.Item{
		Type: "article-journal", Title: "Growth of <i>Fucus</i> & more", ContainerTitle: "Tides", Page: "321-328", Volume: "12", Issue: "3", ISSN: "1234-5678", DOI: "10.5555/x", URL: "https://x.org",
		Issued: csl.NewDate(2014, 3, 9), Author: []csl.Name{{Family: "Halvorsen", Given: "Ingrid M."}, {Literal: "Coastal Survey"}},
	}
	if !reflect.DeepEqual(r.Item, want) || r.Key != "key" || r.Files[0].Path != "123/a.pdf" || r.Tags[0] != "tides" {
		t.Errorf("%s", show(r))
	}
}

func TestBrokenEndNote(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><xml><records>`
	record := func(title string) string { return "<record><titles><title>" + title + "</title></titles></record>" }
	records, problems := readText(t, biblio.EndNote, bomb+record("&b;")+"\n<record><titles><title>lost\n"+record("B")+"<record><titles></wrong></record>"+record("C")+"<record><titles><title>end")
	var titles []string
	for _, r := range records {
		titles = append(titles, r.Item.Title)
	}
	if strings.Join(titles, "|") != "&b;|B|C" {
		t.Errorf("%q %v", titles, problems)
	}
	if len(problems) != 3 || problems[0].Line != 2 || problems[2].Line != 3 {
		t.Errorf("%v", problems)
	}
}

func TestBrokenCSLJSON(t *testing.T) {
	records, problems := readText(t, biblio.CSLJSON, `[
{"id": 7, "type": "book", "title": "A", "volume": 12, "issued": {"raw": "2014-03"}, "event": "E", "author": "wrong", "shortTitle": "S", "keyword": "x, y"},
{"id": "b", "title": "broken},
{"id": "c", "title": "C", "issued": "1999", "accessed": {"date-parts": [["May"]]}},
{"id": "d", "title": ["x"], "custom": {"tags": ["p, q"], "files": [{"path": "f.pdf"}]}}
{"id": "e"`)
	if len(records) < 3 || records[0].Key != "7" || records[0].Item.Volume != "12" || records[0].Item.Issued.DateParts[0][1] != 3 || records[0].Item.Event != "E" ||
		records[0].Item.ShortTitle != "S" || !reflect.DeepEqual(records[0].Tags, []string{"x", "y"}) {
		t.Errorf("%s", show(records[0]))
	}
	last := records[len(records)-1]
	if last.Key != "d" || last.Tags[0] != "p, q" || last.Files[0].Path != "f.pdf" {
		t.Errorf("%s", show(last))
	}
	for i, want := range []string{`line 2`, `line 3`, `line 4`, `line 5`, `line 6`} {
		if i >= len(problems) || !strings.HasPrefix(problems[i].Error(), want) {
			t.Errorf("%v", problems)
			break
		}
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]biblio.Format{
		"% comment\n@article{x,": biblio.BibTeX, "\ufeffTY  - JOUR": biblio.RIS, "\nPMID- 1": biblio.NBIB, " [{": biblio.CSLJSON, `<?xml version="1.0"?><xml><records>`: biblio.EndNote, "nothing": "",
	} {
		if got := biblio.Detect([]byte(text), "file"); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	if biblio.Detect(nil, "a.RIS") != biblio.RIS {
		t.Error("the name says RIS")
	}
	if _, err := biblio.NewReader(nil, "odd"); err == nil {
		t.Error("an odd format is read")
	}
	if _, err := biblio.NewWriter(nil, "odd"); err == nil {
		t.Error("an odd format is written")
	}
}

func TestCitationKeys(t *testing.T) {
	item := csl.Item{
		Type: "book", Title: "The <i>Shape</i> of O’Brien’s water: a history", ContainerTitle: "Journal of Tidal Research", Issued: csl.NewDate(2014, 3), DOI: "10.5555/x",
		Author: []csl.Name{{Family: "Müller-Øst", NonDroppingParticle: "van"}, {Family: "Li"}, {Literal: "R Core Team"}, {Family: "Zed"}},
	}
	for pattern, want := range map[string]string{
		biblio.DefaultKeyPattern:                "mullerost2014shape",
		"[auth:lower]_[year]":                   "mullerost_2014",
		"[authors][shortyear]":                  "MullerOstLiRCoreTeamEtAl14",
		"[shorttitle:lower]":                    "shapeobrienswater",
		"[auth:3:upper]:[journal][year]-[type]": "MUL:JTR2014-book",
		"[doi]":                                 "10.5555/x",
	} {
		p, err := biblio.ParseKeyPattern(pattern)
		if err != nil || p.Key(&item) != want {
			t.Errorf("%s: %q, %v", pattern, p.Key(&item), err)
		}
	}
	for _, pattern := range []string{"", "[nothing]", "[auth:odd]", "a b", "[auth", "{x}"} {
		if _, err := biblio.ParseKeyPattern(pattern); err == nil {
			t.Errorf("%q was taken", pattern)
		}
	}
	p, _ := biblio.ParseKeyPattern("[auth]")
	if p.Key(&csl.Item{}) != "unknown" || p.Key(&csl.Item{Author: []csl.Name{{Family: "王", Given: "伟"}}}) != "王" {
		t.Error("a key is empty")
	}
	taken := map[string]bool{}
	for range 30 {
		taken[biblio.UniqueKey("k", func(k string) bool { return taken[k] })] = true
	}
	if !taken["k"] || !taken["ka"] || !taken["kz"] || !taken["kaa"] || len(taken) != 30 {
		t.Errorf("%v", taken)
	}
}
