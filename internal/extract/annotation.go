package extract

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// Limits of what is taken from a file's annotations. Whoever reads a paper stays
// far below them; what is above is left out.
const (
	MaxAnnotations = 5_000 // of a file

	maxAnnotationText  = 20_000    // code points of what a mark says
	maxAnnotationName  = 500       // code points of an author, a subject, a name
	maxAnnotationBytes = 4 << 20   // all texts of a file
	maxAnnotationShape = 2_000     // quads or strokes of a mark
	maxStrokePoints    = 20_000    // of one stroke
	maxShapeNumbers    = 600_000   // coordinates of a file
	maxPageEntries     = 10_000    // entries of a page's list, marks or not
	maxFileEntries     = 200_000   // of a file
	longestContents    = 1_000_000 // bytes that are fetched of one text
)

// markSubtypes are PDFium's numbers (fpdf_annot.h) for what is a mark.
var markSubtypes = map[int]pdfmark.Subtype{
	1: pdfmark.Text, 3: pdfmark.FreeText, 4: pdfmark.Line, 5: pdfmark.Square, 6: pdfmark.Circle,
	7: pdfmark.Polygon, 8: pdfmark.PolyLine, 9: pdfmark.Highlight, 10: pdfmark.Underline,
	11: pdfmark.Squiggly, 12: pdfmark.StrikeOut, 13: pdfmark.Stamp, 14: pdfmark.Caret, 15: pdfmark.Ink,
	17: pdfmark.FileAttachment,
}

// Annotation flags (ISO 32000-2, table 167).
const (
	flagHidden = 1 << 1
	flagNoView = 1 << 5
)

// annotations collects a file's marks.
type annotations struct {
	marks   []pdfmark.Mark
	entry   []int // of each mark, its place in its page's list
	names   map[string]bool
	entries int
	bytes   int
	numbers int
	// changedFirst says that page 1 no longer draws as the file has it; see
	// color.
	changedFirst bool
}

func newAnnotations() *annotations { return &annotations{names: map[string]bool{}} }

// add takes the marks of a page whose visible part is box, turned clockwise by
// rotation degrees. links of its annotations are known to be no marks.
func (a *annotations) add(p *page, index int, box pagetext.Rect, rotation, links int) {
	g := p.document.guest
	count := min(g.number("FPDFPage_GetAnnotCount", p.handle), maxPageEntries)
	if count <= 0 || box.Width() <= 0 || box.Height() <= 0 {
		return
	}
	if count == links {
		a.entries += count
		return
	}
	// What a reply answers is a place in the page's list until all have names.
	first, places, parents := len(a.marks), map[int]int{}, map[int]int{}
	for entry := range count {
		if a.entries++; a.entries > maxFileEntries || len(a.marks) >= MaxAnnotations || a.bytes > maxAnnotationBytes || a.numbers > maxShapeNumbers {
			break
		}
		handle := g.call("FPDFPage_GetAnnot", p.handle, uint64(entry))
		if handle == 0 {
			continue
		}
		reader := annotationReader{page: p, handle: handle, box: box, rotation: rotation}
		if mark, parent, ok := a.read(&reader, index, entry); ok {
			places[entry] = len(a.marks)
			if parent >= 0 {
				parents[len(a.marks)] = parent
			}
			a.marks = append(a.marks, mark)
			a.entry = append(a.entry, entry)
		}
		g.call("FPDFPage_CloseAnnot", handle)
	}
	a.connect(first, places, parents)
}

// take takes the marks of a page that were read by themselves, as add would have
// taken them. entry has each one's place in the page's list.
func (a *annotations) take(index int, marks []pdfmark.Mark, entry []int) {
	renamed := map[string]string{}
	first := len(a.marks)
	for i, mark := range marks {
		if len(a.marks) >= MaxAnnotations || a.bytes > maxAnnotationBytes || a.numbers > maxShapeNumbers {
			break
		}
		if a.names[mark.Name] {
			name := "@" + strconv.Itoa(index+1) + "." + strconv.Itoa(entry[i])
			if a.names[name] {
				continue
			}
			renamed[mark.Name] = name
			mark.Name = name
		}
		a.names[mark.Name] = true
		a.count(&mark)
		a.marks = append(a.marks, mark)
		a.entry = append(a.entry, entry[i])
	}
	here := map[string]bool{}
	for i := first; i < len(a.marks); i++ {
		here[a.marks[i].Name] = true
	}
	for i := first; i < len(a.marks); i++ {
		mark := &a.marks[i]
		if name, ok := renamed[mark.InReplyTo]; ok {
			mark.InReplyTo = name
		}
		// What it answers may have been left out.
		if !here[mark.InReplyTo] {
			mark.InReplyTo, mark.Grouped = "", false
		}
	}
}

