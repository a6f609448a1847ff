package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// ServerConfig says where a built-in server lives.
type ServerConfig struct {
	// DataDir is the product's data folder; the server uses postgres* in it.
	// It is made, with mode 0700, if it does not exist.
	DataDir string
	// BinDir holds bin, lib and share of PostgreSQL 18, or is that bin. Empty
	// means the copy that npm put below web/, near the executable or the working
	// directory.
	BinDir string
	// Settings override PostgreSQL's settings by name. Those that keep the server
	// on its private socket cannot be overridden.
	Settings map[string]string
	// Logger gets what an operator should know. Nil means slog.Default().
	Logger *slog.Logger
}

// Server is a PostgreSQL that runs as a child of this process. Should it be
// killed, it is started again over the same folder; connections come back by
// themselves. Safe for concurrent use.
type Server struct {
	config       ServerConfig
	logger       *slog.Logger
	folders      folders
	installation installation
	as           *account
	log          *serverLog
	lock         *folderLock
	address      *socketAddress

	// life ends when Stop is called, which cuts a restart short.
	life context.Context
	end  context.CancelFunc

	done chan error

	mu       sync.Mutex
	child    *child
	stopping bool
	// stopped is closed when the server has ended for good.
	stopped chan struct{}
}

// StartServer starts the server of a data folder and returns when it takes
// connections. The first start makes the database, which takes about a second;
// a start after a crash waits for the recovery, as long as ctx allows.
//
// Its faults, each with a message for the operator: "data_folder_in_use"
// (another process runs it), "data_folder_newer" and "data_folder_older" (made by
// another PostgreSQL), "data_folder_damaged", "data_folder_owner" (not ours),
// "data_folder_unusable", "storage_full", "postgres_not_found",
// "postgres_unreachable", "postgres_version", "postgres_account",
// "postgres_settings", "postgres_orphan", "postgres_start_failed". Where the
// server said why, its last lines are the member "log".
func StartServer(ctx context.Context, cfg ServerConfig) (*Server, error) {
	paths, err := dataFolders(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	if err := paths.create(); err != nil {
		return nil, err
	}
	lock, err := lockFolder(ctx, paths)
	if err != nil {
		return nil, err
	}
	return startLocked(ctx, cfg, paths, lock)
}

// startLocked starts the server under a lock that it takes over.
func startLocked(ctx context.Context, cfg ServerConfig, paths folders, lock *folderLock) (_ *Server, err error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	s := &Server{
		config: cfg, logger: cfg.Logger, folders: paths, lock: lock,
		done: make(chan error, 1), stopped: make(chan struct{}),
	}
	s.life, s.end = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			s.release()
		}
	}()
	if s.log, err = openServerLog(paths.log); err != nil {
		return nil, lockFault(err, paths.data)
	}
	// The folder is looked at first: what is wrong with it should be said even
	// where no PostgreSQL is installed.
	exists, err := checkCluster(paths.cluster)
	if err != nil {
		return nil, err
	}
	if s.as, err = serverAccount(paths.cluster); err != nil {
		return nil, err
	}
	found, err := findInstallation(cfg.BinDir)
	if err != nil {
		return nil, err
	}
	if s.installation, err = found.ready(ctx, s.as); err != nil {
		return nil, err
	}
	if s.address, err = newSocketAddress(paths.cluster); err != nil {
		return nil, err
	}

	started := time.Now()
	if !exists {
		if err := s.makeCluster(ctx); err != nil {
			return nil, err
		}
		s.logger.InfoContext(ctx, "database made", "folder", paths.cluster, "took", time.Since(started))
	}
	c, err := s.launch(ctx)
	if err != nil {
		return nil, err
	}
	s.child = c
	go s.supervise(c) //nolint:gosec // it outlives the start's context
	s.logger.InfoContext(ctx, "built-in PostgreSQL started",
		"pid", c.process.Pid, "user", s.as.String(), "folder", paths.cluster, "took", time.Since(started))
	return s, nil
}

// ConnString is the address of the database, for this process and its children.
func (s *Server) ConnString() string { return s.address.url(databaseName) }

// PID is the process number of the running server; it changes when the server
// had to be started again.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.child.process.Pid
}

// Done gives one error when the server has ended for good without having been
// asked to, and is closed then and after Stop.
func (s *Server) Done() <-chan error { return s.done }

// Stop ends the server: open transactions are rolled back and everything
// committed is on the disk. It waits up to twenty seconds, or until ctx ends,
// for that to happen in order, then ends it at once, which loses nothing either
// but makes the next start a recovery. Stopping twice is fine.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	s.stopping = true
	c := s.child
	s.mu.Unlock()
	s.end()

	err := c.stop(ctx)
	<-s.stopped
	return err
}

// stop takes a running server down, ever less gently.
func (c *child) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, fastStopLimit)
	defer cancel()
	_ = c.process.Signal(syscall.SIGINT)
	select {
	case <-c.exited:
		return nil
	case <-ctx.Done():
	}
	_ = c.process.Signal(syscall.SIGQUIT)
	select {
	case <-c.exited:
		return nil
	case <-time.After(immediateStopLimit):
	}
	_ = c.process.Kill()
	<-c.exited
	return errors.New("PostgreSQL did not stop and was killed")
}

