package document

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/pagetext"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// DocumentItem is a document as it is listed.
type DocumentItem struct {
	ID        uuid.UUID            `json:"id"`
	LibraryID uuid.UUID            `json:"library_id"`
	Title     string               `json:"title"`
	Authors   []DocumentName       `json:"authors" doc:"At most the first 50; the CSL item has all"`
	Year      *int32               `json:"year"`
	DOI       *string              `json:"doi"`
	AddedAt   time.Time            `json:"added_at"`
	AddedBy   *DocumentPerson      `json:"added_by" doc:"Null when the account is gone"`
	UpdatedAt time.Time            `json:"updated_at"`
	TrashedAt *time.Time           `json:"trashed_at"`
	Edition   *DocumentEditionItem `json:"edition" doc:"The newest file; null when there is none"`
	// ReadyEditionID is what can be read while the newest file cannot.
	ReadyEditionID *uuid.UUID     `json:"ready_edition_id" doc:"The newest file that has been read: edition's, or an older one while edition is being read or cannot be; null for none"`
	MergedInto     *DocumentTitle `json:"merged_into" doc:"Of a document in the trash: the one that has its files. Restoring it takes them back"`
	TagIDs         []uuid.UUID    `json:"tag_ids" nullable:"false" doc:"Its tags, by their names"`
	CollectionIDs  []uuid.UUID    `json:"collection_ids" nullable:"false" doc:"The collections that it is right in, by their names"`
}

// DocumentTitle is a document by its name.
type DocumentTitle struct {
	ID    uuid.UUID `json:"id"`
	Title string    `json:"title"`
}

// DocumentName is an author: a person by family and given name, or anybody by literal.
type DocumentName struct {
	Family  string `json:"family"`
	Given   string `json:"given"`
	Literal string `json:"literal"`
}

// DocumentPerson is who added a document.
type DocumentPerson struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// DocumentEditionItem is one file of a document.
type DocumentEditionItem struct {
	ID        uuid.UUID        `json:"id"`
	State     string           `json:"state" enum:"queued,checking,parsing,ready,failed"`
	PagesDone *int32           `json:"pages_done" doc:"Null here: passing progress goes out live only"`
	PageCount *int32           `json:"page_count" doc:"Null until ready"`
	Kind      string           `json:"kind" enum:",preprint,accepted,published,supplement" doc:"What the file is of its work; empty where nobody said so"`
	Filename  string           `json:"filename"`
	Size      int64            `json:"size" doc:"Bytes"`
	SHA256    *string          `json:"sha256" doc:"64 hexadecimal digits; null until checked"`
	Failure   *DocumentFailure `json:"failure" doc:"Why it failed; null unless it did"`
	Thumbnail bool             `json:"thumbnail" doc:"Whether there is a picture of page 1"`
	ParsedAt  *time.Time       `json:"parsed_at"`

	FailedPages     []DocumentFailedPage `json:"failed_pages" doc:"The pages that could not be read, which have no text; at most the first 100, in order"`
	FailedPageCount int                  `json:"failed_page_count" doc:"How many could not be read in all; 0 until ready"`
}

// DocumentFailedPage is a page that could not be read.
type DocumentFailedPage struct {
	Page int    `json:"page" doc:"From 1"`
	Kind string `json:"kind" example:"timed_out" doc:"Stable, for programs: damaged, timed_out, out_of_memory or crashed"`
}

// maxListedFailedPages bounds what an edition shows of its failed pages: it is
// part of every list of documents.
const maxListedFailedPages = 100

// DocumentEditionEntry is a file among those of its document.
type DocumentEditionEntry struct {
	DocumentEditionItem
	CreatedAt time.Time       `json:"created_at"`
	CreatedBy *DocumentPerson `json:"created_by" doc:"Null when the account is gone"`
	Newest    bool            `json:"newest" doc:"Whether this is the one that the document shows"`
}

// DocumentEditionList is all files of a document.
type DocumentEditionList struct {
	Items []DocumentEditionEntry `json:"items" doc:"The newest first"`
}

// DocumentFailure says why a file could not be read.
type DocumentFailure struct {
	Kind    string `json:"kind" example:"password_required" doc:"Stable, for programs"`
	Message string `json:"message" doc:"For people"`
}

