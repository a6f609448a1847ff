package operate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// strayAge is when a file that belongs to nothing counts: files are collected
// every hour once they are a day old, and the collector may have been away.
const strayAge = 26 * time.Hour

// batch bounds what is held in memory of a large installation.
const batch = 1000

// storedEdition is what the database says about one file.
type storedEdition struct {
	ID            uuid.UUID
	BlobKey       string
	Filename      string
	Size          int64
	SHA256        []byte
	ClaimedSHA256 []byte
	State         string
	FailureKind   *string
}

// eachEdition calls fn for every edition, without a transaction that would stay
// open for as long as the files take.
func eachEdition(ctx context.Context, v Verification, fn func(storedEdition) error) error {
	for after := uuid.Nil; ; {
		rows, err := v.Pool.Query(ctx, `
			SELECT id, blob_key, filename, size, sha256, claimed_sha256, state, failure_kind
			FROM editions WHERE id > $1 ORDER BY id LIMIT $2`, after, batch)
		if err != nil {
			return err
		}
		editions, err := pgx.CollectRows(rows, pgx.RowToStructByPos[storedEdition])
		if err != nil {
			return err
		}
		for _, e := range editions {
			if err := fn(e); err != nil {
				return err
			}
			after = e.ID
		}
		if len(editions) < batch {
			return nil
		}
	}
}

// stillThere asks again for an edition that looks wrong: it may have been
// deleted since its row was read.
func stillThere(ctx context.Context, v Verification, e storedEdition) (bool, error) {
	var there bool
	err := v.Pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM editions WHERE id = $1 AND blob_key = $2)`, e.ID, e.BlobKey).Scan(&there)
	return there, err
}

func checkFilesPresent(ctx context.Context, v Verification, f *finding) error {
	return eachEdition(ctx, v, func(e storedEdition) error {
		f.looked++
		info, err := v.Blobs.Stat(ctx, e.BlobKey)
		if err == nil && info.Size == e.Size {
			return nil
		}
		if err != nil && !notFound(err) {
			return err
		}
		there, qerr := stillThere(ctx, v, e)
		switch {
		case qerr != nil:
			return qerr
		case !there:
		case err != nil:
			f.wrong("%s (%s) is missing: %s", e.Filename, e.ID, e.BlobKey)
		default:
			f.wrong("%s (%s) has %d bytes, not %d: %s", e.Filename, e.ID, info.Size, e.Size, e.BlobKey)
		}
		return nil
	})
}

func checkFilesIntact(ctx context.Context, v Verification, f *finding) error {
	if v.Quick {
		f.skipped = "left out by --quick"
		return nil
	}
	return eachEdition(ctx, v, func(e storedEdition) error {
		if e.SHA256 == nil && e.ClaimedSHA256 == nil {
			return nil // Not hashed yet, and nobody said what it should be.
		}
		f.looked++
		sum, err := hashBlob(ctx, v.Blobs, e.BlobKey)
		if notFound(err) {
			return nil // The check before this one says so.
		}
		if err != nil {
			return err
		}
		// A file whose bytes are not those the client meant is kept as failed,
		// which says exactly that.
		claimHolds := e.ClaimedSHA256 == nil || bytes.Equal(sum, e.ClaimedSHA256) ||
			(e.State == "failed" && e.FailureKind != nil && *e.FailureKind == "checksum_mismatch") ||
			e.State == "queued" || e.State == "checking"
		if (e.SHA256 == nil || bytes.Equal(sum, e.SHA256)) && claimHolds {
			return nil
		}
		there, err := stillThere(ctx, v, e)
		if err != nil || !there {
			return err
		}
		f.wrong("%s (%s) has SHA-256 %s, recorded %s, the client's %s", e.Filename, e.ID, short(sum), short(e.SHA256), short(e.ClaimedSHA256))
		return nil
	})
}

func hashBlob(ctx context.Context, blobs blob.Store, key string) ([]byte, error) {
	r, err := blobs.Range(ctx, key, 0, -1)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return h.Sum(nil), ctx.Err()
}

func short(sum []byte) string {
	if sum == nil {
		return "none"
	}
	return hex.EncodeToString(sum[:min(6, len(sum))]) + "…"
}

func checkUploadsKept(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT count(*) FROM uploads WHERE state = 'finished'`); err != nil {
		return err
	}
	// The change log remembers a deletion for good.
	return f.suspects(ctx, v, `
		SELECT u.id::text, format('%s, uploaded %s, became a file of document %s, which is not there and was never deleted', u.filename, u.finished_at, u.document_id)
		FROM uploads u
		WHERE u.state = 'finished'
		  AND NOT EXISTS (SELECT FROM editions e WHERE e.id = u.id AND e.library_id = u.library_id AND (e.document_id = u.document_id
		                  OR EXISTS (SELECT FROM document_merges m WHERE e.id = ANY(m.edition_ids))))
		  AND NOT EXISTS (SELECT FROM library_changes c
		                  WHERE c.library_id = u.library_id AND c.kind = 'document' AND c.object_id = u.document_id AND c.op = 'removed')`)
}

