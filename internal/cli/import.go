package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/cli/internal/importer"
	"scrollkeeper.example/scrollkeeper/internal/cli/internal/remote"
)

// serverFlags name a server and who asks.
type serverFlags struct {
	Server string `help:"Address of the server." env:"SCROLLKEEPER_SERVER" default:"http://127.0.0.1:8080" placeholder:"URL"`
	Token  string `help:"API token; make one in the web app, or with token create." env:"SCROLLKEEPER_TOKEN" placeholder:"TOKEN"`
}

// firstPatience is how long the first request is tried: a wrong address is
// likelier than a server that is just restarting.
const firstPatience = 4 * time.Second

// connect makes a client. onWait hears of pauses; it may be nil.
func (f serverFlags) connect(onWait func(error, time.Duration)) (*remote.Client, error) {
	if f.Token == "" {
		return nil, &exitError{code: exitUsage, message: "An API token is needed: give --token, or set SCROLLKEEPER_TOKEN. Make one in the web app, or on the server with:\n  scrollkeeper token create --email you@example.org"}
	}
	client, err := remote.New(remote.Options{
		Server: f.Server, Token: f.Token, UserAgent: "scrollkeeper/" + Version, Backoff: remote.Backoff{OnWait: onWait},
	})
	if err != nil {
		return nil, &exitError{code: exitUsage, message: "--server: " + err.Error() + "."}
	}
	return client, nil
}

type importCommand struct {
	Paths       []string      `arg:"" name:"path" help:"PDF files, bibliographies, ZIP archives, and folders to look for PDFs in."`
	Library     string        `help:"Id or name of the library; your personal one when empty." placeholder:"LIBRARY"`
	Wait        bool          `help:"Wait until every paper is parsed, and say which failed."`
	Collections bool          `help:"Make collections from folders."`
	DryRun      bool          `help:"Look bibliographies and archives through and say what would come in. Sends no PDFs by themselves."`
	Watch       bool          `help:"Keep folders in step: send what comes into them, until Ctrl-C."`
	Settle      time.Duration `hidden:"" default:"2s"`
	JSON        bool          `name:"json" help:"Print one JSON object per file and line."`
	Jobs        int           `help:"Files sent at once." default:"4" placeholder:"N"`
	serverFlags
}

func (importCommand) Help() string {
	return `Takes folders with everything below them; files there that are no PDFs, and hidden ones, are passed over. What the library has already is not sent again. An import that was interrupted goes on where it stopped when it is run again.

The ZIP of a library that was exported comes in with its works, papers, marks, tags and collections. Bibliographies (.bib, .ris, .nbib, .json of CSL, .xml of EndNote, .rdf of Zotero) and ZIP archives of these and of PDFs are looked through and brought in, too. What the library has already is left as it is; the web app can undo each. Of a folder, the bibliographies that lie in it itself come in, with the PDFs that they name and that lie below it: the folder of Zotero's export "Zotero RDF" with files is one.

With --collections each folder becomes a collection, nested as the folders are; a file that lies in several is in several, also when the library had it already.

With --watch folders are looked after until Ctrl-C: a PDF is sent when it is complete, a bibliography comes in when it changed. Files that were renamed or moved are not sent twice. What is deleted in the folder stays in the library. While the server is away it waits; when it is started again it goes on.

With --json each file gives a line {"file","status","size","sha256","document_id","title","page_count","error"}; "status" is ready, uploaded (without --wait), present or failed; "error" is null or {"kind","message"}. Each bibliography or archive gives {"import":{...}}. The last line is {"summary":{...}}.

Exit code 3 when some file failed.`
}

func (c *importCommand) Run(ctx context.Context, env Env) error {
	if c.Jobs < 1 || c.Jobs > 32 {
		return &exitError{code: exitUsage, message: "--jobs: give a number from 1 to 32."}
	}
	from, err := c.from()
	if err != nil {
		return err
	}
	show := newImportDisplay(env, c.JSON)
	client, err := c.connect(show.waiting)
	if err != nil {
		return err
	}
	first := client.WithPatience(firstPatience)
	limits, err := first.Meta(ctx)
	if err != nil {
		return c.explain(ctx, err)
	}
	library, err := findLibrary(ctx, first, c.Library)
	if err != nil {
		return c.explain(ctx, err)
	}
	if c.Watch {
		return c.watch(ctx, env, show, client, library, limits)
	}
	for _, path := range from.bring {
		if err := c.bring(ctx, show, client, library, path); err != nil {
			reason, ok := importer.AsReason(err)
			if !ok {
				return c.explain(ctx, err)
			}
			show.result(importer.Result{File: path, Status: importer.Failed, Reason: reason})
		}
	}
	if c.DryRun || len(from.files) == 0 && len(from.bring) > 0 {
		if n := len(from.files); n > 0 {
			show.note(plural(n, "PDF file") + " would be sent by themselves.")
		}
		if show.failed > 0 {
			return errSomeFailed
		}
		return nil
	}
	run := &importer.Import{
		Client: client, Library: library, Limits: limits, Memory: importer.DefaultMemory(),
		Parallel: c.Jobs, Wait: c.Wait, Collections: c.Collections, OnResult: show.result,
	}
	show.start(run.Progress())
	err = run.Run(ctx, from.files)
	show.end(from.passed, err == nil)
	switch {
	case err != nil && ctx.Err() != nil:
		show.note("Stopped. Run the same command again to go on where it stopped.")
		return ctx.Err()
	case err != nil:
		return c.explain(ctx, err)
	case show.failed > 0:
		return errSomeFailed
	}
	return nil
}

