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

-- name: TagNames :many
SELECT id, name FROM tags WHERE library_id = @library_id AND deleted_at IS NULL;

-- name: GatherTag :execrows
-- Nothing where there is one whose name PostgreSQL takes for the same.
INSERT INTO tags (id, library_id, name, color, created_by, created_at)
VALUES (@id, @library_id, @name, @color, @created_by, @created_at) ON CONFLICT DO NOTHING;

-- name: GatherCollection :execrows
INSERT INTO collections (id, library_id, parent_id, name, position, created_by, created_at)
VALUES (@id, @library_id, sqlc.narg('parent_id'), @name, @position, @created_by, @created_at) ON CONFLICT DO NOTHING;

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

-- name: Collections :many
-- With what counts once in each, wherever it is under it; the trash does not.
WITH RECURSIVE under AS (
    SELECT c.id AS top, c.id FROM collections c WHERE c.library_id = @library_id AND c.deleted_at IS NULL
    UNION ALL
    SELECT u.top, c.id FROM under u JOIN collections c ON c.parent_id = u.id AND c.deleted_at IS NULL
), counts AS (
    SELECT u.top, count(DISTINCT dc.document_id) AS n
    FROM under u JOIN document_collections dc ON dc.collection_id = u.id JOIN documents d ON d.id = dc.document_id
    WHERE d.trashed_at IS NULL GROUP BY u.top
)
SELECT c.id, c.parent_id, c.name, coalesce(counts.n, 0)::bigint AS documents
FROM collections c LEFT JOIN counts ON counts.top = c.id
WHERE c.library_id = @library_id AND c.deleted_at IS NULL
ORDER BY c.position, c.id;

-- name: CollectionNodes :many
-- What the tree looks like, without counts.
SELECT id, parent_id, name FROM collections
WHERE library_id = @library_id AND deleted_at IS NULL ORDER BY position, id;

-- name: CountUnder :one
WITH RECURSIVE under AS (
    SELECT c.id FROM collections c WHERE c.id = @id
    UNION ALL
    SELECT c.id FROM under u JOIN collections c ON c.parent_id = u.id AND c.deleted_at IS NULL
)
SELECT count(DISTINCT dc.document_id)
FROM under u JOIN document_collections dc ON dc.collection_id = u.id JOIN documents d ON d.id = dc.document_id
WHERE d.trashed_at IS NULL;

-- name: CollectionLibrary :one
SELECT library_id FROM collections WHERE id = @id;

-- name: LockCollection :one
SELECT library_id, parent_id, name, deleted_with FROM collections WHERE id = @id FOR NO KEY UPDATE;

-- name: InsertCollection :exec
INSERT INTO collections (id, library_id, parent_id, name, position, created_by, created_at)
VALUES (@id, @library_id, sqlc.narg('parent_id'), @name, @position, @created_by, @created_at);

-- name: RenameCollection :exec
UPDATE collections SET name = @name WHERE id = @id;

-- name: MoveCollection :exec
UPDATE collections SET parent_id = sqlc.narg('parent_id') WHERE id = @id;

-- name: OrderCollections :exec
-- Gives those under one parent the places that they have in the list.
UPDATE collections c SET position = o.place - 1
FROM unnest(@ids::uuid[]) WITH ORDINALITY AS o (id, place) WHERE c.id = o.id AND c.position <> o.place - 1;

-- name: DeleteCollections :exec
UPDATE collections SET deleted_at = @deleted_at::timestamptz, deleted_with = @deleted_with::uuid WHERE id = ANY(@ids::uuid[]);

-- name: DeletedWith :many
-- What was deleted with a collection, itself included.
SELECT id, parent_id, name FROM collections WHERE deleted_with = @id::uuid AND library_id = @library_id ORDER BY position, id;

-- name: RestoreCollections :exec
UPDATE collections SET deleted_at = NULL, deleted_with = NULL WHERE id = ANY(@ids::uuid[]);

-- name: ClearDeletedCollections :exec
DELETE FROM collections WHERE library_id = @library_id AND deleted_at < @before;

-- name: AddDocumentCollections :many
INSERT INTO document_collections (collection_id, document_id) SELECT @collection_id::uuid, unnest(@document_ids::uuid[])
ON CONFLICT DO NOTHING RETURNING document_id;

-- name: RemoveDocumentCollections :many
DELETE FROM document_collections WHERE collection_id = @collection_id AND document_id = ANY(@document_ids::uuid[]) RETURNING document_id;

-- name: MergeTags :exec
INSERT INTO document_tags (tag_id, document_id, merged_from)
SELECT tag_id, @kept_id::uuid, @merged_id::uuid FROM document_tags WHERE document_id = @merged_id::uuid
ON CONFLICT DO NOTHING;

-- name: MergeCollections :exec
INSERT INTO document_collections (collection_id, document_id, merged_from)
SELECT collection_id, @kept_id::uuid, @merged_id::uuid FROM document_collections WHERE document_id = @merged_id::uuid
ON CONFLICT DO NOTHING;

-- name: UnmergeTags :exec
DELETE FROM document_tags WHERE document_id = @kept_id AND merged_from = @merged_id::uuid;

-- name: UnmergeCollections :exec
DELETE FROM document_collections WHERE document_id = @kept_id AND merged_from = @merged_id::uuid;

-- name: KeptDocuments :many
-- Where documents are now: one that was merged is the one that it went into.
WITH RECURSIVE way AS (
    SELECT d.id AS asked, d.id AS now, 0 AS step FROM documents d WHERE d.library_id = @library_id AND d.id = ANY(@ids::uuid[])
    UNION ALL
    SELECT w.asked, m.kept_id, w.step + 1 FROM way w JOIN document_merges m ON m.merged_id = w.now WHERE w.step < 20
)
SELECT DISTINCT ON (asked) asked::uuid AS asked, now::uuid AS now FROM way ORDER BY asked, step DESC;

-- name: TagNamesOf :many
SELECT t.name FROM document_tags x JOIN tags t ON t.id = x.tag_id AND t.deleted_at IS NULL
WHERE x.document_id = @document_id ORDER BY lower(t.name);

-- name: CollectionPathsOf :many
WITH RECURSIVE up AS (
    SELECT c.parent_id, c.name AS path FROM document_collections x JOIN collections c ON c.id = x.collection_id AND c.deleted_at IS NULL
    WHERE x.document_id = @document_id
    UNION ALL
    SELECT c.parent_id, c.name || '/' || u.path FROM up u JOIN collections c ON c.id = u.parent_id
)
SELECT path FROM up WHERE parent_id IS NULL ORDER BY path;

-- name: TakeTags :many
DELETE FROM document_tags WHERE document_id = ANY(@document_ids::uuid[]) RETURNING document_id, tag_id, merged_from;

-- name: TakeCollections :many
DELETE FROM document_collections WHERE document_id = ANY(@document_ids::uuid[]) RETURNING document_id, collection_id, merged_from;

-- name: PutTag :exec
-- Nothing where the tag is gone for good.
INSERT INTO document_tags (tag_id, document_id, merged_from)
SELECT t.id, @document_id, sqlc.narg('merged_from') FROM tags t WHERE t.id = @tag_id AND t.library_id = @library_id
ON CONFLICT DO NOTHING;

-- name: PutCollection :exec
INSERT INTO document_collections (collection_id, document_id, merged_from)
SELECT c.id, @document_id, sqlc.narg('merged_from') FROM collections c WHERE c.id = @collection_id AND c.library_id = @library_id
ON CONFLICT DO NOTHING;
