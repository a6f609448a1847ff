package extracttest

import (
	"bytes"
	"fmt"
	"strings"
)

// PDF is a file with one page for each argument, in Helvetica 12 on US Letter,
// a line of text for each line of the argument. Characters outside Windows-1252
// become "?".
func PDF(pages ...string) []byte {
	document := Document{}
	for _, text := range pages {
		document.Pages = append(document.Pages, TextPage(text))
	}
	return document.Bytes()
}

// Document describes a file to write. The zero value has no pages, which is a
// valid file and a document that cannot be read.
type Document struct {
	Pages []Page
	// Info is the document information: Title, Author, CreationDate …
	Info map[string]string
	// XMP is the metadata packet as it is to stand in the file; empty for none.
	XMP string
	// Outline entries, flat; a Level deeper than the one before makes a child.
	Outline []OutlineItem
	// Labels names the first pages, as "i", "ii"; pages past its end have none.
	Labels []string
	// UserPassword encrypts the file (40-bit RC4, revision 2). A reader must
	// give it to open the file.
	UserPassword string
	// OwnerPassword encrypts the file too; alone, everybody can open it.
	// Default: UserPassword.
	OwnerPassword string
	// Pad grows the file by a stream that nothing uses, in bytes.
	Pad int
}

// Page is one page.
type Page struct {
	Texts []Text
	// MediaBox in points; zero means US Letter, 0 0 612 792.
	MediaBox [4]float64
	// CropBox in points; zero leaves it out.
	CropBox [4]float64
	// Rotate in degrees clockwise.
	Rotate int
	// Content is put after the texts as it is: PDF operators.
	Content string
	// Form is the content of a form XObject that Content can paint, as /X1 Do.
	Form string
	// Annotations are the entries of annotation dictionaries, as they stand
	// between << and >>. {0} is a reference to the first of them, {1} to the
	// second …, and {appearance} one to a drawing that fills its box with red.
	Annotations []string
}

// Text is a run of text with its baseline beginning at X, Y, turned
// anticlockwise by Angle degrees (0, 90, 180 or 270).
type Text struct {
	X, Y  float64
	Size  float64 // points; 0 means 12
	Angle int
	Text  string
}

// OutlineItem is an entry of the outline.
type OutlineItem struct {
	Title string
	Page  int // from 1
	Level int // from 0
}

// TextPage is a US Letter page with text from one inch below the top, 12 points
// high, a line every 14 points.
func TextPage(text string) Page {
	page := Page{}
	for i, line := range strings.Split(text, "\n") {
		if line != "" {
			page.Texts = append(page.Texts, Text{X: 72, Y: 720 - 14*float64(i), Text: line})
		}
	}
	return page
}

// Bytes is the file.
func (d Document) Bytes() []byte {
	w := newWriter(d.UserPassword, d.OwnerPassword)
	catalog, pages, font := w.reserve(), w.reserve(), w.reserve()

	w.object(font, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
	kids := make([]int, len(d.Pages))
	for i, page := range d.Pages {
		kids[i] = w.page(page, pages, font)
	}
	w.object(pages, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), references(kids)))

	var root strings.Builder
	fmt.Fprintf(&root, "<</Type/Catalog/Pages %s", reference(pages))
	if len(d.Outline) > 0 {
		fmt.Fprintf(&root, "/Outlines %s", reference(w.outline(d.Outline, kids)))
	}
	if len(d.Labels) > 0 {
		root.WriteString("/PageLabels<</Nums[")
		for i, label := range d.Labels {
			fmt.Fprintf(&root, "%d<</P%s>>", i, w.text(catalog, label))
		}
		fmt.Fprintf(&root, "%d<<>>]>>", len(d.Labels))
	}
	if d.XMP != "" {
		metadata := w.reserve()
		w.stream(metadata, "/Type/Metadata/Subtype/XML", []byte(d.XMP))
		fmt.Fprintf(&root, "/Metadata %s", reference(metadata))
	}
	root.WriteString(">>")
	w.object(catalog, root.String())

	if d.Pad > 0 {
		w.stream(w.reserve(), "", bytes.Repeat([]byte("padding "), d.Pad/8+1)[:d.Pad])
	}
	info := 0
	if len(d.Info) > 0 {
		info = w.reserve()
		w.object(info, w.dictionary(info, d.Info))
	}
	return w.finish(catalog, info)
}
