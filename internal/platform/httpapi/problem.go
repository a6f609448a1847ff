package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// statuses is the only place where a kind of fault meets an HTTP status.
var statuses = map[fault.Kind]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Gone:            http.StatusGone,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unsupported:     http.StatusUnsupportedMediaType,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Full:            http.StatusInsufficientStorage,
	fault.Internal:        http.StatusInternalServerError,
}

// Status is the HTTP status that an error is answered with.
func Status(err error) int {
	if f, ok := fault.As(err); ok {
		return statuses[f.Kind]
	}
	return http.StatusInternalServerError
}

// Problem is an error as RFC 9457 has it, with a stable code.
type Problem struct {
	Type      string         `json:"type" doc:"Always about:blank; code tells problems apart" example:"about:blank"`
	Title     string         `json:"title" doc:"The status in words"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail" doc:"What happened and what to do, for people"`
	Code      string         `json:"code" doc:"Stable name of the problem, for programs" example:"not_a_pdf"`
	RequestID string         `json:"request_id,omitempty" doc:"Names this request in the server's log"`
	Errors    []FieldProblem `json:"errors,omitempty" doc:"Which fields are wrong"`

	extra      map[string]any
	retryAfter int
}

// FieldProblem says what is wrong with one field.
type FieldProblem struct {
	Location string `json:"location" example:"body.email"`
	Message  string `json:"message"`
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	return h
}

// ContentType implements huma's content type filter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// MarshalJSON puts the extra members beside the standard ones.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	b, err := json.Marshal((*plain)(p))
	if err != nil || len(p.extra) == 0 {
		return b, err
	}
	var members map[string]any
	if err := json.Unmarshal(b, &members); err != nil {
		return nil, err
	}
	for k, v := range p.extra {
		if _, taken := members[k]; !taken {
			members[k] = v
		}
	}
	return json.Marshal(members)
}

// problem turns an error into what the client sees, and logs what it must not see.
func (a *API) problem(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	f, ok := fault.As(err)
	switch {
	case ok:
	case errors.Is(err, context.DeadlineExceeded):
		f = fault.Wrap(err, fault.Unavailable, "timed_out", "The server took too long to answer. Try again in a moment.")
	default:
		f = fault.Wrap(err, fault.Internal, "internal", "Something went wrong on the server. Try again; if it goes on, tell the operator the request's id.")
	}
	p = &Problem{
		Type: "about:blank", Status: statuses[f.Kind], Detail: f.Message, Code: f.Code,
		RequestID: RequestID(ctx), extra: maps.Clone(f.Extra),
	}
	p.Title = http.StatusText(p.Status)
	if f.Kind == fault.Unavailable || f.Kind == fault.TooMany {
		p.retryAfter = 2
		if s, ok := f.Extra["retry_after"].(int); ok {
			p.retryAfter = s
		}
	}
	if p.Status >= http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
		a.cfg.Logger.ErrorContext(ctx, "request failed", slog.String("request_id", p.RequestID), slog.String("code", p.Code), slog.Any("error", err))
	}
	return p
}

// WriteProblem answers a plain handler's request with an error.
func (a *API) WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := a.problem(r.Context(), err)
	body, merr := json.Marshal(p)
	if merr != nil {
		http.Error(w, p.Title, p.Status)
		return
	}
	h := w.Header()
	maps.Copy(h, p.GetHeaders())
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Encoding")
	h.Del("ETag")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

var problemsOnce sync.Once

// useProblems makes huma's own errors (bad JSON, failed validation) problems
// of ours. huma keeps this in package variables, hence once.
func useProblems() {
	problemsOnce.Do(func() {
		huma.DefaultArrayNullable = false
		huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
			p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: msg, Code: "invalid_request"}
			switch status {
			case http.StatusInternalServerError:
				p.Code, p.Detail = "internal", "Something went wrong on the server. Try again."
			case http.StatusRequestEntityTooLarge:
				p.Code = "body_too_large"
			case http.StatusUnsupportedMediaType:
				p.Code = "unsupported_media_type"
			}
			var said []string
			for _, err := range errs {
				d, ok := err.(huma.ErrorDetailer)
				if !ok {
					continue
				}
				e := d.ErrorDetail()
				p.Errors = append(p.Errors, FieldProblem{Location: e.Location, Message: e.Message})
				said = append(said, fmt.Sprintf("%s: %s", e.Location, e.Message))
			}
			if status == http.StatusUnprocessableEntity && len(said) > 0 {
				p.Detail = "The request is not as it should be: " + strings.Join(said, "; ") + "."
			}
			return p
		}
		huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
			err := huma.NewError(status, msg, errs...)
			if p, ok := err.(*Problem); ok && ctx != nil {
				p.RequestID = RequestID(ctx.Context())
			}
			return err
		}
	})
}
