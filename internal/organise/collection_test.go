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

func in(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

// collection makes one under parent; uuid.Nil is the top.
func (e env) collection(t *testing.T, name string, parent uuid.UUID) uuid.UUID {
	t.Helper()
	c, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, name, in(parent))
	if err != nil {
		t.Fatalf("make collection %q: %v", name, err)
	}
	return c.ID
}

func (e env) collect(t *testing.T, id uuid.UUID, docs ...uuid.UUID) {
	t.Helper()
	if _, err := e.organise.CollectDocuments(t.Context(), e.Editor, id, organise.Change{Add: docs}); err != nil {
		t.Fatalf("collect: %v", err)
	}
}

// tree writes the library's collections as "a(b c(d)) e", with counts.
func (e env) tree(t *testing.T) string {
	t.Helper()
	list, err := e.organise.Collections(t.Context(), e.Reader, e.LibraryID)
	if err != nil {
		t.Fatalf("collections: %v", err)
	}
	var write func(parent uuid.NullUUID) string
	write = func(parent uuid.NullUUID) string {
		var parts []string
		for _, c := range list {
			if c.ParentID != parent {
				continue
			}
			part := fmt.Sprintf("%s:%d", c.Name, c.Documents)
			if under := write(in(c.ID)); under != "" {
				part += "(" + under + ")"
			}
			parts = append(parts, part)
		}
		return strings.Join(parts, " ")
	}
	return write(uuid.NullUUID{})
}

