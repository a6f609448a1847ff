package intake

import (
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// State is how far an import has come:
//
//	checking ──▶ checked ──▶ running ──▶ done ──▶ undone
//	    └───────────┬───────────┘
//	              failed
type State string

// The states of an import.
const (
	Checking State = "checking"
	Checked  State = "checked"
	Running  State = "running"
	Done     State = "done"
	Undone   State = "undone" // what it brought is in the trash
	Failed   State = "failed"
)

// Import is a file of records that somebody brings in.
type Import struct {
	ID        uuid.UUID
	LibraryID uuid.UUID
	PersonID  uuid.UUID
	Filename  string
	Format    biblio.Format
	Size      int64 // bytes
	State     State
	// Total counts the file's records that can be read. Of these Fresh are of works
	// that the library does not have, Present of works that it has, and Repeated
	// of works that come earlier in the file. Known from Checked on.
	Total, Fresh, Present, Repeated int
	// Passed records have been dealt with, and Added became documents.
	Passed, Added int
	// Files and Marks come with the fresh works of an archive.
	Files, Marks int
	// Problems are the first of ProblemCount, by line.
	Problems     []Problem
	ProblemCount int
	// Failure is a sentence, of a failed import.
	Failure   string
	CreatedAt time.Time
}

// Problem is something of a record that cannot be read.
type Problem struct {
	Line    int    `json:"line"` // from 1
	Key     string `json:"key"`  // the record's, where it is known
	Message string `json:"message"`
}

// Batch is of works that came in.
type Batch struct {
	LibraryID uuid.UUID
	PersonID  uuid.UUID
	Works     []Work
}

// Work is a work that came in, with what its record says beside the facts.
type Work struct {
	DocumentID  uuid.UUID
	Key         string // its citation key; may be empty
	Tags        []string
	Collections []string // paths, with "/" between names
}

const (
	maxBytes    = 100 << 20
	maxZIP      = 64 << 30
	maxOpen     = 100 // imports of one person that have not ended
	maxListed   = 20
	maxProblems = 500 // that are kept of one import
	maxName     = 255
)

var (
	errNotFound    = fault.New(fault.NotFound, "import_not_found", "There is no such import, or it is not yours.")
	errZIP         = fault.New(fault.Invalid, "import_zip", "This ZIP is none that Scrollkeeper made, so it is not known what is in it. Unpack it and add the files.")
	errZIPTooLarge = fault.New(fault.TooLarge, "import_too_large", "A ZIP may have up to 64 GiB. Take the library out in parts.")
	errTooLarge    = fault.New(fault.TooLarge, "import_too_large", "A bibliography may have up to 100 MB. Split the file and bring in the parts.")
	errFormat      = fault.New(fault.Invalid, "import_format", "This is none of the formats that can be brought in: BibTeX, RIS, CSL-JSON, EndNote XML, PubMed NBIB.")
	errEmpty       = fault.New(fault.Invalid, "import_empty", "The file is empty.")
	errOpen        = fault.New(fault.Conflict, "import_open", "You have many imports that have not ended. Finish or discard some of them.")
	errState       = fault.New(fault.Conflict, "import_state", "The import is at another step by now. Look at it again.")
)
