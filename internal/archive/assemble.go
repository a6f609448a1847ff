package archive

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sort"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
)

// piece is an entry of the ZIP to be: where its bytes are, as they will be in it.
type piece struct {
	Name string `json:"name"`
	// Deflated entries are stored so; PDFs are as they are.
	Deflated bool   `json:"deflated,omitempty"`
	CRC32    uint32 `json:"crc32"`
	Packed   int64  `json:"packed"` // bytes in the ZIP
	Size     int64  `json:"size"`   // bytes
	BlobKey  string `json:"blob_key"`
	Offset   int64  `json:"offset,omitempty"` // in the blob
}

// assembly is a ZIP that is made while it is read, from any place on: its entries'
// sizes and checksums are known, so that everything has its place already.
type assembly struct {
	ctx    context.Context //nolint:containedctx // a reader's methods have none
	blobs  blob.Store
	pieces []piece
	date   uint16
	time   uint16
	starts []int64 // of each piece's header
	tail   []byte  // central directory and what follows it
	tailAt int64
	at     int64
	open   int // the piece that file is of
	file   blob.File
}

const (
	fit32 = 0xFFFFFFFF // what does not fit stands in the ZIP64 extra field
	fit16 = 0xFFFF

	zipVersion   = 20
	zip64Version = 45
	flagUTF8     = 0x800
	unix         = 3 << 8
	plainFile    = 0o100644 << 16
)

// assemble lays out a ZIP (APPNOTE.TXT 6.3.3). Close it in the end.
func assemble(ctx context.Context, blobs blob.Store, pieces []piece, made time.Time) *assembly {
	made = made.UTC()
	a := &assembly{
		ctx: ctx, blobs: blobs, pieces: pieces, open: -1,
		date: uint16((max(made.Year(), 1980)-1980)<<9 | int(made.Month())<<5 | made.Day()), //nolint:gosec // until 2107
		time: uint16(made.Hour()<<11 | made.Minute()<<5 | made.Second()/2),                 //nolint:gosec // as above
	}
	at := int64(0)
	for _, p := range pieces {
		a.starts = append(a.starts, at)
		at += a.headerSize(p) + p.Packed
	}
	a.tailAt = at
	for i, p := range pieces {
		a.tail = append(a.tail, a.directoryEntry(p, a.starts[i])...)
	}
	a.tail = append(a.tail, end(int64(len(pieces)), int64(len(a.tail)), at)...)
	return a
}

// Size of the whole ZIP in bytes.
func (a *assembly) Size() int64 { return a.tailAt + int64(len(a.tail)) }

func (p piece) large() bool { return p.Packed >= fit32 || p.Size >= fit32 }

func (p piece) method() uint16 {
	if p.Deflated {
		return 8
	}
	return 0
}

func (a *assembly) headerSize(p piece) int64 {
	size := int64(30 + len(p.Name))
	if p.large() {
		size += 20
	}
	return size
}

func (a *assembly) header(p piece) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0x04034b50)
	b = a.facts(b, p, p.large(), 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(p.Name))) //nolint:gosec // names are short
	if !p.large() {
		b = binary.LittleEndian.AppendUint16(b, 0)
		return append(b, p.Name...)
	}
	b = binary.LittleEndian.AppendUint16(b, 20)
	b = append(b, p.Name...)
	b = binary.LittleEndian.AppendUint16(b, 1)
	b = binary.LittleEndian.AppendUint16(b, 16)
	b = binary.LittleEndian.AppendUint64(b, uint64(p.Size))      //nolint:gosec // sizes are not negative
	return binary.LittleEndian.AppendUint64(b, uint64(p.Packed)) //nolint:gosec // as above
}

// facts are what both headers of an entry say, from the version needed to the sizes.
func (a *assembly) facts(b []byte, p piece, zip64 bool, madeBy uint16) []byte {
	version := uint16(zipVersion)
	if zip64 {
		version = zip64Version
	}
	if madeBy != 0 {
		b = binary.LittleEndian.AppendUint16(b, madeBy|version)
	}
	for _, v := range []uint16{version, flagUTF8, p.method(), a.time, a.date} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = binary.LittleEndian.AppendUint32(b, p.CRC32)
	packed, size := uint32(fit32), uint32(fit32)
	if !p.large() {
		packed, size = uint32(p.Packed), uint32(p.Size) //nolint:gosec // they fit
	}
	b = binary.LittleEndian.AppendUint32(b, packed)
	return binary.LittleEndian.AppendUint32(b, size)
}

