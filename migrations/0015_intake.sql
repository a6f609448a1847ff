-- +goose Up
-- A bibliography that somebody brings in: a file of records. It is looked through
-- first, and its records come in when its person says so.
CREATE TABLE imports (
    id            uuid PRIMARY KEY,
    library_id    uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    person_id     uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    filename      text        NOT NULL,
    format        text        NOT NULL,
    size          bigint      NOT NULL,
    blob_key      text        NOT NULL UNIQUE, -- deleted when the import ended
    state         text        NOT NULL CHECK (state IN ('checking', 'checked', 'running', 'done', 'undone', 'failed')),
    -- As far as is known: records in the file; of these, works that are new, that
    -- the library has already, and that the file has twice.
    total         int         NOT NULL DEFAULT 0,
    fresh         int         NOT NULL DEFAULT 0,
    present       int         NOT NULL DEFAULT 0,
    repeated      int         NOT NULL DEFAULT 0,
    passed        int         NOT NULL DEFAULT 0, -- records that have been dealt with
    added         int         NOT NULL DEFAULT 0,
    problem_count int         NOT NULL DEFAULT 0,
    problems      jsonb       NOT NULL DEFAULT '[]', -- the first of them, by line
    failure       text        NOT NULL DEFAULT '',   -- a sentence
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
CREATE INDEX imports_person ON imports (library_id, person_id, created_at DESC);

-- What an import brought, so that it can be undone.
CREATE TABLE imported_documents (
    document_id uuid PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    import_id   uuid NOT NULL REFERENCES imports ON DELETE CASCADE
);
CREATE INDEX imported_documents_import ON imported_documents (import_id);

-- +goose Down
DROP TABLE imported_documents, imports;
