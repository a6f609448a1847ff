-- name: Works :many
-- Those outside the trash.
SELECT id, title, csl FROM documents
WHERE library_id = @library_id AND id = ANY(@ids::uuid[]) AND trashed_at IS NULL;

-- name: CountWorks :one
SELECT count(*) FROM documents
WHERE library_id = @library_id AND id = ANY(@ids::uuid[]) AND trashed_at IS NULL;

-- name: LockKeys :exec
-- Keys of a library are given by one transaction at a time.
SELECT pg_advisory_xact_lock(hashtextextended('citation keys ' || @library_id::text, 0));

-- name: Keys :many
SELECT key FROM citation_keys WHERE library_id = @library_id;

-- name: InsertKeys :exec
INSERT INTO citation_keys (document_id, library_id, key, folded)
SELECT unnest(@document_ids::uuid[]), @library_id, unnest(@keys::text[]), unnest(@folded::text[]);

-- name: KeepKeys :exec
INSERT INTO citation_keys (document_id, library_id, key, folded, pinned)
SELECT unnest(@document_ids::uuid[]), @library_id, unnest(@keys::text[]), unnest(@folded::text[]), unnest(@pinned::boolean[])
ON CONFLICT DO NOTHING;

-- name: Key :one
SELECT key, pinned FROM citation_keys WHERE document_id = @document_id;

-- name: KeyHolder :one
SELECT k.document_id, d.title FROM citation_keys k JOIN documents d ON d.id = k.document_id
WHERE k.library_id = @library_id AND k.folded = @folded;

-- name: PinKey :exec
INSERT INTO citation_keys (document_id, library_id, key, folded, pinned) VALUES (@document_id, @library_id, @key, @folded, true)
ON CONFLICT (document_id) DO UPDATE SET key = excluded.key, folded = excluded.folded, pinned = true;

-- name: DropKey :exec
DELETE FROM citation_keys WHERE document_id = @document_id;

-- name: DropMadeKeys :exec
DELETE FROM citation_keys WHERE library_id = @library_id AND NOT pinned;

-- name: Pattern :one
SELECT pattern FROM citation_settings WHERE library_id = @library_id;

-- name: PutPattern :exec
INSERT INTO citation_settings (library_id, pattern) VALUES (@library_id, @pattern)
ON CONFLICT (library_id) DO UPDATE SET pattern = excluded.pattern;

-- name: DropPattern :exec
DELETE FROM citation_settings WHERE library_id = @library_id;

-- name: WorkLibrary :one
SELECT library_id FROM documents WHERE id = @id;

-- name: LibraryName :one
SELECT name FROM libraries WHERE id = @library_id;

-- name: AllWithoutKey :many
-- In the order in which they came; after the nil time all.
SELECT d.id, d.title, d.csl, d.created_at FROM documents d
WHERE d.library_id = @library_id AND d.trashed_at IS NULL AND (d.created_at, d.id) > (@after_at::timestamptz, @after_id::uuid)
    AND NOT EXISTS (SELECT FROM citation_keys k WHERE k.document_id = d.id)
ORDER BY d.created_at, d.id LIMIT @max_rows;

-- name: SomeWithoutKey :many
SELECT d.id, d.title, d.csl, d.created_at FROM documents d
WHERE d.library_id = @library_id AND d.trashed_at IS NULL AND d.id = ANY(@ids::uuid[])
    AND (d.created_at, d.id) > (@after_at::timestamptz, @after_id::uuid)
    AND NOT EXISTS (SELECT FROM citation_keys k WHERE k.document_id = d.id)
ORDER BY d.created_at, d.id LIMIT @max_rows;

