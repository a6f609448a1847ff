package intake

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/intake/internal/intakedb"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Kind is a sort of file that is no bibliography and that another feature brings
// in: an import of it has the same steps, its look, its undo.
type Kind interface {
	// Recognise reports whether a file is of this kind. Only ZIPs are asked about.
	Recognise(file io.ReaderAt, size int64) bool
	// Check looks a file through and changes nothing. A fault of kind Invalid ends
	// the import with its sentence.
	Check(ctx context.Context, i Import, file io.ReaderAt) (Found, error)
	// Run brings the file in, in steps that it gives to store, from where i.Passed
	// says that it was. imported are the documents that it made so far.
	Run(ctx context.Context, i Import, file io.ReaderAt, imported []uuid.UUID, store func(Step) error) error
}

// Found is what bringing a file in would do. Problems are the first of
// ProblemCount.
type Found struct {
	Total, Fresh, Present, Repeated int
	Contents                        Contents
	Problems                        []Problem
	ProblemCount                    int
}

// Step is a part of an import, kept whole or not at all.
type Step struct {
	// To is how many records have passed after it.
	To int
	// Documents are those that it makes, with so many Files.
	Documents []uuid.UUID
	Files     int
	// Problems are those that were not known when the file was checked.
	Problems []Problem
	// Do makes them. Permission has been asked for.
	Do func(ctx context.Context, tx *postgres.Tx) error
}

// kindOf finds the kind of a stored ZIP; one of none is an archive of bibliographies
// and files.
func (s *Service) kindOf(ctx context.Context, key string, size int64) (biblio.Format, error) {
	if len(s.Kinds) == 0 {
		return Archive, nil
	}
	file, err := s.Blobs.Open(ctx, key)
	if err != nil {
		return "", fmt.Errorf("open the file: %w", err)
	}
	defer func() { _ = file.Close() }()
	for format, kind := range s.Kinds {
		if kind.Recognise(file, size) {
			return format, nil
		}
	}
	return Archive, nil
}

// checkKind is Check for a file of another kind.
func (s *Service) checkKind(ctx context.Context, row intakedb.Import, kind Kind) (Found, error) {
	i, err := importOf(row)
	if err != nil {
		return Found{}, err
	}
	file, err := s.Blobs.Open(ctx, row.BlobKey)
	if err != nil {
		return Found{}, fmt.Errorf("open the file: %w", err)
	}
	defer func() { _ = file.Close() }()
	return kind.Check(ctx, i, file)
}

// runKind is Import for a file of another kind.
func (s *Service) runKind(ctx context.Context, row intakedb.Import, kind Kind) error {
	i, err := importOf(row)
	if err != nil {
		return err
	}
	imported, err := s.q.Imported(ctx, s.Pool, row.ID)
	if err != nil {
		return postgres.Fault(fmt.Errorf("imported documents: %w", err))
	}
	file, err := s.Blobs.Open(ctx, row.BlobKey)
	if err != nil {
		return fmt.Errorf("open the file: %w", err)
	}
	defer func() { _ = file.Close() }()
	passed := int(row.Passed)
	return kind.Run(ctx, i, file, imported, func(step Step) error {
		if err := s.step(ctx, row, passed, step); err != nil {
			return err
		}
		passed = step.To
		return nil
	})
}

// finish ends a run: what is left is to say so.
func (s *Service) finish(ctx context.Context, row intakedb.Import, err error) error {
	if errors.Is(err, errOvertaken) {
		return nil
	}
	if err != nil {
		return s.failed(ctx, row.ID, err)
	}
	return postgres.InTx(ctx, s.Pool, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.setState(ctx, tx, row.ID, Done, ""); err != nil {
			return err
		}
		tx.AfterCommit(func(ctx context.Context) { s.removeBlob(ctx, row.BlobKey) })
		return nil
	})
}
