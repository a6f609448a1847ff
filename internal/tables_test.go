package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// writerOf says which package owns each table. The owner alone writes it, so
// that what a row means is decided in one place; others may read it.
var writerOf = map[string]string{
	"people":      "identity",
	"sessions":    "identity",
	"api_tokens":  "identity",
	"setup_links": "identity",

	"guard_windows": "guard",

	"libraries":           "library",
	"library_members":     "library",
	"library_invitations": "library",
	"library_changes":     "library",

	"documents":          "document",
	"metadata_claims":    "document",
	"editions":           "document",
	"edition_pages":      "document",
	"edition_references": "document",
	"edition_citations":  "document",

	"document_merges":       "document",
	"document_distinctions": "document",
	"tags":                  "organise",
	"document_tags":         "organise",

	"collections":          "organise",
	"document_collections": "organise",

	"uploads": "ingest",

	"imports":            "intake",
	"imported_documents": "intake",
	"import_files":       "intake",
	"citation_keys":      "cite",
	"citation_settings":  "cite",
	"archives":           "archive",
	"archived_marks":     "archive",

	"bibliography_addresses": "cite",
	"share_links":            "sharing",
	"share_visits":           "sharing",

	"annotations":           "annotation",
	"annotation_anchors":    "annotation",
	"annotation_replies":    "annotation",
	"annotation_reactions":  "annotation",
	"annotation_mentions":   "annotation",
	"annotation_history":    "annotation",
	"annotation_operations": "annotation",
	"annotation_settings":   "annotation",
	"relocations":           "relocate",
	"relocated_documents":   "relocate",

	"reading_positions": "reader",
	"presences":         "platform",

	"saved_searches":       "savedsearch",
	"saved_search_notices": "savedsearch",
	"saved_search_matches": "savedsearch",

	"notifications":         "notify",
	"mails":                 "notify",
	"watches":               "notify",
	"notification_settings": "notify",
	"unsubscribe_keys":      "notify",

	// River's own; platform/jobs frees the jobs of dead workers.
	"river_job": "platform",
}

// writes finds what a statement changes. COPY and CopyFrom are not used on our
// tables; TRUNCATE nowhere.
var writes = regexp.MustCompile(`(?is)\b(?:INSERT\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|TRUNCATE(?:\s+TABLE)?|COPY|MERGE\s+INTO)\s+"?([a-z_]+)"?`)

// notTables are words that follow UPDATE where it is no statement: FOR UPDATE OF
// and FOR UPDATE SKIP, ON CONFLICT DO UPDATE SET, ON UPDATE CASCADE.
var notTables = []string{"of", "skip", "nowait", "set", "cascade", "restrict", "or", "on"}

func TestEachTableHasOneWriter(t *testing.T) {
	seen := map[string]bool{}
	check := func(file, sql string) {
		for _, match := range writes.FindAllStringSubmatch(withoutComments(sql), -1) {
			table := strings.ToLower(match[1])
			if slices.Contains(notTables, table) {
				continue
			}
			writer, known := writerOf[table]
			if !known {
				continue // A sentence in English, or a table of a migration's own.
			}
			seen[table] = true
			if owner := ownerOf(file); owner != writer {
				t.Errorf("%s: %s writes %s, which belongs to %s", file, owner, table, writer)
			}
		}
	}
	eachGoFile(t, ".", func(file string) {
		if forTests(file) || generated(file) {
			return
		}
		for _, text := range stringsOf(t, file) {
			check(file, text)
		}
	})
	for _, file := range queryFiles(t) {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		check(file, string(b))
	}
	for table := range writerOf {
		if !seen[table] {
			t.Errorf("nobody writes %s; is it still a table?", table)
		}
	}
}

// TestEveryTableHasAnOwner fails when a migration makes a table that writerOf
// does not know.
func TestEveryTableHasAnOwner(t *testing.T) {
	files, err := filepath.Glob("../migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	creates := regexp.MustCompile(`(?i)CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z_]+)`)
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range creates.FindAllStringSubmatch(withoutComments(string(b)), -1) {
			if _, known := writerOf[match[1]]; !known {
				t.Errorf("%s: say in tables_test.go which package writes %s", file, match[1])
			}
		}
	}
}

// TestQueriesStandWithTheirFeature keeps SQL findable: each feature's queries
// are in internal/<feature>/internal/<feature>db, where the compiler keeps
// other features out.
func TestQueriesStandWithTheirFeature(t *testing.T) {
	for _, file := range queryFiles(t) {
		owner := ownerOf(file)
		want := filepath.Join(owner, "internal", owner+"db", "queries.sql")
		if file != want {
			t.Errorf("%s should be %s", file, want)
		}
	}
}

func queryFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*/internal/*/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no queries: %v", err)
	}
	return files
}

func withoutComments(sql string) string {
	var b strings.Builder
	for line := range strings.Lines(sql) {
		code, _, _ := strings.Cut(line, "--")
		b.WriteString(code)
		b.WriteByte('\n')
	}
	return b.String()
}

func generated(file string) bool {
	b, err := os.ReadFile(file)
	return err == nil && strings.HasPrefix(string(b), "// Code generated")
}

// stringsOf gives every string in a Go file.
func stringsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				found = append(found, text)
			}
		}
		return true
	})
	return found
}
