package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/ingest"
	"scrollkeeper.example/scrollkeeper/internal/library"
)

func TestUploadBecomesADocument(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := pdf(300_000)
	path := e.mustCreate(e.Editor, len(file), "filename", "Über papers/a\u202epaper.pdf", "path", "../Folder/./Sub", "sha256", hexSum(file))

	a := e.patch(e.Editor, path, 0, file[:100_000])
	if a.status != http.StatusNoContent || a.header.Get("Upload-Offset") != "100000" {
		t.Fatalf("first chunk: %d, offset %s", a.status, a.header.Get("Upload-Offset"))
	}
	if e.documentCount() != 0 {
		t.Error("a document before the last byte")
	}
	a = e.do(e.Editor, http.MethodHead, path, nil, nil)
	if a.status != http.StatusOK || a.header.Get("Upload-Offset") != "100000" || a.header.Get("Upload-Length") != "300000" {
		t.Fatalf("head: %d %v", a.status, a.header)
	}
	documentID, editionID := e.became(e.patch(e.Editor, path, 100_000, file[100_000:]))

	edition := e.edition(documentID)
	if edition.ID != editionID || edition.State != document.Queued || edition.Filename != "apaper.pdf" || edition.Size != 300_000 {
		t.Errorf("edition %+v", edition)
	}
	stored, err := e.Blobs.Open(t.Context(), edition.BlobKey)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stored.Close() }()
	if got, err := io.ReadAll(stored); err != nil || !bytes.Equal(got, file) {
		t.Errorf("stored bytes differ, %v", err)
	}
	if ops := changesOf(e.Changes(t), library.KindDocument); !slices.Equal(ops, []string{library.OpAdded}) {
		t.Errorf("changes %v", ops)
	}
	waiting, err := e.jobs.Waiting(t.Context(), parseKind, "edition_id", []string{editionID.String()})
	if err != nil || len(waiting) != 1 {
		t.Errorf("jobs %v, %v", waiting, err)
	}
	if u := e.uploads(e.Editor); len(u) != 1 || u[0].State != ingest.Finished || u[0].DocumentID.UUID != documentID || u[0].Path != "Folder/Sub" {
		t.Errorf("uploads %+v", u)
	}

	t.Run("and gives the same answer again when the first one was lost", func(t *testing.T) {
		for _, method := range []string{http.MethodHead, http.MethodPatch} {
			a := e.do(e.Editor, method, path, chunkHeader(len(file)), nil)
			if again, _ := e.became(a); again != documentID || a.header.Get("Upload-Offset") != "300000" {
				t.Errorf("%s: document %s at %s", method, again, a.header.Get("Upload-Offset"))
			}
		}
		if e.documentCount() != 1 {
			t.Error("a second document")
		}
	})
	t.Run("and cannot be written to or removed as an upload any more", func(t *testing.T) {
		if a := e.patch(e.Editor, path, 5, []byte("x")); a.status != http.StatusConflict || a.code() != "offset_mismatch" {
			t.Errorf("patch: %d %s", a.status, a.code())
		}
		if a := e.do(e.Editor, http.MethodDelete, path, nil, nil); a.status != http.StatusConflict || a.code() != "upload_finished" {
			t.Errorf("delete: %d %s", a.status, a.code())
		}
	})
}

func TestUploadInOneRequest(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := pdf(50_000)
	send := func(body []byte) answer {
		return e.do(e.Editor, http.MethodPost, "/api/uploads/", map[string]string{
			"Upload-Length": strconv.Itoa(len(body)), "Content-Type": "application/offset+octet-stream",
			"Upload-Metadata": metadata("library_id", e.LibraryID.String(), "filename", "a.pdf"),
		}, bytes.NewReader(body))
	}
	a := send(file)
	if documentID, _ := e.became(a); a.status != http.StatusCreated || e.edition(documentID).Size != 50_000 {
		t.Errorf("status %d", a.status)
	}
	if a := send([]byte("just text")); a.status != http.StatusUnsupportedMediaType || a.code() != "not_a_pdf" {
		t.Errorf("text: %d %s", a.status, a.code())
	}
}

