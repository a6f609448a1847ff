package document

import (
	"bufio"
	"compress/flate"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// PageWriter takes the pages of one attempt as the parser gives them and keeps
// them in files until Finish stores them, so that a book of 5,000 pages costs
// no memory. Not safe for concurrent use.
type PageWriter struct {
	words    *os.File // becomes the words blob
	pages    *os.File // storedPage as JSON, one after the other
	wordsOut *countingWriter
	pagesOut *bufio.Writer
	encoder  *json.Encoder
	deflate  *flate.Writer
	last     int
}

// storedPage is a page on its way into the database.
type storedPage struct {
	Number      int              `json:"n"`
	Label       string           `json:"l,omitempty"`
	Box         pagetext.Rect    `json:"b"`
	Rotation    int              `json:"r,omitempty"`
	Text        string           `json:"t"`
	Blocks      []pagetext.Block `json:"k"`
	WordsOffset int64            `json:"o"`
	WordsLength int64            `json:"w"`
}

// NewPageWriter makes a PageWriter; Close it in any case.
func (s *Service) NewPageWriter() (*PageWriter, error) {
	w := &PageWriter{}
	for _, f := range []**os.File{&w.words, &w.pages} {
		file, err := os.CreateTemp(s.cfg.TempDir, "pages-*")
		if err != nil {
			return nil, errors.Join(fmt.Errorf("page writer: %w", err), w.Close())
		}
		*f = file
	}
	w.wordsOut = &countingWriter{out: bufio.NewWriter(w.words)}
	w.pagesOut = bufio.NewWriter(w.pages)
	w.encoder = json.NewEncoder(w.pagesOut)
	deflate, err := flate.NewWriter(io.Discard, flate.DefaultCompression)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("page writer: %w", err), w.Close())
	}
	w.deflate = deflate
	return w, nil
}

// Add takes the next page; pages come in order.
func (w *PageWriter) Add(p pagetext.Page) error {
	if p.Number <= w.last {
		return fmt.Errorf("page %d came after page %d", p.Number, w.last)
	}
	w.last = p.Number
	from := w.wordsOut.written
	if err := encodeWords(w.deflate, w.wordsOut, p.Words); err != nil {
		return fmt.Errorf("page %d: %w", p.Number, err)
	}
	err := w.encoder.Encode(storedPage{
		Number: p.Number, Label: storable(p.Label), Box: p.Box, Rotation: p.Rotation, Text: storable(p.Text), Blocks: p.Blocks,
		WordsOffset: from, WordsLength: w.wordsOut.written - from,
	})
	if err != nil {
		return fmt.Errorf("page %d: %w", p.Number, err)
	}
	return nil
}

// Close removes what was kept.
func (w *PageWriter) Close() error {
	var errs []error
	for _, f := range []*os.File{w.words, w.pages} {
		if f != nil {
			errs = append(errs, f.Close(), os.Remove(f.Name()))
		}
	}
	w.words, w.pages = nil, nil
	return errors.Join(errs...)
}

// rewind makes both files ready to be read from their beginnings.
func (w *PageWriter) rewind() error {
	if err := errors.Join(w.wordsOut.out.Flush(), w.pagesOut.Flush()); err != nil {
		return fmt.Errorf("page writer: %w", err)
	}
	for _, f := range []*os.File{w.words, w.pages} {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("page writer: %w", err)
		}
	}
	return nil
}

// each gives the pages back in batches of at most size pages and about a
// megabyte of text.
func (w *PageWriter) each(size int, fn func([]storedPage) error) error {
	const maxText = 1 << 20
	in := json.NewDecoder(bufio.NewReader(w.pages))
	var (
		batch []storedPage
		text  int
	)
	for ended := false; !ended; {
		var p storedPage
		switch err := in.Decode(&p); {
		case errors.Is(err, io.EOF):
			ended = true
		case err != nil:
			return fmt.Errorf("page writer: %w", err)
		default:
			batch = append(batch, p)
			text += len(p.Text)
		}
		if len(batch) > 0 && (ended || len(batch) == size || text >= maxText) {
			if err := fn(batch); err != nil {
				return err
			}
			batch, text = batch[:0], 0
		}
	}
	return nil
}

type countingWriter struct {
	out     *bufio.Writer
	written int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.out.Write(p)
	c.written += int64(n)
	return n, err
}
