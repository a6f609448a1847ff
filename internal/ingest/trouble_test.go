package ingest_test

import (
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
)

func TestFullDiskIsSaidAndTheUploadGoesOn(t *testing.T) {
	t.Parallel()
	const full = "/dev/full" // every write to it fails for want of space
	if _, err := os.Stat(full); err != nil {
		t.Skipf("this system has no %s", full)
	}
	e := newEnv(t)
	file := pdf(10_000)
	path := e.mustCreate(e.Editor, len(file))
	name := filepath.Join(e.dir, filepath.Base(path))
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(full, name); err != nil {
		t.Fatal(err)
	}
	if a := e.patch(e.Editor, path, 0, file); a.status != http.StatusInsufficientStorage || a.code() != "storage_full" {
		t.Fatalf("%d %s", a.status, a.code())
	}
	if e.documentCount() != 0 {
		t.Error("a document of half a file")
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	e.arrive(path, nil)
	documentID, _ := e.became(e.patch(e.Editor, path, 0, file))
	if got := e.edition(documentID).State; got != document.Queued {
		t.Errorf("edition is %s", got)
	}
}

func TestFileThatCannotFitIsRefusedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	e := newEnv(t, func(c *ingest.Config) { c.MaxBytes = 1 << 62 })
	var disk syscall.Statfs_t
	if err := syscall.Statfs(e.dir, &disk); err != nil {
		t.Fatal(err)
	}
	size := int(disk.Bavail)*int(disk.Bsize) + 1<<30
	if _, a := e.create(e.Editor, size); a.status != http.StatusInsufficientStorage || a.code() != "storage_full" {
		t.Errorf("%d %s", a.status, a.code())
	}
}

func TestDatabaseThatIsAwayIsSaid(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	path := e.mustCreate(e.Editor, 10_000)
	e.Pool.Close()
	for method, url := range map[string]string{
		http.MethodPost: "/api/uploads/", http.MethodPatch: path, http.MethodHead: path, http.MethodDelete: path,
	} {
		header := chunkHeader(0)
		header["Upload-Length"], header["Upload-Metadata"] = "10", metadata("library_id", e.LibraryID.String())
		a := e.do(e.Editor, method, url, header, nil)
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %s, retry after %q", method, a.status, a.code(), a.header.Get("Retry-After"))
		}
	}
}
