package archive_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/archive"
	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/intake"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// parcel is an archive that a test makes by hand.
type parcel struct {
	t       testing.TB
	headers []*zip.FileHeader
	texts   [][]byte
	// manifest has its entries filled in, unless these are named here.
	sums map[string]string
	raw  []byte // of manifest.json, where it is given
}

func (p *parcel) add(name string, text []byte) *zip.FileHeader {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate}
	p.headers, p.texts = append(p.headers, h), append(p.texts, text)
	return h
}

func (p *parcel) work(w archive.Work) {
	line, err := json.Marshal(w)
	if err != nil {
		p.t.Fatal(err)
	}
	p.line(string(line))
}

func (p *parcel) line(text string) {
	for i, h := range p.headers {
		if h.Name == "data/works.jsonl" {
			p.texts[i] = append(p.texts[i], text+"\n"...)
			return
		}
	}
	p.add("data/works.jsonl", []byte(text+"\n"))
}

func (p *parcel) bytes() []byte {
	m := archive.Manifest{Format: "scrollkeeper-archive", Version: 1, Library: "A library"}
	for i, h := range p.headers {
		sum := sha256.Sum256(p.texts[i])
		e := archive.ManifestEntry{Path: h.Name, Size: int64(len(p.texts[i])), SHA256: hex.EncodeToString(sum[:])}
		if other, ok := p.sums[h.Name]; ok {
			e.SHA256 = other
		}
		m.Entries = append(m.Entries, e)
	}
	encoded, err := json.Marshal(m)
	if err != nil {
		p.t.Fatal(err)
	}
	if p.raw != nil {
		encoded = p.raw
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	write := func(h *zip.FileHeader, text []byte) {
		entry, err := w.CreateHeader(h)
		if err == nil {
			_, err = entry.Write(text)
		}
		if err != nil {
			p.t.Fatal(err)
		}
	}
	for i, h := range p.headers {
		header := *h
		write(&header, p.texts[i])
	}
	write(&zip.FileHeader{Name: "manifest.json", Method: zip.Deflate}, encoded)
	if err := w.Close(); err != nil {
		p.t.Fatal(err)
	}
	return out.Bytes()
}

func titled(title string) archive.Work {
	return archive.Work{ID: title, Item: csl.Item{Type: "book", Title: title, Author: []csl.Name{{Family: title}}}}
}

func withFile(title, path string) archive.Work {
	w := titled(title)
	w.Files = []archive.WorkFile{{Path: path, Name: "a.pdf"}}
	return w
}

func TestABadEntryStopsNothingElse(t *testing.T) {
	e := newEnv(t)
	pdf := func(s string) []byte { return []byte("%PDF-1.4 " + s) }
	p := &parcel{t: t, sums: map[string]string{"files/changed.pdf": strings.Repeat("ab", 32)}}
	p.work(withFile("A good work", "files/good.pdf"))
	p.work(withFile("Out of the archive", "../outside.pdf"))
	p.work(withFile("Absolute", "/etc/absolute.pdf"))
	p.work(withFile("A link", "files/link.pdf"))
	p.work(withFile("Twice", "files/twice.pdf"))
	p.work(withFile("Changed on its way", "files/changed.pdf"))
	p.work(withFile("Not there", "files/missing.pdf"))
	p.work(withFile("A web page", "files/page.pdf"))
	p.work(withFile("A bomb", "files/bomb.pdf"))
	p.work(withFile("The same file", "files/good.pdf"))
	p.line(`{"id": "broken", "item": {"title": `)
	p.line(`{"id": 7}`)
	p.line(`{"item": {"title": "Without an id"}}`)
	p.work(titled("A good work")) // of an id that was there
	p.work(titled("The last"))
	p.add("files/good.pdf", pdf("good"))
	p.add("../outside.pdf", pdf("outside"))
	p.add("/etc/absolute.pdf", pdf("absolute"))
	p.add("files/link.pdf", []byte("/etc/passwd")).SetMode(fs.ModeSymlink | 0o777)
	p.add("files/twice.pdf", pdf("once"))
	p.add("files/twice.pdf", pdf("again"))
	p.add("files/changed.pdf", pdf("changed"))
	p.add("files/page.pdf", []byte("<html>"))
	p.add("files/bomb.pdf", append(pdf("bomb"), make([]byte, 8<<20)...))
	p.add("data/organisation.json", []byte(`{"tags": "none"`))
	i := e.checked(e.Editor, e.LibraryID, p.bytes())
	if i.State != intake.Checked || i.Total != 11 || i.Fresh != 11 || i.Contents.Files != 1 {
		t.Errorf("%+v", i)
	}
	var all strings.Builder
	for _, problem := range i.Problems {
		fmt.Fprintf(&all, "%d %s %s\n", problem.Line, problem.Key+problem.File, problem.Message)
	}
	for _, want := range []string{
		"../outside.pdf The entry's name leads out", "/etc/absolute.pdf The entry's name leads out", "files/link.pdf The entry is a link", "files/twice.pdf The ZIP has two entries",
		"files/changed.pdf: the file's SHA-256", "files/missing.pdf: the manifest does not say", "files/page.pdf: this is not a PDF", "files/bomb.pdf The entry unpacks to far more",
		"files/good.pdf: this is the same file as one of “A good work”", "11  The record is not JSON", `12  The record is not as it should be: "id" is no string`,
		"data/organisation.json Tags and collections cannot be read", "13  The record has no id", "14  The archive has a work of this id already",
	} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("nothing is said like %q in\n%s", want, &all)
		}
	}
	if _, err := e.intake.Run(t.Context(), e.Editor, i.ID, intake.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := e.intake.Import(t.Context(), i.ID); err != nil {
		t.Fatal(err)
	}
	list, err := e.Documents.List(t.Context(), e.Reader, e.LibraryID, document.ListQuery{Limit: 50})
	if err != nil || len(list.Items) != 11 {
		t.Fatalf("%d documents, %v", len(list.Items), err)
	}
	files := 0
	for _, d := range list.Items {
		if d.Edition != nil {
			files++
		}
	}
	if files != 1 {
		t.Errorf("%d documents have a file", files)
	}
}

