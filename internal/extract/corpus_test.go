package extract_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

// corpus is the folder of real input beside the repository; its tests are left
// out where it is missing.
func corpus(t testing.TB, kind string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpus", kind, "*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("left out: ../shared/corpus/%s is not here", kind)
	}
	return files
}

// truth is what the publisher deposited about a paper.
type truth struct {
	File       string
	Title      string
	DOI        string
	Year       string
	Authors    []csl.Name
	References []struct{ DOI string }
}

func readTruth(t *testing.T) map[string]truth {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", "corpus", "papers", "truth.jsonl"))
	if err != nil {
		t.Skipf("left out: %v", err)
	}
	defer func() { _ = file.Close() }()
	truths := map[string]truth{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one truth
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatal(err)
		}
		truths[one.File] = one
	}
	return truths
}

// paper is one extracted paper.
type paper struct {
	result *extract.Result
	pages  []pagetext.Page
}

func extractPaper(t *testing.T, pool *extract.Pool, file string) paper {
	t.Helper()
	var out paper
	result, err := extract.Run(t.Context(), pool, file, extract.Options{
		Filename: "upload.pdf",
		OnPage: func(page pagetext.Page) error {
			out.pages = append(out.pages, page)
			return nil
		},
	})
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(file), err)
	}
	out.result = result
	return out
}

// score counts what was right.
type score struct{ right, all int }

func (s *score) add(right bool) {
	s.all++
	if right {
		s.right++
	}
}

func (s score) part() float64 { return float64(s.right) / float64(max(s.all, 1)) }

func (s score) String() string {
	return strconv.Itoa(s.right) + " of " + strconv.Itoa(s.all) + " (" +
		strconv.FormatFloat(100*s.part(), 'f', 1, 64) + " %)"
}

// sameText compares as a reader would: case, accents, spaces and punctuation do
// not matter.
func sameText(a, b string) bool { return letters(a) == letters(b) }

func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, pagetext.Fold(text))
}

func TestPapersGiveTheirMetadata(t *testing.T) {
	files := corpus(t, "papers")
	truths := readTruth(t)
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2})
	var title, authors, families, doi, year, container, abstract, referenceCount, referenceDOI score
	// pageTitle and pageAuthors leave the file's own fields out, as for papers
	// whose files say nothing.
	var pageTitle, pageAuthors score
	for _, file := range files {
		want := truths[filepath.Base(file)]
		got := extractPaper(t, pool, file)
		checkPages(t, got)
		item := csl.Resolve(got.result.Metadata)

		title.add(sameText(item.Title, want.Title))
		authors.add(sameFamilies(item.Author, want.Authors))
		for _, name := range want.Authors {
			families.add(slices.ContainsFunc(item.Author, func(other csl.Name) bool { return sameFamily(other, name) }))
		}
		doi.add(strings.EqualFold(item.DOI, want.DOI))
		year.add(strconv.Itoa(item.Year()) == want.Year)
		container.add(item.ContainerTitle == "Journal of Open Source Education")
		abstract.add(item.Abstract != "")
		page := csl.Resolve(slices.DeleteFunc(slices.Clone(got.result.Metadata), func(c csl.Claim) bool { return c.Source != csl.SourcePage }))
		pageTitle.add(sameText(page.Title, want.Title))
		pageAuthors.add(sameFamilies(page.Author, want.Authors))

		if testing.Verbose() {
			if !sameText(item.Title, want.Title) || !sameText(page.Title, want.Title) {
				t.Logf("%s: title %q, page %q, want %q", want.File, item.Title, page.Title, want.Title)
			}
			if !sameFamilies(page.Author, want.Authors) {
				t.Logf("%s: authors %v, want %v", want.File, page.Author, want.Authors)
			}
			if strconv.Itoa(item.Year()) != want.Year || !strings.EqualFold(item.DOI, want.DOI) {
				t.Logf("%s: year %d, want %s; doi %s", want.File, item.Year(), want.Year, item.DOI)
			}
		}
		difference := len(got.result.References) - len(want.References)
		referenceCount.add(difference >= -1 && difference <= 1)
		if difference != 0 && testing.Verbose() {
			t.Logf("%s: %d references, want %d", want.File, len(got.result.References), len(want.References))
		}
		for _, reference := range want.References {
			if reference.DOI != "" {
				referenceDOI.add(slices.ContainsFunc(got.result.References, func(r extract.Reference) bool {
					return strings.EqualFold(r.DOI, reference.DOI)
				}))
			}
		}
	}
	t.Logf("%-34s %d MB", "largest child", extract.PeakResident(pool)>>20)
	// The floors stand a little under what was measured when they were set.
	for _, one := range []struct {
		name  string
		score score
		floor float64
	}{
		{"title", title, 0.97},
		{"title from the page alone", pageTitle, 0.97},
		{"all authors in order", authors, 0.95},
		{"all authors from the page alone", pageAuthors, 0.95},
		{"each author", families, 0.9},
		{"DOI", doi, 0.97},
		{"year", year, 0.97},
		{"container title", container, 0.95},
		{"abstract found", abstract, 0.85},
		{"number of references, within 1", referenceCount, 0.9},
		{"DOI of a reference", referenceDOI, 0.97},
	} {
		t.Logf("%-34s %v", one.name, one.score)
		if one.score.part() < one.floor {
			t.Errorf("%s: %v, want at least %.0f %%", one.name, one.score, 100*one.floor)
		}
	}
}

func sameFamilies(got, want []csl.Name) bool {
	return slices.EqualFunc(got, want, sameFamily)
}

// sameFamily compares family names. Where the deposited name puts a second
// family name or a particle on the other side, the whole name decides.
func sameFamily(got, want csl.Name) bool {
	return sameText(got.Family, want.Family) || sameText(got.String(), want.String())
}
