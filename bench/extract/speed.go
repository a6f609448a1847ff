package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// What the figures must reach.
const (
	wantedText    = 0.7 // of pdftotext's pages per CPU second, for text and boxes
	wantedPicture = 1.0 // of pdftoppm's
	mostAdded     = 0.5 // CPU of header and references, as a part of that for text and boxes
)

// speed compares, on the same files and in one run, text and word boxes with
// poppler's pdftotext -bbox-layout, and pictures of first pages with pdftoppm. It
// prints pages per CPU second (user and system) of each whole process tree, and
// their ratio. Ours are read in three depths, and what each adds to the CPU of the
// one before is printed: the text with its boxes; what each paragraph is (headings,
// captions, footnotes, running heads) and people's marks; and header and references.
// The CPU of this process counts on our side, for it does the parent's work. Our
// children are warm: their start does not
// count, nor does compiling PDFium for this machine. Then it reads a book with one
// child and with one for each core. Without -child the benchmark serves as its own
// child. It fails when a figure misses what it must reach.
func speed(args []string) error {
	flags := flag.NewFlagSet("speed", flag.ContinueOnError)
	child := flags.String("child", "", "scrollkeeper binary to start children from; default: this program")
	rounds := flags.Int("rounds", 5, "times that each side reads all files, in turns")
	jobs := flags.Int("jobs", 2, "files read at once, by each side")
	if err := flags.Parse(args); err != nil {
		return err
	}
	files, err := papers(flags.Args())
	if err != nil {
		return err
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
	pool := extract.NewPool(config)
	defer func() { _ = pool.Close() }()
	pages, err := readOurs(pool, files, *jobs, textAlone)
	if err != nil {
		return err
	}
	load, _ := os.ReadFile("/proc/loadavg")
	ours := func(depth depth) func() error {
		return func() error { _, err := readOurs(pool, files, *jobs, depth); return err }
	}
	fmt.Printf("%d files, %d pages; load of this machine before: %s\n", len(files), pages, strings.TrimSpace(string(load)))
	text, err := compare(*rounds, pages,
		side{"pdftotext -bbox-layout", func() error { return readTheirs(files, *jobs) }},
		side{"text and boxes", ours(textAlone)},
		side{"with blocks and marks", ours(withBlocks)},
		side{"all", ours(withHeader)})
	if err != nil {
		return err
	}
	blocks, all := ratio(text[1], text[2])-1, ratio(text[1], text[3])-1
	added := ratio(text[2], text[3]) - 1
	addedAlone := addition(text[1], text[2], text[3])
	fmt.Printf("  CPU added: blocks and marks %+.0f %% of text and boxes; header and references %+.0f %% of both (at most %+.0f %%), %+.0f %% of text and boxes; together %+.0f %%\n",
		100*blocks, 100*added, 100*mostAdded, 100*addedAlone, 100*all)
	fmt.Printf("first pages as JPEG, %d pixels wide:\n", extract.ThumbnailWidth)
	pictures, err := compare(*rounds, len(files),
		side{"pdftoppm", func() error { return drawTheirs(files, *jobs, cache) }},
		side{"scrollkeeper", func() error { return drawOurs(pool, files, *jobs) }})
	if err != nil {
		return err
	}
	if err := book(config, files, pages, cache); err != nil {
		return err
	}
	var missed []string
	if got := ratio(text[1], text[0]); got < wantedText {
		missed = append(missed, fmt.Sprintf("text and boxes: %.2f of pdftotext, not %.2f", got, wantedText))
	}
	if added > mostAdded {
		missed = append(missed, fmt.Sprintf("header and references: %+.0f %% of CPU added, over %+.0f %%", 100*added, 100*mostAdded))
	}
	if got := ratio(pictures[1], pictures[0]); got < wantedPicture {
		missed = append(missed, fmt.Sprintf("pictures: %.2f of pdftoppm, not %.2f", got, wantedPicture))
	}
	return missing(missed)
}

// side is one of those that are compared.
type side struct {
	name string
	read func() error
}

// compare runs all sides in turns, the peer first, and gives for each side what it
// read in each round, in pages per CPU second.
func compare(rounds, pages int, sides ...side) ([][]float64, error) {
	rates := make([][]float64, len(sides))
	line := func(head string, rate, part func(i int) float64) {
		fmt.Printf("  %s", head)
		for i := range sides {
			fmt.Printf("   %s %.1f", sides[i].name, rate(i))
			if i > 0 {
				fmt.Printf(" (ratio %.2f)", part(i))
			}
		}
		fmt.Println()
	}
	fmt.Println("pages per CPU second:")
	for round := range rounds {
		for i := range sides {
			began := cpuTime()
			if err := sides[i].read(); err != nil {
				return nil, err
			}
			rates[i] = append(rates[i], float64(pages)/(cpuTime()-began).Seconds())
		}
		line(fmt.Sprintf("round %d:", round+1), func(i int) float64 { return rates[i][round] },
			func(i int) float64 { return rates[i][round] / rates[0][round] })
	}
	line("median: ", func(i int) float64 { return median(rates[i]) }, func(i int) float64 { return ratio(rates[i], rates[0]) })
	return rates, nil
}

// ratio is the median of the rounds' ratios: what else the machine does slows both
// sides of a round.
func ratio(ours, theirs []float64) float64 {
	parts := make([]float64, len(ours))
	for i := range parts {
		parts[i] = ours[i] / theirs[i]
	}
	return median(parts)
}

// addition is the CPU that all adds to part, as a part of that for base: the median
// of the rounds. Each has pages per CPU second.
func addition(base, part, all []float64) float64 {
	parts := make([]float64, len(base))
	for i := range parts {
		parts[i] = (1/all[i] - 1/part[i]) * base[i]
	}
	return median(parts)
}

// depth is how much of a file is read.
type depth int

const (
	textAlone depth = iota
	withBlocks
	withHeader
)

// bookPages is how many pages the book has at least.
const bookPages = 1000

// book puts files together until they are a long one, and times how soon it is
// read.
func book(config extract.Config, files []string, pages int, folder string) error {
	if qpdf, _ := exec.LookPath("qpdf"); qpdf == "" {
		fmt.Println("a book: left out, for qpdf is not here to make one")
		return nil
	}
	path := filepath.Join(folder, "book.pdf")
	if pages == 0 {
		return errors.New("the files have no pages")
	}
	arguments := []string{"--empty", "--pages"}
	for have := 0; have < bookPages; have += pages {
		arguments = append(arguments, files...)
	}
	arguments = append(arguments, "--", path)
	if err := exec.Command("qpdf", arguments...).Run(); err != nil { //nolint:gosec,noctx // a benchmark's own arguments
		return fmt.Errorf("qpdf: %w", err)
	}
	fmt.Println("a book, wall clock with children that are there already:")
	for _, jobs := range slices.Compact([]int{1, runtime.NumCPU()}) {
		config.Jobs = jobs
		if err := timeBook(config, path); err != nil {
			return err
		}
	}
	began := time.Now()
	if err := readTheirs([]string{path}, 1); err != nil {
		return err
	}
	fmt.Printf("  pdftotext -bbox-layout: %.1f s\n", time.Since(began).Seconds())
	return nil
}

func timeBook(config extract.Config, path string) error {
	pool := extract.NewPool(config)
	defer func() { _ = pool.Close() }()
	for _, warm := range []bool{false, true} {
		var first, tenth time.Duration
		began := time.Now()
		result, err := extract.Run(context.Background(), pool, path, extract.Options{
			NoThumbnail: true,
			OnPage: func(page pagetext.Page) error {
				switch page.Number {
				case 1:
					first = time.Since(began)
				case 10:
					tenth = time.Since(began)
				}
				return nil
			},
		})
		if err != nil {
			return err
		}
		if warm {
			fmt.Printf("  %d at once: page 1 of %d after %.2f s, page 10 after %.2f s, all after %.1f s\n",
				config.Jobs, result.PageCount, first.Seconds(), tenth.Seconds(), time.Since(began).Seconds())
		}
	}
	return nil
}

// cpuTime that this process and all of its children have taken so far.
func cpuTime() time.Duration {
	var sum time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if err := syscall.Getrusage(who, &usage); err == nil {
			sum += time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
		}
	}
	return sum + livingTime()
}

