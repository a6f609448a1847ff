-- name: InsertUpload :execrows
-- Nothing is inserted when the person has too many open ones.
INSERT INTO uploads (id, library_id, person_id, filename, path, size, claimed_sha256, for_document_id, state, created_at, expires_at)
SELECT @id, @library_id, @person_id, @filename, @path, @size, @claimed_sha256, sqlc.narg('for_document_id')::uuid, 'open', @created_at, @expires_at
WHERE (SELECT count(*) FROM uploads u WHERE u.person_id = @person_id AND u.state = 'open') < @max_open::bigint;

-- name: Upload :one
SELECT * FROM uploads WHERE id = @id;

-- name: PersonUploads :many
SELECT * FROM uploads WHERE library_id = @library_id AND person_id = @person_id
ORDER BY created_at DESC LIMIT @max_rows;

-- name: Extend :exec
UPDATE uploads SET expires_at = @expires_at WHERE id = @id AND state = 'open';

-- name: FinishUpload :one
-- Of two that finish the same upload, the second waits for the first one's
-- commit and then finds no row. The document is a new one unless it was named.
UPDATE uploads SET state = 'finished', document_id = coalesce(for_document_id, @document_id::uuid), finished_at = @finished_at::timestamptz
WHERE id = @id AND state = 'open'
RETURNING *;

-- name: EndUpload :execrows
-- Ends an upload that will never become a document.
UPDATE uploads SET state = @state, problem_code = sqlc.narg('problem_code'), finished_at = @finished_at::timestamptz
WHERE id = @id AND state = 'open';

-- name: MarkDuplicate :one
-- The upload turned out to be a document that was here already.
UPDATE uploads SET state = 'duplicate', document_id = @document_id::uuid, problem_code = 'duplicate'
WHERE id = @id RETURNING person_id;

-- name: MarkJoined :one
-- The upload's file went to the record of its work.
UPDATE uploads SET document_id = @document_id WHERE id = @id RETURNING person_id;

-- name: OpenUploads :many
SELECT id, size FROM uploads WHERE state = 'open' AND id > @after ORDER BY id LIMIT @max_rows;

-- name: ExpiredUploads :many
SELECT id FROM uploads WHERE state = 'open' AND expires_at < @now ORDER BY expires_at LIMIT @max_rows;

-- name: StillOpen :many
SELECT id FROM uploads WHERE id = ANY(@ids::uuid[]) AND state = 'open';

-- name: UnfinishedEditions :many
SELECT id FROM editions WHERE state IN ('queued', 'checking', 'parsing') AND id > @after ORDER BY id LIMIT @max_rows;

-- name: LibraryExists :one
SELECT EXISTS (SELECT FROM libraries WHERE id = @id);
