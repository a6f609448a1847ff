// Package disk is the blob store in a folder. The blob "a/b" is the file a/b in
// it, plainly, so that a folder of it can be given to a library that writes
// files, and an operator can look.
package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

const (
	// incoming holds files while they are written. No key begins with a dot.
	incoming = ".incoming"

	// abandonedAge is when a file there has surely lost its writer.
	abandonedAge = 24 * time.Hour
)

// Store is a blob.Store in a folder. Several processes may use one folder.
type Store struct{ root string }

var _ blob.Store = (*Store)(nil)

// Open makes the folder, with mode 0700, if it does not exist, and clears what a
// crash left half written more than a day ago. A folder that cannot be written
// to is a fault of kind Unavailable and code "storage_unusable".
func Open(root string) (*Store, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("find the file store: %w", err)
	}
	s := &Store{root: root}
	if err := os.MkdirAll(s.incoming(), 0o700); err != nil {
		return nil, unusable(root, err)
	}
	if err := s.clearAbandoned(); err != nil {
		return nil, unusable(root, err)
	}
	probe, err := os.CreateTemp(s.incoming(), "probe-")
	if err != nil {
		return nil, unusable(root, err)
	}
	_ = probe.Close()
	if err := os.Remove(probe.Name()); err != nil {
		return nil, unusable(root, err)
	}
	return s, nil
}

func unusable(root string, err error) error {
	if full(err) {
		return blob.Full(err)
	}
	return fault.Wrap(err, fault.Unavailable, "storage_unusable", fmt.Sprintf(
		"The folder for files %s cannot be written to. Give it to the user that runs Scrollkeeper, or choose another data folder.", root))
}

// Path is the file of a blob, whether it exists or not.
func (s *Store) Path(key string) (string, error) {
	if err := blob.CheckKey(key); err != nil {
		return "", err
	}
	return filepath.Join(s.root, filepath.FromSlash(key)), nil
}

func (s *Store) incoming() string { return filepath.Join(s.root, incoming) }

// Put implements blob.Store. The file is written elsewhere in the same file
// system, synced, and renamed to its place.
func (s *Store) Put(ctx context.Context, key string, content io.Reader) (err error) {
	path, err := s.Path(key)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(s.incoming(), "put-")
	if err != nil {
		return storeFault(fmt.Errorf("store %s: %w", key, err))
	}
	defer func() {
		if err != nil {
			_ = file.Close()
			_ = os.Remove(file.Name())
		}
	}()
	if _, err := io.Copy(file, &contextReader{ctx, content}); err != nil {
		return storeFault(fmt.Errorf("store %s: %w", key, err))
	}
	if err := file.Sync(); err != nil {
		return storeFault(fmt.Errorf("store %s: %w", key, err))
	}
	if err := file.Close(); err != nil {
		return storeFault(fmt.Errorf("store %s: %w", key, err))
	}
	if err := s.place(file.Name(), path); err != nil {
		return storeFault(fmt.Errorf("store %s: %w", key, err))
	}
	return nil
}

// place renames a complete file to its path and makes its name durable.
func (s *Store) place(from, to string) error {
	folder := filepath.Dir(to)
	for try := 0; ; try++ {
		if err := s.makeFolder(folder); err != nil {
			return err
		}
		err := os.Rename(from, to)
		if err == nil {
			return syncFolder(folder)
		}
		// A deletion beside us may have taken the folder, empty still, away.
		if !errors.Is(err, fs.ErrNotExist) || try == 10 {
			return err
		}
	}
}

// makeFolder makes a folder below the root and syncs each one that it adds to,
// since a file is only as durable as the names above it.
func (s *Store) makeFolder(folder string) error {
	err := os.Mkdir(folder, 0o700)
	switch {
	case err == nil:
		return syncFolder(filepath.Dir(folder))
	case errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist) && folder != s.root:
		if err := s.makeFolder(filepath.Dir(folder)); err != nil {
			return err
		}
		return s.makeFolder(folder)
	}
	return err
}

