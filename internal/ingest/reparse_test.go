package ingest_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

const reparseKind = "reparse_edition"

// reads has the extractor give one page with this text, which cites one work.
func (e *env) reads(version, text string) {
	e.extractWith(func(_ context.Context, _ string, opts extract.Options) (*extract.Result, error) {
		title, err := csl.NewClaim("title", csl.SourcePage, "As read by "+version, 0.9)
		if err != nil {
			return nil, err
		}
		return &extract.Result{
			PageCount: 1, TextVersion: version, Metadata: []csl.Claim{title},
			References: []extract.Reference{{Item: csl.Item{Title: "A"}, Raw: "[1] A, " + version, Page: 1}},
			Citations:  []extract.Citation{{Page: 1, Start: 0, End: 1, References: []int{0}}},
		}, opts.OnPage(documenttest.Page(1, text))
	})
}

func (e *env) reparse(q ingest.ReparseQuery) int {
	e.t.Helper()
	n, err := e.service.Reparse(e.t.Context(), q)
	if err != nil {
		e.t.Fatal(err)
	}
	return n
}

func TestPapersAreReadAgain(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	marks := annotation.NewService(annotation.Parts{Pool: e.Pool, Libraries: e.Service, Documents: e.Documents, Jobs: e.jobs, Clock: e.Clock})
	marks.RegisterJobs(e.registry)
	e.service.OnReady = marks.OnReady
	const words = "Readers mark what they read, and talk about it in the margin of manuscripts."
	e.reads("scrollkeeper-0/old", words)
	r := e.runJobs()
	documentID, editionID := e.upload(e.Editor, pdf(5_000))
	r.Idle(parseKind)
	r.Idle(annotation.SettleArgs{}.Kind())

	// A person corrects the title and marks a word.
	e.Rename(t, documentID, "As Ada says")
	start, end := 30, 43 // talk about it
	mark, err := marks.Make(t.Context(), e.Editor, annotation.Operation{}, annotation.New{
		ID: uuid.New(), DocumentID: documentID, EditionID: editionID, Kind: annotation.Highlight, Meaning: annotation.Key,
		Parts: []annotation.Place{{Page: 1, Start: &start, End: &end}},
	})
	if err != nil {
		t.Fatal(err)
	}

	e.reads(extract.TextVersion, "Nought. "+words)
	if n := e.reparse(ingest.ReparseQuery{}); n != 1 {
		t.Fatalf("%d queued", n)
	}
	r.Idle(reparseKind)
	r.Idle(annotation.SettleArgs{}.Kind())
	if page, err := e.Documents.Page(t.Context(), e.Reader, editionID, 1); err != nil || page.Text != "Nought. "+words {
		t.Errorf("page %q, %v", page.Text, err)
	}
	if d, err := e.Documents.Get(t.Context(), e.Reader, documentID); err != nil || d.Title != "As Ada says" || d.Edition.State != document.Ready {
		t.Errorf("title %q, %v", d.Title, err)
	}
	if list, err := e.Documents.References(t.Context(), e.Reader, editionID); err != nil || len(list.Items) != 1 ||
		!strings.Contains(list.Items[0].Raw, extract.TextVersion) || len(list.Items[0].Cited) != 1 {
		t.Errorf("references %+v, %v", list, err)
	}
	got, err := marks.ForDocument(t.Context(), e.Editor, documentID, nil, annotation.Filter{})
	if err != nil || len(got) != 1 || got[0].ID != mark.ID || len(got[0].Anchor.Parts) != 1 || got[0].Anchor.Parts[0].Start == nil || *got[0].Anchor.Parts[0].Start != 38 || got[0].Anchor.Status != annotation.Exact {
		t.Errorf("marks %+v, %v", got, err)
	}
	if n := e.reparse(ingest.ReparseQuery{}); n != 0 {
		t.Errorf("%d queued though all is of this version", n)
	}
}

