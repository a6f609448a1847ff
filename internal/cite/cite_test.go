package cite_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/cite"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
)

// desk is a library whose works can be cited.
type desk struct {
	*documenttest.Env
	service *cite.Service
	site    *documenttest.Site
}

func setup(t testing.TB) *desk {
	t.Helper()
	e := documenttest.New(t, librarytest.New(t, postgrestest.New(t)))
	service := cite.New(e.Pool, e.Service, e.Documents, slog.New(slog.DiscardHandler))
	return &desk{Env: e, service: service, site: documenttest.Serve(t, func(api *httpapi.API) { cite.Mount(api, service) })}
}

// work adds a document of one author; fields are variables with their values.
func (d *desk) work(t testing.TB, title, family string, year int, fields map[string]any) uuid.UUID {
	t.Helper()
	a := d.Add(t, documenttest.Doc{Title: title, Authors: []csl.Name{{Family: family, Given: "Ada"}}, Year: year})
	for field, value := range fields {
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Documents.SetField(t.Context(), d.Editor, a.DocumentID, document.Correction{Field: field, Value: encoded}); err != nil {
			t.Fatal(err)
		}
	}
	d.Clock.Advance(time.Second)
	return a.DocumentID
}

func ids(list ...uuid.UUID) string {
	encoded, err := json.Marshal(map[string]any{"document_ids": list})
	if err != nil {
		panic(err) // UUIDs
	}
	return string(encoded)
}

func (d *desk) cite(t *testing.T, p identity.Person, style, lang string, list ...uuid.UUID) (cite.CitationList, documenttest.Answer) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"document_ids": list, "style": style, "lang": lang})
	if err != nil {
		t.Fatal(err)
	}
	answer := d.site.Do(p, http.MethodPost, "/api/libraries/"+d.LibraryID.String()+"/citations", string(body))
	var out cite.CitationList
	if answer.Status == http.StatusOK {
		answer.Decode(t, &out)
	}
	return out, answer
}

func (d *desk) export(t *testing.T, format biblio.Format) []byte {
	t.Helper()
	answer := d.site.Do(d.Reader, http.MethodGet, "/api/libraries/"+d.LibraryID.String()+"/bibliography?format="+string(format), "")
	if answer.Status != http.StatusOK {
		t.Fatalf("export as %s: %d %s", format, answer.Status, answer.Body)
	}
	return answer.Body
}

// keys of a BibTeX file, in its order.
func keys(t *testing.T, file []byte) []string {
	t.Helper()
	var out []string
	for _, record := range records(t, file, biblio.BibTeX) {
		out = append(out, record.Key)
	}
	return out
}

func records(t *testing.T, file []byte, format biblio.Format) []biblio.Record {
	t.Helper()
	records, problems, err := biblio.ReadAll(bytes.NewReader(file), format)
	if err != nil || len(problems) > 0 {
		t.Fatalf("read %s: %v %v\n%s", format, err, problems, file)
	}
	return records
}

