package postgres

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
)

// onOwnThread runs fn on an operating system thread that no other goroutine
// uses and that ends with fn. It does not wait for fn.
func onOwnThread(fn func()) {
	go func() {
		runtime.LockOSThread()
		if syscall.Gettid() != os.Getpid() {
			fn() // never unlocked: the runtime ends the thread with this goroutine
			return
		}
		// The main thread cannot end, so it is held here until another was found.
		found := make(chan struct{})
		onOwnThread(func() {
			close(found)
			fn()
		})
		<-found
		runtime.UnlockOSThread()
	}()
}

// orphanSignal has the kernel send sig to the child when its thread here ends.
func orphanSignal(attr *syscall.SysProcAttr, sig syscall.Signal) { attr.Pdeathsig = sig }

// enterFolder says how a child is started inside dir, and the name under which
// it finds it there.
//
// An account that may not pass the folders above dir, as in root's closed home,
// is led around them twice by the kernel: into it through a descriptor that we
// opened, and to it by /proc/self/cwd, which goes to the working directory
// without walking the way there. PostgreSQL's processes never leave the data
// folder, so the name holds for each of them. (The other ways were worse: a
// cluster outside the data folder is lost when that is copied, a mount
// namespace needs rights that a container's root lacks.)
func enterFolder(dir string, as *account) (workdir, name string, done func(), err error) {
	if as == nil {
		return dir, dir, func() {}, nil
	}
	folder, err := os.Open(dir)
	if err != nil {
		return "", "", nil, fmt.Errorf("open the database's folder: %w", err)
	}
	workdir = fmt.Sprintf("/proc/self/fd/%d", folder.Fd())
	return workdir, "/proc/self/cwd", func() { _ = folder.Close() }, nil
}
