package anchoring_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/anchoring"
	"scrollkeeper.example/scrollkeeper/internal/anchoring/anchoringtest"
)

const (
	weather = "Storms over the northern basin grew by eleven percent between the two surveys. Buoys recorded waves of nine metres in March."
	harbour = "The harbour at Kolding was dredged twice. Its new quay carries cranes that were built in Gdansk, and a railway runs behind it."
	methods = "We counted all vessels from the tower by eye. Each count lasted ten minutes and was repeated by a second observer at once."
)

// find is where a text stands on pages, as it is written there; it must be there
// once, on one page.
func find(t *testing.T, pages []string, text string) []anchoring.Position {
	t.Helper()
	var found []anchoring.Position
	for i, page := range pages {
		for from := 0; ; {
			at := strings.Index(page[from:], text)
			if at < 0 {
				break
			}
			start := len([]rune(page[:from+at]))
			found = append(found, anchoring.Position{Page: i + 1, Start: start, End: start + len([]rune(text))})
			from += at + len(text)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%q is there %d times", text, len(found))
	}
	return found
}

func textOf(pages []string, parts []anchoring.Position) string {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = string([]rune(pages[part.Page-1])[part.Start:part.End])
	}
	return strings.Join(texts, " | ")
}

func quoteOf(t *testing.T, pages []string, text string) (anchoring.Quote, []anchoring.Position) {
	t.Helper()
	parts := find(t, pages, text)
	quote, err := anchoring.NewText(pages).QuoteAt(parts)
	if err != nil {
		t.Fatal(err)
	}
	return quote, parts
}

func TestQuoteAt(t *testing.T) {
	text := anchoring.NewText([]string{"one two", "", "three 🜚four five"})
	for _, one := range []struct {
		name  string
		parts []anchoring.Position
		want  anchoring.Quote
	}{
		{"inside a page", []anchoring.Position{{3, 6, 11}}, anchoring.Quote{Exact: "🜚four", Prefix: "one two three ", Suffix: " five"}},
		{"over a page's end", []anchoring.Position{{1, 4, 7}, {3, 0, 5}}, anchoring.Quote{Exact: "two three", Prefix: "one ", Suffix: " 🜚four five"}},
		{"at the beginning", []anchoring.Position{{1, 0, 3}}, anchoring.Quote{Exact: "one", Suffix: " two three 🜚four five"}},
		{"at the end", []anchoring.Position{{3, 12, 16}}, anchoring.Quote{Exact: "five", Prefix: "one two three 🜚four "}},
	} {
		got, err := text.QuoteAt(one.parts)
		if err != nil || got != one.want {
			t.Errorf("%s: %+v, %v, want %+v", one.name, got, err, one.want)
		}
	}
	for _, parts := range [][]anchoring.Position{nil, {{0, 0, 1}}, {{4, 0, 1}}, {{1, 0, 8}}, {{1, -1, 3}}, {{1, 3, 3}}, {{1, 5, 2}}, {{2, 0, 1}}} {
		if _, err := text.QuoteAt(parts); !errors.Is(err, anchoring.ErrOutside) {
			t.Errorf("%v: %v", parts, err)
		}
	}
	long, err := anchoring.NewText([]string{weather, harbour}).QuoteAt([]anchoring.Position{{2, 4, 11}})
	if err != nil || len([]rune(long.Prefix)) != 32 || len([]rune(long.Suffix)) != 32 {
		t.Errorf("contexts of %q and %q, %v", long.Prefix, long.Suffix, err)
	}
}