func TestCitationsAreInTheStyle(t *testing.T) {
	d := setup(t)
	notes := d.work(t, "Notes on the engine", "Lovelace", 1843, map[string]any{"type": "article-journal", "container-title": "Scientific Memoirs", "volume": "3", "page": "666–731", "DOI": "10.1000/engine"})
	sketch := d.work(t, "A sketch", "Babbage", 1837, map[string]any{"type": "book", "publisher": "Murray"})
	out, _ := d.cite(t, d.Reader, "apa", "", notes, sketch, notes)
	if len(out.Items) != 2 || out.Items[0].DocumentID != notes {
		t.Fatalf("%+v", out.Items)
	}
	if got := out.Items[0].Citation.Text; got != "(Lovelace, 1843)" {
		t.Errorf("citation %q", got)
	}
	if got := out.Together.Text; got != "(Babbage, 1837; Lovelace, 1843)" {
		t.Errorf("together %q", got)
	}
	if !slices.Equal(out.Bibliography, []int{1, 0}) || !out.HangingIndent {
		t.Errorf("bibliography %v", out.Bibliography)
	}
	want := `Lovelace, A. (1843). Notes on the engine. <i>Scientific Memoirs</i>, <i>3</i>, 666–731. <a href="https://doi.org/10.1000/engine">https://doi.org/10.1000/engine</a>`
	if got := out.Items[0].Entry.HTML; got != want {
		t.Errorf("entry\n got %s\nwant %s", got, want)
	}
	numbered, _ := d.cite(t, d.Reader, "ieee", "", notes, sketch)
	if got := numbered.Items[1].Citation.Text; got != "[2]" {
		t.Errorf("numeric citation %q", got)
	}
	// The number stands in a margin, which becomes a space.
	if got := numbered.Items[0].Entry; !strings.HasPrefix(got.Text, "[1] A. Lovelace") || strings.Contains(got.HTML, "<div") {
		t.Errorf("numbered entry %+v", got)
	}
	note, _ := d.cite(t, d.Reader, "chicago-note-bibliography", "", notes, sketch)
	for _, item := range note.Items {
		if strings.Contains(item.Citation.Text, "Ibid") || !strings.Contains(item.Citation.Text, ", ") {
			t.Errorf("each note stands by itself: %q", item.Citation.Text)
		}
	}
	german, _ := d.cite(t, d.Reader, "apa", "de-DE", d.work(t, "Zwei", "Lovelace", 1843, map[string]any{
		"author": []csl.Name{{Family: "A", Given: "B"}, {Family: "C", Given: "D"}},
	}))
	if got := german.Items[0].Citation.Text; got != "(A & C, 1843)" && got != "(A und C, 1843)" {
		t.Errorf("in German %q", got)
	}
}

