package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// Options of one run. The zero value extracts everything.
type Options struct {
	// Password opens an encrypted file; it may be its user's or its owner's.
	Password string
	// Filename is the name that the person knows the file by. It is the last
	// resort for a title; empty leaves that claim out.
	Filename string
	// NoThumbnail saves drawing page 1.
	NoThumbnail bool
	// TextOnly leaves out all but the pages' text and boxes: pages have no blocks,
	// and the result has no metadata, outline, references, marks or thumbnail.
	TextOnly bool
	// PagesOnly leaves out what is said of the work as a whole: pages have their
	// blocks and the result its marks and outline, but no metadata, references or
	// thumbnail.
	PagesOnly bool
	// OnInfo is called once, before the first page.
	OnInfo func(Info) error
	// OnPage is called for each page in order, as soon as it is made, also for
	// one that is lost (see Result.FailedPages), which has no text. An error from
	// either ends the run and is returned as it is.
	OnPage func(pagetext.Page) error
}

// Run extracts the PDF at path in a child process of pool, waiting for a free
// one. It fails with an *[Error] when the file cannot be extracted, with ctx's
// error when ctx ends (the child is killed), with a callback's error, or with
// another error when this machine is at fault (the file cannot be opened, no
// child can be started): that last group is worth trying again.
func Run(ctx context.Context, pool *Pool, path string, opts Options) (*Result, error) {
	file, err := os.Open(path) //nolint:gosec // the caller names the file; that is the purpose
	if err != nil {
		return nil, fmt.Errorf("extract: %w", err)
	}
	defer func() { _ = file.Close() }()
	return RunFile(ctx, pool, file, opts)
}

// RunFile is Run for a file that is open already. The child reads through the
// same open file, so its offset is neither used nor kept.
func RunFile(ctx context.Context, pool *Pool, file *os.File, opts Options) (*Result, error) {
	size, err := checkFile(file)
	if err != nil {
		return nil, err
	}
	return pool.run(ctx, file, size, opts)
}

// checkFile refuses what need not be given to a child, and tells the size.
func checkFile(file *os.File) (size int64, err error) {
	info, err := file.Stat()
	if err != nil {
		return 0, fmt.Errorf("extract: %w", err)
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("extract: %s is not a regular file", file.Name())
	}
	switch size := info.Size(); {
	case size == 0:
		return 0, fail(KindEmptyFile, "The file is empty.")
	case size > maxFileSize:
		return 0, fail(KindTooLarge, "The file is larger than 2 GiB, more than this program can read.")
	}
	first := make([]byte, SniffLength)
	n, err := file.ReadAt(first, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("extract: %w", err)
	}
	if !SniffPDF(first[:n]) {
		return 0, fail(KindNotAPDF, "This is not a PDF file.")
	}
	return info.Size(), nil
}
