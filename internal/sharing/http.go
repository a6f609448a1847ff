package sharing

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// PagePrefix begins the address of a link; its secret comes after.
const PagePrefix = "/s/"

// ShareLink is a link without its secret.
type ShareLink struct {
	ID           uuid.UUID   `json:"id"`
	DocumentID   *uuid.UUID  `json:"document_id" doc:"What it shows, unless it is a collection's"`
	CollectionID *uuid.UUID  `json:"collection_id"`
	Name         string      `json:"name" doc:"The document's title, or the collection's name"`
	Access       string      `json:"access" enum:"read,read-marks,comment" doc:"read: without anybody's marks; read-marks: with those that are shared; comment: also to answer and mark"`
	Password     bool        `json:"password" doc:"Whether it has one"`
	MadeBy       SharePerson `json:"made_by"`
	Rests        bool        `json:"rests" doc:"False while its maker may not share by links: it shows nothing then"`
	CreatedAt    time.Time   `json:"created_at"`
	ExpiresAt    *time.Time  `json:"expires_at" doc:"Null for never"`
	Uses         int64       `json:"uses" doc:"In how many browsers it was opened"`
	LastUsedAt   *time.Time  `json:"last_used_at"`
}

// SharePerson is who made a link, or a guest.
type SharePerson struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// ShareLinkList is the links that one may revoke.
type ShareLinkList struct {
	Items []ShareLink `json:"items" doc:"The newest first"`
}

// ShareRequest makes a link.
type ShareRequest struct {
	Access    string     `json:"access" enum:"read,read-marks,comment"`
	Password  string     `json:"password,omitempty" maxLength:"200" doc:"At least 6 characters; left out for none"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"Left out for never"`
}

// NewShareLink is a link with the secret in its address, which is shown this once.
type NewShareLink struct {
	Link ShareLink `json:"link"`
	Path string    `json:"path" doc:"Of its address on this server" example:"/s/…"`
}

// ShareOpening is what a visitor has of a link.
type ShareOpening struct {
	Secret   string `json:"secret" maxLength:"200" doc:"What comes after /s/ in its address"`
	Password string `json:"password,omitempty" maxLength:"200"`
}

// ShareOpened names the link that was opened: by its id a guest asks for all else.
type ShareOpened struct {
	LinkID uuid.UUID `json:"link_id"`
}

// ShareVisit is what a link shows to its guests.
type ShareVisit struct {
	LinkID       uuid.UUID       `json:"link_id"`
	LibraryID    uuid.UUID       `json:"library_id"`
	DocumentID   *uuid.UUID      `json:"document_id" doc:"What it shows, unless it is a collection's"`
	CollectionID *uuid.UUID      `json:"collection_id"`
	Name         string          `json:"name"`
	Access       string          `json:"access" enum:"read,read-marks,comment"`
	ExpiresAt    *time.Time      `json:"expires_at"`
	Guest        *SharePerson    `json:"guest" doc:"Who I am; null before I said my name"`
	Documents    []ShareDocument `json:"documents" doc:"What it shows at this moment, by title"`
	More         bool            `json:"more" doc:"Whether there are more than those"`
}

// ShareDocument is a document that a link shows.
type ShareDocument struct {
	ID             uuid.UUID  `json:"id"`
	Title          string     `json:"title"`
	Authors        []csl.Name `json:"authors" doc:"At most the first 20"`
	Year           *int32     `json:"year"`
	ContainerTitle string     `json:"container_title"`
	EditionID      *uuid.UUID `json:"edition_id" doc:"Its file; null without one"`
	PageCount      *int32     `json:"page_count"`
	Thumbnail      bool       `json:"thumbnail"`
}

// ShareName is how a guest wants to be called.
type ShareName struct {
	Name string `json:"name" maxLength:"500"`
}

type (
	// ShareDocumentPath is exported because huma fills only exported embedded fields.
	ShareDocumentPath struct {
		DocumentID uuid.UUID `path:"document_id"`
	}
	// ShareCollectionPath is exported for the same reason.
	ShareCollectionPath struct {
		CollectionID uuid.UUID `path:"collection_id"`
	}
	listOutput struct{ Body ShareLinkList }
	newOutput  struct{ Body NewShareLink }
)

