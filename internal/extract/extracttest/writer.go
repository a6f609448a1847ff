package extracttest

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf16"
)

// writer collects numbered objects and their offsets.
type writer struct {
	out     bytes.Buffer
	offsets []int // by object number; [0] is the free list's head
	cipher  *cipher
}

func newWriter(user, owner string) *writer {
	w := &writer{offsets: make([]int, 1)}
	// The comment with high bytes tells transfer programs that this is binary.
	w.out.WriteString("%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")
	if user != "" || owner != "" {
		w.cipher = newCipher(user, cmp.Or(owner, user))
	}
	return w
}

func (w *writer) reserve() int {
	w.offsets = append(w.offsets, 0)
	return len(w.offsets) - 1
}

func (w *writer) object(number int, body string) {
	w.offsets[number] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n%s\nendobj\n", number, body)
}

func (w *writer) stream(number int, entries string, data []byte) {
	data = w.encrypt(number, data)
	w.offsets[number] = w.out.Len()
	fmt.Fprintf(&w.out, "%d 0 obj\n<<%s/Length %d>>\nstream\n", number, entries, len(data))
	w.out.Write(data)
	w.out.WriteString("\nendstream\nendobj\n")
}

// text is a text string inside the object of that number, in UTF-16 so that
// any text can be written.
func (w *writer) text(number int, text string) string {
	encoded := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(text)) {
		encoded = append(encoded, byte(unit>>8), byte(unit))
	}
	return fmt.Sprintf("<%x>", w.encrypt(number, encoded))
}

func (w *writer) dictionary(number int, entries map[string]string) string {
	var out strings.Builder
	out.WriteString("<<")
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		fmt.Fprintf(&out, "/%s%s", key, w.text(number, entries[key]))
	}
	out.WriteString(">>")
	return out.String()
}

func (w *writer) encrypt(number int, data []byte) []byte {
	if w.cipher == nil {
		return data
	}
	return w.cipher.encrypt(number, data)
}

func (w *writer) page(page Page, parent, font int) int {
	var content strings.Builder
	for _, text := range page.Texts {
		size := text.Size
		if size == 0 {
			size = 12
		}
		sin, cos := math.Sincos(float64(text.Angle) * math.Pi / 180)
		fmt.Fprintf(&content, "BT /F1 %g Tf %.0f %.0f %.0f %.0f %g %g Tm <%x> Tj ET\n",
			size, cos, sin, -sin, cos, text.X, text.Y, windows1252(text.Text))
	}
	content.WriteString(page.Content)
	contents := w.reserve()
	w.stream(contents, "", []byte(content.String()))

	media := page.MediaBox
	if media == ([4]float64{}) {
		media = [4]float64{0, 0, 612, 792}
	}
	entries := fmt.Sprintf("/MediaBox[%g %g %g %g]", media[0], media[1], media[2], media[3])
	if crop := page.CropBox; crop != ([4]float64{}) {
		entries += fmt.Sprintf("/CropBox[%g %g %g %g]", crop[0], crop[1], crop[2], crop[3])
	}
	if page.Rotate != 0 {
		entries += fmt.Sprintf("/Rotate %d", page.Rotate)
	}
	if len(page.Annotations) > 0 {
		numbers := make([]int, len(page.Annotations))
		red := w.reserve()
		w.stream(red, "/Type/XObject/Subtype/Form/BBox[0 0 1 1]", []byte("1 0 0 rg 0 0 1 1 re f"))
		places := []string{"{appearance}", reference(red)}
		for i := range numbers {
			numbers[i] = w.reserve()
			places = append(places, fmt.Sprintf("{%d}", i), reference(numbers[i]))
		}
		for i, body := range page.Annotations {
			w.object(numbers[i], "<</Type/Annot"+strings.NewReplacer(places...).Replace(body)+">>")
		}
		entries += fmt.Sprintf("/Annots[%s]", references(numbers))
	}
	resources := fmt.Sprintf("/Font<</F1 %s>>", reference(font))
	if page.Form != "" {
		form := w.reserve()
		w.stream(form, "/Type/XObject/Subtype/Form/BBox[0 0 1 1]", []byte(page.Form))
		resources += fmt.Sprintf("/XObject<</X1 %s>>", reference(form))
	}
	number := w.reserve()
	w.object(number, fmt.Sprintf("<</Type/Page/Parent %s%s/Resources<<%s>>/Contents %s>>",
		reference(parent), entries, resources, reference(contents)))
	return number
}