func TestWhoMayCollect(t *testing.T) {
	e := setup(t)
	id, doc := e.collection(t, "Groundwater", uuid.Nil), e.documents(t, 1)[0]
	const yes, forbidden, hidden = "", "role_forbids", "collection_not_found"
	for name, c := range map[string]struct {
		do   func(identity.Person) error
		want [6]string
	}{
		"list": {func(p identity.Person) error {
			_, err := e.organise.Collections(t.Context(), p, e.LibraryID)
			return err
		}, [6]string{yes, yes, yes, yes, yes, "library_not_found"}},
		"make": {func(p identity.Person) error {
			_, err := e.organise.MakeCollection(t.Context(), p, e.LibraryID, p.Name, in(id))
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, "library_not_found"}},
		"rename": {func(p identity.Person) error {
			_, err := e.organise.RenameCollection(t.Context(), p, id, "Water "+p.Name)
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, hidden}},
		"move": {func(p identity.Person) error {
			_, err := e.organise.MoveCollection(t.Context(), p, id, organise.Place{})
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, hidden}},
		"put a document in": {func(p identity.Person) error {
			_, err := e.organise.CollectDocuments(t.Context(), p, id, organise.Change{Add: []uuid.UUID{doc}})
			return err
		}, [6]string{yes, yes, yes, forbidden, forbidden, hidden}},
		"delete and restore": {func(p identity.Person) error {
			if err := e.organise.DeleteCollection(t.Context(), p, id); err != nil {
				return err
			}
			_, err := e.organise.RestoreCollection(t.Context(), p, id)
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

func TestCollectionNames(t *testing.T) {
	e := setup(t)
	for given, want := range map[string]string{
		"  Fire   and dust ":     "Fire and dust",
		"":                       "",
		strings.Repeat("ü", 120): strings.Repeat("ü", 120),
		strings.Repeat("ü", 121): "",
		"a\u202eb":               "",
		"../../etc/passwd":       "../../etc/passwd",
		"#1":                     "#1",
	} {
		c, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, given, uuid.NullUUID{})
		if c.Name != want && err == nil || (want == "") != (code(err) == "bad_collection_name") {
			t.Errorf("%q: %q, %v; want %q", given, c.Name, err, want)
		}
	}
	other := e.collection(t, "Other", uuid.Nil)
	if _, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, "OTHER", uuid.NullUUID{}); code(err) != "collection_exists" {
		t.Errorf("the same in capitals: %v", err)
	}
	if _, err := e.organise.RenameCollection(t.Context(), e.Editor, other, "fire and DUST"); code(err) != "collection_exists" {
		t.Errorf("renamed to one that is there: %v", err)
	}
	inside := e.collection(t, "other", other) // another place
	if _, err := e.organise.MoveCollection(t.Context(), e.Editor, inside, organise.Place{}); code(err) != "collection_exists" {
		t.Errorf("moved beside its namesake: %v", err)
	}
}

func TestTheTreeOfCollections(t *testing.T) {
	e := setup(t)
	a := e.collection(t, "a", uuid.Nil)
	b := e.collection(t, "b", a)
	c := e.collection(t, "c", a)
	d := e.collection(t, "d", c)
	f := e.collection(t, "f", uuid.Nil)
	move := func(id uuid.UUID, to organise.Place, want string) {
		t.Helper()
		if _, err := e.organise.MoveCollection(t.Context(), e.Editor, id, to); err != nil {
			t.Errorf("move: %v", err)
		}
		if got := e.tree(t); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	move(c, organise.Place{ParentID: in(a), Before: in(b)}, "a:0(c:0(d:0) b:0) f:0")
	move(f, organise.Place{Before: in(a)}, "f:0 a:0(c:0(d:0) b:0)")
	move(a, organise.Place{ParentID: in(f)}, "f:0(a:0(c:0(d:0) b:0))")
	move(d, organise.Place{}, "f:0(a:0(c:0 b:0)) d:0")
	move(d, organise.Place{}, "f:0(a:0(c:0 b:0)) d:0") // where it is
	for name, refused := range map[string]struct {
		id   uuid.UUID
		to   organise.Place
		code string
	}{
		"into itself":          {f, organise.Place{ParentID: in(f)}, "collection_cycle"},
		"into what is in it":   {f, organise.Place{ParentID: in(b)}, "collection_cycle"},
		"into nothing":         {f, organise.Place{ParentID: in(uuid.New())}, "parent_not_found"},
		"before one elsewhere": {d, organise.Place{Before: in(a)}, "sibling_not_found"},
		"before itself":        {d, organise.Place{Before: in(d)}, "sibling_not_found"},
	} {
		if _, err := e.organise.MoveCollection(t.Context(), e.Editor, refused.id, refused.to); code(err) != refused.code {
			t.Errorf("%s: %v, want %s", name, err, refused.code)
		}
	}
	if _, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, "x", in(uuid.New())); code(err) != "parent_not_found" {
		t.Errorf("made in nothing: %v", err)
	}
}

func TestLimitsOfCollections(t *testing.T) {
	e := setup(t)
	at := uuid.Nil
	chain := make([]uuid.UUID, 10)
	for i := range chain {
		at = e.collection(t, fmt.Sprint("level ", i+1), at)
		chain[i] = at
	}
	if _, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, "level 11", in(at)); code(err) != "too_deep" {
		t.Errorf("made 11 deep: %v", err)
	}
	top := e.collection(t, "top", uuid.Nil)
	e.collection(t, "under", top)
	if _, err := e.organise.MoveCollection(t.Context(), e.Editor, top, organise.Place{ParentID: in(chain[8])}); code(err) != "too_deep" {
		t.Errorf("two moved to level 10: %v", err)
	}
	if _, err := e.organise.MoveCollection(t.Context(), e.Editor, top, organise.Place{ParentID: in(chain[7])}); err != nil {
		t.Errorf("two moved to level 9: %v", err)
	}
	if _, err := e.Pool.Exec(t.Context(), `INSERT INTO collections (id, library_id, name, position, created_at)
		SELECT gen_random_uuid(), $1, 'more ' || n, n, now() FROM generate_series(1, 1988) n`, e.LibraryID); err != nil {
		t.Fatal(err)
	}
	if _, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, "2001", uuid.NullUUID{}); code(err) != "too_many_collections" {
		t.Errorf("one too many: %v", err)
	}
	if err := e.organise.DeleteCollection(t.Context(), e.Editor, chain[9]); err != nil {
		t.Fatal(err)
	}
	e.collection(t, "2000", uuid.Nil)
	if _, err := e.organise.RestoreCollection(t.Context(), e.Editor, chain[9]); code(err) != "too_many_collections" {
		t.Errorf("restored as one too many: %v", err)
	}
}

