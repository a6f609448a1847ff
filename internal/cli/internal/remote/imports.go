package remote

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// ImportRecord is a bibliography or an archive that is brought in.
type ImportRecord struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	State       string `json:"state"` // checking, checked, running, done, undone, failed
	Total       int    `json:"total"`
	Fresh       int    `json:"fresh"`
	Present     int    `json:"present"`
	Repeated    int    `json:"repeated"`
	Passed      int    `json:"passed"`
	Added       int    `json:"added"`
	FilesPassed int    `json:"files_passed"`
	FilesAdded  int    `json:"files_added"`
	Contents    struct {
		CollectionCount int `json:"collection_count"`
		FolderCount     int `json:"folder_count"`
		Tags            int `json:"tags"`
		Notes           int `json:"notes"`
		Files           int `json:"files"`
		Matched         int `json:"matched"`
		Known           int `json:"known"`
		Missing         int `json:"missing"`
		Others          int `json:"others"`
		Marks           int `json:"marks"`
	} `json:"contents"`
	ProblemCount int             `json:"problem_count"`
	Problems     []ImportProblem `json:"problems"`
	Failure      string          `json:"failure"`
}

// ImportProblem is something that cannot be read.
type ImportProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Key     string `json:"key"`
	Message string `json:"message"`
}

// Ended reports that the server does nothing more with it by itself.
func (r ImportRecord) Ended() bool { return r.State != "checking" && r.State != "running" }

// BeginImport sends a bibliography or an archive. open gives its bytes from the
// beginning, again for each try; size is -1 where it is not known.
func (c *Client) BeginImport(ctx context.Context, libraryID, filename string, size int64, open func() (io.ReadCloser, error)) (ImportRecord, error) {
	var out ImportRecord
	path := "/api/libraries/" + url.PathEscape(libraryID) + "/imports?filename=" + url.QueryEscape(filename)
	return out, c.backoff.run(ctx, func(ctx context.Context) error {
		body, err := open()
		if err != nil {
			return err
		}
		defer func() { _ = body.Close() }()
		var content io.Reader = body
		if size >= 0 {
			content = &sizedBody{io.LimitReader(body, size), size}
		}
		resp, err := c.do(ctx, http.MethodPost, path, http.Header{"Content-Type": {"application/octet-stream"}}, content)
		if err != nil {
			return err
		}
		defer discard(resp)
		return c.decode(resp, &out)
	})
}

// sizedBody is a body whose length is told before it.
type sizedBody struct {
	io.Reader
	size int64
}

// Len is the length that the request declares.
func (b *sizedBody) Len() int64 { return b.size }

func (c *Client) decode(resp *http.Response, out any) error {
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(out); err != nil {
		return fmt.Errorf("%s did not answer as Scrollkeeper does; check the address: %w", c.base, err)
	}
	return nil
}

// Import reads how far an import has come.
func (c *Client) Import(ctx context.Context, id string) (ImportRecord, error) {
	var out ImportRecord
	return out, c.get(ctx, "/api/imports/"+url.PathEscape(id), &out)
}

// RunImport has a checked import come in. Folders of an archive become collections
// when folders is set.
func (c *Client) RunImport(ctx context.Context, id string, folders bool) error {
	return c.send(ctx, http.MethodPost, "/api/imports/"+url.PathEscape(id)+"/run?folders="+strconv.FormatBool(folders), nil)
}

// DiscardImport forgets an import; what it brought stays.
func (c *Client) DiscardImport(ctx context.Context, id string) error {
	return c.send(ctx, http.MethodDelete, "/api/imports/"+url.PathEscape(id), nil)
}

// Gather puts a document into the collections of these paths.
func (c *Client) Gather(ctx context.Context, libraryID, documentID string, paths []string) error {
	type item struct {
		DocumentID string `json:"document_id"`
		Path       string `json:"path"`
	}
	var body struct {
		Items []item `json:"items"`
	}
	for _, path := range paths {
		body.Items = append(body.Items, item{documentID, path})
	}
	return c.send(ctx, http.MethodPost, "/api/libraries/"+url.PathEscape(libraryID)+"/gather", body)
}

// send makes a small request that may be made twice.
func (c *Client) send(ctx context.Context, method, path string, body any) error {
	return c.backoff.run(ctx, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, requestTimeout)
		defer cancel()
		var content io.Reader
		header := http.Header{}
		if body != nil {
			encoded, err := json.Marshal(body)
			if err != nil {
				return fmt.Errorf("make a request: %w", err)
			}
			content = bytes.NewReader(encoded)
			header.Set("Content-Type", "application/json")
		}
		resp, err := c.do(ctx, method, path, header, content)
		if err != nil {
			return err
		}
		discard(resp)
		return nil
	})
}
