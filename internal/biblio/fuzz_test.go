package biblio_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
)

// fuzz reads anything, and writes what was read in the same format, which must
// come back with as many records.
func fuzz(f *testing.F, format biblio.Format, seeds ...string) {
	f.Helper()
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Add(write(f, format, works(f)[:5]...))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := biblio.NewReader(bytes.NewReader(file), format)
		if err != nil {
			t.Fatal(err)
		}
		var records []biblio.Record
		for {
			record, err := r.Read()
			if problem, ok := errors.AsType[*biblio.Problem](err); ok {
				if problem.Line < 1 || problem.Message == "" {
					t.Errorf("%+v", problem)
				}
				continue
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			records = append(records, record)
		}
		for _, one := range records {
			one.Key = "key"
			again, problems, err := biblio.ReadAll(bytes.NewReader(write(t, format, one)), format)
			if err != nil || len(again) > 1 || len(again) == 0 && one.Item.Title != "" {
				t.Errorf("%d records, %v, %v, of\n%s\n%s", len(again), problems, err, show(one), write(t, format, one))
			}
		}
	})
}

func FuzzBibTeX(f *testing.F) {
	fuzz(f, biblio.BibTeX, `@string{a="b"}@article{k, title={A {B} \"{o} $x$}, author="A and {B}", year=a#1}`, "@book{a, title={", `@book(a, crossref={a})`, "@inbook{x,crossref={y}}@book{y,title={z}}", `@book{a,title={\'}}`, `@book{a,file={\:;:},date={1999/}}`)
}

func FuzzBibLaTeX(f *testing.F) {
	fuzz(f, biblio.BibLaTeX, `@online{k, title={A}, date={2010-05/..}, author={family=A, given=B}, origdate={-0044~}}`)
}

func FuzzRIS(f *testing.F) {
	fuzz(f, biblio.RIS, "TY  - JOUR\nTI  - A\nAU  - B, C, D\nPY  - 2014/13/40/x\nSP  - 1\nER  - \n", "ER  -", "TY  - ")
}

func FuzzCSLJSON(f *testing.F) {
	fuzz(f, biblio.CSLJSON, `[{"title":"a","issued":{"date-parts":[[1],[]]}},{"id":1,"custom":{}}]`, `{"items":[{"id":"a"}]}`, `[{"a":"\`)
}

func FuzzEndNote(f *testing.F) {
	fuzz(f, biblio.EndNote, `<records><record><titles><title><style face="bold italic">a</style>&x;</title></titles></record>`, "<record ><record>", "<record></record>")
}

func FuzzNBIB(f *testing.F) {
	fuzz(f, biblio.NBIB, "PMID- 1\nTI  - A\n      b\nDP  - 2001 Jan-Dec\nAU  - X Y\nPG  - 10-2\n", "AB  -")
}

// Zotero's RDF is not written: what is read of anything has sound lines, and paths
// of collections that are names.
func FuzzZoteroRDF(f *testing.F) {
	f.Add([]byte(fixture(f, "zotero.rdf")))
	f.Add([]byte(rdfHead + "<bib:Book><dcterms:isPartOf rdf:resource='#x'/><![CDATA[<]]><!-- < --></bib:Book><z:Collection rdf:about='#c'><dcterms:hasPart rdf:resource='#c'/>"))
	f.Add([]byte("<!DOCTYPE a [<!ENTITY b \"c\">]>" + rdfHead + "<bib:Memo><rdf:value>&b;&lt;p</rdf:value></bib:Memo></rdf:RDF>"))
	f.Fuzz(func(t *testing.T, file []byte) {
		records, problems, err := biblio.ReadAll(bytes.NewReader(file), biblio.ZoteroRDF)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Message == "" {
				t.Errorf("%+v", p)
			}
		}
		for _, r := range records {
			if r.Line < 1 || r.Item.Type == "" && len(r.Files) == 0 {
				t.Errorf("%+v", r)
			}
		}
	})
}
