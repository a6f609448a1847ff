package search

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// A query in the words of the two vectors (docs/search.md): a page's, where words
// have weight A and stems the weight of their language, and a document's, where A
// and B are the words and stems of title and authors, C and D those of the rest.

// lexicon is what the libraries' languages make of a query's words.
type lexicon struct {
	pages     []string // languages of the libraries' pages, ISO 639-1, without the one that has no stems
	documents []string // of what is known about works
	// older is true while pages are left that were indexed by an earlier version,
	// with English stems alone.
	older bool
	stems map[word][]string
}

// word is a word as it is indexed, in a language.
type word struct{ language, text string }

// lexicon loads what q needs of the libraries.
func (s *Service) lexicon(ctx context.Context, tx *postgres.Tx, libraryIDs []uuid.UUID, q Query) (lexicon, int64, error) {
	row, err := s.q.Libraries(ctx, tx, libraryIDs)
	if err != nil {
		return lexicon{}, 0, postgres.Fault(fmt.Errorf("languages: %w", err))
	}
	x := lexicon{pages: row.PageLanguages, documents: row.DocumentLanguages, older: row.Older, stems: map[word][]string{}}
	x.pages = slices.DeleteFunc(x.pages, func(code string) bool { return document.Dictionary(code) == "" })
	if x.older && !slices.Contains(x.pages, "en") {
		x.pages = append(x.pages, "en")
	}
	var ask pairs
	for _, code := range union(x.pages, x.documents) {
		for _, u := range q.units() {
			for i, w := range u.words {
				// Whoever types without accents means the words with them, too.
				ask.add(code, u.typed[i], w)
				ask.add(code, w, w)
			}
			if u.joined != "" {
				ask.add(code, u.joined, u.joined)
			}
		}
	}
	stems, err := s.stemsOf(ctx, tx, ask)
	if err != nil {
		return lexicon{}, 0, err
	}
	for i, stem := range stems {
		k := word{ask.languages[i], ask.folded[i]}
		if !slices.Contains(x.stems[k], stem) {
			x.stems[k] = append(x.stems[k], stem)
		}
	}
	return x, row.Pending, nil
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, code := range b {
		if !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
}

// pairs are words to be stemmed, each in a language, and how they are indexed.
type pairs struct {
	languages, words, folded []string
	have                     map[word]bool
}

func (p *pairs) add(language, written, folded string) {
	k := word{language, written}
	if p.have[k] || !hasStem(folded) {
		return
	}
	if p.have == nil {
		p.have = map[word]bool{}
	}
	p.have[k] = true
	p.languages, p.words, p.folded = append(p.languages, language), append(p.words, written), append(p.folded, folded)
}

// stemsOf asks the database, which alone has the stemmers; folded, as they are indexed.
func (s *Service) stemsOf(ctx context.Context, tx *postgres.Tx, p pairs) ([]string, error) {
	if len(p.words) == 0 {
		return nil, nil
	}
	dictionaries := make([]string, len(p.languages))
	for i, code := range p.languages {
		dictionaries[i] = document.Dictionary(code)
	}
	stems, err := s.q.Stems(ctx, tx, p.words, dictionaries)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("stems: %w", err))
	}
	for i, stem := range stems {
		if stems[i] = pagetext.Fold(stem); stems[i] == "" {
			stems[i] = p.folded[i]
		}
	}
	return stems, nil
}

// of gives a word's stems in a language; the word itself where it has none.
func (x lexicon) of(language, text string) []string {
	if stems := x.stems[word{language, text}]; len(stems) > 0 {
		return stems
	}
	return []string{text}
}

// lexemes collects alternatives of one word, each with the weights that it may have.
type lexemes struct {
	texts   []string
	weights map[string]string
}

func (l *lexemes) add(text, weight string) {
	if l.weights == nil {
		l.weights = map[string]string{}
	}
	if _, ok := l.weights[text]; !ok {
		l.texts = append(l.texts, text)
	}
	for _, w := range weight {
		if !strings.ContainsRune(l.weights[text], w) {
			l.weights[text] += string(w)
		}
	}
}

func (l *lexemes) render(prefix bool) string {
	list := make([]string, len(l.texts))
	for i, text := range l.texts {
		list[i] = quoted(text) + ":" + l.weights[text]
		if prefix {
			list[i] = quoted(text) + ":*" + l.weights[text]
		}
	}
	return anyOf(list)
}

