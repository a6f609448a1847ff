package app_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// access says for every route who may use it. A route without a row here
// fails the test, and so does a row without a route.
//
// A member whose role is below least gets 403; who is no member gets 404,
// since the library does not exist for them; who is signed out gets 401. Rows
// without a role are for everybody who is signed in, rows with public for all.
var access = []rule{
	{route: "GET /api/openapi.json", public: true, ok: 200},
	{route: "GET /api/openapi.yaml", public: true, ok: 200},
	{route: "GET /api/meta", public: true, ok: 200},
	{route: "POST /api/setup", public: true, ok: 410, body: `{"secret":"x","name":"N","email":"n@example.org","password":"correct horse battery"}`},
	{route: "POST /api/session", public: true, ok: 401, body: `{"email":"n@example.org","password":"wrong wrong wrong"}`},
	{route: "DELETE /api/session", public: true, ok: 204},
	{route: "POST /api/invitations/preview", public: true, ok: 410, body: `{"secret":"x"}`},
	{route: "POST /api/invitations/accept", public: true, ok: 410, body: `{"secret":"x","name":"N","email":"n@example.org","password":"correct horse battery"}`},

	{route: "GET /api/session", ok: 200},
	{route: "GET /api/tokens", ok: 200},
	{route: "POST /api/tokens", ok: 201, body: `{"name":"laptop"}`},
	{route: "DELETE /api/tokens/{token_id}", ok: 404, target: nobody("token_id")},
	{route: "GET /api/libraries", ok: 200},
	{route: "POST /api/libraries", ok: 201, body: `{"name":"Another"}`},
	{route: "GET /api/search", ok: 200, query: "q=manuscripts"},
	{route: "POST /api/unsubscribe", public: true, ok: 404, body: `{"token":"x"}`},
	{route: "POST /api/unsubscribe/{token}", public: true, ok: 404, target: nobody("token")},
	{route: "GET /api/unsubscribe/{token}", public: true, ok: 303, target: nobody("token")},
	{route: "GET /api/notifications", ok: 200},
	{route: "POST /api/notifications/read", ok: 200, body: `{"all":true}`},
	{route: "GET /api/notifications/settings", ok: 200},
	{route: "PUT /api/notifications/settings", ok: 200, body: `{"email":"daily"}`},
	{route: "GET /api/outbox", operator: true, ok: 200},
	{route: "POST /api/outbox/{mail_id}/retry", operator: true, ok: 404, target: nobody("mail_id")},
	{route: "GET /api/live", ok: 400}, // signed in, but no websocket handshake
	{route: "OPTIONS /api/uploads/{$}", public: true, ok: 200},
	{route: "OPTIONS /api/uploads/{id}", public: true, ok: 200, target: nobody("id")},

	{route: "GET /api/libraries/{library_id}", least: library.Reader, ok: 200},
	{route: "PATCH /api/libraries/{library_id}", least: library.Admin, ok: 200, body: `{"name":"Renamed"}`},
	{route: "GET /api/libraries/{library_id}/changes", least: library.Reader, ok: 200},
	{route: "GET /api/libraries/{library_id}/members", least: library.Reader, ok: 200},
	{route: "PATCH /api/libraries/{library_id}/members/{person_id}", least: library.Admin, ok: 204, body: `{"role":"commenter"}`, target: aMember},
	{route: "DELETE /api/libraries/{library_id}/members/{person_id}", least: library.Admin, ok: 204, target: aMember},
	{route: "GET /api/libraries/{library_id}/invitations", least: library.Admin, ok: 200},
	{route: "POST /api/libraries/{library_id}/invitations", least: library.Admin, ok: 201, body: `{"role":"reader"}`},
	{route: "DELETE /api/libraries/{library_id}/invitations/{invitation_id}", least: library.Admin, ok: 204, target: anInvitation},
	{route: "GET /api/libraries/{library_id}/documents", least: library.Reader, ok: 200},
	{route: "GET /api/libraries/{library_id}/files/{sha256}", least: library.Reader, ok: 404, target: aHash},
	{route: "GET /api/libraries/{library_id}/uploads", least: library.Reader, ok: 200},

	{route: "GET /api/libraries/{library_id}/tags", least: library.Reader, ok: 200},
	{route: "POST /api/libraries/{library_id}/tags", least: library.Editor, ok: 201, send: makeTag},
	{route: "PATCH /api/tags/{tag_id}", least: library.Editor, ok: 200, body: `{"color":"red"}`, target: aTag},
	{route: "DELETE /api/tags/{tag_id}", least: library.Editor, ok: 204, target: aTag},
	{route: "POST /api/tags/{tag_id}/restore", least: library.Editor, ok: 200, target: aTag},
	{route: "POST /api/tags/{tag_id}/documents", least: library.Editor, ok: 200, send: tagADocument},

	{route: "GET /api/libraries/{library_id}/collections", least: library.Reader, ok: 200},
	{route: "POST /api/libraries/{library_id}/collections", least: library.Editor, ok: 201, send: makeCollection},
	{route: "PATCH /api/collections/{collection_id}", least: library.Editor, ok: 200, send: renameACollection},
	{route: "POST /api/collections/{collection_id}/move", least: library.Editor, ok: 200, body: `{}`, target: aCollection},
	{route: "DELETE /api/collections/{collection_id}", least: library.Editor, ok: 204, target: aCollection},
	{route: "POST /api/collections/{collection_id}/restore", least: library.Editor, ok: 200, target: aCollection},
	{route: "POST /api/collections/{collection_id}/documents", least: library.Editor, ok: 200, send: collectADocument},

	// A shared one of the owner's; the cases of one's own are in package savedsearch's tests.
	{route: "GET /api/libraries/{library_id}/saved-searches", least: library.Reader, ok: 200},
	{route: "POST /api/libraries/{library_id}/saved-searches", least: library.Editor, ok: 201, send: shareSearch},
	{route: "PATCH /api/saved-searches/{saved_search_id}", least: library.Admin, ok: 200, body: `{"query":"looms"}`, target: aSavedSearch},
	{route: "DELETE /api/saved-searches/{saved_search_id}", least: library.Admin, ok: 204, target: aSavedSearch},
	{route: "POST /api/saved-searches/{saved_search_id}/restore", least: library.Admin, ok: 200, target: aSavedSearch},
	{route: "PUT /api/saved-searches/{saved_search_id}/notices", least: library.Reader, ok: 200, body: `{"on":true}`, target: aSavedSearch},
	{route: "GET /api/saved-searches/{saved_search_id}/count", least: library.Reader, ok: 200, target: aSavedSearch},
	{route: "GET /api/documents/{document_id}/related", least: library.Reader, ok: 200, target: aDocument},
	{route: "GET /api/citation-styles", ok: 200},
	{route: "POST /api/libraries/{library_id}/citations", least: library.Reader, ok: 200, body: `{"document_ids":["{document_id}"],"style":"apa"}`, target: aDocument},
	{route: "GET /api/libraries/{library_id}/bibliography", least: library.Reader, ok: 200, query: "format=bibtex"},
	{route: "POST /api/libraries/{library_id}/bibliography", least: library.Reader, ok: 200, query: "format=csljson", body: `{"document_ids":["{document_id}"]}`, target: aDocument},

	{route: "GET /api/libraries/{library_id}/citation-settings", least: library.Reader, ok: 200},
	{route: "PUT /api/libraries/{library_id}/citation-settings", least: library.Admin, ok: 200, body: `{"pattern":"[auth][year]"}`},
	{route: "GET /api/citation-keys/example", ok: 200, query: "pattern=[auth]"},
	{route: "GET /api/documents/{document_id}/citation-key", least: library.Reader, ok: 200, target: aDocument},
	{route: "PUT /api/documents/{document_id}/citation-key", least: library.Editor, ok: 200, body: `{"key":""}`, target: aDocument},
	{route: "GET /api/libraries/{library_id}/fields/{field}/completions", least: library.Reader, ok: 200, target: aField},
	{route: "GET /api/libraries/{library_id}/bibliography-addresses", least: library.Reader, ok: 200},
	{route: "POST /api/libraries/{library_id}/bibliography-addresses", least: library.Reader, ok: 201, body: `{}`},
	{route: "DELETE /api/bibliography-addresses/{address_id}", ok: 404, target: nobody("address_id")},
	{route: "GET /bib/{file}", public: true, ok: 410, target: func(*testing.T, *world) map[string]string { return map[string]string{"file": "x.bib"} }},

	{route: "GET /api/libraries/{library_id}/links", least: library.Editor, ok: 200},
	{route: "GET /api/documents/{document_id}/links", least: library.Editor, ok: 200, target: aDocument},
	{route: "POST /api/documents/{document_id}/links", least: library.Editor, ok: 201, body: `{"access":"comment"}`, target: aDocument},
	{route: "GET /api/collections/{collection_id}/links", least: library.Editor, ok: 200, target: aCollection},
	{route: "POST /api/collections/{collection_id}/links", least: library.Editor, ok: 201, body: `{"access":"read"}`, target: aCollection},
	{route: "DELETE /api/links/{link_id}", least: library.Admin, ok: 204, target: aLink}, // or who made it
	{route: "POST /api/links/open", public: true, ok: 410, body: `{"secret":"x"}`},
	// What is for guests alone; see TestGuestsByEndpoints for what is for them too.
	{route: "GET /api/visit", ok: 404},
	{route: "POST /api/visit/name", ok: 404, body: `{"name":"Mallory"}`},

	{route: "GET /api/documents/{document_id}", least: library.Reader, ok: 200, target: aDocument},
	{route: "PUT /api/documents/{document_id}/fields/{field}", least: library.Editor, ok: 200, body: `{"value":"Better"}`, target: aDocument},
	{route: "DELETE /api/documents/{document_id}/fields/{field}", least: library.Editor, ok: 200, target: aDocument},
	{route: "POST /api/documents/{document_id}/trash", least: library.Editor, ok: 200, target: aDocument},
	{route: "POST /api/documents/{document_id}/restore", least: library.Editor, ok: 200, target: aTrashedDocument},
	{route: "POST /api/documents/{document_id}/merge", least: library.Editor, ok: 422, body: `{"document_ids":["{document_id}"]}`, target: aDocument}, // into itself
	{route: "GET /api/libraries/{library_id}/duplicates", least: library.Reader, ok: 200},
	{route: "POST /api/libraries/{library_id}/duplicates/apart", least: library.Editor, ok: 204, body: `{"document_ids":["{document_id}","{document_id}"],"apart":true}`, target: aDocument},
	{route: "DELETE /api/documents/{document_id}", least: library.Admin, ok: 204, target: aTrashedDocument},
	{route: "GET /api/documents/{document_id}/annotations/export", least: library.Reader, ok: 409, query: "format=pdf", target: aDocument}, // not parsed yet
	// What may be brought in depends on what it is; private marks anybody may make.
	{route: "POST /api/documents/{document_id}/annotations/import", least: library.Reader, ok: 409, body: `{"items":[]}`, target: aDocument},
	{route: "GET /api/documents/{document_id}/editions", least: library.Reader, ok: 200, target: aDocument},
	{route: "POST /api/editions/{edition_id}/prefer", least: library.Editor, ok: 200, target: aDocument},
	{route: "PUT /api/editions/{edition_id}/kind", least: library.Editor, ok: 200, body: `{"kind":"preprint"}`, target: aDocument},
	{route: "GET /api/documents/{document_id}/presence", least: library.Reader, ok: 200, target: aDocument},
	{route: "GET /api/documents/{document_id}/position", least: library.Reader, ok: 200, target: aDocument},
	{route: "PUT /api/documents/{document_id}/position", least: library.Reader, ok: 200, target: aDocument, body: `{"edition_id":"{edition_id}","page":1,"x":0,"y":700,"at":"2026-03-01T12:00:00Z"}`},
	{route: "GET /api/documents/{document_id}/watch", least: library.Reader, ok: 200, target: aDocument},
	{route: "PUT /api/documents/{document_id}/watch", least: library.Reader, ok: 200, body: `{"state":"muted"}`, target: aDocument},
	{route: "DELETE /api/documents/{document_id}/watch", least: library.Reader, ok: 204, target: aDocument},
	{route: "GET /api/documents/{document_id}/activity", least: library.Reader, ok: 200, target: aDocument},
	{route: "GET /api/libraries/{library_id}/activity", least: library.Reader, ok: 200},
	{route: "GET /api/editions/{edition_id}/pages", least: library.Reader, ok: 409, target: aDocument}, // not parsed yet
	{route: "GET /api/editions/{edition_id}/pages/{number}", least: library.Reader, ok: 409, target: aDocument},
	{route: "GET /api/editions/{edition_id}/references", least: library.Reader, ok: 409, target: aDocument},
	{route: "GET /api/editions/{edition_id}/file", least: library.Reader, ok: 200, target: aDocument},
	{route: "HEAD /api/editions/{edition_id}/file", least: library.Reader, ok: 200, target: aDocument},
	{route: "GET /api/editions/{edition_id}/thumbnail", least: library.Reader, ok: 404, target: aDocument},
	{route: "POST /api/editions/{edition_id}/retry", least: library.Editor, ok: 409, target: aDocument}, // it has not failed
	{route: "POST /api/editions/{edition_id}/password", least: library.Editor, ok: 409, body: `{"password":"x"}`, target: aDocument},

	// A private mark may be made by every reader; the cases of each mark and
	// reply are in package annotation's own tests.
	{route: "GET /api/documents/{document_id}/annotations", least: library.Reader, ok: 200, target: aDocument},
	{route: "GET /api/documents/{document_id}/deleted-annotations", least: library.Reader, ok: 200, target: aDocument},
	{route: "POST /api/documents/{document_id}/annotations", least: library.Commenter, ok: 201, send: makeMark},
	{route: "GET /api/annotations/{annotation_id}", least: library.Reader, ok: 200, target: aMark},
	{route: "PATCH /api/annotations/{annotation_id}", least: library.Owner, ok: 200, body: `{"revision":1,"body":"Better"}`, target: aMark}, // its author alone
	{route: "DELETE /api/annotations/{annotation_id}", least: library.Admin, ok: 204, target: aMark},
	{route: "POST /api/annotations/{annotation_id}/restore", least: library.Owner, ok: 200, target: aDeletedMark}, // who deleted it alone
	{route: "POST /api/annotations/{annotation_id}/resolve", least: library.Commenter, ok: 200, target: aMark},
	{route: "POST /api/annotations/{annotation_id}/reopen", least: library.Commenter, ok: 200, target: aMark},
	{route: "PUT /api/annotations/{annotation_id}/assignee", least: library.Commenter, ok: 200, body: `{"person_id":null}`, target: aMark},
	{route: "POST /api/annotations/{annotation_id}/position", least: library.Commenter, ok: 200, body: `{}`, target: aMark},
	{route: "GET /api/annotations/{annotation_id}/history", least: library.Reader, ok: 200, target: aMark},
	{route: "POST /api/annotations/{annotation_id}/replies", least: library.Commenter, ok: 201, send: makeReply},
	{route: "PUT /api/annotations/{annotation_id}/reactions/{emoji}", least: library.Commenter, ok: 200, target: aMark},
	{route: "DELETE /api/annotations/{annotation_id}/reactions/{emoji}", least: library.Commenter, ok: 200, target: aMark},
	{route: "PATCH /api/replies/{reply_id}", least: library.Owner, ok: 200, body: `{"revision":1,"body":"Better"}`, target: aReply},
	{route: "DELETE /api/replies/{reply_id}", least: library.Admin, ok: 204, target: aReply},
	{route: "POST /api/replies/{reply_id}/restore", least: library.Owner, ok: 200, target: aDeletedReply},
	{route: "PUT /api/replies/{reply_id}/reactions/{emoji}", least: library.Commenter, ok: 200, target: aReply},
	{route: "DELETE /api/replies/{reply_id}/reactions/{emoji}", least: library.Commenter, ok: 200, target: aReply},
	{route: "GET /api/libraries/{library_id}/annotation-settings", least: library.Reader, ok: 200},
	{route: "PUT /api/libraries/{library_id}/annotation-settings", least: library.Admin, ok: 200, body: `{"default_private":false,"meanings":` +
		`{"key":{"name":null},"method":{"name":null},"question":{"name":null},"disagree":{"name":null},"quote":{"name":null}}}`},

	{route: "POST /api/libraries/{library_id}/gather", least: library.Editor, ok: 200, body: `{"items":[{"document_id":"{document_id}","path":"Papers/Bees"}]}`, target: aDocument},
	{route: "POST /api/libraries/{library_id}/imports", least: library.Editor, ok: 201, body: "@book{k, title = {A title}}"},
	{route: "GET /api/libraries/{library_id}/imports", least: library.Reader, ok: 200},
	// An import exists for the person who began it alone.
	{route: "GET /api/imports/{import_id}", mine: true, ok: 200, send: withImport(http.MethodGet, "")},
	{route: "POST /api/imports/{import_id}/run", mine: true, ok: 409, send: withImport(http.MethodPost, "/run")},   // not checked yet
	{route: "POST /api/imports/{import_id}/undo", mine: true, ok: 409, send: withImport(http.MethodPost, "/undo")}, // not done yet
	{route: "DELETE /api/imports/{import_id}", mine: true, ok: 204, send: withImport(http.MethodDelete, "")},

	{route: "POST /api/libraries/{library_id}/archives", least: library.Reader, ok: 201, body: `{}`},
	{route: "GET /api/libraries/{library_id}/archives", least: library.Reader, ok: 200},
	// An archive exists for the person who takes it out alone.
	{route: "GET /api/archives/{archive_id}", mine: true, ok: 200, send: withArchive(http.MethodGet, "")},
	{route: "GET /api/archives/{archive_id}/file", mine: true, ok: 409, send: withArchive(http.MethodGet, "/file")}, // not prepared yet
	{route: "HEAD /api/archives/{archive_id}/file", mine: true, ok: 409, send: withArchive(http.MethodHead, "/file")},
	{route: "DELETE /api/archives/{archive_id}", mine: true, ok: 204, send: withArchive(http.MethodDelete, "")},
	// To copy is to read here, and to add where it goes: to a library of one's own.
	{route: "POST /api/libraries/{library_id}/relocations", least: library.Reader, ok: 201, send: copyAway},
	{route: "GET /api/relocations/{relocation_id}", mine: true, ok: 200, send: withRelocation(http.MethodGet, "")},
	{route: "POST /api/relocations/{relocation_id}/undo", mine: true, ok: 409, send: withRelocation(http.MethodPost, "/undo")}, // not done yet

	{route: "POST /api/uploads/{$}", least: library.Editor, ok: 201, send: createUpload},
	// An upload exists for the person who began it alone.
	{route: "HEAD /api/uploads/{id}", mine: true, ok: 200, send: withUpload(http.MethodHead, nil)},
	{route: "PATCH /api/uploads/{id}", mine: true, ok: 204, send: withUpload(http.MethodPatch, samplePDF)},
	{route: "DELETE /api/uploads/{id}", mine: true, ok: 204, send: withUpload(http.MethodDelete, nil)},
}

