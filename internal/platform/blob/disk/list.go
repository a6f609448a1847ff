package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
)

// listBatch is how many names are read at once: a folder may hold a million.
const listBatch = 1024

// List implements blob.Store.
func (s *Store) List(ctx context.Context, prefix string, fn func(blob.Info) error) error {
	// Only the folder that all matching keys share has to be read.
	folder := ""
	if cut := strings.LastIndexByte(prefix, '/'); cut >= 0 {
		folder = prefix[:cut]
		if err := blob.CheckKey(folder); err != nil {
			return err
		}
	}
	return s.listFolder(ctx, folder, prefix, fn)
}

// listFolder lists the blobs below one folder, given as a key without a slash at
// its end and empty for the root.
func (s *Store) listFolder(ctx context.Context, folder, prefix string, fn func(blob.Info) error) error {
	opened, err := os.Open(filepath.Join(s.root, filepath.FromSlash(folder))) //nolint:gosec // below our root
	if gone(err) {
		return nil
	}
	if err != nil {
		return storeFault(fmt.Errorf("list %s: %w", folder, err))
	}
	defer func() { _ = opened.Close() }()
	for {
		entries, err := opened.ReadDir(listBatch)
		for _, entry := range entries {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.listEntry(ctx, path.Join(folder, entry.Name()), prefix, entry, fn); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || gone(err) {
			return nil
		}
		if err != nil {
			return storeFault(fmt.Errorf("list %s: %w", folder, err))
		}
	}
}

func (s *Store) listEntry(ctx context.Context, key, prefix string, entry fs.DirEntry, fn func(blob.Info) error) error {
	if ours := blob.CheckKey(key) == nil; !ours {
		return nil // a file being written, or an operator's own
	}
	if entry.IsDir() {
		if strings.HasPrefix(key+"/", prefix) || strings.HasPrefix(prefix, key+"/") {
			return s.listFolder(ctx, key, prefix, fn)
		}
		return nil
	}
	if !entry.Type().IsRegular() || !strings.HasPrefix(key, prefix) {
		return nil
	}
	info, err := entry.Info()
	if gone(err) {
		return nil
	}
	if err != nil {
		return storeFault(fmt.Errorf("list %s: %w", key, err))
	}
	return fn(describe(key, info))
}
