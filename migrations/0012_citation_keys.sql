-- +goose Up
-- The key by which texts cite a document, made when it is first exported and kept.
CREATE TABLE citation_keys (
    document_id uuid PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    library_id  uuid NOT NULL REFERENCES libraries ON DELETE CASCADE,
    key         text NOT NULL CHECK (key <> ''),
    -- In small letters: keys that differ in case alone are one to BibTeX.
    folded      text NOT NULL,
    UNIQUE (library_id, folded)
);

-- +goose Down
DROP TABLE citation_keys;
