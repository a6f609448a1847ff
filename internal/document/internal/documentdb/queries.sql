-- name: InsertUploaded :exec
-- A document with its title's claim and its file, in one round trip: every
-- upload comes by here.
WITH document AS (
    INSERT INTO documents (id, library_id, title, csl, listing, created_by, created_at, updated_at)
    VALUES (@document_id, @library_id, @title, @csl, @listing, @created_by, @at, @at)
), claim AS (
    INSERT INTO metadata_claims (document_id, field, source, value, confidence, at)
    VALUES (@document_id, 'title', 'filename', @claim, @confidence, @at)
)
INSERT INTO editions (id, library_id, document_id, blob_key, filename, size, claimed_sha256, state, created_by, created_at)
VALUES (@edition_id, @library_id, @document_id, @blob_key, @filename, @size, @claimed_sha256, 'queued', @created_by, @at);

-- name: InsertEdition :exec
-- A further file of a document.
INSERT INTO editions (id, library_id, document_id, blob_key, filename, size, claimed_sha256, state, created_by, created_at, preference)
VALUES (@id, @library_id, @document_id, @blob_key, @filename, @size, @claimed_sha256, 'queued', @created_by, @created_at,
    coalesce((SELECT max(o.preference) FROM editions o WHERE o.document_id = @document_id), 0));

-- name: DocumentLibrary :one
SELECT library_id FROM documents WHERE id = @id;

-- name: LockDocument :one
SELECT library_id, title, trashed_at FROM documents WHERE id = @id FOR UPDATE;

-- name: SetDerived :exec
UPDATE documents SET title = @title, year = sqlc.narg('year'), csl = @csl, listing = @listing, updated_at = @updated_at
WHERE id = @id;

-- name: SetTrashed :exec
UPDATE documents SET trashed_at = sqlc.narg('trashed_at'), updated_at = @updated_at WHERE id = @id;

-- name: DeleteDocument :exec
DELETE FROM documents WHERE id = @id;

-- name: DocumentCSL :one
SELECT csl FROM documents WHERE id = @id;

-- name: DocumentBySHA256 :one
SELECT d.id, d.title, d.trashed_at
FROM editions e JOIN documents d ON d.id = e.document_id
WHERE e.library_id = @library_id AND e.sha256 = @sha256::bytea;

-- name: PutClaim :exec
INSERT INTO metadata_claims (document_id, field, source, value, confidence, person_id, at)
VALUES (@document_id, @field, @source, @value, @confidence, @person_id, @at)
ON CONFLICT (document_id, field, source) DO UPDATE
SET value = excluded.value, confidence = excluded.confidence, person_id = excluded.person_id, at = excluded.at, revision = DEFAULT;

-- name: DeletePersonClaim :exec
DELETE FROM metadata_claims WHERE document_id = @document_id AND field = @field AND source = 'person';

-- name: DeleteFileClaims :exec
-- What an earlier parse of the file said.
DELETE FROM metadata_claims WHERE document_id = @document_id AND source IN ('page', 'xmp', 'info');

-- name: Claims :many
SELECT c.field, c.source, c.value, c.confidence, c.at, c.revision, p.id AS person_id, p.name AS person_name
FROM metadata_claims c LEFT JOIN people p ON p.id = c.person_id
WHERE c.document_id = @document_id ORDER BY c.field, c.confidence DESC, c.source;

-- name: Edition :one
SELECT * FROM editions WHERE id = @id;

-- name: LockEdition :one
SELECT * FROM editions WHERE id = @id FOR UPDATE;

-- name: DeleteEdition :exec
DELETE FROM editions WHERE id = @id;

-- name: StandsByItself :one
-- It has another file, or came without one: what is made of an upload has a title
-- from the file's name.
SELECT (EXISTS (SELECT FROM editions e WHERE e.document_id = @document_id)
    OR NOT EXISTS (SELECT FROM metadata_claims c WHERE c.document_id = @document_id AND c.source = 'filename'))::boolean;

-- name: Editions :many
SELECT sqlc.embed(e), p.id AS person_id, p.name AS person_name
FROM editions e LEFT JOIN people p ON p.id = e.created_by
WHERE e.document_id = @document_id ORDER BY e.preference DESC, e.created_at DESC, e.id DESC;

