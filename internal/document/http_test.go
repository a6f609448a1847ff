package document_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

func TestHTTP(t *testing.T) {
	e := setup(t)
	site := documenttest.Serve(t, func(api *httpapi.API) { document.Mount(api, e.Documents) })
	a := e.Add(t, documenttest.Doc{
		Title: "Attention", Authors: []csl.Name{{Family: "Beethoven", Given: "Ludwig", NonDroppingParticle: "van"}}, Year: 2017,
		Pages: []string{"one two"}, Thumbnail: []byte("x"),
	})
	hash := sha256.Sum256(a.File)
	sha := hex.EncodeToString(hash[:])
	library, doc, edition := "/api/libraries/"+e.LibraryID.String(), "/api/documents/"+a.DocumentID.String(), "/api/editions/"+a.EditionID.String()

	t.Run("a list has all that a row shows", func(t *testing.T) {
		var list document.DocumentList
		site.Do(e.Reader, "GET", library+"/documents?q=attention&state=ready", "").Decode(t, &list)
		if list.Total != 1 || list.NextCursor != nil || len(list.Items) != 1 {
			t.Fatalf("%+v", list)
		}
		d := list.Items[0]
		if d.Title != "Attention" || *d.Year != 2017 || d.Authors[0].Family != "van Beethoven" || d.AddedBy.Name != "editor" || d.DOI != nil {
			t.Errorf("%+v", d)
		}
		if f := d.Edition; f.State != "ready" || *f.SHA256 != sha || !f.Thumbnail || *f.PageCount != 1 || f.Failure != nil || f.Filename != "paper.pdf" {
			t.Errorf("%+v", d.Edition)
		}
	})
	t.Run("null and empty are told apart", func(t *testing.T) {
		queued := e.Upload(t, documenttest.Doc{})
		body := string(site.Do(e.Reader, "GET", "/api/documents/"+queued.DocumentID.String(), "").Body)
		for _, want := range []string{`"authors":[]`, `"year":null`, `"doi":null`, `"sha256":null`, `"failure":null`, `"page_count":null`, `"trashed_at":null`, `"role":"reader"`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s is missing from %s", want, body)
			}
		}
	})
	t.Run("details have claims and CSL", func(t *testing.T) {
		var got struct {
			CSL    map[string]any
			Claims []struct {
				Field, Source string
				Value         json.RawMessage
			}
		}
		site.Do(e.Reader, "GET", doc, "").Decode(t, &got)
		if got.CSL["title"] != "Attention" || len(got.Claims) != 4 || string(got.Claims[0].Value) == "" {
			t.Errorf("%+v", got)
		}
	})
	t.Run("pages and words", func(t *testing.T) {
		if got := string(site.Do(e.Reader, "GET", edition+"/pages", "").Body); strings.TrimSpace(got) !=
			`{"text_version":"test-1","items":[{"number":1,"label":"","box":[0,0,612,792],"rotation":0}],"outline":[],"outline_found":false}` {
			t.Errorf("pages %s", got)
		}
		if got := string(site.Do(e.Reader, "GET", edition+"/pages/1", "").Body); strings.TrimSpace(got) !=
			`{"number":1,"label":"","box":[0,0,612,792],"rotation":0,"text":"one two","words":[`+
				`{"start":0,"end":3,"boxes":[[0,700,18,712]]},{"start":4,"end":7,"boxes":[[24,700,42,712]]}]}` {
			t.Errorf("page %s", got)
		}
	})
	t.Run("a file is found by its hash", func(t *testing.T) {
		var found document.DocumentFile
		site.Do(e.Reader, "GET", library+"/files/"+strings.ToUpper(sha), "").Decode(t, &found)
		if found.DocumentID != a.DocumentID || found.Title != "Attention" || found.Trashed {
			t.Errorf("%+v", found)
		}
	})
	t.Run("rename, trash, restore, purge", func(t *testing.T) {
		var d document.DocumentItem
		site.Do(e.Editor, "PUT", doc+"/fields/title", `{"value":"Attention is all"}`).Decode(t, &d)
		if d.Title != "Attention is all" {
			t.Errorf("renamed: %+v", d)
		}
		if got := site.Do(e.Owner, "DELETE", doc, ""); got.Status != http.StatusConflict || got.Code() != "not_in_trash" {
			t.Errorf("purge outside the trash: %d %s", got.Status, got.Body)
		}
		site.Do(e.Editor, "POST", doc+"/trash", "").Decode(t, &d)
		if d.TrashedAt == nil {
			t.Errorf("trashed: %+v", d)
		}
		var restored document.DocumentItem
		site.Do(e.Editor, "POST", doc+"/restore", "").Decode(t, &restored)
		if restored.TrashedAt != nil {
			t.Errorf("restored: %+v", restored)
		}
		site.Do(e.Editor, "POST", doc+"/trash", "")
		if got := site.Do(e.Owner, "DELETE", doc, ""); got.Status != http.StatusNoContent {
			t.Errorf("purge: %d %s", got.Status, got.Body)
		}
	})
	t.Run("refusals", func(t *testing.T) {
		b := e.Add(t, documenttest.Doc{Pages: []string{"x"}})
		doc := "/api/documents/" + b.DocumentID.String()
		for _, c := range []struct {
			person       identity.Person
			method, path string
			body         string
			status       int
			code         string
		}{
			{identity.Person{}, "GET", doc, "", 401, "signed_out"},
			{e.Stranger, "GET", doc, "", 404, "document_not_found"},
			{e.Owner, "GET", "/api/documents/" + uuid.NewString(), "", 404, "document_not_found"},
			{e.Reader, "POST", doc + "/trash", "", 403, "role_forbids"},
			{e.Editor, "PUT", doc + "/fields/title", `{"value":" "}`, 422, "bad_title"},
			{e.Editor, "PUT", doc + "/fields/title", `{}`, 422, "invalid_request"},
			{e.Editor, "GET", "/api/documents/1", "", 422, "invalid_request"},
			{e.Editor, "GET", "/api/editions/" + b.EditionID.String() + "/pages/2", "", 404, "page_not_found"},
			{e.Editor, "GET", "/api/editions/" + b.EditionID.String() + "/pages/0", "", 422, "invalid_request"},
			{e.Editor, "GET", library + "/documents?sort=size", "", 422, "invalid_request"},
			{e.Editor, "GET", library + "/documents?limit=501", "", 422, "invalid_request"},
			{e.Editor, "GET", library + "/documents?cursor=x", "", 422, "bad_cursor"},
			{e.Stranger, "GET", library + "/documents", "", 404, "library_not_found"},
			{e.Editor, "GET", library + "/files/abc", "", 422, "bad_sha256"},
			{e.Editor, "GET", library + "/files/" + strings.Repeat("0", 64), "", 404, "file_not_found"},
		} {
			if got := site.Do(c.person, c.method, c.path, c.body); got.Status != c.status || got.Code() != c.code {
				t.Errorf("%s %s by %q: %d %s, want %d %s", c.method, c.path, c.person.Name, got.Status, got.Body, c.status, c.code)
			}
		}
	})
}
