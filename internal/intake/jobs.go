package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/csl"
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
	timeLimit  = 6 * time.Hour // of archives with thousands of files
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
		return s.setChecked(ctx, intakedb.SetCheckedParams{
			ID: id, Total: int32(f.Total), Fresh: int32(f.Fresh), Present: int32(f.Present), Repeated: int32(f.Repeated), //nolint:gosec // counts of records
			ProblemCount: int32(f.ProblemCount), //nolint:gosec // as above
		}, f.Contents, f.Problems)
	}
	c, err := s.contentOf(ctx, *row)
	if err != nil {
		return s.failed(ctx, id, err)
	}
	defer c.Close()
	known, err := s.Documents.NewMatcher(ctx, s.Pool, row.LibraryID)
	if err != nil {
		return err
	}
	l := looking{s: s, row: *row, c: c, matcher: known, inFile: map[uuid.UUID]bool{}, matched: map[int]bool{}, tags: map[string]bool{}, collections: map[string]bool{}, folders: map[string]bool{}}
	l.found.ID = id
	if err := l.records(ctx); err != nil {
		return s.failed(ctx, id, err)
	}
	if err := l.files(ctx); err != nil {
		return s.failed(ctx, id, err)
	}
	return s.setChecked(ctx, l.found, l.contents, l.problems)
}

func (s *Service) setChecked(ctx context.Context, found intakedb.SetCheckedParams, contents Contents, problems []Problem) (err error) {
	if found.Problems, err = encoded(problems); err != nil {
		return err
	}
	if found.Contents, err = json.Marshal(contents); err != nil {
		return fmt.Errorf("contents: %w", err)
	}
	found.At = s.Clock.Now()
	if _, err := s.q.SetChecked(ctx, s.Pool, found); err != nil {
		return postgres.Fault(fmt.Errorf("set checked: %w", err))
	}
	return nil
}

