package search

// ParseTyping is Parse, also while the last word is being typed.
func ParseTyping(text string, typing bool) (Query, error) { return parse(text, typing) }

// Rendered is what the database is asked.
func Rendered(q Query) (exact, loose string) { return q.exact(), q.loose() }

// RenderedForPages is what the vectors of pages are asked where words have stems as
// made-up languages have them.
func RenderedForPages(q Query, stems func(language, word string) string) (exact, loose string) {
	x := lexicon{pages: []string{"en", "de"}, older: true, stems: map[word][]string{}}
	for _, u := range q.units() {
		for _, w := range append([]string{u.joined}, u.words...) {
			for _, code := range x.pages {
				if w != "" {
					x.stems[word{code, w}] = []string{stems(code, w)}
				}
			}
		}
	}
	return x.query(q, x.pageZone()), x.loose(q)
}
