-- A note is a mark on the whole document: it has no place and no edition, and is
-- there for works without a file too.

-- +goose Up
ALTER TABLE annotations
    ALTER COLUMN edition_id DROP NOT NULL,
    -- The documents that a note came from by merges, the earliest first. A mark on
    -- a file goes with its file, and a note goes back by this.
    ADD COLUMN merged_from uuid[] NOT NULL DEFAULT '{}',
    DROP CONSTRAINT annotations_kind_check,
    ADD CONSTRAINT annotations_kind_check CHECK (kind IN ('highlight', 'underline', 'area', 'note', 'text', 'ink', 'document')),
    ADD CONSTRAINT annotations_edition_check CHECK ((kind = 'document') = (edition_id IS NULL));
-- An import brings a note once to a document, and a mark once to a file.
DROP INDEX annotations_origin;
CREATE UNIQUE INDEX annotations_origin ON annotations (edition_id, origin_key, imported_for) NULLS NOT DISTINCT
    WHERE origin_key IS NOT NULL AND edition_id IS NOT NULL;
CREATE UNIQUE INDEX annotations_note_origin ON annotations (document_id, origin_key, imported_for) NULLS NOT DISTINCT
    WHERE origin_key IS NOT NULL AND edition_id IS NULL;


-- Documents that somebody copies or moves to another library: a job, with a row for
-- each document, so that one that is cut off goes on and all can be taken back.
CREATE TABLE relocations (
    id              uuid PRIMARY KEY,
    person_id       uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    from_library_id uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    to_library_id   uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    kind            text        NOT NULL CHECK (kind IN ('copy', 'move')),
    with_marks      boolean     NOT NULL, -- of a copy; a move leaves nothing behind
    with_tags       boolean     NOT NULL, -- tags and collections, by their names
    collection_id   uuid        REFERENCES collections ON DELETE SET NULL,
    state           text        NOT NULL CHECK (state IN ('running', 'done', 'undoing', 'undone')),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CHECK (from_library_id <> to_library_id)
);
CREATE INDEX relocations_person ON relocations (person_id, created_at DESC);
CREATE INDEX relocations_from ON relocations (from_library_id);
CREATE INDEX relocations_to ON relocations (to_library_id);
CREATE INDEX relocations_collection ON relocations (collection_id);
CREATE INDEX relocations_age ON relocations (updated_at);

CREATE TABLE relocated_documents (
    relocation_id uuid  NOT NULL REFERENCES relocations ON DELETE CASCADE,
    position      int   NOT NULL,
    document_id   uuid  NOT NULL,
    target_id     uuid  NOT NULL, -- the copy; of a move the document itself
    -- present: the target has one of its files already, in present_id.
    state         text  NOT NULL CHECK (state IN ('waiting', 'done', 'present', 'failed', 'undone')),
    present_id    uuid,
    problem       text  NOT NULL DEFAULT '', -- a sentence
    kept          jsonb NOT NULL DEFAULT '{}', -- what it had in the library that it left
    PRIMARY KEY (relocation_id, position)
);
CREATE INDEX relocated_documents_document ON relocated_documents (document_id);

-- +goose Down
DROP TABLE relocated_documents, relocations;
DELETE FROM annotations WHERE kind = 'document';
DROP INDEX annotations_note_origin, annotations_origin;
CREATE UNIQUE INDEX annotations_origin ON annotations (edition_id, origin_key, imported_for) NULLS NOT DISTINCT WHERE origin_key IS NOT NULL;
ALTER TABLE annotations
    DROP CONSTRAINT annotations_edition_check,
    DROP CONSTRAINT annotations_kind_check,
    ADD CONSTRAINT annotations_kind_check CHECK (kind IN ('highlight', 'underline', 'area', 'note', 'text', 'ink')),
    DROP COLUMN merged_from,
    ALTER COLUMN edition_id SET NOT NULL;
