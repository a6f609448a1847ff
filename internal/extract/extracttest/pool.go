package extracttest

import (
	"os"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/extract"
)

// ServeChild makes a test binary serve as its own extraction child. Call it
// first in TestMain; when the binary was started as a child it does not return.
func ServeChild() {
	if len(os.Args) == 2 && os.Args[1] == extract.ChildCommand {
		os.Exit(extract.ChildMain())
	}
}

// NewPool is a pool of children of this test binary, closed when the test ends.
// TestMain must call [ServeChild]. Zero fields of config get what suits a test.
func NewPool(t testing.TB, config extract.Config) *extract.Pool {
	t.Helper()
	if config.CacheDir == "" {
		config.CacheDir = CacheDir(t)
	}
	pool := extract.NewPool(config)
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

// CacheDir is one folder for all test runs of this user, since compiling PDFium
// takes seconds.
func CacheDir(t testing.TB) string {
	t.Helper()
	if dir := extract.UserCacheDir(); dir != "" {
		return dir
	}
	return t.TempDir()
}
