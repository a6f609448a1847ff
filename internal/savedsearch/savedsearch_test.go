package savedsearch_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/notify"
	"scrollkeeper.example/scrollkeeper/internal/organise"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs/jobstest"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
	"scrollkeeper.example/scrollkeeper/internal/savedsearch"
	"scrollkeeper.example/scrollkeeper/internal/search"
)

type env struct {
	*documenttest.Env
	t        *testing.T
	jobs     *jobs.Client
	notify   *notify.Service
	organise *organise.Service
	saved    *savedsearch.Service
}

func setup(t *testing.T) *env {
	t.Helper()
	docs := documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
	e := &env{Env: docs, t: t, jobs: jobstest.NewClient(t, docs.Pool), organise: organise.New(docs.Pool, docs.Service, docs.Clock)}
	e.notify = notify.New(notify.Parts{Pool: e.Pool, Libraries: e.Service, Jobs: e.jobs, News: e.News, Clock: e.Clock}, "https://papers.example.org")
	e.saved = savedsearch.New(savedsearch.Parts{
		Pool: e.Pool, Libraries: e.Service, Search: search.New(e.Pool, e.Service), Notify: e.notify, Jobs: e.jobs, Clock: e.Clock,
	})
	return e
}

func (e *env) make(p identity.Person, name, query string, shared bool) savedsearch.Saved {
	e.t.Helper()
	s, err := e.saved.Make(e.t.Context(), p, e.LibraryID, name, query, shared)
	if err != nil {
		e.t.Fatalf("save %q: %v", query, err)
	}
	return s
}

// notices is one that p is told of; what is there now has been counted.
func (e *env) notices(p identity.Person, query string) savedsearch.Saved {
	e.t.Helper()
	s := e.make(p, query, query, false)
	e.tellOf(p, s.ID)
	return s
}

func (e *env) tellOf(p identity.Person, id uuid.UUID) {
	e.t.Helper()
	if s, err := e.saved.SetNotices(e.t.Context(), p, id, true); err != nil || !s.Notices {
		e.t.Fatalf("switch notices on: %v, %+v", err, s)
	}
	e.look()
}

func (e *env) look() {
	e.t.Helper()
	if err := e.saved.Look(e.t.Context(), e.LibraryID); err != nil {
		e.t.Fatalf("look: %v", err)
	}
}