// count adds a mark to what the file's marks take together.
func (a *annotations) count(mark *pdfmark.Mark) {
	a.bytes += len(mark.Contents) + len(mark.Author) + len(mark.Subject) + len(mark.Name) + len(mark.State) + len(mark.StateModel)
	a.numbers += 8 * len(mark.Quads)
	for _, path := range mark.Paths {
		a.numbers += len(path)
	}
}

// read makes a mark of an entry. parent is the place of what it answers, -1 for
// nothing.
func (a *annotations) read(r *annotationReader, index, entry int) (mark pdfmark.Mark, parent int, ok bool) {
	g := r.page.document.guest
	subtype, ok := markSubtypes[g.number("FPDFAnnot_GetSubtype", r.handle)]
	if !ok {
		return mark, 0, false
	}
	mark = pdfmark.Mark{
		Page:       index + 1,
		Subtype:    subtype,
		Contents:   r.contents(),
		Author:     r.line("T"),
		Subject:    r.line("Subj"),
		Created:    r.date("CreationDate"),
		Modified:   r.date("M"),
		Opacity:    r.opacity(),
		Name:       r.line("NM"),
		StateModel: r.line("StateModel"),
		State:      r.line("State"),
		Hidden:     g.number("FPDFAnnot_GetFlags", r.handle)&(flagHidden|flagNoView) != 0,
	}
	if !r.shape(&mark) {
		return mark, 0, false
	}
	var changed bool
	mark.Color, changed = r.color()
	a.changedFirst = a.changedFirst || changed && index == 0
	if mark.Name == "" || a.names[mark.Name] {
		mark.Name = "@" + strconv.Itoa(index+1) + "." + strconv.Itoa(entry)
	}
	if a.names[mark.Name] {
		return mark, 0, false // the file gave another one this very name
	}
	a.names[mark.Name] = true
	parent = r.linked("IRT")
	mark.Grouped = parent >= 0 && r.line("RT") == "Group"
	a.count(&mark)
	return mark, parent, g.err == nil
}

// connect gives replies the names of what they answer. An answer to what is no
// mark, or to itself over others, stands for itself.
func (a *annotations) connect(first int, places, parents map[int]int) {
	for child, entry := range parents {
		at, ok := places[entry]
		if !ok || at == child {
			continue
		}
		ring := false
		for next, steps := at, 0; !ring; steps++ {
			up, ok := parents[next]
			if !ok {
				break
			}
			next, ok = places[up]
			if !ok {
				break
			}
			ring = next == child || steps > len(a.marks)-first
		}
		if !ring {
			a.marks[child].InReplyTo = a.marks[at].Name
			// Answers are hidden on the page by most programs, not in the thread.
			a.marks[child].Hidden = a.marks[child].Hidden && a.marks[child].Grouped
		}
	}
	for i := first; i < len(a.marks); i++ {
		a.marks[i].Grouped = a.marks[i].Grouped && a.marks[i].InReplyTo != ""
	}
}

// annotationReader asks PDFium about one annotation.
type annotationReader struct {
	page   *page
	handle uint64
	box    pagetext.Rect // of the page; nothing reaches beyond it

	rotation int // of the page
}

// text is an entry of the annotation's dictionary, cut to most code points.
func (r *annotationReader) text(key string, most int) string {
	g := r.page.document.guest
	var text string
	g.withText(key, func(pointer uint32) {
		text = g.boundedText(longestContents, func(buffer, length uint64) uint64 {
			return g.call("FPDFAnnot_GetStringValue", r.handle, uint64(pointer), buffer, length)
		})
	})
	return strings.TrimSpace(cut(text, most))
}

func (r *annotationReader) line(key string) string { return oneLine(r.text(key, maxAnnotationName)) }

func (r *annotationReader) date(key string) time.Time {
	t, _ := pdfmark.ParseDate(r.line(key))
	return t
}

// contents is what the mark says: its plain text, or what is left of the rich
// text where a program wrote that alone.
func (r *annotationReader) contents() string {
	lines := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	if text := lines.Replace(r.text("Contents", maxAnnotationText)); text != "" {
		return text
	}
	return cut(withoutTags(lines.Replace(r.text("RC", longestContents))), maxAnnotationText)
}

