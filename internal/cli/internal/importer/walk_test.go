package importer_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/cli/internal/importer"
)

func TestWalk(t *testing.T) {
	root := filepath.Join(t.TempDir(), "papers")
	for _, name := range []string{
		"b.pdf", "a.PDF", "notes.txt", ".hidden.pdf", ".trash/old.pdf", "deep/er/c.pdf", "deep/picture.png", "folder.pdf/inside.pdf", "no-ending",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"link.pdf": "b.pdf", "loop": ".", "nowhere.pdf": "gone.pdf"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}

	t.Run("a folder gives its PDFs, and counts the rest", func(t *testing.T) {
		found, passed, err := importer.Walk([]string{root})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range found {
			name, err := filepath.Rel(root, f.Path)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, f.Folder+": "+filepath.ToSlash(name))
		}
		want := []string{
			"papers: a.PDF", "papers: b.pdf", "papers/deep/er: deep/er/c.pdf", "papers/folder.pdf: folder.pdf/inside.pdf", "papers: link.pdf",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q\nwant %q", got, want)
		}
		// notes.txt, picture.png, no-ending, the loop and the link to nowhere.
		if passed != 5 {
			t.Errorf("%d were passed over, want 5", passed)
		}
	})

	t.Run("a file that is named is taken, once, whatever its name", func(t *testing.T) {
		file := filepath.Join(root, "no-ending")
		found, passed, err := importer.Walk([]string{file, filepath.Join(root, "deep", "..", "no-ending"), filepath.Join(root, ".hidden.pdf")})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != 2 || found[0].Path != file || found[0].Folder != "" || found[0].Size != int64(len("no-ending")) || passed != 0 {
			t.Errorf("got %+v, %d passed over", found, passed)
		}
	})

	t.Run("a path that is missing stops it", func(t *testing.T) {
		if _, _, err := importer.Walk([]string{filepath.Join(root, "gone")}); err == nil {
			t.Error("accepted")
		}
	})
}