func TestDocumentsInCollections(t *testing.T) {
	e := setup(t)
	docs := e.documents(t, 4)
	a := e.collection(t, "a", uuid.Nil)
	b := e.collection(t, "b", a)
	c := e.collection(t, "c", uuid.Nil)
	e.collect(t, a, docs[0], docs[1])
	e.collect(t, b, docs[1], docs[2])
	e.collect(t, c, docs[1])
	if got := e.tree(t); got != "a:3(b:2) c:1" {
		t.Errorf("%s; a document counts once in each", got)
	}
	if got := e.listed(t, document.ListQuery{Collection: in(a)}); !slices.Equal(got, docs[:3]) {
		t.Errorf("in a %v, want %v", got, docs[:3])
	}
	if got := e.listed(t, document.ListQuery{Collection: in(b)}); !slices.Equal(got, docs[1:3]) {
		t.Errorf("in b %v, want %v", got, docs[1:3])
	}
	if d, err := e.Documents.Get(t.Context(), e.Reader, docs[1]); err != nil || !slices.Equal(d.CollectionIDs, []uuid.UUID{a, b, c}) {
		t.Errorf("is in %v, %v; want %v", d.CollectionIDs, err, []uuid.UUID{a, b, c})
	}
	tag := e.tag(t, "teaching")
	if _, err := e.organise.TagDocuments(t.Context(), e.Editor, tag, organise.Change{Add: docs[2:]}); err != nil {
		t.Fatal(err)
	}
	if got := e.listed(t, document.ListQuery{Collection: in(a), Tags: []uuid.UUID{tag}}); !slices.Equal(got, docs[2:3]) {
		t.Errorf("in a with the tag %v, want %v", got, docs[2:3])
	}
	done, err := e.organise.CollectDocuments(t.Context(), e.Editor, b, organise.Change{Add: docs[2:], Remove: docs[:2]})
	if err != nil || !slices.Equal(done.Add, docs[3:]) || !slices.Equal(done.Remove, docs[1:2]) {
		t.Errorf("changed %+v, %v", done, err)
	}
	if _, err := e.Documents.Trash(t.Context(), e.Editor, docs[3]); err != nil {
		t.Fatal(err)
	}
	if got := e.tree(t); got != "a:3(b:1) c:1" {
		t.Errorf("%s; the trash does not count", got)
	}
}

func TestADeletedCollectionComesBackAsItWas(t *testing.T) {
	e := setup(t)
	docs := e.documents(t, 2)
	a := e.collection(t, "a", uuid.Nil)
	b := e.collection(t, "b", a)
	c := e.collection(t, "c", b)
	d := e.collection(t, "d", b)
	e.collect(t, c, docs[0])
	e.collect(t, b, docs[1])
	remove := func(id uuid.UUID) {
		t.Helper()
		if err := e.organise.DeleteCollection(t.Context(), e.Editor, id); err != nil {
			t.Fatal(err)
		}
	}
	restore := func(id uuid.UUID) string {
		t.Helper()
		_, err := e.organise.RestoreCollection(t.Context(), e.Editor, id)
		return code(err)
	}
	remove(d)
	remove(b)
	remove(b) // changes nothing
	if got := e.tree(t); got != "a:0" {
		t.Errorf("after the deletion %s", got)
	}
	if got := e.listed(t, document.ListQuery{Collection: in(b)}); len(got) != 0 {
		t.Errorf("a deleted collection shows %v", got)
	}
	if got := e.listed(t, document.ListQuery{}); !slices.Equal(got, docs) {
		t.Errorf("the library has %v, want %v", got, docs)
	}
	if got, err := e.Documents.Get(t.Context(), e.Reader, docs[0]); err != nil || len(got.CollectionIDs) != 0 {
		t.Errorf("is in %v, %v", got.CollectionIDs, err)
	}
	for name, err := range map[string]error{
		"rename": func() error { _, err := e.organise.RenameCollection(t.Context(), e.Editor, b, "x"); return err }(),
		"move": func() error {
			_, err := e.organise.MoveCollection(t.Context(), e.Editor, b, organise.Place{})
			return err
		}(),
		"add": func() error {
			_, err := e.organise.CollectDocuments(t.Context(), e.Editor, b, organise.Change{Add: docs})
			return err
		}(),
	} {
		if code(err) != "collection_deleted" {
			t.Errorf("%s a deleted one: %v", name, err)
		}
	}
	if got := restore(c); got != "deleted_with_parent" {
		t.Errorf("restored out of a deleted one: %q", got)
	}
	again := e.collection(t, "B", a)
	if got := restore(b); got != "collection_exists" {
		t.Errorf("restored beside its namesake: %q", got)
	}
	remove(again)
	if got := restore(b); got != "" || e.tree(t) != "a:2(b:2(c:1))" {
		t.Errorf("restored: %q, %s; what was deleted before stays away", got, e.tree(t))
	}
	if got := restore(d); got != "" || e.tree(t) != "a:2(b:2(c:1 d:0))" {
		t.Errorf("restored: %q, %s", got, e.tree(t))
	}
	remove(d)
	remove(a)
	if got := restore(d); got != "" || e.tree(t) != "d:0" {
		t.Errorf("restored without its parent: %q, %s", got, e.tree(t))
	}
	var ops []string
	for _, change := range e.Changes(t) {
		if change.Kind == "collection" && change.ObjectID == b {
			ops = append(ops, change.Op)
		}
	}
	if want := []string{"added", "removed", "restored"}; !slices.Equal(ops, want) {
		t.Errorf("changes %v, want %v", ops, want)
	}
	e.Clock.Advance(31 * 24 * time.Hour)
	remove(e.collection(t, "another", uuid.Nil))
	if got := restore(a); got != "collection_not_found" {
		t.Errorf("restored after a month: %q", got)
	}
}

