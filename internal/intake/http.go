package intake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/httpapi"
)

// ImportItem is a bibliography that somebody brings in.
type ImportItem struct {
	ID           uuid.UUID       `json:"id"`
	LibraryID    uuid.UUID       `json:"library_id"`
	Filename     string          `json:"filename"`
	Format       string          `json:"format" enum:"bibtex,biblatex,ris,csljson,endnote,nbib,zotero,zip,archive"`
	Size         int64           `json:"size" doc:"Bytes"`
	State        string          `json:"state" enum:"checking,checked,running,done,undone,failed"`
	Total        int             `json:"total" doc:"Records that can be read; known from checked on, as are the next three"`
	Fresh        int             `json:"fresh" doc:"Of works that the library does not have"`
	Present      int             `json:"present" doc:"Of works that it has: they are left alone"`
	Repeated     int             `json:"repeated" doc:"Of works that come earlier in the file"`
	Passed       int             `json:"passed" doc:"Records that have been dealt with"`
	Added        int             `json:"added" doc:"Documents that were made"`
	FilesPassed  int             `json:"files_passed" doc:"Files of an archive that have been looked through while it is checking, and that have been dealt with later"`
	FilesAdded   int             `json:"files_added" doc:"Files that came in"`
	Contents     ImportContents  `json:"contents"`
	ProblemCount int             `json:"problem_count"`
	Problems     []ImportProblem `json:"problems" doc:"The first 500"`
	Failure      string          `json:"failure" doc:"A sentence, of a failed import"`
	CreatedAt    time.Time       `json:"created_at"`
}

// ImportContents is what a file holds beside its records; known from checked on.
type ImportContents struct {
	Bibliographies  []string `json:"bibliographies" doc:"Of an archive, by their names in it"`
	Collections     []string `json:"collections" doc:"Those that records name, at most 200"`
	CollectionCount int      `json:"collection_count"`
	Folders         []string `json:"folders" doc:"Those that may become collections, at most 200"`
	FolderCount     int      `json:"folder_count"`
	Tags            int      `json:"tags"`
	Notes           int      `json:"notes"`
	Files           int      `json:"files" doc:"The archive's PDFs"`
	Matched         int      `json:"matched" doc:"Of these, those that records name"`
	Known           int      `json:"known" doc:"Of these, those that the library has already"`
	Unreadable      int      `json:"unreadable" doc:"Of these, those that cannot come in"`
	Missing         int      `json:"missing" doc:"Files that records name and the archive does not have"`
	Others          int      `json:"others" doc:"Files that are no PDFs: they stay out"`
	Marks           int      `json:"marks" doc:"Marks that come with the files of an exported library"`
}

// ImportProblem is something that cannot be read: of a record, or a file of an archive.
type ImportProblem struct {
	File    string `json:"file" doc:"Of an archive, by its name there; empty where the import is one bibliography"`
	Line    int    `json:"line" doc:"From 1; 0 for a file as a whole"`
	Key     string `json:"key" doc:"The record's, where it is known"`
	Message string `json:"message"`
}

// ImportList is a person's newest imports.
type ImportList struct {
	Items []ImportItem `json:"items"`
}

type (
	importOutput struct{ Body ImportItem }
	importPath   struct {
		ImportID uuid.UUID `path:"import_id"`
	}
)

