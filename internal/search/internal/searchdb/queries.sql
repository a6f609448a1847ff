-- name: Stems :many
-- The stem that the index has for each word of letters alone.
SELECT word::text AS word, (ts_lexize('scrollkeeper_stem', word))[1]::text AS stem FROM unnest(@words::text[]) AS word;

-- name: HitPages :many
SELECT p.edition_id, p.number, p.label, p.text, d.id AS document_id, d.library_id, d.title, d.year,
    jsonb_path_query_array(d.csl, '$.author[0 to 49]')::jsonb AS authors
FROM (SELECT unnest(@edition_ids::uuid[]) AS edition_id, unnest(@numbers::int[]) AS number) h
JOIN edition_pages p ON p.edition_id = h.edition_id AND p.number = h.number
JOIN editions e ON e.id = p.edition_id
JOIN documents d ON d.id = e.document_id;

-- name: PendingDocuments :one
-- One whose next edition is being read is found by the one before.
SELECT count(DISTINCT e.document_id) FROM editions e JOIN documents d ON d.id = e.document_id
WHERE e.library_id = ANY(@library_ids::uuid[]) AND e.state IN ('queued', 'checking', 'parsing') AND d.trashed_at IS NULL
    AND NOT EXISTS (SELECT FROM editions r WHERE r.document_id = e.document_id AND r.state = 'ready');

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
