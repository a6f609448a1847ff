package pdfupdate

import (
	"bytes"
	"crypto/md5" //nolint:gosec // a name for the file, no protection
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// entry is where an object is: at offset, or the place-th in an object stream.
type entry struct {
	number, generation int
	offset             int64
	stream, place      int // stream is 0 for an object that is in none
}

// How a section of cross-references begins.
var (
	tableStart  = regexp.MustCompile(`^\s*xref\s`)
	streamStart = regexp.MustCompile(`^\s*\d+\s+\d+\s+obj\b`)
)

// finish writes the cross-references of the update and its trailer, in the way
// that the file has its own: as a table or as a stream.
func (s *source) finish(out *objectWriter, next int) error {
	header, previous, asStream, sound := s.lastSection()
	if s.cipher == nil && sound && s.hidesEncryption(previous+header) {
		return ErrEncryption
	}
	var entries []entry
	if !sound {
		// Nothing leads to the objects that are there, so this section does.
		entries = s.oldEntries(out)
		asStream = slices.ContainsFunc(entries, func(e entry) bool { return e.stream != 0 })
	}
	for ref, offset := range out.offsets {
		entries = append(entries, entry{number: int(ref.ObjectNumber), generation: int(ref.GenerationNumber), offset: offset - header})
	}
	own := *types.NewIndirectRef(next, 0)
	start := out.start + int64(len(out.data)) - header
	trailer := types.Dict{"Size": types.Integer(next), "Root": *s.pdf.Root}
	if asStream {
		trailer["Size"] = types.Integer(next + 1)
		entries = append(entries, entry{number: next, offset: start})
	}
	if sound {
		trailer["Prev"] = types.Integer(previous)
	}
	if s.pdf.Info != nil {
		trailer["Info"] = *s.pdf.Info
	}
	if s.pdf.Encrypt != nil {
		trailer["Encrypt"] = *s.pdf.Encrypt
	}
	if len(s.pdf.ID) == 2 {
		// The first stays for good, the second is the file's as it is now.
		sum := md5.Sum(out.data) //nolint:gosec // a name
		trailer["ID"] = types.Array{s.pdf.ID[0], types.NewHexLiteral(sum[:])}
	}
	slices.SortFunc(entries, func(a, b entry) int { return a.number - b.number })

	plain := objectWriter{start: out.start, data: out.data, offsets: out.offsets} // nothing of this is encrypted
	if asStream {
		trailer["Type"] = types.Name("XRef")
		trailer["W"] = types.Array{types.Integer(1), types.Integer(8), types.Integer(4)}
		index, content := streamOf(entries)
		trailer["Index"] = index
		if err := plain.stream(own, trailer, content); err != nil {
			return err
		}
	} else {
		plain.data = appendTable(plain.data, entries)
		plain.data = append(plain.data, "trailer\n"...)
		if err := plain.value(own, trailer); err != nil {
			return err
		}
		plain.data = append(plain.data, '\n')
	}
	out.data = fmt.Appendf(plain.data, "startxref\n%d\n%%%%EOF\n", start)
	return nil
}

// runs cuts sorted entries where their numbers do not follow each other.
func runs(entries []entry) [][]entry {
	var out [][]entry
	from := 0
	for i := 1; i <= len(entries); i++ {
		if i == len(entries) || entries[i].number != entries[i-1].number+1 {
			out = append(out, entries[from:i])
			from = i
		}
	}
	return out
}

func appendTable(out []byte, entries []entry) []byte {
	out = append(out, "xref\n"...)
	for _, run := range runs(entries) {
		out = fmt.Appendf(out, "%d %d\n", run[0].number, len(run))
		for _, e := range run {
			if e.number == 0 {
				out = append(out, "0000000000 65535 f\r\n"...)
				continue
			}
			out = fmt.Appendf(out, "%010d %05d n\r\n", e.offset, e.generation)
		}
	}
	return out
}

func streamOf(entries []entry) (index types.Array, content []byte) {
	for _, run := range runs(entries) {
		index = append(index, types.Integer(run[0].number), types.Integer(len(run)))
		for _, e := range run {
			kind, first, second := byte(1), uint64(e.offset), uint32(e.generation) //nolint:gosec // neither is negative
			switch {
			case e.number == 0:
				kind, first, second = 0, 0, 65535
			case e.stream != 0:
				kind, first, second = 2, uint64(e.stream), uint32(e.place) //nolint:gosec // neither is negative
			}
			content = append(content, kind)
			content = binary.BigEndian.AppendUint64(content, first)
			content = binary.BigEndian.AppendUint32(content, second)
		}
	}
	return index, content
}

// lastSection finds the file's latest cross-references. header is where the file
// counts its offsets from: where "%PDF-" stands, which is not always the
// beginning. sound is false when they are not where the file says.
func (s *source) lastSection() (header, previous int64, asStream, sound bool) {
	if at := bytes.Index(s.bytesAt(0, 1024), []byte("%PDF-")); at > 0 {
		header = int64(at)
	}
	tail := s.bytesAt(max(0, s.size-2048), 2048)
	at := bytes.LastIndex(tail, []byte("startxref"))
	if at < 0 {
		return header, 0, false, false
	}
	digits := regexp.MustCompile(`^startxref\s+(\d+)`).FindSubmatch(tail[at:])
	if digits == nil {
		return header, 0, false, false
	}
	previous, err := strconv.ParseInt(string(digits[1]), 10, 64)
	if err != nil {
		return header, 0, false, false
	}
	for _, base := range []int64{header, 0} {
		switch first := s.bytesAt(previous+base, 64); {
		case tableStart.Match(first):
			return base, previous, false, true
		case streamStart.Match(first):
			return base, previous, true, true
		}
	}
	return header, 0, false, false
}

// hidesEncryption reports whether the trailer has an encryption dictionary that
// the parser passed over, as it does when that is not an object of its own.
func (s *source) hidesEncryption(at int64) bool {
	section := s.bytesAt(at, int(min(s.size-at, 4<<20)))
	if tableStart.Match(section) {
		trailer := bytes.Index(section, []byte("trailer"))
		if trailer < 0 {
			return false
		}
		section = section[trailer:]
	}
	for _, end := range []string{"startxref", "stream"} {
		if at := bytes.Index(section, []byte(end)); at >= 0 {
			section = section[:at]
		}
	}
	return bytes.Contains(section, []byte("/Encrypt"))
}

// oldEntries are the objects that the parser found by looking through the file,
// but for those of the update.
func (s *source) oldEntries(out *objectWriter) []entry {
	entries := []entry{{}}
	for number, known := range s.pdf.Table {
		if number == 0 || known == nil || known.Free {
			continue
		}
		e := entry{number: number}
		if known.Generation != nil {
			e.generation = *known.Generation
		}
		if _, replaced := out.offsets[*types.NewIndirectRef(number, e.generation)]; replaced {
			continue
		}
		switch {
		case known.Compressed && known.ObjectStream != nil && known.ObjectStreamInd != nil:
			e.stream, e.place = *known.ObjectStream, *known.ObjectStreamInd
		case known.Offset != nil && s.isObject(number, *known.Offset):
			e.offset = *known.Offset
		default:
			continue
		}
		entries = append(entries, e)
	}
	return entries
}

func (s *source) isObject(number int, offset int64) bool {
	first := bytes.Fields(s.bytesAt(offset, 32))
	return len(first) > 0 && string(first[0]) == strconv.Itoa(number)
}
