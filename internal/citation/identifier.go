package citation

import (
	"regexp"
	"strings"
)

// What has a form of its own is found by it, not by the model.
var (
	// doiPattern is what Crossref recommends for finding DOIs
	// (https://www.crossref.org/blog/dois-and-matching-regular-expressions/), and
	// its older forms with brackets.
	doiPattern = regexp.MustCompile(`\b10\.\d{4,9}/[^\s"“”‘’]+`)
	urlPattern = regexp.MustCompile(`(?i)\b(?:https?://|ftp://|www\.)[^\s<>"“”«»]+`)
	// arXivPattern is the scheme since 2007, and the one before
	// (https://info.arxiv.org/help/arxiv_identifier.html).
	arXivPattern = regexp.MustCompile(`(?i)\barxiv(?:\.org/(?:abs|pdf)/|\s*:\s*|\s+)(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?`)
	isbnPattern  = regexp.MustCompile(`(?i)\bISBN(?:-1[03])?[:\s]*((?:97[89][- ]?)?\d[\d -]{7,13}[\dX])\b`)
	issnPattern  = regexp.MustCompile(`(?i)\bISSN[:\s]*(\d{4}-\d{3}[\dX])\b`)
	pmidPattern  = regexp.MustCompile(`(?i)\bPMID[:\s]*(\d{4,8})\b`)
	pmcidPattern = regexp.MustCompile(`\b(PMC\d{4,8})\b`)
	// sici is the part between < and > that DOIs made of a Serial Item and
	// Contribution Identifier have (ANSI/NISO Z39.56).
	sici = regexp.MustCompile(`<\d+:[^<>\s]*>`)
)

// FindDOI is the first DOI in text, in lower case; empty when there is none.
func FindDOI(text string) string {
	if !strings.Contains(text, "10.") {
		return ""
	}
	found := doiPattern.FindString(text)
	// Signs of mark-up end a DOI unless they are part of it.
	if !sici.MatchString(found) {
		if at := strings.IndexAny(found, `<>{}|\^`+"`"); at >= 0 {
			found = found[:at]
		}
	}
	return CleanDOI(found)
}

// IndexDOI is where the first DOI in text begins and ends, in bytes; nil when
// there is none.
func IndexDOI(text string) []int { return doiPattern.FindStringIndex(text) }

// CleanDOI drops what a sentence adds to a DOI at its end, and gives it in lower
// case. What is no DOI gives nothing.
func CleanDOI(doi string) string {
	for {
		trimmed := strings.TrimRight(doi, ".,;:'*†")
		for _, pair := range []string{"()", "[]", "<>"} {
			if strings.HasSuffix(trimmed, pair[1:]) && strings.Count(trimmed, pair[1:]) > strings.Count(trimmed, pair[:1]) {
				trimmed = trimmed[:len(trimmed)-1]
			}
		}
		// A bracket that opens after the DOI begins a remark.
		if strings.HasSuffix(trimmed, "[") || strings.HasSuffix(trimmed, "(") {
			trimmed = trimmed[:len(trimmed)-1]
		}
		if trimmed == doi {
			break
		}
		doi = trimmed
	}
	if before, suffix, ok := strings.Cut(doi, "/"); !ok || suffix == "" || !strings.HasPrefix(before, "10.") {
		return ""
	}
	return strings.ToLower(doi)
}

// findURL is the first address that is not a DOI's.
func findURL(text string) string {
	if !strings.Contains(text, "://") && !strings.Contains(strings.ToLower(text), "www.") {
		return ""
	}
	for _, found := range urlPattern.FindAllString(text, 4) {
		url := strings.TrimRight(found, ".,;:'’")
		for _, pair := range []string{"()", "[]"} {
			if strings.HasSuffix(url, pair[1:]) && strings.Count(url, pair[1:]) > strings.Count(url, pair[:1]) {
				url = strings.TrimRight(url[:len(url)-1], ".,;:")
			}
		}
		if strings.Contains(url, "doi.org/") || len(url) < 8 {
			continue
		}
		return url
	}
	return ""
}

// labelled is what a pattern finds, which needs a label: a quick look in the text
// in small letters tells that most texts have none.
func labelled(pattern *regexp.Regexp, label, text, lower string) string {
	if !strings.Contains(lower, label) {
		return ""
	}
	return submatch(pattern, text)
}

func submatch(pattern *regexp.Regexp, text string) string {
	if m := pattern.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}
