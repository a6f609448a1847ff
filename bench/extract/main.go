// Command extract compares text and word boxes from Scrollkeeper's extraction
// with poppler's pdftotext -bbox-layout on the same files, in one run:
//
//	go build -o bin/scrollkeeper ./cmd/scrollkeeper
//	go run ./bench/extract -child bin/scrollkeeper ../shared/corpus/papers/*.pdf
//
// Without -child the benchmark serves as its own child. It prints pages per CPU
// second (user and system) of each whole process tree, and their ratio. The CPU
// of this process counts on our side, for it does the parent's work.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == extract.ChildCommand {
		os.Exit(extract.ChildMain())
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench/extract:", err)
		os.Exit(1)
	}
}

func run() error {
	child := flag.String("child", "", "scrollkeeper binary to start children from; default: this program")
	rounds := flag.Int("rounds", 5, "times that each side reads all files, in turns")
	jobs := flag.Int("jobs", 2, "files read at once, by each side")
	everything := flag.Bool("everything", false, "draw thumbnails too, as an upload does")
	flag.Parse()
	files := flag.Args()
	if len(files) == 0 {
		return fmt.Errorf("name the PDF files to read")
	}
	cache, err := os.MkdirTemp("", "scrollkeeper-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(cache) }()
	config := extract.Config{Executable: *child, CacheDir: cache, Jobs: *jobs}
	if *child != "" {
		config.Args = []string{extract.ChildCommand}
	}
	// The compile cache is made once per machine and version, not per run.
	if _, err := readOurs(config, files[:1], *jobs, false); err != nil {
		return err
	}
	var ours, theirs []float64
	for range *rounds {
		peer, err := measure(func() (int, error) { return readTheirs(files, *jobs) })
		if err != nil {
			return err
		}
		own, err := measure(func() (int, error) { return readOurs(config, files, *jobs, *everything) })
		if err != nil {
			return err
		}
		fmt.Printf("pdftotext %6.1f   scrollkeeper %6.1f   pages per CPU second   ratio %.2f\n",
			peer.rate(own.pages), own.rate(own.pages), own.rate(own.pages)/peer.rate(own.pages))
		theirs = append(theirs, peer.rate(own.pages))
		ours = append(ours, own.rate(own.pages))
	}
	fmt.Printf("median of %d: pdftotext %.1f, scrollkeeper %.1f, ratio %.2f\n",
		*rounds, median(theirs), median(ours), median(ours)/median(theirs))
	return nil
}

// cost of one reading of all files.
type cost struct {
	pages int
	cpu   time.Duration
}

func (c cost) rate(pages int) float64 { return float64(pages) / c.cpu.Seconds() }

// measure counts this process and all of its children that have ended. Both
// sides leave none behind.
func measure(read func() (int, error)) (cost, error) {
	before := cpuTime()
	pages, err := read()
	return cost{pages: pages, cpu: cpuTime() - before}, err
}

func cpuTime() time.Duration {
	var sum time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if err := syscall.Getrusage(who, &usage); err == nil {
			sum += time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
		}
	}
	return sum
}

// readOurs includes the start of the children and of the pool.
func readOurs(config extract.Config, files []string, jobs int, everything bool) (int, error) {
	pool := extract.NewPool(config)
	defer func() { _ = pool.Close() }()
	var pages atomic.Int64
	err := each(files, jobs, func(file string) error {
		_, err := extract.Run(context.Background(), pool, file, extract.Options{
			NoThumbnail: !everything,
			OnPage: func(pagetext.Page) error {
				pages.Add(1)
				return nil
			},
		})
		return err
	})
	return int(pages.Load()), err
}

func readTheirs(files []string, jobs int) (int, error) {
	return 0, each(files, jobs, func(file string) error {
		return exec.Command("pdftotext", "-bbox-layout", file, os.DevNull).Run() //nolint:gosec,noctx // a benchmark's own arguments
	})
}

// each runs read for every file, jobs at a time, and gives the first error.
func each(files []string, jobs int, read func(file string) error) error {
	slots := make(chan struct{}, jobs)
	var group sync.WaitGroup
	var first error
	var once sync.Once
	for _, file := range files {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if err := read(file); err != nil {
				once.Do(func() { first = fmt.Errorf("%s: %w", filepath.Base(file), err) })
			}
		})
	}
	group.Wait()
	return first
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
