package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/annotation"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/extract"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/pdfupdate"
	"scrollkeeper.example/scrollkeeper/internal/platform/blob"
	"scrollkeeper.example/scrollkeeper/internal/platform/clock"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
)

// Parts are the other parts of the program that this feature needs.
type Parts struct {
	Documents *document.Service
	Marks     *annotation.Service
	Blobs     blob.Store
	// Writers add marks to PDF files; a pool that only writes does.
	Writers *extract.Pool
	Clock   clock.Clock
	// Origin is the address that people reach the server under, for links in
	// what is exported: "https://papers.example.org". Empty: that of the request.
	Origin string
}

// Service holds the use cases.
type Service struct{ Parts }

// NewService makes a Service.
func NewService(parts Parts) *Service { return &Service{parts} }

// Format is how marks are taken out.
type Format string

// The formats.
const (
	PDF      Format = "pdf"
	JSONLD   Format = "jsonld"
	Markdown Format = "md"
	CSV      Format = "csv"
	HTML     Format = "html"
)

// Group is what a summary is divided by.
type Group string

// The groups.
const (
	ByPage    Group = "page"
	ByPerson  Group = "person"
	ByMeaning Group = "meaning"
)

// Options say what to take out.
type Options struct {
	Format Format
	Group  Group // of Markdown, CSV and HTML
	// EditionID is the file that the marks' places are in; nil: the newest.
	EditionID *uuid.UUID
	// Private adds the asking person's own private marks. Those of others are
	// nobody's business.
	Private bool
	// Origin is used where the service has none.
	Origin string
}

// File is what was asked for, ready to be sent.
type File struct {
	Name    string // without its ending
	Ending  string // ".pdf"
	Type    string // for Content-Type
	Size    int64  // bytes
	content []io.Reader
	done    func()
}

// Send writes the file.
func (f *File) Send(out io.Writer) error {
	_, err := io.Copy(out, io.MultiReader(f.content...))
	return err
}

// Close must be called in the end.
func (f *File) Close() {
	if f.done != nil {
		f.done()
	}
}

var (
	errFormat  = fault.New(fault.Invalid, "bad_format", "Choose one of the formats pdf, jsonld, md, csv and html.")
	errGroup   = fault.New(fault.Invalid, "bad_group", "A summary is divided by page, person or meaning.")
	errNoFile  = fault.New(fault.Conflict, "no_file", "This document has no file.")
	errUnread  = fault.New(fault.Conflict, "edition_not_ready", "This file has not been read yet. Try again when its status is Ready.")
	errEdition = fault.New(fault.NotFound, "edition_not_found", "This document has no such file.")
)

// Export makes a file of what p may see of a document's marks.
func (s *Service) Export(ctx context.Context, p identity.Person, documentID uuid.UUID, o Options) (*File, error) {
	if !slices.Contains([]Format{PDF, JSONLD, Markdown, CSV, HTML}, o.Format) {
		return nil, errFormat
	}
	if !slices.Contains([]Group{ByPage, ByPerson, ByMeaning}, o.Group) {
		return nil, errGroup
	}
	sheet, edition, err := s.sheet(ctx, p, documentID, o)
	if err != nil {
		return nil, err
	}
	file := &File{Name: baseName(edition.Filename) + " – marks", Ending: "." + string(o.Format)}
	var text []byte
	switch o.Format {
	case PDF:
		file.Name, file.Type = baseName(edition.Filename)+" (annotated)", "application/pdf"
		return file, s.addPDF(ctx, file, sheet, edition)
	case JSONLD:
		file.Type = `application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"`
		text, err = sheet.jsonLD()
	case Markdown:
		file.Type, text = "text/markdown; charset=utf-8", sheet.markdown(o.Group)
	case CSV:
		file.Type, text = "text/csv; charset=utf-8; header=present", sheet.csv(o.Group)
	case HTML:
		file.Type = "text/html; charset=utf-8"
		text, err = sheet.html(o.Group)
	}
	if err != nil {
		return nil, err
	}
	file.Size, file.content = int64(len(text)), []io.Reader{strings.NewReader(string(text))}
	return file, nil
}