func TestHostileMetadataIsText(t *testing.T) {
	d := setup(t)
	evil := d.work(t, `<script>alert(1)</script> \input{/etc/passwd} 50% $x_1$ & {#~^`, `<img src=x onerror=alert(1)>`, 2020,
		map[string]any{"type": "webpage", "container-title": `"onmouseover="alert(1)`})
	// A file that was brought in may say what nobody can type.
	_, err := d.Pool.Exec(t.Context(), `UPDATE documents SET csl = csl || $2::jsonb WHERE id = $1`,
		evil, `{"URL": "javascript:alert(1)", "DOI": "10.1/\"><script>"}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, style := range styles(t, d) {
		out, answer := d.cite(t, d.Reader, style, "", evil)
		if answer.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", style, answer.Status, answer.Body)
		}
		for _, html := range []string{out.Items[0].Citation.HTML, out.Items[0].Entry.HTML, out.Together.HTML} {
			for _, bad := range []string{"<script", "<img", `href="javascript`, `"><`, "<div"} {
				if strings.Contains(strings.ToLower(html), bad) {
					t.Errorf("%s: %s in %s", style, bad, html)
				}
			}
		}
	}
	for _, format := range biblio.Formats {
		got := records(t, d.export(t, format), format)
		if len(got) != 1 || !strings.Contains(got[0].Item.Title, "50%") {
			t.Errorf("%s: %+v", format, got)
		}
	}
	if file := d.export(t, biblio.BibTeX); bytes.Contains(file, []byte(`\input`)) {
		t.Errorf("TeX would read a file:\n%s", file)
	}
}

func styles(t *testing.T, d *desk) []string {
	t.Helper()
	var list cite.CitationStyleList
	d.site.Do(d.Reader, http.MethodGet, "/api/citation-styles", "").Decode(t, &list)
	var out []string
	for _, s := range list.Items {
		out = append(out, s.ID)
	}
	if len(out) != 8 {
		t.Fatalf("styles %v", out)
	}
	return out
}

func TestKeysAreUniqueAndStay(t *testing.T) {
	d := setup(t)
	first := d.work(t, "Sketch", "Lovelace", 1843, nil)
	d.work(t, "Sketch", "lovelace", 1843, nil)
	d.work(t, "Sketch", "LOVELACE", 1843, nil)
	want := []string{"lovelace1843sketch", "lovelace1843sketcha", "lovelace1843sketchb"}
	if got := keys(t, d.export(t, biblio.BibTeX)); !slices.Equal(got, want) {
		t.Fatalf("keys %v", got)
	}
	// Other metadata, and works that come and go, change no key.
	d.Rename(t, first, "A picture")
	added := d.work(t, "Sketch", "Lovelace", 1843, nil)
	if _, err := d.Documents.Trash(t.Context(), d.Editor, first); err != nil {
		t.Fatal(err)
	}
	if got := keys(t, d.export(t, biblio.BibTeX)); !slices.Equal(got, []string{want[1], want[2], "lovelace1843sketchc"}) {
		t.Errorf("keys %v", got)
	}
	if _, err := d.Documents.Restore(t.Context(), d.Editor, first); err != nil {
		t.Fatal(err)
	}
	if got := keys(t, d.export(t, biblio.BibLaTeX)); !slices.Equal(got, append(want, "lovelace1843sketchc")) {
		t.Errorf("keys %v", got)
	}
	answer := d.site.Do(d.Reader, http.MethodPost, "/api/libraries/"+d.LibraryID.String()+"/bibliography?format=bibtex", ids(added, first))
	if got := keys(t, answer.Body); !slices.Equal(got, []string{want[0], "lovelace1843sketchc"}) {
		t.Errorf("keys of a selection %v", got)
	}
}

// A work keeps the key that it came with, where no other has it.
func TestKeysThatWorksCameWith(t *testing.T) {
	d := setup(t)
	first, second, third := d.work(t, "Sketch", "Lovelace", 1843, nil), d.work(t, "Other", "Hopper", 1952, nil), d.work(t, "Third", "Noether", 1918, nil)
	for range 2 {
		err := postgres.InTx(t.Context(), d.Pool, func(ctx context.Context, tx *postgres.Tx) error {
			return d.service.Keep(ctx, tx, d.LibraryID, []cite.Key{{DocumentID: first, Key: "Ada:1843"}, {DocumentID: second, Key: "ada:1843"}, {DocumentID: third, Key: "a key, {no}"}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := keys(t, d.export(t, biblio.BibTeX)); !slices.Equal(got, []string{"Ada:1843", "hopper1952other", "noether1918third"}) {
		t.Errorf("keys %v", got)
	}
}

func TestKeysAreGivenOnceByManyAtATime(t *testing.T) {
	d := setup(t)
	for i := range 30 {
		d.work(t, "Sketch", "Lovelace", 1843+i%3, nil)
	}
	var wg sync.WaitGroup
	files := make([][]byte, 8)
	for i := range files {
		wg.Go(func() {
			files[i] = d.site.Do(d.Reader, http.MethodGet, "/api/libraries/"+d.LibraryID.String()+"/bibliography?format=bibtex", "").Body
		})
	}
	wg.Wait()
	want := keys(t, files[0])
	if len(want) != 30 {
		t.Fatalf("%d keys", len(want))
	}
	for _, file := range files {
		if got := keys(t, file); !slices.Equal(got, want) {
			t.Errorf("keys differ: %v", got)
		}
	}
}

func TestDocumentsOfOthersAreNotFound(t *testing.T) {
	d := setup(t)
	mine := d.work(t, "Mine", "Lovelace", 1843, nil)
	trashed := d.work(t, "Trashed", "Lovelace", 1843, nil)
	if _, err := d.Documents.Trash(t.Context(), d.Editor, trashed); err != nil {
		t.Fatal(err)
	}
	other, err := d.Service.Create(t.Context(), d.Editor, "Another")
	if err != nil {
		t.Fatal(err)
	}
	foreign := d.Add(t, documenttest.Doc{LibraryID: other.ID, Title: "Foreign"}).DocumentID
	for _, id := range []uuid.UUID{foreign, trashed, uuid.New()} {
		if _, answer := d.cite(t, d.Editor, "apa", "", mine, id); answer.Status != http.StatusNotFound || answer.Code() != "document_not_found" {
			t.Errorf("cite: %d %s", answer.Status, answer.Body)
		}
		answer := d.site.Do(d.Editor, http.MethodPost, "/api/libraries/"+d.LibraryID.String()+"/bibliography?format=ris", ids(mine, id))
		if answer.Status != http.StatusNotFound || answer.Code() != "document_not_found" {
			t.Errorf("export: %d %s", answer.Status, answer.Body)
		}
	}
	if got := records(t, d.export(t, biblio.CSLJSON), biblio.CSLJSON); len(got) != 1 || got[0].Item.Title != "Mine" {
		t.Errorf("the library's file: %+v", got)
	}
}

func TestWhatIsAskedForWrongly(t *testing.T) {
	d := setup(t)
	id := d.work(t, "Mine", "Lovelace", 1843, nil)
	path := "/api/libraries/" + d.LibraryID.String()
	many := make([]uuid.UUID, cite.MaxExported+1)
	for i := range many {
		many[i] = uuid.New()
	}
	for _, c := range []struct{ method, path, body, code string }{
		{http.MethodPost, "/citations", `{"document_ids":["` + id.String() + `"],"style":"../apa"}`, "unknown_style"},
		{http.MethodPost, "/citations", `{"document_ids":["` + id.String() + `"],"style":"apa","lang":"../../x"}`, "bad_language"},
		{http.MethodPost, "/citations", `{"document_ids":[],"style":"apa"}`, "invalid"},
		{http.MethodGet, "/bibliography", "", "bad_format"},
		{http.MethodGet, "/bibliography?format=exe", "", "bad_format"},
		{http.MethodPost, "/bibliography?format=ris", `{}`, "no_documents"},
		{http.MethodPost, "/bibliography?format=ris", `{"document_ids":[]}`, "no_documents"},
		{http.MethodPost, "/bibliography?format=ris", `{"document_ids":["x"]}`, "bad_documents"},
		{http.MethodPost, "/bibliography?format=ris", `[`, "bad_documents"},
		{http.MethodPost, "/bibliography?format=ris", ids(many...), "too_many_documents"},
		{http.MethodPost, "/bibliography?format=ris", strings.Repeat(" ", 2<<20), "too_many_documents"},
	} {
		answer := d.site.Do(d.Reader, c.method, path+c.path, c.body)
		if answer.Status != http.StatusUnprocessableEntity && answer.Status != http.StatusBadRequest || c.code != "invalid" && answer.Code() != c.code {
			t.Errorf("%s %.60s: %d %s, want %s", c.path, c.body, answer.Status, answer.Body, c.code)
		}
	}
}

func TestFilesHaveNamesAndTypes(t *testing.T) {
	d := setup(t)
	if _, err := d.Service.Rename(t.Context(), d.Owner, d.LibraryID, "Überblick / 2026"); err != nil {
		t.Fatal(err)
	}
	for format, ending := range map[biblio.Format]string{
		biblio.BibTeX: ".bib", biblio.BibLaTeX: ".bib", biblio.RIS: ".ris", biblio.CSLJSON: ".json", biblio.EndNote: ".xml", biblio.NBIB: ".nbib",
	} {
		answer := d.site.Do(d.Reader, http.MethodGet, "/api/libraries/"+d.LibraryID.String()+"/bibliography?format="+string(format), "")
		_, parameters, err := mime.ParseMediaType(answer.Header.Get("Content-Disposition"))
		if want := "Überblick - 2026" + ending; err != nil || parameters["filename"] != want {
			t.Errorf("%s: %s", format, answer.Header.Get("Content-Disposition"))
		}
		// An empty library is an empty file that can be read.
		if got := records(t, answer.Body, format); len(got) != 0 {
			t.Errorf("%s: %+v", format, got)
		}
	}
}

func TestOutsidersReadTheFile(t *testing.T) {
	d := setup(t)
	d.work(t, `On <i>Homo sapiens</i> & 100% of "methods"`, "Müller", 2019, map[string]any{"type": "article-journal", "container-title": "Nature", "volume": "3"})
	d.work(t, "Über Bücher", "Ørsted", 2020, map[string]any{"type": "book", "publisher": "Verlag"})
	d.work(t, `\input{x} $a_b$ #1 ~ ^ {unbalanced`, "O’Neil", 2021, nil)
	want := []string{"muller2019homo", "orsted2020uber", "oneil2021input"}
	for _, format := range []biblio.Format{biblio.BibTeX, biblio.BibLaTeX, biblio.CSLJSON} {
		theirs := run(t, d.export(t, format), "pandoc", "-f", string(format), "-t", "csljson")
		var got []string
		for _, record := range records(t, theirs, biblio.CSLJSON) {
			got = append(got, record.Key)
		}
		slices.Sort(got)
		if !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("pandoc reads %s as %v", format, got)
		}
	}
	file := filepath.Join(t.TempDir(), "ours.bib")
	theirs := strings.TrimSuffix(file, ".bib") + ".yaml"
	if err := os.WriteFile(file, d.export(t, biblio.BibTeX), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, nil, "pybtex-convert", file, theirs)
	read, err := os.ReadFile(theirs)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range want {
		if !bytes.Contains(read, []byte(key+":")) {
			t.Errorf("pybtex does not read %s:\n%s", key, read)
		}
	}
}

// run gives the output of another program.
func run(t *testing.T, input []byte, name string, arguments ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("this test needs %s, which is not installed (scripts/apt-packages.sh installs it)", name)
	}
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Stdin = bytes.NewReader(input)
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr = &out, &problems
	command.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=C.UTF-8")
	if err := command.Run(); err != nil {
		t.Fatalf("%s: %v\n%s\n%s", name, err, problems.String(), input)
	}
	return out.Bytes()
}

