package postgres_test

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// ownFolder is how a program finds the folder it was started in, though it may
// not pass the ones above.
const ownFolder = "/proc/self/cwd"

// enter starts cmd in dir, which its user need not be able to reach.
func enter(t *testing.T, cmd *exec.Cmd, dir string) (done func()) {
	t.Helper()
	folder, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Dir = fmt.Sprintf("/proc/self/fd/%d", folder.Fd())
	return func() { _ = folder.Close() }
}

// ownerOf makes a program run as the owner of path.
func ownerOf(t *testing.T, path string) *syscall.SysProcAttr {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	attr := &syscall.SysProcAttr{}
	if owner := info.Sys().(*syscall.Stat_t); int(owner.Uid) != os.Geteuid() {
		attr.Credential = &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
	}
	return attr
}
