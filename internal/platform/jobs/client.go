package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// The queues. Parsing has one of its own, so that a thousand waiting papers do
// not hold up the small jobs, and so has mail, whose server may be slow.
const (
	QueueDefault = river.QueueDefault
	QueueParse   = "parse"
	QueueMail    = "mail"
)

const (
	// MaxAttempts is how often a job is tried unless it says otherwise.
	MaxAttempts = 3
	// A notification within the cooldown waits for the poll, so both are short.
	fetchCooldown = 5 * time.Millisecond
	fetchPoll     = 200 * time.Millisecond
	// River's own rescue of jobs that were left running. It is the backstop
	// of the reaper and must exceed every job's time limit.
	rescueAfter = 6 * time.Hour

	defaultSoftStop = 10 * time.Second
	// forever keeps jobs that were set aside until the operator removes them.
	forever = -1
)

// Config says what part a process takes in the work.
type Config struct {
	// ID names this process among all; it must differ at every start. Default:
	// host name, process id and a random part.
	ID string
	// Logger defaults to slog.Default.
	Logger *slog.Logger
	// Work has Start run jobs; without it the client only inserts.
	Work bool
	// Queues are the queues to work and how many jobs of each to run at once.
	// Default: one parse job, two mails and four others.
	Queues map[string]int
	// SoftStop is how long Stop lets running jobs go on before it hands them
	// back. Default 10 s.
	SoftStop time.Duration
}

// Client inserts jobs and, where Config.Work says so, runs them.
type Client struct {
	cfg    Config
	pool   *pgxpool.Pool
	insert *river.Client[pgx.Tx]
	waker  waker

	mu       sync.Mutex
	work     *river.Client[pgx.Tx]
	alive    *liveness
	stopBack context.CancelFunc
	back     sync.WaitGroup
}

// New makes a client that can insert. The pool must outlive it.
func New(pool *pgxpool.Pool, cfg Config) (*Client, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.Default()
	}
	if cfg.ID == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "unknown"
		}
		cfg.ID = fmt.Sprintf("%.60s-%d-%s", host, os.Getpid(), uuid.NewString()[:8])
	}
	if cfg.Queues == nil {
		cfg.Queues = map[string]int{QueueDefault: 4, QueueParse: 1, QueueMail: 2}
	}
	if cfg.SoftStop <= 0 {
		cfg.SoftStop = defaultSoftStop
	}
	insert, err := river.NewClient(quietDriver{riverpgxv5.New(pool)}, &river.Config{
		ID: cfg.ID, Logger: riverLogger(cfg.Logger), MaxAttempts: MaxAttempts,
	})
	if err != nil {
		return nil, fmt.Errorf("jobs: %w", err)
	}
	return &Client{cfg: cfg, pool: pool, insert: insert, waker: waker{pool: pool, log: cfg.Logger}}, nil
}

// quietDriver keeps River from sending NOTIFY inside the inserting
// transaction: PostgreSQL commits such transactions one after the other, each
// with its own flush to disk. InsertTx notifies after the commit instead.
type quietDriver struct{ *riverpgxv5.Driver }

func (quietDriver) SupportsListenNotify() bool { return false }
func (quietDriver) SupportsListener() bool     { return false }

// ID names this process in the jobs that it runs.
func (c *Client) ID() string { return c.cfg.ID }

// InsertTx queues a job within a transaction: it exists when the transaction
// commits, and workers hear of it then. It reports false when a unique job of
// this kind was there already.
func (c *Client) InsertTx(ctx context.Context, tx *postgres.Tx, args Args, opts *InsertOpts) (bool, error) {
	res, err := c.insert.InsertTx(ctx, tx.Tx, args, opts)
	if err != nil {
		return false, fmt.Errorf("insert job %s: %w", args.Kind(), err)
	}
	if res.UniqueSkippedAsDuplicate {
		return false, nil
	}
	tx.AfterCommit(func(context.Context) { c.waker.wake(res.Job.Queue) })
	return true, nil
}

// Insert queues a job at once. It reports as InsertTx does.
func (c *Client) Insert(ctx context.Context, args Args, opts *InsertOpts) (bool, error) {
	res, err := c.insert.Insert(ctx, args, opts)
	if err != nil {
		return false, fmt.Errorf("insert job %s: %w", args.Kind(), err)
	}
	if res.UniqueSkippedAsDuplicate {
		return false, nil
	}
	c.waker.wake(res.Job.Queue)
	return true, nil
}

