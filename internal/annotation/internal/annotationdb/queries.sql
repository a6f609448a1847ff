-- name: DocumentEdition :one
-- The edition to show a document's marks in: the newest that was read, or the
-- newest at all.
SELECT d.library_id, d.trashed_at,
    coalesce((SELECT e.id FROM editions e WHERE e.document_id = d.id
        ORDER BY e.state = 'ready' DESC, e.preference DESC, e.created_at DESC, e.id DESC LIMIT 1), d.id) AS edition_id
FROM documents d WHERE d.id = @id;

-- name: EditionDocument :one
SELECT document_id FROM editions WHERE id = @id;

-- name: Mark :one
SELECT a.*, d.trashed_at FROM annotations a JOIN documents d ON d.id = a.document_id WHERE a.id = @id;

-- name: LockMark :one
-- Not as strong as FOR UPDATE, so that rows which point at it can be added.
SELECT a.*, d.trashed_at FROM annotations a JOIN documents d ON d.id = a.document_id WHERE a.id = @id FOR NO KEY UPDATE OF a;

-- name: InsertMark :execrows
INSERT INTO annotations (id, library_id, document_id, edition_id, author_id, author_name, kind, meaning, private, body,
    created_at, updated_at, origin, origin_key, imported_for, resolved_at, resolved_by_name)
VALUES (@id, @library_id, @document_id, @edition_id, @author_id, @author_name, @kind, @meaning, @private, @body,
    @created_at, @updated_at, @origin, @origin_key, @imported_for, @resolved_at, @resolved_by_name)
ON CONFLICT DO NOTHING;

-- name: EditMark :exec
-- Edited is what somebody wrote, not its meaning or who sees it.
UPDATE annotations SET kind = @kind, meaning = @meaning, private = @private, body = @body, assignee_id = @assignee_id,
    revision = revision + 1, updated_at = @at, edited_at = CASE WHEN body = @body THEN edited_at ELSE @at END
WHERE id = @id;

-- name: SetDeleted :exec
UPDATE annotations SET deleted_at = @deleted_at, deleted_by = @deleted_by, updated_at = @at WHERE id = @id;

-- name: SetResolved :exec
UPDATE annotations SET resolved_at = @resolved_at, resolved_by = @resolved_by, resolved_by_name = @resolved_by_name, updated_at = @at WHERE id = @id;

-- name: SetAssignee :exec
UPDATE annotations SET assignee_id = @assignee_id, updated_at = @at WHERE id = @id;

-- name: Touch :exec
UPDATE annotations SET updated_at = @at WHERE id = @id;

-- name: PutAnchor :exec
INSERT INTO annotation_anchors (library_id, annotation_id, edition_id, status, score, confirmed, exact, prefix, suffix,
    attempt, text_version, parts, near, page, position, y, x)
VALUES (@library_id, @annotation_id, @edition_id, @status, @score, @confirmed, @exact, @prefix, @suffix,
    @attempt, @text_version, @parts, @near, @page, @position, @y, @x)
ON CONFLICT (edition_id, annotation_id) DO UPDATE
SET status = excluded.status, score = excluded.score, confirmed = excluded.confirmed, exact = excluded.exact, prefix = excluded.prefix,
    suffix = excluded.suffix, attempt = excluded.attempt, text_version = excluded.text_version, parts = excluded.parts,
    near = excluded.near, page = excluded.page, position = excluded.position, y = excluded.y, x = excluded.x;

-- name: Anchor :one
SELECT * FROM annotation_anchors WHERE annotation_id = @annotation_id AND edition_id = @edition_id;

-- name: ConfirmAnchor :execrows
UPDATE annotation_anchors SET confirmed = true
WHERE annotation_id = @annotation_id AND edition_id = @edition_id AND status = 'fuzzy' AND NOT confirmed;

-- name: DropOtherAnchors :exec
-- Places that were found from one that has moved.
DELETE FROM annotation_anchors WHERE annotation_id = @annotation_id AND edition_id <> @edition_id;

