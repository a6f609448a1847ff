// Package blobtest is the one set of tests that every blob.Store passes.
package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Run tests the stores that open makes, an empty one for each part.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	t.Helper()
	for name, test := range map[string]func(conformance){
		"what was put is read back":                      conformance.roundTrip,
		"a blob is replaced as a whole":                  conformance.replace,
		"a failed put changes nothing":                   conformance.failedPut,
		"a cancelled put changes nothing":                conformance.cancelledPut,
		"an open blob keeps its content when replaced":   conformance.openWhileReplaced,
		"concurrent puts leave one whole content":        conformance.concurrentPuts,
		"a range is cut at the end":                      conformance.ranges,
		"what is not there is not found":                 conformance.notFound,
		"a deletion can be repeated":                     conformance.deletion,
		"a listing gives every blob below a prefix once": conformance.listing,
		"a listing stops when told, and may delete":      conformance.listingStops,
		"a local file holds the blob":                    conformance.localFile,
		"a malformed key is refused everywhere":          conformance.keys,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(conformance{t, open(t)})
		})
	}
}

// conformance is one part's test and its store; each method is a part.
type conformance struct {
	t     *testing.T
	store blob.Store
}

func put(t *testing.T, s blob.Store, key, content string) {
	t.Helper()
	if err := s.Put(t.Context(), key, strings.NewReader(content)); err != nil {
		t.Fatalf("put %s: %v", key, err)
	}
}

func get(t *testing.T, s blob.Store, key string) string {
	t.Helper()
	f, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatalf("open %s: %v", key, err)
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatalf("read %s: %v", key, err)
	}
	return string(content)
}

func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if f, ok := fault.As(err); !ok || f.Kind != kind || f.Code != code {
		t.Errorf("got error %v, want the %s fault %q", err, kind, code)
	}
}

