package cite

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"scrollkeeper.example/scrollkeeper/internal/biblio"
	"scrollkeeper.example/scrollkeeper/internal/cite/internal/citedb"
	"scrollkeeper.example/scrollkeeper/internal/csl"
	"scrollkeeper.example/scrollkeeper/internal/identity"
	"scrollkeeper.example/scrollkeeper/internal/library"
	"scrollkeeper.example/scrollkeeper/internal/platform/fault"
	"scrollkeeper.example/scrollkeeper/internal/platform/postgres"
)

// batch is how many documents are held in memory at a time.
const batch = 1000

// GiveKeys gives a key to the documents of a library that have none, or to those
// with these ids, where ids is not nil. The caller has asked for permission.
func (s *Service) GiveKeys(ctx context.Context, libraryID uuid.UUID, ids []uuid.UUID) error {
	return s.giveKeys(ctx, libraryID, ids)
}

// giveKeys gives a key to the documents of a library that have none, or to those
// with these ids. Keys that were given stay, whatever becomes of the document.
// Of a library where a key is to be given, all keys are held in memory.
func (s *Service) giveKeys(ctx context.Context, libraryID uuid.UUID, ids []uuid.UUID) error {
	if first, err := s.without(ctx, s.pool, libraryID, ids, place{}, 1); err != nil || len(first) == 0 {
		return err
	}
	return postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.q.LockKeys(ctx, tx, libraryID.String()); err != nil {
			return fmt.Errorf("lock citation keys: %w", err)
		}
		pattern, err := s.pattern(ctx, tx, libraryID)
		if err != nil {
			return err
		}
		given, err := s.q.Keys(ctx, tx, libraryID)
		if err != nil {
			return fmt.Errorf("citation keys: %w", err)
		}
		var taken biblio.KeySet
		for _, key := range given {
			taken.Add(key)
		}
		for after := (place{}); ; {
			rows, err := s.without(ctx, tx, libraryID, ids, after, batch)
			if err != nil || len(rows) == 0 {
				return err
			}
			insert := citedb.InsertKeysParams{LibraryID: libraryID}
			for _, row := range rows {
				item, err := itemOf(row.Title, row.Csl)
				if err != nil {
					return fmt.Errorf("metadata of document %s: %w", row.ID, err)
				}
				insert.DocumentIds = append(insert.DocumentIds, row.ID)
				key := taken.Unique(bounded(pattern.Key(&item)))
				insert.Keys, insert.Folded = append(insert.Keys, key), append(insert.Folded, strings.ToLower(key))
				after = place{row.CreatedAt, row.ID}
			}
			if err := s.q.InsertKeys(ctx, tx, insert); err != nil {
				return fmt.Errorf("insert citation keys: %w", err)
			}
		}
	})
}

// maxKey is how many characters a key has, but for what tells it from others: a
// word of a title has any length.
const maxKey = 100

func bounded(key string) string {
	runes := []rune(strings.ToValidUTF8(key, ""))
	return string(runes[:min(len(runes), maxKey)])
}

// place is one in the order in which documents came.
type place struct {
	at time.Time
	id uuid.UUID
}

// without gives documents that have no key, of the whole library where ids is nil.
func (s *Service) without(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID, ids []uuid.UUID, after place, limit int32) ([]citedb.AllWithoutKeyRow, error) {
	if ids == nil {
		rows, err := s.q.AllWithoutKey(ctx, db, citedb.AllWithoutKeyParams{LibraryID: libraryID, AfterAt: after.at, AfterID: after.id, MaxRows: limit})
		if err != nil {
			return nil, postgres.Fault(fmt.Errorf("documents without a citation key: %w", err))
		}
		return rows, nil
	}
	rows, err := s.q.SomeWithoutKey(ctx, db, citedb.SomeWithoutKeyParams{LibraryID: libraryID, Ids: ids, AfterAt: after.at, AfterID: after.id, MaxRows: limit})
	if err != nil {
		return nil, postgres.Fault(fmt.Errorf("documents without a citation key: %w", err))
	}
	out := make([]citedb.AllWithoutKeyRow, len(rows))
	for i, row := range rows {
		out[i] = citedb.AllWithoutKeyRow(row)
	}
	return out, nil
}

// Key is the citation key of a document.
type Key struct {
	DocumentID uuid.UUID
	Key        string
	Made       bool `json:",omitempty"` // by a pattern: nobody chose it
}

