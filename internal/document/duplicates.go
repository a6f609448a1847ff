package document

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Likeness says why documents are thought to be one work.
type Likeness string

// From the surest.
const (
	SameDOI    Likeness = "doi"
	SameTitle  Likeness = "title"       // with authors and years that agree
	CloseTitle Likeness = "close_title" // a few letters apart, with authors and years that agree
)

// Group is of documents that are probably one work.
type Group struct {
	Likeness  Likeness // the weakest that holds it together
	Documents []Document
}

// maxGroups are given at once.
const maxGroups = 200

// Duplicates gives the documents of a library that are probably one work, the
// surest first, and how many such groups there are in all.
func (s *Service) Duplicates(ctx context.Context, p identity.Person, libraryID uuid.UUID) (groups []Group, total int, err error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		return nil, 0, err
	}
	works, err := s.works(ctx, s.pool, libraryID)
	if err != nil {
		return nil, 0, err
	}
	apart, err := s.q.Distinctions(ctx, s.pool, libraryID)
	if err != nil {
		return nil, 0, postgres.Fault(fmt.Errorf("distinctions: %w", err))
	}
	distinct := make(map[[2]uuid.UUID]bool, len(apart))
	for _, d := range apart {
		distinct[[2]uuid.UUID{d.DocumentID, d.OtherID}] = true
	}
	found := alike(works, distinct)
	total = len(found)
	found = found[:min(total, maxGroups)]
	var ids []uuid.UUID
	for _, f := range found {
		ids = append(ids, f.ids...)
	}
	documents, err := s.loadAll(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	for _, f := range found {
		g := Group{Likeness: f.likeness}
		for _, id := range f.ids {
			if d, ok := documents[id]; ok { // else it went meanwhile
				g.Documents = append(g.Documents, d)
			}
		}
		if len(g.Documents) > 1 {
			groups = append(groups, g)
		}
	}
	return groups, total, nil
}

// works are a library's documents outside the trash, as they are compared.
func (s *Service) works(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID) ([]work, error) {
	rows, err := s.q.Comparable(ctx, db, libraryID)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("documents to compare: %w", err))
	}
	works := make([]work, len(rows))
	for i, r := range rows {
		if works[i], err = workOfRow(r); err != nil {
			return nil, err
		}
	}
	return works, nil
}

// loadAll reads documents by their ids.
func (s *Service) loadAll(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Document, error) {
	rows, err := s.pool.Query(ctx, fmt.Sprintf(selectDocuments, "''")+fromDocuments+"\nWHERE d.id = ANY($1) AND d.trashed_at IS NULL", ids)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("load documents: %w", err))
	}
	found, err := pgx.CollectRows(rows, scanListed)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("load documents: %w", err))
	}
	docs := make([]Document, len(found))
	for i, d := range found {
		docs[i] = d.Document
	}
	if err := s.addEditions(ctx, s.pool, docs); err != nil {
		return nil, err
	}
	byID := make(map[uuid.UUID]Document, len(docs))
	for _, d := range docs {
		byID[d.ID] = d
	}
	return byID, nil
}

// KeepApart remembers that documents are works of their own, however alike, or
// forgets it again.
func (s *Service) KeepApart(ctx context.Context, p identity.Person, libraryID uuid.UUID, ids []uuid.UUID, apart bool) error {
	return postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.library.Authorize(ctx, tx, p, library.EditDocument, libraryID); err != nil {
			return err
		}
		for _, id := range ids {
			in, err := s.q.DocumentLibrary(ctx, tx, id)
			if err != nil {
				return missing(fmt.Errorf("document: %w", err))
			}
			if in != libraryID {
				return errNotFound
			}
		}
		if apart {
			return s.q.PutDistinctions(ctx, tx, ids)
		}
		return s.q.DropDistinctions(ctx, tx, ids)
	})
}

// work is what a document is compared by.
type work struct {
	id       uuid.UUID
	doi      string
	title    string // its letters and digits, without case and accents
	digits   string // those of the title: "Part 2" is not "Part 1"
	year     *int32
	families []string
}

func newWork(id uuid.UUID, title string, year *int32, doi string, authors []csl.Name) work {
	w := work{id: id, doi: strings.ToLower(doi), title: bare(csl.Plain(title)), year: year}
	w.digits = strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, w.title)
	for _, a := range authors {
		if name := bare(cmp.Or(a.Family, a.Literal)); name != "" {
			w.families = append(w.families, name)
		}
	}
	return w
}

// bare are the letters and digits of a text in their simplest form.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKD.String(text))
}

