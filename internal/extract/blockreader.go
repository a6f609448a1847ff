package extract

import (
	"errors"
	"io"
)

// blockReader reads a file in blocks and keeps the latest few: PDFium asks for
// pieces of 512 bytes, hopping between a few places.
type blockReader struct {
	file   io.ReaderAt
	size   int64
	offset int64
	blocks [blockCount]fileBlock
	clock  uint64
}

type fileBlock struct {
	start int64
	data  []byte
	used  uint64
}

const (
	blockSize  = 64 << 10
	blockCount = 16
)

func newBlockReader(file io.ReaderAt, size int64) *blockReader {
	return &blockReader{file: file, size: size}
}

// Seek takes offsets from the start only, which is all that go-pdfium uses.
func (r *blockReader) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart || offset < 0 {
		return 0, errors.New("only places from the start can be sought")
	}
	r.offset = offset
	return offset, nil
}

func (r *blockReader) Read(out []byte) (int, error) {
	if r.offset >= r.size {
		return 0, io.EOF
	}
	data, err := r.block(r.offset / blockSize * blockSize)
	if err != nil {
		return 0, err
	}
	within := int(r.offset % blockSize)
	if within >= len(data) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(out, data[within:])
	r.offset += int64(n)
	return n, nil
}

func (r *blockReader) block(start int64) ([]byte, error) {
	r.clock++
	oldest := &r.blocks[0]
	for i := range r.blocks {
		b := &r.blocks[i]
		if b.used > 0 && b.start == start {
			b.used = r.clock
			return b.data, nil
		}
		if b.used < oldest.used {
			oldest = b
		}
	}
	if oldest.data == nil {
		oldest.data = make([]byte, blockSize)
	}
	oldest.used = 0
	n, err := r.file.ReadAt(oldest.data[:blockSize], start)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	oldest.data, oldest.start, oldest.used = oldest.data[:n], start, r.clock
	return oldest.data, nil
}
