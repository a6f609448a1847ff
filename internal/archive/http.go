package archive

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// ArchiveItem is a library, or a part of one, that somebody takes out.
type ArchiveItem struct {
	ID        uuid.UUID `json:"id"`
	LibraryID uuid.UUID `json:"library_id"`
	Name      string    `json:"name" doc:"Of the ZIP, without its ending"`
	State     string    `json:"state" enum:"preparing,ready,failed"`
	Works     int       `json:"works"`
	Files     int       `json:"files" doc:"PDFs"`
	Missing   int       `json:"missing" doc:"Files that the server could not read; README.txt names them"`
	Progress  float64   `json:"progress" doc:"From 0 to 1"`
	Size      int64     `json:"size" doc:"Bytes of the ZIP; known when ready"`
	Failure   string    `json:"failure" doc:"A sentence, of a failed one"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// ArchiveList is a person's newest archives of a library.
type ArchiveList struct {
	Items []ArchiveItem `json:"items"`
}

// ArchiveRequest says what of a library to take out; left empty, all of it.
type ArchiveRequest struct {
	CollectionID *uuid.UUID  `json:"collection_id,omitempty" doc:"This collection with what is under it"`
	DocumentIDs  []uuid.UUID `json:"document_ids,omitempty" maxItems:"10000" doc:"These documents"`
	Private      bool        `json:"private,omitempty" doc:"With one's own private marks; those of others are never taken out"`
}

type (
	archiveOutput struct{ Body ArchiveItem }
	archivePath   struct {
		ArchiveID uuid.UUID `path:"archive_id"`
	}
)

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/libraries/{library_id}/archives", ID: "begin-archive", Tag: "archive",
		Summary: "Have a library prepared to be taken out as a ZIP", Status: http.StatusCreated,
	}, s.handleBegin)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/archives", ID: "list-archives", Tag: "archive",
		Summary: "One's own newest archives of a library",
	}, s.handleList)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/archives/{archive_id}", ID: "get-archive", Tag: "archive",
		Summary: "How far an archive has come",
	}, s.handleGet)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/archives/{archive_id}", ID: "discard-archive", Tag: "archive",
		Summary: "Forget an archive", Status: http.StatusNoContent,
	}, s.handleDiscard)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		api.Handle(method, "/api/archives/{archive_id}/file", httpapi.SignedIn,
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if err := s.serveFile(w, r); err != nil {
					api.WriteProblem(w, r, err)
				}
			}))
	}
}

func (s *Service) handleBegin(ctx context.Context, in *struct {
	LibraryID uuid.UUID `path:"library_id"`
	Body      ArchiveRequest
},
) (*archiveOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	choice := Choice{DocumentIDs: in.Body.DocumentIDs, Private: in.Body.Private}
	if in.Body.CollectionID != nil {
		choice.CollectionID = uuid.NullUUID{UUID: *in.Body.CollectionID, Valid: true}
	}
	a, err := s.Begin(ctx, p, in.LibraryID, choice)
	if err != nil {
		return nil, err
	}
	return &archiveOutput{itemOf(a)}, nil
}

func (s *Service) handleList(ctx context.Context, in *struct {
	LibraryID uuid.UUID `path:"library_id"`
},
) (*struct{ Body ArchiveList }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.List(ctx, p, in.LibraryID)
	if err != nil {
		return nil, err
	}
	body := ArchiveList{Items: make([]ArchiveItem, len(list))}
	for i, a := range list {
		body.Items[i] = itemOf(a)
	}
	return &struct{ Body ArchiveList }{body}, nil
}

func (s *Service) handleGet(ctx context.Context, in *archivePath) (*archiveOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	a, err := s.Get(ctx, p, in.ArchiveID)
	if err != nil {
		return nil, err
	}
	return &archiveOutput{itemOf(a)}, nil
}

func (s *Service) handleDiscard(ctx context.Context, in *archivePath) (*struct{}, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.Discard(ctx, p, in.ArchiveID)
}

// serveFile sends the ZIP, or a range of it. An error is returned only while
// nothing has been sent.
func (s *Service) serveFile(w http.ResponseWriter, r *http.Request) error {
	p, err := identity.FromContext(r.Context())
	if err != nil {
		return err
	}
	id, err := uuid.Parse(r.PathValue("archive_id"))
	if err != nil {
		return fault.New(fault.Invalid, "bad_archive_id", "The archive's id is not a UUID.")
	}
	content, err := s.Open(r.Context(), p, id)
	if err != nil {
		return err
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", httpapi.Disposition(true, content.Name, ".zip"))
	h.Set("Cache-Control", "private, no-store")
	h.Set("Vary", "Cookie, Authorization")
	h.Set("X-Content-Type-Options", "nosniff")
	// The same bytes for as long as it is there: a download that broke off goes on.
	h.Set("ETag", `"`+id.String()+`"`)
	http.ServeContent(w, r, "", content.ModTime, content)
	return nil
}

func itemOf(a Archive) ArchiveItem {
	item := ArchiveItem{
		ID: a.ID, LibraryID: a.LibraryID, Name: a.Name, State: string(a.State), Works: a.Works, Files: a.Files, Missing: a.Missing, Size: a.Size,
		Failure: a.Failure, CreatedAt: a.CreatedAt, ExpiresAt: a.CreatedAt.Add(lifetime),
	}
	if a.Total > 0 {
		item.Progress = float64(a.Passed) / float64(a.Total)
	}
	return item
}