// DocumentList is a part of a library's documents.
type DocumentList struct {
	Items      []DocumentItem `json:"items"`
	NextCursor *string        `json:"next_cursor" doc:"Continues the list; null at its end"`
	Total      int64          `json:"total" doc:"How many the query finds in all"`
}

// DocumentDetail is a document with all that is known about it.
type DocumentDetail struct {
	DocumentItem
	CSL    csl.Item        `json:"csl"`
	Claims []DocumentClaim `json:"claims"`
	Role   string          `json:"role" enum:"owner,admin,editor,commenter,reader" doc:"What I am in its library"`
}

// DocumentClaim is what one source says about one field.
type DocumentClaim struct {
	Field      string          `json:"field" doc:"A CSL variable" example:"title"`
	Source     string          `json:"source" enum:"person,page,xmp,info,filename,import,lookup"`
	Value      any             `json:"value" doc:"As CSL-JSON has it; null where a person says that there is none"`
	Confidence float64         `json:"confidence" minimum:"0" maximum:"1"`
	At         time.Time       `json:"at"`
	By         *DocumentPerson `json:"by" doc:"Who said it, of a person's word; null when the account is gone"`
	Revision   int64           `json:"revision" doc:"Another one after each change"`
	Shown      bool            `json:"shown" doc:"Whether this is what the document shows of the field"`
}

// DocumentFieldRequest is a person's word about a field.
type DocumentFieldRequest struct {
	Value    any    `json:"value" doc:"As CSL-JSON has it: text, a list of names, or a date; null says that the document has none"`
	Revision *int64 `json:"revision,omitempty" minimum:"0" doc:"That of the person's word that is corrected, 0 where there was none; another one is refused with what is there now. Left out, whatever is there is replaced"`
}

// DocumentEditionKind says what a file is of its work.
type DocumentEditionKind struct {
	Kind string `json:"kind" enum:",preprint,accepted,published,supplement" doc:"Empty takes it back"`
}

// DocumentCompletionList is what a field may go on as.
type DocumentCompletionList struct {
	Items []DocumentCompletion `json:"items" doc:"The most used first, at most 8"`
}

// DocumentCompletion is a value in use.
type DocumentCompletion struct {
	Value     any   `json:"value" doc:"Text, or a name as CSL-JSON has it"`
	Documents int64 `json:"documents" doc:"How many of those looked through have it"`
}

// DocumentReferences is an edition's list of references.
type DocumentReferences struct {
	TextVersion string              `json:"text_version" doc:"Names what made the text that the places in it count in"`
	Items       []DocumentReference `json:"items" doc:"In the list's order"`
}

// DocumentReference is a work that an edition's list of references names.
type DocumentReference struct {
	Index      int                 `json:"index" doc:"Its place in the list, from 0"`
	Raw        string              `json:"raw" doc:"As printed, in one line"`
	CSL        csl.Item            `json:"csl" doc:"What could be told apart of it; may be empty"`
	Page       int                 `json:"page" doc:"The page that it begins on, from 1"`
	Boxes      []pagetext.Rect     `json:"boxes" doc:"Its lines on that page: x0, y0, x1, y1 in PDF points"`
	Cited      []DocumentTextRange `json:"cited" doc:"The places in the text that cite it, in the text's order"`
	DocumentID *uuid.UUID          `json:"document_id" doc:"The document of the same library that has its DOI; null for none"`
}

// DocumentTextRange is a part of a page's text.
type DocumentTextRange struct {
	Page  int `json:"page" doc:"From 1"`
	Start int `json:"start" doc:"Code point offset in the page's text"`
	End   int `json:"end"`
}

// DocumentFile is a document that has certain bytes.
type DocumentFile struct {
	DocumentID uuid.UUID `json:"document_id"`
	Title      string    `json:"title"`
	Trashed    bool      `json:"trashed"`
}

// DocumentPages is an edition's pages without their text, and its outline.
type DocumentPages struct {
	TextVersion string                `json:"text_version" doc:"Names what made the text; positions of two versions must not be compared"`
	Items       []DocumentPageItem    `json:"items"`
	Outline     []DocumentOutlineItem `json:"outline" doc:"The file's own, or made of the headings found in its text where it has none"`
	// OutlineFound tells how sure the outline is.
	OutlineFound bool `json:"outline_found" doc:"Whether the outline was made of the headings found in the text"`
}

