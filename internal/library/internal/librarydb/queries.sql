-- name: InsertLibrary :exec
INSERT INTO libraries (id, name, kind, created_at) VALUES (@id, @name, @kind, @created_at);

-- name: RenameLibrary :exec
UPDATE libraries SET name = @name WHERE id = @id;

-- name: InsertMember :exec
INSERT INTO library_members (library_id, person_id, role, joined_at) VALUES (@library_id, @person_id, @role, @joined_at);

-- name: MemberRole :one
SELECT role FROM library_members WHERE library_id = @library_id AND person_id = @person_id;

-- name: LinkReach :one
-- What a link lets whoever has it do with a document at this moment, and what its
-- maker is in the library. No row where it shows that document no more, or never
-- did: it was revoked or has run out, its maker has left, the document is in the
-- trash or in no collection that the link is of, nor under one.
WITH RECURSIVE above AS (
    SELECT c.id, c.parent_id FROM document_collections dc JOIN collections c ON c.id = dc.collection_id
    WHERE dc.document_id = @document_id::uuid AND c.deleted_at IS NULL
    UNION
    SELECT c.id, c.parent_id FROM above a JOIN collections c ON c.id = a.parent_id WHERE c.deleted_at IS NULL
)
SELECT l.access, m.role
FROM share_links l
JOIN library_members m ON m.library_id = l.library_id AND m.person_id = l.created_by
JOIN documents d ON d.library_id = l.library_id
WHERE l.id = @link_id AND l.revoked_at IS NULL AND (l.expires_at IS NULL OR l.expires_at > @now::timestamptz)
    AND d.id = @document_id::uuid AND d.trashed_at IS NULL
    AND (l.document_id = d.id OR l.collection_id IN (SELECT above.id FROM above));

-- name: SetMemberRole :execrows
UPDATE library_members SET role = @role WHERE library_id = @library_id AND person_id = @person_id;

-- name: DeleteMember :execrows
DELETE FROM library_members WHERE library_id = @library_id AND person_id = @person_id;

-- name: Libraries :many
SELECT l.id, l.name, l.kind, l.version, l.created_at, m.role,
    (SELECT count(*) FROM library_members x WHERE x.library_id = l.id) AS member_count,
    (SELECT count(*) FROM documents d WHERE d.library_id = l.id AND d.trashed_at IS NULL) AS document_count,
    (SELECT coalesce(sum(e.size), 0)::bigint FROM editions e WHERE e.library_id = l.id) AS storage_bytes
FROM library_members m JOIN libraries l ON l.id = m.library_id
WHERE m.person_id = @person_id AND (sqlc.narg('library_id')::uuid IS NULL OR l.id = sqlc.narg('library_id'))
ORDER BY l.kind = 'shared', lower(l.name), l.id;

-- name: LibraryIDs :many
SELECT library_id FROM library_members WHERE person_id = @person_id;

-- name: Members :many
SELECT m.person_id, p.name, p.email::text AS email, m.role, m.joined_at
FROM library_members m JOIN people p ON p.id = m.person_id
WHERE m.library_id = @library_id
ORDER BY array_position(ARRAY['owner', 'admin', 'editor', 'commenter', 'reader'], m.role), lower(p.name), p.id;

-- name: InsertInvitation :exec
INSERT INTO library_invitations (id, library_id, secret_hash, role, email, invited_by, created_at, expires_at)
VALUES (@id, @library_id, @secret_hash, @role, sqlc.narg('email'), @invited_by, @created_at, @expires_at);

-- name: PendingInvitations :many
SELECT i.id, i.role, i.email, i.created_at, i.expires_at, p.name AS invited_by
FROM library_invitations i JOIN people p ON p.id = i.invited_by
WHERE i.library_id = @library_id AND i.accepted_at IS NULL AND i.expires_at > @now::timestamptz
ORDER BY i.created_at DESC;

-- name: DeleteInvitation :execrows
DELETE FROM library_invitations WHERE id = @id AND library_id = @library_id AND accepted_at IS NULL;

-- name: InvitationRole :one
SELECT role FROM library_invitations WHERE id = @id AND library_id = @library_id AND accepted_at IS NULL;

-- name: InvitationBySecret :one
SELECT i.id, i.library_id, i.role, i.email, i.expires_at, i.accepted_at, i.invited_by, l.name AS library_name, p.name AS inviter_name
FROM library_invitations i JOIN libraries l ON l.id = i.library_id JOIN people p ON p.id = i.invited_by
WHERE i.secret_hash = @secret_hash;

-- name: AcceptInvitation :execrows
UPDATE library_invitations SET accepted_by = @person_id, accepted_at = @now
WHERE id = @id AND accepted_at IS NULL AND expires_at > @now;

-- name: AdvanceVersion :one
-- Taken last in a transaction: the library's row stays locked until it ends.
UPDATE libraries SET version = version + @count::bigint WHERE id = @id RETURNING version;

-- name: InsertChanges :exec
INSERT INTO library_changes (library_id, version, kind, object_id, op, audience_id, actor_id, at)
SELECT @library_id, unnest(@versions::bigint[]), unnest(@kinds::text[]), unnest(@object_ids::uuid[]), unnest(@ops::text[]),
    nullif(unnest(@audience_ids::uuid[]), '00000000-0000-0000-0000-000000000000'),
    nullif(unnest(@actor_ids::uuid[]), '00000000-0000-0000-0000-000000000000'), @at;

-- name: Changes :many
SELECT version, kind, object_id, op, actor_id, at FROM library_changes
WHERE library_id = @library_id AND version > @since AND (audience_id IS NULL OR audience_id = @person_id::uuid)
ORDER BY version LIMIT @max_rows;

-- name: LibraryVersion :one
SELECT version FROM libraries WHERE id = @id;

-- name: AddedBefore :many
SELECT object_id FROM library_changes
WHERE library_id = @library_id AND object_id = ANY(@object_ids::uuid[]) AND op = 'added';

-- name: MemberIDs :many
SELECT person_id FROM library_members WHERE library_id = @library_id;