// Each quote is taken from the first pages and looked for in the second.
func TestLocate(t *testing.T) {
	repeated := "This chapter ends with a summary."
	head := func(n int) string {
		return fmt.Sprintf("Annals of Shipping, Volume 12, page %d\n", n)
	}
	for _, one := range []struct {
		name   string
		first  []string
		quote  string
		second []string
		status anchoring.Status
		want   string // pages' parts are divided by " | "
		page   int    // of the first part, if it matters
	}{
		{
			name: "nothing has changed", first: []string{weather, harbour}, quote: "dredged twice", second: []string{weather, harbour},
			status: anchoring.StatusExact, want: "dredged twice", page: 2,
		},
		{
			name: "it is on another page", first: []string{weather, harbour}, quote: "new quay carries cranes",
			second: []string{methods, weather, "", methods, harbour},
			status: anchoring.StatusExact, want: "new quay carries cranes", page: 5,
		},
		{
			name: "broken into lines in another way", first: []string{weather}, quote: "eleven percent between the two surveys",
			second: []string{"Storms over the northern basin grew by eleven per-\ncent between\nthe  two sur\u00adveys. Buoys recorded waves of nine metres in March."},
			status: anchoring.StatusExact, want: "eleven per-\ncent between\nthe  two sur\u00adveys",
		},
		{
			name: "ligatures", first: []string{"The ﬁrst eﬃcient ﬂow of oﬃcers was ﬁne."}, quote: "eﬃcient ﬂow",
			second: []string{"The first efficient flow of officers was fine."},
			status: anchoring.StatusExact, want: "efficient flow",
		},
		{
			name: "accents as code points of their own", first: []string{norm.NFC.String("Gödel and Erdős met Hölder near Besançon in spring.")}, quote: norm.NFC.String("Erdős met Hölder"),
			second: []string{norm.NFD.String("Gödel and Erdős met Hölder near Besançon in spring.")},
			status: anchoring.StatusExact, want: norm.NFD.String("Erdős met Hölder"),
		},
		{
			name: "other quotation marks", first: []string{"They called it “the captain’s choice” for a year."}, quote: "“the captain’s choice”",
			second: []string{`They called it "the captain's choice" for a year.`},
			status: anchoring.StatusExact, want: `"the captain's choice"`,
		},
		{
			name: "a heading is now in capitals", first: []string{"Materials and Methods\n" + methods}, quote: "Materials and Methods",
			second: []string{"MATERIALS AND METHODS\n" + methods},
			status: anchoring.StatusFuzzy, want: "MATERIALS AND METHODS",
		},
		{
			name: "outside the basic plane", first: []string{"Let 𝔄 be the 𝒞-algebra of 🜚 and 𝔅 its dual, as before."}, quote: "🜚 and 𝔅 its dual",
			second: []string{"🜚🜚🜚 Then let 𝔄 be the 𝒞-algebra of 🜚 and 𝔅 its dual, as before."},
			status: anchoring.StatusExact, want: "🜚 and 𝔅 its dual",
		},
		{
			name: "a page ends inside it now", first: []string{weather + " " + methods}, quote: "nine metres in March. We counted all vessels",
			second: []string{weather, "", methods},
			status: anchoring.StatusExact, want: "nine metres in March. | We counted all vessels",
		},
		{
			name: "a page ended inside it", first: []string{weather + " " + methods, harbour}, quote: methods[len(methods)-29:],
			second: []string{weather, methods + " " + harbour},
			status: anchoring.StatusExact, want: methods[len(methods)-29:],
		},
		{
			name:  "a running head now stands inside it",
			first: []string{weather + " " + harbour + " " + methods}, quote: "nine metres in March. The harbour at Kolding",
			second: []string{head(1) + weather, head(2) + harbour, head(3) + methods},
			status: anchoring.StatusExact, want: "nine metres in March. | The harbour at Kolding",
		},
		{
			name: "typing errors", first: []string{weather, harbour}, quote: "cranes that were built in Gdansk",
			second: []string{weather, strings.Replace(harbour, "were built in", "wre bullt in", 1)},
			status: anchoring.StatusFuzzy, want: "cranes that wre bullt in Gdansk",
		},
		{
			name: "its first and last words were changed", first: []string{weather, harbour}, quote: "carries cranes that were built in Gdansk",
			second: []string{weather, strings.NewReplacer("carries", "carried", "Gdansk", "Gdańsks").Replace(harbour)},
			status: anchoring.StatusFuzzy, want: "carried cranes that were built in Gdańsks",
		},
		{
			name: "changed in the middle", first: []string{weather, harbour + " " + methods},
			quote:  "Its new quay carries cranes that were built in Gdansk, and a railway runs behind it. We counted all vessels from the tower",
			second: []string{weather, strings.Replace(harbour, "that were built in Gdansk, and a railway", "of an older kind, lent by the port of Hamburg; the road still", 1) + " " + methods},
			status: anchoring.StatusFuzzy,
			want:   "Its new quay carries cranes of an older kind, lent by the port of Hamburg; the road still runs behind it. We counted all vessels from the tower",
		},
		{
			name: "a sentence was put into it", first: []string{weather + " " + harbour + " " + methods}, quote: harbour,
			second: []string{weather + " " + strings.Replace(harbour, "twice. ", "twice. It had silted up after the flood of 1872, as the port's own books and those of the crown agree. ", 1) + " " + methods},
			status: anchoring.StatusFuzzy,
			want:   strings.Replace(harbour, "twice. ", "twice. It had silted up after the flood of 1872, as the port's own books and those of the crown agree. ", 1),
		},
		{
			name: "paragraphs changed places", first: []string{weather + "\n" + harbour + "\n" + methods}, quote: harbour,
			second: []string{methods + "\n" + harbour + "\n" + weather},
			status: anchoring.StatusExact, want: harbour,
		},
		{
			name: "it was deleted", first: []string{weather + " " + harbour + " " + methods}, quote: harbour,
			second: []string{weather + " " + methods}, status: anchoring.StatusOrphan,
		},
		{
			name: "it was written anew", first: []string{weather + " " + harbour + " " + methods}, quote: "The harbour at Kolding was dredged twice.",
			second: []string{weather + " Twice in a decade divers had to clear mud from that port. " + harbour[42:] + " " + methods}, status: anchoring.StatusOrphan,
		},
		{
			name: "all is gone", first: []string{weather}, quote: "Buoys", second: []string{"", ""}, status: anchoring.StatusOrphan,
		},
		{
			name: "there is no page", first: []string{weather}, quote: "Buoys", second: nil, status: anchoring.StatusOrphan,
		},
		{
			name: "a repeated sentence, by what stands around", first: []string{weather + " " + repeated + " " + harbour}, quote: repeated,
			second: []string{methods + " " + repeated, weather + " " + repeated + " " + harbour},
			status: anchoring.StatusExact, want: repeated, page: 2,
		},
		{
			name: "a short word, by what stands around", first: []string{weather}, quote: "two",
			second: []string{"One, two, three, two. " + methods, weather, "And two more."},
			status: anchoring.StatusExact, want: "two", page: 2,
		},
		{
			name: "a short word elsewhere", first: []string{weather}, quote: "two",
			second: []string{"Of these, two were lost at sea."}, status: anchoring.StatusOrphan,
		},
		{
			name: "part of a word", first: []string{"Unbelievably good electrocardiographs were used."}, quote: "cardio",
			second: []string{"Unbelievably goood electrocardiographs were used."},
			status: anchoring.StatusExact, want: "cardio",
		},
		{
			name: "a dash at its beginning", first: []string{"It fell to – minus – the lowest value ever."}, quote: "– minus –",
			second: []string{"And so: it fell to – minus – the lowest value ever."},
			status: anchoring.StatusExact, want: "– minus –",
		},
		{
			name: "Chinese", first: []string{"港口在两年内疏浚了两次。新码头的起重机是在格但斯克制造的，后面有一条铁路。"}, quote: "起重机是在格但斯克制造的",
			second: []string{"我们从塔上数船。", "港口在两年内疏浚了两次。新码头的起重机是在格但斯\n克制造的，后面有一条铁路。"},
			status: anchoring.StatusExact, want: "起重机是在格但斯\n克制造的", page: 2,
		},
		{
			name: "Arabic", first: []string{"تم تجريف الميناء مرتين. رصيفه الجديد يحمل رافعات بنيت هناك."}, quote: "رصيفه الجديد يحمل",
			second: []string{"مقدمة.", "تم تجريف الميناء مرتين. رصيفه الجديد يحمل رافعات بنيت هنا."},
			status: anchoring.StatusExact, want: "رصيفه الجديد يحمل",
		},
	} {
		t.Run(one.name, func(t *testing.T) {
			quote, hint := quoteOf(t, one.first, one.quote)
			for _, hint := range [][]anchoring.Position{nil, hint} {
				match := anchoring.NewText(one.second).Locate(quote, hint)
				if match.Status != one.status || textOf(one.second, match.Parts) != one.want {
					t.Fatalf("%s %.2f %q, want %s %q", match.Status, match.Score, textOf(one.second, match.Parts), one.status, one.want)
				}
				if one.page != 0 && match.Parts[0].Page != one.page {
					t.Errorf("on page %d, want %d", match.Parts[0].Page, one.page)
				}
				checkScore(t, match)
			}
		})
	}
}

