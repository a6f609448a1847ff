package extract

import (
	"bufio"
	"context"
	"strconv"
)

// What tests look at from outside.
const DocumentsPerChild = documentsPerChild

var (
	AppendPage  = appendPage
	DecodePage  = decodePage
	ParseNames  = parseNames
	ParseXMP    = parseXMP
	FindDOI     = findDOI
	FindDate    = findDate
	IsJunkTitle = isJunkTitle
	RepairURLs  = repairURLs
	ValidMarks  = validMarks

	ParseReference = parseReference
)

// ReadFrame reads one frame as either side does.
func ReadFrame(r *bufio.Reader) (kind byte, payload []byte, err error) {
	read, payload, err := readFrame(r, nil)
	return byte(read), payload, err
}

// WriteFrame is its opposite.
func WriteFrame(kind byte, payload []byte) ([]byte, error) {
	return appendFrame(nil, frameKind(kind), payload)
}

// PeakResident is the most that any child of the pool was seen to hold, in
// bytes, while it worked.
func PeakResident(p *Pool) int64 { return p.peak.Load() }

// Children are the process ids of a pool's children.
func Children(p *Pool) []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var pids []int
	for c := range p.all {
		pids = append(pids, c.command.Process.Pid)
	}
	return pids
}

// WaitForNoChildren returns when every child has gone.
func WaitForNoChildren(ctx context.Context, p *Pool) error {
	p.mu.Lock()
	var children []*child
	for c := range p.all {
		children = append(children, c)
	}
	p.mu.Unlock()
	for _, c := range children {
		select {
		case <-c.exited:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// ProcPath is a file of Linux's process file system.
func ProcPath(pid int, name string) string { return "/proc/" + strconv.Itoa(pid) + "/" + name }
