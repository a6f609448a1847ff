-- name: EventMark :one
-- The mark that an event is about, as it is now.
SELECT a.library_id, a.document_id, a.author_id, a.assignee_id,
    (a.deleted_at IS NOT NULL OR a.private OR d.trashed_at IS NOT NULL)::boolean AS hidden,
    EXISTS (SELECT FROM annotation_replies r WHERE r.id = sqlc.narg('reply_id')::uuid AND r.deleted_at IS NOT NULL)::boolean AS reply_gone
FROM annotations a JOIN documents d ON d.id = a.document_id
WHERE a.id = @annotation_id;

-- name: Repliers :many
SELECT DISTINCT author_id FROM annotation_replies
WHERE annotation_id = @annotation_id AND deleted_at IS NULL AND author_id IS NOT NULL;

-- name: Watchers :many
SELECT person_id FROM watches WHERE document_id = @document_id AND state = 'watching';

-- name: Recipients :many
-- Those of these people who are in the library, with what they have chosen.
-- Their order keeps two transactions from waiting for each other.
SELECT m.person_id, coalesce(s.email, 'at_once')::text AS email, coalesce(w.state = 'muted', false)::boolean AS muted
FROM library_members m
LEFT JOIN notification_settings s ON s.person_id = m.person_id
LEFT JOIN watches w ON w.document_id = @document_id AND w.person_id = m.person_id
WHERE m.library_id = @library_id AND m.person_id = ANY(@people::uuid[])
ORDER BY m.person_id;

-- name: WatchByWriting :exec
-- Who has said before what they want keeps it.
INSERT INTO watches (person_id, document_id, state, at) VALUES (@person_id, @document_id, 'watching', @at)
ON CONFLICT (document_id, person_id) DO NOTHING;

-- name: CountMark :execrows
-- One more mark of somebody who makes several in a row.
UPDATE notifications SET event_id = @event_id, annotation_id = @annotation_id::uuid, at = @at, count = count + 1
WHERE id = (
    SELECT n.id FROM notifications n
    WHERE n.person_id = @person_id AND n.document_id = @document_id::uuid AND n.actor_id = @actor_id::uuid AND n.kind = 'watched' AND n.event = 'mark'
        AND n.read_at IS NULL AND n.mail_id IS NULL AND n.at > @since::timestamptz
    ORDER BY n.at DESC LIMIT 1
) AND NOT EXISTS (SELECT FROM notifications x WHERE x.person_id = @person_id AND x.event_id = @event_id);

-- name: InsertNotification :execrows
INSERT INTO notifications (id, person_id, event_id, kind, event, library_id, document_id, annotation_id, reply_id, actor_id, at, digest)
VALUES (@id, @person_id, @event_id, @kind, @event, @library_id, @document_id::uuid, @annotation_id::uuid, sqlc.narg('reply_id'), @actor_id, @at, @digest)
ON CONFLICT (person_id, event_id) DO NOTHING;

-- name: JoinMatches :one
-- What somebody has not read of a saved search yet, to tell more in.
UPDATE notifications SET at = @at WHERE id = (
    SELECT n.id FROM notifications n
    WHERE n.person_id = @person_id AND n.saved_search_id = @saved_search_id::uuid AND n.read_at IS NULL AND n.mail_id IS NULL
    ORDER BY n.at DESC LIMIT 1
) RETURNING id;

-- name: InsertMatches :exec
INSERT INTO notifications (id, person_id, event_id, kind, event, library_id, saved_search_id, at, digest)
VALUES (@id, @person_id, @id, 'saved', 'matches', @library_id, @saved_search_id::uuid, @at, @digest);

-- name: JoinMail :one
-- The mail that gathers this thread, locked; a new one where there is none.
INSERT INTO mails (id, person_id, kind, annotation_id, state, created_at, due_at)
VALUES (@id, @person_id, 'at_once', @annotation_id::uuid, 'waiting', @created_at, @due_at)
ON CONFLICT (person_id, annotation_id) WHERE kind = 'at_once' AND closed_at IS NULL DO UPDATE SET state = 'waiting'
RETURNING id, (xmax = 0)::boolean AS made;

