package search

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// SearchResult is a page of hits.
type SearchResult struct {
	Query            string      `json:"query" doc:"As it was asked"`
	Hits             []SearchHit `json:"hits" doc:"Best first; may be fewer than asked for although there are more"`
	NextCursor       *string     `json:"next_cursor" doc:"Continues the results; null when nothing more is known to match"`
	Partial          bool        `json:"partial" doc:"Whether matching pages are left that were not ranked"`
	DocumentsPending int64       `json:"documents_pending" doc:"Documents that have not been read yet"`
	Message          *string     `json:"message" doc:"A sentence for people where the result needs one"`
	Suggestion       *string     `json:"suggestion" doc:"The query spelt as titles or authors here have it; only where nothing was found"`

	Filters []SearchFilter `json:"filters" doc:"The query's filters, in its order"`
	Facets  SearchFacets   `json:"facets"`
}

// SearchFilter is a condition in a query, such as author:silva.
type SearchFilter struct {
	Field string `json:"field" enum:"author,title,year,by,color,has,in,tag"`
	Value string `json:"value"`
	Not   bool   `json:"not"`
	Start int    `json:"start" doc:"Where it stands in the query: code points, half open"`
	End   int    `json:"end"`
}

// SearchFacets count what was found; lower bounds where the result is partial.
type SearchFacets struct {
	Pages  int                `json:"pages"`
	Titles int                `json:"titles" doc:"Hits in documents whose title or authors fit"`
	Marks  int                `json:"marks"`
	Years  []SearchYearCount  `json:"years" doc:"By year, the earliest first"`
	People []SearchNamedCount `json:"people" doc:"By who made the marks that were found, the most first"`
}

// SearchYearCount counts documents.
type SearchYearCount struct {
	Year      int32 `json:"year"`
	Documents int   `json:"documents"`
}

// SearchNamedCount counts marks.
type SearchNamedCount struct {
	Name  string `json:"name"`
	Marks int    `json:"marks"`
}

// SearchHit is a page or a mark that matches.
type SearchHit struct {
	Kind       string       `json:"kind" enum:"text,title,comment,quote,reply" doc:"What was found: a page's text, title or authors, or what belongs to a mark"`
	MarkID     *uuid.UUID   `json:"mark_id" doc:"The mark of a comment, quote or reply"`
	MarkAuthor *string      `json:"mark_author" doc:"Who made the mark"`
	DocumentID uuid.UUID    `json:"document_id"`
	EditionID  *uuid.UUID   `json:"edition_id" doc:"Null for a work without a file that was read"`
	LibraryID  uuid.UUID    `json:"library_id"`
	Title      string       `json:"title"`
	Authors    []SearchName `json:"authors" doc:"At most the first 50"`
	Year       *int32       `json:"year"`
	Page       int          `json:"page" doc:"The page's place in the file, from 1; 0 for a work without a file"`
	PageLabel  string       `json:"page_label" doc:"What the file calls the page; may be empty"`
	Snippet    string       `json:"snippet" doc:"About 30 words around the hit: of the page, of what was written, or of a work's abstract"`
	Highlights []Range      `json:"highlights" doc:"Matched words in snippet: code point offsets, half open"`
	Start      int          `json:"start" doc:"The whole hit in the page's text, in code points; 0 to 0 where only title or authors match"`
	End        int          `json:"end"`
	Ranges     []Range      `json:"ranges" doc:"Matched words in the page's text; at most 200, those of the hit among them"`
}

// SearchName is an author: a person by family and given name, or anybody by literal.
type SearchName struct {
	Family  string `json:"family"`
	Given   string `json:"given"`
	Literal string `json:"literal"`
}

type searchInput struct {
	Query     string `query:"q" maxLength:"5000" doc:"Words (all of them), \"a phrase\", OR between alternatives, -word to leave out; author:, title:, year:2019..2023, by:, color:, has: narrow it"`
	LibraryID string `query:"library_id" maxLength:"64" doc:"Search in this library only"`
	Typing    bool   `query:"typing" doc:"The last word may go on; fewer pages are ranked"`
	Limit     int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor    string `query:"cursor" maxLength:"200" doc:"next_cursor of the page before"`
}

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/search", ID: "search", Tag: "search",
		Summary: "Find pages by their words, in one library or all of mine",
	}, s.handleSearch)
	mountRelated(api, s)
}

func (s *Service) handleSearch(ctx context.Context, in *searchInput) (*struct{ Body SearchResult }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	req := Request{Query: in.Query, Limit: in.Limit, Cursor: in.Cursor, Typing: in.Typing}
	if in.LibraryID != "" {
		id, err := uuid.Parse(in.LibraryID)
		if err != nil {
			return nil, fault.New(fault.Invalid, "bad_library_id", "library_id is not a UUID.").With("field", "library_id")
		}
		req.LibraryID = uuid.NullUUID{UUID: id, Valid: true}
	}
	r, err := s.Search(ctx, p, req)
	if err != nil {
		return nil, err
	}
	body := SearchResult{
		Query: in.Query, Hits: make([]SearchHit, len(r.Hits)), NextCursor: optional(r.Next), Partial: r.Partial,
		DocumentsPending: r.Pending, Message: optional(r.Message), Suggestion: optional(r.Suggestion),
		Filters: make([]SearchFilter, len(r.Filters)),
		Facets: SearchFacets{
			Pages: r.Facets.Pages, Titles: r.Facets.Titles, Marks: r.Facets.Marks,
			Years: make([]SearchYearCount, len(r.Facets.Years)), People: make([]SearchNamedCount, len(r.Facets.People)),
		},
	}
	for i, f := range r.Filters {
		body.Filters[i] = SearchFilter{Field: f.Field, Value: f.Value, Not: f.Not, Start: f.Start, End: f.End}
	}
	for i, y := range r.Facets.Years {
		body.Facets.Years[i] = SearchYearCount(y)
	}
	for i, n := range r.Facets.People {
		body.Facets.People[i] = SearchNamedCount(n)
	}
	for i, h := range r.Hits {
		body.Hits[i] = itemOf(h)
	}
	return &struct{ Body SearchResult }{body}, nil
}

func itemOf(h Hit) SearchHit {
	item := SearchHit{
		Kind: string(h.Kind), MarkAuthor: optional(h.MarkAuthor),
		DocumentID: h.DocumentID, LibraryID: h.LibraryID, Title: h.Title,
		Authors: make([]SearchName, len(h.Authors)), Year: h.Year, Page: h.Page, PageLabel: h.PageLabel,
		Snippet: h.Snippet, Highlights: h.Highlights, Start: h.Start, End: h.End, Ranges: h.Ranges,
	}
	if h.EditionID != uuid.Nil {
		item.EditionID = &h.EditionID
	}
	if h.MarkID.Valid {
		item.MarkID = &h.MarkID.UUID
	}
	for i, name := range h.Authors {
		item.Authors[i] = SearchName{Family: name.Family, Given: name.Given, Literal: name.Literal}
	}
	return item
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
