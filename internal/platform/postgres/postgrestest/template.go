package postgrestest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/migrations"
)

// templateFormat is raised when a template made by older code will not do.
const templateFormat = 1

var quiet = slog.New(slog.DiscardHandler)

// unusedAge is when a template of other migrations is deleted. Branches that are
// worked on side by side keep theirs.
const unusedAge = 24 * time.Hour

// copyTemplate copies the template to dir. The template is a data folder with a
// stopped and migrated cluster, made once per machine for each set of migrations
// and kept in the user's cache: initdb and the migrations take two seconds, a
// copy a tenth of one.
func copyTemplate(dir string) error {
	bin, err := binDir()
	if err != nil {
		return err
	}
	key, err := templateKey(bin)
	if err != nil {
		return err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	cache = filepath.Join(cache, "scrollkeeper-test")
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return err
	}
	template, lock := filepath.Join(cache, key), filepath.Join(cache, "lock")
	for {
		// Binaries that start together copy side by side, and one makes it.
		missing := false
		err := underLock(lock, syscall.LOCK_SH, func() error {
			if _, err := os.Stat(template); errors.Is(err, fs.ErrNotExist) {
				missing = true
				return nil
			}
			now := time.Now()
			return errors.Join(os.Chtimes(template, now, now), copyTree(template, dir))
		})
		if err != nil || !missing {
			return err
		}
		err = underLock(lock, syscall.LOCK_EX, func() error {
			if _, err := os.Stat(template); err == nil {
				return nil
			}
			making := filepath.Join(cache, "making")
			if err := errors.Join(removeUnused(cache), os.RemoveAll(making), makeTemplate(making, bin)); err != nil {
				return err
			}
			return os.Rename(making, template)
		})
		if err != nil {
			return err
		}
	}
}

func makeTemplate(dir, bin string) (err error) {
	ctx := context.Background()
	db, err := postgres.Open(ctx, postgres.Config{DataDir: dir, BinDir: bin, Settings: settings(), Logger: quiet})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close(ctx)) }()
	return postgres.Migrate(ctx, db.Pool)
}

// templateKey changes with everything that a template is made from. go.mod
// stands for the job queue's migrations, which come with its library.
func templateKey(bin string) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, templateFormat, bin)
	root, err := repository()
	if err != nil {
		return "", err
	}
	for _, path := range []string{filepath.Join(root, "go.mod"), filepath.Join(bin, "bin", "postgres")} {
		info, err := os.Stat(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, path, info.Size(), info.ModTime().UnixNano())
	}
	err = fs.WalkDir(migrations.FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(migrations.FS, path)
		fmt.Fprintln(h, path, len(content))
		h.Write(content)
		return err
	})
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}

func removeUnused(cache string) error {
	entries, err := os.ReadDir(cache)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if entry.IsDir() && time.Since(info.ModTime()) > unusedAge {
			if err := os.RemoveAll(filepath.Join(cache, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func underLock(path string, how int, do func() error) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	if err := syscall.Flock(int(file.Fd()), how); err != nil {
		return fmt.Errorf("lock %s: %w", path, err)
	}
	return do()
}

// copyTree copies folders and files with their modes and owners. What a server
// leaves beside its cluster, such as its lock, is of no use and is not there.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case entry.IsDir():
			err = os.Mkdir(target, info.Mode().Perm())
		case info.Mode().IsRegular():
			err = copyFile(path, target, info.Mode().Perm())
		default:
			return nil
		}
		if err != nil || os.Geteuid() != 0 {
			return err
		}
		owner := info.Sys().(*syscall.Stat_t)
		return os.Lchown(target, int(owner.Uid), int(owner.Gid))
	})
}

func copyFile(from, to string, mode fs.FileMode) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}