// quoted is a lexeme in PostgreSQL's own language. Words have letters and digits
// alone, and stems what a stemmer makes of those.
func quoted(text string) string {
	return "'" + strings.NewReplacer("'", "''", `\`, `\\`).Replace(text) + "'"
}

func anyOf(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return "(" + strings.Join(list, " | ") + ")"
}

// zone is a part of a vector that words stand in: with one weight as they are, and
// with another, or each language with its own, as stems.
type zone struct {
	exact     string
	stems     func(language string) string
	languages []string
	// older adds what an earlier version indexed; paired says that characters of
	// scripts without spaces have their pairs here.
	older, paired bool
}

func (x lexicon) pageZone() zone {
	return zone{exact: "A", stems: document.StemWeight, languages: x.pages, older: x.older, paired: true}
}

// titleZone is title and authors, restZone what else is known.
func (x lexicon) titleZone() zone {
	return zone{exact: "A", stems: func(string) string { return "B" }, languages: x.documents}
}

func (x lexicon) restZone() zone {
	return zone{exact: "C", stems: func(string) string { return "D" }, languages: x.documents}
}

// unit is u as one of zones has it.
func (x lexicon) unit(u unit, zones ...zone) string {
	if len(u.words) == 1 {
		var l lexemes
		for _, z := range zones {
			x.single(&l, z, u.words[0], u.prefix)
		}
		return l.render(u.prefix)
	}
	var list []string
	add := func(phrase string) {
		if !slices.Contains(list, phrase) {
			list = append(list, phrase)
		}
	}
	for _, z := range zones {
		if characters := u.unspaced(); z.paired && characters {
			add(phraseOf(pairsOf(u.words)))
			if !z.older {
				continue
			}
		} else {
			add(phraseOf(weighted(u.words, z.exact)))
		}
		for _, code := range z.languages {
			steps := make([]string, len(u.words))
			for i, w := range u.words {
				var l lexemes
				for _, stem := range x.of(code, w) {
					l.add(stem, z.stems(code))
				}
				steps[i] = l.render(false)
			}
			add(phraseOf(steps))
		}
	}
	if u.joined != "" {
		var l lexemes
		for _, z := range zones {
			x.single(&l, z, u.joined, false)
		}
		add(l.render(false))
	}
	return anyOf(list)
}

func (x lexicon) single(l *lexemes, z zone, w string, prefix bool) {
	l.add(w, z.exact)
	if z.older {
		l.add(w, "D")
	}
	if prefix {
		return // the words that begin so are there as they are
	}
	for _, code := range z.languages {
		for _, stem := range x.of(code, w) {
			l.add(stem, z.stems(code))
		}
	}
}

func weighted(words []string, weight string) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = quoted(w) + ":" + weight
	}
	return list
}

func pairsOf(characters []string) []string {
	list := make([]string, 0, len(characters))
	for i := 1; i < len(characters); i++ {
		list = append(list, quoted(characters[i-1]+characters[i]))
	}
	return list
}

func phraseOf(steps []string) string {
	if len(steps) == 1 {
		return steps[0]
	}
	return "(" + strings.Join(steps, " <-> ") + ")"
}

// alternative is a as one of zones has it; empty where a has no word to find.
func (x lexicon) alternative(a alternative, zones ...zone) string {
	return a.render(func(u unit) string {
		if u.not {
			return "!" + x.unit(u, zones...)
		}
		return x.unit(u, zones...)
	})
}

// query is all of q as one of zones has it.
func (x lexicon) query(q Query, zones ...zone) string {
	return q.render(func(a alternative) string { return x.alternative(a, zones...) })
}

// looseUnit finds every page that unit finds in pages' vectors by the index alone,
// which knows neither weights nor places.
func (x lexicon) looseUnit(u unit) string {
	steps := func(words []string) string {
		list := make([]string, len(words))
		for i, w := range words {
			texts := []string{w}
			for _, code := range x.pages {
				if !u.prefix {
					texts = union(texts, x.of(code, w))
				}
			}
			for j, text := range texts {
				if texts[j] = quoted(text); u.prefix {
					texts[j] += ":*"
				}
			}
			list[i] = anyOf(texts)
		}
		return strings.Join(list, " & ")
	}
	var list []string
	if u.unspaced() {
		list = append(list, "("+strings.Join(pairsOf(u.words), " & ")+")")
		if x.older {
			list = append(list, "("+steps(u.words)+")")
		}
	} else {
		list = append(list, "("+steps(u.words)+")")
	}
	if u.joined != "" {
		list = append(list, steps([]string{u.joined}))
	}
	return anyOf(list)
}

// loose finds every page that the query finds, without a look at any page.
func (x lexicon) loose(q Query) string {
	return q.render(func(a alternative) string {
		return a.render(func(u unit) string {
			switch {
			case !u.not:
				return x.looseUnit(u)
			case len(u.words) == 1:
				return "!" + quoted(u.words[0])
			}
			return "" // pages that have the words but not the phrase must stay
		})
	})
}
