package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

type echoRequest struct {
	Name string `json:"name" minLength:"2"`
}

type signedInKey struct{}

// setup is a site with one public JSON route, one for signed-in people (the
// header X-Person signs in), and a plain handler that fails.
func setup(t *testing.T) http.Handler {
	t.Helper()
	api := httpapi.New(httpapi.Config{
		Version: "test", Logger: slog.New(slog.DiscardHandler),
		Authenticate: func(r *http.Request) (context.Context, error) {
			return context.WithValue(r.Context(), signedInKey{}, r.Header.Get("X-Person") != ""), nil
		},
		RequirePerson: func(ctx context.Context) error {
			if in, _ := ctx.Value(signedInKey{}).(bool); !in {
				return fault.New(fault.Unauthenticated, "signed_out", "Sign in.")
			}
			return nil
		},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
	})
	httpapi.Register(api, httpapi.Operation{Method: http.MethodPost, Path: "/api/echo", ID: "echo", Access: httpapi.Public},
		func(ctx context.Context, in *struct{ Body echoRequest }) (*struct{ Body map[string]string }, error) {
			if in.Body.Name == "duplicate" {
				return nil, fault.New(fault.Conflict, "duplicate", "Already here.").With("document_id", "d1")
			}
			if in.Body.Name == "secret" {
				return nil, errors.New("password is hunter2")
			}
			return &struct{ Body map[string]string }{map[string]string{"name": in.Body.Name, "address": httpapi.ClientAddress(ctx)}}, nil
		})
	httpapi.Register(api, httpapi.Operation{Method: http.MethodGet, Path: "/api/mine", ID: "mine"},
		func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	api.Handle(http.MethodGet, "/api/bytes", httpapi.Public, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.WriteProblem(w, r, fault.New(fault.Unavailable, "database_unavailable", "Away."))
	}))
	api.Handle(http.MethodGet, "/api/panic", httpapi.Public, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh") }))
	app, err := httpapi.WebApp(fstest.MapFS{
		"index.html":         {Data: []byte(`<script nonce="__NONCE__" src="/assets/a.js"></script>`)},
		"reader.html":        {Data: []byte(`<script nonce="__NONCE__" src="/assets/reader.js"></script>`)},
		"assets/a-123456.js": {Data: []byte("1")},
		"assets/b.js":        {Data: []byte("plain")},
		"assets/b.js.br":     {Data: []byte("brotli")},
		"assets/b.js.gz":     {Data: []byte("gzip")},
	}, "__NONCE__", httpapi.Page{Prefix: "d/", File: "reader.html"})
	if err != nil {
		t.Fatal(err)
	}
	return api.Handler(app, nil)
}

// answer is a response that was read.
type answer struct {
	StatusCode int
	Header     http.Header
}

func do(t *testing.T, h http.Handler, method, path, body string, header ...string) (answer, map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var members map[string]any
	_ = json.Unmarshal(w.Body.Bytes(), &members)
	return answer{w.Code, w.Header()}, members
}

func TestProblems(t *testing.T) {
	h := setup(t)
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code                     string
	}{
		{"a fault keeps its code", "POST", "/api/echo", `{"name":"duplicate"}`, 409, "duplicate"},
		{"what is not a fault is internal", "POST", "/api/echo", `{"name":"secret"}`, 500, "internal"},
		{"a field that is wrong", "POST", "/api/echo", `{"name":"x"}`, 422, "invalid_request"},
		{"broken JSON", "POST", "/api/echo", `{"name`, 400, "invalid_request"},
		{"signed out", "GET", "/api/mine", "", 401, "signed_out"},
		{"no such endpoint", "GET", "/api/nothing", "", 404, "no_such_endpoint"},
		{"another method", "PUT", "/api/echo", "", 405, "method_not_allowed"},
		{"a plain handler", "GET", "/api/bytes", "", 503, "database_unavailable"},
		{"a panic", "GET", "/api/panic", "", 500, "internal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, p := do(t, h, c.method, c.path, c.body)
			if res.StatusCode != c.status || p["code"] != c.code || p["status"] != float64(c.status) {
				t.Errorf("got %d %v", res.StatusCode, p)
			}
			if ct := res.Header.Get("Content-Type"); ct != "application/problem+json" {
				t.Errorf("content type %q", ct)
			}
			if p["detail"] == "" || p["request_id"] != res.Header.Get("X-Request-Id") {
				t.Errorf("detail %q, request id %v", p["detail"], p["request_id"])
			}
			if strings.Contains(p["detail"].(string), "hunter2") {
				t.Error("an internal error is shown")
			}
		})
	}
	if _, p := do(t, h, "POST", "/api/echo", `{"name":"duplicate"}`); p["document_id"] != "d1" {
		t.Errorf("extra members are lost: %v", p)
	}
	if res, _ := do(t, h, "GET", "/api/bytes", ""); res.Header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
}

