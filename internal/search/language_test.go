package search_test

import (
	"slices"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
	"scrollkeeper.example/scrollkeeper/internal/search"
)

// speaks says what a document's language is, and has its pages indexed again.
func (e *env) speaks(language string, a documenttest.Added) {
	e.t.Helper()
	e.exec(`UPDATE documents SET csl = csl || jsonb_build_object('language', $2::text) WHERE id = $1`, a.DocumentID, language)
	e.exec(`UPDATE editions SET indexed_attempt = NULL WHERE id = $1`, a.EditionID)
	if n, err := e.Documents.IndexAgain(e.t.Context(), time.Now().Add(time.Minute)); err != nil || n != 1 {
		e.t.Fatalf("index again: %d files, %v", n, err)
	}
}

func TestWordsAreStemmedInTheirLanguage(t *testing.T) {
	e := setup(t)
	for language, text := range map[string]string{
		"de": "Die Häuser und die Städte wurden von den Bürgern mit großer Mühe gebaut, und sie stehen noch auf dem Hügel.",
		"fr": "Les études récentes montrent que les mesures des villes étaient justes dans la plupart des cas pour une année.",
		"es": "Los estudios recientes muestran que las ciudades y los barrios de la región eran más grandes que en el pasado.",
		"it": "Gli studi recenti mostrano che le città della regione sono più grandi di una volta e per questo molto belle.",
		"pt": "Os estudos recentes mostram que as cidades da região são maiores do que no passado e por isso não param.",
		"nl": "De huizen van de stad zijn met veel moeite gebouwd en het is niet bekend wie er nu in deze straat wonen.",
		"da": "Husene i byen blev bygget af borgerne, og det er ikke kendt hvor mange der har boet på gaden efter krigen.",
		"no": "Husene i byen ble bygget av borgerne, og det er ikke kjent hvor mange som har bodd på gaten etter krigen.",
		"sv": "Husen i staden byggdes av borgarna, och det är inte känt hur många som har bott på gatan efter kriget.",
		"fi": "Talot ovat vanhoja ja ne on rakennettu mäelle, mutta kaupunki ei ole enää sama kuin se oli ennen sotia.",
		"ru": "Новые исследования показали, что города и деревни в этой области были больше, чем это было в прошлом.",
		"en": "The houses of the city were built on a hill, and it is not known which of these had been there before.",
	} {
		e.Add(t, documenttest.Doc{Title: language, Pages: []string{text}})
	}
	for query, want := range map[string][]string{
		"Haus":         {"de"},
		"haus":         {"de"},
		"Bürger":       {"de"},
		"burger":       {"de"},
		"étude":        {"fr"},
		"récente":      {"fr", "it", "pt"}, // one word in three languages
		"estudio":      {"es"},
		"recente":      {"fr", "it", "pt"},
		"cidade":       {"pt"},
		"huis":         nil, // its plural is another stem
		"straten":      {"nl"},
		"borger":       {"da", "sv"},
		"gate":         {"no"},
		"talon":        {"fi"},
		"новый":        {"ru"},
		"исследование": {"ru"},
		"house":        {"en"},
		`"the house"`:  {"en"},
		"house -hills": nil,
		"Haus -hills":  {"de"},
	} {
		r := e.search(e.Reader, query)
		got := titles(r)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s found %v, want %v", query, got, want)
		}
		for _, h := range r.Hits {
			if len(h.Ranges) == 0 {
				t.Errorf("%s: nothing is marked in %q", query, h.Snippet)
			}
		}
	}
}

func TestAnExactWordComesFirst(t *testing.T) {
	e := setup(t)
	for _, c := range []struct{ title, text string }{
		{"plural", "It is known that the networks of networks were networks in these networks."},
		{"singular", "It is known that the network was one of the many things in the city which they built."},
	} {
		e.Add(t, documenttest.Doc{Title: c.title, Pages: []string{c.text}})
	}
	if got := titles(e.search(e.Reader, "network")); !slices.Equal(got, []string{"singular", "plural"}) {
		t.Errorf("network: %v", got)
	}
	if got := titles(e.search(e.Reader, "networks")); !slices.Equal(got, []string{"plural", "singular"}) {
		t.Errorf("networks: %v", got)
	}
}

// A stem of one language is no word of another.
func TestLanguagesAreKeptApart(t *testing.T) {
	e := setup(t)
	e.Add(t, documenttest.Doc{Title: "german", Pages: []string{"Die Frau und die Kinder sind auf dem Weg in die Stadt, die sie von der Schule her kennen."}})
	e.Add(t, documenttest.Doc{Title: "english", Pages: []string{"It is said that he dies at the end of the play, which is not what they had in the book."}})
	if got := titles(e.search(e.Reader, "dies")); !slices.Equal(got, []string{"english"}) {
		t.Errorf("dies: %v", got)
	}
}

