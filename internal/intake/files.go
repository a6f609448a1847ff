package intake

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/intake/internal/intakedb"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/unzip"
)

// waitingFile is a file of an archive that is to come in.
type waitingFile struct {
	entry       int
	documentID  uuid.UUID // the work that a record says it is of
	tags        []string
	collections []string
}

// fileList gathers the files of an archive in the order in which they come in.
type fileList struct {
	p   intakedb.InsertFilesParams
	had map[int]bool
}

func newFileList(importID uuid.UUID) *fileList {
	return &fileList{p: intakedb.InsertFilesParams{ImportID: importID}, had: map[int]bool{}}
}

func (l *fileList) add(position int, f waitingFile) error {
	if l.had[f.entry] {
		return nil
	}
	l.had[f.entry] = true
	tags, err := json.Marshal(append([]string{}, f.tags...))
	if err != nil {
		return fmt.Errorf("tags: %w", err)
	}
	collections, err := json.Marshal(append([]string{}, f.collections...))
	if err != nil {
		return fmt.Errorf("collections: %w", err)
	}
	l.p.Entries, l.p.Positions = append(l.p.Entries, int32(f.entry)), append(l.p.Positions, int32(position)) //nolint:gosec // at most maxEntries, and records of a file
	l.p.DocumentIds, l.p.Tags, l.p.Collections = append(l.p.DocumentIds, f.documentID), append(l.p.Tags, string(tags)), append(l.p.Collections, string(collections))
	return nil
}

func (s *Service) insertFiles(ctx context.Context, db postgres.DBTX, l *fileList) error {
	if len(l.p.Entries) == 0 {
		return nil
	}
	if err := s.q.InsertFiles(ctx, db, l.p); err != nil {
		return fmt.Errorf("note files: %w", err)
	}
	return nil
}

// filesOf are a record's files in the archive. Those that support a work come before
// the first one, which is then the newest and so the one that is shown.
func (c *content) filesOf(b bibliography, r []biblio.File) (found []int, missing []string) {
	if !c.archive {
		return nil, nil
	}
	for _, file := range slices.Backward(r) {
		switch entry, ok := c.fileOf(b, file.Path); {
		case ok:
			found = append(found, entry)
		case wantedPDF(file):
			missing = append(missing, file.Path)
		}
	}
	return found, missing
}

// bringFiles makes documents and editions of an archive's files that wait.
func (s *Service) bringFiles(ctx context.Context, row intakedb.Import, c *content) error {
	waiting, err := s.q.WaitingFiles(ctx, s.Pool, row.ID)
	if err != nil {
		return postgres.Fault(fmt.Errorf("waiting files: %w", err))
	}
	for _, w := range waiting {
		if err := ctx.Err(); err != nil {
			return err //nolint:wrapcheck // the context's own
		}
		f := waitingFile{entry: int(w.Entry), documentID: w.DocumentID.UUID, tags: w.Tags, collections: w.Collections}
		if f.entry >= len(c.files) || c.files[f.entry] == nil {
			continue
		}
		if err := s.bringFile(ctx, row, *c.files[f.entry], f); err != nil {
			return err
		}
	}
	return nil
}

// bringFile stores one file and makes what it is to be, in one transaction with the
// note that it has passed.
func (s *Service) bringFile(ctx context.Context, row intakedb.Import, packed unzip.File, f waitingFile) error {
	editionID := uuid.Must(uuid.NewV7())
	key := s.Files.BlobKey(editionID)
	sum, problem, err := s.keep(ctx, key, packed)
	if err != nil {
		return err
	}
	kept := false
	err = postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		kept = false
		now, err := s.q.LockImport(ctx, tx, row.ID)
		if errors.Is(err, pgx.ErrNoRows) {
			return errOvertaken
		}
		if err != nil {
			return fmt.Errorf("lock import: %w", err)
		}
		if n, err := s.q.SetFilePassed(ctx, tx, row.ID, int32(f.entry)); err != nil { //nolint:gosec // at most maxEntries
			return fmt.Errorf("set passed: %w", err)
		} else if n == 0 || State(now.State) != Running {
			return errOvertaken
		}
		if _, err := s.Libraries.Authorize(ctx, tx, identity.Person{ID: row.PersonID}, library.AddDocument, row.LibraryID); err != nil {
			return err
		}
		passed := intakedb.AddFilePassedParams{ID: row.ID, At: s.Clock.Now()}
		if problem == "" {
			became, err := s.place(ctx, tx, row, packed, f, editionID, key, sum)
			if err != nil {
				return err
			}
			kept, problem = became.kept, became.problem
			if kept || became.joined {
				passed.FilesAdded = 1
			}
			if became.made {
				passed.Added = 1
			}
		}
		if problem != "" {
			if err := s.addProblems(ctx, tx, row.ID, Problem{File: packed.Name, Message: problem}); err != nil {
				return err
			}
		}
		if err := s.q.AddFilePassed(ctx, tx, passed); err != nil {
			return fmt.Errorf("set passed: %w", err)
		}
		return nil
	})
	if !kept {
		s.removeBlob(context.WithoutCancel(ctx), key)
	}
	return err
}

