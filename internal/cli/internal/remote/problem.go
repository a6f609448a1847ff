package remote

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Problem is an answer by which the server refused a request.
type Problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	// DocumentID comes with the code "duplicate": the document that is there.
	DocumentID string `json:"document_id"`
	RequestID  string `json:"request_id"`

	retryAfter time.Duration
}

func (p *Problem) Error() string { return p.Detail }

// AsProblem finds the server's refusal in err's chain.
func AsProblem(err error) (*Problem, bool) { return errors.AsType[*Problem](err) }

// HasStatus reports whether err is a refusal with one of these statuses.
func HasStatus(err error, statuses ...int) bool {
	p, ok := AsProblem(err)
	return ok && slices.Contains(statuses, p.Status)
}

func readProblem(resp *http.Response) *Problem {
	p := &Problem{}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	_ = json.Unmarshal(body, p)
	p.Status = resp.StatusCode
	if p.Detail == "" {
		// A proxy's page, or an answer to HEAD, which has no body.
		p.Detail = fmt.Sprintf("The server answered %d %s.", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	if p.Code == "" {
		p.Code = "status_" + strconv.Itoa(resp.StatusCode)
	}
	p.retryAfter = retryAfter(resp.Header.Get("Retry-After"))
	return p
}

// retryAfter reads the header's two forms (RFC 9110, 10.2.3).
func retryAfter(value string) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// networkError is a request that got no answer.
type networkError struct {
	server string
	err    error
}

func (e *networkError) Error() string {
	return fmt.Sprintf("%s cannot be reached: %v", e.server, e.err)
}

func (e *networkError) Unwrap() error { return e.err }

// errStalled ends a transfer that has not moved for a while.
var errStalled = errors.New("nothing was sent or answered for too long")