// fill puts works into the library without the steps of an upload: there are many.
func (d *desk) fill(t testing.TB, count int) {
	t.Helper()
	_, err := d.Pool.Exec(t.Context(), `INSERT INTO documents (id, library_id, title, year, csl, listing, created_by, created_at, updated_at)
SELECT gen_random_uuid(), $1, w.csl->>'title', 1950 + n % 75, w.csl, '', $2, now(), now()
FROM generate_series(1, $3) n, LATERAL (SELECT jsonb_build_object('type', 'article-journal', 'title', 'On methods of ' || md5(n::text) || ' in shared libraries',
    'author', jsonb_build_array(jsonb_build_object('family', 'Author' || n % 500, 'given', 'Ada'), jsonb_build_object('family', 'Second', 'given', 'B. C.')),
    'issued', jsonb_build_object('date-parts', jsonb_build_array(jsonb_build_array(1950 + n % 75))),
    'container-title', 'Journal of Methods', 'volume', (n % 40)::text, 'page', n || '–' || n + 12, 'DOI', '10.1000/' || n,
    'abstract', repeat('What readers mark in the margin says what they think. ', 20)) AS csl) w`, d.LibraryID, d.Editor.ID, count)
	if err != nil {
		t.Fatal(err)
	}
}

func TestManyWorksInBatches(t *testing.T) {
	d := setup(t)
	d.fill(t, 2500)
	got := keys(t, d.export(t, biblio.BibTeX))
	slices.Sort(got)
	if len(got) != 2500 || len(slices.Compact(got)) != 2500 {
		t.Errorf("%d keys", len(got))
	}
}

