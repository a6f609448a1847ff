package organise_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/organise"
)

func TestWhoMayTag(t *testing.T) {
	e := setup(t)
	tag, doc := e.tag(t, "teaching"), e.documents(t, 1)[0]
	color := organise.Color("red")
	const yes, forbidden, hidden = "", "role_forbids", "tag_not_found"
	for name, c := range map[string]struct {
		do   func(identity.Person) error
		want [6]string
	}{
		"list": {func(p identity.Person) error {
			_, err := e.organise.Tags(t.Context(), p, e.LibraryID)
			return err
		}, [6]string{yes, yes, yes, yes, yes, "library_not_found"}},
		"make": {func(p identity.Person) error {
			_, err := e.organise.MakeTag(t.Context(), p, e.LibraryID, p.Name, "red")
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, "library_not_found"}},
		"change": {func(p identity.Person) error {
			_, err := e.organise.ChangeTag(t.Context(), p, tag, organise.TagChange{Color: &color})
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, hidden}},
		"put on a document": {func(p identity.Person) error {
			_, err := e.organise.TagDocuments(t.Context(), p, tag, organise.Change{Add: []uuid.UUID{doc}})
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, hidden}},
		"delete and restore": {func(p identity.Person) error {
			if err := e.organise.DeleteTag(t.Context(), p, tag); err != nil {
				return err
			}
			_, err := e.organise.RestoreTag(t.Context(), p, tag)
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, hidden}},
	} {
		for i, p := range []identity.Person{e.Owner, e.Admin, e.Editor, e.Commenter, e.Reader, e.Stranger} {
			if got := code(c.do(p)); got != c.want[i] {
				t.Errorf("%s: %s got %q, want %q", name, p.Name, got, c.want[i])
			}
		}
	}
}

func TestTagNames(t *testing.T) {
	e := setup(t)
	for given, want := range map[string]string{
		"  #open   data ":         "open data",
		"##":                      "",
		"":                        "",
		" \n":                     "",
		strings.Repeat("ü", 60):   strings.Repeat("ü", 60),
		strings.Repeat("x", 61):   "",
		"bell\x07":                "",
		"turned \u202e around":    "",
		"nothing\u200b":           "",
		"\xff":                    "",
		"cafe\u0301":              "café",
		"می\u200cخواهم":           "می\u200cخواهم",
		"'; DROP TABLE tags; --":  "'; DROP TABLE tags; --",
		"<img src=x onerror=a()>": "<img src=x onerror=a()>",
		"C#":                      "C#",
		"統計 📊":                    "統計 📊",
	} {
		tag, err := e.organise.MakeTag(t.Context(), e.Editor, e.LibraryID, given, "teal")
		if tag.Name != want && err == nil || (want == "") != (code(err) == "bad_tag_name") {
			t.Errorf("%q: %q, %v; want %q", given, tag.Name, err, want)
		}
	}
	if _, err := e.organise.MakeTag(t.Context(), e.Editor, e.LibraryID, "new", "#ff0000"); code(err) != "bad_color" {
		t.Errorf("a colour of one's own: %v", err)
	}
	if _, err := e.organise.MakeTag(t.Context(), e.Editor, e.LibraryID, "CAFÉ", "teal"); code(err) != "tag_exists" {
		t.Errorf("the same in capitals: %v", err)
	}
	tag := e.tag(t, "other")
	name := "Open Data"
	if _, err := e.organise.ChangeTag(t.Context(), e.Editor, tag, organise.TagChange{Name: &name}); code(err) != "tag_exists" {
		t.Errorf("renamed to one that is there: %v", err)
	}
	name = "OTHER"
	if got, err := e.organise.ChangeTag(t.Context(), e.Editor, tag, organise.TagChange{Name: &name}); err != nil || got.Name != name {
		t.Errorf("its own name in capitals: %+v, %v", got, err)
	}
}

