package extract

import "bytes"

// SniffLength is how far into a file the PDF header may stand, in bytes
// (ISO 32000-1, annex H, note 13; what readers accept in practice).
const SniffLength = 1024

// SniffPDF reports whether a file that begins with these bytes can be a PDF:
// whether "%PDF-" stands within the first [SniffLength] bytes. More bytes than
// that may be given and do not count.
func SniffPDF(first []byte) bool {
	return bytes.Contains(first[:min(len(first), SniffLength)], []byte("%PDF-"))
}
