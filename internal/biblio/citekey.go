package biblio

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// DefaultKeyPattern makes keys as "lovelace1843sketch".
const DefaultKeyPattern = "[auth:lower][year][veryshorttitle:lower]"

// KeyPattern makes citation keys: text, and fields in brackets with changes
// behind colons, as "[auth:lower]_[year]".
//
// Fields: auth (the first author's family name, else an editor's), authors (up to
// three, then EtAl), year, shortyear (two digits), title (all words that say
// something), shorttitle (three of them), veryshorttitle (one), journal (the
// initials of its words), type, doi. Changes: lower, upper, capitalize, and a
// number, which is how many characters are kept.
type KeyPattern struct{ parts []keyPart }

type keyPart struct {
	text, field string
	changes     []string
}

var (
	keyField = regexp.MustCompile(`\[([a-z]+)((?::[a-z0-9]+)*)\]`)
	keyText  = regexp.MustCompile(`^[\pL\pN_.:+/-]*$`)
)

var keyFields = map[string]func(*csl.Item) string{
	"auth":           func(i *csl.Item) string { return first(keyNames(i)) },
	"authors":        keyAuthors,
	"year":           func(i *csl.Item) string { return keyYear(i, false) },
	"shortyear":      func(i *csl.Item) string { return keyYear(i, true) },
	"title":          func(i *csl.Item) string { return keyTitle(i, 100) },
	"shorttitle":     func(i *csl.Item) string { return keyTitle(i, 3) },
	"veryshorttitle": func(i *csl.Item) string { return keyTitle(i, 1) },
	"journal":        keyJournal,
	"type":           func(i *csl.Item) string { return i.Type },
	"doi":            func(i *csl.Item) string { return i.DOI },
}

// ParseKeyPattern reads a pattern. The error says which part is not understood.
func ParseKeyPattern(pattern string) (KeyPattern, error) {
	var p KeyPattern
	at := 0
	literal := func(text string) error {
		if !keyText.MatchString(text) {
			return fmt.Errorf("a key cannot have %q; letters, digits and _ . : + / - are possible, and fields in brackets", text)
		}
		if text != "" {
			p.parts = append(p.parts, keyPart{text: text})
		}
		return nil
	}
	for _, m := range keyField.FindAllStringSubmatchIndex(pattern, -1) {
		if err := literal(pattern[at:m[0]]); err != nil {
			return KeyPattern{}, err
		}
		at = m[1]
		part := keyPart{field: pattern[m[2]:m[3]]}
		if keyFields[part.field] == nil {
			return KeyPattern{}, fmt.Errorf("the field %q is not known", part.field)
		}
		if changes := strings.TrimPrefix(pattern[m[4]:m[5]], ":"); changes != "" {
			part.changes = strings.Split(changes, ":")
		}
		for _, change := range part.changes {
			if n, err := strconv.Atoi(change); change != "lower" && change != "upper" && change != "capitalize" && (err != nil || n < 1) {
				return KeyPattern{}, fmt.Errorf("the change %q is not known", change)
			}
		}
		p.parts = append(p.parts, part)
	}
	if err := literal(pattern[at:]); err != nil {
		return KeyPattern{}, err
	}
	if len(p.parts) == 0 {
		return KeyPattern{}, fmt.Errorf("the pattern is empty")
	}
	return p, nil
}

// Key of a work. Works that lack what the pattern asks for have "unknown" in
// their keys where all of it is missing.
func (p KeyPattern) Key(item *csl.Item) string {
	var b strings.Builder
	for _, part := range p.parts {
		if part.field == "" {
			b.WriteString(part.text)
			continue
		}
		value := keyFields[part.field](item)
		for _, change := range part.changes {
			value = keyChange(value, change)
		}
		b.WriteString(value)
	}
	if strings.Trim(b.String(), "_.:+/-") == "" {
		return "unknown"
	}
	return b.String()
}

