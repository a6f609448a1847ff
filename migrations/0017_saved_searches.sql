-- +goose Up
-- Queries that people keep under a name, for themselves or for all members. One
-- that was deleted stays until it is cleared away, so that it can be restored.
CREATE TABLE saved_searches (
    id         uuid PRIMARY KEY,
    library_id uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    owner_id   uuid        REFERENCES people ON DELETE SET NULL, -- who made it
    name       text        NOT NULL CHECK (name <> ''),
    query      text        NOT NULL CHECK (query <> ''),
    shared     boolean     NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);
-- Also what they are listed by.
CREATE UNIQUE INDEX saved_searches_own ON saved_searches (library_id, owner_id, lower(name)) WHERE NOT shared AND deleted_at IS NULL;
CREATE UNIQUE INDEX saved_searches_shared ON saved_searches (library_id, lower(name)) WHERE shared AND deleted_at IS NULL;
CREATE INDEX saved_searches_owner ON saved_searches (owner_id);

-- Who wants to be told of what is new in one, and how far that was looked for.
CREATE TABLE saved_search_notices (
    saved_search_id uuid        NOT NULL REFERENCES saved_searches ON DELETE CASCADE,
    person_id       uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    library_id      uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    active          boolean     NOT NULL,
    -- The library's version up to which this was looked at.
    version         bigint      NOT NULL,
    -- Whether what was there at that version is in saved_search_matches: it is not new.
    counted         boolean     NOT NULL,
    at              timestamptz NOT NULL,
    PRIMARY KEY (saved_search_id, person_id)
);
CREATE INDEX saved_search_notices_active ON saved_search_notices (library_id, version) WHERE active;
CREATE INDEX saved_search_notices_person ON saved_search_notices (person_id);

-- What concerns somebody may be a search of theirs and no mark.
ALTER TABLE notifications
    ALTER COLUMN document_id DROP NOT NULL,
    ALTER COLUMN annotation_id DROP NOT NULL,
    ADD COLUMN saved_search_id uuid REFERENCES saved_searches ON DELETE CASCADE,
    DROP CONSTRAINT notifications_kind_check,
    DROP CONSTRAINT notifications_event_check,
    ADD CONSTRAINT notifications_kind_check CHECK (kind IN ('mention', 'reply', 'assigned', 'watched', 'saved')),
    ADD CONSTRAINT notifications_event_check CHECK (event IN ('mark', 'reply', 'mention', 'assigned', 'resolved', 'reopened', 'matches')),
    ADD CONSTRAINT notifications_about CHECK (CASE WHEN kind = 'saved' THEN saved_search_id IS NOT NULL
        ELSE document_id IS NOT NULL AND annotation_id IS NOT NULL END);
CREATE INDEX notifications_saved_search ON notifications (saved_search_id) WHERE saved_search_id IS NOT NULL;

-- What somebody was told of, or need not be: each document and mark once.
CREATE TABLE saved_search_matches (
    saved_search_id uuid        NOT NULL,
    person_id       uuid        NOT NULL,
    object_id       uuid        NOT NULL, -- the mark, or the document
    document_id     uuid        NOT NULL REFERENCES documents ON DELETE CASCADE,
    annotation_id   uuid        REFERENCES annotations ON DELETE CASCADE,
    -- The notification that tells of it; null for what is not news.
    notification_id uuid        REFERENCES notifications ON DELETE SET NULL,
    at              timestamptz NOT NULL,
    PRIMARY KEY (saved_search_id, person_id, object_id),
    FOREIGN KEY (saved_search_id, person_id) REFERENCES saved_search_notices ON DELETE CASCADE
);
CREATE INDEX saved_search_matches_document ON saved_search_matches (document_id);
CREATE INDEX saved_search_matches_annotation ON saved_search_matches (annotation_id) WHERE annotation_id IS NOT NULL;
CREATE INDEX saved_search_matches_notification ON saved_search_matches (notification_id) WHERE notification_id IS NOT NULL;

