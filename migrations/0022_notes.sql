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

-- +goose Down
DELETE FROM annotations WHERE kind = 'document';
DROP INDEX annotations_note_origin, annotations_origin;
CREATE UNIQUE INDEX annotations_origin ON annotations (edition_id, origin_key, imported_for) NULLS NOT DISTINCT WHERE origin_key IS NOT NULL;
ALTER TABLE annotations
    DROP CONSTRAINT annotations_edition_check,
    DROP CONSTRAINT annotations_kind_check,
    ADD CONSTRAINT annotations_kind_check CHECK (kind IN ('highlight', 'underline', 'area', 'note', 'text', 'ink')),
    DROP COLUMN merged_from,
    ALTER COLUMN edition_id SET NOT NULL;
