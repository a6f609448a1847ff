package extract

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"

	"golang.org/x/sys/unix"

	"scrollkeeper.example/scrollkeeper/internal/pdfupdate"
)

// Parent and child talk over one Unix socket pair, the child's standard input.
// A socket rather than two pipes, because an open file can be sent through it:
// so a child that serves many documents is given each one and may open none.
//
// A message is a frame: the payload's length (4 bytes, big endian), its kind
// (1 byte), the payload. Payloads are JSON, which is easy to look at, but for
// pages: as JSON they would cost more to write and to read than the words cost
// to lay out. See wirepage.go.
//
//	parent → child   settings, then for each document: request + open file
//	child → parent   ready, then for each document:
//	                 info, at?, page × n, result, thumbnail?, done   or   failure
//	                 info, update × n, done                     or   failure
//	                 info, thumbnail, done                      or   failure
//
// A page is sent when pagesAhead more have been read; "at" stands for the first
// ones, which none is sent for.
//
// A document whose pages several children read (see spread.go) goes back and
// forth: the child asks for an order or for a page's glyphs with every "want".
//
//	main child       info, (want, order or glyphs, at?, page × n) × n, result, …
//	helping child    info, (want, order, glyphs × n) × n, done
type frameKind byte

const (
	frameSettings frameKind = iota + 1
	frameReady
	frameRequest
	frameInfo
	framePage
	frameResult
	frameThumbnail
	frameDone
	frameFailure
	frameUpdate
	frameWant   // the main child says which page is due
	frameOrder  // see pageOrder
	frameGlyphs // a page before it is laid out; see wireglyphs.go
	frameAt     // the page that the child begins with, where no page frame tells it
)

const (
	frameHeader = 5
	// maxFrame in bytes: more than the largest page that maxGlyphs allows.
	maxFrame = 64 << 20
)

// settings tell a child how to work, once.
type settings struct {
	CacheDir    string `json:"cache_dir"`
	MemoryLimit int64  `json:"memory_limit"`
	WritesOnly  bool   `json:"writes_only,omitempty"`
}

// request is one document; the open file comes with it.
type request struct {
	Size        int64  `json:"size"`
	Password    string `json:"password,omitempty"`
	Filename    string `json:"filename,omitempty"`
	MaxPages    int    `json:"max_pages"`
	NoThumbnail bool   `json:"no_thumbnail,omitempty"`
	TextOnly    bool   `json:"text_only,omitempty"`
	PagesOnly   bool   `json:"pages_only,omitempty"`
	// Spread lets a long document be read by several children, and Careful every
	// document: its pages are then read by others alone.
	Spread  bool `json:"spread,omitempty"`
	Careful bool `json:"careful,omitempty"`
	// Helping asks for the glyphs of pages, and for nothing else.
	Helping bool `json:"helping,omitempty"`
	// Render asks for a picture of a page, and for nothing else.
	Render *PageRequest `json:"render,omitempty"`
	// Update asks for the bytes that add marks to the file, and for nothing else.
	Update *pdfupdate.Request `json:"update,omitempty"`
}

// whole reports whether the document is to be extracted, and not only written to
// or drawn.
func (r *request) whole() bool { return r.Update == nil && r.Render == nil }

// pageOrder tells a child what to do about pages, which count from 0 here.
type pageOrder struct {
	From int  `json:"from"`           // read the pages from From
	To   int  `json:"to"`             // to before To
	Lost bool `json:"lost,omitempty"` // page From cannot be read: go on without it
	End  bool `json:"end,omitempty"`  // there is nothing more to read
}

func appendFrame(out []byte, kind frameKind, payload []byte) ([]byte, error) {
	if len(payload) > maxFrame {
		return out, fmt.Errorf("frame of %d bytes is too large", len(payload))
	}
	out = binary.BigEndian.AppendUint32(out, uint32(len(payload))) //nolint:gosec // at most maxFrame
	out = append(out, byte(kind))
	return append(out, payload...), nil
}

func writeFrame(w io.Writer, kind frameKind, payload []byte) error {
	frame, err := appendFrame(make([]byte, 0, frameHeader+len(payload)), kind, payload)
	if err != nil {
		return err
	}
	_, err = w.Write(frame)
	return err
}

func writeJSON(w io.Writer, kind frameKind, value any) error {
	payload, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return writeFrame(w, kind, payload)
}

// readFrame reads one frame. The payload may use buffer's room and is good until
// the next call with it.
func readFrame(r *bufio.Reader, buffer []byte) (frameKind, []byte, error) {
	var header [frameHeader]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return 0, nil, err
	}
	return readPayload(r, header, buffer)
}

func readPayload(r io.Reader, header [frameHeader]byte, buffer []byte) (frameKind, []byte, error) {
	length := int(binary.BigEndian.Uint32(header[:]))
	if length > maxFrame {
		return 0, nil, fmt.Errorf("frame of %d bytes is too large", length)
	}
	if cap(buffer) < length {
		buffer = make([]byte, length)
	}
	payload := buffer[:length]
	if _, err := io.ReadFull(r, payload); err != nil {
		return 0, nil, fmt.Errorf("frame cut short: %w", err)
	}
	return frameKind(header[4]), payload, nil
}

// sendRequest writes a request and passes the open file with it.
func sendRequest(conn *net.UnixConn, asked request, file *os.File) error {
	payload, err := json.Marshal(asked) //nolint:gosec // the child opens the file with the password
	if err != nil {
		return err
	}
	frame, err := appendFrame(nil, frameRequest, payload)
	if err != nil {
		return err
	}
	// SyscallConn, because Fd would switch the caller's file to blocking mode.
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var written int
	var sendErr error
	if err := raw.Control(func(fd uintptr) {
		written, _, sendErr = conn.WriteMsgUnix(frame, unix.UnixRights(int(fd)), nil) //nolint:gosec // a descriptor is an int
	}); err != nil {
		return err
	}
	if sendErr != nil {
		return sendErr
	}
	_, err = conn.Write(frame[written:])
	return err
}

// receiveRequest reads a request and the file that came with it. It returns
// io.EOF when the parent has hung up.
func receiveRequest(conn *net.UnixConn) (request, *os.File, error) {
	var asked request
	var header [frameHeader]byte
	rights := make([]byte, unix.CmsgSpace(4))
	n, rightsLength, _, _, err := conn.ReadMsgUnix(header[:], rights)
	if err != nil {
		return asked, nil, err
	}
	if n == 0 {
		return asked, nil, io.EOF
	}
	file, err := receivedFile(rights[:rightsLength])
	if err != nil {
		return asked, nil, err
	}
	if _, err := io.ReadFull(conn, header[n:]); err != nil {
		return asked, file, err
	}
	kind, payload, err := readPayload(conn, header, nil)
	if err != nil {
		return asked, file, err
	}
	if kind != frameRequest {
		return asked, file, fmt.Errorf("expected a request, not frame %d", kind)
	}
	return asked, file, json.Unmarshal(payload, &asked)
}

func receivedFile(rights []byte) (*os.File, error) {
	messages, err := unix.ParseSocketControlMessage(rights)
	if err != nil {
		return nil, fmt.Errorf("passed file: %w", err)
	}
	for _, message := range messages {
		fds, err := unix.ParseUnixRights(&message)
		if err != nil {
			return nil, fmt.Errorf("passed file: %w", err)
		}
		if len(fds) == 1 {
			return os.NewFile(uintptr(fds[0]), "document"), nil //nolint:gosec // a descriptor is not negative
		}
	}
	return nil, fmt.Errorf("no file came with the request")
}
