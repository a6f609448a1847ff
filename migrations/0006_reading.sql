-- +goose Up
-- Who is where at this moment: each open socket's state on each topic it takes
-- part in. Unlogged, as it is worth nothing after a crash: what is left then is
-- written anew by the next heartbeats.
CREATE UNLOGGED TABLE presences (
    topic   text        NOT NULL,
    socket  text        NOT NULL,
    state   jsonb       NOT NULL,
    seen_at timestamptz NOT NULL, -- by the database's clock, which all nodes share
    PRIMARY KEY (topic, socket)
);
CREATE INDEX presences_age ON presences (seen_at);

-- Where each person was last in a document.
CREATE TABLE reading_positions (
    person_id   uuid             NOT NULL REFERENCES people ON DELETE CASCADE,
    document_id uuid             NOT NULL REFERENCES documents ON DELETE CASCADE,
    edition_id  uuid             NOT NULL REFERENCES editions ON DELETE CASCADE,
    page        int              NOT NULL CHECK (page >= 1),
    x           double precision NOT NULL, -- PDF points, default user space
    y           double precision NOT NULL,
    at          timestamptz      NOT NULL, -- as the reader's device said
    PRIMARY KEY (person_id, document_id)
);
CREATE INDEX reading_positions_document ON reading_positions (document_id);
CREATE INDEX reading_positions_edition ON reading_positions (edition_id);

-- The document whose next edition an upload is to be; null for a document of its own.
ALTER TABLE uploads ADD COLUMN for_document_id uuid;

-- True for a file that was read and is searched no more, because a newer one of the
-- same document was read too. Kept, since every page that a search ranks asks for it.
ALTER TABLE editions ADD COLUMN superseded boolean NOT NULL DEFAULT false;

-- +goose Down
ALTER TABLE editions DROP COLUMN superseded;
ALTER TABLE uploads DROP COLUMN for_document_id;
DROP TABLE reading_positions, presences;