// sheet collects what every format needs.
func (s *Service) sheet(ctx context.Context, p identity.Person, documentID uuid.UUID, o Options) (*sheet, document.Edition, error) {
	d, err := s.Documents.Get(ctx, p, documentID)
	if err != nil {
		return nil, document.Edition{}, err
	}
	edition, err := s.edition(ctx, p, d, o.EditionID)
	if err != nil {
		return nil, edition, err
	}
	if edition.State != document.Ready {
		return nil, edition, errUnread
	}
	marks, err := s.Marks.ForDocument(ctx, p, documentID, &edition.ID, annotation.Filter{})
	if err != nil {
		return nil, edition, err
	}
	pages, err := s.Documents.Pages(ctx, p, edition.ID)
	if err != nil {
		return nil, edition, err
	}
	settings, err := s.Marks.Settings(ctx, p, d.LibraryID)
	if err != nil {
		return nil, edition, err
	}
	origin := s.Origin
	if origin == "" {
		origin = o.Origin
	}
	out := &sheet{
		Title: d.Title, Item: d.CSL, Filename: edition.Filename, SHA256: edition.SHA256, EditionID: edition.ID,
		At: s.Clock.Now(), Link: strings.TrimSuffix(origin, "/") + "/d/" + documentID.String(), Names: names(settings),
		pages: pages.Items,
	}
	if out.Removed, err = s.Marks.RemovedFromFile(ctx, p, d.LibraryID, edition.ID); err != nil {
		return nil, edition, err
	}
	for _, mark := range marks {
		if mark.Private && (!o.Private || mark.Author.ID.UUID != p.ID || !mark.Author.ID.Valid) || mark.DeletedAt != nil {
			continue
		}
		out.Marks = append(out.Marks, out.entry(mark))
	}
	return out, edition, nil
}

func (s *Service) edition(ctx context.Context, p identity.Person, d document.Detail, id *uuid.UUID) (document.Edition, error) {
	switch {
	case id == nil && d.Edition == nil:
		return document.Edition{}, errNoFile
	case id == nil:
		id = &d.Edition.ID
	}
	edition, err := s.Documents.EditionFor(ctx, p, library.ReadLibrary, *id)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound || err == nil && edition.DocumentID != d.ID {
		return document.Edition{}, errEdition
	}
	return edition, err
}

// addPDF has a child write the marks and puts the file's own bytes before them.
func (s *Service) addPDF(ctx context.Context, out *File, from *sheet, edition document.Edition) error {
	local, release, err := s.Blobs.LocalFile(ctx, edition.BlobKey)
	if err != nil {
		return err
	}
	file, err := os.Open(local) //nolint:gosec // the store names it
	if err != nil {
		release()
		return fmt.Errorf("open the file of edition %s: %w", edition.ID, err)
	}
	out.done = func() {
		_ = file.Close()
		release()
	}
	request := pdfupdate.Request{Marks: from.pdfMarks(), Removed: from.Removed, Pages: len(from.pages), At: from.At}
	update, err := extract.AddMarks(ctx, s.Writers, file, "", request)
	if err != nil {
		out.Close()
		return writeFault(err)
	}
	info, err := file.Stat()
	if err != nil {
		out.Close()
		return fmt.Errorf("size of the file of edition %s: %w", edition.ID, err)
	}
	out.Size = info.Size() + int64(len(update))
	out.content = []io.Reader{io.NewSectionReader(file, 0, info.Size()), strings.NewReader(string(update))}
	return nil
}

// writeFault says why a file cannot get marks.
func writeFault(err error) error {
	if errors.Is(err, extract.ErrPoolClosed) {
		return fault.Wrap(err, fault.Unavailable, "shutting_down", "The server is being stopped. Try again in a moment.")
	}
	typed, ok := extract.AsError(err)
	if !ok {
		return err
	}
	switch typed.Kind {
	case extract.KindTimedOut, extract.KindOutOfMemory, extract.KindCrashed:
		return fault.Wrap(err, fault.Conflict, "not_writable", "This file is too large or too damaged to write marks into it. Choose another format.")
	case extract.KindPasswordRequired, extract.KindWrongPassword:
		return fault.Wrap(err, fault.Conflict, "not_writable", "This file is encrypted with a password, so that marks cannot be written into it. Choose another format.")
	default:
		return fault.Wrap(err, fault.Conflict, "not_writable", typed.Message+" Choose another format.")
	}
}

// names of the meanings in this library.
func names(settings annotation.Settings) map[annotation.Meaning]string {
	out := map[annotation.Meaning]string{
		annotation.Key: "Key point", annotation.Method: "Method", annotation.Question: "Question",
		annotation.Disagree: "Disagree", annotation.Quote: "Quote",
	}
	maps.Copy(out, settings.Names)
	return out
}

// baseName is a file's name without its ending.
func baseName(name string) string {
	return strings.TrimSuffix(name, path.Ext(name))
}
