-- name: InsertArchive :exec
INSERT INTO archives (id, library_id, person_id, choice, name, state, created_at, updated_at)
VALUES (@id, @library_id, @person_id, @choice, @name, 'preparing', @at, @at);

-- name: ArchiveByID :one
SELECT * FROM archives WHERE id = @id;

-- name: PersonArchives :many
SELECT * FROM archives WHERE library_id = @library_id AND person_id = @person_id ORDER BY created_at DESC LIMIT @max_rows;

-- name: SetPreparing :exec
UPDATE archives SET works = @works, files = @files, passed = @passed, total = @total, updated_at = @at WHERE id = @id;

-- name: SetReady :execrows
UPDATE archives SET state = 'ready', works = @works, files = @files, missing = @missing, passed = total, size = @size, updated_at = @at
WHERE id = @id AND state = 'preparing';

-- name: SetFailed :exec
UPDATE archives SET state = 'failed', failure = @failure, updated_at = @at WHERE id = @id;

-- name: DeleteArchive :exec
DELETE FROM archives WHERE id = @id;

-- name: OldArchives :many
SELECT id FROM archives WHERE updated_at < @before ORDER BY id LIMIT 500;

-- name: KnownArchives :many
SELECT id FROM archives WHERE id = ANY(@ids::uuid[]);

-- name: OpenArchives :one
SELECT count(*) FROM archives WHERE person_id = @person_id AND state <> 'failed';

-- name: LibraryName :one
SELECT name FROM libraries WHERE id = @library_id;

-- name: CountChosen :one
SELECT count(*) FROM documents WHERE library_id = @library_id AND id = ANY(@ids::uuid[]) AND trashed_at IS NULL;

-- name: Under :many
-- A collection with all that is under it.
WITH RECURSIVE under AS (
    SELECT c.id FROM collections c WHERE c.id = @id AND c.library_id = @library_id AND c.deleted_at IS NULL
    UNION ALL
    SELECT c.id FROM under u JOIN collections c ON c.parent_id = u.id AND c.deleted_at IS NULL
)
SELECT id FROM under;

-- name: InCollections :many
SELECT DISTINCT d.id FROM document_collections x JOIN documents d ON d.id = x.document_id
WHERE x.collection_id = ANY(@ids::uuid[]) AND d.library_id = @library_id AND d.trashed_at IS NULL;

-- name: Works :many
-- A stretch of the works that go out, in the order in which they came. All, or
-- those with these ids.
SELECT d.id, d.title, d.csl, d.created_at, coalesce(p.name, '')::text AS added_by, coalesce(k.key, '')::text AS key,
    coalesce(NOT k.pinned, false)::boolean AS key_is_made,
    EXISTS (SELECT FROM annotations a WHERE a.document_id = d.id AND a.edition_id IS NULL AND a.deleted_at IS NULL
        AND (NOT a.private OR a.author_id = @person_id AND @private::boolean)) AS noted
FROM documents d
LEFT JOIN people p ON p.id = d.created_by
LEFT JOIN citation_keys k ON k.document_id = d.id
WHERE d.library_id = @library_id AND d.trashed_at IS NULL AND (@all_works::boolean OR d.id = ANY(@ids::uuid[]))
    AND (d.created_at, d.id) > (@after_at::timestamptz, @after_id::uuid)
ORDER BY d.created_at, d.id LIMIT @max_rows;

-- name: Claims :many
SELECT c.document_id, c.field, c.source, c.value, c.confidence, c.at, c.person_id, coalesce(p.name, '')::text AS person
FROM metadata_claims c LEFT JOIN people p ON p.id = c.person_id
WHERE c.document_id = ANY(@ids::uuid[]) ORDER BY c.document_id, c.field, c.source;

-- name: Editions :many
-- The oldest first; what a document shows is shown.
SELECT e.id, e.document_id, e.blob_key, e.filename, e.size, e.sha256, e.state, e.created_at, coalesce(e.kind, '')::text AS kind, coalesce(p.name, '')::text AS added_by,
    (e.id = first_value(e.id) OVER (PARTITION BY e.document_id ORDER BY e.preference DESC, e.created_at DESC, e.id DESC))::boolean AS shown,
    EXISTS (SELECT FROM annotations a WHERE a.edition_id = e.id AND a.deleted_at IS NULL AND (NOT a.private OR a.author_id = @person_id AND @private::boolean)) AS marked,
    ARRAY(SELECT a.origin_key FROM annotations a WHERE a.edition_id = e.id AND a.origin = 'file' AND a.deleted_at IS NOT NULL AND NOT a.private ORDER BY 1)::text[] AS removed
