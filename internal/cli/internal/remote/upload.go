package remote

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// File is what to upload.
type File struct {
	// Content and its Size in bytes.
	Content io.ReaderAt
	Size    int64
	// Name without folders, and the folders it stood in, if any.
	Name, Folder string
	LibraryID    string
	// SHA256 in hex; the server checks the bytes against it.
	SHA256 string
}

// Resumption keeps the address of an unfinished upload across runs.
type Resumption interface {
	// Load gives the address, or an empty string.
	Load() string
	// Save replaces it. A failure costs no more than going on in another run,
	// so it is not told.
	Save(location string)
	// Clear forgets it.
	Clear()
}

// Uploaded is what an upload became. EditionID is empty when the server's last
// answer was lost and the document was found by asking again.
type Uploaded struct {
	DocumentID, EditionID string
	// Duplicate says that the library had the file already.
	Duplicate bool
}

const (
	tusVersion = "1.0.0"
	octets     = "application/offset+octet-stream"
	// firstBytes go with the creation, so that a file that is no PDF is refused
	// at once. Less than what a server reads of a refused body (256 KiB in Go),
	// or the refusal would be lost in a reset connection.
	firstBytes = 64 << 10
	// stallTimeout ends a request whose body does not move and which is not
	// answered either; the upload then goes on in another.
	stallTimeout = 90 * time.Second
	// maxRestarts is how often an upload that the server no longer knows is
	// begun again.
	maxRestarts = 3
)

// Upload sends f, from where an earlier attempt stopped, in requests of
// chunkBytes. It goes on through broken connections, restarts of the server
// and answers that ask to come back later, and fails with the server's *Problem
// when the file is refused. sent is told how many bytes the server has or is
// being sent; it may go back.
func (c *Client) Upload(ctx context.Context, f File, chunkBytes int64, at Resumption, sent func(bytes int64)) (Uploaded, error) {
	u := &upload{client: c, file: f, chunk: chunkBytes, at: at, sent: sent, location: at.Load()}
	waits := c.backoff.start()
	for restarts := 0; ; {
		done, moved, err := u.attempt(ctx)
		if err == nil {
			at.Clear()
			return done, nil
		}
		if moved {
			waits.progressed()
		}
		if p, ok := AsProblem(err); ok && p.Code == "duplicate" && p.DocumentID != "" {
			at.Clear()
			return Uploaded{DocumentID: p.DocumentID, Duplicate: true}, nil
		}
		if u.location != "" && gone(err) && restarts < maxRestarts {
			restarts++
			at.Clear()
			u.location, u.complete = "", false
			continue
		}
		if err := waits.after(ctx, err); err != nil {
			if refused(err) {
				at.Clear()
			}
			return Uploaded{}, err
		}
	}
}

// refused tells that the server will not have the file, however often it comes.
// A token that ran out or a full disk is not that: the upload goes on later.
func refused(err error) bool {
	return HasStatus(err, http.StatusBadRequest, http.StatusConflict, http.StatusRequestEntityTooLarge,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity)
}

// gone tells that the server has no such upload of ours any more.
func gone(err error) bool {
	return HasStatus(err, http.StatusNotFound, http.StatusGone, http.StatusForbidden) && !isLibraryRefusal(err)
}

// isLibraryRefusal tells a library that is not ours to write to, which
// beginning again would not mend.
func isLibraryRefusal(err error) bool {
	p, ok := AsProblem(err)
	return ok && (p.Code == "library_not_found" || p.Code == "role_forbids")
}

// upload is one file on its way.
type upload struct {
	client   *Client
	file     File
	chunk    int64
	at       Resumption
	sent     func(int64)
	location string
	// complete is set once every byte was sent, whether or not it was answered.
	complete bool
}

// attempt goes as far as it can. moved tells whether the server got further.
func (u *upload) attempt(ctx context.Context) (done Uploaded, moved bool, err error) {
	var offset int64
	if u.location == "" {
		if done, offset, err = u.create(ctx); err != nil {
			return done, false, err
		}
		moved = true
	} else if offset, err = u.offset(ctx); err != nil {
		if u.complete && gone(err) {
			// Taken over and cleared away before we heard of it.
			return u.outcome(ctx)
		}
		return done, false, err
	}
	for {
		u.sent(offset)
		if done.DocumentID != "" {
			return done, true, nil
		}
		if offset >= u.file.Size {
			u.complete = true
			return u.outcome(ctx)
		}
		var next int64
		if done, next, err = u.patch(ctx, offset); err != nil {
			return done, moved, err
		}
		moved = moved || next > offset
		offset = next
	}
}

func (u *upload) create(ctx context.Context) (Uploaded, int64, error) {
	first := min(u.file.Size, firstBytes)
	h := tusHeader()
	h.Set("Upload-Length", strconv.FormatInt(u.file.Size, 10))
	h.Set("Upload-Metadata", u.metadata())
	h.Set("Content-Type", octets)
	resp, err := u.send(ctx, http.MethodPost, "/api/uploads/", h, 0, first)
	if err != nil {
		return Uploaded{}, 0, err
	}
	defer discard(resp)
	u.location = resp.Header.Get("Location")
	if u.location == "" {
		return Uploaded{}, 0, fmt.Errorf("the server took the upload of %s without saying where to send it", u.file.Name)
	}
	u.at.Save(u.location)
	offset, err := strconv.ParseInt(resp.Header.Get("Upload-Offset"), 10, 64)
	if err != nil {
		offset = 0 // A server without creation-with-upload.
	}
	return outcomeOf(resp), offset, nil
}