// DocumentPageItem is a page without its text.
type DocumentPageItem struct {
	Number   int           `json:"number" doc:"The page's place in the file, from 1"`
	Label    string        `json:"label" doc:"What the file calls the page; may be empty"`
	Box      pagetext.Rect `json:"box" doc:"Visible part: x0, y0, x1, y1 in PDF points"`
	Rotation int           `json:"rotation" enum:"0,90,180,270" doc:"Degrees clockwise when shown"`
}

// DocumentOutlineItem is an entry of a table of contents.
type DocumentOutlineItem struct {
	Title string   `json:"title"`
	Page  int      `json:"page" doc:"From 1; 0 when it leads nowhere in this file"`
	Level int      `json:"level" doc:"From 0"`
	Y     *float32 `json:"y" doc:"The height on the page in PDF points; null for its top"`
}

// DocumentPage is a page's text and where its words stand.
type DocumentPage struct {
	DocumentPageItem
	Text  string         `json:"text" doc:"In reading order"`
	Words []DocumentWord `json:"words"`
}

// DocumentWord is one word of a page.
type DocumentWord struct {
	Start int             `json:"start" doc:"Code point offset in text"`
	End   int             `json:"end"`
	Boxes []pagetext.Rect `json:"boxes" doc:"One for each line that the word stands on: x0, y0, x1, y1 in PDF points"`
}