func TestCrossOriginRequestsAreRefused(t *testing.T) {
	h := setup(t)
	res, p := do(t, h, "POST", "/api/echo", `{"name":"ada"}`, "Sec-Fetch-Site", "cross-site")
	if res.StatusCode != 403 || p["code"] != "cross_origin" {
		t.Errorf("got %d %v", res.StatusCode, p)
	}
	if res, _ := do(t, h, "POST", "/api/echo", `{"name":"ada"}`, "Sec-Fetch-Site", "same-origin"); res.StatusCode != 200 {
		t.Errorf("same origin: %d", res.StatusCode)
	}
}

func TestClientAddress(t *testing.T) {
	h := setup(t) // httptest's peer is 192.0.2.1, a trusted proxy here
	for _, c := range []struct{ name, forwarded, want string }{
		{"the peer, without the header", "", "192.0.2.1"},
		{"the hop before the proxy", "198.51.100.7", "198.51.100.7"},
		{"not what the client claims to its left", "203.0.113.9, 198.51.100.7", "198.51.100.7"},
		{"past a second proxy", "198.51.100.7, 192.0.2.44", "198.51.100.7"},
		{"rubbish is ignored", "rubbish", "192.0.2.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var header []string
			if c.forwarded != "" {
				header = []string{"X-Forwarded-For", c.forwarded}
			}
			if _, got := do(t, h, "POST", "/api/echo", `{"name":"ada"}`, header...); got["address"] != c.want {
				t.Errorf("got %v, want %s", got["address"], c.want)
			}
		})
	}
}

func TestCompressedFilesGoToThoseWhoTakeThem(t *testing.T) {
	h := setup(t)
	for accept, want := range map[string]string{
		"":                    "plain",
		"gzip, deflate, br":   "brotli",
		"gzip;q=1.0, deflate": "gzip",
		"br;q=0, gzip":        "gzip",
		"zstd":                "plain",
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/assets/b.js", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		encoding := map[string]string{"plain": "", "brotli": "br", "gzip": "gzip"}[want]
		if got := w.Header(); w.Body.String() != want || got.Get("Content-Encoding") != encoding || got.Get("Vary") != "Accept-Encoding" ||
			!strings.HasPrefix(got.Get("Content-Type"), "text/javascript") {
			t.Errorf("%q: %q, %v", accept, w.Body, got)
		}
	}
}

func TestJSONIsCompressed(t *testing.T) {
	h := setup(t)
	for _, accept := range []string{"", "gzip"} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/openapi.json", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Encoding"); got != accept {
			t.Errorf("%q is answered with %q", accept, got)
		}
	}
}

func TestWebApp(t *testing.T) {
	h := setup(t)
	get := func(path string) (*http.Response, string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
		return w.Result(), w.Body.String()
	}
	res, page := get("/d/some-document?page=4")
	defer res.Body.Close()
	csp := res.Header.Get("Content-Security-Policy")
	nonce := strings.TrimSuffix(strings.TrimPrefix(page, `<script nonce="`), `" src="/assets/reader.js"></script>`)
	if nonce == "__NONCE__" || !strings.Contains(csp, "'nonce-"+nonce+"'") {
		t.Errorf("page %q does not carry the nonce of %q", page, csp)
	}
	if strings.Contains(csp, "'unsafe-eval'") || strings.Contains(csp, "unsafe-inline") {
		t.Errorf("the policy is too wide: %s", csp)
	}
	again, second := get("/")
	defer again.Body.Close()
	if strings.Contains(second, nonce) {
		t.Error("the nonce is used twice")
	}
	for path, script := range map[string]string{"/": "a.js", "/index.html": "a.js", "/l/x/d/y": "a.js", "/reader.html": "a.js", "/d/x": "reader.js"} {
		if _, page := get(path); !strings.Contains(page, script) || strings.Contains(page, "__NONCE__") {
			t.Errorf("%s is answered with %s", path, page)
		}
	}
	asset, _ := get("/assets/a-123456.js")
	defer asset.Body.Close()
	if !strings.Contains(asset.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("assets: %s", asset.Header.Get("Cache-Control"))
	}
	if gone, _ := get("/assets/old.js"); gone.StatusCode != 404 {
		t.Errorf("a missing asset: %d", gone.StatusCode)
	}
	for _, name := range []string{"X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Cross-Origin-Opener-Policy"} {
		if res.Header.Get(name) == "" {
			t.Errorf("no %s", name)
		}
	}
}