func (c conformance) roundTrip() {
	t, s := c.t, c.store
	before := time.Now().Add(-2 * time.Second) // some stores keep whole seconds
	for _, size := range []int{0, 1, 4096, 3<<20 + 7} {
		key := fmt.Sprintf("sizes/%d.bin", size)
		content := bytes.Repeat([]byte("scroll"), size/6+1)[:size]
		if err := s.Put(t.Context(), key, bytes.NewReader(content)); err != nil {
			t.Fatalf("put %d bytes: %v", size, err)
		}
		if got := get(t, s, key); got != string(content) {
			t.Errorf("%d bytes came back as %d others", size, len(got))
		}
		info, err := s.Stat(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if info.Key != key || info.Size != int64(size) {
			t.Errorf("stat says %+v", info)
		}
		if info.ModTime.Before(before) || info.ModTime.After(time.Now().Add(2*time.Second)) || info.ModTime.Location() != time.UTC {
			t.Errorf("stored now, but the store says %v", info.ModTime)
		}
		f, err := s.Open(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if f.Info() != info {
			t.Errorf("open says %+v, stat says %+v", f.Info(), info)
		}
		if 0 < size && size < 1<<16 { // it reads byte by byte
			if err := iotest.TestReader(f, content); err != nil {
				t.Error(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

func (c conformance) replace() {
	t, s := c.t, c.store
	put(t, s, "a", "a long first content")
	put(t, s, "a", "short")
	if got := get(t, s, "a"); got != "short" {
		t.Errorf("got %q", got)
	}
}

func (c conformance) failedPut() {
	t, s := c.t, c.store
	put(t, s, "a", "first")
	broken := errors.New("the sender went away")
	for _, key := range []string{"a", "new/b"} {
		err := s.Put(t.Context(), key, io.MultiReader(strings.NewReader("second"), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Errorf("put %s: got %v, want the reader's own error", key, err)
		}
	}
	if got := get(t, s, "a"); got != "first" {
		t.Errorf("got %q", got)
	}
	_, err := s.Stat(t.Context(), "new/b")
	wantCode(t, err, fault.NotFound, "blob_not_found")
	wantKeys(t, s, "", "a")
}

func (c conformance) cancelledPut() {
	t, s := c.t, c.store
	ctx, cancel := context.WithCancel(t.Context())
	content := io.MultiReader(strings.NewReader("begun"), readerFunc(func(p []byte) (int, error) {
		cancel()
		return copy(p, "more"), nil // without end
	}))
	if err := s.Put(ctx, "a", content); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantKeys(t, s, "")
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func (c conformance) openWhileReplaced() {
	t, s := c.t, c.store
	put(t, s, "a", "the first content")
	f, err := s.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 4)
	if _, err := io.ReadFull(f, head); err != nil {
		t.Fatal(err)
	}
	put(t, s, "a", "something else altogether")
	rest, err := io.ReadAll(f)
	// A store that is elsewhere may notice and fail; it must not mix the two.
	if err == nil && string(head)+string(rest) != "the first content" {
		t.Errorf("read %q", string(head)+string(rest))
	}
}

func (c conformance) concurrentPuts() {
	t, s := c.t, c.store
	const writers, size = 8, 256 << 10
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			content := bytes.Repeat([]byte{byte('a' + i)}, size)
			if err := s.Put(t.Context(), "deep/er/one", bytes.NewReader(content)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	got := get(t, s, "deep/er/one")
	if len(got) != size || strings.Count(got, got[:1]) != size {
		t.Errorf("%d bytes, mixed", len(got))
	}
	wantKeys(t, s, "", "deep/er/one")
}

func (c conformance) ranges() {
	t, s := c.t, c.store
	put(t, s, "a", "0123456789")
	for _, c := range []struct {
		offset, length int64
		want           string
	}{
		{0, 10, "0123456789"},
		{3, 4, "3456"},
		{8, 100, "89"},
		{4, -1, "456789"},
		{10, 5, ""},
		{10, -1, ""},
		{5, 0, ""},
	} {
		in, err := s.Range(t.Context(), "a", c.offset, c.length)
		if err != nil {
			t.Fatalf("range %d+%d: %v", c.offset, c.length, err)
		}
		got, err := io.ReadAll(in)
		if err != nil || string(got) != c.want {
			t.Errorf("range %d+%d: got %q, %v, want %q", c.offset, c.length, got, err, c.want)
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, offset := range []int64{-1, 11} {
		_, err := s.Range(t.Context(), "a", offset, 1)
		wantCode(t, err, fault.Invalid, "blob_range_invalid")
	}
}

func (c conformance) notFound() {
	t, s := c.t, c.store
	put(t, s, "folder/a", "x")
	for _, key := range []string{"b", "folder/b", "folder", "none/at/all", "folder/a/below"} {
		_, err := s.Open(t.Context(), key)
		wantCode(t, err, fault.NotFound, "blob_not_found")
		_, err = s.Range(t.Context(), key, 0, 1)
		wantCode(t, err, fault.NotFound, "blob_not_found")
		_, err = s.Stat(t.Context(), key)
		wantCode(t, err, fault.NotFound, "blob_not_found")
		_, _, err = s.LocalFile(t.Context(), key)
		wantCode(t, err, fault.NotFound, "blob_not_found")
	}
}

func (c conformance) deletion() {
	t, s := c.t, c.store
	put(t, s, "x/y/a", "1")
	put(t, s, "x/y/b", "2")
	for range 2 {
		if err := s.Delete(t.Context(), "x/y/a"); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"never", "x", "x/y", "x/y/b/c"} {
		if err := s.Delete(t.Context(), key); err != nil {
			t.Errorf("delete %s: %v", key, err)
		}
	}
	wantKeys(t, s, "", "x/y/b")
	if err := s.Delete(t.Context(), "x/y/b"); err != nil {
		t.Fatal(err)
	}
	wantKeys(t, s, "")
	put(t, s, "x/y/a", "again")
	wantKeys(t, s, "x/", "x/y/a")
}

func (c conformance) listing() {
	t, s := c.t, c.store
	keys := []string{"a", "a.info", "ab/c", "b/1", "b/2/x", "b/2/y", "b2/z"}
	for i, key := range keys {
		put(t, s, key, strings.Repeat("x", i))
	}
	wantKeys(t, s, "", keys...)
	wantKeys(t, s, "a", "a", "a.info", "ab/c")
	wantKeys(t, s, "b/", "b/1", "b/2/x", "b/2/y")
	wantKeys(t, s, "b/2", "b/2/x", "b/2/y")
	wantKeys(t, s, "b/2/y", "b/2/y")
	wantKeys(t, s, "nothing")
	wantKeys(t, s, "a/")
	err := s.List(t.Context(), "", func(info blob.Info) error {
		if want := int64(slices.Index(keys, info.Key)); info.Size != want {
			t.Errorf("%s has %d bytes, want %d", info.Key, info.Size, want)
		}
		if stat, err := s.Stat(t.Context(), info.Key); err != nil || stat != info {
			t.Errorf("list says %+v, stat says %+v, %v", info, stat, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func (c conformance) listingStops() {
	t, s := c.t, c.store
	for i := range 20 {
		put(t, s, fmt.Sprintf("n/%02d", i), "")
	}
	enough := errors.New("enough")
	seen := 0
	err := s.List(t.Context(), "n/", func(blob.Info) error {
		seen++
		if seen == 3 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || seen != 3 {
		t.Errorf("stopped after %d with %v", seen, err)
	}
	err = s.List(t.Context(), "n/", func(info blob.Info) error { return s.Delete(t.Context(), info.Key) })
	if err != nil {
		t.Error(err)
	}
	wantKeys(t, s, "")

	ctx, cancel := context.WithCancel(t.Context())
	put(t, s, "left", "")
	cancel()
	if err := s.List(ctx, "", func(blob.Info) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled listing returned %v", err)
	}
}

func (c conformance) localFile() {
	t, s := c.t, c.store
	put(t, s, "uploads/one", "%PDF-1.7")
	path, release, err := s.LocalFile(t.Context(), "uploads/one")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	content, err := os.ReadFile(path) //nolint:gosec // the store's own path
	if err != nil || string(content) != "%PDF-1.7" {
		t.Errorf("the local file holds %q, %v", content, err)
	}
}

func (c conformance) keys() {
	t, s := c.t, c.store
	for _, key := range []string{
		"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.b", ".a", "A", "a b", "a\\b", "ä", "a\x00b",
		strings.Repeat("a", 513),
	} {
		wantCode(t, s.Put(t.Context(), key, strings.NewReader("")), fault.Invalid, "blob_key_invalid")
		_, err := s.Open(t.Context(), key)
		wantCode(t, err, fault.Invalid, "blob_key_invalid")
		_, err = s.Range(t.Context(), key, 0, 1)
		wantCode(t, err, fault.Invalid, "blob_key_invalid")
		_, err = s.Stat(t.Context(), key)
		wantCode(t, err, fault.Invalid, "blob_key_invalid")
		wantCode(t, s.Delete(t.Context(), key), fault.Invalid, "blob_key_invalid")
		_, _, err = s.LocalFile(t.Context(), key)
		wantCode(t, err, fault.Invalid, "blob_key_invalid")
	}
	for _, key := range []string{"a", "0", "a.b", "a..b", "_", "-", "b/c-d_e.f", "uploads/7c9e6679-7425-40de-944b-e07fc1f90ae7"} {
		put(t, s, key, "")
	}
	none := func(blob.Info) error { return nil }
	wantCode(t, s.List(t.Context(), "../", none), fault.Invalid, "blob_key_invalid")
}

// wantKeys lists the blobs below a prefix and expects exactly these.
func wantKeys(t *testing.T, s blob.Store, prefix string, want ...string) {
	t.Helper()
	var got []string
	err := s.List(t.Context(), prefix, func(info blob.Info) error {
		got = append(got, info.Key)
		return nil
	})
	if err != nil {
		t.Fatalf("list %q: %v", prefix, err)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("list %q gave %q, want %q", prefix, got, want)
	}
}
