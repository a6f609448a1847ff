package search_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/search"
)

func (e *env) exec(sql string, args ...any) {
	e.t.Helper()
	if _, err := e.Pool.Exec(e.t.Context(), sql, args...); err != nil {
		e.t.Fatal(err)
	}
}

// paper adds a document of one page with authors by family name, and a year.
func (e *env) paper(title string, year int, text string, families ...string) documenttest.Added {
	e.t.Helper()
	added := e.Add(e.t, documenttest.Doc{Title: title, Pages: []string{text}})
	authors := make([]map[string]string, len(families))
	var listing []string
	for _, term := range document.Terms(title + " " + strings.Join(families, " ")) {
		listing = append(listing, term.Text)
	}
	for i, family := range families {
		authors[i] = map[string]string{"family": family}
	}
	encoded, err := json.Marshal(authors)
	if err != nil {
		e.t.Fatal(err)
	}
	e.exec(`UPDATE documents SET year = $2, listing = $3, csl = csl || jsonb_build_object('author', $4::jsonb) WHERE id = $1`,
		added.DocumentID, year, strings.Join(listing, " "), string(encoded))
	return added
}

// mark adds a mark with a comment on a quote.
func (e *env) mark(p identity.Person, a documenttest.Added, meaning string, private bool, quote, body string) uuid.UUID {
	e.t.Helper()
	id := uuid.New()
	e.exec(`INSERT INTO annotations (id, library_id, document_id, edition_id, author_id, author_name, kind, meaning, private, body, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'highlight', $7, $8, $9, now(), now())`, id, e.LibraryID, a.DocumentID, a.EditionID, p.ID, p.Name, meaning, private, body)
	e.exec(`INSERT INTO annotation_anchors (library_id, annotation_id, edition_id, status, score, exact, prefix, suffix, attempt, text_version, parts, page, position, y, x)
		VALUES ($1, $2, $3, 'exact', 1, $4, '', '', 1, '', '[]', 1, 0, 0, 0)`, e.LibraryID, id, a.EditionID, quote)
	return id
}

func TestFilters(t *testing.T) {
	e := setup(t)
	old := e.paper("Tidal power", 1999, "energy from the sea", "Okonkwo", "van der Berg")
	e.paper("Solar power", 2019, "energy from the sun", "Müller")
	e.paper("Berg and valley", 2021, "nothing about the sea", "Silva")
	e.mark(e.Reader, old, "disagree", false, "the sea", "I doubt it")
	e.exec(`INSERT INTO tags (id, library_id, name, color, created_at) VALUES ('00000000-0000-0000-0000-000000000001', $1, 'To Read', 'red', now()),
		('00000000-0000-0000-0000-000000000002', $1, 'empty', 'red', now())`, e.LibraryID)
	e.exec(`INSERT INTO document_tags (tag_id, document_id) VALUES ('00000000-0000-0000-0000-000000000001', $1)`, old.DocumentID)
	e.exec(`INSERT INTO collections (id, library_id, parent_id, name, position, created_at) VALUES ('00000000-0000-0000-0000-000000000003', $1, NULL, 'Energy', 0, now()),
		('00000000-0000-0000-0000-000000000004', $1, '00000000-0000-0000-0000-000000000003', 'Water', 0, now())`, e.LibraryID)
	e.exec(`INSERT INTO document_collections (collection_id, document_id) VALUES ('00000000-0000-0000-0000-000000000004', $1)`, old.DocumentID)
	for query, want := range map[string][]string{
		`tag:"to read"`:                  {"Tidal power"},
		`power -tag:"to read"`:           {"Solar power"},
		"tag:empty":                      nil,
		"in:water sea":                   {"Tidal power"},
		"in:energy":                      {"Tidal power"}, // those under it too
		"sea -in:energy":                 {"Berg and valley"},
		"energy":                         {"Solar power", "Tidal power"},
		"energy author:okonkwo":          {"Tidal power"},
		"author:muller":                  {"Solar power"},
		`author:"van der Berg"`:          {"Tidal power"},
		"author:berg":                    {"Tidal power"},
		"title:berg":                     {"Berg and valley"},
		"sea -author:okonkwo":            {"Berg and valley"},
		"year:2019":                      {"Solar power"},
		"year:2019..":                    {"Berg and valley", "Solar power"},
		"year:..2000":                    {"Tidal power"},
		"energy year:2000..2020":         {"Solar power"},
		"has:mark":                       {"Tidal power"},
		"sea -has:mark":                  {"Berg and valley"},
		"year:1999 OR valley":            {"Berg and valley", "Tidal power"},
		"sun year:2019 OR sea year:2021": {"Berg and valley", "Solar power"},
		"AUTHOR:silva":                   {"Berg and valley"},
		"energy color:green":             nil,
		"http://example.org":             nil,
	} {
		got := titles(e.search(e.Reader, query))
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("%s found %q, want %q", query, got, want)
		}
	}
	r := e.search(e.Reader, "é energy OR -author:silva sea")
	if len(r.Filters) != 1 || r.Filters[0].Start != 12 || r.Filters[0].End != 25 || !r.Filters[0].Not || r.Filters[0].Value != "silva" {
		t.Errorf("filters %+v", r.Filters)
	}
	if r := e.search(e.Reader, "energy"); r.Facets.Pages != 2 || !slices.Equal(r.Facets.Years, []search.YearCount{{Year: 1999, Documents: 1}, {Year: 2019, Documents: 1}}) {
		t.Errorf("facets %+v", r.Facets)
	}
}

