package document

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// A page's vector has two parts: its words as they are, and behind them their
// stems in the page's language, where a run of characters without spaces gives
// each pair of neighbours. Words as they are have weight A; the weight of a stem
// says which languages it may be of, so that the English "dies", whose stem is
// "die", does not find every German page.

// language is one that pages are stemmed in.
type language struct {
	weight string
	// small are frequent words, folded, by which its texts are known.
	small string
}

// languages by ISO 639-1. Their dictionaries are in the migrations.
var languages = map[string]language{
	"en": {"D", "the of and to in is that for it as was with be by on not are this have from or which we can these"},
	"fr": {"C", "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se il sont avec ou ce cette nous aux"},
	"es": {"C", "de la que el en y los del se las por un para con no una su al es lo como mas pero sus este entre esta o"},
	"it": {"C", "di che e la il un per in una sono non del con le della si i da gli dei nel alla piu come ha anche delle"},
	"pt": {"C", "de a o que e do da em um para com nao uma os no se na por mais as dos como mas ao das pela entre sao foi"},
	"de": {"B", "der die und in den von zu das mit sich des auf fur ist im dem nicht ein eine als auch es an werden aus er hat dass"},
	"nl": {"B", "de van het een en in is dat op te zijn met voor niet aan er om ook als bij door deze wordt naar worden uit maar"},
	"da": {"B", "og i at det er en til af den for pa med som ikke de der et har fra kan ogsa eller hvor var blev efter mellem"},
	"no": {"B", "og i det er en til av den for pa med som ikke de et har fra kan ogsa eller hvor var ble etter mellom seg ved"},
	"sv": {"B", "och i att det som en pa ar av for med den till inte om ett de har fran kan aven eller var mellan vid efter"},
	"fi": {"B", "ja on ei etta se oli mutta tai ovat kun joka myos sen ole jos han voi kuin niin sita ne ovat sekaa mukaan"},
	"ru": {"B", "и в не на я быть он с что а по это она к но они мы из который то за от со для так о как при или их также"},
}

// unknown is the language of pages that have none of these. They have no stems.
const unknown = ""

// unknownWeight is that of pairs of characters on such pages.
const unknownWeight = "D"

// small says which languages have a small word.
var small = func() map[string][]string {
	list := map[string][]string{}
	for code, l := range languages {
		for word := range strings.FieldsSeq(l.small) {
			if !slices.Contains(list[word], code) {
				list[word] = append(list[word], code)
			}
		}
	}
	return list
}()

// StemWeight is the weight that stems of a language have in a page's vector:
// B, C or D.
func StemWeight(code string) string {
	if l, ok := languages[code]; ok {
		return l.weight
	}
	return unknownWeight
}

// Dictionary is the name of the text search dictionary that stems a language;
// empty where there is none.
func Dictionary(code string) string {
	switch _, ok := languages[code]; {
	case !ok:
		return ""
	case code == "en":
		return "scrollkeeper_stem"
	}
	return "scrollkeeper_stem_" + code
}

// languageOf gives the language of a tag such as "de-AT"; unknown where pages are
// not stemmed in it.
func languageOf(tag string) string {
	code, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-"), "-")
	if code == "nb" || code == "nn" {
		code = "no"
	}
	if _, ok := languages[code]; !ok {
		return unknown
	}
	return code
}

const (
	// likely is the part of a text's words that are a language's small ones, from
	// which on it may be in that language; in prose it is a quarter to a half.
	likely = 0.08
	// certain is the same for a text of which something else is said.
	certain = 0.2
	// minGuessed is how many words a text must have to be guessed at.
	minGuessed = 12
)

// guess tells a text's language by its small words, and how large a part of all
// they are; unknown where no language is likely.
func guess(terms []Term) (code string, part float64) {
	if len(terms) < minGuessed {
		return unknown, 0
	}
	counts := map[string]int{}
	for _, t := range terms {
		for _, code := range small[t.Text] {
			counts[code]++
		}
	}
	best, most, second := unknown, 0, 0
	for code, n := range counts {
		switch {
		case n > most || n == most && code < best:
			best, most, second = code, n, most
		case n > second:
			second = n
		}
	}
	part = float64(most) / float64(len(terms))
	if part < likely || most == second {
		return unknown, part
	}
	return best, part
}

// languageOfPage is what a page is stemmed in: what is said of its document, but
// for a page that is plainly in another language; where nothing is said, what it
// looks like. A page with few words is like the others; where they tell nothing
// either, it is taken for English.
func languageOfPage(said string, terms []Term) string {
	guessed, part := guess(terms)
	switch {
	case said == unknown && len(terms) < minGuessed && latin(terms):
		return "en"
	case said == unknown:
		return guessed
	case guessed != unknown && part >= certain:
		return guessed
	}
	return said
}

