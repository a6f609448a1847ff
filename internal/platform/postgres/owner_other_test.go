//go:build !linux

package postgres_test

import (
	"os/exec"
	"syscall"
	"testing"
)

const ownFolder = "."

func enter(t *testing.T, cmd *exec.Cmd, dir string) (done func()) {
	t.Helper()
	cmd.Dir = dir
	return func() {}
}

func ownerOf(t *testing.T, _ string) *syscall.SysProcAttr {
	t.Helper()
	return &syscall.SysProcAttr{}
}
