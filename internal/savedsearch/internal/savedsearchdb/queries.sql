-- name: SavedSearches :many
-- Those that somebody may see, with whether they want to be told of news.
SELECT s.id, s.name, s.query, s.shared, s.owner_id, coalesce(p.name, '') AS owner_name, coalesce(n.active, false)::boolean AS notices
FROM saved_searches s
LEFT JOIN people p ON p.id = s.owner_id
LEFT JOIN saved_search_notices n ON n.saved_search_id = s.id AND n.person_id = @person_id
WHERE s.library_id = @library_id AND s.deleted_at IS NULL AND (s.shared OR s.owner_id = @person_id)
ORDER BY lower(s.name), s.id;

-- name: SavedSearch :one
SELECT s.id, s.library_id, s.name, s.query, s.shared, s.owner_id, s.deleted_at, coalesce(p.name, '') AS owner_name,
    coalesce(n.active, false)::boolean AS notices
FROM saved_searches s
LEFT JOIN people p ON p.id = s.owner_id
LEFT JOIN saved_search_notices n ON n.saved_search_id = s.id AND n.person_id = @person_id
WHERE s.id = @id;

-- name: LockSavedSearch :exec
SELECT FROM saved_searches WHERE id = @id FOR UPDATE;

-- name: LockSaved :exec
-- One change at a time to how many a library has, for its bounds.
SELECT pg_advisory_xact_lock(hashtextextended('savedsearch:' || @library_id::text, 0));

-- name: CountSaved :one
SELECT count(*) FILTER (WHERE shared) AS shared, count(*) FILTER (WHERE NOT shared AND owner_id = @owner_id) AS own
FROM saved_searches WHERE library_id = @library_id AND deleted_at IS NULL;

-- name: InsertSavedSearch :exec
INSERT INTO saved_searches (id, library_id, owner_id, name, query, shared, created_at, updated_at)
VALUES (@id, @library_id, @owner_id, @name, @query, @shared, @created_at, @created_at);

-- name: UpdateSavedSearch :exec
UPDATE saved_searches SET name = @name, query = @query, shared = @shared, updated_at = @updated_at WHERE id = @id;

-- name: SetSavedSearchDeleted :exec
UPDATE saved_searches SET deleted_at = sqlc.narg('deleted_at') WHERE id = @id;

-- name: ClearDeletedSavedSearches :exec
DELETE FROM saved_searches WHERE library_id = @library_id AND deleted_at < @before;

-- name: LibraryVersion :one
SELECT version FROM libraries WHERE id = @id;

-- name: CountNotices :one
SELECT count(*) FROM saved_search_notices n JOIN saved_searches s ON s.id = n.saved_search_id AND s.deleted_at IS NULL
WHERE n.library_id = @library_id AND n.person_id = @person_id AND n.active;

-- name: PutNotices :exec
INSERT INTO saved_search_notices (saved_search_id, person_id, library_id, active, version, counted, at)
VALUES (@saved_search_id, @person_id, @library_id, true, @version, false, @at)
ON CONFLICT (saved_search_id, person_id) DO UPDATE SET active = true, version = excluded.version, counted = false, at = excluded.at;

-- name: EndNotices :exec
UPDATE saved_search_notices SET active = false, at = @at WHERE saved_search_id = @saved_search_id AND person_id = @person_id;

-- name: ForgetMatches :exec
-- What was told stays, for the inbox.
DELETE FROM saved_search_matches WHERE saved_search_id = @saved_search_id AND person_id = @person_id AND notification_id IS NULL;

-- name: BeginAgain :exec
-- Another query, or one that was away: what it finds now is not new to anybody.
UPDATE saved_search_notices SET version = @version, counted = false WHERE saved_search_id = @saved_search_id AND active;

-- name: LibrariesToLook :many
-- Those with something that was not looked at.
SELECT DISTINCT n.library_id FROM saved_search_notices n JOIN libraries l ON l.id = n.library_id
JOIN saved_searches s ON s.id = n.saved_search_id AND s.deleted_at IS NULL AND (s.shared OR s.owner_id = n.person_id)
WHERE n.active AND (n.version < l.version OR NOT n.counted);

