package document_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

func TestAnUploadBecomesReady(t *testing.T) {
	e := setup(t)
	d := documenttest.Doc{
		Filename: "some/folder\\Deep_Learning.PDF", Title: "Deep Learning", Year: 2015,
		Authors: []csl.Name{{Family: "LeCun", Given: "Yann"}}, Pages: []string{"one two", "three"}, Thumbnail: []byte("\x89PNG"),
	}
	a := e.Upload(t, d)

	got, err := e.Documents.Get(t.Context(), e.Reader, a.DocumentID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Title != "Deep Learning" || got.Edition.State != document.Queued || got.AddedBy.ID != e.Editor.ID || got.Role != library.Reader {
		t.Errorf("queued: %+v, edition %+v", got, got.Edition)
	}

	attempt := e.Begin(t, a)
	if attempt.Number != 1 || attempt.BlobKey != "uploads/"+a.EditionID.String() || attempt.Filename != d.Filename {
		t.Errorf("attempt %+v", attempt)
	}
	if err := e.Finish(t, attempt, d); err != nil {
		t.Fatal(err)
	}
	got, err = e.Documents.Get(t.Context(), e.Reader, a.DocumentID)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(a.File)
	if got.Edition.State != document.Ready || *got.Edition.PageCount != 2 || !slices.Equal(got.Edition.SHA256, hash[:]) || got.Edition.ThumbnailKey == "" {
		t.Errorf("ready: %+v", got.Edition)
	}
	if *got.Year != 2015 || got.CSL.Title != "Deep Learning" || got.CSL.Author[0].Family != "LeCun" || got.CSL.ID != a.DocumentID.String() {
		t.Errorf("metadata %+v", got.CSL)
	}
	if want := []string{"added", "state", "state", "state"}; !slices.Equal(operations(t, e, a.DocumentID), want) {
		t.Errorf("changes %v, want %v", operations(t, e, a.DocumentID), want)
	}

	page, err := e.Documents.Page(t.Context(), e.Reader, a.EditionID, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := documenttest.Page(1, "one two")
	if page.Text != want.Text || page.Box != want.Box || len(page.Words) != 2 || page.Words[1].Boxes[0] != want.Words[1].Boxes[0] {
		t.Errorf("page %+v, want %+v", page, want)
	}
}

func TestAStaleAttemptIsRefused(t *testing.T) {
	e := setup(t)
	d := documenttest.Doc{Pages: []string{"old"}, Thumbnail: []byte("x")}
	a := e.Upload(t, d)
	old := e.Begin(t, a)
	current := e.Begin(t, a) // another worker took the job

	for name, use := range map[string]func() error{
		"check":  func() error { return e.Documents.SetChecked(t.Context(), old, make([]byte, 32)) },
		"finish": func() error { return e.Finish(t, old, d) },
		"fail":   func() error { return e.Documents.Fail(t.Context(), old, "crashed", "It crashed.") },
		"drop": func() error {
			return postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
				return e.Documents.DropDuplicate(ctx, tx, old)
			})
		},
	} {
		if err := use(); !errors.Is(err, document.ErrStale) {
			t.Errorf("%s by a stale attempt: %v", name, err)
		}
	}
	if keys := blobs(t, e); len(keys) != 1 {
		t.Errorf("the stale attempt left blobs: %v", keys)
	}
	if err := e.Finish(t, current, documenttest.Doc{Pages: []string{"new"}}); err != nil {
		t.Fatal(err)
	}
	if page, err := e.Documents.Page(t.Context(), e.Reader, a.EditionID, 1); err != nil || page.Text != "new" {
		t.Errorf("page %+v, %v", page, err)
	}
	if err := e.Finish(t, current, d); !errors.Is(err, document.ErrStale) {
		t.Errorf("finishing twice: %v", err)
	}
	if _, err := e.Documents.BeginAttempt(t.Context(), a.EditionID); !errors.Is(err, document.ErrStale) {
		t.Errorf("beginning after the end: %v", err)
	}
	if page, err := e.Documents.Page(t.Context(), e.Reader, a.EditionID, 1); err != nil || page.Text != "new" {
		t.Errorf("page after all that: %+v, %v", page, err)
	}
}

