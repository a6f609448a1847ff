package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"scrollkeeper.example/scrollkeeper/internal/cli/internal/remote"
	"scrollkeeper.example/scrollkeeper/internal/extract"
)

// Status is how a file ended.
type Status string

// The ends. Without Wait, Uploaded is one and Ready is not.
const (
	Uploaded Status = "uploaded"
	Ready    Status = "ready"
	// Present was in the library before; nothing was sent.
	Present Status = "present"
	Failed  Status = "failed"
)

// Result is the end of one file.
type Result struct {
	File       string  `json:"file"`
	Status     Status  `json:"status"`
	Size       int64   `json:"size"`
	SHA256     string  `json:"sha256,omitempty"`
	DocumentID string  `json:"document_id,omitempty"`
	Title      string  `json:"title,omitempty"`
	PageCount  *int    `json:"page_count,omitempty"`
	Trashed    bool    `json:"trashed,omitempty"` // present, but in the trash
	Reason     *Reason `json:"error"`
}

// Reason is why a file failed.
type Reason struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// Import is one run.
type Import struct {
	Client  *remote.Client
	Library remote.Library
	Limits  remote.Limits
	Memory  Memory
	// Parallel is how many files are sent at once.
	Parallel int
	// Wait for each paper to be parsed.
	Wait bool
	// Collections are made from folders: a file that lies in several is in several.
	Collections bool
	// OnResult is called once for each file, never twice at a time.
	OnResult func(Result)

	progress Progress
	mu       sync.Mutex          // held while OnResult runs, and for byHash
	byHash   map[string]*content // in this run
}

// content is what files of a run have in common that are the same.
type content struct {
	path       string   // of the first one
	documentID string   // once it is known
	folders    []string // that are not collected yet
}

// Progress is how far a run is. Its numbers may be read at any time.
type Progress struct {
	// Bytes were sent, or need not be; TotalBytes is the sum of all files.
	Bytes, TotalBytes atomic.Int64
	// Files ended; TotalFiles in all; Parsing are on the server and not parsed.
	Files, TotalFiles, Parsing atomic.Int64
}

// Progress of the run.
func (im *Import) Progress() *Progress { return &im.progress }

// Run imports files. A file that fails is a Result; Run itself fails when
// going on makes no sense: the token is refused, the library is not ours to
// write to, the server stays away, or ctx ends.
func (im *Import) Run(ctx context.Context, files []Found) error {
	im.byHash = map[string]*content{}
	im.progress.TotalFiles.Store(int64(len(files)))
	for _, f := range files {
		im.progress.TotalBytes.Add(f.Size)
	}
	im.Memory.sweep(time.Now())

	watch := newWatcher(im)
	all, ctx := errgroup.WithContext(ctx)
	if im.Wait {
		all.Go(func() error { return watch.run(ctx) })
	}
	all.Go(func() error {
		defer watch.close()
		senders, ctx := errgroup.WithContext(ctx)
		senders.SetLimit(max(1, im.Parallel))
		for _, f := range files {
			if ctx.Err() != nil {
				break
			}
			senders.Go(func() error { return im.one(ctx, f, watch) })
		}
		return senders.Wait()
	})
	return all.Wait()
}

// one brings one file to the server and reports it, or hands it to watch.
func (im *Import) one(ctx context.Context, f Found, watch *watcher) error {
	var counted atomic.Int64 // of this file's bytes in Progress
	count := func(bytes int64) {
		im.progress.Bytes.Add(bytes - counted.Swap(bytes))
	}
	r, err := im.send(ctx, f, count)
	if err != nil {
		if fatal(err) || ctx.Err() != nil {
			return err
		}
		count(f.Size)
		im.fail(r, reasonOf(err))
		return nil
	}
	count(f.Size)
	if im.Wait {
		im.progress.Parsing.Add(1)
		return watch.add(ctx, r)
	}
	im.report(r)
	return nil
}

