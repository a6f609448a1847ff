package pdfmark

import "scrollkeeper.example/scrollkeeper/internal/pagetext"

// A note's icon stays upright when its page is turned: it behaves as if NoZoom
// and NoRotate were set (ISO 32000-2, 12.5.6.4 and 12.5.3). Then the upper left
// corner of Rect is a hinge, and the icon is not where Rect says but to the right
// of the hinge and below it, as the page is shown.

// NoteRect is the Rect of a note whose icon is to cover the box shown on a page
// that is turned clockwise by rotation degrees.
func NoteRect(shown pagetext.Rect, rotation int) pagetext.Rect {
	x, y, width, height := shown[0], shown[3], shown.Width(), shown.Height()
	switch rotation {
	case 90:
		x, y, width, height = shown[0], shown[1], height, width
	case 180:
		x, y = shown[2], shown[1]
	case 270:
		x, y, width, height = shown[2], shown[3], height, width
	}
	return pagetext.Rect{x, y - height, x + width, y}
}

// NoteShown is the opposite of NoteRect.
func NoteShown(rect pagetext.Rect, rotation int) pagetext.Rect {
	x, y, width, height := rect[0], rect[3], rect.Width(), rect.Height()
	switch rotation {
	case 90:
		return pagetext.Rect{x, y, x + height, y + width}
	case 180:
		return pagetext.Rect{x - width, y, x, y + height}
	case 270:
		return pagetext.Rect{x - height, y - width, x, y}
	}
	return rect
}
