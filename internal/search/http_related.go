package search

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// RelatedPapers are documents of the same library that have to do with one.
type RelatedPapers struct {
	Cites   []RelatedPaper `json:"cites" nullable:"false" doc:"Those in its list of references, in the list's order; at most 200"`
	CitedBy []RelatedPaper `json:"cited_by" nullable:"false" doc:"Those that have it in theirs, the newest first; at most 200"`
	Alike   []RelatedPaper `json:"alike" nullable:"false" doc:"Those about the same, the most alike first; at most 8"`
}

// RelatedPaper is a document in a list of others.
type RelatedPaper struct {
	DocumentID uuid.UUID    `json:"document_id"`
	Title      string       `json:"title"`
	Authors    []SearchName `json:"authors" doc:"At most the first 50"`
	Year       *int32       `json:"year"`
}

func mountRelated(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/documents/{document_id}/related", ID: "list-related-documents", Tag: "search",
		Summary: "Documents of the same library that cite this one, are cited by it, or are about the same",
	},
		func(ctx context.Context, in *struct {
			DocumentID uuid.UUID `path:"document_id"`
		},
		) (*struct{ Body RelatedPapers }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			r, err := s.Related(ctx, p, in.DocumentID)
			if err != nil {
				return nil, err
			}
			return &struct{ Body RelatedPapers }{RelatedPapers{
				Cites: relatedPapers(r.Cites), CitedBy: relatedPapers(r.CitedBy), Alike: relatedPapers(r.Alike),
			}}, nil
		})
}

func relatedPapers(list []Paper) []RelatedPaper {
	items := make([]RelatedPaper, len(list))
	for i, p := range list {
		items[i] = RelatedPaper{DocumentID: p.DocumentID, Title: p.Title, Authors: make([]SearchName, len(p.Authors)), Year: p.Year}
		for j, name := range p.Authors {
			items[i].Authors[j] = SearchName{Family: name.Family, Given: name.Given, Literal: name.Literal}
		}
	}
	return items
}
