package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"

	"scrollkeeper.example/scrollkeeper/internal/intake"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Bounds of what is read of a ZIP, which anybody may have made.
const (
	maxDirectory    = 96 << 20  // bytes that are read to list what is in it
	maxEntries      = 300_000   // more than twice the works of the largest library
	maxManifest     = 128 << 20 // bytes
	maxOrganisation = 16 << 20
	maxAnnotations  = 32 << 20
	maxWork         = 4 << 20 // a line
	maxWorks        = 200_000
	maxFilesOfWork  = 100
	// What is deflated may grow so many times, where it is large at all: marks in
	// JSON shrink to a fortieth.
	maxRatio      = 200
	ratioMatters  = 1 << 20
	maxTotalRatio = 30
	totalMatters  = 256 << 20
)

var (
	errNotZIP      = fault.New(fault.Invalid, "archive_damaged", "This is no ZIP that can be read. Perhaps it did not arrive whole; copy it again.")
	errNoManifest  = fault.New(fault.Invalid, "archive_no_manifest", "This ZIP was not made by Scrollkeeper: it has no manifest.json that says so.")
	errBadManifest = fault.New(fault.Invalid, "archive_bad_manifest", "The archive's manifest.json cannot be read. Make the archive again.")
	errNewer       = fault.New(fault.Invalid, "archive_newer", "This archive was made by a newer version of Scrollkeeper. Update this one first.")
	errNoWorks     = fault.New(fault.Invalid, "archive_no_works", "The archive's data/works.jsonl is not there, so that it cannot be told which works it holds.")
	errManyEntries = fault.New(fault.Invalid, "archive_too_many_entries", "This ZIP has more than 300,000 entries. Take the library out in parts.")
	errBomb        = fault.New(fault.Invalid, "archive_too_large", "This ZIP unpacks to far more than a library would, so it was not opened.")
)

// opened is an archive that can be read. What is wrong with entries is in
// problems, and such entries are not among those that can be read.
type opened struct {
	manifest Manifest
	files    map[string]*zip.File
	sums     map[string]ManifestEntry
	problems []intake.Problem
}

// budget lets so many bytes be read, so that a list of entries that never ends is
// given up.
type budget struct {
	io.ReaderAt
	left int64
}

var errBudget = errors.New("archive: more is read than a list of entries has")

// ReadAt implements io.ReaderAt.
func (b *budget) ReadAt(to []byte, at int64) (int, error) {
	if b.left -= int64(len(to)); b.left < 0 {
		return 0, errBudget
	}
	return b.ReaderAt.ReadAt(to, at)
}

// Recognise reports whether a file is a ZIP with a manifest of ours.
func Recognise(file io.ReaderAt, size int64) bool {
	r, err := list(file, size)
	if err != nil {
		return false
	}
	for _, f := range r.File {
		if f.Name != manifestEntry {
			continue
		}
		text, err := content(f, maxManifest)
		var m Manifest
		return err == nil && json.Unmarshal(text, &m) == nil && m.Format == formatName
	}
	return false
}

// list reads a ZIP's central directory.
func list(file io.ReaderAt, size int64) (*zip.Reader, error) {
	bounded := &budget{ReaderAt: file, left: maxDirectory}
	r, err := zip.NewReader(bounded, size)
	switch {
	case errors.Is(err, errBudget):
		return nil, errManyEntries
	case err != nil && !errors.Is(err, zip.ErrInsecurePath): // their names are looked at below
		return nil, fault.Wrap(err, errNotZIP.Kind, errNotZIP.Code, errNotZIP.Message)
	case len(r.File) > maxEntries:
		return nil, errManyEntries
	}
	bounded.left = 1 << 62 // entries are bounded one by one
	return r, nil
}