const (
	// minTitle letters make a title that says something: "Introduction" and
	// "Editorial" are many works.
	minTitle = 15
	// neighbours of a title in the alphabet are compared with it, and as many in
	// the alphabet of the titles read backwards: the sorted-neighbourhood method
	// (Hernández and Stolfo, The Merge/Purge Problem for Large Databases, 1995).
	neighbours = 5
	// closeTitle is the part of a title's letters that may differ.
	closeTitle = 0.08
)

type likes struct {
	likeness Likeness
	ids      []uuid.UUID
}

// alike finds groups of works that are probably one.
func alike(works []work, distinct map[[2]uuid.UUID]bool) []likes {
	g := &grouping{works: works, distinct: distinct, parent: make([]int, len(works)), how: map[int]int{}}
	for i := range g.parent {
		g.parent[i] = i
	}
	byDOI := map[string][]int{}
	for i, w := range works {
		if w.doi != "" {
			byDOI[w.doi] = append(byDOI[w.doi], i)
		}
	}
	for _, same := range byDOI {
		for _, i := range same[1:] {
			g.join(same[0], i, 0)
		}
	}
	order := make([]int, 0, len(works))
	for i, w := range works {
		if len(w.title) >= minTitle {
			order = append(order, i)
		}
	}
	key := func(i int) string { return works[i].title }
	backwards := make([]string, len(works))
	for i, w := range works {
		r := []rune(w.title)
		slices.Reverse(r)
		backwards[i] = string(r)
	}
	for _, key := range []func(int) string{key, func(i int) string { return backwards[i] }} {
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(strings.Compare(key(a), key(b)), bytes.Compare(works[a].id[:], works[b].id[:]))
		})
		for at, i := range order {
			for _, k := range order[at+1 : min(at+1+neighbours, len(order))] {
				switch {
				case !works[i].mayBe(works[k]):
				case works[i].title == works[k].title:
					g.join(i, k, 1)
				case near(works[i].title, works[k].title):
					g.join(i, k, 2)
				}
			}
		}
	}
	return g.groups()
}

// mayBe reports that nothing but the title tells two works apart: years that are
// at most one apart, as those of a preprint, and an author in common.
func (w work) mayBe(o work) bool {
	if w.digits != o.digits {
		return false
	}
	if w.year != nil && o.year != nil && max(*w.year-*o.year, *o.year-*w.year) > 1 {
		return false
	}
	if len(w.families) == 0 || len(o.families) == 0 {
		return true
	}
	return slices.ContainsFunc(w.families, func(name string) bool { return slices.Contains(o.families, name) })
}

// near reports whether two titles differ in few letters, by Levenshtein's distance.
func near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	limit := int(float64(len(y)) * closeTitle)
	if len(y)-len(x) > limit {
		return false
	}
	row := make([]int, len(x)+1)
	for i := range row {
		row[i] = i
	}
	for j := 1; j <= len(y); j++ {
		before, least := row[0], j
		row[0] = j
		for i := 1; i <= len(x); i++ {
			cost := before
			if x[i-1] != y[j-1] {
				cost = min(before, row[i], row[i-1]) + 1
			}
			before, row[i] = row[i], cost
			least = min(least, cost)
		}
		if least > limit {
			return false
		}
	}
	return row[len(x)] <= limit
}

var likenesses = []Likeness{SameDOI, SameTitle, CloseTitle}

// grouping is a forest of works: those under one root are one group.
type grouping struct {
	works    []work
	distinct map[[2]uuid.UUID]bool
	parent   []int
	how      map[int]int // by root: the weakest likeness in its group
}

func (g *grouping) root(i int) int {
	for g.parent[i] != i {
		g.parent[i] = g.parent[g.parent[i]]
		i = g.parent[i]
	}
	return i
}

func (g *grouping) join(i, k, how int) {
	a, b := g.works[i].id, g.works[k].id
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	if g.distinct[[2]uuid.UUID{a, b}] {
		return
	}
	i, k = g.root(i), g.root(k)
	if i == k {
		return
	}
	g.parent[k] = i
	g.how[i] = max(how, g.how[i], g.how[k])
}

func (g *grouping) groups() []likes {
	members := map[int][]uuid.UUID{}
	for i := range g.works {
		r := g.root(i)
		members[r] = append(members[r], g.works[i].id)
	}
	type ranked struct {
		how int
		likes
	}
	var found []ranked
	for r, ids := range members {
		if len(ids) < 2 {
			continue
		}
		// Ids are in the order in which documents came.
		slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
		found = append(found, ranked{g.how[r], likes{likenesses[g.how[r]], ids}})
	}
	slices.SortFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.how, b.how), bytes.Compare(a.ids[0][:], b.ids[0][:]))
	})
	groups := make([]likes, len(found))
	for i, f := range found {
		groups[i] = f.likes
	}
	return groups
}