// absent are the codes with which something is said not to be there at all.
var absent = []string{"library_not_found", "document_not_found", "tag_not_found", "collection_not_found", "saved_search_not_found", "edition_not_found", "annotation_not_found", "reply_not_found", "upload_not_found", "upload_gone", "import_not_found", "link_not_found", "relocation_not_found", "archive_not_found"}

type rule struct {
	route  string
	public bool
	mine   bool // only for who made the object
	// operator rows are for who runs the server alone; here that is the owner,
	// whose account is the first.
	operator bool
	least    library.Role // the lowest role that may
	ok       int          // what somebody who may gets
	query    string
	body     string
	target   func(t *testing.T, w *world) map[string]string
	send     func(t *testing.T, w *world, who string) *http.Response
}

var samplePDF = extracttest.PDF("A sample about manuscripts.")

func nobody(param string) func(*testing.T, *world) map[string]string {
	return func(*testing.T, *world) map[string]string { return map[string]string{param: uuid.NewString()} }
}

func aField(*testing.T, *world) map[string]string { return map[string]string{"field": "publisher"} }

func aHash(*testing.T, *world) map[string]string {
	return map[string]string{"sha256": strings.Repeat("ab", 32)}
}

// aMember is somebody who was just invited and can be changed or removed.
func aMember(t *testing.T, w *world) map[string]string {
	t.Helper()
	p := w.person(t, "guest"+uuid.NewString()[:8])
	_, secret, err := w.app.Libraries.Invite(t.Context(), w.people["owner"], w.libraryID, library.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.app.Libraries.Accept(t.Context(), p, secret); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"person_id": p.ID.String()}
}

