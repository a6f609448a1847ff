package postgres

import (
	"os"
	"path/filepath"
	"strconv"
)

// serverProcesses lists the processes of the server over cluster, be they ours
// or left by a killed parent: those called postgres that are in that folder.
func serverProcesses(cluster string, _ int) []int {
	folder, err := os.Stat(cluster)
	if err != nil {
		return nil
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var found []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		proc := filepath.Join("/proc", entry.Name())
		// Another user's process cannot be looked into, and cannot be ours.
		exe, err := os.Readlink(filepath.Join(proc, "exe"))
		if err != nil {
			continue
		}
		// A program replaced meanwhile reads "/path/postgres (deleted)".
		if name := filepath.Base(exe); name != "postgres" && name != "postgres (deleted)" {
			continue
		}
		if cwd, err := os.Stat(filepath.Join(proc, "cwd")); err == nil && os.SameFile(cwd, folder) {
			found = append(found, pid)
		}
	}
	return found
}
