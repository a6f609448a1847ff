-- +goose Up
-- Libraries that go out as a ZIP. What is said of its works is read at one moment and
-- kept under archives/<id>/, with the list of files that go with it; the ZIP itself
-- is put together when it is fetched.
CREATE TABLE archives (
    id         uuid PRIMARY KEY,
    library_id uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    person_id  uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    choice     jsonb       NOT NULL, -- what of the library, see archive.Choice
    name       text        NOT NULL, -- of the file, without its ending
    state      text        NOT NULL CHECK (state IN ('preparing', 'ready', 'failed')),
    -- Works that were read and bytes of files that were checked, of how many.
    works      int         NOT NULL DEFAULT 0,
    files      int         NOT NULL DEFAULT 0,
    passed     bigint      NOT NULL DEFAULT 0,
    total      bigint      NOT NULL DEFAULT 0,
    missing    int         NOT NULL DEFAULT 0, -- files that could not be read
    size       bigint      NOT NULL DEFAULT 0, -- of the ZIP, in bytes
    failure    text        NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX archives_person ON archives (library_id, person_id, created_at DESC);

-- Marks that came with a file and wait until it was read.
CREATE TABLE archived_marks (
    edition_id  uuid PRIMARY KEY REFERENCES editions ON DELETE CASCADE,
    person_id   uuid REFERENCES people ON DELETE SET NULL, -- who brings them in
    own         text[] NOT NULL, -- what that person is called in them
    annotations bytea  NOT NULL, -- Web Annotations, as the archive has them
    removed     text[] NOT NULL  -- the file's own marks that were deleted, by their names in it
);

-- What the file says of its document came with it from an archive: when it is read
-- for the first time, that stays.
ALTER TABLE editions ADD COLUMN described boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE editions DROP COLUMN described;
DROP TABLE archived_marks, archives;