-- name: SetMail :exec
UPDATE notifications SET mail_id = @mail_id::uuid WHERE id = @id;

-- name: Unread :one
-- At most 100 are counted.
SELECT count(*) FROM (SELECT FROM inbox_entries WHERE person_id = @person_id AND read_at IS NULL LIMIT 100) u;

-- name: Inbox :many
SELECT * FROM inbox_entries
WHERE person_id = @person_id
    AND (sqlc.narg('unread')::boolean IS NULL OR (read_at IS NULL) = sqlc.narg('unread'))
    AND (at, id) < (@before_at::timestamptz, @before_id::uuid)
ORDER BY at DESC, id DESC LIMIT @max_rows;

-- name: MarkRead :exec
UPDATE notifications SET read_at = @now::timestamptz WHERE person_id = @person_id AND id = ANY(@ids::uuid[]) AND read_at IS NULL;

-- name: MarkAllRead :exec
UPDATE notifications SET read_at = @now::timestamptz WHERE person_id = @person_id AND read_at IS NULL;

-- name: LockOpenMails :many
-- Those of a person that something can still join.
SELECT id FROM mails WHERE person_id = @person_id AND kind = 'at_once' AND closed_at IS NULL ORDER BY id FOR UPDATE;

-- name: DeleteReadMails :exec
-- Everything in them was read meanwhile.
DELETE FROM mails m WHERE m.id = ANY(@ids::uuid[])
    AND NOT EXISTS (SELECT FROM notifications n WHERE n.mail_id = m.id AND n.read_at IS NULL);

-- name: EmailSetting :one
SELECT email FROM notification_settings WHERE person_id = @person_id;

-- name: PutEmailSetting :exec
INSERT INTO notification_settings (person_id, email, updated_at) VALUES (@person_id, @email, @updated_at)
ON CONFLICT (person_id) DO UPDATE SET email = excluded.email, updated_at = excluded.updated_at;

-- name: DocumentLibrary :one
SELECT library_id FROM documents WHERE id = @id;

-- name: Watch :one
SELECT state FROM watches WHERE document_id = @document_id AND person_id = @person_id;

-- name: PutWatch :exec
INSERT INTO watches (person_id, document_id, state, at) VALUES (@person_id, @document_id, @state, @at)
ON CONFLICT (document_id, person_id) DO UPDATE SET state = excluded.state, at = excluded.at;

-- name: DeleteWatch :exec
DELETE FROM watches WHERE document_id = @document_id AND person_id = @person_id;

-- name: LockMail :one
SELECT m.*, p.email::text AS person_email, p.name AS person_name, coalesce(s.email, 'at_once')::text AS setting
FROM mails m JOIN people p ON p.id = m.person_id LEFT JOIN notification_settings s ON s.person_id = m.person_id
WHERE m.id = @id FOR UPDATE OF m;

-- name: MailItems :many
-- What a mail tells, as its reader may see it now.
SELECT * FROM inbox_entries WHERE mail_id = @mail_id::uuid AND read_at IS NULL
ORDER BY document_title, document_id, at, id LIMIT @max_rows;

-- name: WriteMail :exec
UPDATE mails SET closed_at = coalesce(closed_at, @now::timestamptz), address = @address, subject = @subject, text = @text, attempts = attempts + 1
WHERE id = @id;

-- name: KeepMail :exec
UPDATE mails SET closed_at = coalesce(closed_at, @now::timestamptz), address = @address, subject = @subject, text = @text,
    state = 'kept', ended_at = @now::timestamptz
WHERE id = @id;

-- name: SetMailError :exec
UPDATE mails SET last_error = @last_error, due_at = @due_at WHERE id = @id AND state = 'waiting';