func anInvitation(t *testing.T, w *world) map[string]string {
	t.Helper()
	inv, _, err := w.app.Libraries.Invite(t.Context(), w.people["owner"], w.libraryID, library.Reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"invitation_id": inv.ID.String()}
}

// aDocument is a file that the owner uploaded and that waits to be parsed.
func aDocument(t *testing.T, w *world) map[string]string {
	t.Helper()
	res := createUpload(t, w, "owner")
	if res.StatusCode != http.StatusCreated {
		t.Fatalf("upload: %d", res.StatusCode)
	}
	return map[string]string{
		"document_id": res.Header.Get("Scrollkeeper-Document"), "edition_id": res.Header.Get("Scrollkeeper-Edition"), "number": "1",
		"field": "title",
	}
}

func makeTag(t *testing.T, w *world, who string) *http.Response {
	t.Helper()
	return w.do(t, who, http.MethodPost, "/api/libraries/"+w.libraryID.String()+"/tags", fmt.Sprintf(`{"name":%q}`, uuid.NewString()),
		map[string]string{"Content-Type": "application/json"})
}

// aTag is one of the owner's.
func aTag(t *testing.T, w *world) map[string]string {
	t.Helper()
	res := makeTag(t, w, "owner")
	var made struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("make a tag: %d, %v", res.StatusCode, err)
	}
	return map[string]string{"tag_id": made.ID}
}

