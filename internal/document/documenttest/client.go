package documenttest

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// Site serves features on the real mux, without the sessions of a real site.
type Site struct {
	t       testing.TB
	url     string
	handler http.Handler
}

// Handler is the site without a server, for benchmarks.
func (s *Site) Handler() http.Handler { return s.handler }

// Serve mounts features on a server that ends with the test.
func Serve(t testing.TB, mounts ...func(*httpapi.API)) *Site {
	t.Helper()
	api := httpapi.New(httpapi.Config{
		Version: "test", Logger: slog.New(slog.DiscardHandler),
		Authenticate: func(r *http.Request) (context.Context, error) {
			var p identity.Person
			if err := json.Unmarshal([]byte(r.Header.Get("X-Test-Person")), &p); err != nil {
				return r.Context(), nil //nolint:nilerr // nobody is signed in
			}
			return identity.WithPerson(r.Context(), p), nil
		},
		RequirePerson: func(ctx context.Context) error {
			_, err := identity.FromContext(ctx)
			return err
		},
		RequireCaller: func(ctx context.Context) error {
			_, err := identity.CallerFromContext(ctx)
			return err
		},
	})
	for _, mount := range mounts {
		mount(api)
	}
	handler := api.Handler(http.NotFoundHandler(), nil)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return &Site{t: t, url: server.URL, handler: handler}
}

// SignIn makes r a request of p; the zero Person is signed out.
func SignIn(r *http.Request, p identity.Person) {
	if p.Email == "" {
		return
	}
	encoded, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and an id
	}
	r.Header.Set("X-Test-Person", string(encoded))
}

// Answer is a response, read whole.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends a request as p; the zero Person is signed out. headers are names and
// values in turn.
func (s *Site) Do(p identity.Person, method, path, body string, headers ...string) Answer {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatalf("request: %v", err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	SignIn(r, p)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatalf("%s %s: read answer: %v", method, path, err)
	}
	return Answer{Status: response.StatusCode, Header: response.Header, Body: content}
}

// Code is the problem's code; empty for an answer that is no problem.
func (a Answer) Code() string {
	var problem struct {
		Code string `json:"code"`
	}
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") || json.Unmarshal(a.Body, &problem) != nil {
		return ""
	}
	return problem.Code
}

// Decode reads the answer's JSON into v.
func (a Answer) Decode(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(a.Body, v); err != nil {
		t.Fatalf("answer %d is not the JSON it should be: %v\n%s", a.Status, err, a.Body)
	}
}
