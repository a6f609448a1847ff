-- +goose Up
-- People, their sessions and tokens. Secrets are stored as SHA-256 only: they
-- are 256 random bits, so a slow hash would add nothing.
CREATE TABLE people (
    id            uuid PRIMARY KEY,
    email         text        NOT NULL CHECK (email <> ''),
    name          text        NOT NULL CHECK (name <> ''),
    password_hash text        NOT NULL,
    is_operator   boolean     NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX people_email_key ON people (lower(email));

CREATE TABLE sessions (
    secret_hash  bytea PRIMARY KEY,
    person_id    uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    user_agent   text        NOT NULL,
    address      text        NOT NULL,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_tokens (
    id           uuid PRIMARY KEY,
    person_id    uuid        NOT NULL REFERENCES people ON DELETE CASCADE,
    name         text        NOT NULL,
    secret_hash  bytea       NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX api_tokens_person ON api_tokens (person_id);

-- At most one row: the link that lets the first visitor create the owner.
CREATE TABLE setup_links (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    secret_hash bytea       NOT NULL,
    created_at  timestamptz NOT NULL
);

-- Counts of attempts in a fixed window, for throttling on every node alike.
CREATE TABLE guard_windows (
    key          text        NOT NULL,
    window_start timestamptz NOT NULL,
    attempts     int         NOT NULL,
    PRIMARY KEY (key, window_start)
);
CREATE INDEX guard_windows_age ON guard_windows (window_start);

-- +goose Down
DROP TABLE guard_windows, setup_links, api_tokens, sessions, people;
