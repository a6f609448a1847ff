package operate_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/operate"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob/disk"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

// The ids of what an installation has: one person with a personal library, a
// paper that is ready, one that waits, and one that failed; a mark that all may see
// and a private one.
const (
	person  = "00000000-0000-7000-8000-000000000001"
	lib     = "00000000-0000-7000-8000-000000000002"
	ready   = "00000000-0000-7000-8000-000000000010"
	waiting = "00000000-0000-7000-8000-000000000020"
	failed  = "00000000-0000-7000-8000-000000000030"
	shared  = "00000000-0000-7000-8000-000000000040"
	private = "00000000-0000-7000-8000-000000000050"
)

type installation struct {
	pool  *pgxpool.Pool
	blobs *disk.Store
	root  string
}

func (in installation) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := in.pool.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func (in installation) put(t *testing.T, key, content string) {
	t.Helper()
	if err := in.blobs.Put(t.Context(), key, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
}

func (in installation) verify(t *testing.T, v operate.Verification) operate.Report {
	t.Helper()
	v.Pool, v.Blobs, v.RecheckPause = in.pool, in.blobs, time.Millisecond
	if v.Now.IsZero() {
		v.Now = time.Now()
	}
	report, err := operate.Verify(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func install(t *testing.T) installation {
	t.Helper()
	root := t.TempDir()
	blobs, err := disk.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	in := installation{postgrestest.New(t), blobs, root}
	in.exec(t, `INSERT INTO people (id, email, name, password_hash, is_operator, created_at) VALUES ($1, 'ada@example.org', 'Ada', 'x', true, now())`, person)
	in.exec(t, `INSERT INTO libraries (id, name, kind, version, created_at) VALUES ($1, 'Ada', 'personal', 6, now())`, lib)
	in.exec(t, `INSERT INTO library_members (library_id, person_id, role, joined_at) VALUES ($1, $2, 'owner', now())`, lib, person)
	for i, id := range []string{ready, waiting, failed} {
		content := "%PDF-1.7 " + id
		sum := sha256.Sum256([]byte(content))
		in.put(t, "uploads/"+id, content)
		in.exec(t, `INSERT INTO documents (id, library_id, title, listing, created_at, updated_at) VALUES ($1, $2, 'A paper', 'a paper', now(), now())`, id, lib)
		in.exec(t, `INSERT INTO editions (id, library_id, document_id, blob_key, filename, size, sha256, claimed_sha256, state, created_at)
			VALUES ($1, $2, $1, $5, 'paper.pdf', $3, $4, $4, 'queued', now())`, id, lib, len(content), sum[:], "uploads/"+id)
		in.exec(t, `INSERT INTO uploads (id, library_id, person_id, filename, size, state, document_id, created_at, finished_at, expires_at)
			VALUES ($1, $2, $3, 'paper.pdf', $4, 'finished', $1, now(), now(), now())`, id, lib, person, len(content))
		in.exec(t, `INSERT INTO library_changes (library_id, version, kind, object_id, op, at) VALUES ($1, $2, 'document', $3, 'added', now())`, lib, i+1, id)
	}
	in.exec(t, `INSERT INTO library_changes (library_id, version, kind, object_id, op, audience_id, at) VALUES ($1, 4, 'upload', $2, 'duplicate', $3, now())`, lib, ready, person)
	in.exec(t, `UPDATE editions SET state = 'ready', attempt = 1, parsed_attempt = 1, page_count = 2, text_version = 'v',
		words_key = 'derived/' || id || '/1/words', thumbnail_key = 'derived/' || id || '/1/thumbnail' WHERE id = $1`, ready)
	in.put(t, "derived/"+ready+"/1/words", "0123456789")
	in.put(t, "derived/"+ready+"/1/thumbnail", "picture")
	for page := 1; page <= 2; page++ {
		in.exec(t, `INSERT INTO edition_pages (library_id, edition_id, number, box, text, tsv, words_offset, words_length)
			VALUES ($1, $2, $3, '{0,0,1,1}', 'words', 'words', $4, 5)`, lib, ready, page, (page-1)*5)
	}
	in.exec(t, `UPDATE editions SET state = 'failed', failure_kind = 'damaged', failure_message = 'It is damaged.' WHERE id = $1`, failed)
	in.job(t, waiting, "available")
	for i, mark := range []string{shared, private} {
		in.exec(t, `INSERT INTO annotations (id, library_id, document_id, edition_id, author_id, author_name, kind, meaning, private, body, created_at, updated_at)
			VALUES ($1, $2, $3, $3, $4, 'Ada', 'note', 'key', $5, 'x', now(), now())`, mark, lib, ready, person, mark == private)
		in.exec(t, `INSERT INTO annotation_anchors (library_id, annotation_id, edition_id, status, score, exact, prefix, suffix, attempt, text_version, parts, page, position, y, x)
			VALUES ($1, $2, $3, 'exact', 1, '', '', '', 1, 'v', '[]', 1, 0, 0, 0)`, lib, mark, ready)
		in.exec(t, `INSERT INTO annotation_history (library_id, annotation_id, at, person_id, person_name, what, private)
			VALUES ($1, $2, now(), $3, 'Ada', 'made', $4)`, lib, mark, person, mark == private)
		in.exec(t, `INSERT INTO library_changes (library_id, version, kind, object_id, op, audience_id, at)
			VALUES ($1, $2, 'annotation', $3, 'added', CASE WHEN $4 THEN $5::uuid END, now())`, lib, 5+i, mark, mark == private, person)
	}
	return in
}

func (in installation) job(t *testing.T, edition, state string) {
	t.Helper()
	in.exec(t, `INSERT INTO river_job (kind, args, state, queue, max_attempts, priority, scheduled_at, finalized_at)
		VALUES ('parse_edition', jsonb_build_object('edition_id', $1::text), $2::text::river_job_state, 'parse', 3, 1, now(),
			CASE $2::text WHEN 'completed' THEN now() END)`, edition, state)
}

func TestVerify(t *testing.T) {
	t.Run("a sound installation passes, and is not changed", func(t *testing.T) {
		in := install(t)
		before := in.fingerprint(t)
		report := in.verify(t, operate.Verification{})
		for _, c := range report.Checks {
			if c.Bad != 0 || c.Looked == 0 || c.Skipped != "" {
				t.Errorf("%s: %+v", c.Name, c)
			}
		}
		if !report.OK {
			t.Error("it is not OK")
		}
		if after := in.fingerprint(t); after != before {
			t.Errorf("it changed something:\n%s\n%s", before, after)
		}
	})

	t.Run("an empty installation passes", func(t *testing.T) {
		blobs, err := disk.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if report := (installation{pool: postgrestest.New(t), blobs: blobs}).verify(t, operate.Verification{}); !report.OK {
			t.Errorf("got %+v", report)
		}
	})

	late := time.Now().Add(48 * time.Hour)
	for name, tc := range map[string]struct {
		damage func(t *testing.T, in installation)
		check  string // the one that must notice
		now    time.Time
	}{
		"a file that is gone": {check: "files-present", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.remove(t, "uploads/"+failed)
		}},
		"a file that is cut short": {check: "files-present", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.put(t, "uploads/"+failed, "%PDF")
		}},
		"a bit that turned": {check: "files-intact", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.put(t, "uploads/"+ready, "%PDF-1.6 "+ready)
		}},
		"an acknowledged upload without a document": {check: "uploads-kept", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `DELETE FROM documents WHERE id = $1`, failed)
		}},
		"a file that belongs to nothing": {check: "no-strays", now: late, damage: func(t *testing.T, in installation) {
			t.Helper()
			in.put(t, "uploads/00000000-0000-7000-8000-000000000099", "%PDF")
		}},
		"words of an attempt before": {check: "no-strays", now: late, damage: func(t *testing.T, in installation) {
			t.Helper()
			in.put(t, "derived/"+ready+"/0/words", "old")
		}},
		"a page that is missing": {check: "results-whole", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `DELETE FROM edition_pages WHERE number = 1`)
		}},
		"words that are gone": {check: "results-whole", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.remove(t, "derived/"+ready+"/1/words")
		}},
		"words that are cut short": {check: "results-whole", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.put(t, "derived/"+ready+"/1/words", "0123")
		}},
		"a thumbnail that is gone": {check: "results-whole", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.remove(t, "derived/"+ready+"/1/thumbnail")
		}},
		"a newest file that is not searched": {check: "newest-searched", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `UPDATE editions SET superseded = true WHERE id = $1`, ready)
		}},
		"a paper that waits for nothing": {check: "unfinished-have-jobs", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `DELETE FROM river_job`)
		}},
		"a paper with two jobs": {check: "unfinished-have-jobs", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.job(t, waiting, "scheduled")
		}},
		"a job for a paper that is ready": {check: "jobs-have-files", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.job(t, ready, "running")
		}},
		"a failure without words": {check: "failures-explained", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `UPDATE editions SET failure_message = '' WHERE id = $1`, failed)
		}},
		"a gap in the log": {check: "log-gapless", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `DELETE FROM library_changes WHERE version = 4`)
		}},
		"an arrival that was not logged": {check: "log-complete", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `UPDATE library_changes SET op = 'changed' WHERE version = 1`)
		}},
		"a private row for everybody": {check: "log-private", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `UPDATE library_changes SET audience_id = NULL`)
		}},
		"a private mark in everybody's log": {check: "log-private", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `UPDATE library_changes SET audience_id = NULL WHERE object_id = $1`, private)
		}},
		"a mark without a place": {check: "marks-placed", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `DELETE FROM annotation_anchors WHERE annotation_id = $1`, shared)
		}},
		"a mark with a place in another document": {check: "marks-placed", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `INSERT INTO annotation_anchors SELECT library_id, annotation_id, $2, status, score, confirmed, exact, prefix, suffix,
				attempt, text_version, parts, near, page, position, y, x FROM annotation_anchors WHERE annotation_id = $1`, shared, failed)
		}},
		"a mark that came twice": {check: "marks-once", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `INSERT INTO annotation_history (library_id, annotation_id, at, person_name, what, private) VALUES ($1, $2, now(), 'Ada', 'made', false)`, lib, shared)
		}},
		"a mark that was not logged": {check: "marks-once", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `UPDATE library_changes SET op = 'changed' WHERE object_id = $1`, shared)
		}},
		"a stranger's reply to a private mark": {check: "marks-private", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `INSERT INTO annotation_replies (id, library_id, annotation_id, author_name, body, created_at) VALUES (gen_random_uuid(), $1, $2, 'Bo', 'x', now())`, lib, private)
		}},
		"a library without an owner": {check: "libraries-owned", damage: func(t *testing.T, in installation) {
			t.Helper()
			in.exec(t, `UPDATE library_members SET role = 'admin'`)
		}},
	} {
		t.Run(name+" is noticed", func(t *testing.T) {
			t.Parallel()
			in := install(t)
			tc.damage(t, in)
			report := in.verify(t, operate.Verification{Now: tc.now})
			if report.OK {
				t.Error("it is OK")
			}
			for _, c := range report.Checks {
				if (c.Bad > 0) != (c.Name == tc.check) && !follows(tc.check, c.Name) {
					t.Errorf("%s has %d wrong: %q", c.Name, c.Bad, c.Examples)
				}
				if c.Name == tc.check && (c.Bad == 0 || len(c.Examples) == 0) {
					t.Errorf("%s says nothing", c.Name)
				}
			}
		})
	}

	t.Run("what is young or deleted on purpose is let be", func(t *testing.T) {
		in := install(t)
		in.put(t, "uploads/00000000-0000-7000-8000-000000000099", "%PDF")
		in.exec(t, `DELETE FROM documents WHERE id = $1`, failed)
		in.exec(t, `INSERT INTO library_changes (library_id, version, kind, object_id, op, at) VALUES ($1, 7, 'document', $2, 'removed', now())`, lib, failed)
		in.exec(t, `UPDATE libraries SET version = 7`)
		in.job(t, ready, "completed")
		if report := in.verify(t, operate.Verification{}); !report.OK {
			t.Errorf("got %+v", report)
		}
	})

	t.Run("quick reads no bytes", func(t *testing.T) {
		in := install(t)
		in.put(t, "uploads/"+ready, "%PDF-1.6 "+ready)
		report := in.verify(t, operate.Verification{Quick: true})
		if !report.OK {
			t.Errorf("got %+v", report)
		}
	})
}

// follows are checks that notice the same damage.
func follows(check, other string) bool {
	return check == "files-present" && other == "files-intact"
}

func (in installation) remove(t *testing.T, key string) {
	t.Helper()
	if err := in.blobs.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
}

// fingerprint is all files with their times, and what PostgreSQL counts as written.
func (in installation) fingerprint(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	err := filepath.Walk(in.root, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			b.WriteString(path + info.ModTime().String() + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var rows string
	err = in.pool.QueryRow(context.WithoutCancel(t.Context()), `
		SELECT string_agg(x, ' ') FROM (
			SELECT 'editions ' || md5(string_agg(e::text, ',' ORDER BY id)) FROM editions e
			UNION ALL SELECT 'uploads ' || md5(string_agg(u::text, ',' ORDER BY id)) FROM uploads u
			UNION ALL SELECT 'changes ' || md5(string_agg(c::text, ',' ORDER BY version)) FROM library_changes c
			UNION ALL SELECT 'jobs ' || md5(string_agg(j::text, ',' ORDER BY id)) FROM river_job j) AS t (x)`).Scan(&rows)
	if err != nil {
		t.Fatal(err)
	}
	return b.String() + rows
}
