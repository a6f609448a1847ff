package pdfmark

import (
	"strconv"
	"strings"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// Subtype is the kind of an annotation, spelled as in the file.
type Subtype string

// The subtypes of table 171 that people make to say something. What shows or
// does something instead (Link, Widget, Popup, Screen …) is no mark.
const (
	Text           Subtype = "Text" // a note at a point
	FreeText       Subtype = "FreeText"
	Highlight      Subtype = "Highlight"
	Underline      Subtype = "Underline"
	Squiggly       Subtype = "Squiggly"
	StrikeOut      Subtype = "StrikeOut"
	Square         Subtype = "Square"
	Circle         Subtype = "Circle"
	Line           Subtype = "Line"
	Polygon        Subtype = "Polygon"
	PolyLine       Subtype = "PolyLine"
	Ink            Subtype = "Ink"
	Caret          Subtype = "Caret"
	Stamp          Subtype = "Stamp"
	FileAttachment Subtype = "FileAttachment"
)

// OnText reports whether the mark stands on text and says where with Quads.
func (s Subtype) OnText() bool {
	switch s {
	case Highlight, Underline, Squiggly, StrikeOut:
		return true
	default:
		return false
	}
}

// Review states (12.5.6.3): a Text annotation in reply to another one, with a
// state model, says what its author thinks of that one.
const (
	ModelReview = "Review" // Accepted, Rejected, Cancelled, Completed, None
	ModelMarked = "Marked" // Marked, Unmarked

	StateAccepted  = "Accepted"
	StateRejected  = "Rejected"
	StateCancelled = "Cancelled"
	StateCompleted = "Completed"
	StateNone      = "None"
)

// Mark is one annotation of a page. Places are PDF points in the page's default
// user space, as pagetext.Rect.
type Mark struct {
	Page    int     `json:"page"` // from 1
	Subtype Subtype `json:"subtype"`
	// Rect is the box around all that the mark shows. For a note it is where the
	// icon is seen, which on a turned page is not what the file says; see
	// [NoteRect].
	Rect pagetext.Rect `json:"rect"`
	// Quads are what a mark on text covers, one for a line or less, each in the
	// order of [NormalQuad].
	Quads [][8]float32 `json:"quads,omitempty"`
	// Paths are the strokes of an Ink and the points of a Line, Polygon or
	// PolyLine: x, y, x, y …
	Paths [][]float32 `json:"paths,omitempty"`
	// Contents is what the mark says, as plain text.
	Contents string `json:"contents,omitempty"`
	Author   string `json:"author,omitempty"`  // T
	Subject  string `json:"subject,omitempty"` // Subj
	// Created and Modified are zero where the file does not say.
	Created  time.Time `json:"created,omitzero"`
	Modified time.Time `json:"modified,omitzero"`
	// Color is red, green, blue, each 0 to 1. All zero also stands for a mark
	// without a colour.
	Color   [3]float32 `json:"color"`
	Opacity float32    `json:"opacity"` // 0 to 1
	// Name tells the marks of a file apart: NM where the file has one that is
	// its own, otherwise made from the mark's place in the file, as "@3.0" for
	// the first annotation of page 3. It is not empty for marks from a file.
	Name string `json:"name"`
	// InReplyTo is the Name of the mark that this one answers, or empty.
	InReplyTo string `json:"in_reply_to,omitempty"`
	// Grouped says that this one is a part of the mark in InReplyTo and no
	// answer to it (RT is Group), as a caret beside the text that it replaces.
	Grouped bool `json:"grouped,omitempty"`
	// StateModel and State make a reply a review of the mark in InReplyTo.
	StateModel string `json:"state_model,omitempty"`
	State      string `json:"state,omitempty"`
	// Hidden marks are in the file and not to be shown. Answers are not hidden:
	// that their icons are says nothing.
	Hidden bool `json:"hidden,omitempty"`
}

// IsReply reports whether the mark is an answer in words to another one.
func (m Mark) IsReply() bool { return m.InReplyTo != "" && !m.Grouped && !m.IsReview() }

// IsReview reports whether the mark only sets the state of another one.
func (m Mark) IsReview() bool { return m.InReplyTo != "" && m.StateModel != "" }

// Resolves reports whether the mark is a review that settles the other one.
func (m Mark) Resolves() bool {
	return m.IsReview() && m.StateModel == ModelReview &&
		(m.State == StateCompleted || m.State == StateAccepted || m.State == StateRejected || m.State == StateCancelled)
}

// PartName names the part of a mark on a further page, since an annotation stands
// on one: part 0 has the mark's own name, part 1 "name#2" …
func PartName(name string, part int) string {
	if part == 0 {
		return name
	}
	return name + "#" + strconv.Itoa(part+1)
}

// PartOf is the opposite: the name of the mark, and which of its parts has this
// name.
func PartOf(name string) (mark string, part int) {
	at := strings.LastIndexByte(name, '#')
	if at <= 0 {
		return name, 0
	}
	number, err := strconv.Atoi(name[at+1:])
	if err != nil || number < 2 || number > 1000 || name[at+1:] != strconv.Itoa(number) {
		return name, 0
	}
	return name[:at], number - 1
}