// idInKey finds the upload's or edition's id in a key.
var idInKey = regexp.MustCompile(`^[a-z]+/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:[./]|$)`)

func checkNoStrays(ctx context.Context, v Verification, f *finding) error {
	before := v.Now.Add(-strayAge)
	keys, ids := []string{}, []uuid.UUID{}
	flush := func() error {
		if len(keys) == 0 {
			return nil
		}
		// Notes of an open upload lie beside its bytes, under its key with an
		// ending; they go when it ends.
		rows, err := v.Pool.Query(ctx, `
			SELECT k.key FROM unnest($1::text[], $2::uuid[]) AS k (key, id)
			WHERE NOT EXISTS (SELECT FROM editions e WHERE e.id = k.id AND k.key IN (e.blob_key, e.words_key, e.thumbnail_key))
			  AND NOT EXISTS (SELECT FROM editions e WHERE e.blob_key = k.key)
			  AND NOT EXISTS (SELECT FROM imports i WHERE i.blob_key = k.key)
			  AND NOT EXISTS (SELECT FROM archives a WHERE a.id = k.id AND k.key LIKE 'archives/%')
			  AND NOT EXISTS (SELECT FROM uploads u WHERE u.id = k.id AND u.state = 'open')`, keys, ids)
		if err != nil {
			return err
		}
		strays, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, key := range strays {
			// It may have been collected since it was listed.
			if info, err := v.Blobs.Stat(ctx, key); err == nil {
				f.wrong("%s, %d bytes, from %s", key, info.Size, info.ModTime.UTC().Format(time.RFC3339))
			} else if !notFound(err) {
				return err
			}
		}
		keys, ids = keys[:0], ids[:0]
		return nil
	}
	err := v.Blobs.List(ctx, "", func(info blob.Info) error {
		f.looked++
		if info.ModTime.After(before) {
			return nil
		}
		id := uuid.Nil
		if m := idInKey.FindStringSubmatch(info.Key); m != nil {
			id = uuid.MustParse(m[1])
		}
		keys, ids = append(keys, info.Key), append(ids, id)
		if len(keys) < batch {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

func checkFilesOnce(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT count(*) FROM editions WHERE sha256 IS NOT NULL`); err != nil {
		return err
	}
	// An index forbids it; a damaged index would not.
	return f.suspects(ctx, v, `
		SELECT encode(sha256, 'hex') || library_id::text, format('library %s has %s %s times', library_id, left(encode(sha256, 'hex'), 12), count(*))
		FROM editions WHERE sha256 IS NOT NULL GROUP BY library_id, sha256 HAVING count(*) > 1`)
}

func notFound(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.NotFound && strings.HasPrefix(f.Code, "blob_")
}
