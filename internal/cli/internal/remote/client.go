package remote

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client talks to one server as one person. It is safe for concurrent use.
type Client struct {
	base    *url.URL
	token   string
	agent   string
	http    *http.Client
	backoff Backoff
}

// Options of a Client.
type Options struct {
	// Server is the address that people type: https://papers.example.org.
	Server string
	// Token is an API token.
	Token string
	// UserAgent names the program in the server's log.
	UserAgent string
	// Backoff says how long failed requests are tried again; see there.
	Backoff Backoff
}

// requestTimeout bounds one ordinary request; uploads have a bound of their own.
const requestTimeout = 30 * time.Second

// maxAnswer bounds what is read of one answer.
const maxAnswer = 32 << 20

// New makes a Client. It fails when the address is none, without a request.
func New(o Options) (*Client, error) {
	server := o.Server
	if !strings.Contains(server, "://") {
		server = "http://" + server
	}
	base, err := url.Parse(server)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("%q is not the address of a server; it looks like https://papers.example.org", o.Server)
	}
	base = &url.URL{Scheme: base.Scheme, Host: base.Host}
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // The standard library's own type.
	transport.MaxIdleConnsPerHost = 16
	transport.ResponseHeaderTimeout = 0 // The last PATCH answers when the bytes are on the disk.
	return &Client{
		base: base, token: o.Token, agent: o.UserAgent, backoff: o.Backoff.withDefaults(),
		http: &http.Client{
			Transport: transport,
			// A redirect would turn an upload into a GET. The address is wrong then.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Server is the address as it is used, without a slash at its end.
func (c *Client) Server() string { return c.base.String() }

// WithPatience is the same client with another Backoff.Patience: short for a
// first request, where a wrong address is likelier than a server that restarts.
func (c *Client) WithPatience(d time.Duration) *Client {
	other := *c
	other.backoff.Patience = d
	return &other
}

// get asks for path (with a query) and decodes the answer into out, trying
// again while the server is away.
func (c *Client) get(ctx context.Context, path string, out any) error {
	return c.backoff.run(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, requestTimeout)
		defer cancel()
		resp, err := c.do(ctx, http.MethodGet, path, nil, nil)
		if err != nil {
			return err
		}
		defer discard(resp)
		if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(out); err != nil {
			return fmt.Errorf("%s did not answer as Scrollkeeper does; check the address: %w", c.base, err)
		}
		return nil
	})
}

// do sends one request. Answers of 400 and more become a *Problem, and
// redirects an error. Path may be a whole address, as tus gives them.
func (c *Client) do(ctx context.Context, method, path string, header http.Header, body io.Reader) (*http.Response, error) {
	target, err := c.resolve(path)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	maps.Copy(req.Header, header)
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("User-Agent", c.agent)
	if n, ok := body.(interface{ Len() int64 }); ok {
		req.ContentLength = n.Len()
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if stalled := context.Cause(ctx); errors.Is(stalled, errStalled) {
			err = stalled
		}
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // It repeats the method and the address.
		}
		return nil, &networkError{server: c.base.String(), err: err}
	}
	if resp.StatusCode < http.StatusMultipleChoices {
		return resp, nil
	}
	defer discard(resp)
	if resp.StatusCode < http.StatusBadRequest {
		return nil, fmt.Errorf("%s sends elsewhere, to %s; use that address", c.base, resp.Header.Get("Location"))
	}
	return nil, readProblem(resp)
}

// resolve makes path a whole address on this server. An address elsewhere is
// refused: the token is for this one.
func (c *Client) resolve(path string) (string, error) {
	ref, err := url.Parse(path)
	if err != nil {
		return "", fmt.Errorf("the server gave an address that cannot be read: %w", err)
	}
	// A server behind a proxy may name itself by another host; the path counts.
	if ref.IsAbs() && !strings.HasPrefix(ref.Path, "/api/") {
		return "", fmt.Errorf("the server gave an address outside its API: %s", ref.Redacted())
	}
	return c.base.ResolveReference(&url.URL{Path: ref.Path, RawPath: ref.RawPath, RawQuery: ref.RawQuery}).String(), nil
}

// discard reads what is left, so that the connection can be used again.
func discard(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	_ = resp.Body.Close()
}
