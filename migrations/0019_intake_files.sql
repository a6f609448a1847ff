-- +goose Up
-- Archives come in: bibliographies with the files of their works, and files alone.
ALTER TABLE imports
    -- What an archive holds, as far as it has been looked through.
    ADD COLUMN contents     jsonb   NOT NULL DEFAULT '{}',
    -- Whether its folders become collections.
    ADD COLUMN folders      boolean NOT NULL DEFAULT true,
    ADD COLUMN files_passed int     NOT NULL DEFAULT 0, -- files that have been dealt with
    ADD COLUMN files_added  int     NOT NULL DEFAULT 0; -- and came in

-- A file of an archive on its way in.
CREATE TABLE import_files (
    import_id   uuid   NOT NULL REFERENCES imports ON DELETE CASCADE,
    entry       int    NOT NULL, -- its number in the archive
    position    int    NOT NULL, -- the order in which they come in
    document_id uuid, -- the work that a record says it is of
    tags        text[] NOT NULL,
    collections text[] NOT NULL, -- paths, with "/" between names
    passed      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (import_id, entry)
);
CREATE INDEX import_files_position ON import_files (import_id, position);

-- +goose Down
DROP TABLE import_files;
ALTER TABLE imports DROP COLUMN contents, DROP COLUMN folders, DROP COLUMN files_passed, DROP COLUMN files_added;
