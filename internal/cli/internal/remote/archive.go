package remote

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// Import is an archive that is brought in.
type Import struct {
	ID           string          `json:"id"`
	State        string          `json:"state"` // checking, checked, running, done, undone, failed
	Total        int             `json:"total"`
	Fresh        int             `json:"fresh"`
	Present      int             `json:"present"`
	Files        int             `json:"files"`
	Marks        int             `json:"marks"`
	Passed       int             `json:"passed"`
	Added        int             `json:"added"`
	ProblemCount int             `json:"problem_count"`
	Problems     []ImportProblem `json:"problems"`
	Failure      string          `json:"failure"`
}

// ImportProblem is something of an archive that does not come in.
type ImportProblem struct {
	Line    int    `json:"line"`
	Key     string `json:"key"`
	Message string `json:"message"`
}

// BeginImport sends an archive, which is then looked through. It is sent from its
// beginning again when the connection breaks.
func (c *Client) BeginImport(ctx context.Context, libraryID, name string, file io.ReaderAt, size int64) (Import, error) {
	var out Import
	path := "/api/libraries/" + url.PathEscape(libraryID) + "/imports?filename=" + url.QueryEscape(name)
	return out, c.backoff.run(ctx, func(ctx context.Context) error {
		resp, err := c.do(ctx, http.MethodPost, path, http.Header{"Content-Type": {"application/zip"}}, sized{io.NewSectionReader(file, 0, size)})
		if err != nil {
			return err
		}
		defer discard(resp)
		if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&out); err != nil {
			return fmt.Errorf("%s did not answer as Scrollkeeper does; check the address: %w", c.base, err)
		}
		return nil
	})
}

type sized struct{ *io.SectionReader }

// Len is how many bytes are sent.
func (s sized) Len() int64 { return s.Size() }

// Import reads how far an import has come.
func (c *Client) Import(ctx context.Context, id string) (Import, error) {
	var out Import
	return out, c.get(ctx, "/api/imports/"+url.PathEscape(id), &out)
}

// RunImport has what was looked through come in. One that runs already is left alone.
func (c *Client) RunImport(ctx context.Context, id string) error {
	return c.backoff.run(ctx, func(ctx context.Context) error {
		resp, err := c.do(ctx, http.MethodPost, "/api/imports/"+url.PathEscape(id)+"/run", nil, nil)
		if p, ok := AsProblem(err); ok && p.Code == "import_state" {
			return nil // the answer to the first try was lost
		}
		if err != nil {
			return err
		}
		discard(resp)
		return nil
	})
}

// DiscardImport forgets an import.
func (c *Client) DiscardImport(ctx context.Context, id string) error {
	resp, err := c.do(ctx, http.MethodDelete, "/api/imports/"+url.PathEscape(id), nil, nil)
	if err != nil {
		return err
	}
	discard(resp)
	return nil
}
