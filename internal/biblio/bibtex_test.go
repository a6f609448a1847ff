package biblio_test

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// readText reads a file that may have problems.
func readText(t testing.TB, format biblio.Format, text string) ([]biblio.Record, []*biblio.Problem) {
	t.Helper()
	records, problems, err := biblio.ReadAll(strings.NewReader(text), format)
	if err != nil {
		t.Fatal(err)
	}
	return records, problems
}

func one(t testing.TB, format biblio.Format, text string) biblio.Record {
	t.Helper()
	records, problems := readText(t, format, text)
	if len(records) != 1 || len(problems) > 0 {
		t.Fatalf("%d records, %v", len(records), problems)
	}
	return records[0]
}

func TestLaTeXBecomesText(t *testing.T) {
	for source, want := range map[string]string{
		`G{\"o}del, \'Etienne, na\"{\i}ve, {\ss}, \O{}st, \c{c}a, \v s, \H{o}, \aa, \l`: "Gödel, Étienne, naïve, ß, Øst, ça, š, ő, å, ł",
		"a  \n b~c":                          "a b\u00a0c",
		"pp.\\ 3--5 --- ``quoted'' and 'so'": "pp. 3–5 — “quoted” and 'so'",
		`\emph{Homo} \textbf{x}\textsuperscript{2}\textsubscript{3} {\it old} {\em older way}`: "<i>Homo</i> <b>x</b><sup>2</sup><sub>3</sub> <i>old</i> <i>older way</i>",
		`\textsc{Small} \enquote{q}`:                        `<span style="font-variant:small-caps;">Small</span> “q”`,
		`50\% of \$5 \& more \#1 a\_b \{x\}`:                "50% of $5 & more #1 a_b {x}",
		`The {DNA} of {E}. coli and {lower}`:                `The <span class="nocase">DNA</span> of <span class="nocase">E</span>. coli and lower`,
		`{The Whole Title}`:                                 "The Whole Title",
		`mass $m^2 < \frac{a}{b}$ and $5`:                   `mass $m^2 < \frac{a}{b}$ and $5`,
		`\url{http://x.org/a_b} \href{http://y.org}{there}`: "http://x.org/a_b there",
		`\unknown{kept} \TeX{}nical \textasciitilde x`:      "kept TeXnical ~x",
		`{{{deep}}} {unclosed`:                              "deep unclosed",
		`\`:                                                 `\`,
		`{\'{\i}} {\~n} {\^\i}`:                             "í ñ î",
	} {
		r := one(t, biblio.BibTeX, "@book{k, title = {"+source+strings.Repeat("}", strings.Count(source, "{unclosed"))+"}}")
		if r.Item.Title != want {
			t.Errorf("%s\ngot  %s\nwant %s", source, r.Item.Title, want)
		}
	}
}

func TestBibTeXNames(t *testing.T) {
	for source, want := range map[string][]csl.Name{
		"Ludwig van Beethoven":                    {{Given: "Ludwig", NonDroppingParticle: "van", Family: "Beethoven"}},
		"van Beethoven, Ludwig":                   {{Given: "Ludwig", NonDroppingParticle: "van", Family: "Beethoven"}},
		"King, Jr., Martin Luther":                {{Given: "Martin Luther", Family: "King", Suffix: "Jr."}},
		"{R Core Team}":                           {{Literal: "R Core Team"}},
		"{Barnes and Noble} and Doe, Jane":        {{Literal: "Barnes and Noble"}, {Family: "Doe", Given: "Jane"}},
		"Doe, J. and others":                      {{Family: "Doe", Given: "J."}, {Literal: "others"}},
		"Knuth, Donald E. AND\n  Plass, M.":       {{Family: "Knuth", Given: "Donald E."}, {Family: "Plass", Given: "M."}},
		"Charles Louis de la Vall{\\'e}e Poussin": {{Given: "Charles Louis", NonDroppingParticle: "de la", Family: "Vallée Poussin"}},
		"Jean-Paul {Van Damme}":                   {{Given: "Jean-Paul", Family: "Van Damme"}},
		"Plato":                                   {{Family: "Plato"}},
		"family=Gogh, given=Vincent, prefix=van":  {{Family: "Gogh", Given: "Vincent", NonDroppingParticle: "van"}},
		"Humboldt, Alexander von":                 {{Family: "Humboldt", Given: "Alexander", DroppingParticle: "von"}},
		`{\"O}zt{\"u}rk, {\c C}a{\u g}la`:         {{Family: "Öztürk", Given: "Çağla"}},
		"A and and B":                             {{Family: "A"}, {Family: "B"}},
	} {
		if got := one(t, biblio.BibTeX, "@book{k, author = {"+source+"}}").Item.Author; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", source, got)
		}
	}
}