func tagADocument(t *testing.T, w *world, who string) *http.Response {
	t.Helper()
	return w.do(t, who, http.MethodPost, "/api/tags/"+aTag(t, w)["tag_id"]+"/documents",
		fmt.Sprintf(`{"add":[%q]}`, aDocument(t, w)["document_id"]), map[string]string{"Content-Type": "application/json"})
}

func shareSearch(t *testing.T, w *world, who string) *http.Response {
	t.Helper()
	return w.do(t, who, http.MethodPost, "/api/libraries/"+w.libraryID.String()+"/saved-searches",
		fmt.Sprintf(`{"name":%q,"query":"manuscripts","shared":true}`, uuid.NewString()), map[string]string{"Content-Type": "application/json"})
}

// aSavedSearch is one that the owner shares.
func aSavedSearch(t *testing.T, w *world) map[string]string {
	t.Helper()
	res := shareSearch(t, w, "owner")
	var made struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("share a search: %d, %v", res.StatusCode, err)
	}
	return map[string]string{"saved_search_id": made.ID}
}

func makeCollection(t *testing.T, w *world, who string) *http.Response {
	t.Helper()
	return w.do(t, who, http.MethodPost, "/api/libraries/"+w.libraryID.String()+"/collections", fmt.Sprintf(`{"name":%q}`, uuid.NewString()),
		map[string]string{"Content-Type": "application/json"})
}

