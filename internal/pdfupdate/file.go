package pdfupdate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// source is the file as it is.
type source struct {
	file   io.ReadSeeker
	size   int64
	pdf    *model.Context
	cipher *cipher
	next   int // the first object number that is free

	pages    []*page
	byRef    map[types.IndirectRef]*page
	existing map[string]*existing // by name, as package extract gives names
}

// page is one page of the file. One that the tree names twice is both.
type page struct {
	ref      types.IndirectRef
	entries  types.Dict
	box      pagetext.Rect // the visible part
	rotation int           // degrees clockwise: 0, 90, 180, 270

	old     []*existing // what its list of annotations has
	added   []types.IndirectRef
	changed bool
}

// existing is an entry of a page's list of annotations.
type existing struct {
	page    *page
	object  types.Object // the entry as it stands in the list
	ref     types.IndirectRef
	direct  bool       // it has no object of its own
	entries types.Dict // nil for an entry that is no dictionary
	moved   bool       // it gets an object of its own
	removed bool
}

const (
	maxPages = 100_000
	maxDepth = 100 // of the tree of pages
)

func init() {
	// Otherwise pdfcpu makes a folder with settings in the user's home.
	model.ConfigPath = "disable"
}

func open(file io.ReadSeeker, size int64, password string) (*source, error) {
	configuration := model.NewDefaultConfiguration()
	configuration.ValidationMode = model.ValidationRelaxed
	configuration.Offline = true
	configuration.UserPW, configuration.OwnerPW = password, password
	pdf, err := pdfcpu.Read(file, configuration)
	if err != nil {
		if errors.Is(err, pdfcpu.ErrWrongPassword) {
			return nil, fmt.Errorf("%w: %w", ErrPassword, err)
		}
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	s := &source{file: file, size: size, pdf: pdf, next: pdf.MaxObjNr + 1, byRef: map[types.IndirectRef]*page{}, existing: map[string]*existing{}}
	for number := range pdf.Table {
		s.next = max(s.next, number+1)
	}
	if s.cipher, err = newCipher(pdf); err != nil {
		return nil, err
	}
	if err := s.findPages(); err != nil {
		return nil, err
	}
	s.findAnnotations()
	return s, nil
}

// inherited are the attributes that a page takes from the nodes above it.
type inherited struct {
	media, crop types.Object
	rotate      types.Object
}

func (s *source) findPages() error {
	if s.pdf.Root == nil {
		return fmt.Errorf("%w: no catalog", ErrDamaged)
	}
	catalog, err := s.dict(*s.pdf.Root)
	if err != nil {
		return err
	}
	root, ok := catalog["Pages"].(types.IndirectRef)
	if !ok {
		return fmt.Errorf("%w: no pages", ErrDamaged)
	}
	return s.node(root, inherited{}, map[int]bool{}, 0)
}

func (s *source) node(ref types.IndirectRef, above inherited, path map[int]bool, depth int) error {
	number := ref.ObjectNumber.Value()
	if path[number] || depth > maxDepth {
		return fmt.Errorf("%w: its pages form a ring", ErrDamaged)
	}
	entries, err := s.dict(ref)
	if err != nil {
		return err
	}
	for key, value := range map[string]*types.Object{"MediaBox": &above.media, "CropBox": &above.crop, "Rotate": &above.rotate} {
		if own, ok := entries[key]; ok {
			*value = own
		}
	}
	kids, isNode := entries["Kids"]
	if !isNode {
		if len(s.pages) >= maxPages {
			return fmt.Errorf("%w: more than %d pages", ErrPages, maxPages)
		}
		s.pages = append(s.pages, s.page(ref, entries, above))
		return nil
	}
	path[number] = true
	defer delete(path, number)
	list, err := s.array(kids)
	if err != nil {
		return err
	}
	for _, kid := range list {
		if ref, ok := kid.(types.IndirectRef); ok {
			if err := s.node(ref, above, path, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *source) page(ref types.IndirectRef, entries types.Dict, attributes inherited) *page {
	if known := s.byRef[ref]; known != nil {
		return known
	}
	p := &page{ref: ref, entries: entries, box: pagetext.Rect{0, 0, 612, 792}}
	s.byRef[ref] = p
	if media, ok := s.rectangle(attributes.media); ok {
		p.box = media
	}
	if crop, ok := s.rectangle(attributes.crop); ok {
		if common := (pagetext.Rect{
			max(crop[0], p.box[0]), max(crop[1], p.box[1]), min(crop[2], p.box[2]), min(crop[3], p.box[3]),
		}); common.Width() > 0 && common.Height() > 0 {
			p.box = common
		}
	}
	if rotate, err := s.pdf.Dereference(attributes.rotate); err == nil {
		if degrees, ok := rotate.(types.Integer); ok && degrees%90 == 0 {
			p.rotation = (int(degrees)%360 + 360) % 360
		}
	}
	return p
}

// findAnnotations lists what the pages have.
func (s *source) findAnnotations() {
	seen := map[*page]bool{}
	for index, p := range s.pages {
		if seen[p] {
			continue
		}
		seen[p] = true
		list, err := s.array(p.entries["Annots"])
		if err != nil {
			continue
		}
		for entry, object := range list {
			one := &existing{page: p, object: object}
			p.old = append(p.old, one)
			if ref, ok := object.(types.IndirectRef); ok {
				one.ref = ref
			} else {
				one.direct = true
			}
			if value, err := s.pdf.Dereference(object); err == nil {
				one.entries, _ = value.(types.Dict)
			}
			if one.entries == nil {
				continue
			}
			s.existing["@"+strconv.Itoa(index+1)+"."+strconv.Itoa(entry)] = one
			if name := oneLine(s.text(one.entries["NM"])); name != "" && s.existing[name] == nil {
				s.existing[name] = one
			}
		}
	}
}

// annotations is the page's list with what is new.
func (p *page) annotations() types.Array {
	list := types.Array{}
	for _, one := range p.old {
		switch {
		case one.removed:
		case one.entries != nil && !one.direct:
			list = append(list, one.ref)
		default:
			list = append(list, one.object)
		}
	}
	for _, ref := range p.added {
		list = append(list, ref)
	}
	return list
}

// popup is a place for a mark's text, at the right edge of the page.
func (p *page) popup(mark pagetext.Rect) pagetext.Rect {
	const width, height = 180, 120
	right, top := p.box[2], min(mark[3], p.box[3])
	return pagetext.Rect{max(right-width, p.box[0]), max(top-height, p.box[1]), right, top}
}

// changedTo is the entry as a mark that replaces it wants it. What the file knows
// about it besides stays.
func (e *existing) changedTo(wanted types.Dict) types.Dict {
	entries := clone(e.entries)
	delete(entries, "RC")
	old, _ := entries["Subtype"].(types.Name)
	now, _ := wanted["Subtype"].(types.Name)
	if old != now && (!isOnText(old) || !isOnText(now)) {
		// A circle that is an area here stays a circle there.
		for _, key := range []string{"Contents", "Subj", "M", "C"} {
			if value, ok := wanted[key]; ok {
				entries[key] = value
			}
		}
		return entries
	}
	for _, key := range []string{"AP", "AS", "BS", "BE", "RD", "Contents"} {
		delete(entries, key)
	}
	stays := map[string]bool{"F": true, "NM": true, "CreationDate": true, "Subtype": old == "Squiggly" || old == "StrikeOut"}
	for key, value := range wanted {
		if _, ok := entries[key]; !ok || !stays[key] {
			entries[key] = value
		}
	}
	return entries
}

func isOnText(subtype types.Name) bool {
	switch subtype {
	case "Highlight", "Underline", "Squiggly", "StrikeOut":
		return true
	}
	return false
}

func (s *source) dict(object types.Object) (types.Dict, error) {
	value, err := s.pdf.Dereference(object)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	entries, ok := value.(types.Dict)
	if !ok {
		return nil, fmt.Errorf("%w: a dictionary is missing", ErrDamaged)
	}
	return entries, nil
}

func (s *source) array(object types.Object) (types.Array, error) {
	value, err := s.pdf.Dereference(object)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	list, ok := value.(types.Array)
	if !ok {
		return nil, fmt.Errorf("%w: a list is missing", ErrDamaged)
	}
	return list, nil
}

func (s *source) rectangle(object types.Object) (pagetext.Rect, bool) {
	list, err := s.array(object)
	if err != nil || len(list) < 4 {
		return pagetext.Rect{}, false
	}
	var r pagetext.Rect
	for i := range r {
		value, err := s.pdf.Dereference(list[i])
		if err != nil {
			return r, false
		}
		switch number := value.(type) {
		case types.Integer:
			r[i] = float32(number)
		case types.Float:
			r[i] = float32(number)
		default:
			return r, false
		}
	}
	r = pagetext.Rect{min(r[0], r[2]), min(r[1], r[3]), max(r[0], r[2]), max(r[1], r[3])}
	return r, r.Width() > 0 && r.Height() > 0
}

// text is a text string of the file.
func (s *source) text(object types.Object) string {
	value, err := s.pdf.Dereference(object)
	if err != nil {
		return ""
	}
	data, ok := stringBytes(value)
	if !ok {
		return ""
	}
	return decodeText(data)
}

// bytesAt reads up to length bytes of the file.
func (s *source) bytesAt(offset int64, length int) []byte {
	if offset < 0 || offset >= s.size {
		return nil
	}
	if _, err := s.file.Seek(offset, io.SeekStart); err != nil {
		return nil
	}
	var out bytes.Buffer
	_, _ = io.CopyN(&out, s.file, int64(length))
	return out.Bytes()
}