func TestCharactersWithoutSpaces(t *testing.T) {
	e := setup(t)
	for title, text := range map[string]string{
		"together": "我们研究深度学习的方法",
		"apart":    "深海的度量，学生复习",
		"broken":   "关于深\n度的研究",
		"mixed":    "一种AI模型v2的结果",
		"japanese": "モデルを学ぶ",
	} {
		e.Add(t, documenttest.Doc{Title: title, Pages: []string{text}})
	}
	for query, want := range map[string][]string{
		"深度":     {"broken", "together"},
		"深度学习":   {"together"},
		"度":      {"apart", "broken", "together"},
		"习的":     {"together"},
		"研究":     {"broken", "together"},
		"模型":     {"mixed"},
		"AI模型":   {"mixed"},
		"AI模型v2": {"mixed"},
		"モデル":    {"japanese"},
		"深 度 生":  {"apart"},
		"-深海 深":  {"broken", "together"},
	} {
		r := e.search(e.Reader, query)
		got := titles(r)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s found %v, want %v", query, got, want)
		}
	}
}

// Pages that an earlier version indexed are found until they are brought along, and
// then by more.
func TestPagesOfAnEarlierVersion(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{Title: "old", Pages: []string{"Die Häuser und die Städte wurden von den Bürgern gebaut, und 深度 networks too."}})
	e.exec(`UPDATE edition_pages SET tsv = to_tsvector('scrollkeeper', $2), language = 'en' WHERE edition_id = $1`, a.EditionID,
		"die hauser und die stadte wurden von den burgern gebaut und 深 度 networks too")
	e.exec(`UPDATE editions SET indexed_attempt = NULL, languages = '{en}' WHERE id = $1`, a.EditionID)
	check := func(want map[string]int) {
		t.Helper()
		for query, n := range want {
			if r := e.search(e.Reader, query); len(r.Hits) != n || n > 0 && len(r.Hits[0].Ranges) == 0 {
				t.Errorf("%s: %+v", query, r.Hits)
			}
		}
	}
	check(map[string]int{"Häuser": 1, `"die hauser"`: 1, "深度": 1, "深": 1, "network": 1, "Haus": 0, `"深度 network"`: 1})
	if n, err := e.Documents.IndexAgain(t.Context(), time.Now().Add(time.Minute)); err != nil || n != 1 {
		t.Fatalf("%d files, %v", n, err)
	}
	check(map[string]int{"Häuser": 1, `"die hauser"`: 1, "深度": 1, "深": 1, "networks": 1, "Haus": 1})
	if n, err := e.Documents.IndexAgain(t.Context(), time.Now().Add(time.Minute)); err != nil || n != 0 {
		t.Errorf("again: %d files, %v", n, err)
	}
}

func TestWorksAreFoundByWhatIsKnown(t *testing.T) {
	e := setup(t)
	body := e.Add(t, documenttest.Doc{Title: "Elsewhere", Pages: []string{"the turbulence of tidal currents"}})
	known := e.Add(t, documenttest.Doc{Title: "Another", Pages: []string{"nothing of it"}})
	e.exec(`UPDATE documents SET csl = csl || '{"abstract": "We measure <i>turbulence</i> in estuaries, and turbulences elsewhere.", "container-title": "Journal of Waves", "keyword": "rivers, flow"}' WHERE id = $1`, known.DocumentID)
	e.exec(`INSERT INTO documents (id, library_id, title, year, csl, listing, created_at, updated_at)
		VALUES ('00000000-0000-0000-0000-00000000000a', $1, 'On Turbulence', 1999, '{"title": "On Turbulence", "container-title": "Annals of Flow", "author": [{"family": "Kármán"}]}', 'on turbulence karman', now(), now())`, e.LibraryID)
	r := e.search(e.Reader, "turbulence")
	if got := titles(r); !slices.Equal(got, []string{"On Turbulence", "Another", "Elsewhere"}) {
		t.Fatalf("order %v", got)
	}
	bare, abstract, page := r.Hits[0], r.Hits[1], r.Hits[2]
	if bare.Kind != search.KindTitle || bare.Page != 0 || bare.EditionID.String() != "00000000-0000-0000-0000-000000000000" || bare.Authors[0].Family != "Kármán" {
		t.Errorf("a work without a file: %+v", bare)
	}
	if abstract.Kind != search.KindTitle || abstract.Page != 1 || len(abstract.Highlights) != 2 || slice(abstract.Snippet, abstract.Highlights[0]) != "turbulence" || abstract.Start != 0 || len(abstract.Ranges) != 0 {
		t.Errorf("by the abstract: %+v", abstract)
	}
	if page.Kind != search.KindText || page.EditionID != body.EditionID {
		t.Errorf("by the page: %+v", page)
	}
	for query, want := range map[string][]string{
		`"journal of waves"`:   {"Another"},
		"river":                {"Another"},
		"annals":               {"On Turbulence"},
		"kármán":               {"On Turbulence"},
		"flow turbulence":      {"Another", "On Turbulence"},
		"flow -nothing":        nil, // a title says nothing about that
		"year:1999":            {"On Turbulence"},
		"year:1999 turbulence": {"On Turbulence"},
		"-has:file flow":       {"On Turbulence"},
	} {
		got := titles(e.search(e.Reader, query))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s found %v, want %v", query, got, want)
		}
	}
}
