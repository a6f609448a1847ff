package document_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

func correction(field, value string) document.Correction {
	return document.Correction{Field: field, Value: json.RawMessage(value)}
}

// claim is what a source says about a field; its Field is empty when it says nothing.
func claim(d document.Detail, field string, source csl.Source) document.Claim {
	for _, c := range d.Claims {
		if c.Field == field && c.Source == source {
			return c
		}
	}
	return document.Claim{}
}

func TestACorrectionWinsAndCanBeTakenBack(t *testing.T) {
	e := setup(t)
	paper := documenttest.Doc{Title: "As read", Authors: []csl.Name{{Family: "Read"}}, Year: 2017, Pages: []string{"x"}}
	a := e.Add(t, paper)
	d, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, correction("author", `[{"family":" Love lace ","given":"Ada"},{"literal":"The Group"}]`))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.CSL.Author; len(got) != 2 || got[0].Family != "Love lace" || got[1].Literal != "The Group" || d.Authors[0].Given != "Ada" {
		t.Errorf("authors %+v", got)
	}
	mine, read := claim(d, "author", csl.SourcePerson), claim(d, "author", csl.SourcePage)
	if !mine.Shown || mine.By == nil || mine.By.Name != "editor" || mine.At.IsZero() || read.Shown || read.By != nil || read.Confidence < 0.79 {
		t.Errorf("mine %+v, read %+v", mine, read)
	}
	if !claim(d, "title", csl.SourcePage).Shown || claim(d, "title", csl.SourceFilename).Shown {
		t.Errorf("claims %+v", d.Claims)
	}

	t.Run("a parse again leaves it", func(t *testing.T) {
		attempt, err := e.Documents.BeginReparse(t.Context(), a.EditionID)
		if err != nil {
			t.Fatal(err)
		}
		paper.Authors = []csl.Name{{Family: "Read better"}}
		if err := e.Finish(t, attempt, paper); err != nil {
			t.Fatal(err)
		}
		d, err := e.Documents.Get(t.Context(), e.Reader, a.DocumentID)
		if err != nil || d.CSL.Author[0].Given != "Ada" || claim(d, "author", csl.SourcePerson).Revision != mine.Revision {
			t.Errorf("%+v, %v", d.CSL.Author, err)
		}
	})
	t.Run("taken back, what was read shows", func(t *testing.T) {
		for range 2 { // the second time changes nothing
			d, err := e.Documents.TakeBackField(t.Context(), e.Editor, a.DocumentID, correction("author", ""))
			if err != nil || d.CSL.Author[0].Family != "Read better" || claim(d, "author", csl.SourcePerson).Field != "" {
				t.Errorf("%+v, %v", d.CSL.Author, err)
			}
		}
		ops := operations(t, e, a.DocumentID)
		if got := len(slices.DeleteFunc(ops, func(op string) bool { return op != "changed" })); got != 2 {
			t.Errorf("%d changes were told, want one for each that changed something", got)
		}
	})
	t.Run("a person may say that there is none", func(t *testing.T) {
		d, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, correction("issued", `null`))
		if err != nil || d.CSL.Issued != nil || d.Year != nil || !claim(d, "issued", csl.SourcePerson).Shown {
			t.Errorf("%+v, %v", d.CSL, err)
		}
		if d, err = e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, correction("DOI", `" "`)); err != nil || d.CSL.DOI != "" {
			t.Errorf("%+v, %v", d.CSL, err)
		}
	})
}

