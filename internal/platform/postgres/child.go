package postgres

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// childSpec is a program of PostgreSQL's to be run inside a data folder.
type childSpec struct {
	program string
	// args come after "-D <dir>", which start adds in the form that works.
	args []string
	dir  string
	as   *account
	// output receives stdout and stderr.
	output io.Writer
	// orphaned is the signal that the kernel sends should we die.
	orphaned syscall.Signal
}

// child is a running program of PostgreSQL's.
type child struct {
	process *os.Process
	// exited is closed once the process is gone and its output was read; err is set before.
	exited chan struct{}
	err    error
}

// start runs the program until it exits. Its thread is its own, and lives as
// long as it does: the kernel's signal to orphans is sent when the thread that
// started the child ends, not when the process does.
func (spec childSpec) start() (*child, error) {
	workdir, name, done, err := enterFolder(spec.dir, spec.as)
	if err != nil {
		return nil, err
	}
	defer done()

	// Not bound to a context: it is stopped in order, by signals.
	cmd := exec.Command(spec.program, append([]string{"-D", name}, spec.args...)...) //nolint:gosec,noctx // see above; the program is the operator's own
	cmd.Dir = workdir
	cmd.Env = serverEnv()
	cmd.SysProcAttr = spec.as.procAttr()
	// A group of its own: Ctrl-C in the terminal is for us, who stop in order.
	cmd.SysProcAttr.Setpgid = true
	orphanSignal(cmd.SysProcAttr, spec.orphaned)
	cmd.Stdout, cmd.Stderr = spec.output, spec.output
	// Should a grandchild keep the pipe open, its output is given up after this.
	cmd.WaitDelay = 5 * time.Second

	c := &child{exited: make(chan struct{})}
	started := make(chan error, 1)
	onOwnThread(func() {
		if err := cmd.Start(); err != nil {
			started <- fmt.Errorf("start %s: %w", spec.program, err)
			return
		}
		c.process = cmd.Process
		started <- nil
		c.err = cmd.Wait()
		close(c.exited)
	})
	if err := <-started; err != nil {
		return nil, err
	}
	return c, nil
}
