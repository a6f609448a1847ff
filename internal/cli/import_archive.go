package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/archive"
	"scrollkeeper.example/scrollkeeper/internal/cli/internal/remote"
)

// archives takes the exported libraries from among paths, and gives the others.
func archives(paths []string) (found, others []string) {
	for _, path := range paths {
		if isArchive(path) {
			found = append(found, path)
		} else {
			others = append(others, path)
		}
	}
	return found, others
}

func isArchive(path string) bool {
	if !strings.EqualFold(filepath.Ext(path), ".zip") {
		return false
	}
	file, err := os.Open(path) //nolint:gosec // the person names it
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	return err == nil && info.Mode().IsRegular() && archive.Recognise(file, info.Size())
}

// archiveResult is the line of an archive with --json.
type archiveResult struct {
	File     string                 `json:"file"`
	Status   string                 `json:"status"` // checked, imported or failed
	Works    int                    `json:"works"`
	New      int                    `json:"new"`
	Present  int                    `json:"present"`
	Files    int                    `json:"files"`
	Marks    int                    `json:"marks"`
	Problems []remote.ImportProblem `json:"problems"`
	Error    *string                `json:"error"`
}

// importArchive brings an exported library in, or says what that would do. It
// reports false for one that failed.
func (c *importCommand) importArchive(ctx context.Context, env Env, client *remote.Client, library remote.Library, path string) (bool, error) {
	file, err := os.Open(path) //nolint:gosec // the person names it
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return false, err
	}
	i, err := client.BeginImport(ctx, library.ID, filepath.Base(path), file, info.Size())
	if err != nil {
		return false, err
	}
	if i, err = awaitImport(ctx, client, i, "checking"); err != nil {
		return false, err
	}
	status := "checked"
	switch {
	case i.State == "failed":
		status = "failed"
	case c.DryRun:
		if err := client.DiscardImport(ctx, i.ID); err != nil {
			return false, err
		}
	default:
		if err := client.RunImport(ctx, i.ID); err != nil {
			return false, err
		}
		i.State = "running"
		if i, err = awaitImport(ctx, client, i, "running"); err != nil {
			return false, err
		}
		status = "imported"
		if i.State == "failed" {
			status = "failed"
		}
	}
	if c.JSON {
		result := archiveResult{
			File: path, Status: status, Works: i.Total, New: i.Fresh, Present: i.Present, Files: i.Files, Marks: i.Marks,
			Problems: slices.Concat([]remote.ImportProblem{}, i.Problems),
		}
		if i.Failure != "" {
			result.Error = &i.Failure
		}
		return status != "failed", writeJSONLine(env.Stdout, result)
	}
	_, _ = fmt.Fprintln(env.Stdout, archiveLine(path, status, i))
	for _, p := range i.Problems {
		_, _ = fmt.Fprintln(env.Stdout, "  "+problemLine(p))
	}
	if more := i.ProblemCount - len(i.Problems); more > 0 {
		_, _ = fmt.Fprintf(env.Stdout, "  and %d more\n", more)
	}
	return status != "failed", nil
}

func archiveLine(path, status string, i remote.Import) string {
	if status == "failed" {
		return fmt.Sprintf("failed         %s: %s", path, i.Failure)
	}
	what := fmt.Sprintf("%s: %s, %d already there, %s, %s", path, plural(i.Fresh, "new work"), i.Present, plural(i.Files, "PDF"), plural(i.Marks, "mark"))
	if status == "checked" {
		return "would bring    " + what
	}
	return "imported       " + what
}

func problemLine(p remote.ImportProblem) string {
	switch {
	case p.Line == 0:
		return p.Key + ": " + p.Message
	case p.Key == "":
		return fmt.Sprintf("work %d: %s", p.Line, p.Message)
	}
	return fmt.Sprintf("work %d, %s: %s", p.Line, p.Key, p.Message)
}

// askEvery is how often an import that goes on is asked for.
const askEvery = 300 * time.Millisecond

// awaitImport waits until an import is no longer in a state.
func awaitImport(ctx context.Context, client *remote.Client, i remote.Import, state string) (remote.Import, error) {
	ticker := time.NewTicker(askEvery)
	defer ticker.Stop()
	for i.State == state {
		select {
		case <-ctx.Done():
			return i, ctx.Err()
		case <-ticker.C:
		}
		var err error
		if i, err = client.Import(ctx, i.ID); err != nil {
			return i, err
		}
	}
	return i, nil
}