-- name: OtherEditions :many
SELECT id FROM editions WHERE document_id = @document_id AND id <> @edition_id AND state = 'ready';

-- name: ShareEdition :one
-- Keeps the edition's text as it is until the transaction ends.
SELECT id, library_id, document_id, state, attempt, coalesce(text_version, '') AS text_version,
    (sha256 IS NOT NULL)::boolean AS checked FROM editions WHERE id = @id FOR SHARE;

-- name: Reply :one
SELECT * FROM annotation_replies WHERE id = @id;

-- name: InsertReply :execrows
INSERT INTO annotation_replies (id, library_id, annotation_id, author_id, author_name, body, created_at)
VALUES (@id, @library_id, @annotation_id, @author_id, @author_name, @body, @created_at)
ON CONFLICT (id) DO NOTHING;

-- name: EditReply :exec
UPDATE annotation_replies SET body = @body, revision = revision + 1, edited_at = @at WHERE id = @id;

-- name: SetReplyDeleted :exec
UPDATE annotation_replies SET deleted_at = @deleted_at, deleted_by = @deleted_by WHERE id = @id;

-- name: OthersReplied :one
SELECT EXISTS (SELECT 1 FROM annotation_replies
    WHERE annotation_id = @annotation_id AND author_id IS DISTINCT FROM @author_id AND deleted_at IS NULL);

-- name: PutReaction :execrows
INSERT INTO annotation_reactions (library_id, annotation_id, reply_id, person_id, emoji, at)
VALUES (@library_id, @annotation_id, @reply_id, @person_id, @emoji, @at)
ON CONFLICT DO NOTHING;

-- name: DeleteReaction :execrows
DELETE FROM annotation_reactions
WHERE annotation_id = @annotation_id AND reply_id IS NOT DISTINCT FROM sqlc.narg('reply_id') AND person_id = @person_id AND emoji = @emoji;

-- name: Mentioned :many
SELECT person_id FROM annotation_mentions WHERE annotation_id = @annotation_id AND reply_id IS NOT DISTINCT FROM sqlc.narg('reply_id');

-- name: DeleteMentions :exec
DELETE FROM annotation_mentions WHERE annotation_id = @annotation_id AND reply_id IS NOT DISTINCT FROM sqlc.narg('reply_id');

-- name: InsertMentions :exec
INSERT INTO annotation_mentions (library_id, annotation_id, reply_id, person_id)
SELECT @library_id, @annotation_id, sqlc.narg('reply_id'), p.id FROM people p WHERE p.id = ANY(@person_ids::uuid[]);

-- name: MembersAmong :many
SELECT person_id FROM library_members WHERE library_id = @library_id AND person_id = ANY(@person_ids::uuid[]);

-- name: PersonName :one
SELECT name FROM people WHERE id = @id;

-- name: InsertHistory :exec
INSERT INTO annotation_history (library_id, annotation_id, reply_id, at, person_id, person_name, what, before, after, private)
VALUES (@library_id, @annotation_id, @reply_id, @at, @person_id, @person_name, @what, @before, @after, @private);

-- name: History :many
SELECT h.at, h.person_id, coalesce(p.name, h.person_name) AS person, h.what, h.reply_id, h.before, h.after
FROM annotation_history h LEFT JOIN people p ON p.id = h.person_id
WHERE h.annotation_id = @annotation_id AND (NOT h.private OR @with_private::boolean)
ORDER BY h.id;

-- name: BeginOperation :execrows
INSERT INTO annotation_operations (person_id, id, what, object_id, at) VALUES (@person_id, @id, @what, @object_id, @at)
ON CONFLICT (person_id, id) DO NOTHING;

-- name: Operation :one
SELECT what, object_id FROM annotation_operations WHERE person_id = @person_id AND id = @id;

-- name: Settings :one
SELECT default_private, meanings FROM annotation_settings WHERE library_id = @library_id;

