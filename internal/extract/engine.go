package extract

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// engine is PDFium compiled and ready to make instances, one at a time.
type engine struct {
	//nolint:containedctx // it carries the memory allocator into every call, as wazero wants it
	ctx       context.Context
	pool      pdfium.Pool
	allocator *guestAllocator
}

// newEngine compiles PDFium or takes it from cacheDir, which may be empty.
// No guest will get more than memoryLimit bytes.
func newEngine(ctx context.Context, cacheDir string, memoryLimit int) (*engine, error) {
	// Closing instances when a context ends would make each loop in the guest
	// check for it, at three times the CPU; the parent kills this process
	// instead.
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling)
	if cacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(cacheDir)
		if err != nil {
			return nil, fmt.Errorf("compile cache: %w", err)
		}
		config = config.WithCompilationCache(cache)
	}
	allocator := &guestAllocator{limit: memoryLimit}
	ctx = experimental.WithMemoryAllocator(ctx, allocator)
	pool, err := webassembly.Init(webassembly.Config{
		Context:       ctx,
		MaxTotal:      1,
		RuntimeConfig: config,
		// Empty, because nil would mount the root folder.
		FSConfig: wazero.NewFSConfig(),
		Stdout:   io.Discard,
		Stderr:   io.Discard,
	})
	if err != nil {
		return nil, fmt.Errorf("pdfium: %w", err)
	}
	return &engine{ctx: ctx, pool: pool, allocator: allocator}, nil
}

// guest is one instance of PDFium.
//
// Its calls go straight to the exported functions instead of through
// go-pdfium's request and response types, which cost a quarter of the CPU when
// asked about every character. Errors are sticky: after a call trapped, the
// guest's memory is not to be trusted, every further call does nothing and
// returns 0, and err says why. So code that calls checks once, at the end.
type guest struct {
	//nolint:containedctx // see engine.ctx
	ctx      context.Context
	instance pdfium.Pdfium
	exports  implementation
	memory   *guestMemory
	stack    [16]uint64
	scratch  uint32 // scratchSize bytes in the guest, for results
	err      error
	looks    map[string]look // of fonts, by their names

	text textCalls
}

// textCalls are looked up once, since they are made for each character.
type textCalls struct {
	unicode, looseBox, tightBox, angle, object, font api.Function
}

// implementation is what go-pdfium's instance can do beyond its interface.
type implementation interface {
	Fn(name string) api.Function
	CreateFileAccessReader(size int64, reader io.ReadSeeker) (access *uint64, index *uint32, err error)
}

const scratchSize = 64

func (e *engine) newGuest() (*guest, error) {
	instance, err := e.pool.GetInstance(time.Minute)
	if err != nil {
		return nil, fmt.Errorf("pdfium instance: %w", err)
	}
	holder, ok := instance.(interface{ GetImplementation() any })
	if !ok {
		return nil, errors.New("pdfium instance does not show its implementation")
	}
	exports, ok := holder.GetImplementation().(implementation)
	if !ok {
		return nil, errors.New("pdfium implementation lacks the expected methods")
	}
	g := &guest{ctx: e.ctx, instance: instance, exports: exports, memory: e.allocator.latest}
	g.text = textCalls{
		unicode:  exports.Fn("FPDFText_GetUnicode"),
		looseBox: exports.Fn("FPDFText_GetLooseCharBox"),
		tightBox: exports.Fn("FPDFText_GetCharBox"),
		angle:    exports.Fn("FPDFText_GetCharAngle"),
		object:   exports.Fn("FPDFText_GetTextObject"),
		font:     exports.Fn("FPDFTextObj_GetFont"),
	}
	g.scratch = g.allocate(scratchSize)
	if g.err != nil {
		return nil, g.err
	}
	return g, nil
}

func (g *guest) close() { _ = g.instance.Close() }

// size of the guest's memory in bytes; it never shrinks.
func (g *guest) size() int { return g.memory.usable }

var errNoMemory = errors.New("the guest has no memory left")

// invoke calls f with args and returns its result, 0 for none.
func (g *guest) invoke(f api.Function, args ...uint64) uint64 {
	if g.err != nil {
		return 0
	}
	copy(g.stack[:], args)
	if err := f.CallWithStack(g.ctx, g.stack[:]); err != nil {
		g.err = err
		if g.memory.refused.Load() {
			g.err = fmt.Errorf("%w: %w", errNoMemory, err)
		}
		return 0
	}
	return g.stack[0]
}