-- name: AllRecords :many
-- A part of the library that has keys, in the order in which it came.
SELECT d.id, d.title, d.csl, d.created_at, k.key, ARRAY(
    SELECT t.name FROM document_tags x JOIN tags t ON t.id = x.tag_id AND t.deleted_at IS NULL WHERE x.document_id = d.id ORDER BY lower(t.name)
)::text[] AS tags
FROM documents d JOIN citation_keys k ON k.document_id = d.id
WHERE d.library_id = @library_id AND d.trashed_at IS NULL AND (d.created_at, d.id) > (@after_at::timestamptz, @after_id::uuid)
ORDER BY d.created_at, d.id LIMIT @max_rows;

-- name: SomeRecords :many
SELECT d.id, d.title, d.csl, d.created_at, k.key, ARRAY(
    SELECT t.name FROM document_tags x JOIN tags t ON t.id = x.tag_id AND t.deleted_at IS NULL WHERE x.document_id = d.id ORDER BY lower(t.name)
)::text[] AS tags
FROM documents d JOIN citation_keys k ON k.document_id = d.id
WHERE d.library_id = @library_id AND d.trashed_at IS NULL AND d.id = ANY(@ids::uuid[])
    AND (d.created_at, d.id) > (@after_at::timestamptz, @after_id::uuid)
ORDER BY d.created_at, d.id LIMIT @max_rows;

-- name: CollectionName :one
SELECT library_id, name FROM collections WHERE id = @id AND deleted_at IS NULL;

-- name: CollectedRecords :many
-- AllRecords of a collection and of those under it.
WITH RECURSIVE under AS (
    SELECT c.id FROM collections c WHERE c.id = @collection_id::uuid AND c.deleted_at IS NULL
    UNION
    SELECT c.id FROM under u JOIN collections c ON c.parent_id = u.id WHERE c.deleted_at IS NULL
)
SELECT d.id, d.title, d.csl, d.created_at, k.key, ARRAY(
    SELECT t.name FROM document_tags x JOIN tags t ON t.id = x.tag_id AND t.deleted_at IS NULL WHERE x.document_id = d.id ORDER BY lower(t.name)
)::text[] AS tags
FROM documents d JOIN citation_keys k ON k.document_id = d.id
WHERE d.library_id = @library_id AND d.trashed_at IS NULL
    AND d.id IN (SELECT dc.document_id FROM document_collections dc JOIN under u ON u.id = dc.collection_id)
    AND (d.created_at, d.id) > (@after_at::timestamptz, @after_id::uuid)
ORDER BY d.created_at, d.id LIMIT @max_rows;

-- name: Addresses :many
SELECT id, collection_id, created_at, last_used_at FROM bibliography_addresses WHERE person_id = @person_id AND library_id = @library_id;

-- name: PutAddress :one
-- Another secret takes the place of the one before, which is good no more.
INSERT INTO bibliography_addresses (id, library_id, collection_id, person_id, secret_hash, created_at)
VALUES (@id, @library_id, @collection_id, @person_id, @secret_hash, @created_at)
ON CONFLICT (person_id, library_id, collection_id) DO UPDATE
SET secret_hash = excluded.secret_hash, created_at = excluded.created_at, last_used_at = NULL
RETURNING id;

-- name: DeleteAddress :execrows
DELETE FROM bibliography_addresses WHERE id = @id AND person_id = @person_id;

-- name: AddressBySecret :one
-- And at which version the library is, whose last change is when.
SELECT a.id, a.library_id, a.collection_id, a.person_id, a.last_used_at, l.name AS library_name, l.version,
    coalesce((SELECT h.at FROM library_changes h WHERE h.library_id = l.id AND h.version = l.version), l.created_at)::timestamptz AS changed_at
FROM bibliography_addresses a JOIN libraries l ON l.id = a.library_id
WHERE a.secret_hash = @secret_hash;

-- name: TouchAddress :exec
UPDATE bibliography_addresses SET last_used_at = @now::timestamptz WHERE id = @id;

-- name: TakeKeys :many
DELETE FROM citation_keys WHERE document_id = ANY(@document_ids::uuid[]) RETURNING document_id, key, pinned;
