package biblio

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxRecord is the most bytes that one record may have.
const maxRecord = 4 << 20

// source reads a file and counts its lines.
type source struct {
	r    *bufio.Reader
	line int // of the next byte, from 1
}

// newSource passes over a byte order mark, and reads UTF-16 where one says so.
func newSource(r io.Reader) *source {
	buffered := bufio.NewReaderSize(r, 64<<10)
	head, _ := buffered.Peek(3)
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		_, _ = buffered.Discard(3)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		decoder := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		buffered = bufio.NewReaderSize(transform.NewReader(buffered, decoder), 64<<10)
	}
	return &source{r: buffered, line: 1}
}

func (s *source) byte() (byte, error) {
	c, err := s.r.ReadByte()
	if c == '\n' && err == nil {
		s.line++
	}
	return c, err
}

func (s *source) unread(c byte) {
	if s.r.UnreadByte() == nil && c == '\n' {
		s.line--
	}
}

// readLine gives a line without its end. Of one that is longer than a record may
// be, the rest is left out.
func (s *source) readLine() (string, error) {
	var line []byte
	for {
		part, err := s.r.ReadSlice('\n')
		if room := maxRecord - len(line); room > 0 {
			line = append(line, part[:min(room, len(part))]...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && len(line) == 0 {
			return "", err
		}
		if bytes.HasSuffix(part, []byte{'\n'}) {
			s.line++
		}
		return utf8Text(bytes.TrimRight(line, "\r\n")), nil
	}
}

// utf8Text takes what is not UTF-8 for Windows-1252, of which Latin-1 is a part.
func utf8Text(text []byte) string {
	if utf8.Valid(text) {
		return string(bytes.ReplaceAll(text, []byte{0}, nil))
	}
	decoded, err := charmap.Windows1252.NewDecoder().Bytes(text)
	if err != nil {
		return string(bytes.ToValidUTF8(text, nil))
	}
	return string(decoded)
}
