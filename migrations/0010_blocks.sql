-- +goose Up
-- What each paragraph of the page's text is, as pagetext.Block has it, in the
-- order of the text. Empty for a page that was read by a version that did not tell.
ALTER TABLE edition_pages ADD COLUMN blocks jsonb NOT NULL DEFAULT '[]';

-- +goose Down
ALTER TABLE edition_pages DROP COLUMN blocks;