// Start begins to run jobs, if Config.Work says so, until Stop. It fails when
// the registry is not sound or the database is away.
func (c *Client) Start(ctx context.Context, registry *Registry) error {
	if registry.err != nil {
		return registry.err
	}
	if !c.cfg.Work {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.work != nil {
		return errors.New("jobs: started twice")
	}
	queues := make(map[string]river.QueueConfig, len(c.cfg.Queues))
	for name, workers := range c.cfg.Queues {
		queues[name] = river.QueueConfig{MaxWorkers: workers}
	}
	work, err := river.NewClient(riverpgxv5.New(c.pool), &river.Config{
		ID:                          c.cfg.ID,
		Logger:                      riverLogger(c.cfg.Logger),
		Queues:                      queues,
		Workers:                     registry.workers,
		PeriodicJobs:                registry.periodic,
		MaxAttempts:                 MaxAttempts,
		FetchCooldown:               fetchCooldown,
		FetchPollInterval:           fetchPoll,
		RetryPolicy:                 retryPolicy{},
		ErrorHandler:                errorHandler{log: c.cfg.Logger, periodic: registry.periodicKinds},
		RescueStuckJobsAfter:        rescueAfter,
		JobTimeout:                  DefaultTimeout,
		SoftStopTimeout:             c.cfg.SoftStop,
		DiscardedJobRetentionPeriod: forever,
	})
	if err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	// The lock first: a job that runs without it would look abandoned.
	alive := &liveness{cfg: c.pool.Config().ConnConfig.Copy(), id: c.cfg.ID, log: c.cfg.Logger}
	if err := alive.acquire(ctx); err != nil {
		return err
	}
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	// River stops by Stop alone, so that the order of a shutdown is the caller's.
	if err := work.Start(background); err != nil {
		cancel()
		alive.release()
		return fmt.Errorf("jobs: start: %w", err)
	}
	c.work, c.alive, c.stopBack = work, alive, cancel
	c.back.Go(func() { alive.keep(background) })
	c.back.Go(func() { newReaper(c).run(background) })
	return nil
}

// Stop lets running jobs go on for Config.SoftStop, then hands back those that
// are left, so that another node runs them at once. When ctx ends earlier they
// are handed back then.
func (c *Client) Stop(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.work == nil {
		return nil
	}
	err := c.work.Stop(ctx)
	if err != nil && ctx.Err() != nil {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = c.work.StopAndCancel(last)
	}
	c.stopBack()
	c.back.Wait()
	c.alive.release()
	c.work = nil
	if err != nil {
		return fmt.Errorf("jobs: stop: %w", err)
	}
	return nil
}

// Event tells of a job that ended one try.
type Event = river.Event

// Finished sends an event for each try that ends in this process, however it
// ends. Call the function to end it. The client must have been started.
func (c *Client) Finished() (<-chan *Event, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.work.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed, river.EventKindJobCancelled, river.EventKindJobSnoozed)
}

// errorHandler tells the operator of each try that failed. River keeps the
// errors with the job, but says so at a level that is not logged.
type errorHandler struct {
	log      *slog.Logger
	periodic map[string]bool
}

// HandleError implements river.ErrorHandler. A periodic job that failed is not
// kept for the operator: the next one does its work, or fails the same way.
func (h errorHandler) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	if !errors.Is(err, context.Canceled) {
		h.log.WarnContext(ctx, "jobs: a try failed", slog.Int64("job", job.ID), slog.String("kind", job.Kind),
			slog.Int("attempt", job.Attempt), slog.Any("error", err))
	}
	return &river.ErrorHandlerResult{SetCancelled: h.periodic[job.Kind]}
}

// HandlePanic implements river.ErrorHandler. Panics of workers come as errors;
// see guarded.try.
func (h errorHandler) HandlePanic(ctx context.Context, job *rivertype.JobRow, v any, trace string) *river.ErrorHandlerResult {
	return h.HandleError(ctx, job, fmt.Errorf("panic: %v\n%s", v, trace))
}

// retryPolicy waits 2 s before the second try and 10 s before the third.
type retryPolicy struct{}

func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	wait := 2 * time.Second
	if job.Attempt > 1 {
		wait = 10 * time.Second
	}
	return time.Now().UTC().Add(wait)
}

// riverLogger drops River's chatter about its own life.
func riverLogger(log *slog.Logger) *slog.Logger {
	return slog.New(atLeast{log.Handler(), slog.LevelWarn})
}

type atLeast struct {
	slog.Handler
	level slog.Level
}

func (h atLeast) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.level && h.Handler.Enabled(ctx, l)
}

func (h atLeast) WithAttrs(attrs []slog.Attr) slog.Handler {
	return atLeast{h.Handler.WithAttrs(attrs), h.level}
}

func (h atLeast) WithGroup(name string) slog.Handler {
	return atLeast{h.Handler.WithGroup(name), h.level}
}
