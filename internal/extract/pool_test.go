package extract_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// busy is a document that keeps a child working for seconds: paths without end.
func busy() []byte {
	content := make([]byte, 0, 8<<20)
	for len(content) < 8<<20 {
		content = append(content, "q 1 0 0 1 0 0 cm BT /F1 1 Tf 1 1 Td (aaaaaaaaaaaaaaaaaaaaaaaa) Tj ET Q\n"...)
	}
	page := extracttest.TextPage("busy")
	page.Content = string(content)
	return extracttest.Document{Pages: []extracttest.Page{extracttest.TextPage("first"), page}}.Bytes()
}

func TestTooLongIsTimedOut(t *testing.T) {
	path := write(t, busy())
	t.Run("in CPU time of a step", func(t *testing.T) {
		pool := extracttest.NewPool(t, extract.Config{StepLimit: 50 * time.Millisecond})
		_, err := extract.Run(t.Context(), pool, path, extract.Options{})
		if kind := kindOf(t, err); kind != extract.KindTimedOut {
			t.Error(err)
		}
	})
	t.Run("in wall clock", func(t *testing.T) {
		pool := extracttest.NewPool(t, extract.Config{TimeLimit: 50 * time.Millisecond, PageTime: time.Millisecond})
		_, err := extract.Run(t.Context(), pool, path, extract.Options{})
		if kind := kindOf(t, err); kind != extract.KindTimedOut {
			t.Error(err)
		}
	})
}

func TestEndingTheContextEndsTheRun(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	path := write(t, busy())
	ctx, cancel := context.WithCancel(t.Context())
	_, err := extract.Run(ctx, pool, path, extract.Options{OnPage: func(page pagetext.Page) error {
		cancel() // the second page is still being made
		return nil
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	// Waiting for a free child ends too.
	_, err = extract.Run(ctx, pool, path, extract.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestClosingThePoolEndsItsRuns(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	path := write(t, busy())
	var group sync.WaitGroup
	_, err := extract.Run(t.Context(), pool, path, extract.Options{OnPage: func(page pagetext.Page) error {
		if page.Number == 1 {
			group.Go(func() { _ = pool.Close() })
		}
		return nil
	}})
	group.Wait()
	if !errors.Is(err, extract.ErrPoolClosed) {
		t.Errorf("under way: %v", err)
	}
	if _, err := extract.Run(t.Context(), pool, path, extract.Options{}); !errors.Is(err, extract.ErrPoolClosed) {
		t.Errorf("afterwards: %v", err)
	}
	if children := extract.Children(pool); len(children) != 0 {
		t.Errorf("children %v live on", children)
	}
}

func TestChildrenServeManyAndAreReplacedWhenGone(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{})
	path := write(t, extracttest.PDF("text"))
	run := func() {
		t.Helper()
		if _, err := extract.Run(t.Context(), pool, path, extract.Options{NoThumbnail: true}); err != nil {
			t.Fatal(err)
		}
	}
	run()
	first := extract.Children(pool)
	run()
	if again := extract.Children(pool); len(first) != 1 || len(again) != 1 || again[0] != first[0] {
		t.Errorf("children %v, then %v", first, again)
	}
	// An idle child that somebody kills costs nobody a document.
	if err := syscall.Kill(first[0], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	run()
	seen := map[int]bool{}
	for range 2*extract.DocumentsPerChild + 1 {
		run()
		for _, pid := range extract.Children(pool) {
			seen[pid] = true
		}
	}
	if len(seen) < 3 {
		t.Errorf("%d documents were served by %d children", 2*extract.DocumentsPerChild+1, len(seen))
	}
}

func TestIdleChildrenLeave(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{IdleTime: time.Millisecond})
	if _, err := extract.Run(t.Context(), pool, write(t, extracttest.PDF("text")), extract.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := extract.WaitForNoChildren(t.Context(), pool); err != nil {
		t.Error(err)
	}
}

func TestChildrenDoNotSeeTheEnvironment(t *testing.T) {
	t.Setenv("SCROLLKEEPER_TEST_SECRET", "hidden")
	pool := extracttest.NewPool(t, extract.Config{})
	if _, err := extract.Run(t.Context(), pool, write(t, extracttest.PDF("text")), extract.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, pid := range extract.Children(pool) {
		environment, err := os.ReadFile(extract.ProcPath(pid, "environ"))
		if err != nil {
			t.Skipf("left out: %v", err)
		}
		if got := string(environment); got != "GOTRACEBACK=single\x00" {
			t.Errorf("environment %q", got)
		}
	}
}

func TestAChildThatCannotStartIsNoFaultOfTheFile(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{Executable: "/bin/false"})
	_, err := extract.Run(t.Context(), pool, write(t, extracttest.PDF("text")), extract.Options{})
	if _, typed := extract.AsError(err); err == nil || typed {
		t.Errorf("got %v", err)
	}
}

func TestParallelRuns(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2})
	path := write(t, extracttest.PDF("one", "two", "three"))
	var group sync.WaitGroup
	for range 12 {
		group.Go(func() {
			pages := 0
			_, err := extract.Run(t.Context(), pool, path, extract.Options{NoThumbnail: true, OnPage: func(pagetext.Page) error {
				pages++
				return nil
			}})
			if err != nil || pages != 3 {
				t.Errorf("%d pages, %v", pages, err)
			}
		})
	}
	group.Wait()
	if children := extract.Children(pool); len(children) > 2 {
		t.Errorf("%d children for two jobs", len(children))
	}
}
