package biblio_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// works are made-up records of all common types, without what is odd in them
// for one format or another.
func works(t testing.TB) []biblio.Record {
	t.Helper()
	file, err := os.Open("../citeproc/testdata/works.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, problems, err := biblio.ReadAll(file, biblio.CSLJSON)
	if err != nil || len(problems) > 0 || len(records) < 40 {
		t.Fatal(len(records), problems, err)
	}
	return records
}

func write(t testing.TB, format biblio.Format, records ...biblio.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := biblio.NewWriter(&b, format)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t testing.TB, format biblio.Format, file []byte) []biblio.Record {
	t.Helper()
	records, problems, err := biblio.ReadAll(bytes.NewReader(file), format)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %v", format, p)
	}
	return records
}

// holds says what a format can hold: its types, its variables, and the rest.
type holds struct {
	types     []string
	variables []string
	key       bool
	tags      bool
	notes     bool
	colls     bool
	files     bool
	fileTitle bool
}

var holdings = map[biblio.Format]holds{
	biblio.CSLJSON: {
		types: []string{"article-journal", "book", "chapter", "speech", "interview"}, variables: csl.Variables(),
		key: true, tags: true, notes: true, colls: true, files: true, fileTitle: true,
	},
	biblio.BibLaTeX: {
		types: []string{"article-journal", "article-magazine", "book", "chapter", "paper-conference", "thesis", "report", "webpage", "manuscript", "patent", "dataset", "software", "legislation", "legal_case", "standard", "document"},
		variables: strings.Fields(`title container-title DOI URL ISBN ISSN PMID PMCID volume edition version chapter-number number-of-pages number-of-volumes part-number title-short
			container-title-short collection-title event-title event-place publisher publisher-place genre abstract language note status call-number original-title original-publisher
			original-publisher-place medium author editor translator container-author issued accessed event-date original-date issue page`),
		key: true, tags: true, notes: true, colls: true, files: true, fileTitle: true,
	},
	biblio.BibTeX: {
		types: []string{"article-journal", "book", "chapter", "paper-conference", "report", "manuscript", "document"},
		variables: strings.Fields(`title container-title DOI URL ISBN ISSN volume edition number-of-pages title-short collection-title publisher publisher-place genre abstract language note
			author editor translator issued issue page`),
		key: true, tags: true, notes: true, colls: true, files: true, fileTitle: true,
	},
	biblio.RIS: {
		types: []string{"article-journal", "article-newspaper", "book", "chapter", "paper-conference", "thesis", "report", "webpage", "dataset", "software", "patent", "map", "entry-dictionary", "speech"},
		variables: strings.Fields(`title container-title container-title-short collection-title title-short volume issue number DOI publisher publisher-place edition language abstract genre archive
			archive_location source call-number number-of-volumes section original-title reviewed-title URL note event-title event-place PMCID collection-number status author editor collection-editor translator ISSN day`),
		key: true, tags: true, notes: true, files: true,
	},
	biblio.EndNote: {
		types: []string{"article-journal", "article-newspaper", "book", "chapter", "paper-conference", "thesis", "webpage", "dataset", "software", "map", "interview"},
		variables: strings.Fields(`title container-title collection-title title-short container-title-short original-title page volume issue number-of-volumes edition section publisher publisher-place call-number
			DOI abstract language genre archive archive_location source note URL PMCID number author editor collection-editor translator issued accessed ISSN`),
		key: true, tags: true, notes: true, files: true,
	},
	biblio.NBIB: {
		types: []string{"article-journal"}, variables: strings.Fields(`title container-title container-title-short volume issue page abstract PMID PMCID DOI ISSN author editor month language`), tags: true,
	},
}

// generator makes random records of what a format can hold.
type generator struct {
	*rand.Rand
	format biblio.Format
}

var alphabet = []string{
	"a", "e", "Sea", "tide", "DNA", "of", "é", "ü", "ß", "Ø", "ł", "č", "ñ", "Å", "–", "’", "“q”", "&", "%", "#", "_", "$5", "{", "}", "\\", "~", "^", "<", ">", "(x)", "[y]", "海", "мир", "-", "--", "1990", ";", ":", "?", "/", "@", "=", "+", "*", "!", "|", "'", "''", "`", "``", `"`, "…", "α", "İ",
	"$x^2$", "$a_{i}$",
}

// text of words that a format can hold.
func (g generator) text() string {
	var words []string
	for range 1 + g.IntN(5) {
		word := ""
		for range 1 + g.IntN(3) {
			word += alphabet[g.IntN(len(alphabet))]
		}
		words = append(words, word)
	}
	text := "T" + strings.Join(words, " ") + "x"
	if g.IntN(4) == 0 && g.format != biblio.NBIB {
		text += " <i>Fucus</i> CO<sub>2</sub>"
	}
	return text
}

func (g generator) word() string {
	return []string{"Alpha", "Beta-Gamma", "Müller", "Øst", "王", "O’Brien", "Łukasz", "Iñigo"}[g.IntN(8)]
}

func (g generator) name() csl.Name {
	switch g.IntN(5) {
	case 0:
		return csl.Name{Literal: "The " + g.word() + " and " + g.word() + " Group"}
	case 1:
		return csl.Name{Family: g.word(), Given: g.word() + " B.", NonDroppingParticle: "van der"}
	case 2:
		return csl.Name{Family: g.word() + " " + g.word(), Given: g.word(), DroppingParticle: "de"}
	case 3:
		if g.format == biblio.NBIB {
			return csl.Name{Family: g.word(), Given: "J."}
		}
		return csl.Name{Family: g.word(), Given: g.word(), Suffix: "Jr."}
	}
	return csl.Name{Family: g.word(), Given: g.word()}
}

