package document_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// files lists a document's editions, the one that is shown first.
func files(t *testing.T, e *documenttest.Env, documentID uuid.UUID) []uuid.UUID {
	t.Helper()
	entries, err := e.Documents.Editions(t.Context(), e.Reader, documentID)
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]uuid.UUID, len(entries))
	for i, entry := range entries {
		ids[i] = entry.ID
	}
	return ids
}

func TestMergedDocumentsAreOneWork(t *testing.T) {
	e := setup(t)
	var moved []document.Moved
	e.Documents.OnMoved = func(_ context.Context, _ *postgres.Tx, m document.Moved) error {
		moved = append(moved, m)
		return nil
	}
	kept := e.Add(t, documenttest.Doc{Title: "On Marks", Pages: []string{"one"}})
	later := e.Add(t, documenttest.Doc{Title: "On marks, the preprint", Year: 2024, Pages: []string{"two"}})
	e.Rename(t, later.DocumentID, "On Marks and Margins")

	d, err := e.Documents.Merge(t.Context(), e.Editor, kept.DocumentID, []uuid.UUID{later.DocumentID, later.DocumentID})
	if err != nil {
		t.Fatal(err)
	}
	// The kept document's file is shown, though the other one's came later. Its
	// year was not known, and nobody had given it a title.
	if d.Title != "On Marks and Margins" || d.Year == nil || *d.Year != 2024 || d.Edition.ID != kept.EditionID || d.ReadyEditionID.UUID != kept.EditionID {
		t.Errorf("%+v", d)
	}
	if got := files(t, e, kept.DocumentID); !slices.Equal(got, []uuid.UUID{kept.EditionID, later.EditionID}) {
		t.Errorf("files %v", got)
	}
	gone, err := e.Documents.Get(t.Context(), e.Reader, later.DocumentID)
	if err != nil || gone.TrashedAt == nil || gone.MergedInto == nil || gone.MergedInto.ID != kept.DocumentID || gone.Edition != nil {
		t.Errorf("the merged one: %+v, %v", gone, err)
	}
	if len(moved) != 1 || moved[0].From != later.DocumentID || moved[0].To != kept.DocumentID || !slices.Equal(moved[0].EditionIDs, []uuid.UUID{later.EditionID}) {
		t.Errorf("told %+v", moved)
	}

	t.Run("another file is chosen to be shown", func(t *testing.T) {
		d, err := e.Documents.Prefer(t.Context(), e.Editor, later.EditionID)
		if err != nil || d.Edition.ID != later.EditionID || d.ReadyEditionID.UUID != later.EditionID {
			t.Errorf("%+v, %v", d.Edition, err)
		}
		if _, err := e.Documents.Prefer(t.Context(), e.Reader, later.EditionID); !fault.Is(err, "role_forbids") {
			t.Errorf("a reader: %v", err)
		}
	})
	t.Run("and is undone", func(t *testing.T) {
		back, err := e.Documents.Restore(t.Context(), e.Editor, later.DocumentID)
		if err != nil || back.TrashedAt != nil || back.MergedInto != nil || back.Edition == nil || back.Edition.ID != later.EditionID || back.Title != "On Marks and Margins" {
			t.Fatalf("%+v, %v", back, err)
		}
		d, err := e.Documents.Get(t.Context(), e.Reader, kept.DocumentID)
		if err != nil || d.Title != "On Marks" || d.Year != nil || d.Edition.ID != kept.EditionID || d.ReadyEditionID.UUID != kept.EditionID {
			t.Errorf("%+v, %v", d, err)
		}
		if len(moved) != 2 || !moved[1].Back || moved[1].To != later.DocumentID {
			t.Errorf("told %+v", moved)
		}
	})
}

// A document that took others in may be merged itself; each merge is undone alone.
func TestASupplementIsNotShownForItsPaper(t *testing.T) {
	e := setup(t)
	paper := e.Add(t, documenttest.Doc{Title: "The paper", Pages: []string{"x"}})
	extra := e.Add(t, documenttest.Doc{Title: "Tables", Pages: []string{"y"}, Of: paper.DocumentID})
	shown := func(want documenttest.Added, kind document.EditionKind) {
		t.Helper()
		d, err := e.Documents.Get(t.Context(), e.Reader, paper.DocumentID)
		if err != nil || d.Edition.ID != want.EditionID || d.Edition.Kind != kind || d.ReadyEditionID.UUID != want.EditionID {
			t.Errorf("%+v, %v", d.Edition, err)
		}
	}
	set := func(a documenttest.Added, kind document.EditionKind) {
		t.Helper()
		if _, err := e.Documents.SetEditionKind(t.Context(), e.Editor, a.EditionID, kind); err != nil {
			t.Fatal(err)
		}
	}
	shown(extra, "")
	set(extra, document.Supplement)
	shown(paper, "")
	set(paper, document.Published)
	shown(paper, document.Published)
	set(extra, document.Supplement) // twice is as once
	if _, err := e.Documents.Prefer(t.Context(), e.Editor, extra.EditionID); err != nil {
		t.Fatal(err)
	}
	shown(extra, document.Supplement)
	set(paper, document.Supplement)
	shown(extra, document.Supplement)
	set(extra, "")
	shown(extra, "")
	if _, err := e.Documents.SetEditionKind(t.Context(), e.Editor, extra.EditionID, "poster"); !fault.Is(err, "bad_edition_kind") {
		t.Errorf("%v", err)
	}
	if _, err := e.Documents.SetEditionKind(t.Context(), e.Reader, extra.EditionID, document.Preprint); !fault.Is(err, "role_forbids") {
		t.Errorf("a reader: %v", err)
	}
}