func TestBibTeXFile(t *testing.T) {
	records, problems := readText(t, biblio.BibTeX, `
This text is a comment, and so is a mail to me@example.org.
@comment{jabref-meta: databaseType:biblatex;}
@preamble{ "\newcommand{\noop}[1]{}" }
@string{ jtr = "Journal of " # {Tidal Research} }
@STRING(pub = "Quay Books")
@Article{one,
  author = "Halvorsen, Ingrid M.",
  title = "A {DNA} study" # { of tides},
  journal = jtr, year = 2014, month = "10~" # mar, volume = 12, number = 3,
  pages = {321--328}, doi = {https://doi.org/10.5555/X}, url = {https://x.org/a\_b},
  keywords = {tides; moons, phases of}, file = {Full text:files/1/a\:b.pdf:application/pdf;/home/me/c.pdf},
}
@inproceedings(two, crossref = {conf}, author = {A. Bee}, title = {Buoys})
@proceedings{conf, title = {Proceedings of X}, editor = {C. Dee}, year = 2001, publisher = pub}
@mastersthesis{three, title={T}, school={U}, year={in press}}
@online{four, title = {Page}, subtitle={And more}, date = {2010-05/2010-07}, urldate = {2012-01-02}, langid = {ngerman}}
@misc{five, title={P}, eprint={2101.01234}, archiveprefix={arXiv}, year=1480}
`)
	if len(problems) > 0 {
		t.Errorf("%v", problems)
	}
	if len(records) != 6 {
		t.Fatalf("%d records", len(records))
	}
	byKey := map[string]biblio.Record{}
	for _, r := range records {
		byKey[r.Key] = r
	}
	r := byKey["one"]
	want := csl.Item{
		Type: "article-journal", Title: `A <span class="nocase">DNA</span> study of tides`, ContainerTitle: "Journal of Tidal Research", Author: []csl.Name{{Family: "Halvorsen", Given: "Ingrid M."}},
		Issued: csl.NewDate(2014, 3, 10), Volume: "12", Issue: "3", Page: "321-328", DOI: "10.5555/X", URL: "https://x.org/a_b",
	}
	if !reflect.DeepEqual(r.Item, want) {
		t.Errorf("%s", show(r))
	}
	if !reflect.DeepEqual(r.Tags, []string{"tides", "moons, phases of"}) || r.Line != 7 ||
		!reflect.DeepEqual(r.Files, []biblio.File{{Title: "Full text", Path: "files/1/a:b.pdf", Type: "application/pdf"}, {Path: "/home/me/c.pdf"}}) {
		t.Errorf("%q %v %d", r.Tags, r.Files, r.Line)
	}
	if r := byKey["two"].Item; r.ContainerTitle != "Proceedings of X" || r.Editor[0].Family != "Dee" || r.Publisher != "Quay Books" || r.Year() != 2001 || r.Title != "Buoys" {
		t.Errorf("%+v", r)
	}
	if r := byKey["three"].Item; r.Genre != "Master’s thesis" || r.Publisher != "U" || r.Issued.Literal != "in press" {
		t.Errorf("%+v", r)
	}
	if r := byKey["four"].Item; r.Title != "Page: And more" || len(r.Issued.DateParts) != 2 || r.Accessed.Year() != 2012 || r.Language != "de" {
		t.Errorf("%+v", r)
	}
	if r := byKey["five"].Item; r.Type != "article" || r.Archive != "arXiv" || r.ArchiveLocation != "2101.01234" {
		t.Errorf("%+v", r)
	}
}

