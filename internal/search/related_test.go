package search_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/search"
)

func (e *env) related(p identity.Person, id uuid.UUID) search.Related {
	e.t.Helper()
	r, err := e.service.Related(e.t.Context(), p, id)
	if err != nil {
		e.t.Fatalf("related: %v", err)
	}
	return r
}

func paperTitles(list []search.Paper) []string {
	titles := []string{}
	for _, p := range list {
		titles = append(titles, p.Title)
	}
	return titles
}

func reference(item csl.Item) document.Reference {
	return document.Reference{Item: item, Raw: item.Title + " " + item.DOI, Page: 1}
}

func TestCitesAndCitedBy(t *testing.T) {
	e := setup(t)
	long := "A Long History of Live-Coding: Algorithms in Performance"
	citing := e.Add(t, documenttest.Doc{Title: "Citing", Year: 2020, Pages: []string{"x"}, References: []document.Reference{
		reference(csl.Item{Title: "Nobody has this work in any library", Issued: csl.NewDate(1999)}),
		reference(csl.Item{Title: "A long history of livecoding. Algorithms in performance", Issued: csl.NewDate(2015)}),
		reference(csl.Item{Title: "Something else", DOI: "10.1000/ABC"}),
		reference(csl.Item{Title: "A short one", Issued: csl.NewDate(2015)}),
		reference(csl.Item{Title: "The same title, years apart from it", Issued: csl.NewDate(1990)}),
		reference(csl.Item{Title: "Citing", DOI: "10.1000/self"}),
		reference(csl.Item{DOI: "10.1000/abc"}), // a second time
	}})
	r := e.related(e.Reader, citing.DocumentID)
	if len(r.Cites)+len(r.CitedBy) != 0 {
		t.Errorf("before anything came: %+v", r)
	}
	// What comes later is found in both directions.
	byTitle := e.Add(t, documenttest.Doc{Title: long, Year: 2016, Pages: []string{"x"}})
	byDOI := e.Add(t, documenttest.Doc{Title: "Printed under another title", Pages: []string{"x"}})
	e.exec(`UPDATE documents SET csl = csl || '{"DOI": "10.1000/Abc"}' WHERE id = $1`, byDOI.DocumentID)
	e.exec(`UPDATE documents SET csl = csl || '{"DOI": "10.1000/self"}' WHERE id = $1`, citing.DocumentID)
	e.Add(t, documenttest.Doc{Title: "A short one", Year: 2015, Pages: []string{"x"}})
	e.Add(t, documenttest.Doc{Title: "The same title, years apart from it", Year: 2015, Pages: []string{"x"}})
	if got := paperTitles(e.related(e.Reader, citing.DocumentID).Cites); !slices.Equal(got, []string{long, "Printed under another title"}) {
		t.Errorf("cites %v", got)
	}
	for _, d := range []documenttest.Added{byTitle, byDOI} {
		if got := paperTitles(e.related(e.Reader, d.DocumentID).CitedBy); !slices.Equal(got, []string{"Citing"}) {
			t.Errorf("cited by %v", got)
		}
	}
	list, err := e.Documents.References(t.Context(), e.Reader, citing.EditionID)
	if err != nil {
		t.Fatal(err)
	}
	here := []uuid.UUID{}
	for _, one := range list.Items {
		here = append(here, one.DocumentID.UUID)
	}
	if want := []uuid.UUID{uuid.Nil, byTitle.DocumentID, byDOI.DocumentID, uuid.Nil, uuid.Nil, uuid.Nil, byDOI.DocumentID}; !slices.Equal(here, want) {
		t.Errorf("in this library: %v, want %v", here, want)
	}

	// Not from the trash, and nothing of another library.
	if _, err := e.Documents.Trash(t.Context(), e.Editor, byTitle.DocumentID); err != nil {
		t.Fatal(err)
	}
	if got := paperTitles(e.related(e.Reader, citing.DocumentID).Cites); !slices.Equal(got, []string{"Printed under another title"}) {
		t.Errorf("with one in the trash: cites %v", got)
	}
	elsewhere, err := e.Service.Create(t.Context(), e.Stranger, "Elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	theirs := e.Add(t, documenttest.Doc{LibraryID: elsewhere.ID, Title: "Printed under another title", Pages: []string{"x"}, References: []document.Reference{
		reference(csl.Item{DOI: "10.1000/abc"}), reference(csl.Item{Title: long, Issued: csl.NewDate(2016)}),
	}})
	if r := e.related(e.Stranger, theirs.DocumentID); len(r.Cites)+len(r.CitedBy)+len(r.Alike) != 0 {
		t.Errorf("another library is seen: %+v", r)
	}
	if got := paperTitles(e.related(e.Reader, byDOI.DocumentID).CitedBy); !slices.Equal(got, []string{"Citing"}) {
		t.Errorf("cited by %v", got)
	}
	site := documenttest.Serve(t, func(api *httpapi.API) { search.Mount(api, e.service) })
	for _, id := range []string{theirs.DocumentID.String(), uuid.NewString()} {
		if got := site.Do(e.Reader, http.MethodGet, "/api/documents/"+id+"/related", ""); got.Status != 404 || got.Code() != "document_not_found" {
			t.Errorf("%s: %d %s", id, got.Status, got.Code())
		}
	}
}