-- name: LockDocumentEditions :many
SELECT * FROM editions WHERE document_id = @document_id ORDER BY id FOR UPDATE;

-- name: BeginAttempt :one
UPDATE editions SET attempt = attempt + 1, state = 'checking'
WHERE id = @id AND state IN ('queued', 'checking', 'parsing')
RETURNING *;

-- name: BeginReparse :one
-- A number that no attempt had, since each has blobs of its own.
UPDATE editions SET reparse_attempt = greatest(attempt, coalesce(reparse_attempt, 0)) + 1
WHERE id = @id AND state = 'ready'
RETURNING *;

-- name: TextVersions :many
-- What made the texts of the editions that were read.
SELECT text_version::text FROM editions
WHERE state = 'ready' AND (sqlc.narg('library_id')::uuid IS NULL OR library_id = sqlc.narg('library_id'))
GROUP BY text_version;

-- name: EditionsWithText :many
SELECT id FROM editions
WHERE state = 'ready' AND text_version = ANY(@versions::text[]) AND id > @after
    AND (sqlc.narg('library_id')::uuid IS NULL OR library_id = sqlc.narg('library_id'))
ORDER BY id LIMIT @max_rows;

-- name: SetChecked :execrows
UPDATE editions SET sha256 = @sha256::bytea, state = 'parsing'
WHERE id = @id AND attempt = @attempt AND state = 'checking';

-- name: SetReady :exec
UPDATE editions
SET state = 'ready', attempt = @attempt, parsed_attempt = @attempt, reparse_attempt = NULL, text_version = @text_version::text, page_count = @page_count::int, outline = @outline,
    words_key = @words_key::text, thumbnail_key = sqlc.narg('thumbnail_key'), parsed_at = @parsed_at::timestamptz,
    failed_pages = @failed_pages::int[], failed_page_kinds = @failed_page_kinds::text[]
WHERE id = @id;

-- name: SetSuperseded :exec
-- Of the files that were read, all but the newest are superseded.
UPDATE editions SET superseded = id <> @newest::uuid
WHERE document_id = @document_id AND state = 'ready' AND superseded IS DISTINCT FROM (id <> @newest::uuid);

-- name: SetFailed :execrows
UPDATE editions SET state = 'failed', failure_kind = @failure_kind::text, failure_message = @failure_message::text
WHERE id = @id AND attempt = @attempt AND state IN ('checking', 'parsing');

-- name: SetAside :one
-- The attempt moves on, so that a process still at work on it is refused.
UPDATE editions
SET state = 'failed', failure_kind = @failure_kind::text, failure_message = @failure_message::text, attempt = attempt + 1
WHERE id = @id AND state IN ('queued', 'checking', 'parsing')
RETURNING *;

-- name: Requeue :one
UPDATE editions SET state = 'queued', failure_kind = NULL, failure_message = NULL
WHERE id = @id AND state = 'failed'
RETURNING *;

-- name: ReferencedBlobs :many
SELECT blob_key FROM editions WHERE blob_key = ANY(@keys::text[])
UNION
SELECT words_key::text FROM editions WHERE words_key = ANY(@keys::text[])
UNION
SELECT thumbnail_key::text FROM editions WHERE thumbnail_key = ANY(@keys::text[]);

-- name: DeletePages :exec
DELETE FROM edition_pages WHERE edition_id = @edition_id;

-- name: InsertPages :exec
-- Boxes holds four numbers for each page: unnest would flatten an array of arrays.
INSERT INTO edition_pages (library_id, edition_id, number, label, box, rotation, text, tsv, language, words_offset, words_length, blocks)
SELECT @library_id, @edition_id, p.number, p.label, (@boxes::real[])[4 * p.ord - 3 : 4 * p.ord], p.rotation, p.text,
    setweight(to_tsvector('simple', p.terms), 'A') || setweight(to_tsvector('simple', p.stems), p.weight::"char"),
    p.language, p.words_offset, p.words_length, p.blocks::jsonb
FROM (
    SELECT generate_subscripts(@numbers::int[], 1) AS ord, unnest(@numbers::int[]) AS number, unnest(@labels::text[]) AS label,
        unnest(@rotations::int[]) AS rotation, unnest(@texts::text[]) AS text, unnest(@terms::text[]) AS terms,
        unnest(@stems::text[]) AS stems, unnest(@weights::text[]) AS weight, unnest(@languages::text[]) AS language,
        unnest(@offsets::bigint[]) AS words_offset, unnest(@lengths::bigint[]) AS words_length,
        unnest(@blocks::text[]) AS blocks
) p;

