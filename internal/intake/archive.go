package intake

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/intake/internal/intakedb"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/unzip"
)

// Archive is the format of a ZIP with bibliographies, files, or both.
const Archive biblio.Format = "zip"

// content is what an import's file holds: one bibliography, or an archive of them
// and of files.
type content struct {
	file           blob.File
	bibliographies []bibliography
	// files of an archive by their number there; those that are no PDFs are nil.
	files  []*unzip.File
	byPath map[string]int   // small letters
	byName map[string][]int // the last part alone
	// refused are entries that stay out, and why.
	refused []Problem
	// others are files that stay out because they are no PDFs.
	others  int
	archive bool
}

// bibliography is a file of records.
type bibliography struct {
	name   string // in the archive; empty where it is the import's file itself
	format biblio.Format
	open   func() (io.ReadCloser, error)
}

// errWhole: the archive is another program's part, or none at all.
type wholeError struct{ sentence string }

func (e *wholeError) Error() string { return e.sentence }

// contentOf opens an import's file.
func (s *Service) contentOf(ctx context.Context, row intakedb.Import) (*content, error) {
	file, err := s.Blobs.Open(ctx, row.BlobKey)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", err)
	}
	c := &content{file: file}
	if biblio.Format(row.Format) != Archive {
		c.bibliographies = []bibliography{{format: biblio.Format(row.Format), open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.NewSectionReader(file, 0, row.Size)), nil
		}}}
		return c, nil
	}
	if err := c.unpack(file, row.Size, s.Files.MaxBytes); err != nil {
		_ = file.Close()
		return nil, err
	}
	return c, nil
}

func (c *content) Close() { _ = c.file.Close() }

// unpack reads an archive's directory, and tells its bibliographies from its files.
func (c *content) unpack(file io.ReaderAt, size, maxBytes int64) error {
	archive, err := unzip.Open(file, size, unzip.Limits{Entries: maxEntries, Total: maxUnpacked, Entry: maxBytes})
	switch {
	case errors.Is(err, unzip.ErrFormat):
		return &wholeError{"This is not a ZIP archive, or it is damaged. Pack it again and bring it in anew."}
	case errors.Is(err, unzip.ErrEntries):
		return &wholeError{"This archive has more than 100,000 entries. Bring in its parts."}
	case errors.Is(err, unzip.ErrTotal):
		return &wholeError{"This archive unpacks to more than 64 GiB. Bring in its parts."}
	case errors.Is(err, unzip.ErrBomb):
		return &wholeError{"This archive unpacks to far more than it is, as those do that are made to fill disks. Nothing was unpacked."}
	case err != nil:
		return fmt.Errorf("open the archive: %w", err)
	}
	c.archive = true
	c.byPath, c.byName = map[string]int{}, map[string][]int{}
	for _, r := range archive.Refused() {
		c.refused = append(c.refused, Problem{File: r.Name, Message: "left out: " + r.Reason})
	}
	files := archive.Files()
	c.files = make([]*unzip.File, len(files))
	for i, f := range files {
		lower := strings.ToLower(f.Name)
		switch ending := path.Ext(lower); ending {
		case ".pdf":
			c.files[i] = &files[i]
			c.byPath[lower] = i
			c.byName[path.Base(lower)] = append(c.byName[path.Base(lower)], i)
			continue
		case ".bib", ".bibtex", ".ris", ".nbib", ".json", ".xml", ".rdf":
			if format := formatOf(f); format != "" {
				if f.Size > maxBytesOfRecords {
					c.refused = append(c.refused, Problem{File: f.Name, Message: "left out: a bibliography may have up to 100 MB"})
					continue
				}
				c.bibliographies = append(c.bibliographies, bibliography{name: f.Name, format: format, open: f.Open})
				continue
			}
		case ".zip":
			c.refused = append(c.refused, Problem{File: f.Name, Message: "left out: an archive in an archive is not opened; bring it in by itself"})
			continue
		}
		c.others++
	}
	slices.SortStableFunc(c.bibliographies, func(a, b bibliography) int { return strings.Compare(a.name, b.name) })
	return nil
}

