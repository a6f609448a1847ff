package document

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/document/internal/documentdb"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// Completion is a value that a library's documents have in a field.
type Completion struct {
	Value     any // text, or a csl.Name
	Documents int64
}

const (
	// maxCompletions is as many as are looked at while one types.
	maxCompletions = 8
	// maxLookedThrough bounds what a letter costs; what a group writes again is
	// among what it added last.
	maxLookedThrough = 5000
)

// Completions gives values of a field that begin with prefix, or of which a word
// does, the most used first. They are those of the library's newest 5,000 documents.
// A date has none.
func (s *Service) Completions(ctx context.Context, p identity.Person, libraryID uuid.UUID, field, prefix string) ([]Completion, error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		return nil, err
	}
	if fields[field] == nil {
		return nil, errUnknownField
	}
	prefix = strings.TrimSpace(prefix)
	if prefix == "" || strings.ContainsRune(prefix, 0) {
		return nil, nil
	}
	switch csl.KindOf(field) {
	case csl.KindNames:
		rows, err := s.q.NamesInUse(ctx, s.pool, documentdb.NamesInUseParams{
			LibraryID: libraryID, Field: field, Prefix: prefix, MaxScanned: maxLookedThrough, MaxRows: maxCompletions,
		})
		if err != nil {
			return nil, postgres.Fault(fmt.Errorf("names in use: %w", err))
		}
		out := make([]Completion, len(rows))
		for i, row := range rows {
			var name csl.Name
			if err := json.Unmarshal(row.Name, &name); err != nil {
				return nil, fmt.Errorf("name in use: %w", err)
			}
			out[i] = Completion{Value: name, Documents: row.Documents}
		}
		return out, nil
	case csl.KindText:
		separator := ""
		if field == "keyword" {
			separator = ", "
		}
		rows, err := s.q.TextsInUse(ctx, s.pool, documentdb.TextsInUseParams{
			LibraryID: libraryID, Field: field, Prefix: prefix, Separator: separator, MaxScanned: maxLookedThrough, MaxRows: maxCompletions,
		})
		if err != nil {
			return nil, postgres.Fault(fmt.Errorf("texts in use: %w", err))
		}
		out := make([]Completion, len(rows))
		for i, row := range rows {
			out[i] = Completion{Value: row.Value, Documents: row.Documents}
		}
		return out, nil
	case csl.KindDate, csl.KindNone:
	}
	return nil, nil
}