// livingTime is the CPU time of children that have not ended (proc_pid_stat(5)),
// in ticks of 10 ms.
func livingTime() time.Duration {
	var sum time.Duration
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is sound
	for _, path := range stats {
		data, err := os.ReadFile(path) //nolint:gosec // of the system
		if err != nil {
			continue // it has ended
		}
		_, after, _ := strings.Cut(string(data), ") ")
		fields := strings.Fields(after)
		if len(fields) < 13 || fields[1] != strconv.Itoa(os.Getpid()) {
			continue
		}
		for _, field := range fields[11:13] {
			ticks, _ := strconv.Atoi(field)
			sum += time.Duration(ticks) * 10 * time.Millisecond
		}
	}
	return sum
}

func readOurs(pool *extract.Pool, files []string, jobs int, depth depth) (int, error) {
	var pages atomic.Int64
	err := each(files, jobs, func(file string) error {
		_, err := extract.Run(context.Background(), pool, file, extract.Options{
			NoThumbnail: true,
			TextOnly:    depth == textAlone,
			PagesOnly:   depth == withBlocks,
			OnPage: func(pagetext.Page) error {
				pages.Add(1)
				return nil
			},
		})
		return err
	})
	return int(pages.Load()), err
}

func readTheirs(files []string, jobs int) error {
	return each(files, jobs, func(file string) error {
		return exec.Command("pdftotext", "-bbox-layout", file, os.DevNull).Run() //nolint:gosec,noctx // a benchmark's own arguments
	})
}

func drawOurs(pool *extract.Pool, files []string, jobs int) error {
	return each(files, jobs, func(path string) error {
		file, err := os.Open(path) //nolint:gosec // a benchmark's own arguments
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		_, err = extract.Render(context.Background(), pool, file, extract.PageRequest{Page: 1, Width: extract.ThumbnailWidth})
		return err
	})
}

func drawTheirs(files []string, jobs int, folder string) error {
	return each(files, jobs, func(file string) error {
		return exec.Command("pdftoppm", "-q", "-jpeg", "-singlefile", "-f", "1", "-l", "1", //nolint:gosec,noctx // a benchmark's own arguments
			"-scale-to-x", strconv.Itoa(extract.ThumbnailWidth), "-scale-to-y", "-1", file, filepath.Join(folder, filepath.Base(file))).Run()
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