func TestTagsOnDocuments(t *testing.T) {
	e := setup(t)
	docs := e.documents(t, 4)
	b, a := e.tag(t, "b"), e.tag(t, "a")
	done, err := e.organise.TagDocuments(t.Context(), e.Editor, a, organise.Change{Add: docs[:3]})
	if err != nil || !slices.Equal(done.Add, docs[:3]) || len(done.Remove) != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	// What was so already is not part of the answer, so the opposite call undoes.
	done, err = e.organise.TagDocuments(t.Context(), e.Editor, a, organise.Change{Add: docs[2:4], Remove: docs[:1]})
	if err != nil || !slices.Equal(done.Add, docs[3:4]) || !slices.Equal(done.Remove, docs[:1]) {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := e.organise.TagDocuments(t.Context(), e.Editor, a, organise.Change{Add: done.Remove, Remove: done.Add}); err != nil {
		t.Fatal(err)
	}
	if got := e.listed(t, document.ListQuery{Tags: []uuid.UUID{a}}); !slices.Equal(got, docs[:3]) {
		t.Errorf("after the undo %v, want %v", got, docs[:3])
	}
	if _, err := e.organise.TagDocuments(t.Context(), e.Editor, b, organise.Change{Add: docs[2:]}); err != nil {
		t.Fatal(err)
	}
	if got := e.listed(t, document.ListQuery{Tags: []uuid.UUID{a, b}}); !slices.Equal(got, docs[2:3]) {
		t.Errorf("with both %v, want %v", got, docs[2:3])
	}
	if d, err := e.Documents.Get(t.Context(), e.Reader, docs[2]); err != nil || !slices.Equal(d.TagIDs, []uuid.UUID{a, b}) {
		t.Errorf("tags %v, %v; want %v by name", d.TagIDs, err, []uuid.UUID{a, b})
	}

	if _, err := e.Documents.Trash(t.Context(), e.Editor, docs[0]); err != nil {
		t.Fatal(err)
	}
	tags, err := e.organise.Tags(t.Context(), e.Reader, e.LibraryID)
	if err != nil || len(tags) != 2 || tags[0].ID != a || tags[0].Documents != 2 || tags[1].Documents != 2 {
		t.Errorf("%+v, %v", tags, err)
	}
	if got := e.listed(t, document.ListQuery{Tags: []uuid.UUID{a}, Trashed: true}); !slices.Equal(got, docs[:1]) {
		t.Errorf("in the trash %v, want %v", got, docs[:1])
	}
}

func TestADeletedTagComesBackWithItsDocuments(t *testing.T) {
	e := setup(t)
	docs, tag := e.documents(t, 2), e.tag(t, "teaching")
	if _, err := e.organise.TagDocuments(t.Context(), e.Editor, tag, organise.Change{Add: docs}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		if err := e.organise.DeleteTag(t.Context(), e.Editor, tag); err != nil {
			t.Fatal(err)
		}
	}
	if got := e.listed(t, document.ListQuery{Tags: []uuid.UUID{tag}}); len(got) != 0 {
		t.Errorf("found by a deleted tag: %v", got)
	}
	if d, err := e.Documents.Get(t.Context(), e.Reader, docs[0]); err != nil || len(d.TagIDs) != 0 {
		t.Errorf("%v, %v", d.TagIDs, err)
	}
	if _, err := e.organise.TagDocuments(t.Context(), e.Editor, tag, organise.Change{Add: docs}); code(err) != "tag_deleted" {
		t.Errorf("put on documents: %v", err)
	}
	color := organise.Color("red")
	if _, err := e.organise.ChangeTag(t.Context(), e.Editor, tag, organise.TagChange{Color: &color}); code(err) != "tag_deleted" {
		t.Errorf("changed: %v", err)
	}
	second := e.tag(t, "Teaching")
	if _, err := e.organise.RestoreTag(t.Context(), e.Editor, tag); code(err) != "tag_exists" {
		t.Errorf("restored beside one of its name: %v", err)
	}
	if err := e.organise.DeleteTag(t.Context(), e.Editor, second); err != nil {
		t.Fatal(err)
	}
	got, err := e.organise.RestoreTag(t.Context(), e.Editor, tag)
	if err != nil || got.Documents != 2 || got.Name != "teaching" {
		t.Errorf("%+v, %v", got, err)
	}
	var ops []string
	for _, c := range e.Changes(t) {
		if c.Kind == "tag" && c.ObjectID == tag || c.Kind == "document" && c.ObjectID == docs[0] {
			ops = append(ops, c.Kind+" "+c.Op)
		}
	}
	if want := []string{"document added", "tag added", "document organised", "tag removed", "tag restored"}; !slices.Equal(ops, want) {
		t.Errorf("changes %v, want %v", ops, want)
	}

	// A month later nobody undoes, and the next deletion clears it away.
	if err := e.organise.DeleteTag(t.Context(), e.Editor, tag); err != nil {
		t.Fatal(err)
	}
	e.Clock.Advance(31 * 24 * time.Hour)
	if err := e.organise.DeleteTag(t.Context(), e.Editor, e.tag(t, "another")); err != nil {
		t.Fatal(err)
	}
	if _, err := e.organise.RestoreTag(t.Context(), e.Editor, tag); code(err) != "tag_not_found" {
		t.Errorf("restored after a month: %v", err)
	}
}

func TestNothingLeavesALibraryByItsTags(t *testing.T) {
	e := setup(t)
	there := e.elsewhere(t)
	theirs, err := e.organise.MakeTag(t.Context(), e.Stranger, there, "secret", "grey")
	if err != nil {
		t.Fatal(err)
	}
	own, tag := e.documents(t, 1), e.tag(t, "teaching")
	other := e.Upload(t, documenttest.Doc{LibraryID: there}).DocumentID
	if _, err := e.organise.TagDocuments(t.Context(), e.Stranger, theirs.ID, organise.Change{Add: []uuid.UUID{other}}); err != nil {
		t.Fatal(err)
	}
	for name, add := range map[string][]uuid.UUID{
		"another library's": {own[0], other}, "one that never was": {own[0], uuid.New()},
	} {
		if _, err := e.organise.TagDocuments(t.Context(), e.Editor, tag, organise.Change{Add: add}); code(err) != "document_not_found" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := e.organise.TagDocuments(t.Context(), e.Editor, tag, organise.Change{Remove: []uuid.UUID{other}}); code(err) != "document_not_found" {
		t.Errorf("taken off another library's: %v", err)
	}
	if got := e.listed(t, document.ListQuery{Tags: []uuid.UUID{tag}}); len(got) != 0 {
		t.Errorf("a call that was refused tagged %v", got)
	}
	for name, ids := range map[string][]uuid.UUID{"another library's": {theirs.ID}, "one more": {tag, theirs.ID}, "unknown": {uuid.New()}} {
		if got := e.listed(t, document.ListQuery{Tags: ids}); len(got) != 0 {
			t.Errorf("%s tag finds %v", name, got)
		}
	}
}

func TestLimitsOfTags(t *testing.T) {
	e := setup(t)
	tag := e.tag(t, "teaching")
	if _, err := e.Pool.Exec(t.Context(), `INSERT INTO tags (id, library_id, name, color, created_at)
		SELECT gen_random_uuid(), $1, 'tag ' || n, 'grey', now() FROM generate_series(1, 499) n`, e.LibraryID); err != nil {
		t.Fatal(err)
	}
	if _, err := e.organise.MakeTag(t.Context(), e.Editor, e.LibraryID, "one more", "grey"); code(err) != "too_many_tags" {
		t.Errorf("tag 501: %v", err)
	}
	if err := e.organise.DeleteTag(t.Context(), e.Editor, tag); err != nil {
		t.Fatal(err)
	}
	e.tag(t, "one more")
	if _, err := e.organise.RestoreTag(t.Context(), e.Editor, tag); code(err) != "too_many_tags" {
		t.Errorf("restored as 501st: %v", err)
	}
	some := e.tagAmong(t, "one more")
	id, many := uuid.New(), make([]uuid.UUID, 501)
	for i := range many {
		many[i] = uuid.New()
	}
	for name, c := range map[string]organise.Change{
		"none": {}, "501": {Add: many}, "to add and to remove": {Add: []uuid.UUID{id}, Remove: []uuid.UUID{id}},
	} {
		if _, err := e.organise.TagDocuments(t.Context(), e.Editor, some, c); code(err) != "bad_documents" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// tagAmong is the id of the library's tag of this name.
func (e env) tagAmong(t *testing.T, name string) uuid.UUID {
	t.Helper()
	tags, err := e.organise.Tags(t.Context(), e.Reader, e.LibraryID)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range tags {
		if tag.Name == name {
			return tag.ID
		}
	}
	t.Fatalf("no tag %q", name)
	return uuid.Nil
}

// Several people do everything at once to the same few tags and documents: no
// deadlock, no fault but the ones that say what is wrong, and counts that agree.
func TestTagsInARace(t *testing.T) {
	e := setup(t)
	docs := e.documents(t, 6)
	ids := []uuid.UUID{e.tag(t, "a"), e.tag(t, "b"), e.tag(t, "c")}
	var wg sync.WaitGroup
	allowed := []string{"", "tag_exists", "tag_deleted"}
	check := func(what string, err error) {
		if !slices.Contains(allowed, code(err)) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for worker := range 6 {
		wg.Go(func() {
			for round := range 12 {
				n := worker*7 + round
				id := ids[n%3]
				some := []uuid.UUID{docs[n%6], docs[(n+1)%6], docs[(n+2)%6]}
				switch n % 6 {
				case 0:
					_, err := e.organise.TagDocuments(t.Context(), e.Editor, id, organise.Change{Remove: some})
					check("remove", err)
				case 1:
					check("delete", e.organise.DeleteTag(t.Context(), e.Editor, id))
				case 2:
					_, err := e.organise.RestoreTag(t.Context(), e.Editor, id)
					check("restore", err)
				case 3:
					name := fmt.Sprint("name ", n%2)
					_, err := e.organise.ChangeTag(t.Context(), e.Owner, id, organise.TagChange{Name: &name})
					check("change", err)
				case 4:
					_, err := e.organise.MakeTag(t.Context(), e.Owner, e.LibraryID, fmt.Sprint("name ", n%2), "blue")
					check("make", err)
				default:
					slices.Reverse(some)
					_, err := e.organise.TagDocuments(t.Context(), e.Owner, id, organise.Change{Add: some})
					check("add", err)
				}
			}
		})
	}
	wg.Wait()
	tags, err := e.organise.Tags(t.Context(), e.Reader, e.LibraryID)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range tags {
		if got := e.listed(t, document.ListQuery{Tags: []uuid.UUID{tag.ID}}); int64(len(got)) != tag.Documents {
			t.Errorf("%s is on %d documents and counts %d", tag.Name, len(got), tag.Documents)
		}
	}
}

func TestTagsOverHTTP(t *testing.T) {
	e := setup(t)
	site := documenttest.Serve(t, e.mounts()...)
	docs := e.documents(t, 2)
	base := "/api/libraries/" + e.LibraryID.String()
	var tag organise.TagItem
	answer := site.Do(e.Editor, "POST", base+"/tags", `{"name":"#teaching"}`)
	answer.Decode(t, &tag)
	if answer.Status != 201 || tag.Name != "teaching" || tag.Color != "grey" {
		t.Fatalf("%d %+v", answer.Status, tag)
	}
	at := "/api/tags/" + tag.ID.String()
	if got := string(site.Do(e.Editor, "POST", at+"/documents", fmt.Sprintf(`{"add":[%q]}`, docs[0])).Body); strings.TrimSpace(got) !=
		fmt.Sprintf(`{"added":[%q],"removed":[]}`, docs[0]) {
		t.Errorf("tagged: %s", got)
	}
	var list document.DocumentList
	site.Do(e.Reader, "GET", base+"/documents?tag="+tag.ID.String(), "").Decode(t, &list)
	if list.Total != 1 || list.Items[0].ID != docs[0] || !slices.Equal(list.Items[0].TagIDs, []uuid.UUID{tag.ID}) {
		t.Errorf("%+v", list)
	}
	if got := string(site.Do(e.Reader, "GET", "/api/documents/"+docs[1].String(), "").Body); !strings.Contains(got, `"tag_ids":[]`) {
		t.Errorf("a document without tags: %s", got)
	}
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"POST", base + "/tags", `{"name":"Teaching"}`, 409, "tag_exists"},
		{"POST", base + "/tags", `{"name":"x","color":"mauve"}`, 422, "invalid_request"},
		{"POST", base + "/tags", `{}`, 422, "invalid_request"},
		{"PATCH", at, `{"name":" "}`, 422, "bad_tag_name"},
		{"PATCH", "/api/tags/" + uuid.NewString(), `{}`, 404, "tag_not_found"},
		{"POST", at + "/documents", `{"add":["x"]}`, 422, "invalid_request"},
		{"POST", at + "/documents", `{}`, 422, "bad_documents"},
		{"GET", base + "/documents?tag=x", "", 422, "bad_id"},
		{"GET", base + "/documents?tag=" + strings.Repeat(tag.ID.String()+",", 20) + tag.ID.String(), "", 422, "invalid_request"},
	} {
		if got := site.Do(e.Editor, c.method, c.path, c.body); got.Status != c.status || got.Code() != c.code {
			t.Errorf("%s %s %s: %d %s, want %d %s", c.method, c.path, c.body, got.Status, got.Body, c.status, c.code)
		}
	}
	if got := site.Do(e.Editor, "DELETE", at, ""); got.Status != 204 {
		t.Errorf("delete: %d %s", got.Status, got.Body)
	}
	site.Do(e.Editor, "POST", at+"/restore", "").Decode(t, &tag)
	if tag.Documents != 1 {
		t.Errorf("restored: %+v", tag)
	}
}
