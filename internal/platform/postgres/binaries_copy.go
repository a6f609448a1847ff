package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// copyPublic copies the installation to where as can run it, or finds the copy
// made before. Copies are named after their content, so two versions of the
// product on one machine do not fight, and a copy cut short by a crash is seen.
func (in installation) copyPublic(ctx context.Context, as *account) (installation, error) {
	files, err := in.files()
	if err != nil {
		return installation{}, err
	}
	name := "postgres-" + files.fingerprint()

	var failures []error
	for _, parent := range publicFolders() {
		if err := trustedFolder(parent); err != nil {
			failures = append(failures, err)
			continue
		}
		copied := installation{filepath.Join(parent, name)}
		if err := copied.fill(files); err != nil {
			failures = append(failures, err)
			continue
		}
		// Fails on a noexec mount, among others; then the next folder is tried.
		if err := copied.check(ctx, as); err != nil {
			failures = append(failures, err)
			continue
		}
		return copied, nil
	}
	return installation{}, fault.Wrap(errors.Join(failures...), fault.Unavailable, "postgres_unreachable",
		fmt.Sprintf("The built-in PostgreSQL in %s cannot be run by %s, and no copy of it could be made in %s.",
			in.dir, as, strings.Join(publicFolders(), " or ")))
}

// publicFolders are the places for a copy, best first. Tests replace it.
var publicFolders = func() []string {
	if os.Geteuid() == 0 {
		return []string{"/var/lib/scrollkeeper", "/opt/scrollkeeper", filepath.Join(os.TempDir(), "scrollkeeper-0")}
	}
	if cache, err := os.UserCacheDir(); err == nil {
		return []string{filepath.Join(cache, "scrollkeeper")}
	}
	return []string{filepath.Join(os.TempDir(), fmt.Sprintf("scrollkeeper-%d", os.Geteuid()))}
}

// trustedFolder makes dir and checks that only this user, or root, could have
// put something in it: programs from there are going to be run. A sticky folder
// above, such as /tmp, is fine, since nobody may replace what is ours in it.
func trustedFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // the server's user must pass
		return fmt.Errorf("make %s: %w", dir, err)
	}
	for path := dir; ; path = filepath.Dir(path) {
		info, err := os.Stat(path)
		if path == dir {
			info, err = os.Lstat(path)
		}
		if err != nil {
			return fmt.Errorf("look at %s: %w", path, err)
		}
		owner := info.Sys().(*syscall.Stat_t).Uid
		open := info.Mode().Perm()&0o022 != 0
		sticky := info.Mode()&fs.ModeSticky != 0 && path != dir
		switch {
		case !info.IsDir():
			return fmt.Errorf("%s is not a folder", path)
		case owner != 0 && int(owner) != os.Geteuid():
			return fmt.Errorf("%s belongs to another user (%d)", path, owner)
		case open && !sticky:
			return fmt.Errorf("%s can be written by others", path)
		}
		if path == filepath.Dir(path) {
			return nil
		}
	}
}

// installedFiles is what of an installation the server needs.
type installedFiles struct {
	root  string
	files []installedFile
}

type installedFile struct {
	path string // below root
	mode fs.FileMode
	size int64
}

// files lists the installation without what only compilers use.
func (in installation) files() (installedFiles, error) {
	list := installedFiles{root: in.dir}
	err := filepath.WalkDir(in.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(in.dir, path)
		if err != nil || rel == "." {
			return err
		}
		if entry.IsDir() {
			switch rel {
			case "include", "lib/pkgconfig", "lib/postgresql/pgxs":
				return fs.SkipDir
			}
			list.files = append(list.files, installedFile{path: rel, mode: fs.ModeDir | 0o755})
			return nil
		}
		if filepath.Ext(rel) == ".a" {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return nil // links are made afresh in the copy
		}
		file := installedFile{path: rel, mode: 0o644, size: info.Size()}
		if info.Mode().Perm()&0o100 != 0 {
			file.mode = 0o755
		}
		list.files = append(list.files, file)
		return nil
	})
	if err != nil {
		return installedFiles{}, fmt.Errorf("list PostgreSQL's files: %w", err)
	}
	return list, nil
}

// fingerprint names the content cheaply: paths, sizes, and the program itself.
func (l installedFiles) fingerprint() string {
	h := sha256.New()
	for _, f := range l.files {
		fmt.Fprintln(h, f.path, f.mode, f.size)
	}
	if program, err := os.Open(filepath.Join(l.root, "bin", "postgres")); err == nil {
		_, _ = io.Copy(h, program)
		_ = program.Close()
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// fill makes the copy unless it is there whole.
func (in installation) fill(from installedFiles) error {
	if in.holds(from) {
		return in.link()
	}
	parent := filepath.Dir(in.dir)
	stage, err := os.MkdirTemp(parent, ".copying-")
	if err != nil {
		return fmt.Errorf("copy PostgreSQL: %w", err)
	}
	defer func() { _ = os.RemoveAll(stage) }()
	for _, file := range from.files {
		if err := file.copy(from.root, stage); err != nil {
			return fmt.Errorf("copy PostgreSQL: %w", err)
		}
	}
	if err := os.Chmod(stage, 0o755); err != nil { //nolint:gosec // as above
		return fmt.Errorf("copy PostgreSQL: %w", err)
	}
	if err := os.Rename(stage, in.dir); err != nil {
		// Another process was quicker, or a crash left a part of a copy.
		if in.holds(from) {
			return in.link()
		}
		if err := os.Rename(in.dir, stage+"-broken"); err != nil {
			return fmt.Errorf("replace a broken copy of PostgreSQL: %w", err)
		}
		defer func() { _ = os.RemoveAll(stage + "-broken") }()
		if err := os.Rename(stage, in.dir); err != nil {
			return fmt.Errorf("copy PostgreSQL: %w", err)
		}
	}
	return in.link()
}

// holds reports whether every file is there with its size and a mode that lets
// others use it.
func (in installation) holds(want installedFiles) bool {
	for _, file := range want.files {
		info, err := os.Lstat(filepath.Join(in.dir, file.path))
		if err != nil || info.Mode() != file.mode || (!info.IsDir() && info.Size() != file.size) {
			return false
		}
	}
	return true
}

func (f installedFile) copy(fromRoot, toRoot string) error {
	to := filepath.Join(toRoot, f.path)
	if f.mode.IsDir() {
		if err := os.Mkdir(to, 0o755); err != nil { //nolint:gosec // as above
			return err
		}
		return os.Chmod(to, f.mode.Perm()) // whatever the umask says
	}
	source, err := os.Open(filepath.Join(fromRoot, f.path))
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Chmod(f.mode.Perm()), target.Close())
}
