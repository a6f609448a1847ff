package biblio_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
)

// run gives the output of another program that reads a file.
func run(t *testing.T, input []byte, name string, arguments ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("this test compares with %s, which is not installed (scripts/apt-packages.sh installs it)", name)
	}
	command := exec.Command(name, arguments...)
	command.Stdin = bytes.NewReader(input)
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr = &out, &problems
	command.Dir = t.TempDir()
	command.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=C.UTF-8")
	if err := command.Run(); err != nil {
		t.Fatalf("%s: %v\n%s\n%s", name, err, problems.String(), out.String())
	}
	return out.Bytes()
}

// facts of a record that all programs and formats agree on.
func facts(r biblio.Record) string {
	author := ""
	if len(r.Item.Author) > 0 {
		author = r.Item.Author[0].Short()
	}
	return strings.Join([]string{r.Key, bare(r.Item.Title), bare(author)}, " | ")
}

// bare text is what is left of differences in markup, quotes and case. Bibutils
// leaves the name of a command that it does not know.
func bare(text string) string {
	for _, mark := range []string{"<i>", "</i>", "<sub>", "</sub>", `<span class="nocase">`, "</span>", "“", "”", "‘", "’", `"`, "'", "{", "}", "\\emph", "\\textsubscript", "textsubscript", "$_", "$"} {
		text = strings.ReplaceAll(text, mark, "")
	}
	return strings.ToLower(strings.ReplaceAll(text, "\u00a0", " "))
}

func agree(t *testing.T, wanted, got []biblio.Record, fact func(biblio.Record) string) {
	t.Helper()
	want, have := map[string]bool{}, map[string]bool{}
	for _, r := range wanted {
		want[fact(r)] = true
	}
	for _, r := range got {
		have[fact(r)] = true
	}
	same := 0
	for line := range want {
		if have[line] {
			same++
		} else {
			t.Errorf("lost   %s", line)
		}
	}
	for line := range have {
		if !want[line] {
			t.Errorf("gained %s", line)
		}
	}
	t.Logf("%d of %d agree", same, len(want))
}

func TestPandocReadsWhatWeWriteAndWeWhatItWrites(t *testing.T) {
	records := works(t)
	for _, format := range []biblio.Format{biblio.BibTeX, biblio.BibLaTeX, biblio.CSLJSON} {
		t.Run(string(format)+" is read", func(t *testing.T) {
			theirs := run(t, write(t, format, records...), "pandoc", "-f", string(format), "-t", "csljson")
			agree(t, records, read(t, biblio.CSLJSON, theirs), lastName)
		})
		t.Run(string(format)+" is written", func(t *testing.T) {
			theirs := run(t, write(t, biblio.CSLJSON, records...), "pandoc", "-f", "csljson", "-t", string(format))
			agree(t, records, read(t, format, theirs), lastName)
		})
	}
}

// lastName are the facts with the last word of the author's name only: pandoc
// writes institutions without the braces that make them one name, and takes
// particles of BibTeX for droppable ones.
func lastName(r biblio.Record) string {
	author := ""
	if len(r.Item.Author) > 0 {
		words := strings.Fields(r.Item.Author[0].Short())
		author = words[len(words)-1]
	}
	return strings.Join([]string{r.Key, bare(r.Item.Title), bare(author)}, " | ")
}

// Bibutils of Debian has no program for NBIB: that format has no outsider here.
func TestBibutilsReadsWhatWeWriteAndWeWhatItWrites(t *testing.T) {
	records := works(t)
	title := func(r biblio.Record) string { return bare(r.Item.Title) }
	for format, programs := range map[biblio.Format][2]string{
		biblio.BibTeX: {"bib2xml", "xml2bib"}, biblio.BibLaTeX: {"biblatex2xml", "xml2bib"}, biblio.RIS: {"ris2xml", "xml2ris"}, biblio.EndNote: {"endx2xml", "xml2ris"},
	} {
		t.Run(string(format), func(t *testing.T) {
			mods := run(t, write(t, format, records...), programs[0], "-i", "utf8", "-o", "utf8")
			back := run(t, mods, programs[1], "-nb", "-o", "utf8")
			written := biblio.RIS
			if programs[1] == "xml2bib" {
				written = biblio.BibTeX
			}
			got, problems, err := biblio.ReadAll(bytes.NewReader(back), written)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range problems {
				t.Log(p)
			}
			agree(t, records, got, title)
		})
	}
}

func TestPybtexReadsWhatWeWriteAndWeWhatItWrites(t *testing.T) {
	records := works(t)
	file := filepath.Join(t.TempDir(), "ours.bib")
	if err := os.WriteFile(file, write(t, biblio.BibTeX, records...), 0o600); err != nil {
		t.Fatal(err)
	}
	theirs := filepath.Join(t.TempDir(), "theirs.bib")
	run(t, nil, "pybtex-convert", file, theirs)
	data, err := os.ReadFile(theirs)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, records, read(t, biblio.BibTeX, data), facts)
}

func TestBiberReadsWhatWeWriteAndWeWhatItWrites(t *testing.T) {
	records := works(t)
	dir := t.TempDir()
	file, theirs := filepath.Join(dir, "ours.bib"), filepath.Join(dir, "theirs.bib")
	if err := os.WriteFile(file, write(t, biblio.BibLaTeX, records...), 0o600); err != nil {
		t.Fatal(err)
	}
	out := run(t, nil, "biber", "--tool", "--validate-datamodel", "--output-file", theirs, file)
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "ERROR") || strings.Contains(line, "WARN") {
			t.Log(strings.TrimSpace(line))
		}
	}
	data, err := os.ReadFile(theirs)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, records, read(t, biblio.BibLaTeX, data), facts)
}

func TestFilesOfOthersComeIn(t *testing.T) {
	// What pandoc makes of a work in each format has the same facts as the work.
	records := works(t)
	at := slices.IndexFunc(records, func(r biblio.Record) bool { return r.Key == "one" })
	theirs := run(t, write(t, biblio.CSLJSON, records[at]), "pandoc", "-f", "csljson", "-t", "biblatex")
	got := read(t, biblio.BibLaTeX, theirs)[0].Item
	want := records[at].Item
	if got.DOI != want.DOI || got.Volume != want.Volume || got.Issue != want.Issue || got.Page != want.Page || got.ContainerTitle != want.ContainerTitle || isoDay(got.Issued) != isoDay(want.Issued) {
		t.Errorf("%+v", got)
	}
}

func isoDay(d interface{ Year() int }) int { return d.Year() }
