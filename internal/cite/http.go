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

// CitationSettings say how citation keys are made.
type CitationSettings struct {
	Pattern string `json:"pattern" example:"[auth:lower][year][veryshorttitle:lower]"`
	Example string `json:"example" doc:"The key of a well known work" example:"menabrea1843sketch"`
}

// CitationSettingsRequest decides it.
type CitationSettingsRequest struct {
	Pattern string `json:"pattern" maxLength:"1000" doc:"Text, and fields in brackets with changes behind colons; empty for the default"`
	Renew   bool   `json:"renew,omitempty" doc:"Works get new keys, but for those that somebody chose or that came with the work. Left out, they keep what they have"`
}

// CitationKey is the key by which texts cite a document.
type CitationKey struct {
	Key    string `json:"key" doc:"Empty for a document in the trash that never had one"`
	Pinned bool   `json:"pinned" doc:"Somebody chose it, or it came with the work"`
}

// CitationKeyRequest chooses a key.
type CitationKeyRequest struct {
	Key string `json:"key" maxLength:"1000" doc:"Empty has one made by the library's pattern"`
}

// CiteDocumentPath is exported because huma fills only exported embedded fields.
type CiteDocumentPath struct {
	DocumentID uuid.UUID `path:"document_id"`
}

type (
	settingsInput struct {
		CiteLibraryPath
		Body CitationSettingsRequest
	}
	exampleInput struct {
		Pattern string `query:"pattern" maxLength:"1000"`
	}
	keyInput struct {
		CiteDocumentPath
		Body CitationKeyRequest
	}
	settingsOutput struct{ Body CitationSettings }
	keyOutput      struct{ Body CitationKey }
)

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
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/citation-settings", ID: "get-citation-settings", Tag: "cite",
		Summary: "How the citation keys of a library's works are made",
	}, s.handleSettings)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPut, Path: "/api/libraries/{library_id}/citation-settings", ID: "set-citation-settings", Tag: "cite",
		Summary: "Decide how the citation keys of a library's works are made",
	}, s.handleSetSettings)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/citation-keys/example", ID: "example-citation-key", Tag: "cite",
		Summary: "The key that a pattern makes for a well known work",
	}, s.handleExample)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/documents/{document_id}/citation-key", ID: "get-citation-key", Tag: "cite",
		Summary: "The key by which texts cite a document",
	}, s.handleKey)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPut, Path: "/api/documents/{document_id}/citation-key", ID: "set-citation-key", Tag: "cite",
		Summary: "Choose a document's citation key, or have one made",
	}, s.handleSetKey)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		api.Handle(method, "/api/libraries/{library_id}/bibliography", httpapi.SignedIn,
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if err := s.serveExport(w, r); err != nil {
					api.WriteProblem(w, r, err)
				}
			}))
	}
	mountAddresses(api, s)
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

func settingsOf(pattern string) (*settingsOutput, error) {
	example, err := Example(pattern)
	if err != nil {
		return nil, err
	}
	return &settingsOutput{CitationSettings{Pattern: pattern, Example: example}}, nil
}

func (s *Service) handleSettings(ctx context.Context, in *CiteLibraryPath) (*settingsOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	pattern, err := s.Pattern(ctx, p, in.LibraryID)
	if err != nil {
		return nil, err
	}
	return settingsOf(pattern)
}

func (s *Service) handleSetSettings(ctx context.Context, in *settingsInput) (*settingsOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	pattern, err := s.SetPattern(ctx, p, in.LibraryID, in.Body.Pattern, in.Body.Renew)
	if err != nil {
		return nil, err
	}
	return settingsOf(pattern)
}

func (s *Service) handleExample(_ context.Context, in *exampleInput) (*settingsOutput, error) {
	return settingsOf(in.Pattern)
}

func (s *Service) handleKey(ctx context.Context, in *CiteDocumentPath) (*keyOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	key, err := s.Key(ctx, p, in.DocumentID)
	return &keyOutput{CitationKey(key)}, err
}

func (s *Service) handleSetKey(ctx context.Context, in *keyInput) (*keyOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	key, err := s.SetKey(ctx, p, in.DocumentID, in.Body.Key)
	return &keyOutput{CitationKey(key)}, err
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