// What a file calls its references, and what people call their papers, is anything.
func TestHostileReferences(t *testing.T) {
	e := setup(t)
	hostile := "'; DROP TABLE documents; -- ' | & ! :* \\ \u202e " + strings.Repeat("(", 300)
	e.Add(t, documenttest.Doc{Title: hostile, Pages: []string{"x"}})
	d := e.Add(t, documenttest.Doc{Title: hostile + " again", Pages: []string{hostile + " o'brien's \\'x\\' looms"}, References: []document.Reference{
		reference(csl.Item{Title: hostile}), reference(csl.Item{}), reference(csl.Item{DOI: strings.Repeat("9", 5000)}),
	}})
	for _, issued := range []string{`"x"`, `{"date-parts": "x"}`, `{"date-parts": [["99999999999999999999"]]}`, `{"date-parts": [[{"a": 1}]]}`, `null`} {
		e.exec(`UPDATE edition_references SET csl = csl || jsonb_build_object('issued', $1::jsonb) WHERE edition_id = $2`, issued, d.EditionID)
		e.related(e.Reader, d.DocumentID)
	}
}

func TestAlike(t *testing.T) {
	e := setup(t)
	filler := "the paper is about a method and its results in the text of the page"
	robots := e.Add(t, documenttest.Doc{Title: "Čapek’s robots", Pages: []string{filler + " karakuri automata androids puppetry clockwork"}})
	near := e.Add(t, documenttest.Doc{Title: "Automata and androids before Čapek", Pages: []string{filler + " clockwork puppetry in theatres"}})
	e.Add(t, documenttest.Doc{Title: "Puppetry", Pages: []string{filler + " puppetry karakuri automata of Edo"}})
	e.Add(t, documenttest.Doc{Title: "Tidal energy", Pages: []string{filler + " turbines estuaries sediment"}})
	e.Add(t, documenttest.Doc{Title: "Late mention", Pages: []string{filler, filler, filler + " karakuri automata androids puppetry clockwork"}})
	for range 5 {
		e.Add(t, documenttest.Doc{Title: "Nothing in particular", Pages: []string{filler}})
	}
	if got := paperTitles(e.related(e.Reader, robots.DocumentID).Alike); !slices.Equal(got, []string{"Automata and androids before Čapek", "Puppetry"}) {
		t.Errorf("like the robots are %v", got)
	}
	// A work without a file is known by its title and abstract, and by its title to others.
	bare := uuid.Must(uuid.NewV7())
	e.exec(`INSERT INTO documents (id, library_id, title, csl, listing, created_by, created_at, updated_at)
		VALUES ($1, $2, 'A catalogue of androids', '{"abstract": "Karakuri and clockwork automata, with puppetry"}', 'a catalogue of androids', $3, now(), now())`,
		bare, e.LibraryID, e.Editor.ID)
	if got := paperTitles(e.related(e.Reader, bare).Alike); len(got) < 2 || !slices.Contains(got, "Čapek’s robots") || slices.Contains(got, "A catalogue of androids") {
		t.Errorf("like a work without a file are %v", got)
	}
	if _, err := e.Documents.Trash(t.Context(), e.Editor, near.DocumentID); err != nil {
		t.Fatal(err)
	}
	if got := paperTitles(e.related(e.Reader, robots.DocumentID).Alike); slices.Contains(got, "Automata and androids before Čapek") {
		t.Errorf("one in the trash is given: %v", got)
	}
}