// heldBody gives its bytes, waits for end, and then fails with what end says,
// like a client that is slow and may be killed.
type heldBody struct {
	bytes io.Reader
	end   <-chan error
}

func (h heldBody) Read(p []byte) (int, error) {
	if n, err := h.bytes.Read(p); err == nil {
		return n, nil
	}
	return 0, <-h.end
}

// startPatch begins to send a chunk that does not end, and returns once all that
// was sent of it is stored: a server that closes a connection on which bytes
// wait unread resets it, and its answer can be lost.
func (e *env) startPatch(path string, chunk []byte) (end chan<- error, done <-chan answer) {
	e.t.Helper()
	ends, answers := make(chan error, 1), make(chan answer, 1)
	ctx := context.WithoutCancel(e.t.Context())
	go func() {
		a, err := e.try(ctx, e.Editor, http.MethodPatch, path, chunkHeader(0), heldBody{bytes.NewReader(chunk), ends})
		if err != nil {
			a.body = map[string]any{"error": err.Error()}
		}
		answers <- a
	}()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-tick.C {
		if info, err := os.Stat(filepath.Join(e.dir, filepath.Base(path))); err == nil && info.Size() == int64(len(chunk)) {
			return ends, answers
		}
		if time.Now().After(deadline) {
			e.t.Fatal("what was sent was not stored")
		}
	}
}

func TestUploadGoesOnAfterTheClientBrokeOff(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := pdf(1 << 20)
	path := e.mustCreate(e.Editor, len(file))
	end, done := e.startPatch(path, file[:600_000])
	end <- io.ErrUnexpectedEOF
	<-done
	// HEAD takes the upload's lock, so it answers when the broken request ended.
	a := e.do(e.Editor, http.MethodHead, path, nil, nil)
	offset, err := strconv.Atoi(a.header.Get("Upload-Offset"))
	if err != nil || offset == 0 || offset > 600_000 {
		t.Fatalf("offset %q", a.header.Get("Upload-Offset"))
	}
	documentID, _ := e.became(e.patch(e.Editor, path, offset, file[offset:]))
	e.runJobs().Idle(parseKind)
	if got := fmt.Sprintf("%x", e.edition(documentID).SHA256); got != hexSum(file) {
		t.Errorf("sha256 %s", got)
	}
}

func TestUploadIsRefusedAtItsCreation(t *testing.T) {
	t.Parallel()
	e := newEnv(t, func(c *ingest.Config) { c.MaxBytes = 1 << 20; c.MaxOpen = 3 })
	id := e.LibraryID.String()
	other := e.mustOtherLibrary()
	for name, tc := range map[string]struct {
		person int // 0 editor, 1 reader, 2 stranger
		header map[string]string
		status int
		code   string
	}{
		"too large": {
			0,
			map[string]string{"Upload-Length": "1048577", "Upload-Metadata": metadata("library_id", id)},
			http.StatusRequestEntityTooLarge, "too_large",
		},
		"empty": {
			0,
			map[string]string{"Upload-Length": "0", "Upload-Metadata": metadata("library_id", id)},
			http.StatusUnprocessableEntity, "empty_file",
		},
		"unknown size": {
			0,
			map[string]string{"Upload-Defer-Length": "1", "Upload-Metadata": metadata("library_id", id)},
			http.StatusBadRequest, "length_required",
		},
		"no size": {
			0,
			map[string]string{"Upload-Metadata": metadata("library_id", id)},
			http.StatusBadRequest, "length_required",
		},
		"no library": {
			0,
			map[string]string{"Upload-Length": "10"},
			http.StatusUnprocessableEntity, "bad_library_id",
		},
		"wrong checksum form": {
			0,
			map[string]string{"Upload-Length": "10", "Upload-Metadata": metadata("library_id", id, "sha256", "abc")},
			http.StatusUnprocessableEntity, "bad_sha256",
		},
		"reader": {
			1,
			map[string]string{"Upload-Length": "10", "Upload-Metadata": metadata("library_id", id)},
			http.StatusForbidden, "role_forbids",
		},
		"stranger": {
			2,
			map[string]string{"Upload-Length": "10", "Upload-Metadata": metadata("library_id", id)},
			http.StatusNotFound, "library_not_found",
		},
		"somebody else's library": {
			0,
			map[string]string{"Upload-Length": "10", "Upload-Metadata": metadata("library_id", other.String())},
			http.StatusNotFound, "library_not_found",
		},
		"another version of tus": {
			0,
			map[string]string{"Tus-Resumable": "0.2.0", "Upload-Length": "10"},
			http.StatusPreconditionFailed, "tus_version",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := e.Editor
			switch tc.person {
			case 1:
				p = e.Reader
			case 2:
				p = e.Stranger
			}
			a := e.do(p, http.MethodPost, "/api/uploads/", tc.header, nil)
			if a.status != tc.status || a.code() != tc.code {
				t.Errorf("%d %s, want %d %s", a.status, a.code(), tc.status, tc.code)
			}
		})
	}
	if n := len(e.uploads(e.Editor)); n != 0 {
		t.Errorf("%d uploads were made", n)
	}
	t.Run("too many unfinished", func(t *testing.T) {
		for range 3 {
			e.mustCreate(e.Editor, 10)
		}
		if _, a := e.create(e.Editor, 10); a.status != http.StatusTooManyRequests || a.code() != "too_many_uploads" {
			t.Errorf("%d %s", a.status, a.code())
		}
	})
}

