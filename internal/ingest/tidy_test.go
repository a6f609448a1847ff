package ingest_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
)

// arrive puts an upload's bytes in place as a server does that dies before it
// records them.
func (e *env) arrive(path string, file []byte) {
	e.t.Helper()
	if err := os.WriteFile(filepath.Join(e.dir, filepath.Base(path)), file, 0o600); err != nil {
		e.t.Fatal(err)
	}
}

func TestCompleteUploadIsRecordedAfterACrash(t *testing.T) {
	t.Parallel()
	file := pdf(10_000)
	t.Run("by the tidy job", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t)
		e.arrive(e.mustCreate(e.Editor, len(file)), file)
		for range 2 {
			if err := e.service.Tidy(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		u := e.uploads(e.Editor)
		if u[0].State != ingest.Finished || e.documentCount() != 1 {
			t.Fatalf("upload %+v, %d documents", u[0], e.documentCount())
		}
		e.runJobs().Idle(parseKind)
		if got := e.edition(u[0].DocumentID.UUID).State; got != document.Ready {
			t.Errorf("edition is %s", got)
		}
	})
	for _, method := range []string{http.MethodHead, http.MethodPatch} {
		t.Run("by "+method+" of its client", func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			path := e.mustCreate(e.Editor, len(file))
			e.arrive(path, file)
			documentID, _ := e.became(e.do(e.Editor, method, path, chunkHeader(len(file)), nil))
			if got := e.edition(documentID).State; got != document.Queued {
				t.Errorf("edition is %s", got)
			}
		})
	}
	t.Run("but not when it is no PDF", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t)
		e.arrive(e.mustCreate(e.Editor, 9), []byte("just text"))
		if err := e.service.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if u := e.uploads(e.Editor); u[0].State != ingest.Refused || e.documentCount() != 0 {
			t.Errorf("upload %+v", u[0])
		}
	})
}

func TestAbandonedUploadExpires(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := pdf(10_000)
	abandoned, alive := e.mustCreate(e.Editor, len(file)), e.mustCreate(e.Editor, len(file))
	e.patch(e.Editor, abandoned, 0, file[:5000])
	e.Clock.Advance(4 * day)
	e.patch(e.Editor, alive, 0, file[:5000])
	e.Clock.Advance(4 * day)
	if err := e.service.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := e.patch(e.Editor, abandoned, 5000, file[5000:]); a.status != http.StatusGone || a.code() != "upload_gone" {
		t.Errorf("the abandoned one: %d %s", a.status, a.code())
	}
	if _, err := os.Stat(filepath.Join(e.dir, filepath.Base(abandoned))); err == nil {
		t.Error("its bytes are still there")
	}
	if a := e.patch(e.Editor, alive, 5000, file[5000:]); a.status != http.StatusNoContent {
		t.Errorf("the one that went on: %d %s", a.status, a.code())
	}
}

func TestEditionWithoutAJobIsFailed(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	orphan, orphanEdition := e.upload(e.Editor, pdf(5000))
	waiting, _ := e.upload(e.Editor, pdf(5000))
	if _, err := e.Pool.Exec(t.Context(), `DELETE FROM river_job WHERE args->>'edition_id' = $1`, orphanEdition.String()); err != nil {
		t.Fatal(err)
	}
	if err := e.service.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f := e.edition(orphan).Failure; f == nil || f.Kind != "internal" {
		t.Errorf("failure %+v", f)
	}
	if got := e.edition(waiting).State; got != document.Queued {
		t.Errorf("the one with a job is %s", got)
	}
}

func TestFilesOfNothingAreCollected(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	r := e.runJobs()
	_, edition := e.upload(e.Editor, pdf(5000))
	r.Idle(parseKind)
	open := e.mustCreate(e.Editor, 5000)
	old, young := uuid.New(), uuid.New()
	for _, id := range []uuid.UUID{old, young} {
		e.arrive(id.String(), pdf(100))
		e.arrive(id.String()+".info", []byte("{}"))
	}
	// The blob store's times are the machine's, and the clock's are the test's.
	for _, name := range e.files() {
		age := 2 * day
		if name == young.String() || name == young.String()+".info" {
			age = time.Hour
		}
		at := e.Clock.Now().Add(-age)
		if err := os.Chtimes(filepath.Join(e.dir, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.service.Collect(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	for _, name := range e.files() {
		left[name] = true
	}
	for name, want := range map[string]bool{
		edition.String(): true, filepath.Base(open): true, filepath.Base(open) + ".info": true,
		young.String(): true, young.String() + ".info": true, old.String(): false, old.String() + ".info": false,
	} {
		if left[name] != want {
			t.Errorf("%s is there: %v, want %v", name, left[name], want)
		}
	}
}
