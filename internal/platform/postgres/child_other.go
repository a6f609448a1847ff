//go:build !linux

package postgres

import "syscall"

// onOwnThread runs fn beside the caller. Threads matter only where the kernel
// can signal orphans.
func onOwnThread(fn func()) { go fn() }

// orphanSignal does nothing: there is no such signal here. An orphan is found
// and stopped by the next start.
func orphanSignal(*syscall.SysProcAttr, syscall.Signal) {}

// enterFolder says how a child is started inside dir, and the name under which
// it finds it. Started by root, the server's user must be able to reach dir.
func enterFolder(dir string, _ *account) (workdir, name string, done func(), err error) {
	return dir, dir, func() {}, nil
}