// outline writes the entries as a tree of linked lists and returns its root.
func (w *writer) outline(items []OutlineItem, pages []int) int {
	root := w.reserve()
	numbers := make([]int, len(items))
	for i := range items {
		numbers[i] = w.reserve()
	}
	// Who stands under whom: the parent is the last one before with a lower level.
	children := map[int][]int{} // parent's index, -1 for the root → indexes
	parents := make([]int, len(items))
	for i, item := range items {
		parents[i] = -1
		for j := i - 1; j >= 0; j-- {
			if items[j].Level < item.Level {
				parents[i] = j
				break
			}
		}
		children[parents[i]] = append(children[parents[i]], i)
	}
	family := func(index int) string {
		kids := children[index]
		if len(kids) == 0 {
			return ""
		}
		return fmt.Sprintf("/First %s/Last %s/Count %d",
			reference(numbers[kids[0]]), reference(numbers[kids[len(kids)-1]]), len(kids))
	}
	w.object(root, fmt.Sprintf("<</Type/Outlines%s>>", family(-1)))
	for i, item := range items {
		parent := root
		if parents[i] >= 0 {
			parent = numbers[parents[i]]
		}
		entry := fmt.Sprintf("<</Title%s/Parent %s%s", w.text(numbers[i], item.Title), reference(parent), family(i))
		siblings := children[parents[i]]
		at := slices.Index(siblings, i)
		if at > 0 {
			entry += "/Prev " + reference(numbers[siblings[at-1]])
		}
		if at < len(siblings)-1 {
			entry += "/Next " + reference(numbers[siblings[at+1]])
		}
		if item.Page >= 1 && item.Page <= len(pages) {
			entry += fmt.Sprintf("/Dest[%s/Fit]", reference(pages[item.Page-1]))
		}
		w.object(numbers[i], entry+">>")
	}
	return root
}

func (w *writer) finish(catalog, info int) []byte {
	trailer := fmt.Sprintf("/Size %d/Root %s", len(w.offsets), reference(catalog))
	if info != 0 {
		trailer += "/Info " + reference(info)
	}
	if w.cipher != nil {
		number := w.reserve()
		w.object(number, w.cipher.dictionary())
		trailer = fmt.Sprintf("/Size %d/Root %s/Encrypt %s/ID[<%x><%x>]",
			len(w.offsets), reference(catalog), reference(number), fileID, fileID)
		if info != 0 {
			trailer += "/Info " + reference(info)
		}
	}
	start := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets))
	for _, offset := range w.offsets[1:] {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&w.out, "trailer\n<<%s>>\nstartxref\n%d\n%%%%EOF\n", trailer, start)
	return w.out.Bytes()
}

func reference(number int) string { return fmt.Sprintf(" %d 0 R", number) }

func references(numbers []int) string {
	var out strings.Builder
	for _, number := range numbers {
		out.WriteString(reference(number))
	}
	return out.String()
}

// windows1252 covers what Latin text in a test needs.
func windows1252(text string) []byte {
	special := map[rune]byte{
		'€': 0x80, '…': 0x85, 'Š': 0x8a, 'Œ': 0x8c, 'Ž': 0x8e, '‘': 0x91, '’': 0x92, '“': 0x93,
		'”': 0x94, '•': 0x95, '–': 0x96, '—': 0x97, 'š': 0x9a, 'œ': 0x9c, 'ž': 0x9e, 'Ÿ': 0x9f,
	}
	out := make([]byte, 0, len(text))
	for _, r := range text {
		switch b, ok := special[r]; {
		case ok:
			out = append(out, b)
		case r < 0x80, 0xa0 <= r && r <= 0xff:
			out = append(out, byte(r))
		default:
			out = append(out, '?')
		}
	}
	return out
}
