package unzip_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/unzip"
)

type entry struct {
	name   string
	body   string
	header func(*zip.FileHeader)
}

func pack(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		if e.header != nil {
			e.header(h)
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, e.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func open(t testing.TB, packed []byte, limits unzip.Limits) *unzip.Archive {
	t.Helper()
	a, err := unzip.Open(bytes.NewReader(packed), int64(len(packed)), limits)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func names(a *unzip.Archive) []string {
	var out []string
	for _, f := range a.Files() {
		out = append(out, f.Name)
	}
	return out
}

func TestEntriesAreGivenOrRefusedByName(t *testing.T) {
	mode := func(m fs.FileMode) func(*zip.FileHeader) {
		return func(h *zip.FileHeader) { h.SetMode(m) }
	}
	a := open(t, pack(t,
		entry{name: "a/"},
		entry{name: "a/one.pdf", body: "one"},
		entry{name: `a\two.pdf`, body: "two"},
		entry{name: "./b//three.pdf", body: "three"},
		entry{name: "../out.pdf"},
		entry{name: "a/../../out.pdf"},
		entry{name: `a\..\out.pdf`},
		entry{name: "/etc/passwd"},
		entry{name: `\\server\x`},
		entry{name: "C:/windows/x"},
		entry{name: "link.pdf", body: "/etc/passwd", header: mode(fs.ModeSymlink | 0o777)},
		entry{name: "pipe", header: mode(fs.ModeNamedPipe | 0o600)},
		entry{name: "a\x00b.pdf"},
		entry{name: "a\u202efdp.exe"},
		entry{name: "a/one.pdf", body: "another"},
		entry{name: "a/one.pdf/inside.pdf"},
		entry{name: "a", body: "a folder that is a file"},
		entry{name: "secret.pdf", header: func(h *zip.FileHeader) { h.Flags |= 1 }},
		entry{name: strings.Repeat("n", 1100)},
		entry{name: "__MACOSX/a/._one.pdf"},
		entry{name: "a/.DS_Store"},
		entry{name: "Thumbs.db"},
		entry{name: "inner.zip", body: "PK\x03\x04"},
	), unzip.Limits{})
	if got, want := names(a), []string{"a/one.pdf", "a/two.pdf", "b/three.pdf", "inner.zip"}; !slices.Equal(got, want) {
		t.Errorf("given %q", got)
	}
	reasons := map[string]int{}
	for _, r := range a.Refused() {
		if r.Name == "" || r.Reason == "" || strings.ContainsAny(r.Name, "\x00\u202e") {
			t.Errorf("refused %+q", r)
		}
		reasons[r.Reason]++
	}
	want := map[string]int{
		"its name leads out of the archive": 3, "its name is an absolute path": 3, "it is a link or a device, and no file": 2, "its name has control characters": 2,
		"there is an entry of the same name": 2, "it is inside of what is a file": 1, "it is encrypted": 1, "its name is too long": 1,
	}
	if fmt.Sprint(reasons) != fmt.Sprint(want) {
		t.Errorf("reasons %v,\nwant %v", reasons, want)
	}
	for i, want := range []string{"one", "two", "three"} {
		if got := read(t, a.Files()[i]); got != want {
			t.Errorf("%s holds %q", a.Files()[i].Name, got)
		}
	}
}

func read(t *testing.T, f unzip.File) string {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestNamesInOtherEncodings(t *testing.T) {
	raw := func(name string, extra []byte) entry {
		return entry{name: name, header: func(h *zip.FileHeader) { h.NonUTF8, h.Extra = true, extra }}
	}
	const other = "M\x81ller \xff.pdf" // in code page 437: Müller, no-break space
	field := binary.LittleEndian.AppendUint16(nil, 0x7075)
	field = binary.LittleEndian.AppendUint16(field, uint16(5+len("Åse.pdf")))
	field = append(field, 1)
	field = binary.LittleEndian.AppendUint32(field, crc32.ChecksumIEEE([]byte("\x8fse.pdf")))
	field = append(field, "Åse.pdf"...)
	wrong := slices.Clone(field)
	wrong[5]++
	a := open(t, pack(t,
		entry{name: "Müller.pdf"},              // marked as UTF-8
		raw("Mu\u0308ller 2.pdf", nil),         // as macOS writes it, not marked and in parts
		raw(other, nil),                        // DOS
		raw("\x8fse.pdf", field),               // Info-ZIP
		raw("\x8fse.pdf", append(wrong, 0, 0)), // of another name: what it says does not count
	), unzip.Limits{})
	if got, want := names(a), []string{"Müller.pdf", "Müller 2.pdf", "Müller \u00a0.pdf", "Åse.pdf"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestBombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 4<<20)
	packed := pack(t, entry{name: "zeros", body: zeros}, entry{name: "fine", body: "fine"})
	a := open(t, packed, unzip.Limits{})
	if got := names(a); !slices.Equal(got, []string{"fine"}) || len(a.Refused()) != 1 || a.Refused()[0].Reason != "it unpacks to far more than it is" {
		t.Errorf("%q, %+v", got, a.Refused())
	}
	if a := open(t, packed, unzip.Limits{Entry: 3 << 20, Ratio: 5000}); len(a.Refused()) != 1 || a.Refused()[0].Reason != "it is larger than 3 MiB" {
		t.Errorf("%+v", a.Refused())
	}
	for name, tc := range map[string]struct {
		limits unzip.Limits
		err    error
	}{
		"too much in all":  {unzip.Limits{Total: 1 << 20, Ratio: 5000}, unzip.ErrTotal},
		"too many entries": {unzip.Limits{Entries: 1}, unzip.ErrEntries},
	} {
		if _, err := unzip.Open(bytes.NewReader(packed), int64(len(packed)), tc.limits); !errors.Is(err, tc.err) {
			t.Errorf("%s: %v", name, err)
		}
	}

	t.Run("a directory that says less than there is", func(t *testing.T) {
		lying := slices.Clone(packed)
		at := bytes.Index(lying, []byte("PK\x01\x02"))
		binary.LittleEndian.PutUint32(lying[at+24:], 1000) // unpacked size
		a := open(t, lying, unzip.Limits{})
		r, err := a.Files()[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, r)
		if n > 1000 || err == nil {
			t.Errorf("%d bytes, %v", n, err)
		}
	})

	t.Run("entries that are all the same bytes", func(t *testing.T) {
		// Many directory entries that lead to one file.
		one := pack(t, entry{name: "a000", body: strings.Repeat("0123456789abcdef", 64<<10)})
		dir := bytes.Index(one, []byte("PK\x01\x02"))
		end := bytes.Index(one, []byte("PK\x05\x06"))
		header, tail := one[dir:end], slices.Clone(one[end:])
		many := slices.Clone(one[:dir])
		const count = 900
		for i := range count {
			h := slices.Clone(header)
			copy(h[46:], fmt.Sprintf("a%03d", i))
			many = append(many, h...)
		}
		binary.LittleEndian.PutUint16(tail[8:], count)
		binary.LittleEndian.PutUint16(tail[10:], count)
		binary.LittleEndian.PutUint32(tail[12:], uint32(count*len(header)))
		many = append(many, tail...)
		if _, err := unzip.Open(bytes.NewReader(many), int64(len(many)), unzip.Limits{Ratio: 500}); !errors.Is(err, unzip.ErrBomb) {
			t.Errorf("%v", err)
		}
	})

	t.Run("a directory without an end", func(t *testing.T) {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for i := range 20_000 {
			if _, err := w.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%s%d", strings.Repeat("x", 100), i)}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := unzip.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), unzip.Limits{Entries: 1000}); !errors.Is(err, unzip.ErrEntries) {
			t.Errorf("%v", err)
		}
	})
}

func TestWhatIsNoArchive(t *testing.T) {
	for _, body := range []string{"", "PK", "%PDF-1.7", strings.Repeat("PK\x05\x06", 100)} {
		if _, err := unzip.Open(strings.NewReader(body), int64(len(body)), unzip.Limits{}); !errors.Is(err, unzip.ErrFormat) {
			t.Errorf("%q: %v", body, err)
		}
	}
	if unzip.IsZIP([]byte("%PDF")) || !unzip.IsZIP(pack(t)) || !unzip.IsZIP(pack(t, entry{name: "a"})) {
		t.Error("not told from others")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(pack(f, entry{name: "a/one.pdf", body: "one"}, entry{name: `..\x`}))
	f.Fuzz(func(t *testing.T, packed []byte) {
		a, err := unzip.Open(bytes.NewReader(packed), int64(len(packed)), unzip.Limits{Entry: 1 << 20, Total: 4 << 20})
		if err != nil {
			return
		}
		for _, file := range a.Files() {
			if !fs.ValidPath(file.Name) {
				t.Errorf("%q leads somewhere", file.Name)
			}
			r, err := file.Open()
			if err != nil {
				continue
			}
			if n, _ := io.Copy(io.Discard, r); n > file.Size {
				t.Errorf("%s: %d bytes of %d", file.Name, n, file.Size)
			}
		}
	})
}
