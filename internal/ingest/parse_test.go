package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime/realtimetest"
)

func TestUploadedFileIsParsed(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	documentID, editionID := e.upload(e.Editor, pdf(10_000))
	e.runJobs().Idle(parseKind)

	edition := e.edition(documentID)
	if edition.State != document.Ready || edition.PageCount == nil || *edition.PageCount != 2 {
		t.Fatalf("edition %+v", edition)
	}
	page, err := e.Documents.Page(t.Context(), e.Reader, editionID, 2)
	if err != nil || page.Text != "page 2" {
		t.Errorf("page %q, %v", page.Text, err)
	}
	if d, err := e.Documents.Get(t.Context(), e.Reader, documentID); err != nil || d.Title != "A Fine Title" {
		t.Errorf("title %q, %v", d.Title, err)
	}
	want := []string{library.OpAdded, library.OpState, library.OpState, library.OpState}
	if ops := changesOf(e.Changes(t), library.KindDocument); !slices.Equal(ops, want) {
		t.Errorf("changes %v", ops)
	}
	m := e.news.Wait(t, func(m realtimetest.Message) bool { return strings.Contains(m.Payload, `"pages_done":2`) })
	wantNews := fmt.Sprintf(`{"type":"progress","document_id":%q,"edition_id":%q,"state":"parsing","pages_done":2,"page_count":2}`, documentID, editionID)
	if m.Topic != library.Topic(e.LibraryID) || m.Payload != wantNews {
		t.Errorf("news %v", m)
	}
}

