package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// stopTimeout bounds a graceful stop: open requests, running jobs, sockets.
const stopTimeout = 25 * time.Second

// Started is told once the site answers.
type Started struct {
	// Origin is where people reach it, without a slash at the end.
	Origin string
	// SetupURL is the one-time link to create the owner; empty once there is one.
	SetupURL string
}

// Run serves and works as the process's roles say until ctx ends, then stops
// in good order. started is called when the site answers; it may be nil for a
// process without the web role.
func (a *App) Run(ctx context.Context, started func(Started)) error {
	if a.site == nil {
		if err := a.jobs.Start(ctx, a.registry); err != nil {
			return err
		}
		a.ready.Open()
		return a.wait(ctx, nil)
	}
	// Listening comes first: a port in use is found before any job starts.
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", a.cfg.Listen)
	if err != nil {
		return listenFault(a.cfg.Listen, err)
	}
	origin := a.cfg.Origin(listener.Addr())
	a.notify.SetOrigin(origin)
	if err := a.jobs.Start(ctx, a.registry); err != nil {
		_ = listener.Close()
		return err
	}
	server := &http.Server{
		Handler: a.site,
		// Bodies have no limit of time: an upload over a slow line takes hours.
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	a.ready.Open()

	s := Started{Origin: origin}
	if secret, err := a.People.NewSetupLink(ctx); err == nil {
		s.SetupURL = s.Origin + "/setup#" + secret
	} else if !fault.Is(err, "setup_done") {
		a.log.ErrorContext(ctx, "no set-up link", slog.Any("error", err))
	}
	if started != nil {
		started(s)
	}
	err = a.wait(ctx, failed)
	return errors.Join(err, a.stopServing(context.WithoutCancel(ctx), server))
}

// wait returns when the process should stop: nil when it was asked to.
func (a *App) wait(ctx context.Context, failed <-chan error) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case err := <-a.db.Done():
		return fmt.Errorf("the built-in PostgreSQL ended and could not be started again: %w", err)
	}
}

// stopServing ends requests and sockets. Uploads are cut at what has arrived
// and go on with the next process; sockets are told to come back.
func (a *App) stopServing(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	a.ready.Close()
	a.ingest.StopTransfers()
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := a.node.Shutdown(ctx); err != nil {
			a.log.WarnContext(ctx, "sockets did not end in time", slog.Any("error", err))
		}
	})
	err := server.Shutdown(ctx)
	wg.Wait()
	if err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// Close hands running jobs back and gives up everything that New opened.
func (a *App) Close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	var errs []error
	if a.node != nil {
		// Stopping twice is fine: Run has done it unless it failed early.
		errs = append(errs, a.node.Shutdown(ctx))
	}
	if a.jobs != nil {
		errs = append(errs, a.jobs.Stop(ctx))
	}
	if a.extractor != nil {
		errs = append(errs, a.extractor.Close())
	}
	if a.writers != nil {
		errs = append(errs, a.writers.Close())
	}
	if a.presences != nil {
		// After the sockets, whose end it tells of.
		errs = append(errs, a.presences.Close(ctx))
	}
	if a.bus != nil {
		errs = append(errs, a.bus.Close(ctx))
	}
	if a.db != nil {
		errs = append(errs, a.db.Close(ctx))
	}
	if err := errors.Join(errs...); err != nil {
		a.log.WarnContext(ctx, "stopped, but not cleanly", slog.Any("error", err))
	}
}

func listenFault(address string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fault.Wrap(err, fault.Conflict, "port_in_use",
			fmt.Sprintf("Another program already listens on %s. Stop it, or choose another address with --listen, for instance --listen 127.0.0.1:8081.", address))
	case errors.Is(err, syscall.EACCES):
		return fault.Wrap(err, fault.Forbidden, "port_forbidden",
			fmt.Sprintf("This user may not listen on %s. Ports below 1024 need a privilege; choose a higher one with --listen.", address))
	default:
		return fault.Wrap(err, fault.Invalid, "cannot_listen", fmt.Sprintf("Cannot listen on %s. Check the address given with --listen.", address))
	}
}
