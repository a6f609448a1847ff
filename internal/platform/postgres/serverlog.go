package postgres

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"sync"
)

const (
	// maxLogBytes is where postgres.log is moved to postgres.log.1 and begun
	// again, so the two never take more than twice this.
	maxLogBytes = 8 << 20

	keptLogLines = 40
)

// serverLog writes what the server says to a file of bounded size and keeps the
// last lines, for error messages. Safe for concurrent use.
type serverLog struct {
	path string

	mu   sync.Mutex
	file *os.File
	size int64
	part []byte // of a line whose end has not come yet
	last []string
}

func openServerLog(path string) (*serverLog, error) {
	l := &serverLog{path: path}
	return l, l.open()
}

func (l *serverLog) open() error {
	file, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return err
	}
	l.file, l.size = file, info.Size()
	return nil
}

// Write implements io.Writer. It never fails: a full disk must not end the pipe
// that the server writes to, and so the server.
func (l *serverLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remember(p)
	if l.size+int64(len(p)) > maxLogBytes {
		l.rotate()
	}
	if l.file != nil {
		n, _ := l.file.Write(p)
		l.size += int64(n)
	}
	return len(p), nil
}

func (l *serverLog) rotate() {
	if l.file != nil {
		_ = l.file.Close()
		l.file = nil
	}
	_ = os.Rename(l.path, l.path+".1")
	_ = l.open()
}

func (l *serverLog) remember(p []byte) {
	l.part = append(l.part, p...)
	for {
		line, rest, found := bytes.Cut(l.part, []byte("\n"))
		if !found {
			break
		}
		l.last = append(l.last, string(line))
		l.part = rest
	}
	if len(l.part) > 64<<10 {
		l.part = nil
	}
	l.part = bytes.Clone(l.part)
	if extra := len(l.last) - keptLogLines; extra > 0 {
		l.last = append([]string(nil), l.last[extra:]...)
	}
}

// forget drops the remembered lines, so that the next error shows its own.
func (l *serverLog) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last, l.part = nil, nil
}

// lines gives the last lines, oldest first.
func (l *serverLog) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := append([]string(nil), l.last...)
	if len(l.part) > 0 {
		lines = append(lines, string(l.part))
	}
	return lines
}

func (l *serverLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		_ = l.file.Close()
		l.file = nil
	}
}

// logPrefix is the log_line_prefix that fatalLine reads back: time, process, SQLSTATE.
const logPrefix = "%m [%p] %e "

var fatal = regexp.MustCompile(`^\S+ \S+ \S+ \[\d+\] ([0-9A-Z]{5}) (?:FATAL|PANIC): +(.*)$`)

// fatalLine finds the server's own reason for ending, which is the last of its
// kind. state is its SQLSTATE, "" where it gave none. What it says to clients
// while it starts or ends, class 57P, is no reason.
func fatalLine(lines []string) (state, message string) {
	for _, line := range lines {
		if m := fatal.FindStringSubmatch(line); m != nil {
			if !strings.HasPrefix(m[1], "57P") {
				state, message = m[1], m[2]
			}
		} else if _, rest, found := strings.Cut(line, "FATAL: "); found && message == "" {
			message = strings.TrimSpace(rest)
		}
	}
	return state, message
}
