package transfer

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// A place on a page as RFC 8118 has it counts points from the top left corner of
// the page as it is shown: cut to its box, turned, y downwards.

// toView gives a box of the page's user space in that way.
func toView(r pagetext.Rect, page document.PageInfo) pagetext.Rect {
	width, height := page.Box.Width(), page.Box.Height()
	v := pagetext.Rect{r[0] - page.Box[0], page.Box[3] - r[3], r[2] - page.Box[0], page.Box[3] - r[1]}
	for range page.Rotation / 90 {
		v = pagetext.Rect{height - v[3], v[0], height - v[1], v[2]}
		width, height = height, width
	}
	return v
}

// fromView is the opposite.
func fromView(v pagetext.Rect, page document.PageInfo) pagetext.Rect {
	width, height := page.Box.Width(), page.Box.Height()
	if page.Rotation%180 != 0 {
		width, height = height, width
	}
	for range page.Rotation / 90 {
		// The width is what the height was before this turn.
		v = pagetext.Rect{v[1], width - v[2], v[3], width - v[0]}
		width, height = height, width
	}
	return pagetext.Rect{v[0] + page.Box[0], page.Box[3] - v[3], v[2] + page.Box[0], page.Box[3] - v[1]}
}

// fragment names a page, and a part of it when r is not nil.
func fragment(page document.PageInfo, r *pagetext.Rect) string {
	out := "page=" + strconv.Itoa(page.Number)
	if r != nil {
		v := toView(*r, page)
		out += fmt.Sprintf("&viewrect=%s,%s,%s,%s", short(v[0]), short(v[1]), short(v.Width()), short(v.Height()))
	}
	return out
}

// parseFragment reads what fragment writes; page is 0 for anything else, and view
// nil for a page as a whole.
func parseFragment(text string) (page int, view *pagetext.Rect) {
	for parameter := range strings.SplitSeq(strings.TrimPrefix(text, "#"), "&") {
		key, value, _ := strings.Cut(parameter, "=")
		switch strings.ToLower(key) {
		case "page":
			page, _ = strconv.Atoi(value)
		case "viewrect":
			parts := strings.Split(value, ",")
			if len(parts) != 4 {
				continue
			}
			var n [4]float32
			sound := true
			for i, part := range parts {
				v, err := strconv.ParseFloat(part, 32)
				sound = sound && err == nil && !math.IsNaN(v) && math.Abs(v) < 1e6
				n[i] = float32(v)
			}
			if sound && n[2] >= 0 && n[3] >= 0 {
				view = &pagetext.Rect{n[0], n[1], n[0] + n[2], n[1] + n[3]}
			}
		}
	}
	if page < 1 || page > 1_000_000 {
		return 0, nil
	}
	return page, view
}

// short is a number of points to a hundredth.
func short(v float32) string {
	return strconv.FormatFloat(math.Round(float64(v)*100)/100, 'f', -1, 64)
}

// svg draws strokes of ink in the coordinates of fragment.
func svg(paths [][]float32, page document.PageInfo) string {
	size := toView(page.Box, page)
	var d strings.Builder
	for _, path := range paths {
		for i := 0; i+1 < len(path); i += 2 {
			at := toView(pagetext.Rect{path[i], path[i+1], path[i], path[i+1]}, page)
			command := "L"
			if i == 0 {
				command = "M"
			}
			d.WriteString(command + short(at[0]) + " " + short(at[1]))
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s"><path fill="none" stroke="black" d="%s"/></svg>`,
		short(size.Width()), short(size.Height()), d.String())
}

const (
	maxStrokes      = 2_000
	maxStrokePoints = 20_000
)

// parseSVG reads what svg writes: one path of M and L.
func parseSVG(text string, page document.PageInfo) [][]float32 {
	_, rest, ok := strings.Cut(text, ` d="`)
	if !ok {
		return nil
	}
	d, _, ok := strings.Cut(rest, `"`)
	if !ok {
		return nil
	}
	var paths [][]float32
	points := 0
	for len(d) > 0 {
		command := d[0]
		next := strings.IndexAny(d[1:], "ML")
		body := d[1:]
		if next >= 0 {
			body, d = d[1:1+next], d[1+next:]
		} else {
			d = ""
		}
		fields := strings.FieldsFunc(body, func(r rune) bool { return r == ' ' || r == ',' })
		if command != 'M' && command != 'L' || len(fields) != 2 {
			return nil
		}
		x, errX := strconv.ParseFloat(fields[0], 32)
		y, errY := strconv.ParseFloat(fields[1], 32)
		if points++; errX != nil || errY != nil || !(math.Abs(x) < 1e6) || !(math.Abs(y) < 1e6) || points > maxStrokePoints {
			return nil
		}
		if command == 'M' || len(paths) == 0 {
			if len(paths) == maxStrokes {
				return nil
			}
			paths = append(paths, nil)
		}
		at := fromView(pagetext.Rect{float32(x), float32(y), float32(x), float32(y)}, page)
		last := len(paths) - 1
		paths[last] = append(paths[last], at[0], at[1])
	}
	return paths
}