func (e *env) mustOtherLibrary() uuid.UUID {
	e.t.Helper()
	lib, err := e.Service.Create(e.t.Context(), e.Stranger, "Another Lab")
	if err != nil {
		e.t.Fatal(err)
	}
	return lib.ID
}

func TestFileThatTheLibraryHasIsRefusedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := pdf(10_000)
	documentID, _ := e.upload(e.Owner, file)
	e.runJobs().Idle(parseKind)

	_, a := e.create(e.Editor, len(file), "sha256", hexSum(file))
	if a.status != http.StatusConflict || a.code() != "duplicate" || a.body["document_id"] != documentID.String() || a.body["document_title"] != "A Fine Title" {
		t.Errorf("%d %v", a.status, a.body)
	}
	t.Run("but another library does not know it", func(t *testing.T) {
		other := e.mustOtherLibrary()
		a := e.do(e.Stranger, http.MethodPost, "/api/uploads/", map[string]string{
			"Upload-Length": "10000", "Upload-Metadata": metadata("library_id", other.String(), "sha256", hexSum(file)),
		}, nil)
		if a.status != http.StatusCreated {
			t.Errorf("%d %v", a.status, a.body)
		}
	})
}

func TestFileThatIsNoPDFIsRefusedWithItsFirstChunk(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("no pdf "), 100_000)
	late := append(bytes.Repeat([]byte(" "), 65_532), "%PDF-1.7"...)
	for name, tc := range map[string]struct {
		chunks  [][]byte
		size    int
		refused int // the chunk that is refused
	}{
		"a large first chunk":      {[][]byte{text[:500_000]}, len(text), 0},
		"small first chunks":       {[][]byte{text[:500], text[500:2000], text[2000:70_000]}, len(text), 2},
		"shorter than a kilobyte":  {[][]byte{text[:300]}, 300, 0},
		"shorter, in two chunks":   {[][]byte{text[:100], text[100:300]}, 300, 1},
		"a header too far in":      {[][]byte{late}, 100_000, 0},
		"a header in text":         {[][]byte{append(bytes.Repeat([]byte("x"), 1021), "%PDF-1.7"...), text[:70_000]}, 100_000, 1},
		"just as far as is looked": {[][]byte{text[:extract.SniffLength]}, len(text), 0},
		"an archive":               {[][]byte{append([]byte("PK\x03\x04"), text[:70_000]...)}, 100_000, 0},
		"a web page":               {[][]byte{append([]byte("<!doctype html><p>"), text[:70_000]...)}, 100_000, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			path := e.mustCreate(e.Editor, tc.size)
			offset := 0
			for i, chunk := range tc.chunks {
				a := e.patch(e.Editor, path, offset, chunk)
				offset += len(chunk)
				switch {
				case i < tc.refused && a.status != http.StatusNoContent:
					t.Fatalf("chunk %d: %d %s", i, a.status, a.code())
				case i == tc.refused && (a.status != http.StatusUnsupportedMediaType || a.code() != "not_a_pdf"):
					t.Fatalf("chunk %d: %d %s", i, a.status, a.code())
				}
			}
			if u := e.uploads(e.Editor); u[0].State != ingest.Refused || u[0].ProblemCode != "not_a_pdf" {
				t.Errorf("upload %+v", u[0])
			}
			if left := e.files(); len(left) != 0 {
				t.Errorf("files left: %v", left)
			}
			if a := e.patch(e.Editor, path, offset, []byte("x")); a.status != http.StatusGone || a.code() != "upload_gone" {
				t.Errorf("afterwards: %d %s", a.status, a.code())
			}
		})
	}

	for name, file := range map[string][]byte{
		"a header within the first kilobyte":  append(bytes.Repeat([]byte("x"), 1019), "%PDF-1.7"...),
		"a header behind the lines of a mail": append(bytes.Repeat([]byte("Received: by mail\r\n"), 100), "%PDF-1.7 and more"...),
		"an object":                           append([]byte("%\xe2\xe3\xcf\xd3\n1 0 obj <</Type/Catalog>>"), text[:2000]...),
	} {
		t.Run(name+" is enough", func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			path := e.mustCreate(e.Editor, len(file))
			for _, cut := range [][2]int{{0, 1000}, {1000, 1022}, {1022, len(file)}} {
				if a := e.patch(e.Editor, path, cut[0], file[cut[0]:cut[1]]); a.status != http.StatusNoContent {
					t.Fatalf("%v: %d %s", cut, a.status, a.code())
				}
			}
		})
	}
}

