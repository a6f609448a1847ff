package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Access says who may reach a route before its service decides anything.
type Access string

// A route is for signed-in people unless it says otherwise. One for guests is for
// them too: those who came by a link, under LinkPrefix.
const (
	SignedIn Access = "signed-in"
	Guests   Access = "guests"
	Public   Access = "public"
)

// LinkPrefix begins the paths under which a guest uses the routes that are for
// guests: /api/shared/<link>/documents/… is /api/documents/… by that link. Who
// is signed in as well is a guest there.
const LinkPrefix = "/api/shared/"

// Route is one method and path that the API answers.
type Route struct {
	Method, Path string
	Access       Access
}

// Config is what an API needs from the features, which it does not know.
type Config struct {
	Version string
	Logger  *slog.Logger
	// Authenticate returns the request's context with the person in it, where
	// the request proves one. A request that proves nothing keeps its context;
	// an error (a database that is away) is answered as it is.
	Authenticate func(r *http.Request) (context.Context, error)
	// AuthenticateGuest is Authenticate for a request under LinkPrefix; link is what
	// stands behind that. A request that proves nothing is an error.
	AuthenticateGuest func(r *http.Request, link string) (context.Context, error)
	// RequirePerson fails with a fault of kind Unauthenticated when the context
	// holds no person, or of kind Forbidden for a guest; RequireCaller takes those too.
	RequirePerson, RequireCaller func(ctx context.Context) error
	// Beside begin the paths of routes that are not under /api.
	Beside []string
	// SecretPaths begin paths that go on with a secret, which no log may have.
	SecretPaths []string
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
}

// API collects the routes of all features on one mux.
type API struct {
	Huma huma.API

	cfg    Config
	mux    *http.ServeMux
	routes []Route
	// forGuests are the mux's patterns of routes for guests.
	forGuests map[string]bool
}

// requestTimeout bounds an ordinary API call; transfers of bytes and sockets
// are plain handlers and have bounds of their own.
const requestTimeout = 20 * time.Second

// New makes an API without routes.
func New(cfg Config) *API {
	useProblems()
	mux := http.NewServeMux()
	hc := huma.DefaultConfig("Scrollkeeper", cfg.Version)
	hc.OpenAPIPath = "/api/openapi"
	hc.DocsPath = ""
	hc.SchemasPath = ""
	hc.CreateHooks = nil
	hc.Formats = utf8Formats(hc.Formats)
	hc.Info.Description = "Sign in with the session cookie or with `Authorization: Bearer <API token>`. " +
		"Who came by a link uses the routes that say so under `/api/shared/{link_id}/` instead of `/api/`, with the cookie that opening the link gave. " +
		"Errors are application/problem+json with a stable `code`. Offsets in text count Unicode code points; boxes are PDF points in default user space."
	hc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "scrollkeeper_session"},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	return &API{Huma: humago.New(mux, hc), cfg: cfg, mux: mux, forGuests: map[string]bool{}, routes: []Route{
		{http.MethodGet, "/api/openapi.json", Public},
		{http.MethodGet, "/api/openapi.yaml", Public},
	}}
}

// route notes a route, and gives who is asked whether a request may use it.
func (a *API) route(method, path string, access Access) (require func(context.Context) error) {
	a.routes = append(a.routes, Route{method, path, access})
	switch access {
	case Public:
		return func(context.Context) error { return nil }
	case Guests:
		a.forGuests[method+" "+path] = true
		return a.cfg.RequireCaller
	default:
		return a.cfg.RequirePerson
	}
}

// utf8Formats refuses text that is not UTF-8, as RFC 8259 asks. Go's decoder
// would put other characters in its place, and so store what nobody wrote.
func utf8Formats(formats map[string]huma.Format) map[string]huma.Format {
	checked := make(map[string]huma.Format, len(formats))
	for name, format := range formats {
		unmarshal := format.Unmarshal
		format.Unmarshal = func(data []byte, v any) error {
			if !utf8.Valid(data) {
				return errNotUTF8
			}
			return unmarshal(data, v)
		}
		checked[name] = format
	}
	return checked
}

var errNotUTF8 = errors.New("the body is not valid UTF-8")

// Routes lists every route that was registered.
func (a *API) Routes() []Route { return a.routes }

// Operation describes one JSON endpoint.
type Operation struct {
	Method, Path string
	// ID names the operation in the OpenAPI document: "list-documents".
	ID, Summary, Tag string
	// Status of success; 200, or 204 where nothing is returned.
	Status int
	Access Access
	// MaxBody bounds the request's body in bytes; 0 means 1 MiB.
	MaxBody int64
}

// Register adds a JSON endpoint. The handler returns faults; they become
// problem documents here and nowhere else.
func Register[I, O any](a *API, op Operation, handler func(context.Context, *I) (*O, error)) {
	if op.Access == "" {
		op.Access = SignedIn
	}
	require := a.route(op.Method, op.Path, op.Access)
	ho := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary,
		Tags: []string{op.Tag}, DefaultStatus: op.Status, Errors: []int{http.StatusUnprocessableEntity}, MaxBodyBytes: op.MaxBody,
	}
	if op.Access != Public {
		ho.Security = []map[string][]string{{"session": {}}, {"token": {}}}
		ho.Errors = append(ho.Errors, http.StatusUnauthorized)
	}
	if op.Access == Guests {
		ho.Description = "For guests too, under `/api/shared/{link_id}/`, as far as their link goes."
	}
	huma.Register(a.Huma, ho, func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := context.WithTimeout(ctx, requestTimeout)
		defer cancel()
		if err := require(ctx); err != nil {
			return nil, a.problem(ctx, err)
		}
		out, err := handler(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// Handle adds a plain handler beside the JSON endpoints: bytes and sockets.
func (a *API) Handle(method, path string, access Access, h http.Handler) {
	require := a.route(method, path, access)
	a.mux.Handle(method+" "+path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := require(r.Context()); err != nil {
			a.WriteProblem(w, r, err)
			return
		}
		h.ServeHTTP(w, r)
	}))
}