// GivenKey is a key as it stands.
type GivenKey struct {
	Key    string
	Pinned bool // somebody chose it, or it came with the work
}

// Keep gives documents the keys that they came with. One that another document
// has, or that no bibliography can hold, is passed over: its document gets
// another when it is first exported.
func (s *Service) Keep(ctx context.Context, tx *postgres.Tx, libraryID uuid.UUID, keys []Key) error {
	insert := citedb.KeepKeysParams{LibraryID: libraryID}
	seen := map[string]bool{}
	for _, k := range keys {
		folded := strings.ToLower(k.Key)
		if !holdable.MatchString(k.Key) || seen[folded] {
			continue
		}
		seen[folded] = true
		insert.DocumentIds = append(insert.DocumentIds, k.DocumentID)
		insert.Keys, insert.Folded = append(insert.Keys, k.Key), append(insert.Folded, folded)
		insert.Pinned = append(insert.Pinned, !k.Made)
	}
	if len(insert.Keys) == 0 {
		return nil
	}
	if err := s.q.LockKeys(ctx, tx, libraryID.String()); err != nil {
		return fmt.Errorf("lock citation keys: %w", err)
	}
	if err := s.q.KeepKeys(ctx, tx, insert); err != nil {
		return fmt.Errorf("keep citation keys: %w", err)
	}
	return nil
}

// Key gives the citation key of a document, which gets one where it has none.
func (s *Service) Key(ctx context.Context, p identity.Person, documentID uuid.UUID) (GivenKey, error) {
	libraryID, err := s.documents.LibraryFor(ctx, p, library.ReadLibrary, documentID)
	if err != nil {
		return GivenKey{}, err
	}
	if err := s.giveKeys(ctx, libraryID, []uuid.UUID{documentID}); err != nil {
		return GivenKey{}, err
	}
	row, err := s.q.Key(ctx, s.pool, documentID)
	if errors.Is(err, pgx.ErrNoRows) {
		return GivenKey{}, nil // in the trash, and never had one
	}
	if err != nil {
		return GivenKey{}, postgres.Fault(fmt.Errorf("citation key: %w", err))
	}
	return GivenKey(row), nil
}

// SetKey gives a document the key that somebody chose. An empty one takes that
// back: the document gets one by the library's pattern. A fault "key_taken" names the
// document of the library that has it already.
func (s *Service) SetKey(ctx context.Context, p identity.Person, documentID uuid.UUID, key string) (GivenKey, error) {
	libraryID, err := s.documents.LibraryFor(ctx, p, library.EditDocument, documentID)
	if err != nil {
		return GivenKey{}, err
	}
	if key != "" && !holdable.MatchString(key) {
		return GivenKey{}, errBadKey
	}
	err = postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.q.LockKeys(ctx, tx, libraryID.String()); err != nil {
			return fmt.Errorf("lock citation keys: %w", err)
		}
		if key == "" {
			if err := s.q.DropKey(ctx, tx, documentID); err != nil {
				return fmt.Errorf("drop citation key: %w", err)
			}
		} else {
			holder, err := s.q.KeyHolder(ctx, tx, libraryID, strings.ToLower(key))
			switch {
			case err == nil && holder.DocumentID != documentID:
				return errKeyTaken.With("document_id", holder.DocumentID).With("document_title", holder.Title)
			case err != nil && !errors.Is(err, pgx.ErrNoRows):
				return fmt.Errorf("holder of citation key: %w", err)
			}
			if err := s.q.PinKey(ctx, tx, citedb.PinKeyParams{DocumentID: documentID, LibraryID: libraryID, Key: key, Folded: strings.ToLower(key)}); err != nil {
				return fmt.Errorf("pin citation key: %w", err)
			}
		}
		s.library.Record(tx, library.Change{
			LibraryID: libraryID, Kind: library.KindDocument, ObjectID: documentID, Op: library.OpChanged, Actor: uuid.NullUUID{UUID: p.ID, Valid: true},
		})
		return nil
	})
	if err != nil {
		return GivenKey{}, err
	}
	return s.Key(ctx, p, documentID)
}

// Pattern says how the keys of a library's works are made.
func (s *Service) Pattern(ctx context.Context, p identity.Person, libraryID uuid.UUID) (string, error) {
	if _, err := s.library.Authorize(ctx, s.pool, p, library.ReadLibrary, libraryID); err != nil {
		return "", err
	}
	return s.patternText(ctx, s.pool, libraryID)
}