func TestWhatIsNoArchiveIsRefused(t *testing.T) {
	e := newEnv(t)
	good := &parcel{t: t}
	good.work(titled("A work"))
	newer := &parcel{t: t, raw: []byte(`{"format": "scrollkeeper-archive", "version": 2}`)}
	newer.work(titled("A work"))
	others := &parcel{t: t, raw: []byte(`{"format": "another"}`)}
	others.work(titled("A work"))
	for name, c := range map[string]struct {
		file   []byte
		format biblio.Format
		says   string // when it is looked through; nothing of one that is none of ours
	}{
		"cut off":         {good.bytes()[:100], intake.Archive, "damaged"},
		"another's":       {others.bytes(), intake.Archive, ""},
		"newer":           {newer.bytes(), archive.Format, "newer version"},
		"without works":   {(&parcel{t: t}).bytes(), archive.Format, "data/works.jsonl is not there"},
		"an endless list": {endless(t), intake.Archive, "more than 100,000 entries"},
	} {
		i, err := e.intake.Begin(t.Context(), e.Editor, e.LibraryID, "a.zip", bytes.NewReader(c.file))
		if err == nil {
			err = e.intake.Check(t.Context(), i.ID)
		}
		if err == nil {
			i, err = e.intake.Get(t.Context(), e.Editor, i.ID)
		}
		state := intake.Failed
		if c.says == "" {
			state = intake.Checked
		}
		if err != nil || i.Format != c.format || i.State != state || !strings.Contains(i.Failure, c.says) {
			t.Errorf("%s: %+v, %v", name, i, err)
		}
	}
}

