package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/google/uuid"
	"github.com/tus/tusd/v2/pkg/handler"

	"scrollkeeper.example/scrollkeeper/internal/extract"
)

// store is tusd's file store with our checks. tusd finds extensions of a store
// by asserting the type of its uploads, so each call that passes one back is
// unwrapped here. Concatenation and deferred lengths are left out on purpose:
// a file is announced whole, with its size.
type store struct{ *Service }

func (st store) NewUpload(ctx context.Context, info handler.FileInfo) (handler.Upload, error) {
	u, err := st.files.NewUpload(ctx, info)
	if err != nil {
		// Without its files the upload cannot go on, and the row must not
		// count among the open ones.
		if id, perr := uuid.Parse(info.ID); perr == nil {
			_, eerr := st.end(ctx, id, Terminated, "storage")
			err = errors.Join(err, eerr)
		}
		return nil, fail(ctx, diskFault(fmt.Errorf("new upload: %w", err)))
	}
	return &upload{Upload: u, service: st.Service, info: info}, nil
}

func (st store) GetUpload(ctx context.Context, id string) (handler.Upload, error) {
	u, err := st.files.GetUpload(ctx, id)
	if errors.Is(err, handler.ErrNotFound) {
		return nil, fail(ctx, errGone)
	}
	if err != nil {
		return nil, fail(ctx, fmt.Errorf("get upload: %w", err))
	}
	info, err := u.GetInfo(ctx)
	if err != nil {
		return nil, fail(ctx, fmt.Errorf("get upload: %w", err))
	}
	return &upload{Upload: u, service: st.Service, info: info}, nil
}

func (st store) AsTerminatableUpload(u handler.Upload) handler.TerminatableUpload {
	return st.files.AsTerminatableUpload(u.(*upload).Upload)
}

// upload checks what is written to a file.
type upload struct {
	handler.Upload
	service *Service
	info    handler.FileInfo
}

// WriteChunk appends src at offset. A file that does not begin as a PDF may is
// refused within its first bytes, and what was stored of it is removed.
func (u *upload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	if offset < extract.SniffLength {
		first, ok, err := u.sniff(offset, src)
		if err != nil {
			return 0, fail(ctx, err)
		}
		if !ok {
			return 0, fail(ctx, u.service.refuse(ctx, u.info.ID))
		}
		src = io.MultiReader(bytes.NewReader(first), src)
	}
	n, err := u.Upload.WriteChunk(ctx, offset, wideReader{src})
	if err != nil {
		return n, fail(ctx, diskFault(fmt.Errorf("write chunk: %w", err)))
	}
	return n, nil
}

// wideReader is copied in larger pieces than the 32 KiB of io.Copy, which
// halves the system calls of an upload.
type wideReader struct{ io.Reader }

var wideBuffers = sync.Pool{New: func() any { return new([256 << 10]byte) }}

func (r wideReader) WriteTo(w io.Writer) (int64, error) {
	buf := wideBuffers.Get().(*[256 << 10]byte)
	defer wideBuffers.Put(buf)
	// Without the other methods of both sides, which io.Copy would prefer.
	return io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{r.Reader}, buf[:])
}

// sniff reads from src as many of the first bytes as it takes to see a PDF's
// beginning, and reports false when all are known and there is none.
func (u *upload) sniff(offset int64, src io.Reader) (read []byte, ok bool, err error) {
	head := make([]byte, extract.SniffLength)
	if offset > 0 {
		if err := readHead(u.service.cfg.Dir+string(os.PathSeparator)+u.info.ID, head[:offset]); err != nil {
			return nil, false, err
		}
	}
	known := offset
	// Nearly all have it in the first kilobyte, and the others need not be fast.
	for _, upTo := range []int64{1 << 10, extract.SniffLength} {
		n, err := io.ReadFull(src, head[known:max(known, upTo)])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, false, fmt.Errorf("read first bytes: %w", err)
		}
		if known += int64(n); extract.SniffPDF(head[:known]) {
			return head[offset:known], true, nil
		}
	}
	whole := known == extract.SniffLength || known == u.info.Size
	return head[offset:known], !whole, nil
}

func readHead(name string, head []byte) error {
	f, err := os.Open(name) //nolint:gosec // a file of ours
	if err != nil {
		return fmt.Errorf("read first bytes: %w", err)
	}
	defer func() { _ = f.Close() }()
	if _, err := io.ReadFull(f, head); err != nil {
		return fmt.Errorf("read first bytes: %w", err)
	}
	return nil
}

// refuse ends an upload that is no PDF, and says so.
func (s *Service) refuse(ctx context.Context, uploadID string) error {
	id, err := uuid.Parse(uploadID)
	if err != nil {
		return fmt.Errorf("refuse upload: %w", err)
	}
	if _, err := s.end(ctx, id, Refused, errNotPDF.Code); err != nil {
		return err
	}
	return errNotPDF
}
