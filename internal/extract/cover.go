package extract

import (
	"regexp"
	"slices"
	"strings"
)

// coverSign is what a cover says, in small letters: a word and a pattern for what
// follows it, nil for nothing.
type coverSign struct {
	word string
	rest *regexp.Regexp
}

// coverSigns are on pages that repositories put before a work: HAL, JSTOR,
// publishers' and universities' portals, ResearchGate, and the like.
var coverSigns = func() (signs []coverSign) {
	for _, one := range [][2]string{
		{"hal id", ` ?: ?\S`},
		{"stable url", ` ?:`},
		{"citation for published version"},
		{"link to publication in "},
		{"this is a", ownVersion},
		{"this is the ", ownVersion},
		{"this document is a", ownVersion},
		{"this document is the ", ownVersion},
		{"see discussions, stats, and author profiles for this publication"},
		{"white rose research online"},
		{"to link to this article", ` ?:`},
		{"full terms", ` (?:&|and) conditions of (?:access|use)`},
		{"document version"},
		{"archived ", `(?:version|at)`},
		{"downloaded from ", `.{3,60} on`},
		{"the university of ", `.{3,40} repository`},
		{"follow this and additional works at"},
		{"recommended citation"},
		{"zurich open repository and archive"},
		{"deposited in "},
		{"eprints ", `(?:id|repository)`},
		{"persistent ", `(?:url|link) ?:`},
		{"open research online"},
		{"escholarship.org"},
		{"peer reviewed powered by"},
		{"uc ", `.{2,30} (?:previously published works|electronic theses)`},
	} {
		sign := coverSign{word: one[0]}
		if one[1] != "" {
			sign.rest = regexp.MustCompile(regexp.QuoteMeta(one[0]) + one[1])
		}
		signs = append(signs, sign)
	}
	return signs
}()

// ownVersion goes on after "this is a" or "this is the ".
const ownVersion = `n? ?(?:repository copy|accepted (?:author )?(?:version|manuscript)|peer[- ]reviewed version|author'?s? (?:version|manuscript)|electronic reprint|post-?print|pre-?print) (?:of|version)`

// likeCover reports whether a text has what covers say.
func likeCover(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(coverSigns, func(one coverSign) bool {
		return strings.Contains(text, one.word) && (one.rest == nil || one.rest.MatchString(text))
	})
}

func hasAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}

// coverLabels are the labels of covers and the fields that they fill.
var coverLabels = []struct {
	pattern *regexp.Regexp
	field   string
}{
	{regexp.MustCompile(`(?i)^author(?:s|\(s\))?\s*:\s*`), "author"},
	{regexp.MustCompile(`(?i)^source\s*:\s*`), "source"},
	{regexp.MustCompile(`(?i)^published by\s*:\s*`), "publisher"},
	{regexp.MustCompile(`(?i)^(?:published in|journal)\s*:\s*`), "container-title"},
	{regexp.MustCompile(`(?i)^(?:doi|digital object identifier(?: \(doi\))?|published version|to link to this article)\s*:\s*`), "doi"},
	{regexp.MustCompile(`(?i)^(?:publication date|date of publication|publication year|published(?: online)?)\s*:\s*`), "date"},
	{regexp.MustCompile(`(?i)^(?:citation for published version[^:]*|to cite this (?:article|version)|recommended citation|cite this paper|suggested citation|citation|how to cite)\s*:\s*`), "citation"},
	{regexp.MustCompile(`(?i)^(?:article |paper )?title\s*:\s*`), "title"},
	{regexp.MustCompile(`(?i)^(?:document version|stable url|accessed|important note|copyright|general rights|take ?-?down|download date|version|link to publication|please cite|hal id|submitted on|downloaded|issn|rights)\b`), ""},
}

// readCover takes what a cover sheet says by its labels, and reports whether
// the page is one.
func (f *frontMatter) readCover(page *frontPage) bool {
	text := oneLine(page.page.Text)
	if len(text) > 6000 || !likeCover(text) {
		return false
	}
	// A paper that quotes such words has an abstract or an introduction.
	for i := range page.pieces {
		one := &page.pieces[i]
		if abstractHeading.MatchString(one.plain) || sectionHeading.MatchString(one.plain) && one.words() < 4 {
			return false
		}
	}
	field := ""
	var last *piece
	for i := range page.pieces {
		one := &page.pieces[i]
		label := false
		plain := strings.TrimLeft(one.plain, "▶►•→ ")
		for _, known := range coverLabels {
			if loc := known.pattern.FindStringIndex(plain); loc != nil {
				field, label = known.field, true
				f.addCover(field, plain[loc[1]:])
				break
			}
		}
		if !label && field != "" {
			// A value goes on while lines stand close.
			if last != nil && !near(last, one) && f.cover[field] != "" {
				field = ""
			} else {
				f.addCover(field, one.plain)
			}
		}
		last = one
	}
	if f.cover["title"] == "" {
		f.cover["title"] = coverTitle(page)
	}
	return true
}

func (f *frontMatter) addCover(field, text string) {
	if field == "" || len(f.cover[field]) > 1500 {
		return
	}
	f.cover[field] = joinLines(f.cover[field], strings.TrimSpace(text))
}

// coverTitle is what stands before the authors' label, or the largest print
// that is several words long.
func coverTitle(page *frontPage) string {
	for i := range page.pieces {
		if coverLabels[0].pattern.MatchString(page.pieces[i].plain) && i > 0 {
			text := ""
			for j := max(0, i-4); j < i; j++ {
				if !likeCover(page.pieces[j].plain) {
					text = joinLines(text, page.pieces[j].plain)
				}
			}
			return text
		}
	}
	best, text := float32(0), ""
	for i := 0; i < len(page.pieces); i++ {
		one := &page.pieces[i]
		joined := one.plain
		j := i + 1
		for ; j < len(page.pieces) && abs32(page.pieces[j].height-one.height) < 0.04*one.height && near(&page.pieces[j-1], &page.pieces[j]); j++ {
			joined = joinLines(joined, page.pieces[j].plain)
		}
		if words := len(strings.Fields(joined)); one.height > best && (words >= 3 || countWide(joined) >= 6) && words <= 45 && !likeCover(joined) && !banner.MatchString(joined) && !affiliation.MatchString(joined) {
			best, text = one.height, joined
		}
		i = j - 1
	}
	return text
}