func TestMergesAreUndoneInAnyOrder(t *testing.T) {
	e := setup(t)
	var added [3]documenttest.Added
	for i := range added {
		added[i] = e.Add(t, documenttest.Doc{Title: fmt.Sprint("Work ", i), Pages: []string{fmt.Sprint("page ", i)}})
	}
	merge := func(into, from int) {
		t.Helper()
		if _, err := e.Documents.Merge(t.Context(), e.Editor, added[into].DocumentID, []uuid.UUID{added[from].DocumentID}); err != nil {
			t.Fatal(err)
		}
	}
	merge(1, 0)
	merge(2, 1)
	if got := files(t, e, added[2].DocumentID); len(got) != 3 || got[0] != added[2].EditionID {
		t.Errorf("files %v", got)
	}
	for _, i := range []int{0, 1} {
		if _, err := e.Documents.Restore(t.Context(), e.Editor, added[i].DocumentID); err != nil {
			t.Fatal(err)
		}
	}
	for i, a := range added {
		if got := files(t, e, a.DocumentID); !slices.Equal(got, []uuid.UUID{a.EditionID}) {
			t.Errorf("%d has %v, not %v", i, got, a.EditionID)
		}
	}
}

func TestAMergeThatMayNotBe(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{Title: "A", Pages: []string{"a"}})
	b := e.Add(t, documenttest.Doc{Title: "B", Pages: []string{"b"}})
	trashed := e.Add(t, documenttest.Doc{Title: "C", Pages: []string{"c"}})
	if _, err := e.Documents.Trash(t.Context(), e.Editor, trashed.DocumentID); err != nil {
		t.Fatal(err)
	}
	for code, merge := range map[string]func() error{
		"merge_itself": func() error {
			_, err := e.Documents.Merge(t.Context(), e.Editor, a.DocumentID, []uuid.UUID{b.DocumentID, a.DocumentID})
			return err
		},
		"merge_trashed": func() error {
			_, err := e.Documents.Merge(t.Context(), e.Editor, a.DocumentID, []uuid.UUID{trashed.DocumentID})
			return err
		},
		"document_not_found": func() error {
			_, err := e.Documents.Merge(t.Context(), e.Editor, a.DocumentID, []uuid.UUID{uuid.New()})
			return err
		},
		"role_forbids": func() error {
			_, err := e.Documents.Merge(t.Context(), e.Reader, a.DocumentID, []uuid.UUID{b.DocumentID})
			return err
		},
	} {
		if err := merge(); !fault.Is(err, code) {
			t.Errorf("%s: %v", code, err)
		}
	}
	if got := files(t, e, b.DocumentID); len(got) != 1 {
		t.Errorf("files %v", got)
	}
}

// A file whose reading ends after the merge is the kept document's.
func TestAFileIsReadWhileItsDocumentIsMerged(t *testing.T) {
	e := setup(t)
	kept := e.Add(t, documenttest.Doc{Title: "Kept", Pages: []string{"kept"}})
	doc := documenttest.Doc{Title: "Read", Pages: []string{"read"}}
	busy := e.Upload(t, doc)
	attempt := e.Begin(t, busy)
	if _, err := e.Documents.Merge(t.Context(), e.Editor, kept.DocumentID, []uuid.UUID{busy.DocumentID}); err != nil {
		t.Fatal(err)
	}
	if err := e.Finish(t, attempt, doc); err != nil {
		t.Fatal(err)
	}
	if page, err := e.Documents.Page(t.Context(), e.Reader, busy.EditionID, 1); err != nil || page.Text != "read" {
		t.Errorf("%q, %v", page.Text, err)
	}
	d, err := e.Documents.Get(t.Context(), e.Reader, kept.DocumentID)
	if err != nil || d.Title != "Kept" || d.Edition.ID != kept.EditionID {
		t.Errorf("%+v, %v", d, err)
	}
	// A file that was on its way to the merged one arrives.
	next := uuid.New()
	if err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return e.Documents.AddEdition(ctx, tx, document.NewUpload{
			LibraryID: e.LibraryID, DocumentID: busy.DocumentID, EditionID: next, BlobKey: "uploads/x", Filename: "x.pdf",
		})
	}); err != nil {
		t.Fatal(err)
	}
	if got := files(t, e, kept.DocumentID); len(got) != 3 || !slices.Contains(got, next) {
		t.Errorf("files %v", got)
	}
}

