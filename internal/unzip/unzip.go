package unzip

import (
	"archive/zip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Limits of an archive. A zero means the default.
type Limits struct {
	Entries int   // default 100,000
	Total   int64 // bytes of all files unpacked; default 16 GiB
	Entry   int64 // bytes of one file unpacked; default 2 GiB
	// Ratio is how many bytes one packed byte may become, of an entry of more than
	// a MiB, and of the archive as a whole. Default 200: text is packed to a tenth,
	// and what deflate can do at most is 1032.
	Ratio int64
}

const (
	defaultEntries = 100_000
	defaultTotal   = 16 << 30
	defaultEntry   = 2 << 30
	defaultRatio   = 200

	// ratioFrom is the size from which on the ratio counts.
	ratioFrom = 1 << 20
	// directoryPerEntry bounds what is read of the directory, in bytes: a header of
	// 46, the name and what programs add.
	directoryPerEntry = 256
	maxName           = 1024
)

// Errors of archives as a whole.
var (
	ErrFormat  = errors.New("unzip: this is not a ZIP archive, or it is damaged")
	ErrEntries = errors.New("unzip: the archive has too many entries")
	ErrTotal   = errors.New("unzip: the archive unpacks to too many bytes")
	ErrBomb    = errors.New("unzip: the archive unpacks to far more than it is")
)

// Archive is an open archive.
type Archive struct {
	files   []File
	refused []Refusal
}

// File is a file of an archive.
type File struct {
	// Name with its folders: "papers/one.pdf".
	Name string
	Size int64 // bytes unpacked, as the directory has it; Open gives no more
	file *zip.File
}

// Refusal is an entry that is not given.
type Refusal struct {
	Name   string // as it may be shown
	Reason string // completes "this entry was left out: …"
}

// IsZIP reports whether a file begins as an archive does.
func IsZIP(head []byte) bool {
	return len(head) >= 4 && head[0] == 'P' && head[1] == 'K' && (head[2] == 3 && head[3] == 4 || head[2] == 5 && head[3] == 6)
}

// Open reads the directory of an archive of size bytes, which stays open as long
// as its files are read.
func Open(r io.ReaderAt, size int64, limits Limits) (*Archive, error) {
	limits = limits.orDefault()
	budget := &budget{r: r, left: int64(limits.Entries)*directoryPerEntry + 1<<20}
	reader, err := zip.NewReader(budget, size)
	switch {
	case errors.Is(err, errBudget):
		return nil, ErrEntries
	case errors.Is(err, zip.ErrInsecurePath): // names are looked at below
	case errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, ErrFormat
	case err != nil:
		return nil, fmt.Errorf("unzip: %w", err)
	}
	budget.open = true
	if len(reader.File) > limits.Entries {
		return nil, ErrEntries
	}
	a := &Archive{}
	var total int64
	names := map[string]bool{} // of files; false for folders that files are in
	for _, f := range reader.File {
		name, reason := entryName(f)
		if reason == "" && skipped(name, f) {
			continue
		}
		if reason == "" {
			reason = limits.reason(f)
		}
		if reason == "" {
			reason = claim(names, name)
		}
		if reason != "" {
			a.refused = append(a.refused, Refusal{shown(name, f), reason})
			continue
		}
		if total += int64(f.UncompressedSize64); total > limits.Total { //nolint:gosec // not more than Limits.Entry
			return nil, ErrTotal
		}
		a.files = append(a.files, File{Name: name, Size: int64(f.UncompressedSize64), file: f}) //nolint:gosec // as above
	}
	// Entries that overlap are each within bounds, and one byte of them is many.
	if total > ratioFrom && total/limits.Ratio > size {
		return nil, ErrBomb
	}
	return a, nil
}

func (l Limits) orDefault() Limits {
	if l.Entries <= 0 {
		l.Entries = defaultEntries
	}
	if l.Total <= 0 {
		l.Total = defaultTotal
	}
	if l.Entry <= 0 {
		l.Entry = defaultEntry
	}
	if l.Ratio <= 0 {
		l.Ratio = defaultRatio
	}
	return l
}

// reason says why an entry is refused, whatever its name.
func (l Limits) reason(f *zip.File) string {
	size, packed := f.UncompressedSize64, f.CompressedSize64
	switch {
	case !f.Mode().IsRegular():
		return "it is a link or a device, and no file"
	case f.Flags&1 != 0:
		return "it is encrypted"
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return "it is packed in a way that is not read here; pack the files anew as an ordinary ZIP"
	case size > uint64(l.Entry): //nolint:gosec // positive
		return fmt.Sprintf("it is larger than %d MiB", l.Entry>>20)
	case size > ratioFrom && size/uint64(l.Ratio) > packed: //nolint:gosec // positive
		return "it unpacks to far more than it is"
	}
	return ""
}

// claim takes a name, unless it is taken: by a file, or by a folder.
func claim(names map[string]bool, name string) string {
	if _, taken := names[name]; taken {
		return "there is an entry of the same name"
	}
	for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
		if names[folder] {
			return "it is inside of what is a file"
		}
		names[folder] = false
	}
	names[name] = true
	return ""
}

