-- name: Position :one
SELECT edition_id, page, x, y, at FROM reading_positions WHERE person_id = @person_id AND document_id = @document_id;

-- name: PutPosition :exec
-- The newest by its own time stays: a device that was offline must not take the
-- reader back. Nothing is written for an edition that is gone.
INSERT INTO reading_positions (person_id, document_id, edition_id, page, x, y, at)
SELECT @person_id, e.document_id, e.id, @page, @x, @y, @at FROM editions e
WHERE e.id = @edition_id AND e.document_id = @document_id
ON CONFLICT (person_id, document_id) DO UPDATE
SET edition_id = excluded.edition_id, page = excluded.page, x = excluded.x, y = excluded.y, at = excluded.at
WHERE reading_positions.at <= excluded.at;

-- name: CopyPositions :exec
-- Of those who are members where the copy is.
INSERT INTO reading_positions (person_id, document_id, edition_id, page, x, y, at)
SELECT r.person_id, CAST(@target::text AS uuid), md5(@target::text || r.edition_id::text)::uuid, r.page, r.x, r.y, r.at
FROM reading_positions r JOIN library_members m ON m.library_id = @library_id AND m.person_id = r.person_id
WHERE r.document_id = @document_id;
