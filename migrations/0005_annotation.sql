-- +goose Up
-- Marks on documents. The id is the client's, so that a request that is sent
-- twice makes one mark.
CREATE TABLE annotations (
    id               uuid PRIMARY KEY,
    library_id       uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    document_id      uuid        NOT NULL REFERENCES documents ON DELETE CASCADE,
    edition_id       uuid        NOT NULL REFERENCES editions ON DELETE CASCADE, -- the one that it was made on
    author_id        uuid        REFERENCES people ON DELETE SET NULL, -- null: a file's mark, or the account is gone
    author_name      text        NOT NULL,
    kind             text        NOT NULL CHECK (kind IN ('highlight', 'underline', 'area', 'note', 'text', 'ink')),
    meaning          text        NOT NULL CHECK (meaning IN ('key', 'method', 'question', 'disagree', 'quote')),
    private          boolean     NOT NULL,
    body             text        NOT NULL,
    revision         int         NOT NULL DEFAULT 1, -- counts the author's edits
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    edited_at        timestamptz,
    resolved_at      timestamptz,
    resolved_by      uuid        REFERENCES people ON DELETE SET NULL,
    resolved_by_name text        NOT NULL DEFAULT '',
    assignee_id      uuid        REFERENCES people ON DELETE SET NULL,
    origin           text        NOT NULL DEFAULT 'person' CHECK (origin IN ('person', 'file', 'import')),
    origin_key       text, -- what it was called where it came from
    imported_for     uuid, -- whose a private mark was when it was imported
    deleted_at       timestamptz,
    deleted_by       uuid        REFERENCES people ON DELETE SET NULL,
    CHECK ((origin = 'person') = (origin_key IS NULL))
);
CREATE INDEX annotations_document ON annotations (document_id);
CREATE INDEX annotations_author ON annotations (library_id, author_id);
CREATE INDEX annotations_deleted ON annotations (deleted_at) WHERE deleted_at IS NOT NULL;
-- The same mark comes in once, however often its file is read; two people may
-- each have their own private copy of it.
CREATE UNIQUE INDEX annotations_origin ON annotations (edition_id, origin_key, imported_for) NULLS NOT DISTINCT WHERE origin_key IS NOT NULL;

-- Where a mark stands in one edition.
CREATE TABLE annotation_anchors (
    library_id    uuid    NOT NULL,
    annotation_id uuid    NOT NULL REFERENCES annotations ON DELETE CASCADE,
    edition_id    uuid    NOT NULL REFERENCES editions ON DELETE CASCADE,
    status        text    NOT NULL CHECK (status IN ('exact', 'fuzzy', 'orphan')),
    score         real    NOT NULL CHECK (score BETWEEN 0 AND 1),
    confirmed     boolean NOT NULL DEFAULT false,
    exact         text    NOT NULL,
    prefix        text    NOT NULL,
    suffix        text    NOT NULL,
    -- The attempt at the edition, and the version of its text, that this was made
    -- from; attempt 0: before the edition was read.
    attempt       int     NOT NULL,
    text_version  text    NOT NULL,
    -- A part for each page, see annotation.Part. One value and not a table: marks
    -- are read by the thousand, and a part is never looked for by itself.
    parts         json    NOT NULL,
    -- For marks on no text: the words nearest to it, see annotation.near.
    near          json,
    -- The order of a list: page, place in its text, then down and across the page.
    page          int     NOT NULL,
    position      int     NOT NULL,
    y             real    NOT NULL,
    x             real    NOT NULL,
    PRIMARY KEY (edition_id, annotation_id)
);
CREATE INDEX annotation_anchors_mark ON annotation_anchors (annotation_id);

CREATE TABLE annotation_replies (
    id            uuid PRIMARY KEY,
    library_id    uuid        NOT NULL,
    annotation_id uuid        NOT NULL REFERENCES annotations ON DELETE CASCADE,
    author_id     uuid        REFERENCES people ON DELETE SET NULL,
    author_name   text        NOT NULL,
    body          text        NOT NULL,
    revision      int         NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    edited_at     timestamptz,
    deleted_at    timestamptz,
    deleted_by    uuid        REFERENCES people ON DELETE SET NULL
);
CREATE INDEX annotation_replies_thread ON annotation_replies (annotation_id, created_at, id);
CREATE INDEX annotation_replies_deleted ON annotation_replies (deleted_at) WHERE deleted_at IS NOT NULL;

-- Reactions to a mark, and to a reply where there is one.
CREATE TABLE annotation_reactions (
    library_id    uuid        NOT NULL,
    annotation_id uuid        NOT NULL REFERENCES annotations ON DELETE CASCADE,
    reply_id      uuid        REFERENCES annotation_replies ON DELETE CASCADE,
    person_id     uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    emoji         text        NOT NULL,
    at            timestamptz NOT NULL
);
CREATE UNIQUE INDEX annotation_reactions_once ON annotation_reactions (annotation_id, reply_id, person_id, emoji) NULLS NOT DISTINCT;

-- Who is mentioned in a mark's body, or in a reply's.
CREATE TABLE annotation_mentions (
    library_id    uuid NOT NULL,
    annotation_id uuid NOT NULL REFERENCES annotations ON DELETE CASCADE,
    reply_id      uuid REFERENCES annotation_replies ON DELETE CASCADE,
    person_id     uuid NOT NULL REFERENCES people ON DELETE CASCADE
);
CREATE UNIQUE INDEX annotation_mentions_once ON annotation_mentions (annotation_id, reply_id, person_id) NULLS NOT DISTINCT;
CREATE INDEX annotation_mentions_person ON annotation_mentions (library_id, person_id);

CREATE TABLE annotation_history (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library_id    uuid        NOT NULL,
    annotation_id uuid        NOT NULL REFERENCES annotations ON DELETE CASCADE,
    reply_id      uuid        REFERENCES annotation_replies ON DELETE CASCADE,
    at            timestamptz NOT NULL,
    person_id     uuid        REFERENCES people ON DELETE SET NULL,
    person_name   text        NOT NULL,
    what          text        NOT NULL,
    before        text,
    after         text,
    -- Whether the mark was its author's alone then: what was said before a mark
    -- was shared stays so.
    private       boolean     NOT NULL
);
CREATE INDEX annotation_history_mark ON annotation_history (annotation_id, id);

-- Changes that were made, by the name that the client gave each.
CREATE TABLE annotation_operations (
    person_id uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    id        uuid        NOT NULL,
    what      text        NOT NULL,
    object_id uuid        NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (person_id, id)
);
CREATE INDEX annotation_operations_age ON annotation_operations (at);

CREATE TABLE annotation_settings (
    library_id      uuid PRIMARY KEY REFERENCES libraries ON DELETE CASCADE,
    default_private boolean NOT NULL,
    meanings        jsonb   NOT NULL -- the library's own names, by meaning
);

-- +goose Down
DROP TABLE annotation_settings, annotation_operations, annotation_history, annotation_mentions, annotation_reactions,
    annotation_replies, annotation_anchors, annotations;
