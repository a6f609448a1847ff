package operate

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Check is one invariant and how it fared.
type Check struct {
	// Name is stable, for programs: "files-intact".
	Name string `json:"name"`
	// Holds says in one sentence what must be true.
	Holds string `json:"holds"`
	// Looked at so many things, of which Bad are not as they should be.
	Looked int64 `json:"looked"`
	Bad    int64 `json:"bad"`
	// Examples describe the first of the bad ones.
	Examples []string `json:"examples,omitempty"`
	// Skipped says why the check was left out.
	Skipped string `json:"skipped,omitempty"`
}

// maxExamples bounds what one check says.
const maxExamples = 20

// Report is what Verify found.
type Report struct {
	OK      bool    `json:"ok"`
	Checks  []Check `json:"checks"`
	Seconds float64 `json:"seconds"`
}

// Verification is what Verify looks at.
type Verification struct {
	Pool  *pgxpool.Pool
	Blobs blob.Store
	// Quick leaves out what reads every byte: the checksums.
	Quick bool
	// Now is compared with the age of files that belong to nothing.
	Now time.Time
	// RecheckPause is how long to wait before something suspicious is looked at
	// again, so that work under way can come to its end. Default: 2 s.
	RecheckPause time.Duration
	// OnCheck is told of each check as soon as it ended. May be nil.
	OnCheck func(Check)
}

const defaultRecheckPause = 2 * time.Second

// rechecks is how often something suspicious is looked at again.
const rechecks = 4

// Verify checks that what was acknowledged is there, once, and whole. It
// changes nothing and may run beside a server at work: what looks wrong is
// looked at again before it counts, because between two looks a paper may be
// parsed or deleted. It fails when it cannot look, and not when it finds
// something.
func Verify(ctx context.Context, v Verification) (Report, error) {
	started := time.Now()
	v.RecheckPause = cmp.Or(v.RecheckPause, defaultRecheckPause)
	report := Report{OK: true}
	for _, c := range []struct {
		name, holds string
		run         func(context.Context, Verification, *finding) error
	}{
		{"files-present", "Every document's file is in the store, with the size that was acknowledged.", checkFilesPresent},
		{"files-intact", "Every file's bytes have the SHA-256 that is recorded, and that the client gave.", checkFilesIntact},
		{"uploads-kept", "Every upload acknowledged as complete is a document, or somebody deleted it.", checkUploadsKept},
		{"no-strays", "No file in the store, older than the collection age, belongs to nothing.", checkNoStrays},
		{"results-whole", "Every ready file has each of its pages once, and the words, boxes and thumbnail that belong to them.", checkResultsWhole},
		{"newest-searched", "Of each document's files that were read, the one that is shown is searched and no other.", checkNewestSearched},
		{"unfinished-have-jobs", "Every file that is queued, checking or parsing has one live job.", checkUnfinishedHaveJobs},
		{"jobs-have-files", "Every live parse job is of a file that is not finished.", checkJobsHaveFiles},
		{"failures-explained", "Every failed file says why, with a kind and a message.", checkFailuresExplained},
		{"files-once", "No library holds the same file twice.", checkFilesOnce},
		{"log-gapless", "Each library's change log counts from 1 to its version without a gap.", checkLogGapless},
		{"log-complete", "Every document's arrival is in the change log once.", checkLogComplete},
		{"log-private", "What concerns one person alone is in the change log for that person alone.", checkLogPrivate},
		{"marks-placed", "Every mark has a place in the file that it was made on, and places in files of its document alone.", checkMarksPlaced},
		{"marks-once", "Every mark's arrival is in the change log once, and no change was made twice.", checkMarksOnce},
		{"marks-private", "Nobody else has a part in a private mark.", checkMarksPrivate},
		{"libraries-owned", "Every library has one owner, and every person with an account one personal library.", checkLibrariesOwned},
	} {
		f := &finding{}
		if err := c.run(ctx, v, f); err != nil {
			return report, fmt.Errorf("%s: %w", c.name, postgres.Fault(err))
		}
		check := Check{Name: c.name, Holds: c.holds, Looked: f.looked, Bad: f.bad, Examples: f.examples, Skipped: f.skipped}
		report.Checks = append(report.Checks, check)
		report.OK = report.OK && check.Bad == 0
		if v.OnCheck != nil {
			v.OnCheck(check)
		}
	}
	report.Seconds = time.Since(started).Seconds()
	return report, nil
}

// finding collects what one check sees.
type finding struct {
	looked, bad int64
	examples    []string
	skipped     string
}

func (f *finding) wrong(format string, args ...any) {
	f.bad++
	if len(f.examples) < maxExamples {
		f.examples = append(f.examples, fmt.Sprintf(format, args...))
	}
}

// suspects runs a query for things that look wrong: rows of an id and a
// description. Those that look wrong each time, after pauses, are.
func (f *finding) suspects(ctx context.Context, v Verification, sql string, args ...any) error {
	look := func() (map[string]string, error) {
		rows, err := v.Pool.Query(ctx, sql, args...)
		if err != nil {
			return nil, err
		}
		found := map[string]string{}
		var id, text string
		_, err = pgx.ForEachRow(rows, []any{&id, &text}, func() error {
			found[id] = text
			return nil
		})
		return found, err
	}
	bad, err := look()
	if err != nil {
		return err
	}
	for range rechecks {
		if len(bad) == 0 {
			return nil
		}
		if err := pause(ctx, v.RecheckPause); err != nil {
			return err
		}
		again, err := look()
		if err != nil {
			return err
		}
		for id := range bad {
			if text, still := again[id]; still {
				bad[id] = text
			} else {
				delete(bad, id)
			}
		}
	}
	texts := make([]string, 0, len(bad))
	for _, text := range bad {
		texts = append(texts, text)
	}
	slices.SortFunc(texts, strings.Compare)
	for _, text := range texts {
		f.wrong("%s", text)
	}
	return nil
}

// count sets how many things were looked at.
func (f *finding) count(ctx context.Context, v Verification, sql string, args ...any) error {
	return v.Pool.QueryRow(ctx, sql, args...).Scan(&f.looked)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
