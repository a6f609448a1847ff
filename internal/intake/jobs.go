package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/intake/internal/intakedb"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// CheckArgs ask for a file to be looked through.
type CheckArgs struct {
	ImportID uuid.UUID `json:"import_id"`
}

// Kind names the job.
func (CheckArgs) Kind() string { return "check_import" }

// RunArgs ask for a file's records to come in.
type RunArgs struct {
	ImportID uuid.UUID `json:"import_id"`
}

// Kind names the job.
func (RunArgs) Kind() string { return "run_import" }

// SweepArgs ask for old imports to be forgotten.
type SweepArgs struct{}

// Kind names the job.
func (SweepArgs) Kind() string { return "sweep_imports" }

const (
	timeLimit  = 30 * time.Minute
	sweepEvery = time.Hour
	batchSize  = 200 // records in one transaction
)

type checker struct{ s *Service }

// TimeLimit implements jobs.TimeLimiter.
func (checker) TimeLimit() time.Duration { return timeLimit }

// Work implements jobs.Worker.
func (w checker) Work(ctx context.Context, job *jobs.Job[CheckArgs]) error {
	return w.s.Check(ctx, job.Args.ImportID)
}

// SetAside implements jobs.SetAsider.
func (w checker) SetAside(ctx context.Context, job *jobs.Job[CheckArgs], _ error) error {
	return w.s.setAside(ctx, job.Args.ImportID, Checking)
}

type runner struct{ s *Service }

// TimeLimit implements jobs.TimeLimiter.
func (runner) TimeLimit() time.Duration { return timeLimit }

// Work implements jobs.Worker.
func (w runner) Work(ctx context.Context, job *jobs.Job[RunArgs]) error {
	return w.s.Import(ctx, job.Args.ImportID)
}

// SetAside implements jobs.SetAsider.
func (w runner) SetAside(ctx context.Context, job *jobs.Job[RunArgs], _ error) error {
	return w.s.setAside(ctx, job.Args.ImportID, Running)
}

// setAside ends an import whose job was given up: nobody shall wait for it.
func (s *Service) setAside(ctx context.Context, id uuid.UUID, at State) error {
	row, err := s.at(ctx, id, at)
	if err != nil || row == nil {
		return err
	}
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return s.setState(ctx, tx, id, Failed, "Something on the server went wrong. What came in so far stays; bring the file in again for the rest. If it goes on, tell the operator.")
	})
}

type sweeper struct{ s *Service }

// Work implements jobs.Worker.
func (w sweeper) Work(ctx context.Context, _ *jobs.Job[SweepArgs]) error { return w.s.Sweep(ctx) }

// RegisterJobs adds the workers and the periodic job.
func (s *Service) RegisterJobs(r *jobs.Registry) {
	jobs.Add[CheckArgs](r, checker{s})
	jobs.Add[RunArgs](r, runner{s})
	jobs.Add[SweepArgs](r, sweeper{s})
	r.Every(sweepEvery, SweepArgs{})
}

