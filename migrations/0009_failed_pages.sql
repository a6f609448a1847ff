-- +goose Up
-- The pages of a file that was read which themselves could not be, in order, and
-- why, one for one. They have no text.
ALTER TABLE editions
    ADD COLUMN failed_pages      int[]  NOT NULL DEFAULT '{}',
    ADD COLUMN failed_page_kinds text[] NOT NULL DEFAULT '{}',
    ADD CHECK (cardinality(failed_pages) = cardinality(failed_page_kinds));

-- +goose Down
ALTER TABLE editions DROP COLUMN failed_pages, DROP COLUMN failed_page_kinds;