-- name: PutSettings :exec
INSERT INTO annotation_settings (library_id, default_private, meanings) VALUES (@library_id, @default_private, @meanings)
ON CONFLICT (library_id) DO UPDATE SET default_private = excluded.default_private, meanings = excluded.meanings;

-- name: SweepMarks :execrows
-- A file's own marks stay: read anew, the file would bring them back.
DELETE FROM annotations
WHERE (deleted_at < @before AND origin <> 'file') OR (private AND author_id IS NULL AND origin <> 'file');

-- name: SweepReplies :execrows
-- The row stays where others follow it, so that the thread can be understood.
UPDATE annotation_replies SET body = '' WHERE deleted_at < @before AND body <> '';

-- name: SweepReplyHistory :execrows
DELETE FROM annotation_history h USING annotation_replies r
WHERE r.id = h.reply_id AND r.deleted_at < @before AND (h.before IS NOT NULL OR h.after IS NOT NULL);

-- name: SweepOperations :execrows
DELETE FROM annotation_operations WHERE at < @before;

-- name: MentionedInReplies :one
SELECT EXISTS (SELECT 1 FROM annotation_mentions WHERE annotation_id = @annotation_id AND reply_id IS NOT NULL);

-- name: Unsettled :many
-- The document's marks that have no place in the edition as it was read last.
SELECT a.id, a.kind, a.edition_id, a.revision
FROM annotations a
WHERE a.document_id = @document_id AND a.kind <> 'document' AND NOT EXISTS (
    SELECT 1 FROM annotation_anchors n
    WHERE n.annotation_id = a.id AND n.edition_id = @edition_id AND n.attempt = @attempt)
ORDER BY a.id;

-- name: AnchorsOf :many
SELECT * FROM annotation_anchors WHERE annotation_id = ANY(@annotation_ids::uuid[]) ORDER BY annotation_id, edition_id;

-- name: LockDocument :exec
-- Waits for marks that are being made on it.
SELECT 1 FROM documents WHERE id = @id FOR UPDATE;

-- name: LockMarks :many
SELECT id, library_id, revision, private, author_id FROM annotations WHERE id = ANY(@ids::uuid[]) ORDER BY id FOR NO KEY UPDATE;

-- name: PutAnchors :exec
INSERT INTO annotation_anchors (library_id, annotation_id, edition_id, status, score, confirmed, exact, prefix, suffix,
    attempt, text_version, parts, near, page, position, y, x)
SELECT @library_id, unnest(@annotation_ids::uuid[]), @edition_id, unnest(@statuses::text[]), unnest(@scores::real[]), unnest(@confirmed::boolean[]),
    unnest(@exacts::text[]), unnest(@prefixes::text[]), unnest(@suffixes::text[]), @attempt, @text_version,
    unnest(@parts::text[])::json, nullif(unnest(@nears::text[]), '')::json,
    unnest(@pages::int[]), unnest(@positions::int[]), unnest(@ys::real[]), unnest(@xs::real[])
ON CONFLICT (edition_id, annotation_id) DO UPDATE
SET status = excluded.status, score = excluded.score, confirmed = excluded.confirmed, exact = excluded.exact, prefix = excluded.prefix,
    suffix = excluded.suffix, attempt = excluded.attempt, text_version = excluded.text_version, parts = excluded.parts,
    near = excluded.near, page = excluded.page, position = excluded.position, y = excluded.y, x = excluded.x;

-- name: InsertImported :many
-- Gives the ids of those that were not there yet. The zero time is none.
INSERT INTO annotations (id, library_id, document_id, edition_id, author_id, author_name, kind, meaning, private, body,
    created_at, updated_at, edited_at, origin, origin_key, imported_for, resolved_at, resolved_by_name)
