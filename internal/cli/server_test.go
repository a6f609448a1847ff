package cli_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/cli"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

// The test binary stands in for the program where that starts itself again to
// read a PDF.
func TestMain(m *testing.M) {
	extracttest.ServeChild()
	os.Exit(m.Run())
}

// lines gives what is written to it line by line.
type lines struct{ each func(string) }

func (l lines) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		l.each(strings.TrimSpace(line))
	}
	return len(p), nil
}

var address = regexp.MustCompile(`answers on (http://\S+)`)

// serve starts a server over data and gives its address and a way to stop it,
// which returns its exit code.
func serve(t *testing.T, data string) (origin string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	origins, ended := make(chan string, 1), make(chan int, 1)
	var errs output
	go func() {
		out := lines{func(line string) {
			if m := address.FindStringSubmatch(line); m != nil {
				origins <- m[1]
			}
		}}
		ended <- cli.Run(ctx, cli.Env{Stdout: out, Stderr: &errs}, []string{"serve", "--data", data, "--listen", "127.0.0.1:0"})
	}()
	select {
	case origin = <-origins:
	case code := <-ended:
		cancel()
		t.Fatalf("serve ended with %d: %s", code, errs.String())
	}
	return origin, func() int {
		cancel()
		return <-ended
	}
}

