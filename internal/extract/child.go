package extract

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime/debug"
)

// ChildCommand is the argument that the binary is started with to be a child.
const ChildCommand = "extract-child"

// Of a child's memory limit, the guest gets this part; the rest is for Go, for
// PDFium's compiled code and for what is on its way to the parent.
const guestShare = 0.58

// ChildMain is the whole life of a child process: it takes documents from the
// parent over its standard input until the parent hangs up. It returns the exit
// code. The command line calls it for the hidden command [ChildCommand].
func ChildMain() int {
	if err := childMain(); err != nil {
		fmt.Fprintln(os.Stderr, "extract child:", err)
		return 1
	}
	return 0
}

func childMain() error {
	conn, err := parentConn()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	var set settings
	// Unbuffered: what follows the settings comes with a file.
	var header [frameHeader]byte
	if _, err := io.ReadFull(conn, header[:]); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	kind, payload, err := readPayload(conn, header, nil)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if kind != frameSettings {
		return fmt.Errorf("expected settings, not frame %d", kind)
	}
	if err := json.Unmarshal(payload, &set); err != nil {
		return fmt.Errorf("settings: %w", err)
	}

	// Little lives long here, so collecting rarely saves CPU and costs little.
	debug.SetGCPercent(400)
	var engine *engine
	if set.WritesOnly {
		debug.SetMemoryLimit(set.MemoryLimit / 2)
	} else {
		debug.SetMemoryLimit(set.MemoryLimit / 5)
		if engine, err = startEngine(set); err != nil {
			return err
		}
	}
	// Compiling without a cache needs more than a document ever may.
	if err := limitOwnMemory(set.MemoryLimit); err != nil {
		return err
	}
	if err := writeFrame(conn, frameReady, nil); err != nil {
		return err
	}
	c := &childProcess{engine: engine, conn: conn, out: bufio.NewWriterSize(conn, 64<<10)}
	for {
		asked, file, err := receiveRequest(conn)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		err = c.serve(asked, file)
		_ = file.Close()
		if err != nil {
			return err
		}
	}
}

func startEngine(set settings) (*engine, error) {
	engine, err := newEngine(context.Background(), set.CacheDir, int(guestShare*float64(set.MemoryLimit)))
	if err != nil && set.CacheDir != "" {
		// A cache that cannot be used must not stop the work.
		fmt.Fprintln(os.Stderr, "extract child: working without the compile cache:", err)
		engine, err = newEngine(context.Background(), "", int(guestShare*float64(set.MemoryLimit)))
	}
	return engine, err
}

// parentConn is standard input as the socket that it is.
func parentConn() (*net.UnixConn, error) {
	conn, err := net.FileConn(os.Stdin)
	if err != nil {
		return nil, fmt.Errorf("this command is started by the server itself: %w", err)
	}
	_ = os.Stdin.Close()
	unixConn, ok := conn.(*net.UnixConn)
	if !ok {
		return nil, errors.New("standard input is not a Unix socket")
	}
	return unixConn, nil
}

// childProcess serves one document after another.
type childProcess struct {
	engine *engine // nil in a child that only writes
	guest  *guest  // kept between documents while it is small and sound
	conn   *net.UnixConn
	out    *bufio.Writer

	frame  []byte
	answer []byte // of the parent
	glyphs []glyph
}

// keptGuest is how large a guest may be, in bytes, to serve another document.
const keptGuest = 64 << 20

// serve answers one request. An error means that the parent cannot be reached.
func (c *childProcess) serve(asked request, file *os.File) error {
	work := c.extract
	switch {
	case asked.Update != nil:
		work = c.update
	case asked.Render != nil:
		work = c.render
	case asked.Helping:
		work = c.help
	}
	err := work(asked, file)
	if c.guest != nil && (err != nil || c.guest.err != nil || c.guest.size() > keptGuest) {
		c.guest.close()
		c.guest = nil
	}
	if _, ok := errors.AsType[*lostParentError](err); ok {
		return err
	}
	if err != nil {
		failure := asFailure(err)
		if failure.cause != nil {
			fmt.Fprintln(os.Stderr, "extract child:", failure.cause)
		}
		if err := writeJSON(c.out, frameFailure, failure); err != nil {
			return err
		}
	} else if err := writeFrame(c.out, frameDone, nil); err != nil {
		return err
	}
	return c.out.Flush()
}

