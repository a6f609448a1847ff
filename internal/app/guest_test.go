package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/realtime/realtimetest"
)

// forGuests says for every route that is for guests what they get who came by a
// link to comment and said a name, by one to read with marks, and by one to read.
// Every other route refuses them all.
var forGuests = map[string]*guestRule{
	"GET /api/visit":       {got: [3]int{200, 200, 200}},
	"POST /api/visit/name": {got: [3]int{200, 403, 403}, body: `{"name":"Grace"}`},
	"GET /api/live":        {got: [3]int{400, 400, 400}}, // let in, but no websocket handshake

	"GET /api/documents/{document_id}":          {got: [3]int{200, 200, 200}},
	"GET /api/documents/{document_id}/presence": {got: [3]int{200, 403, 403}},
	"GET /api/editions/{edition_id}/pages":      {got: [3]int{409, 409, 409}}, // not parsed yet
	"GET /api/editions/{edition_id}/references": {got: [3]int{409, 409, 409}},
	"GET /api/editions/{edition_id}/file":       {got: [3]int{200, 200, 200}},
	"HEAD /api/editions/{edition_id}/file":      {got: [3]int{200, 200, 200}},
	"GET /api/editions/{edition_id}/thumbnail":  {got: [3]int{404, 404, 404}}, // there is none

	"GET /api/documents/{document_id}/annotations":  {got: [3]int{200, 200, 403}},
	"POST /api/documents/{document_id}/annotations": {got: [3]int{201, 403, 403}, body: markBody},
	"GET /api/annotations/{annotation_id}":          {got: [3]int{200, 200, 403}},
	"PATCH /api/annotations/{annotation_id}":        {got: [3]int{403, 403, 403}, body: `{"revision":1,"body":"Mine"}`}, // somebody else's
	"DELETE /api/annotations/{annotation_id}":       {got: [3]int{403, 403, 403}},
	"POST /api/annotations/{annotation_id}/restore": {got: [3]int{200, 200, 403}}, // it is not deleted
	"POST /api/annotations/{annotation_id}/replies": {got: [3]int{201, 403, 403}, body: `{"id":"{fresh}","body":"Why?"}`},
	"PATCH /api/replies/{reply_id}":                 {got: [3]int{403, 403, 403}, body: `{"revision":1,"body":"Mine"}`},
	"DELETE /api/replies/{reply_id}":                {got: [3]int{403, 403, 403}},
	"POST /api/replies/{reply_id}/restore":          {got: [3]int{200, 200, 403}},
	"GET /api/editions/{edition_id}/pages/{number}": {got: [3]int{409, 409, 409}},
}

type guestRule struct {
	got  [3]int
	body string
}

const markBody = `{"id":"{fresh}","edition_id":"{edition_id}","kind":"area","meaning":"key","private":false,"parts":[{"page":1,"rect":[10,10,50,50]}]}`

// guest is a browser in which a link was opened.
type guest struct {
	link   string
	cookie *http.Cookie
}

