// Package made makes libraries of made-up papers straight in a database, the same
// ones for the same seed: words as frequent as in any language (Zipf's law), in
// several languages, with authors, years and marks.
package made

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
)

const (
	// PagesPerDocument is that of a short paper.
	PagesPerDocument = 10
	// WordsPerPage is that of a page of prose.
	WordsPerPage = 350
	// Vocabulary is how many words a language has.
	Vocabulary = 60_000
	// pagesPerMark is how many pages have one mark between them.
	pagesPerMark = 20
)

// Person is the owner of every library that is made.
var Person = identity.Person{ID: uuid.MustParse("5ea7c000-0000-4000-8000-000000000001"), Name: "Bench Owner", Email: "bench@example.org"}

// Library is the id of the n-th library.
func Library(n int) uuid.UUID { return id(1, n, 0) }

// id is a UUID that says what it names and is the same in every run.
func id(kind byte, a, b int) uuid.UUID {
	u := uuid.UUID{0: 0x5e, 1: kind, 6: 0x40, 8: 0x80}
	binary.BigEndian.PutUint32(u[2:6], uint32(a))   //nolint:gosec // a count
	binary.BigEndian.PutUint32(u[12:16], uint32(b)) //nolint:gosec // a count
	return u
}

var families = strings.Fields(`Okonkwo Tanaka Silva Müller Nguyen Petrov Haddad Kowalska García Lindqvist Rossi Moreau O'Brien Kim Zhang
	Patel Novák Jensen Yılmaz Cohen Adeyemi Fernández Schmidt Dubois Ivanova Sato Castro Andersson Papadopoulos Horváth`)

var givens = strings.Fields(`Ada Mei Inês Jan Thi Olga Samir Ewa Luis Karin Paolo Claire Sean Min Wei Anil Petr Lise Emre Miriam`)

// small are each language's most frequent words, which are in every text.
var small = map[string][]string{
	"en": strings.Fields("the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one"),
	"de": strings.Fields("der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass"),
	"fr": strings.Fields("de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec ou son"),
	"ru": strings.Fields("и в не на я быть он с что а по это она этот к но они мы весь который из у то за свой от со для так о"),
}

// Language is that of the n-th document of a library.
func Language(n int) string {
	switch n % 20 {
	case 11, 12, 13:
		return "de"
	case 14, 15:
		return "fr"
	case 16, 17:
		return "ru"
	case 18:
		return "zh"
	}
	return "en"
}

// Word is the word of a rank in a language, from 0, the most frequent one.
func Word(language string, rank uint64) string {
	if language == "zh" {
		return string(rune(0x4e00 + rank*7919%3000))
	}
	if words := small[language]; rank < uint64(len(words)) {
		return words[rank]
	}
	consonants, vowels := []rune("bcdfghjklmnprtvwz"), []rune("aou")
	ends := map[string]string{"en": "x", "de": "äß", "fr": "é", "ru": "ъ"}
	if language == "ru" {
		consonants, vowels = []rune("бвгджзклмнпрстфхц"), []rune("аоу")
	}
	syllables := uint64(len(consonants) * len(vowels))
	var w strings.Builder
	for n := rank; ; n /= syllables {
		w.WriteRune(consonants[n%uint64(len(consonants))])
		w.WriteRune(vowels[n/uint64(len(consonants))%uint64(len(vowels))])
		if n < syllables {
			return w.String() + ends[language]
		}
	}
}

type maker struct {
	pool   *pgxpool.Pool
	random *rand.Rand
	zipf   *rand.Zipf
}

func (m *maker) text(language string, n int) string {
	between := " "
	if language == "zh" {
		between = ""
	}
	words := make([]string, n)
	for i := range words {
		words[i] = Word(language, m.zipf.Uint64())
	}
	return strings.Join(words, between)
}

func indexed(text string) string {
	terms := document.Terms(text)
	words := make([]string, len(terms))
	for i, t := range terms {
		words[i] = t.Text
	}
	return strings.Join(words, " ")
}

