-- +goose Up
CREATE TABLE libraries (
    id         uuid PRIMARY KEY,
    name       text        NOT NULL CHECK (name <> ''),
    kind       text        NOT NULL CHECK (kind IN ('personal', 'shared')),
    -- The newest version in library_changes; counts up by one per row.
    version    bigint      NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL
);

CREATE TABLE library_members (
    library_id uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    person_id  uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    role       text        NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'commenter', 'reader')),
    joined_at  timestamptz NOT NULL,
    PRIMARY KEY (library_id, person_id)
);
CREATE INDEX library_members_person ON library_members (person_id);
-- A library has exactly one owner; ownership is transferred, not shared.
CREATE UNIQUE INDEX library_members_one_owner ON library_members (library_id) WHERE role = 'owner';

CREATE TABLE library_invitations (
    id          uuid PRIMARY KEY,
    library_id  uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    secret_hash bytea       NOT NULL UNIQUE,
    role        text        NOT NULL CHECK (role IN ('admin', 'editor', 'commenter', 'reader')),
    email       text,
    invited_by  uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    accepted_by uuid        REFERENCES people ON DELETE SET NULL,
    accepted_at timestamptz
);
CREATE INDEX library_invitations_library ON library_invitations (library_id);

-- One row per lasting change, written in the transaction that makes it.
-- It says that something changed and where it is now, not what it was before.
CREATE TABLE library_changes (
    library_id  uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    version     bigint      NOT NULL,
    kind        text        NOT NULL, -- document, member, invitation, library, upload
    object_id   uuid        NOT NULL,
    op          text        NOT NULL, -- added, changed, state, trashed, restored, removed, duplicate
    audience_id uuid, -- null: every member may see it; else only this person
    actor_id    uuid, -- null: the system did it
    at          timestamptz NOT NULL,
    PRIMARY KEY (library_id, version)
);

-- +goose Down
DROP TABLE library_changes, library_invitations, library_members, libraries;