type linkOptions struct {
	Access    string     `json:"access"`
	Password  string     `json:"password,omitempty"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
}

// share makes a link as somebody, and gives its secret and id.
func (w *world) share(t *testing.T, who, what string, o linkOptions) (secret, id string) {
	t.Helper()
	body, _ := json.Marshal(o)
	res := w.do(t, who, http.MethodPost, what+"/links", string(body), map[string]string{"Content-Type": "application/json"})
	var made struct {
		Path string
		Link struct{ ID string }
	}
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("share: %d, %v", res.StatusCode, err)
	}
	return strings.TrimPrefix(made.Path, "/s/"), made.Link.ID
}

func aLink(t *testing.T, w *world) map[string]string {
	t.Helper()
	_, id := w.share(t, "owner", "/api/documents/"+aDocument(t, w)["document_id"], linkOptions{Access: "read"})
	return map[string]string{"link_id": id}
}

// open opens a link in a new browser.
func (w *world) open(t *testing.T, secret, password string) (guest, *http.Response) {
	t.Helper()
	body := fmt.Sprintf(`{"secret":%q,"password":%q}`, secret, password)
	res := w.do(t, "signed out", http.MethodPost, "/api/links/open", body, map[string]string{"Content-Type": "application/json"})
	var opened struct {
		LinkID string `json:"link_id"`
	}
	_ = json.NewDecoder(res.Body).Decode(&opened)
	g := guest{link: opened.LinkID}
	if cookies := res.Cookies(); len(cookies) > 0 {
		g.cookie = cookies[0]
	}
	return g, res
}

// visitor opens a link and, with one to comment, says a name.
func (w *world) visitor(t *testing.T, secret, access string) guest {
	t.Helper()
	g, res := w.open(t, secret, "")
	if res.StatusCode != http.StatusOK || g.cookie == nil || !g.cookie.HttpOnly {
		t.Fatalf("open: %d, cookie %v", res.StatusCode, g.cookie)
	}
	if access == "comment" {
		if status, body := w.byLink(t, g, http.MethodPost, "/api/visit/name", `{"name":"Grace"}`); status != http.StatusOK || !strings.Contains(body, `"Grace (guest)"`) {
			t.Fatalf("say a name: %d, %s", status, body)
		}
	}
	return g
}

// byLink sends a request as a guest does.
func (w *world) byLink(t *testing.T, g guest, method, path, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, strings.Replace(path, "/api/", "/api/shared/"+g.link+"/", 1), bytes.NewReader([]byte(body)))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if g.cookie != nil {
		r.AddCookie(g.cookie)
	}
	rec := httptest.NewRecorder()
	w.app.Handler().ServeHTTP(rec, r)
	b, _ := io.ReadAll(rec.Result().Body)
	return rec.Code, string(b)
}

func codeOf(body string) string {
	var p struct{ Code string }
	_ = json.Unmarshal([]byte(body), &p)
	return p.Code
}

// shareable is a document of the owner's with a mark and a reply.
func shareable(t *testing.T, w *world) map[string]string {
	t.Helper()
	d := aDocument(t, w)
	res := postMark(t, w, "owner", d)
	var made struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("make a mark: %d, %v", res.StatusCode, err)
	}
	reply := uuid.NewString()
	if res := postReply(t, w, "owner", made.ID, reply); res.StatusCode != http.StatusCreated {
		t.Fatalf("reply: %d", res.StatusCode)
	}
	maps.Copy(d, map[string]string{"annotation_id": made.ID, "reply_id": reply, "library_id": w.libraryID.String()})
	return d
}

// fill puts a document's ids in place of a path's parameters; those that the
// document has nothing for become an id of nothing.
func fill(text string, d map[string]string) string {
	for k, v := range d {
		text = strings.ReplaceAll(text, "{"+k+"}", v)
	}
	text = strings.ReplaceAll(text, "{fresh}", uuid.NewString())
	return strings.ReplaceAll(text, "{$}", "")
}

func fillAll(path string, d map[string]string) string {
	path = fill(path, d)
	for strings.Contains(path, "{") {
		from, to := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:from] + uuid.NewString() + path[to+1:]
	}
	return path
}

// TestGuestsByEndpoints asks every route by links of every kind, and by links
// that are not good, or not for what is asked.
func TestGuestsByEndpoints(t *testing.T) {
	w := newWorld(t)
	shared, other := shareable(t, w), shareable(t, w)
	document := "/api/documents/" + shared["document_id"]
	accesses := []string{"comment", "read-marks", "read"}
	guests := map[string]guest{}
	for _, access := range accesses {
		secret, _ := w.share(t, "editor", document, linkOptions{Access: access})
		guests[access] = w.visitor(t, secret, access)
	}
	revokedSecret, revokedID := w.share(t, "editor", document, linkOptions{Access: "comment"})
	revoked := w.visitor(t, revokedSecret, "comment")
	if res := w.do(t, "editor", http.MethodDelete, "/api/links/"+revokedID, "", nil); res.StatusCode != http.StatusNoContent {
		t.Fatalf("revoke: %d", res.StatusCode)
	}
	expiredSecret, expiredID := w.share(t, "editor", document, linkOptions{Access: "comment"})
	expired := w.visitor(t, expiredSecret, "comment")
	if _, err := w.app.Pool().Exec(t.Context(), `UPDATE share_links SET expires_at = now() - interval '1 second' WHERE id = $1`, expiredID); err != nil {
		t.Fatal(err)
	}
	locked, _ := w.share(t, "editor", document, linkOptions{Access: "comment", Password: "open sesame"})
	lockedGuest, res := w.open(t, locked, "")
	if res.StatusCode != http.StatusUnauthorized || lockedGuest.cookie != nil {
		t.Fatalf("open without the password: %d, %v", res.StatusCode, lockedGuest.cookie)
	}
	unopened := guest{link: guests["comment"].link}
	stolen := guest{link: guests["comment"].link, cookie: &http.Cookie{Name: guests["comment"].cookie.Name, Value: guests["read"].cookie.Value}}
	unnamedSecret, _ := w.share(t, "editor", document, linkOptions{Access: "comment"})
	unnamed, _ := w.open(t, unnamedSecret, "")

	for _, route := range w.app.Routes() {
		name := route.Method + " " + route.Path
		if !strings.HasPrefix(route.Path, "/api/") {
			continue
		}
		rule := forGuests[name]
		t.Run(name, func(t *testing.T) {
			ask := func(g guest, d map[string]string) (int, string) {
				body := ""
				if rule != nil {
					body = fill(rule.body, d)
				}
				return w.byLink(t, g, route.Method, fillAll(route.Path, d), body)
			}
			for i, access := range accesses {
				status, body := ask(guests[access], shared)
				if rule == nil {
					if status != http.StatusForbidden || route.Method != http.MethodHead && codeOf(body) != "link_forbids" {
						t.Errorf("%s: %d %.200s; nothing says that this is for guests", access, status, body)
					}
					continue
				}
				if status != rule.got[i] {
					t.Errorf("%s: got %d, want %d: %.300s", access, status, rule.got[i], body)
				}
			}
			for what, g := range map[string]guest{"revoked": revoked, "expired": expired} {
				if status, body := ask(g, shared); status != http.StatusGone || route.Method != http.MethodHead && codeOf(body) != "link_gone" {
					t.Errorf("%s: %d %.200s", what, status, body)
				}
			}
			for what, g := range map[string]guest{"not opened": unopened, "with another link's cookie": stolen} {
				if status, body := ask(g, shared); status != http.StatusUnauthorized {
					t.Errorf("%s: %d %.200s", what, status, body)
				}
			}
			if rule == nil || !strings.Contains(route.Path, "_id}") {
				return
			}
			// Another document of the same library, even with everything the link allows.
			if status, body := ask(guests["comment"], other); status != http.StatusNotFound || route.Method != http.MethodHead && !slices.Contains(absent, codeOf(body)) {
				t.Errorf("another document: %d %.200s", status, body)
			}
			if rule.got[0] == http.StatusCreated {
				if status, body := ask(unnamed, shared); status != http.StatusForbidden || codeOf(body) != "guest_unnamed" {
					t.Errorf("without a name: %d %.200s", status, body)
				}
			}
		})
	}
	for name := range forGuests {
		if !slices.ContainsFunc(access, func(r rule) bool { return r.route == name }) {
			t.Errorf("%s is for guests, but there is no such route", name)
		}
	}
}

// TestALinkEndsAtOnce: whatever takes the ground from under a link, the next
// request by it is refused.
func TestALinkEndsAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(t *testing.T, w *world, d map[string]string, collection, link string)
		want int // by a link of the document
		code string
		also int // by one of the collection
	}{
		"revoked": {func(t *testing.T, w *world, _ map[string]string, _, link string) {
			t.Helper()
			w.must(t, "admin", http.MethodDelete, "/api/links/"+link, "", 204)
		}, 410, "link_gone", 200},
		"trashed": {func(t *testing.T, w *world, d map[string]string, _, _ string) {
			t.Helper()
			w.must(t, "owner", http.MethodPost, "/api/documents/"+d["document_id"]+"/trash", "", 200)
		}, 410, "link_gone", 404},
		"taken out of the collection": {func(t *testing.T, w *world, d map[string]string, collection, _ string) {
			t.Helper()
			w.must(t, "owner", http.MethodPost, "/api/collections/"+collection+"/documents", fmt.Sprintf(`{"remove":[%q]}`, d["document_id"]), 200)
		}, 200, "", 404},
		"its collection deleted": {func(t *testing.T, w *world, _ map[string]string, collection, _ string) {
			t.Helper()
			w.must(t, "owner", http.MethodDelete, "/api/collections/"+collection, "", 204)
		}, 200, "", 404},
		"its maker made a commenter": {func(t *testing.T, w *world, _ map[string]string, _, _ string) {
			t.Helper()
			w.must(t, "owner", http.MethodPatch, "/api/libraries/"+w.libraryID.String()+"/members/"+w.people["editor"].ID.String(), `{"role":"commenter"}`, 204)
		}, 410, "link_gone", 410},
		"its maker removed": {func(t *testing.T, w *world, _ map[string]string, _, _ string) {
			t.Helper()
			w.must(t, "owner", http.MethodDelete, "/api/libraries/"+w.libraryID.String()+"/members/"+w.people["editor"].ID.String(), "", 204)
		}, 410, "link_gone", 410},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			d := shareable(t, w)
			top := aCollection(t, w)["collection_id"]
			res := w.do(t, "owner", http.MethodPost, "/api/libraries/"+w.libraryID.String()+"/collections", fmt.Sprintf(`{"name":"Under","parent_id":%q}`, top), map[string]string{"Content-Type": "application/json"})
			var under struct{ ID string }
			if err := json.NewDecoder(res.Body).Decode(&under); err != nil {
				t.Fatal(err)
			}
			w.must(t, "owner", http.MethodPost, "/api/collections/"+under.ID+"/documents", fmt.Sprintf(`{"add":[%q]}`, d["document_id"]), 200)
			secret, link := w.share(t, "editor", "/api/documents/"+d["document_id"], linkOptions{Access: "comment"})
			one := w.visitor(t, secret, "comment")
			secret, _ = w.share(t, "editor", "/api/collections/"+top, linkOptions{Access: "comment"})
			all := w.visitor(t, secret, "comment")
			file := "/api/editions/" + d["edition_id"] + "/file"
			for _, g := range []guest{one, all} {
				if status, body := w.byLink(t, g, http.MethodGet, file, ""); status != 200 {
					t.Fatalf("before: %d %.200s", status, body)
				}
			}
			c.end(t, w, d, under.ID, link)
			if status, body := w.byLink(t, one, http.MethodGet, file, ""); status != c.want || codeOf(body) != c.code && c.want != 200 {
				t.Errorf("by the document's link: %d %.200s", status, body)
			}
			if status, body := w.byLink(t, all, http.MethodGet, file, ""); status != c.also {
				t.Errorf("by the collection's link: %d %.200s", status, body)
			}
		})
	}
}

func (w *world) must(t *testing.T, who, method, path, body string, want int) {
	t.Helper()
	header := map[string]string{}
	if body != "" {
		header["Content-Type"] = "application/json"
	}
	if res := w.do(t, who, method, path, body, header); res.StatusCode != want {
		b, _ := io.ReadAll(res.Body)
		t.Fatalf("%s %s: %d, want %d: %.300s", method, path, res.StatusCode, want, b)
	}
}

// TestWhatAGuestIsNotTold: of the library around what is shared, nothing.
func TestWhatAGuestIsNotTold(t *testing.T) {
	w := newWorld(t)
	d := shareable(t, w)
	tag, collection := aTag(t, w)["tag_id"], aCollection(t, w)["collection_id"]
	w.must(t, "owner", http.MethodPost, "/api/tags/"+tag+"/documents", fmt.Sprintf(`{"add":[%q]}`, d["document_id"]), 200)
	w.must(t, "owner", http.MethodPost, "/api/collections/"+collection+"/documents", fmt.Sprintf(`{"add":[%q]}`, d["document_id"]), 200)
	w.must(t, "owner", http.MethodPut, "/api/documents/"+d["document_id"]+"/fields/title", `{"value":"Corrected"}`, 200)
	secret, _ := w.share(t, "owner", "/api/documents/"+d["document_id"], linkOptions{Access: "read"})
	g := w.visitor(t, secret, "read")
	_, body := w.byLink(t, g, http.MethodGet, "/api/documents/"+d["document_id"], "")
	_, visit := w.byLink(t, g, http.MethodGet, "/api/visit", "")
	for _, hidden := range []string{tag, collection, w.people["owner"].ID.String(), `"owner"`, "Open Methods Lab", "@example.org"} {
		if strings.Contains(body, hidden) || strings.Contains(visit, hidden) {
			t.Errorf("a guest is told %q", hidden)
		}
	}
	if !strings.Contains(body, "Corrected") || !strings.Contains(visit, "Corrected") {
		t.Errorf("and not the title: %s", body)
	}
}

// TestGuestsMarks: what a guest writes is theirs, shared, and names nobody.
func TestGuestsMarks(t *testing.T) {
	w := newWorld(t)
	d := shareable(t, w)
	secret, _ := w.share(t, "editor", "/api/documents/"+d["document_id"], linkOptions{Access: "comment"})
	g, second := w.visitor(t, secret, "comment"), w.visitor(t, secret, "comment")
	marks := "/api/documents/" + d["document_id"] + "/annotations"
	id := uuid.NewString()
	d["fresh"] = id
	if status, body := w.byLink(t, g, http.MethodPost, marks, strings.Replace(fill(markBody, d), `"private":false`, `"private":true`, 1)); status != 403 {
		t.Errorf("a private mark: %d %.200s", status, body)
	}
	mention := strings.Replace(fill(markBody, d), `"private":false`, fmt.Sprintf(`"private":false,"body":"@[Admin](person:%s)"`, w.people["admin"].ID), 1)
	if status, body := w.byLink(t, g, http.MethodPost, marks, mention); status != 403 || codeOf(body) != "guest_mentions" {
		t.Errorf("a mention: %d %.200s", status, body)
	}
	if status, body := w.byLink(t, g, http.MethodPost, marks, fill(markBody, d)); status != 201 || !strings.Contains(body, "Grace (guest)") {
		t.Fatalf("a mark: %d %.200s", status, body)
	}
	if status, body := w.byLink(t, g, http.MethodPatch, "/api/annotations/"+id, `{"revision":1,"private":true}`); status != 403 {
		t.Errorf("a mark made private: %d %.200s", status, body)
	}
	if status, _ := w.byLink(t, second, http.MethodPatch, "/api/annotations/"+id, `{"revision":1,"body":"Not mine"}`); status != 403 {
		t.Errorf("another guest's mark changed: %d", status)
	}
	if status, body := w.byLink(t, g, http.MethodPatch, "/api/annotations/"+id, `{"revision":1,"body":"Mine"}`); status != 200 {
		t.Errorf("one's own mark changed: %d %.200s", status, body)
	}
	// The group sees it, with the word behind the name.
	res := w.do(t, "reader", http.MethodGet, "/api/annotations/"+id, "", nil)
	if b, _ := io.ReadAll(res.Body); !strings.Contains(string(b), "Grace (guest)") {
		t.Errorf("a member sees %s", b)
	}
	if status, _ := w.byLink(t, g, http.MethodDelete, "/api/annotations/"+id, ""); status != 204 {
		t.Errorf("one's own mark deleted: %d", status)
	}
}

// TestLinksOfOthers: editors see their own links, admins all; a stranger none.
func TestLinksOfOthers(t *testing.T) {
	w := newWorld(t)
	d := "/api/documents/" + aDocument(t, w)["document_id"]
	_, mine := w.share(t, "editor", d, linkOptions{Access: "read"})
	_, theirs := w.share(t, "owner", d, linkOptions{Access: "read"})
	list := func(who string) string {
		b, _ := io.ReadAll(w.do(t, who, http.MethodGet, d+"/links", "", nil).Body)
		return string(b)
	}
	if got := list("editor"); !strings.Contains(got, mine) || strings.Contains(got, theirs) {
		t.Errorf("an editor sees %s", got)
	}
	if got := list("admin"); !strings.Contains(got, mine) || !strings.Contains(got, theirs) {
		t.Errorf("an admin sees %s", got)
	}
	w.must(t, "editor", http.MethodDelete, "/api/links/"+theirs, "", 403)
	w.must(t, "editor", http.MethodDelete, "/api/links/"+mine, "", 204)
}

// TestPasswordsOfLinksAreThrottled by link and address.
func TestPasswordsOfLinksAreThrottled(t *testing.T) {
	w := newWorld(t)
	secret, _ := w.share(t, "editor", "/api/documents/"+aDocument(t, w)["document_id"], linkOptions{Access: "read", Password: "open sesame"})
	last := 0
	for range 11 {
		_, res := w.open(t, secret, "wrong wrong")
		last = res.StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the eleventh guess: %d", last)
	}
}

// TestLinkPage: programs that run no script are told of a work, unless there is a
// password; whatever a title holds, it stays text.
func TestLinkPage(t *testing.T) {
	w := newWorld(t)
	d := aDocument(t, w)
	hostile := `"><script>alert(1)</script></head>__NONCE__ & <meta http-equiv='refresh'>` + "\n\r\u2028"
	value, _ := json.Marshal(map[string]string{"value": hostile})
	w.must(t, "owner", http.MethodPut, "/api/documents/"+d["document_id"]+"/fields/title", string(value), 200)
	head := func(secret string, cookie *http.Cookie) (int, string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/s/"+secret, nil)
		if cookie != nil {
			r.AddCookie(cookie)
		}
		h := w.app.LinkPage(r)
		return h.Status, string(h.Markup)
	}
	secret, _ := w.share(t, "owner", "/api/documents/"+d["document_id"], linkOptions{Access: "read"})
	status, markup := head(secret, nil)
	if status != 0 || !strings.Contains(markup, `name="citation_title" content="&#34;&gt;`) || !strings.Contains(markup, "citation_pdf_url") {
		t.Errorf("%d %s", status, markup)
	}
	for line := range strings.SplitSeq(markup, "\n") {
		if !strings.HasPrefix(line, "<meta ") || strings.Count(line, "<") != 1 || strings.Count(line, ">") != 1 || strings.Count(line, `"`) != 4 {
			t.Errorf("more than one element in %q", line)
		}
	}
	locked, _ := w.share(t, "owner", "/api/documents/"+d["document_id"], linkOptions{Access: "read", Password: "open sesame"})
	if _, markup := head(locked, nil); strings.Contains(markup, "alert") || strings.Contains(markup, "citation") {
		t.Errorf("without the password: %s", markup)
	}
	g, _ := w.open(t, locked, "open sesame")
	if _, markup := head(locked, g.cookie); !strings.Contains(markup, "citation_title") {
		t.Errorf("with the password: %s", markup)
	}
	if status, markup := head("made-up", nil); status != http.StatusGone || strings.Contains(markup, "citation") {
		t.Errorf("no link: %d %s", status, markup)
	}
}