// UniqueKey puts a, b … z, aa behind a key that is taken.
func UniqueKey(key string, taken func(string) bool) string {
	if !taken(key) {
		return key
	}
	for i := 0; ; i++ {
		if with := key + letters(i); !taken(with) {
			return with
		}
	}
}

// KeySet holds keys that are taken, as BibTeX compares them: without regard to
// capitals. Its zero value is empty.
type KeySet struct {
	taken map[string]bool
	// tried counts the letters that were put behind a key: of a thousand works
	// that ask for the same one, none begins from a again.
	tried map[string]int
}

// Add takes a key.
func (s *KeySet) Add(key string) {
	if s.taken == nil {
		s.taken, s.tried = map[string]bool{}, map[string]int{}
	}
	s.taken[strings.ToLower(key)] = true
}

// Unique takes a key and gives it, with letters behind it as UniqueKey has them
// where it was taken before.
func (s *KeySet) Unique(key string) string {
	base := strings.ToLower(key)
	with := key
	for s.taken[strings.ToLower(with)] {
		with = key + letters(s.tried[base])
		s.tried[base]++
	}
	s.Add(with)
	return with
}

func letters(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return letters(i/26-1) + letters(i%26)
}

func keyChange(value, change string) string {
	switch change {
	case "lower":
		return strings.ToLower(value)
	case "upper":
		return strings.ToUpper(value)
	case "capitalize":
		r := []rune(value)
		if len(r) > 0 {
			r[0] = unicode.ToUpper(r[0])
		}
		return string(r)
	}
	r := []rune(value)
	return string(r[:min(len(r), atoi(change))])
}

func first(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

func keyNames(i *csl.Item) []string {
	people := i.Author
	if len(people) == 0 {
		people = i.Editor
	}
	if len(people) == 0 {
		people = i.Translator
	}
	var names []string
	for _, n := range people {
		name := n.Family
		if name == "" {
			name = n.Short()
		}
		if name = folded(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

func keyAuthors(i *csl.Item) string {
	names := keyNames(i)
	if len(names) > 3 {
		return strings.Join(names[:3], "") + "EtAl"
	}
	return strings.Join(names, "")
}

func keyYear(i *csl.Item, short bool) string {
	year := i.Year()
	switch {
	case year == 0:
		return "nd"
	case short:
		return twoDigits(max(year, -year) % 100)
	}
	return strconv.Itoa(max(year, -year))
}

// emptyWords say nothing of a work.
var emptyWords = map[string]bool{}

func init() {
	for w := range strings.FieldsSeq("a an the of and or in on at to for from by with as is are do does what how why der die das ein eine und le la les un une et el los las una de des du zur zum über") {
		emptyWords[w] = true
	}
}

func keyTitle(i *csl.Item, count int) string {
	var b strings.Builder
	title := plainMarkup.ReplaceAllString(i.Title, "")
	for _, word := range strings.FieldsFunc(title, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) && c != '\'' && c != '’'
	}) {
		if count == 0 {
			break
		}
		if word = folded(word); word == "" || emptyWords[strings.ToLower(word)] {
			continue
		}
		b.WriteString(keyChange(word, "capitalize"))
		count--
	}
	return b.String()
}

var plainMarkup = regexp.MustCompile(`<[^>]*>`)

func keyJournal(i *csl.Item) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(i.ContainerTitle) {
		if word = folded(word); word != "" && !emptyWords[strings.ToLower(word)] {
			b.WriteString(keyChange(keyChange(word, "1"), "upper"))
		}
	}
	return b.String()
}

// folded are the letters and digits of a text, without accents; letters of other
// scripts stay.
func folded(text string) string {
	text = strings.NewReplacer("ß", "ss", "æ", "ae", "Æ", "Ae", "ø", "o", "Ø", "O", "œ", "oe", "Œ", "Oe", "ł", "l", "Ł", "L", "đ", "d", "Đ", "D", "þ", "th", "ð", "d", "ı", "i").Replace(text)
	return strings.Map(func(c rune) rune {
		if unicode.IsMark(c) || !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			return -1
		}
		return c
	}, norm.NFD.String(text))
}
