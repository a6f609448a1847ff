// Package fault is the one list of error kinds that features return. What a
// kind means on the wire is known to platform/httpapi alone.
package fault

import (
	"errors"
	"maps"
)

// Kind says what sort of failure an error is, independent of any protocol.
type Kind string

// The kinds. Each maps to one HTTP status in platform/httpapi.
const (
	Invalid         Kind = "invalid"
	Unauthenticated Kind = "unauthenticated"
	Forbidden       Kind = "forbidden"
	NotFound        Kind = "not_found"
	Conflict        Kind = "conflict"
	Gone            Kind = "gone"
	TooLarge        Kind = "too_large"
	Unsupported     Kind = "unsupported"
	TooMany         Kind = "too_many"
	Unavailable     Kind = "unavailable"
	Full            Kind = "full"
	Internal        Kind = "internal"
)

// Error is a failure that may be shown to whoever caused it.
type Error struct {
	Kind Kind
	// Code is stable and in snake_case, for programs: "not_a_pdf".
	Code string
	// Message is a sentence or two for people: what happened and what to do.
	Message string
	// Extra are further members of the problem document, such as document_id.
	Extra map[string]any

	cause error
}

// New makes an error without a cause.
func New(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Wrap makes an error that keeps err as its cause, for logs and errors.Is.
func Wrap(err error, kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message, cause: err}
}

// With returns a copy that carries one more problem member.
func (e *Error) With(key string, value any) *Error {
	c := *e
	c.Extra = maps.Clone(e.Extra)
	if c.Extra == nil {
		c.Extra = map[string]any{}
	}
	c.Extra[key] = value
	return &c
}

func (e *Error) Error() string {
	if e.cause != nil {
		return e.Code + ": " + e.cause.Error()
	}
	return e.Code + ": " + e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// As finds the first Error in err's chain.
func As(err error) (*Error, bool) {
	return errors.AsType[*Error](err)
}

// Is reports whether err's chain holds an Error of this code.
func Is(err error, code string) bool {
	f, ok := As(err)
	return ok && f.Code == code
}