func checkScore(t *testing.T, match anchoring.Match) {
	t.Helper()
	switch match.Status {
	case anchoring.StatusExact:
		if match.Score < 0.9 || match.Score > 1 {
			t.Errorf("%s has the score %v", match.Status, match.Score)
		}
	case anchoring.StatusFuzzy:
		if match.Score <= 0 || match.Score >= 1 {
			t.Errorf("%s has the score %v", match.Status, match.Score)
		}
	default:
		if match.Score != 0 || match.Parts != nil {
			t.Errorf("an orphan has %v %v", match.Score, match.Parts)
		}
	}
}

// What stands on every page is the same everywhere: only where it stood tells.
func TestRunningHeadsAreNotGuessed(t *testing.T) {
	var pages []string
	for i := range 9 {
		pages = append(pages, "Annals of Shipping, Volume 12\n"+methods+fmt.Sprintf(" Chapter %d.", i))
	}
	text := anchoring.NewText(pages)
	quote := anchoring.Quote{Exact: "Annals of Shipping", Suffix: ", Volume 12 We counted all vessels"}
	if match := text.Locate(quote, nil); match.Status != anchoring.StatusOrphan {
		t.Errorf("without a hint: %v", match)
	}
	match := text.Locate(quote, []anchoring.Position{{5, 0, 17}})
	if match.Status != anchoring.StatusFuzzy || !slices.Equal(match.Parts, []anchoring.Position{{5, 0, 18}}) || match.Score > 0.8 {
		t.Errorf("near its old place: %v", match)
	}
	hint := []anchoring.Position{{7, 0, 18}}
	quote, err := text.QuoteAt(hint)
	if err != nil {
		t.Fatal(err)
	}
	if match := text.Locate(quote, hint); match.Status != anchoring.StatusExact || match.Score != 1 || !slices.Equal(match.Parts, hint) {
		t.Errorf("at its old place: %v", match)
	}
}

