package biblio_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
)

func zotero(t *testing.T, file string) (map[string]biblio.Record, []*biblio.Problem) {
	t.Helper()
	records, problems, err := biblio.ReadAll(strings.NewReader(file), biblio.ZoteroRDF)
	if err != nil {
		t.Fatal(err)
	}
	byTitle := map[string]biblio.Record{}
	for _, r := range records {
		byTitle[r.Item.Title] = r
	}
	return byTitle, problems
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestZoteroRDF(t *testing.T) {
	file := fixture(t, "zotero.rdf")
	if got := biblio.Detect([]byte(file[:min(4096, len(file))]), "My Library.rdf"); got != biblio.ZoteroRDF {
		t.Errorf("taken for %q", got)
	}
	works, problems := zotero(t, file)
	for _, p := range problems {
		t.Errorf("%v", p)
	}
	if len(works) != 7 {
		t.Errorf("%d works", len(works))
	}

	article := works["The hum of <i>Apis</i>: a study of sound & light"]
	i := article.Item
	for _, c := range []struct{ what, got, want string }{
		{"type", i.Type, "article-journal"},
		{"key", article.Key, "meadow2014hum"},
		{"authors", fmt.Sprintf("%+v", i.Author[0].Given+"|"+i.Author[0].NonDroppingParticle+"|"+i.Author[0].Family+"; "+i.Author[1].Literal), "Maria|van den|Meadow; The Hive Collective"},
		{"container", i.ContainerTitle + "|" + i.ContainerShort, "Journal of Bees|J. Bees"},
		{"numbers", i.Volume + "|" + i.Issue + "|" + i.Page, "12|3|101-118"},
		{"identifiers", i.DOI + "|" + i.ISSN + "|" + i.URL, "10.1000/hum.14|1234-5678|https://example.org/hum"},
		{"PMID", i.PMID, "12345"},
		{"date", fmt.Sprint(i.Issued.DateParts), "[[2014 5 3]]"},
		{"accessed", fmt.Sprint(i.Accessed.DateParts), "[[2020 1 31]]"},
		{"note", i.Note, "Read it on the train"},
		{"language", i.Language, "en"},
		{"tags", strings.Join(article.Tags, "|"), "bees|sound|to read"},
		{"collections", strings.Join(article.Collections, "|"), "Insects/Bees|Reading ∕ group"},
		{"notes", strings.Join(article.Notes, "||"), "A fine paper.\nSee page 3 & 4:\n• first\n• second||Related: Honey: a history"},
		{"files", fmt.Sprintf("%+v", article.Files), "[{Path:files/3/Meadow - 2014 - The hum.pdf Title:Full Text PDF Type:application/pdf}]"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}

	chapter := works["On wax"].Item
	if chapter.Type != "chapter" || chapter.ContainerTitle != "The book of the hive" || chapter.CollectionTitle != "Natural histories" || chapter.CollectionNumber != "7" ||
		chapter.ISBN != "978-3-16-148410-0" || chapter.Publisher != "Comb Press" || chapter.PublisherPlace != "Ghent" || len(chapter.Editor) != 1 || chapter.Year() != 1999 {
		t.Errorf("chapter %+v", chapter)
	}
	paper := works["Dances that tell the way"]
	if paper.Item.Type != "paper-conference" || paper.Item.Event != "Congress of bees" || paper.Item.ContainerTitle != "Proceedings of the congress" || paper.Item.DOI != "10.1000/dance" {
		t.Errorf("paper %+v", paper.Item)
	}
	if book := works["Honey: a history"]; book.Item.Type != "book" || book.Item.Edition != "2" || book.Item.NumberOfPages != "320" || book.Item.Year() != 2001 || fmt.Sprint(book.Collections) != "[Insects]" || len(book.Files) != 0 {
		t.Errorf("book %+v", book)
	}
	if thesis := works["Nests"].Item; thesis.Type != "thesis" || thesis.Genre != "PhD thesis" || thesis.Publisher != "University of Thyme" || thesis.Issued.DateParts[0][1] != 5 {
		t.Errorf("thesis %+v", thesis)
	}
	if note := works["What to look for next summer"]; note.Item.Type != "document" || note.Notes[0] != "What to look for next summer\nSwarms." || fmt.Sprint(note.Collections) != "[Insects/Bees]" {
		t.Errorf("a note by itself: %+v", note)
	}
	if alone := works[""]; len(alone.Files) != 1 || alone.Files[0].Path != "files/9/alone.pdf" || alone.Item.Type != "" || fmt.Sprint(alone.Collections) != "[Insects]" || fmt.Sprint(alone.Tags) != "[scan]" {
		t.Errorf("a file by itself: %+v", alone)
	}
}

const rdfHead = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#" xmlns:link="http://purl.org/rss/1.0/modules/link/">
`

func TestBrokenZoteroRDF(t *testing.T) {
	const fine = `    <bib:Book rdf:about="#b"><z:itemType>book</z:itemType><dc:title>Fine</dc:title></bib:Book>` + "\n"
	for name, tc := range map[string]struct {
		file, problem string
		fine          bool
	}{
		"an element that is not closed": {rdfHead + "    <bib:Book rdf:about=\"#a\">\n        <dc:title>Lost</dc:title>\n" + fine + "</rdf:RDF>", "line 2: the element is not closed: the next one begins in line 4", true},
		"mixed up tags":                 {rdfHead + "    <bib:Book><dc:title>Lost</bib:title></dc:Book>\n" + fine + "</rdf:RDF>", "line 2: the element is not XML", true},
		"cut off":                       {rdfHead + fine + "    <bib:Book>\n        <dc:title>Lo", "line 3: the element is not closed before the end of the file", true},
		"no root":                       {`<html><body>no</body></html>`, "line 1: this is no RDF", false},
		"too deep":                      {rdfHead + fine + "    " + strings.Repeat("<dc:title>", 100_000), "line 3: the element has others in it that are more than 40 deep", true},
		"too long":                      {rdfHead + "    <bib:Book><dc:title>" + strings.Repeat("long ", 1<<20) + "</dc:title></bib:Book>\n" + fine + "</rdf:RDF>", "line 2: the element is longer than 4 MiB", true},
		"a long attribute":              {rdfHead + "    <bib:Book rdf:about=\"" + strings.Repeat("long ", 1<<20) + "\"/>\n" + fine + "</rdf:RDF>", "line 2: the element is longer than 4 MiB", true},
		"laughs": {
			"<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n" + rdfHead +
				"    <bib:Book><z:itemType>book</z:itemType><dc:title>&lol2;&x;</dc:title></bib:Book>\n" + fine + "</rdf:RDF>", "", true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			works, problems := zotero(t, tc.file)
			if _, ok := works["Fine"]; ok != tc.fine {
				t.Errorf("works %+v", works)
			}
			if tc.problem == "" && len(problems) > 0 || tc.problem != "" && (len(problems) == 0 || !strings.HasPrefix(problems[0].Error(), tc.problem)) {
				t.Errorf("problems %v", problems)
			}
			if name == "laughs" && works["&lol2;&x;"].Item.Type != "book" {
				t.Errorf("%+v", works)
			}
		})
	}
}

// Collections that are in each other end, and no work is lost.
func TestZoteroCollectionsInACircle(t *testing.T) {
	works, problems := zotero(t, rdfHead+`<bib:Book rdf:about="#b"><z:itemType>book</z:itemType><dc:title>Fine</dc:title></bib:Book>
<z:Collection rdf:about="#1"><dc:title>One</dc:title><dcterms:hasPart rdf:resource="#2"/><dcterms:hasPart rdf:resource="#b"/></z:Collection>
<z:Collection rdf:about="#2"><dc:title>Two</dc:title><dcterms:hasPart rdf:resource="#1"/><dcterms:hasPart rdf:resource="#nothing"/></z:Collection>
</rdf:RDF>`)
	if len(problems) != 0 || fmt.Sprint(works["Fine"].Collections) != "[One]" {
		t.Errorf("%+v, %v", works, problems)
	}
}

// How Zotero, JabRef and Mendeley name a file in BibTeX.
func TestFilesOfBibTeX(t *testing.T) {
	for _, tc := range []struct{ field, want string }{
		{`Full Text PDF:files/3/Doe - 2014 - A title.pdf:application/pdf`, "files/3/Doe - 2014 - A title.pdf"},
		{`Snapshot:files/4/index.html:text/html;PDF:files/5/b\;c\:d.pdf:application/pdf`, "files/4/index.html|files/5/b;c:d.pdf"},
		{`:papers/doe2014.pdf:PDF`, "papers/doe2014.pdf"},
		{`doe2014.pdf`, "doe2014.pdf"},
		{`files/3/one.pdf;files/4/two.pdf`, "files/3/one.pdf|files/4/two.pdf"},
		{`:home/jane/Mendeley/Doe - 2014 - A\_title.pdf:pdf`, "home/jane/Mendeley/Doe - 2014 - A_title.pdf"},
		{`:C$\backslash$:/Users/jane/Mendeley/Doe.pdf:pdf`, "C:/Users/jane/Mendeley/Doe.pdf"},
		{`:C\:\\Users\\jane\\Doe.pdf:PDF`, "C:/Users/jane/Doe.pdf"},
		{`:home/jane/M{\"u}ller{\_}{\&}.pdf:pdf`, "home/jane/Müller_&.pdf"},
	} {
		records, problems, err := biblio.ReadAll(strings.NewReader("@article{k, title = {T}, file = {"+tc.field+"}}"), biblio.BibTeX)
		if err != nil || len(problems) > 0 || len(records) != 1 {
			t.Fatalf("%s: %v %v", tc.field, problems, err)
		}
		var paths []string
		for _, f := range records[0].Files {
			paths = append(paths, f.Path)
		}
		if got := strings.Join(paths, "|"); got != tc.want {
			t.Errorf("%s: %q", tc.field, got)
		}
	}
}
