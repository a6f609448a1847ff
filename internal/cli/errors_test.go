package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every wrong use is answered in plain words on standard error, with exit code
// 2, before anything is done.
func TestWrongUse(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	for name, tc := range map[string]struct {
		args []string
		env  map[string]string
		want string
	}{
		"a misspelt flag":          {args: []string{"serve", "--listn", "x"}, want: `unknown flag --listn, did you mean "--listen"?`},
		"a misspelt command":       {args: []string{"srve"}, want: `unexpected argument srve, did you mean "serve"?`},
		"half a command":           {args: []string{"user"}, want: "something is missing: create."},
		"an argument that lacks":   {args: []string{"import", "--token", "x"}, want: "something is missing: <path>"},
		"a flag that lacks":        {args: []string{"token", "create"}, want: "missing flags: --email=ADDRESS."},
		"a value that is wrong":    {args: []string{"serve", "--listen", "localhost"}, want: "--listen localhost: give a host and a port, as in --listen 127.0.0.1:8080."},
		"a wrong choice":           {args: []string{"serve", "--log-format", "xml"}, want: "--log-format must be one of"},
		"a variable that is wrong": {args: []string{"serve"}, env: map[string]string{"SCROLLKEEPER_MAX_PAGES": "many"}, want: "SCROLLKEEPER_MAX_PAGES"},
		"a worker without server":  {args: []string{"worker"}, want: "give --database-url"},
		"no token":                 {args: []string{"search", "words"}, want: "An API token is needed"},
		"an address that is none":  {args: []string{"search", "--token", "x", "--server", "ftp://a", "words"}, want: `"ftp://a" is not the address of a server`},
		"a path that is missing":   {args: []string{"import", "--token", "x", missing}, want: "there is no such file or folder"},
		"too many at once":         {args: []string{"import", "--token", "x", "--jobs", "99", "."}, want: "--jobs: give a number from 1 to 32."},
		"no way to ask a password": {args: []string{"user", "create", "--email", "a@example.org", "--name", "A"}, want: "--password-stdin"},
	} {
		t.Run(name, func(t *testing.T) {
			for k, v := range tc.env {
				t.Setenv(k, v)
			}
			code, stdout, stderr := run(t, tc.args...)
			if code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			if stdout != "" {
				t.Errorf("standard output has %q", stdout)
			}
			if !strings.HasPrefix(stderr, "scrollkeeper: ") || !strings.Contains(stderr, tc.want) {
				t.Errorf("said %q, want %q in it", stderr, tc.want)
			}
		})
	}
}

func TestUnknownVariablesAreMentioned(t *testing.T) {
	t.Setenv("SCROLLKEEPER_LISTN", "127.0.0.1:1")
	code, _, stderr := run(t, "version")
	if code != 0 || !strings.Contains(stderr, "SCROLLKEEPER_LISTN means nothing here") {
		t.Errorf("exit code %d, said %q", code, stderr)
	}
}

func TestVerifyWantsData(t *testing.T) {
	empty := t.TempDir()
	code, _, stderr := run(t, "verify", "--data", empty)
	if code != 1 || !strings.Contains(stderr, "there is no Scrollkeeper data in "+empty) {
		t.Errorf("exit code %d, said %q", code, stderr)
	}
	if entries, err := os.ReadDir(empty); err != nil || len(entries) > 0 {
		t.Errorf("it left %v behind, %v", entries, err)
	}
}
