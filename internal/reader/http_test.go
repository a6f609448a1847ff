package reader_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
	"scrollkeeper.example/scrollkeeper/internal/reader"
)

type env struct {
	*documenttest.Env
	site  *documenttest.Site
	store *watchedStore
}

func setup(t *testing.T) *env {
	t.Helper()
	docs := documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
	store := &watchedStore{Store: docs.Blobs}
	s, err := reader.New(reader.Parts{Pool: docs.Pool, Documents: docs.Documents, Blobs: store, Clock: docs.Clock}, reader.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &env{Env: docs, store: store, site: documenttest.Serve(t, func(api *httpapi.API) { reader.Mount(api, s) })}
}

func file(size int) []byte {
	content := []byte("%PDF-1.7\n")
	for i := len(content); i < size; i++ {
		content = append(content, byte(i*i>>3))
	}
	return content
}

func TestFiles(t *testing.T) {
	e := setup(t)
	content := file(2*blockSize + 4321)
	a := e.Add(t, documenttest.Doc{File: content, Filename: "Naïve paper.pdf", Pages: []string{"x"}})
	path := "/api/editions/" + a.EditionID.String() + "/file"
	hash := sha256.Sum256(content)
	etag := `"` + hex.EncodeToString(hash[:]) + `"`

	t.Run("whole", func(t *testing.T) {
		got := e.site.Do(e.Reader, "GET", path, "")
		if got.Status != http.StatusOK || !bytes.Equal(got.Body, content) {
			t.Fatalf("%d, %d bytes", got.Status, len(got.Body))
		}
		for name, want := range map[string]string{
			"Content-Type": "application/pdf", "Content-Length": fmt.Sprint(len(content)), "Accept-Ranges": "bytes", "ETag": etag,
			"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff", "Content-Encoding": "", "Last-Modified": "",
			"Content-Disposition": `inline; filename="Na_ve paper.pdf"; filename*=UTF-8''Na%C3%AFve%20paper.pdf`,
		} {
			if got.Header.Get(name) != want {
				t.Errorf("%s is %q, want %q", name, got.Header.Get(name), want)
			}
		}
		if csp := got.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "sandbox") {
			t.Errorf("policy %q", csp)
		}
	})
	t.Run("download", func(t *testing.T) {
		if got := e.site.Do(e.Reader, "GET", path+"?download=1", "").Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; ") {
			t.Errorf("disposition %q", got)
		}
	})
	t.Run("HEAD", func(t *testing.T) {
		before := e.store.ranges.Load()
		got := e.site.Do(e.Reader, "HEAD", path, "")
		if got.Status != http.StatusOK || len(got.Body) != 0 || got.Header.Get("Content-Length") != fmt.Sprint(len(content)) || got.Header.Get("ETag") != etag {
			t.Errorf("%d %v", got.Status, got.Header)
		}
		if e.store.ranges.Load() != before {
			t.Error("HEAD read the file")
		}
	})
	t.Run("ranges", func(t *testing.T) {
		size := len(content)
		for spec, want := range map[string][2]int{
			"bytes=0-0":  {0, 1},
			"bytes=10-":  {10, size},
			"bytes=-100": {size - 100, size},
			fmt.Sprintf("bytes=%d-%d", size-1, size+1000):          {size - 1, size},
			fmt.Sprintf("bytes=%d-%d", blockSize-5, 2*blockSize+5): {blockSize - 5, 2*blockSize + 6},
			fmt.Sprintf("bytes=-%d", 2*size):                       {0, size},
		} {
			got := e.site.Do(e.Reader, "GET", path, "", "Range", spec)
			if got.Status != http.StatusPartialContent || !bytes.Equal(got.Body, content[want[0]:want[1]]) ||
				got.Header.Get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", want[0], want[1]-1, size) {
				t.Errorf("%s: %d, %s, %d bytes", spec, got.Status, got.Header.Get("Content-Range"), len(got.Body))
			}
		}
	})
	t.Run("several ranges", func(t *testing.T) {
		got := e.site.Do(e.Reader, "GET", path, "", "Range", fmt.Sprintf("bytes=1-3,%d-%d", blockSize, blockSize+1))
		kind, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
		if got.Status != http.StatusPartialContent || err != nil || kind != "multipart/byteranges" {
			t.Fatalf("%d %s", got.Status, kind)
		}
		parts := multipart.NewReader(bytes.NewReader(got.Body), params["boundary"])
		for _, want := range [][]byte{content[1:4], content[blockSize : blockSize+2]} {
			part, err := parts.NextPart()
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(part); err != nil || !bytes.Equal(body, want) {
				t.Errorf("part %v, %v", body, err)
			}
		}
	})
	t.Run("what cannot be had", func(t *testing.T) {
		for _, spec := range []string{fmt.Sprintf("bytes=%d-", len(content)), "bytes=5-1", "bytes=x-", "bytes=-", "bytes=--1"} {
			if got := e.site.Do(e.Reader, "GET", path, "", "Range", spec); got.Status != http.StatusRequestedRangeNotSatisfiable {
				t.Errorf("%s: %d", spec, got.Status)
			}
		}
	})
	t.Run("conditions", func(t *testing.T) {
		for _, c := range []struct {
			headers []string
			status  int
		}{
			{[]string{"If-None-Match", etag}, http.StatusNotModified},
			{[]string{"If-None-Match", `"a", ` + etag}, http.StatusNotModified},
			{[]string{"If-None-Match", `"other"`}, http.StatusOK},
			{[]string{"If-Match", `"other"`}, http.StatusPreconditionFailed},
			{[]string{"Range", "bytes=0-1", "If-Range", etag}, http.StatusPartialContent},
			{[]string{"Range", "bytes=0-1", "If-Range", `"other"`}, http.StatusOK},
		} {
			if got := e.site.Do(e.Reader, "GET", path, "", c.headers...); got.Status != c.status {
				t.Errorf("%v: %d, want %d", c.headers, got.Status, c.status)
			}
		}
	})
	t.Run("who is gone gets nothing, also from the cache", func(t *testing.T) {
		for _, c := range []struct {
			person identity.Person
			path   string
			status int
			code   string
		}{
			{identity.Person{}, path, http.StatusUnauthorized, "signed_out"},
			{e.Stranger, path, http.StatusNotFound, "document_not_found"},
			{e.Reader, "/api/editions/" + uuid.NewString() + "/file", http.StatusNotFound, "document_not_found"},
			{e.Reader, "/api/editions/1/file", http.StatusUnprocessableEntity, "bad_edition_id"},
		} {
			if got := e.site.Do(c.person, "GET", c.path, "", "Range", "bytes=0-1", "If-None-Match", etag); got.Status != c.status || got.Code() != c.code || got.Header.Get("ETag") != "" {
				t.Errorf("%q: %d %s", c.person.Name, got.Status, got.Body)
			}
		}
		if err := e.Service.RemoveMember(t.Context(), e.Owner, e.LibraryID, e.Reader.ID); err != nil {
			t.Fatal(err)
		}
		if got := e.site.Do(e.Reader, "GET", path, "", "If-None-Match", etag); got.Status != http.StatusNotFound {
			t.Errorf("after leaving: %d", got.Status)
		}
		if _, err := e.Documents.Trash(t.Context(), e.Owner, a.DocumentID); err != nil {
			t.Fatal(err)
		}
		if got := e.site.Do(e.Editor, "GET", path, "", "Range", "bytes=0-1"); got.Status != http.StatusPartialContent {
			t.Errorf("from the trash: %d", got.Status)
		}
		if err := e.Documents.Purge(t.Context(), e.Owner, a.DocumentID); err != nil {
			t.Fatal(err)
		}
		if got := e.site.Do(e.Editor, "GET", path, "", "Range", "bytes=0-1"); got.Status != http.StatusNotFound {
			t.Errorf("after the purge: %d", got.Status)
		}
	})
}

