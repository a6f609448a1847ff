package relocate

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// RelocationRequest asks for documents to be copied or moved.
type RelocationRequest struct {
	Kind         string      `json:"kind" enum:"copy,move"`
	ToLibraryID  uuid.UUID   `json:"to_library_id"`
	DocumentIDs  []uuid.UUID `json:"document_ids" minItems:"1" maxItems:"2000"`
	WithMarks    bool        `json:"with_marks" doc:"Of a copy: shared marks, and one's own private ones. A move takes all along"`
	WithTags     bool        `json:"with_tags" doc:"Tags and collections of the same names, made where they are missing"`
	CollectionID *uuid.UUID  `json:"collection_id,omitempty" nullable:"true" doc:"A collection of that library to put them into"`
}

// RelocationItem is documents on their way from one library to another.
type RelocationItem struct {
	ID            uuid.UUID           `json:"id"`
	Kind          string              `json:"kind" enum:"copy,move"`
	FromLibraryID uuid.UUID           `json:"from_library_id"`
	ToLibraryID   uuid.UUID           `json:"to_library_id"`
	State         string              `json:"state" enum:"running,done,undoing,undone"`
	CreatedAt     time.Time           `json:"created_at"`
	Total         int                 `json:"total"`
	Arrived       int                 `json:"arrived" doc:"That are in the other library"`
	Present       int                 `json:"present" doc:"Whose file that library has already: they were left alone"`
	Failed        int                 `json:"failed"`
	Undone        int                 `json:"undone"`
	Problems      []RelocationProblem `json:"problems" doc:"At most 100"`
}

// RelocationProblem is a document that did not go, or not back.
type RelocationProblem struct {
	DocumentID uuid.UUID  `json:"document_id"`
	PresentID  *uuid.UUID `json:"present_id" doc:"The document of the other library that has its file"`
	Message    string     `json:"message"`
}

type (
	relocationOutput struct{ Body RelocationItem }
	relocationPath   struct {
		RelocationID uuid.UUID `path:"relocation_id"`
	}
)

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/libraries/{library_id}/relocations", ID: "relocate-documents", Tag: "relocate",
		Summary: "Copy or move documents to another library", Status: http.StatusCreated,
	}, s.handleBegin)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/relocations/{relocation_id}", ID: "get-relocation", Tag: "relocate",
		Summary: "How far documents have come on their way",
	}, with(s.Get))
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/relocations/{relocation_id}/undo", ID: "undo-relocation", Tag: "relocate",
		Summary: "Take all of it back: what was moved returns, and copies go to the trash", Status: http.StatusOK,
	}, with(s.Undo))
}

func (s *Service) handleBegin(ctx context.Context, in *struct {
	LibraryID uuid.UUID `path:"library_id"`
	Body      RelocationRequest
},
) (*relocationOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	b := in.Body
	n := New{
		Kind: Kind(b.Kind), From: in.LibraryID, To: b.ToLibraryID, DocumentIDs: b.DocumentIDs, WithMarks: b.WithMarks, WithTags: b.WithTags,
	}
	if b.CollectionID != nil {
		n.CollectionID = uuid.NullUUID{UUID: *b.CollectionID, Valid: true}
	}
	r, err := s.Begin(ctx, p, n)
	if err != nil {
		return nil, err
	}
	return &relocationOutput{itemOf(r)}, nil
}

func with(use func(context.Context, identity.Person, uuid.UUID) (Relocation, error)) func(context.Context, *relocationPath) (*relocationOutput, error) {
	return func(ctx context.Context, in *relocationPath) (*relocationOutput, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		r, err := use(ctx, p, in.RelocationID)
		if err != nil {
			return nil, err
		}
		return &relocationOutput{itemOf(r)}, nil
	}
}

func itemOf(r Relocation) RelocationItem {
	item := RelocationItem{
		ID: r.ID, Kind: string(r.Kind), FromLibraryID: r.From, ToLibraryID: r.To, State: string(r.State), CreatedAt: r.CreatedAt,
		Total: r.Total, Arrived: r.Arrived, Present: r.Present, Failed: r.Failed, Undone: r.Undone, Problems: make([]RelocationProblem, len(r.Problems)),
	}
	for i, p := range r.Problems {
		item.Problems[i] = RelocationProblem{DocumentID: p.DocumentID, Message: p.Message}
		if p.PresentID.Valid {
			item.Problems[i].PresentID = &p.PresentID.UUID
		}
	}
	return item
}
