// Package anchoring_test measures how well quotes are found again, and how fast:
//
//	go test ./bench/anchoring -v -measure -timeout 30m
//
// See README.md. Where the papers are missing, it says so and measures nothing.
package anchoring_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/anchoring"
	"scrollkeeper.example/scrollkeeper/internal/anchoring/anchoringtest"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/extract/extracttest"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
)

var (
	measure  = flag.Bool("measure", false, "measure; without it nothing is done")
	perPaper = flag.Int("quotes", 100, "quotes from each paper")
	show     = flag.Int("show", 0, "print so many of the failures of each measurement")
)

func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == extract.ChildCommand {
		os.Exit(extract.ChildMain())
	}
	flag.Parse()
	os.Exit(m.Run())
}

// paper is one file and its pages as the product reads them.
type paper struct {
	file  string
	pages []string
}

var read []paper

func papers(t testing.TB) []paper {
	t.Helper()
	if !*measure {
		t.Skip("left out: measures only with -measure")
	}
	if read != nil {
		return read
	}
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "corpus", "papers", "*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("left out: ../shared/corpus/papers is not here")
	}
	pool := extracttest.NewPool(t, extract.Config{Jobs: 2})
	for _, file := range files {
		one := paper{file: file}
		_, err := extract.Run(t.Context(), pool, file, extract.Options{TextOnly: true, OnPage: func(page pagetext.Page) error {
			one.pages = append(one.pages, page.Text)
			return nil
		}})
		if err != nil {
			t.Fatalf("%s: %v", filepath.Base(file), err)
		}
		read = append(read, one)
	}
	return read
}

// tally of what became of quotes.
type tally struct {
	name                        string
	all, placed, right, exactly int
	// exact is how many were said to be exact, silent those of them at a wrong
	// place.
	exact, silent int
	// What is there once, with its contexts and but for numbers: how many, and how
	// many of them were placed.
	single, singlePlaced int
	shown                int
	took                 time.Duration
}

// judge compares a match with the truth, both as places of the changed text.
func (y *tally) judge(t *testing.T, quote anchoring.Quote, match anchoring.Match, pages anchoringtest.Pages, runes []rune, from, to int, single bool) {
	t.Helper()
	y.all++
	if single {
		y.single++
		if match.Status != anchoring.StatusOrphan {
			y.singlePlaced++
		}
	}
	if match.Status == anchoring.StatusExact {
		y.exact++
	}
	if match.Status == anchoring.StatusOrphan {
		y.explain(t, "orphan", quote, "", string(runes[from:max(from, to)]))
		return
	}
	y.placed++
	start, end := pages.Range(match.Parts)
	if anchoringtest.WordsBetween(runes, start, from) <= 1 && anchoringtest.WordsBetween(runes, end, to) <= 1 {
		y.right++
	} else {
		if match.Status == anchoring.StatusExact {
			y.silent++
		}
		y.explain(t, fmt.Sprintf("wrong place, %s %.2f", match.Status, match.Score), quote, string(runes[start:end]), string(runes[from:max(from, to)]))
	}
	if start == from && end == to {
		y.exactly++
	}
}

func (y *tally) explain(t *testing.T, what string, quote anchoring.Quote, found, want string) {
	t.Helper()
	if y.shown < *show {
		y.shown++
		t.Logf("%s, %s:\n  prefix %q\n  exact  %q\n  suffix %q\n  found  %q\n  want   %q", y.name, what, quote.Prefix, quote.Exact, quote.Suffix, found, want)
	}
}

func (y *tally) print(t *testing.T) {
	t.Helper()
	t.Logf("%-54s %5d quotes, placed %6.2f %% (of what is there once %6.2f %%), of those within a word %6.2f %%, to the letter %6.2f %%; called exact %6.2f %%, %d of them wrong; %4d µs each",
		y.name, y.all, percent(y.placed, y.all), percent(y.singlePlaced, y.single), percent(y.right, y.placed), percent(y.exactly, y.placed),
		percent(y.exact, y.all), y.silent,
		y.took.Microseconds()/int64(max(y.all, 1)))
}

func percent(part, all int) float64 { return 100 * float64(part) / float64(max(all, 1)) }

