package reader_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob/disk"
	"scrollkeeper.example/scrollkeeper/internal/reader"
)

const blockSize = 256 << 10

// watchedStore counts what is read, and may hold or fail reads.
type watchedStore struct {
	blob.Store
	ranges atomic.Int64
	before func(ctx context.Context) error
}

func (s *watchedStore) Range(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	s.ranges.Add(1)
	if s.before != nil {
		if err := s.before(ctx); err != nil {
			return nil, err
		}
	}
	return s.Store.Range(ctx, key, offset, length)
}

func newStore(t testing.TB) *watchedStore {
	t.Helper()
	store, err := disk.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return &watchedStore{Store: store}
}

func newCache(t testing.TB, store blob.Store, maxBytes int64) *reader.Cache {
	t.Helper()
	c, err := reader.NewCache(store, maxBytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// put stores size random bytes.
func put(t testing.TB, store blob.Store, key string, size int) []byte {
	t.Helper()
	content := make([]byte, size)
	if _, err := rand.NewChaCha8([32]byte{byte(size)}).Read(content); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), key, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	return content
}

func TestEveryRangeIsTheFilesOwn(t *testing.T) {
	store := newStore(t)
	// So little room that blocks come and go.
	cache := newCache(t, store, 2*blockSize)
	for _, size := range []int{0, 1, blockSize - 1, blockSize, blockSize + 1, 5*blockSize + 17} {
		key := fmt.Sprintf("file-%d", size)
		content := put(t, store, key, size)
		t.Run(key, func(t *testing.T) {
			if err := iotest.TestReader(cache.File(t.Context(), key, int64(size)), content); err != nil {
				t.Error(err)
			}
			random := rand.New(rand.NewPCG(1, uint64(size)))
			for range 200 {
				from := random.IntN(size + 1)
				to := from + random.IntN(size-from+1)
				if random.IntN(2) == 0 {
					to = min(to, from+1000)
				}
				f := cache.File(t.Context(), key, int64(size))
				if _, err := f.Seek(int64(from), io.SeekStart); err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(io.LimitReader(f, int64(to-from)))
				if err != nil || !bytes.Equal(got, content[from:to]) {
					t.Fatalf("bytes %d to %d differ: %v", from, to, err)
				}
			}
		})
	}
}

func TestManyReadersCauseOneLoad(t *testing.T) {
	store := newStore(t)
	content := put(t, store, "file", blockSize)
	const readers = 50
	entered, release := make(chan struct{}), make(chan struct{})
	store.before = func(context.Context) error {
		close(entered) // a second load would panic here
		<-release
		return nil
	}
	cache := newCache(t, store, 0)
	var begun, done sync.WaitGroup
	errs := make(chan error, readers)
	begun.Add(readers)
	for range readers {
		done.Go(func() {
			begun.Done()
			got, err := io.ReadAll(cache.File(t.Context(), "file", blockSize))
			if err == nil && !bytes.Equal(got, content) {
				err = errors.New("the bytes differ")
			}
			errs <- err
		})
	}
	begun.Wait()
	<-entered
	close(release)
	done.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if n := store.ranges.Load(); n != 1 {
		t.Errorf("the store was asked %d times", n)
	}
}

func TestAReaderWhoLeavesDoesNotFailTheOthers(t *testing.T) {
	store := newStore(t)
	content := put(t, store, "file", 1000)
	entered, release := make(chan struct{}), make(chan struct{})
	store.before = func(ctx context.Context) error {
		close(entered)
		<-release
		return ctx.Err()
	}
	cache := newCache(t, store, 0)
	leaving, leave := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { _, _ = io.ReadAll(cache.File(leaving, "file", 1000)) })
	<-entered
	type answer struct {
		content []byte
		err     error
	}
	second := make(chan answer, 1)
	done.Go(func() {
		got, err := io.ReadAll(cache.File(t.Context(), "file", 1000))
		second <- answer{got, err}
	})
	leave()
	close(release)
	if got := <-second; got.err != nil || !bytes.Equal(got.content, content) {
		t.Errorf("%d bytes, %v", len(got.content), got.err)
	}
	done.Wait()
	if _, err := cache.File(leaving, "file", 1000).Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("a read after leaving: %v", err)
	}
}

func TestAFailureIsNotKept(t *testing.T) {
	store := newStore(t)
	put(t, store, "file", 1000)
	away := errors.New("away")
	store.before = func(context.Context) error { return away }
	cache := newCache(t, store, 0)
	if _, err := io.ReadAll(cache.File(t.Context(), "file", 1000)); !errors.Is(err, away) {
		t.Errorf("while the store is away: %v", err)
	}
	store.before = nil
	if _, err := io.ReadAll(cache.File(t.Context(), "file", 1000)); err != nil {
		t.Errorf("when it is back: %v", err)
	}
	for name, cache := range map[string]*reader.Cache{"held": cache, "new": newCache(t, store, 0)} {
		if _, err := io.ReadAll(cache.File(t.Context(), "file", 1001)); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: a file shorter than it should be: %v", name, err)
		}
	}
}

func TestAHeldBlockIsNotReadAgain(t *testing.T) {
	store := newStore(t)
	put(t, store, "file", 3*blockSize)
	cache := newCache(t, store, 0)
	for range 3 {
		if _, err := io.ReadAll(cache.File(t.Context(), "file", 3*blockSize)); err != nil {
			t.Fatal(err)
		}
	}
	if n := store.ranges.Load(); n != 3 {
		t.Errorf("the store was asked %d times for 3 blocks", n)
	}
}

func BenchmarkRangeFromCache(b *testing.B) {
	store := newStore(b)
	put(b, store, "file", 32*blockSize)
	cache := newCache(b, store, 0)
	buffer := make([]byte, 64<<10)
	b.SetBytes(int64(len(buffer)))
	for i := 0; b.Loop(); i++ {
		f := cache.File(b.Context(), "file", 32*blockSize)
		if _, err := f.Seek(int64(i%100)*70_000, io.SeekStart); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(f, buffer); err != nil {
			b.Fatal(err)
		}
	}
}