// withoutTags takes the tags off rich text (XHTML; ISO 32000-2, 12.7.3.4).
func withoutTags(rich string) string {
	if rich == "" {
		return ""
	}
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(rich))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(cleanText(out.String()))
		case html.TextToken:
			out.Write(tokens.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			if name, _ := tokens.TagName(); out.Len() > 0 && (string(name) == "p" || string(name) == "br" || string(name) == "li") {
				out.WriteByte('\n')
			}
		case html.EndTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
}

func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for i := range text {
		if most--; most < 0 {
			return text[:i]
		}
	}
	return text
}

// linked is the place in the page's list of the annotation that key leads to, or
// -1.
func (r *annotationReader) linked(key string) int {
	g := r.page.document.guest
	place := -1
	g.withText(key, func(pointer uint32) {
		handle := g.call("FPDFAnnot_GetLinkedAnnot", r.handle, uint64(pointer))
		if handle == 0 {
			return
		}
		place = g.number("FPDFPage_GetAnnotIndex", r.page.handle, handle)
		g.call("FPDFPage_CloseAnnot", handle)
	})
	return place
}

func (r *annotationReader) opacity() float32 {
	g := r.page.document.guest
	opacity := []float32{1}
	g.withText("CA", func(pointer uint32) {
		if g.number("FPDFAnnot_GetNumberValue", r.handle, uint64(pointer), uint64(g.scratch)) != 0 {
			g.floats(g.scratch, opacity)
		}
	})
	if !(opacity[0] >= 0 && opacity[0] <= 1) { // so that it holds for NaN too
		return 1
	}
	return opacity[0]
}

// color tells the annotation's colour. PDFium keeps it to itself while the
// annotation has an appearance, so that is taken away, in memory; changed tells
// so, because the page then is drawn without it.
func (r *annotationReader) color() (color [3]float32, changed bool) {
	g := r.page.document.guest
	get := func() bool {
		parts := uint64(g.scratch)
		return g.number("FPDFAnnot_GetColor", r.handle, 0, parts, parts+4, parts+8, parts+12) != 0
	}
	if !get() {
		changed = true
		if g.call("FPDFAnnot_SetAP", r.handle, 0, 0); !get() {
			return color, changed
		}
	}
	data := g.bytes(g.scratch, 16)
	for i := range color {
		if data != nil {
			color[i] = float32(data[4*i]) / 255
		}
	}
	return color, changed
}

// shape reads where the mark is. ok is false for a mark that is nowhere.
func (r *annotationReader) shape(mark *pdfmark.Mark) (ok bool) {
	g := r.page.document.guest
	if g.number("FPDFAnnot_GetRect", r.handle, uint64(g.scratch)) == 0 {
		return false
	}
	var edges [4]float32 // left, top, right, bottom
	g.floats(g.scratch, edges[:])
	for _, edge := range edges {
		if !finite(edge) {
			return false
		}
	}
	mark.Rect = orderedRect(edges[0], edges[3], edges[2], edges[1])
	if mark.Subtype == pdfmark.Text {
		mark.Rect = pdfmark.NoteShown(mark.Rect, r.rotation)
	}
	mark.Rect = inside(mark.Rect, r.box)
	switch mark.Subtype {
	case pdfmark.Highlight, pdfmark.Underline, pdfmark.Squiggly, pdfmark.StrikeOut:
		mark.Quads = r.quads()
		if len(mark.Quads) == 0 {
			// Some programs leave them out.
			quad, ok := pdfmark.NormalQuad(pdfmark.QuadOf(mark.Rect))
			if !ok {
				return false
			}
			mark.Quads = [][8]float32{quad}
		}
	case pdfmark.Ink:
		count := min(g.number("FPDFAnnot_GetInkListCount", r.handle), maxAnnotationShape)
		for i := range max(count, 0) {
			path := r.points(func(buffer, length uint64) uint64 {
				return g.call("FPDFAnnot_GetInkListPath", r.handle, uint64(i), buffer, length)
			})
			if len(path) > 0 {
				mark.Paths = append(mark.Paths, path)
			}
		}
		return len(mark.Paths) > 0
	case pdfmark.Polygon, pdfmark.PolyLine:
		path := r.points(func(buffer, length uint64) uint64 {
			return g.call("FPDFAnnot_GetVertices", r.handle, buffer, length)
		})
		if len(path) > 0 {
			mark.Paths = [][]float32{path}
		}
	case pdfmark.Line:
		if g.number("FPDFAnnot_GetLine", r.handle, uint64(g.scratch), uint64(g.scratch)+8) != 0 {
			var ends [4]float32
			g.floats(g.scratch, ends[:])
			if path := r.onPage(ends[:]); len(path) > 0 {
				mark.Paths = [][]float32{path}
			}
		}
	default:
	}
	return true
}

