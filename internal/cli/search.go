package cli

import (
	"context"
	"fmt"
	"strings"
	"time"
)

type searchCommand struct {
	Query   []string `arg:"" name:"query" help:"Words to look for."`
	Library string   `help:"Id or name of a library; all of yours when empty." placeholder:"LIBRARY"`
	Limit   int      `help:"Most hits to print." default:"20" placeholder:"N"`
	JSON    bool     `name:"json" help:"Print the server's answer as JSON."`
	serverFlags
}

func (searchCommand) Help() string {
	return `All words must stand on the same page. "a phrase" in quotes finds the words together, OR between words finds either, and -word leaves out pages with it; put -- in front when the query begins with a minus.

With --json: {"hits":[{"document_id","title","page","snippet",...}],...}.`
}

func (c *searchCommand) Run(ctx context.Context, env Env) error {
	if c.Limit < 1 || c.Limit > 100 {
		return &exitError{code: exitUsage, message: "--limit: give a number from 1 to 100."}
	}
	client, err := c.connect(nil)
	if err != nil {
		return err
	}
	client = client.WithPatience(2 * time.Second)
	libraryID := ""
	if c.Library != "" {
		library, err := findLibrary(ctx, client, c.Library)
		if err != nil {
			return c.explain(ctx, err)
		}
		libraryID = library.ID
	}
	answer, err := client.Search(ctx, strings.Join(c.Query, " "), libraryID, c.Limit)
	if err != nil {
		return c.explain(ctx, err)
	}
	if c.JSON {
		return writeJSONLine(env.Stdout, answer.Raw)
	}
	bold := terminal(env.Stdout) != nil
	for i, hit := range answer.Hits {
		where := fmt.Sprintf("page %d", hit.Page)
		if hit.Year != nil {
			where = fmt.Sprintf("%d, %s", *hit.Year, where)
		}
		_, err := fmt.Fprintf(env.Stdout, "%d. %s (%s)\n   %s\n", i+1, hit.Title, where, highlighted(hit.Snippet, hit.Highlights, bold))
		if err != nil {
			return err
		}
	}
	var notes []string
	if len(answer.Hits) == 0 {
		notes = append(notes, "Nothing was found.")
	}
	if answer.Message != nil && *answer.Message != "" {
		notes = append(notes, *answer.Message)
	}
	if answer.NextCursor != nil {
		notes = append(notes, "There are more; raise --limit or add words.")
	}
	if answer.DocumentsPending > 0 {
		notes = append(notes, fmt.Sprintf("%s not parsed yet.", plural(answer.DocumentsPending, "paper")))
	}
	if len(notes) > 0 {
		_, err = fmt.Fprintln(env.Stderr, strings.Join(notes, " "))
	}
	return err
}

// highlighted is the snippet in one line, with the hits in bold. Ranges are in
// code points. Control characters in a paper must not reach the terminal.
func highlighted(snippet string, ranges [][2]int, bold bool) string {
	var b strings.Builder
	next := 0
	for i, r := range []rune(snippet) {
		for next < len(ranges) && i >= ranges[next][1] {
			if bold {
				b.WriteString("\x1b[0m")
			}
			next++
		}
		if next < len(ranges) && i == ranges[next][0] && bold {
			b.WriteString("\x1b[1m")
		}
		if r < ' ' || (r >= 0x7f && r < 0xa0) {
			r = ' '
		}
		b.WriteRune(r)
	}
	if bold && next < len(ranges) {
		b.WriteString("\x1b[0m")
	}
	return b.String()
}