// encoded are the first of problems, as they are stored.
func encoded(problems []Problem) ([]byte, error) {
	kept := make([]Problem, min(len(problems), maxProblems))
	for i := range kept {
		p := problems[i]
		kept[i] = Problem{Line: p.Line, Key: storable(p.Key), Message: storable(p.Message), File: storable(p.File)}
	}
	out, err := json.Marshal(kept)
	if err != nil {
		return nil, fmt.Errorf("problems: %w", err)
	}
	return out, nil
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
	whole, unfit := errors.AsType[*wholeError](err)
	switch {
	case unfit:
		sentence = whole.sentence
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

// Import makes documents of the works that the library does not have, and of an
// archive's files. A run that was cut off is gone on with: what has passed is
// passed over.
func (s *Service) Import(ctx context.Context, id uuid.UUID) error {
	row, err := s.at(ctx, id, Running)
	if err != nil || row == nil {
		return err
	}
	if kind, ok := s.Kinds[biblio.Format(row.Format)]; ok {
		return s.finish(ctx, *row, s.runKind(ctx, *row, kind))
	}
	c, err := s.contentOf(ctx, *row)
	if err != nil {
		return s.failed(ctx, id, err)
	}
	defer c.Close()
	byThemselves, err := s.bringRecords(ctx, *row, c)
	if err == nil && c.archive {
		if err = s.noteRest(ctx, *row, c, byThemselves); err == nil {
			err = s.bringFiles(ctx, *row, c)
		}
	}
	return s.finish(ctx, *row, err)
}

// bringRecords makes documents of the works, and notes which files are theirs. It
// gives the files that records of files alone name.
func (s *Service) bringRecords(ctx context.Context, row intakedb.Import, c *content) ([]waitingFile, error) {
	known, err := s.Documents.NewMatcher(ctx, s.Pool, row.LibraryID)
	if err != nil {
		return nil, err
	}
	var batch []document.Record
	var works []Work
	var byThemselves []waitingFile
	files := newFileList(row.ID)
	passed, stored, position := 0, int(row.Passed), 0
	flush := func() error {
		if passed == stored {
			return nil
		}
		if err := s.store(ctx, row, stored, passed, batch, works, files); err != nil {
			return err
		}
		batch, works, files, stored = batch[:0], works[:0], newFileList(row.ID), passed
		return nil
	}
	err = c.each(ctx, func(record biblio.Record, b bibliography) error {
		own, _ := c.filesOf(b, record.Files)
		if alone(record) {
			for _, entry := range own {
				byThemselves = append(byThemselves, waitingFile{entry: entry, tags: record.Tags, collections: record.Collections})
			}
			return nil
		}
		position += len(own)
		if passed++; passed <= stored {
			return nil
		}
		match, there := known.Find(record.Item)
		if !there {
			match = uuid.Must(uuid.NewV7())
			known.Add(match, record.Item)
			batch = append(batch, document.Record{ID: match, Item: withNotes(record)})
			works = append(works, Work{DocumentID: match, Key: record.Key, Tags: record.Tags, Collections: record.Collections})
		}
		for i, entry := range own {
			at := position - len(own) + i
			if there {
				at = position - 1 - i // the first one, since it is the only one that is taken
			}
			if err := files.add(at, waitingFile{entry: entry, documentID: match}); err != nil {
				return err
			}
		}
		if passed-stored >= batchSize {
			return flush()
		}
		return nil
	}, func(Problem) {}) // said when the file was checked
	if err != nil {
		return nil, err
	}
	return byThemselves, flush()
}

// withNotes is a record's item with its notes, which CSL keeps as annotation.
func withNotes(r biblio.Record) csl.Item {
	item := r.Item
	item.Annote = strings.Join(r.Notes, biblio.NoteRule)
	return item
}

// noteRest notes the archive's files that no record of a work names.
func (s *Service) noteRest(ctx context.Context, row intakedb.Import, c *content, byThemselves []waitingFile) error {
	rest := newFileList(row.ID)
	const behindRecords = 1 << 30
	for i, f := range byThemselves {
		if err := rest.add(behindRecords+i, f); err != nil {
			return err
		}
	}
	for entry, file := range c.files {
		if file == nil {
			continue
		}
		f := waitingFile{entry: entry}
		if folder := c.folderOf(entry); row.Folders && folder != "" {
			f.collections = []string{folder}
		}
		if err := rest.add(behindRecords+len(byThemselves)+entry, f); err != nil {
			return err
		}
	}
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error { return s.insertFiles(ctx, tx, rest) })
}

// store makes documents of a batch, and notes in the same transaction how many of
// the file's records have passed.
func (s *Service) store(ctx context.Context, row intakedb.Import, from, to int, batch []document.Record, works []Work, files *fileList) error {
	ids := make([]uuid.UUID, len(batch))
	for i, r := range batch {
		ids[i] = r.ID
	}
	return s.step(ctx, row, from, Step{To: to, Documents: ids, Do: func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.insertFiles(ctx, tx, files); err != nil || len(batch) == 0 {
			return err
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
		if err := s.addProblems(ctx, tx, row.ID, step.Problems...); err != nil {
			return err
		}
		if err := s.q.SetPassed(ctx, tx, intakedb.SetPassedParams{
			ID: row.ID, Passed: int32(step.To), Added: int32(len(step.Documents)), Files: int32(step.Files), At: s.Clock.Now(), //nolint:gosec // counts
		}); err != nil {
			return fmt.Errorf("set passed: %w", err)
		}
		return nil
	})
}

func (s *Service) addProblems(ctx context.Context, tx *postgres.Tx, id uuid.UUID, list ...Problem) error {
	if len(list) == 0 {
		return nil
	}
	text, err := encoded(list)
	if err != nil {
		return err
	}
	if err := s.q.AddProblems(ctx, tx, intakedb.AddProblemsParams{ID: id, Problems: text, ProblemCount: int32(len(list)), MaxProblems: maxProblems}); err != nil { //nolint:gosec // a count
		return fmt.Errorf("add problems: %w", err)
	}
	return nil
}
