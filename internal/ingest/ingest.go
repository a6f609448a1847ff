package ingest

import (
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// State is what became of an upload:
//
//	open ──▶ finished ──▶ duplicate   the library had these bytes already
//	  ├────▶ refused                  not a PDF, or its document was deleted
//	  ├────▶ terminated               removed by its uploader
//	  └────▶ expired                  left alone for too long
type State string

// The states of an upload.
const (
	Open       State = "open"
	Finished   State = "finished"
	Duplicate  State = "duplicate"
	Refused    State = "refused"
	Terminated State = "terminated"
	Expired    State = "expired"
)

// Upload is one file on its way in, or what became of it.
type Upload struct {
	ID        uuid.UUID
	LibraryID uuid.UUID
	PersonID  uuid.UUID
	Filename  string // as cleaned by CleanFilename
	Path      string // the folder it was dropped with; empty for none
	Size      int64  // bytes
	State     State
	// DocumentID is what it became, or for a duplicate the document that was
	// here already.
	DocumentID  uuid.NullUUID
	ProblemCode string
	CreatedAt   time.Time
	ExpiresAt   time.Time

	claimedSHA256 []byte
}

// blobPrefix begins the keys of uploaded files.
const blobPrefix = "uploads/"

// BlobKey is where an upload's bytes are.
func BlobKey(uploadID uuid.UUID) string { return blobPrefix + uploadID.String() }

// Faults of uploads. Those that carry figures are made where they occur.
var (
	errNotFound = fault.New(fault.NotFound, "upload_not_found",
		"There is no such upload of yours. Add the file again.")
	errGone = fault.New(fault.Gone, "upload_gone",
		"This upload no longer exists: it was removed, or left alone for too long. Add the file again.")
	errNotPDF = fault.New(fault.Unsupported, "not_a_pdf",
		"This is not a PDF file, so it was not kept. Add the PDF version of it.")
	errEmpty = fault.New(fault.Invalid, "empty_file",
		"This file is empty. Check it on your computer and add it again.")
	errFull = fault.New(fault.Full, "storage_full",
		"The server's disk is full, so the file could not be stored. Tell the operator; the upload goes on once there is space.")
	errBadSHA256 = fault.New(fault.Invalid, "bad_sha256",
		"The upload's sha256 must be 64 hexadecimal digits.")
	errNoLibrary = fault.New(fault.Invalid, "bad_library_id",
		"The upload's metadata must name the library in library_id.")
	errBadDocument = fault.New(fault.Invalid, "bad_document_id",
		"The upload's document_id is not a UUID. Leave it out for a document of its own.")
	errDocumentGone = fault.New(fault.Gone, "document_gone",
		"The document that this file was for has been deleted, so the file was not kept. Add it as a document of its own.")
	errTooMany = fault.New(fault.TooMany, "too_many_uploads",
		"You have too many unfinished uploads. Finish or remove some, then go on.")
	errBusy = fault.New(fault.Unavailable, "busy",
		"The server takes as many files at once as it can. The upload goes on in a moment.")
	errFinished = fault.New(fault.Conflict, "upload_finished",
		"This upload is complete and has become a document. Move the document to the trash instead.")
	errMayNotAdd = fault.New(fault.Forbidden, "role_forbids",
		"You may no longer add documents to this library. Ask one of its admins.")
	errNoDocument = fault.New(fault.NotFound, "document_not_found",
		"There is no such document, or it is not in a library of yours.")
	errNoSuchLibrary = fault.New(fault.NotFound, "library_not_found",
		"There is no such library. Its id stands in the address of its page.")
	errNoPasswordNeeded = fault.New(fault.Conflict, "no_password_needed",
		"This document did not ask for a password.")
)

// Kinds of failure that parsing itself does not know; extract.Kind has the rest.
const (
	failChecksum = "checksum_mismatch"
	failLost     = "bytes_lost"
	failCrashed  = "crashed_worker"
	failInternal = "internal"
)

// failures say what happened and what to do.
var failures = map[string]string{
	failChecksum: "The file changed on its way here: its checksum is not the one your browser sent. Add it again.",
	failLost:     "The file's bytes are missing on the server. Add it again, and tell the operator.",
	failCrashed:  "Reading this file ended the worker three times, so it was set aside. Try again, or check the file in another program.",
	failInternal: "Something on the server went wrong while it read this file. Try again; if it goes on, tell the operator.",
}