// Other page ends and errors in the text.
func TestNoise(t *testing.T) {
	for _, rate := range []float64{0, 0.005, 0.02, 0.05, 0.1} {
		for _, size := range [][2]int{{20, 200}, {20, 40}, {1000, 3000}} {
			random := rand.New(rand.NewPCG(1, uint64(rate*1000)))
			result := tally{name: fmt.Sprintf("%.1f %% errors, %d to %d code points", 100*rate, size[0], size[1])}
			for _, one := range papers(t) {
				text := anchoringtest.Join(one.pages)
				before := anchoringtest.Split(text, 3000)
				if len(text.Runes) < 2*size[1] {
					continue
				}
				first := anchoring.NewText(before.Texts)
				plain := letters(string(text.Runes))
				changed := anchoringtest.Noisy(text, rate, random)
				after := anchoringtest.Split(changed, 2300)
				second := anchoring.NewText(after.Texts)
				for range *perPaper {
					from, to := anchoringtest.Quote(text.Runes, size[0], size[1], random)
					hint := before.Parts(from, to)
					quote, err := first.QuoteAt(hint)
					if err != nil {
						t.Fatal(err)
					}
					began := time.Now()
					match := second.Locate(quote, hint)
					result.took += time.Since(began)
					single := strings.Count(plain, letters(quote.Prefix+quote.Exact+quote.Suffix)) == 1
					result.judge(t, quote, match, after, changed.Runes, changed.At[from], changed.At[to], single)
				}
			}
			result.print(t)
		}
	}
}

// Quotes whose text is gone.
func TestRemoved(t *testing.T) {
	for _, rate := range []float64{0, 0.02} {
		for _, size := range [][2]int{{20, 200}, {20, 40}, {5, 20}, {1000, 3000}} {
			random := rand.New(rand.NewPCG(2, uint64(rate*1000)))
			result := tally{name: fmt.Sprintf("removed, %.1f %% errors, %d to %d code points", 100*rate, size[0], size[1])}
			for _, one := range papers(t) {
				text := anchoringtest.Join(one.pages)
				before := anchoringtest.Split(text, 3000)
				if len(text.Runes) < 2*size[1] {
					continue
				}
				first := anchoring.NewText(before.Texts)
				for range *perPaper {
					from, to := anchoringtest.Quote(text.Runes, size[0], size[1], random)
					hint := before.Parts(from, to)
					quote, err := first.QuoteAt(hint)
					if err != nil {
						t.Fatal(err)
					}
					changed := anchoringtest.Without(text, from, to)
					if strings.Contains(letters(string(changed.Runes)), letters(quote.Exact)) {
						continue // it stands elsewhere too
					}
					changed = anchoringtest.Noisy(changed, rate, random)
					after := anchoringtest.Split(changed, 2300)
					second := anchoring.NewText(after.Texts)
					began := time.Now()
					match := second.Locate(quote, hint)
					result.took += time.Since(began)
					result.all++
					if match.Status != anchoring.StatusOrphan {
						result.placed++
						start, end := after.Range(match.Parts)
						result.explain(t, fmt.Sprintf("placed, %s %.2f", match.Status, match.Score), quote, string(changed.Runes[start:end]), "")
					}
				}
			}
			t.Logf("%-46s %5d quotes, placed %6.2f %%, %4d µs each", result.name, result.all, percent(result.placed, result.all),
				result.took.Microseconds()/int64(max(result.all, 1)))
		}
	}
}

// letters alone: what a running foot has on every page.
func letters(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
	return text
}

// What unrelated text has in common, which the thresholds of the package stand
// on: contexts at a place that is not theirs, and quotes anywhere in a paper that
// they are not from.
func TestChance(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	var texts [][]rune
	for _, one := range papers(t) {
		texts = append(texts, []rune(strings.Join(strings.Fields(strings.ToLower(strings.Join(one.pages, ""))), "")))
	}
	pick := func(length int) (from []rune, paper int) {
		paper = random.IntN(len(texts))
		start := random.IntN(len(texts[paper]) - length)
		return texts[paper][start : start+length], paper
	}
	var context []float64
	for range 4000 {
		a, _ := pick(27)
		b, _ := pick(40)
		context = append(context, similarity(a, b, true))
	}
	t.Logf("a context at a place that is not its own: %s", percentiles(context))
	for _, length := range []int{8, 12, 17, 25, 40, 80, 160} {
		var best []float64
		for range 150 {
			quote, from := pick(length)
			for {
				if _, other := pick(1); other != from {
					best = append(best, similarity(quote, texts[other], false))
					break
				}
			}
		}
		t.Logf("%3d runes anywhere in another paper: %s", length, percentiles(best))
	}
}