// aCollection is one of the owner's.
func aCollection(t *testing.T, w *world) map[string]string {
	t.Helper()
	res := makeCollection(t, w, "owner")
	var made struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("make a collection: %d, %v", res.StatusCode, err)
	}
	return map[string]string{"collection_id": made.ID}
}

func renameACollection(t *testing.T, w *world, who string) *http.Response {
	t.Helper()
	return w.do(t, who, http.MethodPatch, "/api/collections/"+aCollection(t, w)["collection_id"],
		fmt.Sprintf(`{"name":%q}`, uuid.NewString()), map[string]string{"Content-Type": "application/json"})
}

func collectADocument(t *testing.T, w *world, who string) *http.Response {
	t.Helper()
	return w.do(t, who, http.MethodPost, "/api/collections/"+aCollection(t, w)["collection_id"]+"/documents",
		fmt.Sprintf(`{"add":[%q]}`, aDocument(t, w)["document_id"]), map[string]string{"Content-Type": "application/json"})
}

// postMark has somebody draw a box on a document that waits to be parsed, and
// whose file was checked.
func postMark(t *testing.T, w *world, who string, d map[string]string) *http.Response {
	t.Helper()
	if _, err := w.app.Pool().Exec(t.Context(), `UPDATE editions SET sha256 = sha256(id::text::bytea) WHERE id = $1`, d["edition_id"]); err != nil {
		t.Fatal(err)
	}
	return w.do(t, who, http.MethodPost, "/api/documents/"+d["document_id"]+"/annotations", fmt.Sprintf(
		`{"id":%q,"edition_id":%q,"kind":"area","meaning":"key","private":false,"parts":[{"page":1,"rect":[10,10,50,50]}]}`,
		uuid.NewString(), d["edition_id"]), map[string]string{"Content-Type": "application/json"})
}

