package transfer

import (
	"context"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// AnnotationImport says what became of annotations that were brought in.
type AnnotationImport struct {
	Imported int `json:"imported" doc:"New marks"`
	Skipped  int `json:"skipped" doc:"There already, or nothing that could be placed"`
	Orphans  int `json:"orphans" doc:"Of the imported ones, those whose text was not found in this file"`
}

type importInput struct {
	DocumentID uuid.UUID `path:"document_id"`
	EditionID  uuid.UUID `query:"edition_id" doc:"The file that the marks are looked for in; left out, the newest"`
	RawBody    []byte    `contentType:"application/ld+json"`
}

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	api.Handle(http.MethodGet, "/api/documents/{document_id}/annotations/export", httpapi.SignedIn,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := s.serveExport(w, r); err != nil {
				api.WriteProblem(w, r, err)
			}
		}))
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/documents/{document_id}/annotations/import", ID: "import-annotations", Tag: "annotation",
		Summary: "Bring in W3C Web Annotations", MaxBody: maxImportBytes,
	}, s.handleImport)
}

func (s *Service) handleImport(ctx context.Context, in *importInput) (*struct{ Body AnnotationImport }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	var editionID *uuid.UUID
	if in.EditionID != uuid.Nil {
		editionID = &in.EditionID
	}
	report, err := s.Import(ctx, p, in.DocumentID, editionID, in.RawBody)
	if err != nil {
		return nil, err
	}
	return &struct{ Body AnnotationImport }{importItem(report)}, nil
}

func importItem(report annotation.ImportReport) AnnotationImport {
	return AnnotationImport{Imported: report.Imported, Skipped: report.Skipped, Orphans: report.Orphans}
}

// serveExport sends a file. An error is returned only while nothing has been
// sent.
func (s *Service) serveExport(w http.ResponseWriter, r *http.Request) error {
	p, err := identity.FromContext(r.Context())
	if err != nil {
		return err
	}
	documentID, err := uuid.Parse(r.PathValue("document_id"))
	if err != nil {
		return fault.New(fault.Invalid, "bad_document_id", "The document's id is not a UUID.")
	}
	query := r.URL.Query()
	o := Options{Format: Format(query.Get("format")), Group: ByPage, Private: query.Get("private") == "1", Origin: originOf(r)}
	if group := query.Get("group"); group != "" {
		o.Group = Group(group)
	}
	if text := query.Get("edition_id"); text != "" {
		id, err := uuid.Parse(text)
		if err != nil {
			return fault.New(fault.Invalid, "bad_edition_id", "The edition's id is not a UUID.")
		}
		o.EditionID = &id
	}
	file, err := s.Export(r.Context(), p, documentID, o)
	if err != nil {
		return err
	}
	defer file.Close()
	h := w.Header()
	h.Set("Content-Type", file.Type)
	h.Set("Content-Disposition", httpapi.Disposition(true, file.Name, file.Ending))
	h.Set("Content-Length", strconv.FormatInt(file.Size, 10))
	// What is in it depends on who asks and on this very moment.
	h.Set("Cache-Control", "private, no-store")
	h.Set("Vary", "Cookie, Authorization")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	// A client that goes away in the middle is nobody's failure.
	_ = file.Send(w)
	return nil
}

// originOf is the address that the request was sent to.
func originOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