func TestTwoCorrectionsAtOnce(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{Title: "As read", Pages: []string{"x"}})
	at := func(title string, revision int64) document.Correction {
		c := documenttest.Title(title)
		c.Revision = &revision
		return c
	}
	first, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, at("First", 0))
	if err != nil {
		t.Fatal(err)
	}
	revision := claim(first, "title", csl.SourcePerson).Revision
	_, err = e.Documents.SetField(t.Context(), e.Admin, a.DocumentID, at("Second, unaware", 0))
	f, ok := fault.As(err)
	if !ok || f.Code != "field_changed" || string(f.Extra["current"].(document.DocumentClaim).Value.(json.RawMessage)) != `"First"` {
		t.Fatalf("%v", err)
	}
	if _, err := e.Documents.SetField(t.Context(), e.Admin, a.DocumentID, correction("volume", `"7"`)); err != nil {
		t.Errorf("another field: %v", err)
	}
	if _, err := e.Documents.SetField(t.Context(), e.Admin, a.DocumentID, at("Second", revision)); err != nil {
		t.Errorf("aware: %v", err)
	}
	stale := at("", revision)
	if _, err := e.Documents.TakeBackField(t.Context(), e.Editor, a.DocumentID, stale); !fault.Is(err, "field_changed") {
		t.Errorf("take back the first: %v", err)
	}
	// One that was taken back and made again is not the former.
	if _, err := e.Documents.TakeBackField(t.Context(), e.Editor, a.DocumentID, correction("title", "")); err != nil {
		t.Fatal(err)
	}
	e.Rename(t, a.DocumentID, "Third")
	if _, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, stale); !fault.Is(err, "bad_title") {
		t.Errorf("an empty title: %v", err)
	}
	if _, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, at("Fourth", revision)); !fault.Is(err, "field_changed") {
		t.Errorf("replace the first: %v", err)
	}
}

func TestWhatAFieldTakes(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{Title: "As read", Pages: []string{"x"}})
	for _, c := range []struct{ field, value, stored string }{
		{"title", `" Two\n lines "`, `"Two lines"`},
		{"DOI", `"https://doi.org/10.1000/ABC.1"`, `"10.1000/abc.1"`},
		{"DOI", `"doi: 10.1000/x"`, `"10.1000/x"`},
		{"URL", `"https://example.org/a?b=c"`, `"https://example.org/a?b=c"`},
		{"issued", `{"date-parts":[[2020,2,29]]}`, `{"date-parts": [[2020, 2, 29]]}`},
		{"issued", `{"date-parts":[["1999"]]}`, `{"date-parts": [[1999]]}`},
		{"type", `"book"`, `"book"`},
		{"abstract", `"One.\r\n\r\nTwo."`, `"One.\n\nTwo."`},
		{"volume", `"s2-42"`, `"s2-42"`},
		{"author", `[]`, `null`},
		{"issued", `{"date-parts":[[2019,3]],"raw":" March  2019 "}`, `{"raw": "March 2019", "date-parts": [[2019, 3]]}`},
		{"issued", `{"date-parts":[[2019]],"season":2,"circa":true}`, `{"circa": true, "season": "2", "date-parts": [[2019]]}`},
		{"issued", `{"literal":"in press","raw":"in press"}`, `{"literal": "in press"}`},
		{"event-place", `"Kyōto"`, `"Kyōto"`},
		{"illustrator", `[{"literal":"The Studio"}]`, `[{"literal": "The Studio"}]`},
		{"original-date", `{"date-parts":[[1843]]}`, `{"date-parts": [[1843]]}`},
		{"keyword", `"  "`, `null`},
	} {
		d, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, correction(c.field, c.value))
		if got := string(claim(d, c.field, csl.SourcePerson).Value); err != nil || got != c.stored {
			t.Errorf("%s %s: %s, %v; want %s", c.field, c.value, got, err, c.stored)
		}
	}
	for _, c := range []struct{ field, value, code string }{
		{"title", `null`, "bad_title"},
		{"title", `7`, "bad_value"},
		{"title", `["a"]`, "bad_value"},
		{"title", `"a\u0000b"`, "bad_title"},
		{"title", `"` + strings.Repeat("a", 1<<20) + `"`, "bad_title"},
		{"volume", `"a\u0007b"`, "bad_value"},
		{"volume", `{"a":1}`, "bad_value"},
		{"abstract", `"a\u0000b"`, "bad_value"},
		{"abstract", `"` + strings.Repeat("ü", 20_001) + `"`, "bad_value"},
		{"author", `"Ada"`, "bad_value"},
		{"author", `[{"family":""}]`, "bad_value"},
		{"author", `[{"family":"a\u0000"}]`, "bad_value"},
		{"author", `[{"family":"Ada","admin":true}]`, "bad_value"},
		{"author", `[` + strings.Repeat(`{"family":"a"},`, 5000) + `{"family":"a"}]`, "bad_value"},
		{"author", `[{"family":"` + strings.Repeat("a", 501) + `"}]`, "bad_value"},
		{"issued", `{}`, "bad_value"},
		{"issued", `{"date-parts":[[2019,2,29]]}`, "bad_value"},
		{"issued", `{"date-parts":[[2019,13]]}`, "bad_value"},
		{"issued", `{"date-parts":[[0]]}`, "bad_value"},
		{"issued", `{"date-parts":[[1],[2],[3]]}`, "bad_value"},
		{"issued", `"2019"`, "bad_value"},
		{"issued", `{"literal":" "}`, "bad_value"},
		{"issued", `{"literal":"a\u0007b"}`, "bad_value"},
		{"issued", `{"date-parts":[[2019]],"season":"5"}`, "bad_value"},
		{"DOI", `"11.1/x"`, "bad_value"},
		{"DOI", `"10.1000/a b"`, "bad_value"},
		{"URL", `"javascript:alert(1)"`, "bad_value"},
		{"URL", `"/relative"`, "bad_value"},
		{"type", `"novel"`, "bad_value"},
		{"type", `null`, "bad_value"},
		{"id", `"x"`, "unknown_field"},
		{"", `"x"`, "unknown_field"},
		{"colour", `"x"`, "unknown_field"},
		{"csl'; DROP TABLE documents; --", `"x"`, "unknown_field"},
	} {
		_, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, correction(c.field, c.value))
		if !fault.Is(err, c.code) {
			t.Errorf("%s %.60s: %v, want %s", c.field, c.value, err, c.code)
		}
	}
}

