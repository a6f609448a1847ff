package extract_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// What a hostile file may cost, whatever it is.
const (
	hostileTime   = 30 * time.Second
	hostileMemory = 512 << 20
)

// TestHostileFilesEndParsedOrWithAReason reads every twelfth file, or all of
// them with SCROLLKEEPER_CORPUS=full.
func TestHostileFilesEndParsedOrWithAReason(t *testing.T) {
	files := corpus(t, "hostile")
	if !wholeCorpus() {
		var some []string
		for i := 0; i < len(files); i += 12 {
			some = append(some, files[i])
		}
		t.Logf("%d of %d files; SCROLLKEEPER_CORPUS=full reads all", len(some), len(files))
		files = some
	}
	endTyped(t, files)
}

func wholeCorpus() bool { return os.Getenv("SCROLLKEEPER_CORPUS") == "full" }

func TestBombsAreLimited(t *testing.T) {
	endTyped(t, corpus(t, "bombs"))
}

// endTyped extracts files and checks how each ended.
func endTyped(t *testing.T, files []string) {
	t.Helper()
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2, MemoryLimit: hostileMemory})
	var mu sync.Mutex
	kinds := map[string]int{}
	var slowest time.Duration
	var slowestFile string
	var group sync.WaitGroup
	slots := make(chan struct{}, 2)
	for _, file := range files {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			began := time.Now()
			var got paper
			result, err := extract.Run(t.Context(), pool, file, extract.Options{OnPage: func(page pagetext.Page) error {
				got.pages = append(got.pages, page)
				return nil
			}})
			took := time.Since(began)
			mu.Lock()
			defer mu.Unlock()
			kind := "parsed"
			if err != nil {
				typed, ok := extract.AsError(err)
				if !ok {
					t.Errorf("%s: %v has no kind", filepath.Base(file), err)
					return
				}
				kind = string(typed.Kind)
				if typed.Message == "" {
					t.Errorf("%s: %s without a message", filepath.Base(file), kind)
				}
				if testing.Verbose() {
					t.Logf("%-50s %v (%.1f s)", filepath.Base(file), err, took.Seconds())
				}
			} else {
				got.result = result
				checkPages(t, got)
			}
			kinds[kind]++
			if took > slowest {
				slowest, slowestFile = took, filepath.Base(file)
			}
			// Everyday runs share the machine with other tests, and their clock
			// includes the start of children.
			if took > hostileTime && (wholeCorpus() || took > 4*hostileTime) {
				t.Errorf("%s took %v", filepath.Base(file), took)
			}
		})
	}
	group.Wait()
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		t.Logf("%-20s %d", kind, kinds[kind])
	}
	peak := extract.PeakResident(pool)
	t.Logf("slowest: %s, %.1f s; largest child: %d MB", slowestFile, slowest.Seconds(), peak>>20)
	if peak > hostileMemory*105/100 {
		t.Errorf("a child held %d MB", peak>>20)
	}
}
