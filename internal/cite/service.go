package cite

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"scrollkeeper.example/scrollkeeper/internal/cite/internal/citedb"
	"scrollkeeper.example/scrollkeeper/internal/citeproc"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Service holds the use cases.
type Service struct {
	pool      *pgxpool.Pool
	library   *library.Service
	documents *document.Service
	log       *slog.Logger
	now       func() time.Time
	q         *citedb.Queries
}

// New makes a Service. The logger is told of files that broke off.
func New(pool *pgxpool.Pool, lib *library.Service, documents *document.Service, log *slog.Logger) *Service {
	return &Service{pool: pool, library: lib, documents: documents, log: log, now: time.Now, q: citedb.New()}
}

// Styles lists the styles that come with the program.
func (s *Service) Styles() ([]Style, error) {
	styles := make([]Style, len(citeproc.Bundled))
	for i, bundled := range citeproc.Bundled {
		style, err := citeproc.Load(bundled.Name)
		if err != nil {
			return nil, err
		}
		styles[i] = Style{ID: bundled.Name, Title: bundled.Label, Kind: InText}
		switch {
		case style.Note:
			styles[i].Kind = Note
		case style.Numeric:
			styles[i].Kind = Numeric
		}
	}
	return styles, nil
}

// A tag of BCP 47, of its plainest kind.
var langTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// Cite formats documents of a library as citations and bibliography entries. A
// fault "document_not_found" when one of them is not there.
func (s *Service) Cite(ctx context.Context, p identity.Person, libraryID uuid.UUID, r Request) (Citations, error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		return Citations{}, err
	}
	if r.Lang != "" && !langTag.MatchString(r.Lang) {
		return Citations{}, errLang
	}
	style, err := bundled(r.Style)
	if err != nil {
		return Citations{}, err
	}
	items, err := s.works(ctx, libraryID, r.DocumentIDs)
	if err != nil {
		return Citations{}, err
	}
	return format(style, items, r.Lang)
}

func bundled(name string) (*citeproc.Style, error) {
	for _, b := range citeproc.Bundled {
		if b.Name == name {
			return citeproc.Load(name)
		}
	}
	return nil, errStyle
}

// works gives documents' items in the order of ids, each once, with the
// document's id as their own.
func (s *Service) works(ctx context.Context, libraryID uuid.UUID, ids []uuid.UUID) ([]csl.Item, error) {
	ids = once(ids)
	switch {
	case len(ids) == 0:
		return nil, errNone
	case len(ids) > MaxCited:
		return nil, errTooMany
	}
	rows, err := s.q.Works(ctx, s.pool, libraryID, ids)
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("works: %w", err))
	}
	found := make(map[uuid.UUID]csl.Item, len(rows))
	for _, row := range rows {
		item, err := itemOf(row.Title, row.Csl)
		if err != nil {
			return nil, fmt.Errorf("metadata of document %s: %w", row.ID, err)
		}
		item.ID = row.ID.String()
		found[row.ID] = item
	}
	items := make([]csl.Item, len(ids))
	for i, id := range ids {
		item, ok := found[id]
		if !ok {
			return nil, errNotFound
		}
		items[i] = item
	}
	return items, nil
}

// itemOf is a document's item, with a title and a type in any case.
func itemOf(title string, encoded []byte) (csl.Item, error) {
	var item csl.Item
	if err := json.Unmarshal(encoded, &item); err != nil {
		return item, err
	}
	if item.Title == "" {
		item.Title = title
	}
	if item.Type == "" {
		item.Type = csl.TypeDocument
	}
	return item, nil
}

func once(ids []uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(ids))
	var out []uuid.UUID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func format(style *citeproc.Style, items []csl.Item, lang string) (Citations, error) {
	each := make([]citeproc.Cluster, len(items))
	var all citeproc.Cluster
	place := make(map[string]int, len(items))
	for i, item := range items {
		cite := citeproc.Cite{ID: item.ID}
		each[i] = citeproc.Cluster{Cites: []citeproc.Cite{cite}}
		all.Cites = append(all.Cites, cite)
		place[item.ID] = i
	}
	apart, err := style.Format(items, each, citeproc.Options{Lang: lang})
	if err != nil {
		return Citations{}, fmt.Errorf("format citations: %w", err)
	}
	// By itself: behind the others it would cite them again, in short.
	together, err := style.Format(items, []citeproc.Cluster{all}, citeproc.Options{Lang: lang})
	if err != nil {
		return Citations{}, fmt.Errorf("format one citation: %w", err)
	}
	out := Citations{Works: make([]Cited, len(items)), Together: inline(together.Citations[0]), HangingIndent: apart.HangingIndent}
	for i, item := range items {
		id, err := uuid.Parse(item.ID)
		if err != nil {
			return Citations{}, fmt.Errorf("id of a work: %w", err)
		}
		out.Works[i] = Cited{DocumentID: id, Citation: inline(apart.Citations[i])}
	}
	for _, entry := range apart.Bibliography {
		i := place[entry.ID]
		out.Works[i].Entry = inline(entry.Text)
		out.Bibliography = append(out.Bibliography, i)
	}
	return out, nil
}

// inline is a text without blocks, for places that have one line for it, and
// with links to the web alone.
func inline(text citeproc.Text) citeproc.Text {
	var out citeproc.Text
	for i, run := range text {
		if i > 0 && run.Display != text[i-1].Display && !strings.HasSuffix(text[i-1].Text, " ") && !strings.HasPrefix(run.Text, " ") {
			out = append(out, citeproc.Run{Text: " "})
		}
		run.Display = citeproc.DisplayInline
		if !strings.HasPrefix(run.Link, "https://") && !strings.HasPrefix(run.Link, "http://") {
			run.Link = ""
		}
		out = append(out, run)
	}
	return out
}