func (u *upload) offset(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	resp, err := u.client.do(ctx, http.MethodHead, u.location, tusHeader(), nil)
	if err != nil {
		return 0, err
	}
	defer discard(resp)
	length, _ := strconv.ParseInt(resp.Header.Get("Upload-Length"), 10, 64)
	offset, err := strconv.ParseInt(resp.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 || offset > u.file.Size || length != u.file.Size {
		// Not this file's upload: begin again.
		return 0, &Problem{Status: http.StatusGone, Code: "upload_gone", Detail: "The unfinished upload on the server is of another file."}
	}
	return offset, nil
}

func (u *upload) patch(ctx context.Context, offset int64) (Uploaded, int64, error) {
	length := min(u.chunk, u.file.Size-offset)
	h := tusHeader()
	h.Set("Upload-Offset", strconv.FormatInt(offset, 10))
	h.Set("Content-Type", octets)
	if offset+length == u.file.Size {
		u.complete = true
	}
	resp, err := u.send(ctx, http.MethodPatch, u.location, h, offset, length)
	if HasStatus(err, http.StatusConflict) {
		// The server is at another offset than we thought; ask, then go on.
		if p, ok := AsProblem(err); !ok || p.Code != "duplicate" {
			at, herr := u.offset(ctx)
			if herr != nil {
				return Uploaded{}, offset, herr
			}
			if at == offset {
				return Uploaded{}, offset, err
			}
			return Uploaded{}, at, nil
		}
	}
	if err != nil {
		return Uploaded{}, offset, err
	}
	defer discard(resp)
	next, err := strconv.ParseInt(resp.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || next <= offset || next > offset+length {
		return Uploaded{}, offset, fmt.Errorf("the server did not say how much of %s it has", u.file.Name)
	}
	return outcomeOf(resp), next, nil
}

// send sends length bytes of the file from offset as a request's body.
func (u *upload) send(ctx context.Context, method, target string, h http.Header, offset, length int64) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(stallTimeout, func() { cancel(errStalled) })
	defer timer.Stop()
	body := &countedBody{
		section: io.NewSectionReader(u.file.Content, offset, length), length: length,
		read: func(n int64) { timer.Reset(stallTimeout); u.sent(offset + n) },
	}
	resp, err := u.client.do(ctx, method, target, h, body)
	if err != nil && body.short.Load() {
		return nil, errChanged
	}
	return resp, err
}

// errChanged is a file that became shorter while it was sent.
var errChanged = errors.New("the file changed while it was sent; start again when nothing writes to it")

// outcome asks what a complete upload became, when the answer to its last
// request was lost.
func (u *upload) outcome(ctx context.Context) (Uploaded, bool, error) {
	records, err := u.client.Uploads(ctx, u.file.LibraryID)
	if err != nil {
		return Uploaded{}, false, err
	}
	id := path.Base(u.location)
	for _, r := range records {
		if r.ID != id {
			continue
		}
		switch {
		case r.State == "open":
			// Its last request is still at work, or died with the server.
			return Uploaded{}, false, &Problem{Status: http.StatusLocked, Code: "upload_unfinished", Detail: "The server has every byte but has not taken the file over yet."}
		case r.DocumentID != nil:
			return Uploaded{DocumentID: *r.DocumentID, Duplicate: r.State == "duplicate"}, true, nil
		case r.ProblemCode != nil:
			return Uploaded{}, false, &Problem{Status: http.StatusUnprocessableEntity, Code: *r.ProblemCode, Detail: "The server refused the file: " + strings.ReplaceAll(*r.ProblemCode, "_", " ") + "."}
		}
	}
	return Uploaded{}, false, &Problem{Status: http.StatusGone, Code: "upload_gone", Detail: "The server no longer knows this upload."}
}

func (u *upload) metadata() string {
	var pairs []string
	add := func(key, value string) {
		if value != "" {
			pairs = append(pairs, key+" "+base64.StdEncoding.EncodeToString([]byte(strings.ToValidUTF8(value, "\uFFFD"))))
		}
	}
	add("filename", u.file.Name)
	add("filetype", "application/pdf")
	add("library_id", u.file.LibraryID)
	add("path", u.file.Folder)
	add("sha256", u.file.SHA256)
	return strings.Join(pairs, ",")
}

func tusHeader() http.Header { return http.Header{"Tus-Resumable": {tusVersion}} }

func outcomeOf(resp *http.Response) Uploaded {
	return Uploaded{DocumentID: resp.Header.Get("Scrollkeeper-Document"), EditionID: resp.Header.Get("Scrollkeeper-Edition")}
}

// countedBody is a part of a file as a request's body.
type countedBody struct {
	section *io.SectionReader
	length  int64
	done    int64
	read    func(done int64)
	short   atomic.Bool // the file ended before its time
}

// Len is the length that the request declares.
func (b *countedBody) Len() int64 { return b.length }

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.section.Read(p)
	b.done += int64(n)
	b.read(b.done)
	if err != nil && b.done < b.length {
		b.short.Store(true)
	}
	return n, err
}
