package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"scrollkeeper.example/scrollkeeper/internal/cli/internal/importer"
	"scrollkeeper.example/scrollkeeper/internal/cli/internal/remote"
)

// importDisplay shows an import: a line per file on standard output, and on a
// terminal one line on standard error that is drawn over and over.
type importDisplay struct {
	env    Env
	json   bool
	screen *os.File // nil when standard error is no terminal

	mu       sync.Mutex
	progress *importer.Progress
	started  time.Time
	drawn    bool // the progress line stands on the screen
	trouble  string
	stop     chan struct{}
	stopped  sync.WaitGroup
	summary  importSummary
	failed   int
}

const (
	drawEvery    = 100 * time.Millisecond
	eraseLine    = "\r\x1b[K"
	barWidth     = 24
	defaultWidth = 80
)

func newImportDisplay(env Env, asJSON bool) *importDisplay {
	return &importDisplay{env: env, json: asJSON, screen: terminal(env.Stderr)}
}

// terminal is w as a terminal, or nil.
func terminal(w io.Writer) *os.File {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		return f
	}
	return nil
}

// start begins to draw p.
func (d *importDisplay) start(p *importer.Progress) {
	d.progress, d.started, d.stop = p, time.Now(), make(chan struct{})
	if d.screen == nil {
		return
	}
	d.stopped.Go(func() {
		ticker := time.NewTicker(drawEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				d.mu.Lock()
				d.draw()
				d.mu.Unlock()
			case <-d.stop:
				return
			}
		}
	})
}

// result prints the end of one file.
func (d *importDisplay) result(r importer.Result) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.summary.add(r.Status)
	d.failed = d.summary.Failed
	d.trouble = ""
	d.erase()
	if d.json {
		_ = writeJSONLine(d.env.Stdout, r)
		return
	}
	_, _ = fmt.Fprintln(d.env.Stdout, resultLine(r))
}

func resultLine(r importer.Result) string {
	switch r.Status {
	case importer.Failed:
		return fmt.Sprintf("failed         %s: %s", r.File, r.Reason.Message)
	case importer.Present:
		line := "already there  " + r.File
		if r.Title != "" {
			line += " (" + r.Title + ")"
		}
		if r.Trashed {
			line += ", in the trash"
		}
		return line
	case importer.Ready:
		line := "ready          " + r.File
		if r.Title != "" {
			line += " (" + r.Title + ")"
		}
		return line
	default:
		return "uploaded       " + r.File
	}
}

// waiting tells of a pause before a request is tried again.
func (d *importDisplay) waiting(err error, pause time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	text := fmt.Sprintf("%v; trying again in %s", err, pause.Round(100*time.Millisecond))
	if d.screen == nil && d.trouble == "" {
		// Once for each trouble, not for each try.
		_, _ = fmt.Fprintln(d.env.Stderr, "scrollkeeper: "+text)
	}
	d.trouble = text
}

// print writes lines on standard output.
func (d *importDisplay) print(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trouble = ""
	d.erase()
	_, _ = fmt.Fprintln(d.env.Stdout, text)
}

// brought prints the end of a bibliography or an archive.
func (d *importDisplay) brought(path string, r remote.ImportRecord, dryRun bool) {
	switch {
	case d.json:
		d.mu.Lock()
		defer d.mu.Unlock()
		_ = writeJSONLine(d.env.Stdout, map[string]remote.ImportRecord{"import": r})
	case dryRun:
		d.print("nothing was changed")
	default:
		d.print(fmt.Sprintf("brought in     %s: %s, %s", path, plural(r.Added, "document"), plural(r.FilesAdded, "file")))
	}
}

// note says something beside the results.
func (d *importDisplay) note(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.erase()
	_, _ = fmt.Fprintln(d.env.Stderr, text)
}

// end stops drawing and, when the import got to its end, sums up.
func (d *importDisplay) end(passed int, whole bool) {
	close(d.stop)
	d.stopped.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.erase()
	if !whole {
		return
	}
	d.summary.Passed = passed
	if d.json {
		_ = writeJSONLine(d.env.Stdout, map[string]importSummary{"summary": d.summary})
		return
	}
	_, _ = fmt.Fprintln(d.env.Stdout, d.summary.sentence())
}

func (d *importDisplay) erase() {
	if d.drawn {
		_, _ = io.WriteString(d.screen, eraseLine)
		d.drawn = false
	}
}

func (d *importDisplay) draw() {
	width, _, err := term.GetSize(int(d.screen.Fd()))
	if err != nil || width <= 0 {
		width = defaultWidth
	}
	line := []rune(d.line(time.Since(d.started)))
	if len(line) >= width {
		line = line[:width-1]
	}
	_, _ = io.WriteString(d.screen, eraseLine+string(line))
	d.drawn = true
}

// line is the progress line after so long.
func (d *importDisplay) line(elapsed time.Duration) string {
	p := d.progress
	bytes, total := p.Bytes.Load(), max(p.TotalBytes.Load(), 1)
	full := int(min(bytes, total) * barWidth / total)
	line := fmt.Sprintf("[%s%s] %d/%d files, %s of %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full),
		p.Files.Load(), p.TotalFiles.Load(), megabytes(bytes), megabytes(total))
	if seconds := elapsed.Seconds(); seconds >= 1 && bytes < total {
		line += fmt.Sprintf(", %s/s", megabytes(int64(float64(bytes)/seconds)))
	}
	if parsing := p.Parsing.Load(); parsing > 0 {
		line += fmt.Sprintf(", %d being parsed", parsing)
	}
	if d.trouble != "" {
		line += " | " + d.trouble
	}
	return line
}

func megabytes(n int64) string {
	const mega = 1e6
	if n < 10*mega {
		return fmt.Sprintf("%.1f MB", float64(n)/mega)
	}
	return fmt.Sprintf("%.0f MB", float64(n)/mega)
}
