package httpapi

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/felixge/httpsnoop"
	"github.com/klauspost/compress/gzhttp"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

type requestIDKey struct{}

// RequestID names the request that ctx belongs to, or is empty.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// Handler is the whole site: the API under /api, probes, and app for the rest.
// Call it once, after every feature has mounted its routes.
func (a *API) Handler(app http.Handler, probes map[string]http.Handler) http.Handler {
	describeNulls(a.Huma.OpenAPI().Components.Schemas)
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.WriteProblem(w, r, fault.New(fault.Forbidden, "cross_origin", "This request came from another site and was refused. Open Scrollkeeper itself and try there."))
	}))
	api := compressed(sameOrigin.Handler(http.HandlerFunc(a.serveAPI)))

	site := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if probe, ok := probes[r.URL.Path]; ok {
			probe.ServeHTTP(w, r)
			return
		}
		if r.URL.Path == "/api" || strings.HasPrefix(r.URL.Path, "/api/") || a.beside(r.URL.Path) {
			api.ServeHTTP(w, r)
			return
		}
		app.ServeHTTP(w, r)
	})
	return a.observe(a.recoverPanics(securityHeaders(site)))
}

// compressed packs JSON and text of more than a packet for clients that take it.
// Files keep their length, on which ranges rest. The jitter hides from a
// listener on the line what a secret beside chosen text compresses to (BREACH).
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.MinSize(1400), gzhttp.RandomJitter(64, 0, false), gzhttp.CompressionLevel(5),
		gzhttp.ContentTypes([]string{"application/json", "application/openapi+json", "application/problem+json", "application/ld+json", "application/yaml", "text/plain", "text/csv", "text/html", "text/markdown"}),
	)
	if err != nil {
		panic(err) // only an option that does not exist
	}
	return wrap(next)
}

// serveAPI authenticates and dispatches. ServeMux answers what it does not
// know in plain text; here that becomes a problem document too.
func (a *API) serveAPI(w http.ResponseWriter, r *http.Request) {
	authenticate := a.cfg.Authenticate
	link, path, byLink := linkPath(r)
	if byLink {
		r = withPath(r, path)
		authenticate = func(r *http.Request) (context.Context, error) { return a.cfg.AuthenticateGuest(r, link) }
	}
	handler, pattern := a.mux.Handler(r)
	if pattern == "" {
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, r)
		if allow := rec.Header().Get("Allow"); rec.Code == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", allow)
			p := &Problem{
				Type: "about:blank", Status: rec.Code, Title: http.StatusText(rec.Code), Code: "method_not_allowed",
				Detail: fmt.Sprintf("%s is not possible here; allowed: %s.", r.Method, allow), RequestID: RequestID(r.Context()),
			}
			a.WriteProblem(w, r, p)
			return
		}
		a.WriteProblem(w, r, fault.New(fault.NotFound, "no_such_endpoint", "There is no such API endpoint. See /api/openapi.json for those there are."))
		return
	}
	ctx, err := authenticate(r)
	if err == nil && byLink && !a.forGuests[pattern] {
		// Nothing is for guests unless its route says so.
		err = errNotForGuests
	}
	if err != nil {
		a.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	a.mux.ServeHTTP(w, r.WithContext(ctx))
}

var errNotForGuests = fault.New(fault.Forbidden, "link_forbids", "A link shows what was shared by it and nothing else. Sign in to do this.")

// linkPath splits a path under LinkPrefix into the link that it names and the
// path that it has for others.
func linkPath(r *http.Request) (link, path string, ok bool) {
	rest, ok := strings.CutPrefix(r.URL.Path, LinkPrefix)
	if !ok {
		return "", "", false
	}
	link, path, ok = strings.Cut(rest, "/")
	return link, "/api/" + path, ok
}

// withPath is a copy of r that asks for another path.
func withPath(r *http.Request, path string) *http.Request {
	other := *r
	u := *r.URL
	u.Path, u.RawPath = path, ""
	other.URL = &u
	return &other
}

func (a *API) beside(path string) bool {
	return slices.ContainsFunc(a.cfg.Beside, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}

// loggable is a path as a log may have it.
func (a *API) loggable(path string) string {
	for _, prefix := range a.cfg.SecretPaths {
		if strings.HasPrefix(path, prefix) {
			return prefix + "…"
		}
	}
	return path
}

// observe gives each request an id and one line in the log.
func (a *API) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := rand.Text()[:16]
		w.Header().Set("X-Request-Id", id)
		ctx := context.WithValue(r.Context(), requestIDKey{}, id)
		r = r.WithContext(context.WithValue(ctx, addressKey{}, clientAddress(r, a.cfg.TrustedProxies)))
		m := httpsnoop.CaptureMetrics(next, w, r)
		level := slog.LevelDebug
		if m.Code >= http.StatusInternalServerError {
			level = slog.LevelWarn
		}
		// The path only: a query may hold what somebody searched for.
		a.cfg.Logger.LogAttrs(r.Context(), level, "request",
			slog.String("request_id", id), slog.String("method", r.Method), slog.String("path", a.loggable(r.URL.Path)),
			slog.Int("status", m.Code), slog.Int64("bytes", m.Written), slog.Duration("took", m.Duration.Round(time.Microsecond)))
	})
}

func (a *API) recoverPanics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			a.cfg.Logger.ErrorContext(r.Context(), "panic", slog.String("request_id", RequestID(r.Context())),
				slog.Any("value", v), slog.String("stack", string(debug.Stack())))
			a.WriteProblem(w, r, fmt.Errorf("panic: %v", v))
		}()
		next.ServeHTTP(w, r)
	})
}

// securityHeaders are the ones every answer carries. The page itself gets a
// wider policy from WebApp.
func securityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