type (
	documentOutput struct{ Body DocumentItem }

	// DocumentPath is exported because huma fills only exported embedded fields.
	DocumentPath struct {
		DocumentID uuid.UUID `path:"document_id"`
	}
	editionPath struct {
		EditionID uuid.UUID `path:"edition_id"`
	}
	listInput struct {
		LibraryID  uuid.UUID `path:"library_id"`
		Sort       string    `query:"sort" enum:"added,title,year" default:"added"`
		Order      string    `query:"order" enum:"asc,desc" default:"desc"`
		Text       string    `query:"q" maxLength:"200" doc:"Words, or pieces of them, in title and authors"`
		State      string    `query:"state" enum:"queued,checking,parsing,ready,failed"`
		Trashed    bool      `query:"trashed" doc:"The trash instead of the library"`
		Tags       []string  `query:"tag" maxItems:"20" doc:"Documents that have this tag; of several, with commas between them, all"`
		Collection string    `query:"collection" doc:"Documents that are in this collection, or in one under it"`
		Cursor     string    `query:"cursor" maxLength:"2000" doc:"next_cursor of the page before"`
		Limit      int       `query:"limit" minimum:"1" maximum:"500" default:"100"`
	}
	// DocumentFieldPath is exported for the same reason.
	DocumentFieldPath struct {
		DocumentPath
		Field string `path:"field" maxLength:"64" doc:"A CSL variable" example:"title"`
	}
	fieldInput struct {
		DocumentFieldPath
		Body DocumentFieldRequest
	}
	fieldQuery struct {
		DocumentFieldPath
		Revision int64 `query:"revision" minimum:"0" default:"0" doc:"That of the word that is taken back; another one is refused. 0 takes back whatever is there"`
	}
	// EditionPath is exported for the same reason.
	EditionPath struct {
		EditionID uuid.UUID `path:"edition_id"`
	}
	editionKindInput struct {
		EditionPath
		Body DocumentEditionKind
	}
	completionInput struct {
		LibraryID uuid.UUID `path:"library_id"`
		Field     string    `path:"field" maxLength:"64" doc:"A CSL variable" example:"container-title"`
		Prefix    string    `query:"prefix" maxLength:"200" doc:"What was typed so far"`
	}
	filePath struct {
		LibraryID uuid.UUID `path:"library_id"`
		SHA256    string    `path:"sha256" maxLength:"128" doc:"64 hexadecimal digits"`
	}
	pagePath struct {
		EditionID uuid.UUID `path:"edition_id"`
		Number    int       `path:"number" minimum:"1" maximum:"1000000"`
	}
)

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/documents", ID: "list-documents", Tag: "document",
		Summary: "A library's documents",
	}, s.handleList)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/files/{sha256}", ID: "find-file", Tag: "document",
		Summary: "The document that has these bytes",
	}, s.handleFile)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/documents/{document_id}", ID: "get-document", Tag: "document",
		Summary: "A document with all that is known about it", Access: httpapi.Guests,
	}, s.handleGet)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPut, Path: "/api/documents/{document_id}/fields/{field}", ID: "correct-field", Tag: "document",
		Summary: "Correct a field of a document, such as its title",
	}, s.handleSetField)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/documents/{document_id}/fields/{field}", ID: "take-back-field", Tag: "document",
		Summary: "Take a correction back, so that what was read is shown again", Status: http.StatusOK,
	}, s.handleTakeBackField)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/documents/{document_id}/trash", ID: "trash-document", Tag: "document",
		Summary: "Move a document to the trash",
	},
		func(ctx context.Context, in *DocumentPath) (*documentOutput, error) {
			return answer(ctx, func(p identity.Person) (Document, error) { return s.Trash(ctx, p, in.DocumentID) })
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/documents/{document_id}/restore", ID: "restore-document", Tag: "document",
		Summary: "Take a document out of the trash",
	},
		func(ctx context.Context, in *DocumentPath) (*documentOutput, error) {
			return answer(ctx, func(p identity.Person) (Document, error) { return s.Restore(ctx, p, in.DocumentID) })
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/documents/{document_id}", ID: "purge-document", Tag: "document",
		Summary: "Delete a document in the trash for good", Status: http.StatusNoContent,
	},
		func(ctx context.Context, in *DocumentPath) (*struct{}, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.Purge(ctx, p, in.DocumentID)
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/documents/{document_id}/editions", ID: "list-editions", Tag: "document",
		Summary: "A document's files, the newest first",
	}, s.handleEditions)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/editions/{edition_id}/pages", ID: "list-pages", Tag: "document",
		Summary: "An edition's pages without their text, and its outline", Access: httpapi.Guests,
	}, s.handlePages)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/editions/{edition_id}/pages/{number}", ID: "get-page", Tag: "document",
		Summary: "A page's text and where its words stand", Access: httpapi.Guests,
	}, s.handlePage)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/editions/{edition_id}/references", ID: "list-references", Tag: "document",
		Summary: "The works that an edition's list of references names, and where the text cites them", Access: httpapi.Guests,
	}, s.handleReferences)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPut, Path: "/api/editions/{edition_id}/kind", ID: "set-edition-kind", Tag: "document",
		Summary: "Say what a file is of its work",
	},
		func(ctx context.Context, in *editionKindInput) (*documentOutput, error) {
			return answer(ctx, func(p identity.Person) (Document, error) {
				return s.SetEditionKind(ctx, p, in.EditionID, EditionKind(in.Body.Kind))
			})
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/fields/{field}/completions", ID: "complete-field", Tag: "document",
		Summary: "Values that a library's documents have in a field, while one is typed",
	}, s.handleCompletions)
	mountMerge(api, s)
}

// parseIDs reads a list that stands in a query: huma knows no UUIDs there.
func parseIDs(list []string) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, len(list))
	for i, text := range list {
		id, err := uuid.Parse(text)
		if err != nil {
			return nil, errBadID
		}
		ids[i] = id
	}
	return ids, nil
}

func answer(ctx context.Context, use func(identity.Person) (Document, error)) (*documentOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	d, err := use(p)
	if err != nil {
		return nil, err
	}
	return &documentOutput{itemOf(d)}, nil
}