func TestABadEntryDoesNotStopTheOthers(t *testing.T) {
	for name, test := range map[string]struct {
		file, keys, problem string
		line                int
	}{
		"a brace is missing":       {"@book{a, title={A}}\n@book{b, title={B\n}\n@book{c, title={C}}", "a c", "not closed: a brace is missing", 2},
		"a brace too many":         {"@book{a, title={A}}}\n}\n@book{c, title={C}}", "a c", "", 0},
		"the file ends":            {"@book{a, title={A}}\n\n@book{b, title={B", "a", "before the end of the file", 3},
		"no equals sign":           {"@book{a, title {A}, year=1}\n@book{c, title={C}}", "a c", "“=” is missing", 1},
		"the same key":             {"@book{a, title={A}}\n@book{a, title={C}}", "a a", "also that of the record in line 1", 2},
		"a field twice":            {"@book{a, title={A},\n title={B}}", "a", `"title" is there twice`, 2},
		"an unknown word":          {"@book{a, title={A}, month = brumaire}", "a", "no @string has it", 1},
		"no key":                   {"@book{title={A}}", "", "", 0},
		"no fields":                {"@book{a}\n@book{b,title={B}}", "b", "has no fields", 1},
		"quotes that do not close": {"@book{a, title=\"A, year=1}\n@book{b,title={B}}", "b", `"title" is not closed`, 1},
		"crossref to nowhere":      {"@inbook{a, title={A}, crossref={x}}", "a", `"x", from which it takes fields, is not in the file`, 1},
		"crossref in a circle":     {"@book{a, title={A}, crossref={b}}\n@book{b, title={B}, crossref={a}}", "b a", "from itself", 2},
		"an @ in a text":           {"@book{a, title={A},\nnote={write to\n@home, please}}", "a", "", 0},
		"no comma":                 {"@book{a, title={A} year={1999}}", "a", "", 0},
		"only an @":                {"@", "", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			records, problems := readText(t, biblio.BibTeX, test.file)
			var keys []string
			for _, r := range records {
				if r.Key != "" {
					keys = append(keys, r.Key)
				}
			}
			if got := strings.Join(keys, " "); got != test.keys {
				t.Errorf("read %q, %v", got, problems)
			}
			if test.problem == "" {
				if len(problems) > 0 {
					t.Errorf("%v", problems)
				}
				return
			}
			if len(problems) == 0 || !strings.Contains(problems[0].Message, test.problem) || problems[0].Line != test.line {
				t.Errorf("problems: %v", problems)
			}
		})
	}
}

func TestLatin1AndUTF16AreRead(t *testing.T) {
	latin := []byte("@book{a, title={Caf\xe9 \x96 \xfcber}}")
	records, _, err := biblio.ReadAll(bytes.NewReader(latin), biblio.BibTeX)
	if err != nil || records[0].Item.Title != "Café – über" {
		t.Errorf("%v %v", records, err)
	}
	wide := []byte{0xff, 0xfe}
	for _, c := range "@book{a, title={Café}}" {
		wide = append(wide, byte(c), byte(c>>8))
	}
	records, _, err = biblio.ReadAll(bytes.NewReader(wide), biblio.BibTeX)
	if err != nil || records[0].Item.Title != "Café" {
		t.Errorf("%v %v", records, err)
	}
	if r := one(t, biblio.RIS, "\ufeffTY  - BOOK\r\nTI  - A\r\nER  - \r\n"); r.Item.Title != "A" {
		t.Errorf("%v", r)
	}
}

// endless gives a piece of text again and again.
type endless struct {
	head, piece, tail string
	size              int64
	given             int64

	// most is the most memory in use, looked at some times on the way.
	most   uint64
	looked int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.head != "" {
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	}
	if e.given >= e.size {
		if e.tail == "" {
			return 0, io.EOF
		}
		n := copy(p, e.tail)
		e.tail = e.tail[n:]
		return n, nil
	}
	n := copy(p, e.piece)
	e.given += int64(n)
	if e.given-e.looked > 16<<20 {
		e.looked = e.given
		var now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&now)
		e.most = max(e.most, now.HeapAlloc)
	}
	return n, nil
}

