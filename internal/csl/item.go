package csl

// Item is one work. Absent variables are empty and are left out of the JSON.
// Its members are all variables of CSL that a work has; those that a processor
// makes (citation-number, locator, year-suffix …) are not among them.
type Item struct {
	ID   string `json:"id,omitempty"`
	Type string `json:"type,omitempty"` // see the Type constants

	Title           string `json:"title,omitempty"`
	ShortTitle      string `json:"title-short,omitempty"`
	ContainerTitle  string `json:"container-title,omitempty"` // the journal or book it stands in
	ContainerShort  string `json:"container-title-short,omitempty"`
	CollectionTitle string `json:"collection-title,omitempty"` // the series
	Event           string `json:"event-title,omitempty"`
	EventPlace      string `json:"event-place,omitempty"`
	OriginalTitle   string `json:"original-title,omitempty"`
	PartTitle       string `json:"part-title,omitempty"`
	ReviewedTitle   string `json:"reviewed-title,omitempty"`
	VolumeTitle     string `json:"volume-title,omitempty"`

	Author            []Name `json:"author,omitempty"`
	Editor            []Name `json:"editor,omitempty"`
	Translator        []Name `json:"translator,omitempty"`
	ContainerAuthor   []Name `json:"container-author,omitempty"`
	Chair             []Name `json:"chair,omitempty"`
	CollectionEditor  []Name `json:"collection-editor,omitempty"`
	Compiler          []Name `json:"compiler,omitempty"`
	Composer          []Name `json:"composer,omitempty"`
	Contributor       []Name `json:"contributor,omitempty"`
	Curator           []Name `json:"curator,omitempty"`
	Director          []Name `json:"director,omitempty"`
	EditorialDirector []Name `json:"editorial-director,omitempty"`
	ExecutiveProducer []Name `json:"executive-producer,omitempty"`
	Guest             []Name `json:"guest,omitempty"`
	Host              []Name `json:"host,omitempty"`
	Illustrator       []Name `json:"illustrator,omitempty"`
	Interviewer       []Name `json:"interviewer,omitempty"`
	Narrator          []Name `json:"narrator,omitempty"`
	Organizer         []Name `json:"organizer,omitempty"`
	OriginalAuthor    []Name `json:"original-author,omitempty"`
	Performer         []Name `json:"performer,omitempty"`
	Producer          []Name `json:"producer,omitempty"`
	Recipient         []Name `json:"recipient,omitempty"`
	ReviewedAuthor    []Name `json:"reviewed-author,omitempty"`
	ScriptWriter      []Name `json:"script-writer,omitempty"`
	SeriesCreator     []Name `json:"series-creator,omitempty"`

	Issued       *Date `json:"issued,omitempty"`
	Accessed     *Date `json:"accessed,omitempty"`
	Submitted    *Date `json:"submitted,omitempty"`
	Available    *Date `json:"available-date,omitempty"`
	EventDate    *Date `json:"event-date,omitempty"`
	OriginalDate *Date `json:"original-date,omitempty"`

	DOI   string `json:"DOI,omitempty"` // lower case, without https://doi.org/
	URL   string `json:"URL,omitempty"`
	ISBN  string `json:"ISBN,omitempty"`
	ISSN  string `json:"ISSN,omitempty"`
	PMID  string `json:"PMID,omitempty"`
	PMCID string `json:"PMCID,omitempty"`

	Volume           string `json:"volume,omitempty"`
	Issue            string `json:"issue,omitempty"`
	Page             string `json:"page,omitempty"` // a range, as "12–34"
	PageFirst        string `json:"page-first,omitempty"`
	NumberOfPages    string `json:"number-of-pages,omitempty"`
	Number           string `json:"number,omitempty"` // of a report, a patent, an article
	Edition          string `json:"edition,omitempty"`
	Version          string `json:"version,omitempty"`
	ChapterNumber    string `json:"chapter-number,omitempty"`
	CollectionNumber string `json:"collection-number,omitempty"`
	NumberOfVolumes  string `json:"number-of-volumes,omitempty"`
	PartNumber       string `json:"part-number,omitempty"`
	PrintingNumber   string `json:"printing-number,omitempty"`
	Section          string `json:"section,omitempty"`
	SupplementNumber string `json:"supplement-number,omitempty"`

	Publisher      string `json:"publisher,omitempty"`
	PublisherPlace string `json:"publisher-place,omitempty"`
	// Archive and ArchiveLocation are "arXiv" and "2101.01234" for a preprint.
	Archive                string `json:"archive,omitempty"`
	ArchiveLocation        string `json:"archive_location,omitempty"`
	Genre                  string `json:"genre,omitempty"`
	ArchiveCollection      string `json:"archive_collection,omitempty"`
	ArchivePlace           string `json:"archive-place,omitempty"`
	Authority              string `json:"authority,omitempty"`
	CallNumber             string `json:"call-number,omitempty"`
	Dimensions             string `json:"dimensions,omitempty"`
	Division               string `json:"division,omitempty"`
	Jurisdiction           string `json:"jurisdiction,omitempty"`
	Medium                 string `json:"medium,omitempty"`
	OriginalPublisher      string `json:"original-publisher,omitempty"`
	OriginalPublisherPlace string `json:"original-publisher-place,omitempty"`
	References             string `json:"references,omitempty"`
	ReviewedGenre          string `json:"reviewed-genre,omitempty"`
	Scale                  string `json:"scale,omitempty"`
	Source                 string `json:"source,omitempty"`
	Status                 string `json:"status,omitempty"`

	Abstract string `json:"abstract,omitempty"`
	Keyword  string `json:"keyword,omitempty"`  // separated by ", "
	Language string `json:"language,omitempty"` // ISO 639-1
	License  string `json:"license,omitempty"`  // an address, or a short name as "CC BY 4.0"
	Note     string `json:"note,omitempty"`
	Annote   string `json:"annote,omitempty"`
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
