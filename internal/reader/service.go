package reader

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/realtime"
	"scrollkeeper.example/scrollkeeper/internal/reader/internal/readerdb"
)

// Config tunes a Service; its zero value works.
type Config struct {
	// CacheBytes bounds the memory for blocks of files. 0 means
	// DefaultCacheBytes.
	CacheBytes int64
}

// Parts are the other parts of the program that reader works with.
type Parts struct {
	Pool      *pgxpool.Pool
	Documents *document.Service
	Blobs     blob.Store
	Clock     clock.Clock
	// Presences is needed only where there are sockets.
	Presences *realtime.Presences
}

// Service opens files for those who may read them, and knows who reads where.
type Service struct {
	pool      *pgxpool.Pool
	documents *document.Service
	store     blob.Store
	clock     clock.Clock
	presences *realtime.Presences
	cache     *Cache
	q         *readerdb.Queries
}

// New makes a Service.
func New(parts Parts, cfg Config) (*Service, error) {
	cache, err := NewCache(parts.Blobs, cfg.CacheBytes)
	if err != nil {
		return nil, err
	}
	return &Service{
		pool: parts.Pool, documents: parts.Documents, store: parts.Blobs, clock: parts.Clock, presences: parts.Presences,
		cache: cache, q: readerdb.New(),
	}, nil
}

// Delivery is a file on its way to a reader.
type Delivery struct {
	Filename string
	Size     int64  // bytes
	ETag     string // strong, with its quotation marks
	blobKey  string
}

var errNoThumbnail = fault.New(fault.NotFound, "thumbnail_not_found", "There is no picture of this document yet.")

// File finds the file of an edition that p may read, in whatever state the
// edition is: a document that is still being parsed can be read already.
func (s *Service) File(ctx context.Context, p identity.Person, editionID uuid.UUID) (Delivery, error) {
	e, err := s.documents.EditionFor(ctx, p, library.ReadDocument, editionID)
	if err != nil {
		return Delivery{}, err
	}
	// The bytes of an edition never change, so either names them.
	tag := hex.EncodeToString(e.SHA256)
	if tag == "" {
		tag = e.ID.String() + "-" + strconv.FormatInt(e.Size, 10)
	}
	return Delivery{Filename: e.Filename, Size: e.Size, ETag: `"` + tag + `"`, blobKey: e.BlobKey}, nil
}

// Thumbnail is a picture of a document's first page.
type Thumbnail struct {
	Content []byte // JPEG or PNG
	ETag    string // strong, with its quotation marks
}

// maxThumbnail in bytes; one that is 480 pixels wide has some 30 kB.
const maxThumbnail = 8 << 20

// Thumbnail gives the picture of an edition that p may read.
func (s *Service) Thumbnail(ctx context.Context, p identity.Person, editionID uuid.UUID) (Thumbnail, error) {
	e, err := s.documents.EditionFor(ctx, p, library.ReadDocument, editionID)
	if err != nil {
		return Thumbnail{}, err
	}
	if e.ThumbnailKey == "" {
		return Thumbnail{}, errNoThumbnail
	}
	in, err := s.store.Range(ctx, e.ThumbnailKey, 0, maxThumbnail)
	if err != nil {
		return Thumbnail{}, fmt.Errorf("read thumbnail: %w", err)
	}
	defer func() { _ = in.Close() }()
	content, err := io.ReadAll(in)
	if err != nil {
		return Thumbnail{}, fmt.Errorf("read thumbnail: %w", err)
	}
	// The key has the edition and the attempt that drew it.
	return Thumbnail{Content: content, ETag: `"` + strings.ReplaceAll(e.ThumbnailKey, "/", "-") + `"`}, nil
}

// Present lists who is in a document that p may read, p's own windows among them.
// Whoever subscribes to the document's topic first and asks here afterwards, also
// after every cut, knows all who are there.
func (s *Service) Present(ctx context.Context, p identity.Person, documentID uuid.UUID) ([]Here, error) {
	if _, err := s.documents.LibraryFor(ctx, p, library.SeeReaders, documentID); err != nil {
		return nil, err
	}
	states, err := s.presences.List(ctx, Topic(documentID))
	if err != nil {
		return nil, err
	}
	present := make([]Here, len(states))
	for i, state := range states {
		if err := json.Unmarshal(state, &present[i]); err != nil {
			return nil, fmt.Errorf("presence: %w", err)
		}
	}
	return present, nil
}