// call invokes an exported function by name.
func (g *guest) call(name string, args ...uint64) uint64 {
	if g.err != nil {
		return 0
	}
	f := g.exports.Fn(name)
	if f == nil {
		g.err = fmt.Errorf("pdfium has no function %s", name)
		return 0
	}
	return g.invoke(f, args...)
}

// number calls a function that returns a C int.
func (g *guest) number(name string, args ...uint64) int {
	return int(api.DecodeI32(g.call(name, args...)))
}

// allocate gives size bytes of the guest's memory.
func (g *guest) allocate(size int) uint32 {
	pointer := uint32(g.call("malloc", uint64(size))) //nolint:gosec // guest pointers have 32 bits
	if pointer == 0 && g.err == nil {
		g.err = errNoMemory
	}
	return pointer
}

func (g *guest) free(pointer uint32) { g.call("free", uint64(pointer)) }

// bytes is a view of the guest's memory, good until the next call. It is nil
// when the guest names a place that it does not have.
func (g *guest) bytes(pointer uint32, length int) []byte {
	end := int(pointer) + length
	if length < 0 || end > g.memory.usable {
		if g.err == nil {
			g.err = fmt.Errorf("pdfium points outside its memory: %d bytes at %d", length, pointer)
		}
		return nil
	}
	return g.memory.reserved[pointer:end:end]
}

// floats reads n C floats at pointer into out.
func (g *guest) floats(pointer uint32, out []float32) {
	data := g.bytes(pointer, 4*len(out))
	for i := range out {
		if data == nil {
			out[i] = 0
			continue
		}
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
}

// doubles reads n C doubles at pointer into out.
func (g *guest) doubles(pointer uint32, out []float64) {
	data := g.bytes(pointer, 8*len(out))
	for i := range out {
		if data == nil {
			out[i] = 0
			continue
		}
		out[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
	}
}

// withText copies text into the guest, ended by a zero byte, for the time of
// use.
func (g *guest) withText(text string, use func(pointer uint32)) {
	g.withBytes(append([]byte(text), 0), use)
}

// withBytes copies data into the guest for the time of use.
func (g *guest) withBytes(data []byte, use func(pointer uint32)) {
	pointer := g.allocate(len(data))
	room := g.bytes(pointer, len(data))
	if g.err != nil {
		return
	}
	copy(room, data)
	use(pointer)
	g.free(pointer)
}

// longestText in bytes that is taken from a file for a title or a label.
const longestText = 64 << 10

// utf16Text reads a text that PDFium gives in the usual way: it fills a buffer
// with UTF-16 ended by zero and returns the bytes that it needs.
func (g *guest) utf16Text(fill func(buffer, length uint64) uint64) string {
	return g.boundedText(longestText, fill)
}

// boundedText is utf16Text for a text of up to most bytes; a longer one is left
// out.
func (g *guest) boundedText(most int, fill func(buffer, length uint64) uint64) string {
	needed := int(fill(0, 0) & math.MaxUint32)
	if needed <= 2 || needed > most || g.err != nil {
		return ""
	}
	pointer := g.allocate(needed)
	if g.err != nil {
		return ""
	}
	defer g.free(pointer)
	given := int(fill(uint64(pointer), uint64(needed)) & math.MaxUint32)
	data := g.bytes(pointer, min(given, needed))
	if len(data) < 2 {
		return ""
	}
	return decodeUTF16(data[:len(data)-2])
}

// longestName in bytes of a font.
const longestName = 256

// plainText reads a text that PDFium gives as bytes ended by zero, as utf16Text
// does; one that is too long is left out.
func (g *guest) plainText(fill func(buffer, length uint64) uint64) string {
	needed := int(fill(0, 0) & math.MaxUint32)
	if needed <= 1 || needed > longestName || g.err != nil {
		return ""
	}
	pointer := g.allocate(needed)
	if g.err != nil {
		return ""
	}
	defer g.free(pointer)
	fill(uint64(pointer), uint64(needed))
	data := g.bytes(pointer, needed)
	if len(data) == 0 {
		return ""
	}
	return string(data[:len(data)-1])
}