func makeMark(t *testing.T, w *world, who string) *http.Response {
	t.Helper()
	return postMark(t, w, who, aDocument(t, w))
}

// aMark is one of the owner's.
func aMark(t *testing.T, w *world) map[string]string {
	t.Helper()
	res := postMark(t, w, "owner", aDocument(t, w))
	var made struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("make a mark: %d, %v", res.StatusCode, err)
	}
	return map[string]string{"annotation_id": made.ID, "emoji": "👍"}
}

func aDeletedMark(t *testing.T, w *world) map[string]string {
	t.Helper()
	m := aMark(t, w)
	if res := w.do(t, "owner", http.MethodDelete, "/api/annotations/"+m["annotation_id"], "", nil); res.StatusCode != http.StatusNoContent {
		t.Fatalf("delete a mark: %d", res.StatusCode)
	}
	return m
}

func postReply(t *testing.T, w *world, who, markID, replyID string) *http.Response {
	t.Helper()
	return w.do(t, who, http.MethodPost, "/api/annotations/"+markID+"/replies", fmt.Sprintf(`{"id":%q,"body":"Why?"}`, replyID),
		map[string]string{"Content-Type": "application/json"})
}

func makeReply(t *testing.T, w *world, who string) *http.Response {
	t.Helper()
	return postReply(t, w, who, aMark(t, w)["annotation_id"], uuid.NewString())
}

// aReply is one of the owner's to a mark of the owner's.
func aReply(t *testing.T, w *world) map[string]string {
	t.Helper()
	id := uuid.NewString()
	if res := postReply(t, w, "owner", aMark(t, w)["annotation_id"], id); res.StatusCode != http.StatusCreated {
		t.Fatalf("reply: %d", res.StatusCode)
	}
	return map[string]string{"reply_id": id, "emoji": "👍"}
}

