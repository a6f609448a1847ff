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
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/config"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/pdfmark"
	"scrollkeeper.example/scrollkeeper/internal/platform/logging"
)

type parseCommand struct {
	Files []string `arg:"" name:"file" help:"PDF files."`
	Jobs  int      `help:"Files read at once; 0 means one per core, at most 4." default:"0" placeholder:"N"`
	Text  bool     `help:"Print each page's size and text too."`
	Image image    `help:"Print a picture of a page too, as a JPEG in base64, so many pixels wide." placeholder:"PAGE:WIDTH"`

	config.Limits
	config.Logging
}

func (parseCommand) Help() string {
	return `Prints one JSON object per line and file, in the order given:

    {"file","sha256","page_count","seconds","text_version","metadata","claims","outline","references","citations","annotations","failed_pages","pages","image","error"}

Pages count from 1, places in lists from 0, boxes are in PDF points, offsets are code points of a page's text.

"text_version" names what made the text; "metadata" is a CSL-JSON item, put together of "claims": [{"field","source","value","confidence"}], each what one source says of one field; "outline" is the file's table of contents: [{"title","page","level"}]; "references" are CSL-JSON items with "raw", "page" and "boxes"; "citations" are the places that cite them: [{"page","start","end","references"}]; "annotations" are the marks that people made in the file; "failed_pages" could not be read: [{"page","kind"}].

"pages" is there with --text: [{"number","width","height","text","blocks"}], sizes as displayed; "blocks" say what each paragraph of the text is: [{"kind","level","start","end"}], with a level for headings. "image" is there with --image, null where the page cannot be drawn. "error" is null, or {"kind","message"}. Exit code 3 when some file failed.`
}

// parsed is the line of one file.
type parsed struct {
	File      string  `json:"file"`
	SHA256    *string `json:"sha256"` // null when the file cannot be read
	PageCount int     `json:"page_count"`
	Seconds   float64 `json:"seconds"` // wall clock
	// TextVersion is empty when the file could not be read.
	TextVersion string                `json:"text_version"`
	Metadata    csl.Item              `json:"metadata"`
	Claims      []csl.Claim           `json:"claims"`
	Outline     []extract.OutlineItem `json:"outline"`
	References  []extract.Reference   `json:"references"`
	Citations   []extract.Citation    `json:"citations"`
	Annotations []pdfmark.Mark        `json:"annotations"`
	FailedPages []extract.FailedPage  `json:"failed_pages"`
	Pages       *[]parsedPage         `json:"pages,omitempty"` // with --text only
	Image       *[]byte               `json:"image,omitempty"` // with --image only
	Error       *parseError           `json:"error"`
}

// image says which page to draw, and how wide.
type image struct{ page, width int }

// UnmarshalText reads "3:800".
func (i *image) UnmarshalText(text []byte) error {
	page, width, _ := strings.Cut(string(text), ":")
	var wrong [2]error
	i.page, wrong[0] = strconv.Atoi(page)
	i.width, wrong[1] = strconv.Atoi(width)
	if errors.Join(wrong[:]...) != nil || i.page < 1 || i.width < 1 || i.width > extract.MaxPictureWidth {
		return fmt.Errorf("give a page and a width of 1 to %d pixels, as in 1:480", extract.MaxPictureWidth)
	}
	return nil
}

type parsedPage struct {
	Number int              `json:"number"`
	Width  float32          `json:"width"`
	Height float32          `json:"height"`
	Text   string           `json:"text"`
	Blocks []pagetext.Block `json:"blocks"`
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
	line := parsed{
		File: path, Claims: []csl.Claim{}, Outline: []extract.OutlineItem{}, References: []extract.Reference{},
		Citations: []extract.Citation{}, Annotations: []pdfmark.Mark{}, FailedPages: []extract.FailedPage{},
	}
	if c.Image != (image{}) {
		line.Image = new([]byte)
	}
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
			*line.Pages = append(*line.Pages, parsedPage{p.Number, width, height, p.Text, p.Blocks})
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
	line.PageCount, line.Seconds, line.TextVersion = result.PageCount, result.Seconds, result.TextVersion
	line.Metadata = csl.Resolve(result.Metadata)
	line.Claims = append(line.Claims, result.Metadata...)
	line.Outline = append(line.Outline, result.Outline...)
	line.References = append(line.References, result.References...)
	line.Citations = append(line.Citations, result.Citations...)
	line.Annotations = append(line.Annotations, result.Annotations...)
	line.FailedPages = append(line.FailedPages, result.FailedPages...)
	if line.Image != nil {
		*line.Image, err = picture(ctx, pool, path, c.Image)
		if _, ok := extract.AsError(err); err != nil && !ok {
			line.Error = &parseError{extract.KindCrashed, err.Error()}
		}
	}
	return line
}

// picture is nil, with an *[extract.Error], where there is no such page or it
// cannot be drawn.
func picture(ctx context.Context, pool *extract.Pool, path string, wanted image) ([]byte, error) {
	file, err := os.Open(path) //nolint:gosec // the caller names the file; that is the purpose
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return extract.Render(ctx, pool, file, extract.PageRequest{Page: wanted.page, Width: wanted.width})
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