-- name: IndexPages :exec
UPDATE edition_pages o
SET tsv = setweight(to_tsvector('simple', p.terms), 'A') || setweight(to_tsvector('simple', p.stems), p.weight::"char"), language = p.language
FROM (
    SELECT unnest(@numbers::int[]) AS number, unnest(@terms::text[]) AS terms, unnest(@stems::text[]) AS stems,
        unnest(@weights::text[]) AS weight, unnest(@languages::text[]) AS language
) p
WHERE o.edition_id = @edition_id AND o.number = p.number;

-- name: SetIndexed :exec
-- The pages are indexed as this version does it.
UPDATE editions SET indexed_attempt = parsed_attempt,
    languages = ARRAY(SELECT DISTINCT p.language FROM edition_pages p WHERE p.edition_id = editions.id ORDER BY p.language)
WHERE id = @id;

-- name: SetUnindexed :exec
UPDATE editions SET indexed_attempt = NULL WHERE document_id = @document_id AND indexed_attempt IS NOT NULL;

-- name: Unindexed :many
-- Files whose pages were indexed otherwise.
SELECT id FROM editions WHERE state = 'ready' AND indexed_attempt IS DISTINCT FROM parsed_attempt LIMIT @max_rows;

-- name: PagesToIndex :many
SELECT number, text, blocks FROM edition_pages WHERE edition_id = @edition_id AND number > @after ORDER BY number LIMIT @max_rows;

-- name: Stems :many
-- For each word, in their order; empty where the dictionary gives none.
SELECT coalesce((ts_lexize(d.name::regdictionary, w.word))[1], '')::text AS stem
FROM (SELECT @dictionary::text AS name) d, unnest(@words::text[]) WITH ORDINALITY AS w (word, n) ORDER BY w.n;

-- name: DocumentLanguage :one
SELECT coalesce(csl->>'language', '')::text AS language FROM documents WHERE id = @id;

-- name: DeleteReferences :exec
DELETE FROM edition_references WHERE edition_id = @edition_id;

-- name: DeleteCitations :exec
DELETE FROM edition_citations WHERE edition_id = @edition_id;

-- name: InsertReferences :exec
-- In their order. An array as JSON, because unnest would flatten an array of arrays.
INSERT INTO edition_references (edition_id, position, raw, csl, page, boxes)
SELECT @edition_id, r.ord - 1, r.raw, r.csl::jsonb, r.page, ARRAY(SELECT jsonb_array_elements_text(r.boxes::jsonb))::real[]
FROM (
    SELECT generate_subscripts(@raws::text[], 1) AS ord, unnest(@raws::text[]) AS raw, unnest(@csls::text[]) AS csl,
        unnest(@pages::int[]) AS page, unnest(@boxes::text[]) AS boxes
) r;

-- name: InsertCitations :exec
INSERT INTO edition_citations (edition_id, page, text_start, text_end, positions)
SELECT @edition_id, c.page, c.text_start, c.text_end, ARRAY(SELECT jsonb_array_elements_text(c.positions::jsonb))::int[]
FROM (
    SELECT unnest(@pages::int[]) AS page, unnest(@starts::int[]) AS text_start, unnest(@ends::int[]) AS text_end,
        unnest(@positions::text[]) AS positions
) c
ON CONFLICT DO NOTHING;

-- name: References :many
-- With the document of the same library that has the same DOI, or else the same
-- title and about the same year; the nil UUID where there is none.
SELECT r.position, r.raw, r.csl, r.page, r.boxes, coalesce(d.id, t.id, '00000000-0000-0000-0000-000000000000')::uuid AS document_id
FROM edition_references r
JOIN editions e ON e.id = r.edition_id
LEFT JOIN LATERAL (
    SELECT o.id FROM documents o
    WHERE o.library_id = e.library_id AND o.csl ? 'DOI' AND lower(o.csl->>'DOI') = lower(r.csl->>'DOI')
        AND o.id <> e.document_id AND o.trashed_at IS NULL
    ORDER BY o.created_at LIMIT 1
) d ON r.csl ? 'DOI'
LEFT JOIN LATERAL (
    SELECT o.id FROM documents o
    WHERE o.library_id = e.library_id AND title_key(o.title) = title_key(r.csl->>'title') AND length(title_key(r.csl->>'title')) >= @shortest_title::int
        AND coalesce(abs(o.year - issued_year(r.csl)) <= 1, length(title_key(r.csl->>'title')) >= @sure_title::int)
        AND o.id <> e.document_id AND o.trashed_at IS NULL
    ORDER BY o.created_at LIMIT 1
) t ON d.id IS NULL AND r.csl ? 'title'
WHERE r.edition_id = @edition_id ORDER BY r.position;

