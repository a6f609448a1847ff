package importer

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/cli/internal/remote"
)

// bibliographies are the endings of files of records. The last two are taken where
// they are named, and in no folder: much else is called so.
var bibliographies = []string{".bib", ".bibtex", ".ris", ".nbib", ".rdf", ".json", ".xml"}

// IsBibliography reports whether a file that is named is brought in as records.
func IsBibliography(path string) bool {
	return slices.Contains(bibliographies, strings.ToLower(filepath.Ext(path)))
}

func inFolder(path string) bool {
	return slices.Contains(bibliographies[:5], strings.ToLower(filepath.Ext(path)))
}

// BibliographiesIn gives those that lie in a folder itself.
func BibliographiesIn(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("read the folder %s: %w", folder, err)
	}
	var found []string
	for _, entry := range entries {
		if entry.Type().IsRegular() && !strings.HasPrefix(entry.Name(), ".") && inFolder(entry.Name()) {
			found = append(found, filepath.Join(folder, entry.Name()))
		}
	}
	return found, nil
}

// IsArchive reports whether a file is brought in as an archive.
func IsArchive(path string) bool { return strings.EqualFold(filepath.Ext(path), ".zip") }

// Bringing is a bibliography or an archive that comes in.
type Bringing struct {
	Client  *remote.Client
	Library remote.Library
	Path    string
	// Folders of an archive become collections.
	Folders bool
	// DryRun looks it through alone.
	DryRun bool
	// OnChecked is told what would come in; it may be nil.
	OnChecked func(remote.ImportRecord)
	// OnProgress is told while the server works; it may be nil.
	OnProgress func(remote.ImportRecord)
}

// askImport is the pause between two looks at an import.
const askImport = 300 * time.Millisecond

// Run sends the file, has it looked through, and unless it is a dry run has it come
// in. The files that a bibliography names and that lie below its folder go with it.
// A *Reason says why it cannot be sent.
func (b Bringing) Run(ctx context.Context) (remote.ImportRecord, error) {
	begun, err := b.send(ctx)
	if err != nil {
		return begun, err
	}
	checked, err := b.wait(ctx, begun.ID)
	if err != nil {
		return checked, err
	}
	if checked.State == "failed" {
		return checked, &Reason{"import_failed", checked.Failure}
	}
	if b.OnChecked != nil {
		b.OnChecked(checked)
	}
	if b.DryRun {
		return checked, b.Client.DiscardImport(ctx, checked.ID)
	}
	if err := b.Client.RunImport(ctx, checked.ID, b.Folders); err != nil && !remote.HasStatus(err, 409) { // asked before, and the answer was lost
		return checked, err
	}
	done, err := b.wait(ctx, checked.ID)
	if err == nil && done.State == "failed" {
		err = &Reason{"import_failed", done.Failure}
	}
	return done, err
}

func (b Bringing) wait(ctx context.Context, id string) (remote.ImportRecord, error) {
	ticker := time.NewTicker(askImport)
	defer ticker.Stop()
	for {
		record, err := b.Client.Import(ctx, id)
		if err != nil || record.Ended() {
			return record, err
		}
		if b.OnProgress != nil {
			b.OnProgress(record)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return record, ctx.Err()
		}
	}
}

func (b Bringing) send(ctx context.Context) (remote.ImportRecord, error) {
	name := filepath.Base(b.Path)
	info, err := os.Stat(b.Path)
	if err != nil {
		return remote.ImportRecord{}, &Reason{"unreadable", "The file cannot be read: " + systemReason(err) + "."}
	}
	files, err := Beside(b.Path)
	if err != nil {
		return remote.ImportRecord{}, err
	}
	if len(files) == 0 {
		return b.Client.BeginImport(ctx, b.Library.ID, name, info.Size(), func() (io.ReadCloser, error) { return os.Open(b.Path) })
	}
	return b.Client.BeginImport(ctx, b.Library.ID, name+".zip", -1, func() (io.ReadCloser, error) {
		r, w := io.Pipe()
		go func() { w.CloseWithError(pack(w, b.Path, files)) }()
		return r, nil
	})
}

// Beside gives the PDFs that a bibliography names and that lie below its folder, by
// their paths in it; none for an archive. What a path says of other places is not
// followed: a bibliography may come from anybody.
func Beside(path string) ([]string, error) {
	if IsArchive(path) {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, &Reason{"unreadable", "The file cannot be read: " + systemReason(err) + "."}
	}
	defer func() { _ = file.Close() }()
	head := make([]byte, 4096)
	n, _ := io.ReadFull(file, head)
	format := biblio.Detect(head[:n], path)
	if format == "" {
		return nil, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	reader, err := biblio.NewReader(file, format)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	folder, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, &Reason{"unreadable", "The folder cannot be read: " + systemReason(err) + "."}
	}
	defer func() { _ = root.Close() }()
	var found []string
	seen := map[string]bool{}
	for {
		record, err := reader.Read()
		if _, ok := errors.AsType[*biblio.Problem](err); ok {
			continue // the server tells of it
		}
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		for _, f := range record.Files {
			if name, ok := below(root, folder, f.Path); ok && !seen[name] {
				seen[name] = true
				found = append(found, name)
			}
		}
	}
}

// below is a path inside of the folder, where a PDF lies there.
func below(root *os.Root, folder, path string) (string, bool) {
	names := []string{path}
	if plain, err := url.PathUnescape(path); err == nil && plain != path {
		names = append(names, plain)
	}
	for _, name := range names {
		name = filepath.FromSlash(strings.TrimPrefix(name, "file://"))
		if filepath.IsAbs(name) {
			inside, err := filepath.Rel(folder, name)
			if err != nil {
				continue
			}
			name = inside
		}
		name = filepath.Clean(name)
		if !filepath.IsLocal(name) || !strings.EqualFold(filepath.Ext(name), ".pdf") {
			continue
		}
		if info, err := root.Stat(name); err == nil && info.Mode().IsRegular() {
			return name, true
		}
	}
	return "", false
}

// pack writes an archive of a bibliography and of files below its folder.
func pack(w io.Writer, path string, files []string) error {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	defer func() { _ = root.Close() }()
	out := zip.NewWriter(w)
	for i, name := range append([]string{filepath.Base(path)}, files...) {
		method := zip.Store // PDFs are packed in themselves
		if i == 0 {
			method = zip.Deflate
		}
		part, err := out.CreateHeader(&zip.FileHeader{Name: filepath.ToSlash(name), Method: method})
		if err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
		if err := copyInto(part, root, name); err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	return nil
}

func copyInto(w io.Writer, root *os.Root, name string) error {
	f, err := root.Open(name)
	if err != nil {
		return err //nolint:wrapcheck // wrapped by its caller
	}
	defer func() { _ = f.Close() }()
	_, err = io.Copy(w, f)
	return err //nolint:wrapcheck // as above
}
