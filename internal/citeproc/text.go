package citeproc

import (
	"html"
	"slices"
	"strings"
)

// Text is formatted text: runs that follow each other.
type Text []Run

// Run is a piece of text of one format.
type Run struct {
	Text        string
	Italic      bool
	Bold        bool
	SmallCaps   bool
	Underline   bool
	Superscript bool
	Subscript   bool
	Link        string // an address, or empty
	Display     Display
}

// Display is where a run stands in its entry (CSL's attribute "display").
type Display string

// Places in an entry. A style that aligns the second field, as those with
// numbered entries do, has its first field in the left margin.
const (
	DisplayInline      Display = ""
	DisplayBlock       Display = "block"
	DisplayLeftMargin  Display = "left-margin"
	DisplayRightInline Display = "right-inline"
	DisplayIndent      Display = "indent"
)

// Plain is the text without its formats. Blocks stand on lines of their own; a
// space parts the left margin from the rest.
func (t Text) Plain() string {
	var b strings.Builder
	previous := DisplayInline
	for i, run := range t {
		if i > 0 && run.Display != previous {
			switch {
			case previous == DisplayLeftMargin:
				b.WriteString(" ")
			case run.Display == DisplayBlock, previous == DisplayBlock, run.Display == DisplayIndent:
				b.WriteString("\n")
			}
		}
		previous = run.Display
		b.WriteString(run.Text)
	}
	return b.String()
}

// HTML is the text in the elements i, b, u, sup, sub, span and a, and in div
// where the style asks for blocks.
func (t Text) HTML() string {
	var b strings.Builder
	for start := 0; start < len(t); {
		end := start
		for end < len(t) && t[end].Display == t[start].Display {
			end++
		}
		if display := t[start].Display; display != DisplayInline {
			b.WriteString(`<div class="csl-` + string(display) + `">`)
			writeRuns(&b, t[start:end])
			b.WriteString("</div>")
		} else {
			writeRuns(&b, t[start:end])
		}
		start = end
	}
	return b.String()
}

func writeRuns(b *strings.Builder, runs []Run) {
	for i, run := range runs {
		if run.Link != "" && (i == 0 || runs[i-1].Link != run.Link) {
			b.WriteString(`<a href="` + html.EscapeString(run.Link) + `">`)
		}
		writeRun(b, run)
		if run.Link != "" && (i == len(runs)-1 || runs[i+1].Link != run.Link) {
			b.WriteString("</a>")
		}
	}
}

func writeRun(b *strings.Builder, run Run) {
	var closing []string
	open := func(is bool, start, end string) {
		if is {
			b.WriteString(start)
			closing = append(closing, end)
		}
	}
	open(run.Superscript, "<sup>", "</sup>")
	open(run.Subscript, "<sub>", "</sub>")
	open(run.Bold, "<b>", "</b>")
	open(run.Italic, "<i>", "</i>")
	open(run.Underline, "<u>", "</u>")
	open(run.SmallCaps, `<span style="font-variant:small-caps">`, "</span>")
	b.WriteString(escapeText(run.Text))
	for _, end := range slices.Backward(closing) {
		b.WriteString(end)
	}
}

// escapeText leaves quotation marks and apostrophes as they are, which text
// between elements may hold.
var escapeText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
