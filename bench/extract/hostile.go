package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
)

// What a hostile file may cost, whatever it is, and how much of a text must be
// found that pdftotext finds.
const (
	hostileTime   = 30 * time.Second
	hostileMemory = 512 << 20
	wantedPart    = 0.95
	// fewestCounted characters, not white space, that pdftotext must find for a
	// file to be compared.
	fewestCounted = 200
)

// bytesForText names files for which pdftotext does not print text but the bytes of
// a legacy encoding, each as a Latin letter. Their characters are counted after
// decoding, and both counts are printed.
//
// In XiaoBiaoSong.pdf a font of Chinese letters says that its encoding is
// WinAnsiEncoding, while its strings are GBK, two bytes a letter. MuPDF and PDFium
// know such files and read Chinese.
var bytesForText = map[string]encoding.Encoding{"XiaoBiaoSong.pdf": simplifiedchinese.GBK}

// decoded is text that was printed byte for byte as Latin letters.
func decoded(text string, from encoding.Encoding) string {
	var raw []byte
	for _, r := range text {
		if r > unicode.MaxLatin1 {
			r = ' '
		}
		raw = append(raw, byte(r))
	}
	out, err := from.NewDecoder().Bytes(raw)
	if err != nil {
		return text
	}
	return string(out)
}

// hostile reads broken files with Scrollkeeper, with pdftotext and with mutool
// draw, and prints which files each of them fails on, where our text is shorter
// than pdftotext's, and the largest memory and time.
func hostile(args []string) error {
	flags := flag.NewFlagSet("hostile", flag.ContinueOnError)
	jobs := flags.Int("jobs", 2, "files read at once")
	verbose := flags.Bool("v", false, "print a line for each file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	files := flags.Args()
	if len(files) == 0 {
		for _, folder := range []string{"hostile", "bombs"} {
			more, err := pdfs(filepath.Join(corpus(), folder))
			if err != nil {
				return err
			}
			files = append(files, more...)
		}
	}
	cache, err := os.MkdirTemp("", "scrollkeeper-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(cache) }()
	pool := extract.NewPool(extract.Config{CacheDir: cache, Jobs: *jobs, MemoryLimit: hostileMemory})
	defer func() { _ = pool.Close() }()

	// Compiling PDFium for this machine is no file's time.
	if _, err := tryOurs(pool, files[0]); err != nil {
		return err
	}
	trials := make([]trial, len(files))
	index := map[string]int{}
	for i, file := range files {
		index[file] = i
	}
	err = each(files, *jobs, func(file string) error {
		one := &trials[index[file]]
		one.file = filepath.Base(file)
		if one.ours, err = tryOurs(pool, file); err != nil {
			return err
		}
		if one.poppler, err = tryProgram("pdftotext", "-enc", "UTF-8", file, "-"); err != nil {
			return err
		}
		if from, known := bytesForText[one.file]; known && one.poppler.failure == "" {
			one.printed = one.poppler.characters
			one.poppler.characters = countCharacters(decoded(one.poppler.text, from))
		}
		one.poppler.text = ""
		one.mupdf, err = tryProgram("mutool", "draw", "-q", "-F", "txt", "-o", "-", file)
		one.mupdf.text = ""
		return err
	})
	if err != nil {
		return err
	}
	if *verbose {
		for _, one := range trials {
			fmt.Printf("%-52s ours %-18s %7d  pdftotext %-10s %7d  mutool %-10s %7d\n", one.file,
				one.ours.said(), one.ours.characters, one.poppler.said(), one.poppler.characters, one.mupdf.said(), one.mupdf.characters)
		}
	}
	return report(trials, pool.PeakMemory())
}

// trial is one file.
type trial struct {
	file                 string
	ours, poppler, mupdf attempt
	printed              int // characters that pdftotext printed for poppler.characters glyphs; see bytesForText
}

// attempt is how one program did with a file.
type attempt struct {
	failure    string // empty when it read the file
	characters int    // see countCharacters
	text       string // of a peer, until it is counted
	lost       int    // pages of ours that could not be read
	took       time.Duration
	memory     int64 // most resident bytes, of the peers
}

func (a attempt) said() string {
	if a.failure == "" {
		return "read"
	}
	return a.failure
}

func tryOurs(pool *extract.Pool, file string) (attempt, error) {
	var a attempt
	began := time.Now()
	result, err := extract.Run(context.Background(), pool, file, extract.Options{OnPage: func(page pagetext.Page) error {
		a.characters += countCharacters(page.Text)
		return nil
	}})
	a.took = time.Since(began)
	if err == nil {
		a.lost = len(result.FailedPages)
		// What people wrote on the page we give as marks; the peers print it
		// with the page's own text.
		for _, mark := range result.Annotations {
			if mark.Subtype == pdfmark.FreeText && !mark.Hidden {
				a.characters += countCharacters(mark.Contents)
			}
		}
		return a, nil
	}
	failure, ok := extract.AsError(err)
	if !ok {
		return a, fmt.Errorf("without a kind: %w", err)
	}
	a.failure = string(failure.Kind)
	return a, nil
}

// tryProgram runs a peer for as long as we may take. Its memory is not limited.
func tryProgram(name string, args ...string) (attempt, error) {
	var a attempt
	ctx, cancel := context.WithTimeout(context.Background(), hostileTime)
	defer cancel()
	command := exec.CommandContext(ctx, name, args...) //nolint:gosec // a benchmark's own arguments
	var text bytes.Buffer
	command.Stdout = &text
	began := time.Now()
	err := command.Run()
	a.took = time.Since(began)
	a.text = text.String()
	a.characters = countCharacters(a.text)
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		a.failure = "timed_out"
	case errors.As(err, &exit):
		a.failure = exit.String()
	case err != nil:
		return a, err
	}
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		a.memory = usage.Maxrss << 10
	}
	return a, nil
}