func (im *Import) send(ctx context.Context, f Found, count func(int64)) (Result, error) {
	r := Result{File: f.Path, Size: f.Size}
	file, err := os.Open(f.Path)
	if err != nil {
		return r, &Reason{"unreadable", "The file cannot be read: " + systemReason(err) + "."}
	}
	defer func() { _ = file.Close() }()
	if r.SHA256, r.Size, err = im.look(ctx, file); err != nil {
		return r, err
	}
	im.mu.Lock()
	same, twice := im.byHash[r.SHA256]
	if !twice {
		same = &content{path: f.Path}
		im.byHash[r.SHA256] = same
	}
	same.folders = append(same.folders, f.Folder)
	im.mu.Unlock()
	if twice {
		// Its twin is on its way, and stands for both.
		r.Status = Present
		r.Title = "the same file as " + same.path
		return r, im.collect(ctx, same, "")
	}
	present, found, err := im.Client.FindFile(ctx, im.Library.ID, r.SHA256)
	if err != nil {
		return r, err
	}
	if found {
		r.Status, r.DocumentID, r.Title, r.Trashed = Present, present.DocumentID, present.Title, present.Trashed
		return r, im.collect(ctx, same, r.DocumentID)
	}
	chunk := im.Limits.ChunkBytes
	if chunk <= 0 {
		chunk = 8 << 20
	}
	done, err := im.Client.Upload(ctx, remote.File{
		Content: file, Size: r.Size, Name: filepath.Base(f.Path), Folder: f.Folder, LibraryID: im.Library.ID, SHA256: r.SHA256,
	}, chunk, im.Memory.of(im.Client.Server(), im.Library.ID, r.SHA256, f.Path), count)
	if err != nil {
		return r, err
	}
	r.Status, r.DocumentID = Uploaded, done.DocumentID
	if done.Duplicate {
		r.Status = Present
	}
	return r, im.collect(ctx, same, r.DocumentID)
}

// collect puts a document into the collections of the folders that its file was
// found in so far; documentID is empty where it is not known yet to this file.
func (im *Import) collect(ctx context.Context, c *content, documentID string) error {
	if !im.Collections {
		return nil
	}
	im.mu.Lock()
	if documentID != "" {
		c.documentID = documentID
	}
	var folders []string
	if c.documentID != "" {
		for _, folder := range c.folders {
			if folder != "" && !slices.Contains(folders, folder) {
				folders = append(folders, folder)
			}
		}
		c.folders = nil
	}
	im.mu.Unlock()
	if len(folders) == 0 {
		return nil
	}
	return im.Client.Gather(ctx, im.Library.ID, c.documentID, folders)
}

// look reads the whole file once: whether the server would take it, and its hash.
func (im *Import) look(ctx context.Context, file *os.File) (sum string, size int64, err error) {
	info, err := file.Stat()
	if err != nil {
		return "", 0, &Reason{"unreadable", "The file cannot be read: " + systemReason(err) + "."}
	}
	switch size = info.Size(); {
	case !info.Mode().IsRegular():
		return "", size, &Reason{"unreadable", "This is not an ordinary file."}
	case size == 0:
		return "", size, &Reason{"empty_file", "The file is empty."}
	case im.Limits.MaxUploadBytes > 0 && size > im.Limits.MaxUploadBytes:
		return "", size, &Reason{"too_large", "The file is larger than this server takes."}
	}
	first := make([]byte, extract.SniffLength)
	n, err := file.ReadAt(first, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", size, &Reason{"unreadable", "The file cannot be read: " + systemReason(err) + "."}
	}
	if !extract.SniffPDF(first[:n]) {
		return "", size, &Reason{"not_a_pdf", "This is not a PDF file."}
	}
	h := sha256.New()
	if _, err := io.Copy(h, &cancellable{ctx, io.NewSectionReader(file, 0, size)}); err != nil {
		if ctx.Err() != nil {
			return "", size, ctx.Err()
		}
		return "", size, &Reason{"unreadable", "The file cannot be read: " + systemReason(err) + "."}
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

// cancellable ends a long read with its context.
type cancellable struct {
	ctx context.Context //nolint:containedctx // It lives for one copy.
	io.Reader
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}

// report tells the end of a file.
func (im *Import) report(r Result) {
	im.mu.Lock()
	defer im.mu.Unlock()
	im.progress.Files.Add(1)
	im.OnResult(r)
}

func (im *Import) fail(r Result, why *Reason) {
	r.Status, r.Reason = Failed, why
	im.report(r)
}

// Error makes a Reason an error on its way to the Result.
func (r *Reason) Error() string { return r.Message }

// AsReason finds why a single file could not be taken; other errors would meet
// every further file too.
func AsReason(err error) (*Reason, bool) {
	if err == nil || fatal(err) {
		return nil, false
	}
	return reasonOf(err), true
}

func reasonOf(err error) *Reason {
	if r, ok := errors.AsType[*Reason](err); ok {
		return r
	}
	if p, ok := remote.AsProblem(err); ok {
		return &Reason{p.Code, p.Detail}
	}
	return &Reason{"not_sent", err.Error()}
}

// fatal tells failures that every further file would meet too.
func fatal(err error) bool {
	if _, ok := errors.AsType[*Reason](err); ok {
		return false
	}
	p, ok := remote.AsProblem(err)
	if !ok {
		return true // The server is not to be reached, after much patience.
	}
	switch {
	case p.Status == http.StatusUnauthorized, p.Status == http.StatusInsufficientStorage, p.Status >= 500:
		return true
	}
	return p.Code == "library_not_found" || p.Code == "role_forbids"
}

func systemReason(err error) string {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}
