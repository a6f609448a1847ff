-- +goose Up
-- Mails to people. A waiting one has no text yet: it is written when it is due,
-- from what its reader may see then. What was sent keeps no text.
CREATE TABLE mails (
    id            uuid PRIMARY KEY,
    person_id     uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    kind          text        NOT NULL CHECK (kind IN ('at_once', 'digest')),
    annotation_id uuid        REFERENCES annotations ON DELETE CASCADE, -- the thread of one that goes at once
    day           date, -- of a digest
    -- kept: there is no mail server to send it through.
    state         text        NOT NULL CHECK (state IN ('waiting', 'sent', 'kept', 'failed')),
    -- When it was first written; nothing joins it any more.
    closed_at     timestamptz,
    address       text        NOT NULL DEFAULT '',
    subject       text        NOT NULL DEFAULT '',
    text          text        NOT NULL DEFAULT '',
    attempts      int         NOT NULL DEFAULT 0,
    last_error    text        NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL,
    due_at        timestamptz NOT NULL,
    ended_at      timestamptz, -- sent, kept or failed
    CHECK ((kind = 'at_once') = (annotation_id IS NOT NULL)),
    CHECK ((kind = 'digest') = (day IS NOT NULL)),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
-- One mail gathers what happens in one thread.
CREATE UNIQUE INDEX mails_thread ON mails (person_id, annotation_id) WHERE kind = 'at_once' AND closed_at IS NULL;
-- One digest per person and day, whoever makes it.
CREATE UNIQUE INDEX mails_day ON mails (person_id, day) WHERE kind = 'digest';
CREATE INDEX mails_mark ON mails (annotation_id);
CREATE INDEX mails_outbox ON mails (created_at DESC, id DESC);
CREATE INDEX mails_ended ON mails (ended_at) WHERE ended_at IS NOT NULL;

-- What concerns somebody: one row per person and event. Nothing of what was said
-- is kept here. It is read from the mark each time, by who may still see it.
CREATE TABLE notifications (
    id            uuid PRIMARY KEY,
    person_id     uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    event_id      uuid        NOT NULL, -- the newest, where marks are counted in one row
    kind          text        NOT NULL CHECK (kind IN ('mention', 'reply', 'assigned', 'watched')),
    event         text        NOT NULL CHECK (event IN ('mark', 'reply', 'mention', 'assigned', 'resolved', 'reopened')),
    library_id    uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    document_id   uuid        NOT NULL REFERENCES documents ON DELETE CASCADE,
    annotation_id uuid        NOT NULL REFERENCES annotations ON DELETE CASCADE,
    reply_id      uuid        REFERENCES annotation_replies ON DELETE CASCADE,
    actor_id      uuid        REFERENCES people ON DELETE SET NULL,
    -- How many marks, where somebody made several in a row.
    count         int         NOT NULL DEFAULT 1 CHECK (count >= 1),
    at            timestamptz NOT NULL,
    read_at       timestamptz,
    mail_id       uuid        REFERENCES mails ON DELETE SET NULL,
    digest        boolean     NOT NULL DEFAULT false, -- waits for the daily mail
    UNIQUE (person_id, event_id)
);
CREATE INDEX notifications_inbox ON notifications (person_id, at DESC, id DESC);
CREATE INDEX notifications_unread ON notifications (person_id, at DESC, id DESC) WHERE read_at IS NULL;
CREATE INDEX notifications_digest ON notifications (at) WHERE digest AND mail_id IS NULL AND read_at IS NULL;
CREATE INDEX notifications_mail ON notifications (mail_id);
CREATE INDEX notifications_mark ON notifications (annotation_id);
CREATE INDEX notifications_document ON notifications (document_id);
CREATE INDEX notifications_age ON notifications (at);

-- The one place that says what of it may be seen: by members alone, outside the
-- trash, and nothing that was deleted, made private, taken out of the text or
-- given to somebody else meanwhile.
CREATE VIEW notifications_visible AS
SELECT n.id, n.person_id, n.kind, n.event, n.library_id, n.document_id, n.annotation_id, n.reply_id, n.actor_id, n.count,
    n.at, n.read_at, n.mail_id, n.digest, d.title AS document_title, coalesce(p.name, '') AS actor_name,
    coalesce(r.body, a.body) AS body,
    coalesce((SELECT x.exact FROM annotation_anchors x
        WHERE x.edition_id = a.edition_id AND x.annotation_id = a.id AND a.kind IN ('highlight', 'underline')), '')::text AS quote
FROM notifications n
JOIN library_members m ON m.library_id = n.library_id AND m.person_id = n.person_id
JOIN documents d ON d.id = n.document_id AND d.trashed_at IS NULL
JOIN annotations a ON a.id = n.annotation_id AND a.deleted_at IS NULL AND (NOT a.private OR a.author_id = n.person_id)
LEFT JOIN annotation_replies r ON r.id = n.reply_id
LEFT JOIN people p ON p.id = n.actor_id
WHERE r.deleted_at IS NULL
    AND (n.kind <> 'assigned' OR a.assignee_id = n.person_id)
    AND (n.kind <> 'mention' OR EXISTS (SELECT FROM annotation_mentions t
        WHERE t.annotation_id = n.annotation_id AND t.reply_id IS NOT DISTINCT FROM n.reply_id AND t.person_id = n.person_id));

-- Who follows a document: because they asked to, or because they wrote on it.
CREATE TABLE watches (
    person_id   uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    document_id uuid        NOT NULL REFERENCES documents ON DELETE CASCADE,
    state       text        NOT NULL CHECK (state IN ('watching', 'muted')),
    at          timestamptz NOT NULL,
    PRIMARY KEY (document_id, person_id)
);
CREATE INDEX watches_person ON watches (person_id);

-- No row: at once.
CREATE TABLE notification_settings (
    person_id  uuid PRIMARY KEY REFERENCES people ON DELETE CASCADE,
    email      text        NOT NULL CHECK (email IN ('at_once', 'daily', 'off')),
    updated_at timestamptz NOT NULL
);

-- At most one row: the key that signs the links which end all mail to somebody.
CREATE TABLE unsubscribe_keys (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    key      bytea NOT NULL
);

-- What happened to one document, newest first.
CREATE INDEX library_changes_object ON library_changes (library_id, object_id, version DESC);

-- +goose Down
DROP INDEX library_changes_object;
DROP VIEW notifications_visible;
DROP TABLE unsubscribe_keys, notification_settings, watches, notifications, mails;
