//go:build !linux

package extract

import (
	"errors"
	"syscall"
	"time"
)

func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// limitOwnMemory does nothing here: the guest's own limit stands alone.
func limitOwnMemory(int64) error { return nil }

// processStat is for Linux; elsewhere only the wall clock is watched.
type processStat struct{}

func openProcessStat(int) (*processStat, error) {
	return nil, errors.New("resident memory is watched on Linux only")
}

func (*processStat) close() {}

func (*processStat) read() (time.Duration, int64, bool) { return 0, 0, false }

func peakResident(int) int64 { return 0 }
