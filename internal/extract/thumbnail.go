package extract

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
)

const (
	// highestThumbnail in pixels: a page higher than three times its width
	// gets a narrower picture, so that no page makes a giant bitmap.
	highestThumbnail = 3 * ThumbnailWidth
	thumbnailQuality = 82
)

// From fpdfview.h.
const (
	renderAnnotations = 0x01
	renderRGB         = 0x10 // red first
	white             = 0xffffffff
)

// thumbnail is page 1 as a JPEG, nil when it cannot be drawn.
func (d *document) thumbnail() []byte {
	g := d.guest
	p, err := d.page(0)
	if err != nil {
		return nil
	}
	defer p.close()
	width, height := thumbnailSize(
		math.Float32frombits(uint32(g.call("FPDF_GetPageWidthF", p.handle))),  //nolint:gosec // a C float
		math.Float32frombits(uint32(g.call("FPDF_GetPageHeightF", p.handle))), //nolint:gosec // a C float
	)
	if width == 0 {
		return nil
	}
	bitmap := g.call("FPDFBitmap_Create", uint64(width), uint64(height), 0) //nolint:gosec // small and positive
	if bitmap == 0 {
		return nil
	}
	defer g.call("FPDFBitmap_Destroy", bitmap)
	g.call("FPDFBitmap_FillRect", bitmap, 0, 0, uint64(width), uint64(height), white)                                      //nolint:gosec // small and positive
	g.call("FPDF_RenderPageBitmap", bitmap, p.handle, 0, 0, uint64(width), uint64(height), 0, renderAnnotations|renderRGB) //nolint:gosec // small and positive
	stride := g.number("FPDFBitmap_GetStride", bitmap)
	buffer := uint32(g.call("FPDFBitmap_GetBuffer", bitmap)) //nolint:gosec // guest pointers have 32 bits
	if g.err != nil || stride < 4*width {
		return nil
	}
	pixels := g.bytes(buffer, stride*height)
	if pixels == nil {
		return nil
	}
	picture := &image.RGBA{Pix: pixels, Stride: stride, Rect: image.Rect(0, 0, width, height)}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: thumbnailQuality}); err != nil {
		return nil
	}
	return out.Bytes()
}

// thumbnailSize in pixels for a page's size in points, zero for an impossible
// page.
func thumbnailSize(width, height float32) (w, h int) {
	if !finite(width) || !finite(height) || width <= 0 || height <= 0 {
		return 0, 0
	}
	scale := min(ThumbnailWidth/float64(width), highestThumbnail/float64(height))
	w = int(math.Round(float64(width) * scale))
	h = int(math.Round(float64(height) * scale))
	return max(w, 1), max(h, 1)
}