-- name: Citations :many
SELECT page, text_start, text_end, positions FROM edition_citations
WHERE edition_id = @edition_id ORDER BY page, text_start, text_end;

-- name: Pages :many
SELECT number, label, box, rotation FROM edition_pages WHERE edition_id = @edition_id ORDER BY number;

-- name: HeadedPages :many
-- Pages with a heading.
SELECT number, rotation, text, blocks FROM edition_pages
WHERE edition_id = @edition_id AND blocks @> '[{"kind": "heading"}]' ORDER BY number;

-- name: Page :one
SELECT number, label, box, rotation, text, blocks, words_offset, words_length
FROM edition_pages WHERE edition_id = @edition_id AND number = @number;

-- name: NewestEditions :many
SELECT DISTINCT ON (document_id) * FROM editions
WHERE document_id = ANY(@document_ids::uuid[]) ORDER BY document_id, preference DESC, created_at DESC, id DESC;

-- name: SourcePages :many
-- None when another attempt took over.
SELECT p.number, p.label, p.box, p.rotation, p.text, p.words_offset, p.words_length
FROM edition_pages p JOIN editions e ON e.id = p.edition_id
WHERE p.edition_id = @edition_id AND e.state = 'ready' AND e.attempt = @attempt AND p.number BETWEEN @first_page::int AND @last_page::int
ORDER BY p.number;

-- name: NewestReady :many
-- The newest editions that have been read: what is searched of each document.
SELECT DISTINCT ON (document_id) document_id, id FROM editions
WHERE document_id = ANY(@document_ids::uuid[]) AND state = 'ready' ORDER BY document_id, preference DESC, created_at DESC, id DESC;

-- name: SetEditionKind :exec
-- What belongs to a paper is not shown in its place: a supplement comes after the
-- other files.
UPDATE editions SET kind = sqlc.narg('kind'), preference = CASE WHEN sqlc.narg('kind') = 'supplement'
    THEN coalesce((SELECT least(min(o.preference) - 1, editions.preference) FROM editions o WHERE o.document_id = editions.document_id AND o.id <> editions.id), preference)
    ELSE preference END
WHERE editions.id = @id;

-- name: PreferEdition :exec
UPDATE editions SET preference = 1 + (SELECT max(o.preference) FROM editions o WHERE o.document_id = editions.document_id) WHERE editions.id = @id;

-- name: LockMerging :exec
-- Merges of a library come one after the other. Who waits for a row sees it as it
-- is then, but not rows that came to the same document meanwhile.
SELECT pg_advisory_xact_lock(hashtextextended('merge ' || library_id::text, 0)) FROM documents WHERE id = @document_id;

-- name: LockDocuments :many
SELECT id, library_id, title, trashed_at FROM documents WHERE id = ANY(@ids::uuid[]) ORDER BY id FOR UPDATE;

-- name: LockEditionsOf :many
SELECT * FROM editions WHERE document_id = ANY(@document_ids::uuid[]) ORDER BY id FOR UPDATE;

-- name: MoveEditions :many
UPDATE editions SET document_id = @document_id WHERE id = ANY(@ids::uuid[]) RETURNING id;

-- name: PutMerge :exec
-- One that was merged, restored and merged again has the last merge's row.
INSERT INTO document_merges (merged_id, kept_id, edition_ids, claims, at)
VALUES (@merged_id, @kept_id, @edition_ids, @claims, @at);

-- name: TakeMerge :one
DELETE FROM document_merges WHERE merged_id = @merged_id RETURNING number, kept_id, edition_ids, claims;

-- name: ForgetMoved :exec
-- Files that went back from a merge are not those of later ones, which took them on.
UPDATE document_merges SET edition_ids = ARRAY(SELECT unnest(edition_ids) EXCEPT SELECT unnest(@edition_ids::uuid[]))
WHERE edition_ids && @edition_ids::uuid[] AND number > @number;