// countCharacters counts what can be seen: neither white space nor controls, nor
// the mark for a character that is not known.
func countCharacters(text string) int {
	count := 0
	for _, r := range text {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) && r != unicode.ReplacementChar {
			count++
		}
	}
	return count
}

func report(trials []trial, peak int64) error {
	kinds := map[string]int{}
	failed := map[string]int{}
	var slowest trial
	var onlyOurs, tooSlow, short, lost, misprinted []string
	compared := 0
	for _, one := range trials {
		kinds[one.ours.said()]++
		for name, a := range map[string]attempt{"scrollkeeper": one.ours, "pdftotext": one.poppler, "mutool draw": one.mupdf} {
			if a.failure != "" {
				failed[name]++
			}
		}
		if one.ours.failure != "" && (one.poppler.failure == "" || one.mupdf.failure == "") {
			onlyOurs = append(onlyOurs, fmt.Sprintf("%-44s %-18s pdftotext: %s, %d characters; mutool: %s, %d", one.file, one.ours.failure,
				one.poppler.said(), one.poppler.characters, one.mupdf.said(), one.mupdf.characters))
		}
		if one.ours.lost > 0 {
			lost = append(lost, fmt.Sprintf("%-44s %d; pdftotext: %s; mutool: %s", one.file, one.ours.lost, one.poppler.said(), one.mupdf.said()))
		}
		if one.ours.took > slowest.ours.took {
			slowest = one
		}
		if one.ours.took > hostileTime {
			tooSlow = append(tooSlow, one.file)
		}
		if one.printed > 0 {
			misprinted = append(misprinted, fmt.Sprintf("%s: pdftotext prints %d code points for %d glyphs; ours %d, mutool %d",
				one.file, one.printed, one.poppler.characters, one.ours.characters, one.mupdf.characters))
		}
		if one.poppler.characters >= fewestCounted {
			compared++
			if part := float64(one.ours.characters) / float64(one.poppler.characters); part < wantedPart {
				short = append(short, fmt.Sprintf("%-44s %6d of %6d (%.2f); mutool %d; %s", one.file,
					one.ours.characters, one.poppler.characters, part, one.mupdf.characters, one.ours.said()))
			}
		}
	}
	fmt.Printf("%d files; how ours ended:\n", len(trials))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Printf("  %-18s %d\n", kind, kinds[kind])
	}
	fmt.Println("files that could not be read:")
	for _, name := range []string{"scrollkeeper", "pdftotext", "mutool draw"} {
		fmt.Printf("  %-18s %d\n", name, failed[name])
	}
	fmt.Printf("slowest: %s, %.1f s (limit %v); largest child: %d MB (limit %d)\n",
		slowest.file, slowest.ours.took.Seconds(), hostileTime, peak>>20, hostileMemory>>20)
	list("read, but for some pages", lost)
	list("ours fails, a peer does not", onlyOurs)
	fmt.Printf("text: at least %.0f %% of pdftotext's characters in %d of %d files where it finds %d or more\n",
		100*wantedPart, compared-len(short), compared, fewestCounted)
	list("less text than that", short)
	list("pdftotext prints bytes of another encoding as letters, so that glyphs are compared", misprinted)

	var missed []string
	if len(tooSlow) > 0 {
		missed = append(missed, "over the time limit: "+strings.Join(tooSlow, ", "))
	}
	if peak > hostileMemory {
		missed = append(missed, fmt.Sprintf("a child held %d MB", peak>>20))
	}
	if failed["scrollkeeper"] >= min(failed["pdftotext"], failed["mutool draw"]) {
		missed = append(missed, "no fewer files fail than with a peer")
	}
	if len(short) > 0 {
		missed = append(missed, fmt.Sprintf("%d files with too little text", len(short)))
	}
	return missing(missed)
}

func list(title string, lines []string) {
	fmt.Printf("%s: %d\n", title, len(lines))
	for _, line := range lines {
		fmt.Println("  " + line)
	}
}
