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
		// A process that is ending gives up its program and memory first and its
		// folder last, and until then it is in the way of a new server. Hence the
		// name, which stays to the end, and not the link to the program.
		proc := filepath.Join("/proc", entry.Name())
		if name, err := os.ReadFile(filepath.Join(proc, "comm")); err != nil || string(name) != "postgres\n" {
			continue
		}
		// Another user's process cannot be looked into, and cannot be ours.
		if cwd, err := os.Stat(filepath.Join(proc, "cwd")); err == nil && os.SameFile(cwd, folder) {
			found = append(found, pid)
		}
	}
	return found
}