func (s *Service) handleList(ctx context.Context, in *listInput) (*struct{ Body DocumentList }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := parseIDs(in.Tags)
	if err != nil {
		return nil, err
	}
	var collection uuid.NullUUID
	if in.Collection != "" {
		if err := collection.UnmarshalText([]byte(in.Collection)); err != nil {
			return nil, errBadID
		}
	}
	l, err := s.List(ctx, p, in.LibraryID, ListQuery{
		Sort: Sort(in.Sort), Descending: in.Order == "desc", Text: in.Text, State: State(in.State),
		Trashed: in.Trashed, Tags: tags, Collection: collection, Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	body := DocumentList{Items: make([]DocumentItem, len(l.Items)), NextCursor: optional(l.Next), Total: l.Total}
	for i, d := range l.Items {
		body.Items[i] = itemOf(d)
	}
	return &struct{ Body DocumentList }{body}, nil
}

func (s *Service) handleFile(ctx context.Context, in *filePath) (*struct{ Body DocumentFile }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	sha256, err := hex.DecodeString(in.SHA256)
	if err != nil || len(sha256) != 32 {
		return nil, errBadSHA256
	}
	found, err := s.FindBySHA256(ctx, p, in.LibraryID, sha256)
	if err != nil {
		return nil, err
	}
	return &struct{ Body DocumentFile }{DocumentFile(found)}, nil
}

func (s *Service) handleGet(ctx context.Context, in *DocumentPath) (*struct{ Body DocumentDetail }, error) {
	p, err := identity.CallerFromContext(ctx)
	if err != nil {
		return nil, err
	}
	d, err := s.Get(ctx, p, in.DocumentID)
	if err != nil {
		return nil, err
	}
	return &struct{ Body DocumentDetail }{detailItem(d)}, nil
}

func detailItem(d Detail) DocumentDetail {
	body := DocumentDetail{DocumentItem: itemOf(d.Document), CSL: d.CSL, Claims: make([]DocumentClaim, len(d.Claims)), Role: string(d.Role)}
	for i, c := range d.Claims {
		body.Claims[i] = claimItem(c)
	}
	return body
}

func claimItem(c Claim) DocumentClaim {
	return DocumentClaim{
		Field: c.Field, Source: string(c.Source), Value: c.Value, Confidence: c.Confidence,
		At: c.At, By: (*DocumentPerson)(c.By), Revision: c.Revision, Shown: c.Shown,
	}
}

func (s *Service) handleSetField(ctx context.Context, in *fieldInput) (*struct{ Body DocumentDetail }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	value, err := json.Marshal(in.Body.Value)
	if err != nil {
		return nil, badValue(in.Field, "This is not what the field takes.")
	}
	d, err := s.SetField(ctx, p, in.DocumentID, Correction{Field: in.Field, Value: value, Revision: in.Body.Revision})
	if err != nil {
		return nil, err
	}
	return &struct{ Body DocumentDetail }{detailItem(d)}, nil
}

func (s *Service) handleTakeBackField(ctx context.Context, in *fieldQuery) (*struct{ Body DocumentDetail }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	c := Correction{Field: in.Field}
	if in.Revision != 0 {
		c.Revision = &in.Revision
	}
	d, err := s.TakeBackField(ctx, p, in.DocumentID, c)
	if err != nil {
		return nil, err
	}
	return &struct{ Body DocumentDetail }{detailItem(d)}, nil
}

func (s *Service) handleReferences(ctx context.Context, in *editionPath) (*struct{ Body DocumentReferences }, error) {
	p, err := identity.CallerFromContext(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.References(ctx, p, in.EditionID)
	if err != nil {
		return nil, err
	}
	body := DocumentReferences{TextVersion: list.TextVersion, Items: make([]DocumentReference, len(list.Items))}
	for i, r := range list.Items {
		item := DocumentReference{Index: i, Raw: r.Raw, CSL: r.Item, Page: r.Page, Boxes: r.Boxes, Cited: make([]DocumentTextRange, len(r.Cited))}
		for k, c := range r.Cited {
			item.Cited[k] = DocumentTextRange(c)
		}
		if r.DocumentID.Valid {
			item.DocumentID = &r.DocumentID.UUID
		}
		body.Items[i] = item
	}
	return &struct{ Body DocumentReferences }{body}, nil
}

func (s *Service) handleEditions(ctx context.Context, in *DocumentPath) (*struct{ Body DocumentEditionList }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	editions, err := s.Editions(ctx, p, in.DocumentID)
	if err != nil {
		return nil, err
	}
	body := DocumentEditionList{Items: make([]DocumentEditionEntry, len(editions))}
	for i, e := range editions {
		body.Items[i] = DocumentEditionEntry{
			DocumentEditionItem: EditionItem(e.Edition), CreatedAt: e.CreatedAt, CreatedBy: (*DocumentPerson)(e.CreatedBy), Newest: e.Newest,
		}
	}
	return &struct{ Body DocumentEditionList }{body}, nil
}

func (s *Service) handlePages(ctx context.Context, in *editionPath) (*struct{ Body DocumentPages }, error) {
	p, err := identity.CallerFromContext(ctx)
	if err != nil {
		return nil, err
	}
	pages, err := s.Pages(ctx, p, in.EditionID)
	if err != nil {
		return nil, err
	}
	body := DocumentPages{
		TextVersion: pages.TextVersion, OutlineFound: pages.OutlineFound, Items: make([]DocumentPageItem, len(pages.Items)), Outline: make([]DocumentOutlineItem, len(pages.Outline)),
	}
	for i, page := range pages.Items {
		body.Items[i] = DocumentPageItem(page)
	}
	for i, item := range pages.Outline {
		body.Outline[i] = DocumentOutlineItem(item)
	}
	return &struct{ Body DocumentPages }{body}, nil
}

func (s *Service) handlePage(ctx context.Context, in *pagePath) (*struct{ Body DocumentPage }, error) {
	p, err := identity.CallerFromContext(ctx)
	if err != nil {
		return nil, err
	}
	page, err := s.Page(ctx, p, in.EditionID, in.Number)
	if err != nil {
		return nil, err
	}
	body := DocumentPage{
		DocumentPageItem: DocumentPageItem{Number: page.Number, Label: page.Label, Box: page.Box, Rotation: page.Rotation},
		Text:             page.Text, Words: make([]DocumentWord, len(page.Words)),
	}
	for i, w := range page.Words {
		body.Words[i] = DocumentWord(w)
	}
	return &struct{ Body DocumentPage }{body}, nil
}

func (s *Service) handleCompletions(ctx context.Context, in *completionInput) (*struct{ Body DocumentCompletionList }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.Completions(ctx, p, in.LibraryID, in.Field, in.Prefix)
	if err != nil {
		return nil, err
	}
	body := DocumentCompletionList{Items: make([]DocumentCompletion, len(found))}
	for i, c := range found {
		body.Items[i] = DocumentCompletion(c)
	}
	return &struct{ Body DocumentCompletionList }{body}, nil
}

func itemOf(d Document) DocumentItem {
	item := DocumentItem{
		ID: d.ID, LibraryID: d.LibraryID, Title: d.Title, Authors: make([]DocumentName, len(d.Authors)), Year: d.Year, DOI: optional(d.DOI),
		AddedAt: d.AddedAt, UpdatedAt: d.UpdatedAt, TrashedAt: d.TrashedAt, TagIDs: d.TagIDs, CollectionIDs: d.CollectionIDs,
	}
	for i, name := range d.Authors {
		item.Authors[i] = DocumentName{Family: name.Family, Given: name.Given, Literal: name.Literal}
		if name.NonDroppingParticle != "" {
			item.Authors[i].Family = name.NonDroppingParticle + " " + name.Family
		}
	}
	if d.AddedBy != nil {
		item.AddedBy = &DocumentPerson{ID: d.AddedBy.ID, Name: d.AddedBy.Name}
	}
	if d.ReadyEditionID.Valid {
		item.ReadyEditionID = &d.ReadyEditionID.UUID
	}
	if d.MergedInto != nil {
		item.MergedInto = (*DocumentTitle)(d.MergedInto)
	}
	if d.Edition != nil {
		edition := EditionItem(*d.Edition)
		item.Edition = &edition
	}
	return item
}

// EditionItem is an edition as the API shows it, for the other features that
// answer with one.
func EditionItem(e Edition) DocumentEditionItem {
	item := DocumentEditionItem{
		ID: e.ID, State: string(e.State), PageCount: e.PageCount, Kind: string(e.Kind), Filename: e.Filename, Size: e.Size,
		SHA256: optional(hex.EncodeToString(e.SHA256)), Thumbnail: e.ThumbnailKey != "", ParsedAt: e.ParsedAt,
		FailedPages: []DocumentFailedPage{}, FailedPageCount: len(e.FailedPages),
	}
	for _, f := range e.FailedPages[:min(len(e.FailedPages), maxListedFailedPages)] {
		item.FailedPages = append(item.FailedPages, DocumentFailedPage(f))
	}
	if e.Failure != nil {
		item.Failure = &DocumentFailure{Kind: e.Failure.Kind, Message: e.Failure.Message}
	}
	return item
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