// formatOf tells a bibliography from another file of that ending.
func formatOf(f unzip.File) biblio.Format {
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer func() { _ = r.Close() }()
	head := make([]byte, 4096)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return ""
	}
	head = head[:n]
	// By their names alone these may be anything.
	if ending := strings.ToLower(path.Ext(f.Name)); (ending == ".json" || ending == ".xml" || ending == ".rdf") && biblio.Detect(head, "") == "" {
		return ""
	} else if ending == ".json" && !bytes.Contains(head, []byte(`"title"`)) && !bytes.Contains(head, []byte(`"type"`)) {
		return ""
	}
	return biblio.Detect(head, f.Name)
}

// each reads the records of all bibliographies, and what is wrong with others.
func (c *content) each(ctx context.Context, found func(biblio.Record, bibliography) error, wrong func(Problem)) error {
	for _, b := range c.bibliographies {
		if err := c.eachOf(ctx, b, found, wrong); err != nil {
			return err
		}
	}
	return nil
}

func (c *content) eachOf(ctx context.Context, b bibliography, found func(biblio.Record, bibliography) error, wrong func(Problem)) error {
	file, err := b.open()
	if err != nil {
		wrong(Problem{File: b.name, Message: "cannot be unpacked: the archive is damaged here"})
		return nil //nolint:nilerr // told
	}
	defer func() { _ = file.Close() }()
	reader, err := biblio.NewReader(file, b.format)
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	for {
		record, err := reader.Read()
		var problem *biblio.Problem
		switch {
		case errors.As(err, &problem):
			wrong(Problem{Line: problem.Line, Key: problem.Key, Message: problem.Message, File: b.name})
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && c.archive:
			wrong(Problem{File: b.name, Message: "cannot be unpacked to its end: the archive is damaged here"})
			return nil
		case err != nil:
			return fmt.Errorf("read the file: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return err //nolint:wrapcheck // the context's own
		}
		if err := found(record, b); err != nil {
			return err
		}
	}
}

// fileOf finds the file that a record of a bibliography names: at that path beside
// the bibliography; else, of an absolute path, the one file that agrees with most
// of its end. It reports false where there is none, and where there are several.
func (c *content) fileOf(b bibliography, name string) (int, bool) {
	if i, ok := c.find(b, name); ok {
		return i, true
	}
	if plain, err := url.PathUnescape(name); err == nil && plain != name {
		return c.find(b, plain)
	}
	return 0, false
}

func (c *content) find(b bibliography, name string) (int, bool) {
	name = strings.ToLower(norm.NFC.String(strings.ReplaceAll(name, `\`, "/")))
	name = strings.TrimPrefix(strings.TrimPrefix(name, "file://"), "./")
	if i, ok := c.byPath[path.Join(strings.ToLower(path.Dir(b.name)), name)]; ok && !strings.HasPrefix(name, "/") {
		return i, true
	}
	wanted := strings.Split(name, "/")
	best, length, several := 0, 0, false
	for _, i := range c.byName[wanted[len(wanted)-1]] {
		have := strings.Split(strings.ToLower(c.files[i].Name), "/")
		same := 0
		for same < len(have) && same < len(wanted) && have[len(have)-1-same] == wanted[len(wanted)-1-same] {
			same++
		}
		switch {
		case same > length:
			best, length, several = i, same, false
		case same == length:
			several = true
		}
	}
	return best, length > 0 && !several
}

// wantedPDF reports whether a record's file is one that would come in if it were there.
func wantedPDF(f biblio.File) bool {
	return strings.EqualFold(path.Ext(f.Path), ".pdf") || strings.EqualFold(f.Type, "application/pdf") && path.Ext(f.Path) == ""
}

// folderOf is the collection that a file's folder stands for. What an exporting
// program puts beside its bibliography in "files" is in no folder of a person's.
func (c *content) folderOf(i int) string {
	folder := path.Dir(c.files[i].Name)
	if folder == "." {
		return ""
	}
	for _, b := range c.bibliographies {
		own := path.Join(path.Dir(b.name), "files")
		if folder == own || strings.HasPrefix(folder, own+"/") {
			return ""
		}
	}
	return folder
}

// alone reports a record that is of its files alone.
func alone(r biblio.Record) bool { return cmp.Or(r.Item.Type, r.Item.Title) == "" && len(r.Files) > 0 }