-- name: EndMail :exec
-- What was sent is in its reader's mailbox, and need not be here.
UPDATE mails SET state = @state, ended_at = @now::timestamptz, last_error = @last_error,
    text = CASE WHEN @state = 'sent' THEN '' ELSE text END
WHERE id = @id AND state = 'waiting';

-- name: DropMail :exec
WITH told AS (UPDATE notifications SET digest = false WHERE mail_id = @id::uuid)
DELETE FROM mails WHERE id = @id::uuid;

-- name: RetryMail :execrows
UPDATE mails SET state = 'waiting', ended_at = NULL, attempts = 0, due_at = @now WHERE id = @id AND state IN ('kept', 'failed');

-- name: Outbox :many
-- The operator reads a mail that was not sent only while its reader might.
SELECT m.id, m.kind, m.state, m.address, m.subject, (CASE
        WHEN EXISTS (SELECT FROM notifications n WHERE n.mail_id = m.id)
            AND NOT EXISTS (SELECT FROM notifications n WHERE n.mail_id = m.id AND NOT EXISTS (SELECT FROM inbox_entries v WHERE v.id = n.id))
        THEN m.text ELSE '' END)::text AS text, m.attempts, m.last_error, m.created_at, m.due_at, m.ended_at,
    p.name AS person_name, p.email::text AS person_email
FROM mails m JOIN people p ON p.id = m.person_id
WHERE (sqlc.narg('state')::text IS NULL OR m.state = sqlc.narg('state'))
    AND (m.created_at, m.id) < (@before_at::timestamptz, @before_id::uuid)
ORDER BY m.created_at DESC, m.id DESC LIMIT @max_rows;

-- name: DueForDigest :many
SELECT DISTINCT n.person_id FROM notifications n
LEFT JOIN notification_settings s ON s.person_id = n.person_id
WHERE n.digest AND n.mail_id IS NULL AND n.read_at IS NULL AND n.at < @until::timestamptz AND coalesce(s.email, 'at_once') <> 'off'
    AND NOT EXISTS (SELECT FROM mails m WHERE m.person_id = n.person_id AND m.kind = 'digest' AND m.day = to_date(@day::text, 'YYYY-MM-DD'))
LIMIT @max_rows;

-- name: InsertDigest :execrows
INSERT INTO mails (id, person_id, kind, day, state, closed_at, created_at, due_at)
VALUES (@id, @person_id, 'digest', to_date(@day::text, 'YYYY-MM-DD'), 'waiting', @now::timestamptz, @now::timestamptz, @now::timestamptz)
ON CONFLICT (person_id, day) WHERE kind = 'digest' DO NOTHING;

-- name: FillDigest :exec
UPDATE notifications SET mail_id = @mail_id::uuid
WHERE person_id = @person_id AND digest AND mail_id IS NULL AND read_at IS NULL AND at < @until::timestamptz;

-- name: SweepMails :exec
DELETE FROM mails WHERE (state = 'sent' AND ended_at < @sent_before::timestamptz) OR (state IN ('kept', 'failed') AND ended_at < @kept_before::timestamptz);

-- name: SweepNotifications :exec
DELETE FROM notifications WHERE at < @before::timestamptz;

-- name: PutUnsubscribeKey :exec
INSERT INTO unsubscribe_keys (only_row, key) VALUES (true, @key) ON CONFLICT (only_row) DO NOTHING;

-- name: UnsubscribeKey :one
SELECT key FROM unsubscribe_keys;

-- name: PersonExists :one
SELECT EXISTS (SELECT FROM people WHERE id = @id);

