package extract_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
)

// madePaper is a paper of testdata/papers, printed.
type madePaper struct {
	name, pdf string
	want      csl.Item
	given     map[string]json.RawMessage // the truth's members
	absent    []string
}

// makePapers prints the test papers.
func makePapers(t *testing.T) []madePaper {
	t.Helper()
	sources, pdfs := printed(t, "papers")
	papers := make([]madePaper, len(sources))
	for i, source := range sources {
		papers[i] = readTestPaper(t, source)
		papers[i].pdf = pdfs[i]
	}
	return papers
}

// printed prints the HTML files of a folder in testdata with Chromium, in a browser
// of its own each and two at once.
func printed(t *testing.T, kind string) (sources, pdfs []string) {
	t.Helper()
	browser := os.Getenv("CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && browser == "" {
			browser = path
		}
	}
	if browser == "" {
		t.Skip("left out: printing the test papers needs Chromium")
	}
	sources, err := filepath.Glob(filepath.Join("testdata", kind, "*.html"))
	if err != nil || len(sources) == 0 {
		t.Fatal("no test papers", err)
	}
	folder := t.TempDir()
	pdfs = make([]string, len(sources))
	slots := make(chan struct{}, 2)
	var group sync.WaitGroup
	for i, source := range sources {
		name := strings.TrimSuffix(filepath.Base(source), ".html")
		pdfs[i] = filepath.Join(folder, name+".pdf")
		address, err := filepath.Abs(source)
		if err != nil {
			t.Fatal(err)
		}
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			command := exec.CommandContext(t.Context(), browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", //nolint:gosec // a test's own arguments
				"--user-data-dir="+filepath.Join(folder, "profile-"+name), "--no-first-run", "--no-pdf-header-footer",
				"--print-to-pdf="+pdfs[i], "file://"+address)
			if out, err := command.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", source, err, out)
			}
		})
	}
	group.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return sources, pdfs
}

func readTestPaper(t *testing.T, source string) madePaper {
	t.Helper()
	data, err := os.ReadFile(source) //nolint:gosec // a test's own file
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	paper := madePaper{name: strings.TrimSuffix(filepath.Base(source), ".html")}
	var truth string
	for node := range root.Descendants() {
		for _, attribute := range node.Attr {
			switch {
			case attribute.Key == "id" && attribute.Val == "truth":
				truth = node.FirstChild.Data
			case attribute.Key == "class" && attribute.Val == "abstract":
				paper.want.Abstract = textOf(node)
			}
		}
	}
	var extra struct {
		Absent []string `json:"absent"`
	}
	for _, into := range []any{&paper.want, &paper.given, &extra} {
		if err := json.Unmarshal([]byte(truth), into); err != nil {
			t.Fatalf("%s: %v", source, err)
		}
	}
	paper.absent = extra.Absent
	return paper
}

func textOf(node *html.Node) string {
	var text strings.Builder
	for child := range node.Descendants() {
		if child.Type == html.TextNode {
			text.WriteString(child.Data)
		}
	}
	return text.String()
}

func TestMadePapersGiveTheirHeaders(t *testing.T) {
	papers := makePapers(t)
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2})
	for _, paper := range papers {
		t.Run(paper.name, func(t *testing.T) {
			result, err := extract.Run(t.Context(), pool, paper.pdf, extract.Options{Filename: "upload.pdf", NoThumbnail: true})
			if err != nil {
				t.Fatal(err)
			}
			checkHeader(t, paper, result.Metadata)
		})
	}
}

// checkHeader compares what the claims add up to with the source: every member
// of the truth, and of authors every member that the truth gives.
func checkHeader(t *testing.T, paper madePaper, claims []csl.Claim) {
	t.Helper()
	got := csl.Resolve(claims)
	var found map[string]json.RawMessage
	encoded, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(encoded, &found); err != nil {
		t.Fatal(err)
	}
	for field, raw := range paper.given {
		switch field {
		case "absent", "author":
		case "issued":
			if got.Issued == nil || !reflect.DeepEqual(got.Issued.DateParts, paper.want.Issued.DateParts) {
				t.Errorf("issued: %v, want %v", got.Issued, paper.want.Issued)
			}
		default:
			var want, have string
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatalf("%s: %v", field, err)
			}
			if found[field] != nil {
				if err := json.Unmarshal(found[field], &have); err != nil {
					t.Fatalf("%s: %v", field, err)
				}
			}
			if same := sameText(have, want); !same || field != "title" && field != "container-title" && !strings.EqualFold(have, want) {
				t.Errorf("%s: %q, want %q", field, have, want)
			}
		}
	}
	if !sameText(got.Abstract, paper.want.Abstract) {
		t.Errorf("abstract: %q\nwant %q", got.Abstract, paper.want.Abstract)
	}
	compareAuthors(t, got.Author, paper.want.Author)
	for _, field := range paper.absent {
		for _, claim := range claims {
			if claim.Field == field && claim.Confidence >= 0.5 {
				t.Errorf("%s: %s by %s, want none", field, claim.Value, claim.Source)
			}
		}
	}
}

func compareAuthors(t *testing.T, got, want []csl.Name) {
	t.Helper()
	if !slices.EqualFunc(got, want, func(a, b csl.Name) bool {
		return a.Family == b.Family && a.Given == b.Given && a.Suffix == b.Suffix
	}) {
		t.Errorf("authors: %+v\nwant %+v", got, want)
		return
	}
	for i, name := range want {
		if name.ORCID != "" && got[i].ORCID != name.ORCID || name.Email != "" && got[i].Email != name.Email ||
			name.Affiliation != nil && !reflect.DeepEqual(got[i].Affiliation, name.Affiliation) {
			t.Errorf("author: %+v\nwant %+v", got[i], name)
		}
	}
}
