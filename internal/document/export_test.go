package document

// Guess tells a text's language.
func Guess(text string) string {
	code, _ := guess(Terms(text))
	return code
}

// LanguageOf gives the language of a tag.
func LanguageOf(tag string) string { return languageOf(tag) }

// Second is the second part of a page's vector with a made-up stemmer.
func Second(text string, stemOf func(word string) string) string {
	return second(text, Terms(text), stemOf)
}
