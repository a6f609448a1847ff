package search

// Rendered is what the database is asked.
func Rendered(q Query) (exact, loose string) { return q.exact(), q.loose() }