// each reads the records of an import's file, and what is wrong with others.
func (s *Service) each(ctx context.Context, row intakedb.Import, found func(biblio.Record) error, wrong func(*biblio.Problem)) error {
	file, err := s.Blobs.Open(ctx, row.BlobKey)
	if err != nil {
		return fmt.Errorf("open the file: %w", err)
	}
	defer func() { _ = file.Close() }()
	reader, err := biblio.NewReader(io.NewSectionReader(file, 0, row.Size), biblio.Format(row.Format))
	if err != nil {
		return err
	}
	for {
		record, err := reader.Read()
		var problem *biblio.Problem
		switch {
		case errors.As(err, &problem):
			wrong(problem)
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read the file: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := found(record); err != nil {
			return err
		}
	}
}

// Check looks a file through and says what bringing it in would do. It does
// nothing for an import at another step.
func (s *Service) Check(ctx context.Context, id uuid.UUID) error {
	row, err := s.at(ctx, id, Checking)
	if err != nil || row == nil {
		return err
	}
	if kind, ok := s.Kinds[biblio.Format(row.Format)]; ok {
		f, err := s.checkKind(ctx, *row, kind)
		if err != nil {
			return s.failed(ctx, id, err)
		}
		problems := make([]Problem, 0, min(len(f.Problems), maxProblems))
		for _, p := range f.Problems[:min(len(f.Problems), maxProblems)] {
			problems = append(problems, Problem{p.Line, storable(p.Key), storable(p.Message)})
		}
		return s.setChecked(ctx, intakedb.SetCheckedParams{
			ID: id, Total: int32(f.Total), Fresh: int32(f.Fresh), Present: int32(f.Present), Repeated: int32(f.Repeated), //nolint:gosec // counts of records
			Files: int32(f.Files), Marks: int32(f.Marks), ProblemCount: int32(f.ProblemCount), //nolint:gosec // as above
		}, problems)
	}
	known, err := s.Documents.NewMatcher(ctx, s.Pool, row.LibraryID)
	if err != nil {
		return err
	}
	found := intakedb.SetCheckedParams{ID: id}
	problems := []Problem{}
	inFile := map[uuid.UUID]bool{}
	err = s.each(ctx, *row, func(record biblio.Record) error {
		found.Total++
		switch match, ok := known.Find(record.Item); {
		case !ok:
			own := uuid.New()
			known.Add(own, record.Item)
			inFile[own] = true
			found.Fresh++
		case inFile[match]:
			found.Repeated++
		default:
			found.Present++
		}
		return nil
	}, func(problem *biblio.Problem) {
		if found.ProblemCount++; len(problems) < maxProblems {
			problems = append(problems, Problem{problem.Line, storable(problem.Key), storable(problem.Message)})
		}
	})
	if err != nil {
		return s.failed(ctx, id, err)
	}
	return s.setChecked(ctx, found, problems)
}

func (s *Service) setChecked(ctx context.Context, found intakedb.SetCheckedParams, problems []Problem) (err error) {
	if found.Problems, err = json.Marshal(problems); err != nil {
		return fmt.Errorf("problems: %w", err)
	}
	found.At = s.Clock.Now()
	if _, err := s.q.SetChecked(ctx, s.Pool, found); err != nil {
		return postgres.Fault(fmt.Errorf("set checked: %w", err))
	}
	return nil
}

// storable is text that PostgreSQL's jsonb takes, not longer than a line of a report.
func storable(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
	if utf8.RuneCountInString(text) > 300 {
		text = string([]rune(text)[:300]) + "…"
	}
	return text
}

// at gives an import at a step, or nil where it is at another or gone.
func (s *Service) at(ctx context.Context, id uuid.UUID, state State) (*intakedb.Import, error) {
	row, err := s.q.ImportByID(ctx, s.Pool, id)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && State(row.State) != state {
		return nil, nil //nolint:nilnil // nothing is left to do
	}
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("import: %w", err))
	}
	return &row, nil
}

// failed ends an import that cannot go on: its file is gone, or its person may add
// nothing any more. Other errors are tried again.
func (s *Service) failed(ctx context.Context, id uuid.UUID, err error) error {
	f, ok := fault.As(err)
	var sentence string
	switch {
	case ok && f.Code == "blob_not_found":
		sentence = "The file is not there any more. Bring it in again."
	case ok && (f.Kind == fault.Forbidden || f.Kind == fault.NotFound):
		sentence = "You may not add documents to this library any more. What came in so far stays."
	case ok && f.Kind == fault.Invalid:
		sentence = f.Message
	default:
		return err
	}
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		return s.setState(ctx, tx, id, Failed, sentence)
	})
}

// errOvertaken: another run of the same job is at work.
var errOvertaken = errors.New("intake: another run took over")

