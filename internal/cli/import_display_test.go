package cli

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/cli/internal/importer"
)

func TestImportDisplay(t *testing.T) {
	t.Run("results are lines, and the end sums up", func(t *testing.T) {
		var out, errs bytes.Buffer
		d := newImportDisplay(Env{Stdout: &out, Stderr: &errs}, false)
		d.start(&importer.Progress{})
		d.result(importer.Result{File: "a.pdf", Status: importer.Ready, Title: "A"})
		d.result(importer.Result{File: "b.pdf", Status: importer.Present, Title: "B", Trashed: true})
		d.result(importer.Result{File: "c.pdf", Status: importer.Uploaded})
		d.result(importer.Result{File: "d.pdf", Status: importer.Failed, Reason: &importer.Reason{Kind: "damaged", Message: "It is damaged."}})
		d.end(2, true)
		want := `ready          a.pdf (A)
already there  b.pdf (B), in the trash
uploaded       c.pdf
failed         d.pdf: It is damaged.
4 files: 1 ready, 1 uploaded, 1 already there, 1 failed. 2 other files passed over, not PDFs.
`
		if out.String() != want || errs.String() != "" {
			t.Errorf("printed\n%s%s", out.String(), errs.String())
		}
	})

	t.Run("trouble is told once, not at each try", func(t *testing.T) {
		var errs bytes.Buffer
		d := newImportDisplay(Env{Stdout: &bytes.Buffer{}, Stderr: &errs}, false)
		for range 5 {
			d.waiting(errors.New("the server is away"), time.Second)
		}
		if got := strings.Count(errs.String(), "the server is away; trying again in 1s"); got != 1 {
			t.Errorf("told %d times", got)
		}
	})

	t.Run("the line says how far it is", func(t *testing.T) {
		var p importer.Progress
		p.Bytes.Store(25e6)
		p.TotalBytes.Store(100e6)
		p.Files.Store(3)
		p.TotalFiles.Store(12)
		p.Parsing.Store(2)
		d := newImportDisplay(Env{Stderr: &bytes.Buffer{}}, false)
		d.progress = &p
		want := "[######..................] 3/12 files, 25 MB of 100 MB, 5.0 MB/s, 2 being parsed"
		if got := d.line(5 * time.Second); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestHighlighted(t *testing.T) {
	for _, tc := range []struct {
		ranges [][2]int
		bold   bool
		want   string
	}{
		{[][2]int{{0, 5}, {6, 9}}, true, "\x1b[1mnaïve\x1b[0m \x1b[1mmen\x1b[0m"},
		{[][2]int{{0, 5}}, false, "naïve men"},
		{nil, true, "naïve men"},
	} {
		if got := highlighted("naïve men", tc.ranges, tc.bold); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
	if got := highlighted("a\x1b]0;title\x07b\nc", nil, true); strings.ContainsAny(got, "\x1b\x07\n") {
		t.Errorf("control characters reach the terminal: %q", got)
	}
}
