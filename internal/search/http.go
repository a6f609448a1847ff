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
}

// SearchHit is a page that matches.
type SearchHit struct {
	DocumentID uuid.UUID    `json:"document_id"`
	EditionID  uuid.UUID    `json:"edition_id"`
	LibraryID  uuid.UUID    `json:"library_id"`
	Title      string       `json:"title"`
	Authors    []SearchName `json:"authors" doc:"At most the first 50"`
	Year       *int32       `json:"year"`
	Page       int          `json:"page" doc:"The page's place in the file, from 1"`
	PageLabel  string       `json:"page_label" doc:"What the file calls the page; may be empty"`
	Snippet    string       `json:"snippet" doc:"About 30 words of the page around the hit"`
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
	Query     string `query:"q" maxLength:"5000" doc:"Words (all of them), \"a phrase\", OR between alternatives, -word to leave out"`
	LibraryID string `query:"library_id" maxLength:"64" doc:"Search in this library only"`
	Limit     int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor    string `query:"cursor" maxLength:"200" doc:"next_cursor of the page before"`
}

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/search", ID: "search", Tag: "search",
		Summary: "Find pages by their words, in one library or all of mine",
	}, s.handleSearch)
}

func (s *Service) handleSearch(ctx context.Context, in *searchInput) (*struct{ Body SearchResult }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	req := Request{Query: in.Query, Limit: in.Limit, Cursor: in.Cursor}
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
		DocumentsPending: r.Pending, Message: optional(r.Message),
	}
	for i, h := range r.Hits {
		body.Hits[i] = itemOf(h)
	}
	return &struct{ Body SearchResult }{body}, nil
}

func itemOf(h Hit) SearchHit {
	item := SearchHit{
		DocumentID: h.DocumentID, EditionID: h.EditionID, LibraryID: h.LibraryID, Title: h.Title,
		Authors: make([]SearchName, len(h.Authors)), Year: h.Year, Page: h.Page, PageLabel: h.PageLabel,
		Snippet: h.Snippet, Highlights: h.Highlights, Start: h.Start, End: h.End, Ranges: h.Ranges,
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
