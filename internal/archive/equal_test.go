package archive_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/archive"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/organise"
)

func paperFile(info string, pages ...string) []byte {
	d := extracttest.Document{Info: map[string]string{"Subject": info}}
	for _, text := range pages {
		d.Pages = append(d.Pages, extracttest.TextPage(text))
	}
	return d.Bytes()
}

// mark makes a mark and fails where it is refused.
func (e *env) mark(p identity.Person, a documenttest.Added, kind annotation.Kind, body string, private bool, parts ...annotation.Place) annotation.Annotation {
	e.t.Helper()
	m, err := e.marks.Make(e.t.Context(), p, annotation.Operation{}, annotation.New{
		ID: uuid.Must(uuid.NewV7()), DocumentID: a.DocumentID, EditionID: a.EditionID, Kind: kind, Meaning: annotation.Question, Private: private, Body: body, Parts: parts,
	})
	if err != nil {
		e.t.Fatalf("make a %s: %v", kind, err)
	}
	return m
}

func onText(page, start, end int) annotation.Place {
	return annotation.Place{Page: page, Start: &start, End: &end}
}

// furnish fills the env's library with everything that a library has.
func (e *env) furnish() {
	t := e.t
	ctx := t.Context()
	first := e.paper(e.LibraryID, uuid.Nil, "Überblick: A?.pdf", paperFile("a1", "Methods were tried on samples of whole populations and", "then of single persons. Nobody knew why"))
	second := e.paper(e.LibraryID, first.DocumentID, "second.pdf", paperFile("a2", "Methods were tried on samples of whole populations, and", "then of single persons. Somebody knew why"))
	if _, err := e.Documents.Prefer(ctx, e.Editor, first.EditionID); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Pool.Exec(ctx, `UPDATE editions SET kind = 'preprint' WHERE id = $1`, second.EditionID); err != nil {
		t.Fatal(err)
	}
	thread := e.mark(e.Commenter, first, annotation.Highlight, "A *shared* thought", false, onText(1, 0, 7))
	for _, p := range []identity.Person{e.Editor, e.Owner} {
		if _, err := e.marks.Reply(ctx, p, annotation.Operation{}, thread.ID, uuid.Must(uuid.NewV7()), "Why? asks "+p.Name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := e.marks.Resolve(ctx, e.Admin, annotation.Operation{}, thread.ID); err != nil {
		t.Fatal(err)
	}
	e.mark(e.Editor, first, annotation.Underline, "", false, onText(1, 39, 54), onText(2, 0, 4))
	e.mark(e.Editor, first, annotation.Area, "On an area", false, annotation.Place{Page: 2, Rect: []float64{100.125, 100, 200.333, 180}})
	e.mark(e.Editor, first, annotation.Note, "On a note", false, annotation.Place{Page: 2, Rect: []float64{300, 100, 320, 120}})
	e.mark(e.Editor, first, annotation.Text, "On a text", false, annotation.Place{Page: 2, Rect: []float64{300, 200, 420, 240}})
	e.mark(e.Owner, second, annotation.Ink, "On ink", false, annotation.Place{Page: 1, Paths: [][]float64{{100.4567, 100, 150, 180, 200, 100}, {10, 10, 20, 20}}})
	e.mark(e.Commenter, first, annotation.Highlight, "The commenter's secret", true, onText(1, 8, 12))

	// A file that brings marks of its own, of which one was answered and one deleted.
	drawn := extracttest.Document{Pages: []extracttest.Page{extracttest.TextPage("Words that were marked before")}}
	drawn.Pages[0].Annotations = []string{
		`/Type/Annot/Subtype/Highlight/Rect[72 715 140 735]/QuadPoints[72 735 140 735 72 715 140 715]/NM(kept)/T(Reader of old)/Contents(As it was)/C[1 1 0]/M(D:20200102030405Z)`,
		`/Type/Annot/Subtype/Square/Rect[200 200 300 300]/NM(gone)/T(Reader of old)/Contents(Not wanted)/C[1 0 0]`,
	}
	marked := e.paper(e.LibraryID, uuid.Nil, "marked.pdf", drawn.Bytes())
	own, err := e.marks.ForDocument(ctx, e.Owner, marked.DocumentID, nil, annotation.Filter{})
	if err != nil || len(own) != 2 {
		t.Fatalf("%d marks of the file's own, %v", len(own), err)
	}
	for _, m := range own {
		if m.OriginKey == "gone" {
			err = e.marks.Delete(ctx, e.Owner, annotation.Operation{}, m.ID)
		} else {
			_, err = e.marks.Reply(ctx, e.Editor, annotation.Operation{}, m.ID, uuid.Must(uuid.NewV7()), "Seen")
		}
		if err != nil {
			t.Fatal(err)
		}
	}

	// Two that were merged.
	kept := e.paper(e.LibraryID, uuid.Nil, "kept.pdf", paperFile("m1", "The first printing of a text"))
	merged := e.paper(e.LibraryID, uuid.Nil, "merged.pdf", paperFile("m2", "The second printing of a text"))
	e.mark(e.Editor, merged, annotation.Highlight, "On what was merged", false, onText(1, 4, 10))
	if _, err := e.Documents.SetField(ctx, e.Editor, merged.DocumentID, document.Correction{Field: "publisher", Value: json.RawMessage(`"A publisher"`)}); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Documents.Merge(ctx, e.Editor, kept.DocumentID, []uuid.UUID{merged.DocumentID}); err != nil {
		t.Fatal(err)
	}

	year := func(y int) *csl.Date { return &csl.Date{DateParts: [][]int{{y}}} }
	ids := e.works(
		e.LibraryID,
		csl.Item{Type: "book", Title: "Annual report of the society", Author: []csl.Name{{Family: "Smith", Given: "A."}}, Issued: year(1990)},
		csl.Item{Type: "book", Title: "Annual report of the society", Author: []csl.Name{{Family: "Smith", Given: "A."}}, Issued: year(1990)},
		csl.Item{Type: "book", Title: "תולדות הספר", Author: []csl.Name{{Family: "כהן", Given: "שרה"}, {Family: "ابن سينا"}}, Issued: year(1955)},
		csl.Item{Type: "article-journal", Title: `On <i>E. coli</i> & "quotes": a {brace}`, DOI: "10.1000/xyz", ContainerTitle: "J. of Tests", Volume: "3", Page: "1–9", Author: []csl.Name{{Literal: "The Group, Inc."}}},
	)
	if err := e.Documents.KeepApart(ctx, e.Editor, e.LibraryID, ids[:2], true); err != nil {
		t.Fatal(err)
	}
	for field, value := range map[string]string{"title": `"What a person says it is called"`, "abstract": `"Two\nlines"`, "volume": "null"} {
		if _, err := e.Documents.SetField(ctx, e.Owner, ids[3], document.Correction{Field: field, Value: json.RawMessage(value)}); err != nil {
			t.Fatalf("%s: %v", field, err)
		}
	}
	// Notes on works, with a file and without; one is secret.
	for _, n := range []struct {
		by      identity.Person
		on      uuid.UUID
		body    string
		private bool
	}{{e.Commenter, first.DocumentID, "# Summary\n\nOn the whole", false}, {e.Editor, ids[3], "Order this one", false}, {e.Commenter, ids[3], "The commenter's secret note", true}} {
		m, err := e.marks.Make(ctx, n.by, annotation.Operation{}, annotation.New{ID: uuid.Must(uuid.NewV7()), DocumentID: n.on, Kind: annotation.Document, Meaning: annotation.Key, Private: n.private, Body: n.body})
		if err != nil {
			t.Fatal(err)
		}
		if !n.private {
			if _, err := e.marks.Reply(ctx, e.Owner, annotation.Operation{}, m.ID, uuid.Must(uuid.NewV7()), "So it is"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := e.cite.SetKey(ctx, e.Editor, ids[2], "chosen-by-hand"); err != nil {
		t.Fatal(err)
	}
	if _, err := e.cite.SetPattern(ctx, e.Owner, e.LibraryID, "[auth:lower][year]", false); err != nil {
		t.Fatal(err)
	}
	tag := func(name string, color organise.Color, ids ...uuid.UUID) {
		made, err := e.organise.MakeTag(ctx, e.Editor, e.LibraryID, name, color)
		if err == nil && len(ids) > 0 {
			_, err = e.organise.TagDocuments(ctx, e.Editor, made.ID, organise.Change{Add: ids})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	tag("to read, soon", "red", ids[0], first.DocumentID)
	tag("Überblick", "teal", ids[2])
	tag("unused", "pink")
	folder := func(name string, parent uuid.NullUUID, ids ...uuid.UUID) uuid.NullUUID {
		made, err := e.organise.MakeCollection(ctx, e.Editor, e.LibraryID, name, parent)
		if err == nil && len(ids) > 0 {
			_, err = e.organise.CollectDocuments(ctx, e.Editor, made.ID, organise.Change{Add: ids})
		}
		if err != nil {
			t.Fatal(err)
		}
		return uuid.NullUUID{UUID: made.ID, Valid: true}
	}
	z := folder("Zoology", uuid.NullUUID{}, ids[1])
	history := folder("History/of books", uuid.NullUUID{}, ids[2])
	folder("Zoology", history, ids[2], first.DocumentID)
	folder("Empty", z)
	if _, err := e.marks.SetSettings(ctx, e.Owner, e.LibraryID, annotation.Settings{Names: map[annotation.Meaning]string{annotation.Question: "Frage"}}); err != nil {
		t.Fatal(err)
	}
}

func TestALibraryComesBackEqual(t *testing.T) {
	e := newEnv(t)
	e.start()
	e.furnish()
	first := e.out(e.Reader, e.LibraryID, archive.Choice{Private: true})
	if bytes.Contains(bytes.Join(slices.Collect(values(entries(t, first))), nil), []byte("The commenter's secret")) {
		t.Error("a private mark of somebody else went out")
	}
	copied, err := e.Service.Create(t.Context(), e.Stranger, "Open Methods Lab")
	if err != nil {
		t.Fatal(err)
	}
	dry := e.checked(e.Stranger, copied.ID, first)
	if dry.State != "checked" || dry.Format != "archive" || dry.Total != 7 || dry.Fresh != 7 || dry.Contents.Files != 5 || dry.Contents.Marks != 8 || dry.Contents.Notes != 2 || dry.ProblemCount != 0 {
		t.Fatalf("%+v", dry)
	}
	done := e.in(e.Stranger, copied.ID, first)
	if done.State != "done" || done.Added != 7 || done.ProblemCount != 0 {
		t.Fatalf("%+v", done)
	}
	e.settled()
	second := e.out(e.Stranger, copied.ID, archive.Choice{Private: true})
	compare(t, entries(t, first), entries(t, second))

	t.Run("a second time nothing is new", func(t *testing.T) {
		if again := e.checked(e.Stranger, copied.ID, first); again.Fresh != 0 || again.Present != 7 || again.ProblemCount != 0 {
			t.Errorf("%+v", again)
		}
	})
	t.Run("it is taken back", func(t *testing.T) {
		if i, err := e.intake.Undo(t.Context(), e.Stranger, done.ID); err != nil || i.State != "undone" {
			t.Fatalf("%+v, %v", i, err)
		}
		list, err := e.Documents.List(t.Context(), e.Stranger, copied.ID, document.ListQuery{Limit: 10})
		if err != nil || len(list.Items) != 0 {
			t.Errorf("%d documents are left, %v", len(list.Items), err)
		}
		// What has files is in the trash, and says so.
		again := e.checked(e.Stranger, copied.ID, first)
		if again.Fresh != 4 || again.Present != 3 || again.ProblemCount != 5 || !strings.Contains(again.Problems[0].Message, "trash") {
			t.Errorf("%+v", again)
		}
	})
	t.Run("other programs read it", func(t *testing.T) {
		path := write(t, "library.zip", first)
		for _, command := range [][]string{{"unzip", "-tqq", path}, {"python3", "-m", "zipfile", "-t", path}} {
			if _, err := exec.LookPath(command[0]); err != nil {
				t.Logf("%s is not there", command[0])
				continue
			}
			if out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput(); err != nil {
				t.Errorf("%v: %v\n%s", command, err, out)
			}
		}
	})
}

func values(m map[string][]byte) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// compare finds what two archives of equal libraries may not differ in. What they
// may is in docs/formats.md.
func compare(t *testing.T, a, b map[string][]byte) {
	t.Helper()
	if one, other := keys(a), keys(b); !slices.Equal(one, other) {
		t.Errorf("entries\n%q\n%q", one, other)
	}
	for name, one := range a {
		other := b[name]
		switch {
		case name == "manifest.json" || name == "README.txt":
			continue
		case strings.HasSuffix(name, ".jsonl"):
			compareWorks(t, one, other, a, b)
		case strings.HasSuffix(name, ".jsonld"), name == "data/organisation.json":
			if d := different(name, normal(t, one, a), normal(t, other, b)); d != "" {
				t.Errorf("%s\n%s\n\n%s", d, one, other)
			}
		case !bytes.Equal(one, other):
			t.Errorf("%s\n%s\n\n%s", name, one, other)
		}
	}
}

func keys(m map[string][]byte) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func compareWorks(t *testing.T, one, other []byte, a, b map[string][]byte) {
	t.Helper()
	x, y := bytes.Split(bytes.TrimSpace(one), []byte("\n")), bytes.Split(bytes.TrimSpace(other), []byte("\n"))
	if len(x) != len(y) {
		t.Errorf("%d works and %d", len(x), len(y))
		return
	}
	for i := range x {
		if d := different(fmt.Sprintf("work %d", i), normal(t, x[i], a), normal(t, y[i], b)); d != "" {
			t.Errorf("%s\n%s\n\n%s", d, x[i], y[i])
		}
	}
}

// normal is JSON without ids and times of import: ids become the places of what
// they name.
func normal(t *testing.T, text []byte, all map[string][]byte) any {
	t.Helper()
	names := map[string]string{}
	for i, line := range bytes.Split(bytes.TrimSpace(all["data/works.jsonl"]), []byte("\n")) {
		var w archive.Work
		if err := json.Unmarshal(line, &w); err != nil {
			t.Fatal(err)
		}
		names[w.ID] = fmt.Sprintf("work %d", i)
	}
	var o archive.Organisation
	if err := json.Unmarshal(all["data/organisation.json"], &o); err != nil {
		t.Fatal(err)
	}
	for i, c := range o.Collections {
		names[c.ID] = fmt.Sprintf("collection %d", i)
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	marks := 0
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			id, rest, _ := strings.Cut(strings.TrimPrefix(v, "urn:uuid:"), "#")
			if name, ok := names[v]; ok {
				return name
			} else if name, ok := names[id]; ok {
				return name + rest
			}
			return v
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
			return v
		case map[string]any:
			if v["type"] == "Annotation" {
				names[fmt.Sprint(v["id"])] = fmt.Sprintf("mark %d", marks)
				v["id"], marks = fmt.Sprintf("mark %d", marks), marks+1
			}
			if v["type"] == "Person" {
				delete(v, "id")
			}
			if source := v["source"]; v["confidence"] != nil {
				delete(v, "by") // known here as long as there is the account
				if source == "page" || source == "xmp" || source == "info" {
					delete(v, "at") // read anew
				}
			}
			for _, when := range []string{"generated", "added", "added_by"} {
				delete(v, when)
			}
			for _, key := range slices.Sorted(maps(v)) {
				v[key] = walk(v[key])
			}
			return v
		}
		return v
	}
	return walk(v)
}

func maps(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

// different says where two values differ; numbers may by a hundredth of a point.
func different(at string, a, b any) string {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return at
		}
		for key := range x {
			if d := different(at+"."+key, x[key], y[key]); d != "" {
				return d
			}
		}
		for key := range y {
			if _, ok := x[key]; !ok {
				return at + "." + key
			}
		}
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return at
		}
		for i := range x {
			if d := different(fmt.Sprintf("%s[%d]", at, i), x[i], y[i]); d != "" {
				return d
			}
		}
	case float64:
		if y, ok := b.(float64); !ok || math.Abs(x-y) > 0.01 {
			return fmt.Sprintf("%s: %v, %v", at, a, b)
		}
	default:
		if a != b {
			return fmt.Sprintf("%s: %v, %v", at, a, b)
		}
	}
	return ""
}