func TestEveryVariableOfAWorkCanBeCorrected(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{Title: "As read", Pages: []string{"x"}})
	values := map[csl.Kind]string{csl.KindText: `"7"`, csl.KindNames: `[{"family":"Ada"}]`, csl.KindDate: `{"date-parts":[[2020]]}`}
	special := map[string]string{"type": `"book"`, "DOI": `"10.1000/7"`, "URL": `"https://example.org/"`}
	for _, variable := range csl.Variables() {
		if variable == "id" {
			continue
		}
		value, ok := special[variable]
		if !ok {
			value = values[csl.KindOf(variable)]
		}
		if _, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, correction(variable, value)); err != nil {
			t.Errorf("%s: %v", variable, err)
		}
	}
}

func TestAFieldGoesOnAsOthersHaveIt(t *testing.T) {
	e := setup(t)
	site := documenttest.Serve(t, func(api *httpapi.API) { document.Mount(api, e.Documents) })
	say := func(id uuid.UUID, field, value string) {
		t.Helper()
		if _, err := e.Documents.SetField(t.Context(), e.Editor, id, correction(field, value)); err != nil {
			t.Fatal(err)
		}
	}
	for i, journal := range []string{"Journal of Looms", "Journal of Looms", "Annals of Weaving", "The Jacquard Review", "100% Wool_Journal"} {
		a := e.Add(t, documenttest.Doc{Title: "Paper " + journal, Pages: []string{"x"}})
		say(a.DocumentID, "container-title", `"`+journal+`"`)
		say(a.DocumentID, "keyword", `"weaving, looms of old"`)
		say(a.DocumentID, "author", fmt.Sprintf(`[{"family":"Lovelace","given":"Ada","affiliation":[{"name":"Place %d"}]},{"literal":"Loom Society"}]`, i))
	}
	trashed := e.Add(t, documenttest.Doc{Title: "Gone", Pages: []string{"x"}})
	say(trashed.DocumentID, "container-title", `"Journal of the Lost"`)
	if _, err := e.Documents.Trash(t.Context(), e.Editor, trashed.DocumentID); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ field, prefix, want string }{
		{"container-title", "jour", `[{"value":"Journal of Looms","documents":2}]`},
		{"container-title", "LOOM", `[{"value":"Journal of Looms","documents":2}]`},
		{"container-title", "j", `[{"value":"Journal of Looms","documents":2},{"value":"The Jacquard Review","documents":1}]`},
		{"container-title", "100%", `[{"value":"100% Wool_Journal","documents":1}]`},
		{"container-title", "%", `[]`},
		{"container-title", " ", `[]`},
		{"keyword", "loo", `[{"value":"looms of old","documents":5}]`},
		{"author", "lov", `[{"value":{"family":"Lovelace","given":"Ada"},"documents":5}]`},
		{"author", "loom", `[{"value":{"literal":"Loom Society"},"documents":5}]`},
		{"issued", "19", `[]`},
	} {
		got := site.Do(e.Reader, "GET", "/api/libraries/"+e.LibraryID.String()+"/fields/"+c.field+"/completions?prefix="+url.QueryEscape(c.prefix), "")
		if want := `"items":` + c.want; !strings.Contains(string(got.Body), want) {
			t.Errorf("%s %q: %s, want %s", c.field, c.prefix, got.Body, want)
		}
	}
	if got := site.Do(e.Reader, "GET", "/api/libraries/"+e.LibraryID.String()+"/fields/nonsense/completions?prefix=a", ""); got.Code() != "unknown_field" {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	if got := site.Do(e.Stranger, "GET", "/api/libraries/"+e.LibraryID.String()+"/fields/title/completions?prefix=a", ""); got.Status != http.StatusNotFound {
		t.Errorf("a stranger: %d %s", got.Status, got.Body)
	}
}