// open lists an archive and reads its manifest. A fault for one that cannot be
// brought in at all.
func open(file io.ReaderAt, size int64) (*opened, error) {
	r, err := list(file, size)
	if err != nil {
		return nil, err
	}
	o := &opened{files: map[string]*zip.File{}, sums: map[string]ManifestEntry{}}
	refused, total := map[string]bool{}, uint64(0)
	for _, f := range r.File {
		if f.Mode().IsDir() {
			continue
		}
		reason := refusal(f)
		if _, twice := o.files[f.Name]; reason == "" && (twice || refused[f.Name]) {
			// Which of them is meant cannot be told.
			delete(o.files, f.Name)
			reason = "The ZIP has two entries of this name, so neither is taken."
		}
		if reason != "" {
			if !refused[f.Name] {
				o.problem(f.Name, reason)
			}
			refused[f.Name] = true
			continue
		}
		if total += f.UncompressedSize64; total > max(totalMatters, maxTotalRatio*uint64(size)) { //nolint:gosec // not negative
			return nil, errBomb
		}
		o.files[f.Name] = f
	}
	if err := o.readManifest(); err != nil {
		return nil, err
	}
	for _, e := range o.manifest.Entries {
		switch _, there := o.files[e.Path]; {
		case !safePath(e.Path):
			o.problem(e.Path, "The manifest names a file outside the archive.")
		case !there && !refused[e.Path]:
			o.problem(e.Path, "The manifest names this file, and it is not in the ZIP.")
		}
		o.sums[e.Path] = e
	}
	for name := range o.files {
		if _, ok := o.sums[name]; !ok && name != manifestEntry {
			delete(o.files, name) // it may be anything, and nothing needs it
		}
	}
	if o.files[worksEntry] == nil {
		return nil, errNoWorks
	}
	return o, nil
}

func (o *opened) problem(where, message string) {
	o.problems = append(o.problems, intake.Problem{File: where, Message: message})
}

func (o *opened) readManifest() error {
	f := o.files[manifestEntry]
	if f == nil {
		return errNoManifest
	}
	text, err := content(f, maxManifest)
	if err != nil {
		return fault.Wrap(err, errBadManifest.Kind, errBadManifest.Code, errBadManifest.Message)
	}
	if err := json.Unmarshal(text, &o.manifest); err != nil {
		return fault.Wrap(err, errBadManifest.Kind, errBadManifest.Code, errBadManifest.Message)
	}
	switch {
	case o.manifest.Format != formatName:
		return errNoManifest
	case o.manifest.Version > Version:
		return errNewer
	case o.manifest.Version < 1 || len(o.manifest.Entries) > maxEntries:
		return errBadManifest
	}
	return nil
}

// refusal says why an entry is not taken; empty for one that is.
func refusal(f *zip.File) string {
	switch {
	case !safePath(f.Name):
		return "The entry's name leads out of the archive, so it is not taken."
	case f.Mode()&fs.ModeType != 0:
		return "The entry is a link or a device and no file, so it is not taken."
	case f.Flags&1 != 0:
		return "The entry is encrypted, so it cannot be read."
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return "The entry is packed in a way that is not read here. Pack it by Deflate."
	case f.UncompressedSize64 > ratioMatters && f.UncompressedSize64/maxRatio > f.CompressedSize64:
		return "The entry unpacks to far more than it is packed, so it is not opened."
	}
	return ""
}

