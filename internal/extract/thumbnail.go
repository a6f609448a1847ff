package extract

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"runtime/debug"
)

const (
	// highestPicture in widths: a page higher than three times its width gets a
	// narrower picture, so that no page makes a giant bitmap.
	highestPicture = 3
	pictureQuality = 82
)

// MaxPictureWidth is the widest picture that [Render] makes, in pixels.
const MaxPictureWidth = 2400

// PageRequest says what to draw.
type PageRequest struct {
	Page  int `json:"page"`  // from 1
	Width int `json:"width"` // of the picture in pixels, 1 to [MaxPictureWidth]
	// Password opens an encrypted file.
	Password string `json:"-"`
}

// Render draws a page of a file as it is shown, with its annotations, as a JPEG
// of the asked width; narrower for a page that is more than three times as high
// as wide. It fails as [RunFile] does, and with [KindNoPages] when the file has
// no such page, with [KindDamaged] when it cannot be drawn. The limits are those
// of a page that is extracted.
func Render(ctx context.Context, pool *Pool, file *os.File, wanted PageRequest) ([]byte, error) {
	if wanted.Page < 1 || wanted.Width < 1 || wanted.Width > MaxPictureWidth {
		return nil, fmt.Errorf("extract: there is no picture of page %d that is %d pixels wide", wanted.Page, wanted.Width)
	}
	size, err := checkFile(file)
	if err != nil {
		return nil, err
	}
	asked := request{Size: size, Password: wanted.Password, MaxPages: pool.config.MaxPages, Render: &wanted}
	got, err := pool.serve(ctx, file, asked, Options{})
	return got.picture, err
}

// render draws a page and sends the picture.
func (c *childProcess) render(asked request, file *os.File) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	doc, count, err := c.open(asked, file)
	if err != nil {
		return err
	}
	defer doc.close()
	if asked.Render.Page > count {
		return fail(KindNoPages, fmt.Sprintf("The file has no page %d.", asked.Render.Page))
	}
	picture, err := doc.draw(asked.Render.Page-1, asked.Render.Width)
	if err != nil {
		return err
	}
	if picture == nil {
		return fail(KindDamaged, "The page is damaged and cannot be drawn.")
	}
	return c.send(frameThumbnail, picture)
}

// From fpdfview.h.
const (
	renderAnnotations = 0x01
	renderRGB         = 0x10 // red first
	white             = 0xffffffff
)

// draw gives a page as a JPEG of at most that width, nil when it cannot be drawn.
func (d *document) draw(index, widest int) ([]byte, error) {
	g := d.guest
	p, err := d.page(index)
	if errors.Is(err, errNoPage) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer p.close()
	width, height := pictureSize(
		math.Float32frombits(uint32(g.call("FPDF_GetPageWidthF", p.handle))),  //nolint:gosec // a C float
		math.Float32frombits(uint32(g.call("FPDF_GetPageHeightF", p.handle))), //nolint:gosec // a C float
		widest,
	)
	if width == 0 {
		return nil, g.err
	}
	bitmap := g.call("FPDFBitmap_Create", uint64(width), uint64(height), 0) //nolint:gosec // small and positive
	if bitmap == 0 {
		return nil, g.err
	}
	defer g.call("FPDFBitmap_Destroy", bitmap)
	g.call("FPDFBitmap_FillRect", bitmap, 0, 0, uint64(width), uint64(height), white)                                      //nolint:gosec // small and positive
	g.call("FPDF_RenderPageBitmap", bitmap, p.handle, 0, 0, uint64(width), uint64(height), 0, renderAnnotations|renderRGB) //nolint:gosec // small and positive
	stride := g.number("FPDFBitmap_GetStride", bitmap)
	buffer := uint32(g.call("FPDFBitmap_GetBuffer", bitmap)) //nolint:gosec // guest pointers have 32 bits
	if g.err != nil || stride < 4*width {
		return nil, g.err
	}
	pixels := g.bytes(buffer, stride*height)
	if pixels == nil {
		return nil, g.err
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, halved(pixels, stride, width, height), &jpeg.Options{Quality: pictureQuality}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// halved makes a picture with half of the colour's resolution from pixels of red,
// green, blue and a byte that does not count. The encoder would do the same,
// but most of a page is white, and white takes one comparison of four pixels.
func halved(pixels []byte, stride, width, height int) *image.YCbCr {
	picture := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for y := 0; y < height; y += 2 {
		rows := min(2, height-y)
		for x := 0; x < width; x += 2 {
			columns := min(2, width-x)
			at := picture.COffset(x, y)
			if columns == 2 && rows == 2 && isWhite(pixels[y*stride+4*x:]) && isWhite(pixels[(y+1)*stride+4*x:]) {
				light := picture.YOffset(x, y)
				picture.Y[light], picture.Y[light+1] = 255, 255
				picture.Y[light+picture.YStride], picture.Y[light+picture.YStride+1] = 255, 255
				picture.Cb[at], picture.Cr[at] = 128, 128
				continue
			}
			cb, cr := 0, 0
			for row := range rows {
				for column := range columns {
					pixel := pixels[(y+row)*stride+4*(x+column):]
					light, blue, red := color.RGBToYCbCr(pixel[0], pixel[1], pixel[2])
					picture.Y[picture.YOffset(x+column, y+row)] = light
					cb += int(blue)
					cr += int(red)
				}
			}
			count := rows * columns
			picture.Cb[at], picture.Cr[at] = byte((cb+count/2)/count), byte((cr+count/2)/count) //nolint:gosec // means of bytes
		}
	}
	return picture
}

// isWhite reports whether the first two pixels are.
func isWhite(pixels []byte) bool {
	const colours = 0x00ffffff_00ffffff // little endian: the fourth byte does not count
	return binary.LittleEndian.Uint64(pixels)&colours == colours
}

// pictureSize in pixels for a page's size in points, zero for an impossible
// page.
func pictureSize(width, height float32, widest int) (w, h int) {
	if !finite(width) || !finite(height) || width <= 0 || height <= 0 {
		return 0, 0
	}
	scale := min(float64(widest)/float64(width), float64(highestPicture*widest)/float64(height))
	w = int(math.Round(float64(width) * scale))
	h = int(math.Round(float64(height) * scale))
	return max(w, 1), max(h, 1)
}
