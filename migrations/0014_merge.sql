-- +goose Up
-- Documents that turned out to be one work: the files of one went to the other,
-- and the emptied one waits in the trash. Restored, it takes them back.
CREATE TABLE document_merges (
    number      bigint GENERATED ALWAYS AS IDENTITY, -- their order
    merged_id   uuid PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    kept_id     uuid        NOT NULL REFERENCES documents ON DELETE CASCADE,
    edition_ids uuid[]      NOT NULL, -- those that went over
    -- The claims that went over, as {field, source, revision} of the kept one's.
    claims      jsonb       NOT NULL,
    at          timestamptz NOT NULL
);
CREATE INDEX document_merges_kept ON document_merges (kept_id);

-- Documents that look alike and were said not to be, the smaller id first.
CREATE TABLE document_distinctions (
    document_id uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    other_id    uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (document_id, other_id),
    CHECK (document_id < other_id)
);
CREATE INDEX document_distinctions_other ON document_distinctions (other_id);

-- A document shows its file with the highest preference, and of those the newest.
-- Who chooses a file gives it one more than the others have; a new one begins with
-- the highest.
ALTER TABLE editions ADD COLUMN preference int NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE editions DROP COLUMN preference;
DROP TABLE document_distinctions, document_merges;
