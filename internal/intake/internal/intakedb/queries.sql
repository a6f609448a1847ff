-- name: InsertImport :exec
INSERT INTO imports (id, library_id, person_id, filename, format, size, blob_key, state, created_at, updated_at)
VALUES (@id, @library_id, @person_id, @filename, @format, @size, @blob_key, 'checking', @at, @at);

-- name: ImportByID :one
SELECT * FROM imports WHERE id = @id;

-- name: LockImport :one
SELECT * FROM imports WHERE id = @id FOR UPDATE;

-- name: PersonImports :many
SELECT * FROM imports WHERE library_id = @library_id AND person_id = @person_id ORDER BY created_at DESC LIMIT @max_rows;

-- name: OpenImports :one
SELECT count(*) FROM imports WHERE person_id = @person_id AND state IN ('checking', 'checked', 'running');

-- name: SetChecked :execrows
UPDATE imports SET state = 'checked', total = @total, fresh = @fresh, present = @present, repeated = @repeated,
    problem_count = @problem_count, problems = @problems, contents = @contents, files_passed = 0, updated_at = @at
WHERE id = @id AND state = 'checking';

-- name: SetState :exec
UPDATE imports SET state = @state, failure = @failure, updated_at = @at WHERE id = @id;

-- name: SetRunning :exec
UPDATE imports SET state = 'running', folders = @folders, updated_at = @at WHERE id = @id;

-- name: SetLookedAt :exec
-- How many files have been looked through.
UPDATE imports SET files_passed = @files_passed, contents = @contents, updated_at = @at WHERE id = @id AND state = 'checking';

-- name: InsertFiles :exec
-- A file that two records name is the first one's.
INSERT INTO import_files (import_id, entry, position, document_id, tags, collections)
SELECT @import_id, f.entry, f.position, nullif(f.document_id, '00000000-0000-0000-0000-000000000000'::uuid),
    array(SELECT jsonb_array_elements_text(f.tags::jsonb)), array(SELECT jsonb_array_elements_text(f.collections::jsonb))
FROM (
    SELECT unnest(@entries::int[]) AS entry, unnest(@positions::int[]) AS position, unnest(@document_ids::uuid[]) AS document_id,
        unnest(@tags::text[]) AS tags, unnest(@collections::text[]) AS collections
) f
ON CONFLICT DO NOTHING;

-- name: WaitingFiles :many
SELECT entry, document_id, tags, collections FROM import_files WHERE import_id = @import_id AND NOT passed ORDER BY position, entry;

-- name: SetFilePassed :execrows
UPDATE import_files SET passed = true WHERE import_id = @import_id AND entry = @entry AND NOT passed;

-- name: AddFilePassed :exec
UPDATE imports SET files_passed = files_passed + 1, files_added = files_added + @files_added, added = added + @added, updated_at = @at WHERE id = @id;

-- name: SetPassed :exec
UPDATE imports SET passed = @passed, added = added + @added, files_passed = files_passed + @files, files_added = files_added + @files, updated_at = @at
WHERE id = @id;

-- name: AddProblems :exec
-- What went wrong only when the records came in.
UPDATE imports SET problem_count = problem_count + @problem_count,
    problems = CASE WHEN jsonb_array_length(problems) < @max_problems::int THEN problems || @problems::jsonb ELSE problems END
WHERE id = @id;

-- name: InsertImported :exec
INSERT INTO imported_documents (document_id, import_id) SELECT unnest(@document_ids::uuid[]), @import_id;

-- name: Imported :many
SELECT document_id FROM imported_documents WHERE import_id = @import_id ORDER BY document_id;

-- name: IsImported :one
SELECT EXISTS (SELECT FROM imported_documents WHERE import_id = @import_id AND document_id = @document_id);

-- name: DeleteImport :exec
DELETE FROM imports WHERE id = @id;

-- name: OldImports :many
SELECT id, blob_key, state FROM imports WHERE updated_at < @before ORDER BY id LIMIT 500;

-- name: ForgetImported :exec
DELETE FROM imported_documents WHERE document_id = ANY(@document_ids::uuid[]);