const maxAuthors = 20

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	mountLinks(api, s)
	mountVisits(api, s)
}

func operation(method, path, id, summary string, status int, access httpapi.Access) httpapi.Operation {
	return httpapi.Operation{Method: method, Path: path, ID: id, Tag: "sharing", Summary: summary, Status: status, Access: access}
}

func mountLinks(api *httpapi.API, s *Service) {
	const ofDocument, ofCollection = "/api/documents/{document_id}/links", "/api/collections/{collection_id}/links"
	httpapi.Register(api, operation(http.MethodGet, ofDocument, "list-document-links", "A document's links that I may revoke", 0, httpapi.SignedIn),
		func(ctx context.Context, in *ShareDocumentPath) (*listOutput, error) {
			return s.handleList(ctx, documentTarget(in.DocumentID))
		})
	httpapi.Register(api, operation(http.MethodGet, ofCollection, "list-collection-links", "A collection's links that I may revoke", 0, httpapi.SignedIn),
		func(ctx context.Context, in *ShareCollectionPath) (*listOutput, error) {
			return s.handleList(ctx, collectionTarget(in.CollectionID))
		})
	httpapi.Register(api, operation(http.MethodGet, "/api/libraries/{library_id}/links", "list-links", "A library's links that I may revoke", 0, httpapi.SignedIn),
		func(ctx context.Context, in *struct {
			LibraryID uuid.UUID `path:"library_id"`
		},
		) (*listOutput, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return listed(s.AllLinks(ctx, p, in.LibraryID))
		})
	httpapi.Register(api, operation(http.MethodPost, ofDocument, "share-document", "Share a document by a link, which is shown this once", http.StatusCreated, httpapi.SignedIn),
		func(ctx context.Context, in *struct {
			ShareDocumentPath
			Body ShareRequest
		},
		) (*newOutput, error) {
			return s.handleMake(ctx, documentTarget(in.DocumentID), in.Body)
		})
	httpapi.Register(api, operation(http.MethodPost, ofCollection, "share-collection", "Share a collection by a link, which is shown this once", http.StatusCreated, httpapi.SignedIn),
		func(ctx context.Context, in *struct {
			ShareCollectionPath
			Body ShareRequest
		},
		) (*newOutput, error) {
			return s.handleMake(ctx, collectionTarget(in.CollectionID), in.Body)
		})
	httpapi.Register(api, operation(http.MethodDelete, "/api/links/{link_id}", "revoke-link", "Revoke a link, for good and at once", http.StatusNoContent, httpapi.SignedIn),
		func(ctx context.Context, in *struct {
			LinkID uuid.UUID `path:"link_id"`
		},
		) (*struct{}, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.Revoke(ctx, p, in.LinkID)
		})
}

func mountVisits(api *httpapi.API, s *Service) {
	httpapi.Register(api, operation(http.MethodPost, "/api/links/open", "open-link", "Open a link in this browser", 0, httpapi.Public), s.handleOpen)
	httpapi.Register(api, operation(http.MethodGet, "/api/visit", "get-visit", "What the link shows by which I came", 0, httpapi.Guests),
		func(ctx context.Context, _ *struct{}) (*struct{ Body ShareVisit }, error) {
			p, err := identity.CallerFromContext(ctx)
			if err != nil {
				return nil, err
			}
			v, err := s.Visited(ctx, p)
			if err != nil {
				return nil, err
			}
			return &struct{ Body ShareVisit }{visitItem(v)}, nil
		})
	httpapi.Register(api, operation(http.MethodPost, "/api/visit/name", "name-guest", "Say my name, to comment as a guest", 0, httpapi.Guests),
		func(ctx context.Context, in *struct {
			Cookie string `header:"Cookie"`
			Body   ShareName
		},
		) (*struct{ Body SharePerson }, error) {
			p, err := identity.CallerFromContext(ctx)
			if err != nil {
				return nil, err
			}
			g, err := s.Introduce(ctx, p, s.visitIn(in.Cookie, p.Link), in.Body.Name, httpapi.ClientAddress(ctx))
			if err != nil {
				return nil, err
			}
			return &struct{ Body SharePerson }{SharePerson(g)}, nil
		})
}

type openOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      ShareOpened
}

func (s *Service) handleOpen(ctx context.Context, in *struct {
	Cookie string `header:"Cookie"`
	Body   ShareOpening
},
) (*openOutput, error) {
	o, err := s.Open(ctx, in.Body.Secret, in.Body.Password, httpapi.ClientAddress(ctx), func(link uuid.UUID) string { return s.visitIn(in.Cookie, link) })
	if err != nil {
		return nil, err
	}
	out := &openOutput{Body: ShareOpened{o.LinkID}}
	if o.Secret != "" {
		out.SetCookie = []http.Cookie{s.cookie(o)}
	}
	return out, nil
}

// visitIn finds a link's cookie in a header.
func (s *Service) visitIn(header string, link uuid.UUID) string {
	r := http.Request{Header: http.Header{"Cookie": {header}}}
	return s.cookieOf(r.CookiesNamed(s.cookieName(link)))
}

func (s *Service) handleList(ctx context.Context, t Target) (*listOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	return listed(s.Links(ctx, p, t))
}

func listed(links []Link, err error) (*listOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &listOutput{ShareLinkList{Items: make([]ShareLink, len(links))}}
	for i, l := range links {
		out.Body.Items[i] = linkItem(l)
	}
	return out, nil
}

func (s *Service) handleMake(ctx context.Context, t Target, r ShareRequest) (*newOutput, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	l, secret, err := s.Make(ctx, p, New{Target: t, Access: library.LinkAccess(r.Access), Password: r.Password, ExpiresAt: r.ExpiresAt})
	if err != nil {
		return nil, err
	}
	return &newOutput{NewShareLink{Link: linkItem(l), Path: PagePrefix + secret}}, nil
}

func documentTarget(id uuid.UUID) Target {
	return Target{DocumentID: uuid.NullUUID{UUID: id, Valid: true}}
}

func collectionTarget(id uuid.UUID) Target {
	return Target{CollectionID: uuid.NullUUID{UUID: id, Valid: true}}
}

func linkItem(l Link) ShareLink {
	return ShareLink{
		ID: l.ID, DocumentID: pointer(l.DocumentID), CollectionID: pointer(l.CollectionID), Name: l.Name, Access: string(l.Access),
		Password: l.Password, MadeBy: SharePerson{l.MadeBy, l.MakerName}, Rests: l.Rests, CreatedAt: l.CreatedAt, ExpiresAt: l.ExpiresAt,
		Uses: l.Uses, LastUsedAt: l.LastUsedAt,
	}
}

func visitItem(v Visit) ShareVisit {
	item := ShareVisit{
		LinkID: v.LinkID, LibraryID: v.LibraryID, DocumentID: pointer(v.DocumentID), CollectionID: pointer(v.CollectionID), Name: v.Name,
		Access: string(v.Access), ExpiresAt: v.ExpiresAt, Documents: make([]ShareDocument, len(v.Documents)), More: v.More,
	}
	if v.Guest != nil {
		item.Guest = &SharePerson{v.Guest.ID, v.Guest.Name}
	}
	for i, d := range v.Documents {
		item.Documents[i] = ShareDocument{
			ID: d.ID, Title: d.Title, Authors: append([]csl.Name{}, d.Item.Author[:min(len(d.Item.Author), maxAuthors)]...), Year: d.Year,
			ContainerTitle: d.Item.ContainerTitle, PageCount: d.PageCount, Thumbnail: d.Thumbnail,
		}
		if d.EditionID != uuid.Nil {
			item.Documents[i].EditionID = &d.EditionID
		}
	}
	return item
}

func pointer(id uuid.NullUUID) *uuid.UUID {
	if !id.Valid {
		return nil
	}
	return &id.UUID
}