SELECT m.id, @library_id, @document_id, CASE WHEN m.kind <> 'document' THEN @edition_id::uuid END, nullif(m.author_id, '00000000-0000-0000-0000-000000000000'), m.author_name, m.kind, m.meaning,
    m.private, m.body, m.created_at, m.updated_at, nullif(m.edited_at, '0001-01-01 00:00:00+00'), m.origin, m.origin_key,
    CASE WHEN m.private THEN nullif(m.author_id, '00000000-0000-0000-0000-000000000000') END,
    nullif(m.resolved_at, '0001-01-01 00:00:00+00'), m.resolved_by_name
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@author_ids::uuid[]) AS author_id, unnest(@author_names::text[]) AS author_name,
        unnest(@kinds::text[]) AS kind, unnest(@meanings::text[]) AS meaning, unnest(@privates::boolean[]) AS private,
        unnest(@bodies::text[]) AS body, unnest(@created::timestamptz[]) AS created_at, unnest(@updated::timestamptz[]) AS updated_at,
        unnest(@origins::text[]) AS origin, unnest(@origin_keys::text[]) AS origin_key,
        unnest(@edited::timestamptz[]) AS edited_at, unnest(@resolved::timestamptz[]) AS resolved_at, unnest(@resolved_bys::text[]) AS resolved_by_name
) m
ON CONFLICT DO NOTHING
RETURNING id;

-- name: InsertImportedReplies :exec
INSERT INTO annotation_replies (id, library_id, annotation_id, author_id, author_name, body, created_at, edited_at)
SELECT r.id, @library_id, r.annotation_id, nullif(r.author_id, '00000000-0000-0000-0000-000000000000'), r.author_name, r.body, r.created_at,
    nullif(r.edited_at, '0001-01-01 00:00:00+00')
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@annotation_ids::uuid[]) AS annotation_id, unnest(@author_ids::uuid[]) AS author_id,
        unnest(@author_names::text[]) AS author_name, unnest(@bodies::text[]) AS body, unnest(@created::timestamptz[]) AS created_at,
        unnest(@edited::timestamptz[]) AS edited_at
) r;

-- name: InsertRemoved :exec
-- A file's own marks that were deleted, of which no more is known than their names.
INSERT INTO annotations (id, library_id, document_id, edition_id, author_name, kind, meaning, private, body, created_at, updated_at,
    origin, origin_key, deleted_at)
SELECT gen_random_uuid(), @library_id, @document_id, @edition_id, '', 'note', 'key', false, '', @at, @at, 'file', unnest(@origin_keys::text[]), @at
ON CONFLICT DO NOTHING;

-- name: InsertImportedHistory :exec
INSERT INTO annotation_history (library_id, annotation_id, at, person_id, person_name, what, after, private)
SELECT library_id, id, created_at, author_id, author_name, 'made', nullif(body, ''), private FROM annotations
WHERE id = ANY(@ids::uuid[]) ORDER BY created_at, id;

-- name: RemovedFromFile :many
-- The marks that came with a file and were deleted since: their names in it.
SELECT origin_key::text AS origin_key FROM annotations
WHERE library_id = @library_id AND edition_id = @edition_id AND origin = 'file' AND deleted_at IS NOT NULL AND NOT private
ORDER BY origin_key;

-- name: OriginKeys :many
-- What is there already of what an import brings: what was imported before, and
-- the document's own marks, which go out under their ids.
SELECT coalesce(i.origin_key, '')::text AS origin_key FROM annotations i JOIN editions f ON f.document_id = i.document_id
WHERE f.id = @edition_id AND (i.edition_id = f.id OR i.edition_id IS NULL) AND i.origin_key = ANY(@keys::text[]) AND i.imported_for IS NOT DISTINCT FROM sqlc.narg('imported_for')
UNION ALL
SELECT a.id::text FROM annotations a JOIN editions e ON e.document_id = a.document_id
WHERE e.id = @edition_id AND a.id::text = ANY(@keys::text[]);

-- name: MoveMarks :exec
-- Marks go with the file that they were made on.
UPDATE annotations SET document_id = @document_id WHERE edition_id = ANY(@edition_ids::uuid[]);