func aDeletedReply(t *testing.T, w *world) map[string]string {
	t.Helper()
	r := aReply(t, w)
	if res := w.do(t, "owner", http.MethodDelete, "/api/replies/"+r["reply_id"], "", nil); res.StatusCode != http.StatusNoContent {
		t.Fatalf("delete a reply: %d", res.StatusCode)
	}
	return r
}

func aTrashedDocument(t *testing.T, w *world) map[string]string {
	t.Helper()
	d := aDocument(t, w)
	if res := w.do(t, "owner", http.MethodPost, "/api/documents/"+d["document_id"]+"/trash", "", nil); res.StatusCode != http.StatusOK {
		t.Fatalf("trash: %d", res.StatusCode)
	}
	return d
}

func uploadHeader(w *world, length int) map[string]string {
	enc := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	return map[string]string{
		"Tus-Resumable": "1.0.0", "Upload-Length": strconv.Itoa(length), "Content-Type": "application/offset+octet-stream",
		"Upload-Metadata": "filename " + enc("sample.pdf") + ",library_id " + enc(w.libraryID.String()),
	}
}

func createUpload(t *testing.T, w *world, who string) *http.Response {
	t.Helper()
	return w.do(t, who, http.MethodPost, "/api/uploads/", string(samplePDF), uploadHeader(w, len(samplePDF)))
}

func withImport(method, path string) func(*testing.T, *world, string) *http.Response {
	return func(t *testing.T, w *world, who string) *http.Response {
		t.Helper()
		res := w.do(t, "editor", http.MethodPost, "/api/libraries/"+w.libraryID.String()+"/imports?filename=works.bib", "@book{k, title = {A title}}", nil)
		var begun struct{ ID string }
		if err := json.NewDecoder(res.Body).Decode(&begun); err != nil || res.StatusCode != http.StatusCreated {
			t.Fatalf("begin import: %d, %v", res.StatusCode, err)
		}
		return w.do(t, who, method, "/api/imports/"+begun.ID+path, "", nil)
	}
}

func withArchive(method, path string) func(*testing.T, *world, string) *http.Response {
	return func(t *testing.T, w *world, who string) *http.Response {
		t.Helper()
		res := w.do(t, "editor", http.MethodPost, "/api/libraries/"+w.libraryID.String()+"/archives", `{}`, map[string]string{"Content-Type": "application/json"})
		var begun struct{ ID string }
		if err := json.NewDecoder(res.Body).Decode(&begun); err != nil || res.StatusCode != http.StatusCreated {
			t.Fatalf("begin archive: %d, %v", res.StatusCode, err)
		}
		return w.do(t, who, method, "/api/archives/"+begun.ID+path, "", nil)
	}
}

// copyAway copies a document to a library of actor's own.
func copyAway(t *testing.T, w *world, actor string) *http.Response {
	t.Helper()
	var libraries struct {
		Items []struct{ ID, Kind string }
	}
	_ = json.NewDecoder(w.do(t, actor, http.MethodGet, "/api/libraries", "", nil).Body).Decode(&libraries)
	to := uuid.NewString() // who is signed out has none
	for _, l := range libraries.Items {
		if l.Kind == "personal" {
			to = l.ID
		}
	}
	body := fmt.Sprintf(`{"kind":"copy","to_library_id":%q,"document_ids":[%q],"with_marks":true,"with_tags":true}`, to, aDocument(t, w)["document_id"])
	return w.do(t, actor, http.MethodPost, "/api/libraries/"+w.libraryID.String()+"/relocations", body, map[string]string{"Content-Type": "application/json"})
}

func withRelocation(method, path string) func(*testing.T, *world, string) *http.Response {
	return func(t *testing.T, w *world, who string) *http.Response {
		t.Helper()
		res := copyAway(t, w, "editor")
		var begun struct{ ID string }
		if err := json.NewDecoder(res.Body).Decode(&begun); err != nil || res.StatusCode != http.StatusCreated {
			t.Fatalf("begin copying: %d, %v", res.StatusCode, err)
		}
		return w.do(t, who, method, "/api/relocations/"+begun.ID+path, "", nil)
	}
}

