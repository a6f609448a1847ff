package extract

import (
	"strings"
	"unicode"
)

// functionWords are short words that are frequent in one language and rare in
// the others of this list.
var functionWords = map[string][]string{
	"en": {"the", "of", "and", "is", "that", "with", "for", "this", "are", "was", "from", "by", "we", "which"},
	"de": {"der", "die", "und", "das", "ist", "nicht", "von", "mit", "den", "wird", "auf", "eine", "werden", "zur", "für"},
	"fr": {"le", "la", "les", "des", "et", "est", "dans", "une", "du", "que", "pour", "sur", "qui", "nous", "avec", "sont"},
	"es": {"el", "la", "los", "las", "de", "que", "del", "una", "por", "con", "se", "para", "como", "es", "y"},
	"pt": {"o", "os", "as", "do", "da", "dos", "das", "que", "uma", "não", "com", "para", "em", "são", "ao", "e"},
	"it": {"il", "di", "che", "della", "per", "una", "con", "del", "sono", "nella", "gli", "dei", "è", "le"},
	"nl": {"de", "het", "een", "van", "en", "dat", "voor", "niet", "zijn", "met", "wordt", "op", "bij"},
	"sv": {"och", "att", "det", "som", "är", "för", "av", "inte", "med", "till", "den", "har", "ett"},
	"da": {"og", "det", "som", "er", "af", "ikke", "til", "med", "den", "at", "der", "har", "blev"},
	"no": {"og", "det", "som", "er", "av", "ikke", "til", "med", "den", "på", "har", "ble"},
	"fi": {"ja", "on", "että", "ei", "se", "oli", "ovat", "kun", "tai", "myös", "joka", "sekä"},
	"pl": {"i", "w", "na", "się", "z", "do", "jest", "nie", "że", "oraz", "przez", "dla", "są"},
	"cs": {"a", "je", "se", "na", "že", "v", "pro", "jsou", "které", "není", "byl", "nebo"},
	"tr": {"ve", "bir", "bu", "için", "ile", "olarak", "da", "de", "olan", "daha", "çok"},
	"hu": {"a", "az", "és", "hogy", "nem", "egy", "is", "meg", "volt", "vagy"},
	"ro": {"și", "în", "de", "la", "care", "din", "cu", "este", "pentru", "sunt"},
}

// languagesOf is functionWords the other way round.
var languagesOf = func() map[string][]string {
	languages := map[string][]string{}
	for language, words := range functionWords {
		for _, word := range words {
			languages[word] = append(languages[word], language)
		}
	}
	return languages
}()

// scripts that settle the language, or nearly so.
var scripts = []struct {
	table    *unicode.RangeTable
	language string
}{
	{unicode.Hiragana, "ja"},
	{unicode.Katakana, "ja"},
	{unicode.Hangul, "ko"},
	{unicode.Han, "zh"},
	{unicode.Greek, "el"},
	{unicode.Hebrew, "he"},
	{unicode.Arabic, "ar"},
	{unicode.Thai, "th"},
	{unicode.Devanagari, "hi"},
	{unicode.Cyrillic, "ru"},
}

// language of the first pages, as ISO 639-1 names it; empty when they do not
// tell.
func (f *frontMatter) language() string {
	var text strings.Builder
	for i := range f.pages {
		if !f.pages[i].cover {
			text.WriteString(f.pages[i].page.Text + "\n")
		}
	}
	return languageOf(text.String())
}

func (f *frontMatter) languageOf(page int) string { return languageOf(f.pages[page].page.Text) }

func languageOf(text string) string {
	letters, latin := 0, 0
	counts := map[string]int{}
	ukrainian := 0
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if unicode.Is(unicode.Latin, r) {
			latin++
			continue
		}
		for _, script := range scripts {
			if unicode.Is(script.table, r) {
				counts[script.language]++
				break
			}
		}
		if strings.ContainsRune("іїєґІЇЄҐ", r) {
			ukrainian++
		}
	}
	if letters < 20 {
		return ""
	}
	// A letter of Chinese is half a word; papers in these scripts have English
	// parts, too.
	best, most := "", 0
	for _, script := range scripts {
		if counts[script.language] > most {
			best, most = script.language, counts[script.language]
		}
	}
	switch {
	case best == "zh" && counts["ja"] > most/10:
		best = "ja"
	case best == "ru" && ukrainian > most/50:
		best = "uk"
	}
	if best == "zh" || best == "ja" || best == "ko" {
		most *= 4
	}
	if most > latin && most > 20 {
		return best
	}
	return latinLanguage(text)
}

func latinLanguage(text string) string {
	hits := map[string]int{}
	words := 0
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		word = strings.Trim(word, ".,;:()[]“”„\"'’")
		words++
		for _, language := range languagesOf[word] {
			hits[language]++
		}
	}
	best, most, second := "", 0, 0
	for language, n := range hits {
		switch {
		case n > most || n == most && language < best:
			best, most, second = language, n, most
		case n > second:
			second = n
		}
	}
	if words < 5 || most < 2 || 100*most < 6*words || 10*most < 11*second {
		return ""
	}
	return best
}
