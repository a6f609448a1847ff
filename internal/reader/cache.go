package reader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/maypok86/otter/v2"

	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
)

const (
	// blockSize is the unit of caching in bytes: four of the pieces that pdf.js
	// asks for.
	blockSize = 256 << 10
	// DefaultCacheBytes suits a node that is to stay below 200 MB.
	DefaultCacheBytes = 64 << 20
	// loadTimeout bounds reading one block from the store.
	loadTimeout = 30 * time.Second
)

// Cache keeps blocks of blobs in memory. Blobs must not change under their
// keys. Safe for concurrent use.
type Cache struct {
	store  blob.Store
	blocks *otter.Cache[block, []byte]
}

// block names the bytes of a blob from index*blockSize on.
type block struct {
	key   string
	index int64
}

// NewCache makes a cache of at most maxBytes in front of store; 0 means
// DefaultCacheBytes.
func NewCache(store blob.Store, maxBytes int64) (*Cache, error) {
	if maxBytes == 0 {
		maxBytes = DefaultCacheBytes
	}
	if maxBytes < blockSize {
		return nil, fmt.Errorf("block cache: %d bytes hold no block of %d", maxBytes, blockSize)
	}
	blocks, err := otter.New(&otter.Options[block, []byte]{
		MaximumWeight: uint64(maxBytes),
		Weigher:       func(_ block, content []byte) uint32 { return uint32(len(content)) },
	})
	if err != nil {
		return nil, fmt.Errorf("block cache: %w", err)
	}
	return &Cache{store: store, blocks: blocks}, nil
}

// File gives the blob under key, of size bytes, for reading at any place. Reads
// fail with what the store says, and with ctx's error once it is done.
func (c *Cache) File(ctx context.Context, key string, size int64) *File {
	return &File{ctx: ctx, cache: c, key: key, size: size, at: -1}
}

// load gives a block of a blob of size bytes. However many ask at once, the
// store is asked once.
func (c *Cache) load(ctx context.Context, b block, size int64) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return c.blocks.Get(ctx, b, otter.LoaderFunc[block, []byte](func(ctx context.Context, b block) ([]byte, error) {
		// Others may be waiting for the same block: that the first one went
		// away must not fail them.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
		defer cancel()
		from := b.index * blockSize
		content := make([]byte, min(blockSize, size-from))
		in, err := c.store.Range(ctx, b.key, from, int64(len(content)))
		if err != nil {
			return nil, fmt.Errorf("read block %d of %s: %w", b.index, b.key, err)
		}
		defer func() { _ = in.Close() }()
		if _, err := io.ReadFull(in, content); err != nil {
			return nil, fmt.Errorf("read block %d of %s: %w", b.index, b.key, err)
		}
		return content, nil
	}))
}

// File is a blob that is read through a Cache. It implements io.ReadSeeker and
// is not safe for concurrent use.
type File struct {
	ctx    context.Context //nolint:containedctx // a reader for one request, whose interface has no place for it
	cache  *Cache
	key    string
	size   int64
	offset int64

	at      int64 // index of the block that is held; -1 for none
	content []byte
}

var errSeek = errors.New("reader: seek before the beginning")

// Read implements io.Reader.
func (f *File) Read(p []byte) (int, error) {
	if f.offset >= f.size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	if err := f.hold(f.offset); err != nil {
		return 0, err
	}
	rest := f.content[min(f.offset-f.at*blockSize, int64(len(f.content))):]
	if len(rest) == 0 {
		return 0, io.ErrUnexpectedEOF // the block was read for a smaller size
	}
	n := copy(p, rest)
	f.offset += int64(n)
	return n, nil
}

// hold makes the block around offset the current one.
func (f *File) hold(offset int64) error {
	index := offset / blockSize
	if f.at == index {
		return nil
	}
	content, err := f.cache.load(f.ctx, block{f.key, index}, f.size)
	if err != nil {
		return err
	}
	f.at, f.content = index, content
	return nil
}

// Seek implements io.Seeker.
func (f *File) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.offset
	case io.SeekEnd:
		offset += f.size
	}
	if offset < 0 {
		return f.offset, errSeek
	}
	f.offset = offset
	return offset, nil
}
