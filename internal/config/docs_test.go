package config_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"scrollkeeper.example/scrollkeeper/internal/config"
)

var update = flag.Bool("update", false, "write docs/config.md")

const configPage = "../../docs/config.md"

// TestConfigPage keeps docs/config.md what the struct says. After a change:
// make gen.
func TestConfigPage(t *testing.T) {
	got := renderConfigPage(t)
	if *update {
		if err := os.WriteFile(configPage, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(configPage)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("docs/config.md is stale; run: make gen")
	}
}

func renderConfigPage(t *testing.T) string {
	t.Helper()
	var c config.Config
	parser, err := kong.New(&c, kong.Name("scrollkeeper"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`# Configuration

<!-- Generated from internal/config/config.go by make gen; edit that. -->

Nothing needs to be set. What is set comes from the first of these:

1. the flag, as in ` + "`scrollkeeper serve --parse-jobs 2`" + `;
2. the variable, as in ` + "`SCROLLKEEPER_PARSE_JOBS=2`" + `;
3. the file that the variable with ` + "`_FILE`" + ` at its end names, as in
   ` + "`SCROLLKEEPER_DATABASE_URL_FILE=/run/secrets/database`" + `. Every variable has
   this form; it is the one for secrets;
4. the default.

Sizes are written as 512MiB or 2GiB, durations as 90s, 10m or 720h, lists with
commas. A value that makes no sense is refused at start with a sentence that says
what would. A variable that begins with ` + "`SCROLLKEEPER_`" + ` and is not known gets a
warning.
`)
	group := ""
	for _, f := range parser.Model.Flags {
		if f.Name == "help" {
			continue
		}
		if f.Group != nil && f.Group.Key != group {
			group = f.Group.Key
			fmt.Fprintf(&b, "\n## %s\n\n| flag | variable | default | what it is |\n| --- | --- | --- | --- |\n", group)
		}
		byDefault := "–"
		if f.Default != "" {
			byDefault = "`" + f.Default + "`"
		}
		help := strings.NewReplacer("|", `\|`, "${enum}", strings.ReplaceAll(f.Enum, ",", ", ")).Replace(f.Help)
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", f.Name, f.Envs[0], byDefault, help)
	}
	return b.String()
}