// TestLiveBibliography: an address gives a file, says when nothing changed, and
// ends with its person's membership, its collection, or another in its place.
func TestLiveBibliography(t *testing.T) {
	w := newWorld(t)
	d, collection := aDocument(t, w), aCollection(t, w)["collection_id"]
	aDocument(t, w)
	w.must(t, "owner", http.MethodPost, "/api/collections/"+collection+"/documents", fmt.Sprintf(`{"add":[%q]}`, d["document_id"]), 200)
	addresses := "/api/libraries/" + w.libraryID.String() + "/bibliography-addresses"
	make := func(who, body string) string {
		res := w.do(t, who, http.MethodPost, addresses, body, map[string]string{"Content-Type": "application/json"})
		var made struct{ Path string }
		if err := json.NewDecoder(res.Body).Decode(&made); err != nil || res.StatusCode != http.StatusCreated {
			t.Fatalf("make an address: %d, %v", res.StatusCode, err)
		}
		return made.Path
	}
	fetch := func(path, etag string) (*http.Response, string) {
		header := map[string]string{}
		if etag != "" {
			header["If-None-Match"] = etag
		}
		res := w.do(t, "signed out", http.MethodGet, path, "", header)
		b, _ := io.ReadAll(res.Body)
		return res, string(b)
	}
	all, some := make("reader", `{}`), make("reader", fmt.Sprintf(`{"collection_id":%q}`, collection))
	res, body := fetch(all, "")
	if res.StatusCode != 200 || strings.Count(body, "@") != 2 || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/x-bibtex") {
		t.Fatalf("the library: %d %s", res.StatusCode, body)
	}
	etag := res.Header.Get("ETag")
	if res, body := fetch(some, ""); res.StatusCode != 200 || strings.Count(body, "@") != 1 {
		t.Errorf("the collection: %d %s", res.StatusCode, body)
	}
	if res, body := fetch(strings.Replace(some, ".bib", ".json", 1), ""); res.StatusCode != 200 || !strings.HasPrefix(body, "[") {
		t.Errorf("as CSL-JSON: %d %s", res.StatusCode, body)
	}
	if res, _ := fetch(some+"?format=biblatex", ""); res.StatusCode != 200 || res.Header.Get("ETag") == etag {
		t.Errorf("as BibLaTeX: %d", res.StatusCode)
	}
	if res, body := fetch(all, etag); res.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("unchanged: %d %s", res.StatusCode, body)
	}
	w.must(t, "owner", http.MethodPut, "/api/documents/"+d["document_id"]+"/fields/title", `{"value":"Better"}`, 200)
	if res, body := fetch(all, etag); res.StatusCode != 200 || !strings.Contains(body, "Better") {
		t.Errorf("changed: %d %s", res.StatusCode, body)
	}
	again := make("reader", `{}`)
	if res, body := fetch(all, ""); res.StatusCode != http.StatusGone || codeOf(body) != "address_gone" {
		t.Errorf("replaced: %d %s", res.StatusCode, body)
	}
	w.must(t, "owner", http.MethodDelete, "/api/collections/"+collection, "", 204)
	if res, _ := fetch(some, ""); res.StatusCode != http.StatusGone {
		t.Errorf("of a deleted collection: %d", res.StatusCode)
	}
	w.must(t, "owner", http.MethodDelete, "/api/libraries/"+w.libraryID.String()+"/members/"+w.people["reader"].ID.String(), "", 204)
	if res, _ := fetch(again, etag); res.StatusCode != http.StatusGone {
		t.Errorf("of who has left: %d", res.StatusCode)
	}
	// A collection of another library is none of this one's.
	lib, err := w.app.Libraries.Create(t.Context(), w.people["stranger"], "Elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := "/api/libraries/" + lib.ID.String() + "/bibliography-addresses"
	if res := w.do(t, "stranger", http.MethodPost, elsewhere, fmt.Sprintf(`{"collection_id":%q}`, aCollection(t, w)["collection_id"]), map[string]string{"Content-Type": "application/json"}); res.StatusCode != http.StatusNotFound {
		t.Errorf("another library's collection: %d", res.StatusCode)
	}
}

