package extract

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// childAttributes: a child of its own process group, so that Ctrl-C reaches the
// server alone, and one that dies with the server however that dies.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// limitOwnMemory is the backstop behind the guest's limit and the parent's
// watch. RLIMIT_AS would be simpler, but Go reserves far more address space
// than it uses.
func limitOwnMemory(limit int64) error {
	if raceDetector {
		return nil
	}
	most := uint64(limit) / 8 * 7 //nolint:gosec // a size
	if err := unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: most, Max: most}); err != nil {
		return fmt.Errorf("limit memory: %w", err)
	}
	return nil
}

// processStat follows what a process uses.
type processStat struct {
	file   *os.File
	buffer [1024]byte
}

func openProcessStat(pid int) (*processStat, error) {
	file, err := os.Open("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return nil, err
	}
	return &processStat{file: file}, nil
}

func (s *processStat) close() { _ = s.file.Close() }

// peakResident is the most memory that a process ever held, in bytes; 0 when it
// is gone.
func peakResident(pid int) int64 {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, after, _ := bytes.Cut(data, []byte("\nVmHWM:"))
	fields := bytes.Fields(after[:min(len(after), 64)])
	if len(fields) == 0 {
		return 0
	}
	kilobytes, _ := strconv.ParseInt(string(fields[0]), 10, 64)
	return kilobytes << 10
}

// clockTicks a second, in which Linux tells CPU time to programs: always 100.
const clockTicks = 100

// read gives the CPU time used so far and the resident memory in bytes; ok is
// false when the process is gone.
func (s *processStat) read() (cpu time.Duration, resident int64, ok bool) {
	n, err := s.file.ReadAt(s.buffer[:], 0)
	if n == 0 && err != nil {
		return 0, 0, false
	}
	// Fields are counted from the end of the name, which may hold anything
	// (proc_pid_stat(5)): field 3 comes first.
	data := s.buffer[:n]
	data = data[bytes.LastIndexByte(data, ')')+1:]
	fields := bytes.Fields(data)
	if len(fields) < 22 {
		return 0, 0, false
	}
	number := func(field int) int64 {
		value, _ := strconv.ParseInt(string(fields[field-3]), 10, 64)
		return value
	}
	cpu = time.Duration(number(14)+number(15)) * (time.Second / clockTicks)
	return cpu, number(24) * int64(os.Getpagesize()), true
}
