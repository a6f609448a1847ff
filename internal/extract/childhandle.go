package extract

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// child is the parent's hold on one child process.
type child struct {
	command *exec.Cmd
	conn    *net.UnixConn
	reader  *bufio.Reader
	stderr  *tail
	exited  chan struct{} // closed when the process is gone and reaped
	killed  atomic.Bool
	served  int
	leave   *time.Timer // set while idle
}

// startChild starts the process. It must be called on a thread that stays.
func startChild(config Config) (*child, error) {
	ours, theirs, err := socketPair()
	if err != nil {
		return nil, err
	}
	defer func() { _ = theirs.Close() }()
	c := &child{
		conn:   ours,
		reader: bufio.NewReaderSize(ours, 64<<10),
		stderr: &tail{},
		exited: make(chan struct{}),
	}
	c.command = exec.Command(config.Executable, config.Args...) //nolint:gosec,noctx // our own binary; it outlives the request
	c.command.Stdin = theirs
	c.command.Stderr = c.stderr
	// The server's environment holds secrets; the child needs none of it.
	c.command.Env = []string{"GOTRACEBACK=single"}
	c.command.Dir = "/"
	c.command.SysProcAttr = childAttributes()
	if err := c.command.Start(); err != nil {
		_ = ours.Close()
		return nil, err
	}
	go func() {
		// Its exit says nothing that the broken socket does not.
		_ = c.command.Wait()
		close(c.exited)
		_ = c.conn.Close()
	}()
	return c, nil
}

// greet tells the child its settings and waits until it is ready.
func (c *child) greet(config Config) error {
	if err := c.conn.SetDeadline(time.Now().Add(startLimit)); err != nil {
		return err
	}
	payload, err := json.Marshal(settings{CacheDir: config.CacheDir, MemoryLimit: config.MemoryLimit, WritesOnly: config.WritesOnly})
	if err != nil {
		return err
	}
	if err := writeFrame(c.conn, frameSettings, payload); err != nil {
		return err
	}
	kind, _, err := readFrame(c.reader, nil)
	if err != nil {
		return err
	}
	if kind != frameReady {
		return fmt.Errorf("expected to hear that it is ready, not frame %d", kind)
	}
	return c.conn.SetDeadline(time.Time{})
}

// kill ends the process at once.
func (c *child) kill() {
	c.killed.Store(true)
	_ = c.command.Process.Kill()
}

// dismiss lets an idle process end by itself: it leaves when the parent hangs up.
func (c *child) dismiss() { _ = c.conn.Close() }

// lastWords is what the process wrote before it died, for logs. Call it after
// exited is closed.
func (c *child) lastWords() string {
	if words := c.stderr.String(); words != "" {
		return ": " + words
	}
	return ""
}

// ranOutOfMemory reports whether Go's runtime died for want of memory, or the
// system chose the process when it ran short.
func (c *child) ranOutOfMemory() bool {
	words := c.stderr.String()
	return strings.Contains(words, "out of memory") || strings.Contains(words, "cannot allocate memory")
}

// socketPair is two connected sockets; the second is for the child.
func socketPair() (*net.UnixConn, *os.File, error) {
	// No other process may inherit our end: the child would then not see us
	// hang up. macOS cannot ask for that while making the pair.
	syscall.ForkLock.RLock()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err == nil {
		unix.CloseOnExec(fds[0])
		unix.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, fmt.Errorf("socket pair: %w", err)
	}
	ours := os.NewFile(uintptr(fds[0]), "parent")  //nolint:gosec // descriptors are not negative
	theirs := os.NewFile(uintptr(fds[1]), "child") //nolint:gosec // descriptors are not negative
	defer func() { _ = ours.Close() }()
	conn, err := net.FileConn(ours)
	if err != nil {
		_ = theirs.Close()
		return nil, nil, fmt.Errorf("socket pair: %w", err)
	}
	unixConn, ok := conn.(*net.UnixConn)
	if !ok {
		_ = theirs.Close()
		return nil, nil, errors.New("socket pair: not a Unix socket")
	}
	return unixConn, theirs, nil
}

// tail keeps the first and the last of what is written to it.
type tail struct {
	mu   sync.Mutex
	data []byte
}

const tailLength = 8 << 10

func (t *tail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.data = append(t.data, data...)
	if over := len(t.data) - tailLength; over > 0 {
		// What a crash says first names the cause; the end shows where.
		half := tailLength / 2
		t.data = append(t.data[:half], t.data[half+over:]...)
	}
	return len(data), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.ToValidUTF8(bytes.TrimSpace(t.data), nil))
}
