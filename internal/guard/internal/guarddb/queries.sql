-- name: Count :one
INSERT INTO guard_windows (key, window_start, attempts) VALUES (@key, @window_start, 1)
ON CONFLICT (key, window_start) DO UPDATE SET attempts = guard_windows.attempts + 1
RETURNING attempts;

-- name: Forget :exec
DELETE FROM guard_windows WHERE key = @key;

-- name: DeleteOld :execrows
DELETE FROM guard_windows WHERE window_start < @before;
