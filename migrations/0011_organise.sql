-- +goose Up
-- Words that people put on documents, each with a colour. One that was deleted
-- keeps its documents until it is cleared away, so that it can be restored.
CREATE TABLE tags (
    id         uuid PRIMARY KEY,
    library_id uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    name       text        NOT NULL CHECK (name <> ''),
    color      text        NOT NULL CHECK (color IN ('grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink')),
    created_by uuid        REFERENCES people ON DELETE SET NULL,
    created_at timestamptz NOT NULL,
    deleted_at timestamptz
);
-- Also what a library's tags are listed by.
CREATE UNIQUE INDEX tags_name ON tags (library_id, lower(name)) WHERE deleted_at IS NULL;

CREATE TABLE document_tags (
    tag_id      uuid NOT NULL REFERENCES tags ON DELETE CASCADE,
    document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    -- The document that it came from by a merge, and leaves with when that is undone.
    merged_from uuid,
    PRIMARY KEY (tag_id, document_id)
);
CREATE INDEX document_tags_document ON document_tags (document_id);

-- A tree of folders, of which a document may be in several. Deleting one deletes
-- what is under it: deleted_with names the one that was deleted, and restoring
-- that one brings back what has its id there.
CREATE TABLE collections (
    id           uuid PRIMARY KEY,
    library_id   uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    parent_id    uuid        REFERENCES collections ON DELETE SET NULL,
    name         text        NOT NULL CHECK (name <> ''),
    position     int         NOT NULL,
    created_by   uuid        REFERENCES people ON DELETE SET NULL,
    created_at   timestamptz NOT NULL,
    deleted_at   timestamptz,
    deleted_with uuid,
    CHECK ((deleted_at IS NULL) = (deleted_with IS NULL))
);
-- Also what a library's collections are listed by.
CREATE UNIQUE INDEX collections_name ON collections (library_id, parent_id, lower(name)) NULLS NOT DISTINCT WHERE deleted_at IS NULL;
CREATE INDEX collections_parent ON collections (parent_id);

CREATE TABLE document_collections (
    collection_id uuid NOT NULL REFERENCES collections ON DELETE CASCADE,
    document_id   uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    merged_from   uuid, -- as in document_tags
    PRIMARY KEY (collection_id, document_id)
);
CREATE INDEX document_collections_document ON document_collections (document_id);

-- +goose Down
DROP TABLE document_collections, collections, document_tags, tags;
