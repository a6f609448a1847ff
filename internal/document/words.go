package document

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// Every page's words and boxes lie one after the other in one blob, each as
// JSON compressed with DEFLATE (RFC 1951) by itself; the page's row says where.
// They are ten times the size of the text and are read a page at a time, so
// they would only weigh the database down.

// maxWords bounds a page's words when they are read back, in bytes.
const maxWords = 64 << 20

// encodeWords compresses with w, which is reset to write to out.
func encodeWords(w *flate.Writer, out io.Writer, words []pagetext.Word) error {
	w.Reset(out)
	if words == nil {
		words = []pagetext.Word{}
	}
	if err := json.NewEncoder(w).Encode(words); err != nil {
		return fmt.Errorf("encode words: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("compress words: %w", err)
	}
	return nil
}

func decodeWords(segment []byte) ([]pagetext.Word, error) {
	var words []pagetext.Word
	r := flate.NewReader(bytes.NewReader(segment))
	if err := json.NewDecoder(io.LimitReader(r, maxWords)).Decode(&words); err != nil {
		return nil, fmt.Errorf("decode words: %w", err)
	}
	return words, nil
}
