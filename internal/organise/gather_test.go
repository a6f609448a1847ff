package organise_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/organise"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

func TestDocumentsAreGatheredByNames(t *testing.T) {
	e := setup(t)
	one := e.Add(t, documenttest.Doc{Pages: []string{"one"}}).DocumentID
	two := e.Add(t, documenttest.Doc{Pages: []string{"two"}}).DocumentID
	if _, err := e.organise.MakeTag(t.Context(), e.Editor, e.LibraryID, "Review", "red"); err != nil {
		t.Fatal(err)
	}
	top, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, "Methods", uuid.NullUUID{})
	if err != nil {
		t.Fatal(err)
	}
	gather := func() {
		t.Helper()
		err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
			return e.organise.Gather(ctx, tx, e.Editor.ID, e.LibraryID, []organise.Gathered{
				{DocumentID: one, Tags: []string{"review", "İstanbul", "istanbul", "", strings.Repeat("x", 100)}, Collections: []string{"methods/Surveys/2019", "A//B", strings.Repeat("deep/", 30)}},
				{DocumentID: two, Tags: []string{"New"}, Collections: []string{"METHODS/surveys"}},
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	gather()
	gather() // nothing is there twice
	tags, err := e.organise.Tags(t.Context(), e.Reader, e.LibraryID)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tag := range tags {
		if names = append(names, tag.Name); tag.Documents != 1 || tag.Name == "Review" && tag.Color != "red" {
			t.Errorf("%+v", tag)
		}
	}
	if !slices.Contains(names, "Review") || !slices.Contains(names, "New") || len(names) > 4 {
		t.Errorf("tags %q", names)
	}
	collections, err := e.organise.Collections(t.Context(), e.Reader, e.LibraryID)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int64{}
	for _, c := range collections {
		counts[c.Name] += c.Documents
		if c.Name == "Surveys" && (!c.ParentID.Valid || c.ParentID.UUID != top.ID) {
			t.Errorf("%+v", c)
		}
	}
	if counts["Methods"] != 2 || counts["Surveys"] != 2 || counts["2019"] != 1 || counts["B"] != 1 || counts["deep"] != 10 {
		t.Errorf("collections %v", counts)
	}
}

// What came in folders goes into collections of their names, also documents that
// were there before, and those that were merged meanwhile.
func TestFoldersBecomeCollections(t *testing.T) {
	e := setup(t)
	one := e.Add(t, documenttest.Doc{Pages: []string{"one"}}).DocumentID
	two := e.Add(t, documenttest.Doc{Pages: []string{"two"}}).DocumentID
	work := e.Add(t, documenttest.Doc{Pages: []string{"the same"}}).DocumentID
	if _, err := e.Documents.Merge(t.Context(), e.Editor, work, []uuid.UUID{two}); err != nil {
		t.Fatal(err)
	}
	gather := func() []uuid.UUID {
		t.Helper()
		changed, err := e.organise.GatherInto(t.Context(), e.Editor, e.LibraryID, []organise.Gathered{
			{DocumentID: one, Collections: []string{"Papers/Bees"}}, {DocumentID: one, Collections: []string{"Papers/Sound"}}, {DocumentID: two, Collections: []string{"papers/bees"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	if got := gather(); len(got) != 2 || !slices.Contains(got, one) || !slices.Contains(got, work) {
		t.Errorf("changed %v", got)
	}
	if got := gather(); len(got) != 0 {
		t.Errorf("changed again: %v", got)
	}
	d, err := e.Documents.Get(t.Context(), e.Reader, one)
	if err != nil || len(d.CollectionIDs) != 2 {
		t.Errorf("%v, %v", d.CollectionIDs, err)
	}
	if _, err := e.organise.GatherInto(t.Context(), e.Editor, e.LibraryID, []organise.Gathered{{DocumentID: uuid.New(), Collections: []string{"x"}}}); !fault.Is(err, "document_not_found") {
		t.Errorf("another's document: %v", err)
	}
	if _, err := e.organise.GatherInto(t.Context(), e.Reader, e.LibraryID, []organise.Gathered{{DocumentID: one, Collections: []string{"x"}}}); !fault.Is(err, "role_forbids") {
		t.Errorf("a reader: %v", err)
	}
}