-- name: MoveNotes :exec
-- Notes go with the document, but for one that the other has too by an import.
UPDATE annotations a SET document_id = @to_id, merged_from = a.merged_from || @from_id::uuid
WHERE a.document_id = @from_id AND a.kind = 'document' AND NOT EXISTS (
    SELECT 1 FROM annotations o WHERE o.document_id = @to_id AND o.kind = 'document' AND o.origin_key = a.origin_key
        AND o.imported_for IS NOT DISTINCT FROM a.imported_for);

-- name: MoveNotesBack :exec
-- Wherever later merges took them.
UPDATE annotations SET document_id = @document_id, merged_from = merged_from[:array_position(merged_from, @document_id::uuid) - 1]
WHERE library_id = @library_id AND kind = 'document' AND @document_id::uuid = ANY(merged_from);

-- name: ShareDocument :one
-- Keeps the document where it is until the transaction ends.
SELECT library_id, trashed_at FROM documents WHERE id = @id FOR SHARE;

-- name: DropForeignAnchors :exec
-- Places in files that are another document's by now.
DELETE FROM annotation_anchors n USING annotations a, editions e
WHERE a.id = n.annotation_id AND e.id = n.edition_id AND e.document_id <> a.document_id
    AND a.document_id IN (@from_id::uuid, @to_id::uuid);

-- name: ReadyEditions :many
SELECT id FROM editions WHERE document_id = @document_id AND state = 'ready' ORDER BY id;

-- name: RelocateMarks :many
UPDATE annotations SET library_id = @library_id WHERE document_id = ANY(@document_ids::uuid[]) RETURNING id, private, author_id;

-- name: RelocateAnchors :exec
UPDATE annotation_anchors SET library_id = @library_id WHERE annotation_id = ANY(@ids::uuid[]);

-- name: RelocateReplies :exec
UPDATE annotation_replies SET library_id = @library_id WHERE annotation_id = ANY(@ids::uuid[]);

-- name: RelocateReactions :exec
UPDATE annotation_reactions SET library_id = @library_id WHERE annotation_id = ANY(@ids::uuid[]);

-- name: RelocateMentions :exec
UPDATE annotation_mentions SET library_id = @library_id WHERE annotation_id = ANY(@ids::uuid[]);

-- name: RelocateHistory :exec
UPDATE annotation_history SET library_id = @library_id WHERE annotation_id = ANY(@ids::uuid[]);

-- name: CopyMarks :many
-- What everybody may see of a document's marks, and the person's own private ones,
-- under the ids of document.CopyID. Who is no member of the other library is there
-- by name alone. A file's own marks that were deleted stay deleted.
INSERT INTO annotations (id, library_id, document_id, edition_id, author_id, author_name, kind, meaning, private, body, revision,
    created_at, updated_at, edited_at, resolved_at, resolved_by, resolved_by_name, assignee_id, origin, origin_key, imported_for, deleted_at)
SELECT md5(@target::text || a.id::text)::uuid, @library_id, CAST(@target::text AS uuid),
    CASE WHEN a.edition_id IS NOT NULL THEN md5(@target::text || a.edition_id::text)::uuid END,
    author.person_id, coalesce(p.name, a.author_name), a.kind, a.meaning, a.private, a.body, a.revision,
    a.created_at, a.updated_at, a.edited_at, a.resolved_at, resolver.person_id, coalesce(r.name, a.resolved_by_name), assignee.person_id,
    a.origin, a.origin_key, a.imported_for, a.deleted_at
FROM annotations a
LEFT JOIN people p ON p.id = a.author_id
LEFT JOIN people r ON r.id = a.resolved_by
LEFT JOIN library_members author ON author.library_id = @library_id AND author.person_id = a.author_id
LEFT JOIN library_members resolver ON resolver.library_id = @library_id AND resolver.person_id = a.resolved_by
LEFT JOIN library_members assignee ON assignee.library_id = @library_id AND assignee.person_id = a.assignee_id
WHERE a.document_id = @document_id AND (a.deleted_at IS NULL OR a.origin = 'file') AND (NOT a.private OR a.author_id = @person_id)
RETURNING id, private, author_id;