-- name: MergeOf :one
SELECT kept_id, edition_ids FROM document_merges WHERE merged_id = @merged_id;

-- name: EditionDocuments :many
SELECT DISTINCT document_id FROM editions WHERE id = ANY(@ids::uuid[]);

-- name: CopyClaim :one
-- Another document's claim, as it was made. Nothing where the same is there already.
INSERT INTO metadata_claims (document_id, field, source, value, confidence, person_id, at)
SELECT @document_id, c.field, @as_source, c.value, c.confidence, c.person_id, c.at
FROM metadata_claims c WHERE c.document_id = @from_id AND c.field = @field AND c.source = @source
ON CONFLICT DO NOTHING
RETURNING revision;

-- name: DropClaim :exec
DELETE FROM metadata_claims WHERE document_id = @document_id AND field = @field AND source = @source AND revision = @revision;

-- name: MergedInto :many
SELECT m.merged_id, m.kept_id, d.title FROM document_merges m JOIN documents d ON d.id = m.kept_id
WHERE m.merged_id = ANY(@ids::uuid[]);

-- name: Comparable :many
-- What documents are compared by.
SELECT d.id, d.title, d.year, coalesce(d.csl->>'DOI', '')::text AS doi,
    coalesce(jsonb_path_query_array(d.csl, '$.author[0 to 9]'), '[]')::jsonb AS authors
FROM documents d WHERE d.library_id = @library_id AND d.trashed_at IS NULL;

-- name: Distinctions :many
SELECT x.document_id, x.other_id FROM document_distinctions x JOIN documents d ON d.id = x.document_id WHERE d.library_id = @library_id;

-- name: PutDistinctions :exec
INSERT INTO document_distinctions (document_id, other_id)
SELECT a.id, b.id FROM documents a JOIN documents b ON a.id < b.id
WHERE a.id = ANY(@ids::uuid[]) AND b.id = ANY(@ids::uuid[])
ON CONFLICT DO NOTHING;

-- name: DropDistinctions :exec
DELETE FROM document_distinctions WHERE document_id = ANY(@ids::uuid[]) AND other_id = ANY(@ids::uuid[]);

-- name: InsertRecords :exec
-- Works without files; a year of 0 is none.
INSERT INTO documents (id, library_id, title, year, csl, listing, created_by, created_at, updated_at)
SELECT r.id, @library_id, r.title, nullif(r.year, 0), r.csl::jsonb, r.listing, @created_by, @at, @at
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@titles::text[]) AS title, unnest(@years::int[]) AS year,
        unnest(@csls::text[]) AS csl, unnest(@listings::text[]) AS listing
) r;

-- name: InsertClaims :exec
INSERT INTO metadata_claims (document_id, field, source, value, confidence, at)
SELECT c.document_id, c.field, c.source, c.value::jsonb, c.confidence, @at
FROM (
    SELECT unnest(@document_ids::uuid[]) AS document_id, unnest(@fields::text[]) AS field, unnest(@sources::text[]) AS source,
        unnest(@vals::text[]) AS value, unnest(@confidences::real[]) AS confidence
) c;

-- name: TrashDocuments :many
UPDATE documents SET trashed_at = @at::timestamptz, updated_at = @at::timestamptz
WHERE library_id = @library_id AND id = ANY(@ids::uuid[]) AND trashed_at IS NULL
RETURNING id;

-- name: TextsInUse :many
-- What the newest documents of a library have in a field, the most used first. Of a
-- list in one text each part is by itself.
SELECT v.part::text AS value, count(*) AS documents
FROM (
    SELECT d.csl->>(@field::text) AS whole FROM documents d
    WHERE d.library_id = @library_id AND d.trashed_at IS NULL
    ORDER BY d.created_at DESC, d.id DESC LIMIT @max_scanned
) d, string_to_table(d.whole, @separator::text) v(part)
WHERE starts_with(lower(v.part), lower(@prefix::text)) OR position(' ' || lower(@prefix::text) IN lower(v.part)) > 0
GROUP BY v.part
ORDER BY bool_or(starts_with(lower(v.part), lower(@prefix::text))) DESC, documents DESC, v.part
LIMIT @max_rows;