// Whatever happens at once, each file stays with one of the documents, and each
// document that is not in the trash has one.
func TestMergesAtOnce(t *testing.T) {
	e := setup(t)
	var ids []uuid.UUID
	for i := range 4 {
		ids = append(ids, e.Add(t, documenttest.Doc{Title: fmt.Sprint("Work ", i), Pages: []string{fmt.Sprint("page ", i)}}).DocumentID)
	}
	var group sync.WaitGroup
	for i := range 12 {
		group.Go(func() {
			into, from := ids[i%4], ids[(i+1+i/4)%4]
			if into == from {
				return
			}
			if _, err := e.Documents.Merge(t.Context(), e.Editor, into, []uuid.UUID{from}); err != nil && !fault.Is(err, "merge_trashed") {
				t.Errorf("merge: %v", err)
			}
			if i%3 == 0 {
				if _, err := e.Documents.Restore(t.Context(), e.Editor, from); err != nil {
					t.Errorf("restore: %v", err)
				}
			}
		})
	}
	group.Wait()
	all := 0
	for _, id := range ids {
		d, err := e.Documents.Get(t.Context(), e.Reader, id)
		if err != nil {
			t.Fatal(err)
		}
		here := len(files(t, e, id))
		if all += here; (d.TrashedAt == nil) != (here > 0) {
			t.Errorf("%s has %d files, in the trash: %v", d.Title, here, d.TrashedAt != nil)
		}
	}
	if all != 4 {
		t.Errorf("%d files", all)
	}
}

// A work that came without a file outlives a file that the library has already.
func TestARecordKeepsStandingWhenItsFileIsADuplicate(t *testing.T) {
	e := setup(t)
	id := uuid.Must(uuid.NewV7())
	if err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return e.Documents.AddRecords(ctx, tx, e.LibraryID, e.Editor.ID, []document.Record{{ID: id, Item: csl.Item{Type: "book", Title: "<i>Homo</i> faber"}}})
	}); err != nil {
		t.Fatal(err)
	}
	attempt, err := e.Documents.BeginAttempt(t.Context(), e.Upload(t, documenttest.Doc{Of: id}).EditionID)
	if err != nil {
		t.Fatal(err)
	}
	if err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return e.Documents.DropDuplicate(ctx, tx, attempt)
	}); err != nil {
		t.Fatal(err)
	}
	d, err := e.Documents.Get(t.Context(), e.Reader, id)
	if err != nil || d.Title != "Homo faber" || d.CSL.Title != "<i>Homo</i> faber" || d.Edition != nil {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestDuplicatesAreFound(t *testing.T) {
	e := setup(t)
	add := func(title string, year int) documenttest.Added {
		t.Helper()
		return e.Add(t, documenttest.Doc{Title: title, Year: year, Pages: []string{title + uuid.NewString()}})
	}
	first := add("Margins as places of discussion", 2021)
	second := add("Márgins as Places of Discussion.", 2022)
	typo := add("Margins as place of discussion", 2021)
	add("Margins as places of discussion", 2012) // another edition of a textbook, say
	add("Reading together, part 1 of the report", 2020)
	add("Reading together, part 2 of the report", 2020)
	add("Editorial", 2020)
	add("Editorial", 2020)
	doi := [2]documenttest.Added{add("Some title that is one thing", 2020), add("A different thing altogether", 2019)}
	for i, a := range doi {
		if _, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, document.Correction{Field: "DOI", Value: fmt.Appendf(nil, "%q", []string{"10.1234/ABC", "10.1234/abc"}[i])}); err != nil {
			t.Fatal(err)
		}
	}
	groups := func() []string {
		t.Helper()
		found, total, err := e.Documents.Duplicates(t.Context(), e.Reader, e.LibraryID)
		if err != nil || total != len(found) {
			t.Fatalf("%d of %d, %v", len(found), total, err)
		}
		var out []string
		for _, g := range found {
			line := string(g.Likeness)
			for _, d := range g.Documents {
				line += " " + d.ID.String()
			}
			out = append(out, line)
		}
		return out
	}
	want := []string{
		fmt.Sprintf("doi %s %s", doi[0].DocumentID, doi[1].DocumentID),
		fmt.Sprintf("close_title %s %s %s", first.DocumentID, second.DocumentID, typo.DocumentID),
	}
	if got := groups(); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if err := e.Documents.KeepApart(t.Context(), e.Editor, e.LibraryID, []uuid.UUID{doi[1].DocumentID, doi[0].DocumentID}, true); err != nil {
		t.Fatal(err)
	}
	if got := groups(); !slices.Equal(got, want[1:]) {
		t.Errorf("kept apart: %q", got)
	}
	if err := e.Documents.KeepApart(t.Context(), e.Editor, e.LibraryID, []uuid.UUID{doi[0].DocumentID, doi[1].DocumentID}, false); err != nil {
		t.Fatal(err)
	}
	if got := groups(); !slices.Equal(got, want) {
		t.Errorf("forgotten: %q", got)
	}
	if err := e.Documents.KeepApart(t.Context(), e.Reader, e.LibraryID, []uuid.UUID{doi[0].DocumentID, doi[1].DocumentID}, true); !fault.Is(err, "role_forbids") {
		t.Errorf("a reader: %v", err)
	}
}
