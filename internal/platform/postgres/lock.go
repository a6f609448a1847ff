package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// The kernel gives both locks back when their holder dies, however it dies.

// folderLock is held by the process that runs the server of a data folder.
type folderLock struct{ file *os.File }

// lockHolder is what the lock's file says of the one who has it.
type lockHolder struct {
	pid int
	// brief: it runs the server only until its own command is done.
	brief bool
}

// briefPatience is how long a server waits for a command that has its folder.
const briefPatience = 15 * time.Second

// lockFolder takes the lock for a server that stays. It waits for a holder that
// will soon be done and refuses, by name, to follow another.
func lockFolder(ctx context.Context, paths folders) (*folderLock, error) {
	var (
		lock   *folderLock
		holder lockHolder
		err    error
	)
	waitErr := waitUntil(ctx, briefPatience, func() bool {
		lock, err = tryLock(paths.lock, false)
		if !errors.Is(err, errLocked) {
			return true
		}
		holder = readHolder(paths.lock)
		return !holder.brief
	})
	switch {
	case waitErr != nil:
		return nil, waitErr
	case errors.Is(err, errLocked):
		return nil, folderInUse(paths.data, holder.pid)
	case err != nil:
		return nil, lockFault(err, paths.data)
	}
	return lock, nil
}

// tryLock takes the lock, or returns errLocked.
func tryLock(path string, brief bool) (*folderLock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock file: %w", err)
	}
	if err := flock(file, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, err
	}
	// The holder's name is for the message to those who come second.
	line := strconv.Itoa(os.Getpid()) + "\n"
	if brief {
		line += "brief\n"
	}
	err = file.Truncate(0)
	if err == nil {
		_, err = file.WriteAt([]byte(line), 0)
	}
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("write the lock file: %w", err)
	}
	return &folderLock{file}, nil
}

func (l *folderLock) release() { unlock(l.file) }

// unlock gives a lock back. Closing the file is not enough: a process that is
// being started at this moment has a copy of it until it runs its program.
func unlock(file *os.File) {
	_ = flock(file, syscall.LOCK_UN)
	_ = file.Close()
}

func readHolder(path string) lockHolder {
	raw, err := os.ReadFile(path)
	if err != nil {
		return lockHolder{}
	}
	pid, rest, _ := strings.Cut(string(raw), "\n")
	holder := lockHolder{brief: strings.TrimSpace(rest) == "brief"}
	holder.pid, _ = strconv.Atoi(pid)
	return holder
}

var errLocked = errors.New("locked by another process")

// flock applies how, or returns errLocked where it was asked not to wait.
func flock(file *os.File, how int) error {
	for {
		err := syscall.Flock(int(file.Fd()), how)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errLocked
		default:
			return fmt.Errorf("lock %s: %w", file.Name(), err)
		}
	}
}

// folderInUse is what the second of two servers gets to hear.
func folderInUse(dataDir string, pid int) error {
	who := "another Scrollkeeper"
	if pid > 0 {
		who += fmt.Sprintf(" (process %d)", pid)
	}
	return fault.New(fault.Conflict, "data_folder_in_use", fmt.Sprintf(
		"The data folder %s is in use by %s. Stop that one first, or choose another folder with --data.", dataDir, who)).
		With("pid", pid)
}

func lockFault(err error, dataDir string) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return diskFault(err)
	}
	return fault.Wrap(err, fault.Unavailable, "data_folder_unusable", fmt.Sprintf(
		"The data folder %s cannot be written to: %v. Give it to the user that runs Scrollkeeper, or choose another with --data.",
		dataDir, rootCause(err)))
}

// userLock is held, shared, by every command that uses the server for a moment.
// The one that started it waits for the others before it stops it.
type userLock struct{ file *os.File }

func lockAsUser(ctx context.Context, path string) (*userLock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock file: %w", err)
	}
	l := &userLock{file}
	if err := l.take(ctx, syscall.LOCK_SH); err != nil {
		l.release()
		return nil, err
	}
	return l, nil
}

// takeAlone waits until no other process uses the server, or ctx ends.
func (l *userLock) takeAlone(ctx context.Context) error { return l.take(ctx, syscall.LOCK_EX) }

func (l *userLock) take(ctx context.Context, how int) error {
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		if err := flock(l.file, how|syscall.LOCK_NB); !errors.Is(err, errLocked) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

func (l *userLock) release() { unlock(l.file) }