func TestFieldsOverHTTP(t *testing.T) {
	e := setup(t)
	site := documenttest.Serve(t, func(api *httpapi.API) { document.Mount(api, e.Documents) })
	a := e.Add(t, documenttest.Doc{Title: "As read", Pages: []string{"x"}})
	field := "/api/documents/" + a.DocumentID.String() + "/fields/"
	var d document.DocumentDetail
	site.Do(e.Editor, "PUT", field+"title", `{"value":"Better","revision":0}`).Decode(t, &d)
	if d.Title != "Better" || d.Claims[0].By.Name != "editor" || !d.Claims[0].Shown || d.Claims[0].Revision == 0 {
		t.Errorf("%+v", d.Claims)
	}
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"PUT", "title", `{"value":"Unaware","revision":0}`, http.StatusConflict, "field_changed"},
		{"PUT", "title", `{"value":"` + strings.Repeat("a", 1<<20) + `"}`, http.StatusRequestEntityTooLarge, ""},
		{"PUT", "title", `{"value":`, http.StatusBadRequest, ""},
		{"PUT", "title", `{"value":"x","revision":"1"}`, http.StatusUnprocessableEntity, "invalid_request"},
		{"PUT", "volume", `{"value":[[[[1]]]]}`, http.StatusUnprocessableEntity, "bad_value"},
		{"PUT", "colour", `{"value":"x"}`, http.StatusNotFound, "unknown_field"},
		{"PUT", "volume", `{"value":null}`, http.StatusOK, ""},
		{"PUT", "author", `{"value":[{"family":"Ada"}]}`, http.StatusOK, ""},
		{"DELETE", "colour", ``, http.StatusNotFound, "unknown_field"},
		{"DELETE", "title?revision=1000000", ``, http.StatusConflict, "field_changed"},
		{"DELETE", "title", ``, http.StatusOK, ""},
	} {
		got := site.Do(e.Editor, c.method, field+c.path, c.body)
		if got.Status != c.status || c.code != "" && got.Code() != c.code {
			t.Errorf("%s %s %.40s: %d %.200s, want %d %s", c.method, c.path, c.body, got.Status, got.Body, c.status, c.code)
		}
	}
	var after document.DocumentDetail
	site.Do(e.Reader, "GET", strings.TrimSuffix(field, "/fields/"), "").Decode(t, &after)
	if after.Title != "As read" {
		t.Errorf("title %q", after.Title)
	}
}