// BenchmarkExport writes 10,000 works of a library; "first" gives them their keys.
func BenchmarkExport(b *testing.B) {
	d := setup(b)
	d.fill(b, 10_000)
	for _, format := range biblio.Formats {
		for _, first := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/first=%v", format, first), func(b *testing.B) {
				for b.Loop() {
					if first {
						b.StopTimer()
						if _, err := d.Pool.Exec(b.Context(), "DELETE FROM citation_keys"); err != nil {
							b.Fatal(err)
						}
						b.StartTimer()
					}
					answer := d.site.Do(d.Reader, http.MethodGet, "/api/libraries/"+d.LibraryID.String()+"/bibliography?format="+string(format), "")
					b.ReportMetric(float64(len(answer.Body))/1e6, "MB")
				}
			})
		}
	}
}

// BenchmarkCite formats as many works as may be cited at once.
func BenchmarkCite(b *testing.B) {
	d := setup(b)
	d.fill(b, cite.MaxCited)
	rows, err := d.Pool.Query(b.Context(), "SELECT id FROM documents WHERE library_id = $1", d.LibraryID)
	if err != nil {
		b.Fatal(err)
	}
	var list []uuid.UUID
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			b.Fatal(err)
		}
		list = append(list, id)
	}
	if rows.Err() != nil {
		b.Fatal(rows.Err())
	}
	for _, style := range []string{"apa", "ieee", "chicago-note-bibliography"} {
		body, err := json.Marshal(map[string]any{"document_ids": list, "style": style})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(style, func(b *testing.B) {
			for b.Loop() {
				if answer := d.site.Do(d.Reader, http.MethodPost, "/api/libraries/"+d.LibraryID.String()+"/citations", string(body)); answer.Status != http.StatusOK {
					b.Fatalf("%d %s", answer.Status, answer.Body)
				}
			}
		})
	}
}