func TestAFileThatIsNotCheckedYet(t *testing.T) {
	e := setup(t)
	a := e.Upload(t, documenttest.Doc{File: file(100)})
	got := e.site.Do(e.Reader, "GET", "/api/editions/"+a.EditionID.String()+"/file", "")
	if got.Status != http.StatusOK || len(got.Body) != 100 || got.Header.Get("ETag") != `"`+a.EditionID.String()+`-100"` {
		t.Errorf("%d, %d bytes, %s", got.Status, len(got.Body), got.Header.Get("ETag"))
	}
}

func TestAStoreThatFailsIsAnErrorAndNotAShortFile(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{File: file(100), Pages: []string{"x"}})
	e.store.before = func(context.Context) error { return blob.Unavailable(errors.New("away")) }
	got := e.site.Do(e.Reader, "GET", "/api/editions/"+a.EditionID.String()+"/file", "", "Range", "bytes=10-20")
	if got.Status != http.StatusServiceUnavailable || got.Code() != "storage_unavailable" {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

func TestThumbnails(t *testing.T) {
	e := setup(t)
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	a := e.Add(t, documenttest.Doc{Pages: []string{"x"}, Thumbnail: picture.Bytes()})
	path := "/api/editions/" + a.EditionID.String() + "/thumbnail"
	got := e.site.Do(e.Reader, "GET", path, "")
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "image/png" || !bytes.Equal(got.Body, picture.Bytes()) {
		t.Fatalf("%d %v", got.Status, got.Header)
	}
	if again := e.site.Do(e.Reader, "GET", path, "", "If-None-Match", got.Header.Get("ETag")); again.Status != http.StatusNotModified {
		t.Errorf("again: %d", again.Status)
	}
	if got := e.site.Do(e.Stranger, "GET", path, ""); got.Code() != "document_not_found" {
		t.Errorf("a stranger: %d %s", got.Status, got.Body)
	}
	for name, d := range map[string]documenttest.Doc{"none": {Pages: []string{"x"}}, "no picture": {Pages: []string{"x"}, Thumbnail: []byte("<script>")}} {
		b := e.Add(t, d)
		if got := e.site.Do(e.Reader, "GET", "/api/editions/"+b.EditionID.String()+"/thumbnail", ""); got.Status != http.StatusNotFound || got.Code() != "thumbnail_not_found" {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}