func TestWhichPapersAreReadAgain(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	for _, version := range []string{"scrollkeeper-0/x-1.9.0", "scrollkeeper-0/x-1.10.0", extract.TextVersion, extract.TextVersion, "scrollkeeper-10000"} {
		a := e.Add(t, documenttest.Doc{Pages: []string{"text"}})
		if _, err := e.Pool.Exec(t.Context(), `UPDATE editions SET text_version = $2 WHERE id = $1`, a.EditionID, version); err != nil {
			t.Fatal(err)
		}
	}
	e.Upload(t, documenttest.Doc{}) // waits to be read for the first time
	library := uuid.NullUUID{UUID: e.LibraryID, Valid: true}
	for name, c := range map[string]struct {
		query ingest.ReparseQuery
		want  int
	}{
		"all of other versions":        {ingest.ReparseQuery{}, 3},
		"of this library":              {ingest.ReparseQuery{LibraryID: library}, 3},
		"before a number":              {ingest.ReparseQuery{OlderThan: "1"}, 2},
		"before a larger one":          {ingest.ReparseQuery{OlderThan: "10000"}, 4},
		"before a version in full":     {ingest.ReparseQuery{OlderThan: "scrollkeeper-0/x-1.10.0"}, 1},
		"before none":                  {ingest.ReparseQuery{OlderThan: "scrollkeeper-0/x-1.9.0"}, 0},
		"all, of this version as well": {ingest.ReparseQuery{All: true}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if _, err := e.Pool.Exec(t.Context(), `DELETE FROM river_job WHERE kind = $1`, reparseKind); err != nil {
					t.Error(err)
				}
			}()
			if n := e.reparse(c.query); n != c.want {
				t.Errorf("%d queued, want %d", n, c.want)
			}
			if n := e.reparse(c.query); n != 0 {
				t.Errorf("%d queued once more", n)
			}
			var others int
			if err := e.Pool.QueryRow(t.Context(), `SELECT count(*) FROM river_job WHERE kind = $1 AND (priority <> 4 OR queue <> 'parse')`, reparseKind).Scan(&others); err != nil || others != 0 {
				t.Errorf("%d do not stand behind uploads, %v", others, err)
			}
		})
	}
	if _, err := e.service.Reparse(t.Context(), ingest.ReparseQuery{LibraryID: uuid.NullUUID{UUID: uuid.New(), Valid: true}}); !fault.Is(err, "library_not_found") {
		t.Errorf("another library: %v", err)
	}
}

func TestAPaperWithoutSomeOfItsPagesIsReadAgain(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	reads := func(failed ...extract.FailedPage) {
		e.extractWith(func(ctx context.Context, path string, opts extract.Options) (*extract.Result, error) {
			result, err := twoPages(ctx, path, opts)
			if err == nil {
				result.FailedPages = failed
			}
			return result, err
		})
	}
	reads(extract.FailedPage{Page: 2, Kind: extract.KindTimedOut})
	r := e.runJobs()
	documentID, editionID := e.upload(e.Editor, pdf(5_000))
	r.Idle(parseKind)
	if got := e.edition(documentID); got.State != document.Ready || !slices.Equal(got.FailedPages, []document.FailedPage{{Page: 2, Kind: "timed_out"}}) {
		t.Fatalf("edition %+v", got)
	}

	reads()
	retry := "/api/editions/" + editionID.String() + "/retry"
	if a := e.do(e.Reader, http.MethodPost, retry, nil, nil); a.status != http.StatusForbidden {
		t.Errorf("by a reader: %d", a.status)
	}
	if a := e.do(e.Editor, http.MethodPost, retry, nil, nil); a.status != http.StatusAccepted {
		t.Fatalf("%d %v", a.status, a.body)
	}
	r.Idle(reparseKind)
	if got := e.edition(documentID); got.State != document.Ready || len(got.FailedPages) != 0 {
		t.Errorf("edition %+v", got)
	}
	if a := e.do(e.Editor, http.MethodPost, retry, nil, nil); a.status != http.StatusConflict {
		t.Errorf("of a whole one: %d", a.status)
	}
}

func TestAPaperThatCannotBeReadAgainStaysAsItWas(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.reads("scrollkeeper-0/old", "one two three")
	r := e.runJobs()
	documentID, editionID := e.upload(e.Editor, pdf(5_000))
	r.Idle(parseKind)
	e.extractWith(func(_ context.Context, _ string, opts extract.Options) (*extract.Result, error) {
		if err := opts.OnPage(pagetext.Page{Number: 1, Text: "half"}); err != nil {
			return nil, err
		}
		return nil, &extract.Error{Kind: extract.KindPasswordRequired, Message: "It is locked."}
	})
	if n := e.reparse(ingest.ReparseQuery{}); n != 1 {
		t.Fatalf("%d queued", n)
	}
	r.Idle(reparseKind)
	edition := e.edition(documentID)
	if edition.State != document.Ready || edition.Failure != nil {
		t.Errorf("edition %+v", edition)
	}
	if page, err := e.Documents.Page(t.Context(), e.Reader, editionID, 1); err != nil || page.Text != "one two three" {
		t.Errorf("page %q, %v", page.Text, err)
	}
	if list, err := e.Documents.References(t.Context(), e.Reader, editionID); err != nil || len(list.Items) != 1 {
		t.Errorf("references %+v, %v", list, err)
	}
}
