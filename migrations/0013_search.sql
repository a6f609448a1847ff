-- +goose Up
-- What people wrote is found by the same words as pages are. As document.Terms
-- does it: decomposed, marks dropped, small letters, signs between words, and a
-- word for each character of scripts without spaces. Lower case and
-- decomposition depend on nothing that changes while a database lives.
CREATE FUNCTION search_terms(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
RETURN regexp_replace(regexp_replace(
    translate(lower(regexp_replace(normalize(left($1, 100000), NFKD), '[\u0300-\u036f\u00ad\u3099\u309a]', '', 'g')), 'ς', 'σ'),
    '[\u0001-\u002f:-@\u005b-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u3004\u3007-\u3030]+', ' ', 'g'),
    '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])', ' \1 ', 'g');

-- Of the expression and no column: a mark is read far more often than it is found.
CREATE FUNCTION search_vector(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
RETURN to_tsvector('scrollkeeper'::regconfig, search_terms($1));
CREATE INDEX annotations_search ON annotations USING gin (library_id, search_vector(body)) WITH (fastupdate = off);
CREATE INDEX annotation_anchors_search ON annotation_anchors USING gin (library_id, search_vector(exact)) WITH (fastupdate = off);
CREATE INDEX annotation_replies_search ON annotation_replies USING gin (library_id, search_vector(body)) WITH (fastupdate = off);

-- For words that nothing has: titles and authors with one much like it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX documents_similar ON documents USING gin (library_id, listing gin_trgm_ops);

-- +goose Down
DROP INDEX documents_similar, annotation_replies_search, annotation_anchors_search, annotations_search;
DROP FUNCTION search_vector, search_terms;
