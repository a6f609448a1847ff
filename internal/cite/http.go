package cite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/citeproc"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// CitationStyle is a style that citations can be formatted in.
type CitationStyle struct {
	ID    string `json:"id" example:"apa"`
	Title string `json:"title" example:"APA"`
	Kind  string `json:"kind" enum:"in-text,numeric,note" doc:"Where and how it cites: by names in the text, by numbers in the text, or in notes"`
}

// CitationStyleList is all of them.
type CitationStyleList struct {
	Items []CitationStyle `json:"items"`
}

// CitationRequest says what to cite, and how.
type CitationRequest struct {
	DocumentIDs []uuid.UUID `json:"document_ids" minItems:"1" maxItems:"500" doc:"In the order in which they are cited"`
	Style       string      `json:"style" maxLength:"100" example:"apa"`
	Lang        string      `json:"lang,omitempty" maxLength:"35" example:"en-GB" doc:"The language of the words between; left out, the style's own"`
}

// CitationText is a text with its formats and without.
type CitationText struct {
	HTML string `json:"html" doc:"In the elements i, b, u, sup, sub, span with small capitals, and a; all else is escaped"`
	Text string `json:"text"`
}

// CitationWork is one document's part.
type CitationWork struct {
	DocumentID uuid.UUID    `json:"document_id"`
	Citation   CitationText `json:"citation"`
	Entry      CitationText `json:"entry" doc:"In the bibliography; empty in a style that has none"`
}

// CitationList is documents as a text cites them.
type CitationList struct {
	Items         []CitationWork `json:"items" doc:"In the order in which they were asked for"`
	Together      CitationText   `json:"together" doc:"One citation of all"`
	Bibliography  []int          `json:"bibliography" doc:"The entries' places in items, in the style's order"`
	HangingIndent bool           `json:"hanging_indent" doc:"Whether the lines of an entry but the first are moved in"`
}

// CiteLibraryPath is exported because huma fills only exported embedded fields.
type CiteLibraryPath struct {
	LibraryID uuid.UUID `path:"library_id"`
}

type citeInput struct {
	CiteLibraryPath
	Body CitationRequest
}

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/citation-styles", ID: "list-citation-styles", Tag: "cite",
		Summary: "The styles that citations can be formatted in",
	}, s.handleStyles)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/libraries/{library_id}/citations", ID: "format-citations", Tag: "cite",
		Summary: "Format documents as citations and bibliography entries",
	}, s.handleCite)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		api.Handle(method, "/api/libraries/{library_id}/bibliography", httpapi.SignedIn,
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if err := s.serveExport(w, r); err != nil {
					api.WriteProblem(w, r, err)
				}
			}))
	}
}

func (s *Service) handleStyles(context.Context, *struct{}) (*struct{ Body CitationStyleList }, error) {
	styles, err := s.Styles()
	if err != nil {
		return nil, err
	}
	list := CitationStyleList{Items: make([]CitationStyle, len(styles))}
	for i, style := range styles {
		list.Items[i] = CitationStyle{ID: style.ID, Title: style.Title, Kind: string(style.Kind)}
	}
	return &struct{ Body CitationStyleList }{list}, nil
}

func (s *Service) handleCite(ctx context.Context, in *citeInput) (*struct{ Body CitationList }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	cited, err := s.Cite(ctx, p, in.LibraryID, Request{DocumentIDs: in.Body.DocumentIDs, Style: in.Body.Style, Lang: in.Body.Lang})
	if err != nil {
		return nil, err
	}
	list := CitationList{
		Items: make([]CitationWork, len(cited.Works)), Together: textItem(cited.Together),
		Bibliography: append([]int{}, cited.Bibliography...), HangingIndent: cited.HangingIndent,
	}
	for i, work := range cited.Works {
		list.Items[i] = CitationWork{DocumentID: work.DocumentID, Citation: textItem(work.Citation), Entry: textItem(work.Entry)}
	}
	return &struct{ Body CitationList }{list}, nil
}

func textItem(t citeproc.Text) CitationText {
	return CitationText{HTML: t.HTML(), Text: t.Plain()}
}

// maxChoice bounds the list of documents for a file, in bytes: MaxExported ids of
// 36 characters, with what stands between.
const maxChoice = 1 << 20

var errBadChoice = fault.New(fault.Invalid, "bad_documents", "The documents are given as a list of ids in document_ids.")

// serveExport sends a bibliography while it is read. An error is returned only
// while nothing has been sent.
func (s *Service) serveExport(w http.ResponseWriter, r *http.Request) error {
	p, err := identity.FromContext(r.Context())
	if err != nil {
		return err
	}
	libraryID, err := uuid.Parse(r.PathValue("library_id"))
	if err != nil {
		return fault.New(fault.Invalid, "bad_library_id", "The library's id is not a UUID.")
	}
	var ids []uuid.UUID
	if r.Method == http.MethodPost {
		var choice struct {
			DocumentIDs []uuid.UUID `json:"document_ids"`
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxChoice))
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return errTooMany
		} else if err != nil {
			return fmt.Errorf("read chosen documents: %w", err)
		}
		if json.Unmarshal(body, &choice) != nil {
			return errBadChoice
		}
		if ids = choice.DocumentIDs; ids == nil {
			return errNone
		}
	}
	file, err := s.Export(r.Context(), p, libraryID, biblio.Format(r.URL.Query().Get("format")), ids)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", file.Type)
	h.Set("Content-Disposition", httpapi.Disposition(true, file.Name, file.Ending))
	h.Set("Cache-Control", "private, no-store")
	h.Set("Vary", "Cookie, Authorization")
	h.Set("X-Content-Type-Options", "nosniff")
	if err := file.Write(r.Context(), w); err != nil {
		if r.Context().Err() == nil {
			s.log.ErrorContext(r.Context(), "a bibliography broke off", slog.String("library", libraryID.String()), slog.Any("error", err))
		}
		// Half a file must not look like a whole one.
		panic(http.ErrAbortHandler)
	}
	return nil
}
