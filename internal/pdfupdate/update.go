package pdfupdate

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// Mark is one that the file shall have.
type Mark struct {
	pdfmark.Mark
	// Kept says that the file has the mark already, under this name and as it
	// should be. It is there for what answers it.
	Kept bool `json:"kept,omitempty"`
}

// Request says what to write.
type Request struct {
	// Marks in any order. What a mark answers is among them, or in the file, on
	// the same page; otherwise the mark stands for itself. A mark with the name
	// of one in the file replaces that one.
	Marks []Mark `json:"marks"`
	// Removed names marks in the file that are to go, with their further parts,
	// what answers them and the windows of their texts.
	Removed []string `json:"removed,omitempty"`
	// Pages is how many pages the file is known to have. A file that this
	// parser divides into another number of pages is refused, because marks
	// would get onto wrong ones. 0 asks nothing.
	Pages int `json:"pages"`
	// At is the time of writing, for marks that have none.
	At time.Time `json:"at"`
}

// Why a file cannot be updated.
var (
	ErrDamaged    = errors.New("pdfupdate: the file cannot be read")
	ErrPassword   = errors.New("pdfupdate: the file needs a password")
	ErrEncryption = errors.New("pdfupdate: the file is encrypted in a way that this program cannot write")
	ErrPages      = errors.New("pdfupdate: the file's pages cannot be told apart")
	ErrTooMuch    = errors.New("pdfupdate: the marks take more room than is allowed")
)

// MaxSize of an update in bytes.
const MaxSize = 64 << 20

// Make gives the bytes that follow file's, so that it has the marks. They are
// none when all marks are kept. It fails with one of the errors above, or with
// what reading the file fails with. opened is called when the file has been read,
// and may be nil.
func Make(file io.ReadSeeker, size int64, password string, r Request, opened func(pages int) error) (update []byte, err error) {
	defer func() {
		// The parser does fail so on some damaged files.
		if cause := recover(); cause != nil {
			update, err = nil, fmt.Errorf("%w: panic: %v\n%s", ErrDamaged, cause, debug.Stack())
		}
	}()
	source, err := open(file, size, password)
	if err != nil {
		return nil, err
	}
	if opened != nil {
		if err := opened(len(source.pages)); err != nil {
			return nil, err
		}
	}
	if r.Pages > 0 && r.Pages != len(source.pages) {
		return nil, fmt.Errorf("%w: %d pages instead of %d", ErrPages, len(source.pages), r.Pages)
	}
	w := &writing{
		file: source, at: r.At, next: source.next, places: map[string]*place{}, answered: map[string]bool{},
		out: objectWriter{start: size, cipher: source.cipher, offsets: map[types.IndirectRef]int64{}},
	}
	for _, name := range r.Removed {
		w.remove(name)
	}
	if err := w.plan(r.Marks); err != nil {
		return nil, err
	}
	if !w.changes {
		return nil, nil
	}
	if err := w.write(); err != nil {
		return nil, err
	}
	if err := source.finish(&w.out, w.next); err != nil {
		return nil, err
	}
	return w.out.data, nil
}

// writing is one update on its way.
type writing struct {
	file    *source
	out     objectWriter
	at      time.Time
	next    int // the next object number that is free
	changes bool

	places   map[string]*place // by the mark's name
	order    []*place
	answered map[string]bool // names that something answers
}

// place is a mark and the object that it is or becomes.
type place struct {
	mark Mark
	page *page
	ref  types.IndirectRef
	old  *existing // nil for a mark that is new
}

// remove takes a mark of the file out of its pages' lists. Its objects stay in
// the file, which an update only adds to.
func (w *writing) remove(name string) {
	for part := 0; ; part++ {
		own := w.file.existing[pdfmark.PartName(name, part)]
		if own == nil {
			return
		}
		gone := []*existing{own}
		for len(gone) > 0 {
			one := gone[0]
			gone = gone[1:]
			if one.removed {
				continue
			}
			one.removed, one.page.changed, w.changes = true, true, true
			if one.direct {
				continue // nothing can refer to it
			}
			for _, other := range one.page.old {
				if other.entries["IRT"] == types.Object(one.ref) || other.entries["Parent"] == types.Object(one.ref) {
					gone = append(gone, other)
				}
			}
		}
	}
}

// plan gives each mark its object.
func (w *writing) plan(marks []Mark) error {
	for _, mark := range marks {
		w.answered[mark.InReplyTo] = true
	}
	for _, mark := range marks {
		if mark.Page < 1 || mark.Page > len(w.file.pages) {
			return fmt.Errorf("%w: there is no page %d", ErrPages, mark.Page)
		}
		if w.places[mark.Name] != nil {
			continue
		}
		at := &place{mark: mark, page: w.file.pages[mark.Page-1], old: w.file.existing[mark.Name]}
		if at.old == nil && w.isThere(mark) {
			continue
		}
		if old := at.old; old != nil && !mark.Kept && old.page != at.page {
			old.removed, old.page.changed = true, true
			at.old = nil
		}
		switch {
		case at.old == nil:
			at.ref = w.allocate()
			at.page.added = append(at.page.added, at.ref)
			at.page.changed = true
		case at.old.direct && (!mark.Kept || w.answered[mark.Name]):
			// What changes or is answered needs an object of its own.
			at.old.ref, at.old.direct, at.old.moved = w.allocate(), false, true
			at.old.page.changed = true
			fallthrough
		default:
			at.ref, at.page = at.old.ref, at.old.page
		}
		w.changes = w.changes || at.page.changed || !mark.Kept || at.old == nil
		w.places[mark.Name] = at
		w.order = append(w.order, at)
	}
	return nil
}

