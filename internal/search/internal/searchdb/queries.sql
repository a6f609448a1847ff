-- name: Stems :many
-- Of each word in the dictionary of the same place; empty where that gives none.
SELECT coalesce((ts_lexize(w.dictionary::regdictionary, w.word))[1], '')::text AS stem
FROM (
    SELECT generate_subscripts(@words::text[], 1) AS n, unnest(@dictionaries::text[]) AS dictionary, unnest(@words::text[]) AS word
) w ORDER BY w.n;

-- name: Libraries :one
-- What a search must know of libraries: the languages of their pages and works,
-- found by leaps over an index; whether pages wait to be indexed again; and how many
-- documents are still being read. One whose next edition is being read is found by
-- the one before.
WITH RECURSIVE spoken AS (
    SELECT l.id, (SELECT e.languages FROM editions e WHERE e.library_id = l.id AND e.state = 'ready' ORDER BY e.languages LIMIT 1) AS languages
    FROM (SELECT unnest(@library_ids::uuid[]) AS id) l
    UNION ALL
    SELECT s.id, (SELECT e.languages FROM editions e WHERE e.library_id = s.id AND e.state = 'ready' AND e.languages > s.languages ORDER BY e.languages LIMIT 1)
    FROM spoken s WHERE s.languages IS NOT NULL
), works AS (
    SELECT l.id, (SELECT document_language(d.csl) FROM documents d WHERE d.library_id = l.id ORDER BY document_language(d.csl) LIMIT 1) AS language
    FROM (SELECT unnest(@library_ids::uuid[]) AS id) l
    UNION ALL
    SELECT w.id, (SELECT document_language(d.csl) FROM documents d WHERE d.library_id = w.id AND document_language(d.csl) > w.language ORDER BY document_language(d.csl) LIMIT 1)
    FROM works w WHERE w.language IS NOT NULL
)
SELECT ARRAY(SELECT DISTINCT unnest(languages) FROM spoken)::text[] AS page_languages,
    ARRAY(SELECT DISTINCT language FROM works WHERE language IS NOT NULL)::text[] AS document_languages,
    EXISTS (SELECT FROM editions e WHERE e.library_id = ANY(@library_ids::uuid[]) AND e.state = 'ready' AND e.indexed_attempt IS DISTINCT FROM e.parsed_attempt)::boolean AS older,
    (SELECT count(*) FROM (
        SELECT u.document_id FROM (
            SELECT e.document_id FROM editions e
            WHERE e.library_id = ANY(@library_ids::uuid[]) AND e.state IN ('queued', 'checking', 'parsing') OFFSET 0) u
        JOIN documents d ON d.id = u.document_id AND d.trashed_at IS NULL
        WHERE NOT EXISTS (SELECT FROM editions r WHERE r.document_id = u.document_id AND r.state = 'ready')
        GROUP BY u.document_id) n)::bigint AS pending;

-- name: HitPages :many
SELECT p.edition_id, p.number, p.label, p.text, p.language, d.id AS document_id, d.library_id, d.title, d.year,
    jsonb_path_query_array(d.csl, '$.author[0 to 49]')::jsonb AS authors
FROM (SELECT unnest(@edition_ids::uuid[]) AS edition_id, unnest(@numbers::int[]) AS number) h
JOIN edition_pages p ON p.edition_id = h.edition_id AND p.number = h.number
JOIN editions e ON e.id = p.edition_id
JOIN documents d ON d.id = e.document_id;

-- name: HitWorks :many
-- What is known of works that are found by it.
SELECT d.id AS document_id, d.library_id, d.title, d.year, document_language(d.csl)::text AS language,
    jsonb_path_query_array(d.csl, '$.author[0 to 49]')::jsonb AS authors,
    left(coalesce(d.csl->>'abstract', ''), 20000)::text AS abstract,
    left(concat_ws('. ', d.csl->>'container-title', d.csl->>'collection-title', d.csl->>'event-title', d.csl->>'publisher', d.csl->>'keyword'), 5000)::text AS others
FROM documents d WHERE d.id = ANY(@document_ids::uuid[]);

-- name: PersonKnown :one
-- Whether a member, or somebody whose shared marks are here, has this in their name.
SELECT (EXISTS (SELECT FROM library_members m JOIN people p ON p.id = m.person_id
        WHERE m.library_id = ANY(@library_ids::uuid[]) AND position(lower(@name::text) IN lower(p.name)) > 0)
    OR EXISTS (SELECT FROM annotations a
        WHERE a.library_id = ANY(@library_ids::uuid[]) AND NOT a.private AND a.deleted_at IS NULL
            AND position(lower(@name::text) IN lower(a.author_name)) > 0))::boolean AS known;

-- name: SimilarListings :many
-- Titles and authors with a word much like this one.
SELECT d.listing FROM documents d
WHERE d.library_id = ANY(@library_ids::uuid[]) AND d.trashed_at IS NULL AND d.listing %> @word::text
ORDER BY word_similarity(@word::text, d.listing) DESC
LIMIT 20;

-- name: TagKnown :one
SELECT EXISTS (SELECT FROM tags WHERE library_id = ANY(@library_ids::uuid[]) AND deleted_at IS NULL AND lower(name) = lower(@name::text));

-- name: CollectionKnown :one
SELECT EXISTS (SELECT FROM collections WHERE library_id = ANY(@library_ids::uuid[]) AND deleted_at IS NULL AND lower(name) = lower(@name::text));
