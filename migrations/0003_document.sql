-- +goose Up
-- Stems without stop words, so that a phrase finds its small words too. What is
-- indexed and what is asked for go through document.Terms before they get here:
-- folded, and single words with one space between them.
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION scrollkeeper
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part
    WITH scrollkeeper_stem;

CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE TABLE documents (
    id          uuid PRIMARY KEY,
    library_id  uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    -- Derived from metadata_claims; what is shown, sorted and filtered.
    title       text        NOT NULL,
    year        int,
    csl         jsonb       NOT NULL DEFAULT '{}',
    -- Title and authors as document.Terms has them: the list is sorted and
    -- filtered by it, and a search finds a document by it.
    listing     text        NOT NULL,
    listing_tsv tsvector    NOT NULL GENERATED ALWAYS AS (to_tsvector('scrollkeeper', listing)) STORED,
    created_by  uuid        REFERENCES people ON DELETE SET NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    trashed_at  timestamptz
);
CREATE INDEX documents_added ON documents (library_id, created_at DESC, id DESC) WHERE trashed_at IS NULL;
-- Cut, because an index entry may not exceed a third of a page.
CREATE INDEX documents_title ON documents (library_id, (left(listing, 200) COLLATE "C"), id) WHERE trashed_at IS NULL;
CREATE INDEX documents_year ON documents (library_id, coalesce(year, 0) DESC, id DESC) WHERE trashed_at IS NULL;
CREATE INDEX documents_search ON documents USING gin (library_id, listing_tsv);
CREATE INDEX documents_trash ON documents (library_id, trashed_at DESC) WHERE trashed_at IS NOT NULL;

-- One claim per field and source. A person's claim wins over every other.
CREATE TABLE metadata_claims (
    document_id uuid        NOT NULL REFERENCES documents ON DELETE CASCADE,
    field       text        NOT NULL, -- a CSL variable: title, author, DOI, issued …
    source      text        NOT NULL CHECK (source IN ('person', 'page', 'xmp', 'info', 'filename', 'import', 'lookup')),
    value       jsonb       NOT NULL,
    confidence  real        NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    person_id   uuid        REFERENCES people ON DELETE SET NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (document_id, field, source)
);

CREATE TABLE editions (
    id              uuid PRIMARY KEY,
    library_id      uuid        NOT NULL REFERENCES libraries ON DELETE CASCADE,
    document_id     uuid        NOT NULL REFERENCES documents ON DELETE CASCADE,
    blob_key        text        NOT NULL UNIQUE,
    filename        text        NOT NULL,
    size            bigint      NOT NULL CHECK (size >= 0),
    sha256          bytea CHECK (length(sha256) = 32), -- null until checked
    claimed_sha256  bytea CHECK (length(claimed_sha256) = 32), -- what the client said
    state           text        NOT NULL CHECK (state IN ('queued', 'checking', 'parsing', 'ready', 'failed')),
    failure_kind    text,
    failure_message text,
    -- Fencing: each run of the parse job takes the next attempt; results of an older one are refused.
    attempt         int         NOT NULL DEFAULT 0,
    -- The attempt whose pages are current; null until one finished.
    parsed_attempt  int,
    text_version    text,
    page_count      int,
    outline         jsonb       NOT NULL DEFAULT '[]',
    words_key       text, -- blob with every page's words, see document/words.go
    thumbnail_key   text,
    created_by      uuid        REFERENCES people ON DELETE SET NULL,
    created_at      timestamptz NOT NULL,
    parsed_at       timestamptz,
    CHECK ((state = 'failed') = (failure_kind IS NOT NULL)),
    CHECK (state <> 'ready' OR (parsed_attempt = attempt AND page_count IS NOT NULL AND sha256 IS NOT NULL))
);
CREATE UNIQUE INDEX editions_sha256 ON editions (library_id, sha256);
CREATE INDEX editions_document ON editions (document_id);
CREATE INDEX editions_unfinished ON editions (library_id) WHERE state IN ('queued', 'checking', 'parsing');

CREATE TABLE edition_pages (
    library_id   uuid NOT NULL,
    edition_id   uuid NOT NULL REFERENCES editions ON DELETE CASCADE,
    number       int  NOT NULL CHECK (number >= 1), -- the page's place in the file
    label        text NOT NULL DEFAULT '',
    -- The crop box in PDF points, user space, and the page's rotation in degrees clockwise.
    box          real[] NOT NULL CHECK (array_length(box, 1) = 4),
    rotation     int  NOT NULL DEFAULT 0 CHECK (rotation IN (0, 90, 180, 270)),
    text         text NOT NULL,
    tsv          tsvector NOT NULL,
    words_offset bigint NOT NULL, -- this page's bytes in the words blob
    words_length bigint NOT NULL,
    PRIMARY KEY (edition_id, number)
);
-- Kept in the row and not beside it: ranking reads a thousand of these, and that
-- takes less than half the time so.
ALTER TABLE edition_pages ALTER COLUMN tsv SET STORAGE MAIN;
CREATE INDEX edition_pages_search ON edition_pages USING gin (library_id, tsv) WITH (fastupdate = off);

-- +goose Down
DROP TABLE edition_pages, editions, metadata_claims, documents;
DROP TEXT SEARCH CONFIGURATION scrollkeeper;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem;
