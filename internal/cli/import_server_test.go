package cli_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/cli"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

// signal says when a line that holds a text was printed.
type signal struct {
	t     *testing.T
	lines chan string
	seen  output
}

func (s *signal) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		_, _ = s.seen.Write([]byte(line))
		s.lines <- strings.TrimSpace(line)
	}
	return len(p), nil
}

func (s *signal) wait(text string) {
	s.t.Helper()
	for {
		select {
		case line := <-s.lines:
			if strings.Contains(line, text) {
				return
			}
		case <-s.t.Context().Done():
			s.t.Fatalf("%q was never printed, but\n%s", text, s.seen.String())
		}
	}
}

// TestWhatPeopleHaveComesIn takes a Zotero export, an archive and folders to a real
// server, and keeps a folder in step with it.
func TestWhatPeopleHaveComesIn(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	t.Setenv("SCROLLKEEPER_POSTGRES_BIN", postgrestest.BinDir(t))
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	data, home := postgrestest.NewDataDir(t), t.TempDir()
	write := func(name string, content []byte) {
		t.Helper()
		path := filepath.Join(home, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, out, errs := runWith(t, "correct horse battery\n", "user", "create", "--data", data, "--email", "ada@example.org", "--name", "Ada", "--password-stdin"); code != 0 {
		t.Fatalf("user create: %s%s", out, errs)
	}
	origin, stop := serve(t, data)
	_, out, _ := run(t, "token", "create", "--data", data, "--email", "ada@example.org")
	token := strings.TrimSpace(out)
	with := func(args ...string) []string { return append(args, "--server", origin, "--token", token) }
	get := func(path string, into any) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v", path, resp.Status, err)
		}
	}
	var libraries struct{ Items []struct{ ID string } }
	get("/api/libraries", &libraries)
	library := libraries.Items[0].ID
	type listed struct {
		ID, Title     string
		CollectionIDs []string `json:"collection_ids"`
		Edition       *struct{ Filename string }
	}
	documents := func() map[string]listed {
		t.Helper()
		var l struct{ Items []listed }
		get("/api/libraries/"+library+"/documents?limit=100", &l)
		byTitle := map[string]listed{}
		for _, d := range l.Items {
			byTitle[d.Title] = d
		}
		return byTitle
	}
	collections := func() map[string]string {
		t.Helper()
		var l struct {
			Items []struct {
				ID, Name string
				ParentID *string `json:"parent_id"`
			}
		}
		get("/api/libraries/"+library+"/collections", &l)
		paths, names := map[string]string{}, map[string]string{}
		for _, c := range l.Items {
			names[c.ID] = c.Name
		}
		for _, c := range l.Items {
			path := c.Name
			if c.ParentID != nil {
				path = names[*c.ParentID] + "/" + path
			}
			paths[path] = c.ID
		}
		return paths
	}

	write("Export/Export.rdf", []byte(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:bib="http://purl.org/net/biblio#" xmlns:link="http://purl.org/rss/1.0/modules/link/">
    <bib:Book rdf:about="#item_1"><z:itemType>book</z:itemType><dc:title>The songs of whales and other animals</dc:title><link:link rdf:resource="#item_2"/></bib:Book>
    <z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="files/2/Whales.pdf"/></z:Attachment>
    <bib:Book rdf:about="#item_3"><z:itemType>book</z:itemType><dc:title>A book that is told to have a file elsewhere</dc:title><link:link rdf:resource="#item_4"/></bib:Book>
    <z:Attachment rdf:about="#item_4"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="../secret.pdf"/></z:Attachment>
    <z:Collection rdf:about="#collection_1"><dc:title>Sea</dc:title><dcterms:hasPart rdf:resource="#item_1"/></z:Collection>
</rdf:RDF>`))
	write("Export/files/2/Whales.pdf", extracttest.PDF("On the songs of whales"))
	write("secret.pdf", extracttest.PDF("Nobody is to see this"))

	t.Run("a Zotero export is looked through", func(t *testing.T) {
		code, out, errs := run(t, with("import", "--dry-run", filepath.Join(home, "Export"))...)
		if code != 0 || !strings.Contains(out, "2 works, 2 new, 1 PDF files, 1 of these with their works, 1 files missing, 1 collections") || !strings.Contains(out, "not in the archive: ../secret.pdf") || !strings.Contains(out, "nothing was changed") {
			t.Errorf("%d: %s%s", code, out, errs)
		}
		if got := documents(); len(got) != 0 {
			t.Errorf("%v", got)
		}
	})
	t.Run("and comes in with its files", func(t *testing.T) {
		code, out, errs := run(t, with("import", filepath.Join(home, "Export"))...)
		if code != 0 || !strings.Contains(out, "2 documents, 1 file") {
			t.Errorf("%d: %s%s", code, out, errs)
		}
		got := documents()
		whales := got["The songs of whales and other animals"]
		if len(got) != 2 || whales.Edition == nil || whales.Edition.Filename != "Whales.pdf" || len(whales.CollectionIDs) != 1 || whales.CollectionIDs[0] != collections()["Sea"] {
			t.Errorf("%+v", got)
		}
	})

	t.Run("folders become collections", func(t *testing.T) {
		write("Papers/Bees/dance.pdf", extracttest.PDF("On the dances of bees"))
		write("Papers/Movement/dance again.pdf", extracttest.PDF("On the dances of bees"))
		code, out, errs := run(t, with("import", "--collections", "--wait", filepath.Join(home, "Papers"))...)
		if code != 0 {
			t.Fatalf("%d: %s%s", code, out, errs)
		}
		in := collections()
		for _, d := range documents() {
			if d.Edition != nil && strings.HasPrefix(d.Edition.Filename, "dance") && (len(d.CollectionIDs) != 2 || in["Papers/Bees"] == "" || in["Papers/Movement"] == "") {
				t.Errorf("%+v in %v", d, in)
			}
		}
		// A file that the library has already goes into one more.
		write("Elsewhere/dance.pdf", extracttest.PDF("On the dances of bees"))
		if code, out, errs := run(t, with("import", "--collections", filepath.Join(home, "Elsewhere"))...); code != 0 || !strings.Contains(out, "already there") {
			t.Errorf("%d: %s%s", code, out, errs)
		}
		n := 0
		for _, d := range documents() {
			n = max(n, len(d.CollectionIDs))
		}
		if n != 3 {
			t.Errorf("in %d collections", n)
		}
	})

	t.Run("an archive", func(t *testing.T) {
		path := filepath.Join(home, "papers.zip")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w := zip.NewWriter(file)
		for name, body := range map[string][]byte{"Ants/trail.pdf": extracttest.PDF("On the trails of ants"), "../out.pdf": extracttest.PDF("out")} {
			part, err := w.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := part.Write(body); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
		code, out, errs := run(t, with("import", "--collections", path)...)
		if code != 0 || !strings.Contains(out, "../out.pdf: left out") || !strings.Contains(out, "1 document, 1 file") || collections()["Ants"] == "" {
			t.Errorf("%d: %s%s", code, out, errs)
		}
	})

	t.Run("a folder is kept in step", func(t *testing.T) {
		watched := filepath.Join(home, "Watched")
		write("Watched/Deep/first.pdf", extracttest.PDF("The first paper of the folder"))
		begin := func() (*signal, func() int) {
			ctx, cancel := context.WithCancel(t.Context())
			s := &signal{t: t, lines: make(chan string, 1000)}
			ended := make(chan int, 1)
			go func() {
				ended <- cli.Run(ctx, cli.Env{Stdout: s, Stderr: s}, with("import", "--watch", "--settle", "100ms", watched))
			}()
			return s, func() int {
				cancel()
				return <-ended
			}
		}
		s, end := begin()
		s.wait("uploaded       " + filepath.Join(watched, "Deep", "first.pdf"))
		write("Watched/New/second.pdf", extracttest.PDF("The second paper of the folder"))
		s.wait("uploaded       " + filepath.Join(watched, "New", "second.pdf"))
		write("Watched/works.bib", []byte("@book{a, title = {A work that is in the watched bibliography}, year = 1999}\n"))
		s.wait("brought in     " + filepath.Join(watched, "works.bib") + ": 1 document")
		write("Watched/works.bib", []byte("@book{a, title = {A work that is in the watched bibliography}, year = 1999}\n@book{b, title = {A second work of the bibliography}, year = 2000}\n"))
		s.wait("brought in     " + filepath.Join(watched, "works.bib") + ": 1 document")
		if err := os.Rename(filepath.Join(watched, "Deep", "first.pdf"), filepath.Join(watched, "renamed.pdf")); err != nil {
			t.Fatal(err)
		}
		s.wait("already there  " + filepath.Join(watched, "renamed.pdf"))
		if code := end(); code != 0 || !strings.Contains(s.seen.String(), "Stopped watching.") {
			t.Errorf("it ends with %d: %s", code, s.seen.String())
		}
		before := len(documents())

		// The watch begins anew, and knows what it had sent.
		write("Watched/third.pdf", extracttest.PDF("The third paper of the folder"))
		if err := os.Remove(filepath.Join(watched, "New", "second.pdf")); err != nil {
			t.Fatal(err)
		}
		s, end = begin()
		s.wait("uploaded       " + filepath.Join(watched, "third.pdf"))
		if code := end(); code != 0 {
			t.Errorf("it ends with %d", code)
		}
		if seen := s.seen.String(); strings.Contains(seen, "renamed.pdf") || strings.Contains(seen, "works.bib") {
			t.Errorf("it sent again what it had sent: %s", seen)
		}
		if got := documents(); len(got) != before+1 {
			t.Errorf("%d documents before, %d now: what is deleted in the folder stays", before, len(got))
		}
	})

	t.Run("what is no folder is not watched", func(t *testing.T) {
		if code, _, errs := run(t, with("import", "--watch", filepath.Join(home, "secret.pdf"))...); code != 2 || !strings.Contains(errs, "takes folders") {
			t.Errorf("%d: %s", code, errs)
		}
	})
	if code := stop(); code != 0 {
		t.Errorf("the server ends with %d", code)
	}
}