func TestAnAttemptAtADeletedDocumentIsTold(t *testing.T) {
	e := setup(t)
	d := documenttest.Doc{Pages: []string{"text"}}
	a := e.Upload(t, d)
	attempt := e.Begin(t, a)
	purge(t, e, a.DocumentID)

	if err := e.Finish(t, attempt, d); !errors.Is(err, document.ErrGone) {
		t.Errorf("finish: %v", err)
	}
	if err := e.Documents.Fail(t.Context(), attempt, "crashed", "It crashed."); !errors.Is(err, document.ErrGone) {
		t.Errorf("fail: %v", err)
	}
	if _, err := e.Documents.BeginAttempt(t.Context(), a.EditionID); !errors.Is(err, document.ErrGone) {
		t.Errorf("begin: %v", err)
	}
	if keys := blobs(t, e); len(keys) != 0 {
		t.Errorf("blobs left: %v", keys)
	}
}

func TestEqualFilesAreOneDocumentPerLibrary(t *testing.T) {
	e := setup(t)
	file := []byte("%PDF-1.7 the same")
	first := e.Add(t, documenttest.Doc{File: file, Pages: []string{"text"}})

	second := e.Upload(t, documenttest.Doc{File: file})
	attempt, err := e.Documents.BeginAttempt(t.Context(), second.EditionID)
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(file)
	duplicate, ok := errors.AsType[*document.DuplicateError](e.Documents.SetChecked(t.Context(), attempt, hash[:]))
	if !ok || duplicate.DocumentID != first.DocumentID {
		t.Fatalf("got %v, want a duplicate of %s", duplicate, first.DocumentID)
	}
	if err := postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return e.Documents.DropDuplicate(ctx, tx, attempt)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Documents.Get(t.Context(), e.Owner, second.DocumentID); !fault.Is(err, "document_not_found") {
		t.Errorf("the duplicate is still there: %v", err)
	}
	if keys := blobs(t, e); slices.Contains(keys, "uploads/"+second.EditionID.String()) || len(keys) != 2 {
		t.Errorf("blobs %v", keys)
	}
	if ops := operations(t, e, second.DocumentID); ops[len(ops)-1] != "removed" {
		t.Errorf("changes %v", ops)
	}

	other, err := e.Service.Create(t.Context(), e.Stranger, "Elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	e.Begin(t, e.Upload(t, documenttest.Doc{LibraryID: other.ID, File: file})) // fails on an error
	found, err := e.Documents.FindBySHA256(t.Context(), e.Reader, e.LibraryID, hash[:])
	if err != nil || found.DocumentID != first.DocumentID || found.Trashed {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestAFailedEditionCanBeTriedAgain(t *testing.T) {
	e := setup(t)
	a := e.Upload(t, documenttest.Doc{})
	requeue := func() (edition document.Edition, err error) {
		err = postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
			edition, err = e.Documents.Requeue(ctx, tx, a.EditionID, uuid.NullUUID{UUID: e.Editor.ID, Valid: true})
			return err
		})
		return edition, err
	}
	if _, err := requeue(); !fault.Is(err, "not_failed") {
		t.Errorf("requeue of a queued edition: %v", err)
	}
	if err := e.Documents.Fail(t.Context(), e.Begin(t, a), "damaged", "The file\x00 is damaged."); err != nil {
		t.Fatal(err)
	}
	d, err := e.Documents.Get(t.Context(), e.Reader, a.DocumentID)
	if err != nil || d.Edition.State != document.Failed || d.Edition.Failure.Kind != "damaged" {
		t.Fatalf("%+v, %v", d.Edition, err)
	}
	edition, err := requeue()
	if err != nil || edition.State != document.Queued || edition.Failure != nil {
		t.Fatalf("requeued: %+v, %v", edition, err)
	}
	attempt := e.Begin(t, a)
	if attempt.Number != 2 {
		t.Errorf("attempt %d, want 2", attempt.Number)
	}
	setAside := func() error {
		return postgres.InTx(t.Context(), e.Pool, func(ctx context.Context, tx *postgres.Tx) error {
			return e.Documents.SetAside(ctx, tx, a.EditionID, "crashed", "It crashed three times.")
		})
	}
	if err := setAside(); err != nil {
		t.Fatal(err)
	}
	if err := setAside(); !errors.Is(err, document.ErrStale) {
		t.Errorf("set aside twice: %v", err)
	}
	if err := e.Finish(t, attempt, documenttest.Doc{Pages: []string{"late"}}); !errors.Is(err, document.ErrStale) {
		t.Errorf("the attempt that was set aside: %v", err)
	}
}

func TestAParseAgainReplacesTheOldOne(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{Title: "First", Pages: []string{"one", "two"}, Thumbnail: []byte("x")})
	e.Rename(t, a.DocumentID, "What Ada calls it")
	// A newer extractor asks for it; here by hand.
	if _, err := e.Pool.Exec(t.Context(), `UPDATE editions SET state = 'queued' WHERE id = $1`, a.EditionID); err != nil {
		t.Fatal(err)
	}
	if err := e.Finish(t, e.Begin(t, a), documenttest.Doc{Title: "Second", Year: 1999, Pages: []string{"three"}}); err != nil {
		t.Fatal(err)
	}
	d, err := e.Documents.Get(t.Context(), e.Reader, a.DocumentID)
	if err != nil {
		t.Fatal(err)
	}
	if d.Title != "What Ada calls it" || *d.Year != 1999 || *d.Edition.PageCount != 1 {
		t.Errorf("%+v", d.Document)
	}
	titles := map[csl.Source]string{}
	for _, c := range d.Claims {
		if c.Field == "title" {
			titles[c.Source] = string(c.Value)
		}
	}
	if len(titles) != 3 || titles[csl.SourcePage] != `"Second"` || titles[csl.SourceFilename] != `"paper"` {
		t.Errorf("titles %v", titles)
	}
	want := []string{"derived/" + a.EditionID.String() + "/2/words", "uploads/" + a.EditionID.String()}
	if got := blobs(t, e); !slices.Equal(got, want) {
		t.Errorf("blobs %v, want %v", got, want)
	}
	if _, err := e.Documents.Page(t.Context(), e.Reader, a.EditionID, 2); !fault.Is(err, "page_not_found") {
		t.Errorf("page of the older parse: %v", err)
	}
}

