package document_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/document/documenttest"
)

func TestGuess(t *testing.T) {
	for want, text := range map[string]string{
		"en": "The method that is described in this paper was first used for the study of rivers by the authors.",
		"de": "Die Methode, die in diesem Aufsatz beschrieben wird, wurde zuerst für das Studium der Flüsse verwendet.",
		"fr": "La méthode qui est décrite dans cet article a été utilisée pour la première fois par les auteurs et des autres.",
		"ru": "Метод, который описан в этой статье, был впервые использован для изучения рек на севере и на юге страны.",
		"":   "Metoda opisana w tym artykule pozwala badać rzeki północnych gór oraz jeziora, których nikt wcześniej tak dokładnie nie zmierzył.",
	} {
		if got := document.Guess(text); got != want {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
	for text, want := range map[string]string{"": "", "the of": "", strings.Repeat("深", 50): "", strings.Repeat("1 2 3 ", 50): ""} {
		if got := document.Guess(text); got != want {
			t.Errorf("%.20q is taken for %q", text, got)
		}
	}
}

func TestLanguageOf(t *testing.T) {
	for tag, want := range map[string]string{"de": "de", "DE-at": "de", " en_US ": "en", "nb": "no", "nn-NO": "no", "pl": "", "": "", "deutsch": "", "'; --": ""} {
		if got := document.LanguageOf(tag); got != want {
			t.Errorf("%q: %q, want %q", tag, got, want)
		}
	}
}

func TestIndex(t *testing.T) {
	e := setup(t)
	texts := []string{
		"Die Häuser der Stadt wurden von den Bürgern auf dem Hügel gebaut, und sie stehen noch.",
		"Tabelle 3: Häuser",
		"The houses of the city were built on the hill by the people, and this is what they had.",
		"深度\n学习 v2",
		"",
	}
	list, err := document.Index(t.Context(), e.Pool, "de-AT", texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []document.Indexed{
		{Language: "de", Words: "die hauser der stadt wurden", Stems: "die haus der stadt wurd", Weight: "B"},
		{Language: "de", Words: "tabelle 3 hauser", Stems: "tabell 3 haus", Weight: "B"},
		{Language: "en", Words: "the houses of the city", Stems: "the hous of the citi", Weight: "D"}, // plainly, whatever is said
		{Language: "de", Words: "深 度 学 习 v2", Stems: "深度 度学 学习 习 v2", Weight: "B"},
		{Language: "de", Weight: "B"},
	} {
		got := list[i]
		if got.Language != want.Language || got.Weight != want.Weight || !strings.HasPrefix(got.Words, want.Words) || !strings.HasPrefix(got.Stems, want.Stems) {
			t.Errorf("%q: %+v, want %+v", texts[i], got, want)
		}
		if got.Stems != "" && len(strings.Fields(got.Stems)) != len(strings.Fields(got.Words)) {
			t.Errorf("%q: the parts are of different length", texts[i])
		}
	}
}

// A language that somebody corrects is what the pages are stemmed in from then on.
func TestACorrectedLanguageReachesThePages(t *testing.T) {
	e := setup(t)
	a := e.Add(t, documenttest.Doc{Title: "Straten", Pages: []string{"Straten en huizen"}})
	languages := func() []string {
		t.Helper()
		if _, err := e.Documents.IndexAgain(t.Context(), time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		var list []string
		if err := e.Pool.QueryRow(t.Context(), `SELECT languages FROM editions WHERE id = $1 AND indexed_attempt = parsed_attempt`, a.EditionID).Scan(&list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	if got := languages(); !slices.Equal(got, []string{"en"}) {
		t.Errorf("as it came: %q", got)
	}
	if _, err := e.Documents.SetField(t.Context(), e.Editor, a.DocumentID, document.Correction{Field: "language", Value: []byte(`"nl"`)}); err != nil {
		t.Fatal(err)
	}
	if got := languages(); !slices.Equal(got, []string{"nl"}) {
		t.Errorf("corrected: %q", got)
	}
}

func FuzzSecond(f *testing.F) {
	for _, s := range []string{"Naïve ﬁlter", "深度学习 2.0", "深\n度", "ภาษาไทย", "½ ⅷ", "a\u00adb", "モデルV2", "각각", strings.Repeat("x", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := len(document.Terms(text))
		got := document.Second(text, func(word string) string {
			if word == "" || strings.ContainsRune(word, ' ') {
				t.Fatalf("%q: %q was to be stemmed", text, word)
			}
			return "s"
		})
		if n := len(strings.Fields(got)); got != "" && n != words {
			t.Fatalf("%q: %d words became %d: %q", text, words, n, got)
		}
	})
}
