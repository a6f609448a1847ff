package cli_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/cli"
)

var update = flag.Bool("update", false, "write the golden files")

// run runs a command as a shell would and gives what it printed.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return runWith(t, "", args...)
}

func runWith(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs output
	code = cli.Run(t.Context(), cli.Env{Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs}, args)
	return code, out.String(), errs.String()
}

// output may be written to by several goroutines, as a process's own may.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// TestHelp compares the help of every command with testdata/help. After a
// change: make gen.
func TestHelp(t *testing.T) {
	for _, command := range []string{
		"", "serve", "worker", "parse", "import", "search", "user", "user create", "token", "token create", "reparse", "migrate", "verify", "doctor", "version",
	} {
		t.Run("scrollkeeper "+command, func(t *testing.T) {
			code, stdout, stderr := run(t, append(strings.Fields(command), "--help")...)
			if code != 0 || stderr != "" {
				t.Fatalf("exit code %d, standard error %q", code, stderr)
			}
			name := filepath.Join("testdata", "help", strings.ReplaceAll(strings.TrimSpace("scrollkeeper "+command), " ", "-")+".txt")
			if *update {
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(stdout), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if stdout != string(want) {
				t.Errorf("the help is not that of %s; if it should be, run: make gen\n%s", name, stdout)
			}
		})
	}
}

func TestNoCommandGivesHelp(t *testing.T) {
	code, stdout, _ := run(t)
	_, help, _ := run(t, "--help")
	if code != 0 || stdout != help {
		t.Errorf("exit code %d, output %q", code, stdout)
	}
}
