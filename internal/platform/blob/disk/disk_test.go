package disk_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob/blobtest"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob/disk"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

func setup(t *testing.T) (*disk.Store, string) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "blobs")
	s, err := disk.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return s, root
}

func TestConformance(t *testing.T) {
	t.Parallel()
	blobtest.Run(t, func(t *testing.T) blob.Store {
		t.Helper()
		s, _ := setup(t)
		return s
	})
}

func TestABlobIsAPlainFile(t *testing.T) {
	t.Parallel()
	s, root := setup(t)
	// As a library does that is given the folder.
	if err := os.Mkdir(filepath.Join(root, "uploads"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "uploads", "one"), []byte("bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := s.Range(t.Context(), "uploads/one", 1, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	if got, err := io.ReadAll(in); err != nil || string(got) != "yte" {
		t.Errorf("got %q, %v", got, err)
	}
	path, err := s.Path("uploads/one")
	if err != nil || path != filepath.Join(root, "uploads", "one") {
		t.Errorf("path %q, %v", path, err)
	}

	// The folder stays when its last blob goes; folders below it do not.
	if err := s.Delete(t.Context(), "uploads/one"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "uploads")); err != nil {
		t.Errorf("the folder was removed: %v", err)
	}
	if err := s.Put(t.Context(), "derived/x/words", strings.NewReader("w")); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), "derived/x/words"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "derived", "x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty folder was left: %v", err)
	}
}

func TestFilesAreForTheirOwnerAlone(t *testing.T) {
	t.Parallel()
	s, root := setup(t)
	if err := s.Put(t.Context(), "a/b", strings.NewReader("x")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{root: 0o700, root + "/a": 0o700, root + "/a/b": 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

func TestOpenClearsWhatACrashLeft(t *testing.T) {
	t.Parallel()
	s, root := setup(t)
	// A put that never ends, as one whose process was killed.
	begun, end := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- s.Put(t.Context(), "a", io.MultiReader(strings.NewReader("half"), blockingReader{begun, end}))
	}()
	<-begun
	halves, err := filepath.Glob(filepath.Join(root, ".incoming", "put-*"))
	if err != nil || len(halves) != 1 {
		t.Fatalf("half written: %q, %v", halves, err)
	}

	if _, err := disk.Open(root); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(halves[0]); err != nil {
		t.Errorf("a file just being written was cleared: %v", err)
	}
	yesterday := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(halves[0], yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Open(root); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(halves[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an abandoned file was kept: %v", err)
	}
	close(end)
	if err := <-ended; err == nil {
		t.Error("a put whose file was cleared succeeded")
	}
}

// blockingReader closes begun when it is first read, and fails once end is closed.
type blockingReader struct{ begun, end chan struct{} }

func (r blockingReader) Read([]byte) (int, error) {
	close(r.begun)
	<-r.end
	return 0, io.ErrUnexpectedEOF
}

func TestAFolderThatCannotBeUsedIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := disk.Open(filepath.Join(file, "blobs"))
	if f, ok := fault.As(err); !ok || f.Kind != fault.Unavailable || f.Code != "storage_unusable" {
		t.Errorf("got %v", err)
	}
}

// TestAFullDisk fills a small file system: whatever does not fit leaves nothing
// behind, and the store works again as soon as there is room.
func TestAFullDisk(t *testing.T) {
	mount := smallFileSystem(t, 1<<20)
	s, err := disk.Open(filepath.Join(mount, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	half := bytes.Repeat([]byte("x"), 512<<10)
	if err := s.Put(t.Context(), "first", bytes.NewReader(half)); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"second", "first"} {
		err = s.Put(t.Context(), key, bytes.NewReader(append(half, half...)))
		if f, ok := fault.As(err); !ok || f.Kind != fault.Full || f.Code != "storage_full" {
			t.Errorf("put %s on a full disk: %v", key, err)
		}
	}
	if _, err := s.Stat(t.Context(), "second"); !fault.Is(err, "blob_not_found") {
		t.Errorf("a part of a blob is there: %v", err)
	}
	if info, err := s.Stat(t.Context(), "first"); err != nil || info.Size != int64(len(half)) {
		t.Errorf("what was there is now %+v, %v", info, err)
	}
	if left, err := os.ReadDir(filepath.Join(mount, "blobs", ".incoming")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := s.Delete(t.Context(), "first"); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), "second", bytes.NewReader(half)); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