func TestTheMarksOfAFileComeInWithIt(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	marks := annotation.NewService(annotation.Parts{
		Pool: e.Pool, Libraries: e.Service, Documents: e.Documents, Jobs: e.jobs, Clock: e.Clock,
	})
	marks.RegisterJobs(e.registry)
	e.service.OnReady = marks.OnReady
	e.extractWith(func(ctx context.Context, path string, opts extract.Options) (*extract.Result, error) {
		result, err := twoPages(ctx, path, opts)
		if err == nil {
			result.Annotations = []pdfmark.Mark{{Page: 2, Subtype: pdfmark.Text, Rect: pagetext.Rect{10, 10, 30, 30}, Contents: "Hm", Author: "Ada", Name: "n1"}}
		}
		return result, err
	})
	documentID, _ := e.upload(e.Editor, pdf(10_000))
	runner := e.runJobs()
	runner.Idle(parseKind)
	runner.Idle(annotation.SettleArgs{}.Kind())
	got, err := marks.ForDocument(t.Context(), e.Reader, documentID, nil, annotation.Filter{})
	if err != nil || len(got) != 1 || got[0].Body != "Hm" || got[0].Author.Name != "Ada" || got[0].Anchor.Parts[0].Page != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestEqualFilesBecomeOne(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := pdf(10_000)
	r := e.runJobs()
	first, _ := e.upload(e.Owner, file)
	r.Idle(parseKind)
	second, secondEdition := e.upload(e.Editor, file)
	r.Idle(parseKind)

	if _, err := e.Documents.Get(t.Context(), e.Owner, second); err == nil {
		t.Error("the second document is still there")
	}
	if _, err := e.Blobs.Stat(t.Context(), ingest.BlobKey(secondEdition)); err == nil {
		t.Error("the bytes are stored twice")
	}
	if e.edition(first).State != document.Ready {
		t.Errorf("the first document is %s", e.edition(first).State)
	}
	if u := e.uploads(e.Editor); u[0].State != ingest.Duplicate || u[0].DocumentID.UUID != first || u[0].ProblemCode != "duplicate" {
		t.Errorf("upload %+v", u[0])
	}
	t.Run("and only the uploader is told", func(t *testing.T) {
		mine, err := e.Service.Changes(t.Context(), e.Editor, e.LibraryID, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		if ops := changesOf(mine.Items, library.KindUpload); !slices.Equal(ops, []string{library.OpDuplicate}) {
			t.Errorf("the uploader sees %v", ops)
		}
		if ops := changesOf(e.Changes(t), library.KindUpload); len(ops) != 0 {
			t.Errorf("the owner sees %v", ops)
		}
	})
	t.Run("and a late HEAD finds the document that is there", func(t *testing.T) {
		a := e.do(e.Editor, http.MethodHead, "/api/uploads/"+secondEdition.String(), nil, nil)
		if documentID, _ := e.became(a); documentID != first {
			t.Errorf("document %s", documentID)
		}
	})
}

func TestWrongChecksumFailsTheEdition(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := pdf(10_000)
	documentID, _ := e.upload(e.Editor, file, "sha256", hexSum(append(file, 'x')))
	e.runJobs().Idle(parseKind)
	edition := e.edition(documentID)
	if edition.State != document.Failed || edition.Failure.Kind != "checksum_mismatch" || edition.SHA256 != nil {
		t.Errorf("edition %+v, %+v", edition, edition.Failure)
	}
	t.Run("and does not keep the right file out", func(t *testing.T) {
		if _, a := e.create(e.Editor, len(file), "sha256", hexSum(file)); a.status != http.StatusCreated {
			t.Errorf("%d %v", a.status, a.body)
		}
	})
}

func TestLostBytesFailTheEdition(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	gone, goneEdition := e.upload(e.Editor, pdf(10_000))
	short, shortEdition := e.upload(e.Editor, pdf(10_000))
	if err := os.Remove(filepath.Join(e.dir, goneEdition.String())); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(e.dir, shortEdition.String()), 5000); err != nil {
		t.Fatal(err)
	}
	e.runJobs().Idle(parseKind)
	for _, id := range []uuid.UUID{gone, short} {
		if edition := e.edition(id); edition.Failure == nil || edition.Failure.Kind != "bytes_lost" {
			t.Errorf("edition %+v", edition)
		}
	}
}

func TestFileThatCannotBeReadFailsAtOnceAndCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	tries := 0
	e.extractWith(func(context.Context, string, extract.Options) (*extract.Result, error) {
		tries++
		return nil, &extract.Error{Kind: extract.KindDamaged, Message: "The file is damaged."}
	})
	r := e.runJobs()
	documentID, editionID := e.upload(e.Editor, pdf(10_000))
	r.Idle(parseKind)
	edition := e.edition(documentID)
	if edition.State != document.Failed || *edition.Failure != (document.Failure{Kind: "damaged", Message: "The file is damaged."}) || tries != 1 {
		t.Fatalf("after %d tries: %+v", tries, edition)
	}
	url := "/api/editions/" + editionID.String() + "/retry"
	if a := e.do(e.Reader, http.MethodPost, url, nil, nil); a.status != http.StatusForbidden {
		t.Errorf("retry by a reader: %d", a.status)
	}
	if a := e.do(e.Stranger, http.MethodPost, url, nil, nil); a.status != http.StatusNotFound {
		t.Errorf("retry by a stranger: %d", a.status)
	}
	e.extractWith(twoPages)
	a := e.do(e.Editor, http.MethodPost, url, nil, nil)
	if a.status != http.StatusAccepted || a.body["state"] != "queued" {
		t.Fatalf("retry: %d %v", a.status, a.body)
	}
	r.Idle(parseKind)
	if got := e.edition(documentID).State; got != document.Ready {
		t.Errorf("after the retry: %s", got)
	}
	if a := e.do(e.Editor, http.MethodPost, url, nil, nil); a.status != http.StatusConflict || a.code() != "not_failed" {
		t.Errorf("retry of a ready one: %d %s", a.status, a.code())
	}
}

