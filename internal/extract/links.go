package extract

import (
	"encoding/binary"
	"math"

	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// link is a place on a page that leads out of the file.
type link struct {
	box pagetext.Rect
	uri string
}

// Limits of what is taken from a page's links.
const (
	maxLinks    = 500  // of a page
	longestLink = 2048 // bytes
)

// links of a page that have an address (ISO 32000-1, 12.6.4.7). Publishers put
// ORCIDs, DOIs and licences behind pictures, where no text says them.
//
// entries is how many of the page's annotations are links, at most one more than
// maxLinks.
func (p *page) links() (list []link, entries int) {
	g := p.document.guest
	position, handle, edges := uint64(g.scratch), uint64(g.scratch+4), uint64(g.scratch+8)
	if data := g.bytes(g.scratch, 8); data != nil {
		clear(data)
	}
	for entries <= maxLinks {
		if g.call("FPDFLink_Enumerate", p.handle, position, handle) == 0 || g.err != nil {
			break
		}
		if entries++; entries > maxLinks {
			break
		}
		data := g.bytes(uint32(handle), 4)
		if data == nil {
			break
		}
		entry := uint64(binary.LittleEndian.Uint32(data))
		action := g.call("FPDFLink_GetAction", entry)
		if action == 0 {
			continue
		}
		uri := g.byteText(longestLink, func(buffer, length uint64) uint64 {
			return g.call("FPDFAction_GetURIPath", p.document.handle, action, buffer, length)
		})
		if uri == "" || g.call("FPDFLink_GetAnnotRect", entry, edges) == 0 {
			continue
		}
		var corners [4]float32 // left, top, right, bottom
		g.floats(uint32(edges), corners[:])
		list = append(list, link{box: orderedRect(corners[0], corners[3], corners[2], corners[1]), uri: uri})
	}
	return list, entries
}

// byteText reads a text of single bytes, ended by zero, in the way of
// boundedText.
func (g *guest) byteText(most int, fill func(buffer, length uint64) uint64) string {
	needed := int(fill(0, 0) & math.MaxUint32)
	if needed <= 1 || needed > most || g.err != nil {
		return ""
	}
	pointer := g.allocate(needed)
	if g.err != nil {
		return ""
	}
	defer g.free(pointer)
	fill(uint64(pointer), uint64(needed))
	data := g.bytes(pointer, needed-1)
	return cleanText(string(data))
}
