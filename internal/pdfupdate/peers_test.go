package pdfupdate_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// The programs that read what we write: other people's readers of PDF.

// need skips the test where a program is missing.
func need(t testing.TB, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("left out: %s is not installed; scripts/apt-packages.sh installs it", program)
		}
	}
}

// run gives what a program prints. It must succeed and complain about nothing.
func run(t testing.TB, program string, args ...string) []byte {
	t.Helper()
	out, complaint, err := try(t, program, args...)
	if err != nil || complaint != "" {
		t.Errorf("%s %s: %v %s", program, strings.Join(args, " "), err, complaint)
	}
	return out
}

func try(t testing.TB, program string, args ...string) (out []byte, complaint string, err error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err = command.Output()
	var lines []string
	for line := range strings.Lines(stderr.String()) {
		// mutool draw names the pages there, and how it was built.
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "page ") && !strings.Contains(line, "ICC support") {
			lines = append(lines, line)
		}
	}
	return out, strings.Join(lines, "\n"), err
}

// save writes a file for programs to read.
func save(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// renderer draws a page at 144 dots an inch, which are two a point.
type renderer struct {
	name string
	draw func(t testing.TB, path string, page int) image.Image
}

const dotsPerPoint = 2

var renderers = []renderer{
	{"poppler", func(t testing.TB, path string, page int) image.Image {
		t.Helper()
		number := fmt.Sprint(page)
		out := filepath.Join(t.TempDir(), "page")
		run(t, "pdftocairo", "-png", "-cropbox", "-r", "144", "-f", number, "-l", number, "-singlefile", path, out)
		return decode(t, out+".png")
	}},
	{"mupdf", func(t testing.TB, path string, page int) image.Image {
		t.Helper()
		out := filepath.Join(t.TempDir(), "page.png")
		run(t, "mutool", "draw", "-q", "-r", "144", "-o", out, path, fmt.Sprint(page))
		return decode(t, out)
	}},
}

func decode(t testing.TB, path string) image.Image {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// difference is the box around the dots in a part of two pictures in which they
// clearly differ.
func difference(t testing.TB, a, b image.Image, part image.Rectangle) image.Rectangle {
	t.Helper()
	if a.Bounds() != b.Bounds() {
		t.Fatalf("the pictures measure %v and %v", a.Bounds(), b.Bounds())
	}
	var box image.Rectangle
	part = part.Intersect(a.Bounds())
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			r0, g0, b0, _ := a.At(x, y).RGBA()
			r1, g1, b1, _ := b.At(x, y).RGBA()
			far := func(p, q uint32) bool { return max(p, q)-min(p, q) > 0x0a00 }
			if far(r0, r1) || far(g0, g1) || far(b0, b1) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box
}

// shown is where a box of a page is in its picture: the page is cut to its crop
// box and turned clockwise.
func shown(r, crop pagetext.Rect, rotation int) image.Rectangle {
	x0, x1 := r[0]-crop[0], r[2]-crop[0]
	y0, y1 := crop[3]-r[3], crop[3]-r[1] // from the top
	width, height := crop.Width(), crop.Height()
	for range rotation / 90 {
		x0, y0, x1, y1 = height-y1, x0, height-y0, x1
		width, height = height, width
	}
	at := func(v float32) int { return int(math.Round(float64(v) * dotsPerPoint)) }
	return image.Rect(at(x0), at(y0), at(x1), at(y1))
}

// near reports whether all edges are within a point.
func near(a, b image.Rectangle) bool {
	close := func(p, q int) bool { return p-q <= dotsPerPoint && q-p <= dotsPerPoint }
	return close(a.Min.X, b.Min.X) && close(a.Min.Y, b.Min.Y) && close(a.Max.X, b.Max.X) && close(a.Max.Y, b.Max.Y)
}

// listed is an annotation as MuPDF tells of it, in points from the top left of
// the page.
type listed struct {
	Page     int
	Type     string
	Rect     []float64
	Quads    [][]float64
	Contents string
	Author   string
}

const listing = `
var doc = new Document(scriptArgs[0]);
for (var i = 0; i < doc.countPages(); i++) {
	var list = doc.loadPage(i).getAnnotations();
	for (var j = 0; j < list.length; j++) {
		var a = list[j], type = a.getType(), quads = [], author = "";
		if (type == "Highlight" || type == "Underline") quads = a.getQuadPoints();
		if (type != "Popup") author = a.getAuthor();
		print(JSON.stringify({Page: i + 1, Type: type, Rect: a.bound(), Quads: quads, Contents: a.getContents(), Author: author}));
	}
}
`

func listMuPDF(t testing.TB, path string) (all []listed, complaint string) {
	t.Helper()
	script := filepath.Join(t.TempDir(), "list.js")
	if err := os.WriteFile(script, []byte(listing), 0o600); err != nil {
		t.Fatal(err)
	}
	out, complaint, err := try(t, "mutool", "run", script, path)
	if err != nil {
		t.Errorf("MuPDF cannot read %s: %v %s", path, err, complaint)
	}
	for line := range strings.Lines(string(out)) {
		var one listed
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, one)
	}
	return all, complaint
}

// readBack extracts a file, as an upload of it would.
func readBack(t testing.TB, pool *extract.Pool, path, password string) *extract.Result {
	t.Helper()
	result, err := extract.Run(t.Context(), pool, path, extract.Options{Password: password})
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	return result
}

func byName(marks []pdfmark.Mark) map[string]pdfmark.Mark {
	out := map[string]pdfmark.Mark{}
	for _, mark := range marks {
		out[mark.Name] = mark
	}
	return out
}

func TestMain(m *testing.M) {
	extracttest.ServeChild()
	os.Exit(m.Run())
}