// TestGuestsSockets: a guest hears of the document's marks and of nothing else,
// and of nothing any more once the link is revoked.
func TestGuestsSockets(t *testing.T) {
	w := newWorld(t)
	d, other := shareable(t, w), shareable(t, w)
	site := httptest.NewServer(w.app.Handler())
	t.Cleanup(site.Close)
	dial := func(access string) (*realtimetest.Socket, string) {
		secret, id := w.share(t, "editor", "/api/documents/"+d["document_id"], linkOptions{Access: access})
		g := w.visitor(t, secret, access)
		header := http.Header{"Cookie": {g.cookie.Name + "=" + g.cookie.Value}}
		return realtimetest.Dial(t, site.URL+"/api/shared/"+g.link+"/live", header), id
	}
	const granted = 0
	marks, presence := "marks:"+d["document_id"], "document:"+d["document_id"]
	for access, may := range map[string][]string{"comment": {marks, presence}, "read-marks": {marks}, "read": {}} {
		socket, link := dial(access)
		for _, topic := range []string{
			marks, presence, "marks:" + other["document_id"], "document:" + other["document_id"],
			"library:" + w.libraryID.String(), "person:" + w.people["editor"].ID.String(), "person:" + uuid.Nil.String(),
		} {
			if code := socket.Subscribe(topic); (code == granted) != slices.Contains(may, topic) {
				t.Errorf("%s: %s is answered with %d", access, topic, code)
			}
		}
		if slices.Contains(may, marks) {
			if res := postReply(t, w, "owner", d["annotation_id"], uuid.NewString()); res.StatusCode != http.StatusCreated {
				t.Fatalf("reply: %d", res.StatusCode)
			}
			if got := socket.Next(marks); got != `{"type":"marks"}` {
				t.Errorf("%s: is told %s", access, got)
			}
		}
		w.must(t, "editor", http.MethodDelete, "/api/links/"+link, "", 204)
		for _, topic := range may {
			socket.WaitUnsubscribed(topic)
		}
		socket.Close()
	}
}