func TestKeysAreChosenAndMade(t *testing.T) {
	d := setup(t)
	one := d.work(t, "Sketch of an Engine", "Lovelace", 1843, nil)
	two := d.work(t, "Sketch of a Loom", "Lovelace", 1843, nil)
	path := func(id uuid.UUID) string { return "/api/documents/" + id.String() + "/citation-key" }
	key := func(r documenttest.Answer) cite.CitationKey {
		t.Helper()
		var k cite.CitationKey
		r.Decode(t, &k)
		return k
	}
	if got := key(d.site.Do(d.Reader, "GET", path(one), "")); got != (cite.CitationKey{Key: "lovelace1843sketch"}) {
		t.Errorf("%+v", got)
	}
	if got := key(d.site.Do(d.Editor, "PUT", path(two), `{"key":"Loom"}`)); got != (cite.CitationKey{Key: "Loom", Pinned: true}) {
		t.Errorf("%+v", got)
	}
	taken := d.site.Do(d.Editor, "PUT", path(one), `{"key":"loom"}`)
	if taken.Status != http.StatusConflict || taken.Code() != "key_taken" || !strings.Contains(string(taken.Body), "Sketch of a Loom") {
		t.Errorf("%d %s", taken.Status, taken.Body)
	}
	for _, bad := range []string{"two words", "a,b", "{x}", "a%b", strings.Repeat("a", 101), "ä\n", `a\"`} {
		body, _ := json.Marshal(map[string]string{"key": bad})
		if r := d.site.Do(d.Editor, "PUT", path(one), string(body)); r.Status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d %s", bad, r.Status, r.Body)
		}
	}

	settings := "/api/libraries/" + d.LibraryID.String() + "/citation-settings"
	var s cite.CitationSettings
	d.site.Do(d.Reader, "GET", settings, "").Decode(t, &s)
	if s.Pattern != "[auth:lower][year][veryshorttitle:lower]" || s.Example != "menabrea1843sketch" {
		t.Errorf("%+v", s)
	}
	if r := d.site.Do(d.Admin, "PUT", settings, `{"pattern":"[nothing]"}`); r.Status != http.StatusUnprocessableEntity || r.Code() != "bad_key_pattern" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	d.site.Do(d.Admin, "PUT", settings, `{"pattern":"[auth]:[shortyear]"}`).Decode(t, &s)
	if s.Example != "Menabrea:43" {
		t.Errorf("%+v", s)
	}
	if got := key(d.site.Do(d.Reader, "GET", path(one), "")); got.Key != "lovelace1843sketch" {
		t.Errorf("a key changed unasked: %+v", got)
	}
	three := d.work(t, "On Loops", "Lovelace", 1843, nil)
	if got := key(d.site.Do(d.Reader, "GET", path(three), "")); got.Key != "Lovelace:43" {
		t.Errorf("%+v", got)
	}
	d.site.Do(d.Admin, "PUT", settings, `{"pattern":"","renew":true}`).Decode(t, &s)
	for id, want := range map[uuid.UUID]string{one: "lovelace1843sketch", two: "Loom", three: "lovelace1843loops"} {
		if got := key(d.site.Do(d.Reader, "GET", path(id), "")); got.Key != want {
			t.Errorf("%+v, want %s", got, want)
		}
	}
	if got := key(d.site.Do(d.Editor, "PUT", path(two), `{"key":""}`)); got != (cite.CitationKey{Key: "lovelace1843sketcha"}) {
		t.Errorf("taken back: %+v", got)
	}
}
