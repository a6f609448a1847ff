package anchoring

import (
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// Quads are the areas that a range of a page's text covers, one for each line,
// in reading order. A quad has the corners x, y of the text as it reads: top
// left, top right, bottom left, bottom right (the order that readers use for
// QuadPoints, ISO 32000-2, 12.5.6.10), in PDF points, default user space. Its
// sides are those of the page. For text that runs up or down the page the
// corners are turned with it.
//
// The words are a page's, in order; start and end count code points of its text.
// Of a word that is covered in part, the quad has that part of its box, as if
// all letters were equally wide.
func Quads(words []pagetext.Word, start, end int) [][8]float32 {
	if start >= end {
		return nil
	}
	var lines []line
	for i := range words {
		word := &words[i]
		if word.End <= start || word.Start >= end || word.Start >= word.End {
			continue
		}
		way := wayOf(words, i)
		for _, box := range covered(word, start, end, way) {
			if last := len(lines) - 1; last >= 0 && lines[last].way == way && lines[last].goesOn(box) {
				lines[last].add(box)
			} else {
				lines = append(lines, line{box: box, last: box, way: way})
			}
		}
	}
	quads := make([][8]float32, len(lines))
	for i, l := range lines {
		quads[i] = l.quad()
	}
	return quads
}

// way that the text of a word runs.
type way int

const (
	right way = iota
	left      // as in Hebrew and Arabic
	up        // turned a quarter anticlockwise
	down      // turned a quarter clockwise
)

// wayOf a word, by its shape and its neighbours on the line. A standing word
// alone on its line runs like those of the lines about.
func wayOf(words []pagetext.Word, i int) way {
	found, ok := ownWay(words, i)
	if ok || shape(&words[i]) != standing {
		return found
	}
	const about = 8
	for distance := 1; distance <= about; distance++ {
		for _, other := range []int{i - distance, i + distance} {
			if other < 0 || other >= len(words) || shape(&words[other]) != standing {
				continue
			}
			if found, ok := ownWay(words, other); ok {
				return found
			}
		}
	}
	return right
}

func ownWay(words []pagetext.Word, i int) (way, bool) {
	if i+1 < len(words) {
		if found, ok := step(&words[i], &words[i+1], shape(&words[i])); ok {
			return found, true
		}
	}
	if i > 0 {
		return step(&words[i-1], &words[i], shape(&words[i]))
	}
	return right, false
}

// step is the way from a to b if they stand on one line, seen from the one of
// them that has the posture.
func step(a, b *pagetext.Word, seen posture) (way, bool) {
	if len(a.Boxes) == 0 || len(b.Boxes) == 0 {
		return right, false
	}
	from, to := a.Boxes[len(a.Boxes)-1], b.Boxes[0]
	if seen != lying && (shape(a) == standing || shape(b) == standing) {
		if !sameColumn(from, to) {
			return right, false
		}
		if to[1]+to[3] > from[1]+from[3] {
			return up, true
		}
		return down, true
	}
	if seen == standing || !sameLine(from, to) {
		return right, false
	}
	if to[2] < from[0]+0.1*from.Height() {
		return left, true
	}
	return right, true
}

// posture of a word's box. A word of few letters can be higher than wide as it
// lies.
type posture int

const (
	lying posture = iota
	unknown
	standing
)

func shape(word *pagetext.Word) posture {
	if len(word.Boxes) == 0 {
		return unknown
	}
	box := word.Boxes[0]
	letters := word.End - word.Start
	switch {
	case box.Height() <= box.Width():
		return lying
	case letters >= 4 && len(word.Boxes) == 1 && box.Height() > 1.4*box.Width():
		return standing
	}
	return unknown
}

// covered boxes of a word, from start to end of the page's text.
func covered(word *pagetext.Word, start, end int, w way) []pagetext.Rect {
	if start <= word.Start && end >= word.End {
		return word.Boxes
	}
	// Where a hyphen parts the word is not known: by the widths of its parts.
	length := float32(0)
	for _, box := range word.Boxes {
		length += along(box, w)
	}
	letters := float32(word.End - word.Start)
	from := length * float32(max(0, start-word.Start)) / letters
	to := length * float32(min(word.End, end)-word.Start) / letters
	var boxes []pagetext.Rect
	for _, box := range word.Boxes {
		size := along(box, w)
		a, b := max(0, from), min(size, to)
		if a < b {
			boxes = append(boxes, part(box, a, b, w))
		}
		from, to = from-size, to-size
	}
	return boxes
}

// along is how long a box is in the way of the text.
func along(box pagetext.Rect, w way) float32 {
	if w == up || w == down {
		return box.Height()
	}
	return box.Width()
}

func part(box pagetext.Rect, a, b float32, w way) pagetext.Rect {
	switch w {
	case left:
		box[0], box[2] = box[2]-b, box[2]-a
	case up:
		box[1], box[3] = box[1]+a, box[1]+b
	case down:
		box[1], box[3] = box[3]-b, box[3]-a
	default:
		box[0], box[2] = box[0]+a, box[0]+b
	}
	return box
}

// line is the covered part of a line.
type line struct {
	box, last pagetext.Rect
	way       way
}

func (l *line) goesOn(box pagetext.Rect) bool {
	switch l.way {
	case up, down:
		forward := box[1] >= l.last[1]
		if l.way == down {
			forward = box[3] <= l.last[3]
		}
		return forward && sameColumn(l.last, box)
	case left:
		return sameLine(l.last, box) && box[0] <= l.last[0]
	default:
		return sameLine(l.last, box) && box[0] >= l.last[0]
	}
}

func (l *line) add(box pagetext.Rect) { l.box, l.last = l.box.Union(box), box }

// sameLine: at one height, and not so far apart that a gutter lies between.
func sameLine(a, b pagetext.Rect) bool {
	return overlap(a[1], a[3], b[1], b[3]) >= 0.5 && apart(a[0], a[2], b[0], b[2]) <= 3*min(a.Height(), b.Height())
}

// sameColumn is sameLine for lines that run up or down.
func sameColumn(a, b pagetext.Rect) bool {
	return overlap(a[0], a[2], b[0], b[2]) >= 0.5 && apart(a[1], a[3], b[1], b[3]) <= 3*min(a.Width(), b.Width())
}

// overlap of two spans, as a part of the shorter.
func overlap(a0, a1, b0, b1 float32) float32 {
	shorter := min(a1-a0, b1-b0)
	if shorter <= 0 {
		return 0
	}
	return (min(a1, b1) - max(a0, b0)) / shorter
}

// apart is the gap between two spans; below 0 when they overlap.
func apart(a0, a1, b0, b1 float32) float32 { return max(a0, b0) - min(a1, b1) }

func (l *line) quad() [8]float32 {
	x0, y0, x1, y1 := l.box[0], l.box[1], l.box[2], l.box[3]
	switch l.way {
	case up:
		return [8]float32{x0, y0, x0, y1, x1, y0, x1, y1}
	case down:
		return [8]float32{x1, y1, x1, y0, x0, y1, x0, y0}
	default:
		return [8]float32{x0, y1, x1, y1, x0, y0, x1, y0}
	}
}
