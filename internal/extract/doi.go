package extract

import (
	"regexp"
	"strings"
)

// doiPattern is what Crossref recommends for finding DOIs, without its rare
// older forms (https://www.crossref.org/blog/dois-and-matching-regular-expressions/).
var doiPattern = regexp.MustCompile(`10\.\d{4,9}/[^\s"<>{}|\\^\x60\[\]“”‘’]+`)

// findDOI is the first DOI in text, in lower case; empty when there is none.
func findDOI(text string) string {
	return cleanDOI(doiPattern.FindString(text))
}

// cleanDOI drops what a sentence adds to a DOI at its end.
func cleanDOI(doi string) string {
	for {
		trimmed := strings.TrimRight(doi, ".,;:'*†")
		if strings.HasSuffix(trimmed, ")") && strings.Count(trimmed, ")") > strings.Count(trimmed, "(") {
			trimmed = trimmed[:len(trimmed)-1]
		}
		if trimmed == doi {
			break
		}
		doi = trimmed
	}
	if _, suffix, ok := strings.Cut(doi, "/"); !ok || suffix == "" {
		return ""
	}
	return strings.ToLower(doi)
}
