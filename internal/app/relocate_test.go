package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/annotation/annotationtest"
	"scrollkeeper.example/scrollkeeper/internal/app"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/operate"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/relocate"
)

// passage is a paper with all that a document can have, in a library that its
// editor may take it from, and another one, which is the editor's own. The
// commenter is a member of both.
type passage struct {
	*annotationtest.Env
	t       *testing.T
	to      uuid.UUID
	paper   documenttest.Added
	service *relocate.Service
	shared  annotation.AnnotationItem // the commenter's, answered by the owner
}

func newPassage(t *testing.T) *passage {
	t.Helper()
	e := annotationtest.New(t)
	for _, p := range []identity.Person{e.Owner, e.Admin, e.Editor, e.Commenter, e.Reader, e.Stranger} {
		if err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
			return e.Service.CreatePersonal(ctx, tx, p)
		}); err != nil {
			t.Fatal(err)
		}
	}
	own, err := e.Service.Create(t.Context(), e.Editor, "Elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	w := &passage{Env: e, t: t, to: own.ID}
	w.exec(`INSERT INTO library_members (library_id, person_id, role, joined_at) VALUES ($1, $2, 'reader', now())`, w.to, e.Commenter.ID)
	e.Documents.OnMoved = e.Marks.OnMoved
	w.paper = e.Add(t, documenttest.Doc{
		Title: "On moving", Pages: []string{"Attention is all you need to read", "and more of it"}, Thumbnail: []byte("picture"),
		References: []document.Reference{{Raw: "Somebody. Something. 2020.", Page: 2}},
	})
	e.Rename(t, w.paper.DocumentID, "As a person said")
	w.shared = e.Mark(t, e.Commenter, w.paper, annotationtest.On(w.paper, 1, 0, 9).With("body", "Really?"))
	e.Answer(t, e.Owner, w.shared.ID, "Yes")
	for _, p := range []identity.Person{e.Owner, e.Editor, e.Commenter} {
		e.Mark(t, p, w.paper, annotationtest.On(w.paper, 1, 10, 12).With("body", "private of "+p.Name, "private", true))
	}
	e.Mark(t, e.Owner, w.paper, annotationtest.On(w.paper, 2, 0, 3).With("body", "the owner's"))
	if got := e.Site.Do(e.Editor, "POST", "/api/documents/"+w.paper.DocumentID.String()+"/annotations", annotationtest.Body{
		"id": uuid.New(), "kind": "document", "meaning": "key", "private": false, "parts": []any{}, "body": "# Note",
	}.JSON(t)); got.Status != 201 {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	tag, above, below := uuid.New(), uuid.New(), uuid.New()
	w.exec(`INSERT INTO tags (id, library_id, name, color, created_at) VALUES ($1, $2, 'Methods', 'red', now())`, tag, e.LibraryID)
	w.exec(`INSERT INTO document_tags (tag_id, document_id) VALUES ($1, $2)`, tag, w.paper.DocumentID)
	w.exec(`INSERT INTO collections (id, library_id, name, position, created_at) VALUES ($1, $2, 'Course', 0, now())`, above, e.LibraryID)
	w.exec(`INSERT INTO collections (id, library_id, parent_id, name, position, created_at) VALUES ($1, $2, $3, 'Week 1', 0, now())`, below, e.LibraryID, above)
	w.exec(`INSERT INTO document_collections (collection_id, document_id) VALUES ($1, $2)`, below, w.paper.DocumentID)
	w.exec(`INSERT INTO citation_keys (document_id, library_id, key, folded) VALUES ($1, $2, 'Moving2020', 'moving2020')`, w.paper.DocumentID, e.LibraryID)
	for _, p := range []identity.Person{e.Owner, e.Commenter} {
		w.exec(`INSERT INTO reading_positions (person_id, document_id, edition_id, page, x, y, at) VALUES ($1, $2, $3, 2, 0, 0, now())`, p.ID, w.paper.DocumentID, w.paper.EditionID)
		w.exec(`INSERT INTO watches (person_id, document_id, state, at) VALUES ($1, $2, 'watching', now())`, p.ID, w.paper.DocumentID)
	}
	queue, err := jobs.New(e.Pool, jobs.Config{})
	if err != nil {
		t.Fatal(err)
	}
	carriers, err := app.Carry(e.Pool, e.Service, e.Documents, e.Marks, e.Blobs, e.Clock)
	if err != nil {
		t.Fatal(err)
	}
	w.service = relocate.NewService(relocate.Parts{Pool: e.Pool, Libraries: e.Service, Documents: e.Documents, Jobs: queue, Clock: e.Clock, Carriers: carriers})
	return w
}

func (w *passage) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.Pool.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *passage) count(sql string, args ...any) int {
	w.t.Helper()
	var n int
	if err := w.Pool.QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// run begins a relocation of the paper and does its job.
func (w *passage) run(n relocate.New) relocate.Relocation {
	w.t.Helper()
	n.From, n.To, n.DocumentIDs = w.LibraryID, w.to, []uuid.UUID{w.paper.DocumentID}
	r, err := w.service.Begin(w.t.Context(), w.Editor, n)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.work(r.ID, false)
}

func (w *passage) undo(id uuid.UUID) relocate.Relocation {
	w.t.Helper()
	if _, err := w.service.Undo(w.t.Context(), w.Editor, id); err != nil {
		w.t.Fatal(err)
	}
	return w.work(id, true)
}

func (w *passage) work(id uuid.UUID, undo bool) relocate.Relocation {
	w.t.Helper()
	if err := w.service.Work(w.t.Context(), relocate.Args{RelocationID: id, Undo: undo}); err != nil {
		w.t.Fatal(err)
	}
	r, err := w.service.Get(w.t.Context(), w.Editor, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// clean fails when verify finds something, or a row is in another library than its
// document or mark: in whatever table, so that a new one is not forgotten.
func (w *passage) clean(when string) {
	w.t.Helper()
	report, err := operate.Verify(w.t.Context(), operate.Verification{Pool: w.Pool, Blobs: w.Blobs, Now: time.Now().Add(48 * time.Hour), RecheckPause: time.Millisecond})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, check := range report.Checks {
		if check.Bad > 0 {
			w.t.Errorf("%s: %+v", when, check)
		}
	}
	for column, owner := range map[string]string{"document_id": "documents", "edition_id": "editions", "annotation_id": "annotations"} {
		rows, err := w.Pool.Query(w.t.Context(), `SELECT a.table_name FROM information_schema.columns a JOIN information_schema.columns b USING (table_schema, table_name)
			JOIN information_schema.tables t USING (table_schema, table_name)
			WHERE a.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND a.column_name = 'library_id' AND b.column_name = $1 AND table_name <> 'uploads'`, column)
		if err != nil {
			w.t.Fatal(err)
		}
		var tables []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				w.t.Fatal(err)
			}
			tables = append(tables, name)
		}
		for _, table := range tables {
			if n := w.count(fmt.Sprintf(`SELECT count(*) FROM %s x JOIN %s o ON o.id = x.%s WHERE o.library_id <> x.library_id`, table, owner, column)); n > 0 {
				w.t.Errorf("%s: %d rows of %s are in another library than their %s", when, n, table, column)
			}
		}
	}
}

func TestACopyHasAllThatEverybodyMaySee(t *testing.T) {
	w := newPassage(t)
	r := w.run(relocate.New{Kind: relocate.Copy, WithMarks: true, WithTags: true})
	if r.State != relocate.Done || r.Arrived != 1 {
		t.Fatalf("%+v", r)
	}
	w.clean("after the copy")
	var id uuid.UUID
	if err := w.Pool.QueryRow(t.Context(), `SELECT id FROM documents WHERE library_id = $1`, w.to).Scan(&id); err != nil {
		t.Fatal(err)
	}
	d, err := w.Documents.Get(t.Context(), w.Editor, id)
	if err != nil || d.Title != "As a person said" || d.Edition == nil || d.Edition.State != document.Ready {
		t.Fatalf("%+v, %v", d, err)
	}
	page, err := w.Documents.Page(t.Context(), w.Editor, d.Edition.ID, 1)
	if err != nil || len(page.Words) == 0 {
		t.Errorf("words: %+v, %v", page, err)
	}
	for what, want := range map[string]int{
		// The commenter's and the owner's shared ones, the note, and the editor's private one.
		`SELECT count(*) FROM annotations WHERE document_id = $1`:                                                                                                                                                4,
		`SELECT count(*) FROM annotations WHERE document_id = $1 AND private`:                                                                                                                                    1,
		`SELECT count(*) FROM annotations WHERE document_id = $1 AND body LIKE 'private of editor'`:                                                                                                              1,
		`SELECT count(*) FROM annotations WHERE document_id = $1 AND author_name = 'commenter' AND author_id IS NOT NULL`:                                                                                        1,
		`SELECT count(*) FROM annotations WHERE document_id = $1 AND author_name = 'olga' AND author_id IS NULL`:                                                                                                 1,
		`SELECT count(*) FROM annotation_replies r JOIN annotations a ON a.id = r.annotation_id WHERE a.document_id = $1 AND r.author_name = 'olga' AND r.author_id IS NULL`:                                     1,
		`SELECT count(*) FROM edition_references r JOIN editions e ON e.id = r.edition_id WHERE e.document_id = $1`:                                                                                              1,
		`SELECT count(*) FROM document_tags x JOIN tags t ON t.id = x.tag_id WHERE x.document_id = $1 AND t.name = 'Methods'`:                                                                                    1,
		`SELECT count(*) FROM document_collections x JOIN collections c ON c.id = x.collection_id JOIN collections p ON p.id = c.parent_id WHERE x.document_id = $1 AND c.name = 'Week 1' AND p.name = 'Course'`: 1,
		`SELECT count(*) FROM citation_keys WHERE document_id = $1 AND key = 'Moving2020' AND NOT pinned`:                                                                                                        1,
		`SELECT count(*) FROM reading_positions WHERE document_id = $1`:                                                                                                                                          1, // the commenter's
		`SELECT count(*) FROM watches WHERE document_id = $1`:                                                                                                                                                    1,
		`SELECT count(*) FROM metadata_claims WHERE document_id = $1 AND source = 'person'`:                                                                                                                      1,
	} {
		if got := w.count(what, id); got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	if n := w.count(`SELECT count(*) FROM editions a JOIN editions b ON b.blob_key = a.blob_key AND b.id <> a.id`); n > 0 {
		t.Error("the libraries share a file's bytes")
	}
	again := w.run(relocate.New{Kind: relocate.Copy, WithMarks: true})
	if again.Present != 1 || len(again.Problems) != 1 || again.Problems[0].PresentID.UUID != id {
		t.Errorf("a second time: %+v", again)
	}
	w.clean("after the second")
	if back := w.undo(r.ID); back.State != relocate.Undone || back.Undone != 1 {
		t.Errorf("%+v", back)
	}
	if n := w.count(`SELECT count(*) FROM documents WHERE id = $1 AND trashed_at IS NOT NULL`, id); n != 1 {
		t.Error("the copy is not in the trash")
	}
	if err := w.Documents.Purge(t.Context(), w.Editor, id); err != nil {
		t.Fatal(err)
	}
	w.clean("after it was purged")
	if d, err := w.Documents.Get(t.Context(), w.Reader, w.paper.DocumentID); err != nil || d.TrashedAt != nil {
		t.Errorf("the original: %+v, %v", d, err)
	}
}

func TestAMovedDocumentIsThereWithAllAndComesBackWithAll(t *testing.T) {
	w := newPassage(t)
	id := w.paper.DocumentID
	state := func() string {
		var text string
		if err := w.Pool.QueryRow(t.Context(), `SELECT jsonb_build_object(
			'tags', (SELECT jsonb_agg(t.id) FROM document_tags x JOIN tags t ON t.id = x.tag_id WHERE x.document_id = $1),
			'collections', (SELECT jsonb_agg(collection_id) FROM document_collections WHERE document_id = $1),
			'key', (SELECT jsonb_build_array(key, pinned) FROM citation_keys WHERE document_id = $1),
			'marks', (SELECT jsonb_agg(jsonb_build_array(id, library_id, author_id, body, revision, private) ORDER BY id) FROM annotations WHERE document_id = $1),
			'blobs', (SELECT jsonb_agg(jsonb_build_array(id, library_id, blob_key, words_key)) FROM editions WHERE document_id = $1),
			'history', (SELECT count(*) FROM annotation_history h JOIN annotations a ON a.id = h.annotation_id WHERE a.document_id = $1),
			'places', (SELECT count(*) FROM reading_positions WHERE document_id = $1), 'watches', (SELECT count(*) FROM watches WHERE document_id = $1))::text`, id).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	// One that was merged into it before goes along in the trash.
	merged := w.Add(t, documenttest.Doc{Title: "Its preprint", Pages: []string{"other text"}})
	if _, err := w.Documents.Merge(t.Context(), w.Editor, id, []uuid.UUID{merged.DocumentID}); err != nil {
		t.Fatal(err)
	}
	before := state()
	for round := range 2 {
		r := w.run(relocate.New{Kind: relocate.Move, WithTags: true})
		if r.Arrived != 1 || r.State != relocate.Done {
			t.Fatalf("round %d: %+v", round, r)
		}
		w.clean("after the move")
		if _, err := w.Documents.Get(t.Context(), w.Reader, id); !fault.Is(err, "document_not_found") {
			t.Errorf("who is no member there: %v", err)
		}
		if d, err := w.Documents.Get(t.Context(), w.Commenter, id); err != nil || d.LibraryID != w.to {
			t.Errorf("who is a member there: %+v, %v", d, err)
		}
		// Of the private marks each sees their own; the owner, who is no member, none.
		marks, err := w.Marks.ForDocument(t.Context(), w.Commenter, id, nil, annotation.Filter{})
		if err != nil || len(marks) != 4 {
			t.Errorf("the commenter sees %d marks, %v", len(marks), err)
		}
		if _, err := w.Marks.Get(t.Context(), w.Owner, w.shared.ID, nil); !fault.Is(err, "annotation_not_found") {
			t.Errorf("the owner: %v", err)
		}
		if n := w.count(`SELECT count(*) FROM documents WHERE id = $1 AND library_id = $2`, merged.DocumentID, w.to); n != 1 {
			t.Error("the merged one stayed behind")
		}
		back := w.undo(r.ID)
		if back.Undone != 1 || len(back.Problems) != 0 {
			t.Fatalf("round %d: %+v", round, back)
		}
		w.clean("after it came back")
		if after := state(); after != before {
			t.Errorf("round %d:\n%s\nwas\n%s", round, after, before)
		}
	}
	if _, err := w.Documents.Restore(t.Context(), w.Editor, merged.DocumentID); err != nil {
		t.Errorf("the merge is undone afterwards: %v", err)
	}
	w.clean("after the merge was undone")
}

func TestADocumentIsHereOrThereWhenItIsCutOff(t *testing.T) {
	for _, kind := range []relocate.Kind{relocate.Copy, relocate.Move} {
		t.Run(string(kind), func(t *testing.T) {
			w := newPassage(t)
			carriers := w.service.Carriers
			broken := errors.New("cut off")
			w.service.Carriers.Moved = func(ctx context.Context, tx *postgres.Tx, p relocate.Passage) (json.RawMessage, error) {
				_, _ = carriers.Moved(ctx, tx, p)
				return nil, broken
			}
			w.service.Carriers.Copied = func(ctx context.Context, tx *postgres.Tx, p relocate.Passage) error {
				_ = carriers.Copied(ctx, tx, p)
				return broken
			}
			r, err := w.service.Begin(t.Context(), w.Editor, relocate.New{
				Kind: kind, From: w.LibraryID, To: w.to, DocumentIDs: []uuid.UUID{w.paper.DocumentID}, WithMarks: true, WithTags: true,
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.service.Work(t.Context(), relocate.Args{RelocationID: r.ID}); !errors.Is(err, broken) {
				t.Fatalf("got %v", err)
			}
			if n := w.count(`SELECT count(*) FROM documents WHERE library_id = $1`, w.to); n != 0 {
				t.Errorf("%d documents are there already", n)
			}
			w.service.Carriers = carriers
			for range 2 { // a job that comes twice does it once
				if got := w.work(r.ID, false); got.Arrived != 1 {
					t.Errorf("%+v", got)
				}
			}
			if n := w.count(`SELECT count(*) FROM documents WHERE library_id = $1`, w.to); n != 1 {
				t.Errorf("%d documents are there", n)
			}
			w.clean("after it went on")
		})
	}
}

func TestWhoMayTakeDocumentsWhere(t *testing.T) {
	w := newPassage(t)
	begin := func(p identity.Person, kind relocate.Kind, from, to uuid.UUID) error {
		_, err := w.service.Begin(t.Context(), p, relocate.New{Kind: kind, From: from, To: to, DocumentIDs: []uuid.UUID{w.paper.DocumentID}})
		return err
	}
	for what, c := range map[string]struct {
		err  error
		code string
	}{
		"a commenter may not move":                    {begin(w.Commenter, relocate.Move, w.LibraryID, w.to), "role_forbids"},
		"nor a reader copy into where they only read": {begin(w.Commenter, relocate.Copy, w.LibraryID, w.to), "role_forbids"},
		"the owner does not know the other library":   {begin(w.Owner, relocate.Copy, w.LibraryID, w.to), "library_not_found"},
		"a stranger knows neither":                    {begin(w.Stranger, relocate.Copy, w.LibraryID, w.to), "library_not_found"},
		"not into itself":                             {begin(w.Editor, relocate.Copy, w.LibraryID, w.LibraryID), "relocate_same_library"},
	} {
		if !fault.Is(c.err, c.code) {
			t.Errorf("%s: %v, want %s", what, c.err, c.code)
		}
	}
	t.Run("a document of a third library is not there", func(t *testing.T) {
		other, err := w.Service.Create(t.Context(), w.Stranger, "Secret")
		if err != nil {
			t.Fatal(err)
		}
		hidden := w.Add(t, documenttest.Doc{LibraryID: other.ID, Title: "Hidden", Pages: []string{"x"}})
		for _, kind := range []relocate.Kind{relocate.Copy, relocate.Move} {
			r, err := w.service.Begin(t.Context(), w.Editor, relocate.New{Kind: kind, From: w.LibraryID, To: w.to, DocumentIDs: []uuid.UUID{hidden.DocumentID, uuid.New()}})
			if err != nil {
				t.Fatal(err)
			}
			got := w.work(r.ID, false)
			if got.Failed != 2 || got.Problems[0].Message != got.Problems[1].Message {
				t.Errorf("%+v", got)
			}
		}
		w.clean("after nothing went")
	})
	t.Run("one that is being read waits", func(t *testing.T) {
		w.paper = w.Upload(t, documenttest.Doc{Title: "Unread"})
		if r := w.run(relocate.New{Kind: relocate.Move}); r.Failed != 1 || r.Problems[0].Message == "" {
			t.Errorf("%+v", r)
		}
	})
}