-- name: CopyAnchors :exec
INSERT INTO annotation_anchors (library_id, annotation_id, edition_id, status, score, confirmed, exact, prefix, suffix,
    attempt, text_version, parts, near, page, position, y, x)
SELECT t.library_id, t.id, md5(@target::text || n.edition_id::text)::uuid, n.status, n.score, n.confirmed, n.exact, n.prefix, n.suffix,
    n.attempt, n.text_version, n.parts, n.near, n.page, n.position, n.y, n.x
FROM annotations a
JOIN annotations t ON t.id = md5(@target::text || a.id::text)::uuid
JOIN annotation_anchors n ON n.annotation_id = a.id
WHERE a.document_id = @document_id;

-- name: CopyReplies :exec
INSERT INTO annotation_replies (id, library_id, annotation_id, author_id, author_name, body, revision, created_at, edited_at)
SELECT md5(@target::text || r.id::text)::uuid, t.library_id, t.id, m.person_id, coalesce(p.name, r.author_name), r.body, r.revision, r.created_at, r.edited_at
FROM annotations a
JOIN annotations t ON t.id = md5(@target::text || a.id::text)::uuid
JOIN annotation_replies r ON r.annotation_id = a.id AND r.deleted_at IS NULL
LEFT JOIN people p ON p.id = r.author_id
LEFT JOIN library_members m ON m.library_id = t.library_id AND m.person_id = r.author_id
WHERE a.document_id = @document_id;

-- name: CopyReactions :exec
INSERT INTO annotation_reactions (library_id, annotation_id, reply_id, person_id, emoji, at)
SELECT t.library_id, t.id, CASE WHEN x.reply_id IS NOT NULL THEN md5(@target::text || x.reply_id::text)::uuid END, x.person_id, x.emoji, x.at
FROM annotations a
JOIN annotations t ON t.id = md5(@target::text || a.id::text)::uuid
JOIN annotation_reactions x ON x.annotation_id = a.id
JOIN library_members m ON m.library_id = t.library_id AND m.person_id = x.person_id
LEFT JOIN annotation_replies r ON r.id = x.reply_id
WHERE a.document_id = @document_id AND r.deleted_at IS NULL;

-- name: CopyMentions :exec
INSERT INTO annotation_mentions (library_id, annotation_id, reply_id, person_id)
SELECT t.library_id, t.id, CASE WHEN x.reply_id IS NOT NULL THEN md5(@target::text || x.reply_id::text)::uuid END, x.person_id
FROM annotations a
JOIN annotations t ON t.id = md5(@target::text || a.id::text)::uuid
JOIN annotation_mentions x ON x.annotation_id = a.id
JOIN library_members m ON m.library_id = t.library_id AND m.person_id = x.person_id
LEFT JOIN annotation_replies r ON r.id = x.reply_id
WHERE a.document_id = @document_id AND r.deleted_at IS NULL;

-- name: CopyHistory :exec
-- What others did not see stays its author's: it goes along with the person's own marks alone.
INSERT INTO annotation_history (library_id, annotation_id, reply_id, at, person_id, person_name, what, before, after, private)
SELECT t.library_id, t.id, CASE WHEN h.reply_id IS NOT NULL THEN md5(@target::text || h.reply_id::text)::uuid END, h.at,
    m.person_id, coalesce(p.name, h.person_name), h.what, h.before, h.after, h.private
FROM annotations a
JOIN annotations t ON t.id = md5(@target::text || a.id::text)::uuid
JOIN annotation_history h ON h.annotation_id = a.id AND (NOT h.private OR a.author_id = @person_id)
LEFT JOIN people p ON p.id = h.person_id
LEFT JOIN library_members m ON m.library_id = t.library_id AND m.person_id = h.person_id
LEFT JOIN annotation_replies r ON r.id = h.reply_id
WHERE a.document_id = @document_id AND r.deleted_at IS NULL
ORDER BY h.id;
