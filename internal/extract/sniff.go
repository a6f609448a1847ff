package extract

import (
	"bytes"
	"regexp"
)

// SniffLength is how far into a file its beginning may stand, in bytes, behind
// what a mail program or a printer put before it.
const SniffLength = 64 << 10

// headerWithin is how far the header may stand in at any place of a line, in
// bytes (ISO 32000-1, annex H, note 13; what readers accept in practice).
const headerWithin = 1024

// beginning is a header, or where that was lost, a first object.
var beginning = regexp.MustCompile(`(?:^|[\r\n])[\x00\t\f ]*(?:%PDF-|\d{1,10}[\x00\t\n\f\r ]+\d{1,5}[\x00\t\n\f\r ]+obj[\x00\t\n\f\r ]*<<)`)

// SniffPDF reports whether a file that begins with these bytes can be read as a
// PDF: whether "%PDF-" stands within the first 1,024 bytes, or it or an object
// begins a line within the first [SniffLength]. More bytes than that may be given
// and do not count. The same is told in web/src/features/ingest/inspect.ts.
func SniffPDF(first []byte) bool {
	return bytes.Contains(first[:min(len(first), headerWithin)], []byte("%PDF-")) ||
		beginning.Match(first[:min(len(first), SniffLength)])
}
