// Package blob stores files under keys. The disk store is platform/blob/disk;
// every store passes the tests of platform/blob/blobtest.
package blob

import (
	"context"
	"io"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Store keeps whole files, called blobs, under keys such as "uploads/4f0c…".
//
// A blob has no content type and no name; those are the database's. A blob is
// replaced as a whole and never changed in place, so whoever has one open reads
// one content to its end.
//
// Every method refuses a malformed key (see CheckKey) and returns faults:
//
//	not_found    "blob_not_found"       there is no blob under the key
//	full         "storage_full"         no space, or the quota is used up
//	unavailable  "storage_unavailable"  the store does not answer or refuses to write; trying again may help
//	invalid      "blob_key_invalid"     a fault of the caller's
//
// Any other error, such as a cancelled context or what a reader given to Put
// returned, is passed on. All methods are safe for concurrent use.
type Store interface {
	// Put stores all of content under key and replaces what was there. When it
	// returns nil the bytes are durable: a power cut does not lose them. When it
	// returns an error, what was there before is there still; no reader ever
	// sees a part of the new content. It does not close content.
	Put(ctx context.Context, key string, content io.Reader) error

	// Open gives the blob for reading at any place. The caller closes it.
	Open(ctx context.Context, key string) (File, error)

	// Range reads length bytes from offset, both in bytes; fewer where the blob
	// ends before. A negative length means to the end. An offset beyond the end
	// is a fault of kind Invalid and code "blob_range_invalid". The caller
	// closes what it gets.
	Range(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error)

	// Stat tells a blob's size and age.
	Stat(ctx context.Context, key string) (Info, error)

	// Delete removes a blob. One that is not there is no error, so a deletion can
	// be repeated. A reader that has it open may read on or fail.
	Delete(ctx context.Context, key string) error

	// List calls fn for every blob whose key begins with prefix, in no order,
	// and stops with the first error that fn returns. An empty prefix means all.
	// Blobs that come or go meanwhile may or may not be listed; fn may delete.
	List(ctx context.Context, prefix string, fn func(Info) error) error

	// LocalFile gives a path on this machine's disk that holds the blob, for a
	// program that can only read files. It is valid until release is called, and
	// must not be written to. A store that is elsewhere downloads it first.
	LocalFile(ctx context.Context, key string) (path string, release func(), err error)
}

// Info is what a store knows of a blob.
type Info struct {
	Key string
	// Size in bytes.
	Size int64
	// ModTime is when the content was stored, in UTC.
	ModTime time.Time
}

// File is an open blob.
type File interface {
	io.ReadSeekCloser
	io.ReaderAt
	// Info is that of the content being read.
	Info() Info
}

// maxKeyLength is what every store takes, in bytes. S3 allows 1,024.
const maxKeyLength = 512

// CheckKey returns a fault of kind Invalid and code "blob_key_invalid" unless key
// is made of parts of the characters a-z, 0-9, "_", "-" and ".", joined by
// slashes, where no part is empty or begins with a dot. Such a key is the same
// on file systems that ignore case, and cannot leave the store's folder. On a
// disk a key cannot at once be a blob and a folder of blobs, so no key may be
// another one with a slash after it.
func CheckKey(key string) error {
	if key == "" || len(key) > maxKeyLength {
		return keyFault(key)
	}
	begins := true // of a part
	for i := range len(key) {
		c := key[i]
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '_', c == '-':
			begins = false
		case c == '.' && !begins:
		case c == '/' && !begins:
			begins = true
		default:
			return keyFault(key)
		}
	}
	if begins {
		return keyFault(key)
	}
	return nil
}

func keyFault(key string) error {
	if len(key) > 64 {
		key = key[:64] + "…"
	}
	return fault.New(fault.Invalid, "blob_key_invalid", "This is not the key of a stored file.").With("key", key)
}

// NotFound is the fault for a key without a blob.
func NotFound(key string, cause error) error {
	return fault.Wrap(cause, fault.NotFound, "blob_not_found", "The stored file is gone.").With("key", key)
}

// Full is the fault for a store without space.
func Full(cause error) error {
	return fault.Wrap(cause, fault.Full, "storage_full",
		"There is no space left for files. Nothing was stored; free some space and try again.")
}

// Unavailable is the fault for a store that does not work just now.
func Unavailable(cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "storage_unavailable",
		"The file store does not work just now. Nothing was changed; try again in a moment.")
}

// RangeInvalid is the fault for an offset outside a blob.
func RangeInvalid(key string, offset, size int64) error {
	return fault.New(fault.Invalid, "blob_range_invalid", "The stored file is shorter than that.").
		With("key", key).With("offset", offset).With("size", size)
}
