package cli

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/cli/internal/importer"
	"scrollkeeper.example/scrollkeeper/internal/cli/internal/remote"
)

// sources are what an import's paths lead to.
type sources struct {
	bring  []string // bibliographies and archives
	files  []importer.Found
	passed int
}

// sources tells bibliographies and archives from papers. Of a folder, those that lie
// in it itself are brought in; the files that a bibliography names go with it, and
// not by themselves.
func (c *importCommand) sources() (sources, error) {
	var s sources
	var rest []string
	for _, path := range c.Paths {
		info, err := os.Stat(path)
		switch {
		case err == nil && !info.IsDir() && (importer.IsArchive(path) || importer.IsBibliography(path)):
			s.bring = append(s.bring, path)
			continue
		case err == nil && info.IsDir():
			inside, err := importer.BibliographiesIn(path)
			if err != nil {
				return s, err
			}
			s.bring = append(s.bring, inside...)
			s.passed -= len(inside)
		}
		rest = append(rest, path)
	}
	files, passed, err := importer.Walk(rest)
	if err != nil {
		return s, err
	}
	s.passed += passed
	with := map[string]bool{}
	for _, path := range s.bring {
		beside, err := importer.Beside(path)
		if err != nil {
			return s, fmt.Errorf("%s: %w", path, err)
		}
		for _, name := range beside {
			with[absolute(filepath.Join(filepath.Dir(path), name))] = true
		}
	}
	for _, f := range files {
		if !with[absolute(f.Path)] {
			s.files = append(s.files, f)
		}
	}
	return s, nil
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// bring has one bibliography or archive come in, and prints what would and what did.
func (c *importCommand) bring(ctx context.Context, show *importDisplay, client *remote.Client, library remote.Library, path string) error {
	record, err := importer.Bringing{
		Client: client, Library: library, Path: path, Folders: c.Collections, DryRun: c.DryRun,
		OnChecked: func(r remote.ImportRecord) {
			if !show.json {
				show.print(checkedLines(path, r))
			}
		},
	}.Run(ctx)
	if err != nil {
		return err
	}
	show.brought(path, record, c.DryRun)
	return nil
}

// checkedLines say what a bibliography or an archive holds.
func checkedLines(path string, r remote.ImportRecord) string {
	var parts []string
	add := func(n int, text string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf(text, n))
		}
	}
	parts = append(parts, fmt.Sprintf("%s, %d new", plural(r.Total, "work"), r.Fresh))
	add(r.Present, "%d already there")
	add(r.Repeated, "%d twice")
	if k := r.Contents; k.Files+k.Missing > 0 {
		add(k.Files, "%d PDF files")
		add(k.Matched, "%d of these with their works")
		add(k.Known, "%d of these already there")
		add(k.Missing, "%d files missing")
	}
	add(r.Contents.Marks, "%d marks")
	add(r.Contents.CollectionCount, "%d collections")
	add(r.Contents.FolderCount, "%d folders")
	add(r.Contents.Tags, "%d tags")
	add(r.Contents.Notes, "%d notes")
	lines := []string{"looked through " + path + ": " + strings.Join(parts, ", ")}
	for _, p := range r.Problems {
		where := p.File
		if p.Line > 0 {
			where = strings.TrimSpace(fmt.Sprintf("%s line %d", where, p.Line))
		}
		if p.Key != "" {
			where += ", " + p.Key
		}
		lines = append(lines, "  "+where+": "+p.Message)
	}
	if more := r.ProblemCount - len(r.Problems); more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// watch keeps folders in step until ctx ends.
func (c *importCommand) watch(ctx context.Context, env Env, show *importDisplay, client *remote.Client, library remote.Library, limits remote.Limits) error {
	w := &importer.Watch{
		Folders: c.Paths, Memory: importer.DefaultMemory(), Key: client.Server() + "\n" + library.ID, Settle: c.Settle,
		Passing: func(err error) bool {
			p, ok := remote.AsProblem(err)
			return !ok || p.Status >= http.StatusInternalServerError || p.Status == http.StatusTooManyRequests
		},
		OnWait: func(err error, pause time.Duration) { show.waiting(err, pause) },
		OnPoll: func() {
			show.note("The system does not tell of changes here; the folders are looked at every two seconds.")
		},
	}
	w.Send = func(ctx context.Context, files []importer.Found, passed func(string)) error {
		var papers []importer.Found
		for _, f := range files {
			if !importer.IsBibliography(f.Path) {
				papers = append(papers, f)
				continue
			}
			if !w.Same(f.Path) {
				if err := c.bring(ctx, show, client, library, f.Path); err != nil {
					reason, ok := importer.AsReason(err)
					if !ok {
						w.Forget(f.Path)
						return err
					}
					show.result(importer.Result{File: f.Path, Status: importer.Failed, Reason: reason})
				}
			}
			passed(f.Path)
		}
		run := &importer.Import{
			Client: client, Library: library, Limits: limits, Memory: importer.DefaultMemory(), Parallel: c.Jobs, Collections: c.Collections,
			OnResult: func(r importer.Result) {
				passed(r.File)
				show.result(r)
			},
		}
		return run.Run(ctx, papers)
	}
	_, _ = fmt.Fprintf(env.Stderr, "Watching %s. Ctrl-C stops.\n", strings.Join(c.Paths, ", "))
	err := w.Run(ctx)
	if err != nil {
		return c.explain(ctx, err)
	}
	_, _ = fmt.Fprintln(env.Stderr, "Stopped watching.")
	return nil
}