// Fill makes so many libraries with so many pages altogether, where the database
// does not have them, and gives how long that took.
func Fill(ctx context.Context, pool *pgxpool.Pool, libraries, pages int) (time.Duration, error) {
	begin := time.Now()
	var have int
	if err := pool.QueryRow(ctx, `SELECT count(*) FROM edition_pages`).Scan(&have); err != nil || have >= pages {
		return 0, err
	}
	random := rand.New(rand.NewPCG(1, uint64(have))) //nolint:gosec // the same text every time
	m := &maker{pool, random, rand.NewZipf(random, 1.1, 5, Vocabulary-1)}
	// Built at once afterwards, the index takes a tenth of the time.
	var index string
	if err := pool.QueryRow(ctx, `SELECT pg_get_indexdef('edition_pages_search'::regclass)`).Scan(&index); err != nil {
		return 0, err
	}
	if err := m.exec(ctx, `INSERT INTO people (id, email, name, password_hash, created_at) VALUES ($1, $2, $3, '', now()) ON CONFLICT DO NOTHING`, Person.ID, Person.Email, Person.Name); err != nil {
		return 0, err
	}
	for l := range libraries {
		if err := m.exec(ctx, `INSERT INTO libraries (id, name, kind, created_at) VALUES ($1, 'Library ' || $2::int, 'shared', now()) ON CONFLICT DO NOTHING`, Library(l), l); err != nil {
			return 0, err
		}
		if err := m.exec(ctx, `INSERT INTO library_members (library_id, person_id, role, joined_at) VALUES ($1, $2, 'owner', now()) ON CONFLICT DO NOTHING`, Library(l), Person.ID); err != nil {
			return 0, err
		}
	}
	if err := m.exec(ctx, `DROP INDEX edition_pages_search`); err != nil {
		return 0, err
	}
	for n := have / PagesPerDocument; n < pages/PagesPerDocument; n++ {
		if err := m.document(ctx, n%libraries, n); err != nil {
			return 0, err
		}
	}
	for l := range libraries {
		if err := m.organise(ctx, Library(l), l); err != nil {
			return 0, err
		}
	}
	for _, sql := range []string{"SET statement_timeout = 0; " + index + "; RESET statement_timeout", "VACUUM ANALYZE documents", "VACUUM ANALYZE editions", "VACUUM ANALYZE edition_pages", "VACUUM ANALYZE annotations", "VACUUM ANALYZE annotation_anchors", "VACUUM ANALYZE document_tags", "VACUUM ANALYZE document_collections"} {
		if err := m.exec(ctx, sql); err != nil {
			return 0, err
		}
	}
	return time.Since(begin), nil
}

func (m *maker) exec(ctx context.Context, sql string, args ...any) error {
	if _, err := m.pool.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("%.60s: %w", sql, err)
	}
	return nil
}

// Tag is on every tenth document of the n-th library, and Collection has every
// fifth in one under it.
func Tag(n int) uuid.UUID { return id(5, n, 0) }

// Collection is the id of the n-th library's.
func Collection(n int) uuid.UUID { return id(6, n, 0) }

func (m *maker) organise(ctx context.Context, libraryID uuid.UUID, n int) error {
	if err := m.exec(ctx, `INSERT INTO tags (id, library_id, name, color, created_at) VALUES ($1, $2, 'review', 'red', now()) ON CONFLICT DO NOTHING`, Tag(n), libraryID); err != nil {
		return err
	}
	if err := m.exec(ctx, `INSERT INTO collections (id, library_id, parent_id, name, position, created_at) VALUES ($1, $2, NULL, 'methods', 0, now()), ($3, $2, $1, 'field', 0, now())
		ON CONFLICT DO NOTHING`, Collection(n), libraryID, id(6, n, 1)); err != nil {
		return err
	}
	if err := m.exec(ctx, `INSERT INTO document_tags (tag_id, document_id) SELECT $1, id FROM documents WHERE library_id = $2 AND hashtext(id::text) % 10 = 0
		ON CONFLICT DO NOTHING`, Tag(n), libraryID); err != nil {
		return err
	}
	return m.exec(ctx, `INSERT INTO document_collections (collection_id, document_id) SELECT $1, id FROM documents WHERE library_id = $2 AND hashtext(id::text) % 5 = 1
		ON CONFLICT DO NOTHING`, id(6, n, 1), libraryID)
}