// endless is a ZIP whose list of entries is as long as half a million of them.
func endless(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := range 310_000 {
		if _, err := w.CreateRaw(&zip.FileHeader{Name: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAnArchiveGoesOnWhereItWasCutOff(t *testing.T) {
	e := newEnv(t)
	p := &parcel{t: t}
	const count = 450
	for i := range count {
		w := titled(fmt.Sprintf("Work number %03d", i))
		w.Tags = []string{"all"}
		if i%100 == 0 {
			name := fmt.Sprintf("files/%d.pdf", i)
			w.Files = []archive.WorkFile{{Path: name, Name: name}}
			p.add(name, fmt.Appendf(nil, "%%PDF-1.4 %d", i))
		}
		p.work(w)
	}
	p.add("data/organisation.json", []byte(`{"tags": [{"name": "all", "color": "red"}], "collections": [], "kept_apart": [["Work number 001", "Work number 449"]]}`))
	i := e.checked(e.Editor, e.LibraryID, p.bytes())
	if i.Fresh != count || i.Contents.Files != 5 || i.ProblemCount != 0 {
		t.Fatalf("%+v", i)
	}
	if _, err := e.intake.Run(t.Context(), e.Editor, i.ID, intake.Options{}); err != nil {
		t.Fatal(err)
	}
	importer := e.archive.Importer()
	e.intake.Kinds[archive.Format] = cutShort{importer, 3}
	for range 10 {
		err := e.intake.Import(t.Context(), i.ID)
		if err == nil {
			break
		}
		if !errors.Is(err, errCut) {
			t.Fatal(err)
		}
	}
	i, err := e.intake.Get(t.Context(), e.Editor, i.ID)
	if err != nil || i.State != intake.Done || i.Passed != count || i.Added != count {
		t.Fatalf("%+v, %v", i, err)
	}
	list, err := e.Documents.List(t.Context(), e.Reader, e.LibraryID, document.ListQuery{Sort: document.SortTitle, Limit: 500})
	if err != nil || len(list.Items) != count {
		t.Fatalf("%d documents, %v", len(list.Items), err)
	}
	for k, d := range list.Items {
		if len(d.TagIDs) != 1 || (d.Edition != nil) != (k%100 == 0) {
			t.Errorf("%s: %d tags, file %v", d.Title, len(d.TagIDs), d.Edition)
		}
	}
	var apart int
	if err := e.Pool.QueryRow(t.Context(), `SELECT count(*) FROM document_distinctions`).Scan(&apart); err != nil || apart != 1 {
		t.Errorf("%d are kept apart, %v", apart, err)
	}
}

var errCut = errors.New("cut off")

// cutShort is an importer whose every run breaks off after some steps.
type cutShort struct {
	archive.Importer
	steps int
}

func (c cutShort) Run(ctx context.Context, i intake.Import, file io.ReaderAt, imported []uuid.UUID, store func(intake.Step) error) error {
	left := c.steps
	return c.Importer.Run(ctx, i, file, imported, func(step intake.Step) error {
		if left--; left < 0 {
			return errCut
		}
		do := step.Do
		if left == 0 { // in the middle of a transaction
			step.Do = func(ctx context.Context, tx *postgres.Tx) error { return errors.Join(do(ctx, tx), errCut) }
		}
		return store(step)
	})
}

func TestAPartOfALibrary(t *testing.T) {
	e := newEnv(t)
	ids := e.works(e.LibraryID, csl.Item{Title: "One"}, csl.Item{Title: "Two"}, csl.Item{Title: "Three"})
	top, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, "Top", uuid.NullUUID{})
	if err != nil {
		t.Fatal(err)
	}
	under, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, "Under", uuid.NullUUID{UUID: top.ID, Valid: true})
	if err != nil {
		t.Fatal(err)
	}
	other, err := e.organise.MakeCollection(t.Context(), e.Editor, e.LibraryID, "Other", uuid.NullUUID{})
	if err != nil {
		t.Fatal(err)
	}
	e.collect(under.ID, ids[1])
	e.collect(other.ID, ids[1], ids[2])
	for name, c := range map[string]struct {
		choice  archive.Choice
		works   int
		folders string
	}{
		"a collection":  {archive.Choice{CollectionID: uuid.NullUUID{UUID: top.ID, Valid: true}}, 1, "Top Under"},
		"what is in it": {archive.Choice{CollectionID: uuid.NullUUID{UUID: under.ID, Valid: true}}, 1, "Under"},
		"documents":     {archive.Choice{DocumentIDs: ids[:2]}, 2, "Top Other Under"},
		"all":           {archive.Choice{}, 3, "Top Other Under"},
	} {
		all := entries(t, e.out(e.Reader, e.LibraryID, c.choice))
		var o archive.Organisation
		if err := json.Unmarshal(all["data/organisation.json"], &o); err != nil {
			t.Fatal(err)
		}
		var folders []string
		for _, one := range o.Collections {
			folders = append(folders, one.Name)
		}
		if n := bytes.Count(all["data/works.jsonl"], []byte("\n")); n != c.works || strings.Join(folders, " ") != c.folders {
			t.Errorf("%s: %d works, %q", name, n, folders)
		}
	}
	for _, choice := range []archive.Choice{
		{CollectionID: uuid.NullUUID{UUID: uuid.New(), Valid: true}}, {DocumentIDs: []uuid.UUID{uuid.New()}}, {DocumentIDs: []uuid.UUID{}},
	} {
		if _, err := e.archive.Begin(t.Context(), e.Reader, e.LibraryID, choice); err == nil {
			t.Errorf("%+v was taken", choice)
		}
	}
	if _, err := e.archive.Begin(t.Context(), e.Stranger, e.LibraryID, archive.Choice{}); !fault.Is(err, "library_not_found") {
		t.Errorf("a stranger: %v", err)
	}
}

func TestAFileThatIsGone(t *testing.T) {
	e := newEnv(t)
	e.start()
	a := e.paper(e.LibraryID, uuid.Nil, "gone.pdf", paperFile("x", "A text that goes"))
	e.paper(e.LibraryID, uuid.Nil, "stays.pdf", paperFile("y", "A text that stays"))
	if err := e.Blobs.Delete(t.Context(), "uploads/"+a.EditionID.String()); err != nil {
		t.Fatal(err)
	}
	file := e.out(e.Reader, e.LibraryID, archive.Choice{})
	var m archive.Manifest
	all := entries(t, file)
	if err := json.Unmarshal(all["manifest.json"], &m); err != nil || len(m.Missing) != 1 || m.Files != 1 || !strings.Contains(string(all["README.txt"]), m.Missing[0].Path) {
		t.Errorf("%+v, %v\n%s", m, err, all["README.txt"])
	}
	for _, entry := range m.Entries {
		if sum := sha256.Sum256(all[entry.Path]); hex.EncodeToString(sum[:]) != entry.SHA256 || int64(len(all[entry.Path])) != entry.Size {
			t.Errorf("%s is not what the manifest says", entry.Path)
		}
	}
	i := e.checked(e.Stranger, e.strangers(), file)
	if i.Fresh != 2 || i.Contents.Files != 1 || i.ProblemCount != 1 {
		t.Errorf("%+v", i)
	}
}
