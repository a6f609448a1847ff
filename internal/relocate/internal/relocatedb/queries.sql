-- name: InsertRelocation :exec
INSERT INTO relocations (id, person_id, from_library_id, to_library_id, kind, with_marks, with_tags, collection_id, state, created_at, updated_at)
VALUES (@id, @person_id, @from_library_id, @to_library_id, @kind, @with_marks, @with_tags, @collection_id, 'running', @at, @at);

-- name: InsertDocuments :exec
INSERT INTO relocated_documents (relocation_id, position, document_id, target_id, state)
SELECT @relocation_id, d.ord - 1, d.document_id, d.target_id, 'waiting'
FROM (
    SELECT generate_subscripts(@document_ids::uuid[], 1) AS ord, unnest(@document_ids::uuid[]) AS document_id, unnest(@target_ids::uuid[]) AS target_id
) d;

-- name: OpenRelocations :one
SELECT count(*) FROM relocations WHERE person_id = @person_id AND state IN ('running', 'undoing');

-- name: RelocationByID :one
SELECT * FROM relocations WHERE id = @id;

-- name: LockRelocation :one
SELECT * FROM relocations WHERE id = @id FOR UPDATE;

-- name: SetState :exec
UPDATE relocations SET state = @state, updated_at = @at WHERE id = @id;

-- name: Counts :one
SELECT count(*) AS total, count(*) FILTER (WHERE state = 'done') AS arrived, count(*) FILTER (WHERE state = 'present') AS present,
    count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'undone') AS undone
FROM relocated_documents WHERE relocation_id = @relocation_id;

-- name: Problems :many
SELECT document_id, present_id, problem FROM relocated_documents WHERE relocation_id = @relocation_id AND problem <> ''
ORDER BY position LIMIT @max_rows;

-- name: DocumentsIn :many
SELECT position, document_id, target_id FROM relocated_documents WHERE relocation_id = @relocation_id AND state = @state ORDER BY position;

-- name: LockDocument :one
SELECT state, kept FROM relocated_documents WHERE relocation_id = @relocation_id AND position = @position FOR UPDATE;

-- name: SetDocument :exec
UPDATE relocated_documents SET state = @state, present_id = @present_id, problem = @problem, kept = @kept
WHERE relocation_id = @relocation_id AND position = @position;

-- name: CollectionLibrary :one
SELECT library_id FROM collections WHERE id = @id AND deleted_at IS NULL;

-- name: SweepRelocations :exec
DELETE FROM relocations WHERE updated_at < @before;
