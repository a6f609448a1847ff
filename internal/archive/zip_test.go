package archive

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/intake"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
)

// made is a store of files that are as long as a test says, and hold nothing.
type made struct {
	blob.Store
	sizes map[string]int64
	texts map[string][]byte
}

func (m made) Open(_ context.Context, key string) (blob.File, error) {
	if text, ok := m.texts[key]; ok {
		return emptyFile{ReaderAt: bytes.NewReader(text)}, nil
	}
	if size, ok := m.sizes[key]; ok {
		return emptyFile{ReaderAt: zeros(size)}, nil
	}
	return nil, blob.NotFound(key, nil)
}

type emptyFile struct {
	io.ReaderAt
	blob.File
}

func (f emptyFile) ReadAt(p []byte, at int64) (int, error) { return f.ReaderAt.ReadAt(p, at) }
func (emptyFile) Close() error                             { return nil }

type zeros int64

func (z zeros) ReadAt(p []byte, at int64) (int, error) {
	n := max(0, min(int64(len(p)), int64(z)-at))
	clear(p[:n])
	if n < int64(len(p)) {
		return int(n), io.EOF
	}
	return int(n), nil
}

// at makes an assembly a ReaderAt.
type at struct{ *assembly }

func (a at) ReadAt(p []byte, offset int64) (int, error) {
	if _, err := a.Seek(offset, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(a.assembly, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

func TestAnyPartOfAZIP(t *testing.T) {
	store := made{texts: map[string][]byte{"data": []byte("--first--second"), "pdf": bytes.Repeat([]byte("%PDF "), 5000), "none": {}}}
	var pieces []piece
	for _, p := range []piece{
		{Name: "README.txt", Size: 5, BlobKey: "data", Offset: 2},
		{Name: "files/Über “alles”.pdf", Size: 25_000, BlobKey: "pdf"},
		{Name: "files/empty.pdf", BlobKey: "none"},
		{Name: "second", Size: 6, BlobKey: "data", Offset: 9},
	} {
		p.Packed = p.Size
		p.CRC32 = crc32.ChecksumIEEE(store.texts[p.BlobKey][p.Offset : p.Offset+p.Size])
		pieces = append(pieces, p)
	}
	a := assemble(t.Context(), store, pieces, time.Date(2026, 3, 1, 12, 30, 10, 0, time.UTC))
	defer a.Close()
	whole, err := io.ReadAll(a)
	if err != nil || int64(len(whole)) != a.Size() {
		t.Fatalf("%d of %d bytes, %v", len(whole), a.Size(), err)
	}
	r, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range r.File {
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(content)
		p := pieces[i]
		if want := store.texts[p.BlobKey][p.Offset : p.Offset+p.Size]; err != nil || f.Name != p.Name || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v", f.Name, len(got), err)
		}
		if f.NonUTF8 || f.Mode().Perm() != 0o644 || !f.Modified.Equal(time.Date(2026, 3, 1, 12, 30, 10, 0, time.UTC)) {
			t.Errorf("%s: %v %v", f.Name, f.Mode(), f.Modified)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		from := random.Int64N(a.Size() + 1)
		part := make([]byte, random.Int64N(a.Size()-from+1))
		if n, err := (at{a}).ReadAt(part, from); n != len(part) || err != nil && !errors.Is(err, io.EOF) || !bytes.Equal(part, whole[from:from+int64(n)]) {
			t.Fatalf("%d bytes from %d: %d, %v", len(part), from, n, err)
		}
	}
}

func TestLargeZIPs(t *testing.T) {
	const tib = 1 << 40
	store := made{sizes: map[string]int64{"huge": tib}, texts: map[string][]byte{"small": []byte("%PDF")}}
	small := piece{Size: 4, Packed: 4, BlobKey: "small", CRC32: crc32.ChecksumIEEE([]byte("%PDF"))}
	for name, pieces := range map[string][]piece{
		"a huge file":      {named(small, "before"), {Name: "huge", Size: tib, Packed: tib, BlobKey: "huge"}, named(small, "after")},
		"many files":       many(small, 70_000),
		"just not so many": many(small, 65_534),
	} {
		a := assemble(t.Context(), store, pieces, time.Now())
		r, err := zip.NewReader(at{a}, a.Size())
		if err != nil || len(r.File) != len(pieces) {
			t.Fatalf("%s: %v", name, err)
		}
		for _, i := range []int{0, len(pieces) - 1} {
			f, err := r.File[i].Open()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if text, err := io.ReadAll(f); err != nil || string(text) != "%PDF" {
				t.Errorf("%s: %q, %v", name, text, err)
			}
		}
		a.Close()
	}
}

func named(p piece, name string) piece {
	p.Name = name
	return p
}

func many(p piece, n int) []piece {
	pieces := make([]piece, n)
	for i := range pieces {
		pieces[i] = named(p, strings.Repeat("x", 1+i%7)+string(rune('a'+i%26)))
	}
	return pieces
}

func TestNames(t *testing.T) {
	names := newNames()
	author := func(families ...string) (list []csl.Name) {
		for _, f := range families {
			list = append(list, csl.Name{Family: f})
		}
		return list
	}
	for _, c := range []struct {
		item csl.Item
		want string
	}{
		{csl.Item{Title: "Sketch of the <i>Analytical</i> Engine", Author: author("Lovelace"), Issued: csl.NewDate(1843)}, "Lovelace 1843 - Sketch of the Analytical Engine"},
		{csl.Item{Title: "SKETCH of the Analytical Engine", Author: author("Lovelace"), Issued: csl.NewDate(1843)}, "Lovelace 1843 - SKETCH of the Analytical Engine (2)"},
		{csl.Item{Title: `../../etc\passwd: a "test"?`, Author: author("A", "B")}, "A and B - .. .. etc passwd a test"},
		{csl.Item{Title: "..."}, "Untitled"},
		{csl.Item{Title: "con.txt"}, "_con.txt"},
		{csl.Item{Title: "evil\u202egpj.pdf\x00"}, "evilgpj.pdf"},
		{csl.Item{Title: "תולדות הספר", Author: author("כהן", "לוי", "מזרחי")}, "כהן et al. - תולדות הספר"},
	} {
		if got := names.unique(baseName(c.item)); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
	long := baseName(csl.Item{Title: strings.Repeat("é", 300)})
	if len(long) > maxNameBytes || strings.HasSuffix(long, "e") {
		t.Errorf("%d bytes: %q", len(long), long)
	}
}

// FuzzOpen looks for ZIPs that are not refused and yet do harm: an entry outside
// the archive, or more read than there may be.
func FuzzOpen(f *testing.F) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"manifest.json":    `{"format":"scrollkeeper-archive","version":1,"entries":[{"path":"data/works.jsonl","size":30,"sha256":"00"},{"path":"../x","size":1,"sha256":""}]}`,
		"data/works.jsonl": `{"id":"a","item":{"title":"A"},"files":[{"path":"files/a.pdf"}]}` + "\n{",
		"../x":             "x", "files/a.pdf": "%PDF-",
	} {
		entry, err := w.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		if _, err := entry.Write([]byte(text)); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, file []byte) {
		_ = Recognise(bytes.NewReader(file), int64(len(file)))
		o, err := open(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			return
		}
		for name := range o.files {
			if !safePath(name) || strings.Contains(name, "..") && strings.Contains("/"+name+"/", "/../") {
				t.Errorf("%q was taken", name)
			}
		}
		if err := o.each(func(_ int, w Work) error {
			if w.ID == "" || len(w.Files) > maxFilesOfWork {
				t.Errorf("%+v was taken", w)
			}
			for _, file := range w.Files {
				_, _ = o.text(file.Path, maxAnnotations)
			}
			return nil
		}, func(p intake.Problem) {
			if p.Message == "" {
				t.Error("a problem says nothing")
			}
		}); err != nil {
			t.Error(err)
		}
	})
}