func (r *annotationReader) quads() [][8]float32 {
	g := r.page.document.guest
	count := min(int(uint32(g.call("FPDFAnnot_CountAttachmentPoints", r.handle))), maxAnnotationShape) //nolint:gosec // size_t has 32 bits there
	var quads [][8]float32
	for i := range count {
		if g.number("FPDFAnnot_GetAttachmentPoints", r.handle, uint64(i), uint64(g.scratch)) == 0 {
			break
		}
		var quad [8]float32
		g.floats(g.scratch, quad[:])
		if r.onPage(quad[:]) == nil {
			continue
		}
		if quad, ok := pdfmark.NormalQuad(quad); ok {
			quads = append(quads, quad)
		}
	}
	return quads
}

// points reads a list of points that PDFium gives in the usual way: it fills a
// buffer and returns the points that it has.
func (r *annotationReader) points(fill func(buffer, length uint64) uint64) []float32 {
	g := r.page.document.guest
	count := int(uint32(fill(0, 0))) //nolint:gosec // unsigned long has 32 bits there
	if count == 0 || count > maxStrokePoints || g.err != nil {
		return nil
	}
	pointer := g.allocate(8 * count)
	if g.err != nil {
		return nil
	}
	defer g.free(pointer)
	fill(uint64(pointer), uint64(count))
	path := make([]float32, 2*count)
	g.floats(pointer, path)
	return r.onPage(path)
}

// onPage moves points to the page, in place, and gives nil when one is no point.
func (r *annotationReader) onPage(points []float32) []float32 {
	for i, v := range points {
		if !finite(v) {
			return nil
		}
		points[i] = min(max(v, r.box[i%2]), r.box[2+i%2])
	}
	return points
}

// inside is the part of rect in box, and the nearest place in it for what is
// wholly outside: a note that slipped off the page is still a note.
func inside(rect, box pagetext.Rect) pagetext.Rect {
	for i, v := range rect {
		rect[i] = min(max(v, box[i%2]), box[2+i%2])
	}
	return rect
}

// validMarks reports whether marks are what the child may send: a child that a
// document got hold of must not be able to hand on places or names that break
// those who use them. boxes are those of the pages.
func validMarks(marks []pdfmark.Mark, boxes []pagetext.Rect) bool {
	if len(marks) > MaxAnnotations {
		return false
	}
	parents := make(map[string]string, len(marks))
	for _, mark := range marks {
		if _, twice := parents[mark.Name]; twice || mark.Name == "" || !validMark(mark, boxes) {
			return false
		}
		parents[mark.Name] = mark.InReplyTo
	}
	for name, parent := range parents {
		// Every way up ends at a mark that answers nothing.
		for steps := 0; parent != ""; steps++ {
			next, ok := parents[parent]
			if !ok || parent == name || steps > len(marks) {
				return false
			}
			parent = next
		}
	}
	return true
}

func validMark(mark pdfmark.Mark, boxes []pagetext.Rect) bool {
	if mark.Page < 1 || mark.Page > len(boxes) || !knownSubtype(mark.Subtype) || mark.Subtype.OnText() != (len(mark.Quads) > 0) {
		return false
	}
	if utf8.RuneCountInString(mark.Contents) > maxAnnotationText || strings.ContainsRune(mark.Contents, 0) {
		return false
	}
	for _, text := range []string{mark.Author, mark.Subject, mark.Name, mark.StateModel, mark.State} {
		if utf8.RuneCountInString(text) > maxAnnotationName || strings.ContainsRune(text, 0) {
			return false
		}
	}
	for _, part := range append(mark.Color[:], mark.Opacity) {
		if !(part >= 0 && part <= 1) {
			return false
		}
	}
	box := boxes[mark.Page-1]
	within := func(numbers []float32) bool {
		for i, v := range numbers {
			if !(v >= box[i%2] && v <= box[2+i%2]) {
				return false
			}
		}
		return len(numbers)%2 == 0
	}
	if !within(mark.Rect[:]) || mark.Rect[0] > mark.Rect[2] || mark.Rect[1] > mark.Rect[3] {
		return false
	}
	for _, quad := range mark.Quads {
		if !within(quad[:]) {
			return false
		}
	}
	for _, path := range mark.Paths {
		if !within(path) {
			return false
		}
	}
	return true
}

func knownSubtype(subtype pdfmark.Subtype) bool {
	for _, known := range markSubtypes {
		if known == subtype {
			return true
		}
	}
	return false
}
