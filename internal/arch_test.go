package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "scrollkeeper.example/scrollkeeper/internal/"

// mayKnow is the direction of dependencies: each package of internal, and the
// packages of internal that it may import besides itself. "platform" stands for
// all of platform/. It says the same as the table in docs/ARCHITECTURE.md.
//
// A feature that needs something of one above it declares an interface of one
// method, which app fills in.
var mayKnow = map[string][]string{
	"config":   {},
	"csl":      {},
	"citation": {"csl"},
	"citeproc": {"csl"},
	"biblio":   {"csl"},
	"pagetext": {},
	"unzip":    {},
	"platform": {},
	// anchoring finds quotes again; pdfmark is a mark as a PDF has it, and pdfupdate
	// writes such marks into one.
	"anchoring": {"pagetext"},
	"pdfmark":   {"pagetext"},
	"pdfupdate": {"pagetext", "pdfmark"},
	"extract":   {"csl", "citation", "pagetext", "pdfmark", "pdfupdate"},

	"guard":      {"platform"},
	"identity":   {"platform", "guard"},
	"library":    {"platform", "guard", "identity"},
	"document":   {"platform", "guard", "identity", "library", "csl", "pagetext"},
	"organise":   {"platform", "guard", "identity", "library"},
	"ingest":     {"platform", "guard", "identity", "library", "csl", "pagetext", "document", "extract", "pdfmark"},
	"annotation": {"platform", "guard", "identity", "library", "csl", "pagetext", "document", "anchoring", "pdfmark"},
	"notify":     {"platform", "guard", "identity", "library", "csl", "pagetext", "document", "annotation"},
	"transfer":   {"platform", "guard", "identity", "library", "csl", "pagetext", "document", "ingest", "annotation", "anchoring", "pdfmark", "pdfupdate", "extract"},
	"intake":     {"platform", "guard", "identity", "library", "csl", "biblio", "unzip", "pagetext", "document"},
	"cite":       {"platform", "guard", "identity", "library", "csl", "pagetext", "document", "annotation", "anchoring", "pdfmark", "citeproc", "biblio"},
	"archive": {
		"platform", "guard", "identity", "library", "csl", "biblio", "unzip", "citeproc", "pagetext", "document", "organise", "extract", "pdfmark", "pdfupdate", "ingest",
		"annotation", "anchoring", "transfer", "cite", "intake",
	},
	"relocate": {"platform", "guard", "identity", "library", "csl", "pagetext", "document"},
	"reader":   {"platform", "guard", "identity", "library", "csl", "pagetext", "document"},
	"search":   {"platform", "guard", "identity", "library", "csl", "pagetext", "document"},

	"savedsearch": {"platform", "guard", "identity", "library", "csl", "pagetext", "document", "annotation", "search", "notify"},
	"sharing":     {"platform", "guard", "identity", "library", "csl", "pagetext", "document"},

	// operate reads every feature; app and cli know all.
	"operate": {"platform", "config", "extract", "csl", "pagetext", "pdfmark", "guard", "identity", "library", "document", "ingest", "reader", "search", "annotation", "anchoring", "notify", "transfer"},
	"app":     {everything},
	"cli":     {everything},
}

const everything = "*"

// forTests may import more: a feature's tests build what stands below them, and
// the whole application where that is what they test.
func forTests(file string) bool {
	return strings.HasSuffix(file, "_test.go") || strings.HasSuffix(filepath.Dir(file), "test")
}

func TestDependenciesPointOneWay(t *testing.T) {
	eachGoFile(t, ".", func(file string) {
		owner := ownerOf(file)
		allowed, known := mayKnow[owner]
		if !known {
			t.Errorf("%s: the package %q is not in the table of arch_test.go; give it a place there and in docs/ARCHITECTURE.md", file, owner)
			return
		}
		if forTests(file) || slices.Contains(allowed, everything) {
			return
		}
		for _, path := range importsOf(t, file) {
			inside, ok := strings.CutPrefix(path, module)
			if !ok {
				continue
			}
			target, _, _ := strings.Cut(inside, "/")
			if target != owner && !slices.Contains(allowed, target) {
				t.Errorf("%s: %s may not know %s", file, owner, target)
			}
			if strings.HasSuffix(path, "test") {
				t.Errorf("%s: code that ships may not import %s, which is for tests", file, inside)
			}
		}
	})
}

// A platform package is a tool by itself: it may use the small ones below it.
func TestPlatformPackagesStandAlone(t *testing.T) {
	small := []string{"fault", "clock", "postgres", "blob", "realtime", "jobs", "mail", "httpapi", "logging"}
	eachGoFile(t, "platform", func(file string) {
		if forTests(file) {
			return
		}
		for _, path := range importsOf(t, file) {
			inside, ok := strings.CutPrefix(path, module+"platform/")
			if !ok {
				continue
			}
			target, _, _ := strings.Cut(inside, "/")
			if !slices.Contains(small, target) {
				t.Errorf("%s: platform/%s is not in the list of arch_test.go", file, target)
			}
			// The edge of HTTP is on top; nothing of platform stands on it.
			if owner := strings.Split(filepath.ToSlash(file), "/")[1]; target == "httpapi" && owner != "httpapi" {
				t.Errorf("%s: platform/%s may not know platform/httpapi", file, owner)
			}
		}
	})
}

// Names that say nothing gather everything.
func TestNoPiles(t *testing.T) {
	banned := []string{"util", "utils", "common", "helpers", "models", "handlers", "services", "misc", "shared", "pkg"}
	eachGoFile(t, ".", func(file string) {
		for part := range strings.SplitSeq(filepath.ToSlash(filepath.Dir(file)), "/") {
			if slices.Contains(banned, part) {
				t.Errorf("%s: a package called %s would become a pile; name it for what it does", file, part)
			}
		}
	})
}

// Only platform/httpapi maps faults to statuses, and only it and the plain
// handlers of bytes write them; a feature that does JSON returns faults.
func TestFeaturesDoNotKnowHuma(t *testing.T) {
	eachGoFile(t, ".", func(file string) {
		if forTests(file) || strings.HasPrefix(filepath.ToSlash(file), "platform/httpapi/") {
			return
		}
		for _, path := range importsOf(t, file) {
			if strings.HasPrefix(path, "github.com/danielgtaylor/huma/") && !strings.HasSuffix(filepath.Base(file), "http.go") {
				t.Errorf("%s: only http.go and platform/httpapi deal with %s", file, path)
			}
		}
	})
}

// Every feature says in doc.go what it is for.
func TestEveryPackageHasADoc(t *testing.T) {
	for name := range mayKnow {
		if name == "platform" {
			continue
		}
		found := false
		entries, err := os.ReadDir(name)
		if err != nil {
			t.Errorf("%s is in the table of arch_test.go and not in internal/: %v", name, err)
			continue
		}
		for _, entry := range entries {
			if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(name, entry.Name()), nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				t.Fatal(err)
			}
			found = found || f.Doc != nil
		}
		if !found {
			t.Errorf("the package %s does not say what it is for", name)
		}
	}
}

// ownerOf is the first part of a file's path, with all of platform as one.
func ownerOf(file string) string {
	owner, _, _ := strings.Cut(filepath.ToSlash(file), "/")
	return owner
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	paths := make([]string, 0, len(parsed.Imports))
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// eachGoFile calls fn for the Go files below a folder of internal, but for the
// tests that stand in internal itself.
func eachGoFile(t *testing.T, folder string, fn func(file string)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == "testdata" {
			return fs.SkipDir
		}
		if !entry.IsDir() && strings.HasSuffix(path, ".go") && filepath.Dir(path) != "." {
			fn(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