func TestALargeFileIsReadInLittleMemory(t *testing.T) {
	const size = 100 << 20
	for name, test := range map[string]struct {
		format  biblio.Format
		file    *endless
		records int
		problem string
	}{
		"one entry":        {biblio.BibTeX, &endless{head: "@book{a, title={", piece: strings.Repeat("abc {x} ", 512), tail: "}}\n@book{b, title={B}}", size: size}, 1, "longer than 4 MiB"},
		"one value in RIS": {biblio.RIS, &endless{head: "TY  - BOOK\nTI  - A\nAB  - ", piece: strings.Repeat("abc ", 1024), tail: "\nER  - \nTY  - BOOK\nTI  - B\nER  - \n", size: size}, 2, ""},
		"many lines":       {biblio.NBIB, &endless{head: "PMID- 1\nTI  - A\nAB  - x", piece: "\n      " + strings.Repeat("abc ", 100), tail: "\n\nPMID- 2\nTI  - B\n", size: size}, 2, "longer than 4 MiB"},
		"one object":       {biblio.CSLJSON, &endless{head: `[{"title":"`, piece: strings.Repeat("abc ", 1024), tail: `"},{"title":"B"}]`, size: size}, 1, "longer than 4 MiB"},
		"one element":      {biblio.EndNote, &endless{head: `<xml><records><record><titles><title>`, piece: strings.Repeat("abc ", 1024), tail: `</title></titles></record><record><titles><title>B</title></titles></record>`, size: size}, 1, "longer than 4 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			records, problems, err := biblio.ReadAll(test.file, test.format)
			if err != nil || len(records) != test.records {
				t.Errorf("%d records, %v", len(records), err)
			}
			if test.problem != "" && (len(problems) == 0 || !strings.Contains(problems[0].Message, test.problem)) {
				t.Errorf("%v", problems)
			}
			if most := test.file.most >> 20; most > 32 {
				t.Errorf("%d MiB are in use for a record of which 4 MiB are kept", most)
			}
		})
	}
}

func TestManyNestedBracesAreRead(t *testing.T) {
	deep := strings.Repeat("{", 100_000)
	r := one(t, biblio.BibTeX, "@book{a, title={"+deep+"x"+strings.Repeat("}", 100_000)+"}}")
	if !strings.Contains(r.Item.Title, "x") {
		t.Errorf("%.50s", r.Item.Title)
	}
}

func BenchmarkBibTeX(b *testing.B) {
	var file bytes.Buffer
	for i := range 10_000 {
		fmt.Fprintf(&file, "@article{key%d,\n  author = {Halvorsen, Ingrid M. and M{\\\"u}ller, J{\\\"o}rg and {Coastal Survey}},\n  title = {A study of {DNA} number %d: tides and --- moons},\n  journal = {Journal of Tidal Research}, year = 2014, month = mar, volume = 12, pages = {321--328},\n  doi = {10.5555/%d}, abstract = {%s}\n}\n", i, i, i, strings.Repeat("Slow currents in narrow straits. ", 30))
	}
	b.SetBytes(int64(file.Len()))
	b.Run("read 10000", func(b *testing.B) {
		for b.Loop() {
			records, problems, err := biblio.ReadAll(bytes.NewReader(file.Bytes()), biblio.BibTeX)
			if err != nil || len(records) != 10_000 || len(problems) > 0 {
				b.Fatal(len(records), problems, err)
			}
		}
	})
	records, _, _ := biblio.ReadAll(bytes.NewReader(file.Bytes()), biblio.BibTeX)
	for _, format := range biblio.Formats {
		b.Run("write 10000 "+string(format), func(b *testing.B) {
			for b.Loop() {
				write(b, format, records...)
			}
		})
	}
}

func TestMacrosThatDoubleEndSomewhere(t *testing.T) {
	var b strings.Builder
	b.WriteString(`@string{m0 = "` + strings.Repeat("x", 1000) + `"}` + "\n")
	for i := range 60 {
		fmt.Fprintf(&b, "@string{m%d = m%d # m%d}\n", i+1, i, i)
	}
	b.WriteString("@book{k, title = {Kept}, note = m11")
	for range 100 {
		b.WriteString(" # m11")
	}
	b.WriteString("}\n@book{after, title = {After}}")
	records, problems := readText(t, biblio.BibTeX, b.String())
	if len(records) != 2 || records[0].Item.Title != "Kept" || records[1].Item.Title != "After" {
		t.Fatalf("%d records, %v", len(records), problems)
	}
	if note := len(records[0].Item.Note); note == 0 || note > 4<<20 {
		t.Errorf("a note of %d bytes", note)
	}
	if len(problems) == 0 || problems[0].Line < 2 {
		t.Errorf("%v", problems)
	}
}

func TestALongLineOfDescentEnds(t *testing.T) {
	var b strings.Builder
	const many = 5000
	for i := range many {
		fmt.Fprintf(&b, "@book{k%d, title = {T}, crossref = {k%d}}\n", i, i-1)
	}
	records, problems := readText(t, biblio.BibTeX, b.String())
	if len(records) != many || len(problems) < many-200 || !strings.Contains(problems[many/2].Message, "more than 100") {
		t.Errorf("%d records, %d problems, %v", len(records), len(problems), problems[0])
	}
}