// keep stores a file's bytes under a key and gives their SHA-256, or says what is
// wrong with them.
func (s *Service) keep(ctx context.Context, key string, packed unzip.File) (sum []byte, problem string, err error) {
	r, err := packed.Open()
	if err != nil {
		return nil, unreadable, nil //nolint:nilerr // told
	}
	defer func() { _ = r.Close() }()
	look := &looked{r: r, hash: sha256.New()}
	if err := s.Blobs.Put(ctx, key, look); err != nil {
		if look.err != nil {
			return nil, unreadable, nil
		}
		return nil, "", fmt.Errorf("store a file of the archive: %w", err)
	}
	return look.hash.Sum(nil), look.problem(s.Files.IsPDF), nil
}

const (
	unreadable = "cannot be unpacked: the archive is damaged here, or packed in a way that is not read"
	notPDF     = "this is not a PDF file"
)

// looked reads a file, and hashes it and keeps its beginning on the way.
type looked struct {
	r    io.Reader
	hash interface {
		io.Writer
		Sum([]byte) []byte
	}
	head []byte
	n    int64
	err  error // of the archive
}

func (l *looked) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		l.err = err
	}
	_, _ = l.hash.Write(p[:n])
	if room := 4096 - len(l.head); room > 0 {
		l.head = append(l.head, p[:min(n, room)]...)
	}
	l.n += int64(n)
	return n, err //nolint:wrapcheck // io.EOF is compared
}

func (l *looked) problem(isPDF func([]byte) bool) string {
	switch {
	case l.err != nil:
		return unreadable
	case l.n == 0:
		return "this file is empty"
	case !isPDF(l.head):
		return notPDF
	}
	return ""
}

// became says what became of a file.
type became struct {
	kept    bool // its bytes are an edition's
	made    bool // a document was made
	joined  bool // a document that was there went to the record
	problem string
}

// place makes a file what it is to be: the file of a record's work, or a document
// of its own. Nothing where the library has it already in its place.
func (s *Service) place(ctx context.Context, tx *postgres.Tx, row intakedb.Import, packed unzip.File, f waitingFile, editionID uuid.UUID, key string, sum []byte) (became, error) {
	all, err := s.Documents.KnownFiles(ctx, tx, row.LibraryID, [][]byte{sum})
	if err != nil {
		return became{}, err
	}
	known, have := all[[32]byte(sum)]
	work := f.documentID
	switch {
	case have && work != uuid.Nil:
		// The same bytes are another document's: that one is this work.
		joined, err := s.Documents.JoinTo(ctx, tx, row.PersonID, known.DocumentID, work)
		return became{joined: joined}, err
	case have && known.Trashed:
		return became{problem: fmt.Sprintf("is in the trash, as “%s”; restore it there", known.Title)}, nil
	case have:
		return became{}, s.gather(ctx, tx, row, known.DocumentID, f)
	}
	upload := document.NewUpload{
		LibraryID: row.LibraryID, PersonID: row.PersonID, DocumentID: work, EditionID: editionID, BlobKey: key,
		Filename: path.Base(packed.Name), Size: packed.Size, ClaimedSHA256: sum,
	}
	if work != uuid.Nil {
		own, err := s.q.IsImported(ctx, tx, row.ID, work)
		if err != nil {
			return became{}, fmt.Errorf("imported document: %w", err)
		}
		if own {
			if err := s.Documents.AddEdition(ctx, tx, upload); errors.Is(err, document.ErrGone) {
				return became{problem: "its work was deleted meanwhile"}, nil
			} else if err != nil {
				return became{}, err
			}
			return became{kept: true}, s.Files.Queue(ctx, tx, editionID)
		}
		// A work that was here before: one with a file is left as it is.
		if has, err := s.Documents.HasFile(ctx, tx, work); err != nil || has {
			return became{}, err
		}
	}
	// It comes as a document of its own, which undoing takes out again.
	upload.DocumentID = uuid.Must(uuid.NewV7())
	if _, _, err := s.Documents.AddUploaded(ctx, tx, upload); err != nil {
		return became{}, err
	}
	if err := s.q.InsertImported(ctx, tx, []uuid.UUID{upload.DocumentID}, row.ID); err != nil {
		return became{}, fmt.Errorf("note imported documents: %w", err)
	}
	if err := s.Files.Queue(ctx, tx, editionID); err != nil {
		return became{}, err
	}
	if work != uuid.Nil {
		_, err := s.Documents.JoinTo(ctx, tx, row.PersonID, upload.DocumentID, work)
		return became{kept: true}, err
	}
	return became{kept: true, made: true}, s.gather(ctx, tx, row, upload.DocumentID, f)
}

func (s *Service) gather(ctx context.Context, tx *postgres.Tx, row intakedb.Import, documentID uuid.UUID, f waitingFile) error {
	if s.OnAdded == nil || len(f.tags)+len(f.collections) == 0 {
		return nil
	}
	return s.OnAdded(ctx, tx, Batch{LibraryID: row.LibraryID, PersonID: row.PersonID, Works: []Work{{DocumentID: documentID, Tags: f.tags, Collections: f.collections}}})
}
