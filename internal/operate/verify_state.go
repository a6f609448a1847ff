package operate

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/ingest"
)

// liveJob is River's word for a job that will still run.
const liveJob = `('available', 'pending', 'retryable', 'running', 'scheduled')`

func checkResultsWhole(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT count(*) FROM editions WHERE state = 'ready'`); err != nil {
		return err
	}
	err := f.suspects(ctx, v, `
		SELECT e.id::text, format('%s (%s): %s pages of %s, numbered %s to %s; attempt %s, parsed by %s',
			e.filename, e.id, p.pages, e.page_count, p.first, p.last, e.attempt, e.parsed_attempt)
		FROM editions e
		CROSS JOIN LATERAL (
			SELECT count(*) AS pages, coalesce(min(number), 0) AS first, coalesce(max(number), 0) AS last,
			       count(*) FILTER (WHERE library_id <> e.library_id) AS elsewhere
			FROM edition_pages WHERE edition_id = e.id) p
		WHERE e.state = 'ready'
		  AND (p.pages IS DISTINCT FROM e.page_count OR p.last IS DISTINCT FROM e.page_count OR (p.pages > 0 AND p.first <> 1) OR p.elsewhere > 0
		       OR e.parsed_attempt IS DISTINCT FROM e.attempt OR e.sha256 IS NULL OR e.text_version IS NULL OR e.words_key IS NULL)`)
	if err != nil {
		return err
	}
	return checkDerivedFiles(ctx, v, f)
}

// derived is what the database says about the files made from one edition.
type derived struct {
	ID           uuid.UUID
	Filename     string
	WordsKey     *string
	ThumbnailKey *string
	WordsLength  int64 // where the last page's words end
}

func checkDerivedFiles(ctx context.Context, v Verification, f *finding) error {
	for after := uuid.Nil; ; {
		rows, err := v.Pool.Query(ctx, `
			SELECT e.id, e.filename, e.words_key, e.thumbnail_key,
			       coalesce((SELECT max(words_offset + words_length) FROM edition_pages p WHERE p.edition_id = e.id), 0)
			FROM editions e WHERE e.state = 'ready' AND e.id > $1 ORDER BY e.id LIMIT $2`, after, batch)
		if err != nil {
			return err
		}
		editions, err := pgx.CollectRows(rows, pgx.RowToStructByPos[derived])
		if err != nil {
			return err
		}
		for _, e := range editions {
			after = e.ID
			for _, part := range []struct {
				what   string
				key    *string
				length int64
			}{{"words", e.WordsKey, e.WordsLength}, {"thumbnail", e.ThumbnailKey, 1}} {
				if part.key == nil {
					continue
				}
				if err := checkDerivedFile(ctx, v, f, e, part.what, *part.key, part.length); err != nil {
					return err
				}
			}
		}
		if len(editions) < batch {
			return nil
		}
	}
}

func checkDerivedFile(ctx context.Context, v Verification, f *finding, e derived, what, key string, length int64) error {
	info, err := v.Blobs.Stat(ctx, key)
	if err == nil && info.Size >= length {
		return nil
	}
	if err != nil && !notFound(err) {
		return err
	}
	// Parsed again or deleted since the row was read?
	var current bool
	if err := v.Pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM editions WHERE id = $1 AND $2 IN (words_key, thumbnail_key))`, e.ID, key).Scan(&current); err != nil {
		return err
	}
	switch {
	case !current:
	case err != nil:
		f.wrong("%s (%s): its %s are missing: %s", e.Filename, e.ID, what, key)
	default:
		f.wrong("%s (%s): its %s have %d bytes and need %d: %s", e.Filename, e.ID, what, info.Size, length, key)
	}
	return nil
}

func checkNewestSearched(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT count(DISTINCT document_id) FROM editions WHERE state = 'ready'`); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT e.id::text, format('%s (%s) is %s of the files of %s', e.filename, e.id,
			CASE WHEN e.superseded THEN 'not searched although it is the one that is shown' ELSE 'searched although another one is shown' END, e.document_id)
		FROM editions e
		WHERE e.state = 'ready' AND e.superseded <> EXISTS (
			SELECT FROM editions n WHERE n.document_id = e.document_id AND n.state = 'ready' AND (n.preference, n.created_at, n.id) > (e.preference, e.created_at, e.id))`)
}

