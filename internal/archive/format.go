package archive

import (
	"encoding/json"
	"time"

	"scrollkeeper.example/scrollkeeper/internal/csl"
)

// Version of the format, which a reader of this version reads.
const Version = 1

// formatName says in the manifest what the ZIP is.
const formatName = "scrollkeeper-archive"

// Names of entries. PDFs are under files/, marks under annotations/, notes on works
// under notes/.
const (
	readmeEntry       = "README.txt"
	manifestEntry     = "manifest.json"
	bibliographyEntry = "library.bib"
	itemsEntry        = "library.json"
	worksEntry        = "data/works.jsonl"
	organisationEntry = "data/organisation.json"
	filesFolder       = "files/"
	marksFolder       = "annotations/"
	notesFolder       = "notes/"
)

// Manifest is manifest.json.
type Manifest struct {
	Format    string    `json:"format"`
	Version   int       `json:"version"`
	Generator string    `json:"generator"`
	Created   time.Time `json:"created"`
	// Library is what it is called; Part says that only some of its works are here.
	Library string `json:"library"`
	Part    bool   `json:"part,omitempty"`
	By      Person `json:"exported_by"`
	Works   int    `json:"works"`
	Files   int    `json:"files"`
	// Entries are all entries but the manifest.
	Entries []ManifestEntry `json:"entries"`
	// Missing are files that the library should have and has not, or not as they
	// were when they came.
	Missing []MissingFile `json:"missing,omitempty"`
}

// ManifestEntry is an entry of the ZIP.
type ManifestEntry struct {
	Path   string `json:"path"`
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // hexadecimal
}

// MissingFile is a file that is not in the ZIP.
type MissingFile struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

// Person is somebody of the installation that the archive is from.
type Person struct {
	ID   string `json:"id,omitempty"` // urn:uuid:…
	Name string `json:"name"`
}

// Work is a line of data/works.jsonl.
type Work struct {
	ID  string `json:"id"`            // names it within the archive
	Key string `json:"key,omitempty"` // its citation key
	// KeyIsMade says that the key was made by the library's pattern: nobody chose it.
	KeyIsMade bool      `json:"key_is_made,omitempty"`
	Added     time.Time `json:"added"`
	AddedBy   string    `json:"added_by,omitempty"`
	// Item is what is shown of the work; Claims are all that is known of it.
	Item        csl.Item   `json:"item"`
	Claims      []Claim    `json:"claims"`
	Tags        []string   `json:"tags,omitempty"`        // by name
	Collections []string   `json:"collections,omitempty"` // by their ids in data/organisation.json
	Files       []WorkFile `json:"files,omitempty"`       // the oldest first
	// Annotations is the entry with the notes on the work as a whole.
	Annotations string `json:"annotations,omitempty"`
	Notes       int    `json:"notes,omitempty"` // how many, without replies
}

// Claim is what one source says about one field of a work.
type Claim struct {
	Field      string          `json:"field"`  // a CSL variable
	Source     csl.Source      `json:"source"` // "person" for a correction
	Value      json.RawMessage `json:"value"`
	Confidence float64         `json:"confidence"`
	At         time.Time       `json:"at"`
	By         *Person         `json:"by,omitempty"`
}

// WorkFile is an edition of a work.
type WorkFile struct {
	Path    string    `json:"path"`     // its entry
	Name    string    `json:"filename"` // as it was uploaded
	Size    int64     `json:"size"`     // bytes
	Added   time.Time `json:"added"`
	AddedBy string    `json:"added_by,omitempty"`
	Kind    string    `json:"kind,omitempty"`    // preprint, accepted, published or supplement
	Current bool      `json:"current,omitempty"` // the one that the work shows
	// Annotations is the entry with the marks that were made on it.
	Annotations string `json:"annotations,omitempty"`
	Marks       int    `json:"marks,omitempty"` // how many, without replies
	// RemovedMarks are the PDF's own annotations that were deleted, by their NM, or
	// by their places.
	RemovedMarks []string `json:"removed_marks,omitempty"`
}

// Organisation is data/organisation.json.
type Organisation struct {
	Tags        []Tag        `json:"tags"`
	Collections []Collection `json:"collections"` // a parent before what is in it
	// KeptApart are works that look alike and are not one.
	KeptApart [][2]string `json:"kept_apart"`
	// Meanings are the library's own names of what marks mean, by their keys.
	Meanings        map[string]string `json:"meanings,omitempty"`
	MarksArePrivate bool              `json:"marks_are_private,omitempty"` // unless their author says otherwise
	// KeyPattern is how the library makes citation keys, where it has one of its own.
	KeyPattern string `json:"key_pattern,omitempty"`
}

// Tag is a tag.
type Tag struct {
	Name  string `json:"name"`
	Color string `json:"color"`
}

// Collection is a collection.
type Collection struct {
	ID     string `json:"id"`
	Parent string `json:"parent,omitempty"`
	Name   string `json:"name"`
}