func TestPasswordOpensAFileAndIsForgotten(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.extractWith(func(ctx context.Context, path string, opts extract.Options) (*extract.Result, error) {
		switch opts.Password {
		case "":
			return nil, &extract.Error{Kind: extract.KindPasswordRequired, Message: "This file needs its password."}
		case "open sesame":
			return twoPages(ctx, path, opts)
		}
		return nil, &extract.Error{Kind: extract.KindWrongPassword, Message: "This password does not open the file."}
	})
	r := e.runJobs()
	documentID, editionID := e.upload(e.Editor, pdf(10_000))
	r.Idle(parseKind)
	url := "/api/editions/" + editionID.String() + "/password"
	for _, try := range []struct{ password, failure string }{{"wrong", "wrong_password"}, {"open sesame", ""}} {
		a := e.do(e.Editor, http.MethodPost, url, map[string]string{"Content-Type": "application/json"},
			strings.NewReader(fmt.Sprintf(`{"password":%q}`, try.password)))
		if a.status != http.StatusAccepted {
			t.Fatalf("%d %v", a.status, a.body)
		}
		r.Idle(parseKind)
		if f := e.edition(documentID).Failure; try.failure == "" && f != nil || try.failure != "" && (f == nil || f.Kind != try.failure) {
			t.Errorf("%s: failure %+v", try.password, f)
		}
	}
	var kept int
	if err := e.Pool.QueryRow(t.Context(), `SELECT count(*) FROM river_job WHERE args ? 'password'`).Scan(&kept); err != nil || kept != 0 {
		t.Errorf("%d jobs keep a password, %v", kept, err)
	}
	a := e.do(e.Editor, http.MethodPost, url, map[string]string{"Content-Type": "application/json"}, strings.NewReader(`{"password":"x"}`))
	if a.status != http.StatusConflict || a.code() != "no_password_needed" {
		t.Errorf("password for a ready one: %d %s", a.status, a.code())
	}
}

func TestTroubleOfTheMachineIsTriedThreeTimesAndThenTold(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.extractWith(func(context.Context, string, extract.Options) (*extract.Result, error) {
		return nil, errors.New("no child could be started")
	})
	r := e.runJobs()
	documentID, editionID := e.upload(e.Editor, pdf(10_000))
	for range 3 {
		r.Wait(parseKind)
		if _, err := e.Pool.Exec(t.Context(), `UPDATE river_job SET state = 'available', scheduled_at = now() WHERE state IN ('retryable', 'available')`); err != nil {
			t.Fatal(err)
		}
	}
	r.Idle(parseKind)
	edition := e.edition(documentID)
	if edition.State != document.Failed || edition.Failure.Kind != "internal" {
		t.Fatalf("edition %+v", edition)
	}
	e.extractWith(twoPages)
	if a := e.do(e.Editor, http.MethodPost, "/api/editions/"+editionID.String()+"/retry", nil, nil); a.status != http.StatusAccepted {
		t.Fatalf("retry: %d", a.status)
	}
	r.Idle(parseKind)
	if got := e.edition(documentID).State; got != document.Ready {
		t.Errorf("after the retry: %s", got)
	}
}

func TestStaleAttemptIsRefused(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	r := e.runJobs()
	took := false
	e.extractWith(func(ctx context.Context, path string, opts extract.Options) (*extract.Result, error) {
		if !took {
			took = true
			// Another worker, which thinks this one dead, takes the edition over.
			id := uuid.MustParse(filepath.Base(path))
			if _, err := e.Documents.BeginAttempt(ctx, id); err != nil {
				return nil, err
			}
		}
		return twoPages(ctx, path, opts)
	})
	documentID, _ := e.upload(e.Editor, pdf(10_000))
	r.Idle(parseKind)
	if got := e.edition(documentID).State; got != document.Checking {
		t.Errorf("the stale attempt left the edition %s", got)
	}
}

func TestDocumentDeletedInMidParseIsLeftAlone(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	r := e.runJobs()
	began, deleted := make(chan struct{}), make(chan struct{})
	e.extractWith(func(ctx context.Context, path string, opts extract.Options) (*extract.Result, error) {
		close(began)
		<-deleted
		return twoPages(ctx, path, opts)
	})
	documentID, _ := e.upload(e.Editor, pdf(10_000))
	<-began
	if _, err := e.Documents.Trash(t.Context(), e.Owner, documentID); err != nil {
		t.Fatal(err)
	}
	if err := e.Documents.Purge(t.Context(), e.Owner, documentID); err != nil {
		t.Fatal(err)
	}
	close(deleted)
	r.Idle(parseKind)
	if left := e.files(); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
}
