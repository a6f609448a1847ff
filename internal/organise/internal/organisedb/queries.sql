-- name: Tags :many
-- Documents in the trash do not count.
SELECT tags.id, tags.name, tags.color, coalesce(counts.n, 0)::bigint AS documents
FROM tags
LEFT JOIN (
    SELECT dt.tag_id, count(*) AS n
    FROM document_tags dt JOIN documents d ON d.id = dt.document_id
    WHERE d.library_id = @library_id AND d.trashed_at IS NULL GROUP BY dt.tag_id
) counts ON counts.tag_id = tags.id
WHERE tags.library_id = @library_id AND tags.deleted_at IS NULL
ORDER BY lower(tags.name);

-- name: Tag :one
SELECT t.id, t.name, t.color, count(d.id)::bigint AS documents
FROM tags t
LEFT JOIN document_tags dt ON dt.tag_id = t.id
LEFT JOIN documents d ON d.id = dt.document_id AND d.trashed_at IS NULL
WHERE t.id = @id GROUP BY t.id;

-- name: TagLibrary :one
SELECT library_id FROM tags WHERE id = @id;

-- name: LockTag :one
-- Taken by whoever changes the tag or its documents, so that two who change the
-- same never wait for each other.
SELECT library_id, name, color, deleted_at FROM tags WHERE id = @id FOR NO KEY UPDATE;

-- name: LockLibrary :exec
-- One at a time makes, changes, deletes or restores what a library is ordered
-- by. Taken before any row.
SELECT pg_advisory_xact_lock(hashtextextended(sqlc.arg(library_id)::text, 11));

-- name: CountTags :one
SELECT count(*) FROM tags WHERE library_id = @library_id AND deleted_at IS NULL;

-- name: InsertTag :exec
INSERT INTO tags (id, library_id, name, color, created_by, created_at)
VALUES (@id, @library_id, @name, @color, @created_by, @created_at);

-- name: UpdateTag :exec
UPDATE tags SET name = @name, color = @color WHERE id = @id;

-- name: SetTagDeleted :exec
UPDATE tags SET deleted_at = sqlc.narg('deleted_at') WHERE id = @id;

-- name: ClearDeletedTags :exec
DELETE FROM tags WHERE library_id = @library_id AND deleted_at < @before;

-- name: KnownDocuments :many
-- They are not deleted for good meanwhile.
SELECT id FROM documents WHERE library_id = @library_id AND id = ANY(@ids::uuid[]) ORDER BY id FOR KEY SHARE;

-- name: AddDocumentTags :many
INSERT INTO document_tags (tag_id, document_id) SELECT @tag_id::uuid, unnest(@document_ids::uuid[])
ON CONFLICT DO NOTHING RETURNING document_id;

-- name: RemoveDocumentTags :many
DELETE FROM document_tags WHERE tag_id = @tag_id AND document_id = ANY(@document_ids::uuid[]) RETURNING document_id;
