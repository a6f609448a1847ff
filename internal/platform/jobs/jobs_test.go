package jobs_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/platform/jobs"
	"scrollkeeper.example/scrollkeeper/internal/platform/jobs/jobstest"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

type testArgs struct {
	Name   string `json:"name"`
	Secret string `json:"secret,omitempty"`
}

func (testArgs) Kind() string { return "test" }

// testWorker runs a function and remembers what was set aside.
type testWorker struct {
	work func(ctx context.Context, job *jobs.Job[testArgs]) error

	mu    sync.Mutex
	aside []error
}

func (w *testWorker) Work(ctx context.Context, job *jobs.Job[testArgs]) error {
	return w.work(ctx, job)
}

func (w *testWorker) SetAside(_ context.Context, _ *jobs.Job[testArgs], cause error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.aside = append(w.aside, cause)
	return nil
}

func (w *testWorker) setAside() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]error(nil), w.aside...)
}

func registryOf(w *testWorker) *jobs.Registry {
	r := jobs.NewRegistry()
	jobs.Add(r, w)
	return r
}

func insert(t testing.TB, pool *pgxpool.Pool, c *jobs.Client, args jobs.Args, opts *jobs.InsertOpts) {
	t.Helper()
	err := postgres.InTx(t.Context(), pool, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := c.InsertTx(ctx, tx, args, opts)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestJobRunsAfterItsCommit(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	client := jobstest.NewClient(t, pool)
	ran := make(chan string, 2)
	w := &testWorker{work: func(_ context.Context, job *jobs.Job[testArgs]) error {
		ran <- job.Args.Name
		return nil
	}}
	jobstest.Start(t, pool, client, registryOf(w))

	refused := errors.New("refused")
	err := postgres.InTx(t.Context(), pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := client.InsertTx(ctx, tx, testArgs{Name: "rolled back"}, nil); err != nil {
			return err
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Fatal(err)
	}
	insert(t, pool, client, testArgs{Name: "committed"}, nil)
	if got := <-ran; got != "committed" {
		t.Errorf("ran %q", got)
	}
}

func TestJobThatFailsIsTriedThreeTimesAndSetAside(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	client := jobstest.NewClient(t, pool)
	broken := errors.New("broken")
	w := &testWorker{work: func(_ context.Context, job *jobs.Job[testArgs]) error {
		if job.Attempt == 2 {
			panic("a panic counts like an error")
		}
		return broken
	}}
	r := jobstest.Start(t, pool, client, registryOf(w))
	insert(t, pool, client, testArgs{}, nil)
	for range jobs.MaxAttempts {
		// The waits between tries are not what is tested here.
		r.Wait("test")
		if _, err := pool.Exec(t.Context(), `UPDATE river_job SET state = 'available', scheduled_at = now() WHERE state IN ('retryable', 'available')`); err != nil {
			t.Fatal(err)
		}
	}
	r.Idle("test")
	if aside := w.setAside(); len(aside) != 1 || !errors.Is(aside[0], broken) {
		t.Errorf("set aside: %v", aside)
	}
	var state string
	var failures int
	if err := pool.QueryRow(t.Context(), `SELECT state, array_length(errors, 1) FROM river_job`).Scan(&state, &failures); err != nil {
		t.Fatal(err)
	}
	if state != "discarded" || failures != jobs.MaxAttempts {
		t.Errorf("state %s with %d errors", state, failures)
	}
}

func TestStopHandsBackWhatIsRunning(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	first, err := jobs.New(pool, jobs.Config{Work: true, SoftStop: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	began := make(chan struct{})
	w := &testWorker{work: func(ctx context.Context, _ *jobs.Job[testArgs]) error {
		close(began)
		<-ctx.Done()
		return ctx.Err()
	}}
	if err := first.Start(t.Context(), registryOf(w)); err != nil {
		t.Fatal(err)
	}
	insert(t, pool, first, testArgs{}, nil)
	<-began
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	var attempt int
	var state string
	if err := pool.QueryRow(t.Context(), `SELECT attempt, state FROM river_job`).Scan(&attempt, &state); err != nil {
		t.Fatal(err)
	}
	if attempt != 0 || state != "available" {
		t.Errorf("attempt %d, state %s; want an untouched job", attempt, state)
	}
	if aside := w.setAside(); len(aside) != 0 {
		t.Errorf("set aside: %v", aside)
	}
}

func TestUniqueJobIsInsertedOnce(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	client := jobstest.NewClient(t, pool)
	opts := &jobs.InsertOpts{UniqueOpts: jobs.UniqueOpts{ByArgs: true, ByState: jobs.Unfinished()}}
	for i, want := range []bool{true, false} {
		inserted, err := client.Insert(t.Context(), testArgs{Name: "one"}, opts)
		if err != nil {
			t.Fatal(err)
		}
		if inserted != want {
			t.Errorf("insert %d: %v", i, inserted)
		}
	}
}

func TestWaitingAndRemoveArg(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	client := jobstest.NewClient(t, pool)
	insert(t, pool, client, testArgs{Name: "a", Secret: "s"}, nil)
	got, err := client.Waiting(t.Context(), "test", "name", []string{"a", "b"})
	if err != nil || len(got) != 1 || got[0] != "a" {
		t.Errorf("waiting: %v, %v", got, err)
	}
	var id int64
	if err := pool.QueryRow(t.Context(), `SELECT id FROM river_job`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	if err := client.RemoveArg(t.Context(), id, "secret"); err != nil {
		t.Fatal(err)
	}
	var args string
	if err := pool.QueryRow(t.Context(), `SELECT args::text FROM river_job`).Scan(&args); err != nil {
		t.Fatal(err)
	}
	if args != `{"name": "a"}` {
		t.Errorf("args: %s", args)
	}
}

type periodicArgs struct{}

func (periodicArgs) Kind() string { return "periodic" }

type periodicWorker struct{}

func (periodicWorker) Work(context.Context, *jobs.Job[periodicArgs]) error {
	return errors.New("broken")
}

func TestPeriodicJobRunsAtStartAndItsFailureIsNotKept(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	client := jobstest.NewClient(t, pool)
	registry := jobs.NewRegistry()
	jobs.Add(registry, periodicWorker{})
	registry.Every(time.Hour, periodicArgs{})
	jobstest.Start(t, pool, client, registry).Wait("periodic")
	var state string
	if err := pool.QueryRow(t.Context(), `SELECT state FROM river_job`).Scan(&state); err != nil || state != "cancelled" {
		t.Errorf("state %s, %v", state, err)
	}
}

// BenchmarkStart measures from the commit of a job to its start.
func BenchmarkStart(b *testing.B) {
	pool := postgrestest.New(b)
	client := jobstest.NewClient(b, pool)
	ran := make(chan struct{})
	w := &testWorker{work: func(context.Context, *jobs.Job[testArgs]) error {
		ran <- struct{}{}
		return nil
	}}
	jobstest.Start(b, pool, client, registryOf(w))
	for b.Loop() {
		insert(b, pool, client, testArgs{}, nil)
		<-ran
	}
}

// A worker in a process of its own, which is this test binary again.
const (
	childURL  = "JOBS_TEST_CHILD_DATABASE"
	childPool = 4
)

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		if err := runChild(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// runChild works until it is killed, and says when a job begins.
func runChild(url string) error {
	ctx := context.Background()
	pool, err := postgres.NewPool(ctx, url, postgres.PoolConfig{MaxConns: childPool})
	if err != nil {
		return err
	}
	client, err := jobs.New(pool, jobs.Config{Work: true})
	if err != nil {
		return err
	}
	w := &testWorker{work: func(ctx context.Context, job *jobs.Job[testArgs]) error {
		fmt.Println("began", job.Attempt)
		<-ctx.Done()
		return ctx.Err()
	}}
	if err := client.Start(ctx, registryOf(w)); err != nil {
		return err
	}
	select {}
}

// startChild runs a worker process and returns when it has begun a job.
func startChild(t testing.TB, pool *pgxpool.Pool) (kill func()) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childURL+"="+pool.Config().ConnString())
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(kill)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "began") {
			return kill
		}
	}
	t.Fatal("the child did not begin a job")
	return nil
}

func TestJobOfKilledWorkerRunsAgainWithin20Seconds(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	client := jobstest.NewClient(t, pool)
	insert(t, pool, client, testArgs{Name: "survivor"}, nil)
	kill := startChild(t, pool)

	ran := make(chan int, 1)
	w := &testWorker{work: func(_ context.Context, job *jobs.Job[testArgs]) error {
		ran <- job.Attempt
		return nil
	}}
	jobstest.Start(t, pool, client, registryOf(w))
	kill()
	killed := time.Now()
	select {
	case attempt := <-ran:
		t.Logf("ran again after %s", time.Since(killed).Round(10*time.Millisecond))
		if attempt != 2 {
			t.Errorf("attempt %d, want 2", attempt)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the job did not run again within 20 s")
	}
}

func TestJobThatKillsItsWorkersIsSetAside(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	client := jobstest.NewClient(t, pool)
	insert(t, pool, client, testArgs{}, &jobs.InsertOpts{MaxAttempts: 1})
	startChild(t, pool)()

	w := &testWorker{work: func(context.Context, *jobs.Job[testArgs]) error {
		t.Error("the job ran again")
		return nil
	}}
	r := jobstest.Start(t, pool, client, registryOf(w))
	r.Idle("test")
	if aside := w.setAside(); len(aside) != 1 || !errors.Is(aside[0], jobs.ErrCrashed) {
		t.Errorf("set aside: %v", aside)
	}
}

func TestWorkerThatLosesItsLockTakesItAgain(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	client := jobstest.NewClient(t, pool)
	release := make(chan struct{})
	began := make(chan struct{})
	runs := 0
	w := &testWorker{work: func(context.Context, *jobs.Job[testArgs]) error {
		if runs++; runs > 1 {
			t.Error("the job of a living worker ran twice")
		}
		close(began)
		<-release
		return nil
	}}
	r := jobstest.Start(t, pool, client, registryOf(w))
	insert(t, pool, client, testArgs{}, nil)
	<-began
	var ended bool
	err := pool.QueryRow(t.Context(),
		`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'scrollkeeper-alive'`).Scan(&ended)
	if err != nil || !ended {
		t.Fatalf("end the lock's connection: %v, %v", ended, err)
	}
	// The reaper needs three seconds without the lock; it comes back before.
	waitFor(t, 5*time.Second, func() bool {
		var held bool
		err := pool.QueryRow(t.Context(), `SELECT EXISTS (
			SELECT FROM pg_stat_activity a JOIN pg_locks l USING (pid)
			WHERE a.datname = current_database() AND a.application_name = 'scrollkeeper-alive' AND l.locktype = 'advisory')`).Scan(&held)
		return err == nil && held
	})
	close(release)
	r.Idle("test")
}

// waitFor asks the database, which has no signal for what is waited for.
func waitFor(t testing.TB, limit time.Duration, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen in time")
		}
	}
}
