package cli_test

import (
	"bytes"
	"encoding/json"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/extract"
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
	if code != 0 || strings.Contains(out, `"pages"`) || strings.Contains(out, `"image"`) || !strings.Contains(out, `"error":null`) {
		t.Errorf("without --text: exit code %d: %s%s", code, out, errs)
	}
}

func TestParsePrintsAllThatIsRead(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", cacheHome(t))
	first := extracttest.TextPage("On margins\nReaders mark what they read [1], and talk about it in the margin.")
	first.Annotations = []string{"/Subtype/Highlight/NM(one)/Rect[72 690 300 712]/QuadPoints[72 712 300 712 72 690 300 690]/Contents(Really)"}
	file := filepath.Join(t.TempDir(), "margins.pdf")
	paper := extracttest.Document{
		Pages: []extracttest.Page{
			first, extracttest.TextPage("References\n[1] A. Turing. On computable margins. Journal of Manuscripts, 12(3):45-67, 1936."),
			{Content: "lost"},
		},
		Info: map[string]string{"Title": "On margins"}, Outline: []extracttest.OutlineItem{{Title: "References", Page: 2}},
	}.Bytes()
	// The last page's object is not there any more.
	at := bytes.LastIndex(paper, []byte("<</Type/Page/"))
	copy(paper[at:], "<</Type/Gone")
	if err := os.WriteFile(file, paper, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, "parse", "--image", "1:120", file)
	if code != 0 {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	var got struct {
		TextVersion string `json:"text_version"`
		Claims      []struct {
			Field, Source string
			Value         any
			Confidence    float64
		}
		Outline []struct {
			Title string
			Page  int
		}
		References []struct {
			Raw  string
			Page int
		}
		Citations []struct {
			Page, Start, End int
			References       []int
		}
		Annotations []struct {
			Subtype, Contents string
			Page              int
		}
		FailedPages []struct {
			Page int
			Kind string
		} `json:"failed_pages"`
		Image []byte
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	if got.TextVersion != extract.TextVersion || len(got.Claims) == 0 || got.Claims[0].Source == "" || got.Claims[0].Confidence <= 0 {
		t.Errorf("version %q, claims %+v", got.TextVersion, got.Claims)
	}
	if len(got.Outline) != 1 || got.Outline[0].Title != "References" || got.Outline[0].Page != 2 {
		t.Errorf("outline %+v", got.Outline)
	}
	if len(got.References) != 1 || got.References[0].Page != 2 || len(got.Citations) != 1 || got.Citations[0].Page != 1 || !slices.Equal(got.Citations[0].References, []int{0}) {
		t.Errorf("references %+v, citations %+v", got.References, got.Citations)
	}
	if len(got.Annotations) != 1 || got.Annotations[0].Contents != "Really" || got.Annotations[0].Page != 1 {
		t.Errorf("annotations %+v", got.Annotations)
	}
	if len(got.FailedPages) != 1 || got.FailedPages[0].Page != 3 || got.FailedPages[0].Kind != "damaged" {
		t.Errorf("failed pages %+v", got.FailedPages)
	}
	if picture, err := jpeg.DecodeConfig(bytes.NewReader(got.Image)); err != nil || picture.Width != 120 {
		t.Errorf("picture %+v, %v", picture, err)
	}

	if code, out, errs := run(t, "parse", "--image", "9:120", file); code != 0 || !strings.Contains(out, `"image":null`) {
		t.Errorf("a page that is not there: exit code %d: %s%s", code, out, errs)
	}
	for _, wrong := range []string{"1", "0:100", "1:0", "1:9999", "a:b"} {
		if code, _, errs := run(t, "parse", "--image", wrong, file); code != 2 || !strings.Contains(errs, "as in 1:480") {
			t.Errorf("--image %s: exit code %d: %s", wrong, code, errs)
		}
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
