package citeproc

import (
	"cmp"
	"embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed styles/*.csl locales/*.xml
var files embed.FS

// Bundled are the styles that come with the program, by their short names.
var Bundled = []BundledStyle{
	{"apa", "APA"},
	{"chicago-author-date", "Chicago (author–date)"},
	{"chicago-note-bibliography", "Chicago (notes and bibliography)"},
	{"ieee", "IEEE"},
	{"vancouver", "Vancouver"},
	{"harvard-cite-them-right", "Harvard (Cite Them Right)"},
	{"nature", "Nature"},
	{"modern-language-association", "MLA"},
}

// BundledStyle is a style's name, and what people call it.
type BundledStyle struct{ Name, Label string }

var loaded sync.Map // of names of styles and locales, with what was read

// Load gives a style that comes with the program. It is read once.
func Load(name string) (*Style, error) {
	if known, ok := loaded.Load("style " + name); ok {
		return known.(*Style), nil
	}
	file, err := files.Open("styles/" + name + ".csl")
	if err != nil {
		return nil, fmt.Errorf("there is no style %q", name)
	}
	defer file.Close()
	style, err := ReadStyle(file, loadParent)
	if err != nil {
		return nil, err
	}
	loaded.Store("style "+name, style)
	return style, nil
}

// loadParent finds the style that a dependent one names by its address.
func loadParent(id string) (*Style, error) {
	return Load(id[strings.LastIndex(id, "/")+1:])
}

// localeFor is the language's locale with the style's own words. A language
// without a file takes that of its main dialect, or English.
func (s *Style) localeFor(lang string) (*locale, error) {
	base, err := loadLocale(localeName(lang))
	if err != nil {
		return nil, err
	}
	l := base.derived()
	primary, _, _ := strings.Cut(lang, "-")
	for _, wanted := range []string{"", primary, lang} {
		for _, own := range s.locales {
			if strings.EqualFold(own.attr["lang"], wanted) {
				if err := l.add(own); err != nil {
					return nil, err
				}
			}
		}
		if primary == lang && wanted == primary {
			break
		}
	}
	return l, nil
}

// dialects are the locales of languages that are given without a country.
var dialects = map[string]string{
	"en": "en-US", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "nl": "nl-NL", "pt": "pt-PT",
	"pl": "pl-PL", "ru": "ru-RU", "zh": "zh-CN", "ja": "ja-JP", "ko": "ko-KR",
}

func localeName(lang string) string {
	primary, _, _ := strings.Cut(lang, "-")
	for _, name := range []string{lang, dialects[strings.ToLower(primary)]} {
		if _, err := files.Open("locales/locales-" + name + ".xml"); err == nil {
			return name
		}
	}
	return cmp.Or(dialects[strings.ToLower(primary)], "en-US")
}

func loadLocale(name string) (*locale, error) {
	if known, ok := loaded.Load("locale " + name); ok {
		return known.(*locale), nil
	}
	file, err := files.Open("locales/locales-" + name + ".xml")
	if err != nil {
		return nil, fmt.Errorf("locale %s: %w", name, err)
	}
	defer file.Close()
	l, err := readLocale(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	loaded.Store("locale "+name, l)
	return l, nil
}