FROM editions e LEFT JOIN people p ON p.id = e.created_by
WHERE e.document_id = ANY(@ids::uuid[]) ORDER BY e.document_id, e.created_at, e.id;

-- name: WorkTags :many
SELECT x.document_id, t.name FROM document_tags x JOIN tags t ON t.id = x.tag_id AND t.deleted_at IS NULL
WHERE x.document_id = ANY(@ids::uuid[]) ORDER BY x.document_id, lower(t.name), t.id;

-- name: WorkCollections :many
SELECT x.document_id, x.collection_id FROM document_collections x JOIN collections c ON c.id = x.collection_id AND c.deleted_at IS NULL
WHERE x.document_id = ANY(@ids::uuid[]) ORDER BY x.document_id, c.position, c.id;

-- name: Tags :many
SELECT t.name, t.color FROM tags t
WHERE t.library_id = @library_id AND t.deleted_at IS NULL
    AND (@all_works::boolean OR EXISTS (SELECT FROM document_tags x WHERE x.tag_id = t.id AND x.document_id = ANY(@ids::uuid[])))
ORDER BY lower(t.name), t.id;

-- name: Collections :many
-- A parent before what is in it.
WITH RECURSIVE tree AS (
    SELECT c.id, c.parent_id, c.name, ARRAY[c.position] AS place, ARRAY[c.id] AS ids FROM collections c
    WHERE c.library_id = @library_id AND c.parent_id IS NULL AND c.deleted_at IS NULL
    UNION ALL
    SELECT c.id, c.parent_id, c.name, t.place || c.position, t.ids || c.id FROM tree t JOIN collections c ON c.parent_id = t.id AND c.deleted_at IS NULL
)
SELECT id, parent_id, name FROM tree ORDER BY cardinality(place), place, ids;

-- name: KeptApart :many
SELECT x.document_id, x.other_id FROM document_distinctions x
JOIN documents d ON d.id = x.document_id AND d.trashed_at IS NULL
JOIN documents o ON o.id = x.other_id AND o.trashed_at IS NULL
WHERE d.library_id = @library_id AND (@all_works::boolean OR d.id = ANY(@ids::uuid[]) AND o.id = ANY(@ids::uuid[]))
ORDER BY x.document_id, x.other_id;

-- name: Meanings :one
SELECT default_private, meanings FROM annotation_settings WHERE library_id = @library_id;

-- name: KeyPattern :one
SELECT coalesce((SELECT pattern FROM citation_settings WHERE library_id = @library_id), '')::text;

-- name: Pages :many
SELECT number, label, box, rotation FROM edition_pages WHERE edition_id = @edition_id ORDER BY number;

-- name: PresentFiles :many
-- Of these files, those that the library has, the trash included.
SELECT encode(coalesce(e.sha256, e.claimed_sha256), 'hex')::text AS sha256, d.id, d.title, (d.trashed_at IS NOT NULL)::boolean AS trashed
FROM editions e JOIN documents d ON d.id = e.document_id
WHERE e.library_id = @library_id AND coalesce(e.sha256, e.claimed_sha256) = ANY(@hashes::bytea[]);

-- name: PutMarks :exec
INSERT INTO archived_marks (edition_id, person_id, own, annotations, removed)
VALUES (@edition_id, @person_id, @own, @annotations, @removed);

-- name: WaitingMarks :one
SELECT m.*, e.library_id, coalesce(p.name, '')::text AS person FROM archived_marks m
JOIN editions e ON e.id = m.edition_id LEFT JOIN people p ON p.id = m.person_id
WHERE m.edition_id = @edition_id;

-- name: DropMarks :exec
DELETE FROM archived_marks WHERE edition_id = @edition_id;

-- name: PersonName :one
SELECT name FROM people WHERE id = @id;