// Mount adds this feature's routes.
func Mount(api *httpapi.API, s *Service) {
	// The body is the file itself.
	api.Handle(http.MethodPost, "/api/libraries/{library_id}/imports", httpapi.SignedIn,
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := s.serveBegin(w, r); err != nil {
				api.WriteProblem(w, r, err)
			}
		}))
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/libraries/{library_id}/imports", ID: "list-imports", Tag: "import",
		Summary: "One's own newest imports into a library",
	}, s.handleList)
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodGet, Path: "/api/imports/{import_id}", ID: "get-import", Tag: "import",
		Summary: "How far an import has come",
	}, with(s.Get))
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/imports/{import_id}/run", ID: "run-import", Tag: "import",
		Summary: "Have a checked import come in", Status: http.StatusOK,
	}, func(ctx context.Context, in *struct {
		ImportID uuid.UUID `path:"import_id"`

		Folders bool `query:"folders" default:"true" doc:"Folders of an archive become collections"`
	},
	) (*importOutput, error) {
		return with(func(ctx context.Context, p identity.Person, id uuid.UUID) (Import, error) {
			return s.Run(ctx, p, id, Options{Folders: in.Folders})
		})(ctx, &importPath{ImportID: in.ImportID})
	})
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodPost, Path: "/api/imports/{import_id}/undo", ID: "undo-import", Tag: "import",
		Summary: "Move what an import brought to the trash", Status: http.StatusOK,
	}, with(s.Undo))
	httpapi.Register(api, httpapi.Operation{
		Method: http.MethodDelete, Path: "/api/imports/{import_id}", ID: "discard-import", Tag: "import",
		Summary: "Forget an import; what it brought stays", Status: http.StatusNoContent,
	},
		func(ctx context.Context, in *importPath) (*struct{}, error) {
			p, err := identity.FromContext(ctx)
			if err != nil {
				return nil, err
			}
			return nil, s.Discard(ctx, p, in.ImportID)
		})
}

func with(use func(context.Context, identity.Person, uuid.UUID) (Import, error)) func(context.Context, *importPath) (*importOutput, error) {
	return func(ctx context.Context, in *importPath) (*importOutput, error) {
		p, err := identity.FromContext(ctx)
		if err != nil {
			return nil, err
		}
		i, err := use(ctx, p, in.ImportID)
		if err != nil {
			return nil, err
		}
		return &importOutput{itemOf(i)}, nil
	}
}

func (s *Service) handleList(ctx context.Context, in *struct {
	LibraryID uuid.UUID `path:"library_id"`
},
) (*struct{ Body ImportList }, error) {
	p, err := identity.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	imports, err := s.List(ctx, p, in.LibraryID)
	if err != nil {
		return nil, err
	}
	body := ImportList{Items: make([]ImportItem, len(imports))}
	for i, one := range imports {
		body.Items[i] = itemOf(one)
	}
	return &struct{ Body ImportList }{body}, nil
}

func (s *Service) serveBegin(w http.ResponseWriter, r *http.Request) error {
	p, err := identity.FromContext(r.Context())
	if err != nil {
		return err
	}
	libraryID, err := uuid.Parse(r.PathValue("library_id"))
	if err != nil {
		return fault.New(fault.Invalid, "bad_library_id", "The library's id is not a UUID.")
	}
	i, err := s.Begin(r.Context(), p, libraryID, r.URL.Query().Get("filename"), http.MaxBytesReader(w, r.Body, maxBytes+1))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return errTooLarge
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	// A client that goes away now finds the import in its list.
	_ = json.NewEncoder(w).Encode(itemOf(i))
	return nil
}

func itemOf(i Import) ImportItem {
	item := ImportItem{
		ID: i.ID, LibraryID: i.LibraryID, Filename: i.Filename, Format: string(i.Format), Size: i.Size, State: string(i.State),
		Total: i.Total, Fresh: i.Fresh, Present: i.Present, Repeated: i.Repeated, Passed: i.Passed, Added: i.Added,
		ProblemCount: i.ProblemCount, Problems: make([]ImportProblem, len(i.Problems)), Failure: i.Failure, CreatedAt: i.CreatedAt,
	}
	c := i.Contents
	item.FilesPassed, item.FilesAdded = i.FilesPassed, i.FilesAdded
	item.Contents = ImportContents{
		Bibliographies: append([]string{}, c.Bibliographies...), Collections: append([]string{}, c.Collections...), CollectionCount: c.CollectionCount,
		Folders: append([]string{}, c.Folders...), FolderCount: c.FolderCount, Tags: c.Tags, Notes: c.Notes, Files: c.Files, Matched: c.Matched, Known: c.Known,
		Unreadable: c.Unreadable, Missing: c.Missing, Others: c.Others, Marks: c.Marks,
	}
	for k, p := range i.Problems {
		item.Problems[k] = ImportProblem{File: p.File, Line: p.Line, Key: p.Key, Message: p.Message}
	}
	return item
}