// safePath reports whether a name stays below the folder that a ZIP is unpacked in.
func safePath(name string) bool {
	if name == "" || len(name) > 1000 || !utf8.ValidString(name) || strings.HasPrefix(name, "/") || strings.Contains(name, `\`) ||
		strings.ContainsFunc(name, unicode.IsControl) || len(name) > 1 && name[1] == ':' {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}

// content reads a short entry whole.
func content(f *zip.File, limit int64) ([]byte, error) {
	r, err := reading(f, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	return io.ReadAll(r)
}

var errTooLong = errors.New("it is longer than it may be")

// reading opens an entry, of which no more is read than it says that it has, and
// than limit.
func reading(f *zip.File, limit int64) (io.ReadCloser, error) {
	if f.UncompressedSize64 > uint64(limit) { //nolint:gosec // limits are not negative
		return nil, errTooLong
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &boundedEntry{r, int64(f.UncompressedSize64)}, nil //nolint:gosec // below limit
}

// boundedEntry fails where an entry goes on behind its end.
type boundedEntry struct {
	io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (b *boundedEntry) Read(to []byte) (int, error) {
	n, err := b.ReadCloser.Read(to)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLong
	}
	return n, err
}

// text reads an entry that the manifest names, and says in a sentence why not.
func (o *opened) text(name string, limit int64) (content_ []byte, reason string) {
	f := o.files[name]
	if f == nil {
		return nil, "The file is not in the ZIP."
	}
	text, err := content(f, limit)
	if err != nil {
		return nil, "The file cannot be read: " + reasonOf(err) + "."
	}
	if sum := sha256.Sum256(text); !strings.EqualFold(hex.EncodeToString(sum[:]), o.sums[name].SHA256) {
		return text, "The file's SHA-256 is not the one in the manifest: it was changed, or damaged on its way."
	}
	return text, ""
}

func reasonOf(err error) string {
	switch {
	case errors.Is(err, errTooLong):
		return errTooLong.Error()
	case errors.Is(err, zip.ErrChecksum):
		return "its checksum is wrong"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	}
	return "it is damaged"
}

// each reads the works one by one, from 1. A line that is none is told to wrong,
// and the next is read.
func (o *opened) each(found func(line int, work Work) error, wrong func(intake.Problem)) error {
	f := o.files[worksEntry]
	r, err := reading(f, maxTotalRatio*max(int64(f.CompressedSize64), totalMatters)) //nolint:gosec // a file's size
	if err != nil {
		wrong(intake.Problem{File: worksEntry, Message: "The works cannot be read: " + reasonOf(err) + "."})
		return nil
	}
	defer func() { _ = r.Close() }()
	hashed := sha256.New()
	lines := bufio.NewReaderSize(io.TeeReader(r, hashed), 64<<10)
	for line := 1; ; line++ {
		text, tooLong, err := readLine(lines)
		if text = bytes.TrimSpace(text); len(text) > 0 || tooLong {
			if line > maxWorks {
				wrong(intake.Problem{Line: line, Message: "An archive has at most 200,000 works. Those from here on are left out."})
				return nil
			}
			work, reason := readWork(text, tooLong)
			if reason != "" {
				wrong(intake.Problem{Line: line, Key: cut(work.Key, 100), Message: reason})
			} else if err := found(line, work); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			wrong(intake.Problem{Line: line, Message: "The list of works breaks off here: " + reasonOf(err) + "."})
			return nil
		}
	}
	if !strings.EqualFold(hex.EncodeToString(hashed.Sum(nil)), o.sums[worksEntry].SHA256) {
		wrong(intake.Problem{File: worksEntry, Message: "The list of works is not the one that the archive was made with; it is read as it is."})
	}
	return nil
}

// readLine reads a line, of which no more is kept than a work may have.
func readLine(r *bufio.Reader) (text []byte, tooLong bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(text)+len(part) > maxWork {
			tooLong = true
		} else {
			text = append(text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, tooLong, err
		}
	}
}

func readWork(text []byte, tooLong bool) (work Work, reason string) {
	if tooLong {
		return work, "The record is longer than 4 MiB."
	}
	if err := json.Unmarshal(text, &work); err != nil {
		if typed, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return work, fmt.Sprintf("The record is not as it should be: %q is no %s.", cut(typed.Field, 100), typed.Type)
		}
		return work, "The record is not JSON."
	}
	if work.ID == "" || len(work.ID) > 100 {
		return work, "The record has no id."
	}
	if len(work.Files) > maxFilesOfWork {
		return work, "The work has more than 100 files."
	}
	return work, ""
}
