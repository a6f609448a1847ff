package extract

import "scrollkeeper.example/scrollkeeper/internal/citation"

// findDOI is the first DOI in text, in lower case; empty when there is none.
func findDOI(text string) string { return citation.FindDOI(text) }

// cleanDOI drops what a sentence adds to a DOI at its end.
func cleanDOI(doi string) string { return citation.CleanDOI(doi) }