func checkUnfinishedHaveJobs(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT count(*) FROM editions WHERE state IN ('queued', 'checking', 'parsing')`); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT e.id::text, format('%s (%s) is %s and has %s live jobs', e.filename, e.id, e.state, coalesce(j.live, 0))
		FROM editions e
		LEFT JOIN (
			SELECT args->>'edition_id' AS edition, count(*) AS live FROM river_job
			WHERE kind = $1 AND state IN `+liveJob+` GROUP BY args->>'edition_id') j ON j.edition = e.id::text
		WHERE e.state IN ('queued', 'checking', 'parsing') AND j.live IS DISTINCT FROM 1`, ingest.ParseArgs{}.Kind())
}

func checkJobsHaveFiles(ctx context.Context, v Verification, f *finding) error {
	kind := ingest.ParseArgs{}.Kind()
	if err := f.count(ctx, v, `SELECT count(*) FROM river_job WHERE kind = $1 AND state IN `+liveJob, kind); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT j.id::text, format('job %s (%s) is of file %s, which is %s', j.id, j.state, j.args->>'edition_id', coalesce(e.state, 'gone'))
		FROM river_job j
		LEFT JOIN editions e ON e.id::text = j.args->>'edition_id'
		WHERE j.kind = $1 AND j.state IN `+liveJob+`
		  AND (e.id IS NULL OR e.state NOT IN ('queued', 'checking', 'parsing'))`, kind)
}

func checkFailuresExplained(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT count(*) FROM editions WHERE state = 'failed'`); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT id::text, format('%s (%s) failed without a reason', filename, id)
		FROM editions
		WHERE state = 'failed' AND (coalesce(failure_kind, '') = '' OR coalesce(failure_message, '') = '')`)
}

func checkLogGapless(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT count(*) FROM libraries`); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT l.id::text, format('library %s is at version %s; its log has %s rows, from %s to %s', l.name, l.version, c.rows, c.first, c.last)
		FROM libraries l
		CROSS JOIN LATERAL (
			SELECT count(*) AS rows, coalesce(min(version), 0) AS first, coalesce(max(version), 0) AS last
			FROM library_changes WHERE library_id = l.id) c
		WHERE c.rows <> l.version OR c.last <> l.version OR (c.rows > 0 AND c.first <> 1)`)
}

func checkLogComplete(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT count(*) FROM documents`); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT d.id::text, format('document %s (%s) arrived %s times', d.title, d.id, c.arrivals)
		FROM documents d
		LEFT JOIN (
			SELECT library_id, object_id, count(*) AS arrivals FROM library_changes
			WHERE kind = 'document' AND op = 'added' GROUP BY library_id, object_id) c
		  ON c.library_id = d.library_id AND c.object_id = d.id
		WHERE c.arrivals IS DISTINCT FROM 1`)
}

func checkLogPrivate(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT count(*) FROM library_changes WHERE kind IN ('upload', 'annotation') OR audience_id IS NOT NULL`); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT c.library_id::text || c.version, format('library %s, version %s: %s %s is for everybody', c.library_id, c.version, c.kind, c.object_id)
		FROM library_changes c
		WHERE c.kind = 'upload' AND c.audience_id IS NULL
		UNION ALL
		SELECT c.library_id::text || c.version, format('library %s, version %s: upload %s is for %s but is %s''s', c.library_id, c.version, c.object_id, c.audience_id, u.person_id)
		FROM library_changes c
		JOIN uploads u ON u.id = c.object_id
		WHERE c.kind = 'upload' AND c.audience_id <> u.person_id
		UNION ALL
		SELECT c.library_id::text || c.version, format('library %s, version %s: private mark %s is for %s', c.library_id, c.version, c.object_id, coalesce(c.audience_id::text, 'everybody'))
		FROM library_changes c
		JOIN annotations a ON a.id = c.object_id
		WHERE c.kind = 'annotation' AND a.private AND a.author_id IS NOT NULL AND c.audience_id IS DISTINCT FROM a.author_id
		  -- A mark that others saw once is in their log.
		  AND NOT EXISTS (SELECT 1 FROM annotation_history h WHERE h.annotation_id = a.id AND h.what = 'shared')`)
}

func checkMarksPlaced(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT (SELECT count(*) FROM annotations) + (SELECT count(*) FROM annotation_anchors)`); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT a.id::text, format('mark %s was made on file %s and has no place there', a.id, a.edition_id)
		FROM annotations a
		WHERE a.kind <> 'document' AND NOT EXISTS (SELECT 1 FROM annotation_anchors n WHERE n.annotation_id = a.id AND n.edition_id = a.edition_id)
		UNION ALL
		SELECT a.id::text || n.edition_id, format('mark %s of document %s has a place in file %s of document %s', a.id, a.document_id, e.id, e.document_id)
		FROM annotation_anchors n
		JOIN annotations a ON a.id = n.annotation_id
		JOIN editions e ON e.id = n.edition_id
		WHERE e.document_id <> a.document_id OR n.library_id <> a.library_id
		UNION ALL
		SELECT a.id::text, format('mark %s is in library %s and its document in %s', a.id, a.library_id, d.library_id)
		FROM annotations a
		JOIN documents d ON d.id = a.document_id
		WHERE d.library_id <> a.library_id`)
}

func checkMarksOnce(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT (SELECT count(*) FROM annotations) + (SELECT count(*) FROM annotation_operations)`); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT a.id::text, format('mark %s arrived %s times', a.id, coalesce(c.arrivals, 0))
		FROM annotations a
		LEFT JOIN (
			SELECT library_id, object_id, count(*) AS arrivals FROM library_changes
			WHERE kind = 'annotation' AND op = 'added' GROUP BY library_id, object_id) c
		  ON c.library_id = a.library_id AND c.object_id = a.id
		WHERE c.arrivals IS DISTINCT FROM 1
		UNION ALL
		SELECT person_id::text || id, format('%s made change %s %s times', person_id, id, count(*))
		FROM annotation_operations GROUP BY person_id, id HAVING count(*) > 1
		UNION ALL
		SELECT annotation_id::text || coalesce(reply_id::text, ''), format('mark %s, reply %s was made %s times', annotation_id, reply_id, count(*))
		FROM annotation_history WHERE what = 'made' GROUP BY annotation_id, reply_id HAVING count(*) > 1`)
}

func checkMarksPrivate(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT count(*) FROM annotations WHERE private`); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT a.id::text, format('private mark %s of %s has a reply of %s', a.id, a.author_id, coalesce(r.author_id::text, r.author_name))
		FROM annotations a
		JOIN annotation_replies r ON r.annotation_id = a.id AND r.deleted_at IS NULL
		WHERE a.private AND r.author_id IS DISTINCT FROM a.author_id
		UNION ALL
		SELECT a.id::text, format('private mark %s of %s is to be looked after by %s', a.id, a.author_id, a.assignee_id)
		FROM annotations a
		WHERE a.private AND a.assignee_id <> a.author_id
		UNION ALL
		SELECT a.id::text, format('private mark %s of %s mentions %s', a.id, a.author_id, m.person_id)
		FROM annotations a
		JOIN annotation_mentions m ON m.annotation_id = a.id
		WHERE a.private`)
}

func checkLibrariesOwned(ctx context.Context, v Verification, f *finding) error {
	if err := f.count(ctx, v, `SELECT (SELECT count(*) FROM libraries) + (SELECT count(*) FROM people WHERE NOT is_guest)`); err != nil {
		return err
	}
	return f.suspects(ctx, v, `
		SELECT l.id::text, format('library %s (%s) has %s owners', l.name, l.id, count(m.person_id))
		FROM libraries l
		LEFT JOIN library_members m ON m.library_id = l.id AND m.role = 'owner'
		GROUP BY l.id HAVING count(m.person_id) <> 1
		UNION ALL
		SELECT p.id::text, format('%s has %s personal libraries', p.email, count(l.id))
		FROM people p
		LEFT JOIN library_members m ON m.person_id = p.id AND m.role = 'owner'
		LEFT JOIN libraries l ON l.id = m.library_id AND l.kind = 'personal'
		WHERE NOT p.is_guest
		GROUP BY p.id HAVING count(l.id) <> 1`)
}
