package document_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// addRecord makes a work without a file, as a bibliography does.
func addRecord(t *testing.T, e *documenttest.Env, item csl.Item) uuid.UUID {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return e.Documents.AddRecords(ctx, tx, e.LibraryID, e.Editor.ID, []document.Record{{ID: id, Item: item}})
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func in(year int) *csl.Date { return &csl.Date{DateParts: [][]int{{year}}} }

func TestAFileFindsItsRecord(t *testing.T) {
	const title = "The dances of the bees in the dark"
	frisch, lindauer := csl.Name{Family: "von Frisch", Given: "K."}, csl.Name{Family: "Lindauer", Given: "Martin"}
	file := documenttest.Doc{Title: "The Dances of the Bees: in the Dark", Year: 1956, Authors: []csl.Name{frisch, lindauer}, Pages: []string{"one"}}
	for name, tc := range map[string]struct {
		records []csl.Item
		file    documenttest.Doc
		joined  bool
	}{
		"the same title, year and authors": {[]csl.Item{{Title: title, Issued: in(1956), Author: []csl.Name{frisch}}}, file, true},
		"another year":                     {[]csl.Item{{Title: title, Issued: in(1957), Author: []csl.Name{frisch}}}, file, false},
		"no year":                          {[]csl.Item{{Title: title, Author: []csl.Name{frisch}}}, file, false},
		"another first author":             {[]csl.Item{{Title: title, Issued: in(1956), Author: []csl.Name{{Family: "Someone"}, lindauer}}}, file, false},
		"a letter more":                    {[]csl.Item{{Title: title + "s", Issued: in(1956), Author: []csl.Name{frisch}}}, file, false},
		"a title that many have":           {[]csl.Item{{Title: "Editorial", Issued: in(1956), Author: []csl.Name{frisch}}}, documenttest.Doc{Title: "Editorial", Year: 1956, Authors: []csl.Name{frisch}, Pages: []string{"one"}}, false},
		"two records":                      {[]csl.Item{{Title: title, Issued: in(1956), Author: []csl.Name{frisch}}, {Title: title, Issued: in(1956), Author: []csl.Name{frisch}}}, file, false},
	} {
		t.Run(name, func(t *testing.T) {
			e := setup(t)
			var works []uuid.UUID
			for _, item := range tc.records {
				item.Type = "book"
				works = append(works, addRecord(t, e, item))
			}
			added := e.Add(t, tc.file)
			var told []document.Joined
			join := func() {
				t.Helper()
				err := e.Documents.Join(t.Context(), added.EditionID, func(_ context.Context, _ *postgres.Tx, j document.Joined) error {
					told = append(told, j)
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			join()
			join() // a job that runs twice
			if got := len(files(t, e, works[0])); (got == 1) != tc.joined || (len(told) == 1) != tc.joined {
				t.Fatalf("the record has %d files, told %+v", got, told)
			}
			if !tc.joined {
				return
			}
			if ops := operations(t, e, works[0]); !slices.Contains(ops, "joined") || told[0].To != works[0] || told[0].From != added.DocumentID {
				t.Errorf("%v, %+v", ops, told)
			}
			// Restoring the file's own document undoes it.
			if _, err := e.Documents.Restore(t.Context(), e.Editor, added.DocumentID); err != nil {
				t.Fatal(err)
			}
			if got := files(t, e, added.DocumentID); !slices.Equal(got, []uuid.UUID{added.EditionID}) || len(files(t, e, works[0])) != 0 {
				t.Errorf("undone: %v", got)
			}
		})
	}
}

func TestAFileFindsItsRecordByDOI(t *testing.T) {
	e := setup(t)
	work := addRecord(t, e, csl.Item{Type: "book", Title: "Short", DOI: "10.1000/Bees"})
	added := e.Add(t, documenttest.Doc{Title: "Another title altogether", Pages: []string{"one"}})
	if _, err := e.Documents.SetField(t.Context(), e.Editor, added.DocumentID, document.Correction{Field: "DOI", Value: []byte(`"10.1000/bees"`)}); err != nil {
		t.Fatal(err)
	}
	if err := e.Documents.Join(t.Context(), added.EditionID, nil); err != nil {
		t.Fatal(err)
	}
	if got := files(t, e, work); len(got) != 1 {
		t.Errorf("files %v", got)
	}
	// A second one stays by itself: the record has its file.
	second := e.Add(t, documenttest.Doc{Title: "Another title altogether", Pages: []string{"two"}})
	if err := e.Documents.Join(t.Context(), second.EditionID, nil); err != nil || len(files(t, e, second.DocumentID)) != 1 {
		t.Errorf("%v", err)
	}
}