// inbox is what p has not read: each search with the number of its documents.
func (e *env) inbox(p identity.Person) string {
	e.t.Helper()
	unread := true
	in, err := e.notify.Inbox(e.t.Context(), p, &unread, "", 50)
	if err != nil {
		e.t.Fatalf("inbox: %v", err)
	}
	if in.Unread != len(in.Items) {
		e.t.Errorf("%d items, %d unread", len(in.Items), in.Unread)
	}
	list := make([]string, len(in.Items))
	for i, n := range in.Items {
		list[i] = fmt.Sprintf("%s %d", n.SavedSearch, n.Count)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func (e *env) told(p identity.Person, want string) {
	e.t.Helper()
	e.look()
	if got := e.inbox(p); got != want {
		e.t.Errorf("%s is told %q, want %q", p.Name, got, want)
	}
}

// mark is a row and its change: what matters here is who hears of it.
func (e *env) mark(by identity.Person, d documenttest.Added, body string, private bool) uuid.UUID {
	e.t.Helper()
	id := uuid.Must(uuid.NewV7())
	e.exec(`INSERT INTO annotations (id, library_id, document_id, edition_id, author_id, author_name, kind, meaning, private, body, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'highlight', 'key', $7, $8, now(), now())`, id, e.LibraryID, d.DocumentID, d.EditionID, by.ID, by.Name, private, body)
	e.exec(`INSERT INTO annotation_anchors (library_id, annotation_id, edition_id, status, score, exact, prefix, suffix, attempt, text_version, parts, page, position, y, x)
		VALUES ($1, $2, $3, 'exact', 1, 'these words', '', '', 1, 'test-1', '[]', 1, 0, 0, 0)`, e.LibraryID, id, d.EditionID)
	e.changed("annotation", id, "added", by, private)
	return id
}

func (e *env) changed(kind string, id uuid.UUID, op string, by identity.Person, private bool) {
	e.t.Helper()
	var audience uuid.NullUUID
	if private {
		audience = uuid.NullUUID{UUID: by.ID, Valid: true}
	}
	e.exec(`WITH v AS (UPDATE libraries SET version = version + 1 WHERE id = $1 RETURNING version)
		INSERT INTO library_changes (library_id, version, kind, object_id, op, audience_id, actor_id, at) SELECT $1, version, $2, $3, $4, $5, $6, now() FROM v`,
		e.LibraryID, kind, id, op, audience, by.ID)
}

func (e *env) exec(sql string, args ...any) {
	e.t.Helper()
	if _, err := e.Pool.Exec(e.t.Context(), sql, args...); err != nil {
		e.t.Fatalf("%s: %v", sql, err)
	}
}

func (e *env) tag(name string, documents ...uuid.UUID) uuid.UUID {
	e.t.Helper()
	tag, err := e.organise.MakeTag(e.t.Context(), e.Editor, e.LibraryID, name, "grey")
	if err != nil {
		e.t.Fatal(err)
	}
	if len(documents) > 0 {
		if _, err := e.organise.TagDocuments(e.t.Context(), e.Editor, tag.ID, organise.Change{Add: documents}); err != nil {
			e.t.Fatal(err)
		}
	}
	return tag.ID
}

func code(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return fmt.Sprint(err)
}

func (e *env) names(p identity.Person) []string {
	e.t.Helper()
	list, err := e.saved.List(e.t.Context(), p, e.LibraryID)
	if err != nil {
		e.t.Fatalf("list: %v", err)
	}
	names := []string{}
	for _, s := range list {
		names = append(names, s.Name)
	}
	return names
}

func TestWhoSeesAndChangesWhat(t *testing.T) {
	e := setup(t)
	own := e.make(e.Reader, "Mine", "robots", false)
	shared := e.make(e.Editor, "Ours", "robots OR looms", true)
	if _, err := e.saved.Make(t.Context(), e.Reader, e.LibraryID, "Theirs", "robots", true); code(err) != "role_forbids" {
		t.Errorf("a reader shares: %v", err)
	}
	for _, c := range []struct {
		who  identity.Person
		want []string
	}{{e.Reader, []string{"Mine", "Ours"}}, {e.Editor, []string{"Ours"}}, {e.Owner, []string{"Ours"}}} {
		if got := e.names(c.who); !slices.Equal(got, c.want) {
			t.Errorf("%s sees %v, want %v", c.who.Name, got, c.want)
		}
	}
	name := "Another"
	rename := savedsearch.Change{Name: &name}
	for _, c := range []struct {
		who  identity.Person
		id   uuid.UUID
		want string
	}{
		{e.Owner, own.ID, "saved_search_not_found"}, // nobody else's, whatever their role
		{e.Stranger, own.ID, "saved_search_not_found"},
		{e.Stranger, shared.ID, "saved_search_not_found"},
		{e.Reader, shared.ID, "not_your_saved_search"},
		{e.Reader, own.ID, ""},
		{e.Owner, shared.ID, ""},
	} {
		_, err := e.saved.Change(t.Context(), c.who, c.id, rename)
		if got := code(err); got != c.want && (c.want != "" || err != nil) {
			t.Errorf("%s renames: %v, want %s", c.who.Name, err, c.want)
		}
		if c.want == "" {
			continue
		}
		if err := e.saved.Delete(t.Context(), c.who, c.id); code(err) != c.want {
			t.Errorf("%s deletes: %v, want %s", c.who.Name, err, c.want)
		}
		if _, err := e.saved.Restore(t.Context(), c.who, c.id); code(err) != c.want {
			t.Errorf("%s restores: %v, want %s", c.who.Name, err, c.want)
		}
		if c.want != "saved_search_not_found" {
			continue // whoever may see one may count it and be told of it
		}
		if _, err := e.saved.Count(t.Context(), c.who, c.id); code(err) != c.want {
			t.Errorf("%s counts: %v, want %s", c.who.Name, err, c.want)
		}
		if _, err := e.saved.SetNotices(t.Context(), c.who, c.id, true); code(err) != c.want {
			t.Errorf("%s wants notices: %v, want %s", c.who.Name, err, c.want)
		}
	}

	// One's own is told of to nobody else; a shared one to all.
	var told, shown int
	if err := e.Pool.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE object_id = $1 AND audience_id = $3), count(*) FILTER (WHERE object_id = $2 AND audience_id IS NULL)
		FROM library_changes WHERE kind = 'saved_search'`, own.ID, shared.ID, e.Reader.ID).Scan(&told, &shown); err != nil || told != 2 || shown != 2 {
		t.Errorf("%d changes of one's own, %d of the shared one: %v", told, shown, err)
	}

	// Back to oneself: nobody else has it, and all are told that it changed.
	private := false
	if _, err := e.saved.Change(t.Context(), e.Editor, shared.ID, savedsearch.Change{Shared: &private}); err != nil {
		t.Fatal(err)
	}
	if got := e.names(e.Reader); !slices.Equal(got, []string{"Another"}) {
		t.Errorf("after it was taken back the reader sees %v", got)
	}
	changes := e.Changes(t)
	if last := changes[len(changes)-1]; last.ObjectID != shared.ID || last.Audience.Valid {
		t.Errorf("the last change is %+v", last)
	}
}

func TestNamesDeletingAndRestoring(t *testing.T) {
	e := setup(t)
	ctx := t.Context()
	s := e.make(e.Reader, "  Tidal\n energy ", "  tidal  ", false)
	if s.Name != "Tidal energy" || s.Query != "tidal" {
		t.Errorf("kept as %q, %q", s.Name, s.Query)
	}
	for _, name := range []string{"", " \t", strings.Repeat("x", 121), "a\u202eb", "a\x00b"} {
		if _, err := e.saved.Make(ctx, e.Reader, e.LibraryID, name, "tidal", false); code(err) != "bad_saved_search_name" {
			t.Errorf("%q: %v", name, err)
		}
	}
	for query, want := range map[string]string{
		"": "empty_query", "-tidal": "empty_query", "tag:nothing": "unknown_tag", "year:x": "bad_year", strings.Repeat("x", 1001): "query_too_long",
		"\x00": "empty_query", "has:": "filter_without_value", "by:nobody": "unknown_person", "in:nowhere": "unknown_collection",
	} {
		if _, err := e.saved.Make(ctx, e.Reader, e.LibraryID, "Other", query, false); code(err) != want {
			t.Errorf("%q: %v, want %s", query, err, want)
		}
	}
	if _, err := e.saved.Make(ctx, e.Reader, e.LibraryID, "tidal ENERGY", "x", false); code(err) != "saved_search_exists" {
		t.Errorf("a second of that name: %v", err)
	}
	e.make(e.Editor, "Tidal energy", "tidal", false) // somebody else's own
	if err := e.saved.Delete(ctx, e.Reader, s.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := e.saved.Count(ctx, e.Reader, s.ID); code(err) != "saved_search_deleted" {
		t.Errorf("count a deleted one: %v", err)
	}
	other := e.make(e.Reader, "Tidal energy", "waves", false)
	if _, err := e.saved.Restore(ctx, e.Reader, s.ID); code(err) != "saved_search_exists" {
		t.Errorf("restore where another has the name: %v", err)
	}
	if err := e.saved.Delete(ctx, e.Reader, other.ID); err != nil {
		t.Fatal(err)
	}
	back, err := e.saved.Restore(ctx, e.Reader, s.ID)
	if err != nil || back.Query != "tidal" {
		t.Errorf("restored: %+v, %v", back, err)
	}
	before := len(e.Changes(t))
	if _, err := e.saved.Restore(ctx, e.Reader, s.ID); err != nil || len(e.Changes(t)) != before {
		t.Errorf("restored twice: %v, %d changes more", err, len(e.Changes(t))-before)
	}
}

func TestABrokenQueryIsSaid(t *testing.T) {
	e := setup(t)
	tag := e.tag("review")
	s := e.make(e.Reader, "To review", "tidal tag:review", false)
	e.tellOf(e.Reader, s.ID)
	if err := e.organise.DeleteTag(t.Context(), e.Editor, tag); err != nil {
		t.Fatal(err)
	}
	list, err := e.saved.List(t.Context(), e.Reader, e.LibraryID)
	if err != nil || len(list) != 1 || list[0].Problem == nil || list[0].Problem.Code != "unknown_tag" || list[0].Problem.Extra["at"] != 6 {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := e.saved.Count(t.Context(), e.Reader, s.ID); code(err) != "unknown_tag" {
		t.Errorf("count: %v", err)
	}
	e.told(e.Reader, "") // and no failure
	if _, err := e.organise.RestoreTag(t.Context(), e.Editor, tag); err != nil {
		t.Fatal(err)
	}
	if list, err = e.saved.List(t.Context(), e.Reader, e.LibraryID); err != nil || list[0].Problem != nil {
		t.Errorf("after the tag came back: %+v, %v", list, err)
	}
	d := e.Add(t, documenttest.Doc{Title: "Tides", Pages: []string{"tidal power"}})
	if _, err := e.organise.TagDocuments(t.Context(), e.Editor, tag, organise.Change{Add: []uuid.UUID{d.DocumentID}}); err != nil {
		t.Fatal(err)
	}
	e.told(e.Reader, "To review 1")
}

func TestCount(t *testing.T) {
	e := setup(t)
	one := e.Add(t, documenttest.Doc{Title: "One", Pages: []string{"looms", "looms and robots"}})
	e.Add(t, documenttest.Doc{Title: "Two looms", Pages: []string{"nothing"}})
	e.exec(`INSERT INTO documents (id, library_id, title, csl, listing, created_at, updated_at)
		VALUES ($1, $2, 'Die Webstühle', '{"title": "Die Webstühle", "language": "de", "container-title": "Annalen"}', 'die webstuhle', now(), now())`, uuid.New(), e.LibraryID)
	e.mark(e.Editor, one, "a secret thought", true)
	for query, want := range map[string]int{"looms": 2, `"looms and robots"`: 1, "nowhere": 0, "secret": 0, "has:file looms": 2, "by:me": 0, "title:looms OR robots": 2, "Webstuhl": 1, "annalen": 1, "annalen OR looms": 3, "-has:file annalen": 1, "annalen -webstuhl": 0} {
		s := e.make(e.Reader, query, query, false)
		if n, err := e.saved.Count(t.Context(), e.Reader, s.ID); err != nil || n.Documents != want || n.More {
			t.Errorf("%s: %+v, %v, want %d", query, n, err, want)
		}
	}
	s := e.make(e.Editor, "Thoughts", "secret", true)
	for p, want := range map[string]int{"editor": 1, "reader": 0} {
		who := e.Editor
		if p == "reader" {
			who = e.Reader
		}
		if n, err := e.saved.Count(t.Context(), who, s.ID); err != nil || n.Documents != want {
			t.Errorf("%s: %+v, %v, want %d", p, n, err, want)
		}
	}
}

func TestWhatIsNews(t *testing.T) {
	e := setup(t)
	old := e.Add(t, documenttest.Doc{Title: "Old looms", Pages: []string{"looms"}})
	plain := e.Add(t, documenttest.Doc{Title: "Plain", Pages: []string{"nothing"}})
	e.notices(e.Reader, "looms")
	e.notices(e.Editor, "looms") // who brings the files
	e.told(e.Reader, "")

	// What was there is not new, also when it is changed; several that come are one.
	e.Rename(t, old.DocumentID, "Old looms, corrected")
	e.told(e.Reader, "")
	e.Add(t, documenttest.Doc{Title: "New", Pages: []string{"more looms"}})
	e.told(e.Reader, "looms 1")
	second := e.Add(t, documenttest.Doc{Title: "Newer", Pages: []string{"and looms"}})
	e.Rename(t, plain.DocumentID, "No longer plain: looms")
	e.told(e.Reader, "looms 3")
	e.told(e.Reader, "looms 3") // looked at twice, told once
	e.told(e.Editor, "")        // nobody is told of what they did

	// What goes to the trash is not counted, and what was read is not told again.
	if _, err := e.Documents.Trash(t.Context(), e.Editor, second.DocumentID); err != nil {
		t.Fatal(err)
	}
	e.told(e.Reader, "looms 2")
	if _, err := e.notify.MarkRead(t.Context(), e.Reader, nil, true); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Documents.Restore(t.Context(), e.Editor, second.DocumentID); err != nil {
		t.Fatal(err)
	}
	e.Rename(t, plain.DocumentID, "Looms again")
	e.told(e.Reader, "")
	e.Add(t, documenttest.Doc{Title: "Newest", Pages: []string{"looms"}})
	e.told(e.Reader, "looms 1")
}

// What comes after the switch is news, also before the first look.
func TestNewsBeforeTheFirstLook(t *testing.T) {
	e := setup(t)
	e.Add(t, documenttest.Doc{Title: "Before", Pages: []string{"looms"}})
	s := e.make(e.Reader, "looms", "looms", false)
	if _, err := e.saved.SetNotices(t.Context(), e.Reader, s.ID, true); err != nil {
		t.Fatal(err)
	}
	e.Add(t, documenttest.Doc{Title: "After", Pages: []string{"looms"}})
	e.told(e.Reader, "looms 1")
}

func TestNewsOfMarksAndTags(t *testing.T) {
	e := setup(t)
	d := e.Add(t, documenttest.Doc{Title: "Paper", Pages: []string{"looms"}})
	other := e.Add(t, documenttest.Doc{Title: "Other", Pages: []string{"looms"}})
	tag := e.tag("review")
	e.notices(e.Reader, "tag:review")
	e.notices(e.Reader, "doubtful")
	e.notices(e.Reader, "has:comment")

	// A private mark is nobody else's, in no search.
	secret := e.mark(e.Editor, d, "doubtful, between us", true)
	e.told(e.Reader, "")
	// Shared, it is news.
	e.exec(`UPDATE annotations SET private = false WHERE id = $1`, secret)
	e.changed("annotation", secret, "changed", e.Editor, false)
	e.told(e.Reader, "doubtful 1, has:comment 1")
	// Made private again, it is not told any more.
	e.exec(`UPDATE annotations SET private = true WHERE id = $1`, secret)
	if got := e.inbox(e.Reader); got != "has:comment 1" {
		t.Errorf("after it was made private: %q", got)
	}
	e.mark(e.Reader, other, "doubtful to me", false)
	e.told(e.Reader, "has:comment 1") // one's own

	if _, err := e.organise.TagDocuments(t.Context(), e.Editor, tag, organise.Change{Add: []uuid.UUID{d.DocumentID, other.DocumentID}}); err != nil {
		t.Fatal(err)
	}
	e.told(e.Reader, "has:comment 1, tag:review 2")
}

func TestWhoIsNotToldAnyMore(t *testing.T) {
	e := setup(t)
	shared := e.make(e.Editor, "Looms", "looms", true)
	e.tellOf(e.Reader, shared.ID)
	e.tellOf(e.Commenter, shared.ID)
	e.Add(t, documenttest.Doc{Title: "One", Pages: []string{"looms"}})
	e.told(e.Reader, "Looms 1")
	e.told(e.Commenter, "Looms 1")

	// Who left hears of nothing, also not of what was told before.
	if err := e.Service.RemoveMember(t.Context(), e.Owner, e.LibraryID, e.Reader.ID); err != nil {
		t.Fatal(err)
	}
	e.Add(t, documenttest.Doc{Title: "Two", Pages: []string{"looms"}})
	e.told(e.Reader, "")
	e.told(e.Commenter, "Looms 2")

	// Switched off, nothing more comes; on again, what came meanwhile is not new.
	if _, err := e.saved.SetNotices(t.Context(), e.Commenter, shared.ID, false); err != nil {
		t.Fatal(err)
	}
	e.Add(t, documenttest.Doc{Title: "Three", Pages: []string{"looms"}})
	e.told(e.Commenter, "Looms 2")
	e.tellOf(e.Commenter, shared.ID)
	e.told(e.Commenter, "Looms 2")

	// Another query: what it finds now is not new.
	query := "robots"
	e.Add(t, documenttest.Doc{Title: "Robots", Pages: []string{"robots"}})
	if _, err := e.saved.Change(t.Context(), e.Editor, shared.ID, savedsearch.Change{Query: &query}); err != nil {
		t.Fatal(err)
	}
	e.told(e.Commenter, "Looms 2")
	e.Add(t, documenttest.Doc{Title: "More robots", Pages: []string{"robots"}})
	e.told(e.Commenter, "Looms 3")

	// Taken back by who made it, or deleted, it is nobody else's.
	private := false
	if _, err := e.saved.Change(t.Context(), e.Editor, shared.ID, savedsearch.Change{Shared: &private}); err != nil {
		t.Fatal(err)
	}
	e.Add(t, documenttest.Doc{Title: "Even more robots", Pages: []string{"robots"}})
	e.told(e.Commenter, "")
}

// The whole way: the survey finds the library and the look tells.
func TestTheJobsLook(t *testing.T) {
	e := setup(t)
	e.notices(e.Reader, "looms")
	registry := jobs.NewRegistry()
	e.saved.RegisterJobs(registry)
	e.Add(t, documenttest.Doc{Title: "New", Pages: []string{"looms"}})
	runner := jobstest.Start(t, e.Pool, e.jobs, registry)
	runner.Wait(savedsearch.LookArgs{}.Kind())
	if got := e.inbox(e.Reader); got != "looms 1" {
		t.Errorf("told %q", got)
	}
}

func TestOverHTTP(t *testing.T) {
	e := setup(t)
	site := documenttest.Serve(t, func(api *httpapi.API) { savedsearch.Mount(api, e.saved) })
	path := "/api/libraries/" + e.LibraryID.String() + "/saved-searches"
	made := site.Do(e.Reader, http.MethodPost, path, `{"name":"<b>Looms</b>","query":"looms'; DROP TABLE people; --"}`)
	if made.Status != http.StatusCreated {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	var item savedsearch.SavedSearchItem
	made.Decode(t, &item)
	if item.Name != "<b>Looms</b>" || !item.Mine || !item.MayChange || item.Problem != nil || item.Shared {
		t.Errorf("%+v", item)
	}
	one := "/api/saved-searches/" + item.ID.String()
	for _, c := range []struct {
		who                identity.Person
		method, path, body string
		status             int
		code               string
	}{
		{e.Reader, http.MethodGet, one + "/count", "", 200, ""},
		{e.Reader, http.MethodPatch, one, `{"query":"tag:none"}`, 422, "unknown_tag"},
		{e.Reader, http.MethodPatch, one, `{"shared":true}`, 403, "role_forbids"},
		{e.Stranger, http.MethodGet, path, "", 404, "library_not_found"},
		{e.Stranger, http.MethodPost, path, `{"name":"x","query":"x"}`, 404, "library_not_found"},
		{e.Stranger, http.MethodGet, one + "/count", "", 404, "saved_search_not_found"},
		{e.Owner, http.MethodPatch, one, `{"name":"x"}`, 404, "saved_search_not_found"},
		{e.Reader, http.MethodPut, one + "/notices", `{"on":true}`, 200, ""},
		{e.Reader, http.MethodDelete, one, "", 204, ""},
		{e.Reader, http.MethodPut, one + "/notices", `{"on":false}`, 409, "saved_search_deleted"},
		{e.Reader, http.MethodPost, one + "/restore", "", 200, ""},
	} {
		if got := site.Do(c.who, c.method, c.path, c.body); got.Status != c.status || got.Code() != c.code {
			t.Errorf("%s %s as %s: %d %s, want %d %s", c.method, c.path, c.who.Name, got.Status, got.Code(), c.status, c.code)
		}
	}
}