// asFailure gives each error the kind that the parent passes on.
func asFailure(err error) *Error {
	if typed, ok := AsError(err); ok {
		return typed
	}
	if errors.Is(err, errNoMemory) {
		return failBecause(KindOutOfMemory, "Reading the file takes more memory than is allowed.", err)
	}
	return failBecause(KindCrashed, "The PDF reader gave up on this file.", err)
}

type lostParentError struct{ cause error }

func (e *lostParentError) Error() string { return "the parent cannot be reached: " + e.cause.Error() }
func (e *lostParentError) Unwrap() error { return e.cause }

func (c *childProcess) send(kind frameKind, payload []byte) error {
	frame, err := appendFrame(c.frame[:0], kind, payload)
	if err != nil {
		return err
	}
	c.frame = frame
	if _, err := c.out.Write(frame); err != nil {
		return &lostParentError{cause: err}
	}
	// Progress is live: each message goes out at once.
	if err := c.out.Flush(); err != nil {
		return &lostParentError{cause: err}
	}
	return nil
}

func (c *childProcess) sendJSON(kind frameKind, value any) error {
	payload, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return c.send(kind, payload)
}

// open opens the document and tells how many pages it has.
func (c *childProcess) open(asked request, file *os.File) (doc *document, count int, err error) {
	if c.engine == nil {
		return nil, 0, errors.New("this child only writes")
	}
	if c.guest == nil {
		if c.guest, err = c.engine.newGuest(); err != nil {
			return nil, 0, err
		}
	}
	doc, err = c.guest.openDocument(file, asked.Size, asked.Password)
	if err != nil {
		return nil, 0, err
	}
	count = doc.pageCount()
	switch {
	case c.guest.err != nil:
		err = c.guest.err
	case count > asked.MaxPages:
		err = fail(KindTooManyPages, fmt.Sprintf("The file has %d pages; at most %d are allowed.", count, asked.MaxPages))
	default:
		err = c.sendJSON(frameInfo, Info{PageCount: count})
	}
	if err != nil {
		doc.close()
		return nil, 0, err
	}
	return doc, count, nil
}

// extract reads the document and sends what it holds.
func (c *childProcess) extract(asked request, file *os.File) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	doc, count, err := c.open(asked, file)
	if err != nil {
		return err
	}
	defer func() { doc.close() }()
	pages := pageSender{child: c, doc: doc, count: count}
	if !asked.TextOnly {
		pages.reading = newReading()
		pages.reading.pagesOnly = asked.PagesOnly
	}
	work := pages.sendAll
	if asked.Careful || asked.Spread && count >= spreadPages {
		work = pages.sendShared
	}
	if err := work(); err != nil {
		return err
	}
	result := Result{PageCount: count, TextVersion: TextVersion, FailedPages: pages.failed}
	if reading := pages.reading; reading != nil {
		if !reading.pagesOnly {
			result.References, result.Citations = reading.references()
			result.Metadata = reading.metadata(doc, file, asked)
		}
		result.Outline = doc.outline()
		result.Annotations = reading.annotations.marks
	}
	if c.guest.err != nil {
		return c.guest.err
	}
	if err := c.sendJSON(frameResult, result); err != nil {
		return err
	}
	if asked.NoThumbnail || pages.lostFirst {
		return nil
	}
	// From here on the document has its result; a page that cannot be drawn
	// costs the picture alone.
	if pages.reading.annotations.changedFirst {
		again, err := c.guest.openDocument(file, asked.Size, asked.Password)
		if err != nil {
			return err
		}
		doc.close()
		doc = again
	}
	picture, err := doc.draw(0, ThumbnailWidth)
	if err != nil || picture == nil {
		return err
	}
	return c.send(frameThumbnail, picture)
}
