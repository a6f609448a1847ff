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
	// Contents are what the file holds beside its records. Known from Checked on.
	Contents Contents
	// FilesPassed have been dealt with, and FilesAdded of them came in. While the
	// archive is looked through, FilesPassed counts those that have been.
	FilesPassed, FilesAdded int
	// Problems are the first of ProblemCount, by line.
	Problems     []Problem
	ProblemCount int
	// Failure is a sentence, of a failed import.
	Failure   string
	CreatedAt time.Time
}

// Problem is something that cannot be read: of a record, or a file of an archive.
type Problem struct {
	Line    int    `json:"line"` // from 1; 0 for a file as a whole
	Key     string `json:"key"`  // the record's, where it is known
	Message string `json:"message"`
	// File of the archive; empty where the import is one bibliography.
	File string `json:"file,omitempty"`
}

// Contents are what an import's file holds beside its records.
type Contents struct {
	// Bibliographies of an archive, by their names in it.
	Bibliographies []string `json:"bibliographies,omitempty"`
	// Collections that the records name, the first of CollectionCount.
	Collections     []string `json:"collections,omitempty"`
	CollectionCount int      `json:"collection_count,omitempty"`
	// Folders of an archive that may become collections, the first of FolderCount.
	Folders     []string `json:"folders,omitempty"`
	FolderCount int      `json:"folder_count,omitempty"`
	Tags        int      `json:"tags,omitempty"`
	Notes       int      `json:"notes,omitempty"`
	// Files are the archive's PDFs. Of these Matched are named by records, Known are
	// in the library already, and Unreadable cannot come in.
	Files      int `json:"files,omitempty"`
	Matched    int `json:"matched,omitempty"`
	Known      int `json:"known,omitempty"`
	Unreadable int `json:"unreadable,omitempty"`
	// Missing are named by records and not in the archive.
	Missing int `json:"missing,omitempty"`
	// Others are files that are no PDFs: they stay out.
	Others int `json:"others,omitempty"`
	// Marks come with the files of an exported library.
	Marks int `json:"marks,omitempty"`
}

// Options of an import that comes in.
type Options struct {
	// Folders of an archive become collections.
	Folders bool
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

// MaxNamed is how many collections and folders are told of one import.
const MaxNamed = 200

const (
	maxBytesOfRecords = 100 << 20 // of a bibliography
	maxBytes          = 64 << 30  // of an archive
	maxUnpacked       = 64 << 30
	maxEntries        = 100_000
	maxOpen           = 100 // imports of one person that have not ended
	maxListed         = 20
	maxProblems       = 500 // that are kept of one import
	maxName           = 255
)

var (
	errNotFound = fault.New(fault.NotFound, "import_not_found", "There is no such import, or it is not yours.")
	errTooLarge = fault.New(fault.TooLarge, "import_too_large", "A bibliography may have up to 100 MB, and an archive 64 GiB. Split the file and bring in the parts.")
	errFormat   = fault.New(fault.Invalid, "import_format", "This is none of the formats that can be brought in: BibTeX, RIS, CSL-JSON, EndNote XML, PubMed NBIB, Zotero RDF, a ZIP of these and of PDFs, or a library that was exported.")
	errEmpty    = fault.New(fault.Invalid, "import_empty", "The file is empty.")
	errOpen     = fault.New(fault.Conflict, "import_open", "You have many imports that have not ended. Finish or discard some of them.")
	errState    = fault.New(fault.Conflict, "import_state", "The import is at another step by now. Look at it again.")
)