func (a *assembly) directoryEntry(p piece, start int64) []byte {
	var extra []byte
	if p.large() {
		extra = binary.LittleEndian.AppendUint64(extra, uint64(p.Size))   //nolint:gosec // sizes are not negative
		extra = binary.LittleEndian.AppendUint64(extra, uint64(p.Packed)) //nolint:gosec // as above
	}
	offset := uint32(fit32)
	if start >= fit32 {
		extra = binary.LittleEndian.AppendUint64(extra, uint64(start)) //nolint:gosec // as above
	} else {
		offset = uint32(start) //nolint:gosec // it fits
	}
	b := binary.LittleEndian.AppendUint32(nil, 0x02014b50)
	b = a.facts(b, p, len(extra) > 0, unix)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(p.Name))) //nolint:gosec // names are short
	if len(extra) > 0 {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(extra)+4)) //nolint:gosec // at most 28
	} else {
		b = binary.LittleEndian.AppendUint16(b, 0)
	}
	b = append(b, make([]byte, 6)...) // comment, disk, internal attributes
	b = binary.LittleEndian.AppendUint32(b, plainFile)
	b = binary.LittleEndian.AppendUint32(b, offset)
	b = append(b, p.Name...)
	if len(extra) > 0 {
		b = binary.LittleEndian.AppendUint16(b, 1)
		b = binary.LittleEndian.AppendUint16(b, uint16(len(extra))) //nolint:gosec // at most 24
		b = append(b, extra...)
	}
	return b
}

// end is what follows the central directory: its count, size and place.
func end(count, size, at int64) []byte {
	var b []byte
	if count >= fit16 || size >= fit32 || at >= fit32 {
		b = binary.LittleEndian.AppendUint32(b, 0x06064b50)
		b = binary.LittleEndian.AppendUint64(b, 44)
		b = binary.LittleEndian.AppendUint16(b, unix|zip64Version)
		b = binary.LittleEndian.AppendUint16(b, zip64Version)
		b = append(b, make([]byte, 8)...)
		for _, v := range []int64{count, count, size, at} {
			b = binary.LittleEndian.AppendUint64(b, uint64(v)) //nolint:gosec // none is negative
		}
		b = binary.LittleEndian.AppendUint32(b, 0x07064b50)
		b = append(b, make([]byte, 4)...)
		b = binary.LittleEndian.AppendUint64(b, uint64(at+size)) //nolint:gosec // as above
		b = binary.LittleEndian.AppendUint32(b, 1)
	}
	b = binary.LittleEndian.AppendUint32(b, 0x06054b50)
	b = append(b, make([]byte, 4)...)
	b = binary.LittleEndian.AppendUint16(b, uint16(min(count, fit16))) //nolint:gosec // it fits
	b = binary.LittleEndian.AppendUint16(b, uint16(min(count, fit16))) //nolint:gosec // as above
	b = binary.LittleEndian.AppendUint32(b, uint32(min(size, fit32)))  //nolint:gosec // as above
	b = binary.LittleEndian.AppendUint32(b, uint32(min(at, fit32)))    //nolint:gosec // as above
	return append(b, 0, 0)
}

// Read implements io.Reader.
func (a *assembly) Read(to []byte) (int, error) {
	if err := a.ctx.Err(); err != nil {
		return 0, err
	}
	if len(to) == 0 {
		return 0, nil
	}
	if a.at >= a.tailAt {
		if a.at >= a.Size() {
			return 0, io.EOF
		}
		n := copy(to, a.tail[a.at-a.tailAt:])
		a.at += int64(n)
		return n, nil
	}
	i := sort.Search(len(a.starts), func(i int) bool { return a.starts[i] > a.at }) - 1
	p, within := a.pieces[i], a.at-a.starts[i]
	if header := a.headerSize(p); within < header {
		n := copy(to, a.header(p)[within:])
		a.at += int64(n)
		return n, nil
	} else if within -= header; within < p.Packed {
		if err := a.hold(i); err != nil {
			return 0, err
		}
		to = to[:min(int64(len(to)), p.Packed-within)]
		n, err := a.file.ReadAt(to, p.Offset+within)
		a.at += int64(n)
		if n == 0 && err != nil {
			return 0, fmt.Errorf("read %s: %w", p.Name, errors.Join(err, io.ErrUnexpectedEOF))
		}
		return n, nil
	}
	return 0, io.ErrNoProgress // every place is in some piece
}

// hold opens the blob of a piece, and closes that of the one before.
func (a *assembly) hold(i int) error {
	if a.open >= 0 && a.pieces[a.open].BlobKey == a.pieces[i].BlobKey {
		return nil
	}
	a.Close()
	file, err := a.blobs.Open(a.ctx, a.pieces[i].BlobKey)
	if err != nil {
		return fmt.Errorf("open %s: %w", a.pieces[i].Name, err)
	}
	a.file, a.open = file, i
	return nil
}

// Seek implements io.Seeker.
func (a *assembly) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += a.at
	case io.SeekEnd:
		offset += a.Size()
	}
	if offset < 0 {
		return 0, errors.New("archive: seek before the beginning")
	}
	a.at = offset
	return offset, nil
}

// Close closes what is open.
func (a *assembly) Close() {
	if a.file != nil {
		_ = a.file.Close()
		a.file, a.open = nil, -1
	}
}