func syncFolder(path string) error {
	folder, err := os.Open(path) //nolint:gosec // below our root
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// file is an open blob.
type file struct {
	*os.File
	info blob.Info
}

func (f *file) Info() blob.Info { return f.info }

// Open implements blob.Store.
func (s *Store) Open(_ context.Context, key string) (blob.File, error) { return s.open(key) }

func (s *Store) open(key string) (*file, error) {
	path, err := s.Path(key)
	if err != nil {
		return nil, err
	}
	opened, err := os.Open(path) //nolint:gosec // the key was checked
	if err != nil {
		return nil, readFault(key, err)
	}
	info, err := opened.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrNotExist // a folder of blobs is not a blob
	}
	if err != nil {
		_ = opened.Close()
		return nil, readFault(key, err)
	}
	return &file{File: opened, info: describe(key, info)}, nil
}

// Range implements blob.Store.
func (s *Store) Range(_ context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	f, err := s.open(key)
	if err != nil {
		return nil, err
	}
	rest := f.info.Size - offset
	if offset < 0 || rest < 0 {
		_ = f.Close()
		return nil, blob.RangeInvalid(key, offset, f.info.Size)
	}
	if length < 0 || length > rest {
		length = rest
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(f, offset, length), f}, nil
}

// Stat implements blob.Store.
func (s *Store) Stat(_ context.Context, key string) (blob.Info, error) {
	path, err := s.Path(key)
	if err != nil {
		return blob.Info{}, err
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return blob.Info{}, readFault(key, err)
	}
	return describe(key, info), nil
}

// Delete implements blob.Store.
func (s *Store) Delete(_ context.Context, key string) error {
	path, err := s.Path(key)
	if err != nil {
		return err
	}
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		return nil // no blob; and os.Remove would take an empty folder
	}
	if err := os.Remove(path); err != nil {
		if gone(err) {
			return nil
		}
		return storeFault(fmt.Errorf("delete %s: %w", key, err))
	}
	s.prune(filepath.Dir(path))
	return nil
}

// prune removes folders that a deletion left empty. Those at the top stay:
// somebody may have been given one to write into.
func (s *Store) prune(folder string) {
	for ; filepath.Dir(folder) != s.root && folder != s.root; folder = filepath.Dir(folder) {
		if syscall.Rmdir(folder) != nil {
			return // not empty, as a rule
		}
	}
}

// LocalFile implements blob.Store: the blob's own file.
func (s *Store) LocalFile(ctx context.Context, key string) (path string, release func(), err error) {
	if _, err := s.Stat(ctx, key); err != nil {
		return "", nil, err
	}
	path, err = s.Path(key)
	return path, func() {}, err
}

func describe(key string, info fs.FileInfo) blob.Info {
	return blob.Info{Key: key, Size: info.Size(), ModTime: info.ModTime().UTC()}
}

// contextReader ends a copy when its context does.
type contextReader struct {
	ctx  context.Context
	from io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.from.Read(p)
}

func (s *Store) clearAbandoned() error {
	entries, err := os.ReadDir(s.incoming())
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			continue // another process was quicker
		}
		// The age is that of the last write, so a slow upload is not abandoned.
		if strings.HasPrefix(entry.Name(), "put-") && time.Since(info.ModTime()) > abandonedAge {
			_ = os.Remove(filepath.Join(s.incoming(), entry.Name()))
		}
	}
	return nil
}

// gone reports that there is nothing at a path, or that a part of the path is a
// file and so nothing can be there.
func gone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

func full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

func readFault(key string, err error) error {
	if gone(err) {
		return blob.NotFound(key, err)
	}
	return storeFault(fmt.Errorf("read %s: %w", key, err))
}

// storeFault marks what is the disk's doing. A reader's own error, which is in
// the chain too when a copy fails, stays as it is.
func storeFault(err error) error {
	switch {
	case full(err):
		return blob.Full(err)
	case errors.Is(err, syscall.EIO), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ESTALE),
		errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return blob.Unavailable(err)
	}
	return err
}
