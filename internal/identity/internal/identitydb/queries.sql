-- name: InsertPerson :exec
INSERT INTO people (id, email, name, password_hash, is_operator, created_at)
VALUES (@id, @email::text, @name, @password_hash::text, @is_operator, @created_at);

-- name: InsertGuest :exec
INSERT INTO people (id, name, is_guest, created_at) VALUES (@id, @name, true, @created_at);

-- name: CountPeople :one
SELECT count(*) FROM people WHERE NOT is_guest;

-- name: LockPeople :exec
-- Two first visitors must not both become the owner.
LOCK TABLE people IN SHARE ROW EXCLUSIVE MODE;

-- name: PersonByEmail :one
SELECT id, email::text AS email, name, password_hash::text AS password_hash, is_operator
FROM people WHERE lower(email) = lower(@email::text) AND NOT is_guest;

-- name: InsertSession :exec
INSERT INTO sessions (secret_hash, person_id, user_agent, address, created_at, last_seen_at, expires_at)
VALUES (@secret_hash, @person_id, @user_agent, @address, @created_at, @created_at, @expires_at);

-- name: PersonBySession :one
SELECT p.id, p.email::text AS email, p.name, p.is_operator, s.last_seen_at
FROM sessions s JOIN people p ON p.id = s.person_id
WHERE s.secret_hash = @secret_hash AND s.expires_at > @now::timestamptz AND NOT p.is_guest;

-- name: TouchSession :exec
UPDATE sessions SET last_seen_at = @now, expires_at = @expires_at WHERE secret_hash = @secret_hash;

-- name: DeleteSession :one
DELETE FROM sessions WHERE secret_hash = @secret_hash RETURNING person_id;

-- name: DeleteExpiredSessions :execrows
DELETE FROM sessions WHERE expires_at <= @now;

-- name: InsertToken :exec
INSERT INTO api_tokens (id, person_id, name, secret_hash, created_at)
VALUES (@id, @person_id, @name, @secret_hash, @created_at);

-- name: PersonByToken :one
SELECT p.id, p.email::text AS email, p.name, p.is_operator, t.last_used_at
FROM api_tokens t JOIN people p ON p.id = t.person_id
WHERE t.secret_hash = @secret_hash AND NOT p.is_guest;

-- name: TouchToken :exec
UPDATE api_tokens SET last_used_at = @now::timestamptz WHERE secret_hash = @secret_hash;

-- name: Tokens :many
SELECT id, name, created_at, last_used_at FROM api_tokens WHERE person_id = @person_id ORDER BY created_at DESC;

-- name: DeleteToken :execrows
DELETE FROM api_tokens WHERE id = @id AND person_id = @person_id;

-- name: PutSetupLink :exec
INSERT INTO setup_links (only_row, secret_hash, created_at) VALUES (true, @secret_hash, @created_at)
ON CONFLICT (only_row) DO UPDATE SET secret_hash = excluded.secret_hash, created_at = excluded.created_at;

-- name: TakeSetupLink :execrows
DELETE FROM setup_links WHERE secret_hash = @secret_hash;