func withUpload(method string, body []byte) func(*testing.T, *world, string) *http.Response {
	return func(t *testing.T, w *world, who string) *http.Response {
		t.Helper()
		h := uploadHeader(w, len(samplePDF))
		res := w.do(t, "editor", http.MethodPost, "/api/uploads/", "", h)
		if res.StatusCode != http.StatusCreated {
			t.Fatalf("begin upload: %d", res.StatusCode)
		}
		path := res.Header.Get("Location")
		path = path[strings.Index(path, "/api/"):]
		return w.do(t, who, method, path, string(body), map[string]string{
			"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream",
		})
	}
}

var (
	roles  = []library.Role{library.Reader, library.Commenter, library.Editor, library.Admin, library.Owner}
	actors = []string{"reader", "commenter", "editor", "admin", "owner", "stranger", "signed out", "revoked"}
)

// want is the status that actor should get, and whether a 404 must say that
// the thing is not there at all.
func (r rule) want(actor string) (status int, hidden bool) {
	switch {
	case r.public:
		// A revoked token is refused even here: a program sent it on purpose.
		if actor == "revoked" {
			return http.StatusUnauthorized, false
		}
		return r.ok, false
	case actor == "signed out", actor == "revoked":
		return http.StatusUnauthorized, false
	case r.operator:
		if actor == "owner" {
			return r.ok, false
		}
		return http.StatusForbidden, false
	case r.mine:
		if actor == "editor" {
			return r.ok, false
		}
		return http.StatusNotFound, true
	case r.least == "":
		return r.ok, false
	case actor == "stranger":
		return http.StatusNotFound, true
	case slices.Index(roles, library.Role(actor)) < slices.Index(roles, r.least):
		return http.StatusForbidden, false
	default:
		return r.ok, false
	}
}

func TestRolesByEndpoints(t *testing.T) {
	w := newWorld(t)
	table := map[string]rule{}
	for _, r := range access {
		table[r.route] = r
	}
	for _, route := range w.app.Routes() {
		name := route.Method + " " + route.Path
		r, ok := table[name]
		if !ok {
			t.Errorf("%s has no row in the table: say who may use it", name)
			continue
		}
		delete(table, name)
		if (route.Access == httpapi.Public) != r.public || (route.Access == httpapi.Guests) != (forGuests[name] != nil) {
			t.Errorf("%s is registered as %s", name, route.Access)
		}
		for _, actor := range actors {
			t.Run(name+" as "+actor, func(t *testing.T) {
				res := r.call(t, w, actor)
				status, hidden := r.want(actor)
				body, _ := io.ReadAll(res.Body)
				if res.StatusCode != status {
					t.Fatalf("got %d, want %d: %.300s", res.StatusCode, status, body)
				}
				var p struct{ Code string }
				_ = json.Unmarshal(body, &p)
				if hidden && route.Method != http.MethodHead && !slices.Contains(absent, p.Code) {
					t.Errorf("the 404 says %q, want one of %v", p.Code, absent)
				}
				if status >= 400 && route.Method != http.MethodHead && p.Code == "" && name != "GET /api/live" {
					t.Errorf("%d without a problem: %.200s", status, body)
				}
			})
		}
	}
	for name := range table {
		t.Errorf("%s is in the table, but there is no such route", name)
	}
}

func (r rule) call(t *testing.T, w *world, actor string) *http.Response {
	t.Helper()
	if r.send != nil {
		return r.send(t, w, actor)
	}
	method, path, _ := strings.Cut(r.route, " ")
	params := map[string]string{"library_id": w.libraryID.String()}
	if r.target != nil {
		maps.Copy(params, r.target(t, w))
	}
	path, body := strings.TrimSuffix(path, "{$}"), r.body
	for k, v := range params {
		path, body = strings.ReplaceAll(path, "{"+k+"}", v), strings.ReplaceAll(body, "{"+k+"}", v)
	}
	if r.query != "" {
		path += "?" + r.query
	}
	var header map[string]string
	if r.body != "" {
		header = map[string]string{"Content-Type": "application/json"}
	}
	return w.do(t, actor, method, path, body, header)
}

// do sends a request as actor, whose API token proves them.
func (w *world) do(t *testing.T, actor, method, path, body string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, bytes.NewReader([]byte(body)))
	for k, v := range header {
		r.Header.Set(k, v)
	}
	if token := w.tokens[actor]; token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	rec := httptest.NewRecorder()
	w.app.Handler().ServeHTTP(rec, r)
	res := rec.Result()
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// person makes an account without the cost of a password.
func (w *world) person(t *testing.T, name string) identity.Person {
	t.Helper()
	p, err := w.app.People.CreatePerson(t.Context(), identity.NewPerson{
		Name: name, Email: fmt.Sprintf("%s@example.org", strings.ReplaceAll(name, " ", "-")), Password: "correct horse battery",
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
