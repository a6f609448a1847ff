package postgres

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// settingsFile is written anew at each start, so that better defaults reach old
// clusters. postgresql.conf includes it and stays the operator's.
const settingsFile = "scrollkeeper.conf"

// defaultSettings suit a small machine with a solid-state disk that runs the
// product beside the database.
const defaultSettings = `# Written by Scrollkeeper at each start. Put settings of your own at the end of
# postgresql.conf, after the line that includes this file: the last one wins.

max_connections = 100
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 64MB
random_page_cost = 1.1
jit = off

# An acknowledged write is on the disk.
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = pglz
max_wal_size = 512MB

timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '` + logPrefix + `'
log_checkpoints = off
log_min_duration_statement = 2s
# What people search for and write is not the log's business.
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
`

// fixedSettings are given on the command line, where no file can change them:
// the server listens nowhere but in its own 0700 folder. "." keeps the socket's
// path short for the server whatever the data folder's is.
var fixedSettings = map[string]string{
	"listen_addresses":        "",
	"unix_socket_directories": ".",
	"unix_socket_permissions": "0700",
	"port":                    socketPort,
	"logging_collector":       "off",
	"log_destination":         "stderr",
	"log_line_prefix":         logPrefix,
}

// socketPort is only a part of the socket's name.
const (
	socketPort = "5432"
	socketName = ".s.PGSQL." + socketPort
)

const includeLines = `
# Scrollkeeper's own settings. Yours go below this line, where they win.
include_if_exists '` + settingsFile + `'
`

// addInclude makes a fresh postgresql.conf include ours.
func addInclude(path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(includeLines)
	return errors.Join(err, file.Sync(), file.Close())
}

// writeSettings writes settingsFile where it differs.
func writeSettings(cluster string) error {
	path := filepath.Join(cluster, settingsFile)
	if now, err := os.ReadFile(path); err == nil && bytes.Equal(now, []byte(defaultSettings)) {
		return nil
	}
	// The server's user owns this folder and is trusted less than root: O_EXCL
	// keeps a link that it may have put in the way from being written through.
	fresh := path + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write the database's settings: %w", err)
	}
	file, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return diskFault(fmt.Errorf("write the database's settings: %w", err))
	}
	_, err = file.WriteString(defaultSettings)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return diskFault(fmt.Errorf("write the database's settings: %w", err))
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("write the database's settings: %w", err)
	}
	return nil
}

// settingArgs turns settings into options of the command line; fixed ones win.
func settingArgs(extra map[string]string) []string {
	all := maps.Clone(extra)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, fixedSettings)
	var args []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+strings.ReplaceAll(all[name], "\n", " "))
	}
	return args
}