// Import makes documents of the works that the library does not have. A run that
// was cut off is gone on with: what has passed is passed over.
func (s *Service) Import(ctx context.Context, id uuid.UUID) error {
	row, err := s.at(ctx, id, Running)
	if err != nil || row == nil {
		return err
	}
	if kind, ok := s.Kinds[biblio.Format(row.Format)]; ok {
		return s.finish(ctx, *row, s.runKind(ctx, *row, kind))
	}
	known, err := s.Documents.NewMatcher(ctx, s.Pool, row.LibraryID)
	if err != nil {
		return err
	}
	var batch []document.Record
	var works []Work
	passed, stored := 0, int(row.Passed)
	flush := func() error {
		if passed == stored {
			return nil
		}
		if err := s.store(ctx, *row, batch, works, stored, passed); err != nil {
			return err
		}
		batch, works, stored = batch[:0], works[:0], passed
		return nil
	}
	err = s.each(ctx, *row, func(record biblio.Record) error {
		if passed++; passed <= stored {
			return nil
		}
		if _, ok := known.Find(record.Item); !ok {
			id := uuid.Must(uuid.NewV7())
			known.Add(id, record.Item)
			batch = append(batch, document.Record{ID: id, Item: record.Item})
			works = append(works, Work{DocumentID: id, Key: record.Key, Tags: record.Tags, Collections: record.Collections})
		}
		if passed-stored >= batchSize {
			return flush()
		}
		return nil
	}, func(*biblio.Problem) {}) // said when the file was checked
	if err == nil {
		err = flush()
	}
	return s.finish(ctx, *row, err)
}

// store makes documents of a batch, and notes in the same transaction how many of
// the file's records have passed.
func (s *Service) store(ctx context.Context, row intakedb.Import, batch []document.Record, works []Work, from, to int) error {
	ids := make([]uuid.UUID, len(batch))
	for i, r := range batch {
		ids[i] = r.ID
	}
	return s.step(ctx, row, from, Step{To: to, Documents: ids, Do: func(ctx context.Context, tx *postgres.Tx) error {
		if len(batch) == 0 {
			return nil
		}
		if err := s.Documents.AddRecords(ctx, tx, row.LibraryID, row.PersonID, batch); err != nil {
			return err
		}
		if s.OnAdded == nil {
			return nil
		}
		return s.OnAdded(ctx, tx, Batch{LibraryID: row.LibraryID, PersonID: row.PersonID, Works: works})
	}})
}

// step does a step of an import that is at from, unless another run has.
func (s *Service) step(ctx context.Context, row intakedb.Import, from int, step Step) error {
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		now, err := s.q.LockImport(ctx, tx, row.ID)
		if errors.Is(err, pgx.ErrNoRows) {
			return errOvertaken
		}
		if err != nil {
			return fmt.Errorf("lock import: %w", err)
		}
		if State(now.State) != Running || int(now.Passed) != from {
			return errOvertaken
		}
		if _, err := s.Libraries.Authorize(ctx, tx, identity.Person{ID: row.PersonID}, library.AddDocument, row.LibraryID); err != nil {
			return err
		}
		if err := step.Do(ctx, tx); err != nil {
			return err
		}
		if len(step.Documents) > 0 {
			if err := s.q.InsertImported(ctx, tx, step.Documents, row.ID); err != nil {
				return fmt.Errorf("note imported documents: %w", err)
			}
		}
		if err := s.addProblems(ctx, tx, row.ID, step.Problems); err != nil {
			return err
		}
		if err := s.q.SetPassed(ctx, tx, intakedb.SetPassedParams{
			ID: row.ID, Passed: int32(step.To), Added: int32(len(step.Documents)), At: s.Clock.Now(), //nolint:gosec // counts of records
		}); err != nil {
			return fmt.Errorf("set passed: %w", err)
		}
		return nil
	})
}

func (s *Service) addProblems(ctx context.Context, tx *postgres.Tx, id uuid.UUID, list []Problem) error {
	if len(list) == 0 {
		return nil
	}
	kept := make([]Problem, len(list))
	for i, p := range list {
		kept[i] = Problem{p.Line, storable(p.Key), storable(p.Message)}
	}
	encoded, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("problems: %w", err)
	}
	if err := s.q.AddProblems(ctx, tx, encoded, id); err != nil {
		return fmt.Errorf("add problems: %w", err)
	}
	return nil
}