func TestNothingLeavesALibraryByItsCollections(t *testing.T) {
	e := setup(t)
	there := e.elsewhere(t)
	theirs, err := e.organise.MakeCollection(t.Context(), e.Stranger, there, "Secret", uuid.NullUUID{})
	if err != nil {
		t.Fatal(err)
	}
	other := e.Upload(t, documenttest.Doc{LibraryID: there}).DocumentID
	if _, err := e.organise.CollectDocuments(t.Context(), e.Stranger, theirs.ID, organise.Change{Add: []uuid.UUID{other}}); err != nil {
		t.Fatal(err)
	}
	own, mine := e.documents(t, 1), e.collection(t, "Mine", uuid.Nil)
	if _, err := e.organise.CollectDocuments(t.Context(), e.Editor, mine, organise.Change{Add: []uuid.UUID{own[0], other}}); code(err) != "document_not_found" {
		t.Errorf("another library's document: %v", err)
	}
	if _, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, "x", in(theirs.ID)); code(err) != "parent_not_found" {
		t.Errorf("made in another library's: %v", err)
	}
	if _, err := e.organise.MoveCollection(t.Context(), e.Editor, mine, organise.Place{ParentID: in(theirs.ID)}); code(err) != "parent_not_found" {
		t.Errorf("moved into another library's: %v", err)
	}
	if _, err := e.organise.MoveCollection(t.Context(), e.Editor, mine, organise.Place{Before: in(theirs.ID)}); code(err) != "sibling_not_found" {
		t.Errorf("moved before another library's: %v", err)
	}
	for name, id := range map[string]uuid.UUID{"another library's": theirs.ID, "unknown": uuid.New()} {
		if got := e.listed(t, document.ListQuery{Collection: in(id)}); len(got) != 0 {
			t.Errorf("%s collection shows %v", name, got)
		}
	}
}