// SetPattern decides how keys are made from now on; an empty pattern is the default.
// Works keep the keys that they have, so that texts which cite them go on; with renew
// they get new ones, but for keys that somebody chose or that came with the work.
func (s *Service) SetPattern(ctx context.Context, p identity.Person, libraryID uuid.UUID, pattern string, renew bool) (string, error) {
	if pattern != "" {
		if _, err := parsePattern(pattern); err != nil {
			return "", err
		}
	}
	err := postgres.InTx(ctx, s.pool, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := s.library.Authorize(ctx, tx, p, library.NameKeys, libraryID); err != nil {
			return err
		}
		if err := s.q.LockKeys(ctx, tx, libraryID.String()); err != nil {
			return fmt.Errorf("lock citation keys: %w", err)
		}
		var err error
		if pattern == "" {
			err = s.q.DropPattern(ctx, tx, libraryID)
		} else {
			err = s.q.PutPattern(ctx, tx, libraryID, pattern)
		}
		if err != nil {
			return fmt.Errorf("put pattern of citation keys: %w", err)
		}
		if renew {
			if err := s.q.DropMadeKeys(ctx, tx, libraryID); err != nil {
				return fmt.Errorf("drop citation keys: %w", err)
			}
		}
		s.library.Record(tx, library.Change{
			LibraryID: libraryID, Kind: library.KindLibrary, ObjectID: libraryID, Op: library.OpChanged, Actor: uuid.NullUUID{UUID: p.ID, Valid: true},
		})
		return nil
	})
	if err != nil {
		return "", err
	}
	return s.patternText(ctx, s.pool, libraryID)
}

// Example is the key that a pattern makes for a work that is well known.
func Example(pattern string) (string, error) {
	parsed, err := parsePattern(pattern)
	if err != nil {
		return "", err
	}
	return bounded(parsed.Key(&csl.Item{
		Type: csl.TypeArticleJournal, Title: "Sketch of the Analytical Engine", ContainerTitle: "Scientific Memoirs", DOI: "10.1000/182",
		Author: []csl.Name{{Family: "Menabrea", Given: "Luigi Federico"}, {Family: "Lovelace", Given: "Ada"}}, Issued: csl.NewDate(1843),
	})), nil
}

func (s *Service) patternText(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID) (string, error) {
	pattern, err := s.q.Pattern(ctx, db, libraryID)
	if errors.Is(err, pgx.ErrNoRows) {
		return biblio.DefaultKeyPattern, nil
	}
	if err != nil {
		return "", postgres.Fault(fmt.Errorf("pattern of citation keys: %w", err))
	}
	return pattern, nil
}

func (s *Service) pattern(ctx context.Context, db postgres.DBTX, libraryID uuid.UUID) (biblio.KeyPattern, error) {
	text, err := s.patternText(ctx, db, libraryID)
	if err != nil {
		return biblio.KeyPattern{}, err
	}
	pattern, err := biblio.ParseKeyPattern(text)
	if err != nil {
		return pattern, fmt.Errorf("pattern of citation keys: %w", err)
	}
	return pattern, nil
}

func parsePattern(text string) (biblio.KeyPattern, error) {
	if utf8.RuneCountInString(text) > maxPattern {
		return biblio.KeyPattern{}, errBadPattern
	}
	pattern, err := biblio.ParseKeyPattern(text)
	if err != nil {
		return pattern, fault.New(fault.Invalid, "bad_key_pattern", "This is no pattern for keys: "+err.Error()+".")
	}
	return pattern, nil
}

// maxPattern is how many characters a pattern has at most.
const maxPattern = 200

var (
	errBadKey     = fault.New(fault.Invalid, "bad_citation_key", "A citation key has 1 to 100 letters, digits and _ . : + / * ' ? ! -, without spaces.")
	errKeyTaken   = fault.New(fault.Conflict, "key_taken", "Another document of this library has this key.")
	errBadPattern = fault.New(fault.Invalid, "bad_key_pattern", "A pattern for keys has at most 200 characters.")
)

// holdable is a key that BibTeX reads again as it is.
var holdable = regexp.MustCompile(`^[\pL\pN_.:+/*'?!-]{1,100}$`)