// from looks at the paths that were given.
func (c *importCommand) from() (sources, error) {
	if !c.Watch {
		from, err := c.sources()
		if err != nil {
			return from, &exitError{code: exitUsage, message: err.Error() + "."}
		}
		return from, nil
	}
	if c.Wait || c.DryRun {
		return sources{}, &exitError{code: exitUsage, message: "--watch goes neither with --wait nor with --dry-run."}
	}
	for _, path := range c.Paths {
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			return sources{}, &exitError{code: exitUsage, message: path + ": --watch takes folders, and this is none."}
		}
	}
	return sources{}, nil
}

// explain says what to do about errors that a person can mend.
func (f serverFlags) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if remote.HasStatus(err, http.StatusUnauthorized) {
		return fmt.Errorf("the server does not accept this token; make a new one in the web app, or with token create: %w", err)
	}
	if _, ok := remote.AsProblem(err); !ok && strings.Contains(err.Error(), "cannot be reached") {
		return &exitError{code: exitFailed, message: err.Error() + ".\nCheck the address given by --server, and that the server runs."}
	}
	return err
}

// findLibrary gives the library with this id or name, or the person's own.
func findLibrary(ctx context.Context, client *remote.Client, wanted string) (remote.Library, error) {
	libraries, err := client.Libraries(ctx)
	if err != nil {
		return remote.Library{}, err
	}
	var matches []remote.Library
	var names []string
	for _, l := range libraries {
		names = append(names, fmt.Sprintf("  %s  %s", l.ID, l.Name))
		if (wanted == "" && l.Kind == "personal" && l.Role == "owner") || strings.EqualFold(l.ID, wanted) || (wanted != "" && l.Name == wanted) {
			matches = append(matches, l)
		}
	}
	yours := "Yours are:\n" + strings.Join(names, "\n")
	switch {
	case len(matches) == 1:
		return matches[0], nil
	case len(matches) > 1:
		return remote.Library{}, &exitError{code: exitUsage, message: fmt.Sprintf("Several libraries are called %q; give the id. %s", wanted, yours)}
	case wanted == "":
		return remote.Library{}, &exitError{code: exitUsage, message: "Say which library with --library. " + yours}
	}
	return remote.Library{}, &exitError{code: exitUsage, message: fmt.Sprintf("You have no library %q. %s", wanted, yours)}
}

// importSummary counts how files ended.
type importSummary struct {
	Files    int `json:"files"`
	Ready    int `json:"ready"`
	Uploaded int `json:"uploaded"`
	Present  int `json:"present"`
	Failed   int `json:"failed"`
	Passed   int `json:"passed_over"` // not PDFs
}

func (s *importSummary) add(status importer.Status) {
	s.Files++
	switch status {
	case importer.Ready:
		s.Ready++
	case importer.Uploaded:
		s.Uploaded++
	case importer.Present:
		s.Present++
	case importer.Failed:
		s.Failed++
	}
}

// sentence is the summary for people: "44 files: 40 ready, 3 already there, 1 failed."
func (s importSummary) sentence() string {
	if s.Files == 0 {
		return "There are no PDF files here." + s.passedOver()
	}
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{s.Ready, "ready"}, {s.Uploaded, "uploaded"}, {s.Present, "already there"}, {s.Failed, "failed"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	return fmt.Sprintf("%s: %s.%s", plural(s.Files, "file"), strings.Join(parts, ", "), s.passedOver())
}

func (s importSummary) passedOver() string {
	if s.Passed == 0 {
		return ""
	}
	return fmt.Sprintf(" %s passed over, not PDFs.", plural(s.Passed, "other file"))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// writeJSONLine writes v without escaping what HTML would need.
func writeJSONLine(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