// document makes the n-th document of all.
func (m *maker) document(ctx context.Context, library, n int) error {
	libraryID, documentID, editionID := Library(library), id(2, library, n), id(3, library, n)
	language := Language(n)
	title, year := m.text(language, 8), 1980+int(m.zipf.Uint64()%45)
	authors := make([]map[string]string, 1+m.random.IntN(5))
	listing := []string{title}
	for i := range authors {
		family, given := families[m.random.IntN(len(families))], givens[m.random.IntN(len(givens))]
		authors[i] = map[string]string{"family": family, "given": given}
		listing = append(listing, given, family)
	}
	item := map[string]any{"type": "article-journal", "title": title, "author": authors}
	if n%3 != 0 {
		item["DOI"] = fmt.Sprintf("10.5555/made.%d", n)
	}
	csl, err := json.Marshal(item)
	if err != nil {
		return err
	}
	numbers, texts := make([]int32, PagesPerDocument), make([]string, PagesPerDocument)
	for i := range numbers {
		numbers[i], texts[i] = int32(i+1), m.text(language, WordsPerPage) //nolint:gosec // a page of ten
	}
	pages, err := document.Index(ctx, m.pool, "", texts)
	if err != nil {
		return err
	}
	words, stems, weights, languages := make([]string, len(pages)), make([]string, len(pages)), make([]string, len(pages)), make([]string, len(pages))
	for i, p := range pages {
		words[i], stems[i], weights[i], languages[i] = p.Words, p.Stems, p.Weight, p.Language
	}
	if err := m.exec(ctx, `INSERT INTO documents (id, library_id, title, year, csl, listing, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, timestamptz '2024-01-01' + $7 * interval '1 minute', now())`, documentID, libraryID, title, year, csl, indexed(strings.Join(listing, " ")), n); err != nil {
		return err
	}
	if err := m.exec(ctx, `INSERT INTO editions (id, library_id, document_id, blob_key, filename, size, sha256, state, attempt, parsed_attempt, indexed_attempt, languages, page_count, created_at)
		VALUES ($1, $2, $3, 'uploads/' || $1::uuid, 'x.pdf', 1, sha256($1::uuid::text::bytea), 'ready', 1, 1, 1, ARRAY[$5], $4, now())`, editionID, libraryID, documentID, PagesPerDocument, languages[0]); err != nil {
		return err
	}
	if err := m.exec(ctx, `INSERT INTO edition_pages (library_id, edition_id, number, box, text, tsv, language, words_offset, words_length)
		SELECT $1, $2, n, '{0,0,612,792}', t, setweight(to_tsvector('simple', w), 'A') || setweight(to_tsvector('simple', s), g::"char"), l, 0, 0
		FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) AS p (n, t, w, s, g, l)`,
		libraryID, editionID, numbers, texts, words, stems, weights, languages); err != nil {
		return err
	}
	if n%(pagesPerMark/PagesPerDocument) != 0 {
		return nil
	}
	mark := id(4, library, n)
	meaning := []string{"key", "method", "question", "disagree", "quote"}[n/2%5]
	if err := m.exec(ctx, `INSERT INTO annotations (id, library_id, document_id, edition_id, author_id, author_name, kind, meaning, private, body, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'highlight', $7, $8, $9, now(), now())`,
		mark, libraryID, documentID, editionID, Person.ID, Person.Name, meaning, n%10 == 0, m.text("en", 15)); err != nil {
		return err
	}
	quote := strings.Join(strings.Fields(texts[0])[:min(20, len(strings.Fields(texts[0])))], " ")
	return m.exec(ctx, `INSERT INTO annotation_anchors (library_id, annotation_id, edition_id, status, score, exact, prefix, suffix, attempt, text_version, parts, page, position, y, x)
		VALUES ($1, $2, $3, 'exact', 1, $4, '', '', 1, '', '[]', 1, 0, 0, 0)`, libraryID, mark, editionID, quote)
}
