package search

// ParseTyping is Parse, also while the last word is being typed.
func ParseTyping(text string, typing bool) (Query, error) { return parse(text, typing) }

// Rendered is what the database is asked.
func Rendered(q Query) (exact, loose string) { return q.exact(), q.loose() }
