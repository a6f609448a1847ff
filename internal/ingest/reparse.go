package ingest

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// ReparseArgs ask for an edition that is ready to be parsed once more. It stays
// ready meanwhile, and as it was when the file can no longer be read.
type ReparseArgs struct {
	EditionID uuid.UUID `json:"edition_id" river:"unique"`
}

// Kind names the job.
func (ReparseArgs) Kind() string { return "reparse_edition" }

const (
	// reparsePriority is River's lowest: uploads come first.
	reparsePriority = 4
	reparseBatch    = 200
)

type reparser struct{ s *Service }

// TimeLimit implements jobs.TimeLimiter.
func (reparser) TimeLimit() time.Duration { return parseLimit }

// Work implements jobs.Worker.
func (r reparser) Work(ctx context.Context, job *jobs.Job[ReparseArgs]) error {
	a, err := r.s.Documents.BeginReparse(ctx, job.Args.EditionID)
	if err == nil {
		err = r.s.extract(ctx, a, "")
	}
	if over(err) {
		return nil
	}
	return err
}

// ReparseQuery chooses editions that were read.
type ReparseQuery struct {
	// LibraryID bounds them to one library; empty for all.
	LibraryID uuid.NullUUID
	// OlderThan chooses those whose text was made by a version before this one:
	// "scrollkeeper-2", or "2" for short. Empty chooses those of every version
	// but this program's.
	OlderThan string
	// All chooses this program's too. It outdoes OlderThan.
	All bool
}

// Reparse queues editions to be parsed once more, behind all uploads, and says
// how many. Those that wait for it already are not counted. What people said
// and marked stays. A fault "library_not_found" for a library that is none.
func (s *Service) Reparse(ctx context.Context, q ReparseQuery) (int, error) {
	if q.LibraryID.Valid {
		there, err := s.q.LibraryExists(ctx, s.Pool, q.LibraryID.UUID)
		if err != nil {
			return 0, postgres.Fault(fmt.Errorf("library: %w", err))
		}
		if !there {
			return 0, errNoSuchLibrary
		}
	}
	versions, err := s.Documents.TextVersions(ctx, q.LibraryID)
	if err != nil {
		return 0, err
	}
	var wanted []string
	for _, v := range versions {
		if q.wants(v) {
			wanted = append(wanted, v)
		}
	}
	queued := 0
	for after := uuid.Nil; len(wanted) > 0; {
		editions, err := s.Documents.EditionsOfVersions(ctx, document.VersionQuery{
			LibraryID: q.LibraryID, Versions: wanted, After: after, Limit: reparseBatch,
		})
		if err != nil {
			return queued, err
		}
		n := 0
		if err := postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
			n = 0
			for _, id := range editions {
				inserted, err := s.queueReparse(ctx, tx, id, reparsePriority)
				if err != nil {
					return err
				}
				if inserted {
					n++
				}
				after = id
			}
			return nil
		}); err != nil {
			return queued, fmt.Errorf("queue parsing again: %w", err)
		}
		queued += n
		if len(editions) < reparseBatch {
			break
		}
	}
	return queued, nil
}

// queueReparse inserts the job of an edition that is ready, and reports false
// where it waits for one already. A priority of 0 is River's default.
func (s *Service) queueReparse(ctx context.Context, tx *postgres.Tx, editionID uuid.UUID, priority int) (bool, error) {
	return s.Jobs.InsertTx(ctx, tx, ReparseArgs{EditionID: editionID}, &jobs.InsertOpts{
		Queue: jobs.QueueParse, Priority: priority,
		UniqueOpts: jobs.UniqueOpts{ByArgs: true, ByState: jobs.Unfinished()},
	})
}

func (q ReparseQuery) wants(version string) bool {
	switch {
	case q.All:
		return true
	case q.OlderThan == "":
		return version != extract.TextVersion
	}
	bound := q.OlderThan
	if strings.Trim(bound, "0123456789") == "" {
		name, _, _ := strings.Cut(extract.TextVersion, "-")
		bound = name + "-" + bound
	}
	return compareVersions(version, bound) < 0
}

// compareVersions compares names with numbers in them, so that 10 comes after 9.
func compareVersions(a, b string) int {
	for a != "" && b != "" {
		aNumber, aRest := leadingDigits(a)
		bNumber, bRest := leadingDigits(b)
		if aNumber != "" && bNumber != "" {
			aNumber, bNumber = strings.TrimLeft(aNumber, "0"), strings.TrimLeft(bNumber, "0")
			if c := cmp.Or(cmp.Compare(len(aNumber), len(bNumber)), cmp.Compare(aNumber, bNumber)); c != 0 {
				return c
			}
			a, b = aRest, bRest
			continue
		}
		if c := cmp.Compare(a[0], b[0]); c != 0 {
			return c
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func leadingDigits(s string) (digits, rest string) {
	rest = strings.TrimLeft(s, "0123456789")
	return s[:len(s)-len(rest)], rest
}
