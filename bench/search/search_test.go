// Package search_test measures searches in one library of 100,000 pages:
//
//	go test ./bench/search -run '^$' -bench . -benchtime 100x -timeout 30m
//
// It prints the median and the 95th percentile for each shape of query, by
// the service itself on a built-in PostgreSQL with the product's settings.
// -pages takes fewer pages, -database a database of one's own, which gets
// migrated and keeps the library for the next run.
package search_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/guard"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/library/librarytest"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres/postgrestest"
	"scrollkeeper.example/scrollkeeper/internal/search"
)

var (
	pages    = flag.Int("pages", 100_000, "pages in the library")
	database = flag.String("database", "", "address of a PostgreSQL database; empty for a built-in one")
)

const (
	pagesPerDocument = 20
	wordsPerPage     = 350
	vocabulary       = 60_000
)

func BenchmarkSearch(b *testing.B) {
	pool := connect(b)
	owner, libraryID := fill(b, pool)
	g := guard.New(pool, clock.System{})
	people := identity.New(pool, g, clock.System{}, identity.Config{})
	service := search.New(pool, library.New(pool, people, g, &librarytest.Recorder{}, clock.System{}))

	random := rand.New(rand.NewPCG(7, 7))
	common := func() string { return word(uint64(random.IntN(20))) }
	medium := func() string { return word(uint64(200 + random.IntN(800))) }
	rare := func() string { return word(uint64(5_000 + random.IntN(20_000))) }
	shapes := []struct {
		name string
		make func() string
	}{
		{"common word", common},
		{"medium word", medium},
		{"rare word", rare},
		{"no such word", func() string { return "zzzzqqqq" }},
		{"two common words", func() string { return common() + " " + common() }},
		{"common and rare word", func() string { return common() + " " + rare() }},
		{"common phrase", func() string { return `"` + common() + " " + common() + `"` }},
		{"phrase of medium words", func() string { return `"` + medium() + " " + medium() + `"` }},
		{"phrase of five common words", func() string {
			return `"` + common() + " " + common() + " " + common() + " " + common() + " " + common() + `"`
		}},
		{"OR", func() string { return common() + " OR " + medium() + " OR " + rare() }},
		{"minus", func() string { return common() + " -" + common() }},
		{"common without a phrase", func() string { return common() + ` -"` + common() + " " + common() + `"` }},
		{"hyphenated word", func() string { return common() + "-" + medium() }},
		{"ten words", func() string {
			words := make([]string, 10)
			for i := range words {
				words[i] = common()
			}
			return strings.Join(words, " ")
		}},
	}
	for _, where := range []uuid.NullUUID{{UUID: libraryID, Valid: true}, {}} {
		place := "one library"
		if !where.Valid {
			place = "all of mine"
		}
		for _, shape := range shapes {
			b.Run(place+"/"+shape.name, func(b *testing.B) {
				var took []time.Duration
				partial := 0
				for b.Loop() {
					query := shape.make()
					begin := time.Now()
					r, err := service.Search(b.Context(), owner, search.Request{Query: query, LibraryID: where, Limit: 20})
					took = append(took, time.Since(begin))
					if err != nil {
						b.Fatalf("%s: %v", query, err)
					}
					if r.Partial {
						partial++
					}
				}
				slices.Sort(took)
				at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000 }
				b.ReportMetric(at(0.5), "p50-ms")
				b.ReportMetric(at(0.95), "p95-ms")
				b.ReportMetric(100*float64(partial)/float64(len(took)), "%partial")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

func connect(b *testing.B) *pgxpool.Pool {
	b.Helper()
	if *database == "" {
		_, pool := postgrestest.NewServer(b)
		return pool
	}
	pool, err := postgres.NewPool(b.Context(), *database, postgres.PoolConfig{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	if err := postgres.Migrate(b.Context(), pool); err != nil {
		b.Fatal(err)
	}
	return pool
}

// word is the word of a rank: letters alone, and none that the stemmer cuts.
func word(rank uint64) string {
	const consonants, vowels = "bcdfghjklmnprtvwz", "aou"
	w := ""
	for n := rank; ; n /= uint64(len(consonants) * len(vowels)) {
		w += string(consonants[n%uint64(len(consonants))]) + string(vowels[n/uint64(len(consonants))%uint64(len(vowels))])
		if n < uint64(len(consonants)*len(vowels)) {
			return w + "x"
		}
	}
}

// fill makes the library, unless an earlier run did, with words as frequent as
// in any language: by Zipf's law.
func fill(b *testing.B, pool *pgxpool.Pool) (identity.Person, uuid.UUID) {
	b.Helper()
	ctx := b.Context()
	owner := identity.Person{ID: uuid.MustParse("5ea7c000-0000-4000-8000-000000000001"), Name: "Bench", Email: "bench@example.org"}
	libraryID := uuid.MustParse("5ea7c000-0000-4000-8000-000000000002")
	var have int
	if err := pool.QueryRow(ctx, `SELECT count(*) FROM edition_pages WHERE library_id = $1`, libraryID).Scan(&have); err != nil {
		b.Fatal(err)
	}
	if have >= *pages {
		return owner, libraryID
	}
	begin := time.Now()
	exec(ctx, b, pool, `INSERT INTO people (id, email, name, password_hash, created_at) VALUES ($1, $2, $3, '', now()) ON CONFLICT DO NOTHING`, owner.ID, owner.Email, owner.Name)
	exec(ctx, b, pool, `INSERT INTO libraries (id, name, kind, created_at) VALUES ($1, 'Bench', 'shared', now()) ON CONFLICT DO NOTHING`, libraryID)
	exec(ctx, b, pool, `INSERT INTO library_members (library_id, person_id, role, joined_at) VALUES ($1, $2, 'owner', now()) ON CONFLICT DO NOTHING`, libraryID, owner.ID)
	// Built at once afterwards, the index takes a tenth of the time.
	var index string
	if err := pool.QueryRow(ctx, `SELECT pg_get_indexdef('edition_pages_search'::regclass)`).Scan(&index); err != nil {
		b.Fatal(err)
	}
	exec(ctx, b, pool, `DROP INDEX edition_pages_search`)
	random := rand.New(rand.NewPCG(1, 2))
	zipf := rand.NewZipf(random, 1.1, 5, vocabulary-1)
	text := func(n int) string {
		words := make([]string, n)
		for i := range words {
			words[i] = word(zipf.Uint64())
		}
		return strings.Join(words, " ")
	}
	for n := have; n < *pages; n += pagesPerDocument {
		documentID, editionID := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
		title := text(8)
		numbers, texts, terms := make([]int32, pagesPerDocument), make([]string, pagesPerDocument), make([]string, pagesPerDocument)
		for i := range numbers {
			numbers[i], texts[i] = int32(i+1), text(wordsPerPage)
			var words []string
			for _, t := range document.Terms(texts[i]) {
				words = append(words, t.Text)
			}
			terms[i] = strings.Join(words, " ")
		}
		exec(ctx, b, pool, `INSERT INTO documents (id, library_id, title, listing, created_at, updated_at) VALUES ($1, $2, $3, $3, now(), now())`, documentID, libraryID, title)
		exec(ctx, b, pool, `INSERT INTO editions (id, library_id, document_id, blob_key, filename, size, sha256, state, attempt, parsed_attempt, page_count, created_at)
			VALUES ($1, $2, $3, 'uploads/' || $1::uuid, 'x.pdf', 1, sha256($1::uuid::text::bytea), 'ready', 1, 1, $4, now())`, editionID, libraryID, documentID, pagesPerDocument)
		exec(ctx, b, pool, `INSERT INTO edition_pages (library_id, edition_id, number, box, text, tsv, words_offset, words_length)
			SELECT $1, $2, n, '{0,0,612,792}', t, to_tsvector('scrollkeeper', s), 0, 0 FROM unnest($3::int[], $4::text[], $5::text[]) AS p (n, t, s)`,
			libraryID, editionID, numbers, texts, terms)
	}
	exec(ctx, b, pool, "SET statement_timeout = 0; "+index+"; RESET statement_timeout")
	for _, table := range []string{"documents", "editions", "edition_pages"} {
		exec(ctx, b, pool, "VACUUM ANALYZE "+table)
	}
	var size string
	if err := pool.QueryRow(ctx, `SELECT pg_size_pretty(pg_total_relation_size('edition_pages')) || ', of that index ' || pg_size_pretty(pg_relation_size('edition_pages_search'))`).Scan(&size); err != nil {
		b.Fatal(err)
	}
	fmt.Printf("# filled with %d pages in %s: %s\n", *pages-have, time.Since(begin).Round(time.Second), size)
	return owner, libraryID
}

func exec(ctx context.Context, b *testing.B, pool *pgxpool.Pool, sql string, args ...any) {
	b.Helper()
	if _, err := pool.Exec(ctx, sql, args...); err != nil {
		b.Fatal(err)
	}
}
