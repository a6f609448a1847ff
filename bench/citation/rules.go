// The rules that read references before the model did, kept to measure it
// against. They know a few styles of journals.

package main

import (
	"regexp"
	"strconv"
	"strings"

	"scrollkeeper.example/scrollkeeper/internal/citation"
	"scrollkeeper.example/scrollkeeper/internal/csl"
)

var (
	doiPattern  = regexp.MustCompile(`10\.\d{4,9}/\S+`)
	yearAlone   = regexp.MustCompile(`\b((?:19|20)\d\d)\b`)
	entryNumber = regexp.MustCompile(`^(?:\[[^\]]{1,12}\]|\(?\d{1,3}[.)])\s*`)
	yearInParen = regexp.MustCompile(`\(((?:19|20)\d\d)[a-z]?(?:,[^)]{0,20})?\)`)
	urlPattern  = regexp.MustCompile(`https?://[^\s<>"]+`)
	quotedTitle = regexp.MustCompile(`[“"]([^”"]{6,300}?)[,.]?[”"]`)
	// volumeIssue is "Journal, 12(3), 45–67", "Journal 12 (3): 45–67" or
	// "Journal, 12, 45–67" after the title.
	volumeIssue = regexp.MustCompile(`^\s*(?:In )?([^,.\d][^,\d]{2,120}?),? (?:vol\. ?)?(\d{1,4})\s?(?:\((\d{1,4}(?:[–-]\d+)?)\))?(?:[,:]\s?(?:pp?\. ?)?([A-Za-z]?\d+(?:[–-][A-Za-z]?\d+)?))?`)
	// familyFirst is "Family, G. N."; initialsFirst "G. N. Family";
	// initialsLast "Family GN".
	familyFirst   = regexp.MustCompile(`(\p{Lu}[\p{L}\p{M}'’-]+(?: \p{Lu}?[\p{L}\p{M}'’-]+){0,2}|(?:van|von|de|der|den|del|la|di|du|’t)(?: \p{L}[\p{L}'’-]+){1,3}), ((?:\p{Lu}\.(?:[ -]{0,2}|$))+)`)
	initialsFirst = regexp.MustCompile(`((?:\p{Lu}\.[ -]?)+)((?:(?:van|von|de|der|den|del|la|di|du) )*\p{Lu}[\p{L}\p{M}'’-]+)`)
	initialsLast  = regexp.MustCompile(`(\p{Lu}[\p{L}\p{M}'’-]+) (\p{Lu}{1,3})(?:,|\.|$)`)
	// bodyName is an author that is no person.
	bodyName    = regexp.MustCompile(`(?i)\b(?:team|group|project|projects|committee|consortium|organi[sz]ation|university|institute|foundation|association|society|council|agency|ministry|department|collaboration|inc|ltd|corporation|union|commission|unesco|academy)\b`)
	sentenceEnd = regexp.MustCompile(`[.?!](?:[”"])?\s+(?:\p{Lu}|\p{Ll}\p{Lu}|\(|https?:|doi)`)
)

// parseByRules reads a printed reference coarsely.
func parseByRules(raw string) csl.Item {
	text := entryNumber.ReplaceAllString(raw, "")
	item := csl.Item{Type: csl.TypeArticle, DOI: citation.FindDOI(text)}
	if url := strings.TrimRight(urlPattern.FindString(text), ".,;)"); url != "" && !strings.Contains(url, "doi.org/") {
		item.URL = url
	}
	// Addresses hold numbers that look like years and volumes.
	prose := doiPattern.ReplaceAllString(urlPattern.ReplaceAllString(text, ""), "")

	authors, rest := splitAuthors(prose, &item)
	item.Author = referenceAuthors(authors)
	if item.Issued == nil {
		if m := lastYear(prose); m != "" {
			item.Issued = yearOf(m)
		}
	}
	item.Title, rest = splitTitle(prose, rest)
	if m := volumeIssue.FindStringSubmatch(rest); m != nil {
		item.Type = csl.TypeArticleJournal
		item.ContainerTitle = strings.TrimSpace(m[1])
		item.Volume, item.Issue, item.Page = m[2], m[3], m[4]
		item.PageFirst, _, _ = strings.Cut(strings.ReplaceAll(m[4], "–", "-"), "-")
	}
	return item
}

// splitAuthors divides an entry where the authors end: before a year in
// brackets that stands early, else before a quoted title, else at the first
// sentence's end.
func splitAuthors(prose string, item *csl.Item) (authors, rest string) {
	if at := yearInParen.FindStringSubmatchIndex(prose); at != nil {
		item.Issued = yearOf(prose[at[2]:at[3]])
		if at[0] < 600 && at[0] > 0 {
			return prose[:at[0]], strings.TrimLeft(prose[at[1]:], " .,:")
		}
	}
	if at := quotedTitle.FindStringIndex(prose); at != nil && at[0] > 0 {
		return prose[:at[0]], prose[at[0]:]
	}
	// After the last author written with initials.
	end := 0
	for _, pattern := range []*regexp.Regexp{initialsLast, familyFirst, initialsFirst} {
		if all := pattern.FindAllStringIndex(prose, -1); len(all) > 0 && all[0][0] < 5 {
			end = all[0][1]
			for _, one := range all[1:] {
				if one[0] > end+8 {
					break
				}
				end = one[1]
			}
			break
		}
	}
	return prose[:end], strings.TrimLeft(prose[end:], " .,:")
}

// splitTitle takes the quoted part, or the first sentence of rest.
func splitTitle(prose, rest string) (title, after string) {
	if at := quotedTitle.FindStringSubmatchIndex(prose); at != nil {
		return strings.TrimRight(prose[at[2]:at[3]], ",."), strings.TrimLeft(prose[at[1]:], " .,")
	}
	at := sentenceEnd.FindStringIndex(rest)
	if at == nil {
		return strings.TrimRight(strings.TrimSpace(rest), ". "), ""
	}
	title = strings.TrimSpace(rest[:at[0]+1])
	return strings.TrimRight(title, ". "), strings.TrimLeft(rest[at[0]+1:], " ")
}

func referenceAuthors(text string) []csl.Name {
	text = strings.TrimSpace(text)
	var names []csl.Name
	patterns := []struct {
		pattern       *regexp.Regexp
		family, given int
	}{{familyFirst, 1, 2}, {initialsFirst, 2, 1}, {initialsLast, 1, 2}}
	for _, one := range patterns {
		for _, m := range one.pattern.FindAllStringSubmatch(text, 200) {
			names = append(names, csl.Name{
				Family: strings.TrimSpace(m[one.family]),
				Given:  strings.TrimSpace(strings.TrimRight(m[one.given], " -")),
			})
		}
		if len(names) > 0 {
			return names
		}
	}
	if body := strings.Trim(text, " .,"); bodyName.MatchString(body) && !strings.Contains(body, ",") {
		return []csl.Name{{Literal: body}}
	}
	if body := strings.Trim(text, " .,"); len(body) > 1 && len(body) < 120 {
		return []csl.Name{{Literal: body}}
	}
	return nil
}

func lastYear(prose string) string {
	all := yearAlone.FindAllString(prose, -1)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

func yearOf(text string) *csl.Date {
	year, err := strconv.Atoi(yearAlone.FindString(text))
	if err != nil {
		return nil
	}
	return csl.NewDate(year)
}