func TestHostileContentIsStored(t *testing.T) {
	e := setup(t)
	long := strings.Repeat("a", 5000)
	pages := []string{
		"a\x00b \xff\xfe c", long, strings.Repeat(long+" ", 300), "'); DROP TABLE documents; --", "\u202eright to left", "",
		strings.Repeat("ab-cd-ef/gh.ij@kl.mn ", 70_000),
	}
	a := e.Upload(t, documenttest.Doc{Filename: strings.Repeat("名前/\x00", 300) + ".pdf", Pages: pages})
	attempt := e.Begin(t, a)
	w, err := e.Documents.NewPageWriter()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	for i, text := range pages {
		if err := w.Add(documenttest.Page(i+1, text)); err != nil {
			t.Fatal(err)
		}
	}
	err = e.Documents.Finish(t.Context(), attempt, document.Result{
		PageCount: len(pages), TextVersion: "test-1", Pages: w,
		Outline: []document.OutlineItem{{Title: "\x00\xff" + long, Page: -1}},
		Claims: []csl.Claim{
			{Field: "title", Source: csl.SourceInfo, Value: json.RawMessage(`"a\u0000b"`), Confidence: 0.5},
			{Field: "title", Source: csl.SourceXMP, Value: json.RawMessage(`"half \ud800 pair"`), Confidence: 0.4},
			{Field: "author", Source: csl.SourceInfo, Value: json.RawMessage(`{"not":"a list"}`), Confidence: 0.5},
			{Field: "issued", Source: csl.SourceInfo, Value: json.RawMessage(`{"date-parts":[[123456789]]}`), Confidence: 0.5},
			{Field: "DOI", Source: csl.SourceInfo, Value: json.RawMessage(`not JSON`), Confidence: 0.5},
			{Field: "abstract", Source: csl.SourceInfo, Value: json.RawMessage(`"` + strings.Repeat("x", 1<<20) + `"`), Confidence: 0.5},
			{Field: "note", Source: csl.SourceInfo, Value: json.RawMessage(`"n"`), Confidence: math.NaN()},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Documents.Get(t.Context(), e.Reader, a.DocumentID)
	if err != nil {
		t.Fatal(err)
	}
	if d.Title != "half \ufffd pair" && d.Title != "half pair" || d.Year != nil || len(d.Authors) != 0 {
		t.Errorf("%q, %v, %v", d.Title, d.Year, d.Authors)
	}
	page, err := e.Documents.Page(t.Context(), e.Reader, a.EditionID, 1)
	if err != nil || page.Text != "a\ufffdb \ufffd\ufffd c" {
		t.Errorf("page %q, %v", page.Text, err)
	}
}

func TestPagesThatCouldNotBeReadAreKnownUntilTheyAre(t *testing.T) {
	e := setup(t)
	lost := documenttest.Doc{
		Pages:       make([]string, 150),
		FailedPages: []document.FailedPage{{Page: 3, Kind: "timed_out"}, {Page: 90, Kind: "damaged"}},
	}
	a := e.Add(t, lost)
	failed := func() []document.FailedPage {
		d, err := e.Documents.Get(t.Context(), e.Reader, a.DocumentID)
		if err != nil {
			t.Fatal(err)
		}
		return d.Edition.FailedPages
	}
	if got := failed(); !slices.Equal(got, lost.FailedPages) {
		t.Errorf("%+v", got)
	}
	again := func(pages []document.FailedPage) {
		attempt, err := e.Documents.BeginReparse(t.Context(), a.EditionID)
		if err != nil {
			t.Fatal(err)
		}
		lost.FailedPages = pages
		if err := e.Finish(t, attempt, lost); err != nil {
			t.Fatal(err)
		}
	}
	var many []document.FailedPage
	for i := range lost.Pages {
		many = append(many, document.FailedPage{Page: i + 1, Kind: "crashed"})
	}
	again(many)
	if got := failed(); len(got) != 150 {
		t.Errorf("%d of many", len(got))
	}
	d, err := e.Documents.Get(t.Context(), e.Reader, a.DocumentID)
	if err != nil {
		t.Fatal(err)
	}
	if item := document.EditionItem(*d.Edition); item.FailedPageCount != 150 || len(item.FailedPages) != 100 || item.FailedPages[99].Page != 100 {
		t.Errorf("shown: %d, %d", item.FailedPageCount, len(item.FailedPages))
	}
	again(nil)
	if got := failed(); len(got) != 0 {
		t.Errorf("%+v are still lost", got)
	}
}

func TestPagesComeInOrder(t *testing.T) {
	e := setup(t)
	w, err := e.Documents.NewPageWriter()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = w.Close() }()
	if err := w.Add(documenttest.Page(2, "two")); err != nil {
		t.Fatal(err)
	}
	if err := w.Add(documenttest.Page(2, "again")); err == nil {
		t.Error("a page was taken twice")
	}
}

func purge(t *testing.T, e *documenttest.Env, documentID uuid.UUID) {
	t.Helper()
	if _, err := e.Documents.Trash(t.Context(), e.Owner, documentID); err != nil {
		t.Fatal(err)
	}
	if err := e.Documents.Purge(t.Context(), e.Owner, documentID); err != nil {
		t.Fatal(err)
	}
}

func TestWhatFollowsAFinishIsPartOfIt(t *testing.T) {
	e := setup(t)
	a := e.Upload(t, documenttest.Doc{})
	attempt := e.Begin(t, a)
	finish := func(then func(context.Context, *postgres.Tx) error) error {
		w, err := e.Documents.NewPageWriter()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = w.Close() }()
		return e.Documents.Finish(t.Context(), attempt, document.Result{TextVersion: "test-1", Pages: w, OnReady: then})
	}
	state := func() (state string) {
		if err := e.Pool.QueryRow(t.Context(), `SELECT state FROM editions WHERE id = $1`, a.EditionID).Scan(&state); err != nil {
			t.Fatal(err)
		}
		return state
	}
	broken := errors.New("no room for a job")
	if err := finish(func(context.Context, *postgres.Tx) error { return broken }); !errors.Is(err, broken) || state() != "parsing" {
		t.Errorf("%v, and it is %s", err, state())
	}
	var seen string
	err := finish(func(ctx context.Context, tx *postgres.Tx) error {
		return tx.QueryRow(ctx, `SELECT state FROM editions WHERE id = $1`, a.EditionID).Scan(&seen)
	})
	if err != nil || seen != "ready" || state() != "ready" {
		t.Errorf("%v, it saw %s, and it is %s", err, seen, state())
	}
}
