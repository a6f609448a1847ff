package remote

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// Library is a library of the person whose token is used.
type Library struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Role    string `json:"role"`
	Version int64  `json:"version"`
}

// Document is a paper, as far as an import looks at it.
type Document struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Edition *Edition `json:"edition"`
}

// Edition is the file of a Document.
type Edition struct {
	ID        string   `json:"id"`
	State     string   `json:"state"`
	PageCount *int     `json:"page_count"`
	Failure   *Failure `json:"failure"`
}

// Failure is why a file could not be parsed.
type Failure struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// Limits are what the server takes.
type Limits struct {
	Version        string `json:"version"`
	MaxUploadBytes int64  `json:"max_upload_bytes"`
	ChunkBytes     int64  `json:"chunk_bytes"`
}

// Present is a file that a library has already.
type Present struct {
	DocumentID string `json:"document_id"`
	Title      string `json:"title"`
	Trashed    bool   `json:"trashed"`
}

// UploadRecord is what the server remembers of an upload.
type UploadRecord struct {
	ID          string  `json:"id"`
	State       string  `json:"state"` // open, finished, duplicate, refused, terminated, expired
	DocumentID  *string `json:"document_id"`
	ProblemCode *string `json:"problem_code"`
}

// Change is a row of a library's change log.
type Change struct {
	Version  int64  `json:"version"`
	Kind     string `json:"kind"`
	ObjectID string `json:"object_id"`
	Op       string `json:"op"`
}

// Meta asks the server what it takes.
func (c *Client) Meta(ctx context.Context) (Limits, error) {
	var out Limits
	return out, c.get(ctx, "/api/meta", &out)
}

// Libraries lists the person's libraries.
func (c *Client) Libraries(ctx context.Context) ([]Library, error) {
	var out struct {
		Items []Library `json:"items"`
	}
	return out.Items, c.get(ctx, "/api/libraries", &out)
}

// FindFile says whether the library has a file with this SHA-256 (hex).
func (c *Client) FindFile(ctx context.Context, libraryID, sha256 string) (Present, bool, error) {
	var out Present
	err := c.get(ctx, "/api/libraries/"+url.PathEscape(libraryID)+"/files/"+sha256, &out)
	if p, ok := AsProblem(err); ok && p.Status == http.StatusNotFound && p.Code != "library_not_found" {
		return Present{}, false, nil
	}
	return out, err == nil, err
}

// Document reads one document.
func (c *Client) Document(ctx context.Context, id string) (Document, error) {
	var out Document
	return out, c.get(ctx, "/api/documents/"+url.PathEscape(id), &out)
}

// Changes gives what happened in a library after version since, oldest first
// and at most 500 rows; version is the last one given.
func (c *Client) Changes(ctx context.Context, libraryID string, since int64) (changes []Change, version int64, err error) {
	var out struct {
		Items   []Change `json:"items"`
		Version int64    `json:"version"`
	}
	err = c.get(ctx, "/api/libraries/"+url.PathEscape(libraryID)+"/changes?limit=500&since="+strconv.FormatInt(since, 10), &out)
	return out.Items, max(out.Version, since), err
}

// Uploads lists the person's last uploads to a library.
func (c *Client) Uploads(ctx context.Context, libraryID string) ([]UploadRecord, error) {
	var out struct {
		Items []UploadRecord `json:"items"`
	}
	return out.Items, c.get(ctx, "/api/libraries/"+url.PathEscape(libraryID)+"/uploads", &out)
}

// SearchHit is one place where a query was found.
type SearchHit struct {
	DocumentID string   `json:"document_id"`
	Title      string   `json:"title"`
	Year       *int     `json:"year"`
	Page       int      `json:"page"`
	Snippet    string   `json:"snippet"`
	Highlights [][2]int `json:"highlights"` // code points in Snippet
}

// SearchAnswer is the server's answer to a query.
type SearchAnswer struct {
	Hits             []SearchHit `json:"hits"`
	NextCursor       *string     `json:"next_cursor"`
	Partial          bool        `json:"partial"`
	DocumentsPending int         `json:"documents_pending"`
	Message          *string     `json:"message"`
	// Raw is the whole answer as it came.
	Raw json.RawMessage `json:"-"`
}

// Search asks for at most limit hits in one library, or in all of them when
// libraryID is empty.
func (c *Client) Search(ctx context.Context, query, libraryID string, limit int) (SearchAnswer, error) {
	values := url.Values{"q": {query}, "limit": {strconv.Itoa(limit)}}
	if libraryID != "" {
		values.Set("library_id", libraryID)
	}
	var out SearchAnswer
	if err := c.get(ctx, "/api/search?"+values.Encode(), &out.Raw); err != nil {
		return out, err
	}
	return out, json.Unmarshal(out.Raw, &out)
}