// launch runs the server once and returns when it takes connections.
func (s *Server) launch(ctx context.Context) (*child, error) {
	if err := clearOrphan(ctx, s.logger, s.folders.cluster); err != nil {
		return nil, err
	}
	if err := writeSettings(s.folders.cluster); err != nil {
		return nil, err
	}
	// For a folder that was restored, or a file in it edited, as root.
	if err := s.as.own(s.folders.cluster); err != nil {
		return nil, fmt.Errorf("give the database's folder to %s: %w", s.as, err)
	}
	s.log.forget()
	c, err := childSpec{
		program: s.installation.program("postgres"), args: settingArgs(s.config.Settings),
		dir: s.folders.cluster, as: s.as, output: s.log,
		// A killed parent's server shuts down in order, and quickly.
		orphaned: syscall.SIGINT,
	}.start()
	if err != nil {
		return nil, err
	}
	if err := s.awaitReady(ctx, c); err != nil {
		_ = c.stop(context.WithoutCancel(ctx))
		return nil, err
	}
	return c, nil
}

// awaitReady connects until it works, and makes the database on the first start.
// A recovery takes its time, but a server that calls itself ready must answer.
func (s *Server) awaitReady(ctx context.Context, c *child) error {
	const (
		tellEvery   = 10 * time.Second
		answerLimit = 15 * time.Second
	)
	begun := time.Now()
	told, recovering := begun, begun
	for pause := 2 * time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		select {
		case <-c.exited:
			return s.startFault(c.err)
		case <-ctx.Done():
			return s.notReady(ctx.Err(), begun)
		case <-time.After(pause):
		}
		err := s.tryConnect(ctx, databaseName)
		if err == nil {
			return nil
		}
		if pgErr, ok := errors.AsType[*pgconn.PgError](err); ok && pgErr.Code == "3D000" { // invalid_catalog_name
			return s.createDatabase(ctx)
		}
		now := time.Now()
		if !markedReady(s.folders.cluster) {
			recovering = now
		}
		if now.Sub(recovering) > answerLimit {
			return s.notReady(err, begun)
		}
		if now.Sub(told) > tellEvery {
			told = now
			s.logger.InfoContext(ctx, "PostgreSQL is still starting; after a crash it recovers first", "waited", now.Sub(begun), "now", err)
		}
	}
}

func (s *Server) notReady(cause error, begun time.Time) error {
	return s.withLog(fault.Wrap(cause, fault.Unavailable, "postgres_start_failed", fmt.Sprintf(
		"The built-in PostgreSQL did not answer within %s. Its words are in %s.",
		time.Since(begun).Round(time.Second), s.folders.log)))
}

func (s *Server) tryConnect(ctx context.Context, database string) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.address.url(database))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func (s *Server) createDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.address.url("postgres"))
	if err != nil {
		return Fault(fmt.Errorf("connect to make the database: %w", err))
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{databaseName}.Sanitize()); err != nil {
		return Fault(fmt.Errorf("make the database: %w", err))
	}
	return nil
}

// startFault explains a server that ended before it was ready by what it said.
func (s *Server) startFault(cause error) error {
	state, message := fatalLine(s.log.lines())
	var f *fault.Error
	switch {
	case state == "53100" || strings.Contains(message, "No space left on device"):
		f = fault.Wrap(cause, fault.Full, "storage_full",
			"The disk is full, so the database cannot start: "+message+". Free some space and start again; nothing is lost.")
	case state == "F0000" || strings.Contains(message, "configuration file"):
		f = fault.Wrap(cause, fault.Invalid, "postgres_settings", fmt.Sprintf(
			"PostgreSQL refuses the settings in %s/postgresql.conf. The last lines of %s name the one.", s.folders.cluster, s.folders.log))
	case state == "XX001" || state == "XX002" || strings.HasPrefix(state, "58"),
		strings.Contains(message, "checkpoint record"), strings.Contains(message, "control file"),
		strings.Contains(message, "database files are incompatible"):
		// data_corrupted, index_corrupted, and system_error, such as a missing
		// file; then what is found when the control file is read.
		f = damaged(s.folders.cluster, message, cause)
	default:
		if message == "" {
			message = fmt.Sprint(cause)
		}
		f = fault.Wrap(cause, fault.Unavailable, "postgres_start_failed", fmt.Sprintf(
			"The built-in PostgreSQL did not start: %s. More is in %s.", message, s.folders.log))
	}
	return s.withLog(f)
}

func (s *Server) withLog(f *fault.Error) error {
	if lines := s.log.lines(); len(lines) > 0 {
		return f.With("log", lines)
	}
	return f
}

// release gives back what a server holds besides its process.
func (s *Server) release() {
	s.end()
	if s.address != nil {
		s.address.remove()
	}
	if s.log != nil {
		s.log.close()
	}
	s.lock.release()
}