// latin reports whether a text is in letters that English has.
func latin(terms []Term) bool {
	return !slices.ContainsFunc(terms, func(t Term) bool { return strings.ContainsFunc(t.Text, func(r rune) bool { return r >= 0x80 }) })
}

// Indexed is a text as it goes into a page's vector.
type Indexed struct {
	Language string // ISO 639-1; empty where the text is in none that has stems
	Words    string // as they are, folded, with a space between
	Stems    string // the second part; empty where there is nothing to add
	Weight   string // of Stems
}

// Index gives texts as pages are indexed. said is what is known of their document's
// language, as its metadata has it; it may be empty.
func Index(ctx context.Context, db postgres.DBTX, said string, texts []string) ([]Indexed, error) {
	said = languageOf(said)
	list, terms := make([]Indexed, len(texts)), make([][]Term, len(texts))
	var all []Term
	for i, text := range texts {
		terms[i] = bounded(Terms(text))
		if said == unknown && len(all) < 5000 {
			all = append(all, terms[i]...)
		}
	}
	if said == unknown {
		said, _ = guess(all)
	}
	asked := map[stemKey]string{}
	for i, text := range texts {
		list[i] = Indexed{Language: languageOfPage(said, terms[i]), Words: joined(terms[i])}
		list[i].Weight = StemWeight(list[i].Language)
		if list[i].Language == unknown {
			continue
		}
		runes := []rune(text)
		for _, t := range terms[i] {
			if stemmed(t.Text) {
				asked[stemKey{list[i].Language, t.Typed(runes)}] = ""
			}
		}
	}
	if err := stems(ctx, db, asked); err != nil {
		return nil, err
	}
	for i, text := range texts {
		list[i].Stems = second(text, terms[i], func(word string) string { return asked[stemKey{list[i].Language, word}] })
	}
	return list, nil
}

// second is the second part of a page's vector: a stem in the place of each word,
// and a pair in the place of each character that another one follows. Empty where it
// would say no more than the first.
func second(text string, terms []Term, stemOf func(word string) string) string {
	runes := []rune(text)
	var out strings.Builder
	more := false
	for i, t := range terms {
		if i > 0 {
			out.WriteByte(' ')
		}
		word := t.Text
		switch {
		case pairs(runes, terms, i):
			word += terms[i+1].Text
			more = true
		case stemmed(t.Text):
			if stem := stemOf(t.Typed(runes)); stem != "" {
				word = stem
				more = true
			}
		}
		out.WriteString(word)
	}
	if !more {
		return ""
	}
	return out.String()
}

// pairs reports whether a term is a character of a script without spaces that
// another one follows, if only on the next line.
func pairs(text []rune, terms []Term, i int) bool {
	if i+1 == len(terms) || !terms[i].Unspaced() || !terms[i+1].Unspaced() {
		return false
	}
	from, to := terms[i].End, terms[i+1].Start
	return to <= from || to == from+1 && unicode.IsSpace(text[from])
}

// stemmed reports whether a word may have a stem: words with digits are indexed as
// they are, and characters have none.
func stemmed(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsDigit(r) || unspaced(r) })
}

// stemKey is a word in a language.
type stemKey struct{ language, word string }

// stems fills in each word's stem, folded. The database alone has the stemmers.
func stems(ctx context.Context, db postgres.DBTX, words map[stemKey]string) error {
	if len(words) == 0 {
		return nil
	}
	byLanguage := map[string][]string{}
	for k := range words {
		byLanguage[k.language] = append(byLanguage[k.language], k.word)
	}
	q := documentdb.New()
	for code, list := range byLanguage {
		rows, err := q.Stems(ctx, db, Dictionary(code), list)
		if err != nil {
			return fmt.Errorf("stems: %w", err)
		}
		for i, stem := range rows {
			words[stemKey{code, list[i]}] = foldedStem(stem)
		}
	}
	return nil
}

// Stems gives each word's stem in a language, folded, as pages have it: words as
// they were written, in small letters. A language without stems gives empty ones.
func Stems(ctx context.Context, db postgres.DBTX, code string, words []string) ([]string, error) {
	list := make([]string, len(words))
	dictionary := Dictionary(code)
	if dictionary == "" || len(words) == 0 {
		return list, nil
	}
	rows, err := documentdb.New().Stems(ctx, db, dictionary, words)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("stems: %w", err))
	}
	for i, stem := range rows {
		list[i] = foldedStem(stem)
	}
	return list, nil
}

func foldedStem(stem string) string {
	folded := []rune(pagetext.Fold(stem))
	return string(folded[:min(len(folded), maxTerm)])
}
