-- name: Stems :many
-- The stem that the index has for each word of letters alone.
SELECT word::text AS word, (ts_lexize('scrollkeeper_stem', word))[1]::text AS stem FROM unnest(@words::text[]) AS word;

-- name: TitleMatches :many
-- Documents whose title and authors fit. Only so many are ranked; the order in
-- which they are found does not matter, as whoever asks for a word that
-- thousands of titles have is not looking for a title.
SELECT m.document_id, m.edition_id, m.rank::real AS rank FROM (
    SELECT d.id AS document_id,
        (SELECT e.id FROM editions e WHERE e.document_id = d.id AND e.state = 'ready' AND NOT e.superseded LIMIT 1) AS edition_id,
        ts_rank_cd(d.listing_tsv, to_tsquery('scrollkeeper', @query::text), 1) AS rank
    FROM documents d
    WHERE d.library_id = ANY(@library_ids::uuid[]) AND d.trashed_at IS NULL
        AND d.listing_tsv @@ to_tsquery('scrollkeeper', @query::text)
    LIMIT 1000
) m
WHERE m.edition_id IS NOT NULL
ORDER BY m.rank DESC, m.document_id
LIMIT @max_rows;

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