// A mark that came from a file may have no context and a place that is a little
// off, or no page that there is.
func TestQuotesWithoutContext(t *testing.T) {
	pages := []string{weather, harbour, methods}
	text := anchoring.NewText(pages)
	for _, one := range []struct {
		quote string
		hint  []anchoring.Position
		want  string
	}{
		{"new quay carries cranes", nil, "new quay carries cranes"},
		{"new quay carries cranes", []anchoring.Position{{99, 4, 2}}, "new quay carries cranes"},
		{"new quay carries cranes", []anchoring.Position{{-1, -4, -2}}, "new quay carries cranes"},
		{"the", nil, ""},
		{"the", []anchoring.Position{{1, 12, 15}}, "the"},
		{" \n ", nil, ""},
		{"—", nil, ""},
		{"", nil, ""},
	} {
		match := text.Locate(anchoring.Quote{Exact: one.quote}, one.hint)
		if got := textOf(pages, match.Parts); got != one.want {
			t.Errorf("%q at %v: %v %q, want %q", one.quote, one.hint, match, got, one.want)
		}
	}
}

// Many pages marked at once.
func TestHugeQuotes(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	pages := prose(60, random)
	text := anchoringtest.Join(pages)
	before := anchoringtest.Unbroken(pages)
	from, to := len(text.Runes)/6, len(text.Runes)*5/6
	for text.Runes[from-1] != ' ' {
		from++
	}
	for text.Runes[to] != ' ' {
		to++
	}
	quote, err := anchoring.NewText(pages).QuoteAt(before.Parts(from, to))
	if err != nil {
		t.Fatal(err)
	}
	for _, rate := range []float64{0, 0.02} {
		changed := anchoringtest.Noisy(text, rate, random)
		after := anchoringtest.Split(changed, 1700)
		began := time.Now()
		match := anchoring.NewText(after.Texts).Locate(quote, nil)
		if match.Status == anchoring.StatusOrphan {
			t.Fatalf("%v of errors: lost", rate)
		}
		start, end := after.Range(match.Parts)
		if anchoringtest.WordsBetween(changed.Runes, start, changed.At[from]) > 1 || anchoringtest.WordsBetween(changed.Runes, end, changed.At[to]) > 1 {
			t.Errorf("%v of errors: from %d to %d, want %d to %d", rate, start, end, changed.At[from], changed.At[to])
		}
		t.Logf("%d code points in %v", to-from, time.Since(began))
	}
}

