package postgres

import (
	"context"
	"fmt"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

const (
	// A server that ended by itself is started again at most maxRestarts times
	// within restartWindow. More often means that it cannot run, and trying on
	// would hide that.
	maxRestarts   = 5
	restartWindow = 5 * time.Minute

	// restartLimit bounds one restart with its recovery.
	restartLimit = 5 * time.Minute
)

// supervise waits for the server to end and starts it again when nobody asked
// for that: the kernel's out-of-memory killer takes a database first.
func (s *Server) supervise(c *child) {
	defer close(s.stopped)
	defer close(s.done)
	defer s.release()

	var restarts []time.Time
	for {
		<-c.exited
		if s.isStopping() {
			return
		}
		now := time.Now()
		for len(restarts) > 0 && now.Sub(restarts[0]) > restartWindow {
			restarts = restarts[1:]
		}
		restarts = append(restarts, now)
		_, reason := fatalLine(s.log.lines())
		s.logger.Error("the built-in PostgreSQL ended by itself; starting it again",
			"pid", c.process.Pid, "how", c.err, "reason", reason, "times", len(restarts))

		next, err := s.restart(c, len(restarts))
		if err != nil {
			if !s.isStopping() {
				s.done <- err
			}
			return
		}
		if !s.adopt(next) {
			_ = next.stop(context.Background())
			return
		}
		s.logger.Info("the built-in PostgreSQL is back", "pid", next.process.Pid, "took", time.Since(now))
		c = next
	}
}

// restart launches the server again after ended, for the nth time of late.
func (s *Server) restart(ended *child, nth int) (*child, error) {
	if nth > maxRestarts {
		return nil, s.withLog(fault.Wrap(ended.err, fault.Unavailable, "postgres_keeps_ending", fmt.Sprintf(
			"The built-in PostgreSQL ended %d times within %s and was not started again. Its words are in %s.",
			nth, restartWindow, s.folders.log)))
	}
	ctx, cancel := context.WithTimeout(s.life, restartLimit)
	defer cancel()
	exists, err := checkCluster(s.folders.cluster)
	if err == nil && !exists {
		err = damaged(s.folders.cluster, "the folder is gone", ended.err)
	}
	if err != nil {
		return nil, err
	}
	return s.launch(ctx)
}

func (s *Server) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// adopt makes c the server's process, unless it is to stop.
func (s *Server) adopt(c *child) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.child = c
	return true
}
