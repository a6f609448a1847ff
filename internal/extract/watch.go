package extract

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// watch kills a child that goes too far with one document, and remembers why.
type watch struct {
	child    *child
	config   Config
	deadline atomic.Int64  // Unix nanoseconds
	progress atomic.Uint64 // frames received

	// verdict is why the child was killed, and peak the most resident memory
	// seen, in bytes; read them after run returned.
	verdict *Error
	late    bool // the verdict is about the document, not a step
	peak    int64
}

func newWatch(c *child, config Config) *watch {
	w := &watch{child: c, config: config}
	w.deadline.Store(time.Now().Add(config.TimeLimit).UnixNano())
	return w
}

// extend moves the deadline.
func (w *watch) extend(by time.Duration) { w.deadline.Add(int64(by)) }

// run watches until stop is closed, or until it has killed the child.
func (w *watch) run(ctx context.Context, stop <-chan struct{}) {
	stat, err := openProcessStat(w.child.command.Process.Pid)
	if err == nil {
		defer stat.close()
	}
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	var step stepClock
	for {
		select {
		case <-stop:
			return
		case <-ctx.Done():
			w.child.kill()
			return
		case <-ticker.C:
		}
		if w.verdict = w.judge(stat, &step); w.verdict != nil {
			w.child.kill()
			return
		}
	}
}

// stepClock is the CPU time at which the step under way began.
type stepClock struct {
	progress uint64
	began    time.Duration
	running  bool
}

func (w *watch) judge(stat *processStat, step *stepClock) *Error {
	if time.Now().UnixNano() > w.deadline.Load() {
		w.late = true
		return fail(KindTimedOut, "Reading the file took too long.")
	}
	if stat == nil {
		return nil
	}
	cpu, resident, ok := stat.read()
	if !ok {
		return nil
	}
	w.peak = max(w.peak, resident)
	if resident > w.config.MemoryLimit {
		return fail(KindOutOfMemory, messageMemory)
	}
	if progress := w.progress.Load(); !step.running || progress != step.progress {
		*step = stepClock{progress: progress, began: cpu, running: true}
		return nil
	}
	if cpu-step.began > w.config.StepLimit {
		return fail(KindTimedOut, fmt.Sprintf("Reading the file took too long: %s.", stepName(step.progress)))
	}
	return nil
}

// stepName is what the child was at after that many frames: the first tells
// that the file is open, each further one a page.
func stepName(frames uint64) string {
	if frames == 0 {
		return "it could not be opened in time"
	}
	return fmt.Sprintf("it stopped at page %d", frames)
}
