package cite

import (
	"context"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// AddressPrefix begins the address of a live bibliography; its secret and an ending
// come after.
const AddressPrefix = "/bib/"

// CitationAddress is an address of a live bibliography without its secret.
type CitationAddress struct {
	ID           uuid.UUID  `json:"id"`
	CollectionID *uuid.UUID `json:"collection_id" doc:"Null for the whole library"`
	CreatedAt    time.Time  `json:"created_at"`
	LastUsedAt   *time.Time `json:"last_used_at"`
}

// CitationAddressList is those of one person in one library.
type CitationAddressList struct {
	Items []CitationAddress `json:"items"`
}

// CitationAddressRequest makes one, or another in its place.
type CitationAddressRequest struct {
	CollectionID *uuid.UUID `json:"collection_id,omitempty" doc:"Left out for the whole library"`
}

// NewCitationAddress is one with its secret, which is shown this once.
type NewCitationAddress struct {
	Address CitationAddress `json:"address"`
	Path    string          `json:"path" doc:"Of the BibTeX file on this server. With ?format=biblatex it is BibLaTeX; with the ending .json instead, CSL-JSON" example:"/bib/….bib"`
}

func mountAddresses(api *httpapi.API, s *Service) {
	const ofLibrary = "/api/libraries/{library_id}/bibliography-addresses"
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: ofLibrary, ID: "list-bibliography-addresses", Tag: "cite", Summary: "My live bibliography addresses in a library",
	},
		func(ctx context.Context, in *CiteLibraryPath) (*struct{ Body CitationAddressList }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			addresses, err := s.Addresses(ctx, p, in.LibraryID)
			if err != nil {
				return nil, err
			}
			list := CitationAddressList{Items: make([]CitationAddress, len(addresses))}
			for i, a := range addresses {
				list.Items[i] = addressItem(a)
			}
			return &struct{ Body CitationAddressList }{list}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: ofLibrary, ID: "make-bibliography-address", Tag: "cite", Status: http.StatusCreated,
		Summary: "Make my live bibliography address, shown this once; one that I have for the same is good no more",
	},
		func(ctx context.Context, in *struct {
			CiteLibraryPath
			Body CitationAddressRequest
		},
		) (*struct{ Body NewCitationAddress }, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			var collection uuid.NullUUID
			if in.Body.CollectionID != nil {
				collection = uuid.NullUUID{UUID: *in.Body.CollectionID, Valid: true}
			}
			a, secret, err := s.MakeAddress(ctx, p, in.LibraryID, collection)
			if err != nil {
				return nil, err
			}
			return &struct{ Body NewCitationAddress }{NewCitationAddress{addressItem(a), AddressPrefix + secret + ".bib"}}, nil
		})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/bibliography-addresses/{address_id}", ID: "revoke-bibliography-address", Tag: "cite",
		Summary: "Revoke one of my live bibliography addresses", Status: http.StatusNoContent,
	},
		func(ctx context.Context, in *struct {
			AddressID uuid.UUID `path:"address_id"`
		},
		) (*struct{}, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.RevokeAddress(ctx, p, in.AddressID)
		})
	api.Handle(http.MethodGet, AddressPrefix+"{file}", httpapi.Public, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.serveLive(w, r); err != nil {
			api.WriteProblem(w, r, err)
		}
	}))
}

func addressItem(a Address) CitationAddress {
	item := CitationAddress{ID: a.ID, CreatedAt: a.CreatedAt, LastUsedAt: a.LastUsedAt}
	if a.CollectionID.Valid {
		item.CollectionID = &a.CollectionID.UUID
	}
	return item
}

// serveLive sends the bibliography at an address, or says that it has not changed
// (RFC 9110, 13.1). An error is returned only while nothing has been sent.
func (s *Service) serveLive(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("file")
	ending := path.Ext(name)
	var format biblio.Format
	switch asked := r.URL.Query().Get("format"); {
	case ending == ".bib" && (asked == "" || asked == string(biblio.BibTeX)):
		format = biblio.BibTeX
	case ending == ".bib" && asked == string(biblio.BibLaTeX):
		format = biblio.BibLaTeX
	case ending == ".json" && (asked == "" || asked == string(biblio.CSLJSON)):
		format = biblio.CSLJSON
	case ending == ".bib", ending == ".json":
		return errFormat
	default:
		return errAddressGone
	}
	live, err := s.Fetch(r.Context(), strings.TrimSuffix(name, ending), format)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("ETag", live.ETag)
	if s.now().Sub(live.Changed.Truncate(time.Second)) > time.Second {
		// Before that, a further change would have the same date.
		h.Set("Last-Modified", live.Changed.UTC().Format(http.TimeFormat))
	}
	h.Set("Cache-Control", "private, no-cache")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	if notModified(r, live) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	file, err := live.File(r.Context())
	if err != nil {
		return err
	}
	h.Set("Content-Type", file.Type)
	h.Set("Content-Disposition", httpapi.Disposition(false, file.Name, file.Ending))
	if r.Method == http.MethodHead {
		return nil
	}
	if err := file.Write(r.Context(), w); err != nil {
		if r.Context().Err() == nil {
			s.log.ErrorContext(r.Context(), "a live bibliography broke off", slog.String("library", live.libraryID.String()), slog.Any("error", err))
		}
		// Half a file must not look like a whole one.
		panic(http.ErrAbortHandler)
	}
	return nil
}

// notModified reports whether the client has the file as it is: by its ETag, or
// where it names none, by its date.
func notModified(r *http.Request, live *Live) bool {
	if header := r.Header.Get("If-None-Match"); header != "" {
		for one := range strings.SplitSeq(header, ",") {
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == live.ETag {
				return true
			}
		}
		return false
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && live.Changed.Truncate(time.Second).Equal(since)
}