-- All that an inbox may show: what notifications_visible lets through, which is of
-- marks alone, and news of saved searches that their reader may still see, counted
-- by the documents that they may still see.
CREATE VIEW inbox_entries AS
SELECT v.id, v.person_id, v.kind, v.event, v.library_id, v.document_id, v.annotation_id, v.reply_id, v.actor_id, v.count,
    v.at, v.read_at, v.mail_id, v.digest, v.document_title, v.actor_name, v.body, v.quote, NULL::uuid AS saved_search_id, ''::text AS saved_search_name
FROM notifications_visible v
UNION ALL
SELECT n.id, n.person_id, n.kind, n.event, n.library_id, f.document_id, '00000000-0000-0000-0000-000000000000', NULL, NULL, f.count::int,
    n.at, n.read_at, n.mail_id, n.digest, d.title, '', '', '', s.id, s.name
FROM notifications n
JOIN library_members m ON m.library_id = n.library_id AND m.person_id = n.person_id
JOIN saved_searches s ON s.id = n.saved_search_id AND s.deleted_at IS NULL AND (s.shared OR s.owner_id = n.person_id)
JOIN LATERAL (
    SELECT count(DISTINCT o.id) AS count, (array_agg(o.id ORDER BY x.at DESC, x.object_id))[1] AS document_id
    FROM saved_search_matches x
    LEFT JOIN annotations a ON a.id = x.annotation_id
    JOIN documents o ON o.id = coalesce(a.document_id, x.document_id) AND o.trashed_at IS NULL
    WHERE x.notification_id = n.id
        AND (x.annotation_id IS NULL OR (a.deleted_at IS NULL AND (NOT a.private OR a.author_id = n.person_id)))
) f ON f.count > 0
JOIN documents d ON d.id = f.document_id
WHERE n.kind = 'saved';

-- A work is known by its title where no DOI is printed: its letters and digits
-- alone, folded as search_terms does it.
CREATE FUNCTION title_key(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
RETURN left(replace(search_terms($1), ' ', ''), 200);
-- The year of a CSL item; null where it has none.
CREATE FUNCTION issued_year(jsonb) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
RETURN CASE WHEN $1 #>> '{issued,date-parts,0,0}' ~ '^[0-9]{1,4}$' THEN ($1 #>> '{issued,date-parts,0,0}')::int END;
CREATE INDEX documents_title_key ON documents (library_id, title_key(title));
-- Looked up by equality alone; a hash is a tenth of the keys.
CREATE INDEX edition_references_doi ON edition_references USING hash (lower(csl->>'DOI')) WHERE csl ? 'DOI';
CREATE INDEX edition_references_title ON edition_references USING hash (title_key(csl->>'title')) WHERE csl ? 'title';

-- What a paper is about stands on its first pages.
CREATE INDEX edition_pages_front ON edition_pages USING gin (library_id, tsv) WITH (fastupdate = off) WHERE number <= 2;

-- +goose Down
DROP INDEX edition_pages_front, edition_references_title, edition_references_doi, documents_title_key;
DROP FUNCTION issued_year, title_key;
DROP VIEW inbox_entries;
DROP TABLE saved_search_matches;
DELETE FROM notifications WHERE kind = 'saved';
ALTER TABLE notifications
    DROP CONSTRAINT notifications_about,
    DROP CONSTRAINT notifications_kind_check,
    DROP CONSTRAINT notifications_event_check,
    ADD CONSTRAINT notifications_kind_check CHECK (kind IN ('mention', 'reply', 'assigned', 'watched')),
    ADD CONSTRAINT notifications_event_check CHECK (event IN ('mark', 'reply', 'mention', 'assigned', 'resolved', 'reopened')),
    DROP COLUMN saved_search_id,
    ALTER COLUMN annotation_id SET NOT NULL,
    ALTER COLUMN document_id SET NOT NULL;
DROP TABLE saved_search_notices, saved_searches;
