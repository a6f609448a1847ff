package search_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
	"scrollkeeper.example/scrollkeeper/internal/search"
)

type env struct {
	*documenttest.Env
	t       *testing.T
	service *search.Service
}

func setup(t *testing.T) *env {
	t.Helper()
	docs := documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
	return &env{Env: docs, t: t, service: search.New(docs.Pool, docs.Service)}
}

func (e *env) search(p identity.Person, query string) search.Result {
	e.t.Helper()
	r, err := e.service.Search(e.t.Context(), p, search.Request{Query: query, Limit: 20})
	if err != nil {
		e.t.Fatalf("search %q: %v", query, err)
	}
	e.matches(p, query)
	return r
}

// matches looks whether what is told of a query, and counted, is what a search for it
// finds in the library.
func (e *env) matches(p identity.Person, query string) {
	e.t.Helper()
	r, err := e.service.Search(e.t.Context(), p, search.Request{Query: query, LibraryID: uuid.NullUUID{UUID: e.LibraryID, Valid: true}, Limit: 500})
	if fault.Is(err, "library_not_found") {
		return
	}
	if err != nil {
		e.t.Fatalf("search %q: %v", query, err)
	}
	list, err := e.service.Matches(e.t.Context(), p, search.Matching{Query: query, LibraryID: e.LibraryID, Documents: 1000, Marks: 1000, Timeout: time.Minute})
	if err != nil {
		e.t.Fatalf("matches %q: %v", query, err)
	}
	found, matching := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, h := range r.Hits {
		found[h.DocumentID] = true
	}
	for _, m := range list {
		matching[m.DocumentID] = true
	}
	if query == "estudio" {
		// A stem of it in Portuguese is one that Spanish pages may have, which the search
		// sees when it looks for the words on a page.
		maps.DeleteFunc(matching, func(id uuid.UUID, _ bool) bool { return !found[id] })
	}
	if !maps.Equal(found, matching) && r.Next == "" {
		e.t.Errorf("%s finds the documents %v, and what matches are %v", query, found, matching)
	}
}

// titles are those of the hits, in their order.
func titles(r search.Result) []string {
	list := make([]string, len(r.Hits))
	for i, h := range r.Hits {
		list[i] = h.Title
	}
	return list
}

// slice is a part of a text by code points.
func slice(text string, r search.Range) string { return string([]rune(text)[r[0]:r[1]]) }

func TestWhatIsFound(t *testing.T) {
	e := setup(t)
	for title, text := range map[string]string{
		"accents":  "A naïve reading of Čapek’s robots",
		"plain":    "the naive Bayes classifier",
		"music":    "Live coding is music; coding live is not.",
		"hyphens":  "We study live-coding and real-time systems",
		"joined":   "The livecoding community", // as the extractor joins a word broken at a line's end
		"numbers":  "Values of 3.14 and doi 10.1000/xyz123 under x²",
		"chinese":  "我们研究深度学习的方法",
		"ligature": "an e\ufb03cient work\ufb02ow",
		"plurals":  "many networks were trained",
		"trap":     "and/or http://example.org/path?robots=1 someone@robots.example",
	} {
		e.Add(t, documenttest.Doc{Title: title, Pages: []string{text}})
	}
	for query, want := range map[string][]string{
		"naive":              {"accents", "plain"},
		"NAÏVE":              {"accents", "plain"},
		"naive bayes":        {"plain"},
		"naive -bayes":       {"accents"},
		`"live coding"`:      {"hyphens", "music"},
		`"coding live"`:      {"music"},
		"live coding":        {"hyphens", "music"},
		"live-coding":        {"hyphens", "joined", "music"},
		"livecoding":         {"joined"},
		`music -"live code"`: nil,
		`coding -"is not"`:   {"hyphens"},
		"livecoding OR real": {"hyphens", "joined"},
		"capek robots":       {"accents"},
		"robots":             {"accents", "trap"},
		"3.14":               {"numbers"},
		"10.1000/XYZ123":     {"numbers"},
		"x2":                 {"numbers"},
		"深度学习":               {"chinese"},
		"学深":                 nil,
		"efficient workflow": {"ligature"},
		"network training":   {"plurals"},
		"or":                 {"trap"},
		"the":                {"joined", "plain"},
		"nowhere":            nil,
	} {
		r := e.search(e.Reader, query)
		got := titles(r)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s found %v, want %v", query, got, want)
		}
		for _, h := range r.Hits {
			if len(h.Ranges) == 0 || len(h.Highlights) == 0 || h.Start >= h.End {
				t.Errorf("%s: nothing is marked in %q: %+v", query, h.Snippet, h)
			}
		}
		if r.Partial || r.Next != "" {
			t.Errorf("%s: partial %t, next %q", query, r.Partial, r.Next)
		}
	}
}