// prose is pages of sentences from a small vocabulary, so that its phrases
// resemble each other as those of one author do.
func prose(count int, random *rand.Rand) []string {
	const syllables = "ka lo min ter as pro ven di sul or ex ba con ri ta ne fu gra pel ing ed tion"
	parts := strings.Fields(syllables)
	vocabulary := make([]string, 900)
	for i := range vocabulary {
		for range 1 + random.IntN(4) {
			vocabulary[i] += parts[random.IntN(len(parts))]
		}
	}
	vocabulary = append(vocabulary, "the", "of", "and", "in", "to", "is", "that", "we", "for", "a")
	pages := make([]string, count)
	for i := range pages {
		var page strings.Builder
		for range 20 {
			for n := range 8 + random.IntN(12) {
				if n > 0 {
					page.WriteByte(' ')
				}
				// Zipf's law: the first words of a sorted list are the most frequent.
				at := int(float64(len(vocabulary)) * random.Float64() * random.Float64())
				page.WriteString(vocabulary[len(vocabulary)-1-at])
			}
			page.WriteString(". ")
		}
		pages[i] = strings.TrimSpace(page.String())
	}
	return pages
}

// The larger measurement, on papers, is bench/anchoring.
func TestQuotesSurviveErrors(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	pages := prose(25, random)
	text := anchoringtest.Join(pages)
	before := anchoringtest.Unbroken(pages)
	first := anchoring.NewText(pages)
	for _, one := range []struct{ rate, placed, right float64 }{
		{0, 1, 1},
		{0.005, 0.995, 0.995},
		{0.02, 0.99, 0.995},
		{0.05, 0.985, 0.99},
	} {
		changed := anchoringtest.Noisy(text, one.rate, random)
		after := anchoringtest.Split(changed, 2100)
		second := anchoring.NewText(after.Texts)
		const all = 200
		placed, right := 0, 0
		for range all {
			from, to := anchoringtest.Quote(text.Runes, 20, 200, random)
			hint := before.Parts(from, to)
			quote, err := first.QuoteAt(hint)
			if err != nil {
				t.Fatal(err)
			}
			match := second.Locate(quote, hint)
			if match.Status == anchoring.StatusOrphan {
				continue
			}
			placed++
			start, end := after.Range(match.Parts)
			if anchoringtest.WordsBetween(changed.Runes, start, changed.At[from]) <= 1 && anchoringtest.WordsBetween(changed.Runes, end, changed.At[to]) <= 1 {
				right++
			}
			if match.Status == anchoring.StatusExact && one.rate == 0 && (start != from || end != to) {
				t.Errorf("%q: from %d to %d, want %d to %d", quote.Exact, start, end, from, to)
			}
		}
		t.Logf("%.1f %% of errors: placed %d of %d, right %d", 100*one.rate, placed, all, right)
		if float64(placed) < one.placed*all || float64(right) < one.right*float64(placed) {
			t.Errorf("%.1f %% of errors: placed %d of %d, right %d", 100*one.rate, placed, all, right)
		}
	}
}

func TestRemovedQuotesAreOrphans(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	pages := prose(8, random)
	text := anchoringtest.Join(pages)
	before := anchoringtest.Unbroken(pages)
	first := anchoring.NewText(pages)
	const all = 200
	placed := 0
	for range all {
		from, to := anchoringtest.Quote(text.Runes, 20, 200, random)
		hint := before.Parts(from, to)
		quote, err := first.QuoteAt(hint)
		if err != nil {
			t.Fatal(err)
		}
		changed := anchoringtest.Noisy(anchoringtest.Without(text, from, to), 0.01, random)
		after := anchoringtest.Split(changed, 2100)
		if match := anchoring.NewText(after.Texts).Locate(quote, hint); match.Status != anchoring.StatusOrphan {
			placed++
			t.Logf("%q at %q: %v", quote.Exact, textOf(after.Texts, match.Parts), match)
		}
	}
	if placed > all/200 {
		t.Errorf("%d of %d were placed", placed, all)
	}
}