// similarity of a to the best stretch of b, or the best that begins with b.
func similarity(a, b []rune, pinned bool) float64 {
	column := make([]int, len(a)+1)
	for i := range column {
		column[i] = i
	}
	best := len(a)
	for j, r := range b {
		diagonal := column[0]
		if pinned {
			column[0] = j + 1
		}
		for i := range a {
			cost := diagonal
			if a[i] != r {
				cost++
			}
			diagonal = column[i+1]
			column[i+1] = min(cost, column[i]+1, column[i+1]+1)
		}
		best = min(best, column[len(a)])
	}
	return 1 - float64(best)/float64(len(a))
}

func percentiles(values []float64) string {
	slices.Sort(values)
	at := func(part float64) float64 { return values[int(part*float64(len(values)-1))] }
	return fmt.Sprintf("median %.2f, 90 %% below %.2f, 95 %% below %.2f, 99 %% below %.2f", at(0.5), at(0.9), at(0.95), at(0.99))
}

// The same paper as another program reads it, and as the publisher wrote it.
func TestOtherReadings(t *testing.T) {
	for _, reading := range []struct {
		name string
		read func(file string) ([]string, error)
	}{
		{"pdftotext", func(file string) ([]string, error) { return pdftotext(file) }},
		{"pdftotext -raw", func(file string) ([]string, error) { return pdftotext(file, "-raw") }},
		{"pdftotext -layout", func(file string) ([]string, error) { return pdftotext(file, "-layout") }},
		{"the publisher's full text (JATS)", jats},
	} {
		for _, forth := range []bool{true, false} {
			name := reading.name + ", their quotes in ours"
			if !forth {
				name = reading.name + ", our quotes in theirs"
			}
			compareReadings(t, name, reading.read, forth)
		}
	}
}

func compareReadings(t *testing.T, name string, read func(file string) ([]string, error), forth bool) {
	t.Helper()
	random := rand.New(rand.NewPCG(3, 3))
	result := tally{name: name}
	for _, one := range papers(t) {
		theirs, err := read(one.file)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if errors.Is(err, exec.ErrNotFound) {
			t.Logf("left out: %v", err)
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		a, b := anchoringtest.Join(theirs), anchoringtest.Join(one.pages)
		if !forth {
			a, b = b, a
		}
		pair := align(a.Runes, b.Runes)
		before, after := anchoringtest.Unbroken(theirs), anchoringtest.Unbroken(one.pages)
		if !forth {
			before, after = after, before
		}
		first, second := anchoring.NewText(before.Texts), anchoring.NewText(after.Texts)
		for range *perPaper {
			from, to, wantFrom, wantTo, ok := pair.quote(random)
			if !ok {
				break
			}
			quote, err := first.QuoteAt(before.Parts(from, to))
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			match := second.Locate(quote, nil)
			result.took += time.Since(began)
			result.judge(t, quote, match, after, b.Runes, wantFrom, wantTo, true)
		}
	}
	result.print(t)
}

// aligned are two readings of one paper, and the words of the one whose place in
// the other is known: they begin a run of words that both have once.
type aligned struct {
	a, b  []word
	known map[int]int // from a word of a to one of b
}

type word struct {
	text     string
	from, to int
}

// run is how many words tell a place.
const run = 4

func align(a, b []rune) aligned {
	out := aligned{a: words(a), b: words(b), known: map[int]int{}}
	inA, inB := once(out.a), once(out.b)
	for text, at := range inA {
		if place, ok := inB[text]; ok && at >= 0 && place >= 0 {
			for i := range run {
				out.known[at+i] = place + i
			}
		}
	}
	return out
}

// quote picks 3 to 40 words of which the first and the last are known, in order
// and with about as much between them.
func (p aligned) quote(random *rand.Rand) (from, to, wantFrom, wantTo int, ok bool) {
	for range 1000 {
		if len(p.a) < 60 {
			return
		}
		i := random.IntN(len(p.a) - 40)
		j := i + 3 + random.IntN(37)
		x, okX := p.known[i]
		y, okY := p.known[j]
		if okX && okY && x < y && y-x < 3*(j-i) {
			return p.a[i].from, p.a[j].to, p.b[x].from, p.b[y].to, true
		}
	}
	return
}

func words(runes []rune) []word {
	var out []word
	for i := 0; i < len(runes); {
		for i < len(runes) && isSpace(runes[i]) {
			i++
		}
		from := i
		for i < len(runes) && !isSpace(runes[i]) {
			i++
		}
		if from < i {
			out = append(out, word{pagetext.Canonical(string(runes[from:i])), from, i})
		}
	}
	return out
}

func isSpace(r rune) bool { return strings.ContainsRune(" \n\t\r\f\v\u00a0", r) }

// once has the runs of words that are there once, and -1 for the others.
func once(words []word) map[string]int {
	out := map[string]int{}
	for i := 0; i+run <= len(words); i++ {
		var text strings.Builder
		for _, w := range words[i : i+run] {
			text.WriteString(w.text + " ")
		}
		if _, twice := out[text.String()]; twice {
			out[text.String()] = -1
		} else {
			out[text.String()] = i
		}
	}
	return out
}

func pdftotext(file string, options ...string) ([]string, error) {
	output, err := exec.Command("pdftotext", append(options, file, "-")...).Output()
	if err != nil {
		return nil, err
	}
	pages := strings.Split(strings.TrimSuffix(string(output), "\f"), "\f")
	for i := range pages {
		pages[i] = strings.TrimSpace(pages[i])
	}
	return pages, nil
}

// jats is the text of a paper's XML, a paragraph or title per line.
func jats(file string) ([]string, error) {
	source, err := os.Open(strings.TrimSuffix(file, ".pdf") + ".jats")
	if err != nil {
		return nil, err
	}
	defer func() { _ = source.Close() }()
	var text strings.Builder
	decoder := xml.NewDecoder(source)
	inBody := false
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return []string{strings.Join(strings.Fields(text.String()), " ")}, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			inBody = inBody || token.Name.Local == "body"
		case xml.EndElement:
			if token.Name.Local == "body" {
				inBody = false
			}
			if token.Name.Local == "p" || token.Name.Local == "title" {
				text.WriteByte('\n')
			}
		case xml.CharData:
			if inBody {
				text.Write(token)
			}
		}
	}
}

