package extract

import "errors"

// Kind says why a document has no result. Kinds are stable: they are stored
// and shown.
type Kind string

// The kinds of failure.
const (
	KindNotAPDF          Kind = "not_a_pdf"         // nothing that SniffPDF takes for its beginning
	KindEmptyFile        Kind = "empty_file"        // no bytes at all
	KindDamaged          Kind = "damaged"           // the file's structure cannot be read
	KindUnsupported      Kind = "unsupported"       // encrypted in a way that is not known
	KindNoPages          Kind = "no_pages"          // readable, but without a page
	KindPasswordRequired Kind = "password_required" // encrypted, and no password was given
	KindWrongPassword    Kind = "wrong_password"    // encrypted, and the given password does not open it
	KindTooManyPages     Kind = "too_many_pages"    // more than Config.MaxPages
	KindTooLarge         Kind = "too_large"         // more bytes than can be addressed
	KindTimedOut         Kind = "timed_out"         // over a time limit
	KindOutOfMemory      Kind = "out_of_memory"     // over the memory limit
	KindCrashed          Kind = "crashed"           // the parser gave up in a way it should not
	KindNotWritable      Kind = "not_writable"      // marks cannot be added to it; of AddMarks alone
)

// Error is how extraction of one document failed. Message is a plain sentence
// for the person who owns the file.
type Error struct {
	Kind    Kind   `json:"kind"`
	Message string `json:"message"`
	cause   error
}

func (e *Error) Error() string { return string(e.Kind) + ": " + e.Message }

// Unwrap gives what lies underneath, for logs; often nil.
func (e *Error) Unwrap() error { return e.cause }

// AsError is err's *Error, if it has one.
func AsError(err error) (*Error, bool) {
	var typed *Error
	ok := errors.As(err, &typed)
	return typed, ok
}

func fail(kind Kind, message string) *Error {
	return &Error{Kind: kind, Message: message}
}

func failBecause(kind Kind, message string, cause error) *Error {
	return &Error{Kind: kind, Message: message, cause: cause}
}
