package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

const (
	// databaseName and databaseUser are what the built-in server holds. Who may
	// connect is decided by who may enter its folder, so there is no password.
	databaseName = "scrollkeeper"
	databaseUser = "scrollkeeper"
)

// folders are the paths the built-in server uses inside a data folder; see the
// package comment.
type folders struct {
	data, cluster, making, lock, users, log string
}

func dataFolders(dataDir string) (folders, error) {
	data, err := filepath.Abs(dataDir)
	if err != nil {
		return folders{}, fmt.Errorf("find the data folder: %w", err)
	}
	in := func(name string) string { return filepath.Join(data, name) }
	return folders{
		data: data, cluster: in("postgres"), making: in("postgres.new"),
		lock: in("postgres.lock"), users: in("postgres.users"), log: in("postgres.log"),
	}, nil
}

// create makes the data folder, for this user alone.
func (f folders) create() error {
	if err := os.MkdirAll(f.data, 0o700); err != nil {
		code := "data_folder_unusable"
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			return fault.Wrap(err, fault.Full, "storage_full", "The disk is full: the data folder "+f.data+" cannot be made.")
		}
		return fault.Wrap(err, fault.Unavailable, code,
			fmt.Sprintf("The data folder %s cannot be made: %v. Choose another with --data.", f.data, rootCause(err)))
	}
	return nil
}

// checkCluster looks at the cluster before anything is started on it. It returns
// false when there is none yet.
func checkCluster(cluster string) (exists bool, err error) {
	entries, err := os.ReadDir(cluster)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fault.Wrap(err, fault.Unavailable, "data_folder_unusable",
			fmt.Sprintf("The database's folder %s cannot be read: %v.", cluster, rootCause(err)))
	case len(entries) == 0:
		return false, nil
	}

	raw, err := os.ReadFile(filepath.Join(cluster, "PG_VERSION"))
	if err != nil {
		return false, damaged(cluster, "its file PG_VERSION cannot be read", err)
	}
	format := strings.TrimSpace(string(raw))
	major, err := strconv.Atoi(format)
	switch {
	case err != nil:
		return false, damaged(cluster, "its file PG_VERSION does not hold a version", err)
	case major > clusterMajor:
		return false, fault.New(fault.Conflict, "data_folder_newer", fmt.Sprintf(
			"The database in %s is in the format of PostgreSQL %d, and this Scrollkeeper brings PostgreSQL %d. Use the newer Scrollkeeper that made it. Nothing was changed.",
			cluster, major, clusterMajor))
	case major < clusterMajor:
		return false, fault.New(fault.Conflict, "data_folder_older", fmt.Sprintf(
			"The database in %s is in the format of PostgreSQL %d, and this Scrollkeeper brings PostgreSQL %d. Use the older Scrollkeeper that made it and move its content over. Nothing was changed.",
			cluster, major, clusterMajor))
	}
	if _, err := os.Stat(filepath.Join(cluster, "global", "pg_control")); err != nil {
		return false, damaged(cluster, "its file global/pg_control cannot be read", err)
	}
	return true, nil
}

func damaged(cluster, how string, cause error) *fault.Error {
	return fault.Wrap(cause, fault.Unavailable, "data_folder_damaged", fmt.Sprintf(
		"The database in %s is damaged: %s. Restore the data folder from a backup, or move it aside to begin with an empty one.",
		cluster, how))
}

// makeCluster runs initdb. The cluster is made under another name and renamed,
// so that one cut short is never taken for a whole one.
func (s *Server) makeCluster(ctx context.Context) error {
	if err := clearOrphan(ctx, s.logger, s.folders.making); err != nil {
		return err // initdb runs a server too
	}
	if err := os.RemoveAll(s.folders.making); err != nil {
		return fmt.Errorf("remove an unfinished database folder: %w", err)
	}
	if err := os.Mkdir(s.folders.making, 0o700); err != nil {
		return diskFault(fmt.Errorf("make the database's folder: %w", err))
	}
	if err := s.as.own(s.folders.making); err != nil {
		return fmt.Errorf("give the database's folder to %s: %w", s.as, err)
	}
	args := []string{
		"--username=" + databaseUser, "--auth=trust",
		// Unicode rules for case, byte order for sorting, and the same on every
		// machine: a library's own collation changes with its version and would
		// spoil the indexes.
		"--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
		"--text-search-config=simple",
	}
	if s.config.Settings["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	s.log.forget()
	initdb, err := childSpec{
		program: s.installation.program("initdb"), args: args,
		dir: s.folders.making, as: s.as, output: s.log, orphaned: syscall.SIGKILL,
	}.start()
	if err != nil {
		return err
	}
	select {
	case <-initdb.exited:
	case <-ctx.Done():
		_ = initdb.process.Kill()
		<-initdb.exited
		return ctx.Err()
	}
	if initdb.err != nil {
		return s.initFault(initdb.err)
	}
	if err := addInclude(filepath.Join(s.folders.making, "postgresql.conf")); err != nil {
		return diskFault(fmt.Errorf("write the database's settings: %w", err))
	}
	// An empty folder in the way is one that somebody prepared.
	if err := os.Remove(s.folders.cluster); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("replace the empty database folder: %w", err)
	}
	if err := os.Rename(s.folders.making, s.folders.cluster); err != nil {
		return fmt.Errorf("put the new database in place: %w", err)
	}
	return syncFolder(s.folders.data)
}

// initFault explains a failed initdb by what it said.
func (s *Server) initFault(cause error) error {
	said := strings.Join(s.log.lines(), "\n")
	switch {
	case strings.Contains(said, "No space left on device"), strings.Contains(said, "Disk quota exceeded"):
		return fault.Wrap(cause, fault.Full, "storage_full",
			"The disk is full: the database could not be made in "+s.folders.data+". Free some space and start again.")
	case strings.Contains(said, "could not look up effective user ID"):
		return fault.Wrap(cause, fault.Unavailable, "postgres_account", fmt.Sprintf(
			"PostgreSQL needs its user to have an entry in /etc/passwd, and user %d has none. Add one, or start as another user.", os.Geteuid()))
	}
	return s.withLog(fault.Wrap(cause, fault.Unavailable, "postgres_init_failed",
		fmt.Sprintf("The database could not be made in %s. PostgreSQL's own words are in %s.", s.folders.data, s.folders.log)))
}

// rootCause drops the path and operation that os errors begin with.
func rootCause(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}

// diskFault marks an error that came from a full disk.
func diskFault(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.Wrap(err, fault.Full, "storage_full", "The disk is full. Free some space and start again.")
	}
	return err
}

// syncFolder makes a rename in it durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { _ = folder.Close() }()
	if err := folder.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", path, err)
	}
	return nil
}