// isThere reports whether the file has an answer already, under another name: a
// library keeps what was answered in a file, and not what that answer was called.
func (w *writing) isThere(mark Mark) bool {
	parent := w.file.existing[mark.InReplyTo]
	if mark.InReplyTo == "" || parent == nil || mark.Grouped {
		return false
	}
	for _, one := range parent.page.old {
		if one.entries == nil || one.entries["IRT"] == nil || one == parent {
			continue
		}
		same := func(key, want string) bool { return oneLine(w.file.text(one.entries[key])) == oneLine(want) }
		if mark.IsReview() {
			if same("StateModel", mark.StateModel) && same("State", mark.State) && one.entries["IRT"] == types.Object(parent.ref) {
				return true
			}
			continue
		}
		if same("Contents", mark.Contents) && same("T", mark.Author) {
			return true
		}
	}
	return false
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func (w *writing) allocate() types.IndirectRef {
	w.next++
	return *types.NewIndirectRef(w.next-1, 0)
}

// write puts out every object that is new or changes.
func (w *writing) write() error {
	for _, at := range w.order {
		switch {
		case !at.mark.Kept || at.old == nil:
			if err := w.writeMark(at); err != nil {
				return err
			}
		case at.old.moved:
			if err := w.out.object(at.ref, at.old.entries); err != nil {
				return err
			}
		}
		if len(w.out.data) > MaxSize {
			return ErrTooMuch
		}
	}
	for _, page := range w.file.pages {
		if !page.changed {
			continue
		}
		page.changed = false // it can come twice
		entries := clone(page.entries)
		entries["Annots"] = page.annotations()
		if err := w.out.object(page.ref, entries); err != nil {
			return err
		}
	}
	return nil
}

func (w *writing) writeMark(at *place) error {
	mark := at.mark.Mark
	if mark.Modified.IsZero() {
		mark.Modified = w.at
	}
	parent := w.parent(at)
	// Answers are seen in the list beside the page and not on it.
	answer := parent != nil && !mark.Grouped
	if answer && parent.old == nil {
		mark.Rect = parent.mark.Rect // where its mark is
	}
	entries := describe(mark)
	entries["P"] = at.page.ref
	switch {
	case answer:
		entries["F"] = types.Integer(flagHidden | flagPrint | flagNoZoom | flagNoRotate)
	case mark.Subtype == pdfmark.Text:
		entries["F"] = types.Integer(flagPrint | flagNoZoom | flagNoRotate)
	default:
		entries["F"] = types.Integer(flagPrint)
	}
	switch {
	case parent == nil:
		delete(entries, "StateModel")
		delete(entries, "State")
	case mark.Grouped:
		entries["IRT"], entries["RT"] = parent.ref, types.Name("Group")
	default:
		entries["IRT"], entries["RT"] = parent.ref, types.Name("R")
	}
	if at.old != nil {
		entries = at.old.changedTo(entries)
	}
	if subtype, ok := entries["Subtype"].(types.Name); ok {
		mark.Subtype = pdfmark.Subtype(subtype)
	}
	if _, drawn := entries["AP"]; !drawn && !answer {
		if picture := draw(mark, at.page); picture != nil {
			ref := w.allocate()
			if err := w.out.stream(ref, picture.entries(), picture.content.Bytes()); err != nil {
				return err
			}
			entries["AP"] = types.Dict{"N": ref}
			entries["Rect"] = rectangle(picture.rect)
		}
	}
	if _, known := entries["Popup"]; !known && !answer && mark.Contents != "" && mark.Subtype != pdfmark.FreeText {
		popup := w.allocate()
		entries["Popup"] = popup
		at.page.added = append(at.page.added, popup)
		at.page.changed = true
		if err := w.out.object(popup, types.Dict{
			"Type": types.Name("Annot"), "Subtype": types.Name("Popup"), "Parent": at.ref, "Open": types.Boolean(false),
			"Rect": rectangle(at.page.popup(mark.Rect)), "F": types.Integer(flagPrint | flagNoZoom | flagNoRotate),
		}); err != nil {
			return err
		}
	}
	return w.out.object(at.ref, entries)
}

// parent is what a mark answers, nil when it stands for itself. Both must be on
// one page (ISO 32000-2, table 172).
func (w *writing) parent(at *place) *place {
	name := at.mark.InReplyTo
	if name == "" || name == at.mark.Name {
		return nil
	}
	if parent := w.places[name]; parent != nil {
		if parent.page == at.page {
			return parent
		}
		return nil
	}
	if old := w.file.existing[name]; old != nil && old.page == at.page && !old.direct {
		return &place{page: old.page, ref: old.ref, old: old}
	}
	return nil
}
