package citeproc_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/citeproc"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

func works(t testing.TB) []csl.Item {
	t.Helper()
	data, err := os.ReadFile("testdata/works.json")
	if err != nil {
		t.Fatal(err)
	}
	var items []csl.Item
	if err := json.Unmarshal(data, &items); err != nil {
		t.Fatal(err)
	}
	return items
}

func load(t testing.TB, name string) *citeproc.Style {
	t.Helper()
	style, err := citeproc.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return style
}

// clusters that the text cites after it has cited each work once, as pandoc's
// Markdown has them.
var clusters = []struct {
	markdown string
	cluster  citeproc.Cluster
}{
	{"[@one, p. 5]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "one", Locator: "5"}}}},
	{"[@one, p. 5]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "one", Locator: "5"}}}},
	{"[@one, p. 7]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "one", Locator: "7"}}}},
	{"[@one]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "one"}}}},
	{"[see @two, pp. 33-35]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "two", Locator: "33-35", Prefix: "see"}}}},
	{"[@book, chap. 3]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "book", Locator: "3", Label: "chapter"}}}},
	{"[-@book]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "book", SuppressAuthor: true}}}},
	{"[-@nodate, p. 4]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "nodate", SuppressAuthor: true, Locator: "4"}}}},
	{"[@one; @two; @three]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "one"}, {ID: "two"}, {ID: "three"}}}},
	{"[@same1; @same2; @later]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "same1"}, {ID: "same2"}, {ID: "later"}}}},
	{"[@same1; @book; @later; @web]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "same1"}, {ID: "book"}, {ID: "later"}, {ID: "web"}}}},
	{"[@many; @seven; @chapter]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "many"}, {ID: "seven"}, {ID: "chapter"}}}},
	{"[@anon; @edited, sec. 2]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "anon"}, {ID: "edited", Locator: "2", Label: "section"}}}},
	{"[@same1, p. 3; @same2, p. 4]", citeproc.Cluster{Cites: []citeproc.Cite{{ID: "same1", Locator: "3"}, {ID: "same2", Locator: "4"}}}},
}

// departures of pandoc 2.17 from the specification, by style and text.
var departures = map[string]string{
	"apa order": "a macro that gives a date sorts by it as YYYYMMDD (Sorting): 1998–2003 comes before June 2015",

	"harvard-cite-them-right order":         "demote-non-dropping-particle=sort-only: “La” and “van” do not count when names are sorted",
	"harvard-cite-them-right entry chinese": initialsOfHan,
	"ieee entry chinese":                    initialsOfHan,

	"vancouver entry same1": "page-range-format=minimal leaves out digits that are repeated: of 1–10 none is",

	"nature entry preprint": "the term “article” is newer than the locale in this pandoc",

	"modern-language-association entry speech": "title case: the last word is capitalised",

	"chicago-author-date entry question":         quotesInQuotes,
	"chicago-note-bibliography entry question":   quotesInQuotes,
	"chicago-note-bibliography citation 60":      quotesInQuotes,
	"ieee entry question":                        quotesInQuotes,
	"modern-language-association entry question": quotesInQuotes,

	"nl-NL apa entry edited":        labelsInTitleCase,
	"nl-NL apa entry translated":    labelsInTitleCase,
	"nl-NL apa entry chapterseries": labelsInTitleCase,
	"nl-NL apa entry chapter":       labelsInTitleCase,
	"nl-NL apa entry oneeditor":     labelsInTitleCase,
	"nl-NL apa entry entry":         labelsInTitleCase,
}

const (
	labelsInTitleCase = "title case is for English only"
	initialsOfHan     = "a name in Chinese characters has no initials to put a full stop behind"
	quotesInQuotes    = "punctuation-in-quote: full stops and commas stand before closing marks, the inner one too"
)

func TestStylesAgreeWithPandoc(t *testing.T) {
	if _, err := exec.LookPath("pandoc"); err != nil {
		t.Fatal("this test compares with pandoc, which is not installed (scripts/apt-packages.sh installs it)")
	}
	items := works(t)
	for _, bundled := range citeproc.Bundled {
		t.Run(bundled.Name, func(t *testing.T) {
			t.Parallel()
			theirs := pandoc(t, bundled.Name, "", items)
			ours := format(t, bundled.Name, "", items)
			agree, differ := 0, 0
			for _, key := range ours.keys {
				reason := departures[bundled.Name+" "+key]
				switch same := ours.text[key] == theirs[key]; {
				case same && reason != "":
					t.Errorf("%s: there is a reason for a difference, but none is left", key)
				case same:
					agree++
				case reason != "":
					differ++
					t.Logf("%s: %s\n ours   %s\n theirs %s", key, reason, ours.text[key], theirs[key])
				default:
					t.Errorf("%s\n ours   %s\n theirs %s", key, ours.text[key], theirs[key])
				}
			}
			if len(theirs) != len(ours.keys) {
				t.Errorf("%d texts, pandoc has %d", len(ours.keys), len(theirs))
			}
			t.Logf("%d agree, %d differ for a reason", agree, differ)
		})
	}
}

// TestLanguagesAgreeWithPandoc looks at the bibliographies in other languages.
func TestLanguagesAgreeWithPandoc(t *testing.T) {
	items := works(t)
	for _, lang := range []string{"en-GB", "de-DE", "nl-NL"} {
		for _, name := range []string{"apa", "chicago-note-bibliography", "ieee"} {
			t.Run(lang+" "+name, func(t *testing.T) {
				t.Parallel()
				theirs, ours := pandoc(t, name, lang, items), format(t, name, lang, items)
				agree := 0
				for _, key := range ours.keys {
					// pandoc finds places in citations by the language's own labels.
					if strings.HasPrefix(key, "citation ") {
						continue
					}
					if ours.text[key] == theirs[key] {
						agree++
					} else if departures[name+" "+key] == "" && departures[lang+" "+name+" "+key] == "" {
						t.Errorf("%s\n ours   %s\n theirs %s", key, ours.text[key], theirs[key])
					}
				}
				t.Logf("%d of %d agree", agree, len(ours.keys))
			})
		}
	}
}

type texts struct {
	keys []string
	text map[string]string
}

func format(t *testing.T, name, lang string, items []csl.Item) texts {
	t.Helper()
	var cited []citeproc.Cluster
	for _, item := range items {
		cited = append(cited, citeproc.Cluster{Cites: []citeproc.Cite{{ID: item.ID}}})
	}
	for _, c := range clusters {
		cited = append(cited, c.cluster)
	}
	result, err := load(t, name).Format(items, cited, citeproc.Options{Lang: lang})
	if err != nil {
		t.Fatal(err)
	}
	all := texts{text: map[string]string{}}
	add := func(key string, text citeproc.Text) {
		all.keys = append(all.keys, key)
		all.text[key] = normalised(text.HTML())
	}
	for i, citation := range result.Citations {
		add(fmt.Sprintf("citation %d", i), citation)
	}
	order := make([]string, 0, len(result.Bibliography))
	for _, entry := range result.Bibliography {
		add("entry "+entry.ID, entry.Text)
		order = append(order, entry.ID)
	}
	all.keys = append(all.keys, "order")
	all.text["order"] = strings.Join(order, " ")
	return all
}

var (
	spaces = regexp.MustCompile(`[\s\x{a0}]+`)
	blocks = regexp.MustCompile(`</?div[^>]*>`)
	links  = regexp.MustCompile(`</?a\b[^>]*>`)
)

func normalised(text string) string {
	text = blocks.ReplaceAllString(links.ReplaceAllString(text, ""), " ")
	text = strings.ReplaceAll(text, "<span style=\"font-variant:small-caps\">", "<sc>")
	text = strings.ReplaceAll(text, "</span>", "</sc>")
	text = spaces.ReplaceAllString(text, " ")
	text = regexp.MustCompile(` ([.,)])`).ReplaceAllString(text, "$1")
	return strings.TrimSpace(text)
}

// pandoc formats the same with pandoc --citeproc and reads its document.
func pandoc(t *testing.T, name, lang string, items []csl.Item) map[string]string {
	t.Helper()
	dir := t.TempDir()
	var b strings.Builder
	for _, item := range items {
		b.WriteString("[@" + item.ID + "]\n\n")
	}
	for _, c := range clusters {
		b.WriteString(c.markdown + "\n\n")
	}
	// pandoc 2 knows the name of an event by its older name only.
	data, err := os.ReadFile("testdata/works.json")
	if err != nil {
		t.Fatal(err)
	}
	library := filepath.Join(dir, "works.json")
	if err := os.WriteFile(library, []byte(strings.ReplaceAll(string(data), `"event-title"`, `"event"`)), 0o600); err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(dir, "text.md")
	if err := os.WriteFile(source, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("pandoc", "--citeproc", "--bibliography", library, "--csl", "styles/"+name+".csl", "-M", "link-bibliography=false", "-f", "markdown-smart", "-t", "json", source)
	if lang != "" {
		command.Args = append(command.Args, "-M", "lang="+lang)
	}
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var document struct{ Blocks []block }
	if err := json.Unmarshal(out, &document); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	var order []string
	paragraph := 0
	for _, b := range document.Blocks {
		switch b.T {
		case "Para":
			all[fmt.Sprintf("citation %d", paragraph)] = normalised(inlines(b.C))
			paragraph++
		case "Div":
			for _, entry := range divContent(b.C) {
				id := strings.TrimPrefix(divID(entry.C), "ref-")
				order = append(order, id)
				var text strings.Builder
				for _, part := range divContent(entry.C) {
					text.WriteString(inlines(part.C))
				}
				all["entry "+id] = normalised(text.String())
			}
		}
	}
	all["order"] = strings.Join(order, " ")
	return all
}

type block struct {
	T string
	C json.RawMessage
}

func divContent(c json.RawMessage) []block {
	var pair []json.RawMessage
	var blocks []block
	if json.Unmarshal(c, &pair) == nil && len(pair) == 2 {
		_ = json.Unmarshal(pair[1], &blocks)
	}
	return blocks
}

func divID(c json.RawMessage) string {
	var pair []json.RawMessage
	var attributes []json.RawMessage
	var id string
	_ = json.Unmarshal(c, &pair)
	_ = json.Unmarshal(pair[0], &attributes)
	_ = json.Unmarshal(attributes[0], &id)
	return id
}

var inlineElements = map[string]string{"Emph": "i", "Strong": "b", "Superscript": "sup", "Subscript": "sub", "SmallCaps": "sc", "Underline": "u"}

// inlines is the text of a list of pandoc's inlines, with the formats that our
// HTML has.
func inlines(c json.RawMessage) string {
	var list []block
	if json.Unmarshal(c, &list) != nil {
		return ""
	}
	var b strings.Builder
	for _, one := range list {
		var parts []json.RawMessage
		_ = json.Unmarshal(one.C, &parts)
		switch one.T {
		case "Str":
			var text string
			_ = json.Unmarshal(one.C, &text)
			b.WriteString(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text))
		case "Space", "SoftBreak", "LineBreak":
			b.WriteString(" ")
		case "Emph", "Strong", "Superscript", "Subscript", "SmallCaps", "Underline":
			tag := inlineElements[one.T]
			b.WriteString("<" + tag + ">" + inlines(one.C) + "</" + tag + ">")
		case "Span":
			text := inlines(parts[1])
			if strings.Contains(string(parts[0]), "csl-left-margin") {
				text += " "
			}
			b.WriteString(text)
		case "Link", "Cite":
			b.WriteString(inlines(parts[1]))
		case "Note":
			for _, p := range notes(one.C) {
				b.WriteString(inlines(p.C))
			}
		case "Quoted":
			b.WriteString("“" + inlines(parts[1]) + "”")
		default:
			b.WriteString("?" + one.T)
		}
	}
	return b.String()
}

func notes(c json.RawMessage) []block {
	var blocks []block
	_ = json.Unmarshal(c, &blocks)
	return blocks
}
