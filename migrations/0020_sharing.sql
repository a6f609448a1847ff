-- +goose Up
-- Guests are people without an account: who came by a link, and said a name.
ALTER TABLE people
    ADD COLUMN is_guest boolean NOT NULL DEFAULT false,
    ALTER COLUMN email DROP NOT NULL,
    ALTER COLUMN password_hash DROP NOT NULL,
    ADD CONSTRAINT people_account CHECK (is_guest = (email IS NULL) AND is_guest = (password_hash IS NULL) AND NOT (is_guest AND is_operator));

-- Links that show one document, or a collection with the documents in it and
-- under it, to whoever has them. Of the secret in a link its SHA-256 is kept.
CREATE TABLE share_links (
    id            uuid PRIMARY KEY,
    library_id    uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    document_id   uuid        REFERENCES documents ON DELETE CASCADE,
    collection_id uuid        REFERENCES collections ON DELETE CASCADE,
    secret_hash   bytea       NOT NULL UNIQUE,
    access        text        NOT NULL CHECK (access IN ('read', 'read-marks', 'comment')),
    password_hash text, -- argon2id; null for none
    -- Whose right to make links it rests on.
    created_by    uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz, -- null: never
    revoked_at    timestamptz,
    uses          bigint      NOT NULL DEFAULT 0, -- how often it was opened in another browser
    last_used_at  timestamptz,
    CHECK ((document_id IS NULL) <> (collection_id IS NULL))
);
CREATE INDEX share_links_document ON share_links (document_id);
CREATE INDEX share_links_collection ON share_links (collection_id);
CREATE INDEX share_links_library ON share_links (library_id, created_at DESC);
CREATE INDEX share_links_person ON share_links (created_by);

-- Browsers in which a link was opened; the cookie has the secret.
CREATE TABLE share_visits (
    secret_hash bytea PRIMARY KEY,
    link_id     uuid        NOT NULL REFERENCES share_links ON DELETE CASCADE,
    person_id   uuid        REFERENCES people ON DELETE CASCADE, -- the guest, once they said a name
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX share_visits_link ON share_visits (link_id);
CREATE INDEX share_visits_person ON share_visits (person_id);
CREATE INDEX share_visits_expiry ON share_visits (expires_at);

-- Addresses at which a bibliography can be fetched without signing in. One is
-- good while its person is a member of the library.
CREATE TABLE bibliography_addresses (
    id            uuid PRIMARY KEY,
    library_id    uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    collection_id uuid        REFERENCES collections ON DELETE CASCADE, -- null: the whole library
    person_id     uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    secret_hash   bytea       NOT NULL UNIQUE,
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz
);
CREATE UNIQUE INDEX bibliography_addresses_one ON bibliography_addresses (person_id, library_id, collection_id) NULLS NOT DISTINCT;
CREATE INDEX bibliography_addresses_library ON bibliography_addresses (library_id);
CREATE INDEX bibliography_addresses_collection ON bibliography_addresses (collection_id);

-- +goose Down
DROP TABLE bibliography_addresses, share_visits, share_links;
DELETE FROM people WHERE is_guest;
ALTER TABLE people
    DROP CONSTRAINT people_account,
    DROP COLUMN is_guest,
    ALTER COLUMN email SET NOT NULL,
    ALTER COLUMN password_hash SET NOT NULL;