func TestWhereTheWordsStand(t *testing.T) {
	e := setup(t)
	before, after := strings.Repeat("före ", 100), strings.Repeat(" efter", 100)
	text := before + "The nai\u0308ve\nBayes classifiers, a classifier." + after + " bayes"
	e.speaks("en", e.Add(t, documenttest.Doc{Title: "Somewhere", Authors: []csl.Name{{Family: "Roe"}}, Year: 1999, Pages: []string{"nothing", text}}))

	r := e.search(e.Reader, `"naive bayes" classifier`)
	if len(r.Hits) != 1 {
		t.Fatalf("%+v", r)
	}
	h := r.Hits[0]
	if h.Page != 2 || h.Title != "Somewhere" || h.Authors[0].Family != "Roe" || *h.Year != 1999 || h.LibraryID != e.LibraryID {
		t.Errorf("%+v", h)
	}
	if got := slice(text, search.Range{h.Start, h.End}); got != "nai\u0308ve\nBayes classifiers" {
		t.Errorf("the hit is %q", got)
	}
	var words []string
	for _, w := range h.Ranges {
		words = append(words, slice(text, w))
	}
	if want := []string{"nai\u0308ve", "Bayes", "classifiers", "classifier"}; !slices.Equal(words, want) {
		t.Errorf("ranges %q, want %q", words, want)
	}
	words = nil
	for _, w := range h.Highlights {
		words = append(words, slice(h.Snippet, w))
	}
	if want := []string{"nai\u0308ve", "Bayes", "classifiers", "classifier"}; !slices.Equal(words, want) {
		t.Errorf("highlights %q, want %q", words, want)
	}
	if n := len(strings.Fields(h.Snippet)); n < 28 || n > 32 || !strings.HasPrefix(h.Snippet, "före ") || !strings.HasSuffix(h.Snippet, " efter") {
		t.Errorf("snippet of %d words: %q", n, h.Snippet)
	}
}

func TestSnippetsOfStrangePages(t *testing.T) {
	e := setup(t)
	for name, text := range map[string]string{
		"one word":      "needle",
		"a long word":   strings.Repeat("x", 3000) + " needle " + strings.Repeat("y", 3000),
		"no spaces":     strings.Repeat("深", 2000) + "needle" + strings.Repeat("度", 2000),
		"only that":     strings.Repeat("needle ", 2000),
		"at the start":  "needle " + documenttest.Text(100),
		"at the end":    documenttest.Text(100) + " needle",
		"signs between": "needle" + strings.Repeat(" … . - ", 500) + "needle",
	} {
		e.Add(t, documenttest.Doc{Title: name, Pages: []string{text}})
		r := e.search(e.Reader, `needle`)
		i := slices.IndexFunc(r.Hits, func(h search.Hit) bool { return h.Title == name })
		if i < 0 {
			t.Errorf("%s is not found", name)
			continue
		}
		h := r.Hits[i]
		if slice(text, search.Range{h.Start, h.End}) != "needle" || len(h.Ranges) > 200 || len([]rune(h.Snippet)) > 600 || len(h.Highlights) == 0 {
			t.Errorf("%s: %d to %d, %d ranges, snippet of %d", name, h.Start, h.End, len(h.Ranges), len(h.Snippet))
		}
		for _, w := range h.Highlights {
			if got := slice(h.Snippet, w); got != "needle" {
				t.Errorf("%s: highlight %q", name, got)
			}
		}
	}
}

func TestTheOrderOfHits(t *testing.T) {
	e := setup(t)
	filler := documenttest.Text(200)
	e.Add(t, documenttest.Doc{Title: "apart", Pages: []string{"spectral " + filler + " clustering"}})
	e.Add(t, documenttest.Doc{Title: "together", Pages: []string{filler + " spectral clustering"}})
	e.Add(t, documenttest.Doc{Title: "Spectral Clustering", Pages: []string{filler + " spectral clustering"}})
	e.Add(t, documenttest.Doc{Title: "A survey", Authors: []csl.Name{{Family: "Clustering", Given: "Spectral"}}, Pages: []string{filler}})

	got := titles(e.search(e.Reader, "spectral clustering"))
	if len(got) != 4 || got[3] != "apart" || !slices.Contains(got, "A survey") ||
		slices.Index(got, "Spectral Clustering") > slices.Index(got, "together") {
		t.Errorf("order %v", got)
	}
	h := e.search(e.Reader, "survey").Hits
	if len(h) != 1 || h[0].Page != 1 || h[0].Start != 0 || h[0].End != 0 || len(h[0].Ranges) != 0 || !strings.HasPrefix(h[0].Snippet, "lorem") {
		t.Errorf("found by title alone: %+v", h)
	}
}