// entryName is an entry's name, or says why there is none.
func entryName(f *zip.File) (name, reason string) {
	name = decoded(f)
	name = norm.NFC.String(strings.ReplaceAll(name, `\`, "/"))
	switch {
	case len(name) > maxName:
		return name, "its name is too long"
	case strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r)
	}):
		return name, "its name has control characters"
	case strings.HasPrefix(name, "/"), len(name) > 1 && name[1] == ':':
		return name, "its name is an absolute path"
	}
	parts := strings.Split(strings.TrimSuffix(name, "/"), "/")
	kept := parts[:0]
	for _, part := range parts {
		switch part {
		case "..":
			return name, "its name leads out of the archive"
		case ".", "":
			continue
		}
		kept = append(kept, part)
	}
	if len(kept) == 0 {
		return name, "it has no name"
	}
	return strings.Join(kept, "/"), ""
}

// decoded is an entry's name as text.
func decoded(f *zip.File) string {
	if utf8.ValidString(f.Name) {
		return f.Name
	}
	if name, ok := unicodePath(f); ok {
		return name
	}
	// Every byte is a character of this code page.
	name, err := charmap.CodePage437.NewDecoder().String(f.Name)
	if err != nil {
		return strings.ToValidUTF8(f.Name, "\uFFFD")
	}
	return name
}

// unicodePath is the name in Info-ZIP's extra field 0x7075, where it is of this
// name: version, CRC-32 of the other name, UTF-8.
func unicodePath(f *zip.File) (string, bool) {
	for extra := f.Extra; len(extra) >= 4; {
		id, length := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if extra = extra[4:]; length > len(extra) {
			break
		}
		if field := extra[:length]; id == 0x7075 && length > 5 && field[0] == 1 &&
			binary.LittleEndian.Uint32(field[1:]) == crc32.ChecksumIEEE([]byte(f.Name)) && utf8.Valid(field[5:]) {
			return string(field[5:]), true
		}
		extra = extra[length:]
	}
	return "", false
}

// skipped reports what nobody means to pack.
func skipped(name string, f *zip.File) bool {
	if f.FileInfo().IsDir() {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") || strings.EqualFold(part, "__MACOSX") {
			return true
		}
	}
	switch strings.ToLower(path.Base(name)) {
	case "thumbs.db", "desktop.ini":
		return true
	}
	return false
}

// shown is a refused name as it may be printed.
func shown(name string, f *zip.File) string {
	if name == "" {
		name = f.Name
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD"))
	if r := []rune(name); len(r) > 200 {
		name = string(r[:200]) + "…"
	}
	return name
}

// Files are those that can be read, in the order of the directory.
func (a *Archive) Files() []File { return a.files }

// Refused are the entries that are not given, in the same order.
func (a *Archive) Refused() []Refusal { return a.refused }

// Open gives a file's bytes. Reading fails where they are not what was packed, and
// gives at no time more of them than Size says: archive/zip holds to the directory.
func (f File) Open() (io.ReadCloser, error) {
	r, err := f.file.Open()
	if err != nil {
		return nil, fmt.Errorf("unzip: %s: %w", f.Name, err)
	}
	return r, nil
}

// budget bounds what reading the directory may cost.
type budget struct {
	r    io.ReaderAt
	left int64
	open bool // from now on files are read
}

var errBudget = errors.New("unzip: the directory is too long")

func (b *budget) ReadAt(p []byte, at int64) (int, error) {
	n, err := b.r.ReadAt(p, at)
	if !b.open {
		if b.left -= int64(n); b.left < 0 {
			return 0, errBudget
		}
	}
	return n, err //nolint:wrapcheck // io.EOF is compared
}
