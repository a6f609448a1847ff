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
    files = @files, marks = @marks, problem_count = @problem_count, problems = @problems, updated_at = @at
WHERE id = @id AND state = 'checking';

-- name: SetState :exec
UPDATE imports SET state = @state, failure = @failure, updated_at = @at WHERE id = @id;

-- name: SetPassed :exec
UPDATE imports SET passed = @passed, added = added + @added, updated_at = @at WHERE id = @id;

-- name: AddProblems :exec
-- What went wrong only when the records came in.
UPDATE imports SET problem_count = problem_count + jsonb_array_length(@problems), problems = problems || @problems WHERE id = @id;

-- name: InsertImported :exec
INSERT INTO imported_documents (document_id, import_id) SELECT unnest(@document_ids::uuid[]), @import_id;

-- name: Imported :many
SELECT document_id FROM imported_documents WHERE import_id = @import_id ORDER BY document_id;

-- name: DeleteImport :exec
DELETE FROM imports WHERE id = @id;

-- name: OldImports :many
SELECT id, blob_key, state FROM imports WHERE updated_at < @before ORDER BY id LIMIT 500;
