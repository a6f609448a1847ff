package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/logging"
)

type parseCommand struct {
	Files []string `arg:"" name:"file" help:"PDF files."`
	Jobs  int      `help:"Files read at once; 0 means one per core, at most 4." default:"0" placeholder:"N"`
	Text  bool     `help:"Print each page's size and text too."`

	config.Limits
	config.Logging
}

func (parseCommand) Help() string {
	return `Prints one JSON object per line and file, in the order given:

    {"file","sha256","page_count","seconds","metadata","references","pages","error"}

"metadata" is a CSL-JSON item; "references" are CSL-JSON items with "raw", "page" and "boxes" (PDF points); "pages" is there with --text: [{"number","width","height","text"}], sizes in PDF points as displayed. "error" is null, or {"kind","message"}. Exit code 3 when some file failed.`
}

// parsed is the line of one file.
type parsed struct {
	File       string              `json:"file"`
	SHA256     *string             `json:"sha256"` // null when the file cannot be read
	PageCount  int                 `json:"page_count"`
	Seconds    float64             `json:"seconds"` // wall clock
	Metadata   csl.Item            `json:"metadata"`
	References []extract.Reference `json:"references"`
	Pages      *[]parsedPage       `json:"pages,omitempty"` // with --text only
	Error      *parseError         `json:"error"`
}

type parsedPage struct {
	Number int     `json:"number"`
	Width  float32 `json:"width"`
	Height float32 `json:"height"`
	Text   string  `json:"text"`
}

type parseError struct {
	Kind    extract.Kind `json:"kind"`
	Message string       `json:"message"`
}

// kindUnreadable is the one kind that extraction does not have: the file could
// not be opened or read.
const kindUnreadable extract.Kind = "unreadable"

func (c *parseCommand) Run(ctx context.Context, env Env) error {
	jobs, err := config.ParseJobs("--jobs", c.Jobs)
	if err != nil {
		return usage(err)
	}
	logger := logging.New(env.Stderr, logging.Format(c.LogFormat), c.Level())
	pool := extract.NewPool(extract.Config{
		CacheDir: extract.UserCacheDir(), Jobs: jobs, MemoryLimit: int64(c.ParseMemory), TimeLimit: c.ParseTimeout, MaxPages: c.MaxPages, Logger: logger,
	})
	defer func() { _ = pool.Close() }()

	// Lines come in the order of the files. A file that is done early waits for
	// its turn, and no more than a few files are ahead of the slowest.
	queue := make(chan chan parsed, 2*jobs)
	slots := make(chan struct{}, jobs)
	go func() {
		defer close(queue)
		for _, file := range c.Files {
			line := make(chan parsed, 1)
			select {
			case queue <- line:
			case <-ctx.Done():
				return
			}
			slots <- struct{}{}
			go func() {
				line <- c.parse(ctx, pool, file)
				<-slots
			}()
		}
	}()

	failed := false
	out := json.NewEncoder(env.Stdout)
	out.SetEscapeHTML(false)
	for line := range queue {
		result := <-line
		if ctx.Err() != nil {
			continue // the queue must be drained for its maker to end
		}
		failed = failed || result.Error != nil
		if err := out.Encode(result); err != nil {
			return fmt.Errorf("write the result of %s: %w", result.File, err)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed {
		return errSomeFailed
	}
	return nil
}

func (c *parseCommand) parse(ctx context.Context, pool *extract.Pool, path string) parsed {
	line := parsed{File: path, References: []extract.Reference{}}
	if c.Text {
		line.Pages = &[]parsedPage{}
	}
	sum, err := fileSHA256(path)
	if err != nil {
		line.Error = &parseError{kindUnreadable, "The file cannot be read: " + systemReason(err) + "."}
		return line
	}
	line.SHA256 = &sum
	options := extract.Options{Filename: filepath.Base(path), NoThumbnail: true}
	if c.Text {
		options.OnPage = func(p pagetext.Page) error {
			width, height := p.Box[2]-p.Box[0], p.Box[3]-p.Box[1]
			if p.Rotation%180 != 0 {
				width, height = height, width
			}
			*line.Pages = append(*line.Pages, parsedPage{p.Number, width, height, p.Text})
			return nil
		}
	}
	result, err := extract.Run(ctx, pool, path, options)
	if err != nil {
		line.Error = &parseError{extract.KindCrashed, err.Error()}
		if typed, ok := extract.AsError(err); ok {
			line.Error = &parseError{typed.Kind, typed.Message}
		}
		if line.Pages != nil {
			// Half of a document would look like a whole one.
			line.Pages = &[]parsedPage{}
		}
		return line
	}
	line.PageCount, line.Seconds = result.PageCount, result.Seconds
	line.Metadata = csl.Resolve(result.Metadata)
	if result.References != nil {
		line.References = result.References
	}
	return line
}

func fileSHA256(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// systemReason is what the system said, without the path that stands beside it.
func systemReason(err error) string {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}
