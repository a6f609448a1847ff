-- +goose Up
-- What a file is of its work, where somebody said so.
ALTER TABLE editions ADD COLUMN kind text CHECK (kind IN ('preprint', 'accepted', 'published', 'supplement'));

-- How the keys of a library's works are made, where it is not the default.
CREATE TABLE citation_settings (
    library_id uuid PRIMARY KEY REFERENCES libraries ON DELETE CASCADE,
    pattern    text NOT NULL CHECK (pattern <> '')
);

-- Somebody chose this key, or it came with the work: it stays when the others are
-- made anew.
ALTER TABLE citation_keys ADD COLUMN pinned boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE citation_keys DROP COLUMN pinned;
DROP TABLE citation_settings;
ALTER TABLE editions DROP COLUMN kind;