// exported is a library of two works, as a ZIP, with a record that is broken.
func exported(t *testing.T) []byte {
	t.Helper()
	works := `{"id": "1", "item": {"title": "On the flight of swifts", "author": [{"family": "Weitnauer"}]}}
{broken
{"id": "2", "item": {"title": "On the sleep of swifts", "author": [{"family": "Weitnauer"}]}}
`
	sum := sha256.Sum256([]byte(works))
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"data/works.jsonl": works,
		"manifest.json": fmt.Sprintf(`{"format": "scrollkeeper-archive", "version": 1, "entries": [{"path": "data/works.jsonl", "size": %d, "sha256": "%x"}, `+
			`{"path": "data/organisation.json", "size": 2, "sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}]}`, len(works), sum),
		"data/organisation.json": "{}",
	} {
		entry, err := w.Create(name)
		if err == nil {
			_, err = entry.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestFromNothingToFound is what an operator does on the first day, in the
// order of the commands, with a server that is stopped and started in between.
func TestFromNothingToFound(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	t.Setenv("SCROLLKEEPER_POSTGRES_BIN", postgrestest.BinDir(t))
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	data, papers := postgrestest.NewDataDir(t), t.TempDir()
	write := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(papers, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("whales.pdf", extracttest.PDF("On the songs of whales", "They are heard across an ocean."))
	write("bees.pdf", extracttest.PDF("On the dances of bees"))
	write("again.pdf", extracttest.PDF("On the dances of bees"))
	write("letter.pdf", []byte("Dear all"))
	write("notes.txt", []byte("not a paper"))

	// Before the first start: the account is made in a database of the moment.
	if code, out, errs := runWith(t, "correct horse battery\n", "user", "create", "--data", data, "--email", "ada@example.org", "--name", "Ada", "--password-stdin"); code != 0 || !strings.Contains(out, "owner's account") {
		t.Fatalf("user create: %d %s%s", code, out, errs)
	}
	if code, _, errs := runWith(t, "correct horse battery\n", "user", "create", "--data", data, "--email", "ADA@example.org", "--name", "Ada", "--password-stdin"); code != 1 || !strings.Contains(errs, "already an account") {
		t.Errorf("a second account with that address: %d %s", code, errs)
	}

	origin, stop := serve(t, data)
	code, out, errs := run(t, "token", "create", "--data", data, "--email", "ada@example.org")
	token := strings.TrimSpace(out)
	if code != 0 || !strings.HasPrefix(token, "skt_") || strings.Contains(token, " ") {
		t.Fatalf("token create: %d %q %s", code, out, errs)
	}
	server := []string{"--server", origin, "--token", token}
	with := func(args ...string) []string { return append(args, server...) }

	t.Run("the probes answer", func(t *testing.T) {
		for _, probe := range []string{"/livez", "/readyz"} {
			resp, err := http.Get(origin + probe)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", probe, resp.Status)
			}
		}
	})

	t.Run("an exported library comes in", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "library.zip")
		if err := os.WriteFile(file, exported(t), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errs := run(t, with("import", "--dry-run", file)...)
		if code != 0 || !strings.Contains(out, "2 works, 2 new") || !strings.Contains(out, "line 2: The record is not JSON") || !strings.Contains(out, "nothing was changed") {
			t.Errorf("dry run: %d %s%s", code, out, errs)
		}
		code, out, errs = run(t, with("import", "--json", file)...)
		var result struct {
			Import struct {
				State    string
				Added    int
				Problems []struct{ Line int }
			}
		}
		if err := json.Unmarshal([]byte(out), &result); err != nil || code != 0 || result.Import.State != "done" || result.Import.Added != 2 || len(result.Import.Problems) != 1 {
			t.Errorf("import: %d %s%s, %v", code, out, errs, err)
		}
		code, out, errs = run(t, with("import", file)...)
		if code != 0 || !strings.Contains(out, "2 works, 0 new, 2 already there") || !strings.Contains(out, "0 documents") {
			t.Errorf("again: %d %s%s", code, out, errs)
		}
	})

	t.Run("an import waits and says what failed", func(t *testing.T) {
		code, out, errs := run(t, with("import", "--json", "--wait", papers)...)
		if code != 3 {
			t.Fatalf("exit code %d: %s%s", code, out, errs)
		}
		got := map[string]string{}
		var summary string
		for line := range strings.Lines(out) {
			var r struct {
				File, Status string
				Error        *struct{ Kind string }
				Summary      json.RawMessage
			}
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			if r.Summary != nil {
				summary = string(r.Summary)
				continue
			}
			got[filepath.Base(r.File)] = r.Status
			if r.Error != nil {
				got[filepath.Base(r.File)] += " " + r.Error.Kind
			}
		}
		// Which of the equal two comes first is chance.
		bees := []string{got["bees.pdf"], got["again.pdf"]}
		slices.Sort(bees)
		if got["whales.pdf"] != "ready" || got["letter.pdf"] != "failed not_a_pdf" || !slices.Equal(bees, []string{"present", "ready"}) {
			t.Errorf("got %v", got)
		}
		if want := `{"files":4,"ready":2,"uploaded":0,"present":1,"failed":1,"passed_over":1}`; summary != want {
			t.Errorf("summary %s, want %s", summary, want)
		}
	})

	t.Run("a second import sends nothing", func(t *testing.T) {
		code, out, errs := run(t, with("import", "--wait", filepath.Join(papers, "whales.pdf"))...)
		if code != 0 || !strings.Contains(out, "already there") || !strings.Contains(out, "1 file: 1 already there.") {
			t.Errorf("exit code %d: %s%s", code, out, errs)
		}
	})

	t.Run("a search finds the page", func(t *testing.T) {
		code, out, _ := run(t, with("search", "--json", `"across an ocean"`)...)
		var answer struct {
			Hits []struct {
				DocumentID string `json:"document_id"`
				Title      string
				Page       int
				Snippet    string
			}
		}
		if err := json.Unmarshal([]byte(out), &answer); err != nil || code != 0 {
			t.Fatalf("exit code %d, %v: %s", code, err, out)
		}
		if len(answer.Hits) != 1 || answer.Hits[0].Page != 2 || answer.Hits[0].DocumentID == "" || !strings.Contains(answer.Hits[0].Snippet, "heard across an ocean") {
			t.Errorf("got %s", out)
		}
		code, out, errs := run(t, with("search", "whales -songs")...)
		if code != 0 || out != "" || !strings.Contains(errs, "Nothing was found.") {
			t.Errorf("exit code %d: %s%s", code, out, errs)
		}
	})

	t.Run("a token that is wrong is said to be", func(t *testing.T) {
		code, _, errs := run(t, "search", "--server", origin, "--token", "skt_wrong", "words")
		if code != 1 || !strings.Contains(errs, "does not accept this token") {
			t.Errorf("exit code %d: %s", code, errs)
		}
	})

	t.Run("a port in use and data in use are named", func(t *testing.T) {
		code, _, errs := run(t, "serve", "--data", postgrestest.NewDataDir(t), "--listen", strings.TrimPrefix(origin, "http://"))
		if code != 1 || !strings.Contains(errs, "--listen") {
			t.Errorf("port: exit code %d: %s", code, errs)
		}
		code, _, errs = run(t, "serve", "--data", data, "--listen", "127.0.0.1:0")
		if code != 1 || !strings.Contains(errs, data) {
			t.Errorf("data: exit code %d: %s", code, errs)
		}
	})

	t.Run("doctor and verify are content beside the server", func(t *testing.T) {
		code, out, errs := run(t, "doctor", "--data", data, "--listen", strings.TrimPrefix(origin, "http://"))
		if code != 0 || !strings.Contains(out, "PostgreSQL 18") || !strings.Contains(out, "a Scrollkeeper answers on") {
			t.Errorf("doctor: %d %s%s", code, out, errs)
		}
		code, out, errs = run(t, "verify", "--data", data)
		if code != 0 || !strings.Contains(out, "All is well") {
			t.Errorf("verify: %d %s%s", code, out, errs)
		}
	})

	if code := stop(); code != 0 {
		t.Errorf("a server that is asked to stop ends with %d", code)
	}

	t.Run("what is missing is found", func(t *testing.T) {
		files, err := filepath.Glob(filepath.Join(data, "blobs", "uploads", "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in the store: %v", err)
		}
		if err := os.Remove(files[0]); err != nil {
			t.Fatal(err)
		}
		code, out, errs := run(t, "verify", "--data", data, "--quick")
		if code != 1 || !strings.Contains(out, "WRONG  Every document's file is in the store") || !strings.Contains(out, filepath.Base(files[0])) {
			t.Errorf("verify: %d %s%s", code, out, errs)
		}
	})

	t.Run("migrate has nothing to do", func(t *testing.T) {
		code, out, errs := run(t, "migrate", "--data", data)
		if code != 0 || !strings.Contains(out, "nothing was to be done") {
			t.Errorf("migrate: %d %s%s", code, out, errs)
		}
	})
}
