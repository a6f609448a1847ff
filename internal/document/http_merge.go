package document

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// DocumentMergeRequest says which documents become files of another.
type DocumentMergeRequest struct {
	DocumentIDs []uuid.UUID `json:"document_ids" minItems:"1" maxItems:"50" doc:"Of the same library. They go to the trash without their files; restoring one takes its files back"`
}

// DocumentDuplicates is a library's documents that are probably one work.
type DocumentDuplicates struct {
	Groups []DocumentDuplicateGroup `json:"groups" doc:"The surest first, at most 200"`
	Total  int                      `json:"total" doc:"Groups in all"`
}

// DocumentDuplicateGroup is of documents that are probably one work.
type DocumentDuplicateGroup struct {
	Likeness  string         `json:"likeness" enum:"doi,title,close_title" doc:"Why: the same DOI; the same title, or one a few letters apart, with authors and years that agree"`
	Documents []DocumentItem `json:"documents" doc:"In the order in which they came"`
}

// DocumentApartRequest says of documents whether they are works of their own.
type DocumentApartRequest struct {
	DocumentIDs []uuid.UUID `json:"document_ids" minItems:"2" maxItems:"50"`
	Apart       bool        `json:"apart" doc:"False forgets it again"`
}

type (
	mergeInput struct {
		DocumentPath
		Body DocumentMergeRequest
	}
	// DocumentLibraryPath is exported because huma fills only exported embedded fields.
	DocumentLibraryPath struct {
		LibraryID uuid.UUID `path:"library_id"`
	}
	apartInput struct {
		DocumentLibraryPath
		Body DocumentApartRequest
	}
)

func mountMerge(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/documents/{document_id}/merge", ID: "merge-documents", Tag: "document",
		Summary: "Make one work of several documents", Status: http.StatusOK,
	}, s.handleMerge)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/editions/{edition_id}/prefer", ID: "prefer-edition", Tag: "document",
		Summary: "Make a file the one that its document shows", Status: http.StatusOK,
	},
		func(ctx context.Context, in *editionPath) (*documentOutput, error) {
			return answer(ctx, func(p identity.Person) (Document, error) { return s.Prefer(ctx, p, in.EditionID) })
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/duplicates", ID: "list-duplicates", Tag: "document",
		Summary: "Documents that are probably one work",
	}, s.handleDuplicates)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/libraries/{library_id}/duplicates/apart", ID: "keep-documents-apart", Tag: "document",
		Summary: "Say that documents are works of their own, however alike", Status: http.StatusNoContent,
	},
		func(ctx context.Context, in *apartInput) (*struct{}, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.KeepApart(ctx, p, in.LibraryID, in.Body.DocumentIDs, in.Body.Apart)
		})
}

func (s *Service) handleMerge(ctx context.Context, in *mergeInput) (*struct{ Body DocumentDetail }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	d, err := s.Merge(ctx, p, in.DocumentID, in.Body.DocumentIDs)
	if err != nil {
		return nil, err
	}
	return &struct{ Body DocumentDetail }{detailItem(d)}, nil
}

func (s *Service) handleDuplicates(ctx context.Context, in *DocumentLibraryPath) (*struct{ Body DocumentDuplicates }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	groups, total, err := s.Duplicates(ctx, p, in.LibraryID)
	if err != nil {
		return nil, err
	}
	body := DocumentDuplicates{Groups: make([]DocumentDuplicateGroup, len(groups)), Total: total}
	for i, g := range groups {
		body.Groups[i] = DocumentDuplicateGroup{Likeness: string(g.Likeness), Documents: make([]DocumentItem, len(g.Documents))}
		for k, d := range g.Documents {
			body.Groups[i].Documents[k] = itemOf(d)
		}
	}
	return &struct{ Body DocumentDuplicates }{body}, nil
}