-- name: NamesInUse :many
-- The same for names: what tells a person from others, without where they work.
SELECT (v.value - 'affiliation' - 'email')::jsonb AS name, count(*) AS documents
FROM (
    SELECT d.csl->(@field::text) AS list FROM documents d
    WHERE d.library_id = @library_id AND d.trashed_at IS NULL
    ORDER BY d.created_at DESC, d.id DESC LIMIT @max_scanned
) d, jsonb_array_elements(d.list) v(value)
WHERE starts_with(lower(v.value->>'family'), lower(@prefix::text))
    OR starts_with(lower(v.value->>'given'), lower(@prefix::text))
    OR starts_with(lower(v.value->>'literal'), lower(@prefix::text))
GROUP BY 1
ORDER BY documents DESC, 1
LIMIT @max_rows;

-- name: InsertArchivedClaims :exec
-- Claims with the times at which they were made; the nil UUID for nobody here.
INSERT INTO metadata_claims (document_id, field, source, value, confidence, person_id, at)
SELECT c.document_id, c.field, c.source, c.value::jsonb, c.confidence, nullif(c.person_id, '00000000-0000-0000-0000-000000000000'), c.at
FROM (
    SELECT unnest(@document_ids::uuid[]) AS document_id, unnest(@fields::text[]) AS field, unnest(@sources::text[]) AS source,
        unnest(@vals::text[]) AS value, unnest(@confidences::real[]) AS confidence, unnest(@person_ids::uuid[]) AS person_id,
        unnest(@ats::timestamptz[]) AS at
) c;

-- name: SetDescribed :exec
UPDATE editions SET described = true WHERE document_id = ANY(@document_ids::uuid[]);

-- name: DescribeEdition :exec
-- As an archive says, without choosing which is shown.
UPDATE editions SET kind = @kind::text WHERE id = @id;

-- name: CameAsFile :one
-- The document was made of an upload, has this file alone, and is not in the trash.
SELECT (d.trashed_at IS NULL
    AND EXISTS (SELECT FROM metadata_claims c WHERE c.document_id = d.id AND c.source = 'filename')
    AND (SELECT count(*) FROM editions e WHERE e.document_id = d.id) = 1)::boolean
FROM documents d WHERE d.id = @document_id;

-- name: RecordsByDOI :many
-- Works of a library without a file, by their DOI in small letters.
SELECT d.id, d.title, d.year, coalesce(d.csl->>'DOI', '')::text AS doi,
    coalesce(jsonb_path_query_array(d.csl, '$.author[0 to 9]'), '[]')::jsonb AS authors
FROM documents d
WHERE d.library_id = @library_id AND d.trashed_at IS NULL AND d.csl ? 'DOI' AND lower(d.csl->>'DOI') = @doi::text
    AND NOT EXISTS (SELECT FROM editions e WHERE e.document_id = d.id)
LIMIT 50;

-- name: RecordsByWords :many
-- Works of a library without a file that have all words of a title.
SELECT d.id, d.title, d.year, coalesce(d.csl->>'DOI', '')::text AS doi,
    coalesce(jsonb_path_query_array(d.csl, '$.author[0 to 9]'), '[]')::jsonb AS authors
FROM documents d
WHERE d.library_id = @library_id AND d.trashed_at IS NULL AND d.listing_tsv @@ plainto_tsquery('scrollkeeper', @words::text)
    AND NOT EXISTS (SELECT FROM editions e WHERE e.document_id = d.id)
LIMIT 50;

-- name: ComparableDocument :one
SELECT d.id, d.title, d.year, coalesce(d.csl->>'DOI', '')::text AS doi,
    coalesce(jsonb_path_query_array(d.csl, '$.author[0 to 9]'), '[]')::jsonb AS authors
FROM documents d WHERE d.id = @id;

-- name: KeptApart :one
SELECT EXISTS (SELECT FROM document_distinctions x WHERE x.document_id = least(@a::uuid, @b::uuid) AND x.other_id = greatest(@a::uuid, @b::uuid));

-- name: CountEditions :one
SELECT count(*) FROM editions WHERE document_id = @document_id;

