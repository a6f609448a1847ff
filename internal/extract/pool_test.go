package extract_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// busy is a document whose second page never ends.
func busy() []byte {
	return extracttest.Document{Pages: []extracttest.Page{extracttest.TextPage("first"), busyPage()}}.Bytes()
}

// busyPage takes minutes of any machine and little of its memory: a long form
// that paints nothing, read anew each time that it is asked for.
func busyPage() extracttest.Page {
	page := extracttest.TextPage("busy")
	page.Form = strings.Repeat("q Q ", 1<<18)
	page.Content = strings.Repeat("/X1 Do ", 1<<14)
	return page
}

func TestTooLongIsTimedOut(t *testing.T) {
	t.Run("in CPU time of a step", func(t *testing.T) {
		pool := extracttest.NewPool(t, extract.Config{StepLimit: 100 * time.Millisecond})
		_, err := extract.Run(t.Context(), pool, write(t, extracttest.Document{Pages: []extracttest.Page{busyPage()}}.Bytes()), extract.Options{})
		if kind := kindOf(t, err); kind != extract.KindTimedOut {
			t.Error(err)
		}
	})
	t.Run("in wall clock", func(t *testing.T) {
		pool := extracttest.NewPool(t, extract.Config{TimeLimit: 50 * time.Millisecond, PageTime: time.Millisecond})
		_, err := extract.Run(t.Context(), pool, write(t, busy()), extract.Options{})
		if kind := kindOf(t, err); kind != extract.KindTimedOut {
			t.Error(err)
		}
	})
}

func TestAPageThatFailsCostsThatPage(t *testing.T) {
	// The steps that must pass here are short, but the machine may be slow.
	config := extract.Config{StepLimit: 600 * time.Millisecond, TimeLimit: time.Minute}
	for name, jobs := range map[string]int{"one child at work": 1, "several": 3} {
		for place, count := range map[string]int{"of a short document": 4, "of a long one": 90} {
			t.Run(name+", "+place, func(t *testing.T) {
				config.Jobs = jobs
				pool := extracttest.NewPool(t, config)
				var document extracttest.Document
				for i := range count {
					document.Pages = append(document.Pages, extracttest.TextPage(fmt.Sprintf("This is page %d.", i+1)))
				}
				for _, at := range []int{2, count - 1} {
					document.Pages[at] = busyPage()
				}
				got := read(t, pool, document)
				want := []extract.FailedPage{{Page: 3, Kind: extract.KindTimedOut}, {Page: count, Kind: extract.KindTimedOut}}
				if !slices.Equal(got.result.FailedPages, want) {
					t.Errorf("lost %v, want %v", got.result.FailedPages, want)
				}
				for i, page := range got.pages {
					want := fmt.Sprintf("This is page %d.", i+1)
					if i == 2 || i == count-1 {
						want = ""
					}
					if page.Text != want || page.Number != i+1 {
						t.Errorf("page %d is number %d and says %q", i+1, page.Number, page.Text)
					}
				}
				if len(got.pages) != count || got.result.Thumbnail == nil {
					t.Errorf("%d pages, a thumbnail of %d bytes", len(got.pages), len(got.result.Thumbnail))
				}
			})
		}
	}
}

// book is a document of many pages that have something to say, a list of
// references that goes over several, and marks of which many share a name.
func book(count int) extracttest.Document {
	document := extracttest.Document{Info: map[string]string{"Title": "A long book"}}
	for i := range count {
		text := fmt.Sprintf("Running head\n\nPage %d is a page of a book\nthat has a line and one more.", i+1)
		if i >= count-4 {
			text = "Running head\n"
			if i == count-4 {
				text += "\nReferences\n"
			}
			for j := range 20 {
				text += fmt.Sprintf("\n[%d] A. Author and B. Author. On the subject of %d. Journal of Tests, 12(3):45-67, 2001.", 20*(i-count+4)+j+1, j)
			}
		}
		page := extracttest.TextPage(text)
		page.Annotations = []string{
			"/Type/Annot/Subtype/Link/Rect[1 1 9 9]",
			"/Type/Annot/Subtype/Text/Rect[20 20 30 30]/Contents(One)/NM(same)",
			"/Type/Annot/Subtype/Text/Rect[20 20 30 30]/Contents(An answer)/IRT {1}",
		}
		document.Pages = append(document.Pages, page)
	}
	return document
}

func TestSeveralChildrenReadADocumentAsOneDoes(t *testing.T) {
	document := book(150)
	alone := read(t, extracttest.NewPool(t, extract.Config{Jobs: 1}), document)
	pool := extracttest.NewPool(t, extract.Config{Jobs: 3})
	// The second time, children are there already.
	for range 2 {
		together := read(t, pool, document)
		together.result.Seconds = alone.result.Seconds
		if !reflect.DeepEqual(together.pages, alone.pages) {
			t.Error("other pages")
		}
		if !reflect.DeepEqual(together.result, alone.result) {
			t.Errorf("got  %+v\nwant %+v", together.result, alone.result)
		}
	}
	if children := extract.Children(pool); len(children) < 2 {
		t.Errorf("%d children have read it", len(children))
	}
	if len(alone.result.References) != 80 {
		t.Errorf("%d references", len(alone.result.References))
	}
}

func TestALongDocumentLetsOthersPass(t *testing.T) {
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2})
	long, short := write(t, book(400).Bytes()), write(t, extracttest.PDF("short"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	passed := make(chan error, 1)
	_, err := extract.Run(ctx, pool, long, extract.Options{OnPage: func(page pagetext.Page) error {
		switch page.Number {
		case 40: // others help by now
			go func() {
				_, err := extract.Run(ctx, pool, short, extract.Options{})
				passed <- err
			}()
		case 50: // the long one cannot end before the short one
			return <-passed
		}
		return nil
	}})
	if err != nil {
		t.Error(err)
	}
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
