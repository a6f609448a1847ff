package extract

import (
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// document is an open PDF in a guest.
type document struct {
	guest  *guest
	handle uint64
	form   int // its kind, in PDFium's numbers; see hasForm
}

// PDFium's error codes (fpdfview.h).
const (
	pdfiumErrorFile     = 2
	pdfiumErrorFormat   = 3
	pdfiumErrorPassword = 4
	pdfiumErrorSecurity = 5
)

// open reads the file's structure. PDFium fetches the parts that it needs, so a
// large file is not read whole.
func (g *guest) open(file io.ReadSeeker, size int64, password string) (*document, error) {
	access, _, err := g.exports.CreateFileAccessReader(size, file)
	if err != nil {
		return nil, err
	}
	d := &document{guest: g}
	if password == "" {
		d.handle = g.call("FPDF_LoadCustomDocument", *access, 0)
	} else {
		g.withText(password, func(pointer uint32) {
			d.handle = g.call("FPDF_LoadCustomDocument", *access, uint64(pointer))
		})
	}
	if g.err != nil {
		return nil, g.err
	}
	if d.handle != 0 {
		d.form = g.number("FPDF_GetFormType", d.handle)
		return d, g.err
	}
	switch g.number("FPDF_GetLastError") {
	case pdfiumErrorPassword:
		if password != "" {
			return nil, fail(KindWrongPassword, "The password does not open this file.")
		}
		return nil, fail(KindPasswordRequired, "The file is encrypted and needs a password.")
	case pdfiumErrorSecurity:
		return nil, fail(KindUnsupported, "The file is encrypted in a way that this program does not know.")
	}
	if g.memory.refused.Load() {
		return nil, errNoMemory
	}
	return nil, fail(KindDamaged, "The file is damaged and cannot be read.")
}

func (d *document) close() { d.guest.call("FPDF_CloseDocument", d.handle) }

// hasForm reports whether the file has form fields.
func (d *document) hasForm() bool { return d.form != 0 }

func (d *document) pageCount() int { return d.guest.number("FPDF_GetPageCount", d.handle) }

// information is an entry of the document information dictionary.
func (d *document) information(key string) string {
	var text string
	d.guest.withText(key, func(pointer uint32) {
		text = d.guest.utf16Text(func(buffer, length uint64) uint64 {
			return d.guest.call("FPDF_GetMetaText", d.handle, uint64(pointer), buffer, length)
		})
	})
	return strings.TrimSpace(text)
}

// label of the page at index (from 0).
func (d *document) label(index int) string {
	return strings.TrimSpace(d.guest.utf16Text(func(buffer, length uint64) uint64 {
		return d.guest.call("FPDF_GetPageLabel", d.handle, uint64(index), buffer, length)
	}))
}

// An outline is cut at these, which no honest file reaches.
const (
	maxOutlineItems = 10_000
	maxOutlineDepth = 32
)

func (d *document) outline() []OutlineItem {
	walk := outlineWalk{document: d, seen: map[uint64]bool{}}
	walk.children(0, 0)
	return walk.items
}

type outlineWalk struct {
	document *document
	items    []OutlineItem
	seen     map[uint64]bool // entries of a damaged file can form a ring
}

func (w *outlineWalk) children(parent uint64, level int) {
	g, handle := w.document.guest, w.document.handle
	if level >= maxOutlineDepth {
		return
	}
	for entry := g.call("FPDFBookmark_GetFirstChild", handle, parent); entry != 0; entry = g.call("FPDFBookmark_GetNextSibling", handle, entry) {
		if w.seen[entry] || len(w.items) >= maxOutlineItems {
			return
		}
		w.seen[entry] = true
		title := g.utf16Text(func(buffer, length uint64) uint64 {
			return g.call("FPDFBookmark_GetTitle", entry, buffer, length)
		})
		w.items = append(w.items, OutlineItem{
			Title: strings.Join(strings.Fields(title), " "),
			Page:  w.target(entry),
			Level: level,
		})
		w.children(entry, level+1)
	}
}

// target is the page that an entry leads to, from 1, or 0.
func (w *outlineWalk) target(entry uint64) int {
	g, handle := w.document.guest, w.document.handle
	destination := g.call("FPDFBookmark_GetDest", handle, entry)
	if destination == 0 {
		if action := g.call("FPDFBookmark_GetAction", entry); action != 0 {
			destination = g.call("FPDFAction_GetDest", handle, action)
		}
	}
	if destination == 0 {
		return 0
	}
	return max(0, g.number("FPDFDest_GetDestPageIndex", handle, destination)+1)
}

// page is an open page.
type page struct {
	document *document
	handle   uint64
}

var errNoPage = errors.New("pdfium cannot load the page")

func (d *document) page(index int) (*page, error) {
	handle := d.guest.call("FPDF_LoadPage", d.handle, uint64(index))
	if d.guest.err != nil {
		return nil, d.guest.err
	}
	if handle == 0 {
		return nil, errNoPage
	}
	return &page{document: d, handle: handle}, nil
}

// widgetSubtype is PDFium's number (fpdf_annot.h) for a form field's place.
const widgetSubtype = 20

// withFields calls use with a page whose form fields have become part of its
// content, as it is printed, or with p itself when it has none. Of what else lies
// on the page nothing becomes content: notes and marks are no text of the work.
func (p *page) withFields(index int, use func(*page)) {
	g := p.document.guest
	if !p.document.hasForm() {
		use(p)
		return
	}
	var others []int
	count := min(g.number("FPDFPage_GetAnnotCount", p.handle), maxPageEntries)
	for entry := range count {
		handle := g.call("FPDFPage_GetAnnot", p.handle, uint64(entry))
		if handle == 0 || g.number("FPDFAnnot_GetSubtype", handle) != widgetSubtype {
			others = append(others, entry)
		}
		if handle != 0 {
			g.call("FPDFPage_CloseAnnot", handle)
		}
	}
	if len(others) == count {
		use(p)
		return
	}
	// In a copy, since the page is drawn later with everything on it. The copy
	// also has of its own what pages may inherit: PDFium loses inherited fonts
	// when it flattens.
	copied := &document{guest: g, handle: g.call("FPDF_CreateNewDocument")}
	defer copied.close()
	g.withBytes(binary.LittleEndian.AppendUint32(nil, uint32(index)), func(pointer uint32) { //nolint:gosec // a page's index
		g.call("FPDF_ImportPagesByIndex", copied.handle, p.document.handle, uint64(pointer), 1, 0)
	})
	flat, err := copied.page(0)
	if err != nil {
		use(p)
		return
	}
	for _, entry := range slices.Backward(others) {
		g.call("FPDFPage_RemoveAnnot", flat.handle, uint64(entry))
	}
	g.call("FPDFPage_Flatten", flat.handle, 0) // as displayed
	flat.close()
	// A page's content is read when it is loaded.
	if flat, err = copied.page(0); err != nil {
		use(p)
		return
	}
	defer flat.close()
	use(flat)
}

func (p *page) close() { p.document.guest.call("FPDF_ClosePage", p.handle) }

// box is the crop box inside the media box.
func (p *page) box() pagetext.Rect {
	g := p.document.guest
	var edges [4]float32 // left, top, right, bottom
	if g.call("FPDF_GetPageBoundingBox", p.handle, uint64(g.scratch)) == 0 {
		return pagetext.Rect{}
	}
	g.floats(g.scratch, edges[:])
	return orderedRect(edges[0], edges[3], edges[2], edges[1])
}

// rotation in degrees clockwise.
func (p *page) rotation() int {
	return 90 * (p.document.guest.number("FPDFPage_GetRotation", p.handle) & 3)
}

func decodeUTF16(data []byte) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	return cleanText(string(utf16.Decode(units)))
}