// Several people turn one tree around at once: no deadlock, no cycle, nothing lost.
func TestCollectionsInARace(t *testing.T) {
	e := setup(t)
	docs := e.documents(t, 4)
	ids := make([]uuid.UUID, 5)
	for i := range ids {
		ids[i] = e.collection(t, fmt.Sprint("c", i), uuid.Nil)
	}
	allowed := []string{"", "collection_cycle", "collection_deleted", "deleted_with_parent", "parent_not_found", "sibling_not_found"}
	check := func(what string, err error) {
		if !slices.Contains(allowed, code(err)) {
			t.Errorf("%s: %v", what, err)
		}
	}
	var wg sync.WaitGroup
	for worker := range 6 {
		wg.Go(func() {
			for round := range 12 {
				n := worker*11 + round
				id, other := ids[n%5], ids[(n*3+1)%5]
				switch n % 5 {
				case 0:
					check("delete", e.organise.DeleteCollection(t.Context(), e.Editor, id))
				case 1:
					_, err := e.organise.RestoreCollection(t.Context(), e.Editor, other)
					check("restore", err)
				case 2:
					_, err := e.organise.CollectDocuments(t.Context(), e.Owner, id, organise.Change{Add: docs[:2], Remove: docs[2:]})
					check("collect", err)
				default:
					_, err := e.organise.MoveCollection(t.Context(), e.Owner, id, organise.Place{ParentID: in(other)})
					check("move", err)
				}
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		_, err := e.organise.RestoreCollection(t.Context(), e.Editor, id)
		check("restore", err)
	}
	// All can be reached from the top, so there is no cycle.
	got := e.tree(t)
	for i := range ids {
		if !strings.Contains(got, fmt.Sprint("c", i, ":")) {
			t.Errorf("c%d is missing from %s", i, got)
		}
	}
}

func TestCollectionsOverHTTP(t *testing.T) {
	e := setup(t)
	site := documenttest.Serve(t, e.mounts()...)
	doc := e.documents(t, 1)[0]
	base := "/api/libraries/" + e.LibraryID.String()
	var outer, inner organise.CollectionItem
	site.Do(e.Editor, "POST", base+"/collections", `{"name":"Outer"}`).Decode(t, &outer)
	answer := site.Do(e.Editor, "POST", base+"/collections", fmt.Sprintf(`{"name":"Inner","parent_id":%q}`, outer.ID))
	answer.Decode(t, &inner)
	if answer.Status != 201 || outer.ParentID != nil || inner.ParentID == nil || *inner.ParentID != outer.ID {
		t.Fatalf("%d %+v %+v", answer.Status, outer, inner)
	}
	at := "/api/collections/" + inner.ID.String()
	if got := string(site.Do(e.Editor, "POST", at+"/documents", fmt.Sprintf(`{"add":[%q]}`, doc)).Body); strings.TrimSpace(got) !=
		fmt.Sprintf(`{"added":[%q],"removed":[]}`, doc) {
		t.Errorf("collected: %s", got)
	}
	var list document.DocumentList
	site.Do(e.Reader, "GET", base+"/documents?collection="+outer.ID.String(), "").Decode(t, &list)
	if list.Total != 1 || !slices.Equal(list.Items[0].CollectionIDs, []uuid.UUID{inner.ID}) {
		t.Errorf("%+v", list)
	}
	var moved organise.CollectionItem
	site.Do(e.Editor, "POST", at+"/move", `{}`).Decode(t, &moved)
	if moved.ParentID != nil || moved.Documents != 1 {
		t.Errorf("moved: %+v", moved)
	}
	for _, c := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"POST", at + "/move", fmt.Sprintf(`{"parent_id":%q}`, inner.ID), 409, "collection_cycle"},
		{"PATCH", at, `{"name":""}`, 422, "bad_collection_name"},
		{"PATCH", at, `{"name":"outer"}`, 409, "collection_exists"},
		{"POST", at + "/documents", `{}`, 422, "bad_documents"},
		{"GET", base + "/documents?collection=x", "", 422, "bad_id"},
		{"DELETE", "/api/collections/" + uuid.NewString(), "", 404, "collection_not_found"},
	} {
		if got := site.Do(e.Editor, c.method, c.path, c.body); got.Status != c.status || got.Code() != c.code {
			t.Errorf("%s %s %s: %d %s, want %d %s", c.method, c.path, c.body, got.Status, got.Body, c.status, c.code)
		}
	}
	if got := site.Do(e.Editor, "DELETE", at, ""); got.Status != 204 {
		t.Errorf("delete: %d %s", got.Status, got.Body)
	}
	site.Do(e.Editor, "POST", at+"/restore", "").Decode(t, &moved)
	if moved.Name != "Inner" || moved.Documents != 1 {
		t.Errorf("restored: %+v", moved)
	}
}
