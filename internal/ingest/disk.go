package ingest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// spaceReserve is what must stay free on the disk besides a new file, in
// bytes: the database may be on the same disk and must go on writing.
const spaceReserve = 64 << 20

// freeSpace is what an ordinary user may still write to the disk of dir, in bytes.
func freeSpace(dir string) (uint64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("free space: %w", err)
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil //nolint:gosec,unconvert // the types differ between systems
}

// flush makes a file and its name in the folder durable.
func flush(name string) error {
	for _, path := range []string{name, filepath.Dir(name)} {
		f, err := os.Open(path) //nolint:gosec // a file of ours
		if err != nil {
			return fmt.Errorf("flush: %w", err)
		}
		err = f.Sync()
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return fmt.Errorf("flush: %w", err)
		}
	}
	return nil
}

// infoSuffix ends the name of the file in which tusd keeps an open upload's size.
const infoSuffix = ".info"

// removeFiles removes an upload's bytes and tusd's notes; it is no error when
// they are gone already.
func (s *Service) removeFiles(uploadID uuid.UUID) error {
	name := s.file(uploadID)
	for _, path := range []string{name, name + infoSuffix} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("remove upload: %w", err)
		}
	}
	return nil
}

// diskFault turns a full disk into a fault and leaves other errors alone.
func diskFault(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.Wrap(err, errFull.Kind, errFull.Code, errFull.Message)
	}
	return err
}
