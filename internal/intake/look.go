package intake

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/intake/internal/intakedb"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/unzip"
)

// looking is a file that is looked through: what would come in is counted, and
// nothing is changed.
type looking struct {
	s       *Service
	row     intakedb.Import
	c       *content
	matcher *document.Matcher

	found                      intakedb.SetCheckedParams
	contents                   Contents
	problems                   []Problem
	inFile                     map[uuid.UUID]bool
	matched                    map[int]bool // entries that records name
	tags, collections, folders map[string]bool
}

func (l *looking) wrong(p Problem) {
	if l.found.ProblemCount++; len(l.problems) < maxProblems {
		p.Key, p.Message, p.File = storable(p.Key), storable(p.Message), storable(p.File)
		l.problems = append(l.problems, p)
	}
}

func (l *looking) records(ctx context.Context) error {
	for _, p := range l.c.refused {
		l.wrong(p)
	}
	err := l.c.each(ctx, func(record biblio.Record, b bibliography) error {
		own, missing := l.c.filesOf(b, record.Files)
		for _, entry := range own {
			l.matched[entry] = true
		}
		for _, name := range missing {
			l.contents.Missing++
			l.wrong(Problem{Line: record.Line, Key: record.Key, Message: fmt.Sprintf("its file is not in the archive: %s", name), File: b.name})
		}
		l.count(l.collections, record.Collections...)
		if alone(record) {
			return nil
		}
		l.count(l.tags, record.Tags...)
		l.contents.Notes += len(record.Notes)
		l.found.Total++
		switch match, ok := l.matcher.Find(record.Item); {
		case !ok:
			own := uuid.New()
			l.matcher.Add(own, record.Item)
			l.inFile[own] = true
			l.found.Fresh++
		case l.inFile[match]:
			l.found.Repeated++
		default:
			l.found.Present++
		}
		return nil
	}, l.wrong)
	if err != nil {
		return err
	}
	for _, b := range l.c.bibliographies {
		if b.name != "" {
			l.contents.Bibliographies = append(l.contents.Bibliographies, storable(b.name))
		}
	}
	l.contents.Tags = len(l.tags)
	l.contents.Collections, l.contents.CollectionCount = first(l.collections)
	return nil
}

func (l *looking) count(into map[string]bool, names ...string) {
	for _, name := range names {
		into[storable(name)] = true
	}
}

// first gives the first of many names, in order, and how many there are.
func first(names map[string]bool) ([]string, int) {
	all := slices.Sorted(maps.Keys(names))
	return all[:min(len(all), MaxNamed)], len(all)
}

// tellEvery is how often it is told how many files have been looked through.
const tellEvery = time.Second

// files unpacks each file once: whether it can be, whether it is a PDF, and whether
// the library has it.
func (l *looking) files(ctx context.Context) error {
	if !l.c.archive {
		return nil
	}
	l.contents.Others = l.c.others
	for i, f := range l.c.files {
		if f == nil {
			continue
		}
		l.contents.Files++
		if l.matched[i] {
			l.contents.Matched++
		} else if folder := l.c.folderOf(i); folder != "" {
			l.count(l.folders, folder)
		}
	}
	l.contents.Folders, l.contents.FolderCount = first(l.folders)
	told := time.Now()
	passed := int32(0)
	var sums [][]byte
	for _, f := range l.c.files {
		if f == nil {
			continue
		}
		sum, problem, err := l.file(ctx, *f)
		if err != nil {
			return err
		}
		passed++
		if problem != "" {
			l.contents.Unreadable++
			l.wrong(Problem{File: f.Name, Message: problem})
		} else {
			sums = append(sums, sum)
		}
		if time.Since(told) >= tellEvery {
			told = time.Now()
			if err := l.tell(ctx, passed); err != nil {
				return err
			}
		}
	}
	known, err := l.s.Documents.KnownFiles(ctx, l.s.Pool, l.row.LibraryID, sums)
	if err != nil {
		return err
	}
	l.contents.Known = len(known)
	return nil
}

func (l *looking) file(ctx context.Context, f unzip.File) (sum []byte, problem string, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, unreadable, nil //nolint:nilerr // told
	}
	defer func() { _ = r.Close() }()
	look := &looked{r: r, hash: sha256.New()}
	if _, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{untilDone{ctx, look}}, make([]byte, 256<<10)); err != nil && look.err == nil {
		return nil, "", fmt.Errorf("look through %s: %w", f.Name, err)
	}
	return look.hash.Sum(nil), look.problem(l.s.Files.IsPDF), nil
}

// untilDone stops reading when its context ends.
type untilDone struct {
	ctx context.Context //nolint:containedctx // it lives for one copy
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err //nolint:wrapcheck // the context's own
	}
	return u.r.Read(p) //nolint:wrapcheck // io.EOF is compared
}

func (l *looking) tell(ctx context.Context, passed int32) error {
	encoded, err := json.Marshal(l.contents)
	if err != nil {
		return fmt.Errorf("contents: %w", err)
	}
	if err := l.s.q.SetLookedAt(ctx, l.s.Pool, intakedb.SetLookedAtParams{ID: l.row.ID, FilesPassed: passed, Contents: encoded, At: l.s.Clock.Now()}); err != nil {
		return postgres.Fault(fmt.Errorf("set how many files were looked at: %w", err))
	}
	return nil
}