-- name: ToLook :many
-- Whose searches of a library were not looked at up to this version, the longest ago first.
SELECT n.saved_search_id, n.person_id, n.version, n.counted, s.query
FROM saved_search_notices n
JOIN saved_searches s ON s.id = n.saved_search_id AND s.deleted_at IS NULL AND (s.shared OR s.owner_id = n.person_id)
WHERE n.library_id = @library_id AND n.active AND (n.version < @version OR NOT n.counted)
ORDER BY n.version, n.saved_search_id, n.person_id;

-- name: Stretch :many
-- The documents that a stretch of the change log concerns, and who changed each:
-- for what the system did, as parsing, who brought the file. A tag or a collection
-- that changed concerns those that have it.
WITH RECURSIVE stretch AS (
    SELECT c.kind, c.object_id, c.op, c.actor_id FROM library_changes c
    WHERE c.library_id = @library_id AND c.version > @since AND c.version <= @until
), under AS (
    SELECT s.object_id AS id, s.actor_id FROM stretch s WHERE s.kind = 'collection' AND s.op IN ('changed', 'restored')
    UNION SELECT k.id, u.actor_id FROM under u JOIN collections k ON k.parent_id = u.id AND k.deleted_at IS NULL
), touched AS (
    SELECT s.object_id AS id, s.actor_id FROM stretch s WHERE s.kind = 'document' AND s.op NOT IN ('removed', 'trashed')
    UNION ALL
    SELECT a.document_id, s.actor_id FROM stretch s JOIN annotations a ON a.id = s.object_id WHERE s.kind = 'annotation' AND s.op <> 'removed'
    UNION ALL
    SELECT x.document_id, s.actor_id FROM stretch s JOIN document_tags x ON x.tag_id = s.object_id
    WHERE s.kind = 'tag' AND s.op IN ('changed', 'restored')
    UNION ALL
    SELECT y.document_id, u.actor_id FROM under u JOIN document_collections y ON y.collection_id = u.id
)
SELECT DISTINCT d.id, coalesce(t.actor_id, e.created_by, d.created_by) AS actor_id
FROM touched t JOIN documents d ON d.id = t.id AND d.library_id = @library_id AND d.trashed_at IS NULL
LEFT JOIN LATERAL (
    SELECT o.created_by FROM editions o WHERE o.document_id = d.id ORDER BY o.preference DESC, o.created_at DESC, o.id DESC LIMIT 1
) e ON true
ORDER BY d.id;

-- name: LockNotices :one
-- No row where it is not to be looked at any more as it was found.
SELECT n.person_id FROM saved_search_notices n JOIN saved_searches s ON s.id = n.saved_search_id AND s.deleted_at IS NULL AND s.query = @query
WHERE n.saved_search_id = @saved_search_id AND n.person_id = @person_id AND n.active AND n.version = @version AND n.counted = @counted
FOR UPDATE OF n;

-- name: AddMatches :many
-- Those that were not known are given.
INSERT INTO saved_search_matches (saved_search_id, person_id, object_id, document_id, annotation_id, at)
SELECT @saved_search_id, @person_id, coalesce(m.mark_id, m.document_id), m.document_id, m.mark_id, @at
FROM (
    SELECT unnest(@document_ids::uuid[]) AS document_id, nullif(unnest(@mark_ids::uuid[]), '00000000-0000-0000-0000-000000000000') AS mark_id
) m
WHERE EXISTS (SELECT FROM documents d WHERE d.id = m.document_id) AND (m.mark_id IS NULL OR EXISTS (SELECT FROM annotations a WHERE a.id = m.mark_id))
ON CONFLICT DO NOTHING
RETURNING object_id;

-- name: TellMatches :exec
UPDATE saved_search_matches SET notification_id = @notification_id::uuid
WHERE saved_search_id = @saved_search_id AND person_id = @person_id AND object_id = ANY(@object_ids::uuid[]);

-- name: SetLooked :exec
UPDATE saved_search_notices SET version = @version, counted = true WHERE saved_search_id = @saved_search_id AND person_id = @person_id;
