package citation

import (
	"regexp"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

var (
	thesisWords     = regexp.MustCompile(`(?i)\b(?:thesis|dissertation|diss\.|habilitation\w*|masterarbeit|diplomarbeit|bachelorarbeit|doktorarbeit|thèse|tesis)\b`)
	conferenceWords = regexp.MustCompile(`(?i)\b(?:proceedings|proc\.|conference|conf\.|workshop|symposium|symp\.|congress|kongress|tagung\w*|actes du|actas d\w+)`)
	softwareWords   = regexp.MustCompile(`(?i)\b(?:software|r package|python package|computer program|source code|github\.com|cran\.r-project|pypi\.org|bitbucket\.org|gitlab\.com)\b|\(version \d`)
	datasetWords    = regexp.MustCompile(`(?i)\[?\bdata ?set\b\]?`)
	reportWords     = regexp.MustCompile(`(?i)\b(?:technical report|tech\. ?rep\.?|working paper|discussion paper|research report|report no|white ?paper|arbeitspapier|bericht nr)`)
	preprintWords   = regexp.MustCompile(`(?i)^(?:arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|ssrn|corr)\b`)
)

// typeDataset is CSL's; this program gives it to references only.
const typeDataset = "dataset"

// typeOf tells what kind of work a reference is by the parts that it has.
func typeOf(item *csl.Item, text string) string {
	container := item.ContainerTitle
	numbered := item.Volume != "" || item.Issue != ""
	switch {
	case thesisWords.MatchString(item.Genre):
		return csl.TypeThesis
	case preprintWords.MatchString(container):
		return csl.TypeArticle
	case container != "" && conferenceWords.MatchString(container) && !numbered:
		return csl.TypePaperConference
	case container != "" && item.Issue != "":
		return csl.TypeArticleJournal
	case container != "" && (len(item.Editor) > 0 || item.Publisher != "" && item.Issue == ""):
		if conferenceWords.MatchString(container) {
			return csl.TypePaperConference
		}
		return csl.TypeChapter
	case container != "" && (numbered || item.Page != ""):
		return csl.TypeArticleJournal
	case datasetWords.MatchString(item.Genre):
		return typeDataset
	case softwareWords.MatchString(item.Genre), container == "" && softwareWords.MatchString(text):
		return csl.TypeSoftware
	case reportWords.MatchString(item.Genre):
		return csl.TypeReport
	case container != "" && item.DOI != "":
		return csl.TypeArticleJournal
	case item.URL != "" && item.Publisher == "" && item.PublisherPlace == "" && item.DOI == "" && item.Number == "":
		return csl.TypeWebpage
	case item.Publisher != "", item.PublisherPlace != "", item.Edition != "", len(item.Editor) > 0:
		return csl.TypeBook
	}
	return csl.TypeArticle
}