-- name: FilesBySHA256 :many
-- Those too that are not checked yet, by what was said when they came.
SELECT coalesce(e.sha256, e.claimed_sha256)::bytea AS sha256, e.document_id, d.title, d.trashed_at
FROM editions e JOIN documents d ON d.id = e.document_id
WHERE e.library_id = @library_id AND (e.sha256 = ANY(@sums::bytea[]) OR e.sha256 IS NULL AND e.claimed_sha256 = ANY(@sums::bytea[]));

-- name: MergesOf :many
-- Merges that documents went into or took part in.
SELECT m.merged_id, m.kept_id, m.edition_ids, (d.trashed_at IS NOT DISTINCT FROM m.at)::boolean AS trashed_by_merge
FROM document_merges m JOIN documents d ON d.id = m.merged_id
WHERE m.merged_id = ANY(@ids::uuid[]) OR m.kept_id = ANY(@ids::uuid[])
ORDER BY m.number DESC;

-- name: MergedTree :many
-- A document and those in the trash whose files it took, at whatever remove.
WITH RECURSIVE tree AS (
    SELECT @id::uuid AS id
    UNION
    SELECT m.merged_id FROM tree t JOIN document_merges m ON m.kept_id = t.id
)
SELECT id::uuid AS id FROM tree;

-- name: SameFileIn :many
-- The document of a library that has one of these files.
SELECT o.document_id FROM editions e JOIN editions o ON o.library_id = @library_id AND o.sha256 = e.sha256
WHERE e.document_id = ANY(@document_ids::uuid[]) AND e.library_id <> @library_id LIMIT 1;

-- name: RelocateDocuments :exec
UPDATE documents SET library_id = @library_id, updated_at = @at WHERE id = ANY(@ids::uuid[]);

-- name: RelocateEditions :exec
UPDATE editions SET library_id = @library_id WHERE document_id = ANY(@document_ids::uuid[]);

-- name: RelocatePages :exec
UPDATE edition_pages SET library_id = @library_id WHERE edition_id = ANY(@edition_ids::uuid[]);

-- name: ShareEditionsOf :many
SELECT * FROM editions WHERE document_id = @document_id ORDER BY id FOR SHARE;

-- name: CopyDocument :exec
INSERT INTO documents (id, library_id, title, year, csl, listing, created_by, created_at, updated_at)
SELECT @id, @library_id, d.title, d.year, d.csl, d.listing, @created_by, @at, @at FROM documents d WHERE d.id = @from_id;

-- name: CopyClaims :exec
INSERT INTO metadata_claims (document_id, field, source, value, confidence, person_id, at)
SELECT @id, c.field, c.source, c.value, c.confidence, c.person_id, c.at FROM metadata_claims c WHERE c.document_id = @from_id;

-- name: CopyEdition :exec
INSERT INTO editions (id, library_id, document_id, blob_key, filename, size, sha256, claimed_sha256, state, failure_kind, failure_message,
    attempt, parsed_attempt, text_version, page_count, outline, words_key, thumbnail_key, created_by, created_at, parsed_at,
    superseded, preference, failed_pages, failed_page_kinds, kind)
SELECT @id, @library_id, @document_id, @blob_key, e.filename, e.size, e.sha256, e.claimed_sha256, e.state, e.failure_kind, e.failure_message,
    e.attempt, e.parsed_attempt, e.text_version, e.page_count, e.outline, sqlc.narg('words_key'), sqlc.narg('thumbnail_key'), @created_by, e.created_at, e.parsed_at,
    e.superseded, e.preference, e.failed_pages, e.failed_page_kinds, e.kind
FROM editions e WHERE e.id = @from_id;

-- name: CopyPages :exec
INSERT INTO edition_pages (library_id, edition_id, number, label, box, rotation, text, tsv, words_offset, words_length, blocks)
SELECT @library_id, @edition_id, p.number, p.label, p.box, p.rotation, p.text, p.tsv, p.words_offset, p.words_length, p.blocks
FROM edition_pages p WHERE p.edition_id = @from_id;

-- name: CopyReferences :exec
INSERT INTO edition_references (edition_id, position, raw, csl, page, boxes)
SELECT @edition_id, r.position, r.raw, r.csl, r.page, r.boxes FROM edition_references r WHERE r.edition_id = @from_id;

-- name: CopyCitations :exec
INSERT INTO edition_citations (edition_id, page, text_start, text_end, positions)
SELECT @edition_id, c.page, c.text_start, c.text_end, c.positions FROM edition_citations c WHERE c.edition_id = @from_id;