// files lists what lies in the folder of uploads.
func (e *env) files() []string {
	e.t.Helper()
	entries, err := os.ReadDir(e.dir)
	if err != nil {
		e.t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestUploadBelongsToItsPerson(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	path := e.mustCreate(e.Editor, 5000)
	for _, method := range []string{http.MethodHead, http.MethodPatch, http.MethodDelete} {
		a := e.do(e.Owner, method, path, chunkHeader(0), strings.NewReader("%PDF-"))
		if a.status != http.StatusNotFound {
			t.Errorf("%s by somebody else: %d", method, a.status)
		}
		if a := e.do(e.Owner, method, "/api/uploads/no-such-upload", chunkHeader(0), nil); a.status != http.StatusNotFound {
			t.Errorf("%s of nothing: %d", method, a.status)
		}
	}
	if a := e.do(e.Editor, http.MethodPatch, path, map[string]string{"Person": "nobody"}, nil); a.status != http.StatusUnauthorized {
		t.Errorf("signed out: %d", a.status)
	}
}

func TestUploadStopsWhenItsPersonMayNoLongerAdd(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := pdf(5000)
	path := e.mustCreate(e.Editor, len(file))
	e.patch(e.Editor, path, 0, file[:2000])
	if err := e.Service.SetRole(t.Context(), e.Owner, e.LibraryID, e.Editor.ID, library.Reader); err != nil {
		t.Fatal(err)
	}
	if a := e.patch(e.Editor, path, 2000, file[2000:]); a.status != http.StatusForbidden || a.code() != "role_forbids" {
		t.Errorf("as reader: %d %s", a.status, a.code())
	}
	if err := e.Service.RemoveMember(t.Context(), e.Owner, e.LibraryID, e.Editor.ID); err != nil {
		t.Fatal(err)
	}
	if a := e.patch(e.Editor, path, 2000, file[2000:]); a.status != http.StatusForbidden {
		t.Errorf("as nobody: %d %s", a.status, a.code())
	}
	if e.documentCount() != 0 {
		t.Error("a document was made")
	}
}

func TestRemovedUploadIsGone(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	path := e.mustCreate(e.Editor, 5000)
	e.patch(e.Editor, path, 0, pdf(2000))
	if a := e.do(e.Editor, http.MethodDelete, path, nil, nil); a.status != http.StatusNoContent {
		t.Fatalf("delete: %d %s", a.status, a.code())
	}
	for _, method := range []string{http.MethodHead, http.MethodPatch, http.MethodDelete} {
		if a := e.do(e.Editor, method, path, chunkHeader(2000), nil); a.status != http.StatusGone {
			t.Errorf("%s: %d %s", method, a.status, a.code())
		}
	}
	if left := e.files(); len(left) != 0 {
		t.Errorf("files left: %v", left)
	}
}

func TestChunkOutOfPlaceIsRefused(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	path := e.mustCreate(e.Editor, 5000)
	file := pdf(6000)
	if a := e.patch(e.Editor, path, 100, file[:100]); a.status != http.StatusConflict || a.code() != "offset_mismatch" {
		t.Errorf("wrong offset: %d %s", a.status, a.code())
	}
	if a := e.patch(e.Editor, path, 0, file); a.status != http.StatusRequestEntityTooLarge || a.code() != "size_exceeded" {
		t.Errorf("past the end: %d %s", a.status, a.code())
	}
	if a := e.do(e.Editor, http.MethodPatch, path, map[string]string{"Upload-Offset": "0"}, nil); a.status != http.StatusUnsupportedMediaType || a.code() != "chunk_content_type" {
		t.Errorf("wrong type: %d %s", a.status, a.code())
	}
}

func TestOptionsTellWhatTheServerCan(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	a := e.do(e.Stranger, http.MethodOptions, "/api/uploads/", map[string]string{"Person": "nobody"}, nil)
	if a.status != http.StatusOK || a.header.Get("Tus-Extension") != "creation,creation-with-upload,termination" ||
		a.header.Get("Tus-Version") != "1.0.0" || a.header.Get("Tus-Max-Size") != "2147483648" {
		t.Errorf("%d %v", a.status, a.header)
	}
}

func TestStoppingServerKeepsWhatCame(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	file := pdf(1 << 20)
	path := e.mustCreate(e.Editor, len(file))
	end, done := e.startPatch(path, file[:700_000])
	defer func() { end <- io.EOF }()
	e.service.StopTransfers()
	if a := <-done; a.status != http.StatusServiceUnavailable || a.code() != "stopping" {
		t.Errorf("%d %v", a.status, a.body)
	}
	info, err := os.Stat(filepath.Join(e.dir, filepath.Base(path)))
	if err != nil || info.Size() != 700_000 {
		t.Errorf("kept %v, %v", info, err)
	}
}

func TestServerTakesABoundedNumberOfTransfers(t *testing.T) {
	t.Parallel()
	e := newEnv(t, func(c *ingest.Config) { c.MaxTransfers = 1 })
	file := pdf(100_000)
	path := e.mustCreate(e.Editor, len(file))
	end, done := e.startPatch(path, file[:50_000])
	if _, a := e.create(e.Owner, 10); a.status != http.StatusServiceUnavailable || a.code() != "busy" || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %s, retry after %q", a.status, a.code(), a.header.Get("Retry-After"))
	}
	end <- io.EOF
	<-done
}

func TestUploadsListIsMineAlone(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.mustCreate(e.Editor, 10, "filename", "mine.pdf")
	a := e.do(e.Editor, http.MethodGet, "/api/libraries/"+e.LibraryID.String()+"/uploads", nil, nil)
	items, _ := a.body["items"].([]any)
	if a.status != http.StatusOK || len(items) != 1 || items[0].(map[string]any)["filename"] != "mine.pdf" {
		t.Errorf("%d %v", a.status, a.body)
	}
	if got := e.uploads(e.Owner); len(got) != 0 {
		t.Errorf("somebody else sees %v", got)
	}
}
