package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

const (
	// fastStopLimit is how long a fast shutdown may take before an immediate
	// one, which loses nothing but costs a recovery at the next start.
	fastStopLimit = 20 * time.Second

	// immediateStopLimit is how long that may take before the process is killed.
	immediateStopLimit = 5 * time.Second
)

// clearOrphan stops a server that a killed parent left on cluster and removes
// its lock files. The caller holds the folder's lock, so no living parent has it.
// It does nothing where there is no such folder.
func clearOrphan(ctx context.Context, logger *slog.Logger, cluster string) error {
	recorded := recordedPID(cluster)
	processes := serverProcesses(cluster, recorded)
	if len(processes) > 0 {
		logger.InfoContext(ctx, "stopping a PostgreSQL that an earlier run left behind", "pid", recorded, "folder", cluster)
	}
	for _, step := range []struct {
		signal syscall.Signal
		limit  time.Duration
	}{
		{syscall.SIGINT, fastStopLimit},
		{syscall.SIGQUIT, immediateStopLimit},
		{syscall.SIGKILL, immediateStopLimit},
	} {
		if len(processes) == 0 {
			break
		}
		targets := processes
		if slices.Contains(processes, recorded) && step.signal != syscall.SIGKILL {
			targets = []int{recorded} // it stops its children in order
		}
		for _, pid := range targets {
			if err := syscall.Kill(pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("stop the PostgreSQL left behind (process %d): %w", pid, err)
			}
		}
		gone := func() bool {
			processes = serverProcesses(cluster, recorded)
			return len(processes) == 0
		}
		if err := waitUntil(ctx, step.limit, gone); err != nil {
			return err
		}
	}
	if len(processes) > 0 {
		return fault.New(fault.Unavailable, "postgres_orphan", fmt.Sprintf(
			"A PostgreSQL left by an earlier run (process %d) still uses %s and cannot be stopped. Restart the machine, or stop that process.",
			processes[0], cluster))
	}
	// PostgreSQL refuses to start while the process that these name exists. The
	// number may be used again by some other process of ours, as happens in
	// containers, or be that of one that ended and that nobody has waited for.
	for _, name := range []string{"postmaster.pid", socketName + ".lock", socketName} {
		if err := os.Remove(filepath.Join(cluster, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove what the last PostgreSQL left: %w", err)
		}
	}
	return nil
}

// recordedPID reads the process that postmaster.pid names; 0 when there is none.
func recordedPID(cluster string) int {
	pid, _ := strconv.Atoi(pidFileLine(cluster, 1))
	return pid
}

// markedReady reports whether the server says of itself that it takes connections.
func markedReady(cluster string) bool { return pidFileLine(cluster, 8) == "ready" }

// pidFileLine reads a line of postmaster.pid, counted from 1; "" when there is none.
func pidFileLine(cluster string, number int) string {
	raw, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if err != nil {
		return ""
	}
	lines := strings.Split(string(raw), "\n")
	if len(lines) < number {
		return ""
	}
	return strings.TrimSpace(lines[number-1])
}

// waitUntil asks again until done, the limit, or the end of ctx, which alone is an error.
func waitUntil(ctx context.Context, limit time.Duration, done func() bool) error {
	deadline := time.Now().Add(limit)
	for pause := time.Millisecond; !done(); pause = min(2*pause, 50*time.Millisecond) {
		if time.Now().After(deadline) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	return nil
}
