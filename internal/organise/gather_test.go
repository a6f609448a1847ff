package organise_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/organise"
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