// A book with many marks, all of which moved.
func BenchmarkBook(b *testing.B) {
	random := rand.New(rand.NewPCG(4, 4))
	var pages []string
	for len(pages) < 450 {
		for _, one := range papers(b) {
			pages = append(pages, anchoringtest.Split(anchoringtest.Noisy(anchoringtest.Join(one.pages), 0.15, random), 3000).Texts...)
		}
	}
	text := anchoringtest.Join(pages[:450])
	for _, rate := range []float64{0, 0.02} {
		changed := anchoringtest.Noisy(text, rate, random)
		before, after := anchoringtest.Split(text, 3000), anchoringtest.Split(changed, 2700)
		first := anchoring.NewText(before.Texts)
		quotes := make([]anchoring.Quote, 2000)
		for i := range quotes {
			from, to := anchoringtest.Quote(text.Runes, 20, 200, random)
			quotes[i], _ = first.QuoteAt(before.Parts(from, to))
		}
		b.Run(fmt.Sprintf("prepare/errors=%.0f%%", 100*rate), func(b *testing.B) {
			for b.Loop() {
				anchoring.NewText(after.Texts)
			}
		})
		second := anchoring.NewText(after.Texts)
		b.Run(fmt.Sprintf("2000marks/errors=%.0f%%", 100*rate), func(b *testing.B) {
			for b.Loop() {
				for _, quote := range quotes {
					second.Locate(quote, nil)
				}
			}
		})
	}
	// None of them is there.
	other := anchoring.NewText(pages[:1])
	quotes := make([]anchoring.Quote, 0, 2000)
	one := anchoringtest.Join(pages[:1])
	for range 2000 {
		from, to := anchoringtest.Quote(one.Runes, 20, 200, random)
		quote, _ := other.QuoteAt([]anchoring.Position{{Page: 1, Start: from, End: to}})
		quotes = append(quotes, quote)
	}
	without := anchoring.NewText(pages[1:450])
	b.Run("2000marks/gone", func(b *testing.B) {
		for b.Loop() {
			for _, quote := range quotes {
				without.Locate(quote, nil)
			}
		}
	})
}