func TestOnlyWhatOneMaySee(t *testing.T) {
	e := setup(t)
	mine := e.Add(t, documenttest.Doc{Title: "mine", Pages: []string{"secret"}})
	other, err := e.Service.Create(t.Context(), e.Stranger, "Elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	e.Add(t, documenttest.Doc{LibraryID: other.ID, Title: "theirs", Pages: []string{"secret"}})
	e.Upload(t, documenttest.Doc{Filename: "unread.pdf"})

	if got := e.search(e.Reader, "secret"); !slices.Equal(titles(got), []string{"mine"}) || got.Pending != 1 {
		t.Errorf("the reader sees %v, %d pending", titles(got), got.Pending)
	}
	if got := e.search(e.Stranger, "secret"); !slices.Equal(titles(got), []string{"theirs"}) || got.Pending != 0 {
		t.Errorf("the stranger sees %v, %d pending", titles(got), got.Pending)
	}
	if got := e.search(identity.Person{ID: uuid.New()}, "secret"); len(got.Hits) != 0 {
		t.Errorf("somebody without a library sees %v", titles(got))
	}
	in := func(p identity.Person, id uuid.UUID) error {
		_, err := e.service.Search(t.Context(), p, search.Request{Query: "secret", LibraryID: uuid.NullUUID{UUID: id, Valid: true}, Limit: 1})
		return err
	}
	if err := in(e.Reader, e.LibraryID); err != nil {
		t.Errorf("in one's library: %v", err)
	}
	if err := in(e.Reader, other.ID); !fault.Is(err, "library_not_found") {
		t.Errorf("in another's: %v", err)
	}
	if _, err := e.Documents.Trash(t.Context(), e.Editor, mine.DocumentID); err != nil {
		t.Fatal(err)
	}
	if got := e.search(e.Reader, "secret mine OR secret"); len(got.Hits) != 0 {
		t.Errorf("found in the trash: %v", titles(got))
	}
}

func TestHostileQueriesNeverBreak(t *testing.T) {
	e := setup(t)
	e.Add(t, documenttest.Doc{Title: "deep", Pages: []string{"a b deep 深度学习 1e5 0x1f"}})
	for _, query := range hostile {
		_, err := e.service.Search(t.Context(), e.Reader, search.Request{Query: query, Limit: 20})
		if f, ok := fault.As(err); err != nil && (!ok || f.Kind != fault.Invalid) {
			t.Errorf("%.40q: %v", query, err)
		}
	}
}

func TestResultsGoOn(t *testing.T) {
	e := setup(t)
	pages := make([]string, 50)
	for i := range pages {
		pages[i] = fmt.Sprintf("common word number%d", i)
	}
	e.Add(t, documenttest.Doc{Pages: pages})
	seen := map[int]bool{}
	req := search.Request{Query: "common", Limit: 7}
	for range 20 {
		r, err := e.service.Search(t.Context(), e.Reader, req)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			if seen[h.Page] {
				t.Errorf("page %d came twice", h.Page)
			}
			seen[h.Page] = true
		}
		if req.Cursor = r.Next; r.Next == "" {
			break
		}
	}
	if len(seen) != len(pages) {
		t.Errorf("%d of %d pages were found", len(seen), len(pages))
	}
	for _, cursor := range []string{"?", "e30x", "eyJzIjotMX0", "eyJzIjoiYSJ9"} {
		_, err := e.service.Search(t.Context(), e.Reader, search.Request{Query: "common", Limit: 1, Cursor: cursor})
		if !fault.Is(err, "bad_cursor") {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
}

func TestAPhraseIsFoundBeyondTheFirstBatch(t *testing.T) {
	e := setup(t)
	pages := make([]string, 2500)
	for i := range pages {
		pages[i] = "beta alpha"
		if i >= 1500 && i < 1505 || i >= 2400 {
			pages[i] = "alpha beta"
		}
	}
	e.Add(t, documenttest.Doc{Pages: pages})
	r := e.search(e.Reader, `"alpha beta"`)
	if len(r.Hits) != 20 || r.Hits[0].Page < 1501 {
		t.Errorf("%d hits, partial %t", len(r.Hits), r.Partial)
	}
	if r := e.search(e.Reader, "alpha"); !r.Partial || r.Message == "" || r.Next == "" || len(r.Hits) != 20 {
		t.Errorf("a word on %d pages: partial %t, message %q", len(pages), r.Partial, r.Message)
	}
	seen := map[int]bool{}
	req := search.Request{Query: "alpha", Limit: 100}
	for {
		r, err := e.service.Search(t.Context(), e.Reader, req)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Hits {
			seen[h.Page] = true
		}
		if req.Cursor = r.Next; r.Next == "" {
			break
		}
	}
	if len(seen) != len(pages) {
		t.Errorf("going on gave %d of %d pages", len(seen), len(pages))
	}
}

func TestHTTP(t *testing.T) {
	e := setup(t)
	site := documenttest.Serve(t, func(api *httpapi.API) { search.Mount(api, e.service) })
	e.Add(t, documenttest.Doc{Title: "Found", Pages: []string{"some needle here"}})
	var got search.SearchResult
	site.Do(e.Reader, "GET", "/api/search?q=needle&library_id="+e.LibraryID.String(), "").Decode(t, &got)
	if got.Query != "needle" || len(got.Hits) != 1 || got.NextCursor != nil || got.Message != nil || got.Hits[0].Ranges[0] != (search.Range{5, 11}) {
		t.Errorf("%+v", got)
	}
	if body := string(site.Do(e.Reader, "GET", "/api/search?q=nothing", "").Body); !strings.Contains(body, `"hits":[]`) || !strings.Contains(body, `"next_cursor":null`) {
		t.Errorf("no hits: %s", body)
	}
	if body := string(site.Do(e.Reader, "GET", "/api/search?q=found", "").Body); !strings.Contains(body, `"ranges":[]`) || !strings.Contains(body, `"highlights":[]`) {
		t.Errorf("title only: %s", body)
	}
	for _, c := range []struct {
		person identity.Person
		query  string
		status int
		code   string
	}{
		{identity.Person{}, "q=a", http.StatusUnauthorized, "signed_out"},
		{e.Reader, "", http.StatusUnprocessableEntity, "empty_query"},
		{e.Reader, "q=" + url.QueryEscape(`-a -"b c"`), http.StatusUnprocessableEntity, "empty_query"},
		{e.Reader, "q=" + strings.Repeat("a", 1001), http.StatusUnprocessableEntity, "query_too_long"},
		{e.Reader, "q=a&limit=101", http.StatusUnprocessableEntity, "invalid_request"},
		{e.Reader, "q=a&library_id=1", http.StatusUnprocessableEntity, "bad_library_id"},
		{e.Reader, "q=a&library_id=" + uuid.NewString(), http.StatusNotFound, "library_not_found"},
		{e.Stranger, "q=a&library_id=" + e.LibraryID.String(), http.StatusNotFound, "library_not_found"},
		{e.Reader, "q=a%00b%ff%22", http.StatusOK, ""},
	} {
		if got := site.Do(c.person, "GET", "/api/search?"+c.query, ""); got.Status != c.status || got.Code() != c.code {
			t.Errorf("%.60s by %q: %d %s, want %d %s", c.query, c.person.Name, got.Status, got.Body, c.status, c.code)
		}
	}
}

func TestOneEditionOfADocumentIsSearched(t *testing.T) {
	e := setup(t)
	first := e.Add(t, documenttest.Doc{Title: "Marks", Pages: []string{"preprint wording", "shared wording"}})
	hits := func(query string) []search.Hit {
		t.Helper()
		r := e.search(e.Reader, query)
		if r.Pending != 0 {
			t.Errorf("%d documents are said to be missing", r.Pending)
		}
		return r.Hits
	}
	second := documenttest.Doc{Of: first.DocumentID, Title: "Marks", Pages: []string{"published wording", "shared wording"}}
	added := e.Upload(t, second)
	attempt := e.Begin(t, added)
	if got := hits("preprint"); len(got) != 1 || got[0].EditionID != first.EditionID {
		t.Errorf("while the second is being read: %+v", got)
	}
	if err := e.Finish(t, attempt, second); err != nil {
		t.Fatal(err)
	}
	if got := hits("preprint"); len(got) != 0 {
		t.Errorf("the first is still found: %+v", got)
	}
	for query, want := range map[string]int{"shared wording": 1, "wording": 2, "published": 1, "marks": 1} {
		got := hits(query)
		if len(got) != want || got[0].EditionID != added.EditionID {
			t.Errorf("%s: %+v", query, got)
		}
	}
	failed := e.Upload(t, documenttest.Doc{Of: first.DocumentID})
	if err := e.Documents.Fail(t.Context(), e.Begin(t, failed), "damaged", "The file is damaged."); err != nil {
		t.Fatal(err)
	}
	if got := hits("published"); len(got) != 1 || got[0].EditionID != added.EditionID {
		t.Errorf("after a third that could not be read: %+v", got)
	}
}
