package pdfmark

import (
	"math"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// NormalQuad puts a quad's corners into the order that this program keeps and
// that readers expect: top left, top right, bottom left, bottom right of the text
// as it reads. Files have the corners so, since Acrobat wrote them so from the
// beginning, or around the quad from the bottom left, as ISO 32000-2, 12.5.6.10
// says, or around it the other way. ok is false for what is no quad: corners that
// are no numbers, or a quad without an area.
func NormalQuad(q [8]float32) (normal [8]float32, ok bool) {
	for _, v := range q {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return normal, false
		}
	}
	p := [4]point{{q[0], q[1]}, {q[2], q[3]}, {q[4], q[5]}, {q[6], q[7]}}
	var topLeft, topRight, bottomLeft, bottomRight point
	switch around := area(p[0], p[1], p[2], p[3]); {
	case math.Abs(around) <= math.Abs(area(p[0], p[1], p[3], p[2])):
		// Two rows. They say which is the upper one by where the left end is.
		topLeft, topRight, bottomLeft, bottomRight = p[0], p[1], p[2], p[3]
		if area(p[0], p[1], p[3], p[2]) > 0 {
			topLeft, topRight, bottomLeft, bottomRight = p[2], p[3], p[0], p[1]
		}
	case around > 0: // anticlockwise from the bottom left
		topLeft, topRight, bottomLeft, bottomRight = p[3], p[2], p[0], p[1]
	default: // clockwise from the top left
		topLeft, topRight, bottomLeft, bottomRight = p[0], p[1], p[3], p[2]
	}
	const smallest = 1e-3 // square points
	if !(math.Abs(area(topLeft, topRight, bottomRight, bottomLeft)) > smallest) {
		return normal, false
	}
	return [8]float32{
		topLeft.x, topLeft.y, topRight.x, topRight.y,
		bottomLeft.x, bottomLeft.y, bottomRight.x, bottomRight.y,
	}, true
}

type point struct{ x, y float32 }

// area of a polygon in square points, positive when a, b, c, d go anticlockwise
// (the shoelace formula). Corners that cross count against each other, so the
// right order has the larger size.
func area(a, b, c, d point) float64 {
	sum := 0.0
	corners := [4]point{a, b, c, d}
	for i, from := range corners {
		to := corners[(i+1)%4]
		sum += float64(from.x)*float64(to.y) - float64(to.x)*float64(from.y)
	}
	return sum / 2
}

// QuadOf is a box as the quad of a line that reads from left to right.
func QuadOf(box pagetext.Rect) [8]float32 {
	return [8]float32{box[0], box[3], box[2], box[3], box[0], box[1], box[2], box[1]}
}

// Bounds is the box around a quad.
func Bounds(q [8]float32) pagetext.Rect {
	return pagetext.Rect{
		min(q[0], q[2], q[4], q[6]), min(q[1], q[3], q[5], q[7]),
		max(q[0], q[2], q[4], q[6]), max(q[1], q[3], q[5], q[7]),
	}
}
