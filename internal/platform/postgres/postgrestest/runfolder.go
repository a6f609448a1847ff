package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// runPrefix begins the name of a test binary's folder; its process number follows.
const runPrefix = "scrollkeeper-test-"

// reaperScript deletes the folder once the test binary is gone. Its standard
// input is a pipe that the binary holds and that the kernel closes at its end,
// whatever that end is. The server was told by the kernel to stop and removes
// its pid file last.
const reaperScript = `cat >/dev/null
tries=0
while [ -e "$1/data/postgres/postmaster.pid" ] && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries+1)); done
rm -rf "$1"`

// newRunFolder makes the folder that lives as long as this process, or until
// reaper is closed. It also deletes those of binaries whose reaper was killed
// with them.
func newRunFolder() (dir string, reaper io.Closer, err error) {
	parent := runParent()
	sweep(parent)
	dir, err = os.MkdirTemp(parent, runPrefix+strconv.Itoa(os.Getpid())+"-")
	if err != nil {
		return "", nil, err
	}
	// Its life is not to be bounded by any context of ours.
	script := exec.CommandContext(context.Background(), "/bin/sh", "-c", reaperScript, "reaper", dir)
	// Ctrl-C is for the tests; the reaper must outlive them.
	script.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if reaper, err = script.StdinPipe(); err != nil {
		return "", nil, err
	}
	if err := script.Start(); err != nil {
		return "", nil, fmt.Errorf("start the process that cleans up: %w", err)
	}
	return dir, reaper, nil
}

// runParent is in memory where there is enough: copying the template's thousand
// files takes a second on a disk and a tenth of one there.
func runParent() string {
	const memory, enough = "/dev/shm", 2 << 30
	var free unix.Statfs_t
	if err := unix.Statfs(memory, &free); err != nil || free.Bavail*uint64(free.Bsize) < enough {
		return os.TempDir()
	}
	if err := unix.Access(memory, unix.W_OK); err != nil {
		return os.TempDir()
	}
	return memory
}

func sweep(parent string) {
	old, err := filepath.Glob(filepath.Join(parent, runPrefix+"*"))
	if err != nil {
		return
	}
	for _, dir := range old {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), runPrefix), "-")
		pid, err := strconv.Atoi(number)
		if err != nil {
			continue
		}
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir)
		}
	}
}
