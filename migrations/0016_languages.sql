-- +goose Up
-- Stemmers for further languages, without stop words as the English one is.
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_da (TEMPLATE = snowball, LANGUAGE = danish);
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_de (TEMPLATE = snowball, LANGUAGE = german);
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_es (TEMPLATE = snowball, LANGUAGE = spanish);
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_fi (TEMPLATE = snowball, LANGUAGE = finnish);
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_fr (TEMPLATE = snowball, LANGUAGE = french);
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_it (TEMPLATE = snowball, LANGUAGE = italian);
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_nl (TEMPLATE = snowball, LANGUAGE = dutch);
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_no (TEMPLATE = snowball, LANGUAGE = norwegian);
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_pt (TEMPLATE = snowball, LANGUAGE = portuguese);
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_ru (TEMPLATE = snowball, LANGUAGE = russian);
CREATE TEXT SEARCH DICTIONARY scrollkeeper_stem_sv (TEMPLATE = snowball, LANGUAGE = swedish);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_da (COPY = simple);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_de (COPY = simple);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_es (COPY = simple);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_fi (COPY = simple);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_fr (COPY = simple);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_it (COPY = simple);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_nl (COPY = simple);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_no (COPY = simple);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_pt (COPY = simple);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_ru (COPY = simple);
CREATE TEXT SEARCH CONFIGURATION scrollkeeper_sv (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_da ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_da;
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_de ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_de;
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_es ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_es;
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_fi ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_fi;
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_fr ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_fr;
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_it ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_it;
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_nl ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_nl;
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_no ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_no;
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_pt ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_pt;
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_ru ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_ru;
ALTER TEXT SEARCH CONFIGURATION scrollkeeper_sv ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH scrollkeeper_stem_sv;

-- A page's vector has its words as they are, with weight A, and behind them their
-- stems in the page's language, with the weight of that language (document/language.go).
-- Pages that were indexed before have English stems with weight D and nothing else,
-- and wait to be indexed again.
ALTER TABLE edition_pages ADD COLUMN language text NOT NULL DEFAULT 'en';
ALTER TABLE editions
    -- The attempt whose pages are indexed so.
    ADD COLUMN indexed_attempt int,
    -- Those of its pages, in order; empty: no language that has a stemmer.
    ADD COLUMN languages text[] NOT NULL DEFAULT '{en}';
CREATE INDEX editions_unindexed ON editions (library_id, id) WHERE state = 'ready' AND indexed_attempt IS DISTINCT FROM parsed_attempt;
CREATE INDEX editions_languages ON editions (library_id, languages) WHERE state = 'ready';
-- Whether a page may be found is asked for each that is ranked.
CREATE INDEX editions_readable ON editions (document_id) WHERE state = 'ready' AND NOT superseded;

-- The language that a work's own words are stemmed in: English where it says none.
CREATE FUNCTION document_language(csl jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE lower(left(coalesce(csl->>'language', ''), 2))
    WHEN 'da' THEN 'da'
    WHEN 'de' THEN 'de'
    WHEN 'es' THEN 'es'
    WHEN 'fi' THEN 'fi'
    WHEN 'fr' THEN 'fr'
    WHEN 'it' THEN 'it'
    WHEN 'nl' THEN 'nl'
    WHEN 'no' THEN 'no' WHEN 'nb' THEN 'no' WHEN 'nn' THEN 'no'
    WHEN 'pt' THEN 'pt'
    WHEN 'ru' THEN 'ru'
    WHEN 'sv' THEN 'sv'
    ELSE 'en' END;

CREATE FUNCTION search_stems(words text, language text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE language
    WHEN 'da' THEN to_tsvector('scrollkeeper_da'::regconfig, words)
    WHEN 'de' THEN to_tsvector('scrollkeeper_de'::regconfig, words)
    WHEN 'es' THEN to_tsvector('scrollkeeper_es'::regconfig, words)
    WHEN 'fi' THEN to_tsvector('scrollkeeper_fi'::regconfig, words)
    WHEN 'fr' THEN to_tsvector('scrollkeeper_fr'::regconfig, words)
    WHEN 'it' THEN to_tsvector('scrollkeeper_it'::regconfig, words)
    WHEN 'nl' THEN to_tsvector('scrollkeeper_nl'::regconfig, words)
    WHEN 'no' THEN to_tsvector('scrollkeeper_no'::regconfig, words)
    WHEN 'pt' THEN to_tsvector('scrollkeeper_pt'::regconfig, words)
    WHEN 'ru' THEN to_tsvector('scrollkeeper_ru'::regconfig, words)
    WHEN 'sv' THEN to_tsvector('scrollkeeper_sv'::regconfig, words)
    ELSE to_tsvector('scrollkeeper'::regconfig, words) END;

-- What a work is found by: title and authors as they are (A) and as stems (B), then
-- what else is known of it (C and D). The bound keeps the vector below 1 MiB.
-- +goose StatementBegin
CREATE FUNCTION document_vector(listing text, csl jsonb) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT setweight(to_tsvector('simple'::regconfig, coalesce(l.words, '')), 'A')
        || setweight(search_stems(coalesce(l.words, ''), document_language(csl)), 'B')
        || setweight(to_tsvector('simple'::regconfig, coalesce(r.words, '')), 'C')
        || setweight(search_stems(coalesce(r.words, ''), document_language(csl)), 'D')
    FROM (SELECT left(listing, 50000) AS words) l, (SELECT search_terms(left(concat_ws(' ', csl->>'abstract', csl->>'container-title',
        csl->>'collection-title', csl->>'event-title', csl->>'publisher', csl->>'keyword'), 30000)) AS words) r;
END;
-- +goose StatementEnd
ALTER TABLE documents ADD COLUMN words tsvector GENERATED ALWAYS AS (document_vector(listing, csl)) STORED;
CREATE INDEX documents_words ON documents USING gin (library_id, words) WITH (fastupdate = off);
CREATE INDEX documents_language ON documents (library_id, document_language(csl));

-- +goose Down
DROP INDEX documents_language, documents_words;
ALTER TABLE documents DROP COLUMN words;
DROP FUNCTION document_vector, search_stems, document_language;
DROP INDEX editions_readable, editions_languages, editions_unindexed;
ALTER TABLE editions DROP COLUMN languages, DROP COLUMN indexed_attempt;
ALTER TABLE edition_pages DROP COLUMN language;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_da;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_de;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_es;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_fi;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_fr;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_it;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_nl;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_no;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_pt;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_ru;
DROP TEXT SEARCH CONFIGURATION scrollkeeper_sv;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_da;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_de;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_es;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_fi;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_fr;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_it;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_nl;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_no;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_pt;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_ru;
DROP TEXT SEARCH DICTIONARY scrollkeeper_stem_sv;
