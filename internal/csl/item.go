package csl

// Item is one work. Absent variables are empty and are left out of the JSON.
type Item struct {
	ID   string `json:"id,omitempty"`
	Type string `json:"type,omitempty"` // see the Type constants

	Title           string `json:"title,omitempty"`
	ShortTitle      string `json:"title-short,omitempty"`
	ContainerTitle  string `json:"container-title,omitempty"` // the journal or book it stands in
	ContainerShort  string `json:"container-title-short,omitempty"`
	CollectionTitle string `json:"collection-title,omitempty"` // the series
	Event           string `json:"event-title,omitempty"`

	Author          []Name `json:"author,omitempty"`
	Editor          []Name `json:"editor,omitempty"`
	Translator      []Name `json:"translator,omitempty"`
	ContainerAuthor []Name `json:"container-author,omitempty"`

	Issued    *Date `json:"issued,omitempty"`
	Accessed  *Date `json:"accessed,omitempty"`
	Submitted *Date `json:"submitted,omitempty"`

	DOI   string `json:"DOI,omitempty"` // lower case, without https://doi.org/
	URL   string `json:"URL,omitempty"`
	ISBN  string `json:"ISBN,omitempty"`
	ISSN  string `json:"ISSN,omitempty"`
	PMID  string `json:"PMID,omitempty"`
	PMCID string `json:"PMCID,omitempty"`

	Volume        string `json:"volume,omitempty"`
	Issue         string `json:"issue,omitempty"`
	Page          string `json:"page,omitempty"` // a range, as "12–34"
	PageFirst     string `json:"page-first,omitempty"`
	NumberOfPages string `json:"number-of-pages,omitempty"`
	Number        string `json:"number,omitempty"` // of a report, a patent, an article
	Edition       string `json:"edition,omitempty"`
	Version       string `json:"version,omitempty"`

	Publisher      string `json:"publisher,omitempty"`
	PublisherPlace string `json:"publisher-place,omitempty"`
	// Archive and ArchiveLocation are "arXiv" and "2101.01234" for a preprint.
	Archive         string `json:"archive,omitempty"`
	ArchiveLocation string `json:"archive_location,omitempty"`
	Genre           string `json:"genre,omitempty"`

	Abstract string `json:"abstract,omitempty"`
	Keyword  string `json:"keyword,omitempty"`  // separated by ", "
	Language string `json:"language,omitempty"` // ISO 639-1
	License  string `json:"license,omitempty"`  // an address, or a short name as "CC BY 4.0"
	Note     string `json:"note,omitempty"`
}

// Types of works that this program gives by itself. CSL has more.
const (
	TypeArticleJournal  = "article-journal"
	TypeArticle         = "article"
	TypeBook            = "book"
	TypeChapter         = "chapter"
	TypePaperConference = "paper-conference"
	TypeReport          = "report"
	TypeThesis          = "thesis"
	TypeWebpage         = "webpage"
	TypeSoftware        = "software"
	TypeDocument        = "document"
)

// Year of issue; 0 when unknown.
func (i Item) Year() int {
	if i.Issued == nil {
		return 0
	}
	return i.Issued.Year()
}
