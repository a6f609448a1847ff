package ingest

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// UploadItem is one of my uploads.
type UploadItem struct {
	ID          uuid.UUID  `json:"id"`
	Filename    string     `json:"filename"`
	Path        string     `json:"path" doc:"The folder it was dropped with; empty for none"`
	Size        int64      `json:"size" doc:"Bytes"`
	State       string     `json:"state" enum:"open,finished,duplicate,refused,terminated,expired"`
	DocumentID  *uuid.UUID `json:"document_id" doc:"What it became, or for a duplicate the document that was here already"`
	ProblemCode *string    `json:"problem_code" doc:"Why it did not become a document"`
	CreatedAt   time.Time  `json:"created_at"`
	ExpiresAt   time.Time  `json:"expires_at" doc:"When it ends if no more bytes come"`
}

// UploadList is my newest uploads in a library.
type UploadList struct {
	Items []UploadItem `json:"items"`
}

// UploadPassword opens an encrypted file.
type UploadPassword struct {
	Password string `json:"password" minLength:"1" maxLength:"1000" doc:"Kept only until the file has been read"`
}

type uploadListInput struct {
	LibraryID uuid.UUID `path:"library_id"`
}

type uploadListOutput struct {
	Body UploadList
}

type editionInput struct {
	EditionID uuid.UUID `path:"edition_id"`
}

type editionPasswordInput struct {
	EditionID uuid.UUID `path:"edition_id"`
	Body      UploadPassword
}

type editionOutput struct {
	Body document.DocumentEditionItem
}

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/uploads", ID: "list-uploads",
		Summary: "My last 200 uploads to a library", Tag: "uploads",
	}, func(ctx context.Context, in *uploadListInput) (*uploadListOutput, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		uploads, err := s.Uploads(ctx, p, in.LibraryID)
		if err != nil {
			return nil, err
		}
		out := &uploadListOutput{Body: UploadList{Items: make([]UploadItem, len(uploads))}}
		for i, u := range uploads {
			out.Body.Items[i] = itemOf(u)
		}
		return out, nil
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/editions/{edition_id}/retry", ID: "retry-edition",
		Summary: "Read a file again that could not be read, or not all of it", Tag: "uploads", Status: http.StatusAccepted,
	}, func(ctx context.Context, in *editionInput) (*editionOutput, error) {
		return s.retry(ctx, in.EditionID, "")
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/editions/{edition_id}/password", ID: "open-edition",
		Summary: "Give the password of an encrypted file and read it again", Tag: "uploads", Status: http.StatusAccepted,
	}, func(ctx context.Context, in *editionPasswordInput) (*editionOutput, error) {
		return s.retry(ctx, in.EditionID, in.Body.Password)
	})

	s.mountTus(api)
}

func (s *Service) retry(ctx context.Context, editionID uuid.UUID, password string) (*editionOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	edition, err := s.Retry(ctx, p, editionID, password)
	if err != nil {
		return nil, err
	}
	return &editionOutput{Body: document.EditionItem(edition)}, nil
}

// mountTus adds the endpoints of tus 1.0 with the extensions creation,
// creation-with-upload and termination (https://tus.io/protocols/resumable-upload).
func (s *Service) mountTus(api *httpapi.API) {
	const one = basePath + "{id}"
	post := s.through(api, s.tus.PostFile)
	patch := s.through(api, s.tus.PatchFile)
	head := s.through(api, s.tus.HeadFile)
	del := s.through(api, s.tus.DelFile)

	api.Handle(http.MethodPost, basePath+"{$}", httpapi.SignedIn, s.limited(api, post))
	api.Handle(http.MethodPatch, one, httpapi.SignedIn, s.limited(api, s.serve(api, patch, s.checkPatch)))
	api.Handle(http.MethodHead, one, httpapi.SignedIn, s.serve(api, head, nil))
	api.Handle(http.MethodDelete, one, httpapi.SignedIn, s.serve(api, del, nil))
	// What the server can do is no secret, and clients ask before they sign in.
	// tusd answers OPTIONS before it comes to a handler.
	options := s.through(api, s.tus.PostFile)
	api.Handle(http.MethodOptions, basePath+"{$}", httpapi.Public, options)
	api.Handle(http.MethodOptions, one, httpapi.Public, options)
}

func itemOf(u Upload) UploadItem {
	item := UploadItem{
		ID: u.ID, Filename: u.Filename, Path: u.Path, Size: u.Size, State: string(u.State),
		CreatedAt: u.CreatedAt, ExpiresAt: u.ExpiresAt,
	}
	if u.DocumentID.Valid {
		item.DocumentID = &u.DocumentID.UUID
	}
	if u.ProblemCode != "" {
		item.ProblemCode = &u.ProblemCode
	}
	return item
}
