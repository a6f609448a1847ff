-- +goose Up
-- One row per upload that was begun; its bytes are the blob uploads/<id>.
CREATE TABLE uploads (
    id             uuid PRIMARY KEY,
    library_id     uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    person_id      uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    filename       text        NOT NULL,
    path           text        NOT NULL DEFAULT '', -- folder it was dropped with
    size           bigint      NOT NULL CHECK (size >= 0),
    claimed_sha256 bytea CHECK (length(claimed_sha256) = 32),
    state          text        NOT NULL CHECK (state IN ('open', 'finished', 'duplicate', 'refused', 'terminated', 'expired')),
    document_id    uuid, -- what it became, or for a duplicate the document that was already here
    problem_code   text,
    created_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    expires_at     timestamptz NOT NULL
);
CREATE INDEX uploads_person ON uploads (library_id, person_id, created_at DESC);
CREATE INDEX uploads_expiry ON uploads (expires_at) WHERE state = 'open';
CREATE INDEX uploads_open ON uploads (person_id) WHERE state = 'open';

-- +goose Down
DROP TABLE uploads;
