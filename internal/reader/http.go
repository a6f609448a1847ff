package reader

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// ReaderPresence is who is in a document at this moment.
type ReaderPresence struct {
	Items []Here `json:"items" doc:"One for each open window, mine among them; at most 500"`
}

// ReaderPosition is my place in a document.
type ReaderPosition struct {
	EditionID uuid.UUID `json:"edition_id"`
	Page      int       `json:"page" minimum:"1" maximum:"1000000" doc:"From 1"`
	X         float64   `json:"x" doc:"PDF points, default user space"`
	Y         float64   `json:"y"`
	At        time.Time `json:"at" doc:"When I was there, by my device's clock; of two, the later one holds"`
}

// ReaderPlace is my place in a document, if I have one.
type ReaderPlace struct {
	Position *ReaderPosition `json:"position" doc:"Null before I first read it"`
}

type (
	placeOutput struct{ Body ReaderPlace }

	// ReaderDocumentPath is exported because huma fills only exported embedded fields.
	ReaderDocumentPath struct {
		DocumentID uuid.UUID `path:"document_id"`
	}
)

// Mount adds this feature's routes. Those of bytes are plain handlers, because
// huma knows no ranges.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/documents/{document_id}/presence", ID: "list-presence", Tag: "reader",
		Summary: "Who is in this document at this moment, and where", Access: httpapi.Guests,
	},
		func(ctx context.Context, in *ReaderDocumentPath) (*struct{ Body ReaderPresence }, error) {
			p, err := identity.CallerFromContext(ctx)
			if err != nil {
				return nil, err
			}
			present, err := s.Present(ctx, p, in.DocumentID)
			if err != nil {
				return nil, err
			}
			return &struct{ Body ReaderPresence }{ReaderPresence{Items: present}}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/documents/{document_id}/position", ID: "get-position", Tag: "reader",
		Summary: "My place in this document",
	},
		func(ctx context.Context, in *ReaderDocumentPath) (*placeOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return place(s.Position(ctx, p, in.DocumentID))
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPut, Path: "/api/documents/{document_id}/position", ID: "set-position", Tag: "reader",
		Summary: "Keep my place in this document; answers with the one that holds",
	},
		func(ctx context.Context, in *struct {
			ReaderDocumentPath
			Body ReaderPosition
		},
		) (*placeOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return place(s.SetPosition(ctx, p, in.DocumentID, Position(in.Body)))
		})
	file := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.serveFile(w, r); err != nil {
			api.WriteProblem(w, r, err)
		}
	})
	api.Handle(http.MethodGet, "/api/editions/{edition_id}/file", httpapi.Guests, file)
	api.Handle(http.MethodHead, "/api/editions/{edition_id}/file", httpapi.Guests, file)
	api.Handle(http.MethodGet, "/api/editions/{edition_id}/thumbnail", httpapi.Guests,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := s.serveThumbnail(w, r); err != nil {
				api.WriteProblem(w, r, err)
			}
		}))
}

func place(at *Position, err error) (*placeOutput, error) {
	return &placeOutput{ReaderPlace{Position: (*ReaderPosition)(at)}}, err
}

// serveFile answers with the file, parts of it, or that it has not changed (RFC
// 9110, 13 and 14). An error is returned only while nothing has been sent.
func (s *Service) serveFile(w http.ResponseWriter, r *http.Request) error {
	p, id, err := who(r)
	if err != nil {
		return err
	}
	d, err := s.File(r.Context(), p, id)
	if err != nil {
		return err
	}
	content, done, err := s.content(r, d)
	if err != nil {
		return err
	}
	defer done()
	h := w.Header()
	setPrivate(h, d.ETag)
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", httpapi.Disposition(r.URL.Query().Get("download") == "1", d.Filename, ".pdf"))
	// No modification time: the ETag says all, to the byte.
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// content opens what the request is likely to need. Reading begins here, so
// that a store that fails is answered as an error and not as a broken body.
func (s *Service) content(r *http.Request, d Delivery) (content io.ReadSeeker, done func(), err error) {
	spec := r.Header.Get("Range")
	if spec == "" && r.Method == http.MethodGet && !matches(r.Header.Get("If-None-Match"), d.ETag) {
		file, err := s.store.Open(r.Context(), d.blobKey)
		if err != nil {
			return nil, nil, err
		}
		return file, func() { _ = file.Close() }, nil
	}
	file := s.cache.File(r.Context(), d.blobKey, d.Size)
	if from, ok := firstByte(spec, d.Size); ok && r.Method == http.MethodGet {
		if err := file.hold(from); err != nil {
			return nil, nil, err
		}
	}
	return file, func() {}, nil
}

// firstByte is where the first range of a Range header begins. Whatever is
// wrong with the header is left to http.ServeContent.
func firstByte(spec string, size int64) (int64, bool) {
	spec, ok := strings.CutPrefix(spec, "bytes=")
	if !ok {
		return 0, false
	}
	spec, _, _ = strings.Cut(spec, ",")
	from, to, ok := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok {
		return 0, false
	}
	if from == "" {
		n, err := strconv.ParseInt(to, 10, 64)
		return max(0, size-n), err == nil && n > 0 && size > 0
	}
	n, err := strconv.ParseInt(from, 10, 64)
	return n, err == nil && n >= 0 && n < size
}

// matches reports whether an If-None-Match header surely names tag. It only
// spares opening the file; http.ServeContent decides.
func matches(header, tag string) bool { return header == tag || header == "W/"+tag }

func (s *Service) serveThumbnail(w http.ResponseWriter, r *http.Request) error {
	p, id, err := who(r)
	if err != nil {
		return err
	}
	thumbnail, err := s.Thumbnail(r.Context(), p, id)
	if err != nil {
		return err
	}
	kind := http.DetectContentType(thumbnail.Content)
	if kind != "image/jpeg" && kind != "image/png" {
		return errNoThumbnail
	}
	setPrivate(w.Header(), thumbnail.ETag)
	w.Header().Set("Content-Type", kind)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(thumbnail.Content))
	return nil
}

func who(r *http.Request) (identity.Person, uuid.UUID, error) {
	p, err := identity.CallerFromContext(r.Context())
	if err != nil {
		return p, uuid.Nil, err
	}
	id, err := uuid.Parse(r.PathValue("edition_id"))
	if err != nil {
		return p, id, fault.New(fault.Invalid, "bad_edition_id", "The edition's id is not a UUID.")
	}
	return p, id, nil
}

// setPrivate lets the asking browser alone keep the answer, and use it only
// after asking again. A person's file runs nothing and is framed by nobody.
func setPrivate(h http.Header, etag string) {
	h.Set("ETag", etag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Cookie, Authorization")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
}
