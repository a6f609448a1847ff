//go:build !linux

package postgres

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// serverProcesses gives recorded, the process that postmaster.pid names, if it
// still runs and is a PostgreSQL.
func serverProcesses(_ string, recorded int) []int {
	if recorded <= 0 {
		return nil
	}
	out, err := exec.Command("ps", "-o", "comm=", "-p", strconv.Itoa(recorded)).Output()
	if err != nil || filepath.Base(strings.TrimSpace(string(out))) != "postgres" {
		return nil
	}
	return []int{recorded}
}
