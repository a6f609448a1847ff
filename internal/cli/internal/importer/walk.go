package importer

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Found is a file to import.
type Found struct {
	// Path as a person would write it.
	Path string
	// Folder is where it stood, from the name of the folder that was given
	// downwards, with slashes; empty for a file given by itself.
	Folder string
	Size   int64
}

// Walk lists the PDFs among paths and below them, each once, in the order of
// paths and then by name. A file that is named is always taken; in a folder
// those are whose name ends in .pdf, and passed counts the others. Names that
// begin with a dot are left out. A symbolic link to a file is followed, one to
// a folder is not, since it may lead back.
func Walk(paths []string) (found []Found, passed int, err error) {
	seen := map[string]bool{}
	add := func(path, folder string, size int64) {
		if abs, err := filepath.Abs(path); err == nil {
			if seen[abs] {
				return
			}
			seen[abs] = true
		}
		found = append(found, Found{Path: path, Folder: folder, Size: size})
	}
	for _, root := range paths {
		info, err := os.Stat(root)
		if err != nil {
			return nil, 0, fmt.Errorf("%s: there is no such file or folder, or it may not be read: %w", root, err)
		}
		if !info.IsDir() {
			add(root, "", info.Size())
			continue
		}
		top := filepath.Base(root)
		if abs, err := filepath.Abs(root); err == nil {
			top = filepath.Base(abs)
		}
		err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if path != root && strings.HasPrefix(entry.Name(), ".") {
				if entry.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if entry.IsDir() {
				return nil
			}
			info, err := os.Stat(path)
			if err != nil || !info.Mode().IsRegular() || !strings.EqualFold(filepath.Ext(path), ".pdf") {
				passed++
				return nil //nolint:nilerr // A link to nowhere is no PDF.
			}
			below, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				return err
			}
			add(path, filepath.ToSlash(filepath.Join(top, below)), info.Size())
			return nil
		})
		if err != nil {
			return nil, 0, fmt.Errorf("read the folder %s: %w", root, err)
		}
	}
	return found, passed, nil
}