-- name: Activity :many
-- A stretch of the change log, backwards, and of it what people did that this
-- one may see. So many rows are looked at and no more; a page may be short.
WITH objects AS (
    -- The document itself, and the marks on it that were last touched.
    SELECT sqlc.narg('document_id')::uuid AS id WHERE sqlc.narg('document_id')::uuid IS NOT NULL
    UNION ALL
    (SELECT m.id FROM annotations m WHERE m.document_id = sqlc.narg('document_id')::uuid ORDER BY m.updated_at DESC LIMIT 500)
), stretch AS (
    (SELECT * FROM library_changes c
    WHERE sqlc.narg('document_id')::uuid IS NULL AND c.library_id = @library_id AND c.version < @before
    ORDER BY c.version DESC LIMIT @max_rows)
    UNION ALL
    (SELECT c.* FROM objects b CROSS JOIN LATERAL (
        SELECT * FROM library_changes e
        WHERE e.library_id = @library_id AND e.object_id = b.id AND e.version < @before ORDER BY e.version DESC LIMIT @max_rows
    ) c
    ORDER BY c.version DESC LIMIT @max_rows)
)
SELECT c.version, c.kind, c.object_id, c.op, c.at, c.actor_id, p.name AS actor_name,
    d.id AS document_id, d.title AS document_title, a.id AS annotation_id,
    coalesce(h.what, '')::text AS what, coalesce(r.body, a.body, '')::text AS body, (r.id IS NOT NULL)::boolean AS reply,
    coalesce(x.exact, '')::text AS quote, coalesce(o.name, '')::text AS object_name,
    (SELECT count(*) FROM stretch)::bigint AS looked_at, (SELECT min(s.version) FROM stretch s)::bigint AS lowest,
    (p.id IS NOT NULL AND (
        (c.kind = 'document' AND c.op IN ('added', 'changed', 'trashed', 'restored', 'removed', 'joined'))
        OR (c.kind IN ('member', 'library'))
        OR (c.kind = 'annotation' AND a.id IS NOT NULL AND (NOT a.private OR a.author_id = @person_id::uuid)
            AND (a.deleted_at IS NULL OR c.op IN ('removed', 'restored')))
    ) AND (c.audience_id IS NULL OR c.audience_id = @person_id::uuid))::boolean AS shown
FROM stretch c
LEFT JOIN people p ON p.id = c.actor_id
LEFT JOIN annotations a ON c.kind = 'annotation' AND a.id = c.object_id
LEFT JOIN documents d ON d.id = CASE c.kind WHEN 'document' THEN c.object_id WHEN 'annotation' THEN a.document_id END
LEFT JOIN people o ON c.kind = 'member' AND o.id = c.object_id
LEFT JOIN LATERAL (
    SELECT y.what, y.reply_id FROM annotation_history y
    WHERE y.annotation_id = a.id AND y.person_id = c.actor_id AND (NOT y.private OR y.person_id = @person_id::uuid)
        AND y.at <= c.at AND y.at > c.at - interval '10 seconds'
    ORDER BY y.id DESC LIMIT 1
) h ON true
LEFT JOIN annotation_replies r ON r.id = h.reply_id AND r.deleted_at IS NULL AND a.deleted_at IS NULL
LEFT JOIN annotation_anchors x ON x.annotation_id = a.id AND x.edition_id = a.edition_id AND a.deleted_at IS NULL AND a.kind IN ('highlight', 'underline')
ORDER BY c.version DESC;

-- name: MoveNotifications :exec
-- News of marks follows them, who have moved already.
UPDATE notifications n SET document_id = a.document_id
FROM annotations a WHERE a.id = n.annotation_id AND a.document_id = @document_id AND n.document_id <> @document_id;

-- name: CopyWatches :exec
INSERT INTO watches (person_id, document_id, state, at)
SELECT w.person_id, @to_id, w.state, w.at FROM watches w WHERE w.document_id = @from_id
ON CONFLICT (document_id, person_id) DO NOTHING;

-- name: RelocateNotifications :exec
UPDATE notifications SET library_id = @library_id WHERE document_id = ANY(@document_ids::uuid[]);

-- name: CopyWatchesOfMembers :exec
INSERT INTO watches (person_id, document_id, state, at)
SELECT w.person_id, @to_id, w.state, w.at FROM watches w JOIN library_members m ON m.library_id = @library_id AND m.person_id = w.person_id
WHERE w.document_id = @from_id
ON CONFLICT (document_id, person_id) DO NOTHING;