func (g generator) date() *csl.Date {
	year := 1500 + g.IntN(500)
	switch g.IntN(4) {
	case 0:
		return csl.NewDate(year)
	case 1:
		return csl.NewDate(year, 1+g.IntN(12))
	case 2:
		if g.format == biblio.BibLaTeX || g.format == biblio.CSLJSON || g.format == biblio.EndNote {
			return &csl.Date{DateParts: [][]int{{year, 3}, {year + 1, 4}}, Circa: g.IntN(2) == 0}
		}
	}
	return csl.NewDate(year, 1+g.IntN(12), 1+g.IntN(28))
}

func (g generator) record(i int) biblio.Record {
	can := holdings[g.format]
	var r biblio.Record
	item := &r.Item
	item.Type = can.types[g.IntN(len(can.types))]
	item.Title = g.text()
	for _, name := range can.variables {
		if g.IntN(2) == 0 {
			g.variable(item, name)
		}
	}
	if can.key {
		r.Key = fmt.Sprintf("key%d", i)
	}
	if can.tags {
		r.Tags = []string{"tag " + g.word(), "a & b", "50% of"}
	}
	if can.notes {
		r.Notes = []string{g.text(), "Second paragraph\n\nafter the first"}
	}
	if can.colls {
		r.Collections = []string{"Reading/Tides & moons", "Other"}
	}
	if can.files {
		r.Files = []biblio.File{{Path: "files/12/a b_c.pdf"}, {Path: "C:/Papers/x;y.pdf"}}
		if can.fileTitle {
			r.Files[0].Title, r.Files[0].Type = "Full text: PDF", "application/pdf"
		}
	}
	return r
}

func (g generator) variable(item *csl.Item, name string) {
	bib := g.format == biblio.BibTeX || g.format == biblio.BibLaTeX
	switch name {
	case "id", "type", "keyword", "annote", "title", "volume-title":
	case "DOI":
		item.DOI = "10.5555/a_b(c)" + fmt.Sprint(g.IntN(99))
	case "URL":
		item.URL = "https://example.org/~me/a_b%20c?x=1&y=#z"
	case "PMID":
		item.PMID = fmt.Sprint(10_000_000 + g.IntN(999))
	case "PMCID":
		item.PMCID = fmt.Sprint("PMC", 1_000_000+g.IntN(999))
	case "ISBN":
		item.ISBN = "978-0-00-000000-2"
	case "ISSN":
		if item.ISBN == "" {
			item.ISSN = "1234-567X"
		}
	case "language":
		item.Language = []string{"en", "de", "pt-BR"}[g.IntN(3)]
		if g.format == biblio.NBIB {
			item.Language = "en"
		}
	case "page":
		item.Page = "12-34"
	case "day":
		item.Issued, item.Accessed = g.date(), g.date()
		if item.Type != "book" && item.Type != "thesis" {
			item.Page = "12-34, 56"
		} else {
			item.NumberOfPages = "412"
		}
	case "month":
		item.Issued = csl.NewDate(2014, 3, 9)
	case "archive", "issue", "number":
		if name == "issue" && bib && (item.Type == "book" || item.Type == "thesis") || name == "number" && g.format == biblio.EndNote && item.Type == "report" {
			return
		}
		item.SetText(name, fmt.Sprint(g.IntN(9)+1))
	default:
		switch csl.KindOf(name) {
		case csl.KindText:
			if text := g.text(); name != "genre" || !bib {
				item.SetText(name, text)
			} else {
				item.Genre = "Kind " + g.word()
			}
		case csl.KindNames:
			names := []csl.Name{g.name()}
			if g.IntN(2) == 0 {
				names = append(names, g.name(), csl.Name{Family: "Last", Given: "Ann"})
			}
			if g.format == biblio.NBIB {
				names = []csl.Name{{Family: g.word(), Given: "Ann"}, {Family: "Beek", Given: "Jo", NonDroppingParticle: "ter"}}
			}
			item.SetNames(name, names)
		case csl.KindDate:
			item.SetDate(name, g.date())
		case csl.KindNone:
		}
	}
}

func TestWhatAFormatHoldsComesBack(t *testing.T) {
	for _, format := range biblio.Formats {
		t.Run(string(format), func(t *testing.T) {
			g := generator{rand.New(rand.NewPCG(1, 2)), format}
			var records []biblio.Record
			for i := range 400 {
				records = append(records, g.record(i))
			}
			file := write(t, format, records...)
			back := read(t, format, file)
			if len(back) != len(records) {
				t.Fatalf("%d records of %d", len(back), len(records))
			}
			failed := 0
			for i, r := range records {
				got := back[i]
				got.Line = 0
				if !reflect.DeepEqual(got, r) && failed < 5 {
					failed++
					t.Errorf("record %d, %s:\n%s", i, r.Item.Type, difference(r, got))
				}
			}
		})
	}
}

// difference of two records, by their members.
func difference(want, got biblio.Record) string {
	members := func(r biblio.Record) map[string]any {
		encoded, _ := json.Marshal(r.Item)
		var m map[string]any
		_ = json.Unmarshal(encoded, &m)
		m["Key"], m["Tags"], m["Notes"], m["Collections"], m["Files"] = r.Key, r.Tags, r.Notes, r.Collections, r.Files
		return m
	}
	a, b := members(want), members(got)
	var out strings.Builder
	for name := range a {
		if !reflect.DeepEqual(a[name], b[name]) {
			fmt.Fprintf(&out, " %s: wrote %q, read %q\n", name, a[name], b[name])
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			fmt.Fprintf(&out, " %s: read %q\n", name, b[name])
		}
	}
	return out.String()
}

func show(r biblio.Record) string {
	encoded, _ := json.MarshalIndent(r, "", " ")
	return string(encoded)
}
