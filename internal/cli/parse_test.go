package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

func TestParse(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", cacheHome(t))
	folder := t.TempDir()
	good, bad := filepath.Join(folder, "good.pdf"), filepath.Join(folder, "bad.pdf")
	for file, content := range map[string][]byte{good: extracttest.PDF("One", "Two words"), bad: []byte("no PDF")} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	missing := filepath.Join(folder, "missing.pdf")

	code, out, errs := run(t, "parse", "--jobs", "2", "--text", bad, good, missing)
	if code != 3 {
		t.Fatalf("exit code %d, want 3: %s%s", code, out, errs)
	}
	type line struct {
		File      string
		SHA256    *string `json:"sha256"`
		PageCount int     `json:"page_count"`
		Seconds   float64
		Metadata  map[string]any
		Refs      []any `json:"references"`
		Pages     []struct {
			Number        int
			Width, Height float64
			Text          string
		}
		Error *struct{ Kind, Message string }
	}
	var got []line
	for text := range strings.Lines(out) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		got = append(got, l)
	}
	if len(got) != 3 || got[0].File != bad || got[1].File != good || got[2].File != missing {
		t.Fatalf("lines are not one for each file in their order: %s", out)
	}
	if e := got[0].Error; e == nil || e.Kind != "not_a_pdf" || e.Message == "" || got[0].SHA256 == nil {
		t.Errorf("a file that is no PDF: %+v", got[0])
	}
	if e := got[2].Error; e == nil || e.Kind != "unreadable" || got[2].SHA256 != nil {
		t.Errorf("a file that is missing: %+v", got[2])
	}
	l := got[1]
	if l.Error != nil || l.PageCount != 2 || len(l.Pages) != 2 || l.Refs == nil || l.Metadata["type"] == "" || l.Seconds <= 0 {
		t.Fatalf("a good file: %s", out)
	}
	if p := l.Pages[1]; p.Number != 2 || p.Text != "Two words" || p.Width < 100 || p.Height < p.Width {
		t.Errorf("page 2: %+v", p)
	}

	code, out, errs = run(t, "parse", good)
	if code != 0 || strings.Contains(out, `"pages"`) || !strings.Contains(out, `"error":null`) {
		t.Errorf("without --text: exit code %d: %s%s", code, out, errs)
	}
}

// cacheHome lets the tests share the compiled engine with those of extract.
func cacheHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, "scrollkeeper"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(extracttest.CacheDir(t), filepath.Join(home, "scrollkeeper", "pdfium")); err != nil {
		t.Fatal(err)
	}
	return home
}
