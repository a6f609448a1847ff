-- name: InsertLink :exec
INSERT INTO share_links (id, library_id, document_id, collection_id, secret_hash, access, password_hash, created_by, created_at, expires_at)
VALUES (@id, @library_id, @document_id, @collection_id, @secret_hash, @access, sqlc.narg('password_hash'), @created_by, @created_at, sqlc.narg('expires_at'));

-- name: CountLinks :one
SELECT count(*) FROM share_links
WHERE library_id = @library_id AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now::timestamptz);

-- name: Links :many
-- Links that are not revoked, the newest first: of one document or collection, or
-- of all; one person's, or everybody's.
SELECT l.id, l.library_id, l.document_id, l.collection_id, l.access, (l.password_hash IS NOT NULL)::boolean AS has_password,
    l.created_by, l.created_at, l.expires_at, l.uses, l.last_used_at, p.name AS person_name, m.role AS person_role,
    coalesce(d.title, c.name, '')::text AS target
FROM share_links l
JOIN people p ON p.id = l.created_by
LEFT JOIN library_members m ON m.library_id = l.library_id AND m.person_id = l.created_by
LEFT JOIN documents d ON d.id = l.document_id
LEFT JOIN collections c ON c.id = l.collection_id
WHERE l.library_id = @library_id AND l.revoked_at IS NULL
    AND (sqlc.narg('document_id')::uuid IS NULL OR l.document_id = sqlc.narg('document_id'))
    AND (sqlc.narg('collection_id')::uuid IS NULL OR l.collection_id = sqlc.narg('collection_id'))
    AND (sqlc.narg('person_id')::uuid IS NULL OR l.created_by = sqlc.narg('person_id'))
ORDER BY l.created_at DESC, l.id DESC;

-- name: Link :one
SELECT library_id, created_by, revoked_at FROM share_links WHERE id = @id;

-- name: RevokeLink :execrows
UPDATE share_links SET revoked_at = @now::timestamptz WHERE id = @id AND revoked_at IS NULL;

-- name: CollectionLibrary :one
SELECT library_id FROM collections WHERE id = @id AND deleted_at IS NULL;

-- name: DocumentTrashed :one
SELECT (trashed_at IS NOT NULL)::boolean FROM documents WHERE id = @id;

-- name: LinkBySecret :one
SELECT sqlc.embed(l), coalesce(m.role, '')::text AS role, coalesce(d.title, c.name, '')::text AS target,
    (d.trashed_at IS NOT NULL OR c.deleted_at IS NOT NULL)::boolean AS away
FROM share_links l
LEFT JOIN library_members m ON m.library_id = l.library_id AND m.person_id = l.created_by
LEFT JOIN documents d ON d.id = l.document_id
LEFT JOIN collections c ON c.id = l.collection_id
WHERE l.secret_hash = @secret_hash;

-- name: LinkByID :one
SELECT sqlc.embed(l), coalesce(m.role, '')::text AS role, coalesce(d.title, c.name, '')::text AS target,
    (d.trashed_at IS NOT NULL OR c.deleted_at IS NOT NULL)::boolean AS away
FROM share_links l
LEFT JOIN library_members m ON m.library_id = l.library_id AND m.person_id = l.created_by
LEFT JOIN documents d ON d.id = l.document_id
LEFT JOIN collections c ON c.id = l.collection_id
WHERE l.id = @id;

-- name: CountUse :exec
UPDATE share_links SET uses = uses + 1, last_used_at = @now::timestamptz WHERE id = @id;

-- name: TouchLink :exec
UPDATE share_links SET last_used_at = @now::timestamptz WHERE id = @id;

-- name: InsertVisit :exec
INSERT INTO share_visits (secret_hash, link_id, created_at, expires_at) VALUES (@secret_hash, @link_id, @created_at, @expires_at);

-- name: Visit :one
SELECT v.person_id, p.name AS person_name FROM share_visits v LEFT JOIN people p ON p.id = v.person_id
WHERE v.secret_hash = @secret_hash AND v.link_id = @link_id AND v.expires_at > @now::timestamptz;

-- name: NameVisit :execrows
UPDATE share_visits SET person_id = @person_id WHERE secret_hash = @secret_hash AND link_id = @link_id AND person_id IS NULL;

-- name: DeleteExpiredVisits :execrows
DELETE FROM share_visits WHERE expires_at <= @now::timestamptz;

-- name: VisitedLinks :many
-- Links of a library that somebody may have open.
SELECT l.id FROM share_links l
WHERE l.library_id = @library_id AND EXISTS (SELECT FROM share_visits v WHERE v.link_id = l.id);

-- name: ShownDocuments :many
-- The documents that a collection's link shows at this moment, by their titles.
WITH RECURSIVE under AS (
    SELECT c.id FROM collections c WHERE c.id = @collection_id AND c.deleted_at IS NULL
    UNION
    SELECT c.id FROM under u JOIN collections c ON c.parent_id = u.id WHERE c.deleted_at IS NULL
)
SELECT d.id, d.title, d.csl, d.year, coalesce(e.id, '00000000-0000-0000-0000-000000000000')::uuid AS edition_id, e.page_count, (e.thumbnail_key IS NOT NULL)::boolean AS has_thumbnail
FROM documents d
LEFT JOIN LATERAL (
    SELECT x.id, x.page_count, x.thumbnail_key FROM editions x WHERE x.document_id = d.id
    ORDER BY x.preference DESC, x.created_at DESC, x.id DESC LIMIT 1
) e ON true
WHERE d.library_id = @library_id AND d.trashed_at IS NULL
    AND d.id IN (SELECT dc.document_id FROM document_collections dc JOIN under u ON u.id = dc.collection_id)
ORDER BY left(d.listing, 200) COLLATE "C", d.id LIMIT @max_rows;

-- name: ShownDocument :many
SELECT d.id, d.title, d.csl, d.year, coalesce(e.id, '00000000-0000-0000-0000-000000000000')::uuid AS edition_id, e.page_count, (e.thumbnail_key IS NOT NULL)::boolean AS has_thumbnail
FROM documents d
LEFT JOIN LATERAL (
    SELECT x.id, x.page_count, x.thumbnail_key FROM editions x WHERE x.document_id = d.id
    ORDER BY x.preference DESC, x.created_at DESC, x.id DESC LIMIT 1
) e ON true
WHERE d.library_id = @library_id AND d.id = @document_id AND d.trashed_at IS NULL;