func TestQueriesThatAreBroken(t *testing.T) {
	e := setup(t)
	for query, want := range map[string]struct {
		code string
		at   int
	}{
		"sea year:abc":        {"bad_year", 4},
		"year:2020..2010":     {"bad_year", 0},
		"year:..":             {"bad_year", 0},
		"ß author:":           {"filter_without_value", 2},
		"author:…":            {"filter_without_value", 0},
		"color:mauve":         {"unknown_color", 0},
		"a has:wings":         {"unknown_has", 2},
		"a by:nobody":         {"unknown_person", 2},
		`a -tag:"not a tag"`:  {"unknown_tag", 2},
		"in:nowhere":          {"unknown_collection", 0},
		"a OR b in:nowhere c": {"unknown_collection", 7},
	} {
		_, err := e.service.Search(t.Context(), e.Reader, search.Request{Query: query, Limit: 1})
		f, ok := fault.As(err)
		if !ok || f.Code != want.code || f.Kind != fault.Invalid || f.Extra["at"] != want.at || f.Message == "" {
			t.Errorf("%s: %+v, want %s at %d", query, err, want.code, want.at)
		}
	}
}

func TestMarksAreFoundByWhoMaySeeThem(t *testing.T) {
	e := setup(t)
	paper := e.paper("Paper", 2020, "some text of a page")
	shared := e.mark(e.Commenter, paper, "question", false, "some text", "Is Čapek’s CLAIM right? 深度")
	own := e.mark(e.Commenter, paper, "key", true, "secretquote", "a hidden claim")
	gone := e.mark(e.Commenter, paper, "key", false, "x", "a deleted claim")
	e.exec(`UPDATE annotations SET deleted_at = now(), deleted_by = NULL WHERE id = $1`, gone)
	e.exec(`INSERT INTO annotation_replies (id, library_id, annotation_id, author_id, author_name, body, created_at) VALUES ($1, $2, $3, $4, 'R', 'answered there', now())`,
		uuid.New(), e.LibraryID, own, e.Commenter.ID)
	marks := func(p identity.Person, query string) []uuid.UUID {
		t.Helper()
		var ids []uuid.UUID
		for _, h := range e.search(p, query).Hits {
			if h.MarkID.Valid {
				ids = append(ids, h.MarkID.UUID)
			}
		}
		slices.SortFunc(ids, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
		return ids
	}
	both := []uuid.UUID{shared, own}
	slices.SortFunc(both, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
	for _, c := range []struct {
		person identity.Person
		query  string
		want   []uuid.UUID
	}{
		{e.Reader, "claims", []uuid.UUID{shared}},
		{e.Commenter, "claims", both},
		{e.Owner, "claims", []uuid.UUID{shared}},
		{e.Stranger, "claims", nil},
		{e.Reader, "capek", []uuid.UUID{shared}},
		{e.Reader, "深度", []uuid.UUID{shared}},
		{e.Reader, "secretquote", nil},
		{e.Commenter, "secretquote", []uuid.UUID{own}},
		{e.Reader, "answered", nil},
		{e.Commenter, "answered", []uuid.UUID{own}},
		{e.Reader, "color:purple", []uuid.UUID{shared}},
		{e.Reader, "color:yellow", nil},
		{e.Commenter, "by:me", both},
		{e.Reader, "claim by:me", nil},
		{e.Commenter, "claim color:key", []uuid.UUID{own}},
		{e.Commenter, "claim -hidden", []uuid.UUID{shared}},
	} {
		if got := marks(c.person, c.query); !slices.Equal(got, c.want) {
			t.Errorf("%s asked %s: %v, want %v", c.person.Name, c.query, got, c.want)
		}
	}
	r := e.search(e.Reader, "claim")
	if len(r.Hits) != 1 || r.Hits[0].Kind != search.KindComment || r.Hits[0].Page != 1 || r.Hits[0].MarkAuthor != e.Commenter.Name ||
		len(r.Hits[0].Highlights) != 1 || r.Facets.Marks != 1 || len(r.Facets.People) != 1 {
		t.Errorf("%+v, %+v", r.Hits, r.Facets)
	}
	e.exec(`UPDATE documents SET trashed_at = now() WHERE id = $1`, paper.DocumentID)
	if got := marks(e.Commenter, "claim"); got != nil {
		t.Errorf("found in the trash: %v", got)
	}
}

func TestTyping(t *testing.T) {
	e := setup(t)
	e.paper("Paper", 2020, "crystallography of proteins")
	e.paper("Korean", 2020, "우리는 학교에서 배운다")
	typing := func(query string) search.Result {
		t.Helper()
		r, err := e.service.Search(t.Context(), e.Reader, search.Request{Query: query, Limit: 5, Typing: true})
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return r
	}
	for query, want := range map[string]int{"proteins crystall": 1, "crys": 1, "cry": 0, "crystall proteins": 0, `"crystall`: 0, "crystallography author:": 1, "proteins year:20": 0, "학교": 1} {
		if r := typing(query); len(r.Hits) != want || want > 0 && len(r.Hits[0].Highlights) == 0 {
			t.Errorf("%s: %+v", query, r.Hits)
		}
	}
	if got := titles(e.search(e.Reader, "학교")); !slices.Equal(got, []string{"Korean"}) {
		t.Errorf("a word of Korean: %v", got)
	}
}

func TestSpelling(t *testing.T) {
	e := setup(t)
	e.paper("Crystallography today", 2020, "text", "Okonkwo")
	for query, want := range map[string]string{
		"cristallography":             "crystallography",
		"okonwko year:2020":           "okonkwo year:2020",
		"“quoted” today":              "",
		"entirely different":          "",
		"tody -x OR crystalography y": "today -x OR crystallography y",
	} {
		if r := e.search(e.Reader, query); r.Suggestion != want {
			t.Errorf("%s: %q, want %q", query, r.Suggestion, want)
		}
	}
}

// What is indexed of a mark is cut into the same words as a page.
func TestTermsInTheDatabase(t *testing.T) {
	e := setup(t)
	for _, text := range []string{
		"Naïve ﬁlter", "cafe\u0301 au lait", "co\u00adoperate", "live-coding, and/or 3.14!", "AI模型v2", "Straße Ελληνικός МОСКВА", "x² ½ №5",
		"모델을 학습", "パリで", "a_b@c.d [e] {f} ~g^h`i", "“quotes” — ‘dash’…", "ภาษาไทย",
	} {
		var want []string
		for _, term := range document.Terms(text) {
			want = append(want, term.Text)
		}
		var got string
		if err := e.Pool.QueryRow(t.Context(), `SELECT search_terms($1)`, text).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if words := strings.Fields(got); !slices.Equal(words, want) {
			t.Errorf("%q: %q, want %q", text, words, want)
		}
	}
}