// Taking a quote and looking for it in the same text leads back, with and
// without a hint, or says that it cannot tell.
func TestRoundTrip(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	alphabet := []rune("aab  bc\ndé-–ﬁ\u0301’\u00ad²漢字🜚Å")
	for range 800 {
		pages := make([]string, 1+random.IntN(4))
		for i := range pages {
			runes := make([]rune, random.IntN(120))
			for j := range runes {
				runes[j] = alphabet[random.IntN(len(alphabet))]
			}
			pages[i] = strings.TrimSpace(string(runes))
		}
		text := anchoring.NewText(pages)
		page := random.IntN(len(pages))
		length := len([]rune(pages[page]))
		if length == 0 {
			continue
		}
		start := random.IntN(length)
		parts := []anchoring.Position{{page + 1, start, start + 1 + random.IntN(length-start)}}
		quote, err := text.QuoteAt(parts)
		if err != nil {
			t.Fatal(err)
		}
		match := text.Locate(quote, parts)
		if match.Status != anchoring.StatusExact || match.Score != 1 || !slices.Equal(match.Parts, parts) {
			t.Fatalf("%q in %q: %v, want %v", quote, pages, match, parts)
		}
		match = text.Locate(quote, nil)
		checkParts(t, pages, match)
		if match.Status == anchoring.StatusExact {
			got, want := textOf(pages, match.Parts), quote.Exact
			if squeeze(got) != squeeze(want) {
				t.Fatalf("%q gives %q in %q", want, got, pages)
			}
		}
	}
}

// squeeze leaves what the form for comparing keeps, roughly.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n-–|\u00ad\u0301", r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}

func checkParts(t *testing.T, pages []string, match anchoring.Match) {
	t.Helper()
	checkScore(t, match)
	last := 0
	for _, part := range match.Parts {
		if part.Page <= last || part.Page > len(pages) {
			t.Fatalf("parts %v on %d pages", match.Parts, len(pages))
		}
		last = part.Page
		if part.Start < 0 || part.Start >= part.End || part.End > len([]rune(pages[part.Page-1])) {
			t.Fatalf("parts %v outside %q", match.Parts, pages)
		}
	}
	if (match.Status == anchoring.StatusOrphan) != (len(match.Parts) == 0) {
		t.Fatalf("%v", match)
	}
}

// No text takes long, however it repeats itself.
func TestRepetitionIsBounded(t *testing.T) {
	for _, unit := range []string{"a", "ab ", "the quick brown fox ", "漢"} {
		pages := slices.Repeat([]string{strings.TrimSpace(strings.Repeat(unit, 3000/len(unit)))}, 30)
		text := anchoring.NewText(pages)
		for _, length := range []int{1, 60, 1500, 20_000} {
			exact := strings.Repeat(unit, 1+length/len(unit))
			began := time.Now()
			match := text.Locate(anchoring.Quote{Exact: exact, Prefix: exact[:len(unit)], Suffix: exact[:len(unit)]}, nil)
			checkParts(t, pages, match)
			if match.Status == anchoring.StatusExact {
				t.Errorf("%d of %q: %v", length, unit, match)
			}
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("%d of %q took %v", length, unit, took)
			}
		}
	}
}

func FuzzLocate(f *testing.F) {
	f.Add(weather, harbour, "Buoys recorded", "surveys. ", " waves of", 1, 3, 9)
	f.Add("aaaaaaaa aaaaaa", "aaaaaaa", "aaaa", "a", "", 2, 0, 4)
	f.Add("", "", "", "", "", 0, 0, 0)
	f.Add("e\u0301\u00ad-\n-x", "ﬁ\xff\u200b漢", "\u0301", "-", "–", -1, -5, 1<<40)
	f.Add("one – two", "— three", "two — three", "– ", "", 1, 6, 9)
	f.Fuzz(func(t *testing.T, a, b, exact, prefix, suffix string, page, start, end int) {
		pages := []string{a, b, "", a}
		text := anchoring.NewText(pages)
		quote := anchoring.Quote{Exact: exact, Prefix: prefix, Suffix: suffix}
		hint := []anchoring.Position{{page, start, end}}
		for _, hint := range [][]anchoring.Position{nil, hint, append(hint, anchoring.Position{Page: page + 1, End: end})} {
			match := text.Locate(quote, hint)
			checkParts(t, pages, match)
			if again := text.Locate(quote, hint); again.Status != match.Status || !slices.Equal(again.Parts, match.Parts) {
				t.Fatalf("%v, then %v", match, again)
			}
		}
	})
}
